//! Links while a file of them is read: which places they name, and what is wrong with all of them together.

use super::cells::Range;
use super::files::TextFile;
use super::ids::Ids;
use super::place_doubts::km;
use super::places::{Found, Places};
use super::problem::{Problem, Report, some_of};
use super::tables::{Kind, TableLink};
use crate::texts::text;

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

    /// Whether a place has this id.
    pub fn knows(&self, id: &str) -> bool {
        self.places.ids.get(id).is_some()
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
        if let Some((correlation, per_km)) = self.like_distances() {
            let r = format!("{correlation:.2}");
            let per_km = format!("{per_km:.3}");
            let what = text!("weights-distances", r, per_km);
            report.push(Problem::warning(&*file.shown, what));
        }
    }

    /// When the weights are like distances, which a file of the nearest neighbours has in the place of weights: their
    /// correlation with the distance, and the mean weight of a kilometre.
    fn like_distances(&self) -> Option<(f64, f64)> {
        let at = |place: u32| {
            let place = self.places.list.get(place as usize)?;
            Some((place.lon, place.lat))
        };
        let pairs: Vec<(f64, f64)> = self
            .found
            .iter()
            .filter_map(|(link, _)| Some((km(at(link.listener)?, at(link.source)?), link.weight)))
            .filter(|(far, _)| *far > 0.0)
            .collect();
        let n = pairs.len() as f64;
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
        let (far, weight, ratio) = (mean(&|p| p.0), mean(&|p| p.1), mean(&|p| p.1 / p.0));
        let spread =
            |of: &dyn Fn(&(f64, f64)) -> f64, m: f64| mean(&|p| (of(p) - m).powi(2)).sqrt();
        let (sd_far, sd_weight) = (spread(&|p| p.0, far), spread(&|p| p.1, weight));
        if pairs.len() < 3 || sd_far < 0.1 * far || sd_weight < 0.1 * weight {
            return None;
        }
        let together = mean(&|p| (p.0 - far) * (p.1 - weight));
        let correlation = together / (sd_far * sd_weight);
        let same = spread(&|p| p.1 / p.0, ratio) < 0.15 * ratio;
        let grows = pairs.len() >= 8 && correlation > 0.8;
        (same || grows).then_some((correlation, ratio))
    }

    fn is_gateway(&self, place: u32) -> bool {
        let kind = self.places.list.get(place as usize).map(|place| place.kind);
        matches!(kind, Some(Kind::SourceGateway | Kind::TransitGateway))
    }
}
