//! Simulation-based calibration of the minimal country, through the runner and the store.

use std::path::Path;
use std::sync::Arc;

use pointplane::design::{LEAST_EACH, Pool};
use pointplane::experiment::runner::Unheard;
use pointplane::experiment::sweep::Sweep;
use pointplane::experiment::{Came, How, Runner, Watch, carry_out};
use pointplane::inference::calibrate::{
    Bank, Judged, Observed, Runs, Simulator, Wave, check, fitted_part, prior_points, read,
};
use pointplane::store::Start;

/// Truths.
const TRUTHS: usize = 40;

/// 40 truths: ranks are uniform under the likelihood, and not under one that takes errors and discrepancies for a tenth of what
/// they are. A right likelihood fails at 1 % in one of a hundred seeds for all parameters together; the seed is fixed. The
/// discrepancies are wide here, so that they count beside luck.
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
    // Histories of unlike luck: the same point never gives the same record twice.
    assert!(histories.iter().flatten().all(|value| value.is_finite()));
    let bank = fitted_part(
        &Bank {
            points,
            runs: values,
        },
        of.fitted,
    );
    let wide: Vec<Observed> = of
        .fit()
        .iter()
        .map(|of| Observed {
            noise: 9.0 * of.noise,
            ..*of
        })
        .collect();
    let judged = |factor: f64| -> Vec<Judged> {
        check(&of.prior, &bank, &wide, &histories, factor, 3).unwrap()
    };
    let right = judged(1.0);
    assert!(
        right
            .iter()
            .all(|of| of.ranks.len() == TRUTHS && of.adjusted > 0.01),
        "{right:?}"
    );
    let wrong = judged(0.1);
    assert!(wrong.iter().any(|of| of.adjusted < 0.01), "{wrong:?}");
}
