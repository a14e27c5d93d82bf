//! The search: layouts are run and screened stage by stage, what is chosen is estimated again on fresh replicates.

use std::collections::BTreeMap;

use rand::Rng;

use crate::draw::{Luck, Process, id_hash};
use crate::experiment::sweep::Halt;
use crate::paired::{
    Better, Choice as Interval, Difference, DrawName, Fate, Front, Limits, Race, difference, front,
    pareto,
};

use super::climb::climb;
use super::over::{Over, over};
use super::parts::{Adds, parts};
use super::plan::{Search, pool};
use super::runs::{Draws, Named, Runs, Values};
use super::space::{Choice, Cost, Listed};
use super::spec::{Against, DrawsSpec, LimitSpec, SearchSpec, VariantsSpec};
use super::variants::{OfModel, Under};

/// Layouts that are left of a climb for screening.
const OF_CLIMB: usize = 100;
/// How often a random start is tried.
const TRIES: u32 = 10_000;

/// How layouts were looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// All that are feasible were run.
    All,
    /// Uphill, from so many starts; so many were run.
    Climb(usize, usize),
}

/// A layout that was screened.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// Its name and what it is.
    pub named: Named,
    /// What it changes, in words of the plan; empty of the baseline.
    pub words: String,
    /// What it costs.
    pub cost: Cost,
    /// What became of it.
    pub fate: Fate,
    /// Its replicates.
    pub replicates: usize,
    /// Means of objectives, then of what constraints are about; NaN without a replicate.
    pub means: Vec<f64>,
}

/// What a chosen layout changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Position of the layout.
    pub layout: usize,
    /// Position of the objective, or of the constraint after these.
    pub of: usize,
    /// On the replicates of the search: among many, the chosen one was lucky there.
    pub searched: Option<Difference>,
    /// On fresh replicates.
    pub fresh: Option<Difference>,
}

/// What two candidates do together beyond the sum of what each does alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Both, in words of the plan.
    pub words: [String; 2],
    /// Position of the objective.
    pub of: usize,
    /// Mean effects of each alone, and of both.
    pub effects: [f64; 3],
    /// Both less the sum of each.
    pub synergy: Difference,
}

/// What became of layouts on fresh pairs of a draw and a replicate.
#[derive(Clone, Debug, PartialEq)]
pub struct OnPairs {
    /// Pairs that each was run at, the baseline first; none of a baseline that cannot be chosen.
    pub pairs: Vec<Option<usize>>,
    /// How many are left.
    pub left: usize,
    /// Whether the screening came to its end.
    pub decided: bool,
}

/// What came of a search.
#[derive(Clone, Debug)]
pub struct Found {
    /// How layouts were looked for.
    pub way: Way,
    /// The layouts that were screened.
    pub layouts: Vec<Ran>,
    /// Positions of those that are left.
    pub left: Vec<usize>,
    /// Positions of the chosen ones: one, or the front of estimated means.
    pub chosen: Vec<usize>,
    /// How each of `left` stands to the front; empty with one objective.
    pub front: Vec<Front>,
    /// Whether the screening came to its end, so that its promise holds.
    pub decided: bool,
    /// What the chosen ones change.
    pub estimates: Vec<Estimate>,
    /// Synergy of pairs.
    pub pairs: Vec<Pair>,
    /// What each part of the chosen layout adds; empty where a front is chosen.
    pub parts: Vec<Adds>,
    /// What is left over draws, the baseline and then those of `left`.
    pub over: Option<(Vec<usize>, Over)>,
    /// The same layouts on fresh pairs of a draw and a replicate.
    pub pairs_of_draws: Option<OnPairs>,
    /// The last that were left, under variants of the model.
    pub under: Option<Under>,
    /// Number of the first fresh replicate.
    pub fresh: u32,
    /// Runs.
    pub runs: u64,
}

