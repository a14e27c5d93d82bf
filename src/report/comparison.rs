//! The summary of a finished comparison, from its tables `effects`, `ranking` and `pareto`.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use crate::scenario::Month;
use crate::store::StoreError;

use super::table::Table;

/// What a person reads of a comparison, and a program with `--json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparisonSummary {
    /// Effects on the country, on the axes of corridors, and on the mean stock of areas and members.
    pub effects: Vec<Effect>,
    /// Tests of the whole table, and the families that each is adjusted over.
    pub tests: Tests,
    /// How likely each layout is best.
    pub ranking: Vec<Ranked>,
    /// Efficiency, inequality and coordination cost of each layout.
    pub pareto: Vec<Point>,
}

/// A row of the table `effects`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Effect {
    /// Layout.
    pub layout: String,
    /// Outcome.
    pub outcome: String,
    /// Kind of group.
    pub group_kind: String,
    /// Group; empty for the country.
    pub group: String,
    /// Month at which it is taken.
    pub horizon: Option<Month>,
    /// Mean of the baseline.
    pub baseline_mean: f64,
    /// Mean of the layout.
    pub layout_mean: f64,
    /// Mean paired difference.
    pub difference: f64,
    /// Per cent of the baseline's mean.
    pub percent: Option<f64>,
    /// Lower end of its 95 % interval (Fieller).
    pub percent_low: Option<f64>,
    /// Upper end.
    pub percent_high: Option<f64>,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// How the interval is made.
    pub interval: String,
    /// How many times as many unpaired replicates the same width would take.
    pub variance_reduction: Option<f64>,
    /// Pairs of replicates.
    pub replicates: i64,
    /// Replicates for half the width, or for the wanted one.
    pub replicates_needed: Option<i64>,
    /// p of a paired t test.
    pub p: Option<f64>,
    /// p adjusted for all layouts.
    pub p_holm: Option<f64>,
    /// p adjusted for all tests but those of the primary outcome.
    pub p_holm_all: Option<f64>,
    /// Whether it is of the outcome that was named beforehand.
    pub primary: bool,
    /// Months: share of replicates of the baseline in which it happened.
    pub baseline_happened: Option<f64>,
    /// Months: the same for the layout.
    pub layout_happened: Option<f64>,
    /// The group's share of the weight of all regions.
    pub weight_share: Option<f64>,
}

/// How many tests a comparison has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tests {
    /// Tests: rows of `effects` with a p.
    pub tests: usize,
    /// Families: outcomes, groups and horizons, over whose layouts `p_holm` is adjusted.
    pub families: usize,
}

impl Tests {
    /// From the family of each test.
    pub fn of<F: Ord>(families: impl Iterator<Item = F>) -> Self {
        let all: Vec<F> = families.collect();
        Self {
            tests: all.len(),
            families: all.iter().collect::<BTreeSet<_>>().len(),
        }
    }
}

/// A row of the table `ranking`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranked {
    /// Outcome.
    pub outcome: String,
    /// Month at which it is taken.
    pub horizon: Option<Month>,
    /// Layout.
    pub layout: String,
    /// Mean.
    pub mean: f64,
    /// Share of replicates in which it is the best.
    pub best_probability: f64,
    /// Lower end of its 95 % interval.
    pub best_low: f64,
    /// Upper end.
    pub best_high: f64,
    /// Mean of what is lost against the best layout of each replicate.
    pub expected_regret: f64,
    /// Share of resamples in which its mean is the best.
    pub mean_best: Option<f64>,
}

/// A row of the table `pareto`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Layout.
    pub layout: String,
    /// Mean stock at the end.
    pub efficiency: f64,
    /// Theil at the end.
    pub inequality: f64,
    /// Pair-years that members of alliances coordinate.
    pub coordination_cost: f64,
    /// Whether no other layout is better in one and worse in none, clear of noise.
    pub on_front: bool,
    /// Share of resamples in which it is on the front of the means.
    pub front_probability: Option<f64>,
}

