//! What a report holds: gathered from a results folder and, where it is at hand, from its scenario.

use std::path::{Path, PathBuf};

use crate::experiment::Request;
use crate::experiment::request;
use crate::experiment::sweep::summary::{SUMMARY, Summary, Swept};
use crate::scenario::tables::Kind;
use crate::scenario::{Loaded, Scenario};
use crate::shell::quote;
use crate::store::{Counts, Folder, Manifest, ResultKind, StoreError, Sweep, at_hand, unbound};
use crate::texts::{Text, say, spoken, text};
use crate::world::World;

use super::answer::{Answer, turning};
use super::differences;
use super::figures::{
    ComparisonData, Names, PARTS, RunData, SweepData, comparison_answer, comparison_figures,
    comparison_map, left_out, places_table, run_answer, run_figures, sweep_answer, sweep_figures,
};
use super::findings::{About, findings};
use super::lang::{self, Lang};
use super::not_varied;
use super::page::{Report, View, map_text};
use super::sweep::{design_word, pool};
use super::table::is_there;

/// Why results cannot be reported on.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Tables that cannot be read.
    Store(#[from] StoreError),
    /// Results of another kind.
    Kind {
        /// The folder.
        dir: String,
        /// What it holds.
        kind: ResultKind,
    },
    /// A sweep whose tables are not made.
    NotMerged {
        /// The folder.
        dir: PathBuf,
        /// What makes them.
        command: String,
    },
    /// Results in steps of days.
    Steps {
        /// The folder.
        dir: String,
    },
    /// A drawing that failed.
    Drawing(Text),
}

impl ReportError {
    /// The error in words.
    pub fn text(&self) -> Text {
        match self {
            Self::Store(error) => error.text(),
            Self::Kind { dir, kind } => text!("report-kind", dir, kind),
            Self::NotMerged { dir, command } => {
                text!(
                    "report-not-merged",
                    dir = dir.display().to_string(),
                    command
                )
            }
            Self::Steps { dir } => text!("report-steps", dir),
            Self::Drawing(why) => text!("report-drawing", why),
        }
    }
}

spoken!(ReportError);

/// The layouts of results with their names, the baseline first; or why they are not at hand.
pub type Layouts<'l> = Result<&'l [(String, Loaded)], &'l Text>;

/// Gathers the report of the results in `dir`.
///
/// # Errors
/// Tables that are damaged or not complete, results of another kind.
pub fn report(
    dir: &Path,
    manifest: &Manifest,
    layouts: Layouts<'_>,
    lang: Lang,
) -> Result<Report, ReportError> {
    let loaded = layouts.unwrap_or(&[]);
    let names = Names::new(lang, loaded.iter().map(|(_, loaded)| loaded)).with_titles(manifest);
    let of = match manifest.kind {
        ResultKind::Run => run,
        ResultKind::Comparison => comparison,
        kind => {
            return Err(ReportError::Kind {
                dir: dir.display().to_string(),
                kind,
            });
        }
    };
    // Tables that are not made yet would each be told as one that was not kept.
    let (_, missing) = at_hand(dir)?;
    let mut report = of(dir, manifest, loaded, &names)?;
    if let Err(why) = layouts {
        let what = say!(lang, "fact-scenario");
        report.facts.push((what.to_owned(), why.told(lang)));
    }
    report.lacks(missing);
    Ok(report)
}

