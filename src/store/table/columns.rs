//! `columns.csv`: what each column is.

use std::io::{self, Read, Write};

use super::column::{ColumnDef, Kind, TableDef};
use crate::texts::{Text, text};

const HEADER: [&str; 5] = ["table", "column", "type", "unit", "description"];

/// Writes `columns.csv`.
pub(crate) fn write_columns(tables: &[TableDef], writer: impl Write) -> io::Result<()> {
    let mut csv = super::csv::writer(writer);
    csv.write_record(HEADER)?;
    for table in tables {
        for c in &table.columns {
            csv.write_record([&table.name, &c.name, c.kind.word(), &c.unit, &c.description])?;
        }
    }
    csv.flush()
}

/// Reads `columns.csv`; `what` of the tables is empty. The text is what is wrong, if anything.
pub(crate) fn read_columns(reader: impl Read) -> Result<Vec<TableDef>, Text> {
    let mut csv = csv::Reader::from_reader(reader);
    if *csv.headers().map_err(Text::foreign)? != HEADER[..] {
        return Err(text!("first-line-not", header = HEADER.join(",")));
    }
    let mut tables: Vec<TableDef> = Vec::new();
    for (row, record) in csv.records().enumerate() {
        let record = record.map_err(Text::foreign)?;
        let field = |i: usize| record.get(i).unwrap_or_default().to_owned();
        let kind = Kind::from_word(&field(2))
            .ok_or_else(|| text!("unknown-type", line = row + 2, kind = field(2)))?;
        let column = ColumnDef::new(field(1), kind, field(3), field(4));
        match tables.last_mut() {
            Some(table) if table.name == field(0) => table.columns.push(column),
            _ => tables.push(TableDef::new(field(0), "", vec![column])),
        }
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_csv_reads_back() {
        let tables = vec![TableDef::new(
            "national",
            "",
            vec![
                ColumnDef::new("month", Kind::Month, "", "Month"),
                ColumnDef::new(
                    "stock",
                    Kind::Float,
                    "items",
                    "Σ, weighted \"mean\"\nof 存量",
                ),
            ],
        )];
        let mut bytes = Vec::new();
        write_columns(&tables, &mut bytes).unwrap();
        assert!(
            bytes.starts_with(b"table,column,type,unit,description\nnational,month,month,,Month\n")
        );
        assert_eq!(read_columns(&bytes[..]).unwrap(), tables);
        assert!(read_columns(&b"a,b\n"[..]).is_err());
        assert!(read_columns(&b"table,column,type,unit,description\nt,c,colour,,\n"[..]).is_err());
    }
}
