//! Which files make a scenario: what it extends, the layouts laid over it, values of the command
//! line. All end in one tree in which every key knows where it was written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;

use super::conform::{Completeness, check};
use super::files::{Folder, InputFile, TextFile};
use super::parse::parse;
use super::problem::{Problem, Report};
use super::schema::{layout_schema, schema};
use super::spec::LayoutSpec;
use super::tree::{Node, Origin, Value, join};

/// Longest chain of files that extend each other.
const LONGEST_CHAIN: usize = 32;
/// Keys that a layout or the command line may not set.
const FIXED: [&str; 2] = ["extends", "format"];

/// A layout as it was read.
#[derive(Debug)]
pub struct Layout {
    /// What it says.
    pub spec: LayoutSpec,
    /// Where it says so.
    pub tree: Node,
}

/// The scenario's tree and its layouts.
#[derive(Debug)]
pub struct Sources {
    /// The scenario's folder.
    pub folder: Folder,
    /// The merged tree; nothing when a file could not be read.
    pub tree: Option<Node>,
    /// Layouts in the order in which they are laid, those that are extended first.
    pub layouts: Vec<Layout>,
    /// Names of the layouts of the command line.
    pub names: Vec<String>,
    /// Files read so far.
    pub inputs: Vec<InputFile>,
    /// Whether every layout could be read.
    pub layouts_read: bool,
}

/// Reads the scenario file with all that it extends, the layouts and the values of the command line.
/// Nothing comes back when the scenario's folder cannot be found.
pub fn read(
    scenario: &Path,
    layouts: &[PathBuf],
    sets: &[String],
    report: &mut Report,
) -> Option<Sources> {
    let path = if scenario.is_dir() {
        scenario.join("scenario.toml")
    } else {
        scenario.to_owned()
    };
    let (folder, name) = match Folder::of(&path) {
        Ok(found) => found,
        Err(what) => {
            report.push(Problem::error(path.to_string_lossy(), what));
            return None;
        }
    };
    let schema = schema();
    let mut reader = Reader {
        schema: &schema,
        layout_schema: layout_schema(),
        inputs: Vec::new(),
        report,
    };
    let mut tree = reader.chain(&folder, &name);
    let mut laid = Vec::new();
    let mut names = Vec::new();
    let mut layouts_read = true;
    for path in layouts {
        match reader.layout(&folder, path) {
            Some(list) => {
                names.extend(list.last().map(|layout| layout.spec.layout.clone()));
                laid.extend(list);
            }
            None => layouts_read = false,
        }
    }
    if let Some(tree) = &mut tree {
        for layout in &laid {
            if let Some(set) = layout.tree.child("set") {
                let root = tree.origin.clone();
                tree.merge(set.clone());
                tree.origin = root;
            }
        }
        for set in sets {
            apply_set(tree, set, reader.report);
        }
    }
    let inputs = reader.inputs;
    Some(Sources {
        folder,
        tree,
        layouts: laid,
        names,
        inputs,
        layouts_read,
    })
}

struct Reader<'a> {
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
}

