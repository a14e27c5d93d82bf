//! The runs of a search: layouts and replicates of a stage are sweeps in folders of their own, with the files of the layouts
//! beside them.

use std::ops::Range;
use std::path::{Path, PathBuf};

use rand::Rng;

use crate::draw::{Luck, Process, id_hash};
use crate::experiment::runner::timed;
use crate::experiment::sweep::spec::PlanSpec;
use crate::experiment::sweep::{Carry, Each, Halt, Plan, layout_word, make, stage, values, way};
use crate::scenario::spec::LayoutSpec;
use crate::scenario::tables::Who;
use crate::store::{Job, atomic_write};

use super::layout::{layout, text};
use super::plan::{Search, list, over_draws};
use super::space::{Choice, Listed, Space};
use super::statistic::Sum;

/// Layouts whose worlds are in memory together: those of one sweep.
const TOGETHER: usize = 32;
/// The folder of the files of layouts.
const LAYOUTS: &str = "layouts";

/// A layout that is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name, which its file has too.
    pub name: String,
    /// What it is.
    pub choice: Choice,
    /// A member that leaves an alliance besides: position of the alliance, and who.
    pub leaves: Option<(usize, Who)>,
}

impl Named {
    /// A choice by a name.
    pub fn new(name: String, choice: Choice) -> Self {
        Self {
            name,
            choice,
            leaves: None,
        }
    }

    /// Whether it changes nothing.
    pub fn is_baseline(&self) -> bool {
        self.leaves.is_none() && self.choice.iter().all(|option| *option == 0)
    }

    /// Whether it can be, whatever conditions and budget say.
    pub fn is_possible(&self, space: &Space) -> bool {
        self.within(space, Space::is_possible)
    }

    /// Its layout file.
    pub fn layout(&self, space: &Space, layers: &[String]) -> LayoutSpec {
        self.within(space, |space, choice| {
            layout(space, choice, &self.name, layers)
        })
    }

    fn within<T>(&self, space: &Space, of: impl Fn(&Space, &[u8]) -> T) -> T {
        match &self.leaves {
            None => of(space, &self.choice),
            Some((seat, who)) => {
                let choice = [&self.choice[..], &[1]].concat();
                of(&space.leaving(*seat, who), &choice)
            }
        }
    }
}

/// A stage that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What its sweeps are called.
    pub name: String,
    /// Layouts, the baseline among them.
    pub layouts: usize,
    /// Number of the first replicate.
    pub first: u32,
    /// Replicates of each layout; over draws of each draw.
    pub replicates: u32,
}

/// Runs the layouts of a search.
pub struct Runs<'a, E> {
    /// The search.
    pub search: &'a Search,
    /// Its folder.
    pub dir: PathBuf,
    /// Threads.
    pub threads: u32,
    /// Carries sweeps out.
    pub carry: &'a mut Carry<'a, E>,
    /// Hears of stages.
    pub hear: &'a mut dyn FnMut(&Stage),
    /// Runs so far.
    pub runs: u64,
}

/// Values of a layout: by replicate, those of objectives and constraints; NaN of a run that failed.
pub type Values = Vec<Vec<f64>>;

