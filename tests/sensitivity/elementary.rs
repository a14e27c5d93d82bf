//! Elementary effects against functions whose effects are known.

use pointplane::draw::Stream;
use pointplane::paired::DrawName;
use pointplane::sensitivity::{elementary_effects, morris};
use rand::Rng;

use super::functions::{assert_between, stream, uniform};
use crate::common::bounds::Z;

const NAME: DrawName = DrawName::new(2007, 1, 2);

/// Steps between four levels, Δ = 2/3: any coordinate of any point is uniform on the levels and
/// independent of the others.
fn trajectories(count: usize, k: usize, stream: &mut Stream) -> Vec<f64> {
    let mut points = Vec::new();
    for _ in 0..count {
        let mut levels: Vec<u32> = (0..k).map(|_| stream.next_u32() >> 30).collect();
        let mut order: Vec<usize> = (0..k).collect();
        for i in (1..k).rev() {
            order.swap(i, (uniform(stream) * (i + 1) as f64) as usize);
        }
        points.extend(levels.iter().map(|level| f64::from(*level) / 3.0));
        for i in order {
            levels[i] = (levels[i] + 2) % 4;
            points.extend(levels.iter().map(|level| f64::from(*level) / 3.0));
        }
    }
    points
}

fn effects(f: impl Fn(&[f64]) -> f64, points: &[f64], k: usize) -> Vec<Vec<f64>> {
    let outcome: Vec<f64> = points.chunks_exact(k).map(f).collect();
    elementary_effects(points, &outcome, k).unwrap()
}

/// A linear function has one effect everywhere: its slope.
#[test]
fn linear_function() {
    let slopes = [3.0, -2.0, 0.0, 0.5];
    let f = |x: &[f64]| 7.0 + x.iter().zip(slopes).map(|(x, b)| x * b).sum::<f64>();
    let points = trajectories(25, 4, &mut stream(20, 0));
    for (m, slope) in morris(&effects(f, &points, 4), NAME).iter().zip(slopes) {
        assert_eq!((m.effects, m.dropped), (25, 0));
        assert!((m.mu.unwrap() - slope).abs() < 1e-13);
        assert!((m.mu_star.unwrap().value - slope.abs()).abs() < 1e-13);
        assert!(m.sigma.unwrap() < 1e-13);
    }
}

/// f = (2 x_1 − 1) x_2: the effect of x_1 is 2 x_2, of x_2 it is 2 x_1 − 1. Over the 16 base points
/// each once, μ = 1 and 0, μ* = 1 and 2/3, σ² = 4 · (5/36) · 16/15 for both.
#[test]
fn product_function() {
    let mut points = Vec::new();
    for a in 0..4 {
        for b in 0..4 {
            // x_1 and then x_2 moves: the effect of x_2 is seen from the other x_1, which takes all
            // levels too.
            for (a, b) in [(a, b), ((a + 2) % 4, b), ((a + 2) % 4, (b + 2) % 4)] {
                points.extend([f64::from(a) / 3.0, f64::from(b) / 3.0]);
            }
        }
    }
    let m = morris(&effects(|x| (2.0 * x[0] - 1.0) * x[1], &points, 2), NAME);
    let sigma = (4.0 * 5.0 / 36.0 * 16.0 / 15.0_f64).sqrt();
    for (m, mu, star) in [(m[0], 1.0, 1.0), (m[1], 0.0, 2.0 / 3.0)] {
        assert!((m.mu.unwrap() - mu).abs() < 1e-14);
        assert!((m.mu_star.unwrap().value - star).abs() < 1e-14);
        assert!((m.sigma.unwrap() - sigma).abs() < 1e-14);
    }
}

/// The function of Morris (1991), section 5, with the coefficients that he drew at random set to ±1 as
/// in later papers.
fn morris_1991(x: &[f64]) -> f64 {
    of_weights(&weights(x))
}

