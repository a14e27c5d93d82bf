//! The contagion of `benches/contagion.rs` beside Henad 0.3.0, an engine for models of many agents: the same graph,
//! thresholds and months in its network model, written as its guide says and tuned, on one thread and on two, each
//! against the plain push loop. All have to agree on the adoptions of each month before anything is timed.
//!
//! `cargo run --release --manifest-path benches/henad/Cargo.toml`; the numbers of places may follow after `--`.

#[path = "../../common/mod.rs"]
#[expect(dead_code, reason = "what is asked for is told otherwise here")]
mod common;
mod guide;
#[path = "../../common/plain.rs"]
mod plain;
mod tuned;

use common::{in_turn, seconds};
use guide::Guide;
use henad::authoring::prelude::{NetworkModel, Nodes, ParamValue};
use henad::authoring::{NUM_NODES, network_model_param_descriptors};
use henad::engine::NetworkModelState;
use plain::{Plain, apart, curve, pool, world};
use pointplane::world::PlaceId;
use tuned::Tuned;

/// Where a run starts.
#[derive(Default)]
pub struct Start {
    /// How many adopted sources, summed over months, each place takes.
    left: Vec<f32>,
    origin: u32,
}

/// A contagion as a model of Henad.
pub trait Contagion: NetworkModel + Sized {
    fn start(aux: &mut Self::Aux) -> &mut Start;

    /// Goes back to the start and runs. Gives adoptions by tick.
    fn run(state: &mut NetworkModelState<Self>, ticks: u16) -> Vec<u32>;
}

/// A state with the links, thresholds and origin of `plain`.
fn state<M: Contagion>(plain: &Plain<'_>) -> NetworkModelState<M> {
    let alike = plain.alike.expect("Henad's links have no weights");
    let network = &plain.world.network;
    let left = plain.left(1.0 / alike);
    let params = network_model_param_descriptors::<M>();
    let mut params: Vec<ParamValue> = params.iter().map(|p| p.kind.default_value()).collect();
    params[NUM_NODES] = ParamValue::U32(left.len() as u32);
    NetworkModelState::from_graph(&params, Some(1), |nodes: &mut Nodes<'_, M>, _| {
        for j in PlaceId::each(0..left.len()) {
            for i in &network.heard_by[network.audience(j)] {
                nodes.graph.add_edge(j.code(), i.code(), 0);
            }
        }
        *M::start(nodes.aux) = Start {
            left,
            origin: plain.origin.code(),
        };
    })
}

/// Gives adoptions by month.
type Run<'a> = Box<dyn FnMut() -> Vec<u32> + Send + 'a>;

fn henad<'a, M: Contagion>(plain: &Plain<'_>) -> Run<'a> {
    let mut state = state::<M>(plain);
    let (first, months) = (plain.start + 1, plain.world.calendar.months);
    Box::new(move || {
        let before = vec![0; usize::from(first)];
        [before, M::run(&mut state, months - first)].concat()
    })
}

const OURS: &str = "this model";

fn beside(places: u32, pairs: usize) {
    let world = world(places, false);
    let plain = Plain::new(&world, 1);
    let expected = plain.run();
    let pools = [1, 2].map(|threads| (threads, pool(threads)));
    let mut runs: [(&str, Run<'_>); 3] = [
        (OURS, Box::new(|| curve(&world))),
        ("Henad, as its guide says", henad::<Guide>(&plain)),
        ("Henad, tuned to push", henad::<Tuned>(&plain)),
    ];
    println!(
        "{places} places, {} adoptions",
        expected.iter().sum::<u32>()
    );
    for (name, run) in &mut runs {
        for (threads, pool) in &pools {
            let apart = apart(&pool.install(&mut *run), &expected);
            // Henad's models add as the loop does.
            assert!(apart == 0 || *name == OURS, "{name} disagrees");
            println!("{name:26}{threads:>8}   months differ from the loop's by at most {apart}");
        }
    }
    println!(
        "{:26}{:>8}{:>10}{:>10}{:>7}",
        "", "threads", "ms", "loop, ms", "ratio"
    );
    for (name, run) in &mut runs {
        for (threads, pool) in &pools {
            let [time, bare, ratio] = in_turn(
                pairs,
                || pool.install(|| seconds(&mut *run)),
                || seconds(|| plain.run()),
            );
            println!(
                "{name:26}{threads:>8}{:>10.1}{:>10.1}{ratio:>7.2}",
                time * 1e3,
                bare * 1e3
            );
        }
    }
}

fn main() {
    println!("Henad {}", henad::ENGINE_BUILD.version());
    let asked = std::env::args().skip(1);
    let mut sizes: Vec<u32> = asked
        .map(|word| word.parse().expect("the words are numbers of places"))
        .collect();
    if sizes.is_empty() {
        sizes = vec![100_000, 1_000_000];
    }
    for places in sizes {
        beside(places, if places < 500_000 { 31 } else { 9 });
    }
}
