//! The layouts that there could be: what each candidate does, which go together, what they cost.
//!
//! A layout is a *choice*: for each candidate 0, not taken, or the number of one of its options. What it costs in
//! coordination is what a comparison calls it (`coordination_cost`): Σ over the months of the run and the alliances active in
//! the month of n (n − 1) / 2, n the member groups that have a delegate which takes part, in years.

use std::collections::BTreeMap;

use crate::scenario::Month;
use crate::scenario::tables::{Alliance, Member, Who};

/// For each candidate the number of its option, 0 where it is not taken.
pub type Choice = Vec<u8>;

/// Most choices that are listed one by one to see which are feasible.
const MOST_LISTED: u64 = 1 << 18;
/// Most feasible layouts that are all run.
pub const MOST_RUN: usize = 4096;

/// What a candidate does.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// The alliance at a position begins to take part, is changed, or no longer takes part: by option.
    Alliance(usize, Vec<Change>),
    /// A member joins the alliance at a position, or leaves it.
    Member(usize, Who),
    /// The zone at a position opens in one of these months.
    Open(usize, Vec<Month>),
    /// The zone at a position closes after one of these months.
    Close(usize, Vec<Month>),
}

/// How an alliance is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Change {
    /// Whether it takes part.
    pub on: bool,
    /// Its first month, where that is another one.
    pub from: Option<Month>,
    /// Its strength, where that is another one.
    pub strength: Option<f64>,
}

/// A candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// What it does.
    pub act: Act,
}

impl Candidate {
    /// How many options it has, besides not being taken.
    pub fn options(&self) -> u8 {
        let n = match &self.act {
            Act::Alliance(_, changes) => changes.len(),
            Act::Member(..) => 1,
            Act::Open(_, months) | Act::Close(_, months) => months.len(),
        };
        n as u8
    }

    /// An option in words of the plan: its id, with what tells the option from others.
    pub fn word(&self, option: u8) -> String {
        let at = usize::from(option) - 1;
        let mut word = self.id.clone();
        match &self.act {
            Act::Alliance(_, changes) => {
                let change = changes[at];
                if let Some(month) = change.from {
                    word += &format!("@{month}");
                }
                if let Some(strength) = change.strength {
                    word += &format!("={strength}");
                }
            }
            Act::Member(..) => {}
            Act::Open(_, months) | Act::Close(_, months) => word += &format!("@{}", months[at]),
        }
        word
    }
}

/// A condition, by positions of candidates.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// At most so many are taken.
    AtMost(u32, Vec<usize>),
    /// At least so many are taken.
    AtLeast(u32, Vec<usize>),
    /// When the first is taken, all of these are.
    Requires(usize, Vec<usize>),
    /// When the first is taken, none of these is.
    Excludes(usize, Vec<usize>),
}

impl Condition {
    fn holds(&self, choice: &[u8]) -> bool {
        let taken = |at: &usize| choice[*at] > 0;
        let count = |of: &[usize]| of.iter().filter(|at| taken(at)).count() as u32;
        match self {
            Self::AtMost(most, of) => count(of) <= *most,
            Self::AtLeast(least, of) => count(of) >= *least,
            Self::Requires(when, of) => !taken(when) || of.iter().all(taken),
            Self::Excludes(when, of) => !taken(when) || !of.iter().any(taken),
        }
    }
}

/// An alliance that takes part, or could.
#[derive(Clone, Debug, PartialEq)]
pub struct Seat {
    /// As it is.
    pub alliance: Alliance,
    /// Whether it takes part in the baseline.
    pub active: bool,
    /// The position of the candidate that defines it; it is not in the catalogue.
    pub defined: Option<usize>,
}

/// A zone, in months of the run: open from the first on, closed from the second on.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// Its id.
    pub id: String,
    /// Its free-trade zone.
    pub group: String,
    /// As it is in the baseline, as months; none where it never does.
    pub opens: Option<Month>,
    /// Its last month.
    pub closes: Option<Month>,
}

