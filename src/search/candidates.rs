//! From candidates and conditions as they are written to the space of layouts.

use std::collections::BTreeMap;

use crate::scenario::problem::Report;
use crate::scenario::spec::AllianceSpec;
use crate::scenario::tables::{Alliance, Kind, Member, Tier, Who};
use crate::scenario::{Document, Loaded, MemberKind, Month, Problem};
use crate::texts::{Text, text};

use super::space::{Act, Budget, Candidate, Change, Condition, Seat, Space, Zone};
use super::spec::{CandidateSpec, SearchSpec};

/// Most options of a candidate.
const OPTIONS: usize = 250;

/// The space of a plan, over the loaded baseline; `last` is the last month that is looked at. None where something is wrong.
pub fn space(
    document: &Document<SearchSpec>,
    loaded: &Loaded,
    last: Month,
    report: &mut Report,
) -> Option<Space> {
    let before = report.errors();
    let spec = &document.spec;
    let mut reader = Reader::new(document, loaded, last);
    // Alliances that are defined are known to all candidates.
    for (at, of) in spec.candidates.iter().enumerate() {
        if let Some(new) = &of.define {
            reader.define(at, new, report);
        }
    }
    let mut candidates = Vec::new();
    for (at, of) in spec.candidates.iter().enumerate() {
        if spec.candidates[..at].iter().any(|other| other.id == of.id) {
            let problem = reader.problem(at, "id", text!("id-taken"));
            report.push(problem.value(&of.id));
        }
        if let Some(act) = reader.act(at, of, report) {
            let id = of.id.clone();
            candidates.push(Candidate { id, act });
        }
    }
    let conditions = conditions(document, report);
    let mut space = Space {
        candidates,
        conditions,
        budget: Budget::default(),
        seats: reader.seats,
        zones: reader.zones,
        linked: reader.linked,
        spoken: reader.spoken,
        run: (loaded.scenario.start, loaded.scenario.end),
    };
    if report.errors() > before {
        return None;
    }
    let of = &spec.budget;
    let times = of
        .pair_years_times
        .map(|times| times * space.pair_years_of_baseline());
    space.budget = Budget {
        pair_years: of.pair_years.or(times),
        changes: of.changes,
        price: of.price,
        per_pair_year: of.per_pair_year,
        per_zone: of.per_zone,
    };
    Some(space)
}

struct Reader<'a> {
    document: &'a Document<SearchSpec>,
    loaded: &'a Loaded,
    last: Month,
    seats: Vec<Seat>,
    zones: Vec<Zone>,
    linked: Vec<String>,
    provinces: Vec<String>,
    spoken: BTreeMap<String, Who>,
}

impl<'a> Reader<'a> {
    fn new(document: &'a Document<SearchSpec>, loaded: &'a Loaded, last: Month) -> Self {
        let scenario = &loaded.scenario;
        let seat = |active: bool| {
            move |alliance: &Alliance| Seat {
                alliance: alliance.clone(),
                active,
                defined: None,
            }
        };
        let active = scenario.alliances.iter().map(seat(true));
        let seats = active.chain(loaded.idle.iter().map(seat(false)));
        let zones = scenario.places.iter().filter(|of| of.kind == Kind::Zone);
        let zones = zones.map(|place| Zone {
            id: place.id.clone(),
            group: place.free_trade_zone().to_owned(),
            opens: place.open,
            closes: place.close,
        });
        let regions = scenario.places.iter().filter(|of| of.kind == Kind::Region);
        let named = |linked: bool| {
            let of = regions
                .clone()
                .filter(|of| !linked || of.tier == Tier::Linkage);
            let mut names: Vec<String> = of.map(|place| place.province.clone()).collect();
            names.sort();
            names.dedup();
            names
        };
        let places = scenario.places.iter();
        let spoken = places.filter_map(|place| match (place.kind, place.tier) {
            (Kind::Zone, _) => {
                let group = place.free_trade_zone().to_owned();
                Some((place.id.clone(), Who::Group(group)))
            }
            (Kind::Region, Tier::Linkage) => {
                Some((place.id.clone(), Who::Province(place.province.clone())))
            }
            _ => None,
        });
        Self {
            spoken: spoken.collect(),
            seats: seats.collect(),
            zones: zones.collect(),
            linked: named(true),
            provinces: named(false),
            document,
            loaded,
            last,
        }
    }

    fn problem(&self, at: usize, key: &str, what: Text) -> Problem {
        let keys: Vec<&str> = key.split('.').collect();
        let at = at.to_string();
        self.document
            .error(&[&["candidates", &at], &keys[..]].concat(), what)
    }

