//! The ground of a map, from the coordinates of its places alone: a hull around all places, one around those of each
//! province, how far the land reaches beyond them, and the places that are named. There are no map data: nobody's boundaries are drawn.

use std::collections::BTreeMap;

use super::seam::Seam;
use crate::scenario::tables::{Kind, Place};

/// Places that are named.
const NAMED: usize = 10;
/// Parts of the map's width and height, of which named places are one apart at least.
const APART: f64 = 9.0;
/// Places for which a hull is drawn in; of more it is convex, as the search takes their square.
const MOST: usize = 5000;
/// An edge of a hull is drawn in to a place that is nearer to one of its ends than the edge is long, divided by this:
/// for all places, and for those of a province.
const CONCAVITY: [f64; 2] = [2.2, 1.6];

/// A position: degrees east as the map shows them, degrees north.
pub type At = [f64; 2];

/// The ground of a map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ground {
    /// The corners of the hull of all regions and zones in order.
    pub coast: Vec<At>,
    /// Province and the corners of its hull in order, those of one place or two included. Every region and zone of
    /// the province is inside or on it.
    pub areas: Vec<(String, Vec<At>)>,
    /// How far the land reaches beyond the hulls, in degrees of latitude.
    pub reach: f64,
    /// Numbers of the places that are named, the heaviest first.
    pub named: Vec<usize>,
}

/// By how much degrees of longitude are shorter than those of latitude in the middle of some places.
pub fn stretch(places: &[Place]) -> f64 {
    let latitudes = places.iter().filter(|p| own(p)).map(|p| p.lat);
    let (low, high) = latitudes.fold((90.0_f64, -90.0_f64), |(low, high), lat| {
        (low.min(lat), high.max(lat))
    });
    libm::cos(((low + high) / 2.0).to_radians()).max(0.05)
}

fn own(place: &Place) -> bool {
    place.kind.adopts()
}

impl Ground {
    /// The ground below some places.
    pub fn of(places: &[Place]) -> Self {
        let (seam, stretch) = (Seam::of(places), stretch(places));
        let at = |p: &Place| [seam.shown(p.lon) * stretch, p.lat];
        let mut provinces: BTreeMap<&str, Vec<At>> = BTreeMap::new();
        for place in places.iter().filter(|p| own(p)) {
            provinces
                .entry(&place.province)
                .or_default()
                .push(at(place));
        }
        let number = provinces.values().map(Vec::len).sum::<usize>();
        let [wide, tall] = extent(provinces.values().flatten());
        let degrees = |[x, y]: At| [(x / stretch * 1e4).round() / 1e4, (y * 1e4).round() / 1e4];
        let areas = provinces.iter().map(|(id, points)| {
            let hull = hull(points, CONCAVITY[1]).into_iter().map(degrees);
            ((*id).to_owned(), hull.collect())
        });
        let all: Vec<At> = provinces.values().flatten().copied().collect();
        Self {
            coast: hull(&all, CONCAVITY[0]).into_iter().map(degrees).collect(),
            areas: areas.collect(),
            // A place's share of the whole, were they spread evenly.
            reach: 0.33 * (wide.max(1e-3) * tall.max(1e-3) / number.max(1) as f64).sqrt(),
            named: named(places, at, [wide, tall]),
        }
    }
}

/// Width and height of some points.
fn extent<'a>(points: impl Iterator<Item = &'a At>) -> [f64; 2] {
    let mut ends = [
        f64::INFINITY,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NEG_INFINITY,
    ];
    for [x, y] in points {
        ends = [
            ends[0].min(*x),
            ends[1].min(*y),
            ends[2].max(*x),
            ends[3].max(*y),
        ];
    }
    [ends[2] - ends[0], ends[3] - ends[1]].map(|d| if d.is_finite() { d } else { 0.0 })
}

