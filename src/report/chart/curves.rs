//! Lines with bands and marks, and areas on top of each other.

use plotters::prelude::*;

use super::frame::{Axis, Frame, Ticks, frame, plane};
use super::ink::{Colour, INK, MUTED, PAPER, UNIT, stroke, units};
use super::spot::{Spot, line, named, told};
use super::{Area, Drawing, Key, Seen};

/// A line with a band, marks, or all of these.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Colour.
    pub colour: Colour,
    /// The line; broken where a value is missing (NaN).
    pub line: Vec<(f64, f64)>,
    /// The band: x, lower and upper end.
    pub band: Vec<(f64, f64, f64)>,
    /// Single marks: x, y, and the ends of an interval (NaN without one).
    pub marks: Vec<(f64, f64, f64, f64)>,
    /// Marks are rings in ink: what was observed.
    pub observed: bool,
}

impl Series {
    /// A line.
    pub fn line(colour: Colour, line: Vec<(f64, f64)>) -> Self {
        Self {
            colour,
            line,
            band: Vec::new(),
            marks: Vec::new(),
            observed: false,
        }
    }

    /// The same with a band.
    #[must_use]
    pub fn with_band(mut self, band: Vec<(f64, f64, f64)>) -> Self {
        self.band = band;
        self
    }
}

/// A panel with series.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// Its title.
    pub title: String,
    /// Which rows of the figure's data it shows: words that stand in them, joined by `|`; all when empty.
    pub key: String,
    /// Axis to the right.
    pub x: Axis,
    /// Axis upwards.
    pub y: Axis,
    /// The series, the first at the back.
    pub series: Vec<Series>,
    /// A value with a line of its own, as 0 for differences.
    pub rule: Option<f64>,
}

impl Curves {
    pub(super) fn draw(&self, area: &Area<'_>, legend: &[Key]) -> Drawing<Seen> {
        let finite = |s: &&(f64, f64)| s.1.is_finite();
        let xs = self.x.range(self.series.iter().flat_map(|s| {
            let line = s.line.iter().map(|p| p.0);
            line.chain(s.band.iter().map(|p| p.0))
                .chain(s.marks.iter().map(|p| p.0))
        }));
        let ys = self.y.range(
            self.rule
                .into_iter()
                .chain(self.series.iter().flat_map(|s| {
                    let line = s.line.iter().map(|p| p.1);
                    line.chain(s.band.iter().flat_map(|p| [p.1, p.2]))
                        .chain(s.marks.iter().flat_map(|p| [p.1, p.2, p.3]))
                })),
        );
        let mut chart = plane(area, &self.title, (&self.x, &self.y), (xs.clone(), ys))?;
        for series in &self.series {
            // Broken where the line is: across a gap it would claim what is not known.
            let whole = |p: &(f64, f64, f64)| p.1.is_finite() && p.2.is_finite();
            for part in series.band.split(|p| !whole(p)) {
                if part.len() < 2 {
                    continue;
                }
                let upper = part.iter().map(|(x, _, high)| (*x, *high));
                let lower = part.iter().rev().map(|(x, low, _)| (*x, *low));
                let points: Vec<_> = upper.chain(lower).collect();
                let fill = series.colour.rgb().mix(0.22);
                chart.draw_series(std::iter::once(Polygon::new(points, fill)))?;
            }
        }
        if let Some(rule) = self.rule {
            let line = vec![(xs.start, rule), (xs.end, rule)];
            chart.draw_series(std::iter::once(PathElement::new(line, stroke(MUTED, 1.2))))?;
        }
        for series in &self.series {
            let ink = stroke(series.colour.rgb(), 1.7);
            for part in series.line.split(|p| !finite(&p)) {
                if part.len() > 1 {
                    chart.draw_series(std::iter::once(PathElement::new(part.to_vec(), ink)))?;
                }
            }
            for &(x, y, low, high) in series.marks.iter().filter(|mark| mark.1.is_finite()) {
                let ink = if series.observed {
                    INK
                } else {
                    series.colour.rgb()
                };
                if low.is_finite() && high.is_finite() {
                    let bar = vec![(x, low), (x, high)];
                    chart.draw_series(std::iter::once(PathElement::new(bar, stroke(ink, 1.4))))?;
                }
                if series.observed {
                    let ring = Circle::new((x, y), units(3.6), stroke(ink, 1.6));
                    chart.draw_series(std::iter::once(ring))?;
                } else {
                    // What stands for a line is small.
                    let small = low.is_nan() && !series.line.is_empty();
                    let size = if small { 1.3 } else { 3.2 };
                    let dot = Circle::new((x, y), units(size), ink.filled());
                    chart.draw_series(std::iter::once(dot))?;
                }
            }
        }
        if self.x.ticks == Ticks::Year {
            return Ok(Seen::Frame(frame(&chart, &xs, &self.key)));
        }
        let spots = self.series.iter().flat_map(|series: &Series| {
            let band = |x: f64| series.band.iter().find(|band| band.0 == x);
            let points = series.line.iter().filter(finite).map(move |&(x, y)| {
                let (low, high) = band(x).map_or((f64::NAN, f64::NAN), |band| (band.1, band.2));
                (x, [y, low, high])
            });
            let marks = series
                .marks
                .iter()
                .map(|&(x, y, low, high)| (x, [y, low, high]));
            points.chain(marks).map(move |point| (series, point))
        });
        let spots = spots.map(|(series, (x, values))| {
            let (left, top) = chart.backend_coord(&(x, values[0]));
            let (left, top) = (f64::from(left) / UNIT, f64::from(top) / UNIT);
            let name = named(legend, series.colour.rgb(), false);
            Spot {
                at: [left - 4.0, top - 4.0, left + 4.0, top + 4.0],
                words: format!(
                    "{}\n{}\n{}",
                    self.title,
                    line(&self.x.label, &self.x.told(x)),
                    line(name, &told(&self.y, values))
                ),
            }
        });
        Ok(Seen::Spots(spots.collect()))
    }
}

