//! Numbers that are taken as the decimals in which they are written, and compared as whole numbers (model 7.9).

/// Most decimals of a [`Decimal`].
const MOST_DECIMALS: u32 = 18;

/// A number from 0 on, as written: `digits` / 10^`decimals`. Decimals after the eighteenth are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    digits: u128,
    decimals: u32,
}

impl Decimal {
    /// The decimal that was written for a number. With at most 15 significant digits it is the shortest one that
    /// is read as the number.
    pub fn of(number: f64) -> Self {
        let (digits, power) = written(number);
        let decimals = power.min(0).unsigned_abs().min(MOST_DECIMALS);
        Self {
            digits: shifted(digits, power + decimals as i32),
            decimals,
        }
    }

    /// 10^decimals.
    fn unit(self) -> u128 {
        10u128.pow(self.decimals)
    }

    /// Whether `part` / `whole` is at least this. Of nothing, no part is.
    pub fn is_met_by(self, part: i64, whole: i64) -> bool {
        let [part, whole] = [part, whole].map(|n| u128::from(n.unsigned_abs()));
        whole > 0 && part * self.unit() >= self.digits.saturating_mul(whole)
    }

    /// The smallest whole number that is at least this times `unit`; the largest there is where none is.
    pub fn of_unit(self, unit: i64) -> i64 {
        let unit = u128::from(unit.unsigned_abs());
        let least = self.digits.saturating_mul(unit).div_ceil(self.unit());
        i64::try_from(least).unwrap_or(i64::MAX)
    }

    /// 1 less this, which is at most 1, as a fraction of whole numbers, the lower one at most 10^18.
    pub fn rest(self) -> (i64, i64) {
        let unit = self.unit();
        let rest = unit.saturating_sub(self.digits);
        [rest, unit].map(|n| n as i64).into()
    }
}

/// The numbers as whole numbers of 10^−decimals, and these decimals: as many as were written, unless the sum would
/// not stay below 2⁶³ then; so many fewer, to the nearest.
pub fn whole(numbers: &[f64]) -> (Vec<i64>, i32) {
    let all: Vec<(u64, i32)> = numbers.iter().map(|number| written(*number)).collect();
    let some = || all.iter().filter(|(digits, _)| *digits > 0);
    let finest = some().map(|(_, power)| *power).min().unwrap_or(0);
    let length = |(digits, power): &(u64, i32)| digits.ilog10() as i32 + power;
    let longest = some().map(length).max().unwrap_or(0);
    // The largest number has at most 19 digits then.
    let mut power = finest.max(longest - 18);
    loop {
        let whole = all.iter().map(|&(digits, of)| shifted(digits, of - power));
        let whole: Vec<u128> = whole.collect();
        let sum = whole.iter().fold(0, |sum: u128, n| sum.saturating_add(*n));
        if i64::try_from(sum).is_ok() {
            return (whole.into_iter().map(|n| n as i64).collect(), -power);
        }
        power += 1;
    }
}

/// What `count` of 10^−`decimals` are.
pub fn number(count: i64, decimals: i32) -> f64 {
    let text = format!("{count}e{}", -decimals);
    text.parse().unwrap_or(f64::NAN)
}

