//! The base links W⁰ of a scenario: for each layer, every source of links row-standardised, times
//! its share, added up, and row-standardised again, among the places that take part (model §7.1).
//!
//! Who takes part changes when zones and gateways open and close. Between two such months, in an *epoch*, W⁰ is
//! constant. The links of all epochs are kept together, and of each epoch what its links have otherwise than before.
//!
//! All arithmetic runs in canonical order (places sorted by id; within a layer, sources in the order
//! of the file), and a row depends on nothing but its own entries. So reordering the places or the
//! rows of a table changes no bit, and a place that is linked to nobody, or is not there, changes no other row.
//!
//! Rows are made for all layers at once, by several threads; nothing of size N × N is ever kept.
//! The result takes 4 + 8·layers bytes per link and 4 per place, and as much per link that an epoch changes. While it
//! is made, each table costs 12 bytes per place, the search by distance about 90 bytes per place, similarity
//! about 16 more per place and industry.

use std::borrow::Cow;
use std::ops::Range;

use prefetch_index::prefetch_index;
use rayon::prelude::*;

use super::ground::{Ground, Row, Span, keep_strongest, relative_to_strongest};
use super::id::PlaceId;
use super::rules::Rule;
use crate::scenario::Scenario;
use crate::scenario::spec::LinkSourceSpec;
use crate::scenario::tables::TableLink;
use crate::texts::{Text, spoken, text};

/// Listeners whose rows one thread makes, and how often that many are made before they are joined.
const LISTENERS: usize = 2048;
const PARTS: usize = 64;

/// Links of all layers in compressed rows, row-standardised unless the layer says otherwise; places by canonical number.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseLinks {
    /// Where the row of each listener starts; one more than there are places.
    pub listener_start: Vec<u32>,
    /// Who is heard in some epoch, ascending within a row.
    pub source: Vec<PlaceId>,
    /// w^l_ij by layer and entry, in the first epoch. On each layer that is standardised the row of a listener adds up
    /// to 1, or to 0.
    pub weight: Vec<Vec<f64>>,
    /// The later epochs, in order.
    pub epochs: Vec<Epoch>,
}

/// What an epoch changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Epoch {
    /// Its first month.
    pub month: u16,
    /// Entries whose weights are others than before, ascending.
    pub entries: Vec<u32>,
    /// Their weights, `[n · L + l]`.
    pub weight: Vec<f64>,
}

impl Epoch {
    fn new(month: u16) -> Self {
        Self {
            month,
            entries: Vec::new(),
            weight: Vec::new(),
        }
    }
}

impl BaseLinks {
    /// No rows yet, of so many layers, with epochs that begin in these months.
    fn empty(layers: usize, months: &[u16]) -> Self {
        Self {
            listener_start: vec![0],
            source: Vec::new(),
            weight: vec![Vec::new(); layers],
            epochs: months.iter().copied().map(Epoch::new).collect(),
        }
    }

    /// Appends the rows of the listeners that follow, part by part.
    fn join_all(&mut self, parts: Vec<Result<Self, LinksError>>) -> Result<(), LinksError> {
        parts.into_iter().try_for_each(|part| self.join(part?))
    }

    /// Appends the rows of the listeners that follow.
    fn join(&mut self, part: Self) -> Result<(), LinksError> {
        let before = self.source.len();
        let first = u32::try_from(before).map_err(|_| LinksError::TooMany)?;
        u32::try_from(before + part.source.len()).map_err(|_| LinksError::TooMany)?;
        let no_memory = |_| LinksError::Memory(before);
        let starts = part.listener_start[1..].iter().map(|start| first + start);
        self.listener_start.extend(starts);
        let (source, more) = (&mut self.source, part.source);
        source.try_reserve(more.len()).map_err(no_memory)?;
        source.extend(more);
        for (weight, more) in self.weight.iter_mut().zip(part.weight) {
            weight.try_reserve(more.len()).map_err(no_memory)?;
            weight.extend(more);
        }
        for (epoch, more) in self.epochs.iter_mut().zip(part.epochs) {
            let (entries, weight) = (&mut epoch.entries, &mut epoch.weight);
            entries.try_reserve(more.entries.len()).map_err(no_memory)?;
            entries.extend(more.entries.iter().map(|entry| first + entry));
            weight.try_reserve(more.weight.len()).map_err(no_memory)?;
            weight.extend(more.weight);
        }
        Ok(())
    }

