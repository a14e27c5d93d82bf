//! The five-scale diffusion model: one scale, one file, its equations on top (model §7).
//!
//! [`month`] is the order of the five. The model reads a [`World`](crate::world::World) and named
//! draws and nothing else; what happens it tells a [`Listener`].

pub mod attribution;
pub mod axis;
pub mod circle;
pub mod course;
pub mod engine;
pub mod event;
pub mod firm;
pub mod hazard;
pub mod line;
pub mod month;
mod plan;
pub mod plane;
pub mod point;
mod spread;
pub mod state;
pub mod structures;

pub use crate::world::id::{InnovationId, LinkId, PlaceId, ZoneId};
pub use crate::world::mechanism::Mechanisms;
pub use course::{Course, Ranges, Thresholds};
pub use engine::OutOfMemory;
pub use event::{Adoption, Listener, Shape, Silent, StructureEvent};
pub use month::{run, run_as};
pub use point::Innovation;
pub use state::State;
