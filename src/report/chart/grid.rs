//! Matrices, points with names, and static maps.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::frame::{Axis, plane};
use super::ink::{Colour, INK, LINE, MUTED, TEXT, cut, stroke, style, units, viridis, width};
use super::{Area, Drawing, title};

/// Room for the names of columns, in points.
const NAMES: f64 = 110.0;

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
    /// What is written into each cell, by row and column; empty without texts.
    pub texts: Vec<Vec<String>>,
}

impl Heat {
    fn left(&self, wide: f64) -> f64 {
        let widest = self.rows.iter().map(|r| width(r, TEXT)).fold(0.0, f64::max);
        (widest + 8.0).min(wide * 0.36)
    }

    fn top(&self, wide: f64) -> f64 {
        let size = TEXT.min(self.cell(wide).0);
        let widest = self
            .columns
            .iter()
            .map(|c| width(c, size))
            .fold(0.0, f64::max);
        let names = if self.upright() {
            LINE
        } else {
            widest.min(NAMES)
        };
        let head = if self.title.is_empty() {
            0.0
        } else {
            LINE + 4.0
        };
        head + LINE + 18.0 + names + 6.0
    }

    /// Whether the names of columns need not be turned.
    fn upright(&self) -> bool {
        !self.texts.is_empty()
    }

    fn cell(&self, wide: f64) -> (f64, f64) {
        let cell = (wide - self.left(wide)) / self.columns.len().max(1) as f64;
        (
            cell,
            if self.upright() {
                20.0
            } else {
                cell.clamp(9.0, 16.0)
            },
        )
    }

    pub(super) fn height(&self, wide: f64) -> f64 {
        self.top(wide) + self.cell(wide).1 * self.rows.len() as f64 + 6.0
    }

    pub(super) fn draw(&self, area: &Area<'_>, wide: f64) -> Drawing {
        title(area, &self.title, wide)?;
        let (left, top) = (self.left(wide), self.top(wide));
        let (w, h) = self.cell(wide);
        self.scale(area, wide)?;
        for (n, name) in self.columns.iter().enumerate() {
            let x = left + (n as f64 + 0.5) * w;
            let (size, at) = (TEXT.min(w), (units(x), units(top - 5.0)));
            if self.upright() {
                let name = cut(name, w - 2.0, TEXT);
                area.draw(&Text::new(
                    name,
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
                style(TEXT.min(h), INK, HPos::Right, VPos::Center),
            ))?;
            for c in 0..self.columns.len() {
                let value = self.values.get(r).and_then(|row| row.get(c));
                let Some(value) = value.copied().filter(|v| v.is_finite()) else {
                    continue;
                };
                let share = (value / self.most).clamp(0.0, 1.0).sqrt();
                let x = left + c as f64 * w;
                let corners = [
                    (units(x + 0.4), units(y - h / 2.0 + 0.4)),
                    (units(x + w - 0.4), units(y + h / 2.0 - 0.4)),
                ];
                area.draw(&Rectangle::new(corners, viridis(share).filled()))?;
                let text = self.texts.get(r).and_then(|row| row.get(c));
                if let Some(text) = text.filter(|text| !text.is_empty()) {
                    // Dark below the middle of viridis, light above it. Not INK and PAPER, which a dark
                    // page repaints.
                    let ink = if share < 0.6 {
                        RGBColor(0xfe, 0xfe, 0xfe)
                    } else {
                        RGBColor(0x10, 0x10, 0x10)
                    };
                    area.draw(&Text::new(
                        text.clone(),
                        (units(x + w / 2.0), units(y)),
                        style(TEXT * 0.92, ink, HPos::Center, VPos::Center),
                    ))?;
                }
            }
        }
        Ok(())
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
        area.draw(&text("0".to_owned(), 0.0, HPos::Left))?;
        for n in 0..steps {
            let share = |n: usize| n as f64 / steps as f64;
            let x = |n: usize| units(11.0 + bar * share(n));
            let corners = [(x(n), units(y)), (x(n + 1), units(y + 8.0))];
            let colour = viridis(share(n).sqrt());
            area.draw(&Rectangle::new(corners, colour.filled()))?;
        }
        area.draw(&text(most, 15.0 + bar, HPos::Left))
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
    pub(super) fn draw(&self, area: &Area<'_>) -> Drawing {
        let xs = self.x.range(self.points.iter().map(|p| p.2.0));
        let ys = self.y.range(self.points.iter().map(|p| p.2.1));
        // Names stand beside the points: they need room.
        let air = (xs.end - xs.start) * 0.06;
        let xs = xs.start - air..xs.end + air;
        let tall = (ys.end - ys.start) * 0.08;
        let ys = ys.start - tall..ys.end + tall;
        let middle = (xs.start + xs.end) / 2.0;
        let mut chart = plane(area, &self.title, (&self.x, &self.y), (xs, ys))?;
        for (name, colour, at, hollow) in &self.points {
            let mark = if *hollow {
                Circle::new(*at, units(4.5), stroke(colour.rgb(), 2.0))
            } else {
                Circle::new(*at, units(5.0), colour.rgb().filled())
            };
            chart.draw_series(std::iter::once(mark))?;
            let (h, shift) = if at.0 > middle {
                (HPos::Right, -9.0)
            } else {
                (HPos::Left, 9.0)
            };
            let label = EmptyElement::at(*at)
                + Text::new(
                    name.clone(),
                    (units(shift), 0),
                    style(TEXT, INK, h, VPos::Center),
                );
            chart.draw_series(std::iter::once(label))?;
        }
        Ok(())
    }
}

/// A map: marks at places.
#[derive(Clone, Debug, PartialEq)]
pub struct Dots {
    /// Its title.
    pub title: String,
    /// Degrees east and north, radius in points at the width of a page, colour.
    pub dots: Vec<(f64, f64, f64, RGBColor)>,
    /// West, south, east and north end.
    pub bounds: [f64; 4],
}

impl Dots {
    /// East–west degrees shrink by this much in the middle of the map.
    fn stretch(&self) -> f64 {
        ((self.bounds[1] + self.bounds[3]) / 2.0)
            .to_radians()
            .cos()
            .max(0.05)
    }

    pub(super) fn height(&self, wide: f64) -> f64 {
        let [west, south, east, north] = self.bounds;
        let shape = (north - south).max(1e-6) / ((east - west).max(1e-6) * self.stretch());
        LINE + 6.0 + (wide * shape).min(wide * 1.2)
    }

    pub(super) fn draw(&self, area: &Area<'_>, wide: f64) -> Drawing {
        title(area, &self.title, wide)?;
        let [west, south, east, north] = self.bounds;
        let tall = self.height(wide) - LINE - 6.0;
        let across = (east - west).max(1e-6) * self.stretch();
        let scale = (wide / across).min(tall / (north - south).max(1e-6));
        for (lon, lat, radius, colour) in &self.dots {
            let x = (lon - west) * self.stretch() * scale + (wide - across * scale) / 2.0;
            let y = LINE + 6.0 + (north - lat) * scale;
            let size = (radius * wide / 400.0).max(0.8);
            area.draw(&Circle::new(
                (units(x), units(y)),
                units(size),
                colour.mix(0.85).filled(),
            ))?;
        }
        Ok(())
    }
}
