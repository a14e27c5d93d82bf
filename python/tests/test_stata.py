"""Stata files, held against the rules of format 118 (Stata itself was not at hand)."""

import struct

import pandas
import pytest

import pointplane as pp

from conftest import MINIMAL


@pytest.fixture(scope="module")
def found():
    return pp.compare(MINIMAL, "none", baseline="base", replicates=3, every=12)


def between(data: bytes, tag: str) -> bytes:
    start = data.index(f"<{tag}>".encode()) + len(tag) + 2
    return data[start : data.index(f"</{tag}>".encode(), start)]


def characteristics(data: bytes) -> dict[str, str]:
    rest = between(data, "characteristics")
    told = {}
    while rest:
        assert rest[:4] == b"<ch>"
        (length,) = struct.unpack("<I", rest[4:8])
        body = rest[8 : 8 + length]
        assert rest[8 + length : 13 + length] == b"</ch>"
        assert len(body) == length
        of, name, value = body[:129], body[129:258], body[258:]
        assert of.rstrip(b"\0") == b"_dta"
        assert value.endswith(b"\0")
        told[name.rstrip(b"\0").decode()] = value[:-1].decode()
        rest = rest[13 + length :]
    return told


def test_a_panel_is_declared(found, tmp_path):
    path = tmp_path / "places.dta"
    found.to_stata(path, "places")
    data = path.read_bytes()
    assert data.startswith(b"<stata_dta><header><release>118</release>")
    # The map says where each part begins: the 14 offsets of the format.
    offsets = struct.unpack("<14Q", between(data, "map"))
    tags = [
        *["stata_dta", "map", "variable_types", "varnames", "sortlist", "formats"],
        *["value_label_names", "variable_labels", "characteristics", "data", "strls"],
        *["value_labels", "/stata_dta"],
    ]
    for offset, tag in zip(offsets, tags, strict=False):
        assert data[offset:].startswith(f"<{tag}>".encode()), tag
    assert offsets[13] == len(data)
    told = characteristics(data)
    assert (told["_TSpanel"], told["_TStvar"]) == ("panel", "month")
    with pandas.io.stata.StataReader(path, convert_dates=False, convert_categoricals=False) as reader:
        frame = reader.read()
        formats = dict(zip(frame.columns, reader._fmtlist, strict=True))
        labels = reader.variable_labels()
        values = reader.value_labels()
    assert formats["month"] == "%tm"
    # Months since January 1960.
    first = found["places"].to_pandas()["month"].min()
    assert frame["month"].min() == (first.year - 1960) * 12 + first.month - 1
    # Each series has each month once, in order: what xtset asks.
    assert not frame.duplicated(["panel", "month"]).any()
    assert frame.groupby("panel")["month"].apply(lambda m: m.is_monotonic_increasing).all()
    assert frame["place"].map(type).eq(str).all()
    names = next(iter(values.values()))
    row = frame.iloc[0]
    assert row["place"] in names[int(row["panel"])]
    assert all(labels[of.name] for of in found.columns("places") if of.description)
    assert max(map(len, labels.values())) <= 80
    assert len(frame) == len(found["places"])


@pytest.mark.parametrize("table", ["effects", "outcomes", "national", "ranking"])
def test_every_table_is_written(found, tmp_path, table):
    path = tmp_path / f"{table}.dta"
    found[table].to_stata(path)
    back = pandas.read_stata(path, convert_categoricals=False)
    frame = found[table].to_pandas()
    assert len(back) == len(frame)
    assert set(frame.columns) <= set(back.columns)
    for column in found.columns(table):
        if column.kind == "float" and "panel" not in back.columns:
            pandas.testing.assert_series_equal(back[column.name], frame[column.name], check_dtype=False)
