//! Which of many layouts is best, as replicates come in: each that is clearly behind drops out.
//!
//! The procedure KN of Kim and Nelson (2001), *A fully sequential procedure for indifference-zone selection in simulation*,
//! ACM TOMACS 11. With k layouts on common random numbers, whose outputs are normal, n₀ first replicates, S²_il the variance
//! of the differences of i and l over these, and c = 1:
//!
//! ```text
//! η  = ½ [(2β)^(−2/(n₀−1)) − 1],   β = a / (k − 1)
//! h² = 2 η (n₀ − 1)
//! W_il(r) = max{0, δ/(2r) · (h² S²_il / δ² − r)}
//! ```
//!
//! After r replicates l drops out when some i that is still there has a mean that is larger by more than W_il(r). The best one
//! is chosen with probability 1 − a at least *when its lead is at least δ*; nothing is promised of smaller leads. To look at
//! some r only, as here, keeps the promise: what is looked at is still the path of a Brownian motion, at fewer times.
//!
//! Constraints are Procedure F of Andradóttir and Kim (2010), *Fully sequential procedures for comparing constrained systems
//! via simulation*, Naval Research Logistics 57: the same boundary, with a tolerance ε in the place of δ, about the slack of
//! each layout; the two halves of a go to the constraints and to the comparison, and only a layout that is found to keep
//! the constraints can beat another. A layout whose slack is above ε is taken to keep it, one whose slack is below −ε is not,
//! each with the promised probability; between them both are right.
//!
//! With several objectives a layout drops out when one other leads it in all of them. So a layout that leads each other one by
//! δ in some objective stays with probability 1 − a at least.

use std::collections::BTreeMap;

/// What decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// 1 − a.
    pub confidence: f64,
    /// n₀, at least 2.
    pub first: usize,
    /// δ of each objective, above 0.
    pub deltas: Vec<f64>,
    /// ε of each constraint, above 0.
    pub tolerances: Vec<f64>,
    /// Most replicates.
    pub most: usize,
    /// How many may be left at the end.
    pub left: usize,
}

/// What became of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is still there.
    In,
    /// Another layout, by position, leads it.
    Beaten(usize),
    /// It does not keep a constraint, by position.
    Infeasible(usize),
    /// It gives what another layout, by position, gives, in all first replicates.
    Twin(usize),
    /// It has no value in some replicate.
    Missing,
}

/// A layout and its values so far.
#[derive(Clone, Debug)]
pub struct Runner {
    /// What became of it.
    pub fate: Fate,
    /// Its replicates so far.
    pub replicates: usize,
    /// Whether it is found to keep each constraint.
    kept: Vec<bool>,
    /// By objective, then replicate: more is better. By constraint, then replicate: the slack, not below 0 where it is kept.
    values: Vec<Vec<f64>>,
    sums: Vec<f64>,
}

impl Runner {
    /// The mean of an objective, or of the slack of a constraint after these.
    pub fn mean(&self, at: usize) -> f64 {
        self.sums[at] / self.replicates as f64
    }

    /// The values of an objective, or the slack of a constraint after these, replicate by replicate.
    pub fn values(&self, at: usize) -> &[f64] {
        &self.values[at]
    }

    /// Whether it is there and keeps all constraints.
    pub fn is_feasible(&self) -> bool {
        self.fate == Fate::In && self.kept.iter().all(|kept| *kept)
    }
}

/// Layouts on the same replicates. Of equals the earlier one is taken, so the cheaper come first.
#[derive(Clone, Debug)]
pub struct Race {
    limits: Limits,
    runners: Vec<Runner>,
    /// h² of the comparison, and of the constraints.
    wide: [f64; 2],
    replicates: usize,
    /// Replicates after which nothing is open any more.
    last: usize,
    decided: bool,
}

