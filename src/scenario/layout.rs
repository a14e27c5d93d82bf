//! What a layout does to the catalogue of alliances: drop, add, define, merge, dates, strengths.

use super::catalogue::{Catalogue, MULTIPLIER, STRENGTH, span_in_words};
use super::cells::is_id;
use super::members::{Known, MemberKind};
use super::problem::{Problem, Report};
use super::spec::{AllianceSpec, LayoutSpec, MergeSpec};
use super::tables::{Alliance, Member};
use super::tree::{Node, Origin, origin_below};
use crate::texts::text;

/// The ids of the scenario's layers, and whether all are known.
#[derive(Debug)]
pub struct Layers<'a> {
    /// The ids, in order.
    pub ids: Vec<&'a str>,
    /// Whether an id that is not among them is none.
    pub sure: bool,
}

impl Catalogue {
    /// Does what a layout says, in its order.
    pub fn apply(
        &mut self,
        layout: &LayoutSpec,
        tree: &Node,
        layers: &Layers<'_>,
        of: Known<'_>,
        report: &mut Report,
    ) {
        self.drop(layout, tree, report);
        self.add(layout, tree, report);
        for (position, spec) in tree.good_items("define").into_iter().zip(&layout.define) {
            let key = format!("define.{position}");
            self.define(spec, tree, &key, layers, of, report);
        }
        for (position, spec) in tree.good_items("merge").into_iter().zip(&layout.merge) {
            self.merge(spec, tree, &format!("merge.{position}"), report);
        }
        for (id, dates) in &layout.dates {
            let key = format!("dates.{id}");
            let origin = origin_below(tree, "dates", id);
            if !self.is_known(id, &key, origin, report) {
                continue;
            }
            if self.active_known && !self.active.contains(id) {
                report.push(origin.warning(text!("alliance-not-active")).key(&*key));
            }
            let doubtful = tree.child("dates").and_then(|all| all.child(id));
            let doubtful = doubtful.is_some_and(Node::doubtful);
            if !doubtful && dates.from.is_none() && dates.to.is_none() {
                report.push(origin.warning(text!("changes-nothing")).key(&*key));
            }
            if let Some((alliance, _)) = self.known.get_mut(id) {
                alliance.from = dates.from.or(alliance.from);
                alliance.to = dates.to.or(alliance.to);
                if alliance.to.is_some() && alliance.from > alliance.to {
                    let what = text!("alliance-begins-after-end");
                    let span = span_in_words(alliance.from, alliance.to);
                    report.push(origin.error(what).key(key).value(span));
                }
            }
        }
        for (id, strength) in &layout.strengths {
            let key = format!("strengths.{id}");
            let origin = origin_below(tree, "strengths", id);
            if !self.is_known(id, &key, origin, report) {
                continue;
            }
            if self.active_known && !self.active.contains(id) {
                report.push(origin.warning(text!("alliance-not-active")).key(&*key));
            }
            if !STRENGTH.holds(*strength) {
                let problem = origin.error(text!("out-of-range")).key(key).value(strength);
                report.push(problem.allowed(STRENGTH.words()));
            } else if let Some((alliance, _)) = self.known.get_mut(id) {
                alliance.strength = *strength;
            }
        }
    }

    fn drop(&mut self, layout: &LayoutSpec, tree: &Node, report: &mut Report) {
        for (position, id) in tree.good_items("drop").into_iter().zip(&layout.drop) {
            let key = format!("drop.{position}");
            let origin = tree.origin_of(&key);
            if id == "*" {
                if layout.drop.len() > 1 {
                    let what = text!("drops-all-alone");
                    report.push(origin.error(what).key(key));
                }
                self.active.clear();
            } else if self.is_known(id, &key, origin, report)
                && !self.active.remove(id)
                && self.active_known
            {
                let what = text!("alliance-nothing-to-drop");
                report.push(origin.warning(what).key(key).value(id));
            }
        }
    }

    fn add(&mut self, layout: &LayoutSpec, tree: &Node, report: &mut Report) {
        for (position, id) in tree.good_items("add").into_iter().zip(&layout.add) {
            let key = format!("add.{position}");
            let origin = tree.origin_of(&key);
            let known = self.is_known(id, &key, origin, report);
            self.active_known &= known;
            if known && !self.active.insert(id.clone()) {
                let what = text!("alliance-active-already");
                report.push(origin.warning(what).key(key).value(id));
            }
        }
    }

    fn is_known(&self, id: &str, key: &str, origin: &Origin, report: &mut Report) -> bool {
        let known = self.known.contains_key(id);
        if !known && !self.may_have(id) {
            let nearest = report.near(id, self.known.keys().map(String::as_str));
            let problem = origin.error(text!("no-alliance"));
            report.push(problem.key(key).value(id).nearest(nearest));
        }
        known
    }

    fn is_new(&self, id: &str, key: &str, origin: &Origin, report: &mut Report) -> bool {
        let problem = origin.error("").key(format!("{key}.id")).value(id);
        if id.is_empty() {
            // Wrong or missing, which is reported.
            return false;
        }
        if let Some((_, first)) = self.known.get(id) {
            let what = text!("id-taken-at", file = first.file, line = first.line);
            report.push(Problem { what, ..problem });
            return false;
        }
        if !is_id(id) {
            let what = text!("not-an-id");
            let problem = Problem { what, ..problem };
            report.push(problem.allowed(text!("allowed-id-64")));
            return false;
        }
        true
    }

