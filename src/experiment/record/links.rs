//! The table `links`: the terms of W that dates fix (model §7.3), so that a hazard can be made again from tables.
//!
//! Base links of each layer, alliances and transit depend on openings, closings and dates alone, so they are the same in
//! all replicates. An express link is one of its terms while both its zones are on the formed axis; what line, circle and
//! axis add to a base link is a share of it. Both are in the table `structures`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::Mechanisms;
use crate::model::engine::weight::Weights;
use crate::store::schema::{Field, Schema};
use crate::store::{Column, ColumnDef};
use crate::world::mechanism::Part;
use crate::world::{LinkId, PlaceId, World};

use super::kept::{Kept, Rows, of_replicate};
use super::tables::column_name;

/// Terms of links, each with the months in which it has its weight.
#[derive(Debug, Default)]
pub(crate) struct LinkRows {
    listener: Vec<PlaceId>,
    source: Vec<PlaceId>,
    mechanism: Vec<u32>,
    corridor: Vec<Option<u32>>,
    from: Vec<u16>,
    to: Vec<u16>,
    weight: Vec<f64>,
    /// a_dl, or Σ_l a_dl·c_l, times the weight, by domain.
    carried: Vec<Vec<f64>>,
}

impl Rows for LinkRows {
    fn count(&self) -> usize {
        self.weight.len()
    }
}

impl LinkRows {
    /// The terms of all links of a world, by listener, source, mechanism and month.
    pub(super) fn of(world: &World) -> Self {
        let (network, mechanisms) = (&world.network, Mechanisms::new(world));
        let domains = world.domains.len();
        let mut rows = Self {
            carried: vec![Vec::new(); domains],
            ..Self::default()
        };
        let last = world.calendar.months.saturating_sub(1);
        let mut later: BTreeMap<LinkId, Vec<(u16, u32)>> = BTreeMap::new();
        for (month, _) in &network.epochs {
            for (link, version) in network.changes(*month) {
                later.entry(link).or_default().push((*month, version));
            }
        }
        let channels = channels(world);
        for e in LinkId::each(0..network.len()) {
            let ends = [network.listener[e], network.source[e]];
            let changes = later.get(&e).map_or(&[][..], Vec::as_slice);
            for layer in 0..network.layers {
                let first = (0, network.base_links(e.index())[layer]);
                let then = changes
                    .iter()
                    .map(|(month, version)| (*month, network.base_links(*version as usize)[layer]));
                let mechanism = mechanisms.of(Part::Base(layer), &world.terms.channels);
                let affinity = world.carried.iter().map(|of| of[layer]).collect::<Vec<_>>();
                let steps = std::iter::once(first).chain(then);
                rows.spans(ends, (mechanism, None), steps, last, &affinity);
            }
            for &c in network.channels(e) {
                let c = c as usize;
                let steps = channels.iter().map(|(month, values)| {
                    let there = |i: &PlaceId| world.places.takes_part(*i, *month);
                    let value = if ends.iter().all(there) {
                        values[c]
                    } else {
                        0.0
                    };
                    (*month, value)
                });
                let corridor = world.terms.channels[c].corridor();
                let mechanism = mechanisms.of(Part::Channel(c), &world.terms.channels);
                let affinity = &world.terms.affinity[c];
                rows.spans(ends, (mechanism, corridor), steps, last, affinity);
            }
        }
        rows
    }

