//! Sweeps that a larger task makes: each stage of it is a sweep in a folder of its own, with its plan beside it. So what is
//! finished is kept, and a stage can be run elsewhere by `pointplane sweep run`.

use std::path::{Path, PathBuf};

use crate::experiment::request;
use crate::scenario::{Problems, layout_files};
use crate::store::{Folder, Job, StoreError, atomic_write, read_outcomes};

use super::spec::PlanSpec;
use super::{Plan, Sweep, plan};

/// Carries out a sweep in a folder; an error where it is not whole at the end.
pub type Carry<'a, E> = dyn FnMut(&Sweep, &Path) -> Result<(), E> + 'a;

/// Why there are no values.
#[derive(Debug)]
pub enum Halt<E> {
    /// The sweep was not carried out.
    Carry(E),
    /// Files.
    Store(StoreError),
    /// The plan of a stage.
    Problems(Problems),
}

impl<E> From<StoreError> for Halt<E> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Hears of each run of a sweep that is done: its job, and the values of the slots that the plan keeps.
pub type Each<'a> = dyn FnMut(&Plan, Job, &[f64]) + 'a;

/// Writes the plan of a stage into `dir` as `STAGE.toml`, carries it out in the folder `STAGE` beside it, and shows `each`
/// what was kept of each run.
///
/// # Errors
/// Why there are no values.
pub fn stage<E>(
    dir: &Path,
    stage: &str,
    spec: &PlanSpec,
    threads: u32,
    carry: &mut Carry<'_, E>,
    each: &mut Each<'_>,
) -> Result<Sweep, Halt<E>> {
    let text = toml::to_string(spec).unwrap_or_default();
    let path = dir.join(format!("{stage}.toml"));
    atomic_write(&path, |file| file.write_all(text.as_bytes()))?;
    let sweep = plan(request::Sweep { plan: path }, threads).map_err(Halt::Problems)?;
    let dir = dir.join(stage);
    carry(&sweep, &dir).map_err(Halt::Carry)?;
    let folder = Folder::open(&dir)?;
    let jobs = folder.jobs();
    read_outcomes(&dir, jobs, &mut |at, kept| {
        each(&sweep.plan, jobs.job(at), kept);
    })?;
    Ok(sweep)
}

/// Makes the folder of a task that has stages.
///
/// # Errors
/// [`StoreError::Io`].
pub fn make(dir: &Path) -> Result<(), StoreError> {
    std::fs::create_dir_all(dir).map_err(|source| StoreError::Io {
        action: "make folder",
        path: dir.to_owned(),
        source,
    })
}

/// The files of a layout: those with a folder in their name may stand beside the plan, in `folder`.
pub fn layout_paths(folder: &Path, scenario: &Path, word: &str) -> Vec<PathBuf> {
    let files = layout_files(scenario, word).into_iter();
    let files = files.map(|file| match folder.join(&file) {
        beside if file.components().count() > 1 && beside.is_file() => beside,
        _ => file,
    });
    files.collect()
}

/// A layout as the plan of a stage in `dir` names it, where the plan of the task, in `folder`, has `word`.
pub fn layout_word(dir: &Path, folder: &Path, scenario: &Path, word: &str) -> String {
    let files = layout_paths(folder, scenario, word);
    if files.iter().all(|file| file.components().count() <= 1) {
        return word.to_owned();
    }
    let files: Vec<String> = files
        .iter()
        .map(|file| way(dir, file).to_string_lossy().into_owned())
        .collect();
    files.join("+")
}

/// The way from a folder to a path, where both are there.
pub fn way(from: &Path, to: &Path) -> PathBuf {
    let (Ok(from), Ok(to)) = (from.canonicalize(), to.canonicalize()) else {
        return to.to_owned();
    };
    let shared = from.components().zip(to.components());
    let shared = shared.take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return to;
    }
    let up = from.components().skip(shared).map(|_| "..");
    let mut way: PathBuf = up.collect();
    way.extend(to.components().skip(shared));
    match way.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => way,
    }
}
