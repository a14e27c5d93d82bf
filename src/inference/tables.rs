//! The tables of an estimation: `estimates`, `fit`, `draws`, `shares`, and `simulated`, `effects`, `grid`, `profiles`, `curves`, `scores` and
//! `residuals` where they are wanted.

use crate::store::schema::Schema;
use crate::store::{Column, ColumnDef, TableData, TableDef};

use super::curves::Point;
use super::found::{End, Estimates, Fit, Grid, GridPoint, Set, Share, Simulated, Term, Untold};
use super::residuals::Residual;
use super::sandwich::Cluster;
use super::score::Score;
use super::terms::{Kind, Parameter};

/// Longest name of a column.
const LONGEST_NAME: usize = 32;

/// The tables, in order.
pub fn tables(found: &Estimates) -> Vec<(TableDef, TableData)> {
    let set = found.simulated.as_ref().and_then(|of| of.set.as_ref());
    let of_set = set.map(|set| set.term.clone());
    let of_grid = of_set.or_else(|| Some(found.grid.as_ref()?.term()));
    let rows = found.terms.iter().chain(&of_grid);
    let mut terms: Vec<Row<'_>> = rows.map(|term| Row(term, found)).collect();
    let mut fits: Vec<(&Fit, &Estimates)> = found.fits.iter().map(|fit| (fit, found)).collect();
    let (estimates, fit) = (estimates(), fit());
    let mut tables = vec![
        (estimates.def(), estimates.data(&mut terms[..])),
        (fit.def(), fit.data(&mut fits[..])),
    ];
    let told = found
        .terms
        .iter()
        .any(|term| term.estimate.is_some() && term.parameter.kind() != Kind::Frailty);
    if told && !found.draws.is_empty() {
        tables.push(draws(found));
    }
    if let Some(of) = &found.simulated {
        tables.push(simulated(found, of));
    }
    if !found.shares.is_empty() {
        let schema = shares(found.adoptions);
        let mut rows: Vec<&Share> = found.shares.iter().collect();
        tables.push((schema.def(), schema.data(&mut rows[..])));
    }
    if let Some(of) = &found.grid {
        tables.push(grid(of, set));
    }
    if !found.effects.is_empty() {
        let schema = effects(found);
        let mut rows: Vec<&Effect> = found.effects.iter().collect();
        tables.push((schema.def(), schema.data(&mut rows[..])));
    }
    if !found.curves.is_empty() {
        let schema = curves(found);
        let mut rows: Vec<&Point> = found.curves.iter().collect();
        tables.push((schema.def(), schema.data(&mut rows[..])));
    }
    if !found.profiles.is_empty() {
        let schema = profiles();
        let points = found.profiles.iter();
        let mut rows: Vec<(&Term, [f64; 2])> = points
            .filter_map(|(at, point)| Some((found.terms.get(*at)?, *point)))
            .collect();
        tables.push((schema.def(), schema.data(&mut rows[..])));
    }
    if !found.scores.is_empty() {
        let schema = scores();
        let mut rows: Vec<&Score> = found.scores.iter().collect();
        tables.push((schema.def(), schema.data(&mut rows[..])));
    }
    if !found.residuals.is_empty() {
        let schema = residuals(found);
        let mut rows: Vec<&Residual> = found.residuals.iter().collect();
        tables.push((schema.def(), schema.data(&mut rows[..])));
    }
    tables
}

/// The table of draws: a column for each parameter that data tell and a scenario has a key for, called by this.
fn draws(found: &Estimates) -> (TableDef, TableData) {
    let known = found.terms.iter().enumerate();
    let has_key = |term: &Term| term.parameter.kind() != Kind::Frailty;
    let known = known.filter(|(_, term)| term.estimate.is_some() && has_key(term));
    let (mut defs, mut columns) = (Vec::new(), Vec::new());
    for (at, term) in known {
        let name = draws_column(&term.parameter, &defs);
        let what = format!("{}, drawn", term.parameter.key);
        defs.push(ColumnDef::float(&name, "", &what));
        columns.push(Column::Float(
            found.draws.iter().map(|row| row[at]).collect(),
        ));
    }
    let what = match found.mcmc {
        None => {
            "one row per draw: the normal law about the estimates, cut off where a rate would be negative; of rates at 0 that by which ℓ falls there"
        }
        Some(_) => {
            "one row per draw: of the likelihood itself, by Markov chains, with a flat prior"
        }
    };
    (
        TableDef::new("draws", what, defs),
        TableData::new("draws", columns),
    )
}

