//! The documents say what the program does.

use std::collections::BTreeSet;
use std::path::Path;

use pointplane::experiment::sweep::{Plan, read_plan, spec::plan_schema};
use pointplane::experiment::{Experiment, Wanted, compare, request, tables};
use pointplane::inference::calibrate::{calibration_schema, read};
use pointplane::measure::{OUTCOMES, measures};
use pointplane::model::Mechanisms;
use pointplane::report::{Lang, not_varied};
use pointplane::scenario::{layout_table, load, parameter_table, rows_of, to_markdown};
use pointplane::search::{Listed, search_schema};
use pointplane::store::{Format, TableDef};
use pointplane::world::World;

fn document(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text between `<!-- name -->` and `<!-- /name -->`.
fn block<'a>(text: &'a str, name: &str) -> &'a str {
    let (_, rest) = text
        .split_once(&format!("<!-- {name} -->"))
        .expect("the opening mark");
    rest.split_once(&format!("<!-- /{name} -->"))
        .expect("the closing mark")
        .0
        .trim()
}

/// To mend it, paste what `pointplane schema --parameters` (with `--layout`: layouts) prints.
#[test]
fn the_parameter_tables_are_those_of_the_schema() {
    let text = document("docs/scenario.md");
    assert_eq!(
        block(&text, "parameters"),
        to_markdown(&parameter_table()).trim()
    );
    assert_eq!(
        block(&text, "layout-keys"),
        to_markdown(&layout_table()).trim()
    );
}

/// To mend it, paste what `pointplane schema --plan --parameters` prints.
#[test]
fn the_table_of_the_keys_of_plans_is_that_of_their_schema() {
    let table = to_markdown(&rows_of(&plan_schema()));
    assert_eq!(block(&document("docs/sweep.md"), "plan-keys"), table.trim());
}

/// To mend it, paste what `pointplane schema --calibration --parameters` prints.
#[test]
fn the_table_of_the_keys_of_calibrations_is_that_of_their_schema() {
    let table = to_markdown(&rows_of(&calibration_schema()));
    assert_eq!(
        block(&document("docs/calibrate.md"), "calibration-keys"),
        table.trim()
    );
}

/// To mend it, paste what `pointplane schema --search --parameters` prints.
#[test]
fn the_table_of_the_keys_of_searches_is_that_of_their_schema() {
    let table = to_markdown(&rows_of(&search_schema()));
    let text = document("docs/search.md");
    assert_eq!(block(&text, "search-keys"), table.trim());
}

/// Searches that are shipped can be run.
#[test]
fn the_shipped_searches_are_right() {
    for (plan, candidates, layouts) in [
        ("scenarios/minimal/search.toml", 4, 14),
        ("scenarios/china/search.toml", 10, 344),
    ] {
        let of = pointplane::search::read(plan.as_ref(), 1);
        let of = of.unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(of.space.candidates.len(), candidates);
        let Listed::All(list) = &of.listed else {
            panic!("{plan}: too many");
        };
        assert_eq!(list.len(), layouts, "{plan}");
    }
}

/// Calibrations that are shipped can be run.
#[test]
fn the_shipped_calibrations_are_right() {
    for (plan, parameters, targets, fitted) in [
        ("scenarios/minimal/calibrate.toml", 3, 4, 3),
        ("scenarios/china/calibrate.toml", 15, 16, 11),
    ] {
        let of = read(plan.as_ref(), false, 1).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(of.prior.parameters().len(), parameters);
        assert_eq!((of.targets.len(), of.fitted), (targets, fitted));
    }
}

/// Plans that are shipped can be run.
#[test]
fn the_shipped_plans_are_right() {
    for (plan, runs) in [
        ("scenarios/minimal/sweeps/grid.toml", 9 * 2 * 5),
        ("scenarios/china/sweeps/sensitivity.toml", 32 * 14 * 2),
        ("scenarios/china/sweeps/layouts.toml", 64 * 4 * 4),
    ] {
        let plan = read_plan(plan.as_ref(), 1).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(plan.runs(), runs);
        // The belt that is proposed for China comes on top of the alliance of the delta, and has eleven members.
        let told = plan.warnings.iter();
        let mut told =
            told.filter(|p| !p.what.is("alliances-overlap") && !p.what.is("alliances-outweigh"));
        assert_eq!(told.next(), None);
    }
}

/// A table in Markdown, without empty lines around it.
fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: Vec<String>| {
        let cells = cells.iter().map(|cell| match cell.as_str() {
            "" => " ".to_owned(),
            cell => format!(" {} ", cell.replace('|', "\\|")),
        });
        format!("|{}|", cells.collect::<Vec<_>>().join("|"))
    };
    let mut lines = vec![
        line(head.iter().map(|cell| (*cell).to_owned()).collect()),
        line(vec!["---".to_owned(); head.len()]),
    ];
    lines.extend(rows.map(line));
    lines.join("\n")
}

