//! The tables that are made from all replicates at the end: `effects`, `responses`, `peaks`, `ranking`,
//! `pareto`. They are streamed from the parts that were kept, in blocks, so that memory is bounded
//! whatever the number of replicates.

use crate::draw::id_hash;
use crate::experiment::tables::{float, int, month, text};
use crate::paired::{Choice, DrawName};
use crate::store::{Column, Store, StoreError, TableData, TableDef};

use super::Comparison;
use super::catalogue::OUTCOMES;
use super::parts::{OUTCOMES_TABLE, VALUE};
use super::{effects, places, responses, sources, structures};

/// Most numbers held at a time: 64 MB. A block has at least one slot, so more than 8 million
/// replicates × layouts would take more; the store takes a million replicates.
const BLOCK: usize = 8 << 20;

/// How intervals are made.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Which interval.
    pub interval: Choice,
    /// The width that replicates were added for.
    pub target: Option<Target>,
}

/// A wanted width (Stein's two stages).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The slot whose differences are watched.
    pub slot: usize,
    /// Wanted half-width of the 95 % interval.
    pub half_width: f64,
    /// Replicates of the first stage.
    pub pilot: u32,
    /// Most replicates.
    pub maximum: u32,
}

/// The derived tables, in order.
pub fn definitions() -> Vec<TableDef> {
    let layout = || text("layout", "layout that is held against the baseline");
    let outcome = || text("outcome", "outcome, see `pointplane outcomes`");
    let horizon = || {
        month(
            "horizon",
            "month at which it is taken; missing for months in which something first happens",
        )
    };
    let effects = TableDef::new(
        "effects",
        "one row per layout, outcome, group and horizon: what the layout changes against the baseline",
        vec![
            layout(),
            outcome(),
            text(
                "group_kind",
                "national, province, area, tier, corridor or membership; with firms industry, size_class",
            ),
            text("group", "which group; missing for the country"),
            horizon(),
            float(
                "baseline_mean",
                "",
                "mean of the baseline over the replicates",
            ),
            float(
                "layout_mean",
                "",
                "mean of the layout over the same replicates",
            ),
            float(
                "difference",
                "",
                "mean paired difference, layout less baseline",
            ),
            float(
                "percent",
                "%",
                "100 * difference / |baseline_mean|; missing when that is 0",
            ),
            float("standard_error", "", "standard error of difference"),
            float("low", "", "lower end of the 95 % interval of difference"),
            float("high", "", "upper end"),
            text("interval", "how the interval is made: t, bca or stein"),
            float(
                "correlation",
                "",
                "correlation of baseline and layout over the replicates",
            ),
            float(
                "unpaired_low",
                "",
                "lower end of the 95 % interval that unpaired replicates would give (Welch)",
            ),
            float("unpaired_high", "", "upper end"),
            float(
                "variance_reduction",
                "",
                "(variance of baseline + of layout) / variance of the difference: how many times as many unpaired replicates the same width takes; missing when all differences are equal",
            ),
            int("replicates", "", "pairs of replicates"),
            int(
                "replicates_needed",
                "",
                "replicates for half the present width of the t interval; with --until-width, for that width",
            ),
            float(
                "p",
                "",
                "two-sided paired t test of no difference, beside a bca interval too; with stein that of its interval; missing when all differences are equal",
            ),
            float(
                "p_holm",
                "",
                "p adjusted for all layouts of the outcome, group and horizon (Holm)",
            ),
            float(
                "baseline_happened",
                "share",
                "months: share of replicates of the baseline in which it happened; the others count as the number of months of the run",
            ),
            float(
                "layout_happened",
                "share",
                "months: the same for the layout",
            ),
            float(
                "weight_share",
                "share",
                "the group's share of the weight of all regions",
            ),
        ],
    );
    let responses = TableDef::new(
        "responses",
        "one row per layout, national measure and month: the path of the difference",
        vec![
            layout(),
            text("outcome", "measure of the table national"),
            month("month", "the month"),
            float("difference", "", "mean paired difference in the month"),
            float("standard_error", "", "its standard error"),
            float(
                "low",
                "",
                "lower end of the 95 % t interval of this month alone",
            ),
            float("high", "", "upper end"),
            float(
                "sup_low",
                "",
                "lower end of the 95 % sup-t band, which holds for all months together",
            ),
            float("sup_high", "", "upper end"),
            float(
                "cumulative",
                "",
                "sum of the differences up to the month; missing from the first month on in which one is missing",
            ),
            float("cumulative_low", "", "lower end of its 95 % t interval"),
            float("cumulative_high", "", "upper end"),
        ],
    );
    let peaks = TableDef::new(
        "peaks",
        "one row per layout and national measure: the month with the largest difference",
        vec![
            layout(),
            text("outcome", "measure of the table national"),
            month(
                "peak_month",
                "month of the largest mean difference in size; missing when nothing differs",
            ),
            float("peak", "", "mean difference in that month"),
            float("sup_low", "", "lower end of the sup-t band there"),
            float("sup_high", "", "upper end"),
            float(
                "critical",
                "",
                "critical value of the sup-t band, in standard errors",
            ),
            int("replicates", "", "pairs of replicates"),
        ],
    );
    let ranking = TableDef::new(
        "ranking",
        "one row per national outcome with a better direction, horizon and layout",
        vec![
            outcome(),
            horizon(),
            text("layout", "layout, the baseline too"),
            float("mean", "", "mean over the replicates"),
            float(
                "best_probability",
                "share",
                "share of replicates in which it is the best; ties are shared",
            ),
            float("best_low", "share", "lower end of its 95 % Wilson interval"),
            float("best_high", "share", "upper end"),
            float(
                "expected_regret",
                "",
                "mean of what is lost against the best layout of each replicate",
            ),
        ],
    );
    let pareto = TableDef::new(
        "pareto",
        "one row per layout: efficiency and inequality at the end of the run, coordination cost over it",
        vec![
            text("layout", "layout, the baseline too"),
            float(
                "efficiency",
                "quality",
                "mean of mean_stock; more is better",
            ),
            float("inequality", "", "mean of theil; less is better"),
            float(
                "coordination_cost",
                "pair-years",
                "sum over months, and over alliances active in the month, of the pairs of member groups with a delegate open, / 12; less is better",
            ),
            int(
                "on_front",
                "",
                "1 when no other layout is as good in all three and better in one",
            ),
        ],
    );
    vec![effects, responses, peaks, ranking, pareto]
}

