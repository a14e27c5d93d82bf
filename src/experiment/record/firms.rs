//! The tables of firms: `uptake`, `benefit`, `sample`.

use std::sync::Arc;

use crate::model::firm::FirmState;
use crate::store::Column;
use crate::world::{Firms, World};

use super::Recorder;

/// What is kept of firms while a replicate runs.
#[derive(Debug, Default)]
pub(super) struct FirmRows {
    /// Months of the rows of `uptake` and `benefit`.
    months: Vec<u16>,
    /// Firms that took up, `[month][domain · cells + cell]`.
    taken: Vec<Vec<u32>>,
    /// Benefit of each region with firms and its uptake by domain, `[month][region · (D + 1)]`.
    benefit: Vec<Vec<f64>>,
    /// Rows of `sample`, `[month][firm · D + domain]`.
    sample: Vec<Vec<Sampled>>,
    /// What the hazard of the month to come reads: partners that took up and the base hazard.
    next: Vec<(u32, f64)>,
}

/// A sampled firm in a month.
#[derive(Clone, Copy, Debug)]
struct Sampled {
    /// Partners that had taken up by the end of the month before.
    with: u32,
    /// Base hazard of the month.
    base: f64,
    /// Whether it has taken up by the end of the month.
    taken: bool,
}

/// Places that have firms.
fn regions(firms: &Firms) -> Vec<u32> {
    let mut regions = firms.cells.place.clone();
    regions.dedup();
    regions
}

impl FirmRows {
    /// The end of a month with rows of `uptake` and `benefit`.
    pub(super) fn month(&mut self, world: &World, state: &FirmState<'_>, t: u16) {
        let (firms, domains) = (state.firms, world.domains.len());
        let cells = (0..domains).flat_map(|d| (0..firms.cells.len()).map(move |c| (d, c)));
        self.months.push(t);
        self.taken
            .push(cells.map(|(d, c)| state.taken(d, c)).collect());
        let mut values = Vec::new();
        for i in regions(firms) {
            let i = i as usize;
            values.push(state.benefit(world.places.weight[i], i));
            values.extend((0..domains).map(|d| state.uptake(d, i).unwrap_or(0.0)));
        }
        self.benefit.push(values);
    }

    /// The end of a month of the sample.
    pub(super) fn sample(&mut self, world: &World, state: &FirmState<'_>) {
        let (firms, domains) = (state.firms, world.domains.len());
        let pairs = firms
            .sample
            .iter()
            .flat_map(|f| (0..domains).map(move |d| (*f as usize, d)));
        let pairs: Vec<(usize, usize)> = pairs.collect();
        self.next.resize(pairs.len(), (0, 0.0));
        let read = pairs
            .iter()
            .zip(&self.next)
            .map(|((f, d), (with, base))| Sampled {
                with: *with,
                base: *base,
                taken: state.has(*d, *f),
            });
        self.sample.push(read.collect());
        let next = pairs.iter().map(|(f, d)| {
            let cell = firms.cell_of(*f);
            (state.partners_with(*d, *f), state.base(*d, cell))
        });
        self.next = next.collect();
    }
}

