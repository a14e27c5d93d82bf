//! Figures of a search: what the chosen layout changes, what layouts gain for their coordination or are on the front, what each
//! part adds, which pairs do more together, what is left over draws, and the map.

use std::path::{Path, PathBuf};

use crate::experiment::sweep::layout_paths;
use crate::experiment::sweep::spec::PlanSpec;
use crate::report::chart::{Axis, Chart, Colour, Dots, Heat, Key, Land, Panel, Row, Rows, Scatter};
use crate::report::chart::{Symbol, ink};
use crate::report::contents::has_positions;
use crate::report::findings::Findings;
use crate::report::lang::{Lang, signed};
use crate::report::table::Sheet;
use crate::scenario::{Loaded, load};
use crate::texts::{say, text};

use super::inference::mark;
use super::names::Names;
use super::run::{alliance_ids, alliance_keys, bonds, bounds, dots, land, map_key, zones};
use super::{Csv, Figure};

/// Most parts that are shown.
const PARTS: usize = 30;

/// The figures, and what they show in a sentence.
pub fn search_figures(dir: &Path, lang: Lang) -> (Vec<Figure>, Findings) {
    let [layouts, chosen, front, parts, pairs, regret, variants] = [
        "layouts",
        "chosen",
        "front",
        "contributions",
        "synergy",
        "regret",
        "variants",
    ]
    .map(|name| Sheet::read(dir, name));
    let mut figures = vec![effects(&chosen, lang), choices(&layouts, &front, lang)];
    if !regret.is_empty() {
        figures.push(over(&regret, lang));
    }
    if !variants.is_empty() {
        figures.push(under_variants(&variants, lang));
    }
    if !parts.is_empty() {
        figures.push(contributions(&parts, lang));
    }
    if !pairs.is_empty() {
        figures.push(synergy(&pairs, lang));
    }
    figures.push(map(dir, lang));
    (figures, findings(&chosen, &parts, lang))
}

/// What figures show: the effect of the chosen layout on the objective, and the candidate that adds most.
fn findings(chosen: &Sheet, parts: &Sheet, lang: Lang) -> Findings {
    let mut found = Findings::new();
    let told = |sheet: &Sheet, row: usize, name: &str| estimate(sheet, row, name).map(signed);
    if each(chosen, "layout").len() == 1 {
        let [by, low, high] = told(chosen, 0, "effect");
        let (id, changes) = (chosen.text(0, "of"), chosen.text(0, "changes"));
        let sentence = say!(lang, "search-found-effect", changes, id, by, low, high);
        found.insert("effects".to_owned(), sentence);
    }
    let own = |row: &usize| {
        parts.text(*row, "of") == parts.text(0, "of") && parts.text(*row, "member").is_empty()
    };
    let adds = |row: &usize| parts.number(*row, "adds");
    let most = (0..parts.len()).filter(own);
    if let Some(row) = most.max_by(|a, b| adds(a).total_cmp(&adds(b)).then(b.cmp(a))) {
        let [by, low, high] = told(parts, row, "adds");
        let (id, part) = (parts.text(row, "of"), parts.text(row, "candidate"));
        let sentence = say!(lang, "search-found-part", part, id, by, low, high);
        found.insert("contributions".to_owned(), sentence);
    }
    found
}

fn figure(id: &str, [title, caption]: [&str; 2], chart: Option<Chart>, data: Csv) -> Figure {
    Figure {
        id: id.to_owned(),
        title: title.to_owned(),
        caption: caption.to_owned(),
        chart: chart.ok_or_else(|| text!("search-nothing")),
        data,
    }
}

/// The rows of a table as they are.
fn copied(sheet: &Sheet, columns: &[&str]) -> Csv {
    let mut data = Csv::new(columns);
    for row in 0..sheet.len() {
        data.row(columns.iter().map(|column| sheet.text(row, column).into()));
    }
    data
}

