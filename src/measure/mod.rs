//! What is computed from a run: inequality, spatial autocorrelation, coverage, the monthly national row; and the
//! registry of all measures and outcomes ([`catalogue`]), by which they are named, read and drawn.

pub mod catalogue;
pub mod firsts;
pub mod inequality;
pub mod moran;
pub mod national;
pub mod outcome;
pub mod stock;

pub use catalogue::{OUTCOMES, measures};
pub use firsts::{Firsts, Scale};
pub use moran::MoranWeights;
pub use national::{FirmRow, FirmShare, National, NationalRow};
pub use outcome::{Outcome, Stage, Told, Unit, Value};
pub use stock::Stock;
