//! Line 线: innovations spill over along links; a link that carries enough becomes a line (model §3).
//!
//! - Exposure X_ik = q_k · Σ_j W_ij,d_k(t) · R_j · 1\[k adopted at j\] and its hazard: [`super::row`].
//! - Credit: an adoption is worth 1, split over the terms of h_ik in that month; the term β·φ(X) over
//!   its sources j and over the parts of W in proportion to their part of X.
//! - Formation: y_ij ← (1 − ψ) · y_ij + credit from j to i + credit from i to j. A line is formed when
//!   y_ij ≥ θ_line and dissolves below θ_line / 2.

use crate::world::World;

use super::event::{Adoption, Listener};
use super::fetch::fetch_run;
use super::fixed::EXPOSURE;
use super::hazard::Hazard;
use super::mechanism::Mechanisms;
use super::state::{State, Structures};
use super::weight::Weights;

/// Flows on pairs and the lines that are formed.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Whether each pair is a formed line.
    pub formed: Vec<bool>,
    /// Formed lines by place: the places at their other ends, ascending.
    pub neighbours: Vec<Vec<u32>>,
    /// y_ij of each pair, and the month as of which.
    flows: Vec<(f64, u16)>,
    /// Pairs that received credit this month; only the first `credited_count` count. No credit is given in
    /// month 0.
    credited: Vec<u32>,
    credited_count: usize,
    formed_list: Vec<u32>,
    /// (1 − ψ)^n.
    decay: Vec<f64>,
    /// Pairs whose line formed or dissolved in the last month.
    pub changed: Vec<u32>,
}

impl Lines {
    /// No lines yet.
    pub fn new(world: &World) -> Self {
        let pairs = world.network.pairs.len();
        let mut decay = vec![1.0];
        for n in 0..usize::from(world.calendar.months) {
            decay.push(decay[n] * (1.0 - world.line.forgetting));
        }
        let places = if world.line.structures {
            world.places.len()
        } else {
            0
        };
        Self {
            formed: vec![false; pairs],
            neighbours: vec![Vec::new(); places],
            flows: vec![(0.0, 0); pairs],
            credited: vec![0; pairs + 1],
            credited_count: 0,
            formed_list: Vec::new(),
            decay,
            changed: Vec::new(),
        }
    }

    /// y_ij of a pair at the end of month `t`.
    pub fn flow(&self, pair: usize, t: u16) -> f64 {
        let (flow, updated) = self.flows[pair];
        flow * self.decay[usize::from(t - updated)]
    }

    #[inline(always)]
    fn add(&mut self, pair: usize, credit: f64, t: u16) {
        let (_, updated) = self.flows[pair];
        self.flows[pair] = (self.flow(pair, t) + credit, t);
        // Each pair once a month. Without a branch that cannot be foreseen.
        self.credited[self.credited_count] = pair as u32;
        self.credited_count += usize::from(updated != t);
    }

    /// The pairs whose line forms or dissolves at the end of month `t`, ascending.
    pub fn plan(&mut self, world: &World, t: u16) -> Vec<u32> {
        let threshold = world.line.line_threshold;
        let credited = &self.credited[..std::mem::take(&mut self.credited_count)];
        let mut changed: Vec<u32> = credited
            .iter()
            .copied()
            .filter(|&p| !self.formed[p as usize] && self.flows[p as usize].0 >= threshold)
            .collect();
        for &pair in &self.formed_list {
            if self.flow(pair as usize, t) < threshold / 2.0 {
                changed.push(pair);
            }
        }
        changed.sort_unstable();
        changed
    }

    /// Puts planned changes in place.
    pub fn set(&mut self, world: &World, changed: Vec<u32>) {
        for &pair in &changed {
            let formed = !self.formed[pair as usize];
            self.formed[pair as usize] = formed;
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
        if !changed.is_empty() {
            let formed = &self.formed;
            self.formed_list.retain(|p| formed[*p as usize]);
            self.formed_list
                .extend(changed.iter().filter(|p| formed[**p as usize]));
            self.formed_list.sort_unstable();
        }
        self.changed = changed;
    }

    /// Number of formed lines.
    pub fn count(&self) -> usize {
        self.formed_list.len()
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
    domains: usize,
}

impl Credit {
    /// Empty accounts.
    pub fn new(world: &World, mechanisms: &Mechanisms, kept: bool) -> Self {
        let links = if kept { world.network.len() } else { 0 };
        let domains = world.domains.len();
        Self {
            kept,
            open: vec![0.0; links * domains],
            by_link: vec![0.0; links],
            year: vec![0.0; mechanisms.len()],
            month_sources: 0.0,
            month_adoptions: 0,
            domains,
        }
    }

    /// Credit of link `e` so far; call [`Credit::settle`] first.
    pub fn of_link(&self, e: usize) -> f64 {
        self.by_link.get(e).copied().unwrap_or(0.0)
    }

    /// Splits what link `e` has gathered by mechanism, as its weight is made up now.
    pub fn settle(
        &mut self,
        world: &World,
        weights: &Weights<'_>,
        structures: &Structures,
        mechanisms: &Mechanisms,
        e: usize,
    ) {
        if !self.kept {
            return;
        }
        let link = weights.tied(world, structures, mechanisms, e);
        for d in 0..self.domains {
            let credit = std::mem::take(&mut self.open[d * self.by_link.len() + e]);
            if credit == 0.0 {
                continue;
            }
            let mut total = 0.0;
            weights.parts(&link, d, |_, part| total += part);
            weights.parts(&link, d, |m, part| {
                self.year[m] += credit * (part / total);
            });
            self.by_link[e] += credit;
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
        if self.kept {
            for e in 0..world.network.len() {
                self.settle(world, weights, structures, mechanisms, e);
            }
        }
    }
}

/// Room to split credit in, kept from one adoption to the next.
#[derive(Clone, Debug)]
pub struct Room {
    /// Links whose source has the innovation, by their number in the row, and what they carry in ticks.
    heard: Vec<(u32, i64)>,
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
        row.fetch();
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
    let mut count = 0;
    let (mut exposure, mut main) = (0, None);
    if follow {
        // The links whose source has k, told apart without a branch that cannot be foreseen. Their
        // weights add up to the exposure, exactly.
        if heard.len() <= links.len() {
            heard.resize(links.len() + 1, (0, 0));
        }
        let sources = &world.network.source[links.clone()];
        let ticks = state.weights.heard(d, links.clone());
        for ((at, &j), &ticks) in (0..).zip(sources).zip(ticks) {
            heard[count] = (at, ticks);
            count += usize::from(row.has(j as usize) & (ticks != 0));
        }
        let mut most = (0, 0);
        for &(at, ticks) in &heard[..count] {
            exposure += ticks;
            most = if ticks > most.0 { (ticks, at) } else { most };
        }
        if most.0 > 0 {
            main = Some(sources[most.1 as usize]);
        }
    } else {
        exposure = row.exposure(i);
    }
    debug_assert_eq!(exposure, row.exposure(i));
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
        let pairs = world.network.pair.get(links.clone()).unwrap_or_default();
        for &(at, ticks) in &heard[..count] {
            let credit = unit * ticks as f64;
            let e = links.start + at as usize;
            if L::CREDIT {
                state.credit.open[from + e] += credit;
            }
            if let Some(&pair) = pairs.get(at as usize) {
                state.structures.lines.add(pair as usize, credit, t);
            }
            if L::MECHANISMS {
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
