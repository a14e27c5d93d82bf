//! A replay as an experiment: what is kept of each job.

use std::path::Path;

use crate::experiment::build::{inputs, layout_asked};
use crate::experiment::labels::{dated, in_steps, layout, replicate};
use crate::experiment::request::Request;
use crate::experiment::session::{Experiment, Failure, Work};
use crate::experiment::sweep::Drawn;
use crate::store::schema::{Field, Schema};
use crate::store::{
    Asked, Column, ColumnDef, ComparisonAsked, Derivation, Folder, Kept, ResultKind, StoreError,
    TableData, TableDef,
};

use crate::texts::text;

use super::effects;
use super::history::Replayed;
use super::observe::{Change, DIFFERENCES, observe};
use super::plan::Plan;

/// What differs in a replicate of a layout.
struct Part<'r> {
    replayed: &'r Replayed,
    side: usize,
    /// The draw of the parameters; none where these are those of the scenario.
    draw: Option<usize>,
    replicate: u32,
    changes: Vec<Change>,
}

/// With a column for the draw where parameters are drawn. How many replicates a draw meets is said in it: with another
/// number the same run is another one, and what is there cannot be resumed as it.
fn schema<'r>(drawn: Option<&Drawn>) -> Schema<'r, Part<'r>> {
    fn text<'r>(
        of: impl Fn(&Part<'_>, &Change) -> String + Send + Sync + 'r,
    ) -> impl Fn(&mut Part<'r>) -> Column + Send + Sync + 'r {
        move |part: &mut Part<'r>| {
            let texts: Vec<String> = part.changes.iter().map(|c| of(part, c)).collect();
            Column::text(texts.iter().map(|text| Some(text.as_str())))
        }
    }
    let date = |of: fn(&Change) -> u16| {
        move |part: &mut Part<'r>| {
            let calendar = part.replayed.factual().calendar;
            dated(calendar, part.changes.iter().map(of))
        }
    };
    Schema::<Part<'r>>::new(
        DIFFERENCES,
        "one row per replicate, layout, item and place that differ from the history",
    )
    .all(drawn.map(|drawn| {
        let (each, pool) = (drawn.each(), drawn.pool());
        let what =
            format!("row of the table of draws, from 0; each meets {each} of {pool} replicates");
        Field::new(ColumnDef::int("draw", "", &what), |part: &mut Part<'r>| {
            let draw = part.draw.and_then(|draw| i64::try_from(draw).ok());
            Column::Int(vec![draw; part.changes.len()])
        })
    }))
    .column(replicate(), |part| {
        Column::Int(vec![Some(i64::from(part.replicate)); part.changes.len()])
    })
    .column(
        layout(),
        text(|part, _| part.replayed.sides[part.side].name.clone()),
    )
    .column(
        ColumnDef::text("item", "item id"),
        text(|part, c| part.replayed.factual().given[c.item as usize].id.clone()),
    )
    .column(
        ColumnDef::text("place", "place id"),
        text(|part, c| part.replayed.sides[part.side].world.places.id[c.place].clone()),
    )
    .column(
        ColumnDef::month("factual", "when the place adopted; missing when it did not"),
        date(|c| c.factual),
    )
    .column(
        ColumnDef::month(
            "replayed",
            "when it adopts under the layout; missing when it does not",
        ),
        date(|c| c.month),
    )
}

impl Plan {
    /// The tables of each job.
    fn definitions(&self) -> Vec<TableDef> {
        let step = self.replayed.factual().calendar.step;
        let drawn = self.draws.as_ref().map(|draws| &draws.drawn);
        vec![in_steps(step, schema(drawn).def())]
    }
}

impl Experiment for Plan {
    fn asked(&self, replicates: u32) -> Asked {
        let sides = &self.replayed.sides;
        let scenario = &sides[0].loaded.scenario;
        let step = scenario.step;
        Asked {
            kind: ResultKind::Replay,
            request: Request::Replay(self.request.clone()).value(),
            scenario: scenario.name.clone(),
            layout: scenario.layout.clone(),
            layouts: sides
                .iter()
                .map(|side| layout_asked(&side.name, &side.loaded))
                .collect(),
            inputs: {
                let drawn = self.draws.as_ref().map(|draws| draws.drawn.input().clone());
                let mut all = inputs(sides.iter().map(|side| &side.loaded));
                all.extend(drawn);
                all
            },
            seed: scenario.seed,
            first_replicate: 0,
            replicates,
            format: self.request.format,
            tables: self.definitions(),
            comparison: Some(ComparisonAsked {
                horizons: Vec::new(),
                derivation: Derivation {
                    compared: sides[1..].iter().map(|side| side.name.clone()).collect(),
                    interval: if self.draws.is_some() {
                        "credible"
                    } else {
                        "t"
                    }
                    .to_owned(),
                    primary: None,
                    until_width: None,
                },
                derived: effects::definitions(self.draws.is_some(), sides[0].world.calendar)
                    .into_iter()
                    .map(|def| in_steps(step, def))
                    .collect(),
            }),
            sweep: None,
        }
    }

    fn replicates(&self, _: Option<&Path>) -> Result<u32, Failure> {
        Ok(self.replicates)
    }

    fn work(&self, folder: &Folder) -> Work {
        let (plan, encoder) = (self.clone(), folder.encoder());
        Box::new(move |job, _| {
            let side = usize::from(job.layout);
            let (replayed, draw, replicate) = plan.of_run(job.replicate)?;
            let changes = observe(&replayed, side, replicate)?;
            if side == 0 && !changes.is_empty() {
                return Err(text!("replay-not-repeated", n = changes.len()));
            }
            let mut part = Part {
                replayed: &replayed,
                side,
                draw,
                replicate,
                changes,
            };
            let drawn = plan.draws.as_ref().map(|draws| &draws.drawn);
            let tables = vec![schema(drawn).data(&mut part)];
            encoder.encode(tables).map_err(|error| error.text())
        })
    }

    fn most_firms(&self) -> f64 {
        let firms = self
            .replayed
            .sides
            .iter()
            .filter_map(|side| side.world.firms.as_ref());
        firms.map(|firms| firms.len()).max().unwrap_or(0) as f64
    }

    fn derive(&self, kept: &Kept<'_>) -> Result<Vec<TableData>, StoreError> {
        effects::derive(self, kept)
    }
}
