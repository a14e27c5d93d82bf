//! Models that estimates are held against, inside the data and out of them, and what adoptions are owed to: on histories
//! with reference results (`histories`).

use std::collections::BTreeMap;
use std::path::Path;

use pointplane::inference::{Asked, End, Estimates, HoldOut, Score, estimate, tables};
use pointplane::scenario::{Setting, load};

use super::histories::{Layer, Made, Row, folder, rows};

/// ℓ of a model in `reference.csv`.
fn reference(data: &Path, model: &str) -> f64 {
    let all = rows(&data.join("reference.csv"));
    let row = all
        .iter()
        .find(|row| row["model"] == model)
        .expect("a model");
    row["loglik"].parse().expect("a number")
}

/// The policies that the reference results are of.
fn sample(item: &Row) -> bool {
    let number = |column: &str| item[column].parse::<i32>().expect("a number");
    number("adopters") >= 10 && number("first_year") >= 1960
}

fn asked(terms: &[&str]) -> Asked {
    let terms = ["intrinsic"].iter().chain(terms);
    Asked {
        parameters: Some(terms.map(|term| (*term).to_owned()).collect()),
        ..Asked::default()
    }
}

fn estimated(dir: &Path, sets: &[Setting], asked: &Asked) -> Estimates {
    let loaded = load(dir, &[], sets).unwrap_or_else(|e| panic!("{e}"));
    estimate(&loaded, asked).unwrap_or_else(|e| panic!("{e}"))
}

/// Complementary log-log and Bass stand beside the model in `fit`, and meet the references to 10⁻³. Bass' is their model of
/// a rate and a count of all others, which have the same weight.
#[test]
fn naive_models_meet_their_references() {
    let cases = [
        ("lotteries", "links.csv", false, "cloglog_count", None),
        (
            "carbon_pricing",
            "links_region.csv",
            false,
            "cloglog_region",
            Some("additive_world"),
        ),
        ("spid", "links.csv", true, "cloglog_share", None),
    ];
    for (name, links, by_row, cloglog, bass) in cases {
        let Some(data) = folder(name) else { return };
        let layers = [Layer("near", Some(links), by_row, false)];
        let kept = |item: &Row| name != "spid" || sample(item);
        let made = Made::new(&data, "year", &layers, kept, &[]);
        let found = estimated(made.folder(), &[], &asked(&["near"]));
        let fit = |model: &str| {
            let mut fits = found.fits.iter();
            fits.find(|fit| fit.model == model).expect("a model")
        };
        let cases = [("cloglog", Some(cloglog)), ("bass", bass)];
        for (model, of) in cases {
            let fit = fit(model);
            assert_eq!((fit.parameters, fit.end), (2, End::Found), "{name} {model}");
            if let Some(of) = of {
                let wanted = reference(&data, of);
                let found = fit.loglik;
                assert!(
                    (found - wanted).abs() < 1e-3,
                    "{name} {model}: {found} {wanted}"
                );
            }
        }
        assert!(fit("bass").loglik >= fit("constant_hazard").loglik);
    }
}

/// Policies that were not fitted, in ten draws of which these are. With the shares of neighbours and of all other states the
/// model foretells them better than a constant hazard and than Bass in each; complementary log-log is as good: of ten mean
/// log scores none differs from the model's by more than 0.0008. With neighbours alone the model is better than a constant
/// hazard, and never better than complementary log-log. Nothing is drawn but which policies are held
/// out, by their names and fixed seeds.
#[test]
fn policies_that_were_held_out_are_foretold() {
    let Some(data) = folder("spid") else { return };
    let layers = [
        Layer("share", Some("links.csv"), true, false),
        Layer("national", None, true, false),
    ];
    let made = Made::new(&data, "year", &layers, sample, &[]);
    for seed in 1..=10 {
        let scores = |terms: &[&str]| {
            let sets = [Setting::from(format!("seed={seed}").as_str())];
            let hold_out = Some(HoldOut::Items(0.3));
            let asked = Asked {
                hold_out,
                ..asked(terms)
            };
            let found = estimated(made.folder(), &sets, &asked);
            let of = |model: &str| -> Score {
                let mut scores = found.scores.iter();
                scores
                    .find(|of| of.model == model)
                    .expect("a model")
                    .clone()
            };
            // Whole policies are kept or held out: the two parts are all rows.
            let own = of("estimated");
            let rows = own.inside.rows + own.outside.rows;
            assert_eq!(rows as u64, found.rows);
            assert!((0.2..0.4).contains(&(own.outside.rows / rows)), "{seed}");
            ["estimated", "constant_hazard", "bass", "cloglog"].map(|m| of(m).outside.log_score())
        };
        let [own, constant, bass, cloglog] = scores(&["share", "national"]);
        assert!(
            own > constant && own > bass,
            "{seed}: {own} {constant} {bass}"
        );
        assert!((own - cloglog).abs() < 8e-4, "{seed}: {own} {cloglog}");
        let [own, constant, _, cloglog] = scores(&["share"]);
        assert!(own > constant, "{seed}: {own} {constant}");
        assert!(own < cloglog, "{seed}: {own} {cloglog}");
    }
}

