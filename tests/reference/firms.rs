//! The firm layer written down a second time, firm by firm and month by month, from the model page.
//!
//! Every month looks at every firm and every partner: h_fd from its terms, H_fd ← H_fd + h_fd, taken up
//! when H_fd ≥ θ_fd. It shares with the engine the named draws, the network, and the rounding of the
//! model page: base hazards and thresholds in ticks of 2⁻²⁶, χ in ticks of 2⁻¹⁶, stocks in ticks of 2⁻⁴⁰.
//! No clock, no lines, no queue. H is kept as a whole number of 2⁻²⁶ · 2⁻¹⁶ / K, so sums are exact.

use pointplane::draw::{Luck, Process, id_hash};
use pointplane::scenario::Scenario;
use pointplane::scenario::tables::Kind;
use pointplane::world::World;

/// A firm.
#[derive(Clone)]
struct Firm {
    region: usize,
    industry: usize,
    size: f64,
    partners: Vec<usize>,
    /// Hashes and number that name its draws.
    name: (u64, u64, u32),
    /// Month in which it took each domain up.
    taken: Vec<Option<i64>>,
    /// H_fd.
    hazard: Vec<i128>,
}

/// The firms at the end of a month.
#[derive(Clone)]
pub struct Firms {
    firms: Vec<Firm>,
    luck: Luck,
}

impl Firms {
    /// The firms of a world; nobody took anything up. `partners` are those of the engine's firms.
    pub fn new(s: &Scenario, world: &World, partners: Vec<Vec<usize>>, luck: Luck) -> Self {
        let layer = world.firms.as_ref().expect("the firm layer is on");
        let domains = s.domains.len();
        let firm = |(f, partners): (usize, Vec<usize>)| {
            // region.industry.size class.number
            let id = layer.id(&world.places, f);
            let parts: Vec<&str> = id.split('.').collect();
            let hashes = match &layer.given {
                Some(_) => (id_hash(&id), 0, 0),
                None => (
                    id_hash(parts[0]),
                    id_hash(&format!("{} {}", parts[1], parts[2])),
                    parts[3].parse().expect("a number"),
                ),
            };
            let class = layer.sizes.iter().find(|class| class.id == parts[2]);
            Firm {
                region: s
                    .places
                    .iter()
                    .position(|p| p.id == parts[0])
                    .expect("a place"),
                industry: layer
                    .industries
                    .iter()
                    .position(|g| g == parts[1])
                    .expect("an industry"),
                size: class.expect("a size class").size,
                partners,
                name: hashes,
                taken: vec![None; domains],
                hazard: vec![0; domains],
            }
        };
        let firms = partners.into_iter().enumerate().map(firm).collect();
        Self { firms, luck }
    }

    /// A month of all firms, from the firms and the stocks of the end of the month before. `stock` has
    /// the qualities of the innovations of domain d that place p has.
    pub fn month(&mut self, t: i64, s: &Scenario, stock: impl Fn(usize, usize) -> Vec<f64>) {
        let old = self.firms.clone();
        let layer = s.firms.as_ref().expect("the firm layer is on");
        let spec = &layer.spec;
        for firm in &mut self.firms {
            for (d, domain) in s.domains.iter().enumerate() {
                if firm.taken[d].is_some() {
                    continue;
                }
                let ticks = stock(firm.region, d)
                    .into_iter()
                    .map(|q| (q * 2f64.powi(40)) as i64);
                let stock = ticks.sum::<i64>() as f64 / 2f64.powi(40);
                let fit = spec.industries[firm.industry].fit.get(&domain.id);
                let base = spec.uptake_rate
                    * (0.5 + s.places[firm.region].factor)
                    * fit.copied().unwrap_or(1.0)
                    * firm.size.powf(spec.size_effect)
                    * (stock / spec.stock_ref);
                let base = (base * 2f64.powi(26)).round() as i128;
                let chi = (spec.partner_effect * 65_536.0).round() as i128;
                let with = firm
                    .partners
                    .iter()
                    .filter(|p| old[**p].taken[d].is_some())
                    .count();
                let k = firm.partners.len().max(1) as i128;
                // K · 2¹⁶ · h_fd.
                firm.hazard[d] += base * (k * 65_536 + chi * with as i128);
                let (region, cell, number) = firm.name;
                let domain = id_hash(&domain.id);
                let theta =
                    self.luck
                        .exponential(Process::FirmThreshold, region, cell ^ domain, number);
                let theta = ((theta * 2f64.powi(26)).ceil() as i128).max(1);
                if firm.hazard[d] >= theta * k * 65_536 {
                    firm.taken[d] = Some(t);
                }
            }
        }
    }

    /// The region whose firms a place has.
    fn seat(&self, s: &Scenario, i: usize) -> Option<usize> {
        let place = &s.places[i];
        let seat = match (place.kind, &place.host) {
            (Kind::Zone, Some(host)) => s.places.iter().position(|p| p.id == *host)?,
            (Kind::Region, _) => i,
            _ => return None,
        };
        self.firms
            .iter()
            .any(|firm| firm.region == seat)
            .then_some(seat)
    }

    /// u_id.
    pub fn uptake(&self, s: &Scenario, d: usize, i: usize) -> Option<f64> {
        let seat = self.seat(s, i)?;
        let (mut taken, mut all) = (0.0, 0.0);
        for firm in self.firms.iter().filter(|firm| firm.region == seat) {
            all += firm.size;
            taken += if firm.taken[d].is_some() {
                firm.size
            } else {
                0.0
            };
        }
        Some(taken / all)
    }

    /// demand_id.
    pub fn demand(&self, s: &Scenario, d: usize, i: usize) -> f64 {
        let Some(seat) = self.seat(s, i) else {
            return 1.0;
        };
        let here = self.firms.iter().filter(|firm| firm.region == seat);
        let partners: Vec<usize> = here.flat_map(|firm| firm.partners.clone()).collect();
        if partners.is_empty() {
            return 1.0;
        }
        let with = partners
            .iter()
            .filter(|p| self.firms[**p].taken[d].is_some())
            .count();
        let pull = s.firms.as_ref().expect("it is on").spec.demand_pull;
        1.0 + pull * (with as f64 / partners.len() as f64)
    }

    /// Month in which each firm took each domain up, `[firm][domain]`.
    pub fn taken(&self) -> Vec<Vec<Option<i64>>> {
        self.firms.iter().map(|firm| firm.taken.clone()).collect()
    }
}
