//! What commands have in common whose runs are sweeps in folders inside their own: a calibration, a search.

use std::path::Path;

use crate::experiment::sweep::{Sweep, make};
use crate::experiment::{Came, Done, Runner};
use crate::scenario::{Problem, Problems};
use crate::store::{MANIFEST, ResultKind, StoreError, atomic_write, is_temp};
use crate::texts::Text;

use super::arguments::{SayArgs, WorkArgs};
use super::session::{Session, refused};
use super::{Exit, wrong};

/// The file by which such a folder is known.
pub const PLAN: &str = "plan.toml";

/// What is said of a folder that is not free.
pub struct Words {
    /// It holds one already.
    pub exists: fn(&str) -> Text,
    /// It holds something else.
    pub other: fn(&str) -> Text,
    /// It holds one by another plan.
    pub other_plan: fn(&str) -> Text,
}

/// Whether a folder is free, or holds what is gone on with: one by the plan that is `kept` in it.
///
/// # Errors
/// How the command ends; why has been said.
pub fn free(dir: &Path, work: &WorkArgs, kept: &str, words: &Words) -> Result<(), Exit> {
    let path = dir.display().to_string();
    // Another shard may be writing its first file.
    let empty = std::fs::read_dir(dir).map_or(true, |entries| {
        let mut names = entries.flatten().map(|entry| entry.file_name());
        names.all(|name| name.to_str().is_some_and(is_temp))
    });
    let known = dir.join(PLAN).is_file() && !dir.join(MANIFEST).exists();
    if empty {
        return Ok(());
    }
    if !known {
        return Err(refuse("--out", (words.other)(&path)));
    }
    let same = std::fs::read_to_string(dir.join(PLAN)).is_ok_and(|text| text == kept);
    // A shard joins what is there.
    match (work.is_forced(), work.resume || work.shard().is_some()) {
        (true, _) => Ok(()),
        (false, true) if same => Ok(()),
        (false, true) => Err(refuse("--out", (words.other_plan)(&path))),
        (false, false) => Err(refuse("--out", (words.exists)(&path))),
    }
}

/// Says why an option is refused.
pub fn refuse(name: &str, what: Text) -> Exit {
    wrong(&Problems::from(Problem::error(name, what)), false)
}

/// Takes away what was written into the folder before, so that nothing of it stands beside what comes.
///
/// # Errors
/// [`StoreError::Io`].
pub fn clear(dir: &Path, written: &[&str]) -> Result<(), StoreError> {
    for name in written {
        let path = dir.join(name);
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::Io {
                    action: "remove file",
                    path,
                    source,
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Writes a text, in a folder that is made when it is not there.
///
/// # Errors
/// Those of writing.
pub fn put(path: &Path, text: &str) -> Result<(), StoreError> {
    if let Some(dir) = path.parent() {
        make(dir)?;
    }
    atomic_write(path, |file| file.write_all(text.as_bytes()))
}

/// Carries out a sweep of runs; `again` is the command that goes on. The next stage depends on all of them: a shard runs its
/// share first, then, together with the others, what is left.
///
/// # Errors
/// How the command ends where the sweep is not whole; why has been said.
pub fn carry(
    work: &WorkArgs,
    quiet: bool,
    again: &str,
    sweep: &Sweep,
    dir: &Path,
    runner: &Runner,
) -> Result<(), Exit> {
    // The first sweep decides whether there is something to go on with; later ones go on.
    let work = match work.is_forced() {
        true => work.clone(),
        false => work.resumed(),
    };
    let again = again.trim_end_matches(" --resume");
    let carry = |work: &WorkArgs, quiet: bool, again: String| {
        let session = Session {
            kind: ResultKind::Sweep,
            work,
            say: SayArgs { quiet, json: false },
            dir: dir.to_path_buf(),
            retry_failed: true,
            again,
            months: None,
            width: None,
            extended: false,
        };
        let done = session.carry_out(sweep, runner);
        done.map_err(|failure| refused("--out", work.resume, false, &failure))
    };
    let whole = |(done, exit): (Done, Exit)| match done.came {
        Came::There | Came::Made => Ok(()),
        _ => Err(exit),
    };
    let Some(shard) = work.shard() else {
        return carry(&work, quiet, again.to_owned()).and_then(whole);
    };
    let (done, exit) = carry(&work, true, again.to_owned())?;
    if !matches!(done.came, Came::Left) || exit != Exit::Done {
        return whole((done, exit));
    }
    let again = format!("{again} --shard {}/{}", shard.number, shard.of);
    carry(&work.unshared().resumed(), quiet, again).and_then(whole)
}
