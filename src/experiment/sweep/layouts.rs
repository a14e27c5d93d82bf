//! The layouts of a plan, loaded.

use std::path::{Path, PathBuf};

use crate::scenario::problem::Report;
use crate::scenario::{Document, Loaded, Problem, Setting, layout_files, load};
use crate::texts::text;

use super::spec::PlanSpec;

/// What a TOML file is, by the keys that only such a file has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// A plan.
    Plan,
    /// A scenario.
    Scenario,
}

/// What a file is; nothing where that cannot be said.
pub fn kind_of_file(path: &Path) -> Option<File> {
    // Larger files are neither, and are told so when they are read.
    let small = std::fs::metadata(path).is_ok_and(|about| about.is_file() && about.len() < 1 << 20);
    let text = small.then(|| std::fs::read_to_string(path).ok())??;
    let keys: toml::Table = text.parse().ok()?;
    let has = |key: &str| keys.contains_key(key);
    if has("design") || has("scenario") {
        Some(File::Plan)
    } else if has("places") || has("domains") || has("extends") {
        Some(File::Scenario)
    } else {
        None
    }
}

/// A layout that was loaded.
pub struct Named {
    /// Its name in the tables.
    pub name: String,
    /// Its files.
    pub files: Vec<PathBuf>,
    /// The scenario with it.
    pub loaded: Loaded,
}

/// What the words of the scenario as it is begin with, under a variant.
const BASE_AND: &str = "base+";

/// The layouts, baseline first, then the same under each variant; and how the plan names them.
pub fn load_all(
    document: &Document<PlanSpec>,
    scenario: &Path,
    sets: &[Setting],
    report: &mut Report,
) -> Option<(Vec<Named>, Vec<String>)> {
    let spec = &document.spec;
    let before = report.errors();
    let mut words: Vec<String> = Vec::new();
    for (at, word) in spec.layouts.iter().enumerate() {
        if words.contains(word) {
            let problem =
                document.error(&["layouts", &at.to_string()], text!("layout-named-twice"));
            report.push(problem.value(word));
        } else {
            words.push(word.clone());
        }
    }
    if let Some(baseline) = &spec.baseline {
        match words.iter().position(|word| word == baseline) {
            Some(at) => words[..=at].rotate_right(1),
            None => {
                let nearest = report.near(baseline, words.iter().map(String::as_str));
                let problem = document.error(&["baseline"], text!("not-one-of-layouts"));
                report.push(
                    problem
                        .value(baseline)
                        .allowed(words.join(", "))
                        .nearest(nearest),
                );
            }
        }
    }
    let asked = words.len();
    for variant in variants(document, scenario, report) {
        let under = |at: usize| format!("{}+{variant}", words[at]);
        words.extend((0..asked).map(under).collect::<Vec<_>>());
    }
    let mut named: Vec<Named> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let files: Vec<PathBuf> = layout_files(scenario, word)
            .into_iter()
            .map(|file| match document.folder.join(&file) {
                beside if file.components().count() > 1 && beside.is_file() => beside,
                _ => file,
            })
            .collect();
        match load(scenario, &files, sets) {
            Ok(loaded) => {
                let own = loaded.layout_name();
                let name = match at < asked || !word.starts_with(BASE_AND) {
                    true => own.to_owned(),
                    false => format!("{BASE_AND}{own}"),
                };
                if named.iter().any(|other| other.name == name) {
                    let what = text!("layout-same-name", name);
                    report.push(document.error(&["layouts"], what).value(word));
                }
                named.push(Named {
                    name,
                    files,
                    loaded,
                });
            }
            Err(problems) => {
                let list = if at < asked { "layouts" } else { "variants" };
                for problem in problems.blaming(list).problems {
                    report.push(match problem.file.as_str() {
                        "--set" => in_plan(document, problem),
                        _ => problem,
                    });
                }
            }
        }
    }
    (report.errors() == before).then_some((named, words))
}

/// The variants that can be laid over layouts.
fn variants<'d>(
    document: &'d Document<PlanSpec>,
    scenario: &Path,
    report: &mut Report,
) -> Vec<&'d String> {
    let all = &document.spec.variants;
    let mut sound = Vec::new();
    for (at, variant) in all.iter().enumerate() {
        let what = if all[..at].contains(variant) {
            text!("layout-named-twice")
        } else if variant.is_empty() || layout_files(scenario, variant).is_empty() {
            text!("variant-changes-nothing")
        } else {
            sound.push(variant);
            continue;
        };
        let problem = document.error(&["variants", &at.to_string()], what);
        report.push(problem.value(variant));
    }
    sound
}

/// A problem with a value that the plan sets, at its line of the plan.
fn in_plan(document: &Document<PlanSpec>, problem: Problem) -> Problem {
    let Some(key) = problem.key.clone() else {
        return problem;
    };
    let at = match key.as_str() {
        "seed" => document.error(&["seed"], ""),
        key => document.error(&["set", key], ""),
    };
    Problem {
        file: at.file,
        line: at.line,
        key: at.key,
        ..problem
    }
}
