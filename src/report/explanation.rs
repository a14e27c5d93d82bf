//! An explanation in words: what the layouts change, where the worlds part, the chains, the spread.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::experiment::explain::view::{
    CauseRow, Chain, Explanation, PlaceName, SpreadRow, StepRow,
};
use crate::scenario::Month;

use super::wrap::wrapped;

/// Items of the diff that are listed.
const CHANGES: usize = 8;
/// Places that are listed as reached first.
const REACHED: usize = 10;
/// Causes beside the main one that are told.
const BESIDE: usize = 2;
/// A cause with a smaller share is not told.
const SMALL: f64 = 0.01;

/// Names of places: in full when first told, then without the Chinese one.
#[derive(Default)]
struct Names(RefCell<BTreeSet<String>>);

impl Names {
    fn of(&self, place: Option<&PlaceName>) -> String {
        let Some(place) = place else {
            return String::new();
        };
        let new = self.0.borrow_mut().insert(place.id.clone());
        let (en, zh) = (place.name_en.as_str(), place.name_zh.as_str());
        match (en, zh) {
            ("", "") => place.id.clone(),
            ("", zh) => format!("{zh} ({})", place.id),
            (en, zh) if new && !zh.is_empty() => format!("{en} {zh} ({})", place.id),
            (en, _) => format!("{en} ({})", place.id),
        }
    }
}

