//! An explanation in words: what the layouts change, where the worlds part, the chains, the spread.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::experiment::explain::view::{
    CauseRow, Chain, Explanation, PlaceName, SpreadRow, StepRow,
};
use crate::scenario::Month;

use super::wrap::{joined, wrapped};

/// Items of the diff that are listed.
const CHANGES: usize = 8;
/// Places that are listed as reached first.
const REACHED: usize = 10;
/// Causes beside the main one that are told.
const BESIDE: usize = 2;
/// A cause with a smaller share is not told.
const SMALL: f64 = 0.01;

/// All of it, in lines of at most 80 columns where words allow.
pub fn words(of: &Explanation) -> String {
    let mut text = String::new();
    let layout = |name: &str| match name {
        "" => "the scenario without a layout".to_owned(),
        name => name.to_owned(),
    };
    let _ = writeln!(
        text,
        "{}, replicate {}, seed {}\n  A: {}\n  B: {}",
        of.scenario,
        of.replicate,
        of.seed,
        layout(&of.a),
        layout(&of.b)
    );
    changes(of, &mut text);
    let Some(month) = of.first_month else {
        text.push_str(if of.changes.is_empty() {
            "\nThe layouts are the same, and so are the two worlds: nothing ever differs.\n"
        } else {
            "\nThe worlds never part: what the layouts change has no effect in this replicate.\n"
        });
        return text;
    };
    let others = match of.in_first_month {
        1 => "nothing else parts in that month".to_owned(),
        n => format!("{} more part in that month; ids break the tie", n - 1),
    };
    let _ = writeln!(text, "\nThe worlds part in {month} ({others})");
    for chain in &of.chains {
        match (chain.name, &of.place) {
            ("first_adoption", _) => text.push_str("\nThe first adoption that differs\n"),
            ("place", Some(place)) => {
                let _ = writeln!(text, "\nHow it reaches {}", full(place));
            }
            _ => {}
        }
        told(chain, &mut text);
    }
    if let Some(place) = &of.place
        && !of.chains.iter().any(|chain| chain.name == "place")
    {
        let what = format!(
            "\n{} takes everything asked for up in the same months in both worlds.\n",
            full(place)
        );
        text.push_str(&what);
    }
    if of.place.is_none() {
        spreading(of, &mut text);
    } else {
        text.push('\n');
    }
    text.push_str(&wrapped(
        "Each step names the largest cause of its difference; the share says how much of it \
         the cause carries. The chain is the main path, not the whole story.",
        0,
        0,
    ));
    text
}

fn changes(of: &Explanation, text: &mut String) {
    if of.changes.is_empty() {
        return;
    }
    text.push_str("\nThe layouts differ in\n");
    for item in of.changes.iter().take(CHANGES) {
        text.push_str(&wrapped(item, 2, 4));
    }
    if let Some(more @ 1..) = of.changes.len().checked_sub(CHANGES) {
        let _ = writeln!(text, "  and {more} more: see pointplane diff");
    }
}

fn told(chain: &Chain, text: &mut String) {
    if let Some(root) = &chain.root {
        let line = format!(" 0  layouts   {}", root.items.join("; "));
        text.push_str(&wrapped(&line, 0, 14));
    }
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for step in &chain.steps {
        let line = format!(
            "{:>2}  {}   {} [{}]",
            step.step,
            step.month,
            event(step),
            other_world(step)
        );
        text.push_str(&wrapped(&line, 0, 14));
        for line in causes(step, chain, &known) {
            text.push_str(&wrapped(&line, 14, 16));
        }
        known.insert(event_key(step), step.step);
    }
    if chain.root.is_none() {
        text.push_str(&wrapped("(no cause was found before step 1)", 4, 4));
    }
}

/// What names an adoption among the steps, so that causes can point to it.
fn event_key(step: &StepRow) -> String {
    let place = step.place.as_ref().map_or("", |p| p.id.as_str());
    match step.event {
        "implemented" | "adopted" => {
            format!("{} {place}", step.innovation.as_deref().unwrap_or(""))
        }
        _ => String::new(),
    }
}

fn event(step: &StepRow) -> String {
    let place = step.place.as_ref().map(full).unwrap_or_default();
    let item = step.innovation.as_deref().unwrap_or("");
    let joins = step
        .joins
        .as_ref()
        .map(|(a, b)| joined(&[&full(a), &full(b)]));
    match step.event {
        "implemented" => format!("{place} implements {item}"),
        "adopted" => format!("{place} adopts {item}"),
        "abandoned" => format!("{place} abandons {item}"),
        "credit_split" => format!("{place} adopts {item}, by others' word than in the other world"),
        "line" => {
            let other = step.other_place.as_ref().map(full).unwrap_or_default();
            format!("line {place} to {other}")
        }
        "circle" => match joins {
            Some(ends) => format!("circle of {place} with {ends}"),
            None => format!("circle of {place}"),
        },
        "axis" => {
            let corridor = step.corridor.as_deref().unwrap_or("");
            match joins {
                Some(ends) => format!("axis {corridor} with {ends}"),
                None => format!("axis {corridor}"),
            }
        }
        "provincial" => format!("the province of {place} replicates {item}"),
        "national" => format!("the centre replicates {item}"),
        other => other.to_owned(),
    }
}

fn other_world(step: &StepRow) -> String {
    let (other, month) = match step.world {
        "A" => ("B", step.month_b),
        _ => ("A", step.month_a),
    };
    let when = match (month, step.event) {
        (Some(month), "credit_split") => format!("also {month}"),
        (Some(month), _) => month.to_string(),
        (None, _) => "never".to_owned(),
    };
    format!("{}; {other}: {when}", step.world)
}

