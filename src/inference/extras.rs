//! What is asked of an estimation beside the estimates: permutations of the links, held-out data.

use rayon::prelude::*;

use crate::draw::{Luck, Process, id_hash};
use crate::scenario::Scenario;

use super::gather::Setting;
use super::held::{HoldOut, Rows};
use super::maximise::maximise;
use super::naive::{bass, cloglog, of_bass, of_cloglog};
use super::score::{Score, score};
use super::start::Start;
use super::terms::{Kind, Parameter};

/// Permutations of the links, and those whose ℓ is at least `own`, that of the links themselves. None where no contagion
/// is estimated. `places` are their hashes.
pub fn permuted(
    scenario: &Scenario,
    setting: &Setting<'_>,
    parameters: &[Parameter],
    (own, count): (f64, u32),
    places: &[u64],
) -> Option<(u32, u32)> {
    let contagion = |p: &&Parameter| p.free && p.kind() == Kind::Contagion;
    parameters.iter().find(contagion)?;
    let (luck, name) = (Luck::fixed(scenario.seed), id_hash("permutation"));
    let adopts: Vec<bool> = setting.open().iter().map(|[from, to]| from <= to).collect();
    let possible = vec![true; setting.rates()];
    let reaches = |number: u32| {
        // Those that can adopt change their parts, in the order of named draws.
        let these: Vec<usize> = (0..places.len()).filter(|i| adopts[*i]).collect();
        let mut order = these.clone();
        let drawn = |i: usize| luck.uniform(Process::Permutation, places[i], name, number);
        order.sort_by(|a, b| drawn(*a).total_cmp(&drawn(*b)).then(a.cmp(b)));
        let mut to: Vec<usize> = (0..places.len()).collect();
        these
            .iter()
            .zip(&order)
            .for_each(|(i, other)| to[*i] = *other);
        let other = setting.over(setting.exposures().permuted(&to));
        let gathered = other.gather(scenario, &possible);
        let start = Start::new(&gathered, parameters);
        maximise(&gathered.likelihood, &start.at, &start.free)
            .of
            .value
            >= own
    };
    let reached = (0..count).into_par_iter().filter(|number| reaches(*number));
    Some((count, reached.count() as u32))
}

/// How well the model and naive ones foretell what is held out. `names` are the ids of items and the hashes of places.
pub fn scores(
    scenario: &Scenario,
    setting: &Setting<'_>,
    parameters: &[Parameter],
    of: HoldOut,
    names: (&[&str], &[u64]),
) -> Vec<Score> {
    let last = setting.items.iter().map(|item| item.risk[1]).max();
    let kept = Rows::kept(of, names, last.unwrap_or(0), scenario.seed);
    let possible = vec![true; setting.rates()];
    let gathered = setting.gather_of(scenario, &possible, &kept);
    let l = &gathered.likelihood;
    let mut list = Vec::new();
    let mut put = |model: &'static str, free: &[bool], start: &[f64]| {
        let best = maximise(l, start, free);
        if !best.of.value.is_finite() {
            return;
        }
        let (factors, mut room) = (l.factors(&best.at), l.room());
        let told = free.iter().filter(|free| **free).count();
        list.push(score(setting, &kept, (model, told), |_, piece, put| {
            l.hazard(&best.at, &factors, piece.cell, piece.x, &mut room);
            put(room.total, *piece);
        }));
    };
    let own = Start::new(&gathered, parameters);
    put("estimated", &own.free, &own.at);
    let plain = gathered.adoptions as f64 / l.unheard().max(1.0);
    let mut alone = vec![false; parameters.len()];
    alone[..l.intrinsic].fill(true);
    let mut start = vec![0.0; parameters.len()];
    start[..l.intrinsic].fill(plain);
    put("constant_hazard", &alone, &start);
    if let Some(of) = bass(setting, &kept) {
        list.push(score(setting, &kept, (of.model, 2), of_bass(setting, of.p)));
    }
    if let Some(of) = cloglog(setting, &kept) {
        list.push(score(setting, &kept, (of.model, 2), |_, piece, put| {
            put(of_cloglog(setting, of.p, piece), *piece);
        }));
    }
    list
}
