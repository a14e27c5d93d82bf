//! National replication: η · 1\[k replicated nationally\]. When it is: `model::plane`.

use crate::texts::words;

use super::{Force, Kind, Mechanism, always};

/// Replication by the centre.
pub const MECHANISM: Mechanism = Mechanism {
    name: "national",
    each: None,
    about: "national",
    there: always,
    kind: Kind::Term(Force::Country, |world, _| world.line.national_rate),
    label: words("National replication", "全国复制推广"),
    way: words("the national", "全国复制推广"),
    cause: words("the centre replicates it", "全国复制推广"),
};
