//! Which files make a scenario: what it extends, the layouts laid over it, values of the command
//! line. All end in one tree in which every key knows where it was written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;

use super::conform::{Completeness, check};
use super::files::{Folder, InputFile, NotRead, TextFile};
use super::parse::{Parsed, nothing, parse};
use super::problem::{LAYOUT_OPTION, Problem, Report, some_of};
use super::repair::repaired;
use super::schema::{layout_schema, schema};
use super::setting::Setting;
use super::spec::LayoutSpec;
use super::tree::{Node, Origin, Value, join};
use crate::system::System;
use crate::texts::{Text, text};

/// Longest chain of files that extend each other.
const LONGEST_CHAIN: usize = 32;
/// Where a value of the command line comes from, in place of a file.
pub const SET: &str = "--set";
/// Keys that a layout or the command line may not set.
const FIXED: [&str; 2] = ["extends", "format"];

/// A layout as it was read.
#[derive(Debug)]
pub struct Layout {
    /// What it says.
    pub spec: LayoutSpec,
    /// Where it says so.
    pub tree: Node,
    /// Whether every key of it, and of what it extends, could be read.
    pub whole: bool,
}

/// The scenario's tree and its layouts.
#[derive(Debug)]
pub struct Sources<'s> {
    /// The scenario's folder.
    pub folder: Folder<'s>,
    /// The merged tree, as far as it could be read.
    pub tree: Node,
    /// Whether every key of the scenario's files could be read.
    pub whole: bool,
    /// Layouts in the order in which they are laid, those that are extended first.
    pub layouts: Vec<Layout>,
    /// Whether every layout could be read, with every key.
    pub layouts_whole: bool,
    /// Names of the layouts of the command line.
    pub names: Vec<String>,
    /// Their titles, in English and in Chinese; empty where one has none.
    pub titles: Vec<[String; 2]>,
    /// Files read so far.
    pub inputs: Vec<InputFile>,
}

/// Reads the scenario file with all that it extends, the layouts and the values of the command line.
/// Nothing comes back when the scenario's folder cannot be found.
pub fn read<'s>(
    system: &'s dyn System,
    scenario: &Path,
    layouts: &[PathBuf],
    sets: &[Setting],
    report: &mut Report,
) -> Option<Sources<'s>> {
    let path = if system.is_folder(scenario) {
        scenario.join("scenario.toml")
    } else {
        scenario.to_owned()
    };
    let schema = schema();
    let mut reader = Reader {
        system,
        schema: &schema,
        layout_schema: layout_schema(),
        inputs: Vec::new(),
        report,
    };
    let (folder, name) = match Folder::of(system, &path) {
        Ok(found) => found,
        Err(what) => {
            reader.no_scenario(scenario, &path, what);
            // Layouts that are files can be looked at all the same.
            for path in layouts.iter().filter(|path| system.is_file(path)) {
                if let Ok((folder, name)) = Folder::of(system, path) {
                    reader.layout_in(&folder, &name);
                }
            }
            return None;
        }
    };
    let (mut tree, mut whole, folder) = reader.chain(&folder, &name)?;
    let mut layouts_whole = true;
    let mut laid = Vec::new();
    let (mut names, mut titles) = (Vec::new(), Vec::new());
    for path in layouts {
        let list = reader.layout(&folder, path);
        if let Some(LayoutSpec {
            layout,
            title,
            title_zh,
            ..
        }) = list.last().map(|layout| &layout.spec)
        {
            names.push(layout.clone());
            titles.push([title.clone(), title_zh.clone()]);
        }
        layouts_whole &= !list.is_empty() && list.iter().all(|layout| layout.whole);
        laid.extend(list);
    }
    for layout in &laid {
        if let Some(set) = layout.tree.child("set") {
            let root = tree.origin.clone();
            tree.merge(set.clone());
            tree.origin = root;
        }
    }
    if tree.is_broken() {
        tree = Node::table(tree.origin);
        whole = false;
    }
    for setting in sets {
        apply(&mut tree, setting, reader.report);
    }
    let inputs = reader.inputs;
    Some(Sources {
        folder,
        tree,
        whole,
        layouts: laid,
        layouts_whole,
        names,
        titles,
        inputs,
    })
}

