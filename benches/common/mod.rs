//! Shared by the benches: ratios of two things timed in turn.

use std::time::Instant;

/// Seconds that `work` takes.
pub fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed().as_secs_f64()
}

/// Times `a` and `b` in turn, after one warm-up of each: medians of the seconds of each and of the
/// ratios a / b pair by pair, so that a machine whose speed drifts does not bend the ratio.
pub fn in_turn(pairs: usize, mut a: impl FnMut() -> f64, mut b: impl FnMut() -> f64) -> [f64; 3] {
    a();
    b();
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..pairs {
        let (one, two) = (a(), b());
        times[0].push(one);
        times[1].push(two);
        times[2].push(one / two);
    }
    times.map(|mut list| {
        list.sort_by(f64::total_cmp);
        list[list.len() / 2]
    })
}

/// Whether a section is asked for: under `cargo bench`, when no word or a part of its name is given.
pub fn asked(section: &str) -> bool {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut names = words
        .iter()
        .filter(|word| !word.starts_with('-'))
        .peekable();
    words.iter().any(|word| word == "--bench")
        && (names.peek().is_none() || names.any(|name| section.contains(name.as_str())))
}
