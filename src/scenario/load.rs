//! From files to a checked scenario: everything that is wrong is found here and reported together.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::machine;
use crate::system::{Machine, System};
use crate::texts::{Text, text};

use super::Month;
use super::catalogue::{Catalogue, multiplier_columns};
use super::cells::Row;
use super::checks::check_spec;
use super::conform::{Completeness, check};
use super::corridors::Corridors;
use super::files::{Folder, InputFile, NotRead, TextFile};
use super::firms::{self, FirmReader, LinkReader};
use super::gateways::{read_links, read_mandates, read_observed};
use super::history::{self, read_covariate};
use super::layout::Layers;
use super::members::Known;
use super::month::MonthOrNever;
use super::period::Periods;
use super::place_doubts;
use super::places::{Found, Groups, Places};
use super::problem::{Problem, Problems, Report};
use super::repair::repaired;
use super::rows::{InOrder, Rows};
use super::schema::schema;
use super::setting::Setting;
use super::sheet::{Columns, Contract};
use super::sources::{self, Layout, SET, Sources};
use super::spec::{
    AllianceTables, CorridorTables, LinkRule, MixingSpec, NamedSpec, PopulationSpec, ScenarioSpec,
    TableSpec,
};
use super::table_file::TableFile;
use super::tables::{
    Alliance, Covariate, FirmLayer, GivenFirms, History, Kind, LinkTable, Place, Scenario, word,
};
use super::tree::{Node, Origin, Value, origin_below};
use super::weights::{self, Format};
use super::words::BASE;

/// Bytes of memory that a row of a table of places takes while it is read, and one of links.
const ROW_OF_PLACES: f64 = 500.0;
const ROW_OF_LINKS: f64 = 16.0;

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
    /// Alliances of the catalogue that do not take part, in id order.
    pub idle: Vec<Alliance>,
    /// What is allowed but perhaps not meant.
    pub warnings: Problems,
    pub(super) tree: Node,
    /// Files of layouts, as they are named where a value comes from.
    pub(super) overlays: Vec<String>,
}

impl Loaded {
    /// An error at a key of the scenario file, for checks that need the finished world.
    pub fn error(&self, key: &str, what: impl Into<Text>) -> Problem {
        self.tree.origin_of(key).error(what).key(key)
    }

    /// File and line in which a key was set; `None` for a default.
    pub fn set_at(&self, key: &str) -> Option<String> {
        let node = key
            .split('.')
            .try_fold(&self.tree, |node, key| node.child(key))?;
        Some(match node.origin.line {
            0 => node.origin.file.to_string(),
            line => format!("{}:{line}", node.origin.file),
        })
    }

    /// Whether a layout or the command line set a key, or the item of a list that it would be in, over what the
    /// scenario's own files say.
    pub fn is_overlaid(&self, key: &str) -> bool {
        let (mut node, mut in_list) = (&self.tree, false);
        for key in key.split('.') {
            in_list |= matches!(node.value, Value::Array(_));
            match node.child(key) {
                Some(child) => node = child,
                None if in_list => break,
                None => return false,
            }
        }
        let file = &*node.origin.file;
        file == SET || self.overlays.iter().any(|overlay| overlay == file)
    }

    /// The name of its layout in tables: `base` without one.
    pub fn layout_name(&self) -> &str {
        match self.scenario.layout.as_str() {
            "" => BASE,
            layout => layout,
        }
    }

    /// A warning at a key of the scenario file, for checks that need the finished world.
    pub fn warning(&self, key: &str, what: impl Into<Text>) -> Problem {
        self.tree.origin_of(key).warning(what).key(key)
    }
}

/// Reads a scenario: a folder with a `scenario.toml`, or a TOML file. `layouts` are laid over it one
/// after the other: files, or names of files in the scenario's folder `layouts`. `sets` are
/// values in place of the scenario's, after the layouts.
///
/// # Errors
/// Everything that is wrong with any of the files, as far as it can be known.
pub fn load(scenario: &Path, layouts: &[PathBuf], sets: &[Setting]) -> Result<Loaded, Problems> {
    load_from(&Machine, scenario, layouts, sets)
}

