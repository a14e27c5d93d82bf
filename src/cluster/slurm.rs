//! Slurm: a job array with a shard in each element, and a job after it that merges the tables.
//!
//! What the scripts rest on, measured on Slurm 22.05:
//! - `--requeue` brings an element back when its node dies. It does not when its process is killed.
//! - `--signal=B:USR1@SECONDS` tells the shell of the script that the time limit is near (up to a minute too early);
//!   it passes that on, the worker stops, and the element puts itself back into the queue.
//! - An element must requeue itself as `${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}`: `$SLURM_JOB_ID` is the id of
//!   the whole array in one of the elements. Slurm then ends the script at once, sometimes before scontrol has
//!   returned.
//! - A job after `afterok` never starts once an element has failed, even when it is requeued and succeeds. So the
//!   merge comes after `afterany`, and `pointplane merge` itself says what is missing.
//! - A lost `slurmstepd` leaves its task running while the element starts again elsewhere: the store must
//!   bear two workers of one shard.

use crate::shell::quote;

use super::words::quote_pattern;
use super::worker::{self, Signal};
use super::{Ask, GO, MERGE, Script, Work};

/// Name of the script of the merge job.
pub const MERGE_SCRIPT: &str = "merge.sbatch";

/// Name of the script of the job array.
pub fn array_script(work: &Work) -> String {
    work.script(".sbatch")
}

/// Both scripts; they stand in the results folder, what their jobs print goes to its folder `jobs`.
pub fn scripts(work: &Work) -> [Script; 2] {
    [
        Script {
            name: array_script(work),
            text: array(work),
        },
        Script {
            name: MERGE_SCRIPT.to_owned(),
            text: merge(work),
        },
    ]
}

/// The commands that submit both, for a shell.
pub fn submit_commands(work: &Work) -> [String; 2] {
    [
        format!(
            "job=$(sbatch --parsable {})",
            work.path(&array_script(work))
        ),
        format!(
            "sbatch --dependency=afterany:\"${{job%%;*}}\" {}",
            work.path(MERGE_SCRIPT)
        ),
    ]
}

fn array(work: &Work) -> String {
    let Work { shards, ask, .. } = work;
    let [first, second] = submit_commands(work);
    let out = quote(&work.out);
    let notice = ask.time.map_or(120, |time| time.notice());
    let options = options(ask, true);
    let throttle = match shards {
        0..=4 => String::new(),
        _ => format!(
            "#        --array=0-{0}%10 runs at most 10 at a time, --array=3,7 only these two\n",
            shards - 1
        ),
    };
    let signals = [
        Signal {
            from: "USR1",
            to: "USR1",
            means: "the time limit is near",
        },
        Signal {
            from: "TERM",
            to: "TERM",
            means: "cancelled, or others need the node",
        },
    ];
    let worker = worker::run(work, &signals, "\"${SLURM_CPUS_PER_TASK:-1}\"", "");
    format!(
        r#"#!/usr/bin/env bash
# {command}
# as a Slurm job array: {size}.
# Written by `pointplane slurm` (version {version}); it is yours to edit.
#
# Submit it, and the job that merges the tables after it:
#     {first}
#     {second}
# Look how far it is:
#     {program} status {out}
#     squeue --user="$USER"
# What each element says is in the folder jobs, in JOB_ELEMENT.out. Stop all with scancel JOB: what is done is kept.
# Resume it, whatever has happened, with the two commands above: runs that are done are not run again.
#
# ---- Edit what your cluster wants. A line with ## is not read: take one # away.
#SBATCH --job-name={name}
{options}#SBATCH --array=0-{last}
{throttle}#
# ---- Leave this as it is.
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --requeue
#SBATCH --signal=B:USR1@{notice}
#SBATCH --open-mode=append
#SBATCH --output="{folder}/jobs/%A_%a.out"

{variables}shards={shards}     # --array counts from 0 to {last}; more elements need a new script
restarts=20   # so often an element goes back into the queue when its time is over

shard=${{SLURM_ARRAY_TASK_ID:?submit this script with sbatch}}
echo "$(date) shard $shard of $shards on $(hostname), start $((${{SLURM_RESTART_COUNT:-0}} + 1))"
{visible}
{worker}
# Stopped because the time is over (138: before the worker had begun to listen): back into the queue.
if [ "$told" = USR1 ] && {{ [ "$code" = 3 ] || [ "$code" = 138 ]; }}; then
  if [ "${{SLURM_RESTART_COUNT:-0}}" -ge "$restarts" ]; then
    echo "not done after $restarts restarts: submit it again, or give each element more time"
  else
    echo "the time is nearly over: shard $shard goes back into the queue and goes on from here"
    scontrol requeue "${{SLURM_ARRAY_JOB_ID}}_${{SLURM_ARRAY_TASK_ID}}"
    requeued=$?   # Slurm ends this script at once, and sometimes scontrol with it (143)
    if [ "$requeued" = 0 ] || [ "$requeued" = 143 ]; then exit 0; fi
    echo "it could not go back: submit it again"
  fi
fi
{said}exit "$code"
"#,
        command = work.command(),
        size = work.size(),
        version = env!("CARGO_PKG_VERSION"),
        program = quote(&work.program),
        name = work.job_name(),
        last = shards - 1,
        folder = quote_pattern(&work.out),
        variables = work.variables(),
        visible = worker::VISIBLE,
        said = worker::SAID,
    )
}

