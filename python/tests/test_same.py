"""What functions write is what the command writes, byte for byte."""

from pathlib import Path

import pytest

import pointplane as pp

from conftest import LOTTERIES, MINIMAL, same

GRID = f"{MINIMAL}/sweeps/grid.toml"
PRIORS = f"""
name = "priors"
scenario = "{Path(MINIMAL).resolve()}"
layouts = ["base"]
replicates = 4
outcomes = ["mean_stock"]
[design]
kind = "random"
points = 52
[parameters]
line.beta = {{ distribution = "uniform", min = 0.1, max = 0.2 }}
"""


def test_run(program, tmp_path):
    program(
        *["run", MINIMAL, "--layout", "none", "--set", "line.beta=0.1", "--replicates", 6],
        *["--tables", "national,credit", "--every", 6, "--seed", 5, "--out", tmp_path / "a"],
    )
    found = pp.run(
        MINIMAL,
        layout="none",
        set={"line.beta": 0.1},
        replicates=6,
        tables=["national", "credit"],
        every=6,
        seed=5,
        out=tmp_path / "b",
    )
    same(tmp_path / "a", tmp_path / "b")
    assert found.tables == ["national", "credit", "outcomes"]
    # A scenario that was loaded with them asks the same.
    loaded = pp.load(MINIMAL, layouts="none", set={"line.beta": 0.1})
    again = pp.run(loaded, replicates=6, tables=("national", "credit"), every=6, seed=5, threads=1)
    same(tmp_path / "a", again.folder)


def test_compare(program, tmp_path):
    program(
        *["compare", MINIMAL, "--baseline", "base", "none", "open-candidate", "--replicates", 5],
        *["--horizon", "2020-12", "--outcome", "theil", "--format", "csv", "--out", tmp_path / "a"],
    )
    found = pp.compare(
        MINIMAL,
        ["none", "open-candidate"],
        baseline="base",
        replicates=5,
        horizon="2020-12",
        outcome="theil",
        format="csv",
    )
    same(tmp_path / "a", found.folder)


def test_compare_over_draws(program, tmp_path):
    plan = tmp_path / "priors.toml"
    plan.write_text(PRIORS)
    options = ["--priors", plan, "--draws", 52, "--replicates", 4, "--out", tmp_path / "a"]
    program("compare", MINIMAL, "--baseline", "base", "none", *options)
    found = pp.compare(MINIMAL, "none", baseline="base", priors=plan, draws=52, replicates=4)
    same(tmp_path / "a", found.folder)


def test_sweep(program, tmp_path):
    program("sweep", "run", GRID, "--out", tmp_path / "a")
    found = pp.sweep(GRID)
    same(tmp_path / "a", found.folder)


def test_estimate(program, tmp_path):
    program("estimate", LOTTERIES, "--curves", "--cluster", "place", "--out", tmp_path / "a")
    found = pp.estimate(LOTTERIES, curves=True, cluster="place", out=tmp_path / "b")
    # The folder is no part of what is kept.
    same(tmp_path / "a", tmp_path / "b")
    assert "estimates" in found.tables


def test_replay_and_explain(program, tmp_path):
    program("replay", LOTTERIES, "--layout", "compact", "--replicates", 6, "--out", tmp_path / "a")
    found = pp.replay(LOTTERIES, "compact", replicates=6)
    same(tmp_path / "a", found.folder)
    told = program("explain", tmp_path / "a", "--place", "CA", "--replicate", 3)
    explained = pp.explain(found, place="CA", replicate=3)
    assert explained.said == told.stdout


def test_explain(program, tmp_path):
    told = program("explain", MINIMAL, "base", "none", "--replicate", 1, "--out", tmp_path / "a")
    found = pp.explain(MINIMAL, "base", "none", replicate=1, out=tmp_path / "b")
    assert found.said == told.stdout
    same(tmp_path / "a", tmp_path / "b")
    assert set(found.tables) >= {"chain", "spread", "reached"}


def test_calibrate(program, tmp_path):
    plan = f"{MINIMAL}/calibrate.toml"
    program("calibrate", plan, "--quick", "--out", tmp_path / "a")
    found = pp.calibrate(plan, quick=True)
    same_but_logs(tmp_path / "a", found.folder)


def test_search(program, tmp_path):
    plan = f"{MINIMAL}/search.toml"
    program("search", plan, "--out", tmp_path / "a")
    found = pp.search(plan)
    same_but_logs(tmp_path / "a", found.folder)


def same_but_logs(a: Path, b: Path) -> None:
    """The sweeps inside say where they lie; their tables must be the same."""
    names = [path.relative_to(a) for path in sorted(a.rglob("*.csv")) if path.name != "run_times.csv"]
    assert names
    for name in names:
        assert (a / name).read_bytes() == (b / name).read_bytes(), name


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_report_and_figures(program, tmp_path, lang):
    found = pp.compare(MINIMAL, "none", baseline="base", replicates=4, out=tmp_path / "results")
    made = pp.report(found, out=tmp_path / "a.html", lang=lang)
    program("report", found.folder, "--out", tmp_path / "b.html", "--lang", lang)
    assert made.read_bytes() == (tmp_path / "b.html").read_bytes()
    page = made.read_text(encoding="utf-8")
    drawn = found.plot("differences" if "differences" in found.figures else None, lang=lang)
    assert drawn.svg.startswith("<svg")
    # The figure is the one on the page.
    assert drawn.svg in page


def test_the_words_are_those_of_the_command(program, tmp_path):
    told = program("compare", MINIMAL, "--baseline", "base", "none", "--replicates", 3, "--out", tmp_path / "a")
    found = pp.compare(MINIMAL, "none", baseline="base", replicates=3, out=tmp_path / "b")

    def plain(text: str) -> list[str]:
        lines = text.replace(str(tmp_path / "b"), str(tmp_path / "a")).splitlines()
        # Seconds, and the progress of a command without a terminal.
        return [of for of in lines if of.strip() and "replicates" not in of and " s. " not in of]

    assert plain(str(found)) == plain(told.stderr)
