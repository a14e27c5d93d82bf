//! Links while a file of them is read: which places they name, and what is wrong with all of them together.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::cells::Range;
use super::ids::Ids;
use super::place_doubts::km;
use super::places::{Found, Places};
use super::problem::{Problem, Report, some_of};
use super::tables::{Kind, TableLink};
use crate::texts::text;

/// Weights before row-standardisation.
pub const WEIGHT: Range = Range::above(0.0, 1e15, "weight");
/// Links that are enough to see whether weights are distances.
const MOST_PAIRS: usize = 100_000;
/// How many names a message lists.
const NAMED: usize = 20;
/// Most ids that are remembered as unknown.
const MOST_UNKNOWN: usize = 1000;

/// Links while they are read.
pub struct Links<'a> {
    places: &'a Places,
    found: Vec<TableLink>,
    /// Places that the file names, besides those of its links.
    seen: Vec<bool>,
    /// Ids that no place has, and the line of the first.
    unknown: Ids,
    unknown_at: u64,
    more_unknown: u64,
    /// Links that the file has more than once, with all their lines, in a second reading.
    twice: Option<BTreeMap<(u32, u32), Vec<u64>>>,
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
            twice: None,
        }
    }

    /// Adds a link, which stands on this line.
    pub fn add(&mut self, link: TableLink, line: u64) {
        if let Some(twice) = &mut self.twice {
            let lines = twice.get_mut(&(link.listener, link.source));
            lines.into_iter().for_each(|lines| lines.push(line));
        } else {
            self.found.push(link);
        }
    }

    /// The ids of the places.
    pub const fn ids(&self) -> &'a Ids {
        &self.places.ids
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

    /// Sorts the links by listener and source. Whether each is there once; else the file is to be read again, for the
    /// lines of those that are not.
    pub fn sort(&mut self) -> bool {
        let key = |link: &TableLink| (link.listener, link.source);
        let by_listener = |pair: &[TableLink]| pair[0].listener <= pair[1].listener;
        if self.found.par_windows(2).all(by_listener) {
            // As most programs write them.
            let rows = self.found.par_chunk_by_mut(|a, b| a.listener == b.listener);
            rows.for_each(|row| row.sort_unstable_by_key(key));
        } else {
            self.found.par_sort_unstable_by_key(key);
        }
        self.found.shrink_to_fit();
        let pairs = self.found.par_windows(2);
        let twice = pairs.filter(|pair| key(&pair[0]) == key(&pair[1]));
        let twice: BTreeMap<_, _> = twice.map(|pair| (key(&pair[0]), Vec::new())).collect();
        let once = twice.is_empty();
        self.twice = (!once).then_some(twice);
        once
    }

    /// The links, once they are sorted, with what is wrong with all of them together told.
    pub fn finish(mut self, shown: &str, whole: bool, report: &mut Report) -> Vec<TableLink> {
        if !self.unknown.is_empty() {
            let names: Vec<&str> = self.unknown.names().collect();
            let first = names.first().copied().unwrap_or_default();
            let nearest = report.near(first, self.places.ids.names());
            let count = match self.more_unknown {
                0 => names.len().to_string().into(),
                _ => text!("more-than", n = names.len()),
            };
            let what = text!("ids-no-places", count, names = some_of(&names, NAMED));
            let problem = Problem::error(shown, what).line(self.unknown_at);
            report.push(problem.nearest(nearest));
        }
        for ((listener, source), lines) in self.twice.take().unwrap_or_default() {
            for pair in lines.windows(2) {
                let what = text!("link-given-line", first = pair[0]);
                let problem = Problem::error(shown, what).line(pair[1]);
                let ids = &self.places.ids;
                let named = format!("{} hears {}", ids.name(listener), ids.name(source));
                report.push(problem.value(named));
            }
        }
        if whole && self.places.complete {
            self.warn(shown, report);
        }
        self.found
    }

    fn warn(&self, shown: &str, report: &mut Report) {
        let ((hears, deaf), (seen, like_distances)) = rayon::join(
            || self.listeners(),
            || rayon::join(|| self.named(), || self.like_distances()),
        );
        let sure = |place: u32| !self.places.is_doubtful(place);
        let inland = |place: &u32| !self.is_gateway(*place) && sure(*place);
        let all = 0..u32::try_from(seen.len()).unwrap_or(u32::MAX);
        let names = |chosen: Vec<u32>| -> Vec<&str> {
            let ids = &self.places.ids;
            chosen.into_iter().map(|place| ids.name(place)).collect()
        };
        let absent = all.clone().filter(|place| !seen[*place as usize]);
        let absent = names(absent.filter(inland).collect());
        if !absent.is_empty() {
            let what = text!(
                "places-not-in-file",
                n = absent.len(),
                list = some_of(&absent, NAMED)
            );
            report.push(Problem::warning(shown, what));
        }
        let alone = all.filter(|place| seen[*place as usize] && !hears[*place as usize]);
        let alone = names(alone.filter(inland).collect());
        if !alone.is_empty() {
            let what = text!(
                "places-no-neighbour",
                n = alone.len(),
                list = some_of(&alone, NAMED)
            );
            report.push(Problem::warning(shown, what));
        }
        if deaf > 0 {
            let what = text!("links-deaf", deaf);
            report.push(Problem::warning(shown, what));
        }
        if let Some((correlation, per_km)) = like_distances {
            let r = format!("{correlation:.2}");
            let per_km = format!("{per_km:.3}");
            let what = text!("weights-distances", r, per_km);
            report.push(Problem::warning(shown, what));
        }
    }

    /// Whether each place hears somebody, and how many links lead to gateways, which cannot.
    fn listeners(&self) -> (Vec<bool>, u64) {
        let mut hears = vec![false; self.places.list.len()];
        let mut deaf = 0;
        for row in self.found.chunk_by(|a, b| a.listener == b.listener) {
            hears[row[0].listener as usize] = true;
            if self.is_gateway(row[0].listener) {
                deaf += row.len() as u64;
            }
        }
        (hears, deaf)
    }

    /// Whether the file names each place.
    fn named(&self) -> Vec<bool> {
        let mut named = self.seen.clone();
        for link in &self.found {
            named[link.listener as usize] = true;
            named[link.source as usize] = true;
        }
        named
    }

    /// When the weights are like distances, which a file of the nearest neighbours has in the place of weights: their
    /// correlation with the distance, and the mean weight of a kilometre. Of a long list, links at equal steps are
    /// looked at.
    fn like_distances(&self) -> Option<(f64, f64)> {
        let at = |place: u32| {
            let place = self.places.list.get(place as usize)?;
            Some((place.lon, place.lat))
        };
        let step = self.found.len().div_ceil(MOST_PAIRS).max(1);
        let pairs: Vec<(f64, f64)> = self
            .found
            .iter()
            .step_by(step)
            .filter_map(|link| Some((km(at(link.listener)?, at(link.source)?), link.weight)))
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
