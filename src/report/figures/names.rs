//! How ids of tables are shown: by the names of the scenario where it is at hand.

use std::collections::BTreeMap;

use crate::report::lang::{Lang, titled};
use crate::scenario::{BASE, Loaded, Scenario};
use crate::store::Manifest;
use crate::texts::say;
use crate::world::mechanism::Id;

/// A parameter by its name; by its key where it has none. A level of a list stands behind it.
pub fn parameter(key: &str, lang: Lang) -> String {
    let (key, level) = match key.split_once('=') {
        Some((key, level)) => (key, format!(" = {level}")),
        None => (key, String::new()),
    };
    format!("{}{level}", named(key, lang).unwrap_or(key))
}

/// The same, with its key where it has a name.
pub fn parameter_with_key(key: &str, lang: Lang) -> String {
    match parameter(key, lang) {
        name if name == key => name,
        name => say!(lang, "explain-place", name, id = key),
    }
}

/// The unit of a parameter in words of the language.
pub fn unit_word(unit: &str, lang: Lang) -> &str {
    match unit {
        "per month" => say!(lang, "unit-per-month"),
        "share" => say!(lang, "unit-share"),
        "factor" => say!(lang, "unit-factor"),
        "weight" => say!(lang, "unit-weight"),
        "quality" => say!(lang, "unit-quality"),
        "months" => say!(lang, "unit-months"),
        "adoptions" => say!(lang, "unit-adoptions"),
        "places" => say!(lang, "unit-places"),
        "segments" => say!(lang, "unit-segments"),
        "exposure" => say!(lang, "unit-exposure"),
        other => other,
    }
}

fn named(key: &str, lang: Lang) -> Option<&'static str> {
    Some(match key {
        "alliances.strength_factor" => say!(lang, "name-strength-factor"),
        "axis.min_segments" => say!(lang, "name-min-segments"),
        "circle.circle_threshold" => say!(lang, "name-circle-threshold"),
        "circle.provincial_quality" => say!(lang, "name-provincial-quality"),
        "circle.radius_km" => say!(lang, "name-radius-km"),
        "circle.replication_age" => say!(lang, "name-replication-age"),
        "gateways.transit_strength" => say!(lang, "name-transit-strength"),
        "line.abandonment_rate" => say!(lang, "name-abandonment-rate"),
        "line.axis_bonus" => say!(lang, "name-axis-bonus"),
        "line.backwash" => say!(lang, "name-backwash"),
        "line.beta" => say!(lang, "name-beta"),
        "line.circle_bonus" => say!(lang, "name-circle-bonus"),
        "line.express" => say!(lang, "name-express"),
        "line.forgetting" => say!(lang, "name-forgetting"),
        "line.intrinsic_rate" => say!(lang, "name-intrinsic-rate"),
        "line.line_bonus" => say!(lang, "name-line-bonus"),
        "line.line_threshold" => say!(lang, "name-line-threshold"),
        "line.national_rate" => say!(lang, "name-national-rate"),
        "line.provincial_rate" => say!(lang, "name-provincial-rate"),
        "line.response" => say!(lang, "name-response"),
        "plane.national_adopters" => say!(lang, "name-national-adopters"),
        "plane.national_quality" => say!(lang, "name-national-quality"),
        "plane.plane_threshold" => say!(lang, "name-plane-threshold"),
        "point.arrival_rate" => say!(lang, "name-arrival-rate"),
        "point.failure_rate" => say!(lang, "name-failure-rate"),
        "point.implementation_rate" => say!(lang, "name-implementation-rate"),
        "point.quality_base" => say!(lang, "name-quality-base"),
        "point.quality_gain" => say!(lang, "name-quality-gain"),
        "point.tolerance" => say!(lang, "name-tolerance"),
        _ => return None,
    })
}

/// Names of ids in one language. Without a scenario they are the ids.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The language.
    pub lang: Lang,
    places: BTreeMap<String, String>,
    provinces: BTreeMap<String, String>,
    mechanisms: BTreeMap<String, String>,
    corridors: BTreeMap<String, String>,
    areas: BTreeMap<String, String>,
    industries: BTreeMap<String, String>,
    domains: BTreeMap<String, String>,
    layouts: BTreeMap<String, String>,
    titles: BTreeMap<String, String>,
    provinces_named: bool,
}

