//! The firm layer: its keys that must fit together, the table of input–output shares, and firms and
//! links that the user brings.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use smol_str::SmolStr;

use super::cells::{At, Range, Row};
use super::files::TextFile;
use super::ids::Ids;
use super::places::{Found, Places};
use super::problem::Report;
use super::rows::{Quick, Rows};
use super::sheet::{self, Contract};
use super::spec::{FirmsSpec, PopulationSpec, ScenarioSpec};
use super::table_file::ending;
use super::tables::{GivenFirms, Kind, Place, word};
use super::tree::Node;
use crate::texts::{Text, text};

/// Bytes per firm from the user's table: id, hash and position, in scenario and world.
pub const GIVEN_FIRM: f64 = 120.0;
/// Bytes per link of firms from the user's table, besides those of the rows that are made of it.
pub const GIVEN_LINK: f64 = 20.0;

/// Whether a file is of a kind that firms and their links can be read from, by its name.
pub fn is_table(name: &str) -> bool {
    ["csv", "parquet"].contains(&ending(name).as_str())
}
/// With more firms than this, no firm of a similar name is looked for.
const FEW_FIRMS: usize = 10_000;

/// Most firms: they are numbered with 32 bits.
const MOST_FIRMS: usize = 4_000_000_000;
/// Most partners of a given firm.
const MOST_PARTNERS: usize = 65_535;

/// Ids of the industries of the firm layer: its own, else those of the place tables, else `all`.
pub fn industries(spec: &FirmsSpec, of_places: &[String]) -> Vec<String> {
    if !spec.industries.is_empty() {
        spec.industries.iter().map(|i| i.id.clone()).collect()
    } else if of_places.is_empty() {
        vec!["all".to_owned()]
    } else {
        of_places.to_vec()
    }
}

/// Reports what does not fit together in the table `[firms]`.
pub fn check_firms(spec: &ScenarioSpec, tree: &Node, report: &mut Report) {
    let firms = &spec.firms;
    let wrong = |key: &str, what: Text| {
        let key = format!("firms.{key}");
        tree.origin_of(&key).error(what).key(key)
    };
    if let PopulationSpec::Table { file, links } = &firms.population {
        for (key, name) in [("file", Some(file)), ("links", links.as_ref())] {
            if let Some(name) = name
                && !is_table(name)
                && !tree.broken_at(&format!("firms.{key}"))
            {
                let problem = wrong(key, text!("unknown-file-kind")).value(name);
                report.push(problem.allowed(text!("ends-csv-parquet")));
            }
        }
    }
    let bounds = &firms.size_bounds;
    if !tree.broken_at("firms.size_bounds") {
        let bad = bounds.windows(2).position(|pair| pair[0] >= pair[1]);
        if let Some(at) = bad {
            let what = text!("bound-not-above", before = bounds[at]);
            let key = format!("size_bounds.{}", at + 1);
            report.push(wrong(&key, what).value(bounds[at + 1]));
        }
        if bounds.first() == Some(&0) {
            let problem = wrong("size_bounds.0", text!("out-of-range")).value(0);
            report.push(problem.allowed(text!("least-employees")));
        }
        let last = bounds.last().copied().unwrap_or(1);
        if firms.largest <= f64::from(last) && !tree.broken_at("firms.largest") {
            let problem = wrong("largest", text!("not-above-last-bound"));
            report.push(
                problem
                    .value(firms.largest)
                    .allowed(text!("above-last", last)),
            );
        }
    }
    if firms.partners > f64::from(firms.most_partners)
        && !tree.broken_at("firms.partners")
        && !tree.broken_at("firms.most_partners")
    {
        let problem = wrong("partners", text!("mean-above-most"));
        report.push(
            problem
                .value(firms.partners)
                .allowed(text!("from-0-to", most = firms.most_partners)),
        );
    }
    let domains_sure = !tree.doubtful_at("domains");
    let mut named = |key: &str, values: &BTreeMap<String, f64>| {
        for (domain, value) in values {
            let key = format!("{key}.{domain}");
            if domains_sure && !spec.domains.iter().any(|known| known.id == *domain) {
                let ids = spec.domains.iter().map(|known| known.id.as_str());
                let nearest = report.near(domain, ids);
                let problem = wrong(&key, text!("no-domain"));
                report.push(problem.value(domain).nearest(nearest));
            } else if !(0.0..=1e6).contains(value) {
                let problem = wrong(&key, text!("out-of-range")).value(value);
                report.push(problem.allowed(text!("range-million")));
            }
        }
    };
    named("benefit", &firms.benefit);
    let good = tree.good_items("firms.industries");
    let mut seen: Vec<&str> = Vec::new();
    for (at, industry) in good.into_iter().zip(&firms.industries) {
        named(&format!("industries.{at}.fit"), &industry.fit);
    }
    for (at, industry) in tree
        .good_items("firms.industries")
        .into_iter()
        .zip(&firms.industries)
    {
        if seen.contains(&industry.id.as_str()) {
            let key = format!("industries.{at}.id");
            report.push(wrong(&key, text!("already-taken")).value(&industry.id));
        }
        seen.push(&industry.id);
    }
    let none = !firms.industries.is_empty() && firms.industries.iter().all(|i| i.share <= 0.0);
    if none && !tree.doubtful_at("firms.industries") {
        report.push(wrong("industries", text!("industries-all-0")));
    }
}

