//! Line 线: innovations spill over along links; a link that carries enough becomes a line (model §3).
//!
//! - Exposure X_ik = q_k · Σ_j W_ij,d_k(t) · R_j · 1\[k adopted at j\] and its hazard: [`super::row`].
//! - Credit: an adoption is worth 1, split over the terms of h_ik in that month; the term β·φ(X) over
//!   its sources j and over the parts of W in proportion to their part of X.
//! - Formation: y_ij ← (1 − ψ) · y_ij + credit from j to i + credit from i to j. A line is formed when
//!   y_ij ≥ θ_line and dissolves below θ_line / 2.

use std::iter::zip;

use multiversion::multiversion;

use crate::world::World;

use super::event::{Adoption, Listener};
use super::fetch::fetch_run;
use super::fixed::EXPOSURE;
use super::hazard::Hazard;
use super::mechanism::Mechanisms;
use super::state::{State, Structures};
use super::weight::{ByDomain, Tied, Weights, add};

/// Flows on pairs and the lines that are formed.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Whether each pair is a formed line.
    pub formed: Vec<bool>,
    /// Formed lines by place: the places at their other ends, ascending.
    pub neighbours: Vec<Vec<u32>>,
    /// y_ij of each pair at the end of the previous month.
    flows: Vec<f64>,
    /// Credit of each link this month, and 0; empty without structures.
    credit: Vec<f64>,
    /// The one or two links of each pair; the second may be the place of that 0.
    links: Vec<[u32; 2]>,
    /// Number of formed lines.
    pub count: usize,
    /// Pairs whose line formed or dissolved in the last month.
    pub changed: Vec<u32>,
}

impl Lines {
    /// No lines yet.
    pub fn new(world: &World) -> Self {
        let pairs = world.network.pairs.len();
        let (places, links) = if world.line.structures {
            (world.places.len(), world.network.len() + 1)
        } else {
            (0, 0)
        };
        let none = world.network.len() as u32;
        let both = world.network.pair_links.iter();
        let both = both.map(|&(one, other)| [one, other.unwrap_or(none)]);
        Self {
            formed: vec![false; pairs],
            neighbours: vec![Vec::new(); places],
            flows: vec![0.0; pairs],
            credit: vec![0.0; links],
            links: both.collect(),
            count: 0,
            changed: Vec::new(),
        }
    }

    /// Lets the flows follow the credit of the month that ends. Gives the pairs whose line forms or
    /// dissolves, ascending.
    pub fn plan(&mut self, world: &World) -> Vec<u32> {
        let (threshold, keep) = (world.line.line_threshold, 1.0 - world.line.forgetting);
        let mut changed = Vec::new();
        let pairs = self.flows.iter_mut().zip(&self.formed).zip(&self.links);
        for (pair, ((flow, &formed), links)) in (0..).zip(pairs) {
            let [one, other] = links.map(|e| self.credit[e as usize]);
            *flow = keep * *flow + (one + other);
            let stays = if formed { threshold / 2.0 } else { threshold };
            if formed != (*flow >= stays) {
                changed.push(pair);
            }
        }
        self.credit.fill(0.0);
        changed
    }

    /// Puts planned changes in place.
    pub fn set(&mut self, world: &World, changed: Vec<u32>) {
        for &pair in &changed {
            let formed = !self.formed[pair as usize];
            self.formed[pair as usize] = formed;
            self.count = if formed {
                self.count + 1
            } else {
                self.count - 1
            };
            let (a, b) = world.network.pairs[pair as usize];
            for (from, to) in [(a, b), (b, a)] {
                let list = &mut self.neighbours[from as usize];
                match list.binary_search(&to) {
                    Ok(at) if !formed => drop(list.remove(at)),
                    Err(at) if formed => list.insert(at, to),
                    _ => {}
                }
            }
        }
        self.changed = changed;
    }
}

