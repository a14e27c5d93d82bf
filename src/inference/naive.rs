//! Naive models that the estimated one is held against, with two parameters each:
//!
//! - Bass (1969): h = E_i · (a + b · F), F the share of all places that have the item at the end of the period before;
//! - complementary log-log on the neighbours: h = E_i · exp(a + b · X), X the sum of the exposures.
//!
//! Both are fitted to rows in spells, as the model is: within a piece X is the same, and F is summed up beforehand.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::gather::{ITEMS, Piece, Setting};
use super::held::Rows;
use super::likelihood::{Likelihood, adoption};
use super::maximise::maximise;
use super::replay::{ItemHistory, Room};

/// A naive model, fitted to some rows.
#[derive(Clone, Copy, Debug)]
pub struct Fitted {
    /// `bass` or `cloglog`.
    pub model: &'static str,
    /// a and b.
    pub p: [f64; 2],
    /// ℓ of these rows.
    pub loglik: f64,
    /// Whether the search ended.
    pub done: bool,
}

/// How many places have an item, period by period.
struct Heard {
    /// From this period on there are so many, and their sum over the periods before it.
    steps: Vec<(i32, f64, f64)>,
}

impl Heard {
    fn new(item: &ItemHistory) -> Self {
        let [first, last] = item.risk;
        let mut changes: BTreeMap<i32, f64> = BTreeMap::new();
        let mut change = |from: i32, by: f64| *changes.entry(from.max(first)).or_default() += by;
        change(first, f64::from(u8::from(item.origin.is_some())));
        for (_, time, until) in &item.adoptions {
            let from = time.saturating_add(1).max(first);
            let end = until.map_or(i32::MAX, |until| until.saturating_add(1));
            if from < end {
                change(from, 1.0);
                change(end, -1.0);
            }
        }
        let mut steps: Vec<(i32, f64, f64)> = Vec::new();
        for (from, by) in changes.into_iter().filter(|(from, _)| *from <= last) {
            let (begin, count, before) = steps.last().copied().unwrap_or((from, 0.0, 0.0));
            let passed = f64::from(from) - f64::from(begin);
            steps.push((from, count + by, before + count * passed));
        }
        Self { steps }
    }

    fn step(&self, period: i32) -> usize {
        let known = self.steps.partition_point(|step| step.0 <= period);
        known.saturating_sub(1)
    }

    /// How many have it, as a row of this period reads it.
    fn at(&self, period: i32) -> f64 {
        self.steps[self.step(period)].1
    }

    /// The sum of that over the periods before this one.
    fn sum(&self, period: i32) -> f64 {
        let (from, count, before) = self.steps[self.step(period)];
        before + count * (f64::from(period) - f64::from(from))
    }
}

/// The period after so many rows.
fn after(from: i32, rows: f64) -> i32 {
    from.saturating_add(rows as i32)
}

/// Equal numbers, by their bits.
type Counts = BTreeMap<[u64; 2], f64>;

