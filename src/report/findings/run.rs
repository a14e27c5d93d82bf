//! What the figures of a run show.

use std::collections::BTreeMap;

use super::{About, Line, Sheet, headed, most};
use crate::report::figures::outcome_word;
use crate::report::lang::{grouped, number, significant};
use crate::texts::say;

pub(super) fn finding(id: &str, sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    match id {
        "map" => map(sheet, about),
        "timeline" => timeline(sheet, about),
        "growth" => growth(sheet, about),
        "structures" => structures(sheet, about),
        "batches" => batches(sheet, about),
        "credit" => credit(sheet, about),
        "credit-shares" => credit_shares(sheet, about),
        "spillovers" => spillovers(sheet, about),
        "inequality" => inequality(sheet, about),
        "local-moran" => moran(sheet, about),
        _ => None,
    }
}

/// A share in per cent, to two digits.
fn percent(share: f64) -> String {
    significant(100.0 * share, 2)
}

/// How many regions have which highest scale at the end.
fn map(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let (month, last) = sheet.last("month");
    let regions = last
        .iter()
        .filter(|line| about.regions.contains(line.text("place")));
    let mut counts = [0; 6];
    for line in regions {
        *counts.get_mut(line.number("scale")? as usize)? += 1;
    }
    let words = [
        say!(lang, "scale-none"),
        say!(lang, "scale-point"),
        say!(lang, "scale-line"),
        say!(lang, "scale-circle"),
        say!(lang, "scale-axis"),
        say!(lang, "scale-plane"),
    ];
    let all: usize = counts.iter().sum();
    let told = (0..6).rev().filter(|n| counts[*n] > 0);
    let told = told.map(|n| format!("{} {}", words[n], counts[n]));
    let list: Vec<String> = told.collect();
    let list = list.join(say!(lang, "list-clauses"));
    (all > 0).then(|| say!(lang, "finding-scales", all, month, list))
}

/// When the first structure of each kind forms.
fn timeline(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let kinds = [
        ("line", say!(lang, "answer-line")),
        ("circle", say!(lang, "answer-circle")),
        ("axis", say!(lang, "answer-axis")),
        ("plane", say!(lang, "answer-plane")),
    ];
    let told = kinds.into_iter().filter_map(|(kind, word)| {
        let of = sheet.of("scale", kind);
        let months = of.iter().map(|line| line.text("median"));
        let first = months.filter(|month| !month.is_empty()).min()?;
        Some(format!("{word} {first}"))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| {
        say!(
            lang,
            "finding-first",
            list = told.join(say!(lang, "list-clauses"))
        )
    })
}

fn growth(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let of = sheet.of("measure", "mean_stock");
    let end = of.last()?;
    let (month, stock) = (end.text("month"), end.number("mean")?);
    let half = of
        .iter()
        .find(|line| line.number("mean").is_some_and(|v| v >= stock / 2.0))?;
    let half = half.text("month");
    let what = headed(outcome_word(lang, "mean_stock"));
    (stock > 0.0).then(|| {
        say!(
            lang,
            "finding-growth",
            what,
            month,
            half,
            stock = number(stock)
        )
    })
}

fn structures(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let (month, last) = sheet.last("month");
    let of = |measure: &str| {
        let line = last.iter().find(|line| line.text("measure") == measure)?;
        Some(grouped(line.number("mean")?.round()))
    };
    Some(say!(
        lang,
        "finding-structures",
        month,
        points = of("points")?,
        lines = of("lines")?,
        circles = of("circles")?,
        axes = of("axes")?
    ))
}

/// How many of the observed batches lie in the band.
fn batches(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let (month, last) = sheet.last("month");
    let total = grouped(last.first()?.number("cumulative_mean")?.round());
    let mut seen = 0;
    let inside = sheet.lines().filter(|line| {
        let Some(items) = line.number("observed") else {
            return false;
        };
        seen += 1;
        let end = |column: &str| line.number(column).unwrap_or(f64::NAN);
        end("simulated_low") <= items && items <= end("simulated_high")
    });
    let inside = inside.count();
    Some(match seen {
        0 => say!(lang, "finding-batches", total, month),
        _ => say!(lang, "finding-batches-seen", total, month, inside, seen),
    })
}

/// The mechanism that brings most in the last year.
fn credit(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let (year, last) = sheet.last("year");
    let of = |line: &Line<'_>| line.number("adoptions_mean");
    let all: f64 = last.iter().filter_map(of).sum();
    let (line, size) = most(last, of)?;
    let mechanism = about.names.mechanism(line.text("mechanism"));
    (all > 0.0).then(|| {
        say!(
            lang,
            "finding-credit",
            year,
            mechanism,
            share = percent(size / all)
        )
    })
}

fn credit_shares(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let of = |line: &Line<'_>| line.number("share_mean");
    let (line, share) = most(sheet.lines(), of)?;
    let mechanism = about.names.mechanism(line.text("mechanism"));
    let of_alliance = |line: &Line<'_>| line.text("mechanism").starts_with("alliance_");
    let alliances: f64 = sheet
        .lines()
        .filter(of_alliance)
        .filter_map(|line| of(&line))
        .sum();
    Some(say!(
        lang,
        "finding-shares",
        mechanism,
        share = percent(share),
        alliances = percent(alliances)
    ))
}

fn spillovers(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let between = sheet
        .lines()
        .filter(|line| line.text("source_province") != line.text("target_province"));
    let (line, size) = most(between, |line| line.number("adoptions"))?;
    let name = |column: &str| about.names.province(line.text(column)).to_owned();
    let (from, to) = (name("source_province"), name("target_province"));
    Some(say!(
        lang,
        "finding-flow",
        from,
        to,
        size = grouped(size.round())
    ))
}

/// Where inequality was least, and where it ends. The first two years say little.
fn inequality(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let of = sheet.of("measure", "theil");
    let end = of.last()?;
    let (month, theil) = (end.text("month"), end.number("mean")?);
    let (least, low) = most(of.iter().copied(), |line| line.number("mean").map(|v| -v))?;
    let (since, low) = (least.text("month"), -low);
    let theil_word = headed(outcome_word(lang, "theil"));
    let (low, theil) = (significant(low, 2), significant(theil, 2));
    // An index of stocks that are all 0 is 0: that is no fall.
    let early = of.iter().position(|line| line.text("month") == since)? < of.len() / 8;
    match (low == theil, early) {
        (_, true) => None,
        (true, _) => Some(say!(
            lang,
            "finding-theil-falls",
            what = theil_word,
            theil,
            month
        )),
        (false, _) => Some(say!(
            lang,
            "finding-theil-turns",
            what = theil_word,
            low,
            since,
            theil,
            month
        )),
    }
}

fn moran(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in sheet.lines() {
        *counts.entry(line.text("class")).or_default() += 1;
    }
    let all: usize = counts.values().sum();
    let of = |class: &str| counts.get(class).copied().unwrap_or(0);
    let (high, low) = (of("high_high"), of("low_low"));
    (all > 0).then(|| say!(lang, "finding-clusters", all, high, low))
}
