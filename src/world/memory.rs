//! How much memory a run needs, said before anything is built.
//!
//! Counted are places, links, the (place, innovation) pairs of a replicate, and the rows of tables that
//! it keeps until it is finished, with the bytes per item below. Compared with peaks in
//! `docs/performance.md`. Links are counted from above: overlapping sources and unreached k count in full. What
//! zones and gateways that open or close in the run add to them (links of several epochs) is expected: as if they lay
//! among the other places as everywhere.
//! The expected innovations follow the mandate process (model §7.2):
//! E[arrivals by age a] = M·(1 − exp(−μ·(1 − f)·a)); three standard deviations are added for room. How many of them are
//! implemented follows from the two hazards of a pilot, and how many places adopt those from the mean hazard
//! ([`innovations`], [`adopted`]).

use std::collections::{BTreeMap, BTreeSet};

use super::Calendar;
use super::firms::expected_firms;
use super::ground::{DEFAULT_K, Span, adopting};
pub use crate::machine::{available_memory, size};
use crate::scenario::firms::{GIVEN_FIRM, GIVEN_LINK};
use crate::scenario::spec::{LayerSpec, LinkRule};
use crate::scenario::tables::{FirmLayer, GatewayRole, Kind, Place, Tier, Who};
use crate::scenario::{Month, Scenario};
use crate::texts::{Text, text};

mod problem;

pub use problem::{is_for_firms, is_for_sample, is_long_to_build, memory_problem};

/// Bytes of the program itself: its code, its libraries, what it has read.
const PROGRAM: f64 = 22e6;
/// Bytes of a thread that runs jobs, besides the replicate.
const THREAD: f64 = 1.5e6;

/// Bytes per place of a world and of the scenario that it is made from.
const PLACE: f64 = 500.0;
/// Bytes per link of a world, its pair included, besides 8 per domain and 8 per layer.
const WORLD_LINK: f64 = 44.0;
/// Bytes per link of a replicate (accounts, its pair's flow, marks, ties), besides 24 per domain (weight in two orders, credit).
const REPLICATE_LINK: f64 = 37.0;
/// Bytes per link of a replicate where there are several epochs.
const REPLICATE_EPOCHS: f64 = 4.0;
/// Bytes per link that an epoch changes, besides 8 per layer; as much again while they are made.
const CHANGED_LINK: f64 = 4.0;
/// Bytes per pair of place and implemented innovation.
const PAIR: f64 = 17.0;
/// Bytes per innovation of a replicate: as it is drawn and put in order, and its row.
const INNOVATION: f64 = 300.0;
/// Bytes per listener that a replicate of [`MANY_PLACES`] or more tells at a time (place and ticks, with room to grow),
/// of at most [`MOST_TOLD`].
const TOLD: f64 = 20.0;
const MOST_TOLD: f64 = 2_097_152.0;
const MANY_PLACES: f64 = 131_072.0;
/// Bytes per link while the graph is built and checked.
const BUILD_LINK: f64 = 16.0;
/// Bytes per place while the graph is built and checked, besides 8 per domain and 16 per industry.
const BUILD_PLACE: f64 = 100.0;

/// Bytes per place for each table of links while links are made: where its row lies, its number.
const TABLE_PLACE: f64 = 12.0;

/// Bytes per term of a link (alliance, express) while the network is built.
const TERM: f64 = 12.0;

/// Bytes per row of the table `places`, as it is kept and as columns, besides 20 per domain.
const PLACE_ROW: f64 = 71.0;
/// Bytes per row of the table `adoptions`, as it is kept and as columns, besides 16 per mechanism.
const ADOPTION_ROW: f64 = 150.0;
/// Bytes per row of the table `abandonments`, as it is kept and as columns.
const ABANDONMENT_ROW: f64 = 42.0;
/// Bytes per row of the table `links`, as it is kept and as columns, besides 16 per domain.
const TERM_ROW: f64 = 100.0;
/// Bytes per place in the table `outcomes`, with its id.
const OUTCOME_ROW: f64 = 100.0;
/// Bytes per row of the table `innovations`, as it is kept and as columns.
const INNOVATION_ROW: f64 = 270.0;
/// Bytes per link in the tables of spillovers and structures.
const LINK_ROW: f64 = 48.0;