impl Effect {
    /// Difference and interval in per cent of the baseline's mean, NaN without one; `None` where that mean is not clear
    /// of 0.
    pub fn per_cent(&self) -> Option<[f64; 3]> {
        let end = |end: Option<f64>| end.unwrap_or(f64::NAN);
        Some([self.percent?, end(self.percent_low), end(self.percent_high)])
    }

    /// Whether a summary shows it: on the country, on the axes of corridors, on the mean stock of areas and members.
    fn is_summed_up(&self) -> bool {
        match self.group_kind.as_str() {
            "national" => true,
            "corridor" => self.outcome == "axis_formed",
            "area" | "membership" => self.outcome == "mean_stock",
            _ => false,
        }
    }
}

impl ComparisonSummary {
    /// Reads the tables in `dir`.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn read(dir: &Path) -> Result<Self, StoreError> {
        let table = Table::read(dir, "effects")?;
        let of = |row: usize, name| table.text(row, name).to_owned();
        let families = (0..table.rows())
            .filter(|row| table.number(*row, "p_holm").is_some())
            .map(|row| {
                let names = ["outcome", "group_kind", "group"].map(|name| of(row, name));
                (names, table.month(row, "horizon"))
            });
        let all = Self::effects(&table).into_iter();
        Ok(Self {
            effects: all.filter(Effect::is_summed_up).collect(),
            tests: Tests::of(families),
            ranking: Self::ranking(dir)?,
            pareto: Self::pareto(dir)?,
        })
    }

    /// All rows of the table `effects`.
    pub(super) fn effects(table: &Table) -> Vec<Effect> {
        let effect = |row| {
            let text = |name| table.text(row, name).to_owned();
            let number = |name| table.number(row, name);
            let always = |name| number(name).unwrap_or(f64::NAN);
            Effect {
                layout: text("layout"),
                outcome: text("outcome"),
                group_kind: text("group_kind"),
                group: text("group"),
                horizon: table.month(row, "horizon"),
                baseline_mean: always("baseline_mean"),
                layout_mean: always("layout_mean"),
                difference: always("difference"),
                percent: number("percent"),
                percent_low: number("percent_low"),
                percent_high: number("percent_high"),
                low: number("low"),
                high: number("high"),
                interval: text("interval"),
                variance_reduction: number("variance_reduction"),
                replicates: table.int(row, "replicates").unwrap_or(0),
                replicates_needed: table.int(row, "replicates_needed"),
                p: number("p"),
                p_holm: number("p_holm"),
                p_holm_all: number("p_holm_all"),
                primary: table.int(row, "primary") == Some(1),
                baseline_happened: number("baseline_happened"),
                layout_happened: number("layout_happened"),
                weight_share: number("weight_share"),
            }
        };
        (0..table.rows()).map(effect).collect()
    }

    /// The table `ranking`.
    pub(super) fn ranking(dir: &Path) -> Result<Vec<Ranked>, StoreError> {
        let table = Table::read(dir, "ranking")?;
        let rows = (0..table.rows()).map(|row| {
            let number = |name| table.number(row, name).unwrap_or(f64::NAN);
            Ranked {
                outcome: table.text(row, "outcome").to_owned(),
                horizon: table.month(row, "horizon"),
                layout: table.text(row, "layout").to_owned(),
                mean: number("mean"),
                best_probability: number("best_probability"),
                best_low: number("best_low"),
                best_high: number("best_high"),
                expected_regret: number("expected_regret"),
                mean_best: table.number(row, "mean_best"),
            }
        });
        Ok(rows.collect())
    }

    /// The table `pareto`.
    pub(super) fn pareto(dir: &Path) -> Result<Vec<Point>, StoreError> {
        let table = Table::read(dir, "pareto")?;
        let rows = (0..table.rows()).map(|row| Point {
            layout: table.text(row, "layout").to_owned(),
            efficiency: table.number(row, "efficiency").unwrap_or(f64::NAN),
            inequality: table.number(row, "inequality").unwrap_or(f64::NAN),
            coordination_cost: table.number(row, "coordination_cost").unwrap_or(f64::NAN),
            on_front: table.int(row, "on_front") == Some(1),
            front_probability: table.number(row, "front_probability"),
        });
        Ok(rows.collect())
    }
}
