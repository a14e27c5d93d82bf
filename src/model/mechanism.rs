//! The mechanisms over which each adoption is accounted (model §3, Line, *credit*).

use crate::world::weight::Part;
use crate::world::{Channel, World};

/// Numbers and names of the mechanisms of a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mechanisms {
    /// Names: `base_<layer>`, `line`, `circle`, `axis`, `alliance_<id>`, `transit`, `provincial`, `national`.
    pub names: Vec<String>,
    /// Number of layers L; mechanisms 0..L are the base links by layer.
    pub layers: usize,
}

impl Mechanisms {
    /// The mechanisms of a world.
    pub fn new(world: &World) -> Self {
        let mut names: Vec<String> = world.layers.iter().map(|l| format!("base_{l}")).collect();
        names.extend(["line", "circle", "axis"].map(String::from));
        names.extend(world.alliances.iter().map(|a| format!("alliance_{}", a.id)));
        names.extend(["transit", "provincial", "national"].map(String::from));
        Self {
            names,
            layers: world.layers.len(),
        }
    }

    /// Number of mechanisms.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Never: every world has mechanisms.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Bonus of a formed line.
    pub fn line(&self) -> usize {
        self.layers
    }

    /// Bonus inside a circle.
    pub fn circle(&self) -> usize {
        self.layers + 1
    }

    /// Bonus on an axis, and its express links.
    pub fn axis(&self) -> usize {
        self.layers + 2
    }

    /// Transit.
    pub fn transit(&self) -> usize {
        self.len() - 3
    }

    /// Provincial replication.
    pub fn provincial(&self) -> usize {
        self.len() - 2
    }

    /// National replication.
    pub fn national(&self) -> usize {
        self.len() - 1
    }

    /// The mechanism of a part of a weight.
    #[inline(always)]
    pub fn of(&self, part: Part, channels: &[Channel]) -> usize {
        match part {
            Part::Base(layer) => layer,
            Part::Line => self.line(),
            Part::Circle => self.circle(),
            Part::Axis => self.axis(),
            Part::Channel(c) => match &channels[c] {
                Channel::Alliance { alliance, .. } => self.layers + 3 + *alliance as usize,
                Channel::Express { .. } => self.axis(),
                Channel::Transit { .. } => self.transit(),
            },
        }
    }
}
