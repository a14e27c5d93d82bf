//! The tables of an explanation: `chain`, `spread`, `reached`.

use crate::scenario::Month;
use crate::store::{Column, ColumnDef, Kind, TableData, TableDef};

use super::view::{CauseRow, Chain, Explanation, PlaceName, StepRow};

/// The definitions, in order.
pub fn definitions() -> Vec<TableDef> {
    use Kind::{Float, Int, Month, Text};
    let column = |name: &str, kind, unit: &str, what: &str| ColumnDef::new(name, kind, unit, what);
    let replicate = || column("replicate", Int, "", "replicate number");
    vec![
        TableDef::new(
            "chain",
            "one row per chain, step and cause of the step; steps are numbered from the root",
            vec![
                replicate(),
                column("chain", Text, "", "first, first_adoption or place"),
                column(
                    "step",
                    Int,
                    "",
                    "number in the chain, from 1, earliest first; 0: what the layouts set",
                ),
                column(
                    "rank",
                    Int,
                    "",
                    "rank of the cause; 1 leads to the step before",
                ),
                column(
                    "event",
                    Text,
                    "",
                    "implemented, adopted, abandoned, credit_split, line, circle, axis, provincial, national, plane; layout for step 0",
                ),
                column(
                    "month",
                    Month,
                    "month",
                    "month in which the worlds part over it",
                ),
                column("world", Text, "", "world that has it first: A or B"),
                column(
                    "month_a",
                    Month,
                    "month",
                    "its month in A; missing when never",
                ),
                column(
                    "month_b",
                    Month,
                    "month",
                    "its month in B; missing when never",
                ),
                column(
                    "place",
                    Text,
                    "",
                    "place id; one end of a line; zone of a circle",
                ),
                column("other_place", Text, "", "other end of a line"),
                column("innovation", Text, "", "innovation id"),
                column("corridor", Text, "", "corridor of an axis"),
                column(
                    "hazard_sum_a",
                    Float,
                    "",
                    "adoptions: cumulative hazard H_ik at the end of the month in A",
                ),
                column("hazard_sum_b", Float, "", "the same in B"),
                column(
                    "domain",
                    Text,
                    "",
                    "firms: domain of the step or of the cause",
                ),
                column(
                    "level_a",
                    Float,
                    "",
                    "pull: demand_id, uptake: u_id, at the end of the month in A",
                ),
                column("level_b", Float, "", "the same in B"),
                column(
                    "cause",
                    Text,
                    "",
                    "holds, link, provincial, national, opens, parameters, credit_split, line, circle, rule, and of firms demand, uptake, partners; for step 0 the kind of root",
                ),
                column(
                    "cause_place",
                    Text,
                    "",
                    "place that holds the innovation, source of the link",
                ),
                column(
                    "cause_other_place",
                    Text,
                    "",
                    "listener of the link, other end of a line",
                ),
                column("cause_innovation", Text, "", "innovation id"),
                column(
                    "mechanism",
                    Text,
                    "",
                    "mechanism of the link, or the first of those through which the place is heard",
                ),
                column(
                    "difference",
                    Float,
                    "",
                    "part of the difference between the worlds, in the unit of what is explained (adoptions: H_ik)",
                ),
                column(
                    "share",
                    Float,
                    "share",
                    "difference / sum over all causes of the step; can be negative or above 1",
                ),
                column(
                    "share_of_month",
                    Float,
                    "share",
                    "share of the hazard of the month (line: of the flow) in the world that has it first",
                ),
                column("detail", Text, "", "step 0: the items that the layouts set"),
            ],
        ),
        TableDef::new(
            "spread",
            "one row per month in which the worlds differ",
            vec![
                replicate(),
                column("month", Month, "month", "the month"),
                column(
                    "earlier_a",
                    Int,
                    "adoptions",
                    "adoptions in A in this month that B has later or never; origins not counted",
                ),
                column(
                    "earlier_b",
                    Int,
                    "adoptions",
                    "adoptions in B in this month that A has later or never",
                ),
                column(
                    "implemented",
                    Int,
                    "innovations",
                    "implemented in one world in this month and in the other later or never",
                ),
                column(
                    "structures",
                    Int,
                    "events",
                    "lines, circles, axes, plane: events that only one world has in this month",
                ),
                column(
                    "replications",
                    Int,
                    "innovations",
                    "replications that only one world has in this month",
                ),
                column(
                    "places",
                    Int,
                    "places",
                    "places that differ for the first time",
                ),
                column(
                    "places_so_far",
                    Int,
                    "places",
                    "places that have differed so far",
                ),
                column(
                    "lead_b",
                    Int,
                    "adoptions",
                    "adoptions so far in B less those in A",
                ),
            ],
        ),
        TableDef::new(
            "reached",
            "one row per place that ever differs: where the difference first shows there",
            vec![
                replicate(),
                column("place", Text, "", "place id"),
                column(
                    "month",
                    Month,
                    "month",
                    "month in which the worlds first part there",
                ),
                column(
                    "innovation",
                    Text,
                    "",
                    "the first innovation that differs; of equals the one whose id comes first",
                ),
                column(
                    "month_a",
                    Month,
                    "month",
                    "month in which the place has it in A; missing when never",
                ),
                column(
                    "month_b",
                    Month,
                    "month",
                    "month in which the place has it in B; missing when never",
                ),
            ],
        ),
    ]
}

/// The rows.
pub fn tables(explanation: &Explanation) -> Vec<TableData> {
    vec![
        chain(explanation),
        spread(explanation),
        reached(explanation),
    ]
}

fn text<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Column {
    Column::text(values)
}

fn months(values: impl Iterator<Item = Option<Month>>) -> Column {
    Column::Month(values.map(|m| m.map(|m| m.0)).collect())
}

