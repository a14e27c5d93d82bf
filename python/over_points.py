"""Over what range of a sweep's points does each layout change each outcome? Standard library only.

    pointplane sweep run scenarios/china/sweeps/layouts.toml
    python3 python/over_points.py results/china-layouts > results/alliance-layouts/parameters.csv

A row for each layout, outcome and group: what the layout changes at the end of the run, in per cent of the
baseline at the same point. `mean`, `min`, `p5`, `p95`, `max` are over the points; `above_zero` is the
share of points with a positive effect; `luck` is the share of the variance between points that is
Monte Carlo noise of the replicates. The plan must say format = "csv".
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path


def quantile(values, share):
    """Between order statistics on a straight line, as R's type 7 and numpy do."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


def mean(values):
    return sum(values) / len(values)


def effect(layout, baseline):
    """Mean paired difference in per cent of the baseline's mean, and what each replicate adds to it.

    The latter is its first-order term (delta method), so that the noise of the baseline counts too. Its
    mean over the replicates is the former.
    """
    level = mean(baseline)
    ratio = mean(layout) / level
    percent = 100 * (ratio - 1)
    return percent, [percent + 100 * (x - ratio * b) / level for x, b in zip(layout, baseline)]


def luck(points):
    """Share of the variance between points that is Monte Carlo noise.

    Replicate r has the same random numbers at all points, so what it moves at all of them alike makes no
    difference between points: what counts is the interaction of point and replicate, in a two-way
    analysis of variance, as in `pointplane sweep summary`.
    """
    count, replicates = len(points), len(points[0])
    if count < 2 or replicates < 2:
        return None
    of_points = [mean(point) for point in points]
    of_replicates = [mean([point[r] for point in points]) for r in range(replicates)]
    grand = mean(of_points)
    between = sum((m - grand) ** 2 for m in of_points) / (count - 1)
    left = sum(
        (y - of_point - of_replicate + grand) ** 2
        for point, of_point in zip(points, of_points)
        for y, of_replicate in zip(point, of_replicates)
    )
    return left / ((count - 1) * (replicates - 1)) / replicates / between if between else None


def main(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    baseline, *layouts = (layout["name"] for layout in manifest["layouts"])
    replicates = manifest["replicates"]
    if not (folder / "outcomes.csv").exists():
        sys.exit(f"{folder} has no outcomes.csv: is the sweep finished, with format = \"csv\"?")
    with open(folder / "outcomes.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # The end of the run is the last month; an outcome that is a month has none.
    end = max(row["horizon"] for row in rows)
    values = defaultdict(dict)
    for row in rows:
        if row["horizon"] == end:
            what = row["outcome"], row["group_kind"], row["group"]
            values[what, row["layout"], row["point"]][int(row["replicate"])] = float(row["value"])
    questions = list(dict.fromkeys(what for what, _, _ in values))
    points = list(dict.fromkeys(point for _, _, point in values))

    out = csv.writer(sys.stdout, lineterminator="\n")
    head = "layout outcome group_kind group points replicates mean min p5 p95 max above_zero luck"
    out.writerow(head.split())
    for layout in layouts:
        for what in questions:
            outcome, kind, group = what
            if kind == "membership":
                # "member of LAYOUT": who they are depends on the layout.
                group, _, whose = group.partition(" of ")
                if whose != layout:
                    continue
            percents, parts = [], []
            for point in points:
                with_it, without = values[what, layout, point], values[what, baseline, point]
                both = sorted(with_it.keys() & without.keys())
                # A point with a missing run is left out, as in the summary; so is one without a level.
                if len(both) == replicates and any(without.values()):
                    percent, part = effect([with_it[r] for r in both], [without[r] for r in both])
                    percents.append(percent)
                    parts.append(part)
            if not percents:
                continue
            numbers = [
                mean(percents),
                min(percents),
                quantile(percents, 0.05),
                quantile(percents, 0.95),
                max(percents),
                mean([percent > 0 for percent in percents]),
                luck(parts),
            ]
            numbers = ["" if number is None else f"{number:.5g}" for number in numbers]
            out.writerow([layout, outcome, kind, group, len(percents), replicates, *numbers])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
