//! Circle 圈: W⁰_ij,d · b_circle while i and j are in one circle. When they are: `model::circle`.

use crate::texts::words;

use super::{Kind, Mechanism, Tie, always};

/// The bonus inside a circle.
pub const MECHANISM: Mechanism = Mechanism {
    name: "circle",
    each: None,
    about: "circle",
    there: always,
    kind: Kind::Tie(Tie::Circle, |line| line.circle_bonus),
    label: words("Circle bonus", "圈（加成）"),
    way: words("the circle", "圈"),
    cause: words("", ""),
};
