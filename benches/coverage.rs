//! What intervals and bands of comparisons cover: the table in docs/model.md, section 11.
//!
//! `cargo bench --bench coverage -- coverage` simulates a pool of replicates of a baseline and a layout, takes the
//! mean over all of them for the truth, and makes of disjoint sets of them what `compare` makes of its replicates.
//! A few minutes; run only when named.

use std::path::{Path, PathBuf};
use std::thread;

use pointplane::experiment::compare::{Comparison, Side, observe};
use pointplane::measure::measures;
use pointplane::paired::{Band, Choice, DrawName, PathAccumulator, difference};
use pointplane::scenario::{Setting, load};
use pointplane::world::World;

/// Sets of replicates at each number.
const SETS: usize = 1000;
/// Numbers of replicates of a set.
const NUMBERS: [usize; 2] = [20, 50];
/// The smoothing was chosen with the first two in view; the third, another pair under another seed, tries it.
const CASES: [(u64, &str, &str); 3] = [
    (1, "base", "none"),
    (2, "base", "open-candidate"),
    (3, "open-candidate", "none"),
];
/// Paths that are looked at.
const PATHS: [&str; 5] = [
    "mean_stock",
    "theil",
    "theil_within",
    "theil_between",
    "gini",
];

fn side(name: &str, seed: u64) -> Side {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal");
    let layouts: Vec<PathBuf> = match name {
        "base" => vec![],
        name => vec![PathBuf::from(name)],
    };
    let loaded = load(&folder, &layouts, &[Setting::whole("seed", seed)]);
    let loaded = loaded.unwrap_or_else(|problems| panic!("{problems}"));
    Side {
        world: World::new(&loaded.scenario).expect("the scenario fits"),
        name: name.to_owned(),
        loaded,
    }
}

/// Baseline and layout of each path in one replicate: `[path][side][month]`.
type Replicate = Vec<[Vec<f64>; 2]>;

fn pool(comparison: &Comparison, size: u32) -> Vec<Replicate> {
    let all = measures(false);
    let of = |name: &str| all.iter().find(|measure| measure.name == name);
    let wanted = PATHS.map(|name| of(name).expect("a measure"));
    let one = |replicate: u32| {
        let rows = [0, 1].map(|side| observe(comparison, side, replicate).unwrap().rows);
        let path = |measure: &&&pointplane::measure::Outcome| {
            rows.each_ref()
                .map(|rows| rows.iter().map(|row| measure.value.of_month(row)).collect())
        };
        wanted.iter().map(path).collect::<Replicate>()
    };
    let threads = thread::available_parallelism().map_or(1, |n| n.get() as u32);
    let share = size.div_ceil(threads);
    thread::scope(|scope| {
        let work = |n: u32| (n * share..size.min((n + 1) * share)).map(one).collect();
        let hands: Vec<_> = (0..threads)
            .map(|n| scope.spawn(move || -> Vec<Replicate> { work(n) }))
            .collect();
        let done = hands.into_iter().map(|hand| hand.join().expect("a pool"));
        done.flatten().collect()
    })
}

/// What was covered, of how many.
#[derive(Default)]
struct Counts {
    bands: u32,
    band: u32,
    /// Months that were in the band.
    months: usize,
    t: u32,
    bca: u32,
    percents: u32,
    percent: u32,
    known: u32,
}

fn holds(low: Option<f64>, high: Option<f64>, truth: f64) -> bool {
    low.is_some_and(|low| low <= truth) && high.is_some_and(|high| truth <= high)
}

fn whole(band: &Band, truth: &[f64]) -> Option<(bool, usize)> {
    let ends = band.sup_low.iter().zip(&band.sup_high).zip(truth);
    let there: Vec<bool> = ends
        .filter(|((low, _), _)| low.is_finite())
        .map(|((low, high), truth)| low <= truth && truth <= high)
        .collect();
    (!there.is_empty()).then(|| (there.iter().all(|held| *held), there.len()))
}

fn case(seed: u64, baseline: &str, layout: &str) {
    let sides = vec![side(baseline, seed), side(layout, seed)];
    let comparison = Comparison::new(sides, vec![1], &[]);
    let most = NUMBERS.iter().max().copied().unwrap_or(0);
    let pool = pool(&comparison, (SETS * most) as u32);
    let months = pool[0][0][0].len();
    println!("\nscenarios/minimal, {layout} against {baseline}, seed {seed}: {SETS} sets\n");
    println!("| path | n | band | months | t at the end | BCa | per cent | baseline known |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (at, name) in PATHS.iter().enumerate() {
        let mean = |side: usize, t: usize| {
            pool.iter().map(|r| r[at][side][t]).sum::<f64>() / pool.len() as f64
        };
        let truth: Vec<f64> = (0..months).map(|t| mean(1, t) - mean(0, t)).collect();
        let (last, base) = (truth[months - 1], mean(0, months - 1));
        for n in NUMBERS {
            let mut counts = Counts::default();
            for (serial, set) in pool.chunks_exact(n).take(SETS).enumerate() {
                let draws = DrawName::new(seed, at as u64, serial as u64);
                let mut gathered = PathAccumulator::new(months);
                for one in set {
                    let [x, y] = &one[at];
                    let path: Vec<f64> = x.iter().zip(y).map(|(x, y)| y - x).collect();
                    gathered.push(&path);
                }
                if let Some((held, months)) = whole(&gathered.finish(draws), &truth) {
                    counts.bands += 1;
                    counts.band += u32::from(held);
                    counts.months += months;
                }
                let [x, y] = [0, 1].map(|side| {
                    set.iter()
                        .map(|one| one[at][side][months - 1])
                        .collect::<Vec<f64>>()
                });
                let of = |choice| difference(&x, &y, choice, draws).expect("as many values");
                let (t, bca) = (of(Choice::T), of(Choice::Bca));
                counts.t += u32::from(holds(t.low, t.high, last));
                counts.bca += u32::from(holds(bca.low, bca.high, last));
                let per_cent = 100.0 * last / base.abs();
                if t.percent_low.is_some() {
                    counts.percents += 1;
                    counts.percent += u32::from(holds(t.percent_low, t.percent_high, per_cent));
                }
                let known = |end: Option<f64>| end.map(|end| 100.0 * end / t.baseline.abs());
                counts.known += u32::from(holds(known(t.low), known(t.high), per_cent));
            }
            let share = |hits: u32, of: u32| f64::from(hits) / f64::from(of);
            let all = SETS as u32;
            println!(
                "| {name} | {n} | {:.3} | {:.0} | {:.3} | {:.3} | {:.3} | {:.3} |",
                share(counts.band, counts.bands),
                counts.months as f64 / f64::from(counts.bands),
                share(counts.t, all),
                share(counts.bca, all),
                share(counts.percent, counts.percents),
                share(counts.known, all),
            );
        }
    }
}

fn main() {
    if std::env::args().any(|word| word == "coverage") {
        for (seed, baseline, layout) in CASES {
            case(seed, baseline, layout);
        }
    }
}
