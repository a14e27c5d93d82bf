//! The explanation in ids and names, for tables, JSON and words.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::scenario::{Diff, Month, Scenario};
use crate::texts::{Fill, Text, Value};
use crate::world::{Calendar, NEVER, PlaceId};

use super::Request;
use super::cause::{Cause, Reason};
use super::chain::{Next, Pair, Step, Subject};
use super::names::{Item, Mechanism};
use super::parting::Event;
use super::root::{self, RootWords};
use super::spread::{Spread, spread};

/// How many causes of a step are kept; the others are counted.
const KEPT: usize = 10;

/// Where and why two worlds part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// Name of the scenario.
    pub scenario: String,
    /// Random seed.
    pub seed: u64,
    /// Replicate number.
    pub replicate: u32,
    /// Whether A is the history, and B what would have happened to it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
    /// The steps of the runs.
    #[serde(skip)]
    pub calendar: Calendar,
    /// Layout A; empty for the scenario without one.
    pub a: String,
    /// Layout B.
    pub b: String,
    /// Titles of A and B, each in English and Chinese; empty without one.
    pub titles: [[String; 2]; 2],
    /// What differs between the layouts, item by item.
    pub changes: Vec<Text>,
    /// Events that only one of the worlds has (an event in other months counts in both).
    pub partings: usize,
    /// The first month with such an event.
    pub first_month: Option<Date>,
    /// How many of them that month has.
    pub in_first_month: usize,
    /// Only what differs from this month on is followed in `chains`.
    pub since: Option<Date>,
    /// The place asked for.
    pub place: Option<PlaceName>,
    /// The innovation asked for.
    pub innovation: Option<String>,
    /// Chains: `first`, `first_adoption` when another event is the first, `place`.
    pub chains: Vec<Chain>,
    /// What firms do otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firms: Option<FirmsDiffer>,
    /// How the difference spreads.
    pub spread: Vec<SpreadRow>,
    /// Where each place first differs, in order.
    pub reached: Vec<ReachedRow>,
}

/// Where firms take up otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FirmsDiffer {
    /// The first month at whose end the uptake of a region in a domain differs.
    pub first_month: Option<Date>,
    /// Regions with firms times domains.
    pub pairs: usize,
    /// How many of these have another uptake at the end of the run.
    pub differ: usize,
    /// How many of these have more in A.
    pub more_in_a: usize,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceName {
    /// Id.
    pub id: String,
    /// English name; may be empty.
    pub name_en: String,
    /// Chinese name; may be empty.
    pub name_zh: String,
}

/// A chain, from what the layouts set to the event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chain {
    /// `first`, `first_adoption` or `place`.
    pub name: &'static str,
    /// What the layouts set; none when no root was found.
    pub root: Option<RootWords>,
    /// The events, earliest first.
    pub steps: Vec<StepRow>,
}

/// An event of a chain, and why it is otherwise in the other world.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepRow {
    /// Number in the chain, from 1.
    pub step: usize,
    /// `implemented`, `adopted`, `abandoned`, `credit_split`, `line`, `circle`, `axis`, `provincial`,
    /// `national`, `plane`; of firms `pull`, `uptake`.
    pub event: &'static str,
    /// The month in which the worlds part over it.
    pub month: Date,
    /// The world that has it first: `A` or `B`.
    pub world: &'static str,
    /// Its month in A.
    pub month_a: Option<Date>,
    /// Its month in B.
    pub month_b: Option<Date>,
    /// The place, or one end of a line; for a circle its zone.
    pub place: Option<PlaceName>,
    /// The other end of a line.
    pub other_place: Option<PlaceName>,
    /// The innovation.
    pub innovation: Option<String>,
    /// The corridor of an axis.
    pub corridor: Option<String>,
    /// Circle and axis: it is formed in both worlds, but has these two places only in one.
    pub joins: Option<(PlaceName, PlaceName)>,
    /// Firms: the domain.
    pub domain: Option<String>,
    /// `pull`: demand_id, `uptake`: u_id, at the end of the month in A.
    pub level_a: Option<f64>,
    /// The same in B.
    pub level_b: Option<f64>,
    /// Adoptions: H_ik at the end of the month in A.
    pub hazard_sum_a: Option<f64>,
    /// Adoptions: H_ik at the end of the month in B.
    pub hazard_sum_b: Option<f64>,
    /// The largest causes, in order.
    pub causes: Vec<CauseRow>,
    /// How many causes there are beside these.
    pub more_causes: usize,
    /// Their shares together.
    pub more_share: f64,
}

