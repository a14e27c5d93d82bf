//! Axes: where numbers lie in a panel.

use std::ops::Range;

use plotters::chart::ChartContext;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};
use serde::Serialize;

use super::super::lang::significant;
use super::ink::{GRID, INK, LINE, MUTED, TEXT, stroke, style, units, width};
use super::{Area, Drawing, title};

/// The plane of a panel.
pub(super) type Plane<'a, 'b> =
    ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// What the numbers of an axis are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ticks {
    /// Numbers.
    #[default]
    Number,
    /// Years, with months as parts of them.
    Year,
    /// Shares, written in per cent.
    Share,
    /// Counts: whole numbers.
    Count,
}

/// An axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// What it shows, with its unit.
    pub label: String,
    /// What its numbers are.
    pub ticks: Ticks,
    /// Ends that it must have; else those of the data.
    pub from: Option<f64>,
    /// The upper end.
    pub to: Option<f64>,
    /// Whether rows of marks have their values written beside them.
    pub written: bool,
}

impl Axis {
    /// Numbers with a label.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    /// Shares with a label.
    pub fn share(label: impl Into<String>) -> Self {
        Self {
            ticks: Ticks::Share,
            ..Self::new(label)
        }
    }

    /// Counts with a label, from 0.
    pub fn count(label: impl Into<String>) -> Self {
        Self {
            ticks: Ticks::Count,
            ..Self::new(label)
        }
        .starting(0.0)
    }

    /// Years: an axis that needs no label.
    pub fn years() -> Self {
        Self {
            ticks: Ticks::Year,
            ..Self::default()
        }
    }

    /// The same, beginning at a value.
    #[must_use]
    pub fn starting(mut self, from: f64) -> Self {
        self.from = Some(from);
        self
    }

    /// The same, ending at a value.
    #[must_use]
    pub fn ending(mut self, to: f64) -> Self {
        self.to = Some(to);
        self
    }

    /// The same, with the values of rows written beside them.
    #[must_use]
    pub fn written(mut self) -> Self {
        self.written = true;
        self
    }

    /// The range that holds all values, with a little air at free ends.
    pub(super) fn range(&self, values: impl Iterator<Item = f64>) -> Range<f64> {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        // Nothing but zeros, or less than one: an axis to 1 says so plainly.
        let least = match self.ticks {
            Ticks::Count => 1.0,
            Ticks::Share if high == 0.0 && low == 0.0 => 1.0,
            _ => f64::NEG_INFINITY,
        };
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        high = high.max(least);
        low = self.from.map_or(low, |from| from.min(low));
        high = self.to.map_or(high, |to| to.max(high));
        let air = if self.ticks == Ticks::Year { 0.0 } else { 0.04 };
        let span = if high > low {
            high - low
        } else {
            high.abs().max(1.0)
        };
        if self.from.is_none_or(|from| low < from) {
            low -= air * span;
        }
        if self.to.is_none_or(|to| high > to) {
            high += air * span;
        }
        low..(if high > low { high } else { low + span })
    }

    /// A value as it stands at the axis.
    pub(super) fn text(&self, value: f64) -> String {
        match self.ticks {
            Ticks::Number => significant(value, 6),
            // Where the steps are parts of one, what lies between is not written.
            Ticks::Count if (value - value.round()).abs() > 1e-9 => String::new(),
            Ticks::Count => significant(value, 9),
            Ticks::Year => format!("{value:.0}"),
            Ticks::Share => format!("{} %", significant(value * 100.0, 4)),
        }
    }

    /// A value as it is told: to four digits, or to the month.
    pub(super) fn told(&self, value: f64) -> String {
        match self.ticks {
            Ticks::Number | Ticks::Count => significant(value, 4),
            Ticks::Year => {
                let months = (value * 12.0).round() as i64;
                format!("{}-{:02}", months.div_euclid(12), months.rem_euclid(12) + 1)
            }
            Ticks::Share => format!("{} %", significant(value * 100.0, 4)),
        }
    }

    /// How wide its labels may be.
    fn room(&self, range: &Range<f64>) -> f64 {
        // Steps between labels are a fifth of the range, or a round number near it.
        let span = range.end - range.start;
        let step = libm::exp10(libm::log10(span / 5.0).floor());
        let rounded = |v: f64| (v / step).round() * step;
        let ends = [range.start, range.end, rounded(range.start + span / 3.0)];
        let widest = ends.map(|v| width(&self.text(rounded(v)), TEXT));
        widest.into_iter().fold(24.0, f64::max) + 9.0
    }
}

/// Where a panel's plane is, in points of the whole drawing, and which values its ends have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Frame {
    /// Which rows of the data are in the panel: words that stand in them, joined by `|`; all when empty.
    pub key: String,
    /// Left end of the plane.
    pub left: f64,
    /// Right end.
    pub right: f64,
    /// Upper end.
    pub top: f64,
    /// Lower end.
    pub bottom: f64,
    /// Value at the left end.
    pub from: f64,
    /// Value at the right end.
    pub to: f64,
}

