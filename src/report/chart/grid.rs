//! Matrices, and points with names.

use std::ops::Range;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::fit::between;
use super::frame::{Axis, plane};
use super::ink::{
    Colour, GRID, INK, LINE, MUTED, TEXT, UNIT, cut, diverging, sequential, stroke, style, units,
    width,
};
use super::spot::{Spot, line, origin};
use super::{Area, Drawing, title};

/// Room for the names of columns, in points.
const NAMES: f64 = 110.0;
/// Size of what is written into cells.
const IN_CELL: f64 = TEXT * 0.92;

/// A matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// Its title.
    pub title: String,
    /// What the numbers are, with their unit.
    pub label: String,
    /// Names of the rows.
    pub rows: Vec<String>,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Values by row and column; NaN where there is none.
    pub values: Vec<Vec<f64>>,
    /// The value that is brightest; colours go by the square root, so that small values are seen.
    pub most: f64,
    /// Whether values have signs: colours go from orange below 0 over paper to blue above it.
    pub signed: bool,
    /// What is written into each cell, by row and column; empty without texts.
    pub texts: Vec<Vec<String>>,
}

/// Size of the letters of a name, of the room that it has: in some fonts brackets are taller than that size.
const LETTERS: f64 = 0.9;

impl Heat {
    fn left(&self, wide: f64) -> f64 {
        let widest = self.rows.iter().map(|r| width(r, TEXT)).fold(0.0, f64::max);
        (widest + 8.0).min(wide * 0.45)
    }

    fn top(&self, wide: f64) -> f64 {
        let size = self.name_size(wide);
        let widest = self
            .columns
            .iter()
            .map(|c| width(c, size))
            .fold(0.0, f64::max);
        let names = if self.turned(wide) {
            widest.min(NAMES)
        } else {
            LINE
        };
        let head = if self.title.is_empty() {
            0.0
        } else {
            LINE + 4.0
        };
        head + LINE + 18.0 + names + 6.0
    }

    /// Whether the names of columns are turned: where one does not fit above its cell.
    fn turned(&self, wide: f64) -> bool {
        let room = self.across(wide) - 2.0;
        let fits = |name: &String| width(name, TEXT) <= room;
        self.texts.is_empty() || !self.columns.iter().all(fits)
    }

    /// Width of a cell.
    fn across(&self, wide: f64) -> f64 {
        (wide - self.left(wide)) / self.columns.len().max(1) as f64
    }

    /// Size of the letters of turned names.
    fn name_size(&self, wide: f64) -> f64 {
        TEXT.min(self.across(wide) * LETTERS)
    }

    /// Height of a cell.
    fn down(&self, wide: f64, air: f64) -> f64 {
        if self.texts.is_empty() {
            let most = self.across(wide).clamp(10.0, 16.0);
            between(10.0, most, air)
        } else {
            between(14.0, 20.0, air)
        }
    }

    /// Size of the smallest letters; less than they have where what is written does not fit its cell.
    pub(super) fn least_text(&self, wide: f64, air: f64) -> f64 {
        let across = self.across(wide);
        let texts = self.texts.iter().flatten();
        let widest = texts.map(|text| width(text, IN_CELL) + 3.0);
        let widest = widest.fold(across, f64::max);
        let column = if self.turned(wide) {
            self.name_size(wide)
        } else {
            TEXT
        };
        let size = column.min(self.down(wide, air) * LETTERS);
        size * (across / widest).min(1.0)
    }

    pub(super) fn height(&self, wide: f64, air: f64) -> f64 {
        self.top(wide) + self.down(wide, air) * self.rows.len() as f64 + 6.0
    }

    /// About `n` matrices, each with about as many of the rows, or of the columns where these are too `narrow`.
    pub(super) fn split(&self, n: usize, narrow: bool) -> Vec<Self> {
        // Texts may be missing altogether.
        fn cut<T: Clone>(list: &[T], part: &Range<usize>) -> Vec<T> {
            let some = list.iter().take(part.end).skip(part.start);
            some.cloned().collect()
        }
        let all = if narrow { &self.columns } else { &self.rows }.len();
        let each = all.div_ceil(n.max(1)).max(1);
        let starts = (0..all).step_by(each);
        let part = |at: usize| {
            let part = at..(at + each).min(all);
            if narrow {
                let each = |row: &Vec<f64>| cut(row, &part);
                Self {
                    columns: cut(&self.columns, &part),
                    values: self.values.iter().map(each).collect(),
                    texts: self.texts.iter().map(|row| cut(row, &part)).collect(),
                    ..self.clone()
                }
            } else {
                Self {
                    rows: cut(&self.rows, &part),
                    values: cut(&self.values, &part),
                    texts: cut(&self.texts, &part),
                    ..self.clone()
                }
            }
        };
        starts.map(part).collect()
    }

