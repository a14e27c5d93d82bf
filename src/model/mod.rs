//! The five-scale diffusion model: one scale, one file, its equations on top (model §3).
//!
//! [`month`] is the order of the five. The model reads a [`World`](crate::world::World) and named
//! draws and nothing else; what happens it tells a [`Listener`].

pub mod attribution;
pub mod axis;
pub mod circle;
pub mod credit;
pub mod event;
mod fetch;
pub mod firm;
pub mod fixed;
pub mod hazard;
pub mod holders;
pub mod line;
pub mod mechanism;
pub mod month;
mod plan;
pub mod plane;
pub mod point;
pub mod reach;
pub mod row;
mod share;
mod spread;
pub mod state;
pub mod structures;
pub mod trend;
pub mod unit;
pub mod weight;

pub use event::{Adoption, Listener, Shape, Silent, StructureEvent};
pub use mechanism::Mechanisms;
pub use month::run;
pub use point::Innovation;
pub use state::State;
