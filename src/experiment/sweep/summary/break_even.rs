//! Where one parameter turns an effect: what would have to be true for the answer to be the other way round.
//!
//! Of a grid over one parameter, all others as they are. At each of its values the effect has a luck interval; between
//! two values both ends are taken to be linear. The break-even set holds the values at which the interval holds 0.

use crate::design::Kind;
use crate::experiment::request::{Compare, Over, Request};
use crate::experiment::sweep::break_even::is_whole;
use crate::store::{Folder, Manifest, StoreError, folders};

use super::{Asked, Summary, Swept};

/// The folder, in that of a comparison over draws, of its looks for break-even values, each in a folder that is called
/// by its parameter.
pub const LOOKS: &str = "break-even";

/// An effect at a value of the parameter: the value, the effect, the ends of its luck interval.
type AtValue = (f64, f64, [f64; 2]);

/// Where an effect is not told from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakEven {
    /// The question.
    pub asked: Asked,
    /// Key of the parameter.
    pub parameter: String,
    /// Whether it takes whole numbers only.
    pub whole: bool,
    /// How many values were looked at, and in how many replicates.
    pub looked: [usize; 2],
    /// The effect at the lowest and at the highest value.
    pub ends: [f64; 2],
    /// The pieces of the break-even set, ascending; empty where the effect has a known sign over the whole range.
    pub pieces: Vec<[f64; 2]>,
    /// The parts of the range between them, and whether the effect is above 0 there.
    pub told: Vec<([f64; 2], bool)>,
    /// The parameter's lowest and highest value.
    pub range: [f64; 2],
    /// Share of draws at which the effect has the other sign than its mean over draws; none where parameters were not
    /// drawn.
    pub other_sign: Option<f64>,
}

impl Swept<'_> {
    /// Whether it is of a grid over one parameter, with something to compare.
    pub(super) fn is_over_one(&self) -> bool {
        let grid = matches!(self.sweep.design, Kind::Grid {});
        grid && self.sweep.parameters.len() == 1 && self.policies() > 1
    }
}

impl<'a> Summary<'a> {
    /// What a layout changes about a slot at each value of the only parameter, ascending; nothing of another design, or of
    /// a parameter that is a text.
    fn at_values(&self, asked: Asked) -> Vec<AtValue> {
        let values = self.swept.is_over_one().then(|| self.design.numbers(0));
        let values = values.flatten().unwrap_or_default().into_iter();
        let at_points = self.analysis(asked).map_or(&[][..], |of| &of.at_points);
        let mut list: Vec<AtValue> = values
            .zip(at_points)
            .filter_map(|(value, of)| {
                let of = of.as_ref()?;
                let ends = of.low.zip(of.high).map_or([of.mean; 2], Into::into);
                Some((value, of.mean, ends))
            })
            .collect();
        list.sort_by(|a, b| a.0.total_cmp(&b.0));
        list
    }

    /// The break-even sets of all slots: of a grid over one parameter its own, of a comparison over draws those of the
    /// looks in its folder.
    ///
    /// # Errors
    /// Those of reading such a look.
    pub(super) fn find_break_even(&self, folder: &Folder) -> Result<Vec<BreakEven>, StoreError> {
        let slots = 0..self.swept.sweep.slots.len();
        let own: Vec<BreakEven> = slots.flat_map(|slot| self.own_break_even(slot)).collect();
        let mut all = own;
        for dir in folders(&folder.dir().join(LOOKS))? {
            let look = Folder::open(&dir)?;
            if !is_look(look.manifest(), folder.manifest()) {
                continue;
            }
            let found = match Summary::of(&look) {
                Ok(found) => found,
                // It was cut short.
                Err(StoreError::NotMade { .. }) => continue,
                Err(error) => return Err(error),
            };
            let theirs = found.turns.iter().filter_map(|turn| {
                let asked = self.same(found.swept, turn.asked)?;
                Some(BreakEven {
                    asked,
                    other_sign: self.analysis(asked)?.over.as_ref()?.turned,
                    ..turn.clone()
                })
            });
            all.extend(theirs);
        }
        Ok(all)
    }

