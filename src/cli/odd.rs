//! `pointplane odd`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::experiment::build::build;
use crate::report::odd::odd;
use crate::scenario::{Setting, load};
use crate::texts::Lang;
use crate::world::LinkId;
use crate::world::memory::Recorded;

use super::{Exit, print, wrong};

/// Arguments of `odd`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane odd scenarios/china > model.md
  pointplane odd scenarios/china --layout northeast > appendix.md
  pointplane odd scenarios/china --lang zh > appendix-zh.md")]
pub struct Arguments {
    /// Scenario: a folder with scenario.toml, or a TOML file
    scenario: PathBuf,
    /// Layout to apply: a file, or the name of one in its folder layouts/ (repeatable, in order)
    #[arg(long, value_name = "OVERLAY")]
    layout: Vec<PathBuf>,
    /// Change a parameter, for example line.beta=0.1 (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

/// Does the command.
pub fn run(arguments: &Arguments, lang: Lang) -> Exit {
    let loaded = match load(
        &arguments.scenario,
        &arguments.layout,
        &Setting::written(&arguments.set),
    ) {
        Ok(loaded) => loaded,
        Err(problems) => return wrong(&problems, false),
    };
    // The text of the model speaks of months.
    if let Err(problems) = loaded.in_months() {
        return wrong(&problems, false);
    }
    let world = match build(&loaded, 1, Recorded::default()) {
        Ok((world, _)) => world,
        Err(problems) => return wrong(&problems, false),
    };
    let network = &world.network;
    // In any month.
    let versions = LinkId::each(0..network.len()).chain(network.changed.iter().copied());
    let mut links = vec![BTreeSet::new(); network.layers];
    for (version, link) in versions.enumerate() {
        for (links, weight) in links.iter_mut().zip(network.base_links(version)) {
            links.extend((*weight > 0.0).then_some(link));
        }
    }
    let links: Vec<usize> = links.iter().map(BTreeSet::len).collect();
    let scenario = &arguments.scenario;
    let folder = if scenario.is_dir() {
        Some(scenario.as_path())
    } else {
        scenario.parent()
    };
    let folder = folder.unwrap_or(Path::new(""));
    print(&odd(&loaded, folder, &links, lang))
}
