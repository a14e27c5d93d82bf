//! Which parameters of a scenario the likelihood has, which of them are estimated, and in which column of x each stands.
//!
//! The hazard is linear in rates: α and α_d, β or b_m, η_prov and η, and, where the response is linear, the products
//! β·ω_A, β·κ, β·w_axis, β·b_line, β·b_circle and β·b_axis. Of a product what is told is ω_A and so on: its rate over β.
//! What is not estimated of these has no column: it is a part of what β multiplies.

use crate::scenario::problem::{Report, some_of};
use crate::scenario::spec::Response;
use crate::scenario::tables::Kind as Place;
use crate::scenario::{Loaded, Problem, Scenario};
use crate::texts::text;
use crate::world::mechanism::{Channel, Id, Part};

use super::likelihood::groups::Mix;

/// What a term of the hazard is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// α.
    Intrinsic,
    /// β, or b_m of a layer.
    Contagion,
    /// What links carry beside their base weights, over β.
    Strength,
    /// η_prov, η.
    Replication,
    /// γ_q.
    Covariate,
    /// The variance of frailties.
    Frailty,
}

/// Which parameter it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// α, of all domains that have none of their own.
    Intrinsic,
    /// α_d of a domain.
    OfDomain(usize),
    /// β.
    Beta,
    /// b_m of a layer.
    Layer(usize),
    /// ω of an alliance.
    Alliance(usize),
    /// What the strengths of all alliances are multiplied by.
    Factor,
    /// κ.
    Transit,
    /// w_axis.
    Express,
    /// The bonus of a tie.
    Bonus(Id),
    /// η_prov.
    Provincial,
    /// η.
    National,
    /// γ_q.
    Covariate(usize),
    /// The variance of frailties.
    Variance,
}

impl What {
    /// Its kind.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Intrinsic | Self::OfDomain(_) => Kind::Intrinsic,
            Self::Beta | Self::Layer(_) => Kind::Contagion,
            Self::Alliance(_) | Self::Factor | Self::Transit | Self::Express | Self::Bonus(_) => {
                Kind::Strength
            }
            Self::Provincial | Self::National => Kind::Replication,
            Self::Covariate(_) => Kind::Covariate,
            Self::Variance => Kind::Frailty,
        }
    }
}

/// A parameter of the likelihood.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its short name: `intrinsic`, `beta`, or the id of the layer, alliance or covariate.
    pub name: String,
    /// Its key in the scenario.
    pub key: String,
    /// What it is.
    pub what: What,
    /// Its value in the scenario.
    pub value: f64,
    /// Whether it is estimated.
    pub free: bool,
}

impl Parameter {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.what.kind()
    }

    /// Puts a value into a scenario.
    pub fn put(&self, scenario: &mut Scenario, value: f64) {
        let line = &mut scenario.line;
        match self.what {
            What::Intrinsic => line.intrinsic_rate = value,
            What::OfDomain(d) => scenario.domains[d].intrinsic_rate = Some(value),
            What::Beta => line.beta = value,
            What::Layer(l) => scenario.layers[l].coefficient = Some(value),
            // The strength is what acts, whatever all are multiplied by.
            What::Alliance(a) => {
                let factor = scenario.alliance_strength_factor;
                let factor = if factor > 0.0 { factor } else { 1.0 };
                scenario.alliance_strength_factor = factor;
                scenario.alliances[a].strength = value / factor;
            }
            What::Factor => scenario.alliance_strength_factor = value,
            What::Transit => scenario.gateways.transit_strength = value,
            What::Express => line.express = value,
            What::Bonus(Id::Line) => line.line_bonus = value,
            What::Bonus(Id::Circle) => line.circle_bonus = value,
            What::Bonus(_) => line.axis_bonus = value,
            What::Provincial => line.provincial_rate = value,
            What::National => line.national_rate = value,
            What::Covariate(q) => scenario.covariates[q].spec.effect = value,
            What::Variance => {}
        }
    }
}

/// Whether the layers have coefficients of their own.
pub fn by_layer(scenario: &Scenario) -> bool {
    scenario
        .layers
        .iter()
        .any(|layer| layer.coefficient.is_some())
}

/// Whether a scenario has transit ports.
pub fn transit(scenario: &Scenario) -> bool {
    let mut places = scenario.places.iter();
    places.any(|place| place.kind == Place::TransitGateway)
}

