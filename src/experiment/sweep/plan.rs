//! A checked plan.

use std::path::PathBuf;

use crate::design::{Kind, Level, Point};
use crate::experiment::compare::Comparison;
use crate::measure::Outcome;
use crate::scenario::{Document, Loaded, Problem, Problems, Setting, load};
use crate::store::{PointRow, TargetEntry};
use crate::world::memory::MemoryEstimate;

use super::Parameter;
use super::level::setting;
use super::spec::PlanSpec;

/// A checked plan.
#[derive(Debug)]
pub struct Plan {
    /// The plan file.
    pub document: Document<PlanSpec>,
    /// The scenario.
    pub scenario: PathBuf,
    /// The layouts, baseline first.
    pub comparison: Comparison,
    /// Their files, for loading one anew with other values.
    pub layout_files: Vec<Vec<PathBuf>>,
    /// The layouts as the plan names them, in the same order.
    pub layout_words: Vec<String>,
    /// Positions of the slots that are kept.
    pub kept: Vec<usize>,
    /// Targets whose worth is asked, by position among what is kept.
    pub targets: Vec<TargetEntry>,
    /// Month numbers and measures that are kept.
    pub monthly: Option<(Vec<u16>, Vec<&'static Outcome>)>,
    /// The kind of its design.
    pub kind: Kind,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// Rows of the design.
    pub rows: Vec<Point>,
    /// Distinct points, in order of first appearance.
    pub points: Vec<PointRow>,
    /// The point of each row.
    pub point_of: Vec<u32>,
    /// The first row of each point.
    pub row_of: Vec<usize>,
    /// What the runs need.
    pub memory: Option<MemoryEstimate>,
    /// What is allowed but perhaps not meant.
    pub warnings: Vec<Problem>,
}

impl Plan {
    /// The values of a point.
    pub(super) fn values(&self, point: usize) -> Vec<Setting> {
        let values = &self.rows[self.row_of[point]].values;
        let values = self.parameters.iter().zip(values);
        values.map(|(p, value)| setting(&p.key, value)).collect()
    }

    /// The scenario of the layout at position `side` with values of parameters.
    ///
    /// # Errors
    /// What is wrong with the values, alone and together.
    pub(super) fn scenario_at(&self, side: usize, values: &[Setting]) -> Result<Loaded, Problems> {
        let base = &self.comparison.sides[side];
        let counts = |setting: &&Setting| match setting {
            Setting::Value(key, _) => !self.is_fixed(side, key),
            Setting::Written(_) => true,
        };
        let values: Vec<Setting> = values.iter().filter(counts).cloned().collect();
        base.loaded_at(&values, || {
            let sets = self.document.spec.sets().into_iter().chain(values.clone());
            let sets: Vec<Setting> = sets.collect();
            load(&self.scenario, &self.layout_files[side], &sets)
        })
    }

    /// Whether the baseline's scenario allows these values of the parameters.
    pub fn accepts(&self, values: &[Level]) -> bool {
        let values = self.parameters.iter().zip(values);
        let values: Vec<Setting> = values.map(|(p, value)| setting(&p.key, value)).collect();
        self.scenario_at(0, &values).is_ok()
    }

    /// Whether a variant sets a parameter itself: then its value holds, whatever is drawn.
    fn is_fixed(&self, side: usize, key: &str) -> bool {
        let overlaid = |side: usize| self.comparison.sides[side].loaded.is_overlaid(key);
        overlaid(side) && !overlaid(side % self.policies())
    }

    /// The parameters that each variant sets itself.
    pub fn fixed(&self) -> Vec<Vec<String>> {
        let variants = 1..=self.document.spec.variants.len();
        let of = |variant: usize| {
            let side = variant * self.policies();
            let keys = self.parameters.iter().map(|parameter| &parameter.key);
            keys.filter(|key| self.is_fixed(side, key))
                .cloned()
                .collect()
        };
        variants.map(of).collect()
    }

    /// Number of layouts that are asked for: the first of the sides; the others are these under each variant.
    pub fn policies(&self) -> usize {
        self.comparison.sides.len() / (1 + self.document.spec.variants.len())
    }

    /// Whether the design's own order is not balanced.
    pub fn is_scattered(&self) -> bool {
        matches!(self.kind, Kind::Grid {} | Kind::List { .. })
    }

    /// Number of runs.
    pub fn runs(&self) -> u64 {
        let layouts = self.comparison.sides.len() as u64;
        self.points.len() as u64 * layouts * u64::from(self.document.spec.replicates)
    }
}
