//! The answer, before anything else: what each layout changes, how sure that is, and what it hangs on. Rows are layouts
//! by their titles, columns the main outcomes. Without draws of the parameters it is of luck alone, and says so.

mod draws;
mod luck;
mod turning;

use crate::experiment::sweep::summary::Summary;
use crate::scenario::Month;
use crate::store::{LayoutEntry, Manifest};
use crate::texts::columns::{fitted, left, wrapped};
use crate::texts::{Lang, say};

use super::lang::{self, together, unsigned};

pub use turning::{main_slots, turning};

/// The main outcomes: level, gap between areas, inequality across regions.
const MAIN: [&str; 3] = ["mean_stock", "theil_between", "theil"];
/// Those of firms, where there are any.
const OF_FIRMS: [&str; 2] = ["uptake", "benefit"];
/// Columns of a layout's title on the terminal, and of what stands beside it.
const TITLE: usize = 16;
const CELL: usize = 20;
/// Cells side by side on the terminal.
const BESIDE: usize = 3;

/// The place of an outcome among the main ones, which come first where not all have room; that of others is last.
pub fn rank(name: &str) -> usize {
    let mut main = MAIN.iter().chain(&OF_FIRMS);
    main.position(|known| *known == name).unwrap_or(usize::MAX)
}

/// An effect as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The effect, its unit with it.
    pub effect: String,
    /// Its widest interval: the credible one, or that of luck; empty where there is none.
    pub range: String,
    /// What it comes to, in words.
    pub verdict: String,
    /// Ends of the credible interval, as the bar shows them; none where parameters were not drawn.
    pub credible: Option<[f64; 2]>,
    /// Ends of the luck interval; none of one replicate.
    pub luck: Option<[f64; 2]>,
    /// Whether it is in per cent of the baseline.
    pub percent: bool,
}

impl Cell {
    fn ends(&self) -> impl Iterator<Item = f64> {
        self.credible.into_iter().chain(self.luck).flatten()
    }
}

/// A layout.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its title, with its name.
    pub title: String,
    /// By main outcome; none where there is no effect to show.
    pub cells: Vec<Option<Cell>>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What it is relative to, over how many draws of how many parameters, and of how many replicates.
    pub head: String,
    /// The main outcomes, as sentences name them.
    pub outcomes: Vec<String>,
    /// The layouts but the baseline.
    pub rows: Vec<Row>,
    /// What it hangs on, and over what it holds.
    pub notes: Vec<String>,
}

/// The answer of a sweep in words: over draws or models, or where one parameter turns it; of what is not far enough for
/// one, how far it is; empty of another sweep.
pub fn answered(summary: &Summary<'_>, manifest: &Manifest, lang: Lang) -> String {
    if let Some(answer) = Answer::of_draws(summary, manifest, lang) {
        return answer.words(lang);
    }
    let mut told = turning(summary, manifest, lang);
    if told.is_empty() && summary.swept.sweep.pool {
        let (done, runs) = (manifest.jobs.done, manifest.jobs.all);
        told.push(say!(lang, "over-too-few", done, runs));
    }
    told.iter().map(|line| wrapped(line, 0, 2, 78)).collect()
}

/// A layout by its title, with its name.
fn titled(manifest: &Manifest, name: &str, lang: Lang) -> String {
    let layout = manifest.layouts.iter().find(|layout| layout.name == name);
    let titles = |layout: &LayoutEntry| [layout.title.clone(), layout.title_zh.clone()];
    lang::titled(lang, name, &layout.map(titles).unwrap_or_default())
}

/// How sentences name a main outcome, at a month before the last.
fn what(name: &str, before: Option<Month>, lang: Lang) -> String {
    let what = match name {
        "mean_stock" => say!(lang, "short-stock"),
        "theil_between" => say!(lang, "short-gap"),
        "theil" => say!(lang, "short-inequality"),
        "uptake" => say!(lang, "short-uptake"),
        _ => say!(lang, "short-benefit"),
    };
    match before {
        Some(month) => say!(lang, "short-in", what, month),
        None => what.to_owned(),
    }
}

/// In which direction an outcome moves, in a word.
fn direction(name: &str, up: bool, lang: Lang) -> &'static str {
    match (name.starts_with("theil"), up) {
        (false, true) => say!(lang, "over-raises"),
        (false, false) => say!(lang, "over-lowers"),
        (true, true) => say!(lang, "over-widens"),
        (true, false) => say!(lang, "over-narrows"),
    }
}

/// An effect and its interval at the digits that the interval leaves. An end that is not 0 is not shown as 0: which
/// side it is on is what a verdict is about.
fn shown([mean, low, high]: [f64; 3], unit: &str, lang: Lang) -> (String, String) {
    let [effect, from, to] = together([mean, low, high], true);
    let end = |text: String, value: f64| match text.bytes().all(|b| matches!(b, b'0' | b'.')) {
        true if value != 0.0 && value.is_finite() => {
            let digits = -libm::log10(value.abs()).floor() as i32;
            let sign = if value < 0.0 { '−' } else { '+' };
            format!("{sign}{}", unsigned(value, digits))
        }
        _ => text,
    };
    let range = say!(lang, "range", low = end(from, low), high = end(to, high));
    (format!("{effect}{unit}"), range)
}

