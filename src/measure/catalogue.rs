//! All measures and outcomes, each declared once: tables and their columns, `pointplane outcomes`, comparisons,
//! sweeps, reports and `docs/results.md` follow from it.

use super::firsts::Scale;
use super::outcome::{Figure, Outcome, Stage, Unit, Value};
use crate::texts::words;

/// The outcomes, in the order of the tables of comparisons.
pub static OUTCOMES: &[Outcome] = &[
    Outcome::new(
        "mean_stock",
        Unit::Quality,
        words("mean stock", "平均存量"),
        Value::Level(|r| r.mean_stock),
        words(
            "weight-mean over regions of sum_k q_k * adopted; of a group: over its regions, so that the country's effect is the sum of weight_share * effect over the groups of a kind",
            "各地区 Σ_k q_k ·（是否采纳 k）的加权均值；组：对其地区求均值，因此全国的效应等于某一类各组 weight_share × 效应 之和",
        ),
    )
    .higher()
    .by_group()
    .usual()
    .monthly(80, "weight-mean over regions of sum_k q_k * adopted")
    .of_run(310)
    .drawn(Figure::Growth, "Mean adopted stock", "平均制度创新存量")
    .compared()
    .axis("quality-weighted items per region", "按质量加权的项数/地区"),
    Outcome::new(
        "adoptions",
        Unit::Adoptions,
        words("adoptions", "采纳数"),
        Value::Sum(|r| r.adoptions),
        words(
            "adoptions since the start of the run, origins not counted; of a group: at its regions and zones; provinces, areas and members with non-members add up to the country, tiers do not, as they hold regions only",
            "自模拟开始以来的采纳数，不计原创地；组：其地区与片区的采纳数；各省、各区域、成员与非成员分别相加等于全国，各层级则不然，因为层级只含地区",
        ),
    )
    .higher()
    .by_group()
    .usual()
    .monthly(60, "adoptions in the month, origins not counted")
    .of_run(140),
    Outcome::new(
        "born",
        Unit::Innovations,
        words("innovations born", "产生的创新"),
        Value::Sum(|r| r.born),
        words(
            "innovations born since the start of the run",
            "自模拟开始以来产生的创新数",
        ),
    )
    .monthly(10, "innovations born in the month")
    .of_run(110),
    Outcome::new(
        "implemented",
        Unit::Innovations,
        words("innovations implemented", "已实施的创新"),
        Value::Sum(|r| r.implemented),
        words(
            "innovations implemented at their origin since the start of the run",
            "自模拟开始以来在原创地实施的创新数",
        ),
    )
    .higher()
    .by_origin(Stage::Implemented)
    .monthly(20, "innovations implemented at their origin in the month")
    .of_run(120),
    Outcome::new(
        "failed",
        Unit::Innovations,
        words("failed pilots", "失败的试点"),
        Value::Sum(|r| r.failed),
        words(
            "pilots that failed since the start of the run",
            "自模拟开始以来失败的试点数",
        ),
    )
    .monthly(30, "pilots that failed in the month")
    .of_run(130),
    Outcome::new(
        "replicated_provincial",
        Unit::Innovations,
        words("replicated by provinces", "省级复制推广"),
        Value::Sum(|r| r.replicated_provincial),
        words(
            "innovations that a province took up since the start of the run",
            "自模拟开始以来由某一省复制推广的创新数",
        ),
    )
    .higher()
    .by_origin(Stage::Provincial)
    .monthly(40, "innovations that a province took up in the month")
    .of_run(150),
    Outcome::new(
        "replicated_national",
        Unit::Innovations,
        words("replicated nationally", "全国复制推广"),
        Value::Sum(|r| r.replicated_national),
        words(
            "innovations that the centre took up since the start of the run",
            "自模拟开始以来由中央复制推广的创新数",
        ),
    )
    .higher()
    .by_origin(Stage::National)
    .usual()
    .monthly(50, "innovations that the centre took up in the month")
    .of_run(160)
    .drawn(Figure::Other, "Replicated nationally", "全国复制推广"),
    Outcome::new(
        "replication_age",
        Unit::Months,
        words(
            "mean age at national replication",
            "实施至全国复制推广的平均月数",
        ),
        Value::Level(|r| r.replication_age.unwrap_or(f64::NAN)),
        words(
            "mean months from implementation at the origin to national replication, over the innovations that the centre took up since the start of the run; missing when none",
            "自模拟开始以来由中央复制推广的各项创新，从在原创地实施到全国复制推广的平均月数；一项也没有时缺失",
        ),
    )
    .monthly(
        175,
        "mean months from implementation at the origin to national replication, over the innovations that the centre has taken up by the end of the month; missing when none",
    )
    .of_run(400)
    .drawn(
        Figure::Growth,
        "Mean age of items at national replication",
        "制度创新自实施至全国复制推广的平均月数",
    )
    .axis("months since implementation", "月数"),
    Outcome::new(
        "abandonments",
        Unit::Adoptions,
        words("abandonments", "放弃的项"),
        Value::Sum(|r| r.abandonments),
        words(
            "items abandoned since the start of the run",
            "自模拟开始以来放弃的项数",
        ),
    )
    .lower()
    .monthly(70, "items abandoned in the month"),
    Outcome::new(
        "coverage",
        Unit::Share,
        words("coverage", "覆盖率"),
        Value::Level(|r| r.coverage),
        words(
            "places with at least one item over places that can adopt",
            "至少拥有一项的地方占可以采纳的地方的比例",
        ),
    )
    .higher()
    .monthly(
        90,
        "places with at least one item over places that can adopt",
    )
    .drawn(
        Figure::Growth,
        "Places with at least one item",
        "至少采纳一项的地方",
    )
    .axis("share of places", "占全部地方的比例"),
    Outcome::new(
        "theil",
        Unit::Index,
        words("Theil, all regions", "泰尔指数（全部地区）"),
        Value::Level(|r| r.theil.total),
        words(
            "inequality of the stock between regions: Theil's T, weighted",
            "地区间存量的不平等：加权泰尔指数 T",
        ),
    )
    .lower()
    .usual()
    .monthly(
        180,
        "Theil T of the stock over regions, weighted: sum (m s / M mu) ln(s / mu)",
    )
    .of_run(330)
    .drawn(
        Figure::Other,
        "Theil's T of the stock over regions",
        "地区间存量的泰尔指数",
    )
    .compared()
    .axis("nats", "指数"),
    Outcome::new(
        "theil_within",
        Unit::Index,
        words("Theil within areas", "泰尔指数（区域内）"),
        Value::Level(|r| r.theil.within),
        words(
            "part of theil within areas",
            "泰尔指数的区域内部分",
        ),
    )
    .lower()
    .monthly(190, "part of theil within areas")
    .drawn(Figure::Other, "within areas", "区域内")
    .axis("nats", "指数"),
    Outcome::new(
        "theil_between",
        Unit::Index,
        words("Theil between areas", "泰尔指数（区域间）"),
        Value::Level(|r| r.theil.between),
        words(
            "part of theil between areas: the gap between areas",
            "泰尔指数的区域间部分：区域之间的差距",
        ),
    )
    .lower()
    .usual()
    .monthly(200, "part of theil between areas")
    .of_run(340)
    .drawn(Figure::Other, "between areas", "区域间")
    .compared()
    .axis("nats", "指数"),
    Outcome::new(
        "gini",
        Unit::Index,
        words("Gini coefficient", "基尼系数"),
        Value::Level(|r| r.gini),
        words(
            "inequality of the stock between regions: weighted Gini coefficient",
            "地区间存量的不平等：加权基尼系数",
        ),
    )
    .lower()
    .usual()
    .monthly(210, "weighted Gini coefficient of the stock over regions")
    .of_run(350)
    .drawn(
        Figure::Other,
        "Gini coefficient of the stock",
        "存量的基尼系数",
    ),
    Outcome::new(
        "moran",
        Unit::Index,
        words("Moran's I", "莫兰指数 I"),
        Value::Level(|r| r.moran.unwrap_or(f64::NAN)),
        words(
            "Moran's I of the stock over regions; missing when all are equal",
            "地区存量的莫兰指数 I；各地区存量全部相等时缺失",
        ),
    )
    .signed()
    .usual()
    .monthly(
        220,
        "Moran's I of the stock over regions, W the mean of the layers; missing when all are equal or none listens to another",
    )
    .of_run(360)
    .drawn(
        Figure::Other,
        "Moran's I of the stock",
        "存量的莫兰指数 I",
    ),
    Outcome::new(
        "points",
        Unit::Zones,
        words("points", "点（片区）"),
        Value::Count(|r| r.points),
        words(
            "open zones",
            "已设立的片区数",
        ),
    )
    .monthly(100, "open zones")
    .drawn(
        Figure::Structures,
        "Points: open zones",
        "点：已设立的片区",
    )
    .axis("zones", "个"),
    Outcome::new(
        "lines",
        Unit::Lines,
        words("lines", "线"),
        Value::Count(|r| r.lines),
        words(
            "formed lines",
            "已形成的线数",
        ),
    )
    .higher()
    .monthly(
        110,
        "formed lines: y_ij >= theta_line, until below theta_line / 2",
    )
    .of_run(370)
    .drawn(Figure::Structures, "Lines", "线")
    .axis("formed lines", "条"),
    Outcome::new(
        "circles",
        Unit::Circles,
        words("circles", "圈"),
        Value::Count(|r| r.circles),
        words(
            "formed circles",
            "已形成的圈数",
        ),
    )
    .higher()
    .monthly(
        120,
        "formed circles: reached weight >= theta_circle of the catchment's",
    )
    .of_run(380)
    .drawn(Figure::Structures, "Circles", "圈")
    .axis("formed circles", "个"),
    Outcome::new(
        "clusters",
        Unit::Clusters,
        words("clusters", "团"),
        Value::Count(|r| r.clusters),
        words(
            "groups of circles that share a place",
            "共有某地的圈所构成的组数",
        ),
    )
    .monthly(130, "groups of circles that share a place"),
    Outcome::new(
        "axes",
        Unit::Axes,
        words("axes", "轴"),
        Value::Count(|r| r.axes),
        words(
            "formed axes",
            "已形成的轴数",
        ),
    )
    .higher()
    .monthly(140, "formed axes")
    .of_run(390)
    .drawn(Figure::Structures, "Axes", "轴")
    .axis("formed axes", "条"),
    Outcome::new(
        "plane_share",
        Unit::Share,
        words("plane share", "面的覆盖率"),
        Value::Level(|r| r.plane_share),
        words(
            "weight on an axis or a cluster connected to one, over all weight",
            "位于轴上、或位于与轴相连的团中的地方的权重，占全部权重的比例",
        ),
    )
    .higher()
    .usual()
    .monthly(
        150,
        "weight on an axis or a cluster connected to one, as of the end of the month before, over all weight",
    )
    .of_run(320)
    .drawn(Figure::Growth, "Plane share", "面的覆盖率")
    .compared()
    .axis("share of weight", "占全部权重的比例"),
    Outcome::new(
        "plane",
        Unit::Share,
        words("plane", "面"),
        Value::Flag(|r| r.plane),
        words(
            "1 when the plane is formed; its mean is the share of replicates",
            "面形成时为 1；其均值即面已形成的重复的比例",
        ),
    )
    .higher()
    .monthly(160, "1 when plane_share >= theta_plane"),
    Outcome::new(
        "spillover_share",
        Unit::Share,
        words("spillover share", "溢出份额"),
        Value::Ratio(|r| r.credit_to_sources, |r| r.adoptions),
        words(
            "credit to sources over all credit since the start of the run; missing without adoptions",
            "自模拟开始以来归于来源的贡献占全部贡献的比例；没有采纳时缺失",
        ),
    )
    .monthly(
        170,
        "credit to sources over all credit of the month; missing without adoptions",
    )
    .drawn(
        Figure::Growth,
        "Adoptions credited to other places",
        "归功于其他地方的采纳",
    )
    .axis("share of the adoptions at that time", "占同期采纳的比例"),
    Outcome::new(
        "first_line",
        Unit::Months,
        words("month of the first line", "首条线的月份"),
        Value::First(Scale::Line),
        words(
            "months from the start of the run to the first line",
            "从模拟开始到首条线形成的月数",
        ),
    )
    .of_run(10),
    Outcome::new(
        "first_circle",
        Unit::Months,
        words("month of the first circle", "首个圈的月份"),
        Value::First(Scale::Circle),
        words(
            "months from the start of the run to the first circle",
            "从模拟开始到首个圈形成的月数",
        ),
    )
    .of_run(20),
    Outcome::new(
        "first_axis",
        Unit::Months,
        words("month of the first axis", "首条轴的月份"),
        Value::First(Scale::Axis),
        words(
            "months from the start of the run to the first axis",
            "从模拟开始到首条轴形成的月数",
        ),
    )
    .of_run(30),
    Outcome::new(
        "first_plane",
        Unit::Months,
        words("month of the plane", "面形成的月份"),
        Value::First(Scale::Plane),
        words(
            "months from the start of the run to the plane",
            "从模拟开始到面形成的月数",
        ),
    )
    .of_run(40),
    Outcome::new(
        "axis_formed",
        Unit::Months,
        words("month of the corridor's first axis", "走廊首次成轴的月份"),
        Value::AxisFormed,
        words(
            "months from the start of the run to the first axis of each corridor",
            "从模拟开始到各走廊首次成轴的月数",
        ),
    )
    .of_run(50),
    Outcome::new(
        "covered_25",
        Unit::Months,
        words("month of 25 % coverage", "覆盖率达 25 % 的月份"),
        Value::Reached(|r| r.coverage, 0.25),
        words(
            "months from the start of the run until coverage is at least 25 %",
            "从模拟开始到覆盖率达到 25 % 的月数",
        ),
    ),
    Outcome::new(
        "covered_50",
        Unit::Months,
        words("month of 50 % coverage", "覆盖率达 50 % 的月份"),
        Value::Reached(|r| r.coverage, 0.5),
        words(
            "months from the start of the run until coverage is at least 50 %",
            "从模拟开始到覆盖率达到 50 % 的月数",
        ),
    )
    .of_run_as(60, "half_covered"),
    Outcome::new(
        "covered_75",
        Unit::Months,
        words("month of 75 % coverage", "覆盖率达 75 % 的月份"),
        Value::Reached(|r| r.coverage, 0.75),
        words(
            "months from the start of the run until coverage is at least 75 %",
            "从模拟开始到覆盖率达到 75 % 的月数",
        ),
    ),
    Outcome::new(
        "uptake",
        Unit::Share,
        words("uptake by firms", "企业采用"),
        Value::Firms(|f| f.uptake),
        words(
            "weight-mean over regions of the mean over domains of the size-weighted share of firms that took up; of a group: over its regions, so that the country's effect is the sum of weight_share * effect; of an industry or size class: over its firms in all regions, each region's weight divided over its firms by size; only with firms",
            "先求各领域中已采用企业按规模加权的比例，对领域取均值，再对各地区加权平均；组：对其地区求均值，因此全国的效应等于 weight_share × 效应 之和；产业或规模级：对所有地区中该类企业求均值，各地区的权重按规模分到其企业；仅在有企业时",
        ),
    )
    .higher()
    .by_group()
    .monthly(
        230,
        "weight-mean over regions of the mean over domains of the size-weighted share of firms that took up",
    )
    .of_run(410)
    .drawn(Figure::Firms, "Uptake by firms", "企业采用")
    .compared()
    .axis("size-weighted share of firms", "按规模加权的企业比例"),
    Outcome::new(
        "benefit",
        Unit::Benefit,
        words("benefit to firms", "企业收益"),
        Value::Firms(|f| f.benefit),
        words(
            "sum over regions of weight * sum_d gamma_d * (size-weighted share of firms that took d up); of a group: at its regions, so that provinces, areas, tiers, and members with non-members, add up to the country; of an industry or size class: the part that its firms make; only with firms",
            "各地区 权重 × Σ_d γ_d ×（已采用 d 的企业按规模加权的比例）之和；组：其地区之和，因此各省、各区域、各层级以及成员与非成员分别相加等于全国；产业或规模级：由其企业产生的部分；仅在有企业时",
        ),
    )
    .higher()
    .by_group()
    .monthly(
        240,
        "sum over regions of weight * sum_d gamma_d * (size-weighted share of firms that took d up)",
    )
    .of_run(430)
    .drawn(Figure::Firms, "Benefit to firms", "企业收益")
    .compared(),
];

