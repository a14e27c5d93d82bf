//! The tables of an explanation: `chain`, `spread`, `reached`.

use crate::experiment::labels::{dated, in_steps};
use crate::store::schema::Schema;
use crate::store::{Column, ColumnDef, TableData, TableDef};
use crate::world::{Calendar, NEVER};

use super::view::{CauseRow, Chain, Date, Explanation, PlaceName, ReachedRow, SpreadRow, StepRow};

/// The definitions, in order.
pub fn definitions(calendar: Calendar) -> Vec<TableDef> {
    let all = [
        chain(calendar).def(),
        spread(calendar).def(),
        reached(calendar).def(),
    ];
    all.map(|def| in_steps(calendar.step, def)).into()
}

/// The rows.
pub fn tables(explanation: &Explanation) -> Vec<TableData> {
    let (replicate, calendar) = (explanation.replicate, explanation.calendar);
    let mut rows: Vec<Row<'_>> = Vec::new();
    for chain in &explanation.chains {
        let of = |step| Row {
            replicate,
            chain,
            step,
            items: match (&chain.root, step) {
                (Some(root), None) => {
                    let items = root.items.iter().map(ToString::to_string);
                    items.collect::<Vec<_>>().join(" | ")
                }
                _ => String::new(),
            },
        };
        rows.extend(chain.root.iter().map(|_| of(None)));
        for step in &chain.steps {
            rows.extend((0..step.causes.len().max(1)).map(|n| of(Some((step, n)))));
        }
    }
    let of_spread = explanation.spread.iter();
    let mut of_spread: Vec<_> = of_spread.map(|row| (replicate, row)).collect();
    let of_reached = explanation.reached.iter();
    let mut of_reached: Vec<_> = of_reached.map(|row| (replicate, row)).collect();
    vec![
        chain(calendar).data(&mut rows),
        spread(calendar).data(&mut of_spread),
        reached(calendar).data(&mut of_reached),
    ]
}

/// A row of `chain`: its chain, and a step with the rank of a cause, or the root.
struct Row<'r> {
    replicate: u32,
    chain: &'r Chain,
    step: Option<(&'r StepRow, usize)>,
    /// Of the root: what the layouts set.
    items: String,
}

