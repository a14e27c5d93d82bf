//! The summary of a run in words: what a person reads in ten seconds.

use std::fmt::Write;
use std::path::Path;

use crate::report::interval::Mean;
use crate::report::summary::{Batch, Dated, Summary};
use crate::scenario::Scenario;
use crate::store::Manifest;

/// The words.
pub fn words(
    summary: &Summary,
    scenario: &Scenario,
    manifest: &Manifest,
    dir: &Path,
    rerun: &str,
) -> String {
    let mut text = String::new();
    let layout = match scenario.layout.as_str() {
        "" => String::new(),
        layout => format!(", layout {layout}"),
    };
    let mut line = |words: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{words}");
    };
    line(format_args!(
        "\n{}{layout}: {} to {}, {} replicate{}, seed {}, {:.1} s",
        scenario.name,
        scenario.start,
        scenario.end,
        summary.replicates,
        if summary.replicates == 1 { "" } else { "s" },
        scenario.seed,
        manifest.wall_seconds(),
    ));
    line(format_args!(
        "\nFirst formed (median month, range; over the replicates where it did)"
    ));
    for (what, when) in &summary.timeline {
        line(format_args!("  {what:<24} {}", dated(when)));
    }
    if !summary.batches.is_empty() {
        line(format_args!(
            "\nNational batches        mean (95 % of replicates)   observed"
        ));
        // Those that can be compared; all of them are in the table.
        let comparable = |batch: &&Batch| batch.observed.is_some();
        let (shown, rest): (Vec<_>, Vec<_>) = summary.batches.iter().partition(comparable);
        let (shown, rest) = if shown.is_empty() {
            (rest, shown)
        } else {
            (shown, rest)
        };
        for batch in shown {
            let observed = batch.observed.map_or("-".to_owned(), |n| n.to_string());
            let range = spread(&batch.simulated);
            line(format_args!("  {:<21} {range:<27} {observed}", batch.month));
        }
        if !rest.is_empty() {
            let mean = rest.iter().map(|b| b.simulated.mean).sum::<f64>() / rest.len() as f64;
            let what = format!("{} more", rest.len());
            line(format_args!(
                "  {what:<21} {:<27} -",
                format!("{mean:.1} each")
            ));
        }
    }
    let total = |name: &str| summary.totals.get(name);
    if let (Some(provincial), Some(national)) =
        (total("replicated_provincial"), total("replicated_national"))
        && national.mean > 0.0
    {
        line(format_args!(
            "  provincial items for each national one over the run: {:.1}",
            provincial.mean / national.mean
        ));
    }
    // As wide as the longest name needs.
    let names = summary.credit.iter().map(|c| c.mechanism.chars().count());
    let wide = names.max().unwrap_or(0).max(21);
    line(format_args!(
        "\n{:<1$} share of all (95 % interval of the mean)",
        "Credit for adoptions",
        wide + 2
    ));
    for credit in &summary.credit {
        let range = interval(&credit.share, 100.0, 2);
        line(format_args!("  {:<wide$} {range} %", credit.mechanism));
    }
    let alliances: f64 = summary
        .credit
        .iter()
        .filter(|credit| credit.mechanism.starts_with("alliance_"))
        .map(|credit| credit.share.mean)
        .fold(0.0, |sum, share| sum + share);
    if let Some(adoptions) = total("adoptions") {
        line(format_args!(
            "  {:.0} adoptions a replicate; {:.2} % of their credit to alliances",
            adoptions.mean,
            100.0 * alliances
        ));
    }
    if let Some(firms) = &summary.firms {
        line(format_args!(
            "\n{:<1$} share that took up by the end (95 % interval of the mean)",
            format!(
                "{:.0} firms, {:.1} partners each",
                firms.firms, firms.partners
            ),
            wide + 2
        ));
        let all = interval(&firms.uptake, 100.0, 2);
        line(format_args!("  {:<wide$} {all} %", "by weight and size"));
        for (domain, share) in &firms.domains {
            line(format_args!(
                "  {domain:<wide$} {} %",
                interval(share, 100.0, 2)
            ));
        }
        line(format_args!(
            "  benefit: {} (weight of the regions x gamma x uptake, over domains)",
            interval(&firms.benefit, 1.0, 1)
        ));
    }
    if !summary.givers.is_empty() {
        line(format_args!(
            "\nMost spillover given (adoptions credited, mean over replicates)"
        ));
        for giver in &summary.givers {
            let names = [giver.name_en.as_str(), giver.name_zh.as_str()];
            let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
            let mean = giver.credit.mean;
            line(format_args!(
                "  {mean:>7.0}  {}  {}",
                giver.id,
                names.join(" ")
            ));
        }
    }
    line(format_args!(
        "\nTables in {} (columns.csv says what each column is)",
        dir.display()
    ));
    let names: Vec<&str> = manifest
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    line(format_args!("  {}", names.join(", ")));
    if !names.contains(&"adoptions") {
        line(format_args!(
            "  --tables all adds adoptions: one row for each"
        ));
    }
    line(format_args!(
        "\nOver these results with --force, elsewhere with --out:"
    ));
    line(format_args!("Again: {rerun}"));
    text
}

fn dated(when: &Dated) -> String {
    let (Some(median), Some(earliest), Some(latest)) = (when.median, when.earliest, when.latest)
    else {
        return "never".to_owned();
    };
    let range = if earliest == latest {
        String::new()
    } else {
        format!("  {earliest} to {latest}")
    };
    let share = if when.share < 1.0 {
        format!("  in {:.0} % of replicates", 100.0 * when.share)
    } else {
        String::new()
    };
    format!("{median}{range}{share}")
}

/// `mean (low to high)`, or the mean alone with one replicate.
fn interval(mean: &Mean, unit: f64, digits: usize) -> String {
    let of = |value: f64| format!("{:.digits$}", value * unit);
    match mean.half_width {
        Some(half) => {
            // Shares cannot be negative, nor above all.
            let most = if unit == 100.0 { 1.0 } else { f64::INFINITY };
            let (low, high) = ((mean.mean - half).max(0.0), (mean.mean + half).min(most));
            format!("{} ({} to {})", of(mean.mean), of(low), of(high))
        }
        None => of(mean.mean),
    }
}

/// `mean (low to high)` with the range of the middle 95 % of the replicates: one history is compared
/// with histories, not with their mean.
fn spread(mean: &Mean) -> String {
    if mean.n == 1 {
        return format!("{:.1}", mean.mean);
    }
    format!("{:.1} ({:.0} to {:.0})", mean.mean, mean.low, mean.high)
}
