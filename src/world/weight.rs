//! W_ij,d(t): what a link is made of, written once (model §7.3).
//!
//! W_ij,d(t) = W⁰_ij,d(t) · (1 + b_line·1\[line ij\] + b_circle·1\[i,j in one circle\] + b_axis·1\[i,j on one axis\])
//!           + Σ_alliances W^A_ij,d(t) + express_ij,d(t) + transit_ij,d(t),   W⁰_ij,d(t) = Σ_l a_dl · w^l_ij(t).
//!
//! What each of these is says its file in [`super::mechanism`]. [`Makeup::parts`] gives them one by one, for a block of domains
//! at once. Whoever asks for a weight asks it: `model::engine::weight` (the weights of now, and with them credit and
//! explanations) and [`super::ticks`] (base links alone, and the largest weights there can be, for bounds).

use std::iter::zip;
use std::ops::Range;

use crate::scenario::spec::LineSpec;

use super::mechanism::{Part, TIES, Terms, Ties, bonuses};

/// Domains for which the parts of a weight are worked out at once.
const BLOCK: usize = 8;

/// A value for each domain of a block; those beyond the last domain are 0.
pub type ByDomain = [f64; BLOCK];

/// What weights are weighed by: how much each domain travels on each layer and channel.
#[derive(Clone, Debug, Default)]
pub struct Makeup {
    /// a_dl, `[block · L + layer]`.
    layers: Vec<ByDomain>,
    /// Σ_l a_dl·c_l of each channel, `[block · C + channel]`.
    channels: Vec<ByDomain>,
    /// The bonus of each of [`TIES`].
    bonus: [f64; TIES.len()],
    /// L, C and the number of domains.
    counts: [usize; 3],
}

impl Makeup {
    /// For affinities `[domain][layer]`.
    pub fn new(affinity: &[Vec<f64>], terms: &Terms, line: &LineSpec) -> Self {
        let domains = affinity.len();
        let layers = affinity.first().map_or(0, Vec::len);
        let channels = terms.channels.len();
        Self {
            layers: by_block(domains, layers, |l, d| affinity[d][l]),
            channels: by_block(domains, channels, |c, d| terms.affinity[c][d]),
            bonus: bonuses(line),
            counts: [layers, channels, domains],
        }
    }

    /// The blocks of domains, with the domains of each.
    #[inline(always)]
    pub fn blocks(&self) -> impl Iterator<Item = (usize, Range<usize>)> + use<> {
        let domains = self.counts[2];
        let starts = (0..domains).step_by(BLOCK);
        starts.map(move |start| (start / BLOCK, start..domains.min(start + BLOCK)))
    }

    /// The block of a domain and its place there.
    #[inline(always)]
    pub const fn block_of(d: usize) -> (usize, usize) {
        (d / BLOCK, d % BLOCK)
    }

    /// Calls `part` for the parts that W_ij,d is made of, for the domains of a block: base links w^l_ij of each layer,
    /// bonuses where the ends are tied, and channels with their values. They can be 0.
    #[inline(always)]
    pub fn parts(
        &self,
        block: usize,
        base_links: &[f64],
        ties: Ties,
        channels: impl Iterator<Item = (usize, f64)>,
        mut part: impl FnMut(Part, &ByDomain),
    ) {
        let [layers, all_channels, _] = self.counts;
        let affinity = &self.layers[block * layers..(block + 1) * layers];
        let mut base = ByDomain::default();
        for (l, (a, w)) in zip(affinity, base_links).enumerate() {
            let carried = a.map(|a| a * w);
            add(&mut base, &carried);
            part(Part::Base(l), &carried);
        }
        for ((id, tie), bonus) in zip(TIES, self.bonus) {
            if ties.has(tie) {
                part(Part::Tie(id), &base.map(|base| base * bonus));
            }
        }
        let affinity = &self.channels[block * all_channels..];
        for (c, value) in channels {
            part(Part::Channel(c), &affinity[c].map(|a| value * a));
        }
    }
}

/// `of(n, domain)` for each n below `count`, `[block · count + n]`.
fn by_block(domains: usize, count: usize, of: impl Fn(usize, usize) -> f64) -> Vec<ByDomain> {
    let mut all = vec![ByDomain::default(); domains.div_ceil(BLOCK) * count];
    for d in 0..domains {
        for n in 0..count {
            all[d / BLOCK * count + n][d % BLOCK] = of(n, d);
        }
    }
    all
}

/// Adds parts to a sum.
#[inline(always)]
pub fn add(sum: &mut ByDomain, part: &ByDomain) {
    for (sum, part) in zip(sum, part) {
        *sum += part;
    }
}
