"""The examples of the documentation do what they say."""

import re

import pytest

import pointplane as pp

from conftest import ROOT

TEXT = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
#: Fewer replicates, and folders of the test.
INSTEAD = {"replicates=20": "replicates=2", "replicates=1000": "replicates=4"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    layouts = ["none", "northeast"]
    pp.compare("scenarios/china", layouts, baseline="existing", replicates=2, out=folder / "results/china-compare")
    return folder


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_examples_run(number, folder, tmp_path, capsys, request):
    block = BLOCKS[number]
    if "tcp://" in block:
        pytest.skip("needs a scheduler")
    if "import dask" in block:
        dask = pytest.importorskip("dask")
        pytest.importorskip("distributed")
        for key in re.findall(r'"(distributed\.[^"]+)"', block):
            assert dask.config.get(key) is not None, key
        # Other tests have Dask as it comes.
        request.addfinalizer(dask.config.refresh)
    for was, now in INSTEAD.items():
        block = block.replace(was, now)
    block = block.replace('"results/', f'"{folder}/results/')
    block = re.sub(r'"(\w+\.(?:html|svg|dta))"', rf'"{tmp_path}/\1"', block)
    names = {"pp": pp}
    exec(compile(block, f"block {number}", "exec"), names)
    if "gap" in names:
        assert len(names["gap"]) == 2
    if "error.problems" in block:
        assert capsys.readouterr().out == "line.beta\n"
