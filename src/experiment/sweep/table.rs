//! What the store needs of a plan: what is swept, and the table of points.

use std::path::Path;

use crate::design::Point;
use crate::experiment::build::{inputs, layout_asked};
use crate::experiment::request::Request;
use crate::measure::OUTCOMES;
use crate::store::{
    self, Asked, Cell, DesignRow, Format, Input, Monthly, ParameterEntry, PointRow, ResultKind,
    SlotEntry, Sweep, SweepAsked, TableData,
};

use super::Plan;
use super::spec::FormatSpec;

impl Plan {
    /// What is asked of the results folder, with so many replicates.
    pub fn asked(&self, request: &Request, replicates: u32) -> Asked {
        let sides = self.comparison.sides.iter();
        let base = self.comparison.baseline();
        // The plan may be named from anywhere: what lies beside it is the same.
        let beside = |input: Input| match Path::new(&input.path).strip_prefix(&self.document.folder)
        {
            Ok(path) => Input {
                path: path.to_string_lossy().into_owned(),
                ..input
            },
            Err(_) => input,
        };
        let inputs = inputs(self.comparison.sides.iter().map(|side| &side.loaded));
        let sweep = self.sweep(request.points().unwrap_or(Path::new("")));
        Asked {
            kind: ResultKind::Sweep,
            request: request.value(),
            scenario: base.loaded.scenario.name.clone(),
            layout: base.loaded.scenario.layout.clone(),
            layouts: sides
                .map(|side| layout_asked(&side.name, &side.loaded))
                .collect(),
            inputs: inputs.into_iter().map(beside).collect(),
            seed: base.loaded.scenario.seed,
            first_replicate: self.document.spec.first_replicate,
            replicates,
            format: match self.document.spec.format {
                FormatSpec::Parquet => Format::Parquet,
                FormatSpec::Csv => Format::Csv,
            },
            tables: Vec::new(),
            comparison: None,
            sweep: Some(SweepAsked {
                plan: self.document.text.clone(),
                points: self.points.clone(),
                table: self.points_data(&sweep),
                sweep,
            }),
        }
    }

    /// What is swept; `plan` is how the plan was named.
    pub fn sweep(&self, plan: &Path) -> Sweep {
        let spec = &self.document.spec;
        let base = self.comparison.baseline();
        let slots = self.comparison.slots.list();
        let slot = |at: &usize| {
            let (group_kind, group, members_of) = slots[*at].group(&self.comparison.groups);
            let layout = |of: usize| self.comparison.sides[of].name.clone();
            SlotEntry {
                outcome: OUTCOMES[slots[*at].outcome].name.to_owned(),
                group_kind: group_kind.to_owned(),
                group: group.map(|group| match members_of {
                    Some(of) => format!("{group} of {}", layout(of)),
                    None => group.to_owned(),
                }),
                horizon: slots[*at].horizon,
            }
        };
        let parameters = self.parameters.iter().enumerate();
        Sweep {
            name: spec.name.clone(),
            title: spec.title.clone(),
            title_zh: spec.title_zh.clone(),
            plan: plan.to_string_lossy().into_owned(),
            scenario: spec.scenario.clone(),
            start: base.loaded.scenario.start.0,
            months: self.comparison.calendar().months,
            set: spec.set_words(),
            layout_words: self.layout_words.clone(),
            variants: spec.variants.len(),
            fixed: self.fixed(),
            slots: self.kept.iter().map(slot).collect(),
            monthly: self.monthly.as_ref().map(|(months, measures)| Monthly {
                months: months.clone(),
                measures: measures.iter().map(|m| m.name.to_owned()).collect(),
            }),
            design: self.kind.clone(),
            parameters: parameters
                .map(|(at, p)| ParameterEntry {
                    key: p.key.clone(),
                    column: p.column.clone(),
                    text: self
                        .rows
                        .iter()
                        .any(|row| row.values[at].number().is_none()),
                    unit: p.unit.clone(),
                    what: p.what.clone(),
                })
                .collect(),
            rows: self.rows.len() as u64,
            pool: spec.pool,
            own_replicates: spec.own_replicates,
            targets: self.targets.clone(),
        }
    }

    /// The table of points.
    fn points_data(&self, sweep: &Sweep) -> TableData {
        let point = |row: usize| &self.points[self.point_of[row] as usize];
        let points: Vec<&PointRow> = (0..self.rows.len()).map(point).collect();
        store::points(&sweep.parameters).data(&mut design_rows(sweep, &self.rows, &points))
    }
}

/// The rows of a design, each with its point.
pub(super) fn design_rows(sweep: &Sweep, rows: &[Point], points: &[&PointRow]) -> Vec<DesignRow> {
    let row = |(number, (row, point)): (usize, (&Point, &&PointRow))| {
        let values = row.values.iter().zip(&sweep.parameters);
        DesignRow {
            row: number,
            point: point.id.clone(),
            role: row.role,
            values: values
                .map(|(value, parameter)| match parameter.text {
                    true => Cell::Text(value.to_string()),
                    false => Cell::Number(value.number().unwrap_or(f64::NAN)),
                })
                .collect(),
            settings: point.settings.join(" "),
        }
    };
    rows.iter().zip(points).enumerate().map(row).collect()
}