impl Found {
    /// Fresh pairs of a draw and a replicate that a layout by its position was run at, or the baseline; none where it was not.
    pub fn pairs_at(&self, layout: Option<usize>) -> Option<usize> {
        let (others, _) = self.over.as_ref()?;
        let place = match layout {
            None => 0,
            Some(layout) => 1 + others.iter().position(|at| *at == layout)?,
        };
        *self.pairs_of_draws.as_ref()?.pairs.get(place)?
    }
}

/// Searches.
///
/// # Errors
/// Why there are no values.
pub fn find<E>(runs: &mut Runs<'_, E>) -> Result<Found, Halt<E>> {
    let of = runs.search;
    let spec = &of.document.spec;
    let first = spec.first_replicates;
    let mut seen = Seen {
        of,
        base: BTreeMap::new(),
        firsts: BTreeMap::new(),
    };
    let (way, choices) = match &of.listed {
        Listed::All(list) => (Way::All, list.clone()),
        Listed::Many => climbed(runs, &mut seen)?,
    };
    // What was seen while climbing led there: it says too much of where it led.
    let offset = match way {
        Way::All => 0,
        Way::Climb(..) => first,
    };
    let named: Vec<Named> = choices
        .iter()
        .enumerate()
        .map(|(at, (choice, _))| seen.named(at, choice))
        .collect();
    let left = spec.draws.as_ref().map_or(1, |of| of.layouts as usize);
    let most = spec.most_replicates as usize;
    let mut race = Race::new(named.len(), limits(spec, most, left));
    let (mut done, mut number) = (0, 0);
    // Those that were left when few enough were.
    let mut last = None;
    while let Some(next) = race.next() {
        number += 1;
        let open = race.open();
        if open.is_empty() {
            break;
        }
        let (from, more) = (offset + done as u32, (next - done) as u32);
        let some: Vec<Named> = open.iter().map(|at| named[*at].clone()).collect();
        let values = seen.run(runs, &format!("stage-{number}"), &some, from, more)?;
        for (at, rows) in open.iter().zip(values) {
            for (turn, row) in rows.iter().enumerate() {
                race.add(*at, &seen.judged(row, from + turn as u32));
            }
        }
        race.look();
        done = next;
        let open = race.open();
        if let Some(variants) = &spec.variants
            && last.is_none()
            && open.len() <= variants.layouts as usize
        {
            last = Some(open);
        }
    }
    let fresh = offset + done as u32;
    let mut found = Found {
        way,
        layouts: rows(of, &race, &choices, &named),
        left: race.open(),
        chosen: race.best().into_iter().collect(),
        front: Vec::new(),
        decided: race.is_decided(),
        estimates: Vec::new(),
        pairs: seen.pairs(),
        parts: Vec::new(),
        over: None,
        pairs_of_draws: None,
        under: None,
        fresh,
        runs: 0,
    };
    if spec.objectives.len() > 1 {
        to_front(of, &race, &mut found);
    }
    if let Some(draws) = &spec.draws {
        over_draws(runs, &seen, &race, draws, &named, &mut found)?;
    }
    estimate(runs, &mut seen, &race, &named, offset, &mut found)?;
    if let Some(variants) = &spec.variants {
        let most = variants.layouts as usize;
        let last = last.unwrap_or_else(|| foremost(&race, &found.left, most));
        found.under = Some(under_variants(runs, &seen, variants, &named, &last, fresh)?);
    }
    found.runs = runs.runs;
    Ok(found)
}

/// What was seen of the baseline and of first replicates.
struct Seen<'a> {
    of: &'a Search,
    /// Values of the baseline by replicate.
    base: BTreeMap<u32, Vec<f64>>,
    /// Values of layouts in the first replicates, from 0 on.
    firsts: BTreeMap<Choice, Values>,
}

