//! The answer over draws of the parameters, before anything else: what each layout changes, how sure that is, and what
//! it hangs on. Rows are layouts by their titles, columns the main outcomes.

use crate::experiment::sweep::summary::{Analysis, Asked, Summary};
use crate::store::Manifest;
use crate::texts::columns::{left, wrapped};
use crate::texts::{Lang, say};

use super::lang::together;
use super::sweep::whole_percent;

/// The main outcomes: level, gap between areas, inequality across regions.
const MAIN: [&str; 3] = ["mean_stock", "theil_between", "theil"];
/// Columns of a layout's title on the terminal, and of what stands beside it.
const TITLE: usize = 15;
const CELL: usize = 20;
/// The sign is known where at least this share of the draws has it, even if the credible interval holds 0.
const MOSTLY: f64 = 0.8;

/// An effect as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The effect, its unit with it.
    pub effect: String,
    /// Its credible interval.
    pub range: String,
    /// What it comes to, in words.
    pub verdict: String,
    /// Ends of the credible interval, as the bar shows them.
    pub credible: [f64; 2],
    /// Ends of the luck interval.
    pub luck: [f64; 2],
}

/// A layout.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its title, its name where it has none.
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
    pub outcomes: Vec<&'static str>,
    /// The layouts but the baseline.
    pub rows: Vec<Row>,
    /// What each outcome hangs on most.
    pub hangs_on: Vec<String>,
}

impl Answer {
    /// Of a sweep whose points are draws; none of another, or where nothing was compared.
    pub fn of(summary: &Summary<'_>, manifest: &Manifest, lang: Lang) -> Option<Self> {
        let swept = summary.swept;
        let main: Vec<(usize, &str)> = MAIN
            .iter()
            .filter_map(|name| {
                let mut slots = swept.at_the_end().into_iter();
                let slot = slots.find(|slot| swept.sweep.slots[*slot].outcome == **name)?;
                Some((slot, *name))
            })
            .collect();
        let titles = |at: usize| {
            let layout = &manifest.layouts[at];
            match lang.name("", &layout.title, &layout.title_zh) {
                "" => layout.name.clone(),
                title => title.to_owned(),
            }
        };
        let mut seen = None;
        let rows: Vec<Row> = (1..swept.layouts.len())
            .map(|layout| Row {
                title: titles(layout),
                cells: main
                    .iter()
                    .map(|&(slot, name)| {
                        let analysis = summary.analysis(Asked {
                            layout,
                            versus: Some(0),
                            slot,
                        })?;
                        let over = &analysis.over.as_ref()?.credible;
                        seen = Some((over.draws, over.replicates));
                        Some(cell(summary, analysis, name, lang))
                    })
                    .collect(),
            })
            .collect();
        let (draws, replicates) = seen?;
        let base = titles(0);
        let parameters = swept.sweep.parameters.len();
        Some(Self {
            head: say!(lang, "over-head", base, draws, parameters, replicates),
            outcomes: main.iter().map(|(_, name)| what(name, lang)).collect(),
            hangs_on: main
                .iter()
                .filter_map(|&(slot, name)| hangs_on(summary, slot, name, lang))
                .collect(),
            rows,
        })
    }

    /// As text of at most 80 columns.
    pub fn words(&self, lang: Lang) -> String {
        let mut text = wrapped(&self.head, 0, 0, 78);
        let heads = self.outcomes.iter().map(|name| vec![(*name).to_owned()]);
        text.push_str(&side_by_side(String::new(), heads.collect()));
        let scales: Vec<[f64; 2]> = (0..self.outcomes.len()).map(|at| self.scale(at)).collect();
        for row in &self.rows {
            let cells = row
                .cells
                .iter()
                .zip(&scales)
                .map(|(cell, scale)| match cell {
                    None => vec![say!(lang, "over-nothing").to_owned()],
                    Some(cell) => vec![
                        cell.effect.clone(),
                        cell.range.clone(),
                        bar(cell, *scale),
                        cell.verdict.clone(),
                    ],
                });
            text.push('\n');
            text.push_str(&side_by_side(row.title.clone(), cells.collect()));
        }
        text.push('\n');
        text.push_str(&wrapped(say!(lang, "over-legend"), 0, 0, 78));
        for told in &self.hangs_on {
            text.push_str(&wrapped(told, 0, 2, 78));
        }
        text
    }