impl Names {
    /// The names of several layouts of one scenario.
    pub fn new<'s>(lang: Lang, layouts: impl IntoIterator<Item = &'s Loaded>) -> Self {
        let mut names = Self {
            lang,
            ..Self::default()
        };
        for loaded in layouts {
            names.add(&loaded.scenario);
            for one in &loaded.spec.firms.industries {
                let name = lang.name(&one.id, &one.name_en, &one.name_zh);
                names.industries.insert(one.id.clone(), name.to_owned());
            }
            let places = &loaded.spec.places;
            names.provinces_named |= !places.provinces.is_empty();
            for (list, names) in [
                (&places.areas, &mut names.areas),
                (&places.provinces, &mut names.provinces),
            ] {
                for one in list {
                    let name = lang.name(&one.id, &one.name_en, &one.name_zh);
                    names.insert(one.id.clone(), name.to_owned());
                }
            }
        }
        names
    }

    /// With the titles of the layouts, as the results have them.
    pub fn with_titles(mut self, manifest: &Manifest) -> Self {
        for layout in &manifest.layouts {
            let titles = [layout.title.clone(), layout.title_zh.clone()];
            let short = match layout.name.as_str() {
                BASE => say!(self.lang, "explain-no-layout"),
                name => self.lang.name(name, &titles[0], &titles[1]),
            };
            let taken = self.titles.values().any(|known| known == short);
            let name = match layout.name.as_str() {
                BASE => {
                    let name = say!(self.lang, "explain-no-layout");
                    say!(self.lang, "explain-place", name, id = BASE)
                }
                name => titled(self.lang, name, &titles),
            };
            // Two of one title are told apart by their ids.
            let short = if taken { &name } else { short }.to_owned();
            self.titles.insert(layout.name.clone(), short);
            self.layouts.insert(layout.name.clone(), name);
        }
        self
    }

    /// A layout: its title, which stands where people read; tables have its id.
    pub fn title<'t>(&'t self, id: &'t str) -> &'t str {
        self.titles.get(id).map_or(id, String::as_str)
    }

    /// A layout: its title, with its id.
    pub fn layout<'t>(&'t self, id: &'t str) -> &'t str {
        self.layouts.get(id).map_or(id, String::as_str)
    }

    /// Layouts by their titles, in quotes, one after the other.
    pub fn quoted<'t>(&self, ids: impl IntoIterator<Item = &'t String>) -> String {
        let all = ids.into_iter().map(|id| self.title(id).to_owned());
        let all: Vec<String> = all
            .map(|layout| say!(self.lang, "quoted", layout))
            .collect();
        all.join(say!(self.lang, "list-comma"))
    }

    fn add(&mut self, scenario: &Scenario) {
        let lang = self.lang;
        for place in &scenario.places {
            let name = lang.name(&place.id, &place.name_en, &place.name_zh);
            self.places.insert(place.id.clone(), name.to_owned());
            // Where the scenario does not name its provinces; beside its id a Chinese reader knows one by its capital.
            if lang == Lang::Zh && place.capital && !place.province.is_empty() {
                let shown = say!(lang, "province-by-capital", name, id = place.province);
                self.provinces.insert(place.province.clone(), shown);
            }
        }
        for domain in &scenario.domains {
            let name = lang.name(&domain.id, &domain.name_en, &domain.name_zh);
            self.domains.insert(domain.id.clone(), name.to_owned());
        }
        for layer in &scenario.layers {
            let name = lang.name(&layer.id, &layer.name_en, &layer.name_zh);
            self.of_several(Id::Base, &layer.id, name);
        }
        for alliance in &scenario.alliances {
            let name = lang.name(&alliance.id, &alliance.name_en, &alliance.name_zh);
            self.of_several(Id::Alliance, &alliance.id, name);
        }
        for corridor in &scenario.corridors {
            let name = lang.name(&corridor.id, &corridor.name_en, &corridor.name_zh);
            self.corridors.insert(corridor.id.clone(), name.to_owned());
        }
    }

    /// A place.
    pub fn place<'t>(&'t self, id: &'t str) -> &'t str {
        self.places.get(id).map_or(id, String::as_str)
    }

    /// A province.
    pub fn province<'t>(&'t self, id: &'t str) -> &'t str {
        self.provinces.get(id).map_or(id, String::as_str)
    }

    /// Whether the scenario names its provinces.
    pub fn provinces_named(&self) -> bool {
        self.provinces_named
    }

    /// A group of firms: of an industry, size class, area or domain.
    pub fn firms(&self, by: &str, id: &str) -> String {
        let known =
            |names: &BTreeMap<String, String>| names.get(id).map_or(id, String::as_str).to_owned();
        match (by, id.strip_prefix("from_")) {
            ("industry", _) => known(&self.industries),
            ("area", _) => known(&self.areas),
            ("domain", _) => known(&self.domains),
            (_, Some(least)) => say!(self.lang, "firms-from", least),
            _ => id.to_owned(),
        }
    }

    /// A corridor.
    pub fn corridor<'t>(&'t self, id: &'t str) -> &'t str {
        self.corridors.get(id).map_or(id, String::as_str)
    }

    /// A mechanism of credit.
    pub fn mechanism<'t>(&'t self, name: &'t str) -> &'t str {
        match Id::named(name) {
            Some((id, "")) => self.label(id),
            _ => self.mechanisms.get(name).map_or(name, String::as_str),
        }
    }

    fn label(&self, id: Id) -> &'static str {
        self.lang.words(id.get().label)
    }

    /// One of the mechanisms there are several of.
    fn of_several(&mut self, id: Id, which: &str, name: &str) {
        let shown = self.label(id).replace("{}", name);
        let key = format!("{}{which}", id.get().name);
        self.mechanisms.insert(key, shown);
    }

    /// An alliance.
    pub fn alliance<'t>(&'t self, id: &'t str) -> &'t str {
        let known = self.mechanisms.get(&format!("alliance_{id}"));
        known.map_or(id, String::as_str)
    }

    /// A group of a comparison.
    pub fn group<'t>(&'t self, kind: &str, id: &'t str) -> &'t str {
        match (kind, id) {
            ("province", id) => self.province(id),
            ("area", id) => self.areas.get(id).map_or(id, String::as_str),
            ("corridor", id) => self.corridor(id),
            ("membership", "member") => say!(self.lang, "group-members"),
            ("membership", "non_member") => say!(self.lang, "group-others"),
            ("tier", "linkage") => say!(self.lang, "group-linkage"),
            ("tier", "radiation") => say!(self.lang, "group-radiation"),
            ("tier", "hinterland") => say!(self.lang, "group-hinterland"),
            (_, id) => id,
        }
    }
}
