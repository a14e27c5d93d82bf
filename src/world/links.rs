//! The base links W⁰ of a scenario: for each layer, every source of links row-standardised, times
//! its share, added up, and row-standardised again (model §1, row *link*).
//!
//! All arithmetic runs in canonical order (places sorted by id; within a layer, sources in the order
//! of the file), and a row depends on nothing but its own entries. So reordering the places or the
//! rows of a table changes no bit, and a place that is linked to nobody changes no other row.
//!
//! Rows are made one after the other, for all layers at once; nothing of size N × N is ever kept.
//! The result takes 4 + 8·layers bytes per link and 4 per place. While it is made, tables cost 4
//! bytes per row and 4 per place, the search by distance about 90 bytes per place, similarity about
//! 16 more per place and industry.

use std::ops::Range;

use super::ground::{Ground, Row, keep_strongest, relative_to_strongest, takes_part};
use super::rules::Rule;
use crate::scenario::Scenario;
use crate::scenario::spec::LinkSourceSpec;
use crate::scenario::tables::TableLink;
use crate::texts::{Text, spoken, text};

/// Row-standardised links of all layers in compressed rows; places by canonical number.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseLinks {
    /// Where the row of each listener starts; one more than there are places.
    pub listener_start: Vec<u32>,
    /// Who is heard, ascending within a row. An entry has a positive weight on at least one layer.
    pub source: Vec<u32>,
    /// w^l_ij by layer and entry. On each layer the row of a listener adds up to 1, or to 0.
    pub weight: Vec<Vec<f64>>,
}

impl BaseLinks {
    /// The entries of `listener`.
    pub fn row(&self, listener: usize) -> Range<usize> {
        self.listener_start[listener] as usize..self.listener_start[listener + 1] as usize
    }
}

/// Why links cannot be made or checked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinksError {
    /// More than row starts can count.
    TooMany,
    /// The system gives no more memory.
    Memory(usize),
}

impl LinksError {
    /// The error in words.
    pub fn text(&self) -> Text {
        match self {
            Self::TooMany => text!("links-most", most = u32::MAX),
            Self::Memory(links) => text!("links-memory", links),
        }
    }
}

spoken!(LinksError);

/// The canonical order: positions in [`Scenario::places`], sorted by id.
pub fn canonical_order(scenario: &Scenario) -> Vec<u32> {
    let mut order: Vec<u32> = (0..scenario.places.len() as u32).collect();
    order.sort_by_key(|&position| &scenario.places[position as usize].id);
    order
}

/// Makes the links; `order[c]` is the position in [`Scenario::places`] of the canonical place `c`.
///
/// A link of a table counts only between places that take part in the run, for a listener that can
/// adopt, and not from a place to itself; links that a table repeats are added.
///
/// # Errors
/// More than `u32::MAX` links, or no memory for them.
pub fn base_links(scenario: &Scenario, order: &[u32]) -> Result<BaseLinks, LinksError> {
    let ground = Ground::new(scenario, order);
    let mut layers = Vec::with_capacity(scenario.layers.len());
    for (layer, spec) in scenario.layers.iter().enumerate() {
        let mut sources = Vec::with_capacity(spec.links.len());
        for (source, spec) in spec.links.iter().enumerate() {
            let rows = match Rule::new(&ground, spec) {
                Some(rule) => Rows::Rule(rule),
                None => Rows::Table(Table::new(&ground, table(scenario, layer, source), spec)?),
            };
            sources.push((spec.share, rows));
        }
        layers.push(sources);
    }
    let mut links = BaseLinks {
        listener_start: Vec::with_capacity(order.len() + 1),
        source: Vec::new(),
        weight: vec![Vec::new(); layers.len()],
    };
    links.listener_start.push(0);
    let (mut row, mut sum) = (Row::new(), Row::new());
    let mut merged: Vec<(u32, u32, f64)> = Vec::new();
    for listener in 0..order.len() as u32 {
        merged.clear();
        for (layer, sources) in (0_u32..).zip(&layers) {
            sum.clear();
            for (share, rows) in sources {
                rows.row(&ground, listener, &mut row);
                standardise(&mut row);
                sum.extend(row.iter().map(|&(source, weight)| (source, share * weight)));
            }
            if sources.len() > 1 {
                add_up(&mut sum);
            }
            standardise(&mut sum);
            merged.extend(sum.iter().map(|&(source, weight)| (source, layer, weight)));
        }
        merged.sort_unstable_by_key(|&(source, layer, _)| (source, layer));
        append(&mut links, &merged)?;
    }
    links.source.shrink_to_fit();
    links.weight.iter_mut().for_each(Vec::shrink_to_fit);
    Ok(links)
}

