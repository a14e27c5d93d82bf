"""Scenarios."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pointplane import _native
from pointplane._errors import Problem, ScenarioError, problems_of, wrong
from pointplane._table import Table
from pointplane._words import escaped, settings, several, word

if TYPE_CHECKING:
    from os import PathLike
    from tempfile import TemporaryDirectory

Set = Mapping[str, Any] | Iterable[str] | str | None
Layouts = "str | PathLike[str] | Iterable[str | PathLike[str]] | None"


class Parameter(NamedTuple):
    """What a key of a scenario file is."""

    key: str
    symbol: str
    unit: str
    default: str
    allowed: str
    what: str


@cache
def _parameters() -> dict[str, Parameter]:
    return {of[0]: Parameter(*of) for of in _native.parameters()}


class Section:
    """A table of a scenario file: its keys are attributes.

    ``help(scenario.line)`` and `describe` say what they are.
    """

    def __init__(self, key: str, values: dict[str, Any]) -> None:
        """Take the dotted path of the table and its values."""
        self._key = key
        self._values = values
        self.__doc__ = "\n".join(_said(self.describe(name)) for name in values)

    def __getattr__(self, name: str) -> Any:
        """Give the value of a key."""
        values: dict[str, Any] = self.__dict__.get("_values", {})
        if name.startswith("__") or name not in values:
            known = ", ".join(values)
            raise AttributeError(f"no key {name!r} in [{self.__dict__.get('_key')}]; there are {known}")
        value = values[name]
        return Section(f"{self._key}.{name}", value) if isinstance(value, dict) else value

    def describe(self, name: str) -> Parameter:
        """Say what a key is: symbol, unit, default, what is allowed."""
        key = f"{self._key}.{name}"
        return _parameters().get(key) or Parameter(key, "", "", "", "", "")

    def to_dict(self) -> dict[str, Any]:
        """Give keys and values."""
        return dict(self._values)

    def __dir__(self) -> list[str]:
        """Keys too."""
        return [*super().__dir__(), *self._values]

    def __repr__(self) -> str:
        """As in the file."""
        lines = "\n".join(f"{name} = {value!r}" for name, value in self._values.items())
        return f"[{self._key}]\n{lines}"

    def _repr_html_(self) -> str:
        heads = "".join(f"<th>{of}</th>" for of in ("key", "value", "unit", "what it is"))
        rows = []
        for name, value in self._values.items():
            of = self.describe(name)
            cells = [name, repr(value), of.unit, of.what]
            rows.append("<tr>" + "".join(f"<td>{escaped(c)}</td>" for c in cells) + "</tr>")
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _said(of: Parameter) -> str:
    name = of.key.rsplit(".", 1)[-1]
    unit = f" ({of.unit})" if of.unit else ""
    return f"{name}{unit}: {of.what}"


class Difference:
    """What differs between two scenarios: text for people, `data` for programs, empty when nothing does."""

    def __init__(self, text: str, data: dict[str, Any]) -> None:
        """Take both; users call `Scenario.diff`."""
        self.text = text
        self.data = data

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.data.get("keys")) or any(
            of.get("added") or of.get("removed") or of.get("changed") or of.get("rows")
            for of in self.data.get("tables", [])
        )

    def __str__(self) -> str:
        """Give the words of the command ``diff``."""
        return self.text

    __repr__ = __str__


class Scenario:
    """A scenario that was read and checked, with layouts over it and keys set.

    The tables of its file are attributes, and their keys are attributes of these: ``scenario.line.beta``.

    Attributes
    ----------
    path : Path
        Folder or file.
    layouts : list of str
        Layouts over it, in order.
    set : list of str
        Keys that are set, ``KEY=VALUE``.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        layouts: str | PathLike[str] | Iterable[str | PathLike[str]] | None = None,
        set: Set = None,
        *,
        lang: str = "en",
        owner: TemporaryDirectory[str] | None = None,
    ) -> None:
        """Read and check it; the same as `pointplane.load`."""
        self.path = Path(path)
        self.layouts = [word(of) for of in several(layouts)]
        self.set = settings(set)
        self._lang = lang
        self._owner = owner
        try:
            self._loaded = _native.load(self.path, self.layouts, self.set, lang)
        except _native.Problems as error:
            text, problems = error.args
            raise ScenarioError(text, problems_of(problems)) from None
        self._spec: dict[str, Any] = json.loads(self._loaded.spec())

    @classmethod
    def from_frames(
        cls,
        places: Any,
        *,
        zones: Any = None,
        links: Any = None,
        weights: Any = None,
        history: Any = None,
        items: Any = None,
        parameters: Mapping[str, Any] | None = None,
        name: str = "frames",
        folder: str | PathLike[str] | None = None,
        lang: str = "en",
    ) -> Scenario:
        """Make a scenario of data frames, without files of yours.

        Any frame with the Arrow interface will do: of pandas, polars, pyarrow, geopandas. Columns are those of the tables in
        ``docs/scenario.md``. What is wrong is told as of files; these are written into `folder`, or into a temporary one.

        Parameters
        ----------
        places : frame
            A row for each place: ``id``, ``lon``, ``lat``, ``weight``, and what else there is. ``kind`` is ``region``
            where it is left out. Polygons of geopandas give positions, and links where there are no others: places that
            touch listen to each other.
        zones : frame, optional
            Places that are zones, in a table of their own.
        links : frame, optional
            ``source``, ``target``, ``weight`` (the target listens to the source), and ``layer`` where there are several.
        weights : optional
            The same as a libpysal ``W`` or ``Graph``, a networkx graph, or a scipy sparse matrix with rows and columns in
            the order of `places` and `zones` (row i listens to column j); or a dict of these by layer.
        history : frame, optional
            Who adopted what when: ``place``, ``item``, ``time``.
        items : frame, optional
            Of a history: ``item``, ``first_risk``, ``last``.
        parameters : dict, optional
            The rest of the scenario file: ``{"start": "2010-01", "line": {"beta": 0.1}}``, or ``{"line.beta": 0.1}``.
        name : str
            Its name.
        folder : path, optional
            Keep the files there; files of the same names are replaced.
        lang : {"en", "zh"}
            The language of messages.

        Returns
        -------
        Scenario
        """
        owner = None
        if folder is None:
            from tempfile import TemporaryDirectory

            owner = TemporaryDirectory(prefix="pointplane-")
            folder = Path(owner.name) / name
        path = Path(folder)
        from pointplane import _frames

        path.mkdir(parents=True, exist_ok=True)
        _frames.write(
            path,
            name,
            places=places,
            zones=zones,
            links=links,
            weights=weights,
            history=history,
            items=items,
            parameters=parameters or {},
        )
        return cls(path, lang=lang, owner=owner)

    @property
    def name(self) -> str:
        """Its name."""
        return self._loaded.named[0]

    @property
    def title(self) -> str:
        """Its title."""
        _, _, en, zh = self._loaded.named
        return zh if self._lang == "zh" else en

    @property
    def parameters(self) -> dict[str, Any]:
        """All keys of the scenario file with their values, by dotted path; lists stay lists."""
        found: dict[str, Any] = {}

        def walk(values: dict[str, Any], path: str) -> None:
            for key, value in values.items():
                if isinstance(value, dict):
                    walk(value, f"{path}{key}.")
                else:
                    found[f"{path}{key}"] = value

        walk(self._spec, "")
        return found

    def __getattr__(self, name: str) -> Any:
        """Give a table of the scenario file, or a key above all tables."""
        spec: dict[str, Any] = self.__dict__.get("_spec", {})
        if name.startswith("_") or name not in spec:
            raise AttributeError(f"no table or key {name!r} in the scenario file")
        value = spec[name]
        return Section(name, value) if isinstance(value, dict) else value

    def __dir__(self) -> list[str]:
        """Tables and keys of the scenario file too."""
        return [*super().__dir__(), *self._spec]

    def describe(self, key: str) -> Parameter:
        """Say what a key is, by its dotted path: symbol, unit, default, what is allowed."""
        return _parameters()[key]

    def set_at(self, key: str) -> str | None:
        """Say in which file and line a key was set; None for a default."""
        return self._loaded.set_at(key)

    def places(self) -> Table:
        """Give the places, as they were read."""
        return Table(self._loaded.places())

    def links(self) -> Table:
        """Give the links by layer, with their base weights in the first month: the target listens to the source."""
        return Table(self._loaded.links())

    def check(self) -> list[Problem]:
        """Look for everything that the command ``check`` looks for, and give the warnings.

        Raises
        ------
        ScenarioError
            When something is wrong.
        """
        return check(self.path, self.layouts, self.set, lang=self._lang)

    def diff(self, other: Scenario) -> Difference:
        """Say what differs in another scenario."""
        text, data = self._loaded.diff(other._loaded, self._lang)
        return Difference(text, json.loads(data))

    def to_toml(self) -> str:
        """Give the resolved scenario: after layouts and settings, with every parameter written out."""
        return self._loaded.toml()

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process by its files."""
        return (Scenario, (str(self.path), self.layouts, self.set))

    def __repr__(self) -> str:
        """Name and sizes."""
        places, zones, alliances = self._loaded.counts
        over = f" with {', '.join(self.layouts)}" if self.layouts else ""
        return f"<Scenario {self.name}{over}: {places} places, {zones} zones, {alliances} alliances>"


def load(
    path: str | PathLike[str],
    layouts: str | PathLike[str] | Iterable[str | PathLike[str]] | None = None,
    set: Set = None,
    *,
    lang: str = "en",
) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    path : path
        A folder with a ``scenario.toml``, or a TOML file.
    layouts : path or list of paths, optional
        Layouts to lay over it, in order: files, or names of files in its folder ``layouts``.
    set : dict or list of str, optional
        Keys to set, in all layouts: ``{"line.beta": 0.1}``.
    lang : {"en", "zh"}
        The language of messages.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With all that is wrong.
    """
    return Scenario(path, layouts, set, lang=lang)


def check(
    path: str | PathLike[str],
    layouts: str | PathLike[str] | Iterable[str | PathLike[str]] | None = None,
    set: Set = None,
    *,
    lang: str = "en",
) -> list[Problem]:
    """Check a scenario as the command ``check`` does, and give the warnings.

    Parameters are those of `load`.

    Raises
    ------
    ScenarioError
        When something is wrong; its text is what the command says.
    """
    files: list[str | PathLike[str]] = [
        Path(path).joinpath("layouts", f"{of}.toml") if not Path(of).exists() else of for of in several(layouts)
    ]
    words = ["check", *(word(of) for of in files or [path])]
    if files:
        words.append(f"--scenario={word(path)}")
    words += [f"--set={of}" for of in settings(set)]
    answer = _native.call(words, lang)
    problems = problems_of(answer.problems)
    if answer.code == 0:
        return [of for of in problems if of.severity == "warning"]
    raise wrong(answer)
