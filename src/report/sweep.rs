//! What a sweep says in words: for each question, the parameters that matter, strongest first. At most
//! 80 columns.

use std::fmt::Write as _;

use crate::experiment::sweep::summary::{About, Analysis, Summary};
use crate::sensitivity::Estimate;
use crate::texts::columns::left;
use crate::texts::{Lang, say};

/// Rows of a question.
const ROWS: usize = 8;
/// Columns of a parameter's key.
const KEY: usize = 27;
/// Columns of an index with its interval.
const CELL: usize = 21;

/// A row: key, how strong, cells.
struct Row {
    key: String,
    strength: f64,
    cells: [String; 2],
    swing: String,
}

/// The words about some of what a sweep says.
pub fn words(summary: &Summary<'_>, shown: &[&Analysis], lang: Lang) -> String {
    let mut text = String::new();
    for analysis in shown {
        one(summary, analysis, lang, &mut text);
    }
    text
}

/// What a question is about.
fn title(about: &About<'_>, lang: Lang) -> String {
    let About {
        outcome, layout, ..
    } = about;
    match (about.versus, about.horizon) {
        (None, None) => format!("{outcome}, {layout}"),
        (None, Some(at)) => say!(lang, "indices-title", outcome, at, layout),
        (Some(versus), None) => say!(lang, "indices-title-versus", outcome, layout, versus),
        (Some(versus), Some(at)) => {
            say!(lang, "indices-title-versus-at", outcome, at, layout, versus)
        }
    }
}

fn one(summary: &Summary<'_>, analysis: &Analysis, lang: Lang, text: &mut String) {
    let parameters: Vec<&str> = summary.parameters().collect();
    let terms = &summary.terms;
    let none = say!(lang, "indices-none");
    let plain = |value| number(value, lang);
    let swing = |parameter: usize| {
        let bar = analysis
            .tornado
            .iter()
            .find(|bar| bar.parameter == parameter);
        match bar.and_then(|bar| Some((bar.outcome_at_low?, bar.outcome_at_high?))) {
            Some((low, high)) => format!("{} → {}", plain(low), plain(high)),
            None => String::new(),
        }
    };
    let (about, heads, mut rows): (String, [&str; 2], Vec<Row>) =
        if let Some(sobol) = &analysis.sobol {
            let rows = sobol.parameters.iter().enumerate().map(|(at, share)| Row {
                key: parameters[at].to_owned(),
                strength: share.total.map_or(0.0, |e| e.value),
                cells: [
                    estimate(share.first, lang, index),
                    estimate(share.total, lang, index),
                ],
                swing: swing(at),
            });
            let about = say!(lang, "indices-variance", blocks = sobol.blocks);
            let heads = [say!(lang, "indices-alone"), say!(lang, "indices-total")];
            (about, heads, rows.collect())
        } else if !analysis.morris.is_empty() {
            let rows = analysis.morris.iter().enumerate().map(|(at, effect)| Row {
                key: parameters[at].to_owned(),
                strength: effect.mu_star.map_or(0.0, |e| e.value),
                cells: [
                    estimate(effect.mu_star, lang, number),
                    format!(
                        "{} / {}",
                        effect.mu.map_or_else(String::new, plain),
                        effect.sigma.map_or_else(String::new, plain)
                    ),
                ],
                swing: swing(at),
            });
            let effects = analysis.morris.iter().map(|e| e.effects).max().unwrap_or(0);
            (
                say!(lang, "indices-effects", effects),
                ["mu*", "mu / sigma"],
                rows.collect(),
            )
        } else if let Some(found) = &analysis.regression {
            let both = found
                .coefficients
                .iter()
                .zip(&found.rank_correlations)
                .zip(terms);
            let rows = both.map(|((c, r), term)| Row {
                key: term.name.clone(),
                strength: c.src.map_or(0.0, |e| e.value.abs()),
                cells: [estimate(c.src, lang, index), estimate(r.prcc, lang, index)],
                swing: match term.level {
                    None => swing(term.parameter),
                    Some(_) => String::new(),
                },
            });
            let r2 = found.r2.map_or_else(
                || say!(lang, "indices-unknown").to_owned(),
                |r2| format!("{r2:.2}"),
            );
            let about = say!(lang, "indices-regression", points = found.rows, r2);
            (about, ["SRC", "PRCC"], rows.collect())
        } else {
            return;
        };
    let luck = match analysis.luck.common {
        Some(share) if share >= 0.005 => {
            let share = format!("{:.0}", 100.0 * share.min(1.0));
            say!(lang, "indices-luck", share)
        }
        _ => String::new(),
    };
    let intervals = if rows.iter().any(|row| row.cells[0].contains('[')) {
        say!(lang, "indices-intervals")
    } else {
        say!(lang, "indices-too-few")
    };
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "\n{}",
        title(&summary.swept.about(analysis.asked), lang)
    );
    if rows.iter().all(|row| row.cells[0] == none) {
        let values = analysis.tornado.iter().find_map(|bar| bar.outcome_at_low);
        let value = values.map_or_else(
            || say!(lang, "indices-missing").to_owned(),
            |value| number(value, lang),
        );
        let _ = writeln!(text, "  {}", say!(lang, "indices-same", value));
        return;
    }
    let legend = say!(lang, "indices-legend", about, luck, intervals);
    let _ = writeln!(text, "  {legend}");
    let _ = writeln!(
        text,
        "  {:<KEY$}{}{}{}",
        "",
        left(heads[0], CELL),
        left(heads[1], CELL),
        say!(lang, "indices-low-high")
    );
    rows.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    let all = rows.len();
    for row in rows.iter().take(ROWS) {
        let line = format!(
            "  {}{}{}{}",
            left(&short(&row.key), KEY),
            left(&row.cells[0], CELL),
            left(&row.cells[1], CELL),
            row.swing
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if all > ROWS {
        let (more, next) = (all - ROWS, number(rows[ROWS].strength, lang));
        let _ = writeln!(text, "  {}", say!(lang, "indices-more", more, next));
    }
    let pairs = analysis.interactions.iter().flat_map(|found| &found.pairs);
    let worth = pairs.filter(|pair| {
        pair.p_holm.is_some_and(|p| p < 0.05) && pair.gain.is_some_and(|gain| gain >= 0.01)
    });
    for pair in worth.take(3) {
        let gain = format!("{:.0}", 100.0 * pair.gain.unwrap_or(0.0));
        let [first, second] = [pair.first, pair.second].map(|at| &terms[at].name);
        let together = say!(lang, "indices-together", first, second, gain);
        let _ = writeln!(text, "  {together}");
    }
}

fn short(key: &str) -> String {
    if key.chars().count() < KEY {
        return key.to_owned();
    }
    let start: String = key.chars().take(KEY - 2).collect();
    format!("{start}…")
}

fn estimate(estimate: Option<Estimate>, lang: Lang, number: fn(f64, Lang) -> String) -> String {
    let number = |value| number(value, lang);
    let Some(estimate) = estimate else {
        return say!(lang, "indices-none").to_owned();
    };
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!(
            "{} [{}, {}]",
            number(estimate.value),
            number(low),
            number(high)
        ),
        _ => number(estimate.value),
    }
}

