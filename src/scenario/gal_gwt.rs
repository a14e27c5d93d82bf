//! The weights formats GAL and GWT of GeoDa and PySAL. A row's first place listens to the others.

use std::io::BufRead;

use super::files::TextFile;
use super::ids::Ids;
use super::link_list::{Links, WEIGHT};
use super::problem::{Problem, Report};
use super::tables::TableLink;
use crate::texts::{Text, text};

/// Lines of a GAL or GWT file, without the empty ones.
struct Words<'a> {
    file: &'a mut TextFile,
    bytes: Vec<u8>,
    line: u64,
}

impl<'a> Words<'a> {
    const fn new(file: &'a mut TextFile) -> Self {
        Self {
            file,
            bytes: Vec::new(),
            line: 0,
        }
    }

    fn error(&self, what: impl Into<Text>) -> Problem {
        Problem::error(&*self.file.shown, what).line(self.line)
    }

    /// Goes to the next line that has words. Returns whether there is one; at the end, or after a
    /// problem (which is reported), there is none.
    fn next(&mut self, report: &mut Report) -> bool {
        loop {
            self.bytes.clear();
            match self.file.reader().read_until(b'\n', &mut self.bytes) {
                Ok(0) => return false,
                Ok(_) => self.line += 1,
                Err(error) => {
                    report.push(self.error(text!("cannot-read", error)));
                    return false;
                }
            }
            if !self.bytes.iter().all(u8::is_ascii_whitespace) {
                break;
            }
        }
        let text = std::str::from_utf8(&self.bytes).is_ok();
        if !text {
            report.push(self.error(super::encoding::not_utf8(&self.bytes)));
        }
        text
    }

    /// The words of the line.
    fn words(&self) -> Vec<&str> {
        let text = std::str::from_utf8(&self.bytes).unwrap_or_default();
        text.split_whitespace().collect()
    }

    /// The number of places in the header: `n`, or `0 n shapefile idvar`.
    fn header(&mut self, report: &mut Report) -> Option<u64> {
        let found = self.next(report);
        let count = match self.words().as_slice() {
            [count] | [_, count, ..] if found => count.parse::<u64>().ok(),
            _ => None,
        };
        if count.is_none() {
            let what = text!("gal-header");
            report.push(Problem::error(&*self.file.shown, what).line(1));
        }
        count
    }
}

/// Reads a GAL file: neighbours without weights.
pub fn gal(file: &mut TextFile, links: &mut Links<'_>, report: &mut Report) {
    let mut words = Words::new(file);
    let Some(announced) = words.header(report) else {
        return;
    };
    let mut records = Ids::default();
    let before = report.errors();
    while words.next(report) {
        let (id, count) = match words.words().as_slice() {
            [id, count] => ((*id).to_owned(), count.parse::<u64>().ok()),
            _ => (String::new(), None),
        };
        let line = words.line;
        let Some(count) = count else {
            report.push(words.error(text!("gal-expected")));
            return;
        };
        if records.insert(&id).is_err() {
            report.push(words.error(text!("gal-record-twice")).value(&id));
        }
        let listener = links.place(&id, line);
        if count == 0 {
            continue;
        }
        if !words.next(report) {
            let what = text!("gal-missing", count, id);
            report.push(Problem::error(&*words.file.shown, what).line(line));
            return;
        }
        let neighbours = words.words();
        let found = neighbours.len() as u64;
        let mut own = false;
        for neighbour in &neighbours {
            let source = links.place(neighbour, words.line);
            let (Some(listener), Some(source)) = (listener, source) else {
                continue;
            };
            own |= listener == source;
            if listener != source {
                let link = TableLink {
                    listener,
                    source,
                    weight: 1.0,
                };
                links.add(link, words.line);
            }
        }
        if found != count {
            let what = text!("gal-count", id, count, found);
            report.push(words.error(what));
            return;
        }
        if own {
            report.push(words.error(text!("hears-itself")).value(&id));
        }
    }
    if report.errors() == before && records.len() as u64 != announced {
        let what = text!("gal-announced", announced, records = records.len());
        report.push(Problem::error(&*words.file.shown, what).line(1));
    }
}

/// Reads a GWT file: neighbours with weights. With `own`, as of a kernel, a place stands among its own neighbours,
/// which says nothing here.
pub fn gwt(file: &mut TextFile, links: &mut Links<'_>, own: bool, report: &mut Report) {
    let mut words = Words::new(file);
    let Some(announced) = words.header(report) else {
        return;
    };
    let mut listeners = Ids::default();
    while words.next(report) {
        let row = words.words();
        let [listener_id, source_id, weight] = row.as_slice() else {
            let what = text!("gwt-expected", n = row.len());
            report.push(words.error(what));
            continue;
        };
        let number = weight.parse::<f64>().ok();
        let line = words.line;
        // Only their number counts.
        let _ = listeners.insert(listener_id);
        let listener = links.place(listener_id, line);
        let source = links.place(source_id, line);
        let Some(number) = number.filter(|number| WEIGHT.holds(*number)) else {
            let problem = words.error(text!("weight-positive"));
            report.push(problem.value(weight).allowed(WEIGHT.words()));
            continue;
        };
        let (Some(listener), Some(source)) = (listener, source) else {
            continue;
        };
        if listener == source && own {
            continue;
        }
        if listener == source {
            report.push(words.error(text!("hears-itself")).value(listener_id));
            continue;
        }
        let link = TableLink {
            listener,
            source,
            weight: number,
        };
        links.add(link, line);
    }
    if listeners.len() as u64 > announced {
        let what = text!("gwt-announced", announced, listeners = listeners.len());
        report.push(Problem::error(&*words.file.shown, what).line(1));
    }
}
