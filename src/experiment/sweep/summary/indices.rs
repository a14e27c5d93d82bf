//! The indices of a design's kind, for one question.

mod over;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::design::{Kind, Part, Role};
use crate::draw::id_hash;
use crate::measure::OUTCOMES;
use crate::measure::catalogue::position;
use crate::paired::{Difference, DrawName, Met};
use crate::sensitivity::{
    Bar, Interactions, LuckShare, Morris, Regression, Saltelli, Scale, ShapeError, Sobol,
    elementary_effects, interactions, luck_share, morris, regression, sobol, tornado,
};
use crate::store::{Cell, DesignRow, Sweep};

use super::{Answers, Asked, Shape, Swept, Verdict};

pub use over::{Over, relate};

/// Parameters whose pairs are looked at for interactions.
const STRONGEST: usize = 6;

/// A column of a regression: a parameter, or one level of a parameter that is a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Key of the parameter; of a level `KEY=LEVEL`.
    pub name: String,
    /// Position of the parameter.
    pub parameter: usize,
    /// The level, against the first one.
    pub level: Option<String>,
}

/// What a design says about one question.
#[derive(Clone, Debug, Serialize)]
pub struct Analysis {
    /// The question.
    #[serde(skip)]
    pub asked: Asked,
    /// Whether it has an answer.
    pub verdict: Verdict,
    /// The mean over replicates at each point, NaN where a run is missing: of the country at the end; of all else empty.
    #[serde(skip)]
    pub means: Vec<f64>,
    /// What a layout changes at each point by luck alone: of a single point, or a grid over one parameter; of all else
    /// empty.
    #[serde(skip)]
    pub at_points: Vec<Option<Difference>>,
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
    /// How much of the variance between points is Monte Carlo noise.
    pub luck: LuckShare,
    /// What holds over the distributions of the parameters (designs whose points are draws of them).
    pub over: Option<Over>,
}

/// The design of a sweep as the indices need it.
#[derive(Clone, Debug)]
pub struct Design {
    /// Keys of the parameters.
    keys: Vec<String>,
    /// The point of each row, in order of first appearance.
    point: Vec<usize>,
    role: Vec<Role>,
    /// Values as numbers; of texts the number of the level in order of first appearance.
    values: Vec<Vec<f64>>,
    /// Levels of parameters that are texts.
    levels: Vec<Vec<String>>,
    /// Size of a Morris step; NaN in another design.
    step: f64,
    kind: Kind,
}

impl Design {
    /// From the rows of the design.
    pub fn new(sweep: &Sweep, rows: &[DesignRow]) -> Self {
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        let mut point = Vec::with_capacity(rows.len());
        for row in rows {
            let next = known.len();
            point.push(*known.entry(&row.point).or_insert(next));
        }
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        for at in 0..sweep.parameters.len() {
            let mut known: Vec<String> = Vec::new();
            let mut number = |row: &DesignRow| match row.values.get(at) {
                Some(Cell::Number(number)) => *number,
                Some(Cell::Text(level)) => {
                    let found = known.iter().position(|known| known == level);
                    found.unwrap_or_else(|| {
                        known.push(level.clone());
                        known.len() - 1
                    }) as f64
                }
                None => f64::NAN,
            };
            values.push(rows.iter().map(&mut number).collect());
            levels.push(known);
        }
        let step = match sweep.design {
            Kind::Morris { levels, .. } => {
                let levels = f64::from(levels);
                levels / (2.0 * (levels - 1.0))
            }
            _ => f64::NAN,
        };
        Self {
            keys: sweep.parameters.iter().map(|p| p.key.clone()).collect(),
            point,
            role: rows.iter().map(|row| row.role).collect(),
            values,
            levels,
            step,
            kind: sweep.design.clone(),
        }
    }

