//! Targets: numbers of a record, each beside the statistic of a run that answers to it. They stand in a plan, or in a file of
//! their own.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::design::{Kind, Level};
use crate::experiment::compare::{Comparison, Of};
use crate::experiment::sweep::spec::{DesignSpec, FormatSpec, GroupsSpec, PlanSpec};
use crate::measure::catalogue::position;
use crate::measure::{OUTCOMES, Outcome};
use crate::scenario::problem::Report;
use crate::scenario::{Document, Month, Problem, Scenario};
use crate::store::{Statistic, Term};
use crate::texts::text;

/// A file of targets, as a plan of a calibration is; what else it has is for others.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TargetsFile {
    /// Targets: numbers of the record.
    #[schemars(length(min = 1, max = 500))]
    pub targets: Vec<TargetSpec>,
}

/// A statistic of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatisticSpec {
    /// Outcome, see `pointplane outcomes`.
    pub outcome: String,
    /// Month at whose end it is taken; not of a month in which something first happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Month>,
    /// Month at whose end the window begins: what it was then is taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Month>,
    /// Group of places, as kind and id: `area:east`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// A target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetSpec {
    /// Its name in the tables: letters, digits, `-` and `_`.
    #[schemars(
        length(min = 1, max = 64),
        regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    )]
    pub id: String,
    /// Outcome, see `pointplane outcomes`.
    pub outcome: String,
    /// Month at whose end it is taken; not of a month in which something first happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Month>,
    /// Month at whose end the window begins: what it was then is taken away. Cumulative counts enter as increments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Month>,
    /// Group of places, as kind and id: `area:east`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// A statistic by which it is divided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<StatisticSpec>,
    /// A statistic that is taken away from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub less: Option<StatisticSpec>,
    /// What the record says. Of a month in which something first happens: months from the start of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// A lower bound, in place of a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// An upper bound, in place of a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// Standard deviation of the error of the record.
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub error: f64,
    /// Standard deviation of what the model is allowed to be off: its discrepancy.
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub discrepancy: f64,
    /// Whether parameters are fitted to it, or it is held out and only looked at.
    #[serde(default, rename = "use")]
    pub purpose: Purpose,
    /// Where the number is from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// What a target is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Parameters are fitted to it.
    #[default]
    Fit,
    /// It is held out.
    HoldOut,
}

impl TargetSpec {
    /// Its statistics: its own, and the one that it is divided by or that is taken away, each with the keys below the target.
    fn statistics(&self) -> Vec<(Option<&'static str>, StatisticSpec)> {
        let own = StatisticSpec {
            outcome: self.outcome.clone(),
            at: self.at,
            since: self.since,
            group: self.group.clone(),
        };
        let others = [("over", &self.over), ("less", &self.less)];
        let others = others.into_iter();
        let others = others.filter_map(|(key, of)| Some((Some(key), of.clone()?)));
        std::iter::once((None, own)).chain(others).collect()
    }

    /// Variance of its error and of the model's discrepancy.
    pub fn noise(&self) -> f64 {
        self.error * self.error + self.discrepancy * self.discrepancy
    }
}

/// What the runs of a plan have to keep for its targets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    /// Outcomes.
    pub outcomes: Vec<String>,
    /// Months.
    pub horizons: Vec<Month>,
    /// Kinds of groups.
    pub groups: Vec<GroupsSpec>,
    /// The last month of any target; none where all are of months in which something first happens.
    pub last: Option<Month>,
}

