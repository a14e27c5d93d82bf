//! Accounts of credit: what each link and each mechanism has been credited with, settled when the parts of a
//! weight change and at the end of a year (model §7.3).

use std::iter::zip;

use multiversion::multiversion;

use crate::world::mechanism::Mechanisms;
use crate::world::weight::{ByDomain, add};
use crate::world::{LinkId, World};

use super::share::{ADOPTION, adoptions};
use super::weight::{Tied, Weights};
use crate::model::structures::Structures;

/// Credit accounts of a replicate.
#[derive(Clone, Debug)]
pub struct Credit {
    /// Whether accounts by link and mechanism are kept.
    kept: bool,
    /// Credit of each link by domain not yet split by mechanism, `[domain · E + link]`, in ticks.
    pub(in crate::model) open: Vec<i64>,
    /// Credit of each link so far, all mechanisms, without what is still in `open`, in ticks.
    by_link: Vec<i64>,
    /// Credit by mechanism in this calendar year.
    pub year: Vec<f64>,
    /// Credit to sources so far this month, in ticks.
    pub(in crate::model) month_sources: i128,
    /// Adoptions this month.
    pub month_adoptions: u32,
}

impl Credit {
    /// Empty accounts.
    pub fn new(world: &World, mechanisms: &Mechanisms, kept: bool) -> Self {
        let links = if kept { world.network.len() } else { 0 };
        Self {
            kept,
            open: vec![0; links * world.domains.len()],
            by_link: vec![0; links],
            year: vec![0.0; mechanisms.len()],
            month_sources: 0,
            month_adoptions: 0,
        }
    }

    /// Credit of link `e` so far; call [`Credit::settle`] first.
    pub fn of_link(&self, e: LinkId) -> f64 {
        adoptions(self.by_link.get(e.index()).copied().unwrap_or(0))
    }

    /// Credit to sources so far this month.
    pub fn to_sources(&self) -> f64 {
        self.month_sources as f64 / ADOPTION as f64
    }

    /// Splits what links have gathered by mechanism, as their weights are made up now.
    pub fn settle(
        &mut self,
        world: &World,
        weights: &Weights<'_>,
        structures: &Structures,
        mechanisms: &Mechanisms,
        links: impl Iterator<Item = LinkId>,
    ) {
        if !self.kept {
            return;
        }
        let mut shares = vec![ByDomain::default(); mechanisms.len()];
        let links = links.map(|e| weights.tied(world, structures, mechanisms, e));
        split(self, weights, links, &mut shares);
        for (year, shares) in zip(&mut self.year, shares) {
            *year += shares.iter().sum::<f64>();
        }
    }

    /// Starts the accounts of the next month, and of the next year after December.
    pub fn end_month(&mut self, year_ends: bool) {
        self.month_adoptions = 0;
        self.month_sources = 0;
        if year_ends {
            self.year.fill(0.0);
        }
    }

    /// Splits everything.
    pub fn settle_all(
        &mut self,
        world: &World,
        weights: &Weights<'_>,
        structures: &Structures,
        mechanisms: &Mechanisms,
    ) {
        let links = LinkId::each(0..world.network.len());
        self.settle(world, weights, structures, mechanisms, links);
    }
}

/// Splits the open credit of links over the parts of their weights, into `shares` by mechanism.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn split<'a>(
    credit: &mut Credit,
    weights: &Weights<'_>,
    links: impl Iterator<Item = Tied<'a>>,
    shares: &mut [ByDomain],
) {
    split_plain(credit, weights, links, shares);
}

#[inline(always)]
fn split_plain<'a>(
    credit: &mut Credit,
    weights: &Weights<'_>,
    links: impl Iterator<Item = Tied<'a>>,
    shares: &mut [ByDomain],
) {
    let Credit { open, by_link, .. } = credit;
    for link in links {
        for (block, domains) in weights.blocks() {
            let mut gathered = ByDomain::default();
            for (d, gathered) in zip(domains, &mut gathered) {
                let ticks = std::mem::take(&mut open[d * by_link.len() + link.e.index()]);
                by_link[link.e] = by_link[link.e].saturating_add(ticks);
                *gathered = adoptions(ticks);
            }
            if gathered == ByDomain::default() {
                continue;
            }
            let mut total = ByDomain::default();
            weights.block_parts(&link, block, |_, part| add(&mut total, part));
            let mut units = ByDomain::default();
            for (unit, (gathered, total)) in zip(&mut units, zip(gathered, total)) {
                // Where there is no credit, there may be no part either.
                *unit = if gathered > 0.0 {
                    gathered / total
                } else {
                    0.0
                };
            }
            weights.block_parts(&link, block, |m, part| {
                for (share, (unit, part)) in zip(&mut shares[m], zip(units, part)) {
                    *share += unit * part;
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Adoption, Innovation, Listener, State, run};
    use crate::vectors::{Dice, versions};

    /// Splits made-up credit in every month, with all instruction sets.
    struct Splits(Dice, u32);

    impl Listener for Splits {
        const CREDIT: bool = true;

        fn adopted(&mut self, _: &World, _: &Innovation, _: &Adoption<'_>) {}

        fn month_end(&mut self, world: &World, state: &State<'_>, t: u16) {
            let State {
                weights,
                structures,
                mechanisms,
                ..
            } = state;
            let links = || {
                let all = LinkId::each(0..world.network.len());
                all.map(|e| weights.tied(world, structures, mechanisms, e))
            };
            // Credit comes over links that carry something.
            let mut credit = state.credit.clone();
            for (e, link) in links().enumerate() {
                for d in 0..world.domains.len() {
                    let mut carried = 0.0;
                    weights.parts(&link, d, |_, part| carried += part);
                    let share = (self.0.bits() >> 11) as f64 / (1u64 << 53) as f64;
                    let ticks = (share * ADOPTION as f64) as i64;
                    let open = self.0.of(&[0, ticks, 1000 * ticks, 1, 1 << 55]);
                    credit.open[d * world.network.len() + e] = if carried > 0.0 { open } else { 0 };
                }
            }
            let bits = |credit: &Credit, shares: &[ByDomain]| -> Vec<u64> {
                let sums = credit.open.iter().chain(&credit.by_link);
                let shares = shares.iter().flatten().map(|x| x.to_bits());
                sums.map(|ticks| *ticks as u64).chain(shares).collect()
            };
            let none = vec![ByDomain::default(); mechanisms.len()];
            let (mut result, mut shares) = (credit.clone(), none.clone());
            split(&mut result, weights, links(), &mut shares);
            let expected = bits(&result, &shares);
            self.1 += u32::from(shares.iter().flatten().any(|&share| share > 0.0));
            for (name, version) in
                versions!(for<'a> |credit: &mut Credit,
                                   weights: &Weights<'a>,
                                   links: Vec<Tied<'a>>,
                                   shares: &mut [ByDomain]| {
                    split_plain(credit, weights, links.into_iter(), shares)
                })
            {
                let (mut result, mut shares) = (credit.clone(), none.clone());
                version(&mut result, weights, links().collect(), &mut shares);
                assert!(bits(&result, &shares) == expected, "{name}, month {t}");
            }
        }
    }

    #[test]
    fn every_instruction_set_splits_alike() {
        let loaded = crate::scenario::load("scenarios/minimal".as_ref(), &[], &[]).unwrap();
        let world = World::new(&loaded.scenario).unwrap();
        let mut splits = Splits(Dice::new(6), 0);
        run(&world, loaded.scenario.seed, 0, &mut splits).unwrap();
        assert_eq!(splits.1, u32::from(world.calendar.months));
    }
}
