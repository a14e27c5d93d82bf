//! W⁰ of a month (model page 7.1): who takes part, whom each hears most, and how much.

use pointplane::scenario::spec::{HierarchySpec, LinkRule, LinkSourceSpec};
use pointplane::scenario::tables::{GatewayRole, Kind, Tier};

use super::Model;

impl Model<'_> {
    /// Whether place i takes part in month t: it was open at the end of the month before. In month 0, in which
    /// nobody has anything, W is that of month 1.
    pub fn takes_part(&self, i: usize, t: i64) -> bool {
        let before = (t - 1).max(0);
        match self.place(i).kind {
            Kind::Region | Kind::Zone => self.is_open(i, before),
            Kind::SourceGateway | Kind::TransitGateway => self
                .place(i)
                .open
                .is_some_and(|open| i64::from(open.since(self.s.start)) <= before),
        }
    }

    /// w^l_ij in month t, `[layer][i][j]`.
    pub fn base(&self, t: i64) -> Vec<Vec<Vec<f64>>> {
        let n = self.n;
        let there: Vec<bool> = (0..n).map(|i| self.takes_part(i, t)).collect();
        let mut all = vec![vec![vec![0.0; n]; n]; self.s.layers.len()];
        for (l, w) in all.iter_mut().enumerate() {
            for (i, row) in w.iter_mut().enumerate() {
                let adopts = matches!(self.place(i).kind, Kind::Region | Kind::Zone);
                if !adopts || !there[i] {
                    continue;
                }
                for (source, spec) in self.s.layers[l].links.iter().enumerate() {
                    let raw = |j: usize| match i != j && there[j] {
                        true => self.raw((l, source), spec, i, j),
                        false => 0.0,
                    };
                    let raw: Vec<f64> = (0..n).map(raw).collect();
                    // The k strongest; of equals, the smaller id.
                    let mut order: Vec<usize> = (0..n).filter(|&j| raw[j] > 0.0).collect();
                    let id = |j: usize| &self.place(j).id;
                    order.sort_by(|&a, &b| raw[b].total_cmp(&raw[a]).then(id(a).cmp(id(b))));
                    let usual = (!matches!(spec.rule, LinkRule::Table(_))).then_some(8);
                    let k = spec.k.or(usual).map_or(n, |k| k as usize);
                    order.truncate(k);
                    let sum: f64 = order.iter().map(|&j| raw[j]).sum();
                    let plain = !self.s.layers[l].standardise.is_row();
                    for j in order {
                        row[j] += match plain {
                            true => spec.share * raw[j],
                            false => spec.share * raw[j] / sum,
                        };
                    }
                }
                let sum: f64 = row.iter().sum();
                if sum > 0.0 && self.s.layers[l].standardise.is_row() {
                    row.iter_mut().for_each(|w| *w /= sum);
                }
            }
        }
        all
    }

    /// How much i hears j by one source of links, before anything is kept or divided.
    fn raw(&self, at: (usize, usize), spec: &LinkSourceSpec, i: usize, j: usize) -> f64 {
        let adopts = matches!(self.place(j).kind, Kind::Region | Kind::Zone);
        let km = self.km(i, j);
        let near = |max_km: Option<f64>| adopts && km <= max_km.unwrap_or(f64::INFINITY);
        match &spec.rule {
            LinkRule::Table(_) => {
                let tables = self.s.link_tables.iter();
                let links = tables
                    .filter(|table| (table.layer, table.source) == at)
                    .flat_map(|table| &table.links);
                let of_pair = links.filter(|l| (l.listener as usize, l.source as usize) == (i, j));
                of_pair.map(|link| link.weight).sum()
            }
            LinkRule::Gravity(spec) if near(spec.max_km) => {
                self.place(j).weight.powf(spec.alpha) / km.max(1.0).powf(spec.gamma)
            }
            LinkRule::Decay(spec) if near(spec.max_km) => (-km / spec.delta_km).exp(),
            LinkRule::Similarity(spec) if near(spec.max_km) => {
                let (a, b) = (&self.place(i).industries, &self.place(j).industries);
                let product =
                    |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(x, y)| x * y).sum() };
                let length = (product(a, a) * product(b, b)).sqrt();
                if length > 0.0 {
                    product(a, b) / length * (-km / spec.delta_km).exp()
                } else {
                    0.0
                }
            }
            LinkRule::Hierarchy(spec) => self.authority(spec, i, j),
            LinkRule::Gravity(_) | LinkRule::Decay(_) | LinkRule::Similarity(_) => 0.0,
        }
    }

    /// The rule `hierarchy`: who is heard by virtue of what it is.
    fn authority(&self, spec: &HierarchySpec, i: usize, j: usize) -> f64 {
        let (listener, source) = (self.place(i), self.place(j));
        let same = listener.province == source.province && !listener.province.is_empty();
        let is_zone = listener.kind == Kind::Zone;
        match source.kind {
            Kind::Zone if is_zone => {
                let group = |i: usize| self.place(i).group.as_ref().unwrap_or(&self.place(i).id);
                let same = group(i) == group(j);
                if same { spec.same_group } else { 0.0 }
            }
            Kind::Zone if same => match listener.tier {
                Tier::Linkage => spec.linkage,
                Tier::Radiation => spec.radiation,
                Tier::Hinterland => spec.hinterland,
            },
            Kind::Region if same && source.capital && (is_zone || !listener.capital) => {
                spec.capital
            }
            Kind::SourceGateway if is_zone => {
                let linked = self.s.gateway_links.iter().any(|link| {
                    let ends = (link.gateway as usize, link.place as usize);
                    link.role == GatewayRole::Source && ends == (j, i)
                });
                if linked { spec.gateway } else { 0.0 }
            }
            _ => 0.0,
        }
    }
}
