//! Tables of a history: items, who adopted them when, and covariates of the hazard.

use super::cells::{Range, Row};
use super::ids::Ids;
use super::period::Periods;
use super::places::{Found, Places};
use super::problem::{Problem, Report, some_of};
use super::rows::InOrder;
use super::sheet::Contract;
use super::spec::{CovariateSpec, DomainSpec};
use super::table_file::TableFile;
use super::tables::{Adoption, Covariate, History, Item, word};
use crate::texts::text;

/// Most periods in which an item is watched.
const MOST_PERIODS: i32 = 1_000_000;
/// Most mistakes of one kind that are told one by one.
const TOLD: usize = 10;

/// The history while it is read.
#[derive(Debug)]
pub struct Reader<'a> {
    places: &'a Places,
    periods: Periods,
    history: History,
    ids: Ids,
    /// Whether every item is known.
    complete: bool,
}

impl<'a> Reader<'a> {
    /// Of nothing yet, between these places.
    pub fn new(places: &'a Places, periods: Periods) -> Self {
        Self {
            places,
            periods,
            history: History::default(),
            ids: Ids::default(),
            complete: false,
        }
    }

    /// Reads the table of items.
    pub fn items(&mut self, file: &mut TableFile, domains: &[DomainSpec], report: &mut Report) {
        let contract = Contract {
            required: &["item", "first_risk", "last"],
            optional: &["name_en", "name_zh", "origin", "domain", "quality"],
            ..Contract::default()
        };
        let mut rows = InOrder(|row: &Row<'_>, report: &mut Report| {
            self.item(row, domains, report);
        });
        let whole = file.read(&contract, report, &mut rows).whole;
        self.complete = whole;
    }

    fn item(&mut self, row: &Row<'_>, domains: &[DomainSpec], report: &mut Report) {
        let Some(id) = row.name("item", report) else {
            self.complete = false;
            return;
        };
        let mut time = |column| {
            row.needs(column, report);
            self.periods.read(row, column, report)
        };
        let (first_risk, last) = (time("first_risk"), time("last"));
        if let (Some(first), Some(last)) = (first_risk, last) {
            if last < first {
                report.push(row.error("last", text!("item-ends-early", first)));
            } else if last - first >= MOST_PERIODS {
                let problem = row.error("last", text!("item-periods"));
                report.push(problem.allowed(text!("range-most", most = MOST_PERIODS)));
            }
        }
        let named = row.text("domain");
        let domain = match domains.iter().position(|domain| domain.id == named) {
            Some(at) => at,
            None if named.is_empty() && domains.len() == 1 => 0,
            None if named.is_empty() => {
                report.push(row.error("domain", text!("item-domain")));
                0
            }
            None => {
                let nearest = report.near(named, domains.iter().map(|d| d.id.as_str()));
                let problem = row.error("domain", text!("no-domain"));
                report.push(problem.nearest(nearest));
                0
            }
        };
        let quality = row.number("quality", Range::above(0.0, 1e6, "quality"), report);
        let origin = match row.text("origin") {
            "" => None,
            _ => place(self.places, row, "origin", report),
        };
        if let Err(_twice) = self.ids.insert(&id) {
            report.push(row.error("item", text!("item-twice")));
            return;
        }
        self.history.items.push(Item {
            id,
            name_en: row.text("name_en").to_owned(),
            name_zh: row.text("name_zh").to_owned(),
            origin,
            domain,
            quality: quality.unwrap_or(1.0),
            first_risk: first_risk.unwrap_or(0),
            last: last.unwrap_or(0),
            adoptions: Vec::new(),
        });
    }

    /// Reads the table of first adoptions.
    pub fn adoptions(&mut self, file: &mut TableFile, report: &mut Report) {
        let contract = Contract {
            required: &["place", "item", "time"],
            optional: &["until"],
            ..Contract::default()
        };
        let shown = file.shown().clone();
        let mut rows = InOrder(|row: &Row<'_>, report: &mut Report| self.adoption(row, report));
        file.read(&contract, report, &mut rows);
        self.sorted(&shown, report);
        self.history.file = shown.to_string();
    }

    fn adoption(&mut self, row: &Row<'_>, report: &mut Report) {
        let item = row.needs("item", report).then(|| row.text("item"));
        let item = item.and_then(|id| {
            let known = self.ids.get(id);
            if known.is_none() && self.complete {
                let nearest = report.near(id, self.ids.names());
                let problem = row.error("item", text!("no-item"));
                report.push(problem.nearest(nearest));
            }
            known
        });
        let place = row
            .needs("place", report)
            .then(|| place(self.places, row, "place", report));
        row.needs("time", report);
        let time = self.periods.read(row, "time", report);
        let until = self.periods.read(row, "until", report);
        if let (Some(time), Some(until)) = (time, until)
            && until <= time
        {
            report.push(row.error("until", text!("until-not-after", time)));
        }
        if let (Some(item), Some(place), Some(time)) = (item, place.flatten(), time) {
            self.history.items[item as usize]
                .adoptions
                .push(Adoption { place, time, until });
        }
    }

    /// Puts adoptions into order; those that are given twice are told.
    fn sorted(&mut self, shown: &str, report: &mut Report) {
        let mut twice = Vec::new();
        for item in &mut self.history.items {
            let mut places: Vec<u32> = item.adoptions.iter().map(|a| a.place).collect();
            places.extend(item.origin);
            places.sort_unstable();
            let same = places.windows(2).filter(|pair| pair[0] == pair[1]);
            let id = |place: u32| self.places.ids.name(place);
            twice.extend(same.map(|pair| format!("{} {}", id(pair[0]), item.id)));
            item.adoptions.sort_by_key(|adoption| adoption.time);
        }
        if !twice.is_empty() {
            let list = some_of(&twice, TOLD);
            let what = text!("adoptions-twice", n = twice.len(), list);
            report.push(Problem::error(shown, what));
        }
    }

    /// What was read, and how times are written.
    pub fn finish(self) -> (History, Periods) {
        (self.history, self.periods)
    }
}

