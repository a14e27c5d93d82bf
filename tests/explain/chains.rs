//! Hand-made worlds whose chains are known.

use pointplane::experiment::explain::Request;
use pointplane::scenario::Scenario;
use pointplane::scenario::spec::{FirmsSpec, MixingSpec, PopulationSpec};
use pointplane::scenario::tables::{Alliance, Member, Place, Tier, Who};

use super::{chain, explained, item, short};
use crate::common::{self, firms, month, plain, region, world, zone};

/// A linkage region alone in its province.
fn linkage(id: &str, province: &str) -> Place {
    let mut place = region(id, province);
    place.tier = Tier::Linkage;
    place
}

/// An alliance of a group and a province.
fn alliance(id: &str, group: &str, province: &str) -> Alliance {
    let group = Member::from(Who::Group(group.to_owned()));
    common::alliance(
        id,
        1,
        vec![group, Who::Province(province.to_owned()).into()],
    )
}

/// A zone z, and three regions in a row: b hears a, c hears b. Nobody hears z.
fn row() -> Scenario {
    let places = vec![
        zone("z", "pz", 0, 3),
        linkage("a", "pa"),
        region("b", "pb"),
        region("c", "pc"),
    ];
    let mut scenario = plain(120, places, vec![(2, 1, 1.0), (3, 2, 1.0)]);
    scenario.point.arrival_rate = 0.5;
    scenario.point.implementation_rate = 0.5;
    scenario.line.beta = 0.5;
    scenario
}

#[test]
fn an_alliance_reaches_the_end_of_a_row() {
    let a = row();
    let mut b = row();
    b.alliances.push(alliance("tie", "z", "pa"));
    let found = explained(&a, &b, Some("c"), Request::default());
    // The first to adopt anything is a, from z, and only in B.
    let first = chain(&found, "first");
    assert_eq!(first.steps.len(), 1, "{first:#?}");
    let step = &first.steps[0];
    assert_eq!(
        (step.event, step.world, step.month_a),
        ("adopted", "B", None)
    );
    assert_eq!(step.place.as_ref().map(|p| p.id.as_str()), Some("a"));
    let cause = &step.causes[0];
    assert_eq!((cause.cause, cause.share), ("link", 1.0));
    assert_eq!(cause.mechanism.as_deref(), Some("alliance_tie"));
    assert_eq!(cause.share_of_month, Some(1.0));
    assert_eq!(step.hazard_sum_a, Some(0.0));
    assert!(step.hazard_sum_b > Some(0.0));
    let way = chain(&found, "place");
    let k = way.steps[0].innovation.clone().expect("an innovation");
    let expected = [
        format!("adopted a {k}"),
        format!("adopted b {k}"),
        format!("adopted c {k}"),
    ];
    assert_eq!(short(way), expected);
    for step in &way.steps[1..] {
        assert_eq!(step.causes.len(), 1);
        let cause = &step.causes[0];
        assert_eq!((cause.cause, cause.share), ("holds", 1.0));
        assert_eq!(cause.through, [("base_road".to_owned(), 1.0)]);
    }
    let root = way.root.as_ref().expect("a root");
    assert_eq!(root.kind, "alliance");
    // z itself never differs.
    let found = explained(&a, &b, Some("z"), Request::default());
    assert!(found.chains.iter().all(|c| c.name != "place"));
    assert!(found.reached.iter().all(|r| r.place.id != "z"));
}

#[test]
fn other_innovations_and_later_months_can_be_followed() {
    let a = row();
    let mut b = row();
    b.alliances.push(alliance("tie", "z", "pa"));
    let built = world(&a);
    for serial in 1..=3 {
        let request = Request {
            innovation: Some(item(&built, "z", serial)),
            ..Request::default()
        };
        let found = explained(&a, &b, Some("b"), request);
        let way = chain(&found, "place");
        assert_eq!(way.steps[0].innovation, Some(format!("z.{serial}")));
    }
    let first = explained(&a, &b, Some("b"), Request::default());
    let parted = first.first_month.expect("they part");
    let since = parted.number + 1;
    let request = Request {
        since,
        ..Request::default()
    };
    let later = explained(&a, &b, Some("b"), request);
    assert_eq!(later.first_month, Some(parted));
    assert!(
        later
            .chains
            .iter()
            .all(|c| c.steps.last().expect("a step").month > parted)
    );
}

