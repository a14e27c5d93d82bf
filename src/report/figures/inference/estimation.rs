//! Figures of an estimation: coefficients, profiles of the likelihood, S-curves inside simulated bands, residuals, and how
//! well what is held out is foretold.

use std::path::Path;

use crate::paired::Z_975;
use crate::report::chart::{
    Axis, Chart, Colour, Curves, Key, Mark, Panel, Row, Rows, Series, Ticks,
};
use crate::report::lang::{Lang, apart, significant};
use crate::report::table::Sheet;
use crate::scenario::Month;
use crate::scenario::spec::Step;
use crate::store::About;
use crate::texts::{say, text};

use super::super::{Cell, Csv, Figure};
use super::{Told, mark, told as with_findings};

/// Below this p a coefficient is told from 0.
const TOLD: f64 = 0.05;
/// 2 · (ℓ_max − ℓ) at the ends of a 95 % interval: the quantile of χ²₁.
const CRITICAL: f64 = Z_975 * Z_975;
/// Most items with a panel of their own.
const ITEMS: usize = 11;
/// Places that are left where the curve of residuals ends.
const LEFT: usize = 5;

/// The figures; what was not asked for is named with the option that asks.
pub fn estimation_figures(dir: &Path, about: &About, lang: Lang) -> Told {
    let estimates = Sheet::read(dir, "estimates");
    let fit = Sheet::read(dir, "fit");
    // Short of the maximum nothing is found.
    let ended = fit.is_empty() || fit.text(0, "maximum") != "unfinished";
    let mut figures = vec![
        coefficients(&estimates, ended, lang),
        profiles(&Sheet::read(dir, "profiles"), &estimates, lang),
        curves(&Sheet::read(dir, "curves"), about, lang),
        residuals(&Sheet::read(dir, "residuals"), lang),
    ];
    let owed = Sheet::read(dir, "shares");
    if !owed.is_empty() {
        figures.insert(1, shares(&owed, lang));
    }
    let scores = Sheet::read(dir, "scores");
    if !scores.is_empty() {
        figures.push(foretold(&scores, lang));
    }
    with_findings(figures)
}

/// A figure by its topic, or why there is no chart: the option that writes its table; and what it shows.
fn figure(
    (id, topic): (&str, &str),
    finding: String,
    caption: &str,
    option: &str,
    (chart, data): (Option<Chart>, Csv),
) -> (Figure, String) {
    let figure = Figure {
        id: id.to_owned(),
        title: topic.to_owned(),
        caption: caption.to_owned(),
        chart: chart.ok_or_else(|| match option {
            "" => text!("estimation-nothing"),
            option => text!("estimation-needs", option),
        }),
        data,
    };
    (figure, finding)
}

/// The estimates with their intervals, those of one unit on one axis: rates, strengths over the rate of contagion, effects of
/// covariates, the variance of frailties. What is not identified has none.
fn coefficients(estimates: &Sheet, ended: bool, lang: Lang) -> (Figure, String) {
    let mut data = Csv::new(&["parameter", "estimate", "low", "high", "p"]);
    let mut panels: [Vec<Row>; 4] = Default::default();
    let (mut told, mut contagion) = (Vec::new(), 0);
    for row in 0..estimates.len() {
        let at = ["estimate", "low", "high", "p"].map(|name| estimates.number(row, name));
        let [estimate, low, high, p] = at;
        let key = estimates.text(row, "parameter");
        data.row([
            key.into(),
            estimate.into(),
            low.into(),
            high.into(),
            p.into(),
        ]);
        let kind = estimates.text(row, "kind");
        let panel = match kind {
            "strength" => 1,
            "covariate" => 2,
            "frailty" => 3,
            _ => 0,
        };
        // Without a p it is not known.
        if kind == "contagion" && !p.is_nan() {
            contagion += 1;
            if p < TOLD {
                told.push(estimates.text(row, "term"));
            }
        }
        let one = Row {
            label: estimates.text(row, "term").to_owned(),
            marks: vec![Mark {
                // Without a test the limits say it.
                hollow: match p.is_nan() {
                    true => low <= 0.0 || low.is_nan(),
                    false => p >= TOLD,
                },
                ..mark(Colour::Nth(0), [estimate, low, high])
            }],
        };
        // A key of a grid is in units of its own.
        if kind != "grid" && estimate.is_finite() {
            panels[panel].push(one);
        }
    }
    let panel = |title: &str, axis: Axis, rows: Vec<Row>| {
        Panel::Rows(Rows {
            title: title.to_owned(),
            x: axis,
            rows,
            rule: Some(0.0),
            centre: String::new(),
            bars: false,
        })
    };
    let heads = [
        (
            say!(lang, "estimation-rates"),
            say!(lang, "estimation-rate-axis"),
        ),
        (
            say!(lang, "estimation-strengths"),
            say!(lang, "estimation-strength-axis"),
        ),
        (
            say!(lang, "estimation-effects"),
            say!(lang, "estimation-effect-axis"),
        ),
        (
            say!(lang, "estimation-frailty"),
            say!(lang, "estimation-frailty-axis"),
        ),
    ];
    let panels = panels.into_iter().zip(heads).enumerate();
    let panels = panels.filter(|(_, (rows, _))| !rows.is_empty());
    let panels = panels.map(|(number, (rows, (title, axis)))| {
        let axis = Axis::new(axis);
        // Only effects have two signs.
        let axis = if number == 2 {
            axis
        } else {
            axis.starting(0.0)
        };
        panel(title, axis, rows)
    });
    let panels: Vec<Panel> = panels.collect();
    let title = match (told.as_slice(), contagion) {
        _ if !ended => String::new(),
        ([], 0) => String::new(),
        ([], _) => say!(lang, "estimation-no-contagion").to_owned(),
        (list, _) => {
            let list = list.join(say!(lang, "list-comma"));
            say!(lang, "estimation-contagion", list)
        }
    };
    let legend = vec![
        Key::new(say!(lang, "estimation-told"), Colour::Nth(0)),
        Key {
            hollow: true,
            ..Key::new(say!(lang, "estimation-untold"), Colour::Nth(0))
        },
    ];
    let chart = (!panels.is_empty()).then_some(Chart { legend, panels });
    let caption = say!(lang, "estimation-coefficients-about");
    let topic = say!(lang, "estimation-coefficients");
    figure(("coefficients", topic), title, caption, "", (chart, data))
}

