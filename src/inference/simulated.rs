//! The parametric bootstrap, through the engine: histories are simulated at the estimates, with the items, first adopters and
//! ends of risk of the data, and each is estimated again by the same search, over the grid too where there is one.
//!
//! - **A parameter** has the ⌊0.025 (N + 1)⌋-th and the ⌈0.975 (N + 1)⌉-th smallest of its N estimates as limits (the
//!   percentile interval; Efron and Tibshirani 1993, ch. 13). A history that does not tell it counts at both ends.
//! - **A key of the grid**, in which ℓ jumps, has a set: the values g with D(g) = 2 · (max ℓ − ℓ(g)) at most c, c the
//!   ⌈0.95 (N + 1)⌉-th smallest of D at the estimate in the simulated histories. A history without a maximum has D = ∞.
//! - **No contagion** is tested against N histories simulated without it: p = (r + 1)/(N + 1), r of them with a likelihood
//!   ratio, over the grid too, that is at least that of the data.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::experiment::observe::no_memory;
use crate::model::{Adoption, Innovation, InnovationId, Listener, run};
use crate::scenario::tables::Adoption as Row;
use crate::scenario::{Loaded, Problem};
use crate::texts::{Text, text};
use crate::world::{PlaceId, World};

use super::curves::Model;
use super::estimate::{Peak, peak};
use super::found::{Asked, Estimates, Set, Simulated, Term, Test};
use super::terms::{Kind, Parameter};

/// The first replicate that is simulated, beyond those of a run, so that no history shares luck with data that a run made.
const FIRST: u32 = 1_000_000;
/// Likelihood ratios that differ by less are equal.
const EQUAL: f64 = 1e-6;

/// A key of the scenario that ℓ is profiled over.
#[derive(Clone, Copy, Debug)]
pub struct Profiled<'a> {
    /// The key.
    pub key: &'a str,
    /// Its values, one for each model.
    pub values: &'a [f64],
}

/// Who adopts what when, and gives it up, by item.
struct Adopters(Vec<BTreeMap<PlaceId, (u16, Option<u16>)>>);

impl Listener for Adopters {
    fn adopted(&mut self, _: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        if let Some(g) = innovation.given {
            self.0[g as usize].insert(adoption.place, (adoption.month, None));
        }
    }

    fn abandoned(&mut self, _: &World, k: &Innovation, _: InnovationId, i: PlaceId, t: u16) {
        let row = k.given.and_then(|g| self.0[g as usize].get_mut(&i));
        row.into_iter().for_each(|row| row.1 = Some(t));
    }
}

/// The adoptions of a simulated history, by item in the order of the data: those before the first period at risk are the
/// data's.
fn adoptions(loaded: &Loaded, model: &Model, number: u32) -> Result<Vec<Vec<Row>>, Text> {
    let (world, first) = (&model.world, model.first);
    let mut found = Adopters(vec![BTreeMap::new(); world.given.len()]);
    run(world, model.scenario.seed, FIRST + number, &mut found).map_err(no_memory)?;
    let items = loaded.scenario.history.iter().flat_map(|h| &h.items);
    let all = items.map(|item| {
        let given = item.adoptions.iter().filter(|a| a.time < item.first_risk);
        let mut rows: Vec<Row> = given.copied().collect();
        let g = world.given.iter().position(|given| given.id == item.id);
        let simulated = g.into_iter().flat_map(|g| &found.0[g]);
        rows.extend(simulated.map(|(place, &(time, until))| Row {
            place: world.places.input[place.index()],
            time: first + i32::from(time),
            until: until.map(|until| first + i32::from(until)),
        }));
        rows.sort_by_key(|row| (row.time, row.place));
        rows
    });
    Ok(all.collect())
}

/// The maximum of each model for a history.
fn peaks(models: &[Loaded], asked: &Asked, rows: &[Vec<Row>]) -> Vec<Option<Peak>> {
    let one = |model: &Loaded| {
        let mut loaded = model.clone();
        let items = loaded
            .scenario
            .history
            .iter_mut()
            .flat_map(|h| &mut h.items);
        for (item, rows) in items.zip(rows) {
            item.adoptions.clone_from(rows);
        }
        let mut peak = peak(&loaded, asked).ok()?;
        peak.frame = None;
        Some(peak)
    };
    models.iter().map(one).collect()
}

