//! What the store is told about a run, and what follows from it: the texts beside the tables, the
//! new manifest, the key of the parts.

use super::atomic::sha256;
use super::column::{TableDef, write_columns};
use super::manifest::{Begin, Format, Input, Manifest};

/// What the store is told about a run.
#[derive(Clone, Debug)]
pub struct RunFacts {
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
}

/// The texts that a run writes besides its tables.
pub(super) struct Texts {
    pub(super) scenario: String,
    pub(super) columns: Vec<u8>,
}

impl Texts {
    pub(super) fn new(facts: &RunFacts) -> Self {
        let mut columns = Vec::new();
        // Writing to memory cannot fail.
        let _ = write_columns(&facts.tables, &mut columns);
        Self {
            scenario: facts.scenario_resolved.clone(),
            columns,
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
    sha256(text.as_bytes())
}
