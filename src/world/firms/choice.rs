//! Whom a firm chooses as a partner: its region, industry, size class, then any firm of that cell.
//!
//! - Region r of a partner of a firm at p: m_r^a / max(d_pr, d_near)^γ, over regions with firms (gravity);
//!   d_pp = d_near.
//! - Industry g′, given r: io_gg′ · (firms of g′ at r) / share_g′: a region of the country's mix gives
//!   exactly the shares asked for, others by their location quotients. Without a table,
//!   io_gg′ = h · 1\[g = g′\] + (1 − h) · share_g′.
//! - Size class, given r and g′: (firms of the class there) · size_s^τ.
//!
//! A choice is a pure function of 128 random bits.

use crate::scenario::Scenario;
use crate::scenario::spec::MixingSpec;
use crate::world::{PlaceId, Places};

use super::Firms;
use super::population::national_shares;

/// The law of partners.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Places that have firms, ascending.
    pub regions: Vec<PlaceId>,
    /// Position among `regions` of each place; `u32::MAX` without firms.
    position: Vec<u32>,
    /// m_r^a of each region.
    mass: Vec<f64>,
    coordinates: Vec<(f64, f64)>,
    near_km: f64,
    distance_exponent: f64,
    /// Cumulative weights of g′, `[(g · R + r) · G + g′]`.
    industry: Vec<u32>,
    /// Cumulative weights of s, `[(r · G + g′) · S + s]`.
    size: Vec<u32>,
    /// First firm and number of firms, by `[(r · G + g′) · S + s]`.
    cell: Vec<(u32, u32)>,
    industries: usize,
    sizes: usize,
}

/// The law of the partner's region for the firms of one region: Walker's alias table (1977).
#[derive(Clone, Debug)]
pub struct RegionChoice {
    keep: Vec<u32>,
    other: Vec<u32>,
    /// Probability of each region.
    pub share: Vec<f64>,
}

impl Choice {
    /// The law of a world's firms, whose cells are known.
    pub fn new(scenario: &Scenario, places: &Places, firms: &Firms) -> Self {
        let cells = &firms.cells;
        let spec = &firms.spec;
        let mut regions = cells.place.clone();
        regions.dedup();
        let mut position = vec![u32::MAX; places.len()];
        for (r, place) in regions.iter().enumerate() {
            position[*place] = r as u32;
        }
        let (g_all, s_all) = (firms.industries.len(), firms.sizes.len());
        let r_all = regions.len();
        let mut cell = vec![(0, 0); r_all * g_all * s_all];
        for c in 0..cells.len() {
            let r = position[cells.place[c]] as usize;
            let (g, s) = (usize::from(cells.industry[c]), usize::from(cells.size[c]));
            let range = cells.range(c);
            cell[(r * g_all + g) * s_all + s] = (range.start as u32, range.len() as u32);
        }
        let mut industry = Vec::with_capacity(g_all * r_all * g_all);
        let io = io_shares(scenario, g_all);
        let share = scenario
            .firms
            .as_ref()
            .map_or_else(Vec::new, national_shares);
        let firms_of = |r: usize, g: usize| {
            let of = &cell[(r * g_all + g) * s_all..(r * g_all + g + 1) * s_all];
            of.iter().map(|(_, n)| f64::from(*n)).sum::<f64>()
        };
        for g in 0..g_all {
            for r in 0..r_all {
                let wanted = |h: usize| match firms_of(r, h) {
                    here if here > 0.0 && share[h] > 0.0 => io[g * g_all + h] * here / share[h],
                    _ => 0.0,
                };
                let mut weights: Vec<f64> = (0..g_all).map(wanted).collect();
                if weights.iter().all(|w| *w == 0.0) {
                    // Nobody there is of an industry that is looked for.
                    weights = (0..g_all).map(|h| firms_of(r, h)).collect();
                }
                cumulate(&weights, &mut industry);
            }
        }
        let mut size = Vec::with_capacity(cell.len());
        let pull: Vec<f64> = firms
            .sizes
            .iter()
            .map(|class| libm::pow(class.size, spec.choice_exponent))
            .collect();
        for of in cell.chunks(s_all) {
            let weights = of.iter().zip(&pull).map(|((_, n), p)| f64::from(*n) * p);
            cumulate(&weights.collect::<Vec<f64>>(), &mut size);
        }
        let row = |r: &PlaceId| &scenario.places[places.input[*r] as usize];
        Self {
            mass: regions
                .iter()
                .map(|r| libm::pow(row(r).weight, spec.mass_exponent))
                .collect(),
            coordinates: regions.iter().map(|r| places.position[*r]).collect(),
            near_km: spec.near_km,
            distance_exponent: spec.distance_exponent,
            regions,
            position,
            industry,
            size,
            cell,
            industries: g_all,
            sizes: s_all,
        }
    }

    /// The law of the partner's region for firms at `place`, which has some.
    pub fn region(&self, place: PlaceId) -> RegionChoice {
        let own = self.position[place] as usize;
        let (a, b) = self.coordinates[own];
        let weight = |r: usize| {
            let (c, d) = self.coordinates[r];
            let km = crate::world::distance::great_circle_km(a, b, c, d);
            self.mass[r] / libm::pow(km.max(self.near_km), self.distance_exponent)
        };
        RegionChoice::new(&(0..self.regions.len()).map(weight).collect::<Vec<f64>>())
    }

