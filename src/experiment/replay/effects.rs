//! What a layout would have changed: for all, by item, by place, and for each place and item, over the replicates.
//!
//! Of a replicate, the difference of an item is that of its adopters at the end of its observation, and that of
//! adopter-steps: over places, the steps from the adoption to that end. Both are differences from the history itself,
//! which is the same in all replicates, so they are paired by construction. Over draws of the parameters the mean and its
//! intervals are those of a comparison over draws.

use std::collections::BTreeMap;
use std::path::Path;

use crate::experiment::labels::{dated, layout, undated};
use crate::experiment::sweep::Drawn;
use crate::paired::{Credible, Met, t_quantile};
use crate::store::schema::Schema;
use crate::store::{Column, Kept, StoreError, TableData, TableDef, read_table};
use crate::world::{Calendar, NEVER};

use super::observe::DIFFERENCES;
use super::paths::{self, Paths};
use super::plan::Plan;

/// The table of effects.
const EFFECTS: &str = "effects";

/// What a layout would have changed of an item, a place or all.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The layout.
    pub layout: String,
    /// `all`, `item` or `place`.
    pub kind: String,
    /// Which one; empty for all.
    pub id: String,
    /// Adoptions of the history.
    pub factual: i64,
    /// Mean difference of adopters, with its 95 % interval: of luck, or over draws of the parameters credible.
    pub adopters: [f64; 3],
    /// Mean difference of adopter-steps, with its 95 % interval.
    pub steps: [f64; 3],
    /// Share of the replicates in which anything differs.
    pub changed: f64,
    /// What is known besides over draws of the parameters.
    pub over: Option<OverDraws>,
}

/// Of an effect over draws of the parameters: what luck alone leaves open, and the sign.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverDraws {
    /// Luck interval of the difference of adopters, as if the parameters were known.
    pub adopters: [f64; 2],
    /// Of adopter-steps.
    pub steps: [f64; 2],
    /// Share of draws whose effect on adopter-steps is above 0.
    pub above_zero: f64,
}

/// What a layout would have changed of a place and an item.
struct Pair {
    layout: String,
    item: String,
    place: String,
    factual: u16,
    calendar: Calendar,
    adopts: f64,
    earlier: f64,
    later: f64,
    shift: f64,
}

fn effects<'a>(drawn: bool) -> Schema<'a, [Effect]> {
    let interval = match drawn {
        false => "95 % t interval of the mean over replicates",
        true => "95 % credible interval: over draws of the parameters, with the error of luck",
    };
    let schema = Schema::new(
        EFFECTS,
        "one row per layout and item, place, or all: what would have been different",
    )
    .column(layout(), |rows: &mut [Effect]| {
        Column::text(rows.iter().map(|row| Some(row.layout.as_str())))
    })
    .text("kind", "all, item or place", |row: &Effect| Some(&row.kind))
    .text("id", "which one; missing for all", |row| Some(&row.id))
    .int("factual", "adoptions", "adoptions of the history", |row| {
        Some(row.factual)
    })
    .float(
        "adopters",
        "adoptions",
        "mean difference of adoptions at the end of observation",
        |row| row.adopters[0],
    )
    .float("adopters_low", "adoptions", interval, |row| row.adopters[1])
    .float("adopters_high", "adoptions", interval, |row| {
        row.adopters[2]
    })
    .float(
        "adopter_steps",
        "adoptions x steps",
        "mean difference of adopter-steps: steps from each adoption to the end of observation",
        |row| row.steps[0],
    )
    .float("adopter_steps_low", "adoptions x steps", interval, |row| {
        row.steps[1]
    })
    .float("adopter_steps_high", "adoptions x steps", interval, |row| {
        row.steps[2]
    })
    .float(
        "changed",
        "share",
        "share of replicates in which anything of it differs",
        |row| row.changed,
    );
    if !drawn {
        return schema;
    }
    let luck = "95 % luck interval: the error of the mean alone, as if the parameters were known";
    let end =
        |of: fn(&OverDraws) -> f64| move |row: &Effect| row.over.as_ref().map_or(f64::NAN, of);
    let steps = "adoptions x steps";
    schema
        .float(
            "adopters_luck_low",
            "adoptions",
            luck,
            end(|o| o.adopters[0]),
        )
        .float(
            "adopters_luck_high",
            "adoptions",
            luck,
            end(|o| o.adopters[1]),
        )
        .float("adopter_steps_luck_low", steps, luck, end(|o| o.steps[0]))
        .float("adopter_steps_luck_high", steps, luck, end(|o| o.steps[1]))
        .float(
            "above_zero",
            "share",
            "share of draws whose effect on adopter-steps, net of luck, is above 0",
            end(|o| o.above_zero),
        )
}

