//! The statistics of the paired comparison: numbers in, numbers out.
//!
//! Replicate r of a layout and replicate r of the baseline share all random numbers that the layout does not
//! touch. So the unit is the difference of one replicate, and every interval here is an interval of
//! a mean of such differences, over replicates that are independent of each other.
//!
//! - [`difference()`] of one number: t or BCa interval, and the unpaired interval beside it.
//! - [`PathAccumulator`]: of a path of months, with pointwise and simultaneous bands.
//! - [`Stein`]: how many replicates a wanted width needs, and the interval that stays exact.
//! - [`Credible`]: of draws of the parameters in replicates, what is parameters, what is luck ([`TwoWay`]).
//! - [`Race`]: which of many layouts is best, with a promise, as replicates come in.
//! - [`holm()`] over many tests, [`ranking()`] and [`front()`] over many layouts.
//!
//! Nothing here knows the model or a file. What is simulated (resamples, suprema) is drawn by name
//! ([`DrawName`]): the same data under the same name give the same bytes, in any order of evaluation.

use crate::draw::{Luck, Process, Stream};

mod band;
mod best;
mod bootstrap;
mod chances;
mod credible;
mod difference;
mod holm;
mod information;
mod moments;
mod pareto;
mod path;
mod ranking;
mod resampled;
mod screening;
mod stein;
mod student;
mod supremum;
mod two_way;

pub use band::{Band, MINIMUM_FOR_BAND, fewest_for_band};
pub use best::{Chosen, choices};
pub(crate) use bootstrap::{RESAMPLES, ends_of_resamples};
pub use credible::{Credible, Percent, percent, quantile};
pub use difference::{Choice, Difference, MINIMUM_FOR_BCA, Method, difference};
pub use holm::holm;
pub use information::{counted, explained};
pub use pareto::{Front, front, pareto};
pub use path::PathAccumulator;
pub use ranking::{Rank, ranking};
pub use screening::{Fate, Limits, Race, Runner};
pub use stein::{Stein, replicates_needed};
pub(crate) use student::{Z_975, t_upper};
pub use student::{t_quantile, two_sided_p};
pub use two_way::{Met, TwoWay};

/// Which direction of an outcome is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

impl Better {
    /// The value with its sign such that more is better.
    fn gain(self, value: f64) -> f64 {
        match self {
            Self::Higher => value,
            Self::Lower => -value,
        }
    }
}

/// The name under which an interval or a band draws its simulated numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawName {
    luck: Luck,
    first: u64,
    second: u64,
}

impl DrawName {
    /// From the seed of the comparison and the hashes of up to two stable ids
    /// ([`crate::draw::id_hash`]), such as the layout and the outcome with its group and horizon.
    pub const fn new(seed: u64, first: u64, second: u64) -> Self {
        Self {
            luck: Luck::new(seed, 0),
            first,
            second,
        }
    }

    /// The draws of one resample or one supremum.
    pub(crate) fn stream(self, process: Process, serial: u32) -> Stream {
        self.luck.stream(process, self.first, self.second, serial)
    }
}