/// Whether a scenario has zones that open.
pub fn zones(scenario: &Scenario) -> bool {
    let zone = |place: &&crate::scenario::tables::Place| place.kind == Place::Zone;
    scenario
        .places
        .iter()
        .filter(zone)
        .any(|place| place.open.is_some())
}

/// Where each parameter stands in x and in the list of parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// The intrinsic rate of each domain.
    pub of_domain: Vec<usize>,
    /// How many intrinsic rates there are; they come first.
    pub intrinsic: usize,
    /// Terms of exposure after these.
    pub terms: usize,
    /// The rate of provincial replication.
    pub provincial: Option<usize>,
    /// That of national replication.
    pub national: Option<usize>,
    /// Whether each layer has its own term.
    by_layer: bool,
    /// The strengths that are estimated, by term of exposure.
    strengths: Vec<(What, usize)>,
}

impl Columns {
    /// Of parameters of a scenario.
    pub fn new(scenario: &Scenario, parameters: &[Parameter]) -> Self {
        let at = |what: What| parameters.iter().position(|p| p.what == what);
        let intrinsic = parameters.iter().filter(|p| p.kind() == Kind::Intrinsic);
        let intrinsic = intrinsic.count();
        let exposed = |p: &&Parameter| matches!(p.kind(), Kind::Contagion | Kind::Strength);
        let domains = 0..scenario.domains.len();
        let strengths = parameters.iter().enumerate();
        let strengths = strengths.filter(|(_, p)| p.kind() == Kind::Strength);
        Self {
            of_domain: domains
                .map(|d| at(What::OfDomain(d)).unwrap_or(0))
                .collect(),
            intrinsic,
            terms: parameters.iter().filter(exposed).count(),
            provincial: at(What::Provincial),
            national: at(What::National),
            by_layer: by_layer(scenario),
            strengths: strengths.map(|(i, p)| (p.what, i - intrinsic)).collect(),
        }
    }

    /// Number of rates.
    pub fn rates(&self) -> usize {
        let replication = [self.provincial, self.national];
        self.intrinsic + self.terms + replication.iter().flatten().count()
    }

    /// The same with another number of terms of exposure.
    pub fn resize(&mut self, terms: usize) {
        let old = std::mem::replace(&mut self.terms, terms);
        for column in [&mut self.provincial, &mut self.national] {
            *column = column.map(|at| at - old + terms);
        }
    }

    /// The term of exposure that a part of a weight belongs to.
    pub fn term(&self, part: Part, channels: &[Channel]) -> usize {
        let of = |whats: [What; 2]| {
            let found = self.strengths.iter().find(|(what, _)| whats.contains(what));
            found.map_or(0, |(_, term)| *term)
        };
        match part {
            Part::Base(layer) if self.by_layer => layer,
            Part::Base(_) => 0,
            Part::Tie(id) => of([What::Bonus(id); 2]),
            Part::Channel(c) => match channels[c].mechanism() {
                (Id::Alliance, a) => of([What::Alliance(a), What::Factor]),
                (Id::Transit, _) => of([What::Transit; 2]),
                _ => of([What::Express; 2]),
            },
        }
    }
}

/// The values of parameters at a point of the likelihood: a strength is its rate over β, none where that is 0.
pub fn values(parameters: &[Parameter], p: &[f64]) -> Vec<Option<f64>> {
    let base = base(parameters).map_or(0.0, |at| p[at]);
    let value = |(parameter, at): (&Parameter, &f64)| match parameter.kind() {
        Kind::Strength => (base > 0.0).then(|| at / base),
        _ => Some(*at),
    };
    parameters.iter().zip(p).map(value).collect()
}

/// The parameter that strengths are multiplied by: β, or the coefficient of the only layer.
pub fn base(parameters: &[Parameter]) -> Option<usize> {
    parameters.iter().position(|p| p.kind() == Kind::Contagion)
}

