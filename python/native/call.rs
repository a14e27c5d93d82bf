//! Commands: the words of one go to the library's own command line, on a thread of their own; the thread of Python waits,
//! looks for Ctrl-C and tells of progress.

use std::ffi::OsString;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pointplane::cli::{self, Exit, Front, Shown, StopFrom};
use pointplane::experiment::Stop;
use pointplane::scenario::Problems;
use pointplane::texts::Lang;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use rayon::ThreadPoolBuilder;

/// How often Python is looked at while a command works.
const LOOK: Duration = Duration::from_millis(50);
/// Room for what reads nested files and expressions: as much as the first thread of a program has.
const STACK: usize = 8 << 20;

/// What came of a command.
#[pyclass(frozen, get_all)]
pub struct Answer {
    /// The exit code of the command.
    code: u8,
    /// What it says to people, line by line.
    said: Vec<String>,
    /// What it prints for programs.
    printed: String,
    /// What is wrong or perhaps not meant, as JSON.
    problems: String,
}

/// The language of a code.
pub fn lang(code: &str) -> PyResult<Lang> {
    match code {
        "en" => Ok(Lang::En),
        "zh" => Ok(Lang::Zh),
        _ => Err(PyValueError::new_err(format!(
            "lang must be 'en' or 'zh', not {code:?}"
        ))),
    }
}

/// Does a command whose first word is its name. `observe` is called with what is counted, how much is done and of how much;
/// what it raises ends the command as Ctrl-C does. With `hold` the command is told to stop before its first job: the results
/// folder is made ready, and that is all.
///
/// Of a command with `jobs`, Ctrl-C lets the replicates that are begun be finished and kept, and a second one ends within
/// seconds; any other is given up at once and writes nothing more. `KeyboardInterrupt` is raised then.
#[pyfunction]
#[pyo3(signature = (words, lang = "en", observe = None, jobs = false, hold = false))]
pub fn call(
    py: Python<'_>,
    words: Vec<String>,
    lang: &str,
    observe: Option<Py<PyAny>>,
    jobs: bool,
    hold: bool,
) -> PyResult<Answer> {
    let heard = Arc::new(Heard::new(self::lang(lang)?, jobs, hold));
    let front: Arc<dyn Front> = Arc::<Heard>::clone(&heard);
    let all: Vec<OsString> = std::iter::once("pointplane".into())
        .chain(words.into_iter().map(OsString::from))
        .collect();
    let (sender, receiver) = channel();
    let work = move || {
        let done = catch_unwind(AssertUnwindSafe(|| in_pool(|| cli::call(all, front))));
        // Nobody waits any more when it was given up.
        let _ = sender.send(done.map_err(|panic| said(&*panic)));
    };
    std::thread::Builder::new()
        .name("pointplane".to_owned())
        .stack_size(STACK)
        .spawn(work)?;
    let receiver = Mutex::new(receiver);
    let mut raised: Option<PyErr> = None;
    let mut told = 0;
    let done = loop {
        let news = py.detach(|| held(&receiver).recv_timeout(LOOK));
        let more = match &news {
            Err(RecvTimeoutError::Timeout) => py.check_signals(),
            _ => Ok(()),
        };
        let more = more.and_then(|()| match (&observe, &raised) {
            (Some(observe), None) => heard.tell(py, observe, &mut told),
            _ => Ok(()),
        });
        if let Err(error) = more {
            let again = raised.is_some();
            raised.get_or_insert(error);
            if news.is_err() && !heard.stop(again) {
                break None;
            }
        }
        match news {
            Ok(done) => break Some(done),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break None,
        }
    };
    if let Some(error) = raised {
        return Err(error);
    }
    match done {
        Some(Ok(exit)) => heard.answer(exit),
        Some(Err(why)) => Err(PyRuntimeError::new_err(why)),
        None => Err(PyRuntimeError::new_err(
            "the command ended without an answer",
        )),
    }
}

/// The program on the streams and signals of this process; gives its exit code.
#[pyfunction]
pub fn program(py: Python<'_>, words: Vec<String>) -> u8 {
    let words = words.into_iter().map(OsString::from).collect();
    py.detach(|| cli::program(words).code())
}

