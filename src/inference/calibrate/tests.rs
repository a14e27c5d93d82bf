//! Plain functions behind the same waves, emulators and chains, where the posterior is known.

use std::convert::Infallible;

use super::*;
use crate::design::Distribution;
use crate::inference::dice::Name;
use crate::inference::lower::{Lower, dot};

/// A function with noise that is shared by all points, as that of replicates is.
struct Plain {
    /// Mean of each target at values of the parameters.
    mean: fn(&[f64]) -> Vec<f64>,
    /// Noise of each replicate and target; over the replicates it sums to 0, so that means are exact.
    noise: Vec<Vec<f64>>,
    prior: Prior,
    asked: usize,
}

impl Simulator for Plain {
    type Error = Infallible;

    fn accepts(&self, _: &[f64]) -> bool {
        true
    }

    fn run(
        &mut self,
        _: &str,
        points: &[Vec<f64>],
        replicates: usize,
    ) -> Result<Vec<Vec<Vec<f64>>>, Infallible> {
        self.asked += points.len();
        let run = |u: &Vec<f64>| -> Vec<Vec<f64>> {
            let mean = (self.mean)(&self.prior.numbers(u));
            let of = self.noise[..replicates].iter();
            of.map(|noise| mean.iter().zip(noise).map(|(m, e)| m + e).collect())
                .collect()
        };
        Ok(points.iter().map(run).collect())
    }
}

fn prior(p: usize, span: f64) -> Prior {
    let one = |k: usize| Parameter {
        key: format!("p{k}"),
        distribution: Distribution::Uniform {
            min: -span,
            max: span,
        },
        whole: false,
    };
    Prior::new((0..p).map(one).collect(), Vec::new())
}

/// Noise that sums to 0: each draw once with either sign.
fn noise(replicates: usize, sd: &[f64]) -> Vec<Vec<f64>> {
    let mut dice = Name::new(6, "noise").dice(0, 0);
    let half: Vec<Vec<f64>> = (0..replicates / 2)
        .map(|_| sd.iter().map(|sd| sd * dice.normal()).collect())
        .collect();
    let other = half.iter().map(|row| row.iter().map(|e| -e).collect());
    half.iter().cloned().chain(other).collect()
}

const A: [[f64; 3]; 4] = [
    [2.0, 0.5, 0.0],
    [0.0, 1.5, 1.0],
    [1.0, -1.0, 1.0],
    [0.3, 0.2, 2.0],
];

fn linear(theta: &[f64]) -> Vec<f64> {
    A.iter().map(|row| dot(row, theta)).collect()
}

const BUDGET: Budget = Budget {
    seed: 11,
    points: 60,
    waves: 4,
    replicates: 8,
    draws: 400,
};