/// What adoptions are owed to, each with its interval.
fn shares(shares: &Sheet, lang: Lang) -> (Figure, String) {
    let mut data = Csv::new(&["term", "share", "low", "high", "adoptions"]);
    let (mut rows, mut title) = (Vec::new(), String::new());
    // The only rate of contagion is all of it.
    let is = |row: usize, kind: &str| shares.text(row, "kind") == kind;
    let single = (0..shares.len()).filter(|row| is(*row, "contagion") || is(*row, "strength"));
    let single = single.count() == 2;
    for row in 0..shares.len() {
        let term = shares.text(row, "term");
        let whole = shares.text(row, "parameter").is_empty();
        let at = ["share", "low", "high"].map(|name| shares.number(row, name));
        let cells = at.map(Cell::from);
        let adoptions = Cell::from(shares.number(row, "adoptions"));
        data.row(
            std::iter::once(Cell::from(term))
                .chain(cells)
                .chain([adoptions]),
        );
        let [share, low, high] = at.map(|share| format!("{:.0}", 100.0 * share));
        if whole {
            title = match at[1].is_nan() {
                true => say!(lang, "estimation-share-alone", share),
                false => say!(lang, "estimation-share", share, low, high),
            };
        }
        if !whole || !single {
            rows.push(Row {
                label: match whole {
                    true => say!(lang, "estimation-all-contagion").to_owned(),
                    false => term.to_owned(),
                },
                marks: vec![mark(Colour::Nth(0), at)],
            });
        }
    }
    let chart = (!rows.is_empty()).then(|| {
        Chart::plain(Panel::Rows(Rows {
            title: String::new(),
            x: Axis {
                ticks: Ticks::Share,
                ..Axis::new(say!(lang, "estimation-share-axis")).starting(0.0)
            },
            rows,
            rule: Some(0.0),
            centre: String::new(),
            bars: false,
        }))
    });
    let caption = say!(lang, "estimation-shares-about");
    let topic = say!(lang, "estimation-shares-title");
    figure(("shares", topic), title, caption, "", (chart, data))
}