/// The place that a cell names: one that can adopt.
fn place(places: &Places, row: &Row<'_>, column: &str, report: &mut Report) -> Option<u32> {
    let id = row.text(column);
    match places.find(id) {
        Found::Sure(at) => {
            let kind = places.list[at as usize].kind;
            if kind.adopts() {
                return Some(at);
            }
            let what = text!("gateway-adopts", kind = word(kind));
            report.push(row.error(column, what));
            None
        }
        Found::Unsure(at) => at,
        Found::Unknown => {
            let nearest = report.near(id, places.ids.names());
            let problem = row.error(column, text!("no-place"));
            report.push(problem.nearest(nearest));
            None
        }
    }
}

/// Reads the values of a covariate.
pub fn read_covariate(
    file: &mut TableFile,
    spec: &CovariateSpec,
    places: &Places,
    periods: &mut Periods,
    report: &mut Report,
) -> Covariate {
    let required = [spec.id.as_str()];
    let contract = Contract {
        required: &required,
        optional: &["place", "time"],
        // The columns of other covariates, and whatever else the table has.
        prefix: Some(""),
        ..Contract::default()
    };
    let shown = file.shown().clone();
    let mut values: Vec<(u32, i32, f64)> = Vec::new();
    let mut rows = InOrder(|row: &Row<'_>, report: &mut Report| {
        let by_place = row.has("place");
        let at = match by_place && row.needs("place", report) {
            true => place(places, row, "place", report),
            false => Some(0).filter(|_| !by_place),
        };
        let by_time = row.has("time");
        let time = match by_time && row.needs("time", report) {
            true => periods.read(row, "time", report),
            false => Some(0).filter(|_| !by_time),
        };
        let value = row.number(&spec.id, Range::new(-1e15, 1e15, "value"), report);
        if let (Some(at), Some(time), Some(value)) = (at, time, value) {
            values.push((at, time, value));
        }
    });
    let done = file.read(&contract, report, &mut rows);
    let has = |column| done.head.as_ref().is_some_and(|head| head.has(column));
    let by = [has("place"), has("time")];
    if done.head.is_some() && by == [false, false] {
        report.push(Problem::error(&*shown, text!("covariate-of-nothing")).line(1));
    }
    values.sort_by_key(|&(place, time, _)| (place, time));
    let same = |pair: &&[(u32, i32, f64)]| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1);
    let twice: Vec<String> = values
        .windows(2)
        .filter(same)
        .map(|pair| {
            let place = if by[0] {
                places.ids.name(pair[0].0)
            } else {
                ""
            };
            let time = if by[1] {
                pair[0].1.to_string()
            } else {
                String::new()
            };
            format!("{place} {time}").trim().to_owned()
        })
        .collect();
    if !twice.is_empty() {
        let list = some_of(&twice, TOLD);
        let what = text!("covariate-twice", n = twice.len(), list);
        report.push(Problem::error(&*shown, what));
    }
    Covariate {
        spec: spec.clone(),
        by,
        values,
    }
}
