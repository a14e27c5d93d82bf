//! The months of a run, and when places open and close in it.

use crate::scenario::tables::Place;
use crate::scenario::{Month, Scenario};

/// A month number that never comes.
pub const NEVER: u16 = u16::MAX;

/// The months of a run: month 0 is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// First month.
    pub start: Month,
    /// Number of months T.
    pub months: u16,
}

impl Calendar {
    /// The calendar of a scenario.
    pub fn of(scenario: &Scenario) -> Self {
        let months = scenario.end.since(scenario.start) + 1;
        Self {
            start: scenario.start,
            months: months.clamp(0, i32::from(NEVER) - 1) as u16,
        }
    }

    /// Month number of the first month not before `month`; `NEVER` when after the run.
    pub fn number(&self, month: Month) -> u16 {
        let number = month.since(self.start).max(0);
        if number < i32::from(self.months) {
            number as u16
        } else {
            NEVER
        }
    }

    /// The months in which a place that is dated opens and closes, [`NEVER`] where it does not close in the run;
    /// none for one that does not open in it, or closed before it.
    pub fn open_and_close(&self, place: &Place) -> Option<(u16, u16)> {
        let open = self.number(place.open?);
        let gone = place.close.is_some_and(|month| month < self.start);
        let close = place.close.map_or(NEVER, |month| self.number(month));
        (open != NEVER && !gone).then_some((open, close))
    }

    /// The calendar month of a month number.
    pub fn month(&self, number: u16) -> Month {
        Month(self.start.0 + i32::from(number))
    }
}
