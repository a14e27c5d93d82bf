//! The tables of a search, and the files of the layouts that it chose.

use std::path::Path;

use crate::paired::{Difference, Fate, Front};
use crate::store::schema::Schema;
use crate::store::{StoreError, TableData, TableDef, atomic_write};

use super::find::{Estimate, Found, Pair, Ran};
use super::layout::text;
use super::over::OfLayout;
use super::parts::Adds;
use super::plan::Search;
use super::variants::UnderModel;

/// The tables, in order.
pub fn tables(of: &Search, found: &Found) -> Vec<(TableDef, TableData)> {
    let spec = &of.document.spec;
    let mut all = Vec::new();
    let layouts = layouts(of, found);
    let mut rows: Vec<&Ran> = found.layouts.iter().collect();
    all.push((layouts.def(), layouts.data(&mut rows[..])));
    let chosen = chosen(of, found);
    let mut rows: Vec<&Estimate> = found.estimates.iter().collect();
    all.push((chosen.def(), chosen.data(&mut rows[..])));
    if spec.objectives.len() > 1 {
        let schema = front_table(of);
        let left = found.left.iter().zip(&found.front);
        let mut rows: Vec<Standing<'_>> = left
            .map(|(at, front)| Standing {
                layout: &found.layouts[*at],
                is_chosen: found.chosen.contains(at),
                front: *front,
            })
            .collect();
        all.push((schema.def(), schema.data(&mut rows[..])));
    }
    let schema = synergy(of);
    let mut rows: Vec<&Pair> = found.pairs.iter().collect();
    all.push((schema.def(), schema.data(&mut rows[..])));
    let schema = contributions(of, found);
    let mut rows: Vec<&Adds> = found.parts.iter().collect();
    all.push((schema.def(), schema.data(&mut rows[..])));
    if let Some((others, over)) = &found.over {
        let schema = regret(of, found);
        let positions = std::iter::once(None).chain(others.iter().copied().map(Some));
        let mut rows: Vec<(Option<usize>, &OfLayout)> = positions.zip(&over.layouts).collect();
        all.push((schema.def(), schema.data(&mut rows[..])));
    }
    if let Some(under) = &found.under {
        let schema = variants(of, found);
        let mut rows: Vec<UnderRow<'_>> = Vec::new();
        for model in &under.models {
            let positions = std::iter::once(None).chain(under.others.iter().copied().map(Some));
            let each = positions.zip(&model.layouts);
            rows.extend(each.map(|(at, of)| (model.variant.as_deref(), at, of)));
        }
        all.push((schema.def(), schema.data(&mut rows[..])));
    }
    all
}

/// The variant, the position of the layout (none of the baseline), and what it does there.
type UnderRow<'r> = (Option<&'r str>, Option<usize>, &'r UnderModel);

fn variants<'r>(of: &'r Search, found: &'r Found) -> Schema<'r, [UnderRow<'r>]> {
    let spec = &of.document.spec;
    let layout = |at: Option<usize>| match at {
        Some(at) => &found.layouts[at].named.name,
        None => &spec.baseline,
    };
    let words = |at: Option<usize>| at.map_or("", |at| &found.layouts[at].words);
    Schema::<[UnderRow<'_>]>::new(
        "variants",
        "one row per model and layout of the last that were left, the baseline first: the scenario as it is, then under each variant",
    )
    .text("variant", "the variant of the model; none of the scenario as it is", |row| row.0)
    .text("layout", "its name", move |row| Some(layout(row.1)))
    .text("changes", "candidates that it takes", move |row| Some(words(row.1)))
    .float("gain", "", "by how much it is better than the baseline in the objective, on the fresh replicates", |row| ends(row.2.gain.as_ref())[0])
    .float("low", "", "lower end of its 95 % interval: luck alone", |row| ends(row.2.gain.as_ref())[1])
    .float("high", "", "upper end", |row| ends(row.2.gain.as_ref())[2])
    .float("regret", "", "by how much the best of those that are compared is better there, by the means", |row| row.2.regret)
    .int("keeps", "", "1 if the mean keeps each constraint within its tolerance", |row| Some(row.2.keeps.into()))
}

fn count(n: usize) -> Option<i64> {
    i64::try_from(n).ok()
}

