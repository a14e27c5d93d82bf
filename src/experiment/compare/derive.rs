//! The tables that are made from all replicates at the end: `effects`, `responses`, `peaks`, `ranking`,
//! `pareto`. They are streamed from the parts that were kept, in blocks, so that memory is bounded
//! whatever the number of replicates.

use crate::measure::OUTCOMES;
use crate::store::{Column, Store, StoreError, TableData, TableDef};

use super::Comparison;
use super::interval::{Settings, Target};
use super::parts::{OUTCOMES_TABLE, VALUE};
use super::{effects, places, responses, sources, structures};

/// Most numbers held at a time: 64 MB. A block has at least one slot, so more than 8 million
/// replicates × layouts would take more; the store takes a million replicates.
const BLOCK: usize = 8 << 20;

/// The derived tables, in order.
pub fn definitions() -> Vec<TableDef> {
    vec![
        effects::effects().def(),
        responses::responses().def(),
        responses::peaks().def(),
        effects::ranking_table().def(),
        effects::pareto_table().def(),
    ]
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
