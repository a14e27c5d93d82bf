//! What is added to places over time: links of gateways, later tasks, and the observed batches.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Month;
use super::cells::{Range, Row};
use super::files::TextFile;
use super::place::MOST_TASKS;
use super::places::{Found, Groups, Places};
use super::problem::{Problem, Report, some_of};
use super::sheet::{self, Contract};
use super::tables::{GatewayLink, GatewayRole, Kind, Mandate, word};
use crate::texts::text;

const SHARE: Range = Range::new(0.0, 1.0, "share");

/// Reads the links of gateways. A group stands for all its zones that open (all, if none does); a source's share is
/// divided over those of them that are there when it comes into force ([`there`]), in proportion to their tasks
/// (evenly when they have none).
pub fn read_links(
    file: &mut TextFile,
    places: &Places,
    groups: &Groups,
    report: &mut Report,
) -> Vec<GatewayLink> {
    let contract = Contract {
        required: &["gateway", "role", "place"],
        optional: &["share"],
        ..Contract::default()
    };
    let roles = [
        ("serves", GatewayRole::Serves),
        ("entry", GatewayRole::Entry),
        ("source", GatewayRole::Source),
    ];
    let mut links: Vec<GatewayLink> = Vec::new();
    let mut seen: BTreeMap<(u32, u8, u32), u64> = BTreeMap::new();
    let shown = file.shown.clone();
    let before = report.errors();
    sheet::read(file, &contract, report, |row, report| {
        let mut filled = true;
        for column in contract.required {
            filled &= row.needs(column, report);
        }
        let role = row.choice("role", &roles, report);
        let share = row.number("share", SHARE, report);
        let gateway = gateway(row, places, role, report);
        let targets = match role {
            Some(role) if filled => {
                let source = gateway.filter(|_| role == GatewayRole::Source);
                let when = source.and_then(|at| places.list.get(at as usize)?.open);
                targets(row, places, groups, role, when, report)
            }
            _ => Vec::new(),
        };
        match role {
            Some(GatewayRole::Source) => {
                row.needs("share", report);
            }
            Some(_) if share.is_some() => {
                report.push(
                    row.error("share", text!("only-source-share"))
                        .allowed("empty"),
                );
            }
            _ => {}
        }
        let (Some(gateway), Some(role)) = (gateway, role) else {
            return;
        };
        let weights = weights(places, &targets);
        let all: f64 = weights.iter().copied().map(f64::from).sum();
        for (place, weight) in targets.into_iter().zip(weights) {
            if let Some(line) = seen.insert((gateway, role as u8, place), row.line) {
                let what = text!("link-given", place = places.ids.name(place), line);
                report.push(row.error("place", what));
                continue;
            }
            let share = match role {
                GatewayRole::Source => share.unwrap_or(0.0) * (f64::from(weight) / all),
                GatewayRole::Serves | GatewayRole::Entry => 1.0,
            };
            links.push(GatewayLink {
                gateway,
                role,
                place,
                share,
            });
        }
    });
    if report.errors() == before && places.complete {
        check_shares(&links, places, &shown, report);
    }
    links
}

fn gateway(
    row: &Row<'_>,
    places: &Places,
    role: Option<GatewayRole>,
    report: &mut Report,
) -> Option<u32> {
    let id = row.text("gateway");
    if id.is_empty() {
        return None;
    }
    let wanted = match role? {
        GatewayRole::Source => Kind::SourceGateway,
        GatewayRole::Serves | GatewayRole::Entry => Kind::TransitGateway,
    };
    let found = match places.find(id) {
        Found::Sure(at) => Some(at),
        Found::Unsure(_) => return None,
        Found::Unknown => None,
    };
    let Some(place) = found.and_then(|at| places.list.get(at as usize)) else {
        let gateways = places.list.iter().filter(|place| place.kind == wanted);
        let nearest = report.near(id, gateways.map(|place| place.id.as_str()));
        report.push(row.error("gateway", text!("no-place")).nearest(nearest));
        return None;
    };
    if place.kind != wanted {
        let what = text!(
            "role-needs",
            role = row.text("role"),
            wanted = word(wanted),
            id,
            kind = word(place.kind)
        );
        report.push(row.error("gateway", what));
        return None;
    }
    found
}

