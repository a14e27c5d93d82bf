//! What can be asked of a sweep, by position and by name.

use serde::Serialize;

use crate::experiment::compare::NATIONAL;
use crate::scenario::Month;

use super::Swept;

/// What is asked: an outcome of a layout, or what the layout changes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Position of the layout.
    pub layout: usize,
    /// Position of the layout that it is compared with, if any.
    pub versus: Option<usize>,
    /// Position of the slot.
    pub slot: usize,
}

/// The same by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct About<'a> {
    /// The layout.
    pub layout: &'a str,
    /// The layout that it is compared with; none where it is about the outcome itself.
    pub versus: Option<&'a str>,
    /// The outcome.
    pub outcome: &'a str,
    /// `national`, or the kind of the group.
    pub group_kind: &'a str,
    /// The group; none for the country.
    pub group: Option<&'a str>,
    /// Month at whose end it is taken; none for the month in which something first happens.
    pub horizon: Option<Month>,
}

impl<'a> Swept<'a> {
    /// What a question is about.
    pub fn about(&self, asked: Asked) -> About<'a> {
        let slot = self.slot(asked);
        let layout = |at: usize| self.layouts[at].as_str();
        let month = |t: u16| Month(self.sweep.start + i32::from(t));
        About {
            layout: layout(asked.layout),
            versus: asked.versus.map(layout),
            outcome: &slot.outcome,
            group_kind: &slot.group_kind,
            group: slot.group.as_deref(),
            horizon: slot.horizon.map(month),
        }
    }
}

impl About<'_> {
    /// Whether it is about the country as a whole.
    pub fn is_national(&self) -> bool {
        self.group_kind == NATIONAL
    }
}