/// On threads of its own, so that a process that was forked has threads too.
fn in_pool<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    match ThreadPoolBuilder::new().stack_size(STACK).build() {
        Ok(pool) => pool.install(work),
        // The system starts no threads: the commands of the library cope with that.
        Err(_) => work(),
    }
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!(
        "the program failed: {}",
        text.unwrap_or("it does not say why")
    )
}

/// Every change behind such a lock is one step: it is sound after a panic.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hears a command.
struct Heard {
    lang: Lang,
    /// Whether jobs come, which can be told to stop.
    jobs: bool,
    /// Whether they are told so before they begin.
    hold: AtomicBool,
    said: Mutex<Vec<String>>,
    printed: Mutex<String>,
    problems: Mutex<Vec<Problems>>,
    stop: Mutex<Option<Arc<Stop>>>,
    given_up: AtomicBool,
    shown: Mutex<Option<Arc<Counter>>>,
}

/// Counts what is done.
struct Counter {
    what: String,
    of: u64,
    done: AtomicU64,
}

/// A counter, as the command sees it.
struct Counted(Arc<Counter>);

impl Shown for Counted {
    fn at(&self, done: u64) {
        self.0.done.fetch_max(done, Ordering::Relaxed);
    }
}

impl Heard {
    fn new(lang: Lang, jobs: bool, hold: bool) -> Self {
        Self {
            lang,
            jobs,
            hold: AtomicBool::new(hold),
            said: Mutex::default(),
            printed: Mutex::default(),
            problems: Mutex::default(),
            stop: Mutex::default(),
            given_up: AtomicBool::new(false),
            shown: Mutex::default(),
        }
    }

    /// Tells of progress, if there was any.
    fn tell(&self, py: Python<'_>, observe: &Py<PyAny>, told: &mut u64) -> PyResult<()> {
        let counter = held(&self.shown).clone();
        let Some(counter) = counter else {
            return Ok(());
        };
        let done = counter.done.load(Ordering::Relaxed);
        // One more than is done: that nothing is done is news too.
        let news = Arc::as_ptr(&counter) as u64 ^ (done + 1);
        if std::mem::replace(told, news) == news {
            return Ok(());
        }
        observe.call1(py, (&counter.what, done, counter.of))?;
        Ok(())
    }

    /// Tells the command to stop, perhaps `again`; gives whether it will.
    fn stop(&self, again: bool) -> bool {
        // The lock is held, so that jobs do not begin meanwhile.
        let stop = held(&self.stop);
        match &*stop {
            Some(stop) => {
                if stop.soon() {
                    stop.at_once();
                }
                true
            }
            None if self.jobs && !again => {
                self.hold.store(true, Ordering::Relaxed);
                true
            }
            None => {
                self.given_up.store(true, Ordering::Relaxed);
                false
            }
        }
    }

    fn answer(&self, exit: Exit) -> PyResult<Answer> {
        let problems = held(&self.problems);
        let all: Vec<_> = problems.iter().flat_map(|of| &of.problems).collect();
        let all = serde_json::to_string(&all);
        Ok(Answer {
            code: exit.code(),
            said: held(&self.said).clone(),
            printed: held(&self.printed).clone(),
            problems: all.map_err(|error| PyRuntimeError::new_err(error.to_string()))?,
        })
    }
}

impl Front for Heard {
    fn lang(&self) -> Lang {
        self.lang
    }

    fn say(&self, line: &str) {
        held(&self.said).push(line.to_owned());
    }

    fn print(&self, text: &str) -> io::Result<()> {
        held(&self.printed).push_str(text);
        Ok(())
    }

    fn problems(&self, problems: &Problems) {
        if !problems.problems.is_empty() {
            held(&self.problems).push(problems.clone());
        }
    }

    fn progress(&self, what: &str, of: u64, done: u64) -> Box<dyn Shown> {
        let counter = Arc::new(Counter {
            what: what.to_owned(),
            of,
            done: AtomicU64::new(done),
        });
        *held(&self.shown) = Some(Arc::clone(&counter));
        Box::new(Counted(counter))
    }

    fn begins(&self, stop: &Arc<Stop>, _: StopFrom) {
        let mut kept = held(&self.stop);
        if !self.waits() {
            stop.at_once();
        } else if self.hold.load(Ordering::Relaxed) {
            stop.soon();
        }
        *kept = Some(Arc::clone(stop));
    }

    fn waits(&self) -> bool {
        !self.given_up.load(Ordering::Relaxed)
    }
}
