//! The months of the reference: what happens, in the order of the model page.

use std::collections::BTreeMap;

use pointplane::draw::{Luck, Process, id_hash};
use pointplane::scenario::spec::ActsOn;
use pointplane::scenario::tables::Kind;

use super::whole::{TICKS, fraction, largest_remainders, over_rates};
use super::{Axis, Innovation, Item, Model, Outcome, Set, State};

impl Model<'_> {
    fn same_province(&self, i: usize, j: usize) -> bool {
        self.place(i).province == self.place(j).province
    }

    /// Great-circle distance in km by the haversine formula, on a sphere of the Earth's mean radius.
    pub fn km(&self, i: usize, j: usize) -> f64 {
        let (a, b) = (self.place(i), self.place(j));
        let half = |x: f64, y: f64| ((x - y).to_radians() / 2.0).sin().powi(2);
        let cosines = a.lat.to_radians().cos() * b.lat.to_radians().cos();
        let h = half(a.lat, b.lat) + cosines * half(a.lon, b.lon);
        2.0 * 6371.0088 * h.sqrt().asin()
    }

    /// What the zones that were open at the end of the month before leave of a place's readiness.
    fn left(&self, i: usize, t: i64) -> f64 {
        let (line, place) = (&self.s.line, self.place(i));
        let zones = self.zones().into_iter().filter(|&z| {
            let hosts = self.place(z).host.as_ref() == Some(&place.id);
            self.is_open(z, t - 1) && !hosts
        });
        let near: f64 = zones
            .map(|z| (-self.km(i, z) / line.backwash_km).exp())
            .sum();
        match place.kind {
            Kind::Region => (-line.backwash * near * (1.0 - place.factor)).exp(),
            _ => 1.0,
        }
    }

    /// Runs one replicate.
    pub fn run(&self, seed: u64, replicate: u32) -> Outcome {
        let luck = Luck::new(seed, replicate);
        let innovations = self.innovations(luck);
        let mut out = Outcome::default();
        for k in &innovations {
            let fate = (
                self.s.domains[k.domain].id.clone(),
                k.quality,
                k.born,
                k.implemented.map(|t| t.max(0)),
                k.failed,
            );
            out.items.insert(Self::item(k), fate);
        }
        let (n, items) = (self.n, innovations.len());
        let mut state = State {
            has: vec![vec![false; n]; items],
            had: vec![vec![false; n]; items],
            abandons: vec![vec![None; n]; items],
            hazard: vec![vec![0.0; n]; items],
            provincial: vec![None; items],
            national: vec![None; items],
            flow: vec![vec![0; n]; n],
            line: vec![vec![false; n]; n],
            circles: BTreeMap::new(),
            axes: vec![None; self.s.corridors.len()],
            plane: false,
            firms: self.firms.clone(),
        };
        for (k, item) in innovations.iter().enumerate() {
            item.settled.iter().for_each(|&i| state.had[k][i] = true);
            if item.implemented == Some(-1) {
                self.implement(-1, luck, (k, item), &mut state, &mut out);
            }
        }
        for t in 0..self.months {
            let old = state.clone();
            self.spread(t, luck, &innovations, &old, &mut state, &mut out);
            if self.s.line.structures {
                self.lines(t, &old, &mut state, &mut out);
                self.circles(t, &old, &mut state, &mut out);
                self.axes(t, &old, &mut state, &mut out);
                self.plane(t, &old, &mut state, &mut out);
            } else {
                out.plane.push(0.0);
            }
            self.replication(t, &innovations, &old, &mut state, &mut out);
            if let Some(firms) = &mut state.firms {
                firms.month(t, self.s, |p, d| {
                    let has = innovations.iter().zip(&old.has);
                    let has = has.filter(|(k, has)| k.domain == d && has[p]);
                    has.map(|(k, _)| k.quality).collect()
                });
            }
        }
        out.taken = state.firms.map_or_else(Vec::new, |firms| firms.taken());
        out
    }

    fn item(k: &Innovation) -> Item {
        (k.name.clone(), k.serial)
    }

    /// The first adopters of an innovation have it.
    fn implement(
        &self,
        t: i64,
        luck: Luck,
        (k, item): (usize, &Innovation),
        new: &mut State,
        out: &mut Outcome,
    ) {
        for &(i, until) in &item.first {
            (new.has[k][i], new.had[k][i]) = (true, true);
            new.abandons[k][i] = until.or_else(|| self.takes_up(t, luck, item, i));
            let key = (Self::item(item), self.place(i).id.clone());
            out.adopted.insert(key, t.max(0));
        }
    }

    fn takes_up(&self, t: i64, luck: Luck, k: &Innovation, i: usize) -> Option<i64> {
        let hazard = self.s.line.abandonment_rate
            * (1.0 - k.quality)
            * (1.0 - self.place(i).platform)
            * (1.0 - self.s.point.tolerance);
        let (place, zone) = (id_hash(&self.place(i).id), id_hash(&k.name));
        let theta = luck.exponential(Process::Abandonment, place, zone, k.serial);
        // The first month m with hazard · (m − t) ≥ θ, if the place is not closed by then.
        (t + 1..self.end(i)).find(|m| hazard * (m - t) as f64 >= theta)
    }

    /// Point and Line: implementation, adoption, credit, abandonment, flow.
    fn spread(
        &self,
        t: i64,
        luck: Luck,
        innovations: &[Innovation],
        old: &State,
        new: &mut State,
        out: &mut Outcome,
    ) {
        let (s, n) = (self.s, self.n);
        let w = self.weights(t, old);
        let names = self.mechanisms();
        let number = |name: &str| names.iter().position(|m| m == name).expect("a mechanism");
        let mut credit = vec![0.0; names.len()];
        // (1 − ψ) · y, rounded down.
        let (above, below) = fraction(s.line.forgetting);
        for flow in new.flow.iter_mut().flatten() {
            *flow = *flow * (below - above) / below;
        }
        for (k, item) in innovations.iter().enumerate() {
            if item.implemented == Some(t) {
                self.implement(t, luck, (k, item), new, out);
            }
            for (i, place) in s.places.iter().enumerate() {
                let key = || (Self::item(item), place.id.clone());
                if old.abandons[k][i] == Some(t) {
                    new.has[k][i] = false;
                    out.abandoned.insert(key(), t);
                }
                let implemented = item.implemented.is_some_and(|m| m < t);
                let there = self.is_open(i, (t - 1).max(0));
                if !implemented || old.had[k][i] || !there || t > item.last {
                    continue;
                }
                let q = item.quality;
                let of = |j: usize| -> i128 {
                    if !old.has[k][j] {
                        return 0;
                    }
                    let parts = w[item.domain][i][j].iter().map(|p| p.1);
                    let heard = parts.sum::<f64>() * self.place(j).radiation;
                    (heard * TICKS as f64).round() as i128
                };
                let heard: Vec<i128> = (0..n).map(of).collect();
                let sum = heard.iter().sum::<i128>() as f64 / TICKS as f64;
                let home = item
                    .origin
                    .is_some_and(|origin| self.same_province(i, origin));
                let prov = old.provincial[k].is_some() && home;
                let firms = old.firms.as_ref();
                let demand = firms.map_or(1.0, |firms| firms.demand(s, item.domain, i));
                let e = place.environment
                    * demand
                    * self.left(i, t)
                    * self.covariates(ActsOn::All, i, t);
                let contagion = e * self.beta() * self.response(q * sum, out);
                let by_province = e * s.line.provincial_rate * f64::from(prov);
                let by_centre = e * s.line.national_rate * f64::from(old.national[k].is_some());
                let intrinsic =
                    e * self.intrinsic(item.domain) * self.covariates(ActsOn::Intrinsic, i, t);
                let h = contagion + by_province + by_centre + intrinsic;
                new.hazard[k][i] += h;
                let (own, zone) = (id_hash(&place.id), id_hash(&item.name));
                let theta = luck.exponential(Process::Threshold, own, zone, item.serial);
                if !out.at_least(new.hazard[k][i], theta) || h == 0.0 {
                    continue;
                }
                (new.has[k][i], new.had[k][i]) = (true, true);
                new.abandons[k][i] = self.takes_up(t, luck, item, i);
                out.adopted.insert(key(), t);
                let [to_sources, by_province, by_centre, intrinsic] =
                    over_rates([contagion, by_province, by_centre, intrinsic]);
                let adoptions = |ticks: i128| ticks as f64 / TICKS as f64;
                let mut split = vec![0.0; names.len()];
                split[number("provincial")] += adoptions(by_province);
                split[number("national")] += adoptions(by_centre);
                if intrinsic > 0 {
                    split[number("intrinsic")] += adoptions(intrinsic);
                }
                let mut main = None;
                if to_sources > 0 {
                    let mut sources: Vec<usize> = (0..n).filter(|&j| heard[j] > 0).collect();
                    sources.sort_by_key(|&j| &self.place(j).id);
                    let carried: Vec<i128> = sources.iter().map(|&j| heard[j]).collect();
                    let most = carried.iter().copied().max().unwrap_or(0);
                    let first = sources.iter().find(|&&j| heard[j] == most);
                    main = first.map(|&j| self.place(j).id.clone());
                    out.undecided |= carried.iter().any(|&c| c < most && most - c <= 8);
                    let parts = largest_remainders(to_sources, &carried);
                    for (j, to_j) in sources.into_iter().zip(parts) {
                        let target = (place.id.clone(), self.place(j).id.clone());
                        *out.spillover.entry(target).or_default() += adoptions(to_j);
                        let parts = &w[item.domain][i][j];
                        let total: f64 = parts.iter().map(|p| p.1).sum();
                        for (mechanism, part) in parts {
                            split[*mechanism] += adoptions(to_j) * part / total;
                        }
                        new.flow[i][j] += to_j;
                        new.flow[j][i] += to_j;
                    }
                }
                out.main.insert(key(), main);
                for (m, part) in split.into_iter().enumerate() {
                    credit[m] += part;
                    out.splits.insert((key(), names[m].clone()), part);
                }
            }
        }
        for (name, credit) in names.into_iter().zip(credit) {
            *out.mechanisms.entry(name).or_default() += credit;
        }
    }

    /// Tells of a structure that forms or dissolves.
    fn tell(&self, t: i64, name: String, formed: bool, size: usize, set: &Set, out: &mut Outcome) {
        let all = self.weight(&(0..self.n).collect());
        let told = (formed, size, self.weight(set) as f64 / all as f64);
        assert!(out.structures.insert((t, name), told).is_none());
    }

    /// Line formation, from the flow of this month.
    fn lines(&self, t: i64, old: &State, new: &mut State, out: &mut Outcome) {
        let threshold = fraction(self.s.line.line_threshold);
        for (i, j) in (0..self.n * self.n).map(|p| (p / self.n, p % self.n)) {
            let flow = new.flow[i][j];
            let formed = if old.line[i][j] {
                out.flows(2 * flow, threshold)
            } else {
                out.flows(flow, threshold)
            };
            new.line[i][j] = formed;
            let (a, b) = (&self.place(i).id, &self.place(j).id);
            if formed != old.line[i][j] && a < b {
                let ends = [i, j].into_iter().collect();
                self.tell(t, format!("line {a} {b}"), formed, 2, &ends, out);
            }
        }
    }

    fn circles(&self, t: i64, old: &State, new: &mut State, out: &mut Outcome) {
        for z in self.zones() {
            let mut circle = None;
            if self.is_open(z, t - 1) {
                let near = |i: usize| {
                    let km = self.km(z, i);
                    let radius = self.s.circle.radius_km;
                    self.same_province(z, i) || km <= radius
                };
                let catchment: Set = (0..self.n)
                    .filter(|&i| self.is_open(i, t - 1) && near(i))
                    .collect();
                let mut reached: Set = [z].into_iter().collect();
                loop {
                    let further: Set = catchment
                        .iter()
                        .copied()
                        .filter(|i| reached.iter().any(|&j| old.line[*i][j]))
                        .chain(reached.iter().copied())
                        .collect();
                    if further == reached {
                        break;
                    }
                    reached = further;
                }
                let whole = self.weight(&catchment);
                let threshold = fraction(self.s.circle.circle_threshold);
                if whole > 0
                    && reached.len() > 1
                    && out.reaches(self.weight(&reached), whole, threshold)
                {
                    circle = Some(reached);
                }
            }
            let before = old.circles.get(&z);
            if circle.is_some() != before.is_some() {
                let set = circle.as_ref().or(before).expect("one of them is formed");
                let name = format!("circle {}", self.place(z).id);
                self.tell(t, name, circle.is_some(), set.len(), set, out);
            }
            match circle {
                Some(set) => new.circles.insert(z, set),
                None => new.circles.remove(&z),
            };
        }
    }

    fn axes(&self, t: i64, old: &State, new: &mut State, out: &mut Outcome) {
        for (c, corridor) in self.s.corridors.iter().enumerate() {
            // The zones of each segment whose circle is formed, and the places of these circles.
            let lit: Vec<(Set, Set)> = corridor
                .segments
                .iter()
                .map(|segment| {
                    let places = segment.places.iter().map(|&p| p as usize);
                    let zones: Set = places.filter(|z| old.circles.contains_key(z)).collect();
                    let members = zones.iter().flat_map(|z| old.circles[z].clone()).collect();
                    (zones, members)
                })
                .collect();
            let joined = |s: usize| {
                let (a, b) = (&lit[s].1, &lit[s + 1].1);
                a.iter()
                    .any(|i| b.iter().any(|j| i == j || old.line[*i][*j]))
            };
            // Every run of segments, the longest first, then the first.
            let count = lit.len();
            let needed = (self.s.axis.min_segments as usize).min(count);
            let run = (1..=count).rev().find_map(|len| {
                let starts = 0..=count - len;
                let is_run = |start: &usize| {
                    (*start..start + len).all(|s| !lit[s].0.is_empty())
                        && (*start..start + len - 1).all(joined)
                };
                let found = starts.into_iter().find(is_run);
                found.map(|start| (start, len))
            });
            let axis = run
                .filter(|(_, len)| *len >= needed)
                .map(|(start, len)| Axis {
                    members: lit[start..start + len]
                        .iter()
                        .flat_map(|l| l.1.clone())
                        .collect(),
                    zones: lit[start..start + len]
                        .iter()
                        .flat_map(|l| l.0.clone())
                        .collect(),
                    segments: len,
                });
            let before = &old.axes[c];
            if axis.is_some() != before.is_some() {
                let told = axis.as_ref().or(before.as_ref()).expect("one is formed");
                let name = format!("axis {}", corridor.id);
                let formed = axis.is_some();
                self.tell(t, name, formed, told.segments, &told.members, out);
            }
            new.axes[c] = axis;
        }
    }

    fn plane(&self, t: i64, old: &State, new: &mut State, out: &mut Outcome) {
        let on_axis: Set = old
            .axes
            .iter()
            .flatten()
            .flat_map(|a| a.members.clone())
            .collect();
        let mut members = on_axis.clone();
        // Circles connected, over circles that share a place, to one that shares a place with an axis.
        loop {
            let meeting = old.circles.values().filter(|c| !c.is_disjoint(&members));
            let further: Set = meeting.flatten().chain(&members).copied().collect();
            if further == members {
                break;
            }
            members = further;
        }
        let (held, all) = (self.weight(&members), self.weight(&(0..self.n).collect()));
        let share = held as f64 / all as f64;
        out.plane.push(share);
        new.plane = out.reaches(held, all, fraction(self.s.plane.plane_threshold));
        if new.plane != old.plane {
            // A plane that dissolves is told with the share that it had.
            let before = out
                .plane
                .len()
                .checked_sub(2)
                .map_or(0.0, |at| out.plane[at]);
            let told = if new.plane { share } else { before };
            let told = (new.plane, members.len(), told);
            let name = "plane".to_owned();
            assert!(out.structures.insert((t, name), told).is_none());
        }
    }

    fn replication(
        &self,
        t: i64,
        innovations: &[Innovation],
        old: &State,
        new: &mut State,
        out: &mut Outcome,
    ) {
        let every = i64::from(self.s.circle.review_every);
        let age = i64::from(self.s.circle.replication_age);
        let evaluation = self.s.plane.evaluations.iter();
        let evaluation = evaluation
            .map(|m| i64::from(m.since(self.s.start)))
            .any(|m| m == t);
        for (k, item) in innovations.iter().enumerate() {
            // What spreads from the first month on counts from it.
            let aged = |m: &i64| *m < t && t - (*m).max(0) >= age;
            if !item.implemented.is_some_and(|m| aged(&m)) {
                continue;
            }
            let home = |z: &usize| item.origin.is_some_and(|o| self.same_province(*z, o));
            let own = self.zones().into_iter().filter(home);
            // Counted from the first zone's own month, also when that lies before the run.
            let first = own
                .filter_map(|z| self.place(z).open)
                .map(|month| i64::from(month.since(self.s.start)))
                .min();
            let since = |first: i64| t > first && (t - first) % every == 0;
            let review = every > 0 && first.is_some_and(since);
            let good = item.quality >= self.s.circle.provincial_quality;
            if review && good && old.provincial[k].is_none() {
                new.provincial[k] = Some(t);
                out.provincial.insert(Self::item(item), t);
            }
            // A closed zone counts as no adopter.
            let counts = |i: &usize| old.has[k][*i] && self.is_open(*i, (t - 1).max(0));
            let adopters = (0..self.n).filter(counts).count();
            let enough = adopters >= self.s.plane.national_adopters as usize;
            let mut effect = item.quality;
            if let (Some(firms), true) = (&old.firms, evaluation) {
                let adopters = (0..self.n).filter(counts);
                let uptakes = adopters.filter_map(|i| firms.uptake(self.s, item.domain, i));
                let ticks = |uptake: f64| (uptake * TICKS as f64).round() as i128;
                let uptakes: Vec<i128> = uptakes.map(ticks).collect();
                let sum = uptakes.iter().sum::<i128>() as f64 / TICKS as f64;
                effect *= sum / uptakes.len().max(1) as f64;
            }
            let good = evaluation && out.at_least(effect, self.s.plane.national_quality);
            if evaluation && good && enough && old.national[k].is_none() {
                new.national[k] = Some(t);
                out.national.insert(Self::item(item), t);
            }
        }
    }
}
