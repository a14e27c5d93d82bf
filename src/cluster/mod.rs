//! Runs, comparisons and sweeps on clusters: the scripts that hand them to an engine that is there already.
//!
//! Text in, text out: nothing here reads a file, submits a job or knows the model. The work is cut into
//! *shards*; whatever the engine, each of its elements (or ranks) runs the same worker, the command itself with
//! `--out DIR --shard I/N --resume`, and one `pointplane merge DIR` comes after
//! them. Which element does what is settled by the shard alone, and the store takes a shard that is run twice
//! or in two halves, so no engine has to keep a promise: it may start, kill and repeat elements as it likes.
//!
//! - [`slurm`] writes a job array and its merge job for Slurm.
//! - [`script`] writes the same for PBS, Grid Engine, GNU parallel, and ranks under `srun` or `mpirun`.
//! - [`ask`] reads what is asked of the cluster: time and memory.
//! - [`words`] says what can stand in a script.

pub mod ask;
mod batch;
mod engine;
pub mod script;
pub mod slurm;
pub mod words;
mod worker;

pub use ask::{Memory, Span};

use crate::shell::{line, quote};

/// A command that can be handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Replicates of one layout.
    Run,
    /// Layouts compared with a baseline.
    Compare,
    /// The points of a plan.
    Sweep,
}

impl Kind {
    /// What names of scripts begin with.
    pub fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Compare => "compare",
            Self::Sweep => "sweep",
        }
    }
}

/// What is handed to a cluster. Paths are absolute, as the nodes start elsewhere; but for those of the command,
/// which goes back to where it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// The program.
    pub program: String,
    /// The folder in which the command was given.
    pub folder: String,
    /// Which command it is.
    pub kind: Kind,
    /// The words of the command, without the program and the results folder.
    pub words: Vec<String>,
    /// The results folder.
    pub out: String,
    /// What it is called: the name of the plan or of the scenario.
    pub name: String,
    /// What is dealt out to the shards: replicates, of a sweep those of each point.
    pub turns: usize,
    /// Layouts, all of which are run in each turn.
    pub layouts: usize,
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
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Elements of an array when nobody says how many: ten runs or more in each, at most 100 elements, well
/// below the 1001 that Slurm allows where nobody changed it.
pub fn usual_shards(runs: usize) -> usize {
    runs.div_ceil(10).clamp(1, 100)
}

impl Work {
    /// The command, for comments.
    fn command(&self) -> String {
        format!("pointplane {}", line(&self.words))
    }

    /// The name of a script of this work: `sweep.sbatch`.
    fn script(&self, ending: &str) -> String {
        format!("{}{ending}", self.kind.word())
    }

    /// The path of a script, for a shell.
    fn path(&self, script: &str) -> String {
        quote(&format!("{}/{script}", self.out))
    }

    /// A name that every engine takes for a job: at most 15 ASCII characters, the first a letter.
    fn job_name(&self) -> String {
        let kind = self.kind.word();
        let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let name = self.name.chars().filter(plain);
        let name: String = name.take(14 - kind.len()).collect();
        match name.as_str() {
            name if name.is_empty() || name == kind => kind.to_owned(),
            name => format!("{kind}-{name}"),
        }
    }

    /// `1000 runs in 64 shards, 15 or 16 runs each`.
    fn size(&self) -> String {
        let (of, unit) = match self.kind {
            Kind::Sweep => (self.layouts, "run"),
            Kind::Run | Kind::Compare => (1, "replicate"),
        };
        let s = |n: usize| if n == 1 { "" } else { "s" };
        let (all, shards) = (self.turns * of, self.shards);
        let least = self.turns / shards * of;
        let most = self.turns.div_ceil(shards) * of;
        let each = match (least == most, shards) {
            (_, 1) => String::new(),
            (true, _) => format!(", {most} {unit}{} each", s(most)),
            (false, _) => format!(", {least} or {most} {unit}s each"),
        };
        format!(
            "{all} {unit}{} in {shards} shard{}{each}",
            s(all),
            s(shards)
        )
    }

    /// The variables of all scripts. Behind the first comment, so that shellcheck takes its own for the whole
    /// script: words stand in single quotes and mean themselves.
    fn variables(&self) -> String {
        let [program, folder, out] =
            [&self.program, &self.folder, &self.out].map(|word| quote(word));
        format!(
            "# shellcheck disable=SC2016,SC2089,SC2090   # a word means itself\nset -u\n\
             pointplane={program}\nfolder={folder}   # files are named from here\nout={out}\n"
        )
    }

    /// The worker of a shard, with these shell words for the shard and the threads; `more` lines are put behind
    /// the options.
    fn worker(&self, shard: &str, threads: &str, more: &str) -> String {
        format!(
            r#""$pointplane" {words} --out "$out" --shard "{shard}/$shards" \
  --threads {threads}{more} --resume --quiet"#,
            words = line(&self.words)
        )
    }
}

/// Goes where the command was given.
const GO: &str = "cd \"$folder\" || exit 2\n";
/// Makes the tables.
const MERGE: &str = "\"$pointplane\" merge \"$out\"";

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A sweep whose paths hold all that can go wrong in a script.
    pub fn awkward() -> Work {
        Work {
            program: "/opt/point plane/bin/pointplane".into(),
            folder: "/home/o'neil/计划 $(x)".into(),
            kind: Kind::Sweep,
            words: ["sweep", "run", "a 'plan'.toml"].map(str::to_owned).into(),
            out: "/home/o'neil/结果 \"a\" `b` %A".into(),
            name: "plan".into(),
            turns: 1000,
            layouts: 1,
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
        let of = |kind, name: &str| {
            let name = name.to_owned();
            let work = awkward();
            Work { kind, name, ..work }.job_name()
        };
        assert_eq!(of(Kind::Sweep, "tariffs"), "sweep-tariffs");
        assert_eq!(of(Kind::Sweep, "sweep"), "sweep");
        assert_eq!(of(Kind::Run, "计划"), "run");
        for kind in [Kind::Run, Kind::Compare, Kind::Sweep] {
            assert_eq!(of(kind, "a plan: of very many words").len(), 15);
        }
    }

    #[test]
    fn sizes_are_said_in_words() {
        let of = |kind, turns, layouts, shards| {
            let work = awkward();
            Work {
                kind,
                turns,
                layouts,
                shards,
                ..work
            }
            .size()
        };
        let sweep = Kind::Sweep;
        assert_eq!(
            of(sweep, 1000, 1, 64),
            "1000 runs in 64 shards, 15 or 16 runs each"
        );
        assert_eq!(of(sweep, 20, 2, 7), "40 runs in 7 shards, 4 or 6 runs each");
        assert_eq!(of(sweep, 12, 1, 4), "12 runs in 4 shards, 3 runs each");
        assert_eq!(of(sweep, 1, 1, 1), "1 run in 1 shard");
        assert_eq!(
            of(Kind::Compare, 20, 5, 20),
            "20 replicates in 20 shards, 1 replicate each"
        );
    }
}