    /// The entries of `listener`.
    pub fn row(&self, listener: PlaceId) -> Range<usize> {
        run(&self.listener_start, listener.index())
    }
}

/// Row n of rows that start at `start`.
#[inline(always)]
pub(super) fn run(start: &[u32], n: usize) -> Range<usize> {
    start[n] as usize..start[n + 1] as usize
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
    let id = |position: u32| scenario.places[position as usize].id.as_str();
    // A place table in order of ids needs no sorting.
    if !order.is_sorted_by(|a, b| id(*a) <= id(*b)) {
        order.par_sort_by(|a, b| id(*a).cmp(id(*b)));
    }
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
        let rows = spec.standardise.is_row();
        let mut sources = Vec::with_capacity(spec.links.len());
        for (source, spec) in spec.links.iter().enumerate() {
            let made = match Rule::new(&ground, spec) {
                Some(rule) => Rows::Rule(rule),
                None => Rows::Table(Table::new(&ground, table(scenario, layer, source), spec)?),
            };
            sources.push((spec.share, made));
        }
        layers.push(Layer { sources, rows });
    }
    let months = ground.changes();
    let rows_of = |listeners: Range<usize>| {
        let mut links = BaseLinks::empty(layers.len(), &months);
        let mut rows = RowMaker::new(&ground, &layers);
        let mut room = Room::default();
        for listener in PlaceId::each(listeners) {
            rows.make(listener);
            append(&mut links, &rows, &mut room)?;
        }
        Ok(links)
    };
    let mut links = BaseLinks::empty(layers.len(), &months);
    let n = order.len();
    // What is not yet joined is little beside the rest. It is joined while more is made.
    let mut made = Vec::new();
    for first in (0..n).step_by(LISTENERS * PARTS) {
        let last = (first + LISTENERS * PARTS).min(n);
        let parts = (first..last).into_par_iter().step_by(LISTENERS);
        let parts = parts.map(|first| rows_of(first..(first + LISTENERS).min(last)));
        let (more, joined) = rayon::join(|| parts.collect(), || links.join_all(made));
        joined?;
        made = more;
    }
    links.join_all(made)?;
    links.source.shrink_to_fit();
    links.weight.iter_mut().for_each(Vec::shrink_to_fit);
    links.epochs.retain(|epoch| !epoch.entries.is_empty());
    let changed = links.epochs.iter().map(|epoch| epoch.entries.len());
    // Every link and every change of one has a number.
    u32::try_from(links.source.len() + changed.sum::<usize>()).map_err(|_| LinksError::TooMany)?;
    Ok(links)
}

/// A layer while its rows are made.
struct Layer<'a> {
    /// Its sources of links with their shares.
    sources: Vec<(f64, Rows<'a>)>,
    /// Whether rows are divided by their sums.
    rows: bool,
}

/// Makes the rows of one listener after the other.
struct RowMaker<'a> {
    ground: &'a Ground<'a>,
    layers: &'a [Layer<'a>],
    /// Who can be heard in some month, of each source of links; layer by layer.
    candidates: Vec<Row>,
    /// The first months of the epochs in which the listener's row can be another one, from month 0 on.
    months: Vec<u16>,
    /// Its row in each of these, by (source, layer, weight) in ascending order.
    rows: Vec<Vec<(PlaceId, u32, f64)>>,
    /// Room for a row of one source of links, and of a layer.
    room: (Row, Row),
}

