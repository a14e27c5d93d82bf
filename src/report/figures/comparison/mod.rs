//! The figures of a comparison of layouts.

mod choice;
mod data;
mod effects;
mod map;
mod paths;

use crate::measure::Unit;
use crate::measure::catalogue::outcome;
use crate::report::lang::Lang;
use crate::texts::{Text, text};

use super::Figure;
use super::names::Names;
use choice::{pareto, ranking};
pub use data::{ComparisonData, PARTS};
use effects::{firm_groups, forest, groups, provinces};
pub use map::comparison_map;
use paths::{levels, paths};

/// All figures of a comparison, in the order of the report.
pub fn comparison_figures(data: &ComparisonData, names: &Names) -> Vec<Figure> {
    let mut figures = vec![forest(data, names), groups(data, names)];
    figures.extend(firm_groups(data, names));
    figures.extend([
        provinces(data, names),
        paths(data, names),
        levels(data, names),
        pareto(data, names),
        ranking(data, names),
    ]);
    figures
}

/// The words of an outcome; of one that this version does not know its name.
pub fn outcome_word(lang: Lang, name: &str) -> &str {
    outcome(name).map_or(name, |known| lang.words(known.label))
}

/// What an axis says of an outcome.
pub fn axis_word(lang: Lang, name: &str) -> &'static str {
    outcome(name).map_or("", |known| lang.words(known.axis))
}

/// Whether an outcome is a share: so is its axis.
fn is_share(name: &str) -> bool {
    outcome(name).is_some_and(|known| known.unit == Unit::Share)
}

pub(super) fn no_table(table: &str) -> Text {
    text!("comparison-no-table", table)
}
