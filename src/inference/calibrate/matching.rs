//! History matching in waves (Craig et al. 1997; Vernon, Goldstein and Bower 2010, *Galaxy formation: a Bayesian uncertainty
//! analysis*, Bayesian Analysis 5): runs at points of the region, emulators of these, a smaller region.

use super::emulator::{Bank, Emulators};
use super::observed::Observed;
use super::prior::Prior;
use super::region::{CUTOFF, Gate, Region, first_points, region, spread_out};
use crate::design::DesignError;
use crate::inference::dice::Name;

/// Most points of one emulator: the newest.
pub const MOST_POINTS: usize = 240;
/// Where the emulators add less than this to the variance that stays without them, they add little.
const LITTLE: f64 = 0.1;
/// A region that keeps more than this share of the one before no longer shrinks.
const STAYS: f64 = 0.8;
/// Points of the region at which it is judged.
const JUDGED: usize = 200;
/// Points that are tried for each that is wanted.
const PATIENCE: usize = 50;

/// Runs the model, or whatever is calibrated in its place.
pub trait Simulator {
    /// Why runs end early.
    type Error;
    /// Whether the model can be run at a point; one that cannot lies outside the prior.
    fn accepts(&self, u: &[f64]) -> bool;
    /// Runs replicates 0, …, `replicates` − 1 at points, and gives the values of all targets,
    /// `[point][replicate][target]`, those that are fitted first. `stage` names what the runs are for.
    ///
    /// # Errors
    /// Why there are no values.
    fn run(
        &mut self,
        stage: &str,
        points: &[Vec<f64>],
        replicates: usize,
    ) -> Result<Vec<Vec<Vec<f64>>>, Self::Error>;
    /// Does work on the threads that the simulator was given; all threads there are unless it says otherwise.
    fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        work()
    }
    /// Hears that a wave is worked out.
    fn wave(&mut self, _: &Wave) {}
}

/// What a calibration is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Random seed of points, chains and resampling.
    pub seed: u64,
    /// Points of a wave.
    pub points: usize,
    /// Most waves.
    pub waves: usize,
    /// Replicates of each point.
    pub replicates: usize,
    /// Draws of the posterior.
    pub draws: usize,
}

/// Why waves end.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// The emulators add little to what luck, observation and discrepancy leave open.
    LittleToAdd,
    /// The region no longer shrinks, or has no further point that can be run.
    NoSmaller,
    /// As many waves as were allowed.
    Budget,
    /// No point is left; pairs of targets that no point meets together, or a target twice that none meets at all.
    Empty(Vec<(usize, usize)>),
    /// A region is left, but the scenario refuses every draw of the posterior.
    Refused,
    /// A region is left, but by its own runs no draw of the posterior is possible under the record.
    Impossible,
}

/// A wave.
#[derive(Clone, Debug)]
pub struct Wave {
    /// Its number, from 1.
    pub number: usize,
    /// Points that were run.
    pub points: usize,
    /// Points that the model refused before.
    pub refused: usize,
    /// Points on which its emulators rest.
    pub fitted: usize,
    /// Share of the prior that is left after it.
    pub share: f64,
    /// The least second-largest implausibility that was seen.
    pub least: f64,
    /// Of each target: what its emulator adds to the variance that stays without it, a mean over the region.
    pub adds: Vec<f64>,
    /// Of each target: root mean square, in standard units, of the errors at points left out.
    pub left_out: Vec<f64>,
    /// Of each target: share of these errors beyond 2.
    pub beyond: Vec<f64>,
    /// Of each target: root mean square error, in standard units, of the emulator of the wave before at the points of this
    /// one, which it had not seen; NaN in the first wave.
    pub ahead: Vec<f64>,
}

/// What waves came to.
#[derive(Debug)]
pub struct Matched<'a> {
    /// The waves.
    pub waves: Vec<Wave>,
    /// Their emulators.
    pub gate: Gate<'a>,
    /// The last region.
    pub region: Region,
    /// The first wave's points: draws of the prior.
    pub prior_bank: Bank,
    /// Why they ended.
    pub ending: Ending,
}

/// Why waves cannot be run.
#[derive(Debug)]
pub enum Stopped<E> {
    /// The runs.
    Runs(E),
    /// The design.
    Design(DesignError),
    /// Too few points of the prior can be run: so many of those tried.
    FewAccepted(usize, usize),
    /// Positions of targets that have too few values to be emulated.
    Missing(Vec<usize>),
    /// Positions of targets that are the same in all runs.
    Constant(Vec<usize>),
}

impl<E> From<E> for Stopped<E> {
    fn from(error: E) -> Self {
        Self::Runs(error)
    }
}

