//! A search in words.

use crate::paired::Fate;
use crate::report::lang::{signed, significant};
use crate::search::{Estimate, Forecast, Found, Listed, MOST_RUN, OfLayout, Search, Stage, Way};
use crate::texts::{Lang, say};

/// Pairs that are named.
const PAIRS: usize = 3;

/// What is to be done.
pub fn head(of: &Search, lang: Lang) -> String {
    let spec = &of.document.spec;
    let (name, candidates) = (&spec.name, of.space.candidates.len());
    match &of.listed {
        Listed::All(list) => say!(
            lang,
            "search-head",
            name,
            candidates,
            layouts = list.len(),
            end = of.end,
            first = spec.first_replicates,
        ),
        Listed::Many => say!(
            lang,
            "search-head-climb",
            name,
            candidates,
            most = MOST_RUN,
            end = of.end,
            first = spec.first_replicates,
        ),
    }
}

/// A time in words that are short.
fn time(seconds: f64, lang: Lang) -> String {
    match seconds {
        s if s < 90.0 => say!(lang, "search-seconds", n = significant(s, 2)),
        s if s < 5400.0 => say!(lang, "search-minutes", n = significant(s / 60.0, 2)),
        s => say!(lang, "search-hours", n = significant(s / 3600.0, 2)),
    }
}

/// What it takes.
pub fn forecast(of: &Search, what: &Forecast, lang: Lang) -> Vec<String> {
    let run = time(what.run_seconds, lang);
    let threads = what.threads;
    let of_runs = |runs: Option<u64>| {
        runs.map(|runs| (runs, time(what.seconds(runs), lang)))
            .unwrap_or_default()
    };
    let line = match (what.first, what.most) {
        (Some(_), Some(_)) => {
            let ((first, soon), (most, late)) = (of_runs(what.first), of_runs(what.most));
            say!(
                lang,
                "search-forecast",
                run,
                threads,
                first,
                soon,
                most,
                late
            )
        }
        _ => say!(lang, "search-forecast-climb", run, threads),
    };
    vec![head(of, lang), line]
}

/// A stage that begins.
pub fn stage(of: &Stage, lang: Lang) -> String {
    let Stage {
        name,
        layouts,
        first,
        replicates,
    } = of;
    match name.as_str() {
        "draws" => say!(lang, "search-stage-draws", layouts, replicates),
        name if name.starts_with("variants-") => {
            let number = name.trim_start_matches("variants-");
            say!(
                lang,
                "search-stage-variants",
                number,
                layouts,
                replicates,
                first
            )
        }
        name if name.starts_with("pairs-") => {
            say!(
                lang,
                "search-stage-pairs",
                layouts,
                pairs = replicates,
                first
            )
        }
        "fresh" => say!(lang, "search-stage-fresh", layouts, replicates, first),
        _ => say!(lang, "search-stage", name, layouts, replicates, first),
    }
}

fn percent(share: f64) -> String {
    significant(100.0 * share, 3)
}

/// The end of an interval.
fn end(end: Option<f64>) -> String {
    end.map_or_else(|| "–".to_owned(), signed)
}

/// A layout by its name, with what it changes.
fn named(of: &Search, found: &Found, at: usize, lang: Lang) -> String {
    let layout = &found.layouts[at];
    match layout.words.as_str() {
        "" => baseline(of, lang),
        changes => say!(lang, "search-layout", name = layout.named.name, changes),
    }
}

fn baseline(of: &Search, lang: Lang) -> String {
    say!(lang, "search-baseline", name = of.document.spec.baseline)
}

/// What came of it, in lines.
pub fn summary(of: &Search, found: &Found, lang: Lang) -> Vec<String> {
    let spec = &of.document.spec;
    let mut lines = vec![head(of, lang)];
    if let Way::Climb(starts, seen) = found.way {
        let screened = found.layouts.len();
        lines.push(say!(lang, "search-climbed", starts, seen, screened));
    }
    lines.push(fates(found, lang));
    lines.push(String::new());
    lines.extend(chosen(of, found, lang));
    for at in &found.chosen {
        let own = found.estimates.iter().filter(|of| of.layout == *at);
        let own: Vec<&Estimate> = own.collect();
        if own.is_empty() {
            continue;
        }
        lines.push(say!(
            lang,
            "search-effects",
            layout = named(of, found, *at, lang),
            n = spec.fresh_replicates,
            first = found.fresh
        ));
        lines.extend(own.iter().map(|row| estimate(of, row, lang)));
    }
    lines.extend(parts(of, found, lang));
    lines.extend(over(of, found, lang));
    lines.extend(under(of, found, lang));
    lines.extend(pairs(of, found, lang));
    lines.push(String::new());
    lines.push(match found.over {
        Some(_) => say!(lang, "search-over-draws").to_owned(),
        None => say!(lang, "search-fixed").to_owned(),
    });
    lines
}

