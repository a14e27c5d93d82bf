//! The catalogue of alliances, and what layouts do to it: drop, add, define, merge, dates.

use std::collections::{BTreeMap, BTreeSet};

use super::Month;
use super::files::TextFile;
use super::places::{Groups, Places};
use super::problem::{Report, some_of};
use super::sheet::{self, Contract, Range, Row};
use super::spec::{AllianceSpec, LayerSpec, LayoutSpec, MergeSpec};
use super::tables::{Alliance, Kind, Member, Tier};
use super::tree::{Node, Origin};

/// Strength ω.
pub const STRENGTH: Range = Range::new(0.0, 100.0, "weight");
/// Exponent ζ of the coordination cost.
pub const SIZE_EXPONENT: Range = Range::new(0.0, 5.0, "");
/// Layer multiplier c_l.
pub const MULTIPLIER: Range = Range::new(0.0, 100.0, "multiplier");

/// Alliances by id, and which of them take part.
#[derive(Debug, Default)]
pub struct Catalogue {
    known: BTreeMap<String, (Alliance, Origin)>,
    active: BTreeSet<String>,
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
    /// Reads the table of alliances. Returns whether its header is right.
    pub fn read(&mut self, file: &mut TextFile, layers: &[LayerSpec], report: &mut Report) -> bool {
        let columns = multiplier_columns(layers);
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
            named: columns.clone(),
            prefix: None,
        };
        let shown = file.shown.clone();
        sheet::read(file, &contract, report, |row, report| {
            let alliance = Alliance {
                id: row.id("id", report).unwrap_or_default(),
                name_en: row.text("name_en").to_owned(),
                name_zh: row.text("name_zh").to_owned(),
                from: row.month("from", report),
                to: row.month("to", report),
                strength: row.number("strength", STRENGTH, report).unwrap_or(0.3),
                size_exponent: row
                    .number("size_exponent", SIZE_EXPONENT, report)
                    .unwrap_or(0.5),
                layers: multipliers(row, &columns, report),
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
                let what = format!("begins after its end ({})", row.text("to"));
                report.push(row.error("from", what));
            }
            if let Some((_, first)) = self.known.get(&alliance.id) {
                let what = format!("this id is already taken on line {}", first.line);
                report.push(row.error("id", what));
                return;
            }
            self.known.insert(alliance.id.clone(), (alliance, origin));
        })
        .is_some()
    }

    /// Reads the table of members.
    pub fn read_members(&mut self, file: &mut TextFile, groups: &Groups, report: &mut Report) {
        let contract = Contract {
            required: &["alliance", "member_kind", "member"],
            ..Contract::default()
        };
        let kinds = [("group", true), ("province", false)];
        sheet::read(file, &contract, report, |row, report| {
            let filled = row.needs("alliance", report)
                & row.needs("member_kind", report)
                & row.needs("member", report);
            if !filled {
                return;
            }
            let (id, name) = (row.text("alliance"), row.text("member"));
            let is_group = row.choice("member_kind", &kinds, report);
            if let Some(is_group) = is_group
                && let Some((what, nearest)) = unknown_member(is_group, name, groups, report)
            {
                report.push(row.error("member", what).nearest(nearest));
            }
            if !self.known.contains_key(id) {
                let nearest = report.near(id, self.known.keys().map(String::as_str));
                report.push(
                    row.error("alliance", "no alliance has this id")
                        .nearest(nearest),
                );
            }
            if let Some((alliance, _)) = self.known.get_mut(id)
                && let Some(is_group) = is_group
            {
                let member = member(is_group, name);
                if alliance.members.contains(&member) {
                    report.push(row.error("member", "is a member of this alliance already"));
                } else {
                    alliance.members.push(member);
                }
            }
        });
    }

    /// Makes the alliances of `alliances.active` take part.
    pub fn activate(&mut self, ids: &[String], tree: &Node, report: &mut Report) {
        for (position, id) in ids.iter().enumerate() {
            let key = format!("alliances.active.{position}");
            if !self.known.contains_key(id) {
                let nearest = report.near(id, self.known.keys().map(String::as_str));
                let problem = tree.origin_of(&key).error("no alliance has this id");
                report.push(problem.key(key).value(id).nearest(nearest));
            } else if !self.active.insert(id.clone()) {
                let problem = tree.origin_of(&key).error("is named twice");
                report.push(problem.key(key).value(id));
            }
        }
    }

    /// Does what a layout says, in its order.
    pub fn apply(
        &mut self,
        layout: &LayoutSpec,
        tree: &Node,
        layers: &[LayerSpec],
        groups: &Groups,
        report: &mut Report,
    ) {
        self.drop(layout, tree, report);
        self.add(layout, tree, report);
        for (position, spec) in layout.define.iter().enumerate() {
            let key = format!("define.{position}");
            self.define(spec, tree, &key, layers, groups, report);
        }
        for (position, spec) in layout.merge.iter().enumerate() {
            self.merge(spec, tree, &format!("merge.{position}"), report);
        }
        for (id, dates) in &layout.dates {
            let key = format!("dates.{id}");
            let origin = origin_below(tree, "dates", id);
            if !self.is_known(id, &key, origin, report) {
                continue;
            }
            if !self.active.contains(id) {
                report.push(origin.warning("this alliance is not active").key(&*key));
            }
            if dates.from.is_none() && dates.to.is_none() {
                report.push(origin.warning("changes nothing").key(&*key));
            }
            if let Some((alliance, _)) = self.known.get_mut(id) {
                alliance.from = dates.from.or(alliance.from);
                alliance.to = dates.to.or(alliance.to);
                if alliance.to.is_some() && alliance.from > alliance.to {
                    let what = "the alliance begins after its end";
                    let span = span_in_words(alliance.from, alliance.to);
                    report.push(origin.error(what).key(key).value(span));
                }
            }
        }
    }

    fn drop(&mut self, layout: &LayoutSpec, tree: &Node, report: &mut Report) {
        for (position, id) in layout.drop.iter().enumerate() {
            let key = format!("drop.{position}");
            let origin = tree.origin_of(&key);
            if id == "*" {
                if layout.drop.len() > 1 {
                    let what = "\"*\" drops all alliances: it stands alone";
                    report.push(origin.error(what).key(key));
                }
                self.active.clear();
            } else if self.is_known(id, &key, origin, report) && !self.active.remove(id) {
                let what = "this alliance is not active: there is nothing to drop";
                report.push(origin.warning(what).key(key).value(id));
            }
        }
    }

    fn add(&mut self, layout: &LayoutSpec, tree: &Node, report: &mut Report) {
        for (position, id) in layout.add.iter().enumerate() {
            let key = format!("add.{position}");
            let origin = tree.origin_of(&key);
            if self.is_known(id, &key, origin, report) && !self.active.insert(id.clone()) {
                let what = "this alliance is active already";
                report.push(origin.warning(what).key(key).value(id));
            }
        }
    }

    fn is_known(&self, id: &str, key: &str, origin: &Origin, report: &mut Report) -> bool {
        let known = self.known.contains_key(id);
        if !known {
            let nearest = report.near(id, self.known.keys().map(String::as_str));
            let problem = origin.error("no alliance has this id");
            report.push(problem.key(key).value(id).nearest(nearest));
        }
        known
    }

    fn is_new(&self, id: &str, key: &str, origin: &Origin, report: &mut Report) -> bool {
        let problem = origin.error("").key(format!("{key}.id")).value(id);
        if let Some((_, first)) = self.known.get(id) {
            let what = format!("this id is already taken at {}:{}", first.file, first.line);
            report.push(super::problem::Problem { what, ..problem });
            return false;
        }
        if !sheet::is_id(id) {
            let what = "not an id".to_owned();
            let problem = super::problem::Problem { what, ..problem };
            report.push(problem.allowed("1 to 64 characters, no spaces, no `|`"));
            return false;
        }
        true
    }

    fn define(
        &mut self,
        spec: &AllianceSpec,
        tree: &Node,
        key: &str,
        layers: &[LayerSpec],
        groups: &Groups,
        report: &mut Report,
    ) {
        let at = |path: &str| tree.origin_of(&format!("{key}.{path}"));
        let mut multipliers = vec![1.0; layers.len()];
        for (layer, multiplier) in &spec.layers {
            let origin = origin_below(tree, &format!("{key}.layers"), layer);
            let path = format!("{key}.layers.{layer}");
            match layers.iter().position(|known| known.id == *layer) {
                None => {
                    let nearest = report.near(layer, layers.iter().map(|l| l.id.as_str()));
                    let problem = origin.error("no layer has this id").key(path);
                    report.push(problem.nearest(nearest));
                }
                Some(_) if !MULTIPLIER.holds(*multiplier) => {
                    let problem = origin.error("out of range").key(path).value(multiplier);
                    report.push(problem.allowed(MULTIPLIER.words()));
                }
                Some(position) => multipliers[position] = *multiplier,
            }
        }
        let mut members = Vec::new();
        for (list, names, is_group) in [
            ("groups", &spec.groups, true),
            ("provinces", &spec.provinces, false),
        ] {
            for (position, name) in names.iter().enumerate() {
                let path = format!("{key}.{list}.{position}");
                let problem = tree.origin_of(&path).error("is named twice");
                let problem = problem.key(path).value(name);
                if let Some((what, nearest)) = unknown_member(is_group, name, groups, report) {
                    let problem = super::problem::Problem { what, ..problem };
                    report.push(problem.nearest(nearest));
                } else if members.contains(&member(is_group, name)) {
                    report.push(problem);
                } else {
                    members.push(member(is_group, name));
                }
            }
        }
        if spec.to.is_some() && spec.from > spec.to {
            let problem = at("from").error("the alliance begins after its end");
            let span = span_in_words(spec.from, spec.to);
            report.push(problem.key(format!("{key}.from")).value(span));
        }
        let origin = at("id");
        if !self.is_new(&spec.id, key, origin, report) {
            return;
        }
        let alliance = Alliance {
            id: spec.id.clone(),
            name_en: spec.name_en.clone(),
            name_zh: spec.name_zh.clone(),
            from: spec.from,
            to: spec.to,
            strength: spec.strength,
            size_exponent: spec.size_exponent,
            layers: multipliers,
            members,
        };
        self.active.insert(alliance.id.clone());
        self.known
            .insert(alliance.id.clone(), (alliance, origin.clone()));
    }

    fn merge(&mut self, spec: &MergeSpec, tree: &Node, key: &str, report: &mut Report) {
        let before = report.errors();
        let mut parts: Vec<Alliance> = Vec::new();
        for (position, id) in spec.of.iter().enumerate() {
            let path = format!("{key}.of.{position}");
            let origin = tree.origin_of(&path);
            if !self.is_known(id, &path, origin, report) {
                continue;
            }
            if !self.active.contains(id) {
                let what = "this alliance is not active, so it cannot be merged";
                report.push(origin.error(what).key(path).value(id));
            } else if parts.iter().any(|part| part.id == *id) {
                report.push(origin.error("is named twice").key(path).value(id));
            } else if let Some((alliance, _)) = self.known.get(id) {
                parts.push(alliance.clone());
            }
        }
        let origin = tree.origin_of(&format!("{key}.id"));
        let fresh = self.is_new(&spec.id, key, origin, report);
        let (Some(first), true) = (parts.first(), fresh && report.errors() == before) else {
            return;
        };
        // No start means the start of the run, no end the end of it: both reach furthest.
        let earliest = parts.iter().map(|part| part.from).min().flatten();
        let latest = if parts.iter().any(|part| part.to.is_none()) {
            None
        } else {
            parts.iter().filter_map(|part| part.to).max()
        };
        let mut members: Vec<Member> = Vec::new();
        for member in parts.iter().flat_map(|part| &part.members) {
            if !members.contains(member) {
                members.push(member.clone());
            }
        }
        let alliance = Alliance {
            id: spec.id.clone(),
            name_en: spec.name_en.clone(),
            name_zh: spec.name_zh.clone(),
            from: spec.from.or(earliest),
            to: spec.to.or(latest),
            strength: spec.strength.unwrap_or(first.strength),
            size_exponent: first.size_exponent,
            layers: first.layers.clone(),
            members,
        };
        if alliance.to.is_some() && alliance.from > alliance.to {
            let span = span_in_words(alliance.from, alliance.to);
            let problem = origin.error("the merged alliance begins after its end");
            report.push(problem.key(format!("{key}.from")).value(span));
        }
        for part in &parts {
            self.active.remove(&part.id);
        }
        self.active.insert(alliance.id.clone());
        self.known
            .insert(alliance.id.clone(), (alliance, origin.clone()));
    }

    /// The active alliances in id order, members in id order. Reports those that can never join two
    /// members, and those that never act within the run.
    pub fn finish(
        self,
        (start, end): (Month, Month),
        places: &Places,
        groups: &Groups,
        report: &mut Report,
    ) -> Vec<Alliance> {
        let Self { mut known, active } = self;
        let mut alliances = Vec::new();
        for id in active {
            let Some((mut alliance, origin)) = known.remove(&id) else {
                continue;
            };
            alliance.members.sort();
            let last = alliance.to.unwrap_or(end).min(end);
            if alliance.from.is_some_and(|from| from > end) || last < start {
                let what = "this alliance never acts: its dates lie outside the run";
                let span = span_in_words(alliance.from, alliance.to);
                report.push(origin.warning(format!("{id}: {what}")).value(span));
            }
            let (able, unable): (Vec<&Member>, Vec<&Member>) = alliance
                .members
                .iter()
                .partition(|member| has_delegate(member, last, places, groups));
            let unable: Vec<&str> = unable
                .iter()
                .map(|member| match member {
                    Member::Group(name) | Member::Province(name) => name.as_str(),
                })
                .collect();
            if able.len() < 2 {
                let mut what = format!(
                    "alliance {id} joins {} members that can have a delegate; it needs two",
                    able.len()
                );
                if !unable.is_empty() {
                    what += &format!(
                        " (no zone opens in time, or no linkage region, in: {})",
                        some_of(&unable, 10)
                    );
                }
                report.push(origin.error(what));
            } else if !unable.is_empty() {
                let what = format!(
                    "alliance {id} has members that never have a delegate (no zone opens in \
                     time, or no linkage region): {}",
                    some_of(&unable, 10)
                );
                report.push(origin.warning(what));
            }
            alliances.push(alliance);
        }
        alliances
    }
}

