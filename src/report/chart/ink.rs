//! Colours, type and measures of all charts.

use plotters::prelude::*;
use plotters::style::TextStyle;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The backend counts in whole units; ten of them make a point, so that curves are smooth.
pub const UNIT: f64 = 10.0;
/// Size of text in points.
pub const TEXT: f64 = 11.0;
/// Height of a line of text in points.
pub const LINE: f64 = 15.0;
/// Fonts by preference. The first that a system has is taken, glyph by glyph.
pub const FONTS: &str = "Noto Sans, Helvetica Neue, Arial, Liberation Sans, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, sans-serif";

/// Text and strong lines. The page repaints it in the dark.
pub const INK: RGBColor = RGBColor(0x1f, 0x29, 0x33);
/// Labels of axes.
pub const MUTED: RGBColor = RGBColor(0x5b, 0x67, 0x70);
/// Lines of the grid.
pub const GRID: RGBColor = RGBColor(0xe3, 0xe7, 0xeb);
/// The background.
pub const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);

/// A colour of data, safe for colour-blind readers (Okabe and Ito 2008).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// The baseline, and what stands back.
    Grey,
    /// The n-th of the others.
    Nth(usize),
}

const NTH: [RGBColor; 7] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0x8c, 0x6d, 0x31),
];

impl Colour {
    /// Red, green, blue.
    pub fn rgb(self) -> RGBColor {
        match self {
            Self::Grey => RGBColor(0x80, 0x88, 0x90),
            Self::Nth(n) => NTH[n % NTH.len()],
        }
    }
}

/// Colours of the scales 0 to 5: none, point, line, circle, axis, plane. The map of the page has the same.
pub const SCALES: [RGBColor; 6] = [
    RGBColor(0xc4, 0xca, 0xd0),
    RGBColor(0x80, 0x88, 0x90),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
];

/// The land of a map, and the hulls of provinces on it. The page repaints them in the dark.
pub const LAND: RGBColor = RGBColor(0xea, 0xee, 0xea);
/// Lines between provinces.
pub const BORDER: RGBColor = RGBColor(0xc3, 0xcd, 0xc8);
/// Colours of alliances on a map: other than those of scales, as both stand on it. The map of the page has the same.
pub const ALLIANCES: [RGBColor; 6] = [
    RGBColor(0xb5, 0x47, 0x9d),
    RGBColor(0x6a, 0x5a, 0xcd),
    RGBColor(0xa8, 0x32, 0x3e),
    RGBColor(0x8a, 0x8f, 0x1f),
    RGBColor(0x1b, 0x8a, 0xaa),
    RGBColor(0x7a, 0x52, 0x30),
];

/// Points to units.
pub fn units(points: f64) -> i32 {
    (points * UNIT).round() as i32
}

/// How wide a text is, in points. Fonts differ between machines, so this is an estimate on the safe side.
pub fn width(text: &str, size: f64) -> f64 {
    let em = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 0.34,
        'm' | 'w' | 'M' | 'W' | '%' => 0.9,
        c if (c as u32) >= 0x2e80 => 1.0,
        c if c.is_ascii_uppercase() => 0.68,
        _ => 0.6,
    };
    text.chars().map(em).sum::<f64>() * size
}

/// A text cut to a width, with an ellipsis.
pub fn cut(text: &str, wide: f64, size: f64) -> String {
    if width(text, size) <= wide {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        short.push(c);
        if width(&short, size) + size > wide {
            break;
        }
    }
    short.pop();
    short.trim_end().to_owned() + "…"
}

/// How a text is written.
pub fn style(size: f64, colour: RGBColor, h: HPos, v: VPos) -> TextStyle<'static> {
    // The backend divides by this number.
    let font = (FONTS, size * UNIT * 1.24).into_font();
    TextStyle {
        font,
        color: colour.to_backend_color(),
        pos: Pos::new(h, v),
    }
}

/// The same in bold.
pub fn bold(size: f64, h: HPos, v: VPos) -> TextStyle<'static> {
    let font = (FONTS, size * UNIT * 1.24, FontStyle::Bold).into_font();
    TextStyle {
        font,
        color: INK.to_backend_color(),
        pos: Pos::new(h, v),
    }
}

/// A line of so many points.
pub fn stroke(colour: RGBColor, points: f64) -> ShapeStyle {
    ShapeStyle::from(&colour).stroke_width(units(points) as u32)
}

/// A colour of a scale from nearly paper at 0 to dark blue at 1: a matrix of mostly nothing stays light, on paper too.
pub fn sequential(share: f64) -> RGBColor {
    const STEPS: [(f64, f64, f64); 4] = [
        (236.0, 243.0, 248.0),
        (158.0, 202.0, 225.0),
        (49.0, 130.0, 189.0),
        (8.0, 48.0, 107.0),
    ];
    let x = share.clamp(0.0, 1.0) * 3.0;
    let at = (x.floor() as usize).min(2);
    let part = x - at as f64;
    let ((r, g, b), (s, h, c)) = (STEPS[at], STEPS[at + 1]);
    let mix = |a: f64, b: f64| (a + (b - a) * part).round() as u8;
    RGBColor(mix(r, s), mix(g, h), mix(b, c))
}

/// The colour of a difference: from nearly paper at 0 to light blue, below 0 to light orange, so that dark letters are
/// read on all of them. `share` from 0 to 1.
pub fn diverging(share: f64, below: bool) -> RGBColor {
    let share = 0.75 * share.clamp(0.0, 1.0);
    let RGBColor(red, green, blue) = Colour::Nth(usize::from(below)).rgb();
    let mix = |part: u8| (245.0 + (f64::from(part) - 245.0) * share).round() as u8;
    RGBColor(mix(red), mix(green), mix(blue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_to_their_room() {
        assert_eq!(cut("short", 100.0, 11.0), "short");
        let long = cut("a name that is far too long for its room", 80.0, 11.0);
        assert!(long.ends_with('…') && width(&long, 11.0) <= 80.0, "{long}");
        assert_eq!(width("联盟", 10.0), 20.0);
    }
}
