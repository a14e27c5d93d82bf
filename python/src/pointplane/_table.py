"""Tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pointplane import _native
from pointplane._words import escaped

if TYPE_CHECKING:
    from os import PathLike

#: Rows that a notebook shows.
SHOWN = 10


class Column(NamedTuple):
    """A column of a table.

    Attributes
    ----------
    name : str
        Name: ASCII, snake_case, at most 32 characters.
    kind : str
        ``text``, ``int``, ``float``, or ``month``, which is the date of its first day.
    unit : str
        Unit; empty when it has none.
    description : str
        What it is, or its formula.
    """

    name: str
    kind: str
    unit: str
    description: str


class Table:
    """A table in memory: texts, whole numbers, numbers and months; what is missing is null.

    It has the Arrow PyCapsule interface, so ``polars.DataFrame(table)``, ``pyarrow.table(table)``, DuckDB and others take it
    over without a copy.
    """

    def __init__(self, native: _native.Table) -> None:
        """Take a table of the library; users get tables from results and scenarios."""
        self._native = native

    @property
    def name(self) -> str:
        """Name of the table."""
        return self._native.name

    @property
    def columns(self) -> list[Column]:
        """The columns, each with its unit and what it is."""
        return [Column(*of) for of in self._native.columns]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._native)

    def __arrow_c_schema__(self) -> object:
        """Give the schema as an Arrow PyCapsule."""
        return self._native.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the rows as an Arrow PyCapsule."""
        return self._native.__arrow_c_stream__(requested_schema)

    def to_pyarrow(self) -> Any:
        """Give a ``pyarrow.Table``, without a copy."""
        import pyarrow

        return pyarrow.table(self)

    def to_polars(self) -> Any:
        """Give a ``polars.DataFrame``, without a copy."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> Any:
        """Give a ``pandas.DataFrame``; months are timestamps. Without pyarrow the values are copied one by one."""
        import pandas

        months = [of.name for of in self.columns if of.kind == "month"]
        try:
            import pyarrow
        except ImportError:
            frame = pandas.DataFrame(self.to_pydict())
        else:
            frame = pyarrow.table(self).to_pandas()
        for name in months:
            frame[name] = pandas.to_datetime(frame[name])
        return frame

    def to_pydict(self) -> dict[str, list[Any]]:
        """Give the columns as lists; months are dates, what is missing is None."""
        return self._native.to_pydict()

    def to_stata(self, path: str | PathLike[str]) -> None:
        """Write a Stata file (format 118): a panel that is declared, with labels.

        Months are ``%tm`` dates; texts stay texts. Where the table has months, the columns of text and of counters that
        name a row's series together make the numeric variable ``panel``, whose values are labelled, and the file has the
        characteristics that ``xtset panel month`` would set. It needs pandas. No Stata was at hand to read the files; they
        are held against the rules of the format.

        Parameters
        ----------
        path : path
            The file, with the ending ``.dta``.
        """
        from pointplane._stata import write

        write(self, path)

    def __repr__(self) -> str:
        """Name, rows and columns."""
        names = ", ".join(of.name for of in self.columns)
        return f"<Table {self.name}: {len(self)} rows; {names}>"

    def _repr_html_(self) -> str:
        rows = self._native.to_pydict(SHOWN)
        heads = "".join(f'<th title="{escaped(of.description)}">{escaped(of.name)}</th>' for of in self.columns)
        lines = zip(*rows.values(), strict=True) if rows else ()
        body = "".join("<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in line) + "</tr>" for line in lines)
        more = len(self) - min(len(self), SHOWN)
        foot = f"<p>{more} more rows</p>" if more else ""
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{foot}"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return escaped(f"{value:.6g}" if isinstance(value, float) else str(value))
