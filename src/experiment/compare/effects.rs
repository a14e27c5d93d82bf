//! `effects`, `ranking` and `pareto`: from paired values to what each layout changes, how sure that is,
//! and which layout is best.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use crate::paired::{
    Better, Difference, Rank, Stein, difference, holm, pareto, ranking, replicates_needed,
};
use crate::store::{Column, TableData};

use super::Comparison;
use super::catalogue::{OUTCOMES, position};
use super::derive::{Settings, Target, draw_name};
use super::slots::{Of, Slot};

/// Gathers rows, block by block of slots.
pub(super) struct Effects<'c> {
    comparison: &'c Comparison,
    settings: &'c Settings,
    /// By position of the layout in the comparison, then slot.
    rows: BTreeMap<(usize, usize), Row>,
    /// By slot, then side.
    ranks: Vec<(usize, Vec<Rank>)>,
    /// Mean of each layout at the end of the run: mean stock, Theil.
    efficiency: Vec<f64>,
    inequality: Vec<f64>,
}

struct Row {
    difference: Difference,
    needed: Option<u64>,
    happened: Option<(f64, f64)>,
    p_holm: Option<f64>,
}

impl<'c> Effects<'c> {
    pub(super) fn new(comparison: &'c Comparison, settings: &'c Settings) -> Self {
        Self {
            comparison,
            settings,
            rows: BTreeMap::new(),
            ranks: Vec::new(),
            efficiency: Vec::new(),
            inequality: Vec::new(),
        }
    }

    /// Takes the values of a block of slots, `[slot][side][replicate]`.
    pub(super) fn add(&mut self, slots: Range<usize>, values: &[Vec<Vec<f64>>]) {
        let comparison = self.comparison;
        let all = comparison.slots.list();
        let of_slot = |(at, values): (usize, &Vec<Vec<f64>>)| {
            let slot = &all[at];
            let concerned = comparison.layouts.iter().enumerate();
            concerned
                .filter(|(_, side)| slot.concerns(&comparison.groups, **side))
                .filter_map(|(n, &side)| {
                    let row = self.row(at, side, &values[0], &values[side])?;
                    Some(((n, at), row))
                })
                .collect::<Vec<_>>()
        };
        let numbered: Vec<(usize, &Vec<Vec<f64>>)> = slots.zip(values).collect();
        let rows: Vec<_> = numbered.par_iter().map(|one| of_slot(*one)).collect();
        self.rows.extend(rows.into_iter().flatten());
        for (at, values) in numbered {
            let slot = &all[at];
            if slot.of != Of::Nation {
                continue;
            }
            if let Some(better) = OUTCOMES[slot.outcome].better
                && let Some(ranks) = self.rank(slot, values, better)
            {
                self.ranks.push((at, ranks));
            }
            if slot.horizon == comparison.horizons.last().copied() {
                let mean = |list: &Vec<f64>| list.iter().sum::<f64>() / list.len() as f64;
                let means = || values.iter().map(mean).collect();
                if Some(slot.outcome) == position("mean_stock") {
                    self.efficiency = means();
                } else if Some(slot.outcome) == position("theil") {
                    self.inequality = means();
                }
            }
        }
    }

    fn row(&self, at: usize, side: usize, baseline: &[f64], layout: &[f64]) -> Option<Row> {
        let comparison = self.comparison;
        let slot = &comparison.slots.list()[at];
        let (x, y) = pairs(comparison, slot, baseline, layout);
        let name = draw_name(comparison, side, &series(comparison, slot));
        let mut row = difference(&x, &y, self.settings.interval, name)?;
        let half = row.sd.filter(|sd| *sd > 0.0).and_then(|sd| {
            let whole = crate::paired::t_quantile(row.n as f64 - 1.0);
            replicates_needed(sd, whole * sd / (row.n as f64).sqrt() / 2.0)
        });
        let mut needed = half;
        if let Some(target) = self.settings.target.filter(|target| target.slot == at)
            && let Ok(plan) = pilot(comparison, &target, baseline, layout)
        {
            needed = Some(plan.needed);
            row = row.with_stein(&plan);
        }
        let share =
            |list: &[f64]| list.iter().filter(|v| v.is_finite()).count() as f64 / list.len() as f64;
        Some(Row {
            difference: row,
            needed,
            happened: slot.is_month().then(|| (share(baseline), share(layout))),
            p_holm: None,
        })
    }

