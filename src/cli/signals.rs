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
/// process at once.
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

#[cfg(unix)]
mod system {
    use std::io;
    use std::sync::Arc;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1};
    use signal_hook::iterator::Signals;

    use super::{From, Stop, lang, pressed, say};

    pub fn watch(stop: Arc<Stop>, from: From) -> io::Result<()> {
        let mut signals = Signals::new(match from {
            From::Person => [SIGINT, SIGTERM, SIGHUP],
            From::Scheduler => [SIGINT, SIGTERM, SIGUSR1],
        })?;
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
}

#[cfg(not(unix))]
mod system {
    use std::sync::Arc;

    use super::{From, Stop, pressed};

    pub fn watch(stop: Arc<Stop>, _: From) -> Result<(), ctrlc::Error> {
        // No scheduler sends its signals here.
        ctrlc::set_handler(move || pressed(&stop))
    }
}