impl Seen<'_> {
    fn named(&self, at: usize, choice: &Choice) -> Named {
        let name = match choice.iter().any(|option| *option > 0) {
            true => format!("layout-{:04}", at + 1),
            false => self.of.document.spec.baseline.clone(),
        };
        Named::new(name, choice.clone())
    }

    /// Runs layouts, and the baseline with them; gives the values of the layouts.
    fn run<E>(
        &mut self,
        runs: &mut Runs<'_, E>,
        name: &str,
        layouts: &[Named],
        first: u32,
        replicates: u32,
    ) -> Result<Vec<Values>, Halt<E>> {
        let nothing = self.of.space.nothing();
        let mut some = vec![self.named(0, &nothing)];
        some.extend(layouts.iter().filter(|of| !of.is_baseline()).cloned());
        let values = runs.run(name, &some, first, replicates)?;
        let base = values[0].clone();
        self.base.extend((first..).zip(base.iter().cloned()));
        if first == 0 {
            let choices = some.iter().map(|named| named.choice.clone());
            self.firsts.extend(choices.zip(values.iter().cloned()));
        }
        let mut others = values.into_iter().skip(1);
        let of = |named: &Named| match named.is_baseline() {
            true => Some(base.clone()),
            false => others.next(),
        };
        Ok(layouts.iter().filter_map(of).collect())
    }

    /// A replicate as it is judged: objectives with more being better, then the slack of each constraint.
    fn judged(&self, row: &[f64], replicate: u32) -> Vec<f64> {
        judged(&self.of.document.spec, row, self.base.get(&replicate))
    }

    /// Synergy of each pair of which both and each alone were run in the first replicates.
    fn pairs(&self) -> Vec<Pair> {
        let of = self.of;
        let taken = |choice: &Choice| -> Vec<usize> {
            (0..choice.len()).filter(|at| choice[*at] > 0).collect()
        };
        let Some(base) = self.firsts.get(&of.space.nothing()) else {
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for (choice, both) in &self.firsts {
            let [a, b] = taken(choice)[..] else { continue };
            let [alone_a, alone_b] = [(a, b), (b, a)].map(|(_, other)| {
                let mut alone = choice.clone();
                alone[other] = 0;
                self.firsts.get(&alone)
            });
            let (Some(x), Some(y)) = (alone_a, alone_b) else {
                continue;
            };
            for at in 0..of.document.spec.objectives.len() {
                // Not finite where one of them is not.
                let sum = (0..base.len()).map(|r| x[r][at] + y[r][at] - base[r][at]);
                let own = both.iter().map(|row| row[at]);
                let name = DrawName::new(of.seed, at as u64, 0);
                let Some(synergy) = paired(sum.collect(), own.collect(), name) else {
                    continue;
                };
                let mean = |of: &Values| {
                    let by = of.iter().zip(base).map(|(of, base)| of[at] - base[at]);
                    by.sum::<f64>() / base.len() as f64
                };
                let words = [a, b].map(|at| of.space.candidates[at].word(choice[at]));
                pairs.push(Pair {
                    words,
                    of: at,
                    effects: [mean(x), mean(y), mean(both)],
                    synergy,
                });
            }
        }
        pairs
    }
}

fn judged(spec: &SearchSpec, row: &[f64], base: Option<&Vec<f64>>) -> Vec<f64> {
    let objectives = spec.objectives.iter().zip(row);
    let gains = objectives.map(|(of, value)| of.want.gain(*value));
    let n = spec.objectives.len();
    let slacks = spec.constraints.iter().enumerate().map(|(at, of)| {
        let value = match of.of {
            Against::Level => row[n + at],
            Against::Difference => row[n + at] - base.map_or(f64::NAN, |base| base[n + at]),
        };
        match (of.at_most, of.at_least) {
            (Some(most), _) => most - value,
            (_, least) => value - least.unwrap_or(f64::NEG_INFINITY),
        }
    });
    gains.chain(slacks).collect()
}

/// Layouts with what they cost, the cheapest first.
type Choices = Vec<(Choice, Cost)>;

