//! Checks that look at several keys of a scenario at once: calendar, domains, layers and their
//! sources of links, parameters that go together.

use std::collections::BTreeMap;

use super::Month;
use super::firms::check_firms;
use super::problem::Report;
use super::spec::{LayerSpec, LinkRule, LinkSourceSpec, ScenarioSpec, TableSpec};
use super::tree::Node;
use super::weights::Format;
use crate::texts::text;

/// Longest run, in months.
pub const LONGEST_RUN: i32 = 4000;
/// How far the affinities of a domain may add up past 1.
const ROUNDING: f64 = 1e-6;

/// Reports what does not fit together in a scenario whose keys are right one by one.
pub fn check_spec(spec: &ScenarioSpec, tree: &Node, report: &mut Report) {
    calendar(spec, tree, report);
    domains(spec, tree, report);
    let layers = tree.good_items("layers");
    unique(
        layers
            .iter()
            .copied()
            .zip(spec.layers.iter().map(|layer| layer.id.as_str())),
        |at| format!("layers.{at}.id"),
        tree,
        report,
    );
    for (l, layer) in layers.into_iter().zip(&spec.layers) {
        let sources = tree.good_items(&format!("layers.{l}.links")).into_iter();
        for (s, source) in sources.zip(&layer.links) {
            link_source(source, &format!("layers.{l}.links.{s}"), tree, report);
        }
    }
    check_firms(spec, tree, report);
    coefficients(spec, tree, report);
    standardised(spec, tree, report);
    let covariates = tree.good_items("covariates").into_iter();
    unique(
        covariates.zip(
            spec.covariates
                .iter()
                .map(|covariate| covariate.id.as_str()),
        ),
        |at| format!("covariates.{at}.id"),
        tree,
        report,
    );
    let files = tree.good_items("places.files").into_iter();
    unique(
        files.zip(spec.places.files.iter().map(String::as_str)),
        |at| format!("places.files.{at}"),
        tree,
        report,
    );
    if let Some(layer) = &spec.gateways.transit_layer
        && layers_sure(tree)
        && !spec.layers.iter().any(|known| known.id == *layer)
    {
        let key = "gateways.transit_layer";
        unknown_layer(layer, key, spec.layers.iter(), tree, report);
    }
    let point = &spec.point;
    let sure = |keys: [&str; 2]| !keys.iter().any(|key| tree.broken_at(key));
    if sure(["point.quality_base", "point.quality_gain"])
        && point.quality_base + point.quality_gain >= 1.0
    {
        let sum = point.quality_base + point.quality_gain;
        let key = "point.quality_gain";
        let what = text!("quality-sum", sum);
        let problem = tree.origin_of(key).error(what).key(key);
        report.push(
            problem
                .value(point.quality_gain)
                .allowed(text!("sum-below-1")),
        );
    }
    if sure(["point.direct_share", "point.indirect_share"])
        && point.direct_share + point.indirect_share > 1.0 + 1e-9
    {
        let sum = point.direct_share + point.indirect_share;
        let key = "point.direct_share";
        let what = text!("shares-sum", sum);
        let problem = tree.origin_of(key).error(what).key(key);
        report.push(
            problem
                .value(point.direct_share)
                .allowed(text!("sum-at-most-1")),
        );
    }
}

/// Whether the ids of all layers are known.
fn layers_sure(tree: &Node) -> bool {
    let ids = tree.good_items("layers");
    let mut ids = ids.iter().map(|at| format!("layers.{at}.id"));
    let list = tree.at("layers").map(|layers| &layers.value);
    let items = matches!(list, Some(super::tree::Value::Array(items))
        if !items.iter().any(Node::is_broken));
    items && !ids.any(|id| tree.broken_at(&id))
}

fn calendar(spec: &ScenarioSpec, tree: &Node, report: &mut Report) {
    let months = spec.end.since(spec.start) + 1;
    let end = tree.origin_of("end");
    let known = !tree.broken_at("start") && !tree.broken_at("end");
    if !known {
        // Reported; nothing can be compared with it.
    } else if spec.start > spec.end {
        let what = text!("ends-before-start", start = spec.start);
        report.push(end.error(what).key("end").value(spec.end));
    } else if months > LONGEST_RUN {
        let problem = end.error(text!("run-months", months));
        let problem = problem.key("end").value(spec.end);
        report.push(problem.allowed(text!("months-allowed", LONGEST_RUN)));
    }
    let evaluations = &spec.plane.evaluations;
    let positions = tree.good_items("plane.evaluations");
    for (at, pair) in positions.iter().skip(1).zip(evaluations.windows(2)) {
        if pair[0] >= pair[1] {
            let key = format!("plane.evaluations.{at}");
            let what = text!("month-not-after", before = pair[0]);
            report.push(tree.origin_of(&key).error(what).key(key).value(pair[1]));
        }
    }
    let outside = |month: &&Month| **month < spec.start || **month > spec.end;
    let outside: Vec<String> = evaluations
        .iter()
        .filter(outside)
        .map(Month::to_string)
        .collect();
    if !outside.is_empty() && known && spec.start <= spec.end {
        let key = "plane.evaluations";
        let what = text!(
            "evaluations-outside",
            n = outside.len(),
            start = spec.start,
            end = spec.end,
            list = super::problem::some_of(&outside, 6)
        );
        report.push(tree.origin_of(key).warning(what).key(key));
    }
}

