use proptest::prelude::*;

use super::*;

fn lookup(name: &str) -> Option<Level> {
    Some(match name {
        "line.beta" => Level::Number(0.05),
        "line.x0" => Level::Number(2.0),
        "layers.0.share" => Level::Number(4.0),
        "line.response" => Level::Text("hill".to_owned()),
        "line.structures" => Level::Flag(true),
        "alliances.pearl-river" => Level::Number(1.0),
        "zero" => Level::Number(0.0),
        _ => return None,
    })
}

fn holds(text: &str) -> bool {
    let constraint = Constraint::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    constraint
        .holds(lookup)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn conditions_hold_or_not() {
    for (text, expected) in [
        ("line.beta < line.x0", true),
        ("line.beta >= line.x0", false),
        ("0 < line.beta < line.x0 <= 2", true),
        ("0 < line.x0 < line.beta", false),
        ("line.x0 == 2 and layers.0.share != 2", true),
        ("line.response == \"hill\"", true),
        ("line.response != 'hill'", false),
        ("line.structures", true),
        ("not line.structures or line.x0 > 1", true),
        ("line.structures == false", false),
        ("not line.x0 < 1", true),
        ("not not line.structures", true),
        ("false or true and false", false),
        ("(true or false) and true", true),
        ("(line.x0 > 1) == true", true),
        ("`alliances.pearl-river` == 1", true),
        ("zero == 0 or 1 / zero > 1", true),
        ("zero > 0 and 1 / zero > 1", false),
    ] {
        assert_eq!(holds(text), expected, "{text}");
    }
}

#[test]
fn arithmetic_binds_as_in_mathematics() {
    for (text, value) in [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("7 - 2 - 1", 4.0),
        ("8 / 4 / 2", 1.0),
        ("2 ^ 3 ^ 2", 512.0),
        ("-2 ^ 2", -4.0),
        ("2 ^ -1", 0.5),
        ("2 - -3", 5.0),
        ("1e2 + .5 + 2.", 102.5),
        ("min(3, 1, 2) + max(3, 1) - abs(-4)", 0.0),
        ("log(exp(2)) * sqrt(9)", 6.0),
        ("line.x0*layers.0.share", 8.0),
    ] {
        assert!(
            holds(&format!("abs(({text}) - ({value})) < 1e-12")),
            "{text}"
        );
    }
}

#[test]
fn names_are_listed_once_and_sorted() {
    let constraint = Constraint::parse("  b.c < a or `x y` + a > min(b.c, 1) ").expect("reads");
    assert_eq!(constraint.names().collect::<Vec<_>>(), ["a", "b.c", "x y"]);
    assert_eq!(constraint.text(), "b.c < a or `x y` + a > min(b.c, 1)");
}

#[test]
fn wrong_texts_are_told_by_column() {
    for (text, message) in [
        (
            "",
            "column 1: expected a number, a parameter name, a text in quotes or `(`, found the end",
        ),
        (
            "a < ",
            "column 5: expected a number, a parameter name, a text in quotes or `(`, found the end",
        ),
        (
            "a + b",
            "column 1: expected a comparison such as `a < b`, found a number",
        ),
        (
            "a < b c",
            "column 7: expected an operator, `and`, `or` or the end, found `c`",
        ),
        ("a = b", "column 3: expected `==`, found `=`"),
        ("a < 1 && b < 1", "column 7: expected `and`, found `&&`"),
        ("变量 ≤ 1", "column 4: expected `<=`, found `≤`"),
        (
            "(a < b",
            "column 7: expected an operator or a closing `)`, found the end",
        ),
        (
            "a < b)",
            "column 6: expected an opening `(` before, found `)`",
        ),
        (
            "ln(a) < 1",
            "column 1: expected a function (min, max, abs, sqrt, log, exp), found `ln`",
        ),
        (
            "log(a, b) < 1",
            "column 1: expected one value in `log( )`, found 2",
        ),
        (
            "a == \"hill",
            "column 6: expected a closing \" for the one that opens here, found the end",
        ),
        ("a < \"hill\"", "column 5: expected a number, found a text"),
        (
            "1 == \"hill\"",
            "column 6: expected a number as on the left, found a text",
        ),
        (
            "a < 1 and b + 1",
            "column 11: expected a comparison such as `a < b`, found a number",
        ),
        (
            "a < 1.2.3",
            "column 5: expected a number such as 0.5 or 1e-3, found `1.2.3`",
        ),
        (
            "a < 1e999",
            "column 5: expected a number such as 0.5 or 1e-3, found `1e999`",
        ),
        (
            "a < 1; b",
            "column 6: expected a name, a number or an operator, found `;`",
        ),
        (
            "`` < 1",
            "column 1: expected a name between the backquotes, found none",
        ),
        (
            "(a < b) + 1 < 2",
            "column 1: expected a number, found a condition",
        ),
    ] {
        let error = Constraint::parse(text).expect_err(text);
        assert_eq!(error.to_string(), message, "{text}");
    }
}

#[test]
fn what_cannot_be_evaluated_says_why() {
    for (text, message) in [
        ("gone < 1", "`gone` has no value"),
        (
            "line.response + 1 < 1",
            "`line.response` is the text \"hill\", where a number is needed",
        ),
        (
            "line.x0",
            "`line.x0` is the number 2, where true or false is needed",
        ),
        (
            "line.response < 1",
            "the text \"hill\" and the number 1 are of different kinds and cannot be compared",
        ),
        (
            "line.response == 1",
            "the text \"hill\" and the number 1 are of different kinds and cannot be compared",
        ),
        ("1 / zero > 1", "1 / 0 is not a finite number"),
        ("log(zero - 1) > 1", "log(-1) is not a finite number"),
    ] {
        let constraint = Constraint::parse(text).expect(text);
        let error = constraint.holds(lookup).expect_err(text);
        assert_eq!(error.to_string(), message, "{text}");
    }
}

#[test]
fn nesting_and_length_are_bounded() {
    for (open, close) in [
        ("(", ")"),
        ("-", ""),
        ("2^", ""),
        ("abs(", ")"),
        ("not ", ""),
    ] {
        let text = format!("{}1{} < 2", open.repeat(700), close.repeat(700));
        let error = Constraint::parse(&text).expect_err(open);
        assert!(error.expected.to_string().contains("50 levels"), "{error}");
    }
    // Long and flat is no depth.
    assert!(holds(&format!("{}1 > 0", "1 + ".repeat(900))));
    assert!(holds(&format!("{}true", "true and ".repeat(400))));
    assert!(Constraint::parse(&" ".repeat(5000)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = Constraint::parse(&text);
    }

    /// Words in any order: more of them get past the first columns.
    #[test]
    fn no_words_panic(words in prop::collection::vec(prop::sample::select(vec![
        "a", "b.c", "1", "2.5", "'x'", "true", "and", "or", "not", "<", "<=", "==", "!=", "+", "-",
        "*", "/", "^", "(", ")", ",", "min", "log", "`", "\"", ".", "!",
    ]), 0..25)) {
        let text = words.join(" ");
        match Constraint::parse(&text) {
            Ok(constraint) => {
                let _ = constraint.holds(|name| (name == "a").then_some(Level::Number(0.0)));
            }
            Err(error) => prop_assert!(error.column >= 1 && error.column <= text.chars().count() + 1),
        }
    }
}
