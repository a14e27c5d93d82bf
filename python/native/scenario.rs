//! Scenarios: read, looked at, told apart.

use std::path::PathBuf;

use pointplane::scenario::tables::Kind;
use pointplane::scenario::{self, Loaded as Read, Setting};
use pointplane::store::{Column, ColumnDef};
use pointplane::world::World;
use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyRuntimeError};
use pyo3::prelude::*;

use super::call::lang;
use super::table::Table;

create_exception!(
    _native,
    Problems,
    PyException,
    "What is wrong with a scenario: its words, and the problems as JSON."
);

/// A scenario that was read and checked.
#[pyclass(frozen)]
pub struct Loaded(Read);

/// Reads a scenario with layouts over it and keys set.
///
/// `Problems` with words and JSON is raised where it is wrong.
#[pyfunction]
#[pyo3(signature = (path, layouts, set, lang = "en"))]
pub fn load(
    py: Python<'_>,
    path: PathBuf,
    layouts: Vec<PathBuf>,
    set: Vec<String>,
    lang: &str,
) -> PyResult<Loaded> {
    let lang = self::lang(lang)?;
    let read = py.detach(|| scenario::load(&path, &layouts, &Setting::written(&set)));
    read.map(Loaded).map_err(|problems| {
        let words = problems.told(lang).trim_end().to_owned();
        match json(&problems.problems) {
            Ok(all) => Problems::new_err((words, all)),
            Err(error) => error,
        }
    })
}

/// The keys of scenario files: key, symbol, unit, default, allowed, what it is.
#[pyfunction]
pub fn parameters() -> Vec<(String, String, String, String, String, String)> {
    let rows = scenario::parameter_table();
    let words = |row: scenario::ParameterRow| {
        (
            row.key,
            row.symbol,
            row.unit,
            row.default,
            row.range,
            row.what,
        )
    };
    rows.into_iter().map(words).collect()
}

fn json(value: &impl serde::Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| PyRuntimeError::new_err(error.to_string()))
}

#[pymethods]
impl Loaded {
    /// Every key of the scenario file, as JSON.
    fn spec(&self) -> PyResult<String> {
        json(&self.0.spec)
    }

    /// The resolved scenario: after layouts and settings, every parameter written out.
    fn toml(&self) -> String {
        self.0.resolved()
    }

    /// Its name, its layouts, its titles in English and in Chinese.
    #[getter]
    fn named(&self) -> (String, Vec<String>, String, String) {
        let of = &self.0.scenario;
        let layouts = self.0.layouts.clone();
        (
            of.name.clone(),
            layouts,
            of.title.clone(),
            of.title_zh.clone(),
        )
    }

    /// How many places, zones and alliances take part.
    #[getter]
    fn counts(&self) -> (usize, usize, usize) {
        let of = &self.0.scenario;
        let zones = of.places.iter();
        let zones = zones.filter(|place| place.kind == Kind::Zone);
        (of.places.len(), zones.count(), of.alliances.len())
    }

    /// Where a key was set, `file:line`; none for a default.
    fn set_at(&self, key: &str) -> Option<String> {
        self.0.set_at(key)
    }

    /// The places, as they were read.
    fn places(&self) -> PyResult<Table> {
        let places = &self.0.scenario.places;
        let text = |of: &dyn Fn(&scenario::tables::Place) -> String| {
            let all: Vec<String> = places.iter().map(of).collect();
            Column::text(all.iter().map(|text| Some(text.as_str())))
        };
        let number = |of: &dyn Fn(&scenario::tables::Place) -> f64| {
            Column::Float(places.iter().map(of).collect())
        };
        let columns = vec![
            (
                ColumnDef::text("id", "id of the place"),
                text(&|of| of.id.clone()),
            ),
            (
                ColumnDef::text("kind", "what it is"),
                text(&|of| kind(of.kind).to_owned()),
            ),
            (
                ColumnDef::text("name_en", "English name"),
                text(&|of| of.name_en.clone()),
            ),
            (
                ColumnDef::text("name_zh", "Chinese name"),
                text(&|of| of.name_zh.clone()),
            ),
            (
                ColumnDef::float("lon", "degrees", "degrees east"),
                number(&|of| of.lon),
            ),
            (
                ColumnDef::float("lat", "degrees", "degrees north"),
                number(&|of| of.lat),
            ),
            (
                ColumnDef::float("weight", "", "people or GDP, in any one unit"),
                number(&|of| of.weight),
            ),
            (
                ColumnDef::text("province", "province"),
                text(&|of| of.province.clone()),
            ),
            (
                ColumnDef::text("area", "statistical area"),
                text(&|of| of.area.clone()),
            ),
        ];
        Table::of("places", "a place", columns)
    }

    /// The links, layer by layer, with the weights of the first month: who listens to whom.
    fn links(&self, py: Python<'_>) -> PyResult<Table> {
        let scenario = &self.0.scenario;
        let world = py.detach(|| World::new(scenario));
        let world = world.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        let network = &world.network;
        let (mut names, mut weights) = ([const { Vec::new() }; 3], Vec::new());
        for (at, layer) in scenario.layers.iter().enumerate() {
            for link in 0..network.len() {
                let weight = network.base_links(link)[at];
                if weight > 0.0 {
                    let place =
                        |id: pointplane::world::PlaceId| Some(world.places.id[id.index()].as_str());
                    names[0].push(Some(layer.id.as_str()));
                    names[1].push(place(network.source[link]));
                    names[2].push(place(network.listener[link]));
                    weights.push(weight);
                }
            }
        }
        let [layers, sources, targets] = names.map(Column::text);
        let columns = vec![
            (ColumnDef::text("layer", "layer of the link"), layers),
            (ColumnDef::text("source", "place that is heard"), sources),
            (ColumnDef::text("target", "place that listens"), targets),
            (
                ColumnDef::float("weight", "", "base weight of the link"),
                Column::Float(weights),
            ),
        ];
        Table::of("links", "a link of a layer", columns)
    }

    /// What differs in another one, in words and as JSON.
    #[pyo3(signature = (other, lang = "en"))]
    fn diff(&self, other: &Self, lang: &str) -> PyResult<(String, String)> {
        let found = scenario::diff(&self.0, &other.0);
        Ok((found.told(self::lang(lang)?), json(&found)?))
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Zone => "zone",
        Kind::Region => "region",
        Kind::SourceGateway => "source_gateway",
        Kind::TransitGateway => "transit_gateway",
    }
}
