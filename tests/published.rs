//! Published results: the files are those that their manifest names, the page quotes the command that
//! made them, and its tables are made from theirs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pointplane::experiment::Request;
use pointplane::store::{Manifest, Status};
use sha2::{Digest, Sha256};

const LAYOUTS: [&str; 4] = ["none", "northeast", "yangtze-belt", "all-proposed"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("results/alliance-layouts")
}

/// Rows of a table by column name.
fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder().join(file)).expect("a published table");
    reader
        .deserialize()
        .map(|row| row.expect("a row"))
        .collect()
}

/// An effect at the end of the run in per cent of the baseline's mean, with its interval.
struct Effects(Vec<BTreeMap<String, String>>);

impl Effects {
    fn row(&self, layout: &str, outcome: &str, kind: &str, group: &str) -> [f64; 5] {
        let wanted = |row: &&BTreeMap<String, String>| {
            row["layout"] == layout
                && row["outcome"] == outcome
                && row["group_kind"] == kind
                && row["group"] == group
        };
        let mut found = self.0.iter().filter(wanted);
        let row = found.next().expect("the effect is in the table");
        assert!(found.next().is_none(), "one horizon only");
        [
            "baseline_mean",
            "difference",
            "low",
            "high",
            "variance_reduction",
        ]
        .map(|name| row[name].parse().unwrap_or(f64::NAN))
    }

    fn percent(&self, layout: &str, outcome: &str, kind: &str, group: &str) -> String {
        let [base, difference, low, high, _] = self.row(layout, outcome, kind, group);
        let part = |value: f64| 100.0 * value / base;
        format!(
            "{:+.2} ({:+.2} to {:+.2})",
            part(difference),
            part(low),
            part(high)
        )
    }
}

/// The tables of the page.
fn tables() -> String {
    let effects = Effects(rows("effects.csv"));
    let mut text = String::from(
        "| against `existing`, per cent | mean stock | gap between areas (Theil between) | inequality of all regions (Theil) | coordination, pair-years |\n| --- | --- | --- | --- | --- |\n",
    );
    let costs: BTreeMap<String, String> = rows("pareto.csv")
        .into_iter()
        .map(|row| (row["layout"].clone(), row["coordination_cost"].clone()))
        .collect();
    let cost = |layout: &str| costs[layout].parse::<f64>().expect("a number");
    for layout in LAYOUTS {
        let of = |outcome| effects.percent(layout, outcome, "national", "");
        text += &format!(
            "| `{layout}` | {} | {} | {} | {:.0} (existing {:.0}) |\n",
            of("mean_stock"),
            of("theil_between"),
            of("theil"),
            cost(layout),
            cost("existing")
        );
    }
    text += "\n| mean stock, per cent | members (direct) | others (indirect) | east | central | west | northeast |\n| --- | --- | --- | --- | --- | --- | --- |\n";
    for layout in LAYOUTS {
        let of = |kind, group| effects.percent(layout, "mean_stock", kind, group);
        text += &format!(
            "| `{layout}` | {} | {} | {} | {} | {} | {} |\n",
            of("membership", "member"),
            of("membership", "non_member"),
            of("area", "east"),
            of("area", "central"),
            of("area", "west"),
            of("area", "northeast")
        );
    }
    text += "\n| variance reduction factor | mean stock | adoptions | Theil | Theil between | Gini | Moran's I | plane share |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n";
    for layout in LAYOUTS {
        let of = |outcome| effects.row(layout, outcome, "national", "")[4];
        let outcomes = [
            "mean_stock",
            "adoptions",
            "theil",
            "theil_between",
            "gini",
            "moran",
            "plane_share",
        ];
        let list = outcomes.map(|outcome| format!("{:.1}", of(outcome)));
        text += &format!("| `{layout}` | {} |\n", list.join(" | "));
    }
    text
}

#[test]
fn the_files_are_those_of_the_manifest() {
    let manifest = Manifest::load(&folder()).expect("a manifest");
    assert_eq!(manifest.status, Status::Complete);
    let mut there = 0;
    for table in &manifest.tables {
        // Values of single replicates are not published: the command makes them again.
        if let Ok(bytes) = fs::read(folder().join(&table.file)) {
            let sum = Sha256::digest(&bytes);
            let sum: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(Some(sum), table.sha256, "{}", table.file);
            there += 1;
        }
    }
    assert!(there >= 5, "{there} tables");
    let page = fs::read_to_string(folder().join("README.md")).expect("the page");
    let asked = Request::of(&manifest).expect("what was asked");
    let words = asked.command(Some("results/alliance-layouts".as_ref()));
    let words = words.strip_prefix("pointplane ").expect("the program");
    assert!(
        page.contains(&format!("cargo run --release -- {words}\n")),
        "the page does not quote: {words}"
    );
}

/// To mend it, paste what the failing test prints.
#[test]
fn the_page_says_what_the_tables_say() {
    let page = fs::read_to_string(folder().join("README.md")).expect("the page");
    let tables = tables();
    assert!(page.contains(&tables), "the page should have\n{tables}");
}
