//! The Beta law by Cheng (1978), *Generating beta variates with nonintegral shape parameters*, Communications of
//! the ACM 21, doi 10.1145/359460.359482, with logarithms and exponentials that are the same on every platform.

use std::f64::consts::LN_2;

use rand::RngExt;
use rand_distr::Open01;

use super::Stream;

const LN_4: f64 = 2.0 * LN_2;
const LN_5: f64 = 1.609_437_912_434_100_3;

/// A Beta(`first`, `second`) draw of shapes above 0, in [0, 1]: algorithm BB where both shapes are above 1, else BC.
pub fn beta(first: f64, second: f64, stream: &mut Stream) -> f64 {
    let (small, large) = (first.min(second), first.max(second));
    let (first_is_a, b, w) = if small > 1.0 {
        (first < second, large, bb(small, large, stream))
    } else {
        (first >= second, small, bc(large, small, stream))
    };
    match first_is_a {
        true if w == f64::INFINITY => 1.0,
        true => w / (b + w),
        false => b / (b + w),
    }
}

/// a · (u / (1 − u))^β, and the logarithm β · ln(u / (1 − u)).
fn odds(a: f64, beta: f64, u: f64) -> (f64, f64) {
    let v = beta * libm::log(u / (1.0 - u));
    (a * libm::exp(v), v)
}

/// Shapes above 1, `a` the smaller one.
fn bb(a: f64, b: f64, stream: &mut Stream) -> f64 {
    let alpha = a + b;
    let beta = ((alpha - 2.0) / (2.0 * a * b - alpha)).sqrt();
    let gamma = a + 1.0 / beta;
    loop {
        let (u1, u2): (f64, f64) = (stream.sample(Open01), stream.sample(Open01));
        let (w, v) = odds(a, beta, u1);
        let z = u1 * u1 * u2;
        let r = gamma * v - LN_4;
        let s = a + r - w;
        if s + 1.0 + LN_5 >= 5.0 * z {
            return w;
        }
        let t = libm::log(z);
        if s >= t || r + alpha * libm::log(alpha / (b + w)) >= t {
            return w;
        }
    }
}

/// Any shapes, `a` the larger one.
fn bc(a: f64, b: f64, stream: &mut Stream) -> f64 {
    let alpha = a + b;
    let beta = 1.0 / b;
    let delta = 1.0 + a - b;
    let kappa_1 = delta * (1.0 / 72.0 + b / 24.0) / (a * beta - 7.0 / 9.0);
    let kappa_2 = 0.25 + (0.5 + 0.25 / delta) * b;
    loop {
        let (u1, u2): (f64, f64) = (stream.sample(Open01), stream.sample(Open01));
        let y = u1 * u2;
        let z = u1 * u1 * u2;
        if u1 < 0.5 {
            if 0.25 * u2 + z - y >= kappa_1 {
                continue;
            }
        } else if z <= 0.25 {
            return odds(a, beta, u1).0;
        } else if z >= kappa_2 {
            continue;
        }
        let (w, v) = odds(a, beta, u1);
        if alpha * (libm::log(alpha / (b + w)) + v) - LN_4 >= libm::log(z) {
            return w;
        }
    }
}

#[cfg(test)]
mod tests {
    use rand_distr::{Beta, Distribution};

    use super::super::{Luck, Process};
    use super::*;

    /// Those of `rand_distr`, whose logarithms are the system's, on the same words.
    #[test]
    fn draws_are_those_of_the_library() {
        let luck = Luck::new(12, 3);
        let shapes = [0.001, 0.3, 0.9999, 1.0, 1.0001, 2.0, 3.0, 7.5, 4000.0];
        for (n, first) in (0..).zip(shapes) {
            for (m, second) in (0..).zip(shapes) {
                let law = Beta::new(first, second).unwrap();
                for serial in 0..200 {
                    let stream = || luck.stream(Process::Quality, n, m, serial);
                    let (own, other) = (
                        beta(first, second, &mut stream()),
                        law.sample(&mut stream()),
                    );
                    let far = (own - other).abs() / other.min(1.0 - other).max(1e-300);
                    assert!(
                        own == other || far < 1e-11,
                        "{first} {second}: {own} {other}"
                    );
                }
            }
        }
    }
}
