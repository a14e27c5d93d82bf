//! The monthly national row (model §8).

use crate::model::firm::FirmState;
use crate::model::{Innovation, State};
use crate::world::{Firms, NEVER, PlaceId, World, Zone, ZoneId};

use super::inequality::{Theil, gini, theil};
use super::moran::MoranWeights;
use super::stock::Stock;

/// One month of the country. Counts are of the end of the month unless "new" or "in the month".
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NationalRow {
    /// Innovations born in the month.
    pub born: u32,
    /// Innovations implemented in the month.
    pub implemented: u32,
    /// Pilots that failed in the month.
    pub failed: u32,
    /// Innovations that a province took up in the month.
    pub replicated_provincial: u32,
    /// Innovations that the centre took up in the month.
    pub replicated_national: u32,
    /// Adoptions in the month, origins not counted.
    pub adoptions: u32,
    /// Abandonments in the month.
    pub abandonments: u32,
    /// Weight-mean of Σ_k q_k · 1\[adopted\] over places that count.
    pub mean_stock: f64,
    /// Share of places that can adopt and have at least one item.
    pub coverage: f64,
    /// Open zones.
    pub points: u32,
    /// Formed lines.
    pub lines: u32,
    /// Formed circles.
    pub circles: u32,
    /// Clusters of circles that share places.
    pub clusters: u32,
    /// Formed axes.
    pub axes: u32,
    /// Share of all weight in the plane.
    pub plane_share: f64,
    /// Whether the plane is formed.
    pub plane: bool,
    /// Credit to sources of the month's adoptions.
    pub credit_to_sources: f64,
    /// Mean months from implementation to national replication, over the innovations that the centre has taken up
    /// so far; `None` when none.
    pub replication_age: Option<f64>,
    /// Inequality of the stock between places that count, with its parts by area.
    pub theil: Theil,
    /// Gini coefficient of the stock between places that count.
    pub gini: f64,
    /// Moran's I of the stock between places that count.
    pub moran: Option<f64>,
    /// What firms did; `None` without firms.
    pub firms: Option<FirmRow>,
}

/// What the firms of a group of places did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FirmRow {
    /// Weight-mean over places that count of the mean over domains of u_pd.
    pub uptake: f64,
    /// Σ_p m_p · Σ_d γ_d · u_pd.
    pub benefit: f64,
}

impl FirmRow {
    /// Of those among `places` that count.
    pub fn of(world: &World, firms: &FirmState<'_>, places: impl Iterator<Item = PlaceId>) -> Self {
        let domains = world.domains.len();
        let (mut taken, mut weight, mut benefit) = (0.0, 0.0, 0.0);
        for i in places.filter(|i| world.places.counts[*i]) {
            let uptake = (0..domains).map(|d| firms.uptake(d, i).unwrap_or(0.0));
            let m = world.places.weight[i];
            taken += m * uptake.sum::<f64>() / domains as f64;
            weight += m;
            benefit += firms.benefit(m, i);
        }
        Self {
            uptake: taken / weight,
            benefit,
        }
    }
}

/// Which part of the country's firms stands in some of the cells.
#[derive(Clone, Debug)]
pub struct FirmShare {
    /// Its part of the weight of the places that count, where each place's weight is divided over the sizes
    /// of its firms (of a zone: its host's).
    pub weight: f64,
    /// Such cells, each with the weight that falls on one of its firms.
    cells: Vec<(usize, f64)>,
}