struct Reader<'s, 'a> {
    system: &'s dyn System,
    schema: &'a Json,
    layout_schema: Json,
    inputs: Vec<InputFile>,
    report: &'a mut Report,
}

/// A file on a chain of files that extend each other.
struct Link {
    real: PathBuf,
    shown: Arc<str>,
    tree: Node,
    whole: bool,
}

impl<'s> Reader<'s, '_> {
    /// Reports that there is no scenario where one is expected.
    fn no_scenario(&mut self, given: &Path, path: &Path, what: NotRead) {
        let problem = Problem::error(path.to_string_lossy(), what.what);
        if !self.system.is_folder(given) {
            self.report.push(problem.nearest(what.nearest));
            return;
        }
        let found = super::files::names_in(self.system, given, ".toml");
        let problem = match found.as_slice() {
            [] => problem.allowed(text!("scenario-allowed")),
            names => {
                let names: Vec<String> = names.iter().map(|n| format!("{n}.toml")).collect();
                problem.allowed(text!("one-of-files", names = some_of(&names, 6)))
            }
        };
        self.report.push(problem);
    }

    /// Reads a file and all that it extends: the file first, what it extends after it. Says whether
    /// every one of them could be read, and in which folder the last one lies.
    fn links(&mut self, folder: &Folder<'s>, name: &str) -> (Vec<Link>, bool, Folder<'s>) {
        let mut folder = folder.clone();
        let mut chain: Vec<Link> = Vec::new();
        let mut name = name.to_owned();
        let mut from: Option<Origin> = None;
        loop {
            let wrong = |what: Text| match &from {
                Some(origin) => origin.error(what).key("extends").value(&name),
                None => Problem::error(&*folder.shown(&name), what),
            };
            let mut file = match folder.open(&name) {
                Ok(file) => file,
                Err(NotRead { what, nearest }) => {
                    self.report.push(wrong(what).nearest(nearest));
                    return (chain, false, folder);
                }
            };
            if let Some(first) = chain.iter().position(|link| link.real == file.real()) {
                let mut circle: Vec<&str> = chain[first..].iter().map(|l| &*l.shown).collect();
                circle.push(&file.shown);
                let what = text!("extends-circle", files = circle.join(" → "));
                self.report.push(wrong(what));
                return (chain, false, folder);
            }
            if chain.len() == LONGEST_CHAIN {
                let problem = wrong(text!("extends-many"));
                self.report
                    .push(problem.allowed(text!("extends-most", LONGEST_CHAIN)));
                return (chain, false, folder);
            }
            let real = file.real().to_owned();
            let shown = file.shown.clone();
            let Parsed { mut tree, whole } = self.parse(&mut file);
            self.record(file);
            tree.origin.line = 1;
            let next = tree.child("extends").cloned();
            chain.push(Link {
                real,
                shown,
                tree,
                whole,
            });
            match next {
                Some(Node {
                    value: Value::Text(base),
                    origin,
                }) => {
                    if let Some((beside, file)) = folder.beside(&base) {
                        folder = beside;
                        name = file;
                    } else {
                        name = base;
                    }
                    from = Some(origin);
                }
                None => return (chain, true, folder),
                // Another kind of value is reported against the schema.
                Some(_) => return (chain, false, folder),
            }
        }
    }

    fn parse(&mut self, file: &mut TextFile) -> Parsed {
        file.say(self.report);
        match file.toml() {
            Ok(text) => parse(&text, &file.shown, self.report),
            Err(what) => {
                self.report.push(Problem::error(&*file.shown, what));
                nothing(&file.shown)
            }
        }
    }

    fn record(&mut self, file: TextFile) {
        let input = file.finish();
        if !self.inputs.contains(&input) {
            self.inputs.push(input);
        }
    }

    /// The tree of a scenario, laid over all that it extends, whether no key was lost, and the folder of
    /// its tables and layouts. Nothing when the file is no scenario.
    fn chain(&mut self, folder: &Folder<'s>, name: &str) -> Option<(Node, bool, Folder<'s>)> {
        let (links, mut whole, folder) = self.links(folder, name);
        let root = links.first()?.tree.origin.clone();
        if is_layout(&links[0].tree) {
            let what = text!("layout-as-scenario");
            self.report.push(Problem::error(&*links[0].shown, what));
            return None;
        }
        let mut merged: Option<Node> = None;
        for mut link in links.into_iter().rev() {
            whole &= link.whole;
            let (partial, schema) = (Completeness::Partial, self.schema);
            check(&mut link.tree, schema, partial, link.whole, "", self.report);
            match &mut merged {
                Some(base) => base.merge(link.tree),
                None => merged = Some(link.tree),
            }
        }
        let mut merged = merged?;
        merged.origin = root;
        if let Value::Table(table) = &mut merged.value {
            table.remove("extends");
        }
        Some((merged, whole, folder))
    }

    /// A layout and the layouts that it extends, which come first.
    fn layout(&mut self, scenario: &Folder<'s>, path: &Path) -> Vec<Layout> {
        let system = self.system;
        let name = path.to_string_lossy();
        let inside = format!("layouts/{name}.toml");
        let is_there = || system.is_file(Path::new(&*scenario.shown(&inside)));
        let bare = path.extension().is_none() && (path.components().count() == 1 || is_there());
        let found = if bare && !system.is_file(path) {
            let shown = scenario.shown(&inside);
            Folder::of(system, Path::new(&*shown)).map_err(|NotRead { what, .. }| {
                let known = scenario.names("layouts", ".toml");
                let nearest = self.report.near(&name, known.iter().map(String::as_str));
                let known = if known.is_empty() {
                    text!("scenario-no-layouts")
                } else {
                    known.join(", ").into()
                };
                let problem = Problem::error(&*shown, what)
                    .key(LAYOUT_OPTION)
                    .value(&name);
                problem.allowed(known).nearest(nearest)
            })
        } else {
            Folder::of(system, path).map_err(|NotRead { what, nearest }| {
                let problem = Problem::error(&*name, what).key(LAYOUT_OPTION).value(&name);
                problem.nearest(nearest)
            })
        };
        match found {
            Ok((folder, name)) => self.layout_in(&folder.recorded_from(scenario), &name),
            Err(problem) => {
                self.report.push(problem);
                Vec::new()
            }
        }
    }

    fn layout_in(&mut self, folder: &Folder<'s>, name: &str) -> Vec<Layout> {
        let (links, mut whole, _) = self.links(folder, name);
        if let Some(first) = links.first()
            && links.iter().any(|link| is_scenario(&link.tree))
            && first.tree.child("layout").is_none()
        {
            let what = text!("scenario-as-layout");
            self.report.push(Problem::error(&*first.shown, what));
            return Vec::new();
        }
        let mut layouts = Vec::new();
        for link in links.into_iter().rev() {
            let mut tree = link.tree;
            whole &= link.whole;
            let schema = &self.layout_schema;
            let complete = Completeness::Whole;
            check(&mut tree, schema, complete, link.whole, "", self.report);
            if let Value::Table(table) = &mut tree.value
                && let Some(set) = table.get_mut("set")
            {
                if let Value::Table(set) = &mut set.value {
                    for key in FIXED {
                        if let Some(node) = set.remove(key) {
                            let problem = node.origin.error(text!("layout-cannot-set"));
                            self.report.push(problem.key(join("set", key)));
                        }
                    }
                }
                let (partial, schema) = (Completeness::Partial, self.schema);
                check(set, schema, partial, link.whole, "set", self.report);
            }
            match repaired(&tree, &self.layout_schema).try_into::<LayoutSpec>() {
                Ok(spec) => layouts.push(Layout { spec, tree, whole }),
                Err(error) => {
                    whole = false;
                    self.report.push(tree.origin.error(error.message()));
                }
            }
        }
        layouts
    }
}

