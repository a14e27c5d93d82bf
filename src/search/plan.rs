//! From the plan of a search to the layouts that there could be, and what is run of them.

use std::path::Path;

use crate::design::{Kind, LEAST_EACH, Pool};
use crate::experiment::sweep::spec::{DesignSpec, PlanSpec};
use crate::experiment::sweep::{Plan, check_unwritten, dotted, layout_paths, setting};
use crate::experiment::targets::Needs;
use crate::scenario::problem::Report;
use crate::scenario::{Document, Month, Problem, Problems, Setting, load};
use crate::texts::text;

use super::candidates;
use super::space::{Listed, MOST_RUN, Space};
use super::spec::{SearchSpec, Want};
use super::statistic;

/// A search that is ready.
#[derive(Debug)]
pub struct Search {
    /// The plan file.
    pub document: Document<SearchSpec>,
    /// The layouts that there could be.
    pub space: Space,
    /// Those that are feasible, or that they are too many.
    pub listed: Listed,
    /// What its runs have in common; layouts and replicates of a stage come in the place of these.
    pub common: PlanSpec,
    /// The same, checked: the baseline.
    pub plan: Plan,
    /// Ids of the scenario's layers.
    pub layers: Vec<String>,
    /// Random seed of the runs.
    pub seed: u64,
    /// The last month that is run.
    pub end: Month,
    /// What is perhaps not meant in the scenario; not that it reaches beyond what is run.
    pub warnings: Vec<Problem>,
}

impl Search {
    /// Ids of objectives, then of constraints.
    pub fn ids(&self) -> Vec<&str> {
        let spec = &self.document.spec;
        let objectives = spec.objectives.iter().map(|of| of.id.as_str());
        let limits = spec.constraints.iter().map(|of| of.id.as_str());
        objectives.chain(limits).collect()
    }

    /// Which direction of each objective is wanted.
    pub fn wants(&self) -> Vec<Want> {
        let objectives = self.document.spec.objectives.iter();
        objectives.map(|of| of.want).collect()
    }
}

impl SearchSpec {
    fn sets(&self) -> Vec<Setting> {
        let set = self.set.iter().map(|(key, level)| setting(key, level));
        let seed = self.seed.map(|seed| Setting::whole("seed", seed));
        set.chain(seed).collect()
    }
}