impl Race {
    /// Before the first replicate.
    pub fn new(layouts: usize, limits: Limits) -> Self {
        let (k, constraints) = (layouts as f64, limits.tolerances.len());
        let error = 1.0 - limits.confidence;
        let part = if constraints > 0 { error / 2.0 } else { error };
        let wide = [
            part / (k - 1.0).max(1.0),
            part / (k * constraints.max(1) as f64),
        ];
        let values = limits.deltas.len() + constraints;
        let runner = Runner {
            fate: Fate::In,
            replicates: 0,
            kept: vec![false; constraints],
            values: vec![Vec::new(); values],
            sums: vec![0.0; values],
        };
        Self {
            wide: wide.map(|error| h_squared(error, limits.first)),
            runners: vec![runner; layouts],
            replicates: 0,
            last: limits.most,
            decided: false,
            limits,
        }
    }

    /// The layouts, in order.
    pub fn runners(&self) -> &[Runner] {
        &self.runners
    }

    /// Those that are still there.
    pub fn open(&self) -> Vec<usize> {
        let open = |at: &usize| self.runners[*at].fate == Fate::In;
        (0..self.runners.len()).filter(open).collect()
    }

    /// Whether the procedure came to its end, and was not cut short by the most replicates.
    pub fn is_decided(&self) -> bool {
        self.decided
    }

    /// How many replicates all that are still there need for the next look; none when there is nothing to wait for.
    pub fn next(&self) -> Option<usize> {
        let Limits { first, most, .. } = self.limits;
        if self.decided || self.replicates >= most {
            return None;
        }
        if self.replicates == 0 {
            return Some(first.min(most));
        }
        let more = self.replicates + (self.replicates / 4).max(5);
        Some(more.min(self.last.max(self.replicates) + 1).min(most))
    }

    /// A further replicate of a layout: its objectives (more is better), then the slack of each constraint.
    pub fn add(&mut self, layout: usize, values: &[f64]) {
        let runner = &mut self.runners[layout];
        if !values.iter().all(|value| value.is_finite()) {
            runner.fate = Fate::Missing;
            return;
        }
        runner.replicates += 1;
        for ((all, sum), value) in runner.values.iter_mut().zip(&mut runner.sums).zip(values) {
            all.push(*value);
            *sum += value;
        }
    }

    /// Looks at all that are still there, which have the same number of replicates.
    pub fn look(&mut self) {
        let open = self.open();
        let r = open.first().map_or(0, |at| self.runners[*at].replicates);
        let begun = std::mem::replace(&mut self.replicates, r);
        if begun < self.limits.first {
            self.twins(&open);
        }
        self.constraints(r);
        let open = self.open();
        // All are compared before any drops out.
        let beaten: Vec<(usize, usize)> = open
            .iter()
            .filter_map(|l| self.beaten(*l, &open, r).map(|i| (*l, i)))
            .collect();
        for (l, i) in beaten {
            self.runners[l].fate = Fate::Beaten(i);
        }
        let open = self.open();
        self.last = self.last(&open);
        let sure = open.iter().all(|at| self.runners[*at].is_feasible());
        self.decided = (open.len() <= self.limits.left && sure) || r > self.last;
    }

    /// The best of those that keep all constraints, by the mean of the first objective.
    pub fn best(&self) -> Option<usize> {
        let feasible = (0..self.runners.len()).filter(|at| self.runners[*at].is_feasible());
        let better = |best: Option<usize>, at: usize| match best {
            Some(best) if self.runners[at].mean(0) <= self.runners[best].mean(0) => Some(best),
            _ => Some(at),
        };
        feasible.fold(None, better)
    }

    fn twins(&mut self, open: &[usize]) {
        let mut known: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        for &at in open {
            let values = self.runners[at].values.iter().flatten();
            // 0 and −0 are the same number.
            let bits = values.map(|value| (value + 0.0).to_bits()).collect();
            match known.get(&bits) {
                Some(&first) => self.runners[at].fate = Fate::Twin(first),
                None => {
                    known.insert(bits, at);
                }
            }
        }
    }

