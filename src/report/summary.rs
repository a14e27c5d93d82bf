//! The summary of a finished run, from its table `outcomes`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::scenario::{Month, Scenario};
use crate::store::{Column, StoreError, read_table};

use super::interval::{Mean, When};

/// What a person reads in ten seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Replicates.
    pub replicates: usize,
    /// First line, circle, axis and plane, then each corridor's axis: (what, when).
    pub timeline: Vec<(String, Dated)>,
    /// National batches: month, simulated items, observed items where known.
    pub batches: Vec<Batch>,
    /// Credit by mechanism: name, adoptions, share of all adoptions.
    pub credit: Vec<Credit>,
    /// Places that gave the most spillover: id and credit.
    pub givers: Vec<(String, Mean)>,
    /// Counts over the run and values at its end, by name.
    pub totals: BTreeMap<String, Mean>,
}

/// When something happened, as calendar months.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dated {
    /// Share of replicates in which it happened.
    pub share: f64,
    /// Median month over those.
    pub median: Option<Month>,
    /// Earliest month.
    pub earliest: Option<Month>,
    /// Latest month.
    pub latest: Option<Month>,
}

/// A national batch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Batch {
    /// Evaluation month.
    pub month: String,
    /// Items, simulated.
    pub simulated: Mean,
    /// Items, observed.
    pub observed: Option<u32>,
}

/// Credit of a mechanism over the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Credit {
    /// Name of the mechanism.
    pub mechanism: String,
    /// Adoptions credited to it.
    pub adoptions: Mean,
    /// Their share of all adoptions.
    pub share: Mean,
}

impl Summary {
    /// Reads the outcomes in `dir`.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub fn read(dir: &Path, scenario: &Scenario) -> Result<Self, StoreError> {
        let (_, table) = read_table(dir, "outcomes", &["replicate", "outcome", "item", "value"])?;
        let mut values: BTreeMap<(String, String), BTreeMap<i64, f64>> = BTreeMap::new();
        let mut order: Vec<(String, String)> = Vec::new();
        let mut replicates: Vec<i64> = Vec::new();
        if let [Column::Int(replicate), outcome, item, Column::Float(value)] = &table.columns[..] {
            for (row, r) in replicate.iter().enumerate() {
                let r = r.unwrap_or(0);
                let text = |column: &Column| column.text_at(row).unwrap_or("").to_owned();
                let key = (text(outcome), text(item));
                if replicates.last() != Some(&r) {
                    replicates.push(r);
                }
                let series = values.entry(key.clone()).or_insert_with(|| {
                    order.push(key);
                    BTreeMap::new()
                });
                series.insert(r, value[row]);
            }
        }
        let all = |key: &(String, String), missing: f64| -> Vec<f64> {
            let series = values.get(key);
            let value = |r: &i64| series.and_then(|s| s.get(r)).copied().unwrap_or(missing);
            replicates.iter().map(value).collect()
        };
        let dated = |key: &(String, String)| {
            let when = When::of(&all(key, f64::NAN));
            let month = |t: Option<u32>| t.map(|t| Month(scenario.start.0 + t as i32));
            Dated {
                share: when.happened as f64 / when.of.max(1) as f64,
                median: month(when.median),
                earliest: month(when.earliest),
                latest: month(when.latest),
            }
        };
        let adoptions = all(&("adoptions".into(), String::new()), 0.0);
        let mut summary = Self {
            replicates: replicates.len(),
            timeline: Vec::new(),
            batches: Vec::new(),
            credit: Vec::new(),
            givers: Vec::new(),
            totals: BTreeMap::new(),
        };
        for key in &order {
            let (outcome, item) = key;
            let numbers = all(key, 0.0);
            let Some(mean) = Mean::of(
                &numbers
                    .iter()
                    .copied()
                    .filter(|v| v.is_finite())
                    .collect::<Vec<_>>(),
            ) else {
                if outcome.starts_with("first_")
                    || outcome == "axis_formed"
                    || outcome == "half_covered"
                {
                    summary.timeline.push((label(outcome, item), dated(key)));
                }
                continue;
            };
            match outcome.as_str() {
                "first_line" | "first_circle" | "first_axis" | "first_plane" | "axis_formed"
                | "half_covered" => {
                    summary.timeline.push((label(outcome, item), dated(key)));
                }
                "national_batch" => summary.batches.push(Batch {
                    month: item.clone(),
                    simulated: mean,
                    observed: scenario
                        .observed
                        .iter()
                        .find(|(month, _)| month.to_string() == *item)
                        .map(|(_, items)| *items),
                }),
                "credit" => {
                    let shares: Vec<f64> = numbers
                        .iter()
                        .zip(&adoptions)
                        .map(|(credit, all)| if *all > 0.0 { credit / all } else { 0.0 })
                        .collect();
                    if let Some(share) = Mean::of(&shares) {
                        let mechanism = item.clone();
                        summary.credit.push(Credit {
                            mechanism,
                            adoptions: mean,
                            share,
                        });
                    }
                }
                "spillover_given" => summary.givers.push((item.clone(), mean)),
                _ => {
                    summary.totals.insert(outcome.clone(), mean);
                }
            }
        }
        summary
            .givers
            .sort_by(|a, b| b.1.mean.total_cmp(&a.1.mean).then(a.0.cmp(&b.0)));
        summary.givers.truncate(5);
        Ok(summary)
    }
}

fn label(outcome: &str, item: &str) -> String {
    match outcome {
        "axis_formed" => format!("axis {item}"),
        "half_covered" => "half of places covered".to_owned(),
        other => other.replace('_', " "),
    }
}
