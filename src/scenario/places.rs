//! The place tables: zones, regions and gateways, each row checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cells::{At, Range, Row};
use super::files::TextFile;
use super::ids::Ids;
use super::loose::Loose;
use super::place::place;
use super::problem::{Problem, Report, some_of};
use super::records::Records;
use super::rows::{Quick, Rows};
use super::sheet::{Columns, Contract};
use super::spec::DomainSpec;
use super::table_file::TableFile;
use super::tables::{Kind, Place, word};
use super::tree::Origin;
use crate::texts::{Text, text};

/// Most cells of industry profiles, over all places.
const MOST_INDUSTRY_CELLS: usize = 200_000_000;
/// Columns without which it is not sure what a place is and does.
const UNSURE: [&str; 7] = [
    "kind",
    "province",
    "agglomerations",
    "tier",
    "host",
    "group",
    "open",
];
/// The places read so far.
#[derive(Debug, Default)]
pub struct Places {
    /// In input order. A row with problems is here too, so that references to it resolve.
    pub list: Vec<Place>,
    /// Their ids.
    pub ids: Ids,
    /// Industries in column order.
    pub industries: Vec<String>,
    /// Whether every row of every place table is known, if not all of its cells.
    pub complete: bool,
    /// Zones with a weight that does not count.
    pub weighed: u64,
    /// Whether they are places of data: each is a region unless the table says otherwise, and their tables may be
    /// without coordinates and weights.
    of_data: bool,
    /// Whether some table is without coordinates.
    pub nowhere: bool,
    /// Names that stand in rows which could not be read.
    loose: Loose,
    /// Places whose rows have problems: what they are is not sure.
    doubtful: BTreeSet<u32>,
    /// Where each place was written: file (position in `files`) and line.
    lines: Vec<(u32, u64)>,
    files: Vec<Arc<str>>,
}

/// The columns of a place table, besides those of domains.
const CONTRACT: Contract<'static> = Contract {
    required: &["id", "kind", "lon", "lat"],
    optional: &[
        "name_en",
        "name_zh",
        "weight",
        "carries_weight",
        "province",
        "area",
        "agglomerations",
        "tier",
        "capital",
        "host",
        "group",
        "open",
        "factor",
        "platform",
        "leadership",
        "environment",
        "radiation",
        "friction",
        "tasks",
        "provisions",
        "direct_share",
        "indirect_share",
    ],
    named: None,
    named_prefix: Some("mix_"),
    prefix: Some("industry_"),
};

/// The columns that [`CONTRACT`] asks for and places of data may be without.
const OF_DATA: [&str; 3] = ["kind", "lon", "lat"];

/// The rows of one place table.
struct PlaceRows<'a> {
    places: &'a mut Places,
    cells: PlaceCells<'a>,
    shown: Arc<str>,
    /// Position of the file in [`Places::files`].
    number: u32,
}

/// Columns with positions of industries, and how many industries there are.
type Industries = (Arc<[(String, usize)]>, usize);

/// Reads places.
#[derive(Clone)]
struct PlaceCells<'a> {
    of_data: bool,
    domains: &'a [DomainSpec],
    mix: &'a [String],
    /// Columns of industries with their positions in [`Places::industries`], and how many those are, known from the first
    /// row on.
    industries: Option<Industries>,
}

impl PlaceCells<'_> {
    /// The place of a row, and whether it has a weight that does not count.
    fn place(&self, row: &Row<'_>, report: &mut Report) -> (Place, bool) {
        let mut place = place(row, self.of_data, self.domains, self.mix, report);
        let (columns, count) = self
            .industries
            .as_ref()
            .map_or((&[][..], 0), |(columns, count)| (columns, *count));
        place.industries = vec![0.0; count];
        for (column, position) in columns {
            let range = Range::new(0.0, 1e15, "weight");
            if let Some(weight) = row.number(column, range, report)
                && let Some(cell) = place.industries.get_mut(*position)
            {
                *cell = weight;
            }
        }
        let uncounted = place.kind == Kind::Zone && !place.carries_weight;
        let weighed = uncounted && !row.text("weight").is_empty();
        (place, weighed)
    }

    /// Whether a column is missing without which it is not known what the places are.
    fn unsure(row: &Row<'_>) -> bool {
        let mut missing = row.head.missing.iter();
        missing.any(|column| UNSURE.contains(&column.as_str()))
    }
}

