//! The tables and the code hold each other: every message that is named is there in both languages, and the
//! reverse.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::*;

#[path = "../../tests/chinese.rs"]
mod chinese;

use chinese::{english, is_chinese};

type Variables = BTreeSet<String>;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All files under a folder with an extension, in order.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn inline(expression: &InlineExpression<&str>, found: &mut Variables) {
    match expression {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => choice(expression, found),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        // Whoever needs these adds them here and to what scripts say.
        other => panic!("messages are made of texts and values: {other:?}"),
    }
}

fn choice(expression: &Expression<&str>, found: &mut Variables) {
    match expression {
        Expression::Inline(expression) => inline(expression, found),
        Expression::Select { selector, variants } => {
            inline(selector, found);
            for variant in variants {
                variables(&variant.value, found);
            }
        }
    }
}

fn variables(pattern: &Pattern<&str>, found: &mut Variables) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            choice(expression, found);
        }
    }
}

/// The text of a message, all variants of it, with `…` for each value.
fn plain(pattern: &Pattern<&str>) -> String {
    let mut text = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable { expression } => match expression {
                Expression::Inline(InlineExpression::StringLiteral { value }) => {
                    text.push_str(value);
                }
                Expression::Inline(_) => text.push('…'),
                Expression::Select { variants, .. } => {
                    let of = variants.iter().map(|variant| plain(&variant.value));
                    text.push_str(&of.collect::<Vec<_>>().join(" / "));
                }
            },
        }
    }
    text
}

/// The messages of a language: file, and what is filled in.
fn table(lang: Lang) -> BTreeMap<String, (String, Variables)> {
    let mut table = BTreeMap::new();
    for path in files(&source().join("texts").join(lang.to_string()), "ftl") {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let file = FluentResource::try_new(text)
            .unwrap_or_else(|(_, errors)| panic!("{name} in {lang}: {errors:?}"));
        for entry in file.entries() {
            if let Entry::Message(message) = entry {
                let id = message.id.name;
                let pattern = message.value.as_ref();
                let pattern = pattern.unwrap_or_else(|| panic!("{id} in {lang} is empty"));
                let mut found = Variables::new();
                variables(pattern, &mut found);
                let before = table.insert(id.to_owned(), (name.clone(), found));
                assert!(before.is_none(), "{id} is there twice in {lang}");
            }
        }
    }
    table
}

#[test]
fn both_languages_have_the_same_messages_and_values() {
    let (en, zh) = (table(Lang::En), table(Lang::Zh));
    assert!(en.len() > 100, "{}", en.len());
    let all: BTreeSet<&String> = en.keys().chain(zh.keys()).collect();
    let wrong: Vec<_> = all
        .into_iter()
        .filter(|id| en.get(*id) != zh.get(*id))
        .map(|id| (id, en.get(id), zh.get(id)))
        .collect();
    assert!(
        wrong.is_empty(),
        "message, English, Chinese (file and values): {wrong:#?}"
    );
}

#[test]
fn a_blank_stands_between_chinese_and_latin_only() {
    assert_eq!(closed("对 平均存量 的效应为 3 %"), "对平均存量的效应为 3 %");
    assert_eq!(
        closed("在 hill、 slow 下， 相反"),
        "在 hill、 slow 下，相反"
    );
    assert_eq!(closed("平均  存量"), "平均  存量");
    let said = Lang::Zh.filled(
        "turning-never",
        &[("direction", Value::Word("缩小".into()))],
    );
    assert_eq!(said, "在整个范围内缩小");
}

#[test]
fn sentences_are_found() {
    for (text, found) in [
        ("错误：no space left for it", Some("no space left for it")),
        (
            "no such table, as it was not made",
            Some("as it was not made"),
        ),
        (
            "it was killed just now, or so",
            Some("it was killed just now"),
        ),
        ("列 `one two three four five` 为空", None),
        ("不是合法的 TOML：“string values must be quoted”", None),
        ("没有子命令 'one two three four five'", None),
        (
            "允许：national, places, innovations, adoptions, credit",
            None,
        ),
        ("请运行：pointplane sweep summary results here", None),
        ("写作 2h、90m、1d12h、02:00:00", None),
        (
            "the manifest's own fingerprint",
            Some("the manifest's own fingerprint"),
        ),
    ] {
        assert_eq!(english(text).as_deref(), found, "{text}");
    }
}

