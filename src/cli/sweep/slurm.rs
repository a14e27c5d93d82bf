//! `pointplane sweep slurm`: the scripts of a Slurm job array, and their submission.

use std::io;
use std::process::{Command, Stdio};

use clap::Args;

use crate::cluster::words::{quote, unfit_for_slurm};
use crate::cluster::{Sweep, slurm};
use crate::texts::say;

use super::super::{Exit, lang, say};
use super::hand_over::{HandOver, write};

/// Arguments of `sweep slurm`.
#[derive(Debug, Args)]
#[command(
    long_about = "Writes DIR/sweep.sbatch, a Slurm job array in which each element runs one shard of the sweep, and \
DIR/merge.sbatch, the job that merges the tables after it. Both are yours to read and edit. Elements whose \
time is over or whose node dies go back into the queue and go on where they were. With --submit both are \
submitted."
)]
#[command(after_help = "Examples:
  pointplane sweep slurm plan.toml --out /scratch/me/tariffs --array 64 --time 2h --submit
  pointplane sweep slurm plan.toml --out tariffs --time 12h --partition long --account econ --cpus-per-task 4 --mem 8G")]
pub struct Arguments {
    #[command(flatten)]
    hand_over: HandOver,
    /// Submit the array and the merge job with sbatch
    #[arg(long)]
    submit: bool,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let written = arguments
        .hand_over
        .sweep(1, unfit_for_slurm)
        .and_then(|sweep| write(&sweep, &slurm::scripts(&sweep)).map(|()| sweep));
    let sweep = match written {
        Ok(sweep) => sweep,
        Err(exit) => return exit,
    };
    if arguments.submit {
        return submit(&sweep);
    }
    let [first, second] = slurm::submit_commands(&sweep);
    say(say!(lang(), "slurm-read"));
    say(&format!("  {first}\n  {second}"));
    Exit::Done
}

/// Submits both jobs and says their ids.
fn submit(sweep: &Sweep) -> Exit {
    let path = |name: &str| format!("{}/{name}", sweep.out);
    let [first, second] = slurm::submit_commands(sweep);
    let array = match sbatch(&[&path(slurm::ARRAY)]) {
        Ok(id) => id,
        Err(error) => {
            say(&say!(
                lang(),
                "slurm-not-submitted",
                error = error.to_string()
            ));
            say(&format!(
                "the scripts are written; submit them with\n  {first}\n  {second}"
            ));
            return Exit::Failed;
        }
    };
    let s = if sweep.shards == 1 { "" } else { "s" };
    say(&format!(
        "submitted job {array}: {} element{s}",
        sweep.shards
    ));
    let after = format!("--dependency=afterany:{array}");
    let merge = match sbatch(&[&after, &path(slurm::MERGE)]) {
        Ok(id) => id,
        Err(error) => {
            say(&say!(
                lang(),
                "slurm-merge-failed",
                error = error.to_string()
            ));
            say(&format!(
                "submit it with\n  sbatch {after} {}",
                quote(&path(slurm::MERGE))
            ));
            return Exit::Failed;
        }
    };
    say(&say!(lang(), "slurm-merge", merge));
    say(&format!(
        "look how far it is:\n  pointplane sweep status {}\n  squeue --job={array},{merge}",
        quote(&sweep.out)
    ));
    Exit::Done
}

/// Submits a script and gives the id of its job.
fn sbatch(words: &[&str]) -> Result<String, String> {
    let ran = Command::new("sbatch")
        .arg("--parsable")
        .args(words)
        .stdin(Stdio::null())
        .output();
    let output = match ran {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(
                "there is no sbatch on PATH: is this a login node of a Slurm cluster?".into(),
            );
        }
        Err(error) => return Err(format!("sbatch cannot be started: {error}")),
    };
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if !output.status.success() {
        return Err(match said.as_str() {
            "" => format!("sbatch failed ({})", output.status),
            said => said.to_owned(),
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
    id.ok_or_else(|| format!("sbatch gave no job id but {:?}", out.trim()))
}
