//! CSV tables with a column contract: required and optional columns, unknown ones refused, every
//! cell read with its range, every problem with file, line, row and column.

use std::io::Read;
use std::sync::Arc;

use super::cells::{Head, Positions, Record, Row};
use super::files::TextFile;
use super::problem::{Problem, Report, shortened};
use super::records::Records;
use super::rows::{Blocks, Done, InOrder, Rows, Table};
use crate::texts::{Text, text};

/// Most columns of a table.
const MOST_COLUMNS: usize = 2000;

/// What columns a table may have. Columns `note…` and `source_…` are commentary and never read.
#[derive(Clone, Debug, Default)]
pub struct Contract<'a> {
    /// Columns that must be there; rows are known by the first.
    pub required: &'a [&'a str],
    /// Columns that may be there.
    pub optional: &'a [&'a str],
    /// More columns that may be there, made of the scenario's layers or domains.
    pub named: Option<&'a Columns>,
    /// How those begin.
    pub named_prefix: Option<&'a str>,
    /// A beginning with which any column may be there.
    pub prefix: Option<&'a str>,
}

/// Columns made of ids of the scenario, for example `mix_<domain>`.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Their names.
    pub names: Vec<String>,
    /// Whether all those ids are known; else any column of this beginning may be one.
    pub sure: bool,
}

