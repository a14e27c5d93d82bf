//! From who adopted what when to parameters (`docs/inference.md`).
//!
//! `terms` has the parameters. A history is *replayed* over the links of the world (`exposure`, `replay`), which the engine
//! tells where they change (`told`, `ground`), and what the likelihood reads of it is gathered in spells (`gather`).
//! `likelihood` has ℓ and its derivatives, also of items or places that differ, `maximise` its
//! maximum, `endless` says where there is none, `profile` limits, `boundary` tests of rates that cannot be negative, `sandwich` standard errors under
//! clustering, `again` clusters drawn again, `residuals` those of Cox and Snell. `laplace` draws of the parameters, `markov` the same of ℓ itself (`chains`,
//! `dice`, `lower`: also for `calibrate`), `score`
//! what is foretold of held-out data, `curves` S-curves inside simulated bands, `simulated` the parametric bootstrap,
//! `shares` what adoptions are owed to, `naive` models to compare with. `found` is what comes out; `checks`, `search`,
//! `nulls`, `estimate` and `extras` put it together; `tables` and `layout` have what is written.

mod again;
mod boundary;
pub mod calibrate;
mod chains;
mod checks;
mod curves;
mod dice;
mod endless;
mod estimate;
mod exposure;
mod extras;
mod found;
mod gather;
mod ground;
mod held;
mod laplace;
mod layout;
mod likelihood;
mod lower;
mod markov;
mod matrix;
mod maximise;
mod naive;
mod nulls;
mod profile;
mod replay;
mod residuals;
mod sandwich;
mod score;
mod search;
mod shares;
mod simulated;
mod start;
mod tables;
mod terms;
mod told;

pub use curves::Point;
pub use estimate::{estimate, largest};
pub use found::{
    Asked, End, Estimates, Fit, Grid, GridPoint, Set, Share, Simulated, Term, Test, Untold,
};
pub use gather::By;
pub use held::HoldOut;
pub use layout::layout;
pub use likelihood::groups::Mix;
pub use residuals::Residual;
pub use sandwich::Cluster;
pub use score::{Part, Score};
pub use simulated::{Profiled, simulate};
pub use tables::tables;
pub use terms::Kind;