/// Bytes per firm of a world: partners, cell, start of its row.
const FIRM: f64 = 8.0;
/// Bytes per link of firms; as much again while rows are made.
const FIRM_LINK: f64 = 4.0;
/// Bytes per firm and domain of a replicate: word 8, threshold 4; 4 and 4 unused for each
/// chunk of five; a bit.
const FIRM_DOMAIN: f64 = 13.725;
/// Bytes of a message to a listener, with room to grow.
const MESSAGE: f64 = 4.0;
/// Most bytes of messages of a month: 2 for each of 2²⁶ listeners, with room to grow.
const MESSAGES: f64 = 300e6;
/// Bytes per cell and domain: factor, clock, counts.
const CELL_DOMAIN: f64 = 32.0;
/// Bytes per row of the table `uptake`, as it is kept and as columns.
const UPTAKE_ROW: f64 = 60.0;
/// Bytes per row of the table `sample`, as it is kept and as columns.
const SAMPLE_ROW: f64 = 240.0;
/// With more firms than this, replicates run one after the other.
const MANY_FIRMS: f64 = 5e6;

/// How many replicates run at a time on so many threads.
pub fn at_a_time(firms: f64, threads: usize) -> usize {
    if firms > MANY_FIRMS {
        1
    } else {
        threads.max(1)
    }
}

/// What the firms of a scenario need.
#[derive(Clone, Copy, Debug, Default)]
struct FirmEstimate {
    firms: f64,
    links: f64,
    world: f64,
    build: f64,
    replicate: f64,
    rows: f64,
    sample: f64,
}

fn firms(scenario: &Scenario, recorded: Recorded) -> FirmEstimate {
    let Some(layer) = &scenario.firms else {
        return FirmEstimate::default();
    };
    let domains = scenario.domains.len() as f64;
    let firms = expected_firms(scenario, layer);
    let regions = scenario
        .places
        .iter()
        .filter(|p| p.kind == Kind::Region)
        .count() as f64;
    let (g, s) = (
        layer.industries.len() as f64,
        layer.spec.size_bounds.len() as f64,
    );
    let cells = cells(scenario, layer, firms).max(1.0);
    // At most as large a part of the firms takes up a domain in a month as the hazard of one whose partners all have.
    let pace = layer.spec.uptake_rate * (1.0 + layer.spec.partner_effect);
    let messages = links_of(layer, firms) * domains * MESSAGE * f64::min(pace, 1.0);
    // The law of partners, by industry, region and partner's industry, and by cell.
    let choice = regions * g * g * 4.0 + regions * g * s * 12.0;
    let links = links_of(layer, firms);
    let given = match &layer.given {
        Some(_) => firms * GIVEN_FIRM + links * GIVEN_LINK,
        None => 0.0,
    };
    let months = f64::from(Calendar::of(scenario).months);
    let times = recorded.places_every.map_or(0.0, |every| {
        ((months / f64::from(every.max(1))).ceil() + 1.0).min(months)
    });
    let sample = f64::from(layer.spec.sample) * domains * months * SAMPLE_ROW;
    FirmEstimate {
        firms,
        links,
        sample,
        world: firms * FIRM + links * FIRM_LINK + given + cells * domains * CELL_DOMAIN,
        build: links * FIRM_LINK + choice,
        replicate: firms * domains * FIRM_DOMAIN
            + messages.min(MESSAGES)
            + cells * domains * CELL_DOMAIN,
        rows: cells * domains * times * UPTAKE_ROW + sample,
    }
}

fn links_of(layer: &FirmLayer, firms: f64) -> f64 {
    match &layer.given {
        Some(given) => given.links.len() as f64,
        None => firms * layer.spec.partners,
    }
}

/// Cells with firms, expected where n of them are spread by the weights of regions and the law of sizes, a Pareto law:
/// 1 − e^{−n_c} of each.
fn cells(scenario: &Scenario, layer: &FirmLayer, firms: f64) -> f64 {
    let regions = || scenario.places.iter().filter(|p| p.kind == Kind::Region);
    let weight: f64 = regions().map(|place| place.weight).sum();
    let industries = layer.industries.len() as f64;
    let bounds = &layer.spec.size_bounds;
    let first = bounds.first().copied().map_or(1.0, f64::from);
    let above = |bound: u32| libm::pow(f64::from(bound) / first, -layer.spec.size_exponent);
    let ends = bounds.iter().skip(1).map(|&bound| above(bound));
    let ends = ends.chain([0.0]);
    let sizes: Vec<f64> = bounds
        .iter()
        .zip(ends)
        .map(|(&b, end)| above(b) - end)
        .collect();
    let of = |place: &Place| -> f64 {
        let each = firms * place.weight / weight / industries;
        let filled = sizes.iter().map(|size| -libm::expm1(-each * size));
        industries * filled.sum::<f64>()
    };
    regions().map(of).sum()
}

