//! One row of a place table.

use super::cells::{Range, Row, is_id, switch};
use super::numbers::number;
use super::problem::Report;
use super::spec::DomainSpec;
use super::tables::{Kind, Place, Tier, word};
use crate::texts::text;

const UNIT: Range = Range::new(0.0, 1.0, "share");

pub(super) const MOST_TASKS: u32 = 1_000_000;

/// Reads a row; whatever is wrong with it is reported and stands at its default. Places `of_data` may be in a table
/// without kinds, coordinates and weights.
pub fn place(
    row: &Row<'_>,
    of_data: bool,
    domains: &[DomainSpec],
    mix: &[String],
    report: &mut Report,
) -> Place {
    let lacks = |column: &str| of_data && !row.has(column);
    let id = row.name("id", report).unwrap_or_default();
    let kinds = [
        ("zone", Kind::Zone),
        ("region", Kind::Region),
        ("source_gateway", Kind::SourceGateway),
        ("transit_gateway", Kind::TransitGateway),
    ];
    let known_kind = match lacks("kind") {
        true => Some(Kind::Region),
        false => row
            .needs("kind", report)
            .then(|| row.choice("kind", &kinds, report))
            .flatten(),
    };
    let kind = known_kind.unwrap_or(Kind::Region);
    let zone = kind == Kind::Zone;
    let inland = zone || kind == Kind::Region;
    if known_kind.is_some() {
        only_for(row, kind, report);
    }
    let (mut lon, mut lat) = (0.0, 0.0);
    if exchanged(row) {
        let range = Range::new(-90.0, 90.0, "degrees");
        let problem = row.error("lat", text!("exchanged-degrees"));
        report.push(problem.allowed(range.words()));
    } else if !(lacks("lon") && lacks("lat")) {
        let mut degrees = |column: &str, most: f64| {
            let range = Range::new(-most, most, "degrees");
            let angle = row.number(column, range, report);
            angle.unwrap_or_else(|| {
                row.needs(column, report);
                0.0
            })
        };
        (lon, lat) = (degrees("lon", 180.0), degrees("lat", 90.0));
    }
    let carries = row.switch("carries_weight", report);
    let needs = match known_kind {
        Some(Kind::Region) => Some(text!("region-needs-weight")),
        Some(Kind::Zone) if carries == Some(true) => Some(text!("zone-needs-weight")),
        _ => None,
    };
    if let Some(what) = needs.filter(|_| row.text("weight").is_empty() && !lacks("weight")) {
        report.push(row.error("weight", what).allowed(text!("above-0")));
    }
    if known_kind == Some(Kind::Region) && carries == Some(false) {
        let what = text!("region-carries-weight");
        report.push(
            row.error("carries_weight", what)
                .allowed(text!("empty-or-1")),
        );
    }
    let weight = row.number("weight", Range::above(0.0, 1e15, "people or GDP"), report);
    if inland && known_kind.is_some() && row.has("province") {
        row.needs("province", report);
    }
    let tiers = [
        ("linkage", Tier::Linkage),
        ("radiation", Tier::Radiation),
        ("hinterland", Tier::Hinterland),
    ];
    let mut capacity = |column: &str, default: f64| {
        let number = row.number(column, UNIT, report);
        if number.is_none() && inland && known_kind.is_some() && row.has(column) {
            row.needs(column, report);
        }
        number.unwrap_or(default)
    };
    let factor = capacity("factor", 0.5);
    let platform = capacity("platform", 0.5);
    let leadership = capacity("leadership", 0.5);
    let environment = capacity("environment", 0.5);
    let radiation = capacity("radiation", 0.5);
    let friction = capacity("friction", 0.0);
    let optional = |column: &str, report: &mut Report| {
        let text = row.text(column);
        // What is not known to be no zone may be one: its group is a name that others use.
        ((zone || known_kind.is_none()) && !text.is_empty())
            .then(|| row.name(column, report))
            .flatten()
    };
    let group = optional("group", report);
    let group = match known_kind {
        Some(Kind::Zone) => Some(group.unwrap_or_else(|| id.clone())),
        Some(_) => None,
        None => Some(group.unwrap_or_else(|| id.clone())),
    };
    Place {
        kind,
        name_en: row.text("name_en").to_owned(),
        name_zh: row.text("name_zh").to_owned(),
        lon,
        lat,
        weight: weight.unwrap_or(1.0),
        carries_weight: kind == Kind::Region || zone && carries == Some(true),
        province: row.text("province").to_owned(),
        area: row.text("area").to_owned(),
        agglomerations: agglomerations(row, report),
        tier: row
            .choice("tier", &tiers, report)
            .unwrap_or(Tier::Hinterland),
        capital: row.switch("capital", report).unwrap_or(false),
        host: optional("host", report),
        group,
        open: row.month("open", report),
        close: None,
        factor,
        platform,
        leadership,
        environment,
        radiation,
        friction,
        tasks: row.whole("tasks", 0, MOST_TASKS, report).unwrap_or(0),
        provisions: row.whole("provisions", 0, MOST_TASKS, report).unwrap_or(0),
        mix: if zone {
            mix_of(row, domains, mix, report)
        } else {
            None
        },
        orientation: orientation(row, report),
        industries: Vec::new(),
        id,
    }
}

