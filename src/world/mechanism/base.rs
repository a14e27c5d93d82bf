//! Base links: W⁰_ij,d(t) = Σ_l a_dl · w^l_ij(t), a part for each layer l. How w^l_ij is made: [`crate::world::links`].

use crate::texts::words;

use super::{Kind, Mechanism, always};

/// Base links.
pub const MECHANISM: Mechanism = Mechanism {
    name: "base_",
    each: Some(|world| world.layers.clone()),
    about: "base_<layer>",
    there: always,
    kind: Kind::Base,
    label: words("Base: {}", "基础：{}"),
    way: words("layer {}", "层 {}"),
    cause: words("", ""),
};
