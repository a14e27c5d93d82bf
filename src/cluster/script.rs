//! The same workers under PBS, Grid Engine, GNU parallel, and as ranks under `srun` or `mpirun`.
//!
//! Only Slurm's script puts itself back into the queue when its time is over. Under the others a sweep that is not
//! done is submitted again; the workers then do what is left.

use super::words::quote;
use super::worker::{self, Signal};
use super::{Script, Sweep};

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

/// The scripts for an engine; they stand in the folder of the store.
pub fn scripts(sweep: &Sweep, engine: Engine) -> Vec<Script> {
    let of = |name, text| Script { name, text };
    match engine {
        Engine::Pbs => vec![
            of("sweep.pbs", pbs(sweep)),
            of("merge.pbs", pbs_merge(sweep)),
        ],
        Engine::Sge => vec![
            of("sweep.sge", sge(sweep)),
            of("merge.sge", sge_merge(sweep)),
        ],
        Engine::Parallel => vec![of("sweep-parallel.sh", parallel(sweep))],
        Engine::Ranks => vec![of("sweep-ranks.sh", ranks(sweep))],
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
fn head(sweep: &Sweep, engine: Engine, what: &str, jobs: &str) -> String {
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

const EDIT: &str =
    "# ---- Edit what your cluster wants. A line with ## is not read: take one # away.\n";

/// A directive, or an example of it when nothing is asked.
fn directive(mark: &str, option: &str, value: Option<String>, example: &str) -> String {
    match value {
        Some(value) => format!("#{mark} {option}{value}\n"),
        None => format!("##{mark} {option}{example}\n"),
    }
}

/// The time limit of the worker where the engine does not say that its own is near.
fn limit(sweep: &Sweep, of: &str) -> String {
    let limit = sweep.ask.time.map(|time| time.worker_limit());
    format!(
        "limit={}   # the worker stops by itself after so long: a little less than {of}; empty: never\n",
        limit.as_deref().unwrap_or("\"\"")
    )
}

/// The option of the worker for it.
const LIMIT: &str = " ${limit:+--time-limit \"$limit\"}";

fn pbs(sweep: &Sweep) -> String {
    let Sweep { shards, ask, .. } = sweep;
    let last = shards - 1;
    let memory = ask
        .memory
        .map_or(String::new(), |memory| format!(":mem={}", memory.pbs()));
    let edit = [
        format!("#PBS -N {}\n", sweep.job_name()),
        format!("#PBS -J 0-{last}\n"),
        format!("#PBS -l select=1:ncpus={}{memory}\n", ask.threads),
        directive("PBS", "-l walltime=", ask.time.map(|t| t.clock()), "02:00:00"),
        directive("PBS", "-q ", ask.partition.clone(), "QUEUE"),
        directive("PBS", "-A ", ask.account.clone(), "ACCOUNT"),
        format!(
            "# Torque: -t 0-{last} for -J 0-{last}, -l nodes=1:ppn={} for -l select=..., afteranyarray for afterany above\n",
            ask.threads
        ),
        "#PBS -r y\n#PBS -j oe\n".into(),
    ]
    .concat();
    let signals = [Signal {
        from: "TERM",
        to: "TERM",
        means: "deleted, or the time is over",
    }];
    format!(
        r#"{head}{EDIT}{edit}
{variables}{plan_variable}shards={shards}   # -J counts from 0 to {last}; more elements need a new script
threads=${{NCPUS:-${{PBS_NUM_PPN:-{threads}}}}}
{limit}
shard=${{PBS_ARRAY_INDEX:-${{PBS_ARRAYID:?submit this script with qsub}}}}
echo "$(date) shard $shard of $shards on $(hostname)"
{visible}
{worker}
{said}exit "$code"
"#,
        head = head(
            sweep,
            Engine::Pbs,
            "as a PBS job array",
            "qstat -u \"$USER\""
        ),
        variables = sweep.variables(),
        plan_variable = sweep.plan_variable(),
        threads = ask.threads,
        limit = limit(sweep, "the walltime"),
        visible = worker::VISIBLE,
        worker = worker::run(&signals, "\"$threads\"", LIMIT),
        said = worker::SAID,
    )
}

fn sge(sweep: &Sweep) -> String {
    let Sweep { shards, ask, .. } = sweep;
    let slots = (ask.threads > 1).then(|| format!("smp {}", ask.threads));
    let memory = ask.memory.map(|memory| memory.per_slot(ask.threads));
    let edit = [
        format!("#$ -N {}\n", sweep.job_name()),
        format!("#$ -t 1-{shards}\n"),
        directive("$", "-pe ", slots, "smp 2"),
        directive("$", "-l h_rt=", ask.time.map(|t| t.clock()), "02:00:00"),
        directive("$", "-l h_vmem=", memory, "2G"),
        directive("$", "-q ", ask.partition.clone(), "QUEUE"),
        directive("$", "-P ", ask.account.clone(), "PROJECT"),
        "# (the name of the parallel environment smp and of the memory h_vmem, per slot, differ from site to site)\n"
            .into(),
        "#$ -S /bin/bash\n#$ -cwd\n#$ -j y\n#$ -r y\n#$ -notify\n".into(),
    ]
    .concat();
    let signals = [
        Signal {
            from: "USR1",
            to: "USR1",
            means: "about to be suspended, or the soft time limit",
        },
        Signal {
            from: "USR2",
            to: "TERM",
            means: "about to be killed",
        },
        Signal {
            from: "TERM",
            to: "TERM",
            means: "told to stop",
        },
    ];
    format!(
        r#"{head}{EDIT}{edit}
{variables}{plan_variable}shards={shards}   # -t counts from 1 to {shards}; more elements need a new script
threads=${{NSLOTS:-{threads}}}
{limit}
shard=$((${{SGE_TASK_ID:?submit this script with qsub}} - 1))
echo "$(date) shard $shard of $shards on $(hostname)"
{visible}
{worker}
{said}exit "$code"
"#,
        head = head(sweep, Engine::Sge, "as a Grid Engine job array", "qstat"),
        variables = sweep.variables(),
        plan_variable = sweep.plan_variable(),
        threads = ask.threads,
        limit = limit(sweep, "h_rt"),
        visible = worker::VISIBLE,
        worker = worker::run(&signals, "\"$threads\"", LIMIT),
        said = worker::SAID,
    )
}

/// What merge jobs share after their directives.
fn merge_body(sweep: &Sweep, engine: Engine) -> String {
    let start = start_commands(sweep, engine).join("\n    ");
    format!(
        r#"
{variables}
"$pointplane" sweep merge "$out"
code=$?
if [ "$code" = 3 ]; then
  cat <<'END'
The tables hold what is there. Run what is missing with the same commands, runs that are done are not run again:
    {start}
END
fi
exit "$code"
"#,
        variables = sweep.variables(),
    )
}

fn pbs_merge(sweep: &Sweep) -> String {
    let ask = &sweep.ask;
    let memory = ask
        .memory
        .map_or(String::new(), |memory| format!(":mem={}", memory.pbs()));
    let edit = [
        format!("#PBS -N merge\n#PBS -l select=1:ncpus=1{memory}\n"),
        directive(
            "PBS",
            "-l walltime=",
            ask.time.map(|t| t.clock()),
            "02:00:00",
        ),
        directive("PBS", "-q ", ask.partition.clone(), "QUEUE"),
        directive("PBS", "-A ", ask.account.clone(), "ACCOUNT"),
        "#PBS -j oe\n".into(),
    ]
    .concat();
    let about = merge_head(sweep, "sweep.pbs");
    format!("{about}{EDIT}{edit}{}", merge_body(sweep, Engine::Pbs))
}

fn sge_merge(sweep: &Sweep) -> String {
    let ask = &sweep.ask;
    let edit = [
        "#$ -N merge\n".to_owned(),
        directive("$", "-l h_rt=", ask.time.map(|t| t.clock()), "02:00:00"),
        directive("$", "-l h_vmem=", ask.memory.map(|m| m.per_slot(1)), "2G"),
        directive("$", "-q ", ask.partition.clone(), "QUEUE"),
        directive("$", "-P ", ask.account.clone(), "PROJECT"),
        "#$ -S /bin/bash\n#$ -cwd\n#$ -j y\n".into(),
    ]
    .concat();
    let about = merge_head(sweep, "sweep.sge");
    format!("{about}{EDIT}{edit}{}", merge_body(sweep, Engine::Sge))
}

fn merge_head(sweep: &Sweep, array: &str) -> String {
    format!(
        "#!/usr/bin/env bash\n# Merges the tables of {} when every element of {array} is over, however it ended.\n\
         # Written by `pointplane sweep script` (version {}); it is yours to edit.\n#\n",
        sweep.plan_name(),
        env!("CARGO_PKG_VERSION"),
    )
}

fn parallel(sweep: &Sweep) -> String {
    let Sweep { shards, ask, .. } = sweep;
    format!(
        r#"{head}# It stops on Ctrl-C: the workers then keep what is done and end.

{variables}{plan_variable}shards={shards}
# ---- Edit: threads of each worker, and how many workers run side by side.
threads={threads}
workers=$(($(nproc) / threads)); if [ "$workers" -lt 1 ]; then workers=1; fi
{limit}
if ! command -v parallel >/dev/null; then
  echo "GNU parallel is not installed: apt install parallel, brew install parallel, or conda install parallel" >&2
  exit 1
fi

# shellcheck disable=SC2317   # parallel calls it
one_shard() {{
  exec "$pointplane" sweep run "$plan" --out "$out" --shard "$1/$shards" \
    --threads "$threads"{LIMIT} --resume --quiet
}}
export -f one_shard
export pointplane plan out shards threads limit
export PARALLEL_SHELL=$BASH   # the shell that knows one_shard

# A worker that ends badly does not stop the others. The job log remembers which shards are done, for a second start;
# when all are, it has served and goes. A worker that is told to stop has 60 seconds to keep what it has.
mkdir -p "$out/jobs"
joblog=$out/jobs/parallel-$shards.joblog
seq 0 "$((shards - 1))" |
  parallel --jobs "$workers" --joblog "$joblog" --resume-failed --halt never \
    --termseq TERM,60000,KILL,25 one_shard {{}}
ended=$?
if [ "$ended" = 0 ]; then rm -f "$joblog"; fi

"$pointplane" sweep merge "$out"
code=$?
if [ "$ended" != 0 ] || [ "$code" != 0 ]; then
  echo "not all is done: what is missing is said above; start this script again to go on" >&2
fi
if [ "$code" = 0 ] && [ "$ended" != 0 ]; then code=3; fi
exit "$code"
"#,
        head = head(
            sweep,
            Engine::Parallel,
            "under GNU parallel, on this machine",
            ""
        ),
        variables = sweep.variables(),
        plan_variable = sweep.plan_variable(),
        threads = ask.threads,
        limit = limit(sweep, "you have"),
    )
}

fn ranks(sweep: &Sweep) -> String {
    let signals = [
        Signal {
            from: "USR1",
            to: "USR1",
            means: "the time limit is near (srun --signal=USR1@120)",
        },
        Signal {
            from: "TERM",
            to: "TERM",
            means: "told to stop",
        },
    ];
    format!(
        r#"{head}# With MPI instead of srun:  mpirun -np {shards} bash {path}
# There are as many shards as ranks. This script starts no MPI: it only reads its rank.

{variables}{plan_variable}threads=${{SLURM_CPUS_PER_TASK:-{threads}}}
{limit}
# mpirun inside a Slurm job hands SLURM_PROCID=0 to every rank: its own names come first.
if [ -n "${{OMPI_COMM_WORLD_RANK:-}}" ]; then
  shard=$OMPI_COMM_WORLD_RANK shards=${{OMPI_COMM_WORLD_SIZE:?}}
elif [ -n "${{PMI_RANK:-}}" ] && [ -n "${{PMI_SIZE:-}}" ]; then
  shard=$PMI_RANK shards=$PMI_SIZE
elif [ -n "${{SLURM_PROCID:-}}" ]; then
  shard=$SLURM_PROCID shards=${{SLURM_STEP_NUM_TASKS:-${{SLURM_NTASKS:?}}}}
else
  echo "no rank: start this script with srun, mpirun or mpiexec" >&2
  exit 2
fi
{visible}
{worker}
{said}# Launchers stop all ranks when one ends badly; what is missing is told by merge.
if [ "$code" = 3 ]; then code=0; fi
exit "$code"
"#,
        head = head(sweep, Engine::Ranks, "as ranks", ""),
        shards = sweep.shards,
        path = quote(&format!("{}/sweep-ranks.sh", sweep.out)),
        variables = sweep.variables(),
        plan_variable = sweep.plan_variable(),
        threads = sweep.ask.threads,
        limit = limit(sweep, "the job has"),
        visible = worker::VISIBLE,
        worker = worker::run(&signals, "\"$threads\"", LIMIT),
        said = worker::SAID,
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::awkward;
    use super::*;

    fn directives<'t>(text: &'t str, mark: &str) -> Vec<&'t str> {
        let head = text
            .lines()
            .take_while(|line| line.is_empty() || line.starts_with('#'));
        head.filter_map(|line| line.strip_prefix(mark)).collect()
    }

    #[test]
    fn pbs_reads_what_was_asked() {
        let expected = [
            "-N sweep-plan",
            "-J 0-63",
            "-l select=1:ncpus=2:mem=4096mb",
            "-l walltime=02:00:00",
            "-q long",
            "-A econ",
            "-r y",
            "-j oe",
        ];
        assert_eq!(directives(&pbs(&awkward()), "#PBS "), expected);
        let merge = pbs_merge(&awkward());
        assert!(
            !directives(&merge, "#PBS ")
                .iter()
                .any(|line| line.starts_with("-J"))
        );
        assert_eq!(Engine::Pbs.least_shards(), 2);
    }

    #[test]
    fn grid_engine_counts_from_one_and_reads_memory_per_slot() {
        let text = sge(&awkward());
        let read = directives(&text, "#$ ");
        for line in [
            "-t 1-64",
            "-pe smp 2",
            "-l h_rt=02:00:00",
            "-l h_vmem=2048M",
            "-notify",
        ] {
            assert!(read.contains(&line), "{line}");
        }
        assert!(text.contains("shard=$((${SGE_TASK_ID:?submit this script with qsub} - 1))"));
        assert!(directives(&sge_merge(&awkward()), "#$ ").contains(&"-l h_vmem=4096M"));
    }

    #[test]
    fn a_script_without_limits_asks_for_none() {
        let mut sweep = awkward();
        sweep.ask.time = None;
        sweep.ask.memory = None;
        sweep.ask.threads = 1;
        for engine in [Engine::Pbs, Engine::Sge, Engine::Parallel, Engine::Ranks] {
            for Script { name, text } in scripts(&sweep, engine) {
                for mark in ["#PBS ", "#$ "] {
                    for line in directives(&text, mark) {
                        let limits = ["walltime", "h_rt", "mem", "-pe"];
                        assert!(!limits.iter().any(|w| line.contains(w)), "{name}: {line}");
                    }
                }
                let worker = text.contains("sweep run \"$plan\"");
                assert_eq!(text.contains("limit=\"\""), worker, "{name}");
            }
        }
    }
}
