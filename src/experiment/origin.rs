//! The scenario that results were made from: found by the request in their manifest, checked against the
//! checksums of its files. Tables name places by id; names and positions are in the scenario.

use std::path::{Path, PathBuf};

use crate::scenario::{Loaded, Problem, Setting, layout_files, load};
use crate::store::Manifest;
use crate::texts::{Text, text};

use super::request::{Compare, Replay, Request};

/// The scenarios of a run (one) or of a comparison (baseline first), with the names of their layouts.
///
/// # Errors
/// Why they are not at hand, one sentence.
pub fn find(
    dir: &Path,
    manifest: &Manifest,
    given: Option<&Path>,
) -> Result<Vec<(String, Loaded)>, Text> {
    Ok(at_hand(dir, manifest, given)?.loaded)
}

/// What was asked of a comparison, its files named from where the program is now.
///
/// # Errors
/// Why they are not at hand, one sentence.
pub fn comparison(dir: &Path, manifest: &Manifest, given: Option<&Path>) -> Result<Compare, Text> {
    let Some(Request::Compare(mut asked)) = Request::of(manifest) else {
        return Err(text!("origin-not-compared"));
    };
    let AtHand { root, scenario, .. } = at_hand(dir, manifest, given)?;
    asked.model.scenario = scenario;
    let words = std::iter::once(&mut asked.baseline).chain(&mut asked.layouts);
    words.for_each(|word| *word = from_here(&root, word));
    Ok(asked)
}

/// What was asked of a replay, its files named from where the program is now.
///
/// # Errors
/// Why they are not at hand, one sentence.
pub fn replay(dir: &Path, manifest: &Manifest, given: Option<&Path>) -> Result<Replay, Text> {
    let Some(Request::Replay(mut asked)) = Request::of(manifest) else {
        return Err(text!("origin-not-compared"));
    };
    let AtHand { root, scenario, .. } = at_hand(dir, manifest, given)?;
    asked.model.scenario = scenario;
    let words = std::iter::once(&mut asked.factual).chain(&mut asked.layouts);
    words.for_each(|word| *word = from_here(&root, word));
    asked.posterior = asked.posterior.map(|table| near(&root, &table));
    Ok(asked)
}

/// A layout's word as it is named from where the program is now.
fn from_here(root: &Path, word: &str) -> String {
    let near = |part: &str| near(root, Path::new(part)).to_string_lossy().into_owned();
    match root.join(word).is_file() {
        true => near(word),
        false => word.split('+').map(near).collect::<Vec<_>>().join("+"),
    }
}

/// Where the files of a request are now.
struct AtHand {
    /// The folder that they are named from.
    root: PathBuf,
    scenario: PathBuf,
    loaded: Vec<(String, Loaded)>,
}

fn at_hand(dir: &Path, manifest: &Manifest, given: Option<&Path>) -> Result<AtHand, Text> {
    let asked = Request::of(manifest).and_then(|request| Sources::of(&request));
    let sources = asked.ok_or_else(|| text!("origin-not-said"))?;
    let places = match given {
        Some(path) => vec![(PathBuf::new(), path.to_path_buf())],
        None => places(dir, &sources.scenario),
    };
    let mut why = text!("origin-not-found");
    for (root, scenario) in places {
        match all(&sources, &root, &scenario) {
            Ok(loaded) => {
                let changed = changed(&loaded, manifest);
                if changed.is_empty() {
                    return Ok(AtHand {
                        root,
                        scenario,
                        loaded,
                    });
                }
                let files = changed.join(", ");
                why = text!("origin-changed", scenario, files);
            }
            Err(error) => why = error,
        }
    }
    Err(why)
}

/// A file as it is named from `root`, if it is there.
fn near(root: &Path, file: &Path) -> PathBuf {
    let there = root.join(file);
    if there.is_file() {
        there
    } else {
        file.to_path_buf()
    }
}

/// Where a file that was named from another folder may be: under the folder where the program is now, then
/// under those above the results. The root and the path of each.
fn places(dir: &Path, named: &Path) -> Vec<(PathBuf, PathBuf)> {
    let above = dir.canonicalize().unwrap_or_else(|_| dir.to_path_buf());
    let above = above.ancestors().map(Path::to_path_buf);
    let roots = std::iter::once(PathBuf::new()).chain(above);
    let all = roots.map(|root| (root.clone(), root.join(named)));
    all.filter(|(_, path)| path.exists()).collect()
}

/// What a request loads.
struct Sources {
    scenario: PathBuf,
    layouts: Vec<Layout>,
    set: Vec<Setting>,
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
            Request::Replay(replay) => {
                let words = std::iter::once(&replay.factual).chain(&replay.layouts);
                let words = words.cloned().map(Layout::Word);
                (&replay.model, words.collect(), replay.model.sets())
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

fn all(sources: &Sources, root: &Path, scenario: &Path) -> Result<Vec<(String, Loaded)>, Text> {
    let near = |file: &PathBuf| near(root, file);
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
            let what = first.map_or("".into(), Problem::text);
            text!("origin-not-loaded", scenario, what)
        })?;
        Ok((loaded.layout_name().to_owned(), loaded))
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