/// Runs waves. The first targets are fitted, as many as `observed`; others are kept beside them.
///
/// # Errors
/// What keeps waves from being run.
pub fn waves<'a, S: Simulator>(
    simulator: &mut S,
    prior: &'a Prior,
    observed: &'a [Observed],
    budget: &Budget,
) -> Result<Matched<'a>, Stopped<S::Error>> {
    let first = first_points(prior, budget.seed).map_err(Stopped::Design)?;
    let mut gate = Gate {
        prior,
        observed,
        waves: Vec::new(),
    };
    let mut all = Bank::default();
    let mut waves: Vec<Wave> = Vec::new();
    let mut prior_bank = Bank::default();
    let mut before: Option<Region> = None;
    loop {
        let number = waves.len() + 1;
        let (points, refused) = match before {
            None => prior_points(simulator, prior, budget)?,
            Some(region) => {
                // A pool a few times as large, so that not all points lie on the border.
                let pool = &region.points[..region.points.len().min(3 * budget.points)];
                let (accepted, refused): (Vec<_>, Vec<_>) =
                    pool.iter().cloned().partition(|u| simulator.accepts(u));
                let there = &all.points;
                let chosen = simulator.install(|| spread_out(&accepted, there, budget.points));
                if chosen.is_empty() {
                    return Ok(Matched {
                        waves,
                        gate,
                        region,
                        prior_bank,
                        ending: Ending::NoSmaller,
                    });
                }
                (chosen, refused.len())
            }
        };
        let runs = simulator.run(&format!("wave-{number}"), &points, budget.replicates)?;
        let bank = Bank { points, runs };
        if number == 1 {
            prior_bank = bank.clone();
            let constant = constant(&bank);
            if !constant.is_empty() {
                return Err(Stopped::Constant(constant));
            }
        }
        let ahead = gate.waves.last().map_or_else(
            || vec![f64::NAN; observed.len()],
            |last| errors_ahead(last, &bank),
        );
        let ran = bank.points.len();
        all.add(bank);
        let inside = inside(&gate, &all);
        let fitted = fitted_part(&all.part(&inside), observed.len());
        let emulators = simulator
            .install(|| Emulators::fit(&fitted))
            .map_err(Stopped::Missing)?;
        let (left_out, beyond) = left_out(&emulators);
        gate.waves.push(emulators);
        let name = Name::new(budget.seed, &format!("region-{number}"));
        let found = simulator.install(|| region(&gate, &first, name));
        let adds = adds(&gate, &found.points);
        let wave = Wave {
            number,
            points: ran,
            refused,
            fitted: fitted.points.len(),
            share: found.share,
            least: found.least,
            adds,
            left_out,
            beyond,
            ahead,
        };
        simulator.wave(&wave);
        let share = waves.last().map_or(1.0, |wave| wave.share);
        waves.push(wave);
        let last = &waves[number - 1];
        let ending = if found.share == 0.0 {
            Some(Ending::Empty(conflicts(&gate, &found)))
        } else if last.adds.iter().all(|adds| *adds < LITTLE) {
            Some(Ending::LittleToAdd)
        } else if number > 1 && found.share > STAYS * share {
            Some(Ending::NoSmaller)
        } else if number >= budget.waves {
            Some(Ending::Budget)
        } else {
            None
        };
        if let Some(ending) = ending {
            return Ok(Matched {
                waves,
                gate,
                region: found,
                prior_bank,
                ending,
            });
        }
        before = Some(found);
    }
}

/// The first columns of a bank: what is fitted.
pub fn fitted_part(bank: &Bank, targets: usize) -> Bank {
    let runs = bank.runs.iter().map(|runs| {
        let runs = runs.iter().map(|run| run[..targets].to_vec());
        runs.collect()
    });
    Bank {
        points: bank.points.clone(),
        runs: runs.collect(),
    }
}

/// Points at which the model runs, and how many it refused before.
pub type Accepted = (Vec<Vec<f64>>, usize);

/// Points of the prior at which the model runs.
///
/// # Errors
/// Fewer points than emulators can do with.
pub fn prior_points<S: Simulator>(
    simulator: &S,
    prior: &Prior,
    budget: &Budget,
) -> Result<Accepted, Stopped<S::Error>> {
    let sequence = prior.sequence(budget.seed).map_err(Stopped::Design)?;
    let (mut points, mut refused): (Vec<Vec<f64>>, usize) = (Vec::new(), 0);
    for u in sequence.take(PATIENCE * budget.points) {
        if points.len() >= budget.points {
            break;
        }
        match simulator.accepts(&u) {
            // Of whole numbers alone the same point can come twice.
            true if points.contains(&u) => {}
            true => points.push(u),
            false => refused += 1,
        }
    }
    match points.len() >= 8 {
        true => Ok((points, refused)),
        false => Err(Stopped::FewAccepted(points.len(), points.len() + refused)),
    }
}