/// Which rows a replicate keeps until it is finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Months between rows of each place; none when there is no such table.
    pub places_every: Option<u16>,
    /// Whether each innovation is a row.
    pub innovations: bool,
    /// Whether each adoption is a row, with its credit by mechanism.
    pub adoptions: bool,
    /// Whether each abandonment is a row.
    pub abandonments: bool,
    /// Whether each term of a link is a row.
    pub links: bool,
}

/// What a scenario needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MemoryEstimate {
    /// Links of all layers, counted from above.
    pub links: u64,
    /// Bytes of the world, shared by all replicates.
    pub world_bytes: u64,
    /// Bytes used on top while the world is built and checked, and given back.
    pub build_bytes: u64,
    /// Bytes of each replicate that runs at the same time.
    pub per_replicate_bytes: u64,
    /// Bytes of the rows of tables that each replicate keeps until it is finished.
    pub rows_bytes: u64,
    /// Innovations expected to be born by the end of the run, in one replicate.
    pub expected_innovations: f64,
    /// Firms.
    pub firms: f64,
    /// Links between firms.
    pub firm_links: f64,
    /// Of `world_bytes`, for firms and their links.
    pub firm_world_bytes: u64,
    /// Of `build_bytes`, while firms and their links are made.
    pub firm_build_bytes: u64,
    /// Of `per_replicate_bytes`, for firms.
    pub firm_replicate_bytes: u64,
    /// Of `rows_bytes`, for the table `sample`.
    pub sample_bytes: u64,
}

impl MemoryEstimate {
    /// Bytes needed with `threads` replicates at a time.
    pub fn bytes(&self, threads: usize) -> u64 {
        let threads = at_a_time(self.firms, threads);
        let running = self
            .per_replicate_bytes
            .saturating_add(self.rows_bytes)
            .saturating_mul(threads as u64);
        self.world_bytes
            .saturating_add(running.max(self.build_bytes))
            .saturating_add(program_bytes(threads))
    }

    /// Bytes of these that firms need.
    pub fn firm_bytes(&self, threads: usize) -> u64 {
        let threads = at_a_time(self.firms, threads) as u64;
        let running = self.firm_replicate_bytes.saturating_mul(threads);
        self.firm_world_bytes
            .saturating_add(running.max(self.firm_build_bytes))
    }

    /// What firms need, in words; none without firms.
    pub fn firm_words(&self, threads: usize) -> Option<Text> {
        (self.firms > 0.0).then(|| {
            text!(
                "memory-firms",
                world = size(self.firm_world_bytes),
                firms = format!("{:.0}", self.firms),
                links = format!("{:.0}", self.firm_links),
                making = size(self.firm_build_bytes),
                each = size(self.firm_replicate_bytes),
                replicates = counted_replicates(at_a_time(self.firms, threads))
            )
        })
    }
}

/// Bytes that the program needs itself on so many threads.
pub fn program_bytes(threads: usize) -> u64 {
    (PROGRAM + threads as f64 * THREAD) as u64
}

/// What the worlds of several layouts need together, of which any may run at a time; none for no layout.
pub fn together(layouts: &[MemoryEstimate]) -> Option<MemoryEstimate> {
    let largest = layouts.iter().max_by_key(|e| e.per_replicate_bytes)?;
    let worlds = layouts.iter().map(|e| e.world_bytes);
    Some(MemoryEstimate {
        world_bytes: worlds.fold(0, u64::saturating_add),
        build_bytes: layouts.iter().map(|e| e.build_bytes).max()?,
        firm_world_bytes: layouts
            .iter()
            .map(|e| e.firm_world_bytes)
            .fold(0, u64::saturating_add),
        ..*largest
    })
}

