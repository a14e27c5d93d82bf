//! `pointplane outcomes`.

use clap::Args;

use serde::Serialize;

use crate::measure::{OUTCOMES, Outcome, Unit};
use crate::paired::Better;
use crate::texts::{Lang, say};

use super::{Exit, lang, print, print_json};

/// Arguments of `outcomes`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane outcomes
  pointplane compare scenarios/china --baseline none existing \\
    --outcome mean_stock --outcome theil_between")]
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
    definition_zh: &'static str,
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
            groups: outcome.groups().en,
            definition: outcome.definition.en,
            definition_zh: outcome.definition.zh,
            label_en: outcome.label.en,
            label_zh: outcome.label.zh,
        }
    }
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    if arguments.json {
        let list: Vec<Description> = OUTCOMES.iter().map(Description::of).collect();
        return print_json(&list);
    }
    let lang = lang();
    let mut text = super::wrapped(say!(lang, "outcomes-about"), "", 78);
    for outcome in OUTCOMES {
        text.push_str(&super::wrapped(&named(outcome, lang), "", 78));
        text.push_str(&super::wrapped(lang.words(outcome.definition), "    ", 78));
    }
    print(&text)
}

/// The name, with what is to be known of it.
fn named(outcome: &Outcome, lang: Lang) -> String {
    let mut about = Vec::new();
    if outcome.unit != Unit::Index {
        let unit = outcome.unit;
        about.push(lang.of(unit.id(), unit.words().zh).to_owned());
    }
    about.extend(outcome.better.map(|better| match better {
        Better::Higher => say!(lang, "outcomes-higher").to_owned(),
        Better::Lower => say!(lang, "outcomes-lower").to_owned(),
    }));
    about.extend((!outcome.has_horizon()).then(|| say!(lang, "outcomes-month").to_owned()));
    let groups = lang.words(outcome.groups());
    about.extend((!groups.is_empty()).then(|| say!(lang, "outcomes-by", groups)));
    let name = outcome.name;
    match about.join(say!(lang, "list-semicolon")) {
        about if about.is_empty() => name.to_owned(),
        about => say!(lang, "outcomes-named", name, about),
    }
}