impl<'a> RowMaker<'a> {
    fn new(ground: &'a Ground<'a>, layers: &'a [Layer<'a>]) -> Self {
        let sources = layers.iter().map(|layer| layer.sources.len());
        Self {
            ground,
            layers,
            candidates: vec![Row::new(); sources.sum()],
            months: Vec::new(),
            rows: vec![Vec::new()],
            room: (Row::new(), Row::new()),
        }
    }

    fn make(&mut self, listener: PlaceId) {
        let ground = self.ground;
        let sources = self.layers.iter().flat_map(|layer| &layer.sources);
        for ((_, rows), row) in sources.zip(&mut self.candidates) {
            rows.candidates(ground, listener, row);
        }
        self.months.clear();
        self.months.push(0);
        let heard = self.candidates.iter().flatten().map(|&(source, _)| source);
        let mut all_stay = true;
        for place in heard.chain([listener]).filter(|i| !ground.stays(*i)) {
            all_stay = false;
            if let Some(Span { from, until }) = ground.spans[place] {
                self.months.push(from);
                self.months.push(until.saturating_add(1));
            }
        }
        self.months.retain(|month| *month < ground.calendar.months);
        self.months.sort_unstable();
        self.months.dedup();
        if self.rows.len() < self.months.len() {
            self.rows.resize(self.months.len(), Vec::new());
        }
        for (month, row) in self.months.iter().zip(&mut self.rows) {
            row.clear();
            if !ground.is_there(listener, *month) {
                continue;
            }
            let mut candidates = self.candidates.iter();
            let (own, sum) = &mut self.room;
            for (
                layer,
                Layer {
                    sources,
                    rows: by_row,
                },
            ) in (0_u32..).zip(self.layers)
            {
                sum.clear();
                for ((share, rows), candidates) in sources.iter().zip(&mut candidates) {
                    own.clear();
                    if all_stay {
                        own.extend_from_slice(candidates);
                    } else {
                        let there = candidates.iter().filter(|c| ground.is_there(c.0, *month));
                        own.extend(there);
                    }
                    if *by_row {
                        rows.keep(own);
                        standardise(own);
                    } else {
                        rows.keep_as_given(own);
                    }
                    sum.extend(own.iter().map(|&(source, weight)| (source, share * weight)));
                }
                if sources.len() > 1 {
                    add_up(sum);
                }
                if *by_row {
                    standardise(sum);
                }
                row.extend(sum.iter().map(|&(source, weight)| (source, layer, weight)));
            }
            if self.layers.len() > 1 {
                row.sort_unstable_by_key(|&(source, layer, _)| (source, layer));
            }
        }
    }

    /// The rows of the listener, with their first months.
    fn of_epochs(&self) -> impl Iterator<Item = (u16, &[(PlaceId, u32, f64)])> {
        let rows = self.rows.iter().map(Vec::as_slice);
        self.months.iter().copied().zip(rows)
    }
}

/// No place.
const ABSENT: PlaceId = PlaceId::new(u32::MAX as usize);
/// Rows of a table whose sources are asked for before they are looked up.
const AHEAD: usize = 24;

/// Links that were read for a source, in [`Scenario::link_tables`].
fn table(scenario: &Scenario, layer: usize, source: usize) -> &[TableLink] {
    let tables = &scenario.link_tables;
    let found = tables
        .iter()
        .find(|t| (t.layer, t.source) == (layer, source));
    found.map_or(&[], |table| &table.links)
}

/// Room for the rows of a listener, kept from one to the next.
#[derive(Default)]
struct Room {
    /// Who is heard in some epoch.
    heard: Vec<PlaceId>,
    /// Weights in the epoch before and in this one, `[entry · L + l]`.
    old: Vec<f64>,
    new: Vec<f64>,
}

