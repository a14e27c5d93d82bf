//! The ODD description of a scenario (Overview, Design concepts, Details; Grimm et al. 2020) with its
//! resolved numbers, as Markdown for the appendix of a paper. What holds for every scenario is taken from
//! `docs/model.md` (Chinese: `docs/model.zh.md`), so that there is one text of it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use crate::report::lang::Lang;
use crate::scenario::tables::{Kind, Member, Tier};
use crate::scenario::{Loaded, Scenario, parameter_table};

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
    let model = lang.of(MODEL, MODEL_ZH);
    let Some(from) = model.find(&format!("\n## {number} ")) else {
        return String::new();
    };
    let text = &model[from + 1..];
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

fn head(text: &mut String, loaded: &Loaded, lang: Lang) -> std::fmt::Result {
    let scenario = &loaded.scenario;
    let title = lang.name(&scenario.name, &scenario.title, &scenario.title_zh);
    let (name, version) = (&scenario.name, env!("CARGO_PKG_VERSION"));
    let layout = match (scenario.layout.as_str(), lang) {
        ("", _) => String::new(),
        (layout, Lang::En) => format!(" with the layout `{layout}`"),
        (layout, Lang::Zh) => format!("（布局 `{layout}`）"),
    };
    match lang {
        Lang::En => writeln!(
            text,
            "# {title}: description of the model by the ODD protocol\n\n\
             This text follows the ODD protocol (Overview, Design concepts, Details; Grimm et al. 2020, *JASSS* 23(2) 7, \
             doi 10.18564/jasss.4259). It describes the scenario `{name}`{layout} as Pointplane {version} runs it. It was made by `pointplane odd`; numbers are \
             those of the resolved scenario. Source files are named relative to the repository of the program.\n",
        )?,
        Lang::Zh => writeln!(
            text,
            "# {title}：按 ODD 规范的模型描述\n\n\
             本文遵循 ODD 规范(概览、设计概念、细节；Grimm 等，2020，*JASSS* 23(2) 7，doi 10.18564/jasss.4259)，描述情景 `{name}`{layout}在 Pointplane {version} 中的运行。\
             本文由 `pointplane odd --lang zh` 生成；数值为解析后的情景之值。源文件的路径相对于程序的仓库。\n",
        )?,
    }
    text.push_str(&purpose(lang));
    Ok(())
}

