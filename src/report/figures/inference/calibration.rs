//! Figures of a calibration: targets against prior and posterior bands, what the record tells of parameters, waves, and
//! stiff and sloppy directions.

use std::path::Path;

use crate::report::chart::{Axis, Chart, Colour, Heat, Key, Panel, Row, Rows};
use crate::report::lang::{Lang, significant};
use crate::report::table::Sheet;
use crate::texts::{say, text};

use super::super::{Csv, Figure};
use super::mark;

/// Prior bands are cut at this many times the record.
const FAR: f64 = 4.0;

/// The figures.
pub fn calibration_figures(dir: &Path, lang: Lang) -> Vec<Figure> {
    let parameters = Sheet::read(dir, "parameters");
    vec![
        targets(&Sheet::read(dir, "targets"), lang),
        contraction(&parameters, lang),
        ranges(&parameters, lang),
        waves(&Sheet::read(dir, "waves"), lang),
        directions(&Sheet::read(dir, "directions"), lang),
    ]
}

fn figure(id: &str, title: String, caption: &str, chart: Option<Chart>, data: Csv) -> Figure {
    Figure {
        id: id.to_owned(),
        title,
        caption: caption.to_owned(),
        chart: chart.ok_or_else(|| text!("calibration-nothing")),
        data,
    }
}

/// What a target says: the record, or the bound that there is.
fn record(targets: &Sheet, row: usize) -> f64 {
    let of = ["value", "at_least", "at_most"].map(|name| targets.number(row, name));
    of.into_iter()
        .find(|value| value.is_finite())
        .unwrap_or(f64::NAN)
}

/// Prior and posterior bands of each target over its record.
fn targets(targets: &Sheet, lang: Lang) -> Figure {
    let mut data = Csv::new(&[
        "target",
        "purpose",
        "record",
        "prior_low",
        "prior_median",
        "prior_high",
        "posterior_low",
        "posterior_median",
        "posterior_high",
        "p",
        "met",
    ]);
    let (mut fitted, mut held) = (Vec::new(), Vec::new());
    let mut met = [[0, 0]; 2];
    let mut posterior_there = false;
    for row in 0..targets.len() {
        let id = targets.text(row, "target");
        let fit = targets.text(row, "purpose") == "fit";
        let z = record(targets, row);
        let band = |of: &str| {
            ["median", "low", "high"].map(|end| targets.number(row, &format!("{of}_{end}")))
        };
        let (prior, posterior) = (band("prior"), band("posterior"));
        posterior_there |= posterior[0].is_finite();
        data.row([
            id.into(),
            targets.text(row, "purpose").into(),
            z.into(),
            prior[1].into(),
            prior[0].into(),
            prior[2].into(),
            posterior[1].into(),
            posterior[0].into(),
            posterior[2].into(),
            targets.number(row, "p").into(),
            targets.text(row, "met").into(),
        ]);
        let counts = &mut met[usize::from(!fit)];
        counts[1] += 1;
        counts[0] += usize::from(targets.text(row, "met") == "1");
        if z == 0.0 || !z.is_finite() {
            continue;
        }
        // Where the record is negative, its ends change places.
        let over = |band: [f64; 3]| {
            let [at, low, high] = band.map(|value| (value / z).clamp(-FAR, FAR));
            [at, low.min(high), low.max(high)]
        };
        let mut marks = vec![mark(Colour::Grey, over(prior))];
        if posterior[0].is_finite() {
            marks.push(mark(Colour::Nth(0), over(posterior)));
        }
        let label = format!("{id} ({})", significant(z, 4));
        let list = if fit { &mut fitted } else { &mut held };
        list.push(Row { label, marks });
    }
    let panel = |title: &str, rows: Vec<Row>| {
        Panel::Rows(Rows {
            title: title.to_owned(),
            x: Axis::new(say!(lang, "calibration-over-record")),
            rows,
            rule: Some(1.0),
            bars: false,
        })
    };
    let mut panels = Vec::new();
    if !fitted.is_empty() {
        panels.push(panel(say!(lang, "calibration-fitted"), fitted));
    }
    if !held.is_empty() {
        panels.push(panel(say!(lang, "calibration-held"), held));
    }
    let [[fit_met, fits], [held_met, helds]] = met;
    let title = match (posterior_there, helds) {
        (false, _) => say!(lang, "calibration-no-posterior").to_owned(),
        (true, 0) => say!(lang, "calibration-meets", met = fit_met, n = fits),
        (true, helds) => say!(
            lang,
            "calibration-meets-held",
            met = fit_met,
            n = fits,
            held = held_met,
            of = helds
        ),
    };
    let legend = vec![
        Key::new(say!(lang, "calibration-prior"), Colour::Grey),
        Key::new(say!(lang, "calibration-posterior"), Colour::Nth(0)),
    ];
    let chart = (!panels.is_empty()).then_some(Chart { legend, panels });
    let caption = say!(lang, "calibration-targets-about", far = significant(FAR, 2));
    figure("targets", title, &caption, chart, data)
}

