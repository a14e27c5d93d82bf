//! The tables are enough to make every hazard again: from the network, the qualities and who has what, each pair of
//! place and innovation adopts in the month in which its cumulative hazard reaches its threshold, and not before.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use pointplane::draw::{Luck, Process, id_hash};

use super::fixture::{minimal, run_into, shipped, temp};

type Row = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// Months since January of year 0; a day does not matter.
fn month(text: &str) -> Option<i32> {
    let (year, rest) = text.split_once('-')?;
    Some(year.parse::<i32>().ok()? * 12 + rest[..2].parse::<i32>().ok()? - 1)
}

/// A number, or what stands for none.
fn number(row: &Row, column: &str, none: f64) -> f64 {
    row.get(column)
        .and_then(|cell| cell.parse().ok())
        .unwrap_or(none)
}

/// Whether what is there at the ends of the months `from` to `to` is there at the end of the month before `t`.
fn held(from: i32, to: Option<i32>, t: i32) -> bool {
    from < t && to.is_none_or(|to| to >= t - 1)
}

/// A row of the table `links`.
struct Link {
    source: String,
    base: bool,
    from: i32,
    to: i32,
    row: Row,
}

impl Link {
    fn of(row: Row) -> Self {
        let at = |column: &str| month(&row[column]).unwrap();
        Self {
            source: row["source"].clone(),
            base: row["mechanism"].starts_with("base_"),
            from: at("from_month"),
            to: at("to_month"),
            row,
        }
    }
}

