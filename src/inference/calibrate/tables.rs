//! The tables of a calibration, and the draws that `compare --posterior` reads.

use std::path::Path;

use crate::scenario::parameter_table;
use crate::store::schema::Schema;
use crate::store::{StoreError, TableData, TableDef, atomic_write};

use super::check::{Judged, RANKED};
use super::diagnosis::{Diagnosis, Direction, OfParameter, OfTarget};
use super::matching::{Ending, Matched, Wave};
use super::plan::{Calibration, Target};
use super::posterior::Posterior;

/// Its draws.
pub const POSTERIOR: &str = "posterior.csv";

/// The tables, in order.
pub fn tables(
    of: &Calibration,
    matched: &Matched<'_>,
    posterior: Option<&Posterior>,
    diagnosis: &Diagnosis,
) -> Vec<(TableDef, TableData)> {
    let mut all = Vec::new();
    let mut rows: Vec<(&Wave, Option<&'static str>)> =
        matched.waves.iter().map(|wave| (wave, None)).collect();
    if let Some(last) = rows.last_mut() {
        last.1 = Some(ended(&matched.ending));
    }
    let schema = waves();
    all.push((schema.def(), schema.data(&mut rows[..])));
    let mut rows: Vec<Emulated<'_>> = matched
        .waves
        .iter()
        .flat_map(|wave| (0..of.fitted).map(move |target| (wave, target)))
        .map(|(wave, target)| Emulated {
            id: &of.targets[target].spec.id,
            wave,
            target,
            strongest: strongest(of, matched, wave, target),
        })
        .collect();
    let schema = emulators();
    all.push((schema.def(), schema.data(&mut rows[..])));
    let found = diagnosis.targets.iter().zip(&of.targets).enumerate();
    let mut rows: Vec<Aim<'_>> = found
        .map(|(at, (found, target))| Aim {
            found,
            target,
            met: posterior.map(|_| found.is_met(&of.observed[at])),
        })
        .collect();
    let schema = targets();
    all.push((schema.def(), schema.data(&mut rows[..])));
    if let Some(posterior) = posterior {
        let mut rows: Vec<&OfParameter> = diagnosis.parameters.iter().collect();
        let schema = parameters();
        all.push((schema.def(), schema.data(&mut rows[..])));
        let keys = of.prior.parameters().iter().enumerate();
        let keys: Vec<(usize, &str)> = keys.map(|(at, p)| (at, p.key.as_str())).collect();
        let directions = diagnosis.directions.iter().enumerate();
        let mut rows: Vec<Along<'_>> = directions
            .flat_map(|(number, direction)| {
                let of = |(at, key): &(usize, &'_ str)| (number, direction, *at, (*key).to_owned());
                keys.iter().map(of).collect::<Vec<_>>()
            })
            .map(|(number, direction, at, key)| Along {
                number,
                direction,
                at,
                key,
            })
            .collect();
        let schema = directions_table();
        all.push((schema.def(), schema.data(&mut rows[..])));
        let mut rows: Vec<Weighed> = (0..posterior.weights.len())
            .map(|at| Weighed {
                at,
                weight: posterior.weights[at],
                logs: posterior.logs[at],
                times: posterior
                    .resampled
                    .iter()
                    .filter(|drawn| **drawn == at)
                    .count(),
            })
            .collect();
        let schema = weights();
        all.push((schema.def(), schema.data(&mut rows[..])));
    }
    all
}

/// A row of the table of a check.
#[derive(Debug)]
pub struct Checked<'a> {
    /// Key of the parameter.
    pub key: &'a str,
    /// What its ranks say.
    pub judged: &'a Judged,
}

/// The table of a check.
pub fn check_table(rows: &mut [Checked<'_>]) -> (TableDef, TableData) {
    let schema = Schema::<[Checked<'_>]>::new(
        "check",
        "one row per parameter: simulation-based calibration",
    )
    .text("parameter", "its key in the scenario", |row| Some(row.key))
    .int("truths", "", "truths drawn from the prior", |row| {
        i64::try_from(row.judged.ranks.len()).ok()
    })
    .float(
        "mean_rank",
        "",
        "mean share of posterior draws below the truth; 0.5 where it is right",
        |row| {
            let ranks = &row.judged.ranks;
            ranks.iter().sum::<usize>() as f64 / (ranks.len() * RANKED) as f64
        },
    )
    .float(
        "p",
        "",
        "P(an empirical distribution of ranks as far from uniform anywhere), by simulation",
        |row| row.judged.p,
    )
    .float(
        "p_holm",
        "",
        "the same, adjusted by Holm over the parameters",
        |row| row.judged.adjusted,
    );
    (schema.def(), schema.data(rows))
}

fn ended(ending: &Ending) -> &'static str {
    match ending {
        Ending::LittleToAdd => "little_to_add",
        Ending::NoSmaller => "no_smaller",
        Ending::Budget => "budget",
        Ending::Empty(_) => "empty",
        Ending::Refused => "refused",
        Ending::Impossible => "impossible",
    }
}

fn waves<'r>() -> Schema<'r, [(&'r Wave, Option<&'static str>)]> {
    let count = |n: usize| i64::try_from(n).ok();
    Schema::<[(&Wave, Option<&'static str>)]>::new("waves", "one row per wave of history matching")
        .int("wave", "", "its number", move |(wave, _)| count(wave.number))
        .int("points", "", "points that were run", move |(wave, _)| count(wave.points))
        .int("refused", "", "points that the scenario refuses, and so outside the prior", move |(wave, _)| count(wave.refused))
        .int("fitted", "", "points on which its emulators rest", move |(wave, _)| count(wave.fitted))
        .float("region_share", "share", "share of the prior that is not ruled out after it; 0 when none is left", |(wave, _)| wave.share)
        .float("least_implausibility", "", "least second-largest implausibility of any point", |(wave, _)| wave.least)
        .text("ended", "why no wave follows: little_to_add (emulators add little to the variance), no_smaller (the region stays), budget, empty; or why no posterior does: refused (each draw, by the scenario), impossible (each draw, under the record)", |(_, ended)| *ended)
}

struct Emulated<'a> {
    id: &'a str,
    wave: &'a Wave,
    target: usize,
    strongest: Option<&'a str>,
}

/// The parameter along which a target's mean changes over the shortest length.
fn strongest<'a>(
    of: &'a Calibration,
    matched: &Matched<'_>,
    wave: &Wave,
    target: usize,
) -> Option<&'a str> {
    let emulators = matched.gate.waves.get(wave.number - 1)?;
    let lengths = emulators.of().get(target)?.lengths();
    let shortest = (0..lengths.len()).min_by(|a, b| lengths[*a].total_cmp(&lengths[*b]))?;
    Some(&of.prior.parameters()[shortest].key)
}

