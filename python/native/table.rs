//! Tables, handed over by the Arrow PyCapsule interface.

use std::path::PathBuf;

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{Date32Type, Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, DataType, SchemaRef};
use pointplane::store::{self, Batches, Column, ColumnDef, StoreError, TableData, TableDef};
use pyo3::exceptions::{PyFileNotFoundError, PyKeyError, PyOSError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDate, PyDict, PyList};

/// A table in memory.
#[pyclass(frozen)]
pub struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    def: TableDef,
}

/// What a column is.
type ColumnWords = (String, &'static str, String, String);

fn columns_of(def: &TableDef) -> Vec<ColumnWords> {
    let words = |column: &ColumnDef| {
        let (unit, what) = (column.unit.clone(), column.description.clone());
        (column.name.clone(), column.kind.word(), unit, what)
    };
    def.columns.iter().map(words).collect()
}

/// An error of the store as Python has it.
fn raised(error: &StoreError) -> PyErr {
    let words = error.to_string();
    match error {
        StoreError::Unknown { .. } => PyKeyError::new_err(words),
        StoreError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            PyFileNotFoundError::new_err(words)
        }
        _ => PyOSError::new_err(words),
    }
}

/// The tables of a folder: name, what a row is, columns (name, kind, unit, description).
#[pyfunction]
pub fn tables(
    py: Python<'_>,
    folder: PathBuf,
) -> PyResult<Vec<(String, String, Vec<ColumnWords>)>> {
    let found = py.detach(|| store::tables_in(&folder));
    let defs = found.map_err(|error| raised(&error))?;
    let words = |def: &TableDef| (def.name.clone(), def.what.clone(), columns_of(def));
    Ok(defs.iter().map(words).collect())
}

/// Reads a table of a folder: these columns, or all.
#[pyfunction]
#[pyo3(signature = (folder, table, columns = None))]
pub fn read(
    py: Python<'_>,
    folder: PathBuf,
    table: &str,
    columns: Option<Vec<String>>,
) -> PyResult<Table> {
    let columns = columns.unwrap_or_default();
    let found = py.detach(|| {
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        store::read_batches(&folder, table, &columns)
    });
    found.map(Table::from).map_err(|error| raised(&error))
}

impl Table {
    /// Of columns in memory.
    pub fn of(name: &str, what: &str, columns: Vec<(ColumnDef, Column)>) -> PyResult<Self> {
        let (defs, columns) = columns.into_iter().unzip();
        let def = TableDef::new(name, what, defs);
        let data = TableData::new(name, columns);
        Batches::of(def, &data)
            .map(Self::from)
            .map_err(|error| raised(&error))
    }
}

impl From<Batches> for Table {
    fn from(of: Batches) -> Self {
        Self {
            schema: of.schema,
            batches: of.batches,
            def: of.def,
        }
    }
}

#[pymethods]
impl Table {
    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        &self.def.name
    }

    /// Columns: name, kind, unit, description.
    #[getter]
    fn columns(&self) -> Vec<ColumnWords> {
        columns_of(&self.def)
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(&*self.schema).map_err(arrow)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// The rows, without a copy; a schema that is asked for is not made.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer give what it has.
        drop(requested_schema);
        let batches: Vec<Result<RecordBatch, ArrowError>> =
            self.batches.iter().cloned().map(Ok).collect();
        let reader = RecordBatchIterator::new(batches, SchemaRef::clone(&self.schema));
        let reader: Box<dyn RecordBatchReader + Send> = Box::new(reader);
        let stream = FFI_ArrowArrayStream::new(reader);
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    /// The columns as lists, months as dates, what is missing as None; at most so many rows.
    #[pyo3(signature = (rows = None))]
    fn to_pydict<'py>(&self, py: Python<'py>, rows: Option<usize>) -> PyResult<Bound<'py, PyDict>> {
        let lists = PyDict::new(py);
        for (at, field) in self.schema.fields().iter().enumerate() {
            let list = PyList::empty(py);
            for batch in &self.batches {
                let left = rows.map_or(usize::MAX, |rows| rows.saturating_sub(list.len()));
                append(&list, batch.column(at), left)?;
            }
            lists.set_item(field.name(), list)?;
        }
        Ok(lists)
    }
}

fn append(list: &Bound<'_, PyList>, array: &ArrayRef, most: usize) -> PyResult<()> {
    let py = list.py();
    let rows = array.len().min(most);
    match array.data_type() {
        DataType::Utf8 => {
            let texts = array.as_string::<i32>();
            texts
                .iter()
                .take(rows)
                .try_for_each(|text| list.append(text))
        }
        DataType::Int64 => {
            let numbers = array.as_primitive::<Int64Type>();
            numbers
                .iter()
                .take(rows)
                .try_for_each(|number| list.append(number))
        }
        DataType::Float64 => {
            let numbers = array.as_primitive::<Float64Type>();
            numbers
                .iter()
                .take(rows)
                .try_for_each(|number| list.append(number))
        }
        DataType::Date32 => {
            for days in array.as_primitive::<Date32Type>().iter().take(rows) {
                let seconds = days.map(|days| f64::from(days) * 86_400.0);
                let date = seconds.map(|seconds| PyDate::from_timestamp(py, seconds));
                list.append(date.transpose()?)?;
            }
            Ok(())
        }
        other => Err(PyRuntimeError::new_err(format!("a column of {other}"))),
    }
}

fn arrow(error: ArrowError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}