/// The table of simulated histories: a column for each parameter that is estimated, and for the key of a grid.
fn simulated(found: &Estimates, of: &Simulated) -> (TableDef, TableData) {
    let numbers = (0..of.values.len()).map(|n| i64::try_from(n).ok());
    let mut defs = vec![ColumnDef::int("history", "", "number of the history")];
    let mut columns = vec![Column::Int(numbers.collect())];
    let mut put = |defs: &mut Vec<ColumnDef>, name: &str, what: &str, values: Vec<f64>| {
        defs.push(ColumnDef::float(name, "", what));
        columns.push(Column::Float(values));
    };
    for (at, term) in found.terms.iter().enumerate() {
        let name = draws_column(&term.parameter, &defs);
        let key = &term.parameter.key;
        let what = format!(
            "{key} as it is estimated from the history; missing where it is not identified"
        );
        let values = of.values.iter().map(|row| number(row[at]));
        put(&mut defs, &name, &what, values.collect());
    }
    if let Some(set) = &of.set {
        let name = draws_column(&set.term.parameter, &defs);
        let what = format!(
            "{}: the value of the grid with the largest ℓ",
            set.term.parameter.key
        );
        let values = of.best.iter().map(|best| number(best.and_then(|of| of.0)));
        put(&mut defs, &name, &what, values.collect());
        let what =
            "2 · (largest ℓ of the grid − ℓ at the value that the history was simulated with)";
        let values = of.best.iter().map(|best| number(best.map(|of| of.1)));
        put(&mut defs, "below", what, values.collect());
    }
    let what = "one row per history that was simulated at the estimates, and estimated again";
    (
        TableDef::new("simulated", what, defs),
        TableData::new("simulated", columns),
    )
}

/// The name of the column of a parameter, unlike those before it: its key, or its short name where that is too long, cut.
fn draws_column(parameter: &Parameter, before: &[ColumnDef]) -> String {
    let whole = match parameter.key.len() <= LONGEST_NAME {
        true => &parameter.key,
        false => &parameter.name,
    };
    let plain = |c: char| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_lowercase(),
        false => '_',
    };
    let whole: String = whole.chars().map(plain).take(LONGEST_NAME).collect();
    let (mut name, mut number) = (whole.clone(), before.len());
    while before.iter().any(|def| def.name == name) {
        let tail = format!("_{number}");
        let head = whole.chars().take(LONGEST_NAME - tail.len());
        name = head.chain(tail.chars()).collect();
        number += 1;
    }
    name
}

/// The item or place of a group, the factor on its hazard, and whether it is the reference.
type Effect = (usize, f64, bool);

fn effects<'r>(found: &'r Estimates) -> Schema<'r, [&'r Effect]> {
    let names = found.group_names();
    Schema::<[&Effect]>::new(
        "effects",
        "one row per item, place or period whose hazard has a factor of its own",
    )
    .text("id", "item, place or period", |(which, ..)| {
        names.get(*which).map(String::as_str)
    })
    .float(
        "factor",
        "",
        "factor on its whole hazard: estimated, or the mean of its frailty given the history; missing when it has no end",
        |(_, factor, _)| if factor.is_finite() { *factor } else { f64::NAN },
    )
    .int("reference", "", "1 for the one whose factor is 1 by definition", |of| {
        Some(i64::from(of.2))
    })
}

/// The table `grid`, of a key of the scenario, with what simulated histories say of its values.
fn grid(of: &Grid, set: Option<&Set>) -> (TableDef, TableData) {
    let Grid { key, points, .. } = of;
    let largest = points
        .iter()
        .map(|of| of[1])
        .fold(f64::NEG_INFINITY, f64::max);
    let schema = Schema::<[&GridPoint]>::new(
        "grid",
        "one row per value of a grid: the largest log likelihood at it",
    )
    .text("parameter", "key of the scenario", |_| Some(key))
    .float("value", "", "value in the grid", |of| of[0])
    .float(
        "loglik",
        "",
        "largest ℓ over all that is estimated",
        |of| of[1],
    )
    .float(
        "below",
        "",
        "by how much that is below the largest of the grid; no law of it is known",
        move |of| largest - of[1],
    );
    let schema = match set {
        None => schema,
        Some(set) => schema.column(
            ColumnDef::int(
                "in_set",
                "",
                "1 where simulated histories do not tell the value from the estimate",
            ),
            |_| Column::Int(set.inside.iter().map(|of| Some(i64::from(*of))).collect()),
        ),
    };
    let mut rows: Vec<&GridPoint> = points.iter().collect();
    (schema.def(), schema.data(&mut rows[..]))
}

