//! What a results folder is, and what a comparison of layouts has in the manifest besides.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::atomic::sha256;
use super::facts::{ComparisonFacts, Derivation};
use super::folder::LAYOUTS;

/// What stands in a results folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultKind {
    /// Replicates of one layout.
    #[default]
    Run,
    /// Layouts held against a baseline.
    Comparison,
    /// Where and why two layouts part.
    Explanation,
}

impl fmt::Display for ResultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Run => "a run",
            Self::Comparison => "a comparison",
            Self::Explanation => "an explanation",
        })
    }
}

/// What a comparison has besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonEntry {
    /// Name of the baseline.
    pub baseline: String,
    /// All layouts that are run, the baseline first.
    pub layouts: Vec<LayoutEntry>,
    /// Months at which outcomes are taken.
    pub horizons: Vec<String>,
    /// How the derived tables were made.
    #[serde(flatten)]
    pub derivation: Derivation,
}

/// A layout of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutEntry {
    /// Its name.
    pub name: String,
    /// The file with its resolved scenario.
    pub file: String,
    /// SHA-256 of that file.
    pub scenario_resolved_sha256: String,
}

impl ComparisonEntry {
    pub(super) fn begin(facts: &ComparisonFacts) -> Self {
        let entry = |(name, text): &(String, String)| LayoutEntry {
            name: name.clone(),
            file: format!("{LAYOUTS}/{}", LayoutEntry::file_of(name)),
            scenario_resolved_sha256: sha256(text.as_bytes()),
        };
        let layouts: Vec<LayoutEntry> = facts.layouts.iter().map(entry).collect();
        Self {
            baseline: layouts.first().map_or_else(String::new, |l| l.name.clone()),
            layouts,
            horizons: facts.horizons.clone(),
            derivation: facts.derivation.clone(),
        }
    }

    /// In what the replicates here differ from those of `wanted`.
    pub(super) fn differences(&self, wanted: &Self) -> Vec<String> {
        let mut list = Vec::new();
        let names =
            |c: &Self| -> Vec<String> { c.layouts.iter().map(|l| l.name.clone()).collect() };
        for (what, here, now) in [
            ("list of layouts", names(self), names(wanted)),
            (
                "list of horizons",
                self.horizons.clone(),
                wanted.horizons.clone(),
            ),
        ] {
            if here != now {
                list.push(format!(
                    "{what} is {} there and {} now",
                    here.join(", "),
                    now.join(", ")
                ));
            }
        }
        // The baseline is the resolved scenario, which is looked at elsewhere.
        for (here, now) in self.layouts.iter().zip(&wanted.layouts).skip(1) {
            let other = here.scenario_resolved_sha256 != now.scenario_resolved_sha256;
            if here.name == now.name && other {
                list.push(format!("layout {} differs (see {})", here.name, here.file));
            }
        }
        list
    }
}

impl LayoutEntry {
    /// The file name of a layout's resolved scenario, in the folder `layouts`.
    pub(super) fn file_of(name: &str) -> String {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || "-_+".contains(c) {
                c
            } else {
                '_'
            }
        };
        format!(
            "{}.resolved.toml",
            name.chars().map(plain).collect::<String>()
        )
    }
}
