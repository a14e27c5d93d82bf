//! Rows of effects, and how their numbers are written.

use std::fmt::Write;

use crate::report::comparison::Effect;
use crate::report::lang::{decimals, unsigned};
use crate::texts::columns::{right, width};
use crate::texts::{Lang, say};

/// The widest line of running text.
pub const WIDE: usize = 78;

/// Columns of a label and its change in a row.
const ROOM: usize = 52;

/// Fewest replicates whose factor of sharpness is worth showing: it is a ratio of variances.
const SHARPER: u32 = 10;

/// The rows of effects, and what their legend has to explain.
pub(super) struct Rows {
    pub(super) text: String,
    pub(super) lang: Lang,
    /// Replicates.
    n: u32,
    /// Whether a bootstrap interval is among them.
    bca: bool,
    /// Whether an interval of Stein's two stages is among them.
    stein: bool,
    /// Whether a factor of sharpness is among them.
    sharper: bool,
}

impl Rows {
    /// No rows yet, of so many replicates.
    pub(super) fn new(n: u32, lang: Lang) -> Self {
        Self {
            text: String::new(),
            lang,
            n,
            bca: false,
            stein: false,
            sharper: false,
        }
    }

    /// What the ranges and the last columns are.
    pub(super) fn legend(&self) -> String {
        let lang = self.lang;
        if self.n == 1 {
            return say!(lang, "legend-one").to_owned();
        }
        let kinds = [
            (self.bca, say!(lang, "legend-bca")),
            (self.stein, say!(lang, "legend-stein")),
        ];
        let kinds: Vec<&str> = kinds.iter().filter(|k| k.0).map(|k| k.1).collect();
        let mut words = if kinds.is_empty() {
            say!(lang, "legend-ranges").to_owned()
        } else {
            let kinds = kinds.join(say!(lang, "list-semicolon"));
            say!(lang, "legend-ranges-of", kinds)
        };
        words.push_str(say!(lang, "legend-p"));
        if self.sharper {
            words.push_str(say!(lang, "legend-sharper"));
        }
        words + say!(lang, "full-stop")
    }

    pub(super) fn head(&mut self) {
        let lang = self.lang;
        let change = right(say!(lang, "compared-change"), ROOM);
        let mut line = format!("  {change}  {:>7}", "%");
        if self.n > 1 {
            let _ = write!(line, " {:>8}", "p (Holm)");
        }
        if self.n >= SHARPER {
            let _ = write!(line, " {}", right(say!(lang, "compared-sharper"), 7));
        }
        let _ = writeln!(self.text, "{line}");
    }

    /// How an interval is made that is no t interval, in a letter; the legend will explain it.
    pub(super) fn mark(&mut self, effect: &Effect) -> &'static str {
        match effect.interval.as_str() {
            "bca" => {
                self.bca = true;
                "b"
            }
            "stein" if !equal(effect) => {
                self.stein = true;
                "s"
            }
            _ => "",
        }
    }

    pub(super) fn row(&mut self, label: &str, effect: &Effect) {
        let lang = self.lang;
        let change = match (effect.low, effect.high) {
            (Some(_), Some(_)) if nothing(effect) => say!(lang, "compared-none").to_owned(),
            (Some(_), Some(_)) if equal(effect) => {
                let words = short_signed(effect.difference);
                say!(
                    lang,
                    "compared-and-same",
                    words,
                    same = the_same(effect, lang)
                )
            }
            (Some(low), Some(high)) => {
                let digits = digits(effect.difference, low, high);
                let of = |value| signed(value, digits);
                let range = say!(lang, "range", low = of(low), high = of(high));
                format!("{} ({range})", of(effect.difference))
            }
            _ => short_signed(effect.difference),
        };
        let percent = match effect.percent {
            Some(_) if nothing(effect) => String::new(),
            Some(percent) => short_signed(percent),
            None => String::new(),
        };
        let p = match effect.p_holm {
            Some(p) if p < 0.001 => "<0.001".to_owned(),
            Some(p) => format!("{p:.3}"),
            None => String::new(),
        };
        let sharper = effect
            .variance_reduction
            .filter(|_| effect.replicates >= SHARPER.into())
            .map_or_else(String::new, times);
        self.sharper |= !sharper.is_empty();
        let mark = self.mark(effect);
        // A long label takes from the room of the change.
        let room = ROOM.saturating_sub(width(label));
        let gap = if width(&change) >= room { "  " } else { "" };
        let line = format!(
            "  {label}{gap}{}{mark:1} {percent:>7} {p:>8} {sharper:>7}",
            right(&change, room)
        );
        let _ = writeln!(self.text, "{}", line.trim_end());
    }
}

/// Whether all differences are equal: then there is no test, and no range.
pub(super) fn equal(effect: &Effect) -> bool {
    effect.low.is_some() && effect.p.is_none()
}

/// Whether all differences are zero.
pub(super) fn nothing(effect: &Effect) -> bool {
    effect.low == Some(0.0) && effect.high == Some(0.0)
}

/// What stands in the place of a range when all differences are equal.
pub(super) fn the_same(effect: &Effect, lang: Lang) -> String {
    let n = u64::try_from(effect.replicates).unwrap_or(0);
    say!(lang, "compared-the-same", n)
}

/// A factor with at most three figures.
fn times(factor: f64) -> String {
    if factor < 99.95 {
        format!("{factor:.1}x")
    } else if factor < 99_950.0 {
        let step = 10f64.powf(factor.log10().floor() - 2.0);
        format!("{:.0}x", (factor / step).round() * step)
    } else {
        format!("{factor:.1e}x")
    }
}

/// Decimals that show three significant digits of the largest of the numbers, and of none more.
pub(super) fn digits(a: f64, b: f64, c: f64) -> i32 {
    decimals(&[a, b, c])
}

pub(super) fn signed(value: f64, digits: i32) -> String {
    let sign = if value < 0.0 { '-' } else { '+' };
    format!("{sign}{}", unsigned(value, digits))
}

/// A number with three significant digits.
pub(super) fn short(value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}", unsigned(value, digits(value, 0.0, 0.0)))
}

/// The same, always with its sign.
pub(super) fn short_signed(value: f64) -> String {
    signed(value, digits(value, 0.0, 0.0))
}
