//! What was asked, as data: all that is needed to do it again. The command line is translated into it
//! once; the manifest of what came of it holds it, and the commands that are shown to users and stand in the
//! scripts of clusters are made of it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::design::{Pool, steps};
use crate::paired::Choice;
use crate::scenario::{BASE, Setting};
use crate::shell::line;
use crate::store::{Format, Manifest};

/// Months between rows of places of a run, unless asked otherwise.
pub const EVERY: u16 = 12;
/// Replicates of the first stage for a wanted width, unless asked otherwise.
pub const PILOT: u32 = 20;
/// Most replicates for a wanted width, unless asked otherwise.
pub const MOST: u32 = 1000;
/// Draws of the parameters, unless asked otherwise.
pub const DRAWS: u32 = 200;
/// Replicates of each draw, unless asked otherwise.
pub const OF_DRAW: u32 = 4;

/// What was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Request {
    /// Replicates of one layout.
    Run(Run),
    /// Layouts compared with a baseline.
    Compare(Compare),
    /// The points of a plan.
    Sweep(Sweep),
    /// Where and why two layouts part.
    Explain(Explain),
    /// The actual history under other layouts.
    Replay(Replay),
}

/// A scenario and what is changed in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// The scenario as it was named: a folder with scenario.toml, or a TOML file.
    #[serde(serialize_with = "path")]
    pub scenario: PathBuf,
    /// Settings, `KEY=VALUE`, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<String>,
    /// The seed; the scenario's when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// Replicates of one layout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The scenario.
    #[serde(flatten)]
    pub model: Model,
    /// Layouts, as they were named, laid over each other in order.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        serialize_with = "paths"
    )]
    pub layouts: Vec<PathBuf>,
    /// Number of replicates; the scenario's when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicates: Option<u32>,
    /// Number of the first replicate; 0 when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_replicate: Option<u32>,
    /// Names of the tables, or `all`; the usual ones when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<String>,
    /// Months between rows of places.
    pub every: u16,
    /// File format of the tables.
    pub format: Format,
}

/// Layouts compared with a baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compare {
    /// The scenario.
    #[serde(flatten)]
    pub model: Model,
    /// The baseline as it was named.
    pub baseline: String,
    /// The layouts as they were named.
    pub layouts: Vec<String>,
    /// What the parameters are drawn from; they are those of the scenario when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Over>,
    /// The file of the targets whose value of information is asked.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "some_path"
    )]
    pub value_of_information: Option<PathBuf>,
    /// Variants of the model under which all layouts are compared as well: layouts as they were named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<String>,
    /// The parameter whose break-even values are looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub break_even: Option<BreakEven>,
    /// Number of replicates, of each draw where parameters are drawn; the scenario's, or [`OF_DRAW`], when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicates: Option<u32>,
    /// The width that replicates are added for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_width: Option<Width>,
    /// The outcome that the comparison is about, named beforehand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<String>,
    /// Outcomes that the summary shows; the usual ones when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<String>,
    /// Months at which outcomes are taken besides the last, `YYYY-MM`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub horizons: Vec<String>,
    /// How intervals are made.
    pub interval: Interval,
    /// Months between rows of places; none are kept when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u16>,
    /// File format of the tables.
    pub format: Format,
}

/// What the parameters of a comparison are drawn from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// The distributions and constraints of a plan.
    Priors {
        /// The plan as it was named.
        #[serde(serialize_with = "path")]
        plan: PathBuf,
        /// Number of draws.
        draws: u32,
    },
    /// The rows of a table that is a column for each parameter.
    Posterior {
        /// The table as it was named.
        #[serde(serialize_with = "path")]
        table: PathBuf,
        /// Number of draws, the first rows; all when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        draws: Option<u32>,
    },
}

/// A parameter whose break-even values are looked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreakEven {
    /// Its key.
    pub parameter: String,
    /// Where they are looked for; where the draws are, when none.
    #[serde(flatten)]
    pub range: Option<Range>,
}

/// A range of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// Lowest value.
    pub from: f64,
    /// Highest value.
    pub to: f64,
}

