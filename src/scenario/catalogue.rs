//! The catalogue of alliances, and what layouts do to it: drop, add, define, merge, dates, strengths.

use std::collections::{BTreeMap, BTreeSet};

use super::Month;
use super::alliance_doubts::doubts;
use super::cells::{Range, Row};
use super::files::TextFile;
use super::loose::Loose;
use super::members::{KINDS, Known, MemberKind};
use super::problem::{Report, some_of};
use super::sheet::{self, Columns, Contract};
use super::spec::{LayerSpec, ScenarioSpec};
use super::tables::{Alliance, Member};
use super::tree::{Node, Origin};
use crate::texts::text;

/// Strength ω.
pub const STRENGTH: Range = Range::new(0.0, 100.0, "weight");
/// Exponent ζ of the coordination cost.
pub const SIZE_EXPONENT: Range = Range::new(0.0, 5.0, "");
/// Layer multiplier c_l.
pub const MULTIPLIER: Range = Range::new(0.0, 100.0, "multiplier");

/// Alliances by id, and which of them take part.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Every alliance, and where it was written.
    pub known: BTreeMap<String, (Alliance, Origin)>,
    /// The ids of those that take part.
    pub active: BTreeSet<String>,
    /// Whether every id of the table of alliances is known.
    pub complete: bool,
    /// Whether it is known which are active.
    pub active_known: bool,
    /// Whether the members of every alliance are known.
    pub members_known: bool,
    /// Names in rows that could not be read.
    loose: Loose,
}

/// The columns of layer multipliers.
pub fn multiplier_columns(layers: &[LayerSpec]) -> Vec<String> {
    layers
        .iter()
        .map(|layer| format!("c_{}", layer.id))
        .collect()
}

/// The layer multipliers of a row; 1 where nothing is written.
pub fn multipliers(row: &Row<'_>, columns: &[String], report: &mut Report) -> Vec<f64> {
    columns
        .iter()
        .map(|column| row.number(column, MULTIPLIER, report).unwrap_or(1.0))
        .collect()
}

impl Catalogue {
    /// Whether an id that no alliance has may still be right, because not every row is known.
    pub fn may_have(&self, id: &str) -> bool {
        !self.complete || self.loose.has(id)
    }

    /// Remembers an id that would be known if everything else were right.
    pub fn expect(&mut self, id: &str) {
        self.loose.insert(id);
    }

    /// Reads the table of alliances.
    pub fn read(&mut self, file: &mut TextFile, columns: &Columns, report: &mut Report) {
        let contract = Contract {
            required: &["id"],
            optional: &[
                "name_en",
                "name_zh",
                "from",
                "to",
                "strength",
                "size_exponent",
            ],
            named: Some(columns),
            named_prefix: Some("c_"),
            prefix: None,
        };
        let columns = &columns.names;
        let shown = file.shown.clone();
        let done = sheet::read(file, &contract, report, |row, report| {
            let mut alliance = Alliance {
                id: row.name("id", report).unwrap_or_default(),
                name_en: row.text("name_en").to_owned(),
                name_zh: row.text("name_zh").to_owned(),
                from: row.month("from", report),
                to: row.month("to", report),
                strength: row.number("strength", STRENGTH, report).unwrap_or(0.3),
                size_exponent: row
                    .number("size_exponent", SIZE_EXPONENT, report)
                    .unwrap_or(0.5),
                layers: multipliers(row, columns, report),
                members: Vec::new(),
            };
            if alliance.id.is_empty() {
                return;
            }
            let origin = Origin {
                file: shown.clone(),
                line: row.line,
            };
            if alliance.from > alliance.to && alliance.to.is_some() {
                let what = text!("begins-after-end", to = row.text("to"));
                report.push(row.error("from", what));
                alliance.to = None;
            }
            if let Some((_, first)) = self.known.get(&alliance.id) {
                let what = text!("id-taken-line", line = first.line);
                report.push(row.error("id", what));
                return;
            }
            self.known.insert(alliance.id.clone(), (alliance, origin));
        });
        self.complete &= done.whole;
        self.loose.extend(done.loose);
    }

    /// Reads the table of members.
    pub fn read_members(&mut self, file: &mut TextFile, of: Known<'_>, report: &mut Report) {
        let contract = Contract {
            required: &["alliance", "member_kind", "member"],
            optional: &["from", "to"],
            ..Contract::default()
        };
        let mut known = true;
        let done = sheet::read(file, &contract, report, |row, report| {
            let filled = row.needs("alliance", report)
                & row.needs("member_kind", report)
                & row.needs("member", report);
            if !filled {
                known = false;
                return;
            }
            let (id, name) = (row.text("alliance"), row.text("member"));
            let who = row.choice("member_kind", &KINDS, report);
            let who = who.map(|kind: MemberKind| kind.of(name));
            if let Some(who) = &who
                && let Some((what, nearest)) = of.unknown(who, report)
            {
                report.push(row.error("member", what).nearest(nearest));
            }
            known &= who.is_some();
            let (from, mut to) = (row.month("from", report), row.month("to", report));
            if to.is_some() && from > to {
                let what = text!("begins-after-end", to = row.text("to"));
                report.push(row.error("from", what));
                to = None;
            }
            if !self.known.contains_key(id) {
                // It may have been meant for any alliance.
                known = false;
                if !self.may_have(id) {
                    let nearest = report.near(id, self.known.keys().map(String::as_str));
                    let problem = row.error("alliance", text!("no-alliance"));
                    report.push(problem.nearest(nearest));
                }
            }
            if let Some((alliance, _)) = self.known.get_mut(id)
                && let Some(who) = who
            {
                let member = Member { who, from, to };
                if alliance.members.iter().any(|m| m.who == member.who) {
                    report.push(row.error("member", text!("member-already")));
                    // Another one was meant.
                    known = false;
                } else {
                    alliance.members.push(member);
                }
            }
        });
        self.members_known &= known && done.whole && done.loose.is_empty();
    }

