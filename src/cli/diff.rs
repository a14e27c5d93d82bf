//! `pointplane diff`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::scenario::{Loaded, Problems, diff, load};

use super::{Exit, lang, print, print_json, wrong};

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane diff none northeast --scenario scenarios/china
  pointplane diff scenarios/china scenarios/china/county.toml")]
pub struct Arguments {
    /// A scenario, or with --scenario a layout; `-` stands for the scenario without a layout
    a: PathBuf,
    /// What it is compared with
    b: PathBuf,
    /// The scenario that A and B are layouts of
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// Print the differences as JSON
    #[arg(long)]
    json: bool,
}

/// Does the command. The exit code is 0 whether or not there are differences.
pub fn run(arguments: &Arguments) -> Exit {
    let read = |path: &Path| -> Result<Loaded, Problems> {
        match &arguments.scenario {
            Some(scenario) if path == Path::new("-") => load(scenario, &[], &[]),
            Some(scenario) => load(scenario, &[path.to_path_buf()], &[]),
            None => load(path, &[], &[]),
        }
    };
    let (a, b) = match (read(&arguments.a), read(&arguments.b)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(mut problems), Err(more)) => {
            problems.left_out += more.left_out;
            for problem in more.problems {
                if !problems.problems.contains(&problem) {
                    problems.problems.push(problem);
                }
            }
            return wrong(&problems, arguments.json);
        }
        (Err(problems), Ok(_)) | (Ok(_), Err(problems)) => return wrong(&problems, arguments.json),
    };
    let differences = diff(&a, &b);
    if arguments.json {
        print_json(&differences)
    } else {
        print(&format!("{}\n", differences.told(lang())))
    }
}
