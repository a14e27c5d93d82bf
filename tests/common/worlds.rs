//! Random small worlds that use every feature of the model at once.

use pointplane::scenario::spec::{
    ActsOn, CovariateSpec, DomainSpec, LayerSpec, LinkRule, LinkSourceSpec, Response, Standardise,
};
use pointplane::scenario::tables::{
    Adoption, Alliance, Corridor, Covariate, GatewayLink, GatewayRole, History, Item, Kind,
    Mandate, Member, Place, Segment, Tier, Who,
};
use pointplane::scenario::{Month, Scenario};

use super::{Dice, alliance, link_table, month, place, plain};

/// Layers of random worlds.
pub const LAYERS: [&str; 3] = ["hub", "market", "rule"];

/// A world of 2–3 provinces, 4–8 zones (some open late, some never, some close), 6–14 regions and two gateways,
/// with links by all rules, alliances, corridors, transit, replication and abandonment. The same world for one seed.
pub fn random(seed: u64) -> Scenario {
    let dice = &mut Dice::new(seed);
    let months = dice.whole(50, 90) as i32;
    let provinces = dice.whole(2, 3);
    let mut places = points(dice, months, provinces);
    regions(dice, provinces, &mut places);
    let order = dice.order(places.len());
    let mut places: Vec<Place> = order.iter().map(|&i| places[i].clone()).collect();
    capacities(dice, &mut places);
    let mut scenario = plain(months, places, Vec::new());
    domains_and_layers(dice, &mut scenario);
    gateways(dice, &mut scenario, months);
    alliances(dice, &mut scenario, months, provinces);
    corridors(dice, &mut scenario, provinces);
    parameters(dice, &mut scenario, months);
    closings(dice, &mut scenario, months);
    rules(dice, &mut scenario, provinces);
    scenario
}

/// The same where places also adopt unheard: in all domains, in all but one, or in one alone.
pub fn unheard(seed: u64) -> Scenario {
    let (dice, mut scenario) = (&mut Dice::new(seed + 900), random(seed));
    let rate = dice.within(0.0002, 0.01);
    let one = dice.whole(0, scenario.domains.len() - 1);
    match dice.whole(0, 2) {
        0 => scenario.line.intrinsic_rate = rate,
        1 => {
            scenario.line.intrinsic_rate = rate;
            scenario.domains[one].intrinsic_rate = Some(0.0);
        }
        _ => scenario.domains[one].intrinsic_rate = Some(rate),
    }
    scenario
}

/// The same where open zones draw on the readiness of regions around them, but not of their hosts.
pub fn washed(seed: u64) -> Scenario {
    let (dice, mut scenario) = (&mut Dice::new(seed + 1700), random(seed));
    scenario.line.backwash = dice.within(0.2, 2.0);
    scenario.line.backwash_km = dice.within(50.0, 400.0);
    let regions = scenario.places.iter().filter(|p| p.kind == Kind::Region);
    let regions: Vec<String> = regions.map(|p| p.id.clone()).collect();
    for place in &mut scenario.places {
        place.factor = dice.within(0.0, 1.0);
        if place.kind == Kind::Zone && dice.chance(0.6) {
            place.host = Some(regions[dice.whole(0, regions.len() - 1)].clone());
        }
    }
    scenario
}

/// The same where members of alliances join and leave, now and then before or after the run, and single places are members that take part
/// through no other one.
pub fn joining(seed: u64) -> Scenario {
    let (dice, mut scenario) = (&mut Dice::new(seed + 2900), random(seed));
    let months = scenario.end.since(scenario.start) as usize;
    let places = scenario.places.iter();
    let places = places.filter(|p| matches!(p.kind, Kind::Zone | Kind::Region));
    let places: Vec<Place> = places.cloned().collect();
    for alliance in &mut scenario.alliances {
        for place in &places {
            let spoken = alliance.members.iter().any(|m| m.who.speaks(place));
            if dice.chance(0.25) && !spoken {
                alliance.members.push(Who::Place(place.id.clone()).into());
            }
        }
        for member in &mut alliance.members {
            let from = dice.whole(0, months + 8) as i32 - 6;
            let to = from + dice.whole(0, months) as i32;
            member.from = dice.chance(0.5).then(|| month(from));
            member.to = dice.chance(0.4).then(|| month(to));
        }
        alliance.members.sort();
    }
    scenario
}