fn pairs<'a>() -> Schema<'a, [Pair]> {
    let date = |rows: &mut [Pair]| {
        let calendar = rows.first().map(|row| row.calendar);
        match calendar {
            Some(calendar) => dated(calendar, rows.iter().map(|row| row.factual)),
            None => Column::Month(Vec::new()),
        }
    };
    Schema::new(
        "pairs",
        "one row per layout, item and place that differ in any replicate",
    )
    .column(layout(), |rows: &mut [Pair]| {
        Column::text(rows.iter().map(|row| Some(row.layout.as_str())))
    })
    .text("item", "item id", |row: &Pair| Some(&row.item))
    .text("place", "place id", |row| Some(&row.place))
    .column(
        crate::store::ColumnDef::month("factual", "when the place adopted; missing when it did not"),
        date,
    )
    .float("adopts", "share", "share of replicates in which it adopts by the end of observation", |row| row.adopts)
    .float("earlier", "share", "share of replicates in which it adopts earlier than it did", |row| row.earlier)
    .float("later", "share", "share of replicates in which it adopts later than it did, or not", |row| row.later)
    .float("shift", "steps", "mean difference of the step of adoption; one that never comes counts as the step after observation", |row| row.shift)
}

/// The derived tables, in order.
pub(super) fn definitions(drawn: bool, calendar: Calendar) -> Vec<TableDef> {
    vec![
        effects(drawn).def(),
        pairs().def(),
        paths::definition(calendar),
    ]
}

/// Differences of adopters and of adopter-steps in the replicates in which there is any, by their numbers.
#[derive(Clone, Default)]
struct Differences(Vec<(u32, [f64; 2])>);

impl Differences {
    /// Mean, and the ends of its 95 % interval, over so many replicates.
    fn interval(&self, at: usize, n: f64) -> [f64; 3] {
        let (mut sum, mut squares) = (0.0, 0.0);
        for (_, difference) in &self.0 {
            sum += difference[at];
            squares += difference[at] * difference[at];
        }
        let mean = sum / n;
        let variance = (squares - n * mean * mean).max(0.0) / (n - 1.0);
        let half = t_quantile(n - 1.0) * (variance / n).sqrt();
        [mean, mean - half, mean + half]
    }

    /// What these runs say over draws of the parameters and luck.
    fn credible(&self, at: usize, runs: &[u32], drawn: &Drawn) -> Option<Credible> {
        let pool = drawn.pool() as usize;
        let mut values = vec![f64::NAN; drawn.len() * pool];
        let cell = |run: u32| {
            let (draw, replicate) = drawn.run(run);
            draw * pool + replicate as usize
        };
        runs.iter().for_each(|run| values[cell(*run)] = 0.0);
        for (run, difference) in &self.0 {
            values[cell(*run)] = difference[at];
        }
        Credible::of(&Met::new(&values, pool))
    }
}

/// Sums of a place and an item.
#[derive(Clone, Copy)]
struct Shifts {
    factual: u16,
    changed: u32,
    adopts: u32,
    earlier: u32,
    later: u32,
    shift: f64,
}