fn member(is_group: bool, name: &str) -> Member {
    if is_group {
        Member::Group(name.to_owned())
    } else {
        Member::Province(name.to_owned())
    }
}

fn unknown_member(
    is_group: bool,
    name: &str,
    groups: &Groups,
    report: &mut Report,
) -> Option<(String, Option<String>)> {
    let (known, what) = if is_group {
        (&groups.zones, "no zone belongs to a group of this id")
    } else {
        (
            &groups.provinces,
            "no place lies in a province of this name",
        )
    };
    if known.contains_key(name) {
        return None;
    }
    let nearest = report.near(name, known.keys().map(String::as_str));
    Some((what.to_owned(), nearest))
}

fn has_delegate(member: &Member, last: Month, places: &Places, groups: &Groups) -> bool {
    let (list, name) = match member {
        Member::Group(name) => (&groups.zones, name),
        Member::Province(name) => (&groups.provinces, name),
    };
    let mut all = list.get(name).into_iter().flatten();
    all.any(|place| {
        places
            .list
            .get(*place as usize)
            .is_some_and(|place| match member {
                Member::Group(_) => place.open.is_some_and(|open| open <= last),
                Member::Province(_) => place.kind == Kind::Region && place.tier == Tier::Linkage,
            })
    })
}

fn span_in_words(from: Option<Month>, to: Option<Month>) -> String {
    let word = |month: Option<Month>, none: &str| {
        month.map_or_else(|| none.to_owned(), |month| month.to_string())
    };
    format!("{} to {}", word(from, "start"), word(to, "end"))
}

/// Where a key below a table was written; the key may hold dots.
pub fn origin_below<'a>(tree: &'a Node, table: &str, key: &str) -> &'a Origin {
    match tree.at(table) {
        Some(node) => node.child(key).map_or(&node.origin, |child| &child.origin),
        None => &tree.origin,
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
