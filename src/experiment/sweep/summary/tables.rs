//! The derived tables of a sweep: one row per question and parameter, term or pair.

use crate::sensitivity::Estimate;
use crate::store::sweep::SweepManifest;
use crate::store::{Column, ColumnDef, Kind, TableData, TableDef};

use super::indices::Design;
use super::{Analysis, Answers};

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Text(Option<String>),
    Number(f64),
    Int(Option<i64>),
    Month(Option<i32>),
}

/// A table that is being filled row by row.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its definition.
    pub def: TableDef,
    rows: Vec<Vec<Cell>>,
}

impl Sheet {
    fn new(name: &str, what: &str, columns: &[(&str, Kind, &str, &str)]) -> Self {
        let mut all = vec![
            ColumnDef::new("layout", Kind::Text, "", "layout"),
            ColumnDef::new(
                "versus",
                Kind::Text,
                "",
                "the row is about what the layout changes against this one; missing where it is about the outcome itself",
            ),
            ColumnDef::new("outcome", Kind::Text, "", "outcome"),
            ColumnDef::new(
                "group_kind",
                Kind::Text,
                "",
                "national, or the kind of the group",
            ),
            ColumnDef::new(
                "group",
                Kind::Text,
                "",
                "the group; missing for the country",
            ),
            ColumnDef::new("horizon", Kind::Month, "", "month at whose end it is taken"),
        ];
        let column = |c: &(&str, Kind, &str, &str)| ColumnDef::new(c.0, c.1, c.2, c.3);
        all.extend(columns.iter().map(column));
        Self {
            def: TableDef::new(name, what, all),
            rows: Vec::new(),
        }
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Its rows as columns.
    pub fn data(&self) -> TableData {
        let columns = self.def.columns.iter().enumerate().map(|(at, def)| {
            let cells = || self.rows.iter().map(|row| &row[at]);
            match def.kind {
                Kind::Text => Column::text(cells().map(|cell| match cell {
                    Cell::Text(text) => text.as_deref(),
                    _ => None,
                })),
                Kind::Float => Column::Float(
                    cells()
                        .map(|cell| match cell {
                            Cell::Number(number) => *number,
                            _ => f64::NAN,
                        })
                        .collect(),
                ),
                Kind::Int => Column::Int(
                    cells()
                        .map(|cell| match cell {
                            Cell::Int(number) => *number,
                            _ => None,
                        })
                        .collect(),
                ),
                Kind::Month => Column::Month(
                    cells()
                        .map(|cell| match cell {
                            Cell::Month(month) => *month,
                            _ => None,
                        })
                        .collect(),
                ),
            }
        });
        TableData::new(&self.def.name, columns.collect())
    }
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(Some(text.into()))
}

fn number(value: Option<f64>) -> Cell {
    Cell::Number(value.unwrap_or(f64::NAN))
}

/// Value, low, high.
fn estimate(estimate: Option<Estimate>) -> [Cell; 3] {
    [
        number(estimate.map(|e| e.value)),
        number(estimate.and_then(|e| e.low)),
        number(estimate.and_then(|e| e.high)),
    ]
}

fn int(value: usize) -> Cell {
    Cell::Int(i64::try_from(value).ok())
}

const KEY: (&str, Kind, &str, &str) = ("parameter", Kind::Text, "", "key of the parameter");

/// All derived tables; those that the design has nothing for are left out.
pub fn sheets(
    manifest: &SweepManifest,
    design: &Design,
    answers: &Answers,
    analyses: &[Analysis],
) -> Vec<Sheet> {
    let float = Kind::Float;
    let mut sobol = Sheet::new(
        "sobol",
        "Sobol indices: share of the variance of the outcome between points (Saltelli 2010, Jansen 1999), 95 % bootstrap intervals over blocks",
        &[
            KEY,
            (
                "first",
                float,
                "share",
                "first-order index: what the parameter does alone",
            ),
            (
                "first_low",
                float,
                "share",
                "lower end of its 95 % interval",
            ),
            ("first_high", float, "share", "upper end"),
            (
                "total",
                float,
                "share",
                "total index: what it does alone and with all others",
            ),
            (
                "total_low",
                float,
                "share",
                "lower end of its 95 % interval",
            ),
            ("total_high", float, "share", "upper end"),
            ("blocks", Kind::Int, "", "blocks used"),
            (
                "blocks_dropped",
                Kind::Int,
                "",
                "blocks left out because a run of theirs is missing",
            ),
            (
                "luck",
                float,
                "share",
                "share of the variance that is luck of the replicates; missing with one replicate",
            ),
        ],
    );
    let mut pairs = Sheet::new(
        "sobol_pairs",
        "second-order Sobol indices: what two parameters do only together",
        &[
            ("parameter_1", Kind::Text, "", "key of the one parameter"),
            ("parameter_2", Kind::Text, "", "key of the other"),
            ("second", float, "share", "second-order index"),
            (
                "second_low",
                float,
                "share",
                "lower end of its 95 % interval",
            ),
            ("second_high", float, "share", "upper end"),
        ],
    );
    let mut morris = Sheet::new(
        "morris",
        "elementary effects (Morris 1991, Campolongo 2007): change of the outcome over the whole range of a parameter, as from each step",
        &[
            KEY,
            ("mu", float, "outcome", "mean of the elementary effects"),
            ("mu_star", float, "outcome", "mean of their absolute values"),
            (
                "mu_star_low",
                float,
                "outcome",
                "lower end of its 95 % interval",
            ),
            ("mu_star_high", float, "outcome", "upper end"),
            (
                "sigma",
                float,
                "outcome",
                "their standard deviation: curvature and interaction",
            ),
            ("effects", Kind::Int, "", "elementary effects used"),
        ],
    );
    let mut regression = Sheet::new(
        "regression",
        "standardised regression coefficients and partial rank correlations; of a saltelli design over the points of A and B",
        &[
            KEY,
            (
                "level",
                Kind::Text,
                "",
                "of a parameter that is a text: this level against the first one",
            ),
            (
                "src",
                float,
                "sd",
                "standardised regression coefficient: sd of the outcome per sd of the parameter",
            ),
            (
                "src_low",
                float,
                "sd",
                "lower end of its 95 % jackknife interval",
            ),
            ("src_high", float, "sd", "upper end"),
            (
                "slope",
                float,
                "outcome",
                "the coefficient itself: outcome per unit of the parameter",
            ),
            ("p", float, "", "p value of src"),
            (
                "p_holm",
                float,
                "",
                "p value, Holm-adjusted over the parameters",
            ),
            ("prcc", float, "", "partial rank correlation coefficient"),
            (
                "prcc_low",
                float,
                "",
                "lower end of its 95 % interval (Fisher's z)",
            ),
            ("prcc_high", float, "", "upper end"),
            ("prcc_p", float, "", "its p value"),
            (
                "r2",
                float,
                "share",
                "R2 of the regression; how far src can be trusted",
            ),
            (
                "rank_r2",
                float,
                "share",
                "R2 of the regression of ranks; how far prcc can be trusted",
            ),
            ("points", Kind::Int, "", "points used"),
        ],
    );
    let mut tornado = Sheet::new(
        "tornado",
        "mean outcome where a parameter is low (its lowest tenth, or level) and where it is high",
        &[
            KEY,
            (
                "low_value",
                float,
                "",
                "mean of the parameter where it is low",
            ),
            (
                "high_value",
                float,
                "",
                "mean of the parameter where it is high",
            ),
            (
                "low_level",
                Kind::Text,
                "",
                "of a text: the level with the lowest outcome",
            ),
            (
                "high_level",
                Kind::Text,
                "",
                "of a text: the level with the highest outcome",
            ),
            ("outcome_at_low", float, "outcome", "mean outcome there"),
            ("outcome_at_high", float, "outcome", "mean outcome there"),
            (
                "swing",
                float,
                "outcome",
                "outcome_at_high less outcome_at_low",
            ),
            (
                "swing_low",
                float,
                "outcome",
                "lower end of its 95 % interval",
            ),
            ("swing_high", float, "outcome", "upper end"),
        ],
    );
    let mut interactions = Sheet::new(
        "interactions",
        "pairs of the strongest terms: what their product adds to the regression",
        &[
            ("parameter_1", Kind::Text, "", "the one term"),
            ("parameter_2", Kind::Text, "", "the other"),
            (
                "coefficient",
                float,
                "sd",
                "standardised coefficient of their product",
            ),
            ("gain", float, "share", "what it adds to R2"),
            ("t", float, "", "its t value"),
            ("p", float, "", "p value"),
            ("p_holm", float, "", "p value, Holm-adjusted over the pairs"),
        ],
    );
    let key = |at: usize| text(&manifest.parameters[at].key);
    let terms = design.terms();
    let term = |at: usize| {
        let term = &terms[at];
        let key = &manifest.parameters[term.parameter].key;
        term.level
            .as_ref()
            .map_or_else(|| key.clone(), |level| format!("{key}={level}"))
    };
    for analysis in analyses {
        let asked = analysis.asked;
        let slot = answers.slot(asked);
        let layout = |at: usize| manifest.swept.layouts[at].clone();
        let start = vec![
            text(layout(asked.layout)),
            Cell::Text(asked.versus.map(layout)),
            text(&slot.outcome),
            text(&slot.group_kind),
            Cell::Text(slot.group.clone()),
            Cell::Month(slot.horizon.map(|t| manifest.swept.start + i32::from(t))),
        ];
        let row = |more: Vec<Cell>| [start.clone(), more].concat();
        if let Some(found) = &analysis.sobol {
            for (at, share) in found.parameters.iter().enumerate() {
                let mut cells = vec![key(at)];
                cells.extend(estimate(share.first));
                cells.extend(estimate(share.total));
                cells.extend([
                    int(found.blocks),
                    int(found.dropped),
                    number(analysis.luck.common),
                ]);
                sobol.rows.push(row(cells));
            }
            for pair in &found.pairs {
                let mut cells = vec![key(pair.first), key(pair.second)];
                cells.extend(estimate(pair.index));
                pairs.rows.push(row(cells));
            }
        }
        for (at, found) in analysis.morris.iter().enumerate() {
            let mut cells = vec![key(at), number(found.mu)];
            cells.extend(estimate(found.mu_star));
            cells.extend([number(found.sigma), int(found.effects)]);
            morris.rows.push(row(cells));
        }
        if let Some(found) = &analysis.regression {
            for (at, (c, r)) in found
                .coefficients
                .iter()
                .zip(&found.rank_correlations)
                .enumerate()
            {
                let mut cells = vec![
                    key(terms[at].parameter),
                    Cell::Text(terms[at].level.clone()),
                ];
                cells.extend(estimate(c.src));
                cells.extend([number(c.slope), number(c.p), number(c.p_holm)]);
                cells.extend(estimate(r.prcc));
                cells.extend([
                    number(r.p),
                    number(found.r2),
                    number(found.rank_r2),
                    int(found.rows),
                ]);
                regression.rows.push(row(cells));
            }
        }
        for bar in &analysis.tornado {
            let level = |value: Option<f64>| {
                Cell::Text(
                    value
                        .and_then(|v| design.level(bar.parameter, v))
                        .map(str::to_owned),
                )
            };
            let is_text = design.is_text(bar.parameter);
            let value = |v: Option<f64>| number(v.filter(|_| !is_text));
            let mut cells = vec![
                key(bar.parameter),
                value(bar.low_value),
                value(bar.high_value),
                level(bar.low_value),
                level(bar.high_value),
                number(bar.outcome_at_low),
                number(bar.outcome_at_high),
            ];
            cells.extend(estimate(bar.swing));
            tornado.rows.push(row(cells));
        }
        for pair in analysis.interactions.iter().flat_map(|found| &found.pairs) {
            interactions.rows.push(row(vec![
                text(term(pair.first)),
                text(term(pair.second)),
                number(pair.coefficient),
                number(pair.gain),
                number(pair.t),
                number(pair.p),
                number(pair.p_holm),
            ]));
        }
    }
    let all = [sobol, pairs, morris, regression, tornado, interactions];
    all.into_iter().filter(|sheet| !sheet.is_empty()).collect()
}