    /// A question of another sweep, asked here.
    fn same(&self, of: Swept<'_>, asked: Asked) -> Option<Asked> {
        let layout = |at: usize| {
            let mut layouts = self.swept.layouts.iter();
            layouts.position(|name| *name == of.layouts[at])
        };
        let slot = of.slot(asked);
        Some(Asked {
            layout: layout(asked.layout)?,
            versus: Some(layout(asked.versus?)?),
            slot: self.swept.sweep.slots.iter().position(|own| own == slot)?,
        })
    }

    /// The break-even sets of a slot, parameter by parameter, layout by layout.
    pub fn break_even(&self, slot: usize) -> impl Iterator<Item = &BreakEven> {
        self.turns
            .iter()
            .filter(move |turn| turn.asked.slot == slot)
    }

    fn own_break_even(&self, slot: usize) -> Vec<BreakEven> {
        let parameter = self.parameters().next().unwrap_or_default();
        let whole = is_whole(parameter);
        let layouts = (0..self.swept.layouts.len()).filter_map(|layout| {
            let versus = self.shape.baseline_of(layout);
            if versus == layout {
                return None;
            }
            let asked = Asked {
                layout,
                versus: Some(versus),
                slot,
            };
            let at = self.at_values(asked);
            let (first, last) = (at.first()?, at.last()?);
            let pieces = pieces(&at);
            let told = told(&at, &pieces);
            Some(BreakEven {
                asked,
                parameter: parameter.to_owned(),
                whole,
                looked: [at.len(), self.shape.replicates()],
                ends: [first.1, last.1],
                range: [first.0, last.0],
                told: match whole {
                    false => told,
                    true => told
                        .into_iter()
                        .filter_map(|(part, up)| Some((within(part)?, up)))
                        .collect(),
                },
                pieces: match whole {
                    false => pieces,
                    true => pieces.into_iter().filter_map(within).collect(),
                },
                other_sign: None,
            })
        });
        layouts.collect()
    }

    /// Values of the only parameter between those at which an effect of the country changes its sign, none closer than
    /// `least` to the values that are there; `whole` numbers where the parameter is one.
    pub fn between_signs(&self, slots: &[usize], least: f64, whole: bool) -> Vec<f64> {
        let there = self.design.numbers(0).unwrap_or_default();
        let mut list = Vec::new();
        for &slot in slots {
            for layout in 0..self.swept.layouts.len() {
                let versus = self.shape.baseline_of(layout);
                if versus == layout {
                    continue;
                }
                let at = self.at_values(Asked {
                    layout,
                    versus: Some(versus),
                    slot,
                });
                let changes = at.windows(2).filter(|pair| pair[0].1 * pair[1].1 < 0.0);
                let wide = changes.filter(|pair| pair[1].0 - pair[0].0 >= 2.0 * least);
                list.extend(wide.map(|pair| {
                    let middle = (pair[0].0 + pair[1].0) / 2.0;
                    if whole { middle.floor() } else { middle }
                }));
            }
        }
        list.sort_by(f64::total_cmp);
        list.dedup();
        // One whose runs failed is not asked for again.
        list.retain(|value| !there.contains(value));
        list
    }
}

/// The whole numbers of a part of the range, of a parameter that takes no others; none where it lies between two.
fn within([low, high]: [f64; 2]) -> Option<[f64; 2]> {
    let whole = [low.ceil(), high.floor()];
    (whole[0] <= whole[1]).then_some(whole)
}

/// Whether a folder holds a look of the comparison in another.
fn is_look(look: &Manifest, of: &Manifest) -> bool {
    let (Some(Request::Compare(look)), Some(Request::Compare(of))) =
        (Request::of(look), Request::of(of))
    else {
        return false;
    };
    let asked = |compare: &Compare| {
        let Compare {
            model,
            baseline,
            layouts,
            ..
        } = compare;
        (model.clone(), baseline.clone(), layouts.clone())
    };
    let table = |compare: &Compare| match &compare.over {
        Some(Over::Posterior { table, .. }) => Some(table.clone()),
        _ => None,
    };
    look.break_even.is_some() && asked(&look) == asked(&of) && table(&look) == table(&of)
}

