//! The ODD description of a scenario (Overview, Design concepts, Details; Grimm et al. 2020) with its
//! resolved numbers, as Markdown for the appendix of a paper. What holds for every scenario is taken from
//! `docs/model.md` (Chinese: `docs/model.zh.md`), so that there is one text of it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::lang::titled;
use crate::scenario::tables::{Kind, Tier};
use crate::scenario::{Loaded, Scenario, parameter_table};
use crate::texts::{Lang, say};

const MODEL: &str = include_str!("../../docs/model.md");
const MODEL_ZH: &str = include_str!("../../docs/model.zh.md");

/// The description of a scenario in `folder`. `links` says how many directed links each layer has.
pub fn odd(loaded: &Loaded, folder: &Path, links: &[usize], lang: Lang) -> String {
    let scenario = &loaded.scenario;
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = head(&mut text, loaded, lang);
    let _ = entities(&mut text, scenario, links, lang);
    text.push_str(&section(3, lang));
    text.push_str(&section(4, lang));
    text.push_str(&section(5, lang));
    let _ = initial(&mut text, scenario, lang);
    let _ = inputs(&mut text, loaded, lang);
    text.push_str(&section(7, lang));
    text.push_str(&section(8, lang));
    let _ = parameters(&mut text, loaded, folder, lang);
    text
}

/// A section of the model's document, from its heading to the next of its rank. Links to other documents
/// become plain words: the text stands alone.
fn section(number: u8, lang: Lang) -> String {
    let model = match lang {
        Lang::En => MODEL,
        Lang::Zh => MODEL_ZH,
    };
    let Some(from) = model.find(&format!("\n## {number} ")) else {
        return String::new();
    };
    let text = &model[from + 1..];
    let to = text[3..].find("\n## ").map_or(text.len(), |at| at + 4);
    unlinked(&without_sources(&text[..to], lang))
}

/// The text without the paragraphs that name source files: a reader of a paper has none.
fn without_sources(text: &str, lang: Lang) -> String {
    let named = |part: &&str| !part.starts_with(say!(lang, "odd-source"));
    let parts: Vec<&str> = text.split("\n\n").filter(named).collect();
    parts.join("\n\n")
}

/// The text without links that lead to files beside the document.
fn unlinked(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let (before, link) = rest.split_at(open);
        plain.push_str(before);
        let parts = link.find("](").and_then(|middle| {
            let close = link[middle..].find(')')? + middle;
            Some((&link[1..middle], &link[middle + 2..close], close + 1))
        });
        match parts {
            Some((words, to, end)) if !words.contains(['\n', '[']) => {
                if to.starts_with("http") {
                    plain.push_str(&link[..end]);
                } else {
                    plain.push_str(words);
                }
                rest = &link[end..];
            }
            _ => {
                plain.push('[');
                rest = &link[1..];
            }
        }
    }
    plain + rest
}

fn head(text: &mut String, loaded: &Loaded, lang: Lang) -> std::fmt::Result {
    let scenario = &loaded.scenario;
    let title = lang.name(&scenario.name, &scenario.title, &scenario.title_zh);
    let (name, version) = (&scenario.name, env!("CARGO_PKG_VERSION"));
    let layout = match scenario.layout.as_str() {
        "" => String::new(),
        layout => {
            let titles = scenario.layout_titles();
            say!(
                lang,
                "odd-with-layout",
                layout = titled(lang, &format!("`{layout}`"), &titles)
            )
        }
    };
    writeln!(
        text,
        "# {}\n\n{}\n",
        say!(lang, "odd-title", title),
        say!(lang, "odd-about", name, layout, version)
    )?;
    text.push_str(&purpose(lang));
    Ok(())
}

/// Purpose, without the patterns of one scenario.
fn purpose(lang: Lang) -> String {
    let all = section(1, lang);
    let mark = format!("\n{}", say!(lang, "odd-patterns"));
    let end = all.find(&mark).unwrap_or(all.len());
    let own = say!(lang, "odd-patterns-own");
    format!("{}{mark} {own}\n\n", &all[..end])
}