/// Gathers the report of the sweep in `dir`: of what is in its tables.
///
/// # Errors
/// Tables that are damaged or not made; a folder without a sweep.
pub fn sweep_report(dir: &Path, lang: Lang) -> Result<Report, ReportError> {
    let folder = Folder::open(dir)?;
    let Some(swept) = Swept::of(&folder) else {
        return Err(ReportError::Store(StoreError::NotASweep {
            dir: dir.to_path_buf(),
        }));
    };
    let (manifest, missing) = at_hand(dir).map_err(|error| match error {
        StoreError::NotMade { dir, .. } => ReportError::NotMerged {
            command: format!("pointplane sweep merge {}", quote(&dir.to_string_lossy())),
            dir,
        },
        error => error.into(),
    })?;
    let summary = match is_there(dir, &manifest, "outcomes") {
        true => Some(Summary::of(&folder)?),
        false => None,
    };
    let data = SweepData::new(&manifest, swept, summary.as_ref());
    let sweep = swept.sweep;
    let [points, replicates, seed] = [
        manifest.points.to_string(),
        manifest.replicates.to_string(),
        manifest.seed.to_string(),
    ];
    let Counts {
        all: runs,
        done,
        failed,
        missing: left,
        ..
    } = manifest.jobs;
    let status = say!(lang, "status-of-runs", done, runs, failed, left);
    let names = Names::new(lang, []).with_titles(&manifest);
    let layouts: Vec<&str> = swept.layouts.iter().map(|l| names.layout(l)).collect();
    let baseline = swept.layouts.first().map_or("", |base| names.title(base));
    let compared = names.quoted(swept.layouts.iter().take(swept.policies()).skip(1));
    let layouts = layouts.join(say!(lang, "list-semicolon"));
    let plan = format!("{} ({})", sweep.name, sweep.plan);
    let parameters: Vec<&str> = sweep.parameters.iter().map(|p| p.key.as_str()).collect();
    let file = |name: &str| {
        let sum = manifest.sha256_of(name).unwrap_or_default();
        (name.to_owned(), sum.to_owned())
    };
    let of_layouts = matches!(Request::of(&manifest), Some(Request::Compare(_)));
    let (kind, name, subject) = match of_layouts {
        true => (
            say!(lang, "comparison-kind"),
            &titled(dir, &manifest, lang),
            say!(lang, "over-subject"),
        ),
        false => (
            say!(lang, "sweep-kind"),
            &sweep.name,
            say!(lang, "sweep-subject"),
        ),
    };
    let of_summary = summary.as_ref();
    let of_pool = of_summary.map(|summary| pool(summary, lang));
    let replicates = format!("{replicates}{}", of_pool.unwrap_or_default());
    let sure = of_summary.and_then(|summary| Answer::of_draws(summary, &manifest, lang));
    // The answer over draws says it itself.
    let turns = of_summary.filter(|_| sure.is_none());
    let turns = turns.map_or_else(Vec::new, |summary| turning(summary, &manifest, lang));
    let figures = sweep_figures(&data, &names);
    let mut report = Report {
        lang,
        kind: kind.to_owned(),
        title: match lang.name("", &sweep.title, &sweep.title_zh) {
            title if !of_layouts && !title.is_empty() => title.to_owned(),
            _ => format!("{name}{}{subject}", say!(lang, "colon")),
        },
        question: match of_layouts {
            true => say!(lang, "comparison-question", layouts = compared, baseline),
            false => say!(lang, "sweep-question").to_owned(),
        },
        answer: match sweep.parameters.len() {
            // Of one point there is nothing to say on parameters.
            0 => Vec::new(),
            _ if !turns.is_empty() => turns,
            // What the table of the answer says is not said again.
            _ if sure.is_some() => left_out(&data, &names).into_iter().collect(),
            _ => sweep_answer(&data, &names),
        },
        limits: match sure.as_ref().is_some_and(Answer::is_drawn) {
            true => say!(lang, "limits-drawn").to_owned(),
            false => limits(lang).to_owned(),
        },
        sure,
        findings: findings(&figures, &About::new(&names, None)),
        figures,
        command: sweep_command(&manifest, sweep, dir),
        facts: facts_of(&[
            (say!(lang, "fact-version"), &manifest.version),
            (say!(lang, "fact-commit"), &manifest.commit),
            (say!(lang, "fact-scenario"), &manifest.scenario),
            (say!(lang, "fact-layouts"), &layouts),
            (say!(lang, "fact-plan"), &plan),
            (say!(lang, "fact-design"), design_word(&sweep.design, lang)),
            (say!(lang, "fact-parameters"), &parameters.join(", ")),
            (say!(lang, "fact-points"), &points),
            (say!(lang, "fact-replicates-each"), &replicates),
            (say!(lang, "fact-status"), &status),
            (say!(lang, "fact-seed"), &seed),
            (say!(lang, "fact-fingerprint"), &manifest.fingerprint),
        ]),
        sums: [file("plan.toml"), file("points.csv")]
            .into_iter()
            .chain(sums(&manifest))
            .collect(),
        stale: unbound(dir, SUMMARY, &manifest)?,
        partial: (done < runs).then_some(manifest.jobs),
        ..Report::default()
    };
    report.lacks(missing);
    Ok(report)
}

