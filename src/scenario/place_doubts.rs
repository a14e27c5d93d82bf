//! What is allowed in place tables and perhaps not meant, once all of them are read: names that are nearly others,
//! positions that look like slips, weights that do not count. Each is told with its figures.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::looks::{folded, is_missing_word, joined_by};
use super::places::{Found, Places};
use super::problem::{Problem, Report, some_of};
use super::spec::{NamedSpec, PlacesSpec};
use super::tables::Place;
use crate::globe::great_circle_km;
use crate::texts::{Text, text};

/// Kilometres from its host on which a zone is told.
const FAR_FROM_HOST: f64 = 500.0;
/// Kilometres from the middle of the places below which no place is taken to be misplaced.
const FAR: f64 = 1000.0;
/// Share of all weight above which one place is told to decide every measure.
const MOST_WEIGHT: f64 = 0.9;

/// Most places whose ids are held against each other.
const MOST_IDS: usize = 100_000;

/// Great-circle distance of two positions (degrees east, degrees north), km.
pub fn km(a: (f64, f64), b: (f64, f64)) -> f64 {
    great_circle_km(a.0, a.1, b.0, b.1)
}

/// Tells all of it.
pub fn doubts(places: &Places, spec: &PlacesSpec, report: &mut Report) {
    names(places, spec, report);
    positions(places, report);
    weights(places, report);
}

fn is_inland(place: &Place) -> bool {
    place.kind.adopts()
}

/// The places that are known well.
fn sure(places: &Places) -> impl Iterator<Item = (u32, &Place)> {
    let all = (0_u32..).zip(&places.list);
    all.filter(|(at, _)| !places.is_doubtful(*at))
}

/// Those of them for which something holds.
fn sure_that(places: &Places, holds: impl Fn(&Place) -> bool + Sync) -> Vec<(u32, &Place)> {
    let all = places.list.par_iter().enumerate();
    let all = all.map(|(at, place)| (at as u32, place));
    all.filter(|(at, place)| holds(place) && !places.is_doubtful(*at))
        .collect()
}

fn warning(places: &Places, at: u32, column: &str, value: &str, what: Text) -> Problem {
    let mut problem = places.origin(at).warning(what);
    if !value.is_empty() {
        problem = problem.value(value);
    }
    problem.column = Some(column.to_owned());
    problem
}

