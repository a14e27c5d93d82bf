//! What an estimation found, in words.

use crate::inference::{
    By, Cluster, End, Estimates, Grid, Kind, Mix, Score, Set, Term, Test, Untold,
};
use crate::report::lang::{apart, significant};
use crate::texts::{Lang, say};

/// A number with two decimals; a hyphen is not a minus sign.
fn two(value: f64) -> String {
    format!("{value:.2}").replace('-', "−")
}

/// A number as it is told.
fn number(value: Option<f64>, lang: Lang) -> String {
    match value {
        Some(value) => significant(value, 3),
        None => say!(lang, "estimate-unknown").to_owned(),
    }
}

/// A test as it is told.
fn told(test: &Test, lang: Lang) -> String {
    let lr = significant(test.lr, 3);
    match test.p {
        Some(p) if p < 1e-4 => say!(lang, "estimate-test-small", lr),
        Some(p) => say!(lang, "estimate-test", lr, p = significant(p, 2)),
        None => say!(lang, "estimate-lr", lr),
    }
}

/// The estimates in words.
pub fn words(found: &Estimates, lang: Lang) -> Vec<String> {
    let set = found.simulated.as_ref().and_then(|of| of.set.as_ref());
    let grid = found.grid.as_ref().map(|grid| grid_words(grid, set, lang));
    let mut lines: Vec<String> = grid.into_iter().collect();
    lines.push(say!(
        lang,
        "estimate-data",
        rows = found.rows,
        adoptions = found.adoptions,
        loglik = two(found.fits[0].loglik)
    ));
    match found.end() {
        End::Found => {}
        End::Endless => {
            let list = found.endless().join(say!(lang, "list-comma"));
            lines.push(say!(lang, "estimate-no-maximum", list));
        }
        End::Unended => lines.push(say!(lang, "estimate-unended").to_owned()),
    }
    let clustered = found.cluster != Cluster::None;
    let terms = found.terms.iter();
    lines.extend(terms.map(|term| line(term, clustered, lang)));
    let reference = found.effects.iter().find(|(.., reference)| *reference);
    if let (Some((_, Mix::Fixed)), Some((which, ..))) = (found.groups, reference) {
        let name = &found.group_names()[*which];
        let nothing = found
            .effects
            .iter()
            .filter(|(_, factor, _)| !factor.is_normal());
        let nothing = nothing.count();
        lines.push(say!(lang, "estimate-effects", name, nothing));
    }
    lines.extend(frailty(found, lang));
    if let Some((n, failed)) = found.bootstrap {
        lines.push(say!(lang, "estimate-bootstrap", n, failed));
    }
    if let Some((r_hat, effective)) = found.mcmc {
        let (r, n) = (format!("{r_hat:.3}"), format!("{effective:.0}"));
        lines.push(say!(lang, "estimate-mcmc", r, n));
    }
    if let Some(of) = &found.simulated {
        let (n, failed) = (of.values.len(), of.failed());
        lines.push(say!(lang, "estimate-simulated", n, failed));
    }
    lines.extend(contagion(found, lang));
    lines.extend(shares(found, lang));
    lines.push(say!(lang, "estimate-likeness").to_owned());
    if let Some((By::Period, Mix::Fixed)) = found.groups {
        lines.push(say!(lang, "estimate-periods").to_owned());
    }
    if let Some((n, reached)) = found.permutations {
        let p = significant(f64::from(reached + 1) / f64::from(n + 1), 2);
        lines.push(say!(lang, "estimate-permutations", n, reached, p));
    }
    if !found.curves.is_empty() {
        let inside = found.curves.iter().filter(|point| {
            let [_, low, high] = point.simulated;
            (low..=high).contains(&f64::from(point.observed))
        });
        let (inside, n) = (inside.count(), found.curves.len());
        lines.push(say!(lang, "estimate-curves", inside, n));
    }
    if let Some((own, naive)) = found.scores.split_first() {
        let at = |score: &Score| score.outside.log_score();
        let best = naive.iter().map(at).fold(f64::NEG_INFINITY, f64::max);
        // The model and its best rival at digits that tell them apart.
        let [score, _] = apart(at(own), best);
        let digits = score.trim_start_matches(['−', '0', '.']).len();
        let told = |of: &Score| {
            let model = say!(lang, "estimate-model", model = of.model);
            format!("{model} {}", significant(at(of), digits.max(3)))
        };
        let list = naive.iter().map(told).collect::<Vec<_>>();
        let list = list.join(say!(lang, "list-comma"));
        lines.push(match at(own) > best {
            true => say!(lang, "estimate-foretells", score, list),
            false => say!(lang, "estimate-foretells-not", score, list),
        });
    }
    lines
}

