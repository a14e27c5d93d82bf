//! `pointplane schema`.

use clap::Args;

use crate::scenario::schema;

use super::{Exit, print_json};

/// Arguments of `schema`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane schema > pointplane.schema.json
  pointplane schema --layout > pointplane-layout.schema.json
  pointplane schema --parameters

In an editor with TOML support (taplo, Even Better TOML) put at the top of a scenario:
  #:schema ./pointplane.schema.json")]
pub struct Arguments {
    /// The schema of layout files instead of scenario files
    #[arg(long)]
    layout: bool,
    /// Every parameter with symbol, unit, default and range, as a Markdown table
    #[arg(long, conflicts_with = "layout")]
    parameters: bool,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    if arguments.layout {
        print_json(&schema::layout_schema())
    } else {
        print_json(&schema::schema())
    }
}
