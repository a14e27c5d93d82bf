//! The five-scale model written down a second time, slowly and plainly, from the model page.
//!
//! Places stand in the order of the input, every sum is an ordinary sum over all places, every month
//! looks at every pair. It shares with the engine only the named draws.

#[path = "firms.rs"]
pub mod firms;
mod links;
mod months;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use pointplane::draw::{Luck, Process, beta, id_hash};
use pointplane::scenario::Scenario;
use pointplane::scenario::spec::{ActsOn, Response};
use pointplane::scenario::tables::{
    Covariate, GatewayRole, Item as Item_, Kind, Member, Place, Tier, Who,
};

/// Origin zone and serial number.
pub type Item = (String, u32);
type Set = BTreeSet<usize>;
/// W_ij in its parts by mechanism, `[i][j]`.
type Parts = Vec<Vec<Vec<(usize, f64)>>>;
/// Domain, quality, birth, month of implementation, month of failure.
pub type Fate = (String, f64, f64, Option<i64>, Option<i64>);

/// What happened in a replicate.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What becomes of each innovation at its origin.
    pub items: BTreeMap<Item, Fate>,
    /// Month of adoption, the origin's implementation included.
    pub adopted: BTreeMap<(Item, String), i64>,
    /// Month of abandonment.
    pub abandoned: BTreeMap<(Item, String), i64>,
    /// Month of replication by the province.
    pub provincial: BTreeMap<Item, i64>,
    /// Month of replication by the centre.
    pub national: BTreeMap<Item, i64>,
    /// Structures that form (or dissolve) by month and name, with size and share of weight.
    pub structures: BTreeMap<(i64, String), (bool, usize, f64)>,
    /// Share of the plane by month.
    pub plane: Vec<f64>,
    /// Credit by mechanism.
    pub mechanisms: BTreeMap<String, f64>,
    /// The source that an adoption owes most to; none when all of it was replication.
    pub main: BTreeMap<(Item, String), Option<String>>,
    /// Credit of an adoption by mechanism.
    pub splits: BTreeMap<((Item, String), String), f64>,
    /// Credit by (target, source).
    pub spillover: BTreeMap<(String, String), f64>,
    /// Month in which each firm took each domain up, `[firm][domain]`.
    pub taken: Vec<Vec<Option<i64>>>,
    /// A comparison was too close to call in floating point.
    pub undecided: bool,
    /// Sums of whole numbers that were equal to a threshold.
    pub ties: usize,
}

impl Outcome {
    fn at_least(&mut self, a: f64, b: f64) -> bool {
        self.undecided |= (a - b).abs() < 1e-8;
        a >= b
    }

    /// Whether part / whole is at least a threshold.
    fn reaches(&mut self, part: i128, whole: i128, (above, below): (i128, i128)) -> bool {
        let more = part * below - above * whole;
        self.ties += usize::from(more == 0);
        more >= 0
    }

    /// Whether a flow is. Equal is equal; W, rounded to ticks, may move what is a few ticks from it.
    fn flows(&mut self, ticks: i128, threshold: (i128, i128)) -> bool {
        let more = ticks * threshold.1 - threshold.0 * whole::TICKS;
        self.undecided |= more != 0 && more.abs() <= 8 * threshold.1;
        self.reaches(ticks, whole::TICKS, threshold)
    }
}

struct Innovation {
    /// Where it began.
    origin: Option<usize>,
    /// Id that names it: its zone's, or its own.
    name: String,
    serial: u32,
    /// Who has it once it is implemented, and until when if that is given.
    first: Vec<(usize, Option<i64>)>,
    /// Who had it and has it no more.
    settled: Vec<usize>,
    /// The last month in which it is adopted.
    last: i64,
    domain: usize,
    quality: f64,
    born: f64,
    implemented: Option<i64>,
    failed: Option<i64>,
}

#[derive(Clone)]
struct Axis {
    members: Set,
    zones: Set,
    segments: usize,
}