    pub(super) fn draw(&self, area: &Area<'_>, wide: f64, air: f64) -> Drawing<Vec<Spot>> {
        title(area, &self.title, wide)?;
        let mut spots = Vec::new();
        let (x0, y0) = origin(area);
        let (left, top) = (self.left(wide), self.top(wide));
        let (w, h) = (self.across(wide), self.down(wide, air));
        self.scale(area, wide)?;
        for (n, name) in self.columns.iter().enumerate() {
            let x = left + (n as f64 + 0.5) * w;
            let (size, at) = (self.name_size(wide), (units(x), units(top - 5.0)));
            if !self.turned(wide) {
                area.draw(&Text::new(
                    name.clone(),
                    at,
                    style(TEXT, MUTED, HPos::Center, VPos::Bottom),
                ))?;
            } else {
                let turned = style(size, MUTED, HPos::Left, VPos::Center)
                    .transform(FontTransform::Rotate270);
                area.draw(&Text::new(cut(name, NAMES, size), at, turned))?;
            }
        }
        for (r, name) in self.rows.iter().enumerate() {
            let y = top + (r as f64 + 0.5) * h;
            area.draw(&Text::new(
                cut(name, left - 6.0, TEXT),
                (units(left - 6.0), units(y)),
                style(TEXT.min(h * LETTERS), INK, HPos::Right, VPos::Center),
            ))?;
            for c in 0..self.columns.len() {
                let value = self.values.get(r).and_then(|row| row.get(c));
                let Some(value) = value.copied().filter(|v| v.is_finite()) else {
                    continue;
                };
                let size = if self.signed { value.abs() } else { value };
                let share = (size / self.most).clamp(0.0, 1.0).sqrt();
                let x = left + c as f64 * w;
                let corners = [
                    (units(x + 0.4), units(y - h / 2.0 + 0.4)),
                    (units(x + w - 0.4), units(y + h / 2.0 - 0.4)),
                ];
                let colour = match self.signed {
                    true => diverging(share, value < 0.0),
                    false => sequential(share),
                };
                // Nothing is paper.
                let nothing = value == 0.0 && !self.signed;
                match nothing {
                    true => area.draw(&Rectangle::new(corners, stroke(GRID, 0.6)))?,
                    false => area.draw(&Rectangle::new(corners, colour.filled()))?,
                }
                let shown = super::super::lang::significant(value, 4);
                spots.push(Spot {
                    at: [x0 + x, y0 + y - h / 2.0, x0 + x + w, y0 + y + h / 2.0],
                    words: format!(
                        "{name} × {}\n{}",
                        self.columns[c],
                        line(&self.label, &shown)
                    ),
                });
                let text = self.texts.get(r).and_then(|row| row.get(c));
                if let Some(text) = text.filter(|text| !text.is_empty()) {
                    // Not INK and PAPER on a colour: a dark page repaints those.
                    let ink = match (nothing, share > 0.55 && !self.signed) {
                        (true, _) => INK,
                        (_, true) => RGBColor(0xfe, 0xfe, 0xfe),
                        _ => RGBColor(0x10, 0x10, 0x10),
                    };
                    area.draw(&Text::new(
                        text.clone(),
                        (units(x + w / 2.0), units(y)),
                        style(IN_CELL, ink, HPos::Center, VPos::Center),
                    ))?;
                }
            }
        }
        Ok(spots)
    }

    /// The colours from 0 to the most, with what they are.
    fn scale(&self, area: &Area<'_>, wide: f64) -> Drawing {
        let y = if self.title.is_empty() {
            0.0
        } else {
            LINE + 4.0
        };
        area.draw(&Text::new(
            cut(&self.label, wide, TEXT),
            (0, units(y)),
            style(TEXT, MUTED, HPos::Left, VPos::Top),
        ))?;
        let (bar, steps) = (120.0, 24);
        let y = y + LINE + 3.0;
        let text = |words: String, x: f64, h| {
            Text::new(
                words,
                (units(x), units(y + 4.0)),
                style(TEXT * 0.9, MUTED, h, VPos::Center),
            )
        };
        let most = super::super::lang::number(self.most);
        let least = match self.signed {
            true => super::super::lang::number(-self.most),
            false => "0".to_owned(),
        };
        let left = 3.0 + width(&least, TEXT * 0.9);
        area.draw(&text(least, 0.0, HPos::Left))?;
        for n in 0..steps {
            let share = |n: usize| n as f64 / steps as f64;
            let x = |n: usize| units(left + bar * share(n));
            let corners = [(x(n), units(y)), (x(n + 1), units(y + 8.0))];
            let colour = match self.signed {
                true => {
                    let from_middle = 2.0 * share(n) - 1.0;
                    diverging(from_middle.abs().sqrt(), from_middle < 0.0)
                }
                false => sequential(share(n).sqrt()),
            };
            area.draw(&Rectangle::new(corners, colour.filled()))?;
        }
        area.draw(&text(most, left + 4.0 + bar, HPos::Left))
    }
}

/// Points with names.
#[derive(Clone, Debug, PartialEq)]
pub struct Scatter {
    /// Its title.
    pub title: String,
    /// Axis to the right.
    pub x: Axis,
    /// Axis upwards.
    pub y: Axis,
    /// Name, colour, place, and whether the mark is a ring.
    pub points: Vec<(String, Colour, (f64, f64), bool)>,
}

