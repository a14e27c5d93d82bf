//! Effects of periods: an independent maximisation, and a wave that is no contagion.

use std::fs;
use std::path::Path;

use pointplane::inference::{Asked, By, Estimates, Mix, estimate};
use pointplane::scenario::{Setting, load};
use pointplane::world::World;

use super::ring::{PLACES, happen, heard, ring};

fn estimated(dir: &Path, groups: Option<(By, Mix)>) -> Estimates {
    let asked = Asked {
        parameters: Some(vec!["intrinsic".to_owned(), "beta".to_owned()]),
        groups,
        ..Asked::default()
    };
    let loaded = load(dir, &[], &[] as &[Setting]).unwrap_or_else(|e| panic!("{e}"));
    estimate(&loaded, &asked).unwrap_or_else(|e| panic!("{e}"))
}

const PERIODS: Option<(By, Mix)> = Some((By::Period, Mix::Fixed));

/// Of each period, sources heard by those at risk in it, and whether they adopt.
fn rows(dir: &Path, items: usize, steps: usize) -> Vec<Vec<(f64, bool)>> {
    let text = fs::read_to_string(dir.join("adoptions.csv")).unwrap();
    let mut times = vec![[None; PLACES]; items];
    for row in text.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let [place, item] = [cells[0], cells[1]].map(|id| id[1..].parse::<usize>().unwrap());
        times[item][place] = Some(cells[2].parse::<usize>().unwrap());
    }
    let mut rows = vec![Vec::new(); steps];
    for times in &times {
        for (step, row) in rows.iter_mut().enumerate() {
            let has = |place: &usize| times[*place].is_some_and(|time| time < step);
            for place in (0..PLACES).filter(|place| !has(place)) {
                let x = heard(place).iter().filter(|source| has(source)).count();
                row.push((x as f64, times[place] == Some(step)));
            }
        }
    }
    rows
}

/// The largest ℓ of a period with the hazard a · (1 + r · x), over a, by Newton's steps in log a, and that a; nothing where
/// nobody adopts.
fn period(rows: &[(f64, bool)], r: f64) -> [f64; 2] {
    if rows.iter().all(|(_, adopts)| !adopts) {
        return [0.0; 2];
    }
    let mut z = -3.0_f64;
    let mut value = 0.0;
    for _ in 0..100 {
        let (mut slope, mut curve) = (0.0, 0.0);
        value = 0.0;
        for (x, adopts) in rows {
            let h = z.exp() * (1.0 + r * x);
            match adopts {
                false => {
                    value -= h;
                    slope -= h;
                    curve -= h;
                }
                true => {
                    let (e, adopted) = ((-h).exp(), -(-h).exp_m1());
                    value += adopted.ln();
                    slope += h * e / adopted;
                    curve += h * e / adopted - h * h * e / (adopted * adopted);
                }
            }
        }
        let step = (-slope / curve).clamp(-1.0, 1.0);
        z += step;
        if step.abs() < 1e-13 {
            break;
        }
    }
    [value, z.exp()]
}

/// One factor for each period and one coefficient: a direct maximisation, over the factors by Newton's steps and over the
/// ratio of both rates by a search on a line, finds the same rates, the same ℓ and the same likelihood ratio.
#[test]
fn a_direct_maximisation_finds_the_same() {
    let keys = "line.intrinsic_rate = 0.03\nline.beta = 0.08";
    let dir = ring(keys, "", "", 1.0, [3, 12]);
    let loaded = load(dir.path(), &[], &[] as &[Setting]).unwrap_or_else(|e| panic!("{e}"));
    happen(
        dir.path(),
        &World::new(&loaded.scenario).unwrap(),
        20_261_208,
        0,
    );
    let found = estimated(dir.path(), PERIODS);
    let rows = rows(dir.path(), 3, 12);
    let whole = |r: f64| -> f64 { rows.iter().map(|rows| period(rows, r)[0]).sum() };
    let (mut low, mut high) = (0.0_f64, 200.0_f64);
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    for _ in 0..100 {
        let [one, other] = [high - golden * (high - low), low + golden * (high - low)];
        match whole(one) > whole(other) {
            true => high = other,
            false => low = one,
        }
    }
    let r = (low + high) / 2.0;
    let of_periods: Vec<f64> = rows.iter().map(|rows| period(rows, r)[1]).collect();
    // The first period with an adoption is the reference.
    let first = of_periods.iter().position(|a| *a > 0.0).unwrap();
    let [alpha, beta] = [0, 1].map(|at| found.terms[at].estimate.unwrap());
    assert!(
        beta > 0.0 && (alpha / of_periods[first] - 1.0).abs() < 1e-5,
        "{alpha}"
    );
    assert!(
        (beta / (r * of_periods[first]) - 1.0).abs() < 1e-5,
        "{beta} {r}"
    );
    assert!((found.fits[0].loglik - whole(r)).abs() < 1e-8);
    let test = found.fits[1].test.clone().unwrap();
    assert_eq!(found.fits[1].model, "no_contagion");
    assert!(
        (test.lr - 2.0 * (whole(r) - whole(0.0))).abs() < 1e-7,
        "{test:?}"
    );
    assert_eq!((found.effects.len(), found.periods.len()), (12, 12));
    for (which, factor, reference) in &found.effects {
        let wanted = of_periods[*which] / of_periods[first];
        assert!(
            (factor - wanted).abs() < 1e-5 * (1.0 + wanted),
            "{which} {factor}"
        );
        assert_eq!(*reference, *which == first);
    }
}

/// A wave that sweeps all places alike, without contagion, passes for contagion where periods are taken to be alike: in at
/// least 30 of 40 histories at 5 %. With effects of periods it does in at most 7, of which there are more once in 1,400
/// seeds. The seed is fixed.
#[test]
fn a_wave_is_no_contagion() {
    let keys = "line.intrinsic_rate = 0.03\nline.beta = 0.0";
    let covariates = "[[covariates]]\nid = \"a\"\nfile = \"z.csv\"\neffect = 2.5\n";
    let dir = ring(keys, "", covariates, 1.0, [6, 10]);
    let loaded = load(dir.path(), &[], &[] as &[Setting]).unwrap_or_else(|e| panic!("{e}"));
    let world = World::new(&loaded.scenario).unwrap();
    let mut rejected = [0, 0];
    for number in 0..40 {
        happen(dir.path(), &world, 20_261_208, number);
        // The wave is not told.
        let path = dir.path().join("plain.toml");
        let text = fs::read_to_string(dir.path().join("scenario.toml")).unwrap();
        fs::write(&path, text.replace(covariates, "")).unwrap();
        for (groups, rejected) in [None, PERIODS].into_iter().zip(&mut rejected) {
            let found = estimated(&path, groups);
            let test = found.fits.iter().find(|fit| fit.model == "no_contagion");
            let p = test.unwrap().test.as_ref().unwrap().p.unwrap();
            *rejected += u32::from(p < 0.05);
        }
    }
    assert!(rejected[0] >= 30 && rejected[1] <= 7, "{rejected:?}");
}
