"""What comes of a run, a comparison, a sweep, an estimation, a calibration, a search, a replay."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pointplane import _native
from pointplane._errors import Problem
from pointplane._table import Column, Table
from pointplane._words import escaped

if TYPE_CHECKING:
    from os import PathLike
    from tempfile import TemporaryDirectory

#: Figures that a notebook shows of themselves.
SHOWN = 2


class Figure:
    """A figure of a report, as SVG; a notebook shows it.

    Attributes
    ----------
    id, title, finding, caption : str
        Its name, its title, what it shows, and how to read it.
    svg : str
        The drawing.
    """

    def __init__(self, words: tuple[str, str, str, str], svg: str) -> None:
        """Take the words and the drawing; users get figures by `Results.plot`."""
        self.id, self.title, self.finding, self.caption = words
        self.svg = svg

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        words = [f"<b>{escaped(self.title)}</b>", escaped(self.finding)]
        head = "".join(f"<p>{of}</p>" for of in words if of)
        style = "max-width:52em"
        caption = escaped(self.caption)
        return f'<div style="{style}">{head}{self.svg}<p><small>{caption}</small></p></div>'

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the SVG into a file; `pointplane.figures` makes PNG and PDF for papers."""
        path = Path(path)
        path.write_text(self.svg, encoding="utf-8")
        return path

    def __repr__(self) -> str:
        """Its name and title."""
        return f"<Figure {self.id}: {self.title}>"