/// Reports a number of firms that cannot be made with these places.
pub fn check_number(spec: &FirmsSpec, places: &Places, tree: &Node, report: &mut Report) {
    let regions = places
        .list
        .iter()
        .filter(|place| place.kind == Kind::Region);
    let weight: f64 = regions.clone().map(|place| place.weight).sum();
    let error = |key: &str, what: Text| tree.origin_of(key).error(what).key(key);
    if regions.count() == 0 && places.complete {
        let what = text!("firms-need-regions");
        report.push(error("firms", what));
    }
    let known = !["number", "per_1000", "people_per_weight", "file"]
        .iter()
        .any(|key| tree.broken_at(&format!("firms.{key}")));
    if let PopulationSpec::PerThousand { per_1000 } = spec.population
        && known
    {
        let firms = weight * (per_1000 * spec.people_per_weight / 1000.0);
        if firms > MOST_FIRMS as f64 {
            let what = text!("gives-firms", firms = format!("{:.0}", firms));
            let problem = error("firms.per_1000", what);
            report.push(problem.allowed(text!("most-firms", MOST_FIRMS)));
        } else if firms < 1.0 && places.complete {
            let what = text!(
                "gives-firms-weights",
                firms = format!("{:.3}", firms),
                weight
            );
            report.push(error("firms.per_1000", what));
        }
    }
}

/// Warns of industries that no region has a weight for: they have a share and no firms.
pub fn check_weights(spec: &FirmsSpec, places: &Places, tree: &Node, report: &mut Report) {
    // The user's own firms stand where they stand.
    if matches!(spec.population, PopulationSpec::Table { .. }) || !places.complete {
        return;
    }
    let regions = || places.list.iter().filter(|p| p.kind == Kind::Region);
    let weight = |place: &Place, id: &str| {
        let column = places.industries.iter().position(|known| known == id);
        // Without a column an industry has the same weight everywhere.
        column.map_or(1.0, |column| {
            place.industries.get(column).copied().unwrap_or(0.0)
        })
    };
    let all = || {
        spec.industries
            .iter()
            .filter(|industry| industry.share > 0.0)
    };
    // There the shares of the country hold, whatever the weights.
    let bare = |place: &&Place| all().all(|industry| weight(place, &industry.id) <= 0.0);
    let bare = regions().filter(bare).count();
    if regions().count() == 0 {
        return;
    }
    for (n, industry) in spec.industries.iter().enumerate() {
        let some = regions().any(|place| weight(place, &industry.id) > 0.0);
        if industry.share <= 0.0 || some {
            continue;
        }
        let rest = match bare {
            0 => text!("industry-no-firms"),
            bare => text!("industry-firms-bare", bare),
        };
        let what = text!("industry-no-weight", id = industry.id, rest);
        let key = format!("firms.industries.{n}");
        report.push(tree.origin_of(&key).warning(what).key(&key));
    }
}

/// Reads input–output shares; each row adds up to 1 afterwards.
pub fn read_io(file: &mut TextFile, industries: &[String], report: &mut Report) -> Vec<f64> {
    let contract = Contract {
        required: &["industry", "partner", "share"],
        ..Contract::default()
    };
    let n = industries.len();
    let mut shares: Vec<Option<f64>> = vec![None; n * n];
    let shown = file.shown.clone();
    let before = report.errors();
    let done = sheet::read(file, &contract, report, |row, report| {
        let g = industry(row, "industry", industries, report);
        let h = industry(row, "partner", industries, report);
        row.needs("share", report);
        let share = row.number("share", Range::new(0.0, 1e9, "share"), report);
        let (Some(g), Some(h), Some(share)) = (g, h, share) else {
            return;
        };
        if shares[g * n + h].replace(share).is_some() {
            report.push(row.error("partner", text!("pair-given")));
        }
    });
    let mut shares: Vec<f64> = shares
        .into_iter()
        .map(|share| share.unwrap_or(0.0))
        .collect();
    for (g, row) in shares.chunks_mut(n).enumerate() {
        let sum: f64 = row.iter().sum();
        if sum <= 0.0 && done.whole && report.errors() == before {
            let what = text!("industry-no-partner", id = industries[g]);
            report.push(super::problem::Problem::error(&*shown, what));
        }
        row.iter_mut().for_each(|share| *share /= sum);
    }
    shares
}