/// Every message of the Chinese table is Chinese where there are words at all, and no sentence is left in English.
#[test]
fn messages_in_chinese_are_chinese() {
    let texts = |lang: Lang| {
        let mut texts = BTreeMap::new();
        for path in files(&source().join("texts").join(lang.to_string()), "ftl") {
            let file = parsed(&fs::read_to_string(&path).unwrap());
            texts.extend(messages(&file).map(|(id, pattern)| (id.to_owned(), plain(pattern))));
        }
        texts
    };
    let (en, zh) = (texts(Lang::En), texts(Lang::Zh));
    let mut wrong = Vec::new();
    for (id, text) in &zh {
        let words = en[id].split(|c: char| !c.is_ascii_alphabetic());
        // Symbols, units and names read the same.
        let says = words.filter(|word| word.len() > 3).count() > 0;
        let same = *text == en[id];
        if english(text).is_some() || says && !same && !is_chinese(text) {
            wrong.push((id, text));
        }
        if same && says {
            wrong.push((id, text));
        }
    }
    assert!(zh.len() > 700, "{}", zh.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_program_holds_all_files() {
    for lang in [Lang::En, Lang::Zh] {
        for id in table(lang).keys() {
            let known = lang.table().bundle.has_message(id) || lang.of_scripts().contains_key(id);
            assert!(
                known,
                "{id} in {lang}: its file is not named in texts/mod.rs"
            );
        }
    }
}

/// A message that code names, and the values it gives.
type Used = (String, Variables);

/// The text of a literal, if it is one.
fn literal(token: Option<&TokenTree>) -> Option<String> {
    let TokenTree::Literal(literal) = token? else {
        return None;
    };
    let text = literal.to_string();
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner.to_owned())
}

/// The parts between commas.
fn parts(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    for token in tokens {
        match token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => parts.push(Vec::new()),
            token => parts.last_mut().unwrap().push(token),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// What code says, and its literals in Chinese and in English; what is under `cfg(test)` is left out.
#[derive(Default)]
struct Code {
    used: Vec<Used>,
    chinese: Vec<String>,
    /// Those with a sentence, but for what programmers read: attributes (but `error`), `panic!`, `expect`.
    english: Vec<String>,
    skipped: bool,
}

impl Code {
    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            let rest = &tokens[at..];
            at += 1;
            match rest {
                // What holds for a whole file: its documentation.
                [
                    TokenTree::Punct(hash),
                    TokenTree::Punct(bang),
                    TokenTree::Group(_),
                    ..,
                ] if hash.as_char() == '#' && bang.as_char() == '!' => {
                    at += 2;
                }
                [TokenTree::Punct(hash), TokenTree::Group(attribute), ..]
                    if hash.as_char() == '#' =>
                {
                    at += 1;
                    let text = attribute.stream().to_string().replace(' ', "");
                    if text.starts_with("error(") {
                        self.read(attribute.stream());
                    }
                    if text == "cfg(test)" {
                        // The item, to the end of its body.
                        while let Some(token) = tokens.get(at) {
                            at += 1;
                            match token {
                                TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => {
                                    break;
                                }
                                TokenTree::Punct(end) if end.as_char() == ';' => break,
                                _ => {}
                            }
                        }
                        self.skipped = true;
                    }
                }
                [
                    TokenTree::Ident(name),
                    TokenTree::Punct(bang),
                    TokenTree::Group(body),
                    ..,
                ] if bang.as_char() == '!' && (name == "say" || name == "text") => {
                    let parts = parts(body.stream());
                    let first = usize::from(name == "say");
                    if let Some(id) = literal(parts.get(first).and_then(|part| part.first())) {
                        let values = parts[first + 1..].iter().map(|part| part[0].to_string());
                        self.used.push((id, values.collect()));
                    }
                }
                [
                    TokenTree::Ident(name),
                    TokenTree::Punct(bang),
                    TokenTree::Group(_),
                    ..,
                ] if bang.as_char() == '!' && name == "panic" => {
                    at += 2;
                }
                [TokenTree::Ident(name), TokenTree::Group(_), ..] if name == "expect" => at += 1,
                [TokenTree::Group(body), ..] => self.read(body.stream()),
                [TokenTree::Literal(literal), ..] => {
                    let text = literal.to_string();
                    let inner = text.trim_start_matches(['b', 'r', '#']);
                    let inner = inner.strip_prefix('"').unwrap_or("");
                    if english(&inner.replace("\\n", " ")).is_some() {
                        self.english.push(text.clone());
                    }
                    // Punctuation is no sentence.
                    if text.chars().any(|c| ('\u{3400}'..'\u{a000}').contains(&c)) {
                        self.chinese.push(text);
                    }
                }
                _ => {}
            }
        }
    }
}

fn tests_only(path: &Path) -> bool {
    path.components().any(|part| {
        let part = part.as_os_str();
        part == "tests" || part == "tests.rs"
    })
}

fn rust() -> Vec<(PathBuf, Code)> {
    let all = files(&source(), "rs").into_iter();
    let all: Vec<_> = all
        .filter(|path| !tests_only(path))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let mut code = Code::default();
            code.read(text.parse().unwrap());
            (path, code)
        })
        .collect();
    // The reader of code reads.
    assert!(all.len() > 100);
    assert!(all.iter().any(|(_, code)| code.skipped));
    all
}