impl Quick for PlaceCells<'_> {
    type Item = (Place, bool);

    fn item(&self, row: &Row<'_>, report: &mut Report) -> Option<(Place, bool)> {
        self.industries.as_ref().filter(|_| !Self::unsure(row))?;
        if row.text("id").is_empty() {
            return None;
        }
        Some(self.place(row, report))
    }
}

impl<'a> Rows for PlaceRows<'a> {
    type Item = (Place, bool);
    type Quick = PlaceCells<'a>;

    fn quick(&self) -> PlaceCells<'a> {
        self.cells.clone()
    }

    fn expect(&self, (place, _): &(Place, bool)) {
        self.places.ids.prefetch(&place.id);
    }

    fn take(&mut self, (place, weighed): (Place, bool), at: At, report: &mut Report) {
        self.places.add(place, weighed, (self.number, at), report);
    }

    fn row(&mut self, row: &Row<'_>, report: &mut Report) {
        if self.cells.industries.is_none() {
            let columns = self.places.add_industries(row, report);
            self.cells.industries = Some((columns.into(), self.places.industries.len()));
        }
        let before = report.errors();
        let (mut place, weighed) = self.cells.place(row, report);
        if place.id.is_empty() {
            // Reported; keep the row so that nothing that follows is out of step.
            place.id = format!("row {} of {}", row.number, self.shown);
        }
        let doubtful = PlaceCells::unsure(row) || report.errors() > before;
        let position = self.places.list.len();
        let added = self
            .places
            .add(place, weighed, (self.number, row.at()), report);
        if added && doubtful {
            self.places.doubt(position);
        }
    }
}

/// Names of zone groups, provinces and agglomerations with the positions of their places.
#[derive(Debug, Default)]
pub struct Groups {
    /// Zones of each group.
    pub zones: BTreeMap<String, Vec<u32>>,
    /// Zones and regions of each province.
    pub provinces: BTreeMap<String, Vec<u32>>,
    /// Zones and regions of each agglomeration.
    pub agglomerations: BTreeMap<String, Vec<u32>>,
    complete: bool,
    loose: Loose,
}

impl Groups {
    /// Whether a name that no place has may still be right, because not every row is known.
    pub fn may_have(&self, name: &str) -> bool {
        !self.complete || self.loose.has(name)
    }
}

/// What is known of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// This place has it.
    Sure(u32),
    /// A place may have it, or has it but is not known well, because of problems that are reported.
    Unsure(Option<u32>),
    /// No place has it.
    Unknown,
}

impl Places {
    /// No places yet, of a scenario with a history of data or without.
    pub fn of(data: bool) -> Self {
        Self {
            of_data: data,
            ..Self::default()
        }
    }

    /// Where a place was written.
    pub fn origin(&self, place: u32) -> Origin {
        let (file, line) = self.lines.get(place as usize).copied().unwrap_or_default();
        let file = self.files.get(file as usize).cloned();
        Origin {
            file: file.unwrap_or_else(|| "places".into()),
            line,
        }
    }

    /// What is known of an id.
    pub fn find(&self, id: &str) -> Found {
        match self.ids.get(id) {
            Some(at) if self.doubtful.contains(&at) => Found::Unsure(Some(at)),
            Some(at) => Found::Sure(at),
            None if !self.complete || self.loose.has(id) => Found::Unsure(None),
            None => Found::Unknown,
        }
    }

    /// Remembers that it is not sure what a place is and does.
    pub fn doubt(&mut self, place: usize) {
        self.doubtful.extend(u32::try_from(place));
    }

    /// Whether it is not sure what a place is and does: its row has problems, or what a layout says of it.
    pub fn is_doubtful(&self, place: u32) -> bool {
        self.doubtful.contains(&place)
    }