/// Reads a scenario as [`load`] does, from the files of another system: of memory, for example.
///
/// # Errors
/// Everything that is wrong with any of the files, as far as it can be known.
pub fn load_from(
    system: &dyn System,
    scenario: &Path,
    layouts: &[PathBuf],
    sets: &[Setting],
) -> Result<Loaded, Problems> {
    let mut report = Report::default();
    match load_into(system, scenario, layouts, sets, &mut report) {
        Some(mut loaded) if report.errors() == 0 => {
            loaded.warnings = report.finish();
            Ok(loaded)
        }
        _ => Err(report.finish()),
    }
}

fn load_into(
    system: &dyn System,
    scenario: &Path,
    layouts: &[PathBuf],
    sets: &[Setting],
    report: &mut Report,
) -> Option<Loaded> {
    let Sources {
        folder,
        mut tree,
        whole,
        layouts,
        layouts_whole,
        names,
        titles,
        inputs,
    } = sources::read(system, scenario, layouts, sets, report)?;
    let spec = spec_of(&mut tree, whole, report)?;
    check_spec(&spec, &tree, report);
    let mut reader = Tables {
        system,
        folder,
        tree: &tree,
        spec: &spec,
        whole,
        layouts_whole,
        inputs,
        idle: Vec::new(),
        report,
    };
    let mut scenario = reader.scenario(&layouts, &names)?;
    [scenario.layout_title, scenario.layout_title_zh] = joined(&titles);
    let (inputs, idle) = (reader.inputs, reader.idle);
    let files = layouts.iter().map(|layout| &layout.tree.origin.file);
    let overlays = files.map(|file| file.to_string()).collect();
    Some(Loaded {
        overlays,
        scenario,
        spec,
        inputs,
        layouts: names,
        idle,
        warnings: Problems::default(),
        tree,
    })
}

/// Holds the merged tree against the schema and makes a spec of it. What is wrong is reported; the
/// spec has something that fits in its place, so that everything else is checked as well.
pub(super) fn spec_of(tree: &mut Node, whole: bool, report: &mut Report) -> Option<ScenarioSpec> {
    let schema = schema();
    check(tree, &schema, Completeness::Whole, whole, "", report);
    match repaired(tree, &schema).try_into::<ScenarioSpec>() {
        Ok(spec) => Some(spec),
        Err(error) => {
            report.push(tree.origin.error(error.message()));
            None
        }
    }
}

/// The titles of several layouts as one, in each language in which all have one.
fn joined(titles: &[[String; 2]]) -> [String; 2] {
    [0, 1].map(|lang| {
        let all: Vec<&str> = titles.iter().map(|title| title[lang].trim()).collect();
        match all.contains(&"") {
            true => String::new(),
            false => all.join(" + "),
        }
    })
}

fn spec_layers(spec: &ScenarioSpec) -> Vec<&str> {
    spec.layers.iter().map(|layer| layer.id.as_str()).collect()
}

struct Tables<'a> {
    system: &'a dyn System,
    folder: Folder<'a>,
    tree: &'a Node,
    spec: &'a ScenarioSpec,
    /// Whether every key of the scenario is known.
    whole: bool,
    /// Whether every key of the layouts is.
    layouts_whole: bool,
    inputs: Vec<InputFile>,
    idle: Vec<Alliance>,
    report: &'a mut Report,
}

