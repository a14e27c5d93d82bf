"""What tests share: the repository's scenarios, the program, folders that are the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MINIMAL = "scenarios/minimal"
LOTTERIES = "scenarios/us-lotteries"

#: The program that results are held against: the one that cargo built, or the one that came with the package.
PROGRAM = os.environ.get("POINTPLANE_PROGRAM") or shutil.which("pointplane")


# Paths of scenarios begin at the root of the repository, for the program as well.
os.chdir(ROOT)


@pytest.fixture
def program() -> Callable[..., subprocess.CompletedProcess[str]]:
    words = [PROGRAM] if PROGRAM else [sys.executable, "-m", "pointplane"]

    def run(*args: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "LC_ALL": "C"}
        done = subprocess.run([*words, *map(str, args)], capture_output=True, text=True, env=env, check=False)
        assert done.returncode == code, done.stderr
        return done

    return run


#: What may differ between two results of one request: times, and who worked on it.
MAY_DIFFER = {"manifest.json", "run_times.parquet", "run_times.csv", "complete.log"}


def files(folder: Path) -> dict[str, bytes]:
    """All that must be the same, by name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and "logs" not in name.parts and path.name not in MAY_DIFFER:
            found[str(name)] = path.read_bytes()
    return found


def asked(folder: Path) -> object:
    """What the manifest says was asked, and of what bytes the tables are."""
    manifest = json.loads((folder / "manifest.json").read_text())
    tables = [of for of in manifest["tables"] if of["name"] != "run_times"]
    return manifest["request"], manifest["inputs"], tables, manifest["status"]


def same(a: Path, b: Path) -> None:
    """Hold two folders against each other, byte for byte."""
    one, other = files(a), files(b)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert one, "nothing to compare"
    if (a / "manifest.json").exists():
        assert asked(a) == asked(b)
