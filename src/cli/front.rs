//! Who a command speaks to, and who may tell it to stop: a terminal, or a program that calls it.
//!
//! A command runs on one thread, and what it says is said there; the [`Front`] of that thread hears it. What other
//! threads tell of their progress goes to the [`Shown`] that the command was given.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};

use crate::experiment::Stop;
use crate::scenario::Problems;
use crate::texts::{Lang, say};

use super::signals::{self, From};

/// Who a command speaks to.
pub trait Front: Send + Sync {
    /// The language of messages.
    fn lang(&self) -> Lang;
    /// Words for people, without what moves the cursor of a terminal.
    fn say(&self, line: &str);
    /// What a program wants to read, cleaned in the same way.
    ///
    /// # Errors
    /// Those of writing.
    fn print(&self, text: &str) -> io::Result<()>;
    /// What is wrong, or perhaps not meant, as data; its words are said besides.
    fn problems(&self, _: &Problems) {}
    /// Shows how much of `of` is done.
    fn progress(&self, what: &str, of: u64, done: u64) -> Box<dyn Shown>;
    /// Jobs begin, which end when they are told to stop.
    fn begins(&self, stop: &Arc<Stop>, from: From);
    /// Makes the threads of what is not done on those of a runner.
    fn threads(&self) {}
    /// Whether a person looks at it while it works, at colours and at what turns.
    fn is_watched(&self) -> bool {
        false
    }
    /// Whether somebody waits for what comes; when not, nothing more is written.
    fn waits(&self) -> bool {
        true
    }
}

/// Progress that is shown; called from any thread.
pub trait Shown: Send + Sync {
    /// So much is done.
    fn at(&self, done: u64);
    /// Nothing more comes.
    fn end(&self) {}
}

/// A command that is being done.
struct Call {
    front: Arc<dyn Front>,
    words: Vec<String>,
}

thread_local! {
    static CALL: RefCell<Option<Call>> = const { RefCell::new(None) };
}

/// Does `work`, a command of these words, for a front.
pub fn speaking_to<R>(front: Arc<dyn Front>, words: Vec<String>, work: impl FnOnce() -> R) -> R {
    struct Before(Option<Call>);
    impl Drop for Before {
        fn drop(&mut self) {
            CALL.replace(self.0.take());
        }
    }
    let _before = Before(CALL.replace(Some(Call { front, words })));
    work()
}

/// Whom this thread's command speaks to; a terminal where nothing else is said.
pub fn front() -> Arc<dyn Front> {
    CALL.with_borrow(|call| match call {
        Some(call) => Arc::clone(&call.front),
        None => Arc::new(Terminal::default()),
    })
}

/// The command, word by word.
pub fn command_line() -> Vec<String> {
    CALL.with_borrow(|call| {
        call.as_ref()
            .map_or_else(Vec::new, |call| call.words.clone())
    })
}

/// The standard streams and signals of this process, which is one command.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal {
    /// The language of messages.
    pub lang: Lang,
}

impl Front for Terminal {
    fn lang(&self) -> Lang {
        self.lang
    }

    fn say(&self, line: &str) {
        // Nobody is left to be told when standard error is closed.
        let _ = writeln!(io::stderr(), "{line}");
    }

    fn print(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            // A reader that has gone away (`| head`) is no error.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    }

    fn progress(&self, what: &str, of: u64, done: u64) -> Box<dyn Shown> {
        if !io::stderr().is_terminal() {
            let what = what.to_owned();
            let terminal = *self;
            return Box::new(Lines { what, of, terminal });
        }
        let bar = ProgressBar::new(of).with_position(done);
        let left = say!(self.lang, "bar-left", eta = "{eta}");
        let style = format!("{what} {{wide_bar}} {{pos}}/{{len}}, {left}");
        if let Ok(style) = ProgressStyle::with_template(&style) {
            bar.set_style(style);
        }
        bar.reset_eta();
        bar.tick();
        Box::new(bar)
    }

    fn begins(&self, stop: &Arc<Stop>, from: From) {
        signals::watch(stop, from);
    }

    fn threads(&self) {
        super::shared_threads();
    }

    fn is_watched(&self) -> bool {
        io::stderr().is_terminal()
    }
}

impl Shown for ProgressBar {
    fn at(&self, done: u64) {
        self.set_position(done);
    }

    fn end(&self) {
        self.finish_and_clear();
    }
}

/// A line now and then.
struct Lines {
    what: String,
    of: u64,
    terminal: Terminal,
}

impl Shown for Lines {
    fn at(&self, done: u64) {
        // Ten lines in all, however many replicates.
        if done > 0 && done * 10 / self.of > (done - 1) * 10 / self.of {
            let (what, of) = (self.what.as_str(), self.of);
            let line = say!(self.terminal.lang, "bar-plain", what, done, of);
            self.terminal.say(&line);
        }
    }
}
