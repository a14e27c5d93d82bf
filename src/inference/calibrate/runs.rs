//! The runs of a calibration: each wave, and the draws of the posterior, is a sweep in a folder of its own, with its plan beside
//! it. So what is finished is kept, and a wave can be run elsewhere by `pointplane sweep run`.

use std::path::PathBuf;

use rayon::ThreadPool;

use crate::design::{Kind, LEAST_EACH, Pool};
use crate::experiment::sweep::spec::PlanSpec;
use crate::experiment::sweep::{Carry, Halt, layout_word, make, stage, way};
use crate::store::atomic_write;

use super::matching::{Simulator, Wave};
use super::plan::{Calibration, wave_plan};

/// Runs the scenario of a calibration.
pub struct Runs<'a, E> {
    /// The calibration.
    pub calibration: &'a Calibration,
    /// Its folder.
    pub dir: PathBuf,
    /// Threads.
    pub threads: u32,
    /// The threads on which emulators and chains are worked out.
    pub pool: &'a ThreadPool,
    /// Carries sweeps out.
    pub carry: &'a mut Carry<'a, E>,
    /// Hears of waves.
    pub hear: &'a mut dyn FnMut(&Wave),
}

/// Truths whose histories come from one seed: fewer than a pool has replicates.
const OF_A_SEED: usize = 50;

/// Number of a replicate, and the values of all targets in it.
type Run = (u32, Vec<f64>);

impl<E> Runs<'_, E> {
    /// Runs the sweep of a stage, and gives what was run at each point.
    fn sweep(
        &mut self,
        name: &str,
        mut spec: PlanSpec,
        points: &[Vec<f64>],
    ) -> Result<Vec<Vec<Run>>, Halt<E>> {
        let of = self.calibration;
        make(&self.dir)?;
        let table = format!("{name}.csv");
        atomic_write(&self.dir.join(&table), |file| {
            let mut csv = csv::Writer::from_writer(file);
            csv.write_record(of.prior.parameters().iter().map(|p| &p.key))?;
            for u in points {
                csv.write_record(of.prior.values(u).iter().map(ToString::to_string))?;
            }
            csv.flush()
        })?;
        let scenario = of.document.folder.join(&of.document.spec.scenario);
        spec.scenario = way(&self.dir, &scenario).to_string_lossy().into_owned();
        let layout = &of.document.spec.layout;
        let folder = &of.document.folder;
        spec.layouts = vec![layout_word(&self.dir, folder, &scenario, layout)];
        spec.design.kind = Kind::List {
            file: table,
            draws: spec.pool,
            rows: None,
        };
        let mut runs: Vec<Vec<Run>> = vec![Vec::new(); points.len()];
        let sweep = stage(
            &self.dir,
            name,
            &spec,
            self.threads,
            self.carry,
            &mut |_, job, kept| {
                let targets = of.targets.iter();
                let values = targets.map(|target| target.statistic.of(|at| kept[at]));
                if let Some(point) = runs.get_mut(job.point as usize) {
                    point.push((job.replicate, values.collect()));
                }
            },
        )?;
        // Points that are written alike are one.
        let of_row = sweep.plan.point_of.iter();
        Ok(of_row.map(|point| runs[*point as usize].clone()).collect())
    }

    /// A history at each of the first `truths` points, under other seeds than the waves have. Truths share seeds and, where a
    /// pool has fewer replicates than a seed has truths, replicates; emulators saw neither. A world that is generated from its
    /// seed, as firms are, would be another one under another seed: no histories are asked of such a scenario
    /// ([`Calibration::is_of_one_world`]). There are at least as many points as a pool of replicates takes.
    ///
    /// # Errors
    /// Why there are no values.
    pub fn histories(
        &mut self,
        points: &[Vec<f64>],
        truths: usize,
    ) -> Result<Vec<Vec<f64>>, Halt<E>> {
        let of = self.calibration;
        let least = Pool::new(LEAST_EACH).points() as usize;
        let mut histories = Vec::new();
        for (block, first) in (0..truths).step_by(OF_A_SEED).enumerate() {
            let stage = format!("histories-{}", block + 1);
            let mut spec = wave_plan(of, &stage);
            spec.replicates = LEAST_EACH;
            spec.pool = true;
            // Another seed, and one that a plan can have.
            let seed = of.budget.seed.wrapping_add(1 + block as u64);
            spec.seed = Some(seed & i64::MAX as u64);
            let n = (truths - first).min(OF_A_SEED);
            // The truths of this seed first, then others until there are enough.
            let order = (first..points.len()).chain(0..first);
            let chosen: Vec<Vec<f64>> = order
                .take(least.max(n))
                .map(|at| points[at].clone())
                .collect();
            let mut times = vec![0; Pool::new(LEAST_EACH).size() as usize];
            for of_point in self.sweep(&stage, spec, &chosen)?.into_iter().take(n) {
                // The replicate that fewest others have.
                let time = |run: &Run| times.get(run.0 as usize).copied().unwrap_or(0);
                let rarest = of_point.into_iter().min_by_key(|run| (time(run), run.0));
                let (replicate, values) = rarest.unwrap_or((0, vec![f64::NAN; of.targets.len()]));
                if let Some(time) = times.get_mut(replicate as usize) {
                    *time += 1;
                }
                histories.push(values);
            }
        }
        Ok(histories)
    }
}

impl<E> Simulator for Runs<'_, E> {
    type Error = Halt<E>;

    fn accepts(&self, u: &[f64]) -> bool {
        let values = self.calibration.prior.values(u);
        self.calibration.plan.accepts(&values)
    }

    fn run(
        &mut self,
        stage: &str,
        points: &[Vec<f64>],
        replicates: usize,
    ) -> Result<Vec<Vec<Vec<f64>>>, Halt<E>> {
        let of = self.calibration;
        let mut spec = wave_plan(of, stage);
        spec.replicates = replicates as u32;
        let missing = vec![f64::NAN; of.targets.len()];
        let mut runs = vec![vec![missing; replicates]; points.len()];
        for (point, of_point) in self.sweep(stage, spec, points)?.into_iter().enumerate() {
            for (replicate, values) in of_point {
                if let Some(run) = runs[point].get_mut(replicate as usize) {
                    *run = values;
                }
            }
        }
        Ok(runs)
    }

    fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.pool.install(work)
    }

    fn wave(&mut self, wave: &Wave) {
        (self.hear)(wave);
    }
}
