//! The layouts on a map: what each changes at the end. The page draws it as a canvas with all months.

use std::collections::{BTreeMap, BTreeSet};

use plotters::style::RGBColor;

use crate::report::chart::{Bond, Chart, Dots, Key, Land, MapKey, Panel, Symbol};
use crate::report::lang;
use crate::scenario::Scenario;
use crate::scenario::tables::Kind;
use crate::texts::{say, text};

use super::super::names::Names;
use super::super::run::{
    alliance_ids, alliance_keys, bonds, bounds, dots, land, map_key, without_scenario, zones,
};
use super::super::run_data::PlaceHistory;
use super::super::{Cell, Csv, Figure};
use super::data::ComparisonData;

/// From blue over grey to orange; the map of the page has the same.
const SIGNED: [(u8, u8, u8); 5] = [
    (0, 114, 178),
    (110, 170, 215),
    (200, 215, 225),
    (245, 190, 130),
    (213, 94, 0),
];

/// The colour of a share from −1 to 1, by the square root, so that small differences are seen.
fn signed(share: f64) -> RGBColor {
    let root = share.signum() * share.abs().min(1.0).sqrt();
    let x = (0.5 + root / 2.0) * 4.0;
    let at = (x.floor() as usize).min(3);
    let part = x - at as f64;
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * part).round() as u8;
    let (a, b) = (SIGNED[at], SIGNED[at + 1]);
    RGBColor(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

/// The figure. `scenarios` are those of the layouts by name, where they are at hand.
pub fn comparison_map(
    data: &ComparisonData,
    scenarios: &[(&str, &Scenario)],
    names: &Names,
) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["layout", "month", "place", "name", "stock", "scale"]);
    for (layout, history) in data.places.iter().flatten() {
        if let (Some(month), Some(stock), Some(scale)) = (
            history.months.last(),
            history.stock.last(),
            history.scale.last(),
        ) {
            for (n, id) in history.ids.iter().enumerate() {
                csv.row([
                    Cell::from(layout.as_str()),
                    (*month).into(),
                    id.as_str().into(),
                    names.place(id).into(),
                    stock[n].into(),
                    usize::from(scale[n]).into(),
                ]);
            }
        }
    }
    let of = |name: &str| scenarios.iter().find(|(known, _)| *known == name);
    let chart = match (&data.places, of(&data.baseline)) {
        (None, _) => Err(text!("comparison-map-none")),
        (_, None) => Err(without_scenario()),
        (Some(_), Some((_, scenario))) => {
            let of = |layout: &str| of(layout).map_or(*scenario, |(_, known)| *known);
            Ok(chart(data, scenario, of, names))
        }
    };
    let last = data.places.iter().flat_map(|all| all.values());
    let last = last.filter_map(|history| history.months.last()).max();
    let end = last.map(|month| month.to_string()).unwrap_or_default();
    Figure {
        id: "map".to_owned(),
        title: say!(lang, "comparison-map-title").to_owned(),
        caption: say!(
            lang,
            "comparison-map-about",
            replicates = data.replicates,
            end,
            ground = say!(lang, "map-ground")
        ),
        chart,
        data: csv,
    }
}

/// A layout, its places, and their differences from the baseline where both have one.
type Changed<'d> = (&'d String, &'d PlaceHistory, Vec<Option<f64>>);

