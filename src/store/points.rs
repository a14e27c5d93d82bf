//! The table of points of a sweep: each column with what fills it.

use super::table::column::{ColumnDef, TableDef};
use super::table::data::Column;
use super::table::schema::{Field, Schema};

use super::manifest::Sweep;

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A number; NaN is missing.
    Number(f64),
    /// A text.
    Text(String),
}

/// A row of a design.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignRow {
    /// Number of the row, from 0.
    pub row: usize,
    /// Id of its point.
    pub point: String,
    /// Block of a Saltelli design, trajectory of a Morris design.
    pub block: Option<i64>,
    /// Role in it.
    pub role: Option<&'static str>,
    /// Key of the parameter that is taken from the other matrix, or moved.
    pub moved: Option<String>,
    /// Direction of a Morris step.
    pub direction: Option<i64>,
    /// Values in the order of the parameters, texts where a parameter is one.
    pub values: Vec<Cell>,
    /// The settings in a row.
    pub settings: String,
}

/// The table of points.
pub fn points<'a>(sweep: &Sweep) -> Schema<'a, [DesignRow]> {
    let parameters = sweep.parameters.iter().enumerate();
    let columns = parameters.map(|(at, parameter)| {
        let (name, unit, what) = (&parameter.column, &parameter.unit, &parameter.what);
        if parameter.text {
            let def = ColumnDef {
                unit: unit.clone(),
                ..ColumnDef::text(name, what)
            };
            Field::new(def, move |rows: &mut [DesignRow]| {
                Column::text(rows.iter().map(|row| match row.values.get(at) {
                    Some(Cell::Text(text)) => Some(text.as_str()),
                    _ => None,
                }))
            })
        } else {
            let def = ColumnDef::float(name, unit, what);
            Field::new(def, move |rows: &mut [DesignRow]| {
                let number = |row: &DesignRow| match row.values.get(at) {
                    Some(Cell::Number(number)) => *number,
                    _ => f64::NAN,
                };
                Column::Float(rows.iter().map(number).collect())
            })
        }
    });
    Schema::<[DesignRow]>::new("points", "one row per row of the design")
        .int("design_row", "", "row of the design, from 0", |r| {
            i64::try_from(r.row).ok()
        })
        .text("point", "id of the point: made of its settings", |r| {
            Some(&r.point)
        })
        .int(
            "block",
            "",
            "block of a Saltelli design, trajectory of a Morris design",
            |r| r.block,
        )
        .text(
            "role",
            "in a Saltelli design A, B, AB or BA; in a Morris design start or step",
            |r| r.role,
        )
        .text(
            "moved",
            "the parameter that is taken from the other matrix, or that the step moves",
            |r| r.moved.as_deref(),
        )
        .int("direction", "", "of a Morris step: 1 up, -1 down", |r| {
            r.direction
        })
        .all(columns)
        .text(
            "settings",
            "the settings as --set takes them, in a row",
            |r| Some(&r.settings),
        )
}

/// The definition of the table of points.
pub fn points_table(sweep: &Sweep) -> TableDef {
    points(sweep).def()
}
