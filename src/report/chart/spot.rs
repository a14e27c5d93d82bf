//! What a page says of a mark that is pointed at: the same numbers that the drawing shows.

use serde::ser::{Serialize, SerializeTuple, Serializer};

use super::ink::UNIT;
use super::{Area, Axis, Key};

/// A part of a drawing, in points of the whole of it, and its words.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Left, top, right and lower end.
    pub at: [f64; 4],
    /// What is there, in lines.
    pub words: String,
}

impl Serialize for Spot {
    /// As a short list: a page may have thousands.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_tuple(5)?;
        for end in self.at {
            list.serialize_element(&((end * 10.0).round() / 10.0))?;
        }
        list.serialize_element(&self.words)?;
        list.end()
    }
}

/// Where the upper left end of an area is in the whole drawing, in points.
pub(super) fn origin(area: &Area<'_>) -> (f64, f64) {
    let (x, y) = area.get_pixel_range();
    (f64::from(x.start) / UNIT, f64::from(y.start) / UNIT)
}

/// A value and its interval, where it has one.
pub(super) fn told(axis: &Axis, [at, low, high]: [f64; 3]) -> String {
    let at = axis.told(at);
    if low.is_finite() && high.is_finite() {
        format!("{at} [{}, {}]", axis.told(low), axis.told(high))
    } else {
        at
    }
}

/// What a colour means by the legend; empty when it is not there.
pub(super) fn named(legend: &[Key], colour: plotters::style::RGBColor, hollow: bool) -> &str {
    let same = legend.iter().filter(|key| key.colour == colour);
    let exact = same.clone().find(|key| key.hollow == hollow);
    exact.or(same.clone().next()).map_or("", |key| &key.name)
}

/// A name before a value; nothing before it when there is no name.
pub(super) fn line(name: &str, value: &str) -> String {
    if name.is_empty() {
        value.to_owned()
    } else {
        format!("{name}: {value}")
    }
}
