//! Published results: the files are those that their manifest names, the page quotes the command that
//! made them, and its tables are made from theirs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pointplane::experiment::Request;
use pointplane::scenario::load;
use pointplane::store::{Manifest, Status};
use sha2::{Digest, Sha256};

const LAYOUTS: [&str; 4] = ["none", "northeast", "yangtze-belt", "all-proposed"];
/// Those that were compared over draws of the parameters and under variants of the model.
const VARIED: [&str; 6] = [
    "none",
    "northeast",
    "northeast-zone",
    "northeast-alliance",
    "yangtze-belt",
    "all-proposed",
];
/// Outcomes of the country, and how the page calls them.
const MAIN: [(&str, &str); 3] = [
    ("mean_stock", "mean stock"),
    ("theil_between", "gap between areas"),
    ("theil", "inequality of all regions"),
];
/// How many models a layout is compared under: the scenario's own and its variants.
const MODELS: usize = 9;

/// Groups whose mean stock the page tells.
const GROUPS: [(&str, &str); 6] = [
    ("membership", "member"),
    ("membership", "non_member"),
    ("area", "east"),
    ("area", "central"),
    ("area", "west"),
    ("area", "northeast"),
];

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn folder() -> PathBuf {
    at("results/alliance-layouts")
}

/// Rows of a table of the published comparison by column name.
fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    table(&folder().join(file))
}

fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a published table");
    reader
        .deserialize()
        .map(|row| row.expect("a row"))
        .collect()
}

/// An effect at the end of the run in per cent of the baseline's mean, with its interval.
struct Effects(Vec<BTreeMap<String, String>>);

impl Effects {
    fn row<const N: usize>(
        &self,
        [layout, outcome, kind, group]: [&str; 4],
        columns: [&str; N],
    ) -> [f64; N] {
        let wanted = |row: &&BTreeMap<String, String>| {
            row["layout"] == layout
                && row["outcome"] == outcome
                && row["group_kind"] == kind
                && row["group"] == group
        };
        let mut found = self.0.iter().filter(wanted);
        let row = found.next().expect("the effect is in the table");
        assert!(found.next().is_none(), "one horizon only");
        columns.map(|name| row[name].parse().unwrap_or(f64::NAN))
    }

    fn percent(&self, of: [&str; 4]) -> String {
        let [at, low, high] = short(self.row(of, ["percent", "percent_low", "percent_high"]));
        format!("{at} ({low} to {high})")
    }
}

/// Numbers with the same decimals: at most two, and at most three significant digits of the largest. Worked
/// out on the text of the number, unlike the program does it.
fn short<const N: usize>(values: [f64; N]) -> [String; N] {
    let digits = |text: &str| {
        let figures = text.trim_start_matches(['+', '-', '0', '.']);
        figures.chars().filter(char::is_ascii_digit).count()
    };
    for decimals in (0..=2).rev() {
        let texts = values.map(|value| format!("{value:+.decimals$}"));
        if texts.iter().all(|text| digits(text) <= 3) {
            return texts;
        }
    }
    panic!("{values:?} have no three digits");
}

/// What layouts change over draws of the parameters: rows of `uncertainty.csv` about effects.
struct OverDraws(Vec<BTreeMap<String, String>>);

impl OverDraws {
    fn numbers<const N: usize>(
        &self,
        [layout, outcome, kind, group]: [&str; 4],
        columns: [&str; N],
    ) -> [f64; N] {
        let wanted = |row: &&BTreeMap<String, String>| {
            // Members are those of the layout itself.
            let own = format!("{group} of {layout}");
            row["layout"] == layout
                && row["versus"] == "existing"
                && row["outcome"] == outcome
                && row["group_kind"] == kind
                && (row["group"] == group || row["group"] == own)
        };
        let mut found = self.0.iter().filter(wanted);
        let row = found.next().expect("the effect is in the table");
        assert!(found.next().is_none(), "one row only");
        columns.map(|name| row[name].parse().expect("a number"))
    }

