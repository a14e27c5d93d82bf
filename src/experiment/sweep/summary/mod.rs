//! What a sweep says: which parameter moves which outcome, in which layout, and which moves what a layout
//! changes.
//!
//! An outcome of a point is the mean over its replicates; a month that never comes counts as the length
//! of the run, as in comparisons. What a layout changes at a point is the mean of the paired differences
//! from the baseline, replicate by replicate. Of a sweep that is cut short the replicates are used that all
//! points share; a point of which one of these failed is left out.

mod about;
mod answers;
mod break_even;
mod indices;
mod information;
mod responses;
mod tables;
#[cfg(test)]
mod tests;
mod variants;
mod verdict;

use std::ops::Range;

use rayon::prelude::*;

use crate::experiment::compare::NATIONAL;
use crate::experiment::session::merge;
use crate::store::{
    Counts, Folder, Manifest, SlotEntry, State, StoreError, Sweep, TableData, TableDef, whole,
    whole_as_made, write_bound,
};
use crate::texts::text;

use answers::blocks;

pub use about::{About, Asked};
pub use answers::{Answers, Shape, Shared};
pub use break_even::{BreakEven, LOOKS};
pub use indices::{Analysis, Design, Over, Term, analyse};
pub use information::Information;
pub use responses::Response;
pub use tables::sheets;
pub use variants::{Effect, Under};
pub use verdict::{Lacks, Verdict};

pub use crate::store::SUMMARY;

/// The tables that it is made of.
const FROM: [&str; 3] = ["points", "outcomes", "national"];

/// What was swept.
#[derive(Clone, Copy, Debug)]
pub struct Swept<'a> {
    /// Parameters, and what is kept of each run.
    pub sweep: &'a Sweep,
    /// Names of the layouts, the baseline first.
    pub layouts: &'a [String],
    /// Random seed of all replicates.
    pub seed: u64,
}

impl<'a> Swept<'a> {
    /// In a folder; none when it holds no sweep.
    pub fn of(folder: &'a Folder) -> Option<Self> {
        Some(Self {
            sweep: folder.manifest().sweep.as_ref()?,
            layouts: folder.jobs().layouts(),
            seed: folder.manifest().seed,
        })
    }

    /// Number of layouts that are asked for.
    pub fn policies(&self) -> usize {
        self.sweep.policies(self.layouts.len())
    }

    /// Numbers of the models: 0 is that of the scenario, the others are its variants.
    pub fn models(&self) -> Range<usize> {
        0..self.layouts.len() / self.policies()
    }

    /// The name of a variant, from 1: that of its baseline less what the baseline itself is called. Empty of the scenario
    /// as it is.
    pub fn variant(&self, number: usize) -> &'a str {
        if number == 0 {
            return "";
        }
        let name_of = |layout: usize| self.layouts.get(layout).map_or("", String::as_str);
        let name = name_of(number * self.policies());
        let own = name.strip_prefix(name_of(0));
        own.and_then(|own| own.strip_prefix('+')).unwrap_or(name)
    }

    /// The slot of a question.
    pub fn slot(&self, asked: Asked) -> &'a SlotEntry {
        &self.sweep.slots[asked.slot]
    }

    /// Positions of the slots that are of the country as a whole at the end of the runs, or of the month in which
    /// something first happens.
    pub fn at_the_end(&self) -> Vec<usize> {
        let slots = &self.sweep.slots;
        let last = slots.iter().filter_map(|slot| slot.horizon).max();
        let shown = |at: &usize| {
            let slot = &slots[*at];
            slot.group_kind == NATIONAL && (slot.horizon.is_none() || slot.horizon == last)
        };
        (0..slots.len()).filter(shown).collect()
    }
}

/// All that a sweep says.
#[derive(Debug)]
pub struct Summary<'a> {
    /// What was swept.
    pub swept: Swept<'a>,
    /// Its design.
    pub design: Design,
    /// The terms of its regressions.
    pub terms: Vec<Term>,
    /// Its runs.
    pub shape: Shape,
    /// What the design says about each question.
    pub analyses: Vec<Analysis>,
    /// Runs by how they are, when the tables were made.
    pub jobs: Counts,
    /// Where parameters turn effects.
    pub turns: Vec<BreakEven>,
    /// What targets would tell of effects.
    pub information: Vec<Information>,
    /// Effects by month, of a comparison over draws.
    pub responses: Vec<Response>,
}

