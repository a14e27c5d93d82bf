//! Credit by mechanism, through time and over the whole run.

use std::collections::BTreeMap;

use crate::report::chart::{Axis, Chart, Colour, Key, Mark, Panel, Row, Rows, Stack};
use crate::report::interval::Mean;
use crate::texts::say;

use super::super::names::Names;
use super::super::run_data::RunData;
use super::super::{Cell, Csv, Figure};
use super::{within, without};

/// Mechanisms that have an area of their own; the rest is added up.
pub(super) const AREAS: usize = 7;

/// Mechanisms in the order of the credit that they have, the most first, with their colours.
pub(super) fn mechanisms(credit: &BTreeMap<String, BTreeMap<i64, Vec<f64>>>) -> Vec<(&str, f64)> {
    let sum = |by_year: &BTreeMap<i64, Vec<f64>>| by_year.values().flatten().sum::<f64>();
    let mut list: Vec<(&str, f64)> = credit
        .iter()
        .map(|(name, by)| (name.as_str(), sum(by)))
        .collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    list.retain(|(_, sum)| *sum > 0.0);
    list
}

pub(super) fn credit(data: &RunData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["year", "mechanism", "adoptions_mean", "low", "high"]);
    let chart = match &data.credit {
        None => Err(without("credit")),
        Some(credit) => {
            let order = mechanisms(credit);
            let mut years: Vec<i64> = credit.values().flat_map(|by| by.keys().copied()).collect();
            years.sort_unstable();
            years.dedup();
            let mean = |name: &str, year: &i64| -> f64 {
                let values = credit.get(name).and_then(|by| by.get(year));
                values.map_or(0.0, |v| {
                    v.iter().sum::<f64>() / data.replicates.max(1) as f64
                })
            };
            for (name, _) in &order {
                for year in &years {
                    let values = credit.get(*name).and_then(|by| by.get(year));
                    if let Some(mean) = values.and_then(|values| Mean::of(values)) {
                        csv.row([
                            Cell::from(year.to_string()),
                            (*name).into(),
                            mean.mean.into(),
                            mean.low.into(),
                            mean.high.into(),
                        ]);
                    }
                }
            }
            let (mut layers, mut legend) = (Vec::new(), Vec::new());
            for (n, (name, _)) in order.iter().take(AREAS).enumerate() {
                let colour = Colour::Nth(n);
                layers.push((colour.rgb(), years.iter().map(|y| mean(name, y)).collect()));
                legend.push(Key::new(names.mechanism(name), colour));
            }
            if order.len() > AREAS {
                let rest = |y: &i64| order[AREAS..].iter().map(|(name, _)| mean(name, y)).sum();
                layers.push((Colour::Grey.rgb(), years.iter().map(rest).collect()));
                legend.push(Key::new(say!(lang, "credit-others"), Colour::Grey));
            }
            Ok(Chart {
                legend,
                panels: vec![Panel::Stack(Stack {
                    title: String::new(),
                    key: String::new(),
                    x: Axis::years(),
                    y: Axis::new(say!(lang, "credit-axis")).starting(0.0),
                    xs: years.iter().map(|y| *y as f64).collect(),
                    layers,
                })],
            })
        }
    };
    Figure {
        id: "credit".to_owned(),
        title: say!(lang, "credit-title").to_owned(),
        caption: say!(
            lang,
            "credit-about",
            replicates = data.replicates,
            account = say!(lang, "credit-account")
        ),
        chart,
        data: csv,
    }
}

pub(super) fn credit_shares(data: &RunData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["mechanism", "share_mean", "low", "high"]);
    let chart = match &data.credit {
        None => Err(without("credit")),
        Some(credit) => {
            let total = |name: Option<&str>, r: usize| -> f64 {
                credit
                    .iter()
                    .filter(|(known, _)| name.is_none_or(|name| name == known.as_str()))
                    .flat_map(|(_, by)| by.values())
                    .map(|values| values.get(r).copied().unwrap_or(0.0))
                    .sum()
            };
            let all: Vec<f64> = (0..data.replicates).map(|r| total(None, r)).collect();
            let rows = mechanisms(credit)
                .into_iter()
                .filter_map(|(name, _)| {
                    let share = |r: usize| total(Some(name), r) / all[r];
                    let shares: Vec<f64> = (0..data.replicates)
                        .map(share)
                        .filter(|s| s.is_finite())
                        .collect();
                    let mean = Mean::of(&shares)?;
                    let half = mean.half_width.unwrap_or(f64::NAN);
                    let (low, high) = (mean.mean - half, mean.mean + half);
                    csv.row([Cell::from(name), mean.mean.into(), low.into(), high.into()]);
                    let colour = if name.starts_with("alliance_") {
                        Colour::Nth(1)
                    } else {
                        Colour::Nth(0)
                    };
                    Some(Row {
                        label: names.mechanism(name).to_owned(),
                        marks: vec![Mark {
                            colour,
                            at: mean.mean,
                            // A share is nowhere else; NaN, without an interval, stays.
                            low: within(low, 0.0),
                            high: within(high, 0.0),
                            hollow: false,
                        }],
                    })
                })
                .collect();
            Ok(Chart {
                legend: vec![
                    Key::new(say!(lang, "credit-alliance"), Colour::Nth(1)),
                    Key::new(say!(lang, "credit-other"), Colour::Nth(0)),
                ],
                panels: vec![Panel::Rows(Rows {
                    title: String::new(),
                    x: Axis::share(say!(lang, "credit-shares-axis"))
                        .starting(0.0)
                        .written(),
                    rows,
                    rule: Some(0.0),
                    bars: true,
                })],
            })
        }
    };
    Figure {
        id: "credit-shares".to_owned(),
        title: say!(lang, "credit-shares-title").to_owned(),
        caption: say!(
            lang,
            "credit-shares-about",
            replicates = data.replicates,
            account = say!(lang, "credit-account")
        ),
        chart,
        data: csv,
    }
}