fn targets(
    row: &Row<'_>,
    places: &Places,
    groups: &Groups,
    role: GatewayRole,
    when: Option<Month>,
    report: &mut Report,
) -> Vec<u32> {
    if role == GatewayRole::Entry {
        let id = row.text("place");
        let place = match places.find(id) {
            Found::Sure(at) => Some(at),
            Found::Unsure(_) => return Vec::new(),
            Found::Unknown => None,
        };
        return match place.and_then(|at| Some((at, places.list.get(at as usize)?.kind))) {
            Some((at, Kind::Region)) => vec![at],
            Some((_, kind)) => {
                let what = text!("entry-region", id, kind = word(kind));
                report.push(row.error("place", what));
                Vec::new()
            }
            None => {
                let regions = places.list.iter().filter(|p| p.kind == Kind::Region);
                let nearest = report.near(id, regions.map(|place| place.id.as_str()));
                report.push(row.error("place", text!("no-place")).nearest(nearest));
                Vec::new()
            }
        };
    }
    zones(row, places, groups, when, report)
}

/// Of the zones of a group, those over which something is divided in a month: that are open then; if none is, those
/// of the others that open first. So a zone that a layout opens later, or closed before, changes nothing of it. Without
/// a month: those that open. If none does, all.
fn there(places: &Places, zones: &[u32], when: Option<Month>) -> Vec<u32> {
    let dates = |at: &u32| {
        let place = places.list.get(*at as usize);
        place.map_or((None, None), |place| (place.open, place.close))
    };
    let those = |wanted: &dyn Fn(Month, Option<Month>) -> bool| -> Vec<u32> {
        let zones = zones.iter().copied();
        let wanted = |at: &u32| matches!(dates(at), (Some(open), close) if wanted(open, close));
        zones.filter(wanted).collect()
    };
    let opening = those(&|_, _| true);
    let Some(when) = when.filter(|_| !opening.is_empty()) else {
        return if opening.is_empty() {
            zones.to_vec()
        } else {
            opening
        };
    };
    let open = those(&|open, close| open <= when && close.is_none_or(|close| when <= close));
    if !open.is_empty() {
        return open;
    }
    let later = opening.iter().filter_map(|at| dates(at).0);
    match later.filter(|open| *open > when).min() {
        Some(first) => those(&|open, _| open == first),
        None => opening,
    }
}

/// The zone that the column `place` names, or those zones of the group that are there in a month.
fn zones(
    row: &Row<'_>,
    places: &Places,
    groups: &Groups,
    when: Option<Month>,
    report: &mut Report,
) -> Vec<u32> {
    let id = row.text("place");
    let kind = |at: u32| places.list.get(at as usize).map(|place| place.kind);
    // A group may have the id of one of its zones; then the group is meant.
    if let Some(zones) = groups.zones.get(id) {
        return there(places, zones, when);
    }
    let found = match places.find(id) {
        Found::Sure(at) => Some(at),
        Found::Unsure(_) => return Vec::new(),
        Found::Unknown if groups.may_have(id) => return Vec::new(),
        Found::Unknown => None,
    };
    match found.and_then(|at| Some((at, kind(at)?))) {
        Some((at, Kind::Zone)) => vec![at],
        Some((_, kind)) => {
            let what = text!("must-be-zone", id, kind = word(kind));
            report.push(row.error("place", what));
            Vec::new()
        }
        None => {
            let zones = places.list.iter().filter(|p| p.kind == Kind::Zone);
            let zones = zones.map(|place| place.id.as_str());
            let nearest = report.near(id, zones.chain(groups.zones.keys().map(String::as_str)));
            let what = text!("no-zone-or-group");
            report.push(row.error("place", what).nearest(nearest));
            Vec::new()
        }
    }
}

/// In proportion to what a whole is divided over zones: their tasks, evenly when they have none.
fn weights(places: &Places, zones: &[u32]) -> Vec<u32> {
    let tasks = |at: &u32| places.list.get(*at as usize).map_or(0, |place| place.tasks);
    let tasks: Vec<u32> = zones.iter().map(tasks).collect();
    if tasks.iter().any(|tasks| *tasks > 0) {
        tasks
    } else {
        vec![1; zones.len()]
    }
}

fn check_shares(links: &[GatewayLink], places: &Places, shown: &str, report: &mut Report) {
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    let linked: BTreeSet<u32> = links.iter().map(|link| link.gateway).collect();
    for link in links.iter().filter(|link| link.role == GatewayRole::Source) {
        *sums.entry(link.gateway).or_default() += link.share;
    }
    for (gateway, sum) in sums {
        if sum > 1.0 + 1e-9 {
            let what = text!("provisions-twice", gateway = places.ids.name(gateway), sum);
            report.push(Problem::warning(shown, what));
        }
    }
    let unlinked: Vec<&str> = (0_u32..)
        .zip(&places.list)
        .filter(|(_, place)| matches!(place.kind, Kind::SourceGateway | Kind::TransitGateway))
        .filter(|(at, _)| !linked.contains(at))
        .map(|(_, place)| place.id.as_str())
        .collect();
    if !unlinked.is_empty() {
        let what = text!("gateways-no-link", list = some_of(&unlinked, 20));
        report.push(Problem::warning(shown, what));
    }
}