#[test]
fn a_candidate_that_opens_is_the_root() {
    let places = |open: bool| {
        let mut candidate = zone("z", "pz", 12, 3);
        if !open {
            candidate.open = None;
        }
        vec![
            candidate,
            zone("y", "py", 0, 2),
            region("a", "pa"),
            region("b", "pb"),
        ]
    };
    let make = |open| {
        let mut scenario = plain(
            120,
            places(open),
            vec![(2, 0, 1.0), (3, 2, 1.0), (3, 1, 1.0)],
        );
        scenario.point.arrival_rate = 0.5;
        scenario.point.implementation_rate = 0.5;
        scenario.line.beta = 0.5;
        scenario
    };
    let found = explained(&make(false), &make(true), Some("b"), Request::default());
    let first = chain(&found, "first");
    assert_eq!(first.steps.len(), 1);
    assert_eq!(first.steps[0].event, "implemented");
    assert_eq!(first.root.as_ref().map(|r| r.kind), Some("zone"));
    assert_eq!(short(chain(&found, "first_adoption"))[0], short(first)[0]);
    let k = first.steps[0].innovation.clone().expect("an innovation");
    assert!(k.starts_with("z."), "{k}");
    let way = chain(&found, "place");
    let k = way.steps[0].innovation.clone().expect("an innovation");
    let expected = [
        format!("implemented z {k}"),
        format!("adopted a {k}"),
        format!("adopted b {k}"),
    ];
    assert_eq!(short(way), expected);
}

#[test]
fn an_alliance_between_zones_that_never_open_changes_nothing() {
    let mut a = row();
    for id in ["x1", "x2"] {
        let mut candidate = zone(id, id, 0, 5);
        candidate.open = None;
        a.places.push(candidate);
    }
    let mut b = a.clone();
    let mut tie = alliance("tie", "x1", "none");
    tie.members = vec![
        Who::Group("x1".to_owned()).into(),
        Who::Group("x2".to_owned()).into(),
    ];
    b.alliances.push(tie);
    let found = explained(&a, &b, Some("c"), Request::default());
    assert_eq!((found.partings, found.chains.len()), (0, 0));
}

/// A region a that hears z over a weak link; with structures.
fn with_lines() -> Scenario {
    let places = vec![
        zone("z", "pz", 0, 60),
        linkage("a", "pa"),
        region("s", "ps"),
    ];
    // a hears s, which never has anything, far more than z.
    let mut scenario = plain(200, places, vec![(1, 0, 0.001), (1, 2, 0.999)]);
    scenario.point.arrival_rate = 0.02;
    scenario.point.implementation_rate = 0.5;
    scenario.line.beta = 0.8;
    scenario.line.structures = true;
    scenario.line.line_threshold = 2.0;
    scenario.line.line_bonus = 200.0;
    scenario.line.forgetting = 0.02;
    scenario.axis.min_segments = 9;
    scenario.circle.circle_threshold = 1.0;
    scenario
}

#[test]
fn a_line_forms_by_credit_and_carries_on() {
    let a = with_lines();
    let mut b = with_lines();
    let mut tie = alliance("tie", "z", "pa");
    // The alliance ends; the line that it made lives on.
    tie.to = Some(month(40));
    b.alliances.push(tie);
    let request = Request {
        since: 45,
        ..Request::default()
    };
    let found = explained(&a, &b, Some("a"), request);
    let way = chain(&found, "place");
    let line = way
        .steps
        .iter()
        .find(|s| s.event == "line")
        .expect("a line");
    assert_eq!(line.world, "B");
    assert!(
        line.month_a.is_none_or(|a| Some(a) > line.month_b),
        "{way:#?}"
    );
    let last = way.steps.last().expect("a step");
    assert_eq!(last.causes[0].mechanism.as_deref(), Some("line"));
    // Credit: adoptions that only B has, and those that both have with another split.
    assert!(
        line.causes
            .iter()
            .all(|c| ["holds", "link"].contains(&c.cause)),
        "{line:#?}"
    );
    let shares: f64 = line.causes.iter().map(|c| c.share).sum();
    assert!((shares + line.more_share - 1.0).abs() < 1e-9);
    let root = way.root.as_ref().expect("a root");
    assert_eq!(root.kind, "alliance");
}

/// z and a as in [`row`]; f hears nobody.
fn replicated() -> Scenario {
    let places = vec![zone("z", "pz", 0, 3), linkage("a", "pa"), region("f", "pf")];
    let mut scenario = plain(120, places, Vec::new());
    scenario.point.arrival_rate = 0.5;
    scenario.point.implementation_rate = 0.5;
    scenario.line.beta = 0.5;
    scenario.line.national_rate = 0.5;
    scenario.plane.evaluations = vec![month(40), month(80)];
    scenario.plane.national_adopters = 2;
    scenario.plane.national_quality = 0.0;
    scenario
}

