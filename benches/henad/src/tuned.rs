//! The contagion tuned for Henad, in two passes that push. The global pass, on one thread, tells the listeners of those
//! that adopted in the tick before, rows fetched ahead; the node pass, on all threads, takes what each node hears off
//! what is left to its threshold, sixteen nodes at a time. It is the plain push loop in Henad's passes, but that the
//! node pass cannot reach a list: it marks the new adopters, and the next global pass looks for marks.

use henad::agent_lanes;
use henad::authoring::prelude::*;
use henad::engine::NetworkModelState;
use henad::for_each_chunk_mut;
use henad::runner::SimState;
use prefetch_index::prefetch_index;

use crate::{Contagion, Start};

agent_lanes! {
    /// What is left to thresholds, how many adopted sources nodes hear, and whether they adopted in the tick before.
    pub struct TunedLanes {
        read TunedRead;
        chunk TunedChunk;
        plain left: f32 = 0.0,
        plain heard: f32 = 0.0,
        plain new: u8 = 0,
        plain pos_x: f32 = 0.0,
        plain pos_y: f32 = 0.0,
    }
    color = new;
}

#[derive(Default)]
pub struct Told {
    start: Start,
    /// Those that adopted in the tick before.
    new: Vec<u32>,
    /// How many were told of in each tick.
    told: Vec<u64>,
}

pub struct Tuned;

impl NetworkModel for Tuned {
    const NAME: &'static str = "Contagion, pushed";
    const ID: &'static str = "contagion-pushed";
    const DESCRIPTION: &'static str = "Each new adopter tells its listeners";
    const PALETTE: &'static [[u8; 4]] = &[[0, 0, 0, 255], [255, 0, 0, 255]];
    const EDGE_PALETTE: &'static [[u8; 4]] = &[[128, 128, 128, 255]];
    const STATS: &'static [StatDescriptor] = &[StatDescriptor::new("Adopted", [255, 0, 0, 255])];
    const ACTIONS: &'static [ActionDescriptor] = &[ActionDescriptor::new("start", "Start")];
    const CHUNK: usize = 8192;
    const DEFAULT_NODES: u32 = 100_000;
    const DEFAULT_EXTENT: Extent = Extent { w: 100.0, h: 100.0 };

    type Lanes = TunedLanes;
    type Params = ();
    type Aux = Told;

    fn param_descriptors() -> Vec<ParamDescriptor> {
        Vec::new()
    }

    fn from_params(_: &[ParamValue], _: Extent) {}

    fn directed((): &()) -> bool {
        true
    }

    fn init(_: &mut Nodes<'_, Self>, _: Extent, _: &[ParamValue], _: &mut u64) {}

    fn run_global_pass(nodes: &mut Nodes<'_, Self>, (): &(), _: Extent, _: &mut u64, _: u64) {
        let (lanes, graph, aux) = (&mut *nodes.lanes, &*nodes.graph, &mut *nodes.aux);
        aux.new.clear();
        for (start, marks) in (0..).step_by(64).zip(lanes.new.chunks_mut(64)) {
            if marks.iter().fold(0, |any, mark| any | mark) != 0 {
                for (i, mark) in (start..).zip(marks) {
                    if *mark != 0 {
                        *mark = 0;
                        aux.new.push(i);
                    }
                }
            }
        }
        aux.told.push(aux.new.len() as u64);
        for (n, &j) in aux.new.iter().enumerate() {
            if let Some(&ahead) = aux.new.get(n + 12) {
                prefetch_index(graph.out_neighbors(ahead), 0);
            }
            for &i in graph.out_neighbors(j) {
                lanes.heard[i as usize] += 1.0;
            }
        }
    }

    fn run_node_pass(lanes: &mut TunedLanes, _: &NodeCtx<'_, Self>, _: u64, _: u64) {
        let TunedLanes {
            left, heard, new, ..
        } = lanes;
        for_each_chunk_mut!(
            left,
            heard,
            new,
            Self::CHUNK,
            |_c, _base, left, heard, new| {
                let sixteen = left.chunks_mut(16).zip(heard.chunks(16));
                for ((left, heard), new) in sixteen.zip(new.chunks_mut(16)) {
                    let mut any = false;
                    for (left, heard) in left.iter_mut().zip(heard) {
                        *left -= heard;
                        any |= *left <= 0.0;
                    }
                    if any {
                        for (left, new) in left.iter_mut().zip(new) {
                            if *left <= 0.0 {
                                *left = f32::INFINITY;
                                *new = 1;
                            }
                        }
                    }
                }
            }
        );
    }

    fn act(_: usize, nodes: &mut Nodes<'_, Self>, _: Extent, _: &[ParamValue], _: &mut u64) {
        nodes.lanes.left.copy_from_slice(&nodes.aux.start.left);
        nodes.lanes.heard.fill(0.0);
        nodes.lanes.new.fill(0);
        nodes.lanes.new[nodes.aux.start.origin as usize] = 1;
        nodes.aux.told.clear();
    }

    /// Adoptions by tick; the first are those that there are at the start.
    fn stats(lanes: &TunedLanes, _: &Network, aux: &Told) -> Vec<StatValue> {
        let last = lanes.new.iter().map(|&mark| u64::from(mark)).sum();
        let counts: Vec<u64> = aux.told.iter().copied().chain([last]).collect();
        let edges = (0..=counts.len()).map(|tick| tick as f64).collect();
        vec![StatValue::Histogram { edges, counts }]
    }
}

impl Contagion for Tuned {
    fn start(aux: &mut Told) -> &mut Start {
        &mut aux.start
    }

    fn run(state: &mut NetworkModelState<Self>, ticks: u16) -> Vec<u32> {
        state.act(0);
        for _ in 0..ticks {
            state.step();
        }
        let StatValue::Histogram { counts, .. } = &state.stats()[0].value else {
            unreachable!("the statistic is a histogram");
        };
        counts.iter().skip(1).map(|&count| count as u32).collect()
    }
}
