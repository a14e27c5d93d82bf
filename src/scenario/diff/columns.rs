//! Rows of tables as columns in text. Taking each type apart field by field makes the compiler ask
//! for every field that is added later.

use super::parts::{Parts, id_of};
use crate::scenario::Month;
use crate::scenario::catalogue::member_in_words;
use crate::scenario::tables::{Alliance, Corridor, Place, Who, tier_word, word};

/// The columns of a place, as in its table.
pub fn place_columns(place: &Place, side: &Parts<'_>) -> Vec<(String, String)> {
    let Place {
        id: _,
        kind,
        name_en,
        name_zh,
        lon,
        lat,
        weight,
        carries_weight,
        province,
        area,
        agglomerations,
        tier,
        capital,
        host,
        group,
        open,
        close,
        factor,
        platform,
        leadership,
        environment,
        radiation,
        friction,
        tasks,
        provisions,
        mix,
        orientation,
        industries,
    } = place;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let date = |month: &Option<Month>| month.map(|month| month.to_string()).unwrap_or_default();
    let mut columns: Vec<(String, String)> = [
        ("kind", word(*kind).to_owned()),
        ("name_en", name_en.clone()),
        ("name_zh", name_zh.clone()),
        ("lon", lon.to_string()),
        ("lat", lat.to_string()),
        ("weight", weight.to_string()),
        ("carries_weight", u8::from(*carries_weight).to_string()),
        ("province", province.clone()),
        ("area", area.clone()),
        ("agglomerations", agglomerations.join("|")),
        ("tier", tier_word(*tier).to_owned()),
        ("capital", u8::from(*capital).to_string()),
        ("host", text(host)),
        ("group", text(group)),
        ("open", date(open)),
        ("close", date(close)),
        ("factor", factor.to_string()),
        ("platform", platform.to_string()),
        ("leadership", leadership.to_string()),
        ("environment", environment.to_string()),
        ("radiation", radiation.to_string()),
        ("friction", friction.to_string()),
        ("tasks", tasks.to_string()),
        ("provisions", provisions.to_string()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    for (domain, weight) in side.domains.iter().zip(mix.iter().flatten()) {
        columns.push((format!("mix_{domain}"), weight.to_string()));
    }
    if let Some((direct, indirect)) = orientation {
        columns.push(("direct_share".to_owned(), direct.to_string()));
        columns.push(("indirect_share".to_owned(), indirect.to_string()));
    }
    for (industry, weight) in side.industries.iter().zip(industries) {
        // An industry that a table lacks has weight 0 there.
        if *weight != 0.0 {
            columns.push((format!("industry_{industry}"), weight.to_string()));
        }
    }
    columns
}

fn multiplier_columns(layers: &[&str], multipliers: &[f64]) -> Vec<(String, String)> {
    let all = layers.iter().zip(multipliers);
    all.map(|(layer, c)| (format!("c_{layer}"), c.to_string()))
        .collect()
}

/// The columns of an alliance, with its members.
pub fn alliance_columns(alliance: &Alliance, names: &[&str]) -> Vec<(String, String)> {
    let Alliance {
        id: _,
        name_en,
        name_zh,
        from,
        to,
        strength,
        size_exponent,
        layers,
        members,
    } = alliance;
    let month = |month: &Option<Month>| month.map(|m| m.to_string()).unwrap_or_default();
    let members: Vec<String> = members
        .iter()
        .map(|member| {
            let who = match &member.who {
                Who::Group(name) => format!("group {name}"),
                Who::Province(name) => format!("province {name}"),
                Who::Place(name) => format!("place {name}"),
            };
            member_in_words(&who, member)
        })
        .collect();
    let mut columns = multiplier_columns(names, layers);
    columns.extend([
        ("name_en".to_owned(), name_en.clone()),
        ("name_zh".to_owned(), name_zh.clone()),
        ("from".to_owned(), month(from)),
        ("to".to_owned(), month(to)),
        ("strength".to_owned(), strength.to_string()),
        ("size_exponent".to_owned(), size_exponent.to_string()),
        ("members".to_owned(), members.join(", ")),
    ]);
    columns
}

/// The columns of a corridor, with its segments.
pub fn corridor_columns(corridor: &Corridor, side: &Parts<'_>) -> Vec<(String, String)> {
    let Corridor {
        id: _,
        name_en,
        name_zh,
        layers,
        segments,
    } = corridor;
    let mut columns = multiplier_columns(&side.layers, layers);
    columns.push(("name_en".to_owned(), name_en.clone()));
    columns.push(("name_zh".to_owned(), name_zh.clone()));
    let order: Vec<&str> = segments.iter().map(|segment| segment.id.as_str()).collect();
    columns.push(("segments".to_owned(), order.join(", ")));
    for segment in segments {
        let mut places: Vec<&str> = segment.places.iter().map(|at| id_of(side, *at)).collect();
        places.sort_unstable();
        columns.push((format!("segment {}", segment.id), places.join(", ")));
    }
    columns
}
