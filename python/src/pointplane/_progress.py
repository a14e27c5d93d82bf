"""Progress while something runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple


class Progress(NamedTuple):
    """How far something is.

    Attributes
    ----------
    what : str
        What is counted: replicates, runs, months, shards.
    done, of : int
        How many are done, and of how many.
    """

    what: str
    done: int
    of: int


Observer = Callable[[str, int, int], None]
Wanted = bool | Callable[[Progress], object] | None


def _is_watched() -> bool:
    """Whether a person looks at it: a terminal or a notebook."""
    return "ipykernel" in sys.modules or bool(sys.stderr and sys.stderr.isatty())


@contextmanager
def observing(wanted: Wanted) -> Iterator[Observer | None]:
    """Give what hears of progress: a function of the user, or a bar where there is a tqdm."""
    if callable(wanted):
        hears = wanted
        yield lambda what, done, of: _heard(hears(Progress(what, done, of)))
        return
    if wanted is False or (wanted is None and not _is_watched()):
        yield None
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield None
        return
    bars: list[Any] = []

    def show(what: str, done: int, of: int) -> None:
        if not bars or bars[-1].desc.rstrip(": ") != what or bars[-1].total != of:
            for bar in bars:
                bar.close()
            bars.append(tqdm(desc=what, total=of, initial=done))
        bars[-1].update(done - bars[-1].n)

    try:
        yield show
    finally:
        for bar in bars:
            bar.close()


def _heard(_: object) -> None:
    """Whatever a function of the user gives is not looked at."""
