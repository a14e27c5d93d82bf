//! The merged tables and their columns.

use super::super::column::{ColumnDef, Kind, TableDef};
use super::SweepManifest;
use super::folder::points_table;

/// The table `outcomes`.
pub(super) fn outcomes_table() -> TableDef {
    let text = |name: &str, what: &str| ColumnDef::new(name, Kind::Text, "", what);
    let mut columns = run_columns();
    columns.extend([
        text("outcome", "outcome, see `pointplane outcomes`"),
        text("group_kind", "national, or the kind of the group"),
        text("group", "the group; missing for the country"),
        ColumnDef::new(
            "horizon",
            Kind::Month,
            "",
            "month at whose end it is taken; missing for the month in which something first happens",
        ),
        ColumnDef::new(
            "value",
            Kind::Float,
            "",
            "its value, in the outcome's unit; missing when it never happens",
        ),
    ]);
    let what = "one row per run that is done and value";
    TableDef::new("outcomes", what, columns)
}

fn run_columns() -> Vec<ColumnDef> {
    let text = |name: &str, what: &str| ColumnDef::new(name, Kind::Text, "", what);
    vec![
        text("point", "id of the point, see points"),
        text("layout", "layout"),
        ColumnDef::new("replicate", Kind::Int, "", "replicate: names the luck"),
    ]
}

/// The merged tables, in order.
pub(super) fn definitions(manifest: &SweepManifest) -> Vec<TableDef> {
    let text = |name: &str, what: &str| ColumnDef::new(name, Kind::Text, "", what);
    let with = |name: &str, what: &str, more: Vec<ColumnDef>| {
        let mut columns = run_columns();
        columns.extend(more);
        TableDef::new(name, what, columns)
    };
    let seed = ColumnDef::new("seed", Kind::Int, "", "names the luck of all replicates");
    let mut list = vec![
        points_table(manifest),
        with(
            "runs",
            "one row per run",
            vec![
                seed,
                text("status", "done, failed or missing"),
                text("error", "why it failed"),
                text(
                    "command",
                    "makes the run again; to be given in the folder of the plan",
                ),
            ],
        ),
        outcomes_table(),
        with(
            "run_times",
            "one row per finished run; the only table that a clock wrote",
            vec![ColumnDef::new("seconds", Kind::Float, "s", "wall time")],
        ),
    ];
    if let Some(monthly) = &manifest.swept.monthly {
        let mut columns = vec![ColumnDef::new("month", Kind::Month, "", "month")];
        let measure = |name: &String| {
            ColumnDef::new(
                name,
                Kind::Float,
                "",
                format!("{name} at the end of the month, as in the table national of a run"),
            )
        };
        columns.extend(monthly.measures.iter().map(measure));
        list.push(with(
            "national",
            "one row per run that is done and month that is kept",
            columns,
        ));
    }
    list
}
