//! Response curves of a sweep: the mean outcome against each parameter, over all that the others do.

use crate::experiment::sweep::summary::{About, Asked, Summary};
use crate::paired::Credible;
use crate::report::answer::rank;
use crate::report::chart::{Axis, Chart, Colour, Curves, Key, Panel, Series};
use crate::report::interval::Mean;
use crate::sensitivity::LuckShare;
use crate::texts::say;

use super::comparison::axis_word;
use super::names::{Names, parameter, unit_word};
use super::question::{first_of, words};
use super::{Cell, Csv, Figure};

/// The mean outcome in bins of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseCurve<'s> {
    /// What it is about.
    pub of: About<'s>,
    /// Key of the parameter.
    pub key: &'s str,
    /// Its unit; may be empty.
    pub unit: &'s str,
    /// Mean of the parameter in the bin, mean outcome, its 95 % interval over points, points.
    pub bins: Vec<Bin>,
    /// The points themselves, where the design gives no interval.
    pub points: Vec<(f64, f64)>,
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
    /// Of a difference: share of the points at which it has the other sign than the mean.
    pub other_sign: Option<f64>,
    /// Where the points are draws: what holds over the distributions of the parameters.
    pub over: Option<&'s Credible>,
}

/// Fewest points of a bin for an interval of their mean. A judgement.
const FEWEST: usize = 10;
/// Most points that are drawn of a bin; of more those evenly spaced by rank, with both ends.
const DRAWN: usize = 40;

/// Most bins. Fewer values of a parameter are bins of their own.
const BINS: usize = 10;
/// Outcomes of the country that have curves.
const OUTCOMES: usize = 3;
/// Most panels.
const PANELS: usize = 24;

/// The curves of the first outcomes of the country at the end.
pub fn curves<'s>(summary: &Summary<'s>) -> Vec<ResponseCurve<'s>> {
    let swept = summary.swept;
    let random = swept.sweep.design.is_sample();
    let mut curves = Vec::new();
    let mut slots = swept.at_the_end();
    if slots.len() > OUTCOMES {
        slots.sort_by_key(|slot| rank(&swept.sweep.slots[*slot].outcome));
    }
    for slot in slots.into_iter().take(OUTCOMES) {
        // Not under each variant: there would be too many curves to be read.
        let layouts = (0..swept.policies()).map(|layout| (layout, None));
        let changes = (1..swept.policies()).map(|layout| (layout, Some(0)));
        let asked = layouts.chain(changes).map(|(layout, versus)| Asked {
            layout,
            versus,
            slot,
        });
        let means: Vec<(Asked, &[f64])> = asked
            .filter_map(|asked| Some((asked, &*summary.analysis(asked)?.means)))
            .collect();
        for (at, parameter) in swept.sweep.parameters.iter().enumerate() {
            let Some(values) = summary.design.numbers(at) else {
                continue;
            };
            curves.extend(means.iter().map(|(asked, means)| {
                let pairs = values.iter().copied().zip(means.iter().copied());
                let known = pairs.filter(|(x, y)| x.is_finite() && y.is_finite());
                let (bins, points) = shown(known.collect(), random);
                ResponseCurve {
                    of: swept.about(*asked),
                    key: &parameter.key,
                    unit: &parameter.unit,
                    bins,
                    points,
                }
            }));
        }
    }
    curves
}

/// What is true over all points of the first outcome of the country at the end: what each layout changes, or the
/// outcome itself where there is only one layout.
pub fn overall<'s>(summary: &'s Summary<'s>) -> Vec<Overall<'s>> {
    let swept = summary.swept;
    let Some(slot) = swept.at_the_end().first().copied() else {
        return Vec::new();
    };
    let all = summary.analyses.iter().filter(|analysis| {
        let versus = analysis.asked.versus;
        let own = analysis.asked.layout < swept.policies();
        analysis.asked.slot == slot && own && (versus.is_some() || swept.layouts.len() == 1)
    });
    let one = all.filter_map(|analysis| {
        let means = analysis.means.iter().copied();
        let known: Vec<f64> = means.filter(|mean| mean.is_finite()).collect();
        Some(Overall {
            of: swept.about(analysis.asked),
            spread: Mean::of(&known)?,
            luck: analysis.luck,
            other_sign: analysis.asked.versus.and_then(|_| other_sign(&known)),
            over: analysis.over.as_ref().map(|over| &over.credible),
        })
    });
    one.collect()
}