impl<E> Runs<'_, E> {
    /// Runs layouts in `replicates` replicates, numbered from `first` on.
    ///
    /// # Errors
    /// Why there are no values.
    pub fn run(
        &mut self,
        name: &str,
        layouts: &[Named],
        first: u32,
        replicates: u32,
    ) -> Result<Vec<Values>, Halt<E>> {
        self.under(name, layouts, None, first, replicates)
    }

    /// The same under a variant of the model, if one is given.
    ///
    /// # Errors
    /// Why there are no values.
    pub fn under(
        &mut self,
        name: &str,
        layouts: &[Named],
        under: Option<&str>,
        first: u32,
        replicates: u32,
    ) -> Result<Vec<Values>, Halt<E>> {
        let begun = Stage {
            name: name.to_owned(),
            layouts: layouts.len(),
            first,
            replicates,
        };
        (self.hear)(&begun);
        let of = self.search;
        let statistics = of.ids().len();
        let mut all = Vec::with_capacity(layouts.len());
        for (number, some) in layouts.chunks(TOGETHER).enumerate() {
            let name = format!("{name}-{}", number + 1);
            let spec = PlanSpec {
                replicates,
                first_replicate: first,
                ..of.common.clone()
            };
            let none = vec![vec![f64::NAN; statistics]; replicates as usize];
            let mut found = vec![none; some.len()];
            self.sweep(&name, spec, some, under, &mut |at, job, values| {
                let turn = job.replicate.saturating_sub(first) as usize;
                if let Some(row) = found[at].get_mut(turn) {
                    *row = values;
                }
            })?;
            all.extend(found);
        }
        Ok(all)
    }

    /// Runs layouts at all draws of the parameters: gives the number of replicates in the pool, and of each layout the values
    /// by draw, then replicate of the pool; NaN where a draw does not meet one.
    ///
    /// # Errors
    /// Why there are no values.
    pub fn over(&mut self, layouts: &[Named], pool: usize) -> Result<Vec<Values>, Halt<E>> {
        let of = self.search;
        let Some(mut spec) = over_draws(&of.document.spec, &of.common) else {
            return Ok(Vec::new());
        };
        let begun = Stage {
            name: "draws".to_owned(),
            layouts: layouts.len(),
            first: 0,
            replicates: spec.replicates,
        };
        (self.hear)(&begun);
        make(&self.dir)?;
        if let crate::design::Kind::List { file, .. } = &mut spec.design.kind {
            let path = of.document.folder.join(&*file);
            *file = way(&self.dir, &path).to_string_lossy().into_owned();
        }
        let statistics = of.ids().len();
        let mut found: Vec<Values> = vec![Vec::new(); layouts.len()];
        self.sweep("draws", spec, layouts, None, &mut |at, job, values| {
            let row = job.point as usize * pool + job.replicate as usize;
            let rows = (row / pool + 1) * pool;
            if found[at].len() < rows {
                found[at].resize(rows, vec![f64::NAN; statistics]);
            }
            found[at][row] = values;
        })?;
        let draws = found.iter().map(Vec::len).max().unwrap_or(0);
        for of in &mut found {
            of.resize(draws, vec![f64::NAN; statistics]);
        }
        Ok(found)
    }

    /// Runs layouts at pairs of a draw of the parameters and a replicate that no other pair has; pair 0 has the replicate `first`.
    /// Gives of each layout the values by pair, NaN of a run that failed.
    ///
    /// # Errors
    /// Why there are no values.
    pub fn pairs(
        &mut self,
        name: &str,
        layouts: &[Named],
        draws: &Draws,
        pairs: Range<u32>,
        first: u32,
    ) -> Result<Vec<Values>, Halt<E>> {
        let of = self.search;
        let begun = Stage {
            name: name.to_owned(),
            layouts: layouts.len(),
            first: first + pairs.start,
            replicates: pairs.len() as u32,
        };
        (self.hear)(&begun);
        make(&self.dir)?;
        let table = format!("{name}.csv");
        let rows = draws.of(of.seed, pairs.clone());
        atomic_write(&self.dir.join(&table), |w| w.write_all(rows.as_bytes()))?;
        let spec = PlanSpec {
            replicates: 1,
            first_replicate: first + pairs.start,
            own_replicates: true,
            design: list(&of.common, table, None),
            ..of.common.clone()
        };
        let none = vec![vec![f64::NAN; of.ids().len()]; pairs.len()];
        let mut found = vec![none; layouts.len()];
        self.sweep(name, spec, layouts, None, &mut |at, job, values| {
            if let Some(row) = found[at].get_mut(job.point as usize) {
                *row = values;
            }
        })?;
        Ok(found)
    }

    /// Runs a sweep over layouts, under a variant of the model if one is given.
    fn sweep(
        &mut self,
        name: &str,
        mut spec: PlanSpec,
        layouts: &[Named],
        under: Option<&str>,
        each: &mut dyn FnMut(usize, Job, Vec<f64>),
    ) -> Result<(), Halt<E>> {
        let of = self.search;
        let folder = &of.document.folder;
        let scenario = folder.join(&of.document.spec.scenario);
        make(&self.dir.join(LAYOUTS))?;
        let baseline = &of.document.spec.baseline;
        let word = match under {
            None => baseline.clone(),
            Some(variant) => format!("{baseline}+{variant}"),
        };
        let base = layout_word(&self.dir, folder, &scenario, &word);
        spec.layouts.clear();
        for named in layouts {
            if named.is_baseline() {
                spec.layouts.push(base.clone());
                continue;
            }
            let file = format!("{LAYOUTS}/{}.toml", named.name);
            let written = named.layout(&of.space, &of.layers);
            atomic_write(&self.dir.join(&file), |w| {
                w.write_all(text(&written).as_bytes())
            })?;
            spec.layouts.push(format!("{base}+{file}"));
        }
        spec.name = format!("{}-{name}", spec.name).chars().take(64).collect();
        spec.scenario = way(&self.dir, &scenario).to_string_lossy().into_owned();
        let mut sums: Option<Vec<Sum>> = None;
        let mut runs = 0;
        let each: &mut Each<'_> = &mut |plan: &Plan, job: Job, kept: &[f64]| {
            let sums = sums.get_or_insert_with(|| found(of, plan));
            runs += 1;
            let values = sums.iter().map(|sum| sum.of(kept)).collect();
            each(usize::from(job.layout), job, values);
        };
        stage(&self.dir, name, &spec, self.threads, self.carry, each)?;
        self.runs += runs;
        Ok(())
    }
}

