//! Values in place of those of a scenario: of the command line, of a request, of a point of a design.

/// A value in place of the scenario's, or of its layouts'.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// As somebody wrote it, `key.path=value`; the value is as in TOML, or else a text.
    Written(String),
    /// The key and a number, a text or a switch.
    Value(String, toml::Value),
}

impl Setting {
    /// A whole number.
    pub fn whole(key: &str, number: u64) -> Self {
        // One that TOML cannot write is told as what it is: no number of a scenario.
        let value =
            i64::try_from(number).map_or_else(|_| number.to_string().into(), toml::Value::Integer);
        Self::Value(key.to_owned(), value)
    }

    /// A number as TOML has it: a key of whole numbers takes no other.
    pub fn number(number: f64) -> toml::Value {
        match number.fract() == 0.0 && number.abs() < 1e15 {
            true => toml::Value::Integer(number as i64),
            false => toml::Value::Float(number),
        }
    }

    /// Settings as somebody wrote them.
    pub fn written(list: &[String]) -> Vec<Self> {
        list.iter().cloned().map(Self::Written).collect()
    }
}

impl From<&str> for Setting {
    fn from(written: &str) -> Self {
        Self::Written(written.to_owned())
    }
}
