//! `effects`, `ranking` and `pareto`: from paired values to what each layout changes, how sure that is,
//! and which layout is best.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use crate::measure::OUTCOMES;
use crate::measure::catalogue::position;
use crate::paired::{
    Better, Difference, Front, Rank, Stein, difference, front, holm, ranking, replicates_needed,
};
use crate::store::TableData;
use crate::store::schema::Schema;
use crate::world::World;

use super::Comparison;
use super::interval::{Settings, Target, draw_name};
use super::slots::{Of, Slot};

pub(super) const LAYOUT: &str = "layout that is compared with the baseline";
const OUTCOME: &str = "outcome, see `pointplane outcomes`";
const HORIZON: &str = "month at which it is taken; missing for months in which something first \
             happens";

/// Gathers rows, block by block of slots.
pub(super) struct Effects<'c> {
    comparison: &'c Comparison,
    settings: &'c Settings,
    /// By position of the layout in the comparison, then slot.
    rows: BTreeMap<(usize, usize), Row>,
    /// By slot, then side.
    ranks: Vec<(usize, Vec<Rank>)>,
    /// Of each layout, its replicates at the end of the run: mean stock, Theil.
    efficiency: Vec<Vec<f64>>,
    inequality: Vec<Vec<f64>>,
}

/// An effect with what is said of it besides.
pub(super) struct Row {
    difference: Difference,
    needed: Option<u64>,
    happened: Option<(f64, f64)>,
    p_holm: Option<f64>,
    p_holm_all: Option<f64>,
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
                if Some(slot.outcome) == position("mean_stock") {
                    self.efficiency.clone_from(values);
                } else if Some(slot.outcome) == position("theil") {
                    self.inequality.clone_from(values);
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
            p_holm_all: None,
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
        let name = draw_name(self.comparison, 0, &series(self.comparison, slot));
        ranking(&values, better, name)
    }

    /// The tables `effects`, `ranking`, `pareto`.
    pub(super) fn tables(mut self) -> [TableData; 3] {
        self.adjust();
        [self.effects(), self.ranking(), self.pareto()]
    }

    /// Holm's adjustment over the layouts of one outcome, group and horizon; and over all tests but those of the
    /// outcome that was named beforehand.
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
        let others = |key: &&(usize, usize)| Some(key.1) != self.settings.primary;
        let others: Vec<(usize, usize)> = self.rows.keys().filter(others).copied().collect();
        let p: Vec<Option<f64>> = others
            .iter()
            .map(|key| self.rows[key].difference.p)
            .collect();
        for (key, p) in others.iter().zip(holm(&p)) {
            if let Some(row) = self.rows.get_mut(key) {
                row.p_holm_all = p;
            }
        }
    }

    fn effects(&self) -> TableData {
        let comparison = self.comparison;
        let (slots, groups) = (comparison.slots.list(), &comparison.groups);
        let rows = self.rows.iter().map(|((n, at), row)| {
            let slot = &slots[*at];
            let (group_kind, group, _) = slot.group(groups);
            EffectRow {
                layout: &comparison.sides[comparison.layouts[*n]].name,
                outcome: OUTCOMES[slot.outcome].name,
                group_kind,
                group,
                horizon: slot.horizon.map(|t| comparison.calendar().month(t).0),
                row,
                primary: Some(*at) == self.settings.primary,
                weight_share: match slot.of {
                    Of::Group(g) => groups.list[g].weight_share,
                    _ => f64::NAN,
                },
            }
        });
        effects().data(&mut rows.collect::<Vec<_>>())
    }

    fn ranking(&self) -> TableData {
        let comparison = self.comparison;
        let slots = comparison.slots.list();
        let rows = self.ranks.iter().flat_map(|(at, ranks)| {
            let slot = &slots[*at];
            let horizon = slot.horizon.map(|t| comparison.calendar().month(t).0);
            let of_side = ranks.iter().zip(&comparison.sides);
            of_side.map(move |(rank, side)| RankRow {
                outcome: OUTCOMES[slot.outcome].name,
                horizon,
                layout: &side.name,
                rank,
            })
        });
        ranking_table().data(&mut rows.collect::<Vec<_>>())
    }

    fn pareto(&self) -> TableData {
        let sides = &self.comparison.sides;
        let replicates = self.efficiency.first().map_or(0, Vec::len);
        // Those in which every layout has both.
        let both = || self.efficiency.iter().chain(&self.inequality);
        let whole: Vec<usize> = (0..replicates)
            .filter(|r| both().all(|list| list[*r].is_finite()))
            .collect();
        let of = |all: &[Vec<f64>]| -> Vec<Vec<f64>> {
            let one = |list: &Vec<f64>| whole.iter().map(|r| list[*r]).collect();
            all.iter().map(one).collect()
        };
        let costs: Vec<f64> = sides.iter().map(|s| coordination_cost(&s.world)).collect();
        let known = costs.iter().map(|cost| vec![*cost; whole.len()]).collect();
        let better = [Better::Higher, Better::Lower, Better::Lower];
        let values = [of(&self.efficiency), of(&self.inequality), known];
        let name = draw_name(self.comparison, 0, "pareto");
        let front = front(&values, &better, name);
        let mean = |all: &[Vec<f64>], side: usize| {
            let list = all.get(side).map_or(&[][..], Vec::as_slice);
            list.iter().sum::<f64>() / list.len() as f64
        };
        let rows = sides.iter().zip(costs).enumerate();
        let rows = rows.map(|(at, (side, cost))| Point {
            layout: &side.name,
            values: [mean(&self.efficiency, at), mean(&self.inequality, at), cost],
            front: front.get(at).copied(),
        });
        pareto_table().data(&mut rows.collect::<Vec<_>>())
    }
}