/// Gives the names that a place has in a column.
type Of = for<'p> fn(&'p Place, &mut dyn FnMut(&'p str));

fn names(places: &Places, spec: &PlacesSpec, report: &mut Report) {
    let columns: [(&str, Of, &[NamedSpec]); 5] = [
        ("id", |place, name| name(&place.id), &[]),
        (
            "province",
            |place, name| name(&place.province),
            &spec.provinces,
        ),
        ("area", |place, name| name(&place.area), &spec.areas),
        (
            "agglomerations",
            |place, name| place.agglomerations.iter().for_each(|area| name(area)),
            &[],
        ),
        (
            "group",
            |place, name| place.group.iter().for_each(|group| name(group)),
            &[],
        ),
    ];
    let asked = columns.into_par_iter();
    let asked = asked.filter(|(column, ..)| *column != "id" || places.list.len() <= MOST_IDS);
    let all: Vec<_> = asked.map(|of| (of, counted(places, of.1))).collect();
    for ((column, _, declared), all) in all {
        let known = |name: &str| {
            all.contains_key(name) || declared.iter().any(|declared| declared.id == name)
        };
        if column != "id" {
            for (name, (at, n)) in &all {
                let Some(sign) = joined_by(name, known) else {
                    continue;
                };
                let what = match column {
                    "agglomerations" => text!("names-joined", sign, n),
                    _ => text!("name-joined", sign, n, column),
                };
                report.push(warning(places, *at, column, name, what));
            }
        }
        alike(places, column, &all, declared, report);
        if declared.is_empty() {
            continue;
        }
        for (name, (at, n)) in &all {
            let is = |other: &NamedSpec| folded(&other.id) == folded(name);
            let told = is_missing_word(name) || joined_by(name, known).is_some();
            if declared.iter().any(is) || told {
                continue;
            }
            let ids = declared.iter().map(|declared| declared.id.as_str());
            let nearest = report.near(name, ids);
            let list = format!("places.{column}s");
            let what = text!("name-undeclared", list, n);
            report.push(warning(places, *at, column, name, what).nearest(nearest));
        }
    }
}

/// The names of a column, each with the first place that has it and how many have.
fn counted(places: &Places, of: Of) -> BTreeMap<&str, (u32, u64)> {
    let mut all: BTreeMap<&str, (u32, u64)> = BTreeMap::new();
    // The same name often stands in many rows one after the other.
    let (mut last, mut more) = ("", 0);
    for (at, place) in sure(places).filter(|(_, place)| is_inland(place)) {
        of(place, &mut |name| {
            if name == last {
                more += 1;
            } else if !name.is_empty() {
                all.entry(last).and_modify(|(_, n)| *n += more);
                all.entry(name).or_insert((at, 0)).1 += 1;
                (last, more) = (name, 0);
            }
        });
    }
    all.entry(last).and_modify(|(_, n)| *n += more);
    all
}

/// Names that differ only in how they are written: the rarer ones are told.
fn alike(
    places: &Places,
    column: &str,
    all: &BTreeMap<&str, (u32, u64)>,
    declared: &[NamedSpec],
    report: &mut Report,
) {
    let mut by_look: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let ids = declared.iter().map(|declared| declared.id.as_str());
    for name in ids.chain(all.keys().copied()) {
        let same = by_look.entry(folded(name)).or_default();
        if !same.contains(&name) {
            same.push(name);
        }
    }
    for same in by_look.into_values().filter(|same| same.len() > 1) {
        let count = |name: &str| all.get(name).map_or(0, |(_, n)| *n);
        let is_declared = |name: &str| declared.iter().any(|declared| declared.id == name);
        let rank = |name: &&str| (is_declared(name), count(name));
        let Some(first) = same.iter().copied().max_by_key(rank) else {
            continue;
        };
        for name in same.into_iter().filter(|name| *name != first) {
            let Some((at, n)) = all.get(name) else {
                continue;
            };
            let what = text!("name-alike", other = first, n, m = count(first));
            let problem = warning(places, *at, column, name, what);
            report.push(problem.nearest(Some(first.to_owned())));
        }
    }
}

fn positions(places: &Places, report: &mut Report) {
    let at_zero = sure_that(places, |place| {
        is_inland(place) && (place.lon, place.lat) == (0.0, 0.0) && !places.nowhere
    });
    if let Some((first, _)) = at_zero.first() {
        let ids: Vec<&str> = at_zero.iter().map(|(_, place)| &*place.id).collect();
        let what = text!("places-at-zero", n = ids.len(), list = some_of(&ids, 10));
        report.push(warning(places, *first, "lon", "", what));
    }
    for (at, place) in sure_that(places, |place| place.host.is_some()) {
        let host = place.host.as_deref().map(|host| places.find(host));
        let Some(Found::Sure(host)) = host else {
            continue;
        };
        let Some(host) = places.list.get(host as usize) else {
            continue;
        };
        let far = km((place.lon, place.lat), (host.lon, host.lat));
        if far > FAR_FROM_HOST {
            let what = text!("host-far", id = place.id, km = whole(far));
            report.push(warning(places, at, "host", &host.id, what));
        }
    }
    misplaced(places, report);
}

/// Places far from the others that would lie among them with a sign, a decimal point or lon and lat put right.
fn misplaced(places: &Places, report: &mut Report) {
    let inland = sure_that(places, |place| {
        is_inland(place) && (place.lon, place.lat) != (0.0, 0.0)
    });
    if inland.len() < 4 {
        return;
    }
    let median = |mut list: Vec<f64>| {
        let middle = list.len() / 2;
        *list.select_nth_unstable_by(middle, f64::total_cmp).1
    };
    let middle = (
        median(inland.iter().map(|(_, place)| place.lon).collect()),
        median(inland.iter().map(|(_, place)| place.lat).collect()),
    );
    let far = |place: &Place| km((place.lon, place.lat), middle);
    let all: Vec<f64> = inland.par_iter().map(|(_, place)| far(place)).collect();
    let usual = median(all.clone());
    for ((at, place), here) in inland.into_iter().zip(all) {
        let (lon, lat) = (place.lon, place.lat);
        if here <= FAR.max(4.0 * usual) {
            continue;
        }
        let others = [
            (lat, lon),
            (-lon, lat),
            (lon, -lat),
            (-lon, -lat),
            (lon * 10.0, lat),
            (lon / 10.0, lat),
            (lon, lat * 10.0),
            (lon, lat / 10.0),
        ];
        let fits = others
            .into_iter()
            .filter(|(lon, lat)| lon.abs() <= 180.0 && lat.abs() <= 90.0);
        let best = fits.min_by(|a, b| km(*a, middle).total_cmp(&km(*b, middle)));
        let Some(best) = best else { continue };
        let there = km(best, middle);
        if there <= (3.0 * usual).max(300.0) && there * 5.0 <= here {
            let what = text!(
                "place-misplaced",
                id = place.id,
                km = whole(here),
                lon = degrees(best.0),
                lat = degrees(best.1),
                there = whole(there)
            );
            report.push(warning(places, at, "lon", "", what));
        }
    }
}

/// To about ten metres.
fn degrees(angle: f64) -> f64 {
    (angle * 1e4).round() / 1e4
}

fn whole(km: f64) -> u64 {
    km.round() as u64
}

/// Weights that do not count, and one that decides everything.
fn weights(places: &Places, report: &mut Report) {
    if !places.complete {
        return;
    }
    let carriers = sure_that(places, |place| place.carries_weight);
    let Some((first, _)) = carriers.first() else {
        return;
    };
    let total: f64 = carriers.iter().map(|(_, place)| place.weight).sum();
    let most = carriers
        .iter()
        .max_by(|a, b| a.1.weight.total_cmp(&b.1.weight));
    let inland = places.list.par_iter().filter(|place| is_inland(place));
    let inland = inland.count();
    let ids: Vec<&str> = carriers
        .iter()
        .map(|(_, place)| place.id.as_str())
        .collect();
    let (n, weighed) = (carriers.len(), places.weighed);
    if n < inland && weighed > n as u64 {
        let list = some_of(&ids, 5);
        let what = text!("weights-few", n, inland, list, weighed);
        report.push(warning(places, *first, "weight", "", what));
    } else if let Some((at, place)) = most
        && inland > 3
        && place.weight > MOST_WEIGHT * total
    {
        let share = format!("{:.1} %", 100.0 * place.weight / total);
        let what = text!("weight-takes-all", id = place.id, share, inland);
        report.push(warning(places, *at, "weight", "", what));
    }
}