/// Position of an outcome.
pub fn position(name: &str) -> Option<usize> {
    OUTCOMES.iter().position(|outcome| outcome.name == name)
}

/// The outcome of this name.
pub fn outcome(name: &str) -> Option<&'static Outcome> {
    OUTCOMES.iter().find(|outcome| outcome.name == name)
}

/// Positions of the outcomes that a summary shows and a sweep keeps unless told otherwise.
pub fn usual() -> impl Iterator<Item = usize> {
    (0..OUTCOMES.len()).filter(|at| OUTCOMES[*at].usual)
}

/// The monthly measures, in the order of the columns of the table `national`; `firms`: also those of firms,
/// which come last.
pub fn measures(firms: bool) -> Vec<&'static Outcome> {
    let mut list: Vec<(u16, &Outcome)> = OUTCOMES
        .iter()
        .filter(|outcome| firms || !outcome.value.of_firms())
        .filter_map(|outcome| Some((outcome.monthly?.place, outcome)))
        .collect();
    list.sort_by_key(|(place, _)| *place);
    list.into_iter().map(|(_, outcome)| outcome).collect()
}

/// The measures that a figure of the report of a run draws.
pub fn drawn(figure: Figure) -> impl Iterator<Item = &'static Outcome> {
    let of = move |outcome: &&Outcome| outcome.figure.is_some_and(|(of, _)| of == figure);
    measures(true).into_iter().filter(of)
}

