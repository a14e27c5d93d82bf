//! Job arrays of PBS and Grid Engine, and the jobs that merge after them.

use super::engine::{Engine, LIMIT, head, limit, start_commands};
use super::worker::{self, Signal};
use super::{GO, MERGE, Work};

const EDIT: &str =
    "# ---- Edit what your cluster wants. A line with ## is not read: take one # away.\n";

/// A directive, or an example of it when nothing is asked.
fn directive(mark: &str, option: &str, value: Option<String>, example: &str) -> String {
    match value {
        Some(value) => format!("#{mark} {option}{value}\n"),
        None => format!("##{mark} {option}{example}\n"),
    }
}

pub(super) fn pbs(work: &Work) -> String {
    let Work { shards, ask, .. } = work;
    let last = shards - 1;
    let memory = ask
        .memory
        .map_or(String::new(), |memory| format!(":mem={}", memory.pbs()));
    let edit = [
        format!("#PBS -N {}\n", work.job_name()),
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
{variables}shards={shards}   # -J counts from 0 to {last}; more elements need a new script
threads=${{NCPUS:-${{PBS_NUM_PPN:-{threads}}}}}
{limit}
shard=${{PBS_ARRAY_INDEX:-${{PBS_ARRAYID:?submit this script with qsub}}}}
echo "$(date) shard $shard of $shards on $(hostname)"
{visible}
{worker}
{said}exit "$code"
"#,
        head = head(
            work,
            Engine::Pbs,
            "as a PBS job array",
            "qstat -u \"$USER\""
        ),
        variables = work.variables(),
        threads = ask.threads,
        limit = limit(work, "the walltime"),
        visible = worker::VISIBLE,
        worker = worker::run(work, &signals, "\"$threads\"", LIMIT),
        said = worker::SAID,
    )
}

pub(super) fn sge(work: &Work) -> String {
    let Work { shards, ask, .. } = work;
    let slots = (ask.threads > 1).then(|| format!("smp {}", ask.threads));
    let memory = ask.memory.map(|memory| memory.per_slot(ask.threads));
    let edit = [
        format!("#$ -N {}\n", work.job_name()),
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
{variables}shards={shards}   # -t counts from 1 to {shards}; more elements need a new script
threads=${{NSLOTS:-{threads}}}
{limit}
shard=$((${{SGE_TASK_ID:?submit this script with qsub}} - 1))
echo "$(date) shard $shard of $shards on $(hostname)"
{visible}
{worker}
{said}exit "$code"
"#,
        head = head(work, Engine::Sge, "as a Grid Engine job array", "qstat"),
        variables = work.variables(),
        threads = ask.threads,
        limit = limit(work, "h_rt"),
        visible = worker::VISIBLE,
        worker = worker::run(work, &signals, "\"$threads\"", LIMIT),
        said = worker::SAID,
    )
}

/// What merge jobs share after their directives.
fn merge_body(work: &Work, engine: Engine) -> String {
    let start = start_commands(work, engine).join("\n    ");
    format!(
        r#"
{variables}
{GO}{MERGE} --threads 1
code=$?
if [ "$code" = 3 ]; then
  cat <<'END'
Not all is done. Run what is missing with the same commands, runs that are done are not run again:
    {start}
END
fi
exit "$code"
"#,
        variables = work.variables(),
    )
}

pub(super) fn pbs_merge(work: &Work) -> String {
    let ask = &work.ask;
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
    let about = merge_head(work, Engine::Pbs);
    format!("{about}{EDIT}{edit}{}", merge_body(work, Engine::Pbs))
}

pub(super) fn sge_merge(work: &Work) -> String {
    let ask = &work.ask;
    let edit = [
        "#$ -N merge\n".to_owned(),
        directive("$", "-l h_rt=", ask.time.map(|t| t.clock()), "02:00:00"),
        directive("$", "-l h_vmem=", ask.memory.map(|m| m.per_slot(1)), "2G"),
        directive("$", "-q ", ask.partition.clone(), "QUEUE"),
        directive("$", "-P ", ask.account.clone(), "PROJECT"),
        "#$ -S /bin/bash\n#$ -cwd\n#$ -j y\n".into(),
    ]
    .concat();
    let about = merge_head(work, Engine::Sge);
    format!("{about}{EDIT}{edit}{}", merge_body(work, Engine::Sge))
}

fn merge_head(work: &Work, engine: Engine) -> String {
    format!(
        "#!/usr/bin/env bash\n# Merges the tables of {}\n# when every element of {} is over, however it ended.\n\
         # Written by `pointplane script` (version {}); it is yours to edit.\n#\n",
        work.command(),
        work.script(engine.ending()),
        env!("CARGO_PKG_VERSION"),
    )
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::tests::awkward;
    use super::*;

    /// The directives that an engine reads: all lines up to the first command.
    pub fn directives<'t>(text: &'t str, mark: &str) -> Vec<&'t str> {
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
}
