//! One innovation over all places: exposure, hazard and the month in which each place will adopt.
//!
//! H_ik grows by the hazard h_ik each month, and h_ik changes only when something happens to (i, k).
//! So instead of adding every month, each pair keeps the straight line that H_ik is on:
//! with `left` = θ_ik − (H_ik extended back to month −1), i adopts at the first month t with
//! h_ik · (t + 1) ≥ left. When h changes at the end of month t, `left` changes by Δh · (t + 1).
//! All of it is exact (see [`super::fixed`]), so this gives, bit for bit, what adding monthly gives.

use crate::draw::{Luck, Process};
use crate::scenario::spec::Response;
use crate::world::{Bits, NEVER, Network, World};

use super::fixed::{EXPOSURE, hazard_ticks, threshold_ticks};
use super::point::Innovation;

/// The state of (i, k), side by side because it is read and written together.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    /// Σ_j W_ij,d · R_j · 1\[adopted at j\], in ticks.
    exposure: i64,
    /// θ_ik less the backward extension of H_ik, in ticks.
    left: i64,
    /// h_ik in ticks.
    hazard: i64,
}

/// The state of innovation k; every list has one entry per place.
#[derive(Clone, Debug)]
pub struct Row {
    pairs: Vec<Pair>,
    /// Month in which i adopts if nothing changes.
    due: Vec<u16>,
    /// Places that have k now.
    pub adopted: Bits,
    /// Places that had it, have it, or never can.
    pub settled: Bits,
    /// Places whose hazard has to be worked out anew.
    touched: Bits,
    /// Places that can still adopt.
    pub open_places: u32,
    /// Number of places that have k now.
    pub adopters: u32,
    /// Whether its province's replication is in force.
    pub provincial: bool,
    /// Whether national replication is in force.
    pub national: bool,
}

impl Row {
    /// A row at the moment of implementation: nobody has it yet. Draws every θ_ik.
    pub fn new(world: &World, luck: Luck, innovation: &Innovation) -> Self {
        let n = world.places.len();
        let zone = world.zone_hash[innovation.zone as usize];
        let mut settled = Bits::new(n);
        let mut open_places = 0;
        let mut pairs = vec![Pair::default(); n];
        for (i, pair) in pairs.iter_mut().enumerate() {
            if world.places.open[i] == NEVER {
                settled.put(i);
            } else {
                open_places += 1;
                pair.left = threshold_ticks(luck.exponential(
                    Process::Threshold,
                    world.places.hash[i],
                    zone,
                    innovation.serial,
                ));
            }
        }
        Self {
            pairs,
            due: vec![NEVER; n],
            adopted: Bits::new(n),
            settled,
            touched: Bits::new(n),
            open_places,
            adopters: 0,
            provincial: false,
            national: false,
        }
    }

    /// Place `i` has it from now on.
    pub fn adopt(&mut self, i: usize) {
        self.adopted.put(i);
        self.adopters += 1;
        self.settle(i);
    }

    /// Place `i` has it no more, and never will.
    pub fn abandon(&mut self, i: usize) {
        self.adopted.take(i);
        self.adopters -= 1;
    }

    fn settle(&mut self, i: usize) {
        if !self.settled.has(i) {
            self.settled.put(i);
            self.open_places -= 1;
        }
        self.due[i] = NEVER;
        self.touched.take(i);
    }

    /// Σ_j W_ij,d · R_j · 1\[adopted at j\] of place `i`, in ticks.
    #[inline(always)]
    pub fn exposure(&self, i: usize) -> i64 {
        self.pairs[i].exposure
    }

    /// Adds an exposure to place `i`.
    #[inline(always)]
    pub fn expose(&mut self, i: usize, ticks: i64) {
        self.pairs[i].exposure += ticks;
        self.touch(i);
    }

    /// Adds source `j` to the exposures of its listeners, or takes it out (`sign` −1); `ticks` are the
    /// weights of the domain by slot.
    pub fn hear(&mut self, network: &Network, ticks: &[i64], j: usize, sign: i64) {
        let audience = network.audience(j);
        let listeners = &network.heard_by[audience.clone()];
        let links = listeners.iter().zip(&ticks[audience]);
        if let Some(set) = network.audience_sets.get(j) {
            for (&i, &ticks) in links {
                if !self.settled.has(i as usize) {
                    self.pairs[i as usize].exposure += sign * ticks;
                }
            }
            self.touched.join(set);
        } else {
            for (&i, &ticks) in links {
                self.expose(i as usize, sign * ticks);
            }
        }
    }

    /// Place `i` needs a new hazard.
    #[inline(always)]
    pub fn touch(&mut self, i: usize) {
        self.touched.put(i);
    }

    /// Every place needs a new hazard.
    pub fn touch_all(&mut self) {
        self.touched.words_mut().fill(!0);
    }

    /// Calls `found` for every place that adopts in month `t`, in order; gives the next month in which
    /// somebody will.
    pub fn due(&mut self, t: u16, mut found: impl FnMut(usize)) -> u16 {
        let mut first = NEVER;
        for (c, chunk) in self.due.chunks(64).enumerate() {
            let low = chunk.iter().copied().fold(NEVER, u16::min);
            if low > t {
                first = first.min(low);
                continue;
            }
            for (i, &due) in chunk.iter().enumerate() {
                if due <= t {
                    found(c * 64 + i);
                } else {
                    first = first.min(due);
                }
            }
        }
        first
    }

