//! What tells a command that runs jobs to stop.

use std::sync::Arc;

use crate::experiment::Stop;
use crate::texts::{Text, say};

use super::{lang, say};

/// Who may tell a command to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// A person: Ctrl-C, and what ends a session politely.
    Person,
    /// A scheduler too, which waits for seconds only: SIGTERM and SIGUSR1.
    Scheduler,
}

/// Tells `stop` to stop soon at Ctrl-C, and at once at the signals of schedulers. A second Ctrl-C ends the
/// process at once. Signals that are ignored when the process starts stay so.
pub fn watch(stop: &Arc<Stop>, from: From) {
    if let Err(error) = system::watch(Arc::clone(stop), from) {
        let error = Text::foreign(error);
        say(&say!(lang(), "no-signals", error));
    }
}

fn pressed(stop: &Stop) {
    if stop.soon() {
        say(say!(lang(), "stopped-at-once"));
        std::process::exit(130);
    }
    say(say!(lang(), "interrupted"));
}

pub use system::survive_limits;

#[cfg(unix)]
mod system {
    use std::io;
    use std::sync::Arc;

    use std::sync::atomic::AtomicBool;

    use signal_hook::consts::{SIGABRT, SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGXFSZ};
    use signal_hook::iterator::Signals;

    use super::{From, Stop, lang, pressed, say};

    pub fn watch(stop: Arc<Stop>, from: From) -> io::Result<()> {
        let wanted = match from {
            From::Person => [SIGINT, SIGTERM, SIGHUP],
            From::Scheduler => [SIGINT, SIGTERM, SIGUSR1],
        };
        let heard = wanted.into_iter().filter(|signal| !is_ignored(*signal));
        let mut signals = Signals::new(heard)?;
        std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                for signal in signals.forever() {
                    if signal == SIGINT || from == From::Person {
                        pressed(&stop);
                    } else {
                        stop.at_once();
                        say(say!(lang(), "told-to-stop"));
                    }
                }
            })?;
        Ok(())
    }

    /// Whether whoever started this process had it ignore a signal: `nohup` the hang-up of a terminal, a shell
    /// Ctrl-C for its jobs in the background.
    fn is_ignored(signal: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        match mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()) {
            Some(mask) => mask >> (signal - 1) & 1 == 1,
            // A shell starts with the same and cannot change it; it lives on.
            None => std::process::Command::new("sh")
                .args(["-c", &format!("kill -{signal} $$; exit 7")])
                .stderr(std::process::Stdio::null())
                .status()
                .is_ok_and(|status| status.code() == Some(7)),
        }
    }

    /// A limit on the size of files ends a write with an error, which is told, and not the process. Where the system has no
    /// memory left, that is told too, and the process fails as with any other error.
    pub fn survive_limits() {
        // Without a handler the signal ends the process, as it would without this.
        let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
        let _ = signal_hook::flag::register_conditional_shutdown(
            SIGABRT,
            1,
            Arc::new(AtomicBool::new(true)),
        );
    }
}

#[cfg(not(unix))]
mod system {
    use std::sync::Arc;

    use super::{From, Stop, pressed};

    pub fn watch(stop: Arc<Stop>, _: From) -> Result<(), ctrlc::Error> {
        // No scheduler sends its signals here.
        ctrlc::set_handler(move || pressed(&stop))
    }

    pub const fn survive_limits() {}
}