/// A panel with areas on top of each other, the first lowest.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// Its title.
    pub title: String,
    /// Which rows of the figure's data it shows: words that stand in them, joined by `|`; all when empty.
    pub key: String,
    /// Axis to the right.
    pub x: Axis,
    /// Axis upwards.
    pub y: Axis,
    /// Positions.
    pub xs: Vec<f64>,
    /// Colour and heights of each area, one height per position.
    pub layers: Vec<(RGBColor, Vec<f64>)>,
}

impl Stack {
    pub(super) fn draw(&self, area: &Area<'_>) -> Drawing<Frame> {
        let mut floor = vec![0.0; self.xs.len()];
        let tops: Vec<Vec<f64>> = self
            .layers
            .iter()
            .map(|(_, heights)| {
                for (floor, height) in floor.iter_mut().zip(heights) {
                    *floor += height;
                }
                floor.clone()
            })
            .collect();
        let xs = self.x.range(self.xs.iter().copied());
        let ys = self
            .y
            .range(std::iter::once(0.0).chain(tops.iter().flatten().copied()));
        let mut chart = plane(area, &self.title, (&self.x, &self.y), (xs.clone(), ys))?;
        let mut below = vec![0.0; self.xs.len()];
        for ((colour, _), top) in self.layers.iter().zip(&tops) {
            let upper = self.xs.iter().copied().zip(top.iter().copied());
            let lower = self.xs.iter().copied().zip(below.iter().copied()).rev();
            let points: Vec<(f64, f64)> = upper.chain(lower).collect();
            // Plotters fills polygons without an edge: a thin line of paper sets neighbours apart.
            chart.draw_series(std::iter::once(Polygon::new(points, colour.filled())))?;
            let edge: Vec<_> = self.xs.iter().copied().zip(top.iter().copied()).collect();
            let line = ShapeStyle::from(&PAPER).stroke_width((0.8 * UNIT) as u32);
            chart.draw_series(std::iter::once(PathElement::new(edge, line)))?;
            below.clone_from(top);
        }
        Ok(frame(&chart, &xs, &self.key))
    }
}
