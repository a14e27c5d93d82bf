//! What is asked of a cluster: a span of time, an amount of memory, in the words of each engine.

use crate::texts::{Text, text};
use std::str::FromStr;

/// A span of wall time, at least a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    seconds: u64,
}

const DAY: u64 = 86_400;
/// The longest span that is read: ten years.
const LONGEST: u64 = 3650 * DAY;

impl FromStr for Span {
    type Err = Text;

    /// Reads `2h`, `90m`, `1d12h`, and all forms of Slurm: `MINUTES`, `MM:SS`, `HH:MM:SS`, `D-HH`,
    /// `D-HH:MM`, `D-HH:MM:SS`.
    fn from_str(text: &str) -> Result<Self, Text> {
        let seconds = units(text).or_else(|| slurm_form(text));
        match seconds {
            None => Err(text!("span-form")),
            Some(seconds) if (60..=LONGEST).contains(&seconds) => Ok(Self { seconds }),
            Some(_) => Err(text!("span-range")),
        }
    }
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // Eight digits of days fit into 64 bits of seconds.
    (digits && text.len() <= 8)
        .then(|| text.parse().ok())
        .flatten()
}

/// `1d12h`: numbers with units, each unit once, from days to seconds.
fn units(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total = 0;
    for (unit, seconds) in [('d', DAY), ('h', 3600), ('m', 60), ('s', 1)] {
        if let Some((value, after)) = rest.split_once(unit) {
            total += number(value)? * seconds;
            rest = after;
        }
    }
    (rest.is_empty() && !text.is_empty()).then_some(total)
}

/// The forms of `sbatch --time`.
fn slurm_form(text: &str) -> Option<u64> {
    let (days, clock) = match text.split_once('-') {
        Some((days, clock)) => (Some(number(days)?), clock),
        None => (None, text),
    };
    let fields: Option<Vec<u64>> = clock.split(':').map(number).collect();
    let seconds = match (days, fields?.as_slice()) {
        (None, [m]) => m * 60,
        (None, [m, s]) => m * 60 + s,
        (_, [h, m, s]) => h * 3600 + m * 60 + s,
        (Some(_), [h]) => h * 3600,
        (Some(_), [h, m]) => h * 3600 + m * 60,
        _ => return None,
    };
    Some(days.unwrap_or(0) * DAY + seconds)
}

impl Span {
    /// `HH:MM:SS`, which Slurm, PBS and Grid Engine all read; hours may go beyond 24.
    pub fn clock(self) -> String {
        let s = self.seconds;
        format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
    }

    /// Seconds before the end at which the worker should be told to stop: a tenth of the time, at
    /// most two minutes.
    pub fn notice(self) -> u64 {
        (self.seconds / 10).min(120)
    }

    /// The time that the worker may take, as `--time-limit` reads it: up to the notice.
    pub fn worker_limit(self) -> String {
        format!("{}s", self.seconds - self.notice())
    }
}

/// An amount of memory, in mebibytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    mebibytes: u64,
}

impl FromStr for Memory {
    type Err = Text;

    /// Reads `4G`, `500M`, `4gb`; a bare number is in mebibytes, as in Slurm.
    fn from_str(text: &str) -> Result<Self, Text> {
        let lower = text.to_ascii_lowercase();
        let short = lower.strip_suffix('b').unwrap_or(&lower);
        let of = |unit| short.strip_suffix(unit);
        let (value, factor) = match (of('m'), of('g'), of('t')) {
            (Some(value), ..) => (value, 1),
            (_, Some(value), _) => (value, 1024),
            (.., Some(value)) => (value, 1024 * 1024),
            _ if short.len() == lower.len() => (short, 1),
            _ => return Err(text!("memory-form")),
        };
        match number(value).map(|value| value * factor) {
            Some(mebibytes) if (1..=64 * 1024 * 1024).contains(&mebibytes) => {
                Ok(Self { mebibytes })
            }
            _ => Err(text!("memory-form")),
        }
    }
}

impl Memory {
    /// `4G`, as Slurm reads it.
    pub fn slurm(self) -> String {
        match self.mebibytes {
            m if m % 1024 == 0 => format!("{}G", m / 1024),
            m => format!("{m}M"),
        }
    }

    /// `4096mb`, as PBS reads it.
    pub fn pbs(self) -> String {
        format!("{}mb", self.mebibytes)
    }

    /// `2048M`, as Grid Engine reads it: for each of so many slots.
    pub fn per_slot(self, slots: u32) -> String {
        format!("{}M", self.mebibytes.div_ceil(u64::from(slots.max(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_all_their_forms() {
        let of = |text: &str| text.parse::<Span>().map(Span::clock);
        for (text, clock) in [
            ("2h", "02:00:00"),
            ("90m", "01:30:00"),
            ("1d12h", "36:00:00"),
            ("1h30m", "01:30:00"),
            ("90s", "00:01:30"),
            ("30", "00:30:00"),
            ("30:15", "00:30:15"),
            ("02:00:00", "02:00:00"),
            ("1-12", "36:00:00"),
            ("1-12:30", "36:30:00"),
            ("7-00:00:00", "168:00:00"),
        ] {
            assert_eq!(of(text), Ok(clock.into()), "{text}");
        }
        for bad in [
            "", "h", "2x", "2h2h", "30m1h", "1:2:3:4", "1-", "-1", "59s", "0", "1e3", "99999d",
            "١h",
        ] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_worker_stops_before_the_engine_ends_it() {
        let of = |text: &str| {
            let span: Span = text.parse().unwrap();
            (span.notice(), span.worker_limit())
        };
        assert_eq!(of("1m"), (6, "54s".into()));
        assert_eq!(of("2h"), (120, "7080s".into()));
    }

    #[test]
    fn memory_is_said_as_each_engine_reads_it() {
        let of = |text: &str| text.parse::<Memory>();
        let four = of("4G").unwrap();
        for same in ["4gb", "4096", "4096M"] {
            assert_eq!(of(same), Ok(four), "{same}");
        }
        assert_eq!(
            (four.slurm(), four.pbs(), four.per_slot(3)),
            ("4G".into(), "4096mb".into(), "1366M".into())
        );
        assert_eq!(of("500M").unwrap().slurm(), "500M");
        for bad in ["", "G", "4X", "4.5G", "-1G", "0", "65T", "4b", "4K"] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