    /// The terms of a regression.
    pub fn terms(&self) -> Vec<Term> {
        let mut list = Vec::new();
        for (parameter, levels) in self.levels.iter().enumerate() {
            if levels.is_empty() {
                list.push(Term {
                    name: self.keys[parameter].clone(),
                    parameter,
                    level: None,
                });
            }
            for level in levels.iter().skip(1) {
                list.push(Term {
                    name: format!("{}={level}", self.keys[parameter]),
                    parameter,
                    level: Some(level.clone()),
                });
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

    /// The value of a parameter at each point; `None` of a parameter that is a text.
    pub fn numbers(&self, parameter: usize) -> Option<Vec<f64>> {
        let mut list = Vec::new();
        for (point, value) in self.point.iter().zip(&self.values[parameter]) {
            // Points are numbered in order of first appearance.
            if *point == list.len() {
                list.push(*value);
            }
        }
        (!self.is_text(parameter)).then_some(list)
    }

    /// Whether a parameter is a text.
    pub fn is_text(&self, parameter: usize) -> bool {
        !self.levels[parameter].is_empty()
    }

    /// Rows that are independent draws: all, of a Saltelli design those of A and B.
    fn independent(&self) -> Vec<usize> {
        let wanted = |row: &usize| match self.role[*row] {
            Role::Saltelli { part, .. } => matches!(part, Part::A | Part::B),
            Role::Plain | Role::Morris { .. } => true,
        };
        (0..self.role.len()).filter(wanted).collect()
    }

    /// The values of the rows that are draws of the parameters, from those of each point; none of a design whose
    /// points are chosen.
    pub fn at_draws(&self, shape: &Shape, by_replicate: &[f64]) -> Option<Met> {
        let rows = self.independent();
        let sample = self.kind.is_sample();
        let met = |row: &usize| shape.met(by_replicate, self.point[*row]);
        sample.then(|| Met::of(rows.len(), rows.iter().map(met)))
    }

    /// A number for each row that is a draw, the same of rows with the same values.
    pub fn alike(&self) -> Vec<usize> {
        let mut known: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let rows = self.independent().into_iter();
        let number = |row: usize| {
            let values = self.values.iter().map(|of| of[row].to_bits()).collect();
            let next = known.len();
            *known.entry(values).or_insert(next)
        };
        rows.map(number).collect()
    }

    /// The values of each parameter at the rows that are draws; NaN of a parameter that is a text.
    fn columns_at_draws(&self) -> Vec<Vec<f64>> {
        let rows = self.independent();
        let of = |at: usize| match self.is_text(at) {
            true => vec![f64::NAN; rows.len()],
            false => rows.iter().map(|row| self.values[at][*row]).collect(),
        };
        (0..self.keys.len()).map(of).collect()
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

    /// Whether a parameter was moved alone, and not one outcome moved with it: what it seems to do is done by others.
    fn is_inert(&self, parameter: usize, y: &[f64]) -> bool {
        let mut first: BTreeMap<(u32, bool), f64> = BTreeMap::new();
        let mut pairs: Vec<(f64, f64)> = Vec::new();
        for (row, (role, value)) in self.role.iter().zip(y).enumerate() {
            match *role {
                Role::Saltelli { block, part } => match part {
                    Part::A => drop(first.insert((block, false), *value)),
                    Part::B => drop(first.insert((block, true), *value)),
                    Part::Ab(moved) | Part::Ba(moved) if moved == parameter => {
                        let from = (block, matches!(part, Part::Ba(_)));
                        pairs.extend(first.get(&from).map(|before| (*before, *value)));
                    }
                    Part::Ab(_) | Part::Ba(_) => {}
                },
                Role::Morris { moved, .. } if moved == Some(parameter) && row > 0 => {
                    pairs.push((y[row - 1], *value));
                }
                Role::Morris { .. } | Role::Plain => {}
            }
        }
        pairs.retain(|(before, after)| before.is_finite() && after.is_finite());
        let still = |pair: &(f64, f64)| pair.0.to_bits() == pair.1.to_bits();
        pairs.len() > 1 && pairs.iter().all(still)
    }

    fn sobol(&self, y: &[f64], name: DrawName) -> Result<Sobol, ShapeError> {
        let parts = self.role.iter().zip(y).filter_map(|(role, y)| match role {
            Role::Saltelli { block, part } => Some((*block as usize, *part, *y)),
            Role::Plain | Role::Morris { .. } => None,
        });
        let blocks = parts.clone().map(|(block, ..)| block + 1).max();
        let empty = || vec![f64::NAN; blocks.unwrap_or(0)];
        let (mut a, mut b) = (empty(), empty());
        let mut ab = vec![empty(); self.keys.len()];
        let mut ba = ab.clone();
        let mut second = false;
        for (block, part, y) in parts {
            match part {
                Part::A => a[block] = y,
                Part::B => b[block] = y,
                Part::Ab(moved) => ab[moved][block] = y,
                Part::Ba(moved) => {
                    second = true;
                    ba[moved][block] = y;
                }
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
        // Only the steps count: each trajectory is drawn from 0. Of trajectories over the same points one counts:
        // the others have the same effects, and are no more to know.
        let parameters = self.keys.len();
        let length = parameters + 1;
        let mut seen = BTreeSet::new();
        let (mut role, mut of_rows) = (Vec::new(), Vec::new());
        let trajectories = self.point.chunks(length).zip(self.role.chunks(length));
        for ((points, roles), y) in trajectories.zip(y.chunks(length)) {
            if seen.insert(points.iter().copied().collect::<BTreeSet<usize>>()) {
                role.extend_from_slice(roles);
                of_rows.extend_from_slice(y);
            }
        }
        let mut unit = vec![0.0; role.len() * parameters];
        for (row, role) in role.iter().enumerate().skip(1) {
            if let Role::Morris {
                moved: Some(moved),
                up,
                ..
            } = role
            {
                let (before, after) = unit.split_at_mut(row * parameters);
                let before = &before[(row - 1) * parameters..];
                after[..parameters].copy_from_slice(before);
                after[*moved] += if *up { self.step } else { -self.step };
            }
        }
        Ok(morris(
            &elementary_effects(&unit, &of_rows, parameters)?,
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
    let shape = &answers.shape;
    let means = shape.means(&by_replicate);
    let point_by_point = shape.points() == 1 || swept.is_over_one();
    let points = 0..match point_by_point && asked.versus.is_some() {
        true => shape.points(),
        false => 0,
    };
    let y: Vec<f64> = design.point.iter().map(|point| means[*point]).collect();
    let slot = swept.slot(asked);
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
    let outcome = position(&slot.outcome).map(|at| &OUTCOMES[at]);
    let may_be_negative = asked.versus.is_some() || outcome.is_none_or(|of| of.signed);
    let mut analysis = Analysis {
        asked,
        verdict: Verdict::Estimated,
        means: Vec::new(),
        at_points: points.map(|at| answers.difference(asked, at)).collect(),
        sobol: None,
        morris: Vec::new(),
        regression: None,
        interactions: None,
        tornado: Vec::new(),
        luck: luck_share(&by_replicate, shape.replicates())?,
        // Of a draw that meets luck of its own alone, neither is known without the other.
        over: match swept.sweep.own_replicates {
            true => None,
            false => Over::of(design, shape, &by_replicate, may_be_negative),
        },
    };
    let rows = design.independent();
    let at_rows: Vec<f64> = rows.iter().map(|row| y[*row]).collect();
    if matches!(design.kind, Kind::Morris { .. }) {
        analysis.morris = design.morris(&y, name)?;
    } else {
        let columns = design.term_columns(&rows);
        analysis.regression = Some(regression(&columns, &at_rows)?);
        if matches!(design.kind, Kind::Saltelli { .. }) {
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
    let columns: Vec<(Scale, Vec<f64>)> = (0..design.keys.len())
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
    for bar in &mut analysis.tornado {
        if design.is_inert(bar.parameter, &y) {
            bar.does_nothing();
        }
    }
    let size = |bar: &Bar| bar.swing.map_or(-1.0, |swing| swing.value.abs());
    analysis.tornado.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let found = (
        analysis.sobol.as_ref(),
        analysis.regression.as_ref(),
        &analysis.morris[..],
    );
    analysis.verdict = Verdict::of(&means, design.terms().len(), found);
    if swept.at_the_end().contains(&asked.slot) {
        analysis.means = means;
    }
    Ok(analysis)
}
