"""Scenarios of data frames: what goes in comes out."""

import string
from pathlib import Path

import geopandas
import libpysal
import networkx
import numpy
import pandas
import polars
import pyarrow
import pytest
import scipy.sparse
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pointplane as pp

PLACES = pandas.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "lon": [1.0, 2.0, 1.0, 2.0],
        "lat": [1.0, 1.0, 2.0, 2.0],
        "weight": [10.0, 20.5, 30.0, 40.0],
    }
)
LINKS = pandas.DataFrame({"source": ["a", "b", "c"], "target": ["b", "a", "d"], "weight": [1.0, 0.5, 2.0]})
#: Weights stay as they are.
RAW = {
    "layers": [
        {
            "id": "links",
            "standardise": "none",
            "links": [{"rule": "table", "file": "links_links.csv"}],
        }
    ]
}


def links_of(scenario: pp.Scenario) -> set[tuple[str, str, float]]:
    lists = scenario.links().to_pydict()
    return set(zip(lists["source"], lists["target"], lists["weight"], strict=True))


@pytest.mark.parametrize(
    "of", [lambda f: f, polars.DataFrame, pyarrow.Table.from_pandas, lambda f: f.to_dict("records")]
)
def test_any_frame_will_do(of):
    scenario = pp.Scenario.from_frames(of(PLACES), links=of(LINKS), parameters={**RAW, "line.beta": 0.3})
    back = scenario.places().to_pandas()
    pandas.testing.assert_frame_equal(back[["id", "lon", "lat", "weight"]], PLACES, check_dtype=False)
    assert set(back["kind"]) == {"region"}
    assert links_of(scenario) == {("a", "b", 1.0), ("b", "a", 0.5), ("c", "d", 2.0)}
    assert scenario.line.beta == 0.3
    assert "beta = 0.3" in scenario.to_toml()


class OnlyArrow:
    """What any library has that speaks Arrow."""

    def __init__(self, table):
        self.table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


def test_what_only_speaks_arrow_will_do():
    arrow = OnlyArrow(pyarrow.Table.from_pandas(PLACES))
    scenario = pp.Scenario.from_frames(arrow, links=OnlyArrow(pyarrow.Table.from_pandas(LINKS)))
    assert len(scenario.places()) == 4
    # A table of results is such a thing.
    again = pp.Scenario.from_frames(scenario.places(), links=LINKS)
    assert again.places().to_pydict() == scenario.places().to_pydict()


def weights():
    ids = list(PLACES["id"])
    matrix = numpy.zeros((4, 4))
    for source, target, weight in LINKS.itertuples(index=False):
        matrix[ids.index(target), ids.index(source)] = weight
    graph = networkx.DiGraph()
    graph.add_nodes_from(ids)
    graph.add_weighted_edges_from(LINKS.itertuples(index=False, name=None))
    neighbors = {of: list(LINKS.loc[LINKS["target"] == of, "source"]) for of in ids}
    values = {of: list(LINKS.loc[LINKS["target"] == of, "weight"]) for of in ids}
    w = libpysal.weights.W(neighbors, values, silence_warnings=True)
    return {
        "networkx": graph,
        "csr": scipy.sparse.csr_matrix(matrix),
        "coo": scipy.sparse.coo_array(matrix),
        "W": w,
        "Graph": libpysal.graph.Graph.from_W(w),
    }


@pytest.mark.parametrize("kind", ["networkx", "csr", "coo", "W", "Graph"])
def test_weights_of_other_packages(kind):
    scenario = pp.Scenario.from_frames(PLACES, weights=weights()[kind], parameters=RAW)
    assert links_of(scenario) == {("a", "b", 1.0), ("b", "a", 0.5), ("c", "d", 2.0)}


def test_layers_by_name():
    graph = networkx.path_graph(["a", "b", "c", "d"])
    scenario = pp.Scenario.from_frames(PLACES, links=LINKS, weights={"road": graph})
    layers = scenario.links().to_pandas().groupby("layer").size()
    assert dict(layers) == {"links": 3, "road": 6}
    assert scenario.domains[0]["affinity"] == {"links": 0.5, "road": 0.5}


def test_polygons_that_touch_listen_to_each_other():
    shapes = [shapely.box(x, y, x + 1, y + 1) for x, y in [(0, 0), (1, 0), (5, 0), (6, 1)]]
    frame = geopandas.GeoDataFrame(PLACES[["id", "weight"]], geometry=shapes, crs=4326)
    scenario = pp.Scenario.from_frames(frame)
    pairs = {(a, b) for a, b, _ in links_of(scenario)}
    # The last two have a corner in common.
    assert pairs == {("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")}
    assert scenario.places().to_pandas()["lon"].tolist() == [0.5, 1.5, 5.5, 6.5]
    queen = libpysal.graph.Graph.build_contiguity(frame.set_index("id"), rook=False)
    again = pp.Scenario.from_frames(frame, weights=queen)
    assert links_of(again) == links_of(scenario)


