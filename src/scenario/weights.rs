//! Links from files: tables in CSV or Parquet, and the GAL, GWT and KWT weights formats of spatial economists
//! (GeoDa, PySAL). In all of them the row's first place listens to the others; in a table the
//! `target` listens to the `source`. Ids are those of the place tables.

use super::cells::{At, Row, trimmed};
use super::gal_gwt::{gal, gwt};
use super::ids::Ids;
use super::link_list::{Links, WEIGHT};
use super::places::Places;
use super::problem::{Problem, Report};
use super::rows::{Quick, Rows};
use super::sheet::Contract;
use super::table_file::{TableFile, ending};
use super::tables::TableLink;
use crate::texts::text;

/// The format of a file of links, by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `source`, `target`, `weight`.
    Csv,
    /// The same columns in Parquet.
    Parquet,
    /// Neighbours without weights.
    Gal,
    /// Neighbours with weights.
    Gwt,
    /// Neighbours with weights, each place its own among them.
    Kwt,
}

impl Format {
    /// The format that a file's name says; nothing for another ending.
    pub fn of(name: &str) -> Option<Self> {
        match ending(name).as_str() {
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            "gal" => Some(Self::Gal),
            "gwt" => Some(Self::Gwt),
            "kwt" => Some(Self::Kwt),
            _ => None,
        }
    }
}

/// Reads the links of a file, in order of listener and source; `again` opens it once more. Unknown ids, links of a place
/// to itself, links given twice and weights that are not positive are errors; places that the file
/// does not know, and places that hear nobody, are named in warnings.
pub fn read(
    file: &mut TableFile,
    again: impl FnOnce() -> Option<TableFile>,
    places: &Places,
    report: &mut Report,
) -> Vec<TableLink> {
    let mut links = Links::new(places);
    let before = report.errors();
    rows(file, &mut links, report);
    let shown = file.shown().clone();
    if !links.sort() {
        // What is wrong with its rows has been told.
        let told = |file: &mut TableFile| rows(file, &mut links, &mut Report::aside());
        again().iter_mut().for_each(told);
    }
    links.finish(&shown, report.errors() == before, report)
}

fn rows(file: &mut TableFile, links: &mut Links<'_>, report: &mut Report) {
    let format = Format::of(file.shown());
    match (file, format) {
        (TableFile::Text(file), Some(Format::Gal)) => gal(file, links, report),
        (TableFile::Text(file), Some(Format::Gwt)) => gwt(file, links, false, report),
        (TableFile::Text(file), Some(Format::Kwt)) => gwt(file, links, true, report),
        (file, _) => table(file, links, report),
    }
}

/// The columns of links, and those of an adjacency list as libpysal writes it: the focal place hears its neighbor.
const OWN: [&str; 3] = ["source", "target", "weight"];
const ADJACENCY: [&str; 3] = ["neighbor", "focal", "weight"];

/// Whether a table has a column for every place, so that it is a matrix of all weights.
fn is_matrix(cells: &[String], links: &Links<'_>) -> bool {
    let known = |cell: &&String| links.ids().get(cell).is_some();
    let named = cells.iter().skip(1).filter(known).count();
    let number = |cell: &String| cell.parse::<f64>().is_ok();
    let plain = cells.len() > 3 && cells.iter().all(number);
    named >= 2 && named * 2 > cells.len() || plain
}

fn table(file: &mut TableFile, links: &mut Links<'_>, report: &mut Report) {
    let head = file.first_line();
    let has = |name: &str| head.iter().any(|cell| cell == name);
    if !OWN.iter().any(|name| has(name)) && is_matrix(&head, links) {
        let problem = Problem::error(&**file.shown(), text!("weights-matrix")).line(1);
        report.push(problem.allowed(OWN.join(", ")));
        return;
    }
    let adjacency = has("focal") && has("neighbor") && !has("source") && !has("target");
    let names = if adjacency { &ADJACENCY } else { &OWN };
    let contract = Contract {
        required: names,
        ..Contract::default()
    };
    let mut rows = LinkRows {
        links,
        adjacency,
        names,
        positions: None,
    };
    file.read(&contract, report, &mut rows);
}

/// Rows of a table of links.
struct LinkRows<'l, 'p> {
    links: &'l mut Links<'p>,
    adjacency: bool,
    /// The columns of the source, the listener and the weight.
    names: &'static [&'static str; 3],
    /// Where these stand in a row, known from the first row on.
    positions: Option<[usize; 3]>,
}

/// Reads links between known places.
struct LinkCells<'p> {
    ids: &'p Ids,
    positions: Option<[usize; 3]>,
}

impl LinkCells<'_> {
    /// The texts of the source, the listener and the weight; nothing where a column is not known.
    #[inline]
    fn texts<'r>(&self, row: &'r Row<'_>) -> Option<[&'r str; 3]> {
        let text = |position| trimmed(row.cells.cell(position));
        self.positions.map(|positions| positions.map(text))
    }
}

impl Quick for LinkCells<'_> {
    type Item = TableLink;

    fn ask(&self, row: &Row<'_>) {
        if let Some([from, to, _]) = self.texts(row) {
            self.ids.prefetch(from);
            self.ids.prefetch(to);
        }
    }

    fn item(&self, row: &Row<'_>, _: &mut Report) -> Option<TableLink> {
        let [from, to, weight] = self.texts(row)?;
        let source = self.ids.get(from)?;
        let listener = self.ids.get(to)?;
        let weight = row.number_of(weight, WEIGHT)?;
        (source != listener).then_some(TableLink {
            listener,
            source,
            weight,
        })
    }
}

impl<'p> Rows for LinkRows<'_, 'p> {
    type Item = TableLink;
    type Quick = LinkCells<'p>;

    fn quick(&self) -> LinkCells<'p> {
        LinkCells {
            ids: self.links.ids(),
            positions: self.positions,
        }
    }

    fn take(&mut self, link: TableLink, at: At, _: &mut Report) {
        self.links.add(link, at.line);
    }

    fn row(&mut self, row: &Row<'_>, report: &mut Report) {
        let [from, to, weight] = *self.names;
        if self.positions.is_none() {
            let position = |name| row.head.columns.position(name);
            let positions = [position(from), position(to), position(weight)];
            if let [Some(from), Some(to), Some(weight)] = positions {
                self.positions = Some([from, to, weight]);
            }
        }
        // So libpysal writes a place without neighbours.
        let same = row.text(from) == row.text(to);
        if self.adjacency && same && row.text(weight).parse() == Ok(0.0) {
            self.links.place(row.text(to), row.line);
            return;
        }
        let named = row.needs(from, report) & row.needs(to, report);
        row.needs(weight, report);
        let weight = row.number(weight, WEIGHT, report);
        if !named {
            return;
        }
        let source = self.links.place(row.text(from), row.line);
        let listener = self.links.place(row.text(to), row.line);
        let (Some(source), Some(listener), Some(weight)) = (source, listener, weight) else {
            return;
        };
        if source == listener {
            report.push(row.error(to, text!("hears-itself")));
            return;
        }
        let link = TableLink {
            listener,
            source,
            weight,
        };
        self.links.add(link, row.line);
    }
}
