//! What of a scenario the likelihood does not have, what cannot be asked together, and what of the data cannot be or is
//! perhaps not meant.

use crate::scenario::problem::{Report, some_of};
use crate::scenario::tables::Kind as Place;
use crate::scenario::{Loaded, Problem};
use crate::texts::text;
use crate::world::{PlaceId, World};

use super::found::Asked;
use super::gather::{By, Gathered, Setting};
use super::likelihood::groups::Mix;
use super::sandwich::Cluster;
use super::terms::{by_layer, transit};

/// How many names a message lists.
pub const NAMED: usize = 10;

/// Reports what of a scenario the likelihood does not have.
pub fn unfit(loaded: &Loaded, report: &mut Report) {
    let scenario = &loaded.scenario;
    if scenario.history.is_none() {
        report.push(loaded.error("history", text!("no-history")));
    }
    let mut not_yet = |wrong: bool, key: &str, what| {
        if wrong {
            report.push(loaded.error(key, what));
        }
    };
    not_yet(scenario.firms.is_some(), "firms", text!("estimate-firms"));
    let several = by_layer(scenario) && scenario.layers.len() > 1;
    let products = scenario.line.structures || !scenario.alliances.is_empty() || transit(scenario);
    not_yet(
        several && products,
        "layers",
        text!("estimate-several-layers"),
    );
    // Flows come from all adoptions, and those of innovations that zones make are no data.
    let makes = |place: &crate::scenario::tables::Place| place.tasks > 0;
    let makes = scenario.places.iter().any(makes) || !scenario.mandates.is_empty();
    not_yet(
        scenario.line.structures && makes,
        "line.structures",
        text!("estimate-arrivals"),
    );
    let history = scenario.history.iter().flat_map(|history| &history.items);
    let candidate = |place: u32| {
        let place = &scenario.places[place as usize];
        (place.kind == Place::Zone && place.open.is_none()).then_some(place.id.as_str())
    };
    let named = history.flat_map(|item| item.adoptions.iter().map(|a| a.place).chain(item.origin));
    let mut candidates: Vec<&str> = named.filter_map(candidate).collect();
    candidates.sort_unstable();
    candidates.dedup();
    let list = some_of(&candidates, NAMED);
    not_yet(
        !candidates.is_empty(),
        "history",
        text!("estimate-candidates", list),
    );
}

/// What rows are grouped by under a cluster; none where it is none, or both.
pub fn by(cluster: Cluster) -> Option<By> {
    match cluster {
        Cluster::Item => Some(By::Item),
        Cluster::Place => Some(By::Place),
        Cluster::None | Cluster::Both => None,
    }
}

/// Reports what cannot be asked together.
pub fn together(asked: &Asked, items: usize, report: &mut Report) {
    let mut wrong = |wrong: bool, option: &str, what| {
        if wrong {
            report.push(Problem::error(option, what));
        }
    };
    let option = match asked.groups {
        Some((_, Mix::Gamma)) => "--frailty",
        _ => "--effects",
    };
    let of_places = asked.groups == Some((By::Place, Mix::Fixed));
    wrong(of_places && items < 2, option, text!("groups-one-item"));
    let of_items = asked.groups == Some((By::Item, Mix::Gamma));
    wrong(of_items && items < 2, option, text!("frailty-one-item"));
    let extras =
        asked.residuals || asked.curves || asked.permutations > 0 || asked.hold_out.is_some();
    wrong(
        asked.groups.is_some() && extras,
        option,
        text!("groups-alone"),
    );
    wrong(
        asked.simulate > 0 && (asked.groups.is_some() || asked.cluster != Cluster::None),
        "--simulate",
        text!("simulate-alone"),
    );
    let same = |of: By| by(asked.cluster) == Some(of);
    let clustered = asked.cluster != Cluster::None;
    // The rates are those of the reference, of which there is one cluster, and none where it is not drawn again.
    let effects = asked.groups.is_some_and(|(_, mix)| mix == Mix::Fixed);
    wrong(
        clustered && effects,
        "--cluster --effects",
        text!("cluster-beside-effects"),
    );
    wrong(
        clustered && !effects && asked.groups.is_some_and(|(of, _)| !same(of)),
        "--cluster",
        text!("cluster-of-groups"),
    );
    wrong(
        asked.mcmc && (clustered || asked.groups.is_some()),
        "--mcmc",
        text!("mcmc-alone"),
    );
    wrong(
        asked.bootstrap > 0 && !clustered,
        "--bootstrap",
        text!("bootstrap-clusters"),
    );
}

/// Reports what cannot be asked of a history over links that change.
pub fn changing(setting: &Setting<'_>, asked: &Asked, report: &mut Report) {
    if asked.permutations > 0 && !setting.is_plain() {
        report.push(Problem::error(
            "--permutations",
            text!("permutations-plain"),
        ));
    }
}

/// Reports what of the data cannot be, and what is perhaps not meant.
pub fn doubts(
    loaded: &Loaded,
    world: &World,
    (setting, gathered): (&Setting<'_>, &Gathered),
    report: &mut Report,
) {
    let items = loaded
        .scenario
        .history
        .iter()
        .flat_map(|history| &history.items);
    let items: Vec<&str> = items.map(|item| item.id.as_str()).collect();
    let (n, first) = &gathered.impossible;
    if *n > 0 {
        let named = |&(item, place, period): &(usize, usize, i32)| {
            let place = &world.places.id[PlaceId::new(place)];
            format!("{} {place} {period}", items[item])
        };
        let list = first.iter().map(named).collect::<Vec<_>>().join(", ");
        report.push(loaded.error("history", text!("impossible-adoptions", n = *n, list)));
    } else if gathered.adoptions == 0 {
        let rows = gathered.rows;
        report.push(loaded.error("history", text!("no-adoption-at-risk", rows)));
    }
    let closed = setting.items.iter().zip(&items).flat_map(|(item, id)| {
        let named = move |(place, period): (usize, i32)| {
            format!("{id} {} {period}", world.places.id[PlaceId::new(place)])
        };
        setting.closed(item).map(named)
    });
    let closed: Vec<String> = closed.collect();
    if !closed.is_empty() {
        let closed: Vec<&str> = closed.iter().map(String::as_str).collect();
        let (n, list) = (closed.len(), some_of(&closed, NAMED));
        report.push(loaded.error("history", text!("estimate-closed", n, list)));
    }
    let doubt = |report: &mut Report, n: u64, what| {
        if n > 0 {
            report.push(loaded.warning("history", what));
        }
    };
    let idle: Vec<&str> = gathered.idle.iter().map(|item| items[*item]).collect();
    let n = idle.len();
    doubt(
        report,
        n as u64,
        text!("items-idle", n, list = some_of(&idle, NAMED)),
    );
    let file = loaded
        .scenario
        .history
        .as_ref()
        .map(|history| &history.file);
    let file = file.map_or("history", String::as_str);
    for (n, what) in [
        (
            gathered.too_early,
            text!("adoptions-too-early", n = gathered.too_early),
        ),
        (
            gathered.too_late,
            text!("adoptions-too-late", n = gathered.too_late),
        ),
    ] {
        if n > 0 {
            report.push(Problem::warning(file, what));
        }
    }
    let n = gathered.without_covariate;
    doubt(report, n, text!("rows-without-covariate", n));
}