/// Some zones close, now and then before the run.
fn closings(dice: &mut Dice, scenario: &mut Scenario, months: i32) {
    for zone in &mut scenario.places {
        if let Some(open) = zone.open.filter(|_| zone.kind == Kind::Zone)
            && dice.chance(0.25)
        {
            let later = dice.whole(1, months as usize) as i32;
            zone.close = Some(Month(open.0 + later));
        }
    }
}

/// Some layers have links by other rules as well.
fn rules(dice: &mut Dice, scenario: &mut Scenario, provinces: usize) {
    scenario.industries = vec!["iron".to_owned(), "silk".to_owned()];
    for place in &mut scenario.places {
        place.industries = vec![dice.unit(), dice.unit()];
        if dice.chance(0.1) {
            place.industries = vec![0.0; 2];
        }
    }
    for p in 0..provinces {
        let own = format!("p{p}");
        let regions = scenario.places.iter_mut();
        let mut regions = regions.filter(|i| i.kind == Kind::Region && i.province == own);
        if let Some(capital) = regions.next().filter(|_| dice.chance(0.7)) {
            capital.capital = true;
        }
    }
    for layer in &mut scenario.layers {
        let mut source = |rule, chance: f64| {
            let mut source = LinkSourceSpec::new(rule);
            source.k = dice.chance(0.8).then(|| dice.whole(1, 5) as u32);
            source.share = dice.within(0.2, 1.0);
            match &mut source.rule {
                LinkRule::Decay(keys) | LinkRule::Similarity(keys) => {
                    keys.max_km = dice.chance(0.3).then_some(300.0);
                }
                LinkRule::Hierarchy(keys) => keys.gateway = 0.4,
                LinkRule::Gravity(_) | LinkRule::Table(_) => {}
            }
            dice.chance(chance).then_some(source)
        };
        let sources = [
            source(LinkRule::hierarchy(), 0.4),
            source(LinkRule::decay(), 0.3),
            source(LinkRule::similarity(), 0.2),
        ];
        layer.links.extend(sources.into_iter().flatten());
    }
}

fn points(dice: &mut Dice, months: i32, provinces: usize) -> Vec<Place> {
    let count = dice.whole(4, 8);
    let mut places: Vec<Place> = (0..count)
        .map(|z| {
            let province = z % provinces;
            let id = format!("z{}{z}", ["k", "b", "x"][dice.whole(0, 2)]);
            let mut zone = place(&id, Kind::Zone, &format!("p{province}"));
            zone.open = match dice.whole(0, 9) {
                0 => None,
                1 => Some(month(-5)),
                2 => Some(month(months + 3)),
                3..5 => Some(month(dice.whole(1, 30) as i32)),
                _ => Some(month(0)),
            };
            zone.tasks = dice.whole(0, 6) as u32;
            zone.group = dice
                .chance(0.6)
                .then(|| format!("g{province}{}", dice.whole(0, 1)));
            zone.orientation = dice.chance(0.5).then_some((0.3, 0.2));
            zone
        })
        .collect();
    // One zone is always there.
    places[0].open = Some(month(0));
    places[0].tasks = 6;
    let mut source = place("gs", Kind::SourceGateway, "");
    source.open = Some(month(dice.whole(0, 20) as i32 - 5));
    source.provisions = dice.whole(0, 7) as u32;
    let mut transit = place("gt", Kind::TransitGateway, "");
    transit.open = Some(month(dice.whole(0, 40) as i32 - 5));
    places.extend([source, transit]);
    places
}

fn regions(dice: &mut Dice, provinces: usize, places: &mut Vec<Place>) {
    for r in 0..dice.whole(6, 14) {
        let province = r % provinces;
        let id = format!("{}{r}", ["a", "m", "zr"][dice.whole(0, 2)]);
        let mut region = place(&id, Kind::Region, &format!("p{province}"));
        region.tier = [Tier::Linkage, Tier::Radiation, Tier::Hinterland][dice.whole(0, 2)];
        places.push(region);
    }
}

fn capacities(dice: &mut Dice, places: &mut [Place]) {
    for place in places {
        let province = place.province.bytes().last().unwrap_or(b'0') - b'0';
        place.lon = 110.0 + 2.5 * f64::from(province % 10) + dice.within(-1.5, 1.5);
        place.lat = 30.0 + dice.within(-1.5, 1.5);
        place.weight = dice.within(-1.0, 1.5).exp();
        place.platform = dice.within(0.2, 1.0);
        place.leadership = dice.unit();
        place.environment = dice.within(0.3, 1.0);
        place.radiation = dice.within(0.3, 1.0);
        place.friction = dice.within(0.0, 0.5);
        if dice.chance(0.05) {
            place.environment = 0.0;
        }
        if dice.chance(0.05) {
            place.radiation = 0.0;
        }
    }
}