/// Climbs, and gives the best of what was run.
fn climbed<E>(runs: &mut Runs<'_, E>, seen: &mut Seen<'_>) -> Result<(Way, Choices), Halt<E>> {
    let of = runs.search;
    let spec = &of.document.spec;
    let starts = starts(of);
    let (mut number, mut count) = (0, 0);
    let mut names = 0;
    let scored = climb::<Halt<E>>(&of.space, &starts, &mut |choices| {
        number += 1;
        let some: Vec<Named> = choices
            .iter()
            .map(|choice| {
                names += 1;
                Named::new(format!("seen-{names:05}"), choice.clone())
            })
            .collect();
        let stage = format!("climb-{number}");
        let values = seen.run(runs, &stage, &some, 0, spec.first_replicates)?;
        count += choices.len();
        Ok(values.iter().map(|of| score(seen, spec, of)).collect())
    })?;
    let mut all: Vec<(Choice, f64)> = scored.into_iter().filter(|(_, s)| !s.is_nan()).collect();
    all.sort_by(|(a, x), (b, y)| y.total_cmp(x).then(a.cmp(b)));
    all.truncate(OF_CLIMB);
    let nothing = of.space.nothing();
    if of.space.cost(&nothing).is_some() && all.iter().all(|(choice, _)| *choice != nothing) {
        all.push((nothing, f64::NAN));
    }
    let costs = all.into_iter().filter_map(|(choice, _)| {
        let cost = of.space.cost(&choice)?;
        Some((choice, cost))
    });
    let mut choices: Choices = costs.collect();
    choices.sort_by(|(a, of_a), (b, of_b)| {
        let by_pairs = of_a.pair_years.total_cmp(&of_b.pair_years);
        of_a.price
            .total_cmp(&of_b.price)
            .then(by_pairs)
            .then(a.cmp(b))
    });
    Ok((Way::Climb(starts.len(), count), choices))
}

/// The mean of the objective in the first replicates; NaN where a constraint is broken there by more than its tolerance.
fn score(seen: &Seen<'_>, spec: &SearchSpec, values: &Values) -> f64 {
    let rows: Vec<Vec<f64>> = (0..)
        .zip(values)
        .map(|(replicate, row)| seen.judged(row, replicate))
        .collect();
    let mean = |at: usize| rows.iter().map(|row| row[at]).sum::<f64>() / rows.len() as f64;
    let keeps = |(at, of): (usize, &LimitSpec)| mean(1 + at) >= -of.tolerance;
    match spec.constraints.iter().enumerate().all(keeps) {
        true => mean(0),
        false => f64::NAN,
    }
}

/// The baseline and random layouts, as far as they are feasible. A random one takes each candidate, in a random order, with
/// a random option where it can.
pub fn starts(of: &Search) -> Vec<Choice> {
    let space = &of.space;
    let nothing = space.nothing();
    let mut starts: Vec<Choice> = Vec::new();
    if space.cost(&nothing).is_some() {
        starts.push(nothing.clone());
    }
    let wanted = of.document.spec.starts as usize;
    let luck = Luck::fixed(of.seed);
    for serial in 0..TRIES {
        if starts.len() >= wanted {
            break;
        }
        let mut stream = luck.stream(Process::Search, id_hash("start"), 0, serial);
        let mut below = |n: usize| (stream.next_u64() % n as u64) as usize;
        let mut order: Vec<usize> = (0..nothing.len()).collect();
        for last in (1..order.len()).rev() {
            order.swap(last, below(last + 1));
        }
        let mut choice = nothing.clone();
        for at in order {
            let option = 1 + below(usize::from(space.candidates[at].options())) as u8;
            let mut more = choice.clone();
            more[at] = option;
            if space.cost(&more).is_some() || space.cost(&choice).is_none() {
                choice = more;
            }
        }
        if space.cost(&choice).is_some() && !starts.contains(&choice) {
            starts.push(choice);
        }
    }
    starts
}