    /// Whether a table has the columns that only place tables have.
    pub fn looks_like(file: &mut TextFile) -> bool {
        let mut records = Records::new(file.reader());
        let head = records.next();
        let has = |name: &str| {
            records
                .last
                .record()
                .cells()
                .any(|cell| cell.trim() == name)
        };
        matches!(head, Ok(Some(_))) && has("id") && has("kind") && has("lon") && has("lat")
    }

    /// Reads one file and adds its places. `mix` are the columns of the domains' mix.
    pub fn read(
        &mut self,
        file: &mut TableFile,
        domains: &[DomainSpec],
        mix: &Columns,
        report: &mut Report,
    ) {
        let shown = file.shown().clone();
        #[expect(clippy::cast_possible_truncation, reason = "at most 100 files")]
        let number = self.files.len() as u32;
        self.files.push(shown.clone());
        let mut contract = Contract {
            named: Some(mix),
            ..CONTRACT
        };
        let optional: Vec<&str> = CONTRACT.optional.iter().copied().chain(OF_DATA).collect();
        if self.of_data {
            contract.required = &CONTRACT.required[..1];
            contract.optional = &optional;
        }
        let mut rows = PlaceRows {
            cells: PlaceCells {
                of_data: self.of_data,
                domains,
                mix: &mix.names,
                industries: None,
            },
            places: self,
            shown: shown.clone(),
            number,
        };
        let done = file.read(&contract, report, &mut rows);
        self.complete &= done.whole;
        self.loose.extend(done.loose);
        let mix_sure = mix.sure;
        let mix = &mix.names;
        if let Some(head) = done.head {
            self.nowhere |= self.of_data && !head.has("lon") && !head.has("lat");
            let missing: Vec<&str> = mix
                .iter()
                .map(String::as_str)
                .filter(|column| !head.has(column) && !head.missing.iter().any(|m| m == column))
                .collect();
            if mix_sure && !missing.is_empty() && missing.len() < mix.len() {
                let what = text!("mix-some", missing = some_of(&missing, 10));
                report.push(Problem::error(&*shown, what).line(1));
            }
            let meant = |column: &str| head.missing.iter().any(|name| name == column);
            if head.has("direct_share") != head.has("indirect_share")
                && !meant("direct_share")
                && !meant("indirect_share")
            {
                let what = text!("shares-together");
                report.push(Problem::error(&*shown, what).line(1));
            }
        }
    }

    fn add_industries(&mut self, row: &Row<'_>, report: &mut Report) -> Vec<(String, usize)> {
        let mut columns = Vec::new();
        for column in row.columns_with("industry_") {
            let id = &column["industry_".len()..];
            let good = id.len() <= 23
                && id
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            if !good {
                let mut problem = row.head_error(text!("not-industry-id"));
                problem.column = Some(column.to_owned());
                let allowed = text!("allowed-industry-id");
                report.push(problem.allowed(allowed));
            }
            let position = self.industries.iter().position(|known| known == id);
            let position = position.unwrap_or_else(|| {
                self.industries.push(id.to_owned());
                self.industries.len() - 1
            });
            columns.push((column.to_owned(), position));
        }
        columns
    }

    /// Adds a place, and whether it has a weight that does not count; when its id is taken, that is told.
    fn add(
        &mut self,
        place: Place,
        weighed: bool,
        (file, at): (u32, At),
        report: &mut Report,
    ) -> bool {
        if let Err(other) = self.ids.insert(&place.id) {
            let first = self.origin(other);
            let what = text!("id-taken-at", file = first.file, line = first.line);
            let shown = &self.files[file as usize];
            report.push(at.error(shown, "id", &place.id, what));
            // Which of the two is meant where it is named is not known.
            self.doubtful.insert(other);
            return false;
        }
        self.weighed += u64::from(weighed);
        self.lines.push((file, at.line));
        self.list.push(place);
        true
    }