/// Bytes of the rows that one replicate keeps.
fn rows(
    scenario: &Scenario,
    recorded: Recorded,
    listeners: f64,
    innovations: &Innovations,
    links: f64,
) -> f64 {
    let domains = scenario.domains.len() as f64;
    let months = f64::from(Calendar::of(scenario).months);
    let places = recorded.places_every.map_or(0.0, |every| {
        let times = (months / f64::from(every.max(1))).ceil() + 1.0;
        listeners * times.min(months) * (PLACE_ROW + 20.0 * domains)
    });
    // Layers, line, circle, axis, alliances, transit, two ways of replication.
    let mechanisms = 6.0 + (scenario.alliances.len() + scenario.layers.len()) as f64;
    let adopted = listeners * innovations.implemented * adopted(scenario, listeners, innovations);
    let adoptions = if recorded.adoptions {
        adopted * (ADOPTION_ROW + 16.0 * mechanisms)
    } else {
        0.0
    };
    let abandonments = if recorded.abandonments {
        let rate = scenario.line.abandonment_rate * (1.0 - scenario.point.tolerance);
        let abandoned = -libm::expm1(-rate * innovations.months);
        adopted * abandoned * ABANDONMENT_ROW
    } else {
        0.0
    };
    let of_innovations = if recorded.innovations {
        innovations.born * INNOVATION_ROW
    } else {
        0.0
    };
    let terms = if recorded.links {
        links * scenario.layers.len() as f64 * (TERM_ROW + 16.0 * domains)
    } else {
        0.0
    };
    let outcomes = listeners * OUTCOME_ROW;
    places + outcomes + adoptions + abandonments + terms + links * LINK_ROW + of_innovations
}

/// Estimates what `scenario` needs, from counts only.
pub fn estimate(scenario: &Scenario, recorded: Recorded) -> MemoryEstimate {
    let places = scenario.places.len() as f64;
    let calendar = Calendar::of(scenario);
    let spans = scenario.places.iter();
    let spans = spans.filter_map(|place| adopting(place, &calendar));
    let (mut listeners, mut passing, mut months) = (0.0, 0.0, BTreeSet::new());
    for span in spans {
        listeners += 1.0;
        if span != Span::ALL {
            passing += 1.0;
            months.extend([span.from, span.until]);
        }
    }
    let mut links = 0.0;
    for (layer, spec) in scenario.layers.iter().enumerate() {
        links += links_of_layer(scenario, layer, spec, listeners, passing);
    }
    let of_terms = links_of_terms(scenario, &calendar);
    // A place that comes or goes changes the rows of those who hear it, each at most once in an epoch.
    let row = links / f64::max(listeners, 1.0);
    let changed = f64::min(2.0 * passing * row, listeners * months.len() as f64) * row;
    links = f64::min(links + of_terms, listeners * (places - 1.0).max(0.0));
    let domains = scenario.domains.len() as f64;
    let layers = scenario.layers.len() as f64;
    let industries = scenario.industries.len() as f64;
    let tables = scenario.link_tables.len();
    let innovations = innovations(scenario);
    let firms = firms(scenario, recorded);
    // Three standard deviations more, for room.
    let roomy = |number: f64| (number + 3.0 * number.sqrt()).ceil();
    let pairs = listeners * roomy(innovations.implemented);
    // Counts are positive, and `as` saturates.
    MemoryEstimate {
        links: links as u64,
        world_bytes: (places * PLACE
            + links * (WORLD_LINK + 8.0 * (domains + layers))
            + changed * (CHANGED_LINK + 8.0 * layers)
            + firms.world) as u64,
        build_bytes: (places * (BUILD_PLACE + 8.0 * domains + 16.0 * industries)
            + tables as f64 * places * TABLE_PLACE
            + links * BUILD_LINK
            + of_terms * TERM
            + changed * (CHANGED_LINK + 8.0 * layers)
            + firms.build) as u64,
        per_replicate_bytes: (links * (REPLICATE_LINK + 24.0 * domains)
            + if passing > 0.0 {
                links * REPLICATE_EPOCHS
            } else {
                0.0
            }
            + pairs * PAIR
            + if places >= MANY_PLACES {
                links.min(MOST_TOLD) * TOLD
            } else {
                0.0
            }
            + roomy(innovations.born) * INNOVATION
            + firms.replicate) as u64,
        rows_bytes: (rows(scenario, recorded, listeners, &innovations, links) + firms.rows) as u64,
        expected_innovations: innovations.born,
        firms: firms.firms,
        firm_links: firms.links,
        firm_world_bytes: firms.world as u64,
        firm_build_bytes: firms.build as u64,
        firm_replicate_bytes: firms.replicate as u64,
        sample_bytes: firms.sample as u64,
    }
}

