//! From who adopted what when to parameters (`docs/inference.md`).
//!
//! A history is *replayed* over the links of the world (`exposure`, `replay`), and what the likelihood reads of it is
//! gathered in spells (`gather`). `likelihood` has ℓ and its derivatives, `maximise` its maximum, `profile` limits,
//! `boundary` tests of rates that cannot be negative, `sandwich` standard errors under clustering, `residuals` those of Cox
//! and Snell. `laplace` draws of the parameters, `score` what is foretold of held-out data, `curves` S-curves inside simulated
//! bands. `estimate` and `extras` put it together; `tables` and `layout` have what is written.

mod boundary;
pub mod calibrate;
mod curves;
mod estimate;
mod exposure;
mod extras;
mod gather;
mod held;
mod laplace;
mod layout;
mod likelihood;
mod matrix;
mod maximise;
mod profile;
mod replay;
mod residuals;
mod sandwich;
mod score;
mod start;
mod tables;
mod terms;

pub use curves::Point;
pub use estimate::{Asked, Cluster, Estimates, Fit, Kind, Term, Test, estimate};
pub use held::HoldOut;
pub use layout::layout;
pub use residuals::Residual;
pub use score::{Part, Score};
pub use tables::tables;