/// The deviance of each parameter at values about its estimate.
fn profiles(profiles: &Sheet, estimates: &Sheet, lang: Lang) -> (Figure, String) {
    let mut data = Csv::new(&["parameter", "value", "deviance"]);
    let mut panels: Vec<Curves> = Vec::new();
    for row in 0..profiles.len() {
        let key = profiles.text(row, "parameter");
        let [value, deviance] = ["value", "deviance"].map(|name| profiles.number(row, name));
        data.row([key.into(), value.into(), deviance.into()]);
        if panels.last().is_none_or(|panel| panel.title != key) {
            panels.push(Curves {
                title: key.to_owned(),
                key: key.to_owned(),
                x: Axis::new(say!(lang, "estimation-value")),
                y: Axis::new(say!(lang, "estimation-deviance")).starting(0.0),
                series: vec![Series::line(Colour::Nth(0), Vec::new())],
                rule: Some(CRITICAL),
            });
        }
        if let Some(series) = panels.last_mut().and_then(|panel| panel.series.first_mut()) {
            series.line.push((value, deviance));
        }
    }
    // The interval that is farthest from even about its estimate.
    let uneven = (0..estimates.len()).filter_map(|row| {
        let at = ["estimate", "independent_low", "independent_high"];
        let [estimate, low, high] = at.map(|name| estimates.number(row, name));
        let times = (high - estimate) / (estimate - low);
        let skewed = libm::log(times).abs();
        (skewed.is_finite()).then(|| (skewed, times, estimates.text(row, "term")))
    });
    let title = match uneven.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((skewed, times, name)) if skewed > libm::log(1.25) => {
            let times = significant(times, 2);
            say!(lang, "estimation-uneven", name, times)
        }
        _ => say!(lang, "estimation-even").to_owned(),
    };
    let panels: Vec<Panel> = panels.into_iter().map(Panel::Curves).collect();
    let chart = (!panels.is_empty()).then_some(Chart {
        legend: Vec::new(),
        panels,
    });
    let caption = say!(lang, "estimation-profiles-about");
    let topic = say!(lang, "estimation-profiles-title");
    figure(
        ("profiles", topic),
        title,
        caption,
        "--profiles",
        (chart, data),
    )
}

/// An axis of periods, and where a period lies on it.
fn periods(step: Option<Step>, lang: Lang) -> (Axis, f64) {
    match step {
        Some(Step::Month) => (Axis::years(), 12.0),
        Some(Step::Quarter) => (Axis::years(), 4.0),
        Some(Step::Year) => {
            let axis = Axis {
                ticks: Ticks::Count,
                ..Axis::default()
            };
            (axis, 1.0)
        }
        _ => (Axis::new(say!(lang, "estimation-period")), 1.0),
    }
}

/// S-curves of the history inside bands of simulated ones.
fn curves(curves: &Sheet, about: &About, lang: Lang) -> (Figure, String) {
    let (axis, per) = periods(about.step, lang);
    // The page finds what is under the pointer of an axis of years by months.
    let dated = axis.ticks == Ticks::Year;
    let time = if dated { "month" } else { "period" };
    let mut data = Csv::new(&["item", time, "observed", "simulated", "low", "high"]);
    let mut panels: Vec<(f64, Curves)> = Vec::new();
    let (mut inside, mut all) = (0, 0);
    for row in 0..curves.len() {
        let item = curves.text(row, "item");
        let [period, observed, mean, low, high] =
            ["period", "observed", "simulated", "low", "high"].map(|name| curves.number(row, name));
        data.row([
            item.into(),
            match dated {
                true => Month((period * 12.0 / per) as i32).into(),
                false => curves.text(row, "period").into(),
            },
            observed.into(),
            mean.into(),
            low.into(),
            high.into(),
        ]);
        let title = match item {
            "" => say!(lang, "estimation-all-items"),
            item => item,
        };
        if item.is_empty() {
            all += 1;
            inside += usize::from((low..=high).contains(&observed));
        }
        if panels.last().is_none_or(|(_, panel)| panel.title != title) {
            let panel = Curves {
                title: title.to_owned(),
                key: item.to_owned(),
                x: axis.clone(),
                y: Axis::count(say!(lang, "estimation-adopters")),
                series: vec![
                    Series::line(Colour::Nth(0), Vec::new()),
                    Series::line(Colour::Nth(1), Vec::new()),
                ],
                rule: None,
            };
            panels.push((0.0, panel));
        }
        if let Some((most, panel)) = panels.last_mut() {
            let x = period / per;
            panel.series[0].line.push((x, mean));
            panel.series[0].band.push((x, low, high));
            panel.series[1].line.push((x, observed));
            *most = observed.max(*most);
        }
    }
    // All together first, and then the items with most adopters.
    let of_all = panels.len().min(1);
    panels[of_all..].sort_by(|a, b| b.0.total_cmp(&a.0));
    // One item is all items.
    let shown = if panels.len() == 2 { 1 } else { 1 + ITEMS };
    panels.truncate(shown);
    let title = say!(lang, "estimation-curves", inside, n = all);
    let panels: Vec<Panel> = panels
        .into_iter()
        .map(|(_, of)| Panel::Curves(of))
        .collect();
    let legend = vec![
        Key::new(say!(lang, "estimation-observed"), Colour::Nth(1)),
        Key::new(say!(lang, "estimation-simulated"), Colour::Nth(0)),
    ];
    let chart = (!panels.is_empty()).then_some(Chart { legend, panels });
    let caption = say!(lang, "estimation-curves-about");
    let topic = say!(lang, "estimation-curves-title");
    figure(("curves", topic), title, caption, "--curves", (chart, data))
}

