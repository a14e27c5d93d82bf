//! What adoptions are owed to under the estimates: the mean over adoptions of the share that each term has in their hazard.
//! That of all contagion is what network-based diffusion analysis calls %ST (Hoppitt and Laland 2013, *Social Learning*).
//!
//! Where factors of items or places act on the whole hazard they cancel out. Limits are quantiles over draws of the
//! parameters, or over clusters drawn again. In draws no rate is exactly 0: where the only rate of contagion is not told from
//! 0, the shares at both limits of this rate are taken, the others at their best. So they are where a rate stands at 0 in
//! all draws; with several rates of contagion there are no limits then.

use rayon::prelude::*;

use super::found::{Share, Term, Untold};
use super::likelihood::Likelihood;
use super::maximise::Maximum;
use super::profile::Profile;
use super::terms::{Kind, Parameter};

/// Rows with an adoption times rates times draws that are gone over at most, unless there were fewer than [`FEWEST`] draws.
const MOST: usize = 100_000_000;
/// Fewest draws.
const FEWEST: usize = 200;

/// A maximum, and what is known about it.
pub struct Spread<'a> {
    /// The likelihood.
    pub l: &'a Likelihood,
    /// The parameters.
    pub parameters: &'a [Parameter],
    /// Which of them are estimated.
    pub free: &'a [bool],
    /// The maximum.
    pub best: &'a Maximum,
    /// What is told of the parameters that are estimated.
    pub terms: &'a [Term],
    /// Draws about the maximum, as long as the parameters are.
    pub draws: &'a [Vec<f64>],
    /// Whether rates at 0 vary in these.
    pub border: bool,
    /// Fits to clusters that were drawn again.
    pub again: Option<&'a [Vec<f64>]>,
}

impl Spread<'_> {
    /// By rate, the share of the adoptions.
    fn at(&self, p: &[f64]) -> Vec<f64> {
        let l = self.l;
        let (factors, mut hazard) = (l.factors(p), l.room());
        let (mut shares, mut all) = (vec![0.0; l.rates], 0.0);
        let rows = l.adoptions.chunks(l.rates.max(1)).zip(&l.counts);
        for (x, (cell, count)) in rows {
            l.hazard(p, &factors, *cell as usize, x, &mut hazard);
            all += count;
            let per = count / hazard.total;
            for (m, share) in shares.iter_mut().enumerate() {
                *share += per * p[m] * hazard.gradient[m];
            }
        }
        shares.iter_mut().for_each(|share| *share /= all);
        shares
    }

    fn is_contagion(&self, m: usize) -> bool {
        matches!(self.parameters[m].kind(), Kind::Contagion | Kind::Strength)
    }

    /// The term of a parameter that is estimated.
    fn term(&self, m: usize) -> Option<&Term> {
        let mut terms = self.terms.iter();
        terms.find(|term| term.parameter.key == self.parameters[m].key)
    }

    /// Whether data tell what these rates have together.
    fn is_told(&self, of: &[usize]) -> bool {
        let within = |keys: &[String]| {
            let own = |key: &String| of.iter().any(|m| self.parameters[*m].key == *key);
            let rates = keys.iter().filter(|key| {
                let at = self.parameters.iter().position(|p| p.key == **key);
                at.is_some_and(|at| at < self.l.rates)
            });
            let (all, inside) = (rates.clone().count(), rates.filter(|key| own(key)).count());
            inside == 0 || inside == all && all == keys.len()
        };
        self.terms.iter().all(|term| match &term.unidentified {
            Some(Untold::Together(keys)) => within(keys),
            Some(Untold::Endless(keys)) => !keys.iter().any(|key| {
                let at = self.parameters.iter().position(|p| p.key == *key);
                at.is_some_and(|at| at < self.l.rates)
            }),
            Some(Untold::Unexposed | Untold::Flat) | None => true,
        })
    }

    /// The shares; `profile` is that of a parameter.
    pub fn shares<'p>(&self, profile: impl Fn(usize) -> Profile<'p>) -> Vec<Share> {
        let l = self.l;
        let rates: Vec<usize> = (0..l.rates)
            .filter(|m| self.best.at[*m] > 0.0 || self.free[*m])
            .collect();
        if l.counts.is_empty() || !self.best.of.value.is_finite() {
            return Vec::new();
        }
        let contagion: Vec<usize> = rates
            .iter()
            .copied()
            .filter(|m| self.is_contagion(*m))
            .collect();
        let own = self.at(&self.best.at);
        // By draw, the share of each rate; and what the draws are.
        let stands = |m: &usize| self.free[*m] && self.best.at[*m] <= 0.0;
        let mut free = contagion.iter().filter(|m| self.free[**m]);
        let untold = match (free.next(), free.next()) {
            (Some(m), None) => self.term(*m).is_some_and(|of| of.limits[0] == Some(0.0)),
            _ => false,
        };
        let (interval, all) = match self.again {
            Some(fits) => (Some("bootstrap"), self.over(fits)),
            None if untold || !self.border && (0..l.rates).any(|m| stands(&m)) => {
                self.ends(&contagion, profile)
            }
            None => (Some("draws"), self.over(self.draws)),
        };
        let of = |parameter: Option<Parameter>, set: &[usize]| {
            let sum = |shares: &[f64]| set.iter().map(|m| shares[*m]).sum::<f64>();
            let mut limits = limits(all.iter().map(|shares| sum(shares)).collect());
            // A rate that is not told from 0 has a share that is not.
            let rate = parameter.as_ref().and_then(|_| self.term(set[0]));
            if rate.is_some_and(|rate| rate.limits[0] == Some(0.0)) {
                limits[0] = limits[0].map(|_| 0.0);
            }
            self.is_told(set).then(|| Share {
                parameter,
                share: sum(&own),
                interval: interval.filter(|_| limits[0].is_some()),
                limits,
            })
        };
        let whole = (!contagion.is_empty())
            .then(|| of(None, &contagion))
            .flatten();
        let each = rates.iter().filter(|m| self.free[**m] || own[**m] > 0.0);
        let each = each.filter_map(|m| of(Some(self.parameters[*m].clone()), &[*m]));
        whole.into_iter().chain(each).collect()
    }

    /// Shares at several values of the parameters.
    fn over(&self, values: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let each = (self.l.counts.len() * self.l.rates).max(1);
        let count = (MOST / each).max(FEWEST).min(values.len());
        values[..count].par_iter().map(|p| self.at(p)).collect()
    }

    /// Shares at both limits of the only rate of contagion that is estimated.
    fn ends<'p>(
        &self,
        contagion: &[usize],
        profile: impl Fn(usize) -> Profile<'p>,
    ) -> (Option<&'static str>, Vec<Vec<f64>>) {
        let mut free = contagion.iter().filter(|m| self.free[**m]);
        let (Some(&m), None) = (free.next(), free.next()) else {
            return (None, Vec::new());
        };
        let limits = self.term(m).map_or([None; 2], |term| term.limits);
        let [Some(low), Some(high)] = limits else {
            return (None, Vec::new());
        };
        let at = |value: f64| self.at(&profile(m).with(value, self.best).at);
        (Some("profile"), vec![at(low), at(high)])
    }
}

