//! Response curves of a sweep: the mean outcome against each parameter, over all that the others do.

use crate::experiment::sweep::summary::{About, Asked, Summary};
use crate::report::chart::{Axis, Chart, Colour, Curves, Key, Panel, Series};
use crate::report::interval::Mean;
use crate::report::lang::Lang;
use crate::sensitivity::LuckShare;
use crate::texts::say;

use super::comparison::axis_word;
use super::question::words;
use super::{Cell, Csv, Figure};

/// The mean outcome in bins of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseCurve<'s> {
    /// What it is about.
    pub of: About<'s>,
    /// Parameter with its unit.
    pub parameter: String,
    /// Mean of the parameter in the bin, mean outcome, its 95 % interval over points, points.
    pub bins: Vec<(f64, f64, f64, f64, usize)>,
}

/// What a sweep does to an outcome over all of its points.
#[derive(Clone, Debug, PartialEq)]
pub struct Overall<'s> {
    /// What it is about: a layout against the baseline, or the only layout.
    pub of: About<'s>,
    /// Mean over points of the mean over replicates, and the middle 95 % of the points.
    pub spread: Mean,
    /// How much of the variance between points is Monte Carlo noise.
    pub luck: LuckShare,
}

/// Most bins. Fewer values of a parameter are bins of their own.
const BINS: usize = 10;
/// Outcomes of the country that have curves.
const OUTCOMES: usize = 3;
/// Most panels.
const PANELS: usize = 24;

/// The means over replicates of each point, in the order of the points; NaN where a run is missing.
fn means(summary: &Summary<'_>, asked: Asked) -> Vec<f64> {
    let answers = &summary.answers;
    answers.means(&answers.by_replicate(asked))
}

/// The curves of the first outcomes of the country at the end.
pub fn curves<'s>(summary: &Summary<'s>) -> Vec<ResponseCurve<'s>> {
    let swept = summary.swept;
    let mut curves = Vec::new();
    for slot in swept.at_the_end().into_iter().take(OUTCOMES) {
        let asked = (0..swept.layouts.len()).map(|layout| Asked {
            layout,
            versus: None,
            slot,
        });
        let means: Vec<(Asked, Vec<f64>)> =
            asked.map(|asked| (asked, means(summary, asked))).collect();
        for (at, parameter) in swept.sweep.parameters.iter().enumerate() {
            let Some(values) = summary.design.numbers(at) else {
                continue;
            };
            curves.extend(means.iter().map(|(asked, means)| {
                let pairs = values.iter().copied().zip(means.iter().copied());
                let known = pairs.filter(|(x, y)| x.is_finite() && y.is_finite());
                ResponseCurve {
                    of: swept.about(*asked),
                    parameter: match parameter.unit.as_str() {
                        "" => parameter.key.clone(),
                        unit => format!("{} ({unit})", parameter.key),
                    },
                    bins: bins(known.collect()),
                }
            }));
        }
    }
    curves
}

/// What is true over all points of the first outcome of the country at the end: what each layout changes, or the
/// outcome itself where there is only one layout.
pub fn overall<'s>(summary: &Summary<'s>) -> Vec<Overall<'s>> {
    let swept = summary.swept;
    let Some(slot) = swept.at_the_end().first().copied() else {
        return Vec::new();
    };
    let all = summary.analyses.iter().filter(|analysis| {
        let versus = analysis.asked.versus;
        analysis.asked.slot == slot && (versus.is_some() || swept.layouts.len() == 1)
    });
    let one = all.filter_map(|analysis| {
        let means = means(summary, analysis.asked).into_iter();
        let known: Vec<f64> = means.filter(|mean| mean.is_finite()).collect();
        Some(Overall {
            of: swept.about(analysis.asked),
            spread: Mean::of(&known)?,
            luck: analysis.luck,
        })
    });
    one.collect()
}

