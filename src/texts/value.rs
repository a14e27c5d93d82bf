//! Messages as data.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::{Lang, say, text};

/// How the names of messages on keys begin.
pub(super) const KEY: &str = "key-";

/// What is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A word that reads the same in all languages: a name, a path, a number that is written already.
    Word(String),
    /// A whole number, by which a plural is chosen.
    Number(u64),
    /// A message.
    Text(Box<Text>),
}

/// What is said, without a language yet: `Display` and JSON are English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// A message of the tables and what is filled in; made by the macro `text!`.
    Message {
        /// Its name.
        id: &'static str,
        /// Values by their names.
        values: Vec<(&'static str, Value)>,
    },
    /// Several, told one after the other with semicolons between them.
    List(Vec<Self>),
    /// Words that read the same in all languages: names, numbers, a list of these.
    Words(String),
}

impl Text {
    /// The message `id` with its values; use the macro `text!`.
    pub const fn new(id: &'static str, values: Vec<(&'static str, Value)>) -> Self {
        Self::Message { id, values }
    }

    /// Whether it is this message.
    pub fn is(&self, name: &str) -> bool {
        matches!(self, Self::Message { id, .. } if *id == name)
    }

    /// Cuts every word in it that has more characters than this.
    pub fn bound(&mut self, most: usize) {
        let cut = |words: &mut String| {
            if let Some((end, _)) = words.char_indices().nth(most) {
                words.truncate(end);
                words.push('…');
            }
        };
        match self {
            Self::Words(words) => cut(words),
            Self::List(list) => list.iter_mut().for_each(|text| text.bound(most)),
            Self::Message { values, .. } => {
                for (_, value) in values {
                    match value {
                        Value::Word(word) => cut(word),
                        Value::Text(text) => text.bound(most),
                        Value::Number(_) => {}
                    }
                }
            }
        }
    }

    /// The text in a language.
    pub fn told(&self, lang: Lang) -> String {
        match self {
            Self::Message { id, values } if values.is_empty() => lang.plain(id).to_owned(),
            Self::Message { id, values } => lang.filled(id, values),
            Self::List(list) => {
                let list: Vec<String> = list.iter().map(|text| text.told(lang)).collect();
                list.join(say!(lang, "list-semicolon"))
            }
            Self::Words(words) => words.clone(),
        }
    }

    /// What a key is: its declaration says it in English, the tables in each language.
    pub fn of_key(english: &str) -> Self {
        let known = Lang::En.table().plain.iter();
        let mut known = known.filter(|(id, _)| id.starts_with(KEY));
        match known.find(|(_, text)| *text == english) {
            Some((id, _)) => Self::new(id, Vec::new()),
            None => english.into(),
        }
    }

    /// What another program said, in its own language.
    pub fn foreign(said: impl fmt::Display) -> Self {
        text!("foreign", said = said.to_string())
    }
}

/// What a job or an argument is refused with.
impl std::error::Error for Text {}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

/// What the system says, which is always in English: the usual of it has words of its own.
impl From<&io::Error> for Text {
    fn from(error: &io::Error) -> Self {
        let own = error.get_ref().and_then(|inner| inner.downcast_ref());
        if let Some(own) = own {
            return Self::clone(own);
        }
        let said = error.to_string();
        let Some(code) = error.raw_os_error() else {
            return Self::foreign(said);
        };
        let usual = [
            text!("system-no-file", code),
            text!("system-permission", code),
            text!("system-not-permitted", code),
            text!("system-exists", code),
            text!("system-no-folder", code),
            text!("system-folder", code),
            text!("system-not-empty", code),
            text!("system-long-name", code),
            text!("system-no-space", code),
            text!("system-quota", code),
            text!("system-file-too-large", code),
            text!("system-read-only", code),
            text!("system-io", code),
            text!("system-stale", code),
            text!("system-open-files", code),
            text!("system-memory", code),
            text!("system-unavailable", code),
        ];
        let known = usual.into_iter().find(|text| text.to_string() == said);
        known.unwrap_or_else(|| Self::foreign(said))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Lang::En))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.told(Lang::En))
    }
}

/// What can be filled in. A fraction is written out: where that is too long to be read, it is formatted before.
pub trait Fill {
    /// The value.
    fn fill(&self) -> Value;
}

impl<T: Fill + ?Sized> Fill for &T {
    fn fill(&self) -> Value {
        (**self).fill()
    }
}

impl Fill for Value {
    fn fill(&self) -> Value {
        self.clone()
    }
}

impl Fill for Text {
    fn fill(&self) -> Value {
        Value::Text(Box::new(self.clone()))
    }
}

impl Fill for io::Error {
    fn fill(&self) -> Value {
        Text::from(self).fill()
    }
}

impl Fill for Path {
    fn fill(&self) -> Value {
        Value::Word(self.display().to_string())
    }
}

impl Fill for PathBuf {
    fn fill(&self) -> Value {
        self.as_path().fill()
    }
}

macro_rules! words {
    ($($kind:ty),+) => { $(
        impl Fill for $kind {
            fn fill(&self) -> Value {
                Value::Word(self.to_string())
            }
        }
    )+ };
}

words!(str, String, char, Cow<'_, str>, Arc<str>, f64, i32, i64);

macro_rules! numbers {
    ($($kind:ty),+) => { $(
        impl Fill for $kind {
            fn fill(&self) -> Value {
                Value::Number(*self as u64)
            }
        }
    )+ };
}

numbers!(u8, u16, u32, u64, usize);
