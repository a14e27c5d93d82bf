//! A map of two parameters: what the first layout changes, or the outcome, where both are low, high, or between.

use crate::experiment::sweep::summary::{About, Summary};
use crate::report::chart::{Chart, Heat, Panel};
use crate::report::lang::{number, signed, three};
use crate::texts::say;

use super::comparison::axis_word;
use super::names::{Names, parameter};
use super::question::words;
use super::{Cell, Csv, Figure};

/// Most classes of a parameter. Fewer values are classes of their own.
const CLASSES: usize = 6;

/// Means of a question over classes of two parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoParameters<'s> {
    /// The question.
    of: About<'s>,
    /// Keys of the parameters: across, down.
    keys: [&'s str; 2],
    /// Means of both in their classes, mean outcome, points; by class of the second, then of the first.
    cells: Vec<(usize, usize, f64, usize)>,
    /// Mean value of each class of both.
    classes: [Vec<f64>; 2],
}

/// Of the first outcome of the country at the end: what the first layout changes, or of the only layout. `None` with
/// fewer than two parameters that are numbers and move it.
pub fn map<'s>(summary: &Summary<'s>) -> Option<TwoParameters<'s>> {
    let swept = summary.swept;
    let slot = swept.at_the_end().first().copied()?;
    let several = swept.layouts.len() > 1;
    let analysis = summary.analyses.iter().find(|analysis| {
        let asked = analysis.asked;
        asked.slot == slot && asked.versus.is_some() == several
    })?;
    // Bars are by size of the swing.
    let bars = analysis.tornado.iter().filter(|bar| bar.swing.is_some());
    let mut numbers = bars.filter_map(|bar| {
        let values = summary.design.numbers(bar.parameter)?;
        Some((summary.parameters().nth(bar.parameter)?, values))
    });
    let (first, second) = (numbers.next()?, numbers.next()?);
    let of = swept.about(analysis.asked);
    Some(TwoParameters::new(of, [first, second], &analysis.means))
}

impl<'s> TwoParameters<'s> {
    fn new(of: About<'s>, both: [(&'s str, Vec<f64>); 2], means: &[f64]) -> Self {
        let [(first, x), (second, y)] = both;
        let known: Vec<usize> = (0..means.len())
            .filter(|p| means[*p].is_finite() && x[*p].is_finite() && y[*p].is_finite())
            .collect();
        let of_x = classes(&known.iter().map(|p| x[*p]).collect::<Vec<_>>());
        let of_y = classes(&known.iter().map(|p| y[*p]).collect::<Vec<_>>());
        let mut cells = Vec::new();
        for down in 0..of_y.1.len() {
            for across in 0..of_x.1.len() {
                let here = known.iter().enumerate();
                let here = here.filter(|(n, _)| of_x.0[*n] == across && of_y.0[*n] == down);
                let values: Vec<f64> = here.map(|(_, p)| means[*p]).collect();
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                cells.push((across, down, mean, values.len()));
            }
        }
        Self {
            of,
            keys: [first, second],
            cells,
            classes: [of_x.1, of_y.1],
        }
    }
}

/// The class of each value, and the mean value of each class: values of their own when there are few, else classes of
/// about as many points each.
fn classes(values: &[f64]) -> (Vec<usize>, Vec<f64>) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut distinct = sorted.clone();
    distinct.dedup();
    // The least value of each class.
    let mut from: Vec<f64> = if distinct.len() <= CLASSES {
        distinct
    } else {
        let at = |n: usize| sorted[n * sorted.len() / CLASSES];
        (0..CLASSES).map(at).collect()
    };
    from.dedup();
    let class = |value: &f64| from.partition_point(|from| from <= value).saturating_sub(1);
    let of: Vec<usize> = values.iter().map(class).collect();
    let mean = |class: usize| {
        let here = values.iter().zip(&of).filter(|(_, of)| **of == class);
        let here: Vec<f64> = here.map(|(value, _)| *value).collect();
        here.iter().sum::<f64>() / here.len() as f64
    };
    let means = (0..from.len()).map(mean).collect();
    (of, means)
}

/// The figure.
pub fn two_parameters(map: &TwoParameters<'_>, names: &Names) -> Figure {
    let lang = names.lang;
    let [first, second] = map.keys.map(|key| parameter(key, lang));
    let mut csv = Csv::new(&[
        "parameter_1",
        "value_1",
        "parameter_2",
        "value_2",
        "mean",
        "points",
    ]);
    let [across, down] = &map.classes;
    let mut values = vec![vec![f64::NAN; across.len()]; down.len()];
    let mut texts = vec![vec![String::new(); across.len()]; down.len()];
    for &(x, y, mean, points) in &map.cells {
        csv.row([
            Cell::from(map.keys[0]),
            across[x].into(),
            map.keys[1].into(),
            down[y].into(),
            mean.into(),
            points.into(),
        ]);
        if points > 0 {
            values[y][x] = mean;
            texts[y][x] = match map.of.versus {
                Some(_) => signed(three(mean)),
                None => number(three(mean)),
            };
        }
    }
    // Upwards, as an axis goes.
    values.reverse();
    texts.reverse();
    let all = values.iter().flatten().copied().filter(|v| v.is_finite());
    let name = |key: &str, value: f64| format!("{key} {}", number(three(value)));
    Figure {
        id: "two-parameters".to_owned(),
        title: say!(lang, "two-parameters-title").to_owned(),
        caption: say!(lang, "two-parameters-about", first, second),
        chart: Ok(Chart::plain(Panel::Heat(Heat {
            title: format!("{}: {first} × {second}", words(&map.of, names)),
            label: axis_word(lang, map.of.outcome).to_owned(),
            rows: down.iter().rev().map(|v| name(&second, *v)).collect(),
            columns: across.iter().map(|v| number(three(*v))).collect(),
            short: Vec::new(),
            most: all
                .fold(0.0, |most: f64, v| most.max(v.abs()))
                .max(f64::MIN_POSITIVE),
            signed: map.of.versus.is_some(),
            values,
            texts,
        }))),
        data: csv,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_as_many_points() {
        assert_eq!(classes(&[2.0, 1.0, 2.0]), (vec![1, 0, 1], vec![1.0, 2.0]));
        let many: Vec<f64> = (0..60).map(f64::from).collect();
        let (of, means) = classes(&many);
        assert_eq!(means.len(), CLASSES);
        assert!((0..CLASSES).all(|class| of.iter().filter(|c| **c == class).count() == 10));
        assert_eq!(means[0], 4.5);
        assert_eq!(classes(&[]), (vec![], vec![]));
    }
}
