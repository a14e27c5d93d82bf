//! Forest plots: effects on the country, on groups, on provinces.

use crate::experiment::compare::catalogue::descriptions;
use crate::report::chart::{Axis, Chart, Mark, Panel, Row, Rows};
use crate::report::lang::Lang;

use super::super::names::Names;
use super::super::{Cell, Csv, Figure};
use super::data::{ComparisonData, EffectRow};
use super::{no_table, outcome_word};

pub(super) fn effects_csv() -> Csv {
    Csv::new(&[
        "layout",
        "outcome",
        "group_kind",
        "group",
        "horizon",
        "baseline_mean",
        "difference",
        "low",
        "high",
        "percent",
        "percent_low",
        "percent_high",
    ])
}

pub(super) fn put(csv: &mut Csv, e: &EffectRow) {
    let [percent, low, high] = e.percent().unwrap_or([f64::NAN; 3]);
    csv.row([
        Cell::from(e.layout.as_str()),
        e.outcome.as_str().into(),
        e.group_kind.as_str().into(),
        e.group.as_str().into(),
        e.horizon.into(),
        e.baseline.into(),
        e.difference.into(),
        e.low.into(),
        e.high.into(),
        percent.into(),
        low.into(),
        high.into(),
    ]);
}

/// A row of marks in per cent, one per layout; `None` when no layout has an effect there.
pub(super) fn row(
    data: &ComparisonData,
    csv: &mut Csv,
    label: &str,
    outcome: &str,
    kind: &str,
    group: &str,
) -> Option<Row> {
    let mut marks = Vec::new();
    for layout in &data.layouts {
        let Some(effect) = data.effect(layout, outcome, kind, group) else {
            continue;
        };
        put(csv, effect);
        let [at, low, high] = effect.percent().unwrap_or([f64::NAN; 3]);
        marks.push(Mark {
            colour: data.colour(layout),
            at,
            low,
            high,
            hollow: false,
        });
    }
    let some = marks.iter().any(|mark| mark.at.is_finite());
    some.then(|| Row {
        label: label.to_owned(),
        marks,
    })
}

pub(super) fn per_cent(lang: Lang) -> Axis {
    Axis::new(lang.of(
        "difference from the baseline, % of its mean",
        "与基准之差，占基准均值的 %",
    ))
}

pub(super) fn paired(data: &ComparisonData, lang: Lang) -> String {
    let at = data.horizon().map(|m| m.to_string()).unwrap_or_default();
    match lang {
        Lang::En => format!(
            "Paired differences at {at} against {} on the same luck, mean of {} replicates, with the 95 % interval of each mean by itself, in per cent of the baseline's mean. Intervals are over luck only: they say nothing of parameters or of the model. With many rows some intervals leave out 0 by chance.",
            data.baseline, data.replicates
        ),
        Lang::Zh => format!(
            "{at} 与 {} 在相同运气下的配对差，{} 次重复的均值及各自的 95 % 置信区间，占基准均值的百分比。区间只反映运气，不含参数与模型的不确定性。行数较多时，个别区间会偶然不含 0。",
            data.baseline, data.replicates
        ),
    }
}

pub(super) fn forest(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = effects_csv();
    let rows: Vec<Row> = descriptions()
        .filter(|outcome| outcome.horizon && outcome.better.is_some())
        .filter_map(|outcome| {
            let label = outcome_word(lang, outcome.name);
            row(data, &mut csv, label, outcome.name, "national", "")
        })
        .collect();
    figure_of_rows(
        data,
        lang,
        "forest",
        lang.of("What changes for the country", "对全国的影响"),
        rows,
        csv,
    )
}

pub(super) fn figure_of_rows(
    data: &ComparisonData,
    lang: Lang,
    id: &str,
    title: &str,
    rows: Vec<Row>,
    csv: Csv,
) -> Figure {
    let chart = if data.effects.is_none() {
        Err(no_table(lang, "effects"))
    } else {
        Ok(Chart {
            legend: data.legend(lang, false),
            panels: vec![Panel::Rows(Rows {
                title: String::new(),
                x: per_cent(lang),
                rows,
                rule: Some(0.0),
                bars: false,
            })],
        })
    };
    Figure {
        id: id.to_owned(),
        title: title.to_owned(),
        caption: paired(data, lang),
        chart,
        data: csv,
    }
}

/// The groups of a kind that have an effect on an outcome, in order of the table.
pub(super) fn of_kind<'d>(data: &'d ComparisonData, outcome: &str, kind: &str) -> Vec<&'d str> {
    let mut list: Vec<&str> = Vec::new();
    for effect in data.effects.iter().flatten() {
        if effect.group_kind == kind
            && effect.outcome == outcome
            && !list.contains(&effect.group.as_str())
        {
            list.push(&effect.group);
        }
    }
    list
}

pub(super) fn groups(data: &ComparisonData, names: &Names) -> Figure {
    let title = names
        .lang
        .of("For whom: mean stock by group", "对谁：各组的平均存量");
    by_group(data, names, "groups", "mean_stock", title)
}

/// The same for what firms take up; `None` without firms.
pub(super) fn firm_groups(data: &ComparisonData, names: &Names) -> Option<Figure> {
    let mut effects = data.effects.iter().flatten();
    let some = effects.any(|e| e.outcome == "uptake" && !e.group.is_empty());
    let title = names.lang.of(
        "For whose firms: uptake by group",
        "对谁的企业：各组的企业采用",
    );
    some.then(|| by_group(data, names, "firm-groups", "uptake", title))
}

fn by_group(data: &ComparisonData, names: &Names, id: &str, outcome: &str, title: &str) -> Figure {
    let lang = names.lang;
    let mut csv = effects_csv();
    let mut rows = Vec::new();
    for (kind, en, zh) in [
        (
            "membership",
            "By membership of the layout's own changes",
            "按布局变动的成员",
        ),
        ("area", "By area", "按区域"),
        ("tier", "By tier", "按层级"),
    ] {
        let of: Vec<Row> = of_kind(data, outcome, kind)
            .into_iter()
            .filter_map(|group| {
                row(
                    data,
                    &mut csv,
                    names.group(kind, group),
                    outcome,
                    kind,
                    group,
                )
            })
            .collect();
        if !of.is_empty() {
            rows.push(Row {
                label: lang.of(en, zh).to_owned(),
                marks: Vec::new(),
            });
            rows.extend(of);
        }
    }
    figure_of_rows(data, lang, id, title, rows, csv)
}

pub(super) fn provinces(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = effects_csv();
    let mut rows: Vec<Row> = of_kind(data, "mean_stock", "province")
        .into_iter()
        .filter_map(|group| {
            row(
                data,
                &mut csv,
                names.province(group),
                "mean_stock",
                "province",
                group,
            )
        })
        .collect();
    let most = |row: &Row| {
        row.marks
            .iter()
            .map(|m| m.at)
            .filter(|v| v.is_finite())
            .fold(f64::NEG_INFINITY, f64::max)
    };
    rows.sort_by(|a, b| most(b).total_cmp(&most(a)).then(a.label.cmp(&b.label)));
    figure_of_rows(
        data,
        lang,
        "provinces",
        lang.of("For whom: mean stock by province", "对谁：各省的平均存量"),
        rows,
        csv,
    )
}