/// Bins of about as many points each, one for each value when there are few.
fn bins(mut pairs: Vec<(f64, f64)>) -> Vec<(f64, f64, f64, f64, usize)> {
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut values: Vec<f64> = pairs.iter().map(|pair| pair.0).collect();
    values.dedup();
    let parts: Vec<&[(f64, f64)]> = if values.len() <= BINS {
        pairs.chunk_by(|a, b| a.0 == b.0).collect()
    } else {
        pairs.chunks(pairs.len().div_ceil(BINS)).collect()
    };
    let one = |part: &[(f64, f64)]| {
        let x = part.iter().map(|pair| pair.0).sum::<f64>() / part.len() as f64;
        let mean = Mean::of(&part.iter().map(|pair| pair.1).collect::<Vec<_>>())?;
        let half = mean.half_width.unwrap_or(f64::NAN);
        Some((x, mean.mean, mean.mean - half, mean.mean + half, part.len()))
    };
    parts.into_iter().filter_map(one).collect()
}

/// The figure.
pub fn response_curves(curves: &[ResponseCurve<'_>], lang: Lang) -> Figure {
    let mut csv = Csv::new(&[
        "layout",
        "outcome",
        "horizon",
        "parameter",
        "value",
        "mean",
        "low",
        "high",
        "points",
    ]);
    let mut layouts: Vec<&str> = Vec::new();
    let mut panels: Vec<((String, &str), Curves)> = Vec::new();
    for curve in curves {
        for (x, mean, low, high, points) in &curve.bins {
            csv.row([
                Cell::from(curve.of.layout),
                curve.of.outcome.into(),
                curve.of.horizon.into(),
                curve.parameter.as_str().into(),
                (*x).into(),
                (*mean).into(),
                (*low).into(),
                (*high).into(),
                (*points).into(),
            ]);
        }
        if !layouts.contains(&curve.of.layout) {
            layouts.push(curve.of.layout);
        }
        let colour = layouts
            .iter()
            .position(|l| *l == curve.of.layout)
            .unwrap_or(0);
        let bare = About {
            layout: "",
            ..curve.of
        };
        let key = (words(&bare, lang), curve.parameter.as_str());
        let line = curve.bins.iter().map(|bin| (bin.0, bin.1)).collect();
        let band = curve.bins.iter().map(|bin| (bin.0, bin.2, bin.3)).collect();
        let colour = if colour == 0 {
            Colour::Grey
        } else {
            Colour::Nth(colour - 1)
        };
        let series = Series::line(colour, line).with_band(band);
        match panels.iter_mut().find(|(known, _)| *known == key) {
            Some((_, panel)) => panel.series.push(series),
            None => panels.push((
                key.clone(),
                Curves {
                    title: key.0,
                    key: String::new(),
                    x: Axis::new(curve.parameter.clone()),
                    y: Axis::new(axis_word(lang, curve.of.outcome)),
                    series: vec![series],
                    rule: None,
                },
            )),
        }
    }
    let keys = layouts.iter().enumerate().map(|(n, layout)| {
        Key::new(
            *layout,
            if n == 0 {
                Colour::Grey
            } else {
                Colour::Nth(n - 1)
            },
        )
    });
    Figure {
        id: "curves".to_owned(),
        title: say!(lang, "curves-title").to_owned(),
        caption: say!(lang, "curves-about").to_owned(),
        chart: Ok(Chart {
            legend: keys.collect(),
            panels: panels
                .into_iter()
                .take(PANELS)
                .map(|(_, panel)| Panel::Curves(panel))
                .collect(),
        }),
        data: csv,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_bins_of_their_own() {
        let found = bins(vec![(1.0, 4.0), (0.0, 1.0), (1.0, 6.0), (0.0, 3.0)]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].0, found[0].1, found[0].4), (0.0, 2.0, 2));
        assert_eq!((found[1].0, found[1].1, found[1].4), (1.0, 5.0, 2));
        let many = bins((0..100).map(|n| (f64::from(n), 1.0)).collect());
        assert_eq!(many.len(), BINS);
        assert!(bins(Vec::new()).is_empty());
    }
}
