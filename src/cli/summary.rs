//! The summary of a run in words: what a person reads in ten seconds.

use std::path::Path;

use crate::report::interval::Mean;
use crate::report::summary::{Batch, Dated, Summary};
use crate::scenario::Scenario;
use crate::store::Manifest;
use crate::texts::columns::{left, right, width};
use crate::texts::{Lang, say};

/// The words.
pub fn words(
    summary: &Summary,
    scenario: &Scenario,
    manifest: &Manifest,
    dir: &Path,
    rerun: &str,
    lang: Lang,
) -> String {
    let mut text = String::new();
    let mut line = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    let replicates = summary.replicates;
    let seed = scenario.seed.to_string();
    let seconds = format!("{:.1}", manifest.wall_seconds());
    let (start, end) = (scenario.start, scenario.end);
    let head = match scenario.layout.as_str() {
        "" => say!(
            lang,
            "summary-head",
            name = scenario.name,
            start,
            end,
            replicates,
            seed,
            seconds
        ),
        layout => say!(
            lang,
            "summary-head-layout",
            name = scenario.name,
            layout,
            start,
            end,
            replicates,
            seed,
            seconds
        ),
    };
    line(&format!("\n{head}"));
    let title = lang.name("", &scenario.layout_title, &scenario.layout_title_zh);
    if !title.is_empty() {
        line(&format!("  {title}"));
    }
    line(&format!(
        "\n{}",
        say!(lang, "summary-formed", step = scenario.step.word())
    ));
    for (what, when) in &summary.timeline {
        line(&format!(
            "  {} {}",
            left(&what.told(lang), 24),
            dated(when, lang)
        ));
    }
    if !summary.batches.is_empty() {
        line(&format!(
            "\n{}{}{}",
            left(say!(lang, "summary-batches"), 24),
            left(say!(lang, "summary-batches-mean"), 28),
            say!(lang, "summary-batches-observed")
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
            let range = left(&spread(&batch.simulated, lang), 27);
            line(&format!("  {:<21} {range} {observed}", batch.month));
        }
        if !rest.is_empty() {
            let mean = rest.iter().map(|b| b.simulated.mean).sum::<f64>() / rest.len() as f64;
            let what = say!(lang, "summary-batches-more", n = rest.len());
            let mean = say!(lang, "summary-batches-each", mean = format!("{mean:.1}"));
            line(&format!("  {} {} -", left(&what, 21), left(&mean, 27)));
        }
    }
    let total = |name: &str| summary.totals.get(name);
    if let (Some(provincial), Some(national)) =
        (total("replicated_provincial"), total("replicated_national"))
        && national.mean > 0.0
    {
        let ratio = format!("{:.1}", provincial.mean / national.mean);
        line(&format!("  {}", say!(lang, "summary-provincial", ratio)));
    }
    // As wide as the longest name needs.
    let names = summary.credit.iter().map(|c| width(&c.mechanism));
    let wide = names.max().unwrap_or(0).max(21);
    line(&format!(
        "\n{} {}",
        left(say!(lang, "summary-credit"), wide + 2),
        say!(lang, "summary-credit-share")
    ));
    for credit in &summary.credit {
        let range = interval(&credit.share, 100.0, 2, lang);
        line(&format!("  {} {range} %", left(&credit.mechanism, wide)));
    }
    let alliances: f64 = summary
        .credit
        .iter()
        .filter(|credit| credit.mechanism.starts_with("alliance_"))
        .map(|credit| credit.share.mean)
        .fold(0.0, |sum, share| sum + share);
    if let Some(adoptions) = total("adoptions") {
        let adoptions = format!("{:.0}", adoptions.mean);
        let alliances = format!("{:.2}", 100.0 * alliances);
        let words = say!(lang, "summary-adoptions", adoptions, alliances);
        line(&format!("  {words}"));
    }
    if let Some(firms) = &summary.firms {
        let number = format!("{:.0}", firms.firms);
        let partners = format!("{:.1}", firms.partners);
        line(&format!(
            "\n{} {}",
            left(&say!(lang, "summary-firms", number, partners), wide + 2),
            say!(lang, "summary-firms-share")
        ));
        let all = interval(&firms.uptake, 100.0, 2, lang);
        let by = left(say!(lang, "summary-firms-weighted"), wide);
        line(&format!("  {by} {all} %"));
        for (domain, share) in &firms.domains {
            let share = interval(share, 100.0, 2, lang);
            line(&format!("  {} {share} %", left(domain, wide)));
        }
        let benefit = interval(&firms.benefit, 1.0, 1, lang);
        line(&format!("  {}", say!(lang, "summary-benefit", benefit)));
    }
    if !summary.givers.is_empty() {
        line(&format!("\n{}", say!(lang, "summary-givers")));
        for giver in &summary.givers {
            let names = [giver.name_en.as_str(), giver.name_zh.as_str()];
            let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
            let mean = right(&format!("{:.0}", giver.credit.mean), 7);
            line(&format!("  {mean}  {}  {}", giver.id, names.join(" ")));
        }
    }
    let dir = dir.display().to_string();
    line(&format!("\n{}", say!(lang, "tables-in", dir)));
    let names: Vec<&str> = manifest
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    line(&format!("  {}", names.join(", ")));
    if !names.contains(&"adoptions") {
        line(&format!("  {}", say!(lang, "summary-all-tables")));
    }
    line(&format!("\n{}", say!(lang, "summary-over")));
    line(&say!(lang, "again", command = rerun));
    text
}

fn dated(when: &Dated, lang: Lang) -> String {
    let (Some(median), Some(earliest), Some(latest)) = (&when.median, &when.earliest, &when.latest)
    else {
        return say!(lang, "summary-never").to_owned();
    };
    let range = if earliest == latest {
        String::new()
    } else {
        format!("  {}", say!(lang, "range", low = earliest, high = latest))
    };
    let share = if when.share < 1.0 {
        let share = format!("{:.0}", 100.0 * when.share);
        format!("  {}", say!(lang, "summary-in-share", share))
    } else {
        String::new()
    };
    format!("{median}{range}{share}")
}

/// `mean (low to high)`, or the mean alone with one replicate.
fn interval(mean: &Mean, unit: f64, digits: usize, lang: Lang) -> String {
    let of = |value: f64| format!("{:.digits$}", value * unit);
    match mean.half_width {
        Some(half) => {
            // Shares cannot be negative, nor above all.
            let most = if unit == 100.0 { 1.0 } else { f64::INFINITY };
            let (low, high) = ((mean.mean - half).max(0.0), (mean.mean + half).min(most));
            let range = say!(lang, "range", low = of(low), high = of(high));
            format!("{} ({range})", of(mean.mean))
        }
        None => of(mean.mean),
    }
}

/// `mean (low to high)` with the range of the middle 95 % of the replicates: one history is compared
/// with histories, not with their mean.
fn spread(mean: &Mean, lang: Lang) -> String {
    if mean.n == 1 {
        return format!("{:.1}", mean.mean);
    }
    let (low, high) = (format!("{:.0}", mean.low), format!("{:.0}", mean.high));
    format!("{:.1} ({})", mean.mean, say!(lang, "range", low, high))
}