/// A cause of a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CauseRow {
    /// `holds`, `link`, `provincial`, `national`, `opens`, `parameters`, `credit_split`, `line`,
    /// `circle`, `rule`; of firms `demand`, `uptake`, `partners`.
    pub cause: &'static str,
    /// The place that holds the innovation, the source of the link, …
    pub place: Option<PlaceName>,
    /// The listener of the link; the other end of a line.
    pub other_place: Option<PlaceName>,
    /// The innovation.
    pub innovation: Option<String>,
    /// `link`: the mechanism.
    pub mechanism: Option<String>,
    /// Firms: the domain.
    pub domain: Option<String>,
    /// Part of the difference, in the unit of what is explained.
    pub difference: f64,
    /// The same as a share of the whole difference.
    pub share: f64,
    /// Share of the hazard (of the flow, for a line) in the month, in the world that has it first.
    pub share_of_month: Option<f64>,
    /// Through which mechanisms, with their part of `share_of_month`.
    pub through: Vec<(String, f64)>,
}

/// A month of the spread.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpreadRow {
    /// The month.
    pub month: Date,
    /// What newly differs.
    #[serde(flatten)]
    pub spread: Spread,
    /// Places reached so far.
    pub places_so_far: u32,
}

/// Where a place first differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReachedRow {
    /// The month.
    pub month: Date,
    /// The place.
    pub place: PlaceName,
    /// The innovation.
    pub innovation: String,
    /// Its month in A.
    pub month_a: Option<Date>,
    /// Its month in B.
    pub month_b: Option<Date>,
}

/// A step of a run as it is told: a month, or a period of another length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// Its number in the run.
    pub number: u16,
    calendar: Calendar,
}

impl Date {
    /// The month in which it begins.
    pub fn month(&self) -> Month {
        self.calendar.month(self.number)
    }
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.number.cmp(&other.number))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.calendar.name(self.number))
    }
}