fn layouts<'r>(of: &'r Search, found: &'r Found) -> Schema<'r, [&'r Ran]> {
    let spec = &of.document.spec;
    let ids = of.ids();
    let name = |at: usize| Some(found.layouts[at].named.name.as_str());
    let is_chosen = |row: &Ran| {
        let mut chosen = found.chosen.iter();
        chosen.any(|at| found.layouts[*at].named.name == row.named.name)
    };
    let mut schema = Schema::<[&Ran]>::new("layouts", "one row per layout that was screened, the cheapest first")
        .text("layout", "its name, and that of its file", |row| Some(&row.named.name))
        .text("changes", "candidates that it takes, with the month after @ and the strength after =; none for the baseline", |row| Some(&row.words))
        .int("taken", "", "how many candidates it takes", |row| Some(row.cost.changes.into()))
        .float("pair_years", "pair-years", "coordination over the run", |row| row.cost.pair_years)
        .int("zones", "zones", "candidate zones that it opens", |row| Some(row.cost.zones.into()))
        .float("price", "", "its price by the plan", |row| row.cost.price)
        .int("replicates", "", "replicates until it dropped out, or of the whole search", |row| count(row.replicates))
        .text("fate", "chosen, left (at the end), beaten (by another), infeasible (by a constraint), twin (gives what another gives in all first replicates), missing (has no value)", move |row| {
            Some(match row.fate {
                _ if is_chosen(row) => "chosen",
                Fate::In => "left",
                Fate::Beaten(_) => "beaten",
                Fate::Infeasible(_) => "infeasible",
                Fate::Twin(_) => "twin",
                Fate::Missing => "missing",
            })
        })
        .text("by", "the layout or the constraint by which it dropped out", move |row| match row.fate {
            Fate::Beaten(at) | Fate::Twin(at) => name(at),
            Fate::Infeasible(at) => Some(&spec.constraints[at].id),
            Fate::In | Fate::Missing => None,
        });
    for (at, id) in ids.into_iter().enumerate() {
        let what = match at < spec.objectives.len() {
            true => "mean of this objective over its replicates",
            false => "mean over its replicates of what the limit of this constraint is of",
        };
        schema = schema.float(&format!("mean_{id}"), "", what, move |row| row.means[at]);
    }
    schema
}

/// The mean and the ends of an interval.
fn ends(of: Option<&Difference>) -> [f64; 3] {
    let end = |end: Option<f64>| end.unwrap_or(f64::NAN);
    of.map_or([f64::NAN; 3], |of| [of.mean, end(of.low), end(of.high)])
}

fn chosen<'r>(of: &'r Search, found: &'r Found) -> Schema<'r, [&'r Estimate]> {
    let spec = &of.document.spec;
    let ids = of.ids();
    let n = spec.objectives.len();
    let decided = found.pairs_of_draws.as_ref().is_none_or(|of| of.decided);
    let promised = n == 1 && found.decided && decided;
    let floor = move |at: usize| match at.checked_sub(n) {
        None => spec.objectives[at].delta,
        Some(c) => spec.constraints[c].tolerance,
    };
    Schema::<[&Estimate]>::new("chosen", "one row per chosen layout and objective or constraint: what it changes")
        .text("layout", "its name", |row| Some(&found.layouts[row.layout].named.name))
        .text("changes", "candidates that it takes", |row| Some(&found.layouts[row.layout].words))
        .text("of", "id of the objective or constraint", move |row| Some(ids[row.of]))
        .float("search_effect", "", "difference from the baseline on the replicates of the search: too good on average, as it was chosen by them", |row| ends(row.searched.as_ref())[0])
        .float("effect", "", "the same on fresh replicates", |row| ends(row.fresh.as_ref())[0])
        .float("low", "", "lower end of its 95 % interval: luck alone", |row| ends(row.fresh.as_ref())[1])
        .float("high", "", "upper end", |row| ends(row.fresh.as_ref())[2])
        .int("fresh_replicates", "", "fresh replicates", |row| count(row.fresh.as_ref()?.n))
        .float("delta", "", "the lead from which on the promise holds; of a constraint its tolerance", move |row| floor(row.of))
        .float("confidence", "", "probability with which the best layout is chosen when it leads each other one by delta; over draws of those that were left for them; none where nothing is promised: the search was cut short, or chose a front", move |_| if promised { spec.confidence } else { f64::NAN })
}

/// A layout that is left, and how it stands to the front.
struct Standing<'r> {
    layout: &'r Ran,
    is_chosen: bool,
    front: Front,
}

fn front_table<'r>(of: &'r Search) -> Schema<'r, [Standing<'r>]> {
    let mut schema = Schema::<[Standing<'_>]>::new(
        "front",
        "one row per layout that is left: how it stands to the front of the objectives",
    )
    .text("layout", "its name", |row| Some(&row.layout.named.name))
    .text("changes", "candidates that it takes", |row| {
        Some(&row.layout.words)
    })
    .int(
        "on_front",
        "",
        "1 if it is on the front of estimated means",
        |row| Some(row.is_chosen.into()),
    )
    .int(
        "not_dominated",
        "",
        "1 if no other layout dominates it clear of noise",
        |row| Some(row.front.on_front.into()),
    )
    .float(
        "probability",
        "share",
        "share of resamples of the replicates in whose means it is on the front",
        |row| row.front.probability.unwrap_or(f64::NAN),
    );
    for (at, objective) in of.document.spec.objectives.iter().enumerate() {
        let name = format!("mean_{}", objective.id);
        let what = "mean of this objective over its replicates";
        schema = schema.float(&name, "", what, move |row| row.layout.means[at]);
    }
    schema
}

