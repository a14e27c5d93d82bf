//! Reading ahead: what a loop needs soon is fetched while it works on something else.
//!
//! A state larger than the cache makes a loop wait at every step; fetching changes nothing but that. How
//! many steps ahead was tried out, and matters little as long as it is more than one.

use std::ops::Range;

use prefetch_index::prefetch_index;

/// Cache lines of a run that are fetched; longer ones are read in order, which needs no help.
const LINES: usize = 16;

/// Has the start of a run of small values fetched.
#[inline(always)]
pub fn fetch_run<T>(list: &[T], run: Range<usize>) {
    let step = 64 / size_of::<T>();
    let end = run.end.min(run.start + LINES * step);
    for at in (run.start..end).step_by(step) {
        prefetch_index(list, at);
    }
}
