//! Mechanisms: the parts of W_ij,d(t) and the terms of h_ik, over which every adoption is accounted (model §7.3).
//!
//! W_ij,d(t) = Σ [`Kind::Base`] + Σ [`Kind::Tie`] + Σ [`Kind::Links`]
//! h_ik = E_i · demand_id · \[β · φ(X_ik) + Σ [`Kind::Term`]\],   X_ik = q_k · Σ_j W_ij,d · R_j · 1\[k adopted at j\]
//!
//! A mechanism is one file here and one line in the list below. From both follow the weights of now and the largest there
//! can be ([`super::weight`], [`super::ticks`]), the hazard and its bound (`model::hazard`, `model::engine`), the rows and
//! columns of credit, and its words in reports and explanations.

use crate::scenario::Scenario;
use crate::scenario::spec::LineSpec;
use crate::texts::Words;

use super::{Calendar, PlaceId, Places, World, Zone, ZoneId};

/// Declares the mechanisms: the name of each and its file. Their order is that of credit.
macro_rules! mechanisms {
    ($($id:ident in $file:ident),+ $(,)?) => {
        $(pub mod $file;)+

        /// Which mechanism.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Id {
            $(#[doc = concat!("See [`", stringify!($file), "`].")] $id),+
        }

        impl Id {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$id),+];

            /// What it is.
            pub const fn get(self) -> &'static Mechanism {
                match self {
                    $(Self::$id => &$file::MECHANISM),+
                }
            }
        }
    };
}

mechanisms! {
    Base in base,
    Line in line,
    Circle in circle,
    Axis in axis,
    Alliance in alliance,
    Transit in transit,
    Provincial in provincial,
    National in national,
    Intrinsic in intrinsic,
}

/// What is declared of a mechanism.
#[derive(Debug)]
pub struct Mechanism {
    /// Its name in tables; where there are several of it, what their names begin with.
    pub name: &'static str,
    /// The ids of those there are several of, for example of layers.
    pub each: Option<fn(&World) -> Vec<String>>,
    /// Its name where a table is explained.
    pub about: &'static str,
    /// Whether a world has it. One that is always there has a row also where nothing comes of it.
    pub there: fn(&World) -> bool,
    /// What it is a part of.
    pub kind: Kind,
    /// Its name in figures; `{}` stands for what there are several of.
    pub label: Words,
    /// The way by which something is heard, in explanations; a term's is that by which it comes.
    pub way: Words,
    /// A term as the cause of an explanation; empty for parts of W, which are told by their way.
    pub cause: Words,
}

/// What a mechanism is a part of.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// W⁰_ij,d = Σ_l a_dl · w^l_ij, one for each layer.
    Base,
    /// W⁰_ij,d · bonus while the ends are tied so.
    Tie(Tie, fn(&LineSpec) -> f64),
    /// Links of its own: [`Channel`].
    Links,
    /// A rate per month beside β · φ(X_ik), for a domain, while it is in force.
    Term(Force, fn(&World, usize) -> f64),
}

/// A way in which the two ends of a link can be tied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// By a formed line.
    Line,
    /// In one circle.
    Circle,
    /// On one axis.
    Axis,
}

/// How the two ends of a link are tied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    /// By a formed line.
    pub line: bool,
    /// In one circle.
    pub circle: bool,
    /// On one axis.
    pub axis: bool,
}

impl Ties {
    /// In every way.
    pub const ALL: Self = Self {
        line: true,
        circle: true,
        axis: true,
    };

    /// Whether they are tied so.
    #[inline(always)]
    pub const fn has(self, tie: Tie) -> bool {
        match tie {
            Tie::Line => self.line,
            Tie::Circle => self.circle,
            Tie::Axis => self.axis,
        }
    }
}

/// When a term of h_ik is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// From the implementation of k on.
    Always,
    /// Once k is replicated in i's province.
    Province,
    /// Once k is replicated nationally.
    Country,
}

/// Which replications of an innovation are in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replicated {
    /// That of its origin's province.
    pub provincial: bool,
    /// That of the centre.
    pub national: bool,
}

impl Replicated {
    /// What is in force at a place, `here` being whether it lies in the origin's province.
    #[inline(always)]
    pub fn at(self, here: bool) -> Self {
        Self {
            provincial: self.provincial && here,
            ..self
        }
    }

    /// Whether a term is in force.
    #[inline(always)]
    pub const fn has(self, force: Force) -> bool {
        match force {
            Force::Always => true,
            Force::Province => self.provincial,
            Force::Country => self.national,
        }
    }
}