/// The position of the industry in a cell.
fn industry(row: &Row<'_>, column: &str, known: &[String], report: &mut Report) -> Option<usize> {
    if !row.needs(column, report) {
        return None;
    }
    let text = row.text(column);
    let found = known.iter().position(|id| id == text);
    if found.is_none() {
        let nearest = report.near(text, known.iter().map(String::as_str));
        let problem = row.error(column, text!("no-industry"));
        report.push(problem.nearest(nearest));
    }
    found
}

/// Collects the firms of the user's table.
#[derive(Debug)]
pub struct FirmReader<'a> {
    /// The firms so far.
    pub firms: GivenFirms,
    /// Errors told of cells.
    pub told: u64,
    /// Whether a firm had no id.
    pub lost: bool,
    shown: Arc<str>,
    cells: FirmCells<'a>,
}

/// Reads firms at known places.
#[derive(Clone, Copy, Debug)]
pub struct FirmCells<'a> {
    places: &'a Places,
    industries: &'a [String],
    bounds: &'a [u32],
}

impl<'a> FirmReader<'a> {
    /// The columns of the table.
    pub const CONTRACT: Contract<'static> = Contract {
        required: &["id", "region", "industry", "size"],
        optional: &["name_en", "name_zh"],
        named: None,
        named_prefix: None,
        prefix: None,
    };

    /// No firm yet.
    pub fn new(
        shown: Arc<str>,
        spec: &'a FirmsSpec,
        places: &'a Places,
        industries: &'a [String],
    ) -> Self {
        Self {
            shown,
            firms: GivenFirms::default(),
            told: 0,
            lost: false,
            cells: FirmCells {
                places,
                industries,
                bounds: &spec.size_bounds,
            },
        }
    }
}

impl FirmCells<'_> {
    /// The firm of a row: id, region, industry and size class; without an id it is none.
    fn firm(&self, row: &Row<'_>, report: &mut Report) -> Option<Firm> {
        let id = row.name("id", report);
        let industry = industry(row, "industry", self.industries, report);
        let region = self.region(row, report);
        let least = f64::from(self.bounds.first().copied().unwrap_or(1));
        row.needs("size", report);
        let size = row.number("size", Range::new(least, 1e9, "employees"), report);
        let size = size.unwrap_or(least);
        let mut bounds = self.bounds.iter();
        let class = bounds.rposition(|bound| f64::from(*bound) <= size);
        Some(Firm {
            id: id?.into(),
            region: region.unwrap_or(0),
            industry: industry.unwrap_or(0) as u16,
            size: class.unwrap_or(0) as u16,
        })
    }

    fn region(&self, row: &Row<'_>, report: &mut Report) -> Option<u32> {
        if !row.needs("region", report) {
            return None;
        }
        let id = row.text("region");
        let at = match self.places.find(id) {
            Found::Sure(at) => at,
            Found::Unsure(at) => return at,
            Found::Unknown => {
                let regions = self.places.list.iter().filter(|p| p.kind == Kind::Region);
                let nearest = report.near(id, regions.map(|p| p.id.as_str()));
                report.push(row.error("region", text!("no-place")).nearest(nearest));
                return None;
            }
        };
        let kind = self.places.list[at as usize].kind;
        if kind != Kind::Region {
            let what = text!("firms-at-regions", id, kind = word(kind));
            report.push(row.error("region", what));
            return None;
        }
        Some(at)
    }
}

/// A firm of the user's table.
#[derive(Debug)]
pub struct Firm {
    id: SmolStr,
    region: u32,
    industry: u16,
    size: u16,
}

impl Quick for FirmCells<'_> {
    type Item = Firm;

    fn item(&self, row: &Row<'_>, report: &mut Report) -> Option<Firm> {
        self.firm(row, report)
    }
}

impl<'a> Rows for FirmReader<'a> {
    type Item = Firm;
    type Quick = FirmCells<'a>;

