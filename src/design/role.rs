//! What comes out of a design.

use super::Level;

/// One point of a design.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// One value for each parameter, in the order of the parameters.
    pub values: Vec<Level>,
    /// What the point is for in its design.
    pub role: Role,
}

/// What a point is for in its design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A point like any other: grids, lists, random, Latin hypercube and Sobol designs.
    Plain,
    /// A row of a Saltelli design.
    Saltelli {
        /// Which block, from 0; a block's rows follow one another.
        block: u32,
        /// Which row of it.
        part: Part,
    },
    /// A point of a Morris design.
    Morris {
        /// Which trajectory, from 0; its points follow one another.
        trajectory: u32,
        /// Which point of it, from 0, its start.
        step: u32,
        /// The parameter (number, from 0) that differs from the point before; none at the start.
        moved: Option<usize>,
        /// Whether it moved up its distribution; false at the start.
        up: bool,
    },
}

/// A row of a Saltelli block. Parameters are numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The row of matrix A.
    A,
    /// The row of matrix B.
    B,
    /// A with the parameter's value from B.
    Ab(usize),
    /// B with the parameter's value from A.
    Ba(usize),
}
