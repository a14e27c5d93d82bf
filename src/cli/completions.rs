//! `pointplane completions`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Exit, print};

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane completions bash \\
    > ~/.local/share/bash-completion/completions/pointplane
  pointplane completions zsh > ~/.zfunc/_pointplane")]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let mut script = Vec::new();
    let mut command = super::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "pointplane", &mut script);
    print(&String::from_utf8_lossy(&script))
}
