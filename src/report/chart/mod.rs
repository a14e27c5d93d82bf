//! Charts as data, and how they are drawn to SVG. One drawing serves the page and the figures for papers.
//!
//! Measures are in points of two layouts: a column of a journal (84 mm) and a whole page (174 mm). Text is as
//! large in both.

mod curves;
mod dots;
mod fit;
mod frame;
mod grid;
pub mod ink;
mod rows;
mod spot;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

pub use curves::{Curves, Series, Stack};
pub use dots::{Bond, Dot, Dots, Land, MapKey, Symbol};
pub use fit::{LEAST_TEXT, TALLEST};
pub use frame::{Axis, Frame, Ticks};
pub use grid::{Heat, Scatter};
pub use ink::Colour;
pub use rows::{Mark, Row, Rows};
pub use spot::Spot;

use fit::{Layout, between};
use ink::{INK, LINE, PAPER, TEXT, bold, style, units};

/// Points between panels side by side.
const GAP: f64 = 18.0;
/// Points below a row of panels.
const BETWEEN: f64 = 14.0;

/// Where a chart is drawn.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// What drawing may tell. Text in memory takes everything, so it tells nothing in practice.
pub type Drawing<T = ()> = Result<T, DrawingAreaErrorKind<std::io::Error>>;

/// How wide a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// A column of a journal, 84 mm.
    Column,
    /// A whole page, 174 mm.
    Page,
}

impl Width {
    /// Millimetres.
    pub const fn millimetres(self) -> f64 {
        match self {
            Self::Column => 84.0,
            Self::Page => 174.0,
        }
    }

    /// Points of the drawing.
    pub const fn points(self) -> f64 {
        match self {
            Self::Column => 360.0,
            Self::Page => 746.0,
        }
    }
}

/// A chart: one or more panels under one legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What the colours mean; empty when it needs no legend.
    pub legend: Vec<Key>,
    /// Panels, side by side where there is room.
    pub panels: Vec<Panel>,
}

/// An entry of a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// What it means.
    pub name: String,
    /// Its colour.
    pub colour: RGBColor,
    /// A ring in place of a filled mark.
    pub hollow: bool,
}

impl Key {
    /// A filled mark.
    pub fn new(name: impl Into<String>, colour: Colour) -> Self {
        Self {
            name: name.into(),
            colour: colour.rgb(),
            hollow: false,
        }
    }
}

/// A panel.
#[derive(Clone, Debug, PartialEq)]
pub enum Panel {
    /// Lines with bands, and marks.
    Curves(Curves),
    /// Areas on top of each other.
    Stack(Stack),
    /// Rows of marks with intervals, or of bars.
    Rows(Rows),
    /// A matrix.
    Heat(Heat),
    /// Points with names.
    Scatter(Scatter),
    /// A map.
    Dots(Dots),
}

impl Panel {
    /// Whether it takes the whole width.
    fn whole(&self) -> bool {
        matches!(self, Self::Rows(_) | Self::Heat(_))
    }

    fn height(&self, wide: f64, air: f64) -> f64 {
        let least = |most: f64| between(0.6 * most, most, air);
        match self {
            Self::Curves(_) | Self::Stack(_) => least(210.0_f64.min(wide * 0.62) + 10.0).max(145.0),
            Self::Scatter(_) => least((wide * 0.62).clamp(220.0, 380.0)).max(145.0),
            Self::Rows(rows) => rows.height(air),
            Self::Heat(heat) => heat.height(wide, air),
            Self::Dots(dots) => least(dots.height(wide)),
        }
    }

    /// Size of the smallest letters in points of the drawing.
    fn least_text(&self, wide: f64, air: f64) -> f64 {
        match self {
            Self::Heat(heat) => heat.least_text(wide, air),
            _ => TEXT,
        }
    }

    /// Into how many parts it can be cut at most.
    fn pieces(&self) -> usize {
        match self {
            Self::Rows(rows) => rows.rows.len().max(1),
            Self::Heat(heat) => heat.rows.len().max(heat.columns.len()).max(1),
            _ => 1,
        }
    }

    /// Cuts it into about `n` parts with the same axes. `narrow`: it is its columns that are too many.
    fn split(&self, n: usize, narrow: bool) -> Vec<Self> {
        match self {
            Self::Rows(rows) => rows.split(n).into_iter().map(Self::Rows).collect(),
            Self::Heat(heat) => heat.split(n, narrow).into_iter().map(Self::Heat).collect(),
            other => vec![other.clone()],
        }
    }

