//! Numbers that somebody could count in the country as it is, and whose worth for an answer is asked: a TOML file with a
//! list `targets`, or a CSV table of the same columns.

use std::collections::BTreeSet;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::experiment::compare::{Comparison, Of, check_month};
use crate::measure::OUTCOMES;
use crate::measure::catalogue::position;
use crate::scenario::problem::Report;
use crate::scenario::{Document, Month, Problem, Scenario};
use crate::store::TargetEntry;
use crate::texts::{Text, text};

/// Most targets.
const MOST: usize = 1000;
/// The columns of a table, as the keys of a target.
const COLUMNS: [&str; 8] = [
    "id",
    "outcome",
    "date",
    "group",
    "value",
    "error",
    "discrepancy",
    "use",
];

/// A target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetSpec {
    /// Name of the target.
    #[schemars(length(min = 1, max = 64))]
    pub id: String,
    /// The outcome that is counted, see `pointplane outcomes`.
    pub outcome: String,
    /// Month at whose end it is counted; the last one unless given.
    #[serde(default)]
    pub date: Option<Month>,
    /// The province, area, tier or corridor that it is of; the country unless given. Where two kinds have a group of
    /// this name, `KIND:NAME`.
    #[serde(default)]
    pub group: Option<String>,
    /// What was counted; not needed here.
    #[serde(default)]
    pub value: Option<f64>,
    /// Standard error of the count.
    #[schemars(range(min = 0))]
    pub error: f64,
    /// Standard deviation of what the model misses of it.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub discrepancy: f64,
    /// What it is for; not needed here.
    #[serde(default, rename = "use")]
    pub purpose: Option<String>,
}

/// A file of targets. What else it has is for others.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct File {
    /// The targets.
    #[schemars(length(min = 1, max = 1000))]
    targets: Vec<TargetSpec>,
}

/// Targets as they were read, with where each of them stands.
#[derive(Debug)]
pub struct Targets {
    list: Vec<TargetSpec>,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Toml(Box<Document<File>>),
    Table { file: String, lines: Vec<u64> },
}

impl Targets {
    /// What is wrong with a value of the target at a position.
    fn error(&self, at: usize, key: &str, what: impl Into<Text>) -> Problem {
        match &self.source {
            Source::Toml(document) => document.error(&["targets", &at.to_string(), key], what),
            Source::Table { file, lines } => Problem {
                column: Some(key.to_owned()),
                ..Problem::error(file.clone(), what).line(lines[at])
            },
        }
    }

    /// The months at which they are counted.
    pub fn months(&self) -> impl Iterator<Item = Month> {
        self.list.iter().filter_map(|target| target.date)
    }

    /// Checks what can be without the worlds: names, outcomes, months.
    pub fn check(&self, scenario: &Scenario, report: &mut Report) {
        let mut seen = BTreeSet::new();
        for (at, target) in self.list.iter().enumerate() {
            if !seen.insert(&target.id) {
                let problem = self.error(at, "id", text!("is-there-twice"));
                report.push(problem.value(&target.id));
            }
            match position(&target.outcome) {
                None => {
                    let known = OUTCOMES.iter().map(|outcome| outcome.name);
                    let nearest = report.near(&target.outcome, known);
                    let problem = self.error(at, "outcome", text!("no-outcome"));
                    let problem = problem.value(&target.outcome);
                    report.push(problem.allowed(text!("outcomes-list")).nearest(nearest));
                }
                Some(outcome) if target.date.is_some() && !OUTCOMES[outcome].has_horizon() => {
                    let problem = self.error(at, "date", text!("takes-no-horizon"));
                    report.push(problem.value(&target.outcome));
                }
                Some(_) => {}
            }
            if let Some(month) = target.date {
                check_month(month, scenario, self.error(at, "date", ""), report);
            }
        }
    }

    /// The slot of each target: its position among all that a comparison keeps.
    pub fn slots(&self, comparison: &Comparison, report: &mut Report) -> Vec<usize> {
        let targets = self.list.iter().enumerate();
        targets
            .filter_map(|(at, target)| self.slot(at, target, comparison, report))
            .collect()
    }

    fn slot(
        &self,
        at: usize,
        target: &TargetSpec,
        comparison: &Comparison,
        report: &mut Report,
    ) -> Option<usize> {
        let outcome = position(&target.outcome)?;
        let month = match target.date {
            Some(month) => Some(comparison.calendar().number(month)),
            None => comparison.horizons.last().copied(),
        };
        let horizon = month.filter(|_| OUTCOMES[outcome].has_horizon());
        let slots = comparison.slots.list().iter().enumerate();
        let of_outcome =
            slots.filter(|(_, slot)| slot.outcome == outcome && slot.horizon == horizon);
        let Some(group) = &target.group else {
            let mut nation = of_outcome.filter(|(_, slot)| slot.of == Of::Nation);
            let found = nation.next().map(|(slot, _)| slot);
            if found.is_none() {
                let what = match OUTCOMES[outcome].value.of_firms() {
                    true => text!("about-firms"),
                    false => text!("target-by-corridor"),
                };
                let problem = self.error(at, "outcome", what);
                report.push(problem.value(&target.outcome));
            }
            return found;
        };
        // Whom a layout touches is no group that anybody counts.
        let groups = of_outcome.filter_map(|(position, slot)| {
            let (kind, id, members_of) = slot.group(&comparison.groups);
            let id = id.filter(|_| members_of.is_none())?;
            Some((position, format!("{kind}:{id}"), id))
        });
        let groups: Vec<(usize, String, &str)> = groups.collect();
        let mut found = groups
            .iter()
            .filter(|(_, full, id)| group == full || group == id);
        match (found.next(), found.next()) {
            (Some((slot, ..)), None) => Some(*slot),
            (Some((_, one, _)), Some((_, other, _))) => {
                let problem = self.error(at, "group", text!("target-two-groups"));
                report.push(problem.value(group).allowed(format!("{one}, {other}")));
                None
            }
            (None, _) => {
                let what = match groups.is_empty() {
                    true => text!("target-not-by-group", outcome = &target.outcome),
                    false => text!("target-no-group"),
                };
                let nearest = report.near(group, groups.iter().map(|(_, _, id)| *id));
                report.push(self.error(at, "group", what).value(group).nearest(nearest));
                None
            }
        }
    }

