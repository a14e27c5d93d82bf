//! Links from files: CSV tables, and the GAL and GWT weights formats of spatial economists
//! (GeoDa, PySAL). In all of them the row's first place hears the others; in a CSV table the
//! `target` hears the `source`. Ids are those of the place tables.

use std::io::BufRead;

use super::files::TextFile;
use super::ids::Ids;
use super::places::Places;
use super::problem::{Problem, Report, some_of};
use super::sheet::{self, Contract, Range};
use super::tables::{Kind, TableLink};

/// Weights before row-standardisation.
const WEIGHT: Range = Range::above(0.0, 1e15, "weight");
/// How many names a message lists.
const NAMED: usize = 20;
/// Most ids that are remembered as unknown.
const MOST_UNKNOWN: usize = 1000;

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
    let mut links = Links {
        places,
        found: Vec::new(),
        seen: vec![false; places.list.len()],
        unknown: Ids::default(),
        unknown_at: 0,
        more_unknown: 0,
    };
    let before = report.errors();
    match format {
        Format::Csv => csv(file, &mut links, report),
        Format::Gal => gal(file, &mut links, report),
        Format::Gwt => gwt(file, &mut links, report),
    }
    links.finish(file, report.errors() == before, report)
}

struct Links<'a> {
    places: &'a Places,
    /// Links with their lines.
    found: Vec<(TableLink, u64)>,
    /// Places that the file names.
    seen: Vec<bool>,
    /// Ids that no place has, and the line of the first.
    unknown: Ids,
    unknown_at: u64,
    more_unknown: u64,
}

impl Links<'_> {
    fn place(&mut self, id: &str, line: u64) -> Option<u32> {
        let found = self.places.ids.get(id);
        match found {
            Some(place) => {
                if let Some(seen) = self.seen.get_mut(place as usize) {
                    *seen = true;
                }
            }
            None => {
                if self.unknown.is_empty() {
                    self.unknown_at = line;
                }
                if self.unknown.len() < MOST_UNKNOWN {
                    // An id seen before is already listed.
                    let _ = self.unknown.insert(id);
                } else if self.unknown.get(id).is_none() {
                    self.more_unknown += 1;
                }
            }
        }
        found
    }

    fn finish(mut self, file: &TextFile, whole: bool, report: &mut Report) -> Vec<TableLink> {
        let shown = &file.shown;
        if !self.unknown.is_empty() {
            let names: Vec<&str> = self.unknown.names().collect();
            let first = names.first().copied().unwrap_or_default();
            let nearest = report.near(first, self.places.ids.names());
            let count = match self.more_unknown {
                0 => names.len().to_string(),
                _ => format!("more than {}", names.len()),
            };
            let what = format!(
                "{count} ids are no places of this scenario: {}",
                some_of(&names, NAMED)
            );
            let problem = Problem::error(&**shown, what).line(self.unknown_at);
            report.push(problem.nearest(nearest));
        }
        self.found
            .sort_unstable_by_key(|(link, line)| (link.listener, link.source, *line));
        for pair in self.found.windows(2) {
            let ((before, first), (link, line)) = (pair[0], pair[1]);
            if (before.listener, before.source) == (link.listener, link.source) {
                let what = format!("this link is already given on line {first}");
                let problem = Problem::error(&**shown, what).line(line);
                report.push(problem.value(self.named(&link)));
            }
        }
        if whole && self.unknown.is_empty() {
            self.warn(file, report);
        }
        self.found.into_iter().map(|(link, _)| link).collect()
    }

    fn named(&self, link: &TableLink) -> String {
        let ids = &self.places.ids;
        format!(
            "{} hears {}",
            ids.name(link.listener),
            ids.name(link.source)
        )
    }

    fn warn(&self, file: &TextFile, report: &mut Report) {
        let mut hears = vec![false; self.places.list.len()];
        let mut deaf = 0_u64;
        for (link, _) in &self.found {
            hears[link.listener as usize] = true;
            deaf += u64::from(self.is_gateway(link.listener));
        }
        let inland = |place: &u32| !self.is_gateway(*place);
        let all = 0..u32::try_from(self.seen.len()).unwrap_or(u32::MAX);
        let names = |chosen: Vec<u32>| -> Vec<&str> {
            let ids = &self.places.ids;
            chosen.into_iter().map(|place| ids.name(place)).collect()
        };
        let absent = all.clone().filter(inland);
        let absent = names(absent.filter(|place| !self.seen[*place as usize]).collect());
        if !absent.is_empty() {
            let what = format!(
                "{} places of the scenario are not in this file: {}",
                absent.len(),
                some_of(&absent, NAMED)
            );
            report.push(Problem::warning(&*file.shown, what));
        }
        let alone = all
            .filter(inland)
            .filter(|place| self.seen[*place as usize]);
        let alone = names(alone.filter(|place| !hears[*place as usize]).collect());
        if !alone.is_empty() {
            let what = format!(
                "{} places have no neighbour that they hear: {}",
                alone.len(),
                some_of(&alone, NAMED)
            );
            report.push(Problem::warning(&*file.shown, what));
        }
        if deaf > 0 {
            let what = format!("{deaf} links are heard by a gateway, which never adopts");
            report.push(Problem::warning(&*file.shown, what));
        }
    }

    fn is_gateway(&self, place: u32) -> bool {
        let kind = self.places.list.get(place as usize).map(|place| place.kind);
        matches!(kind, Some(Kind::SourceGateway | Kind::TransitGateway))
    }
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
            report.push(row.error("target", "a place cannot hear itself"));
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

    fn error(&self, what: impl Into<String>) -> Problem {
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
                    report.push(self.error(format!("cannot be read: {error}")));
                    return false;
                }
            }
            if !self.bytes.iter().all(u8::is_ascii_whitespace) {
                break;
            }
        }
        let text = std::str::from_utf8(&self.bytes).is_ok();
        if !text {
            report.push(self.error("is not UTF-8 text: save the file as UTF-8"));
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
            let what = "the header must be `n` or `0 n shapefile idvar`, n the number of places";
            report.push(Problem::error(&*self.file.shown, what).line(1));
        }
        count
    }
}