fn count(scenario: &Scenario, kind: Kind) -> usize {
    scenario
        .places
        .iter()
        .filter(|place| place.kind == kind)
        .count()
}

fn entities(
    text: &mut String,
    scenario: &Scenario,
    links: &[usize],
    lang: Lang,
) -> std::fmt::Result {
    text.push_str(section(2, lang).trim_end());
    let months = scenario.end.since(scenario.start) + 1;
    let (start, end) = (scenario.start, scenario.end);
    writeln!(text, "\n\n{}\n", say!(lang, "odd-span", start, end, months))?;
    let heads = say!(lang, "odd-heads");
    writeln!(text, "{heads}\n| --- | --- |")?;
    let mut row = |what: &str, number: String| writeln!(text, "| {what} | {number} |");
    let tier = |tier| {
        let regions = scenario.places.iter().filter(|p| p.kind == Kind::Region);
        regions.filter(|p| p.tier == tier).count()
    };
    row(
        say!(lang, "odd-regions"),
        format!(
            "{} ({}, {}, {})",
            count(scenario, Kind::Region),
            tier(Tier::Linkage),
            tier(Tier::Radiation),
            tier(Tier::Hinterland)
        ),
    )?;
    let zones = || scenario.places.iter().filter(|p| p.kind == Kind::Zone);
    row(
        say!(lang, "odd-zones"),
        format!(
            "{} ({})",
            zones().count(),
            zones()
                .filter(|z| z.open.is_some_and(|m| m <= scenario.end))
                .count()
        ),
    )?;
    let carry = zones().filter(|z| z.carries_weight).count();
    if carry > 0 {
        row(say!(lang, "odd-zones-carry"), carry.to_string())?;
    }
    let mut groups: Vec<&String> = zones().filter_map(|z| z.group.as_ref()).collect();
    groups.sort_unstable();
    groups.dedup();
    row(say!(lang, "odd-groups"), groups.len().to_string())?;
    row(
        say!(lang, "odd-gateways"),
        format!(
            "{}, {}",
            count(scenario, Kind::SourceGateway),
            count(scenario, Kind::TransitGateway)
        ),
    )?;
    let distinct = |key: fn(&crate::scenario::tables::Place) -> &String| {
        let mut list: Vec<&String> = scenario
            .places
            .iter()
            .map(key)
            .filter(|k| !k.is_empty())
            .collect();
        list.sort_unstable();
        list.dedup();
        list.len()
    };
    row(
        say!(lang, "odd-provinces"),
        format!("{}, {}", distinct(|p| &p.province), distinct(|p| &p.area)),
    )?;
    let ids: Vec<&str> = scenario.domains.iter().map(|d| d.id.as_str()).collect();
    row(
        say!(lang, "odd-domains"),
        format!("{}: {}", ids.len(), ids.join(", ")),
    )?;
    for (layer, links) in scenario.layers.iter().zip(links) {
        row(
            &say!(lang, "odd-links", layer = layer.id),
            links.to_string(),
        )?;
    }
    row(
        say!(lang, "odd-alliances"),
        scenario.alliances.len().to_string(),
    )?;
    row(
        say!(lang, "odd-corridors"),
        scenario.corridors.len().to_string(),
    )?;
    row(
        say!(lang, "odd-replicates"),
        scenario.replicates.to_string(),
    )?;
    writeln!(text)?;
    if !scenario.alliances.is_empty() {
        writeln!(
            text,
            "{}\n| --- | --- | --- | --- | --- | --- | --- |",
            say!(lang, "odd-alliance-heads")
        )?;
        for alliance in &scenario.alliances {
            let members: Vec<&str> = alliance
                .members
                .iter()
                .map(|member| member.who.name())
                .collect();
            let date = |month: Option<crate::scenario::Month>, open: &str| {
                month.map_or(open.to_owned(), |m| m.to_string())
            };
            let layers: Vec<String> = alliance.layers.iter().map(ToString::to_string).collect();
            writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} | {} |",
                named(
                    &alliance.id,
                    lang.name("", &alliance.name_en, &alliance.name_zh),
                    lang
                ),
                date(alliance.from, say!(lang, "odd-start")),
                date(alliance.to, say!(lang, "odd-end")),
                alliance.strength,
                alliance.size_exponent,
                layers.join(", "),
                cell(&members.join(", "))
            )?;
        }
        writeln!(text)?;
    }
    if !scenario.corridors.is_empty() {
        writeln!(
            text,
            "{}\n| --- | --- | --- |",
            say!(lang, "odd-corridor-heads")
        )?;
        for corridor in &scenario.corridors {
            let segments: Vec<&str> = corridor.segments.iter().map(|s| s.id.as_str()).collect();
            let layers: Vec<String> = corridor.layers.iter().map(ToString::to_string).collect();
            writeln!(
                text,
                "| {} | {} | {} |",
                named(
                    &corridor.id,
                    lang.name("", &corridor.name_en, &corridor.name_zh),
                    lang
                ),
                cell(&segments.join(" – ")),
                layers.join(", ")
            )?;
        }
        writeln!(text)?;
    }
    Ok(())
}

