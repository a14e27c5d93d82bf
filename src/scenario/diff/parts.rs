//! A scenario taken apart into keys and tables that can be compared.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use crate::scenario::load::Loaded;
use crate::scenario::tables::{
    Adoption, Alliance, Corridor, Covariate, FirmLayer, GatewayLink, GivenFirms, Item, LinkTable,
    Mandate, Place, Scenario,
};
use crate::scenario::{Month, tree};

/// A scenario split into keys and tables. Taking it apart field by field makes the compiler ask for
/// every field that is added later.
pub struct Parts<'a> {
    pub keys: BTreeMap<String, String>,
    pub places: &'a [Place],
    pub industries: &'a [String],
    pub layers: Vec<&'a str>,
    pub domains: Vec<&'a str>,
    pub link_tables: &'a [LinkTable],
    pub alliances: &'a [Alliance],
    pub corridors: &'a [Corridor],
    pub gateway_links: &'a [GatewayLink],
    pub mandates: &'a [Mandate],
    pub observed: &'a [(Month, u32)],
}

/// Takes a scenario apart.
pub fn parts(loaded: &Loaded) -> Parts<'_> {
    let Scenario {
        name,
        title,
        title_zh,
        layout,
        // A title changes nothing of what is run.
        layout_title: _,
        layout_title_zh: _,
        start,
        end,
        // In the specification where it is not a month.
        step: _,
        seed,
        replicates,
        places,
        domains,
        layers,
        industries,
        link_tables,
        alliances,
        alliance_strength_factor,
        corridors,
        gateway_links,
        mandates,
        observed,
        gateways,
        point,
        line,
        circle,
        axis,
        plane,
        history,
        covariates,
        numbered: _,
        firms,
    } = &loaded.scenario;
    let mut keys = BTreeMap::new();
    let mut put = |key: &str, value: Json| flatten(key, &value, &mut keys);
    put("", json(&loaded.spec));
    put("name", json(name));
    put("title", json(title));
    put("title_zh", json(title_zh));
    put("layout", json(layout));
    put("start", json(start));
    put("end", json(end));
    put("seed", json(seed));
    put("replicates", json(replicates));
    put("domains", json(domains));
    put("layers", json(layers));
    put("places.industries", json(industries));
    put("alliances.strength_factor", json(alliance_strength_factor));
    put("gateways", json(gateways));
    put("point", json(point));
    put("line", json(line));
    put("circle", json(circle));
    put("axis", json(axis));
    put("plane", json(plane));
    let id = |place: u32| places[place as usize].id.as_str();
    for item in history.iter().flat_map(|history| &history.items) {
        let Item {
            id: name,
            name_en: _,
            name_zh: _,
            origin,
            domain,
            quality,
            first_risk,
            last,
            adoptions,
        } = item;
        let key = format!("history.{name}");
        let domain = &domains[*domain].id;
        let origin = origin.map_or("", id);
        put(&key, json(&(domain, quality, first_risk, last, origin)));
        for Adoption { place, time, until } in adoptions {
            put(&format!("{key}.{}", id(*place)), json(&(time, until)));
        }
    }
    for Covariate { spec, by, values } in covariates {
        for (place, time, value) in values {
            let place = if by[0] { id(*place) } else { "" };
            let key = format!("covariates.{}.{place}.{time}", spec.id);
            put(&key, json(value));
        }
    }
    if let Some(layer) = firms {
        let FirmLayer {
            spec,
            industries,
            io,
            given,
        } = layer;
        put("firms", json(spec));
        put("firms.industry_ids", json(industries));
        put("firms.io_shares", json(io));
        let given = given.as_ref().map(|given| {
            let GivenFirms {
                ids,
                links,
                region: _,
                industry: _,
                size: _,
            } = &**given;
            format!("{} firms, {} links", ids.len(), links.len())
        });
        put("firms.given", json(&given));
    }
    Parts {
        keys,
        places,
        industries,
        layers: layers.iter().map(|layer| layer.id.as_str()).collect(),
        domains: domains.iter().map(|domain| domain.id.as_str()).collect(),
        link_tables,
        alliances,
        corridors,
        gateway_links,
        mandates,
        observed,
    }
}

fn json(value: &impl Serialize) -> Json {
    // The types of a scenario hold only finite numbers and text keys, which JSON can say.
    serde_json::to_value(value).unwrap_or(Json::Null)
}

/// Writes every value under its dotted path; items of a list are named by their `id`.
fn flatten(path: &str, value: &Json, keys: &mut BTreeMap<String, String>) {
    let join = |key: &str| tree::join(path, key);
    match value {
        Json::Object(table) => {
            for (key, value) in table {
                flatten(&join(key), value, keys);
            }
        }
        Json::Array(items) if items.iter().any(Json::is_object) => {
            let mut names = Vec::new();
            for (position, item) in items.iter().enumerate() {
                let id = item.get("id").and_then(Json::as_str);
                let name = id.map_or_else(|| position.to_string(), str::to_owned);
                flatten(&join(&name), item, keys);
                names.push(name);
            }
            keys.insert(path.to_owned(), names.join(", "));
        }
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            keys.insert(path.to_owned(), format!("[{}]", items.join(", ")));
        }
        value => {
            keys.insert(path.to_owned(), plain(value));
        }
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// The id of the place at a position.
pub fn id_of<'a>(side: &Parts<'a>, place: u32) -> &'a str {
    side.places
        .get(place as usize)
        .map_or("", |place| &place.id)
}