#[test]
fn the_centre_replicates_when_enough_places_have_it() {
    let a = replicated();
    let mut b = replicated();
    b.alliances.push(alliance("tie", "z", "pa"));
    let found = explained(&a, &b, Some("f"), Request::default());
    let way = chain(&found, "place");
    let k = way.steps[0].innovation.clone().expect("an innovation");
    let expected = [
        format!("adopted a {k}"),
        format!("national z {k}"),
        format!("adopted f {k}"),
    ];
    assert_eq!(short(way), expected);
    assert_eq!(way.steps[1].causes.len(), 1);
    assert_eq!(way.steps[2].causes[0].cause, "national");
    assert_eq!(way.steps[2].causes[0].share, 1.0);
    assert_eq!(way.steps[2].causes[0].share_of_month, Some(1.0));
}

#[test]
fn a_province_reviews_from_its_first_zone_on() {
    let make = |open: i32| {
        let mut scenario = replicated();
        scenario.plane.evaluations.clear();
        scenario.circle.review_every = 20;
        scenario.circle.provincial_quality = 0.0;
        scenario.line.provincial_rate = 0.5;
        // Another zone of the province, without tasks, moves the reviews.
        scenario.places.push(zone("y", "pz", open, 0));
        scenario.places[0].open = Some(month(10));
        scenario.places.push(region("g", "pz"));
        scenario
    };
    let found = explained(&make(0), &make(10), Some("g"), Request::default());
    let way = chain(&found, "place");
    let k = way.steps[0].innovation.clone().expect("an innovation");
    assert_eq!(
        short(way),
        [format!("provincial z {k}"), format!("adopted g {k}")]
    );
    assert_eq!(way.root.as_ref().map(|r| r.kind), Some("opening"));
    assert_eq!(way.steps[1].causes[0].cause, "provincial");
}

#[test]
fn adopting_unheard_is_named_and_followed_to_the_implementation() {
    // Nobody hears z; it opens, and with it its innovations come, in another month.
    let make = |open: i32| {
        let places = vec![zone("z", "pz", open, 1), region("a", "pa")];
        let mut scenario = plain(80, places, Vec::new());
        scenario.point.arrival_rate = 5.0;
        scenario.point.implementation_rate = 5.0;
        scenario.line.intrinsic_rate = 0.2;
        scenario
    };
    let found = explained(&make(0), &make(10), Some("a"), Request::default());
    let way = chain(&found, "place");
    let k = way.steps[0].innovation.clone().expect("an innovation");
    assert_eq!(
        short(way),
        [format!("implemented z {k}"), format!("adopted a {k}")]
    );
    let cause = &way.steps[1].causes[0];
    assert_eq!((cause.cause, cause.share), ("intrinsic", 1.0));
    assert_eq!(cause.share_of_month, Some(1.0));
    assert_eq!(way.root.as_ref().map(|r| r.kind), Some("zone"));
}

#[test]
fn ties_are_broken_by_ids_and_counted() {
    // Two regions with the same link; a threshold response with a large β: both adopt at once.
    let places = vec![
        zone("z", "pz", 0, 1),
        linkage("n", "pa"),
        linkage("m", "pa"),
    ];
    let mut a = plain(60, places, Vec::new());
    a.point.arrival_rate = 5.0;
    a.point.implementation_rate = 5.0;
    a.line.beta = 1000.0;
    let mut b = a.clone();
    b.alliances.push(alliance("tie", "z", "pa"));
    let found = explained(&a, &b, None, Request::default());
    assert_eq!((found.partings, found.in_first_month), (2, 2));
    let step = &chain(&found, "first").steps[0];
    assert_eq!(step.place.as_ref().map(|p| p.id.as_str()), Some("m"));
    let places: Vec<&str> = found.reached.iter().map(|r| r.place.id.as_str()).collect();
    assert_eq!(places, ["m", "n"]);
}

/// Two zones that nothing ties, and two regions whose firms are partners: e hears y in both worlds, a hears z
/// only through an alliance. So only firms can carry the difference from a to e.
fn pulled() -> Scenario {
    let places = vec![
        zone("y", "py", 0, 12),
        zone("z", "pz", 0, 12),
        linkage("a", "pa"),
        region("e", "pe"),
    ];
    let mut scenario = plain(120, places, vec![(3, 0, 1.0)]);
    scenario.point.arrival_rate = 0.1;
    scenario.point.implementation_rate = 0.5;
    scenario.line.beta = 0.05;
    firms::add(
        &mut scenario,
        FirmsSpec {
            population: PopulationSpec::Number { number: 400 },
            partners: 5.0,
            mixing: MixingSpec::Homophily { homophily: 0.0 },
            uptake_rate: 0.5,
            stock_ref: 0.5,
            partner_effect: 1.0,
            demand_pull: 20.0,
            ..FirmsSpec::default()
        },
    );
    scenario
}

