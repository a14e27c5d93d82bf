//! What is computed from a run: inequality, spatial autocorrelation, coverage, the monthly national row.

pub mod inequality;
pub mod moran;
pub mod national;
pub mod stock;

pub use moran::MoranWeights;
pub use national::{FirmRow, FirmShare, National, NationalRow};
pub use stock::Stock;
