//! What is kept of a layout in a replicate: one number per slot, the same slots for every layout, so
//! that the table `outcomes` of a replicate is a block of layouts × slots.

use crate::measure::{OUTCOMES, Value};

use super::groups::{GroupKind, Groups, NATIONAL};

/// One number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Position in [`OUTCOMES`].
    pub outcome: usize,
    /// Of what.
    pub of: Of,
    /// Month number at which it is taken; none for the month in which something first happens.
    pub horizon: Option<u16>,
}

/// Of what an outcome is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The country.
    Nation,
    /// A group: position in [`Groups::list`].
    Group(usize),
    /// A corridor's axis: position in [`Groups::corridors`].
    Axis(usize),
}

/// All slots: by outcome, then horizon, then the country and its groups.
#[derive(Clone, Debug, Default)]
pub struct Slots(Vec<Slot>);

impl Slots {
    /// The slots of a comparison; `firms`: whether a layout has firms.
    pub fn new(groups: &Groups, horizons: &[u16], firms: bool) -> Self {
        let mut list = Vec::new();
        for (outcome, def) in OUTCOMES.iter().enumerate() {
            let mut put = |of, horizon| {
                list.push(Slot {
                    outcome,
                    of,
                    horizon,
                });
            };
            match def.value {
                Value::Firms(_) if !firms => {}
                Value::AxisFormed => {
                    (0..groups.corridors.len()).for_each(|c| put(Of::Axis(c), None));
                }
                _ if !def.has_horizon() => put(Of::Nation, None),
                _ => {
                    for &t in horizons {
                        put(Of::Nation, Some(t));
                        let has = |g: &usize| match (def.value, groups.list[*g].kind) {
                            (_, GroupKind::Origin) => def.by_origin.is_some(),
                            (Value::Firms(_), _) => def.by_group,
                            (_, kind) => def.by_group && !kind.of_firms(),
                        };
                        let of_groups = (0..groups.list.len()).filter(has);
                        of_groups.for_each(|g| put(Of::Group(g), Some(t)));
                    }
                }
            }
        }
        Self(list)
    }

    /// The slots in order.
    pub fn list(&self) -> &[Slot] {
        &self.0
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The slot of a national outcome at a horizon.
    pub fn national(&self, outcome: usize, horizon: Option<u16>) -> Option<usize> {
        let wanted = Slot {
            outcome,
            of: Of::Nation,
            horizon,
        };
        self.0.iter().position(|slot| *slot == wanted)
    }
}

impl Slot {
    /// The words `group_kind`, `group`, and whose members are meant.
    pub fn group<'g>(&self, groups: &'g Groups) -> (&'static str, Option<&'g str>, Option<usize>) {
        match self.of {
            Of::Nation => (NATIONAL, None, None),
            Of::Axis(c) => {
                let id = groups.corridors.get(c).map(String::as_str);
                (GroupKind::Corridor.word(), id, None)
            }
            Of::Group(g) => match groups.list.get(g) {
                Some(group) => (group.kind.word(), Some(&group.id), group.members_of),
                None => (NATIONAL, None, None),
            },
        }
    }

    /// Whether it is a month in which something first happens.
    pub fn is_month(&self) -> bool {
        self.horizon.is_none()
    }

    /// Whether the effect of the layout at position `side` has a row for it: members are those of the
    /// layout itself.
    pub fn concerns(&self, groups: &Groups, side: usize) -> bool {
        let (_, _, members_of) = self.group(groups);
        members_of.is_none_or(|of| of == side)
    }
}