/// The heaviest places that are well apart.
fn named(places: &[Place], at: impl Fn(&Place) -> At, [wide, tall]: [f64; 2]) -> Vec<usize> {
    let some = places.iter().any(|p| p.kind == Kind::Region);
    let shown = if some { Kind::Region } else { Kind::Zone };
    let mut order: Vec<usize> = (0..places.len())
        .filter(|n| places[*n].kind == shown)
        .collect();
    let by = |n: &usize| (&places[*n].weight, &places[*n].id);
    order.sort_by(|a, b| by(b).0.total_cmp(by(a).0).then(by(a).1.cmp(by(b).1)));
    let mut named: Vec<usize> = Vec::new();
    for n in order {
        let here = at(&places[n]);
        let far = |other: &usize| {
            let there = at(&places[*other]);
            (here[0] - there[0]).abs() * APART > wide || (here[1] - there[1]).abs() * APART > tall
        };
        if named.len() < NAMED && named.iter().all(far) {
            named.push(n);
        }
    }
    named
}

fn cross(o: At, a: At, b: At) -> f64 {
    (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])
}

fn distance(a: At, b: At) -> f64 {
    libm::hypot(a[0] - b[0], a[1] - b[1])
}

/// The convex hull of some points, against the clock (Andrew's chain).
pub fn convex(points: &[At]) -> Vec<At> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let half = |list: &mut dyn Iterator<Item = &At>| {
        let mut chain: Vec<At> = Vec::new();
        for &p in list {
            while chain.len() > 1 && cross(chain[chain.len() - 2], chain[chain.len() - 1], p) <= 0.0
            {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut sorted.iter());
    hull.extend(half(&mut sorted.iter().rev()));
    hull
}

/// How far a point is from a stretch.
fn from_edge(p: At, [a, b]: [At; 2]) -> f64 {
    let long = distance(a, b);
    if long == 0.0 {
        return distance(p, a);
    }
    let along = (p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1]);
    let along = (along / (long * long)).clamp(0.0, 1.0);
    let foot = [a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])];
    distance(p, foot)
}

/// Whether two stretches cross or touch, other than in a common end.
fn meet([a, b]: [At; 2], [c, d]: [At; 2]) -> bool {
    if a == c || a == d || b == c || b == d {
        return false;
    }
    let side = |o, p, q| cross(o, p, q).total_cmp(&0.0);
    side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}

/// A hull that is drawn in where an edge is long and places lie near it (after Park and Oh 2012, in the form of
/// Agafonkin's `concaveman`). No point is left outside: an edge is drawn in to a point only where no other point lies
/// in the triangle that is cut off, and where the new edges meet no other.
fn hull(points: &[At], concavity: f64) -> Vec<At> {
    let mut hull = convex(points);
    if hull.len() < 3 || points.len() > MOST {
        return hull;
    }
    let mut inside: Vec<At> = points.to_vec();
    inside.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    inside.dedup();
    inside.retain(|p| !hull.contains(p));
    let mut n = 0;
    while n < hull.len() {
        match drawn_in(&hull, n, &inside, concavity) {
            Some(at) => {
                let p = inside.remove(at);
                hull.insert(n + 1, p);
            }
            None => n += 1,
        }
    }
    hull
}

