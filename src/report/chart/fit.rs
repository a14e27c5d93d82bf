//! The rule by which a figure fits on the page of a journal: what it gives up, in which order.
//!
//! A figure may be as tall as [`TALLEST`]. One that would be taller first gives up the air between its rows and
//! the height of its panels, then sets its panels in more columns, then writes smaller, down to [`LEAST_TEXT`];
//! what is too tall even so is cut into parts, each a figure of its own with the same legend and axes.

use super::{Chart, Panel, Width};

/// Height that a page of a journal has for a figure and its caption's first lines, in millimetres.
pub const TALLEST: f64 = 230.0;
/// The smallest letters of a figure, in points of the printed page.
pub const LEAST_TEXT: f64 = 5.0;
/// Points of the printed page in a millimetre.
const POINTS: f64 = 72.0 / 25.4;

/// How a chart is laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Points of the drawing across; the more there are, the smaller all is.
    pub wide: f64,
    /// Panels side by side.
    pub columns: usize,
    /// Height of rows and panels, from 1 (with air) to 0 (as tight as can be read).
    pub air: f64,
}

/// Steps by which letters get smaller: the smallest of a figure (nine tenths of its text) have 5 points at the
/// last.
const SMALLER: [f64; 4] = [1.0, 1.1, 1.2, 1.3];
/// Steps by which a figure gets tighter.
const TIGHTER: [f64; 6] = [1.0, 0.8, 0.6, 0.4, 0.2, 0.0];

/// A length between the least and the most by the air that there is.
pub(super) fn between(least: f64, most: f64, air: f64) -> f64 {
    least + (most - least) * air
}

impl Layout {
    /// With all air: for a screen, which is as tall as it is scrolled.
    pub(super) fn full(chart: &Chart, width: Width) -> Self {
        let one = width == Width::Column || chart.panels.iter().any(Panel::whole);
        Self {
            wide: width.points(),
            columns: if one { 1 } else { across(chart) },
            air: 1.0,
        }
    }

    /// The size of a letter, or of any length in points of the drawing, in points of the printed page.
    pub(super) fn printed(&self, width: Width, points: f64) -> f64 {
        points * width.millimetres() * POINTS / self.wide
    }

    /// The height of a chart in millimetres.
    fn tall(&self, chart: &Chart, width: Width) -> f64 {
        chart.height(self) * width.millimetres() / self.wide
    }

    /// All ways to lay a chart out, the best first.
    fn ways(chart: &Chart, width: Width) -> impl Iterator<Item = Self> {
        let full = Self::full(chart, width);
        let panels = chart.panels.len();
        let more = !chart.panels.iter().any(Panel::whole) && panels > full.columns;
        SMALLER.into_iter().flat_map(move |smaller| {
            // In half a column there is room for a panel with axes only when letters are small.
            let more = more && (width == Width::Page || smaller > 1.1);
            (0..=usize::from(more)).flat_map(move |extra| {
                TIGHTER.into_iter().map(move |air| Self {
                    wide: full.wide * smaller,
                    columns: full.columns + extra,
                    air,
                })
            })
        })
    }

    fn fits(&self, chart: &Chart, width: Width) -> bool {
        self.tall(chart, width) <= TALLEST
    }

    fn reads(&self, chart: &Chart, width: Width) -> bool {
        self.printed(width, chart.least_text(self)) >= LEAST_TEXT
    }
}

/// Panels side by side: two, or three where panels come in threes of the same rows of data.
fn across(chart: &Chart) -> usize {
    let key = |panel: &Panel| match panel {
        Panel::Curves(curves) => curves.key.clone(),
        _ => String::new(),
    };
    let keys: Vec<String> = chart.panels.iter().map(key).collect();
    let mut groups = keys.chunk_by(|a, b| a == b && !a.is_empty());
    match groups.all(|group| group.len() == 3) && !keys.is_empty() {
        true => 3,
        false => chart.panels.len().clamp(1, 2),
    }
}

/// The parts of a chart, each with its layout: one, unless it is too tall for a page.
pub(super) fn parts(chart: &Chart, width: Width) -> Vec<(Chart, Layout)> {
    // Rather letters that are too small, as where a scenario has a hundred provinces, than no figure.
    for strict in [true, false] {
        let good = |part: &Chart| {
            let mut ways = Layout::ways(part, width);
            ways.find(|way| way.fits(part, width) && (!strict || way.reads(part, width)))
        };
        let narrow = strict && !Layout::ways(chart, width).any(|way| way.reads(chart, width));
        for n in 1..=chart.pieces() {
            let some = chart.split(n, narrow).into_iter();
            let laid = some.map(|part| {
                let way = good(&part)?;
                Some((part, way))
            });
            if let Some(all) = laid.collect::<Option<Vec<_>>>() {
                return all;
            }
        }
    }
    // Its smallest pieces are too tall: a legend of hundreds of layouts.
    vec![(chart.clone(), Layout::full(chart, width))]
}

impl Chart {
    /// Into how many parts it can be cut at most.
    fn pieces(&self) -> usize {
        self.panels.iter().map(Panel::pieces).sum()
    }

