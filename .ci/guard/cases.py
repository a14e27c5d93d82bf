"""The matrix: which commands both programs are given. Each case leaves one results folder."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from common import ROOT

# Scenario, the folder of its layouts, what makes it short, replicates, and whether it is large: the tables of
# a large one are only written as Parquet.
SCENARIOS = [
    ("minimal", "scenarios/minimal", "scenarios/minimal/layouts", [], 3, False),
    ("china", "scenarios/china", "scenarios/china/layouts", [], 1, True),
    ("county", "scenarios/china/county.toml", "scenarios/china/layouts", ["end=2024-06"], 1, True),
    ("firms", "scenarios/china-firms", "scenarios/china/layouts",
     ["firms.number=20000", "firms.sample=30", "end=2024-06"], 1, True),
    ("firms-few", "scenarios/china-firms", "scenarios/china/layouts",
     ["firms.number=2000", "firms.sample=5", "end=2024-06"], 1, False),
    ("china-short", "scenarios/china", "scenarios/china/layouts", ["end=2024-06"], 1, False),
    ("synthetic", "synthetic", None, [], 2, True),
]
QUICK = {"minimal", "china-short", "firms-few"}

# Designs that no shipped plan has, over the small scenario.
DESIGNS = {
    "random": 'kind = "random"\npoints = 5\nconstraints = ["circle.radius_km > 120"]',
    "latin-hypercube": 'kind = "latin-hypercube"\npoints = 6\nmaximin = true',
    "sobol": 'kind = "sobol"\npoints = 8\nseed = 3',
    "saltelli": 'kind = "saltelli"\nbase_points = 4\nsecond_order = true',
    "morris": 'kind = "morris"\ntrajectories = 3\nlevels = 4',
    "list": 'kind = "list"\nfile = "list.csv"',
}
DISTRIBUTIONS = """
line.beta = { distribution = "log-uniform", min = 0.05, max = 0.3 }
circle.radius_km = { distribution = "uniform", min = 100, max = 400 }
line.response = { distribution = "discrete", values = ["linear", "hill"], weights = [1, 2] }
plane.national_quality = { distribution = "triangular", min = 0.4, mode = 0.5, max = 0.8 }
axis.min_segments = { distribution = "normal", mean = 2, sd = 1, min = 1, max = 3 }
"""
LIST = "line.beta,circle.radius_km\n0.1,100\n0.2,250\n0.1,400\n"


@dataclass
class Case:
    """Commands that leave one folder, `OUT` in their words."""

    name: str
    commands: list[list[str]]
    files: dict[str, str] = field(default_factory=dict)  # written before, by path

    def words(self) -> list[list[str]]:
        return [[word.replace("OUT", f"out/{self.name}") for word in command] for command in self.commands]


def layouts_in(folder: str | None) -> list[str]:
    return sorted(path.stem for path in (ROOT / folder).glob("*.toml")) if folder else []


def shortened(text: str, quick: bool) -> str:
    """A shipped plan with few points: the parameters, outcomes and layouts that it has, on less of them."""
    plan = tomllib.loads(text)
    few = {"points": 2, "base_points": 1, "trajectories": 1}
    for key, value in few.items():
        text = re.sub(rf"(?m)^{key} = \d+", f"{key} = {value}", text)
    text = re.sub(r"levels = \[([^,\]]+), [^\]]*, ([^,\]]+)\]", r"levels = [\1, \2]", text)
    text = re.sub(r"firms\.number = [\d_]+", "firms.number = 3000", text)
    text = re.sub(r"(?m)^replicates = \d+", "replicates = 1", text)
    if quick and "end" not in plan.get("set", {}) and plan.get("horizons"):
        text += f'\n[set]\nend = "{max(plan["horizons"])}"\n'
    return text


def cases(quick: bool) -> list[Case]:
    found = []
    for name, path, folder, sets, replicates, large in SCENARIOS:
        if quick and name not in QUICK:
            continue
        # One thread: so short a run is not worth more, and many wait for each other on a machine that is busy.
        common = [word for value in sets for word in ("--set", value)] + ["--threads", "2" if large else "1", "--quiet"]
        formats = ["parquet"] if large else ["parquet", "csv"]
        layouts = layouts_in(folder)
        if quick and name == "firms-few":
            layouts = ["northeast"]
        for layout in [None, *layouts]:
            for form in formats:
                words = ["run", path, *common, "--replicates", str(replicates), "--tables", "all", "--every", "1", "--format", form, "--out", "OUT"]
                words += ["--layout", layout] if layout else []
                found.append(Case(f"run/{name}-{layout or 'base'}-{form}", [words]))
        # Defaults, other seeds and single replicates.
        words = ["run", path, *common, "--seed", "7", "--first-replicate", "5", "--replicates", "1"]
        found.append(Case(f"run/{name}-sixth", [[*words, "--out", "OUT"]]))
        for form in formats if layouts else []:
            if quick and name == "firms-few" and form == "parquet":
                continue
            words = ["compare", path, "--baseline", "base", *layouts, *common, "--replicates", str(max(2, replicates))]
            words += ["--every", "1", "--format", form, "--out", "OUT"]
            found.append(Case(f"compare/{name}-all-{form}", [words]))
    minimal = ["compare", "scenarios/minimal", "--baseline", "none", "base", "open-candidate", "--quiet", "--out", "OUT"]
    for name, more in {
        "horizons": ["--replicates", "12", "--horizon", "2018-06", "--horizon", "2020-12"],
        "bca": ["--replicates", "12", "--interval", "bca"],
        "t": ["--replicates", "12", "--interval", "t", "--seed", "9"],
        "width": ["--until-width", "mean_stock=0.5", "--min-replicates", "5", "--max-replicates", "60"],
    }.items():
        found.append(Case(f"compare/minimal-{name}", [minimal + more]))
    found.append(Case("compare/minimal-more", [
        minimal + ["--replicates", "3", "--every", "6"],
        minimal + ["--replicates", "9", "--every", "6", "--resume"],
    ]))
    for plan in sorted((ROOT / "scenarios").glob("*/sweeps/*.toml")):
        where = f"{plan.parent.relative_to(ROOT)}/guard-{plan.name}"
        text = shortened(plan.read_text("utf-8"), quick)
        if quick and plan.parent.parent.name == "china-firms":
            continue
        found.append(sweep(f"{plan.parent.parent.name}-{plan.stem}", where, text))
    for kind, design in DESIGNS.items():
        for form in ["parquet", "csv"]:
            where = f"scenarios/minimal/sweeps/guard-{kind}-{form}.toml"
            text = (f'name = "guard"\nscenario = ".."\nlayouts = ["none", "base", "open-candidate"]\n'
                    f'replicates = 2\noutcomes = ["mean_stock", "theil", "first_circle"]\nhorizons = ["2018-12"]\n'
                    f'groups = ["province"]\nformat = "{form}"\n[monthly]\nevery = 6\nmeasures = ["adoptions", "gini"]\n'
                    f'[set]\npoint.arrival_rate = 0.05\n[design]\n{design}\n')
            text += "" if kind == "list" else f"[parameters]{DISTRIBUTIONS}"
            case = sweep(f"minimal-{kind}-{form}", where, text)
            case.files["scenarios/minimal/sweeps/list.csv"] = LIST
            found.append(case)
    explain = ["explain", "scenarios/china", "existing", "northeast", "--set", "end=2026-06", "--out", "OUT"]
    found.append(Case("explain/china-csv", [[*explain, "--format", "csv"]]))
    found.append(Case("explain/china-place", [[*explain, "--place", "Dalian"]]))
    return found


def sweep(name: str, where: str, text: str) -> Case:
    run = ["sweep", "run", where, "--quiet", "--out", "OUT"]
    return Case(f"sweep/{name}", [run, ["sweep", "summary", "OUT", "--quiet"]], {where: text})