    /// The bar of a cell of an outcome, as SVG.
    pub fn drawn(&self, outcome: usize, cell: &Cell) -> String {
        const WIDE: f64 = 200.0;
        let [from, to] = self.scale(outcome);
        let at = |value: f64| match to > from {
            true => 2.0 + (value - from) / (to - from) * (WIDE - 4.0),
            false => 2.0,
        };
        let rect = |class: &str, [low, high]: [f64; 2], y: u32, tall: u32| {
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

    /// The ends of what the bars of an outcome show: all credible intervals, and 0.
    pub fn scale(&self, outcome: usize) -> [f64; 2] {
        let cells = self
            .rows
            .iter()
            .filter_map(|row| row.cells[outcome].as_ref());
        cells.fold([0.0, 0.0], |[low, high], cell| {
            let ends = cell.credible.into_iter().chain(cell.luck);
            ends.fold([low, high], |[low, high], end| {
                [low.min(end), high.max(end)]
            })
        })
    }
}

/// How sentences name a main outcome.
fn what(name: &str, lang: Lang) -> &'static str {
    match name {
        "mean_stock" => say!(lang, "short-stock"),
        "theil_between" => say!(lang, "short-gap"),
        _ => say!(lang, "short-inequality"),
    }
}

fn cell(summary: &Summary<'_>, analysis: &Analysis, name: &str, lang: Lang) -> Cell {
    let asked = analysis.asked;
    let level = summary.analysis(Asked {
        layout: asked.versus.unwrap_or_default(),
        versus: None,
        ..asked
    });
    let level = level.and_then(|level| Some(level.over.as_ref()?.credible.mean));
    let over = analysis.over.as_ref();
    let found = over.map(|over| (&over.credible, over.percent));
    let Some((of, percent)) = found else {
        return Cell {
            effect: String::new(),
            range: String::new(),
            verdict: String::new(),
            credible: [0.0; 2],
            luck: [0.0; 2],
        };
    };
    let (mean, credible, luck, unit) = match (percent, level) {
        (Some([mean, low, high]), Some(level)) => {
            // The error of the ratio is that of the effect: that of the level is a part of it only.
            let half = 100.0 * (of.luck[1] - of.luck[0]) / 2.0 / level.abs();
            (mean, [low, high], [mean - half, mean + half], " %")
        }
        _ => (of.mean, of.credible, of.luck, ""),
    };
    let [effect, low, high] = together([mean, credible[0], credible[1]], true);
    Cell {
        effect: format!("{effect}{unit}"),
        range: say!(lang, "range", low, high),
        verdict: verdict(of.above_zero, credible, name, lang),
        credible,
        luck,
    }
}

/// What an effect comes to: its direction, and how many of the draws say so.
fn verdict(above_zero: f64, credible: [f64; 2], name: &str, lang: Lang) -> String {
    if credible == [0.0; 2] {
        return say!(lang, "over-no-change").to_owned();
    }
    let up = above_zero >= 0.5;
    let share = if up { above_zero } else { 1.0 - above_zero };
    let sure = credible[0] > 0.0 || credible[1] < 0.0;
    if !sure && share < MOSTLY {
        return say!(lang, "over-sign-unknown").to_owned();
    }
    let direction = match (name == "mean_stock", up) {
        (true, true) => say!(lang, "over-raises"),
        (true, false) => say!(lang, "over-lowers"),
        (false, true) => say!(lang, "over-widens"),
        (false, false) => say!(lang, "over-narrows"),
    };
    match sure {
        true => say!(lang, "over-sure", direction),
        // Rounded down: 9 of 10 is at least that.
        false => say!(
            lang,
            "over-mostly",
            direction,
            n = libm::floor(10.0 * share)
        ),
    }
}

/// The parameter that moves each layout's effect on an outcome most, with the share of the variance over draws that a
/// linear reading gives it.
fn hangs_on(summary: &Summary<'_>, slot: usize, name: &str, lang: Lang) -> Option<String> {
    let layouts = summary.swept.layouts;
    let told = (1..layouts.len()).filter_map(|layout| {
        let analysis = summary.analysis(Asked {
            layout,
            versus: Some(0),
            slot,
        })?;
        let coefficients = &analysis.regression.as_ref()?.coefficients;
        let square = |at: usize| {
            let src = coefficients[at].src.as_ref()?.value;
            Some(src * src)
        };
        let all = (0..coefficients.len()).filter_map(|at| Some((at, square(at)?)));
        let (at, share) = all.max_by(|a, b| a.1.total_cmp(&b.1))?;
        let parameter = &summary.terms.get(at)?.name;
        let share = whole_percent(share.min(1.0));
        Some(say!(
            lang,
            "over-hangs-one",
            layout = layouts[layout],
            parameter,
            share
        ))
    });
    let told: Vec<String> = told.collect();
    let list = told.join(say!(lang, "list-semicolon"));
    (!told.is_empty()).then(|| say!(lang, "over-hangs", what = what(name, lang), list))
}

/// A bar of [`CELL`] columns: the credible interval, in it the luck interval, and where nothing changes.
fn bar(cell: &Cell, [from, to]: [f64; 2]) -> String {
    let last = (CELL - 1) as f64;
    let at = |value: f64| match to > from {
        true => ((value - from) / (to - from) * last).round() as usize,
        false => 0,
    };
    let mut bar = vec![' '; CELL];
    let [low, high] = cell.credible.map(at);
    bar[low..=high].fill('─');
    let [low, high] = cell.luck.map(at);
    bar[low..=high].fill('━');
    bar[at(0.0)] = '│';
    bar.into_iter().collect::<String>().trim_end().to_owned()
}

/// Cells beside a title, line by line; each line of a cell is broken where it is too long.
fn side_by_side(title: String, cells: Vec<Vec<String>>) -> String {
    let lines = |cell: Vec<String>, wide: usize| -> Vec<String> {
        let broken = cell
            .iter()
            .flat_map(|line| match line.contains(['─', '━', '│']) {
                true => vec![line.clone()],
                false => wrapped(line, 0, 0, wide)
                    .lines()
                    .map(str::to_owned)
                    .collect(),
            });
        broken.collect()
    };
    let title = lines(vec![title], TITLE);
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