/// A row of `effects`.
pub(super) struct EffectRow<'r> {
    layout: &'r str,
    outcome: &'static str,
    group_kind: &'static str,
    group: Option<&'r str>,
    horizon: Option<i32>,
    row: &'r Row,
    primary: bool,
    weight_share: f64,
}

/// The table `effects`.
pub(super) fn effects<'r>() -> Schema<'r, [EffectRow<'r>]> {
    let maybe = |value: Option<f64>| value.unwrap_or(f64::NAN);
    let whole = |value: Option<u64>| value.and_then(|n| i64::try_from(n).ok());
    Schema::<[EffectRow<'r>]>::new(
        "effects",
        "one row per layout, outcome, group and horizon: what the layout changes \
             against the baseline",
    )
    .text("layout", LAYOUT, |r| Some(r.layout))
    .text("outcome", OUTCOME, |r| Some(r.outcome))
    .text(
        "group_kind",
        "national, province, area, tier, corridor or membership; with firms \
             industry, size_class",
        |r| Some(r.group_kind),
    )
    .text("group", "which group; missing for the country", |r| r.group)
    .month("horizon", HORIZON, |r| r.horizon)
    .float(
        "baseline_mean",
        "",
        "mean of the baseline over the replicates",
        |r| r.row.difference.baseline,
    )
    .float(
        "layout_mean",
        "",
        "mean of the layout over the same replicates",
        |r| r.row.difference.layout,
    )
    .float(
        "difference",
        "",
        "mean paired difference, layout less baseline",
        |r| r.row.difference.mean,
    )
    .float(
        "percent",
        "%",
        "100 * difference / |baseline_mean|; missing when the 95 % t interval of \
             baseline_mean holds 0",
        move |r| maybe(r.row.difference.percent),
    )
    .float(
        "percent_low",
        "%",
        "lower end of its 95 % interval, which takes baseline_mean as an estimate \
             too (Fieller)",
        move |r| maybe(r.row.difference.percent_low),
    )
    .float("percent_high", "%", "upper end", move |r| {
        maybe(r.row.difference.percent_high)
    })
    .float(
        "standard_error",
        "",
        "standard error of difference",
        move |r| maybe(r.row.difference.standard_error),
    )
    .float(
        "low",
        "",
        "lower end of the 95 % interval of difference",
        move |r| maybe(r.row.difference.low),
    )
    .float("high", "", "upper end", move |r| {
        maybe(r.row.difference.high)
    })
    .text(
        "interval",
        "how the interval is made: t, bca or stein",
        |r| Some(r.row.difference.method.word()),
    )
    .float(
        "correlation",
        "",
        "correlation of baseline and layout over the replicates",
        move |r| maybe(r.row.difference.correlation),
    )
    .float(
        "unpaired_low",
        "",
        "lower end of the 95 % interval that unpaired replicates would give (Welch)",
        move |r| maybe(r.row.difference.unpaired_low),
    )
    .float("unpaired_high", "", "upper end", move |r| {
        maybe(r.row.difference.unpaired_high)
    })
    .float(
        "variance_reduction",
        "",
        "(variance of baseline + of layout) / variance of the difference: how \
             many times as many unpaired replicates the same width takes; missing \
             when all differences are equal",
        move |r| maybe(r.row.difference.variance_reduction),
    )
    .int("replicates", "", "pairs of replicates", move |r| {
        whole(Some(r.row.difference.n as u64))
    })
    .int(
        "replicates_needed",
        "",
        "replicates for half the present width of the t interval; with \
             --until-width, for that width",
        move |r| whole(r.row.needed),
    )
    .float(
        "p",
        "",
        "two-sided paired t test of no difference, beside a bca interval too; \
             with stein that of its interval; missing when all differences are equal",
        move |r| maybe(r.row.difference.p),
    )
    .float(
        "p_holm",
        "",
        "p adjusted for all layouts of the outcome, group and horizon (Holm)",
        move |r| maybe(r.row.p_holm),
    )
    .float(
        "p_holm_all",
        "",
        "p adjusted for all tests of the table but those of the primary outcome (Holm); \
             missing for these",
        move |r| maybe(r.row.p_holm_all),
    )
    .int(
        "primary",
        "",
        "1: of the outcome that was named in advance (--primary), for the country at the \
             end; 0: any other, to be read as exploratory",
        |r| Some(i64::from(r.primary)),
    )
    .float(
        "baseline_happened",
        "share",
        "months: share of replicates of the baseline in which it happened; the \
             others count as the number of months of the run",
        move |r| maybe(r.row.happened.map(|h| h.0)),
    )
    .float(
        "layout_happened",
        "share",
        "months: the same for the layout",
        move |r| maybe(r.row.happened.map(|h| h.1)),
    )
    .float(
        "weight_share",
        "share",
        "the group's share of the weight of all regions",
        |r| r.weight_share,
    )
}

