//! Where two worlds diverge: the events that only one of them has.

use crate::world::PlaceId;

use super::names::Item;

/// What can happen in a month, in the order of the model's processes (model §3): point, line,
/// circle, axis, plane. Within one kind, by ids: innovations by origin and serial number, then
/// places, each in id order; at last what dissolves before what forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happening {
    /// An innovation is implemented at its origin.
    Implemented(Item),
    /// A place adopts.
    Adopted(Item, PlaceId),
    /// A place abandons.
    Abandoned(Item, PlaceId),
    /// A line between two places forms (or dissolves).
    Line((PlaceId, PlaceId), bool),
    /// The circle of a zone (its place) forms (or dissolves).
    Circle(PlaceId, bool),
    /// A province replicates.
    Provincial(Item),
    /// The axis of a corridor forms (or dissolves).
    Axis(u32, bool),
    /// The plane forms (or dissolves).
    Plane(bool),
    /// The centre replicates.
    National(Item),
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// Month number.
    pub month: u16,
    /// What.
    pub what: Happening,
}

/// The events that only one of two worlds has, with the number of that world; in order. Both lists
/// are sorted and have no event twice.
pub fn partings(a: &[Event], b: &[Event]) -> Vec<(Event, usize)> {
    let mut only = Vec::new();
    let (mut x, mut y) = (a.iter().peekable(), b.iter().peekable());
    loop {
        match (x.peek(), y.peek()) {
            (None, None) => return only,
            (Some(one), Some(other)) if one == other => {
                x.next();
                y.next();
            }
            (Some(one), other) if other.is_none_or(|other| *one < *other) => {
                only.push((**one, 0));
                x.next();
            }
            (_, Some(other)) => {
                only.push((**other, 1));
                y.next();
            }
            (Some(one), None) => {
                only.push((**one, 0));
                x.next();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(origin: usize, serial: u32) -> Item {
        Item::of_zone(PlaceId::new(origin), serial)
    }

    #[test]
    fn events_are_ordered_by_month_process_and_id() {
        let at = |month, what| Event { month, what };
        let place = PlaceId::new;
        let sorted = [
            at(3, Happening::Implemented(item(2, 1))),
            at(3, Happening::Adopted(item(1, 1), place(9))),
            at(3, Happening::Adopted(item(1, 2), place(0))),
            at(3, Happening::Adopted(item(1, 2), place(1))),
            at(3, Happening::Adopted(item(1, 10), place(0))),
            at(3, Happening::Abandoned(item(0, 1), place(0))),
            at(3, Happening::Line((place(0), place(1)), true)),
            at(3, Happening::Circle(place(0), true)),
            at(3, Happening::Provincial(item(0, 1))),
            at(3, Happening::Axis(0, true)),
            at(3, Happening::Plane(true)),
            at(3, Happening::National(item(0, 1))),
            at(4, Happening::Implemented(item(0, 1))),
        ];
        assert!(sorted.windows(2).all(|two| two[0] < two[1]));
    }

    #[test]
    fn partings_are_what_only_one_side_has() {
        let at = |month, serial| Event {
            month,
            what: Happening::Implemented(item(0, serial)),
        };
        let a = [at(1, 1), at(2, 2), at(5, 3)];
        let b = [at(1, 1), at(3, 2), at(5, 3), at(6, 4)];
        assert_eq!(
            partings(&a, &b),
            [(at(2, 2), 0), (at(3, 2), 1), (at(6, 4), 1)]
        );
        assert_eq!(partings(&a, &a), []);
        assert_eq!(partings(&a, &[]).len(), 3);
    }
}