/// Number of mechanisms of a kind.
const fn count(terms: bool) -> usize {
    let (mut n, mut found) = (0, 0);
    while n < Id::ALL.len() {
        found += match Id::ALL[n].get().kind {
            Kind::Term(..) if terms => 1,
            Kind::Tie(..) if !terms => 1,
            _ => 0,
        };
        n += 1;
    }
    found
}

/// The ties that have a bonus.
pub const TIES: [(Id, Tie); count(false)] = {
    let mut all = [(Id::Line, Tie::Line); count(false)];
    let (mut n, mut at) = (0, 0);
    while n < Id::ALL.len() {
        if let Kind::Tie(tie, _) = Id::ALL[n].get().kind {
            all[at] = (Id::ALL[n], tie);
            at += 1;
        }
        n += 1;
    }
    all
};

/// The terms of h_ik beside β · φ(X_ik).
pub const TERMS: [(Id, Force); count(true)] = {
    let mut all = [(Id::National, Force::Country); count(true)];
    let (mut n, mut at) = (0, 0);
    while n < Id::ALL.len() {
        if let Kind::Term(force, _) = Id::ALL[n].get().kind {
            all[at] = (Id::ALL[n], force);
            at += 1;
        }
        n += 1;
    }
    all
};

/// The bonus of each of [`TIES`].
pub fn bonuses(line: &LineSpec) -> [f64; TIES.len()] {
    TIES.map(|(id, _)| match id.get().kind {
        Kind::Tie(_, bonus) => bonus(line),
        _ => 0.0,
    })
}

/// The rate of each of [`TERMS`], by domain.
pub fn rates(world: &World) -> Vec<[f64; TERMS.len()]> {
    let of = |d: usize| {
        TERMS.map(|(id, _)| match id.get().kind {
            Kind::Term(_, rate) => rate(world, d),
            _ => 0.0,
        })
    };
    (0..world.domains.len()).map(of).collect()
}

/// What carries something beside the base links: all links of a channel carry `its value now × its affinity to the
/// domain`. The channels are fixed; their values change as alliances start and end, zones open, axes form.
#[derive(Clone, Debug, PartialEq)]
pub enum Channel {
    /// What the delegates of one member group say within an alliance.
    Alliance {
        /// Number of the alliance.
        alliance: u32,
        /// Number of the group whose delegates are heard.
        group: u32,
        /// First and last month in which those who hear are members.
        hears: (u16, u16),
    },
    /// Express links along corridor `corridor`.
    Express {
        /// Number of the corridor.
        corridor: u32,
    },
    /// Transit through a gateway from month `open` on.
    Transit {
        /// First month.
        open: u16,
    },
}

impl Channel {
    /// Its value in month `month`: delegates are the places that take part, axes are formed where `axis` says so.
    pub fn value(&self, world: &World, month: u16, axis: impl Fn(u32) -> bool) -> f64 {
        match *self {
            Self::Alliance { hears, .. } if month < hears.0 || month > hears.1 => 0.0,
            Self::Alliance {
                alliance, group, ..
            } => {
                let alliance = &world.alliances[alliance as usize];
                alliance.value(&world.places, group, month)
            }
            Self::Express { corridor } => axis::express(&world.line, axis(corridor)),
            Self::Transit { open } => transit::value(world.transit_strength, month >= open),
        }
    }

    /// The largest value that it can ever have.
    pub fn most(&self, world: &World) -> f64 {
        match *self {
            Self::Alliance {
                alliance, group, ..
            } => world.alliances[alliance as usize].most(&world.places, group),
            Self::Express { .. } => axis::express(&world.line, true),
            Self::Transit { .. } => transit::value(world.transit_strength, true),
        }
    }

    /// The mechanism that it belongs to, and which of it.
    #[inline(always)]
    pub const fn mechanism(&self) -> (Id, usize) {
        match *self {
            Self::Alliance { alliance, .. } => (Id::Alliance, alliance as usize),
            Self::Express { .. } => (Id::Axis, 0),
            Self::Transit { .. } => (Id::Transit, 0),
        }
    }

    /// The corridor on whose formed axis both ends of a link have to be zones for it to carry something, if it is so.
    #[inline(always)]
    pub const fn corridor(&self) -> Option<u32> {
        match *self {
            Self::Express { corridor } => Some(corridor),
            Self::Alliance { .. } | Self::Transit { .. } => None,
        }
    }
}

/// A corridor as the model sees it.
#[derive(Clone, Debug)]
pub struct Corridor {
    /// Stable id.
    pub id: String,
    /// Zones of each segment.
    pub segments: Vec<Vec<ZoneId>>,
}

/// All channels, their affinities, and the links that use them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Terms {
    /// The channels.
    pub channels: Vec<Channel>,
    /// Σ_l a_dl·c_l of each channel, `[channel][domain]`.
    pub affinity: Vec<Vec<f64>>,
    /// (listener, source, channel), ascending.
    pub links: Vec<(PlaceId, PlaceId, u32)>,
}