/// Credit accounts of a replicate.
#[derive(Clone, Debug)]
pub struct Credit {
    /// Whether accounts by link and mechanism are kept.
    kept: bool,
    /// Credit of each link by domain not yet split by mechanism, `[domain · E + link]`.
    open: Vec<f64>,
    /// Credit of each link so far, all mechanisms, without what is still in `open`.
    by_link: Vec<f64>,
    /// Credit by mechanism in this calendar year.
    pub year: Vec<f64>,
    /// Credit to sources so far this month.
    pub month_sources: f64,
    /// Adoptions this month.
    pub month_adoptions: u32,
}

impl Credit {
    /// Empty accounts.
    pub fn new(world: &World, mechanisms: &Mechanisms, kept: bool) -> Self {
        let links = if kept { world.network.len() } else { 0 };
        Self {
            kept,
            open: vec![0.0; links * world.domains.len()],
            by_link: vec![0.0; links],
            year: vec![0.0; mechanisms.len()],
            month_sources: 0.0,
            month_adoptions: 0,
        }
    }

    /// Credit of link `e` so far; call [`Credit::settle`] first.
    pub fn of_link(&self, e: usize) -> f64 {
        self.by_link.get(e).copied().unwrap_or(0.0)
    }

    /// Splits what links have gathered by mechanism, as their weights are made up now.
    pub fn settle(
        &mut self,
        world: &World,
        weights: &Weights<'_>,
        structures: &Structures,
        mechanisms: &Mechanisms,
        links: impl Iterator<Item = u32>,
    ) {
        if !self.kept {
            return;
        }
        let mut shares = vec![ByDomain::default(); mechanisms.len()];
        let links = links.map(|e| weights.tied(world, structures, mechanisms, e as usize));
        split(self, weights, links, &mut shares);
        for (year, shares) in zip(&mut self.year, shares) {
            *year += shares.iter().sum::<f64>();
        }
    }

