//! The figures of a comparison of layouts.

use std::collections::BTreeMap;
use std::path::Path;

use crate::experiment::compare::catalogue::descriptions;
use crate::report::chart::{
    Axis, Chart, Colour, Curves, Heat, Key, Mark, Panel, Row, Rows, Scatter, Series,
};
use crate::report::comparison::{ComparisonSummary, Point, Ranked};
use crate::report::lang::{Lang, number, year};
use crate::report::table::{Table, is_there};
use crate::scenario::Month;
use crate::store::{Column, Manifest, StoreError, read_table_parts};

use super::names::Names;
use super::run::{later, path};
use super::run_data::{PlaceHistory, RunData};
use super::{Cell, Csv, Figure};

/// An effect, as a report shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectRow {
    /// Layout.
    pub layout: String,
    /// Outcome.
    pub outcome: String,
    /// Kind of group.
    pub group_kind: String,
    /// Group; empty for the country.
    pub group: String,
    /// Month at which it is taken.
    pub horizon: Option<Month>,
    /// Mean of the baseline.
    pub baseline: f64,
    /// Mean paired difference.
    pub difference: f64,
    /// Lower end of its 95 % interval, NaN without one.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// p adjusted over the layouts.
    pub p_holm: Option<f64>,
    /// Factor of sharpness.
    pub variance_reduction: Option<f64>,
}

impl EffectRow {
    /// Difference and interval in per cent of the baseline's mean; `None` when that is 0.
    pub fn percent(&self) -> Option<[f64; 3]> {
        let base = self.baseline.abs();
        let part = |v: f64| 100.0 * v / base;
        (base > 0.0).then(|| [part(self.difference), part(self.low), part(self.high)])
    }
}

/// A path of differences: month, difference, lower and upper end of the band.
type Response = Vec<(Month, f64, f64, f64)>;
/// Values of a measure, `[month][replicate]`.
type Levels = Vec<Vec<f64>>;

/// A comparison, gathered from its tables. What is `None` was not kept.
#[derive(Clone, Debug)]
pub struct ComparisonData {
    /// Name of the baseline.
    pub baseline: String,
    /// Layouts held against it, in order.
    pub layouts: Vec<String>,
    /// Pairs of replicates.
    pub replicates: usize,
    /// Effects of all outcomes and groups.
    pub effects: Option<Vec<EffectRow>>,
    /// Monthly responses by layout and outcome.
    pub responses: Option<BTreeMap<(String, String), Response>>,
    /// How likely each layout is best.
    pub ranking: Option<Vec<Ranked>>,
    /// Trade-off.
    pub pareto: Option<Vec<Point>>,
    /// Values by layout and measure.
    pub levels: Option<BTreeMap<(String, String), Levels>>,
    /// Places through time by layout.
    pub places: Option<BTreeMap<String, PlaceHistory>>,
    /// First month of the run, where `levels` are.
    pub start: Option<Month>,
}

const LEVELS: [&str; 4] = ["mean_stock", "plane_share", "theil", "theil_between"];

impl ComparisonData {
    /// Reads the tables that are there.
    ///
    /// # Errors
    /// Tables that are damaged, results that are not complete.
    pub fn read(dir: &Path, manifest: &Manifest) -> Result<Self, StoreError> {
        let there = |table| is_there(dir, manifest, table);
        let entry = manifest.comparison.as_ref();
        let mut data = Self {
            baseline: entry.map(|c| c.baseline.clone()).unwrap_or_default(),
            layouts: entry
                .map(|c| c.derivation.compared.clone())
                .unwrap_or_default(),
            replicates: manifest.replicates as usize,
            effects: None,
            responses: None,
            ranking: None,
            pareto: None,
            levels: None,
            places: None,
            start: None,
        };
        if there("effects") {
            data.effects = Some(effects(&Table::read(dir, "effects")?));
        }
        if there("responses") {
            data.responses = Some(responses(&Table::read(dir, "responses")?));
        }
        if there("ranking") {
            data.ranking = Some(ComparisonSummary::ranking(dir)?);
        }
        if there("pareto") {
            data.pareto = Some(ComparisonSummary::pareto(dir)?);
        }
        if there("place_paths") {
            data.places = Some(places(&Table::read(dir, "place_paths")?));
        }
        if there("national") {
            data.read_levels(dir)?;
        }
        Ok(data)
    }

