//! Intrinsic hazard: α_d ≥ 0, what a place takes up without having heard of it, for causes that W does not know. Off at 0,
//! and then nothing of it is in any table.

use crate::texts::words;

use super::{Force, Kind, Mechanism};

/// Adoption unheard.
pub const MECHANISM: Mechanism = Mechanism {
    name: "intrinsic",
    each: None,
    about: "intrinsic",
    there: |world| world.intrinsic.iter().any(|rate| *rate > 0.0),
    kind: Kind::Term(Force::Always, |world, d| world.intrinsic[d]),
    label: words("Intrinsic", "自发采纳"),
    way: words("the intrinsic", "自发采纳"),
    cause: words("it adopts without having heard of it", "未经传播、自发采纳"),
};
