//! The world of a layout at a point of the design.

use std::path::{Path, PathBuf};

use crate::experiment::compare::Side;
use crate::scenario::{Loaded, Problem, Problems, is_light, load};
use crate::store::PointRow;
use crate::texts::{Text, text};
use crate::world::World;

use super::Plan;

/// A point of a plan, ready to be run.
#[derive(Debug)]
pub struct Point<'p> {
    plan: &'p Plan,
    row: &'p PointRow,
}

impl<'p> Point<'p> {
    /// The point at a position.
    pub fn new(plan: &'p Plan, at: u32) -> Self {
        Self {
            plan,
            row: &plan.points[at as usize],
        }
    }

    /// The world of the layout at position `side`.
    ///
    /// # Errors
    /// Why there is none: the settings do not fit together, or the world does not fit in memory.
    pub fn world(&self, side: usize) -> Result<World, Text> {
        let plan = self.plan;
        let base = &plan.comparison.sides[side];
        let seed = plan.document.spec.seed;
        let files = &plan.layout_files[side];
        let loaded = scenario_of(base, files, &plan.scenario, &plan.set, seed, self.row)
            .map_err(|problems| words(&problems))?;
        if loaded.inputs != base.loaded.inputs {
            return Err(text!("scenario-changed"));
        }
        let built = if is_light_point(self.row) {
            base.world.varied(&base.loaded.scenario, &loaded.scenario)
        } else {
            World::new(&loaded.scenario)
        };
        built.map_err(|error| error.text())
    }
}

fn is_light_point(row: &PointRow) -> bool {
    let key = |setting: &String| setting.split('=').next().unwrap_or_default().to_owned();
    row.settings.iter().all(|setting| is_light(&key(setting)))
}

/// The scenario of a layout at a point.
pub(super) fn scenario_of(
    side: &Side,
    files: &[PathBuf],
    scenario: &Path,
    set: &[String],
    seed: Option<u64>,
    row: &PointRow,
) -> Result<Loaded, Problems> {
    if is_light_point(row) {
        return side.loaded.varied(&row.settings);
    }
    let mut sets = set.to_vec();
    sets.extend(seed.map(|seed| format!("seed={seed}")));
    sets.extend(row.settings.iter().cloned());
    load(scenario, files, &sets)
}

/// Problems in a row.
pub(super) fn words(problems: &Problems) -> Text {
    Text::List(problems.errors().map(Problem::text).collect())
}