    fn read_levels(&mut self, dir: &Path) -> Result<(), StoreError> {
        let mut columns = vec!["layout", "month"];
        columns.extend(LEVELS);
        let mut start: Option<i32> = None;
        let mut levels: BTreeMap<(String, String), Levels> = BTreeMap::new();
        read_table_parts(dir, "national", &columns, &mut |part| {
            let (Some(layout), Some(Column::Month(months))) = (part.first(), part.get(1)) else {
                return;
            };
            for (&measure, column) in LEVELS.iter().zip(part.iter().skip(2)) {
                let Column::Float(values) = column else {
                    continue;
                };
                for (row, (month, value)) in months.iter().zip(values).enumerate() {
                    let Some(month) = month else { continue };
                    let t = (month - *start.get_or_insert(*month)).max(0) as usize;
                    let layout = layout.text_at(row).unwrap_or("").to_owned();
                    let all = levels.entry((layout, measure.to_owned())).or_default();
                    if all.len() <= t {
                        all.resize(t + 1, Vec::new());
                    }
                    all[t].push(*value);
                }
            }
        })?;
        self.start = start.map(Month);
        self.levels = Some(levels);
        Ok(())
    }

    /// The colour of a layout; the baseline is grey everywhere.
    pub fn colour(&self, layout: &str) -> Colour {
        match self.layouts.iter().position(|known| known == layout) {
            Some(n) => Colour::Nth(n),
            None => Colour::Grey,
        }
    }

    /// The last month at which outcomes are taken.
    pub fn horizon(&self) -> Option<Month> {
        self.effects
            .iter()
            .flatten()
            .filter_map(|e| e.horizon)
            .max()
    }

    /// The effect of a layout at the last horizon, or on a month in which something first happens.
    pub fn effect(
        &self,
        layout: &str,
        outcome: &str,
        kind: &str,
        group: &str,
    ) -> Option<&EffectRow> {
        let last = self.horizon();
        self.effects.iter().flatten().find(|e| {
            e.layout == layout
                && e.outcome == outcome
                && e.group_kind == kind
                && e.group == group
                && (e.horizon == last || e.horizon.is_none())
        })
    }

    fn legend(&self, lang: Lang, baseline: bool) -> Vec<Key> {
        let base = format!("{} ({})", self.baseline, lang.of("baseline", "基准"));
        let grey = baseline.then(|| Key::new(base, Colour::Grey));
        let others = self
            .layouts
            .iter()
            .map(|name| Key::new(name, self.colour(name)));
        grey.into_iter().chain(others).collect()
    }
}

fn effects(table: &Table) -> Vec<EffectRow> {
    (0..table.rows())
        .map(|row| {
            let text = |name| table.text(row, name).to_owned();
            let number = |name| table.number(row, name).unwrap_or(f64::NAN);
            EffectRow {
                layout: text("layout"),
                outcome: text("outcome"),
                group_kind: text("group_kind"),
                group: text("group"),
                horizon: table.month(row, "horizon"),
                baseline: number("baseline_mean"),
                difference: number("difference"),
                low: number("low"),
                high: number("high"),
                p_holm: table.number(row, "p_holm"),
                variance_reduction: table.number(row, "variance_reduction"),
            }
        })
        .collect()
}

fn responses(table: &Table) -> BTreeMap<(String, String), Response> {
    let mut all: BTreeMap<(String, String), Response> = BTreeMap::new();
    for row in 0..table.rows() {
        let text = |name| table.text(row, name).to_owned();
        let number = |name| table.number(row, name).unwrap_or(f64::NAN);
        if let Some(month) = table.month(row, "month") {
            let path = all.entry((text("layout"), text("outcome"))).or_default();
            path.push((
                month,
                number("difference"),
                number("sup_low"),
                number("sup_high"),
            ));
        }
    }
    all
}