/// Draws title, axes and grid; gives the plane.
pub(super) fn plane<'a, 'b>(
    area: &'a Area<'b>,
    heading: &str,
    (x, y): (&Axis, &Axis),
    (xs, ys): (Range<f64>, Range<f64>),
) -> Drawing<Plane<'a, 'b>> {
    let (wide, _) = area.dim_in_pixel();
    let wide = f64::from(wide) / super::ink::UNIT;
    title(area, heading, wide)?;
    let mut top = if heading.is_empty() { 0.0 } else { LINE + 3.0 };
    if !y.label.is_empty() {
        // Beside the axis it would have to be turned; above it is read at once.
        area.draw(&Text::new(
            super::ink::cut(&y.label, wide, TEXT),
            (0, units(top)),
            style(TEXT, MUTED, HPos::Left, VPos::Top),
        ))?;
        top += LINE;
    }
    let bottom = if x.label.is_empty() {
        LINE + 4.0
    } else {
        2.0 * LINE + 6.0
    };
    let narrow = wide < 420.0;
    // Labels keep clear of each other in a low panel.
    let (_, tall) = area.dim_in_pixel();
    let room = f64::from(tall) / super::ink::UNIT - top - 6.0 - bottom;
    let most = ((room / LINE).floor() as usize).clamp(2, 6);
    let steps = match y.ticks {
        // No steps of less than one.
        Ticks::Count => (ys.end.floor() as usize + 1).clamp(2, most),
        _ => most,
    };
    let mut chart = ChartBuilder::on(area)
        .margin_top(units(top + 6.0))
        .margin_right(units(16.0))
        .set_label_area_size(LabelAreaPosition::Left, units(y.room(&ys)))
        .set_label_area_size(LabelAreaPosition::Bottom, units(bottom))
        .build_cartesian_2d(xs, ys)?;
    chart
        .configure_mesh()
        .max_light_lines(0)
        .bold_line_style(stroke(GRID, 0.8))
        .axis_style(stroke(MUTED, 0.8))
        .set_all_tick_mark_size(units(3.0))
        .x_labels(if narrow { 5 } else { 8 })
        .y_labels(steps)
        .x_label_formatter(&|v| x.text(*v))
        .y_label_formatter(&|v| y.text(*v))
        .x_label_style(style(TEXT, MUTED, HPos::Center, VPos::Top))
        .y_label_style(style(TEXT, MUTED, HPos::Right, VPos::Center))
        .draw()?;
    if !x.label.is_empty() {
        let across = chart.plotting_area().get_x_axis_pixel_range();
        let (left, right) = (across.start, across.end);
        let (_, height) = area.dim_in_pixel();
        let (from, _) = area.get_pixel_range();
        area.draw(&Text::new(
            x.label.clone(),
            ((left + right) / 2 - from.start, height as i32 - units(1.0)),
            style(TEXT, INK, HPos::Center, VPos::Bottom),
        ))?;
    }
    Ok(chart)
}

/// Where the plane of a chart is.
pub(super) fn frame(chart: &Plane<'_, '_>, xs: &Range<f64>, key: &str) -> Frame {
    let (x, y) = chart.plotting_area().get_pixel_range();
    let points = |units: i32| f64::from(units) / super::ink::UNIT;
    Frame {
        key: key.to_owned(),
        left: points(x.start),
        right: points(x.end),
        top: points(y.start),
        bottom: points(y.end),
        from: xs.start,
        to: xs.end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_their_values() {
        let free = Axis::new("");
        let range = free.range([1.0, f64::NAN, 3.0].into_iter());
        assert!(range.start < 1.0 && range.end > 3.0);
        let from = free.clone().starting(0.0).range([1.0, 3.0].into_iter());
        assert_eq!(from.start, 0.0);
        assert!(
            free.clone()
                .starting(0.0)
                .range([-1.0, 3.0].into_iter())
                .start
                < -1.0
        );
        assert_eq!(free.range(std::iter::empty()), -0.04..1.04);
        let same = free.range([5.0].into_iter());
        assert!(same.start < 5.0 && same.end > 5.0);
        let none = Axis::count("").range([0.0, 0.0].into_iter());
        assert_eq!((none.start, none.end), (0.0, 1.04));
        let share = Axis::share("").starting(0.0).range([0.0].into_iter());
        assert_eq!((share.start, share.end), (0.0, 1.04));
        let years = Axis::years().range([2013.5, 2035.9].into_iter());
        assert_eq!(years, 2013.5..2035.9);
    }

    #[test]
    fn shares_are_in_per_cent() {
        assert_eq!(Axis::share("").text(0.25), "25 %");
        assert_eq!(Axis::new("").text(0.1 + 0.2), "0.3");
        assert_eq!(Axis::count("").text(0.5), "");
        assert_eq!(Axis::count("").text(2.0), "2");
        assert_eq!(Axis::years().told(2019.0 + 7.0 / 12.0), "2019-08");
    }
}
