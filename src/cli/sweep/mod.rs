//! `pointplane sweep`.

pub(super) mod common;
mod plan;
mod run;
pub mod summary;

use clap::{Args, Subcommand};

use super::hand_over::Engine;
use super::{Exit, script, slurm};
use crate::report::{Lang, not_varied};

/// What stands below the options.
fn help() -> String {
    let example = not_varied::plan(&["none", "base"], Lang::En);
    let example: String = example.lines().map(indented).collect();
    let commands: String = not_varied::COMMANDS.lines().map(indented).collect();
    format!(
        "Examples:
  pointplane sweep plan scenarios/china/sweeps/sensitivity.toml --dry-run
  pointplane sweep run scenarios/china/sweeps/sensitivity.toml \\
    --out results/sensitivity
  pointplane sweep status results/sensitivity
  pointplane sweep summary results/sensitivity

A plan names a scenario, layouts, a design over any of the scenario's parameters, replicates and
outcomes. All points and layouts use common random numbers, so differences between them are
paired. docs/sweep.md explains plans, docs/cluster.md clusters.

{}
A plan for the layouts of a comparison:

{example}
and what to do with it (docs/sweep.md has more):

{commands}",
        not_varied::question(Lang::En)
    )
}

fn indented(line: &str) -> String {
    format!("  {line}").trim_end().to_owned() + "\n"
}

/// Arguments of `sweep`.
#[derive(Debug, Args)]
#[command(after_help = help())]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a plan, generate its design, estimate its cost
    Plan(plan::Arguments),
    /// Run a sweep, or a shard of it
    Run(run::Arguments),
    /// Show the progress of a sweep, also while others work on it
    Status(super::status::Arguments),
    /// Make the tables of a sweep from what its workers have finished
    Merge(super::merge::Arguments),
    /// Show which parameters drive which outcomes, and the effects of layouts
    Summary(summary::Arguments),
    /// Write the scripts that run a sweep as a Slurm job array, and submit them
    #[command(long_about = slurm::Submit::ABOUT, after_help = "Examples:
  pointplane sweep slurm plan.toml --out /scratch/me/tariffs --array 64 \\
    --time 2h --submit
  pointplane sweep slurm plan.toml --out tariffs --time 12h --partition long \\
    --account econ --cpus-per-task 4 --mem 8G")]
    Slurm(slurm::Of<common::Ask>),
    /// Write the scripts that run it under PBS, Grid Engine, GNU parallel, srun or mpirun
    #[command(long_about = script::To::ABOUT, after_help = "Examples:
  pointplane sweep script plan.toml --out tariffs --for pbs --array 64 \\
    --time 12h --partition long
  pointplane sweep script plan.toml --out tariffs --for parallel
  pointplane sweep script plan.toml --out tariffs --for srun --array 64")]
    Script(script::Of<common::Ask>),
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    match &arguments.command {
        Command::Plan(arguments) => plan::run(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::Status(arguments) => super::status::run(arguments),
        Command::Merge(arguments) => super::merge::run(arguments),
        Command::Summary(arguments) => summary::run(arguments),
        Command::Slurm(arguments) => slurm::Submit::hand_over(arguments),
        Command::Script(arguments) => script::To::hand_over(arguments),
    }
}