    fn define(
        &mut self,
        spec: &AllianceSpec,
        tree: &Node,
        key: &str,
        layers: &Layers<'_>,
        of: Known<'_>,
        report: &mut Report,
    ) {
        let at = |path: &str| tree.origin_of(&format!("{key}.{path}"));
        let mut multipliers = vec![1.0; layers.ids.len()];
        for (layer, multiplier) in &spec.layers {
            let origin = origin_below(tree, &format!("{key}.layers"), layer);
            let path = format!("{key}.layers.{layer}");
            match layers.ids.iter().position(|known| known == layer) {
                None if !layers.sure => {}
                None => {
                    let nearest = report.near(layer, layers.ids.iter().copied());
                    let problem = origin.error(text!("no-layer")).key(path);
                    report.push(problem.nearest(nearest));
                }
                Some(_) if !MULTIPLIER.holds(*multiplier) => {
                    let problem = origin
                        .error(text!("out-of-range"))
                        .key(path)
                        .value(multiplier);
                    report.push(problem.allowed(MULTIPLIER.words()));
                }
                Some(position) => multipliers[position] = *multiplier,
            }
        }
        let mut members: Vec<Member> = Vec::new();
        for (list, names, kind) in [
            ("groups", &spec.groups, MemberKind::Group),
            ("provinces", &spec.provinces, MemberKind::Province),
            ("places", &spec.places, MemberKind::Place),
        ] {
            let positions = tree.good_items(&format!("{key}.{list}"));
            for (position, name) in positions.into_iter().zip(names) {
                let path = format!("{key}.{list}.{position}");
                let problem = tree.origin_of(&path).error(text!("named-twice"));
                let problem = problem.key(path).value(name);
                let who = kind.of(name);
                if let Some((what, nearest)) = of.unknown(&who, report) {
                    let problem = Problem { what, ..problem };
                    report.push(problem.nearest(nearest));
                } else if members.iter().any(|member| member.who == who) {
                    report.push(problem);
                } else {
                    members.push(who.into());
                }
            }
        }
        for (name, dates) in &spec.dates {
            let path = format!("{key}.dates.{name}");
            let origin = origin_below(tree, &format!("{key}.dates"), name);
            let mut those = members.iter_mut().filter(|m| m.who.name() == name);
            match those.next() {
                None => {
                    let names = spec
                        .groups
                        .iter()
                        .chain(&spec.provinces)
                        .chain(&spec.places);
                    let nearest = report.near(name, names.map(String::as_str));
                    let problem = origin.error(text!("no-member")).key(path);
                    report.push(problem.nearest(nearest));
                }
                Some(_) if dates.to.is_some() && dates.from > dates.to => {
                    let problem = origin.error(text!("alliance-begins-after-end"));
                    let span = span_in_words(dates.from, dates.to);
                    report.push(problem.key(path).value(span));
                }
                Some(member) => (member.from, member.to) = (dates.from, dates.to),
            }
        }
        if spec.to.is_some() && spec.from > spec.to {
            let problem = at("from").error(text!("alliance-begins-after-end"));
            let span = span_in_words(spec.from, spec.to);
            report.push(problem.key(format!("{key}.from")).value(span));
        }
        let origin = at("id");
        // An id that is not known may be any that others name.
        self.complete &= !spec.id.is_empty();
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
        for (position, id) in tree
            .good_items(&format!("{key}.of"))
            .into_iter()
            .zip(&spec.of)
        {
            let path = format!("{key}.of.{position}");
            let origin = tree.origin_of(&path);
            if !self.is_known(id, &path, origin, report) {
                continue;
            }
            if !self.active.contains(id) && !self.active_known {
                // Whether it is active hangs on something wrong that is reported.
            } else if !self.active.contains(id) {
                let what = text!("alliance-not-active-merge");
                report.push(origin.error(what).key(path).value(id));
            } else if parts.iter().any(|part| part.id == *id) {
                report.push(origin.error(text!("named-twice")).key(path).value(id));
            } else if let Some((alliance, _)) = self.known.get(id) {
                parts.push(alliance.clone());
            }
        }
        let origin = tree.origin_of(&format!("{key}.id"));
        self.complete &= !spec.id.is_empty();
        let fresh = self.is_new(&spec.id, key, origin, report);
        let whole = parts.len() == spec.of.len();
        let (Some(first), true) = (parts.first(), whole && fresh && report.errors() == before)
        else {
            // What names it later is not unknown for that, and what is active is not sure.
            self.expect(&spec.id);
            self.active_known = false;
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
            match members.iter_mut().find(|known| known.who == member.who) {
                None => members.push(member.clone()),
                // A member of several is one from the first month to the last of any.
                Some(known) => {
                    known.from = known.from.min(member.from);
                    known.to = known.to.zip(member.to).map(|(a, b)| a.max(b));
                }
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
            let problem = origin.error(text!("merged-begins-after-end"));
            report.push(problem.key(format!("{key}.from")).value(span));
        }
        for part in &parts {
            self.active.remove(&part.id);
        }
        self.active.insert(alliance.id.clone());
        self.known
            .insert(alliance.id.clone(), (alliance, origin.clone()));
    }
}
