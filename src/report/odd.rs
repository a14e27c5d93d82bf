//! The ODD description of a scenario (Overview, Design concepts, Details; Grimm et al. 2020) with its
//! resolved numbers, as Markdown for the appendix of a paper. What holds for every scenario is taken from
//! `docs/model.md`, so that there is one text of it.

use std::fmt::Write;
use std::path::Path;

use crate::scenario::tables::{Kind, Member, Tier};
use crate::scenario::{Loaded, Scenario, parameter_table};

const MODEL: &str = include_str!("../../docs/model.md");

/// The description of a scenario in `folder`. `links` says how many directed links each layer has.
pub fn odd(loaded: &Loaded, folder: &Path, links: &[usize]) -> String {
    let scenario = &loaded.scenario;
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = head(&mut text, loaded);
    let _ = entities(&mut text, scenario, links);
    text.push_str(&section("## 3 Process overview and scheduling"));
    text.push_str(&section("## 4 Design concepts"));
    text.push_str(&section("## 5 Initialisation"));
    let _ = initial(&mut text, scenario);
    let _ = inputs(&mut text, loaded);
    text.push_str(&section("## 7 Submodels"));
    text.push_str(&section("## 8 Measures"));
    let _ = parameters(&mut text, loaded, folder);
    text
}

/// A section of the model's document, from its heading to the next of its rank. Links to other documents
/// become plain words: the text stands alone.
fn section(heading: &str) -> String {
    let Some(from) = MODEL.find(&format!("{heading}\n")) else {
        return String::new();
    };
    let text = &MODEL[from..];
    let to = text[3..].find("\n## ").map_or(text.len(), |at| at + 4);
    unlinked(&text[..to])
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

fn head(text: &mut String, loaded: &Loaded) -> std::fmt::Result {
    let scenario = &loaded.scenario;
    let title = if scenario.title.is_empty() {
        &scenario.name
    } else {
        &scenario.title
    };
    writeln!(
        text,
        "# {title}: description of the model by the ODD protocol\n"
    )?;
    writeln!(
        text,
        "This text follows the ODD protocol (Overview, Design concepts, Details; Grimm et al. 2020, *JASSS* 23(2) 7, \
         doi 10.18564/jasss.4259). It describes the scenario `{}`{} as Pointplane {} runs it. It was made by `pointplane odd`; numbers are \
         those of the resolved scenario. Source files are named relative to the repository of the program.\n",
        scenario.name,
        match scenario.layout.as_str() {
            "" => String::new(),
            layout => format!(" with the layout `{layout}`"),
        },
        env!("CARGO_PKG_VERSION"),
    )?;
    text.push_str(&purpose());
    Ok(())
}

/// Purpose, without the patterns of one scenario.
fn purpose() -> String {
    let all = section("## 1 Purpose and patterns");
    let end = all.find("\n**Patterns.**").unwrap_or(all.len());
    format!(
        "{}\n**Patterns.** Which patterns of data a run is judged by belongs to the study that uses it. The observed national batches of this \
         scenario, if it has any, are in section 6.\n\n",
        &all[..end]
    )
}

fn count(scenario: &Scenario, kind: Kind) -> usize {
    scenario
        .places
        .iter()
        .filter(|place| place.kind == kind)
        .count()
}

fn entities(text: &mut String, scenario: &Scenario, links: &[usize]) -> std::fmt::Result {
    text.push_str(section("## 2 Entities, state variables and scales").trim_end());
    let months = scenario.end.since(scenario.start) + 1;
    writeln!(
        text,
        "\n\n**In this scenario.** {} to {}: T = {months} months.\n",
        scenario.start, scenario.end
    )?;
    writeln!(text, "| entity | number |\n| --- | --- |")?;
    let mut row = |what: &str, number: String| writeln!(text, "| {what} | {number} |");
    let tier = |tier| {
        let regions = scenario.places.iter().filter(|p| p.kind == Kind::Region);
        regions.filter(|p| p.tier == tier).count()
    };
    row(
        "regions (linkage, radiation, hinterland)",
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
        "zones (of these open during the run)",
        format!(
            "{} ({})",
            zones().count(),
            zones()
                .filter(|z| z.open.is_some_and(|m| m <= scenario.end))
                .count()
        ),
    )?;
    let mut groups: Vec<&String> = zones().filter_map(|z| z.group.as_ref()).collect();
    groups.sort_unstable();
    groups.dedup();
    row(
        "free-trade zones (groups of zones)",
        groups.len().to_string(),
    )?;
    row(
        "source gateways, transit gateways",
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
        "provinces, areas",
        format!("{}, {}", distinct(|p| &p.province), distinct(|p| &p.area)),
    )?;
    let ids: Vec<&str> = scenario.domains.iter().map(|d| d.id.as_str()).collect();
    row("domains", format!("{}: {}", ids.len(), ids.join(", ")))?;
    for (layer, links) in scenario.layers.iter().zip(links) {
        row(
            &format!("directed base links of layer {}", layer.id),
            links.to_string(),
        )?;
    }
    row("active alliances", scenario.alliances.len().to_string())?;
    row("corridors", scenario.corridors.len().to_string())?;
    row(
        "replicates unless told otherwise",
        scenario.replicates.to_string(),
    )?;
    writeln!(text)?;
    if !scenario.alliances.is_empty() {
        writeln!(
            text,
            "| alliance | from | to | strength ω | size exponent ζ | layer multipliers c_l | members |\n| --- | --- | --- | --- | --- | --- | --- |"
        )?;
        for alliance in &scenario.alliances {
            let members: Vec<&str> = alliance
                .members
                .iter()
                .map(|member| match member {
                    Member::Group(id) | Member::Province(id) => id.as_str(),
                })
                .collect();
            let date = |month: Option<crate::scenario::Month>, open: &str| {
                month.map_or(open.to_owned(), |m| m.to_string())
            };
            let layers: Vec<String> = alliance.layers.iter().map(ToString::to_string).collect();
            writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} | {} |",
                cell(&alliance.id),
                date(alliance.from, "start"),
                date(alliance.to, "end"),
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
            "| corridor | segments | layer multipliers c_l |\n| --- | --- | --- |"
        )?;
        for corridor in &scenario.corridors {
            let segments: Vec<&str> = corridor.segments.iter().map(|s| s.id.as_str()).collect();
            let layers: Vec<String> = corridor.layers.iter().map(ToString::to_string).collect();
            writeln!(
                text,
                "| {} | {} | {} |",
                cell(&corridor.id),
                cell(&segments.join(" – ")),
                layers.join(", ")
            )?;
        }
        writeln!(text)?;
    }
    Ok(())
}

