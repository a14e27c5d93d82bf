//! Progress on standard error: a bar on a terminal, a line now and then without one.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use crate::experiment::Progress;
use crate::texts::say;

use super::{lang, say};

/// Shows how many replicates or runs are done, or months of replicates that take long.
#[derive(Debug)]
pub struct Bar {
    what: &'static str,
    bar: Option<ProgressBar>,
    plain: bool,
    /// Steps in all, and jobs of a step: the layouts of a replicate.
    of: u64,
    each: u64,
    /// Months of a job, where months are counted and not jobs.
    months: Option<u64>,
    /// Jobs or months.
    done: AtomicU64,
}

impl Bar {
    /// Of `of` of `what`, each of `each` jobs; so many jobs are done.
    pub fn new(what: &'static str, of: u64, each: u64, done: u64, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = (!quiet && terminal).then(|| {
            let bar = ProgressBar::new(of).with_position(done / each);
            let left = say!(lang(), "bar-left", eta = "{eta}");
            let style = format!("{what} {{wide_bar}} {{pos}}/{{len}}, {left}");
            if let Ok(style) = ProgressStyle::with_template(&style) {
                bar.set_style(style);
            }
            bar.reset_eta();
            bar.tick();
            bar
        });
        Self {
            what,
            bar,
            plain: !quiet && !terminal,
            of,
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
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn step(&self) {
        let jobs = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !jobs.is_multiple_of(self.each) {
            return;
        }
        let done = jobs / self.each;
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
        // Ten lines in all, however many replicates.
        if self.plain && done * 10 / self.of > (done - 1) * 10 / self.of {
            say(&say!(
                lang(),
                "bar-plain",
                what = self.what,
                done,
                of = self.of
            ));
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