fn domains(spec: &ScenarioSpec, tree: &Node, report: &mut Report) {
    let positions = tree.good_items("domains");
    unique(
        positions
            .iter()
            .copied()
            .zip(spec.domains.iter().map(|domain| domain.id.as_str())),
        |at| format!("domains.{at}.id"),
        tree,
        report,
    );
    let layers_sure = layers_sure(tree);
    for (at, domain) in positions.into_iter().zip(&spec.domains) {
        let key = format!("domains.{at}.affinity");
        if tree.broken_at(&key) {
            continue;
        }
        let before = report.errors();
        for (layer, share) in &domain.affinity {
            let path = format!("{key}.{layer}");
            if layers_sure && !spec.layers.iter().any(|known| known.id == *layer) {
                // One that has its share already is not meant.
                let free = spec.layers.iter();
                let free = free.filter(|known| !domain.affinity.contains_key(&known.id));
                unknown_layer(layer, &path, free, tree, report);
            } else if !(0.0..=1.0).contains(share) {
                let problem = tree.origin_of(&path).error(text!("out-of-range")).key(path);
                report.push(problem.value(share).allowed(text!("range-share")));
            }
        }
        let missing: Vec<&str> = spec
            .layers
            .iter()
            .map(|layer| layer.id.as_str())
            .filter(|layer| !domain.affinity.contains_key(*layer))
            .collect();
        if !layers_sure || tree.doubtful_at(&key) {
            continue;
        }
        if !missing.is_empty() {
            let what = text!(
                "domain-no-share",
                id = domain.id,
                layers = missing.join(", ")
            );
            report.push(tree.origin_of(&key).error(what).key(&*key));
        }
        let sum: f64 = domain.affinity.values().sum();
        if !by_layer(spec) && report.errors() == before && (sum - 1.0).abs() > ROUNDING {
            let what = text!("domain-shares-sum", id = domain.id, sum);
            let problem = tree.origin_of(&key).error(what).key(key);
            report.push(problem.allowed(text!("sum-of-1")));
        }
    }
    let none = spec.domains.iter().map(|domain| domain.share).sum::<f64>() <= 0.0;
    if none && !tree.doubtful_at("domains") {
        let what = text!("domains-all-0");
        let key = "domains";
        report.push(tree.origin_of(key).error(what).key(key));
    }
}

/// Whether layers have coefficients of their own.
fn by_layer(spec: &ScenarioSpec) -> bool {
    spec.layers.iter().any(|layer| layer.coefficient.is_some())
}

/// Layers have coefficients of their own all or none; then β is not used.
fn coefficients(spec: &ScenarioSpec, tree: &Node, report: &mut Report) {
    if !by_layer(spec) {
        return;
    }
    for (at, layer) in tree.good_items("layers").into_iter().zip(&spec.layers) {
        let key = format!("layers.{at}.coefficient");
        if layer.coefficient.is_none() && !tree.broken_at(&key) {
            let problem = tree
                .origin_of(&key)
                .error(text!("coefficient-missing", layer = layer.id));
            report.push(problem.key(key));
        }
    }
    let key = "line.beta";
    if tree.at(key).is_some() && !tree.broken_at(key) {
        let problem = tree.origin_of(key).error(text!("coefficients-and-beta"));
        report.push(problem.key(key).value(spec.line.beta));
    }
}

/// Only links of tables have weights that mean something before they are standardised.
fn standardised(spec: &ScenarioSpec, tree: &Node, report: &mut Report) {
    for (at, layer) in tree.good_items("layers").into_iter().zip(&spec.layers) {
        let key = format!("layers.{at}.standardise");
        let of_table = |source: &LinkSourceSpec| matches!(source.rule, LinkRule::Table(_));
        if !layer.standardise.is_row() && !layer.links.iter().all(of_table) {
            let problem = tree.origin_of(&key).error(text!("standardise-tables"));
            report.push(problem.key(key).value("none").allowed("row"));
        }
    }
}

fn unknown_layer<'s>(
    layer: &str,
    key: &str,
    layers: impl Iterator<Item = &'s LayerSpec>,
    tree: &Node,
    report: &mut Report,
) {
    let nearest = report.near(layer, layers.map(|known| known.id.as_str()));
    let problem = tree.origin_of(key).error(text!("no-layer")).key(key);
    report.push(problem.value(layer).nearest(nearest));
}

fn unique<'a>(
    names: impl Iterator<Item = (usize, &'a str)>,
    key: impl Fn(usize) -> String,
    tree: &Node,
    report: &mut Report,
) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, name) in names {
        match seen.get(name) {
            _ if tree.broken_at(&key(at)) => {}
            Some(first) => {
                let first = tree.origin_of(&key(*first));
                let what = text!("already-taken-at", file = first.file, line = first.line);
                let key = key(at);
                report.push(tree.origin_of(&key).error(what).key(key).value(name));
            }
            None => {
                seen.insert(name, at);
            }
        }
    }
}

/// Reports a table of links whose file is of no known kind.
fn link_source(source: &LinkSourceSpec, key: &str, tree: &Node, report: &mut Report) {
    let path = format!("{key}.file");
    if let LinkRule::Table(TableSpec { file }) = &source.rule
        && !tree.broken_at(&format!("{key}.rule"))
        && !tree.broken_at(&path)
        && Format::of(file).is_none()
    {
        let problem = tree.origin_of(&path).error(text!("unknown-file-kind"));
        let problem = problem.key(path).value(file);
        report.push(problem.allowed(text!("ends-csv-gal-gwt")));
    }
}
