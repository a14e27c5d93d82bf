//! How many partners a firm has: a discrete Pareto law with a given mean.
//!
//! K = min(⌊k · U^(−1/ζ)⌋, most), so P(K ≥ j) = min(1, (k/j)^ζ) for 1 ≤ j ≤ most; k is such that the
//! mean Σ_j P(K ≥ j) is what was asked. Tail exponents of about 1.3 were found for the suppliers and
//! customers of a million Japanese firms (Fujiwara and Aoyama 2010, *Large-scale structure of a
//! nation-wide production network*, Eur. Phys. J. B 77).

/// The law of the number of partners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Degree {
    /// k.
    pub scale: f64,
    /// ζ.
    pub exponent: f64,
    /// Most partners.
    pub most: u32,
}

impl Degree {
    /// The law with a mean of `mean`, which is at most `most`.
    pub fn new(mean: f64, exponent: f64, most: u32) -> Self {
        let law = |scale| Self {
            scale,
            exponent,
            most,
        };
        let (mut low, mut high) = (0.0, f64::from(most));
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if law(middle).mean() < mean {
                low = middle;
            } else {
                high = middle;
            }
        }
        law(if mean <= 0.0 { 0.0 } else { high })
    }

    /// P(K ≥ j).
    pub fn at_least(&self, j: u32) -> f64 {
        match j {
            0 => 1.0,
            j if j > self.most => 0.0,
            j => libm::pow(self.scale / f64::from(j), self.exponent).min(1.0),
        }
    }

    /// E[K].
    pub fn mean(&self) -> f64 {
        (1..=self.most).map(|j| self.at_least(j)).sum()
    }

    /// The number that a uniform draw in (0, 1] gives.
    #[inline(always)]
    pub fn draw(&self, uniform: f64) -> u16 {
        let k = self.scale * libm::pow(uniform, -1.0 / self.exponent);
        // At most 10,000.
        k.min(f64::from(self.most)) as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_what_was_asked() {
        for (mean, exponent, most) in [
            (10.0, 1.35, 1000),
            (0.4, 1.35, 1000),
            (3.0, 5.0, 50),
            (20.0, 0.8, 9000),
        ] {
            let law = Degree::new(mean, exponent, most);
            assert!((law.mean() - mean).abs() < 1e-6, "{law:?}");
            let n = 200_000;
            let draw = |i: u32| f64::from(law.draw((f64::from(i) + 0.5) / f64::from(n)));
            let drawn: f64 = (0..n).map(draw).sum::<f64>() / f64::from(n);
            assert!((drawn / mean - 1.0).abs() < 0.01, "{law:?}: {drawn}");
        }
        assert_eq!(Degree::new(0.0, 1.35, 1000).draw(1e-9), 0);
        assert_eq!(Degree::new(7.0, 1.35, 7).draw(0.5), 7);
    }
}