/// The parameters with a contraction, the largest first: key, row.
fn contracted(parameters: &Sheet) -> Vec<(f64, usize)> {
    let of = |row| (parameters.number(row, "contraction"), row);
    let mut all: Vec<(f64, usize)> = (0..parameters.len()).map(of).collect();
    all.retain(|(contraction, _)| contraction.is_finite());
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    all
}

/// How much narrower the posterior of each parameter is than its prior.
fn contraction(parameters: &Sheet, lang: Lang) -> Figure {
    let mut data = Csv::new(&["parameter", "prior_sd", "posterior_sd", "contraction"]);
    let all = contracted(parameters);
    let mut rows = Vec::new();
    for &(contraction, row) in &all {
        let key = parameters.text(row, "parameter");
        data.row([
            key.into(),
            parameters.number(row, "prior_sd").into(),
            parameters.number(row, "posterior_sd").into(),
            contraction.into(),
        ]);
        rows.push(Row {
            label: key.to_owned(),
            marks: vec![mark(Colour::Nth(0), [contraction, f64::NAN, f64::NAN])],
        });
    }
    let title = match all.first() {
        Some(&(most, row)) if most >= 0.1 => {
            let untold = all.iter().filter(|(of, _)| *of < 0.1).count();
            let share = format!("{:.0}", 100.0 * most);
            let name = parameters.text(row, "parameter");
            say!(lang, "calibration-tells", name, share, untold)
        }
        Some(_) => say!(lang, "calibration-tells-nothing").to_owned(),
        None => say!(lang, "calibration-no-posterior").to_owned(),
    };
    let panel = Panel::Rows(Rows {
        title: String::new(),
        x: Axis::share(say!(lang, "calibration-contraction")),
        rows,
        rule: Some(0.0),
        bars: true,
    });
    let chart = (!all.is_empty()).then(|| Chart::plain(panel));
    let caption = say!(lang, "calibration-contraction-about");
    figure("contraction", title, caption, chart, data)
}

/// Prior and posterior bands of each parameter, in standard deviations of the prior from its mean.
fn ranges(parameters: &Sheet, lang: Lang) -> Figure {
    let mut data = Csv::new(&[
        "parameter",
        "prior_mean",
        "prior_sd",
        "low",
        "median",
        "high",
    ]);
    let mut rows = Vec::new();
    let mut most: Option<(f64, usize)> = None;
    for (_, row) in contracted(parameters) {
        let of = |name: &str| parameters.number(row, name);
        let [mean, sd, low, median, high] =
            ["prior_mean", "prior_sd", "low", "median", "high"].map(of);
        let key = parameters.text(row, "parameter");
        data.row([
            key.into(),
            mean.into(),
            sd.into(),
            low.into(),
            median.into(),
            high.into(),
        ]);
        let scaled = |value: f64| (value - mean) / sd;
        let moved = scaled(median);
        if most.is_none_or(|(before, _)| moved.abs() > before.abs()) {
            most = Some((moved, row));
        }
        rows.push(Row {
            label: key.to_owned(),
            marks: vec![
                mark(Colour::Grey, [0.0, -1.0, 1.0]),
                mark(Colour::Nth(0), [moved, scaled(low), scaled(high)]),
            ],
        });
    }
    let title = match most {
        Some((moved, row)) => {
            let (name, by) = (
                parameters.text(row, "parameter"),
                significant(moved.abs(), 2),
            );
            match moved > 0.0 {
                true => say!(lang, "calibration-moves-up", name, by),
                false => say!(lang, "calibration-moves-down", name, by),
            }
        }
        None => say!(lang, "calibration-no-posterior").to_owned(),
    };
    let panel = Panel::Rows(Rows {
        title: String::new(),
        x: Axis::new(say!(lang, "calibration-in-sd")),
        rows,
        rule: Some(0.0),
        bars: false,
    });
    let legend = vec![
        Key::new(say!(lang, "calibration-prior-sd"), Colour::Grey),
        Key::new(say!(lang, "calibration-posterior"), Colour::Nth(0)),
    ];
    let chart = most.map(|_| Chart {
        legend,
        panels: vec![panel],
    });
    let caption = say!(lang, "calibration-ranges-about");
    figure("ranges", title, caption, chart, data)
}