impl BreakEven {
    /// `KEY=FROM..TO`, or `KEY`.
    pub fn words(&self) -> String {
        match self.range {
            Some(Range { from, to }) => format!("{}={from}..{to}", self.parameter),
            None => self.parameter.clone(),
        }
    }
}

impl Range {
    /// Values of the first look.
    const VALUES: u32 = 9;

    /// The values of the first look, evenly spaced, of a parameter that takes `whole` numbers rounded to such.
    pub fn values(&self, whole: bool) -> Vec<f64> {
        let mut values = steps(self.from, self.to, Self::VALUES);
        if whole {
            values.iter_mut().for_each(|value| *value = value.round());
            values.dedup();
            values.retain(|value| (self.from..=self.to).contains(value));
        }
        values
    }

    /// The least distance between values: a sixteenth of that of the first look, 1 of `whole` numbers.
    pub fn least(&self, whole: bool) -> f64 {
        match whole {
            true => 1.0,
            false => (self.to - self.from) / f64::from(16 * (Self::VALUES - 1)),
        }
    }
}

/// A width that is wanted of intervals (Stein's two stages).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Width {
    /// The outcome.
    pub outcome: String,
    /// The month at which it is taken, `YYYY-MM`; the last when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// The half-width, in the outcome's unit.
    pub half_width: f64,
    /// Replicates of the first stage.
    pub min_replicates: u32,
    /// Most replicates.
    pub max_replicates: u32,
}

impl Width {
    /// `OUTCOME=W` or `OUTCOME@YYYY-MM=W`.
    pub fn words(&self) -> String {
        let Self { outcome, .. } = self;
        let month = self.month.iter().map(|month| format!("@{month}"));
        format!("{outcome}{}={}", month.collect::<String>(), self.half_width)
    }
}

/// How intervals are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// Student's t. `auto` of earlier versions, which took the bootstrap where differences are skewed.
    #[default]
    #[serde(alias = "auto")]
    T,
    /// BCa bootstrap.
    Bca,
}

impl Interval {
    /// The choice in statistics.
    pub fn choice(self) -> Choice {
        match self {
            Self::T => Choice::T,
            Self::Bca => Choice::Bca,
        }
    }

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::T => "t",
            Self::Bca => "bca",
        }
    }
}

/// The points of a plan. All else is in the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sweep {
    /// The plan file as it was named.
    #[serde(serialize_with = "path")]
    pub plan: PathBuf,
}

/// Where and why two layouts part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explain {
    /// The scenario.
    #[serde(flatten)]
    pub model: Model,
    /// The two layouts as they were named.
    pub layouts: [String; 2],
    /// Number of the replicate.
    pub replicate: i64,
    /// The place that the difference is followed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The innovation that is followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub innovation: Option<String>,
    /// The month from which on differences are followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Whether the history happened under the first layout, and the second is what would have happened to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replay: bool,
    /// Of a replay, the table whose rows are draws of the parameters.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "some_path"
    )]
    pub posterior: Option<PathBuf>,
    /// Of a replay over draws, number of the draw from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<u32>,
    /// File format of the tables.
    pub format: Format,
}

/// The actual history under other layouts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// The scenario.
    #[serde(flatten)]
    pub model: Model,
    /// The layout under which the history happened, as it was named.
    pub factual: String,
    /// The layouts as they were named.
    pub layouts: Vec<String>,
    /// The table whose rows are draws of the parameters; these are those of the scenario when none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "some_path"
    )]
    pub posterior: Option<PathBuf>,
    /// Number of draws, the first rows; all when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<u32>,
    /// Number of replicates, of each draw where parameters are drawn; the scenario's, or [`OF_DRAW`], when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicates: Option<u32>,
    /// File format of the tables.
    pub format: Format,
}

impl Replay {
    /// Replicates of each draw of the parameters.
    fn each(&self) -> u32 {
        self.replicates.unwrap_or(OF_DRAW).max(1)
    }

    /// Of so many runs, the number of draws of the parameters; none where these are not drawn.
    pub fn draws_of(&self, runs: u32) -> Option<u32> {
        self.posterior.as_ref().map(|_| runs / self.each())
    }