    /// The partner that four random words give to a firm of industry `g`; none where a rounding leads
    /// to an empty cell.
    #[inline(always)]
    pub fn partner(&self, region: &RegionChoice, g: usize, words: [u32; 4]) -> Option<u32> {
        let r = region.pick(words[0]);
        let at = g * self.regions.len() + r;
        let h = pick(
            &self.industry[at * self.industries..(at + 1) * self.industries],
            words[1],
        );
        let at = r * self.industries + h;
        let s = pick(&self.size[at * self.sizes..(at + 1) * self.sizes], words[2]);
        let (first, firms) = self.cell[at * self.sizes + s];
        let within = (u64::from(words[3]) * u64::from(firms)) >> 32;
        (firms > 0).then(|| first + within as u32)
    }

    /// Probability that a partner at region `r` (a position) of a firm of industry `g` is of each industry.
    pub fn industry_shares(&self, g: usize, r: usize) -> Vec<f64> {
        let at = g * self.regions.len() + r;
        let shares = &self.industry[at * self.industries..(at + 1) * self.industries];
        let before = std::iter::once(0).chain(shares.iter().copied());
        let widths = shares.iter().zip(before);
        widths
            .map(|(upto, from)| f64::from(upto - from) / f64::from(u32::MAX))
            .collect()
    }
}

impl RegionChoice {
    fn new(weights: &[f64]) -> Self {
        let n = weights.len();
        let all: f64 = weights.iter().sum();
        let share: Vec<f64> = weights.iter().map(|w| w / all).collect();
        let mut left: Vec<f64> = share.iter().map(|p| p * n as f64).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..n).partition(|&r| left[r] < 1.0);
        let mut keep = vec![u32::MAX; n];
        let mut other: Vec<u32> = (0..n as u32).collect();
        while let (Some(r), Some(&big)) = (small.pop(), large.last()) {
            keep[r] = (left[r] * 4_294_967_296.0) as u32;
            other[r] = big as u32;
            left[big] -= 1.0 - left[r];
            if left[big] < 1.0 {
                large.pop();
                small.push(big);
            }
        }
        Self { keep, other, share }
    }

    /// The region that a random word gives: the high part names a column, the rest chooses in it.
    #[inline(always)]
    fn pick(&self, word: u32) -> usize {
        let place = u64::from(word) * self.keep.len() as u64;
        let column = (place >> 32) as usize;
        if (place as u32) < self.keep[column] {
            column
        } else {
            self.other[column] as usize
        }
    }
}

/// Input–output shares, each row adding up to 1.
fn io_shares(scenario: &Scenario, industries: usize) -> Vec<f64> {
    let Some(layer) = &scenario.firms else {
        return Vec::new();
    };
    let homophily = match (&layer.io, &layer.spec.mixing) {
        (Some(io), _) => return io.clone(),
        (None, MixingSpec::Homophily { homophily }) => *homophily,
        (None, MixingSpec::Table { .. }) => 0.0,
    };
    let share = national_shares(layer);
    let at =
        |g: usize, h: usize| f64::from(u8::from(g == h)) * homophily + (1.0 - homophily) * share[h];
    let rows = (0..industries).flat_map(|g| (0..industries).map(move |h| (g, h)));
    rows.map(|(g, h)| at(g, h)).collect()
}

/// Appends the cumulative weights, scaled to 2³² − 1.
fn cumulate(weights: &[f64], to: &mut Vec<u32>) {
    let all: f64 = weights.iter().sum();
    let mut sum = 0.0;
    for w in weights {
        sum += w;
        let part = if all > 0.0 { (sum / all).min(1.0) } else { 0.0 };
        to.push((part * f64::from(u32::MAX)) as u32);
    }
}

/// The first position whose cumulative weight lies above the word.
#[inline(always)]
fn pick(cumulative: &[u32], word: u32) -> usize {
    let passed = cumulative.iter().filter(|upto| **upto <= word).count();
    passed.min(cumulative.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alias_tables_have_the_probabilities_asked_for() {
        let weights = [0.0, 3.0, 1.0, 0.5, 5.5];
        let choice = RegionChoice::new(&weights);
        let mut seen = [0u32; 5];
        let n = 1_000_000u32;
        for i in 0..n {
            let word = (u64::from(i) << 32) / u64::from(n);
            seen[choice.pick(word as u32)] += 1;
        }
        for (seen, weight) in seen.iter().zip(weights) {
            let share = f64::from(*seen) / f64::from(n);
            assert!((share - weight / 10.0).abs() < 1e-5, "{share} {weight}");
        }
    }

    #[test]
    fn an_empty_class_is_never_picked() {
        let mut cumulative = Vec::new();
        cumulate(&[0.0, 1.0, 0.0, 3.0, 0.0], &mut cumulative);
        for word in [0, 1, 1 << 29, 1 << 31, u32::MAX - 1] {
            assert!([1, 3].contains(&pick(&cumulative, word)), "{word}");
        }
    }
}
