//! Figures of a replay: the S-curves of the history and under layouts, what changes for places and for items.

use std::path::Path;

use crate::experiment::replay::{Effect, PATHS};
use crate::report::chart::{Axis, Chart, Colour, Curves, Key, Panel, Row, Rows, Series, Ticks};
use crate::report::lang::{Lang, number, signed};
use crate::report::replayed::Replayed;
use crate::report::table::Table;
use crate::store::StoreError;
use crate::texts::say;

use super::super::{Csv, Figure, Names};
use super::mark;

/// Most items and places with a row of their own.
const ROWS: usize = 40;

/// The paths of a replay.
pub struct ReplayData {
    paths: Table,
    /// Whether steps are calendar months.
    months: bool,
}

impl ReplayData {
    /// Reads the tables.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn read(dir: &Path) -> Result<Self, StoreError> {
        let paths = Table::read(dir, PATHS)?;
        let months = paths.column("month").is_some();
        Ok(Self { paths, months })
    }

    /// The step of a row as the table writes it, and where it lies on an axis of years or of numbers.
    fn step(&self, row: usize) -> (String, f64) {
        if let Some(month) = self.paths.month(row, "month") {
            return (month.to_string(), f64::from(month.0) / 12.0);
        }
        let name = self.paths.text(row, "period");
        let at = match name.split_once("-Q") {
            // A quarter is a part of its year.
            Some((year, quarter)) => {
                let quarter = quarter.parse().unwrap_or(1.0) - 1.0;
                year.parse().unwrap_or(0.0) + quarter / 4.0
            }
            None => name.parse().unwrap_or(f64::NAN),
        };
        (name.to_owned(), at)
    }
}

/// The figures.
pub fn replay_figures(of: &Replayed, data: &ReplayData, names: &Names) -> Vec<Figure> {
    let mut figures = vec![paths(of, data, names.lang)];
    for layout in &of.layouts {
        figures.push(rows(of, layout, "place", names));
        if of.of(layout, "item").len() > 1 {
            figures.push(rows(of, layout, "item", names));
        }
    }
    figures
}

/// Adopters of the history and under each layout.
fn paths(of: &Replayed, data: &ReplayData, lang: Lang) -> Figure {
    let time = if data.months { "month" } else { "period" };
    let mut csv = Csv::new(&["layout", time, "factual", "replayed", "low", "high"]);
    let table = &data.paths;
    let mut panels = Vec::new();
    let mut ends = Vec::new();
    for layout in &of.layouts {
        let (mut history, mut line, mut band) = (Vec::new(), Vec::new(), Vec::new());
        let (mut last, mut days) = (None, 0.0);
        for row in (0..table.rows()).filter(|row| table.text(*row, "layout") == layout) {
            let (name, at) = data.step(row);
            // Days have no number: they stand one after the other.
            let at = if at.is_finite() { at } else { days };
            days += 1.0;
            let factual = table.int(row, "factual").unwrap_or(0) as f64;
            let [mean, low, high] =
                ["replayed", "low", "high"].map(|name| table.number(row, name).unwrap_or(f64::NAN));
            csv.row([
                layout.as_str().into(),
                name.as_str().into(),
                factual.into(),
                mean.into(),
                low.into(),
                high.into(),
            ]);
            history.push((at, factual));
            line.push((at, mean));
            band.push((at, low, high));
            last = Some((name, factual, mean));
        }
        ends.extend(last.map(|(name, factual, mean)| (layout, name, factual, mean)));
        let x = match data.months {
            true => Axis::years(),
            false => Axis {
                ticks: Ticks::Count,
                ..Axis::default()
            },
        };
        panels.push(Panel::Curves(Curves {
            title: if of.layouts.len() > 1 {
                layout.clone()
            } else {
                String::new()
            },
            key: layout.clone(),
            x,
            y: Axis::count(say!(lang, "estimation-adopters")),
            series: vec![
                Series::line(Colour::Nth(0), line).with_band(band),
                Series::line(Colour::Nth(1), history),
            ],
            rule: None,
        }));
    }
    let title = match ends.first() {
        Some((layout, end, factual, mean)) => say!(
            lang,
            "replay-paths",
            layout,
            end,
            factual = number(*factual),
            mean = number(*mean)
        ),
        None => say!(lang, "replay-nothing").to_owned(),
    };
    Figure {
        id: "paths".to_owned(),
        title,
        caption: say!(lang, "replay-paths-about").to_owned(),
        chart: Ok(Chart {
            legend: vec![
                Key::new(say!(lang, "replay-history"), Colour::Nth(1)),
                Key::new(say!(lang, "replay-layout"), Colour::Nth(0)),
            ],
            panels,
        }),
        data: csv,
    }
}

/// What changes for places or for items under a layout.
fn rows(of: &Replayed, layout: &str, kind: &str, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&[
        "layout",
        "id",
        "factual",
        "adopter_steps",
        "low",
        "high",
        "luck_low",
        "luck_high",
        "adopters",
        "changed",
    ]);
    let all = of.largest(layout, kind);
    let shown = |id: &str| match kind {
        "place" => names.place(id).to_owned(),
        _ => id.to_owned(),
    };
    let mut rows = Vec::new();
    for e in &all {
        let luck = e.over.map_or([f64::NAN; 2], |over| over.steps);
        csv.row([
            layout.into(),
            e.id.as_str().into(),
            (e.factual as f64).into(),
            e.steps[0].into(),
            e.steps[1].into(),
            e.steps[2].into(),
            luck[0].into(),
            luck[1].into(),
            e.adopters[0].into(),
            e.changed.into(),
        ]);
        let mut marks = vec![mark(Colour::Nth(0), e.steps)];
        if e.over.is_some() {
            marks.push(mark(Colour::Nth(1), [e.steps[0], luck[0], luck[1]]));
        }
        rows.push(Row {
            label: shown(&e.id),
            marks,
        });
    }
    rows.truncate(ROWS);
    let told = |e: &&Effect| (shown(&e.id), signed(e.steps[0]));
    let title = match (all.first().map(told), kind) {
        (None, _) => say!(lang, "replay-nothing").to_owned(),
        (Some((name, by)), "place") => {
            let gain = all.iter().filter(|e| e.steps[1] > 0.0).count();
            say!(lang, "replay-places-title", layout, name, by, gain)
        }
        (Some((name, by)), _) => say!(lang, "replay-items-title", layout, name, by),
    };
    let legend = match of.draws {
        None => Vec::new(),
        Some(_) => vec![
            Key::new(say!(lang, "replay-credible-key"), Colour::Nth(0)),
            Key::new(say!(lang, "replay-luck-key"), Colour::Nth(1)),
        ],
    };
    let about = match of.draws {
        None => say!(lang, "replay-of-luck"),
        Some(_) => say!(lang, "replay-of-draws"),
    };
    let id = match of.layouts.len() {
        1 => format!("{kind}s"),
        _ => format!("{kind}s-{layout}"),
    };
    Figure {
        id,
        title,
        caption: format!(
            "{} {about}",
            say!(lang, "replay-rows-about", n = all.len().min(ROWS))
        ),
        chart: Ok(Chart {
            legend,
            panels: vec![Panel::Rows(Rows {
                title: String::new(),
                x: Axis::new(say!(lang, "replay-axis")),
                rows,
                rule: Some(0.0),
                bars: false,
            })],
        }),
        data: csv,
    }
}
