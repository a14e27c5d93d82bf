"""The README's example for R, through reticulate."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from conftest import ROOT, same

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [block for block in re.findall(r"```r\n(.*?)```", README, re.DOTALL) if "reticulate" in block]
RSCRIPT = shutil.which("Rscript")


def can() -> bool:
    """Whether R and reticulate are here."""
    if RSCRIPT is None:
        return False
    asked = subprocess.run([RSCRIPT, "-e", "library(reticulate)"], capture_output=True, check=False)
    return asked.returncode == 0


def test_r_from_call_to_plot(program, tmp_path):
    assert len(BLOCKS) == 1
    if not can():
        assert "POINTPLANE_NEEDS_R" not in os.environ, "R with the package reticulate is not here"
        pytest.skip("needs R with reticulate")
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    script = BLOCKS[0].replace('Sys.which("python3")', f'"{sys.executable}"')
    assert sys.executable in script
    (tmp_path / "example.R").write_text(script, encoding="utf-8")
    env = {**os.environ, "LC_ALL": "C", "RETICULATE_PYTHON": sys.executable}
    assert RSCRIPT is not None
    done = subprocess.run([RSCRIPT, "example.R"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "mean stock" in done.stdout
    assert (tmp_path / "theil.pdf").read_bytes().startswith(b"%PDF")
    words = ["--baseline", "base", "none", "--replicates", "50", "--format", "csv", "--out", tmp_path / "command"]
    program("compare", "scenarios/minimal", *words)
    same(tmp_path / "results" / "from-r", tmp_path / "command")
