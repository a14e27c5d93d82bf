//! Corridors and their segments.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::multipliers;
use super::cells::Row;
use super::files::TextFile;
use super::loose::Loose;
use super::places::{Found, Groups, Places};
use super::problem::Report;
use super::sheet::{self, Columns, Contract};
use super::tables::{Corridor, Segment, word};
use super::tree::Origin;
use crate::texts::text;

/// Corridors while they are read.
#[derive(Debug, Default)]
pub struct Corridors {
    list: Vec<(Corridor, Origin)>,
    drafts: BTreeMap<(usize, String), Draft>,
    /// Whether every id of the table of corridors is known.
    pub complete: bool,
    /// Whether it is known which segments there are.
    pub segments_known: bool,
    /// Names in rows that could not be read.
    loose: Loose,
}

/// A segment while it is read.
#[derive(Debug)]
struct Draft {
    order: u32,
    line: u64,
    places: BTreeSet<u32>,
    members: BTreeSet<(u8, String)>,
}

impl Corridors {
    /// Reads the table of corridors.
    pub fn read(&mut self, file: &mut TextFile, columns: &Columns, report: &mut Report) {
        let contract = Contract {
            required: &["id"],
            optional: &["name_en", "name_zh"],
            named: Some(columns),
            named_prefix: Some("c_"),
            prefix: None,
        };
        let columns = &columns.names;
        let shown = file.shown.clone();
        let done = sheet::read(file, &contract, report, |row, report| {
            let corridor = Corridor {
                id: row.name("id", report).unwrap_or_default(),
                name_en: row.text("name_en").to_owned(),
                name_zh: row.text("name_zh").to_owned(),
                layers: multipliers(row, columns, report),
                segments: Vec::new(),
            };
            if corridor.id.is_empty() {
                return;
            }
            if let Some((_, first)) = self.list.iter().find(|(c, _)| c.id == corridor.id) {
                let what = text!("id-taken-line", line = first.line);
                report.push(row.error("id", what));
                return;
            }
            let origin = Origin {
                file: shown.clone(),
                line: row.line,
            };
            self.list.push((corridor, origin));
        });
        self.complete &= done.whole;
        self.loose.extend(done.loose);
    }

    /// Reads the table of segments.
    pub fn read_segments(
        &mut self,
        file: &mut TextFile,
        places: &Places,
        groups: &Groups,
        report: &mut Report,
    ) {
        let contract = Contract {
            required: &["corridor", "segment", "order", "member_kind", "member"],
            ..Contract::default()
        };
        let kinds = [("place", 0_u8), ("province", 1), ("agglomeration", 2)];
        let mut known = true;
        let done = sheet::read(file, &contract, report, |row, report| {
            let mut filled = true;
            for column in contract.required {
                filled &= row.needs(column, report);
            }
            let order = row.whole("order", 1, 10_000, report);
            let kind = row.choice("member_kind", &kinds, report);
            let name = row.text("member");
            let members = match kind {
                Some(0) => place_member(row, name, places, report),
                Some(1) => set_member(row, name, groups, false, report),
                Some(_) => set_member(row, name, groups, true, report),
                None => None,
            };
            let id = row.text("corridor");
            let corridor = self.list.iter().position(|(c, _)| c.id == id);
            let loose = !self.complete || self.loose.has(id);
            if corridor.is_none() && !id.is_empty() && !loose {
                let nearest = report.near(id, self.list.iter().map(|(c, _)| c.id.as_str()));
                report.push(row.error("corridor", text!("no-corridor")).nearest(nearest));
            }
            let segment = row.name("segment", report);
            let (Some(corridor), Some(segment), Some(order)) = (corridor, segment, order) else {
                known = false;
                return;
            };
            let draft = self
                .drafts
                .entry((corridor, segment))
                .or_insert_with(|| Draft {
                    order,
                    line: row.line,
                    places: BTreeSet::new(),
                    members: BTreeSet::new(),
                });
            if draft.order != order {
                let what = text!("segment-order", order = draft.order, line = draft.line);
                report.push(row.error("order", what));
            }
            if let (Some(kind), true) = (kind, filled)
                && !draft.members.insert((kind, name.to_owned()))
            {
                report.push(row.error("member", text!("in-segment-already")));
            }
            draft.places.extend(members.unwrap_or_default());
        });
        self.segments_known &= known && done.whole && done.loose.is_empty();
    }