    /// The ends of the credible interval, in per cent.
    fn range(&self, of: [&str; 4]) -> [String; 2] {
        short(self.numbers(of, ["percent_low", "percent_high"]))
    }
}

fn over_draws() -> OverDraws {
    OverDraws(rows("uncertainty.csv"))
}

/// The table of what the effects are over the parameters.
fn parameters() -> String {
    let over = over_draws();
    let mut text = String::from(
        "| against `existing`, per cent | outcome | mean over draws | 95 % credible | draws above 0 | variance: parameters, luck, both |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for layout in VARIED {
        for (outcome, name) in MAIN {
            let of = [layout, outcome, "national", ""];
            let [mean, low, high] =
                short(over.numbers(of, ["percent", "percent_low", "percent_high"]));
            let shares = ["share_parameters", "share_luck", "share_interaction"];
            let [parameters, luck, both] = over.numbers(of, shares).map(percent);
            let [above] = over.numbers(of, ["above_zero"]).map(percent);
            text += &format!(
                "| `{layout}` | {name} | {mean} | {low} to {high} | {above} % | {parameters}, {luck}, {both} % |\n"
            );
        }
    }
    text += "\n| mean stock, per cent, 95 % credible | members (direct) | others (indirect) | east | central | west | northeast |\n| --- | --- | --- | --- | --- | --- | --- |\n";
    for layout in VARIED {
        let cells = GROUPS.map(|(kind, group)| {
            let [low, high] = over.range([layout, "mean_stock", kind, group]);
            format!("{low} to {high}")
        });
        text += &format!("| `{layout}` | {} |\n", cells.join(" | "));
    }
    text
}

/// A share in whole per cent.
fn percent(share: f64) -> String {
    format!("{:.0}", 100.0 * share)
}

/// The table of what the effects are under variants of the model: over what each ranges, under how many it has the sign
/// of the scenario's own.
fn models() -> String {
    let rows = rows("variants.csv");
    let mut text = String::from(
        "| against `existing`, per cent | outcome | the scenario's own model | least to largest | same sign | the other sign under | not clear of 0 under |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for layout in VARIED {
        for (outcome, name) in MAIN {
            let of = rows.iter().filter(|row| {
                row["policy"] == layout
                    && row["outcome"] == outcome
                    && row["group_kind"] == "national"
            });
            let of: Vec<_> = of.collect();
            assert_eq!(of.len(), MODELS);
            let number = |row: &BTreeMap<String, String>| row["percent"].parse().expect("a number");
            let all = of.iter().map(|row| number(row));
            let (low, high) = all
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x: f64| {
                    (low.min(x), high.max(x))
                });
            let [own, low, high] = short([number(of[0]), low, high]);
            assert_eq!(of[0]["variant"], "");
            let under = |same: &str| -> Vec<String> {
                let of = of.iter().filter(|row| row["same_sign"] == same);
                of.map(|row| match row["variant"].as_str() {
                    "" => "the scenario's own".to_owned(),
                    variant => format!("`{variant}`"),
                })
                .collect()
            };
            text += &format!(
                "| `{layout}` | {name} | {own} | {low} to {high} | {} of {MODELS} | {} | {} |\n",
                under("1").len(),
                under("0").join(", "),
                under("").join(", ")
            );
        }
    }
    text
}

/// A factor, to a tenth and at most three significant digits.
fn factor(value: f64) -> String {
    if value < 99.95 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
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
        let of = |outcome| effects.percent([layout, outcome, "national", ""]);
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
        let of = |(kind, group)| effects.percent([layout, "mean_stock", kind, group]);
        text += &format!("| `{layout}` | {} |\n", GROUPS.map(of).join(" | "));
    }
    text += "\n| variance reduction factor | mean stock | adoptions | Theil | Theil between | Gini | Moran's I | plane share |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n";
    for layout in LAYOUTS {
        let of = |outcome| {
            let of = [layout, outcome, "national", ""];
            effects.row(of, ["variance_reduction"])[0]
        };
        let outcomes = [
            "mean_stock",
            "adoptions",
            "theil",
            "theil_between",
            "gini",
            "moran",
            "plane_share",
        ];
        let list = outcomes.map(|outcome| factor(of(outcome)));
        text += &format!("| `{layout}` | {} |\n", list.join(" | "));
    }
    text
}