/// The cumulative hazard of Cox–Snell residuals beside that of the unit exponential law, which is the diagonal.
fn residuals(residuals: &Sheet, lang: Lang) -> (Figure, String) {
    let mut data = Csv::new(&["residual", "cumulative_hazard", "low", "high"]);
    let of = |row| {
        let adopted = residuals.text(row, "adopted") == "1";
        (residuals.number(row, "residual"), adopted)
    };
    let mut all: Vec<(f64, bool)> = (0..residuals.len()).map(of).collect();
    all.retain(|(at, _)| at.is_finite());
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    // Nelson and Aalen: one over those that are left, at each adoption; its variance adds up the squares.
    let (mut sum, mut squares) = (0.0, 0.0);
    let (mut line, mut band) = (vec![(0.0, 0.0)], vec![(0.0, 0.0, 0.0)]);
    let mut gap: f64 = 0.0;
    for (n, &(at, _)) in all.iter().enumerate().filter(|(_, (_, adopted))| *adopted) {
        let left = all.len() - n;
        if left < LEFT {
            break;
        }
        let before = sum;
        sum += 1.0 / left as f64;
        squares += 1.0 / (left as f64 * left as f64);
        let half = Z_975 * squares.sqrt();
        let (low, high) = ((sum - half).max(0.0), sum + half);
        let survival = |hazard: f64| libm::exp(-hazard);
        for hazard in [before, sum] {
            gap = gap.max((survival(hazard) - survival(at)).abs());
        }
        line.push((at, sum));
        band.push((at, low, high));
        data.row([at.into(), sum.into(), low.into(), high.into()]);
    }
    let end = line.last().map_or(0.0, |(at, _)| *at);
    let title = say!(lang, "estimation-residuals", gap = significant(gap, 2));
    let panel = Panel::Curves(Curves {
        title: String::new(),
        key: String::new(),
        x: Axis::new(say!(lang, "estimation-residual")).starting(0.0),
        y: Axis::new(say!(lang, "estimation-cumulative")).starting(0.0),
        series: vec![
            Series::line(Colour::Grey, vec![(0.0, 0.0), (end, end)]),
            Series::line(Colour::Nth(0), line).with_band(band),
        ],
        rule: None,
    });
    let legend = vec![
        Key::new(say!(lang, "estimation-of-residuals"), Colour::Nth(0)),
        Key::new(say!(lang, "estimation-exponential"), Colour::Grey),
    ];
    let chart = (end > 0.0).then_some(Chart {
        legend,
        panels: vec![panel],
    });
    let caption = say!(lang, "estimation-residuals-about");
    let topic = say!(lang, "estimation-residuals-title");
    figure(
        ("residuals", topic),
        title,
        caption,
        "--residuals",
        (chart, data),
    )
}

/// How well models foretell what is held out.
fn foretold(scores: &Sheet, lang: Lang) -> (Figure, String) {
    let mut data = Csv::new(&["model", "held_log_score", "held_brier", "held_rows"]);
    let mut rows = Vec::new();
    for row in 0..scores.len() {
        let model = scores.text(row, "model");
        let of = |name| Cell::from(scores.number(row, name));
        let cells = ["held_log_score", "held_brier", "held_rows"].map(of);
        data.row(std::iter::once(Cell::from(model)).chain(cells));
        let at = scores.number(row, "held_log_score");
        let colour = if row == 0 {
            Colour::Nth(0)
        } else {
            Colour::Grey
        };
        rows.push(Row {
            label: say!(lang, "estimate-model", model),
            marks: vec![mark(colour, [at, f64::NAN, f64::NAN])],
        });
    }
    let of = |row| scores.number(row, "held_log_score");
    let own = of(0);
    let best = (1..scores.len()).map(of).fold(f64::NEG_INFINITY, f64::max);
    let [own_told, best_told] = apart(own, best);
    let title = match own > best {
        true => say!(lang, "estimation-better", own = own_told, best = best_told),
        false => say!(
            lang,
            "estimation-not-better",
            own = own_told,
            best = best_told
        ),
    };
    let panel = Panel::Rows(Rows {
        title: String::new(),
        x: Axis::new(say!(lang, "estimation-score-axis")),
        rows,
        rule: None,
        centre: String::new(),
        bars: false,
    });
    let caption = say!(lang, "estimation-scores-about");
    let chart = Some(Chart::plain(panel));
    let topic = say!(lang, "estimation-scores-title");
    figure(
        ("scores", topic),
        title,
        caption,
        "--hold-out",
        (chart, data),
    )
}
