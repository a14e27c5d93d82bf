//! What tells a worker to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::experiment::sweep::{STOP, STOP_AT_ONCE};

use super::super::say;

/// Set to [`STOP`] by Ctrl-C and to [`STOP_AT_ONCE`] by the signals of schedulers, SIGTERM and SIGUSR1.
/// A second Ctrl-C ends the process at once.
pub fn watch() -> Arc<AtomicU8> {
    let stop = Arc::new(AtomicU8::new(0));
    let flag = Arc::clone(&stop);
    if let Err(error) = system::watch(flag) {
        say(&format!("warning: signals will not be handled: {error}"));
    }
    stop
}

fn pressed(stop: &AtomicU8) {
    if stop.swap(STOP, Ordering::Relaxed) != 0 {
        say("stopped at once: finished runs are kept; go on with --resume");
        std::process::exit(130);
    }
    say("interrupted: finishing what is in hand; press Ctrl-C again to stop at once");
}

#[cfg(unix)]
mod system {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU8, Ordering};

    use signal_hook::consts::{SIGINT, SIGTERM, SIGUSR1};
    use signal_hook::iterator::Signals;

    use super::{STOP_AT_ONCE, pressed, say};

    pub fn watch(stop: Arc<AtomicU8>) -> io::Result<()> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGUSR1])?;
        std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                for signal in signals.forever() {
                    if signal == SIGINT {
                        pressed(&stop);
                    } else {
                        stop.store(STOP_AT_ONCE, Ordering::Relaxed);
                        say("told to stop: keeping what is finished");
                    }
                }
            })?;
        Ok(())
    }
}

#[cfg(not(unix))]
mod system {
    use std::sync::Arc;
    use std::sync::atomic::AtomicU8;

    use super::{STOP_AT_ONCE, pressed};

    pub fn watch(stop: Arc<AtomicU8>) -> Result<(), ctrlc::Error> {
        // No scheduler sends its signals here.
        let _ = STOP_AT_ONCE;
        ctrlc::set_handler(move || pressed(&stop))
    }
}
