//! Static maps: marks at places, and the key of their sizes and shapes.

use plotters::prelude::*;

use super::ink::{INK, LINE, MUTED, TEXT, stroke, style, units, width};
use super::spot::{Spot, origin};
use super::{Area, Drawing, title};
use plotters::style::text_anchor::{HPos, VPos};

/// Width of a map, in points, at which radii are as they are given; they shrink and grow with it.
const SCALE: f64 = 400.0;
/// Smallest radius of a mark.
const LEAST: f64 = 0.8;

/// The shape of a mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Symbol {
    /// A filled disc.
    #[default]
    Disc,
    /// A ring.
    Ring,
    /// A hollow diamond in ink.
    Diamond,
}

/// A mark on a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// Radius in points on a map of 400 points.
    pub radius: f64,
    /// Colour.
    pub colour: RGBColor,
    /// Shape.
    pub symbol: Symbol,
    /// What it says when it is pointed at.
    pub words: String,
}

/// What a size or shape means.
#[derive(Clone, Debug, PartialEq)]
pub struct MapKey {
    /// Shape.
    pub symbol: Symbol,
    /// Radius in points on a map of 400 points.
    pub radius: f64,
    /// What it means.
    pub name: String,
}

/// A map: marks at places.
#[derive(Clone, Debug, PartialEq)]
pub struct Dots {
    /// Its title.
    pub title: String,
    /// The marks, the first at the back.
    pub dots: Vec<Dot>,
    /// West, south, east and north end.
    pub bounds: [f64; 4],
    /// What sizes and shapes mean, under the legend of the chart; that of the first map holds for all.
    pub key: Vec<MapKey>,
}

/// The radius of a mark on a map of a width.
fn size(radius: f64, wide: f64) -> f64 {
    (radius * wide / SCALE).max(LEAST)
}

fn mark(area: &Area<'_>, at: (i32, i32), size: f64, colour: RGBColor, symbol: Symbol) -> Drawing {
    match symbol {
        Symbol::Disc => area.draw(&Circle::new(at, units(size), colour.mix(0.85).filled())),
        Symbol::Ring => {
            let line = (0.45 * size).clamp(0.5, 1.4);
            let ring = Circle::new(at, units(size - line / 2.0), stroke(colour, line));
            area.draw(&ring)
        }
        Symbol::Diamond => {
            let (x, y, r) = (at.0, at.1, units(size.max(1.4)));
            let corners = [(x, y - r), (x + r, y), (x, y + r), (x - r, y), (x, y - r)];
            area.draw(&PathElement::new(corners.to_vec(), stroke(INK, 0.7)))
        }
    }
}

impl MapKey {
    /// How wide it is in a key of maps of a width.
    pub(super) fn room(&self, wide: f64) -> f64 {
        2.0 * size(self.radius, wide) + 5.0 + width(&self.name, TEXT) + 14.0
    }

    /// Draws it with its left end and middle there.
    pub(super) fn draw(&self, area: &Area<'_>, (x, y): (f64, f64), wide: f64) -> Drawing {
        let size = size(self.radius, wide);
        mark(area, (units(x + size), units(y)), size, MUTED, self.symbol)?;
        area.draw(&Text::new(
            self.name.clone(),
            (units(x + 2.0 * size + 5.0), units(y)),
            style(TEXT, INK, HPos::Left, VPos::Center),
        ))
    }
}

impl Dots {
    /// East–west degrees shrink by this much in the middle of the map.
    fn stretch(&self) -> f64 {
        let middle = (self.bounds[1] + self.bounds[3]) / 2.0;
        libm::cos(middle.to_radians()).max(0.05)
    }

    pub(super) fn height(&self, wide: f64) -> f64 {
        let [west, south, east, north] = self.bounds;
        let shape = (north - south).max(1e-6) / ((east - west).max(1e-6) * self.stretch());
        LINE + 6.0 + (wide * shape).min(wide * 1.2)
    }

    pub(super) fn draw(&self, area: &Area<'_>, wide: f64, tall: f64) -> Drawing<Vec<Spot>> {
        title(area, &self.title, wide)?;
        let mut spots = Vec::new();
        let (x0, y0) = origin(area);
        let [west, south, east, north] = self.bounds;
        let tall = tall - LINE - 6.0;
        let across = (east - west).max(1e-6) * self.stretch();
        // Marks at the rim stay inside.
        let rim = self.dots.iter().map(|dot| size(dot.radius, wide));
        let rim = rim.fold(0.0, f64::max) + 1.0;
        let inside = |length: f64| (length - 2.0 * rim).max(1.0);
        let scale = (inside(wide) / across).min(inside(tall) / (north - south).max(1e-6));
        for dot in &self.dots {
            let x = (dot.lon - west) * self.stretch() * scale + (wide - across * scale) / 2.0;
            let y = LINE + 6.0 + rim + (north - dot.lat) * scale;
            let size = size(dot.radius, wide);
            mark(area, (units(x), units(y)), size, dot.colour, dot.symbol)?;
            let (x, y) = (x0 + x, y0 + y);
            spots.push(Spot {
                at: [x - size, y - size, x + size, y + size],
                words: dot.words.clone(),
            });
        }
        Ok(spots)
    }
}