    /// Gives every place the same number of industries and checks what needs all places: hosts,
    /// groups, capitals, and where `structures` form, that a circle can.
    pub fn finish(&mut self, structures: bool, report: &mut Report) -> Groups {
        let industries = self.industries.len();
        if industries.saturating_mul(self.list.len()) > MOST_INDUSTRY_CELLS {
            let what = text!("industries-too-many", places = self.list.len(), industries);
            let file = self.files.first().cloned().unwrap_or_default();
            report.push(
                Problem::error(&*file, what).allowed(text!("cells-most", MOST_INDUSTRY_CELLS)),
            );
        } else if industries > 0 {
            for place in &mut self.list {
                place.industries.resize(industries, 0.0);
            }
        }
        let mut groups = Groups {
            complete: self.complete,
            loose: self.loose.clone(),
            ..Groups::default()
        };
        let mut capitals: BTreeMap<&str, u32> = BTreeMap::new();
        for (position, place) in (0_u32..).zip(&self.list) {
            if matches!(place.kind, Kind::SourceGateway | Kind::TransitGateway) {
                continue;
            }
            if let Some(group) = &place.group {
                groups
                    .zones
                    .entry(group.clone())
                    .or_default()
                    .push(position);
            }
            if !place.province.is_empty() {
                match groups.provinces.get_mut(&place.province) {
                    Some(province) => province.push(position),
                    None => {
                        let province = place.province.clone();
                        groups.provinces.insert(province, vec![position]);
                    }
                }
            }
            for name in &place.agglomerations {
                let area = groups.agglomerations.entry(name.clone());
                area.or_default().push(position);
            }
            if place.capital {
                *capitals.entry(&place.province).or_default() += 1;
            }
            self.check_host(position, place, report);
        }
        for (group, zones) in &groups.zones {
            if zones.iter().any(|zone| self.is_doubtful(*zone)) {
                continue;
            }
            if let Found::Sure(place) = self.find(group)
                && !zones.contains(&place)
            {
                let what = text!("group-has-place-id");
                report.push(self.origin(place).error(what).value(group));
            }
        }
        let several: Vec<&str> = capitals
            .iter()
            .filter(|(_, count)| **count > 1)
            .map(|(province, _)| *province)
            .collect();
        if !several.is_empty() {
            let file = self.files.first().cloned().unwrap_or_default();
            let what = text!(
                "several-capitals",
                n = several.len(),
                list = some_of(&several, 10)
            );
            report.push(Problem::warning(&*file, what));
        }
        if !self.list.is_empty() && self.complete && self.doubtful.is_empty() {
            let file = self.files.first().cloned().unwrap_or_default();
            if self.of_data {
                // Items begin with a history, and zones are not needed.
            } else if self.list.iter().all(|place| place.kind != Kind::Zone) {
                report.push(Problem::warning(&*file, text!("no-zone-at-all")));
            } else if structures && !self.list.iter().any(|place| place.carries_weight) {
                report.push(Problem::warning(&*file, text!("no-weight-for-circles")));
            }
        }
        groups
    }

    fn check_host(&self, position: u32, place: &Place, report: &mut Report) {
        let Some(host) = &place.host else {
            return;
        };
        let cell = |what: Text| {
            let mut problem = self.origin(position).error(what).value(host);
            problem.column = Some("host".to_owned());
            problem
        };
        let found = match self.find(host) {
            Found::Sure(at) => self.list.get(at as usize),
            Found::Unsure(_) => return,
            Found::Unknown => None,
        };
        match found {
            None => {
                let regions = self.list.iter().filter(|p| p.kind == Kind::Region);
                let nearest = report.near(host, regions.map(|p| p.id.as_str()));
                report.push(cell(text!("no-place")).nearest(nearest));
            }
            Some(region) if region.kind != Kind::Region => {
                let what = text!("host-region", host, kind = word(region.kind));
                report.push(cell(what));
            }
            Some(region) if region.province != place.province && !self.is_doubtful(position) => {
                let mut problem = cell(text!(
                    "host-province",
                    other = region.province,
                    own = place.province
                ));
                problem.severity = super::problem::Severity::Warning;
                report.push(problem);
            }
            Some(_) => {}
        }
    }
}