    /// A new alliance takes a seat, if nothing is wrong with it.
    fn define(&mut self, at: usize, new: &AllianceSpec, report: &mut Report) {
        let before = report.errors();
        if self.seats.iter().any(|seat| seat.alliance.id == new.id) {
            let problem = self.problem(at, "define.id", text!("id-taken"));
            report.push(problem.value(&new.id));
        }
        let mut members: Vec<Member> = Vec::new();
        let lists = [
            ("groups", &new.groups, MemberKind::Group),
            ("provinces", &new.provinces, MemberKind::Province),
            ("places", &new.places, MemberKind::Place),
        ];
        for (list, names, kind) in lists {
            for (number, name) in names.iter().enumerate() {
                let key = format!("define.{list}.{number}");
                let Some(who) = self.member(at, &key, name, kind, report) else {
                    continue;
                };
                if members.iter().any(|member| member.who == who) {
                    let problem = self.problem(at, &key, text!("named-twice"));
                    report.push(problem.value(name));
                }
                members.push(who.into());
            }
        }
        for (name, dates) in &new.dates {
            let key = format!("define.dates.{name}");
            let mut those = members.iter_mut().filter(|of| of.who.name() == name);
            match those.next() {
                None => {
                    let known = lists.iter().flat_map(|(_, names, _)| names.iter());
                    let nearest = report.near(name, known.map(String::as_str));
                    let problem = self.problem(at, &key, text!("no-member"));
                    report.push(problem.nearest(nearest));
                }
                Some(_) if dates.to.is_some() && dates.from > dates.to => {
                    let what = text!("alliance-begins-after-end");
                    report.push(self.problem(at, &key, what));
                }
                Some(member) => (member.from, member.to) = (dates.from, dates.to),
            }
        }
        members.sort();
        let ids: Vec<&str> = self
            .loaded
            .scenario
            .layers
            .iter()
            .map(|of| &*of.id)
            .collect();
        let layers = ids
            .iter()
            .map(|id| new.layers.get(*id).copied().unwrap_or(1.0));
        let layers = layers.collect();
        for (layer, by) in &new.layers {
            let key = format!("define.layers.{layer}");
            if !ids.contains(&layer.as_str()) {
                let nearest = report.near(layer, ids.iter().copied());
                report.push(self.problem(at, &key, text!("no-layer")).nearest(nearest));
            } else if !(0.0..=100.0).contains(by) {
                let problem = self.problem(at, &key, text!("out-of-range")).value(by);
                report.push(problem.allowed(text!("range-from-to", least = 0, most = 100)));
            }
        }
        if new.to.is_some() && new.from > new.to {
            let what = text!("alliance-begins-after-end");
            report.push(self.problem(at, "define.from", what));
        }
        if report.errors() == before && members.len() < 2 {
            report.push(self.problem(at, "define", text!("search-members")));
        }
        self.seats.push(Seat {
            alliance: Alliance {
                id: new.id.clone(),
                name_en: new.name_en.clone(),
                name_zh: new.name_zh.clone(),
                from: new.from,
                to: new.to,
                strength: new.strength,
                size_exponent: new.size_exponent,
                layers,
                members,
            },
            active: false,
            defined: Some(at),
        });
    }

    /// A member that is there.
    fn member(
        &self,
        at: usize,
        key: &str,
        name: &str,
        kind: MemberKind,
        report: &mut Report,
    ) -> Option<Who> {
        let (known, what): (Vec<&str>, Text) = match kind {
            MemberKind::Group => {
                let groups = self.zones.iter().map(|zone| &*zone.group);
                (groups.collect(), text!("no-zone-in-group"))
            }
            MemberKind::Province => {
                let provinces = self.provinces.iter().map(|name| &**name);
                (provinces.collect(), text!("no-place-in-province"))
            }
            MemberKind::Place => {
                let places = self.loaded.scenario.places.iter();
                let adopts = places.filter(|place| place.kind.adopts());
                (adopts.map(|place| &*place.id).collect(), text!("no-place"))
            }
        };
        if known.contains(&name) {
            return Some(kind.of(name));
        }
        let nearest = report.near(name, known);
        report.push(self.problem(at, key, what).value(name).nearest(nearest));
        None
    }

