//! From who adopted what when to parameters (`docs/inference.md`).
//!
//! A history is *replayed* over the links of the world (`exposure`, `replay`), and what the likelihood reads of it is
//! gathered in spells (`gather`). `likelihood` has ℓ and its derivatives, `maximise` its maximum, `profile` limits,
//! `boundary` tests of rates that cannot be negative, `sandwich` standard errors under clustering, `residuals` those of Cox
//! and Snell. `estimate` puts it together; `tables` and `layout` have what is written.

mod boundary;
pub mod calibrate;
mod estimate;
mod exposure;
mod gather;
mod layout;
mod likelihood;
mod matrix;
mod maximise;
mod profile;
mod replay;
mod residuals;
mod sandwich;
mod tables;
mod terms;

pub use estimate::{Asked, Cluster, Estimates, Fit, Kind, Term, Test, estimate};
pub use layout::layout;
pub use residuals::Residual;
pub use tables::tables;