impl<'a> Summary<'a> {
    /// Worked out from the tables of a sweep, which hold what was finished when they were made.
    ///
    /// # Errors
    /// [`StoreError::NotASweep`]; [`StoreError::NotMade`] and what else reading the tables tells.
    pub fn of(folder: &'a Folder) -> Result<Self, StoreError> {
        let dir = folder.dir();
        let not_a_sweep = || StoreError::NotASweep {
            dir: dir.to_path_buf(),
        };
        let swept = Swept::of(folder).ok_or_else(not_a_sweep)?;
        let design = Design::new(swept.sweep, &folder.design()?);
        let found = folder.overview()?;
        let failed = |at| found.state(at) == State::Failed;
        let of_another = |why| StoreError::Damaged {
            path: dir.join("points.csv"),
            why: text!(
                "points-of-other-design",
                design = swept.sweep.design.name(),
                error = why
            ),
        };
        let slots: Vec<usize> = (0..swept.sweep.slots.len()).collect();
        let (mut analyses, mut shape) = (Vec::new(), None);
        let read = |slots: &[usize]| Answers::read(dir, swept.sweep, folder.jobs(), &failed, slots);
        for slots in blocks(folder.jobs().len(), &slots) {
            let answers = read(slots)?;
            let questions = answers.questions().into_par_iter();
            let found: Result<Vec<Analysis>, _> = questions
                .map(|asked| analyse(swept, &design, &answers, asked))
                .collect();
            let mut found = found.map_err(of_another)?;
            indices::relate(swept, &design, &answers, &mut found);
            analyses.extend(found);
            shape = Some(answers.shape);
        }
        let shape = shape.ok_or_else(not_a_sweep)?;
        analyses.sort_by_key(|one| shape.position(one.asked, one.asked.slot, slots.len()));
        let mut summary = Self {
            swept,
            jobs: folder.manifest().jobs,
            terms: design.terms(),
            design,
            shape,
            analyses,
            turns: Vec::new(),
            information: Vec::new(),
            responses: Vec::new(),
        };
        summary.turns = summary.find_break_even(folder)?;
        summary.information = summary.find_information(&read)?;
        if swept.sweep.pool {
            summary.responses = responses::responses(&summary, folder)?;
        }
        Ok(summary)
    }

    /// What the design says about a question.
    pub fn analysis(&self, asked: Asked) -> Option<&Analysis> {
        self.analyses.get(self.position(asked))
    }

    /// Its position among all.
    fn position(&self, asked: Asked) -> usize {
        let slots = self.swept.sweep.slots.len();
        self.shape.position(asked, asked.slot, slots)
    }

    /// Keys of the parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &'a str> {
        let parameters = self.swept.sweep.parameters.iter();
        parameters.map(|parameter| parameter.key.as_str())
    }

    /// All of it as tables; those that the design has nothing for are left out.
    pub fn sheets(&self) -> Vec<(TableDef, TableData)> {
        let under = self.all_under_variants().into_iter();
        let under: Vec<(usize, Under<'_>)> = under
            .map(|under| (self.position(under.asked), under))
            .collect();
        sheets(self, &under)
    }
}

/// Makes the tables of a sweep unless they are complete, and works its summary out from them. Gives the manifest of the
/// tables and the summary.
///
/// # Errors
/// What making the tables and [`Summary::of`] tell.
pub fn worked_out(folder: &Folder) -> Result<(Manifest, Summary<'_>), StoreError> {
    let dir = folder.dir();
    let manifest = match whole(dir) {
        Ok(manifest) => manifest,
        Err(_) => {
            merge(folder)?;
            whole_as_made(dir)?
        }
    };
    Ok((manifest, Summary::of(folder)?))
}

/// The same, with the tables of the summary written to the folder [`SUMMARY`]. Gives their names too.
///
/// # Errors
/// As [`worked_out`]; those of writing.
pub fn make(folder: &Folder) -> Result<(Manifest, Summary<'_>, Vec<String>), StoreError> {
    let (manifest, summary) = worked_out(folder)?;
    let sheets = summary.sheets();
    let names = write_bound(folder.dir(), SUMMARY, &manifest, &FROM, &sheets)?;
    Ok((manifest, summary, names))
}