/// To mend it, paste what it prints.
#[test]
fn the_results_page_has_the_measures_and_outcomes_of_the_registry() {
    let text = document("docs/results.md");
    let columns = measures(true).into_iter().map(|measure| {
        let monthly = measure.monthly.expect("a monthly measure");
        vec![
            format!("`{}`", measure.name),
            if measure.value.is_whole() {
                "int"
            } else {
                "float"
            }
            .to_owned(),
            measure.monthly_unit().to_owned(),
            monthly.definition.to_owned(),
        ]
    });
    let columns = table(&["column", "type", "unit", "what"], columns);
    let outcomes = OUTCOMES.iter().map(|outcome| {
        let taken = if outcome.has_horizon() {
            "horizon"
        } else {
            "month"
        };
        vec![
            format!("`{}`", outcome.name),
            outcome.label.en.to_owned(),
            outcome.label.zh.to_owned(),
            outcome.unit.id().to_owned(),
            outcome.better_word().unwrap_or_default().to_owned(),
            taken.to_owned(),
            outcome.groups().en.to_owned(),
            outcome.definition.en.to_owned(),
        ]
    });
    let head = [
        "outcome",
        "in English",
        "in Chinese",
        "unit",
        "better",
        "taken",
        "by",
        "definition",
    ];
    let outcomes = table(&head, outcomes);
    for (name, made) in [("measures", columns), ("outcomes", outcomes)] {
        assert!(block(&text, name) == made, "{name}:\n{made}\n");
    }
}

/// The tables of a comparison of a scenario with firms and places: those of replicates and those made of them.
fn tables_of_a_comparison() -> [Vec<TableDef>; 2] {
    let model = request::Model {
        scenario: Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal"),
        set: vec!["firms.number=100".to_owned()],
        seed: None,
    };
    let request = request::Compare {
        model,
        baseline: "none".to_owned(),
        layouts: vec!["base".to_owned()],
        over: None,
        variants: vec![],
        break_even: None,
        value_of_information: None,
        replicates: Some(2),
        until_width: None,
        primary: None,
        outcomes: vec![],
        horizons: vec![],
        interval: request::Interval::T,
        every: Some(12),
        format: Format::Parquet,
    };
    let plan = compare::plan(request, 1).unwrap_or_else(|problems| panic!("{problems}"));
    let asked = plan.asked(plan.replicates);
    let derived = asked.comparison.expect("it is a comparison").derived;
    [asked.tables, derived]
}

/// Columns of the country in a run and in a comparison, and what a sweep may keep, are those of the registry.
#[test]
fn tables_and_plans_follow_from_the_registry() {
    let names: Vec<&str> = measures(true).iter().map(|measure| measure.name).collect();
    let firms = ["firms.number=100".into()];
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal");
    let loaded = load(&scenario, &[], &firms).expect("the minimal scenario is right");
    let world = World::new(&loaded.scenario).expect("it fits");
    let wanted = Wanted {
        tables: vec!["national".to_owned()],
        every: 12,
    };
    let of_run = tables::definitions(&world, &Mechanisms::new(&world), &wanted);
    let [of_comparison, _] = tables_of_a_comparison();
    for (table, keys) in [(&of_run[0], 2), (&of_comparison[1], 3)] {
        let columns = table.columns.iter().skip(keys);
        let columns: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        assert_eq!(columns, names, "{}", table.what);
    }
    let outcomes: Vec<&str> = OUTCOMES.iter().map(|outcome| outcome.name).collect();
    let plan = format!(
        "name = \"all\"\nscenario = {scenario:?}\noutcomes = {outcomes:?}\n[monthly]\nmeasures = {names:?}\n\
         [set]\n\"firms.number\" = 100\n[design]\nkind = \"grid\"\n[parameters]\nline.beta = {{ levels = [0.1] }}\n"
    );
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("plan.toml");
    std::fs::write(&file, plan).expect("written");
    let plan = read_plan(&file, 1).unwrap_or_else(|problems| panic!("{problems}"));
    // The scenario has corridors, so every outcome has a value of its own.
    let kept: BTreeSet<usize> = plan
        .kept
        .iter()
        .map(|at| slot_outcome(&plan, *at))
        .collect();
    assert_eq!(kept.len(), OUTCOMES.len());
    let (_, monthly) = plan.monthly.expect("monthly measures");
    assert_eq!(monthly.len(), names.len());
}

fn slot_outcome(plan: &Plan, at: usize) -> usize {
    plan.comparison.slots.list()[at].outcome
}