/// Reads the tasks added later. Tasks of a group are divided over those of its zones that are there in the month
/// ([`there`]), in proportion to their own tasks, by largest remainders.
pub fn read_mandates(
    file: &mut TextFile,
    (start, end): (Month, Month),
    places: &Places,
    groups: &Groups,
    report: &mut Report,
) -> Vec<Mandate> {
    let contract = Contract {
        required: &["place", "month", "tasks"],
        ..Contract::default()
    };
    let mut mandates = Vec::new();
    let mut seen: BTreeMap<(String, Month), u64> = BTreeMap::new();
    sheet::read(file, &contract, report, |row, report| {
        let mut filled = true;
        for column in contract.required {
            filled &= row.needs(column, report);
        }
        let month = row.month("month", report);
        let tasks = row.whole("tasks", 1, MOST_TASKS, report);
        let mut zones = if row.text("place").is_empty() {
            Vec::new()
        } else {
            zones(row, places, groups, month, report)
        };
        let (Some(month), Some(tasks), true) = (month, tasks, filled) else {
            return;
        };
        if let Some(line) = seen.insert((row.text("place").to_owned(), month), row.line) {
            let what = text!("tasks-given", line);
            report.push(row.error("place", what));
        }
        if month < start || month > end {
            let what = text!("outside-run", start, end);
            report.push(row.warning("month", what));
        }
        let id = |zone: &u32| places.list.get(*zone as usize).map(|place| &place.id);
        zones.sort_by_key(id);
        for (zone, tasks) in zones.iter().zip(divide(tasks, &weights(places, &zones))) {
            let place = places.list.get(*zone as usize);
            let never = place.is_some_and(|place| place.open.is_none());
            if never && !places.is_doubtful(*zone) {
                let what = text!("candidate-never-opens", zone = places.ids.name(*zone));
                report.push(row.warning("place", what));
            }
            if let Some(close) = place.and_then(|place| place.close)
                && close < month
            {
                let what = text!("closed-by-then", zone = places.ids.name(*zone), close);
                report.push(row.warning("place", what));
            }
            if tasks > 0 {
                mandates.push(Mandate {
                    zone: *zone,
                    month,
                    tasks,
                });
            }
        }
    });
    mandates
}

/// Divides a number in proportion to weights, not all 0, by largest remainders, of equals the first; the parts add up to it.
fn divide(number: u32, weights: &[u32]) -> Vec<u32> {
    let all = weights.iter().copied().map(u64::from).sum::<u64>().max(1);
    let exact = |weight: &u32| u64::from(number) * u64::from(*weight);
    #[expect(clippy::cast_possible_truncation, reason = "at most the number itself")]
    let mut whole: Vec<u32> = weights
        .iter()
        .map(|weight| (exact(weight) / all) as u32)
        .collect();
    let mut order: Vec<(Reverse<u64>, usize)> = weights
        .iter()
        .map(|weight| Reverse(exact(weight) % all))
        .zip(0..)
        .collect();
    order.sort_unstable();
    let left = number.saturating_sub(whole.iter().sum());
    for (_, at) in order.into_iter().take(left as usize) {
        if let Some(part) = whole.get_mut(at) {
            *part += 1;
        }
    }
    whole
}

/// Reads the observed batches.
pub fn read_observed(file: &mut TextFile, report: &mut Report) -> Vec<(Month, u32)> {
    let contract = Contract {
        required: &["month", "items"],
        ..Contract::default()
    };
    let mut observed: Vec<(Month, u32)> = Vec::new();
    sheet::read(file, &contract, report, |row, report| {
        let filled = row.needs("month", report) & row.needs("items", report);
        let month = row.month("month", report);
        let items = row.whole("items", 0, 1_000_000_000, report);
        let (Some(month), Some(items), true) = (month, items, filled) else {
            return;
        };
        if let Some((before, _)) = observed.last()
            && *before >= month
        {
            let what = text!("month-not-after", before);
            report.push(row.error("month", what));
        }
        observed.push((month, items));
    });
    observed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divided_tasks_add_up() {
        assert_eq!(divide(10, &[2, 1, 1]), [5, 3, 2]);
        assert_eq!(divide(1, &[2, 3]), [0, 1]);
        assert_eq!(divide(7, &[1; 3]), [3, 2, 2]);
        assert_eq!(divide(3, &[]), [0; 0]);
        // 5 · 3/10 and 5 · 7/10 both end in a half.
        assert_eq!(divide(5, &[3, 7]), [2, 3]);
        assert_eq!(divide(5, &[7, 3]), [4, 1]);
        assert_eq!(divide(1_000_000, &[1_000_000, 0]), [1_000_000, 0]);
    }
}