/// The state at the end of a month.
#[derive(Clone)]
struct State {
    has: Vec<Vec<bool>>,
    had: Vec<Vec<bool>>,
    abandons: Vec<Vec<Option<i64>>>,
    hazard: Vec<Vec<f64>>,
    provincial: Vec<Option<i64>>,
    national: Vec<Option<i64>>,
    /// In ticks.
    flow: Vec<Vec<i128>>,
    line: Vec<Vec<bool>>,
    circles: BTreeMap<usize, Set>,
    axes: Vec<Option<Axis>>,
    plane: bool,
    firms: Option<firms::Firms>,
}

/// The model of one scenario.
pub struct Model<'a> {
    s: &'a Scenario,
    n: usize,
    months: i64,
    firms: Option<firms::Firms>,
    /// Weights that count, as whole numbers; 0 of places whose weight does not.
    weights: Vec<i128>,
}

impl<'a> Model<'a> {
    /// A model of a scenario, positions as in the input.
    pub fn new(s: &'a Scenario) -> Self {
        let (n, months) = (s.places.len(), i64::from(s.end.since(s.start)) + 1);
        let weight = |p: &Place| if p.carries_weight { p.weight } else { 0.0 };
        let weights: Vec<f64> = s.places.iter().map(weight).collect();
        Self {
            s,
            n,
            months,
            firms: None,
            weights: whole::weights(&weights),
        }
    }

    /// The same with firms.
    pub fn with(mut self, firms: firms::Firms) -> Self {
        self.firms = Some(firms);
        self
    }

    fn place(&self, i: usize) -> &Place {
        &self.s.places[i]
    }

    /// Month in which a zone opens, if it does and is not gone by then.
    fn opens(&self, z: usize) -> Option<i64> {
        let since = |month: pointplane::scenario::Month| i64::from(month.since(self.s.start));
        let open = since(self.place(z).open?).max(0);
        let gone = self.place(z).close.is_some_and(|close| since(close) < 0);
        (self.place(z).kind == Kind::Zone && open < self.months && !gone).then_some(open)
    }

    /// The first month after the last one of a zone.
    fn end(&self, z: usize) -> i64 {
        let close = self.place(z).close;
        let end = close.map(|month| i64::from(month.since(self.s.start)) + 1);
        end.unwrap_or(self.months).min(self.months)
    }

    fn zones(&self) -> Vec<usize> {
        (0..self.n).filter(|&z| self.opens(z).is_some()).collect()
    }

    /// Whether place i can hold an item at the end of month t.
    fn is_open(&self, i: usize, t: i64) -> bool {
        match self.place(i).kind {
            Kind::Region => true,
            Kind::Zone => {
                let close = self.place(i).close;
                let closed = close.is_some_and(|c| i64::from(c.since(self.s.start)) <= t);
                self.opens(i).is_some_and(|open| open <= t) && !closed
            }
            _ => false,
        }
    }

    /// Weight that the places of a set carry.
    fn weight(&self, set: &Set) -> i128 {
        set.iter().map(|&i| self.weights[i]).sum()
    }

    fn affinity(&self, d: usize, l: usize) -> f64 {
        let domain = &self.s.domains[d].affinity;
        let own = self.s.layers[l].coefficient;
        let own = own.filter(|_| self.s.layers.len() > 1).unwrap_or(1.0);
        domain.get(&self.s.layers[l].id).copied().unwrap_or(0.0) * own
    }

    /// Σ_l a_dl·c_l.
    fn carried(&self, d: usize, c: &[f64]) -> f64 {
        (0..self.s.layers.len())
            .map(|l| self.affinity(d, l) * c[l])
            .sum()
    }

    /// α_d.
    fn intrinsic(&self, d: usize) -> f64 {
        let own = self.s.domains[d].intrinsic_rate;
        own.unwrap_or(self.s.line.intrinsic_rate)
    }

    // ---- Point ----

