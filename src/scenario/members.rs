//! Members of alliances: what they are called, and the places that speak for them.

use super::Month;
use super::places::{Found, Groups, Places};
use super::problem::Report;
use super::tables::{Kind, Member, Who};
use crate::texts::{Text, text};

/// Kinds of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// A free-trade zone.
    Group,
    /// A province.
    Province,
    /// A place.
    Place,
}

/// As the table of members calls them.
pub const KINDS: [(&str, MemberKind); 3] = [
    ("group", MemberKind::Group),
    ("province", MemberKind::Province),
    ("place", MemberKind::Place),
];

impl MemberKind {
    /// The member of this kind that has a name.
    pub fn of(self, name: &str) -> Who {
        let name = name.to_owned();
        match self {
            Self::Group => Who::Group(name),
            Self::Province => Who::Province(name),
            Self::Place => Who::Place(name),
        }
    }
}

/// The places that members are among.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The places.
    pub places: &'a Places,
    /// Their groups and provinces.
    pub groups: &'a Groups,
}

impl Known<'_> {
    /// Places that may speak for a member; nothing where it is not known.
    pub fn those(&self, who: &Who) -> Option<Vec<u32>> {
        match who {
            Who::Group(name) => self.groups.zones.get(name).cloned(),
            Who::Province(name) => self.groups.provinces.get(name).cloned(),
            Who::Place(id) => match self.places.find(id) {
                Found::Sure(at) | Found::Unsure(Some(at)) => Some(vec![at]),
                Found::Unsure(None) | Found::Unknown => None,
            },
        }
    }

    /// What is wrong with a member that no place stands behind, and the nearest known name.
    pub fn unknown(&self, who: &Who, report: &mut Report) -> Option<(Text, Option<String>)> {
        let (known, what) = match who {
            Who::Group(_) => (&self.groups.zones, text!("no-zone-in-group")),
            Who::Province(_) => (&self.groups.provinces, text!("no-place-in-province")),
            Who::Place(id) => {
                let joins = |at: u32| {
                    let place = self.places.list.get(at as usize);
                    place.is_none_or(|p| p.kind.adopts())
                };
                return match self.places.find(id) {
                    Found::Unsure(_) => None,
                    Found::Sure(at) if joins(at) => None,
                    Found::Sure(_) => Some((text!("member-no-place"), None)),
                    Found::Unknown => {
                        let all = self.places.list.iter();
                        let all = all.filter(|p| p.kind.adopts());
                        let nearest = report.near(id, all.map(|p| p.id.as_str()));
                        Some((text!("no-place"), nearest))
                    }
                };
            }
        };
        let name = who.name();
        if known.contains_key(name) || self.groups.may_have(name) {
            return None;
        }
        let nearest = report.near(name, known.keys().map(String::as_str));
        Some((what, nearest))
    }

    /// A single place among the members that speaks for another one, too, and that one.
    pub fn twice<'m>(&self, members: &'m [Member]) -> Option<(&'m Who, &'m Who)> {
        members.iter().find_map(|member| {
            let Who::Place(id) = &member.who else {
                return None;
            };
            let Found::Sure(at) = self.places.find(id) else {
                return None;
            };
            let place = self.places.list.get(at as usize)?;
            let mut others = members.iter().filter(|other| other.who != member.who);
            let other = others.find(|other| other.who.speaks(place))?;
            Some((&member.who, &other.who))
        })
    }

    /// Whether somebody can speak for a member between two months.
    pub fn has_delegate(&self, member: &Member, (first, last): (Month, Month)) -> bool {
        let joins = member.from.unwrap_or(first).max(first);
        let leaves = member.to.unwrap_or(last).min(last);
        let belongs = joins <= leaves || (member.from, member.to) == (None, None);
        let Some(found) = self.those(&member.who) else {
            // Reported as unknown, or perhaps in a row that could not be read.
            return true;
        };
        let speaks = |at: &u32| {
            let place = self.places.list.get(*at as usize);
            let there = place.is_some_and(|place| {
                member.who.speaks(place)
                    && (place.kind == Kind::Region
                        || place.open.is_some_and(|open| open <= leaves)
                            && place.close.is_none_or(|close| close >= joins))
            });
            there || self.places.is_doubtful(*at)
        };
        belongs && found.iter().any(speaks)
    }
}