fn synergy(of: &Search) -> Schema<'_, [&Pair]> {
    let ids = of.ids();
    Schema::<[&Pair]>::new("synergy", "one row per pair of candidates and objective, where both and each alone were run: on the first replicates, of all pairs alike")
        .text("first", "a candidate", |row| Some(&row.words[0]))
        .text("second", "another", |row| Some(&row.words[1]))
        .text("of", "id of the objective", move |row| Some(ids[row.of]))
        .float("first_effect", "", "effect of the first alone", |row| row.effects[0])
        .float("second_effect", "", "effect of the second alone", |row| row.effects[1])
        .float("effect", "", "effect of both", |row| row.effects[2])
        .float("synergy", "", "effect of both less the sum of each", |row| row.synergy.mean)
        .float("low", "", "lower end of its 95 % interval: luck alone", |row| ends(Some(&row.synergy))[1])
        .float("high", "", "upper end", |row| ends(Some(&row.synergy))[2])
        .int("replicates", "", "replicates", |row| count(row.synergy.n))
}

fn contributions<'r>(of: &'r Search, found: &'r Found) -> Schema<'r, [&'r Adds]> {
    let ids = of.ids();
    Schema::<[&Adds]>::new("contributions", "one row per part of the chosen layout and objective or constraint: the layout less the same without the part, on fresh replicates")
        .text("layout", "its name", |row| Some(&found.layouts[row.layout].named.name))
        .text("candidate", "a candidate that it takes", |row| Some(&row.part.candidate))
        .text("member", "a member of the alliance of this candidate; none of the candidate as a whole", |row| row.part.member.as_deref())
        .text("of", "id of the objective or constraint", move |row| Some(ids[row.of]))
        .float("adds", "", "with it less without it", |row| row.adds.mean)
        .float("low", "", "lower end of its 95 % interval: luck alone", |row| ends(Some(&row.adds))[1])
        .float("high", "", "upper end", |row| ends(Some(&row.adds))[2])
        .int("fresh_replicates", "", "fresh replicates", |row| count(row.adds.n))
}

fn regret<'r>(of: &'r Search, found: &'r Found) -> Schema<'r, [(Option<usize>, &'r OfLayout)]> {
    type Row<'r> = (Option<usize>, &'r OfLayout);
    let spec = &of.document.spec;
    let layout = |at: Option<usize>| match at {
        Some(at) => &found.layouts[at].named.name,
        None => &spec.baseline,
    };
    let words = |at: Option<usize>| at.map_or("", |at| &found.layouts[at].words);
    let of_gain = |row: &Row<'_>, value: fn(&crate::paired::Credible) -> f64| {
        row.1.gain.as_ref().map_or(f64::NAN, value)
    };
    let of_chosen = |row: &Row<'_>, value: fn(&crate::paired::Chosen) -> f64| {
        row.1.chosen.as_ref().map_or(f64::NAN, value)
    };
    Schema::<[Row<'_>]>::new(
        "regret",
        "one row per layout that is compared over draws of the parameters, the baseline first",
    )
    .text("layout", "its name", move |row| Some(layout(row.0)))
    .text("changes", "candidates that it takes", move |row| {
        Some(words(row.0))
    })
    .float(
        "gain",
        "",
        "by how much it is better than the baseline in the objective: mean over draws",
        move |row| of_gain(row, |of| of.mean),
    )
    .float(
        "low",
        "",
        "lower end of the 95 % credible interval",
        move |row| of_gain(row, |of| of.credible[0]),
    )
    .float("high", "", "upper end", move |row| {
        of_gain(row, |of| of.credible[1])
    })
    .float(
        "best",
        "share",
        "P(best): share of draws at which it is best of all that are compared",
        move |row| of_chosen(row, |of| of.best),
    )
    .float(
        "expected_regret",
        "",
        "mean over draws of how much better the best one is there",
        move |row| of_chosen(row, |of| of.regret),
    )
    .float(
        "most_regret",
        "",
        "the same at the draw where it is largest",
        move |row| of_chosen(row, |of| of.most),
    )
    .int(
        "pairs",
        "",
        "fresh pairs of a draw and a replicate at which it was screened for the largest mean over both; none of a baseline that cannot be chosen",
        move |row| found.pairs_at(row.0).and_then(count),
    )
    .int(
        "keeps",
        "",
        "1 if the mean over draws keeps each constraint within its tolerance",
        |row| Some(row.1.keeps.into()),
    )
}

/// Writes the files of the layouts that were chosen into a folder, over the baseline.
///
/// # Errors
/// Those of writing.
pub fn layout_files(dir: &Path, of: &Search, found: &Found) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for at in &found.chosen {
        let named = &found.layouts[*at].named;
        if named.is_baseline() {
            continue;
        }
        let written = named.layout(&of.space, &of.layers);
        let name = format!("{}.toml", named.name);
        atomic_write(&dir.join(&name), |file| {
            file.write_all(text(&written).as_bytes())
        })?;
        names.push(name);
    }
    Ok(names)
}
