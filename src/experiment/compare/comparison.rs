//! The layouts of a comparison, and what would make pairing them meaningless.

use std::collections::{BTreeMap, BTreeSet};

use crate::scenario::problem::{Report, some_of};
use crate::scenario::spec::Step;
use crate::scenario::tables::{Kind, Place};
use crate::scenario::{Loaded, Month, Problem, Problems, Scenario};
use crate::texts::{Text, text};
use crate::world::Calendar;

use super::groups::Groups;
use super::side::Side;
use super::slots::Slots;

/// Longest run whose layouts can be compared, in months: the band of one path of it takes 46 MB.
pub const LONGEST: u16 = 2400;
/// Most ids of places that are named in words.
const NAMED: usize = 5;

/// A comparison: which layouts, which of them is compared with which, and at which months.
#[derive(Debug)]
pub struct Comparison {
    /// Layouts that are run, each once; the baseline first.
    pub sides: Vec<Side>,
    /// Which of `sides` are compared with the baseline, in the order in which they were named. The
    /// baseline itself may be one of them.
    pub layouts: Vec<usize>,
    /// Month numbers at which outcomes are taken, ascending; the last month of the run is always one.
    pub horizons: Vec<u16>,
    /// Groups of places.
    pub groups: Groups,
    /// What is kept of a layout in a replicate, in order.
    pub slots: Slots,
    /// Months between those in which places are kept; none when they are not.
    pub every: Option<u16>,
}

impl Comparison {
    /// Puts a comparison together. `sides` are distinct and pass [`refused`]; `layouts` are positions
    /// in it.
    pub fn new(sides: Vec<Side>, layouts: Vec<usize>, horizons: &[Month]) -> Self {
        let calendar = sides.first().map_or(
            Calendar {
                start: Month(0),
                step: Step::Month,
                months: 1,
            },
            |side| side.world.calendar,
        );
        let mut numbers: Vec<u16> = horizons
            .iter()
            .map(|month| calendar.number(*month))
            .filter(|t| *t < calendar.months)
            .collect();
        numbers.push(calendar.months.saturating_sub(1));
        numbers.sort_unstable();
        numbers.dedup();
        let groups = Groups::new(&sides, &layouts);
        let firms = sides.iter().any(|side| side.world.firms.is_some());
        let slots = Slots::new(&groups, &numbers, firms);
        Self {
            sides,
            layouts,
            horizons: numbers,
            groups,
            slots,
            every: None,
        }
    }

    /// The same, with what becomes of innovations counted by the province that they come from.
    #[must_use]
    pub fn with_origins(mut self) -> Self {
        self.groups.put_origins(&self.sides);
        self.slots = Slots::new(&self.groups, &self.horizons, self.firms());
        self
    }

    /// The baseline.
    pub fn baseline(&self) -> &Side {
        &self.sides[0]
    }

    /// Whether a layout has firms.
    pub fn firms(&self) -> bool {
        self.sides.iter().any(|side| side.world.firms.is_some())
    }

    /// Firms of the layout that has most.
    pub fn most_firms(&self) -> f64 {
        let firms = self.sides.iter().filter_map(|s| s.world.firms.as_ref());
        firms.map(|firms| firms.len()).max().unwrap_or(0) as f64
    }

    /// The months of the run, the same for all layouts.
    pub fn calendar(&self) -> Calendar {
        self.baseline().world.calendar
    }
}

/// Whether layouts can be compared with the baseline, and the run is not too long for what is kept of it;
/// `too_long` says that it is.
pub fn check_sides(
    baseline: (&str, &Loaded),
    layouts: &[(&str, &Loaded)],
    too_long: Text,
    report: &mut Report,
) {
    if let Err(problems) = refused(baseline, layouts) {
        report.add(problems);
    }
    let run = &baseline.1.scenario;
    if run.end.since(run.start) >= i32::from(LONGEST) {
        report.push(baseline.1.error("end", too_long));
    }
}

/// Whether a month is one of the run; `at` is where it is asked for.
pub fn check_month(month: Month, run: &Scenario, at: Problem, report: &mut Report) {
    if month < run.start || month > run.end {
        let months = text!("months-from-to", start = run.start, end = run.end);
        let problem = Problem {
            what: text!("not-month-of-run"),
            ..at
        };
        report.push(problem.value(month).allowed(months));
    }
}

