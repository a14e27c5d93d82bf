//! What is said of a run that does not fit into memory.

use super::{MANY_FIRMS, MemoryEstimate, at_a_time, counted_replicates, program_bytes, size};
use crate::texts::{Text, text};

/// Whether there are so many firms that making them takes a while.
pub fn is_long_to_build(estimate: &MemoryEstimate) -> bool {
    estimate.firms > MANY_FIRMS
}

/// Whether most of what is needed is for firms.
pub fn is_for_firms(estimate: &MemoryEstimate, threads: usize) -> bool {
    estimate.firm_bytes(threads) > estimate.bytes(threads) / 2
}

/// Whether most of what is needed is for the rows of the table `sample`.
pub fn is_for_sample(estimate: &MemoryEstimate, threads: usize) -> bool {
    let of_sample = of_sample(estimate, threads);
    of_sample > estimate.bytes(threads) / 2
}

/// Bytes of the table `sample` in the replicates that run at a time.
fn of_sample(estimate: &MemoryEstimate, threads: usize) -> u64 {
    let at_a_time = at_a_time(estimate.firms, threads) as u64;
    estimate.sample_bytes.saturating_mul(at_a_time)
}

/// Says what is wrong when `threads` replicates at a time need more than `available` bytes.
pub fn memory_problem(estimate: &MemoryEstimate, threads: usize, available: u64) -> Option<Text> {
    let needed = estimate.bytes(threads);
    if needed <= available {
        return None;
    }
    let what = if is_for_sample(estimate, threads) {
        too_large_a_sample(estimate, threads, available)
    } else if is_for_firms(estimate, threads) {
        too_many_firms(estimate, threads, available)
    } else {
        too_large(estimate, threads)
    };
    let (needed, available) = (size(needed), size(available));
    Some(text!("memory-needed", needed, available, what))
}

/// What the network and the replicates need.
fn too_large(estimate: &MemoryEstimate, threads: usize) -> Text {
    let (of_replicate, rows) = (estimate.per_replicate_bytes, estimate.rows_bytes);
    let firms = match estimate.firm_words(threads) {
        Some(words) => text!("memory-of-firms", words),
        None => "".into(),
    };
    text!(
        "memory-of-run",
        world = size(estimate.world_bytes),
        links = estimate.links,
        building = size(estimate.build_bytes),
        each = size(of_replicate.saturating_add(rows)),
        replicates = counted_replicates(at_a_time(estimate.firms, threads)),
        innovations = format!("{:.0}", estimate.expected_innovations),
        rows = size(rows),
        firms,
        program = size(program_bytes(at_a_time(estimate.firms, threads)))
    )
}

/// What the table `sample` needs and how much of it would fit.
fn too_large_a_sample(estimate: &MemoryEstimate, threads: usize, available: u64) -> Text {
    let needed = of_sample(estimate, threads);
    let rest = estimate.bytes(threads).saturating_sub(needed);
    let fit = 100.0 * available.saturating_sub(rest) as f64 / needed as f64;
    let at_a_time = at_a_time(estimate.firms, threads);
    let threads = match at_a_time {
        1 => "".into(),
        _ => text!("or-fewer-threads"),
    };
    text!(
        "memory-of-sample",
        sample = size(needed),
        replicates = counted_replicates(at_a_time),
        rest = size(rest),
        fit = format!("{:.0}", fit.floor()),
        threads
    )
}