/// The set of values at which the interval holds 0, its ends linear between two values.
fn pieces(at: &[AtValue]) -> Vec<[f64; 2]> {
    let mut list: Vec<[f64; 2]> = Vec::new();
    let mut add = |[from, to]: [f64; 2]| match list.last_mut() {
        Some(last) if from <= last[1] => last[1] = last[1].max(to),
        _ => list.push([from, to]),
    };
    if let [(value, _, [low, high])] = at
        && *low <= 0.0
        && *high >= 0.0
    {
        add([*value; 2]);
    }
    for pair in at.windows(2) {
        let [(a, _, [low_a, high_a]), (b, _, [low_b, high_b])] = [pair[0], pair[1]];
        // The shares of the way at which the lower end is at most 0, and the upper one at least.
        let below = at_most(low_a, low_b);
        let above = at_most(-high_a, -high_b);
        if let (Some(below), Some(above)) = (below, above) {
            let (from, to) = (below[0].max(above[0]), below[1].min(above[1]));
            if from <= to {
                add([a + from * (b - a), a + to * (b - a)]);
            }
        }
    }
    list
}

/// The parts of the range that pieces of the break-even set leave, and whether the effect is above 0 there: its interval
/// leaves out 0 all over.
fn told(at: &[AtValue], pieces: &[[f64; 2]]) -> Vec<([f64; 2], bool)> {
    let (Some(first), Some(last)) = (at.first(), at.last()) else {
        return Vec::new();
    };
    let starts = std::iter::once(first.0).chain(pieces.iter().map(|piece| piece[1]));
    let ends = pieces.iter().map(|piece| piece[0]).chain([last.0]);
    let parts = starts.zip(ends).filter(|(start, end)| start < end);
    let above = |start: f64, end: f64| {
        let middle = (start + end) / 2.0;
        let after = at.partition_point(|(value, ..)| *value < middle);
        let pair = &at[after.saturating_sub(1)..(after + 1).min(at.len())];
        // Linear between two values; one sign all over the part, so the mean of both tells it.
        let along = |pair: &[AtValue]| match pair {
            [a, b] => a.1 + (b.1 - a.1) * (middle - a.0) / (b.0 - a.0),
            _ => pair.first().map_or(0.0, |one| one.1),
        };
        along(pair) > 0.0
    };
    parts
        .map(|(start, end)| ([start, end], above(start, end)))
        .collect()
}

/// The part of the way from one number to another on which it is at most 0.
fn at_most(from: f64, to: f64) -> Option<[f64; 2]> {
    match (from <= 0.0, to <= 0.0) {
        (true, true) => Some([0.0, 1.0]),
        (true, false) => Some([0.0, from / (from - to)]),
        (false, true) => Some([from / (from - to), 1.0]),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_whole_parameter_whole_numbers_are_told() {
        assert_eq!(within([2.25, 4.0]), Some([3.0, 4.0]));
        assert_eq!(within([2.25, 2.75]), None);
    }

    #[test]
    fn the_set_is_where_the_interval_holds_zero() {
        let at = |value: f64, mean: f64| (value, mean, [mean - 0.5, mean + 0.5]);
        // Rising through 0 at 2.5: the interval holds 0 from 2.25 to 2.75.
        let rising = [at(1.0, -3.0), at(2.0, -1.0), at(3.0, 1.0)];
        assert_eq!(pieces(&rising), [[2.25, 2.75]]);
        // Two pieces, the second open at the end of the range.
        let both = [at(0.0, 1.0), at(1.0, -1.0), at(2.0, -0.25)];
        assert_eq!(pieces(&both), [[0.25, 0.75], [1.0 + 2.0 / 3.0, 2.0]]);
        assert_eq!(
            told(&both, &pieces(&both)),
            [([0.0, 0.25], true), ([0.75, 1.0 + 2.0 / 3.0], false)]
        );
        assert_eq!(
            told(&rising, &pieces(&rising)),
            [([1.0, 2.25], false), ([2.75, 3.0], true)]
        );
        // One that only touches.
        let touching = [at(0.0, 1.0), at(1.0, 0.25), at(2.0, 1.0)];
        let [[from, to]] = pieces(&touching)[..] else {
            panic!("one piece");
        };
        assert!((from - 2.0 / 3.0).abs() < 1e-12 && (to - 4.0 / 3.0).abs() < 1e-12);
        assert!(pieces(&[at(0.0, 1.0), at(1.0, 2.0)]).is_empty());
        // Always exactly nothing.
        let nothing = [(0.0, 0.0, [0.0; 2]), (1.0, 0.0, [0.0; 2])];
        assert_eq!(pieces(&nothing), [[0.0, 1.0]]);
    }
}
