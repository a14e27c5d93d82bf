//! Rows of marks with intervals, or of bars: forest plots, timelines, tornados, indices.

use std::ops::Range;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::super::lang::together;
use super::fit::between;
use super::frame::{Axis, Ticks};
use super::ink::{
    Colour, GRID, INK, LINE, MUTED, PAPER, TEXT, bold, cut, stroke, style, units, width,
};
use super::spot::{Spot, line, named, origin, told};
use super::{Area, Drawing, Key, title};

/// Height of a row with one mark, in points: the least that a line of text needs, and with air.
const ROW: [f64; 2] = [12.5, 17.0];
/// Height of each further mark.
const MORE: [f64; 2] = [4.2, 8.0];
/// The same where a value stands beside each mark.
const LINES: [f64; 2] = [10.5, 13.0];
/// Height of each end of an interval above and below its line, in points: more than a mark has, so that an interval is
/// seen that is narrower than its mark.
const END: f64 = 4.2;
/// Room for the dot before a value.
const DOT: f64 = 8.0;
/// Width of a panel, in points, below which values stand there without their intervals.
const NARROW: f64 = 420.0;

/// A mark in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Colour.
    pub colour: Colour,
    /// Where it is.
    pub at: f64,
    /// Lower end of its interval, NaN without one.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// A ring in place of a filled mark.
    pub hollow: bool,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its label; a row without marks is a heading.
    pub label: String,
    /// Its marks, from top to bottom.
    pub marks: Vec<Mark>,
}

/// A panel of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// Its title.
    pub title: String,
    /// Axis to the right.
    pub x: Axis,
    /// The rows from top to bottom.
    pub rows: Vec<Row>,
    /// A value with a line of its own.
    pub rule: Option<f64>,
    /// Bars from the line to the mark.
    pub bars: bool,
}

fn first(air: f64) -> f64 {
    between(ROW[0], ROW[1], air)
}

impl Rows {
    fn more(&self, air: f64) -> f64 {
        let [least, most] = if self.x.written { LINES } else { MORE };
        between(least, most, air)
    }

    fn tall(&self, row: &Row, air: f64) -> f64 {
        first(air) + self.more(air) * (row.marks.len().max(1) - 1) as f64
    }

    /// What stands beside a mark; nothing without `written`.
    fn value(&self, mark: &Mark, wide: f64) -> String {
        if !self.x.written || !mark.at.is_finite() {
            return String::new();
        }
        let whole = [mark.at, mark.low, mark.high];
        if self.x.ticks == Ticks::Year {
            return match wide < NARROW {
                false if mark.low < mark.high => told(&self.x, whole),
                _ => self.x.told(mark.at),
            };
        }
        let (times, unit) = match self.x.ticks {
            Ticks::Share => (100.0, " %"),
            _ => (1.0, ""),
        };
        let sign = self.rule == Some(0.0) && !self.bars;
        if whole.iter().all(|end| *end == 0.0) {
            return format!("0{unit}");
        }
        let [at, low, high] = together(whole.map(|end| times * end), sign);
        match mark.low < mark.high && wide >= NARROW {
            true => format!("{at}{unit} [{low}, {high}]"),
            false => format!("{at}{unit}"),
        }
    }

    fn head(&self) -> f64 {
        if self.title.is_empty() {
            2.0
        } else {
            LINE + 6.0
        }
    }

    fn foot(&self) -> f64 {
        LINE + 6.0 + if self.x.label.is_empty() { 0.0 } else { LINE }
    }

    pub(super) fn height(&self, air: f64) -> f64 {
        let rows = self.rows.iter().map(|row| self.tall(row, air));
        self.head() + rows.sum::<f64>() + self.foot()
    }

    fn range(&self) -> Range<f64> {
        let marks = self.rows.iter().flat_map(|row| &row.marks);
        let ends = marks.flat_map(|mark| [mark.at, mark.low, mark.high]);
        self.x.range(self.rule.into_iter().chain(ends))
    }

