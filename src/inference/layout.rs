//! A layout that puts estimates into their scenario.

use crate::scenario::Loaded;
use toml::{Table, Value};

use super::estimate::Estimates;
use super::terms::{Kind, by_layer};

/// The text of the layout `estimated`. Lists of a scenario are replaced as wholes, so layers and covariates are there
/// with all their keys. What is not identified keeps its value.
pub fn layout(loaded: &Loaded, found: &Estimates) -> String {
    let spec = &loaded.spec;
    let estimate = |kind: Kind, name: &str| {
        let mut terms = found.terms.iter();
        let term = terms.find(|t| t.parameter.kind == kind && t.parameter.name == name);
        term.and_then(|term| term.estimate)
    };
    let mut line = Table::new();
    let mut put = |key: &str, value: Option<f64>| {
        line.extend(value.map(|value| (key.to_owned(), Value::Float(value))));
    };
    put("intrinsic_rate", estimate(Kind::Intrinsic, "intrinsic"));
    put(
        "beta",
        estimate(Kind::Contagion, "beta").filter(|_| !by_layer(&loaded.scenario)),
    );
    let mut set = Table::new();
    set.insert("line".to_owned(), Value::Table(line));
    if by_layer(&loaded.scenario) {
        let mut layers = spec.layers.clone();
        for layer in &mut layers {
            layer.coefficient = estimate(Kind::Contagion, &layer.id).or(layer.coefficient);
        }
        set.extend(Value::try_from(layers).map(|layers| ("layers".to_owned(), layers)));
    }
    if !spec.covariates.is_empty() {
        let mut covariates = spec.covariates.clone();
        for covariate in &mut covariates {
            let found = estimate(Kind::Covariate, &covariate.id);
            covariate.effect = found.unwrap_or(covariate.effect);
        }
        set.extend(Value::try_from(covariates).map(|list| ("covariates".to_owned(), list)));
    }
    let mut layout = Table::new();
    layout.insert("layout".to_owned(), Value::String("estimated".to_owned()));
    layout.insert("set".to_owned(), Value::Table(set));
    // A table can always be written.
    toml::to_string(&layout).unwrap_or_default()
}
