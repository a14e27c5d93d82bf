//! What each figure shows, in a sentence: the title above it. It is taken from the numbers that the figure brings with
//! it, so it cannot say what they do not. A figure that has no sentence keeps its topic as the title.

mod comparison;
mod run;
mod sweep;

use std::collections::{BTreeMap, BTreeSet};

use super::figures::{Csv, Figure, Names};
use crate::scenario::Scenario;
use crate::scenario::tables::Kind;

/// Sentences by the id of their figure.
pub type Findings = BTreeMap<String, String>;

/// What sentences need besides the numbers of their figure.
pub struct About<'a> {
    /// Names and language.
    pub names: &'a Names,
    /// Name of the baseline of a comparison.
    pub baseline: &'a str,
    /// The outcome that was named in advance.
    pub primary: Option<&'a str>,
    /// Regions; none where the scenario is not at hand.
    pub regions: BTreeSet<&'a str>,
}

impl<'a> About<'a> {
    /// Of a run, or a sweep.
    pub fn new(names: &'a Names, scenario: Option<&'a Scenario>) -> Self {
        let places = scenario.iter().flat_map(|scenario| &scenario.places);
        let regions = places.filter(|place| place.kind == Kind::Region);
        Self {
            names,
            baseline: "",
            primary: None,
            regions: regions.map(|place| place.id.as_str()).collect(),
        }
    }
}

/// The sentences of some figures.
pub fn findings(figures: &[Figure], about: &About<'_>) -> Findings {
    let drawn = figures.iter().filter(|figure| figure.chart.is_ok());
    let told = drawn.filter_map(|figure| {
        let sheet = Sheet(&figure.data);
        let told = match about.baseline.is_empty() {
            true => run::finding(&figure.id, &sheet, about),
            false => comparison::finding(&figure.id, &sheet, about),
        };
        let told = told.or_else(|| sweep::finding(&figure.id, &sheet, about.names.lang));
        Some((figure.id.clone(), told?))
    });
    told.collect()
}

/// The numbers of a figure.
struct Sheet<'a>(&'a Csv);

/// A row of them.
#[derive(Clone, Copy)]
struct Line<'a>(&'a [String], &'a Csv);

impl<'a> Sheet<'a> {
    fn lines(&self) -> impl Iterator<Item = Line<'a>> + Clone + use<'a> {
        let csv = self.0;
        csv.rows.iter().map(move |row| Line(row, csv))
    }

    /// The rows in which a column holds a text.
    fn of(&self, column: &str, text: &str) -> Vec<Line<'a>> {
        self.lines()
            .filter(|line| line.text(column) == text)
            .collect()
    }

    /// The rows of the latest month (or year) of all.
    fn last(&self, time: &str) -> (&'a str, Vec<Line<'a>>) {
        let last = self.lines().map(|line| line.text(time)).max();
        let last = last.unwrap_or_default();
        (last, self.of(time, last))
    }
}

impl<'a> Line<'a> {
    /// The text in a column; empty where there is none.
    fn text(&self, column: &str) -> &'a str {
        let at = self.1.columns.iter().position(|known| known == column);
        at.and_then(|at| self.0.get(at)).map_or("", String::as_str)
    }

    /// The number in a column, where there is one.
    fn number(&self, column: &str) -> Option<f64> {
        self.text(column).parse().ok()
    }
}

/// A word at the head of a sentence.
fn headed(word: &str) -> String {
    let mut rest = word.chars();
    let first = rest.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(rest).collect()
}

