//! Checks that look at several keys of a scenario at once: calendar, domains, layers and their
//! sources of links, parameters that go together.

use std::collections::BTreeMap;

use super::Month;
use super::problem::Report;
use super::spec::{LayerSpec, LinkRule, LinkSourceSpec, ScenarioSpec};
use super::tree::Node;
use super::weights::Format;

/// Longest run, in months.
const LONGEST_RUN: i32 = 4000;
/// How far the affinities of a domain may add up past 1.
const ROUNDING: f64 = 1e-6;

/// Reports what does not fit together in a scenario whose keys are right one by one.
pub fn check_spec(spec: &ScenarioSpec, tree: &Node, report: &mut Report) {
    calendar(spec, tree, report);
    domains(spec, tree, report);
    unique(
        spec.layers.iter().map(|layer| layer.id.as_str()),
        |at| format!("layers.{at}.id"),
        tree,
        report,
    );
    for (l, layer) in spec.layers.iter().enumerate() {
        for (s, source) in layer.links.iter().enumerate() {
            link_source(source, &format!("layers.{l}.links.{s}"), tree, report);
        }
    }
    unique(
        spec.places.files.iter().map(String::as_str),
        |at| format!("places.files.{at}"),
        tree,
        report,
    );
    if let Some(layer) = &spec.gateways.transit_layer
        && !spec.layers.iter().any(|known| known.id == *layer)
    {
        unknown_layer(layer, "gateways.transit_layer", &spec.layers, tree, report);
    }
    let point = &spec.point;
    if point.quality_base + point.quality_gain >= 1.0 {
        let sum = point.quality_base + point.quality_gain;
        let key = "point.quality_gain";
        let what = format!("quality_base and quality_gain add up to {sum}");
        let problem = tree.origin_of(key).error(what).key(key);
        report.push(problem.value(point.quality_gain).allowed("a sum below 1"));
    }
    if point.direct_share + point.indirect_share > 1.0 + 1e-9 {
        let sum = point.direct_share + point.indirect_share;
        let key = "point.direct_share";
        let what = format!("direct_share and indirect_share add up to {sum}");
        let problem = tree.origin_of(key).error(what).key(key);
        report.push(
            problem
                .value(point.direct_share)
                .allowed("a sum of at most 1"),
        );
    }
    for (key, present, needs) in [
        (
            "alliances.members",
            spec.alliances.members.is_some(),
            spec.alliances.file.is_some(),
        ),
        (
            "alliances.file",
            spec.alliances.file.is_some(),
            spec.alliances.members.is_some(),
        ),
        (
            "corridors.segments",
            spec.corridors.segments.is_some(),
            spec.corridors.file.is_some(),
        ),
        (
            "corridors.file",
            spec.corridors.file.is_some(),
            spec.corridors.segments.is_some(),
        ),
    ] {
        if present && !needs {
            let other = match key {
                "alliances.members" => "alliances.file",
                "alliances.file" => "alliances.members",
                "corridors.segments" => "corridors.file",
                _ => "corridors.segments",
            };
            let what = format!("needs `{other}` as well");
            report.push(tree.origin_of(key).error(what).key(key));
        }
    }
}

fn calendar(spec: &ScenarioSpec, tree: &Node, report: &mut Report) {
    let months = spec.end.since(spec.start) + 1;
    let end = tree.origin_of("end");
    if spec.start > spec.end {
        let what = format!("the run ends before it starts ({})", spec.start);
        report.push(end.error(what).key("end").value(spec.end));
    } else if months > LONGEST_RUN {
        let problem = end.error(format!("the run has {months} months"));
        let problem = problem.key("end").value(spec.end);
        report.push(problem.allowed(format!("1 to {LONGEST_RUN} months")));
    }
    let evaluations = &spec.plane.evaluations;
    for (at, pair) in evaluations.windows(2).enumerate() {
        if pair[0] >= pair[1] {
            let key = format!("plane.evaluations.{}", at + 1);
            let what = format!("is not after the month before it ({})", pair[0]);
            report.push(tree.origin_of(&key).error(what).key(key).value(pair[1]));
        }
    }
    let outside = |month: &&Month| **month < spec.start || **month > spec.end;
    let outside: Vec<String> = evaluations
        .iter()
        .filter(outside)
        .map(Month::to_string)
        .collect();
    if !outside.is_empty() && spec.start <= spec.end {
        let key = "plane.evaluations";
        let what = format!(
            "{} evaluations lie outside the run ({} to {}): {}",
            outside.len(),
            spec.start,
            spec.end,
            super::problem::some_of(&outside, 6)
        );
        report.push(tree.origin_of(key).warning(what).key(key));
    }
}