/// The shortest digits that are read as a number, and the power of ten of the last one; 0 for what is not above 0.
fn written(number: f64) -> (u64, i32) {
    if !(number > 0.0 && number.is_finite()) {
        return (0, 0);
    }
    let text = format!("{number:e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let power: i32 = power.parse().unwrap_or(0);
    let digits = format!("{whole}{part}").parse().unwrap_or(0);
    (digits, power - part.len() as i32)
}

/// digits · 10^power, to the nearest whole number, halves up; the largest there is where it does not fit.
fn shifted(digits: u64, power: i32) -> u128 {
    let digits = u128::from(digits);
    let ten = 10u128.checked_pow(power.unsigned_abs());
    match (ten, power < 0) {
        (Some(ten), false) => digits.saturating_mul(ten),
        (Some(ten), true) => (digits + ten / 2) / ten,
        (None, false) if digits > 0 => u128::MAX,
        (None, _) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::Dice;

    #[test]
    fn a_decimal_is_what_was_written() {
        for (text, digits, decimals) in [
            ("0", 0, 0),
            ("1", 1, 0),
            ("1.0", 1, 0),
            ("2.50", 25, 1),
            ("0.03", 3, 2),
            ("0.30000000000000004", 30_000_000_000_000_004, 17),
            ("1e-9", 1, 9),
            ("1e9", 1_000_000_000, 0),
            // Rounded after the eighteenth.
            ("1.25e-18", 1, 18),
            ("1.5e-18", 2, 18),
            ("4e-19", 0, 18),
            ("0.1234567890123456", 1_234_567_890_123_456, 16),
        ] {
            let expected = Decimal { digits, decimals };
            assert_eq!(Decimal::of(text.parse().unwrap()), expected, "{text}");
        }
        let mut dice = Dice::new(17);
        for _ in 0..20_000 {
            // Up to 15 digits, with the point anywhere.
            let digits = dice.bits() % 10u64.pow(1 + dice.bits() as u32 % 15);
            let decimals = dice.bits() as u32 % 19;
            let number: f64 = format!("{digits}e-{decimals}").parse().unwrap();
            let decimal = Decimal::of(number);
            let more = 10u128.pow(decimals - decimal.decimals);
            assert_eq!(decimal.digits * more, u128::from(digits), "{number}");
        }
        // Any number of these sizes comes back.
        for _ in 0..20_000 {
            let share = (dice.bits() >> 11) as f64 / (1u64 << 53) as f64;
            let number = (0.1 + share) * dice.of(&[1.0, 3.0, 1e3, 1e9]);
            let Decimal { digits, decimals } = Decimal::of(number);
            assert_eq!(format!("{digits}e-{decimals}").parse(), Ok(number));
        }
    }

    #[test]
    fn thresholds_are_met_exactly() {
        let third = Decimal::of(0.3);
        assert!(third.is_met_by(3, 10) && !third.is_met_by(2_999_999, 10_000_000));
        assert!(third.is_met_by(30_000_001, 100_000_000));
        assert!(!Decimal::of(0.0).is_met_by(0, 0) && Decimal::of(0.0).is_met_by(0, 1));
        let large = i64::MAX - i64::MAX % 10;
        assert!(Decimal::of(0.1).is_met_by(large / 10, large));
        assert!(!Decimal::of(0.1).is_met_by(large / 10 - 1, large));
        let least = |number| Decimal::of(number).of_unit(1 << 40);
        assert_eq!(least(1.0), 1 << 40);
        assert_eq!(least(2.5), 5 << 39);
        // 2⁴⁰ · 0.3 = 329853488332.8
        assert_eq!(least(0.3), 329_853_488_333);
        assert_eq!(least(1.0 + 1e-9), (1 << 40) + 1100);
        assert_eq!(least(1e9), i64::MAX);
        assert_eq!(Decimal::of(0.03).rest(), (97, 100));
        assert_eq!(Decimal::of(0.0).rest(), (1, 1));
        assert_eq!(Decimal::of(1.0).rest(), (0, 1));
        let unit = 10i64.pow(18);
        assert_eq!(Decimal::of(1e-18).rest(), (unit - 1, unit));
    }

    #[test]
    fn weights_are_whole_numbers_of_one_decimal() {
        assert_eq!(whole(&[0.1, 0.2, 0.3]), (vec![1, 2, 3], 1));
        assert_eq!(whole(&[100.0, 2.5, 0.0]), (vec![1000, 25, 0], 1));
        assert_eq!(whole(&[3e5, 2e3]), (vec![300, 2], -3));
        assert_eq!(whole(&[]), (vec![], 0));
        assert_eq!(whole(&[0.0, 0.0]), (vec![0, 0], 0));
        // The sum has 19 digits at most, and the smallest are rounded.
        let (some, decimals) = whole(&[9e14, 1.23456, 1e-9]);
        assert_eq!((some, decimals), (vec![9 * 10i64.pow(18), 12346, 0], 4));
        let (many, decimals) = whole(&[1e15; 10_000]);
        assert_eq!((many[0], decimals), (1, -15));
        let (many, decimals) = whole(&[&[1e15; 10_000][..], &[0.5]].concat());
        assert_eq!((many[0], decimals), (10i64.pow(14), -1));
        assert_eq!(whole(&[1e300, 1e-300]).0, [10i64.pow(18), 0]);
        let mut dice = Dice::new(18);
        for _ in 0..2000 {
            let count = 1 + dice.bits() % 50;
            let weight = |dice: &mut Dice| {
                let share = (dice.bits() >> 11) as f64 / (1u64 << 53) as f64;
                share * dice.of(&[1e-6, 1.0, 1e7, 1e15])
            };
            let weights: Vec<f64> = (0..count).map(|_| weight(&mut dice)).collect();
            let (some, decimals) = whole(&weights);
            let sum: i128 = some.iter().map(|n| i128::from(*n)).sum();
            assert!(sum <= i128::from(i64::MAX), "{weights:?}");
            for (weight, count) in weights.iter().zip(some) {
                let half = number(1, decimals);
                assert!((number(count, decimals) - weight).abs() <= half);
            }
        }
        assert_eq!(number(1234, 2), 12.34);
        assert_eq!(number(3, -15), 3e15);
    }
}
