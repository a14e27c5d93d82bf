//! What happens in a month, before it is put in place.

use super::structures::{Axis, Circle};
use crate::world::{InnovationId, PlaceId, ZoneId};

/// What happens in a month, worked out from the end of the previous one.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Innovations that are implemented (Point).
    pub(super) implemented: Vec<InnovationId>,
    /// (innovation, place) that adopt, ascending (Line).
    pub(super) adoptions: Vec<(InnovationId, PlaceId)>,
    /// (innovation, place) that abandon, ascending (Line).
    pub(super) abandonments: Vec<(InnovationId, PlaceId)>,
    /// Pairs whose line forms or dissolves (Line).
    pub(super) lines: Vec<u32>,
    /// Circles that change (Circle).
    pub(super) circles: Vec<(ZoneId, Circle)>,
    /// Innovations that their province replicates (Circle).
    pub(super) provincial: Vec<InnovationId>,
    /// Axes that change (Axis).
    pub(super) axes: Vec<(usize, Axis)>,
    /// Plane share and whether the plane is formed (Plane).
    pub(super) plane: (f64, bool),
    /// Innovations that the centre replicates (Plane).
    pub(super) national: Vec<InnovationId>,
}