/// The outcomes that the table `outcomes` of a run has under this name.
pub fn of_run(name: &str) -> Option<&'static Outcome> {
    let of = |outcome: &&Outcome| outcome.of_run.is_some_and(|row| row.name == name);
    OUTCOMES.iter().find(of)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Whatever of them must be unique is, and nothing is empty.
    #[test]
    fn outcomes_are_told_apart() {
        let unique = |of: &dyn Fn(&Outcome) -> Option<String>| {
            let all: Vec<String> = OUTCOMES.iter().filter_map(of).collect();
            let set: BTreeSet<&String> = all.iter().collect();
            assert_eq!(set.len(), all.len(), "{all:?}");
        };
        unique(&|o| Some(o.name.to_owned()));
        unique(&|o| Some(o.label.en.to_owned()));
        unique(&|o| Some(o.label.zh.to_owned()));
        unique(&|o| Some(o.monthly?.place.to_string()));
        unique(&|o| Some(o.of_run?.place.to_string()));
        unique(&|o| Some(o.of_run?.name.to_owned()));
        for outcome in OUTCOMES {
            assert_eq!(
                crate::store::name_problem(outcome.name),
                None,
                "{}",
                outcome.name
            );
            let texts = [
                outcome.label.en,
                outcome.label.zh,
                outcome.axis.en,
                outcome.axis.zh,
                outcome.definition.en,
                outcome.definition.zh,
            ];
            let title = outcome.figure.map_or(words("-", "-"), |(_, title)| title);
            let texts = texts.into_iter().chain([title.en, title.zh]);
            let monthly = outcome.monthly.map_or("-", |monthly| monthly.definition);
            for text in texts.chain([monthly]) {
                assert!(!text.trim().is_empty(), "{}", outcome.name);
            }
            let chinese = [outcome.label.zh, outcome.axis.zh, outcome.definition.zh];
            assert!(
                chinese.iter().all(|text| !text.is_ascii()),
                "{}",
                outcome.name
            );
        }
    }

    /// Whatever has a horizon is a monthly measure, and nothing else is; those of firms come last.
    #[test]
    fn measures_have_a_value_each_month() {
        for outcome in OUTCOMES {
            let (monthly, horizon) = (outcome.monthly.is_some(), outcome.has_horizon());
            assert_eq!(monthly, horizon, "{}", outcome.name);
        }
        let of_firms: Vec<bool> = measures(true).iter().map(|m| m.value.of_firms()).collect();
        assert!(of_firms.is_sorted());
        let few = of_firms.iter().filter(|of| !**of).count();
        assert_eq!(measures(false).len(), few);
    }
}
