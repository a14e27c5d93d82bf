"""Scenarios made of data frames: the files that the loader reads, so that there is one format and one check."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pointplane._errors import Problem, ScenarioError

Rows = list[dict[str, Any]]

#: What a scenario has to have and what these frames have no word for.
_START, _END = "2000-01", "2019-12"


def write(
    folder: Path,
    name: str,
    *,
    places: Any,
    zones: Any,
    links: Any,
    weights: Any,
    history: Any,
    items: Any,
    parameters: Mapping[str, Any],
) -> None:
    """Write the files of a scenario."""
    given = [(rows_of(places), "places.csv", "region")]
    if zones is not None:
        given.append((rows_of(zones), "zones.csv", "zone"))
    ids: list[str] = []
    for rows, file, kind in given:
        for row in rows:
            row.setdefault("kind", kind)
        ids += [_cell(row.get("id")) for row in rows]
        _write_csv(folder / file, rows)
    if links is None and weights is None and _geometry(places) is not None:
        weights = _touching(places)
    by_layer = _layers(links, weights, ids)
    spec: dict[str, Any] = {
        "format": 1,
        "name": name,
        "start": _START,
        "end": _END,
        "places": {"files": [file for _, file, _ in given]},
    }
    if by_layer:
        spec["layers"] = []
    for layer, rows in by_layer.items():
        file = f"links_{layer}.csv"
        _write_csv(folder / file, rows, ["source", "target", "weight"])
        spec["layers"].append({"id": layer, "links": [{"rule": "table", "file": file}]})
    if history is not None:
        _write_csv(folder / "adoptions.csv", rows_of(history))
        spec["history"] = {"adoptions": "adoptions.csv"}
    if items is not None:
        _write_csv(folder / "items.csv", rows_of(items))
        spec.setdefault("history", {})["items"] = "items.csv"
    spec = _merged(spec, _nested(parameters))
    layers = [layer["id"] for layer in spec.get("layers", []) if "id" in layer]
    if "domains" not in spec and layers:
        share = {layer: 1.0 / len(layers) for layer in layers}
        # They add up to one, whatever a third is.
        share[layers[0]] = 1.0 - sum(list(share.values())[1:])
        spec["domains"] = [{"id": "all", "name_en": "All", "name_zh": "全部", "affinity": share}]
    (folder / "scenario.toml").write_text(toml(spec), encoding="utf-8")


def rows_of(frame: Any) -> Rows:
    """Give the rows of a frame: of pandas and geopandas (without geometry), of the Arrow interface, or dicts."""
    if hasattr(frame, "itertuples") and hasattr(frame, "columns"):
        geometry = _geometry(frame)
        if geometry is not None:
            frame = _with_positions(frame, geometry)
        columns = [str(of) for of in frame.columns]
        rows = frame.itertuples(index=False, name=None)
        return [dict(zip(columns, row, strict=True)) for row in rows]
    if hasattr(frame, "to_dicts"):
        found: Rows = frame.to_dicts()
        return found
    if hasattr(frame, "to_pylist"):
        found = frame.to_pylist()
        return found
    if hasattr(frame, "to_pydict"):
        lists = frame.to_pydict()
        return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
    if hasattr(frame, "__arrow_c_stream__"):
        import pyarrow

        found = pyarrow.table(frame).to_pylist()
        return found
    return [dict(row) for row in frame]


def _geometry(frame: Any) -> Any:
    """Give the geometry of a geopandas frame; of others none."""
    try:
        return frame.geometry if hasattr(frame, "sjoin") else None
    except AttributeError:
        return None


def _with_positions(frame: Any, geometry: Any) -> Any:
    """Put degrees in place of shapes; a point inside a polygon stands for it."""
    plain = frame.drop(columns=geometry.name)
    if "lon" not in plain.columns:
        if geometry.crs is not None and not geometry.crs.is_geographic:
            geometry = geometry.to_crs(4326)
        points = geometry.representative_point()
        plain = plain.assign(lon=points.x, lat=points.y)
    return plain


def _touching(frame: Any) -> Rows:
    """Give links between polygons that have a point in common (queen contiguity), each with weight 1."""
    shapes = frame.geometry
    if "id" not in frame.columns:
        # The loader says that places need one.
        return []
    ids = [_cell(of) for of in frame["id"]]
    left, right = shapes.sindex.query(shapes, predicate="intersects")
    pairs = {(int(a), int(b)) for a, b in zip(left, right, strict=True) if a != b}
    return [{"source": ids[b], "target": ids[a], "weight": 1} for a, b in sorted(pairs)]


def _layers(links: Any, weights: Any, ids: list[str]) -> dict[str, Rows]:
    """Give rows of source, target and weight by layer."""
    by_layer: dict[str, Rows] = {}
    for row in [] if links is None else rows_of(links):
        layer = _cell(row.get("layer")) or "links"
        by_layer.setdefault(layer, []).append({key: row[key] for key in row if key != "layer"})
    if weights is None:
        return by_layer
    several = isinstance(weights, Mapping)
    for layer, of in weights.items() if several else [("links", weights)]:
        by_layer.setdefault(str(layer), []).extend(_links_of(of, ids))
    return by_layer


def _links_of(weights: Any, ids: list[str]) -> Iterator[dict[str, Any]]:
    """Give links of what other packages have: the focal place, the row, listens to its neighbour, the column."""
    if isinstance(weights, list):
        yield from weights
    elif hasattr(weights, "adjacency") and hasattr(weights, "unique_ids"):
        # libpysal.graph.Graph: a series by focal and neighbor, where an isolate is its own neighbour with weight 0.
        for (focal, neighbor), weight in weights.adjacency.items():
            if weight != 0:
                yield {"source": neighbor, "target": focal, "weight": weight}
    elif hasattr(weights, "neighbors") and hasattr(weights, "weights"):
        # libpysal.weights.W.
        for focal, neighbors in weights.neighbors.items():
            for neighbor, weight in zip(neighbors, weights.weights[focal], strict=True):
                yield {"source": neighbor, "target": focal, "weight": weight}
    elif hasattr(weights, "edges") and hasattr(weights, "is_directed"):
        # networkx: along an edge what is at its beginning is heard at its end.
        for source, target, weight in weights.edges(data="weight", default=1):
            yield {"source": source, "target": target, "weight": weight}
            if not weights.is_directed():
                yield {"source": target, "target": source, "weight": weight}
    elif hasattr(weights, "tocoo"):
        matrix = weights.tocoo()
        rows, columns = matrix.shape
        if not rows == columns == len(ids):
            what = f"a matrix of {rows} rows and {columns} columns"
            allowed = f"a row and a column for each of the {len(ids)} places, in their order"
            problem = Problem("error", "weights", what, value=f"{rows} x {columns}", allowed=allowed)
            raise ScenarioError(f"error: weights: {what}; allowed: {allowed}\n1 error", [problem])
        for row, column, weight in zip(matrix.row, matrix.col, matrix.data, strict=True):
            if weight != 0:
                yield {"source": ids[int(column)], "target": ids[int(row)], "weight": weight}
    else:
        yield from rows_of(weights)


def _is_missing(value: Any) -> bool:
    try:
        return value is None or bool(value != value)
    except TypeError:
        # Of pandas.NA it is not known whether it differs from itself.
        return True


def _cell(value: Any) -> str:
    """Write a value as the tables have it."""
    if _is_missing(value):
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime | date):
        return f"{value.year:04}-{value.month:02}"
    item = getattr(value, "item", None)
    if callable(item):
        return _cell(item())
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


def _write_csv(path: Path, rows: Iterable[Mapping[str, Any]], columns: list[str] | None = None) -> None:
    rows = list(rows)
    # A column in which nothing stands is not given; some may only be there when they are full.
    filled = (str(key) for row in rows for key in row if _cell(row[key]) != "")
    names = columns or list(dict.fromkeys(filled))
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(names)
        out.writerows([_cell(row.get(name)) for name in names] for row in rows)


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Make tables within tables of dotted keys."""
    nested: dict[str, Any] = {}
    for key, value in flat.items():
        *above, last = key.split(".")
        table = nested
        for part in above:
            table = table.setdefault(part, {})
        if isinstance(value, Mapping):
            value = _merged(table.get(last, {}), _nested(value))
        table[last] = value
    return nested


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(below)
    for key, value in above.items():
        of = both.get(key)
        if isinstance(of, Mapping) and isinstance(value, Mapping):
            value = _merged(of, value)
        both[key] = value
    return both


def toml(values: Mapping[str, Any]) -> str:
    """Write TOML: keys first, then tables."""
    lines: list[str] = []

    def table(of: Mapping[str, Any], path: str) -> None:
        plain = {key: value for key, value in of.items() if not isinstance(value, Mapping)}
        lines.extend(f"{_key(key)} = {_value(value)}" for key, value in plain.items() if value is not None)
        for key, value in of.items():
            if isinstance(value, Mapping):
                below = f"{path}.{_key(key)}" if path else _key(key)
                lines.append(f"\n[{below}]")
                table(value, below)

    table(values, "")
    return "\n".join(lines) + "\n"


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else json.dumps(key)


def _value(value: Any) -> str:
    item = getattr(value, "item", None)
    if callable(item):
        value = item()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        words = {math.inf: "inf", -math.inf: "-inf"}
        return words.get(value, "nan" if value != value else repr(value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime | date):
        return json.dumps(f"{value.year:04}-{value.month:02}")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(of) for of in value) + "]"
    # What JSON escapes, TOML escapes in the same way; but JSON leaves the delete character as it is.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