/// Purpose, without the patterns of one scenario.
fn purpose(lang: Lang) -> String {
    let all = section(1, lang);
    let mark = lang.of("\n**Patterns.**", "\n**模式。**");
    let end = all.find(mark).unwrap_or(all.len());
    let own = lang.of(
        "Which patterns of data a run is judged by belongs to the study that uses it. The observed national batches of this \
         scenario, if it has any, are in section 6.",
        "以哪些数据模式评判运行，取决于使用它的研究。本情景若有观测到的全国批次，见第 6 节。",
    );
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
    match lang {
        Lang::En => writeln!(
            text,
            "\n\n**In this scenario.** {start} to {end}: T = {months} months.\n"
        )?,
        Lang::Zh => writeln!(
            text,
            "\n\n**在本情景中。** {start} 至 {end}：T = {months} 个月。\n"
        )?,
    }
    let heads = lang.of("| entity | number |", "| 实体 | 数量 |");
    writeln!(text, "{heads}\n| --- | --- |")?;
    let mut row = |what: &str, number: String| writeln!(text, "| {what} | {number} |");
    let tier = |tier| {
        let regions = scenario.places.iter().filter(|p| p.kind == Kind::Region);
        regions.filter(|p| p.tier == tier).count()
    };
    row(
        lang.of(
            "regions (linkage, radiation, hinterland)",
            "地区（联动、辐射、腹地）",
        ),
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
        lang.of(
            "zones (of these open during the run)",
            "片区（其中在运行期间设立）",
        ),
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
        lang.of(
            "free-trade zones (groups of zones)",
            "自贸试验区（片区的组）",
        ),
        groups.len().to_string(),
    )?;
    row(
        lang.of(
            "source gateways, transit gateways",
            "境外规则来源、中转口岸",
        ),
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
        lang.of("provinces, areas", "省、区域"),
        format!("{}, {}", distinct(|p| &p.province), distinct(|p| &p.area)),
    )?;
    let ids: Vec<&str> = scenario.domains.iter().map(|d| d.id.as_str()).collect();
    row(
        lang.of("domains", "领域"),
        format!("{}: {}", ids.len(), ids.join(", ")),
    )?;
    for (layer, links) in scenario.layers.iter().zip(links) {
        row(
            &format!(
                "{} {}",
                lang.of("directed base links of layer", "有向基础联系，层"),
                layer.id
            ),
            links.to_string(),
        )?;
    }
    row(
        lang.of("active alliances", "参与的联盟"),
        scenario.alliances.len().to_string(),
    )?;
    row(
        lang.of("corridors", "走廊"),
        scenario.corridors.len().to_string(),
    )?;
    row(
        lang.of("replicates unless told otherwise", "默认重复次数"),
        scenario.replicates.to_string(),
    )?;
    writeln!(text)?;
    if !scenario.alliances.is_empty() {
        writeln!(
            text,
            "{}\n| --- | --- | --- | --- | --- | --- | --- |",
            lang.of(
                "| alliance | from | to | strength ω | size exponent ζ | layer multipliers c_l | members |",
                "| 联盟 | 自 | 至 | 强度 ω | 规模指数 ζ | 层乘数 c_l | 成员 |"
            )
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
                named(&alliance.id, &alliance.name_zh, lang),
                date(alliance.from, lang.of("start", "开始")),
                date(alliance.to, lang.of("end", "期末")),
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
            lang.of(
                "| corridor | segments | layer multipliers c_l |",
                "| 走廊 | 分段 | 层乘数 c_l |"
            )
        )?;
        for corridor in &scenario.corridors {
            let segments: Vec<&str> = corridor.segments.iter().map(|s| s.id.as_str()).collect();
            let layers: Vec<String> = corridor.layers.iter().map(ToString::to_string).collect();
            writeln!(
                text,
                "| {} | {} | {} |",
                named(&corridor.id, &corridor.name_zh, lang),
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
    let first = first.map_or_else(|| lang.of("no month", "从不").to_owned(), |m| m.to_string());
    let open = zones.clone().filter(before).count();
    let tasks: u64 = zones
        .filter(|z| z.open.is_some())
        .map(|z| u64::from(z.tasks))
        .sum();
    let later: u64 = scenario.mandates.iter().map(|m| u64::from(m.tasks)).sum();
    let (dates, seed) = (scenario.mandates.len(), scenario.seed);
    match lang {
        Lang::En => writeln!(
            text,
            "In this scenario {open} zones are open in month 0; the first opens in {first}. Zones have {tasks} tasks at their openings and {later} later ones at {dates} dates. The seed is {seed}.\n",
        ),
        Lang::Zh => writeln!(
            text,
            "本情景第 0 月有 {open} 个片区已设立；首个片区设立于 {first}。各片区设立时共有 {tasks} 项任务，其后在 {dates} 个日期另有 {later} 项。种子为 {seed}。\n",
        ),
    }
}

fn inputs(text: &mut String, loaded: &Loaded, lang: Lang) -> std::fmt::Result {
    let scenario = &loaded.scenario;
    let words = lang.of(
        "## 6 Input data\n\nAll input is in the scenario's files. No other data are read during a run. Observed batches are only compared with simulated ones.\n\n| file | SHA-256 |",
        "## 6 输入数据\n\n全部输入都在情景文件中，运行期间不读取其他数据。观测到的批次只与模拟结果对照。\n\n| 文件 | SHA-256 |",
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
        match lang {
            Lang::En => writeln!(text, "Observed national batches: {list}.\n")?,
            Lang::Zh => writeln!(text, "观测到的全国批次：{list}。\n")?,
        }
    }
    Ok(())
}

/// An id with its Chinese name beside it, in the Chinese text.
fn named(id: &str, name: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh if !name.is_empty() => format!("{}（{}）", cell(name), cell(id)),
        _ => cell(id),
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
    let words = lang.of(
        "## 9 Parameters\n\nSource: the file and line that sets a value, or the program's default. Defaults are judgements that make a run believable, not estimates; \
         the scenario's own documents say where its values come from.\n\n| parameter | symbol | value | unit | what it is | source |",
        "## 9 参数\n\n来源：设定该值的文件与行号，或程序的默认值。默认值是使运行可信的主观设定，不是估计值；情景自身的文档说明其取值来源。\n\n| 参数 | 符号 | 值 | 单位 | 说明 | 来源 |",
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
            None => lang.of("default", "默认").to_owned(),
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
    writeln!(
        text,
        "{}\n",
        lang.of(
            "Affinity a_dl of domains and layers, and the mix of domains where a zone has none of its own:",
            "领域与层的亲和度 a_dl，以及片区没有自身构成时的领域构成："
        )
    )?;
    let layers: Vec<&str> = loaded
        .scenario
        .layers
        .iter()
        .map(|l| l.id.as_str())
        .collect();
    let heads = lang.of("| domain | share |", "| 领域 | 份额 |");
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
            named(&domain.id, &domain.name_zh, lang),
            domain.share,
            affinity.join(" | ")
        )?;
    }
    let words = lang.of(
        "\nRules that make the links of each layer:\n\n| layer | rule |",
        "\n生成各层联系的规则:\n\n| 层 | 规则 |",
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