/// The scenario of a sweep by its title, as it stands in the folder; by its name where it has none.
fn titled(dir: &Path, manifest: &Manifest, lang: Lang) -> String {
    let resolved = std::fs::read_to_string(dir.join("scenario.resolved.toml"));
    let resolved: toml::Table = resolved
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    let of = |key: &str| {
        resolved
            .get(key)
            .and_then(toml::Value::as_str)
            .unwrap_or("")
    };
    lang.name(&manifest.scenario, of("title"), of("title_zh"))
        .to_owned()
}

/// The commands that make a sweep again, to be given where it was begun.
fn sweep_command(manifest: &Manifest, sweep: &Sweep, dir: &Path) -> String {
    let begun = || {
        Request::Sweep(request::Sweep {
            plan: sweep.plan.clone().into(),
        })
    };
    let run = Request::of(manifest)
        .unwrap_or_else(begun)
        .command(Some(dir));
    let folder = quote(&dir.to_string_lossy());
    format!("{run}\npointplane sweep summary {folder}")
}

/// Checksums of the tables and of what the scenario was read from: file, SHA-256.
fn sums(manifest: &Manifest) -> impl Iterator<Item = (String, String)> + '_ {
    let tables = manifest.tables.iter();
    let tables = tables.map(|t| (t.file.clone(), t.sha256.clone().unwrap_or_default()));
    let inputs = manifest.inputs.iter();
    tables.chain(inputs.map(|input| (input.path.clone(), input.sha256.clone())))
}

impl Report {
    /// Names tables that are not in the folder.
    pub(super) fn lacks(&mut self, missing: Vec<String>) {
        if !missing.is_empty() {
            let what = say!(self.lang, "fact-missing").to_owned();
            self.facts.push((what, missing.join(", ")));
        }
        self.missing = missing;
    }
}

fn limits(lang: Lang) -> &'static str {
    say!(lang, "limits")
}

fn facts_of(list: &[(&str, &str)]) -> Vec<(String, String)> {
    let some = list.iter().filter(|(_, value)| !value.is_empty());
    some.map(|(what, value)| ((*what).to_owned(), (*value).to_owned()))
        .collect()
}

