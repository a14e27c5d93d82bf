//! From what a recorder kept to the columns of the tables.

use std::sync::Arc;

use crate::measure::NationalRow;
use crate::model::point::Orientation;
use crate::model::{Innovation, State};
use crate::store::Column;
use crate::world::{NEVER, World};

use super::{Recorder, StructureRow, innovation_id};

/// The measures of national rows, in the order of the columns of the table `national` after `month`;
/// `firms`: also those of firms.
pub(crate) fn national_columns<'r>(
    rows: impl Iterator<Item = &'r NationalRow> + Clone,
    firms: bool,
) -> Vec<Column> {
    let int =
        |f: fn(&NationalRow) -> u32| Column::Int(rows.clone().map(|r| Some(f(r).into())).collect());
    let float = |f: fn(&NationalRow) -> f64| Column::Float(rows.clone().map(f).collect());
    let mut columns = vec![
        int(|r| r.born),
        int(|r| r.implemented),
        int(|r| r.failed),
        int(|r| r.replicated_provincial),
        int(|r| r.replicated_national),
        int(|r| r.adoptions),
        int(|r| r.abandonments),
        float(|r| r.mean_stock),
        float(|r| r.coverage),
        int(|r| r.points),
        int(|r| r.lines),
        int(|r| r.circles),
        int(|r| r.clusters),
        int(|r| r.axes),
        float(|r| r.plane_share),
        int(|r| u32::from(r.plane)),
        float(|r| r.spillover_share.unwrap_or(f64::NAN)),
        float(|r| r.theil.total),
        float(|r| r.theil.within),
        float(|r| r.theil.between),
        float(|r| r.gini),
        float(|r| r.moran.unwrap_or(f64::NAN)),
    ];
    if firms {
        columns.push(float(|r| r.firms.map_or(f64::NAN, |f| f.uptake)));
        columns.push(float(|r| r.firms.map_or(f64::NAN, |f| f.benefit)));
    }
    columns
}

impl<const MECHANISMS: bool> Recorder<'_, MECHANISMS> {
    pub(super) fn national_table(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let mut columns = vec![self.months(rows.iter().map(|row| row.0))];
        let firms = self.world.firms.is_some();
        columns.extend(national_columns(rows.iter().map(|row| &row.1), firms));
        self.put("national", rows.len(), columns);
    }

    pub(super) fn places_table(&mut self) {
        let rows = std::mem::take(&mut self.place_rows);
        let mut columns = vec![
            self.months(rows.month.iter().copied()),
            Column::Text {
                codes: rows.place.iter().map(|p| Some(*p)).collect(),
                ids: self.names.places.clone(),
            },
            Column::Float(rows.stock),
        ];
        for items in &rows.items {
            columns.push(Column::Int(
                items.iter().map(|n| Some(i64::from(*n))).collect(),
            ));
        }
        columns.push(Column::Int(
            rows.scale.iter().map(|s| Some(i64::from(*s))).collect(),
        ));
        self.put("places", rows.month.len(), columns);
    }

    pub(super) fn innovations_table(&mut self, world: &World, state: &State<'_>) {
        if !self.wanted.has("innovations") {
            return;
        }
        let all = &state.innovations;
        let codes = |f: &dyn Fn(&Innovation) -> u32, ids: &Arc<Vec<String>>| Column::Text {
            codes: all.iter().map(|k| Some(f(k))).collect(),
            ids: ids.clone(),
        };
        let ids: Vec<String> = all.iter().map(|k| innovation_id(world, k)).collect();
        let to = |reach: usize| {
            let months = |(first, k): (&[u16; 3], &Innovation)| {
                (first[reach] != NEVER).then(|| i64::from(first[reach] - k.implemented))
            };
            Column::Int(self.first.iter().zip(all).map(months).collect())
        };
        let columns = vec![
            Column::Text {
                codes: (0..ids.len() as u32).map(Some).collect(),
                ids: Arc::new(ids),
            },
            codes(&|k| k.origin, &self.names.places),
            Column::Int(all.iter().map(|k| Some(i64::from(k.serial))).collect()),
            codes(&|k| k.domain, &self.names.domains),
            Column::Float(all.iter().map(|k| k.quality).collect()),
            codes(
                &|k| match k.orientation {
                    Orientation::Direct => 0,
                    Orientation::Indirect => 1,
                    Orientation::None => 2,
                },
                &self.names.orientations,
            ),
            self.months(all.iter().map(Innovation::born_month)),
            self.months(all.iter().map(|k| k.implemented)),
            self.months(all.iter().map(|k| k.failed)),
            self.months(state.provincial.iter().copied()),
            self.months(state.national.iter().copied()),
            Column::Int(self.ever.iter().map(|n| Some(i64::from(*n))).collect()),
            to(0),
            to(1),
            to(2),
        ];
        self.put("innovations", all.len(), columns);
    }

    pub(super) fn adoptions_table(&mut self, world: &World, state: &State<'_>) {
        if !MECHANISMS || !self.wanted.has("adoptions") {
            return;
        }
        let rows = std::mem::take(&mut self.adoptions);
        let ids = state
            .innovations
            .iter()
            .map(|k| innovation_id(world, k))
            .collect();
        let mut columns = vec![
            Column::Text {
                codes: rows.innovation.iter().map(|k| Some(*k)).collect(),
                ids: Arc::new(ids),
            },
            Column::Text {
                codes: rows.place.iter().map(|p| Some(*p)).collect(),
                ids: self.names.places.clone(),
            },
            self.months(rows.month.iter().copied()),
            Column::Text {
                codes: rows.source,
                ids: self.names.places.clone(),
            },
        ];
        columns.extend(rows.credit.into_iter().map(Column::Float));
        self.put("adoptions", rows.month.len(), columns);
    }

    pub(super) fn structures_table(&mut self) {
        let rows = std::mem::take(&mut self.structures);
        let codes = |f: fn(&StructureRow) -> u32, ids: &Arc<Vec<String>>| Column::Text {
            codes: rows.iter().map(|row| Some(f(row))).collect(),
            ids: ids.clone(),
        };
        let columns = vec![
            self.months(rows.iter().map(|row| row.month)),
            codes(|row| row.kind, &self.names.kinds),
            codes(|row| row.id, &self.names.ids),
            codes(|row| u32::from(!row.formed), &self.names.events),
            Column::Int(rows.iter().map(|row| Some(i64::from(row.size))).collect()),
            Column::Float(rows.iter().map(|row| row.weight_share).collect()),
        ];
        self.put("structures", rows.len(), columns);
    }
}