    /// Makes the alliances of `alliances.active` take part.
    pub fn activate(&mut self, ids: &[String], tree: &Node, report: &mut Report) {
        for (position, id) in tree.good_items("alliances.active").into_iter().zip(ids) {
            let key = format!("alliances.active.{position}");
            if !self.known.contains_key(id) {
                if self.may_have(id) {
                    continue;
                }
                let nearest = report.near(id, self.known.keys().map(String::as_str));
                let problem = tree.origin_of(&key).error(text!("no-alliance"));
                report.push(problem.key(key).value(id).nearest(nearest));
            } else if !self.active.insert(id.clone()) {
                let problem = tree.origin_of(&key).error(text!("named-twice"));
                report.push(problem.key(key).value(id));
            }
        }
    }

    /// The alliances that do not take part, in id order, members in id order.
    pub fn idle(&self) -> Vec<Alliance> {
        let known = self.known.iter();
        let idle = known.filter(|(id, _)| !self.active.contains(*id));
        let mut idle: Vec<Alliance> = idle.map(|(_, (alliance, _))| alliance.clone()).collect();
        idle.iter_mut().for_each(|of| of.members.sort());
        idle
    }

    /// The active alliances in id order, members in id order. Reports those that can never join two
    /// members, and those that never act within the run.
    pub fn finish(
        self,
        spec: &ScenarioSpec,
        (start, end): (Month, Month),
        of: Known<'_>,
        report: &mut Report,
    ) -> Vec<Alliance> {
        let Self {
            mut known,
            active,
            members_known,
            ..
        } = self;
        let mut alliances = Vec::new();
        let mut origins = Vec::new();
        for id in active {
            let Some((mut alliance, origin)) = known.remove(&id) else {
                continue;
            };
            alliance.members.sort();
            if let Some((place, other)) = of.twice(&alliance.members) {
                let (place, other) = (place.name(), other.name());
                let what = text!("member-twice", id, place, other);
                report.push(origin.error(what));
            }
            let first = alliance.from.unwrap_or(start).max(start);
            let last = alliance.to.unwrap_or(end).min(end);
            if alliance.from.is_some_and(|from| from > end) || last < start {
                let what = text!("alliance-never-acts", id);
                let span = span_in_words(alliance.from, alliance.to);
                report.push(origin.warning(what).value(span));
            }
            let (able, unable): (Vec<&Member>, Vec<&Member>) = alliance
                .members
                .iter()
                .partition(|member| of.has_delegate(member, (first, last)));
            let unable: Vec<&str> = unable.iter().map(|member| member.who.name()).collect();
            if able.len() < 2 && !members_known {
                // What is missing may be there.
            } else if able.len() < 2 {
                let n = able.len();
                let what = if unable.is_empty() {
                    text!("alliance-joins", id, n)
                } else {
                    let unable = some_of(&unable, 10);
                    text!("alliance-joins-unable", id, n, unable)
                };
                report.push(origin.error(what));
            } else if !unable.is_empty() {
                let what = text!("alliance-no-delegate", id, unable = some_of(&unable, 10));
                report.push(origin.warning(what));
            }
            alliances.push(alliance);
            origins.push(origin);
        }
        if members_known {
            let listed: Vec<(&Alliance, &Origin)> = alliances.iter().zip(&origins).collect();
            doubts(&listed, spec, (start, end), of, report);
        }
        alliances
    }
}

/// First and last month.
pub fn span_in_words(from: Option<Month>, to: Option<Month>) -> String {
    let word = |month: Option<Month>, none: &str| {
        month.map_or_else(|| none.to_owned(), |month| month.to_string())
    };
    format!("{} to {}", word(from, "start"), word(to, "end"))
}

/// A member as it is called, and when it is one where that is said.
pub fn member_in_words(called: &str, member: &Member) -> String {
    match (member.from, member.to) {
        (None, None) => called.to_owned(),
        (from, to) => format!("{called} ({})", span_in_words(from, to)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    #[test]
    fn ranges_are_those_of_the_schema() {
        let schema = crate::scenario::layout_schema();
        let properties = &schema["$defs"]["AllianceSpec"]["properties"];
        for (name, range) in [("strength", STRENGTH), ("size_exponent", SIZE_EXPONENT)] {
            assert_eq!(properties[name]["minimum"].as_f64(), Some(range.least));
            assert_eq!(properties[name]["maximum"].as_f64(), Some(range.most));
        }
        assert_eq!(properties["strength"]["default"], Json::from(0.3));
        assert_eq!(properties["size_exponent"]["default"], Json::from(0.5));
    }
}
