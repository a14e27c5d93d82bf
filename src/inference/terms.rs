//! Which parameters of a scenario the likelihood has, and which of them are estimated.

use crate::scenario::problem::Report;
use crate::scenario::{Loaded, Problem, Scenario};
use crate::texts::text;

/// What a term of the hazard is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// α.
    Intrinsic,
    /// β, or b_m of a layer.
    Contagion,
    /// γ_q.
    Covariate,
}

/// A parameter of the likelihood.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its short name: `intrinsic`, `beta`, or the id of the layer or covariate.
    pub name: String,
    /// Its key in the scenario.
    pub key: String,
    /// What it is.
    pub kind: Kind,
    /// Its value in the scenario.
    pub value: f64,
    /// Whether it is estimated.
    pub free: bool,
}

/// Whether the layers have coefficients of their own.
pub fn by_layer(scenario: &Scenario) -> bool {
    scenario
        .layers
        .iter()
        .any(|layer| layer.coefficient.is_some())
}

/// The parameters in the order of the likelihood; those `asked` for are estimated, or all.
pub fn parameters(
    loaded: &Loaded,
    asked: Option<&[String]>,
    report: &mut Report,
) -> Vec<Parameter> {
    let scenario = &loaded.scenario;
    let of = |name: &str, key: String, kind, value| Parameter {
        name: name.to_owned(),
        key,
        kind,
        value,
        free: asked.is_none(),
    };
    let line = &scenario.line;
    let key = |key: &str| key.to_owned();
    let mut list = vec![of(
        "intrinsic",
        key("line.intrinsic_rate"),
        Kind::Intrinsic,
        line.intrinsic_rate,
    )];
    if by_layer(scenario) {
        list.extend(scenario.layers.iter().map(|layer| {
            let key = format!("layers.{}.coefficient", layer.id);
            of(
                &layer.id,
                key,
                Kind::Contagion,
                layer.coefficient.unwrap_or(0.0),
            )
        }));
    } else {
        list.push(of("beta", key("line.beta"), Kind::Contagion, line.beta));
    }
    list.extend(scenario.covariates.iter().map(|covariate| {
        let spec = &covariate.spec;
        let key = format!("covariates.{}.effect", spec.id);
        of(&spec.id, key, Kind::Covariate, spec.effect)
    }));
    for word in asked.into_iter().flatten() {
        let by_key = list.iter().position(|parameter| parameter.key == *word);
        let named: Vec<usize> = (0..list.len())
            .filter(|at| list[*at].name == *word)
            .collect();
        match by_key.or(named.first().copied().filter(|_| named.len() == 1)) {
            Some(at) => list[at].free = true,
            None => {
                let known = list.iter().flat_map(|p| [p.name.as_str(), p.key.as_str()]);
                let nearest = report.near(word, known);
                let known: Vec<&str> = list.iter().map(|p| p.key.as_str()).collect();
                let problem = Problem::error("--parameters", text!("no-parameter"));
                let problem = problem.value(word).nearest(nearest);
                report.push(problem.allowed(crate::scenario::problem::some_of(&known, 20)));
            }
        }
    }
    list
}