impl<'r> Row<'r> {
    /// Something of the step; none of the root.
    fn of<T>(&self, of: impl FnOnce(&'r StepRow) -> Option<T>) -> Option<T> {
        self.step.and_then(|(step, _)| of(step))
    }

    /// Something of the cause.
    fn why<T>(&self, of: impl FnOnce(&'r CauseRow) -> Option<T>) -> Option<T> {
        self.step.and_then(|(step, n)| of(step.causes.get(n)?))
    }
}

fn id(place: &Option<PlaceName>) -> Option<&str> {
    place.as_ref().map(|p| p.id.as_str())
}

fn number(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

/// What fills a column of dates.
fn of_dates<R>(
    calendar: Calendar,
    of: impl Fn(&R) -> Option<Date> + Send + Sync,
) -> impl Fn(&mut [R]) -> Column + Send + Sync {
    move |rows| {
        let number = |row: &R| of(row).map_or(NEVER, |date| date.number);
        dated(calendar, rows.iter().map(number))
    }
}

/// The table `chain`.
fn chain<'r>(calendar: Calendar) -> Schema<'r, [Row<'r>]> {
    Schema::<[Row<'r>]>::new(
        "chain",
        "one row per chain, step and cause of the step; steps are numbered from \
             the root",
    )
    .int("replicate", "", "replicate number", |r| {
        Some(r.replicate.into())
    })
    .text("chain", "first, first_adoption or place", |r| {
        Some(r.chain.name)
    })
    .int(
        "step",
        "",
        "number in the chain, from 1, earliest first; 0: what the layouts set",
        |r| Some(r.of(|s| Some(s.step)).unwrap_or(0) as i64),
    )
    .int(
        "rank",
        "",
        "rank of the cause; 1 leads to the step before",
        |r| Some(r.step.map_or(0, |(_, n)| n) as i64 + 1),
    )
    .text(
        "event",
        "implemented, adopted, abandoned, credit_split, line, circle, axis, \
             provincial, national, plane; of firms pull, uptake; layout for step 0",
        |r| r.of(|s| Some(s.event)).or(Some("layout")),
    )
    .column(
        ColumnDef::month("month", "month in which the worlds part over it"),
        of_dates(calendar, |r: &Row<'r>| r.of(|s| Some(s.month))),
    )
    .text("world", "world that has it first: A or B", |r| {
        r.of(|s| Some(s.world))
    })
    .column(
        ColumnDef::month("month_a", "its month in A; missing when never"),
        of_dates(calendar, |r: &Row<'r>| r.of(|s| s.month_a)),
    )
    .column(
        ColumnDef::month("month_b", "its month in B; missing when never"),
        of_dates(calendar, |r: &Row<'r>| r.of(|s| s.month_b)),
    )
    .text(
        "place",
        "place id; one end of a line; zone of a circle",
        |r| r.of(|s| id(&s.place)),
    )
    .text("other_place", "other end of a line", |r| {
        r.of(|s| id(&s.other_place))
    })
    .text("innovation", "innovation id", |r| {
        r.of(|s| s.innovation.as_deref())
    })
    .text("corridor", "corridor of an axis", |r| {
        r.of(|s| s.corridor.as_deref())
    })
    .float(
        "hazard_sum_a",
        "",
        "adoptions: cumulative hazard H_ik at the end of the month in A",
        |r| number(r.of(|s| s.hazard_sum_a)),
    )
    .float("hazard_sum_b", "", "the same in B", |r| {
        number(r.of(|s| s.hazard_sum_b))
    })
    .text("domain", "firms: domain of the step or of the cause", |r| {
        let of_step = r.of(|s| s.domain.as_deref());
        of_step.or_else(|| r.why(|c| c.domain.as_deref()))
    })
    .float(
        "level_a",
        "",
        "pull: demand_id, uptake: u_id, at the end of the month in A",
        |r| number(r.of(|s| s.level_a)),
    )
    .float("level_b", "", "the same in B", |r| {
        number(r.of(|s| s.level_b))
    })
    .text(
        "cause",
        "holds, link, provincial, national, opens, parameters, credit_split, \
             line, circle, rule, and of firms demand, uptake, partners; for step 0 \
             the kind of root",
        |r| match (r.step, &r.chain.root) {
            (None, Some(root)) => Some(root.kind),
            _ => r.why(|c| Some(c.cause)),
        },
    )
    .text(
        "cause_place",
        "place that holds the innovation, source of the link",
        |r| r.why(|c| id(&c.place)),
    )
    .text(
        "cause_other_place",
        "listener of the link, other end of a line",
        |r| r.why(|c| id(&c.other_place)),
    )
    .text("cause_innovation", "innovation id", |r| {
        r.why(|c| c.innovation.as_deref())
    })
    .text(
        "mechanism",
        "mechanism of the link, or the first of those through which the place is \
             heard",
        |r| {
            r.why(|c| {
                let first = c.through.first().map(|(m, _)| m.as_str());
                c.mechanism.as_deref().or(first)
            })
        },
    )
    .float(
        "difference",
        "",
        "part of the difference between the worlds, in the unit of what is \
             explained (adoptions: H_ik)",
        |r| number(r.why(|c| Some(c.difference))),
    )
    .float(
        "share",
        "share",
        "difference / sum over all causes of the step; can be negative or above 1",
        |r| number(r.why(|c| Some(c.share))),
    )
    .float(
        "share_of_month",
        "share",
        "share of the hazard of the month (line: of the flow) in the world that \
             has it first",
        |r| number(r.why(|c| c.share_of_month)),
    )
    .text("detail", "step 0: the items that the layouts set", |r| {
        Some(r.items.as_str())
    })
}

/// The table `spread`.
fn spread<'r>(calendar: Calendar) -> Schema<'r, [(u32, &'r SpreadRow)]> {
    Schema::<[(u32, &'r SpreadRow)]>::new("spread", "one row per month in which the worlds differ")
        .int("replicate", "", "replicate number", |r| Some(r.0.into()))
        .column(
            ColumnDef::month("month", "the month"),
            of_dates(calendar, |r: &(u32, &'r SpreadRow)| Some(r.1.month)),
        )
        .int(
            "earlier_a",
            "adoptions",
            "adoptions in A in this month that B has later or never; origins not \
             counted",
            |r| Some(r.1.spread.earlier_a.into()),
        )
        .int(
            "earlier_b",
            "adoptions",
            "adoptions in B in this month that A has later or never",
            |r| Some(r.1.spread.earlier_b.into()),
        )
        .int(
            "implemented",
            "innovations",
            "implemented in one world in this month and in the other later or never",
            |r| Some(r.1.spread.implemented.into()),
        )
        .int(
            "structures",
            "events",
            "lines, circles, axes, plane: events that only one world has in this month",
            |r| Some(r.1.spread.structures.into()),
        )
        .int(
            "replications",
            "innovations",
            "replications that only one world has in this month",
            |r| Some(r.1.spread.replications.into()),
        )
        .int(
            "places",
            "places",
            "places that differ for the first time",
            |r| Some(r.1.spread.places.into()),
        )
        .int(
            "places_so_far",
            "places",
            "places that have differed so far",
            |r| Some(r.1.places_so_far.into()),
        )
        .int(
            "lead_b",
            "adoptions",
            "adoptions so far in B less those in A",
            |r| Some(r.1.spread.lead_b),
        )
}

/// The table `reached`.
fn reached<'r>(calendar: Calendar) -> Schema<'r, [(u32, &'r ReachedRow)]> {
    Schema::<[(u32, &'r ReachedRow)]>::new(
        "reached",
        "one row per place that ever differs: where the difference first shows \
             there",
    )
    .int("replicate", "", "replicate number", |r| Some(r.0.into()))
    .text("place", "place id", |r| Some(r.1.place.id.as_str()))
    .column(
        ColumnDef::month("month", "month in which the worlds first part there"),
        of_dates(calendar, |r: &(u32, &'r ReachedRow)| Some(r.1.month)),
    )
    .text(
        "innovation",
        "the first innovation that differs; of equals the one whose id comes first",
        |r| Some(r.1.innovation.as_str()),
    )
    .column(
        ColumnDef::month(
            "month_a",
            "month in which the place has it in A; missing when never",
        ),
        of_dates(calendar, |r: &(u32, &'r ReachedRow)| r.1.month_a),
    )
    .column(
        ColumnDef::month(
            "month_b",
            "month in which the place has it in B; missing when never",
        ),
        of_dates(calendar, |r: &(u32, &'r ReachedRow)| r.1.month_b),
    )
}