fn domains_and_layers(dice: &mut Dice, scenario: &mut Scenario) {
    let places = scenario.places.len();
    let (mut domains, layers) = (dice.whole(1, 3), dice.whole(1, 3));
    if domains == 3 && places.is_multiple_of(2) {
        // More than are worked on at once, some of which have no layer that others have.
        domains += 5 + layers;
    }
    scenario.layers = LAYERS[..layers]
        .iter()
        .map(|l| LayerSpec::table(l))
        .collect();
    scenario.domains = (0..domains)
        .map(|d| {
            let mut raw: Vec<f64> = (0..layers)
                .map(|_| if dice.chance(0.2) { 0.0 } else { dice.unit() })
                .collect();
            raw[d % layers] += 0.1;
            let sum: f64 = raw.iter().sum();
            let affinity: Vec<(&str, f64)> = LAYERS
                .iter()
                .zip(&raw)
                .filter(|(_, a)| **a > 0.0)
                .map(|(l, a)| (*l, a / sum))
                .collect();
            let mut domain = DomainSpec::new(&format!("d{d}"), &affinity);
            domain.share = dice.within(0.2, 1.0);
            domain
        })
        .collect();
    for zone in &mut scenario.places {
        if zone.kind == Kind::Zone && dice.chance(0.5) {
            zone.mix = Some((0..domains).map(|_| dice.within(0.01, 1.0)).collect());
        }
    }
    scenario.link_tables.clear();
    for l in 0..layers {
        // On some layers some places hear nobody.
        let (deaf, density) = (dice.within(0.0, 0.4), dice.within(0.1, 0.4));
        let mut links = Vec::new();
        for i in 0..places {
            if dice.chance(deaf) {
                continue;
            }
            for j in 0..places {
                if dice.chance(density) {
                    links.push((i, j, dice.within(0.1, 2.0)));
                }
            }
        }
        if let Some(&(i, j, _)) = links.first() {
            links.push((i, j, 0.7));
        }
        scenario.link_tables.push(link_table(l, links));
        if dice.chance(0.2) {
            let mut gravity = LinkSourceSpec::new(LinkRule::gravity());
            gravity.k = Some(3);
            gravity.share = 0.5;
            scenario.layers[l].links.push(gravity);
        }
    }
}

fn positions(scenario: &Scenario, kind: Kind) -> Vec<usize> {
    (0..scenario.places.len())
        .filter(|&i| scenario.places[i].kind == kind)
        .collect()
}

fn gateways(dice: &mut Dice, scenario: &mut Scenario, months: i32) {
    let zones = positions(scenario, Kind::Zone);
    let regions = positions(scenario, Kind::Region);
    let mut link = |gateway: Kind, role, place: usize, share| {
        let gateway = positions(scenario, gateway)[0] as u32;
        scenario.gateway_links.push(GatewayLink {
            gateway,
            role,
            place: place as u32,
            share,
        });
    };
    for &z in &zones {
        if dice.chance(0.3) {
            let share = dice.unit();
            link(Kind::SourceGateway, GatewayRole::Source, z, share);
        }
        if dice.chance(0.3) {
            link(Kind::TransitGateway, GatewayRole::Serves, z, 1.0);
        }
    }
    for &r in &regions {
        if dice.chance(0.2) {
            link(Kind::TransitGateway, GatewayRole::Entry, r, 1.0);
        }
    }
    scenario.gateways.transit_layer = Some("hub".to_owned());
    scenario.gateways.transit_strength = dice.within(0.1, 0.6);
    for &z in &zones {
        if dice.chance(0.3) {
            scenario.mandates.push(Mandate {
                zone: z as u32,
                month: month(dice.whole(0, months as usize + 8) as i32 - 4),
                tasks: dice.whole(1, 4) as u32,
            });
        }
    }
}

