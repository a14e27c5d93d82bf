//! Static maps: marks at places, and the key of their sizes and shapes.

use plotters::prelude::*;

use super::ink::{BORDER, GRID, INK, LAND, LINE, MUTED, TEXT, stroke, style, units, width};
use super::spot::{Spot, origin};
use super::{Area, Drawing, title};
use plotters::style::text_anchor::{HPos, VPos};

/// Width of a map, in points, at which radii are as they are given; they shrink and grow with it.
const SCALE: f64 = 400.0;
/// Size of the names of places, and of degrees: no smaller, as a figure for papers may have to shrink.
const NAME: f64 = TEXT * 0.9;
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

/// A position: degrees east as the map shows them, degrees north.
pub type At = [f64; 2];

/// What lies below the marks of a map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Land {
    /// Corners of the hull of all places.
    pub coast: Vec<At>,
    /// Corners of the hull of each province.
    pub areas: Vec<Vec<At>>,
    /// How far land reaches beyond the hulls, in degrees of latitude.
    pub reach: f64,
    /// Places that are named.
    pub names: Vec<(At, String)>,
    /// Alliances that are in force.
    pub alliances: Vec<Bond>,
}

/// An alliance on a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Bond {
    /// Its id.
    pub id: String,
    /// Its colour.
    pub colour: RGBColor,
    /// Corners of the hull of its delegates.
    pub hull: Vec<At>,
    /// Its delegates, which get a ring.
    pub rings: Vec<At>,
    /// Links between delegates.
    pub links: Vec<[At; 2]>,
}

/// A map: marks at places.
#[derive(Clone, Debug, PartialEq)]
pub struct Dots {
    /// What lies below the marks.
    pub land: Land,
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

    /// Land, lines between provinces, degrees, and alliances.
    fn ground(
        &self,
        area: &Area<'_>,
        wide: f64,
        scale: f64,
        at: &impl Fn(At) -> (f64, f64),
    ) -> Drawing<Vec<[f64; 4]>> {
        let points = |list: &[At]| -> Vec<(i32, i32)> {
            let place = |place: &At| {
                let (x, y) = at(*place);
                (units(x), units(y))
            };
            list.iter().map(place).collect()
        };
        let closed = |list: &[At]| {
            let mut ring = points(list);
            ring.extend(ring.first().copied());
            ring
        };
        let shore = (2.0 * self.land.reach * scale).max(2.0);
        for ring in self.land.areas.iter().chain([&self.land.coast]) {
            let ring = closed(ring);
            area.draw(&Polygon::new(ring.clone(), LAND.filled()))?;
            area.draw(&PathElement::new(ring, stroke(LAND, shore)))?;
        }
        for ring in self.land.areas.iter().filter(|ring| ring.len() > 1) {
            area.draw(&PathElement::new(closed(ring), stroke(BORDER, 0.6)))?;
        }
        // The title is there already.
        let mut taken: Vec<[f64; 4]> = vec![[0.0, 0.0, wide, LINE]];
        let [west, south, east, north] = self.bounds;
        let step = graticule(east - west, north - south);
        if !self.land.areas.is_empty() {
            let style = |h, v| style(NAME, MUTED, h, v);
            let mut write = |words: String, (x, y): (f64, f64), h| {
                let long = width(&words, NAME);
                let left = match h {
                    HPos::Center => x - long / 2.0,
                    _ => x,
                };
                let room = [left, y - NAME, left + long, y];
                let inside = room[0] >= 0.0 && room[2] <= wide;
                if !inside || !is_free(&taken, room) {
                    return Ok(());
                }
                taken.push(room);
                let text = Text::new(words, (units(x), units(y)), style(h, VPos::Bottom));
                area.draw(&text)
            };
            for lat in multiples(south, north, step) {
                let line = points(&[[west, lat], [east, lat]]);
                area.draw(&PathElement::new(line, stroke(GRID, 0.6)))?;
                write(degrees(lat, ['S', 'N']), at([west, lat]), HPos::Left)?;
            }
            for lon in multiples(west, east, step) {
                let line = points(&[[lon, south], [lon, north]]);
                area.draw(&PathElement::new(line, stroke(GRID, 0.6)))?;
                write(degrees(lon, ['W', 'E']), at([lon, south]), HPos::Center)?;
            }
        }
        for bond in &self.land.alliances {
            let ring = closed(&bond.hull);
            area.draw(&Polygon::new(ring.clone(), bond.colour.mix(0.08).filled()))?;
            area.draw(&PathElement::new(ring, stroke(bond.colour, 1.2)))?;
            for link in &bond.links {
                let ink = ShapeStyle::from(&bond.colour.mix(0.4)).stroke_width(units(0.8) as u32);
                area.draw(&PathElement::new(points(link), ink))?;
            }
            for ring in points(&bond.rings) {
                let radius = units(size(5.0, wide));
                area.draw(&Circle::new(ring, radius, stroke(bond.colour, 1.0)))?;
            }
        }
        Ok(taken)
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
        let at = |[lon, lat]: At| {
            let x = (lon - west) * self.stretch() * scale + (wide - across * scale) / 2.0;
            (x, LINE + 6.0 + rim + (north - lat) * scale)
        };
        let mut taken = self.ground(area, wide, scale, &at)?;
        for dot in &self.dots {
            let (x, y) = at([dot.lon, dot.lat]);
            let size = size(dot.radius, wide);
            mark(area, (units(x), units(y)), size, dot.colour, dot.symbol)?;
            let (x, y) = (x0 + x, y0 + y);
            spots.push(Spot {
                at: [x - size, y - size, x + size, y + size],
                words: dot.words.clone(),
            });
        }
        // The heaviest first; a name that would stand on another is left out.
        for (place, name) in &self.land.names {
            let (x, y) = at(*place);
            let long = width(name, NAME);
            let (x, h) = match x + 6.0 + long > wide {
                true => (x - 6.0, HPos::Right),
                false => (x + 6.0, HPos::Left),
            };
            let left = match h {
                HPos::Right => x - long,
                _ => x,
            };
            let room = [left, y - NAME / 2.0, left + long, y + NAME / 2.0];
            if is_free(&taken, room) {
                taken.push(room);
                let style = style(NAME, INK, h, VPos::Center);
                area.draw(&Text::new(name.clone(), (units(x), units(y)), style))?;
            }
        }
        Ok(spots)
    }
}

