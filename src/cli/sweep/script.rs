//! `pointplane sweep script`: the scripts of other engines.

use clap::{Args, ValueEnum};

use crate::cluster::script::{Engine, scripts, start_commands};

use super::super::{Exit, say};
use super::hand_over::{HandOver, write};

/// Engines on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum For {
    /// Job array of PBS Professional or OpenPBS (what Torque wants instead is in its comments)
    Pbs,
    /// Job array of Grid Engine
    Sge,
    /// GNU parallel on this machine
    Parallel,
    /// Ranks under srun, mpirun or mpiexec
    #[value(alias = "mpirun", alias = "mpiexec")]
    Srun,
}

/// Arguments of `sweep script`.
#[derive(Debug, Args)]
#[command(
    long_about = "Writes the scripts that run a sweep under another engine into DIR: sweep.pbs and merge.pbs, sweep.sge and \
merge.sge, sweep-parallel.sh, or sweep-ranks.sh. Each worker runs one shard. For Slurm job arrays: sweep slurm."
)]
#[command(after_help = "Examples:
  pointplane sweep script plan.toml --out tariffs --for pbs --array 64 --time 12h --partition long
  pointplane sweep script plan.toml --out tariffs --for parallel
  pointplane sweep script plan.toml --out tariffs --for srun --array 64")]
pub struct Arguments {
    #[command(flatten)]
    hand_over: HandOver,
    /// The engine
    #[arg(long = "for", value_name = "ENGINE")]
    engine: For,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let engine = match arguments.engine {
        For::Pbs => Engine::Pbs,
        For::Sge => Engine::Sge,
        For::Parallel => Engine::Parallel,
        For::Srun => Engine::Ranks,
    };
    let written = arguments
        .hand_over
        .sweep(engine.least_shards(), |_| None)
        .and_then(|sweep| write(&sweep, &scripts(&sweep, engine)).map(|()| sweep));
    match written {
        Ok(sweep) => {
            let commands = start_commands(&sweep, engine).join("\n  ");
            say(&format!(
                "read what was written, edit what is to be edited, and start it:\n  {commands}"
            ));
            Exit::Done
        }
        Err(exit) => exit,
    }
}