    fn quick(&self) -> FirmCells<'a> {
        self.cells
    }

    fn expect(&self, firm: &Firm) {
        self.firms.ids.prefetch(&firm.id);
    }

    fn take(&mut self, firm: Firm, at: At, report: &mut Report) {
        if self.firms.ids.len() >= MOST_FIRMS {
            return;
        }
        if self.firms.ids.insert(&firm.id).is_err() {
            self.told += 1;
            report.push(at.error(&self.shown, "id", &firm.id, text!("id-taken")));
            return;
        }
        self.firms.region.push(firm.region);
        self.firms.industry.push(firm.industry);
        self.firms.size.push(firm.size);
    }

    fn row(&mut self, row: &Row<'_>, report: &mut Report) {
        let before = report.errors();
        let firm = self.cells.firm(row, report);
        self.told += report.errors() - before;
        match firm {
            Some(firm) => self.take(firm, row.at(), report),
            None => self.lost = true,
        }
    }
}

/// Collects the links of the user's table.
#[derive(Debug)]
pub struct LinkReader<'a> {
    firms: &'a GivenFirms,
    /// Whether every firm is known.
    pub whole: bool,
    /// (firm, partner) so far.
    pub links: Vec<(u32, u32)>,
}

impl<'a> LinkReader<'a> {
    /// The columns of the table.
    pub const CONTRACT: Contract<'static> = Contract {
        required: &["firm", "partner"],
        optional: &[],
        named: None,
        named_prefix: None,
        prefix: None,
    };

    /// No link yet.
    pub fn new(firms: &'a GivenFirms, whole: bool) -> Self {
        Self {
            firms,
            whole,
            links: Vec::new(),
        }
    }

    /// The links in order, and those that are given more than once; reports firms with too many.
    pub fn finish(mut self, shown: &str, report: &mut Report) -> (Vec<(u32, u32)>, Doubles<'a>) {
        self.links.par_sort_unstable();
        let error = |what: Text| super::problem::Problem::error(shown, what);
        let name = |f: u32| self.firms.ids.name(f);
        let twice = self.links.windows(2).filter(|pair| pair[0] == pair[1]);
        let doubles = Doubles {
            firms: self.firms,
            links: twice.map(|pair| (pair[0], false)).collect(),
        };
        for run in self.links.chunk_by(|a, b| a.0 == b.0) {
            if run.len() > MOST_PARTNERS {
                let what = text!("firm-partners", firm = name(run[0].0), n = run.len());
                report.push(error(what).allowed(text!("at-most-partners", MOST_PARTNERS)));
            }
        }
        (self.links, doubles)
    }
}

/// Reads links between known firms.
pub struct LinkCells<'a>(&'a Ids);

impl Quick for LinkCells<'_> {
    type Item = (u32, u32);

    fn ask(&self, row: &Row<'_>) {
        for column in ["firm", "partner"] {
            self.0.prefetch(row.text(column));
        }
    }

    fn item(&self, row: &Row<'_>, _: &mut Report) -> Option<(u32, u32)> {
        let firm = |column: &str| self.0.get(row.text(column));
        let (from, to) = (firm("firm")?, firm("partner")?);
        (from != to).then_some((from, to))
    }
}

impl<'a> Rows for LinkReader<'a> {
    type Item = (u32, u32);
    type Quick = LinkCells<'a>;

    fn quick(&self) -> LinkCells<'a> {
        LinkCells(&self.firms.ids)
    }

    fn take(&mut self, link: (u32, u32), _: At, _: &mut Report) {
        self.links.push(link);
    }

    fn row(&mut self, row: &Row<'_>, report: &mut Report) {
        let mut firm = |column: &str| {
            if !row.needs(column, report) {
                return None;
            }
            let found = self.firms.ids.get(row.text(column));
            if found.is_none() && self.whole {
                let ids = &self.firms.ids;
                let known = (0..ids.len() as u32).map(|f| ids.name(f));
                let nearest = (ids.len() <= FEW_FIRMS)
                    .then(|| report.near(row.text(column), known))
                    .flatten();
                report.push(row.error(column, text!("no-firm")).nearest(nearest));
            }
            found
        };
        let (Some(from), Some(to)) = (firm("firm"), firm("partner")) else {
            return;
        };
        if from == to {
            report.push(row.error("partner", text!("own-partner")));
        } else {
            self.links.push((from, to));
        }
    }
}

/// Links that stand in the table more than once, to be found in a second reading.
#[derive(Debug)]
pub struct Doubles<'a> {
    firms: &'a GivenFirms,
    /// Such links, and whether each has been met.
    links: BTreeMap<(u32, u32), bool>,
}

impl Doubles<'_> {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// Reports a row whose link was met before.
    pub fn row(&mut self, row: &Row<'_>, report: &mut Report) {
        let firm = |column: &str| self.firms.ids.get(row.text(column));
        let (Some(from), Some(to)) = (firm("firm"), firm("partner")) else {
            return;
        };
        if let Some(met) = self.links.get_mut(&(from, to))
            && std::mem::replace(met, true)
        {
            report.push(row.error("partner", text!("partner-already")));
        }
    }
}
