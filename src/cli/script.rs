//! `pointplane script`, and `pointplane sweep script`: the scripts of other engines.

use clap::{Args, ValueEnum};

use crate::cluster::script::{Engine, scripts, start_commands};
use crate::texts::say;

use super::given::HandedOver;
use super::hand_over::{Engine as HandTo, HandOver, Handed};
use super::{Exit, lang, say};

/// Arguments of `script`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane script compare scenarios/china --baseline existing northeast \\
    --for pbs --array 20 --time 12h
  pointplane script run scenarios/china --replicates 100 --out many \\
    --for parallel
  pointplane script sweep plan.toml --out tariffs --for srun --array 64")]
pub struct Arguments {
    #[command(subcommand)]
    command: Handed<To>,
}

/// A command that is handed over to another engine.
pub type Of<A> = HandOver<A, To>;

/// To which engine.
#[derive(Debug, Args)]
pub struct To {
    /// The engine
    #[arg(long = "for", value_name = "ENGINE")]
    engine: For,
}

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

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    arguments.command.hand_over()
}

impl HandTo for To {
    const ABOUT: &str = "Writes the scripts for another engine into the results folder, which all nodes must see: \
NAME.pbs and merge.pbs, NAME.sge and merge.sge, NAME-parallel.sh, or NAME-ranks.sh, where NAME is run, compare or \
sweep. Each worker runs one shard. For Slurm job arrays: slurm.";

    fn hand_over<A: HandedOver>(of: &Of<A>) -> Exit {
        let engine = match of.more.engine {
            For::Pbs => Engine::Pbs,
            For::Sge => Engine::Sge,
            For::Parallel => Engine::Parallel,
            For::Srun => Engine::Ranks,
        };
        let written = of.write(
            engine.least_shards(),
            |_| None,
            |work| scripts(work, engine),
        );
        match written {
            Ok(work) => {
                let commands = start_commands(&work, engine).join("\n  ");
                say(&say!(lang(), "script-start", commands));
                Exit::Done
            }
            Err(exit) => exit,
        }
    }
}
