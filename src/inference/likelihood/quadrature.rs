//! Gauss and Hermite's rule, and what the law of a frailty, Gamma with mean 1 and variance v, needs of the gamma function.
//!
//! With k = 1/v and z = log u, the density of z is exp(c(k) − k · (e^z − 1 − z)), c(k) = k log k − k − log Γ(k).

/// Nodes x and the logarithms of their weights, of ∫ e^(−x²) f(x) dx (Abramowitz and Stegun 1964, 25.4.46): roots of the
/// Hermite polynomial of order `n` by Newton's steps on its orthonormal recursion.
pub fn hermite(n: usize) -> Vec<[f64; 2]> {
    let mut nodes = Vec::with_capacity(n);
    let first = libm::pow(std::f64::consts::PI, -0.25);
    // The polynomial of order n at x, and that of order n − 1.
    let at = |x: f64| {
        let (mut now, mut before) = (first, 0.0);
        for j in 0..n {
            let j = j as f64;
            let next = x * (2.0 / (j + 1.0)).sqrt() * now - (j / (j + 1.0)).sqrt() * before;
            (before, now) = (now, next);
        }
        (now, before)
    };
    let slope = (2.0 * n as f64).sqrt();
    let mut roots: Vec<f64> = Vec::with_capacity(n.div_ceil(2));
    let size = n as f64;
    for i in 0..n.div_ceil(2) {
        // Where the roots are about (Stroud and Secrest 1966), from the largest down.
        let root = |back: usize| roots[i - back];
        let mut x = match i {
            0 => (2.0 * size + 1.0).sqrt() - 1.85575 * libm::pow(2.0 * size + 1.0, -1.0 / 6.0),
            1 => root(1) - 1.14 * libm::pow(size, 0.426) / root(1),
            2 => 1.86 * root(1) - 0.86 * root(2),
            3 => 1.91 * root(1) - 0.91 * root(2),
            _ => 2.0 * root(1) - root(2),
        };
        for _ in 0..50 {
            let (now, before) = at(x);
            let step = now / (slope * before);
            x -= step;
            if step.abs() < 1e-15 * (1.0 + x.abs()) {
                break;
            }
        }
        roots.push(x);
    }
    for (i, &x) in roots.iter().enumerate() {
        let derivative = slope * at(x).1;
        let weight = libm::log(2.0 / (derivative * derivative));
        nodes.push([x, weight]);
        if 2 * i + 1 < n {
            nodes.push([-x, weight]);
        }
    }
    nodes.sort_by(|a, b| a[0].total_cmp(&b[0]));
    nodes
}

/// e^z − 1 − z.
pub fn excess(z: f64) -> f64 {
    match z.abs() < 0.03 {
        // What is left of the series is below 10⁻¹⁵ of the first term.
        true => {
            z * z / 2.0
                * (1.0
                    + z / 3.0
                        * (1.0
                            + z / 4.0
                                * (1.0
                                    + z / 5.0
                                        * (1.0 + z / 6.0 * (1.0 + z / 7.0 * (1.0 + z / 8.0))))))
        }
        false => libm::expm1(z) - z,
    }
}

/// c(k) = k log k − k − log Γ(k).
pub fn constant(k: f64) -> f64 {
    if k < 20.0 {
        return k * libm::log(k) - k - libm::lgamma(k);
    }
    let s = 1.0 / (k * k);
    libm::log(k / (2.0 * std::f64::consts::PI)) / 2.0
        - (1.0 / 12.0 - s * (1.0 / 360.0 - s / 1260.0)) / k
}

/// c′(k) = log k − ψ(k), and c″(k) = 1/k − ψ′(k).
pub fn slopes(k: f64) -> [f64; 2] {
    if k < 12.0 {
        // ψ(k) = ψ(k + 1) − 1/k.
        let [first, second] = slopes(k + 1.0);
        let next = 1.0 / (k + 1.0);
        return [
            first - libm::log1p(1.0 / k) + 1.0 / k,
            second - next + 1.0 / k - 1.0 / (k * k),
        ];
    }
    let s = 1.0 / (k * k);
    [
        1.0 / (2.0 * k) + s * (1.0 / 12.0 - s * (1.0 / 120.0 - s * (1.0 / 252.0 - s / 240.0))),
        -s * (0.5 + (1.0 / 6.0 - s * (1.0 / 30.0 - s * (1.0 / 42.0 - s / 30.0))) / k),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Even powers of x have known integrals: ∫ e^(−x²) x^(2m) dx = Γ(m + ½), exact up to order 2n − 1.
    #[test]
    fn rules_are_exact_for_polynomials() {
        for n in [5, 30, 60] {
            let nodes = hermite(n);
            assert_eq!(nodes.len(), n);
            for m in 0..n.min(12) as i32 {
                let power = |x: f64| x.powi(2 * m);
                let sum: f64 = nodes.iter().map(|[x, w]| libm::exp(*w) * power(*x)).sum();
                let wanted = libm::tgamma(f64::from(m) + 0.5);
                assert!(
                    (sum / wanted - 1.0).abs() < 1e-11,
                    "{n} {m}: {sum} {wanted}"
                );
            }
        }
    }

    /// Known values: ψ(1) = −0.5772…, ψ′(1) = π²/6; and the derivatives are those of the constant.
    #[test]
    fn the_gamma_function_has_its_known_values() {
        let [first, second] = slopes(1.0);
        assert!((first - 0.577_215_664_901_532_9).abs() < 1e-12);
        let pi = std::f64::consts::PI;
        assert!((second - (1.0 - pi * pi / 6.0)).abs() < 1e-12);
        for k in [0.3, 2.0, 19.9, 20.1, 500.0] {
            let e = 1e-5 * k;
            let slope = (constant(k + e) - constant(k - e)) / (2.0 * e);
            assert!(
                (slope - slopes(k)[0]).abs() < 1e-8 * (1.0 + slope.abs()),
                "{k}"
            );
            let second = (slopes(k + e)[0] - slopes(k - e)[0]) / (2.0 * e);
            assert!(
                (second - slopes(k)[1]).abs() < 1e-7 * (1.0 + second.abs()),
                "{k}"
            );
        }
        for z in [-0.04, -0.029, 0.029, 0.031, 1.5] {
            let plain = libm::exp(z) - 1.0 - z;
            assert!(
                (excess(z) - plain).abs() < 1e-15 + 1e-12 * plain.abs(),
                "{z}"
            );
        }
    }
}
