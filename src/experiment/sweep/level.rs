//! A value of a parameter, as a scenario takes it.

use crate::design::Level;
use crate::scenario::Setting;

/// A value as `--set` takes it.
pub(super) fn text_of(level: &Level) -> String {
    match level {
        // Never an exponent that TOML would not take as a number.
        Level::Number(number) if number.abs() >= 1e15 && number.fract() == 0.0 => {
            format!("{number:e}")
        }
        level => level.to_string(),
    }
}

/// A parameter at a value.
pub fn setting(key: &str, level: &Level) -> Setting {
    let value = match level {
        Level::Number(number) => Setting::number(*number),
        Level::Text(text) => toml::Value::String(text.clone()),
        Level::Flag(flag) => toml::Value::Boolean(*flag),
    };
    Setting::Value(key.to_owned(), value)
}