    /// About `n` panels of about as many marks each, on the same axis. A heading goes with its rows, and stands
    /// again above those that come after a cut.
    pub(super) fn split(&self, n: usize) -> Vec<Self> {
        let range = self.range();
        let x = self.x.clone().starting(range.start).ending(range.end);
        let marks = |row: &Row| row.marks.len().max(1);
        let each = self
            .rows
            .iter()
            .map(marks)
            .sum::<usize>()
            .div_ceil(n.max(1));
        let mut parts: Vec<Vec<Row>> = vec![Vec::new()];
        let (mut heading, mut filled) = (None, 0);
        for row in &self.rows {
            if row.marks.is_empty() {
                heading = Some(row);
            }
            if filled >= each {
                // A heading that was just written has its rows in the next part.
                let left = parts
                    .last_mut()
                    .and_then(|part| part.pop_if(|last| last.marks.is_empty()));
                let again = left.or(heading.filter(|_| !row.marks.is_empty()).cloned());
                parts.push(again.into_iter().collect());
                filled = 0;
            }
            filled += marks(row);
            if let Some(part) = parts.last_mut() {
                part.push(row.clone());
            }
        }
        let with = |rows| Self {
            x: x.clone(),
            rows,
            ..self.clone()
        };
        parts.into_iter().map(with).collect()
    }

    pub(super) fn draw(
        &self,
        area: &Area<'_>,
        wide: f64,
        air: f64,
        legend: &[Key],
    ) -> Drawing<Vec<Spot>> {
        title(area, &self.title, wide)?;
        let range = self.range();
        let labels = self.rows.iter().filter(|row| !row.marks.is_empty());
        let widest = labels
            .map(|row| width(&row.label, TEXT))
            .fold(0.0, f64::max);
        let left = (widest + 12.0).min(wide * 0.5);
        let values = self.rows.iter().flat_map(|row| &row.marks);
        let values = values.map(|mark| width(&self.value(mark, wide), TEXT));
        let right = match values.fold(0.0, f64::max) {
            room if room > 0.0 => room + DOT + 12.0,
            _ => 14.0,
        };
        let x = |value: f64| {
            let share = (value - range.start) / (range.end - range.start);
            units(left + share * (wide - left - right))
        };
        let (head, end) = (self.head(), self.height(air) - self.foot());
        let about = ((wide - left - right) / 60.0).clamp(3.0, 7.0) as usize;
        let ticks = ticks(range.start, range.end, about);
        for tick in ticks {
            let line = vec![(x(tick), units(head)), (x(tick), units(end))];
            area.draw(&PathElement::new(line, stroke(GRID, 0.8)))?;
            area.draw(&Text::new(
                self.x.text(tick),
                (x(tick), units(end + 4.0)),
                style(TEXT, MUTED, HPos::Center, VPos::Top),
            ))?;
        }
        if !self.x.label.is_empty() {
            let words = cut(&self.x.label, wide, TEXT);
            // In the middle of the axis, but inside the figure.
            let half = width(&words, TEXT) / 2.0;
            let middle = ((left + wide - right) / 2.0).min(wide - half).max(half);
            area.draw(&Text::new(
                words,
                (units(middle), units(end + LINE + 6.0)),
                style(TEXT, INK, HPos::Center, VPos::Top),
            ))?;
        }
        if let Some(rule) = self.rule {
            let line = vec![(x(rule), units(head)), (x(rule), units(end))];
            area.draw(&PathElement::new(line, stroke(MUTED, 1.2)))?;
        }
        let (x0, y0) = origin(area);
        let mut spots = Vec::new();
        let mut heading = self.title.as_str();
        // Marks of a row keep clear of each other.
        let thick = between(0.6, 1.0, air);
        let mut y = head;
        for (n, row) in self.rows.iter().enumerate() {
            let middle = y + self.tall(row, air) / 2.0;
            // Rows of several marks are set apart.
            let several = self.x.written && row.marks.len() > 1;
            if several && n > 0 && !self.rows[n - 1].marks.is_empty() {
                let line = vec![(0, units(y)), (units(wide), units(y))];
                area.draw(&PathElement::new(line, stroke(GRID, 0.8)))?;
            }
            if row.marks.is_empty() {
                heading = &row.label;
                // Lines of the grid do not run through it.
                let long = (1.15 * width(&row.label, TEXT)).min(wide) + 2.0;
                let corners = [(0, units(middle - 7.0)), (units(long), units(middle + 7.0))];
                area.draw(&Rectangle::new(corners, PAPER.filled()))?;
                area.draw(&Text::new(
                    cut(&row.label, wide, TEXT),
                    (0, units(middle)),
                    bold(TEXT, HPos::Left, VPos::Center),
                ))?;
            } else {
                area.draw(&Text::new(
                    cut(&row.label, left - 8.0, TEXT),
                    (units(left - 8.0), units(middle)),
                    style(TEXT, INK, HPos::Right, VPos::Center),
                ))?;
            }
            for (n, mark) in row.marks.iter().enumerate() {
                let at = y + first(air) / 2.0 + self.more(air) * n as f64;
                self.mark(area, mark, (at, thick), &x)?;
                let value = self.value(mark, wide);
                if !value.is_empty() {
                    area.draw(&Text::new(
                        value,
                        (units(wide), units(at)),
                        style(TEXT * 0.95, INK, HPos::Right, VPos::Center),
                    ))?;
                    // Which of several it is of.
                    if row.marks.len() > 1 {
                        let dot = (units(wide - right + 4.0 + DOT / 2.0), units(at));
                        let fill = mark.colour.rgb().filled();
                        area.draw(&Circle::new(dot, units(2.2), fill))?;
                    }
                }
            }
            if !row.marks.is_empty() {
                let mut words = vec![match heading {
                    "" => row.label.clone(),
                    heading => format!("{heading} · {}", row.label),
                }];
                words.extend(row.marks.iter().map(|mark| {
                    let name = named(legend, mark.colour.rgb(), mark.hollow);
                    line(name, &told(&self.x, [mark.at, mark.low, mark.high]))
                }));
                if !self.x.label.is_empty() {
                    words.push(format!("({})", self.x.label));
                }
                spots.push(Spot {
                    at: [x0, y0 + y, x0 + wide, y0 + y + self.tall(row, air)],
                    words: words.join("\n"),
                });
            }
            y += self.tall(row, air);
        }
        Ok(spots)
    }