impl FirmShare {
    /// Of the cells that `wanted` names.
    pub fn of(world: &World, firms: &Firms, wanted: impl Fn(usize) -> bool) -> Self {
        let (places, cells) = (&world.places, &firms.cells);
        let size = |c: usize| firms.sizes[usize::from(cells.size[c])].size;
        let mut all = vec![0.0; places.len()];
        for c in 0..cells.len() {
            all[cells.place[c]] += size(c) * cells.range(c).len() as f64;
        }
        let (mut country, mut held) = (0.0, vec![0.0; places.len()]);
        for i in places.each().filter(|&i| places.counts[i]) {
            country += places.weight[i];
            if let Some(seat) = firms.seat[i] {
                held[seat] += places.weight[i];
            }
        }
        let own = (0..cells.len()).filter(|&c| wanted(c));
        let own = own.map(|c| {
            let i = cells.place[c];
            (c, held[i] * size(c) / all[i])
        });
        let own: Vec<(usize, f64)> = own.collect();
        let weight = own.iter().map(|(c, m)| m * cells.range(*c).len() as f64);
        Self {
            weight: weight.sum::<f64>() / country,
            cells: own,
        }
    }

    /// What these firms did: uptake is the mean over domains of the share that took up, by weight and size;
    /// benefit is their part of the country's.
    pub fn row(&self, firms: &FirmState<'_>) -> FirmRow {
        let gamma = &firms.firms.benefit;
        let (mut taken, mut weight, mut benefit) = (0.0, 0.0, 0.0);
        for &(c, m) in &self.cells {
            weight += m * firms.firms.cells.range(c).len() as f64;
            for (d, gamma) in gamma.iter().enumerate() {
                let of = m * f64::from(firms.taken(d, c));
                taken += of;
                benefit += gamma * of;
            }
        }
        FirmRow {
            uptake: taken / gamma.len() as f64 / weight,
            benefit,
        }
    }
}

/// Computes national rows.
#[derive(Clone, Debug)]
pub struct National {
    counted: Vec<PlaceId>,
    weight: Vec<f64>,
    area: Vec<u32>,
    areas: usize,
    moran: MoranWeights,
    stock: Vec<f64>,
    order: Vec<u32>,
    deviations: Vec<f64>,
    /// Counts of the month so far.
    pub month: NationalRow,
    births: Vec<(u32, u32)>,
    /// Innovations that the centre has taken up so far, and the sum of their ages then, in months.
    replicated: (u32, u64),
}

impl National {
    /// For one world; `innovations` are the replicate's.
    pub fn new(world: &World, innovations: &[Innovation]) -> Self {
        let places = &world.places;
        let counted: Vec<PlaceId> = places.each().filter(|&i| places.counts[i]).collect();
        let mut births = vec![(0, 0); usize::from(world.calendar.months)];
        for innovation in innovations {
            births[usize::from(innovation.born_month())].0 += 1;
            if innovation.failed != NEVER {
                births[usize::from(innovation.failed)].1 += 1;
            }
        }
        Self {
            weight: counted.iter().map(|&i| places.weight[i]).collect(),
            area: counted.iter().map(|&i| places.area[i]).collect(),
            areas: places.areas.len(),
            moran: MoranWeights::new(world, &counted, 0),
            stock: Vec::new(),
            order: Vec::new(),
            deviations: Vec::new(),
            month: NationalRow::default(),
            births,
            replicated: (0, 0),
            counted,
        }
    }