/// Whether no text stands where another would, with a little air.
fn is_free(taken: &[[f64; 4]], room: [f64; 4]) -> bool {
    let apart = |other: &[f64; 4]| {
        room[2] + 2.0 < other[0]
            || other[2] + 2.0 < room[0]
            || room[3] + 2.0 < other[1]
            || other[3] + 2.0 < room[1]
    };
    taken.iter().all(apart)
}

/// Degrees between lines of a map of so many degrees.
fn graticule(wide: f64, tall: f64) -> f64 {
    let rough = wide.max(tall) / 8.0;
    let steps = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0];
    steps
        .into_iter()
        .find(|step| *step >= rough)
        .unwrap_or(45.0)
}

/// The multiples of a step between two ends.
fn multiples(from: f64, to: f64, step: f64) -> impl Iterator<Item = f64> {
    let first = (from / step).ceil() as i64;
    let last = (to / step).floor() as i64;
    (first..=last).map(move |n| n as f64 * step)
}

/// Degrees as they are written; longitudes may lie past 180.
fn degrees(value: f64, [below, above]: [char; 2]) -> String {
    let value = if value > 180.0 { value - 360.0 } else { value };
    let size = super::super::lang::significant(value.abs(), 4);
    match value {
        0.0 => format!("{size}°"),
        v if v < 0.0 => format!("{size}°{below}"),
        _ => format!("{size}°{above}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_round_and_have_their_side() {
        assert_eq!(graticule(60.0, 35.0), 10.0);
        assert_eq!(
            multiples(73.0, 135.0, 20.0).collect::<Vec<_>>(),
            [80.0, 100.0, 120.0]
        );
        assert_eq!(degrees(100.0, ['W', 'E']), "100°E");
        assert_eq!(degrees(190.0, ['W', 'E']), "170°W");
        assert_eq!(degrees(-10.0, ['S', 'N']), "10°S");
        assert_eq!(degrees(0.0, ['S', 'N']), "0°");
    }
}
