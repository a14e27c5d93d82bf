//! What is wrong with a scenario, said in one place: file, line, key or cell, value, what is
//! allowed, and the nearest known name. All problems of a scenario are gathered and reported together.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::looks::{code, folded, is_invisible, written_otherwise};

use crate::texts::{Lang, Text, say, spoken, text};

/// How many problems of one file are kept in full; the others are only counted.
const KEPT_PER_FILE: u64 = 100;
/// How many problems are printed.
const PRINTED: usize = 200;
/// How many names are compared, over the whole check, to find the nearest one.
const COMPARISONS: usize = 5_000_000;
/// Least similarity (Jaro-Winkler) of a name worth suggesting.
const SIMILAR: f64 = 0.75;
/// Longest part of a wrong value that is shown, in characters.
const SHOWN: usize = 60;
/// Longest name of a key, column or file that is told, in characters.
const LONGEST_NAME: usize = 300;
/// Longest word in a sentence, in characters: a list of names is one.
const LONGEST_WORDS: usize = 2000;

/// Whether a problem stops the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// The scenario can be run, but perhaps it is not what was meant.
    Warning,
    /// The scenario may be right, but it does not fit on this machine.
    Room,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// Error or warning.
    pub severity: Severity,
    /// The file as the user would name it; `--set` for a value given on the command line.
    pub file: String,
    /// Line in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Row of a table, from 1, without its header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Column of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Dotted path of the key in a TOML file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The value found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong.
    pub what: Text,
    /// What would be right, with its unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Text>,
    /// The nearest known name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}

impl Problem {
    /// An error in `file`.
    pub fn error(file: impl Into<String>, what: impl Into<Text>) -> Self {
        Self {
            severity: Severity::Error,
            file: file.into(),
            line: None,
            row: None,
            column: None,
            key: None,
            value: None,
            what: what.into(),
            allowed: None,
            nearest: None,
        }
    }

    /// A warning about `file`.
    pub fn warning(file: impl Into<String>, what: impl Into<Text>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(file, what)
        }
    }

    /// Not wrong, but more than this machine has room for.
    #[must_use]
    pub fn room(self) -> Self {
        Self {
            severity: Severity::Room,
            ..self
        }
    }

    /// At this line; 0 says nothing.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.line = (line > 0).then_some(line);
        self
    }

    /// At this key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// With this value.
    #[must_use]
    pub fn value(mut self, value: impl fmt::Display) -> Self {
        let value = shortened(&value.to_string());
        self.value = Some(if value.is_empty() {
            "\"\"".to_owned()
        } else {
            value
        });
        self
    }

    /// Where this would be right.
    #[must_use]
    pub fn allowed(mut self, allowed: impl Into<Text>) -> Self {
        self.allowed = Some(allowed.into());
        self
    }

    /// Where this name is near.
    #[must_use]
    pub fn nearest(mut self, nearest: Option<String>) -> Self {
        self.nearest = nearest;
        self
    }

    /// Without names of any length: a file can hold one of megabytes.
    #[must_use]
    fn bounded(mut self) -> Self {
        cut(&mut self.file, LONGEST_NAME * 4);
        let names = [
            &mut self.column,
            &mut self.key,
            &mut self.nearest,
            &mut self.value,
        ];
        for name in names.into_iter().flatten() {
            cut(name, LONGEST_NAME);
        }
        self.what.bound(LONGEST_WORDS);
        self.allowed
            .iter_mut()
            .for_each(|allowed| allowed.bound(LONGEST_WORDS));
        self
    }
}

