//! Compares layouts on the same luck: paired counterfactuals.
//!
//! One way through: `side` says what may be compared, `groups` and `measure::catalogue` what is looked at,
//! `observe` listens to one replicate of one layout, `units` runs all in balanced order and keeps each
//! replicate, `derive` makes the tables of effects from what was kept.

mod derive;
mod effects;
mod groups;
mod interval;
mod observe;
mod parts;
pub mod places;
pub mod plan;
mod responses;
mod side;
mod slots;
pub mod sources;
pub mod structures;
mod units;

pub use derive::{WidthError, definitions as derived_definitions, derive, needed};
pub use groups::{Group, GroupKind, Groups, MEMBER, NATIONAL, NON_MEMBER};
pub use interval::{Settings, Target};
pub use observe::{Observed, observe, observe_in};
pub use parts::definitions as part_definitions;
pub use responses::LONGEST;
pub use side::{Comparison, Side, refused};
pub use slots::{Of, Slot, Slots};
pub use units::run_units;
