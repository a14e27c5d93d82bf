//! A comparison as an experiment: what is kept of each job, and how many replicates a width takes.

use std::path::Path;
use std::sync::Arc;

use crate::experiment::build::{inputs, layout_asked};
use crate::experiment::observe::no_memory;
use crate::experiment::request::Request;
use crate::experiment::session::{Experiment, Failure, Needed, Work};
use crate::store::{
    Asked, ComparisonAsked, Derivation, Folder, Job, Kept, ResultKind, State, StoreError, TableData,
};

use super::derive;
use super::interval::{Settings, Target};
use super::observe::observe;
use super::parts::{self, Parts};
use super::plan::Plan;

impl Experiment for Plan {
    fn asked(&self, replicates: u32) -> Asked {
        let comparison = &self.comparison;
        let (base, calendar) = (comparison.baseline(), comparison.calendar());
        let layouts = comparison.sides.iter();
        let months = comparison.horizons.iter().map(|t| calendar.month(*t));
        let compared = comparison.layouts.iter();
        Asked {
            kind: ResultKind::Comparison,
            request: Request::Compare(self.request.clone()).value(),
            scenario: base.loaded.scenario.name.clone(),
            layout: base.loaded.scenario.layout.clone(),
            layouts: layouts
                .map(|side| layout_asked(&side.name, &side.loaded))
                .collect(),
            inputs: inputs(comparison.sides.iter().map(|side| &side.loaded)),
            seed: base.loaded.scenario.seed,
            first_replicate: 0,
            replicates,
            format: self.request.format,
            tables: parts::definitions(comparison),
            comparison: Some(ComparisonAsked {
                horizons: months.map(|month| month.to_string()).collect(),
                derivation: Derivation {
                    compared: compared
                        .map(|side| comparison.sides[*side].name.clone())
                        .collect(),
                    interval: self.request.interval.word().to_owned(),
                    primary: self.request.primary.clone(),
                    until_width: self.target.map(|target| {
                        let Target { pilot, maximum, .. } = target;
                        let words = self.target_words(&target);
                        format!("{words}, {pilot} to {maximum} replicates")
                    }),
                },
                derived: derive::definitions(comparison),
            }),
            sweep: None,
        }
    }

    /// With a wanted width, as many as the pilot says when it is there, else the pilot; never fewer than are
    /// there.
    fn replicates(&self, there: Option<&Path>) -> Result<u32, Failure> {
        let (Some(target), Some(dir)) = (&self.target, there) else {
            return Ok(self.replicates);
        };
        let Some(there) = Folder::like(dir, self.asked(self.replicates))? else {
            return Ok(self.replicates);
        };
        let last = there.last_kept()?;
        let found = there.scan(None)?;
        let jobs = there.jobs();
        let done = |replicate, layout| {
            let job = Job {
                point: 0,
                layout,
                replicate,
            };
            jobs.replicates().contains(&replicate) && found.state(jobs.at(job)) == State::Done
        };
        let layouts = 0..self.comparison.sides.len() as u16;
        let pilot =
            (0..target.pilot).all(|replicate| layouts.clone().all(|of| done(replicate, of)));
        if !pilot {
            let there = last.map_or(0, |last| last.saturating_add(1));
            return Ok(there.max(self.replicates));
        }
        let needed = derive::needed(&self.comparison, &there.kept(&found), target)?;
        none_taken_away(dir, last, needed)
    }

    fn needed(&self, folder: &Folder, kept: &Kept<'_>) -> Result<Option<Needed>, Failure> {
        let Some(target) = &self.target else {
            return Ok(None);
        };
        let needed = derive::needed(&self.comparison, kept, target)?;
        let last = kept.replicates().last().copied();
        Ok(Some(Needed {
            pilot: target.pilot,
            needed: none_taken_away(folder.dir(), last, needed)?,
            maximum: target.maximum,
        }))
    }

    fn work(&self, folder: &Folder) -> Work {
        let comparison = Arc::clone(&self.comparison);
        let (parts, encoder) = (Parts::new(&comparison), folder.encoder());
        Box::new(move |job, _| {
            let side = usize::from(job.layout);
            let observed = observe(&comparison, side, job.replicate).map_err(no_memory)?;
            let tables = parts.tables(side, job.replicate, &observed);
            encoder.encode(tables).map_err(|error| error.text())
        })
    }

    fn most_firms(&self) -> f64 {
        self.comparison.most_firms()
    }

    fn derive(&self, kept: &Kept<'_>) -> Result<Vec<TableData>, StoreError> {
        let settings = Settings {
            interval: self.request.interval.choice(),
            target: self.target,
            primary: self.primary,
        };
        derive::derive(&self.comparison, kept, &settings)
    }
}

/// Refuses to take away replicates that are there.
fn none_taken_away(dir: &Path, last: Option<u32>, wanted: u32) -> Result<u32, Failure> {
    match last {
        Some(last) if last >= wanted => Err(Failure::Store(StoreError::TooMany {
            dir: dir.to_path_buf(),
            last,
            wanted,
        })),
        _ => Ok(wanted),
    }
}