fn initial(text: &mut String, scenario: &Scenario) -> std::fmt::Result {
    let before = |p: &&crate::scenario::tables::Place| p.open.is_some_and(|m| m <= scenario.start);
    let zones = scenario.places.iter().filter(|p| p.kind == Kind::Zone);
    let first = zones.clone().filter_map(|z| z.open).min();
    writeln!(
        text,
        "In this scenario {} zones are open in month 0; the first opens in {}. Zones have {} tasks at their openings and {} later ones at {} dates. The seed is {}.\n",
        zones.clone().filter(before).count(),
        first.map_or("no month".to_owned(), |m| m.to_string()),
        zones
            .filter(|z| z.open.is_some())
            .map(|z| u64::from(z.tasks))
            .sum::<u64>(),
        scenario
            .mandates
            .iter()
            .map(|m| u64::from(m.tasks))
            .sum::<u64>(),
        scenario.mandates.len(),
        scenario.seed,
    )
}

fn inputs(text: &mut String, loaded: &Loaded) -> std::fmt::Result {
    let scenario = &loaded.scenario;
    writeln!(text, "## 6 Input data\n")?;
    writeln!(
        text,
        "All input is in the scenario's files. No other data are read during a run. Observed batches are only compared with simulated ones.\n"
    )?;
    writeln!(text, "| file | SHA-256 |\n| --- | --- |")?;
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
        writeln!(text, "Observed national batches: {}.\n", batches.join(", "))?;
    }
    Ok(())
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

fn parameters(text: &mut String, loaded: &Loaded, folder: &Path) -> std::fmt::Result {
    let spec = toml::Value::try_from(&loaded.spec).unwrap_or(toml::Value::Boolean(false));
    writeln!(text, "## 9 Parameters\n")?;
    writeln!(
        text,
        "Source: the file and line that sets a value, or the program's default. Defaults are judgements that make a run believable, not estimates; \
         the scenario's own documents say where its values come from.\n"
    )?;
    writeln!(
        text,
        "| parameter | symbol | value | unit | what it is | source |\n| --- | --- | --- | --- | --- | --- |"
    )?;
    for row in parameter_table() {
        // Lists of tables are shown apart.
        if row.key.contains("[]") || row.key.contains('<') {
            continue;
        }
        let Some(value) = value(&spec, &row.key) else {
            continue;
        };
        if value.starts_with("[{") || row.key == "domains" || row.key == "layers" {
            continue;
        }
        let source = match loaded.set_at(&row.key) {
            // From the scenario's folder, as the other files are named.
            Some(place) => match Path::new(&place).strip_prefix(folder) {
                Ok(inside) => inside.display().to_string(),
                Err(_) => place,
            },
            None => "default".to_owned(),
        };
        writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} |",
            row.key,
            cell(&row.symbol),
            cell(&value),
            cell(&row.unit),
            cell(&row.what),
            cell(&source)
        )?;
    }
    writeln!(text)?;
    writeln!(
        text,
        "Affinity a_dl of domains and layers, and the mix of domains where a zone has none of its own:\n"
    )?;
    let layers: Vec<&str> = loaded
        .scenario
        .layers
        .iter()
        .map(|l| l.id.as_str())
        .collect();
    writeln!(text, "| domain | share | {} |", layers.join(" | "))?;
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
            cell(&domain.id),
            domain.share,
            affinity.join(" | ")
        )?;
    }
    writeln!(text, "\nRules that make the links of each layer:\n")?;
    writeln!(text, "| layer | rule |\n| --- | --- |")?;
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
        for heading in [
            "## 1 Purpose and patterns",
            "## 2 Entities, state variables and scales",
            "## 3 Process overview and scheduling",
            "## 4 Design concepts",
            "## 5 Initialisation",
            "## 7 Submodels",
            "## 8 Measures",
        ] {
            let text = section(heading);
            assert!(text.len() > 200, "{heading}");
            assert_eq!(text.matches("\n## ").count(), 0, "{heading}");
        }
    }
}
