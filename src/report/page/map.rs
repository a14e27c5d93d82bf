//! The data of the map: places, their stock and scale through time in one or more layouts, structures.

use std::collections::BTreeMap;

use plotters::style::RGBColor;
use serde::Serialize;

use crate::report::figures::{
    Names, PlaceHistory, RunData, Shares, Spillovers, Structures, alliance_ids, painted,
};
use crate::scenario::tables::{Kind, Place, Tier};
use crate::scenario::{Month, Scenario};

use super::payload::{Array, Arrays};
use crate::report::allied::allied;
use crate::report::ground::Ground;
use crate::report::seam::Seam;

/// A layout that the map can show.
pub struct View<'a> {
    /// Its name.
    pub name: String,
    /// Its scenario.
    pub scenario: &'a Scenario,
    /// Its places through time.
    pub history: &'a PlaceHistory,
    /// Its structures, when they were kept, and of how many parts their shares are.
    pub structures: Option<(&'a Structures, usize)>,
    /// Mean plane share of each month; empty when it was not kept.
    pub plane_share: Vec<f64>,
    /// Mean credit by source and target, when it was kept.
    pub sources: Option<&'a Spillovers>,
}

/// Places that a short whole number can name.
const MOST_PLACES: usize = 60_000;
/// Sources that are told of a place.
const SOURCES: usize = 3;

#[derive(Serialize)]
struct Head {
    /// First year and month, and number of months.
    start: [i32; 2],
    months: i32,
    radius_km: f64,
    places: Places,
    ground: GroundHead,
    views: Vec<ViewHead>,
    /// The highest stock.
    most: f64,
    corridors: Vec<Corridor>,
    reached: Option<Array>,
    alliances: Vec<Alliance>,
}

/// See [`Ground`].
#[derive(Serialize)]
struct GroundHead {
    coast: Vec<[f64; 2]>,
    areas: Vec<Vec<[f64; 2]>>,
    reach: f64,
    named: Vec<usize>,
}

impl GroundHead {
    fn of(places: &[Place]) -> Self {
        let ground = Ground::of(places);
        let areas = ground.areas.into_iter();
        Self {
            coast: ground.coast,
            areas: areas.map(|(_, ring)| ring).collect(),
            reach: (ground.reach * 1e4).round() / 1e4,
            named: ground.named,
        }
    }
}

#[derive(Serialize)]
struct Places {
    id: Vec<String>,
    en: Vec<String>,
    zh: Vec<String>,
    province: Vec<String>,
    kind: Array,
    tier: Array,
    lon: Vec<f64>,
    lat: Vec<f64>,
    weight: Vec<f64>,
}

#[derive(Serialize)]
struct ViewHead {
    name: String,
    /// Month numbers that were kept.
    kept: Array,
    stock: Array,
    scale: Array,
    /// 1 where the difference from the first view is sure; nothing in a run.
    sure: Option<Array>,
    /// Month number in which each place opens; −1: from the start; 32767: never.
    open: Array,
    /// Month number in which each place closes; 32767: never.
    close: Array,
    lines: Option<Shapes>,
    circles: Option<Shapes>,
    axes: Vec<Axis>,
    plane: Option<Array>,
    /// Share of the replicates with a formed plane, by month.
    formed: Option<Array>,
    /// Main sources of each place with their mean credit; nothing when they were not kept.
    sources: Vec<Vec<(u32, f64)>>,
}

/// Structures between or around places, with the share of replicates in which each stands.
#[derive(Serialize)]
struct Shapes {
    a: Array,
    b: Array,
    /// Where the changes of each begin; one more than there are structures.
    first: Array,
    month: Array,
    /// Share after the month, in 255ths.
    share: Array,
}

#[derive(Serialize)]
struct Axis {
    corridor: usize,
    month: Array,
    share: Array,
}

#[derive(Serialize)]
struct Corridor {
    name: String,
    /// Weight-centre of each segment, and its zones.
    segments: Vec<([f64; 2], Vec<u32>)>,
}

#[derive(Serialize)]
struct Alliance {
    /// The same in all layouts that have it.
    id: String,
    name: String,
    /// Number of its colour and line, the same in all layouts.
    colour: String,
    dash: usize,
    view: usize,
    /// First and last month number in which it is in force.
    span: [i32; 2],
    /// Delegates of each member; zones are delegates while they are open.
    groups: Vec<Vec<u32>>,
    /// First and last month number of each member.
    spans: Vec<[i32; 2]>,
}