/// The same plan and commands stand in docs/sweep.md, in `sweep --help` and in reports.
#[test]
fn the_document_says_how_to_vary_the_parameters_as_the_program_does() {
    let text = document("docs/sweep.md");
    let section = text
        .split_once(&format!("## {}\n", not_varied::question(Lang::En)))
        .expect("the section")
        .1;
    for block in [
        format!(
            "```toml\n{}```",
            not_varied::plan(&["none", "base"], Lang::En)
        ),
        format!("```sh\n{}```", not_varied::COMMANDS),
    ] {
        assert!(
            section.contains(&block),
            "docs/sweep.md should have\n{block}"
        );
    }
}

/// What `layouts.toml` varies is what `sensitivity.toml` varies, over the same ranges, but for the strength
/// of alliances: at 0 layouts would not differ.
#[test]
fn both_plans_of_china_have_the_same_ranges() {
    let ranges = |file: &str| {
        let text = document(&format!("scenarios/china/sweeps/{file}"));
        let plan: toml::Table = text.parse().expect("TOML");
        plan["parameters"].as_table().expect("a table").clone()
    };
    let (mut layouts, sensitivity) = (ranges("layouts.toml"), ranges("sensitivity.toml"));
    let least = &mut layouts["alliances"]["strength_factor"]["min"];
    assert_eq!(*least, toml::Value::Float(0.2));
    *least = toml::Value::Integer(0);
    assert_eq!(layouts, sensitivity);
}

#[test]
fn the_results_page_names_every_table_and_column() {
    let text = document("docs/results.md");
    let firms = ["firms.number=100".into()];
    let loaded =
        load("scenarios/minimal".as_ref(), &[], &firms).expect("the minimal scenario is right");
    let world = World::new(&loaded.scenario).expect("it fits");
    let wanted = Wanted {
        tables: tables::NAMES.map(String::from).to_vec(),
        every: 12,
    };
    let definitions = tables::definitions(&world, &Mechanisms::new(&world), &wanted);
    assert_eq!(definitions.len(), tables::NAMES.len());
    let comparison = tables_of_a_comparison().concat();
    for table in definitions.into_iter().chain(comparison) {
        assert!(
            text.contains(&format!("`{}`", table.name)),
            "table {}",
            table.name
        );
        for column in table.columns {
            let name = match &column.name {
                // One column per domain or mechanism: the page names the rule.
                name if name.starts_with("items_") => "items_<domain>",
                name if name.starts_with("c_") => "c_",
                name if name.starts_with("w_") => "w_<domain>",
                name if name.starts_with("uptake_") => "uptake_<domain>",
                name => name,
            };
            assert!(text.contains(name), "{}: column {name}", table.name);
        }
    }
}

