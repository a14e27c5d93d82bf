//! Line 线: W⁰_ij,d · b_line while ij is a formed line. When it is: `model::line`.

use crate::texts::words;

use super::{Kind, Mechanism, Tie, always};

/// The bonus of a formed line.
pub const MECHANISM: Mechanism = Mechanism {
    name: "line",
    each: None,
    about: "line",
    there: always,
    kind: Kind::Tie(Tie::Line, |line| line.line_bonus),
    label: words("Line bonus", "线（加成）"),
    way: words("the line", "线"),
    cause: words("", ""),
};
