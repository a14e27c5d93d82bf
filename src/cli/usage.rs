//! What is wrong with the words of a command: as clap says it, in other languages too.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::scenario::Problem;
use crate::texts::{Lang, Text, say, text};

/// The language that the words of a command ask for, also when the others cannot be read.
pub fn asked(words: impl Iterator<Item = OsString>) -> Option<Lang> {
    let words = words.map(|word| word.to_string_lossy().into_owned());
    let mut words = words.take_while(|word| word != "--");
    let mut asked = None;
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--lang") {
            Some("") => words.next(),
            Some(value) => value.strip_prefix('=').map(str::to_owned),
            None => continue,
        };
        asked = match value.as_deref() {
            Some("en") => Some(Lang::En),
            Some("zh") => Some(Lang::Zh),
            _ => asked,
        };
    }
    asked
}

/// The whole message, if it is an error; help is none.
pub fn told(error: &Error, lang: Lang) -> Option<String> {
    let mut said = text!("error", error = what(error)?).told(lang);
    let mut line = |line: String| {
        said.push_str("\n  ");
        said.push_str(&line);
    };
    for name in list(error, ContextKind::InvalidArg) {
        line(name);
    }
    if error.kind() == ErrorKind::ArgumentConflict {
        for name in list(error, ContextKind::PriorArg) {
            line(name);
        }
    }
    let values = list(error, ContextKind::ValidValue).join(", ");
    if !values.is_empty() {
        line(say!(lang, "usage-values", values));
    }
    let similar = [
        (ContextKind::SuggestedSubcommand, text!("usage-subcommand")),
        (ContextKind::SuggestedArg, text!("usage-argument")),
        (ContextKind::SuggestedValue, text!("usage-value")),
    ];
    let similar = similar.into_iter().filter_map(|(kind, what)| {
        let names = match error.get(kind)? {
            ContextValue::String(name) => vec![name.clone()],
            ContextValue::Strings(names) => names.clone(),
            _ => return None,
        };
        let n = names.len();
        let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        Some(say!(
            lang,
            "usage-similar",
            n,
            what,
            names = names.join(", ")
        ))
    });
    for (n, similar) in similar.enumerate() {
        said.push_str(if n == 0 { "\n\n  " } else { "\n  " });
        said.push_str(&similar);
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
        said.push_str("\n\n");
        said.push_str(&say!(lang, "usage", usage));
    }
    said.push_str("\n\n");
    said.push_str(say!(lang, "usage-help"));
    Some(said)
}

/// What is wrong, as data: the place is the argument.
pub fn problem(error: &Error) -> Problem {
    let listed = list(error, ContextKind::InvalidArg);
    let arg = name(error, ContextKind::InvalidArg).map(str::to_owned);
    let arg = arg.unwrap_or_else(|| listed.join(" "));
    let place = arg.split([' ', '=']).next().unwrap_or_default();
    let line = error.to_string();
    let line = line.lines().next().unwrap_or_default();
    let line = line.strip_prefix("error: ").unwrap_or(line);
    let mut problem = Problem::error(place, Text::foreign(line));
    if let Some(value) = name(error, ContextKind::InvalidValue) {
        problem = problem.value(value);
    }
    let values = list(error, ContextKind::ValidValue);
    match values.is_empty() {
        true => problem,
        false => problem.allowed(values.join(", ")),
    }
}

fn name(error: &Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(name) => Some(name),
        _ => None,
    }
}

fn list(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::Strings(names)) => names.clone(),
        _ => Vec::new(),
    }
}

/// What is wrong, in a line.
fn what(error: &Error) -> Option<Text> {
    let arg = name(error, ContextKind::InvalidArg);
    let value = name(error, ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::ArgumentConflict => match (arg?, error.get(ContextKind::PriorArg)) {
            (arg, Some(ContextValue::String(other))) if other == arg => text!("usage-twice", arg),
            (arg, Some(ContextValue::String(other))) => text!("usage-conflict", arg, other),
            (arg, _) => text!("usage-conflicts", arg),
        },
        ErrorKind::InvalidValue => match value? {
            "" => text!("usage-no-value", arg = arg?),
            value => text!("usage-wrong-value", value, arg = arg?),
        },
        ErrorKind::ValueValidation => {
            let wrong = text!("usage-wrong-value", value = value?, arg = arg?);
            let why =
                std::error::Error::source(error).map(|why| match why.downcast_ref::<Text>() {
                    Some(why) => why.clone(),
                    None => Text::foreign(why),
                });
            match why {
                Some(why) => text!("usage-wrong-because", wrong, why),
                None => wrong,
            }
        }
        ErrorKind::TooManyValues => text!("usage-too-many", value = value?, arg = arg?),
        ErrorKind::InvalidSubcommand => {
            let name = name(error, ContextKind::InvalidSubcommand)?;
            text!("usage-unknown-subcommand", name)
        }
        ErrorKind::UnknownArgument => text!("usage-unknown", arg = arg?),
        ErrorKind::MissingRequiredArgument => text!("usage-missing"),
        ErrorKind::InvalidUtf8 => text!("usage-not-utf-8"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    const WRONG: [&str; 12] = [
        "runn",
        "sweep rnu",
        "run",
        "compare x",
        "run x --replicate 3",
        "run x --replicates",
        "run x --replicates 0",
        "run x --shard 4/4",
        "run x --format xlsx",
        "run x --force --resume",
        "check --json=yes x",
        "slurm run x --mem 4.5G",
    ];

    /// The English table says what clap says, so the other tables leave nothing out.
    #[test]
    fn the_tables_say_what_clap_says() {
        for words in WRONG {
            let all = std::iter::once("pointplane").chain(words.split(' '));
            let error = crate::cli::Arguments::try_parse_from(all).expect_err(words);
            let told = |lang| told(&error, lang).unwrap_or_else(|| panic!("{words}"));
            assert_eq!(told(Lang::En), error.to_string().trim_end(), "{words}");
            let chinese = told(Lang::Zh);
            assert!(chinese.starts_with("错误："), "{chinese}");
        }
    }

    #[test]
    fn the_language_is_known_before_the_words_are_read() {
        let of = |words: &str| asked(words.split(' ').map(OsString::from));
        assert_eq!(of("run x --lang zh --replicates"), Some(Lang::Zh));
        assert_eq!(of("--lang=zh runn"), Some(Lang::Zh));
        assert_eq!(of("run --lang zh --lang en"), Some(Lang::En));
        assert_eq!(of("run --lang fr"), None);
        assert_eq!(of("run -- --lang zh"), None);
        assert_eq!(of("run --lang"), None);
    }
}