/// The share of differences that have the other sign than their mean; none without any, or when the mean is 0.
fn other_sign(differences: &[f64]) -> Option<f64> {
    let mean = differences.iter().sum::<f64>() / differences.len() as f64;
    let other = differences.iter().filter(|of| **of * mean < 0.0).count();
    (mean != 0.0 && mean.is_finite()).then(|| other as f64 / differences.len() as f64)
}

/// Bins with intervals where the design gives them in every bin; else without any, and the points.
fn shown(pairs: Vec<(f64, f64)>, random: bool) -> (Vec<Bin>, Vec<(f64, f64)>) {
    let mut bins = bins(pairs.clone());
    if random && bins.iter().all(|bin| bin.4 >= FEWEST) {
        return (bins, Vec::new());
    }
    for bin in &mut bins {
        (bin.2, bin.3) = (f64::NAN, f64::NAN);
    }
    let mut points = Vec::new();
    for part in parts(&sorted(pairs)) {
        let mut part = part.to_vec();
        part.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.total_cmp(&b.0)));
        let last = part.len() - 1;
        let count = part.len().min(DRAWN);
        points.extend((0..count).map(|n| part[n * last / (count - 1).max(1)]));
    }
    (bins, points)
}

/// A bin of a curve.
type Bin = (f64, f64, f64, f64, usize);

fn sorted(mut pairs: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    pairs
}

/// Bins of about as many points each, one for each value when there are few.
fn parts(sorted: &[(f64, f64)]) -> Vec<&[(f64, f64)]> {
    let mut values: Vec<f64> = sorted.iter().map(|pair| pair.0).collect();
    values.dedup();
    if values.len() <= BINS {
        sorted.chunk_by(|a, b| a.0 == b.0).collect()
    } else {
        sorted.chunks(sorted.len().div_ceil(BINS)).collect()
    }
}

fn bins(pairs: Vec<(f64, f64)>) -> Vec<Bin> {
    let pairs = sorted(pairs);
    let one = |part: &[(f64, f64)]| {
        let x = part.iter().map(|pair| pair.0).sum::<f64>() / part.len() as f64;
        let mean = Mean::of(&part.iter().map(|pair| pair.1).collect::<Vec<_>>())?;
        let half = mean.half_width.unwrap_or(f64::NAN);
        Some((x, mean.mean, mean.mean - half, mean.mean + half, part.len()))
    };
    parts(&pairs).into_iter().filter_map(one).collect()
}

