"""Black-it (Bank of Italy's calibration kit, https://github.com/bancaditalia/black-it) on the targets of a plan of
`pointplane calibrate`, with as many runs, and both best points on the same loss under fresh luck: docs/calibrate.md.

    pip install black-it
    pointplane calibrate scenarios/china/calibrate.toml
    python3 python/beside_black_it.py scenarios/china/calibrate.toml results/china-calibration

The loss of a point is the root of the sum of squared distances between the record and the mean over replicates, each over the root of the
target's squared error and discrepancy; a bound counts by how far the mean is on its wrong side. Targets that are held
out do not count.
"""

import csv
import json
import math
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import numpy as np
from black_it.calibrator import Calibrator
from black_it.loss_functions.base import BaseLoss
from black_it.samplers.best_batch import BestBatchSampler
from black_it.samplers.halton import HaltonSampler
from black_it.samplers.random_forest import RandomForestSampler

FRESH = 40
PROGRAM = "pointplane"


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def flat(table, before=""):
    """Distributions by key: the tables of a plan may be nested."""
    for key, value in table.items():
        if "distribution" in value:
            yield before + key, value
        else:
            yield from flat(value, before + key + ".")


class Plan:
    def __init__(self, path):
        self.path = Path(path).resolve()
        with open(self.path, "rb") as file:
            self.plan = tomllib.load(file)
        self.keys, self.priors = zip(*sorted(flat(self.plan["parameters"])))
        self.targets = [t for t in self.plan["targets"] if t.get("use", "fit") == "fit"]
        self.noise = [math.hypot(t.get("error", 0), t.get("discrepancy", 0)) for t in self.targets]

    def simulate(self, values, replicates, seed):
        """Means of the targets over replicates at one point; none where the scenario refuses it."""
        months = sorted({m for t in self.targets for m in (t["at"], t.get("since")) if m})
        kinds = sorted({t["group"].split(":")[0] for t in self.targets if "group" in t})
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            lines = [
                'name = "point"',
                f"scenario = {json.dumps(str(self.path.parent / self.plan['scenario']))}",
                f"layouts = [{json.dumps(self.plan.get('layout', 'base'))}]",
                f"replicates = {replicates}\nseed = {seed}",
                f"outcomes = {json.dumps(sorted({t['outcome'] for t in self.targets}))}",
                f"horizons = {json.dumps(months)}",
                f"groups = {json.dumps(kinds)}",
                'format = "csv"',
                f'[set]\nend = "{months[-1]}"',
                '[design]\nkind = "list"\nfile = "point.csv"\n[parameters]',
            ]
            (folder / "plan.toml").write_text("\n".join(lines) + "\n")
            (folder / "point.csv").write_text(",".join(self.keys) + "\n" + ",".join(map(repr, map(float, values))) + "\n")
            command = [PROGRAM, "sweep", "run", str(folder / "plan.toml"), "--out", str(folder / "runs")]
            done = subprocess.run([*command, "--threads", "1", "--quiet"], capture_output=True, text=True)
            if done.returncode == 2:
                return None
            done.check_returncode()
            sums = {}
            for row in rows(folder / "runs" / "outcomes.csv"):
                group = "" if row["group_kind"] == "national" else f"{row['group_kind']}:{row['group']}"
                at = row["outcome"], group, row["horizon"][:7]
                sums[at] = sums.get(at, 0) + float(row["value"])
        mean = lambda t, month: sums[t["outcome"], t.get("group", ""), month] / replicates
        return [mean(t, t["at"]) - (mean(t, t["since"]) if "since" in t else 0) for t in self.targets]

    def distances(self, values, replicates, seed):
        means = self.simulate(values, replicates, seed)
        if means is None:
            return [1e3] * len(self.targets)
        low = [t.get("value", t.get("at_least", -math.inf)) for t in self.targets]
        high = [t.get("value", t.get("at_most", math.inf)) for t in self.targets]
        return [max(a - m, m - b, 0) / s for m, a, b, s in zip(means, low, high, self.noise)]

    def loss(self, values, replicates, seed):
        return math.hypot(*self.distances(values, replicates, seed))


class Root(BaseLoss):
    """The root of the sum of squares of the distances."""

    def compute_loss_1d(self, sim_data_ensemble, real_data):
        return float(np.sqrt(np.mean(np.sum((sim_data_ensemble - real_data) ** 2, axis=1))))


def main(path, calibrated):
    plan = Plan(path)
    calibrated = Path(calibrated)
    replicates = plan.plan["replicates"]
    evaluated = sum(int(row["points"]) for row in rows(calibrated / "waves.csv"))
    evaluated += sum(1 for _ in rows(calibrated / "weights.csv"))
    # Batches of 10 from each sampler in turn.
    batches = evaluated // 10
    logs = ["log" in prior["distribution"] for prior in plan.priors]
    ends = [[prior["min"], prior["max"]] for prior in plan.priors]
    ends = [[math.log(a), math.log(b)] if log else [a, b] for (a, b), log in zip(ends, logs)]
    point = lambda theta: [math.exp(x) if log else x for x, log in zip(theta, logs)]
    calibrator = Calibrator(
        loss_function=Root(),
        real_data=np.zeros((len(plan.targets), 1)),
        model=lambda theta, n, seed: np.array(plan.distances(point(theta), replicates, 1))[:, None],
        parameters_bounds=np.array(ends).T,
        parameters_precision=[(b - a) / 1000 for a, b in ends],
        ensemble_size=1,
        samplers=[HaltonSampler(10), RandomForestSampler(10), BestBatchSampler(10)],
        random_state=1,
        n_jobs=2,
        verbose=False,
    )
    best, losses = calibrator.calibrate(batches)
    theirs = point(best[0])
    parameters = {row["parameter"]: float(row["nearest"]) for row in rows(calibrated / "parameters.csv")}
    nearest = [parameters[key] for key in plan.keys]
    print(f"{len(losses)} points of Black-it, {evaluated} of the calibration, {replicates} replicates each")
    print("loss under the replicates that the points were found with, and under", FRESH, "fresh ones")
    for name, values in [("Black-it's best point", theirs), ("draw nearest the posterior mean", nearest)]:
        print(f"{name}: {plan.loss(values, replicates, 1):.2f}, {plan.loss(values, FRESH, 2):.2f}")
    print("where Black-it's best points lie within the prior, of 0 to 1 (least to largest of the best ten):")
    for n, (key, (a, b)) in enumerate(zip(plan.keys, ends)):
        shares = [(theta[n] - a) / (b - a) for theta in best[:10]]
        print(f"  {key}: {min(shares):.2f} to {max(shares):.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