    /// Works out the hazards of all touched places from what holds at the end of month `t`, and when
    /// each will adopt if nothing changes; gives the first of these months.
    pub fn refresh(
        &mut self,
        world: &World,
        innovation: &Innovation,
        hazard: &Hazard<'_>,
        t: u16,
    ) -> u16 {
        let mut first = NEVER;
        let ticks = i64::from(t) + 1;
        let last = i64::from(world.calendar.months);
        let province = self
            .provincial
            .then(|| world.places.province[innovation.origin as usize]);
        let scale = innovation.quality / EXPOSURE;
        for w in 0..self.touched.words().len() {
            let mut word = self.touched.words()[w] & !self.settled.words()[w];
            self.touched.words_mut()[w] = 0;
            while word != 0 {
                let i = w * 64 + word.trailing_zeros() as usize;
                word &= word - 1;
                if i >= self.due.len() {
                    break;
                }
                if world.places.open[i] > t {
                    continue;
                }
                let pair = &mut self.pairs[i];
                let terms = hazard.terms(
                    i,
                    pair.exposure as f64 * scale,
                    province == Some(world.places.province[i]),
                    self.national,
                );
                let rate = hazard_ticks(terms.total());
                let was_due = pair.left <= pair.hazard * last;
                pair.left += (rate - pair.hazard) * ticks;
                pair.hazard = rate;
                let due = first_month(pair.left, rate, last);
                // Most pairs stay beyond the end of the run: sparing `due` spares a cache miss.
                if was_due || due != NEVER {
                    self.due[i] = due;
                    first = first.min(due);
                }
            }
        }
        first
    }

    /// Bytes that this row takes.
    pub fn bytes(&self) -> usize {
        self.due.len() * (3 * 8 + 2) + 3 * 8 * self.touched.words().len()
    }
}

/// First month t with rate · (t + 1) ≥ left, or [`NEVER`] when that is not within `last` months.
#[inline(always)]
fn first_month(left: i64, rate: i64, last: i64) -> u16 {
    if rate <= 0 || left > rate * last {
        return NEVER;
    }
    // A guess in floating point, put right exactly.
    let mut months = (left as f64 / rate as f64) as i64;
    while months * rate < left {
        months += 1;
    }
    while months > 1 && (months - 1) * rate >= left {
        months -= 1;
    }
    (months.max(1) - 1) as u16
}

/// The hazard of adoption (model §3, Line):
/// h_ik = E_i · demand_id · \[β · φ(X_ik) + η_prov · 1\[k replicated in i's province\] + η · 1\[k replicated nationally\]\].
#[derive(Clone, Copy, Debug)]
pub struct Hazard<'a> {
    world: &'a World,
}

/// The three terms of a hazard, per month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// E_i · β · φ(X_ik).
    pub exposure: f64,
    /// E_i · η_prov · 1\[…\].
    pub provincial: f64,
    /// E_i · η · 1\[…\].
    pub national: f64,
}

impl Terms {
    /// h_ik.
    #[inline(always)]
    pub fn total(&self) -> f64 {
        self.exposure + self.provincial + self.national
    }
}

impl<'a> Hazard<'a> {
    /// The hazard of a world.
    pub fn new(world: &'a World) -> Self {
        Self { world }
    }

    /// φ.
    #[inline(always)]
    fn response(&self, x: f64) -> f64 {
        let line = &self.world.line;
        match line.response {
            Response::Linear => x,
            Response::Hill => {
                let power = (x / line.x0).powf(line.hill_exponent);
                if power.is_finite() {
                    power / (1.0 + power)
                } else {
                    1.0
                }
            }
            Response::Threshold => f64::from(u8::from(x >= line.x0)),
        }
    }

    /// The terms for place `i` at exposure `x` = X_ik. The firm layer's demand_id is 1 without it.
    #[inline(always)]
    pub fn terms(&self, i: usize, x: f64, provincial: bool, national: bool) -> Terms {
        let line = &self.world.line;
        let environment = self.world.places.environment[i];
        let of = |on: bool, rate: f64| if on { environment * rate } else { 0.0 };
        Terms {
            exposure: environment * line.beta * self.response(x),
            provincial: of(provincial, line.provincial_rate),
            national: of(national, line.national_rate),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_months_are_exact() {
        for (left, rate, last, month) in [
            (1, 1, 10, 0),
            (10, 1, 10, 9),
            (11, 1, 10, NEVER),
            (3, 2, 10, 1),
            (4, 2, 10, 1),
            (1, 0, 10, NEVER),
            (i64::MAX / 4, i64::MAX / 4, 2, 0),
            ((1 << 61) + 1, 1 << 50, 4096, 2048),
            (1 << 61, 1 << 50, 4096, 2047),
        ] {
            assert_eq!(first_month(left, rate, last), month, "{left} {rate}");
        }
    }
}