    fn draw(
        &self,
        area: &Area<'_>,
        (wide, tall): (f64, f64),
        air: f64,
        legend: &[Key],
    ) -> Drawing<Seen> {
        match self {
            Self::Curves(curves) => curves.draw(area, legend),
            Self::Stack(stack) => stack.draw(area).map(Seen::Frame),
            Self::Rows(rows) => rows.draw(area, wide, air, legend).map(Seen::Spots),
            Self::Heat(heat) => heat.draw(area, wide, air).map(Seen::Spots),
            Self::Scatter(scatter) => scatter.draw(area).map(Seen::Spots),
            Self::Dots(dots) => dots.draw(area, wide, tall).map(Seen::Spots),
        }
    }
}

/// What a panel lets a page say of what is under the pointer.
enum Seen {
    /// Values by month, which the page finds in the figure's data.
    Frame(Frame),
    /// Marks with their words.
    Spots(Vec<Spot>),
}

/// A chart that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The SVG, without width and height: it fills what it stands in.
    pub svg: String,
    /// Width and height in points.
    pub size: (f64, f64),
    /// Where the panels with a calendar are, so that a page can say what is under the pointer.
    pub frames: Vec<Frame>,
    /// The marks of all other panels.
    pub spots: Vec<Spot>,
}

impl Chart {
    /// One panel without a legend.
    pub fn plain(panel: Panel) -> Self {
        Self {
            legend: Vec::new(),
            panels: vec![panel],
        }
    }

    /// Draws it for a screen, as tall as it is.
    ///
    /// # Errors
    /// What the drawing library tells.
    pub fn draw(&self, width: Width, name: &str) -> Drawing<Drawn> {
        self.drawn(&Layout::full(self, width), name)
    }

    /// Draws it for a journal, no taller than [`TALLEST`] and with letters of [`LEAST_TEXT`] at least: in one
    /// part, or in several where it would be taller.
    ///
    /// # Errors
    /// What the drawing library tells.
    pub fn draw_for_paper(&self, width: Width, name: &str) -> Drawing<Vec<Drawn>> {
        let parts = fit::parts(self, width);
        parts
            .iter()
            .map(|(part, way)| part.drawn(way, name))
            .collect()
    }

    /// Height of what is above the panels.
    fn head(&self, layout: &Layout) -> f64 {
        let rows = self.legend_rows(layout.wide).len() + self.map_rows(layout).len();
        rows as f64 * (LINE + 3.0) + if rows == 0 { 2.0 } else { 8.0 }
    }

    /// Width of a panel.
    fn cell(layout: &Layout) -> f64 {
        (layout.wide - GAP * (layout.columns as f64 - 1.0)) / layout.columns as f64
    }

    /// Heights of the rows of panels.
    fn heights(&self, layout: &Layout) -> Vec<f64> {
        let cell = Self::cell(layout);
        let tall = |row: &[Panel]| {
            let all = row.iter().map(|p| p.height(cell, layout.air));
            all.fold(0.0, f64::max)
        };
        self.panels.chunks(layout.columns).map(tall).collect()
    }

    /// Its height in points of the drawing.
    fn height(&self, layout: &Layout) -> f64 {
        let heights = self.heights(layout);
        self.head(layout) + heights.iter().sum::<f64>() + BETWEEN * heights.len() as f64
    }

    /// Size of its smallest letters in points of the drawing.
    fn least_text(&self, layout: &Layout) -> f64 {
        let cell = Self::cell(layout);
        let all = self.panels.iter().map(|p| p.least_text(cell, layout.air));
        all.fold(TEXT, f64::min)
    }

