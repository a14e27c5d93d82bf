//! What the parts of a chosen layout add: the layout less the same one without a candidate that it takes, or without a member of
//! an alliance that it takes. All are run on the fresh replicates, so that nothing was chosen by them.

use crate::paired::Difference;

use super::runs::Named;
use super::space::{Act, Space};

/// A part of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The candidate, in words of the plan.
    pub candidate: String,
    /// The member of its alliance, by id; none of the candidate as a whole.
    pub member: Option<String>,
    /// The layout without it.
    pub without: Named,
}

/// What a part adds.
#[derive(Clone, Debug, PartialEq)]
pub struct Adds {
    /// Position of the layout.
    pub layout: usize,
    /// The part.
    pub part: Part,
    /// Position of the objective, or of the constraint after these.
    pub of: usize,
    /// The layout less the same without the part.
    pub adds: Difference,
}

/// The parts of a layout without which it can be, whatever conditions and budget say of the rest: each candidate that it takes,
/// and each member of an alliance that it takes and that joins others still.
pub fn parts(space: &Space, of: &Named) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut add = |candidate: String, member: Option<String>, mut without: Named| {
        if without.is_possible(space) {
            without.name = format!("{}-without-{}", of.name, parts.len() + 1);
            parts.push(Part {
                candidate,
                member,
                without,
            });
        }
    };
    for (at, candidate) in space.candidates.iter().enumerate() {
        if of.choice[at] == 0 {
            continue;
        }
        let word = candidate.word(of.choice[at]);
        let mut without = of.clone();
        without.choice[at] = 0;
        add(word.clone(), None, without);
        let Act::Alliance(seat, _) = candidate.act else {
            continue;
        };
        let Some(standing) = space.standing(seat, &of.choice).filter(|of| of.on) else {
            continue;
        };
        let members = standing.alliance.members;
        for member in members.iter().filter(|_| members.len() > 2) {
            let name = member.who.name().to_owned();
            let without = Named {
                leaves: Some((seat, member.who.clone())),
                ..of.clone()
            };
            add(word.clone(), Some(name), without);
        }
    }
    parts
}