/// The text for the page; `None` when there is nothing to show or more places than a map can have.
pub fn text(views: &[View<'_>], run: Option<&RunData>, names: &Names) -> Option<String> {
    let first = views.first()?;
    let scenario = first.scenario;
    let places = &scenario.places;
    let some = views.iter().all(|view| !view.history.months.is_empty());
    if !some || places.len() > MOST_PLACES || places.is_empty() {
        return None;
    }
    let number: BTreeMap<&str, usize> = places
        .iter()
        .enumerate()
        .map(|(n, place)| (place.id.as_str(), n))
        .collect();
    let mut arrays = Arrays::default();
    let all = views
        .iter()
        .flat_map(|view| view.history.stock.iter().flatten());
    let most = all.copied().fold(0.0, f64::max).max(1e-9);
    let head = Head {
        start: [scenario.start.year(), scenario.start.month()],
        months: scenario.end.since(scenario.start) + 1,
        radius_km: scenario.circle.radius_km,
        places: of_places(places, &mut arrays),
        ground: GroundHead::of(places),
        views: views
            .iter()
            .map(|view| of_view(view, scenario, &number, most, &mut arrays))
            .collect(),
        most,
        corridors: corridors(scenario, names),
        reached: run.map(|_| reached(first.history, scenario.start, &number, &mut arrays)),
        alliances: alliances(views, names, &number),
    };
    Some(arrays.text(&head))
}

fn of_places(places: &[Place], arrays: &mut Arrays) -> Places {
    let texts = |f: fn(&Place) -> &String| places.iter().map(|p| f(p).clone()).collect();
    let kind = |p: &Place| match p.kind {
        Kind::Region => 0,
        Kind::Zone => 1,
        Kind::SourceGateway => 2,
        Kind::TransitGateway => 3,
    };
    let tier = |p: &Place| match p.tier {
        Tier::Linkage => 0,
        Tier::Radiation => 1,
        Tier::Hinterland => 2,
    };
    let seam = Seam::of(places);
    // Four decimals are eleven metres.
    let rounded = |v: f64| (v * 1e4).round() / 1e4;
    Places {
        id: texts(|p| &p.id),
        en: texts(|p| &p.name_en),
        zh: texts(|p| &p.name_zh),
        province: texts(|p| &p.province),
        kind: arrays.u8(&places.iter().map(kind).collect::<Vec<u8>>()),
        tier: arrays.u8(&places.iter().map(tier).collect::<Vec<u8>>()),
        lon: places.iter().map(|p| rounded(seam.shown(p.lon))).collect(),
        lat: places.iter().map(|p| rounded(p.lat)).collect(),
        weight: places.iter().map(|p| rounded(p.weight)).collect(),
    }
}

fn of_view(
    view: &View<'_>,
    first: &Scenario,
    number: &BTreeMap<&str, usize>,
    most: f64,
    arrays: &mut Arrays,
) -> ViewHead {
    let places = &first.places;
    let start = view.scenario.start;
    let standing = view
        .structures
        .map(|(all, parts)| Standing { all, parts, start });
    let history = view.history;
    let at: Vec<Option<usize>> = history
        .ids
        .iter()
        .map(|id| number.get(id.as_str()).copied())
        .collect();
    let months = history.months.len();
    let mut stock = vec![0.0; months * places.len()];
    let mut scale = vec![0u8; months * places.len()];
    let mut sure = vec![0u8; months * places.len()];
    for month in 0..months {
        for (n, at) in at.iter().enumerate() {
            if let Some(at) = at {
                stock[month * places.len() + at] = history.stock[month][n];
                scale[month * places.len() + at] = history.scale[month][n];
                if let Some(known) = history.sure.get(month) {
                    sure[month * places.len() + at] = known[n];
                }
            }
        }
    }
    let dated = view.scenario.places.iter();
    let dated: BTreeMap<&str, &Place> = dated
        .filter(|p| p.kind != Kind::Region)
        .map(|p| (p.id.as_str(), p))
        .collect();
    let numbered = |month: Option<Month>| match month {
        None => i16::MAX,
        Some(month) => month.since(start).clamp(-1, 32_000) as i16,
    };
    let dated = places.iter().map(|place| dated.get(place.id.as_str()));
    let (open, close): (Vec<i16>, Vec<i16>) = dated
        .map(|place| place.map_or((-1, i16::MAX), |p| (numbered(p.open), numbered(p.close))))
        .unzip();
    ViewHead {
        name: view.name.clone(),
        kept: arrays.i16(&numbers(history.months.iter().map(|m| m.since(start)))),
        open: arrays.i16(&open),
        close: arrays.i16(&close),
        stock: arrays.scaled(stock.into_iter(), most),
        scale: arrays.u8(&scale),
        sure: (!history.sure.is_empty()).then(|| arrays.u8(&sure)),
        lines: standing.map(|standing| standing.lines(number, arrays)),
        circles: standing.map(|standing| standing.circles(number, arrays)),
        axes: standing
            .map(|standing| standing.axes(first, arrays))
            .unwrap_or_default(),
        plane: (!view.plane_share.is_empty())
            .then(|| arrays.scaled(view.plane_share.iter().copied(), 1.0)),
        formed: standing.and_then(|standing| standing.formed(first, arrays)),
        sources: view
            .sources
            .map(|credits| sources(credits, number))
            .unwrap_or_default(),
    }
}

fn numbers(months: impl Iterator<Item = i32>) -> Vec<i16> {
    months.map(|m| m.clamp(-32_000, 32_000) as i16).collect()
}

/// The structures of a layout.
#[derive(Clone, Copy)]
struct Standing<'a> {
    all: &'a Structures,
    /// Of how many parts their shares are.
    parts: usize,
    start: Month,
}

