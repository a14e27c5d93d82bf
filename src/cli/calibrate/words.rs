//! A calibration in words.

use crate::inference::calibrate::{
    Bank, CUTOFF, Calibration, Diagnosis, Direction, Ending, Judged, Matched, OfParameter,
    Posterior, RANKED, Seen, Wave,
};
use crate::report::figures::{parameter, parameter_with_key};
use crate::report::lang::significant;
use crate::texts::{Lang, say};

/// Share of the draws that re-weighting is to leave.
const LEFT: f64 = 0.2;
/// Contraction below which data say little of a parameter.
const LITTLE: f64 = 0.1;
/// Weight from which a parameter is named in a direction.
const NAMED: f64 = 0.3;
/// Levels of a check.
const LEVEL: f64 = 0.05;

/// What is to be done.
pub fn head(of: &Calibration, lang: Lang) -> String {
    say!(
        lang,
        "calibrate-head",
        name = of.document.spec.name,
        parameters = of.prior.parameters().len(),
        fit = of.fitted,
        held = of.targets.len() - of.fitted,
        end = of.end,
        points = of.budget.points,
        replicates = of.budget.replicates,
        waves = of.budget.waves,
    )
}

/// A share in per cent.
fn percent(share: f64) -> String {
    significant(100.0 * share, 2)
}

/// A wave.
pub fn wave(of: &Wave, lang: Lang) -> String {
    say!(
        lang,
        "calibrate-wave",
        number = of.number,
        points = of.points,
        refused = of.refused,
        share = percent(of.share),
    )
}

/// What the waves came to, the posterior, targets and parameters, in lines.
pub fn summary(
    of: &Calibration,
    matched: &Matched<'_>,
    posterior: Option<&Posterior>,
    found: &Diagnosis,
    lang: Lang,
) -> Vec<String> {
    let mut lines = vec![head(of, lang)];
    lines.extend(matched.waves.iter().map(|of| wave(of, lang)));
    lines.extend(ending(of, matched, lang));
    if let Some(last) = matched.waves.last() {
        let worst = last.left_out.iter().copied().fold(0.0, f64::max);
        lines.push(say!(
            lang,
            "calibrate-emulators",
            worst = significant(worst, 2)
        ));
    }
    if let Some(posterior) = posterior {
        lines.extend(draws(posterior, lang));
    }
    lines.push(String::new());
    lines.push(say!(lang, "calibrate-targets").to_owned());
    for at in 0..found.targets.len() {
        lines.push(target(of, found, at, posterior.is_some(), lang));
    }
    lines.extend(without(of, matched, posterior, lang));
    if posterior.is_some() {
        let missed =
            (0..found.targets.len()).filter(|at| !found.targets[*at].is_met(&of.observed[*at]));
        let missed: Vec<&str> = missed.map(|at| found.targets[at].id.as_str()).collect();
        lines.push(match missed.is_empty() {
            true => say!(lang, "calibrate-all-met").to_owned(),
            false => say!(
                lang,
                "calibrate-missed",
                n = missed.len(),
                list = missed.join(", ")
            ),
        });
        lines.push(String::new());
        lines.push(say!(lang, "calibrate-parameters").to_owned());
        lines.extend(found.parameters.iter().map(|of| of_parameter(of, lang)));
        lines.extend(told(of, found, lang));
    }
    lines
}

/// Why the waves ended.
fn ending(of: &Calibration, matched: &Matched<'_>, lang: Lang) -> Vec<String> {
    let id = |at: usize| of.targets[at].spec.id.as_str();
    match &matched.ending {
        Ending::LittleToAdd => vec![say!(lang, "calibrate-ended-little").to_owned()],
        Ending::NoSmaller => vec![say!(lang, "calibrate-ended-same").to_owned()],
        Ending::Budget => vec![say!(lang, "calibrate-ended-budget").to_owned()],
        Ending::Refused => vec![say!(lang, "calibrate-ended-refused").to_owned()],
        Ending::Impossible => vec![say!(lang, "calibrate-ended-impossible").to_owned()],
        // Points of it were seen, too few for the search to hold on to.
        Ending::Empty(_) if matched.waves.last().is_some_and(|of| of.least < CUTOFF) => {
            vec![say!(lang, "calibrate-too-small").to_owned()]
        }
        Ending::Empty(conflicts) => {
            let alone = conflicts
                .iter()
                .filter(|(a, b)| a == b)
                .map(|(a, _)| id(*a));
            let alone: Vec<&str> = alone.collect();
            let pairs = conflicts.iter().filter(|(a, b)| a != b);
            let pairs: Vec<String> = pairs
                .map(|(a, b)| format!("{} – {}", id(*a), id(*b)))
                .collect();
            let mut lines = vec![say!(lang, "calibrate-empty").to_owned()];
            if !alone.is_empty() {
                lines.push(say!(
                    lang,
                    "calibrate-out-of-reach",
                    list = alone.join(", ")
                ));
            }
            if !pairs.is_empty() {
                lines.push(say!(lang, "calibrate-conflict", list = pairs.join("; ")));
            }
            if conflicts.is_empty() {
                lines.push(say!(lang, "calibrate-conflict-many").to_owned());
            }
            lines
        }
    }
}

