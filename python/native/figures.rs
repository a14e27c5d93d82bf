//! What a report says and shows of a folder of results.

use std::path::PathBuf;

use pointplane::report::chart::Width;
use pointplane::report::contents::ReportError;
use pointplane::report::figures::Figure;
use pointplane::report::{Report as Made, gather};
use pyo3::exceptions::{PyKeyError, PyOSError, PyRuntimeError};
use pyo3::prelude::*;

use super::call::lang;

/// A report, gathered.
#[pyclass(frozen)]
pub struct Report(Made);

/// Gathers the report of a folder; `scenario` is the one that was run, where it does not lie where it did.
#[pyfunction]
#[pyo3(signature = (folder, scenario = None, lang = "en"))]
pub fn report(
    py: Python<'_>,
    folder: PathBuf,
    scenario: Option<PathBuf>,
    lang: &str,
) -> PyResult<Report> {
    let lang = self::lang(lang)?;
    let made = py.detach(|| gather(&folder, scenario.as_deref(), lang));
    made.map(Report).map_err(|error| match error {
        ReportError::Drawing(why) => PyRuntimeError::new_err(why.to_string()),
        other => PyOSError::new_err(other.to_string()),
    })
}

/// The table of an answer: what stands above it, the outcomes, the rows, what it hangs on.
type AnswerTable = (String, Vec<String>, Vec<AnswerRow>, Vec<String>);
/// A figure: id, title, what it shows, caption, and why there is none.
type FigureWords = (String, String, String, String, Option<String>);
/// A row of the answer: the layout, and for each outcome effect, range and verdict, or nothing.
type AnswerRow = (String, Vec<Option<(String, String, String)>>);

#[pymethods]
impl Report {
    /// What it is about, in words: kind, title, question.
    #[getter]
    fn head(&self) -> (&str, &str, &str) {
        (&self.0.kind, &self.0.title, &self.0.question)
    }

    /// The answer, sentence by sentence.
    #[getter]
    fn answer(&self) -> Vec<String> {
        self.0.answer.clone()
    }

    /// The table of the answer: what stands above it, the outcomes, the rows, what it hangs on. None where there is none.
    #[getter]
    fn sure(&self) -> Option<AnswerTable> {
        let sure = self.0.sure.as_ref()?;
        let rows = sure.rows.iter().map(|row| {
            let cells = row.cells.iter().map(|cell| {
                let cell = cell.as_ref()?;
                Some((
                    cell.effect.clone(),
                    cell.range.clone(),
                    cell.verdict.clone(),
                ))
            });
            (row.title.clone(), cells.collect())
        });
        let (head, outcomes, notes) = (&sure.head, &sure.outcomes, &sure.notes);
        Some((
            head.clone(),
            outcomes.clone(),
            rows.collect(),
            notes.clone(),
        ))
    }

    /// What the results do not say.
    #[getter]
    fn limits(&self) -> &str {
        &self.0.limits
    }

    /// The figures: id, title, what it shows, caption, and why there is none where there is none.
    #[getter]
    fn figures(&self) -> Vec<FigureWords> {
        let made = &self.0;
        let words = |figure: &Figure| {
            let finding = made.findings.get(&figure.id).cloned().unwrap_or_default();
            let missing = figure.chart.as_ref().err().map(|why| why.told(made.lang));
            (
                figure.id.clone(),
                figure.title.clone(),
                finding,
                figure.caption.clone(),
                missing,
            )
        };
        made.figures.iter().map(words).collect()
    }

    /// The SVG of a figure, as wide as a page or a column.
    #[pyo3(signature = (id, column = false))]
    fn svg(&self, py: Python<'_>, id: &str, column: bool) -> PyResult<String> {
        let mut figures = self.0.figures.iter();
        let Some(figure) = figures.find(|figure| figure.id == id) else {
            let known: Vec<&str> = self.0.figures.iter().map(|of| of.id.as_str()).collect();
            let words = format!("no figure {id:?}; there are {}", known.join(", "));
            return Err(PyKeyError::new_err(words));
        };
        let chart = figure.chart.as_ref();
        let chart = chart.map_err(|why| PyKeyError::new_err(why.told(self.0.lang)))?;
        let width = if column { Width::Column } else { Width::Page };
        let drawn = py.detach(|| {
            let drawn = chart.draw(width, &figure.title);
            drawn.map_err(|error| error.to_string())
        });
        drawn
            .map(|drawn| drawn.svg)
            .map_err(PyRuntimeError::new_err)
    }
}