impl Reader<'_> {
    /// Reads a file and all that it extends: the file first, what it extends after it.
    fn links(&mut self, folder: &Folder, name: &str) -> Option<Vec<Link>> {
        let mut chain: Vec<Link> = Vec::new();
        let mut name = name.to_owned();
        let mut from: Option<Origin> = None;
        loop {
            let wrong = |what: String| match &from {
                Some(origin) => origin.error(what).key("extends").value(&name),
                None => Problem::error(&*folder.shown(&name), what),
            };
            let mut file = match folder.open(&name) {
                Ok(file) => file,
                Err(what) => {
                    self.report.push(wrong(what));
                    return None;
                }
            };
            if let Some(first) = chain.iter().position(|link| link.real == file.real()) {
                let mut circle: Vec<&str> = chain[first..].iter().map(|l| &*l.shown).collect();
                circle.push(&file.shown);
                let what = format!(
                    "the files extend each other in a circle: {}",
                    circle.join(" → ")
                );
                self.report.push(wrong(what));
                return None;
            }
            if chain.len() == LONGEST_CHAIN {
                let problem = wrong("too many files extend each other".to_owned());
                self.report
                    .push(problem.allowed(format!("{LONGEST_CHAIN} files")));
                return None;
            }
            let real = file.real().to_owned();
            let shown = file.shown.clone();
            let tree = self.parse(&mut file);
            self.record(file);
            let mut tree = tree?;
            tree.origin.line = 1;
            let next = tree.child("extends").cloned();
            chain.push(Link { real, shown, tree });
            match next {
                Some(Node {
                    value: Value::Text(base),
                    origin,
                }) => {
                    name = base;
                    from = Some(origin);
                }
                // Another kind of value is reported against the schema.
                _ => return Some(chain),
            }
        }
    }

    fn parse(&mut self, file: &mut TextFile) -> Option<Node> {
        match file.toml() {
            Ok(text) => parse(&text, &file.shown, self.report),
            Err(what) => {
                self.report.push(Problem::error(&*file.shown, what));
                None
            }
        }
    }

    fn record(&mut self, file: TextFile) {
        let input = file.finish();
        if !self.inputs.contains(&input) {
            self.inputs.push(input);
        }
    }

    /// The tree of a scenario, laid over all that it extends.
    fn chain(&mut self, folder: &Folder, name: &str) -> Option<Node> {
        let links = self.links(folder, name)?;
        let root = links.first()?.tree.origin.clone();
        let mut merged: Option<Node> = None;
        for link in links.into_iter().rev() {
            check(
                &link.tree,
                self.schema,
                Completeness::Partial,
                "",
                self.report,
            );
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
        Some(merged)
    }

    /// A layout and the layouts that it extends, which come first.
    fn layout(&mut self, scenario: &Folder, path: &Path) -> Option<Vec<Layout>> {
        let bare = path.components().count() == 1 && path.extension().is_none();
        let name = path.to_string_lossy();
        let inside = format!("layouts/{name}.toml");
        let found = if bare && !path.is_file() {
            let shown = scenario.shown(&inside);
            Folder::of(Path::new(&*shown)).map_err(|what| {
                let known = scenario.names("layouts", ".toml");
                let nearest = self.report.near(&name, known.iter().map(String::as_str));
                let known = if known.is_empty() {
                    "the scenario has no layouts".to_owned()
                } else {
                    known.join(", ")
                };
                let problem = Problem::error(&*shown, what).key("--layout").value(&name);
                problem.allowed(known).nearest(nearest)
            })
        } else {
            Folder::of(path)
                .map_err(|what| Problem::error(&*name, what).key("--layout").value(&name))
        };
        let (folder, name) = match found {
            Ok(found) => found,
            Err(problem) => {
                self.report.push(problem);
                return None;
            }
        };
        let links = self.links(&folder.recorded_from(scenario), &name)?;
        let before = self.report.errors();
        let mut layouts = Vec::new();
        for Link { tree, .. } in links.into_iter().rev() {
            let schema = &self.layout_schema;
            check(&tree, schema, Completeness::Whole, "", self.report);
            if let Some(set) = tree.child("set") {
                for key in FIXED {
                    if let Some(node) = set.child(key) {
                        let problem = node.origin.error("a layout cannot set this");
                        self.report.push(problem.key(join("set", key)));
                    }
                }
                check(set, self.schema, Completeness::Partial, "set", self.report);
            }
            if self.report.errors() > before {
                continue;
            }
            match tree.to_toml().try_into::<LayoutSpec>() {
                Ok(spec) => layouts.push(Layout { spec, tree }),
                Err(error) => self.report.push(tree.origin.error(error.message())),
            }
        }
        (self.report.errors() == before).then_some(layouts)
    }
}

/// Puts a value of the command line, `key.path=value`, into the tree. Items of a list are named by
/// their `id` or position.
fn apply_set(tree: &mut Node, set: &str, report: &mut Report) {
    let origin = Origin {
        file: "--set".into(),
        line: 0,
    };
    let Some((path, text)) = set.split_once('=') else {
        let problem = origin.error("must be key=value").value(set);
        report.push(problem.allowed("for example line.beta=0.1"));
        return;
    };
    let (path, text) = (path.trim(), text.trim());
    let keys: Vec<&str> = path.split('.').map(str::trim).collect();
    if keys.iter().any(|key| key.is_empty()) || keys.len() > 16 {
        let problem = origin.error("the key path is not complete").value(set);
        report.push(problem.allowed("for example line.beta=0.1"));
        return;
    }
    if FIXED.contains(&path) {
        report.push(origin.error("the command line cannot set this").key(path));
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
    node.value = value_of(text, &origin);
    node.origin = origin;
}

/// One step into the tree; a key that a table lacks is made.
fn step<'a>(
    node: &'a mut Node,
    key: &str,
    origin: &Origin,
) -> Result<&'a mut Node, (String, Vec<String>)> {
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
                    let what = format!(
                        "the list has {} items and none has the id `{}`",
                        items.len(),
                        super::problem::shortened(key)
                    );
                    Err((what, items.iter().filter_map(id_of).collect()))
                }
            }
        }
        value => Err((
            format!(
                "`{}` lies below {}",
                super::problem::shortened(key),
                value.kind()
            ),
            Vec::new(),
        )),
    }
}

/// A TOML value, or else the text as it stands.
fn value_of(text: &str, origin: &Origin) -> Value {
    let mut aside = Report::default();
    let parsed = parse(&format!("value = {text}"), &"--set".into(), &mut aside);
    let value = parsed.and_then(|tree| match tree.value {
        Value::Table(mut table) if table.len() == 1 => table.remove("value"),
        _ => None,
    });
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