/// The figure of the outcomes themselves, or of what layouts change of them.
pub fn response_curves(all: &[ResponseCurve<'_>], differences: bool, names: &Names) -> Figure {
    let lang = names.lang;
    let with_unit = |name: String, unit: &str| match unit {
        "" => name,
        unit => say!(lang, "explain-place", name, id = unit),
    };
    let curves = all
        .iter()
        .filter(|curve| curve.of.versus.is_some() == differences);
    let mut csv = Csv::new(&[
        "layout",
        "versus",
        "outcome",
        "horizon",
        "parameter",
        "value",
        "mean",
        "low",
        "high",
        "points",
    ]);
    // Of differences the baseline has no line, and its grey is left out.
    let of_layout = |n: usize| match n.checked_sub(usize::from(!differences)) {
        None => Colour::Grey,
        Some(n) => Colour::Nth(n),
    };
    let mut layouts: Vec<&str> = Vec::new();
    let mut panels: Vec<((String, &str), Curves)> = Vec::new();
    for curve in curves {
        for (x, mean, low, high, points) in &curve.bins {
            csv.row([
                Cell::from(curve.of.layout),
                curve.of.versus.unwrap_or_default().into(),
                curve.of.outcome.into(),
                curve.of.horizon.into(),
                match curve.unit {
                    "" => curve.key.into(),
                    unit => format!("{} ({unit})", curve.key).into(),
                },
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
        let key = (words(&bare, names), curve.key);
        let line = curve.bins.iter().map(|bin| (bin.0, bin.1)).collect();
        let band = curve.bins.iter().map(|bin| (bin.0, bin.2, bin.3)).collect();
        let colour = of_layout(colour);
        let marks = curve.points.iter();
        let marks = marks.map(|(x, y)| (*x, *y, f64::NAN, f64::NAN)).collect();
        let series = Series {
            marks,
            ..Series::line(colour, line).with_band(band)
        };
        match panels.iter_mut().find(|(known, _)| *known == key) {
            Some((_, panel)) => panel.series.push(series),
            None => panels.push((
                key.clone(),
                Curves {
                    title: key.0,
                    key: String::new(),
                    x: Axis::new(with_unit(
                        parameter(curve.key, lang),
                        unit_word(curve.unit, lang),
                    )),
                    y: Axis::new(match differences {
                        true => format!("Δ {}", axis_word(lang, curve.of.outcome)),
                        false => axis_word(lang, curve.of.outcome).to_owned(),
                    }),
                    series: vec![series],
                    rule: differences.then_some(0.0),
                },
            )),
        }
    }
    let keys = layouts.iter().enumerate();
    let keys = keys.map(|(n, layout)| Key::new(names.title(layout), of_layout(n)));
    let (id, title, caption) = match differences {
        true => (
            "difference-curves",
            say!(lang, "difference-curves-title"),
            say!(lang, "difference-curves-about"),
        ),
        false => ("curves", say!(lang, "curves-title"), ""),
    };
    Figure {
        id: id.to_owned(),
        title: title.to_owned(),
        caption: first_of(
            &(caption.to_owned() + say!(lang, "curves-about")),
            panels.len().min(PANELS),
            panels.len(),
            lang,
        ),
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

    /// Two or three points have no interval, points of a grid never: they are drawn themselves.
    #[test]
    fn no_interval_that_the_design_cannot_give() {
        let pairs: Vec<(f64, f64)> = (0..30).map(|n| (f64::from(n % 10), f64::from(n))).collect();
        for (pairs, random) in [(pairs.clone(), true), (pairs.repeat(4), false)] {
            let (bins, points) = shown(pairs.clone(), random);
            assert!(
                bins.iter()
                    .all(|bin| bin.2.is_nan() && bin.3.is_nan() && bin.1.is_finite())
            );
            assert_eq!(points.len(), pairs.len());
        }
        let (bins, points) = shown(pairs.repeat(4), true);
        assert!(bins.iter().all(|bin| bin.2 < bin.1 && bin.1 < bin.3) && points.is_empty());
        // Of many points those are drawn that span them.
        let many: Vec<(f64, f64)> = (0..1000).map(|n| (1.0, f64::from(n))).collect();
        let (_, points) = shown(many, false);
        let ys: Vec<f64> = points.iter().map(|p| p.1).collect();
        assert_eq!((points.len(), ys[0], ys[DRAWN - 1]), (DRAWN, 0.0, 999.0));
    }

    #[test]
    fn the_other_sign_is_counted() {
        assert_eq!(other_sign(&[3.0, 1.0, -1.0, 0.0]), Some(0.25));
        assert_eq!(other_sign(&[-3.0, 1.0]), Some(0.5));
        assert_eq!(other_sign(&[1.0, -1.0]), None);
        assert_eq!(other_sign(&[]), None);
    }

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