/// Linear and Gaussian: the posterior is normal with covariance (A'S⁻¹A)⁻¹ and mean (A'S⁻¹A)⁻¹A'S⁻¹z. Means are right within
/// four Monte Carlo standard errors, sd/√n with n the smaller of the effective numbers of steps and of weighted draws, and
/// variances within four of theirs, √(2/n).
#[test]
fn a_linear_gaussian_posterior_is_found() {
    let prior = prior(3, 5.0);
    let sd = [0.6, 0.4, 0.8, 0.5];
    let noise = noise(8, &sd);
    let z = [3.0, -1.0, 2.0, 1.5];
    let observed: Vec<Observed> = z
        .iter()
        .map(|z| Observed {
            seen: Seen::Value(*z),
            noise: 0.09,
        })
        .collect();
    let mut plain = Plain {
        mean: linear,
        noise: noise.clone(),
        prior: prior.clone(),
        asked: 0,
    };
    let matched = waves(&mut plain, &prior, &observed, &BUDGET).unwrap();
    assert!(
        !matches!(matched.ending, Ending::Empty(_)),
        "{:?}",
        matched.ending
    );
    let share = matched.waves.last().unwrap().share;
    assert!(share > 0.0 && share < 0.1, "{share}");
    let found = posterior(&mut plain, &matched, &BUDGET).unwrap().unwrap();
    // What the likelihood takes: the noise's own covariance, its variances with the correction for 7 degrees of freedom, times
    // 1 + 1/8, and the error.
    let correction = libm::exp(libm::log(3.5) - super::emulator::digamma(3.5));
    let mut s = vec![0.0; 16];
    for row in &noise {
        for a in 0..4 {
            for b in 0..4 {
                s[a * 4 + b] += row[a] * row[b] / 7.0 * correction * (1.0 + 1.0 / 8.0);
            }
        }
    }
    (0..4).for_each(|k| s[k * 5] += 0.09);
    let lower = Lower::factor(s, 4).unwrap();
    let column = |k: usize| lower.solve(&A.map(|row| row[k]));
    let columns = [0, 1, 2].map(column);
    let normal: Vec<f64> = (0..9)
        .map(|at| dot(&columns[at / 3], &columns[at % 3]))
        .collect();
    let inverse = Lower::factor(normal, 3).unwrap().inverse();
    let right = lower.solve(&z);
    let right: Vec<f64> = columns.iter().map(|column| dot(column, &right)).collect();
    for k in 0..3 {
        let mean = dot(&inverse[3 * k..3 * k + 3], &right);
        let variance = inverse[4 * k];
        let values: Vec<f64> = found
            .resampled
            .iter()
            .map(|at| prior.numbers(&found.bank.points[*at])[k])
            .collect();
        let n = values.len() as f64;
        let own = values.iter().sum::<f64>() / n;
        let spread = values.iter().map(|v| (v - own) * (v - own)).sum::<f64>() / (n - 1.0);
        let (r, steps) = found.agreement[k];
        assert!(r < 1.05, "{r}");
        let n = steps.min(found.effective);
        assert!(n > 100.0, "{steps} {}", found.effective);
        assert!(
            (own - mean).abs() < 4.0 * (variance / n).sqrt(),
            "{k}: {own} {mean} {n}"
        );
        assert!(
            (spread / variance - 1.0).abs() < 4.0 * (2.0 / n).sqrt(),
            "{k}: {spread} {variance} {n}"
        );
    }
}

/// The same bytes on one thread and on three.
#[test]
fn threads_change_nothing() {
    let prior = prior(2, 5.0);
    let observed = [
        Observed {
            seen: Seen::Value(1.0),
            noise: 0.04,
        },
        Observed {
            seen: Seen::Between(0.0, f64::INFINITY),
            noise: 0.04,
        },
    ];
    let budget = Budget {
        points: 24,
        draws: 40,
        waves: 2,
        ..BUDGET
    };
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let mean = |theta: &[f64]| vec![theta[0] + 0.5 * theta[1] * theta[1], theta[1]];
            let mut plain = Plain {
                mean,
                noise: noise(8, &[0.3, 0.3]),
                prior: prior.clone(),
                asked: 0,
            };
            let matched = waves(&mut plain, &prior, &observed, &budget).unwrap();
            let found = posterior(&mut plain, &matched, &budget).unwrap().unwrap();
            (
                found.bank.points,
                found.weights,
                matched.waves.last().unwrap().share,
            )
        })
    };
    let (one, three) = (run(1), run(3));
    assert_eq!(one, three);
    // The bound is heard: hardly any draw is clearly below it.
    let below = one.0.iter().zip(&one.1).filter(|(u, _)| u[1] < 0.4);
    assert!(below.map(|(_, weight)| weight).sum::<f64>() < 0.05);
}

/// Two targets of one thing that contradict each other, a third that no point gives: both are named.
#[test]
fn an_empty_region_names_what_conflicts() {
    let prior = prior(2, 1.0);
    let mean = |theta: &[f64]| vec![theta[0], theta[0], theta[1], 0.3 * theta[1]];
    let of = |z| Observed {
        seen: Seen::Value(z),
        noise: 0.0004,
    };
    let observed = [of(0.5), of(-0.5), of(0.0), of(4.0)];
    let mut plain = Plain {
        mean,
        noise: noise(8, &[0.02; 4]),
        prior: prior.clone(),
        asked: 0,
    };
    let matched = waves(&mut plain, &prior, &observed, &BUDGET).unwrap();
    assert_eq!(matched.ending, Ending::Empty(vec![(3, 3), (0, 1)]));
    assert_eq!(matched.waves.len(), 1);
}

#[test]
fn targets_that_do_not_vary_are_named() {
    let prior = prior(1, 1.0);
    let mean = |theta: &[f64]| vec![theta[0], 2.0];
    let of = |z| Observed {
        seen: Seen::Value(z),
        noise: 0.01,
    };
    let noise = vec![vec![0.1, 0.0], vec![-0.1, 0.0], vec![0.0, 0.0]];
    let mut plain = Plain {
        mean,
        noise,
        prior: prior.clone(),
        asked: 0,
    };
    let budget = Budget {
        replicates: 3,
        ..BUDGET
    };
    let stopped = waves(&mut plain, &prior, &[of(0.0), of(2.0)], &budget).err();
    assert!(matches!(stopped, Some(Stopped::Constant(list)) if list == [1]));
}