/// Runs over the pieces of all items; parts are in order of items.
fn parts<T: Send + Default>(
    setting: &Setting<'_>,
    each: impl Fn(&mut T, usize, &Piece<'_>) + Sync,
) -> Vec<T> {
    let items = setting.items.len();
    (0..items.div_ceil(ITEMS))
        .into_par_iter()
        .map(|n| {
            let (mut part, mut room) = (T::default(), Room::default());
            for number in n * ITEMS..items.min((n + 1) * ITEMS) {
                setting.pieces(number, &mut room, |piece| each(&mut part, number, &piece));
            }
            part
        })
        .collect()
}

/// Bass' model, fitted to the rows that are kept.
pub fn bass(setting: &Setting<'_>, kept: &Rows) -> Option<Fitted> {
    let places = setting.places() as f64;
    let heard: Vec<Heard> = setting.items.iter().map(Heard::new).collect();
    let parts = parts(setting, |part: &mut ([f64; 2], Counts), number, piece| {
        let (rows, adopts) = piece.part(number, kept);
        let heard = &heard[number];
        if rows > 0.0 {
            let sum = heard.sum(after(piece.from, rows)) - heard.sum(piece.from);
            part.0[0] += piece.ready * rows;
            part.0[1] += piece.ready * sum / places;
        }
        if adopts && let Some(period) = piece.adopts {
            let share = heard.at(period) / places;
            *part
                .1
                .entry([piece.ready, share].map(f64::to_bits))
                .or_default() += 1.0;
        }
    });
    let (mut totals, mut counts) = ([0.0; 2], Counts::new());
    for (sums, more) in parts {
        (0..2).for_each(|m| totals[m] += sums[m]);
        more.into_iter()
            .for_each(|(at, n)| *counts.entry(at).or_default() += n);
    }
    let adoptions: f64 = counts.values().sum();
    if adoptions == 0.0 {
        return None;
    }
    let rows = counts.keys().flat_map(|bits| {
        let [ready, share] = bits.map(f64::from_bits);
        [ready, ready * share]
    });
    let l = Likelihood {
        rates: 2,
        intrinsic: 1,
        totals: totals.to_vec(),
        adoptions: rows.collect(),
        counts: counts.values().map(|n| (0, *n)).collect(),
        ..Likelihood::default()
    };
    let plain = adoptions / totals[0].max(1.0);
    let best = maximise(&l, &[plain / 2.0, plain], &[true; 2]);
    let p = [best.at[0], best.at[1]];
    best.of.value.is_finite().then_some(Fitted {
        model: "bass",
        p,
        loglik: best.of.value,
        done: best.done,
    })
}

/// Calls `put` with the hazard under Bass' model of parts of a piece of an item in which it is the same.
pub fn of_bass(
    setting: &Setting<'_>,
    [a, b]: [f64; 2],
) -> impl for<'a> FnMut(usize, &Piece<'a>, &mut dyn FnMut(f64, Piece<'a>)) + use<> {
    let places = setting.places() as f64;
    let heard: Vec<Heard> = setting.items.iter().map(Heard::new).collect();
    move |number, piece, put| {
        let heard = &heard[number];
        let end = after(piece.from, piece.rows);
        let hazard = |period| piece.ready * (a + b * heard.at(period) / places);
        let mut from = piece.from;
        while from < end {
            let next = heard.steps.get(heard.step(from) + 1);
            let to = next.map_or(end, |next| next.0.min(end));
            let rows = f64::from(to) - f64::from(from);
            let part = Piece {
                from,
                rows,
                adopts: None,
                ..*piece
            };
            put(hazard(from), part);
            from = to;
        }
        if let Some(period) = piece.adopts {
            let part = Piece {
                from: period,
                rows: 0.0,
                ..*piece
            };
            put(hazard(period), part);
        }
    }
}

/// The sum of the exposures of a piece, those in the terms of the setting, and E_i. With a linear response x over E_i is
/// the exposure.
fn exposure(setting: &Setting<'_>, piece: &Piece<'_>) -> (f64, f64) {
    let (columns, ready) = (setting.columns(), piece.ready);
    let terms = columns.intrinsic..columns.intrinsic + columns.terms;
    let heard: f64 = piece.x[terms].iter().sum();
    (if ready > 0.0 { heard / ready } else { 0.0 }, ready)
}

/// The complementary log-log model on the neighbours, fitted to the rows that are kept.
pub fn cloglog(setting: &Setting<'_>, kept: &Rows) -> Option<Fitted> {
    // Readiness without an adoption, and adoptions, at each exposure; E_i · n rows have the hazard of n.
    type Cells = BTreeMap<u64, (f64, BTreeMap<u64, f64>)>;
    let parts = parts(setting, |cells: &mut Cells, number, piece| {
        let (rows, adopts) = piece.part(number, kept);
        let (x, ready) = exposure(setting, piece);
        let cell = cells.entry(x.to_bits()).or_default();
        cell.0 += rows * ready;
        if adopts {
            *cell.1.entry(ready.to_bits()).or_default() += 1.0;
        }
    });
    let mut cells = Cells::new();
    for (x, (ready, adopters)) in parts.into_iter().flatten() {
        let cell = cells.entry(x).or_default();
        cell.0 += ready;
        adopters
            .into_iter()
            .for_each(|(of, n)| *cell.1.entry(of).or_default() += n);
    }
    let adoptions: f64 = cells.values().flat_map(|cell| cell.1.values()).sum();
    let total: f64 = cells.values().map(|cell| cell.0).sum();
    if adoptions == 0.0 {
        return None;
    }
    // ℓ is concave in both.
    let mut p = [libm::log(adoptions / total.max(1.0)), 0.0];
    let at = |p: [f64; 2]| {
        let (mut value, mut gradient, mut curve) = (0.0, [0.0; 2], [0.0; 3]);
        for (x, (ready, adopters)) in &cells {
            let x = f64::from_bits(*x);
            let rate = libm::exp(p[0] + p[1] * x);
            let mut put = |value_of: f64, first: f64, second: f64| {
                value += value_of;
                gradient[0] += first;
                gradient[1] += first * x;
                curve[0] += second;
                curve[1] += second * x;
                curve[2] += second * x * x;
            };
            put(-ready * rate, -ready * rate, -ready * rate);
            for (ready, count) in adopters {
                let h = f64::from_bits(*ready) * rate;
                // d/dη of a function of h = e^η: h·f′, and h·f′ + h²·f″.
                let [of, first, second] = adoption(h);
                put(
                    count * of,
                    count * h * first,
                    count * (h * first + h * h * second),
                );
            }
        }
        (value, gradient, curve)
    };
    let (mut now, mut done) = (at(p), false);
    for _ in 0..200 {
        let (_, g, c) = now;
        let det = c[0] * c[2] - c[1] * c[1];
        let step = match det > 1e-12 * c[0] * c[2] {
            true => [
                (-g[0] * c[2] + g[1] * c[1]) / det,
                (-g[1] * c[0] + g[0] * c[1]) / det,
            ],
            // One exposure alone tells no slope.
            false => [-g[0] / c[0], 0.0],
        };
        let mut share = 1.0;
        let next = loop {
            let to = [p[0] + share * step[0], p[1] + share * step[1]];
            let there = at(to);
            if there.0 >= now.0 || share < 1e-10 {
                break (to, there);
            }
            share /= 2.0;
        };
        let gain = next.1.0 - now.0;
        (p, now) = next;
        if gain < 1e-10 {
            done = true;
            break;
        }
    }
    now.0.is_finite().then_some(Fitted {
        model: "cloglog",
        p,
        loglik: now.0,
        done,
    })
}

/// The hazard of a piece under that model.
pub fn of_cloglog(setting: &Setting<'_>, p: [f64; 2], piece: &Piece<'_>) -> f64 {
    let (x, ready) = exposure(setting, piece);
    ready * libm::exp(p[0] + p[1] * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The origin and one that adopted before are heard from the first period at risk, one that adopts in 3 in 4, and to
    /// its end with 5; sums are over the periods before.
    #[test]
    fn places_that_have_an_item_are_counted_by_period() {
        let item = ItemHistory {
            domain: 0,
            quality: 1.0,
            risk: [2, 8],
            origin: Some(0),
            adoptions: vec![(1, -4, None), (2, 3, Some(5)), (3, 8, None)],
        };
        let heard = Heard::new(&item);
        let counts: Vec<f64> = (2..=8).map(|t| heard.at(t)).collect();
        assert_eq!(counts, [2.0, 2.0, 3.0, 3.0, 2.0, 2.0, 2.0]);
        let sums: Vec<f64> = (2..=9).map(|t| heard.sum(t)).collect();
        assert_eq!(sums, [0.0, 2.0, 4.0, 7.0, 10.0, 12.0, 14.0, 16.0]);
    }
}