impl Scatter {
    pub(super) fn draw(&self, area: &Area<'_>) -> Drawing<Vec<Spot>> {
        let xs = self.x.range(self.points.iter().map(|p| p.2.0));
        let ys = self.y.range(self.points.iter().map(|p| p.2.1));
        // Names stand beside the points: they need room.
        let air = (xs.end - xs.start) * 0.06;
        let xs = xs.start - air..xs.end + air;
        let tall = (ys.end - ys.start) * 0.08;
        let ys = ys.start - tall..ys.end + tall;
        let mut chart = plane(area, &self.title, (&self.x, &self.y), (xs, ys))?;
        for (_, colour, at, hollow) in &self.points {
            let mark = if *hollow {
                Circle::new(*at, units(4.5), stroke(colour.rgb(), 2.0))
            } else {
                Circle::new(*at, units(5.0), colour.rgb().filled())
            };
            chart.draw_series(std::iter::once(mark))?;
        }
        let (x, y) = chart.plotting_area().get_pixel_range();
        let points = |unit: i32| f64::from(unit) / UNIT;
        let room = [
            points(x.start),
            points(y.start),
            points(x.end),
            points(y.end),
        ];
        let marks: Vec<(&str, (f64, f64))> = self
            .points
            .iter()
            .map(|(name, _, at, _)| {
                let (x, y) = chart.backend_coord(at);
                (name.as_str(), (points(x), points(y)))
            })
            .collect();
        for ((name, _), (at, (right, dx, dy))) in marks.iter().zip(
            self.points
                .iter()
                .map(|point| point.2)
                .zip(beside(&marks, room)),
        ) {
            let h = if right { HPos::Left } else { HPos::Right };
            let label = EmptyElement::at(at)
                + Text::new(
                    (*name).to_owned(),
                    (units(dx), units(dy)),
                    style(TEXT, INK, h, VPos::Center),
                );
            chart.draw_series(std::iter::once(label))?;
        }
        let spots = self.points.iter().map(|(name, _, at, _)| {
            let (x, y) = chart.backend_coord(at);
            let (x, y) = (f64::from(x) / UNIT, f64::from(y) / UNIT);
            Spot {
                at: [x - 5.0, y - 5.0, x + 5.0, y + 5.0],
                words: format!(
                    "{name}\n{}\n{}",
                    line(&self.x.label, &self.x.told(at.0)),
                    line(&self.y.label, &self.y.told(at.1))
                ),
            }
        });
        Ok(spots.collect())
    }
}

/// Where the name of each mark goes: whether to the right of it, and how far from its middle. Names keep clear
/// of each other, of other marks and of the edge of the `room`, where they can.
fn beside(marks: &[(&str, (f64, f64))], room: [f64; 4]) -> Vec<(bool, f64, f64)> {
    let mut taken: Vec<[f64; 4]> = marks
        .iter()
        .map(|(_, (x, y))| [x - 5.0, y - 5.0, x + 5.0, y + 5.0])
        .collect();
    let middle = (room[0] + room[2]) / 2.0;
    let mut places = Vec::new();
    for (n, (name, (x, y))) in marks.iter().enumerate() {
        let wide = width(name, TEXT);
        let first = *x <= middle;
        let ways = [0.0, -11.0, 11.0, -22.0, 22.0]
            .into_iter()
            .flat_map(|dy| [(first, dy), (!first, dy)]);
        let tried: Vec<((bool, f64, f64), [f64; 4])> = ways
            .map(|(right, dy)| {
                let dx = if right { 9.0 } else { -9.0 };
                let left = if right { x + dx } else { x + dx - wide };
                let at = [left, y + dy - 6.0, left + wide, y + dy + 6.0];
                ((right, dx, dy), at)
            })
            .collect();
        let clear = |at: &[f64; 4]| {
            let inside =
                at[0] >= room[0] && at[2] <= room[2] + 8.0 && at[1] >= room[1] && at[3] <= room[3];
            let apart = |(m, other): (usize, &[f64; 4])| {
                m == n
                    || at[2] < other[0]
                    || at[0] > other[2]
                    || at[3] < other[1]
                    || at[1] > other[3]
            };
            inside && taken.iter().enumerate().all(apart)
        };
        let best = tried.iter().find(|(_, at)| clear(at)).or(tried.first());
        if let Some((place, at)) = best {
            places.push(*place);
            taken.push(*at);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_clear_of_each_other() {
        let room = [0.0, 0.0, 400.0, 200.0];
        let marks = [("one name", (50.0, 100.0)), ("another name", (52.0, 102.0))];
        let places = beside(&marks, room);
        assert_eq!(places[0], (true, 9.0, 0.0));
        assert_ne!(places[1].2, 0.0, "on the same line they would cross");
        // Near the right end a name stands to the left.
        assert!(!beside(&[("a name", (390.0, 50.0))], room)[0].0);
    }
}
