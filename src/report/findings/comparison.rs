//! What the figures of a comparison show.

use std::collections::BTreeMap;

use super::{About, Line, Sheet, headed, most};
use crate::report::figures::outcome_word;
use crate::report::lang::{Lang, number, signed, together};
use crate::report::sweep::whole_percent;
use crate::texts::say;

/// Layouts that a sentence names; more would not be read.
const NAMED: usize = 4;

pub(super) fn finding(id: &str, sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    match id {
        "map" => map(sheet, about),
        "forest" => forest(sheet, about),
        "groups" => groups(sheet, about, "mean_stock"),
        "firm-groups" => groups(sheet, about, "uptake"),
        "provinces" => provinces(sheet, about),
        "responses" => responses(sheet, about),
        "levels" => levels(sheet, about),
        "pareto" => pareto(sheet, about),
        "ranking" => ranking(sheet, about),
        _ => None,
    }
}

/// A list in which no more than [`NAMED`] stand: of more those at both ends.
fn listed(list: Vec<String>, lang: Lang) -> String {
    let comma = say!(lang, "list-clauses");
    match list.len() <= NAMED {
        true => list.join(comma),
        false => {
            let (first, last) = (&list[..NAMED / 2], &list[list.len() - NAMED / 2..]);
            [first, &["…".to_owned()], last].concat().join(comma)
        }
    }
}

/// Effects on an outcome in the last month, the largest first.
fn effects<'a>(sheet: &Sheet<'a>, outcome: &str, kind: &str) -> Vec<(Line<'a>, f64)> {
    let (_, last) = sheet.last("horizon");
    let of = last
        .into_iter()
        .filter(|line| line.text("outcome") == outcome && line.text("group_kind") == kind);
    let mut list: Vec<(Line<'_>, f64)> = of
        .filter_map(|line| Some((line, line.number("percent")?)))
        .collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1));
    list
}

/// An effect as its interval lets it be written, and whether the interval leaves out 0.
fn shown((line, effect): &(Line<'_>, f64)) -> (String, bool) {
    let end = |column: &str| line.number(column).unwrap_or(f64::NAN);
    let (low, high) = (end("percent_low"), end("percent_high"));
    let [at, ..] = together([*effect, low, high], true);
    (at, !(low <= 0.0 && high >= 0.0))
}

fn forest(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let primary = about
        .primary
        .filter(|name| !effects(sheet, name, "national").is_empty());
    let outcome = primary.unwrap_or("mean_stock");
    let list = effects(sheet, outcome, "national");
    let one = |effect: &(Line<'_>, f64)| {
        let (size, sure) = shown(effect);
        let layout = effect.0.text("layout");
        match sure {
            true => say!(lang, "finding-effect", layout, size),
            false => say!(lang, "finding-effect-unsure", layout, size),
        }
    };
    let told: Vec<String> = list.iter().map(one).collect();
    (!told.is_empty()).then(|| {
        let (what, list) = (headed(outcome_word(lang, outcome)), listed(told, lang));
        say!(lang, "finding-effects", what, list)
    })
}

/// The layout that changes an outcome of the rows most.
fn strongest<'a>(list: &[(Line<'a>, f64)]) -> Option<&'a str> {
    let lines = list.iter().map(|(line, _)| *line);
    let (line, _) = most(lines, |line| line.number("percent").map(f64::abs))?;
    Some(line.text("layout"))
}

fn groups(sheet: &Sheet<'_>, about: &About<'_>, outcome: &str) -> Option<String> {
    let lang = about.names.lang;
    let list = effects(sheet, outcome, "membership");
    let mut by_layout: BTreeMap<&str, [Option<String>; 2]> = BTreeMap::new();
    for effect in &list {
        let at = usize::from(effect.0.text("group") != "member");
        by_layout.entry(effect.0.text("layout")).or_default()[at] = Some(shown(effect).0);
    }
    let layout = strongest(&list)?;
    let [Some(members), Some(others)] = by_layout.remove(layout)? else {
        return None;
    };
    let what = outcome_word(lang, outcome);
    Some(say!(lang, "finding-members", layout, what, members, others))
}