    /// The row of month `t`; starts the next month's counts.
    pub fn row(&mut self, world: &World, state: &State<'_>, stock: &Stock, t: u16) -> NationalRow {
        self.stock.clear();
        self.stock.extend(self.counted.iter().map(|&i| stock.of(i)));
        let held: f64 = self
            .stock
            .iter()
            .zip(&self.weight)
            .map(|(s, m)| s * m)
            .sum();
        let weight: f64 = self.weight.iter().sum();
        let places = &world.places;
        let (mut can, mut has) = (0u32, 0u32);
        for i in places.each() {
            if places.is_open(i, t) {
                can += 1;
                has += u32::from(stock.count[i] > 0);
            }
        }
        if self.month.replicated_national > 0 {
            let all = state.national.iter().zip(&state.innovations);
            for (_, innovation) in all.filter(|(month, _)| **month == t) {
                self.replicated.0 += 1;
                self.replicated.1 += u64::from(t - innovation.implemented);
            }
        }
        let (replicated, ages) = self.replicated;
        let structures = &state.structures;
        let credit = &state.credit;
        let clusters = {
            let labels = &structures.clusters;
            let own = |z: &ZoneId| structures.circles[*z].formed && labels[*z] == *z;
            ZoneId::each(0..labels.len()).filter(own).count()
        };
        let is_point = |zone: &Zone| places.is_open(zone.place, t);
        let row = NationalRow {
            born: self.births[usize::from(t)].0,
            failed: self.births[usize::from(t)].1,
            mean_stock: held / weight,
            coverage: if can > 0 {
                f64::from(has) / f64::from(can)
            } else {
                0.0
            },
            points: world.zones.iter().filter(|z| is_point(z)).count() as u32,
            lines: structures.lines.count as u32,
            circles: structures.circles.iter().filter(|c| c.formed).count() as u32,
            clusters: clusters as u32,
            axes: structures.axes.iter().filter(|a| a.formed).count() as u32,
            plane_share: structures.plane_share,
            plane: structures.plane,
            adoptions: credit.month_adoptions,
            credit_to_sources: credit.to_sources(),
            replication_age: (replicated > 0).then(|| ages as f64 / f64::from(replicated)),
            theil: theil(&self.stock, &self.weight, &self.area, self.areas),
            gini: gini(&self.stock, &self.weight, &mut self.order),
            moran: self.moran.index(&self.stock, &mut self.deviations),
            firms: state
                .firms
                .as_ref()
                .map(|firms| FirmRow::of(world, firms, places.each())),
            ..self.month
        };
        self.month = NationalRow::default();
        if world.network.changes(t + 1).next().is_some() {
            self.moran = MoranWeights::new(world, &self.counted, t + 1);
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{self, InnovationId, Listener};

    /// Keeps rows, and of each innovation that the centre takes up the month and its age.
    struct Ages {
        national: Option<National>,
        stock: Stock,
        implemented: Vec<u16>,
        taken: Vec<(u16, u16)>,
        rows: Vec<NationalRow>,
    }

    impl Listener for Ages {
        fn start(&mut self, world: &World, innovations: &[Innovation]) {
            self.national = Some(National::new(world, innovations));
            self.implemented = innovations.iter().map(|k| k.implemented).collect();
        }

        fn national(&mut self, _: &World, k: InnovationId, month: u16) {
            let age = month - self.implemented[k];
            self.taken.push((month, age));
            if let Some(national) = &mut self.national {
                national.month.replicated_national += 1;
            }
        }

        fn month_end(&mut self, world: &World, state: &State<'_>, t: u16) {
            if let Some(national) = &mut self.national {
                self.rows.push(national.row(world, state, &self.stock, t));
            }
        }
    }

    #[test]
    fn the_age_at_replication_is_the_mean_over_all_so_far() {
        let loaded = crate::scenario::load("scenarios/minimal".as_ref(), &[], &[]).unwrap();
        let world = World::new(&loaded.scenario).unwrap();
        let mut months = 0;
        for replicate in 0..5 {
            let mut ages = Ages {
                national: None,
                stock: Stock::new(&world),
                implemented: Vec::new(),
                taken: Vec::new(),
                rows: Vec::new(),
            };
            model::run(&world, loaded.scenario.seed, replicate, &mut ages).unwrap();
            for (t, row) in (0..).zip(&ages.rows) {
                let so_far = ages.taken.iter().filter(|(month, _)| *month <= t);
                let so_far: Vec<f64> = so_far.map(|(_, age)| f64::from(*age)).collect();
                let mean = so_far.iter().sum::<f64>() / so_far.len() as f64;
                assert_eq!(row.replication_age, (!so_far.is_empty()).then_some(mean));
            }
            // More than one batch, so that the mean is over all of them.
            let mut batches: Vec<u16> = ages.taken.iter().map(|(month, _)| *month).collect();
            batches.dedup();
            months += batches.len();
        }
        assert!(months > 5, "{months}");
    }
}