/// The parameters in the order of the likelihood; those `asked` for are estimated, or all that are not off.
pub fn parameters(
    loaded: &Loaded,
    asked: Option<&[String]>,
    mix: Mix,
    report: &mut Report,
) -> Vec<Parameter> {
    let mut list = all(&loaded.scenario, asked.is_none(), mix);
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
                report.push(problem.allowed(some_of(&known, 20)));
            }
        }
    }
    let is = |what: fn(&What) -> bool| list.iter().any(|p| p.free && what(&p.what));
    let strengths = list.iter().filter(|p| p.free && p.kind() == Kind::Strength);
    let strengths: Vec<&str> = strengths.map(|p| p.key.as_str()).collect();
    let one = |what| Problem::error("--parameters", what).value(some_of(&strengths, 20));
    if is(|what| *what == What::Factor) && is(|what| matches!(what, What::Alliance(_))) {
        report.push(one(text!("parameters-one-strength")));
    }
    if !strengths.is_empty() && loaded.scenario.line.response != Response::Linear {
        report.push(one(text!("parameters-linear")));
    }
    // What is given of strengths is a part of what β multiplies.
    list.retain(|p| p.free || p.kind() != Kind::Strength);
    list
}

/// All parameters of a scenario; `free` ones are those that are not off.
fn all(scenario: &Scenario, free: bool, mix: Mix) -> Vec<Parameter> {
    let line = &scenario.line;
    let mut list: Vec<Parameter> = Vec::new();
    let mut put = |name: &str, key: &str, what: What, value: f64, free: bool| {
        list.push(Parameter {
            name: name.to_owned(),
            key: key.to_owned(),
            what,
            value,
            free,
        });
    };
    let own = scenario
        .domains
        .iter()
        .filter(|domain| domain.intrinsic_rate.is_some());
    // Where all domains have their own, there is none for the others.
    if own.count() < scenario.domains.len() {
        put(
            "intrinsic",
            "line.intrinsic_rate",
            What::Intrinsic,
            line.intrinsic_rate,
            free,
        );
    }
    for (d, domain) in scenario.domains.iter().enumerate() {
        if let Some(rate) = domain.intrinsic_rate {
            let key = format!("domains.{}.intrinsic_rate", domain.id);
            put(&domain.id, &key, What::OfDomain(d), rate, free);
        }
    }
    if by_layer(scenario) {
        for (l, layer) in scenario.layers.iter().enumerate() {
            let key = format!("layers.{}.coefficient", layer.id);
            let value = layer.coefficient.unwrap_or(0.0);
            put(&layer.id, &key, What::Layer(l), value, free);
        }
    } else {
        put("beta", "line.beta", What::Beta, line.beta, free);
    }
    // What is off is estimated where it is asked for; and products only of a linear response.
    let linear = free && line.response == Response::Linear;
    let mut strength = |name: &str, key: &str, what: What, value: f64| {
        put(name, key, what, value, linear && value > 0.0);
    };
    let factor = scenario.alliance_strength_factor;
    for (a, alliance) in scenario.alliances.iter().enumerate() {
        let key = format!("alliances.{}.strength", alliance.id);
        let value = alliance.strength * factor;
        strength(&alliance.id, &key, What::Alliance(a), value);
    }
    if transit(scenario) {
        let value = scenario.gateways.transit_strength;
        strength("transit", "gateways.transit_strength", What::Transit, value);
    }
    let zones = zones(scenario);
    if line.structures {
        let value = line.line_bonus;
        strength(
            "line_bonus",
            "line.line_bonus",
            What::Bonus(Id::Line),
            value,
        );
        if zones {
            let value = line.circle_bonus;
            let what = What::Bonus(Id::Circle);
            strength("circle_bonus", "line.circle_bonus", what, value);
        }
        if zones && !scenario.corridors.is_empty() {
            let what = What::Bonus(Id::Axis);
            strength("axis_bonus", "line.axis_bonus", what, line.axis_bonus);
            strength("express", "line.express", What::Express, line.express);
        }
    }
    if !scenario.alliances.is_empty() {
        let key = "alliances.strength_factor";
        put("strength_factor", key, What::Factor, factor, false);
    }
    if zones && scenario.circle.review_every > 0 {
        let value = line.provincial_rate;
        let (key, what) = ("line.provincial_rate", What::Provincial);
        put("provincial", key, what, value, free && value > 0.0);
    }
    if !scenario.plane.evaluations.is_empty() {
        let value = line.national_rate;
        let (key, what) = ("line.national_rate", What::National);
        put("national", key, what, value, free && value > 0.0);
    }
    for (q, covariate) in scenario.covariates.iter().enumerate() {
        let spec = &covariate.spec;
        let key = format!("covariates.{}.effect", spec.id);
        put(&spec.id, &key, What::Covariate(q), spec.effect, free);
    }
    if mix == Mix::Gamma {
        put("frailty", "frailty", What::Variance, 0.0, true);
    }
    list
}
