//! Links from files: CSV tables, and the GAL and GWT weights formats of spatial economists
//! (GeoDa, PySAL). In all of them the row's first place listens to the others; in a CSV table the
//! `target` listens to the `source`. Ids are those of the place tables.

use super::files::TextFile;
use super::gal_gwt::{gal, gwt};
use super::link_list::{Links, WEIGHT};
use super::places::Places;
use super::problem::Report;
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
}

impl Format {
    /// The format that a file's name says; nothing for another ending.
    pub fn of(name: &str) -> Option<Self> {
        let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "gal" => Some(Self::Gal),
            "gwt" => Some(Self::Gwt),
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
        Format::Gwt => gwt(file, &mut links, report),
    }
    links.finish(file, report.errors() == before, report)
}

fn csv(file: &mut TextFile, links: &mut Links<'_>, report: &mut Report) {
    let contract = Contract {
        required: &["source", "target", "weight"],
        ..Contract::default()
    };
    sheet::read(file, &contract, report, |row, report| {
        let named = row.needs("source", report) & row.needs("target", report);
        row.needs("weight", report);
        let weight = row.number("weight", WEIGHT, report);
        if !named {
            return;
        }
        let source = links.place(row.text("source"), row.line);
        let listener = links.place(row.text("target"), row.line);
        let (Some(source), Some(listener), Some(weight)) = (source, listener, weight) else {
            return;
        };
        if source == listener {
            report.push(row.error("target", text!("hears-itself")));
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
