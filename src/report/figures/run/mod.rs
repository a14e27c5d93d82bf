//! The figures of a run.

mod batches;
mod credit;
mod firms;
mod growth;
mod places;
mod space;

use crate::report::chart::Axis;
use crate::report::interval::Mean;
use crate::report::lang::{Lang, year};
use crate::scenario::Scenario;
use crate::world::World;

use super::moran::local;
use super::names::Names;
use super::run_data::RunData;
use super::{Cell, Csv, Figure};
use batches::batches;
use credit::{credit, credit_shares};
use firms::firms;
use growth::{GROWTH, STRUCTURES, inequality, measures, timeline};
pub use places::places_table;
pub(super) use space::{bounds, dots};
use space::{map, moran_map, spillovers};

/// All figures of a run, in the order of the report.
pub fn run_figures(
    data: &RunData,
    scenario: Option<&Scenario>,
    world: Option<&World>,
    names: &Names,
) -> Vec<Figure> {
    let moran = match (world, &data.places) {
        (Some(world), Some(history)) => local(world, history),
        _ => Vec::new(),
    };
    let mut figures = vec![
        map(data, scenario, names),
        timeline(data, names),
        measures(
            data,
            names,
            "growth",
            &GROWTH,
            (
                names.lang.of("How the country fills", "全国如何铺开"),
                names
                    .lang
                    .of("S-curves of the run.", "本次运行的 S 形曲线。"),
            ),
        ),
        measures(
            data,
            names,
            "structures",
            &STRUCTURES,
            (
                names
                    .lang
                    .of("Points, lines, circles, axes", "点、线、圈、轴的数量"),
                names.lang.of(
                    "Structures that stand at the end of each month.",
                    "每月末存续的结构数量。",
                ),
            ),
        ),
        batches(data, scenario, names),
        credit(data, names),
        credit_shares(data, names),
        spillovers(data, scenario, names),
        inequality(data, names),
        moran_map(data, scenario, &moran, names),
    ];
    figures.extend(firms(data, scenario, names));
    figures
}

/// What to do when a table was not kept.
pub(super) fn without(names: &Names, table: &str, more: &str) -> String {
    match names.lang {
        Lang::En => format!(
            "The table `{table}` is not in this folder, so this figure cannot be drawn. Run the command at the bottom of this page again{more} and make the report again."
        ),
        Lang::Zh => format!(
            "本目录中没有数据表 `{table}`，无法绘制此图。请重新运行页末的命令{more}，再生成报告。"
        ),
    }
}

pub(super) fn default_tables(names: &Names) -> &'static str {
    names.lang.of(
        " without --tables (or with this table in its list)",
        "（不带 --tables，或在其列表中加入此表）",
    )
}

/// What is said when the scenario's files are not at hand.
pub(super) fn without_scenario(names: &Names) -> String {
    names
        .lang
        .of(
            "The scenario that was run is not at hand, or its files have changed since, so names and positions of places are not known. Give it with `--scenario PATH`.",
            "找不到当时运行的情景，或其文件已被改动，因此不知道各地的名称和位置。请用 `--scenario 路径` 指明。",
        )
        .to_owned()
}

/// How many replicates, and what the bands are.
pub(super) fn luck(names: &Names, replicates: usize) -> String {
    match names.lang {
        Lang::En => format!(
            "Line: mean of {replicates} replicates. Band: the middle 95 % of single replicates (luck only, not the uncertainty of parameters or of the model)."
        ),
        Lang::Zh => format!(
            "线：{replicates} 次重复的均值。色带：单次重复中间的 95 %（仅反映运气，不含参数与模型的不确定性）。"
        ),
    }
}

/// The axis of the run's months.
pub(super) fn calendar(data: &RunData) -> Axis {
    Axis {
        from: data.start.map(year),
        to: Some(year(data.month(data.months()))),
        ..Axis::years()
    }
}

/// Months at the start in which inequality says nothing yet, as almost nobody has adopted anything.
pub(super) const EARLY: usize = 24;

/// Leaves out the first months of a path of inequality that is not short.
pub(super) fn later<T>(list: Vec<T>) -> Vec<T> {
    let early = if list.len() > 2 * EARLY { EARLY } else { 0 };
    list.into_iter().skip(early).collect()
}

pub(super) type Line = Vec<(f64, f64)>;

pub(super) type Band = Vec<(f64, f64, f64)>;

/// Mean line and band of a measure through time.
pub(super) fn path(data: &RunData, values: &[Vec<f64>]) -> (Line, Band) {
    let mut line = Vec::with_capacity(values.len());
    let mut band = Vec::with_capacity(values.len());
    for (t, values) in values.iter().enumerate() {
        let x = year(data.month(t));
        let known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        // A mean over other replicates than the month before would jump.
        match Mean::of(&known).filter(|_| known.len() == values.len()) {
            Some(mean) => {
                line.push((x, mean.mean));
                band.push((x, mean.low, mean.high));
            }
            None => {
                line.push((x, f64::NAN));
                band.push((x, f64::NAN, f64::NAN));
            }
        }
    }
    (line, band)
}

pub(super) fn put(csv: &mut Csv, data: &RunData, name: &str, values: &[Vec<f64>]) {
    for (t, values) in values.iter().enumerate() {
        let known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        if let Some(mean) = Mean::of(&known).filter(|_| known.len() == values.len()) {
            csv.row([
                Cell::from(data.month(t)),
                name.into(),
                mean.mean.into(),
                mean.low.into(),
                mean.high.into(),
            ]);
        }
    }
}

pub(super) fn curves_csv() -> Csv {
    Csv::new(&["month", "measure", "mean", "low", "high"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Month;

    #[test]
    fn a_mean_over_some_replicates_only_is_no_line() {
        let data = RunData {
            start: Some(Month::new(2020, 1)),
            replicates: 2,
            ..RunData::default()
        };
        let (line, band) = path(&data, &[vec![1.0, 3.0], vec![1.0, f64::NAN]]);
        assert_eq!(line[0], (2020.0, 2.0));
        assert!(line[1].1.is_nan());
        assert_eq!(band[0], (2020.0, 1.0, 3.0));
        assert!(band[1].1.is_nan());
    }
}
