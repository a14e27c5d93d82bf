//! The indices of a design's kind, for one question.

use crate::draw::id_hash;
use crate::paired::DrawName;
use crate::sensitivity::{
    Bar, Interactions, LuckShare, Morris, Regression, Saltelli, Scale, ShapeError, Sobol,
    elementary_effects, interactions, luck_share, morris, regression, sobol, tornado,
};
use crate::store::{Column, Sweep, TableData};

use super::{Answers, Asked, Swept};

/// Parameters whose pairs are looked at for interactions.
const STRONGEST: usize = 6;

/// A column of a regression: a parameter, or one level of a parameter that is a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Position of the parameter.
    pub parameter: usize,
    /// The level, against the first one.
    pub level: Option<String>,
}

/// What a design says about one question.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The question.
    pub asked: Asked,
    /// Sobol indices (`saltelli`).
    pub sobol: Option<Sobol>,
    /// Elementary effects by parameter (`morris`).
    pub morris: Vec<Morris>,
    /// Regression on all terms (designs of independent points; of `saltelli` the rows of A and B).
    pub regression: Option<Regression>,
    /// Pairs of terms that do more together.
    pub interactions: Option<Interactions>,
    /// Outcome at the low and the high end of each parameter.
    pub tornado: Vec<Bar>,
    /// How much of the variance between points is luck.
    pub luck: LuckShare,
}

/// The design of a sweep as the indices need it.
pub struct Design {
    rows: usize,
    parameters: usize,
    /// The point of each row.
    point: Vec<usize>,
    block: Vec<Option<i64>>,
    role: Vec<Option<String>>,
    /// The parameter that a row took from the other matrix, or moved.
    moved: Vec<Option<usize>>,
    direction: Vec<f64>,
    /// Values as numbers; of texts the number of the level in order of first appearance.
    values: Vec<Vec<f64>>,
    /// Levels of parameters that are texts.
    levels: Vec<Vec<String>>,
    /// Size of a Morris step; NaN in another design.
    step: f64,
    morris: bool,
    saltelli: bool,
}

impl Design {
    /// From the table of points.
    pub fn new(sweep: &Sweep, points: &TableData, point_of: Vec<usize>) -> Self {
        let rows = points.rows();
        let column = |at: usize| &points.columns[at];
        let text = |at: usize| {
            (0..rows)
                .map(|row| column(at).text_at(row).map(str::to_owned))
                .collect::<Vec<_>>()
        };
        let int = |at: usize| match column(at) {
            Column::Int(values) => values.clone(),
            _ => vec![None; rows],
        };
        let key = |name: Option<String>| {
            let name = name?;
            sweep.parameters.iter().position(|p| p.key == name)
        };
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        for at in 0..sweep.parameters.len() {
            let mut known: Vec<String> = Vec::new();
            values.push(match column(6 + at) {
                Column::Float(numbers) => numbers.clone(),
                texts => (0..rows)
                    .map(|row| {
                        let level = texts.text_at(row).unwrap_or_default();
                        let found = known.iter().position(|known| known == level);
                        found.unwrap_or_else(|| {
                            known.push(level.to_owned());
                            known.len() - 1
                        }) as f64
                    })
                    .collect(),
            });
            levels.push(known);
        }
        let steps = sweep.morris_levels.map_or(f64::NAN, f64::from);
        Self {
            rows,
            parameters: sweep.parameters.len(),
            point: point_of,
            block: int(2),
            role: text(3),
            moved: text(4).into_iter().map(key).collect(),
            direction: int(5).into_iter().map(|d| d.unwrap_or(0) as f64).collect(),
            values,
            levels,
            step: steps / (2.0 * (steps - 1.0)),
            morris: sweep.design == "morris",
            saltelli: sweep.design == "saltelli",
        }
    }

    /// The terms of a regression.
    pub fn terms(&self) -> Vec<Term> {
        let mut list = Vec::new();
        for (parameter, levels) in self.levels.iter().enumerate() {
            if levels.is_empty() {
                list.push(Term {
                    parameter,
                    level: None,
                });
            }
            for level in levels.iter().skip(1) {
                let level = Some(level.clone());
                list.push(Term { parameter, level });
            }
        }
        list
    }

    /// The level of a text parameter.
    pub fn level(&self, parameter: usize, value: f64) -> Option<&str> {
        self.levels[parameter]
            .get(value as usize)
            .map(String::as_str)
    }

    /// Whether a parameter is a text.
    pub fn is_text(&self, parameter: usize) -> bool {
        !self.levels[parameter].is_empty()
    }

    /// Rows that are independent draws: all, of a Saltelli design those of A and B.
    fn independent(&self) -> Vec<usize> {
        let wanted =
            |row: &usize| !self.saltelli || matches!(self.role[*row].as_deref(), Some("A" | "B"));
        (0..self.rows).filter(wanted).collect()
    }

