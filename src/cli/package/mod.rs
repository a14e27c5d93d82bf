//! `pointplane package`: a replication package of results, with all that makes them again elsewhere.

mod inputs;
mod made;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use askama::Template;
use clap::Args;

use crate::experiment::Stop;
use crate::report::chart::Width;
use crate::report::contents::ReportError;
use crate::report::export::FigureFormat;
use crate::report::{Lang, Report, gather};
use crate::scenario::problem::Report as Noted;
use crate::scenario::{Problem, Problems};
use crate::shell::{line, quote};
use crate::store::{
    ABOUT, About, COLUMNS, FIGURES, MANIFEST, Manifest, SUMMARY, StoreError, atomic_write,
    checksum, page,
};
use crate::texts::{say, text};

use super::cite::{CHANGED, Citation, UNKNOWN, repository, short};
use super::figures::{Drawn, Undrawn, draw};
use super::front::front;
use super::report::refused;
use super::signals::From;
use super::staged::PLAN;
use super::{Exit, say as tell, wrong};
use inputs::{Inputs, absolute, is_plain, real, taken_along, way};
use made::{Made, Session, Table};

/// Arguments of `package`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane package results/china
  pointplane package results/china --also scenarios/china
  pointplane package results/alliance-layouts --out replication --lang zh

Writes a folder that others can unpack anywhere: the scenario, layouts, plans and tables that the command read;
the results, their figures and report; a README after the template of the social science data editors; main.sh,
which makes everything again and compares the tables by their checksums. Give it where the results were made, or
anywhere with their folder still below that one. What only the authors know, as licences of data, is marked in
the README.")]
pub struct Arguments {
    /// Folder of any results that are complete
    #[arg(value_name = "RESULTS")]
    results: PathBuf,
    /// Write the package into this folder [default: NAME-replication, beside the results]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    out: Option<PathBuf>,
    /// Take this file or folder along, as what the inputs were derived from (repeatable); it stands with them in inputs/
    #[arg(long, value_name = "PATH")]
    also: Vec<PathBuf>,
    /// Print problems only
    #[arg(long)]
    quiet: bool,
}

/// Folder of the package with what the command reads.
const INPUTS: &str = "inputs";
/// The file with the checksums of what is in the package.
const PACKED: &str = "checksums.sha256";
/// The file with the checksums of the tables that the script makes.
const REPLICATED: &str = "replicated.sha256";
/// The table with times, which differ too.
const TIMES: &str = "run_times";

/// A file in the package.
struct Listed {
    path: String,
    bytes: u64,
    sha256: String,
}

/// A table or a figure.
struct Exhibit {
    name: String,
    what: String,
    file: String,
    by: &'static str,
}

/// What README and script say.
struct Package {
    lang: Lang,
    title: String,
    told: String,
    name: String,
    version: String,
    commit: Option<String>,
    /// The answer of `--version`, as a word of a shell.
    program: String,
    repository: Option<&'static str>,
    seed: Option<u64>,
    time: Option<String>,
    papers: Vec<String>,
    along: Vec<String>,
    inputs: Vec<Listed>,
    sessions: Vec<Session>,
    size: String,
    page: &'static str,
    /// The command as it is given in `inputs`.
    command: String,
    /// Its words, without the program.
    arguments: String,
    name_quoted: String,
    /// Whether the command goes on with what was interrupted.
    resumes: bool,
    /// Whether the summary of a sweep was asked for.
    summary: bool,
    /// Whether there is a codebook.
    columns: bool,
    figures: bool,
    reported: bool,
    /// Whether tables are not in the package.
    partly: bool,
    format: &'static str,
    exhibits: Vec<Exhibit>,
    citation: String,
    bibtex: String,
}

#[derive(Template)]
#[template(path = "readme.en.md")]
struct English<'p> {
    p: &'p Package,
}

#[derive(Template)]
#[template(path = "readme.zh.md")]
struct Chinese<'p> {
    p: &'p Package,
}

#[derive(Template)]
#[template(path = "main.sh", escape = "none")]
struct Script<'p> {
    p: &'p Package,
    /// What the script says.
    says: Says,
}

/// What the script says, each as a word of a shell.
struct Says {
    no_program: String,
    other_program: String,
    changed: String,
    differs: String,
    same: String,
    drawn: String,
}

