//! Uptake and benefit of firms: the effects are what the tables of `run` say of both layouts.

use std::collections::BTreeMap;
use std::path::Path;

use pointplane::scenario::spec::FirmsSpec;
use pointplane::world::firms::size_classes;

use super::*;
use crate::cli::fixture::{run_into, temp};

const FIRMS: [&str; 12] = [
    "--replicates",
    "4",
    "--set",
    "firms.number=3000",
    "--set",
    "firms.uptake_rate=0.05",
    "--set",
    "firms.stock_ref=5",
    "--set",
    "firms.demand_pull=2",
    "--set",
    "firms.partner_effect=3",
];

/// Regions of the minimal scenario: id, weight, province, area, tier.
const REGIONS: [(&str, f64, &str, &str, &str); 5] = [
    ("seamouth", 900.0, "coast", "east", "linkage"),
    ("saltbay", 400.0, "coast", "east", "radiation"),
    ("millford", 600.0, "river", "central", "linkage"),
    ("reedfield", 300.0, "river", "central", "hinterland"),
    ("passtown", 250.0, "frontier", "west", "linkage"),
];

/// Uptake and benefit by replicate and month of the firms that `part` counts: for each region, industry
/// and size class 1 or 0.
type Part<'a> = &'a dyn Fn(usize, &str, &str) -> bool;

/// The tables `benefit` and `uptake` of a run.
struct RunTables {
    benefit: Vec<BTreeMap<String, String>>,
    uptake: Vec<BTreeMap<String, String>>,
}

impl RunTables {
    fn of(out: &Path) -> Self {
        Self {
            benefit: rows(out, "benefit"),
            uptake: rows(out, "uptake"),
        }
    }

    fn at<'a>(
        table: &'a [BTreeMap<String, String>],
        replicate: usize,
        month: &'a str,
    ) -> impl Iterator<Item = &'a BTreeMap<String, String>> {
        let replicate = replicate.to_string();
        table
            .iter()
            .filter(move |row| row["replicate"] == replicate && row["month"] == month)
    }

    /// Of a group of regions, from the table `benefit`: weight-mean uptake over domains, and benefit.
    fn of_regions(
        &self,
        replicate: usize,
        month: &str,
        wanted: &dyn Fn(usize) -> bool,
    ) -> [f64; 2] {
        let (mut taken, mut weight, mut benefit) = (0.0, 0.0, 0.0);
        let mut seen = 0;
        for row in Self::at(&self.benefit, replicate, month) {
            let r = REGIONS.iter().position(|r| r.0 == row["region"]).unwrap();
            seen += 1;
            if wanted(r) {
                let u = (number(row, "uptake_trade") + number(row, "uptake_enterprise")) / 2.0;
                taken += REGIONS[r].1 * u;
                weight += REGIONS[r].1;
                benefit += number(row, "benefit");
            }
        }
        assert_eq!(seen, 5);
        [taken / weight, benefit]
    }

    /// Of some cells, from the table `uptake`: every region's weight is divided over its firms by size.
    fn of_cells(&self, replicate: usize, month: &str, wanted: Part<'_>) -> [f64; 2] {
        let classes = size_classes(&FirmsSpec::default());
        let size = |id: &str| classes.iter().find(|class| class.id == id).unwrap().size;
        let domains = 2.0;
        let mut all = [0.0; 5];
        let mut cells = Vec::new();
        for row in Self::at(&self.uptake, replicate, month) {
            let r = REGIONS.iter().position(|r| r.0 == row["region"]).unwrap();
            let own = size(&row["size_class"]) * number(row, "firms");
            all[r] += own / domains;
            if wanted(r, &row["industry"], &row["size_class"]) {
                cells.push((r, own, number(row, "share")));
            }
        }
        let (mut taken, mut weight) = (0.0, 0.0);
        for (r, own, share) in cells {
            weight += REGIONS[r].1 * own / all[r];
            taken += REGIONS[r].1 * own / all[r] * share;
        }
        [taken / weight, taken]
    }
}

fn near(a: f64, b: f64, row: &BTreeMap<String, String>) {
    assert!((a - b).abs() <= 1e-9 * (1.0 + b.abs()), "{a} {b} {row:?}");
}

