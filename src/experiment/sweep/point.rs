//! The world of a layout at a point of the design.

use crate::scenario::{Problem, Problems, Setting};
use crate::texts::Text;
use crate::world::World;

use super::Plan;

/// A point of a plan, ready to be run.
#[derive(Debug)]
pub struct Point<'p> {
    plan: &'p Plan,
    values: Vec<Setting>,
}

impl<'p> Point<'p> {
    /// The point at a position.
    pub fn new(plan: &'p Plan, at: u32) -> Self {
        Self {
            plan,
            values: plan.values(at as usize),
        }
    }

    /// The world of the layout at position `side`.
    ///
    /// # Errors
    /// Why there is none: the settings do not fit together, or the world does not fit in memory.
    pub fn world(&self, side: usize) -> Result<World, Text> {
        let base = &self.plan.comparison.sides[side];
        let loaded = self
            .plan
            .scenario_at(side, &self.values)
            .map_err(|problems| words(&problems))?;
        base.world_at(&self.values, &loaded)
    }
}

/// Problems in a row.
pub(super) fn words(problems: &Problems) -> Text {
    Text::List(problems.errors().map(Problem::text).collect())
}