    fn constraints(&mut self, r: usize) {
        let objectives = self.limits.deltas.len();
        for runner in self.runners.iter_mut().filter(|of| of.fate == Fate::In) {
            for (c, tolerance) in self.limits.tolerances.iter().enumerate() {
                if runner.kept[c] {
                    continue;
                }
                let slack = &runner.values[objectives + c];
                let variance = variance(slack, None, self.limits.first);
                let lead = lead(self.wide[1], variance, *tolerance, r);
                let mean = runner.sums[objectives + c] / r as f64;
                if mean >= lead {
                    runner.kept[c] = true;
                } else if mean <= -lead {
                    runner.fate = Fate::Infeasible(c);
                    break;
                }
            }
        }
    }

    /// The first of `open` that leads `l` in all objectives.
    fn beaten(&self, l: usize, open: &[usize], r: usize) -> Option<usize> {
        let of = &self.runners[l];
        let leads = |i: &usize| {
            let other = &self.runners[*i];
            let mut deltas = self.limits.deltas.iter().enumerate();
            *i != l
                && other.is_feasible()
                && deltas.all(|(at, delta)| {
                    let by = other.mean(at) - of.mean(at);
                    // Not even looked at closely where it is behind.
                    by > 0.0 && {
                        let first = self.limits.first;
                        let variance = variance(&other.values[at], Some(&of.values[at]), first);
                        by > lead(self.wide[0], variance, *delta, r)
                    }
                })
        };
        open.iter().copied().find(leads)
    }

    /// The last replicate at which some boundary of those that are open is above 0.
    fn last(&self, open: &[usize]) -> usize {
        let (first, most) = (self.limits.first, self.limits.most);
        let objectives = self.limits.deltas.len();
        let mut last = 0.0_f64;
        let mut see = |wide: f64, variance: f64, delta: f64| {
            last = last.max((wide * variance / (delta * delta)).floor());
        };
        for (turn, &i) in open.iter().enumerate() {
            let runner = &self.runners[i];
            for (c, tolerance) in self.limits.tolerances.iter().enumerate() {
                if !runner.kept[c] {
                    let slack = variance(&runner.values[objectives + c], None, first);
                    see(self.wide[1], slack, *tolerance);
                }
            }
            for &l in &open[turn + 1..] {
                for (at, delta) in self.limits.deltas.iter().enumerate() {
                    let other = &self.runners[l].values[at];
                    see(
                        self.wide[0],
                        variance(&runner.values[at], Some(other), first),
                        *delta,
                    );
                }
            }
        }
        last.min(most as f64) as usize
    }
}

/// h² = 2 η (n₀ − 1) of an error probability.
fn h_squared(error: f64, first: usize) -> f64 {
    let degrees = (first - 1) as f64;
    let eta = 0.5 * (libm::pow(2.0 * error, -2.0 / degrees) - 1.0);
    2.0 * eta.max(0.0) * degrees
}

/// W(r): by how much a mean of r replicates has to lead.
fn lead(wide: f64, variance: f64, delta: f64, r: usize) -> f64 {
    let r = r as f64;
    (delta / (2.0 * r) * (wide * variance / (delta * delta) - r)).max(0.0)
}

