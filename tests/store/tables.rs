//! What is written is what was given, for this program's reader and for others.

use std::fs;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pointplane::store::{Column, End, Format, Start, StoreError, read_defs, read_table};

use super::fixture::{FORMATS, REPLICATES, done, prepare, rows, run, tables, work};

/// All replicates of a table, one after the other, as the caller gave them.
fn expected(table: &str, column: usize) -> Vec<Column> {
    let of = |r| {
        rows(r)
            .into_iter()
            .find(|data| data.table == table)
            .unwrap()
    };
    (0..REPLICATES)
        .map(|r| of(r).columns[column].clone())
        .collect()
}

#[test]
fn mistakes_of_the_caller_are_told_and_harm_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = prepare(dir.path(), Format::Csv, Start::New).unwrap();
    let encoder = folder.encoder();
    let mut missing = rows(0);
    missing.pop();
    let mut twice = rows(0);
    twice.push(twice[0].clone());
    let mut unknown = rows(0);
    unknown[0].table = "places".into();
    let mut short = rows(0);
    short[0].columns.pop();
    for wrong in [missing, twice, unknown, short] {
        let error = encoder.encode(wrong).unwrap_err();
        assert!(matches!(error, StoreError::Data { .. }), "{error}");
    }
    work(&folder, &[3], End::Interrupted);
    assert_eq!(done(&folder), [3]);
}

#[test]
fn tables_read_back() {
    for format in FORMATS {
        let dir = tempfile::tempdir().unwrap();
        run(dir.path(), format, &[3, 1, 2, 0, 5, 4]);
        assert_eq!(read_defs(dir.path()).unwrap(), tables());
        for def in tables() {
            let (read, data) = read_table(dir.path(), &def.name, &[]).unwrap();
            assert_eq!(read, def);
            for (at, column) in data.columns.iter().enumerate() {
                assert_eq!(
                    *column,
                    concat(&expected(&def.name, at)),
                    "{} {at}",
                    def.name
                );
            }
        }
        let (def, data) = read_table(dir.path(), "national", &["stock", "replicate"]).unwrap();
        assert_eq!(def.columns[0].name, "stock");
        assert_eq!(data.columns[0], concat(&expected("national", 2)));
        assert_eq!(data.columns[1], concat(&expected("national", 0)));
        let text = read_table(dir.path(), "places", &[])
            .unwrap_err()
            .to_string();
        assert!(
            text.contains("it has national, adoptions, nothing"),
            "{text}"
        );
        let text = read_table(dir.path(), "national", &["x"])
            .unwrap_err()
            .to_string();
        assert!(text.contains("it has replicate, month, stock"), "{text}");

        let file = dir.path().join(format!("national.{format}"));
        let mut bytes = fs::read(&file).unwrap();
        bytes[30] ^= 1;
        fs::write(&file, bytes).unwrap();
        let error = read_table(dir.path(), "national", &[]).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    }
}

fn concat(columns: &[Column]) -> Column {
    match &columns[0] {
        Column::Int(_) => Column::Int(
            columns
                .iter()
                .flat_map(|c| match c {
                    Column::Int(v) => v.clone(),
                    _ => vec![],
                })
                .collect(),
        ),
        Column::Float(_) => Column::Float(
            columns
                .iter()
                .flat_map(|c| match c {
                    Column::Float(v) => v.clone(),
                    _ => vec![],
                })
                .collect(),
        ),
        Column::Month(_) => Column::Month(
            columns
                .iter()
                .flat_map(|c| match c {
                    Column::Month(v) => v.clone(),
                    _ => vec![],
                })
                .collect(),
        ),
        Column::Text { .. } => Column::text(
            columns
                .iter()
                .flat_map(|c| (0..c.len()).map(|row| c.text_at(row))),
        ),
    }
}

#[test]
fn the_parquet_crate_reads_what_was_written() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), Format::Parquet, &[0, 1, 2, 3, 4, 5]);
    let open = |name: &str| {
        let file = fs::File::open(dir.path().join(name)).unwrap();
        ParquetRecordBatchReaderBuilder::try_new(file).unwrap()
    };
    let builder = open("adoptions.parquet");
    let groups = builder.metadata().row_groups().iter().map(|g| g.num_rows());
    // Replicates 0 and 1 gathered, 2 by itself, 3 to 5 gathered.
    assert_eq!(groups.collect::<Vec<_>>(), [80, 70_000, 120]);
    let mut rows_seen = 0;
    let places = concat(&expected("adoptions", 1));
    let Column::Float(credits) = concat(&expected("adoptions", 2)) else {
        panic!("credit is a number");
    };
    for batch in builder.build().unwrap() {
        let batch = batch.unwrap();
        let place = batch.column_by_name("place").unwrap().as_string::<i32>();
        let credit = batch
            .column_by_name("credit")
            .unwrap()
            .as_primitive::<Float64Type>();
        for row in 0..batch.num_rows() {
            let text = (!place.is_null(row)).then(|| place.value(row));
            assert_eq!(text, places.text_at(rows_seen + row));
            assert_eq!(
                credit.value(row).to_bits(),
                credits[rows_seen + row].to_bits()
            );
        }
        rows_seen += batch.num_rows();
    }
    assert_eq!(rows_seen, 70_200);

    let batch = open("national.parquet")
        .build()
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let replicate = batch.column(0).as_primitive::<Int64Type>();
    let month = batch.column(1).as_primitive::<Date32Type>();
    let stock = batch.column(2);
    assert_eq!((replicate.value(0), replicate.value(13)), (0, 1));
    // 2013-01-01 is day 15706 since 1970-01-01; September begins 243 days later.
    assert_eq!((month.value(0), month.value(8)), (15_706, 15_706 + 243));
    assert!(month.is_null(12) && stock.is_null(3) && !stock.is_null(4));
    assert_eq!(open("nothing.parquet").build().unwrap().count(), 0);
}

#[test]
fn csv_is_what_a_reader_expects() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), Format::Csv, &[0, 1, 2, 3, 4, 5]);
    let text = fs::read_to_string(dir.path().join("adoptions.csv")).unwrap();
    let start = "replicate,place,credit\n0,\"a,b\",1\n0,\"say \"\"hi\"\"\",0.5\n\
                 0,长江经济带,0.3333333333333333\n0,\"line\nbreak\",0.25\n0,,0.2\n";
    assert!(text.starts_with(start), "{:?}", &text[..150]);
    let text = fs::read_to_string(dir.path().join("national.csv")).unwrap();
    assert!(text.starts_with("replicate,month,stock\n0,2013-01-01,0\n"));
    assert!(text.contains("\n1,2013-04-01,\n") && !text.contains("NaN"));
    assert_eq!(
        fs::read_to_string(dir.path().join("nothing.csv")).unwrap(),
        "place\n"
    );
    let columns = fs::read_to_string(dir.path().join("columns.csv")).unwrap();
    assert!(
        columns
            .starts_with("table,column,type,unit,description\nnational,replicate,int,,Replicate\n")
    );
    assert!(columns.contains("\nnational,stock,float,items,\"Σ m·q, \"\"weighted\"\"\"\n"));
}