/// How many dropped out, and why.
fn fates(found: &Found, lang: Lang) -> String {
    let count = |of: &dyn Fn(Fate) -> bool| found.layouts.iter().filter(|l| of(l.fate)).count();
    say!(
        lang,
        "search-fates",
        runs = found.runs,
        all = found.layouts.len(),
        beaten = count(&|fate| matches!(fate, Fate::Beaten(_))),
        infeasible = count(&|fate| matches!(fate, Fate::Infeasible(_))),
        twins = count(&|fate| matches!(fate, Fate::Twin(_))),
        missing = count(&|fate| fate == Fate::Missing),
        left = count(&|fate| fate == Fate::In),
    )
}

/// What is chosen, and what is promised of it.
fn chosen(of: &Search, found: &Found, lang: Lang) -> Vec<String> {
    let spec = &of.document.spec;
    let mut lines = Vec::new();
    if found.chosen.is_empty() {
        return vec![say!(lang, "search-no-layout").to_owned()];
    }
    if spec.objectives.len() > 1 {
        lines.push(say!(lang, "search-front").to_owned());
        for at in &found.chosen {
            let place = found.left.iter().position(|left| left == at);
            let probability = place.and_then(|place| found.front[place].probability);
            lines.push(say!(
                lang,
                "search-on-front",
                layout = named(of, found, *at, lang),
                p = probability.map_or_else(|| "–".to_owned(), percent)
            ));
        }
        if !found.decided {
            let most = spec.most_replicates;
            lines.push(say!(lang, "search-front-open", most));
        }
        return lines;
    }
    let best = named(of, found, found.chosen[0], lang);
    if let Some((others, over)) = &found.over {
        lines.push(say!(lang, "search-best-of-draws", layout = best));
        lines.extend(found.pairs_of_draws.as_ref().map(|on| {
            let pairs = on.pairs.iter().flatten().max().copied().unwrap_or(0);
            let ran = on.pairs.iter().flatten().count();
            match on.decided {
                true => say!(
                    lang,
                    "search-promise-pairs",
                    confidence = percent(spec.confidence),
                    n = ran,
                    delta = spec.objectives[0].delta,
                    id = spec.objectives[0].id,
                    pairs
                ),
                false => say!(lang, "search-undecided-pairs", pairs, left = on.left),
            }
        }));
        let mean_best = over.best.map(|at| at.checked_sub(1).map(|at| others[at]));
        let is_other = |best: Option<usize>| match best {
            Some(at) => at != found.chosen[0],
            None => !found.layouts[found.chosen[0]].named.is_baseline(),
        };
        if let Some(other) = mean_best.filter(|best| is_other(*best)) {
            let layout = match other {
                Some(at) => named(of, found, at, lang),
                None => baseline(of, lang),
            };
            lines.push(say!(lang, "search-other-by-mean", layout));
        }
        return lines;
    }
    lines.push(say!(lang, "search-best", layout = best));
    lines.push(match found.decided {
        true => say!(
            lang,
            "search-promise",
            confidence = percent(spec.confidence),
            n = found.layouts.len(),
            delta = spec.objectives[0].delta,
            id = spec.objectives[0].id
        ),
        false => say!(
            lang,
            "search-undecided",
            most = spec.most_replicates,
            left = found.left.len()
        ),
    });
    if found.decided && !spec.constraints.is_empty() {
        let list = spec.constraints.iter();
        let list = list.map(|of| format!("{} ±{}", of.id, of.tolerance));
        let list = list.collect::<Vec<_>>().join(", ");
        lines.push(say!(lang, "search-promise-limits", list));
    }
    if matches!(found.way, Way::Climb(..)) {
        lines.push(say!(lang, "search-no-bound").to_owned());
    }
    lines
}

fn estimate(of: &Search, row: &Estimate, lang: Lang) -> String {
    let id = of.ids()[row.of];
    let Some(fresh) = &row.fresh else {
        return say!(lang, "search-effect-missing", id);
    };
    say!(
        lang,
        "search-effect",
        id,
        effect = signed(fresh.mean),
        low = end(fresh.low),
        high = end(fresh.high),
        searched = end(row.searched.as_ref().map(|of| of.mean))
    )
}

