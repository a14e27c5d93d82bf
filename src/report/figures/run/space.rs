//! Where: the static map, spillovers between provinces, local Moran statistics.

use std::collections::BTreeMap;

use plotters::style::RGBColor;

use crate::report::allied::allied;
use crate::report::chart::ink::{ALLIANCES, INK, SCALES};
use crate::report::chart::{
    Bond, Chart, Colour, Dot, Dots, Heat, Key, Land, MapKey, Panel, Symbol,
};
use crate::report::ground::{Ground, convex, stretch};
use crate::report::lang::{Lang, number};
use crate::report::seam::Seam;
use crate::scenario::tables::{Kind, Place};
use crate::scenario::{Month, Scenario};
use crate::texts::say;

use super::super::moran::{Local, Quadrant};
use super::super::names::Names;
use super::super::run_data::RunData;
use super::super::{Cell, Csv, Figure};
use super::{without, without_scenario};

/// Provinces that are shown in the matrix.
pub(super) const PROVINCES: usize = 40;

/// Months of the static map.
pub(super) const MAPS: usize = 4;

pub(super) fn spillovers(data: &RunData, scenario: Option<&Scenario>, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["source_province", "target_province", "adoptions"]);
    let chart = match (&data.spillovers, scenario) {
        (None, _) => Err(without("spillovers")),
        (_, None) => Err(without_scenario()),
        (Some(flows), Some(scenario)) => {
            let abroad = say!(lang, "spillovers-gateways");
            let province: BTreeMap<&str, &str> = scenario
                .places
                .iter()
                .map(|p| {
                    (
                        p.id.as_str(),
                        if p.province.is_empty() {
                            abroad
                        } else {
                            &p.province
                        },
                    )
                })
                .collect();
            let mut between: BTreeMap<(&str, &str), f64> = BTreeMap::new();
            let (mut given, mut taken): (BTreeMap<&str, f64>, BTreeMap<&str, f64>) =
                Default::default();
            for ((source, target), credit) in flows {
                let of = |id: &String| province.get(id.as_str()).copied().unwrap_or("?");
                let (from, to) = (of(source), of(target));
                *between.entry((from, to)).or_default() += credit;
                if from != to {
                    *given.entry(from).or_default() += credit;
                    *taken.entry(to).or_default() += credit;
                }
            }
            for ((from, to), credit) in &between {
                csv.row([Cell::from(*from), (*to).into(), (*credit).into()]);
            }
            let ordered = |by: &BTreeMap<&str, f64>| -> Vec<String> {
                let mut list: Vec<_> = by.iter().map(|(p, sum)| (p.to_string(), *sum)).collect();
                list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                list.into_iter().take(PROVINCES).map(|(p, _)| p).collect()
            };
            let (rows, columns) = (ordered(&given), ordered(&taken));
            let value = |from: &String, to: &String| {
                let key = (from.as_str(), to.as_str());
                // What stays inside a province would outshine all else.
                if from == to {
                    f64::NAN
                } else {
                    between.get(&key).copied().unwrap_or(0.0)
                }
            };
            let values: Vec<Vec<f64>> = rows
                .iter()
                .map(|from| columns.iter().map(|to| value(from, to)).collect())
                .collect();
            let most = values
                .iter()
                .flatten()
                .copied()
                .filter(|v| v.is_finite())
                .fold(0.0, f64::max);
            let shown =
                |list: Vec<String>| list.iter().map(|p| names.province(p).to_owned()).collect();
            Ok(Chart::plain(Panel::Heat(Heat {
                title: String::new(),
                label: say!(lang, "spillovers-axis").to_owned(),
                rows: shown(rows),
                columns: shown(columns),
                values,
                signed: false,
                most: if most > 0.0 { most } else { 1.0 },
                texts: Vec::new(),
            })))
        }
    };
    Figure {
        id: "spillovers".to_owned(),
        title: say!(lang, "spillovers-title").to_owned(),
        caption: say!(
            lang,
            "spillovers-about",
            replicates = data.replicates,
            provinces = if names.provinces_named() {
                ""
            } else {
                say!(lang, "spillovers-capitals")
            }
        ),
        chart,
        data: csv,
    }
}