    fn mark(
        &self,
        area: &Area<'_>,
        mark: &Mark,
        (y, thick): (f64, f64),
        x: &impl Fn(f64) -> i32,
    ) -> Drawing {
        if !mark.at.is_finite() {
            return Ok(());
        }
        let colour = mark.colour.rgb();
        if self.bars {
            let from = x(self.rule.unwrap_or(0.0));
            let corners = [
                (from, units(y - 3.4 * thick)),
                (x(mark.at), units(y + 3.4 * thick)),
            ];
            let fill = if mark.hollow {
                colour.mix(0.4)
            } else {
                colour.mix(0.85)
            };
            area.draw(&Rectangle::new(corners, fill.filled()))?;
        }
        if mark.low.is_finite() && mark.high.is_finite() {
            let line = vec![(x(mark.low), units(y)), (x(mark.high), units(y))];
            let ink = if self.bars { INK } else { colour };
            area.draw(&PathElement::new(line, stroke(ink, 1.5 * thick)))?;
            if !self.bars {
                for end in [mark.low, mark.high] {
                    let (up, down) = (units(y - END * thick), units(y + END * thick));
                    let line = vec![(x(end), up), (x(end), down)];
                    area.draw(&PathElement::new(line, stroke(ink, 1.1 * thick)))?;
                }
            }
        }
        if !self.bars {
            let at = (x(mark.at), units(y));
            if mark.hollow {
                area.draw(&Circle::new(
                    at,
                    units(2.4 * thick),
                    stroke(colour, 1.5 * thick),
                ))?;
            } else {
                area.draw(&Circle::new(at, units(2.6 * thick), colour.filled()))?;
            }
        }
        Ok(())
    }
}

/// About so many round values between two ends (steps of 1, 2 or 5 times a power of ten).
pub(super) fn ticks(from: f64, to: f64, about: usize) -> Vec<f64> {
    let rough = (to - from) / about.max(1) as f64;
    if !(rough > 0.0 && rough.is_finite()) {
        return vec![from];
    }
    let power = libm::exp10(libm::log10(rough).floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|s| s * power);
    let step = steps.into_iter().find(|s| *s >= rough).unwrap_or(rough);
    let first = (from / step).ceil() as i64;
    let last = (to / step).floor() as i64;
    (first..=last).map(|n| n as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(-0.3, 0.9, 4), [0.0, 0.5]);
        assert_eq!(
            ticks(2013.7, 2036.0, 5),
            [2015.0, 2020.0, 2025.0, 2030.0, 2035.0]
        );
        assert_eq!(ticks(1.0, 1.0, 5), [1.0]);
    }
}