impl<'a> Standing<'a> {
    fn of_kind(self, kind: &'static str) -> impl Iterator<Item = (&'a str, &'a Shares)> {
        let of = self.all.iter().filter(move |((known, _), _)| known == kind);
        of.map(|((_, id), shares)| (id.as_str(), shares))
    }

    /// Month numbers, and shares of replicates after each, in 255ths.
    fn steps(self, shares: &Shares) -> (Vec<i16>, Vec<u8>) {
        let mut standing = 0;
        let share = shares.changes.values().map(|change| {
            standing += change;
            let part = f64::from(standing) / self.parts.max(1) as f64;
            (part * 255.0).round().clamp(0.0, 255.0) as u8
        });
        let share = share.collect();
        (
            numbers(shares.changes.keys().map(|m| m - self.start.0)),
            share,
        )
    }

    fn shapes(
        self,
        list: impl Iterator<Item = (usize, usize, &'a Shares)>,
        arrays: &mut Arrays,
    ) -> Shapes {
        let (mut a, mut b, mut first) = (Vec::new(), Vec::new(), vec![0u32]);
        let (mut month, mut share) = (Vec::new(), Vec::new());
        for (from, to, shares) in list {
            a.push(from as u16);
            b.push(to as u16);
            let (months, parts) = self.steps(shares);
            month.extend(months);
            share.extend(parts);
            first.push(month.len() as u32);
        }
        Shapes {
            a: arrays.u16(&a),
            b: arrays.u16(&b),
            first: arrays.u32(&first),
            month: arrays.i16(&month),
            share: arrays.u8(&share),
        }
    }

    fn lines(self, number: &BTreeMap<&str, usize>, arrays: &mut Arrays) -> Shapes {
        let list = self.of_kind("line").filter_map(|(id, shares)| {
            // An id may hold the mark itself: the split that names two places is the right one.
            let ends = id
                .match_indices('~')
                .find_map(|(at, _)| Some((*number.get(&id[..at])?, *number.get(&id[at + 1..])?)))?;
            Some((ends.0, ends.1, shares))
        });
        self.shapes(list, arrays)
    }

    fn circles(self, number: &BTreeMap<&str, usize>, arrays: &mut Arrays) -> Shapes {
        let list = self.of_kind("circle").filter_map(|(id, shares)| {
            let zone = *number.get(id)?;
            Some((zone, zone, shares))
        });
        self.shapes(list, arrays)
    }

    fn axes(self, scenario: &Scenario, arrays: &mut Arrays) -> Vec<Axis> {
        let list = self.of_kind("axis").filter_map(|(id, shares)| {
            let corridor = scenario.corridors.iter().position(|c| c.id == id)?;
            let (month, share) = self.steps(shares);
            Some(Axis {
                corridor,
                month: arrays.i16(&month),
                share: arrays.u8(&share),
            })
        });
        list.collect()
    }

    /// The share of replicates with a formed plane, by month.
    fn formed(self, scenario: &Scenario, arrays: &mut Arrays) -> Option<Array> {
        let (_, shares) = self.of_kind("plane").next()?;
        let mut standing = 0;
        let months = scenario.end.since(scenario.start) + 1;
        let by_month: Vec<f64> = (0..months)
            .map(|t| {
                let change = shares.changes.get(&(self.start.0 + t));
                standing += change.copied().unwrap_or(0);
                f64::from(standing) / self.parts.max(1) as f64
            })
            .collect();
        Some(arrays.scaled(by_month.into_iter(), 1.0))
    }
}

fn corridors(scenario: &Scenario, names: &Names) -> Vec<Corridor> {
    let places = &scenario.places;
    let seam = Seam::of(places);
    scenario
        .corridors
        .iter()
        .map(|corridor| Corridor {
            name: names.corridor(&corridor.id).to_owned(),
            segments: corridor
                .segments
                .iter()
                .map(|segment| {
                    let of = |kind: Kind| {
                        let here = segment.places.iter().copied();
                        here.filter(move |i| places[*i as usize].kind == kind)
                    };
                    let regions: Vec<u32> = of(Kind::Region).collect();
                    let around = if regions.is_empty() {
                        &segment.places
                    } else {
                        &regions
                    };
                    let at = |f: &dyn Fn(&Place) -> f64| -> f64 {
                        let of = |i: &u32| &places[*i as usize];
                        let all: f64 = around.iter().map(|i| of(i).weight).sum();
                        let sum: f64 = around.iter().map(|i| f(of(i)) * of(i).weight).sum();
                        (sum / all * 1e4).round() / 1e4
                    };
                    let centre = [at(&|p| seam.shown(p.lon)), at(&|p| p.lat)];
                    (centre, of(Kind::Zone).collect())
                })
                .collect(),
        })
        .collect()
}

/// Month number in which each place reached each scale, −1 when never: `[place][scale − 1]`.
fn reached(
    history: &PlaceHistory,
    start: Month,
    number: &BTreeMap<&str, usize>,
    arrays: &mut Arrays,
) -> Array {
    let mut all = vec![-1i16; number.len() * 5];
    for (id, months) in history.ids.iter().zip(&history.reached) {
        let Some(at) = number.get(id.as_str()) else {
            continue;
        };
        for (scale, month) in months.iter().enumerate() {
            if let Some(month) = month {
                all[at * 5 + scale] = month.since(start).clamp(0, 32_000) as i16;
            }
        }
    }
    arrays.i16(&all)
}

/// The sources that each place adopted most from, with their mean credit.
fn sources(credits: &Spillovers, number: &BTreeMap<&str, usize>) -> Vec<Vec<(u32, f64)>> {
    let mut all: Vec<Vec<(u32, f64)>> = vec![Vec::new(); number.len()];
    for ((source, target), credit) in credits {
        if let (Some(source), Some(target)) =
            (number.get(source.as_str()), number.get(target.as_str()))
        {
            all[*target].push((*source as u32, *credit));
        }
    }
    for list in &mut all {
        list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        list.truncate(SOURCES);
        for (_, credit) in list {
            *credit = (*credit * 10.0).round() / 10.0;
        }
    }
    all
}

/// The alliances of all layouts.
fn alliances(views: &[View<'_>], names: &Names, number: &BTreeMap<&str, usize>) -> Vec<Alliance> {
    let ids = alliance_ids(views.iter().map(|view| view.scenario));
    let mut all = Vec::new();
    for (view, shown) in views.iter().enumerate() {
        let scenario = shown.scenario;
        let since = |month: Option<Month>, never: i32| {
            month.map_or(never, |month| month.since(scenario.start))
        };
        let span = |(from, to)| [since(from, 0), since(to, i32::MAX)];
        let of = |n: &usize| {
            let id = scenario.places[*n].id.as_str();
            number.get(id).map(|n| *n as u32)
        };
        for one in allied(scenario) {
            let alliance = one.alliance;
            let RGBColor(red, green, blue) = painted(&ids, &alliance.id);
            let groups = one.groups.iter();
            let members = alliance.members.iter();
            all.push(Alliance {
                id: alliance.id.clone(),
                name: names.alliance(&alliance.id).to_owned(),
                colour: format!("#{red:02x}{green:02x}{blue:02x}"),
                dash: ids.iter().position(|id| *id == alliance.id).unwrap_or(0),
                view,
                span: span((alliance.from, alliance.to)),
                groups: groups
                    .map(|group| group.iter().filter_map(of).collect())
                    .collect(),
                spans: members
                    .map(|member| span((member.from, member.to)))
                    .collect(),
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::path::{Path, PathBuf};

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::Value;

    use super::*;

    fn head(text: &str) -> Value {
        let packed = STANDARD.decode(text).unwrap();
        let mut all = Vec::new();
        flate2::read::ZlibDecoder::new(&packed[..])
            .read_to_end(&mut all)
            .unwrap();
        let length = u32::from_le_bytes(all[..4].try_into().unwrap()) as usize;
        serde_json::from_slice(&all[4..4 + length]).unwrap()
    }

    /// Alliances come with their months, their delegates by member, and one colour in all layouts; land and names with
    /// them.
    #[test]
    fn the_map_has_its_alliances_from_their_months() {
        let layout = Path::new("scenarios/china/layouts/northeast.toml");
        let load = |layouts: &[&Path]| {
            let files: Vec<PathBuf> = layouts.iter().map(|l| l.to_path_buf()).collect();
            crate::scenario::load("scenarios/china".as_ref(), &files, &[]).unwrap()
        };
        let (base, mut other) = (load(&[]), load(&[layout]));
        let joins = Month(other.scenario.start.0 + 7);
        other.scenario.alliances[0].members[0].from = Some(joins);
        let history = PlaceHistory {
            months: vec![base.scenario.start],
            stock: vec![Vec::new()],
            scale: vec![Vec::new()],
            ..PlaceHistory::default()
        };
        let views = [&base, &other].map(|loaded| View {
            name: loaded.scenario.layout.clone(),
            scenario: &loaded.scenario,
            history: &history,
            structures: None,
            plane_share: Vec::new(),
            sources: None,
        });
        let names = Names::new(crate::texts::Lang::En, [&base, &other]);
        let head = head(&text(&views, None, &names).unwrap());
        let of = |view: usize| -> Vec<&Value> {
            let all = head["alliances"].as_array().unwrap().iter();
            all.filter(|a| a["view"] == view).collect()
        };
        for (view, loaded) in [&base, &other].into_iter().enumerate() {
            let scenario = &loaded.scenario;
            assert_eq!(of(view).len(), scenario.alliances.len());
            for (told, alliance) in of(view).into_iter().zip(&scenario.alliances) {
                assert_eq!(told["id"], alliance.id.as_str());
                let from = alliance.from.map_or(0, |month| month.since(scenario.start));
                assert_eq!(told["span"][0], from);
                let groups = told["groups"].as_array().unwrap();
                assert_eq!(groups.len(), alliance.members.len());
                assert_eq!(told["spans"].as_array().unwrap().len(), groups.len());
            }
        }
        assert_eq!(of(0)[0]["spans"][0][0], 0);
        assert_eq!(of(1)[0]["spans"][0][0], 7);
        let colour = |view: usize, id: &str| {
            of(view)
                .iter()
                .find(|a| a["id"] == id)
                .map(|a| a["colour"].clone())
        };
        assert!(of(1).len() > of(0).len());
        for alliance in of(0) {
            let id = alliance["id"].as_str().unwrap();
            assert_eq!(colour(0, id), colour(1, id));
        }
        let new = of(1)
            .into_iter()
            .find(|a| colour(0, a["id"].as_str().unwrap()).is_none());
        assert!(new.unwrap()["span"][0].as_i64().unwrap() > 0, "{new:?}");
        assert_eq!(head["ground"]["named"].as_array().unwrap().len(), 10);
        assert!(head["ground"]["areas"].as_array().unwrap().len() > 20);
    }
}