def test_what_is_wrong_is_told_with_the_row():
    wrong = PLACES.assign(lon=[1, 2, 300, 4])
    with pytest.raises(pp.ScenarioError) as raised:
        pp.Scenario.from_frames(wrong, links=LINKS.assign(source=["a", "b", "nowhere"]))
    found = {(of.column, (of.value or "").strip('"')) for of in raised.value.problems}
    assert ("lon", "300") in found
    assert "nowhere" in str(raised.value)
    assert {of.line for of in raised.value.problems if of.column == "lon"} == {4}


def test_missing_values_of_pandas_are_empty_cells():
    frame = PLACES.assign(name_zh=pandas.array(["x", None, "y", "z"], dtype="string"))
    assert frame["name_zh"][1] is pandas.NA
    scenario = pp.Scenario.from_frames(frame, links=LINKS)
    assert scenario.places().to_pandas()["id"].tolist() == PLACES["id"].tolist()


@pytest.mark.parametrize("shape", [(2, 2), (4, 5), (5, 5)])
def test_a_matrix_of_another_size_is_refused(shape):
    with pytest.raises(pp.ScenarioError, match="each of the 4 places") as raised:
        pp.Scenario.from_frames(PLACES, weights=scipy.sparse.coo_array(numpy.ones(shape)))
    assert raised.value.problems[0].place == "weights"


def test_polygons_without_ids_are_told():
    frame = geopandas.GeoDataFrame({"name_en": ["a", "b"]}, geometry=[shapely.box(n, 0, n + 1, 1) for n in range(2)])
    with pytest.raises(pp.ScenarioError) as raised:
        pp.Scenario.from_frames(frame)
    assert "id" in {of.column for of in raised.value.problems}


def test_a_given_history_is_estimated(tmp_path):
    folder = Path("scenarios/us-lotteries")
    frames = {name: pandas.read_csv(folder / f"{name}.csv") for name in ("states", "borders", "adoptions", "items")}
    scenario = pp.Scenario.from_frames(
        frames["states"],
        links=frames["borders"],
        history=frames["adoptions"],
        items=frames["items"],
        parameters={
            "start": "1964-01",
            "end": "1986-12",
            "step": "year",
            "line": {"intrinsic_rate": 0.0105, "structures": False},
            "domains": [{"id": "lottery", "name_en": "x", "name_zh": "x", "affinity": {"neighbours": 1.0}}],
            "layers": [
                {
                    "id": "neighbours",
                    "standardise": "none",
                    "coefficient": 0.054,
                    "links": [{"rule": "table", "file": "links_links.csv"}],
                }
            ],
        },
        name="lotteries",
        folder=tmp_path / "made",
    )
    assert (tmp_path / "made" / "scenario.toml").exists()
    made = pp.estimate(scenario)["estimates"].to_pydict()
    shipped = pp.estimate(folder)["estimates"].to_pydict()
    assert made["parameter"] == shipped["parameter"]
    assert made["estimate"] == shipped["estimate"]


ids = st.text(string.ascii_lowercase + string.digits + "_-.", min_size=1, max_size=12)
names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters='"'), max_size=8)
degrees = st.floats(-80, 80).map(lambda x: round(x, 6))
weight = st.floats(1e-3, 1e9, allow_nan=False, allow_infinity=False)


@st.composite
def countries(draw):
    some = draw(st.lists(ids, min_size=2, max_size=8, unique=True))
    # A place whose name is not read as a number, a comment or nothing at all.
    some = [f"p{of}" for of in some]
    places = pandas.DataFrame(
        {
            "id": some,
            "name_en": [draw(names) for _ in some],
            "lon": [draw(degrees) for _ in some],
            "lat": [draw(degrees) for _ in some],
            "weight": [draw(weight) for _ in some],
        }
    )
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(some), st.sampled_from(some)).filter(lambda p: p[0] != p[1]),
            min_size=1,
            max_size=12,
            unique=True,
        )
    )
    links = pandas.DataFrame(pairs, columns=["source", "target"])
    links["weight"] = [draw(st.floats(1e-3, 1e3)) for _ in pairs]
    return places, links


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    countries(),
    st.floats(0, 10),
    st.integers(0, 2**62),
    st.sampled_from(["linear", "hill"]),
)
def test_what_goes_in_comes_out(country, beta, seed, response):
    """Data frame → scenario → resolved → data frame."""
    places, links = country
    parameters = {**RAW, "line": {"beta": beta, "response": response}, "seed": seed}
    scenario = pp.Scenario.from_frames(places, links=links, parameters=parameters)
    back = scenario.places().to_pydict()
    for name in places.columns:
        wanted = [of if of != "" else None for of in places[name].tolist()]
        if name == "name_en":
            wanted = [of.strip() or None if of else None for of in wanted]
        assert back[name] == wanted, name
    assert links_of(scenario) == set(links.itertuples(index=False, name=None))
    assert scenario.parameters["line.beta"] == beta
    assert scenario.parameters["seed"] == seed
    assert scenario.parameters["line.response"] == response
    # The resolved scenario, read again beside the same tables, is the same.
    resolved = scenario.path / "again.toml"
    resolved.write_text(scenario.to_toml(), encoding="utf-8")
    again = pp.load(resolved)
    assert not scenario.diff(again)
    assert again.parameters == scenario.parameters
    assert again.places().to_pydict() == back