/// Does the command.
pub fn run(arguments: &Arguments, lang: Lang) -> Exit {
    let dir = &arguments.results;
    let citation = match Citation::of(dir) {
        Ok(citation) => citation,
        Err(error) => return super::session::refused("RESULTS", false, false, &error.into()),
    };
    if !citation.complete {
        let problem = Problem::error("RESULTS", text!("package-not-complete"));
        return wrong(&problem.into(), false);
    }
    let place = Place::of(dir, arguments.out.as_deref());
    let along = taken_along(&arguments.also, dir);
    let made = Made::of(dir, lang);
    let none = BTreeSet::new();
    let inputs = made.as_ref().ok().map(|made| {
        let along = along.as_ref().unwrap_or(&none);
        Inputs::find(dir, &made.words, &made.inputs, along)
    });
    let (made, inputs, place) = match (made, inputs, along, place) {
        (Ok(made), Some(Ok(inputs)), Ok(_), Ok(place)) => (made, inputs, place),
        (made, inputs, along, place) => {
            let mut report = Noted::default();
            let inputs = inputs.and_then(Result::err);
            let all = [made.err(), inputs, along.err(), place.err()];
            all.into_iter()
                .flatten()
                .for_each(|problems| report.add(problems));
            return wrong(&report.finish(), false);
        }
    };
    let report = match gather(dir, None, lang) {
        Ok(report) => Some(report),
        // Explanations have no page.
        Err(ReportError::Kind { .. }) => None,
        Err(error) => return refused(&error),
    };
    let Place { name, shown, to } = place;
    // Written beside, and renamed when it is whole.
    let unfinished = to.with_file_name(format!(
        ".{}-{}.unfinished",
        to.file_name().unwrap_or_default().to_string_lossy(),
        std::process::id()
    ));
    let above = unfinished.parent().unwrap_or(&to);
    let begun = fs::create_dir_all(above).and_then(|()| fs::create_dir(&unfinished));
    if let Err(error) = begun.map_err(failed("make folder", &unfinished)) {
        tell(&say!(super::lang(), "error", error = error.text()));
        return Exit::Failed;
    }
    let stop = Arc::new(Stop::default());
    front().begins(&stop, From::Person);
    let packing = Packing {
        to: &unfinished,
        dir,
        name: &name,
        lang,
    };
    let written = packing.write(citation, made, inputs, report.as_ref());
    if stop.is_told() {
        let _ = fs::remove_dir_all(&unfinished);
        return Exit::Interrupted;
    }
    let ended = written.and_then(|()| {
        let _ = fs::remove_dir(&to);
        fs::rename(&unfinished, &to).map_err(failed("rename", &to))
    });
    match ended {
        Ok(()) => {
            if !arguments.quiet {
                tell(say!(super::lang(), "package-todo"));
                tell(&say!(super::lang(), "package-made", path = shown));
            }
            Exit::Done
        }
        Err(error) => {
            let _ = fs::remove_dir_all(&unfinished);
            tell(&say!(super::lang(), "error", error = error.text()));
            Exit::Failed
        }
    }
}

/// Where a package goes.
struct Place {
    /// Name of the results.
    name: String,
    /// As people name it.
    shown: String,
    to: PathBuf,
}

impl Place {
    /// Of results in a folder.
    fn of(dir: &Path, out: Option<&Path>) -> Result<Self, Problems> {
        // `.` and `..` have no name that another stands beside.
        let whole = absolute(dir);
        let name = whole.file_name().unwrap_or_default();
        if !is_plain(Path::new(name)) {
            return Err(Problem::error("RESULTS", text!("package-name")).into());
        }
        let name = name.to_string_lossy().into_owned();
        let named = if dir.file_name().is_some() {
            dir
        } else {
            &whole
        };
        let beside = named.with_file_name(format!("{name}-replication"));
        let out = out.unwrap_or(&beside);
        let to = real(out);
        let shown = out.display().to_string();
        let path = shown.clone();
        let file = to.ancestors().find(|above| above.exists());
        let file = file.filter(|above| above.is_file());
        let mut entries = fs::read_dir(&to).into_iter().flatten();
        let dangling = !to.exists() && to.symlink_metadata().is_ok();
        // In the results it would be one of them; a folder that the program is in cannot be renamed over.
        let why = if to.starts_with(real(dir)) || to == real(Path::new("")) {
            text!("package-place", path)
        } else if let Some(file) = file {
            let path = file.display().to_string();
            text!("package-file", path)
        } else if dangling || entries.next().is_some() {
            text!("package-taken", path)
        } else {
            return Ok(Self { name, shown, to });
        };
        Err(Problem::error("--out", why).into())
    }
}

fn failed<'p>(
    action: &'static str,
    path: &'p Path,
) -> impl FnOnce(std::io::Error) -> StoreError + 'p {
    move |source| StoreError::io(action, path, source)
}