/// A bank of runs whose replicates have the same luck at all points, and a history of its own luck at each of the first 40.
fn bank(points: usize) -> (Prior, Bank, Vec<Vec<f64>>) {
    let prior = prior(2, 2.0);
    let name = Name::new(21, "bank");
    let luck = |replicate: u32| {
        let mut dice = name.dice(0, replicate);
        [0.3 * dice.normal(), 0.4 * dice.normal()]
    };
    let points: Vec<Vec<f64>> = prior.sequence(3).unwrap().take(points).collect();
    let run = |u: &[f64], luck: [f64; 2]| {
        let theta = prior.numbers(u);
        let mean = [
            theta[0] + 0.3 * theta[1],
            theta[1] + 0.2 * theta[0] * theta[0],
        ];
        vec![mean[0] + luck[0], mean[1] + luck[1]]
    };
    let runs = points
        .iter()
        .map(|u| (0..8).map(|r| run(u, luck(r))).collect());
    let histories = (100..140).zip(&points).map(|(r, u)| run(u, luck(r)));
    let (runs, histories) = (runs.collect(), histories.collect());
    (prior.clone(), Bank { runs, points }, histories)
}

/// 40 truths under the right likelihood, and under one whose errors and discrepancies are a quarter of what they are. A right
/// one fails at 1 % once in a hundred seeds; the seed is fixed.
#[test]
fn a_right_likelihood_passes_the_check_and_a_wrong_one_fails() {
    let (prior, bank, histories) = bank(90);
    let observed = [
        Observed {
            seen: Seen::Value(0.0),
            noise: 0.64,
        },
        Observed {
            seen: Seen::Value(0.0),
            noise: 0.64,
        },
    ];
    let all = |_: &[f64]| true;
    let judged = |factor| check(&prior, &bank, &observed, &histories, &all, factor, 5).unwrap();
    // Without any history there is nothing to judge, and the targets that are missing are named.
    let none = vec![vec![1.0, f64::NAN]; 40];
    let missing = check(&prior, &bank, &observed, &none, &all, 1.0, 5);
    assert_eq!(missing, Err(vec![1]));
    let right = judged(1.0);
    assert!(right.iter().all(|of| of.adjusted > 0.01), "{right:?}");
    assert!(right.iter().all(|of| of.ranks.len() == 40));
    let wrong = judged(0.25);
    assert!(wrong.iter().any(|of| of.adjusted < 0.01), "{wrong:?}");
}

/// A model that runs at all points until it has run once, and at none from then on.
struct Once(Plain);

impl Simulator for Once {
    type Error = Infallible;

    fn accepts(&self, _: &[f64]) -> bool {
        self.0.asked == 0
    }

    fn run(
        &mut self,
        stage: &str,
        points: &[Vec<f64>],
        replicates: usize,
    ) -> Result<Vec<Vec<Vec<f64>>>, Infallible> {
        self.0.run(stage, points, replicates)
    }
}

/// Few points of a surface that bends much: another wave would tell more, but no point of it can be run. Waves end, without an
/// empty one, and so does the posterior.
#[test]
fn waves_end_where_no_further_point_can_be_run() {
    let prior = prior(2, 5.0);
    let mean = |theta: &[f64]| vec![libm::sin(2.0 * theta[0]) + libm::cos(1.5 * theta[1])];
    let observed = [Observed {
        seen: Seen::Value(0.5),
        noise: 0.01,
    }];
    let mut once = Once(Plain {
        mean,
        noise: noise(8, &[0.01]),
        prior: prior.clone(),
        asked: 0,
    });
    let budget = Budget {
        points: 16,
        draws: 40,
        ..BUDGET
    };
    let matched = waves(&mut once, &prior, &observed, &budget).unwrap();
    assert_eq!(matched.ending, Ending::NoSmaller);
    assert_eq!((matched.waves.len(), once.0.asked), (1, 16));
    let found = posterior(&mut once, &matched, &budget).unwrap();
    assert!(matches!(found, Err(Ending::Refused)), "{found:?}");
}
