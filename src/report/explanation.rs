//! An explanation in words: what the layouts change, where the worlds diverge, the chains, the spread.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::experiment::explain::view::{
    CauseRow, Chain, Date, Explanation, PlaceName, SpreadRow, StepRow,
};

use crate::texts::columns::{self, left, right};
use crate::texts::{Lang, say};
use crate::world::mechanism::Id;

use super::lang::titled;

/// Columns of a line.
const WIDE: usize = 80;
/// Items of the diff that are listed.
const CHANGES: usize = 8;
/// Places that are listed as reached first.
const REACHED: usize = 10;
/// Causes beside the main one that are told.
const BESIDE: usize = 2;
/// A cause with a smaller share is not told.
const SMALL: f64 = 0.01;

/// Names of places: in full when first told, then without the one of the other language.
struct Names {
    lang: Lang,
    told: RefCell<BTreeSet<String>>,
}

impl Names {
    fn of(&self, place: Option<&PlaceName>) -> String {
        let Some(place) = place else {
            return String::new();
        };
        let new = self.told.borrow_mut().insert(place.id.clone());
        let (en, zh) = (place.name_en.as_str(), place.name_zh.as_str());
        let (own, other) = match self.lang {
            Lang::En => (en, zh),
            Lang::Zh => (zh, en),
        };
        let id = &place.id;
        match (own, other) {
            ("", "") => id.clone(),
            ("", other) => say!(self.lang, "explain-place", name = other, id),
            (own, other) if new && !other.is_empty() => {
                say!(
                    self.lang,
                    "explain-place",
                    name = format!("{own} {other}"),
                    id
                )
            }
            (own, _) => say!(self.lang, "explain-place", name = own, id),
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

fn wrapped(text: &str, first: usize, rest: usize) -> String {
    columns::wrapped(text, first, rest, WIDE)
}

/// All of it, in lines of at most 80 columns where words allow.
pub fn words(of: &Explanation, lang: Lang) -> String {
    let mut text = String::new();
    let layout = |name: &str, titles: &[String; 2]| match name {
        "" => say!(lang, "explain-no-layout").to_owned(),
        name => titled(lang, name, titles),
    };
    let head = say!(
        lang,
        "explain-head",
        scenario = of.scenario,
        replicate = of.replicate,
        seed = of.seed.to_string()
    );
    let _ = writeln!(text, "{head}");
    for (world, name, titles) in [("A", &of.a, &of.titles[0]), ("B", &of.b, &of.titles[1])] {
        text.push_str(&wrapped(
            &format!("{world}: {}", layout(name, titles)),
            2,
            5,
        ));
    }
    if of.replayed {
        let what = say!(lang, "explain-of-history");
        text.push_str(&wrapped(what, 2, 2));
    }
    changes(of, lang, &mut text);
    let Some(month) = of.first_month else {
        let never = if of.changes.is_empty() {
            say!(lang, "explain-same")
        } else {
            say!(lang, "explain-never")
        };
        let _ = writeln!(text, "\n{never}");
        return text;
    };
    let names = Names {
        lang,
        told: RefCell::default(),
    };
    let parting = match (of.calendar.step.is_month(), of.in_first_month) {
        (true, 1) => say!(lang, "explain-part-alone", month),
        (true, n) => say!(lang, "explain-part", month, more = n - 1),
        (false, 1) => say!(lang, "explain-part-alone-then", month),
        (false, n) => say!(lang, "explain-part-then", month, more = n - 1),
    };
    let _ = write!(text, "\n{}", wrapped(&parting, 0, 0));
    if let Some(since) = of.since {
        let _ = writeln!(text, "{}", say!(lang, "explain-since", since));
        if of.chains.is_empty() {
            let _ = writeln!(text, "  {}", say!(lang, "explain-since-none"));
        }
    }
    for chain in &of.chains {
        match (chain.name, &of.place) {
            ("first_adoption", _) => {
                let _ = writeln!(text, "\n{}", say!(lang, "explain-first-adoption"));
            }
            ("place", Some(place)) => {
                let place = names.of(Some(place));
                let _ = writeln!(text, "\n{}", say!(lang, "explain-reaches", place));
            }
            _ => {}
        }
        told(chain, &names, &mut text);
    }
    if let Some(place) = &of.place
        && !of.chains.iter().any(|chain| chain.name == "place")
    {
        let place = names.of(Some(place));
        let step = of.calendar.step.word();
        let what = match (&of.innovation, of.since) {
            (Some(item), _) => say!(lang, "explain-item-same", place, item, step),
            (None, None) => say!(lang, "explain-place-same", place, step),
            (None, Some(since)) => say!(lang, "explain-place-same-since", place, since, step),
        };
        text.push('\n');
        text.push_str(&wrapped(&what, 0, 0));
    }
    if of.place.is_none() {
        spreading(of, &names, &mut text);
    } else {
        text.push('\n');
    }
    text.push_str(&wrapped(say!(lang, "explain-note"), 0, 0));
    text
}

fn changes(of: &Explanation, lang: Lang, text: &mut String) {
    if of.changes.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", say!(lang, "explain-differ"));
    for item in of.changes.iter().take(CHANGES) {
        text.push_str(&wrapped(&item.told(lang), 2, 4));
    }
    if let Some(more @ 1..) = of.changes.len().checked_sub(CHANGES) {
        let _ = writeln!(text, "  {}", say!(lang, "explain-differ-more", more));
    }
}

fn told(chain: &Chain, names: &Names, text: &mut String) {
    if let Some(root) = &chain.root {
        let items = root.items.iter().map(|item| item.told(names.lang));
        let items: Vec<String> = items.collect();
        let items = items.join(say!(names.lang, "list-semicolon"));
        let line = say!(names.lang, "explain-root", items);
        let line = format!(" 0  {line}");
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
            other_world(step, names.lang)
        );
        text.push_str(&wrapped(&line, 0, 14));
        for line in telling.causes() {
            text.push_str(&wrapped(&line, 14, 16));
        }
        known.insert(event_key(step), step.step);
        if step.step == 1
            && let Some(note) = chain.root.as_ref().and_then(|root| root.note.as_ref())
        {
            text.push_str(&wrapped(&note.told(names.lang), 14, 14));
        }
    }
    if chain.root.is_none() {
        text.push_str(&wrapped(say!(names.lang, "explain-no-cause"), 4, 4));
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

fn other_world(step: &StepRow, lang: Lang) -> String {
    let world = step.world;
    let (other, month) = match world {
        "A" => ("B", step.month_b),
        _ => ("A", step.month_a),
    };
    match (month, step.event) {
        (_, "pull" | "uptake") => say!(lang, "explain-in", world),
        (Some(month), "credit_split") => say!(lang, "explain-in-both", month),
        (Some(month), _) => say!(lang, "explain-in-and", world, other, month),
        (None, _) => say!(lang, "explain-in-and-never", world, other),
    }
}

impl Telling<'_> {
    fn event(&self) -> String {
        let step = self.step;
        let lang = self.names.lang;
        let place = self.names.of(step.place.as_ref());
        let item = step.innovation.as_deref().unwrap_or("");
        let corridor = step.corridor.as_deref().unwrap_or("");
        let joins = step.joins.as_ref();
        let joins = joins.map(|(a, b)| (self.names.of(Some(a)), self.names.of(Some(b))));
        match (step.event, joins) {
            ("implemented", _) => say!(lang, "event-implemented", place, item),
            ("adopted", _) => say!(lang, "event-adopted", place, item),
            ("abandoned", _) => say!(lang, "event-abandoned", place, item),
            ("credit_split", _) => say!(lang, "event-adopted-word", place, item),
            ("line", _) => {
                let other = self.names.of(step.other_place.as_ref());
                say!(lang, "event-line", place, other)
            }
            ("circle", None) => say!(lang, "event-circle", place),
            ("circle", Some((a, b))) => say!(lang, "event-circle-joins", place, a, b),
            ("axis", None) => say!(lang, "event-axis", corridor),
            ("axis", Some((a, b))) => say!(lang, "event-axis-joins", corridor, a, b),
            ("provincial", _) => say!(lang, "event-provincial", place, item),
            ("national", _) => say!(lang, "event-national", item),
            ("pull", _) => {
                let (domain, levels) = (domain(&step.domain), levels(step, lang));
                say!(lang, "event-pull", place, domain, levels)
            }
            ("uptake", _) => {
                let (domain, levels) = (domain(&step.domain), levels(step, lang));
                say!(lang, "event-uptake", place, domain, levels)
            }
            (other, _) => other.to_owned(),
        }
    }

    fn causes(&self) -> Vec<String> {
        let step = self.step;
        let Some(main) = step.causes.first() else {
            return Vec::new();
        };
        let lang = self.names.lang;
        let (cause, numbers) = (self.cause(main), numbers(main, step, lang));
        let first = if numbers.is_empty() {
            say!(lang, "explain-because", cause)
        } else {
            say!(lang, "explain-because-numbers", cause, numbers)
        };
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
            let share = format!("{share:.2}");
            also.push(say!(lang, "explain-more-causes", count, share));
        }
        if !also.is_empty() {
            let list = also.join(say!(lang, "list-semicolon"));
            lines.push(say!(lang, "explain-also", list));
        }
        if let (Some(a), Some(b)) = (step.hazard_sum_a, step.hazard_sum_b) {
            lines.push(sums(step, a, b, lang));
        }
        lines
    }

    /// A cause in words.
    fn cause(&self, cause: &CauseRow) -> String {
        let step = self.step;
        let lang = self.names.lang;
        let place = || self.names.of(cause.place.as_ref());
        let item = cause.innovation.as_deref().unwrap_or("");
        let domain = domain(&cause.domain);
        match cause.cause {
            "holds" => {
                let id = cause.place.as_ref().map_or("", |p| p.id.as_str());
                match self.known.get(&format!("{item} {id}")) {
                    Some(step) => say!(lang, "cause-step", step),
                    None if step.innovation.as_deref() == Some(item) => {
                        say!(lang, "cause-has-it", place = place())
                    }
                    None => say!(lang, "cause-has", place = place(), item),
                }
            }
            "link" => {
                let name = cause.mechanism.as_deref().unwrap_or("");
                let listener = match (&cause.other_place, &step.place) {
                    (Some(a), Some(b)) if a == b => say!(lang, "cause-it").to_owned(),
                    (other, _) => self.names.of(other.as_ref()),
                };
                let (place, way) = (place(), mechanism(name, lang));
                match (name.starts_with("base_"), cause.difference < 0.0) {
                    (true, false) => say!(lang, "cause-hears-more", listener, place, way),
                    (_, true) => say!(lang, "cause-hears-less", listener, place, way),
                    (false, false) => say!(lang, "cause-hears", listener, place, way),
                }
            }
            "opens" => say!(lang, "cause-opens", place = place()),
            "demand" => say!(lang, "cause-demand", domain),
            "uptake" => say!(lang, "cause-uptake", place = place(), domain),
            "partners" => say!(lang, "cause-partners", domain),
            "parameters" => say!(lang, "cause-parameters").to_owned(),
            "credit_split" => say!(lang, "cause-credit", item, place = place()),
            "line" => {
                let other = self.names.of(cause.other_place.as_ref());
                say!(lang, "cause-line", place = place(), other)
            }
            "circle" => say!(lang, "cause-circle", place = place()),
            other => match Id::named(other) {
                Some((id, _)) if id.is_term() => lang.words(id.get().cause).to_owned(),
                _ => say!(lang, "cause-other").to_owned(),
            },
        }
    }
}

fn domain(id: &Option<String>) -> &str {
    id.as_deref().unwrap_or("")
}

/// What firms make in the world that leads, and in the other one.
fn levels(step: &StepRow, lang: Lang) -> String {
    let (a, b) = (step.level_a.unwrap_or(0.0), step.level_b.unwrap_or(0.0));
    let digits = (4..=9).find(|&n| format!("{a:.n$}") != format!("{b:.n$}"));
    let n = digits.unwrap_or(9);
    let (here, there, other) = if step.world == "A" {
        (a, b, "B")
    } else {
        (b, a, "A")
    };
    let (here, there) = (format!("{here:.n$}"), format!("{there:.n$}"));
    say!(lang, "explain-levels", here, other, there)
}

/// The cumulative hazards between which the threshold lies.
fn sums(step: &StepRow, a: f64, b: f64, lang: Lang) -> String {
    let digits = (3..=9).find(|&n| format!("{a:.n$}") != format!("{b:.n$}"));
    let n = digits.unwrap_or(9);
    let (here, there) = if step.world == "A" { (a, b) } else { (b, a) };
    let other = if step.world == "A" { "B" } else { "A" };
    let (here, there) = (format!("{here:.n$}"), format!("{there:.n$}"));
    say!(lang, "explain-sums", here, other, there)
}

fn numbers(cause: &CauseRow, step: &StepRow, lang: Lang) -> String {
    let mut parts = Vec::new();
    let whole = cause.share == 1.0 && cause.share_of_month.is_none();
    let share = format!("{:.2}", cause.share);
    match step.event {
        _ if whole => {}
        "circle" if step.joins.is_some() => {}
        "circle" => parts.push(say!(lang, "share-of-weight", share)),
        "axis" => parts.push(say!(lang, "share-of-missing", share)),
        _ => parts.push(say!(lang, "share-of-difference", share)),
    }
    if let Some(now) = cause.share_of_month {
        let share = format!("{now:.2}");
        parts.push(if step.event == "line" {
            say!(lang, "share-of-flow", share)
        } else {
            say!(lang, "share-of-hazard", share)
        });
    }
    let through: Vec<String> = cause
        .through
        .iter()
        .filter(|(_, now)| *now >= SMALL / 2.0)
        .map(|(name, now)| format!("{} {now:.2}", mechanism(name, lang)))
        .collect();
    let mut text = parts.join(say!(lang, "list-clauses"));
    if !through.is_empty() && cause.cause != "link" {
        let list = through.join(say!(lang, "list-comma"));
        text.push_str(&say!(lang, "explain-through", list));
    }
    text
}

/// A mechanism as the way by which something is heard or comes.
fn mechanism(name: &str, lang: Lang) -> String {
    Id::named(name).map_or_else(
        || name.to_owned(),
        |(id, which)| lang.words(id.get().way).replace("{}", which),
    )
}

fn spreading(of: &Explanation, names: &Names, text: &mut String) {
    let lang = names.lang;
    let _ = writeln!(text, "\n{}", say!(lang, "spread-head"));
    let _ = writeln!(
        text,
        "    {}{}{}{}",
        right(say!(lang, "spread-earlier"), 14),
        right(say!(lang, "spread-less"), 14),
        right(say!(lang, "spread-new"), 6),
        right(say!(lang, "spread-structures"), 16)
    );
    let _ = writeln!(
        text,
        "{}       A       B{}{}{}",
        left(say!(lang, "spread-year"), 4),
        right(say!(lang, "spread-to-date"), 11),
        right(say!(lang, "spread-places"), 8),
        right(say!(lang, "spread-replications"), 18)
    );
    let mut years: BTreeMap<i32, Vec<&SpreadRow>> = BTreeMap::new();
    for row in &of.spread {
        years.entry(row.month.month().year()).or_default().push(row);
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
            None => say!(lang, "spread-firms-same").to_owned(),
            Some(month) => say!(
                lang,
                "spread-firms",
                month,
                differ = firms.differ,
                pairs = firms.pairs,
                in_a = firms.more_in_a,
                in_b = firms.differ - firms.more_in_a
            ),
        };
        text.push('\n');
        text.push_str(&wrapped(&what, 0, 0));
    }
    let n = of.reached.len();
    let _ = writeln!(text, "\n{}", say!(lang, "spread-reached", n));
    let when = |month: &Option<Date>| match month {
        Some(month) => month.to_string(),
        None => say!(lang, "summary-never").to_owned(),
    };
    for row in of.reached.iter().take(REACHED) {
        let line = say!(
            lang,
            "spread-place",
            place = names.of(Some(&row.place)),
            item = row.innovation,
            a = when(&row.month_a),
            b = when(&row.month_b)
        );
        let line = format!("{}  {line}", row.month);
        text.push_str(&wrapped(&line, 2, 11));
    }
    text.push('\n');
}