    fn drawn(&self, layout: &Layout, name: &str) -> Drawing<Drawn> {
        let wide = layout.wide;
        let cell = Self::cell(layout);
        let legend = self.legend_rows(wide);
        let (heights, tall) = (self.heights(layout), self.height(layout));
        let mut text = String::new();
        let (mut frames, mut spots) = (Vec::new(), Vec::new());
        {
            let size = (units(wide) as u32, units(tall) as u32);
            let root = SVGBackend::with_string(&mut text, size).into_drawing_area();
            root.fill(&PAPER)?;
            self.draw_legend(&root, wide, &legend)?;
            for (n, row) in self.map_rows(layout).iter().enumerate() {
                let y = 10.0 + (legend.len() + n) as f64 * (LINE + 3.0);
                for (x, key) in row {
                    key.draw(&root, (*x, y), cell)?;
                }
            }
            let mut y = self.head(layout);
            for (row, height) in self.panels.chunks(layout.columns).zip(&heights) {
                for (n, panel) in row.iter().enumerate() {
                    let x = n as f64 * (cell + GAP);
                    let area = root.clone().shrink(
                        (units(x), units(y)),
                        (units(cell) as u32, units(*height) as u32),
                    );
                    match panel.draw(&area, (cell, *height), layout.air, &self.legend)? {
                        Seen::Frame(frame) => frames.push(frame),
                        Seen::Spots(some) => spots.extend(some),
                    }
                }
                y += height + BETWEEN;
            }
            root.present()?;
        }
        Ok(Drawn {
            svg: headed(&text, name),
            size: (wide, tall),
            frames,
            spots,
        })
    }

    /// The entries of the legend in lines that fit, each with where it begins.
    fn legend_rows(&self, wide: f64) -> Vec<Vec<(f64, &Key)>> {
        lines(&self.legend, wide, |key| {
            16.0 + ink::width(&key.name, TEXT) + 14.0
        })
    }

    /// The same of what sizes and shapes mean on its maps.
    fn map_rows(&self, layout: &Layout) -> Vec<Vec<(f64, &MapKey)>> {
        let keys = self.panels.iter().find_map(|panel| match panel {
            Panel::Dots(dots) => Some(&dots.key[..]),
            _ => None,
        });
        let cell = Self::cell(layout);
        lines(keys.unwrap_or_default(), layout.wide, |key| key.room(cell))
    }

    fn draw_legend(&self, root: &Area<'_>, wide: f64, rows: &[Vec<(f64, &Key)>]) -> Drawing {
        for (n, row) in rows.iter().enumerate() {
            let y = 10.0 + n as f64 * (LINE + 3.0);
            for (x, key) in row {
                let at = (units(x + 6.0), units(y));
                if key.hollow {
                    root.draw(&Circle::new(at, units(4.0), ink::stroke(key.colour, 1.6)))?;
                } else {
                    root.draw(&Circle::new(at, units(5.0), key.colour.filled()))?;
                }
                root.draw(&Text::new(
                    ink::cut(&key.name, wide - x - 15.0, TEXT),
                    (units(x + 15.0), units(y)),
                    style(TEXT, INK, HPos::Left, VPos::Center),
                ))?;
            }
        }
        Ok(())
    }
}

/// Entries of a key in lines that fit, each with where it begins.
fn lines<T>(keys: &[T], wide: f64, room: impl Fn(&T) -> f64) -> Vec<Vec<(f64, &T)>> {
    let mut rows: Vec<Vec<(f64, &T)>> = Vec::new();
    let mut x = f64::INFINITY;
    for key in keys {
        let room = room(key);
        if x + room > wide {
            rows.push(Vec::new());
            x = 0.0;
        }
        if let Some(row) = rows.last_mut() {
            row.push((x, key));
        }
        x += room;
    }
    rows
}

/// The title of a panel on its top left.
fn title(area: &Area<'_>, text: &str, wide: f64) -> Drawing {
    let words = ink::cut(text, wide, TEXT * 1.08);
    area.draw(&Text::new(words, (0, 0), bold(TEXT, HPos::Left, VPos::Top)))
}

/// Replaces the first line: the picture has no size of its own, and says what it is.
fn headed(svg: &str, name: &str) -> String {
    let mut attributes = String::from(
        "<svg role=\"img\" stroke-linejoin=\"round\" stroke-linecap=\"round\" aria-label=\"",
    );
    for c in name.chars() {
        match c {
            '<' => attributes.push_str("&lt;"),
            '>' => attributes.push_str("&gt;"),
            '&' => attributes.push_str("&amp;"),
            '"' => attributes.push_str("&quot;"),
            c => attributes.push(c),
        }
    }
    attributes.push('"');
    match svg.find(" viewBox=") {
        Some(at) => attributes + &svg[at..],
        None => svg.to_owned(),
    }
}