    /// What a candidate does; none where that cannot be said.
    fn act(&self, at: usize, of: &CandidateSpec, report: &mut Report) -> Option<Act> {
        let before = report.errors();
        let kinds = [
            of.alliance.is_some(),
            of.define.is_some(),
            of.zone.is_some(),
        ];
        if kinds.iter().filter(|there| **there).count() != 1 {
            let keys = ["candidates", &at.to_string()];
            let problem = self.document.error(&keys, text!("search-candidate"));
            report.push(problem.value(&of.id).allowed("alliance, define, zone"));
            return None;
        }
        let named = [
            ("group", &of.group, MemberKind::Group),
            ("province", &of.province, MemberKind::Province),
            ("place", &of.place, MemberKind::Place),
        ];
        let mut named = named
            .iter()
            .filter_map(|(key, name, kind)| Some((*key, name.as_deref()?, *kind)));
        let (member, second) = (named.next(), named.next());
        let no_place = |key: &str, there: bool, what: Text, report: &mut Report| {
            if there {
                report.push(self.problem(at, key, what));
            }
        };
        let timed = [
            ("from", !of.from.is_empty()),
            ("strength", !of.strength.is_empty()),
        ];
        let zoned = [
            ("open", !of.open.is_empty()),
            ("close", !of.close.is_empty()),
        ];
        let joined = [
            ("group", of.group.is_some()),
            ("province", of.province.is_some()),
            ("place", of.place.is_some()),
        ];
        match of.zone.is_some() {
            true => timed.iter().chain(&joined).for_each(|(key, there)| {
                no_place(key, *there, text!("search-of-alliance"), report);
            }),
            false => zoned.iter().for_each(|(key, there)| {
                no_place(key, *there, text!("search-of-zone"), report);
            }),
        }
        if let Some((key, ..)) = member {
            timed.iter().for_each(|(key, there)| {
                no_place(key, *there, text!("search-of-whole"), report);
            });
            if let Some((key, ..)) = second {
                no_place(key, true, text!("search-one-member"), report);
            }
            let new = of.define.is_some();
            no_place(key, new, text!("search-member-of"), report);
        }
        let months = [("from", &of.from), ("open", &of.open), ("close", &of.close)];
        for (key, list) in months {
            self.months(at, key, list, report);
        }
        for (number, strength) in of.strength.iter().enumerate() {
            let key = format!("strength.{number}");
            if !(0.0..=100.0).contains(strength) || *strength <= 0.0 {
                let problem = self
                    .problem(at, &key, text!("out-of-range"))
                    .value(strength);
                report.push(problem.allowed(text!("range-above", least = 0, most = 100)));
            } else if of.strength[..number].contains(strength) {
                let problem = self.problem(at, &key, text!("named-twice"));
                report.push(problem.value(strength));
            }
        }
        if let Some(id) = &of.zone {
            return self
                .zone(at, id, of, report)
                .filter(|_| report.errors() == before);
        }
        let seat = match (&of.alliance, &of.define) {
            (Some(id), _) => {
                let known = self.seats.iter().position(|seat| seat.alliance.id == *id);
                if known.is_none() {
                    let ids = self.seats.iter().map(|seat| &*seat.alliance.id);
                    let nearest = report.near(id, ids);
                    let problem = self.problem(at, "alliance", text!("no-alliance"));
                    report.push(problem.value(id).nearest(nearest));
                }
                known?
            }
            _ => {
                let own = |seat: &Seat| seat.defined == Some(at);
                self.seats.iter().position(own)?
            }
        };
        let act = match member {
            Some((key, name, kind)) => Act::Member(seat, self.member(at, key, name, kind, report)?),
            None => Act::Alliance(seat, self.changes(at, seat, of, report)),
        };
        (report.errors() == before).then_some(act)
    }

    /// What can become of an alliance.
    fn changes(
        &self,
        at: usize,
        seat: usize,
        of: &CandidateSpec,
        report: &mut Report,
    ) -> Vec<Change> {
        let of_seat = &self.seats[seat];
        if of.from.is_empty() && of.strength.is_empty() {
            let on = !of_seat.active;
            return vec![Change {
                on,
                ..Change::default()
            }];
        }
        if of.from.len().max(1) * of.strength.len().max(1) > OPTIONS {
            let problem = self.problem(at, "strength", text!("search-options"));
            report.push(problem.allowed(text!("range-most", most = OPTIONS)));
            return Vec::new();
        }
        let to = of_seat.alliance.to;
        for (number, month) in of.from.iter().enumerate() {
            let key = format!("from.{number}");
            if to.is_some_and(|to| *month > to) {
                let what = text!("alliance-begins-after-end");
                report.push(self.problem(at, &key, what).value(month));
            }
        }
        let months: Vec<Option<Month>> = match of.from.is_empty() {
            true => vec![None],
            false => of.from.iter().copied().map(Some).collect(),
        };
        let strengths: Vec<Option<f64>> = match of.strength.is_empty() {
            true => vec![None],
            false => of.strength.iter().copied().map(Some).collect(),
        };
        let mut changes = Vec::new();
        for from in months {
            for strength in &strengths {
                let change = Change {
                    on: true,
                    from,
                    strength: *strength,
                };
                let own = &of_seat.alliance;
                let same = of_seat.active
                    && change.from.is_none_or(|from| Some(from) == own.from)
                    && change.strength.is_none_or(|by| by == own.strength);
                if same {
                    let key = if of.from.is_empty() {
                        "strength"
                    } else {
                        "from"
                    };
                    report.push(self.problem(at, key, text!("search-as-it-is")));
                }
                changes.push(change);
            }
        }
        changes
    }

