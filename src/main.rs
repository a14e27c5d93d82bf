//! The command `pointplane`.

use std::process::ExitCode;

fn main() -> ExitCode {
    pointplane::cli::main()
}
