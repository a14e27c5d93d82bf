//! Estimation: checks, maximum, errors, intervals, tests.

use crate::draw::id_hash;
use crate::scenario::problem::Report;
use crate::scenario::{Loaded, Problem, Problems};
use crate::texts::text;

use super::checks::{changing, doubts, together, unfit};
use super::curves::curves;
use super::extras::{permuted, scores};
use super::found::{Asked, Estimates};
use super::gather::{By, Setting};
use super::ground::Ground;
use super::likelihood::groups::Mix;
use super::residuals::residuals;
use super::search::Search;
use super::terms::{Kind, Parameter, Told, parameters};
use super::told::Frame;

/// A search, and what it is over.
struct Searched<'a> {
    ground: &'a Ground<'a>,
    setting: &'a Setting<'a>,
    parameters: &'a [Parameter],
    search: &'a Search<'a>,
    report: Report,
}

/// Searches for the maximum, and goes on from there.
fn searched<T>(
    loaded: &Loaded,
    asked: &Asked,
    then: impl FnOnce(Searched<'_>) -> Result<T, Problems>,
) -> Result<T, Problems> {
    let mut report = Report::default();
    unfit(loaded, &mut report);
    let history = loaded.scenario.history.as_ref();
    let items = history.map_or(0, |history| history.items.len());
    together(asked, items, &mut report);
    let mix = asked.groups.map_or(Mix::Alike, |(_, mix)| mix);
    let parameters = parameters(loaded, asked.parameters.as_deref(), mix, &mut report);
    let own = |key: &&String| parameters.iter().any(|p| p.free && p.key == **key);
    if let Some(key) = asked.grid.as_ref().filter(own) {
        let problem = Problem::error("--grid", text!("grid-estimated"));
        report.push(problem.value(key));
    }
    if report.errors() > 0 {
        return Err(report.finish());
    }
    let ground = Ground::new(loaded, &parameters)?;
    let rates = parameters
        .iter()
        .filter(|p| !matches!(p.kind(), Kind::Covariate | Kind::Frailty));
    let possible: Vec<bool> = rates.map(|p| p.free || p.value > 0.0).collect();
    let (setting, gathered, settled) = ground.settle(&possible, asked.groups)?;
    doubts(loaded, &ground.world, (&setting, &gathered), &mut report);
    changing(&setting, asked, &mut report);
    if report.errors() > 0 {
        return Err(report.finish());
    }
    if !settled {
        let what = text!("structures-unsettled");
        report.push(loaded.warning("line.structures", what));
    }
    let search = Search::new(&gathered, &parameters, loaded.scenario.seed);
    then(Searched {
        ground: &ground,
        setting: &setting,
        parameters: &parameters,
        search: &search,
        report,
    })
}

/// Estimates what is asked, by exact maximum likelihood.
///
/// # Errors
/// What the likelihood does not have, parameters that are not there, and adoptions that cannot happen; all at once.
pub fn estimate(loaded: &Loaded, asked: &Asked) -> Result<Estimates, Problems> {
    searched(loaded, asked, |searched| all(loaded, asked, searched))
}

/// The largest ℓ of a scenario, without anything else that is told of estimates.
///
/// # Errors
/// Those of [`estimate`].
pub fn largest(loaded: &Loaded, asked: &Asked) -> Result<f64, Problems> {
    searched(loaded, asked, |searched| Ok(searched.search.best.of.value))
}

/// The maximum of a scenario, as far as simulated histories ask for it.
pub struct Peak {
    /// ℓ.
    pub loglik: f64,
    /// Whether the search ended.
    pub done: bool,
    /// What is told of the parameters that are estimated.
    pub values: Told,
    /// ℓ and the same without contagion.
    pub without: Option<(f64, Told)>,
    /// The calendar in which the engine is told the history, where it has to be.
    pub frame: Option<Frame>,
}

/// The maximum of a scenario.
///
/// # Errors
/// Those of [`estimate`].
pub fn peak(loaded: &Loaded, asked: &Asked) -> Result<Peak, Problems> {
    searched(loaded, asked, |searched| {
        let search = searched.search;
        Ok(Peak {
            loglik: search.best.of.value,
            done: search.best.done,
            values: search.values(),
            without: search.values_without(),
            frame: searched.ground.frame.clone(),
        })
    })
}

fn all(loaded: &Loaded, asked: &Asked, searched: Searched<'_>) -> Result<Estimates, Problems> {
    let Searched {
        ground,
        setting,
        parameters,
        search,
        report,
    } = searched;
    let scenario = &loaded.scenario;
    let mut found = search.estimates(setting, asked, report)?;
    let items = scenario.history.iter().flat_map(|history| &history.items);
    let items: Vec<&str> = items.map(|item| item.id.as_str()).collect();
    let places = &ground.world.places;
    let hashes: Vec<u64> = places.id.iter().map(|id| id_hash(id)).collect();
    if asked.residuals {
        let at = &search.best.at;
        found.residuals = residuals(setting, search.l, at, &items, &hashes, scenario.seed);
    }
    if asked.curves {
        let terms = found.terms.iter();
        let at: Vec<_> = terms.map(|t| (&t.parameter, t.estimate)).collect();
        match curves(loaded, ground.frame.as_ref(), &at) {
            Ok(curves) => found.curves = curves,
            Err(why) => {
                let warning = Problem::warning("--curves", text!("no-curves", why));
                found.warnings.problems.push(warning);
            }
        }
    }
    if let Some(of) = asked.hold_out {
        found.scores = scores(scenario, setting, parameters, of, (&items, &hashes));
    }
    if asked.profiles {
        found.profiles = search.profiles(&found.terms);
    }
    if asked.permutations > 0 {
        let own = (search.best.of.value, asked.permutations);
        found.permutations = permuted(scenario, setting, parameters, own, &hashes);
    }
    let items = items.into_iter().map(str::to_owned);
    found.names = [items.collect(), places.id.clone()];
    if let Some((By::Period, _)) = asked.groups {
        let (first, last) = (setting.first(), found.effects.iter().map(|of| of.0).max());
        let name = |period: usize| {
            let period = first + period as i32;
            match scenario.numbered {
                true => period.to_string(),
                false => scenario.step.write(period),
            }
        };
        found.periods = (0..=last.unwrap_or(0)).map(name).collect();
    }
    Ok(found)
}