    fn rank(&self, slot: &Slot, values: &[Vec<f64>], better: Better) -> Option<Vec<Rank>> {
        let replicates = values.first().map_or(0, Vec::len);
        let of = |side: usize, r: usize| restricted(self.comparison, slot, values[side][r]);
        let whole: Vec<usize> = (0..replicates)
            .filter(|r| (0..values.len()).all(|side| of(side, *r).is_finite()))
            .collect();
        let values: Vec<Vec<f64>> = (0..values.len())
            .map(|side| whole.iter().map(|r| of(side, *r)).collect())
            .collect();
        ranking(&values, better)
    }

    /// The tables `effects`, `ranking`, `pareto`.
    pub(super) fn tables(mut self) -> [TableData; 3] {
        self.adjust();
        [self.effects(), self.ranking(), self.pareto()]
    }

    /// Holm's adjustment over the layouts of one outcome, group and horizon.
    fn adjust(&mut self) {
        let comparison = self.comparison;
        let mut families: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        for key in self.rows.keys() {
            let slot = &comparison.slots.list()[key.1];
            families
                .entry(series(comparison, slot))
                .or_default()
                .push(*key);
        }
        for family in families.values() {
            let p: Vec<Option<f64>> = family
                .iter()
                .map(|key| self.rows[key].difference.p)
                .collect();
            for (key, p) in family.iter().zip(holm(&p)) {
                if let Some(row) = self.rows.get_mut(key) {
                    row.p_holm = p;
                }
            }
        }
    }

    fn effects(&self) -> TableData {
        let comparison = self.comparison;
        let slots = comparison.slots.list();
        let calendar = comparison.calendar();
        let rows = || {
            self.rows
                .iter()
                .map(|((n, at), row)| (*n, &slots[*at], row))
        };
        let number = |f: &dyn Fn(&Row) -> f64| Column::Float(rows().map(|r| f(r.2)).collect());
        let maybe = |f: &dyn Fn(&Row) -> Option<f64>| number(&|row| f(row).unwrap_or(f64::NAN));
        let whole = |f: &dyn Fn(&Row) -> Option<u64>| {
            Column::Int(
                rows()
                    .map(|r| f(r.2).and_then(|n| i64::try_from(n).ok()))
                    .collect(),
            )
        };
        let name = |n: usize| comparison.sides[comparison.layouts[n]].name.as_str();
        let groups = &comparison.groups;
        let columns = vec![
            Column::text(rows().map(|(n, _, _)| Some(name(n)))),
            Column::text(rows().map(|(_, slot, _)| Some(OUTCOMES[slot.outcome].name))),
            Column::text(rows().map(|(_, slot, _)| Some(slot.group(groups).0))),
            Column::text(rows().map(|(_, slot, _)| slot.group(groups).1)),
            Column::Month(
                rows()
                    .map(|(_, slot, _)| slot.horizon.map(|t| calendar.month(t).0))
                    .collect(),
            ),
            number(&|row| row.difference.baseline),
            number(&|row| row.difference.layout),
            number(&|row| row.difference.mean),
            maybe(&|row| row.difference.percent()),
            maybe(&|row| row.difference.standard_error),
            maybe(&|row| row.difference.low),
            maybe(&|row| row.difference.high),
            Column::text(rows().map(|(_, _, row)| Some(row.difference.method.word()))),
            maybe(&|row| row.difference.correlation),
            maybe(&|row| row.difference.unpaired_low),
            maybe(&|row| row.difference.unpaired_high),
            maybe(&|row| row.difference.variance_reduction),
            whole(&|row| Some(row.difference.n as u64)),
            whole(&|row| row.needed),
            maybe(&|row| row.difference.p),
            maybe(&|row| row.p_holm),
            maybe(&|row| row.happened.map(|h| h.0)),
            maybe(&|row| row.happened.map(|h| h.1)),
            Column::Float(
                rows()
                    .map(|(_, slot, _)| match slot.of {
                        Of::Group(g) => groups.list[g].weight_share,
                        _ => f64::NAN,
                    })
                    .collect(),
            ),
        ];
        TableData::new("effects", columns)
    }

