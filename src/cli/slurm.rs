//! `pointplane slurm`, and `pointplane sweep slurm`: the scripts of a Slurm job array, and their submission.

use std::io;
use std::process::{Command, Stdio};

use clap::Args;

use crate::cluster::words::unfit_for_slurm;
use crate::cluster::{Work, slurm};
use crate::shell::quote;
use crate::texts::{Text, say, text};

use super::given::HandedOver;
use super::hand_over::{Engine, HandOver, Handed};
use super::{Exit, lang, say};

/// Arguments of `slurm`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane slurm compare scenarios/china --baseline existing northeast \\
    --replicates 200 --array 20 --time 2h --submit
  pointplane slurm run scenarios/china-firms --replicates 100 --out firms \\
    --time 12h --cpus-per-task 4 --mem 8G
  pointplane slurm sweep plan.toml --out /scratch/me/tariffs --array 64 \\
    --time 2h --submit")]
pub struct Arguments {
    #[command(subcommand)]
    command: Handed<Submit>,
}

/// A command that is handed over to Slurm.
pub type Of<A> = HandOver<A, Submit>;

/// Whether it is submitted.
#[derive(Debug, Args)]
pub struct Submit {
    /// Submit the array and the merge job with sbatch
    #[arg(long)]
    submit: bool,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    arguments.command.hand_over()
}

impl Engine for Submit {
    const ABOUT: &str = "Writes into the results folder, which all nodes must see, a Slurm job array in which each \
element runs one shard (run.sbatch, compare.sbatch or sweep.sbatch), and merge.sbatch, the job that makes the \
tables afterwards. Both can be read and edited. Elements that run out of time or whose node dies go back into the \
queue and continue where they stopped. With --submit both are submitted.";

    fn hand_over<A: HandedOver>(of: &Of<A>) -> Exit {
        let work = match of.write(1, unfit_for_slurm, |work| slurm::scripts(work).into()) {
            Ok(work) => work,
            Err(exit) => return exit,
        };
        if of.more.submit {
            return submit(&work);
        }
        let [first, second] = slurm::submit_commands(&work);
        say(&say!(lang(), "slurm-read", first, second));
        Exit::Done
    }
}

/// Submits both jobs and says their ids.
fn submit(work: &Work) -> Exit {
    let path = |name: &str| format!("{}/{name}", work.out);
    let array = match sbatch(&[&path(&slurm::array_script(work))]) {
        Ok(id) => id,
        Err(error) => {
            let [first, second] = slurm::submit_commands(work);
            say(&say!(lang(), "slurm-not-submitted", error, first, second));
            return Exit::Failed;
        }
    };
    say(&say!(lang(), "slurm-array", array, n = work.shards));
    let after = format!("--dependency=afterany:{array}");
    let merge = match sbatch(&[&after, &path(slurm::MERGE_SCRIPT)]) {
        Ok(id) => id,
        Err(error) => {
            let command = format!("sbatch {after} {}", quote(&path(slurm::MERGE_SCRIPT)));
            say(&say!(lang(), "slurm-merge-failed", error, command));
            return Exit::Failed;
        }
    };
    say(&say!(lang(), "slurm-merge", merge));
    let (folder, jobs) = (quote(&work.out), format!("{array},{merge}"));
    say(&say!(lang(), "slurm-look", folder, jobs));
    Exit::Done
}

/// Submits a script and gives the id of its job.
fn sbatch(words: &[&str]) -> Result<String, Text> {
    let ran = Command::new("sbatch")
        .arg("--parsable")
        .args(words)
        .stdin(Stdio::null())
        .output();
    let output = ran.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => text!("sbatch-none"),
        _ => text!("sbatch-not-started", error),
    })?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if !output.status.success() {
        return Err(match said.as_str() {
            "" => text!("sbatch-failed", status = Text::foreign(output.status)),
            said => Text::foreign(said),
        });
    }
    // Warnings of a submission that went well, such as a low balance.
    if !said.is_empty() {
        say(&said);
    }
    // `ID` or `ID;CLUSTER`, after whatever the site's plugins print.
    let out = String::from_utf8_lossy(&output.stdout);
    let id = out.lines().rev().find_map(|line| {
        let id = line.trim().split(';').next().unwrap_or_default();
        (!id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())).then(|| id.to_owned())
    });
    id.ok_or_else(|| text!("sbatch-no-id", said = format!("{:?}", out.trim())))
}
