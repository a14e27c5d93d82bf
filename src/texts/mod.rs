//! What people read, by language: the tables in `en/` and `zh/`, in the format of Fluent (projectfluent.org).
//!
//! Code names a message and what is filled in: `say!(lang, "differs-more", more)`. A translator works on the
//! tables alone. Numbers come as they are to be read: whole numbers count (Fluent chooses the plural by them),
//! others are formatted before. That every message that code names is in both languages, with the same values,
//! and none is left over, is tested in `texts/tests.rs`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

pub mod columns;
mod value;

#[cfg(test)]
mod tests;

pub use value::{Fill, Text, Value};

/// What a registry declares, in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Chinese, simplified.
    pub zh: &'static str,
}

/// What a registry declares, in both languages.
pub const fn words(en: &'static str, zh: &'static str) -> Words {
    Words { en, zh }
}

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::En => "en",
            Self::Zh => "zh",
        })
    }
}

impl Lang {
    /// The value of the attribute `lang`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    /// The language that a locale asks for, like `zh_CN.UTF-8`; English unless it is Chinese.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next();
        match language {
            Some(language) if language.eq_ignore_ascii_case("zh") => Self::Zh,
            _ => Self::En,
        }
    }

    /// What is declared with its names in both languages.
    pub const fn of<'t>(self, en: &'t str, zh: &'t str) -> &'t str {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }

    /// What a registry declares.
    pub const fn words(self, words: Words) -> &'static str {
        self.of(words.en, words.zh)
    }

    /// A name with an id to fall back on.
    pub fn name<'t>(self, id: &'t str, en: &'t str, zh: &'t str) -> &'t str {
        let names = match self {
            Self::En => [en, zh],
            Self::Zh => [zh, en],
        };
        let known = names.into_iter().find(|name| !name.trim().is_empty());
        known.unwrap_or(id)
    }

    /// A message in which nothing is filled in; use the macro `say!`.
    pub fn plain(self, id: &'static str) -> &'static str {
        self.table().plain.get(id).map_or(id, String::as_str)
    }

    /// A message with its values; use the macro `say!`.
    pub fn filled(self, id: &'static str, values: &[(&'static str, Value)]) -> String {
        self.table().filled(self, id, values)
    }

    /// What the scripts of a page say, by id, with `{name}` where they fill in a value.
    pub fn of_scripts(self) -> BTreeMap<String, String> {
        let file = match self {
            Self::En => include_str!("en/script.ftl"),
            Self::Zh => include_str!("zh/script.ftl"),
        };
        let mut words = BTreeMap::new();
        for (id, pattern) in messages(&parsed(file)) {
            let mut text = String::new();
            for element in &pattern.elements {
                match element {
                    PatternElement::TextElement { value } => text.push_str(value),
                    PatternElement::Placeable { expression } => match expression {
                        Expression::Inline(InlineExpression::VariableReference { id }) => {
                            text.extend(["{", id.name, "}"]);
                        }
                        Expression::Inline(InlineExpression::StringLiteral { value }) => {
                            text.push_str(value);
                        }
                        _ => {}
                    },
                }
            }
            words.insert(id.to_owned(), text);
        }
        words
    }

    fn table(self) -> &'static Table {
        match self {
            Self::En => &EN,
            Self::Zh => &ZH,
        }
    }
}

/// The text of a message in a language: `say!(lang, "id")` as `&'static str`, `say!(lang, "id", a, b = value)`
/// as `String`.
macro_rules! say {
    ($lang:expr, $id:literal $(,)?) => {
        $crate::texts::Lang::plain($lang, $id)
    };
    ($lang:expr, $id:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {
        $crate::texts::Lang::filled(
            $lang,
            $id,
            &[$((stringify!($name), $crate::texts::filled!($name $(= $value)?))),+],
        )
    };
}
pub(crate) use say;

/// A message as data, for all languages: `text!("id", a, b = value)`.
macro_rules! text {
    ($id:literal $(,)?) => {
        $crate::texts::Text::new($id, Vec::new())
    };
    ($id:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {
        $crate::texts::Text::new(
            $id,
            vec![$((stringify!($name), $crate::texts::filled!($name $(= $value)?))),+],
        )
    };
}
pub(crate) use text;

macro_rules! filled {
    ($name:ident) => {
        $crate::texts::Fill::fill(&$name)
    };
    ($name:ident = $value:expr) => {
        $crate::texts::Fill::fill(&$value)
    };
}
pub(crate) use filled;

/// For errors that say what they are by a method `text`: `Display` is that in English.
macro_rules! spoken {
    ($($error:ty),+ $(,)?) => { $(
        impl std::fmt::Display for $error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.text(), f)
            }
        }

        impl $crate::texts::Fill for $error {
            fn fill(&self) -> $crate::texts::Value {
                $crate::texts::Fill::fill(&self.text())
            }
        }
    )+ };
}
pub(crate) use spoken;

