//! Provincial replication: η_prov · 1\[k replicated in i's province\]. When it is: `model::circle`.

use crate::texts::words;

use super::{Force, Kind, Mechanism, always};

/// Replication by the origin's province.
pub const MECHANISM: Mechanism = Mechanism {
    name: "provincial",
    each: None,
    about: "provincial",
    there: always,
    kind: Kind::Term(Force::Province, |world, _| world.line.provincial_rate),
    label: words("Provincial replication", "省级复制推广"),
    way: words("the provincial", "省级复制推广"),
    cause: words("the province replicates it", "省级复制推广"),
};
