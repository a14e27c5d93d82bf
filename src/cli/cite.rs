//! `pointplane cite`: how results are cited in a paper, from what their folder says of itself.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::experiment::Request;
use crate::store::{About, Manifest, Plain, Status, StoreError};
use crate::texts::{Lang, Text, say, text};

use super::session::refused;
use super::{Exit, lang, print, print_json};

/// Arguments of `cite`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane cite results/china
  pointplane cite results/china --json

Prints an entry for BibTeX (biblatex's @software) and a sentence for the text of a paper, in English and in
Chinese. The year is that of the program's source; it stands only where this program is of the version that
made the results and was built from its repository.")]
pub struct Arguments {
    /// Folder of any results: of a run, comparison, sweep, replay, explanation, estimation, calibration or search
    dir: PathBuf,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

/// What the repository says of how the program is cited: title, authors, address.
const CITATION: &str = include_str!("../../CITATION.cff");
/// Year of the source that this program is built from.
const YEAR: Option<&str> = option_env!("POINTPLANE_YEAR");
/// More layouts than these are counted, not named.
const MOST_NAMED: usize = 8;
/// Characters of a commit that are said in a sentence.
const SHORT: usize = 12;
/// How a commit ends when sources were changed after it.
pub(super) const CHANGED: &str = "-dirty";
/// What stands for the commit of a program that was not built from its repository.
pub(super) const UNKNOWN: &str = "unknown";
/// More parameters than these are counted, not named.
const MOST_SET: usize = 4;

/// How results are cited.
#[derive(Debug, Serialize)]
pub(super) struct Citation {
    /// Key of the entry for BibTeX.
    #[serde(skip)]
    key: String,
    /// Version of the program that made them.
    pub(super) version: String,
    /// Its commit, or `unknown`.
    pub(super) commit: String,
    /// Year of that version; none where it is not known.
    year: Option<&'static str>,
    /// Name of the scenario, of the sweep or of the plan.
    pub(super) name: String,
    /// Random seed; none where there are no runs.
    pub(super) seed: Option<u64>,
    /// Replicates that are done; none where there are none of their own.
    replicates: Option<u32>,
    /// Whether all that was asked for is there.
    pub(super) complete: bool,
    pub(super) bibtex: String,
    pub(super) text_en: String,
    pub(super) text_zh: String,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let citation = match Citation::of(&arguments.dir) {
        Ok(citation) => citation,
        Err(error) => return refused("DIR", false, arguments.json, &error.into()),
    };
    let Citation {
        bibtex,
        text_en,
        text_zh,
        ..
    } = &citation;
    let exit = match arguments.json {
        true => print_json(&citation),
        false => print(&format!("{bibtex}\n{text_en}\n\n{text_zh}\n")),
    };
    if citation.complete || exit != Exit::Done {
        return exit;
    }
    super::say(say!(lang(), "cite-partial"));
    Exit::Partly
}

impl Citation {
    /// Of the results in a folder.
    ///
    /// # Errors
    /// Those of reading a manifest.
    pub(super) fn of(dir: &Path) -> Result<Self, StoreError> {
        match About::read(dir) {
            Some(about) => Ok(Self::of_plain(dir, &about)),
            None => Manifest::load(dir).map(|manifest| Self::of_jobs(dir, &manifest)),
        }
    }

    fn of_plain(dir: &Path, about: &About) -> Self {
        let name = &about.name;
        let (what, named) = match about.kind {
            Plain::Estimation => (text!("cite-estimation"), text!("cite-scenario", name)),
            Plain::Calibration => (text!("cite-calibration"), text!("cite-scenario", name)),
            Plain::Search => (text!("cite-search"), text!("cite-plan", name)),
        };
        let bare = Self {
            seed: about.seed,
            ..Self::bare(dir, &about.version, &about.commit, name)
        };
        let seed = about.seed.map(|seed| seed.to_string());
        let seed = seed.map(|seed| text!("cite-seed", seed));
        let words = shlex::split(&about.command).unwrap_or_default();
        bare.with(&what, |lang| {
            let named = [named.clone()].into_iter();
            named.chain(set(&words, lang)).chain(seed.clone()).collect()
        })
    }

    fn of_jobs(dir: &Path, manifest: &Manifest) -> Self {
        let sweep = manifest.sweep.as_ref();
        let name = sweep.map_or(&manifest.scenario, |sweep| &sweep.name);
        let bare = Self {
            seed: Some(manifest.seed),
            replicates: Some(manifest.replicates_done),
            complete: manifest.status == Status::Complete,
            ..Self::bare(dir, &manifest.version, &manifest.commit, name)
        };
        bare.with(&manifest.kind.text(), |lang| details(manifest, lang))
    }

    fn bare(dir: &Path, version: &str, commit: &str, name: &str) -> Self {
        let whole = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
        let folder = whole.file_name().unwrap_or_default().to_string_lossy();
        Self {
            key: key(version, &folder, name),
            version: version.to_owned(),
            commit: commit.to_owned(),
            year: YEAR.filter(|_| version == env!("CARGO_PKG_VERSION")),
            name: name.to_owned(),
            seed: None,
            replicates: None,
            complete: true,
            bibtex: String::new(),
            text_en: String::new(),
            text_zh: String::new(),
        }
    }

    /// With its texts: what the results are, and what is to be known of them.
    fn with(mut self, what: &Text, details: impl Fn(Lang) -> Vec<Text>) -> Self {
        let version = &self.version;
        let known = self.commit != UNKNOWN;
        let told = |lang: Lang| {
            let list: Vec<String> = details(lang).iter().map(|one| one.told(lang)).collect();
            list.join(say!(lang, "list-clauses"))
        };
        let sentence = |lang: Lang| {
            let commit = match known {
                true => say!(lang, "cite-commit", short = short(&self.commit)),
                false => String::new(),
            };
            let details = told(lang);
            say!(lang, "cite-sentence", what, version, commit, details)
        };
        let (en, zh) = (sentence(Lang::En), sentence(Lang::Zh));
        let commit = match known {
            true => format!("commit {}; ", self.commit),
            false => String::new(),
        };
        let note = format!("{commit}{}: {}", what.told(Lang::En), told(Lang::En));
        self.bibtex = self.entry(&note);
        (self.text_en, self.text_zh) = (en, zh);
        self
    }

    /// The entry for BibTeX.
    fn entry(&self, note: &str) -> String {
        let authors = listed("authors").join(" and ");
        let fields = [
            // A second pair of braces: letters stay as they are, and a name of several words is one name.
            ("title", field("title").map(braced)),
            ("author", Some(authors)),
            ("year", self.year.map(str::to_owned)),
            ("version", Some(escaped(&self.version))),
            ("url", repository().map(str::to_owned)),
            ("note", Some(escaped(note))),
        ];
        let mut entry = format!("@software{{{},\n", self.key);
        for (name, value) in fields {
            if let Some(value) = value {
                // Writing to a String cannot fail.
                let _ = writeln!(entry, "  {name:<7} = {{{value}}},");
            }
        }
        entry.push_str("}\n");
        entry
    }
}

/// What is to be known of results of jobs.
fn details(manifest: &Manifest, lang: Lang) -> Vec<Text> {
    let mut details = Vec::new();
    if let Some(sweep) = &manifest.sweep {
        let name = &sweep.name;
        details.push(text!("cite-plan", name));
    }
    let name = &manifest.scenario;
    details.push(text!("cite-scenario", name));
    let names = manifest.layouts.iter().map(|layout| layout.name.as_str());
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    let n = names.len();
    let list = names.join(say!(lang, "list-comma"));
    match n {
        0 => {}
        n if n > MOST_NAMED => details.push(text!("cite-many-layouts", n)),
        n => details.push(text!("cite-layouts", n, list)),
    }
    let words = Request::of(manifest).map(|request| request.words());
    details.extend(set(&words.unwrap_or_default(), lang));
    let seed = manifest.seed.to_string();
    details.push(text!("cite-seed", seed));
    let points = manifest.points;
    if points > 1 {
        details.push(text!("cite-points", points));
    }
    let (n, first) = (manifest.replicates_done, manifest.first_replicate);
    details.push(match first {
        0 => text!("cite-replicates", n),
        first => text!("cite-replicates-from", n, first),
    });
    details
}

/// A commit as `--version` has it: its beginning, and whether sources were changed.
pub(super) fn short(commit: &str) -> String {
    let (hash, changed) = match commit.strip_suffix(CHANGED) {
        Some(hash) => (hash, CHANGED),
        None => (commit, ""),
    };
    let short: String = hash.chars().take(SHORT).collect();
    short + changed
}

/// The parameters that a command sets.
fn set(words: &[String], lang: Lang) -> Option<Text> {
    let pairs = words.iter().zip(words.iter().skip(1));
    let pairs = pairs.filter(|(option, _)| *option == "--set");
    let set: Vec<&str> = pairs.map(|(_, value)| value.as_str()).collect();
    let n = set.len();
    let list = set.join(say!(lang, "list-comma"));
    match n {
        0 => None,
        n if n > MOST_SET => Some(text!("cite-many-set", n)),
        _ => Some(text!("cite-set", list)),
    }
}

/// Where the program's source is; none where the repository does not say.
pub(super) fn repository() -> Option<&'static str> {
    field("repository-code").or_else(|| field("url"))
}

/// The value of a key at the top of [`CITATION`].
fn field(name: &str) -> Option<&'static str> {
    let mut lines = CITATION.lines();
    lines.find_map(|line| Some(unquoted(line.strip_prefix(name)?.strip_prefix(':')?)))
}