/// Targets that are the same in all runs.
fn constant(bank: &Bank) -> Vec<usize> {
    let targets = bank.runs.first().and_then(|runs| runs.first());
    let targets = 0..targets.map_or(0, Vec::len);
    let same = |target: &usize| {
        let mut values = bank.values(*target);
        let first = values.next();
        first.is_none_or(|first| values.all(|value| value == first))
    };
    targets.filter(same).collect()
}

/// Positions of the newest points that no wave so far finds implausible. There are always enough of them to go on with:
/// others follow, the least implausible first.
fn inside(gate: &Gate<'_>, bank: &Bank) -> Vec<usize> {
    let scores = bank.points.iter().map(|u| gate.score(u));
    let mut all: Vec<(f64, usize)> = scores.zip(0..).collect();
    let fewest = 2 * (gate.prior.parameters().len() + 2);
    all.sort_by(|a, b| {
        // Within the region the newest first, outside it the least implausible.
        let out = |score: f64| score.max(CUTOFF);
        out(a.0).total_cmp(&out(b.0)).then(b.1.cmp(&a.1))
    });
    let n = all.iter().filter(|(score, _)| *score <= CUTOFF).count();
    all.truncate(n.max(fewest).min(MOST_POINTS));
    let mut positions: Vec<usize> = all.into_iter().map(|(_, at)| at).collect();
    positions.sort_unstable();
    positions
}

fn root_mean_square(errors: &[f64]) -> f64 {
    (errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64).sqrt()
}

/// Of each target, the root mean square of errors at points left out, and the share beyond 2.
fn left_out(emulators: &Emulators) -> (Vec<f64>, Vec<f64>) {
    let of = emulators.of().iter().map(|of| {
        let errors = of.left_out();
        let beyond = errors.iter().filter(|e| e.abs() > 2.0).count();
        (
            root_mean_square(&errors),
            beyond as f64 / errors.len() as f64,
        )
    });
    of.unzip()
}

/// Root mean square errors of an emulator at points that it has not seen, in units of what it does not know there and of
/// the luck of a mean of so many replicates.
fn errors_ahead(emulators: &Emulators, bank: &Bank) -> Vec<f64> {
    let of = emulators.of().iter().enumerate().map(|(target, of)| {
        let points = bank.points.iter().zip(&bank.runs);
        let errors = points.filter_map(|(x, runs)| {
            let (mean, _, n) = super::emulator::moments(runs, target);
            let told = of.at(x);
            let spread = told.emulator + told.luck / n as f64;
            (n > 0 && spread > 0.0).then(|| (mean - told.mean) / spread.sqrt())
        });
        root_mean_square(&errors.collect::<Vec<f64>>())
    });
    of.collect()
}

/// Of each target, what the last emulator adds to the variance that stays without it.
fn adds(gate: &Gate<'_>, points: &[Vec<f64>]) -> Vec<f64> {
    let Some(emulators) = gate.waves.last() else {
        return Vec::new();
    };
    let every = points.len().div_ceil(JUDGED).max(1);
    let judged: Vec<&Vec<f64>> = points.iter().step_by(every).collect();
    let of = emulators
        .of()
        .iter()
        .zip(gate.observed)
        .map(|(of, observed)| {
            let share = judged.iter().map(|x| {
                let told = of.at(x);
                let other = told.luck * (1.0 + 1.0 / emulators.replicates as f64) + observed.noise;
                told.emulator / other.max(f64::MIN_POSITIVE)
            });
            share.sum::<f64>() / judged.len() as f64
        });
    of.collect()
}

/// Which targets no point meets, alone (named twice) or two together, by the last emulators at all points that were seen.
fn conflicts(gate: &Gate<'_>, region: &Region) -> Vec<(usize, usize)> {
    let Some(emulators) = gate.waves.last() else {
        return Vec::new();
    };
    let m = gate.observed.len();
    let mut least = vec![f64::INFINITY; m * m];
    for u in region.seen.iter().chain(&region.points) {
        let x = gate.prior.snapped(u);
        let of = emulators.of().iter().zip(gate.observed);
        let apart: Vec<f64> = of
            .map(|(of, observed)| observed.implausibility(&of.at(&x), emulators.replicates))
            .collect();
        for a in 0..m {
            for b in a..m {
                let both = apart[a].max(apart[b]);
                least[a * m + b] = least[a * m + b].min(both);
            }
        }
    }
    let alone = |a: usize| least[a * m + a] >= CUTOFF;
    let mut found: Vec<(usize, usize)> = (0..m).filter(|a| alone(*a)).map(|a| (a, a)).collect();
    for a in 0..m {
        for b in a + 1..m {
            if !alone(a) && !alone(b) && least[a * m + b] >= CUTOFF {
                found.push((a, b));
            }
        }
    }
    found
}
