//! The scenario that results were made from: found by the command in their manifest, held against the
//! checksums of its files. Tables name places by id; names and positions are in the scenario.

use std::path::{Path, PathBuf};

use clap::Parser;

use crate::experiment::request::Request;
use crate::scenario::{BASE, Loaded, layout_files, load};
use crate::store::Manifest;

/// What was asked for these results.
fn asked(manifest: &Manifest) -> Option<Request> {
    let words = std::iter::once("pointplane".to_owned());
    let words = words.chain(manifest.command_line.iter().skip(1).cloned());
    super::Arguments::try_parse_from(words)
        .ok()
        .and_then(|arguments| arguments.command.request())
}

/// The scenarios of a run (one) or of a comparison (baseline first), with the names of their layouts.
///
/// # Errors
/// Why they are not at hand, one sentence.
pub fn find(
    dir: &Path,
    manifest: &Manifest,
    given: Option<&Path>,
) -> Result<Vec<(String, Loaded)>, String> {
    let asked = asked(manifest).and_then(|request| Sources::of(&request));
    let sources = asked.ok_or("the manifest's command does not say which scenario it was")?;
    let places = match given {
        Some(path) => vec![(PathBuf::new(), path.to_path_buf())],
        None => {
            // Where the program is now, then the folders above the results.
            let above = dir.canonicalize().unwrap_or_else(|_| dir.to_path_buf());
            let above = above.ancestors().map(Path::to_path_buf);
            let roots = std::iter::once(PathBuf::new()).chain(above);
            let named = roots.map(|root| (root.clone(), root.join(&sources.scenario)));
            named.filter(|(_, path)| path.exists()).collect()
        }
    };
    let mut why = "its scenario is not found".to_owned();
    for (root, scenario) in places {
        match all(&sources, &root, &scenario) {
            Ok(loaded) => {
                let changed = changed(&loaded, manifest);
                if changed.is_empty() {
                    return Ok(loaded);
                }
                let place = scenario.display();
                why = format!(
                    "files of {place} have changed since: {}",
                    changed.join(", ")
                );
            }
            Err(error) => why = error,
        }
    }
    Err(why)
}

/// What a request loads.
struct Sources {
    scenario: PathBuf,
    layouts: Vec<Layout>,
    set: Vec<String>,
}

/// A layout as it was named.
enum Layout {
    /// Files or names, laid over each other.
    Files(Vec<PathBuf>),
    /// A word that may stand for several, or for none.
    Word(String),
}

impl Sources {
    fn of(request: &Request) -> Option<Self> {
        let (model, layouts, set) = match request {
            Request::Run(run) => {
                let files = Layout::Files(run.layouts.clone());
                (&run.model, vec![files], run.sets())
            }
            Request::Compare(compare) => {
                let words = std::iter::once(&compare.baseline).chain(&compare.layouts);
                let words = words.cloned().map(Layout::Word);
                (&compare.model, words.collect(), compare.model.sets())
            }
            Request::Sweep(_) | Request::Explain(_) => return None,
        };
        Some(Self {
            scenario: model.scenario.clone(),
            layouts,
            set,
        })
    }
}

fn all(sources: &Sources, root: &Path, scenario: &Path) -> Result<Vec<(String, Loaded)>, String> {
    let near = |file: &PathBuf| {
        let there = root.join(file);
        if there.is_file() { there } else { file.clone() }
    };
    let load_one = |layout: &Layout| {
        let files: Vec<PathBuf> = match layout {
            Layout::Files(files) => files.iter().map(near).collect(),
            Layout::Word(word) => {
                let files = layout_files(scenario, word);
                files.iter().map(near).collect()
            }
        };
        let loaded = load(scenario, &files, &sources.set).map_err(|problems| {
            let first = problems.problems.first();
            let what = first.map(ToString::to_string).unwrap_or_default();
            format!("{} cannot be loaded: {}", scenario.display(), what.trim())
        })?;
        let name = match loaded.scenario.layout.as_str() {
            "" => BASE.to_owned(),
            layout => layout.to_owned(),
        };
        Ok((name, loaded))
    };
    sources.layouts.iter().map(load_one).collect()
}

/// Files of the scenario that are not those of the manifest. Only content counts.
fn changed(all: &[(String, Loaded)], manifest: &Manifest) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for file in all.iter().flat_map(|(_, loaded)| &loaded.inputs) {
        let known = manifest
            .inputs
            .iter()
            .any(|input| input.sha256 == file.sha256);
        if !known && !list.contains(&file.path) {
            list.push(file.path.clone());
        }
    }
    list
}