/// West, south, east and north end of the regions and zones, with a little air.
pub(in super::super) fn bounds(scenario: &Scenario) -> [f64; 4] {
    let mut ends = [
        f64::INFINITY,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NEG_INFINITY,
    ];
    let seam = Seam::of(&scenario.places);
    for place in scenario.places.iter().filter(|place| place.kind.adopts()) {
        let lon = seam.shown(place.lon);
        ends = [
            ends[0].min(lon),
            ends[1].min(place.lat),
            ends[2].max(lon),
            ends[3].max(place.lat),
        ];
    }
    let air = ((ends[2] - ends[0]).max(ends[3] - ends[1]) * 0.03).max(0.1);
    [ends[0] - air, ends[1] - air, ends[2] + air, ends[3] + air]
}

/// A dot's radius, by the root of its weight.
pub(super) fn radius(weight: f64, heaviest: f64) -> f64 {
    1.3 + 6.0 * (weight / heaviest).sqrt()
}

/// How a place looks on a map: colour, shape, words.
pub(in super::super) type Look = (RGBColor, Symbol, String);

/// The places that a map shows by size: its regions, or its zones where there are no regions.
fn sized(scenario: &Scenario) -> Vec<&Place> {
    let of = |kind| {
        let places = scenario.places.iter();
        places.filter(move |place| place.kind == kind).collect()
    };
    let mut regions: Vec<&Place> = of(Kind::Region);
    if regions.is_empty() {
        regions = of(Kind::Zone);
    }
    regions.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.id.cmp(&b.id)));
    regions
}

/// Regions on a map, heavy ones at the back.
pub(in super::super) fn dots(
    scenario: &Scenario,
    ids: &[String],
    look: impl Fn(usize) -> Option<Look>,
) -> Vec<Dot> {
    let known: BTreeMap<&str, usize> = ids
        .iter()
        .enumerate()
        .map(|(n, id)| (id.as_str(), n))
        .collect();
    let regions = sized(scenario);
    let heaviest = regions.first().map_or(1.0, |p| p.weight);
    let seam = Seam::of(&scenario.places);
    regions
        .iter()
        .filter_map(|p| {
            let (colour, symbol, words) = look(*known.get(p.id.as_str())?)?;
            Some(Dot {
                lon: seam.shown(p.lon),
                lat: p.lat,
                radius: radius(p.weight, heaviest),
                colour,
                symbol,
                words,
            })
        })
        .collect()
}

/// Radius of the mark of a zone.
const ZONE: f64 = 2.6;

/// The zones that are open in a month, in front of the regions; none where zones are the places by size.
pub(in super::super) fn zones(scenario: &Scenario, month: Month, names: &Names) -> Vec<Dot> {
    let regions = scenario.places.iter().any(|p| p.kind == Kind::Region);
    let open = |p: &&Place| {
        let stays = p.close.is_none_or(|close| month < close);
        regions && p.kind == Kind::Zone && p.open.is_some_and(|open| open <= month) && stays
    };
    let places = scenario.places.iter().filter(open);
    let seam = Seam::of(&scenario.places);
    places
        .map(|p| Dot {
            lon: seam.shown(p.lon),
            lat: p.lat,
            radius: ZONE,
            colour: INK,
            symbol: Symbol::Diamond,
            words: names.place(&p.id).to_owned(),
        })
        .collect()
}

/// What lies below the marks of a map.
pub(in super::super) fn land(scenario: &Scenario, names: &Names) -> Land {
    let places = &scenario.places;
    let (ground, seam) = (Ground::of(places), Seam::of(places));
    let named = ground.named.iter().map(|n| {
        let place = &places[*n];
        let name = names.place(&place.id).to_owned();
        ([seam.shown(place.lon), place.lat], name)
    });
    Land {
        names: named.collect(),
        coast: ground.coast,
        areas: ground.areas.into_iter().map(|(_, ring)| ring).collect(),
        reach: ground.reach,
        alliances: Vec::new(),
    }
}

/// The colour of an alliance, by its place among the ids of all of them.
pub fn painted(ids: &[&str], id: &str) -> RGBColor {
    let n = ids.iter().position(|known| *known == id).unwrap_or(0);
    ALLIANCES[n % ALLIANCES.len()]
}

