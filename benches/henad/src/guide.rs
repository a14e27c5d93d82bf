//! The contagion as Henad's guide writes a virus on a network: each node that has not adopted reads the states of those
//! it listens to, every tick, and a statistic counts. Thresholds take the place of a draw per tick, which is the same
//! law for less work.

use henad::agent_lanes;
use henad::authoring::prelude::*;
use henad::engine::NetworkModelState;
use henad::runner::SimState;

use crate::{Contagion, Start};

agent_lanes! {
    /// Whether nodes have adopted, and how many adopted sources, summed over ticks, it still takes.
    pub struct GuideLanes {
        read GuideRead;
        chunk GuideChunk;
        dual state / next_state: u8,
        plain left: f32 = 0.0,
        plain pos_x: f32 = 0.0,
        plain pos_y: f32 = 0.0,
    }
    color = state;
}

pub struct Guide;

impl NetworkModel for Guide {
    const NAME: &'static str = "Contagion";
    const ID: &'static str = "contagion";
    const DESCRIPTION: &'static str = "Each node asks its sources";
    const PALETTE: &'static [[u8; 4]] = &[[0, 0, 0, 255], [255, 0, 0, 255]];
    const EDGE_PALETTE: &'static [[u8; 4]] = &[[128, 128, 128, 255]];
    const STATS: &'static [StatDescriptor] = &[StatDescriptor::new("Adopted", [255, 0, 0, 255])];
    const ACTIONS: &'static [ActionDescriptor] = &[ActionDescriptor::new("start", "Start")];
    const DEFAULT_NODES: u32 = 100_000;
    const DEFAULT_EXTENT: Extent = Extent { w: 100.0, h: 100.0 };

    type Lanes = GuideLanes;
    type Params = ();
    type Aux = Start;

    fn param_descriptors() -> Vec<ParamDescriptor> {
        Vec::new()
    }

    fn from_params(_: &[ParamValue], _: Extent) {}

    fn directed((): &()) -> bool {
        true
    }

    fn init(_: &mut Nodes<'_, Self>, _: Extent, _: &[ParamValue], _: &mut u64) {}

    fn run_node_pass(lanes: &mut GuideLanes, ctx: &NodeCtx<'_, Self>, seed: u64, tick: u64) {
        let graph = ctx.graph;
        lanes.run_pass(
            Self::CHUNK,
            seed,
            tick,
            |i, k, read, out: &mut GuideChunk<'_>, _| {
                let mut state = read.state[i];
                if state == 0 {
                    let sources = graph.in_neighbors(i as u32).iter();
                    let adopted: u32 = sources.map(|&j| u32::from(read.state[j as usize])).sum();
                    out.left[k] -= adopted as f32;
                    state = u8::from(out.left[k] <= 0.0);
                }
                out.state[k] = state;
            },
        );
    }

    fn act(_: usize, nodes: &mut Nodes<'_, Self>, _: Extent, _: &[ParamValue], _: &mut u64) {
        nodes.lanes.left.copy_from_slice(&nodes.aux.left);
        nodes.lanes.state.fill(0);
        nodes.lanes.state[nodes.aux.origin as usize] = 1;
    }

    fn stats(lanes: &GuideLanes, _: &Network, _: &Start) -> Vec<StatValue> {
        let count = |range| {
            let states: &[u8] = &lanes.state[range];
            states.iter().map(|&state| u64::from(state)).sum::<u64>()
        };
        let adopted = reduce_chunks(lanes.state.len(), STATS_CHUNK, count, |a, b| a + b, 0);
        vec![StatValue::Scalar(adopted as f64)]
    }
}

impl Contagion for Guide {
    fn start(aux: &mut Start) -> &mut Start {
        aux
    }

    fn run(state: &mut NetworkModelState<Self>, ticks: u16) -> Vec<u32> {
        state.act(0);
        // The origin has it.
        let mut before = 1;
        let tick = |_| {
            state.step();
            let StatValue::Scalar(adopted) = state.stats()[0].value else {
                unreachable!("the statistic is a number");
            };
            let new = adopted as u32 - before;
            before += new;
            new
        };
        (0..ticks).map(tick).collect()
    }
}