/// How well the posterior is drawn.
fn draws(of: &Posterior, lang: Lang) -> Vec<String> {
    let (worst, least) = of.chains();
    let all = of.weights.len();
    let mut lines = vec![
        say!(
            lang,
            "calibrate-chains",
            worst = format!("{worst:.3}"),
            least = significant(least.round(), 3)
        ),
        say!(
            lang,
            "calibrate-weights",
            all,
            left = significant(of.effective, 3)
        ),
    ];
    if !of.chains_agree() {
        lines.push(say!(lang, "calibrate-chains-apart").to_owned());
    }
    if of.effective < LEFT * all as f64 {
        lines.push(say!(lang, "calibrate-weights-few").to_owned());
    }
    lines
}

fn target(of: &Calibration, found: &Diagnosis, at: usize, after: bool, lang: Lang) -> String {
    let line = &found.targets[at];
    let number = |value: f64| significant(value, 3);
    let record = match of.observed[at].seen {
        Seen::Value(value) => number(value),
        Seen::Between(least, f64::INFINITY) => format!("≥ {}", number(least)),
        Seen::Between(f64::NEG_INFINITY, most) => format!("≤ {}", number(most)),
        Seen::Between(least, most) => format!("{} – {}", number(least), number(most)),
    };
    let [prior_low, _, prior_high] = line.prior.map(number);
    let [low, middle, high] = line.posterior.map(number);
    let purpose = match line.fit {
        true => say!(lang, "calibrate-fit"),
        false => say!(lang, "calibrate-held-out"),
    };
    if !after {
        return say!(
            lang,
            "calibrate-target-before",
            id = line.id,
            purpose,
            record,
            prior_low,
            prior_high
        );
    }
    let met = match line.is_met(&of.observed[at]) {
        true => "",
        false => say!(lang, "calibrate-not-met"),
    };
    say!(
        lang,
        "calibrate-target",
        id = line.id,
        purpose,
        record,
        prior_low,
        prior_high,
        low,
        middle,
        high,
        p = significant(line.p, 2),
        met,
    )
}

fn of_parameter(of: &OfParameter, lang: Lang) -> String {
    let number = |value: f64| significant(value, 3);
    let [low, median, high] = of.range.map(number);
    let [prior_low, prior, prior_high] = of.before.map(number);
    say!(
        lang,
        "calibrate-parameter",
        name = parameter_with_key(&of.key, lang),
        median,
        low,
        high,
        prior,
        prior_low,
        prior_high,
        contraction = percent(of.contraction()),
    )
}

/// Targets that some runs have no value of, and how many runs.
fn without(
    of: &Calibration,
    matched: &Matched<'_>,
    posterior: Option<&Posterior>,
    lang: Lang,
) -> Vec<String> {
    let banks = [Some(&matched.prior_bank), posterior.map(|of| &of.bank)];
    let runs = |bank: &&Bank| bank.runs.iter().flatten().cloned().collect::<Vec<_>>();
    let runs: Vec<Vec<f64>> = banks.iter().flatten().flat_map(runs).collect();
    let line = |at: usize| {
        let n = runs.iter().filter(|run| !run[at].is_finite()).count();
        let (id, all) = (of.targets[at].spec.id.as_str(), runs.len());
        (n > 0).then(|| say!(lang, "calibrate-without", id, n, all))
    };
    (0..of.targets.len()).filter_map(line).collect()
}

/// Of which parameters, and along which directions, data tell much and little.
fn told(of: &Calibration, found: &Diagnosis, lang: Lang) -> Vec<String> {
    let little = found
        .parameters
        .iter()
        .filter(|of| of.contraction() < LITTLE);
    let little: Vec<String> = little.map(|of| parameter(&of.key, lang)).collect();
    let mut lines = Vec::new();
    if !little.is_empty() {
        let most = percent(LITTLE);
        lines.push(say!(
            lang,
            "calibrate-little-told",
            list = little.join(say!(lang, "list-comma")),
            most
        ));
    }
    let along = |direction: &Direction| {
        let mut of: Vec<(&f64, &str)> = direction
            .weights
            .iter()
            .zip(of.prior.parameters().iter().map(|p| p.key.as_str()))
            .filter(|(weight, _)| weight.abs() >= NAMED)
            .collect();
        of.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        let of = of.iter().map(|(weight, key)| {
            let sign = if **weight < 0.0 { "−" } else { "+" };
            format!("{sign} {}", parameter(key, lang))
        });
        of.collect::<Vec<_>>().join(" ")
    };
    if let [stiff, .., sloppy] = found.directions.as_slice() {
        lines.push(say!(
            lang,
            "calibrate-directions",
            stiff = along(stiff),
            narrow = percent(stiff.ratio),
            sloppy = along(sloppy),
            wide = percent(sloppy.ratio),
        ));
    }
    lines
}

/// A check.
pub fn checked(keys: &[&str], found: &[Judged], lang: Lang) -> Vec<String> {
    let truths = found.first().map_or(0, |of| of.ranks.len());
    let mut lines = vec![say!(lang, "calibrate-check", truths, ranked = RANKED)];
    for (key, of) in keys.iter().zip(found) {
        let p = significant(of.p, 2);
        lines.push(say!(
            lang,
            "calibrate-check-line",
            key = *key,
            p,
            adjusted = significant(of.adjusted, 2)
        ));
    }
    lines.push(match found.iter().any(|of| of.adjusted < LEVEL) {
        true => say!(lang, "calibrate-check-fails").to_owned(),
        false => say!(lang, "calibrate-check-passes").to_owned(),
    });
    lines
}
