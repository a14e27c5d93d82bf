//! `pointplane package`: a replication package of results, with all that makes them again elsewhere.

mod inputs;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use askama::Template;
use clap::Args;

use crate::experiment::Request;
use crate::report::chart::Width;
use crate::report::contents::ReportError;
use crate::report::export::FigureFormat;
use crate::report::{Lang, Report, gather};
use crate::scenario::{Problem, Problems};
use crate::shell::{line, quote};
use crate::store::{About, FIGURES, Input, StoreError, at_hand, atomic_write, checksum, page};
use crate::texts::{say, text};

use super::cite::{Citation, repository};
use super::figures::{Drawn, Undrawn, draw};
use super::report::refused;
use super::staged::PLAN;
use super::status::time;
use super::{Exit, say as tell, wrong};
use inputs::{Inputs, absolute, way};

/// Arguments of `package`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane package results/china
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
    /// Print problems only
    #[arg(long)]
    quiet: bool,
}

/// Folder of the package with what the command reads.
const INPUTS: &str = "inputs";
/// Name of the file with the checksums of the tables.
const CHECKSUMS: &str = "checksums.sha256";
/// Files of results that say how they were made, and so differ from run to run.
const OF_ITS_MAKING: [&str; 2] = ["manifest.json", "about.json"];
/// TOML files that commands without jobs write beside the plans of their runs, which name the scenario from where they are.
const WRITTEN: [&str; 2] = [PLAN, "estimated.toml"];
/// The table with times, which differ too.
const TIMES: &str = "run_times";

/// Results and how they were made.
struct Made {
    words: Vec<String>,
    inputs: Vec<Input>,
    /// Tables and files of the same bytes wherever they are made.
    tables: Vec<Table>,
    sessions: Vec<Session>,
    seconds: f64,
}

/// A table, or a file beside the tables.
struct Table {
    /// Path in the results.
    file: String,
    what: String,
    /// Checksum that the results keep; none where they keep none. Only a table with one may be absent.
    sha256: Option<String>,
}

