//! From files to a checked scenario: everything that is wrong is found here, and told at once.

use std::path::{Path, PathBuf};

use super::Month;
use super::catalogue::Catalogue;
use super::checks::check_spec;
use super::conform::{Completeness, check};
use super::corridors::Corridors;
use super::files::{Folder, InputFile, TextFile};
use super::gateways::{read_links, read_mandates, read_observed};
use super::places::{Groups, Places, word};
use super::problem::{Problem, Problems, Report};
use super::schema::schema;
use super::sources::{self, Layout, Sources};
use super::spec::{LinkRule, ScenarioSpec};
use super::tables::{Kind, LinkTable, Scenario};
use super::tree::{Node, Value, origin_below};
use super::weights::{self, Format};

/// A scenario that passed the door, with what is worth recording of how it was read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The checked scenario.
    pub scenario: Scenario,
    /// The scenario file after `extends`, the `set` of layouts and the command line. What layouts do
    /// to alliances and openings is not in it but in `scenario`.
    pub spec: ScenarioSpec,
    /// Every file that was read, in reading order.
    pub inputs: Vec<InputFile>,
    /// Names of the layouts, in order.
    pub layouts: Vec<String>,
    /// What is allowed but perhaps not meant.
    pub warnings: Problems,
    tree: Node,
}

impl Loaded {
    /// An error at a key of the scenario file, for checks that need the finished world.
    pub fn error(&self, key: &str, what: impl Into<String>) -> Problem {
        self.tree.origin_of(key).error(what).key(key)
    }

    /// A warning at a key of the scenario file, for checks that need the finished world.
    pub fn warning(&self, key: &str, what: impl Into<String>) -> Problem {
        self.tree.origin_of(key).warning(what).key(key)
    }
}

/// Reads a scenario: a folder with a `scenario.toml`, or a TOML file. `layouts` are laid over it one
/// after the other: files, or names of files in the scenario's folder `layouts`. `sets` are
/// `key.path=value`, after the layouts.
///
/// # Errors
/// Everything that is wrong with any of the files, as far as it can be known.
pub fn load(scenario: &Path, layouts: &[PathBuf], sets: &[String]) -> Result<Loaded, Problems> {
    let mut report = Report::default();
    match load_into(scenario, layouts, sets, &mut report) {
        Some(mut loaded) if report.errors() == 0 => {
            loaded.warnings = report.finish();
            Ok(loaded)
        }
        _ => Err(report.finish()),
    }
}

fn load_into(
    scenario: &Path,
    layouts: &[PathBuf],
    sets: &[String],
    report: &mut Report,
) -> Option<Loaded> {
    let Sources {
        folder,
        tree,
        layouts,
        names,
        inputs,
        layouts_read,
    } = sources::read(scenario, layouts, sets, report)?;
    let mut tree = tree?;
    let spec = spec_of(&mut tree, report)?;
    check_spec(&spec, &tree, report);
    if !layouts_read {
        return None;
    }
    let mut reader = Tables {
        folder,
        tree: &tree,
        spec: &spec,
        inputs,
        report,
    };
    let scenario = reader.scenario(&layouts, &names)?;
    let inputs = reader.inputs;
    Some(Loaded {
        scenario,
        spec,
        inputs,
        layouts: names,
        warnings: Problems::default(),
        tree,
    })
}

/// Tables of keys whose defaults can stand in for wrong values while the rest is checked.
const SEPARATE: [&str; 9] = [
    "point",
    "line",
    "circle",
    "axis",
    "plane",
    "seed",
    "replicates",
    "title",
    "title_zh",
];

/// Holds the merged tree against the schema and makes a spec of it. Where only separate parameters
/// are wrong, they are left out (and reported), so that everything else is checked as well.
fn spec_of(tree: &mut Node, report: &mut Report) -> Option<ScenarioSpec> {
    let schema = schema();
    let mut aside = Report::default();
    let wrong = check(tree, &schema, Completeness::Whole, "", &mut aside);
    report.absorb(aside);
    let known = |key: &str| schema["properties"].get(key).is_some();
    for path in wrong {
        let mut keys = path.split('.');
        let first = keys.next().unwrap_or_default();
        if known(first) && !SEPARATE.contains(&first) {
            return None;
        }
        let Value::Table(table) = &mut tree.value else {
            return None;
        };
        match (
            keys.next(),
            table.get_mut(first).map(|node| &mut node.value),
        ) {
            (Some(second), Some(Value::Table(inner))) => {
                inner.remove(second);
            }
            _ => {
                table.remove(first);
            }
        }
    }
    match tree.to_toml().try_into::<ScenarioSpec>() {
        Ok(spec) => Some(spec),
        Err(error) => {
            report.push(tree.origin.error(error.message()));
            None
        }
    }
}