/// The names in a list of [`CITATION`], as BibTeX has them.
fn listed(name: &str) -> Vec<String> {
    let mut lines = CITATION.lines();
    lines.find(|line| line.strip_prefix(name) == Some(":"));
    let lines = lines.take_while(|line| line.starts_with(' '));
    lines
        .filter_map(|line| line.trim().strip_prefix("- name:"))
        .map(|name| braced(unquoted(name)))
        .collect()
}

fn unquoted(value: &str) -> &str {
    value.trim().trim_matches('"')
}

fn braced(text: &str) -> String {
    format!("{{{}}}", escaped(text))
}

/// The key of the entry: ASCII letters, digits, points and hyphens. By the folder of the results, so that a paper can cite several
/// of one scenario; by the name of the scenario where no such letter is in that of the folder.
fn key(version: &str, folder: &str, name: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let of = |word: &str| word.chars().filter(plain).collect::<String>();
    let known = [folder, name]
        .map(of)
        .into_iter()
        .find(|word| !word.is_empty());
    let words = ["pointplane".to_owned(), version.to_owned()];
    let words: Vec<String> = words.into_iter().chain(known).collect();
    words.join("-").replace('_', "-")
}

/// A text in which nothing is an instruction to TeX; braces stay in pairs, for they become commands.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' => safe.extend(['\\', c]),
            '{' => safe.push_str("\\textbraceleft{}"),
            '}' => safe.push_str("\\textbraceright{}"),
            '\\' => safe.push_str("\\textbackslash{}"),
            '~' => safe.push_str("\\textasciitilde{}"),
            '^' => safe.push_str("\\textasciicircum{}"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Escapes after the list of TeX's special characters (Knuth, The TeXbook, chapter 7).
    #[test]
    fn nothing_in_a_name_is_an_instruction_to_tex() {
        assert_eq!(escaped("50 % of A&B_1 #2 $3"), r"50 \% of A\&B\_1 \#2 \$3");
        assert_eq!(
            escaped("a{b}}\\~^"),
            r"a\textbraceleft{}b\textbraceright{}\textbraceright{}\textbackslash{}\textasciitilde{}\textasciicircum{}"
        );
        assert_eq!(escaped("情景\n一"), "情景 一");
        assert_eq!(
            key("0.2.0", "my_country, {x}", "china"),
            "pointplane-0.2.0-my-countryx"
        );
        assert_eq!(key("0.2.0", "结果", "china"), "pointplane-0.2.0-china");
        assert_eq!(key("0.2.0", "结果", "中国"), "pointplane-0.2.0");
    }
}