/// The difference of each layout's stock from the baseline's, at the end.
fn chart<'s>(
    data: &ComparisonData,
    scenario: &Scenario,
    of: impl Fn(&str) -> &'s Scenario,
    names: &Names,
) -> Chart {
    let lang = names.lang;
    let end = |layout: &String| {
        let history = data.places.as_ref()?.get(layout)?;
        Some((history, history.stock.last()?))
    };
    let base = end(&data.baseline);
    let stocks: BTreeMap<&String, f64> = base
        .iter()
        .flat_map(|(history, stock)| history.ids.iter().zip(stock.iter().copied()))
        .collect();
    let all: Vec<Changed<'_>> = data
        .layouts
        .iter()
        .filter_map(|layout| {
            let (history, here) = end(layout)?;
            let pairs = history.ids.iter().zip(here);
            let differences = pairs
                .map(|(id, here)| Some(here - stocks.get(id)?))
                .collect();
            Some((layout, history, differences))
        })
        .collect();
    let alone = !scenario.places.iter().any(|p| p.kind == Kind::Region);
    let shown = if alone { Kind::Zone } else { Kind::Region };
    let regions: BTreeSet<&str> = scenario
        .places
        .iter()
        .filter(|place| place.kind == shown)
        .map(|place| place.id.as_str())
        .collect();
    // Zones that only one layout opens would outshine the regions.
    let most = all
        .iter()
        .flat_map(|(_, history, differences)| {
            let of_region = |n: &usize| regions.contains(history.ids[*n].as_str());
            let some = (0..history.ids.len()).filter(of_region);
            some.filter_map(|n| differences[n])
                .map(f64::abs)
                .collect::<Vec<_>>()
        })
        .fold(0.0, f64::max)
        .max(1e-9);
    let mut key = map_key(scenario, lang);
    let unsure = |history: &PlaceHistory| {
        let last = history.sure.last().into_iter().flatten();
        let mut shown = last.zip(&history.ids);
        shown.any(|(sure, id)| *sure == 0 && regions.contains(id.as_str()))
    };
    if all.iter().any(|(_, history, _)| unsure(history)) {
        key.push(MapKey {
            symbol: Symbol::Ring,
            radius: 4.0,
            name: say!(lang, "comparison-map-ring").to_owned(),
        });
    }
    let below = land(scenario, names);
    let layouts = std::iter::once(&data.baseline).chain(&data.layouts);
    let ids = alliance_ids(layouts.map(|layout| of(layout)));
    let panels = all.iter().map(|(layout, history, differences)| {
        let sure = history.sure.last();
        let look = |n: usize| {
            let difference = differences[n]?;
            let unsure = sure.is_some_and(|sure| sure.get(n) == Some(&0));
            let symbol = if unsure { Symbol::Ring } else { Symbol::Disc };
            let words = format!("{}\n{}", names.place(&history.ids[n]), told(difference));
            Some((signed(difference / most), symbol, words))
        };
        let mut dots = dots(scenario, &history.ids, look);
        let month = history.months.last().copied();
        dots.extend(
            month
                .into_iter()
                .flat_map(|month| zones(of(layout), month, names)),
        );
        let land = Land {
            alliances: month.map_or_else(Vec::new, |month| {
                only_one(bonds(scenario, month, &ids), bonds(of(layout), month, &ids))
            }),
            ..below.clone()
        };
        let month = month.map(|month| format!(" · {month}")).unwrap_or_default();
        Panel::Dots(Dots {
            land,
            title: format!("{layout} − {}{month}", data.baseline),
            dots,
            bounds: bounds(scenario),
            key: key.clone(),
        })
    });
    let colour = |share: f64| Key {
        name: told(share * most),
        colour: signed(share),
        hollow: false,
    };
    let mut legend: Vec<Key> = [-1.0, -0.25, 0.0, 0.25, 1.0].map(colour).into();
    if let Some(last) = legend.last_mut() {
        last.name = format!("{} {}", last.name, say!(lang, "stock"));
    }
    legend.extend(alliance_keys(&ids, names));
    Chart {
        legend,
        panels: panels.collect(),
    }
}

/// The alliances that only one of two layouts has: of the baseline without links.
fn only_one(base: Vec<Bond>, other: Vec<Bond>) -> Vec<Bond> {
    let within = |list: &[Bond], one: &Bond| list.iter().any(|bond| bond.id == one.id);
    let gone = base.iter().filter(|bond| !within(&other, bond));
    let gone = gone.map(|bond| Bond {
        links: Vec::new(),
        ..bond.clone()
    });
    let new = other.iter().filter(|bond| !within(&base, bond));
    gone.chain(new.cloned()).collect()
}

/// A difference with its sign.
fn told(difference: f64) -> String {
    lang::signed(difference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_the_alliances_of_one_layout_only() {
        let bond = |id: &str| Bond {
            id: id.to_owned(),
            colour: RGBColor(1, 2, 3),
            hull: Vec::new(),
            rings: vec![[0.0, 0.0]],
            links: vec![[[0.0, 0.0], [1.0, 1.0]]],
        };
        let found = only_one(vec![bond("a"), bond("b")], vec![bond("b"), bond("c")]);
        let told: Vec<(&str, usize)> = found
            .iter()
            .map(|b| (b.id.as_str(), b.links.len()))
            .collect();
        assert_eq!(told, [("a", 0), ("c", 1)]);
    }

    #[test]
    fn signs_have_their_own_colours() {
        assert_eq!(signed(-1.0), RGBColor(0, 114, 178));
        assert_eq!(signed(0.0), RGBColor(200, 215, 225));
        assert_eq!(signed(1.0), RGBColor(213, 94, 0));
        assert_eq!(signed(0.25), RGBColor(245, 190, 130));
        assert_eq!(signed(9.0), signed(1.0));
    }
}
