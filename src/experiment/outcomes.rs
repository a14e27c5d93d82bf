//! Outcomes of a whole replicate in long form: what the summary is made of.

use std::sync::Arc;

use crate::measure::NationalRow;
use crate::model::{Shape, State, StructureEvent};
use crate::store::Column;
use crate::world::{NEVER, Network, World};

/// Gathers the outcomes of a replicate.
#[derive(Clone, Debug)]
pub struct Outcomes {
    /// First month with a line, circle, axis, plane.
    first: [u16; 4],
    /// First month of each corridor's axis.
    axes: Vec<u16>,
    /// Innovations taken up by the centre, by evaluation month.
    batches: Vec<(u16, u32)>,
    /// Credit by mechanism over the run.
    credit: Vec<f64>,
    sums: [u64; 6],
    last: NationalRow,
    half_covered: u16,
}

/// Outcomes without an item, summed over the run, in the order of `sums`.
const SUMS: [&str; 6] = [
    "born",
    "implemented",
    "failed",
    "adoptions",
    "replicated_provincial",
    "replicated_national",
];

impl Outcomes {
    /// Nothing yet.
    pub fn new(world: &World) -> Self {
        Self {
            first: [NEVER; 4],
            axes: vec![NEVER; world.corridors.len()],
            batches: world.evaluations.iter().map(|t| (*t, 0)).collect(),
            credit: Vec::new(),
            sums: [0; 6],
            last: NationalRow::default(),
            half_covered: NEVER,
        }
    }

    /// A structure event.
    pub fn structure(&mut self, event: &StructureEvent) {
        if !event.formed {
            return;
        }
        let kind = match event.shape {
            Shape::Line(_) => 0,
            Shape::Circle(_) => 1,
            Shape::Axis(corridor) => {
                let first = &mut self.axes[corridor as usize];
                *first = event.month.min(*first);
                2
            }
            Shape::Plane => 3,
        };
        self.first[kind] = event.month.min(self.first[kind]);
    }

    /// First month with a line, circle, axis, plane; [`NEVER`] without one.
    pub(super) fn first(&self) -> [u16; 4] {
        self.first
    }

    /// First month of each corridor's axis; [`NEVER`] without one.
    pub(super) fn axes(&self) -> &[u16] {
        &self.axes
    }

    /// An innovation is taken up by the centre in month `t`.
    pub fn national(&mut self, t: u16) {
        if let Some(batch) = self.batches.iter_mut().find(|batch| batch.0 == t) {
            batch.1 += 1;
        }
    }

    /// The national row of month `t`.
    pub fn month(&mut self, t: u16, row: &NationalRow) {
        let counts = [
            row.born,
            row.implemented,
            row.failed,
            row.adoptions,
            row.replicated_provincial,
            row.replicated_national,
        ];
        for (sum, count) in self.sums.iter_mut().zip(counts) {
            *sum += u64::from(count);
        }
        if row.coverage >= 0.5 && self.half_covered == NEVER {
            self.half_covered = t;
        }
        self.last = *row;
    }

    /// Credit of mechanism `m` in a year.
    pub fn credit(&mut self, m: usize, credit: f64) {
        if self.credit.len() <= m {
            self.credit.resize(m + 1, 0.0);
        }
        self.credit[m] += credit;
    }

    /// The columns `outcome`, `item`, `value`; `heard` are the links with credit.
    pub fn columns(
        &self,
        world: &World,
        mechanisms: &Arc<Vec<String>>,
        network: &Network,
        heard: &[usize],
        state: &State<'_>,
    ) -> Vec<Column> {
        let credit = &state.credit;
        let mut rows: Vec<(&str, Option<String>, f64)> = Vec::new();
        let month = |t: u16| if t == NEVER { f64::NAN } else { f64::from(t) };
        for (name, t) in ["first_line", "first_circle", "first_axis", "first_plane"]
            .iter()
            .zip(self.first)
        {
            rows.push((name, None, month(t)));
        }
        for (corridor, t) in world.corridors.iter().zip(&self.axes) {
            rows.push(("axis_formed", Some(corridor.id.clone()), month(*t)));
        }
        rows.push(("half_covered", None, month(self.half_covered)));
        for (name, sum) in SUMS.iter().zip(self.sums) {
            rows.push((name, None, sum as f64));
        }
        for (t, items) in &self.batches {
            let id = world.calendar.month(*t).to_string();
            rows.push(("national_batch", Some(id), f64::from(*items)));
        }
        for (name, credit) in mechanisms.iter().zip(&self.credit) {
            rows.push(("credit", Some(name.clone()), *credit));
        }
        let mut given = vec![0.0; world.places.len()];
        for &e in heard {
            given[network.source[e] as usize] += credit.of_link(e);
        }
        for (i, given) in given.iter().enumerate().filter(|(_, given)| **given > 0.0) {
            rows.push(("spillover_given", Some(world.places.id[i].clone()), *given));
        }
        let last = &self.last;
        for (name, value) in [
            ("mean_stock", last.mean_stock),
            ("plane_share", last.plane_share),
            ("theil", last.theil.total),
            ("theil_between", last.theil.between),
            ("gini", last.gini),
            ("moran", last.moran.unwrap_or(f64::NAN)),
            ("lines", f64::from(last.lines)),
            ("circles", f64::from(last.circles)),
            ("axes", f64::from(last.axes)),
        ] {
            rows.push((name, None, value));
        }
        if let (Some(row), Some(firms)) = (last.firms, &state.firms) {
            rows.push(("uptake", None, row.uptake));
            for (d, domain) in world.domains.iter().enumerate() {
                rows.push(("uptake_share", Some(domain.clone()), firms.share(d)));
            }
            rows.push(("benefit", None, row.benefit));
            rows.push(("firms", None, firms.firms.len() as f64));
            rows.push(("partner_links", None, firms.firms.links() as f64));
        }
        vec![
            Column::text(rows.iter().map(|row| Some(row.0))),
            Column::text(rows.iter().map(|row| row.1.as_deref())),
            Column::Float(rows.iter().map(|row| row.2).collect()),
        ]
    }
}
