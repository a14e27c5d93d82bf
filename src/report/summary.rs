//! The summary of a finished run, from its table `outcomes`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Serialize, Serializer};

use crate::measure::catalogue::of_run;
use crate::scenario::Scenario;
use crate::scenario::tables::Place;
use crate::store::{Column, StoreError, read_table_parts};
use crate::texts::{Lang, say};

use super::interval::{Mean, When};

/// What a person reads in ten seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Replicates.
    pub replicates: usize,
    /// First line, circle, axis and plane, then each corridor's axis: (what, when).
    pub timeline: Vec<(Moment, Dated)>,
    /// National batches: month, simulated items, observed items where known.
    pub batches: Vec<Batch>,
    /// Credit by mechanism: name, adoptions, share of all adoptions.
    pub credit: Vec<Credit>,
    /// Places that gave the most spillover.
    pub givers: Vec<Giver>,
    /// Counts over the run and values at its end, by name.
    pub totals: BTreeMap<String, Mean>,
    /// What firms did, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firms: Option<Firms>,
}

/// What firms did by the end of the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Firms {
    /// Number of firms.
    pub firms: f64,
    /// Mean number of partners.
    pub partners: f64,
    /// Weight-mean over regions of the size-weighted share that took up, over all domains.
    pub uptake: Mean,
    /// Share of firms that took each domain up.
    pub domains: Vec<(String, Mean)>,
    /// Sum over regions of weight · Σ_d γ_d · u_pd.
    pub benefit: Mean,
}

/// Something that first happens in some month. Serialises as its English words.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    outcome: String,
    item: String,
}

impl Moment {
    fn new(outcome: &str, item: &str) -> Self {
        Self {
            outcome: outcome.to_owned(),
            item: item.to_owned(),
        }
    }

    /// In words.
    pub fn told(&self, lang: Lang) -> String {
        match self.outcome.as_str() {
            "first_line" => say!(lang, "moment-line").to_owned(),
            "first_circle" => say!(lang, "moment-circle").to_owned(),
            "first_axis" => say!(lang, "moment-axis").to_owned(),
            "first_plane" => say!(lang, "moment-plane").to_owned(),
            "axis_formed" => say!(lang, "moment-corridor", corridor = self.item),
            "half_covered" => say!(lang, "moment-half-covered").to_owned(),
            other => other.replace('_', " "),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.told(Lang::En))
    }
}

/// When something happened, as calendar months or other periods.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dated {
    /// Share of replicates in which it happened.
    pub share: f64,
    /// Median month over those.
    pub median: Option<String>,
    /// Earliest month.
    pub earliest: Option<String>,
    /// Latest month.
    pub latest: Option<String>,
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

/// A place and the spillover that it gave.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Giver {
    /// Id.
    pub id: String,
    /// English name; may be empty.
    pub name_en: String,
    /// Chinese name; may be empty.
    pub name_zh: String,
    /// Adoptions elsewhere that are credited to it.
    pub credit: Mean,
}

impl Summary {
    /// Reads the outcomes in `dir`.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub fn read(dir: &Path, scenario: &Scenario) -> Result<Self, StoreError> {
        let mut gathered = Gathered::default();
        let columns = ["replicate", "outcome", "item", "value"];
        read_table_parts(dir, "outcomes", &columns, &mut |part| gathered.take(part))?;
        let givers = gathered.givers();
        // Only now is it known whose spillovers are shown.
        let mut given = Given::new(&givers, gathered.replicates.len());
        read_table_parts(dir, "outcomes", &columns, &mut |part| given.take(part))?;
        let Gathered {
            replicates,
            series,
            order,
            ..
        } = gathered;
        let all = |key: &(String, String), missing: f64| -> Vec<f64> {
            let series: &[f64] = series.get(key).map_or(&[], |series| series);
            let value = |at: usize| series.get(at).copied().filter(|value| *value != ABSENT);
            (0..replicates.len())
                .map(|at| value(at).unwrap_or(missing))
                .collect()
        };
        let dated = |key: &(String, String)| {
            let when = When::of(&all(key, f64::NAN));
            let first = scenario.step.first(scenario.start);
            let month = |t: Option<u32>| t.map(|t| scenario.step.write(first + t as i32));
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
            firms: None,
        };
        let mut shares = Vec::new();
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
                if is_month(outcome) {
                    summary
                        .timeline
                        .push((Moment::new(outcome, item), dated(key)));
                }
                continue;
            };
            match outcome.as_str() {
                month if is_month(month) => {
                    summary
                        .timeline
                        .push((Moment::new(outcome, item), dated(key)));
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
                "uptake_share" => shares.push((item.clone(), mean)),
                _ => {
                    summary.totals.insert(outcome.clone(), mean);
                }
            }
        }
        let total = |name: &str| summary.totals.get(name).cloned();
        if let (Some(uptake), Some(benefit)) = (total("uptake"), total("benefit"))
            && let (Some(firms), Some(links)) = (total("firms"), total("partner_links"))
        {
            summary.firms = Some(Firms {
                firms: firms.mean,
                partners: links.mean / firms.mean,
                uptake,
                domains: shares,
                benefit,
            });
        }
        for (id, values) in givers.iter().cloned().zip(given.values) {
            let place = scenario.places.iter().find(|place| place.id == id);
            let name = |name: fn(&Place) -> &String| place.map(|p| name(p).clone());
            if let Some(credit) = Mean::of(&values) {
                summary.givers.push(Giver {
                    name_en: name(|p| &p.name_en).unwrap_or_default(),
                    name_zh: name(|p| &p.name_zh).unwrap_or_default(),
                    id,
                    credit,
                });
            }
        }
        Ok(summary)
    }
}