    fn months(&self, at: usize, key: &str, list: &[Month], report: &mut Report) {
        let start = self.loaded.scenario.start;
        for (number, month) in list.iter().enumerate() {
            let key = format!("{key}.{number}");
            if *month > self.last || *month < start {
                let months = text!("months-from-to", start = start, end = self.last);
                let problem = self.problem(at, &key, text!("search-month")).value(month);
                report.push(problem.allowed(months));
            } else if list[..number].contains(month) {
                let problem = self.problem(at, &key, text!("named-twice"));
                report.push(problem.value(month));
            }
        }
    }

    fn zone(&self, at: usize, id: &str, of: &CandidateSpec, report: &mut Report) -> Option<Act> {
        let Some(zone) = self.zones.iter().position(|zone| zone.id == id) else {
            let nearest = report.near(id, self.zones.iter().map(|zone| &*zone.id));
            let problem = self.problem(at, "zone", text!("no-zone")).value(id);
            report.push(problem.nearest(nearest));
            return None;
        };
        let own = &self.zones[zone];
        let (key, list, now) = match (of.open.is_empty(), of.close.is_empty()) {
            (false, true) => ("open", &of.open, own.opens),
            (true, false) => ("close", &of.close, own.closes),
            _ => {
                let problem = self.problem(at, "zone", text!("search-zone-months"));
                report.push(problem.value(id).allowed("open, close"));
                return None;
            }
        };
        if let Some(same) = list.iter().position(|month| Some(*month) == now) {
            let key = format!("{key}.{same}");
            let problem = self.problem(at, &key, text!("search-as-it-is"));
            report.push(problem.value(list[same]));
        }
        Some(match key {
            "open" => Act::Open(zone, list.clone()),
            _ => Act::Close(zone, list.clone()),
        })
    }
}

/// The conditions, by positions of candidates.
fn conditions(document: &Document<SearchSpec>, report: &mut Report) -> Vec<Condition> {
    let ids: Vec<&str> = document.spec.candidates.iter().map(|of| &*of.id).collect();
    let find = |keys: &[&str], id: &str, report: &mut Report| {
        let known = ids.iter().position(|known| *known == id);
        if known.is_none() {
            let nearest = report.near(id, ids.iter().copied());
            let problem = document.error(keys, text!("search-no-candidate"));
            report.push(problem.value(id).nearest(nearest));
        }
        known
    };
    let mut all = Vec::new();
    for (at, of) in document.spec.conditions.iter().enumerate() {
        let at = at.to_string();
        let list = |key: &str, names: &[String], report: &mut Report| -> Vec<usize> {
            let mut found = Vec::new();
            for (number, id) in names.iter().enumerate() {
                let keys = ["conditions", &at, key, &number.to_string()];
                let Some(known) = find(&keys, id, report) else {
                    continue;
                };
                if found.contains(&known) {
                    let problem = document.error(&keys, text!("named-twice"));
                    report.push(problem.value(id));
                }
                found.push(known);
            }
            found
        };
        let counted = list("of", &of.of, report);
        let required = list("requires", &of.requires, report);
        let excluded = list("excludes", &of.excludes, report);
        let counts = of.at_most.is_some() || of.at_least.is_some();
        let follows = !of.requires.is_empty() || !of.excludes.is_empty();
        match (&of.when, counts && !of.of.is_empty(), follows) {
            (None, true, false) => {
                all.extend(
                    of.at_most
                        .map(|most| Condition::AtMost(most, counted.clone())),
                );
                all.extend(of.at_least.map(|least| Condition::AtLeast(least, counted)));
            }
            (Some(when), false, true) if !counts && of.of.is_empty() => {
                let Some(when) = find(&["conditions", &at, "when"], when, report) else {
                    continue;
                };
                all.push(Condition::Requires(when, required));
                all.push(Condition::Excludes(when, excluded));
            }
            _ => {
                let problem = document.error(&["conditions", &at], text!("search-condition"));
                report.push(problem.allowed(text!("search-conditions")));
            }
        }
    }
    all
}
