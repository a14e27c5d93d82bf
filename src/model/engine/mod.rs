//! The sealed part: what makes the model fast, and changes none of its results.
//!
//! The theory adds h_ik to H_ik in every month, for every innovation k and place i. That would be some hundred million
//! additions a run for the scenario of China, nearly all of them of what was added the month before. Here a pair (i, k) is
//! touched only when something happens to it:
//!
//! - [`fixed`]: exposures and hazards are whole numbers of ticks, so that sums are exact in any order, and what is worked
//!   out late or not at all differs in no bit;
//! - [`unit`]: what H_ik and θ_ik are counted in, so that a change of exposure is, where it can be, a change of rate;
//! - [`trend`]: the straight line that H_ik is on, and the month in which it meets θ_ik;
//! - [`reach`]: an upper bound on H_ik; pairs that cannot adopt by the end of the run are left out;
//! - [`row`]: one innovation over all places: exposures, lines, who is due;
//! - [`weight`]: W_ij,d(t) of all links and domains now, changed only where something changes; [`holders`]: for which
//!   innovations such a change matters;
//! - [`share`] and [`credit`]: credit and flows in whole ticks; accounts by link, split by mechanism only when the parts of
//!   a weight change;
//! - [`fetch`]: reading ahead.

pub mod credit;
pub(super) mod fetch;
pub mod fixed;
pub mod holders;
pub mod reach;
pub mod row;
pub(super) mod share;
pub mod trend;
pub mod unit;
pub mod weight;
