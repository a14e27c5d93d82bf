"""Stata files."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from os import PathLike

    from pointplane._table import Table

#: The numeric variable that names a series of the panel.
PANEL = "panel"
#: Columns of whole numbers that name a series, beside all columns of text.
_COUNTERS = ("replicate", "draw")
#: Longest label of a variable, in characters.
_LABEL = 80
#: Most labelled values; Stata takes 65,536.
_VALUES = 65_536


def write(table: Table, path: str | PathLike[str]) -> None:
    """Write a table in format 118; see `Table.to_stata`."""
    from pandas.io.stata import StataWriterUTF8

    frame = table.to_pandas()
    months = [of.name for of in table.columns if of.kind == "month"]
    texts = [of.name for of in table.columns if of.kind == "text"]
    for name in texts:
        # Stata has no missing text but the empty one.
        frame[name] = frame[name].astype(object).where(frame[name].notna(), "")
    for of in table.columns:
        if of.kind == "int" and frame[of.name].isna().any():
            frame[of.name] = frame[of.name].astype("float64")
    labels = {of.name: _label(of.description, of.unit) for of in table.columns}
    value_labels: dict[str, dict[int, str]] = {}
    declared: dict[str, str] = {}
    series = [of.name for of in table.columns if of.kind == "text" or of.name in _COUNTERS]
    time = months[0] if months else None
    if time is not None and series and PANEL not in frame.columns:
        numbered = frame.groupby(series, sort=False, dropna=False).ngroup() + 1
        # It is a panel only if each series has each month once.
        if not frame.assign(**{PANEL: numbered}).duplicated([PANEL, time]).any():
            firsts = frame.loc[~numbered.duplicated(), series]
            names = [" ".join(str(of) for of in row) for row in firsts.itertuples(index=False)]
            frame.insert(0, PANEL, numbered.astype("int32"))
            labels[PANEL] = _label("series: " + ", ".join(series), "")
            if len(names) <= _VALUES:
                value_labels[PANEL] = dict(enumerate(names, 1))
            frame = frame.sort_values([PANEL, time], kind="stable").reset_index(drop=True)
            # What `xtset panel month` keeps in a file.
            declared = {
                "_TSpanel": PANEL,
                "_TStvar": time,
                "_TSdelta": "+1.0000000000000X+000",
                "_TSitrvl": "1",
                "tis": time,
                "iis": PANEL,
            }

    class Writer(StataWriterUTF8):  # type: ignore[misc]
        """The writer of pandas, which has no characteristics."""

        def _write_characteristics(self) -> None:
            self._update_map("characteristics")
            told = b"".join(_characteristic("_dta", name, value) for name, value in declared.items())
            self._write_bytes(self._tag(told, "characteristics"))

    dates = {name: "tm" for name in months}
    options: dict[str, Any] = {"write_index": False, "version": 118, "data_label": table.name[:80]}
    writer = Writer(
        path,
        frame,
        convert_dates=dates,
        variable_labels=labels,
        value_labels=value_labels,
        **options,
    )
    writer.write_file()


def _characteristic(of: str, name: str, value: str) -> bytes:
    """Write a characteristic: two names of 129 bytes and a text, each ended by a zero."""
    text = value.encode() + b"\0"
    body = of.encode().ljust(129, b"\0") + name.encode().ljust(129, b"\0") + text
    return b"<ch>" + struct.pack("<I", len(body)) + body + b"</ch>"


def _label(text: str, unit: str) -> str:
    """Shorten a description, with its unit, to what Stata shows."""
    unit = f" ({unit})" if unit else ""
    room = _LABEL - len(unit)
    text = text if len(text) <= room else text[: room - 1].rstrip() + "…"
    return f"{text}{unit}"[:_LABEL]
