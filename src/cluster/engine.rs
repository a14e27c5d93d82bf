//! Engines other than Slurm: what their scripts have in common.

use super::Sweep;
use super::words::quote;

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
}

/// The commands that start them, for a shell.
pub fn start_commands(sweep: &Sweep, engine: Engine) -> Vec<String> {
    let jobs = quote(&format!("{}/jobs", sweep.out));
    let path = |name: &str| quote(&format!("{}/{name}", sweep.out));
    match engine {
        Engine::Pbs => vec![
            format!("cd {jobs}"),
            "job=$(qsub ../sweep.pbs)".into(),
            "qsub -W depend=afterany:\"$job\" ../merge.pbs".into(),
        ],
        Engine::Sge => vec![
            format!("cd {jobs}"),
            "job=$(qsub -terse ../sweep.sge)".into(),
            "qsub -hold_jid \"${job%%.*}\" ../merge.sge".into(),
        ],
        Engine::Parallel => vec![format!("bash {}", path("sweep-parallel.sh"))],
        Engine::Ranks => vec![
            format!(
                "srun --ntasks={} --kill-on-bad-exit=0 bash {}",
                sweep.shards,
                path("sweep-ranks.sh")
            ),
            format!(
                "{} sweep merge {}",
                quote(&sweep.program),
                quote(&sweep.out)
            ),
        ],
    }
}

/// The comments that every script begins with.
pub(super) fn head(sweep: &Sweep, engine: Engine, what: &str, jobs: &str) -> String {
    let start: String = start_commands(sweep, engine)
        .iter()
        .map(|command| format!("#     {command}\n"))
        .collect();
    let jobs = match jobs {
        "" => String::new(),
        jobs => format!("#     {jobs}\n"),
    };
    format!(
        r#"#!/usr/bin/env bash
# {plan} {what}: {size}.
# Written by `pointplane sweep script` (version {version}); it is yours to edit.
#
# Start it:
{start}# Look how far it is:
#     {program} sweep status {out}
{jobs}# Resume it, whatever has happened, with the same commands: runs that are done are not run again.
#
"#,
        plan = sweep.plan_name(),
        size = sweep.size(),
        version = env!("CARGO_PKG_VERSION"),
        program = quote(&sweep.program),
        out = quote(&sweep.out),
    )
}

/// The time limit of the worker where the engine does not say that its own is near.
pub(super) fn limit(sweep: &Sweep, of: &str) -> String {
    let limit = sweep.ask.time.map(|time| time.worker_limit());
    format!(
        "limit={}   # the worker stops by itself after so long: a little less than {of}; empty: never\n",
        limit.as_deref().unwrap_or("\"\"")
    )
}

/// The option of the worker for it.
pub(super) const LIMIT: &str = " ${limit:+--time-limit \"$limit\"}";