/// Makes the derived tables of a replay whose replicates are all kept.
///
/// # Errors
/// What is kept and cannot be read.
pub(super) fn derive(plan: &Plan, kept: &Kept<'_>) -> Result<Vec<TableData>, StoreError> {
    let replayed = &plan.replayed;
    let drawn = plan.draws.as_ref().map(|draws| &draws.drawn);
    let (replicates, world) = (kept.replicates(), replayed.factual());
    let n = replicates.len() as f64;
    let ends: BTreeMap<&str, u16> = world
        .given
        .iter()
        .map(|item| (item.id.as_str(), item.last.unwrap_or(0)))
        .collect();
    // By layout, kind and id, with items and places in order.
    let mut all: BTreeMap<(usize, usize, String), Differences> = BTreeMap::new();
    let mut shifts: BTreeMap<(usize, String, String), Shifts> = BTreeMap::new();
    let months = world.calendar.months;
    let mut paths = Paths::new(replayed.sides.len(), replicates.len(), months);
    let side_of = |name: &str| replayed.sides.iter().position(|side| side.name == name);
    for (position, &replicate) in replicates.iter().enumerate() {
        let wanted = ["layout", "item", "place", "factual", "replayed"];
        let columns = kept.columns(replicate, DIFFERENCES, &wanted)?;
        let [layouts, items, places, factual, month] = &columns[..] else {
            continue;
        };
        let [factual, month] = [factual, month].map(|of| undated(world.calendar, of));
        let mut here: BTreeMap<(usize, usize, String), [f64; 2]> = BTreeMap::new();
        for row in 0..layouts.len() {
            let text = |column: &Column| column.text_at(row).unwrap_or_default().to_owned();
            let (item, place) = (text(items), text(places));
            let Some(side) = side_of(&text(layouts)) else {
                continue;
            };
            let end = ends.get(item.as_str()).copied().unwrap_or(0);
            // From the adoption on; the step after observation where it never comes.
            let at = |month: u16| f64::from(if month == NEVER { end + 1 } else { month });
            let (was, is) = (factual[row], month[row]);
            paths.note(side, position, was, is);
            let adopts = |month: u16| f64::from(u8::from(month != NEVER));
            let difference = [adopts(is) - adopts(was), at(was) - at(is)];
            for (kind, id) in [(0, ""), (1, &item), (2, &place)] {
                let sum = here.entry((side, kind, id.to_owned())).or_default();
                sum[0] += difference[0];
                sum[1] += difference[1];
            }
            let of = shifts.entry((side, item, place)).or_insert(Shifts {
                factual: was,
                changed: 0,
                adopts: 0,
                earlier: 0,
                later: 0,
                shift: 0.0,
            });
            of.changed += 1;
            of.adopts += u32::from(is != NEVER);
            of.earlier += u32::from(is < was);
            of.later += u32::from(is > was);
            of.shift += at(is) - at(was);
        }
        for (key, difference) in here {
            all.entry(key).or_default().0.push((replicate, difference));
        }
    }
    let mut factual: BTreeMap<(usize, &str), i64> = BTreeMap::new();
    for item in &world.given {
        for event in &item.history {
            for (kind, id) in [(0, ""), (1, &item.id), (2, &world.places.id[event.1])] {
                *factual.entry((kind, id)).or_default() += 1;
            }
        }
    }
    let mut rows: Vec<Effect> = Vec::new();
    for (side, of) in replayed.sides.iter().enumerate().skip(1) {
        let items = world.given.iter().map(|item| (1, item.id.clone()));
        let places = of.world.places.id.iter().map(|id| (2, id.clone()));
        for (kind, id) in std::iter::once((0, String::new()))
            .chain(items)
            .chain(places)
        {
            let differences = all.remove(&(side, kind, id.clone())).unwrap_or_default();
            let over = drawn.map(|drawn| {
                [0, 1].map(|measure| differences.credible(measure, &replicates, drawn))
            });
            let interval = |measure: usize| match &over {
                None => differences.interval(measure, n),
                Some(over) => over[measure].as_ref().map_or([f64::NAN; 3], |of| {
                    [of.mean, of.credible[0], of.credible[1]]
                }),
            };
            let luck = |of: &Option<Credible>| of.as_ref().map_or([f64::NAN; 2], |of| of.luck);
            rows.push(Effect {
                layout: of.name.clone(),
                kind: ["all", "item", "place"][kind].to_owned(),
                factual: factual.get(&(kind, id.as_str())).copied().unwrap_or(0),
                id,
                adopters: interval(0),
                steps: interval(1),
                changed: differences.0.len() as f64 / n,
                over: over.as_ref().map(|[adopters, steps]| OverDraws {
                    adopters: luck(adopters),
                    steps: luck(steps),
                    above_zero: steps.as_ref().map_or(f64::NAN, |of| of.above_zero),
                }),
            });
        }
    }
    let pair = |((side, item, place), of): ((usize, String, String), Shifts)| {
        let stayed = n - f64::from(of.changed);
        let adopted = if of.factual == NEVER { 0.0 } else { stayed };
        Pair {
            layout: replayed.sides[side].name.clone(),
            item,
            place,
            factual: of.factual,
            calendar: world.calendar,
            adopts: (f64::from(of.adopts) + adopted) / n,
            earlier: f64::from(of.earlier) / n,
            later: f64::from(of.later) / n,
            shift: of.shift / n,
        }
    };
    let mut of_pairs: Vec<Pair> = shifts.into_iter().map(pair).collect();
    let mut of_pairs_table = pairs().data(&mut of_pairs[..]);
    if of_pairs.is_empty() {
        // An empty column of dates is one of texts where steps are no months.
        let none = dated(world.calendar, std::iter::empty());
        of_pairs_table = TableData::new("pairs", {
            let mut columns = of_pairs_table.columns;
            columns[3] = none;
            columns
        });
    }
    let effects = effects(drawn.is_some());
    let paths = paths.table(replayed);
    Ok(vec![effects.data(&mut rows[..]), of_pairs_table, paths])
}

