//! Sweeps on clusters: the scripts that hand a sweep to an engine that is there already.
//!
//! Text in, text out: nothing here reads a file, submits a job or knows the model. A sweep is cut into
//! *shards*; whatever the engine, each of its elements (or ranks) runs the same worker,
//! `pointplane sweep run PLAN --out DIR --shard I/N --resume`, and one `pointplane sweep merge DIR` comes after
//! them. Which element does what is settled by the shard alone, and the store takes a shard that is run twice
//! or in two halves, so no engine has to keep a promise: it may start, kill and repeat elements as it likes.
//!
//! - [`slurm`] writes a job array and its merge job for Slurm.
//! - [`script`] writes the same for PBS, Grid Engine, GNU parallel, and ranks under `srun` or `mpirun`.
//! - [`ask`] reads what is asked of the cluster: time and memory.
//! - [`words`] puts paths into shell scripts.

pub mod ask;
mod batch;
mod engine;
pub mod script;
pub mod slurm;
pub mod words;
mod worker;

pub use ask::{Memory, Span};

/// A sweep to be handed to a cluster. All paths are absolute: the nodes start elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// The program.
    pub program: String,
    /// The plan file.
    pub plan: String,
    /// The folder of the store.
    pub out: String,
    /// Runs of the whole sweep.
    pub runs: usize,
    /// Shards that it is cut into, at least 1: one per element.
    pub shards: usize,
    /// What each element is given.
    pub ask: Ask,
}

/// What each element asks of the cluster; what is not asked is the site's default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Threads of the worker, at least 1.
    pub threads: u32,
    /// Wall time after which the engine ends the element.
    pub time: Option<Span>,
    /// Memory of the whole element.
    pub memory: Option<Memory>,
    /// Partition or queue.
    pub partition: Option<String>,
    /// Account or project that pays.
    pub account: Option<String>,
}

/// A script and the name of its file in the folder of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Name of the file.
    pub name: &'static str,
    /// Its text.
    pub text: String,
}

/// Elements of an array when nobody says how many: ten runs or more in each, at most 100 elements, well
/// below the 1001 that Slurm allows where nobody changed it.
pub fn usual_shards(runs: usize) -> usize {
    runs.div_ceil(10).clamp(1, 100)
}

impl Sweep {
    /// The file name of the plan, for comments.
    fn plan_name(&self) -> &str {
        self.plan.rsplit('/').next().unwrap_or(&self.plan)
    }

    /// A name that every engine takes for a job: at most 15 ASCII characters, the first a letter.
    fn job_name(&self) -> String {
        let stem = self.plan_name();
        let stem = stem.strip_suffix(".toml").unwrap_or(stem);
        let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let stem: String = stem.chars().filter(plain).take(9).collect();
        match stem.as_str() {
            "" | "sweep" => "sweep".into(),
            stem => format!("sweep-{stem}"),
        }
    }

    /// `1000 runs in 64 shards, about 16 runs each`.
    fn size(&self) -> String {
        let s = |n: usize| if n == 1 { "" } else { "s" };
        let (runs, shards) = (self.runs, self.shards);
        let (least, most) = (runs / shards, runs.div_ceil(shards));
        let each = match (least == most, shards) {
            (_, 1) => String::new(),
            (true, _) => format!(", {most} run{} each", s(most)),
            (false, _) => format!(", {least} or {most} runs each"),
        };
        format!("{runs} run{} in {shards} shard{}{each}", s(runs), s(shards))
    }

    /// The variables that name the program and the folder. Behind the first comment, so that shellcheck takes its
    /// own for the whole script: paths stand in single quotes and mean themselves.
    fn variables(&self) -> String {
        let [program, out] = [&self.program, &self.out].map(|word| words::quote(word));
        format!(
            "# shellcheck disable=SC2016,SC2089,SC2090   # a path means itself\nset -u\npointplane={program}\nout={out}\n"
        )
    }

    /// The variable that names the plan.
    fn plan_variable(&self) -> String {
        format!("plan={}\n", words::quote(&self.plan))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A sweep whose paths hold all that can go wrong in a script.
    pub fn awkward() -> Sweep {
        Sweep {
            program: "/opt/point plane/bin/pointplane".into(),
            plan: "/home/o'neil/计划 $(x)/plan.toml".into(),
            out: "/home/o'neil/结果 \"a\" `b` %A".into(),
            runs: 1000,
            shards: 64,
            ask: Ask {
                threads: 2,
                time: Some("2h".parse().unwrap()),
                memory: Some("4G".parse().unwrap()),
                partition: Some("long".into()),
                account: Some("econ".into()),
            },
        }
    }

    #[test]
    fn elements_have_several_runs_and_stay_few() {
        let of = |runs| usual_shards(runs);
        assert_eq!([0, 1, 10, 11, 640].map(of), [1, 1, 1, 2, 64]);
        assert_eq!([1000, 1001, 1_000_000].map(of), [100; 3]);
    }

    #[test]
    fn names_of_jobs_are_plain_and_short() {
        let of = |plan: &str| {
            let plan = plan.to_owned();
            Sweep { plan, ..awkward() }.job_name()
        };
        assert_eq!(of("/a/tariffs.toml"), "sweep-tariffs");
        assert_eq!(of("/a/sweep.toml"), "sweep");
        assert_eq!(of("/a/计划.toml"), "sweep");
        assert_eq!(of("/a/a plan: of many.toml").len(), 15);
    }

    #[test]
    fn sizes_are_said_in_words() {
        let of = |runs, shards| {
            Sweep {
                runs,
                shards,
                ..awkward()
            }
            .size()
        };
        assert_eq!(of(1000, 64), "1000 runs in 64 shards, 15 or 16 runs each");
        assert_eq!(of(12, 4), "12 runs in 4 shards, 3 runs each");
        assert_eq!(of(1, 1), "1 run in 1 shard");
    }
}