/// Which has the largest ℓ, the first of several; none where its search did not end.
fn largest(peaks: &[Option<Peak>]) -> Option<(usize, &Peak)> {
    let known = peaks.iter().enumerate();
    let known = known.filter_map(|(at, peak)| Some((at, peak.as_ref()?)));
    let best = known.reduce(|best, of| match of.1.loglik > best.1.loglik {
        true => of,
        false => best,
    });
    best.filter(|(_, peak)| peak.done && peak.loglik.is_finite())
}

/// 2 · (the largest ℓ − the largest without contagion).
fn ratio(peaks: &[Option<Peak>]) -> Option<f64> {
    let (_, best) = largest(peaks)?;
    let known = peaks.iter().flatten();
    let null = known.filter_map(|peak| Some(peak.without.as_ref()?.0));
    let null = null.fold(f64::NEG_INFINITY, f64::max);
    Some(2.0 * (best.loglik - null)).filter(|ratio| ratio.is_finite())
}

/// Simulates histories at the estimates, estimates each again, and puts what they say of limits and tests into `found`, the
/// estimates of the model `best`. Of a grid there is a model for each value.
pub fn simulate(
    models: &[Loaded],
    grid: Option<Profiled<'_>>,
    best: usize,
    asked: &Asked,
    found: &mut Estimates,
) {
    if let Err(why) = all(models, grid, best, asked, found) {
        let what = text!("no-simulated", why);
        found
            .warnings
            .problems
            .push(Problem::warning("--simulate", what));
    }
}

fn all(
    models: &[Loaded],
    grid: Option<Profiled<'_>>,
    best: usize,
    asked: &Asked,
    found: &mut Estimates,
) -> Result<(), Text> {
    let own: Vec<Option<Peak>> = models.iter().map(|model| peak(model, asked).ok()).collect();
    let loaded = &models[best];
    let given_up = given_up(loaded)?;
    // That of the estimates: it is there, as they are.
    let Some(at) = &own[best] else {
        return Ok(());
    };
    let again = |at: &Peak, values: &[(Parameter, Option<f64>)], which: usize| {
        let terms: Vec<(&Parameter, Option<f64>)> = values.iter().map(|(p, v)| (p, *v)).collect();
        let model = Model::new(&models[which], at.frame.as_ref(), &terms, given_up)?;
        let one = |n: u32| -> Result<Vec<Option<Peak>>, Text> {
            Ok(peaks(models, asked, &adoptions(loaded, &model, n)?))
        };
        let all: Result<Vec<_>, Text> = (0..asked.simulate).into_par_iter().map(one).collect();
        all
    };
    let histories = again(at, &at.values, best)?;
    let of = |peaks: &Vec<Option<Peak>>| {
        let (which, most) = largest(peaks)?;
        let own = peaks[best].as_ref().map_or(f64::NEG_INFINITY, |p| p.loglik);
        let value = grid.and_then(|grid| grid.values.get(which).copied());
        Some((value, 2.0 * (most.loglik - own)))
    };
    let told = |peaks: &Vec<Option<Peak>>| {
        let values = largest(peaks).map_or(&[][..], |(_, peak)| &peak.values);
        let known = |term: &Term| {
            let mut values = values.iter();
            values.find(|(p, _)| p.key == term.parameter.key)?.1
        };
        found.terms.iter().map(known).collect()
    };
    let mut simulated = Simulated {
        values: histories.iter().map(told).collect(),
        best: histories.iter().map(of).collect(),
        set: None,
    };
    for (number, term) in found.terms.iter_mut().enumerate() {
        let values = simulated.values.iter().map(|row| row[number]);
        let of = limits(&values.collect::<Vec<_>>());
        // Only effects can be negative.
        let least = (term.parameter.kind() != Kind::Covariate).then_some(0.0);
        term.limits = [of[0].or(least), of[1]];
    }
    simulated.set = grid.map(|grid| set(grid, best, &own, &simulated));
    found.simulated = Some(simulated);
    // Without contagion, where ℓ is largest then.
    let without = own.iter().enumerate().filter_map(|(which, peak)| {
        let peak = peak.as_ref()?;
        Some((which, peak, peak.without.as_ref()?))
    });
    let null = without.reduce(|null, of| match of.2.0 > null.2.0 {
        true => of,
        false => null,
    });
    if let (Some((which, peak, (_, values))), Some(lr)) = (null, ratio(&own)) {
        let histories = again(peak, values, which)?;
        // One without a maximum does not speak against it.
        let reaches = |peaks: &&Vec<Option<Peak>>| ratio(peaks).is_none_or(|of| of >= lr - EQUAL);
        let reached = histories.iter().filter(reaches).count();
        let p = Some((reached + 1) as f64 / f64::from(asked.simulate + 1));
        let (lr, law) = (lr.max(0.0), "simulated");
        put(found, &Test { lr, p, law });
    }
    Ok(())
}