fn initial(text: &mut String, scenario: &Scenario, lang: Lang) -> std::fmt::Result {
    let before = |p: &&crate::scenario::tables::Place| p.open.is_some_and(|m| m <= scenario.start);
    let zones = scenario.places.iter().filter(|p| p.kind == Kind::Zone);
    let first = zones.clone().filter_map(|z| z.open).min();
    let first = first.map_or_else(|| say!(lang, "odd-never").to_owned(), |m| m.to_string());
    let open = zones.clone().filter(before).count();
    let tasks: u64 = zones
        .filter(|z| z.open.is_some())
        .map(|z| u64::from(z.tasks))
        .sum();
    let later: u64 = scenario.mandates.iter().map(|m| u64::from(m.tasks)).sum();
    let (dates, seed) = (scenario.mandates.len(), scenario.seed);
    writeln!(
        text,
        "{}\n",
        say!(
            lang,
            "odd-initial",
            open,
            first,
            tasks,
            later,
            dates,
            seed = seed.to_string()
        )
    )
}

fn inputs(text: &mut String, loaded: &Loaded, lang: Lang) -> std::fmt::Result {
    let scenario = &loaded.scenario;
    let words = format!(
        "## 6 {}\n\n{}\n\n{}",
        say!(lang, "odd-inputs"),
        say!(lang, "odd-inputs-about"),
        say!(lang, "odd-inputs-heads")
    );
    writeln!(text, "{words}\n| --- | --- |")?;
    for file in &loaded.inputs {
        writeln!(text, "| `{}` | `{}` |", cell(&file.path), file.sha256)?;
    }
    writeln!(text)?;
    if !scenario.observed.is_empty() {
        let batches: Vec<String> = scenario
            .observed
            .iter()
            .map(|(month, items)| format!("{month}: {items}"))
            .collect();
        let list = batches.join(", ");
        writeln!(text, "{}\n", say!(lang, "odd-observed", list))?;
    }
    Ok(())
}

/// An id with its name.
fn named(id: &str, name: &str, lang: Lang) -> String {
    match name {
        "" => cell(id),
        name => say!(lang, "odd-named", name = cell(name), id = cell(id)),
    }
}

/// Unit and description of each key in Chinese, as section 9 of the Chinese page has them.
fn in_chinese() -> BTreeMap<String, (String, String)> {
    let text = section(9, Lang::Zh);
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.filter_map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let key = cells.next()?.trim_matches('`').to_owned();
        Some((key, (cells.next()?.to_owned(), cells.next()?.to_owned())))
    })
    .collect()
}