struct Tables<'a> {
    folder: Folder,
    tree: &'a Node,
    spec: &'a ScenarioSpec,
    inputs: Vec<InputFile>,
    report: &'a mut Report,
}

impl Tables<'_> {
    /// Opens the file that a key names, lets it be read, and records it.
    fn with<T>(
        &mut self,
        key: &str,
        name: &str,
        read: impl FnOnce(&mut TextFile, &mut Report) -> T,
    ) -> Option<T> {
        match self.folder.open(name) {
            Ok(mut file) => {
                let result = read(&mut file, self.report);
                let input = file.finish();
                if !self.inputs.contains(&input) {
                    self.inputs.push(input);
                }
                Some(result)
            }
            Err(what) => {
                let problem = self.tree.origin_of(key).error(what).key(key);
                self.report.push(problem.value(name));
                None
            }
        }
    }

    fn scenario(&mut self, layouts: &[Layout], names: &[String]) -> Option<Scenario> {
        let spec = self.spec;
        let mut places = Places::default();
        let mut read = true;
        for (at, name) in spec.places.files.iter().enumerate() {
            let before = places.list.len();
            let done = self.with(&format!("places.files.{at}"), name, |file, report| {
                places.read(file, &spec.domains, report);
            });
            read &= done.is_some() && places.list.len() > before;
        }
        if !read {
            // Without its places, every reference would look wrong.
            return None;
        }
        let groups = places.finish(self.report);
        self.open_zones(layouts, &mut places);
        let alliances = self.alliances(layouts, &places, &groups);
        let corridors = self.corridors(&places, &groups);
        let links = spec.gateways.links.as_ref();
        let gateway_links = links.and_then(|name| {
            self.with("gateways.links", name, |file, report| {
                read_links(file, &places, &groups, report)
            })
        });
        self.transit(&places);
        let run = self.run();
        let mandates = spec.point.mandates.as_ref().and_then(|name| {
            self.with("point.mandates", name, |file, report| {
                read_mandates(file, run, &places, &groups, report)
            })
        });
        let observed = spec.plane.observed.as_ref();
        let observed = observed.and_then(|name| self.with("plane.observed", name, read_observed));
        let link_tables = self.link_tables(&places);
        if self.report.errors() > 0 {
            return None;
        }
        let spec = spec.clone();
        Some(Scenario {
            name: spec.name,
            title: spec.title,
            title_zh: spec.title_zh,
            layout: names.join("+"),
            start: spec.start,
            end: spec.end,
            seed: spec.seed,
            replicates: spec.replicates,
            places: places.list,
            domains: spec.domains,
            layers: spec.layers,
            industries: places.industries,
            link_tables,
            alliances,
            corridors,
            gateway_links: gateway_links.unwrap_or_default(),
            mandates: mandates.unwrap_or_default(),
            observed: observed.unwrap_or_default(),
            gateways: spec.gateways,
            point: spec.point,
            line: spec.line,
            circle: spec.circle,
            axis: spec.axis,
            plane: spec.plane,
        })
    }

    /// First and last month; all time where they are the wrong way round, which is reported.
    fn run(&self) -> (Month, Month) {
        if self.spec.start <= self.spec.end {
            (self.spec.start, self.spec.end)
        } else {
            (Month::new(0, 1), Month::new(9999, 12))
        }
    }

    fn open_zones(&mut self, layouts: &[Layout], places: &mut Places) {
        for layout in layouts {
            for (id, month) in &layout.spec.open {
                let origin = origin_below(&layout.tree, "open", id);
                let key = format!("open.{id}");
                let found = places.ids.get(id);
                match found.and_then(|at| places.list.get_mut(at as usize)) {
                    Some(place) if place.kind == Kind::Zone => {
                        place.open = Some(*month);
                        if *month > self.run().1 {
                            let what =
                                format!("opens after the end of the run ({})", self.spec.end);
                            self.report.push(origin.warning(what).key(key).value(month));
                        }
                    }
                    Some(place) => {
                        let what = format!("only zones open, but {id} is a {}", word(place.kind));
                        self.report.push(origin.error(what).key(key));
                    }
                    None => {
                        let zones = places.list.iter().filter(|p| p.kind == Kind::Zone);
                        let nearest = self.report.near(id, zones.map(|zone| zone.id.as_str()));
                        let problem = origin.error("no zone has this id").key(key);
                        self.report.push(problem.nearest(nearest));
                    }
                }
            }
        }
    }

    fn alliances(
        &mut self,
        layouts: &[Layout],
        places: &Places,
        groups: &Groups,
    ) -> Vec<super::tables::Alliance> {
        let spec = self.spec;
        let mut catalogue = Catalogue::default();
        let before = self.report.errors();
        let mut read = true;
        if let Some(name) = &spec.alliances.file {
            let done = self.with("alliances.file", name, |file, report| {
                catalogue.read(file, &spec.layers, report)
            });
            read = done == Some(true);
        }
        if let Some(name) = &spec.alliances.members
            && read
        {
            let done = self.with("alliances.members", name, |file, report| {
                catalogue.read_members(file, groups, report);
            });
            read = done.is_some();
        }
        if !read || self.report.errors() > before {
            // The catalogue is not whole: what refers to it would look wrong.
            return Vec::new();
        }
        catalogue.activate(&spec.alliances.active, self.tree, self.report);
        for layout in layouts {
            let (spec, tree) = (&layout.spec, &layout.tree);
            catalogue.apply(spec, tree, &self.spec.layers, groups, self.report);
        }
        catalogue.finish(self.run(), places, groups, self.report)
    }

    fn corridors(&mut self, places: &Places, groups: &Groups) -> Vec<super::tables::Corridor> {
        let spec = self.spec;
        let mut corridors = Corridors::default();
        let before = self.report.errors();
        let mut whole = true;
        if let Some(name) = &spec.corridors.file {
            let done = self.with("corridors.file", name, |file, report| {
                corridors.read(file, &spec.layers, report)
            });
            whole = done == Some(true);
        }
        let mut shown = None;
        if let Some(name) = &spec.corridors.segments
            && whole
        {
            let done = self.with("corridors.segments", name, |file, report| {
                corridors.read_segments(file, places, groups, report);
                shown = Some(file.shown.clone());
            });
            whole = done.is_some();
        }
        whole &= self.report.errors() == before;
        corridors.finish(shown.as_deref(), whole, self.report)
    }

    fn transit(&mut self, places: &Places) {
        let mut transit = (0_u32..).zip(&places.list);
        let first = transit.find(|(_, place)| place.kind == Kind::TransitGateway);
        if let Some((_, place)) = first
            && self.spec.gateways.transit_layer.is_none()
        {
            let key = "gateways.transit_layer";
            let what = format!("is needed, because {} is a transit gateway", place.id);
            let layers: Vec<&str> = self.spec.layers.iter().map(|l| l.id.as_str()).collect();
            let problem = self.tree.origin_of(key).error(what).key(key);
            self.report.push(problem.allowed(layers.join(", ")));
        }
        let gateways = places
            .list
            .iter()
            .filter(|place| matches!(place.kind, Kind::SourceGateway | Kind::TransitGateway))
            .count();
        if gateways > 0 && self.spec.gateways.links.is_none() {
            let key = "gateways.links";
            let what = format!("is not given, so {gateways} gateways are linked to nothing");
            let problem = self.tree.origin_of(key).warning(what);
            self.report.push(problem.key(key));
        }
    }

    fn link_tables(&mut self, places: &Places) -> Vec<LinkTable> {
        let spec = self.spec;
        let mut tables = Vec::new();
        for (layer, layer_spec) in spec.layers.iter().enumerate() {
            for (source, source_spec) in layer_spec.links.iter().enumerate() {
                let (LinkRule::Table, Some(name)) = (source_spec.rule, &source_spec.file) else {
                    continue;
                };
                let Some(format) = Format::of(name) else {
                    // Reported with the key.
                    continue;
                };
                let key = format!("layers.{layer}.links.{source}.file");
                let links = self.with(&key, name, |file, report| {
                    weights::read(file, format, places, report)
                });
                if let Some(links) = links {
                    tables.push(LinkTable {
                        layer,
                        source,
                        links,
                    });
                }
            }
        }
        tables
    }
}