    fn ranking(&self) -> TableData {
        let comparison = self.comparison;
        let slots = comparison.slots.list();
        let calendar = comparison.calendar();
        let rows = || {
            self.ranks.iter().flat_map(|(at, ranks)| {
                ranks
                    .iter()
                    .enumerate()
                    .map(move |(side, rank)| (&slots[*at], side, rank))
            })
        };
        let number = |f: fn(&Rank) -> f64| Column::Float(rows().map(|r| f(r.2)).collect());
        let columns = vec![
            Column::text(rows().map(|(slot, _, _)| Some(OUTCOMES[slot.outcome].name))),
            Column::Month(
                rows()
                    .map(|(slot, _, _)| slot.horizon.map(|t| calendar.month(t).0))
                    .collect(),
            ),
            Column::text(rows().map(|(_, side, _)| Some(comparison.sides[side].name.as_str()))),
            number(|rank| rank.mean),
            number(|rank| rank.best_probability),
            number(|rank| rank.best_low),
            number(|rank| rank.best_high),
            number(|rank| rank.expected_regret),
        ];
        TableData::new("ranking", columns)
    }

    fn pareto(&self) -> TableData {
        let sides = &self.comparison.sides;
        let costs: Vec<f64> = sides
            .iter()
            .map(|side| coordination_cost(&side.world))
            .collect();
        let points: Vec<Vec<f64>> = (0..sides.len())
            .map(|side| {
                let of = |list: &[f64]| list.get(side).copied().unwrap_or(f64::NAN);
                vec![of(&self.efficiency), of(&self.inequality), costs[side]]
            })
            .collect();
        let front = pareto(&points, &[Better::Higher, Better::Lower, Better::Lower]);
        let columns = vec![
            Column::text(sides.iter().map(|side| Some(side.name.as_str()))),
            Column::Float(points.iter().map(|point| point[0]).collect()),
            Column::Float(points.iter().map(|point| point[1]).collect()),
            Column::Float(costs),
            Column::Int(front.iter().map(|on| Some(i64::from(*on))).collect()),
        ];
        TableData::new("pareto", columns)
    }
}

/// Σ over the months of the run and the alliances active in the month of n (n − 1) / 2, with n the
/// member groups that have a delegate open, in years. Active and open as the channels of the model take
/// them (`Weights::channels`): a zone counts from the month after its opening, a region from the start,
/// and an alliance of no strength carries nothing.
fn coordination_cost(world: &crate::world::World) -> f64 {
    let places = &world.places;
    let mut pair_months = 0_u64;
    for alliance in world.alliances.iter().filter(|a| a.strength > 0.0) {
        // First month in which each member group is heard.
        let from = |i: &u32| match places.is_zone(*i as usize) {
            true => places.open[*i as usize].saturating_add(1),
            false => 0,
        };
        let begin: Vec<u16> = alliance
            .groups
            .iter()
            .filter_map(|group| group.iter().map(from).min())
            .collect();
        let last = alliance.to.min(world.calendar.months.saturating_sub(1));
        for month in alliance.from..=last {
            let n = begin.iter().filter(|begin| **begin <= month).count() as u64;
            pair_months += n * n.saturating_sub(1) / 2;
        }
    }
    pair_months as f64 / 12.0
}

