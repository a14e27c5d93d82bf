//! `pointplane schema`.

use clap::Args;

use crate::experiment::sweep::spec::plan_schema;
use crate::inference::calibrate::calibration_schema;
use crate::scenario::{layout_schema, rows_of, schema, to_markdown};
use crate::search::search_schema;

use super::{Exit, print, print_json};

/// Arguments of `schema`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane schema > pointplane.schema.json
  pointplane schema --layout > pointplane-layout.schema.json
  pointplane schema --parameters
  pointplane schema --layout --parameters
  pointplane schema --plan > pointplane-plan.schema.json
  pointplane schema --calibration > pointplane-calibration.schema.json
  pointplane schema --search > pointplane-search.schema.json

In an editor with TOML support (taplo, Even Better TOML) put at the top of a scenario:
  #:schema ./pointplane.schema.json")]
pub struct Arguments {
    /// Layout files instead of scenario files
    #[arg(long, conflicts_with = "plan")]
    layout: bool,
    /// Plans of sweeps instead of scenario files
    #[arg(long)]
    plan: bool,
    /// Plans of calibrations instead of scenario files
    #[arg(long, conflicts_with_all = ["plan", "layout"])]
    calibration: bool,
    /// Plans of searches instead of scenario files
    #[arg(long, conflicts_with_all = ["plan", "layout", "calibration"])]
    search: bool,
    /// Every key with symbol, unit, default and range, as a Markdown table instead
    #[arg(long)]
    parameters: bool,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let schema = match arguments {
        Arguments { plan: true, .. } => plan_schema(),
        Arguments {
            calibration: true, ..
        } => calibration_schema(),
        Arguments { search: true, .. } => search_schema(),
        Arguments { layout: true, .. } => layout_schema(),
        _ => schema(),
    };
    if arguments.parameters {
        print(&to_markdown(&rows_of(&schema)))
    } else {
        print_json(&schema)
    }
}
