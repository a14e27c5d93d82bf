//! Firm layers for test worlds, and what a replicate's firms did.

use std::collections::BTreeMap;

use pointplane::draw::Luck;
use pointplane::model::firm::FirmState;
use pointplane::model::{self, Listener, State};
use pointplane::scenario::Scenario;
use pointplane::scenario::spec::{FirmIndustrySpec, FirmsSpec, PopulationSpec};
use pointplane::scenario::tables::FirmLayer;
use pointplane::world::{Firms, World};

use super::Dice;

/// An industry with equal fit to all domains.
pub fn industry(id: &str, share: f64) -> FirmIndustrySpec {
    FirmIndustrySpec {
        id: id.to_owned(),
        name_en: String::new(),
        name_zh: String::new(),
        share,
        fit: BTreeMap::new(),
    }
}

/// Puts a firm layer on a scenario.
pub fn add(scenario: &mut Scenario, spec: FirmsSpec) {
    let industries = match &spec.industries[..] {
        [] => vec!["all".to_owned()],
        some => some.iter().map(|i| i.id.clone()).collect(),
    };
    scenario.firms = Some(FirmLayer {
        spec,
        industries,
        io: None,
        given: None,
    });
}

/// A firm layer of one to three thousand firms that uses everything at once.
pub fn random(dice: &mut Dice, scenario: &mut Scenario) {
    let industries = (0..dice.whole(1, 3))
        .map(|g| {
            let mut industry = industry(&format!("g{g}"), dice.within(0.2, 1.0));
            for domain in &scenario.domains {
                if dice.chance(0.7) {
                    let fit = dice.within(0.2, 2.0);
                    industry.fit.insert(domain.id.clone(), fit);
                }
            }
            industry
        })
        .collect();
    for place in &mut scenario.places {
        place.factor = dice.unit();
    }
    let spec = FirmsSpec {
        population: PopulationSpec::Number {
            number: dice.whole(1000, 3000) as u64,
        },
        industries,
        partners: dice.within(0.5, 8.0),
        most_partners: dice.whole(20, 200) as u32,
        choice_exponent: dice.within(0.0, 1.0),
        uptake_rate: dice.within(0.02, 0.2),
        stock_ref: dice.within(0.5, 3.0),
        size_effect: dice.within(-0.2, 0.3),
        partner_effect: if dice.chance(0.2) {
            0.0
        } else {
            dice.within(0.5, 20.0)
        },
        demand_pull: if dice.chance(0.2) {
            0.0
        } else {
            dice.within(0.5, 5.0)
        },
        ..FirmsSpec::default()
    };
    add(scenario, spec);
}

/// The firms of a world.
pub fn of(world: &World) -> &Firms {
    world.firms.as_ref().expect("the firm layer is on")
}

/// Partners of every firm, from the rows of those who are listened to.
pub fn partners(firms: &Firms) -> Vec<Vec<usize>> {
    let mut of = vec![Vec::new(); firms.len()];
    for partner in 0..firms.len() {
        for listener in firms.audience(partner) {
            of[*listener as usize].push(partner);
        }
    }
    of
}

/// A state whose regions all have a stock of `stock` in every domain.
pub fn stocked<'w>(world: &'w World, luck: Luck, stock: f64) -> FirmState<'w> {
    let mut state = FirmState::new(of(world), luck);
    for d in 0..world.domains.len() {
        for i in world.places.each() {
            state.change(d, i, stock, 1);
        }
    }
    state
}

/// What the firms of a replicate did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uptake {
    /// Month in which each firm (by id) took each domain up.
    pub months: BTreeMap<(String, usize), u16>,
    /// Uptake and demand of every place by month, in bits, by id and domain.
    pub places: BTreeMap<(u16, String, usize), (Option<u64>, u64)>,
}

impl Listener for Uptake {
    fn month_end(&mut self, world: &World, state: &State<'_>, t: u16) {
        let firms = state.firms.as_ref().expect("the firm layer is on");
        for d in 0..world.domains.len() {
            for f in 0..firms.firms.len() {
                if firms.has(d, f) {
                    let id = firms.firms.id(&world.places, f);
                    self.months.entry((id, d)).or_insert(t);
                }
            }
            for (i, id) in world.places.each().zip(&world.places.id) {
                let demand = firms.demand()[d * world.places.len() + i.index()];
                let uptake = firms.uptake(d, i).map(f64::to_bits);
                self.places
                    .insert((t, id.clone(), d), (uptake, demand.to_bits()));
            }
        }
    }
}

/// Runs a replicate and gives what its firms did.
pub fn uptake(world: &World, seed: u64, replicate: u32) -> Uptake {
    let mut uptake = Uptake::default();
    model::run(world, seed, replicate, &mut uptake).unwrap();
    uptake
}
