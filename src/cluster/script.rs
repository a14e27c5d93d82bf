//! The same workers under PBS, Grid Engine, GNU parallel, and as ranks under `srun` or `mpirun`.
//!
//! Only Slurm's script puts itself back into the queue when its time is over. Under the others what is not
//! done is submitted again; the workers then do what is left.

use super::batch::{pbs, pbs_merge, sge, sge_merge};
pub use super::engine::{Engine, start_commands};
use super::engine::{LIMIT, head, limit};
use super::worker::{self, Signal};
use super::{GO, MERGE, Script, Work};

/// The scripts for an engine; they stand in the results folder.
pub fn scripts(work: &Work, engine: Engine) -> Vec<Script> {
    let of = |name: &str, text| Script {
        name: name.to_owned(),
        text,
    };
    let first = |text| of(&work.script(engine.ending()), text);
    match engine {
        Engine::Pbs => vec![first(pbs(work)), of("merge.pbs", pbs_merge(work))],
        Engine::Sge => vec![first(sge(work)), of("merge.sge", sge_merge(work))],
        Engine::Parallel => vec![first(parallel(work))],
        Engine::Ranks => vec![first(ranks(work))],
    }
}

fn parallel(work: &Work) -> String {
    let Work { shards, ask, .. } = work;
    format!(
        r#"{head}# It stops on Ctrl-C: the workers then keep what is done and end.

{variables}shards={shards}
# ---- Edit: threads of each worker, and how many workers run side by side.
threads={threads}
workers=$(($(nproc) / threads)); if [ "$workers" -lt 1 ]; then workers=1; fi
{limit}
if ! command -v parallel >/dev/null; then
  echo "GNU parallel is not installed: apt install parallel, brew install parallel, or conda install parallel" >&2
  exit 1
fi
{GO}
# shellcheck disable=SC2317   # parallel calls it
one_shard() {{
  exec {worker}
}}
export -f one_shard
export pointplane out shards threads limit
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

{MERGE}
code=$?
if [ "$ended" != 0 ] || [ "$code" != 0 ]; then
  echo "not all is done: what is missing is said above; start this script again to go on" >&2
fi
if [ "$code" = 0 ] && [ "$ended" != 0 ]; then code=3; fi
exit "$code"
"#,
        head = head(
            work,
            Engine::Parallel,
            "under GNU parallel, on this machine",
            ""
        ),
        variables = work.variables(),
        threads = ask.threads,
        limit = limit(work, "you have"),
        worker = work.worker("$1", "\"$threads\"", LIMIT),
    )
}

fn ranks(work: &Work) -> String {
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

{variables}threads=${{SLURM_CPUS_PER_TASK:-{threads}}}
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
        head = head(work, Engine::Ranks, "as ranks", ""),
        shards = work.shards,
        path = work.path(&work.script(Engine::Ranks.ending())),
        variables = work.variables(),
        threads = work.ask.threads,
        limit = limit(work, "the job has"),
        visible = worker::VISIBLE,
        worker = worker::run(work, &signals, "\"$threads\"", LIMIT),
        said = worker::SAID,
    )
}

#[cfg(test)]
mod tests {
    use super::super::batch::tests::directives;
    use super::super::tests::awkward;
    use super::*;

    #[test]
    fn a_script_without_limits_asks_for_none() {
        let mut work = awkward();
        work.ask.time = None;
        work.ask.memory = None;
        work.ask.threads = 1;
        for engine in [Engine::Pbs, Engine::Sge, Engine::Parallel, Engine::Ranks] {
            for Script { name, text } in scripts(&work, engine) {
                for mark in ["#PBS ", "#$ "] {
                    for line in directives(&text, mark) {
                        let limits = ["walltime", "h_rt", "mem", "-pe"];
                        assert!(!limits.iter().any(|w| line.contains(w)), "{name}: {line}");
                    }
                }
                let worker = text.contains("\"$pointplane\" sweep run ");
                assert_eq!(text.contains("limit=\"\""), worker, "{name}");
            }
        }
    }
}