/// What each wave leaves of the prior.
fn waves(waves: &Sheet, lang: Lang) -> Figure {
    let columns = [
        "wave",
        "points",
        "refused",
        "region_share",
        "least_implausibility",
    ];
    let mut data = Csv::new(&columns);
    let mut rows = Vec::new();
    for row in 0..waves.len() {
        data.row(columns.map(|name| waves.text(row, name).into()));
        let (wave, points) = (waves.text(row, "wave"), waves.text(row, "points"));
        let share = waves.number(row, "region_share");
        rows.push(Row {
            label: say!(lang, "calibration-wave", wave, points),
            marks: vec![mark(Colour::Nth(0), [share, f64::NAN, f64::NAN])],
        });
    }
    let last = waves.len().checked_sub(1);
    let share = last.map(|row| 100.0 * waves.number(row, "region_share"));
    let title = match share {
        Some(0.0) => say!(lang, "calibration-region-empty").to_owned(),
        Some(share) => {
            let share = significant(share, 2);
            say!(lang, "calibration-region", n = waves.len(), share)
        }
        None => say!(lang, "calibration-nothing").to_owned(),
    };
    let panel = Panel::Rows(Rows {
        title: String::new(),
        x: Axis::share(say!(lang, "calibration-share-axis")).starting(0.0),
        rows,
        rule: Some(0.0),
        bars: true,
    });
    let chart = last.map(|_| Chart::plain(panel));
    figure(
        "waves",
        title,
        say!(lang, "calibration-waves-about"),
        chart,
        data,
    )
}

/// Directions of the parameters, the stiffest first, and the weights of parameters in each.
fn directions(directions: &Sheet, lang: Lang) -> Figure {
    let mut data = Csv::new(&["direction", "sd_ratio", "parameter", "weight"]);
    let (mut columns, mut rows): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut values: Vec<Vec<f64>> = Vec::new();
    let mut ratios = Vec::new();
    for row in 0..directions.len() {
        let cells = ["direction", "sd_ratio", "parameter", "weight"];
        data.row(cells.map(|name| directions.text(row, name).into()));
        let (number, key) = (
            directions.text(row, "direction"),
            directions.text(row, "parameter"),
        );
        let ratio = directions.number(row, "sd_ratio");
        let column = format!("{number}: {}", significant(ratio, 2));
        if columns.last() != Some(&column) {
            columns.push(column);
            ratios.push(ratio);
        }
        if !rows.iter().any(|known| known == key) {
            rows.push(key.to_owned());
            values.push(Vec::new());
        }
        if let Some(at) = rows.iter().position(|known| known == key) {
            values[at].push(directions.number(row, "weight"));
        }
    }
    let texts = values
        .iter()
        .map(|row| row.iter().map(|w| significant(*w, 2)).collect());
    let texts = texts.collect();
    let sloppy = ratios.iter().filter(|ratio| **ratio >= 0.8).count();
    let title = match ratios.first() {
        Some(stiffest) => {
            let ratio = significant(*stiffest, 2);
            say!(
                lang,
                "calibration-directions",
                ratio,
                sloppy,
                n = ratios.len()
            )
        }
        None => say!(lang, "calibration-no-posterior").to_owned(),
    };
    let chart = (!rows.is_empty()).then(|| {
        Chart::plain(Panel::Heat(Heat {
            title: String::new(),
            label: say!(lang, "calibration-weight").to_owned(),
            rows,
            columns,
            values,
            most: 1.0,
            signed: true,
            texts,
        }))
    });
    let caption = say!(lang, "calibration-directions-about");
    figure("directions", title, caption, chart, data)
}
