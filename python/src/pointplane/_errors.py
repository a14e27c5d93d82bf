"""What can go wrong, as exceptions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pointplane import _native
    from pointplane._results import Results


class Problem(NamedTuple):
    """One thing that is wrong with an input, or perhaps not meant.

    Attributes
    ----------
    severity : str
        ``error``, ``warning``, or ``room``: not wrong, but too large for this machine.
    file : str
        The file, or the option where the value did not come from a file.
    what : str
        What is wrong.
    line, row : int or None
        Line of the file, and row of a table without its header; both from 1.
    column, key : str or None
        Column of a table; dotted path of a key.
    value : str or None
        The value that was found.
    allowed : str or None
        What would be right, with its unit.
    nearest : str or None
        The nearest name that is known.
    """

    severity: str
    file: str
    what: str
    line: int | None = None
    row: int | None = None
    column: str | None = None
    key: str | None = None
    value: str | None = None
    allowed: str | None = None
    nearest: str | None = None

    @property
    def place(self) -> str:
        """Where it is: file, line, key or cell."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        if self.key is not None:
            return f"{place} {self.key}"
        if self.column is not None:
            return f"{place} {self.column}"
        return place

    def __str__(self) -> str:
        """Place and what is wrong."""
        return f"{self.place}: {self.what}"


def problems_of(text: str) -> list[Problem]:
    """Read problems, as the library tells them in JSON."""
    found: list[dict[str, Any]] = json.loads(text)
    known = Problem._fields
    return [Problem(**{key: of[key] for key in of if key in known}) for of in found]


class PointplaneError(Exception):
    """Something failed while it ran."""


class ScenarioError(PointplaneError, ValueError):
    """An input is wrong: a scenario, a layout, a plan, an argument.

    Its text is what the command says. All that is wrong is told at once.

    Attributes
    ----------
    problems : list of Problem
        One for each thing that is wrong, with its place, the value, what is allowed, and the nearest name.
    """

    def __init__(self, text: str, problems: list[Problem] | None = None) -> None:
        """Take what the command says, and the problems."""
        super().__init__(text)
        self.problems: list[Problem] = problems or []

    def __reduce__(self) -> tuple[Any, ...]:
        """Go from one process to another with the problems."""
        return (type(self), (str(self), self.problems))


class Unfinished(PointplaneError):
    """Not all is done: a time limit was met, or jobs failed. What is finished is kept.

    Attributes
    ----------
    results : Results or None
        What there is. The same call with ``out=results.folder`` and ``resume=True`` goes on.
    """

    def __init__(self, text: str, results: Results | None = None) -> None:
        """Take what the command says, and what there is."""
        super().__init__(text)
        self.results = results


class EngineError(Unfinished):
    """An engine did not do its shards, however often they were given to it. What is finished is kept."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C. What is finished is kept.

    Attributes
    ----------
    results : Results or None
        What there is. The same call with ``out=results.folder`` and ``resume=True`` goes on.
    """

    def __init__(self, text: str, results: Results | None = None) -> None:
        """Take what is kept where, and what there is."""
        super().__init__(text)
        self.results = results


def said_last(answer: _native.Answer) -> str:
    """Give the last that a command said: what is wrong, where something is."""
    return answer.said[-1] if answer.said else answer.printed


def wrong(answer: _native.Answer) -> ScenarioError:
    """Give the exception of a command that found its input wrong."""
    problems = [of for of in problems_of(answer.problems) if of.severity != "warning"]
    return ScenarioError(said_last(answer), problems)