fn causes(step: &StepRow, chain: &Chain, known: &BTreeMap<String, usize>) -> Vec<String> {
    let Some(main) = step.causes.first() else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    let mut first = format!("because {}", cause(main, step, known));
    let numbers = numbers(main, step.event);
    if !numbers.is_empty() {
        let _ = write!(first, ": {numbers}");
    }
    lines.push(first);
    let told = |c: &&CauseRow| c.share.abs() >= SMALL;
    let beside: Vec<String> = step.causes[1..]
        .iter()
        .take(BESIDE)
        .filter(told)
        .map(|c| format!("{} {:.2}", cause(c, step, known), c.share))
        .collect();
    let rest = step.causes.iter().skip(1 + beside.len());
    let (count, share) = (
        rest.clone().count() + step.more_causes,
        rest.map(|c| c.share).sum::<f64>() + step.more_share,
    );
    let mut also = beside;
    if count > 0 && chain.steps.len() > 0 && share.abs() >= SMALL {
        also.push(format!("{count} more {share:.2}"));
    }
    if !also.is_empty() {
        lines.push(format!("also {}", also.join("; ")));
    }
    lines
}

/// A cause in words.
fn cause(cause: &CauseRow, step: &StepRow, known: &BTreeMap<String, usize>) -> String {
    let place = cause.place.as_ref().map(full).unwrap_or_default();
    let other = cause.other_place.as_ref().map(full).unwrap_or_default();
    match cause.cause {
        "holds" => {
            let item = cause.innovation.as_deref().unwrap_or("");
            let id = cause.place.as_ref().map_or("", |p| p.id.as_str());
            match known.get(&format!("{item} {id}")) {
                Some(n) => format!("of step {n}"),
                None if step.innovation.as_deref() == Some(item) => format!("{place} has it"),
                None => format!("{place} takes up {item}"),
            }
        }
        "link" => {
            let mechanism = mechanism(cause.mechanism.as_deref().unwrap_or(""));
            let listener = match (&cause.other_place, &step.place) {
                (Some(a), Some(b)) if a == b => "it".to_owned(),
                _ => other,
            };
            format!("{listener} hears {place} otherwise through {mechanism}")
        }
        "provincial" => "the province replicated it".to_owned(),
        "national" => "the centre replicated it".to_owned(),
        "opens" => format!("{place} opens"),
        "parameters" => "attributes or parameters differ".to_owned(),
        "credit_split" => {
            let item = cause.innovation.as_deref().unwrap_or("");
            format!("of the credit for {item} at {place}")
        }
        "line" => format!("of the line {place} to {other}"),
        "circle" => format!("of the circle of {place}"),
        _ => "dates or thresholds differ".to_owned(),
    }
}

fn numbers(cause: &CauseRow, event: &str) -> String {
    let mut parts = Vec::new();
    let whole = cause.share == 1.0 && cause.share_of_month.is_none();
    if !whole {
        parts.push(format!("{:.2} of the difference", cause.share));
    }
    if let Some(now) = cause.share_of_month {
        let of = if event == "line" { "flow" } else { "hazard" };
        parts.push(format!("{now:.2} of its {of}"));
    }
    let through: Vec<String> = cause
        .through
        .iter()
        .filter(|(_, now)| *now >= SMALL / 2.0)
        .map(|(name, now)| format!("{} {now:.2}", mechanism(name)))
        .collect();
    let mut text = parts.join(", ");
    if !through.is_empty() && cause.cause != "link" {
        let _ = write!(text, " ({})", through.join(", "));
    }
    text
}

fn mechanism(name: &str) -> String {
    if let Some(layer) = name.strip_prefix("base_") {
        format!("layer {layer}")
    } else if let Some(alliance) = name.strip_prefix("alliance_") {
        format!("alliance {alliance}")
    } else {
        name.to_owned()
    }
}

/// A place: names where it has them, and its id.
fn full(place: &PlaceName) -> String {
    let names = [&place.name_en, &place.name_zh];
    let names: Vec<&str> = names
        .into_iter()
        .map(String::as_str)
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() {
        place.id.clone()
    } else {
        format!("{} ({})", names.join(" "), place.id)
    }
}

fn spreading(of: &Explanation, text: &mut String) {
    text.push_str(
        "\nHow the difference spreads, by year\n        earlier in      B less A   new      structures\n\
         year       A       B    to date  places  and replications\n",
    );
    let mut years: BTreeMap<i32, Vec<&SpreadRow>> = BTreeMap::new();
    for row in &of.spread {
        years.entry(row.month.year()).or_default().push(row);
    }
    for (year, rows) in years {
        let sum = |f: fn(&SpreadRow) -> u32| rows.iter().map(|r| f(r)).sum::<u32>();
        let lead = rows.last().map_or(0, |r| r.spread.lead_b);
        let _ = writeln!(
            text,
            "{year}{:>8}{:>8}{:>+11}{:>8}{:>18}",
            sum(|r| r.spread.earlier_a),
            sum(|r| r.spread.earlier_b),
            lead,
            sum(|r| r.spread.places),
            sum(|r| r.spread.structures + r.spread.replications)
        );
    }
    let _ = writeln!(
        text,
        "\nPlaces that differ at some time: {}. The first ones:",
        of.reached.len()
    );
    let when = |month: &Option<Month>| match month {
        Some(month) => month.to_string(),
        None => "never".to_owned(),
    };
    for row in of.reached.iter().take(REACHED) {
        let line = format!(
            "{}  {}: {}, A {}, B {}",
            row.month,
            full(&row.place),
            row.innovation,
            when(&row.month_a),
            when(&row.month_b)
        );
        text.push_str(&wrapped(&line, 2, 11));
    }
    text.push('\n');
}
