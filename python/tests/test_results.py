"""Tables, in memory and from folders."""

import datetime
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

import pointplane as pp

from conftest import LOTTERIES, MINIMAL


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return pp.run(MINIMAL, replicates=3, out=tmp_path_factory.mktemp("results") / "run")


def plain(frame: pandas.DataFrame) -> dict[str, list]:
    """Values as Python has them: dates, and None where there is none."""
    return {
        name: [None if of in ("", None) or of != of else getattr(of, "item", lambda of=of: of)() for of in frame[name]]
        for name in frame.columns
    }


def test_tables_are_those_of_the_files(found):
    for name in found.tables:
        file = pyarrow.parquet.read_table(found.folder / f"{name}.parquet").to_pandas()
        assert plain(file) == found[name].to_pydict(), name
        frame = found[name].to_pandas()
        assert list(frame.columns) == list(file.columns)
        assert len(found[name]) == len(frame) == len(file)
        for column in found.columns(name):
            if column.kind == "month":
                assert frame[column.name].dtype.kind == "M"


def test_every_way_gives_the_same(found, tmp_path):
    table = found["national"]
    assert found.national is table
    assert "national" in dir(found)
    frame = table.to_pandas()
    assert polars.DataFrame(table).height == len(table) == len(frame)
    assert table.to_polars()["mean_stock"].to_list() == frame["mean_stock"].tolist()
    assert pyarrow.table(table).num_rows == len(frame)
    lists = table.to_pydict()
    assert lists["mean_stock"] == frame["mean_stock"].tolist()
    assert lists["month"][0] == datetime.date(2015, 1, 1)
    assert pyarrow.table(table).column("month").to_pylist() == lists["month"]
    some = found.table("national", ["month", "gini"])
    assert [of.name for of in some.columns] == ["month", "gini"]
    # The other format reads as the same.
    csv = pp.run(MINIMAL, replicates=3, format="csv")
    for name in found.tables:
        assert csv[name].to_pydict() == found[name].to_pydict(), name


def test_columns_say_what_they_are(found):
    column = next(of for of in found.columns("national") if of.name == "mean_stock")
    assert column.kind == "float"
    assert column.description
    field = pyarrow.table(found["national"]).schema.field("mean_stock")
    assert field.metadata[b"description"].decode() == column.description


def test_read_reads_any_folder(found, tmp_path):
    again = pp.read(found.folder)
    assert again.tables == found.tables
    assert again.is_complete
    assert again.manifest["replicates"] == 3
    estimated = pp.estimate(LOTTERIES, out=tmp_path / "estimate")
    read = pp.read(tmp_path / "estimate")
    assert read.tables == estimated.tables
    assert read["estimates"].to_pydict() == estimated["estimates"].to_pydict()
    assert "parameter" in read["estimates"].to_pandas().columns
    with pytest.raises(FileNotFoundError):
        pp.read(tmp_path / "nothing")
    with pytest.raises(KeyError):
        found["nationale"]
    with pytest.raises(AttributeError):
        _ = found.nationale


def test_damage_is_told(tmp_path):
    found = pp.run(MINIMAL, replicates=2, out=tmp_path / "run")
    path = found.folder / "national.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(OSError, match="checksum"):
        pp.read(found.folder)["national"]


def test_a_temporary_folder_goes_with_its_results(tmp_path):
    found = pp.run(MINIMAL, replicates=2)
    folder = found.folder
    kept = found.save(tmp_path / "kept")
    table = found["national"].to_pydict()
    assert folder.exists()
    del found
    assert not folder.exists()
    assert kept["national"].to_pydict() == table


def test_notebooks_show_answer_and_figures(found):
    shown = pp.compare(MINIMAL, "none", baseline="base", replicates=4)._repr_html_()
    assert "<table>" in shown
    assert "<svg" in shown
    assert "mean stock" in shown.lower()
    assert "<svg" in found._repr_html_()
    assert "<th" in found["national"]._repr_html_()
    figure = found.plot("growth")
    assert figure._repr_svg_() == figure.svg
    assert "growth" in found.figures
    with pytest.raises(KeyError, match="growth"):
        found.plot("growht")


def test_figures_can_be_saved(found, tmp_path):
    path = found.plot("growth").save(tmp_path / "growth.svg")
    assert path.read_text(encoding="utf-8").startswith("<svg")


def test_results_and_scenarios_go_to_other_processes(found):
    again = pickle.loads(pickle.dumps(found))
    assert again.tables == found.tables
    scenario = pickle.loads(pickle.dumps(pp.load(MINIMAL, "none", {"line.beta": 0.2})))
    assert scenario.line.beta == 0.2
    error = pickle.loads(pickle.dumps(pp.ScenarioError("text", [pp.Problem("error", "a", "b")])))
    assert error.problems[0].file == "a"


def test_import_is_quick_and_brings_no_frames():
    code = (
        "import sys, time; began = time.perf_counter(); import pointplane; "
        "took = time.perf_counter() - began; "
        "print(took, *(m for m in ('pandas', 'numpy', 'pyarrow', 'polars', 'tqdm') if m in sys.modules))"
    )
    took = []
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        seconds, *brought = done.stdout.split()
        assert brought == []
        took.append(float(seconds))
    assert min(took) <= 0.1, took


def test_package(program, tmp_path):
    found = pp.run(MINIMAL, replicates=2, out=tmp_path / "out")
    assert pp.package(found, tmp_path / "ours") == tmp_path / "ours"
    program("package", found.folder, "--out", tmp_path / "theirs")
    files = sorted(path.relative_to(tmp_path / "ours") for path in (tmp_path / "ours").rglob("*"))
    assert Path("main.sh") in files
    for path in files:
        ours, theirs = tmp_path / "ours" / path, tmp_path / "theirs" / path
        assert ours.is_dir() or ours.read_bytes() == theirs.read_bytes(), path
    with pytest.raises(pp.ScenarioError) as refused:
        pp.package(found, tmp_path / "ours")
    assert refused.value.problems[0].place == "--out"


def test_package_takes_along(tmp_path):
    scenario = shutil.copytree(MINIMAL, tmp_path / "study" / "scenario")
    (tmp_path / "study" / "raw").mkdir()
    (tmp_path / "study" / "raw" / "derive.do").write_text("* a script\n")
    found = pp.run(scenario, replicates=2, out=tmp_path / "study" / "out")
    package = pp.package(found, tmp_path / "package", also=tmp_path / "study" / "raw")
    assert [path.name for path in package.rglob("derive.do")] == ["derive.do"]


def test_cite(program, tmp_path):
    found = pp.run(MINIMAL, replicates=2, seed=7)
    cited = pp.cite(found)
    assert str(cited) + "\n" == program("cite", found.folder).stdout
    assert (cited.seed, cited.replicates, cited.complete) == (7, 2, True)
    assert cited.version == pp.__version__
    with pytest.raises(pp.ScenarioError, match="empty"):
        pp.cite(tmp_path / "empty")
