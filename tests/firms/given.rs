//! Firms that the user brings, as CSV and as Parquet.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use pointplane::scenario::load;

use crate::common::{firms, world};

/// A folder that extends the minimal scenario and has these tables.
fn folder(firms: &str, links: &str) -> tempfile::TempDir {
    let minimal = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal");
    let dir = tempfile::tempdir().expect("room");
    for entry in fs::read_dir(minimal).expect("the minimal scenario") {
        let path = entry.expect("a file").path();
        if path.is_file() {
            let name = path.file_name().expect("a name");
            fs::copy(&path, dir.path().join(name)).expect("room");
        }
    }
    let layer = |ending: &str| {
        format!(
            "format = 1\nname = \"own\"\nextends = \"scenario.toml\"\n[firms]\n\
             file = \"firms.{ending}\"\nlinks = \"partners.{ending}\"\n"
        )
    };
    for ending in ["csv", "parquet"] {
        fs::write(dir.path().join(format!("{ending}.toml")), layer(ending)).expect("room");
    }
    fs::write(dir.path().join("firms.csv"), firms).expect("room");
    fs::write(dir.path().join("partners.csv"), links).expect("room");
    dir
}

/// The CSV table again as Parquet; `numbers` are columns of numbers.
fn parquet(dir: &Path, name: &str, numbers: &[&str]) {
    let text = fs::read_to_string(dir.join(format!("{name}.csv"))).expect("a table");
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let column = |(at, name): (usize, &&str)| -> (String, ArrayRef) {
        let cells = rows.iter().map(|row| row[at]);
        let array: ArrayRef = if numbers.contains(name) {
            Arc::new(Float64Array::from_iter_values(
                cells.map(|c| c.parse().expect("a number")),
            ))
        } else {
            Arc::new(StringArray::from_iter_values(cells))
        };
        ((*name).to_owned(), array)
    };
    let batch = RecordBatch::try_from_iter(head.iter().enumerate().map(column)).expect("columns");
    let file = fs::File::create(dir.join(format!("{name}.parquet"))).expect("room");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("room");
    writer.close().expect("room");
}

const FIRMS: &str = "id,region,industry,size\n\
    zeta,seamouth,farming,3\nalpha,seamouth,farming,9.5\nmid,millford,farming,120\nlone,seamouth,farming,10\n";

#[test]
fn csv_and_parquet_give_the_same_firms() {
    let industry = load("scenarios/minimal".as_ref(), &[], &[]).expect("it is right");
    let industry = industry
        .scenario
        .industries
        .first()
        .cloned()
        .unwrap_or("all".to_owned());
    let table = FIRMS.replace("farming", &industry);
    let links = "firm,partner\nzeta,alpha\nzeta,mid\nalpha,mid\nmid,zeta\n";
    let dir = folder(&table, links);
    parquet(dir.path(), "firms", &["size"]);
    parquet(dir.path(), "partners", &[]);
    let read = |ending: &str| {
        let loaded = load(&dir.path().join(format!("{ending}.toml")), &[], &[]);
        loaded.unwrap_or_else(|problems| panic!("{problems}"))
    };
    let (csv, other) = (read("csv"), read("parquet"));
    assert!(
        csv.scenario
            .firms
            .as_ref()
            .is_some_and(|layer| layer.given.is_some())
    );
    let given = |loaded: &pointplane::scenario::Loaded| {
        loaded
            .scenario
            .firms
            .as_ref()
            .and_then(|layer| layer.given.clone())
    };
    assert_eq!(given(&csv), given(&other));
    assert!(
        other
            .inputs
            .iter()
            .any(|input| input.path == "firms.parquet")
    );
    let world = world(&csv.scenario);
    let layer = firms::of(&world);
    // Millford comes before Seamouth; in a cell firms stand in the order of their ids.
    let ids: Vec<String> = (0..4).map(|f| layer.id(&world.places, f)).collect();
    assert_eq!(ids, ["mid", "alpha", "zeta", "lone"]);
    assert_eq!(layer.partners, [1, 1, 2, 0]);
    assert_eq!(
        firms::partners(layer),
        [vec![2], vec![0], vec![0, 1], vec![]]
    );
    assert_eq!(layer.cells.len(), 3);
    // A user's firm has the luck of its id, wherever it stands.
    assert!(firms::uptake(&world, 1, 0).months.len() > 4);
}

#[test]
fn every_wrong_row_is_told() {
    let firms = "id,region,industry,size\na,seamouth,nothing,3\na,nowhere,nothing,0\nb,coast_harbor,nothing,5\n";
    let links = "firm,partner\nb,b\nb,c\n";
    let dir = folder(firms, links);
    let problems = load(&dir.path().join("csv.toml"), &[], &[]).expect_err("all is wrong");
    let text = problems.to_string();
    for part in [
        "firms.csv:2",
        "no industry of the firms has this id",
        "this id is already taken",
        "no place has this id",
        "out of range",
        "firms are located in regions, but coast_harbor is a zone",
        "a firm is not its own partner",
        "no firm has this id",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn a_parquet_table_that_is_cut_off_or_spoilt_is_refused_in_words() {
    let industry = load("scenarios/minimal".as_ref(), &[], &[]).expect("it is right");
    let industry = industry.scenario.industries.first().cloned();
    let table = FIRMS.replace("farming", &industry.unwrap_or("all".to_owned()));
    let dir = folder(&table, "firm,partner\nzeta,alpha\n");
    parquet(dir.path(), "firms", &["size"]);
    parquet(dir.path(), "partners", &[]);
    let scenario = dir.path().join("parquet.toml");
    load(&scenario, &[], &[]).expect("the whole tables are right");
    let path = dir.path().join("firms.parquet");
    let whole = fs::read(&path).expect("it was written");
    let refused = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("room");
        load(&scenario, &[], &[])
            .err()
            .map(|problems| problems.to_string())
    };
    for length in [0, 4, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        let text = refused(&whole[..length]).expect("it is cut off");
        assert!(
            text.contains("firms.parquet: not a Parquet table"),
            "{text}"
        );
    }
    // Whatever byte is spoilt: words or, where it is a letter of a name, another name; never a panic.
    let mut told = 0;
    for at in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        told += usize::from(refused(&bytes).is_some_and(|text| text.contains("firms")));
    }
    assert!(told > 20, "{told}");
}
