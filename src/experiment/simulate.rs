//! Replicates of a world into tables in memory: nothing is read and nothing is written.

use std::ops::Range;

use rayon::prelude::*;

use crate::model::{Mechanisms, OutOfMemory};
use crate::store::{Column, TableData, TableDef};
use crate::world::World;

use super::record::{Names, Wanted, record};
use super::tables::definitions;

/// Tables in memory.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Names, units and descriptions of tables and columns.
    pub defs: Vec<TableDef>,
    /// Their rows, in the same order.
    pub data: Vec<TableData>,
}

impl Tables {
    /// A column of a table, if there is such a table and column.
    pub fn column(&self, table: &str, column: &str) -> Option<&Column> {
        let at = self.defs.iter().position(|def| def.name == table)?;
        let mut columns = self.defs[at].columns.iter();
        let number = columns.position(|def| def.name == column)?;
        self.data[at].columns.get(number)
    }
}

/// Runs replicates side by side on the threads of the caller's rayon pool and gives the wanted tables
/// ([`super::tables::NAMES`]), rows in the order of replicates: those of `pointplane run`, whatever the number of
/// threads.
///
/// # Errors
/// No memory for a replicate.
pub fn simulate(
    world: &World,
    seed: u64,
    replicates: Range<u32>,
    wanted: &Wanted,
) -> Result<Tables, OutOfMemory> {
    let names = Names::new(world);
    let of_each: Result<Vec<Vec<TableData>>, OutOfMemory> = replicates
        .into_par_iter()
        .map(|replicate| record(world, &names, wanted, seed, replicate, &|| {}))
        .collect();
    let of_each = of_each?;
    let defs = definitions(world, &Mechanisms::new(world), wanted);
    let data = defs.iter().map(|def| joined(def, &of_each)).collect();
    Ok(Tables { defs, data })
}

/// The rows of a table of all replicates.
fn joined(def: &TableDef, of_each: &[Vec<TableData>]) -> TableData {
    let of = |tables: &'_ [TableData]| tables.iter().position(|table| table.table == def.name);
    let parts = of_each
        .iter()
        .filter_map(|tables| Some(&tables[of(tables)?]));
    let parts: Vec<&TableData> = parts.collect();
    let columns = (0..def.columns.len()).map(|at| {
        let columns = parts.iter().map(|part| part.columns[at].clone());
        match parts.is_empty() {
            true => Column::empty(def.columns[at].kind),
            false => Column::join(columns.collect()),
        }
    });
    TableData::new(def.name.clone(), columns.collect())
}
