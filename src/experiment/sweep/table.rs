//! What the store needs of a plan: what is swept, and the table of points.

use std::path::Path;

use crate::design::Point;
use crate::measure::OUTCOMES;
use crate::store::sweep::{
    self as store, Cell, DesignRow, Monthly, ParameterEntry, PointRow, SlotEntry, SweepManifest,
    Swept,
};
use crate::store::{Format, Input, TableData};

use super::spec::FormatSpec;
use super::{Plan, design};

impl Plan {
    /// What is swept, for the store. Its table of points is [`Plan::points_data`].
    pub fn manifest(
        &self,
        version: &str,
        commit: &str,
        inputs: Vec<Input>,
        resolved: Vec<String>,
    ) -> SweepManifest {
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
        // The plan may be named from anywhere: what lies beside it is the same.
        let beside = |input: Input| match Path::new(&input.path).strip_prefix(&self.document.folder)
        {
            Ok(path) => Input {
                path: path.to_string_lossy().into_owned(),
                ..input
            },
            Err(_) => input,
        };
        let swept = Swept {
            version: version.to_owned(),
            commit: commit.to_owned(),
            scenario: spec.scenario.clone(),
            scenario_name: base.loaded.scenario.name.clone(),
            start: base.loaded.scenario.start.0,
            months: self.comparison.calendar().months,
            seed: base.loaded.scenario.seed,
            set: self.set.clone(),
            layouts: self
                .comparison
                .sides
                .iter()
                .map(|side| side.name.clone())
                .collect(),
            layout_words: self.layout_words.clone(),
            resolved_sha256: resolved,
            inputs: inputs.into_iter().map(beside).collect(),
            slots: self.kept.iter().map(slot).collect(),
            monthly: self.monthly.as_ref().map(|(months, measures)| Monthly {
                months: months.clone(),
                measures: measures.iter().map(|m| m.name.to_owned()).collect(),
            }),
        };
        let format = match spec.format {
            FormatSpec::Parquet => Format::Parquet,
            FormatSpec::Csv => Format::Csv,
        };
        let mut manifest =
            SweepManifest::new(spec.name.clone(), &self.document.text, swept, format);
        manifest.design = self.kind.name().to_owned();
        manifest.morris_levels = self.kind.morris_levels();
        manifest.parameters = self
            .parameters
            .iter()
            .enumerate()
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
            .collect();
        manifest.rows = self.rows.len() as u64;
        manifest.points = self.points.len() as u64;
        manifest.replicates = spec.replicates;
        manifest
    }

    /// The table of points.
    pub fn points_data(&self, manifest: &SweepManifest) -> TableData {
        let point = |row: usize| &self.points[self.point_of[row] as usize];
        let points: Vec<&PointRow> = (0..self.rows.len()).map(point).collect();
        points_data(manifest, &self.rows, &points)
    }
}

/// The table of points: the rows of a design, each with its point.
pub(super) fn points_data(
    manifest: &SweepManifest,
    rows: &[Point],
    points: &[&PointRow],
) -> TableData {
    let keys: Vec<&str> = manifest.parameters.iter().map(|p| p.key.as_str()).collect();
    let row = |(number, (row, point)): (usize, (&Point, &&PointRow))| {
        let cells = design::cells(row.role, &keys);
        let values = row.values.iter().zip(&manifest.parameters);
        DesignRow {
            row: number,
            point: point.id.clone(),
            block: cells.block,
            role: cells.role,
            moved: cells.moved,
            direction: cells.direction,
            values: values
                .map(|(value, parameter)| match parameter.text {
                    true => Cell::Text(value.to_string()),
                    false => Cell::Number(value.number().unwrap_or(f64::NAN)),
                })
                .collect(),
            settings: point.settings.join(" "),
        }
    };
    let rows = rows.iter().zip(points).enumerate().map(row);
    store::points(manifest).data(&mut rows.collect::<Vec<_>>())
}
