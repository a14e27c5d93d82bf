//! Oracle 3: φ threshold with E·β → ∞ is the deterministic cascade of Watts (2002) and Granovetter.

use pointplane::model::{self, Innovation, Listener};
use pointplane::scenario::spec::Response;
use pointplane::world::{NEVER, World};

use crate::common::history::history;
use crate::common::{Dice, month, place, plain, region, world, zone};
use pointplane::scenario::tables::Kind;

#[derive(Default)]
struct Starts(Vec<Innovation>);

impl Listener for Starts {
    fn start(&mut self, _: &World, innovations: &[Innovation]) {
        self.0.extend_from_slice(innovations);
    }
}

/// Random graphs of 50 places. β = 10⁵, so a hazard above the threshold passes every θ (at most 36.8)
/// within the month, and one below is 0. One zone opens late and closes again, one never opens.
#[test]
fn an_infinite_rate_gives_the_threshold_cascade() {
    let (mut global, mut local) = (0, 0);
    for seed in 0..60 {
        let dice = &mut Dice::new(seed);
        let (n, months) = (50, 60);
        let mut places = vec![zone("z", "p", 0, 8), zone("late", "p", 25, 0)];
        places.push(place("never", Kind::Zone, "p"));
        while places.len() < n {
            places.push(region(&format!("r{}", places.len()), "p"));
        }
        for place in &mut places {
            place.radiation = dice.within(0.5, 1.0);
            place.environment = dice.within(0.01, 1.0);
        }
        let density = dice.within(1.0, 6.0) / n as f64;
        let mut links = Vec::new();
        for (i, j) in (0..n * n).map(|p| (p / n, p % n)) {
            if i != j && dice.chance(density) {
                links.push((i, j, dice.within(0.5, 1.5)));
            }
        }
        places[1].close = Some(month(45));
        let open = |i: usize, t: usize| match i {
            1 => (25..45).contains(&t),
            2 => false,
            _ => true,
        };
        // A zone that is not open is not heard either, so it takes no part in the rows' sums.
        let weights = |t: usize| {
            let mut w = vec![vec![0.0; n]; n];
            for &(i, j, weight) in links.iter().filter(|l| open(l.0, t) && open(l.1, t)) {
                w[i][j] = weight;
            }
            for row in &mut w {
                let sum: f64 = row.iter().sum();
                row.iter_mut().for_each(|x| *x /= sum.max(1e-300));
            }
            w
        };
        let w: Vec<_> = (0..months as usize).map(weights).collect();
        let mut scenario = plain(months, places, links.clone());
        scenario.point.arrival_rate = 0.3;
        scenario.point.quality_concentration = 20.0;
        scenario.line.response = Response::Threshold;
        scenario.line.x0 = dice.within(0.03, 0.2);
        scenario.line.beta = 1e5;
        let world = world(&scenario);
        let seen = history(&world, seed, 0).adoptions();
        let mut starts = Starts::default();
        model::run(&world, seed, 0, &mut starts).unwrap();
        let mut expected = 0;
        for k in starts.0.iter().filter(|k| k.implemented != NEVER) {
            let item = ("z".to_owned(), k.serial);
            let mut months_of = vec![None; n];
            months_of[0] = Some(usize::from(k.implemented));
            for t in usize::from(k.implemented) + 1..months as usize {
                let before = months_of.clone();
                for i in (0..n).filter(|&i| before[i].is_none() && open(i, t - 1)) {
                    let heard = (0..n).filter(|&j| before[j].is_some());
                    let w = &w[t - 1][i];
                    let x: f64 = heard.map(|j| w[j] * scenario.places[j].radiation).sum();
                    let x = x * k.quality;
                    assert!((x - scenario.line.x0).abs() > 1e-9, "too close to call");
                    if x >= scenario.line.x0 {
                        months_of[i] = Some(t);
                    }
                }
            }
            for (i, month) in months_of.iter().enumerate() {
                let key = (item.clone(), scenario.places[i].id.clone());
                let seen = seen.get(&key).map(|t| usize::from(*t));
                assert_eq!(seen, *month, "graph {seed}, {item:?} at {}", key.1);
            }
            let reached = months_of.iter().flatten().count();
            expected += reached;
            *(if reached > n / 2 {
                &mut global
            } else {
                &mut local
            }) += 1;
        }
        assert_eq!(seen.len(), expected, "graph {seed}");
    }
    assert!(
        global > 30 && local > 30,
        "{global} global, {local} local cascades"
    );
}