impl Tables<'_> {
    /// Opens the text file that a key names, lets it be read, and records it.
    fn with<T>(
        &mut self,
        key: &str,
        name: &str,
        read: impl FnOnce(&mut TextFile, &mut Report) -> T,
    ) -> Option<T> {
        let opened = self.folder.open(name);
        let mut file = self.opened(key, name, opened)?;
        file.say(self.report);
        let result = read(&mut file, self.report);
        self.record(TableFile::Text(file));
        Some(result)
    }

    /// Opens the table, in text or Parquet, that a key names, lets it be read, and records it.
    fn with_table<T>(
        &mut self,
        key: &str,
        name: &str,
        read: impl FnOnce(&mut TableFile, &mut Report) -> T,
    ) -> Option<T> {
        let opened = TableFile::open(&self.folder, name);
        let mut file = self.opened(key, name, opened)?;
        file.say(self.report);
        let result = read(&mut file, self.report);
        self.record(file);
        Some(result)
    }

    /// A file that a key names; why it cannot be opened is reported.
    fn opened<F>(&mut self, key: &str, name: &str, opened: Result<F, NotRead>) -> Option<F> {
        if self.tree.broken_at(key) {
            // What is wrong with the name is told; this one stands in for it.
            return None;
        }
        let problem = |NotRead { what, nearest }| {
            let problem = self.tree.origin_of(key).error(what).key(key);
            self.report.push(problem.value(name).nearest(nearest));
        };
        opened.map_err(problem).ok()
    }

    fn record(&mut self, file: TableFile) {
        // Nobody asks what was read of a scenario that is refused: a large file need not be read to its end.
        if self.report.errors() > 0 {
            return;
        }
        let shown = file.shown().clone();
        match file.finish() {
            Ok(input) if self.inputs.contains(&input) => {}
            Ok(input) => self.inputs.push(input),
            Err(error) => {
                let what = text!("cannot-read", error);
                self.report.push(Problem::error(&*shown, what));
            }
        }
    }

    fn scenario(&mut self, layouts: &[Layout], names: &[String]) -> Option<Scenario> {
        let spec = self.spec;
        let mut places = Places::of(spec.history.is_some());
        let domains = Columns {
            names: spec
                .domains
                .iter()
                .map(|d| format!("mix_{}", d.id))
                .collect(),
            sure: !self.tree.doubtful_at("domains"),
        };
        places.complete = self.whole && !self.tree.doubtful_at("places");
        let files = self.tree.good_items("places.files").into_iter();
        for (at, name) in files.zip(&spec.places.files) {
            let key = format!("places.files.{at}");
            let read = self.fits(&key, name, ROW_OF_PLACES).then(|| {
                self.with_table(&key, name, |file, report| {
                    places.read(file, &spec.domains, &domains, report);
                })
            });
            places.complete &= read.flatten().is_some();
        }
        self.other_places(&mut places, &domains);
        if places.list.is_empty() {
            if places.complete {
                let key = "places.files";
                let problem = self.tree.origin_of(key).error(text!("tables-no-place"));
                self.report.push(problem.key(key));
            }
            places.complete = false;
        }
        let groups = places.finish(spec.line.structures, self.report);
        place_doubts::doubts(&places, &spec.places, self.report);
        self.named(&places);
        self.distances(&places);
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
        let (history, covariates, numbered) = self.history(&places);
        let firms = self.firms(&places);
        if self.report.errors() > 0 || !self.whole {
            return None;
        }
        let spec = spec.clone();
        Some(Scenario {
            name: spec.name,
            title: spec.title,
            title_zh: spec.title_zh,
            layout: names.join("+"),
            layout_title: String::new(),
            layout_title_zh: String::new(),
            start: spec.start,
            end: spec.end,
            step: spec.step,
            seed: spec.seed,
            replicates: spec.replicates,
            places: places.list,
            domains: spec.domains,
            layers: spec.layers,
            industries: places.industries,
            link_tables,
            alliances,
            alliance_strength_factor: spec.alliances.strength_factor,
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
            history,
            covariates,
            numbered,
            firms,
        })
    }

    /// Who adopted what when, the covariates, and whether times are numbers.
    fn history(&mut self, places: &Places) -> (Option<History>, Vec<Covariate>, bool) {
        let spec = self.spec;
        let mut periods = Periods::new(spec.step);
        let history = spec.history.as_ref().map(|files| {
            let mut reader = history::Reader::new(places, std::mem::take(&mut periods));
            self.with_table("history.items", &files.items, |file, report| {
                reader.items(file, &spec.domains, report);
            });
            self.with_table("history.adoptions", &files.adoptions, |file, report| {
                reader.adoptions(file, report);
            });
            let (history, read) = reader.finish();
            periods = read;
            history
        });
        let mut covariates = Vec::new();
        let positions = self.tree.good_items("covariates").into_iter();
        for (at, of) in positions.zip(&spec.covariates) {
            let key = format!("covariates.{at}.file");
            covariates.extend(self.with_table(&key, &of.file, |file, report| {
                read_covariate(file, of, places, &mut periods, report)
            }));
        }
        (history, covariates, periods.numbered())
    }

    /// When it is not known which files hold the places: those of the folder that look like it. Their
    /// problems are told too, and what refers to their places is not unknown.
    fn other_places(&mut self, places: &mut Places, domains: &Columns) {
        let lost = self.tree.broken_at("places.files") || self.tree.broken_at("places");
        if !lost {
            return;
        }
        for name in self.folder.names("", ".csv").into_iter().take(50) {
            let name = format!("{name}.csv");
            let Ok(mut file) = self.folder.open(&name) else {
                continue;
            };
            if !Places::looks_like(&mut file) {
                continue;
            }
            if let Ok(mut file) = TableFile::open(&self.folder, &name) {
                places.read(&mut file, &self.spec.domains, domains, self.report);
            }
        }
    }

    /// Rules that need distances need coordinates.
    fn distances(&mut self, places: &Places) {
        if !places.nowhere {
            return;
        }
        for (l, layer) in self
            .tree
            .good_items("layers")
            .into_iter()
            .zip(&self.spec.layers)
        {
            for (s, source) in layer.links.iter().enumerate() {
                use LinkRule::{Decay, Gravity, Similarity};
                if matches!(source.rule, Gravity(_) | Decay(_) | Similarity(_)) {
                    let key = format!("layers.{l}.links.{s}.rule");
                    let problem = self.tree.origin_of(&key).error(text!("rule-without-place"));
                    self.report.push(problem.key(&key));
                }
            }
        }
    }

    /// Names for ids that no place has say nothing to anybody.
    fn named(&mut self, places: &Places) {
        if !places.complete {
            return;
        }
        let spec = &self.spec.places;
        type Of = fn(&Place) -> &str;
        let lists: [(&str, &[NamedSpec], Of); 2] = [
            ("areas", &spec.areas, |place| &place.area),
            ("provinces", &spec.provinces, |place| &place.province),
        ];
        for (key, list, of) in lists {
            for (at, named) in list.iter().enumerate() {
                if !places.list.iter().any(|place| of(place) == named.id) {
                    let key = format!("places.{key}.{at}.id");
                    let problem = self.tree.origin_of(&key);
                    let problem = problem.warning(text!("no-place-has-it"));
                    self.report.push(problem.key(&key).value(&named.id));
                }
            }
        }
    }

    /// First and last month; all time where they are the wrong way round or wrong, which is reported.
    fn run(&self) -> (Month, Month) {
        let known = !self.tree.broken_at("start") && !self.tree.broken_at("end");
        if known && self.spec.start <= self.spec.end {
            (self.spec.start, self.spec.end)
        } else {
            (Month::new(0, 1), Month::new(9999, 12))
        }
    }

    /// The columns made of layers: `c_<layer>`.
    fn multipliers(&self) -> Columns {
        Columns {
            names: multiplier_columns(&self.spec.layers),
            sure: !self.tree.doubtful_at("layers"),
        }
    }

    fn open_zones(&mut self, layouts: &[Layout], places: &mut Places) {
        // Where the closing of a place was written last.
        let mut closed: BTreeMap<usize, (Origin, String)> = BTreeMap::new();
        for layout in layouts {
            let (spec, tree) = (&layout.spec, &layout.tree);
            for table in ["open", "close"] {
                let Some(Value::Table(dates)) = tree.child(table).map(|node| &node.value) else {
                    continue;
                };
                for (id, _) in dates.iter().filter(|(_, month)| month.is_broken()) {
                    if let Found::Sure(at) = places.find(id) {
                        places.doubt(at as usize);
                    }
                }
            }
            for (id, MonthOrNever(month)) in &spec.open {
                let origin = origin_below(tree, "open", id);
                let key = format!("open.{id}");
                let only = |kind| text!("only-zones-open", id, kind);
                let Some((at, sure)) = self.zone(id, &key, origin, places, only) else {
                    continue;
                };
                let before = std::mem::replace(&mut places.list[at].open, *month);
                let problem = |what: Text| origin.warning(what).key(&*key);
                match month {
                    _ if !sure => {}
                    Some(month) if *month > self.run().1 => {
                        let what = text!("opens-after-end", end = self.spec.end);
                        self.report.push(problem(what).value(month));
                    }
                    None if before.is_none() => {
                        self.report.push(problem(text!("changes-nothing")));
                    }
                    _ => {}
                }
            }
            for (id, MonthOrNever(month)) in &spec.close {
                let origin = origin_below(tree, "close", id);
                let key = format!("close.{id}");
                let only = |kind| text!("only-zones-close", id, kind);
                let Some((at, sure)) = self.zone(id, &key, origin, places, only) else {
                    continue;
                };
                let before = std::mem::replace(&mut places.list[at].close, *month);
                if month.is_none() && before.is_none() && sure {
                    let problem = origin.warning(text!("changes-nothing"));
                    self.report.push(problem.key(&*key));
                }
                closed.remove(&at);
                if sure {
                    closed.insert(at, (origin.clone(), key));
                }
            }
        }
        for (at, (origin, key)) in closed {
            let Place { open, close, .. } = places.list[at];
            let Some(close) = close else { continue };
            let (start, end) = self.run();
            let problem = match open {
                None => {
                    places.doubt(at);
                    origin.error(text!("closes-candidate"))
                }
                Some(open) if close <= open => {
                    places.doubt(at);
                    origin.error(text!("closes-before-opening", open))
                }
                Some(_) if close < start => {
                    origin.warning(text!("closes-before-start", start = self.spec.start))
                }
                Some(_) if close > end => {
                    origin.warning(text!("closes-after-end", end = self.spec.end))
                }
                Some(_) => continue,
            };
            self.report.push(problem.key(key).value(close));
        }
    }

    /// Position of the zone that a layout names, and whether it is known well; what it is when it is another place
    /// is told by `only`.
    fn zone(
        &mut self,
        id: &str,
        key: &str,
        origin: &Origin,
        places: &Places,
        only: impl FnOnce(&'static str) -> Text,
    ) -> Option<(usize, bool)> {
        let kind = |at: u32| places.list.get(at as usize).map(|place| place.kind);
        match places.find(id) {
            Found::Sure(at) if kind(at) == Some(Kind::Zone) => Some((at as usize, true)),
            Found::Sure(at) => {
                let kind = kind(at).map_or("", word);
                self.report.push(origin.error(only(kind)).key(key));
                None
            }
            Found::Unsure(at) => at.map(|at| (at as usize, false)),
            Found::Unknown => {
                let zones = places.list.iter().filter(|p| p.kind == Kind::Zone);
                let nearest = self.report.near(id, zones.map(|zone| zone.id.as_str()));
                let problem = origin.error(text!("no-zone")).key(key);
                self.report.push(problem.nearest(nearest));
                None
            }
        }
    }

    fn alliances(&mut self, layouts: &[Layout], places: &Places, groups: &Groups) -> Vec<Alliance> {
        let spec = self.spec;
        let columns = self.multipliers();
        let of = Known { places, groups };
        let mut catalogue = Catalogue::default();
        catalogue.complete = self.whole && !self.tree.broken_at("alliances.file");
        catalogue.members_known = self.whole && spec.alliances.tables.is_some();
        if let Some(AllianceTables { file, members }) = &spec.alliances.tables {
            let done = self.with("alliances.file", file, |file, report| {
                catalogue.read(file, &columns, report);
            });
            catalogue.complete &= done.is_some();
            let done = self.with("alliances.members", members, |file, report| {
                catalogue.read_members(file, of, report);
            });
            catalogue.members_known &= done.is_some();
        }
        catalogue.active_known = self.whole && !self.tree.doubtful_at("alliances.active");
        catalogue.activate(&spec.alliances.active, self.tree, self.report);
        catalogue.active_known &= self.layouts_whole;
        catalogue.complete &= self.layouts_whole;
        for layout in layouts {
            let (spec, tree) = (&layout.spec, &layout.tree);
            let layers = Layers {
                ids: spec_layers(self.spec),
                sure: columns.sure,
            };
            catalogue.active_known &= layout.whole && !layout.tree.doubtful();
            catalogue.apply(spec, tree, &layers, of, self.report);
        }
        self.idle = catalogue.idle();
        catalogue.finish(spec, self.run(), of, self.report)
    }

    fn corridors(&mut self, places: &Places, groups: &Groups) -> Vec<super::tables::Corridor> {
        let spec = self.spec;
        let columns = self.multipliers();
        let mut corridors = Corridors::default();
        corridors.complete = self.whole && !self.tree.broken_at("corridors.file");
        corridors.segments_known = self.whole && spec.corridors.tables.is_some();
        let mut shown = None;
        if let Some(CorridorTables { file, segments }) = &spec.corridors.tables {
            let done = self.with("corridors.file", file, |file, report| {
                corridors.read(file, &columns, report);
            });
            corridors.complete &= done.is_some();
            let done = self.with("corridors.segments", segments, |file, report| {
                corridors.read_segments(file, places, groups, report);
                shown = Some(file.shown.clone());
            });
            corridors.segments_known &= done.is_some();
        }
        corridors.finish(shown.as_deref(), self.report)
    }

    fn transit(&mut self, places: &Places) {
        if self.tree.broken_at("places.files") || self.tree.broken_at("layers") {
            return;
        }
        let list = places.list.par_iter();
        let first = list.find_first(|place| place.kind == Kind::TransitGateway);
        if let Some(place) = first
            && self.spec.gateways.transit_layer.is_none()
            && self.whole
            && !self.tree.broken_at("gateways.transit_layer")
        {
            let key = "gateways.transit_layer";
            let what = text!("transit-layer-needed", id = place.id);
            let layers: Vec<&str> = self.spec.layers.iter().map(|l| l.id.as_str()).collect();
            let problem = self.tree.origin_of(key).error(what).key(key);
            self.report.push(problem.allowed(layers.join(", ")));
        }
        let gateways = places
            .list
            .par_iter()
            .filter(|place| matches!(place.kind, Kind::SourceGateway | Kind::TransitGateway))
            .count();
        let lost = !self.whole || self.tree.broken_at("gateways.links");
        if gateways > 0 && self.spec.gateways.links.is_none() && !lost {
            let key = "gateways.links";
            let what = text!("gateways-unlinked", gateways);
            let problem = self.tree.origin_of(key).warning(what);
            self.report.push(problem.key(key));
        }
    }

    /// The firm layer, with the tables that it names.
    fn firms(&mut self, places: &Places) -> Option<FirmLayer> {
        let spec = &self.spec.firms;
        if spec.is_off() {
            return None;
        }
        firms::check_number(spec, places, self.tree, self.report);
        let industries = firms::industries(spec, &places.industries);
        firms::check_weights(spec, places, self.tree, self.report);
        let io = match &spec.mixing {
            MixingSpec::Table { io } => self.with("firms.io", io, |file, report| {
                firms::read_io(file, &industries, report)
            }),
            MixingSpec::Homophily { .. } => None,
        };
        let table = match &spec.population {
            PopulationSpec::Table { file, links } => Some((file, links.as_deref())),
            _ => None,
        };
        // Another kind of file is reported with the key.
        let table = table.filter(|(name, _)| firms::is_table(name));
        let given = table.and_then(|(name, links)| {
            if let Some(what) = self.too_many_given(name, links) {
                let problem = self.tree.origin_of("firms.file").error(what).room();
                self.report.push(problem.key("firms.file").value(name));
                return None;
            }
            let shown = self.folder.shown(name);
            let mut reader = FirmReader::new(shown, spec, places, &industries);
            let contract = &FirmReader::CONTRACT;
            let before = self.report.errors();
            let whole = self.rows("firms.file", name, contract, &mut reader)?;
            // A partner that is not there may be one of a row that could not be read.
            let told = self.report.errors() - before;
            let all = whole && told == reader.told && !reader.lost && !reader.firms.ids.is_empty();
            let firms = GivenFirms {
                links: links
                    .map_or_else(Vec::new, |name| self.firm_links(name, &reader.firms, all)),
                ..reader.firms
            };
            if firms.ids.is_empty() && whole {
                let problem = self
                    .tree
                    .origin_of("firms.file")
                    .error(text!("table-no-firm"));
                self.report.push(problem.key("firms.file"));
            }
            Some(Arc::new(firms))
        });
        Some(FirmLayer {
            spec: spec.clone(),
            industries,
            io,
            given,
        })
    }

    /// Whether there is memory for the rows of a table, of so many bytes each; that there is not is reported.
    fn fits(&mut self, key: &str, name: &str, bytes: f64) -> bool {
        let Some(available) = self.system.available_memory() else {
            return true;
        };
        let rows = TableFile::rows_about(&self.folder, name).unwrap_or(0);
        let needed = rows as f64 * bytes;
        if needed <= available as f64 {
            return true;
        }
        let needed = machine::size(needed as u64);
        let what = text!(
            "table-memory",
            rows,
            needed,
            available = machine::size(available)
        );
        let problem = self.tree.origin_of(key).error(what).room();
        self.report.push(problem.key(key).value(name));
        false
    }

    /// Whether the user's firms and links, by the rows of their tables, would take more memory than there
    /// is; in words.
    fn too_many_given(&self, name: &str, links: Option<&str>) -> Option<Text> {
        let available = self.system.available_memory()?;
        let rows = |name: &str| TableFile::rows_about(&self.folder, name);
        let firms = rows(name).unwrap_or(0);
        let links = links.and_then(rows).unwrap_or(0);
        let needed = firms as f64 * firms::GIVEN_FIRM + links as f64 * firms::GIVEN_LINK;
        (needed > available as f64).then(|| {
            text!(
                "firms-memory",
                firms,
                links,
                needed = machine::size(needed as u64),
                available = machine::size(available)
            )
        })
    }

    fn firm_links(&mut self, name: &str, firms: &GivenFirms, whole: bool) -> Vec<(u32, u32)> {
        if !firms::is_table(name) {
            // Reported with the key.
            return Vec::new();
        }
        let mut reader = LinkReader::new(firms, whole);
        let contract = &LinkReader::CONTRACT;
        self.rows("firms.links", name, contract, &mut reader);
        let shown = self.folder.shown(name);
        let (links, mut doubles) = reader.finish(&shown, self.report);
        if !doubles.is_empty() {
            let mut row = InOrder(|row: &Row<'_>, report: &mut Report| doubles.row(row, report));
            self.rows("firms.links", name, contract, &mut row);
        }
        links
    }

    /// Reads the rows of a table in CSV or Parquet that a key names, and records it. Whether every row
    /// was read; nothing when it cannot be opened.
    fn rows(
        &mut self,
        key: &str,
        name: &str,
        contract: &Contract<'_>,
        rows: &mut impl Rows,
    ) -> Option<bool> {
        self.with_table(key, name, |file, report| {
            file.read(contract, report, rows).whole
        })
    }

    fn link_tables(&mut self, places: &Places) -> Vec<LinkTable> {
        let spec = self.spec;
        let mut tables = Vec::new();
        let layers = self.tree.good_items("layers").into_iter();
        for (layer, layer_spec) in layers.zip(&spec.layers) {
            let sources = self.tree.good_items(&format!("layers.{layer}.links"));
            for (source, source_spec) in sources.into_iter().zip(&layer_spec.links) {
                let LinkRule::Table(TableSpec { file: name }) = &source_spec.rule else {
                    continue;
                };
                if Format::of(name).is_none() {
                    // Reported with the key.
                    continue;
                }
                let key = format!("layers.{layer}.links.{source}.file");
                if self
                    .tree
                    .broken_at(&format!("layers.{layer}.links.{source}.rule"))
                {
                    continue;
                }
                if !self.fits(&key, name, ROW_OF_LINKS) {
                    continue;
                }
                let folder = self.folder.clone();
                let again = || TableFile::open(&folder, name).ok();
                let links = self.with_table(&key, name, |file, report| {
                    weights::read(file, again, places, report)
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