fn ints(values: impl Iterator<Item = i64>) -> Column {
    Column::Int(values.map(Some).collect())
}

fn floats(values: impl Iterator<Item = Option<f64>>) -> Column {
    Column::Float(values.map(|v| v.unwrap_or(f64::NAN)).collect())
}

/// A row of `chain`: its chain, and a step with the rank of a cause, or the root.
type Row<'a> = (&'a Chain, Option<(&'a StepRow, usize)>);

fn chain(explanation: &Explanation) -> TableData {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for chain in &explanation.chains {
        if chain.root.is_some() {
            rows.push((chain, None));
        }
        for step in &chain.steps {
            rows.extend((0..step.causes.len().max(1)).map(|n| (chain, Some((step, n)))));
        }
    }
    fn step<'a>(row: &Row<'a>) -> Option<&'a StepRow> {
        row.1.map(|(step, _)| step)
    }
    fn cause<'a>(row: &Row<'a>) -> Option<&'a CauseRow> {
        row.1.and_then(|(step, n)| step.causes.get(n))
    }
    fn id(place: &Option<PlaceName>) -> Option<&str> {
        place.as_ref().map(|p| p.id.as_str())
    }
    let of_step = |f: for<'a> fn(&'a StepRow) -> Option<&'a str>| {
        text(rows.iter().map(|row| row.1.and_then(|(step, _)| f(step))))
    };
    let of_cause = |f: for<'a> fn(&'a CauseRow) -> Option<&'a str>| {
        text(rows.iter().map(|row| cause(row).and_then(f)))
    };
    let details: Vec<Option<String>> = rows
        .iter()
        .map(|(chain, step)| match (step, &chain.root) {
            (None, Some(root)) => {
                let items = root.items.iter().map(ToString::to_string);
                Some(items.collect::<Vec<_>>().join(" | "))
            }
            _ => None,
        })
        .collect();
    let columns = vec![
        ints(rows.iter().map(|_| i64::from(explanation.replicate))),
        text(rows.iter().map(|(chain, _)| Some(chain.name))),
        ints(
            rows.iter()
                .map(|row| step(row).map_or(0, |s| s.step as i64)),
        ),
        ints(
            rows.iter()
                .map(|row| row.1.map_or(1, |(_, n)| n as i64 + 1)),
        ),
        text(
            rows.iter()
                .map(|row| Some(step(row).map_or("layout", |s| s.event))),
        ),
        months(rows.iter().map(|row| step(row).map(|s| s.month))),
        of_step(|s| Some(s.world)),
        months(rows.iter().map(|row| step(row).and_then(|s| s.month_a))),
        months(rows.iter().map(|row| step(row).and_then(|s| s.month_b))),
        of_step(|s| id(&s.place)),
        of_step(|s| id(&s.other_place)),
        of_step(|s| s.innovation.as_deref()),
        of_step(|s| s.corridor.as_deref()),
        floats(
            rows.iter()
                .map(|row| step(row).and_then(|s| s.hazard_sum_a)),
        ),
        floats(
            rows.iter()
                .map(|row| step(row).and_then(|s| s.hazard_sum_b)),
        ),
        text(rows.iter().map(|row| {
            let of_step = step(row).and_then(|s| s.domain.as_deref());
            of_step.or_else(|| cause(row).and_then(|c| c.domain.as_deref()))
        })),
        floats(rows.iter().map(|row| step(row).and_then(|s| s.level_a))),
        floats(rows.iter().map(|row| step(row).and_then(|s| s.level_b))),
        text(rows.iter().map(|row| match (row.1, &row.0.root) {
            (None, Some(root)) => Some(root.kind),
            _ => cause(row).map(|c| c.cause),
        })),
        of_cause(|c| id(&c.place)),
        of_cause(|c| id(&c.other_place)),
        of_cause(|c| c.innovation.as_deref()),
        of_cause(|c| {
            let first = c.through.first().map(|(m, _)| m.as_str());
            c.mechanism.as_deref().or(first)
        }),
        floats(rows.iter().map(|row| cause(row).map(|c| c.difference))),
        floats(rows.iter().map(|row| cause(row).map(|c| c.share))),
        floats(
            rows.iter()
                .map(|row| cause(row).and_then(|c| c.share_of_month)),
        ),
        text(details.iter().map(Option::as_deref)),
    ];
    TableData::new("chain", columns)
}

fn spread(explanation: &Explanation) -> TableData {
    let rows = &explanation.spread;
    let count = |f: fn(&super::spread::Spread) -> i64| ints(rows.iter().map(|r| f(&r.spread)));
    let columns = vec![
        ints(rows.iter().map(|_| i64::from(explanation.replicate))),
        months(rows.iter().map(|r| Some(r.month))),
        count(|s| s.earlier_a.into()),
        count(|s| s.earlier_b.into()),
        count(|s| s.implemented.into()),
        count(|s| s.structures.into()),
        count(|s| s.replications.into()),
        count(|s| s.places.into()),
        ints(rows.iter().map(|r| r.places_so_far.into())),
        count(|s| s.lead_b),
    ];
    TableData::new("spread", columns)
}

fn reached(explanation: &Explanation) -> TableData {
    let rows = &explanation.reached;
    let columns = vec![
        ints(rows.iter().map(|_| i64::from(explanation.replicate))),
        text(rows.iter().map(|r| Some(r.place.id.as_str()))),
        months(rows.iter().map(|r| Some(r.month))),
        text(rows.iter().map(|r| Some(r.innovation.as_str()))),
        months(rows.iter().map(|r| r.month_a)),
        months(rows.iter().map(|r| r.month_b)),
    ];
    TableData::new("reached", columns)
}