/// Rows of what was screened.
fn rows(of: &Search, race: &Race, choices: &[(Choice, Cost)], named: &[Named]) -> Vec<Ran> {
    let statistics = of.ids().len();
    let ran = |(at, (_, cost)): (usize, &(Choice, Cost))| {
        let runner = &race.runners()[at];
        let mean = |of_value: usize| match runner.replicates {
            0 => f64::NAN,
            _ => back(&of.document.spec, of_value, runner.mean(of_value)),
        };
        Ran {
            words: of.space.words(&named[at].choice),
            named: named[at].clone(),
            cost: *cost,
            fate: runner.fate,
            replicates: runner.replicates,
            means: (0..statistics).map(mean).collect(),
        }
    };
    choices.iter().enumerate().map(ran).collect()
}

/// What was judged, of an objective or a constraint, as it is in the model: of a constraint what its limit is of.
fn back(spec: &SearchSpec, at: usize, judged: f64) -> f64 {
    match at.checked_sub(spec.objectives.len()) {
        None => spec.objectives[at].want.gain(judged),
        Some(c) => match (spec.constraints[c].at_most, spec.constraints[c].at_least) {
            (Some(most), _) => most - judged,
            (_, least) => judged + least.unwrap_or(f64::NAN),
        },
    }
}

/// The front of what is left and keeps the constraints.
fn to_front(of: &Search, race: &Race, found: &mut Found) {
    let spec = &of.document.spec;
    found.left.retain(|at| race.runners()[*at].is_feasible());
    let better = vec![Better::Higher; spec.objectives.len()];
    let values: Vec<Vec<Vec<f64>>> = (0..spec.objectives.len())
        .map(|at| {
            let left = found.left.iter();
            left.map(|layout| race.runners()[*layout].values(at).to_vec())
                .collect()
        })
        .collect();
    let name = DrawName::new(of.seed, id_hash("search"), id_hash("front"));
    found.front = front(&values, &better, name);
    let points: Vec<Vec<f64>> = found
        .left
        .iter()
        .map(|layout| {
            let runner = &race.runners()[*layout];
            (0..better.len()).map(|at| runner.mean(at)).collect()
        })
        .collect();
    let on = pareto(&points, &better);
    let on = found.left.iter().zip(on).filter(|(_, on)| *on);
    found.chosen = on.map(|(layout, _)| *layout).collect();
}

/// Compares what is left over draws of the parameters, and chooses there.
fn over_draws<E>(
    runs: &mut Runs<'_, E>,
    seen: &Seen<'_>,
    race: &Race,
    draws: &DrawsSpec,
    named: &[Named],
    found: &mut Found,
) -> Result<(), Halt<E>> {
    let of = runs.search;
    let spec = &of.document.spec;
    let nothing = of.space.nothing();
    let left = foremost(race, &found.left, draws.layouts as usize);
    let (others, some) = beside_baseline(seen, named, &left);
    let size = pool(spec);
    let values = runs.over(&some, size)?;
    let judged: Vec<Values> = values
        .iter()
        .map(|of| {
            let rows = of.iter().zip(&values[0]);
            rows.map(|(row, base)| judged(spec, row, Some(base)))
                .collect()
        })
        .collect();
    let tolerances: Vec<f64> = spec.constraints.iter().map(|of| of.tolerance).collect();
    let compared = over(&judged, size, &tolerances);
    // The baseline can be chosen where it is a layout that there could be.
    let base = named.iter().position(|of| of.choice == nothing);
    let position = |at: usize| match at.checked_sub(1) {
        Some(at) => Some(others[at]),
        None => base,
    };
    let (on_pairs, best) = on_pairs(runs, &some, base.is_some(), draws, found.fresh)?;
    let best = best.or(compared.best);
    found.chosen = best.and_then(position).into_iter().collect();
    found.pairs_of_draws = on_pairs;
    found.over = Some((others, compared));
    Ok(())
}

