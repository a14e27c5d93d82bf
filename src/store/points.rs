//! The table of points of a sweep: each column with what fills it, and the rows read back.

use crate::design::{Part, Role};

use super::table::column::{ColumnDef, TableDef};
use super::table::data::{Column, TableData};
use super::table::schema::{Field, Schema};

use crate::texts::{Text, text};

use super::manifest::ParameterEntry;

const POINT: &str = "point";
const BLOCK: &str = "block";
const ROLE: &str = "role";
const MOVED: &str = "moved";
const DIRECTION: &str = "direction";
const SETTINGS: &str = "settings";

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
    /// What it is for in its design.
    pub role: Role,
    /// Values in the order of the parameters, texts where a parameter is one.
    pub values: Vec<Cell>,
    /// The settings in a row.
    pub settings: String,
}

impl DesignRow {
    /// Block of a Saltelli design, trajectory of a Morris design.
    fn block(&self) -> Option<i64> {
        match self.role {
            Role::Plain => None,
            Role::Saltelli { block, .. } => Some(block.into()),
            Role::Morris { trajectory, .. } => Some(trajectory.into()),
        }
    }

    fn role(&self) -> Option<&'static str> {
        Some(match self.role {
            Role::Plain => return None,
            Role::Saltelli { part, .. } => match part {
                Part::A => "A",
                Part::B => "B",
                Part::Ab(_) => "AB",
                Part::Ba(_) => "BA",
            },
            Role::Morris { moved: None, .. } => "start",
            Role::Morris { .. } => "step",
        })
    }

    /// The parameter that is taken from the other matrix, or moved.
    fn moved(&self) -> Option<usize> {
        match self.role {
            Role::Saltelli {
                part: Part::Ab(at) | Part::Ba(at),
                ..
            } => Some(at),
            Role::Morris { moved, .. } => moved,
            Role::Plain | Role::Saltelli { .. } => None,
        }
    }

    fn direction(&self) -> Option<i64> {
        match self.role {
            Role::Morris {
                moved: Some(_), up, ..
            } => Some(if up { 1 } else { -1 }),
            _ => None,
        }
    }
}

/// The table of points.
pub fn points<'a>(parameters: &[ParameterEntry]) -> Schema<'a, [DesignRow]> {
    let keys: Vec<String> = parameters.iter().map(|p| p.key.clone()).collect();
    let parameters = parameters.iter().enumerate();
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
        .text(POINT, "id of the point: made of its settings", |r| {
            Some(&r.point)
        })
        .int(
            BLOCK,
            "",
            "block of a Saltelli design, trajectory of a Morris design",
            DesignRow::block,
        )
        .text(
            ROLE,
            "in a Saltelli design A, B, AB or BA; in a Morris design start or step",
            |r| r.role(),
        )
        .column(
            ColumnDef::text(
                MOVED,
                "the parameter that is taken from the other matrix, or that the step moves",
            ),
            move |rows| {
                let key = |row: &DesignRow| Some(keys.get(row.moved()?)?.as_str());
                Column::text(rows.iter().map(key))
            },
        )
        .int(
            DIRECTION,
            "",
            "of a Morris step: 1 up, -1 down",
            DesignRow::direction,
        )
        .all(columns)
        .text(
            SETTINGS,
            "the settings as --set takes them, in a row",
            |r| Some(&r.settings),
        )
}

/// The definition of the table of points.
pub fn points_table(parameters: &[ParameterEntry]) -> TableDef {
    points(parameters).def()
}

