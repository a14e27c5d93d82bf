//! Transit: from its opening month a transit port links the zones it serves with its entry regions on the hub layer, both
//! ways: κ · a_d,hub (内贸货物跨境运输).

use crate::scenario::Scenario;
use crate::scenario::tables::{GatewayRole, Kind as PlaceKind};
use crate::world::{Calendar, NEVER, PlaceId};

use crate::texts::words;

use super::{Channel, Kind, Mechanism, Terms, always};

/// Transit through all ports.
pub const MECHANISM: Mechanism = Mechanism {
    name: "transit",
    each: None,
    about: "transit",
    there: always,
    kind: Kind::Links,
    label: words("Transit ports", "中转口岸"),
    way: words("the transit", "中转口岸"),
    cause: words("", ""),
};

/// κ · 1\[the port is open\].
pub fn value(strength: f64, open: bool) -> f64 {
    if open { strength } else { 0.0 }
}

/// The links between the zones that ports serve and their entries.
pub fn join(scenario: &Scenario, calendar: &Calendar, canonical: &[PlaceId], terms: &mut Terms) {
    let hub = |id: &String| scenario.gateways.transit_layer.as_ref() == Some(id);
    let layers = scenario.layers.iter();
    let layers: Vec<f64> = layers.map(|l| f64::from(u8::from(hub(&l.id)))).collect();
    for (g, gateway) in scenario.places.iter().enumerate() {
        let Some(open) = gateway.open else { continue };
        let open = calendar.number(open);
        if gateway.kind != PlaceKind::TransitGateway || open == NEVER {
            continue;
        }
        let of = |role: GatewayRole| -> Vec<PlaceId> {
            let links = scenario.gateway_links.iter();
            let links = links.filter(|link| link.gateway as usize == g && link.role == role);
            links.map(|link| canonical[link.place as usize]).collect()
        };
        let (served, entries) = (of(GatewayRole::Serves), of(GatewayRole::Entry));
        let channel = terms.channel(scenario, Channel::Transit { open }, &layers);
        for &zone in &served {
            for &entry in &entries {
                terms.links.push((zone, entry, channel));
                terms.links.push((entry, zone, channel));
            }
        }
    }
}
