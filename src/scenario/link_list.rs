//! Links while a file of them is read: which places they name, and what is wrong with all of them together.

use super::cells::Range;
use super::files::TextFile;
use super::ids::Ids;
use super::places::{Found, Places};
use super::problem::{Problem, Report, some_of};
use super::tables::{Kind, TableLink};

/// Weights before row-standardisation.
pub const WEIGHT: Range = Range::above(0.0, 1e15, "weight");
/// How many names a message lists.
const NAMED: usize = 20;
/// Most ids that are remembered as unknown.
const MOST_UNKNOWN: usize = 1000;

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

impl<'a> Links<'a> {
    /// None yet, between these places.
    pub fn new(places: &'a Places) -> Self {
        Self {
            places,
            found: Vec::new(),
            seen: vec![false; places.list.len()],
            unknown: Ids::default(),
            unknown_at: 0,
            more_unknown: 0,
        }
    }

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

    /// The links in order of listener and source, with what is wrong with all of them together told.
    pub fn finish(mut self, file: &TextFile, whole: bool, report: &mut Report) -> Vec<TableLink> {
        let shown = &file.shown;
        if !self.unknown.is_empty() {
            let names: Vec<&str> = self.unknown.names().collect();
            let first = names.first().copied().unwrap_or_default();
            let nearest = report.near(first, self.places.ids.names());
            let count = match self.more_unknown {
                0 => names.len().to_string(),
                _ => format!("more than {}", names.len()),
            };
            let what = format!(
                "{count} ids are no places of this scenario: {}",
                some_of(&names, NAMED)
            );
            let problem = Problem::error(&**shown, what).line(self.unknown_at);
            report.push(problem.nearest(nearest));
        }
        self.found
            .sort_unstable_by_key(|(link, line)| (link.listener, link.source, *line));
        for pair in self.found.windows(2) {
            let ((before, first), (link, line)) = (pair[0], pair[1]);
            if (before.listener, before.source) == (link.listener, link.source) {
                let what = format!("this link is already given on line {first}");
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
            let what = format!(
                "{} places of the scenario are not in this file: {}",
                absent.len(),
                some_of(&absent, NAMED)
            );
            report.push(Problem::warning(&*file.shown, what));
        }
        let alone = all
            .filter(inland)
            .filter(|place| self.seen[*place as usize]);
        let alone = names(alone.filter(|place| !hears[*place as usize]).collect());
        if !alone.is_empty() {
            let what = format!(
                "{} places have no neighbour that they hear: {}",
                alone.len(),
                some_of(&alone, NAMED)
            );
            report.push(Problem::warning(&*file.shown, what));
        }
        if deaf > 0 {
            let what = format!("{deaf} links are heard by a gateway, which never adopts");
            report.push(Problem::warning(&*file.shown, what));
        }
    }

    fn is_gateway(&self, place: u32) -> bool {
        let kind = self.places.list.get(place as usize).map(|place| place.kind);
        matches!(kind, Some(Kind::SourceGateway | Kind::TransitGateway))
    }
}
