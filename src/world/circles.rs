//! How much of its catchment the circle of a zone can reach at most: whether it can ever form.
//!
//! A circle is formed when lines lead from the zone to another place inside the catchment, and what they reach
//! has at least θ_circle of the catchment's weight. Lines stand on pairs of places with a link. So the places that
//! pairs join to the zone inside its catchment bound what it ever reaches; of the others, those that are always
//! there (regions) bound from below what it does not.

use super::decimal::Decimal;
use super::{Bits, NEVER, World, Zone, ZoneId, share};

/// A zone whose circle can never form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Never {
    /// The zone.
    pub zone: ZoneId,
    /// Greatest share of the weight of its catchment that it can reach; none when it can reach no other place.
    pub most: Option<f64>,
}

/// The zones whose circles can never form, where structures form and any place carries weight.
pub fn never_form(world: &World) -> Vec<Never> {
    let places = &world.places;
    if !world.line.structures || !places.carries.contains(&true) {
        return Vec::new();
    }
    let zones = ZoneId::each(0..world.zones.len());
    zones.filter_map(|zone| never(world, zone)).collect()
}

fn never(world: &World, zone: ZoneId) -> Option<Never> {
    let (places, network) = (&world.places, &world.network);
    let Zone {
        place, catchment, ..
    } = &world.zones[zone];
    let mut reached = Bits::new(places.len());
    reached.put(*place);
    let mut todo = vec![*place];
    while let Some(i) = todo.pop() {
        let heard = &network.source[network.row(i)];
        let hearing = &network.heard_by[network.audience(i)];
        for &j in heard.iter().chain(hearing) {
            if catchment.has(j) && !reached.has(j) && places.open[j] != NEVER {
                reached.put(j);
                todo.push(j);
            }
        }
    }
    if reached.count() < 2 {
        return Some(Never { zone, most: None });
    }
    let inside = places.carried(reached.iter());
    let beyond = catchment.iter().filter(|&i| !reached.has(i));
    let beyond = places.carried(beyond.filter(|&i| !places.is_zone(i)));
    let whole = inside + beyond;
    let never = !Decimal::of(world.circle.circle_threshold).is_met_by(inside, whole);
    never.then_some(Never {
        zone,
        most: Some(share(inside, whole)),
    })
}