/// What the words of a step need to know.
struct Telling<'a> {
    names: &'a Names,
    step: &'a StepRow,
    /// Steps told before, by innovation and place.
    known: &'a BTreeMap<String, usize>,
}

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
    let names = Names::default();
    let others = match of.in_first_month {
        1 => "nothing else parts in that month".to_owned(),
        n => format!("{} more part in that month; ids break the tie", n - 1),
    };
    let _ = writeln!(text, "\nThe worlds part in {month} ({others})");
    if let Some(since) = of.since {
        let _ = writeln!(text, "The first event that differs from {since} on");
        if of.chains.is_empty() {
            text.push_str("  there is none\n");
        }
    }
    for chain in &of.chains {
        match (chain.name, &of.place) {
            ("first_adoption", _) => text.push_str("\nThe first adoption that differs\n"),
            ("place", Some(place)) => {
                let _ = writeln!(text, "\nHow it reaches {}", names.of(Some(place)));
            }
            _ => {}
        }
        told(chain, &names, &mut text);
    }
    if let Some(place) = &of.place
        && !of.chains.iter().any(|chain| chain.name == "place")
    {
        let place = names.of(Some(place));
        let what = match (&of.innovation, of.since) {
            (Some(item), _) => {
                format!("{place} takes {item} up in the same month in both worlds, or in neither.")
            }
            (None, None) => format!(
                "{place} never differs: it takes up the same in the same months in both worlds."
            ),
            (None, Some(since)) => {
                format!("Nothing that {place} takes up from {since} on differs.")
            }
        };
        text.push('\n');
        text.push_str(&wrapped(&what, 0, 0));
    }
    if of.place.is_none() {
        spreading(of, &names, &mut text);
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

fn told(chain: &Chain, names: &Names, text: &mut String) {
    if let Some(root) = &chain.root {
        let line = format!(" 0  layouts   {}", root.items.join("; "));
        text.push_str(&wrapped(&line, 0, 14));
    }
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for step in &chain.steps {
        let telling = Telling {
            names,
            step,
            known: &known,
        };
        let line = format!(
            "{:>2}  {}   {} [{}]",
            step.step,
            step.month,
            telling.event(),
            other_world(step)
        );
        text.push_str(&wrapped(&line, 0, 14));
        for line in telling.causes() {
            text.push_str(&wrapped(&line, 14, 16));
        }
        known.insert(event_key(step), step.step);
        if step.step == 1
            && let Some(note) = chain.root.as_ref().and_then(|root| root.note.as_ref())
        {
            text.push_str(&wrapped(note, 14, 14));
        }
    }
    if chain.root.is_none() {
        text.push_str(&wrapped("(no cause was found for step 1)", 4, 4));
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

fn other_world(step: &StepRow) -> String {
    let (other, month) = match step.world {
        "A" => ("B", step.month_b),
        _ => ("A", step.month_a),
    };
    match (month, step.event) {
        (_, "pull" | "uptake") => format!("in {}", step.world),
        (Some(month), "credit_split") => format!("in both worlds {month}"),
        (Some(month), _) => format!("in {}; in {other} {month}", step.world),
        (None, _) => format!("in {}; in {other} never", step.world),
    }
}

impl Telling<'_> {
    fn event(&self) -> String {
        let step = self.step;
        let place = self.names.of(step.place.as_ref());
        let item = step.innovation.as_deref().unwrap_or("");
        let corridor = step.corridor.as_deref().unwrap_or("");
        let joins = step.joins.as_ref().map_or(String::new(), |(a, b)| {
            let (a, b) = (self.names.of(Some(a)), self.names.of(Some(b)));
            format!(" with {a} and {b}")
        });
        match step.event {
            "implemented" => format!("{place} implements {item}"),
            "adopted" => format!("{place} adopts {item}"),
            "abandoned" => format!("{place} abandons {item}"),
            "credit_split" => format!("{place} adopts {item}, on the word of others"),
            "line" => format!(
                "line {place} to {}",
                self.names.of(step.other_place.as_ref())
            ),
            "circle" => format!("circle of {place}{joins}"),
            "axis" => format!("axis {corridor}{joins}"),
            "provincial" => format!("the province of {place} replicates {item}"),
            "national" => format!("the centre replicates {item}"),
            "pull" => format!(
                "the firms of {place} pull more in {}: demand {}",
                domain(&step.domain),
                levels(step)
            ),
            "uptake" => format!(
                "more firms at {place} have taken up {}, by size {}",
                domain(&step.domain),
                levels(step)
            ),
            other => other.to_owned(),
        }
    }

    fn causes(&self) -> Vec<String> {
        let step = self.step;
        let Some(main) = step.causes.first() else {
            return Vec::new();
        };
        let mut first = format!("because {}", self.cause(main));
        let numbers = numbers(main, step);
        if !numbers.is_empty() {
            let _ = write!(first, ": {numbers}");
        }
        let mut lines = vec![first];
        let beside = step.causes[1..].iter().take(BESIDE);
        let mut also: Vec<String> = beside
            .filter(|c| c.share.abs() >= SMALL)
            .map(|c| format!("{} {:.2}", self.cause(c), c.share))
            .collect();
        let rest = step.causes.iter().skip(1 + also.len());
        let count = rest.clone().count() + step.more_causes;
        let share = rest.map(|c| c.share).sum::<f64>() + step.more_share;
        if count > 0 && share.abs() >= SMALL {
            also.push(format!("{count} more {share:.2}"));
        }
        if !also.is_empty() {
            lines.push(format!("also {}", also.join("; ")));
        }
        if let (Some(a), Some(b)) = (step.hazard_sum_a, step.hazard_sum_b) {
            lines.push(sums(step, a, b));
        }
        lines
    }

    /// A cause in words.
    fn cause(&self, cause: &CauseRow) -> String {
        let step = self.step;
        let place = || self.names.of(cause.place.as_ref());
        let item = cause.innovation.as_deref().unwrap_or("");
        match cause.cause {
            "holds" => {
                let id = cause.place.as_ref().map_or("", |p| p.id.as_str());
                match self.known.get(&format!("{item} {id}")) {
                    Some(n) => format!("of step {n}"),
                    None if step.innovation.as_deref() == Some(item) => {
                        format!("{} has it", place())
                    }
                    None => format!("{} has {item}", place()),
                }
            }
            "link" => {
                let name = cause.mechanism.as_deref().unwrap_or("");
                let listener = match (&cause.other_place, &step.place) {
                    (Some(a), Some(b)) if a == b => "it".to_owned(),
                    (other, _) => self.names.of(other.as_ref()),
                };
                let more = match (name.starts_with("base_"), cause.difference < 0.0) {
                    (true, false) => " more",
                    (_, true) => " less",
                    (false, false) => "",
                };
                format!(
                    "{listener} hears {}{more} through {}",
                    place(),
                    mechanism(name)
                )
            }
            "provincial" => "the province replicates it".to_owned(),
            "national" => "the centre replicates it".to_owned(),
            "opens" => format!("{} opens", place()),
            "demand" => format!("its firms pull in {}", domain(&cause.domain)),
            "uptake" => format!(
                "firms at {} have taken up {}",
                place(),
                domain(&cause.domain)
            ),
            "partners" => format!(
                "partners of its firms have taken up {}",
                domain(&cause.domain)
            ),
            "parameters" => "attributes or parameters differ".to_owned(),
            "credit_split" => format!("of the credit for {item} at {}", place()),
            "line" => {
                let other = self.names.of(cause.other_place.as_ref());
                format!("of the line {} to {other}", place())
            }
            "circle" => format!("of the circle of {}", place()),
            _ => "dates or thresholds differ".to_owned(),
        }
    }
}

fn domain(id: &Option<String>) -> &str {
    id.as_deref().unwrap_or("")
}

/// What firms make in the world that leads, and in the other one.
fn levels(step: &StepRow) -> String {
    let (a, b) = (step.level_a.unwrap_or(0.0), step.level_b.unwrap_or(0.0));
    let digits = (4..=9).find(|&n| format!("{a:.n$}") != format!("{b:.n$}"));
    let n = digits.unwrap_or(9);
    let (here, there, other) = if step.world == "A" {
        (a, b, "B")
    } else {
        (b, a, "A")
    };
    format!("{here:.n$}, in {other} {there:.n$}")
}

/// The cumulative hazards between which the threshold lies.
fn sums(step: &StepRow, a: f64, b: f64) -> String {
    let digits = (3..=9).find(|&n| format!("{a:.n$}") != format!("{b:.n$}"));
    let n = digits.unwrap_or(9);
    let (here, there) = if step.world == "A" { (a, b) } else { (b, a) };
    let other = if step.world == "A" { "B" } else { "A" };
    format!("cumulative hazard {here:.n$}, in {other} {there:.n$}; the threshold is between")
}

fn numbers(cause: &CauseRow, step: &StepRow) -> String {
    let mut parts = Vec::new();
    let whole = cause.share == 1.0 && cause.share_of_month.is_none();
    let share = cause.share;
    match step.event {
        _ if whole => {}
        "circle" if step.joins.is_some() => {}
        "circle" => parts.push(format!("{share:.2} of the missing weight hangs on it")),
        "axis" => parts.push(format!("{share:.2} of what is missing")),
        _ => parts.push(format!("{share:.2} of the difference")),
    }
    if let Some(now) = cause.share_of_month {
        let of = if step.event == "line" {
            "flow"
        } else {
            "hazard"
        };
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
        format!("the {name}")
    }
}

fn spreading(of: &Explanation, names: &Names, text: &mut String) {
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
    if let Some(firms) = &of.firms {
        let what = match firms.first_month {
            None => "Firms take up the same in both worlds.".to_owned(),
            Some(month) => format!(
                "Uptake of firms differs from {month} on: at the end in {} of {} pairs of region and domain, \
                 more in A in {} and in B in {}.",
                firms.differ,
                firms.pairs,
                firms.more_in_a,
                firms.differ - firms.more_in_a
            ),
        };
        text.push('\n');
        text.push_str(&wrapped(&what, 0, 0));
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
            names.of(Some(&row.place)),
            row.innovation,
            when(&row.month_a),
            when(&row.month_b)
        );
        text.push_str(&wrapped(&line, 2, 11));
    }
    text.push('\n');
}
