//! Size classes of firms, from a Pareto law of size.
//!
//! P(size > s) ∝ s^(−a) from the first bound to the largest size (Axtell 2001, *Zipf distribution of
//! U.S. firm sizes*, Science 293: a = 1.059). A class has the law's share of firms and mean size.

use crate::scenario::spec::FirmsSpec;

/// A size class.
#[derive(Clone, Debug, PartialEq)]
pub struct SizeClass {
    /// `from_` and its least size: names draws.
    pub id: String,
    /// Least size, in employees.
    pub from: f64,
    /// Share of firms.
    pub share: f64,
    /// Mean size, in employees: size_s.
    pub size: f64,
}

/// The size classes, ascending.
pub fn size_classes(spec: &FirmsSpec) -> Vec<SizeClass> {
    let a = spec.size_exponent;
    let ends = spec.size_bounds.iter().skip(1).map(|b| f64::from(*b));
    let ends: Vec<f64> = ends.chain([spec.largest]).collect();
    let bounds = spec.size_bounds.iter().zip(ends);
    let law: Vec<(u32, f64, f64)> = bounds
        .map(|(&from, to)| {
            let low = f64::from(from);
            let mass = libm::pow(low, -a) - libm::pow(to, -a);
            // ∫ s · a · s^(−a−1) ds
            let sum = if (a - 1.0).abs() < 1e-9 {
                libm::log(to / low)
            } else {
                a / (a - 1.0) * (libm::pow(low, 1.0 - a) - libm::pow(to, 1.0 - a))
            };
            (from, mass, sum / mass)
        })
        .collect();
    let all: f64 = law.iter().map(|(_, mass, _)| mass).sum();
    law.into_iter()
        .map(|(from, mass, size)| SizeClass {
            id: format!("from_{from}"),
            from: f64::from(from),
            share: mass / all,
            size,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_means_are_those_of_the_law() {
        let spec = FirmsSpec::default();
        let classes = size_classes(&spec);
        let total: f64 = classes.iter().map(|class| class.share).sum();
        assert!((total - 1.0).abs() < 1e-12);
        // P(size ≥ 10) of the untruncated law is 10^(−1.059) = 0.0873.
        assert!((1.0 - classes[0].share - 0.0873).abs() < 1e-4);
        for (class, next) in classes.iter().zip(classes.iter().skip(1)) {
            assert!(class.from < class.size && class.size < next.from);
        }
        // With an exponent of 1 the mean over [1, 10) is ln 10 / 0.9.
        let flat = size_classes(&FirmsSpec {
            size_exponent: 1.0,
            ..spec
        });
        assert!((flat[0].size - std::f64::consts::LN_10 / 0.9).abs() < 1e-9);
    }
}