/// Three digits.
fn number(value: f64, lang: Lang) -> String {
    match value.abs() {
        _ if !value.is_finite() => say!(lang, "indices-none").to_owned(),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 || size == 0.0 => format!("{value:.2}"),
        size if size >= 0.1 => format!("{value:.3}"),
        size if size >= 0.01 => format!("{value:.4}"),
        size if size >= 0.001 => format!("{value:.5}"),
        _ => format!("{value:.2e}"),
    }
}

/// An index: two decimals.
fn index(value: f64, lang: Lang) -> String {
    if value.is_finite() {
        // Without the sign of a rounded zero.
        format!("{:.2}", (value * 100.0).round() / 100.0 + 0.0)
    } else {
        say!(lang, "indices-none").to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_about_three_digits() {
        for (value, words) in [
            (12345.6, "12346"),
            (123.4, "123"),
            (12.34, "12.3"),
            (1.234, "1.23"),
            (0.0, "0.00"),
            (-0.05, "-0.0500"),
            (0.00123, "0.00123"),
            (1e-6, "1.00e-6"),
            (f64::NAN, "none"),
        ] {
            assert_eq!(number(value, Lang::En), words);
        }
        assert_eq!(
            (
                index(0.614, Lang::En).as_str(),
                index(-0.001, Lang::En).as_str()
            ),
            ("0.61", "0.00")
        );
    }

    #[test]
    fn long_keys_are_cut() {
        assert_eq!(short("line.beta"), "line.beta");
        assert_eq!(short(&"x".repeat(40)).chars().count(), KEY - 1);
    }
}
