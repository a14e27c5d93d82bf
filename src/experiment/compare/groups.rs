//! Groups of places: provinces, areas, tiers, corridors, and those whom a layout touches directly.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure::FirmShare;
use crate::scenario::tables::{Alliance, Kind, Place, Tier, Who};
use crate::scenario::{Month, Scenario};
use crate::world::{Firms, PlaceId, Places, World};

use super::side::Side;

/// What the groups of a kind have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKind {
    /// Places of a province.
    Province,
    /// Places of a statistical area.
    Area,
    /// Regions of a standing within their province.
    Tier,
    /// Places in a segment of a corridor.
    Corridor,
    /// Places that a layout touches directly (members), and all others.
    Membership,
    /// The places of a province as those that innovations come from: what became of these, wherever it did.
    Origin,
    /// Firms of an industry, in the whole country.
    Industry,
    /// Firms of a size class, in the whole country.
    SizeClass,
}

impl GroupKind {
    /// The word in the tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Area => "area",
            Self::Tier => "tier",
            Self::Corridor => "corridor",
            Self::Membership => "membership",
            Self::Origin => "origin",
            Self::Industry => "industry",
            Self::SizeClass => "size_class",
        }
    }

    /// Whether it is of firms, not of places.
    pub fn of_firms(self) -> bool {
        matches!(self, Self::Industry | Self::SizeClass)
    }
}

/// The word for the country in the column `group_kind`.
pub const NATIONAL: &str = "national";
/// The group that a layout touches directly.
pub const MEMBER: &str = "member";
/// All others.
pub const NON_MEMBER: &str = "non_member";

/// A group, the same in all layouts.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its kind.
    pub kind: GroupKind,
    /// Its id.
    pub id: String,
    /// Membership: the position in [`super::Comparison::sides`] of the layout whose members are meant.
    pub members_of: Option<usize>,
    /// Its share of the weight of the places that count; of firms: of that weight, divided at each place by
    /// the size of firms.
    pub weight_share: f64,
    /// Its places in each layout: positions in canonical order, ascending, all kinds that adopt.
    pub places: Vec<Vec<PlaceId>>,
    /// Of firms: the position of the industry or size class in each layout.
    pub of_firms: Vec<Option<u16>>,
}

/// The groups of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// By kind, then id; only those with a place that counts.
    pub list: Vec<Group>,
    /// Ids of the corridors of any layout, in order of first appearance.
    pub corridors: Vec<String>,
}

impl Groups {
    /// The groups of layouts whose regions are the same. `layouts` are compared with the first.
    pub fn new(sides: &[Side], layouts: &[usize]) -> Self {
        let Some(base) = sides.first() else {
            return Self::default();
        };
        let mut groups = Self::default();
        for side in sides {
            for corridor in &side.loaded.scenario.corridors {
                if !groups.corridors.contains(&corridor.id) {
                    groups.corridors.push(corridor.id.clone());
                }
            }
        }
        let each = |wanted: &dyn Fn(&Places, PlaceId) -> bool| -> Vec<Vec<PlaceId>> {
            let inside = |side: &Side| {
                let places = &side.world.places;
                places.each().filter(|i| wanted(places, *i)).collect()
            };
            sides.iter().map(inside).collect()
        };
        let named = |ids: &[String]| -> Vec<String> {
            ids.iter().filter(|id| !id.is_empty()).cloned().collect()
        };
        for (kind, ids, of) in [
            (
                GroupKind::Province,
                &base.world.places.provinces,
                (|p| (&p.provinces, &p.province)) as Attribute,
            ),
            (GroupKind::Area, &base.world.places.areas, |p| {
                (&p.areas, &p.area)
            }),
        ] {
            // One pass per layout: each numbers its provinces by itself, as zones may bring some.
            let mut inside: Vec<_> = sides
                .iter()
                .map(|side| buckets(of(&side.world.places)))
                .collect();
            for id in named(ids) {
                let own = inside
                    .iter_mut()
                    .map(|side| side.remove(&id))
                    .map(Option::unwrap_or_default);
                let own = own.collect();
                groups.put(base, kind, &id, None, own);
            }
        }
        for (id, tier) in [
            ("linkage", Tier::Linkage),
            ("radiation", Tier::Radiation),
            ("hinterland", Tier::Hinterland),
        ] {
            let inside =
                each(&|places, i| places.kind[i] == Kind::Region && places.tier[i] == tier);
            groups.put(base, GroupKind::Tier, id, None, inside);
        }
        for id in groups.corridors.clone() {
            // Places as the baseline draws the corridor, or the first layout that has it.
            let scenarios = || sides.iter().map(|side| &side.loaded.scenario);
            let drawn = scenarios()
                .find_map(|s| places_on(s, &id))
                .unwrap_or_default();
            let inside = each(&|places, i| drawn.contains(places.id[i].as_str()));
            groups.put(base, GroupKind::Corridor, &id, None, inside);
        }
        for &at in layouts {
            if groups.list.iter().any(|g| g.members_of == Some(at)) {
                continue;
            }
            let touched = Touched::by(&base.loaded.scenario, &sides[at].loaded.scenario);
            if touched.is_empty() {
                continue;
            }
            for (id, wanted) in [(MEMBER, true), (NON_MEMBER, false)] {
                let inside = each(&|places, i| {
                    let province = &places.provinces[places.province[i] as usize];
                    touched.has(&places.id[i], province) == wanted
                });
                groups.put(base, GroupKind::Membership, id, Some(at), inside);
            }
        }
        groups.put_firms(sides);
        groups
    }