fn shares<'r>(adoptions: u64) -> Schema<'r, [&'r Share]> {
    let what = "one row for all contagion, and one per term of the hazard that data tell: what adoptions are owed to";
    Schema::<[&Share]>::new("shares", what)
        .text("term", "contagion (all rates of contagion, and strengths), or the short name of the parameter", |of| {
            Some(of.parameter.as_ref().map_or("contagion", |p| p.name.as_str()))
        })
        .text("parameter", "its key in the scenario; missing for all contagion", |of| {
            Some(of.parameter.as_ref()?.key.as_str())
        })
        .text("kind", "intrinsic, contagion, strength or replication", |of| {
            Some(of.parameter.as_ref().map_or("contagion", |p| kind(p.kind())))
        })
        .float("adoptions", "adoptions", "adoptions that are owed to it", move |of| {
            of.share * adoptions as f64
        })
        .float("share", "", "mean over adoptions of its share in their hazard at the estimates", |of| of.share)
        .float("low", "", "lower 95 % limit of the share", |of| number(of.limits[0]))
        .float("high", "", "upper 95 % limit", |of| number(of.limits[1]))
        .text(
            "interval",
            "draws (of the parameters, as in draws), bootstrap (of clusters), or profile (at both limits of the only rate of contagion, where it is not told from 0)",
            |of| of.interval,
        )
}

fn curves<'r>(found: &'r Estimates) -> Schema<'r, [&'r Point]> {
    let items = &found.names[0];
    Schema::<[&Point]>::new("curves", "one row per item and period: adopters at its end")
        .text("item", "item; missing for all items together", |p| {
            p.item.map(|item| items[item].as_str())
        })
        .int("period", "", "period, as the history counts", |p| {
            Some(i64::from(p.period))
        })
        .int(
            "observed",
            "adoptions",
            "adopters while at risk so far, in the history",
            |p| Some(i64::from(p.observed)),
        )
        .float(
            "simulated",
            "adoptions",
            "the same, mean of 200 histories of the estimated model",
            |p| p.simulated[0],
        )
        .float("low", "adoptions", "2.5 % quantile of these", |p| {
            p.simulated[1]
        })
        .float("high", "adoptions", "97.5 % quantile of these", |p| {
            p.simulated[2]
        })
}

fn profiles<'r>() -> Schema<'r, [(&'r Term, [f64; 2])]> {
    let what = "one row per parameter and value: the profile of the likelihood as if rows were independent";
    Schema::<[(&Term, [f64; 2])]>::new("profiles", what)
        .text(
            "term",
            "intrinsic, beta, or the layer or covariate",
            |(term, _)| Some(&term.parameter.name),
        )
        .text("parameter", "its key in the scenario", |(term, _)| {
            Some(&term.parameter.key)
        })
        .float("value", "", "value of the parameter", |(_, point)| point[0])
        .float(
            "deviance",
            "",
            "2 · (greatest ℓ less the greatest over the other parameters at this value)",
            |(_, point)| point[1],
        )
}

fn scores<'r>() -> Schema<'r, [&'r Score]> {
    Schema::<[&Score]>::new(
        "scores",
        "one row per model: how well it foretells what is held out",
    )
    .text(
        "model",
        "estimated; constant_hazard; bass (share of all places); cloglog (on the sum of exposures)",
        |s| Some(s.model),
    )
    .int("parameters", "", "parameters that are fitted", |s| {
        i64::try_from(s.parameters).ok()
    })
    .float("rows", "", "rows that it is fitted to", |s| s.inside.rows)
    .float("adoptions", "", "adoptions among them", |s| {
        s.inside.adoptions
    })
    .float("loglik", "", "ℓ of these rows", |s| s.inside.loglik())
    .float("log_score", "", "their mean log score", |s| {
        s.inside.log_score()
    })
    .float("brier", "", "their mean Brier score", |s| s.inside.brier())
    .float("held_rows", "", "rows that are held out", |s| {
        s.outside.rows
    })
    .float("held_adoptions", "", "adoptions among them", |s| {
        s.outside.adoptions
    })
    .float(
        "held_log_score",
        "",
        "their mean log score; nearer to 0 is better",
        |s| s.outside.log_score(),
    )
    .float(
        "held_brier",
        "",
        "their mean Brier score; smaller is better",
        |s| s.outside.brier(),
    )
}

fn residuals<'r>(found: &'r Estimates) -> Schema<'r, [&'r Residual]> {
    let [items, places] = &found.names;
    Schema::<[&Residual]>::new("residuals", "one row per item and place that was at risk")
        .text("item", "item", |r| Some(&items[r.item]))
        .text("place", "place", |r| Some(&places[r.place]))
        .int("adopted", "", "1 if it adopted while at risk; else censored", |r| {
            Some(i64::from(r.adopted))
        })
        .float("hazard", "", "cumulative hazard over all its rows", |r| r.hazard)
        .float(
            "residual",
            "",
            "Cox–Snell residual, Exponential(1) under the model: hazard before the step of adoption, and a named draw within it",
            |r| r.residual,
        )
}