#[test]
fn what_firms_pull_along_is_named_as_such() {
    let a = pulled();
    let mut b = pulled();
    b.alliances.push(alliance("tie", "z", "pa"));
    let mut told = 0;
    for replicate in 0..5 {
        let request = Request {
            replicate,
            ..Request::default()
        };
        let found = explained(&a, &b, Some("e"), request);
        let firms = found.firms.as_ref().expect("firms");
        assert!(firms.differ > 0 && firms.pairs == 2, "{firms:?}");
        let Some(way) = found.chains.iter().find(|c| c.name == "place") else {
            continue;
        };
        told += 1;
        let last = way.steps.last().expect("a step");
        assert_eq!((last.event, last.world), ("adopted", "B"), "{way:#?}");
        // All of the difference is demand, and e heard what it took up of y in both.
        assert_eq!((last.causes.len(), last.causes[0].cause), (1, "demand"));
        assert!((last.causes[0].share - 1.0).abs() < 1e-9);
        let difference = last.hazard_sum_b.zip(last.hazard_sum_a).map(|(b, a)| b - a);
        let gap = difference.expect("an adoption") - last.causes[0].difference;
        assert!(gap.abs() < 1e-9, "{last:#?}");
        let pull = way
            .steps
            .iter()
            .rev()
            .find(|s| s.event == "pull")
            .expect("a pull");
        assert_eq!(pull.place.as_ref().map(|p| p.id.as_str()), Some("e"));
        let (low, high) = (pull.level_a.expect("demand"), pull.level_b.expect("demand"));
        assert!((1.0..21.0).contains(&low) && low < high && high <= 21.0);
        let sum: f64 = pull.causes.iter().map(|c| c.difference).sum();
        assert!((sum - (high - low)).abs() < 1e-9, "{pull:#?}");
        let first = &way.steps[0];
        assert_eq!((first.event, first.world), ("adopted", "B"), "{way:#?}");
        assert_eq!(first.place.as_ref().map(|p| p.id.as_str()), Some("a"));
        assert_eq!(first.causes[0].mechanism.as_deref(), Some("alliance_tie"));
        assert!(way.steps.iter().any(|s| s.event == "uptake"), "{way:#?}");
    }
    assert!(told >= 3, "{told}");
}

#[test]
fn the_centres_measure_of_uptake_is_followed() {
    let places = vec![
        zone("z", "pz", 0, 12),
        linkage("a", "pa"),
        linkage("c", "pc"),
    ];
    let mut a = plain(120, places, vec![(1, 0, 1.0)]);
    a.places[0].host = Some("a".to_owned());
    a.point.arrival_rate = 0.3;
    a.point.implementation_rate = 0.5;
    a.line.beta = 0.2;
    a.line.national_rate = 0.1;
    a.plane.national_quality = 0.25;
    a.plane.national_adopters = 1;
    a.circle.replication_age = 1;
    a.plane.evaluations = (1..10).map(|n| month(12 * n)).collect();
    let spec = FirmsSpec {
        population: PopulationSpec::Number { number: 400 },
        uptake_rate: 0.02,
        stock_ref: 1.0,
        demand_pull: 0.0,
        ..FirmsSpec::default()
    };
    firms::add(&mut a, spec);
    let mut b = a.clone();
    b.alliances.push(alliance("tie", "z", "pa"));
    let found = (0..10).find_map(|replicate| {
        let request = Request {
            replicate,
            ..Request::default()
        };
        let found = explained(&a, &b, Some("c"), request);
        let way = found.chains.into_iter().find(|c| c.name == "place")?;
        let national = way.steps.iter().find(|s| s.event == "national")?.clone();
        (national.causes[0].cause == "uptake").then_some((way, national))
    });
    let (way, national) = found.expect("one in which the measured effect decides");
    let shares: f64 = national.causes.iter().map(|c| c.share).sum();
    assert!((shares - 1.0).abs() < 1e-9, "{national:#?}");
    assert!(
        way.steps
            .iter()
            .any(|s| s.event == "uptake" && s.level_a < s.level_b)
    );
    let cause = &way.steps[0].causes[0];
    assert_eq!(cause.mechanism.as_deref(), Some("alliance_tie"), "{way:#?}");
}