/// The variance of values, or of their differences, over the first ones.
fn variance(values: &[f64], less: Option<&[f64]>, first: usize) -> f64 {
    let n = first.min(values.len());
    let of = |at: usize| values[at] - less.map_or(0.0, |less| less[at]);
    // About the first one: equal numbers have no variance at all.
    let start = of(0);
    let mean = (0..n).map(|at| of(at) - start).sum::<f64>() / n as f64;
    let squares = (0..n).map(|at| {
        let by = of(at) - start - mean;
        by * by
    });
    squares.sum::<f64>() / (n.max(2) - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(deltas: &[f64], tolerances: &[f64]) -> Limits {
        Limits {
            confidence: 0.95,
            first: 10,
            deltas: deltas.to_vec(),
            tolerances: tolerances.to_vec(),
            most: 1000,
            left: 1,
        }
    }

    /// By hand: n₀ = 10 and k = 2 give η = ½ (0.1^(−2/9) − 1) = 0.33408 and h² = 6.0134; with S² = 4 and δ = 1 the
    /// boundary at r = 10 is (24.05 − 10) / 20 = 0.7027, and 0 from r = 25 on.
    #[test]
    fn the_boundary_by_hand() {
        let wide = h_squared(0.05, 10);
        assert!((wide - 6.0134).abs() < 1e-3, "{wide}");
        assert!((lead(wide, 4.0, 1.0, 10) - 0.7027).abs() < 1e-3);
        assert!(lead(wide, 4.0, 1.0, 24) > 0.0);
        assert_eq!(lead(wide, 4.0, 1.0, 25), 0.0);
        assert_eq!(variance(&[1.0, 3.0, 100.0], None, 2), 2.0);
        assert_eq!(variance(&[1.1, 2.1], Some(&[0.1, 1.1]), 2), 0.0);
    }

    fn run(race: &mut Race, of: impl Fn(usize, usize) -> Vec<f64>) -> Vec<usize> {
        let mut looks = vec![];
        while let Some(next) = race.next() {
            for layout in race.open() {
                for r in race.runners()[layout].replicates..next {
                    race.add(layout, &of(layout, r));
                }
            }
            race.look();
            looks.push(next);
        }
        looks
    }

    #[test]
    fn what_is_sure_takes_no_more_than_the_first_replicates() {
        let mut race = Race::new(4, limits(&[1.0], &[]));
        // Shared luck cancels; the third is the second again.
        let looks = run(&mut race, |layout, r| {
            vec![[0.0, 2.0, 2.0, f64::NAN][layout] + (r as f64)]
        });
        assert_eq!(looks, [10]);
        let fates: Vec<Fate> = race.runners().iter().map(|of| of.fate).collect();
        let expected = [Fate::Beaten(1), Fate::In, Fate::Twin(1), Fate::Missing];
        assert_eq!(fates, expected);
        assert!(race.is_decided());
        assert_eq!(race.best(), Some(1));
    }

    /// The best one does not keep the constraint, so it beats nobody.
    #[test]
    fn what_breaks_a_constraint_beats_nobody() {
        let mut race = Race::new(3, limits(&[1.0], &[0.5]));
        run(&mut race, |layout, _| match layout {
            0 => vec![0.0, 0.0],
            1 => vec![9.0, -2.0],
            _ => vec![1.0, 0.1],
        });
        let fates: Vec<Fate> = race.runners().iter().map(|of| of.fate).collect();
        assert_eq!(fates, [Fate::Beaten(2), Fate::Infeasible(0), Fate::In]);
        assert_eq!(race.best(), Some(2));
    }

    /// Behind in one of two objectives is not behind.
    #[test]
    fn a_trade_off_stays() {
        let mut race = Race::new(3, limits(&[1.0, 1.0], &[]));
        run(&mut race, |layout, _| match layout {
            0 => vec![1.0, 0.0],
            1 => vec![0.0, 1.0],
            _ => vec![-1.0, 0.5],
        });
        assert_eq!(race.open(), [0, 1]);
        // What does not vary is decided when it is seen.
        assert!(race.is_decided());
    }

    /// A difference that is not seen in the replicates that are allowed is left open, and said to be.
    #[test]
    fn cut_short_it_is_not_decided() {
        let of = Limits {
            most: 20,
            ..limits(&[0.01], &[])
        };
        let mut race = Race::new(2, of);
        let looks = run(&mut race, |layout, r| {
            vec![layout as f64 * (0.1 + (r % 2) as f64 - 0.5)]
        });
        assert_eq!(looks, [10, 15, 20]);
        assert_eq!(race.open(), [0, 1]);
        assert!(!race.is_decided());
    }
}