/// What each part of the chosen layout adds to the objective.
fn parts(of: &Search, found: &Found, lang: Lang) -> Vec<String> {
    let own = found.parts.iter().filter(|row| row.of == 0);
    let own = own.map(|row| {
        let candidate = &row.part.candidate;
        let part = match &row.part.member {
            None => candidate.clone(),
            Some(member) => say!(lang, "search-part-member", candidate, member),
        };
        say!(
            lang,
            "search-part",
            part,
            id = of.ids()[0],
            by = signed(row.adds.mean),
            low = end(row.adds.low),
            high = end(row.adds.high)
        )
    });
    let own: Vec<String> = own.collect();
    let head = say!(lang, "search-parts").to_owned();
    match own.is_empty() {
        true => own,
        false => std::iter::once(head).chain(own).collect(),
    }
}

/// What is left over draws of the parameters.
fn over(of: &Search, found: &Found, lang: Lang) -> Vec<String> {
    let Some((others, over)) = &found.over else {
        return Vec::new();
    };
    let name = |at: usize| match at.checked_sub(1) {
        None => baseline(of, lang),
        Some(at) => named(of, found, others[at], lang),
    };
    let mut lines = vec![say!(lang, "search-over", draws = over.draws)];
    let p = |of: &OfLayout| of.chosen.map_or(0.0, |chosen| chosen.best);
    let mut order: Vec<usize> = (0..over.layouts.len()).collect();
    order.sort_by(|a, b| p(&over.layouts[*b]).total_cmp(&p(&over.layouts[*a])));
    for at in order {
        let row = &over.layouts[at];
        let (Some(gain), Some(chosen)) = (&row.gain, &row.chosen) else {
            continue;
        };
        lines.push(say!(
            lang,
            "search-over-layout",
            layout = name(at),
            gain = signed(gain.mean),
            low = signed(gain.credible[0]),
            high = signed(gain.credible[1]),
            best = percent(chosen.best),
            regret = significant(chosen.regret, 3),
            most = significant(chosen.most, 3)
        ));
    }
    if let Some(minimax) = over.minimax {
        lines.push(say!(lang, "search-minimax", layout = name(minimax)));
    }
    lines
}

/// What is left under variants of the model.
fn under(of: &Search, found: &Found, lang: Lang) -> Vec<String> {
    let Some(under) = &found.under else {
        return Vec::new();
    };
    let n = under.models.len() - 1;
    let name = |place: usize| match place.checked_sub(1) {
        None => baseline(of, lang),
        Some(at) => named(of, found, under.others[at], lang),
    };
    let model = |at: usize| match &under.models[at].variant {
        None => say!(lang, "search-own-model").to_owned(),
        Some(variant) => variant.clone(),
    };
    let mut lines = vec![say!(lang, "search-under", n)];
    for place in 0..=under.others.len() {
        let Some((regret, at)) = under.most_regret(place) else {
            continue;
        };
        let best = under.models.iter();
        let best = best.filter(|of| of.layouts[place].regret == 0.0).count();
        let breaks = under.models.iter();
        let breaks = breaks.filter(|of| !of.layouts[place].keeps).count();
        lines.push(say!(
            lang,
            "search-under-layout",
            layout = name(place),
            best,
            models = n + 1,
            regret = significant(regret, 3),
            model = model(at),
            breaks
        ));
    }
    lines.extend(
        under
            .minimax()
            .map(|place| say!(lang, "search-minimax-models", layout = name(place))),
    );
    lines
}

/// Pairs that do most together, or least.
fn pairs(of: &Search, found: &Found, lang: Lang) -> Vec<String> {
    let ids = of.ids();
    let mut sure: Vec<_> = found
        .pairs
        .iter()
        .filter(|pair| {
            let ends = [pair.synergy.low, pair.synergy.high].map(|end| end.unwrap_or(0.0));
            ends[0] * ends[1] > 0.0
        })
        .collect();
    sure.sort_by(|a, b| b.synergy.mean.abs().total_cmp(&a.synergy.mean.abs()));
    if sure.is_empty() {
        return Vec::new();
    }
    let head = say!(
        lang,
        "search-pairs",
        n = sure.len(),
        all = found.pairs.len()
    );
    let list = sure.iter().take(PAIRS).map(|pair| {
        say!(
            lang,
            "search-pair",
            first = pair.words[0],
            second = pair.words[1],
            id = ids[pair.of],
            by = signed(pair.synergy.mean),
            low = end(pair.synergy.low),
            high = end(pair.synergy.high)
        )
    });
    std::iter::once(head).chain(list).collect()
}