/// The places of each layout. Rows are by layout, month and place.
fn places(table: &Table) -> BTreeMap<String, PlaceHistory> {
    let mut all: BTreeMap<String, PlaceHistory> = BTreeMap::new();
    for row in 0..table.rows() {
        let Some(month) = table.month(row, "month") else {
            continue;
        };
        let number = |name| table.number(row, name).unwrap_or(f64::NAN);
        let history = all.entry(table.text(row, "layout").to_owned()).or_default();
        if history.months.last() != Some(&month) {
            history.months.push(month);
            history.stock.push(Vec::new());
            history.scale.push(Vec::new());
            history.sure.push(Vec::new());
        }
        if history.months.len() == 1 {
            history.ids.push(table.text(row, "place").to_owned());
        }
        let at = history.months.len() - 1;
        history.stock[at].push(table.number(row, "stock").unwrap_or(0.0));
        history.scale[at].push(table.int(row, "scale").unwrap_or(0).clamp(0, 5) as u8);
        history.sure[at].push(u8::from(number("low") > 0.0 || number("high") < 0.0));
    }
    all
}

/// All figures of a comparison, in the order of the report.
pub fn comparison_figures(data: &ComparisonData, names: &Names) -> Vec<Figure> {
    vec![
        forest(data, names),
        groups(data, names),
        provinces(data, names),
        paths(data, names),
        levels(data, names),
        pareto(data, names),
        ranking(data, names),
    ]
}

/// The words of an outcome.
pub fn outcome_word<'t>(lang: Lang, outcome: &'t str) -> &'t str {
    let zh = match outcome {
        "mean_stock" => "平均存量",
        "adoptions" => "采纳数",
        "born" => "产生的创新",
        "implemented" => "已实施的创新",
        "failed" => "失败的试点",
        "replicated_provincial" => "省级复制推广",
        "replicated_national" => "全国复制推广",
        "abandonments" => "放弃的项",
        "coverage" => "覆盖率",
        "theil" => "泰尔指数(全部地区)",
        "theil_within" => "泰尔指数(区域内)",
        "theil_between" => "泰尔指数(区域间)",
        "gini" => "基尼系数",
        "moran" => "莫兰指数 I",
        "points" => "点(片区)",
        "lines" => "线",
        "circles" => "圈",
        "clusters" => "团",
        "axes" => "轴",
        "plane_share" => "面的覆盖率",
        "spillover_share" => "溢出份额",
        other => other,
    };
    let en = match outcome {
        "mean_stock" => "mean stock",
        "theil" => "Theil, all regions",
        "theil_within" => "Theil within areas",
        "theil_between" => "Theil between areas",
        "gini" => "Gini coefficient",
        "moran" => "Moran's I",
        "plane_share" => "plane share",
        "spillover_share" => "spillover share",
        "replicated_provincial" => "replicated by provinces",
        "replicated_national" => "replicated nationally",
        other => other,
    };
    lang.of(en, zh)
}