/// The 2.5 and 97.5 % quantiles, of two values these themselves.
fn limits(mut all: Vec<f64>) -> [Option<f64>; 2] {
    all.retain(|share| share.is_finite());
    all.sort_by(f64::total_cmp);
    let quantile = |share: f64| {
        let at = share * all.len().checked_sub(1)? as f64;
        let at = if all.len() == 2 { at.round() } else { at };
        let (low, high) = (all[at.floor() as usize], all[at.ceil() as usize]);
        Some(low + (at - at.floor()) * (high - low))
    };
    [quantile(0.025), quantile(0.975)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::maximise::maximise;
    use crate::inference::terms::What;

    /// Three adoptions, of which the first hears nobody: with a = 0.1 and b = 0.3 and exposures of 0, 1 and 2 contagion has
    /// 0, 3/4 and 6/7 of their hazards. Over two draws in which it has all, and none, of the two that hear, limits lie
    /// between.
    #[test]
    fn shares_are_means_over_adoptions() {
        let l = Likelihood {
            rates: 2,
            intrinsic: 1,
            totals: vec![10.0, 3.0],
            adoptions: vec![1.0, 0.0, 1.0, 1.0, 1.0, 2.0],
            counts: vec![(0, 1.0); 3],
            ..Likelihood::default()
        };
        let parameter = |name: &str, what| Parameter {
            name: name.to_owned(),
            key: name.to_owned(),
            what,
            value: 0.0,
            free: true,
        };
        let parameters = [
            parameter("intrinsic", What::Intrinsic),
            parameter("beta", What::Beta),
        ];
        let mut best = maximise(&l, &[0.1, 0.3], &[false; 2]);
        best.at = vec![0.1, 0.3];
        let draws = [
            vec![0.1, 0.0],
            vec![0.1, 0.3],
            vec![0.1, 0.3],
            vec![0.1, 0.3],
        ];
        let spread = Spread {
            l: &l,
            parameters: &parameters,
            free: &[true; 2],
            best: &best,
            terms: &[],
            draws: &draws,
            border: false,
            again: None,
        };
        let found = spread.shares(|_| unreachable!("no rate stands at 0"));
        let wanted = (0.75 + 6.0 / 7.0) / 3.0;
        let names: Vec<Option<&str>> = found
            .iter()
            .map(|of| Some(of.parameter.as_ref()?.name.as_str()))
            .collect();
        assert_eq!(names, [None, Some("intrinsic"), Some("beta")]);
        assert!((found[0].share - wanted).abs() < 1e-12 && found[0].share == found[2].share);
        assert!((found[1].share - (1.0 - wanted)).abs() < 1e-12);
        let [low, high] = found[0].limits.map(Option::unwrap);
        assert!(
            (low - 0.075 * wanted).abs() < 1e-12 && high == found[0].share,
            "{low} {high}"
        );
    }
}