/// Links of one layer, from above but for what `passing` of the listeners, which do not take part in all months, add
/// to them: as many as are met before the k-th of the others.
fn links_of_layer(
    scenario: &Scenario,
    layer: usize,
    spec: &LayerSpec,
    listeners: f64,
    passing: f64,
) -> f64 {
    let met = passing / f64::max(listeners - passing, 1.0);
    let mut links = 0.0;
    for (source, link) in spec.links.iter().enumerate() {
        let kept = |k: u32| listeners * (f64::from(k) + f64::min(f64::from(k) * met, passing));
        links += if matches!(link.rule, LinkRule::Table(_)) {
            let tables = scenario.link_tables.iter();
            let of_source = tables.filter(|t| (t.layer, t.source) == (layer, source));
            let rows = of_source.map(|t| t.links.len()).sum::<usize>() as f64;
            link.k.map_or(rows, |k| rows.min(kept(k)))
        } else {
            kept(link.k.unwrap_or(DEFAULT_K)).min(listeners * (listeners - 1.0).max(0.0))
        };
    }
    links
}

/// The innovations that a replicate is expected to have.
#[derive(Clone, Copy, Debug, Default)]
pub struct Innovations {
    /// Born by the end.
    pub born: f64,
    /// Of these, implemented by the end.
    pub implemented: f64,
    /// Mean months between the implementation of one and the end.
    pub months: f64,
}

/// Innovations expected by the end: each batch of tasks ages from the month in which it is given, or from the opening
/// of its zone or the start of the run if that is later. Of those that are born at the rate μ·(1 − f), the pilots end
/// at the rate λ = π·platform + δ₀·(1 − q)·(1 − τ), of which the first part is implementation; within a months
/// M·(1 − e^{−μa} − μ·(e^{−μa} − e^{−λa}) / (λ − μ)) pilots have ended.
pub fn innovations(scenario: &Scenario) -> Innovations {
    let point = &scenario.point;
    let mut all = Innovations::default();
    let mut add = |zone: &Place, month: Month, tasks: f64| {
        let Some(open) = zone.open.filter(|_| zone.kind == Kind::Zone) else {
            return;
        };
        let from = month.max(open).max(scenario.start);
        let last = zone
            .close
            .map_or(scenario.end, |close| close.min(scenario.end));
        let months = f64::from(scenario.step.last(last) - scenario.step.first(from) + 1).max(0.0);
        let birth = point.arrival_rate * (1.0 - zone.friction);
        let quality = point.quality_base + point.quality_gain * zone.leadership;
        let success = point.implementation_rate * zone.platform;
        let end = success + point.failure_rate * (1.0 - quality) * (1.0 - point.tolerance);
        let born = -libm::expm1(-birth * months);
        let (unborn, running) = (libm::exp(-birth * months), libm::exp(-end * months));
        let between = if (end - birth).abs() > 1e-9 {
            birth * (unborn - running) / (end - birth)
        } else {
            birth * months * unborn
        };
        let share = if end > 0.0 { success / end } else { 0.0 };
        let implemented = tasks * share * (born - between).max(0.0);
        // The mean age at birth, and the mean length of a pilot.
        let age = if born > 0.0 {
            1.0 / birth - months * unborn / born
        } else {
            0.0
        };
        let left = if end > 0.0 {
            months - age - 1.0 / end
        } else {
            0.0
        };
        all.born += tasks * born;
        all.implemented += implemented;
        all.months += implemented * left.max(0.0);
    };
    for place in &scenario.places {
        add(place, scenario.start, f64::from(place.tasks));
    }
    for mandate in &scenario.mandates {
        let zone = &scenario.places[mandate.zone as usize];
        add(zone, mandate.month, f64::from(mandate.tasks));
    }
    for link in &scenario.gateway_links {
        let gateway = &scenario.places[link.gateway as usize];
        let zone = &scenario.places[link.place as usize];
        if let (GatewayRole::Source, Some(month)) = (link.role, gateway.open)
            && month <= scenario.end
        {
            add(zone, month, f64::from(gateway.provisions) * link.share);
        }
    }
    let items = scenario.history.as_ref().map_or(0, |of| of.items.len()) as f64;
    all.born += items;
    all.implemented += items;
    all.months += items * f64::from(Calendar::of(scenario).months);
    if all.implemented > 0.0 {
        all.months /= all.implemented;
    }
    all
}

/// Innovations expected to be born by the end.
pub fn expected_innovations(scenario: &Scenario) -> f64 {
    innovations(scenario).born
}