/// The messages that pages and their scripts name: `say("id"`.
fn pages() -> BTreeSet<String> {
    let folder = source().join("report").join("page");
    let mut found = BTreeSet::new();
    for path in [files(&folder, "html"), files(&folder, "js")].concat() {
        let text = fs::read_to_string(path).unwrap();
        let calls = text.split("say(\"").skip(1);
        found.extend(calls.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    assert!(found.len() > 20);
    found
}

#[test]
fn what_code_names_is_there_with_its_values_and_nothing_is_left_over() {
    let table = table(Lang::En);
    let mut used = pages();
    let missing: Vec<&String> = used.iter().filter(|id| !table.contains_key(*id)).collect();
    assert!(missing.is_empty(), "named in pages: {missing:?}");
    let mut wrong = Vec::new();
    for (path, code) in rust() {
        for (id, values) in code.used {
            match table.get(&id) {
                Some((_, known)) if *known == values => {}
                known => wrong.push(format!("{}: {id} {values:?}, {known:?}", path.display())),
            }
            used.insert(id);
        }
    }
    assert!(wrong.is_empty(), "code against tables: {wrong:#?}");
    let unused = table.keys().filter(|id| !used.contains(*id));
    // Heads of tables are named by their columns.
    let reports = files(&source().join("report"), "rs");
    let reports: Vec<String> = reports
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let column = |id: &String| match id.strip_prefix("script-column-") {
        Some(name) => reports
            .iter()
            .any(|code| code.contains(&format!("\"{name}\""))),
        None => false,
    };
    let unused = unused.filter(|id| !id.starts_with(value::KEY) && !column(id));
    let unused: Vec<&String> = unused.collect();
    assert!(unused.is_empty(), "nobody says {unused:#?}");
}

/// What the schemas say of the keys that must be there.
fn required(schema: &serde_json::Value, found: &mut BTreeSet<String>) {
    let all = schema.get("required").and_then(serde_json::Value::as_array);
    for key in all.into_iter().flatten().filter_map(|key| key.as_str()) {
        if let Some(about) = schema["properties"][key]["description"].as_str() {
            found.insert(about.replace('\n', " "));
        }
    }
    let below: Vec<_> = match schema {
        serde_json::Value::Object(object) => object.values().collect(),
        serde_json::Value::Array(list) => list.iter().collect(),
        _ => Vec::new(),
    };
    below.into_iter().for_each(|below| required(below, found));
}

#[test]
fn what_required_keys_are_is_in_the_tables() {
    let mut said = BTreeSet::new();
    for schema in [
        crate::scenario::schema(),
        crate::scenario::layout_schema(),
        crate::experiment::sweep::spec::plan_schema(),
        crate::inference::calibrate::calibration_schema(),
        crate::search::search_schema(),
        schemars::schema_for!(crate::experiment::targets::TargetsFile).to_value(),
    ] {
        required(&schema, &mut said);
    }
    let keys = EN.plain.iter().filter(|(id, _)| id.starts_with(value::KEY));
    let known: BTreeSet<String> = keys.map(|(_, text)| text.clone()).collect();
    assert!(said.len() > 20 && said == known, "{said:#?}\n{known:#?}");
}

/// Where outcomes and mechanisms are declared with their names in both languages, and where dates are read as
/// Chinese write them.
const DECLARED: [&str; 4] = [
    "measure/catalogue.rs",
    "measure/outcome.rs",
    "scenario/month.rs",
    "world/mechanism/",
];

/// The path of a file of the source, from there.
fn below_source(path: &Path) -> String {
    let name = path.strip_prefix(source()).unwrap();
    name.to_str().unwrap().replace('\\', "/")
}

#[test]
fn no_sentence_in_chinese_is_in_rust() {
    let found: Vec<String> = rust()
        .into_iter()
        .filter(|(path, _)| {
            !DECLARED
                .iter()
                .any(|known| below_source(path).starts_with(known))
        })
        .flat_map(|(path, code)| {
            let told = move |text| format!("{}: {text}", path.display());
            code.chinese.into_iter().map(told)
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// Where English stands in Rust, as no message is made of it.
const ENGLISH: [(&str, &str); 34] = [
    ("cli/script.rs", "help, which is English"),
    ("cli/slurm.rs", "help"),
    ("cli/sweep/mod.rs", "help"),
    ("cluster/", "scripts, which are documents in English"),
    (
        "design/level.rs",
        "what serde expects: serde speaks English",
    ),
    ("experiment/compare/effects.rs", "columns.csv"),
    ("experiment/compare/parts.rs", "columns.csv"),
    ("experiment/compare/places.rs", "columns.csv"),
    ("experiment/compare/responses.rs", "columns.csv"),
    ("experiment/compare/sources.rs", "columns.csv"),
    ("experiment/compare/structures.rs", "columns.csv"),
    ("experiment/explain/tables.rs", "columns.csv"),
    ("experiment/labels.rs", "columns.csv"),
    ("experiment/record/firms.rs", "columns.csv"),
    ("experiment/record/links.rs", "columns.csv"),
    ("experiment/record/tables.rs", "columns.csv"),
    ("experiment/sweep/summary/responses.rs", "columns.csv"),
    ("experiment/sweep/summary/tables.rs", "columns.csv"),
    ("experiment/synthetic.rs", "a file that is written"),
    ("inference/calibrate/tables.rs", "columns.csv"),
    ("experiment/replay/effects.rs", "columns.csv"),
    ("experiment/replay/paths.rs", "columns.csv"),
    ("experiment/replay/work.rs", "columns.csv"),
    ("inference/tables.rs", "columns.csv"),
    ("search/tables.rs", "columns.csv"),
    (
        "measure/catalogue.rs",
        "both languages side by side; columns.csv",
    ),
    (
        "model/engine/mod.rs",
        "an error; a job says it in its own words",
    ),
    ("report/chart/ink.rs", "names of fonts"),
    ("scenario/resolved.rs", "a file that is written"),
    ("scenario/spec/links.rs", "the schema"),
    ("store/manifest.rs", "the note in the manifest"),
    ("store/points.rs", "columns.csv"),
    ("store/tables.rs", "columns.csv"),
    ("world/mechanism/", "both languages side by side"),
];

#[test]
fn no_sentence_in_english_is_in_rust() {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (path, code) in rust() {
        let name = below_source(&path);
        let excepted = ENGLISH.iter().find(|(file, _)| name.starts_with(file));
        for text in code.english {
            match excepted {
                Some((file, _)) => drop(seen.insert(file)),
                None => found.push(format!("{name}: {text}")),
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    let left: Vec<_> = ENGLISH
        .iter()
        .filter(|(file, _)| !seen.contains(file))
        .collect();
    assert!(
        left.is_empty(),
        "nothing is excepted here any more: {left:#?}"
    );
}

#[test]
fn values_are_filled_in_as_they_are() {
    assert_eq!(say!(Lang::En, "differs-more", more = 3_usize), {
        "and 3 more; `pointplane diff` lists them all"
    });
    // No marks of direction, no grouping of digits.
    let (low, high) = (1_234_567_u64, "b");
    assert_eq!(say!(Lang::Zh, "range", low, high), "1234567 至 b");
    assert_eq!(text!("range", low, high).to_string(), "1234567 to b");
    // Exact also where floating point is not.
    let low = (1_u64 << 53) + 1;
    assert_eq!(say!(Lang::En, "range", low, high), "9007199254740993 to b");
    let inner = text!("differs-nothing");
    let outer = text!("range", low = inner, high);
    assert_eq!(outer.told(Lang::Zh), "没有差别至 b");
}

#[test]
fn locales_name_a_language() {
    for (locale, lang) in [
        ("zh_CN.UTF-8", Lang::Zh),
        ("zh", Lang::Zh),
        ("zh-Hant-TW", Lang::Zh),
        ("ZH_HK", Lang::Zh),
        ("en_GB.UTF-8", Lang::En),
        ("C", Lang::En),
        ("POSIX", Lang::En),
        ("", Lang::En),
        ("zhuang", Lang::En),
    ] {
        assert_eq!(Lang::of_locale(locale), lang, "{locale}");
    }
}

#[test]
fn names_fall_back() {
    assert_eq!(Lang::Zh.name("a", "A", ""), "A");
    assert_eq!(Lang::En.name("a", " ", ""), "a");
    assert_eq!(Lang::Zh.name("a", "A", "甲"), "甲");
}