/// What firms need and how many would fit.
fn too_many_firms(estimate: &MemoryEstimate, threads: usize, available: u64) -> Text {
    let of_firms = estimate.firm_bytes(threads);
    let rest = estimate.bytes(threads).saturating_sub(of_firms);
    let fit = available.saturating_sub(rest) as f64 / of_firms as f64 * estimate.firms;
    // Two digits, rounded down.
    let digit = libm::exp10((libm::log10(fit.max(10.0)) - 1.0).floor());
    let fit = (fit / digit).floor() * digit;
    let fewer = match at_a_time(estimate.firms, threads) {
        1 => "".into(),
        _ => text!("fewer-threads"),
    };
    text!(
        "memory-too-many-firms",
        words = estimate.firm_words(threads).unwrap_or_else(|| "".into()),
        rest = size(rest),
        fit = format!("{fit:.0}"),
        threads = fewer
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_does_not_fit_is_told_what_it_needs() {
        let estimate = MemoryEstimate {
            links: 7,
            world_bytes: 1_000_000_000,
            build_bytes: 500,
            per_replicate_bytes: 500_000_000,
            rows_bytes: 100_000_000,
            expected_innovations: 12.3,
            firms: 0.0,
            firm_links: 0.0,
            firm_world_bytes: 0,
            firm_build_bytes: 0,
            firm_replicate_bytes: 0,
            sample_bytes: 0,
        };
        let own = program_bytes(2);
        assert_eq!(memory_problem(&estimate, 2, 2_200_000_000 + own), None);
        let told = |estimate, available| {
            let problem = memory_problem(estimate, 2, available);
            problem.unwrap().to_string()
        };
        let text = told(&estimate, 2_199_999_999 + own);
        assert!(text.starts_with("this scenario needs about 2.2 GB of memory, 2.2 GB are available: 1.0 GB for 7 links"), "{text}");
        let building = MemoryEstimate {
            build_bytes: u64::MAX,
            ..estimate
        };
        assert_eq!(building.bytes(2), u64::MAX);
        assert!(memory_problem(&building, 1, u64::MAX - 1).is_some());
        // Where firms need most of it, they are what is told.
        let firms = MemoryEstimate {
            firms: 50_000_000.0,
            firm_links: 500_000_000.0,
            world_bytes: 3_000_000_000,
            firm_world_bytes: 2_400_000_000,
            build_bytes: 2_000_000_000,
            firm_build_bytes: 2_000_000_000,
            per_replicate_bytes: 6_000_000_000,
            firm_replicate_bytes: 5_700_000_000,
            rows_bytes: 0,
            ..estimate
        };
        assert!(is_for_firms(&firms, 2) && !is_for_firms(&estimate, 2));
        // One replicate at a time with so many: 2.4 + 5.7 GB of firms and 0.9 GB of all else.
        assert_eq!(memory_problem(&firms, 2, 9_000_000_000 + own), None);
        let text = told(&firms, 4_950_000_000 + own);
        for words in [
            "needs about 9.0 GB of memory, 5.0 GB are available: 2.4 GB for 50000000 firms and their 500000000 links",
            "2.0 GB more while these are made, 5.7 GB for each of 1 replicate at a time, 924 MB for all else",
            "about 25000000 would fit",
        ] {
            assert!(text.contains(words), "{text}");
        }
        // Where the panel of firms needs most of it, its key is what is told.
        let sample = MemoryEstimate {
            rows_bytes: 4_000_000_000,
            sample_bytes: 3_900_000_000,
            ..estimate
        };
        assert!(is_for_sample(&sample, 2) && !is_for_sample(&estimate, 2));
        // 1 GB of world and two replicates of 4.5 GB, 7.8 GB of them for the sample.
        assert_eq!(memory_problem(&sample, 2, 10_000_000_000 + own), None);
        let text = told(&sample, 9_999_999_999 + own);
        for words in [
            "7.8 GB for the rows of the table `sample` of 2 replicates at a time",
            "smaller `firms.sample` (99 % of it would fit), or fewer threads",
        ] {
            assert!(text.contains(words), "{text}");
        }
        let sizes = [999, 1000, 9_949, 12_345_678, 5_000_000_000_000];
        let words = ["999 B", "1.0 kB", "9.9 kB", "12 MB", "5.0 TB"];
        assert_eq!(sizes.map(size), words);
    }
}
