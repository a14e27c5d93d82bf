//! What is allowed of alliances and perhaps not meant: two that join the same members at the same time, one that
//! acts before it has anybody to speak.

use std::collections::{BTreeMap, BTreeSet};

use super::Month;
use super::members::Known;
use super::problem::{Report, some_of};
use super::spec::{DomainSpec, ScenarioSpec};
use super::tables::{Alliance, Kind, Member};
use super::tree::Origin;
use crate::texts::text;

/// Most pairs of alliances that are looked at.
const PAIRS: usize = 100_000;

/// Tells it of the active alliances, which stand in id order.
pub fn doubts(
    alliances: &[(&Alliance, &Origin)],
    spec: &ScenarioSpec,
    run: (Month, Month),
    of: Known<'_>,
    report: &mut Report,
) {
    let acts = |alliance: &Alliance| acts(alliance, run);
    let pairs = (0..alliances.len()).flat_map(|a| (0..a).map(move |b| (b, a)));
    for (one, other) in pairs.take(PAIRS) {
        let (one, other) = (alliances[one], alliances[other]);
        let (a, b) = (acts(one.0), acts(other.0));
        let (from, to) = (a.0.max(b.0), a.1.min(b.1));
        let shared: Vec<&str> = one
            .0
            .members
            .iter()
            .filter(|member| other.0.members.iter().any(|m| m.who == member.who))
            .map(|member| member.who.name())
            .collect();
        if from > to || shared.len() < 2 {
            continue;
        }
        // The later one is told.
        let (told, first) = match b.0 >= a.0 {
            true => (other, one),
            false => (one, other),
        };
        let what = text!(
            "alliances-overlap",
            id = told.0.id,
            other = first.0.id,
            n = shared.len(),
            list = some_of(&shared, 10),
            from,
            to
        );
        report.push(told.1.warning(what));
    }
    outweigh(alliances, spec, run, of, report);
    for (alliance, origin) in alliances {
        let (first, last) = acts(alliance);
        let members = alliance.members.iter();
        let mut speak: Vec<Month> = members
            .filter_map(|member| speaks_from(member, run.0, of))
            .collect();
        speak.sort_unstable();
        if let (Some(from), Some(second)) = (alliance.from, speak.get(1))
            && *second > first
            && *second <= last
        {
            let months = second.since(first) as u32;
            let what = text!("alliance-early", id = alliance.id, from, second, months);
            report.push(origin.warning(what));
        }
    }
}

/// The first and the last month of the run in which an alliance acts; none where the first comes after the last.
fn acts(alliance: &Alliance, (start, end): (Month, Month)) -> (Month, Month) {
    let first = alliance.from.unwrap_or(start).max(start);
    (first, alliance.to.unwrap_or(end).min(end))
}

/// Tells when alliances add more to what a member hears than all its other links: W is row-standardised, so these
/// weigh 1. An alliance of n members that can speak adds ω (n − 1)^(1 − ζ) Σ_l a_dl c_l to domain d.
fn outweigh(
    alliances: &[(&Alliance, &Origin)],
    spec: &ScenarioSpec,
    run: (Month, Month),
    of: Known<'_>,
    report: &mut Report,
) {
    let acts = |alliance: &Alliance| acts(alliance, run);
    let speak: Vec<Vec<Option<Month>>> = alliances
        .iter()
        .map(|(alliance, _)| {
            let members = alliance.members.iter();
            let of = |member| speaks_from(member, run.0, of);
            members.map(of).collect()
        })
        .collect();
    let begin = alliances.iter().map(|(alliance, _)| acts(alliance).0);
    let months: BTreeSet<Month> = begin
        .chain(
            speak
                .iter()
                .flatten()
                .flatten()
                .map(|month| *month.max(&run.0)),
        )
        .filter(|month| *month <= run.1)
        .collect();
    let mut most: Option<(f64, &Member, Month, usize, &Origin)> = None;
    let mut told: BTreeSet<&Member> = BTreeSet::new();
    for month in months {
        // By member: what is added to each domain, and the alliance that adds most.
        let mut added: BTreeMap<&Member, (Vec<f64>, f64, &Origin)> = BTreeMap::new();
        for ((alliance, origin), speak) in alliances.iter().zip(&speak) {
            let (first, last) = acts(alliance);
            let those = alliance.members.iter().zip(speak);
            let those = those.filter(|(_, from)| from.is_some_and(|from| from <= month));
            let those: Vec<&Member> = those.map(|(member, _)| member).collect();
            if month < first || month > last || those.len() < 2 {
                continue;
            }
            let n = (those.len() - 1) as f64;
            let strength = alliance.strength * spec.alliances.strength_factor;
            let sum = strength * libm::pow(n, 1.0 - alliance.size_exponent);
            let of = |domain: &DomainSpec| -> f64 {
                let layers = spec.layers.iter().zip(&alliance.layers);
                let share = |id: &str| domain.affinity.get(id).copied().unwrap_or(0.0);
                sum * layers.map(|(layer, c)| share(&layer.id) * c).sum::<f64>()
            };
            let values: Vec<f64> = spec.domains.iter().map(of).collect();
            let largest = values.iter().copied().fold(0.0, f64::max);
            for member in those {
                let entry = added.entry(member);
                let (all, before, who) =
                    entry.or_insert_with(|| (vec![0.0; values.len()], 0.0, origin));
                all.iter_mut()
                    .zip(&values)
                    .for_each(|(sum, value)| *sum += value);
                if largest > *before {
                    (*before, *who) = (largest, origin);
                }
            }
        }
        for (member, (all, _, origin)) in added {
            for (domain, sum) in all.into_iter().enumerate().filter(|(_, sum)| *sum > 1.0) {
                told.insert(member);
                if most.is_none_or(|(before, ..)| sum > before) {
                    most = Some((sum, member, month, domain, origin));
                }
            }
        }
    }
    if let Some((sum, member, month, domain, origin)) = most {
        let what = text!(
            "alliances-outweigh",
            n = told.len(),
            sum = format!("{sum:.2}"),
            member = member.who.name(),
            domain = spec.domains[domain].id,
            month
        );
        report.push(origin.warning(what));
    }
}

/// The first month in which somebody can speak for a member; none where that is never, or not known.
fn speaks_from(member: &Member, start: Month, of: Known<'_>) -> Option<Month> {
    let those = of.those(&member.who)?;
    let those = those.iter().filter_map(|at| {
        let place = of.places.list.get(*at as usize)?;
        let open = match place.kind {
            Kind::Zone => place.open,
            _ => Some(start),
        };
        let joins = member.from.unwrap_or(start);
        open.filter(|_| member.who.speaks(place))
            .map(|open| open.max(joins))
    });
    those.min()
}