    /// Adds the provinces of the baseline that have zones, as those that innovations come from.
    pub(super) fn put_origins(&mut self, sides: &[Side]) {
        let Some(base) = sides.first() else {
            return;
        };
        let places = &base.world.places;
        for (number, id) in (0..).zip(&places.provinces) {
            let zones = places.each().filter(|i| places.kind[*i] == Kind::Zone);
            let has_zones = zones.filter(|i| places.province[*i] == number).count() > 0;
            if id.is_empty() || !has_zones {
                continue;
            }
            let inside = |side: &Side| {
                let places = &side.world.places;
                let own = |i: &PlaceId| places.provinces[places.province[*i] as usize] == *id;
                places.each().filter(own).collect()
            };
            self.list.push(Group {
                kind: GroupKind::Origin,
                id: id.clone(),
                members_of: None,
                weight_share: 0.0,
                places: sides.iter().map(inside).collect(),
                of_firms: Vec::new(),
            });
        }
    }

    /// The industries and size classes of the baseline's firms.
    fn put_firms(&mut self, sides: &[Side]) {
        let Some((base, firms)) = sides
            .first()
            .and_then(|base| Some((base, base.world.firms.as_ref()?)))
        else {
            return;
        };
        let industries = |firms: &Firms| firms.industries.clone();
        let classes = |firms: &Firms| firms.sizes.iter().map(|c| c.id.clone()).collect();
        type Ids = fn(&Firms) -> Vec<String>;
        for (kind, ids) in [
            (GroupKind::Industry, industries as Ids),
            (GroupKind::SizeClass, classes as Ids),
        ] {
            for (at, id) in (0..).zip(ids(firms)) {
                let weight_share = firm_share(&base.world, firms, kind, at).weight;
                let position = |side: &Side| {
                    let known = ids(side.world.firms.as_ref()?);
                    let found = known.iter().position(|known| *known == id)?;
                    u16::try_from(found).ok()
                };
                if weight_share > 0.0 {
                    self.list.push(Group {
                        kind,
                        id: id.clone(),
                        members_of: None,
                        weight_share,
                        places: vec![Vec::new(); sides.len()],
                        of_firms: sides.iter().map(position).collect(),
                    });
                }
            }
        }
    }

    fn put(
        &mut self,
        base: &Side,
        kind: GroupKind,
        id: &str,
        members_of: Option<usize>,
        places: Vec<Vec<PlaceId>>,
    ) {
        let world = &base.world.places;
        let weight = |list: &mut dyn Iterator<Item = PlaceId>| -> f64 {
            let counted = list.filter(|i| world.counts[*i]);
            counted.map(|i| world.weight[i]).sum()
        };
        let all = weight(&mut world.each());
        let own = places
            .first()
            .map_or(0.0, |list| weight(&mut list.iter().copied()));
        if own > 0.0 {
            self.list.push(Group {
                kind,
                id: id.to_owned(),
                members_of,
                weight_share: own / all,
                places,
                of_firms: Vec::new(),
            });
        }
    }
}

/// The firms of an industry or size class.
pub fn firm_share(world: &World, firms: &Firms, kind: GroupKind, at: u16) -> FirmShare {
    let of = match kind {
        GroupKind::SizeClass => &firms.cells.size,
        _ => &firms.cells.industry,
    };
    FirmShare::of(world, firms, |c| of[c] == at)
}

/// Ids, and for each place the number of its own.
type Attribute = fn(&Places) -> (&Vec<String>, &Vec<u32>);

/// The places of each id, ascending.
fn buckets((ids, of): (&Vec<String>, &Vec<u32>)) -> BTreeMap<String, Vec<PlaceId>> {
    let mut lists = vec![Vec::new(); ids.len()];
    for (place, number) in PlaceId::each(0..of.len()).zip(of) {
        lists[*number as usize].push(place);
    }
    ids.iter().cloned().zip(lists).collect()
}