/// A machine that worked on the results.
struct Session {
    machine: String,
    threads: u32,
    time: String,
}

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
    commit: String,
    repository: Option<&'static str>,
    seed: Option<u64>,
    time: Option<String>,
    papers: Vec<String>,
    inputs: Vec<Listed>,
    sessions: Vec<Session>,
    size: String,
    page: &'static str,
    done: &'static str,
    /// The command as it was given.
    command: String,
    /// Its words, without the program, as they are given in `inputs`.
    arguments: String,
    name_quoted: String,
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
    let found = Made::of(dir, lang).and_then(|made| {
        let inputs = Inputs::find(dir, &made.words, &made.inputs)?;
        Ok((made, inputs))
    });
    let (made, inputs) = match found {
        Ok(found) => found,
        Err(problems) => return wrong(&problems, false),
    };
    let report = match gather(dir, None, lang) {
        Ok(report) => Some(report),
        // Explanations have no page.
        Err(ReportError::Kind { .. }) => None,
        Err(error) => return refused(&error),
    };
    // `.` and `..` have no name that another stands beside.
    let whole = absolute(dir);
    let name = whole.file_name().unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    let named = if dir.file_name().is_some() {
        dir
    } else {
        &whole
    };
    let beside = || named.with_file_name(format!("{name}-replication"));
    let out = arguments.out.clone().unwrap_or_else(beside);
    let to = absolute(&out);
    let path = out.display().to_string();
    let taken = fs::read_dir(&to).is_ok_and(|mut entries| entries.next().is_some());
    // In the results it would be one of them; a folder that the program is in cannot be renamed over.
    let refused = if to.starts_with(&whole) || to == absolute(Path::new("")) {
        Some(text!("package-place", path))
    } else if taken || to.is_file() {
        Some(text!("package-taken", path))
    } else {
        None
    };
    if let Some(why) = refused {
        return wrong(&Problem::error("--out", why).into(), false);
    }
    // Written beside, and renamed when it is whole.
    let unfinished = to.with_file_name(format!(
        ".{}-{}.unfinished",
        to.file_name().unwrap_or_default().to_string_lossy(),
        std::process::id()
    ));
    let above = unfinished.parent().unwrap_or(&whole);
    let begun = fs::create_dir_all(above).and_then(|()| fs::create_dir(&unfinished));
    if let Err(error) = begun.map_err(failed("make folder", &unfinished)) {
        tell(&say!(super::lang(), "error", error = error.text()));
        return Exit::Failed;
    }
    let written = write(
        &unfinished,
        dir,
        &name,
        (citation, made, inputs),
        report.as_ref(),
        lang,
    );
    let ended = written.and_then(|()| {
        let _ = fs::remove_dir(&to);
        fs::rename(&unfinished, &to).map_err(failed("rename", &to))
    });
    match ended {
        Ok(()) => {
            if !arguments.quiet {
                tell(&say!(
                    super::lang(),
                    "package-made",
                    path = out.display().to_string()
                ));
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

fn failed<'p>(
    action: &'static str,
    path: &'p Path,
) -> impl FnOnce(std::io::Error) -> StoreError + 'p {
    move |source| StoreError::io(action, path, source)
}

impl Made {
    fn of(dir: &Path, lang: Lang) -> Result<Self, Problems> {
        match About::read(dir) {
            Some(about) => Self::of_plain(dir, &about),
            None => Self::of_jobs(dir, lang),
        }
    }

    fn of_jobs(dir: &Path, lang: Lang) -> Result<Self, Problems> {
        let not_said = || Problem::error("RESULTS", text!("origin-not-said"));
        let (manifest, _) =
            at_hand(dir).map_err(|error| Problem::error("RESULTS", error.text()))?;
        let request = Request::of(&manifest).ok_or_else(not_said)?;
        let files = manifest.files.iter().map(|file| Table {
            file: file.file.clone(),
            what: String::new(),
            sha256: Some(file.sha256.clone()),
        });
        let tables = manifest.tables.iter().filter(|table| table.name != TIMES);
        let tables = tables.map(|table| Table {
            file: table.file.clone(),
            what: table.what.clone(),
            sha256: table.sha256.clone(),
        });
        let sessions = manifest.sessions.iter().filter_map(|session| {
            let machine = &session.machine;
            let machine = format!("{} {}, {} CPU", machine.os, machine.arch, machine.cores);
            Some((machine, session.threads, session.seconds?))
        });
        let sessions: Vec<(String, u32, f64)> = sessions.collect();
        let mut inputs = manifest.inputs.clone();
        if let (Request::Sweep(sweep), Some(plan)) = (&request, Input::read(&dir.join(PLAN))) {
            // A plan can grow, so results have it as it was last, and not among what they cannot be without.
            let path = sweep.plan.display().to_string();
            inputs.push(Input { path, ..plan });
        }
        Ok(Self {
            words: request.words(),
            inputs,
            tables: tables.chain(files).collect(),
            seconds: sessions.iter().map(|session| session.2).sum(),
            sessions: sessions
                .into_iter()
                .map(|(machine, threads, seconds)| Session {
                    machine,
                    threads,
                    time: time(seconds, lang),
                })
                .collect(),
        })
    }

    fn of_plain(dir: &Path, about: &About) -> Result<Self, Problems> {
        let words = shlex::split(&about.command).unwrap_or_default();
        let words = words.into_iter().skip(1).collect();
        // Those that such commands write: tables, texts and layouts, but none of their runs.
        let mut tables = Vec::new();
        for folder in ["", "chosen", "layouts"] {
            let entries = fs::read_dir(dir.join(folder))
                .into_iter()
                .flatten()
                .flatten();
            for entry in entries {
                let file = entry.file_name().to_string_lossy().into_owned();
                let plan = folder.is_empty() && !WRITTEN.contains(&file.as_str());
                let layout = file.ends_with(".toml") && !plan;
                let known = file.ends_with(".csv") || layout || file.starts_with("summary.");
                if known && entry.path().is_file() {
                    tables.push(Table {
                        file: Path::new(folder).join(file).display().to_string(),
                        what: String::new(),
                        sha256: None,
                    });
                }
            }
        }
        tables.sort_by(|a, b| a.file.cmp(&b.file));
        Ok(Self {
            words,
            inputs: about.inputs.clone(),
            tables,
            sessions: Vec::new(),
            seconds: 0.0,
        })
    }
}

/// Writes all of it.
fn write(
    to: &Path,
    dir: &Path,
    name: &str,
    (citation, made, inputs): (Citation, Made, Inputs),
    report: Option<&Report>,
    lang: Lang,
) -> Result<(), StoreError> {
    let put = |from: &Path, path: &str| {
        let path = to.join(path);
        let folder = path.parent().unwrap_or(to);
        fs::create_dir_all(folder).map_err(failed("make folder", folder))?;
        fs::copy(from, &path).map_err(failed("write", &path))?;
        Ok(())
    };
    let inside = |path: &Path| {
        let below = path.strip_prefix(&inputs.root).unwrap_or(path);
        Path::new(INPUTS).join(below).display().to_string()
    };
    let mut size = 0;
    let mut listed = Vec::new();
    for (path, sum) in &inputs.files {
        put(path, &inside(path))?;
        let bytes = fs::metadata(path).map_err(failed("read", path))?.len();
        size += bytes;
        listed.push(Listed {
            path: inside(path),
            bytes,
            sha256: sum.clone(),
        });
    }
    for path in &inputs.papers {
        put(path, &inside(path))?;
    }
    let into = Path::new("results").join(name);
    let mut sums = BTreeMap::new();
    let there = |file: &str| dir.join(file).is_file();
    // main.sh makes tables that are not here, and holds them against what the results say of them.
    let kept = made.tables.iter().map(|table| table.file.as_str());
    for file in kept.chain(OF_ITS_MAKING).filter(|file| there(file)) {
        let path = dir.join(file);
        put(&path, &into.join(file).display().to_string())?;
        size += fs::metadata(&path).map_err(failed("read", &path))?.len();
    }
    for Table { file, sha256, .. } in &made.tables {
        let sum = match sha256 {
            Some(sum) => sum.clone(),
            None => checksum(&dir.join(file))?,
        };
        sums.insert(file.as_str(), sum);
    }
    let lines = sums.iter().map(|(file, sum)| format!("{sum}  {file}\n"));
    let lines: String = lines.collect();
    text_file(&to.join(CHECKSUMS), &lines)?;
    let drawn = match report {
        Some(report) => exhibits(to, report, lang)?,
        None => Vec::new(),
    };
    let arguments = line(&inputs.words);
    let tables = made.tables.iter();
    let tables = tables.filter(|table| !table.file.ends_with(".toml"));
    let tables = tables.map(|Table { file, what, .. }| Exhibit {
        name: Path::new(file)
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        what: what.replace('|', r"\|"),
        file: match there(file) {
            true => format!("results/{name}/{file}"),
            false => format!("replicated/{name}/{file}"),
        },
        by: say!(lang, "package-by"),
    });
    let figures = !drawn.is_empty();
    let package = Package {
        lang,
        // A line of its own in the script, where what follows a line's end would be a command.
        title: report
            .map_or(&citation.name, |report| &report.title)
            .replace(char::is_control, " "),
        told: match lang {
            Lang::En => citation.text_en.clone(),
            Lang::Zh => citation.text_zh.clone(),
        },
        version: citation.version.clone(),
        commit: citation.commit.clone(),
        repository: repository(),
        seed: citation.seed,
        time: (made.seconds > 0.0).then(|| time(made.seconds, lang)),
        papers: inputs.papers.iter().map(|path| inside(path)).collect(),
        inputs: listed,
        sessions: made.sessions,
        size: format!("{:.1} MB", size as f64 / 1e6),
        page: page(lang),
        done: say!(lang, "package-same"),
        command: format!("pointplane {arguments}"),
        arguments,
        name_quoted: quote(name),
        name: name.to_owned(),
        figures,
        reported: report.is_some(),
        partly: made.tables.iter().any(|table| !there(&table.file)),
        format: FigureFormat::Svg.extension(),
        exhibits: drawn.into_iter().chain(tables).collect(),
        citation: say!(lang, "package-cite").to_owned(),
        bibtex: citation.bibtex.clone(),
    };
    let readme = match lang {
        Lang::En => English { p: &package }.render(),
        Lang::Zh => Chinese { p: &package }.render(),
    };
    let script = Script { p: &package }.render();
    let unwritten = |error: askama::Error| StoreError::Io {
        action: "write",
        path: to.to_owned(),
        source: std::io::Error::other(error),
    };
    text_file(&to.join("README.md"), &readme.map_err(unwritten)?)?;
    text_file(&to.join("main.sh"), &script.map_err(unwritten)?)
}

fn text_file(path: &Path, text: &str) -> Result<(), StoreError> {
    atomic_write(path, |file| {
        file.write_all(text.trim_end().as_bytes())?;
        file.write_all(b"\n")
    })
}

/// Draws the figures and writes the report.
fn exhibits(to: &Path, report: &Report, lang: Lang) -> Result<Vec<Exhibit>, StoreError> {
    let other = |path: &Path, error: String| StoreError::Io {
        action: "write",
        path: path.to_owned(),
        source: std::io::Error::other(error),
    };
    let path = to.join(page(lang));
    let html = report
        .html()
        .map_err(|error| other(&path, error.to_string()))?;
    text_file(&path, &html)?;
    let folder = to.join(FIGURES);
    let mut figures = Vec::new();
    let mut hear = |drawn: &Drawn| {
        figures.push(Exhibit {
            name: drawn.id.clone(),
            what: drawn.title.replace('|', r"\|"),
            file: way(to, &drawn.path).display().to_string(),
            by: "`pointplane figures`",
        });
    };
    let drawn = draw(report, &folder, Width::Page, FigureFormat::Svg, &mut hear);
    drawn.map_err(|error| match error {
        Undrawn::Store(error) => error,
        Undrawn::Export(error) => other(&folder, error.text().told(lang)),
        Undrawn::Drawing(error) => other(&folder, error.told(lang)),
    })?;
    Ok(figures)
}
