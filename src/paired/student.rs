//! Quantiles and tail probabilities of Student's t, the same on every platform: in terms of
//! `libm`, where libraries of distributions take the system's functions.

use crate::normal;

/// The 0.975 quantile of the normal.
pub(crate) const Z_975: f64 = 1.959_963_984_540_054;

/// From this many degrees of freedom on, the expansion in 1/ν is used: its error is below 10⁻⁹.
const EXPANSION: f64 = 1000.0;

/// ln √π.
const LN_ROOT_PI: f64 = 0.572_364_942_924_700_1;

/// The 0.975 quantile of Student's t with `freedom` > 0 degrees of freedom: half the width of a
/// 95 % interval in standard errors. NaN for other numbers.
pub fn t_quantile(freedom: f64) -> f64 {
    t_upper(0.025, freedom)
}

/// The point that Student's t exceeds with probability `tail`, in (0, ½]. NaN for other numbers.
pub(crate) fn t_upper(tail: f64, freedom: f64) -> f64 {
    if !(freedom > 0.0 && tail > 0.0 && tail <= 0.5) {
        return f64::NAN;
    }
    // Abramowitz and Stegun (1964), 26.7.5.
    let z = -normal::quantile(tail);
    let s = z * z;
    let terms = [
        (s + 1.0) / 4.0,
        ((5.0 * s + 16.0) * s + 3.0) / 96.0,
        (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0,
        ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92160.0,
    ];
    let sum = terms.iter().rev();
    let t = z * sum.fold(0.0, |sum, term| (sum + term) / freedom) + z;
    if freedom < EXPANSION && t > 0.0 {
        inverted(tail, freedom, if freedom < 2.0 { 1.0 } else { t })
    } else {
        t
    }
}

/// P(|t| ≥ |`t`|) for Student's t with `freedom` > 0 degrees of freedom, to about 13 digits; NaN when one is NaN.
pub fn two_sided_p(t: f64, freedom: f64) -> f64 {
    if t.is_nan() {
        return f64::NAN;
    }
    if freedom.is_nan() || freedom <= 0.0 {
        return f64::NAN;
    }
    let square = t * t;
    if freedom == f64::INFINITY {
        return libm::erfc(t.abs() * std::f64::consts::FRAC_1_SQRT_2);
    }
    if square == f64::INFINITY {
        return 0.0;
    }
    // I_x(a, ½) at x = ν/(ν + t²), whose fraction (Abramowitz and Stegun 1964, 26.5.9) is of x/(1 − x) = ν/t², and near 0
    // 1 less that of 1 − x (26.5.8): so nothing is taken of a rounded x that is close to 1.
    let (a, rest) = (freedom / 2.0, square / (freedom + square));
    // x^a / B(a, ½).
    let front = libm::exp(-a * libm::log1p(square / freedom) - ln_beta_half(a));
    if square < 1.0 {
        let value = fraction(|n| {
            let odd = -(n - 0.5) * (a + n - 0.5) / ((2.0 * n - 1.5) * (2.0 * n - 0.5));
            let even = n * (a - n) / ((2.0 * n - 0.5) * (2.0 * n + 0.5));
            [odd * rest, even * rest]
        });
        1.0 - 2.0 * front * rest.sqrt() * value
    } else {
        let odds = freedom / square;
        let value = fraction(|n| {
            let odd = (a + n - 1.0) * (n - 0.5) / ((a + 2.0 * n - 2.0) * (a + 2.0 * n - 1.0));
            let even = n * (a + n - 0.5) / ((a + 2.0 * n - 1.0) * (a + 2.0 * n));
            [odd * odds, even * odds]
        });
        front / rest.sqrt() * value / a
    }
}

/// ln B(`a`, ½).
fn ln_beta_half(a: f64) -> f64 {
    if a < 50.0 {
        return libm::lgamma(a) - libm::lgamma(a + 0.5) + LN_ROOT_PI;
    }
    // ln Γ(a + ½) − ln Γ(a) by Stirling's series, as the difference of two large numbers loses digits.
    let b = 1.0 / (a * a);
    let series = -1.0 / 8.0 + b * (1.0 / 192.0 + b * (-1.0 / 640.0 + b * 17.0 / 14336.0));
    LN_ROOT_PI - (0.5 * libm::log(a) + series / a)
}

/// The continued fraction 1/(1 + e₁/(1 + e₂/(1 + …))) by Lentz's method, its terms two at a time.
fn fraction(terms: impl Fn(f64) -> [f64; 2]) -> f64 {
    let (mut c, mut d, mut value) = (1.0, 0.0, 1.0);
    for n in 1..10_000 {
        let before: f64 = value;
        for term in terms(f64::from(n)) {
            d = 1.0 / (1.0 + term * d);
            c = 1.0 + term / c;
            value *= c * d;
        }
        if (value - before).abs() <= f64::EPSILON * value.abs() {
            break;
        }
    }
    1.0 / value
}

/// The point that Student's t exceeds with probability `tail`, in (0, ½], from a first guess: Newton's method for the
/// logarithm of the probability, within bounds that close in.
fn inverted(tail: f64, freedom: f64, guess: f64) -> f64 {
    let density = |t: f64| {
        let power = -0.5 * (freedom + 1.0) * libm::log1p(t * t / freedom);
        libm::exp(power - ln_beta_half(freedom / 2.0)) / freedom.sqrt()
    };
    let (mut low, mut high, mut t) = (0.0, f64::INFINITY, guess);
    for _ in 0..200 {
        let p = two_sided_p(t, freedom);
        if p > 2.0 * tail {
            low = t;
        } else {
            high = t;
        }
        let next = t + libm::log(p / (2.0 * tail)) * p / (2.0 * density(t));
        let next = match next {
            next if next > low && next < high => next,
            _ if high == f64::INFINITY => 2.0 * t,
            _ => low + (high - low) / 2.0,
        };
        if (next - t).abs() <= 2.0 * f64::EPSILON * t {
            return next;
        }
        t = next;
    }
    t
}

/// The `probability` quantile of an ascending simulated sample of size B: its order statistic
/// number (B + 1) · probability, interpolated, and no further out than the sample. NaN without one.
pub(super) fn simulated_quantile(sorted: &[f64], probability: f64) -> f64 {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return f64::NAN;
    };
    let place = probability * (sorted.len() + 1) as f64;
    let below = place.floor();
    if below < 1.0 {
        return *first;
    }
    match (sorted.get(below as usize - 1), sorted.get(below as usize)) {
        (Some(low), Some(high)) => low + (place - below) * (high - low),
        _ => *last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The regularised incomplete beta function to 60 digits, by mpmath 1.3: `betainc(ν/2, 1/2, 0, ν/(ν + t²))`.
    #[test]
    fn tails_are_those_of_many_digits() {
        for (freedom, t, exact) in [
            (0.3, 0.001, 0.9995413618255377),
            (0.3, 0.7, 0.745623088766498),
            (0.3, 1.5, 0.6123276668287786),
            (0.3, 2.2, 0.5489382380429759),
            (0.3, 9.0, 0.36146741240703695),
            (0.3, 40.0, 0.23112832603002542),
            (1.0, 0.001, 0.9993633804398389),
            (1.0, 0.7, 0.6111997755715705),
            (1.0, 1.5, 0.37433408362199766),
            (1.0, 2.2, 0.27159949756018376),
            (1.0, 9.0, 0.07044657495455454),
            (1.0, 40.0, 0.015912179824051628),
            (1.7, 0.001, 0.9993067524762471),
            (1.7, 0.7, 0.567246586427976),
            (1.7, 1.5, 0.29279781691668716),
            (1.7, 2.2, 0.1807936984421723),
            (1.7, 9.0, 0.019666752235798626),
            (1.7, 40.0, 0.001576730615727015),
            (3.0, 0.001, 0.9992648949694609),
            (3.0, 0.7, 0.5343269983047636),
            (3.0, 1.5, 0.23058386524482305),
            (3.0, 2.2, 0.11517195197647073),
            (3.0, 9.0, 0.002895812161864147),
            (3.0, 40.0, 3.4380680789158526e-05),
            (19.0, 0.001, 0.9992125405235656),
            (19.0, 0.7, 0.49241008822493715),
            (19.0, 1.5, 0.15004853074227154),
            (19.0, 2.2, 0.040381101646174124),
            (19.0, 9.0, 2.7927579624638652e-08),
            (19.0, 40.0, 8.30775719933843e-20),
            (300.0, 0.001, 0.9992027801981141),
            (300.0, 0.7, 0.48446976234592803),
            (300.0, 1.5, 0.13466603314926173),
            (300.0, 2.2, 0.02856919022597179),
            (300.0, 9.0, 2.651589578261813e-17),
            (300.0, 40.0, 2.8524180395311874e-122),
            (10000.0, 0.001, 0.9992021355190525),
            (10000.0, 0.7, 0.4839435881801164),
            (10000.0, 1.5, 0.13364597182361962),
            (10000.0, 2.2, 0.027829686326735093),
            (10000.0, 9.0, 2.6678432694686625e-19),
            (2000000.0, 0.001, 0.9992021156719135),
            (2000000.0, 0.7, 0.4839273858663514),
            (2000000.0, 1.5, 0.13361456038727015),
            (2000000.0, 2.2, 0.02780700897144999),
            (2000000.0, 9.0, 2.259074176233921e-19),
        ] {
            let p = two_sided_p(t, freedom);
            assert!(
                (p - exact).abs() <= 1e-12 * exact,
                "{freedom} {t}: {p} {exact}"
            );
        }
    }

    /// From one degree of freedom, where the law is Cauchy's, through two, which has a closed form.
    #[test]
    fn quantiles_in_closed_form() {
        for tail in [0.5, 0.4, 0.1, 0.025, 1e-3, 1e-6, 1e-9] {
            let cauchy = 1.0 / (std::f64::consts::PI * tail).tan();
            let two = (1.0 - 2.0 * tail) * (0.5 / (tail * (1.0 - tail))).sqrt();
            for (freedom, exact) in [(1.0, cauchy), (2.0, two)] {
                let got = t_upper(tail, freedom);
                assert!(
                    (got - exact).abs() <= 1e-11 * exact + 1e-15,
                    "{freedom} {tail}: {got} {exact}"
                );
            }
        }
    }

    /// Published two-sided 5 % points of Student's t (any statistics text).
    #[test]
    fn quantiles_are_the_tabled_ones() {
        for (freedom, t) in [
            (1.0, 12.706_204_7),
            (2.0, 4.302_652_7),
            (9.0, 2.262_157_2),
            (19.0, 2.093_024_1),
            (30.0, 2.042_272_5),
            (120.0, 1.979_930_4),
            (1000.0, 1.962_339_1),
        ] {
            let got = t_quantile(freedom);
            assert!((got - t).abs() < 1e-7, "{freedom}: {got}");
        }
        assert!((t_quantile(1e15) - Z_975).abs() < 1e-12);
        assert!(t_quantile(0.0).is_nan() && t_quantile(f64::NAN).is_nan());
        assert!(t_upper(0.0, 3.0).is_nan() && t_upper(0.6, 3.0).is_nan());
    }

    /// The expansion continues the inversion where they meet, also far out.
    #[test]
    fn expansion_meets_inversion() {
        for tail in [0.4, 0.05, 0.025, 1e-3, 1e-4, 1e-6] {
            let below = t_upper(tail, EXPANSION - 1e-9);
            let above = t_upper(tail, EXPANSION);
            assert!((below - above).abs() < 1e-8, "{tail}: {below} {above}");
        }
    }

    #[test]
    fn tail_probability_inverts_the_quantile() {
        for freedom in [1.0, 3.0, 19.0, 99.0, 999.0, 4999.0] {
            let p = two_sided_p(-t_quantile(freedom), freedom);
            assert!((p - 0.05).abs() < 1e-9, "{freedom}: {p}");
        }
        assert_eq!(two_sided_p(0.0, 5.0), 1.0);
        assert_eq!(two_sided_p(f64::INFINITY, 5.0), 0.0);
        assert!(two_sided_p(f64::NAN, 5.0).is_nan() && two_sided_p(1.0, f64::NAN).is_nan());
        assert!((normal::cdf(normal::quantile(0.3)) - 0.3).abs() < 1e-12);
    }

    #[test]
    fn simulated_quantiles_are_order_statistics() {
        let sorted = [1.0, 2.0, 4.0];
        for (probability, value) in [
            (0.0, 1.0),
            (0.25, 1.0),
            (0.5, 2.0),
            (0.625, 3.0),
            (0.75, 4.0),
            (1.0, 4.0),
        ] {
            assert_eq!(simulated_quantile(&sorted, probability), value);
        }
        assert!(simulated_quantile(&[], 0.5).is_nan());
    }
}