/// Whether a file given as a scenario is a layout.
fn is_layout(tree: &Node) -> bool {
    tree.child("layout").is_some() && !is_scenario(tree)
}

/// Whether a file has keys that only scenarios have.
fn is_scenario(tree: &Node) -> bool {
    let has = |key: &str| tree.child(key).is_some();
    has("format") || has("places") || has("domains") || has("layers")
}

/// Puts a value into the tree, in place of the one there. Items of a list are named by their `id` or
/// position.
pub(super) fn apply(tree: &mut Node, setting: &Setting, report: &mut Report) {
    let origin = Origin {
        file: SET.into(),
        line: 0,
    };
    match setting {
        Setting::Value(key, value) => put(tree, key, key, of_toml(value), origin, report),
        Setting::Written(written) => match written.split_once('=') {
            Some((path, text)) => {
                let value = value_of(text.trim(), &origin);
                put(tree, path.trim(), written, value, origin, report);
            }
            None => {
                let problem = origin.error(text!("set-form")).value(written);
                report.push(problem.allowed(text!("set-example")));
            }
        },
    }
}

/// A number, text or switch as it stands in the tree.
fn of_toml(value: &toml::Value) -> Value {
    match value {
        toml::Value::Integer(whole) => Value::Integer(*whole),
        toml::Value::Float(number) => Value::Float(*number),
        toml::Value::Boolean(flag) => Value::Bool(*flag),
        toml::Value::String(text) => Value::Text(text.clone()),
        other => Value::Text(other.to_string()),
    }
}