fn weights(x: &[f64]) -> Vec<f64> {
    x.iter()
        .enumerate()
        .map(|(i, x)| match i {
            2 | 4 | 6 => 2.0 * (1.1 * x / (x + 0.1) - 0.5),
            _ => 2.0 * (x - 0.5),
        })
        .collect()
}

fn of_weights(w: &[f64]) -> f64 {
    let sign = |i: usize| if i.is_multiple_of(2) { 1.0 } else { -1.0 };
    let mut sum = 0.0;
    for i in 0..20 {
        sum += if i < 10 { 20.0 } else { sign(i + 1) } * w[i];
        for j in i + 1..20 {
            sum += if j < 6 { -15.0 } else { sign(i + j) } * w[i] * w[j];
            for l in j + 1..5 {
                sum += -10.0 * w[i] * w[j] * w[l];
                if l < 4 {
                    sum += (l + 1..4)
                        .map(|s| 5.0 * w[i] * w[j] * w[l] * w[s])
                        .sum::<f64>();
                }
            }
        }
    }
    sum
}

/// Morris's function is linear in each weight and coordinates are independent, so that μ_i is the
/// effect at the mean weights of the others, averaged over the levels of x_i. z tests of 20 means over
/// 500 trajectories; and what Morris reports: the first ten matter, and of these 8, 9 and 10 act about
/// linearly and alone.
#[test]
fn function_of_morris_1991() {
    let points = trajectories(500, 20, &mut stream(21, 0));
    let measures = morris(&effects(morris_1991, &points, 20), NAME);
    let levels: Vec<Vec<f64>> = (0..4).map(|l| weights(&[f64::from(l) / 3.0; 20])).collect();
    let means: Vec<f64> = (0..20)
        .map(|i| levels.iter().map(|w| w[i]).sum::<f64>() / 4.0)
        .collect();
    for (i, m) in measures.iter().enumerate() {
        // The four steps: up from levels 0 and 1, and down again, which is the same effect.
        let at = |l: usize| {
            let mut w = means.clone();
            w[i] = levels[l][i];
            of_weights(&w)
        };
        let mu = (at(2) - at(0) + at(3) - at(1)) / 2.0 / (2.0 / 3.0);
        let z = (m.mu.unwrap() - mu) / (m.sigma.unwrap() / 500.0_f64.sqrt());
        println!("x{}: {m:?}, mu {mu:.2}, z {z:.2}", i + 1);
        assert!(z.abs() < Z, "x{}: {m:?} for {mu}", i + 1);
    }
    let star = |i: usize| measures[i].mu_star.unwrap();
    let strongest_of_rest = (10..20).filter_map(|i| star(i).high).fold(0.0, f64::max);
    assert!((0..10).all(|i| star(i).low.unwrap() > strongest_of_rest));
    let sigma = |i: usize| measures[i].sigma.unwrap();
    assert!((7..10).all(|i| sigma(i) < (0..7).map(sigma).fold(f64::INFINITY, f64::min) / 2.0));
}

/// The interval of μ* covers: effects x_2 − 1/2 of sizes 1/6 and 1/2, μ* = 1/3, with 30 trajectories
/// (BCa) and 10 (t). On this lattice of two sizes coverage is that of a binomial share: at 30, 93 to 97
/// %; at 10, 89 % (the t interval misses outside 3 … 7 of 10, and exactly which is left to its width:
/// P(2 … 8 of 10) = 97.9 %, P(3 … 7) = 89.1 %).
#[test]
fn intervals_cover() {
    for (r, least, most) in [(30, 0.93, 0.97), (10, 0.891, 0.979)] {
        let trials = 2000;
        let mut hits = 0;
        for serial in 0..trials {
            let points = trajectories(r, 2, &mut stream(22, serial));
            let m = morris(&effects(|x| x[0] * (x[1] - 0.5), &points, 2), NAME);
            hits += u32::from(m[0].mu_star.unwrap().covers(1.0 / 3.0).unwrap());
        }
        assert_between(&format!("mu* of {r}"), hits, trials, least, most);
    }
}