/// Says in what layouts differ from the baseline that makes pairing meaningless.
///
/// # Errors
/// All such differences, each at the key that makes it.
pub fn refused(baseline: (&str, &Loaded), layouts: &[(&str, &Loaded)]) -> Result<(), Problems> {
    let mut report = Report::default();
    let (base_name, base) = baseline;
    let a = &base.scenario;
    for (name, loaded) in layouts {
        let b = &loaded.scenario;
        let mut refuse = |key: &str, what: Text| {
            report.push(loaded.error(key, text!("layouts-cannot-compare", name, what)));
        };
        if (a.start, a.end) != (b.start, b.end) {
            refuse(
                if a.start == b.start { "end" } else { "start" },
                text!(
                    "layouts-months",
                    start = b.start,
                    end = b.end,
                    base = base_name,
                    base_start = a.start,
                    base_end = a.end
                ),
            );
        }
        if a.seed != b.seed {
            refuse(
                "seed",
                text!(
                    "layouts-seed",
                    seed = b.seed,
                    base = base_name,
                    base_seed = a.seed
                ),
            );
        }
        let ids =
            |s: &Scenario| -> Vec<String> { s.domains.iter().map(|d| d.id.clone()).collect() };
        if ids(a) != ids(b) {
            refuse(
                "domains",
                text!(
                    "layouts-domains",
                    domains = ids(b).join(", "),
                    base = base_name,
                    base_domains = ids(a).join(", ")
                ),
            );
        }
        for what in places_apart(base_name, a, b) {
            refuse("places.files", what);
        }
    }
    if report.errors() > 0 {
        Err(report.finish())
    } else {
        Ok(())
    }
}

/// In what the places of `b` differ from those of `a` so that a mean over them is of other places.
/// Zones may be added, taken away, opened and closed: that is what layouts are for.
fn places_apart(base: &str, a: &Scenario, b: &Scenario) -> Vec<Text> {
    let by_id = |s: &'_ Scenario| -> BTreeMap<String, usize> {
        let ids = s.places.iter().enumerate();
        ids.map(|(at, place)| (place.id.clone(), at)).collect()
    };
    let (in_a, in_b) = (by_id(a), by_id(b));
    let all = || a.places.iter().chain(&b.places);
    let carried = all().any(|p| p.carries_weight);
    let counts = |p: &Place| p.carries_weight || !carried && p.kind == Kind::Zone;
    let counted = |s: &Scenario| -> BTreeSet<String> {
        let list = s.places.iter().filter(|p| counts(p));
        list.map(|p| p.id.clone()).collect()
    };
    let mut list = Vec::new();
    let (of_a, of_b) = (counted(a), counted(b));
    let kind = if !carried {
        text!("layouts-zones")
    } else if all().any(|p| counts(p) && p.kind == Kind::Zone) {
        text!("layouts-carriers")
    } else {
        text!("layouts-regions")
    };
    let listed = |only: Vec<&String>| {
        let only: Vec<&str> = only.into_iter().map(String::as_str).collect();
        (!only.is_empty()).then(|| some_of(&only, NAMED))
    };
    if let Some(all) = listed(of_b.difference(&of_a).collect()) {
        list.push(text!("layouts-has", kind, all, base));
    }
    if let Some(all) = listed(of_a.difference(&of_b).collect()) {
        list.push(text!("layouts-lacks", kind, all, base));
    }
    let mut kinds = Vec::new();
    let mut attributes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, at) in &in_a {
        let Some(there) = in_b.get(id) else { continue };
        let (p, q) = (&a.places[*at], &b.places[*there]);
        if p.kind != q.kind {
            kinds.push(id.as_str());
        } else if counts(p) && counts(q) {
            for column in attributes_apart(p, q) {
                attributes.entry(column).or_default().push(id);
            }
        }
    }
    if !kinds.is_empty() {
        let all = some_of(&kinds, NAMED);
        list.push(text!("layouts-kind", base, all));
    }
    for (column, ids) in attributes {
        let all = some_of(&ids, NAMED);
        list.push(text!("layouts-column", column, base, all, kind));
    }
    list
}

fn attributes_apart(p: &Place, q: &Place) -> Vec<&'static str> {
    let checks = [
        ("lon", p.lon != q.lon),
        ("lat", p.lat != q.lat),
        ("weight", p.weight != q.weight),
        ("province", p.province != q.province),
        ("area", p.area != q.area),
        ("tier", p.tier != q.tier),
    ];
    checks.into_iter().filter(|c| c.1).map(|c| c.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    fn minimal() -> Scenario {
        load("scenarios/minimal".as_ref(), &[], &[])
            .unwrap()
            .scenario
    }

    fn words(a: &Scenario, b: &Scenario) -> Vec<String> {
        let apart = places_apart("base", a, b);
        apart.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn layouts_count_the_same_places() {
        let base = minimal();
        assert_eq!(words(&base, &minimal()), [""; 0]);
        // Zones may differ in what they weigh where it does not count.
        let zone = |s: &Scenario| s.places.iter().position(|p| p.kind == Kind::Zone).unwrap();
        let mut other = minimal();
        let at = zone(&base);
        other.places[at].weight += 1.0;
        assert_eq!(words(&base, &other), [""; 0]);
        other.places[at].carries_weight = true;
        let id = base.places[at].id.clone();
        let has = format!(
            "has the places that carry weight {id}, which base lacks: its means cover different places"
        );
        assert_eq!(words(&base, &other), [has]);
        let lacks = words(&other, &base);
        assert!(
            lacks.len() == 1 && lacks[0].starts_with("lacks the places"),
            "{lacks:?}"
        );
        let mut counted = minimal();
        counted.places[at].carries_weight = true;
        let column = words(&counted, &other);
        assert!(
            column.len() == 1 && column[0].starts_with("has a different weight than base"),
            "{column:?}"
        );
    }
}