/// The alliances that are in force in a month; `ids` are those of all layouts, which say the colours.
pub(in super::super) fn bonds(scenario: &Scenario, month: Month, ids: &[&str]) -> Vec<Bond> {
    let places = &scenario.places;
    let (seam, stretch) = (Seam::of(places), stretch(places));
    let at = |n: &usize| [seam.shown(places[*n].lon), places[*n].lat];
    let heavy = |group: &Vec<usize>| {
        let by = |a: &&usize, b: &&usize| places[**a].weight.total_cmp(&places[**b].weight);
        group.iter().max_by(by).copied().unwrap_or_default()
    };
    let all = allied(scenario).into_iter().filter_map(|one| {
        let groups = one.at(places, month);
        let rings: Vec<[f64; 2]> = groups.iter().flatten().map(at).collect();
        let flat: Vec<[f64; 2]> = rings.iter().map(|[x, y]| [x * stretch, *y]).collect();
        let hubs: Vec<usize> = groups.iter().map(heavy).collect();
        let pairs = hubs.iter().enumerate();
        let links = pairs.flat_map(|(n, a)| hubs[n + 1..].iter().map(move |b| (*a, *b)));
        (!rings.is_empty()).then(|| Bond {
            id: one.alliance.id.clone(),
            colour: painted(ids, &one.alliance.id),
            hull: convex(&flat)
                .into_iter()
                .map(|[x, y]| [x / stretch, y])
                .collect(),
            links: links.map(|(a, b)| [at(&a), at(&b)]).collect(),
            rings,
        })
    });
    all.collect()
}

/// The ids of the alliances of some layouts, each once.
pub fn alliance_ids<'s>(scenarios: impl IntoIterator<Item = &'s Scenario>) -> Vec<&'s str> {
    let mut ids: Vec<&str> = Vec::new();
    for alliance in scenarios.into_iter().flat_map(|s| &s.alliances) {
        if !ids.contains(&alliance.id.as_str()) {
            ids.push(&alliance.id);
        }
    }
    ids
}

/// What sizes and shapes mean: three weights, and the mark of a zone.
pub(in super::super) fn map_key(scenario: &Scenario, lang: Lang) -> Vec<MapKey> {
    let places = sized(scenario);
    let heaviest = places.first().map_or(1.0, |p| p.weight);
    // To one digit, so that they are read at once.
    let rounded = |weight: f64| {
        let power = libm::exp10(libm::log10(weight).floor());
        (weight / power).floor() * power
    };
    let sizes = [1.0, 4.0, 25.0].map(|part| rounded(heaviest / part));
    let mut key: Vec<MapKey> = sizes
        .into_iter()
        .enumerate()
        .map(|(n, weight)| MapKey {
            symbol: Symbol::Disc,
            radius: radius(weight, heaviest),
            name: match n {
                0 => say!(lang, "map-weight", weight = number(weight)),
                _ => number(weight),
            },
        })
        .collect();
    if places.iter().any(|p| p.kind == Kind::Region)
        && scenario.places.iter().any(|p| p.kind == Kind::Zone)
    {
        key.push(MapKey {
            symbol: Symbol::Diamond,
            radius: ZONE,
            name: say!(lang, "map-zone").to_owned(),
        });
    }
    key
}

pub(super) fn map(data: &RunData, scenario: Option<&Scenario>, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["month", "place", "name", "stock", "scale"]);
    let chart = match (&data.places, scenario) {
        (None, _) => Err(without("places")),
        (_, None) => Err(without_scenario()),
        (Some(history), Some(scenario)) => {
            let last = history.months.len().saturating_sub(1);
            let mut picked: Vec<usize> = (1..=MAPS).map(|n| last * n / MAPS).collect();
            picked.dedup();
            let (below, ids) = (land(scenario, names), alliance_ids([scenario]));
            let panels = picked.iter().map(|&at| {
                for (n, id) in history.ids.iter().enumerate() {
                    csv.row([
                        Cell::from(history.months[at]),
                        id.as_str().into(),
                        names.place(id).into(),
                        history.stock[at][n].into(),
                        usize::from(history.scale[at][n]).into(),
                    ]);
                }
                let colour = |n: usize| {
                    let name = names.place(&history.ids[n]).to_owned();
                    let scale = usize::from(history.scale[at][n]);
                    Some((SCALES[scale], Symbol::Disc, name))
                };
                let mut all = dots(scenario, &history.ids, colour);
                all.extend(zones(scenario, history.months[at], names));
                Panel::Dots(Dots {
                    land: Land {
                        alliances: bonds(scenario, history.months[at], &ids),
                        ..below.clone()
                    },
                    title: history.months[at].to_string(),
                    dots: all,
                    bounds: bounds(scenario),
                    key: map_key(scenario, lang),
                })
            });
            let panels = panels.collect();
            let mut legend = scale_legend(names);
            legend.extend(alliance_keys(&ids, names));
            Ok(Chart { legend, panels })
        }
    };
    Figure {
        id: "map".to_owned(),
        title: say!(lang, "scale-map-title").to_owned(),
        caption: say!(
            lang,
            "scale-map-about",
            replicates = data.replicates,
            ground = say!(lang, "map-ground")
        ),
        chart,
        data: csv,
    }
}