/// What all reports of runs and comparisons have.
pub(super) fn base(
    dir: &Path,
    manifest: &Manifest,
    loaded: &[(String, Loaded)],
    names: &Names,
) -> Report {
    let lang = names.lang;
    let scenario = loaded.first().map(|(_, loaded)| &loaded.scenario);
    let title = scenario.map_or(manifest.scenario.as_str(), |scenario| {
        lang.name(&manifest.scenario, &scenario.title, &scenario.title_zh)
    });
    let replicates = manifest.replicates.to_string();
    let seed = manifest.seed.to_string();
    let asked = Request::of(manifest);
    let interval = manifest
        .comparison
        .as_ref()
        .map(|c| c.derivation.interval.clone());
    let resolved = "scenario.resolved.toml";
    let sum = manifest.sha256_of(resolved).unwrap_or_default();
    let resolved = (resolved.to_owned(), sum.to_owned());
    let firms = loaded.first().and_then(|(_, loaded)| firms(loaded, lang));
    let of_all: Vec<&str> = (manifest.layouts.iter())
        .map(|layout| names.layout(&layout.name))
        .collect();
    let layouts: Vec<&str> = match &manifest.comparison {
        Some(comparison) => std::iter::once(&comparison.baseline)
            .chain(&comparison.derivation.compared)
            .map(String::as_str)
            .collect(),
        None if manifest.layout.is_empty() => vec!["base"],
        None => vec![&manifest.layout],
    };
    Report {
        lang,
        title: match &firms {
            // The title is the file's and may name another number.
            Some((told, true)) => format!("{title} ({told})"),
            _ => title.to_owned(),
        },
        plan: not_varied::plan(&layouts, lang),
        limits: limits(lang).to_owned(),
        command: asked
            .map(|asked| asked.command(Some(dir)))
            .unwrap_or_default(),
        facts: facts_of(&[
            (say!(lang, "fact-version"), &manifest.version),
            (say!(lang, "fact-commit"), &manifest.commit),
            (
                say!(lang, "fact-scenario-layout"),
                &format!(
                    "{}{}{}",
                    manifest.scenario,
                    say!(lang, "list-semicolon"),
                    or_none(names.layout(&manifest.layout))
                ),
            ),
            (
                say!(lang, "fact-layouts"),
                &match manifest.kind {
                    ResultKind::Comparison => of_all.join(say!(lang, "list-semicolon")),
                    _ => String::new(),
                },
            ),
            (say!(lang, "fact-seed"), &seed),
            (say!(lang, "fact-replicates"), &replicates),
            (
                say!(lang, "fact-firms"),
                &firms.map(|(told, _)| told).unwrap_or_default(),
            ),
            (say!(lang, "fact-interval"), &interval.unwrap_or_default()),
            (say!(lang, "fact-started"), manifest.started()),
        ]),
        sums: std::iter::once(resolved).chain(sums(manifest)).collect(),
        ..Report::default()
    }
}

/// How many firms a scenario resolves to, in words, and whether a layout or a setting made it another number
/// than the scenario file says; `None` without firms.
fn firms(loaded: &Loaded, lang: Lang) -> Option<(String, bool)> {
    let layer = loaded.scenario.firms.as_ref()?;
    let number = crate::world::firms::expected_firms(&loaded.scenario, layer).round();
    let grouped = lang::grouped(number);
    let told = say!(lang, "firms-number", grouped);
    let keys = ["number", "per_1000", "people_per_weight", "file"];
    let changed = keys
        .iter()
        .any(|key| loaded.is_overlaid(&format!("firms.{key}")));
    Some((told, changed))
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}

fn run(
    dir: &Path,
    manifest: &Manifest,
    loaded: &[(String, Loaded)],
    names: &Names,
) -> Result<Report, ReportError> {
    let lang = names.lang;
    let data = RunData::read(dir, manifest)?;
    if data.national.is_some() && data.start.is_none() {
        let dir = dir.display().to_string();
        return Err(ReportError::Steps { dir });
    }
    let scenario = loaded.first().map(|(_, loaded)| &loaded.scenario);
    let placed = scenario.is_none_or(has_positions);
    let world = scenario.and_then(|scenario| World::new(scenario).ok());
    let views: Vec<View<'_>> = scenario
        .iter()
        .zip(&data.places)
        .map(|(scenario, history)| View {
            name: names.layout(&scenario.layout).to_owned(),
            scenario,
            history,
            structures: data.structures.as_ref().map(|all| (all, data.replicates)),
            plane_share: data.means("plane_share"),
            sources: data.spillovers.as_ref(),
        })
        .collect();
    // The map that moves counts months.
    let moves = placed && data.step <= 1;
    let views = if moves { views } else { Vec::new() };
    let map = map_text(&views, Some(&data), names).unwrap_or_default();
    let mut figures = run_figures(&data, scenario, world.as_ref(), names);
    figures.retain(|figure| match figure.id.as_str() {
        id if MAPS.contains(&id) => placed,
        "structures" => scenario.is_none_or(|s| s.line.structures || has_zones(s)),
        "batches" => scenario.is_none_or(|s| !s.plane.evaluations.is_empty() || has_zones(s)),
        _ => true,
    });
    let mut tables = Vec::new();
    if let Some(history) = &data.places {
        tables.push((
            "places".to_owned(),
            say!(lang, "places-title").to_owned(),
            say!(lang, "places-about").to_owned(),
            places_table(history, &data, scenario, names),
        ));
    }
    let layout = or_none(names.layout(&manifest.layout));
    Ok(Report {
        kind: say!(lang, "run-kind").to_owned(),
        question: if manifest.layout.is_empty() {
            say!(lang, "run-question").to_owned()
        } else {
            say!(lang, "run-question-layout", layout)
        },
        answer: run_answer(&data, lang),
        views: views.iter().map(|view| view.name.clone()).collect(),
        map_note: map_note(&data, lang),
        map,
        findings: findings(&figures, &About::new(names, scenario)),
        figures,
        tables,
        ..base(dir, manifest, loaded, names)
    })
}