impl<const MECHANISMS: bool> Recorder<'_, MECHANISMS> {
    fn industries(&self, firms: &Firms) -> Arc<Vec<String>> {
        Arc::new(firms.industries.clone())
    }

    fn classes(&self, firms: &Firms) -> Arc<Vec<String>> {
        Arc::new(firms.sizes.iter().map(|class| class.id.clone()).collect())
    }

    pub(super) fn uptake_table(&mut self, firms: &Firms) {
        if !self.wanted.has("uptake") {
            return;
        }
        let taken = std::mem::take(&mut self.firms.taken);
        let (cells, domains) = (firms.cells.len(), self.world.domains.len());
        let all = taken.len() * cells * domains;
        // By month, cell, domain.
        let rows = || (0..all).map(|n| (n / (cells * domains), n / domains % cells, n % domains));
        let code = |f: &dyn Fn(usize) -> u32| rows().map(|(_, c, _)| Some(f(c))).collect();
        let of = &firms.cells;
        let number = |c: usize| of.range(c).len();
        let columns = vec![
            self.months(rows().map(|(m, _, _)| self.firms.months[m])),
            Column::Text {
                codes: code(&|c| of.place[c]),
                ids: self.names.places.clone(),
            },
            Column::Text {
                codes: code(&|c| u32::from(of.industry[c])),
                ids: self.industries(firms),
            },
            Column::Text {
                codes: code(&|c| u32::from(of.size[c])),
                ids: self.classes(firms),
            },
            Column::Text {
                codes: rows().map(|(_, _, d)| Some(d as u32)).collect(),
                ids: self.names.domains.clone(),
            },
            Column::Float(
                rows()
                    .map(|(m, c, d)| f64::from(taken[m][d * cells + c]) / number(c) as f64)
                    .collect(),
            ),
            Column::Int(rows().map(|(_, c, _)| Some(number(c) as i64)).collect()),
        ];
        self.put("uptake", all, columns);
    }

    pub(super) fn benefit_table(&mut self, firms: &Firms) {
        let values = std::mem::take(&mut self.firms.benefit);
        let (regions, wide) = (regions(firms), self.world.domains.len() + 1);
        let all = values.len() * regions.len();
        let rows = || (0..all).map(|n| (n / regions.len(), n % regions.len()));
        let mut columns = vec![
            self.months(rows().map(|(m, _)| self.firms.months[m])),
            Column::Text {
                codes: rows().map(|(_, r)| Some(regions[r])).collect(),
                ids: self.names.places.clone(),
            },
        ];
        for at in 0..wide {
            let of = |(m, r): (usize, usize)| values[m][r * wide + at];
            columns.push(Column::Float(rows().map(of).collect()));
        }
        self.put("benefit", all, columns);
    }

    pub(super) fn sample_table(&mut self, firms: &Firms) {
        let sample = std::mem::take(&mut self.firms.sample);
        let (months, domains) = (sample.len(), self.world.domains.len());
        let all = firms.sample.len() * domains * months;
        // By firm, domain, month.
        let rows = || (0..all).map(|n| (n / (domains * months), n / months % domains, n % months));
        let of = |(s, d, t): (usize, usize, usize)| sample[t][s * domains + d];
        let before = |(s, d, t): (usize, usize, usize)| t > 0 && of((s, d, t - 1)).taken;
        let number = |s: usize| firms.sample[s] as usize;
        let partners = |s: usize| firms.partners[number(s)];
        let cell = |s: usize| firms.cell_of(number(s));
        let code = |f: &dyn Fn(usize) -> u32| rows().map(|(s, ..)| Some(f(cell(s)))).collect();
        let share =
            |row: (usize, usize, usize)| f64::from(of(row).with) / f64::from(partners(row.0));
        let chi = crate::model::firm::pull_ticks(firms.spec.partner_effect) as f64
            / crate::model::firm::PULL as f64;
        let hazard = |row: (usize, usize, usize)| {
            let share = share(row);
            let pull = if share.is_nan() { 0.0 } else { share };
            of(row).base * (1.0 + chi * pull)
        };
        let ids = firms
            .sample
            .iter()
            .map(|f| firms.id(&self.world.places, *f as usize));
        let class = |s: usize| usize::from(firms.cells.size[cell(s)]);
        let columns = vec![
            Column::Text {
                codes: rows().map(|(s, ..)| Some(s as u32)).collect(),
                ids: Arc::new(ids.collect()),
            },
            Column::Text {
                codes: code(&|c| firms.cells.place[c]),
                ids: self.names.places.clone(),
            },
            Column::Text {
                codes: code(&|c| u32::from(firms.cells.industry[c])),
                ids: self.industries(firms),
            },
            Column::Text {
                codes: code(&|c| u32::from(firms.cells.size[c])),
                ids: self.classes(firms),
            },
            Column::Float(rows().map(|(s, ..)| firms.sizes[class(s)].size).collect()),
            Column::Int(rows().map(|(s, ..)| Some(i64::from(partners(s)))).collect()),
            Column::Text {
                codes: rows().map(|(_, d, _)| Some(d as u32)).collect(),
                ids: self.names.domains.clone(),
            },
            self.months(rows().map(|(_, _, t)| t as u16)),
            Column::Float(rows().map(share).collect()),
            Column::Float(
                rows()
                    .map(|row| if before(row) { f64::NAN } else { hazard(row) })
                    .collect(),
            ),
            Column::Int(
                rows()
                    .map(|row| Some(i64::from(of(row).taken && !before(row))))
                    .collect(),
            ),
            Column::Int(rows().map(|row| Some(i64::from(of(row).taken))).collect()),
        ];
        self.put("sample", all, columns);
    }
}
