//! A checked plan.

use std::path::PathBuf;

use crate::design::{Kind, Point};
use crate::experiment::compare::Comparison;
use crate::measure::Outcome;
use crate::scenario::{Document, Problem};
use crate::store::PointRow;
use crate::world::memory::MemoryEstimate;

use super::Parameter;
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
    /// What the plan sets for all points, `key=value`.
    pub set: Vec<String>,
    /// Positions of the slots that are kept.
    pub kept: Vec<usize>,
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
    /// What the runs need.
    pub memory: Option<MemoryEstimate>,
    /// What is allowed but perhaps not meant.
    pub warnings: Vec<Problem>,
}

impl Plan {
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
