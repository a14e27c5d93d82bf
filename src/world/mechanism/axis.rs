//! Axis 轴/带: W⁰_ij,d · b_axis while i and j are on one axis, and express links, w_axis · Σ_l a_dl·c_l between the zones
//! of a formed axis. When it is formed: `model::axis`.

use crate::scenario::Scenario;
use crate::scenario::spec::LineSpec;
use crate::world::{PlaceId, Zone, ZoneId};

use crate::texts::words;

use super::{Channel, Corridor, Kind, Mechanism, Terms, Tie, always};

/// The bonus on an axis, and its express links.
pub const MECHANISM: Mechanism = Mechanism {
    name: "axis",
    each: None,
    about: "axis (with express)",
    there: always,
    kind: Kind::Tie(Tie::Axis, |line| line.axis_bonus),
    label: words("Axis bonus and express", "轴（加成与直达）"),
    way: words("the axis", "轴"),
    cause: words("", ""),
};

/// w_axis · 1\[the axis is formed\].
pub fn express(line: &LineSpec, formed: bool) -> f64 {
    if formed { line.express } else { 0.0 }
}

/// The corridors, and express links between all zones of each.
pub fn join(
    scenario: &Scenario,
    canonical: &[PlaceId],
    zones: &[Zone],
    terms: &mut Terms,
) -> Vec<Corridor> {
    let mut corridors = Vec::new();
    for (c, corridor) in scenario.corridors.iter().enumerate() {
        let number = |place: &u32| {
            let place = canonical[*place as usize];
            let at = zones.binary_search_by_key(&place, |zone| zone.place);
            at.map(ZoneId::new).ok()
        };
        let segments = corridor.segments.iter().map(|segment| {
            let inside = segment.places.iter().filter_map(number);
            let mut inside: Vec<ZoneId> = inside.collect();
            inside.sort_unstable();
            inside.dedup();
            inside
        });
        let segments: Vec<Vec<ZoneId>> = segments.collect();
        if scenario.line.express > 0.0 && scenario.line.structures {
            let channel = Channel::Express { corridor: c as u32 };
            let channel = terms.channel(scenario, channel, &corridor.layers);
            let all = segments.iter().flatten();
            let all: Vec<PlaceId> = all.map(|&z| zones[z].place).collect();
            for &i in &all {
                let others = all.iter().filter(|j| **j != i);
                terms.links.extend(others.map(|&j| (i, j, channel)));
            }
        }
        corridors.push(Corridor {
            id: corridor.id.clone(),
            segments,
        });
    }
    corridors
}