/// A cell of a table: names from files may hold bars and lines.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The value at a dotted path of the resolved scenario.
fn value(spec: &toml::Value, key: &str) -> Option<String> {
    let found = key.split('.').try_fold(spec, |table, key| table.get(key))?;
    Some(match found {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(list) if list.iter().all(toml::Value::is_str) => {
            let texts: Vec<&str> = list.iter().filter_map(toml::Value::as_str).collect();
            texts.join(", ")
        }
        other => other.to_string(),
    })
}

fn parameters(text: &mut String, loaded: &Loaded, folder: &Path, lang: Lang) -> std::fmt::Result {
    let chinese = in_chinese();
    let spec = toml::Value::try_from(&loaded.spec).unwrap_or(toml::Value::Boolean(false));
    let words = format!(
        "## 9 {}\n\n{}\n\n{}",
        say!(lang, "odd-parameters"),
        say!(lang, "odd-parameters-about"),
        say!(lang, "odd-parameters-heads")
    );
    writeln!(text, "{words}\n| --- | --- | --- | --- | --- | --- |")?;
    for row in parameter_table() {
        // Lists of tables are shown apart.
        if row.key.contains("[]") || row.key.contains('<') {
            continue;
        }
        let Some(value) = value(&spec, &row.key) else {
            continue;
        };
        let listed = ["domains", "layers", "places.areas", "places.provinces"];
        if value.starts_with("[{") || listed.contains(&row.key.as_str()) {
            continue;
        }
        let source = match loaded.set_at(&row.key) {
            // From the scenario's folder, as the other files are named.
            Some(place) => match Path::new(&place).strip_prefix(folder) {
                Ok(inside) => inside.display().to_string(),
                Err(_) => place,
            },
            None => say!(lang, "odd-default").to_owned(),
        };
        let (unit, what) = match chinese.get(&row.key) {
            Some((unit, what)) if lang == Lang::Zh => (unit, what),
            _ => (&row.unit, &row.what),
        };
        writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} |",
            row.key,
            cell(&row.symbol),
            cell(&value),
            cell(unit),
            cell(what),
            cell(&source)
        )?;
    }
    writeln!(text)?;
    writeln!(text, "{}\n", say!(lang, "odd-affinity"))?;
    let layers: Vec<&str> = loaded
        .scenario
        .layers
        .iter()
        .map(|l| l.id.as_str())
        .collect();
    let heads = say!(lang, "odd-affinity-heads");
    writeln!(text, "{heads} {} |", layers.join(" | "))?;
    writeln!(text, "| --- | --- |{}", " --- |".repeat(layers.len()))?;
    for domain in &loaded.scenario.domains {
        let affinity: Vec<String> = layers
            .iter()
            .map(|layer| {
                domain
                    .affinity
                    .get(*layer)
                    .copied()
                    .unwrap_or(0.0)
                    .to_string()
            })
            .collect();
        writeln!(
            text,
            "| {} | {} | {} |",
            named(
                &domain.id,
                lang.name("", &domain.name_en, &domain.name_zh),
                lang
            ),
            domain.share,
            affinity.join(" | ")
        )?;
    }
    let words = format!(
        "\n{}\n\n{}",
        say!(lang, "odd-rules"),
        say!(lang, "odd-rules-heads")
    );
    writeln!(text, "{words}\n| --- | --- |")?;
    for layer in spec
        .get("layers")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
    {
        let id = layer.get("id").and_then(toml::Value::as_str).unwrap_or("");
        let links = layer.get("links").and_then(toml::Value::as_array);
        for link in links.into_iter().flatten() {
            let keys = link.as_table().into_iter().flatten();
            let keys: Vec<String> = keys
                .map(|(key, value)| format!("{key} = {value}"))
                .collect();
            writeln!(text, "| {} | {} |", cell(id), cell(&keys.join(", ")))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_become_words() {
        let text =
            "See [scenario.md](scenario.md#parameters), [doi](https://doi.org/1) and A[i] (x).";
        let plain = "See scenario.md, [doi](https://doi.org/1) and A[i] (x).";
        assert_eq!(unlinked(text), plain);
    }

    #[test]
    fn the_sections_of_the_model_are_found() {
        for lang in [Lang::En, Lang::Zh] {
            for number in [1, 2, 3, 4, 5, 7, 8] {
                let text = section(number, lang);
                assert!(text.len() > 200, "{number}");
                assert_eq!(text.matches("\n## ").count(), 0, "{number}");
            }
            let purpose = purpose(lang);
            assert!(
                !purpose.contains("2014-12"),
                "patterns of one scenario: {purpose}"
            );
        }
    }

    /// A paper has no source files, and none of the sections that the text does not have.
    #[test]
    fn the_text_leads_nowhere_else() {
        for (lang, mark) in [(Lang::En, "section "), (Lang::Zh, "第 ")] {
            let text: String = [1, 2, 3, 4, 5, 7, 8].map(|n| section(n, lang)).concat();
            for path in ["src/", ".rs", ".py", ".md"] {
                assert!(!text.contains(path), "{path}");
            }
            let mut found = 0;
            for after in text.split(mark).skip(1) {
                let number: String = after
                    .chars()
                    .take_while(|c| c.is_ascii_digit() || *c == '.')
                    .collect();
                let rest = &after[number.len()..];
                let number = number.trim_end_matches('.');
                if number.is_empty() || (lang == Lang::Zh && !rest.starts_with(" 节")) {
                    continue;
                }
                let known = text.contains(&format!("\n### {number} "))
                    || ["6", "9"].contains(&number)
                    || format!("\n{text}").contains(&format!("\n## {number} "));
                assert!(known, "{lang}: {number}");
                found += 1;
            }
            assert!(found >= 4, "{found}");
            // A scenario need not be of free-trade zones.
            let purpose = purpose(lang);
            assert!(!purpose.contains("free-trade") && !purpose.contains("自由贸易"));
        }
    }

    /// No mark of Chinese text stands inside a formula: between symbols, or in the brackets of a function.
    #[test]
    fn formulas_have_no_full_width_marks() {
        let text: String = [1, 2, 3, 4, 5, 7, 8].map(|n| section(n, Lang::Zh)).concat();
        for wrong in [
            "_ij，d", "_d，hub", "exp（", "P（", "ln（", "min（", "max（", "· （", "−（", "− （",
        ] {
            assert!(!text.contains(wrong), "{wrong}");
        }
    }

    /// Code, rows of tables and lines of formulas of each subsection are those of the English page: who changes
    /// the model changes both.
    #[test]
    fn the_chinese_page_keeps_step_with_the_english_one() {
        type Counts = (BTreeMap<String, usize>, usize, usize);
        let counts = |lang| -> BTreeMap<String, Counts> {
            let all: String = (1..=8).map(|number| section(number, lang)).collect();
            let mut parts: BTreeMap<String, Counts> = BTreeMap::new();
            let mut part = String::new();
            for line in all.lines() {
                if line.starts_with("##") {
                    part = line.split(' ').nth(1).unwrap_or("").to_owned();
                }
                let (code, rows, formulas) = parts.entry(part.clone()).or_default();
                let spans = line.split('`').skip(1).step_by(2);
                spans.for_each(|span| *code.entry(span.to_owned()).or_default() += 1);
                *rows += usize::from(line.starts_with('|'));
                *formulas += usize::from(line.starts_with("    "));
            }
            parts
        };
        let (english, chinese) = (counts(Lang::En), counts(Lang::Zh));
        assert!(english.len() > 15);
        assert_eq!(english, chinese);
    }

    #[test]
    fn every_parameter_has_a_chinese_description() {
        let known = in_chinese();
        let keys = parameter_table().into_iter().map(|row| row.key);
        let shown = keys.filter(|key| !key.contains("[]") && !key.contains('<'));
        let without: Vec<String> = shown.filter(|key| !known.contains_key(key)).collect();
        let listed = ["places.areas", "places.provinces"];
        assert_eq!(without, listed, "docs/model.zh.md, section 9");
        assert!(known.values().all(|(_, what)| !what.is_empty()));
    }
}
