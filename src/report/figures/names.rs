//! How ids of tables are shown: by the names of the scenario where it is at hand.

use std::collections::BTreeMap;

use crate::report::lang::Lang;
use crate::scenario::{Loaded, Scenario};

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

    fn add(&mut self, scenario: &Scenario) {
        let lang = self.lang;
        for place in &scenario.places {
            let name = lang.name(&place.id, &place.name_en, &place.name_zh);
            self.places.insert(place.id.clone(), name.to_owned());
            // Where the scenario does not name its provinces; beside its id a Chinese reader knows one by its capital.
            if lang == Lang::Zh && place.capital && !place.province.is_empty() {
                let shown = format!("{name}（{}）", place.province);
                self.provinces.insert(place.province.clone(), shown);
            }
        }
        for domain in &scenario.domains {
            let name = lang.name(&domain.id, &domain.name_en, &domain.name_zh);
            self.domains.insert(domain.id.clone(), name.to_owned());
        }
        for layer in &scenario.layers {
            let name = lang.name(&layer.id, &layer.name_en, &layer.name_zh);
            let base = lang.of("Base", "基础");
            let shown = format!("{base}: {name}");
            self.mechanisms.insert(format!("base_{}", layer.id), shown);
        }
        for alliance in &scenario.alliances {
            let name = lang.name(&alliance.id, &alliance.name_en, &alliance.name_zh);
            let id = format!("alliance_{}", alliance.id);
            self.mechanisms.insert(id, name.to_owned());
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
            (_, Some(least)) => match self.lang {
                Lang::En => format!("{least}+ employees"),
                Lang::Zh => format!("{least} 人起"),
            },
            _ => id.to_owned(),
        }
    }

    /// A corridor.
    pub fn corridor<'t>(&'t self, id: &'t str) -> &'t str {
        self.corridors.get(id).map_or(id, String::as_str)
    }

    /// A mechanism of credit.
    pub fn mechanism<'t>(&'t self, id: &'t str) -> &'t str {
        match id {
            "line" => self.lang.of("Line bonus", "线（加成）"),
            "circle" => self.lang.of("Circle bonus", "圈（加成）"),
            "axis" => self.lang.of("Axis bonus and express", "轴（加成与直达）"),
            "transit" => self.lang.of("Transit ports", "中转口岸"),
            "provincial" => self.lang.of("Provincial replication", "省级复制推广"),
            "national" => self.lang.of("National replication", "全国复制推广"),
            id => self.mechanisms.get(id).map_or(id, String::as_str),
        }
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
            ("membership", "member") => self.lang.of("Members (direct)", "成员（直接）"),
            ("membership", "non_member") => self.lang.of("Others (indirect)", "非成员（间接）"),
            ("tier", "linkage") => self.lang.of("Linkage regions", "联动区"),
            ("tier", "radiation") => self.lang.of("Radiation regions", "辐射区"),
            ("tier", "hinterland") => self.lang.of("Hinterland", "腹地"),
            (_, id) => id,
        }
    }
}
