//! Observed S-curves inside simulated bands: how many places have adopted by each period, in the history and in
//! simulated histories of the estimated model, made by the engine itself.

use crate::experiment::observe::no_memory;
use crate::model::{Adoption, Innovation, Listener, run};
use crate::scenario::spec::Step;
use crate::scenario::tables::Scenario;
use crate::scenario::{Loaded, Month};
use crate::texts::{Text, text};
use crate::world::World;

use super::terms::Parameter;
use super::told::{Frame, count_from};

/// How many histories are simulated.
pub const HISTORIES: u32 = 200;
/// Most periods from the first at risk to the last.
const MOST: i32 = 4000;
/// Most items times periods: what all histories count of them takes 1.6 GB.
const MOST_CELLS: u64 = 2_000_000;

/// A point of a curve: adopters at the end of a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The item; none for all of them.
    pub item: Option<usize>,
    /// The period, as the history counts.
    pub period: i32,
    /// Adopters while at risk, in the history.
    pub observed: u32,
    /// The same in simulated histories: mean, and the 2.5 and 97.5 % quantiles.
    pub simulated: [f64; 3],
}

/// Adopters by item and step, counted as they come.
struct Count {
    months: usize,
    /// `[item · T + month]`.
    by: Vec<u32>,
}

impl Listener for Count {
    fn adopted(&mut self, _: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        if let Some(g) = innovation.given {
            self.by[g as usize * self.months + usize::from(adoption.month)] += 1;
        }
    }
}

/// The scenario in steps that are counted from the first period at risk, and this period: where nothing has dates.
fn from_first(scenario: &Scenario) -> Result<(Scenario, i32), Text> {
    let items = || scenario.history.iter().flat_map(|history| &history.items);
    let ends = items().map(|item| item.first_risk).min();
    let ends = ends.zip(items().map(|item| item.last).max());
    let Some((first, last)) = ends else {
        return Err(text!("no-history"));
    };
    let steps = last.saturating_sub(first);
    if !(0..MOST).contains(&steps) {
        return Err(text!("curves-periods", most = MOST));
    }
    let mut scenario = scenario.clone();
    (scenario.step, scenario.numbered) = (Step::Month, true);
    (scenario.start, scenario.end) = (Month(0), Month(steps));
    count_from(&mut scenario, first);
    for place in &mut scenario.places {
        place.open = place.open.map(|_| Month(0));
    }
    // What estimation does not have is not simulated either.
    scenario.mandates.clear();
    scenario.gateway_links.clear();
    scenario.places.iter_mut().for_each(|place| place.tasks = 0);
    scenario.plane.evaluations.clear();
    Ok((scenario, first))
}

/// The scenario with its estimates, and the period of its first step.
///
/// # Errors
/// Why it cannot be simulated.
fn estimated(
    scenario: &Scenario,
    frame: Option<&Frame>,
    terms: &[(&Parameter, Option<f64>)],
) -> Result<(Scenario, i32), Text> {
    let (mut scenario, first) = match frame {
        Some(frame) => (frame.scenario.clone(), frame.zero),
        None => from_first(scenario)?,
    };
    let items = scenario.history.iter().flat_map(|history| &history.items);
    let steps = crate::world::Calendar::of(&scenario).months;
    if items.count() as u64 * u64::from(steps) > MOST_CELLS {
        return Err(text!("curves-cells", most = MOST_CELLS));
    }
    scenario.line.abandonment_rate = 0.0;
    for (parameter, estimate) in terms {
        let Some(value) = *estimate else {
            return Err(text!("curves-unidentified", key = parameter.key));
        };
        parameter.put(&mut scenario, value);
    }
    Ok((scenario, first))
}

/// The curves at these estimates.
///
/// # Errors
/// Why such a model cannot be simulated.
pub fn curves(
    loaded: &Loaded,
    frame: Option<&Frame>,
    terms: &[(&Parameter, Option<f64>)],
) -> Result<Vec<Point>, Text> {
    if let Err(found) = loaded.simulated()
        && let Some(problem) = found.problems.into_iter().next()
    {
        return Err(problem.what);
    }
    let (scenario, first) = estimated(&loaded.scenario, frame, terms)?;
    let world = World::new(&scenario).map_err(|error| error.text())?;
    let mut covariates = world.covariates.iter();
    if covariates.any(|all| {
        all.unknown(&world.places, world.calendar.months)
            .next()
            .is_some()
    }) {
        return Err(text!("curves-covariate"));
    }
    let months = usize::from(world.calendar.months);
    let items = world.given.len();
    // Items of the world stand in order of their ids.
    let history = scenario.history.iter().flat_map(|history| &history.items);
    let number = |id: &str| world.given.iter().position(|given| given.id == id);
    let numbers: Vec<usize> = history.filter_map(|item| number(&item.id)).collect();
    let mut observed = vec![0u32; items * months];
    for (g, given) in world.given.iter().enumerate() {
        for (month, ..) in &given.history {
            observed[g * months + usize::from(*month)] += 1;
        }
    }
    let mut simulated: Vec<Vec<u32>> = Vec::new();
    for number in 0..HISTORIES {
        let mut count = Count {
            months,
            by: vec![0; items * months],
        };
        run(&world, scenario.seed, number, &mut count).map_err(no_memory)?;
        simulated.push(count.by);
    }
    let whole = |of: &[u32]| -> Vec<u32> {
        let at = |t: usize| (0..items).map(|g| of[g * months + t]).sum();
        (0..months).map(at).collect()
    };
    let mut points = Vec::new();
    let mut put =
        |item: Option<usize>, observed: &[u32], all: &[&[u32]], from: usize, to: usize| {
            let (mut seen, mut sums) = (0, vec![0u32; all.len()]);
            for t in from..=to {
                seen += observed[t];
                for (sum, of) in sums.iter_mut().zip(all) {
                    *sum += of[t];
                }
                let mut sorted = sums.clone();
                sorted.sort_unstable();
                let at = |share: f64| {
                    f64::from(sorted[(share * (sorted.len() - 1) as f64).round() as usize])
                };
                let mean = sums.iter().map(|n| f64::from(*n)).sum::<f64>() / sums.len() as f64;
                points.push(Point {
                    item,
                    period: first + t as i32,
                    observed: seen,
                    simulated: [mean, at(0.025), at(0.975)],
                });
            }
        };
    let all: Vec<Vec<u32>> = simulated.iter().map(|of| whole(of)).collect();
    let all: Vec<&[u32]> = all.iter().map(Vec::as_slice).collect();
    put(None, &whole(&observed), &all, 0, months - 1);
    for (item, g) in numbers.into_iter().enumerate() {
        let given = &world.given[g];
        let Some(last) = given.last.filter(|_| items > 1) else {
            continue;
        };
        let row = g * months..(g + 1) * months;
        let of: Vec<&[u32]> = simulated.iter().map(|all| &all[row.clone()]).collect();
        let (from, to) = (usize::from(given.begin), usize::from(last));
        put(Some(item), &observed[row.clone()], &of, from, to);
    }
    Ok(points)
}