/// Whether longitude and latitude stand in each other's place: the latitude can only be a longitude.
fn exchanged(row: &Row<'_>) -> bool {
    let number = |column: &str| number(row.text(column));
    let lat = number("lat").map_or(0.0, f64::abs);
    lat > 90.0 && lat <= 180.0 && number("lon").is_some_and(|lon| lon.abs() <= 90.0)
}

/// Reports cells that only another kind of place may fill.
fn only_for(row: &Row<'_>, kind: Kind, report: &mut Report) {
    let inland = [Kind::Zone, Kind::Region];
    let gateway = [Kind::SourceGateway, Kind::TransitGateway];
    let opens = [Kind::Zone, gateway[0], gateway[1]];
    let rules: [(&str, &[Kind]); 12] = [
        ("carries_weight", &inland),
        ("tier", &[Kind::Region]),
        ("host", &[Kind::Zone]),
        ("group", &[Kind::Zone]),
        ("open", &opens),
        ("tasks", &[Kind::Zone]),
        ("provisions", &[Kind::SourceGateway]),
        ("direct_share", &[Kind::Zone]),
        ("indirect_share", &[Kind::Zone]),
        ("agglomerations", &inland),
        ("province", &inland),
        ("capital", &[Kind::Region]),
    ];
    for (column, kinds) in rules {
        let text = row.text(column);
        let nothing = text.is_empty() || switch(text) == Some(false);
        if !nothing && !kinds.contains(&kind) {
            let names: Vec<&str> = kinds.iter().map(|kind| word(*kind)).collect();
            let what = text!("kind-has-no", kind = word(kind), column);
            let allowed = text!("empty-except", kinds = names.join(", "));
            report.push(row.error(column, what).allowed(allowed));
        }
    }
}

fn agglomerations(row: &Row<'_>, report: &mut Report) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in row.text("agglomerations").split('|').map(str::trim) {
        if name.is_empty() {
            continue;
        }
        if name.contains(char::REPLACEMENT_CHARACTER) {
            continue;
        }
        if !is_id(name) || names.iter().any(|known| known == name) {
            let what = text!("agglomerations-form");
            report.push(row.error("agglomerations", what));
        } else {
            names.push(name.to_owned());
        }
    }
    names
}

fn mix_of(
    row: &Row<'_>,
    domains: &[DomainSpec],
    columns: &[String],
    report: &mut Report,
) -> Option<Vec<f64>> {
    let filled = columns
        .iter()
        .filter(|column| !row.text(column).is_empty())
        .count();
    if filled == 0 {
        return None;
    }
    let mut mix = Vec::with_capacity(domains.len());
    let before = report.errors();
    for column in columns {
        if row.has(column) {
            row.needs(column, report);
        }
        let weight = row.number(column, Range::new(0.0, 1e15, "weight"), report);
        mix.push(weight.unwrap_or(0.0));
    }
    if report.errors() == before && mix.iter().sum::<f64>() <= 0.0 {
        let column = columns.first().map_or("mix", String::as_str);
        report.push(row.error(column, text!("mix-all-0")));
    }
    Some(mix)
}

fn orientation(row: &Row<'_>, report: &mut Report) -> Option<(f64, f64)> {
    let (direct, indirect) = ("direct_share", "indirect_share");
    if row.text(direct).is_empty() && row.text(indirect).is_empty() {
        return None;
    }
    row.needs(direct, report);
    row.needs(indirect, report);
    let shares = (
        row.number(direct, UNIT, report)?,
        row.number(indirect, UNIT, report)?,
    );
    if shares.0 + shares.1 > 1.0 + 1e-9 {
        let what = text!("direct-sum", sum = shares.0 + shares.1);
        report.push(row.error(direct, what).allowed(text!("sum-at-most-1")));
    }
    Some(shares)
}
