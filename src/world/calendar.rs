//! The steps of a run, which are months unless the scenario says otherwise, and when places open and close in it.

use crate::scenario::spec::Step;
use crate::scenario::tables::Place;
use crate::scenario::{Month, Scenario};

/// A month number that never comes.
pub const NEVER: u16 = u16::MAX;

/// The steps of a run, called months wherever they are counted: number 0 is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// First month.
    pub start: Month,
    /// Length of a step.
    pub step: Step,
    /// Number of steps T.
    pub months: u16,
}

impl Calendar {
    /// The calendar of a scenario.
    pub fn of(scenario: &Scenario) -> Self {
        let (start, step) = (scenario.start, scenario.step);
        let months = step.last(scenario.end) - step.first(start) + 1;
        Self {
            start,
            step,
            months: months.clamp(0, i32::from(NEVER) - 1) as u16,
        }
    }

    /// Steps from the first one to that in which `month` begins, negative before it.
    pub fn since(&self, month: Month) -> i32 {
        self.step.first(month) - self.step.first(self.start)
    }

    /// Steps from the first one to that in which `month` ends, negative before it.
    pub fn until(&self, month: Month) -> i32 {
        self.step.last(month) - self.step.first(self.start)
    }

    /// Number of the first step not before the one in which `month` begins; `NEVER` when after the run.
    pub fn number(&self, month: Month) -> u16 {
        self.in_run(self.since(month).max(0))
    }

    /// The same for the step in which `month` ends.
    pub fn last_number(&self, month: Month) -> u16 {
        self.in_run(self.until(month).max(0))
    }

    /// The number of steps from the first one as a number of the run; `NEVER` when outside it.
    pub fn in_run(&self, steps: i32) -> u16 {
        if (0..i32::from(self.months)).contains(&steps) {
            steps as u16
        } else {
            NEVER
        }
    }

    /// The months in which a place that is dated opens and closes, [`NEVER`] where it does not close in the run;
    /// none for one that does not open in it, or closed before it.
    pub fn open_and_close(&self, place: &Place) -> Option<(u16, u16)> {
        let open = self.number(place.open?);
        let gone = place.close.is_some_and(|month| self.until(month) < 0);
        let close = place.close.map_or(NEVER, |month| self.last_number(month));
        (open != NEVER && !gone).then_some((open, close))
    }

    /// The period of a step's number.
    pub fn period(&self, number: u16) -> i32 {
        self.step.first(self.start) + i32::from(number)
    }

    /// The calendar month of a step's number: that in which it begins.
    pub fn month(&self, number: u16) -> Month {
        self.step.month(self.period(number))
    }

    /// A step as tables write it.
    pub fn name(&self, number: u16) -> String {
        self.step.write(self.period(number))
    }

    /// The calendar year of a step.
    pub fn year(&self, number: u16) -> i32 {
        self.month(number).year()
    }

    /// Whether a step is the last one of its year.
    pub fn ends_year(&self, number: u16) -> bool {
        let next = self.step.month(self.period(number) + 1);
        next.year() != self.year(number)
    }
}