/// Reads a table row by row. Rows with a wrong number of cells are reported; so is a header that
/// does not keep the contract, and the columns that do are read.
pub fn read(
    file: &mut TextFile,
    contract: &Contract<'_>,
    report: &mut Report,
    each: impl FnMut(&Row<'_>, &mut Report) + Send + Sync,
) -> Done {
    read_rows(file, contract, report, &mut InOrder(each))
}

/// Reads a table; rows that are right are taken in by several threads. What is told is the same, in the same order,
/// as if they were read one by one.
pub fn read_rows<T: Rows>(
    file: &mut TextFile,
    contract: &Contract<'_>,
    report: &mut Report,
    rows: &mut T,
) -> Done {
    let shown = file.shown.clone();
    rows_of(Records::new(file.reader()), &shown, contract, report, rows)
}

fn rows_of<R: Read + Send, T: Rows>(
    mut records: Records<R>,
    shown: &Arc<str>,
    contract: &Contract<'_>,
    report: &mut Report,
    rows: &mut T,
) -> Done {
    let Some(head) = head_of(&mut records, shown, contract, report) else {
        return Done::default();
    };
    let mut table = Table::new(head);
    // The first row is taken by itself: it may set up what the others need.
    let mut in_blocks = false;
    loop {
        if in_blocks
            && let Some(block) = records.block()
            && !table.blocks(block, &mut records, rows, report)
        {
            break;
        }
        let line = match records.next() {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(wrong) => {
                report.push(Problem::error(&**shown, wrong.what).line(wrong.line));
                table.whole &= wrong.read || !wrong.last;
                if !wrong.read {
                    table.lose(records.last.record());
                    if wrong.last {
                        break;
                    }
                    continue;
                }
                // Its names cannot be known.
                table.whole = false;
                wrong.line
            }
        };
        if !table.row(records.last.record(), line, rows, report) {
            break;
        }
        in_blocks = T::PARALLEL;
    }
    table.finish(report)
}

/// Finds the header. What is wrong with it is reported; nothing comes back where no row can be read.
fn head_of<R: Read>(
    records: &mut Records<R>,
    shown: &Arc<str>,
    contract: &Contract<'_>,
    report: &mut Report,
) -> Option<Head> {
    loop {
        let line = match records.next() {
            Ok(Some(line)) => line,
            Ok(None) => {
                let what = text!("table-empty", columns = contract.required.join(", "));
                report.push(Problem::error(&**shown, what));
                return None;
            }
            Err(wrong) => {
                report.push(Problem::error(&**shown, wrong.what).line(wrong.line));
                if !wrong.read {
                    if wrong.last {
                        return None;
                    }
                    continue;
                }
                wrong.line
            }
        };
        let owned =
            |record: Record<'_>| -> Vec<String> { record.cells().map(str::to_owned).collect() };
        let mut cells = owned(records.last.record());
        if line == 1 && is_separator_line(&cells) {
            report.push(Problem::error(&**shown, text!("separator-line")).line(line));
            continue;
        }
        if cells.iter().any(|cell| cell.trim().contains('\r')) {
            let what = text!("cr-alone");
            report.push(Problem::error(&**shown, what).line(line));
            return None;
        }
        let mut decimal_comma = false;
        if let Some((separator, what)) = other_separator(&cells) {
            report.push(
                Problem::error(&**shown, what)
                    .line(line)
                    .allowed(text!("cells-by-commas")),
            );
            let separator = u8::try_from(separator).ok().filter(u8::is_ascii)?;
            records.separate_by(separator);
            cells = owned(records.last.record());
            decimal_comma = separator == b';';
        }
        let head = header(shown, &cells, line, contract, report)?;
        return Some(Head {
            decimal_comma,
            ..head
        });
    }
}

/// Whether a row is the line by which Excel is told what separates cells: `sep=,`.
pub(crate) fn is_separator_line(cells: &[String]) -> bool {
    let [first, rest @ ..] = cells else {
        return false;
    };
    let sign = first.trim().trim_matches('"').to_ascii_lowercase();
    let sign = sign.strip_prefix("sep=").map(str::to_owned);
    sign.is_some_and(|sign| sign.chars().count() <= 1)
        && rest
            .iter()
            .all(|cell| cell.trim().trim_matches('"').is_empty())
}

/// Whether a column is the number of rows as pandas, R and spreadsheets write it.
pub(crate) fn is_index(name: &str, position: usize) -> bool {
    let numbered = |prefix: &str| {
        let rest = name.strip_prefix(prefix);
        rest.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    let word = ["", "index", "rownames", "row_names", "rowname", "x"];
    position == 0 && word.contains(&&*name.to_ascii_lowercase())
        || ["Unnamed: ", "...", "level_"].into_iter().any(numbered)
        || name.starts_with("Unnamed: ")
}

/// What separates the cells of a header that has no commas, in words.
pub(crate) fn other_separator(cells: &[String]) -> Option<(char, Text)> {
    let [text] = cells else {
        return None;
    };
    let found = [';', '\t', '|', '\u{ff0c}', '、', '\u{ff1b}'];
    let separator = found.into_iter().find(|c| text.contains(*c))?;
    let words = match separator {
        ';' => text!("cells-semicolons"),
        '\t' => text!("cells-tabs"),
        c if c.is_ascii() => format!("{c:?}").into(),
        c => text!("cells-full-width", c = format!("{:?}", c)),
    };
    Some((separator, text!("cells-by", words)))
}

/// Holds a header against the contract. Nothing when the first required column, by which rows are
/// known, is not there.
pub fn header(
    file: &Arc<str>,
    cells: &[String],
    line: u64,
    contract: &Contract<'_>,
    report: &mut Report,
) -> Option<Head> {
    let wrong = |what: Text| Problem::error(&**file, what).line(line);
    let mut columns = Positions::default();
    let mut names: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    let nameless = cells.len() - names.len();
    if names.len() > MOST_COLUMNS {
        report.push(
            wrong(text!("too-many-columns", n = names.len())).allowed(MOST_COLUMNS.to_string()),
        );
        return None;
    }
    let known: Vec<&str> = contract
        .required
        .iter()
        .chain(contract.optional)
        .copied()
        .chain(
            contract
                .named
                .iter()
                .flat_map(|c| &c.names)
                .map(String::as_str),
        )
        .collect();
    let open = contract.named.filter(|named| !named.sure);
    let open = open.and(contract.named_prefix);
    let mut meant: Vec<String> = Vec::new();
    let mut twice: Vec<String> = Vec::new();
    for (position, name) in names.iter().enumerate() {
        if name.starts_with("note") || name.starts_with("source_") {
            continue;
        }
        let begins = |prefix: Option<&str>| {
            prefix.is_some_and(|prefix| name.len() > prefix.len() && name.starts_with(prefix))
        };
        let allowed = known.contains(&name.as_str()) || begins(contract.prefix) || begins(open);
        if !allowed && is_index(name, position) {
            let what = text!("column-index", position = position + 1);
            let mut problem = wrong(what);
            problem.column = (!name.is_empty()).then(|| shortened(name));
            report.push(problem);
        } else if name.is_empty() {
            let what = text!("column-nameless", position = position + 1);
            report.push(wrong(what));
        } else if !allowed {
            let free = known
                .iter()
                .copied()
                .filter(|name| !names.iter().any(|cell| cell == *name));
            let nearest = report.near(name, free);
            meant.extend(nearest.clone());
            let what = text!("unknown-column");
            let mut problem = wrong(what.to_owned()).nearest(nearest);
            problem.column = Some(shortened(name));
            report.push(problem);
        } else if !columns.add(name, position) {
            let mut problem = wrong(text!("column-twice"));
            problem.column = Some(name.clone());
            report.push(problem);
            twice.push(name.clone());
        }
    }
    // Which of the two is meant is not known.
    let columns = columns.without(&twice);
    let lacks: Vec<&str> = contract
        .required
        .iter()
        .copied()
        .filter(|name| columns.position(name).is_none())
        .collect();
    meant.extend(twice);
    for name in lacks
        .iter()
        .filter(|name| !meant.iter().any(|m| m == *name))
    {
        let mut problem = wrong(text!("column-missing"));
        problem.column = Some((*name).to_owned());
        report.push(problem);
    }
    let missing = lacks.into_iter().map(str::to_owned);
    let missing = missing.chain(meant).collect();
    let first = contract.required.first();
    first
        .is_none_or(|first| columns.position(first).is_some())
        .then(|| Head {
            file: file.clone(),
            columns,
            names,
            missing,
            nameless,
            decimal_comma: false,
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scenario::cells::{At, Range};
    use crate::scenario::rows::Quick;

    /// Takes ids and numbers, by several threads or in order.
    #[derive(Default)]
    struct Pairs<const PARALLEL: bool>(Vec<(u64, u64, String, f64)>);

    struct PairCells;

    impl Quick for PairCells {
        type Item = (String, f64);

        fn item(&self, row: &Row<'_>, report: &mut Report) -> Option<Self::Item> {
            let value = row.number("value", Range::new(0.0, 9.0, "share"), report)?;
            Some((row.name("id", report)?, value))
        }
    }

    impl<const PARALLEL: bool> Rows for Pairs<PARALLEL> {
        type Item = (String, f64);
        type Quick = PairCells;
        const PARALLEL: bool = PARALLEL;

        fn quick(&self) -> PairCells {
            PairCells
        }

        fn take(&mut self, (id, value): Self::Item, at: At, _: &mut Report) {
            self.0.push((at.line, at.number, id, value));
        }

        fn row(&mut self, row: &Row<'_>, report: &mut Report) {
            row.needs("value", report);
            let value = row.number("value", Range::new(0.0, 9.0, "share"), report);
            if let (Some(id), Some(value)) = (row.name("id", report), value) {
                self.0.push((row.line, row.number, id, value));
            }
        }
    }

    type Read = (Vec<(u64, u64, String, f64)>, Vec<String>, bool);

    fn read<const PARALLEL: bool>(bytes: &[u8], (block, piece): (usize, usize)) -> Read {
        let contract = Contract {
            required: &["id", "value"],
            ..Contract::default()
        };
        let mut report = Report::default();
        let mut pairs = Pairs::<PARALLEL>::default();
        let records = Records::new(bytes).in_sizes(block, piece);
        let done = rows_of(records, &"t.csv".into(), &contract, &mut report, &mut pairs);
        let problems = report.finish();
        let mut told: Vec<String> = problems.problems.iter().map(Problem::to_string).collect();
        told.push(problems.left_out.to_string());
        (pairs.0, told, done.whole)
    }

    /// A part of a table: rows that are right and wrong, line ends, quotes over lines and such as are not closed.
    fn part() -> impl Strategy<Value = Vec<u8>> {
        let parts: [&[u8]; 22] = [
            b"a,1\n",
            b"bb,2.5\n",
            b"c,3\r\n",
            b"a,1\n",
            b"d,x\n",
            b"e,\n",
            b",4\n",
            b"f,99\n",
            b"g\n",
            b"h,1,2\n",
            b"\"i\",5\n",
            b"\"j,\"\"k\",6\r\n",
            b"\"l\nm\",7\n",
            b"n,\"8\n8\"\n",
            b"\n",
            b"\r\n",
            b",\n",
            b"id,value\n",
            b"NA,1\n",
            b"\xd5\xe3,1\n",
            b"\"",
            "浙江,2\n".as_bytes(),
        ];
        proptest::sample::select(parts.map(<[u8]>::to_vec).to_vec())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        /// Whatever stands in a table and wherever it is cut, several threads take the same rows from it as one that
        /// goes row by row, and tell the same problems in the same order.
        #[test]
        fn threads_read_what_one_reads(parts in prop::collection::vec(part(), 0..60), sizes in (1_usize..200, 1_usize..60)) {
            let bytes = [b"id,value\n".to_vec(), parts.concat()].concat();
            let in_order = read::<false>(&bytes, (1, 1));
            prop_assert_eq!(&read::<true>(&bytes, sizes), &in_order);
            prop_assert_eq!(&read::<true>(&bytes, (1 << 20, 1 << 10)), &in_order);
        }
    }

    /// The comparison has something to compare: rows, problems of both kinds, and more of them than are kept.
    #[test]
    fn a_flood_of_problems_is_told_the_same() {
        let text = "id,value\n".to_owned() + &"a,1\nb,x\n\"c\nd\",2\ne\n".repeat(500);
        let in_order = read::<false>(text.as_bytes(), (1, 1));
        assert_eq!(
            (in_order.0.len(), in_order.1.len(), &*in_order.1[100]),
            (1000, 101, "1400")
        );
        assert_eq!((in_order.0[1].0, in_order.0[2].0), (4, 7));
        assert_eq!(read::<true>(text.as_bytes(), (1000, 100)), in_order);
    }

    /// A table of texts in the place of ids: a hundred are told, and the rest is not read.
    #[test]
    fn cells_without_end_are_not_all_read() {
        let row = format!("{},1\n", "x".repeat(5000));
        let text = "id,value\na,1\n".to_owned() + &row.repeat(150) + "b,2\n";
        let (rows, told, whole) = read::<true>(text.as_bytes(), (1 << 20, 1 << 16));
        assert_eq!((rows.len(), told.len(), whole), (1, 101, false));
        assert!(
            told[0].contains("row 2, column `id`") && told[0].contains("5000 bytes"),
            "{}",
            told[0]
        );
    }
}