/// Puts the test against no contagion in the place of that by a limit law.
fn put(found: &mut Estimates, test: &Test) {
    let fits = found.fits.iter_mut();
    let null = fits.filter(|fit| fit.model == "no_contagion");
    null.for_each(|fit| fit.test = Some(test.clone()));
    let spread = |kind| matches!(kind, Kind::Contagion | Kind::Strength);
    let terms = found.terms.iter_mut();
    let mut tested: Vec<&mut Term> = terms.filter(|t| spread(t.parameter.kind())).collect();
    if let [term] = tested.as_mut_slice() {
        term.test = Some(test.clone());
    }
}

/// The rate at which items are given up in simulated histories: 0 where they are not in the data.
fn given_up(loaded: &Loaded) -> Result<f64, Text> {
    let items = loaded.scenario.history.iter().flat_map(|h| &h.items);
    let rows = items.flat_map(|item| item.adoptions.iter().map(move |row| (item.first_risk, row)));
    let mut at_risk = rows.filter(|(first, row)| row.time >= *first);
    match at_risk.any(|(_, row)| row.until.is_some()) {
        false => Ok(0.0),
        true if loaded.scenario.line.abandonment_rate > 0.0 => {
            Ok(loaded.scenario.line.abandonment_rate)
        }
        true => Err(text!("simulate-ends")),
    }
}

/// The n-th smallest, from 1 on.
fn smallest(mut all: Vec<f64>, n: f64) -> Option<f64> {
    all.sort_by(f64::total_cmp);
    let at = (n as usize).checked_sub(1)?;
    all.get(at).copied().filter(|value| value.is_finite())
}

/// The limits of a parameter from its estimates.
fn limits(values: &[Option<f64>]) -> [Option<f64>; 2] {
    let n = values.len() as f64 + 1.0;
    let or = |end: f64| {
        values
            .iter()
            .map(move |value| value.unwrap_or(end))
            .collect()
    };
    [
        smallest(or(f64::NEG_INFINITY), (0.025 * n).floor()),
        smallest(or(f64::INFINITY), (0.975 * n).ceil()),
    ]
}

/// The set of a key of the grid.
fn set(grid: Profiled<'_>, best: usize, own: &[Option<Peak>], simulated: &Simulated) -> Set {
    let logliks = own
        .iter()
        .map(|p| p.as_ref().map_or(f64::NEG_INFINITY, |p| p.loglik));
    let logliks: Vec<f64> = logliks.collect();
    let most = logliks.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let known = simulated.best.iter();
    let all: Vec<f64> = known
        .map(|best| best.map_or(f64::INFINITY, |of| of.1))
        .collect();
    let n = (0.95 * (all.len() as f64 + 1.0)).ceil();
    let critical = smallest(all, n).unwrap_or(f64::INFINITY);
    let inside = |loglik: &f64| 2.0 * (most - loglik) <= critical + EQUAL;
    let inside: Vec<bool> = logliks.iter().map(inside).collect();
    let values = grid.values.iter().copied().zip(&inside);
    let of = |which: &dyn Fn(f64, f64) -> f64, from: f64| {
        let end = grid.values.iter().copied().fold(from, which);
        let values = values.clone().filter(|(_, inside)| **inside);
        let limit = values.map(|(value, _)| value).fold(from, which);
        (limit != end).then_some(limit)
    };
    let limits = [
        of(&f64::min, f64::INFINITY),
        of(&f64::max, f64::NEG_INFINITY),
    ];
    let term = Term {
        limits,
        ..Term::of_key(grid.key, grid.values[best])
    };
    Set {
        term,
        critical,
        inside,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 99 estimates 1 to 99, in any order, the limits are the second and the 98th; one that is not told counts at both
    /// ends, three leave no limit.
    #[test]
    fn limits_count_what_is_not_told_at_both_ends() {
        let mut all: Vec<Option<f64>> = (1..100).rev().map(|n| Some(f64::from(n))).collect();
        assert_eq!(limits(&all), [Some(2.0), Some(98.0)]);
        all[50] = None;
        assert_eq!(limits(&all), [Some(1.0), Some(99.0)]);
        (all[51], all[52]) = (None, None);
        assert_eq!(limits(&all), [None, None]);
        assert_eq!(limits(&all[..20]), [None, None]);
    }
}