/// The share of places that adopt an implemented innovation, roughly, as if all were alike: among N places that all
/// hear each other x grows from 1/N by dx/dt = β·q·E·b·x·(1 − x), b with the bonuses of lines, circles and axes, and innovations
/// are of all ages up to twice the mean; of the rest, those adopt at the rates E·η and E·η_prov whose innovation is good enough
/// to be replicated nationally, or in their province.
fn adopted(scenario: &Scenario, listeners: f64, innovations: &Innovations) -> f64 {
    let mean = |of: fn(&Place) -> f64, counts: fn(Kind) -> bool| {
        let all = scenario.places.iter().filter(|place| counts(place.kind));
        let (sum, n) = all.fold((0.0, 0.0), |(sum, n), place| (sum + of(place), n + 1.0));
        sum / f64::max(n, 1.0)
    };
    let (point, circle) = (&scenario.point, &scenario.circle);
    let environment = mean(|place| place.environment, Kind::adopts);
    let leadership = mean(|place| place.leadership, |kind| kind == Kind::Zone);
    let quality = point.quality_base + point.quality_gain * leadership;
    let months = innovations.months;
    let line = &scenario.line;
    let bonuses = line.line_bonus + line.circle_bonus + line.axis_bonus;
    let pace = line.beta * quality * environment * (1.0 + bonuses);
    // The mean of 1 / (1 + (N − 1)·e^(−pace·age)) over ages.
    let (others, grown) = ((listeners - 1.0).max(0.0), 2.0 * pace * months);
    let heard = match grown > 1e-6 {
        true => {
            // ln(e^grown + others), which may be too large for a number before its logarithm.
            let end = grown + libm::log1p(others * libm::exp(-grown));
            (end - libm::log1p(others)) / grown
        }
        false => 1.0 / (1.0 + others),
    };
    let deviation = (quality * (1.0 - quality) / (point.quality_concentration + 1.0)).sqrt();
    // Reviewed every so many months, half of which pass before one.
    let told = |least: f64, rate: f64, every: f64| {
        let above = (least - quality) / deviation;
        let good = libm::erfc(above / std::f64::consts::SQRT_2) / 2.0;
        let left = months - f64::from(circle.replication_age) - every / 2.0;
        good * -libm::expm1(-rate * environment * left.max(0.0))
    };
    let run = f64::from(Calendar::of(scenario).months);
    let evaluations = scenario.plane.evaluations.len() as f64;
    let national = told(
        scenario.plane.national_quality,
        line.national_rate,
        run / evaluations.max(0.5),
    );
    let provincial = match circle.review_every {
        0 => 0.0,
        every => told(
            circle.provincial_quality,
            line.provincial_rate,
            f64::from(every),
        ),
    };
    let provinces: BTreeSet<&str> = scenario.places.iter().map(|p| &*p.province).collect();
    let provincial = provincial / provinces.len().max(1) as f64;
    heard + (1.0 - heard) * f64::min(national + provincial, 1.0)
}

/// Links between delegates of alliances and between the zones of a corridor, counted from above.
fn links_of_terms(scenario: &Scenario, calendar: &Calendar) -> f64 {
    let mut zones = BTreeMap::<&str, f64>::new();
    let mut linkage = BTreeMap::<&str, f64>::new();
    let opens = |p: &&Place| adopting(p, calendar).is_some();
    for place in scenario.places.iter().filter(opens) {
        match place.kind {
            Kind::Zone => *zones.entry(place.free_trade_zone()).or_default() += 1.0,
            Kind::Region if place.tier == Tier::Linkage => {
                *linkage.entry(&place.province).or_default() += 1.0;
            }
            _ => {}
        }
    }
    let mut links = 0.0;
    for alliance in &scenario.alliances {
        let (mut all, mut within) = (0.0, 0.0);
        for member in &alliance.members {
            let delegates = match &member.who {
                Who::Group(group) => zones.get(group.as_str()),
                Who::Province(province) => linkage.get(province.as_str()),
                Who::Place(_) => Some(&1.0),
            };
            let delegates = delegates.copied().unwrap_or(0.0);
            all += delegates;
            within += delegates * delegates;
        }
        links += all * all - within;
    }
    if scenario.line.structures && scenario.line.express > 0.0 {
        for corridor in &scenario.corridors {
            let places = corridor.segments.iter().flat_map(|s| &s.places);
            let rows = places.map(|&p| &scenario.places[p as usize]);
            let zones = rows.filter(|p| p.kind == Kind::Zone).filter(opens).count() as f64;
            links += zones * (zones - 1.0).max(0.0);
        }
    }
    links
}