/// A row of `ranking`.
pub(super) struct RankRow<'r> {
    outcome: &'static str,
    horizon: Option<i32>,
    layout: &'r str,
    rank: &'r Rank,
}

/// The table `ranking`.
pub(super) fn ranking_table<'r>() -> Schema<'r, [RankRow<'r>]> {
    Schema::<[RankRow<'r>]>::new(
        "ranking",
        "one row per national outcome with a better direction, horizon and layout",
    )
    .text("outcome", OUTCOME, |r| Some(r.outcome))
    .month("horizon", HORIZON, |r| r.horizon)
    .text("layout", "layout, the baseline too", |r| Some(r.layout))
    .float("mean", "", "mean over the replicates", |r| r.rank.mean)
    .float(
        "best_probability",
        "share",
        "share of replicates in which it is the best; ties are shared",
        |r| r.rank.best_probability,
    )
    .float(
        "best_low",
        "share",
        "lower end of its 95 % Wilson interval",
        |r| r.rank.best_low,
    )
    .float("best_high", "share", "upper end", |r| r.rank.best_high)
    .float(
        "expected_regret",
        "",
        "mean of what is lost against the best layout of each replicate",
        |r| r.rank.expected_regret,
    )
    .float(
        "mean_best",
        "share",
        "share of resamples of the replicates in which its mean is the best; ties are \
             shared; missing with one replicate",
        |r| r.rank.mean_best.unwrap_or(f64::NAN),
    )
}

/// A row of `pareto`: efficiency, inequality and coordination cost of a layout.
pub(super) struct Point<'r> {
    layout: &'r str,
    values: [f64; 3],
    front: Option<Front>,
}

/// The table `pareto`.
pub(super) fn pareto_table<'r>() -> Schema<'r, [Point<'r>]> {
    Schema::<[Point<'r>]>::new(
        "pareto",
        "one row per layout: efficiency and inequality at the end of the run, \
             coordination cost over it",
    )
    .text("layout", "layout, the baseline too", |r| Some(r.layout))
    .float(
        "efficiency",
        "quality",
        "mean of mean_stock; more is better",
        |r| r.values[0],
    )
    .float("inequality", "", "mean of theil; less is better", |r| {
        r.values[1]
    })
    .float(
        "coordination_cost",
        "pair-years",
        "sum over months, and over alliances active in the month, of the pairs \
             of member groups with a delegate open, / 12; less is better",
        |r| r.values[2],
    )
    .int(
        "on_front",
        "",
        "1 when no other layout is better in one of the three and worse in none, clear \
             of noise: where they are not the same in all replicates, the 95 % t interval \
             of the paired difference leaves out 0",
        |r| Some(i64::from(r.front.is_some_and(|front| front.on_front))),
    )
    .float(
        "front_probability",
        "share",
        "share of resamples of the replicates in whose means no other layout is as good \
             in all three and better in one; missing with one replicate",
        |r| {
            r.front
                .and_then(|front| front.probability)
                .unwrap_or(f64::NAN)
        },
    )
}

/// Σ over the months of the run and the alliances active in the month of n (n − 1) / 2, with n the
/// member groups that have a delegate which takes part, in years. As the channels of the model take them
/// (`Weights::channels`); an alliance of no strength carries nothing.
pub fn coordination_cost(world: &World) -> f64 {
    let places = &world.places;
    let mut pair_months = 0_u64;
    for alliance in world.alliances.iter().filter(|a| a.strength > 0.0) {
        let last = alliance.to.min(world.calendar.months.saturating_sub(1));
        for month in alliance.from..=last {
            let n = alliance.with_delegates(places, month) as u64;
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
    use crate::model::engine::weight::Weights;
    use crate::scenario::{Setting, load};
    use crate::world::Channel;

    fn world(layouts: &[&str], sets: &[&str]) -> World {
        let layouts: Vec<PathBuf> = layouts.iter().map(PathBuf::from).collect();
        let sets: Vec<Setting> = sets.iter().map(|set| Setting::from(*set)).collect();
        let loaded = load(Path::new("scenarios/minimal"), &layouts, &sets).unwrap();
        World::new(&loaded.scenario).unwrap()
    }

    /// Pair-years over which the model's channels carry something.
    fn carried(world: &World) -> f64 {
        let mut pairs = 0;
        for month in 0..world.calendar.months {
            let values = Weights::channels(world, month, &|_| false);
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
