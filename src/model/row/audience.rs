//! Exposures of a row that change: the listeners of those who take k up, and single pairs.

use prefetch_index::prefetch_index;

use crate::model::hazard::Hazard;
use crate::model::trend::Trend;
use crate::world::{NEVER, World};

use super::Row;

/// Pairs that are fetched ahead.
const AHEAD: usize = 256;

/// The listeners of a new adopter that can still adopt.
#[derive(Clone, Debug, Default)]
pub struct Audience {
    /// Each with what it hears in ticks; only the first `count` count.
    open: Vec<(u32, i64)>,
    count: usize,
}

impl Row {
    /// As [`Row::expose`], with its rate at an exposure and whether its H grows.
    #[inline(always)]
    fn expose_at(
        &mut self,
        i: usize,
        ticks: i64,
        t: u16,
        grows: bool,
        rate: impl Fn(i64) -> i64,
    ) -> (Trend, bool) {
        let pair = &mut self.pairs[i];
        let old = rate(pair.exposure);
        pair.exposure += ticks;
        let new = rate(pair.exposure);
        pair.left += (new - old) * (i64::from(t) + 1) * i64::from(grows);
        let trend = Trend {
            left: pair.left,
            rate: new,
        };
        (trend, grows & self.is_early(i, trend))
    }

    /// Adds ticks to the exposure of place `i`, which can still adopt, at the end of month `t`. Gives its
    /// trend, and whether that has to be kept ([`Row::keep`]).
    #[inline(always)]
    pub fn expose(&mut self, hazard: &Hazard<'_>, i: usize, ticks: i64, t: u16) -> (Trend, bool) {
        let places = &hazard.world.places;
        let (unit, d) = (self.unit, self.domain as usize);
        let replicated = self.replicated.at(self.province == places.province[i]);
        self.expose_at(i, ticks, t, places.open[i] <= t, |x| {
            unit.rate(hazard, d, i, x, replicated)
        })
    }

    /// Puts the listeners of `j` that can still adopt into `audience`, and has their pairs fetched; `ticks`
    /// are the weights of the domain by slot, `sign` −1 where `j` gives k up.
    #[inline(always)]
    pub fn gather(
        &self,
        world: &World,
        ticks: &[i64],
        j: usize,
        sign: i64,
        audience: &mut Audience,
    ) {
        audience.count = 0;
        if self.open_places == 0 {
            return;
        }
        let slots = world.network.audience(j);
        if audience.open.len() <= slots.len() {
            audience.open.resize(slots.len() + 1, (0, 0));
        }
        let mut count = 0;
        let listeners = world.network.heard_by[slots.clone()].iter();
        for (&i, &ticks) in listeners.zip(&ticks[slots]) {
            audience.open[count] = (i, sign * ticks);
            count += usize::from(self.can_adopt(i as usize) & (ticks != 0));
        }
        audience.count = count;
        for (i, _) in audience.open[..count].iter().take(AHEAD) {
            prefetch_index(&self.pairs, *i as usize);
        }
    }

    /// Adds what the audience hears to its exposures at the end of month `t`; `all_open` is whether no place
    /// will open any more, `early` is room. Gives the month to which the row's first month has to be lowered, or
    /// [`NEVER`].
    pub fn hear(
        &mut self,
        hazard: &Hazard<'_>,
        t: u16,
        all_open: bool,
        audience: &Audience,
        early: &mut Vec<(u32, Trend)>,
    ) -> u16 {
        let (unit, d, own) = (self.unit, self.domain as usize, self.province);
        let (replicated, places) = (self.replicated, &hazard.world.places);
        let (open, province) = (&places.open, &places.province);
        match unit.linear(replicated) {
            // The usual cases, without what they do not need.
            Some([more, same]) if more == same && all_open => {
                self.expose_all(t, audience, early, |_| true, |_, x| x + more)
            }
            Some(more) => self.expose_all(
                t,
                audience,
                early,
                |i| open[i] <= t,
                |i, x| x + more[usize::from(province[i] == own)],
            ),
            None => self.expose_all(
                t,
                audience,
                early,
                |i| open[i] <= t,
                |i, x| unit.rate(hazard, d, i, x, replicated.at(province[i] == own)),
            ),
        }
    }

    #[inline(always)]
    fn expose_all(
        &mut self,
        t: u16,
        audience: &Audience,
        early: &mut Vec<(u32, Trend)>,
        grows: impl Fn(usize) -> bool,
        rate: impl Fn(usize, i64) -> i64,
    ) -> u16 {
        let open = &audience.open[..audience.count];
        if early.len() <= open.len() {
            early.resize(open.len() + 1, (0, Trend::default()));
        }
        let mut due = 0;
        for (n, &(i, ticks)) in open.iter().enumerate() {
            if let Some((i, _)) = open.get(n + AHEAD) {
                prefetch_index(&self.pairs, *i as usize);
            }
            let at = i as usize;
            let (trend, is_early) = self.expose_at(at, ticks, t, grows(at), |x| rate(at, x));
            early[due] = (i, trend);
            due += usize::from(is_early);
        }
        let kept = early[..due].iter();
        kept.map(|&(i, trend)| self.keep(i as usize, trend, t))
            .fold(NEVER, u16::min)
    }
}