impl Needs {
    /// The plan of runs that keep these numbers, each once: a layout of a scenario, as it is but for `set`, to the end of `last`
    /// where that is given.
    pub fn plan(
        &self,
        [name, scenario, layout]: [&String; 3],
        set: &BTreeMap<String, Level>,
        last: Option<Month>,
    ) -> PlanSpec {
        let mut set = set.clone();
        if let Some(last) = last {
            set.insert("end".to_owned(), Level::Text(last.to_string()));
        }
        PlanSpec {
            name: name.clone(),
            title: String::new(),
            title_zh: String::new(),
            scenario: scenario.clone(),
            layouts: vec![layout.clone()],
            baseline: None,
            variants: Vec::new(),
            replicates: 1,
            first_replicate: 0,
            pool: false,
            own_replicates: false,
            seed: None,
            outcomes: self.outcomes.clone(),
            horizons: self.horizons.clone(),
            groups: self.groups.clone(),
            monthly: None,
            format: FormatSpec::Parquet,
            set,
            design: DesignSpec {
                kind: Kind::Grid {},
                seed: 1,
                constraints: Vec::new(),
            },
            parameters: BTreeMap::new(),
        }
    }
}

/// The kinds of groups that a target can be of.
const KINDS: [(&str, GroupsSpec); 5] = [
    ("province", GroupsSpec::Province),
    ("area", GroupsSpec::Area),
    ("tier", GroupsSpec::Tier),
    ("corridor", GroupsSpec::Corridor),
    ("origin", GroupsSpec::Origin),
];

fn kinds() -> String {
    KINDS.map(|(kind, _)| format!("{kind}:ID")).join(", ")
}

/// Checks targets against the scenario, as far as no runs are needed, and gathers what runs have to keep. What the record
/// says, and that it is not exact, is needed where parameters are fitted to it: where targets are `recorded`.
pub fn needs<T>(
    document: &Document<T>,
    targets: &[TargetSpec],
    recorded: bool,
    scenario: &Scenario,
    report: &mut Report,
) -> Needs {
    let mut needs = Needs::default();
    for (position, target) in targets.iter().enumerate() {
        let number = position.to_string();
        let at = |key: &str, what| document.error(&["targets", &number, key], what);
        let mut before = targets[..position].iter();
        if before.any(|other| other.id == target.id) {
            report.push(at("id", text!("target-twice")).value(&target.id));
        }
        let finite = [
            ("value", target.value),
            ("at_least", target.at_least),
            ("at_most", target.at_most),
        ];
        for (key, value) in finite {
            if let Some(value) = value.filter(|value| !value.is_finite()) {
                report.push(at(key, text!("is-not-finite")).value(value));
            }
        }
        match (target.value, target.at_least, target.at_most) {
            (None, None, None) if recorded => {
                report.push(at("value", text!("target-no-value")));
            }
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
                report.push(at("value", text!("target-value-and-bounds")));
            }
            (None, Some(least), Some(most)) if least >= most => {
                let problem = at("at_most", text!("target-bounds")).value(most);
                report.push(problem.allowed(text!("above", least)));
            }
            _ => {}
        }
        let spread = target.error + target.discrepancy;
        if recorded && !(spread > 0.0 && spread.is_finite()) {
            let problem = at("error", text!("target-no-error")).value(target.error);
            report.push(problem.allowed(text!("target-errors")));
        }
        if target.over.is_some() && target.less.is_some() {
            report.push(at("less", text!("target-over-and-less")));
        }
        for (below, statistic) in target.statistics() {
            let mut keys: Vec<&str> = vec!["targets", &number];
            keys.extend(below);
            let at = |key: &'static str, what| {
                let mut keys = keys.clone();
                keys.push(key);
                document.error(&keys, what)
            };
            gather(&statistic, &at, scenario, &mut needs, report);
        }
    }
    needs
}