    /// Starts the accounts of the next month, and of the next year after December.
    pub fn end_month(&mut self, year_ends: bool) {
        self.month_adoptions = 0;
        self.month_sources = 0.0;
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
        let links = 0..world.network.len() as u32;
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
                *gathered = std::mem::take(&mut open[d * by_link.len() + link.e]);
                by_link[link.e] += *gathered;
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

/// Room to split credit in, kept from one adoption to the next.
#[derive(Clone, Debug)]
pub struct Room {
    /// What each link of the row carries now in ticks; 0 where its source does not have the innovation.
    heard: Vec<f64>,
    /// Credit by mechanism; empty where nobody asks for it.
    split: Vec<f64>,
}

impl Room {
    /// For so many mechanisms.
    pub fn new(mechanisms: usize) -> Self {
        Self {
            heard: Vec::new(),
            split: vec![0.0; mechanisms],
        }
    }
}

/// Has fetched what [`credit`] of `k` and `i` reads.
#[inline(always)]
pub fn fetch(state: &State<'_>, k: u32, i: usize) {
    if let Some(row) = &state.rows[k as usize] {
        row.fetch_sets();
    }
    let d = state.innovations[k as usize].domain as usize;
    let links = state.world.network.row(i);
    state.weights.fetch_heard(d, links.clone());
    let from = d * state.world.network.len();
    fetch_run(&state.credit.open, from + links.start..from + links.end);
}

/// Splits the credit of the adoption of innovation `k` by place `i` in month `t`. Reads the state of
/// the end of the previous month.
pub fn credit<L: Listener>(
    state: &mut State<'_>,
    k: u32,
    i: usize,
    t: u16,
    room: &mut Room,
    listener: &mut L,
) {
    let world = state.world;
    let innovation = &state.innovations[k as usize];
    let Some(row) = &state.rows[k as usize] else {
        return;
    };
    let d = innovation.domain as usize;
    let follow = L::CREDIT || L::MECHANISMS || world.line.structures;
    let Room { heard, split } = room;
    let links = world.network.row(i);
    let (exposure, main) = if follow {
        // What the links carry adds up to the exposure, exactly.
        let sources = &world.network.source[links.clone()];
        let ticks = state.weights.heard(d, links.clone());
        heard.resize(heard.len().max(links.len()), 0.0);
        row.heard(sources, ticks, heard)
    } else {
        (row.exposure(&state.pairs, k, world, i), None)
    };
    debug_assert_eq!(exposure, row.exposure(&state.pairs, k, world, i));
    let here = world.places.same_province(innovation.origin as usize, i);
    let x = exposure as f64 * (innovation.quality / EXPOSURE);
    let hazard = Hazard::new(world, &state.demand);
    let terms = hazard.terms(d, i, x, row.replicated.at(here));
    let total = terms.total();
    let to_sources = terms.exposure / total;
    state.credit.month_adoptions += 1;
    state.credit.month_sources += to_sources;
    state.credit.year[state.mechanisms.provincial()] += terms.provincial / total;
    state.credit.year[state.mechanisms.national()] += terms.national / total;
    if to_sources > 0.0 && follow {
        let unit = to_sources / exposure as f64;
        let from = d * world.network.len();
        let open = from + links.start..from + links.end;
        let accounts = [
            state.credit.open.get_mut(open),
            state.structures.lines.credit.get_mut(links.clone()),
        ];
        for account in accounts.into_iter().flatten() {
            for (account, ticks) in account.iter_mut().zip(&*heard) {
                *account += unit * ticks;
            }
        }
        if L::MECHANISMS {
            for (e, &ticks) in links.zip(&*heard).filter(|(_, ticks)| **ticks != 0.0) {
                let credit = unit * ticks;
                let mut sum = 0.0;
                let (w, s, m) = (&state.weights, &state.structures, &state.mechanisms);
                let link = w.tied(world, s, m, e);
                w.parts(&link, d, |_, part| sum += part);
                w.parts(&link, d, |m, part| split[m] += credit * (part / sum));
            }
        }
    }
    if L::MECHANISMS {
        split[state.mechanisms.provincial()] = terms.provincial / total;
        split[state.mechanisms.national()] = terms.national / total;
    }
    listener.adopted(
        world,
        innovation,
        &Adoption {
            innovation: k,
            place: i as u32,
            month: t,
            main_source: main.filter(|_| to_sources > 0.0),
            mechanisms: if L::MECHANISMS { split } else { &[] },
        },
    );
    if L::MECHANISMS {
        split.fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Adoption, Innovation, run};
    use crate::vectors::{Dice, versions};

    /// Splits made-up credit in every month, with all instruction sets.
    struct Splits(Dice, u32);

    impl Listener for Splits {
        const CREDIT: bool = true;

        fn adopted(&mut self, _: &World, _: &Innovation, _: &Adoption<'_>) {}

        fn month_end(&mut self, world: &World, state: &State<'_>, t: u16) {
            let mut credit = state.credit.clone();
            for open in &mut credit.open {
                let share = (self.0.bits() >> 11) as f64 / (1u64 << 53) as f64;
                *open = self.0.of(&[0.0, share, 1e3 * share, 1e-300, 1e15]);
            }
            let State {
                weights,
                structures,
                mechanisms,
                ..
            } = state;
            let links = || {
                let all = 0..world.network.len();
                all.map(|e| weights.tied(world, structures, mechanisms, e))
            };
            let bits = |credit: &Credit, shares: &[ByDomain]| -> Vec<u64> {
                let sums = credit.open.iter().chain(&credit.by_link);
                sums.chain(shares.iter().flatten())
                    .map(|x| x.to_bits())
                    .collect()
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
        run(&world, loaded.scenario.seed, 0, &mut splits);
        assert_eq!(splits.1, u32::from(world.calendar.months));
    }
}
