//! What a sweep says in words: for each question, the parameters that matter, strongest first. At most
//! 80 columns.

use std::fmt::Write as _;

use crate::design::Kind;
use crate::experiment::sweep::summary::{About, Analysis, Lacks, Summary, Term, Verdict};
use crate::paired::Credible;
use crate::sensitivity::{Bar, Estimate, LuckShare, Morris, Regression, Sobol};
use crate::store::Counts;
use crate::texts::columns::{left, right, width, wrapped};
use crate::texts::{Lang, say};

/// Rows of a question.
const ROWS: usize = 8;
/// Columns of a parameter's key.
const KEY: usize = 27;
/// Columns of a terminal.
const WIDE: usize = 80;

/// What is shown of a question: what the numbers are, the heads of their columns, a row for each parameter or term.
struct Table {
    about: String,
    heads: [&'static str; 2],
    rows: Vec<Row>,
}

/// A row: key, the number that comes first, how strong, cells.
struct Row {
    key: String,
    first: Option<Estimate>,
    strength: f64,
    cells: [String; 2],
    swing: String,
}

/// The word of a kind of design.
pub fn design_word(kind: &Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::Grid {} => say!(lang, "design-grid"),
        Kind::List { .. } => say!(lang, "design-list"),
        Kind::Random { .. } => say!(lang, "design-random"),
        Kind::LatinHypercube { .. } => say!(lang, "design-latin-hypercube"),
        Kind::Sobol { .. } => say!(lang, "design-sobol"),
        Kind::Saltelli { .. } => say!(lang, "design-saltelli"),
        Kind::Morris { .. } => say!(lang, "design-morris"),
    }
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

/// How much of the variance between points is Monte Carlo noise, in per cent, under common random numbers. An estimate may
/// pass 100.
pub fn luck_percent(luck: LuckShare) -> Option<f64> {
    luck.common.map(|share| 100.0 * share.min(1.0))
}

fn one(summary: &Summary<'_>, analysis: &Analysis, lang: Lang, text: &mut String) {
    let Some(mut table) = table(summary, analysis, lang) else {
        return;
    };
    let title = title(&summary.swept.about(analysis.asked), lang);
    text.push('\n');
    text.push_str(&wrapped(&title, 0, 2, WIDE));
    if let Some(told) = no_answer(summary, analysis, lang) {
        for told in told {
            text.push_str(&wrapped(&told, 2, 4, WIDE));
        }
        for bar in analysis.tornado.iter().take(ROWS) {
            let swing = swing(&analysis.tornado, bar.parameter, lang);
            if bar.swing.is_some_and(|swing| swing.value != 0.0) {
                let key = summary.parameters().nth(bar.parameter).unwrap_or("");
                // Writing to a String cannot fail.
                let _ = writeln!(text, "  {}{swing}", left(&short(key), KEY));
            }
        }
        return;
    }
    for told in over(analysis, lang) {
        text.push_str(&wrapped(&told, 2, 4, WIDE));
    }
    text.push_str(&wrapped(&legend(&table, analysis.luck, lang), 2, 4, WIDE));
    let rows = &mut table.rows;
    rows.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    let shown = &rows[..rows.len().min(ROWS)];
    let heads = [
        "",
        table.heads[0],
        table.heads[1],
        say!(lang, "indices-low-high"),
    ];
    let cells = shown.iter().map(|row| {
        let [first, second] = row.cells.each_ref().map(String::clone);
        [short(&row.key), first, second, row.swing.clone()]
    });
    let lines: Vec<[String; 4]> = std::iter::once(heads.map(str::to_owned))
        .chain(cells)
        .collect();
    let wide = [0, 1, 2].map(|at| {
        let all = lines.iter().map(|line| width(&line[at]));
        all.max().unwrap_or(0) + 2
    });
    for [key, first, second, last] in &lines {
        let [key, first, second] = [(key, 0), (first, 1), (second, 2)]
            .map(|(cell, at): (&String, usize)| left(cell, wide[at]));
        let line = format!("  {key}{first}{second}{last}");
        match width(&line) > WIDE {
            false => text.push_str(line.trim_end()),
            true => {
                let line = format!("  {key}{first}{second}");
                text.push_str(line.trim_end());
                let _ = write!(text, "\n{}", right(last, WIDE));
            }
        }
        text.push('\n');
    }
    if let Some(next) = rows.get(ROWS) {
        let (more, next) = (rows.len() - ROWS, number(next.strength, lang));
        let _ = writeln!(text, "  {}", say!(lang, "indices-more", more, next));
    }
    for told in together(summary, analysis, lang) {
        text.push_str(&wrapped(&told, 2, 4, WIDE));
    }
}

/// The table that is best for a design: Sobol indices, else elementary effects, else a regression.
fn table(summary: &Summary<'_>, analysis: &Analysis, lang: Lang) -> Option<Table> {
    let keys: Vec<&str> = summary.parameters().collect();
    if let Some(found) = &analysis.sobol {
        return Some(of_sobol(&keys, found, &analysis.tornado, lang));
    }
    if !analysis.morris.is_empty() {
        return Some(of_morris(&keys, &analysis.morris, &analysis.tornado, lang));
    }
    let found = analysis.regression.as_ref()?;
    let bars = &analysis.tornado;
    Some(of_regression(&summary.terms, found, bars, lang))
}

fn of_sobol(keys: &[&str], found: &Sobol, bars: &[Bar], lang: Lang) -> Table {
    let rows = found.parameters.iter().enumerate().map(|(at, share)| Row {
        key: keys[at].to_owned(),
        first: share.first,
        strength: share.total.map_or(0.0, |e| e.value),
        cells: [share.first, share.total].map(|e| estimate(e, lang, index)),
        swing: swing(bars, at, lang),
    });
    Table {
        about: say!(lang, "indices-variance", blocks = found.blocks),
        heads: [say!(lang, "indices-alone"), say!(lang, "indices-total")],
        rows: rows.collect(),
    }
}

fn of_morris(keys: &[&str], found: &[Morris], bars: &[Bar], lang: Lang) -> Table {
    let plain = |value: Option<f64>| value.map_or_else(String::new, |v| number(v, lang));
    let rows = found.iter().enumerate().map(|(at, effect)| Row {
        key: keys[at].to_owned(),
        first: effect.mu_star,
        strength: effect.mu_star.map_or(0.0, |e| e.value),
        cells: [
            estimate(effect.mu_star, lang, number),
            format!("{} / {}", plain(effect.mu), plain(effect.sigma)),
        ],
        swing: swing(bars, at, lang),
    });
    let effects = found.iter().map(|e| e.effects).max().unwrap_or(0);
    Table {
        about: say!(lang, "indices-effects", effects),
        heads: ["mu*", "mu / sigma"],
        rows: rows.collect(),
    }
}

fn of_regression(terms: &[Term], found: &Regression, bars: &[Bar], lang: Lang) -> Table {
    let both = found.coefficients.iter().zip(&found.rank_correlations);
    let rows = both.zip(terms).map(|((c, r), term)| Row {
        key: term.name.clone(),
        first: c.src,
        strength: c.src.map_or(0.0, |e| e.value.abs()),
        cells: [c.src, r.prcc].map(|e| estimate(e, lang, index)),
        swing: match term.level {
            None => swing(bars, term.parameter, lang),
            Some(_) => String::new(),
        },
    });
    let r2 = found.r2.map_or_else(
        || say!(lang, "indices-unknown").to_owned(),
        |r2| format!("{r2:.2}"),
    );
    Table {
        about: say!(lang, "indices-regression", points = found.rows, r2),
        heads: ["SRC", "PRCC"],
        rows: rows.collect(),
    }
}

/// The outcome where a parameter is low and where it is high.
fn swing(bars: &[Bar], parameter: usize, lang: Lang) -> String {
    let bar = bars.iter().find(|bar| bar.parameter == parameter);
    if bar.is_some_and(|bar| bar.inert) {
        return say!(lang, "indices-inert").to_owned();
    }
    match bar.and_then(|bar| Some((bar.outcome_at_low?, bar.outcome_at_high?))) {
        Some((low, high)) => format!("{} → {}", number(low, lang), number(high, lang)),
        None => String::new(),
    }
}

/// What is said of a question that has no index: that nothing varies, or what there is too little of and what
/// would help.
pub fn no_answer(summary: &Summary<'_>, analysis: &Analysis, lang: Lang) -> Option<Vec<String>> {
    let (reason, have, need) = match analysis.verdict {
        Verdict::Estimated => return None,
        Verdict::DoesNotVary { value, points } => {
            let value = number(value, lang);
            return Some(vec![say!(lang, "indices-same", points, value)]);
        }
        Verdict::NotEstimable { reason, have, need } => (reason, have, need),
    };
    let why = match reason {
        Lacks::WholePoints => say!(lang, "indices-no-points").to_owned(),
        Lacks::Points => {
            let parameters = summary.terms.len();
            say!(lang, "indices-few-points", have, parameters, need)
        }
        Lacks::Blocks => {
            let sobol = analysis.sobol.as_ref();
            let blocks = sobol.map_or(0, |sobol| sobol.blocks + sobol.dropped);
            say!(lang, "indices-few-blocks", have, blocks)
        }
        Lacks::Trajectories => say!(lang, "indices-few-trajectories").to_owned(),
    };
    let Counts {
        done, all: runs, ..
    } = summary.jobs;
    let help = match done < runs {
        true => say!(lang, "indices-more-runs", done, runs),
        false => say!(lang, "indices-more-points").to_owned(),
    };
    Some(vec![say!(lang, "indices-not-estimable", why), help])
}

/// The pool that replicates are from, as it stands after their number.
pub fn pool(summary: &Summary<'_>, lang: Lang) -> String {
    let pool = summary.shape.pool();
    pool.map_or_else(String::new, |n| say!(lang, "indices-pool", n))
}

/// How many replicates of each point are used, where a sweep that is cut short has more of some.
pub fn used(summary: &Summary<'_>, replicates: u32, lang: Lang) -> Option<String> {
    let shared = summary.shape.shared();
    let (used, points, all) = (shared.replicates.len(), shared.used(), shared.points.len());
    let less = used < replicates as usize && points > 0;
    less.then(|| say!(lang, "indices-used", used, replicates, points, all))
}

/// What the columns are, how much is Monte Carlo noise, and whether there are intervals.
fn legend(table: &Table, luck: LuckShare, lang: Lang) -> String {
    let luck = match luck_percent(luck) {
        Some(percent) if percent >= 0.5 => {
            say!(lang, "indices-luck", share = format!("{percent:.0}"))
        }
        _ => String::new(),
    };
    let some = |row: &Row| row.first.is_some_and(|first| first.low.is_some());
    let intervals = match table.rows.iter().any(some) {
        true => say!(lang, "indices-intervals"),
        false => say!(lang, "indices-too-few"),
    };
    let about = &table.about;
    say!(lang, "indices-legend", about, luck, intervals)
}

/// What holds over the distributions of the parameters, and what of it is luck.
fn over(analysis: &Analysis, lang: Lang) -> Vec<String> {
    let Some(over) = &analysis.over else {
        return Vec::new();
    };
    let Credible {
        mean,
        credible,
        luck,
        above_zero,
        shares,
        draws,
        ..
    } = over.credible;
    let ends = [mean, credible[0], credible[1], luck[0], luck[1]];
    let [mean, low, high, from, to] = ends.map(|value| number(value, lang));
    let mut told = vec![say!(lang, "over-credible", mean, low, high, from, to)];
    if analysis.asked.versus.is_some() {
        let share = whole_percent(above_zero);
        told.push(say!(lang, "over-sign", share, draws));
    }
    if let Some(shares) = shares {
        let [parameters, luck, both] = shares.map(whole_percent);
        told.push(say!(lang, "over-shares", parameters, luck, both));
    }
    told
}

/// A share in whole per cent.
pub fn whole_percent(share: f64) -> String {
    format!("{:.0}", 100.0 * share)
}

/// Pairs of terms that do more together.
fn together(summary: &Summary<'_>, analysis: &Analysis, lang: Lang) -> Vec<String> {
    let pairs = analysis.interactions.iter().flat_map(|found| &found.pairs);
    let worth = pairs.filter(|pair| {
        pair.p_holm.is_some_and(|p| p < 0.05) && pair.gain.is_some_and(|gain| gain >= 0.01)
    });
    let told = worth.take(3).map(|pair| {
        let gain = format!("{:.0}", 100.0 * pair.gain.unwrap_or(0.0));
        let [first, second] = [pair.first, pair.second].map(|at| &summary.terms[at].name);
        say!(lang, "indices-together", first, second, gain)
    });
    told.collect()
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
