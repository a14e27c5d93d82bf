//! Calibration through the runner and the store: simulation-based calibration of the minimal country, and a process whose
//! posterior is known.

use std::path::Path;
use std::sync::Arc;

use pointplane::design::{LEAST_EACH, Pool};
use pointplane::experiment::runner::Unheard;
use pointplane::experiment::sweep::Sweep;
use pointplane::experiment::{Came, How, Runner, Watch, carry_out};
use pointplane::inference::calibrate::{
    Bank, Calibration, Ending, Judged, Runs, Simulator, Wave, check, fitted_part, posterior,
    prior_points, read, waves,
};
use pointplane::store::Start;

/// Truths.
const TRUTHS: usize = 40;

/// Does `work` with runs that go through the runner and the store, into a folder that is gone afterwards.
fn with_runs<T>(of: &Calibration, work: impl FnOnce(&mut Runs<'_, ()>) -> T) -> T {
    let dir = tempfile::tempdir().unwrap();
    let runner = Runner::new(2).unwrap();
    let mut carry = |sweep: &Sweep, dir: &Path| {
        let how = How {
            dir: dir.to_path_buf(),
            start: Start::Join,
            shard: None,
            retry_failed: false,
            command_line: Vec::new(),
        };
        let watch: Arc<dyn Watch> = Arc::new(Unheard);
        let done = carry_out(sweep, &how, &runner, &watch).unwrap();
        assert!(matches!(done.came, Came::Made), "{:?}", done.came);
        Ok::<(), ()>(())
    };
    let mut hear = |_: &Wave| {};
    work(&mut Runs {
        calibration: of,
        dir: dir.path().to_path_buf(),
        threads: 2,
        pool: &runner.pool,
        carry: &mut carry,
        hear: &mut hear,
    })
}

/// 40 truths: ranks are uniform under the likelihood, and not under one that is shifted: it takes the lists of each record for
/// eight items longer than they are. A right likelihood fails at 1 % in one of a hundred seeds for all parameters together; the
/// seed is fixed.
#[test]
fn the_minimal_country_passes_the_check_and_a_wrong_likelihood_fails() {
    let of = read("scenarios/minimal/calibrate.toml".as_ref(), false, 2).unwrap();
    with_runs(&of, |runs| passes_the_check(&of, runs));
}

fn passes_the_check(of: &Calibration, runs: &mut Runs<'_, ()>) {
    let mut budget = of.budget;
    budget.points = Pool::new(LEAST_EACH).points() as usize;
    let (points, refused) = prior_points(runs, &of.prior, &budget).unwrap();
    assert_eq!(refused, 0);
    let values = runs.run("bank", &points, budget.replicates).unwrap();
    let histories = runs.histories(&points, TRUTHS).unwrap();
    let histories: Vec<Vec<f64>> = histories
        .iter()
        .map(|run| run[..of.fitted].to_vec())
        .collect();
    assert!(histories.iter().flatten().all(|value| value.is_finite()));
    // Histories differ from each other; a few of short lists may be alike.
    let mut distinct = histories.clone();
    distinct.sort_by(|a, b| a.partial_cmp(b).unwrap());
    distinct.dedup();
    assert!(distinct.len() > TRUTHS / 2, "{histories:?}");
    // And from the runs of the bank at the same point.
    let of_bank = |(history, runs): &(&Vec<f64>, &Vec<Vec<f64>>)| {
        runs.iter().any(|run| run[..of.fitted] == history[..])
    };
    let alike = histories.iter().zip(&values).filter(of_bank).count();
    assert!(alike < TRUTHS / 2, "{alike}");
    let bank = fitted_part(
        &Bank {
            points,
            runs: values,
        },
        of.fitted,
    );
    let judged = |histories: &[Vec<f64>]| -> Vec<Judged> {
        check(&of.prior, &bank, of.fit(), histories, &|_| true, 1.0, 3).unwrap()
    };
    let right = judged(&histories);
    assert!(
        right
            .iter()
            .all(|of| of.ranks.len() == TRUTHS && of.adjusted > 0.01),
        "{right:?}"
    );
    let longer = |run: &Vec<f64>| vec![run[0] + 8.0, run[1] + 8.0, run[2]];
    let shifted: Vec<Vec<f64>> = histories.iter().map(longer).collect();
    let wrong = judged(&shifted);
    assert!(wrong.iter().any(|of| of.adjusted < 0.01), "{wrong:?}");
}

/// A zone with 200 tasks and no friction: each task is taken after an Exponential(μ) time of its own, so what is born by the end of
/// month 24 is binomial with p = 1 − exp(−24 μ) (oracle 7). Under a uniform prior and the likelihood of the page on calibration, normal with
/// the binomial's variance times 1 + 1/R and the error's, the posterior of μ is known by quadrature. Its mean is right within four
/// standard errors: that of the draws, and that of R replicates, which all points share. Its variance is so too: that of the draws, √(2/n), and
/// that of R replicates, √(2/(R − 1)) of the part that is luck.
#[test]
fn the_rate_of_a_mandate_has_its_known_posterior() {
    const TASKS: f64 = 200.0;
    const MONTHS: f64 = 24.0;
    const REPLICATES: f64 = 60.0;
    const SEEN: f64 = 110.0;
    const ERROR: f64 = 3.0;
    const PRIOR: [f64; 2] = [0.005, 0.06];
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    write(
        "scenario.toml",
        "format = 1\nname = \"mandate\"\nstart = \"2000-01\"\nend = \"2002-12\"\nplaces.files = [\"places.csv\"]\n\
         line.structures = false\n\
         [[domains]]\nid = \"d\"\naffinity = { l = 1 }\n\
         [[layers]]\nid = \"l\"\nlinks = [{ rule = \"decay\", k = 1, delta_km = 100, max_km = 500 }]\n",
    );
    write(
        "places.csv",
        "id,kind,lon,lat,weight,host,group,open,tasks,friction\n\
         r,region,120,30,10,,,,,0\nq,region,121,30,10,,,,,0\nz,zone,120.1,30,1,r,g,2000-01,200,0\n",
    );
    write(
        "plan.toml",
        &format!(
            "name = \"mandate\"\nscenario = \"scenario.toml\"\nreplicates = {REPLICATES}\npoints = 24\nwaves = 3\n\
             draws = 120\n[parameters.point]\n\
             arrival_rate = {{ distribution = \"uniform\", min = {}, max = {} }}\n\
             [[targets]]\nid = \"born\"\noutcome = \"born\"\nat = \"2001-12\"\nvalue = {SEEN}\nerror = {ERROR}\n",
            PRIOR[0], PRIOR[1]
        ),
    );
    let of = read(&dir.path().join("plan.toml"), false, 2).unwrap();
    let found = with_runs(&of, |runs| {
        let matched = waves(runs, &of.prior, of.fit(), &of.budget).unwrap();
        assert!(!matches!(matched.ending, Ending::Empty(_)));
        posterior(runs, &matched, &of.budget).unwrap().unwrap()
    });
    let luck = |p: f64| TASKS * p * (1.0 - p);
    let density = |rate: f64| {
        let p = 1.0 - (-rate * MONTHS).exp();
        let variance = luck(p) * (1.0 + 1.0 / REPLICATES) + ERROR * ERROR;
        let off = SEEN - TASKS * p;
        (-0.5 * (off * off / variance + variance.ln())).exp()
    };
    let steps = 20_000;
    let at = |k: usize| PRIOR[0] + (PRIOR[1] - PRIOR[0]) * (k as f64 + 0.5) / steps as f64;
    let moment = |power: i32| {
        (0..steps)
            .map(|k| density(at(k)) * at(k).powi(power))
            .sum::<f64>()
    };
    let mean = moment(1) / moment(0);
    let variance = moment(2) / moment(0) - mean * mean;
    let rates = || found.bank.points.iter().map(|u| of.prior.numbers(u)[0]);
    let weighted = |power: i32| {
        let terms = rates().zip(&found.weights);
        terms
            .map(|(rate, weight)| weight * rate.powi(power))
            .sum::<f64>()
    };
    let own = weighted(1);
    let spread = weighted(2) - own * own;
    let n = found.effective.min(found.agreement[0].1);
    assert!(n > 60.0, "{n}");
    let p = 1.0 - (-mean * MONTHS).exp();
    let slope = TASKS * MONTHS * (1.0 - p);
    let shared = luck(p) / REPLICATES / (slope * slope);
    let off = (own - mean) / (variance / n + shared).sqrt();
    assert!(off.abs() < 4.0, "{own} {mean} {off}");
    let part = luck(p) / (luck(p) + ERROR * ERROR);
    let error = (2.0 / n + 2.0 / (REPLICATES - 1.0) * part * part).sqrt();
    assert!(
        (spread / variance - 1.0).abs() < 4.0 * error,
        "{spread} {variance} {error}"
    );
    // Without luck in the likelihood it would be a fifth as wide.
    assert!(ERROR * ERROR / (slope * slope) < (1.0 - 4.0 * error) * variance);
}
