//! What the store is told about a run, and what follows from it: the texts beside the tables, the
//! new manifest, the key of the parts.

use serde::{Deserialize, Serialize};

use super::atomic::sha256;
use super::column::{TableDef, write_columns};
use super::kind::{LayoutEntry, ResultKind};
use super::manifest::{Begin, Format, Input, Manifest};

/// What the store is told about a run.
#[derive(Clone, Debug)]
pub struct RunFacts {
    /// What it is.
    pub kind: ResultKind,
    /// The command, word by word.
    pub command_line: Vec<String>,
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the layout; empty without one.
    pub layout: String,
    /// The text of `scenario.resolved.toml`.
    pub scenario_resolved: String,
    /// Files that the scenario was read from.
    pub inputs: Vec<Input>,
    /// Names the luck of all replicates.
    pub seed: u64,
    /// Number of the first replicate.
    pub first_replicate: u32,
    /// How many replicates; they are numbered on from the first.
    pub replicates: u32,
    /// Threads.
    pub threads: u32,
    /// File format of the tables.
    pub format: Format,
    /// The tables, in order.
    pub tables: Vec<TableDef>,
    /// What a comparison has besides; none for a run.
    pub comparison: Option<ComparisonFacts>,
}

/// What the store is told about a comparison of layouts. Its parts stay when it is complete, so that
/// replicates can be added.
#[derive(Clone, Debug)]
pub struct ComparisonFacts {
    /// Names and texts of `layouts/NAME.resolved.toml` of all layouts that are run, the baseline first.
    pub layouts: Vec<(String, String)>,
    /// Months at which outcomes are taken.
    pub horizons: Vec<String>,
    /// How the derived tables were made; they are made again when it is another.
    pub derivation: Derivation,
    /// Tables that are derived from the replicates when all are done, in order, after the others.
    pub derived: Vec<TableDef>,
}

/// How the derived tables of a comparison are made, as far as the replicates do not say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derivation {
    /// Layouts that are held against the baseline, in order.
    pub compared: Vec<String>,
    /// Choice of the interval: `auto`, `t` or `bca`.
    pub interval: String,
    /// Wanted width with its pilot and its maximum, as on the command line; none for a fixed number of
    /// replicates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_width: Option<String>,
}

/// The tables of replicates, then those that are derived from them.
pub(super) fn all_tables(facts: &RunFacts) -> Vec<TableDef> {
    let derived = facts.comparison.iter().flat_map(|c| &c.derived);
    facts.tables.iter().chain(derived).cloned().collect()
}

/// The texts that a run writes besides its tables.
pub(super) struct Texts {
    pub(super) scenario: String,
    pub(super) columns: Vec<u8>,
    /// File names in the folder [`LAYOUTS`](super::folder::LAYOUTS), and texts.
    pub(super) layouts: Vec<(String, String)>,
}

impl Texts {
    pub(super) fn new(facts: &RunFacts) -> Self {
        let mut columns = Vec::new();
        // Writing to memory cannot fail.
        let _ = write_columns(&all_tables(facts), &mut columns);
        let layouts = facts.comparison.iter().flat_map(|c| &c.layouts);
        Self {
            scenario: facts.scenario_resolved.clone(),
            columns,
            layouts: layouts
                .map(|(name, text)| (LayoutEntry::file_of(name), text.clone()))
                .collect(),
        }
    }

    pub(super) fn manifest(&self, facts: &RunFacts) -> Manifest {
        Manifest::begin(Begin {
            facts,
            scenario_resolved_sha256: sha256(self.scenario.as_bytes()),
            columns_sha256: sha256(&self.columns),
        })
    }
}

impl Manifest {
    /// Whether the results here can be resumed to those of `facts`, apart from how many replicates.
    pub fn could_become(&self, facts: &RunFacts) -> bool {
        let wanted = Texts::new(facts).manifest(facts);
        self.differences(&wanted).is_empty()
    }
}

/// Names everything that a part's rows depend on besides its replicate.
pub(super) fn run_key(manifest: &Manifest) -> String {
    let m = manifest;
    let mut inputs: Vec<&str> = m.inputs.iter().map(|i| i.sha256.as_str()).collect();
    inputs.sort_unstable();
    let (format, version, commit) = (m.format_version, &m.version, &m.commit);
    let (scenario, columns) = (&m.scenario_resolved_sha256, &m.columns_sha256);
    let text = format!(
        "{format}\n{version}\n{commit}\n{scenario}\n{}\n{}\n{columns}\n{}",
        m.seed,
        m.format,
        inputs.join("\n"),
    );
    // A run's key stays what it was before there were comparisons.
    let text = match &m.comparison {
        None => text,
        Some(c) => {
            let layouts = c.layouts.iter();
            let layouts = layouts.map(|l| format!("{} {}", l.name, l.scenario_resolved_sha256));
            let layouts: Vec<String> = layouts.collect();
            format!("{text}\n{}\n{}", layouts.join("\n"), c.horizons.join("\n"))
        }
    };
    sha256(text.as_bytes())
}