    /// A row for each span of months with one weight that is not 0. `steps` are first months with the weight from then
    /// on, ascending.
    fn spans(
        &mut self,
        [listener, source]: [PlaceId; 2],
        (mechanism, corridor): (usize, Option<u32>),
        steps: impl Iterator<Item = (u16, f64)>,
        last: u16,
        affinity: &[f64],
    ) {
        let mut put = |from: u16, to: u16, weight: f64| {
            if weight == 0.0 {
                return;
            }
            self.listener.push(listener);
            self.source.push(source);
            self.mechanism.push(mechanism as u32);
            self.corridor.push(corridor);
            self.from.push(from);
            self.to.push(to);
            self.weight.push(weight);
            for (carried, a) in self.carried.iter_mut().zip(affinity) {
                carried.push(a * weight);
            }
        };
        let mut now: Option<(u16, f64)> = None;
        for (month, weight) in steps {
            match now {
                Some((_, same)) if same == weight => {}
                Some((from, before)) => {
                    put(from, month - 1, before);
                    now = Some((month, weight));
                }
                None => now = Some((month, weight)),
            }
        }
        if let Some((from, weight)) = now {
            put(from, last, weight);
        }
    }
}

/// The values of all channels from each month on in which one of them, or who takes part, changes; those of express
/// links as if all axes were formed.
fn channels(world: &World) -> Vec<(u16, Vec<f64>)> {
    let mut values = vec![(0, Weights::channels(world, 0, &|_| true))];
    if world.terms.channels.is_empty() {
        return values;
    }
    let zones: BTreeSet<PlaceId> = world.zones.iter().map(|zone| zone.place).collect();
    for month in 1..world.calendar.months {
        let now = Weights::channels(world, month, &|_| true);
        let moves = |i: &PlaceId| {
            world.places.takes_part(*i, month) != world.places.takes_part(*i, month - 1)
        };
        let same = values.last().is_some_and(|(_, before)| *before == now);
        if !same || zones.iter().any(moves) {
            values.push((month, now));
        }
    }
    values
}

/// The table `links` of a world with these domains.
pub(crate) fn links<'a>(domains: &[String]) -> Schema<'a, Kept<'a, LinkRows>> {
    let codes = |list: &[PlaceId]| list.iter().map(|i| Some(i.code())).collect();
    of_replicate::<LinkRows>(
        "links",
        "one row per replicate, link, mechanism and span of months: the terms of W that dates fix; the same in all \
         replicates",
    )
    .column(
        ColumnDef::text("listener", "place i that listens"),
        move |kept| Column::Text {
            codes: codes(&kept.rows.listener),
            ids: kept.names.places.clone(),
        },
    )
    .column(
        ColumnDef::text("source", "place j that it listens to"),
        move |kept| Column::Text {
            codes: codes(&kept.rows.source),
            ids: kept.names.places.clone(),
        },
    )
    .column(
        ColumnDef::text(
            "mechanism",
            "base_<layer>, alliance_<id>, transit; or axis for an express link, which carries only while both \
             zones are on the formed axis",
        ),
        move |kept| Column::Text {
            codes: kept.rows.mechanism.iter().copied().map(Some).collect(),
            ids: kept.names.mechanisms.clone(),
        },
    )
    .column(
        ColumnDef::text("corridor", "corridor of an express link; else missing"),
        |kept| Column::Text {
            codes: std::mem::take(&mut kept.rows.corridor),
            ids: Arc::new(kept.world.corridors.iter().map(|c| c.id.clone()).collect()),
        },
    )
    .column(
        ColumnDef::month("from_month", "first month with this weight"),
        |kept| kept.months(kept.rows.from.iter().copied()),
    )
    .column(
        ColumnDef::month("to_month", "last month with this weight"),
        |kept| kept.months(kept.rows.to.iter().copied()),
    )
    .column(
        ColumnDef::float(
            "weight",
            "weight",
            "base: w of the layer; alliance: omega (n - 1)^(-zeta) / delegates; transit: kappa; express: w_axis",
        ),
        |kept| Column::Float(kept.rows.weight.clone()),
    )
    .all(domains.iter().enumerate().map(|(d, domain)| {
        let what = format!(
            "its part of W for {domain}: weight times a_dl of the layer, or the sum of a_dl c_l over layers"
        );
        Field::new(
            ColumnDef::float(&column_name("w_", domain), "weight", &what),
            move |kept: &mut Kept<'a, LinkRows>| {
                Column::Float(std::mem::take(&mut kept.rows.carried[d]))
            },
        )
    }))
}
