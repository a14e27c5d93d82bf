//! Running time of each layout of the China scenario and of pairing itself.
//!
//! The bound: paired replicates of three layouts take at most 1.1 times as long as three times as many
//! replicates of single runs, both kept in a results folder. What comes once at the end (the tables
//! `effects`, `responses`, …) is timed apart, as it hardly grows with the number of replicates.

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{asked, in_turn, seconds};
use criterion::Criterion;
use pointplane::experiment::compare::{
    Comparison, Settings, Side, derive, derived_definitions, observe, part_definitions, run_units,
};
use pointplane::experiment::runner::Unheard;
use pointplane::experiment::{Progress, Session, Wanted, run_replicates, tables};
use pointplane::model::Mechanisms;
use pointplane::paired::Choice;
use pointplane::scenario::load;
use pointplane::store::{ComparisonFacts, Derivation, Format, ResultKind, RunFacts, Store};
use pointplane::world::World;

/// Replicates of each layout.
const REPLICATES: u32 = 8;
/// The layouts that are paired.
const PAIRED: [&str; 3] = ["existing", "northeast", "yangtze-belt"];

fn side(name: &str) -> Side {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/china");
    let loaded = match load(&scenario, &[PathBuf::from(name)], &[]) {
        Ok(loaded) => loaded,
        Err(problems) => panic!("{problems}"),
    };
    Side {
        world: World::new(&loaded.scenario).expect("the scenario fits"),
        name: name.to_owned(),
        loaded,
    }
}

fn comparison(names: &[&str]) -> Comparison {
    let sides: Vec<Side> = names.iter().map(|name| side(name)).collect();
    let layouts = (1..sides.len()).collect();
    Comparison::new(sides, layouts, &[])
}

fn facts(side: &Side, comparison: Option<&Comparison>, wanted: &Wanted) -> RunFacts {
    let names = |c: &Comparison| c.sides.iter().map(|s| s.name.clone()).collect::<Vec<_>>();
    RunFacts {
        kind: match comparison {
            Some(_) => ResultKind::Comparison,
            None => ResultKind::Run,
        },
        command_line: Vec::new(),
        scenario: "china".to_owned(),
        layout: side.name.clone(),
        scenario_resolved: side.loaded.resolved(),
        inputs: Vec::new(),
        seed: side.loaded.scenario.seed,
        first_replicate: 0,
        replicates: REPLICATES,
        threads: 1,
        format: Format::Parquet,
        tables: match comparison {
            Some(_) => part_definitions(false),
            None => tables::definitions(&side.world, &Mechanisms::new(&side.world), wanted),
        },
        comparison: comparison.map(|c| ComparisonFacts {
            layouts: names(c).into_iter().map(|n| (n, String::new())).collect(),
            horizons: Vec::new(),
            derivation: Derivation {
                compared: names(c).split_off(1),
                interval: "auto".to_owned(),
                until_width: None,
            },
            derived: derived_definitions(),
        }),
    }
}

fn pairing() {
    let comparison = Arc::new(comparison(&PAIRED));
    let worlds: Vec<Arc<World>> = PAIRED
        .iter()
        .map(|name| Arc::new(side(name).world))
        .collect();
    let wanted = Wanted {
        tables: tables::USUAL.map(String::from).to_vec(),
        every: 12,
    };
    let session = Session::new(rayon::current_num_threads() as u32).expect("threads");
    let unheard: Arc<dyn Progress> = Arc::new(Unheard);
    let room = tempfile::tempdir().expect("a folder");
    let paired = || {
        let facts = facts(comparison.baseline(), Some(&comparison), &wanted);
        let store = Store::create(&room.path().join("paired"), facts, true).expect("a store");
        run_units(&comparison, REPLICATES, &store, &session, &unheard).expect("room on the disk");
        store
    };
    let single = |(side, world): (&Side, &Arc<World>)| {
        let store = Store::create(
            &room.path().join("single"),
            facts(side, None, &wanted),
            true,
        )
        .expect("a store");
        let seed = side.loaded.scenario.seed;
        run_replicates(world, &wanted, seed, &store, &session, &unheard).expect("room");
    };
    let [together, apart, ratio] = in_turn(
        3,
        || seconds(paired),
        || seconds(|| comparison.sides.iter().zip(&worlds).for_each(single)),
    );
    println!(
        "layouts: {REPLICATES} paired replicates of 3 layouts {together:.2} s, {} single runs \
         {apart:.2} s, ratio {ratio:.3} (bound 1.1)",
        3 * REPLICATES
    );
    let settings = Settings {
        interval: Choice::Auto,
        target: None,
    };
    let store = paired();
    let tables = seconds(|| derive(&comparison, &store, &settings).expect("sound parts"));
    println!("layouts: tables of effects and responses, once at the end, {tables:.2} s");
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    for name in [
        "none",
        "existing",
        "northeast",
        "yangtze-belt",
        "all-proposed",
    ] {
        if asked(&format!("layouts/{name}")) {
            let one = comparison(&[name]);
            criterion.bench_function(&format!("layouts/{name}"), |b| {
                b.iter(|| observe(&one, 0, 0));
            });
        }
    }
    if asked("pairing") {
        pairing();
    }
    criterion.final_summary();
}