/// Links that were read for a source, in [`Scenario::link_tables`].
fn table(scenario: &Scenario, layer: usize, source: usize) -> &[TableLink] {
    let tables = &scenario.link_tables;
    let found = tables
        .iter()
        .find(|t| (t.layer, t.source) == (layer, source));
    found.map_or(&[], |table| &table.links)
}

/// Appends the row of the next listener, given by (source, layer, weight) in ascending order.
fn append(links: &mut BaseLinks, merged: &[(u32, u32, f64)]) -> Result<(), LinksError> {
    let sources = merged.chunk_by(|a, b| a.0 == b.0).count();
    let before = links.source.len();
    let end = u32::try_from(before + sources).map_err(|_| LinksError::TooMany)?;
    let no_memory = |_| LinksError::Memory(before);
    links.source.try_reserve(sources).map_err(no_memory)?;
    for weights in &mut links.weight {
        weights.try_reserve(sources).map_err(no_memory)?;
        weights.resize(end as usize, 0.0);
    }
    for entry in merged.chunk_by(|a, b| a.0 == b.0) {
        for &(_, layer, weight) in entry {
            links.weight[layer as usize][links.source.len()] = weight;
        }
        links.source.push(entry[0].0);
    }
    links.listener_start.push(end);
    Ok(())
}

/// Divides positive weights by their sum and drops those that vanish beside the others.
fn standardise(row: &mut Row) {
    let sum: f64 = row.iter().map(|&(_, weight)| weight).sum();
    row.iter_mut().for_each(|(_, weight)| *weight /= sum);
    row.retain(|&(_, weight)| weight > 0.0);
}

/// Sorts a row by place and adds the weights of equal places, in the order in which they stand.
fn add_up(row: &mut Row) {
    row.sort_by_key(|&(place, _)| place);
    row.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
}

/// Where the rows of one source of links come from.
enum Rows<'a> {
    Rule(Rule<'a>),
    Table(Table<'a>),
}

impl<'a> Rows<'a> {
    /// Replaces `row` by the listener's weights relative to the strongest, ascending by place.
    fn row(&self, ground: &Ground<'a>, listener: u32, row: &mut Row) {
        match self {
            Rows::Rule(rule) => rule.row(ground, listener, row),
            Rows::Table(table) => table.row(ground, listener, row),
        }
    }
}

/// A table of links, sorted by listener through an index.
struct Table<'a> {
    links: &'a [TableLink],
    start: Vec<u32>,
    index: Vec<u32>,
    k: usize,
}

impl<'a> Table<'a> {
    fn new(
        ground: &Ground<'a>,
        links: &'a [TableLink],
        spec: &LinkSourceSpec,
    ) -> Result<Self, LinksError> {
        if u32::try_from(links.len()).is_err() {
            return Err(LinksError::TooMany);
        }
        let end = ground.scenario.end;
        let takes_part: Vec<bool> = ground.places.iter().map(|p| takes_part(p, end)).collect();
        let number = |position: u32| ground.number[position as usize] as usize;
        let counts = |link: &TableLink| {
            let (listener, source) = (number(link.listener), number(link.source));
            ground.adopts[listener] && takes_part[source] && listener != source
        };
        let mut start = vec![0_u32; ground.places.len() + 1];
        for link in links.iter().filter(|link| counts(link)) {
            start[number(link.listener) + 1] += 1;
        }
        for listener in 0..ground.places.len() {
            start[listener + 1] += start[listener];
        }
        let mut index = vec![0; start[ground.places.len()] as usize];
        // Each entry moves its row's start to the row's end, which is the next row's start.
        for (at, link) in (0_u32..).zip(links).filter(|(_, link)| counts(link)) {
            let next = &mut start[number(link.listener)];
            index[*next as usize] = at;
            *next += 1;
        }
        start.pop();
        start.insert(0, 0);
        Ok(Self {
            links,
            start,
            index,
            k: spec.k.map_or(usize::MAX, |k| k as usize),
        })
    }

    fn row(&self, ground: &Ground<'a>, listener: u32, row: &mut Row) {
        let at = listener as usize;
        let entries = &self.index[self.start[at] as usize..self.start[at + 1] as usize];
        let links = entries.iter().map(|&entry| &self.links[entry as usize]);
        row.clear();
        row.extend(links.map(|link| (ground.number[link.source as usize], link.weight)));
        relative_to_strongest(row);
        // Repeated links by weight, so that the order of the file's rows does not matter.
        row.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        add_up(row);
        keep_strongest(row, self.k);
    }
}

#[cfg(test)]
pub(crate) mod tests;
