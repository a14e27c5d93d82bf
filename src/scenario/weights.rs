//! Links from files: CSV tables, and the GAL and GWT weights formats of spatial economists
//! (GeoDa, PySAL). In all of them the row's first place hears the others; in a CSV table the
//! `target` hears the `source`. Ids are those of the place tables.

use super::cells::Range;
use super::files::TextFile;
use super::gal_gwt::{gal, gwt};
use super::ids::Ids;
use super::places::{Found, Places};
use super::problem::{Problem, Report, some_of};
use super::sheet::{self, Contract};
use super::tables::{Kind, TableLink};
use crate::texts::text;

/// Weights before row-standardisation.
pub const WEIGHT: Range = Range::above(0.0, 1e15, "weight");
/// How many names a message lists.
const NAMED: usize = 20;
/// Most ids that are remembered as unknown.
const MOST_UNKNOWN: usize = 1000;

/// The format of a file of links, by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `source`, `target`, `weight`.
    Csv,
    /// Neighbours without weights.
    Gal,
    /// Neighbours with weights.
    Gwt,
}

impl Format {
    /// The format that a file's name says; nothing for another ending.
    pub fn of(name: &str) -> Option<Self> {
        let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "gal" => Some(Self::Gal),
            "gwt" => Some(Self::Gwt),
            _ => None,
        }
    }
}

/// Reads the links of a file, in order of listener and source. Unknown ids, links of a place to
/// itself, links given twice and weights that are not positive are errors; places that the file
/// does not know, and places that hear nobody, are named in warnings.
pub fn read(
    file: &mut TextFile,
    format: Format,
    places: &Places,
    report: &mut Report,
) -> Vec<TableLink> {
    let mut links = Links {
        places,
        found: Vec::new(),
        seen: vec![false; places.list.len()],
        unknown: Ids::default(),
        unknown_at: 0,
        more_unknown: 0,
    };
    let before = report.errors();
    match format {
        Format::Csv => csv(file, &mut links, report),
        Format::Gal => gal(file, &mut links, report),
        Format::Gwt => gwt(file, &mut links, report),
    }
    links.finish(file, report.errors() == before, report)
}

/// Links while they are read.
pub struct Links<'a> {
    places: &'a Places,
    /// Links with their lines.
    pub found: Vec<(TableLink, u64)>,
    /// Places that the file names.
    seen: Vec<bool>,
    /// Ids that no place has, and the line of the first.
    unknown: Ids,
    unknown_at: u64,
    more_unknown: u64,
}

impl Links<'_> {
    /// The place of this id, which the file names on this line; an unknown id is remembered.
    pub fn place(&mut self, id: &str, line: u64) -> Option<u32> {
        let found = self.places.ids.get(id);
        match found {
            Some(place) => {
                if let Some(seen) = self.seen.get_mut(place as usize) {
                    *seen = true;
                }
            }
            None if self.places.find(id) != Found::Unknown => {}
            None => {
                if self.unknown.is_empty() {
                    self.unknown_at = line;
                }
                if self.unknown.len() < MOST_UNKNOWN {
                    // An id seen before is already listed.
                    let _ = self.unknown.insert(id);
                } else if self.unknown.get(id).is_none() {
                    self.more_unknown += 1;
                }
            }
        }
        found
    }

    fn finish(mut self, file: &TextFile, whole: bool, report: &mut Report) -> Vec<TableLink> {
        let shown = &file.shown;
        if !self.unknown.is_empty() {
            let names: Vec<&str> = self.unknown.names().collect();
            let first = names.first().copied().unwrap_or_default();
            let nearest = report.near(first, self.places.ids.names());
            let count = match self.more_unknown {
                0 => names.len().to_string().into(),
                _ => text!("more-than", n = names.len()),
            };
            let what = text!("ids-no-places", count, names = some_of(&names, NAMED));
            let problem = Problem::error(&**shown, what).line(self.unknown_at);
            report.push(problem.nearest(nearest));
        }
        self.found
            .sort_unstable_by_key(|(link, line)| (link.listener, link.source, *line));
        for pair in self.found.windows(2) {
            let ((before, first), (link, line)) = (pair[0], pair[1]);
            if (before.listener, before.source) == (link.listener, link.source) {
                let what = text!("link-given-line", first);
                let problem = Problem::error(&**shown, what).line(line);
                report.push(problem.value(self.named(&link)));
            }
        }
        if whole && self.places.complete {
            self.warn(file, report);
        }
        self.found.into_iter().map(|(link, _)| link).collect()
    }

    fn named(&self, link: &TableLink) -> String {
        let ids = &self.places.ids;
        format!(
            "{} hears {}",
            ids.name(link.listener),
            ids.name(link.source)
        )
    }

    fn warn(&self, file: &TextFile, report: &mut Report) {
        let mut hears = vec![false; self.places.list.len()];
        let mut deaf = 0_u64;
        for (link, _) in &self.found {
            hears[link.listener as usize] = true;
            deaf += u64::from(self.is_gateway(link.listener));
        }
        let sure = |place: u32| !self.places.is_doubtful(place);
        let inland = |place: &u32| !self.is_gateway(*place) && sure(*place);
        let all = 0..u32::try_from(self.seen.len()).unwrap_or(u32::MAX);
        let names = |chosen: Vec<u32>| -> Vec<&str> {
            let ids = &self.places.ids;
            chosen.into_iter().map(|place| ids.name(place)).collect()
        };
        let absent = all.clone().filter(inland);
        let absent = names(absent.filter(|place| !self.seen[*place as usize]).collect());
        if !absent.is_empty() {
            let what = text!(
                "places-not-in-file",
                n = absent.len(),
                list = some_of(&absent, NAMED)
            );
            report.push(Problem::warning(&*file.shown, what));
        }
        let alone = all
            .filter(inland)
            .filter(|place| self.seen[*place as usize]);
        let alone = names(alone.filter(|place| !hears[*place as usize]).collect());
        if !alone.is_empty() {
            let what = text!(
                "places-no-neighbour",
                n = alone.len(),
                list = some_of(&alone, NAMED)
            );
            report.push(Problem::warning(&*file.shown, what));
        }
        if deaf > 0 {
            let what = text!("links-deaf", deaf);
            report.push(Problem::warning(&*file.shown, what));
        }
    }

    fn is_gateway(&self, place: u32) -> bool {
        let kind = self.places.list.get(place as usize).map(|place| place.kind);
        matches!(kind, Some(Kind::SourceGateway | Kind::TransitGateway))
    }
}

fn csv(file: &mut TextFile, links: &mut Links<'_>, report: &mut Report) {
    let contract = Contract {
        required: &["source", "target", "weight"],
        ..Contract::default()
    };
    sheet::read(file, &contract, report, |row, report| {
        let named = row.needs("source", report) & row.needs("target", report);
        row.needs("weight", report);
        let weight = row.number("weight", WEIGHT, report);
        if !named {
            return;
        }
        let source = links.place(row.text("source"), row.line);
        let listener = links.place(row.text("target"), row.line);
        let (Some(source), Some(listener), Some(weight)) = (source, listener, weight) else {
            return;
        };
        if source == listener {
            report.push(row.error("target", text!("hears-itself")));
            return;
        }
        let link = TableLink {
            listener,
            source,
            weight,
        };
        links.found.push((link, row.line));
    });
}