/// A package that is being written.
struct Packing<'p> {
    to: &'p Path,
    /// The results.
    dir: &'p Path,
    /// Name of their folder.
    name: &'p str,
    lang: Lang,
}

impl Packing<'_> {
    /// Writes all of it.
    fn write(
        &self,
        citation: Citation,
        made: Made,
        inputs: Inputs,
        report: Option<&Report>,
    ) -> Result<(), StoreError> {
        let Self { name, lang, .. } = *self;
        let inside = |path: &Path| {
            let below = path.strip_prefix(&inputs.root).unwrap_or(path);
            Path::new(INPUTS).join(below).display().to_string()
        };
        let mut packed: BTreeMap<String, String> = BTreeMap::new();
        let mut listed = Vec::new();
        let sum_of = |path: &PathBuf| match inputs.files.get(path) {
            Some(sum) => Ok(sum.clone()),
            None => checksum(path),
        };
        for path in inputs.files.keys().chain(&inputs.along) {
            listed.push(Listed {
                path: inside(path),
                bytes: self.put(path, &inside(path))?,
                sha256: sum_of(path)?,
            });
        }
        for path in &inputs.papers {
            self.put(path, &inside(path))?;
            packed.insert(inside(path), checksum(path)?);
        }
        let of_listed = listed.iter();
        packed.extend(of_listed.map(|file| (file.path.clone(), file.sha256.clone())));
        // main.sh makes tables that are not here, and holds them against what the results say of them.
        let there = |file: &str| self.dir.join(file).is_file();
        let result = |file: &str| format!("results/{name}/{file}");
        let again = |file: &str| format!("replicated/{name}/{file}");
        let mut replicated: BTreeMap<String, String> = BTreeMap::new();
        for table in &made.tables {
            let Table { file, sha256, .. } = table;
            if there(file) {
                self.put(&self.dir.join(file), &result(file))?;
                packed.insert(result(file), sha256.clone());
            }
            if table.same {
                replicated.insert(again(file), sha256.clone());
            }
        }
        let its_making = self.of_its_making(&inputs)?;
        let drawn = match report {
            Some(report) => self.exhibits(report, &inputs.root)?,
            None => Vec::new(),
        };
        self.sums(REPLICATED, &replicated)?;
        let figures = drawn.iter().map(|figure| figure.file.clone());
        let page_of = report.map(|_| page(lang).to_owned());
        let texts = [result(its_making), REPLICATED.to_owned()];
        for file in figures.chain(page_of).chain(texts) {
            let sum = checksum(&self.to.join(&file))?;
            packed.insert(file, sum);
        }
        self.sums(PACKED, &packed)?;
        let tables = made.tables.iter();
        let tables = tables.filter(|table| table.same && !table.file.ends_with(".toml"));
        let tables = tables.map(|Table { file, what, .. }| Exhibit {
            name: Path::new(file)
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            what: what.replace('|', r"\|"),
            file: match there(file) {
                true => result(file),
                false => again(file),
            },
            by: match Path::new(file).starts_with(SUMMARY) {
                true => "`pointplane sweep summary`",
                false => say!(lang, "package-by"),
            },
        });
        let mut size = 0;
        for file in packed.keys() {
            let path = self.to.join(file);
            size += fs::metadata(&path).map_err(failed("read", &path))?.len();
        }
        let arguments = line(&inputs.words);
        let version = citation.version;
        let commit = Some(citation.commit).filter(|commit| commit != UNKNOWN);
        let of = commit
            .as_deref()
            .map(|commit| format!(" ({})", short(commit)));
        let answer = format!("pointplane {version}{}", of.unwrap_or_default());
        // Sources that were changed, or that no commit is known of, are nowhere else.
        let commit = commit.filter(|commit| !commit.ends_with(CHANGED));
        let package = Package {
            lang,
            // A line of its own in the script, where what follows a line's end would be a command.
            title: report
                .map_or(&citation.name, |report| &report.title)
                .replace(char::is_control, " "),
            told: match lang {
                Lang::En => citation.text_en,
                Lang::Zh => citation.text_zh,
            },
            program: quote(&answer),
            version,
            commit,
            repository: repository(),
            seed: citation.seed,
            time: made.time,
            papers: inputs.papers.iter().map(|path| inside(path)).collect(),
            along: inputs.along.iter().map(|path| inside(path)).collect(),
            inputs: listed,
            sessions: made.sessions,
            size: format!("{:.1} MB", size as f64 / 1e6),
            page: page(lang),
            command: format!("pointplane {arguments}"),
            arguments,
            name_quoted: quote(name),
            resumes: inputs
                .words
                .first()
                .is_some_and(|command| command != "estimate" && command != "explain"),
            name: name.to_owned(),
            summary: made
                .tables
                .iter()
                .any(|table| Path::new(&table.file).starts_with(SUMMARY)),
            columns: there(COLUMNS),
            figures: !drawn.is_empty(),
            reported: report.is_some(),
            partly: made.tables.iter().any(|table| !there(&table.file)),
            format: FigureFormat::Svg.extension(),
            exhibits: drawn.into_iter().chain(tables).collect(),
            citation: say!(lang, "package-cite").to_owned(),
            bibtex: citation.bibtex,
        };
        let readme = match lang {
            Lang::En => English { p: &package }.render(),
            Lang::Zh => Chinese { p: &package }.render(),
        };
        let says = Says {
            no_program: quote(say!(lang, "package-no-program")),
            other_program: quote(&say!(lang, "package-other-program", version = answer)),
            changed: quote(say!(lang, "package-tampered")),
            differs: quote(say!(lang, "package-differs")),
            same: quote(say!(lang, "package-same")),
            drawn: quote(say!(lang, "package-drawn")),
        };
        let script = Script { p: &package, says }.render();
        for (file, text) in [("README.md", readme), ("main.sh", script)] {
            let path = self.to.join(file);
            let text = text.map_err(|error| unwritten(&path, error.to_string()))?;
            text_file(&path, &text)?;
        }
        Ok(())
    }

    /// Copies a file into the package; gives its bytes.
    fn put(&self, from: &Path, path: &str) -> Result<u64, StoreError> {
        let path = self.to.join(path);
        let folder = path.parent().unwrap_or(self.to);
        fs::create_dir_all(folder).map_err(failed("make folder", folder))?;
        fs::copy(from, &path).map_err(failed("write", &path))
    }

    /// Writes what says how the results were made, without the names of machines and of folders there.
    fn of_its_making(&self, inputs: &Inputs) -> Result<&'static str, StoreError> {
        let command = || std::iter::once("pointplane".to_owned()).chain(inputs.words.clone());
        let (file, text) = match About::read(self.dir) {
            Some(mut about) => {
                about.command = line(&command().collect::<Vec<_>>());
                (ABOUT, serde_json::to_string_pretty(&about))
            }
            None => {
                let mut manifest = Manifest::load(self.dir)?;
                for session in &mut manifest.sessions {
                    session.host.clear();
                    session.command_line = command().collect();
                }
                (MANIFEST, serde_json::to_string_pretty(&manifest))
            }
        };
        let path = self.to.join("results").join(self.name).join(file);
        let text = text.map_err(|error| unwritten(&path, error.to_string()))?;
        text_file(&path, &from_here(&text, &inputs.root))?;
        Ok(file)
    }

    /// Writes checksums of files of the package, named from its folder.
    fn sums(&self, file: &str, of: &BTreeMap<String, String>) -> Result<(), StoreError> {
        let lines = of.iter().map(|(file, sum)| format!("{sum}  {file}\n"));
        text_file(&self.to.join(file), &lines.collect::<String>())
    }

    /// Draws the figures and writes the report.
    fn exhibits(&self, report: &Report, root: &Path) -> Result<Vec<Exhibit>, StoreError> {
        let path = self.to.join(page(self.lang));
        let html = report.html();
        let html = html.map_err(|error| unwritten(&path, error.to_string()))?;
        text_file(&path, &from_here(&html, root))?;
        let folder = self.to.join(FIGURES);
        let mut figures = Vec::new();
        let mut hear = |drawn: &Drawn| {
            figures.push(Exhibit {
                name: drawn.id.clone(),
                what: drawn.title.replace('|', r"\|"),
                file: way(self.to, &drawn.path).display().to_string(),
                by: "`pointplane figures`",
            });
        };
        let drawn = draw(report, &folder, Width::Page, FigureFormat::Svg, &mut hear);
        drawn.map_err(|error| match error {
            Undrawn::Store(error) => error,
            Undrawn::Export(error) => unwritten(&folder, error.text().told(self.lang)),
            Undrawn::Drawing(error) => unwritten(&folder, error.told(self.lang)),
        })?;
        Ok(figures)
    }
}

/// A text in which files below a folder are named from it.
fn from_here(text: &str, root: &Path) -> String {
    text.replace(&format!("{}/", root.display()), "")
}

fn unwritten(path: &Path, error: String) -> StoreError {
    StoreError::io("write", path, std::io::Error::other(error))
}

fn text_file(path: &Path, text: &str) -> Result<(), StoreError> {
    atomic_write(path, |file| {
        file.write_all(text.trim_end().as_bytes())?;
        file.write_all(b"\n")
    })
}