/// Makes the derived tables of a comparison whose replicates are all in the store.
///
/// # Errors
/// Parts that cannot be read.
pub fn derive(
    comparison: &Comparison,
    store: &Store,
    settings: &Settings,
) -> Result<Vec<TableData>, StoreError> {
    let replicates: Vec<u32> = store.finished().into_iter().collect();
    let mut effects = effects::Effects::new(comparison, settings);
    let per_slot = comparison.sides.len() * replicates.len();
    let block = (BLOCK / per_slot.max(1)).max(1);
    let slots = comparison.slots.len();
    for first in (0..slots).step_by(block) {
        let wanted = first..slots.min(first + block);
        let values = values(comparison, store, &replicates, wanted.clone())?;
        effects.add(wanted, &values);
    }
    let [paths, peaks] = responses::tables(comparison, store, &replicates)?;
    let [effects, ranking, pareto] = effects.tables();
    let mut tables = vec![effects, paths, peaks, ranking, pareto];
    tables.extend(places::table(comparison, store, &replicates)?);
    tables.extend(structures::table(comparison, store, &replicates)?);
    tables.extend(sources::table(comparison, store, &replicates)?);
    Ok(tables)
}

/// Why a pilot does not say how many replicates a width takes.
#[derive(Debug, thiserror::Error)]
pub enum WidthError {
    /// Parts that cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Fewer than two pairs of the pilot have a value.
    #[error(
        "the pilot says nothing of {outcome}: layout {layout} and the baseline both have a value in {pairs} \
         of its {pilot} replicates, and two are the least; take a larger --min-replicates, or an \
         outcome or month that has values"
    )]
    NoPairs {
        /// The watched outcome.
        outcome: &'static str,
        /// The layout.
        layout: String,
        /// Pairs in which both have a value.
        pairs: usize,
        /// Replicates of the pilot.
        pilot: u32,
    },
}

/// How many replicates it takes for the wanted width of every layout's difference, as the pilot says:
/// the first replicates, which are all in the store. At least the pilot, at most the maximum.
///
/// # Errors
/// Parts that cannot be read; a layout of which fewer than two pairs of the pilot have a value.
pub fn needed(comparison: &Comparison, store: &Store, target: &Target) -> Result<u32, WidthError> {
    let pilot: Vec<u32> = (0..target.pilot).collect();
    let values = values(comparison, store, &pilot, target.slot..target.slot + 1)?;
    let mut most = u64::from(target.pilot);
    for &side in &comparison.layouts {
        let [baseline, layout] = [0, side].map(|side| values[0][side].as_slice());
        let plan = effects::pilot(comparison, target, baseline, layout);
        let plan = plan.map_err(|pairs| WidthError::NoPairs {
            outcome: OUTCOMES[comparison.slots.list()[target.slot].outcome].name,
            layout: comparison.sides[side].name.clone(),
            pairs,
            pilot: target.pilot,
        })?;
        most = most.max(plan.replicates);
    }
    let most = u32::try_from(most).unwrap_or(target.maximum);
    Ok(most.clamp(target.pilot, target.maximum))
}

/// Values of a range of slots, `[slot][side][replicate]`, in one pass over the parts.
///
/// # Errors
/// Parts that cannot be read.
fn values(
    comparison: &Comparison,
    store: &Store,
    replicates: &[u32],
    wanted: std::ops::Range<usize>,
) -> Result<Vec<Vec<Vec<f64>>>, StoreError> {
    let (sides, slots) = (comparison.sides.len(), comparison.slots.len());
    let room = || {
        (0..sides)
            .map(|_| Vec::with_capacity(replicates.len()))
            .collect()
    };
    let mut values: Vec<Vec<Vec<f64>>> = wanted.clone().map(|_| room()).collect();
    for &replicate in replicates {
        let columns = store.part_columns(replicate, OUTCOMES_TABLE, &[VALUE])?;
        let Some(Column::Float(all)) = columns.first() else {
            continue;
        };
        for (slot, values) in wanted.clone().zip(&mut values) {
            for (side, values) in values.iter_mut().enumerate() {
                values.push(all.get(side * slots + slot).copied().unwrap_or(f64::NAN));
            }
        }
    }
    Ok(values)
}

/// The name of the simulated draws that an interval takes.
pub(super) fn draw_name(comparison: &Comparison, layout: usize, series: &str) -> DrawName {
    let seed = comparison.baseline().loaded.scenario.seed;
    let layout = &comparison.sides[layout].name;
    DrawName::new(seed, id_hash(layout), id_hash(series))
}
