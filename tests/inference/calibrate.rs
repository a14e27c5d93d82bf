//! Simulation-based calibration of the minimal country, through the runner and the store.

use std::path::Path;
use std::sync::Arc;

use pointplane::design::{LEAST_EACH, Pool};
use pointplane::experiment::runner::Unheard;
use pointplane::experiment::sweep::Sweep;
use pointplane::experiment::{Came, How, Runner, Watch, carry_out};
use pointplane::inference::calibrate::{
    Bank, Judged, Runs, Simulator, Wave, check, fitted_part, prior_points, read,
};
use pointplane::store::Start;

/// Truths.
const TRUTHS: usize = 40;

/// 40 truths: ranks are uniform under the likelihood, and not under one that is shifted: it takes the lists of each record for
/// eight items longer than they are. A right likelihood fails at 1 % in one of a hundred seeds for all parameters together; the
/// seed is fixed.
#[test]
fn the_minimal_country_passes_the_check_and_a_wrong_likelihood_fails() {
    let of = read("scenarios/minimal/calibrate.toml".as_ref(), false, 2).unwrap();
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
    let mut runs = Runs {
        calibration: &of,
        dir: dir.path().to_path_buf(),
        threads: 2,
        pool: &runner.pool,
        carry: &mut carry,
        hear: &mut hear,
    };
    let mut budget = of.budget;
    budget.points = Pool::new(LEAST_EACH).points() as usize;
    let (points, refused) = prior_points(&runs, &of.prior, &budget).unwrap();
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
