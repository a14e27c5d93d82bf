//! What a report holds: gathered from a results folder and, where it is at hand, from its scenario.

use std::path::Path;

use crate::experiment::Request;
use crate::experiment::sweep::summary::Swept;
use crate::scenario::{Loaded, Scenario, diff};
use crate::store::{Folder, Manifest, ResultKind, StoreError, Sweep, whole, whole_as_made};
use crate::world::World;

use super::differences;
use super::figures::{
    ComparisonData, Names, PARTS, RunData, SweepData, comparison_answer, comparison_figures,
    comparison_map, places_table, run_answer, run_figures, sweep_answer, sweep_figures,
};
use super::lang::{self, Lang};
use super::not_varied;
use super::page::{Report, View, map_text};

/// Why results cannot be reported on.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Tables that cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Results of another kind.
    #[error(
        "{dir} holds {kind}: a report is made of a run, a comparison or a sweep; an explanation is read with its command"
    )]
    Kind {
        /// The folder.
        dir: String,
        /// What it holds.
        kind: ResultKind,
    },
    /// A drawing that failed.
    #[error("a figure cannot be drawn: {0}")]
    Drawing(String),
}

/// The layouts of results with their names, the baseline first; or why they are not at hand.
pub type Layouts<'l> = Result<&'l [(String, Loaded)], &'l str>;

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
    // Tables that are not made yet would each be told as one that was not kept.
    if matches!(manifest.kind, ResultKind::Run | ResultKind::Comparison) {
        whole(dir)?;
    }
    let loaded = layouts.unwrap_or(&[]);
    let names = Names::new(lang, loaded.iter().map(|(_, loaded)| loaded));
    let mut report = match manifest.kind {
        ResultKind::Run => run(dir, manifest, loaded, &names)?,
        ResultKind::Comparison => comparison(dir, manifest, loaded, &names)?,
        kind => {
            return Err(ReportError::Kind {
                dir: dir.display().to_string(),
                kind,
            });
        }
    };
    if let Err(why) = layouts {
        let what = lang.of("Scenario", "情景");
        report.facts.push((what.to_owned(), why.to_owned()));
    }
    Ok(report)
}

