//! What links carry beside the base layers: alliances, express links and transit (model §3, Line).
//!
//! Every such term of a link is `value of its channel now × affinity of the channel to the domain`.
//! The channels are fixed; their values change as alliances start and end, zones open, axes form.

use crate::scenario::Scenario;
use crate::scenario::tables::{GatewayRole, Kind, Member, Tier};

use super::ground::group_of;
use super::{Calendar, NEVER, Places, Zone};

/// What a channel is.
#[derive(Clone, Debug, PartialEq)]
pub enum Channel {
    /// What the delegates of one member group say within an alliance.
    Alliance {
        /// Number of the alliance.
        alliance: u32,
        /// Number of the group whose delegates are heard.
        group: u32,
    },
    /// Express links along corridor `corridor`.
    Express {
        /// Number of the corridor.
        corridor: u32,
    },
    /// Transit through a gateway from month `open` on.
    Transit {
        /// First month.
        open: u16,
    },
}

/// An alliance as the model sees it.
#[derive(Clone, Debug)]
pub struct Alliance {
    /// Stable id.
    pub id: String,
    /// First month.
    pub from: u16,
    /// Last month, included.
    pub to: u16,
    /// ω.
    pub strength: f64,
    /// ζ.
    pub size_exponent: f64,
    /// Delegates of each group: places that open during the run, ascending.
    pub groups: Vec<Vec<u32>>,
}

impl Alliance {
    /// ω · (n_A − 1)^(−ζ) / (delegates of j's group), with `groups` = n_A of at least two.
    pub fn value(&self, groups: usize, delegates: usize) -> f64 {
        self.strength * libm::pow((groups - 1) as f64, -self.size_exponent) / delegates as f64
    }
}

/// A corridor as the model sees it.
#[derive(Clone, Debug)]
pub struct Corridor {
    /// Stable id.
    pub id: String,
    /// Zones (numbers in [`super::World::zones`]) of each segment.
    pub segments: Vec<Vec<u32>>,
}

/// All channels, their affinities, and the links that use them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Terms {
    /// The channels.
    pub channels: Vec<Channel>,
    /// Σ_l a_dl·c_l of each channel, `[channel][domain]`.
    pub affinity: Vec<Vec<f64>>,
    /// (listener, source, channel), ascending.
    pub links: Vec<(u32, u32, u32)>,
}

impl Terms {
    fn channel(&mut self, channel: Channel, affinity: Vec<f64>) -> u32 {
        self.channels.push(channel);
        self.affinity.push(affinity);
        (self.channels.len() - 1) as u32
    }
}