    /// The targets as they stand in a manifest; `slots` as [`Targets::slots`] gives them, `kept` those of them that a
    /// run keeps.
    pub fn entries(&self, slots: &[usize], kept: &[usize]) -> Vec<TargetEntry> {
        let targets = self.list.iter().zip(slots);
        let entry = |(target, slot): (&TargetSpec, &usize)| {
            Some(TargetEntry {
                id: target.id.clone(),
                slot: kept.iter().position(|kept| kept == slot)?,
                sd: libm::hypot(target.error, target.discrepancy),
            })
        };
        targets.filter_map(entry).collect()
    }
}

/// Reads the file of targets; what is wrong with it is reported.
pub fn read(path: &Path, report: &mut Report) -> Option<Targets> {
    let is_table = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    if is_table {
        return table(path, report);
    }
    let before = report.errors();
    let mut document: Document<File> = Document::read(path, &[], report)?;
    let list = std::mem::take(&mut document.spec.targets);
    (report.errors() == before).then(|| Targets {
        list,
        source: Source::Toml(Box::new(document)),
    })
}

/// The same of a CSV table.
fn table(path: &Path, report: &mut Report) -> Option<Targets> {
    let before = report.errors();
    let file = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            report.push(Problem::error(file, text!("cannot-be-read", error)));
            return None;
        }
    };
    let mut csv = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = csv.headers().cloned().unwrap_or_default();
    let wrong = |line: u64, column: &str, what: Text| Problem {
        column: Some(column.to_owned()),
        ..Problem::error(file.clone(), what).line(line)
    };
    for name in header.iter().filter(|name| !COLUMNS.contains(name)) {
        let nearest = report.near(name, COLUMNS);
        let problem = wrong(1, name, text!("target-column"));
        report.push(problem.allowed(COLUMNS.join(", ")).nearest(nearest));
    }
    for name in ["id", "outcome", "error"] {
        if !header.iter().any(|column| column == name) {
            report.push(wrong(1, name, text!("target-needs")));
        }
    }
    let (mut list, mut lines) = (Vec::new(), Vec::new());
    for record in csv.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                report.push(Problem::error(file.clone(), Text::foreign(error)));
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if list.len() >= MOST {
            let problem = Problem::error(file.clone(), text!("target-too-many")).line(line);
            report.push(problem.allowed(text!("range-most", most = MOST)));
            break;
        }
        let cell = |name: &str| {
            let at = header.iter().position(|column| column == name);
            at.and_then(|at| record.get(at))
                .filter(|cell| !cell.is_empty())
        };
        for name in ["id", "outcome", "error"] {
            if cell(name).is_none() && header.iter().any(|column| column == name) {
                report.push(wrong(line, name, text!("is-empty")));
            }
        }
        let mut number = |name: &str, least: f64| {
            let cell = cell(name)?;
            let parsed = cell
                .parse::<f64>()
                .ok()
                .filter(|x| x.is_finite() && *x >= least);
            if parsed.is_none() {
                let what = match least {
                    0.0 => text!("target-not-positive"),
                    _ => text!("target-not-number"),
                };
                report.push(wrong(line, name, what).value(cell));
            }
            parsed
        };
        let (value, error) = (number("value", f64::NEG_INFINITY), number("error", 0.0));
        let discrepancy = number("discrepancy", 0.0);
        let date = cell("date").and_then(|cell| match cell.parse() {
            Ok(month) => Some(month),
            Err(_) => {
                let problem = wrong(line, "date", text!("is-not-month")).value(cell);
                report.push(problem.allowed(text!("month-example")));
                None
            }
        });
        let word = |name: &str| cell(name).map(str::to_owned);
        list.push(TargetSpec {
            id: word("id").unwrap_or_default(),
            outcome: word("outcome").unwrap_or_default(),
            date,
            group: word("group"),
            value,
            error: error.unwrap_or(0.0),
            discrepancy: discrepancy.unwrap_or(0.0),
            purpose: word("use"),
        });
        lines.push(line);
    }
    if list.is_empty() && report.errors() == before {
        report.push(Problem::error(file.clone(), text!("target-none")));
    }
    (report.errors() == before).then_some(Targets {
        list,
        source: Source::Table { file, lines },
    })
}