    /// Tasks that zone z has been given by time `now`.
    fn tasks_given(&self, z: usize) -> Vec<(f64, f64)> {
        let Some(open) = self.opens(z) else {
            return Vec::new();
        };
        let at = |m: pointplane::scenario::Month| i64::from(m.since(self.s.start)).max(open) as f64;
        let mut given = vec![(open as f64, f64::from(self.place(z).tasks))];
        for mandate in &self.s.mandates {
            if mandate.zone as usize == z {
                given.push((at(mandate.month), f64::from(mandate.tasks)));
            }
        }
        for link in &self.s.gateway_links {
            let gateway = self.place(link.gateway as usize);
            if link.role == GatewayRole::Source && link.place as usize == z {
                let force = gateway.open.expect("source gateways have a month");
                let provisions = (f64::from(gateway.provisions) * link.share).round();
                given.push((at(force), provisions));
            }
        }
        given
    }

    fn innovations(&self, luck: Luck) -> Vec<Innovation> {
        let mut all = Vec::new();
        let point = &self.s.point;
        for z in self.zones() {
            let end = self.end(z) as f64;
            let (given, place) = (self.tasks_given(z), self.place(z));
            let hash = id_hash(&place.id);
            let mut clock = self.opens(z).expect("it opens") as f64;
            let mut serial = 0;
            'zone: loop {
                let mut need = luck.exponential(Process::Arrival, hash, 0, serial + 1);
                loop {
                    let tasks = given.iter().filter(|g| g.0 <= clock).map(|g| g.1);
                    let left = tasks.sum::<f64>() - f64::from(serial);
                    let intensity = point.arrival_rate * (1.0 - place.friction) * left;
                    let later = given.iter().map(|g| g.0).filter(|m| *m > clock);
                    let until = later.fold(end, f64::min);
                    if intensity * (until - clock) >= need {
                        clock += need / intensity;
                        break;
                    }
                    need -= intensity * (until - clock);
                    clock = until;
                    if clock >= end {
                        break 'zone;
                    }
                }
                serial += 1;
                all.push(self.innovation(luck, z, serial, clock));
            }
        }
        let items = self.s.history.iter().flat_map(|history| &history.items);
        all.extend(items.filter_map(|item| self.given(item)));
        all
    }

    /// A month of the run from a period of the history.
    fn step(&self, period: i32) -> i64 {
        let first = if self.s.numbered { 0 } else { self.s.start.0 };
        i64::from(period - first)
    }

    /// A given item; none of one that begins after the run.
    fn given(&self, item: &Item_) -> Option<Innovation> {
        let from = self.step(item.first_risk).max(0);
        if from >= self.months {
            return None;
        }
        let mut first: Vec<(usize, Option<i64>)> = Vec::new();
        first.extend(item.origin.map(|origin| (origin as usize, None)));
        let mut settled = Vec::new();
        let before = item.adoptions.iter().filter(|a| self.step(a.time) < from);
        for adoption in before {
            let until = adoption.until.map(|until| self.step(until));
            match until {
                Some(until) if until < from => settled.push(adoption.place as usize),
                until => first.push((adoption.place as usize, until)),
            }
        }
        let only = if first.len() == 1 && settled.is_empty() {
            Some(first[0].0)
        } else {
            None
        };
        Some(Innovation {
            origin: item.origin.map(|origin| origin as usize).or(only),
            name: item.id.clone(),
            serial: 0,
            first,
            settled,
            last: self.step(item.last),
            domain: item.domain,
            quality: item.quality,
            born: (from - 1).max(0) as f64,
            implemented: Some(from - 1),
            failed: None,
        })
    }

    /// β: the coefficient of an only layer; where several have one, these are part of W.
    fn beta(&self) -> f64 {
        match &self.s.layers[..] {
            [layer] => layer.coefficient.unwrap_or(self.s.line.beta),
            [layer, ..] if layer.coefficient.is_some() => 1.0,
            _ => self.s.line.beta,
        }
    }

    /// What covariates multiply a hazard by in month t.
    fn covariates(&self, acts_on: ActsOn, i: usize, t: i64) -> f64 {
        let of = |c: &&Covariate| c.spec.acts_on == acts_on;
        let exponent = |c: &Covariate| {
            let is_here = |v: &&(u32, i32, f64)| {
                (!c.by[0] || v.0 as usize == i) && (!c.by[1] || self.step(v.1) == t)
            };
            let value = c.values.iter().find(is_here).expect("a value").2;
            c.spec.effect * (value - c.spec.center)
        };
        let sum: f64 = self.s.covariates.iter().filter(of).map(exponent).sum();
        sum.exp()
    }

    fn innovation(&self, luck: Luck, zone: usize, serial: u32, born: f64) -> Innovation {
        let (point, place) = (&self.s.point, self.place(zone));
        let hash = id_hash(&place.id);
        let mix = place.mix.clone();
        let mix = mix.unwrap_or_else(|| self.s.domains.iter().map(|d| d.share).collect());
        let u = luck.uniform(Process::Domain, hash, 0, serial) * mix.iter().sum::<f64>();
        let reaches = |d: &usize| mix[..=*d].iter().sum::<f64>() >= u;
        let domain = (0..mix.len()).find(reaches).unwrap_or(mix.len() - 1);
        let mean = point.quality_base + point.quality_gain * place.leadership;
        let concentration = point.quality_concentration;
        let mut stream = luck.stream(Process::Quality, hash, 0, serial);
        let (first, second) = (mean * concentration, (1.0 - mean) * concentration);
        let quality = beta(first, second, &mut stream);
        let success = luck.exponential(Process::Implementation, hash, 0, serial)
            / (point.implementation_rate * place.platform);
        let failure = luck.exponential(Process::Failure, hash, 0, serial)
            / (point.failure_rate * (1.0 - quality) * (1.0 - point.tolerance));
        let end = self.end(zone) as f64;
        let month = |wait: f64| ((born + wait) < end).then_some((born + wait) as i64);
        Innovation {
            origin: Some(zone),
            name: place.id.clone(),
            first: vec![(zone, None)],
            settled: Vec::new(),
            last: self.months,
            serial,
            domain,
            quality,
            born,
            implemented: month(success).filter(|_| success <= failure),
            failed: month(failure).filter(|_| failure < success),
        }
    }

    // ---- Line ----

    /// Delegates of each member of alliance a that are open at the end of month t, where it is a member in `month`.
    fn delegates(&self, a: usize, t: i64, month: i64) -> Vec<Set> {
        let of = |member: &Who, i: usize| {
            let p = self.place(i);
            match member {
                Who::Group(g) => p.kind == Kind::Zone && p.group.as_ref().unwrap_or(&p.id) == g,
                Who::Province(q) => {
                    p.kind == Kind::Region && p.tier == Tier::Linkage && p.province == *q
                }
                Who::Place(id) => p.id == *id,
            }
        };
        let belongs = |m: &Member| {
            let since = |m: pointplane::scenario::Month| i64::from(m.since(self.s.start));
            m.from.is_none_or(|from| month >= since(from))
                && m.to.is_none_or(|to| month <= since(to))
        };
        let members = &self.s.alliances[a].members;
        members
            .iter()
            .map(|m| {
                (0..self.n)
                    .filter(|&i| belongs(m) && self.is_open(i, t) && of(&m.who, i))
                    .collect()
            })
            .collect()
    }

    fn mechanisms(&self) -> Vec<String> {
        let layers = self.s.layers.iter().map(|l| format!("base_{}", l.id));
        let alliances = self
            .s
            .alliances
            .iter()
            .map(|a| format!("alliance_{}", a.id));
        let fixed = [
            "line",
            "circle",
            "axis",
            "transit",
            "provincial",
            "national",
        ];
        let fixed = fixed.iter().map(|f| (*f).to_owned());
        let unheard = (0..self.s.domains.len()).any(|d| self.intrinsic(d) > 0.0);
        let intrinsic = unheard.then(|| "intrinsic".to_owned());
        layers
            .chain(alliances)
            .chain(fixed)
            .chain(intrinsic)
            .collect()
    }

    /// W_ij,d(t) in its parts by mechanism, `[d][i][j]`.
    fn weights(&self, t: i64, old: &State) -> Vec<Parts> {
        let (s, n) = (self.s, self.n);
        let names = self.mechanisms();
        let number = |name: &str| names.iter().position(|m| m == name).expect("a mechanism");
        let (line, circle) = (number("line"), number("circle"));
        let (axis, transit) = (number("axis"), number("transit"));
        let mut all = vec![vec![vec![Vec::new(); n]; n]; s.domains.len()];
        let links = self.base(t);
        let there = |i: usize| self.takes_part(i, t);
        for (d, w) in all.iter_mut().enumerate() {
            for (i, j) in (0..n * n).map(|p| (p / n, p % n)) {
                let mut base = 0.0;
                for (l, links) in links.iter().enumerate() {
                    let part = self.affinity(d, l) * links[i][j];
                    base += part;
                    w[i][j].push((l, part));
                }
                if old.line[i][j] {
                    w[i][j].push((line, base * s.line.line_bonus));
                }
                let both = |set: &Set| set.contains(&i) && set.contains(&j);
                if old.circles.values().any(both) {
                    w[i][j].push((circle, base * s.line.circle_bonus));
                }
                if old.axes.iter().flatten().any(|a| both(&a.members)) {
                    w[i][j].push((axis, base * s.line.axis_bonus));
                }
                for (corridor, a) in s.corridors.iter().zip(&old.axes) {
                    let zones = i != j && a.as_ref().is_some_and(|a| both(&a.zones));
                    if zones && there(i) && there(j) {
                        let express = s.line.express * self.carried(d, &corridor.layers);
                        w[i][j].push((axis, express));
                    }
                }
            }
            for (a, alliance) in s.alliances.iter().enumerate() {
                let since = |m: pointplane::scenario::Month| i64::from(m.since(s.start));
                if alliance.from.is_some_and(|m| t < since(m))
                    || alliance.to.is_some_and(|m| t > since(m))
                {
                    continue;
                }
                let mechanism = number(&format!("alliance_{}", alliance.id));
                let delegates = self.delegates(a, (t - 1).max(0), t);
                let groups = delegates.iter().filter(|g| !g.is_empty()).count() as f64;
                for (g, hearing) in delegates.iter().enumerate() {
                    for (h, heard) in delegates.iter().enumerate() {
                        for &i in hearing {
                            for &j in heard.iter().filter(|_| g != h) {
                                let value = alliance.strength
                                    * self.carried(d, &alliance.layers)
                                    * (groups - 1.0).powf(-alliance.size_exponent)
                                    / heard.len() as f64;
                                w[i][j].push((mechanism, value));
                            }
                        }
                    }
                }
            }
            for (g, gateway) in s.places.iter().enumerate() {
                let Some(open) = gateway.open else { continue };
                if gateway.kind != Kind::TransitGateway || i64::from(open.since(s.start)) > t {
                    continue;
                }
                let of = |role| {
                    let links = s.gateway_links.iter();
                    links.filter(move |l| l.gateway as usize == g && l.role == role)
                };
                let hub = s
                    .layers
                    .iter()
                    .position(|l| Some(&l.id) == s.gateways.transit_layer.as_ref());
                let value = hub.map_or(0.0, |l| s.gateways.transit_strength * self.affinity(d, l));
                for zone in of(GatewayRole::Serves) {
                    for entry in of(GatewayRole::Entry) {
                        let (z, e) = (zone.place as usize, entry.place as usize);
                        if !there(z) {
                            continue;
                        }
                        w[z][e].push((transit, value));
                        w[e][z].push((transit, value));
                    }
                }
            }
        }
        all
    }

    fn response(&self, x: f64, out: &mut Outcome) -> f64 {
        let line = &self.s.line;
        match line.response {
            Response::Linear => x,
            Response::Hill => {
                let (a, b) = (x.powf(line.hill_exponent), line.x0.powf(line.hill_exponent));
                a / (a + b)
            }
            Response::Threshold => f64::from(out.at_least(x, line.x0)),
        }
    }
}
