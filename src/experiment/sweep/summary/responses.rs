//! What layouts change month by month, over draws of the parameters.

use rayon::prelude::*;

use crate::paired::Credible;
use crate::store::schema::Schema;
use crate::store::{Column, ColumnDef, Folder, Kind, StoreError, TableData, TableDef};

use super::answers::blocks;
use super::{Answers, Summary, Swept};

/// What a layout changes about a measure of the country at the end of a month.
#[derive(Clone, Debug)]
pub struct Response {
    /// Position of the layout.
    pub layout: usize,
    /// Position of its baseline.
    pub versus: usize,
    /// Position of the measure.
    pub measure: usize,
    /// Position of the month.
    pub month: usize,
    /// Over draws and replicates, without the effects of the draws.
    pub credible: Credible,
}

/// The effects of all layouts on the measures that are kept by month, layout by layout, measure by measure; nothing where
/// none are kept, or points are not draws.
///
/// # Errors
/// As [`Answers::months`].
pub fn responses(summary: &Summary<'_>, folder: &Folder) -> Result<Vec<Response>, StoreError> {
    let (swept, design, shape) = (summary.swept, &summary.design, &summary.shape);
    let Some(kept) = &swept.sweep.monthly else {
        return Ok(Vec::new());
    };
    let measures = kept.measures.len();
    let slots: Vec<usize> = (0..measures * kept.months.len()).collect();
    let mut all = Vec::new();
    for slots in blocks(folder.jobs().len(), &slots) {
        let months = Answers::months(folder.dir(), folder.jobs(), shape, slots)?;
        let asked = months.questions().into_par_iter();
        let found = asked.filter_map(|asked| {
            let versus = asked.versus?;
            let values = design.at_draws(shape, &months.by_replicate(asked))?;
            Some(Response {
                layout: asked.layout,
                versus,
                measure: asked.slot % measures,
                month: asked.slot / measures,
                credible: Credible {
                    effects: Vec::new(),
                    ..Credible::of(&values)?
                },
            })
        });
        all.extend(found.collect::<Vec<Response>>());
    }
    all.sort_by_key(|of| (of.layout, of.measure, of.month));
    Ok(all)
}

/// The table of responses; none without any.
pub fn sheet(swept: Swept<'_>, responses: &[Response]) -> Option<(TableDef, TableData)> {
    let kept = swept.sweep.monthly.as_ref()?;
    let month = |r: &Response| swept.sweep.start + i32::from(kept.months[r.month]);
    let layout = |at: usize| swept.layouts[at].as_str();
    let ends = ColumnDef::new("month", Kind::Month, "", "month at whose end it is taken");
    let schema = Schema::<[&Response]>::new(
        "responses",
        "what a layout changes about measures of the country by month, over draws of the parameters",
    )
    .text("layout", "layout", |r| Some(layout(r.layout)))
    .text("versus", "the layout that it is compared with", |r| Some(layout(r.versus)))
    .text("measure", "measure, a column of the table national", |r| {
        Some(&kept.measures[r.measure])
    })
    .column(ends, |rows| {
        Column::Month(rows.iter().map(|r| Some(month(r))).collect())
    })
    .float("mean", "measure", "mean over draws and replicates", |r| r.credible.mean)
    .float(
        "credible_low",
        "measure",
        "lower end of the 95 % credible interval: over parameters, with the error of luck; month by month, not of the whole path",
        |r| r.credible.credible[0],
    )
    .float("credible_high", "measure", "upper end", |r| r.credible.credible[1])
    .float(
        "luck_low",
        "measure",
        "lower end of the 95 % luck interval of mean, as if the parameters were known",
        |r| r.credible.luck[0],
    )
    .float("luck_high", "measure", "upper end", |r| r.credible.luck[1])
    .float("above_zero", "share", "share of draws at which it is above 0", |r| {
        r.credible.above_zero
    });
    let mut rows: Vec<&Response> = responses.iter().collect();
    (!rows.is_empty()).then(|| (schema.def(), schema.data(&mut rows[..])))
}