fn effects_csv() -> Csv {
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

fn put(csv: &mut Csv, e: &EffectRow) {
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
fn row(
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

fn per_cent(lang: Lang) -> Axis {
    Axis::new(lang.of(
        "difference from the baseline, % of its mean",
        "与基准之差,占基准均值的 %",
    ))
}

fn paired(data: &ComparisonData, lang: Lang) -> String {
    let at = data.horizon().map(|m| m.to_string()).unwrap_or_default();
    match lang {
        Lang::En => format!(
            "Paired differences at {at} against {} on the same luck, mean of {} replicates, with the 95 % interval of each mean by itself, in per cent of the baseline's mean. Intervals are over luck only: they say nothing of parameters or of the model. With many rows some intervals leave out 0 by chance.",
            data.baseline, data.replicates
        ),
        Lang::Zh => format!(
            "{at} 与 {} 在相同运气下的配对差,{} 次重复的均值及各自的 95 % 置信区间,占基准均值的百分比。区间只反映运气,不含参数与模型的不确定性。行数较多时,个别区间会偶然不含 0。",
            data.baseline, data.replicates
        ),
    }
}

fn no_table(lang: Lang, table: &str) -> String {
    match lang {
        Lang::En => format!(
            "The table `{table}` is not in this folder, so this figure cannot be drawn. The command at the bottom of this page makes it."
        ),
        Lang::Zh => format!("本目录中没有数据表 `{table}`,无法绘制此图。运行页末的命令即可生成。"),
    }
}

fn forest(data: &ComparisonData, names: &Names) -> Figure {
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

fn figure_of_rows(
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

/// The groups of a kind that have an effect on mean stock, in order of the table.
fn of_kind<'d>(data: &'d ComparisonData, kind: &str) -> Vec<&'d str> {
    let mut list: Vec<&str> = Vec::new();
    for effect in data.effects.iter().flatten() {
        if effect.group_kind == kind
            && effect.outcome == "mean_stock"
            && !list.contains(&effect.group.as_str())
        {
            list.push(&effect.group);
        }
    }
    list
}

fn groups(data: &ComparisonData, names: &Names) -> Figure {
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
        let of: Vec<Row> = of_kind(data, kind)
            .into_iter()
            .filter_map(|group| {
                row(
                    data,
                    &mut csv,
                    names.group(kind, group),
                    "mean_stock",
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
    figure_of_rows(
        data,
        lang,
        "groups",
        lang.of("For whom: mean stock by group", "对谁:各组的平均存量"),
        rows,
        csv,
    )
}

fn provinces(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = effects_csv();
    let mut rows: Vec<Row> = of_kind(data, "province")
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
        lang.of("For whom: mean stock by province", "对谁:各省的平均存量"),
        rows,
        csv,
    )
}

/// A path; of inequality without its first two years, in which almost nobody has anything.
fn drawn(
    colour: Colour,
    measure: &str,
    line: Vec<(f64, f64)>,
    band: Vec<(f64, f64, f64)>,
) -> Series {
    if measure.starts_with("theil") {
        Series::line(colour, later(line)).with_band(later(band))
    } else {
        Series::line(colour, line).with_band(band)
    }
}

fn paths(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&[
        "layout",
        "outcome",
        "month",
        "difference",
        "sup_low",
        "sup_high",
    ]);
    let chart = match &data.responses {
        None => Err(no_table(lang, "responses")),
        Some(responses) => {
            let panels = [
                (
                    "mean_stock",
                    lang.of("quality-weighted items per region", "按质量加权的项数/地区"),
                ),
                (
                    "plane_share",
                    lang.of("share of weight", "占全部权重的比例"),
                ),
                ("theil", lang.of("nats", "指数")),
                ("theil_between", lang.of("nats", "指数")),
            ];
            let panels = panels.into_iter().map(|(outcome, unit)| {
                let series = data.layouts.iter().filter_map(|layout| {
                    let path = responses.get(&(layout.clone(), outcome.to_owned()))?;
                    for (month, difference, low, high) in path {
                        csv.row([
                            Cell::from(layout.as_str()),
                            outcome.into(),
                            (*month).into(),
                            (*difference).into(),
                            (*low).into(),
                            (*high).into(),
                        ]);
                    }
                    let line = path.iter().map(|(m, d, _, _)| (year(*m), *d)).collect();
                    let band = path.iter().map(|(m, _, l, h)| (year(*m), *l, *h)).collect();
                    Some(drawn(data.colour(layout), outcome, line, band))
                });
                Panel::Curves(Curves {
                    title: outcome_word(lang, outcome).to_owned(),
                    key: outcome.to_owned(),
                    x: Axis::years(),
                    y: Axis::new(format!("Δ {unit}")),
                    series: series.collect(),
                    rule: Some(0.0),
                })
            });
            Ok(Chart {
                panels: panels.collect(),
                legend: data.legend(lang, false),
            })
        }
    };
    Figure {
        id: "responses".to_owned(),
        title: lang
            .of("When: paths of the differences", "何时:差异的时间路径")
            .to_owned(),
        caption: match lang {
            Lang::En => format!(
                "Mean paired difference from {} in each month, {} replicates. Band: 95 % sup-t, which holds for all months of a line together. Luck only. A difference before a layout's first date comes from a new zone in the network, which is fixed from the first month: an artefact, not anticipation. The first two years of Theil's index are in the data and not drawn.",
                data.baseline, data.replicates
            ),
            Lang::Zh => format!(
                "各月与 {} 的平均配对差,{} 次重复。色带:95 % sup-t 同时置信带,对整条线的所有月份同时成立。仅反映运气。布局首个日期之前的差异源于新片区从第一个月起就在固定的网络中:是设定所致,不是预期效应。泰尔指数最初两年只在数据中给出。",
                data.baseline, data.replicates
            ),
        },
        chart,
        data: csv,
    }
}

fn levels(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["layout", "measure", "month", "mean", "low", "high"]);
    let chart = match &data.levels {
        None => Err(no_table(lang, "national")),
        Some(levels) => {
            // The paths of a run want a calendar and nothing else.
            let calendar = RunData {
                start: data.start,
                ..RunData::default()
            };
            let units = [
                lang.of("quality-weighted items per region", "按质量加权的项数/地区"),
                lang.of("share of weight", "占全部权重的比例"),
                lang.of("nats", "指数"),
                lang.of("nats", "指数"),
            ];
            let panels = LEVELS.into_iter().zip(units).map(|(measure, unit)| {
                let all = std::iter::once(&data.baseline).chain(&data.layouts);
                let series = all.filter_map(|layout| {
                    let values = levels.get(&(layout.clone(), measure.to_owned()))?;
                    let (line, band) = path(&calendar, values);
                    for (t, ((_, mean), (_, low, high))) in line.iter().zip(&band).enumerate() {
                        csv.row([
                            Cell::from(layout.as_str()),
                            measure.into(),
                            calendar.month(t).into(),
                            (*mean).into(),
                            (*low).into(),
                            (*high).into(),
                        ]);
                    }
                    Some(drawn(data.colour(layout), measure, line, band))
                });
                let axis = if measure == "plane_share" {
                    Axis::share(unit)
                } else {
                    Axis::new(unit)
                };
                Panel::Curves(Curves {
                    title: outcome_word(lang, measure).to_owned(),
                    key: measure.to_owned(),
                    x: Axis::years(),
                    y: axis.starting(0.0),
                    series: series.collect(),
                    rule: None,
                })
            });
            Ok(Chart {
                panels: panels.collect(),
                legend: data.legend(lang, true),
            })
        }
    };
    Figure {
        id: "levels".to_owned(),
        title: lang.of("Levels of all layouts", "各布局的水平").to_owned(),
        caption: match lang {
            Lang::En => format!(
                "Line: mean of {} replicates; band: the middle 95 % of single replicates; the baseline in grey. Overlapping bands do not mean that layouts are alike: replicates are paired, so look at the differences above.",
                data.replicates
            ),
            Lang::Zh => format!(
                "线:{} 次重复的均值;色带:单次重复中间的 95 %;基准为灰色。色带重叠并不表示布局无差别:重复是配对的,请看上面的差异图。",
                data.replicates
            ),
        },
        chart,
        data: csv,
    }
}

fn pareto(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&[
        "layout",
        "efficiency",
        "inequality",
        "coordination_cost",
        "on_front",
    ]);
    let chart = match &data.pareto {
        None => Err(no_table(lang, "pareto")),
        Some(points) => {
            for p in points {
                csv.row([
                    Cell::from(p.layout.as_str()),
                    p.efficiency.into(),
                    p.inequality.into(),
                    p.coordination_cost.into(),
                    usize::from(p.on_front).into(),
                ]);
            }
            let place = |x: fn(&Point) -> f64, y: fn(&Point) -> f64| {
                let point = |p: &Point| {
                    let colour = data.colour(&p.layout);
                    (p.layout.clone(), colour, (x(p), y(p)), !p.on_front)
                };
                points.iter().map(point).collect::<Vec<_>>()
            };
            let stock = lang.of(
                "mean stock at the end (more is better)",
                "期末平均存量(越大越好)",
            );
            let panel = |title: &str, y: &str, points| {
                Panel::Scatter(Scatter {
                    title: title.to_owned(),
                    x: Axis::new(stock),
                    y: Axis::new(y),
                    points,
                })
            };
            Ok(Chart {
                legend: Vec::new(),
                panels: vec![
                    panel(
                        lang.of("Stock and inequality", "存量与不平等"),
                        lang.of("Theil's T (less is better)", "泰尔指数(越小越好)"),
                        place(|p| p.efficiency, |p| p.inequality),
                    ),
                    panel(
                        lang.of("Stock and coordination", "存量与协调成本"),
                        lang.of("pair-years (less is better)", "成员对·年(越小越好)"),
                        place(|p| p.efficiency, |p| p.coordination_cost),
                    ),
                ],
            })
        }
    };
    Figure {
        id: "pareto".to_owned(),
        title: lang.of("Trade-off: the Pareto front", "取舍:帕累托前沿").to_owned(),
        caption: lang.of(
            "Means over the replicates at the end of the run. Filled: no other layout is as good in stock, equality and coordination at once and better in one; ring: one is. A pair-year is a pair of members that keep up a relation for a year: a count, not money. Being on the front recommends nothing by itself.",
            "期末各次重复的均值。实心:没有其他布局在存量、公平、协调成本三方面都不差且至少一方面更好;空心:有。“成员对·年”是一对成员保持协调关系一年:只是计数,不是金额。处于前沿本身不构成建议。",
        ).to_owned(),
        chart,
        data: csv,
    }
}

fn ranking(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&[
        "outcome",
        "horizon",
        "layout",
        "mean",
        "best_probability",
        "best_low",
        "best_high",
        "expected_regret",
    ]);
    let chart = match &data.ranking {
        None => Err(no_table(lang, "ranking")),
        Some(ranked) => {
            let last = ranked.iter().filter_map(|r| r.horizon).max();
            let mut outcomes: Vec<&str> = Vec::new();
            for r in ranked {
                csv.row([
                    Cell::from(r.outcome.as_str()),
                    r.horizon.into(),
                    r.layout.as_str().into(),
                    r.mean.into(),
                    r.best_probability.into(),
                    r.best_low.into(),
                    r.best_high.into(),
                    r.expected_regret.into(),
                ]);
                if r.horizon == last && !outcomes.contains(&r.outcome.as_str()) {
                    outcomes.push(&r.outcome);
                }
            }
            let layouts: Vec<&String> = std::iter::once(&data.baseline)
                .chain(&data.layouts)
                .collect();
            let value = |outcome: &str, layout: &str| {
                let of =
                    |r: &&Ranked| r.outcome == outcome && r.layout == layout && r.horizon == last;
                ranked
                    .iter()
                    .find(of)
                    .map_or(f64::NAN, |r| r.best_probability)
            };
            let values: Vec<Vec<f64>> = outcomes
                .iter()
                .map(|outcome| {
                    layouts
                        .iter()
                        .map(|layout| value(outcome, layout))
                        .collect()
                })
                .collect();
            let text = |v: &f64| {
                if *v > 0.0 {
                    format!("{} %", number(100.0 * v))
                } else {
                    String::new()
                }
            };
            Ok(Chart::plain(Panel::Heat(Heat {
                title: String::new(),
                label: lang
                    .of(
                        "share of replicates in which it is the best",
                        "在多大比例的重复中最优",
                    )
                    .to_owned(),
                rows: outcomes
                    .iter()
                    .map(|o| outcome_word(lang, o).to_owned())
                    .collect(),
                columns: layouts.iter().map(|l| (*l).clone()).collect(),
                texts: values
                    .iter()
                    .map(|row| row.iter().map(text).collect())
                    .collect(),
                values,
                most: 1.0,
            })))
        }
    };
    Figure {
        id: "ranking".to_owned(),
        title: lang
            .of("How sure is the best?", "最优的把握有多大?")
            .to_owned(),
        caption: match lang {
            Lang::En => format!(
                "Share of {} replicates in which each layout is the best of all, at the end; ties are shared. Wilson intervals and expected regret are in the data. This is the probability of being best under luck with these parameters, not under uncertainty about them.",
                data.replicates
            ),
            Lang::Zh => format!(
                "期末 {} 次重复中各布局为最优的比例;并列时平分。威尔逊区间与期望遗憾见数据。这是给定参数下、运气意义上的最优概率,不含参数不确定性。",
                data.replicates
            ),
        },
        chart,
        data: csv,
    }
}