/// The rows of a table of draws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draws {
    head: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
}

impl Draws {
    /// Of a table that was checked; none when it has gone in the meantime.
    pub fn read(path: &Path) -> Option<Self> {
        let mut reader = csv::Reader::from_path(path).ok()?;
        let head = reader.headers().ok()?.clone();
        let rows: Result<Vec<csv::StringRecord>, _> = reader.records().collect();
        let rows = rows.ok().filter(|rows| !rows.is_empty())?;
        Some(Self { head, rows })
    }

    /// The table of the draws of some pairs: any row is as likely as any other, whatever the others are.
    fn of(&self, seed: u64, pairs: Range<u32>) -> String {
        let luck = Luck::fixed(seed);
        let line = |row: &csv::StringRecord| {
            let mut writer = csv::Writer::from_writer(Vec::new());
            // Into memory, nothing fails.
            let _ = writer.write_record(row);
            String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
        };
        let mut text = line(&self.head);
        for pair in pairs {
            let mut stream = luck.stream(Process::Search, id_hash("pair"), 0, pair);
            let row = stream.next_u64() % self.rows.len() as u64;
            text.push_str(&line(&self.rows[row as usize]));
        }
        text
    }
}

/// The sums of a search among what a sweep keeps. They were found when the plan was read, and groups are those of the places,
/// which layouts leave as they are.
fn found(of: &Search, plan: &Plan) -> Vec<Sum> {
    let spec = &of.document.spec;
    let objectives = spec.objectives.iter().map(|of| &of.terms);
    let all = objectives.chain(spec.constraints.iter().map(|of| &of.terms));
    let found = all.map(|terms| Sum::found(terms, &plan.comparison, &plan.kept));
    found.flatten().collect()
}

/// What a search takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// Feasible layouts; none where they are too many to be listed.
    pub layouts: Option<usize>,
    /// Runs of the first stage; none where layouts are not listed.
    pub first: Option<u64>,
    /// Runs if no layout ever drops out; none where layouts are not listed.
    pub most: Option<u64>,
    /// Wall time of a run of the baseline that was measured here, in seconds.
    pub run_seconds: f64,
    /// Threads.
    pub threads: u32,
}

impl Forecast {
    /// Of a search, on so many threads. A run is made and measured.
    pub fn of(search: &Search, threads: u32) -> Self {
        let spec = &search.document.spec;
        let job = Job {
            point: 0,
            layout: 0,
            replicate: 0,
        };
        let (_, run_seconds) = timed(|| values(&search.plan, job));
        let layouts = match &search.listed {
            Listed::All(list) => Some(list.len()),
            Listed::Many => None,
        };
        let runs = |replicates: u32| layouts.map(|n| n as u64 * u64::from(replicates));
        Self {
            layouts,
            first: runs(spec.first_replicates),
            most: runs(spec.most_replicates),
            run_seconds,
            threads,
        }
    }

    /// Seconds of so many runs.
    pub fn seconds(&self, runs: u64) -> f64 {
        runs as f64 * self.run_seconds / f64::from(self.threads)
    }
}