/// The alliances with their colours.
pub(in super::super) fn alliance_keys(ids: &[&str], names: &Names) -> Vec<Key> {
    let key = |id: &&str| Key {
        name: names.alliance(id).to_owned(),
        colour: painted(ids, id),
        hollow: true,
    };
    ids.iter().map(key).collect()
}

/// The scales with their colours.
pub(super) fn scale_legend(names: &Names) -> Vec<Key> {
    let words = [
        say!(names.lang, "scale-none"),
        say!(names.lang, "scale-point"),
        say!(names.lang, "scale-line"),
        say!(names.lang, "scale-circle"),
        say!(names.lang, "scale-axis"),
        say!(names.lang, "scale-plane"),
    ];
    let key = |(name, colour): (&str, RGBColor)| Key {
        name: name.to_owned(),
        colour,
        hollow: false,
    };
    words.into_iter().zip(SCALES).map(key).collect()
}

pub(super) fn moran_map(
    data: &RunData,
    scenario: Option<&Scenario>,
    found: &[Local],
    names: &Names,
) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["place", "name", "local_moran", "class", "agreement"]);
    let chart = match (&data.places, scenario) {
        (None, _) => Err(without("places")),
        (_, None) => Err(without_scenario()),
        (Some(history), Some(scenario)) => {
            let mut classes: Vec<Option<Quadrant>> = vec![None; history.ids.len()];
            for one in found {
                classes[one.place] = Some(one.quadrant);
                let id = &history.ids[one.place];
                csv.row([
                    Cell::from(id.as_str()),
                    names.place(id).into(),
                    one.index.into(),
                    word(one.quadrant).into(),
                    one.agreement.into(),
                ]);
            }
            let mut agreed = vec![f64::NAN; history.ids.len()];
            for one in found {
                agreed[one.place] = one.agreement;
            }
            let word = |class| match class {
                Quadrant::HighHigh => say!(lang, "moran-high-high"),
                Quadrant::LowLow => say!(lang, "moran-low-low"),
                Quadrant::HighLow => say!(lang, "moran-high-low"),
                Quadrant::LowHigh => say!(lang, "moran-low-high"),
                Quadrant::Unclear => say!(lang, "moran-disagree"),
            };
            let colour = |n: usize| {
                let class = classes[n]?;
                let share = number(100.0 * agreed[n]);
                let words = format!(
                    "{}\n{} ({} {share} %)",
                    names.place(&history.ids[n]),
                    word(class),
                    say!(lang, "moran-agreement"),
                );
                Some((paint(class).rgb(), Symbol::Disc, words))
            };
            let key = |class| Key::new(word(class), paint(class));
            let mut sizes = map_key(scenario, lang);
            sizes.retain(|key| key.symbol == Symbol::Disc);
            Ok(Chart {
                legend: vec![
                    key(Quadrant::HighHigh),
                    key(Quadrant::LowLow),
                    key(Quadrant::HighLow),
                    key(Quadrant::LowHigh),
                    key(Quadrant::Unclear),
                ],
                panels: vec![Panel::Dots(Dots {
                    land: land(scenario, names),
                    title: String::new(),
                    dots: dots(scenario, &history.ids, colour),
                    bounds: bounds(scenario),
                    key: sizes,
                })],
            })
        }
    };
    Figure {
        id: "local-moran".to_owned(),
        title: say!(lang, "moran-title").to_owned(),
        caption: say!(lang, "moran-about", replicates = data.replicates),
        chart,
        data: csv,
    }
}

pub(super) fn word(class: Quadrant) -> &'static str {
    match class {
        Quadrant::HighHigh => "high_high",
        Quadrant::LowLow => "low_low",
        Quadrant::HighLow => "high_low",
        Quadrant::LowHigh => "low_high",
        Quadrant::Unclear => "unclear",
    }
}

pub(super) fn paint(class: Quadrant) -> Colour {
    match class {
        Quadrant::HighHigh => Colour::Nth(1),
        Quadrant::LowLow => Colour::Nth(0),
        Quadrant::HighLow => Colour::Nth(4),
        Quadrant::LowHigh => Colour::Nth(5),
        Quadrant::Unclear => Colour::Grey,
    }
}