fn domains(spec: &ScenarioSpec, tree: &Node, report: &mut Report) {
    unique(
        spec.domains.iter().map(|domain| domain.id.as_str()),
        |at| format!("domains.{at}.id"),
        tree,
        report,
    );
    for (at, domain) in spec.domains.iter().enumerate() {
        let key = format!("domains.{at}.affinity");
        let before = report.errors();
        for (layer, share) in &domain.affinity {
            let path = format!("{key}.{layer}");
            if !spec.layers.iter().any(|known| known.id == *layer) {
                unknown_layer(layer, &path, &spec.layers, tree, report);
            } else if !(0.0..=1.0).contains(share) {
                let problem = tree.origin_of(&path).error("out of range").key(path);
                report.push(problem.value(share).allowed("0 to 1 (share)"));
            }
        }
        let missing: Vec<&str> = spec
            .layers
            .iter()
            .map(|layer| layer.id.as_str())
            .filter(|layer| !domain.affinity.contains_key(*layer))
            .collect();
        if !missing.is_empty() {
            let what = format!(
                "domain {} has no share on layer {} (write 0 where nothing travels)",
                domain.id,
                missing.join(", ")
            );
            report.push(tree.origin_of(&key).error(what).key(&*key));
        }
        let sum: f64 = domain.affinity.values().sum();
        if report.errors() == before && (sum - 1.0).abs() > ROUNDING {
            let what = format!("the shares of domain {} add up to {sum}", domain.id);
            let problem = tree.origin_of(&key).error(what).key(key);
            report.push(problem.allowed("a sum of 1"));
        }
    }
    if spec.domains.iter().map(|domain| domain.share).sum::<f64>() <= 0.0 {
        let what = "the shares of all domains are 0";
        let key = "domains";
        report.push(tree.origin_of(key).error(what).key(key));
    }
}

fn unknown_layer(layer: &str, key: &str, layers: &[LayerSpec], tree: &Node, report: &mut Report) {
    let nearest = report.near(layer, layers.iter().map(|known| known.id.as_str()));
    let problem = tree.origin_of(key).error("no layer has this id").key(key);
    report.push(problem.value(layer).nearest(nearest));
}

fn unique<'a>(
    names: impl Iterator<Item = &'a str>,
    key: impl Fn(usize) -> String,
    tree: &Node,
    report: &mut Report,
) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, name) in names.enumerate() {
        match seen.get(name) {
            Some(first) => {
                let first = tree.origin_of(&key(*first));
                let what = format!("is already taken at {}:{}", first.file, first.line);
                let key = key(at);
                report.push(tree.origin_of(&key).error(what).key(key).value(name));
            }
            None => {
                seen.insert(name, at);
            }
        }
    }
}

/// The name of a rule in the scenario file.
pub const fn rule_name(rule: LinkRule) -> &'static str {
    match rule {
        LinkRule::Gravity => "gravity",
        LinkRule::Decay => "decay",
        LinkRule::Similarity => "similarity",
        LinkRule::Hierarchy => "hierarchy",
        LinkRule::Table => "table",
    }
}

/// Reports keys that the rule does not use, and a table without a file that can be read.
fn link_source(source: &LinkSourceSpec, key: &str, tree: &Node, report: &mut Report) {
    use LinkRule::{Decay, Gravity, Hierarchy, Similarity, Table};
    let LinkSourceSpec {
        rule,
        share: _,
        k: _,
        file,
        alpha,
        gamma,
        delta_km,
        max_km,
        linkage,
        radiation,
        hinterland,
        same_group,
        capital,
        gateway,
    } = source;
    let distance: &[LinkRule] = &[Gravity, Decay, Similarity];
    let uses: [(&str, bool, &[LinkRule]); 11] = [
        ("file", file.is_some(), &[Table]),
        ("alpha", alpha.is_some(), &[Gravity]),
        ("gamma", gamma.is_some(), &[Gravity]),
        ("delta_km", delta_km.is_some(), &[Decay, Similarity]),
        ("max_km", max_km.is_some(), distance),
        ("linkage", linkage.is_some(), &[Hierarchy]),
        ("radiation", radiation.is_some(), &[Hierarchy]),
        ("hinterland", hinterland.is_some(), &[Hierarchy]),
        ("same_group", same_group.is_some(), &[Hierarchy]),
        ("capital", capital.is_some(), &[Hierarchy]),
        ("gateway", gateway.is_some(), &[Hierarchy]),
    ];
    for (name, present, rules) in uses {
        if present && !rules.contains(rule) {
            let names: Vec<&str> = rules.iter().map(|rule| rule_name(*rule)).collect();
            let what = format!("the rule `{}` does not use this key", rule_name(*rule));
            let path = format!("{key}.{name}");
            let problem = tree.origin_of(&path).error(what).key(path);
            report.push(problem.allowed(format!("with {}", names.join(", "))));
        }
    }
    if *rule == Table {
        let path = format!("{key}.file");
        match file {
            None => {
                let problem = tree.origin_of(key).error("the rule `table` needs a file");
                report.push(problem.key(path));
            }
            Some(file) if Format::of(file).is_none() => {
                let problem = tree.origin_of(&path).error("unknown kind of file");
                let problem = problem.key(path).value(file);
                report.push(problem.allowed("a name that ends in .csv, .gal or .gwt"));
            }
            Some(_) => {}
        }
    }
}
