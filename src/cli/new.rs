//! `pointplane new`: the minimal scenario, under a new name.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::store::atomic_write;
use crate::texts::{Text, say, text};

use super::{Exit, lang, say};

/// Arguments of `new`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane new my-country
  pointplane run my-country")]
pub struct Arguments {
    /// Folder to make; its last part names the scenario
    name: PathBuf,
}

macro_rules! shipped {
    ($($file:literal),* $(,)?) => {
        [$(($file, include_str!(concat!("../../scenarios/minimal/", $file)))),*]
    };
}

/// The files of the minimal scenario, as shipped.
const FILES: [(&str, &str); 16] = shipped![
    "scenario.toml",
    "regions.csv",
    "zones.csv",
    "gateways.csv",
    "gateway_links.csv",
    "alliances.csv",
    "alliance_members.csv",
    "corridors.csv",
    "corridor_segments.csv",
    "mandates.csv",
    "observed.csv",
    "layouts/none.toml",
    "layouts/open-candidate.toml",
    "sweeps/grid.toml",
    "calibrate.toml",
    "search.toml",
];

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let dir = &arguments.name;
    let name = dir
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let fine = name.len() <= 64
        && name.chars().all(plain)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !fine {
        say(&say!(lang(), "scenario-name", name));
        return Exit::Wrong;
    }
    if dir.exists() {
        say(&say!(
            lang(),
            "there-already",
            path = dir.display().to_string()
        ));
        return Exit::Wrong;
    }
    for (file, text) in FILES {
        let text = match file {
            "scenario.toml" | "sweeps/grid.toml" | "calibrate.toml" | "search.toml" => {
                renamed(text, &name)
            }
            _ => text.to_owned(),
        };
        if let Err(problem) = write(&dir.join(file), &text) {
            say(&say!(lang(), "error", error = problem));
            return Exit::Failed;
        }
    }
    say(&say!(lang(), "made", path = dir.display().to_string()));
    say(&format!(
        "  pointplane check {0}\n  pointplane run {0}",
        dir.display()
    ));
    Exit::Done
}

/// A file of the scenario under another name, in its comments too.
fn renamed(text: &str, name: &str) -> String {
    let line = |line: &str| {
        if line.starts_with("name = ") {
            line.replace("\"minimal\"", &format!("\"{name}\"")) + "\n"
        } else {
            let line = line.replace("results/minimal", &format!("results/{name}"));
            line.replace("scenarios/minimal", name) + "\n"
        }
    };
    text.lines().map(line).collect()
}

fn write(path: &Path, text: &str) -> Result<(), Text> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)
            .map_err(|error| text!("store-make", path = parent, error))?;
    }
    atomic_write(path, |file| file.write_all(text.as_bytes())).map_err(|error| error.text())
}