fn emulators<'r>() -> Schema<'r, [Emulated<'r>]> {
    Schema::<[Emulated<'r>]>::new("emulators", "one row per wave and target that is fitted")
        .int("wave", "", "number of the wave", |row| i64::try_from(row.wave.number).ok())
        .text("target", "its id", |row| Some(row.id))
        .float("left_out_rms", "", "root mean square error at points left out, in standard units; about 1 where the emulator knows what it does not know", |row| row.wave.left_out[row.target])
        .float("left_out_beyond_2", "share", "share of these errors beyond 2; about 0.05", |row| row.wave.beyond[row.target])
        .float("new_points_rms", "", "root mean square error of the emulator of the wave before at the points of this one, in standard units", |row| row.wave.ahead[row.target])
        .float("emulator_share", "", "variance of the emulator over that of luck, error and discrepancy, a mean over the region", |row| row.wave.adds[row.target])
        .text("strongest", "parameter along which the mean bends over the shortest part of its prior", |row| row.strongest)
}

struct Aim<'a> {
    found: &'a OfTarget,
    target: &'a Target,
    met: Option<bool>,
}

fn targets<'r>() -> Schema<'r, [Aim<'r>]> {
    let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
    Schema::<[Aim<'r>]>::new("targets", "one row per target")
        .text("target", "its id", |row| Some(&row.found.id))
        .text("purpose", "fit or hold_out", |row| Some(if row.found.fit { "fit" } else { "hold_out" }))
        .text("outcome", "outcome of the model", |row| Some(&row.target.spec.outcome))
        .month("month", "month at whose end it is taken", |row| row.target.spec.at.map(|month| month.0))
        .month("since", "month at whose end its window begins", |row| row.target.spec.since.map(|month| month.0))
        .text("group", "group of places; none for the country", |row| row.target.spec.group.as_deref())
        .float("value", "", "the record", move |row| number(row.target.spec.value))
        .float("at_least", "", "lower bound", move |row| number(row.target.spec.at_least))
        .float("at_most", "", "upper bound", move |row| number(row.target.spec.at_most))
        .float("error", "", "standard deviation of the error of the record", |row| row.target.spec.error)
        .float("discrepancy", "", "standard deviation of what the model may be off", |row| row.target.spec.discrepancy)
        .float("prior_low", "", "5 % of what the model gives over the prior, with error and discrepancy", |row| row.found.prior[0])
        .float("prior_median", "", "50 %", |row| row.found.prior[1])
        .float("prior_high", "", "95 %", |row| row.found.prior[2])
        .float("posterior_low", "", "5 % of what it gives over the posterior, with error and discrepancy", |row| row.found.posterior[0])
        .float("posterior_median", "", "50 %", |row| row.found.posterior[1])
        .float("posterior_high", "", "95 %", |row| row.found.posterior[2])
        .float("p", "", "posterior predictive p: of a value twice the smaller share on one side of it, of bounds the share between them", |row| row.found.p)
        .int("met", "", "1 if the record lies within the 90 % band of the posterior", |row| row.met.map(i64::from))
        .text("source", "where the number is from", |row| Some(&row.target.spec.source))
}

fn parameters<'r>() -> Schema<'r, [&'r OfParameter]> {
    Schema::<[&OfParameter]>::new("parameters", "one row per parameter")
        .text("parameter", "its key in the scenario", |row| Some(&row.key))
        .float("prior_mean", "", "mean of the prior", |row| row.prior.0)
        .float("prior_sd", "", "standard deviation of the prior", |row| {
            row.prior.1
        })
        .float("prior_low", "", "5 % of the prior", |row| row.before[0])
        .float("prior_median", "", "50 % of the prior", |row| row.before[1])
        .float("prior_high", "", "95 % of the prior", |row| row.before[2])
        .float("posterior_mean", "", "mean of the posterior", |row| {
            row.posterior.0
        })
        .float(
            "posterior_sd",
            "",
            "standard deviation of the posterior",
            |row| row.posterior.1,
        )
        .float("low", "", "5 % of the posterior", |row| row.range[0])
        .float("median", "", "50 % of the posterior", |row| row.range[1])
        .float("high", "", "95 % of the posterior", |row| row.range[2])
        .float("contraction", "", "1 - posterior_sd / prior_sd", |row| {
            row.contraction()
        })
        .float(
            "nearest",
            "",
            "its value at the row of posterior.csv nearest the mean of all rows, in standard deviations",
            |row| row.nearest,
        )
        .float(
            "r_hat",
            "",
            "agreement of the chains; 1 where they agree",
            |row| row.agreement.0,
        )
        .float(
            "effective_steps",
            "",
            "effective number of steps of the chains",
            |row| row.agreement.1,
        )
}

struct Along<'a> {
    number: usize,
    direction: &'a Direction,
    at: usize,
    key: String,
}