/// The row with the most of something; of several the first.
fn most<'a>(
    lines: impl IntoIterator<Item = Line<'a>>,
    of: impl Fn(&Line<'a>) -> Option<f64>,
) -> Option<(Line<'a>, f64)> {
    let mut best: Option<(Line<'a>, f64)> = None;
    for line in lines {
        if let Some(value) = of(&line)
            && best.is_none_or(|(_, most)| value > most)
        {
            best = Some((line, value));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Lang;

    fn csv(text: &str) -> Csv {
        let mut lines = text
            .split(';')
            .map(|line| line.split(',').map(|cell| cell.trim().to_owned()));
        Csv {
            columns: lines.next().into_iter().flatten().collect(),
            rows: lines.map(Iterator::collect).collect(),
        }
    }

    fn told(id: &str, text: &str, baseline: &str) -> [String; 2] {
        [Lang::En, Lang::Zh].map(|lang| {
            let names = Names::new(lang, []);
            let about = About {
                baseline,
                ..About::new(&names, None)
            };
            let figure = Figure {
                id: id.to_owned(),
                title: String::new(),
                caption: String::new(),
                chart: Ok(crate::report::chart::Chart {
                    legend: Vec::new(),
                    panels: Vec::new(),
                }),
                data: csv(text),
            };
            let told = findings(&[figure], &about).remove(id);
            told.unwrap_or_default().replace('\u{a0}', " ")
        })
    }

    const EFFECTS: &str =
        "layout,outcome,group_kind,group,horizon,percent,percent_low,percent_high";

    #[test]
    fn effects_are_told_by_size_and_what_is_not_sure_as_such() {
        let rows = "; a,mean_stock,national,,2030-01,9,8,10; a,mean_stock,national,,2035-12,-7.73,-8.0,-7.4;\
            b,mean_stock,national,,2035-12,15.61,14.8,16.4; c,mean_stock,national,,2035-12,0.3,-0.2,0.8;\
            b,theil,national,,2035-12,99,98,100";
        let [en, zh] = told("forest", &format!("{EFFECTS}{rows}"), "base");
        assert_eq!(
            en,
            "Mean stock: +15.6 % with b, +0.30 % with c (not sure), −7.73 % with a"
        );
        assert_eq!(
            zh,
            "平均存量：b 为 +15.6 %，c 为 +0.30 %（不能确定），a 为 −7.73 %"
        );
    }

    #[test]
    fn provinces_name_who_gains_most_and_least() {
        let rows = "; a,mean_stock,province,P,2035-12,1,0,2; b,mean_stock,province,P,2035-12,43.2,40,46;\
            b,mean_stock,province,Q,2035-12,1.5,1,2; a,mean_stock,province,Q,2035-12,-3,-4,-2";
        let [en, zh] = told("provinces", &format!("{EFFECTS}{rows}"), "base");
        assert_eq!(en, "b changes P most (+43.2 %) and Q least (+1.50 %)");
        assert_eq!(zh, "b 对 P 的影响最大 (+43.2 %)，对 Q 最小 (+1.50 %)");
    }

    #[test]
    fn runs_tell_what_stands_at_the_end() {
        let text = "month,measure,mean; 2013-09,mean_stock,0; 2020-01,mean_stock,240; 2021-01,mean_stock,260;\
            2035-12,mean_stock,506";
        let [en, zh] = told("growth", text, "");
        assert_eq!(
            en,
            "Mean stock grows to 506 by 2035-12; half of that is there in 2021-01"
        );
        assert_eq!(zh, "平均存量到 2035-12 升至 506；2021-01 达到其一半");
        let text =
            "mechanism,share_mean; national,0.412; axis,0.1; alliance_x,0.02; alliance_y,0.012";
        let [en, _] = told("credit-shares", text, "");
        assert!(en.contains("41 %") && en.contains("3.2 %"), "{en}");
        let text = "source_province,target_province,adoptions; A,A,900; A,B,30; B,A,41";
        let [en, _] = told("spillovers", text, "");
        assert_eq!(
            en,
            "The largest flow between provinces goes from B to A: 41 adoptions"
        );
        let text = "month,simulated_low,simulated_high,observed,cumulative_mean; 2014-12,30,37,34,34;\
            2016-11,34,45,19,70; 2018-05,13,20,,80.4";
        let [en, _] = told("batches", text, "");
        assert_eq!(
            en,
            "1 of 2 observed batches lie in the model's band; 80 innovations are replicated by 2018-05"
        );
    }

    #[test]
    fn a_figure_without_numbers_keeps_its_topic() {
        for id in ["forest", "map", "growth", "tornado", "pareto", "unknown"] {
            assert_eq!(told(id, "layout,month", "base"), ["", ""]);
            assert_eq!(told(id, "layout,month", ""), ["", ""]);
        }
    }
}
