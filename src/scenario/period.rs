//! Periods of a history: times of its tables as whole numbers, one per step.
//!
//! A time is a date in the form of the step (`2013-09`, `2013-Q3`, `2013`, `2013-09-29`) or a whole number, counted
//! from wherever the tables count. Within a scenario all are dates or all are numbers; years are both.

use super::cells::Row;
use super::problem::Report;
use super::spec::Step;
use crate::scenario::Month;
use crate::texts::{Text, text};

/// Periods lie within this distance of 0.
const FARTHEST: i32 = 100_000_000;

/// Reads times, all in one form.
#[derive(Debug, Default)]
pub struct Periods {
    step: Step,
    /// Whether times are dates, once one has been read.
    dates: Option<bool>,
}

impl Periods {
    /// For steps of this length.
    pub const fn new(step: Step) -> Self {
        Self { step, dates: None }
    }

    /// How a time is written, in words.
    fn allowed(&self) -> Text {
        match self.step {
            Step::Month => text!("times-months"),
            Step::Quarter => text!("times-quarters"),
            Step::Year => text!("times-years"),
            Step::Day => text!("times-days"),
        }
    }

    /// The period in a cell; `None` when it is empty or wrong, which is reported.
    pub fn read(&mut self, row: &Row<'_>, column: &str, report: &mut Report) -> Option<i32> {
        let text = row.text(column);
        if text.is_empty() {
            return None;
        }
        let Some((period, dated)) = period(self.step, text) else {
            let problem = row.error(column, text!("not-a-time"));
            report.push(problem.allowed(self.allowed()));
            return None;
        };
        if self.step != Step::Year && *self.dates.get_or_insert(dated) != dated {
            let problem = row.error(column, text!("times-two-forms"));
            report.push(problem.allowed(self.allowed()));
            return None;
        }
        Some(period)
    }
}

/// The period of a text, and whether it is a date.
fn period(step: Step, text: &str) -> Option<(i32, bool)> {
    let whole = text.strip_suffix(".0").unwrap_or(text).parse::<i32>();
    if let Ok(number) = whole {
        return (-FARTHEST..=FARTHEST)
            .contains(&number)
            .then_some((number, false));
    }
    let number = |text: &str, digits: usize, range: std::ops::RangeInclusive<i32>| {
        let good = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        let number = text.parse::<i32>().ok().filter(|_| good)?;
        range.contains(&number).then_some(number)
    };
    let date = match step {
        Step::Year => None,
        Step::Month => (text.len() == 7)
            .then(|| text.parse::<Month>().ok())??
            .0
            .into(),
        Step::Quarter => {
            let (year, quarter) = text.split_once("-Q")?;
            Some(number(year, 4, 0..=9999)? * 4 + number(quarter, 1, 1..=4)? - 1)
        }
        Step::Day => {
            let (year, rest) = text.split_once('-')?;
            let (month, day) = rest.split_once('-')?;
            let date = jiff::civil::Date::new(
                number(year, 4, 0..=9999)? as i16,
                number(month, 2, 1..=12)? as i8,
                number(day, 2, 1..=31)? as i8,
            );
            let first = jiff::civil::Date::constant(1970, 1, 1);
            Some(first.until(date.ok()?).ok()?.get_days())
        }
    };
    Some((date?, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_dates_of_the_step_or_whole_numbers() {
        for (step, text, wanted) in [
            (Step::Year, "1964", Some(1964)),
            (Step::Year, "1964-01", None),
            (Step::Month, "1953-11", Some(1953 * 12 + 10)),
            (Step::Month, "1953-13", None),
            (Step::Month, "1953-11-01", None),
            (Step::Month, "-1", Some(-1)),
            (Step::Quarter, "2013-Q4", Some(2013 * 4 + 3)),
            (Step::Quarter, "2013-Q5", None),
            (Step::Day, "1970-01-31", Some(30)),
            (Step::Day, "1969-12-31", Some(-1)),
            (Step::Day, "1972-03-01", Some(790)),
            (Step::Day, "1970-02-30", None),
            (Step::Day, "92.0", Some(92)),
            (Step::Day, "1e9", None),
            (Step::Day, "999999999", None),
        ] {
            assert_eq!(period(step, text).map(|p| p.0), wanted, "{text}");
        }
    }
}
