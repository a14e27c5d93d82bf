//! Whole numbers for what is compared with a threshold (model page 7.9), from the digits of a number's text.

/// 2⁴⁰: ticks of an adoption, of exposure and of uptake.
pub const TICKS: i128 = 1 << 40;

/// The digits of a number and how many of them stand after the point.
fn digits(number: f64) -> (i128, usize) {
    let text = number.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = format!("{whole}{part}").parse().expect("digits");
    (digits, part.len())
}

/// A number in units of 10^−decimals, to the nearest, halves up.
fn rounded(number: f64, decimals: usize) -> i128 {
    let (digits, has) = digits(number);
    if has <= decimals {
        return digits * 10i128.pow((decimals - has) as u32);
    }
    let cut = 10i128.pow((has - decimals) as u32);
    (digits + cut / 2).div_euclid(cut)
}

/// A number as a fraction: its decimals, at most 18.
pub fn fraction(number: f64) -> (i128, i128) {
    let decimals = digits(number).1.min(18);
    (rounded(number, decimals), 10i128.pow(decimals as u32))
}

/// Weights as whole numbers of the last decimal that any of them has; of fewer decimals where they would add up to
/// 2⁶³ or more.
pub fn weights(numbers: &[f64]) -> Vec<i128> {
    let most = numbers.iter().map(|n| digits(*n).1).max().unwrap_or(0);
    let all = |decimals| -> Vec<i128> { numbers.iter().map(|n| rounded(*n, decimals)).collect() };
    let fits = |decimals: &usize| all(*decimals).iter().sum::<i128>() < 1 << 63;
    all((0..=most)
        .rev()
        .find(fits)
        .expect("weights of tests are small"))
}

/// Splits `ticks` in proportion to whole numbers, which stand in the order in which equals get more.
pub fn largest_remainders(ticks: i128, of: &[i128]) -> Vec<i128> {
    let all: i128 = of.iter().sum();
    let mut parts: Vec<i128> = of.iter().map(|part| ticks * part / all).collect();
    for _ in parts.iter().sum()..ticks {
        // Who still lacks most; one who was given more than its part lacks less than nothing.
        let lacks = |at: usize| ticks * of[at] - parts[at] * all;
        let first = (0..of.len()).rev().max_by_key(|at| lacks(*at));
        parts[first.expect("somebody lacks")] += 1;
    }
    parts
}

/// Splits an adoption over four rates, in doubles, by largest remainders.
pub fn over_rates(rates: [f64; 4]) -> [i128; 4] {
    let all = rates[0] + rates[1] + rates[2] + rates[3];
    let exact = rates.map(|rate| rate / all * TICKS as f64);
    let mut parts = exact.map(|exact| exact.floor() as i128);
    let mut order = [0, 1, 2, 3];
    let cut = |m: usize| exact[m] - exact[m].floor();
    order.sort_by(|a, b| cut(*b).total_cmp(&cut(*a)));
    let left = TICKS - parts.iter().sum::<i128>();
    for m in order.into_iter().take(left as usize) {
        parts[m] += 1;
    }
    parts
}