/// How many of the places that gave most are shown.
const GIVERS: usize = 5;
/// Stands where a replicate has no row; values that are read are never infinite.
const ABSENT: f64 = f64::NEG_INFINITY;

/// Outcomes by name and item, 8 bytes for each replicate; spillovers only as sums over replicates.
#[derive(Default)]
struct Gathered {
    replicates: Vec<i64>,
    series: BTreeMap<(String, String), Vec<f64>>,
    order: Vec<(String, String)>,
    given: BTreeMap<String, f64>,
}

/// Visits the rows of a part of the table: replicate, outcome, item, value.
fn rows<'a>(part: &'a [Column], mut each: impl FnMut(i64, &'a str, &'a str, f64)) {
    if let [Column::Int(replicate), outcome, item, Column::Float(value)] = part {
        for (row, (replicate, value)) in replicate.iter().zip(value).enumerate() {
            let text = |column: &'a Column| column.text_at(row).unwrap_or("");
            each(replicate.unwrap_or(0), text(outcome), text(item), *value);
        }
    }
}

impl Gathered {
    fn take(&mut self, part: &[Column]) {
        rows(part, |replicate, outcome, item, value| {
            // Rows are in replicate order.
            if self.replicates.last() != Some(&replicate) {
                self.replicates.push(replicate);
            }
            if outcome == "spillover_given" {
                match self.given.get_mut(item) {
                    Some(sum) => *sum += value,
                    None => {
                        self.given.insert(item.to_owned(), value);
                    }
                }
                return;
            }
            let key = (outcome.to_owned(), item.to_owned());
            let at = self.replicates.len() - 1;
            let series = self.series.entry(key).or_insert_with_key(|key| {
                self.order.push(key.clone());
                Vec::new()
            });
            series.resize(at, ABSENT);
            series.push(value);
        });
    }

    /// Ids of the places that gave most, the most first.
    fn givers(&self) -> Vec<String> {
        let mut all: Vec<(&String, f64)> = self.given.iter().map(|(id, sum)| (id, *sum)).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        all.into_iter()
            .take(GIVERS)
            .map(|(id, _)| id.clone())
            .collect()
    }
}

/// What some places gave, by replicate.
struct Given<'a> {
    ids: &'a [String],
    values: Vec<Vec<f64>>,
    at: usize,
    last: Option<i64>,
}

impl<'a> Given<'a> {
    fn new(ids: &'a [String], replicates: usize) -> Self {
        Self {
            ids,
            values: vec![vec![0.0; replicates]; ids.len()],
            at: 0,
            last: None,
        }
    }

    fn take(&mut self, part: &[Column]) {
        rows(part, |replicate, outcome, item, value| {
            if self.last.is_some_and(|last| last != replicate) {
                self.at += 1;
            }
            self.last = Some(replicate);
            if outcome == "spillover_given"
                && let Some(place) = self.ids.iter().position(|id| id == item)
                && let Some(cell) = self.values[place].get_mut(self.at)
            {
                *cell = value;
            }
        });
    }
}

/// Whether a row is of a month in which something first happens.
fn is_month(name: &str) -> bool {
    of_run(name).is_some_and(|outcome| !outcome.has_horizon())
}