    /// Cuts it into about `n` parts, at the columns of a matrix where these are too `narrow`.
    fn split(&self, n: usize, narrow: bool) -> Vec<Self> {
        let with = |panels: Vec<Panel>| Self {
            legend: self.legend.clone(),
            panels,
        };
        if n == 1 {
            return vec![self.clone()];
        }
        let panels = self.panels.len();
        if n <= panels {
            let each = panels.div_ceil(n);
            let parts = self.panels.chunks(each);
            return parts.map(|part| with(part.to_vec())).collect();
        }
        let each = n.div_ceil(panels.max(1));
        let parts = self
            .panels
            .iter()
            .flat_map(|panel| panel.split(each, narrow));
        parts.map(|panel| with(vec![panel])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Axis, Colour, Curves, Heat, Key, Mark, Row, Rows};
    use super::*;

    fn rows(groups: usize, each: usize, marks: usize) -> Panel {
        let mark = |n: usize| Mark {
            colour: Colour::Nth(n),
            at: n as f64,
            low: f64::NAN,
            high: f64::NAN,
            hollow: false,
        };
        let mut list = Vec::new();
        for group in 0..groups {
            list.push(Row {
                label: format!("heading {group}"),
                marks: Vec::new(),
            });
            list.extend((0..each).map(|row| Row {
                label: format!("row {group} {row}"),
                marks: (0..marks).map(mark).collect(),
            }));
        }
        Panel::Rows(Rows {
            title: String::new(),
            x: Axis::new("units"),
            rows: list,
            rule: Some(0.0),
            bars: false,
        })
    }

    fn chart(panels: Vec<Panel>) -> Chart {
        Chart {
            legend: vec![Key::new("layout", Colour::Nth(0))],
            panels,
        }
    }

    fn look(chart: &Chart) -> Vec<usize> {
        let count = |width: Width| {
            let parts = parts(chart, width);
            for (part, way) in &parts {
                assert!(way.tall(part, width) <= TALLEST);
                assert!(way.printed(width, part.least_text(way)) >= LEAST_TEXT);
                let drawn = part.drawn(way, "a figure").unwrap();
                assert_eq!(drawn.size, (way.wide, part.height(way)));
            }
            parts.len()
        };
        [Width::Column, Width::Page].map(count).to_vec()
    }

    #[test]
    fn what_fits_keeps_its_air() {
        let small = chart(vec![rows(2, 5, 2)]);
        for width in [Width::Column, Width::Page] {
            let parts = parts(&small, width);
            assert_eq!(parts.len(), 1);
            assert_eq!(parts[0].1, Layout::full(&small, width));
        }
    }

    #[test]
    fn what_is_tall_gets_tighter_smaller_or_is_cut() {
        // 31 provinces with 5 layouts, 5 groups of 12, a list of 400.
        assert_eq!(look(&chart(vec![rows(1, 31, 5)])), [1, 1]);
        assert_eq!(look(&chart(vec![rows(5, 12, 2)])), [1, 1]);
        assert!(look(&chart(vec![rows(40, 10, 3)])).iter().all(|n| *n > 1));
        let curve = Panel::Curves(Curves {
            title: "a panel".to_owned(),
            key: String::new(),
            x: Axis::years(),
            y: Axis::new("units"),
            series: Vec::new(),
            rule: None,
        });
        assert_eq!(look(&chart(vec![curve.clone(); 4])), [1, 1]);
        assert!(look(&chart(vec![curve; 24]))[0] > 1);
        let heat = |rows: usize, columns: usize| {
            Panel::Heat(Heat {
                title: String::new(),
                label: "flows".to_owned(),
                rows: (0..rows).map(|n| format!("row {n}")).collect(),
                columns: (0..columns).map(|n| format!("column {n}")).collect(),
                values: vec![vec![1.0; columns]; rows],
                signed: false,
                most: 1.0,
                texts: Vec::new(),
            })
        };
        assert_eq!(look(&chart(vec![heat(31, 31)])), [1, 1]);
        assert!(look(&chart(vec![heat(300, 31)])).iter().all(|n| *n > 1));
        // In a column of a journal sixty columns have no room for their names: they are cut.
        assert_eq!(look(&chart(vec![heat(20, 60)])), [2, 1]);
    }

    #[test]
    fn parts_hold_all_rows_once_below_their_heading() {
        let whole = chart(vec![rows(40, 10, 3)]);
        let Panel::Rows(all) = &whole.panels[0] else {
            panic!("rows");
        };
        let (mut seen, mut ends) = (Vec::new(), Vec::new());
        for (part, _) in parts(&whole, Width::Column) {
            let [Panel::Rows(part)] = &part.panels[..] else {
                panic!("rows");
            };
            ends.push((part.x.from, part.x.to));
            assert!(part.rows[0].marks.is_empty(), "a heading first");
            let last = part.rows.last().unwrap();
            assert!(!last.marks.is_empty(), "no heading at the end");
            let mut heading = "";
            for row in &part.rows {
                if row.marks.is_empty() {
                    heading = &row.label;
                } else {
                    let group = row.label.split(' ').nth(1).unwrap();
                    assert_eq!(heading, format!("heading {group}"));
                    seen.push(row.label.clone());
                }
            }
        }
        assert!(ends[0].0.is_some() && ends.iter().all(|axis| *axis == ends[0]));
        let labels = all.rows.iter().filter(|row| !row.marks.is_empty());
        assert!(seen.iter().eq(labels.map(|row| &row.label)));
    }
}
