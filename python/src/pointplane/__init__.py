"""Pointplane: how institutional innovations spread, and what another alliance of zones would change.

Every function is a command of the program ``pointplane`` with the options of that command as keyword arguments; it writes
the same files. What it gives are tables, which pandas, polars and pyarrow take over without a copy.

Examples
--------
>>> import pointplane as pp
>>> found = pp.compare("scenarios/minimal", "none", baseline="base")  # doctest: +SKIP
>>> found["effects"].to_pandas()  # doctest: +SKIP
"""

from pointplane import engines
from pointplane._errors import (
    EngineError,
    Interrupted,
    PointplaneError,
    Problem,
    ScenarioError,
    Unfinished,
)
from pointplane._native import __version__
from pointplane._progress import Progress
from pointplane._results import Explanation, Figure, Results, read
from pointplane._scenario import Difference, Scenario, check, load
from pointplane._table import Column, Table
from pointplane._verbs import (
    Citation,
    calibrate,
    cite,
    compare,
    estimate,
    explain,
    figures,
    package,
    replay,
    report,
    run,
    search,
    sweep,
)

__all__ = [
    "Citation",
    "Column",
    "Difference",
    "EngineError",
    "Explanation",
    "Figure",
    "Interrupted",
    "PointplaneError",
    "Problem",
    "Progress",
    "Results",
    "Scenario",
    "ScenarioError",
    "Table",
    "Unfinished",
    "__version__",
    "calibrate",
    "check",
    "cite",
    "compare",
    "engines",
    "estimate",
    "explain",
    "figures",
    "load",
    "package",
    "read",
    "replay",
    "report",
    "run",
    "search",
    "sweep",
]