/// Reads and checks a plan, to be run on so many threads.
///
/// # Errors
/// All that is wrong with the plan, its candidates, its scenario or its draws.
pub fn read(path: &Path, threads: u32) -> Result<Search, Problems> {
    let mut report = Report::default();
    let [_, set] = dotted();
    let document: Option<Document<SearchSpec>> = Document::read(path, &[set], &mut report);
    let Some(document) = document else {
        return Err(report.finish());
    };
    let sound = report.errors() == 0;
    let spec = &document.spec;
    let scenario = document.folder.join(&spec.scenario);
    let baseline = layout_paths(&document.folder, &scenario, &spec.baseline);
    let loaded = load(&scenario, &baseline, &spec.sets());
    values(&document, &mut report);
    let mut needs = Needs::default();
    let mut space = None;
    if let Ok(loaded) = &loaded {
        if !document.doubtful(&["objectives"]) && !document.doubtful(&["constraints"]) {
            needs = statistic::needed(&document, &loaded.scenario, &mut report);
        }
        let last = needs.last.unwrap_or(loaded.scenario.end);
        if !document.doubtful(&["candidates"]) && !document.doubtful(&["conditions"]) {
            space = candidates::space(&document, loaded, last, &mut report);
        }
    }
    let own = loaded
        .as_ref()
        .map_or((Month(0), 0), |of| (of.scenario.end, of.scenario.seed));
    let last = needs.last.filter(|last| *last < own.0);
    let about = [&spec.name, &spec.scenario, &spec.baseline];
    let common = PlanSpec {
        replicates: spec.first_replicates,
        seed: spec.seed,
        ..needs.plan(about, &spec.set, last)
    };
    let shown = path.to_string_lossy();
    let check = |spec: &PlanSpec, report: &mut Report| {
        match check_unwritten(spec, &shown, &document.folder, threads) {
            Ok(plan) => Some(plan),
            Err(problems) => {
                // What is wrong with the plan itself was told.
                let told = problems.problems.into_iter();
                let told = told.filter(|problem| sound || problem.file != shown);
                told.for_each(|problem| report.push(in_plan(&document, &shown, problem)));
                None
            }
        }
    };
    let plan = check(&common, &mut report);
    if plan.is_some()
        && let Some(over) = over_draws(spec, &common)
        && check(&over, &mut report).is_some()
    {
        // Pairs take any row.
        let file = spec.draws.as_ref().map(|of| of.file.clone());
        let design = list(&common, file.unwrap_or_default(), None);
        check(&PlanSpec { design, ..over }, &mut report);
    }
    if plan.is_some()
        && let Some(variants) = &spec.variants
    {
        let variants = variants.files.clone();
        let under = PlanSpec {
            variants,
            ..common.clone()
        };
        check(&under, &mut report);
    }
    if let Some(plan) = &plan
        && report.errors() == 0
    {
        statistic::found(&document, &plan.comparison, &plan.kept, &mut report);
    }
    let (Some(space), Some(plan), Ok(loaded)) = (space, plan, loaded) else {
        return Err(report.finish());
    };
    let listed = match report.errors() {
        0 if sound => space.list(),
        _ => return Err(report.finish()),
    };
    if listed == Listed::All(Vec::new()) {
        report.push(document.error(&["budget"], text!("search-none")));
        return Err(report.finish());
    }
    if listed == Listed::Many && document.spec.objectives.len() > 1 {
        let problem = document.error(&["objectives"], text!("search-front-many"));
        report.push(problem.allowed(text!("search-front-allowed", most = MOST_RUN)));
        return Err(report.finish());
    }
    let layers = loaded.scenario.layers.iter();
    Ok(Search {
        layers: layers.map(|layer| layer.id.clone()).collect(),
        end: last.unwrap_or(own.0),
        warnings: loaded.warnings.problems,
        seed: own.1,
        space,
        listed,
        common,
        plan,
        document,
    })
}