    /// The replicates of so many runs, at a draw where parameters are drawn.
    pub fn replicates_of(&self, runs: u32, draw: Option<u32>) -> Vec<u32> {
        let (Some(draw), Some(draws)) = (draw, self.draws_of(runs)) else {
            return (0..runs).collect();
        };
        let met = Pool::new(self.each()).replicates(draws as usize);
        let of_draw = met.chunks(self.each() as usize).nth(draw as usize);
        of_draw.map_or_else(Vec::new, <[u32]>::to_vec)
    }
}

/// A path as it is shown. One that is no UTF-8 is not found again by what is written.
fn path<S: Serializer>(path: &Path, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&path.to_string_lossy())
}

fn some_path<S: Serializer>(path: &Option<PathBuf>, to: S) -> Result<S::Ok, S::Error> {
    path.as_ref()
        .map(|path| path.to_string_lossy())
        .serialize(to)
}

fn paths<S: Serializer>(paths: &[PathBuf], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(paths.iter().map(|path| path.to_string_lossy()))
}

impl Model {
    /// All values in place of the scenario's, in order.
    pub fn sets(&self) -> Vec<Setting> {
        let mut sets = Setting::written(&self.set);
        sets.extend(self.seed.map(|seed| Setting::whole("seed", seed)));
        sets
    }
}

impl Run {
    /// All values in place of the scenario's, in order.
    pub fn sets(&self) -> Vec<Setting> {
        let mut sets = self.model.sets();
        let replicates = self.replicates.map(u64::from);
        sets.extend(replicates.map(|n| Setting::whole("replicates", n)));
        sets
    }
}

impl Request {
    /// As it stands in a manifest.
    pub fn value(&self) -> Value {
        // Text keys and finite numbers: JSON can say it.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The request of a manifest.
    pub fn of(manifest: &Manifest) -> Option<Self> {
        serde_json::from_value(manifest.request.clone()).ok()
    }

    /// The file that says which points there are; none where there is one.
    pub fn points(&self) -> Option<&Path> {
        match self {
            Self::Sweep(sweep) => Some(&sweep.plan),
            Self::Compare(compare) => compare.over.as_ref().map(|over| match over {
                Over::Priors { plan, .. } => plan.as_path(),
                Over::Posterior { table, .. } => table.as_path(),
            }),
            Self::Replay(replay) => replay.posterior.as_deref(),
            Self::Run(_) | Self::Explain(_) => None,
        }
    }

    /// The command that asks this, word by word and without the program: nothing that only says how it is
    /// worked on, shown, and where it goes.
    pub fn words(&self) -> Vec<String> {
        let (words, format) = match self {
            Self::Run(run) => (run.words(), run.format),
            Self::Compare(compare) => (compare.words(), compare.format),
            Self::Sweep(sweep) => {
                let words = Words::new("sweep").word("run").word(&lossy(&sweep.plan));
                (words, Format::Parquet)
            }
            Self::Explain(explain) => (explain.words(), explain.format),
            Self::Replay(replay) => (replay.words(), replay.format),
        };
        let csv = Some("csv").filter(|_| format == Format::Csv);
        words.options("--format", csv).0
    }

    /// The command that asks this, for people. `out` is the results folder, if it was named.
    pub fn command(&self, out: Option<&Path>) -> String {
        let words = Words::new("pointplane").and(self.words());
        line(&words.options("--out", out.map(lossy)).0)
    }
}

impl Run {
    fn words(&self) -> Words {
        let tables = Some(self.tables.join(",")).filter(|tables| !tables.is_empty());
        Words::new("run")
            .word(&lossy(&self.model.scenario))
            .options("--layout", self.layouts.iter().map(|layout| lossy(layout)))
            .model(&self.model)
            .options("--first-replicate", self.first_replicate)
            .options("--replicates", self.replicates)
            .options("--tables", tables)
            .options("--every", Some(self.every).filter(|every| *every != EVERY))
    }
}

impl Compare {
    /// Whether it is a comparison over more than luck: over parameters or over the model.
    pub fn is_over(&self) -> bool {
        self.over.is_some()
            || !self.variants.is_empty()
            || self.break_even.is_some()
            || self.value_of_information.is_some()
    }

