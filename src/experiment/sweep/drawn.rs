//! Draws of the parameters for what is no sweep: the rows of a table, each of which meets a few replicates of a pool.
//! The runs of all draws are numbered one after the other, so that they are kept, divided and added to as replicates are.

use std::path::Path;

use crate::design::{Level, Pool};
use crate::scenario::problem::Report;
use crate::scenario::{Loaded, Problem, Problems, Setting, parameter_table};
use crate::store::Input;
use crate::texts::text;

use super::level::setting;
use super::made::{named, posterior};
use super::over::{enough_of_each, not_set_twice};
use super::parameters::rows_of;
use super::read::check_pool;
use super::{Parameter, design};

/// Draws of the parameters.
#[derive(Debug)]
pub struct Drawn {
    parameters: Vec<Parameter>,
    rows: Vec<Vec<Level>>,
    each: u32,
    /// The replicate of each run.
    met: Vec<u32>,
    input: Input,
}

impl Drawn {
    /// The first rows of a table, or all; each meets `each` replicates. `sides` are the layouts at which they are taken.
    ///
    /// # Errors
    /// What is wrong with the table, too few draws or replicates, and a parameter that a layout or the command line sets.
    pub fn read(
        table: &Path,
        draws: Option<u32>,
        each: u32,
        sides: &[(&str, &Loaded)],
    ) -> Result<Self, Problems> {
        let mut report = Report::default();
        enough_of_each(each, &mut report);
        let Some(mut document) = posterior(table, draws, &mut report) else {
            return Err(report.finish());
        };
        (document.spec.pool, document.spec.replicates) = (true, each);
        let rows = match sides.first() {
            Some((_, loaded)) => rows_of(&loaded.scenario, parameter_table()),
            None => Vec::new(),
        };
        let laid = design::lay(&document, &[], &rows, &mut report);
        if let Some(laid) = laid.as_ref().filter(|_| report.errors() == 0) {
            check_pool(&document, &laid.kind, laid.rows.len(), &mut report);
        }
        let Some(laid) = laid.filter(|_| report.errors() == 0) else {
            let problems = report.finish();
            return Err(Problems {
                problems: named(problems.problems, Some(table), None),
                ..problems
            });
        };
        not_set_twice(&laid.parameters, sides.iter().copied(), false)?;
        let path = table.display().to_string();
        let bytes = std::fs::read(table).map_err(|error| {
            Problems::from(Problem::error(&path, text!("cannot-be-read", error)))
        })?;
        let rows: Vec<Vec<Level>> = laid.rows.into_iter().map(|row| row.values).collect();
        Ok(Self {
            parameters: laid.parameters,
            met: Pool::new(each).replicates(rows.len()),
            rows,
            each,
            input: Input::of(path, &bytes),
        })
    }

    /// The table that they were read from.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// Number of draws.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Replicates of each draw.
    pub fn each(&self) -> u32 {
        self.each
    }

    /// Replicates of the pool.
    pub fn pool(&self) -> u32 {
        Pool::new(self.each).size()
    }

    /// Number of runs.
    pub fn runs(&self) -> u32 {
        self.met.len() as u32
    }

    /// The draw of a run, and its replicate.
    pub fn run(&self, run: u32) -> (usize, u32) {
        let replicate = self.met.get(run as usize).copied().unwrap_or(0);
        ((run / self.each) as usize, replicate)
    }

    /// The values of a draw.
    pub fn values(&self, draw: usize) -> Vec<Setting> {
        let values = self.rows.get(draw).into_iter().flatten();
        let values = self.parameters.iter().zip(values);
        values.map(|(of, value)| setting(&of.key, value)).collect()
    }
}