fn counted_replicates(n: usize) -> Text {
    text!("replicates-counted", n)
}

#[cfg(test)]
mod tests {
    use super::super::links::canonical_order;
    use super::super::links::{
        base_links,
        tests::{place, scenario, table, tiny},
    };
    use super::*;
    use crate::scenario::spec::LinkSourceSpec;
    use crate::scenario::tables::{GatewayLink, Mandate};

    #[test]
    fn links_are_counted_from_above() {
        let mut scenario = tiny();
        scenario.link_tables = vec![table(&[(0, 1, 1.0), (1, 2, 1.0), (2, 1, 1.0)])];
        scenario.layers[0].links.push(LinkSourceSpec {
            k: Some(2),
            ..LinkSourceSpec::new(LinkRule::gravity())
        });
        // 3 rows of the table and 5 places × 2.
        let found = estimate(&scenario, Recorded::default());
        assert_eq!(found.links, 13);
        let links = base_links(&scenario, &canonical_order(&scenario)).unwrap();
        assert!(links.source.len() <= 13);
        assert_eq!(found.world_bytes, 5 * 500 + 13 * (44 + 8 + 8));
        assert_eq!(found.build_bytes, 5 * (100 + 8 + 12) + 13 * 16);
        assert_eq!(found.per_replicate_bytes, 13 * (37 + 24));
        assert_eq!(
            found.bytes(4),
            found.world_bytes
                + 4 * (found.per_replicate_bytes + found.rows_bytes)
                + program_bytes(4)
        );
        // More than all pairs is not possible.
        scenario.layers[0].links[1].k = Some(100_000);
        scenario.layers.push(scenario.layers[0].clone());
        assert_eq!(estimate(&scenario, Recorded::default()).links, 20);
    }

    #[test]
    fn innovations_follow_the_mandate_process() {
        let mut scenario = scenario(
            vec![
                place("z", Kind::Zone, 0.0, 0.0),
                place("g", Kind::SourceGateway, 0.0, 0.0),
            ],
            Vec::new(),
        );
        scenario.point.arrival_rate = 0.02;
        scenario.places[0].friction = 0.5;
        scenario.places[0].tasks = 100;
        // 120 months at 0.01 a month.
        let all = 100.0 * (1.0 - f64::exp(-1.2));
        assert!((expected_innovations(&scenario) - all).abs() < 1e-12);
        // 10 tasks in the last month, and half of 20 provisions half-way.
        scenario.mandates = vec![Mandate {
            zone: 0,
            month: scenario.end,
            tasks: 10,
        }];
        scenario.places[1].provisions = 20;
        scenario.places[1].open = Some(Month::new(2005, 1));
        scenario.gateway_links = vec![GatewayLink {
            gateway: 1,
            role: GatewayRole::Source,
            place: 0,
            share: 0.5,
        }];
        let more = 10.0 * (1.0 - f64::exp(-0.01)) + 10.0 * (1.0 - f64::exp(-0.6));
        let expected = all + more;
        let found = estimate(&scenario, Recorded::default());
        assert!((found.expected_innovations - expected).abs() < 1e-12);
        assert!(found.per_replicate_bytes > (expected * 300.0) as u64);
        scenario.places[0].open = None;
        assert_eq!(expected_innovations(&scenario), 0.0);
    }

    #[test]
    fn rows_of_tables_are_counted() {
        let scenario = tiny();
        let rows = |recorded| estimate(&scenario, recorded).rows_bytes;
        let without = rows(Recorded::default());
        let yearly = rows(Recorded {
            places_every: Some(12),
            ..Recorded::default()
        });
        let monthly = rows(Recorded {
            places_every: Some(1),
            ..Recorded::default()
        });
        let domains = scenario.domains.len() as u64;
        let months = u64::try_from(scenario.end.since(scenario.start)).unwrap() + 1;
        assert_eq!(monthly - without, 5 * months * (71 + 20 * domains));
        assert!(yearly > without && yearly * 4 < monthly);
        let all = rows(Recorded {
            places_every: Some(1),
            adoptions: true,
            innovations: true,
            abandonments: true,
            links: true,
        });
        assert!(all >= monthly);
    }
}
