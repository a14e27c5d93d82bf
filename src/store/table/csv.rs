//! Tables as comma-separated text: UTF-8, LF, a header line, missing values empty, numbers in
//! their shortest form that reads back to the same bits.

use std::io::{self, Read, Write};

use super::column::{Kind, TableDef};
use super::data::{Column, Ids, TableData, number};
use crate::texts::{Text, text};

/// A writer with this program's line ends.
pub(in crate::store) fn writer<W: Write>(inner: W) -> csv::Writer<W> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(inner)
}

/// Writes the header line.
pub(in crate::store) fn write_header(def: &TableDef, inner: impl Write) -> io::Result<()> {
    let mut csv = writer(inner);
    csv.write_record(def.columns.iter().map(|c| &c.name))?;
    csv.flush()
}

/// Writes the rows without a header; `data` fits `def`.
pub(in crate::store) fn write_rows(data: &TableData, inner: impl Write) -> io::Result<()> {
    let mut csv = writer(inner);
    let mut field = String::new();
    for row in 0..data.rows() {
        for column in &data.columns {
            field.clear();
            push_value(&mut field, column, row);
            csv.write_field(&field)?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

fn push_value(field: &mut String, column: &Column, row: usize) {
    use std::fmt::Write as _;
    // Writing to a String cannot fail.
    let _ = match column {
        Column::Text { .. } => {
            field.push_str(column.text_at(row).unwrap_or_default());
            Ok(())
        }
        Column::Int(values) => match values[row] {
            Some(value) => write!(field, "{value}"),
            None => Ok(()),
        },
        Column::Month(values) => match values[row] {
            Some(month) => write!(field, "{:04}-{:02}-01", month / 12, month % 12 + 1),
            None => Ok(()),
        },
        Column::Float(values) => match number(values[row]) {
            Some(value) if value == 0.0 || (1e-5..1e16).contains(&value.abs()) => {
                write!(field, "{value}")
            }
            Some(value) => write!(field, "{value:e}"),
            None => Ok(()),
        },
    };
}

/// Reads the columns at `wanted` positions. The text is what is wrong, if anything.
pub(in crate::store) fn read(
    def: &TableDef,
    wanted: &[usize],
    reader: impl Read,
) -> Result<Vec<Column>, Text> {
    let mut all = None;
    scan(def, wanted, reader, usize::MAX, &mut |columns| {
        all = Some(columns)
    })?;
    Ok(all.unwrap_or_default())
}

/// The same, a few thousand rows at a time.
pub(in crate::store) fn read_parts(
    def: &TableDef,
    wanted: &[usize],
    reader: impl Read,
    each: &mut dyn FnMut(Vec<Column>),
) -> Result<(), Text> {
    scan(def, wanted, reader, PART_ROWS, each)
}

/// Rows that are read at a time.
const PART_ROWS: usize = 1 << 14;

fn scan(
    def: &TableDef,
    wanted: &[usize],
    reader: impl Read,
    most: usize,
    each: &mut dyn FnMut(Vec<Column>),
) -> Result<(), Text> {
    let mut csv = csv::Reader::from_reader(reader);
    let header = csv.headers().map_err(Text::foreign)?;
    if !header
        .iter()
        .eq(def.columns.iter().map(|c| c.name.as_str()))
    {
        return Err(text!("first-line-not-of-columns"));
    }
    read_records(def, wanted, csv, most, each)
}

/// Reads rows without a header line.
pub(in crate::store) fn read_rows(
    def: &TableDef,
    wanted: &[usize],
    reader: impl Read,
) -> Result<Vec<Column>, Text> {
    let csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(reader);
    let mut all = None;
    read_records(def, wanted, csv, usize::MAX, &mut |columns| {
        all = Some(columns)
    })?;
    Ok(all.unwrap_or_default())
}

fn read_records(
    def: &TableDef,
    wanted: &[usize],
    mut csv: csv::Reader<impl Read>,
    most: usize,
    each: &mut dyn FnMut(Vec<Column>),
) -> Result<(), Text> {
    let fresh = || -> Vec<Builder> {
        let kinds = wanted.iter().map(|&at| def.columns[at].kind);
        kinds.map(Builder::new).collect()
    };
    let mut builders = fresh();
    let mut rows = 0;
    let mut record = csv::StringRecord::new();
    while csv.read_record(&mut record).map_err(Text::foreign)? {
        for (builder, &at) in builders.iter_mut().zip(wanted) {
            let field = record.get(at).unwrap_or_default();
            builder.push(field).ok_or_else(|| {
                let line = record.position().map_or(0, csv::Position::line);
                let column = &def.columns[at];
                let (name, kind) = (&column.name, column.kind.word());
                let field: String = field.chars().take(40).collect();
                text!("field-not", line, name, field, kind)
            })?;
        }
        rows += 1;
        if rows == most {
            let full = std::mem::replace(&mut builders, fresh());
            each(full.into_iter().map(Builder::finish).collect());
            rows = 0;
        }
    }
    each(builders.into_iter().map(Builder::finish).collect());
    Ok(())
}

enum Builder {
    Text(Vec<Option<u32>>, Ids),
    Int(Vec<Option<i64>>),
    Float(Vec<f64>),
    Month(Vec<Option<i32>>),
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Vec::new(), Ids::default()),
            Kind::Int => Self::Int(Vec::new()),
            Kind::Float => Self::Float(Vec::new()),
            Kind::Month => Self::Month(Vec::new()),
        }
    }

    /// Adds a value; `None` when the text is not of the column's kind.
    fn push(&mut self, field: &str) -> Option<()> {
        let missing = field.is_empty();
        match self {
            Self::Text(codes, ids) => codes.push((!missing).then(|| ids.code(field))),
            Self::Int(values) if missing => values.push(None),
            Self::Int(values) => values.push(Some(field.parse().ok()?)),
            Self::Float(values) if missing => values.push(f64::NAN),
            Self::Float(values) => values.push(field.parse().ok()?),
            Self::Month(values) if missing => values.push(None),
            Self::Month(values) => {
                let month: crate::scenario::Month = field.parse().ok()?;
                values.push(Some(month.0));
            }
        }
        Some(())
    }

    fn finish(self) -> Column {
        match self {
            Self::Text(codes, ids) => Column::Text {
                codes,
                ids: ids.into_list(),
            },
            Self::Int(values) => Column::Int(values),
            Self::Float(values) => Column::Float(values),
            Self::Month(values) => Column::Month(values),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::column::ColumnDef;
    use super::*;
    use proptest::prelude::*;

    fn round_trip(columns: Vec<Column>) -> (String, Vec<Column>) {
        let defs = columns.iter().enumerate();
        let defs = defs.map(|(i, c)| ColumnDef::new(format!("c{i}"), c.kind(), "", ""));
        let def = TableDef::new("t", "", defs.collect());
        let mut bytes = Vec::new();
        write_header(&def, &mut bytes).unwrap();
        let wanted: Vec<usize> = (0..columns.len()).collect();
        write_rows(&TableData::new("t", columns), &mut bytes).unwrap();
        let read = read(&def, &wanted, &bytes[..]).unwrap();
        (String::from_utf8(bytes).unwrap(), read)
    }

    #[test]
    fn values_are_written_as_promised() {
        let columns = vec![
            Column::text([Some("a,b"), Some("say \"hi\""), Some("甲,乙"), None]),
            Column::Month(vec![Some(2013 * 12 + 8), Some(0), Some(119_999), None]),
            Column::Float(vec![0.1, -0.0, f64::NAN, 1e-7]),
            Column::Int(vec![Some(i64::MIN), Some(0), None, Some(7)]),
        ];
        let (text, read) = round_trip(columns.clone());
        assert_eq!(
            text,
            "c0,c1,c2,c3\n\
             \"a,b\",2013-09-01,0.1,-9223372036854775808\n\
             \"say \"\"hi\"\"\",0000-01-01,0,0\n\
             \"甲,乙\",9999-12-01,,\n\
             ,,1e-7,7\n"
        );
        assert_eq!(read, columns);
    }

    #[test]
    fn a_single_missing_value_is_still_a_row() {
        let columns = vec![Column::Int(vec![None, Some(1), None])];
        let (_, read) = round_trip(columns.clone());
        assert_eq!(read, columns);
    }

    #[test]
    fn wrong_values_are_told_with_their_line() {
        let def = TableDef::new("t", "", vec![ColumnDef::new("n", Kind::Int, "", "")]);
        let error = read(&def, &[0], &b"n\n1\nx\n"[..]).unwrap_err();
        assert_eq!(error.to_string(), "line 3, column n: `x` is not int");
        assert!(read(&def, &[0], &b"m\n1\n"[..]).is_err());
    }

    proptest! {
        #[test]
        fn finite_numbers_and_any_texts_read_back(
            rows in proptest::collection::vec((any::<f64>(), any::<String>()), 0..20)
        ) {
            let columns = vec![
                Column::Float(rows.iter().map(|r| r.0).collect()),
                Column::text(rows.iter().map(|r| Some(r.1.as_str()))),
            ];
            let (text, read) = round_trip(columns.clone());
            prop_assert_eq!(&read, &columns);
            prop_assert!(!text.contains("NaN") || rows.iter().any(|r| r.1.contains("NaN")));
        }
    }
}