fn provinces(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let list = effects(sheet, "mean_stock", "province");
    let layout = strongest(&list)?;
    let mut of: Vec<&(Line<'_>, f64)> = list
        .iter()
        .filter(|(line, _)| line.text("layout") == layout)
        .collect();
    of.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let (first, last) = (of.first()?, of.last()?);
    let name = |effect: &(Line<'_>, f64)| about.names.province(effect.0.text("group")).to_owned();
    Some(say!(
        lang,
        "finding-provinces",
        layout,
        first = name(first),
        most = shown(first).0,
        last = name(last),
        least = shown(last).0
    ))
}

/// When half of what a layout changes at the end is there.
fn responses(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let of = sheet.of("outcome", "mean_stock");
    let last = of.iter().map(|line| line.text("month")).max()?;
    let end = of.iter().filter(|line| line.text("month") == last).copied();
    let (strong, _) = most(end, |line| line.number("difference").map(f64::abs))?;
    let (layout, end) = (strong.text("layout"), strong.number("difference")?);
    let half = |line: &&Line<'_>| {
        let there = line.number("difference").unwrap_or(0.0);
        line.text("layout") == layout && there * end.signum() >= end.abs() / 2.0
    };
    let half = of.iter().find(half)?.text("month");
    let what = outcome_word(lang, "mean_stock");
    (end != 0.0).then(|| say!(lang, "finding-half-change", layout, what, half, last))
}

fn levels(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let of = sheet.of("measure", "mean_stock");
    let last = of.iter().map(|line| line.text("month")).max()?;
    let end = of.iter().filter(|line| line.text("month") == last);
    let mut list: Vec<(f64, &str)> = end
        .filter_map(|line| Some((line.number("mean")?, line.text("layout"))))
        .collect();
    list.sort_by(|a, b| b.0.total_cmp(&a.0));
    let one =
        |(size, layout): &(f64, &str)| say!(lang, "finding-level", layout, size = number(*size));
    let told: Vec<String> = list.iter().map(one).collect();
    (!told.is_empty()).then(|| {
        let (what, list) = (headed(outcome_word(lang, "mean_stock")), listed(told, lang));
        say!(lang, "finding-levels", what, last, list)
    })
}

fn pareto(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let all = sheet.lines().count();
    let on = sheet.of("on_front", "1");
    let on: Vec<String> = on
        .iter()
        .map(|line| line.text("layout").to_owned())
        .collect();
    if on.is_empty() {
        return None;
    }
    Some(match on.len() == all {
        true => say!(lang, "finding-no-best").to_owned(),
        false => say!(lang, "finding-front", list = listed(on, lang)),
    })
}

/// Which layout is most often the best, for the level, the gap and the inequality.
fn ranking(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let (_, last) = sheet.last("horizon");
    let told = ["mean_stock", "theil_between", "theil"]
        .into_iter()
        .filter_map(|outcome| {
            let of = last
                .iter()
                .copied()
                .filter(|line| line.text("outcome") == outcome);
            let (line, share) = most(of, |line| line.number("best_probability"))?;
            Some(say!(
                lang,
                "finding-best",
                what = outcome_word(lang, outcome),
                layout = line.text("layout"),
                share = whole_percent(share)
            ))
        });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| {
        say!(
            lang,
            "finding-bests",
            list = told.join(say!(lang, "list-semicolon"))
        )
    })
}

/// The region that a layout changes most.
fn map(sheet: &Sheet<'_>, about: &About<'_>) -> Option<String> {
    let lang = about.names.lang;
    let (_, last) = sheet.last("month");
    let regions = last
        .into_iter()
        .filter(|line| about.regions.contains(line.text("place")));
    let (base, others): (Vec<Line<'_>>, Vec<Line<'_>>) =
        regions.partition(|line| line.text("layout") == about.baseline);
    let stocks: BTreeMap<&str, f64> = base
        .iter()
        .filter_map(|line| Some((line.text("place"), line.number("stock")?)))
        .collect();
    let change = |line: &Line<'_>| Some(line.number("stock")? - stocks.get(line.text("place"))?);
    let (line, _) = most(others, |line| change(line).map(f64::abs))?;
    let size = change(&line)?;
    (size != 0.0).then(|| {
        let (place, layout) = (line.text("name"), line.text("layout"));
        say!(lang, "finding-map", place, layout, size = signed(size))
    })
}