/// The word for a kind.
const fn kind(of: Kind) -> &'static str {
    match of {
        Kind::Intrinsic => "intrinsic",
        Kind::Contagion => "contagion",
        Kind::Strength => "strength",
        Kind::Replication => "replication",
        Kind::Covariate => "covariate",
        Kind::Frailty => "frailty",
        Kind::Grid => "grid",
    }
}

/// A row of `estimates`.
struct Row<'a>(&'a Term, &'a Estimates);

/// A number that may be missing.
fn number(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

fn estimates<'r>() -> Schema<'r, [Row<'r>]> {
    Schema::<[Row<'r>]>::new("estimates", "one row per parameter that is estimated")
        .text(
            "term",
            "short name: intrinsic, beta, or the layer, domain, alliance, bonus, replication or covariate",
            |Row(t, _)| Some(&t.parameter.name),
        )
        .text("parameter", "its key in the scenario; frailty is none", |Row(t, _)| Some(&t.parameter.key))
        .text("kind", "intrinsic, contagion, strength (what links carry beside base weights), replication, covariate, frailty (variance), or grid (a key that ℓ is profiled over)", |Row(t, _)| {
            Some(kind(t.parameter.kind()))
        })
        .float("estimate", "", "maximum likelihood estimate; missing when not identified", |Row(t, _)| {
            number(t.estimate)
        })
        .float("se", "", "standard error from the observed information; missing at a bound", |Row(t, _)| {
            number(t.se)
        })
        .float("clustered_se", "", "standard error clustered as asked: sandwich, K/(K − 1)", |Row(t, _)| {
            number(t.clustered_se)
        })
        .float("low", "", "lower 95 % limit, of the kind in interval; 0 when data do not tell a rate from 0", |Row(t, _)| {
            number(t.limits[0])
        })
        .float("high", "", "upper 95 % limit", |Row(t, _)| number(t.limits[1]))
        .text(
            "interval",
            "profile (of the likelihood), scaled_profile (its deviance times the ratio of the variances, under clustering), bootstrap (of clusters), parametric_bootstrap (of simulated histories), or bootstrap_set (the values of a grid that these do not tell from the estimate; a limit is missing where the set reaches an end of the grid)",
            |Row(t, all)| match (t.limits, all.cluster) {
                _ if t.parameter.kind() == Kind::Grid => all.simulated.as_ref().map(|_| "bootstrap_set"),
                ([None, None], _) => None,
                _ if all.simulated.is_some() => Some("parametric_bootstrap"),
                _ if all.bootstrap.is_some() => Some("bootstrap"),
                (_, Cluster::None) => Some("profile"),
                _ => Some("scaled_profile"),
            },
        )
        .float("independent_low", "", "lower 95 % profile limit as if rows were independent", |Row(t, _)| {
            number(t.independent[0])
        })
        .float("independent_high", "", "upper one", |Row(t, _)| number(t.independent[1]))
        .float("wald_low", "", "estimate − 1.96 standard errors, clustered ones where there are any", |Row(t, _)| {
            number(t.wald()[0])
        })
        .float("wald_high", "", "estimate + 1.96 standard errors", |Row(t, _)| number(t.wald()[1]))
        .float("lr", "", "2 · (ℓ less that with the parameter at 0); not scaled", |Row(t, _)| {
            number(t.test.as_ref().map(|test| test.lr))
        })
        .float("p", "", "P(lr or more, were it 0), lr over the ratio of the variances under clustering", |Row(t, _)| {
            number(t.test.as_ref().and_then(|test| test.p))
        })
        .text(
            "p_law",
            "law of lr were the parameter 0: chi2, half_chi2 (½χ²₀ + ½χ²₁), drawn (another rate stands at 0), or simulated (by the engine)",
            |Row(t, _)| t.test.as_ref().map(|test| test.law),
        )
        .column(
            crate::store::ColumnDef::text(
                "not_identified",
                "unexposed (no row at risk is exposed to it), flat (ℓ is the same whatever it is), the parameters that data tell only together, or no_maximum and the parameters along which ℓ rises without end",
            ),
            |rows| {
                let words: Vec<Option<String>> = rows
                    .iter()
                    .map(|Row(t, _)| {
                        Some(match t.unidentified.as_ref()? {
                            Untold::Unexposed => "unexposed".to_owned(),
                            Untold::Flat => "flat".to_owned(),
                            Untold::Together(keys) => keys.join(" "),
                            Untold::Endless(keys) => format!("no_maximum {}", keys.join(" ")),
                        })
                    })
                    .collect();
                crate::store::Column::text(words.iter().map(Option::as_deref))
            },
        )
}

fn fit<'r>() -> Schema<'r, [(&'r Fit, &'r Estimates)]> {
    let count = |n: u64| i64::try_from(n).ok();
    Schema::<[(&Fit, &Estimates)]>::new("fit", "one row per model")
        .text(
            "model",
            "estimated; no_contagion (all rates of contagion, and strengths, that are estimated at 0); constant_hazard (intrinsic rates alone); bass (a + b times the share of all places that have it); cloglog (exp(a + b times the sum of exposures))",
            |(fit, _)| Some(fit.model),
        )
        .int("parameters", "", "parameters that are estimated", |(fit, _)| {
            i64::try_from(fit.parameters).ok()
        })
        .float("loglik", "", "ℓ, of whole rows at risk", |(fit, _)| fit.loglik)
        .text("maximum", "found; none, where ℓ rises without end; unfinished, where the search stopped before it", |(fit, _)| {
            Some(match fit.end {
                End::Found => "found",
                End::Endless => "none",
                End::Unended => "unfinished",
            })
        })
        .float("aic", "", "2 · parameters − 2 · ℓ", |(fit, _)| fit.aic())
        .float("lr", "", "2 · (ℓ of estimated less that of this model)", |(fit, _)| {
            number(fit.test.as_ref().map(|test| test.lr))
        })
        .float("p", "", "P(lr or more under this model); missing under clustering", |(fit, _)| {
            number(fit.test.as_ref().and_then(|test| test.p))
        })
        .text("p_law", "law of lr under this model: half_chi2, chi_bar2, drawn or simulated", |(fit, _)| {
            fit.test.as_ref().map(|test| test.law)
        })
        .int("rows", "", "places, items and periods at risk", move |(_, all)| count(all.rows))
        .int("adoptions", "", "adoptions among them", move |(_, all)| count(all.adoptions))
        .int("without_covariate", "", "rows left out because a covariate is not known", move |(_, all)| {
            count(all.without_covariate)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::terms::What;

    /// Ids that differ in a hyphen only, or only after what is cut off, have columns of their own.
    #[test]
    fn columns_of_draws_are_short_and_unlike() {
        let mut defs: Vec<ColumnDef> = Vec::new();
        let long = "Neighbours-by-the-longest-of-all-roads";
        let ids = ["a-b", "a_b", long, &format!("{long}-again")];
        for id in ids {
            let parameter = Parameter {
                name: id.to_owned(),
                key: format!("layers.{id}.coefficient"),
                what: What::Layer(0),
                value: 0.0,
                free: true,
            };
            let name = draws_column(&parameter, &defs);
            defs.push(ColumnDef::float(&name, "", ""));
        }
        let names: Vec<&str> = defs.iter().map(|def| def.name.as_str()).collect();
        let expected = [
            "layers_a_b_coefficient",
            "layers_a_b_coefficient_1",
            "neighbours_by_the_longest_of_all",
            "neighbours_by_the_longest_of_a_3",
        ];
        assert_eq!(names, expected);
    }
}