/// Warnings of targets to be fitted that are one cumulative outcome of one group at two months, neither with `since`: the later
/// holds the earlier, so that the same items count twice.
pub fn levels_twice<T>(document: &Document<T>, targets: &[TargetSpec]) -> Vec<Problem> {
    let is_level = |target: &TargetSpec| {
        let sum = position(&target.outcome)
            .is_some_and(|at| matches!(OUTCOMES[at].value, crate::measure::Value::Sum(_)));
        let alone = target.over.is_none() && target.less.is_none();
        sum && alone && target.since.is_none() && target.purpose == Purpose::Fit
    };
    let mut warnings = Vec::new();
    for (number, target) in targets.iter().enumerate().filter(|(_, of)| is_level(of)) {
        let mut others = targets[..number].iter().filter(|of| is_level(of));
        let other = others.find(|of| of.outcome == target.outcome && of.group == target.group);
        if let Some(other) = other {
            let keys = ["targets", &number.to_string(), "at"];
            let what = text!("target-levels-twice", id = other.id);
            warnings.push(document.warning(&keys, what).value(&target.id));
        }
    }
    warnings
}

/// Checks a statistic and adds what it needs; `at` makes a problem at one of its keys.
pub fn gather(
    statistic: &StatisticSpec,
    at: &dyn Fn(&'static str, crate::texts::Text) -> Problem,
    scenario: &Scenario,
    needs: &mut Needs,
    report: &mut Report,
) {
    let Some(found) = position(&statistic.outcome) else {
        let nearest = report.near(
            &statistic.outcome,
            OUTCOMES.iter().map(|outcome| outcome.name),
        );
        let problem = at("outcome", text!("no-outcome")).value(&statistic.outcome);
        report.push(problem.allowed(text!("outcomes-list")).nearest(nearest));
        return;
    };
    let outcome = &OUTCOMES[found];
    if outcome.value.of_firms() && scenario.firms.is_none() {
        let problem = at("outcome", text!("about-firms")).value(outcome.name);
        report.push(problem.allowed(text!("scenario-with-firms")));
        return;
    }
    put(&mut needs.outcomes, outcome.name.to_owned());
    let dated = outcome.value.has_horizon();
    match (dated, statistic.at) {
        (true, None) => report.push(at("at", text!("target-no-month")).allowed("YYYY-MM")),
        (false, Some(month)) => {
            let problem = at("at", text!("target-own-month", outcome = outcome.name));
            report.push(problem.value(month));
        }
        _ => {}
    }
    if let Some(month) = statistic.since.filter(|_| !dated) {
        let problem = at("since", text!("target-own-month", outcome = outcome.name));
        report.push(problem.value(month));
    }
    for (key, month) in [("at", statistic.at), ("since", statistic.since)] {
        let Some(month) = month.filter(|_| dated) else {
            continue;
        };
        if month < scenario.start || month > scenario.end {
            let months = text!("months-from-to", start = scenario.start, end = scenario.end);
            let problem = at(key, text!("not-month-of-run")).value(month);
            report.push(problem.allowed(months));
            continue;
        }
        needs.last = needs.last.max(Some(month));
        put(&mut needs.horizons, month);
    }
    if let (Some(month), Some(since)) = (statistic.at, statistic.since)
        && since >= month
    {
        let problem = at("since", text!("target-window")).value(since);
        report.push(problem.allowed(text!("before", month)));
    }
    let Some(group) = &statistic.group else {
        if matches!(outcome.value, crate::measure::Value::AxisFormed) {
            report.push(at("group", text!("target-of-corridor")).allowed("corridor:ID"));
        }
        return;
    };
    let kind = group
        .split_once(':')
        .map_or(group.as_str(), |(kind, _)| kind);
    match KINDS.iter().find(|(word, _)| *word == kind) {
        Some((_, kind)) if has_groups(outcome, *kind) => put(&mut needs.groups, *kind),
        Some((_, kind)) => {
            let names = OUTCOMES.iter().filter(|outcome| has_groups(outcome, *kind));
            let names: Vec<&str> = names.map(|outcome| outcome.name).collect();
            let problem = at("group", text!("target-no-groups", outcome = outcome.name));
            report.push(problem.value(group).allowed(names.join(", ")));
        }
        None => {
            let nearest = report.near(kind, KINDS.iter().map(|(word, _)| *word));
            let problem = at("group", text!("target-no-kind")).value(group);
            report.push(problem.allowed(kinds()).nearest(nearest));
        }
    }
}

fn has_groups(outcome: &Outcome, kind: GroupsSpec) -> bool {
    match kind {
        GroupsSpec::Origin => outcome.by_origin.is_some(),
        GroupsSpec::Corridor if matches!(outcome.value, crate::measure::Value::AxisFormed) => true,
        _ => outcome.by_group,
    }
}

fn put<V: PartialEq>(list: &mut Vec<V>, value: V) {
    if !list.contains(&value) {
        list.push(value);
    }
}

/// Finds the statistics of targets among what is kept of a run: the slots of a comparison at positions `kept`. All targets
/// were checked by [`needs`]; what is found only here is groups that are not there.
pub fn statistics<T>(
    document: &Document<T>,
    targets: &[TargetSpec],
    comparison: &Comparison,
    kept: &[usize],
    report: &mut Report,
) -> Option<Vec<Statistic>> {
    let mut all = Vec::new();
    for (number, target) in targets.iter().enumerate() {
        let number = number.to_string();
        let mut terms: [Option<Term>; 3] = [None; 3];
        for (below, statistic) in target.statistics() {
            let term = term(&statistic, comparison, kept);
            if term.is_none() {
                let mut keys: Vec<&str> = vec!["targets", &number];
                keys.extend(below);
                keys.push("group");
                let known = groups(&statistic, comparison);
                let group = statistic.group.as_deref().unwrap_or_default();
                let nearest = report.near(group, known.iter().map(String::as_str));
                let problem = document.error(&keys, text!("target-no-group")).value(group);
                report.push(problem.allowed(known.join(", ")).nearest(nearest));
            }
            let place = match below {
                None => 0,
                Some("over") => 1,
                Some(_) => 2,
            };
            terms[place] = term;
        }
        if let [Some(own), over, less] = terms {
            all.push(Statistic { own, over, less });
        }
    }
    (all.len() == targets.len()).then_some(all)
}

/// The number of a statistic among what is kept of a run: the slots of a comparison at positions `kept`. None where it is of
/// a group that is not there.
pub fn term(statistic: &StatisticSpec, comparison: &Comparison, kept: &[usize]) -> Option<Term> {
    let outcome = position(&statistic.outcome)?;
    let calendar = comparison.calendar();
    let slots = comparison.slots.list();
    let wanted = statistic
        .group
        .as_deref()
        .map(|group| group.split_once(':').unwrap_or((group, "")));
    let find = |month: Option<Month>| {
        let horizon = month.map(|month| calendar.number(month));
        kept.iter().position(|at| {
            let slot = &slots[*at];
            let of = match (slot.of, wanted) {
                (Of::Nation, None) => true,
                (Of::Nation, Some(_)) | (_, None) => false,
                (_, Some((kind, id))) => {
                    let (word, group, members) = slot.group(&comparison.groups);
                    members.is_none() && word == kind && group == Some(id)
                }
            };
            slot.outcome == outcome && slot.horizon == horizon && of
        })
    };
    let since = match statistic.since {
        None => None,
        Some(month) => Some(find(Some(month))?),
    };
    Some(Term {
        at: find(statistic.at)?,
        since,
        never: (!OUTCOMES[outcome].value.has_horizon()).then(|| f64::from(calendar.months)),
    })
}

/// The groups that a statistic could be of.
pub fn groups(statistic: &StatisticSpec, comparison: &Comparison) -> Vec<String> {
    let outcome = position(&statistic.outcome);
    let slots = comparison.slots.list().iter();
    let mut known = Vec::new();
    for slot in slots.filter(|slot| Some(slot.outcome) == outcome) {
        if let (kind, Some(id), None) = slot.group(&comparison.groups)
            && KINDS.iter().any(|(word, _)| *word == kind)
        {
            put(&mut known, format!("{kind}:{id}"));
        }
    }
    known
}