    fn term_columns(&self, rows: &[usize]) -> Vec<Vec<f64>> {
        self.terms()
            .iter()
            .map(|term| {
                let values = &self.values[term.parameter];
                let of = |&row: &usize| match &term.level {
                    None => values[row],
                    Some(level) => f64::from(u8::from(
                        self.level(term.parameter, values[row]) == Some(level),
                    )),
                };
                rows.iter().map(of).collect()
            })
            .collect()
    }

    fn sobol(&self, y: &[f64], name: DrawName) -> Result<Sobol, ShapeError> {
        let blocks = self
            .block
            .iter()
            .flatten()
            .max()
            .map_or(0, |last| *last as usize + 1);
        let empty = || vec![f64::NAN; blocks];
        let (mut a, mut b) = (empty(), empty());
        let mut ab = vec![empty(); self.parameters];
        let mut ba = vec![empty(); self.parameters];
        let mut second = false;
        for (row, value) in y.iter().copied().enumerate() {
            let Some(block) = self.block[row].and_then(|block| usize::try_from(block).ok()) else {
                continue;
            };
            let moved = self.moved[row].unwrap_or(0);
            match self.role[row].as_deref() {
                Some("A") => a[block] = y[row],
                Some("B") => b[block] = y[row],
                Some("AB") => ab[moved][block] = y[row],
                Some("BA") => {
                    second = true;
                    ba[moved][block] = value;
                }
                _ => {}
            }
        }
        let ba: &[Vec<f64>] = if second { &ba } else { &[] };
        sobol(
            Saltelli {
                a: &a,
                b: &b,
                ab: &ab,
                ba,
            },
            name,
        )
    }

    fn morris(&self, y: &[f64], name: DrawName) -> Result<Vec<Morris>, ShapeError> {
        // Only the steps count: each trajectory is drawn from 0.
        let mut unit = vec![0.0; self.rows * self.parameters];
        for row in 1..self.rows {
            if let Some(moved) = self.moved[row] {
                let (before, after) = unit.split_at_mut(row * self.parameters);
                let before = &before[(row - 1) * self.parameters..];
                after[..self.parameters].copy_from_slice(before);
                after[moved] += self.step * self.direction[row];
            }
        }
        Ok(morris(
            &elementary_effects(&unit, y, self.parameters)?,
            name,
        ))
    }
}

/// Works a question out.
///
/// # Errors
/// A design whose rows are not what its kind has; a table of points that this program did not write.
pub fn analyse(
    swept: Swept<'_>,
    design: &Design,
    answers: &Answers,
    asked: Asked,
) -> Result<Analysis, ShapeError> {
    let by_replicate = answers.by_replicate(asked);
    let means = answers.means(&by_replicate);
    let y: Vec<f64> = design.point.iter().map(|point| means[*point]).collect();
    let slot = answers.slot(asked);
    let what = format!(
        "{} {} {} {:?}",
        slot.outcome,
        slot.group_kind,
        slot.group.as_deref().unwrap_or_default(),
        slot.horizon
    );
    let layouts = swept.layouts;
    let who = format!(
        "sweep {} {}",
        layouts[asked.layout],
        asked.versus.map_or("", |versus| &layouts[versus])
    );
    let name = DrawName::new(swept.seed, id_hash(&who), id_hash(&what));
    let mut analysis = Analysis {
        asked,
        sobol: None,
        morris: Vec::new(),
        regression: None,
        interactions: None,
        tornado: Vec::new(),
        luck: luck_share(&by_replicate, answers.replicates())?,
    };
    let rows = design.independent();
    let at_rows: Vec<f64> = rows.iter().map(|row| y[*row]).collect();
    if design.morris {
        analysis.morris = design.morris(&y, name)?;
    } else {
        let columns = design.term_columns(&rows);
        analysis.regression = Some(regression(&columns, &at_rows)?);
        if design.saltelli {
            analysis.sobol = Some(design.sobol(&y, name)?);
        }
        if analysis
            .sobol
            .as_ref()
            .is_none_or(|sobol| sobol.pairs.is_empty())
        {
            analysis.interactions = Some(interactions(&columns, &at_rows, STRONGEST)?);
        }
    }
    let columns: Vec<(Scale, Vec<f64>)> = (0..design.parameters)
        .map(|at| {
            let scale = if design.levels[at].is_empty() {
                Scale::Ordered
            } else {
                Scale::Categories
            };
            (
                scale,
                rows.iter().map(|row| design.values[at][*row]).collect(),
            )
        })
        .collect();
    analysis.tornado = tornado(&columns, &at_rows)?;
    Ok(analysis)
}
