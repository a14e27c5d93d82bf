//! The answer at one setting of the parameters: what is left is luck.

use std::collections::BTreeSet;

use crate::experiment::compare::NATIONAL;
use crate::paired::Difference;
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
            title: titled(manifest, layout, lang),
            cells: main
                .iter()
                .map(|of| Some(cell(of.0, &find(Some(layout), *of)?.into(), lang)))
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
            notes: Vec::new(),
        })
    }
}

/// A paired difference, as a cell needs it.
pub(super) struct OfLuck {
    difference: f64,
    interval: Option<[f64; 2]>,
    percent: Option<f64>,
    percent_interval: Option<[f64; 2]>,
    /// Whether differences are not all equal.
    varies: bool,
    replicates: usize,
}

impl From<&Effect> for OfLuck {
    fn from(of: &Effect) -> Self {
        Self {
            difference: of.difference,
            interval: of.low.zip(of.high).map(Into::into),
            percent: of.percent,
            percent_interval: of.percent_low.zip(of.percent_high).map(Into::into),
            varies: of.p.is_some(),
            replicates: usize::try_from(of.replicates).unwrap_or(0),
        }
    }
}

impl From<Difference> for OfLuck {
    fn from(of: Difference) -> Self {
        Self {
            difference: of.mean,
            interval: of.low.zip(of.high).map(Into::into),
            percent: of.percent,
            percent_interval: of.percent_low.zip(of.percent_high).map(Into::into),
            varies: of.p.is_some(),
            replicates: of.n,
        }
    }
}

/// An effect in per cent of the baseline's mean, where that is clear of 0.
pub(super) fn cell(outcome: &str, of: &OfLuck, lang: Lang) -> Cell {
    let (mean, ends, unit) = match (of.interval, of.percent, of.percent_interval) {
        (None, Some(mean), _) => (mean, None, " %"),
        (_, Some(mean), Some(ends)) => (mean, Some(ends), " %"),
        _ => (of.difference, of.interval, ""),
    };
    let plain = |verdict: String, luck| Cell {
        effect: format!("{}{unit}", signed(three(mean))),
        range: String::new(),
        verdict,
        credible: None,
        luck,
        percent: !unit.is_empty(),
    };
    let (Some(interval), Some(ends)) = (of.interval, ends) else {
        return plain(String::new(), None);
    };
    if interval == [0.0; 2] {
        return plain(say!(lang, "over-no-change").to_owned(), Some([0.0; 2]));
    }
    let direction = direction(outcome, of.difference > 0.0, lang);
    if !of.varies {
        let same = say!(lang, "luck-same", direction, n = of.replicates);
        return plain(same, Some([mean; 2]));
    }
    // Both intervals leave out 0 together, but for those of Stein and the bootstrap.
    let clear = |[low, high]: [f64; 2]| low > 0.0 || high < 0.0;
    let verdict = match clear(interval) && clear(ends) {
        true => direction,
        false => say!(lang, "luck-unclear"),
    };
    let (effect, range) = shown([mean, ends[0], ends[1]], unit, lang);
    Cell {
        effect,
        range,
        verdict: verdict.to_owned(),
        credible: None,
        luck: Some(ends),
        percent: !unit.is_empty(),
    }
}