/// Puts a value at a path. `shown` is how it was set, for a path that is none.
fn put(
    tree: &mut Node,
    path: &str,
    shown: &str,
    value: Value,
    origin: Origin,
    report: &mut Report,
) {
    let keys: Vec<&str> = path.split('.').map(str::trim).collect();
    if keys.iter().any(|key| key.is_empty()) || keys.len() > 16 {
        let problem = origin.error(text!("set-path")).value(shown);
        report.push(problem.allowed(text!("set-example")));
        return;
    }
    if FIXED.contains(&path) {
        report.push(origin.error(text!("set-cannot")).key(path));
        return;
    }
    let mut node = tree;
    let mut walked = String::new();
    for key in keys {
        node = match step(node, key, &origin) {
            Ok(node) => node,
            Err((what, known)) => {
                let nearest = report.near(key, known.iter().map(String::as_str));
                let problem = origin.error(what).key(path);
                report.push(problem.nearest(nearest.map(|name| join(&walked, &name))));
                return;
            }
        };
        walked = join(&walked, key);
    }
    node.value = value;
    node.origin = origin;
}

/// One step into the tree; a key that a table lacks is made.
fn step<'a>(
    node: &'a mut Node,
    key: &str,
    origin: &Origin,
) -> Result<&'a mut Node, (Text, Vec<String>)> {
    match &mut node.value {
        Value::Table(table) => Ok(table
            .entry(key.to_owned())
            .or_insert_with(|| Node::table(origin.clone()))),
        Value::Array(items) => {
            let id_of = |item: &Node| match item.child("id").map(|id| &id.value) {
                Some(Value::Text(id)) => Some(id.clone()),
                _ => None,
            };
            let named = items
                .iter()
                .position(|item| id_of(item).as_deref() == Some(key));
            let numbered = key.parse::<usize>().ok().filter(|at| *at < items.len());
            match named.or(numbered) {
                Some(at) => Ok(&mut items[at]),
                None => {
                    let what = text!(
                        "list-no-id",
                        items = items.len(),
                        key = super::problem::shortened(key)
                    );
                    Err((what, items.iter().filter_map(id_of).collect()))
                }
            }
        }
        value => Err((
            text!(
                "lies-below",
                key = super::problem::shortened(key),
                kind = value.kind()
            ),
            Vec::new(),
        )),
    }
}

/// A TOML value, or else the text as it stands.
fn value_of(text: &str, origin: &Origin) -> Value {
    let mut aside = Report::default();
    let parsed = parse(&format!("value = {text}"), &"--set".into(), &mut aside);
    let value = match parsed.tree.value {
        Value::Table(mut table) if table.len() == 1 && aside.errors() == 0 => table.remove("value"),
        _ => None,
    };
    match value {
        Some(node) => relabelled(node, origin).value,
        None => Value::Text(text.to_owned()),
    }
}

fn relabelled(mut node: Node, origin: &Origin) -> Node {
    node.origin = origin.clone();
    node.value = match node.value {
        Value::Date(date) => Value::Text(date),
        Value::Array(items) => {
            let items = items.into_iter().map(|item| relabelled(item, origin));
            Value::Array(items.collect())
        }
        Value::Table(table) => {
            let entries = table.into_iter();
            let entries = entries.map(|(key, item)| (key, relabelled(item, origin)));
            Value::Table(entries.collect())
        }
        value => value,
    };
    node
}