    /// The corridors in file order with their segments in order. Reports corridors without segments
    /// and gaps in their order, where it is known which segments there are.
    pub fn finish(self, segments_file: Option<&str>, report: &mut Report) -> Vec<Corridor> {
        let Self {
            mut list,
            drafts,
            segments_known,
            ..
        } = self;
        let mut orders: Vec<BTreeMap<u32, (String, u64)>> = vec![BTreeMap::new(); list.len()];
        for ((corridor, id), draft) in drafts {
            let (found, origin) = &mut list[corridor];
            let mut here = origin.clone();
            if let Some(file) = segments_file {
                here.file = file.into();
                here.line = draft.line;
            }
            if let Some((other, line)) = orders[corridor].get(&draft.order) {
                let what = text!("segment-same-order", id, corridor = found.id, other, line);
                report.push(here.error(what).value(draft.order));
            } else {
                orders[corridor].insert(draft.order, (id.clone(), draft.line));
            }
            found.segments.push(Segment {
                id,
                places: draft.places.into_iter().collect(),
            });
        }
        for ((corridor, origin), orders) in list.iter_mut().zip(&orders) {
            let position = |segment: &Segment| {
                let mut all = orders.iter();
                all.find(|(_, (id, _))| *id == segment.id)
                    .map_or(u32::MAX, |(order, _)| *order)
            };
            corridor.segments.sort_by_cached_key(position);
            if !segments_known {
                continue;
            }
            if corridor.segments.is_empty() {
                let what = text!("corridor-no-segments", id = corridor.id);
                report.push(origin.error(what));
            }
            if let Some((missing, (after, (id, line)))) = (1_u32..)
                .zip(orders)
                .find(|(expected, (order, _))| expected != *order)
            {
                let mut here = origin.clone();
                if let Some(file) = segments_file {
                    here.file = file.into();
                    here.line = *line;
                }
                let what = text!("corridor-gap", corridor = corridor.id, missing, id, after);
                report.push(here.error(what));
            }
        }
        list.into_iter().map(|(corridor, _)| corridor).collect()
    }
}

fn place_member(
    row: &Row<'_>,
    name: &str,
    places: &Places,
    report: &mut Report,
) -> Option<Vec<u32>> {
    if name.is_empty() {
        return None;
    }
    let place = match places.find(name) {
        Found::Sure(place) => place,
        Found::Unsure(_) => return None,
        Found::Unknown => {
            let nearest = report.near(name, places.ids.names());
            report.push(row.error("member", text!("no-place")).nearest(nearest));
            return None;
        }
    };
    let kind = places.list.get(place as usize)?.kind;
    if !kind.adopts() {
        let what = text!("not-in-corridor", kind = word(kind));
        report.push(
            row.error("member", what)
                .allowed(text!("zones-and-regions")),
        );
        return None;
    }
    Some(vec![place])
}

fn set_member(
    row: &Row<'_>,
    name: &str,
    groups: &Groups,
    agglomeration: bool,
    report: &mut Report,
) -> Option<Vec<u32>> {
    if name.is_empty() {
        return None;
    }
    let (known, word) = if agglomeration {
        (&groups.agglomerations, "agglomeration")
    } else {
        (&groups.provinces, "province")
    };
    let found = known.get(name).cloned();
    if found.is_none() && !groups.may_have(name) {
        let nearest = report.near(name, known.keys().map(String::as_str));
        let what = text!("no-place-has", word);
        report.push(row.error("member", what).nearest(nearest));
    }
    found
}
