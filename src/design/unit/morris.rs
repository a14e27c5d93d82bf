//! The design for elementary effects.
//!
//! Morris (1991), *Factorial sampling plans for preliminary computational experiments*,
//! Technometrics 33, 161–174: each parameter has p levels 0, 1/(p − 1), …, 1; a trajectory starts
//! anywhere on the grid and moves one parameter after the other, in random order, by
//! Δ = p / (2 (p − 1)), up or down. With p even every level is equally likely. Campolongo, Cariboni
//! and Saltelli (2007), *An effective screening design for sensitivity analysis of large models*,
//! Environ. Modell. Softw. 22, 1509–1518, take μ* from it; their choice of the r most distant of
//! many trajectories is left out, because then more trajectories would not extend fewer.

use rand::Rng;

use super::Draws;

/// The most levels of a Morris design.
pub const MAX_LEVELS: u32 = 1000;

/// One move of a trajectory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which parameter moves, from 0.
    pub parameter: usize,
    /// Whether by +Δ; otherwise by −Δ.
    pub up: bool,
}

/// The endless sequence of trajectories under one seed.
#[derive(Clone, Copy, Debug)]
pub struct Trajectories {
    draws: Draws,
    k: usize,
    levels: u32,
}

impl Trajectories {
    /// The trajectories of `k` parameters on `levels` levels (even, 2 to [`MAX_LEVELS`]; an odd
    /// number is taken as the next even one).
    pub fn new(k: usize, levels: u32, seed: u64) -> Self {
        Self {
            draws: Draws::new("morris", seed),
            k,
            levels: levels.clamp(2, MAX_LEVELS).next_multiple_of(2),
        }
    }

    /// Trajectory number `index`: k + 1 rows of k columns, and the k moves between them.
    pub fn trajectory(&self, index: u32) -> (Vec<f64>, Vec<Step>) {
        let half = self.levels / 2;
        let mut start = Vec::with_capacity(self.k);
        let mut moves = Vec::with_capacity(self.k);
        for parameter in 0..self.k {
            let mut stream = self.draws.stream(index, parameter as u32, 0);
            // One word each: place in the order, direction, level. A multiply takes the level's
            // word to 0..p/2; its bias is below p / 2^64.
            let order = stream.next_u64();
            let up = stream.next_u64() >> 63 == 1;
            let low = ((u128::from(stream.next_u64()) * u128::from(half)) >> 64) as u32;
            start.push(if up { low } else { low + half });
            moves.push((order, Step { parameter, up }));
        }
        moves.sort_unstable_by_key(|(order, step)| (*order, step.parameter));
        let moves: Vec<Step> = moves.into_iter().map(|(_, step)| step).collect();
        let share = |level: u32| f64::from(level) / f64::from(self.levels - 1);
        let mut rows: Vec<f64> = start.iter().map(|level| share(*level)).collect();
        rows.reserve_exact(self.k * self.k);
        for step in &moves {
            let level = &mut start[step.parameter];
            *level = if step.up {
                *level + half
            } else {
                *level - half
            };
            let from = rows.len() - self.k;
            rows.extend_from_within(from..);
            rows[from + self.k + step.parameter] = share(*level);
        }
        (rows, moves)
    }
}

/// The first `trajectories` trajectories of `k` parameters, (trajectories · (k + 1)) × k,
/// row-major, and the moves, k for each trajectory.
pub fn morris(trajectories: u32, k: usize, levels: u32, seed: u64) -> (Vec<f64>, Vec<Step>) {
    let sequence = Trajectories::new(k, levels, seed);
    let (mut rows, mut moves) = (Vec::new(), Vec::new());
    for index in 0..trajectories {
        let (more, steps) = sequence.trajectory(index);
        rows.extend(more);
        moves.extend(steps);
    }
    (rows, moves)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Each step moves its parameter by Δ and no other; each parameter moves once; every value
        /// is one of the levels.
        #[test]
        fn trajectories_move_one_parameter_at_a_time(
            r in 1..5u32, k in 1..9usize, half in 1..6u32, seed: u64,
        ) {
            let levels = 2 * half;
            let (rows, moves) = morris(r, k, levels, seed);
            let delta = f64::from(levels) / (2.0 * f64::from(levels - 1));
            prop_assert_eq!(rows.len(), r as usize * (k + 1) * k);
            for (rows, moves) in rows.chunks_exact((k + 1) * k).zip(moves.chunks_exact(k)) {
                let rows: Vec<&[f64]> = rows.chunks_exact(k).collect();
                let mut moved = vec![false; k];
                for (pair, step) in rows.windows(2).zip(moves) {
                    for (column, (before, after)) in pair[0].iter().zip(pair[1]).enumerate() {
                        let due = match (column == step.parameter, step.up) {
                            (false, _) => 0.0,
                            (true, true) => delta,
                            (true, false) => -delta,
                        };
                        prop_assert!((after - before - due).abs() < 1e-12);
                    }
                    prop_assert!(!moved[step.parameter]);
                    moved[step.parameter] = true;
                }
                for value in rows.iter().flat_map(|row| row.iter()) {
                    let level = value * f64::from(levels - 1);
                    prop_assert!((0.0..=1.0).contains(value) && (level - level.round()).abs() < 1e-9);
                }
            }
        }

        #[test]
        fn more_trajectories_keep_the_first(r in 1..9u32, more in 0..9u32, k in 1..9usize, seed: u64) {
            let (few, steps) = morris(r, k, 4, seed);
            let (many, more_steps) = morris(r + more, k, 4, seed);
            prop_assert_eq!(&few[..], &many[..few.len()]);
            prop_assert_eq!(&steps[..], &more_steps[..steps.len()]);
        }
    }

    /// Levels, directions and first movers are equally likely: χ² with 3, 1 and 4 degrees of
    /// freedom, each below its point for one seed in a million (30.7, 24.0, 33.4).
    #[test]
    fn levels_directions_and_orders_are_even() {
        let (r, k) = (5000u32, 5);
        let (rows, moves) = morris(r, k, 4, 3);
        let chi = |counts: &[u32]| {
            let even = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
            counts
                .iter()
                .map(|c| (f64::from(*c) - even).powi(2) / even)
                .sum::<f64>()
        };
        let (mut level, mut up, mut first) = ([0; 4], [0; 2], [0; 5]);
        for (rows, moves) in rows.chunks_exact((k + 1) * k).zip(moves.chunks_exact(k)) {
            level[(rows[2] * 3.0).round() as usize] += 1;
            let step = moves
                .iter()
                .find(|step| step.parameter == 2)
                .expect("moves once");
            up[usize::from(step.up)] += 1;
            first[moves[0].parameter] += 1;
        }
        assert!(chi(&level) < 30.7, "{level:?}");
        assert!(chi(&up) < 24.0, "{up:?}");
        assert!(chi(&first) < 33.4, "{first:?}");
    }
}
