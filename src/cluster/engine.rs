//! Engines other than Slurm: what their scripts have in common.

use crate::shell::quote;

use super::Work;

/// An engine other than Slurm's job arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// PBS Professional, OpenPBS and Torque.
    Pbs,
    /// Grid Engine: Sun, Univa, Altair, Son of.
    Sge,
    /// GNU parallel on one machine.
    Parallel,
    /// Ranks under `srun`, `mpirun` or `mpiexec`.
    Ranks,
}

impl Engine {
    /// The fewest shards that the engine takes: a job array of PBS has two elements or more.
    pub fn least_shards(self) -> usize {
        if self == Self::Pbs { 2 } else { 1 }
    }

    /// What the name of its script ends with.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Pbs => ".pbs",
            Self::Sge => ".sge",
            Self::Parallel => "-parallel.sh",
            Self::Ranks => "-ranks.sh",
        }
    }
}

/// The commands that start them, for a shell.
pub fn start_commands(work: &Work, engine: Engine) -> Vec<String> {
    let script = work.script(engine.ending());
    let jobs = format!("cd {}", work.path("jobs"));
    match engine {
        Engine::Pbs => vec![
            jobs,
            format!("job=$(qsub ../{script})"),
            "qsub -W depend=afterany:\"$job\" ../merge.pbs".into(),
        ],
        Engine::Sge => vec![
            jobs,
            format!("job=$(qsub -terse ../{script})"),
            "qsub -hold_jid \"${job%%.*}\" ../merge.sge".into(),
        ],
        Engine::Parallel => vec![format!("bash {}", work.path(&script))],
        Engine::Ranks => vec![
            format!(
                "srun --ntasks={} --kill-on-bad-exit=0 bash {}",
                work.shards,
                work.path(&script)
            ),
            // Merging a comparison takes its scenario, which is found from here.
            format!("cd {}", quote(&work.folder)),
            format!("{} merge {}", quote(&work.program), quote(&work.out)),
        ],
    }
}

/// The comments that every script begins with.
pub(super) fn head(work: &Work, engine: Engine, what: &str, jobs: &str) -> String {
    let start: String = start_commands(work, engine)
        .iter()
        .map(|command| format!("#     {command}\n"))
        .collect();
    let jobs = match jobs {
        "" => String::new(),
        jobs => format!("#     {jobs}\n"),
    };
    format!(
        r#"#!/usr/bin/env bash
# {command}
# {what}: {size}.
# Written by `pointplane script` (version {version}); it is yours to edit.
#
# Start it:
{start}# Look how far it is:
#     {program} status {out}
{jobs}# Resume it, whatever has happened, with the same commands: runs that are done are not run again.
#
"#,
        command = work.command(),
        size = work.size(),
        version = env!("CARGO_PKG_VERSION"),
        program = quote(&work.program),
        out = quote(&work.out),
    )
}

/// The time limit of the worker where the engine does not say that its own is near.
pub(super) fn limit(work: &Work, of: &str) -> String {
    let limit = work.ask.time.map(|time| time.worker_limit());
    format!(
        "limit={}   # the worker stops by itself after so long: a little less than {of}; empty: never\n",
        limit.as_deref().unwrap_or("\"\"")
    )
}

/// The option of the worker for it.
pub(super) const LIMIT: &str = " ${limit:+--time-limit \"$limit\"}";
