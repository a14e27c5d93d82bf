//! The outcomes that layouts are compared by. One list feeds `pointplane outcomes`, the tables and the
//! documents.

use serde::Serialize;

use crate::measure::{FirmRow, NationalRow};
use crate::paired::Better;

/// How an outcome comes out of a replicate.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// A measure at the end of a month.
    Level(fn(&NationalRow) -> f64),
    /// A count, added up from the start of the run to a month.
    Sum(fn(&NationalRow) -> u32),
    /// Credit to sources over all credit, from the start of the run to a month.
    SpilloverShare,
    /// First month with a line (0), circle (1), axis (2), plane (3).
    First(usize),
    /// First month in which the country's coverage reaches a share.
    Covered(f64),
    /// First month of each corridor's axis.
    AxisFormed,
    /// What firms did by the end of a month; only with firms.
    Firms(fn(&FirmRow) -> f64),
}

/// An outcome.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Name in the tables: that of the measure of the table `national` where it is one.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Which direction is better, where that can be said. Only such outcomes are ranked.
    pub better: Option<Better>,
    /// Definition, one sentence.
    pub definition: &'static str,
    /// How it comes about.
    pub value: Value,
    /// Whether it is also given by province, area, tier, corridor and membership; what firms do also by
    /// industry and size class.
    pub by_group: bool,
}

impl Outcome {
    /// Whether it is taken at a horizon; else it is the month in which something first happens.
    pub fn has_horizon(&self) -> bool {
        !matches!(
            self.value,
            Value::First(_) | Value::Covered(_) | Value::AxisFormed
        )
    }
}

/// What `pointplane outcomes` says of an outcome.
#[derive(Clone, Debug, Serialize)]
pub struct Description {
    /// Name.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// `higher`, `lower` or nothing.
    pub better: Option<&'static str>,
    /// Whether it is taken at the months of `--horizon` and the end of the run.
    pub horizon: bool,
    /// The kinds of groups it is given by, besides the country.
    pub groups: &'static str,
    /// Definition.
    pub definition: &'static str,
}

/// What is said of every outcome, in the order of the tables.
pub fn descriptions() -> impl Iterator<Item = Description> {
    OUTCOMES.iter().map(|outcome| Description {
        name: outcome.name,
        unit: outcome.unit,
        better: outcome.better.map(|better| match better {
            Better::Higher => "higher",
            Better::Lower => "lower",
        }),
        horizon: outcome.has_horizon(),
        groups: match outcome.value {
            Value::AxisFormed => "corridor",
            Value::Firms(_) => "province, area, tier, corridor, membership, industry, size class",
            _ if outcome.by_group => "province, area, tier, corridor, membership",
            _ => "",
        },
        definition: outcome.definition,
    })
}

/// Position of an outcome.
pub fn position(name: &str) -> Option<usize> {
    OUTCOMES.iter().position(|outcome| outcome.name == name)
}

const fn level(
    name: &'static str,
    unit: &'static str,
    better: Option<Better>,
    get: fn(&NationalRow) -> f64,
    definition: &'static str,
) -> Outcome {
    Outcome {
        name,
        unit,
        better,
        definition,
        value: Value::Level(get),
        by_group: false,
    }
}

const fn sum(
    name: &'static str,
    unit: &'static str,
    better: Option<Better>,
    get: fn(&NationalRow) -> u32,
    definition: &'static str,
) -> Outcome {
    Outcome {
        name,
        unit,
        better,
        definition,
        value: Value::Sum(get),
        by_group: false,
    }
}

const fn first(name: &'static str, value: Value, definition: &'static str) -> Outcome {
    Outcome {
        name,
        unit: "months",
        better: LOWER,
        definition,
        value,
        by_group: false,
    }
}

const HIGHER: Option<Better> = Some(Better::Higher);
const LOWER: Option<Better> = Some(Better::Lower);

/// The outcomes that a summary shows and a sweep keeps unless told otherwise.
pub const USUAL: [&str; 8] = [
    "mean_stock",
    "adoptions",
    "replicated_national",
    "theil",
    "theil_between",
    "gini",
    "moran",
    "plane_share",
];

/// What a summary shows besides, when there are firms.
pub const OF_FIRMS: [&str; 2] = ["uptake", "benefit"];

