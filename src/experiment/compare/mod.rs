//! Compares layouts under common random numbers: paired counterfactuals.
//!
//! One way through: `comparison` says what may be compared, `groups` and `measure::catalogue` what is looked at;
//! [`plan`] is made of a request. `observe` looks at one replicate of one layout, `parts` makes tables of it,
//! `derive` makes the tables of effects from what was kept, and `work` puts these together as an experiment.

mod comparison;
mod derive;
mod effects;
mod groups;
mod interval;
mod observe;
mod parts;
mod places;
pub mod plan;
mod responses;
mod side;
mod slots;
mod sources;
mod structures;
mod work;

pub use comparison::{Comparison, LONGEST, check_month, check_sides, refused};
pub use derive::derive;
pub use effects::coordination_cost;
pub use groups::{Group, GroupKind, Groups, MEMBER, NATIONAL, NON_MEMBER};
pub use interval::{Settings, Target};
pub use observe::{Observed, observe, observe_in};
pub use plan::{Checked, Plan, check, plan};
pub use side::Side;
pub use slots::{Of, Slot, Slots};