/// The text, cut where it is long, without control characters; characters that are not seen are named.
pub(crate) fn shortened(text: &str) -> String {
    let mut short = String::new();
    for c in text.chars().take(SHOWN) {
        if is_invisible(c) {
            short.extend(["<", &code(c), ">"]);
        } else {
            short.push(if c.is_control() { '\u{fffd}' } else { c });
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    short
}

/// The first characters of a text.
fn cut(text: &mut String, most: usize) {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
}

impl Problem {
    /// The problem in one line.
    pub fn told(&self, lang: Lang) -> String {
        self.text().told(lang)
    }

    /// The same, for all languages.
    pub fn text(&self) -> Text {
        let head = match self.severity {
            Severity::Error | Severity::Room => text!("problem-error"),
            Severity::Warning => text!("problem-warning"),
        };
        let place = match self.line {
            Some(line) => format!("{}:{line}", self.file),
            None => self.file.clone(),
        };
        let row = self.row.map(|row| row.to_string());
        let named = match (&self.key, row, &self.column) {
            (Some(key), _, _) => Some(Text::from(format!("`{key}`"))),
            (None, Some(row), Some(column)) => Some(text!("problem-cell", row, column)),
            (None, Some(row), None) => Some(text!("problem-row", row)),
            (None, None, Some(column)) => Some(text!("problem-column", column)),
            (None, None, None) => None,
        };
        let subject = match (named, &self.value) {
            (Some(name), Some(value)) => text!("problem-value", name, value),
            (Some(name), None) => text!("problem-of", name),
            (None, Some(value)) => text!("problem-of", name = value),
            (None, None) => "".into(),
        };
        let allowed = self.allowed.as_ref();
        let allowed = allowed.map_or("".into(), |allowed| text!("problem-allowed", allowed));
        let value = self.value.as_deref().unwrap_or_default().trim_matches('"');
        let nearest = match &self.nearest {
            None => "".into(),
            Some(nearest) => match written_otherwise(value, nearest) {
                None => text!("problem-nearest", nearest = shortened(nearest)),
                Some((own, others)) => {
                    let nearest = shortened(nearest);
                    text!("problem-nearest-written", nearest, own, others)
                }
            },
        };
        let what = &self.what;
        text!("problem", head, place, subject, what, allowed, nearest)
    }
}

spoken!(Problem);

/// All problems of a scenario. Printed, they are one message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, thiserror::Error)]
pub struct Problems {
    /// The problems, file by file, by line; errors and warnings.
    pub problems: Vec<Problem>,
    /// How many more were found and only counted.
    pub left_out: u64,
}

impl Problems {
    /// Only the errors, and what does not fit.
    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        let all = self.problems.iter();
        all.filter(|p| p.severity != Severity::Warning)
    }

    /// Whether nothing is wrong but that there is no room on this machine.
    pub fn is_room(&self) -> bool {
        self.errors().all(|p| p.severity == Severity::Room)
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self {
            problems: vec![problem.bounded()],
            left_out: 0,
        }
    }
}

impl Problems {
    /// Of a list.
    pub fn of(problems: &[Problem]) -> Self {
        Self {
            problems: problems.to_vec(),
            left_out: 0,
        }
    }

    /// The same where layouts were named by another option than that of a run.
    #[must_use]
    pub fn blaming(mut self, option: &str) -> Self {
        for problem in &mut self.problems {
            if problem.key.as_deref() == Some(LAYOUT_OPTION) {
                problem.key = Some(option.to_owned());
            }
        }
        self
    }

    /// The problems, a line each, and how many there are.
    pub fn told(&self, lang: Lang) -> String {
        let mut text = String::new();
        for problem in self.problems.iter().take(PRINTED) {
            text.push_str(&problem.told(lang));
            text.push('\n');
        }
        let unprinted = self.problems.len().saturating_sub(PRINTED) as u64 + self.left_out;
        if unprinted > 0 {
            text.push_str(&say!(lang, "problems-more", n = unprinted));
            text.push('\n');
        }
        let errors = self.errors().count();
        let warnings = self.problems.len() - errors;
        text.push_str(&say!(lang, "problems-errors", n = errors));
        if warnings > 0 {
            text.push_str(&say!(lang, "problems-warnings", n = warnings));
        }
        if self.left_out > 0 {
            text.push_str(&say!(lang, "problems-not-listed", n = self.left_out));
        }
        text
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Lang::En))
    }
}

/// The option by which a run names layouts.
pub const LAYOUT_OPTION: &str = "--layout";

/// Gathers problems while a scenario is read.
#[derive(Debug)]
pub struct Report {
    problems: Vec<Problem>,
    per_file: BTreeMap<(String, Severity), u64>,
    files: Vec<String>,
    ignored: Vec<String>,
    left_out: u64,
    errors: u64,
    comparisons: usize,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            problems: Vec::new(),
            per_file: BTreeMap::new(),
            files: Vec::new(),
            ignored: Vec::new(),
            left_out: 0,
            errors: 0,
            comparisons: COMPARISONS,
        }
    }
}

impl Report {
    /// A report that is thrown away: no nearest name is looked for.
    pub fn aside() -> Self {
        Self {
            comparisons: 0,
            ..Self::default()
        }
    }

    /// Whether nothing was noted.
    pub const fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Notes a problem; one that is already noted is not noted twice.
    pub fn push(&mut self, problem: Problem) {
        if self.ignored.contains(&problem.file) {
            return;
        }
        let problem = problem.bounded();
        let is_error = problem.severity != Severity::Warning;
        self.errors += u64::from(is_error);
        let count = self
            .per_file
            .entry((problem.file.clone(), problem.severity))
            .or_insert(0);
        if *count >= KEPT_PER_FILE {
            self.left_out += 1;
            return;
        }
        if self.problems.contains(&problem) {
            return;
        }
        *count += 1;
        if !self.files.contains(&problem.file) {
            self.files.push(problem.file.clone());
        }
        self.problems.push(problem);
    }

    /// From now on notes nothing more about a file: what is known of it is not all that it says.
    pub fn ignore(&mut self, file: &str) {
        self.ignored.push(file.to_owned());
    }

    /// Notes all of them.
    pub fn add(&mut self, problems: Problems) {
        problems.problems.into_iter().for_each(|p| self.push(p));
    }

