//! The rule `hierarchy` (model §7.1): how authority is passed on.
//!
//! | listener | source | raw weight |
//! |---|---|---|
//! | region | zones of its province | by the region's own tier: `linkage`, `radiation`, `hinterland` |
//! | zone | other zones of its group | `same_group` |
//! | region (not the capital itself) and zone | capital region of the province | `capital` |
//! | zone | source gateways linked to it that come into force in the run | `gateway` |

use std::collections::BTreeMap;

use super::ground::{Ground, Row, keep_strongest, relative_to_strongest};
use super::id::PlaceId;
use crate::scenario::spec::HierarchySpec;
use crate::scenario::tables::{GatewayRole, Kind, Tier};

/// The rule, with the places of each class in canonical order. A place with an empty province has
/// none.
pub struct Hierarchy<'a> {
    k: usize,
    /// Linkage, radiation, hinterland.
    tiers: [f64; 3],
    same_group: f64,
    capital: f64,
    gateway: f64,
    zones: BTreeMap<&'a str, Vec<PlaceId>>,
    capitals: BTreeMap<&'a str, Vec<PlaceId>>,
    groups: BTreeMap<&'a str, Vec<PlaceId>>,
    gateways: BTreeMap<PlaceId, Vec<PlaceId>>,
}

impl<'a> Hierarchy<'a> {
    /// The rule of `spec` on `ground`; each place keeps the `k` strongest.
    pub fn new(ground: &Ground<'a>, spec: &HierarchySpec, k: usize) -> Self {
        let mut hierarchy = Self {
            k,
            tiers: [spec.linkage, spec.radiation, spec.hinterland],
            same_group: spec.same_group,
            capital: spec.capital,
            gateway: spec.gateway,
            zones: BTreeMap::new(),
            capitals: BTreeMap::new(),
            groups: BTreeMap::new(),
            gateways: BTreeMap::new(),
        };
        for (number, place) in PlaceId::each(0..ground.places.len()).zip(&ground.places) {
            if !ground.adopts[number] {
                continue;
            }
            if place.kind == Kind::Zone {
                let group = hierarchy.groups.entry(place.free_trade_zone()).or_default();
                group.push(number);
            }
            if !place.province.is_empty() {
                let province = place.province.as_str();
                if place.kind == Kind::Zone {
                    hierarchy.zones.entry(province).or_default().push(number);
                } else if place.capital {
                    hierarchy.capitals.entry(province).or_default().push(number);
                }
            }
        }
        for link in &ground.scenario.gateway_links {
            let number = |position: u32| ground.number[position as usize];
            let (gateway, zone) = (number(link.gateway), number(link.place));
            let place = ground.places[gateway];
            if link.role == GatewayRole::Source
                && place.kind == Kind::SourceGateway
                && ground.spans[gateway].is_some()
            {
                hierarchy.gateways.entry(zone).or_default().push(gateway);
            }
        }
        for gateways in hierarchy.gateways.values_mut() {
            gateways.sort_unstable();
            gateways.dedup();
        }
        hierarchy
    }

    /// Fills the empty `row` with all who can be among the k strongest sources of `listener` in some month,
    /// ascending.
    pub fn candidates(&self, ground: &Ground<'a>, listener: PlaceId, row: &mut Row) {
        let place = ground.places[listener];
        let province = place.province.as_str();
        // Places of one class weigh the same: those that come after the first k that stay are never among the k.
        let mut hear = |class: Option<&Vec<PlaceId>>, weight: f64| {
            let mut stay = 0;
            let others = class.into_iter().flatten().filter(|&&c| c != listener);
            for &source in others.filter(|_| weight > 0.0) {
                if stay == self.k {
                    break;
                }
                stay += usize::from(ground.stays(source));
                row.push((source, weight));
            }
        };
        match place.kind {
            Kind::Zone => {
                hear(self.groups.get(place.free_trade_zone()), self.same_group);
                hear(self.gateways.get(&listener), self.gateway);
            }
            Kind::Region => {
                let weight = match place.tier {
                    Tier::Linkage => self.tiers[0],
                    Tier::Radiation => self.tiers[1],
                    Tier::Hinterland => self.tiers[2],
                };
                hear(self.zones.get(province), weight);
            }
            Kind::SourceGateway | Kind::TransitGateway => return,
        }
        if place.kind == Kind::Zone || !place.capital {
            hear(self.capitals.get(province), self.capital);
        }
        row.sort_unstable_by_key(|&(source, _)| source);
    }