/// Whether contagion is told from none.
fn contagion(found: &Estimates, lang: Lang) -> Option<String> {
    let rates = found
        .terms
        .iter()
        .filter(|t| t.parameter.kind() == Kind::Contagion);
    let rates: Vec<&Term> = rates.filter(|t| t.estimate.is_some()).collect();
    let test = match rates.as_slice() {
        // Short of the maximum a ratio says nothing.
        _ if found.end() == End::Unended => None,
        [] => None,
        [term] if found.simulated.is_none() => term.test.clone(),
        _ => {
            let mut fits = found.fits.iter();
            fits.find(|fit| fit.model == "no_contagion")
                .and_then(|fit| fit.test.clone())
        }
    };
    let test = test?;
    let (about, p) = match rates.as_slice() {
        [term] => (about(term, &test, lang), test.p),
        _ if test.p.is_some() => (told(&test, lang), test.p),
        // No contagion at all is each rate at 0: so many times the least p is one of it (Bonferroni).
        _ => {
            let (about, n) = (told(&test, lang), rates.len());
            let known = rates.iter().filter_map(|term| term.test.as_ref()?.p);
            let least = known.reduce(f64::min);
            match least.map(|p| (n as f64 * p).min(1.0)) {
                None => (about, None),
                Some(p) => {
                    let told = if p < 1e-4 {
                        "< 0.0001".to_owned()
                    } else {
                        significant(p, 2)
                    };
                    (say!(lang, "estimate-several", about, n, p = told), Some(p))
                }
            }
        }
    };
    Some(match p {
        Some(p) if p < 0.05 => say!(lang, "estimate-contagion", about),
        Some(_) => say!(lang, "estimate-no-contagion", about),
        None => say!(lang, "estimate-contagion-open", about),
    })
}

/// Whether items, places or periods are told from alike.
fn frailty(found: &Estimates, lang: Lang) -> Option<String> {
    let mut terms = found.terms.iter();
    let term = terms.find(|t| t.parameter.kind() == Kind::Frailty)?;
    let test = term.test.as_ref().filter(|_| found.end() != End::Unended)?;
    let of = match found.groups?.0 {
        By::Place => "place",
        By::Period => "period",
        By::Item | By::Pair => "item",
    };
    let about = about(term, test, lang);
    Some(match test.p? < 0.05 {
        true => say!(lang, "estimate-frailty", of, about),
        false => say!(lang, "estimate-no-frailty", of, about),
    })
}

/// A parameter with its test.
fn about(term: &Term, test: &Test, lang: Lang) -> String {
    let [low, high] = term.limits.map(|limit| number(limit, lang));
    let (estimate, test) = (number(term.estimate, lang), told(test, lang));
    let name = &term.parameter.name;
    say!(lang, "estimate-about", name, estimate, low, high, test)
}

/// What share of the adoptions is owed to contagion.
fn shares(found: &Estimates, lang: Lang) -> Option<String> {
    let whole = found.shares.iter().find(|of| of.parameter.is_none())?;
    let percent = |share: f64| format!("{:.0}", 100.0 * share);
    let share = percent(whole.share);
    Some(match whole.limits {
        [Some(low), Some(high)] => {
            let (low, high) = (percent(low), percent(high));
            say!(lang, "estimate-share", share, low, high)
        }
        _ => say!(lang, "estimate-share-alone", share),
    })
}

/// What a grid says.
fn grid_words(grid: &Grid, set: Option<&Set>, lang: Lang) -> String {
    let (key, points) = (&grid.key, &grid.points);
    let comma = say!(lang, "list-comma");
    let list = points
        .iter()
        .map(|[value, loglik]| format!("{value} {}", two(*loglik)));
    let list = list.collect::<Vec<_>>().join(comma);
    let Some(best) = grid.value() else {
        let loglik = points.first().map_or(f64::NAN, |of| of[1]);
        let loglik = two(loglik);
        return say!(lang, "estimate-grid-flat", key, loglik);
    };
    let best = best.to_string();
    let Some(set) = set else {
        return say!(lang, "estimate-grid", key, best, list);
    };
    let inside = points
        .iter()
        .zip(&set.inside)
        .filter(|(_, inside)| **inside);
    let inside: Vec<String> = inside.map(|(of, _)| of[0].to_string()).collect();
    let open = set.term.limits.contains(&None);
    let open = if open { "yes" } else { "no" };
    say!(
        lang,
        "estimate-set",
        key,
        best,
        list,
        inside = inside.join(comma),
        open
    )
}

/// A parameter in a line.
fn line(term: &Term, clustered: bool, lang: Lang) -> String {
    let name = &term.parameter.key;
    let comma = say!(lang, "list-comma");
    match &term.unidentified {
        None => {}
        Some(Untold::Unexposed) => return say!(lang, "estimate-unexposed", name),
        Some(Untold::Flat) => return say!(lang, "estimate-flat", name),
        Some(Untold::Together(keys)) => {
            return say!(lang, "estimate-together", name, keys = keys.join(comma));
        }
        Some(Untold::Endless(keys)) => {
            return say!(lang, "estimate-endless", name, keys = keys.join(comma));
        }
    }
    let estimate = number(term.estimate, lang);
    // At 0 clusters give no variance.
    if clustered && term.limits == [None; 2] && term.estimate == Some(0.0) {
        let [low, high] = term.independent.map(|limit| number(limit, lang));
        return say!(lang, "estimate-at-zero", name, low, high);
    }
    let [low, high] = term.limits.map(|limit| number(limit, lang));
    match &term.test {
        Some(test) => {
            let test = told(test, lang);
            say!(lang, "estimate-term-test", name, estimate, low, high, test)
        }
        None => say!(lang, "estimate-term", name, estimate, low, high),
    }
}