/// Figures of a run that show places where they are.
const MAPS: [&str; 2] = ["map", "local-moran"];

/// Whether places have positions; without any all stand at 0.
pub(super) fn has_positions(scenario: &Scenario) -> bool {
    let mut places = scenario.places.iter();
    places.any(|place| place.lon != 0.0 || place.lat != 0.0)
}

/// Whether there are zones; without any, given items spread, and nothing else.
fn has_zones(scenario: &Scenario) -> bool {
    scenario.places.iter().any(|place| place.kind == Kind::Zone)
}

/// What to know of the map of a run.
fn map_note(data: &RunData, lang: Lang) -> String {
    let kept = data.places.as_ref().map_or(0, |places| places.months.len());
    let some = kept > 0 && kept < data.months();
    let between = say!(lang, "map-note-kept");
    let structures = structures_note(data.structures.is_some(), lang);
    format!("{structures}{}", if some { between } else { "" })
}

/// How structures are drawn, when they were kept.
fn structures_note(kept: bool, lang: Lang) -> &'static str {
    if kept {
        say!(lang, "structures-note")
    } else {
        say!(lang, "structures-not-kept")
    }
}

fn comparison(
    dir: &Path,
    manifest: &Manifest,
    loaded: &[(String, Loaded)],
    names: &Names,
) -> Result<Report, ReportError> {
    let lang = names.lang;
    let data = ComparisonData::read(dir, manifest)?;
    let of = |name: &str| differences::layout(loaded, name);
    let differences = differences::from_one(loaded, (&data.baseline, &data.layouts), names);
    let mut figures = comparison_figures(&data, names);
    let views: Vec<View<'_>> = std::iter::once(&data.baseline)
        .chain(&data.layouts)
        .filter_map(|layout| {
            Some(View {
                name: names.layout(layout).to_owned(),
                scenario: &of(layout)?.scenario,
                history: data.places.as_ref()?.get(layout)?,
                structures: data
                    .structures
                    .as_ref()
                    .and_then(|all| Some((all.get(layout)?, PARTS))),
                plane_share: data.means(layout, "plane_share"),
                sources: data.sources.as_ref().and_then(|all| all.get(layout)),
            })
        })
        .collect();
    let map = map_text(&views, None, names).unwrap_or_default();
    let scenarios: Vec<(&str, &Scenario)> = loaded
        .iter()
        .map(|(name, loaded)| (name.as_str(), &loaded.scenario))
        .collect();
    figures.insert(0, comparison_map(&data, &scenarios, names));
    let about = About {
        baseline: &data.baseline,
        primary: data.primary.as_deref(),
        ..About::new(names, of(&data.baseline).map(|loaded| &loaded.scenario))
    };
    let findings = findings(&figures, &about);
    Ok(Report {
        kind: say!(lang, "comparison-kind").to_owned(),
        question: say!(
            lang,
            "comparison-question",
            layouts = names.quoted(&data.layouts),
            baseline = names.title(&data.baseline)
        ),
        sure: data
            .effects
            .as_ref()
            .and_then(|effects| Answer::of_luck(effects, manifest, lang)),
        answer: comparison_answer(&data, names),
        differences,
        views: views.iter().map(|view| view.name.clone()).collect(),
        map_note: if data.structures.is_some() {
            format!(
                "{} {}",
                structures_note(true, lang),
                say!(lang, "map-note-difference")
            )
        } else {
            structures_note(false, lang).to_owned()
        },
        map,
        findings,
        figures,
        ..base(dir, manifest, loaded, names)
    })
}
