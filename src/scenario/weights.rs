//! Links from files: CSV tables, and the GAL, GWT and KWT weights formats of spatial economists
//! (GeoDa, PySAL). In all of them the row's first place listens to the others; in a CSV table the
//! `target` listens to the `source`. Ids are those of the place tables.

use std::io::BufRead;

use super::files::TextFile;
use super::gal_gwt::{gal, gwt};
use super::link_list::{Links, WEIGHT};
use super::places::Places;
use super::problem::{Problem, Report};
use super::sheet::{self, Contract};
use super::tables::TableLink;
use crate::texts::text;

/// The format of a file of links, by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `source`, `target`, `weight`.
    Csv,
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
        let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "gal" => Some(Self::Gal),
            "gwt" => Some(Self::Gwt),
            "kwt" => Some(Self::Kwt),
            _ => None,
        }
    }
}

/// Reads the links of a file, in order of listener and source. Unknown ids, links of a place to
/// itself, links given twice and weights that are not positive are errors; places that the file
/// does not know, and places that hear nobody, are named in warnings.
pub fn read(
    file: &mut TextFile,
    format: Format,
    places: &Places,
    report: &mut Report,
) -> Vec<TableLink> {
    let mut links = Links::new(places);
    let before = report.errors();
    match format {
        Format::Csv => csv(file, &mut links, report),
        Format::Gal => gal(file, &mut links, report),
        Format::Gwt => gwt(file, &mut links, false, report),
        Format::Kwt => gwt(file, &mut links, true, report),
    }
    links.finish(file, report.errors() == before, report)
}

/// The columns of links, and those of an adjacency list as libpysal writes it: the focal place hears its neighbor.
const OWN: [&str; 3] = ["source", "target", "weight"];
const ADJACENCY: [&str; 3] = ["neighbor", "focal", "weight"];

/// The cells of the first line, as far as the reader shows it; nothing is taken from it.
fn first_line(file: &mut TextFile) -> Vec<String> {
    let start = file.reader().fill_buf().unwrap_or_default();
    let line = start.split(|b| matches!(b, b'\n' | b'\r')).next();
    let line = String::from_utf8_lossy(line.unwrap_or_default()).into_owned();
    let cells = line.split([',', ';', '\t']);
    cells
        .map(|cell| cell.trim().trim_matches('"').to_owned())
        .collect()
}

/// Whether a table has a column for every place, so that it is a matrix of all weights.
fn is_matrix(cells: &[String], links: &Links<'_>) -> bool {
    let named = cells
        .iter()
        .skip(1)
        .filter(|cell| links.knows(cell))
        .count();
    let number = |cell: &String| cell.parse::<f64>().is_ok();
    let plain = cells.len() > 3 && cells.iter().all(number);
    named >= 2 && named * 2 > cells.len() || plain
}

fn csv(file: &mut TextFile, links: &mut Links<'_>, report: &mut Report) {
    let head = first_line(file);
    let has = |name: &str| head.iter().any(|cell| cell == name);
    if !OWN.iter().any(|name| has(name)) && is_matrix(&head, links) {
        let problem = Problem::error(&*file.shown, text!("weights-matrix")).line(1);
        report.push(problem.allowed(OWN.join(", ")));
        return;
    }
    let adjacency = has("focal") && has("neighbor") && !has("source") && !has("target");
    let names = if adjacency { &ADJACENCY } else { &OWN };
    let [from, to, _] = *names;
    let contract = Contract {
        required: names,
        ..Contract::default()
    };
    sheet::read(file, &contract, report, |row, report| {
        // So libpysal writes a place without neighbours.
        if adjacency && row.text(from) == row.text(to) && row.text("weight").parse() == Ok(0.0) {
            links.place(row.text(to), row.line);
            return;
        }
        let named = row.needs(from, report) & row.needs(to, report);
        row.needs("weight", report);
        let weight = row.number("weight", WEIGHT, report);
        if !named {
            return;
        }
        let source = links.place(row.text(from), row.line);
        let listener = links.place(row.text(to), row.line);
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
        links.found.push((link, row.line));
    });
}