/// All outcomes, in the order of the tables.
pub const OUTCOMES: [Outcome; 32] = [
    Outcome {
        by_group: true,
        ..level(
            "mean_stock",
            "quality",
            HIGHER,
            |r| r.mean_stock,
            "weight-mean over regions of sum_k q_k * adopted; of a group: over its regions, so that the country's effect is the sum of weight_share * effect over the groups of a kind",
        )
    },
    Outcome {
        by_group: true,
        ..sum(
            "adoptions",
            "adoptions",
            HIGHER,
            |r| r.adoptions,
            "adoptions since the start of the run, origins not counted; of a group: at its regions and zones; provinces, areas and members with non-members add up to the country, tiers do not, as they hold regions only",
        )
    },
    sum(
        "born",
        "innovations",
        None,
        |r| r.born,
        "innovations born since the start of the run",
    ),
    sum(
        "implemented",
        "innovations",
        HIGHER,
        |r| r.implemented,
        "innovations implemented at their origin since the start of the run",
    ),
    sum(
        "failed",
        "innovations",
        None,
        |r| r.failed,
        "pilots that failed since the start of the run",
    ),
    sum(
        "replicated_provincial",
        "innovations",
        HIGHER,
        |r| r.replicated_provincial,
        "innovations that a province took up since the start of the run",
    ),
    sum(
        "replicated_national",
        "innovations",
        HIGHER,
        |r| r.replicated_national,
        "innovations that the centre took up since the start of the run",
    ),
    sum(
        "abandonments",
        "adoptions",
        LOWER,
        |r| r.abandonments,
        "items abandoned since the start of the run",
    ),
    level(
        "coverage",
        "share",
        HIGHER,
        |r| r.coverage,
        "places with at least one item over places that can adopt",
    ),
    level(
        "theil",
        "",
        LOWER,
        |r| r.theil.total,
        "inequality of the stock between regions: Theil's T, weighted",
    ),
    level(
        "theil_within",
        "",
        LOWER,
        |r| r.theil.within,
        "part of theil within areas",
    ),
    level(
        "theil_between",
        "",
        LOWER,
        |r| r.theil.between,
        "part of theil between areas: the gap between areas",
    ),
    level(
        "gini",
        "",
        LOWER,
        |r| r.gini,
        "inequality of the stock between regions: weighted Gini coefficient",
    ),
    level(
        "moran",
        "",
        None,
        |r| r.moran.unwrap_or(f64::NAN),
        "Moran's I of the stock over regions; missing when all are equal",
    ),
    level(
        "points",
        "zones",
        None,
        |r| f64::from(r.points),
        "open zones",
    ),
    level(
        "lines",
        "lines",
        HIGHER,
        |r| f64::from(r.lines),
        "formed lines",
    ),
    level(
        "circles",
        "circles",
        HIGHER,
        |r| f64::from(r.circles),
        "formed circles",
    ),
    level(
        "clusters",
        "clusters",
        None,
        |r| f64::from(r.clusters),
        "groups of circles that share a place",
    ),
    level("axes", "axes", HIGHER, |r| f64::from(r.axes), "formed axes"),
    level(
        "plane_share",
        "share",
        HIGHER,
        |r| r.plane_share,
        "weight on an axis or a cluster connected to one, over all weight",
    ),
    level(
        "plane",
        "share",
        HIGHER,
        |r| f64::from(u8::from(r.plane)),
        "1 when the plane is formed; its mean is the share of replicates",
    ),
    Outcome {
        name: "spillover_share",
        unit: "share",
        better: None,
        definition: "credit to sources over all credit since the start of the run; missing without adoptions",
        value: Value::SpilloverShare,
        by_group: false,
    },
    first(
        "first_line",
        Value::First(0),
        "months from the start of the run to the first line",
    ),
    first(
        "first_circle",
        Value::First(1),
        "months from the start of the run to the first circle",
    ),
    first(
        "first_axis",
        Value::First(2),
        "months from the start of the run to the first axis",
    ),
    first(
        "first_plane",
        Value::First(3),
        "months from the start of the run to the plane",
    ),
    first(
        "axis_formed",
        Value::AxisFormed,
        "months from the start of the run to the first axis of each corridor",
    ),
    first(
        "covered_25",
        Value::Covered(0.25),
        "months from the start of the run until coverage is at least 25 %",
    ),
    first(
        "covered_50",
        Value::Covered(0.5),
        "months from the start of the run until coverage is at least 50 %",
    ),
    first(
        "covered_75",
        Value::Covered(0.75),
        "months from the start of the run until coverage is at least 75 %",
    ),
    Outcome {
        name: "uptake",
        unit: "share",
        better: HIGHER,
        definition: "weight-mean over regions of the mean over domains of the size-weighted share of firms that took up; of a group: over its regions, so that the country's effect is the sum of weight_share * effect; of an industry or size class: over its firms in all regions, each region's weight divided over its firms by size; only with firms",
        value: Value::Firms(|f| f.uptake),
        by_group: true,
    },
    Outcome {
        name: "benefit",
        unit: "benefit",
        better: HIGHER,
        definition: "sum over regions of weight * sum_d gamma_d * (size-weighted share of firms that took d up); of a group: at its regions, so that provinces, areas, tiers, and members with non-members, add up to the country; of an industry or size class: the part that its firms make; only with firms",
        value: Value::Firms(|f| f.benefit),
        by_group: true,
    },
];

/// The measures of the table `national`, monthly: what `responses` has paths of. `firms`: also those of
/// firms.
pub fn measures(firms: bool) -> &'static [&'static str] {
    &MEASURES[..if firms {
        MEASURES.len()
    } else {
        MEASURES.len() - OF_FIRMS.len()
    }]
}

/// The measures, those of firms last.
const MEASURES: [&str; 24] = [
    "born",
    "implemented",
    "failed",
    "replicated_provincial",
    "replicated_national",
    "adoptions",
    "abandonments",
    "mean_stock",
    "coverage",
    "points",
    "lines",
    "circles",
    "clusters",
    "axes",
    "plane_share",
    "plane",
    "spillover_share",
    "theil",
    "theil_within",
    "theil_between",
    "gini",
    "moran",
    "uptake",
    "benefit",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_columns_and_appear_once() {
        let names: BTreeSet<_> = OUTCOMES.iter().map(|outcome| outcome.name).collect();
        assert_eq!(names.len(), OUTCOMES.len());
        for name in names {
            assert!(
                name.len() <= 32
                    && name
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
            );
        }
        // Every monthly measure has its outcome.
        for measure in MEASURES {
            assert!(position(measure).is_some(), "{measure}");
        }
    }

    #[test]
    fn measures_are_the_columns_of_the_table_national() {
        for firms in [false, true] {
            let table = crate::experiment::tables::national(firms);
            let names = table.columns.iter().map(|column| column.name.as_str());
            let named: Vec<&str> = names
                .filter(|n| !["replicate", "month"].contains(n))
                .collect();
            assert_eq!(named, measures(firms));
        }
    }
}
