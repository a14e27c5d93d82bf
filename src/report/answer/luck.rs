//! The answer at one setting of the parameters: what is left is luck.

use std::collections::BTreeSet;

use crate::experiment::compare::NATIONAL;
use crate::report::comparison::Effect;
use crate::report::lang::{signed, three};
use crate::scenario::Month;
use crate::store::Manifest;
use crate::texts::{Lang, say};

use super::{Answer, Cell, MAIN, OF_FIRMS, Row, direction, shown, titled, what};

impl Answer {
    /// Of the effects of a comparison; none where it has none on the country.
    pub fn of_luck(effects: &[Effect], manifest: &Manifest, lang: Lang) -> Option<Self> {
        let compared = manifest.comparison.as_ref()?;
        let national = effects.iter().filter(|e| e.group_kind == NATIONAL);
        let months = national.clone().filter_map(|e| e.horizon);
        let months: BTreeSet<Month> = months.collect();
        let end = *months.last()?;
        // By the end all firms may have taken up whatever the layout, so earlier months are told too.
        let of_firms = months
            .iter()
            .flat_map(|at| OF_FIRMS.map(|name| (name, *at)));
        let main = MAIN.into_iter().map(|name| (name, end)).chain(of_firms);
        let find = |layout: Option<&str>, (name, at): (&str, Month)| {
            national.clone().find(|e| {
                layout.is_none_or(|layout| e.layout == layout)
                    && e.outcome == name
                    && e.horizon == Some(at)
            })
        };
        let main: Vec<(&str, Month)> = main.filter(|of| find(None, *of).is_some()).collect();
        let row = |layout: &String| Row {
            title: titled(manifest, layout, lang).to_owned(),
            cells: main
                .iter()
                .map(|of| Some(cell(find(Some(layout), *of)?, lang)))
                .collect(),
        };
        let base = titled(manifest, &compared.baseline, lang);
        let n = manifest.replicates;
        Some(Self {
            head: say!(lang, "luck-head", base, month = end, n),
            outcomes: main
                .iter()
                .map(|&(name, at)| what(name, (at != end).then_some(at), lang))
                .collect(),
            rows: compared.derivation.compared.iter().map(row).collect(),
            hangs_on: Vec::new(),
        })
    }
}

/// An effect in per cent of the baseline's mean, where that is clear of 0.
fn cell(effect: &Effect, lang: Lang) -> Cell {
    let per_cent = (effect.percent, effect.percent_low, effect.percent_high);
    let (mean, ends, unit) = match (effect.low, per_cent) {
        (None, (Some(mean), ..)) => (mean, None, " %"),
        (_, (Some(mean), Some(low), Some(high))) => (mean, Some([low, high]), " %"),
        _ => (
            effect.difference,
            effect.low.zip(effect.high).map(<[f64; 2]>::from),
            "",
        ),
    };
    let alone = || format!("{}{unit}", signed(three(mean)));
    let plain = |verdict: String, luck| Cell {
        effect: alone(),
        range: String::new(),
        verdict,
        credible: None,
        luck,
    };
    let (Some(low), Some(high), Some(ends)) = (effect.low, effect.high, ends) else {
        return plain(String::new(), None);
    };
    if low == 0.0 && high == 0.0 {
        return plain(say!(lang, "over-no-change").to_owned(), Some([0.0; 2]));
    }
    let direction = direction(&effect.outcome, effect.difference > 0.0, lang);
    // All differences are equal: there is no test, and no range.
    if effect.p.is_none() {
        let n = u64::try_from(effect.replicates).unwrap_or(0);
        let same = say!(lang, "luck-same", direction, n);
        return plain(same, Some([mean; 2]));
    }
    // Both intervals leave out 0 together, but for those of Stein and the bootstrap.
    let clear = |[low, high]: [f64; 2]| low > 0.0 || high < 0.0;
    let verdict = match clear([low, high]) && clear(ends) {
        true => direction,
        false => say!(lang, "luck-unclear"),
    };
    let (text, range) = shown([mean, ends[0], ends[1]], unit, lang);
    Cell {
        effect: text,
        range,
        verdict: verdict.to_owned(),
        credible: None,
        luck: Some(ends),
    }
}