/// What stands in backticks.
fn spans(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn each_equation_is_where_the_architecture_page_says() {
    let page = document("docs/architecture.md");
    let head = "| equation | where | function |\n| --- | --- | --- |\n";
    let table = page.split(head).nth(1).expect("the table");
    let rows: Vec<&str> = table.lines().take_while(|l| l.starts_with('|')).collect();
    assert!(rows.len() > 20, "{} rows", rows.len());
    for row in rows {
        let cells: Vec<&str> = row.split('|').collect();
        let (mut folder, mut files) = (String::new(), Vec::new());
        for span in spans(cells[2]) {
            // A file without a folder is in that of the one before it.
            let name = match span.rsplit_once('/') {
                Some((before, name)) => {
                    folder = format!("src/{before}");
                    name
                }
                None => span,
            };
            if name.is_empty() {
                let all = std::fs::read_dir(&folder).expect(&folder);
                files.extend(all.map(|file| file.expect("a file").path()));
            } else {
                files.push(format!("{folder}/{name}").into());
            }
        }
        let texts: Vec<String> = files
            .iter()
            .map(|file| document(&file.to_string_lossy()))
            .collect();
        let mut functions: Vec<String> = Vec::new();
        for span in spans(cells[3]).filter(|span| !span.contains('/')) {
            let name = span.rsplit("::").next().unwrap_or(span);
            let declared = [
                format!("fn {name}("),
                format!("fn {name}<"),
                format!("const {name}:"),
            ];
            let has = |text: &String| declared.iter().any(|one| text.contains(one));
            assert!(texts.iter().any(has), "{span} is not in {files:?}");
            functions.extend(declared);
        }
        for (file, text) in files.iter().zip(&texts) {
            let has = functions.iter().any(|one| text.contains(one));
            assert!(has || file.ends_with("mod.rs"), "{file:?}: {row}");
        }
    }
}

/// What CITATION.cff says under a key at its top: the value, or the items of the list, without quotes. The value of a
/// key that goes on in further lines is these lines, joined.
fn citation(key: &str) -> Vec<String> {
    let text = document("CITATION.cff");
    let mut lines = text.lines();
    let head = format!("{key}:");
    let value = lines.find_map(|line| line.strip_prefix(&head));
    let value = value.unwrap_or_else(|| panic!("no {key}")).trim();
    let bare = |text: &str| text.trim().trim_matches('"').to_owned();
    if !value.is_empty() && value != ">-" {
        return vec![bare(value)];
    }
    let below: Vec<&str> = lines.take_while(|line| line.starts_with(' ')).collect();
    if value == ">-" {
        let words: Vec<&str> = below.iter().map(|line| line.trim()).collect();
        return vec![words.join(" ")];
    }
    let items = below.iter().map(|line| line.trim().strip_prefix("- "));
    let items = items.map(|item| item.expect("an item of a list"));
    items
        .map(|item| bare(item.strip_prefix("name: ").unwrap_or(item)))
        .collect()
}

/// The program is cited in the same words wherever it is: Cargo.toml, CITATION.cff, .zenodo.json.
#[test]
fn what_is_cited_is_the_same_everywhere() {
    assert_eq!(citation("version"), [env!("CARGO_PKG_VERSION")]);
    let licences: Vec<&str> = env!("CARGO_PKG_LICENSE").split(" OR ").collect();
    assert_eq!(citation("license"), licences);

    let zenodo: serde_json::Value = serde_json::from_str(&document(".zenodo.json")).unwrap();
    let text = |key: &str| vec![zenodo[key].as_str().unwrap().to_owned()];
    assert_eq!(text("title"), citation("title"));
    assert_eq!(text("description"), citation("abstract"));
    assert_eq!(text("version"), citation("version"));
    let list = |key: &str| zenodo[key].as_array().unwrap().iter();
    let names: Vec<&str> = list("creators")
        .map(|creator| creator["name"].as_str().unwrap())
        .collect();
    assert_eq!(citation("authors"), names);
    let keywords: Vec<&str> = list("keywords").map(|k| k.as_str().unwrap()).collect();
    assert_eq!(citation("keywords"), keywords);
    // Zenodo has one licence in its field; the notes say both.
    assert!(licences.contains(&zenodo["license"].as_str().unwrap()));
    for licence in licences {
        assert!(zenodo["notes"].as_str().unwrap().contains(licence));
    }
}

/// Targets of the links of a page, file and heading, without those to the web.
fn links(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let ends = text.split("](").skip(1);
    let targets = ends.filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    targets
        .filter(|target| !target.contains("://") && !target.contains(' '))
        .map(|target| target.split_once('#').unwrap_or((target, "")))
}

/// How links name the headings of a page: letters and digits in lower case, hyphens for blanks.
fn headings(text: &str) -> Vec<String> {
    // Every second part stands in a block of code.
    let prose = text.split("\n```").step_by(2);
    let lines = prose.flat_map(str::lines);
    let heads = lines.filter_map(|line| {
        line.trim_start_matches('#')
            .strip_prefix(' ')
            .filter(|_| line.starts_with('#'))
    });
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let named = heads.map(|head| head.trim().to_lowercase().chars().filter(kept).collect());
    named.map(|name: String| name.replace(' ', "-")).collect()
}

/// The book has each page of `docs/` once, and links of pages lead to files and headings.
#[test]
fn the_book_has_each_page_and_links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = std::fs::read_dir(root.join("docs"))
        .expect("docs")
        .flatten();
    let names = names.map(|entry| entry.file_name().into_string().expect("a name"));
    let mut pages: Vec<String> = names.filter(|name| name.ends_with(".md")).collect();
    pages.sort_unstable();
    assert!(pages.len() > 15);
    let summary = document("docs/SUMMARY.md");
    let mut listed: Vec<&str> = links(&summary).map(|(file, _)| file).collect();
    listed.push("SUMMARY.md");
    listed.sort_unstable();
    assert_eq!(listed, pages);
    let others = ["README.md", "CONTRIBUTING.md", "results/README.md"];
    let published = [
        "results/alliance-layouts/README.md",
        "results/best-layout/README.md",
    ];
    let scenarios = ["scenarios/README.md", "scenarios/china/README.md"];
    let docs: Vec<String> = pages.iter().map(|page| format!("docs/{page}")).collect();
    let all = [&others[..], &published, &scenarios].concat();
    let mut seen = 0;
    for page in docs.iter().map(String::as_str).chain(all) {
        let text = document(page);
        let folder = root.join(page);
        let folder = folder.parent().expect("a folder");
        for (file, heading) in links(&text) {
            let there = match file {
                "" => root.join(page),
                _ => folder.join(file),
            };
            assert!(there.exists(), "{page}: {file}");
            if !heading.is_empty() && there.extension().is_some_and(|ending| ending == "md") {
                let names = headings(&std::fs::read_to_string(&there).expect("a page"));
                assert!(
                    names.iter().any(|name| name == heading),
                    "{page}: {file}#{heading}"
                );
            }
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}