impl Answer {
    /// As text of at most 80 columns.
    pub fn words(&self, lang: Lang) -> String {
        let mut text = wrapped(&self.head, 0, 0, 78);
        let all: Vec<usize> = (0..self.outcomes.len()).collect();
        for some in all.chunks(BESIDE) {
            let heads = some.iter().map(|at| vec![self.outcomes[*at].clone()]);
            text.push_str(&side_by_side("", heads.collect()));
            for row in &self.rows {
                let cells = some.iter().map(|&at| match &row.cells[at] {
                    None => vec![say!(lang, "over-nothing").to_owned()],
                    Some(cell) => {
                        let bar = bar(cell, self.scale(at));
                        let lines = [&cell.effect, &cell.range, &bar, &cell.verdict];
                        let lines = lines.into_iter().filter(|line| !line.is_empty());
                        lines.cloned().collect()
                    }
                });
                text.push('\n');
                text.push_str(&side_by_side(&row.title, cells.collect()));
            }
            text.push('\n');
        }
        text.push_str(&wrapped(self.legend(lang), 0, 0, 78));
        for told in &self.notes {
            text.push_str(&wrapped(told, 0, 2, 78));
        }
        text
    }

    /// What the bars of a terminal are.
    fn legend(&self, lang: Lang) -> &'static str {
        match (self.is_drawn(), self.is_one()) {
            (true, _) => say!(lang, "over-legend"),
            (_, true) => say!(lang, "luck-legend-one"),
            _ => say!(lang, "luck-legend"),
        }
    }

    /// What the bars of a page are.
    pub fn page_legend(&self, lang: Lang) -> &'static str {
        match (self.is_drawn(), self.is_one()) {
            (true, _) => say!(lang, "over-legend-page"),
            (_, true) => say!(lang, "luck-legend-one"),
            _ => say!(lang, "luck-legend-page"),
        }
    }

    fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(|row| row.cells.iter().flatten())
    }

    /// Whether the parameters were drawn.
    fn is_drawn(&self) -> bool {
        self.cells().any(|cell| cell.credible.is_some())
    }

    /// Whether there is no interval at all.
    fn is_one(&self) -> bool {
        self.cells().all(|cell| cell.ends().next().is_none())
    }

    /// The bar of a cell of an outcome, as SVG.
    pub fn drawn(&self, outcome: usize, cell: &Cell) -> String {
        const WIDE: f64 = 200.0;
        let [from, to] = self.scale(outcome);
        let at = |value: f64| match to > from {
            true => 2.0 + (value - from) / (to - from) * (WIDE - 4.0),
            false => 2.0,
        };
        let rect = |class: &str, ends: Option<[f64; 2]>, y: u32, tall: u32| {
            let Some([low, high]) = ends else {
                return String::new();
            };
            let (x, wide) = (at(low), (at(high) - at(low)).max(1.5));
            format!(
                r#"<rect class="{class}" x="{x:.1}" y="{y}" width="{wide:.1}" height="{tall}"/>"#
            )
        };
        let zero = at(0.0);
        format!(
            r#"<svg viewBox="0 0 {WIDE} 14" preserveAspectRatio="none" aria-hidden="true">{}{}<line class="zero" x1="{zero:.1}" x2="{zero:.1}" y1="0" y2="14"/></svg>"#,
            rect("credible", cell.credible, 5, 4),
            rect("luck", cell.luck, 3, 8)
        )
    }

    /// The ends of what the bars of an outcome show: all intervals, and 0.
    fn scale(&self, outcome: usize) -> [f64; 2] {
        let cells = self
            .rows
            .iter()
            .filter_map(|row| row.cells[outcome].as_ref());
        let ends = cells.flat_map(Cell::ends);
        ends.fold([0.0, 0.0], |[low, high], end| [low.min(end), high.max(end)])
    }
}

/// A bar of [`CELL`] columns: the credible interval, in it the luck interval, and where nothing changes.
fn bar(cell: &Cell, [from, to]: [f64; 2]) -> String {
    let last = (CELL - 1) as f64;
    let at = |value: f64| match to > from {
        true => ((value - from) / (to - from) * last).round() as usize,
        false => 0,
    };
    if cell.ends().next().is_none() {
        return String::new();
    }
    let mut bar = vec![' '; CELL];
    for (ends, line) in [(cell.credible, '─'), (cell.luck, '━')] {
        if let Some([a, b]) = ends.map(|ends| ends.map(at)) {
            bar[a.min(b)..=a.max(b)].fill(line);
        }
    }
    bar[at(0.0)] = '│';
    bar.into_iter().collect::<String>().trim_end().to_owned()
}

/// Cells beside a title, line by line; each line of a cell is broken where it is too long.
fn side_by_side(title: &str, cells: Vec<Vec<String>>) -> String {
    let lines = |cell: Vec<String>, wide: usize| -> Vec<String> {
        let broken = cell
            .iter()
            .flat_map(|line| match line.contains(['─', '━', '│']) {
                true => vec![line.clone()],
                false => fitted(line, wide),
            });
        broken.collect()
    };
    let title = lines(vec![title.to_owned()], TITLE);
    let cells: Vec<Vec<String>> = cells.into_iter().map(|cell| lines(cell, CELL)).collect();
    let long = cells
        .iter()
        .chain([&title])
        .map(Vec::len)
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for line in 0..long {
        let of = |cell: &Vec<String>, wide| left(cell.get(line).map_or("", String::as_str), wide);
        let mut whole = of(&title, TITLE);
        for cell in &cells {
            whole.push(' ');
            whole.push_str(&of(cell, CELL));
        }
        text.push_str(whole.trim_end());
        text.push('\n');
    }
    text
}
