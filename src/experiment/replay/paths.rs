//! How many places have the items at the end of each step: in the history, and under a layout over the replicates.

use crate::experiment::labels::{dated, layout};
use crate::paired::quantile;
use crate::store::schema::Schema;
use crate::store::{Column, ColumnDef, TableData, TableDef};
use crate::world::{Calendar, NEVER};

use super::history::Replayed;

/// The table.
pub const PATHS: &str = "paths";

/// A step under a layout.
struct Point {
    layout: String,
    step: u16,
    factual: i64,
    /// Mean over the replicates, and the middle 95 % of them.
    replayed: [f64; 3],
}

fn schema<'a>(calendar: Calendar) -> Schema<'a, [Point]> {
    let what = "one row per layout and step: adopters of all items at its end";
    Schema::new(PATHS, what)
        .column(layout(), |rows: &mut [Point]| {
            Column::text(rows.iter().map(|row| Some(row.layout.as_str())))
        })
        .column(ColumnDef::month("month", "the step"), move |rows| {
            dated(calendar, rows.iter().map(|row| row.step))
        })
        .int(
            "factual",
            "adoptions",
            "adoptions of the history so far",
            |row: &Point| Some(row.factual),
        )
        .float(
            "replayed",
            "adoptions",
            "under the layout, mean over the replicates",
            |row| row.replayed[0],
        )
        .float(
            "low",
            "adoptions",
            "2.5 % quantile over the replicates",
            |row| row.replayed[1],
        )
        .float("high", "adoptions", "97.5 % quantile", |row| {
            row.replayed[2]
        })
}

/// The definition.
pub(super) fn definition(calendar: Calendar) -> TableDef {
    schema(calendar).def()
}

/// Adoptions by step: what differs, as it is gathered.
pub(super) struct Paths {
    months: usize,
    /// By layout and replicate, by step: adoptions more or fewer than in the history.
    sides: Vec<Vec<Vec<i32>>>,
}

impl Paths {
    /// Of so many layouts and replicates, in none of which anything differs so far.
    pub(super) fn new(sides: usize, replicates: usize, months: u16) -> Self {
        let months = usize::from(months);
        let none = vec![vec![0; months]; replicates];
        Self {
            months,
            sides: vec![none; sides],
        }
    }

    /// Writes down an adoption that was in another step than in the history, in the replicate at a position.
    pub(super) fn note(&mut self, side: usize, replicate: usize, was: u16, is: u16) {
        let of = &mut self.sides[side][replicate];
        for (step, by) in [(was, -1), (is, 1)] {
            if let Some(sum) = of.get_mut(usize::from(step)).filter(|_| step != NEVER) {
                *sum += by;
            }
        }
    }

    /// The rows.
    pub(super) fn table(&self, replayed: &Replayed) -> TableData {
        let world = replayed.factual();
        let mut history = vec![0i64; self.months];
        let events = world.given.iter().flat_map(|item| &item.history);
        for (month, ..) in events {
            if let Some(sum) = history.get_mut(usize::from(*month)) {
                *sum += 1;
            }
        }
        let mut rows = Vec::new();
        for (side, of) in replayed.sides.iter().zip(&self.sides).skip(1) {
            let (mut factual, mut sums) = (0, vec![0i64; of.len()]);
            for step in 0..self.months {
                factual += history[step];
                for (sum, changes) in sums.iter_mut().zip(of) {
                    *sum += i64::from(changes[step]);
                }
                let values: Vec<f64> = sums.iter().map(|sum| (factual + sum) as f64).collect();
                let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
                rows.push(Point {
                    layout: side.name.clone(),
                    step: step as u16,
                    factual,
                    replayed: [mean, quantile(&values, 0.025), quantile(&values, 0.975)],
                });
            }
        }
        schema(world.calendar).data(&mut rows[..])
    }
}