/// The best of `left` by their means, where these are more than are taken; in order.
fn foremost(race: &Race, left: &[usize], most: usize) -> Vec<usize> {
    let mut left = left.to_vec();
    left.sort_by(|a, b| {
        let mean = |at: &usize| race.runners()[*at].mean(0);
        mean(b).total_cmp(&mean(a)).then(a.cmp(b))
    });
    left.truncate(most);
    left.sort_unstable();
    left
}

/// Positions of layouts without the baseline, and the baseline with these layouts.
fn beside_baseline(seen: &Seen<'_>, named: &[Named], some: &[usize]) -> (Vec<usize>, Vec<Named>) {
    let nothing = seen.of.space.nothing();
    let others = some.iter().filter(|at| named[**at].choice != nothing);
    let others: Vec<usize> = others.copied().collect();
    let mut all = vec![seen.named(0, &nothing)];
    all.extend(others.iter().map(|at| named[*at].clone()));
    (others, all)
}

/// Compares layouts under the scenario as it is and under each variant, on the fresh replicates.
fn under_variants<E>(
    runs: &mut Runs<'_, E>,
    seen: &Seen<'_>,
    variants: &VariantsSpec,
    named: &[Named],
    last: &[usize],
    fresh: u32,
) -> Result<Under, Halt<E>> {
    let of = runs.search;
    let spec = &of.document.spec;
    let (others, some) = beside_baseline(seen, named, last);
    let tolerances: Vec<f64> = spec.constraints.iter().map(|of| of.tolerance).collect();
    let mut models = Vec::new();
    let all = std::iter::once(None).chain(variants.files.iter().map(Some));
    for (number, variant) in all.enumerate() {
        let name = format!("variants-{number}");
        let under = variant.map(String::as_str);
        let values = runs.under(&name, &some, under, fresh, spec.fresh_replicates)?;
        let judged: Vec<Values> = values
            .iter()
            .map(|of| {
                let rows = of.iter().zip(&values[0]);
                rows.map(|(row, base)| judged(spec, row, Some(base)))
                    .collect()
            })
            .collect();
        models.push(OfModel::new(
            variant.cloned(),
            &judged,
            &tolerances,
            of.seed,
        ));
    }
    Ok(Under { others, models })
}

/// Screens layouts, the baseline first, on fresh pairs of a draw and a replicate, and gives the position of the one with the
/// largest mean that is found to keep the constraints. The baseline is among them where it may be chosen.
fn on_pairs<E>(
    runs: &mut Runs<'_, E>,
    some: &[Named],
    with_base: bool,
    draws: &DrawsSpec,
    fresh: u32,
) -> Result<(Option<OnPairs>, Option<usize>), Halt<E>> {
    let of = runs.search;
    let spec = &of.document.spec;
    let Some(table) = Draws::read(&of.document.folder.join(&draws.file)) else {
        return Ok((None, None));
    };
    let skipped = usize::from(!with_base);
    let most = draws.pairs as usize;
    let mut race = Race::new(some.len() - skipped, limits(spec, most, 1));
    // After those of the estimates of what is chosen.
    let first = fresh + spec.fresh_replicates;
    let (mut done, mut number) = (0, 0);
    while let Some(next) = race.next() {
        let open = race.open();
        if open.is_empty() {
            break;
        }
        number += 1;
        let mut these = vec![some[0].clone()];
        let others = open.iter().map(|at| at + skipped).filter(|at| *at > 0);
        these.extend(others.map(|at| some[at].clone()));
        let pairs = done as u32..next as u32;
        let values = runs.pairs(&format!("pairs-{number}"), &these, &table, pairs, first)?;
        let mut others = values.iter().skip(1);
        for at in open {
            let own = match at + skipped {
                0 => Some(&values[0]),
                _ => others.next(),
            };
            for (row, base) in own.into_iter().flatten().zip(&values[0]) {
                race.add(at, &judged(spec, row, Some(base)));
            }
        }
        race.look();
        done = next;
    }
    let ran = race.runners().iter().map(|of| Some(of.replicates));
    let found = OnPairs {
        pairs: std::iter::repeat_n(None, skipped).chain(ran).collect(),
        left: race.open().len(),
        decided: race.is_decided(),
    };
    Ok((Some(found), race.best().map(|at| at + skipped)))
}

