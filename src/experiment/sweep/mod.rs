//! Sweeps: many points of a scenario's parameter space, every layout and replicate at each, under common
//! random numbers.
//!
//! One way through: `spec` is the plan as written, `read` checks it and lays its design with
//! [`crate::design`], `point` makes the world of a point, and `work` says what is
//! kept of it. `summary` reads what came out with [`crate::sensitivity`].

mod break_even;
mod cost;
mod design;
mod drawn;
mod kept;
mod layouts;
mod level;
mod list;
mod made;
pub mod over;
mod parameters;
mod plan;
mod point;
mod read;
pub mod spec;
mod stage;
pub mod summary;
mod table;
mod vet;
mod work;

pub use cost::Cost;
pub use drawn::Drawn;
pub use level::setting;
pub use parameters::Parameter;
pub use plan::Plan;
pub use point::Point;
pub use read::{check_unwritten, dotted, read_plan};
pub use stage::{Carry, Each, Halt, layout_paths, layout_word, make, stage, way};
pub use work::{Sweep, plan, values};