/// What is in a column, each once, in order.
fn each<'s>(sheet: &'s Sheet, column: &str) -> Vec<&'s str> {
    let mut all: Vec<&str> = Vec::new();
    for row in 0..sheet.len() {
        let text = sheet.text(row, column);
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

fn rows(title: &str, rows: Vec<Row>) -> Panel {
    Panel::Rows(Rows {
        title: title.to_owned(),
        x: Axis {
            written: true,
            ..Axis::new("")
        },
        rows,
        rule: Some(0.0),
        centre: String::new(),
        bars: false,
    })
}

/// An estimate of a row with the ends of its interval.
fn estimate(sheet: &Sheet, row: usize, name: &str) -> [f64; 3] {
    [name, "low", "high"].map(|column| sheet.number(row, column))
}

/// What chosen layouts change, on fresh replicates and on those of the search.
fn effects(chosen: &Sheet, lang: Lang) -> Figure {
    let data = copied(
        chosen,
        &[
            "layout",
            "changes",
            "of",
            "search_effect",
            "effect",
            "low",
            "high",
        ],
    );
    let panel = |of: &&str| {
        let own = (0..chosen.len()).filter(|row| chosen.text(*row, "of") == *of);
        let own = own.map(|row| Row {
            label: chosen.text(row, "changes").to_owned(),
            marks: vec![
                mark(Colour::Nth(0), estimate(chosen, row, "effect")),
                mark(
                    Colour::Grey,
                    [chosen.number(row, "search_effect"), f64::NAN, f64::NAN],
                ),
            ],
        });
        rows(of, own.collect())
    };
    let panels: Vec<Panel> = each(chosen, "of").iter().map(panel).collect();
    let chart = (!panels.is_empty()).then(|| Chart {
        legend: vec![
            Key::new(say!(lang, "search-on-fresh"), Colour::Nth(0)),
            Key::new(say!(lang, "search-on-own"), Colour::Grey),
        ],
        panels,
    });
    let words = [
        say!(lang, "search-effects-title"),
        say!(lang, "search-effects-about"),
    ];
    figure("effects", words, chart, data)
}

/// Layouts by what they cost and gain; with several objectives, by the first two.
fn choices(layouts: &Sheet, front: &Sheet, lang: Lang) -> Figure {
    let means = layouts.columns().iter();
    let means = means.filter(|column| column.starts_with("mean_"));
    let means: Vec<&str> = means.map(String::as_str).collect();
    let several = !front.is_empty();
    let first = means.first().copied().unwrap_or_default();
    let (x, y) = match (several, means.get(1)) {
        (true, Some(second)) => (first, *second),
        _ => ("pair_years", first),
    };
    let columns = [
        &["layout", "changes", "pair_years", "price", "fate"][..],
        &means[..],
    ];
    let data = copied(layouts, &columns.concat());
    let mut points = Vec::new();
    // The chosen ones in front.
    for chosen in [false, true] {
        for row in 0..layouts.len() {
            let fate = layouts.text(row, "fate");
            let at = (layouts.number(row, x), layouts.number(row, y));
            if (fate == "chosen") != chosen || !at.0.is_finite() || !at.1.is_finite() {
                continue;
            }
            let name = match (fate, layouts.text(row, "changes")) {
                (_, "") => layouts.text(row, "layout"),
                ("chosen", changes) => changes,
                _ => "",
            };
            let colour = match fate {
                "chosen" => Colour::Nth(0),
                "left" => Colour::Nth(1),
                _ => Colour::Grey,
            };
            points.push((name.to_owned(), colour, at, fate == "infeasible"));
        }
    }
    let label = |column: &str| match column.strip_prefix("mean_") {
        Some(id) => id.to_owned(),
        None => say!(lang, "search-pairs-axis").to_owned(),
    };
    let chart = (!points.is_empty()).then(|| Chart {
        legend: vec![
            Key::new(say!(lang, "search-fate-chosen"), Colour::Nth(0)),
            Key::new(say!(lang, "search-fate-left"), Colour::Nth(1)),
            Key::new(say!(lang, "search-fate-out"), Colour::Grey),
            Key {
                hollow: true,
                ..Key::new(say!(lang, "search-fate-breaks"), Colour::Grey)
            },
        ],
        panels: vec![Panel::Scatter(Scatter {
            title: String::new(),
            x: Axis::new(label(x)),
            y: Axis::new(label(y)),
            points,
        })],
    });
    let words = match several {
        true => [
            say!(lang, "search-front-title"),
            say!(lang, "search-front-about"),
        ],
        false => [
            say!(lang, "search-choices-title"),
            say!(lang, "search-choices-about"),
        ],
    };
    figure("choices", words, chart, data)
}

/// What each part of the chosen layout adds to the objective.
fn contributions(parts: &Sheet, lang: Lang) -> Figure {
    let columns = ["candidate", "member", "of", "adds", "low", "high"];
    let data = copied(parts, &columns);
    let objective = parts.text(0, "of");
    let mut own: Vec<usize> = (0..parts.len())
        .filter(|row| parts.text(*row, "of") == objective)
        .collect();
    own.truncate(PARTS);
    let own = own.into_iter().map(|row| {
        let member = parts.text(row, "member");
        let (label, colour) = match member {
            "" => (parts.text(row, "candidate").to_owned(), Colour::Nth(0)),
            member => (format!("– {member}"), Colour::Grey),
        };
        Row {
            label,
            marks: vec![mark(colour, estimate(parts, row, "adds"))],
        }
    });
    let panels = vec![rows(objective, own.collect())];
    let legend = vec![
        Key::new(say!(lang, "search-of-candidate"), Colour::Nth(0)),
        Key::new(say!(lang, "search-of-member"), Colour::Grey),
    ];
    let words = [
        say!(lang, "search-parts-title"),
        say!(lang, "search-parts-about"),
    ];
    figure("contributions", words, Some(Chart { legend, panels }), data)
}

/// Which pairs of candidates do more together than the sum of each.
fn synergy(pairs: &Sheet, lang: Lang) -> Figure {
    let columns = ["first", "second", "of", "synergy", "low", "high"];
    let data = copied(pairs, &columns);
    let objective = pairs.text(0, "of");
    let own: Vec<usize> = (0..pairs.len())
        .filter(|row| pairs.text(*row, "of") == objective)
        .collect();
    let mut names: Vec<String> = Vec::new();
    for row in &own {
        for column in ["first", "second"] {
            let name = pairs.text(*row, column);
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    let cell = |a: &String, b: &String| {
        own.iter().copied().find(|row| {
            let pair = [pairs.text(*row, "first"), pairs.text(*row, "second")];
            pair == [a, b] || pair == [b, a]
        })
    };
    let values: Vec<Vec<f64>> = names
        .iter()
        .map(|a| {
            let of = |b| cell(a, b).map_or(f64::NAN, |row| pairs.number(row, "synergy"));
            names.iter().map(of).collect()
        })
        .collect();
    // Those whose interval leaves out 0 are told.
    let told = |row: usize| {
        let [at, low, high] = estimate(pairs, row, "synergy");
        match low * high > 0.0 {
            true => signed(at),
            false => String::new(),
        }
    };
    let texts = names.iter().map(|a| {
        let of = |b| cell(a, b).map_or_else(String::new, told);
        names.iter().map(of).collect()
    });
    let most = values.iter().flatten().filter(|value| value.is_finite());
    let most = most.fold(0.0_f64, |most, value| most.max(value.abs()));
    let chart = Chart::plain(Panel::Heat(Heat {
        title: String::new(),
        label: say!(lang, "search-synergy-axis", id = objective),
        texts: texts.collect(),
        rows: names.clone(),
        columns: names,
        short: Vec::new(),
        values,
        signed: true,
        most: if most > 0.0 { most } else { 1.0 },
    }));
    let words = [
        say!(lang, "search-synergy-title"),
        say!(lang, "search-synergy-about"),
    ];
    figure("synergy", words, Some(chart), data)
}

/// What is left, over draws of the parameters.
fn over(regret: &Sheet, lang: Lang) -> Figure {
    let columns = [
        "layout",
        "changes",
        "gain",
        "low",
        "high",
        "best",
        "expected_regret",
        "most_regret",
        "keeps",
    ];
    let data = copied(regret, &columns);
    let mut order: Vec<usize> = (0..regret.len()).collect();
    let gain = |row: &usize| regret.number(*row, "gain");
    order.sort_by(|a, b| gain(b).total_cmp(&gain(a)).then(a.cmp(b)));
    let row = |row: usize| {
        let changes = regret.text(row, "changes");
        let name = match changes {
            "" => regret.text(row, "layout"),
            changes => changes,
        };
        let best = 100.0 * regret.number(row, "best");
        Row {
            label: say!(lang, "search-over-row", name, best = format!("{best:.0}")),
            marks: vec![mark(
                match regret.text(row, "keeps") {
                    "1" => Colour::Nth(0),
                    _ => Colour::Grey,
                },
                estimate(regret, row, "gain"),
            )],
        }
    };
    let chart = Chart {
        legend: vec![
            Key::new(say!(lang, "search-keeps"), Colour::Nth(0)),
            Key::new(say!(lang, "search-breaks"), Colour::Grey),
        ],
        panels: vec![rows("", order.into_iter().map(row).collect())],
    };
    let words = [
        say!(lang, "search-over-title"),
        say!(lang, "search-over-about"),
    ];
    figure("regret", words, Some(chart), data)
}

/// The last that were left, under variants of the model.
fn under_variants(variants: &Sheet, lang: Lang) -> Figure {
    let columns = [
        "variant", "layout", "changes", "gain", "low", "high", "regret", "keeps",
    ];
    let data = copied(variants, &columns);
    // The baseline gains nothing against itself.
    let own = |row: &usize| !variants.text(*row, "changes").is_empty();
    let panel = |model: &str| {
        let of_model = |row: &usize| variants.text(*row, "variant") == model;
        let all = (0..variants.len()).filter(own).filter(of_model);
        let row = |row: usize| Row {
            label: variants.text(row, "changes").to_owned(),
            marks: vec![mark(
                match variants.text(row, "keeps") {
                    "1" => Colour::Nth(0),
                    _ => Colour::Grey,
                },
                estimate(variants, row, "gain"),
            )],
        };
        let title = match model {
            "" => say!(lang, "search-own-model"),
            model => model,
        };
        rows(title, all.map(row).collect())
    };
    let models = each(variants, "variant").into_iter();
    let chart = Chart {
        legend: vec![
            Key::new(say!(lang, "search-keeps"), Colour::Nth(0)),
            Key::new(say!(lang, "search-breaks"), Colour::Grey),
        ],
        panels: models.map(panel).collect(),
    };
    let words = [
        say!(lang, "search-variants-title"),
        say!(lang, "search-variants-about"),
    ];
    figure("variants", words, Some(chart), data)
}

/// The baseline and the chosen layout as they are loaded, by the plan of the fresh replicates, which has both.
fn sides(dir: &Path) -> Option<[Loaded; 2]> {
    let text = std::fs::read_to_string(dir.join("fresh-1.toml")).ok()?;
    let spec: PlanSpec = toml::from_str(&text).ok()?;
    let scenario = dir.join(&spec.scenario);
    let side = |word: &String| {
        let layouts: Vec<PathBuf> = layout_paths(dir, &scenario, word);
        load(&scenario, &layouts, &spec.sets()).ok()
    };
    Some([side(spec.layouts.first()?)?, side(spec.layouts.get(1)?)?])
}

/// The alliances of the baseline and of the first chosen layout in the last month.
fn map(dir: &Path, lang: Lang) -> Figure {
    let mut data = Csv::new(&["layout", "alliance", "name", "member"]);
    let placed = |sides: &[Loaded; 2]| has_positions(&sides[0].scenario);
    let chart = sides(dir).filter(placed).map(|sides| {
        let names = Names::new(lang, &sides);
        let scenarios = sides.each_ref().map(|side| &side.scenario);
        let ids = alliance_ids(scenarios);
        let below = land(scenarios[0], &names);
        let place_ids: Vec<String> = scenarios[0]
            .places
            .iter()
            .map(|place| place.id.clone())
            .collect();
        let titles = [
            say!(lang, "search-map-baseline"),
            say!(lang, "search-map-chosen"),
        ];
        let panels = scenarios.into_iter().zip(titles).map(|(scenario, title)| {
            for alliance in &scenario.alliances {
                for member in &alliance.members {
                    data.row([
                        title.into(),
                        alliance.id.as_str().into(),
                        names.alliance(&alliance.id).into(),
                        member.who.name().into(),
                    ]);
                }
            }
            let name = |n: usize| names.place(&place_ids[n]).to_owned();
            let mut all = dots(scenario, &place_ids, |n| {
                Some((ink::MUTED, Symbol::Disc, name(n)))
            });
            all.extend(zones(scenario, scenario.end, &names));
            Panel::Dots(Dots {
                land: Land {
                    alliances: bonds(scenario, scenario.end, &ids),
                    ..below.clone()
                },
                title: title.to_owned(),
                dots: all,
                bounds: bounds(scenario),
                key: map_key(scenario, lang),
            })
        });
        Chart {
            panels: panels.collect(),
            legend: alliance_keys(&ids, &names),
        }
    });
    Figure {
        id: "map".to_owned(),
        title: say!(lang, "search-map-title").to_owned(),
        caption: say!(lang, "search-map-about", ground = say!(lang, "map-ground")),
        chart: chart.ok_or_else(|| text!("run-no-scenario")),
        data,
    }
}
