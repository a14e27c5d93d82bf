//! Simpler models than the one that is estimated, and tests against them.

use super::boundary::{self, Part};
use super::found::{End, Fit, Test};
use super::gather::Setting;
use super::held::Rows;
use super::matrix::Matrix;
use super::maximise::{Maximum, maximise};
use super::naive::{bass, cloglog};
use super::sandwich::Cluster;
use super::search::Search;
use super::terms::Kind;

impl Search<'_> {
    /// The test of the maximum against `null`, where the parameters `tested` are 0. The ratio of variances under
    /// clustering scales it; without one there is no p.
    pub(super) fn test(
        &self,
        null: &Maximum,
        tested: &[usize],
        ratio: Option<f64>,
    ) -> Option<Test> {
        let lr = 2.0 * (self.best.of.value - null.of.value);
        if !lr.is_finite() {
            return None;
        }
        let lr = lr.max(0.0);
        // Tested ones, and nuisances at 0, among all that data tell.
        let mut about: Vec<(usize, Part)> = tested
            .iter()
            .map(|&i| {
                (
                    i,
                    if self.l.bounded(i) {
                        Part::Rate
                    } else {
                        Part::Effect
                    },
                )
            })
            .collect();
        let mut set: Vec<usize> = tested.to_vec();
        let flat = self.flat.iter().chain(&self.endless).flatten();
        let flat: Vec<usize> = flat.copied().collect();
        for i in (0..self.free.len()).filter(|&i| self.free[i] && !tested.contains(&i)) {
            if flat.contains(&i) && !self.set.contains(&i) {
                continue;
            }
            set.push(i);
            if self.l.bounded(i) && null.at[i] <= 0.0 {
                about.push((i, Part::Nuisance));
            }
        }
        let parts: Vec<Part> = about.iter().map(|(_, part)| *part).collect();
        let p = ratio.and_then(|ratio| {
            // The law of a single one hangs on no variance, which need not be there far from the maximum.
            if let [_] = parts.as_slice() {
                return boundary::tail(lr / ratio, &parts, &Matrix::zero(1), self.seed);
            }
            let v = self.covariance(null, &set);
            let at = |i: usize| set.iter().position(|j| *j == i);
            let positions: Option<Vec<usize>> = about.iter().map(|(i, _)| at(*i)).collect();
            let v = v?.part(&positions?, 1.0);
            boundary::tail(lr / ratio, &parts, &v, self.seed)
        });
        let law = boundary::law(&parts);
        Some(Test { lr, p, law })
    }

    /// The inverse information of these parameters at the maximum under a null. At a variance of 0 of frailties ℓ may curve
    /// upwards: the information is then that of the scores of the groups, Σ s s′.
    fn covariance(&self, null: &Maximum, set: &[usize]) -> Option<Matrix> {
        let observed = null.of.hessian.part(set, -1.0).inverse();
        let groups = self.l.groups.as_ref().filter(|_| observed.is_none());
        let scores = groups.map(|groups| {
            let mut sum = Matrix::zero(set.len());
            for (score, _) in groups.each(self.l, &null.at) {
                let score: Vec<f64> = set.iter().map(|&i| score[i]).collect();
                sum.add_outer(1.0, &score);
            }
            sum
        });
        observed.or_else(|| scores?.inverse())
    }

    /// The rates of contagion that are estimated.
    pub(super) fn contagion(&self) -> Vec<usize> {
        let contagion = |i: &usize| self.free[*i] && spread(self.parameters[*i].kind());
        (0..self.free.len()).filter(contagion).collect()
    }

    /// Where the search for the maximum without contagion starts.
    pub(super) fn unheard(&self) -> Vec<f64> {
        let mut start = self.best.at.clone();
        self.contagion().iter().for_each(|&i| start[i] = 0.0);
        // From far out there is no way back.
        let endless = self
            .endless
            .iter()
            .flatten()
            .filter(|i| **i >= self.l.rates);
        endless.for_each(|&i| start[i] = 0.0);
        let plain = self.plain_rate();
        let unheard = start[..self.l.intrinsic].iter_mut().enumerate();
        unheard
            .filter(|(i, _)| self.free[*i])
            .for_each(|(_, rate)| *rate = rate.max(plain));
        start
    }

    /// The maximum with the parameters `tested` at 0; none where adoptions are impossible then.
    pub(super) fn without(&self, tested: &[usize], start: Vec<f64>) -> Option<Maximum> {
        let mut free = self.free.clone();
        tested.iter().for_each(|&i| free[i] = false);
        let null = maximise(self.l, &start, &free);
        null.of.value.is_finite().then_some(null)
    }

    /// The model, itself without contagion, a constant hazard, and naive ones.
    pub(super) fn fits(&self, setting: &Setting<'_>, cluster: Cluster) -> Vec<Fit> {
        let groups = self
            .l
            .groups
            .as_ref()
            .map_or(0, |of| of.effects(self.l.rates));
        let told = |free: &[bool]| free.iter().filter(|free| **free).count() + groups;
        let mut fits = vec![Fit {
            model: "estimated",
            parameters: (self.set.len() + groups).max(told(&self.free) - self.flat.len()),
            loglik: self.best.of.value,
            end: self.end(),
            test: None,
        }];
        let mut put = |model, tested: &[usize], null: &Maximum, test: bool| {
            let free = (0..self.free.len()).map(|i| self.free[i] && !tested.contains(&i));
            let ratio = (cluster == Cluster::None).then_some(1.0);
            fits.push(Fit {
                model,
                parameters: told(&free.collect::<Vec<_>>()),
                loglik: null.of.value,
                end: if null.done { End::Found } else { End::Unended },
                test: (test && null.done)
                    .then(|| self.test(null, tested, ratio))
                    .flatten(),
            });
        };
        let tested = self.contagion();
        if !tested.is_empty()
            && let Some(null) = self.without(&tested, self.unheard())
        {
            put("no_contagion", &tested, &null, true);
        }
        let unheard = 0..self.l.intrinsic;
        if unheard.clone().any(|i| self.free[i]) {
            // The variance of frailties stays: it is no part of the hazard.
            let others = (0..self.free.len())
                .filter(|&i| self.free[i] && !unheard.contains(&i) && self.l.variance() != Some(i));
            let others: Vec<usize> = others.collect();
            let mut start = vec![0.0; self.free.len()];
            start[..self.l.intrinsic].fill(self.plain_rate());
            if let Some(at) = self.l.variance() {
                start[at] = self.best.at[at].max(0.1);
            }
            if let Some(plain) = self.without(&others, start) {
                put("constant_hazard", &others, &plain, false);
            }
        }
        let all = Rows::all();
        let naive = [bass(setting, &all), cloglog(setting, &all)];
        fits.extend(naive.into_iter().flatten().map(|of| Fit {
            model: of.model,
            parameters: 2,
            loglik: of.loglik,
            end: if of.done { End::Found } else { End::Unended },
            test: None,
        }));
        fits
    }

    /// Adoptions by unit of readiness at risk; 0 where no intrinsic rate is estimated.
    fn plain_rate(&self) -> f64 {
        match self.free[..self.l.intrinsic].contains(&true) {
            true => self.gathered.adoptions as f64 / self.l.unheard().max(1.0),
            false => 0.0,
        }
    }
}

/// Whether a term of the hazard is one of contagion.
const fn spread(kind: Kind) -> bool {
    matches!(kind, Kind::Contagion | Kind::Strength)
}