impl Fill for Date {
    fn fill(&self) -> Value {
        self.to_string().fill()
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Puts numbers into names.
pub struct View<'a> {
    pair: &'a Pair<'a>,
    scenarios: [&'a Scenario; 2],
    diff: &'a Diff,
}

impl<'a> View<'a> {
    /// Of two worlds.
    pub fn new(pair: &'a Pair<'a>, scenarios: [&'a Scenario; 2], diff: &'a Diff) -> Self {
        Self {
            pair,
            scenarios,
            diff,
        }
    }

    /// Everything but the chains.
    pub fn explanation(&self, request: &Request, only: &[(Event, usize)]) -> Explanation {
        let first = only.first().map(|(event, _)| event.month);
        let (months, reached) = spread(self.pair, only);
        let mut places_so_far = 0;
        Explanation {
            scenario: self.scenarios[0].name.clone(),
            seed: self.pair.luck.seed,
            replicate: self.pair.luck.replicate,
            replayed: request.thresholds.is_some(),
            calendar: self.pair.worlds[0].calendar,
            a: self.scenarios[0].layout.clone(),
            b: self.scenarios[1].layout.clone(),
            titles: self.scenarios.map(Scenario::layout_titles),
            changes: root::everything(self.diff),
            partings: only.len(),
            first_month: first.and_then(|t| self.month(t)),
            in_first_month: only.iter().filter(|(e, _)| Some(e.month) == first).count(),
            since: (request.since > 0)
                .then(|| self.month(request.since))
                .flatten(),
            place: request.place.map(|i| self.place(i)),
            innovation: request.innovation.map(|k| self.item(k)),
            chains: Vec::new(),
            firms: self.firms(),
            spread: months
                .into_iter()
                .filter_map(|(month, spread)| {
                    places_so_far += spread.places;
                    Some(SpreadRow {
                        month: self.month(month)?,
                        spread,
                        places_so_far,
                    })
                })
                .collect(),
            reached: reached
                .into_iter()
                .filter_map(|r| {
                    Some(ReachedRow {
                        month: self.month(r.month)?,
                        place: self.place(r.place),
                        innovation: self.item(r.item),
                        month_a: self.month(r.months[0]),
                        month_b: self.month(r.months[1]),
                    })
                })
                .collect(),
        }
    }

    /// A chain, reversed.
    pub fn chain(&self, name: &'static str, steps: &[Step]) -> Chain {
        let root = steps.last().and_then(|step| match step.next {
            Next::Root(root) => Some(root::words(root, self.pair, self.diff)),
            _ => None,
        });
        let steps = steps.iter().rev().enumerate();
        Chain {
            name,
            root,
            steps: steps.map(|(n, step)| self.step(n + 1, step)).collect(),
        }
    }

    fn month(&self, number: u16) -> Option<Date> {
        (number != NEVER).then(|| self.date(number))
    }

    fn date(&self, number: u16) -> Date {
        let calendar = self.pair.worlds[0].calendar;
        Date { number, calendar }
    }

    fn place(&self, place: PlaceId) -> PlaceName {
        let world = self.pair.worlds[0];
        let row = &self.scenarios[0].places[world.places.input[place] as usize];
        PlaceName {
            id: row.id.clone(),
            name_en: row.name_en.clone(),
            name_zh: row.name_zh.clone(),
        }
    }

    fn domain(&self, domain: u32) -> String {
        self.pair.worlds[0].domains[domain as usize].clone()
    }

    /// Where and how much the firms of the two worlds differ; none without firms.
    fn firms(&self) -> Option<FirmsDiffer> {
        let [a, b] = self.pair.records.each_ref().map(|r| r.uptakes());
        let (last_a, last_b) = (a.last()?, b.last()?);
        let first = a.iter().zip(b).position(|(x, y)| x != y);
        let world = self.pair.worlds[0];
        let firms = world.firms.as_ref()?;
        let n = world.places.len();
        let regions = |at: &usize| firms.seat[at % n] == Some(PlaceId::new(at % n));
        let pairs: Vec<usize> = (0..last_a.len()).filter(regions).collect();
        Some(FirmsDiffer {
            first_month: first.and_then(|t| self.month(t as u16)),
            pairs: pairs.len(),
            differ: pairs
                .iter()
                .filter(|at| last_a[**at] != last_b[**at])
                .count(),
            more_in_a: pairs
                .iter()
                .filter(|at| last_a[**at] > last_b[**at])
                .count(),
        })
    }

    fn item(&self, item: Item) -> String {
        self.pair.names.item_id(self.pair.worlds[0], item)
    }

    fn step(&self, step: usize, of: &Step) -> StepRow {
        let (mut place, mut other, mut item, mut corridor) = (None, None, None, None);
        let mut joins = None;
        let mut domain = None;
        let event = match of.subject {
            Subject::Implemented(k) => {
                (place, item) = (k.origin, Some(k));
                "implemented"
            }
            Subject::Adopted(k, i) => {
                (place, item) = (Some(i), Some(k));
                "adopted"
            }
            Subject::Abandoned(k, i) => {
                (place, item) = (Some(i), Some(k));
                "abandoned"
            }
            Subject::Split(k, i) => {
                (place, item) = (Some(i), Some(k));
                "credit_split"
            }
            Subject::Line((a, b), _) => {
                (place, other) = (Some(a), Some(b));
                "line"
            }
            Subject::Circle(zone, _, ends) => {
                (place, joins) = (Some(zone), ends);
                "circle"
            }
            Subject::Axis(c, _, ends) => {
                corridor = self.pair.names.corridors.get(c as usize).cloned();
                joins = ends;
                "axis"
            }
            Subject::Provincial(k) => {
                (place, item) = (k.origin, Some(k));
                "provincial"
            }
            Subject::National(k) => {
                (place, item) = (k.origin, Some(k));
                "national"
            }
            Subject::Plane(_) => "plane",
            Subject::Pull(i, d, _) => {
                (place, domain) = (Some(i), Some(d));
                "pull"
            }
            Subject::Uptake(i, d, _) => {
                (place, domain) = (Some(i), Some(d));
                "uptake"
            }
        };
        let rest = of.causes.iter().skip(KEPT);
        StepRow {
            step,
            event,
            month: self.date(
                of.month
                    .min(self.pair.worlds[0].calendar.months.saturating_sub(1)),
            ),
            world: ["A", "B"][of.lead],
            month_a: self.month(of.months[0]),
            month_b: self.month(of.months[1]),
            place: place.map(|i| self.place(i)),
            other_place: other.map(|i| self.place(i)),
            innovation: item.map(|k| self.item(k)),
            corridor,
            joins: joins.map(|(a, b)| (self.place(a), self.place(b))),
            domain: domain.map(|d| self.domain(d)),
            level_a: of.levels.map(|l| l[0]),
            level_b: of.levels.map(|l| l[1]),
            hazard_sum_a: of.cumulative.map(|h| h[0]),
            hazard_sum_b: of.cumulative.map(|h| h[1]),
            causes: of.causes.iter().take(KEPT).map(|c| self.cause(c)).collect(),
            more_causes: rest.clone().count(),
            more_share: rest.fold(0.0, |sum, c| sum + c.share),
        }
    }

    fn cause(&self, cause: &Cause) -> CauseRow {
        let (mut place, mut other, mut item) = (None, None, None);
        let mut mechanism: Option<Mechanism> = None;
        let mut domain = None;
        let word = match cause.reason {
            Reason::Holds(k, i) => {
                (place, item) = (Some(i), Some(k));
                "holds"
            }
            Reason::Link(listener, source, m) => {
                (place, other, mechanism) = (Some(source), Some(listener), Some(m));
                "link"
            }
            Reason::Term(id, k) => {
                item = Some(k);
                id.get().name
            }
            Reason::Opens(i) => {
                place = Some(i);
                "opens"
            }
            Reason::Parameters => "parameters",
            Reason::Demand(i, d) => {
                (place, domain) = (Some(i), Some(d));
                "demand"
            }
            Reason::Uptake(i, d) => {
                (place, domain) = (Some(i), Some(d));
                "uptake"
            }
            Reason::Partners(i, d) => {
                (place, domain) = (Some(i), Some(d));
                "partners"
            }
            Reason::Split(k, i) => {
                (place, item) = (Some(i), Some(k));
                "credit_split"
            }
            Reason::Line(a, b) => {
                (place, other) = (Some(a), Some(b));
                "line"
            }
            Reason::Circle(zone) => {
                place = Some(zone);
                "circle"
            }
            Reason::Rule => "rule",
        };
        let named = |&(m, now): &(Mechanism, f64)| (self.pair.names.id(m), now);
        CauseRow {
            cause: word,
            place: place.map(|i| self.place(i)),
            other_place: other.map(|i| self.place(i)),
            innovation: item.map(|k| self.item(k)),
            mechanism: mechanism.map(|m| self.pair.names.id(m)),
            domain: domain.map(|d| self.domain(d)),
            difference: cause.difference,
            share: cause.share,
            share_of_month: cause.now,
            through: cause.through.iter().map(named).collect(),
        }
    }
}