/// The point to which the `n`-th edge of a hull is drawn in.
fn drawn_in(hull: &[At], n: usize, inside: &[At], concavity: f64) -> Option<usize> {
    let m = hull.len();
    let corner = |k: usize| hull[k % m];
    let (a, b) = (corner(n), corner(n + 1));
    let long = distance(a, b);
    let (before, after) = ([corner(n + m - 1), a], [b, corner(n + 2)]);
    let free = |edge: [At; 2]| {
        let mut others = (0..m).filter(|k| *k != n);
        !others.any(|k| meet(edge, [corner(k), corner(k + 1)]))
    };
    let mut order: Vec<(f64, usize)> = (0..inside.len())
        .filter(|p| {
            let p = inside[*p];
            let near = distance(p, a).min(distance(p, b)) * concavity <= long;
            let far = from_edge(p, [a, b]);
            near && far < from_edge(p, before) && far < from_edge(p, after)
        })
        .map(|p| (from_edge(inside[p], [a, b]), p))
        .collect();
    order.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
    let fits = |at: &usize| {
        let p = inside[*at];
        let within = |q: &At| {
            let sides = [cross(a, b, *q), cross(b, p, *q), cross(p, a, *q)];
            *q != p && (sides.iter().all(|s| *s >= 0.0) || sides.iter().all(|s| *s <= 0.0))
        };
        free([a, p]) && free([p, b]) && !inside.iter().any(within)
    };
    order.into_iter().map(|(_, at)| at).find(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a point is inside a ring or on it.
    fn holds(ring: &[At], p: At) -> bool {
        let edges = || (0..ring.len()).map(|n| [ring[n], ring[(n + 1) % ring.len()]]);
        let on = edges().any(|edge| from_edge(p, edge) < 1e-9);
        let right = edges().filter(|[a, b]| {
            (a[1] > p[1]) != (b[1] > p[1])
                && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0]
        });
        on || right.count() % 2 == 1
    }

    fn simple(ring: &[At]) -> bool {
        let n = ring.len();
        let edge = |k: usize| [ring[k % n], ring[(k + 1) % n]];
        (0..n).all(|j| (j + 1..n).all(|k| !meet(edge(j), edge(k))))
    }

    fn area(ring: &[At]) -> f64 {
        let n = ring.len();
        (0..n)
            .map(|k| cross([0.0, 0.0], ring[k], ring[(k + 1) % n]))
            .sum::<f64>()
            / 2.0
    }

    /// Points that look scattered, the same each time.
    fn scattered(n: usize, seed: u64) -> Vec<At> {
        let mut state = seed;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1u32 << 31)
        };
        (0..n).map(|_| [next() * 3.0, next()]).collect()
    }

    #[test]
    fn a_hull_holds_its_places_and_does_not_cross_itself() {
        for seed in 1..40 {
            for n in [1, 2, 3, 5, 12, 40] {
                let points = scattered(n, seed);
                let (wide, close) = (convex(&points), hull(&points, 1.6));
                if n > 2 {
                    assert!(simple(&close), "{points:?}");
                    assert!(area(&close) > 0.0 && area(&close) <= area(&wide) + 1e-12);
                    assert!(points.iter().all(|p| holds(&wide, *p) && holds(&close, *p)));
                } else {
                    assert_eq!(close.len(), n);
                }
            }
        }
    }

    /// A bow of places: its hull does not close the bay.
    #[test]
    fn a_bay_stays_open() {
        let bow: Vec<At> = (0..=20)
            .map(|n| {
                let turn = f64::from(n) / 20.0 * std::f64::consts::PI;
                [10.0 * libm::cos(turn), 10.0 * libm::sin(turn)]
            })
            .chain((0..=20).map(|n| {
                let turn = f64::from(n) / 20.0 * std::f64::consts::PI;
                [8.0 * libm::cos(turn), 8.0 * libm::sin(turn)]
            }))
            .collect();
        assert!(holds(&convex(&bow), [0.0, 3.0]));
        let close = hull(&bow, 1.6);
        assert!(!holds(&close, [0.0, 3.0]));
        assert!(bow.iter().all(|p| holds(&close, *p)));
    }

    #[test]
    fn provinces_hold_their_places_and_ten_are_named() {
        let loaded = crate::scenario::load("scenarios/china".as_ref(), &[], &[]).unwrap();
        let places = &loaded.scenario.places;
        let (ground, seam) = (Ground::of(places), Seam::of(places));
        let of = |id: &str| ground.areas.iter().find(|(known, _)| known == id);
        for place in places.iter().filter(|p| own(p)) {
            let (_, ring) = of(&place.province).unwrap();
            // Corners are rounded to eleven metres.
            let at = [seam.shown(place.lon), place.lat];
            let n = ring.len();
            let near = (0..n).any(|k| from_edge(at, [ring[k], ring[(k + 1) % n]]) < 2e-4);
            assert!(near || holds(ring, at), "{}", place.id);
            let coast = &ground.coast;
            let n = coast.len();
            let near = (0..n).any(|k| from_edge(at, [coast[k], coast[(k + 1) % n]]) < 2e-4);
            assert!(near || holds(coast, at), "{}", place.id);
        }
        assert_eq!(ground.named.len(), NAMED);
        let weight = |n: usize| places[n].weight;
        let heaviest = places
            .iter()
            .filter(|p| p.kind == Kind::Region)
            .map(|p| p.weight);
        assert_eq!(weight(ground.named[0]), heaviest.fold(0.0, f64::max));
        assert!(
            ground
                .named
                .windows(2)
                .all(|pair| weight(pair[0]) >= weight(pair[1]))
        );
        assert!(Ground::of(&[]).areas.is_empty());
    }
}
