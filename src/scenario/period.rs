//! Periods of a history: times of its tables as whole numbers, one per step.
//!
//! A time is a date in the form of the step (`2013-09`, `2013-Q3`, `2013`, `2013-09-29`) or a whole number, counted
//! from wherever the tables count. Within a scenario all are dates or all are numbers; years are both.

use jiff::civil::Date;

use super::cells::Row;
use super::problem::Report;
use super::spec::Step;
use crate::scenario::Month;
use crate::texts::{Text, text};

/// The day from which days are counted.
const FIRST_DAY: Date = Date::constant(1970, 1, 1);

impl Step {
    /// The period in which a calendar month begins.
    pub fn first(self, month: Month) -> i32 {
        match self {
            Self::Month => month.0,
            Self::Quarter => month.0.div_euclid(3),
            Self::Year => month.year(),
            Self::Day => day(month),
        }
    }

    /// The period in which a calendar month ends.
    pub fn last(self, month: Month) -> i32 {
        match self {
            Self::Day => day(Month(month.0 + 1)) - 1,
            _ => self.first(month),
        }
    }

    /// The calendar month in which a period begins.
    pub fn month(self, period: i32) -> Month {
        match self {
            Self::Month => Month(period),
            Self::Quarter => Month(period * 3),
            Self::Year => Month(period * 12),
            Self::Day => {
                let date = date(period);
                Month::new(i32::from(date.year()), i32::from(date.month()))
            }
        }
    }

    /// The period as the tables write it.
    pub fn write(self, period: i32) -> String {
        match self {
            Self::Month => Month(period).to_string(),
            Self::Quarter => {
                let (year, quarter) = (period.div_euclid(4), period.rem_euclid(4) + 1);
                format!("{year:04}-Q{quarter}")
            }
            Self::Year => format!("{period:04}"),
            Self::Day => date(period).to_string(),
        }
    }

    /// Steps in a year; of days the mean over leap years.
    pub fn per_year(self) -> f64 {
        match self {
            Self::Month => 12.0,
            Self::Quarter => 4.0,
            Self::Year => 1.0,
            Self::Day => 365.25,
        }
    }
}

/// The number of the first day of a month.
fn day(month: Month) -> i32 {
    let date = Date::new(month.year() as i16, month.month() as i8, 1);
    let days = |date: Date| FIRST_DAY.until(date).map(|span| span.get_days());
    // Months of a scenario have years of four digits.
    date.and_then(days).unwrap_or(0)
}

/// The date of a day.
fn date(day: i32) -> Date {
    let span = jiff::Span::new().try_days(day);
    span.and_then(|span| FIRST_DAY.checked_add(span))
        .unwrap_or(FIRST_DAY)
}

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

    /// Whether times are whole numbers that no calendar knows. A number of years is a year.
    pub fn numbered(&self) -> bool {
        self.step != Step::Year && self.dates == Some(false)
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
            let date = Date::new(
                number(year, 4, 0..=9999)? as i16,
                number(month, 2, 1..=12)? as i8,
                number(day, 2, 1..=31)? as i8,
            );
            Some(FIRST_DAY.until(date.ok()?).ok()?.get_days())
        }
    };
    Some((date?, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_written_as_they_are_read() {
        for step in [Step::Month, Step::Quarter, Step::Year, Step::Day] {
            for month in [
                Month::new(1861, 10),
                Month::new(1970, 1),
                Month::new(2024, 2),
            ] {
                let (first, last) = (step.first(month), step.last(month));
                for at in [first, last] {
                    assert_eq!(period(step, &step.write(at)).map(|p| p.0), Some(at));
                }
                assert_eq!(step.first(step.month(first)), first);
            }
        }
        assert_eq!(
            Step::Day.last(Month::new(2024, 2)) - Step::Day.first(Month::new(2024, 2)),
            28
        );
        assert_eq!(
            Step::Quarter.write(Step::Quarter.first(Month::new(2013, 9))),
            "2013-Q3"
        );
        assert_eq!(Step::Day.write(0), "1970-01-01");
    }

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
