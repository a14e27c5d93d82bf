//! Numbers in the cells of tables.

/// Powers of ten that a float holds exactly.
const POWERS: [f64; MOST_DIGITS + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];
/// So many digits are a whole number that a float holds exactly.
const MOST_DIGITS: usize = 15;

/// The number that a text is, to the last bit as the standard library reads it.
#[inline]
pub fn number(text: &str) -> Option<f64> {
    plain(text).or_else(|| text.parse().ok())
}

/// The same of a text of few digits, with a point or without. The digits and the power of ten are exact, so their
/// quotient is the float next to the number.
#[inline]
fn plain(text: &str) -> Option<f64> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > MOST_DIGITS + 1 {
        return None;
    }
    let (mut whole, mut point) = (0_u64, None);
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => whole = whole * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let (count, decimals) = match point {
        None => (digits.len(), 0),
        Some(at) if at == 0 || at + 1 == digits.len() => return None,
        Some(at) => (digits.len() - 1, digits.len() - 1 - at),
    };
    if count == 0 || count > MOST_DIGITS {
        return None;
    }
    let number = whole as f64 / POWERS[decimals];
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bits(number: Option<f64>) -> Option<u64> {
        number.map(f64::to_bits)
    }

    proptest! {
        /// Also where the digits are too many, and of what is nearly a number.
        #[test]
        fn numbers_are_read_to_the_last_bit(text in "-?[0-9]{0,17}([.][0-9]{0,17})?([ex+,.-][0-9]{0,2})?") {
            prop_assert_eq!(bits(number(&text)), bits(text.parse().ok()), "{}", text);
        }
    }

    #[test]
    fn what_is_usual_in_tables_is_read_quickly() {
        for text in [
            "1",
            "0",
            "-0",
            "116.407394",
            "-23.5",
            "0.000001",
            "1234567.89",
        ] {
            assert_eq!(bits(plain(text)), bits(text.parse().ok()), "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "1e5",
            "1.2.3",
            "1234567890.123456",
            "NaN",
        ] {
            assert_eq!(plain(text), None, "{text}");
        }
    }
}