    /// How many errors there are so far.
    pub const fn errors(&self) -> u64 {
        self.errors
    }

    /// The known name that is most like `name`, when one is like it at all.
    pub fn near<'a>(
        &mut self,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        let name: String = name.chars().take(200).collect();
        let look = folded(&name);
        let lower = name.to_lowercase();
        let mut best: Option<(f64, &str)> = None;
        for candidate in known {
            if self.comparisons == 0 {
                break;
            }
            self.comparisons -= 1;
            if candidate.len() > 400 {
                continue;
            }
            let lower_candidate = candidate.to_lowercase();
            let mut likeness = strsim::jaro_winkler(&lower, &lower_candidate);
            let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
            let perhaps = likeness >= SIMILAR || digits(candidate) || !candidate.is_ascii();
            if perhaps && candidate != name && folded(candidate) == look {
                // Nearer than any other: it is only written otherwise, like 1 and 01.
                likeness = 2.0;
            }
            if likeness >= SIMILAR && best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, candidate));
            }
        }
        best.map(|(_, candidate)| candidate.to_owned())
    }

    /// The problems in the order of their files and lines.
    pub fn finish(mut self) -> Problems {
        let files = self.files;
        let place = |p: &Problem| files.iter().position(|f| *f == p.file);
        self.problems.sort_by_cached_key(|p| (place(p), p.line));
        Problems {
            problems: self.problems,
            left_out: self.left_out,
        }
    }
}

/// The first few of a list of names, and how many there are.
pub(crate) fn some_of<S: AsRef<str>>(names: &[S], most: usize) -> Text {
    let names_shown = names.iter().take(most);
    let shown: Vec<String> = names_shown.map(|name| shortened(name.as_ref())).collect();
    let list = shown.join(", ");
    match names.len().checked_sub(most) {
        Some(more) if more > 0 => text!("names-more", list, more),
        _ => list.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_not_kept() {
        let mut report = Report::default();
        for line in 1..=1000 {
            report.push(Problem::error("places.csv", "wrong").line(line));
        }
        report.push(Problem::error("scenario.toml", "wrong"));
        assert_eq!(report.errors(), 1001);
        let problems = report.finish();
        assert_eq!(problems.problems.len(), 101);
        assert_eq!(problems.left_out, 900);
        let text = problems.to_string();
        assert!(text.contains("and 900 more"), "{text}");
        assert!(text.contains("scenario.toml"), "{text}");
    }

    #[test]
    fn no_name_floods_a_message() {
        let long = "x".repeat(1 << 20);
        let mut problem = Problem::error("places.csv", text!("no-domain")).value(&long);
        problem.column = Some(long.clone());
        problem.key = Some(long.clone());
        let problem = problem.nearest(Some(long.clone()));
        let problem = problem.allowed(text!("needs-key", other = long));
        let mut report = Report::default();
        report.push(problem);
        let told = report.finish();
        assert!(told.to_string().len() < 5000, "{}", told.to_string().len());
        assert!(serde_json::to_string(&told).unwrap().len() < 5000);
    }

    #[test]
    fn names_that_look_the_same_are_told_apart() {
        let of = |value: &str, nearest: &str| {
            let problem = Problem::error("places.csv", text!("no-place")).value(value);
            problem.nearest(Some(nearest.to_owned())).to_string()
        };
        let told = of("cafe\u{301}", "caf\u{e9}");
        assert!(
            told.contains("written with U+00E9, here with U+0065 U+0301"),
            "{told}"
        );
        let told = of("d\u{435}lta", "delta");
        assert!(
            told.contains("written with U+0065, here with U+0435"),
            "{told}"
        );
        let told = of("sea\u{200b}mouth", "seamouth");
        assert!(
            told.contains("sea<U+200B>mouth") && told.ends_with("`seamouth`?"),
            "{told}"
        );
    }

    #[test]
    fn the_first_few_of_many_names_are_told() {
        assert_eq!(some_of(&["a", "b"], 5).to_string(), "a, b");
        let many = ["a", "b", "c", "d", "e", "f", "g"];
        assert_eq!(some_of(&many, 5).to_string(), "a, b, c, d, e and 2 more");
    }

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let mut report = Report::default();
        assert_eq!(
            report.near("betaa", ["beta", "express"]).as_deref(),
            Some("beta")
        );
        assert_eq!(report.near("zzz", ["beta", "express"]), None);
        // Written otherwise is nearer than any other name.
        for (name, known) in [
            ("1", "01"),
            ("01", "1"),
            ("River", "river"),
            ("se\u{200b}a", "sea"),
        ] {
            let near = report.near(name, ["10", "rivers", "seas", known]);
            assert_eq!(near.as_deref(), Some(known), "{name}");
        }
        report.comparisons = 0;
        assert_eq!(report.near("betaa", ["beta"]), None);
    }
}