/// The share of the lotteries that is owed to neighbours is the mean over the 27 adoptions of b X/(α + b X), X counted here;
/// its limits hold it, and lie between 0 and 1.
#[test]
fn lotteries_are_shared_out_over_their_causes() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/us-lotteries");
    let found = estimated(&dir, &[], &Asked::default());
    let value = |name: &str| {
        let mut terms = found.terms.iter();
        let term = terms
            .find(|term| term.parameter.name == name)
            .expect("a term");
        term.estimate.expect("an estimate")
    };
    let (a, b) = (value("intrinsic"), value("neighbours"));
    let year = |row: &Row| row["time"].parse::<i32>().expect("a year");
    let adoptions = rows(&dir.join("adoptions.csv"));
    let when: BTreeMap<&str, i32> = adoptions
        .iter()
        .map(|row| (row["place"].as_str(), year(row)))
        .collect();
    let borders = rows(&dir.join("borders.csv"));
    let heard = |place: &str, then: i32| {
        let sources = borders.iter().filter(|row| row["target"] == place);
        sources
            .filter(|row| when.get(row["source"].as_str()).is_some_and(|t| *t < then))
            .count()
    };
    let of = |(place, then): (&&str, &i32)| {
        let x = heard(place, *then) as f64;
        b * x / (a + b * x)
    };
    let wanted = when.iter().map(of).sum::<f64>() / when.len() as f64;
    let whole = found
        .shares
        .iter()
        .find(|of| of.parameter.is_none())
        .expect("all contagion");
    assert!(
        (whole.share - wanted).abs() < 1e-9,
        "{} {wanted}",
        whole.share
    );
    let [low, high] = whole.limits.map(Option::unwrap);
    assert!(0.0 < low && low < wanted && wanted < high && high < 1.0);
    assert_eq!(whole.interval, Some("draws"));
    let sum: f64 = found.shares[1..].iter().map(|of| of.share).sum();
    assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    assert!(tables(&found).iter().any(|(def, _)| def.name == "shares"));
}

/// Beside a compact that there never was, whose strength is estimated at 0, draws vary it above 0, and shares have limits:
/// those of the compact begin at 0, where its estimate is.
#[test]
fn shares_have_limits_where_a_rate_stands_at_0() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/us-lotteries");
    let sets: &[Setting] = &[];
    let layout = dir.join("layouts/compact.toml");
    let loaded = load(&dir, &[layout], sets).unwrap_or_else(|e| panic!("{e}"));
    let found = estimate(&loaded, &Asked::default()).unwrap_or_else(|e| panic!("{e}"));
    let at = found
        .terms
        .iter()
        .position(|term| term.parameter.name == "compact");
    let at = at.expect("the compact");
    assert_eq!(found.terms[at].estimate, Some(0.0));
    assert!(
        found
            .draws
            .iter()
            .all(|row| row[at] > 0.0 && row[at].is_finite())
    );
    let name = |of: &pointplane::inference::Share| of.parameter.as_ref().map(|p| p.name.clone());
    let shares: BTreeMap<_, _> = found.shares.iter().map(|of| (name(of), of)).collect();
    let compact = shares[&Some("compact".to_owned())];
    assert_eq!((compact.share, compact.limits[0]), (0.0, Some(0.0)));
    assert!(compact.limits[1].unwrap() > 0.0 && compact.interval == Some("draws"));
    let [low, high] = shares[&None].limits.map(Option::unwrap);
    assert!(low < shares[&None].share && shares[&None].share < high);
}

/// Of the doctors no contagion is told, and so none of the shares from 0: the lower limit is 0, and the upper one is that at
/// the upper limit of the coefficient.
#[test]
fn a_share_that_is_not_told_from_0_has_the_limit_0() {
    let Some(data) = folder("medical_innovation") else {
        return;
    };
    let layers = [Layer("share", Some("links.csv"), true, true)];
    let made = Made::new(&data, "month", &layers, |_| true, &[]);
    let found = estimated(made.folder(), &[], &asked(&["share"]));
    let whole = &found.shares[0];
    assert_eq!(
        (whole.limits[0], whole.interval),
        (Some(0.0), Some("profile"))
    );
    let high = whole.limits[1].unwrap();
    assert!(
        whole.share > 0.0 && whole.share < high && high < 0.5,
        "{whole:?}"
    );
}
