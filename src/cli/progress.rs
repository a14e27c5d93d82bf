//! How far jobs are, as the one who waits is shown it.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::experiment::Progress;
use crate::texts::say;

use super::front::{Shown, front};
use super::lang;

/// Shows how many replicates or runs are done, or months of replicates that take long.
pub struct Bar {
    shown: Option<Box<dyn Shown>>,
    /// Jobs of a step: the layouts of a replicate.
    each: u64,
    /// Months of a job, where months are counted and not jobs.
    months: Option<u64>,
    /// Jobs or months.
    done: AtomicU64,
}

impl Bar {
    /// Of `of` of `what`, each of `each` jobs; so many jobs are done.
    pub fn new(what: &str, of: u64, each: u64, done: u64, quiet: bool) -> Self {
        Self {
            shown: (!quiet).then(|| front().progress(what, of, done / each)),
            each,
            months: None,
            done: AtomicU64::new(done),
        }
    }

    /// Months of replicates; a replicate has `months`.
    pub fn of_months(of: u64, done: u64, months: u64, quiet: bool) -> Self {
        let what = say!(lang(), "bar-months");
        Self {
            months: Some(months),
            ..Self::new(what, of * months, 1, done * months, quiet)
        }
    }

    /// Takes the bar away.
    pub fn done(&self) {
        if let Some(shown) = &self.shown {
            shown.end();
        }
    }

    fn step(&self) {
        let jobs = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !jobs.is_multiple_of(self.each) {
            return;
        }
        if let Some(shown) = &self.shown {
            shown.at(jobs / self.each);
        }
    }
}

impl Progress for Bar {
    fn finished(&self) {
        if self.months.is_none() {
            self.step();
        }
    }

    fn month(&self) {
        if self.months.is_some() {
            self.step();
        }
    }

    fn elsewhere(&self) {
        for _ in 0..self.months.unwrap_or(1) {
            self.step();
        }
    }
}