/// Checks what stands alone.
fn values(document: &Document<SearchSpec>, report: &mut Report) {
    let spec = &document.spec;
    let positive = |keys: &[&str], value: f64, report: &mut Report| {
        let right = value > 0.0 && value.is_finite();
        if !right && !document.doubtful(keys) {
            let problem = document.error(keys, text!("out-of-range")).value(value);
            report.push(problem.allowed(text!("above", least = 0)));
        }
    };
    let mut ids: Vec<&str> = Vec::new();
    let twice = |table: &str, at: &str, id: &'_ str, known: bool, report: &mut Report| {
        if known {
            let problem = document.error(&[table, at, "id"], text!("id-taken"));
            report.push(problem.value(id));
        }
    };
    for (at, of) in spec.objectives.iter().enumerate() {
        let at = at.to_string();
        positive(&["objectives", &at, "delta"], of.delta, report);
        twice("objectives", &at, &of.id, ids.contains(&&*of.id), report);
        ids.push(&of.id);
    }
    for (at, of) in spec.constraints.iter().enumerate() {
        let at = at.to_string();
        positive(&["constraints", &at, "tolerance"], of.tolerance, report);
        twice("constraints", &at, &of.id, ids.contains(&&*of.id), report);
        ids.push(&of.id);
        let limits = [("at_most", of.at_most), ("at_least", of.at_least)];
        let given: Vec<_> = limits
            .into_iter()
            .filter(|(_, value)| value.is_some())
            .collect();
        match given[..] {
            [(_, Some(value))] if value.is_finite() => {}
            [(key, value)] => {
                let value = value.unwrap_or(f64::NAN);
                let problem = document.error(&["constraints", &at, key], text!("is-not-finite"));
                report.push(problem.value(value));
            }
            _ => {
                let keys = ["constraints", &at];
                report.push(document.error(&keys, text!("search-limit")));
            }
        }
    }
    if spec.most_replicates < spec.first_replicates {
        let problem = document.error(&["most_replicates"], text!("search-fewer"));
        let least = spec.first_replicates;
        let problem = problem.value(spec.most_replicates);
        report.push(problem.allowed(text!("range-least", least)));
    }
    let budget = &spec.budget;
    if budget.pair_years.is_some() && budget.pair_years_times.is_some() {
        let keys = ["budget", "pair_years_times"];
        report.push(document.error(&keys, text!("search-pair-years")));
    }
    for (key, value) in [
        ("pair_years", budget.pair_years),
        ("pair_years_times", budget.pair_years_times),
        ("price", budget.price),
        ("per_pair_year", Some(budget.per_pair_year)),
        ("per_zone", Some(budget.per_zone)),
    ] {
        if let Some(value) = value.filter(|value| !value.is_finite()) {
            let problem = document.error(&["budget", key], text!("is-not-finite"));
            report.push(problem.value(value));
        }
    }
    let free = budget.per_pair_year <= 0.0 && budget.per_zone <= 0.0;
    if budget.price.is_some() && free && !document.doubtful(&["budget"]) {
        report.push(document.error(&["budget", "price"], text!("search-free")));
    }
    let several = spec.objectives.len() > 1;
    for (key, given) in [
        ("draws", spec.draws.is_some()),
        ("variants", spec.variants.is_some()),
    ] {
        if given && several {
            let problem = document.error(&[key], text!("search-front-draws"));
            report.push(problem.allowed(text!("search-one-objective")));
        }
    }
}

/// The plan of the runs over draws; none where there are none.
pub fn over_draws(spec: &SearchSpec, common: &PlanSpec) -> Option<PlanSpec> {
    let draws = spec.draws.as_ref()?;
    Some(PlanSpec {
        replicates: draws.replicates.max(LEAST_EACH),
        first_replicate: 0,
        pool: true,
        design: list(common, draws.file.clone(), draws.rows),
        ..common.clone()
    })
}

/// The design of runs at the rows of a table of draws.
pub fn list(common: &PlanSpec, file: String, rows: Option<u32>) -> DesignSpec {
    DesignSpec {
        kind: Kind::List {
            file,
            draws: true,
            rows,
        },
        ..common.design.clone()
    }
}

/// How many replicates are in the pool of the runs over draws.
pub fn pool(spec: &SearchSpec) -> usize {
    let each = spec.draws.as_ref().map_or(LEAST_EACH, |of| of.replicates);
    Pool::new(each).size() as usize
}

/// A problem with the plan of a sweep that stands for this one, at the key of this one.
fn in_plan(document: &Document<SearchSpec>, shown: &str, problem: Problem) -> Problem {
    if problem.file != shown {
        return problem;
    }
    let key = problem.key.clone().unwrap_or_default();
    let at = match key.split_once('.').unwrap_or((&key, "")) {
        ("set", below) => document.error(&["set", below], ""),
        ("layouts", _) => document.error(&["baseline"], ""),
        ("variants", "") => document.error(&["variants", "files"], ""),
        ("variants", at) => document.error(&["variants", "files", at], ""),
        ("design", "rows") => document.error(&["draws", "rows"], ""),
        ("design" | "parameters", _) => document.error(&["draws", "file"], ""),
        ("replicates" | "pool", _) => document.error(&["draws", "replicates"], ""),
        (key, _) => document.error(&[key], ""),
    };
    Problem {
        file: at.file,
        line: at.line,
        key: at.key,
        ..problem
    }
}