/// Runs the minimal scenario with settings, makes its hazards again from the tables, and holds the months of adoptions
/// that follow against those of the run. Gives the numbers of adoptions, of pairs that never adopt, and of months in
/// which a line changed an exposure.
fn rebuilt(settings: &[&str]) -> [usize; 3] {
    const SEED: u64 = 5;
    let dir = temp();
    let tables = "innovations,adoptions,abandonments,structures,links";
    let mut words = vec![
        "--format",
        "csv",
        "--tables",
        tables,
        "--replicates",
        "2",
        "--seed",
        "5",
    ];
    for set in settings {
        words.extend(["--set", set]);
    }
    let out = run_into(dir.path(), "out", &words);
    let table = |name: &str| rows(&out.join(format!("{name}.csv")));
    let text = fs::read_to_string(out.join("scenario.resolved.toml")).unwrap();
    let resolved: toml::Table = text.parse().unwrap();
    let line = resolved["line"].as_table().unwrap();
    assert_eq!(line["response"].as_str(), Some("linear"));
    let [beta, eta_prov, eta, bonus] = ["beta", "provincial_rate", "national_rate", "line_bonus"]
        .map(|key| line[key].as_float().unwrap());
    let [start, end] = ["start", "end"].map(|key| month(resolved[key].as_str().unwrap()).unwrap());
    // Places that adopt, with the month from which they can, exclusive, and their capacities.
    let folder = Path::new(&minimal()).to_owned();
    let mut places: Vec<Row> = rows(&folder.join("regions.csv"));
    places.extend(rows(Path::new(&shipped("scenarios/minimal/zones.csv"))));
    let opens: BTreeMap<&str, i32> = places
        .iter()
        .filter_map(|place| {
            let opens = match place["kind"].as_str() {
                "region" => start - 1,
                // One that is open at the start takes part from month 0 on.
                _ => match month(&place["open"])? {
                    open if open <= start => start - 1,
                    open => open,
                },
            };
            Some((place["id"].as_str(), opens))
        })
        .collect();
    let place: BTreeMap<&str, &Row> = places.iter().map(|row| (row["id"].as_str(), row)).collect();
    let [mut adopted, mut never, mut with_lines] = [0; 3];
    for replicate in 0..2 {
        let own = |name: &str| -> Vec<Row> {
            let all = table(name).into_iter();
            all.filter(|row| row["replicate"] == replicate.to_string())
                .collect()
        };
        let key = |row: &Row| (row["innovation"].clone(), row["place"].clone());
        let of = |name: &str| -> BTreeMap<(String, String), i32> {
            own(name)
                .iter()
                .map(|row| (key(row), month(&row["month"]).unwrap()))
                .collect()
        };
        let (adoptions, abandonments) = (of("adoptions"), of("abandonments"));
        assert!(abandonments.len() > 5, "{}", abandonments.len());
        // Lines: first and last month at whose ends each stands.
        let mut lines: BTreeMap<String, Vec<(i32, Option<i32>)>> = BTreeMap::new();
        for row in own("structures").iter().filter(|row| row["kind"] == "line") {
            let (at, spans) = (
                month(&row["month"]).unwrap(),
                lines.entry(row["id"].clone()).or_default(),
            );
            match row["event"].as_str() {
                "formed" => spans.push((at, None)),
                _ => spans.last_mut().unwrap().1 = Some(at - 1),
            }
        }
        let mut links: BTreeMap<String, Vec<Link>> = BTreeMap::new();
        for row in own("links") {
            let listener = row["listener"].clone();
            links.entry(listener).or_default().push(Link::of(row));
        }
        let luck = Luck::new(SEED, replicate);
        for item in own("innovations") {
            let Some(implemented) = month(&item["implemented"]) else {
                continue;
            };
            let (id, origin) = (item["innovation"].as_str(), item["origin"].as_str());
            let (quality, carried) = (
                number(&item, "quality", 0.0),
                format!("w_{}", item["domain"]),
            );
            let serial: u32 = item["serial"].parse().unwrap();
            let [provincial, national] =
                ["replicated_provincial", "replicated_national"].map(|column| month(&item[column]));
            // Who has it, from when to when.
            let mut has: BTreeMap<&str, (i32, Option<i32>)> = BTreeMap::new();
            for &j in opens.keys() {
                let key = (id.to_owned(), j.to_owned());
                let from = if j == origin {
                    Some(implemented)
                } else {
                    adoptions.get(&key).copied()
                };
                if let Some(from) = from {
                    has.insert(j, (from, abandonments.get(&key).map(|at| at - 1)));
                }
            }
            for (&i, &opened) in opens.iter().filter(|(i, _)| **i != origin) {
                let theta =
                    luck.exponential(Process::Threshold, id_hash(i), id_hash(origin), serial);
                let mut sum = 0.0;
                let mut found = None;
                let in_province = place[i]["province"] == place[origin]["province"];
                for t in (opened + 1).max(implemented + 1)..=end {
                    let mut exposure = 0.0;
                    for link in links.get(i).into_iter().flatten() {
                        let j = link.source.as_str();
                        let there = link.from <= t && t <= link.to;
                        if !there || !has.get(j).is_some_and(|(from, to)| held(*from, *to, t)) {
                            continue;
                        }
                        let pair = if i < j {
                            format!("{i}~{j}")
                        } else {
                            format!("{j}~{i}")
                        };
                        let mut spans = lines.get(&pair).into_iter().flatten();
                        let tied = link.base && spans.any(|(from, to)| held(*from, *to, t));
                        with_lines += usize::from(tied);
                        let factor = if tied { 1.0 + bonus } else { 1.0 };
                        let radiation = number(place[j], "radiation", 0.5);
                        exposure += factor * number(&link.row, &carried, f64::NAN) * radiation;
                    }
                    let replicated = |at: Option<i32>| f64::from(at.is_some_and(|at| at < t));
                    let by_province = if in_province {
                        replicated(provincial)
                    } else {
                        0.0
                    };
                    let hazard = beta * quality * exposure
                        + eta_prov * by_province
                        + eta * replicated(national);
                    sum += number(place[i], "environment", 0.5) * hazard;
                    // Ticks of the engine round by less than this; no threshold of this seed lies that near.
                    assert!((sum - theta).abs() > 1e-8, "{id} at {i}");
                    if sum >= theta {
                        found = Some(t);
                        break;
                    }
                }
                let told = adoptions.get(&(id.to_owned(), i.to_owned())).copied();
                assert_eq!(found, told, "replicate {replicate}: {id} at {i}");
                match told {
                    Some(_) => adopted += 1,
                    None => never += 1,
                }
            }
        }
        let known: BTreeSet<&(String, String)> = adoptions.keys().collect();
        assert!(abandonments.keys().any(|key| known.contains(key)));
    }
    [adopted, never, with_lines]
}

#[test]
fn hazards_are_made_again_without_structures() {
    let settings = ["line.structures=false", "line.abandonment_rate=0.02"];
    let [adopted, never, with_lines] = rebuilt(&settings);
    assert!(adopted > 200 && never > 50, "{adopted}, {never}");
    assert_eq!(with_lines, 0);
}

#[test]
fn hazards_are_made_again_with_lines() {
    let settings = [
        "line.abandonment_rate=0.02",
        "line.circle_bonus=0",
        "line.axis_bonus=0",
        "line.express=0",
    ];
    let [adopted, never, with_lines] = rebuilt(&settings);
    assert!(adopted > 200 && never > 50, "{adopted}, {never}");
    assert!(with_lines > 1000, "{with_lines}");
}