/// Reads the table of effects in `dir`, made over draws of the parameters or not.
///
/// # Errors
/// When the table cannot be read.
pub fn read_effects(dir: &Path, drawn: bool) -> Result<Vec<Effect>, StoreError> {
    let mut names = vec![
        "layout",
        "kind",
        "id",
        "factual",
        "adopters",
        "adopters_low",
        "adopters_high",
        "adopter_steps",
        "adopter_steps_low",
        "adopter_steps_high",
        "changed",
    ];
    if drawn {
        names.extend([
            "adopters_luck_low",
            "adopters_luck_high",
            "adopter_steps_luck_low",
            "adopter_steps_luck_high",
            "above_zero",
        ]);
    }
    let columns = read_table(dir, EFFECTS, &names)?.1.columns;
    let number = |at: usize, row: usize| {
        let values = columns[at].numbers().unwrap_or_default();
        values.get(row).copied().unwrap_or(f64::NAN)
    };
    let rows = columns.first().map_or(0, Column::len);
    let row = |row: usize| {
        let text = |at: usize| columns[at].text_at(row).unwrap_or_default().to_owned();
        Effect {
            layout: text(0),
            kind: text(1),
            id: text(2),
            factual: columns[3].int_at(row).unwrap_or(0),
            adopters: [4, 5, 6].map(|at| number(at, row)),
            steps: [7, 8, 9].map(|at| number(at, row)),
            changed: number(10, row),
            over: drawn.then(|| OverDraws {
                adopters: [11, 12].map(|at| number(at, row)),
                steps: [13, 14].map(|at| number(at, row)),
                above_zero: number(15, row),
            }),
        }
    };
    Ok((0..rows).map(row).collect())
}
