//! Progress on standard error: a bar on a terminal, a line now and then without one.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use crate::experiment::Progress;

use super::say;

/// Shows how many replicates are done.
#[derive(Debug)]
pub struct Bar {
    bar: Option<ProgressBar>,
    plain: bool,
    of: u64,
    done: AtomicU64,
}

impl Bar {
    /// Of `of` replicates, `done` are there.
    pub fn new(of: u64, done: u64, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = (!quiet && terminal).then(|| {
            let bar = ProgressBar::new(of).with_position(done);
            let style = "replicates {wide_bar} {pos}/{len}, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style);
            }
            bar.reset_eta();
            bar.tick();
            bar
        });
        Self {
            bar,
            plain: !quiet && !terminal,
            of,
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

impl Progress for Bar {
    fn finished(&self, _: u32) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
        // Ten lines in all, however many replicates.
        if self.plain && done * 10 / self.of > (done - 1) * 10 / self.of {
            say(&format!("replicates: {done} of {}", self.of));
        }
    }
}
