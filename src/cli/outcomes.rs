//! `pointplane outcomes`.

use clap::Args;

use serde::Serialize;

use crate::measure::{OUTCOMES, Outcome};

use super::{Exit, print, print_json};

/// Arguments of `outcomes`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane outcomes
  pointplane compare scenarios/china --baseline none existing --outcome mean_stock --outcome theil_between")]
pub struct Arguments {
    /// Print the outcomes as JSON
    #[arg(long)]
    json: bool,
}

/// What is said of an outcome.
#[derive(Debug, Serialize)]
struct Description {
    name: &'static str,
    unit: &'static str,
    /// `higher`, `lower` or nothing.
    better: Option<&'static str>,
    /// Whether it is taken at the months of `--horizon` and the end of the run.
    horizon: bool,
    /// The kinds of groups it is given by, besides the country.
    groups: &'static str,
    definition: &'static str,
    label_en: &'static str,
    label_zh: &'static str,
}

impl Description {
    fn of(outcome: &Outcome) -> Self {
        Self {
            name: outcome.name,
            unit: outcome.unit.id(),
            better: outcome.better_word(),
            horizon: outcome.has_horizon(),
            groups: outcome.groups(),
            definition: outcome.definition,
            label_en: outcome.label.en,
            label_zh: outcome.label.zh,
        }
    }
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let list: Vec<Description> = OUTCOMES.iter().map(Description::of).collect();
    if arguments.json {
        return print_json(&list);
    }
    let mut text = super::wrapped(
        "Outcomes of `pointplane compare`. They are taken at the end of the run and at each --horizon, \
         unless they are months. Better: the direction by which layouts are ranked.",
        "",
        78,
    );
    for outcome in list {
        let mut about = Vec::new();
        about.extend((!outcome.unit.is_empty()).then(|| outcome.unit.to_owned()));
        about.extend(outcome.better.map(|better| format!("better: {better}")));
        about.extend(
            (!outcome.horizon).then(|| "a month; never counts as the whole run".to_owned()),
        );
        about.extend((!outcome.groups.is_empty()).then(|| format!("by {}", outcome.groups)));
        let about = match about.len() {
            0 => String::new(),
            _ => format!(" ({})", about.join("; ")),
        };
        text.push_str(&super::wrapped(&format!("{}{about}", outcome.name), "", 78));
        text.push_str(&super::wrapped(outcome.definition, "    ", 78));
    }
    print(&text)
}