/// A month that never came counts as the number of months of the run.
fn restricted(comparison: &Comparison, slot: &Slot, value: f64) -> f64 {
    if slot.is_month() && value.is_nan() {
        f64::from(comparison.calendar().months)
    } else {
        value
    }
}

/// What the pilot says of a layout: its first replicates.
///
/// # Errors
/// Says in how many of them both have a value when that is too few for a variance.
pub(super) fn pilot(
    comparison: &Comparison,
    target: &Target,
    baseline: &[f64],
    layout: &[f64],
) -> Result<Stein, usize> {
    let slot = &comparison.slots.list()[target.slot];
    let first = |list: &[f64]| list[..list.len().min(target.pilot as usize)].to_vec();
    let (x, y) = pairs(comparison, slot, &first(baseline), &first(layout));
    let differences: Vec<f64> = x.iter().zip(&y).map(|(x, y)| y - x).collect();
    Stein::plan(&differences, target.half_width, target.maximum.into()).ok_or(differences.len())
}

/// The paired values of baseline and layout, restricted, without replicates in which one is missing.
fn pairs(
    comparison: &Comparison,
    slot: &Slot,
    baseline: &[f64],
    layout: &[f64],
) -> (Vec<f64>, Vec<f64>) {
    let of = |v: &f64| restricted(comparison, slot, *v);
    let both = baseline.iter().zip(layout).map(|(x, y)| (of(x), of(y)));
    both.filter(|(x, y)| x.is_finite() && y.is_finite()).unzip()
}

/// Names a series within a layout: outcome, group and horizon.
fn series(comparison: &Comparison, slot: &Slot) -> String {
    let (kind, group, _) = slot.group(&comparison.groups);
    let horizon = slot
        .horizon
        .map(|t| comparison.calendar().month(t).to_string());
    format!(
        "{}|{kind}|{}|{}",
        OUTCOMES[slot.outcome].name,
        group.unwrap_or_default(),
        horizon.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::model::weight::Weights;
    use crate::scenario::load;
    use crate::world::Channel;
    use crate::world::World;

    fn world(layouts: &[&str], sets: &[&str]) -> World {
        let layouts: Vec<PathBuf> = layouts.iter().map(PathBuf::from).collect();
        let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
        let loaded = load(Path::new("scenarios/minimal"), &layouts, &sets).unwrap();
        World::new(&loaded.scenario).unwrap()
    }

    /// Pair-years over which the model's channels carry something.
    fn carried(world: &World) -> f64 {
        let mut pairs = 0;
        for month in 0..world.calendar.months {
            let opened =
                |i: u32| !world.places.is_zone(i as usize) || world.places.open[i as usize] < month;
            let values = Weights::channels(world, month, &opened, &|_| false);
            for a in 0..world.alliances.len() as u32 {
                let of =
                    |c: &Channel| matches!(c, Channel::Alliance { alliance, .. } if *alliance == a);
                let both = world.terms.channels.iter().zip(&values);
                let n = both.filter(|(c, value)| of(c) && **value > 0.0).count();
                pairs += n * n.saturating_sub(1) / 2;
            }
        }
        pairs as f64 / 12.0
    }

    #[test]
    fn coordination_is_paid_for_in_every_month() {
        // Three members from 2018-01 to 2024-12; with the layout two more from 2019-01.
        assert_eq!(coordination_cost(&world(&["none"], &[])), 0.0);
        assert_eq!(coordination_cost(&world(&[], &[])), 3.0 * 7.0);
        let open = world(&["open-candidate"], &[]);
        assert_eq!(coordination_cost(&open), 3.0 * 7.0 + 6.0);
        for world in [
            open,
            world(&["open-candidate"], &["start=2019-01"]),
            world(&["open-candidate"], &["end=2019-05"]),
        ] {
            assert_eq!(coordination_cost(&world), carried(&world));
        }
    }
}
