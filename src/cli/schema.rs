//! `pointplane schema`.

use clap::Args;

use crate::scenario::{layout_schema, layout_table, parameter_table, schema, to_markdown};

use super::{Exit, print, print_json};

/// Arguments of `schema`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane schema > pointplane.schema.json
  pointplane schema --layout > pointplane-layout.schema.json
  pointplane schema --parameters
  pointplane schema --layout --parameters

In an editor with TOML support (taplo, Even Better TOML) put at the top of a scenario:
  #:schema ./pointplane.schema.json")]
pub struct Arguments {
    /// Layout files instead of scenario files
    #[arg(long)]
    layout: bool,
    /// Every key with symbol, unit, default and range, as a Markdown table instead
    #[arg(long)]
    parameters: bool,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    match (arguments.layout, arguments.parameters) {
        (false, false) => print_json(&schema()),
        (true, false) => print_json(&layout_schema()),
        (false, true) => print(&to_markdown(&parameter_table())),
        (true, true) => print(&to_markdown(&layout_table())),
    }
}
