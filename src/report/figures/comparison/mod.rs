//! The figures of a comparison of layouts.

mod choice;
mod data;
mod effects;
mod map;
mod paths;

use crate::experiment::compare::catalogue::descriptions;
use crate::report::lang::Lang;
use crate::texts::say;

use super::Figure;
use super::names::Names;
use choice::{pareto, ranking};
pub use data::{ComparisonData, EffectRow, PARTS};
use effects::{firm_groups, forest, groups, provinces};
pub use map::comparison_map;
use paths::{levels, paths};

/// All figures of a comparison, in the order of the report.
pub fn comparison_figures(data: &ComparisonData, names: &Names) -> Vec<Figure> {
    let mut figures = vec![forest(data, names), groups(data, names)];
    figures.extend(firm_groups(data, names));
    figures.extend([
        provinces(data, names),
        paths(data, names),
        levels(data, names),
        pareto(data, names),
        ranking(data, names),
    ]);
    figures
}

/// The words of an outcome.
pub fn outcome_word(lang: Lang, outcome: &str) -> &str {
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
        "theil" => "泰尔指数（全部地区）",
        "theil_within" => "泰尔指数（区域内）",
        "theil_between" => "泰尔指数（区域间）",
        "gini" => "基尼系数",
        "moran" => "莫兰指数 I",
        "points" => "点（片区）",
        "lines" => "线",
        "circles" => "圈",
        "clusters" => "团",
        "axes" => "轴",
        "plane" => "面",
        "uptake" => "企业采用",
        "benefit" => "企业收益",
        "plane_share" => "面的覆盖率",
        "spillover_share" => "溢出份额",
        "first_line" => "首条线的月份",
        "first_circle" => "首个圈的月份",
        "first_axis" => "首条轴的月份",
        "first_plane" => "面形成的月份",
        "half_covered" => "半数覆盖的月份",
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
        "uptake" => "uptake by firms",
        "benefit" => "benefit to firms",
        "first_line" => "month of the first line",
        "first_circle" => "month of the first circle",
        "first_axis" => "month of the first axis",
        "first_plane" => "month of the plane",
        "half_covered" => "month of half coverage",
        "replicated_provincial" => "replicated by provinces",
        "replicated_national" => "replicated nationally",
        other => other,
    };
    lang.of(en, zh)
}

/// The unit of an outcome as the tables have it; an index has none.
fn unit_of(outcome: &str) -> &'static str {
    let found = descriptions().find(|known| known.name == outcome);
    found.map_or("", |known| known.unit)
}

/// The unit of an outcome in words, for an axis.
pub fn unit_word(lang: Lang, outcome: &str) -> &'static str {
    let (en, zh) = match unit_of(outcome) {
        "" => ("index", "指数"),
        "quality" => ("quality-weighted items", "按质量加权的项数"),
        "adoptions" => ("adoptions", "采纳"),
        "innovations" => ("innovations", "创新"),
        "items" => ("items", "项"),
        "share" => ("share", "比例"),
        "months" => ("months", "月"),
        "benefit" => ("benefit", "收益"),
        "zones" => ("zones", "片区"),
        "lines" => ("lines", "线"),
        "circles" => ("circles", "圈"),
        "axes" => ("axes", "轴"),
        other => (other, other),
    };
    lang.of(en, zh)
}

pub(super) fn no_table(lang: Lang, table: &str) -> String {
    say!(lang, "comparison-no-table", table)
}