#[test]
fn effects_on_firms_are_those_of_the_tables_of_run() {
    let dir = temp();
    let words = [
        "--baseline",
        "base",
        "open-candidate",
        "--horizon",
        "2019-12",
    ];
    let out = compare_into(dir.path(), "compared", &[&words[..], &FIRMS].concat());
    let tables = ["--tables", "uptake,benefit", "--every", "1"];
    let base = run_into(dir.path(), "base", &[&tables[..], &FIRMS].concat());
    let layout = ["--layout", "open-candidate"];
    let other = run_into(
        dir.path(),
        "other",
        &[&tables[..], &layout, &FIRMS].concat(),
    );
    let [base, other] = [base, other].map(|out| RunTables::of(&out));
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut differing = 0;
    let mut sums: BTreeMap<(String, String, String), f64> = BTreeMap::new();
    let effects = rows(&out, "effects");
    let of_firms =
        |row: &&BTreeMap<String, String>| ["uptake", "benefit"].contains(&row["outcome"].as_str());
    for row in effects.iter().filter(of_firms) {
        let (kind, id, month) = (
            row["group_kind"].as_str(),
            row["group"].as_str(),
            row["horizon"].as_str(),
        );
        let value = |tables: &RunTables, replicate: usize| -> f64 {
            let of_regions =
                |wanted: &dyn Fn(usize) -> bool| tables.of_regions(replicate, month, wanted);
            // The layout opens a zone of the frontier and ties its province to the river's.
            let member = |r: usize| REGIONS[r].2 != "coast";
            let both = match kind {
                "national" => of_regions(&|_| true),
                "province" => of_regions(&|r| REGIONS[r].2 == id),
                "area" => of_regions(&|r| REGIONS[r].3 == id),
                "tier" => of_regions(&|r| REGIONS[r].4 == id),
                "membership" => of_regions(&|r| member(r) == (id == "member")),
                "industry" => tables.of_cells(replicate, month, &|_, g, _| g == id),
                "size_class" => tables.of_cells(replicate, month, &|_, _, s| s == id),
                _ => return f64::NAN,
            };
            both[usize::from(row["outcome"] == "benefit")]
        };
        *kinds.entry(kind.to_owned()).or_default() += 1;
        if kind == "corridor" {
            continue;
        }
        let mean = |tables: &RunTables| (0..4).map(|r| value(tables, r)).sum::<f64>() / 4.0;
        near(number(row, "baseline_mean"), mean(&base), row);
        near(number(row, "layout_mean"), mean(&other), row);
        let pairs = (0..4).map(|r| value(&other, r) - value(&base, r));
        near(number(row, "difference"), pairs.sum::<f64>() / 4.0, row);
        differing += usize::from(number(row, "difference") != 0.0);
        // What groups have adds up to the country: benefit as it is, uptake by their weight.
        let weight = match row["outcome"].as_str() {
            "uptake" if kind != "national" => number(row, "weight_share"),
            _ => 1.0,
        };
        let key = (row["outcome"].clone(), month.to_owned(), kind.to_owned());
        *sums.entry(key).or_default() += weight * number(row, "difference");
    }
    assert!(differing > 20, "{differing}");
    // Among so few firms there may be none of the largest.
    let mut classes: Vec<&str> = base
        .uptake
        .iter()
        .map(|r| r["size_class"].as_str())
        .collect();
    classes.sort_unstable();
    classes.dedup();
    assert!(classes.len() >= 4, "{classes:?}");
    for (kind, rows) in [
        ("national", 4),
        ("province", 12),
        ("area", 12),
        ("tier", 12),
        ("membership", 8),
        ("industry", 12),
        ("size_class", 4 * classes.len()),
    ] {
        assert_eq!(kinds.get(kind), Some(&rows), "{kind}: {kinds:?}");
    }
    for ((outcome, month, kind), sum) in &sums {
        let country = sums[&(outcome.clone(), month.clone(), "national".to_owned())];
        let gap = (sum - country).abs();
        assert!(
            gap < 1e-9 * (1.0 + country.abs()),
            "{outcome} {month} {kind}: {sum} {country}"
        );
    }
}

#[test]
fn a_layout_that_changes_nothing_changes_nothing_of_firms() {
    let dir = temp();
    let words = ["--baseline", "base", "base"];
    let out = compare_into(dir.path(), "out", &[&words[..], &FIRMS].concat());
    let effects = rows(&out, "effects");
    let own = effects
        .iter()
        .filter(|row| row["outcome"] == "uptake" || row["outcome"] == "benefit");
    let mut seen = 0;
    for row in own {
        for column in ["difference", "standard_error", "low", "high"] {
            assert_eq!(number(row, column), 0.0, "{column} of {row:?}");
        }
        assert!(number(row, "baseline_mean") > 0.0, "{row:?}");
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn firms_are_in_the_answers_of_comparisons_that_have_them() {
    let dir = temp();
    let country = minimal();
    let words = [
        "compare",
        &country,
        "--baseline",
        "base",
        "open-candidate",
        "--horizon",
        "2019-12",
        "--out",
        "out",
    ];
    let firms = [
        "uptake by firms in benefit to firms in uptake by firms",
        " no change ",
        " uptake 2019-12 ",
    ];
    let done = call(dir.path(), &[&words[..], &FIRMS].concat()).exits(0);
    flat(done).says(&firms);
    let page = |lang: &str, file: &str| {
        call(dir.path(), &["report", "out", "--quiet", "--lang", lang]).exits(0);
        std::fs::read_to_string(dir.path().join("out").join(file)).unwrap()
    };
    let (en, zh) = (page("en", "report.html"), page("zh", "report-zh.html"));
    assert!(en.contains("uptake by firms in 2019-12") && zh.contains("2019-12 的企业采用"));
    // Without firms nobody speaks of them.
    let words = [&words[..7], &["--replicates", "2", "--out", "without"]].concat();
    let done = flat(call(dir.path(), &words).exits(0));
    assert!(firms.iter().all(|word| !done.err.contains(word)));
}
