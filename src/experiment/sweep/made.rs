//! Plans that nobody wrote: they are made of options of the command line, and what is wrong with them is told of these.

use std::path::{Path, PathBuf};

use crate::experiment::request::BreakEven;
use crate::scenario::problem::Report;
use crate::scenario::{Document, Problem};

use super::read::dotted;
use super::spec::PlanSpec;

/// The options.
pub const BREAK_EVEN: &str = "--break-even";
/// Draws of a posterior.
const POSTERIOR: &str = "--posterior";
/// Variants of the model at one point.
pub const VARIANTS: &str = "--variants";

/// A plan of which only the design is written.
fn written(option: &str, design: &str, report: &mut Report) -> Option<Document<PlanSpec>> {
    let name = option.trim_start_matches('-');
    let text = format!("name = \"{name}\"\nscenario = \"\"\n[design]\n{design}\n");
    Document::of(text, option, PathBuf::from("."), &dotted(), report)
}

/// A plan of a grid that is not laid yet.
pub fn grid(option: &str, report: &mut Report) -> Option<Document<PlanSpec>> {
    written(option, "kind = \"grid\"", report)
}

/// A plan whose design is the rows of a table of draws, the first ones or all.
pub fn posterior(
    table: &Path,
    draws: Option<u32>,
    report: &mut Report,
) -> Option<Document<PlanSpec>> {
    let file = toml::Value::String(table.to_string_lossy().into_owned());
    let rows = draws.map_or_else(String::new, |n| format!("\nrows = {n}"));
    let design = format!("kind = \"list\"\ndraws = true\nfile = {file}{rows}");
    written(POSTERIOR, &design, report)
}

/// Problems with such a plan, as those of the option or the `table` of draws that it was made of. The values of a `look`
/// for break-even values were not written one by one: what is wrong with the first is wrong with the range.
pub fn named(
    problems: Vec<Problem>,
    table: Option<&Path>,
    look: Option<&BreakEven>,
) -> Vec<Problem> {
    let mut told: Vec<Problem> = Vec::new();
    for problem in problems {
        let key = match problem.file.as_str() {
            BREAK_EVEN => look.map(|of| of.parameter.clone()),
            VARIANTS => problem.key.clone(),
            POSTERIOR => None,
            _ => {
                told.push(problem);
                continue;
            }
        };
        let file = match (table, problem.file.as_str()) {
            (_, POSTERIOR) if problem.key.as_deref() == Some("design.rows") => "--draws".to_owned(),
            (Some(table), POSTERIOR) => table.display().to_string(),
            _ => problem.file.clone(),
        };
        let again = |other: &Problem| file == BREAK_EVEN && other.file == BREAK_EVEN;
        if !told.iter().any(again) {
            told.push(Problem {
                file,
                key,
                line: None,
                ..problem
            });
        }
    }
    told
}