fn alliances(dice: &mut Dice, scenario: &mut Scenario, months: i32, provinces: usize) {
    let mut groups: Vec<String> = scenario
        .places
        .iter()
        .filter(|p| p.kind == Kind::Zone)
        .map(|p| p.group.clone().unwrap_or_else(|| p.id.clone()))
        .collect();
    groups.sort();
    groups.dedup();
    for a in 0..dice.whole(0, 3) {
        let mut members: Vec<Member> = groups
            .iter()
            .filter(|_| dice.chance(0.6))
            .map(|g| Who::Group(g.clone()).into())
            .collect();
        for p in 0..provinces {
            if dice.chance(0.3) {
                members.push(Who::Province(format!("p{p}")).into());
            }
        }
        members.sort();
        let from = dice
            .chance(0.6)
            .then(|| dice.whole(0, months as usize / 2) as i32 - 3);
        let to = dice
            .chance(0.5)
            .then(|| from.unwrap_or(0) + dice.whole(0, months as usize) as i32);
        scenario.alliances.push(Alliance {
            from: from.map(month),
            to: to.map(month),
            strength: dice.within(0.1, 0.8),
            size_exponent: dice.within(0.0, 1.0),
            layers: scenario
                .layers
                .iter()
                .map(|_| dice.within(0.0, 1.5))
                .collect(),
            ..alliance(&format!("al{a}"), 0, members)
        });
    }
}

fn corridors(dice: &mut Dice, scenario: &mut Scenario, provinces: usize) {
    for c in 0..dice.whole(1, 2) {
        let segments = (0..dice.whole(2, 4))
            .map(|s| {
                // A segment is a province, or a province and part of the rest.
                let own = format!("p{}", (s + c) % provinces);
                let reach = if dice.chance(0.5) { 0.0 } else { 0.3 };
                let places = (0..scenario.places.len())
                    .filter(|&i| scenario.places[i].province == own || dice.chance(reach))
                    .map(|i| i as u32)
                    .collect();
                Segment {
                    id: format!("s{s}"),
                    places,
                }
            })
            .collect();
        scenario.corridors.push(Corridor {
            id: format!("c{c}"),
            name_en: String::new(),
            name_zh: String::new(),
            layers: scenario
                .layers
                .iter()
                .map(|_| dice.within(0.0, 1.5))
                .collect(),
            segments,
        });
    }
}

fn parameters(dice: &mut Dice, scenario: &mut Scenario, months: i32) {
    let point = &mut scenario.point;
    point.arrival_rate = dice.within(0.03, 0.2);
    point.quality_base = dice.within(0.2, 0.6);
    point.quality_gain = dice.within(0.0, 0.4);
    point.quality_concentration = dice.within(2.0, 20.0);
    point.implementation_rate = dice.within(0.1, 0.6);
    point.failure_rate = dice.within(0.0, 0.3);
    point.tolerance = dice.unit();
    let line = &mut scenario.line;
    line.response = [Response::Linear, Response::Hill, Response::Threshold][dice.whole(0, 2)];
    line.beta = dice.within(-3.0, 0.0).exp();
    line.x0 = dice.within(0.02, 0.3);
    line.hill_exponent = dice.within(0.5, 5.0);
    line.provincial_rate = dice.within(0.0, 0.3);
    line.national_rate = dice.within(0.0, 0.3);
    line.abandonment_rate = dice.within(0.0, 0.1);
    line.line_bonus = dice.within(0.0, 1.0);
    line.circle_bonus = dice.within(0.0, 1.0);
    line.axis_bonus = dice.within(0.0, 1.0);
    line.express = if dice.chance(0.2) {
        0.0
    } else {
        dice.within(0.05, 0.5)
    };
    line.forgetting = if dice.chance(0.1) {
        0.0
    } else {
        dice.within(0.0, 0.15)
    };
    line.line_threshold = dice.within(0.15, 1.2);
    line.structures = dice.chance(0.95);
    let circle = &mut scenario.circle;
    circle.radius_km = dice.within(0.0, 300.0);
    circle.circle_threshold = dice.within(0.05, 0.5);
    circle.review_every = dice.whole(0, 12) as u32;
    circle.replication_age = dice.whole(0, 8) as u32;
    circle.provincial_quality = dice.within(0.2, 0.9);
    scenario.axis.min_segments = dice.whole(1, 4) as u32;
    let plane = &mut scenario.plane;
    plane.plane_threshold = dice.within(0.1, 0.8);
    plane.national_quality = dice.within(0.2, 0.9);
    plane.national_adopters = dice.whole(0, 8) as u32;
    plane.evaluations = (0..dice.whole(0, 4))
        .map(|_| month(dice.whole(0, months as usize + 4) as i32 - 2))
        .collect();
    plane.evaluations.sort();
    plane.evaluations.dedup();
}