/// Alliances and corridors, with the terms that they and the transit gateways add to links.
pub fn terms(
    scenario: &Scenario,
    calendar: &Calendar,
    places: &Places,
    zones: &[Zone],
) -> (Vec<Alliance>, Vec<Corridor>, Terms) {
    let mut terms = Terms::default();
    let carried = |layers: &[f64]| -> Vec<f64> {
        scenario
            .domains
            .iter()
            .map(|domain| {
                scenario
                    .layers
                    .iter()
                    .zip(layers)
                    .map(|(layer, c)| domain.affinity.get(&layer.id).copied().unwrap_or(0.0) * c)
                    .sum()
            })
            .collect()
    };
    let alliances: Vec<Alliance> = scenario
        .alliances
        .iter()
        .enumerate()
        .map(|(a, alliance)| {
            let groups: Vec<Vec<u32>> = alliance
                .members
                .iter()
                .map(|m| delegates(scenario, places, m))
                .collect();
            for (g, heard) in groups.iter().enumerate() {
                let channel = terms.channel(
                    Channel::Alliance {
                        alliance: a as u32,
                        group: g as u32,
                    },
                    carried(&alliance.layers),
                );
                for (_, hearing) in groups.iter().enumerate().filter(|(h, _)| *h != g) {
                    for &i in hearing {
                        terms
                            .links
                            .extend(heard.iter().filter(|j| **j != i).map(|&j| (i, j, channel)));
                    }
                }
            }
            Alliance {
                id: alliance.id.clone(),
                from: alliance.from.map_or(0, |m| calendar.number(m)),
                to: alliance.to.map_or(NEVER, |m| {
                    if m.since(calendar.start) < 0 {
                        0
                    } else {
                        calendar.number(m)
                    }
                }),
                strength: if alliance.to.is_some_and(|m| m.since(calendar.start) < 0) {
                    0.0
                } else {
                    alliance.strength * scenario.alliance_strength_factor
                },
                size_exponent: alliance.size_exponent,
                groups,
            }
        })
        .collect();
    let canonical = places.canonical();
    let corridors = scenario
        .corridors
        .iter()
        .enumerate()
        .map(|(c, corridor)| {
            let segments: Vec<Vec<u32>> = corridor
                .segments
                .iter()
                .map(|segment| {
                    let mut inside: Vec<u32> = segment
                        .places
                        .iter()
                        .filter_map(|&p| {
                            let place = canonical[p as usize];
                            zones
                                .binary_search_by_key(&place, |z| z.place)
                                .ok()
                                .map(|z| z as u32)
                        })
                        .collect();
                    inside.sort_unstable();
                    inside.dedup();
                    inside
                })
                .collect();
            if scenario.line.express > 0.0 && scenario.line.structures {
                let channel = terms.channel(
                    Channel::Express { corridor: c as u32 },
                    carried(&corridor.layers),
                );
                let all: Vec<u32> = segments
                    .iter()
                    .flatten()
                    .map(|&z| zones[z as usize].place)
                    .collect();
                for &i in &all {
                    terms
                        .links
                        .extend(all.iter().filter(|j| **j != i).map(|&j| (i, j, channel)));
                }
            }
            Corridor {
                id: corridor.id.clone(),
                segments,
            }
        })
        .collect();
    transit(scenario, calendar, &canonical, &mut terms, &carried);
    terms.links.sort_unstable();
    terms.links.dedup();
    (alliances, corridors, terms)
}

/// The places that speak for a member: its zones that open, or a province's linkage regions.
fn delegates(scenario: &Scenario, places: &Places, member: &Member) -> Vec<u32> {
    (0..places.len())
        .filter(|&i| {
            let row = &scenario.places[places.input[i] as usize];
            places.open[i] != NEVER
                && match member {
                    Member::Group(group) => row.kind == Kind::Zone && group_of(row) == group,
                    Member::Province(province) => {
                        row.kind == Kind::Region
                            && row.tier == Tier::Linkage
                            && row.province == *province
                    }
                }
        })
        .map(|i| i as u32)
        .collect()
}

fn transit(
    scenario: &Scenario,
    calendar: &Calendar,
    canonical: &[u32],
    terms: &mut Terms,
    carried: &dyn Fn(&[f64]) -> Vec<f64>,
) {
    let layers: Vec<f64> = scenario
        .layers
        .iter()
        .map(|layer| {
            let on = scenario.gateways.transit_layer.as_ref() == Some(&layer.id);
            if on { 1.0 } else { 0.0 }
        })
        .collect();
    for (g, gateway) in scenario.places.iter().enumerate() {
        let Some(open) = gateway.open else { continue };
        let open = calendar.number(open);
        if gateway.kind != Kind::TransitGateway || open == NEVER {
            continue;
        }
        let of = |role: GatewayRole| -> Vec<u32> {
            scenario
                .gateway_links
                .iter()
                .filter(|link| link.gateway as usize == g && link.role == role)
                .map(|link| canonical[link.place as usize])
                .collect()
        };
        let (served, entries) = (of(GatewayRole::Serves), of(GatewayRole::Entry));
        let channel = terms.channel(Channel::Transit { open }, carried(&layers));
        for &zone in &served {
            for &entry in &entries {
                terms.links.push((zone, entry, channel));
                terms.links.push((entry, zone, channel));
            }
        }
    }
}