/// What a layout may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Budget {
    /// Most pair-years.
    pub pair_years: Option<f64>,
    /// Most candidates that are taken.
    pub changes: Option<u32>,
    /// Highest price.
    pub price: Option<f64>,
    /// Price of a pair-year beyond those of the baseline.
    pub per_pair_year: f64,
    /// Price of a zone that opens.
    pub per_zone: f64,
}

/// What a layout costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// Coordination.
    pub pair_years: f64,
    /// Zones that open and are candidates in the baseline.
    pub zones: u32,
    /// Candidates that are taken.
    pub changes: u32,
    /// Its price.
    pub price: f64,
}

/// An alliance in a layout.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Whether it takes part.
    pub on: bool,
    /// As it is there.
    pub alliance: Alliance,
    /// Whether a candidate that is taken is about it.
    pub touched: bool,
}

/// All layouts that there could be.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    /// The candidates.
    pub candidates: Vec<Candidate>,
    /// Which go together.
    pub conditions: Vec<Condition>,
    /// What they may cost.
    pub budget: Budget,
    /// The alliances.
    pub seats: Vec<Seat>,
    /// The zones.
    pub zones: Vec<Zone>,
    /// Provinces that have a linkage region.
    pub linked: Vec<String>,
    /// Who else may speak for a single place: its free-trade zone, or its province.
    pub spoken: BTreeMap<String, Who>,
    /// First and last month of the run.
    pub run: (Month, Month),
}

/// Which layouts there are.
#[derive(Clone, Debug, PartialEq)]
pub enum Listed {
    /// All that are feasible, the cheapest first.
    All(Vec<(Choice, Cost)>),
    /// More than are run one by one.
    Many,
}

impl Space {
    /// The baseline.
    pub fn nothing(&self) -> Choice {
        vec![0; self.candidates.len()]
    }

    /// A choice in words of the plan; empty of the baseline.
    pub fn words(&self, choice: &[u8]) -> String {
        let taken = self.candidates.iter().zip(choice).filter(|(_, o)| **o > 0);
        let words: Vec<String> = taken.map(|(of, option)| of.word(*option)).collect();
        words.join(", ")
    }

    /// What a choice costs; none where it cannot be, or breaks a condition or the budget.
    pub fn cost(&self, choice: &[u8]) -> Option<Cost> {
        self.cost_known(choice, &mut BTreeMap::new())
    }

    fn cost_known(&self, choice: &[u8], known: &mut Known) -> Option<Cost> {
        let changes = choice.iter().filter(|option| **option > 0).count() as u32;
        let few = self.budget.changes.is_none_or(|most| changes <= most);
        if !few || !self.conditions.iter().all(|of| of.holds(choice)) {
            return None;
        }
        let (spans, pair_months) = self.coordination(choice, known)?;
        let opens = |(zone, span): (&Zone, &Option<Span>)| zone.opens.is_none() && span.is_some();
        let zones = self.zones.iter().zip(&spans).filter(|of| opens(*of));
        let mut cost = Cost {
            pair_years: pair_months as f64 / 12.0,
            zones: zones.count() as u32,
            changes,
            price: 0.0,
        };
        let Budget {
            pair_years,
            price,
            per_pair_year,
            per_zone,
            ..
        } = self.budget;
        if per_pair_year > 0.0 {
            let more = cost.pair_years - self.pair_years_of_baseline();
            cost.price = per_pair_year * more;
        }
        cost.price += per_zone * f64::from(cost.zones);
        // What only rounds differently is no more.
        let within = |value: f64, most: Option<f64>| {
            most.is_none_or(|most| value <= most + 1e-9 * most.abs().max(1.0))
        };
        (within(cost.pair_years, pair_years) && within(cost.price, price)).then_some(cost)
    }

    /// The zones of a layout, and its pair-months; none where it cannot be.
    fn coordination(&self, choice: &[u8], known: &mut Known) -> Option<(Vec<Option<Span>>, u64)> {
        let spans = self.spans(choice)?;
        let mut pair_months = 0;
        for at in 0..self.seats.len() {
            pair_months += self.pairs(at, choice, &spans, known)?;
        }
        Some((spans, pair_months))
    }