fn gal(file: &mut TextFile, links: &mut Links<'_>, report: &mut Report) {
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
            report.push(words.error("expected an id and its number of neighbours"));
            return;
        };
        if records.insert(&id).is_err() {
            report.push(words.error("this place has a record already").value(&id));
        }
        let listener = links.place(&id, line);
        if count == 0 {
            continue;
        }
        if !words.next(report) {
            let what = format!("the {count} neighbours of {id} are missing");
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
                links.found.push((link, words.line));
            }
        }
        if found != count {
            let what = format!("{id} announces {count} neighbours, but {found} are listed");
            report.push(words.error(what));
            return;
        }
        if own {
            report.push(words.error("a place cannot hear itself").value(&id));
        }
    }
    if report.errors() == before && records.len() as u64 != announced {
        let what = format!(
            "the header announces {announced} places, but the file has {}",
            records.len()
        );
        report.push(Problem::error(&*words.file.shown, what).line(1));
    }
}

fn gwt(file: &mut TextFile, links: &mut Links<'_>, report: &mut Report) {
    let mut words = Words::new(file);
    let Some(announced) = words.header(report) else {
        return;
    };
    let mut listeners = Ids::default();
    while words.next(report) {
        let row = words.words();
        let [listener_id, source_id, weight] = row.as_slice() else {
            let what = format!("expected two ids and a weight, found {} words", row.len());
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
            let problem = words.error("the weight must be a positive finite number");
            report.push(problem.value(weight).allowed(WEIGHT.words()));
            continue;
        };
        let (Some(listener), Some(source)) = (listener, source) else {
            continue;
        };
        if listener == source {
            report.push(words.error("a place cannot hear itself").value(listener_id));
            continue;
        }
        let link = TableLink {
            listener,
            source,
            weight: number,
        };
        links.found.push((link, line));
    }
    if listeners.len() as u64 > announced {
        let what = format!(
            "the header announces {announced} places, but {} have neighbours",
            listeners.len()
        );
        report.push(Problem::error(&*words.file.shown, what).line(1));
    }
}
