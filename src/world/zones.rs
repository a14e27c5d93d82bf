//! Zones: what the point scale needs of them, and their catchments.

use crate::scenario::Scenario;
use crate::scenario::tables::{GatewayRole, Kind};

use super::distance::Spot;
use super::id::PlaceId;
use super::{Bits, Calendar, NEVER, Places};

impl Zone {
    /// The end of its last month, as a number of months from the start of the run of `calendar`.
    pub fn end(&self, calendar: &Calendar) -> u16 {
        calendar.months.min(self.close.saturating_add(1))
    }
}

/// A zone that opens during the run.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its place.
    pub place: PlaceId,
    /// Month in which it opens.
    pub open: u16,
    /// Month in which it closes, its last; [`NEVER`] for one that stays.
    pub close: u16,
    /// μ·(1 − f_z): rate per open task, per month.
    pub rate: f64,
    /// Reform tasks by the month in which they are given, from the opening on; ascending.
    pub tasks: Vec<(u16, u32)>,
    /// Cumulative domain mix, ending at 1.
    pub mix: Vec<f64>,
    /// Shares of innovations that serve industry directly, and directly or indirectly.
    pub orientation: (f64, f64),
    /// The two shape parameters of the Beta distribution of quality.
    pub quality: (f64, f64),
    /// π·S_z: hazard of implementation, per month.
    pub implementation: f64,
    /// Catchment: regions and zones of its province, and of other provinces within r_c.
    pub catchment: Bits,
}

/// The zones that open during the run, in canonical order of their places. `known` are these zones with
/// other parameters and the catchments of this scenario, if there are such.
pub fn zones(
    scenario: &Scenario,
    calendar: &Calendar,
    places: &Places,
    known: &[Zone],
) -> Vec<Zone> {
    let (canonical, spots) = match known {
        [] => (places.canonical(), places.spots()),
        _ => (Vec::new(), Vec::new()),
    };
    places
        .each()
        .filter(|&i| places.is_zone(i) && places.open[i] != NEVER)
        .enumerate()
        .map(|(number, i)| {
            let input = places.input[i];
            let catchment = match known.get(number) {
                Some(zone) => zone.catchment.clone(),
                None => catchment(scenario, places, &canonical, &spots, i),
            };
            let row = &scenario.places[input as usize];
            let point = &scenario.point;
            let open = places.open[i];
            let mut tasks = vec![(open, row.tasks)];
            for mandate in scenario.mandates.iter().filter(|m| m.zone == input) {
                tasks.push((calendar.number(mandate.month).max(open), mandate.tasks));
            }
            // 对标: a source's provisions in force, times the zone's share, as whole tasks.
            for link in &scenario.gateway_links {
                let gateway = &scenario.places[link.gateway as usize];
                if link.role == GatewayRole::Source
                    && link.place == input
                    && gateway.kind == Kind::SourceGateway
                    && let Some(month) = gateway.open
                {
                    let share = (f64::from(gateway.provisions) * link.share).round();
                    tasks.push((calendar.number(month).max(open), share as u32));
                }
            }
            tasks.retain(|&(month, n)| month != NEVER && n > 0);
            tasks.sort_unstable();
            let mix: Vec<f64> = match &row.mix {
                Some(mix) => mix.clone(),
                None => scenario.domains.iter().map(|d| d.share).collect(),
            };
            let total: f64 = mix.iter().sum();
            let mut so_far = 0.0;
            let mix = mix
                .iter()
                .map(|share| {
                    so_far += share / total;
                    so_far
                })
                .collect();
            let (direct, indirect) = row
                .orientation
                .unwrap_or((point.direct_share, point.indirect_share));
            let mean =
                (point.quality_base + point.quality_gain * row.leadership).clamp(1e-6, 1.0 - 1e-6);
            Zone {
                place: i,
                open,
                close: places.close[i],
                rate: point.arrival_rate * (1.0 - row.friction),
                tasks,
                mix,
                orientation: (direct, direct + indirect),
                quality: (
                    mean * point.quality_concentration,
                    (1.0 - mean) * point.quality_concentration,
                ),
                implementation: point.implementation_rate * row.platform,
                catchment,
            }
        })
        .collect()
}

fn catchment(
    scenario: &Scenario,
    places: &Places,
    canonical: &[PlaceId],
    spots: &[Spot],
    zone: PlaceId,
) -> Bits {
    let mut bits = Bits::new(places.len());
    if !scenario.line.structures {
        return bits;
    }
    for &i in canonical {
        let own = places.same_province(i, zone);
        if places.open[i] != NEVER
            && (own || spots[zone].km_to(spots[i]) <= scenario.circle.radius_km)
        {
            bits.put(i);
        }
    }
    bits
}