impl Terms {
    /// Adds a channel with its c_l by layer.
    fn channel(&mut self, scenario: &Scenario, channel: Channel, layers: &[f64]) -> u32 {
        let own = super::coefficients(scenario);
        let carried = scenario.domains.iter().map(|domain| {
            let layers = scenario.layers.iter().zip(layers).zip(&own);
            layers
                .map(|((layer, c), b)| {
                    domain.affinity.get(&layer.id).copied().unwrap_or(0.0) * c * b
                })
                .sum()
        });
        self.affinity.push(carried.collect());
        self.channels.push(channel);
        (self.channels.len() - 1) as u32
    }
}

/// Alliances and corridors, with the links that mechanisms have of their own.
pub fn terms(
    scenario: &Scenario,
    calendar: &Calendar,
    places: &Places,
    zones: &[Zone],
) -> (Vec<alliance::Alliance>, Vec<Corridor>, Terms) {
    let mut terms = Terms::default();
    let alliances = alliance::join(scenario, calendar, places, &mut terms);
    let canonical = places.canonical();
    let corridors = axis::join(scenario, &canonical, zones, &mut terms);
    transit::join(scenario, calendar, &canonical, &mut terms);
    terms.links.sort_unstable();
    terms.links.dedup();
    (alliances, corridors, terms)
}

/// What a part of a weight comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// a_dl · w^l_ij of a layer.
    Base(usize),
    /// The bonus of a tie.
    Tie(Id),
    /// A channel of the link.
    Channel(usize),
}

/// Numbers and names of the mechanisms of a world: those of credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mechanisms {
    /// Names: `base_<layer>`, `line`, `circle`, `axis`, `alliance_<id>`, `transit`, `provincial`, `national`.
    pub names: Vec<String>,
    /// How they are named where a table is explained.
    pub about: String,
    /// What each of them is: which mechanism, and which of it.
    pub which: Vec<(Id, usize)>,
    /// The first number of each mechanism.
    first: [usize; Id::ALL.len()],
}

impl Mechanisms {
    /// The mechanisms of a world.
    pub fn new(world: &World) -> Self {
        let (mut names, mut which, mut about) = (Vec::new(), Vec::new(), Vec::new());
        let mut first = [0; Id::ALL.len()];
        for (&id, first) in Id::ALL.iter().zip(&mut first) {
            *first = names.len();
            let of = id.get();
            if !(of.there)(world) {
                continue;
            }
            about.push(of.about);
            match of.each {
                None => names.push(of.name.to_owned()),
                Some(each) => {
                    names.extend(each(world).iter().map(|each| format!("{}{each}", of.name)));
                }
            }
            which.extend((0..names.len() - *first).map(|n| (id, n)));
        }
        Self {
            names,
            about: about.join(", "),
            which,
            first,
        }
    }

    /// The names of those that come from no source, for the explanation of a table: `provincial and national`.
    pub fn unheard(&self) -> String {
        let terms = TERMS.iter().filter_map(|(id, _)| self.number(*id));
        let names: Vec<&str> = terms.map(|m| self.names[m].as_str()).collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => names.concat(),
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

    /// The number of a mechanism, if this world has it; of several, the first.
    #[inline(always)]
    pub fn number(&self, id: Id) -> Option<usize> {
        let first = self.first[id as usize];
        let has = self.which.get(first).is_some_and(|(which, _)| *which == id);
        has.then_some(first)
    }

    /// The number of the mechanism of a part of a weight.
    #[inline(always)]
    pub fn of(&self, part: Part, channels: &[Channel]) -> usize {
        let (id, which) = match part {
            Part::Base(layer) => (Id::Base, layer),
            Part::Tie(id) => (id, 0),
            Part::Channel(c) => channels[c].mechanism(),
        };
        self.first[id as usize] + which
    }
}

impl Id {
    /// The mechanism with a name of a table, and which of it, for example the id of a layer.
    pub fn named(name: &str) -> Option<(Self, &str)> {
        let of = |id: &Self| {
            let (id, of) = (*id, id.get());
            match (name.strip_prefix(of.name), of.each) {
                (Some(which), Some(_)) => Some((id, which)),
                (Some(""), None) => Some((id, "")),
                _ => None,
            }
        };
        Self::ALL.iter().find_map(of)
    }

    /// Whether it is a term of h_ik.
    pub const fn is_term(self) -> bool {
        matches!(self.get().kind, Kind::Term(..))
    }
}

/// A mechanism that is always there.
const fn always(_: &World) -> bool {
    true
}