    /// Whether a layout can be, whatever conditions and budget say.
    pub fn is_possible(&self, choice: &[u8]) -> bool {
        self.coordination(choice, &mut BTreeMap::new()).is_some()
    }

    /// The same with one more candidate: that a member leaves an alliance.
    pub fn leaving(&self, seat: usize, who: &Who) -> Self {
        let id = format!("{} without {}", self.seats[seat].alliance.id, who.name());
        let mut space = self.clone();
        let act = Act::Member(seat, who.clone());
        space.candidates.push(Candidate { id, act });
        space
    }

    /// Coordination of the baseline, whatever the budget.
    pub fn pair_years_of_baseline(&self) -> f64 {
        let known = self.coordination(&self.nothing(), &mut BTreeMap::new());
        known.map_or(0, |(_, pair_months)| pair_months) as f64 / 12.0
    }

    /// All feasible choices, or that they are too many.
    pub fn list(&self) -> Listed {
        let sizes = self.candidates.iter().map(|of| u64::from(of.options()) + 1);
        let all = sizes.fold(1u64, u64::saturating_mul);
        if all > MOST_LISTED {
            return Listed::Many;
        }
        let mut known = BTreeMap::new();
        let mut found = Vec::new();
        let mut choice = self.nothing();
        for _ in 0..all {
            if let Some(cost) = self.cost_known(&choice, &mut known) {
                found.push((choice.clone(), cost));
                if found.len() > MOST_RUN {
                    return Listed::Many;
                }
            }
            self.advance(&mut choice);
        }
        found.sort_by(|(a, of_a), (b, of_b)| {
            let by_price = of_a.price.total_cmp(&of_b.price);
            let by_pairs = of_a.pair_years.total_cmp(&of_b.pair_years);
            let by_changes = of_a.changes.cmp(&of_b.changes);
            by_price.then(by_pairs).then(by_changes).then(a.cmp(b))
        });
        Listed::All(found)
    }

    /// The next choice: the first candidate varies fastest.
    fn advance(&self, choice: &mut [u8]) {
        for (option, candidate) in choice.iter_mut().zip(&self.candidates) {
            if *option < candidate.options() {
                *option += 1;
                return;
            }
            *option = 0;
        }
    }

    /// The zones in a layout, in order: open from one month of the run until before another; none where one never opens.
    /// None at all where one would close before it opens.
    fn spans(&self, choice: &[u8]) -> Option<Vec<Option<Span>>> {
        let mut months: Vec<(Option<Month>, Option<Month>)> = self
            .zones
            .iter()
            .map(|zone| (zone.opens, zone.closes))
            .collect();
        for (candidate, option) in self.candidates.iter().zip(choice) {
            let Some(at) = usize::from(*option).checked_sub(1) else {
                continue;
            };
            match &candidate.act {
                Act::Open(zone, list) => months[*zone].0 = Some(list[at]),
                Act::Close(zone, list) => months[*zone].1 = Some(list[at]),
                Act::Alliance(..) | Act::Member(..) => {}
            }
        }
        let (start, end) = self.run;
        let span = |(opens, closes): &(Option<Month>, Option<Month>)| match (opens, closes) {
            (None, Some(_)) => None,
            (Some(open), Some(close)) if close <= open => None,
            (None, None) => Some(None),
            (Some(open), _) if *open > end => Some(None),
            (Some(open), close) => Some(Some(Span {
                from: open.since(start).max(0),
                until: close.map_or(i32::MAX, |close| close.since(start)),
            })),
        };
        months.iter().map(span).collect()
    }