/// The effects of README.md.
fn ranges() -> String {
    let over = over_draws();
    let mut text = String::from(
        "| layout | mean stock | gap between areas | inequality of all regions |\n| --- | --- | --- | --- |\n",
    );
    for layout in VARIED {
        let cells = MAIN.map(|(outcome, _)| {
            let of = [layout, outcome, "national", ""];
            let [low, high] = over.range(of);
            let [above] = over.numbers(of, ["above_zero"]).map(percent);
            format!("{low} to {high} % ({above})")
        });
        text += &format!("| `{layout}` | {} |\n", cells.join(" | "));
    }
    text
}

fn read(path: &str) -> String {
    fs::read_to_string(at(path)).expect("the page")
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
        page.contains(&format!("cargo run --release -- {words} --force\n")),
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

/// To mend it, paste what the failing test prints.
#[test]
fn the_pages_say_what_the_effects_are_over_the_parameters_and_models() {
    let page = read("results/alliance-layouts/README.md");
    for table in [parameters(), models()] {
        assert!(page.contains(&table), "the page should have\n{table}");
    }
    let table = ranges();
    assert!(
        read("README.md").contains(&table),
        "README.md should have\n{table}"
    );
    // The commands beside it make the tables.
    let layouts = VARIED.join(" ");
    for command in [
        format!(
            "cargo run --release -- compare scenarios/china --baseline existing {layouts} --posterior scenarios/china/posterior.csv --draws 100 --format csv\n"
        ),
        format!(
            "cargo run --release -- compare scenarios/china --baseline existing {layouts} --variants variants/{{hill,threshold,decay,similarity,no-structures,no-national,backwash-weak,backwash-strong}} --replicates 10 --format csv\n"
        ),
    ] {
        assert!(page.contains(&command), "the page should have\n{command}");
    }
}

/// In both languages each layout's paragraph has the credible intervals of the effects that it quotes.
#[test]
fn effects_are_quoted_with_what_they_are_over_the_parameters() {
    let page = read("results/alliance-layouts/README.md");
    let (english, chinese) = page.split_once("## 中文").expect("both languages");
    let (_, english) = english.split_once("## Findings").expect("the words");
    let over = over_draws();
    let paragraph = |text: &str, layout: &str| {
        let begins = match layout {
            "none" => ["- **The existing alliances", "- **现有联盟"],
            "northeast" => ["- **Does a Northeast", "- **黑吉辽联盟"],
            _ => ["- **A Yangtze belt", "- **长江经济带联盟"],
        };
        let found = begins.iter().find_map(|b| text.split_once(b));
        let (_, rest) = found.expect("the paragraph");
        rest.split("\n- **").next().expect("its end").to_owned()
    };
    for layout in ["none", "northeast", "yangtze-belt"] {
        let texts = [paragraph(english, layout), paragraph(chinese, layout)];
        for (outcome, _) in MAIN {
            let of = [layout, outcome, "national", ""];
            if layout == "northeast" && outcome != "theil_between" {
                continue;
            }
            said(&texts, over.range(of));
            let [above] = over.numbers(of, ["above_zero"]);
            if above > 0.0 && above < 1.0 {
                // Told from the rarer side.
                let rare = percent(above.min(1.0 - above));
                let forms = [
                    format!("in {rare} % of the draws"),
                    format!("{rare} % 的抽样"),
                ];
                for (text, form) in texts.iter().zip(&forms) {
                    assert!(text.contains(form), "{form:?} in {text}");
                }
            }
        }
        if layout != "none" {
            said(
                &texts,
                over.range([layout, "mean_stock", "membership", "member"]),
            );
        }
    }
    // What the paragraph on the northeast and its halves says of signs.
    let sign = |of: [&str; 4]| over.numbers(of, ["above_zero"])[0];
    for (kind, group) in GROUPS {
        assert_eq!(sign(["northeast", "mean_stock", kind, group]), 1.0);
    }
    let above = sign(["northeast", "theil_between", "national", ""]);
    assert_eq!(percent(above), "1", "all but 1 % of the draws");
}

/// A range stands in both texts: with signs, or as sizes from the smaller to the larger.
fn said(texts: &[String; 2], [low, high]: [String; 2]) {
    let (a, b) = (low[1..].to_owned(), high[1..].to_owned());
    let [near, far] = if low.starts_with('-') { [b, a] } else { [a, b] };
    let english = [format!("{low} to {high} %"), format!("{near} to {far}")];
    let chinese = [
        format!("{low} % 至 {high} %"),
        format!("{near} % 至 {far} %"),
    ];
    // Sizes say nothing of a change of sign.
    let forms = if low.starts_with('-') == high.starts_with('-') {
        0..2
    } else {
        0..1
    };
    for (text, words) in texts.iter().zip([english, chinese]) {
        let found = words[forms.clone()]
            .iter()
            .any(|words| text.contains(words));
        assert!(found, "{words:?} in {text}");
    }
}

/// What the search for China's best layout says of the last that were left.
fn best_layouts() -> String {
    let mut rows = table(&at("results/best-layout/regret.csv"));
    let gain = |row: &BTreeMap<String, String>| row["gain"].parse::<f64>().expect("a number");
    rows.sort_by(|a, b| gain(b).total_cmp(&gain(a)));
    let chosen = table(&at("results/best-layout/chosen.csv"));
    let mut text = String::from(
        "| layout | mean stock against `existing`, mean over draws (95 % credible) | P(best) | expected regret | largest regret |\n\
         | --- | --- | --- | --- | --- |\n",
    );
    for row in rows {
        let number = |name: &str| row[name].parse::<f64>().expect("a number");
        let (name, by) = match row["changes"].as_str() {
            "" => (row["layout"].clone(), "0".to_owned()),
            changes => (
                changes.to_owned(),
                format!(
                    "{:+.1} ({:+.1} to {:+.1})",
                    number("gain"),
                    number("low"),
                    number("high")
                ),
            ),
        };
        let mark = match chosen[0]["layout"] == row["layout"] {
            true => " (chosen)",
            false => "",
        };
        text += &format!(
            "| `{name}`{mark} | {by} | {:.0} % | {:.1} | {:.1} |\n",
            100.0 * number("best"),
            number("expected_regret"),
            number("most_regret")
        );
    }
    text
}

/// To mend it, paste what the failing test prints. What is promised stands in its words, too.
#[test]
fn the_page_of_the_best_layout_says_what_its_tables_say() {
    let page = read("results/best-layout/README.md");
    let table_of = best_layouts();
    assert!(
        page.contains(&table_of),
        "results/best-layout/README.md should have\n{table_of}"
    );
    let rows = table(&at("results/best-layout/regret.csv"));
    let pairs = rows
        .iter()
        .filter_map(|row| row["pairs"].parse::<u32>().ok());
    let pairs = pairs.max().expect("pairs").to_string();
    let chosen = &table(&at("results/best-layout/chosen.csv"))[0];
    // Where several layouts are left at the most pairs that the plan allows, nothing is promised.
    let (words, chinese) = match chosen["confidence"].as_str() {
        "" => (
            format!("at {pairs} fresh pairs"),
            format!("在 {pairs} 对新的“参数抽取—重复”上仍"),
        ),
        "0.95" => (
            format!("procedure KN on {pairs} fresh pairs"),
            format!("在 {pairs} 对"),
        ),
        other => panic!("{other}"),
    };
    assert!(
        page.contains(&words) && page.contains(&chinese),
        "{words} {chinese}"
    );
    assert_eq!(chosen["delta"].as_str(), "0.2");
    let own = rows
        .iter()
        .find(|row| row["layout"] == chosen["layout"])
        .expect("it is compared");
    let least = rows
        .iter()
        .map(|row| row["most_regret"].parse::<f64>().expect("a number"));
    assert_eq!(
        own["most_regret"].parse::<f64>().ok(),
        least.min_by(f64::total_cmp)
    );
    // The plan that it was made by is the shipped one.
    assert_eq!(
        read("results/best-layout/plan.toml"),
        read("scenarios/china/search.toml")
    );
}

/// Numbers of a record and of what the model gives: whole ones, or a decimal where all are small.
fn counts<const N: usize>(values: [f64; N]) -> [String; N] {
    let decimals = usize::from(values.iter().all(|value| value.abs() < 20.0));
    values.map(|value| match format!("{value:.decimals$}") {
        text if text == "-0" => "0".to_owned(),
        text => text.replace('-', "−"),
    })
}

/// What the calibration of China says of its targets.
fn china_targets() -> String {
    let mut text = String::from(
        "| target | use | record | before, 5 to 95 % | after, median (5 to 95 %) | p |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for row in table(&at("results/china-calibration/targets.csv")) {
        let number = |name: &str| row[name].parse::<f64>().expect("a number");
        let (sign, value) = match row["value"].is_empty() {
            true => ("≥ ", "at_least"),
            false => ("", "value"),
        };
        let value = &row[value];
        let [low, high] = counts(["prior_low", "prior_high"].map(number));
        let after = ["posterior_median", "posterior_low", "posterior_high"];
        let [middle, least, most] = counts(after.map(number));
        let missed = if row["met"] == "1" {
            ""
        } else {
            ", **missed**"
        };
        text += &format!(
            "| `{}` | {} | {sign}{value} | {low} to {high} | {middle} ({least} to {most}){missed} | {:.2} |\n",
            row["target"],
            row["purpose"].replace("hold_out", "held out"),
            number("p")
        );
    }
    text
}

/// With three significant digits.
fn three(value: f64) -> String {
    let exponent = value.abs().log10().floor() as i32;
    format!("{value:.*}", usize::try_from(2 - exponent).unwrap_or(0))
}

/// What the calibration of China says of its parameters.
fn china_parameters() -> String {
    let mut text = String::from(
        "| parameter | before, median (5 to 95 %) | after, median (5 to 95 %) | narrower by | in the scenario |\n| --- | --- | --- | --- | --- |\n",
    );
    for row in table(&at("results/china-calibration/parameters.csv")) {
        let number = |name: &str| row[name].parse::<f64>().expect("a number");
        let shown = |name: &str| three(number(name));
        text += &format!(
            "| `{}` | {} ({} to {}) | {} ({} to {}) | {} % | {} |\n",
            row["parameter"],
            shown("prior_median"),
            shown("prior_low"),
            shown("prior_high"),
            shown("median"),
            shown("low"),
            shown("high"),
            format!("{:.0}", 100.0 * number("contraction"))
                .replace('-', "−")
                .replace("−0", "0"),
            shown("nearest")
        );
    }
    text
}

/// To mend it, paste what the failing test prints.
#[test]
fn the_model_page_says_what_the_calibration_says() {
    let page = read("docs/model.md");
    for table in [china_targets(), china_parameters()] {
        assert!(page.contains(&table), "docs/model.md should have\n{table}");
    }
}

/// The 90 % bands of the priors are those of the plan's distributions, but for the two parameters that a constraint ties
/// together. They were found by 4,096 points of a sequence, whose quantiles are a thousandth of the range off at most.
#[test]
fn the_priors_of_china_are_those_of_its_plan() {
    let plan: toml::Table = read("scenarios/china/calibrate.toml")
        .parse()
        .expect("TOML");
    let number = |value: &toml::Value| match value {
        toml::Value::Integer(n) => *n as f64,
        value => value.as_float().expect("a number"),
    };
    let mut seen = 0;
    for row in table(&at("results/china-calibration/parameters.csv")) {
        let (table, key) = row["parameter"].split_once('.').expect("two parts");
        if key.starts_with("quality_") {
            continue;
        }
        let all = plan["parameters"].as_table().expect("priors");
        let nested = all.get(table).and_then(|of| of.get(key));
        let prior = nested
            .or_else(|| all.get(&row["parameter"]))
            .expect("a prior");
        let [min, max] = ["min", "max"].map(|end| number(&prior[end]));
        for (column, level) in [
            ("prior_low", 0.05),
            ("prior_median", 0.5),
            ("prior_high", 0.95),
        ] {
            let expected = match prior["distribution"].as_str().expect("a name") {
                "uniform" => min + level * (max - min),
                "log-uniform" => min * (max / min).powf(level),
                other => panic!("{other}"),
            };
            let found: f64 = row[column].parse().expect("a number");
            let off = (found - expected).abs() / (max - min);
            assert!(
                off < 0.002,
                "{} {column}: {found} {expected}",
                row["parameter"]
            );
        }
        seen += 1;
    }
    assert_eq!(seen, 13);
}

/// The scenario has the draw of the posterior that is nearest the mean, to three digits, and every draw lies in the priors.
#[test]
fn china_has_the_parameters_of_its_calibration() {
    let draws = table(&at("scenarios/china/posterior.csv"));
    assert_eq!(draws.len(), 200);
    let loaded =
        load(&at("scenarios/china"), &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let resolved: toml::Table = loaded.resolved().parse().expect("TOML");
    let of = |key: &str| {
        let (table, key) = key.split_once('.').expect("two parts");
        resolved[table][key].as_float().expect("a number")
    };
    let plan: toml::Table = read("scenarios/china/calibrate.toml")
        .parse()
        .expect("TOML");
    let prior = |key: &str| {
        let all = plan["parameters"].as_table().expect("priors");
        let (table, name) = key.split_once('.').expect("two parts");
        let nested = all.get(table).and_then(|of| of.get(name));
        let ends = nested.or_else(|| all.get(key)).expect("a prior");
        ["min", "max"].map(|end| match &ends[end] {
            toml::Value::Integer(n) => *n as f64,
            value => value.as_float().expect("a number"),
        })
    };
    let mut rows = vec![0.0; draws.len()];
    let parameters = table(&at("results/china-calibration/parameters.csv"));
    assert_eq!(parameters.len(), 15);
    for row in &parameters {
        let key = &row["parameter"];
        let column = key.replace('.', "_");
        let values: Vec<f64> = draws
            .iter()
            .map(|draw| draw[&column].parse().unwrap())
            .collect();
        let [least, most] = prior(key);
        assert!(
            values.iter().all(|value| (least..=most).contains(value)),
            "{key}"
        );
        let nearest = row["nearest"].parse().expect("a number");
        assert!(values.contains(&nearest), "{key}");
        assert_eq!(three(of(key)), three(nearest), "{key}");
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values
            .iter()
            .map(|value| (value - mean).powi(2))
            .sum::<f64>()
            / n;
        for (sum, value) in rows.iter_mut().zip(&values) {
            *sum += (value - mean).powi(2) / variance;
        }
    }
    let best = (0..draws.len())
        .min_by(|a, b| rows[*a].total_cmp(&rows[*b]))
        .expect("draws");
    for row in &parameters {
        assert_eq!(
            draws[best][&row["parameter"].replace('.', "_")],
            row["nearest"]
        );
    }
}
