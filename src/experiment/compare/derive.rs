//! The tables that are made from all replicates at the end: `effects`, `responses`, `peaks`, `ranking`,
//! `pareto`. They are streamed from what is kept, in blocks, so that memory is bounded
//! whatever the number of replicates.

use crate::experiment::session::Failure;
use crate::measure::OUTCOMES;
use crate::store::{Column, Kept, StoreError, TableData, TableDef};

use super::Comparison;
use super::interval::{Settings, Target};
use super::parts::{OUTCOMES_TABLE, VALUE};
use super::{effects, places, responses, sources, structures};

/// Most numbers held at a time: 64 MB. A block has at least one slot, so more than 8 million
/// replicates × layouts would take more; the store takes a million replicates.
const BLOCK: usize = 8 << 20;

/// The derived tables, in order.
pub fn definitions(comparison: &Comparison) -> Vec<TableDef> {
    let mut tables = vec![
        effects::effects().def(),
        responses::responses().def(),
        responses::peaks().def(),
        effects::ranking_table().def(),
        effects::pareto_table().def(),
    ];
    if let Some(every) = comparison.every {
        tables.extend([places::paths(every), structures::paths(), sources::paths()]);
    }
    tables
}

/// Makes the derived tables of a comparison whose replicates are all kept.
///
/// # Errors
/// What is kept and cannot be read.
pub fn derive(
    comparison: &Comparison,
    kept: &Kept<'_>,
    settings: &Settings,
) -> Result<Vec<TableData>, StoreError> {
    let replicates = kept.replicates();
    let mut effects = effects::Effects::new(comparison, settings);
    let per_slot = comparison.sides.len() * replicates.len();
    let block = (BLOCK / per_slot.max(1)).max(1);
    let slots = comparison.slots.len();
    for first in (0..slots).step_by(block) {
        let wanted = first..slots.min(first + block);
        let values = values(comparison, kept, &replicates, wanted.clone())?;
        effects.add(wanted, &values);
    }
    let [paths, peaks] = responses::tables(comparison, kept, &replicates)?;
    let [effects, ranking, pareto] = effects.tables();
    let mut tables = vec![effects, paths, peaks, ranking, pareto];
    tables.extend(places::table(comparison, kept, &replicates)?);
    tables.extend(structures::table(comparison, kept, &replicates)?);
    tables.extend(sources::table(comparison, kept, &replicates)?);
    Ok(tables)
}

/// How many replicates it takes for the wanted width of every layout's difference, as the pilot says:
/// the first replicates, which are all kept. At least the pilot, at most the maximum.
///
/// # Errors
/// What is kept and cannot be read; a layout of which fewer than two pairs of the pilot have a value.
pub fn needed(comparison: &Comparison, kept: &Kept<'_>, target: &Target) -> Result<u32, Failure> {
    let pilot: Vec<u32> = (0..target.pilot).collect();
    let values = values(comparison, kept, &pilot, target.slot..target.slot + 1)?;
    let mut most = u64::from(target.pilot);
    for &side in &comparison.layouts {
        let [baseline, layout] = [0, side].map(|side| values[0][side].as_slice());
        let plan = effects::pilot(comparison, target, baseline, layout);
        let plan = plan.map_err(|pairs| Failure::NoPairs {
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
/// What is kept and cannot be read.
fn values(
    comparison: &Comparison,
    kept: &Kept<'_>,
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
        let columns = kept.columns(replicate, OUTCOMES_TABLE, &[VALUE])?;
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