/// The same with given items, beside the arrivals of zones or in place of them: of origins and first adopters anywhere or
/// nowhere, some of whom give them up, at risk from before the run, from its first month on or later. In some worlds
/// layers have coefficients, weights are taken as they are, or covariates act.
pub fn given(seed: u64) -> Scenario {
    let (dice, mut scenario) = (&mut Dice::new(seed + 2300), unheard(seed));
    let months = scenario.end.since(scenario.start) + 1;
    scenario.numbered = dice.chance(0.3);
    let first = if scenario.numbered {
        0
    } else {
        scenario.start.0
    };
    // Some zones carry nothing; in one world of three no zone brings anything.
    if dice.chance(0.3) {
        scenario.mandates.clear();
        scenario
            .gateway_links
            .retain(|link| link.role != GatewayRole::Source);
        scenario.places.iter_mut().for_each(|place| place.tasks = 0);
    }
    let regions = positions(&scenario, Kind::Region);
    let zones = positions(&scenario, Kind::Zone).into_iter().filter(|&z| {
        let zone = &scenario.places[z];
        zone.open.is_some_and(|open| open <= scenario.start) && zone.close.is_none()
    });
    let there: Vec<usize> = regions.into_iter().chain(zones).collect();
    let items = (0..dice.whole(1, 6)).map(|number| {
        let from = match dice.whole(0, 2) {
            0 => 0,
            1 => -(dice.whole(1, 9) as i32),
            _ => dice.whole(1, 30) as i32,
        };
        let last = from + dice.whole(5, months as usize + 10) as i32;
        let origin = dice
            .chance(0.4)
            .then(|| there[dice.whole(0, there.len() - 1)] as u32);
        let mut adoptions = Vec::new();
        for &place in there.iter().filter(|place| Some(**place as u32) != origin) {
            if dice.chance(0.5) {
                let time = from + dice.whole(0, 60) as i32 - 12;
                let until = dice
                    .chance(0.4)
                    .then(|| first + time + dice.whole(1, 30) as i32);
                adoptions.push(Adoption {
                    place: place as u32,
                    time: first + time,
                    until,
                });
            }
        }
        adoptions.sort_by_key(|adoption| adoption.time);
        Item {
            id: format!("i{number}"),
            name_en: String::new(),
            name_zh: String::new(),
            origin,
            domain: dice.whole(0, scenario.domains.len() - 1),
            quality: [1.0, dice.within(0.1, 1.0), dice.within(1.0, 3.0)][dice.whole(0, 2)],
            first_risk: first + from,
            last: first + last,
            adoptions,
        }
    });
    let items = items.collect();
    scenario.history = Some(History {
        items,
        ..History::default()
    });
    for layer in &mut scenario.layers {
        if layer.links.len() == 1 && dice.chance(0.3) {
            layer.standardise = Standardise::None;
        }
    }
    if dice.chance(0.4) {
        if scenario.layers.len() > 1 {
            scenario.line.response = Response::Linear;
        }
        for layer in &mut scenario.layers {
            layer.coefficient = Some(dice.within(0.01, 0.4));
        }
    }
    if dice.chance(0.4) {
        scenario.covariates = covariates(dice, &scenario, months);
    }
    scenario
}

/// One to three covariates of the whole hazard or the intrinsic one, by place, time or both.
fn covariates(dice: &mut Dice, scenario: &Scenario, months: i32) -> Vec<Covariate> {
    let first = if scenario.numbered {
        0
    } else {
        scenario.start.0
    };
    let one = |number: usize| {
        let by = [[true, false], [false, true], [true, true]][dice.whole(0, 2)];
        let places = if by[0] {
            scenario.places.len() as u32
        } else {
            1
        };
        let periods = if by[1] { first..first + months } else { 0..1 };
        let mut values = Vec::new();
        for place in 0..places {
            let all = periods.clone();
            values.extend(all.map(|period| (place, period, dice.within(-2.0, 2.0))));
        }
        Covariate {
            spec: CovariateSpec {
                id: format!("x{number}"),
                file: String::new(),
                effect: dice.within(-0.6, 0.6),
                center: dice.within(-0.5, 0.5),
                acts_on: [ActsOn::All, ActsOn::Intrinsic][dice.whole(0, 1)],
            },
            by,
            values,
        }
    };
    let count = [1, 2, 3][scenario.places.len() % 3];
    (0..count).map(one).collect()
}