fn places_on<'s>(scenario: &'s Scenario, corridor: &str) -> Option<BTreeSet<&'s str>> {
    let corridor = scenario.corridors.iter().find(|c| c.id == corridor)?;
    let places = corridor.segments.iter().flat_map(|segment| &segment.places);
    Some(
        places
            .map(|at| scenario.places[*at as usize].id.as_str())
            .collect(),
    )
}

/// Whom a layout touches directly: the provinces that host a member of an alliance that differs from
/// the baseline's, or a zone that opens in another month than there (or only in one of the two).
#[derive(Debug, Default)]
struct Touched {
    provinces: BTreeSet<String>,
    /// Such zones and members themselves, for those that have no province.
    places: BTreeSet<String>,
}

impl Touched {
    fn by(a: &Scenario, b: &Scenario) -> Self {
        let mut touched = Self::default();
        let by_id = |s: &'_ Scenario| -> BTreeMap<String, Alliance> {
            let list = s.alliances.iter().cloned();
            // Names are words, not law.
            list.map(|x| {
                (
                    x.id.clone(),
                    Alliance {
                        name_en: String::new(),
                        name_zh: String::new(),
                        ..x
                    },
                )
            })
            .collect()
        };
        let (of_a, of_b) = (by_id(a), by_id(b));
        for id in of_a.keys().chain(of_b.keys()) {
            let (x, y) = (of_a.get(id), of_b.get(id));
            if x == y {
                continue;
            }
            for member in x
                .into_iter()
                .chain(y)
                .flat_map(|alliance| &alliance.members)
            {
                match &member.who {
                    Who::Province(province) => {
                        touched.provinces.insert(province.clone());
                    }
                    Who::Group(group) => {
                        for scenario in [a, b] {
                            touched.zones(scenario, |_, of| of == group);
                        }
                    }
                    Who::Place(id) => {
                        let those = [a, b].map(|scenario| &scenario.places);
                        let those = those.into_iter().flatten().filter(|p| p.id == *id);
                        touched.put(those);
                    }
                }
            }
        }
        let openings = |s: &Scenario| -> BTreeMap<String, (Month, Option<Month>)> {
            let within = |month: &Month| *month <= s.end;
            let zones = s.places.iter().filter(|p| p.kind == Kind::Zone);
            let open = zones.filter_map(|p| {
                let months = (p.open.filter(within)?, p.close.filter(within));
                Some((p.id.clone(), months))
            });
            open.collect()
        };
        let (open_a, open_b) = (openings(a), openings(b));
        for scenario in [a, b] {
            touched.zones(scenario, |id, _| open_a.get(id) != open_b.get(id));
        }
        touched
    }

    fn zones(&mut self, scenario: &Scenario, wanted: impl Fn(&str, &str) -> bool) {
        let zones = scenario.places.iter().filter(|p| p.kind == Kind::Zone);
        self.put(zones.filter(|zone| wanted(&zone.id, zone.free_trade_zone())));
    }

    fn put<'p>(&mut self, places: impl Iterator<Item = &'p Place>) {
        for place in places {
            self.places.insert(place.id.clone());
            if !place.province.is_empty() {
                self.provinces.insert(place.province.clone());
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.provinces.is_empty() && self.places.is_empty()
    }

    fn has(&self, id: &str, province: &str) -> bool {
        self.provinces.contains(province) || self.places.contains(id)
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::scenario::load;

    fn scenario(layouts: &[&str]) -> Scenario {
        let layouts: Vec<PathBuf> = layouts.iter().map(PathBuf::from).collect();
        load(Path::new("scenarios/china"), &layouts, &[])
            .unwrap()
            .scenario
    }

    #[test]
    fn a_layout_touches_hosts_of_members_and_of_zones_that_open() {
        let base = scenario(&["existing"]);
        let northeast = Touched::by(&base, &scenario(&["northeast"]));
        let provinces: Vec<&str> = northeast.provinces.iter().map(String::as_str).collect();
        assert_eq!(provinces, ["heilongjiang", "jilin", "liaoning"]);
        // The base says the same as `existing` in other words.
        assert!(Touched::by(&base, &scenario(&[])).is_empty());
        assert!(!Touched::by(&base, &scenario(&["none"])).is_empty());
    }

    #[test]
    fn places_fall_into_the_bucket_of_their_id() {
        let ids = ["a", "b", "c"].map(String::from).to_vec();
        let found = buckets((&ids, &vec![2, 0, 2, 0, 0]));
        let expected = [("a", vec![1, 3, 4]), ("b", vec![]), ("c", vec![0, 2])];
        let places = |list: Vec<usize>| list.into_iter().map(PlaceId::new).collect();
        assert_eq!(
            found,
            expected
                .map(|(id, list)| (id.to_owned(), places(list)))
                .into()
        );
    }
}