/// Appends the rows of the next listener.
fn append(
    links: &mut BaseLinks,
    rows: &RowMaker<'_>,
    Room { heard, old, new }: &mut Room,
) -> Result<(), LinksError> {
    let layers = links.weight.len();
    heard.clear();
    for (_, row) in rows.of_epochs() {
        heard.extend(row.chunk_by(|a, b| a.0 == b.0).map(|entry| entry[0].0));
    }
    let several = rows.months.len() > 1;
    if several {
        heard.sort_unstable();
        heard.dedup();
    }
    let before = links.source.len();
    let end = u32::try_from(before + heard.len()).map_err(|_| LinksError::TooMany)?;
    let no_memory = |_| LinksError::Memory(before);
    links.source.try_reserve(heard.len()).map_err(no_memory)?;
    for weights in &mut links.weight {
        weights.try_reserve(heard.len()).map_err(no_memory)?;
        weights.resize(end as usize, 0.0);
    }
    for (month, row) in rows.of_epochs() {
        new.clear();
        new.resize(heard.len() * layers, 0.0);
        let mut entry = 0;
        for &(source, layer, weight) in row {
            while heard[entry] != source {
                entry += 1;
            }
            new[entry * layers + layer as usize] = weight;
        }
        if month == 0 {
            for (layer, weights) in links.weight.iter_mut().enumerate() {
                let of_layer = new.iter().skip(layer).step_by(layers);
                let rooms = weights[before..].iter_mut();
                rooms
                    .zip(of_layer)
                    .for_each(|(room, weight)| *room = *weight);
            }
        } else if let Ok(at) = (links.epochs).binary_search_by_key(&month, |epoch| epoch.month) {
            let epoch = &mut links.epochs[at];
            let (entries, weight) = (&mut epoch.entries, &mut epoch.weight);
            entries.try_reserve(heard.len()).map_err(no_memory)?;
            weight.try_reserve(new.len()).map_err(no_memory)?;
            for (entry, (new, old)) in new.chunks(layers).zip(old.chunks(layers)).enumerate() {
                if new != old {
                    entries.push((before + entry) as u32);
                    weight.extend_from_slice(new);
                }
            }
        }
        if several {
            old.clone_from(new);
        }
    }
    links.source.extend_from_slice(heard);
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
    /// Replaces `row` by all whom the listener can hear in some month, ascending by place, with what makes their
    /// weights.
    fn candidates(&self, ground: &Ground<'a>, listener: PlaceId, row: &mut Row) {
        match self {
            Rows::Rule(rule) => rule.candidates(ground, listener, row),
            Rows::Table(table) => table.candidates(ground, listener, row),
        }
    }

    /// Of candidates that are there, makes the weights of those that are kept, relative to the strongest, ascending
    /// by place.
    fn keep(&self, row: &mut Row) {
        match self {
            Rows::Rule(rule) => rule.keep(row),
            Rows::Table(table) => table.keep(row),
        }
    }

    /// The same with the weights of a table as they are.
    fn keep_as_given(&self, row: &mut Row) {
        match self {
            Rows::Rule(rule) => rule.keep(row),
            Rows::Table(table) => {
                add_up(row);
                keep_strongest(row, table.k);
            }
        }
    }
}

/// A table of links.
struct Table<'a> {
    /// Sorted by listener.
    links: Cow<'a, [TableLink]>,
    /// Where those of each listener lie, first and behind the last.
    rows: Vec<(u32, u32)>,
    /// Canonical number of each position in [`Scenario::places`]; [`ABSENT`] where it takes part in no month. Half as
    /// much to look at in disorder as numbers that may be none.
    number: Vec<PlaceId>,
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
        let mut links = Cow::Borrowed(links);
        // Links that were read come in this order.
        if !(links.par_windows(2)).all(|pair| pair[0].listener <= pair[1].listener) {
            links
                .to_mut()
                .par_sort_unstable_by_key(|link| link.listener);
        }
        let mut rows = vec![(0, 0); ground.places.len()];
        let there = |number: &PlaceId| ground.spans[*number].map_or(ABSENT, |_| *number);
        let number = ground.number.par_iter().map(there).collect();
        let mut from = 0;
        for row in links.chunk_by(|a, b| a.listener == b.listener) {
            let to = from + row.len() as u32;
            rows[ground.number[row[0].listener as usize]] = (from, to);
            from = to;
        }
        Ok(Self {
            links,
            rows,
            number,
            k: spec.k.map_or(usize::MAX, |k| k as usize),
        })
    }

    /// Entries of the listener by place; repeated ones by weight, so that the order of the file's rows does not
    /// matter.
    fn candidates(&self, ground: &Ground<'a>, listener: PlaceId, row: &mut Row) {
        row.clear();
        if !ground.adopts[listener] {
            return;
        }
        let (from, to) = self.rows[listener];
        for at in from as usize..to as usize {
            if let Some(later) = self.links.get(at + AHEAD) {
                prefetch_index(&self.number, later.source as usize);
            }
            let link = &self.links[at];
            let source = self.number[link.source as usize];
            if source != ABSENT && source != listener {
                row.push((source, link.weight));
            }
        }
        row.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    }

    fn keep(&self, row: &mut Row) {
        relative_to_strongest(row);
        add_up(row);
        keep_strongest(row, self.k);
    }
}

#[cfg(test)]
pub(crate) mod tests;
