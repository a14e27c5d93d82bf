//! What the figures of a sweep show, of the first outcome that each of them has.

use super::{Line, Sheet, most};
use crate::report::figures::outcome_word;
use crate::report::lang::{Lang, number, significant};
use crate::texts::say;

pub(super) fn finding(id: &str, sheet: &Sheet<'_>, lang: Lang) -> Option<String> {
    let first = sheet.lines().next()?;
    let about = ["layout", "versus", "outcome", "group", "horizon"];
    let same = |line: &Line<'_>| about.iter().all(|of| line.text(of) == first.text(of));
    let of: Vec<Line<'_>> = sheet.lines().filter(same).collect();
    let what = match first.text("versus") {
        "" => outcome_word(lang, first.text("outcome")).to_owned(),
        versus => {
            let (layout, outcome) = (
                first.text("layout"),
                outcome_word(lang, first.text("outcome")),
            );
            say!(lang, "finding-change-of", layout, versus, outcome)
        }
    };
    match id {
        "tornado" => {
            let (line, _) = most(of, |line| line.number("swing").map(f64::abs))?;
            Some(say!(
                lang,
                "finding-tornado",
                parameter = line.text("parameter"),
                what,
                low = number(line.number("outcome_at_low")?),
                high = number(line.number("outcome_at_high")?)
            ))
        }
        "sobol" => {
            let total = of
                .into_iter()
                .filter(|line| line.text("measure") == "total");
            let (line, share) = most(total, |line| line.number("value"))?;
            let share = significant(100.0 * share, 2);
            let parameter = line.text("parameter");
            Some(say!(lang, "finding-sobol", parameter, what, share))
        }
        "regression" | "morris" => {
            let column = if id == "morris" { "mu_star" } else { "value" };
            let measure = "standardised regression coefficient";
            let of = of
                .into_iter()
                .filter(|line| id == "morris" || line.text("measure") == measure);
            let (line, _) = most(of, |line| line.number(column).map(f64::abs))?;
            let parameter = line.text("parameter");
            Some(say!(lang, "finding-most", parameter, what))
        }
        _ => None,
    }
}