/// What decides, of at most so many replicates, until so many layouts are left.
fn limits(spec: &SearchSpec, most: usize, left: usize) -> Limits {
    Limits {
        confidence: spec.confidence,
        first: (spec.first_replicates as usize).min(most),
        deltas: spec.objectives.iter().map(|of| of.delta).collect(),
        tolerances: spec.constraints.iter().map(|of| of.tolerance).collect(),
        most,
        left,
    }
}

/// Runs what is chosen on fresh replicates.
fn estimate<E>(
    runs: &mut Runs<'_, E>,
    seen: &mut Seen<'_>,
    race: &Race,
    named: &[Named],
    offset: u32,
    found: &mut Found,
) -> Result<(), Halt<E>> {
    let of = runs.search;
    let spec = &of.document.spec;
    let is_other = |at: &usize| !named[*at].is_baseline();
    let others: Vec<usize> = found.chosen.iter().copied().filter(is_other).collect();
    if others.is_empty() {
        return Ok(());
    }
    let mut some: Vec<Named> = others.iter().map(|at| named[*at].clone()).collect();
    let parts = match (&others[..], spec.objectives.len()) {
        ([one], 1) => parts(&of.space, &named[*one]),
        _ => Vec::new(),
    };
    some.extend(parts.iter().map(|part| part.without.clone()));
    let mut values = seen.run(runs, "fresh", &some, found.fresh, spec.fresh_replicates)?;
    let without = values.split_off(others.len());
    let statistics = of.ids().len();
    for (part, rows) in parts.into_iter().zip(without) {
        for at in 0..statistics {
            let name = DrawName::new(of.seed, others[0] as u64, at as u64);
            let [x, y] = [&rows, &values[0]].map(|rows| rows.iter().map(|row| row[at]).collect());
            found.parts.extend(paired(x, y, name).map(|adds| Adds {
                layout: others[0],
                part: part.clone(),
                of: at,
                adds,
            }));
        }
    }
    for (layout, rows) in others.into_iter().zip(values) {
        let runner = &race.runners()[layout];
        for at in 0..statistics {
            let name = DrawName::new(of.seed, layout as u64, at as u64);
            let base = |first: u32, n: usize| -> Vec<f64> {
                let rows = (first..).take(n).map(|r| seen.base.get(&r));
                rows.map(|row| row.map_or(f64::NAN, |row| row[at]))
                    .collect()
            };
            let compare = |x: Vec<f64>, y: Vec<f64>| paired(x, y, name);
            let n = runner.replicates;
            let searched = runner.values(at).iter();
            let searched: Vec<f64> = searched.map(|value| back(spec, at, *value)).collect();
            let x = base(offset, n);
            // What was kept of a constraint on the difference is the difference.
            let is_difference = at
                .checked_sub(spec.objectives.len())
                .is_some_and(|c| spec.constraints[c].of == Against::Difference);
            let searched = match is_difference {
                true => {
                    let both = searched.iter().zip(&x);
                    both.map(|(by, base)| by + base).collect()
                }
                false => searched,
            };
            let own: Vec<f64> = rows.iter().map(|row| row[at]).collect();
            found.estimates.push(Estimate {
                layout,
                of: at,
                searched: compare(x, searched),
                fresh: compare(base(found.fresh, own.len()), own),
            });
        }
    }
    Ok(())
}

/// The paired difference; none where a value is missing.
fn paired(x: Vec<f64>, y: Vec<f64>, name: DrawName) -> Option<Difference> {
    let whole = x.iter().chain(&y).all(|value| value.is_finite());
    let found = whole.then(|| difference(&x, &y, Interval::T, name));
    found.flatten()
}
