//! What a report shows, as data: figures with their captions and the numbers behind them.

mod comparison;
mod curves;
mod firm_data;
pub mod inference;
mod moran;
mod names;
mod question;
mod run;
mod run_data;
mod search;
mod sweep;
mod two_parameters;
mod words;

pub use comparison::{ComparisonData, PARTS, comparison_figures, comparison_map, outcome_word};
pub use names::{Names, parameter, parameter_with_key};
pub use run::{alliance_ids, painted, places_table, run_figures};
pub use run_data::{PlaceHistory, RunData, Shares, Spillovers, Structures};
pub use search::search_figures;
pub use sweep::{SweepData, sweep_figures};
pub use words::{comparison_answer, left_out, partial, run_answer, sweep_answer};

use super::chart::Chart;
use crate::texts::Text;

/// A figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Names it in files and links: lower case, hyphens.
    pub id: String,
    /// Title.
    pub title: String,
    /// What is drawn, replicates, interval, and what a reader may and may not conclude.
    pub caption: String,
    /// The chart, or why there is none and how to get it.
    pub chart: Result<Chart, Text>,
    /// The numbers.
    pub data: Csv,
}

/// The numbers behind a figure, as a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Csv {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows of cells.
    pub rows: Vec<Vec<String>>,
}

impl Csv {
    /// A table with these columns.
    pub fn new(columns: &[&str]) -> Self {
        Self {
            columns: columns.iter().map(|c| (*c).to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows
            .push(cells.into_iter().map(|cell| cell.0).collect());
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail.
        let _ = writer.write_record(&self.columns);
        for row in &self.rows {
            let _ = writer.write_record(row);
        }
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// A cell of such a table. Missing numbers are empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell(String);

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self(if value.is_finite() {
            (value + 0.0).to_string()
        } else {
            String::new()
        })
    }
}

impl From<Option<f64>> for Cell {
    fn from(value: Option<f64>) -> Self {
        Self::from(value.unwrap_or(f64::NAN))
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<crate::scenario::Month> for Cell {
    fn from(value: crate::scenario::Month) -> Self {
        Self(value.to_string())
    }
}

impl From<Option<crate::scenario::Month>> for Cell {
    fn from(value: Option<crate::scenario::Month>) -> Self {
        Self(value.map(|month| month.to_string()).unwrap_or_default())
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        Self(value.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_commas_and_quotes_read_back() {
        let mut data = Csv::new(&["a", "b"]);
        data.row(["x, \"y\"\n".into(), f64::NAN.into()]);
        data.row(["<script>".into(), 0.25.into()]);
        let text = data.text();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<Vec<String>> = reader.deserialize().map(Result::unwrap).collect();
        assert_eq!(rows, data.rows);
    }
}
