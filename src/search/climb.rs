//! Where there are more layouts than can be run: uphill from several starts.
//!
//! From each start the best change of one candidate is made, again and again; where none helps, the best swap of two (one
//! that is taken for one that is not). It ends where no swap helps either. Alliances are links, and thresholds make them
//! complements, so there is no promise that the summit is the highest; docs/search.md says how far off it was on
//! instances that could be listed.

use std::collections::BTreeMap;

use super::space::{Choice, Space};

/// What was run, each with its score: more is better.
pub type Scored = BTreeMap<Choice, f64>;

/// Gives the scores of choices, in order; NaN where there is none.
pub type Score<'a, E> = dyn FnMut(&[Choice]) -> Result<Vec<f64>, E> + 'a;

/// Climbs from each start. `score` is asked of choices that have none yet, the space what is feasible.
///
/// # Errors
/// Those of `score`.
pub fn climb<E>(space: &Space, starts: &[Choice], score: &mut Score<'_, E>) -> Result<Scored, E> {
    let mut known = Scored::new();
    for start in starts {
        let mut here = start.clone();
        see(&mut known, std::iter::once(here.clone()), score)?;
        loop {
            let next = match up(space, &here, single(space, &here), &mut known, score)? {
                None => up(space, &here, swaps(space, &here), &mut known, score)?,
                next => next,
            };
            match next {
                Some(next) => here = next,
                None => break,
            }
        }
    }
    Ok(known)
}

/// The best of the neighbours, if it is better than what is here; the first in order of equals.
fn up<E>(
    space: &Space,
    here: &Choice,
    near: Vec<Choice>,
    known: &mut Scored,
    score: &mut Score<'_, E>,
) -> Result<Option<Choice>, E> {
    let feasible = near
        .into_iter()
        .filter(|choice| space.cost(choice).is_some());
    let feasible: Vec<Choice> = feasible.collect();
    see(known, feasible.iter().cloned(), score)?;
    let of = |choice: &Choice| known.get(choice).copied().unwrap_or(f64::NAN);
    let mut best = (of(here), None);
    for choice in feasible {
        let at = of(&choice);
        // A start without a score is left for any that has one.
        if at > best.0 || (best.0.is_nan() && !at.is_nan()) {
            best = (at, Some(choice));
        }
    }
    Ok(best.1)
}

fn see<E>(
    known: &mut Scored,
    choices: impl Iterator<Item = Choice>,
    score: &mut Score<'_, E>,
) -> Result<(), E> {
    let new: Vec<Choice> = choices.filter(|of| !known.contains_key(of)).collect();
    if !new.is_empty() {
        let scores = score(&new)?;
        known.extend(new.into_iter().zip(scores));
    }
    Ok(())
}

/// One candidate is taken, left or taken with another option.
fn single(space: &Space, here: &Choice) -> Vec<Choice> {
    let mut near = Vec::new();
    for (at, candidate) in space.candidates.iter().enumerate() {
        for option in (0..=candidate.options()).filter(|option| *option != here[at]) {
            let mut choice = here.clone();
            choice[at] = option;
            near.push(choice);
        }
    }
    near
}

/// One candidate that is taken is left, and one that is not is taken.
fn swaps(space: &Space, here: &Choice) -> Vec<Choice> {
    let mut near = Vec::new();
    for left in (0..here.len()).filter(|at| here[*at] > 0) {
        for taken in (0..here.len()).filter(|at| here[*at] == 0) {
            for option in 1..=space.candidates[taken].options() {
                let mut choice = here.clone();
                (choice[left], choice[taken]) = (0, option);
                near.push(choice);
            }
        }
    }
    near
}
