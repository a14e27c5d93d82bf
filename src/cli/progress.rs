//! Progress on standard error: a bar on a terminal, a line now and then without one.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use crate::experiment::{Progress, sweep};

use super::say;

/// Shows how many replicates or runs are done, or months of replicates that take long.
#[derive(Debug)]
pub struct Bar {
    what: &'static str,
    bar: Option<ProgressBar>,
    plain: bool,
    of: u64,
    /// Steps that a replicate has when it is finished: 1, or 0 where its months are counted.
    replicate: u64,
    done: AtomicU64,
}

impl Bar {
    /// Of `of` of `what`, `done` are there.
    pub fn new(what: &'static str, of: u64, done: u64, quiet: bool) -> Self {
        Self::counting(what, 1, of, done, quiet)
    }

    /// Months of replicates; a replicate has `months`.
    pub fn of_months(of: u64, done: u64, months: u64, quiet: bool) -> Self {
        Self::counting(
            "months of all replicates",
            0,
            of * months,
            done * months,
            quiet,
        )
    }

    fn counting(what: &'static str, replicate: u64, of: u64, done: u64, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = (!quiet && terminal).then(|| {
            let bar = ProgressBar::new(of).with_position(done);
            let style = format!("{what} {{wide_bar}} {{pos}}/{{len}}, {{eta}} left");
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
            replicate,
            done: AtomicU64::new(done),
        }
    }

    /// Takes the bar away.
    pub fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Bar {
    fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
        // Ten lines in all, however many replicates.
        if self.plain && done * 10 / self.of > (done - 1) * 10 / self.of {
            say(&format!("{}: {done} of {}", self.what, self.of));
        }
    }
}

impl Progress for Bar {
    fn finished(&self, _: u32) {
        if self.replicate > 0 {
            self.step();
        }
    }

    fn month(&self) {
        if self.replicate == 0 {
            self.step();
        }
    }
}

impl sweep::Progress for Bar {
    fn finished(&self, _: bool) {
        self.step();
    }
}
