//! `pointplane search`: which layout is best, under what budget, with what promise (`docs/search.md`).
//!
//! `spec` is the plan as written, `plan` checks it. `space` has the layouts that there could be, `layout` the file of one.
//! Where they are few all are run, where they are many `climb` goes uphill among them. `runs` makes sweeps of layouts and
//! replicates, on the one runner and store, `find` screens them as replicates come in ([`crate::paired::Race`]) and estimates what
//! is chosen anew, with what each of its `parts` adds; `over` compares those that are left over draws of the parameters, `variants`
//! under variants of the model. `tables`
//! has what is written.

mod candidates;
mod climb;
mod find;
mod layout;
mod over;
mod parts;
mod plan;
mod runs;
mod space;
mod spec;
mod statistic;
mod tables;
mod variants;

pub use climb::{Score, Scored, climb};
pub use find::{Estimate, Found, Pair, Ran, Way, find};
pub use layout::{layout, text};
pub use over::{OfLayout, Over};
pub use parts::{Adds, Part};
pub use plan::{Search, read};
pub use runs::{Forecast, Runs, Stage};
pub use space::{
    Act, Budget, Candidate, Change, Choice, Condition, Cost, Listed, MOST_RUN, Seat, Space, Zone,
};
pub use spec::{SearchSpec, search_schema};
pub use tables::{layout_files, tables};
pub use variants::{OfModel, Under, UnderModel};

#[cfg(test)]
mod tests;