fn directions_table<'r>() -> Schema<'r, [Along<'r>]> {
    Schema::<[Along<'r>]>::new(
        "directions",
        "one row per direction and parameter, the stiffest direction first",
    )
    .int("direction", "", "its number", |row| {
        i64::try_from(row.number + 1).ok()
    })
    .float(
        "sd_ratio",
        "",
        "posterior over prior standard deviation along it",
        |row| row.direction.ratio,
    )
    .text("parameter", "key of the parameter", |row| Some(&row.key))
    .float(
        "weight",
        "",
        "weight of the parameter, on the scale of the quantiles of its prior; squares sum to 1",
        |row| row.direction.weights[row.at],
    )
}

struct Weighed {
    at: usize,
    weight: f64,
    logs: [f64; 2],
    times: usize,
}

fn weights<'r>() -> Schema<'r, [Weighed]> {
    Schema::<[Weighed]>::new(
        "weights",
        "one row per draw that was run, in the order of draws.csv, which has equal ones once",
    )
    .int("draw", "", "its number, from 1", |row| {
        i64::try_from(row.at + 1).ok()
    })
    .float(
        "log_emulator",
        "",
        "log-likelihood by the emulator",
        |row| row.logs[0],
    )
    .float("log_runs", "", "log-likelihood by its own runs", |row| {
        row.logs[1]
    })
    .float("weight", "share", "weight by the runs", |row| row.weight)
    .int("times", "", "how often it stands in the posterior", |row| {
        i64::try_from(row.times).ok()
    })
}

/// Writes the draws of the posterior, a row each, a column for each parameter: its key with `_` for `.`, or the key itself where
/// that does not name it.
///
/// # Errors
/// Those of writing.
pub fn write_posterior(dir: &Path, of: &Calibration, found: &Posterior) -> Result<(), StoreError> {
    let known = parameter_table();
    let names = of.prior.parameters().iter().map(|parameter| {
        let key = &parameter.key;
        match known.iter().any(|row| row.key == *key) {
            true => key.replace(['.', '-'], "_").to_lowercase(),
            false => key.clone(),
        }
    });
    let names: Vec<String> = names.collect();
    atomic_write(&dir.join(POSTERIOR), |file| {
        let mut csv = csv::Writer::from_writer(file);
        csv.write_record(&names)?;
        for at in &found.resampled {
            let values = of.prior.values(&found.bank.points[*at]);
            csv.write_record(values.iter().map(ToString::to_string))?;
        }
        csv.flush()
    })
}