    /// An alliance in a layout; none where a member would join or leave one that does not take part there, or be a member
    /// twice.
    pub fn standing(&self, at: usize, choice: &[u8]) -> Option<Standing> {
        let seat = &self.seats[at];
        let mut standing = Standing {
            on: seat.active,
            alliance: seat.alliance.clone(),
            touched: false,
        };
        let mut moved = false;
        for (candidate, option) in self.candidates.iter().zip(choice) {
            let Some(option) = usize::from(*option).checked_sub(1) else {
                continue;
            };
            match &candidate.act {
                Act::Alliance(of, changes) if *of == at => {
                    let change = changes[option];
                    (standing.on, standing.touched) = (change.on, true);
                    standing.alliance.from = change.from.or(standing.alliance.from);
                    let strength = change.strength.unwrap_or(standing.alliance.strength);
                    standing.alliance.strength = strength;
                }
                Act::Member(of, who) if *of == at => {
                    (moved, standing.touched) = (true, true);
                    let members = &mut standing.alliance.members;
                    match members.iter().position(|known| known.who == *who) {
                        Some(known) => drop(members.remove(known)),
                        None => members.push(who.clone().into()),
                    }
                }
                _ => {}
            }
        }
        standing.alliance.members.sort();
        let possible = (standing.on || !moved) && !(standing.on && self.is_twice(&standing));
        possible.then_some(standing)
    }

    /// Whether a place is a member by itself and through who speaks for it.
    fn is_twice(&self, standing: &Standing) -> bool {
        let members = &standing.alliance.members;
        let there = |who: &Who| members.iter().any(|member| member.who == *who);
        members.iter().any(|member| match &member.who {
            Who::Place(id) => self.spoken.get(id).is_some_and(there),
            _ => false,
        })
    }

    /// Pair-months of an alliance in a layout; none where it cannot be so: it would join nobody.
    fn pairs(
        &self,
        at: usize,
        choice: &[u8],
        spans: &[Option<Span>],
        known: &mut Known,
    ) -> Option<u64> {
        // All that it depends on.
        let about = self.candidates.iter().zip(choice);
        let about = about.map(|(candidate, option)| match candidate.act {
            Act::Alliance(of, _) | Act::Member(of, _) if of != at => 0,
            _ => *option,
        });
        let key = (at, about.collect::<Choice>());
        if let Some(pairs) = known.get(&key) {
            return *pairs;
        }
        let pairs = self.standing(at, choice).and_then(|standing| {
            let pairs = match standing.on {
                true => self.pair_months(&standing.alliance, spans),
                false => 0,
            };
            let idle = standing.on && standing.touched && pairs == 0;
            (!idle).then_some(pairs)
        });
        known.insert(key, pairs);
        pairs
    }

    fn pair_months(&self, alliance: &Alliance, spans: &[Option<Span>]) -> u64 {
        let (start, end) = self.run;
        let first = alliance.from.map_or(0, |month| month.since(start).max(0));
        let last = alliance.to.unwrap_or(end).min(end).since(start);
        if alliance.strength <= 0.0 {
            return 0;
        }
        let pairs = (first..=last).map(|month| {
            // As of the end of the month before.
            let before = (month - 1).max(0);
            let open = |span: &Option<Span>| {
                let open = |span: &Span| span.from <= before && before < span.until;
                span.as_ref().is_some_and(open)
            };
            let zones = self.zones.iter().zip(spans);
            let speaks = |who: &Who| match who {
                Who::Province(name) => self.linked.contains(name),
                Who::Group(name) => zones
                    .clone()
                    .any(|(zone, span)| zone.group == *name && open(span)),
                // A region is always there.
                Who::Place(id) => zones
                    .clone()
                    .find(|(zone, _)| zone.id == *id)
                    .is_none_or(|(_, span)| open(span)),
            };
            let there = |member: &&Member| {
                let joined = member.from.is_none_or(|from| from.since(start) <= month);
                let left = member.to.is_some_and(|to| to.since(start) < month);
                joined && !left && speaks(&member.who)
            };
            let n = alliance.members.iter().filter(there).count() as u64;
            n * n.saturating_sub(1) / 2
        });
        pairs.sum()
    }
}

/// Months of the run in which a zone is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: i32,
    until: i32,
}

/// Pair-months of an alliance by the options that they depend on.
type Known = BTreeMap<(usize, Choice), Option<u64>>;
