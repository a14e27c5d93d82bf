//! The command again.

use super::super::session::{FileFormat, quote};
use super::{Arguments, Interval};

/// The command that gives these results again, without what only says where and how to show them.
pub fn words(arguments: &Arguments) -> String {
    let mut words = vec![
        "pointplane compare".to_owned(),
        quote(&arguments.scenario.to_string_lossy()),
        format!("--baseline {}", quote(&arguments.baseline)),
    ];
    words.extend(arguments.layouts.iter().map(|layout| quote(layout)));
    let mut option = |name: &str, value: &str| words.push(format!("{name} {}", quote(value)));
    if let Some(replicates) = arguments.replicates {
        option("--replicates", &replicates.to_string());
    }
    if let Some(width) = &arguments.until_width {
        option("--until-width", width);
        option("--min-replicates", &arguments.min_replicates.to_string());
        option("--max-replicates", &arguments.max_replicates.to_string());
    }
    for outcome in &arguments.outcome {
        option("--outcome", outcome);
    }
    for horizon in &arguments.horizon {
        option("--horizon", horizon);
    }
    if arguments.interval != Interval::Auto {
        option("--interval", arguments.interval.word());
    }
    if let Some(every) = arguments.every {
        option("--every", &every.to_string());
    }
    for set in &arguments.set {
        option("--set", set);
    }
    if let Some(seed) = arguments.seed {
        option("--seed", &seed.to_string());
    }
    if let Some(out) = &arguments.out {
        option("--out", &out.to_string_lossy());
    }
    if arguments.format == FileFormat::Csv {
        option("--format", "csv");
    }
    words.join(" ")
}