    /// What parameters are drawn from in this comparison; one at which break-even values are looked for holds the others
    /// where they are.
    pub fn draws(&self) -> Option<&Over> {
        self.over.as_ref().filter(|_| self.break_even.is_none())
    }

    /// The table whose rows are draws of the parameters.
    pub fn posterior(&self) -> Option<&Path> {
        match &self.over {
            Some(Over::Posterior { table, .. }) => Some(table),
            _ => None,
        }
    }

    fn words(&self) -> Words {
        let words = Words::new("compare")
            .word(&lossy(&self.model.scenario))
            .option("--baseline", &self.baseline);
        let words = self
            .layouts
            .iter()
            .fold(words, |words, layout| words.word(layout));
        let words = match &self.over {
            None => words,
            Some(Over::Priors { plan, draws }) => words
                .option("--priors", &lossy(plan))
                .options("--draws", Some(draws).filter(|draws| **draws != DRAWS)),
            Some(Over::Posterior { table, draws }) => words
                .option("--posterior", &lossy(table))
                .options("--draws", *draws),
        };
        let words = words.options("--replicates", self.replicates);
        let words = match &self.until_width {
            None => words,
            Some(width) => words
                .option("--until-width", &width.words())
                .option("--min-replicates", &width.min_replicates.to_string())
                .option("--max-replicates", &width.max_replicates.to_string()),
        };
        let interval = Some(self.interval.word()).filter(|_| self.interval != Interval::T);
        words
            .options("--variants", &self.variants)
            .options(
                "--break-even",
                self.break_even.as_ref().map(BreakEven::words),
            )
            .options(
                "--value-of-information",
                self.value_of_information.as_deref().map(lossy),
            )
            .options("--primary", &self.primary)
            .options("--outcome", &self.outcomes)
            .options("--horizon", &self.horizons)
            .options("--interval", interval)
            .options("--every", self.every)
            .model(&self.model)
    }
}

impl Explain {
    fn words(&self) -> Words {
        let [a, b] = &self.layouts;
        let replicate = Some(self.replicate).filter(|replicate| *replicate > 0);
        let words = Words::new("explain")
            .word(&lossy(&self.model.scenario))
            .word(a)
            .word(b);
        let words = match self.replay {
            true => words.word("--replay"),
            false => words,
        };
        words
            .options("--posterior", self.posterior.as_deref().map(lossy))
            .options("--draw", self.draw)
            .options("--replicate", replicate)
            .options("--place", &self.place)
            .options("--innovation", &self.innovation)
            .options("--since", &self.since)
            .model(&self.model)
    }
}

impl Replay {
    fn words(&self) -> Words {
        let factual = Some(&self.factual).filter(|factual| *factual != BASE);
        Words::new("replay")
            .word(&lossy(&self.model.scenario))
            .options("--layout", &self.layouts)
            .options("--factual", factual)
            .options("--posterior", self.posterior.as_deref().map(lossy))
            .options("--draws", self.draws)
            .options("--replicates", self.replicates)
            .model(&self.model)
    }
}

fn lossy(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Words of a command.
struct Words(Vec<String>);

impl Words {
    fn new(command: &str) -> Self {
        Self(vec![command.to_owned()])
    }

    fn and(mut self, more: Vec<String>) -> Self {
        self.0.extend(more);
        self
    }

    fn word(self, word: &str) -> Self {
        self.and(vec![word.to_owned()])
    }

    fn option(self, name: &str, value: &str) -> Self {
        self.word(name).word(value)
    }

    fn options<T: ToString>(self, name: &str, values: impl IntoIterator<Item = T>) -> Self {
        let values = values.into_iter();
        values.fold(self, |words, value| words.option(name, &value.to_string()))
    }

    fn model(self, model: &Model) -> Self {
        self.options("--set", &model.set)
            .options("--seed", model.seed)
    }
}