/// Gathers the report of the sweep in `dir`.
///
/// # Errors
/// A table or a manifest that cannot be read.
pub fn sweep_report(dir: &Path, lang: Lang) -> Result<Report, ReportError> {
    let folder = Folder::open(dir)?;
    let manifest = folder.manifest();
    let Some(swept) = Swept::of(&folder) else {
        return Err(ReportError::Store(StoreError::NotASweep {
            dir: dir.to_path_buf(),
        }));
    };
    // Before its tables are made there is nothing to be checked.
    match whole_as_made(dir) {
        Ok(_) | Err(StoreError::NotMade { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let data = SweepData::read(dir, &folder, swept)?;
    let sweep = swept.sweep;
    let [points, replicates, seed] = [
        manifest.points.to_string(),
        manifest.replicates.to_string(),
        manifest.seed.to_string(),
    ];
    // A sweep that does not name its plan keeps it, and its scenario is named from where the plan was.
    let plan = match sweep.plan.as_str() {
        "" => match lang {
            Lang::En => format!(
                "this sweep does not say where its plan was; plan.toml in its folder is a copy, in which scenario = \"{}\" is named from there",
                sweep.scenario
            ),
            Lang::Zh => format!(
                "本次扫描未记录计划文件的位置；其目录中的 plan.toml 是副本，其中 scenario = \"{}\" 相对于原位置",
                sweep.scenario
            ),
        },
        plan => plan.to_owned(),
    };
    let parameters: Vec<&str> = sweep.parameters.iter().map(|p| p.key.as_str()).collect();
    let file = |name: &str| {
        let sum = manifest.sha256_of(name).unwrap_or_default();
        (name.to_owned(), sum.to_owned())
    };
    let mut sums = vec![file("plan.toml"), file("points.csv")];
    let inputs = manifest.inputs.iter();
    sums.extend(inputs.map(|input| (input.path.clone(), input.sha256.clone())));
    Ok(Report {
        lang,
        kind: lang.of("sweep over parameters", "参数扫描").to_owned(),
        title: format!(
            "{}: {}",
            sweep.name,
            lang.of("what the parameters do", "参数的影响")
        ),
        question: lang
            .of(
                "Which parameters move the outcomes, by how much, and how sure is that?",
                "哪些参数影响结果，影响多大，把握如何？",
            )
            .to_owned(),
        answer: sweep_answer(&data, lang),
        limits: limits(lang).to_owned(),
        figures: sweep_figures(&data, lang),
        command: sweep_command(sweep, dir, lang),
        facts: facts_of(
            lang,
            &[
                ("Version", "版本", &manifest.version),
                ("Commit", "提交", &manifest.commit),
                ("Scenario", "情景", &manifest.scenario),
                ("Layouts", "布局", &swept.layouts.join(", ")),
                ("Plan", "计划文件", &plan),
                ("Design", "设计", &sweep.design),
                ("Parameters", "参数", &parameters.join(", ")),
                ("Points", "点数", &points),
                ("Replicates of each point", "每点重复次数", &replicates),
                ("Seed", "种子", &seed),
                ("Fingerprint", "指纹", &manifest.fingerprint),
            ],
        ),
        sums,
        ..Report::default()
    })
}

/// The commands that make a sweep again, to be given where it was begun.
fn sweep_command(sweep: &Sweep, dir: &Path, lang: Lang) -> String {
    let folder = quoted(&dir.to_string_lossy());
    let plan = match sweep.plan.as_str() {
        "" => lang.of("PLAN", "计划文件").to_owned(),
        plan => quoted(plan),
    };
    format!("pointplane sweep run {plan} --out {folder}\npointplane sweep summary {folder}")
}

fn limits(lang: Lang) -> &'static str {
    lang.of(
        "Results are conditional on the model and its parameters, which are documented judgements and not estimates. Intervals over replicates show luck only. Adopted innovations are not growth.",
        "结果以模型及其参数为条件；参数是有记录的主观设定，不是估计值。重复间的区间只反映运气。采纳的创新不等于经济增长。",
    )
}

fn facts_of(lang: Lang, list: &[(&str, &str, &str)]) -> Vec<(String, String)> {
    let some = list.iter().filter(|(_, _, value)| !value.is_empty());
    some.map(|(en, zh, value)| (lang.of(en, zh).to_owned(), (*value).to_owned()))
        .collect()
}

/// What all reports of runs and comparisons have.
fn base(dir: &Path, manifest: &Manifest, loaded: &[(String, Loaded)], names: &Names) -> Report {
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
    let mut sums: Vec<(String, String)> = manifest
        .tables
        .iter()
        .map(|table| (table.file.clone(), table.sha256.clone().unwrap_or_default()))
        .collect();
    let resolved = "scenario.resolved.toml";
    let sum = manifest.sha256_of(resolved).unwrap_or_default();
    sums.push((resolved.to_owned(), sum.to_owned()));
    let inputs = manifest.inputs.iter();
    sums.extend(inputs.map(|input| (input.path.clone(), input.sha256.clone())));
    let firms = loaded.first().and_then(|(_, loaded)| firms(loaded, lang));
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
        plan: not_varied::plan(&layouts),
        limits: limits(lang).to_owned(),
        command: asked
            .map(|asked| asked.command(Some(dir)))
            .unwrap_or_default(),
        facts: facts_of(
            lang,
            &[
                ("Version", "版本", &manifest.version),
                ("Commit", "提交", &manifest.commit),
                (
                    "Scenario, layout",
                    "情景、布局",
                    &format!("{}, {}", manifest.scenario, or_none(&manifest.layout)),
                ),
                ("Seed", "种子", &seed),
                ("Replicates", "重复次数", &replicates),
                (
                    "Firms",
                    "企业",
                    &firms.map(|(told, _)| told).unwrap_or_default(),
                ),
                ("Interval", "区间", &interval.unwrap_or_default()),
                ("Started", "开始", manifest.started()),
            ],
        ),
        sums,
        ..Report::default()
    }
}

/// How many firms a scenario resolves to, in words, and whether a layout or a setting made it another number
/// than the scenario file says; `None` without firms.
fn firms(loaded: &Loaded, lang: Lang) -> Option<(String, bool)> {
    let layer = loaded.scenario.firms.as_ref()?;
    let number = crate::world::firms::expected_firms(&loaded.scenario, layer).round();
    let grouped = lang::grouped(number);
    let told = match lang {
        Lang::En => format!("{grouped} firms"),
        Lang::Zh => format!("{grouped} 家企业"),
    };
    let keys = ["number", "per_1000", "people_per_weight", "file"];
    let changed = keys
        .iter()
        .any(|key| loaded.is_overlaid(&format!("firms.{key}")));
    Some((told, changed))
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn run(
    dir: &Path,
    manifest: &Manifest,
    loaded: &[(String, Loaded)],
    names: &Names,
) -> Result<Report, ReportError> {
    let lang = names.lang;
    let data = RunData::read(dir, manifest)?;
    let scenario = loaded.first().map(|(_, loaded)| &loaded.scenario);
    let world = scenario.and_then(|scenario| World::new(scenario).ok());
    let views: Vec<View<'_>> = scenario
        .iter()
        .zip(&data.places)
        .map(|(scenario, history)| View {
            name: scenario.layout.clone(),
            scenario,
            history,
            structures: data.structures.as_ref().map(|all| (all, data.replicates)),
            plane_share: data.means("plane_share"),
            sources: data.spillovers.as_ref(),
        })
        .collect();
    let map = map_text(&views, Some(&data), names).unwrap_or_default();
    let mut tables = Vec::new();
    if let Some(history) = &data.places {
        tables.push((
            "places".to_owned(),
            lang.of("Places", "各地").to_owned(),
            lang.of(
                "Each place at the end of the run. Months: median over the replicates, of the kept months, in which the scale is first seen, where at least half of the replicates reach it. Credit: adoptions over the run, mean of the replicates.",
                "期末各地情况。月份：各次重复中首次出现该尺度的（所保存）月份的中位数，至少半数重复达到时给出。贡献：全程采纳数，各次重复的均值。",
            )
            .to_owned(),
            places_table(history, &data, scenario, names),
        ));
    }
    let layout = or_none(&manifest.layout);
    Ok(Report {
        kind: lang.of("run", "单次布局的模拟").to_owned(),
        question: match (lang, manifest.layout.is_empty()) {
            (Lang::En, true) => "How do institutional innovations spread over the country, from point to plane, and what do they respond to?".to_owned(),
            (Lang::En, false) => format!("How do institutional innovations spread over the country with the layout {layout}, from point to plane, and what do they respond to?"),
            (Lang::Zh, true) => "制度创新如何由点到面在全国传播，又是对什么作出的反应？".to_owned(),
            (Lang::Zh, false) => format!("在布局 {layout} 下，制度创新如何由点到面在全国传播，又是对什么作出的反应？"),
        },
        answer: run_answer(&data, lang),
        views: views.iter().map(|view| view.name.clone()).collect(),
        map_note: map_note(&data, lang),
        map,
        figures: run_figures(&data, scenario, world.as_ref(), names),
        tables,
        ..base(dir, manifest, loaded, names)
    })
}

/// What to know of the map of a run.
fn map_note(data: &RunData, lang: Lang) -> String {
    let kept = data.places.as_ref().map_or(0, |places| places.months.len());
    let some = kept > 0 && kept < data.months();
    let between = lang.of(
        " Stock and scale of places were kept at some months only (`--every` says which): between them the stock is drawn on a straight line and the scale is that of the month before; a run with `--every 1` keeps all.",
        "各地存量与尺度只保存了部分月份（由 `--every` 决定）：其间存量按直线内插，尺度取前一保存月份；`--every 1` 保存全部月份。",
    );
    let structures = structures_note(data.structures.is_some(), lang);
    format!("{structures}{}", if some { between } else { "" })
}

/// How structures are drawn, when they were kept.
fn structures_note(kept: bool, lang: Lang) -> &'static str {
    if kept {
        lang.of(
            "A line is drawn stronger the more replicates it stands in; a circle is the hull of what its zone reaches over lines that at least half of the replicates have, inside its catchment; a broad band is an axis, in its strength the share of replicates; the background turns green as the plane forms.",
            "线越深，存续于越多次重复；圈为片区经由至少半数重复存续的线、在其腹地内所能到达之处的外廓；宽带为轴，深浅表示重复的比例；面形成时背景变绿。",
        )
    } else {
        lang.of(
            "Lines, circles, axes and the plane were not kept.",
            "未保存线、圈、轴与面。",
        )
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
    let of = |name: &str| {
        loaded
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, l)| l)
    };
    let differences = data.layouts.iter().filter_map(|layout| {
        let (base, other) = (of(&data.baseline)?, of(layout)?);
        Some((
            layout.clone(),
            differences::lines(&diff(base, other), names),
        ))
    });
    let differences = differences.collect();
    let mut figures = comparison_figures(&data, names);
    let views: Vec<View<'_>> = std::iter::once(&data.baseline)
        .chain(&data.layouts)
        .filter_map(|layout| {
            Some(View {
                name: layout.clone(),
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
    let layouts = data.layouts.join(lang.of(", ", "、"));
    Ok(Report {
        kind: lang.of("comparison of layouts", "布局比较").to_owned(),
        question: match lang {
            Lang::En => format!(
                "What would {layouts} change against {}, for whom, when, and how sure are we?",
                data.baseline
            ),
            Lang::Zh => format!(
                "与 {} 相比，{layouts} 会改变什么，对谁，何时，有多大把握？",
                data.baseline
            ),
        },
        answer: comparison_answer(&data, lang),
        differences,
        views: views.iter().map(|view| view.name.clone()).collect(),
        map_note: if data.structures.is_some() {
            format!(
                "{} {}",
                structures_note(true, lang),
                lang.of(
                    "In the difference, orange are the lines, circles and axes that at least half of the replicates have in B and fewer than half in A; blue is the reverse.",
                    "差异图中，橙色为 B 中至少半数重复存续而 A 中不足半数的线、圈、轴；蓝色相反。",
                )
            )
        } else {
            structures_note(false, lang).to_owned()
        },
        map,
        figures,
        ..base(dir, manifest, loaded, names)
    })
}