    /// Of candidates that are there, keeps the k strongest, relative to the strongest.
    pub fn keep(&self, row: &mut Row) {
        keep_strongest(row, self.k);
        relative_to_strongest(row);
    }
}

#[cfg(test)]
mod tests {
    use super::super::links::tests::{place, scenario};
    use super::super::links::{base_links, canonical_order};
    use super::*;
    use crate::scenario::spec::{LinkRule, LinkSourceSpec};
    use crate::scenario::tables::{GatewayLink, Place};
    use crate::scenario::{Month, Scenario};

    /// Two provinces: `p` with its capital a, regions b and c, zones x1 and x2 of one group and a
    /// candidate x3; `q` with region d and zone y. Gateway g is linked to x1.
    fn country(spec: LinkSourceSpec) -> Scenario {
        let of = |id: &str, kind: Kind, province: &str| Place {
            province: province.into(),
            ..place(id, kind, 0.0, 0.0)
        };
        let mut places = vec![
            of("a", Kind::Region, "p"),
            of("b", Kind::Region, "p"),
            of("c", Kind::Region, "p"),
            of("d", Kind::Region, "q"),
            of("g", Kind::SourceGateway, ""),
            of("x1", Kind::Zone, "p"),
            of("x2", Kind::Zone, "p"),
            of("x3", Kind::Zone, "p"),
            of("y", Kind::Zone, "q"),
        ];
        places[0].capital = true;
        places[1].tier = Tier::Linkage;
        for zone in &mut places[5..8] {
            zone.group = Some("x".into());
        }
        places[7].open = None;
        let mut scenario = scenario(places, vec![vec![spec]]);
        scenario.gateway_links = [5, 5]
            .map(|place| GatewayLink {
                gateway: 4,
                role: GatewayRole::Source,
                place,
                share: 0.5,
            })
            .to_vec();
        scenario
    }

    /// Row of `listener` by ids.
    fn row(scenario: &Scenario, listener: usize) -> Vec<(&str, f64)> {
        let order = canonical_order(scenario);
        let links = base_links(scenario, &order).unwrap();
        let id = |i: PlaceId| scenario.places[order[i] as usize].id.as_str();
        let entries = links.row(PlaceId::new(listener));
        entries
            .map(|e| (id(links.source[e]), links.weight[0][e]))
            .collect()
    }

    fn with_gateway() -> LinkSourceSpec {
        LinkSourceSpec::new(LinkRule::Hierarchy(HierarchySpec {
            gateway: 0.5,
            ..HierarchySpec::default()
        }))
    }

    #[test]
    fn each_place_hears_those_above_it() {
        let scenario = country(with_gateway());
        assert_eq!(row(&scenario, 0), [("x1", 0.5), ("x2", 0.5)]);
        assert_eq!(row(&scenario, 1), [("a", 0.2), ("x1", 0.4), ("x2", 0.4)]);
        let hinterland = row(&scenario, 2);
        for ((id, weight), expected) in hinterland.iter().zip([0.5, 0.3, 0.3]) {
            assert!((weight - expected / 1.1).abs() < 1e-15, "{id}");
        }
        assert_eq!(hinterland.len(), 3);
        assert_eq!(row(&scenario, 3), [("y", 1.0)]);
        assert_eq!(row(&scenario, 5), [("a", 0.25), ("g", 0.25), ("x2", 0.5)]);
        assert_eq!(row(&scenario, 6), [("a", 1.0 / 3.0), ("x1", 2.0 / 3.0)]);
        for silent in [4, 7, 8] {
            assert_eq!(row(&scenario, silent), [], "gateway, candidate, lone zone");
        }
    }

    #[test]
    fn a_gateway_that_weighs_nothing_or_comes_too_late_is_not_heard() {
        let scenario = country(LinkSourceSpec::new(LinkRule::hierarchy()));
        assert_eq!(row(&scenario, 5), [("a", 1.0 / 3.0), ("x2", 2.0 / 3.0)]);
        let mut late = country(with_gateway());
        late.places[4].open = Some(Month(late.end.0 + 1));
        assert_eq!(row(&late, 5), row(&scenario, 5));
    }

    #[test]
    fn of_equals_the_first_ids_are_kept() {
        let one = country(LinkSourceSpec {
            k: Some(1),
            ..LinkSourceSpec::new(LinkRule::hierarchy())
        });
        assert_eq!(row(&one, 1), [("x1", 1.0)]);
        assert_eq!(row(&one, 2), [("a", 1.0)]);
    }
}
