//! A layout that puts estimates into their scenario.

use crate::scenario::{Loaded, Setting};
use crate::world::mechanism::Id;
use toml::{Table, Value};

use super::found::Estimates;
use super::terms::{What, by_layer};

/// The text of the layout `estimated`, with what else is `set`: a key with dots, and its value. Lists of a scenario are
/// replaced as wholes, so domains, layers and covariates are there with all their keys. What is not identified keeps its
/// value.
pub fn layout(loaded: &Loaded, found: &Estimates, set: Option<(&str, f64)>) -> String {
    let (spec, scenario) = (&loaded.spec, &loaded.scenario);
    let estimate = |what: What| {
        let mut terms = found.terms.iter();
        let term = terms.find(|t| t.parameter.what == what);
        term.and_then(|term| term.estimate)
    };
    let mut all = Table::new();
    if let Some((key, value)) = set {
        insert(&mut all, key, Setting::number(value));
    }
    let mut put = |key: &str, value: Option<f64>| {
        if let Some(value) = value {
            insert(&mut all, key, Value::Float(value));
        }
    };
    for (key, what) in [
        ("line.intrinsic_rate", What::Intrinsic),
        ("line.beta", What::Beta),
        ("line.line_bonus", What::Bonus(Id::Line)),
        ("line.circle_bonus", What::Bonus(Id::Circle)),
        ("line.axis_bonus", What::Bonus(Id::Axis)),
        ("line.express", What::Express),
        ("line.provincial_rate", What::Provincial),
        ("line.national_rate", What::National),
        ("gateways.transit_strength", What::Transit),
        ("alliances.strength_factor", What::Factor),
    ] {
        put(key, estimate(what));
    }
    if !all.contains_key("line") {
        all.insert("line".to_owned(), Value::Table(Table::new()));
    }
    let domains = || (0..spec.domains.len()).map(What::OfDomain);
    if domains().any(|what| estimate(what).is_some()) {
        let mut list = spec.domains.clone();
        for (domain, what) in list.iter_mut().zip(domains()) {
            domain.intrinsic_rate = estimate(what).or(domain.intrinsic_rate);
        }
        all.extend(Value::try_from(list).map(|list| ("domains".to_owned(), list)));
    }
    if by_layer(scenario) {
        let mut layers = spec.layers.clone();
        for (l, layer) in layers.iter_mut().enumerate() {
            layer.coefficient = estimate(What::Layer(l)).or(layer.coefficient);
        }
        all.extend(Value::try_from(layers).map(|layers| ("layers".to_owned(), layers)));
    }
    if !spec.covariates.is_empty() {
        let mut covariates = spec.covariates.clone();
        for (q, covariate) in covariates.iter_mut().enumerate() {
            covariate.effect = estimate(What::Covariate(q)).unwrap_or(covariate.effect);
        }
        all.extend(Value::try_from(covariates).map(|list| ("covariates".to_owned(), list)));
    }
    let mut strengths = Table::new();
    let factor = scenario.alliance_strength_factor;
    for (a, alliance) in scenario.alliances.iter().enumerate() {
        // What acts is the strength times the factor of all.
        if let Some(value) = estimate(What::Alliance(a)).filter(|_| factor > 0.0) {
            strengths.insert(alliance.id.clone(), Value::Float(value / factor));
        }
    }
    let mut layout = Table::new();
    layout.insert("layout".to_owned(), Value::String("estimated".to_owned()));
    if !strengths.is_empty() {
        layout.insert("strengths".to_owned(), Value::Table(strengths));
    }
    layout.insert("set".to_owned(), Value::Table(all));
    // A table can always be written.
    toml::to_string(&layout).unwrap_or_default()
}

/// Puts a value at a key with dots.
fn insert(table: &mut Table, key: &str, value: Value) {
    let Some((first, rest)) = key.split_once('.') else {
        table.insert(key.to_owned(), value);
        return;
    };
    let below = table
        .entry(first)
        .or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(below) = below {
        insert(below, rest, value);
    }
}