/// The rows of a table of points.
///
/// # Errors
/// What is in it that [`points`] does not write.
pub(super) fn rows(
    parameters: &[ParameterEntry],
    table: &TableData,
) -> Result<Vec<DesignRow>, Text> {
    let def = points_table(parameters);
    let column = |name: &str| {
        let at = def.columns.iter().position(|column| column.name == name);
        let found = at.and_then(|at| table.columns.get(at));
        found.ok_or_else(|| text!("table-no-column", name))
    };
    let [ids, blocks, roles, moved, directions, settings] =
        [POINT, BLOCK, ROLE, MOVED, DIRECTION, SETTINGS].map(column);
    let (ids, blocks, roles) = (ids?, blocks?, roles?);
    let (moved, directions, settings) = (moved?, directions?, settings?);
    let values = parameters.iter().map(|p| column(&p.column));
    let values: Vec<&Column> = values.collect::<Result<_, _>>()?;
    let mut list: Vec<DesignRow> = Vec::with_capacity(table.rows());
    for row in 0..table.rows() {
        let wrong = || text!("design-row-of-none", row);
        let block = || u32::try_from(blocks.int_at(row)?).ok();
        let parameter = || {
            let key = moved.text_at(row)?;
            parameters.iter().position(|p| p.key == key)
        };
        let role = match roles.text_at(row) {
            None => Some(Role::Plain),
            Some("start") => block().map(|trajectory| Role::Morris {
                trajectory,
                step: 0,
                moved: None,
                up: false,
            }),
            Some("step") => {
                let before = list.last().map(|row| row.role);
                block().zip(parameter()).and_then(|(trajectory, moved)| {
                    let Some(Role::Morris { step, .. }) = before else {
                        return None;
                    };
                    Some(Role::Morris {
                        trajectory,
                        step: step + 1,
                        moved: Some(moved),
                        up: directions.int_at(row)? > 0,
                    })
                })
            }
            Some(part) => block().and_then(|block| {
                let part = match part {
                    "A" => Part::A,
                    "B" => Part::B,
                    "AB" => Part::Ab(parameter()?),
                    "BA" => Part::Ba(parameter()?),
                    _ => return None,
                };
                Some(Role::Saltelli { block, part })
            }),
        };
        list.push(DesignRow {
            row,
            point: ids
                .text_at(row)
                .ok_or_else(|| text!("point-no-id"))?
                .to_owned(),
            role: role.ok_or_else(wrong)?,
            values: values.iter().map(|column| cell(column, row)).collect(),
            settings: settings.text_at(row).unwrap_or_default().to_owned(),
        });
    }
    Ok(list)
}

fn cell(column: &Column, row: usize) -> Cell {
    match column {
        Column::Float(values) => Cell::Number(values.get(row).copied().unwrap_or(f64::NAN)),
        texts => Cell::Text(texts.text_at(row).unwrap_or_default().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(key: &str, text: bool) -> ParameterEntry {
        ParameterEntry {
            key: key.to_owned(),
            column: key.replace('.', "_"),
            text,
            unit: String::new(),
            what: String::new(),
        }
    }

    #[test]
    fn rows_of_every_role_read_back() {
        let parameters = [parameter("line.beta", false), parameter("line.rule", true)];
        let saltelli = |part| Role::Saltelli { block: 3, part };
        let morris = |step, moved, up| Role::Morris {
            trajectory: 7,
            step,
            moved,
            up,
        };
        let of = [
            vec![Role::Plain],
            vec![
                saltelli(Part::A),
                saltelli(Part::B),
                saltelli(Part::Ab(0)),
                saltelli(Part::Ba(1)),
            ],
            vec![
                morris(0, None, false),
                morris(1, Some(1), true),
                morris(2, Some(0), false),
            ],
        ];
        for roles in of {
            let design = roles.into_iter().enumerate().map(|(row, role)| DesignRow {
                row,
                point: format!("p{row}"),
                role,
                values: vec![Cell::Number(0.5), Cell::Text("hill".into())],
                settings: "line.beta=0.5 line.rule=hill".into(),
            });
            let mut design: Vec<DesignRow> = design.collect();
            let table = points(&parameters).data(&mut design);
            assert_eq!(rows(&parameters, &table), Ok(design));
        }
    }

    #[test]
    fn a_row_of_no_design_is_told() {
        let parameters = [parameter("a", false)];
        // A step with nothing that it follows.
        let mut design = [DesignRow {
            row: 0,
            point: "p".into(),
            role: Role::Morris {
                trajectory: 0,
                step: 1,
                moved: Some(0),
                up: true,
            },
            values: vec![Cell::Number(1.0)],
            settings: "a=1".into(),
        }];
        let table = points(&parameters).data(&mut design);
        let why = rows(&parameters, &table).unwrap_err();
        assert!(why.to_string().contains("design_row 0"), "{why}");
    }
}
