//! A history at draws of the parameters: what is replayed at each.

use std::sync::{Arc, Mutex, PoisonError};

use crate::experiment::compare::Side;
use crate::experiment::request::Replay;
use crate::experiment::sweep::Drawn;
use crate::scenario::{Problem, Problems, Setting, load};
use crate::texts::{Text, text};

use super::history::{Replayed, told};

/// Draws whose worlds are kept for the runs that follow: those of a draw come one after the other.
const KEPT: usize = 4;

/// Draws of the parameters, and the worlds at some.
#[derive(Debug)]
pub struct Draws {
    /// The draws.
    pub drawn: Drawn,
    recent: Mutex<Vec<(usize, Arc<Replayed>)>>,
}

impl Draws {
    /// No world is made yet.
    pub fn new(drawn: Drawn) -> Self {
        let recent = Mutex::default();
        Self { drawn, recent }
    }

    /// What is replayed at a draw; `base` is the same at the parameters of the scenario.
    ///
    /// # Errors
    /// Why there is no world: the values do not fit together, files have changed, or there is no memory.
    pub fn at(&self, draw: usize, base: &Replayed, asked: &Replay) -> Result<Arc<Replayed>, Text> {
        let recent = || self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let known = recent().iter().find(|(of, _)| *of == draw).cloned();
        if let Some((_, replayed)) = known {
            return Ok(replayed);
        }
        let made = made(&self.drawn.values(draw), base, asked);
        let made = made.map_err(|why| text!("replay-at-draw", draw, why))?;
        let made = Arc::new(made);
        let mut recent = recent();
        recent.insert(0, (draw, Arc::clone(&made)));
        recent.truncate(KEPT);
        Ok(made)
    }
}

fn made(values: &[Setting], base: &Replayed, asked: &Replay) -> Result<Replayed, Text> {
    let side = |(side, files): (&Side, &Vec<_>)| {
        let loaded = side.loaded_at(values, || {
            let sets: Vec<Setting> = asked
                .model
                .sets()
                .into_iter()
                .chain(values.iter().cloned())
                .collect();
            load(&asked.model.scenario, files, &sets)
        });
        let loaded = loaded.map_err(|problems| words(&problems))?;
        let world = side.world_at(values, &loaded)?;
        Ok(Side {
            name: side.name.clone(),
            loaded,
            world,
        })
    };
    let sides: Result<Vec<Side>, Text> = base.sides.iter().zip(&base.files).map(side).collect();
    let sides = sides?;
    let ranges = match base.ranges {
        Some(_) => Some(told(&sides[0])?),
        None => None,
    };
    Ok(Replayed {
        sides,
        files: base.files.clone(),
        ranges,
    })
}

fn words(problems: &Problems) -> Text {
    Text::List(problems.errors().map(Problem::text).collect())
}