/// All messages of a language.
struct Table {
    bundle: FluentBundle<FluentResource>,
    /// Those in which nothing is filled in, as they read.
    plain: BTreeMap<String, String>,
}

impl Table {
    /// Faults of the files are found by the tests; here they cost the message that has them.
    fn new(lang: Lang, files: &[&str]) -> Self {
        let locale = lang.tag().parse().into_iter().collect();
        let mut bundle = FluentBundle::new_concurrent(locale);
        // Marks of direction would stand around every value.
        bundle.set_use_isolating(false);
        let mut ids = Vec::new();
        for file in files {
            let resource = parsed(file);
            ids.extend(messages(&resource).map(|(id, _)| id.to_owned()));
            let _ = bundle.add_resource(resource);
        }
        let mut table = Self {
            bundle,
            plain: BTreeMap::new(),
        };
        for id in ids {
            let mut errors = Vec::new();
            if let Some(text) = table.format(&id, None, &mut errors)
                && errors.is_empty()
            {
                table.plain.insert(id, text);
            }
        }
        table
    }

    fn format(
        &self,
        id: &str,
        values: Option<&FluentArgs<'_>>,
        errors: &mut Vec<fluent_bundle::FluentError>,
    ) -> Option<String> {
        let message = self.bundle.get_message(id)?;
        let pattern = message.value()?;
        let text = self.bundle.format_pattern(pattern, values, errors);
        Some(text.into_owned())
    }

    fn filled(&self, lang: Lang, id: &str, values: &[(&'static str, Value)]) -> String {
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(
                *name,
                match value {
                    Value::Word(word) => FluentValue::String(Cow::Borrowed(word)),
                    // Fluent counts in floating point.
                    Value::Number(number) if *number > 1 << 53 => {
                        FluentValue::String(number.to_string().into())
                    }
                    Value::Number(number) => FluentValue::from(*number),
                    Value::Text(text) => FluentValue::String(text.told(lang).into()),
                },
            );
        }
        let mut errors = Vec::new();
        let text = self.format(id, Some(&args), &mut errors);
        debug_assert!(text.is_some() && errors.is_empty(), "{id}: {errors:?}");
        let text = text.unwrap_or_else(|| id.to_owned());
        match lang {
            Lang::En => text,
            Lang::Zh => closed(&text),
        }
    }
}

/// A Chinese text without the blanks between two Chinese characters: a blank stands around what is filled in, for words in
/// Latin letters and numbers, and it may be Chinese.
fn closed(text: &str) -> String {
    let chinese = |c: Option<char>| {
        c.is_some_and(|c| {
            ('\u{3000}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c)
        })
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut before = None;
    while let Some(c) = rest.next() {
        if c != ' ' || !chinese(before) || !chinese(rest.peek().copied()) {
            out.push(c);
        }
        before = Some(c);
    }
    out
}

/// A file as far as it can be read; the tests find what cannot.
fn parsed(file: &str) -> FluentResource {
    match FluentResource::try_new(file.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    }
}

/// The messages of a file: id and pattern.
fn messages(file: &FluentResource) -> impl Iterator<Item = (&str, &Pattern<&str>)> {
    file.entries().filter_map(|entry| match entry {
        Entry::Message(message) => Some((message.id.name, message.value.as_ref()?)),
        _ => None,
    })
}

/// The files of a language by what they are about; a topic has a file in each language.
macro_rules! files {
    ($lang:literal) => {
        [
            include_str!(concat!($lang, "/report.ftl")),
            include_str!(concat!($lang, "/figures.ftl")),
            include_str!(concat!($lang, "/page.ftl")),
            include_str!(concat!($lang, "/odd.ftl")),
            include_str!(concat!($lang, "/terminal.ftl")),
            include_str!(concat!($lang, "/explain.ftl")),
            include_str!(concat!($lang, "/working.ftl")),
            include_str!(concat!($lang, "/problems.ftl")),
            include_str!(concat!($lang, "/store.ftl")),
            include_str!(concat!($lang, "/estimate.ftl")),
            include_str!(concat!($lang, "/calibrate.ftl")),
            include_str!(concat!($lang, "/inference.ftl")),
            include_str!(concat!($lang, "/search.ftl")),
        ]
    };
}

static EN: LazyLock<Table> = LazyLock::new(|| Table::new(Lang::En, &files!("en")));
static ZH: LazyLock<Table> = LazyLock::new(|| Table::new(Lang::Zh, &files!("zh")));
