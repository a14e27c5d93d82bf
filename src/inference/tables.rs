//! The tables of an estimation: `estimates`, `fit`, and `residuals` where they are wanted.

use crate::store::schema::Schema;
use crate::store::{TableData, TableDef};

use super::estimate::{Cluster, Estimates, Fit, Kind, Term};
use super::residuals::Residual;

/// The tables, in order.
pub fn tables(found: &Estimates) -> Vec<(TableDef, TableData)> {
    let mut terms: Vec<Row<'_>> = found.terms.iter().map(|term| Row(term, found)).collect();
    let mut fits: Vec<(&Fit, &Estimates)> = found.fits.iter().map(|fit| (fit, found)).collect();
    let (estimates, fit) = (estimates(), fit());
    let mut tables = vec![
        (estimates.def(), estimates.data(&mut terms[..])),
        (fit.def(), fit.data(&mut fits[..])),
    ];
    if !found.residuals.is_empty() {
        let schema = residuals(found);
        let mut rows: Vec<&Residual> = found.residuals.iter().collect();
        tables.push((schema.def(), schema.data(&mut rows[..])));
    }
    tables
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
            "intrinsic, beta, or the layer or covariate",
            |Row(t, _)| Some(&t.parameter.name),
        )
        .text("parameter", "its key in the scenario", |Row(t, _)| Some(&t.parameter.key))
        .text("kind", "intrinsic, contagion or covariate", |Row(t, _)| {
            Some(match t.parameter.kind {
                Kind::Intrinsic => "intrinsic",
                Kind::Contagion => "contagion",
                Kind::Covariate => "covariate",
            })
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
            "profile (of the likelihood), or scaled_profile (its deviance times the ratio of the variances, under clustering)",
            |Row(t, all)| match (t.limits, all.cluster) {
                ([None, None], _) => None,
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
            "law of lr were the parameter 0: chi2, half_chi2 (½χ²₀ + ½χ²₁), or drawn (another rate stands at 0)",
            |Row(t, _)| t.test.as_ref().map(|test| test.law),
        )
        .column(
            crate::store::ColumnDef::text(
                "not_identified",
                "unexposed (no row at risk is exposed to it), or the parameters that data tell only together",
            ),
            |rows| {
                let words: Vec<Option<String>> = rows
                    .iter()
                    .map(|Row(t, _)| {
                        t.unidentified.as_ref().map(|keys| match keys.is_empty() {
                            true => "unexposed".to_owned(),
                            false => keys.join(" "),
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
            "estimated; no_contagion (all rates of contagion that are estimated at 0); constant_hazard (an intrinsic rate alone)",
            |(fit, _)| Some(fit.model),
        )
        .int("parameters", "", "parameters that are estimated", |(fit, _)| {
            i64::try_from(fit.parameters).ok()
        })
        .float("loglik", "", "ℓ, of whole rows at risk", |(fit, _)| fit.loglik)
        .float("aic", "", "2 · parameters − 2 · ℓ", |(fit, _)| fit.aic())
        .float("lr", "", "2 · (ℓ of estimated less that of this model)", |(fit, _)| {
            number(fit.test.as_ref().map(|test| test.lr))
        })
        .float("p", "", "P(lr or more under this model); missing under clustering", |(fit, _)| {
            number(fit.test.as_ref().and_then(|test| test.p))
        })
        .text("p_law", "law of lr under this model: half_chi2, chi_bar2 or drawn", |(fit, _)| {
            fit.test.as_ref().map(|test| test.law)
        })
        .int("rows", "", "places, items and periods at risk", move |(_, all)| count(all.rows))
        .int("adoptions", "", "adoptions among them", move |(_, all)| count(all.adoptions))
        .int("without_covariate", "", "rows left out because a covariate is not known", move |(_, all)| {
            count(all.without_covariate)
        })
}