fn merge(work: &Work) -> String {
    let [first, second] = submit_commands(work);
    format!(
        r#"#!/usr/bin/env bash
# Merges the tables of {command}
# when every element of {array_script} is over, however it ended.
# Written by `pointplane slurm` (version {version}); it is yours to edit.
#
# ---- Edit what your cluster wants. A line with ## is not read: take one # away.
#SBATCH --job-name=merge
{options}#
# ---- Leave this as it is.
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output="{folder}/jobs/merge-%j.out"

{variables}
{GO}{MERGE} --threads 1
code=$?
if [ "$code" = 3 ]; then
  cat <<'END'
Not all is done. Run what is missing with the same two commands, runs that are done are not run again:
    {first}
    {second}
END
fi
exit "$code"
"#,
        command = work.command(),
        array_script = array_script(work),
        version = env!("CARGO_PKG_VERSION"),
        options = options(&work.ask, false),
        folder = quote_pattern(&work.out),
        variables = work.variables(),
    )
}

/// The directives that a user edits; what is not asked for stands there as an example.
fn options(ask: &Ask, threads: bool) -> String {
    let line = |name: &str, value: Option<String>, example: &str| match value {
        Some(value) => format!("#SBATCH --{name}={value}\n"),
        None => format!("##SBATCH --{name}={example}\n"),
    };
    let mut lines = line("time", ask.time.map(|time| time.clock()), "02:00:00");
    if threads {
        lines += &line("cpus-per-task", Some(ask.threads.to_string()), "");
    }
    lines += &line("mem", ask.memory.map(|memory| memory.slurm()), "4G");
    lines += &line("partition", ask.partition.clone(), "NAME");
    lines + &line("account", ask.account.clone(), "NAME")
}

#[cfg(test)]
mod tests {
    use super::super::tests::awkward;
    use super::*;

    /// The directives that Slurm reads: all lines up to the first command.
    fn directives(text: &str) -> Vec<&str> {
        let head = text
            .lines()
            .take_while(|line| line.is_empty() || line.starts_with('#'));
        head.filter_map(|line| line.strip_prefix("#SBATCH "))
            .collect()
    }

    #[test]
    fn slurm_reads_what_was_asked() {
        let text = array(&awkward());
        let expected = [
            "--job-name=sweep-plan",
            "--time=02:00:00",
            "--cpus-per-task=2",
            "--mem=4G",
            "--partition=long",
            "--account=econ",
            "--array=0-63",
            "--nodes=1",
            "--ntasks=1",
            "--requeue",
            "--signal=B:USR1@120",
            "--open-mode=append",
            "--output=\"/home/o'neil/结果 \\\"a\\\" `b` %%A/jobs/%A_%a.out\"",
        ];
        assert_eq!(directives(&text), expected);
    }

    #[test]
    fn what_was_not_asked_is_left_to_the_site() {
        let mut work = awkward();
        work.ask = Ask {
            threads: 1,
            time: None,
            memory: None,
            partition: None,
            account: None,
        };
        work.shards = 1;
        for Script { text, .. } in scripts(&work) {
            let read = directives(&text);
            for name in ["time", "mem", "partition", "account"] {
                assert!(
                    !read
                        .iter()
                        .any(|line| line.starts_with(&format!("--{name}=")))
                );
                assert!(text.contains(&format!("\n##SBATCH --{name}=")), "{name}");
            }
        }
        assert!(directives(&array(&work)).contains(&"--array=0-0"));
    }

    #[test]
    fn the_merge_comes_after_any_end_of_the_array() {
        let [first, second] = submit_commands(&awkward());
        assert_eq!(
            first,
            "job=$(sbatch --parsable '/home/o'\\''neil/结果 \"a\" `b` %A/sweep.sbatch')"
        );
        assert!(second.starts_with("sbatch --dependency=afterany:\"${job%%;*}\" "));
        for script in scripts(&awkward()) {
            assert!(script.text.contains(&first) && script.text.contains(&second));
        }
    }

    #[test]
    fn an_element_requeues_itself_and_not_the_array() {
        let text = array(&awkward());
        assert!(text.contains("scontrol requeue \"${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}\""));
        assert!(!text.contains("SLURM_JOB_ID"));
    }
}