class Results:
    """A results folder: tables that are read when they are asked for, words, figures.

    ``results["effects"]`` and ``results.effects`` are the same `Table`. Results that were not given a folder lie in a
    temporary one, which goes with them; `save` keeps them.

    Attributes
    ----------
    folder : Path
        Where they lie.
    said : str
        What the command said; empty when they were read.
    warnings : list of Problem
        What is allowed but perhaps not meant.
    """

    def __init__(
        self,
        folder: str | PathLike[str],
        *,
        said: str = "",
        warnings: list[Problem] | None = None,
        lang: str = "en",
        owner: TemporaryDirectory[str] | None = None,
    ) -> None:
        """Take a folder; users call `pointplane.read`."""
        self.folder = Path(folder)
        self.said = said
        self.warnings: list[Problem] = warnings or []
        self._lang = lang
        self._owner = owner
        self._read: dict[str, Table] = {}

    @cached_property
    def _defs(self) -> dict[str, list[Column]]:
        found = _native.tables(self.folder)
        return {name: [Column(*of) for of in columns] for name, _, columns in found}

    @property
    def tables(self) -> list[str]:
        """Names of the tables."""
        return list(self._defs)

    def columns(self, table: str) -> list[Column]:
        """Give the columns of a table without reading it."""
        return self._defs[table]

    def table(self, name: str, columns: list[str] | None = None) -> Table:
        """Read a table, or some of its columns."""
        if columns is not None:
            return Table(_native.read(self.folder, name, columns))
        if name not in self._read:
            self._read[name] = Table(_native.read(self.folder, name))
        return self._read[name]

    def __getitem__(self, name: str) -> Table:
        """Read a table."""
        return self.table(name)

    def __getattr__(self, name: str) -> Table:
        """Read a table."""
        if name.startswith("_") or name not in self.tables:
            raise AttributeError(f"no table or attribute {name!r}")
        return self.table(name)

    def __dir__(self) -> list[str]:
        """Attributes, and tables."""
        names = [name for name in self.tables if name.isidentifier()]
        return [*super().__dir__(), *names]

    @property
    def manifest(self) -> dict[str, Any]:
        """What was asked, and how far it came: ``manifest.json``, or ``about.json`` where there is none."""
        for name in ("manifest.json", "about.json"):
            path = self.folder / name
            if path.exists():
                found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
                return found
        return {}

    @property
    def is_complete(self) -> bool:
        """Whether all that was asked is done and the tables are made."""
        about = self.manifest
        return bool(about) and about.get("status", "complete") == "complete"

    def _report(self, lang: str | None = None) -> _native.Report:
        return _native.report(self.folder, None, lang or self._lang)

    @property
    def figures(self) -> dict[str, str]:
        """The figures of the report that can be drawn: names and titles."""
        return {of[0]: of[1] for of in self._report().figures if of[4] is None}

    def plot(self, name: str | None = None, *, lang: str | None = None, column: bool = False) -> Figure:
        """Draw a figure of the report.

        Parameters
        ----------
        name : str, optional
            Its name, one of `figures`; the first when it is left out.
        lang : {"en", "zh"}, optional
            The language of the words.
        column : bool
            As wide as a column of a journal, not a page.
        """
        report = self._report(lang)
        drawn = [of for of in report.figures if of[4] is None]
        if name is None and not drawn:
            raise KeyError("these results have no figure")
        name = drawn[0][0] if name is None else name
        svg = report.svg(name, column)
        words = next(of for of in drawn if of[0] == name)
        return Figure(words[:4], svg)

    def to_stata(self, path: str | PathLike[str], table: str | None = None) -> None:
        """Write a table as a Stata file; see `Table.to_stata`.

        Parameters
        ----------
        path : path
            The file.
        table : str, optional
            Which table; the first when it is left out.
        """
        self.table(self.tables[0] if table is None else table).to_stata(path)

    def save(self, folder: str | PathLike[str]) -> Results:
        """Copy the results into a folder of their own, and give them as they lie there."""
        import shutil

        shutil.copytree(self.folder, folder)
        return Results(folder, said=self.said, warnings=self.warnings, lang=self._lang)

    def __fspath__(self) -> str:
        """Give the folder, so that results can be given where a folder is wanted."""
        return str(self.folder)

    def __str__(self) -> str:
        """Give what the command said."""
        return self.said or repr(self)

    def __repr__(self) -> str:
        """Kind, folder and tables."""
        try:
            names = ", ".join(self.tables)
        except OSError:
            names = "no tables yet"
        kind = self.manifest.get("kind", "nothing")
        return f"<Results of {kind} in {self.folder}: {names}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process by the name of the folder."""
        return (Results, (str(self.folder),))

    def _repr_html_(self) -> str:
        try:
            report = self._report()
        except OSError:
            return f"<pre>{escaped(str(self))}</pre>"
        kind, title, question = report.head
        parts = [f"<p><small>{escaped(kind)}</small><br><b>{escaped(title)}</b></p>"]
        parts.append(f"<p><i>{escaped(question)}</i></p>" if question else "")
        parts.append(_answer(report))
        drawn = [of for of in report.figures if of[4] is None]
        for of in drawn[:SHOWN]:
            parts.append(Figure(of[:4], report.svg(of[0]))._repr_html_())
        if drawn[SHOWN:]:
            names = ", ".join(f"<code>{escaped(of[0])}</code>" for of in drawn[SHOWN:])
            parts.append(f"<p>More by <code>plot</code>: {names}</p>")
        return "".join(parts)


def _answer(report: _native.Report) -> str:
    """Write the answer: a table where there is one, and sentences."""
    text = "".join(f"<p>{escaped(of)}</p>" for of in report.answer)
    if report.sure is None:
        return text
    head, outcomes, rows, notes = report.sure
    heads = "".join(f"<th>{escaped(of)}</th>" for of in ["", *outcomes])
    lines = []
    for title, cells in rows:
        told = (["", "", ""] if cell is None else [escaped(of) for of in cell] for cell in cells)
        wide = "".join(f"<td>{'<br>'.join(of for of in cell if of)}</td>" for cell in told)
        lines.append(f"<tr><th>{escaped(title)}</th>{wide}</tr>")
    notes_text = "".join(f"<p><small>{escaped(of)}</small></p>" for of in notes)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    return f"<p>{escaped(head)}</p>{table}{notes_text}{text}"


class Explanation(Results):
    """Why two layouts part in one replicate: the words of the command in `said`, and the tables of it."""


def read(folder: str | PathLike[str], *, lang: str = "en") -> Results:
    """Read a results folder of any command.

    Parameters
    ----------
    folder : path
        The folder.
    lang : {"en", "zh"}
        The language of figures and words.

    Returns
    -------
    Results
        Tables are read when they are asked for.
    """
    results = Results(folder, lang=lang)
    if not results.manifest:
        raise FileNotFoundError(f"{results.folder} holds no results")
    return results
