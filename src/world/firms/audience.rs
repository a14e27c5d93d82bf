//! Who listens to whom: for every firm the firms that chose it as a partner, in compressed rows.
//!
//! Every firm draws its partners by its own name; a month pushes the other way, from a partner to those
//! who listen. Turning the lists round is a counting sort in two steps, block by block: the links of a
//! block of listeners are sorted by the block of the partner (2 + 2 bytes a link), then each block of
//! partners takes its part of every listener's block, in order, and sorts it by partner. So memory stays
//! within 8 bytes a link, all writes stay in the cache, and rows are in the order of the listeners
//! whatever the number of threads.

use rayon::prelude::*;

use crate::draw::{Luck, Process};
use crate::world::PlaceId;

use super::{BLOCK, Choice, Degree, Firms, RegionChoice};

/// The rows of one block of firms.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Start of each firm's row, and the end.
    start: Vec<u32>,
    /// Listeners.
    list: Vec<u32>,
}

impl Rows {
    /// The listeners of a firm of the block.
    #[inline(always)]
    pub fn of(&self, local: usize) -> &[u32] {
        &self.list[self.start[local] as usize..self.start[local + 1] as usize]
    }

    /// Number of links of the block.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nobody listens to the block.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn bytes(&self) -> usize {
        (self.start.len() + self.list.len()) * 4
    }
}

/// The links of a block of listeners, sorted by the block of the partner.
#[derive(Debug, Default)]
pub struct Sent {
    /// Start of each partner's block in the lists, and the end.
    start: Vec<u32>,
    /// Partners, within their block.
    partner: Vec<u16>,
    /// Listeners, within this block.
    listener: Vec<u16>,
}

/// Room of a thread.
#[derive(Default)]
struct Room {
    /// (partner, listener within its block).
    links: Vec<(u32, u16)>,
    own: Vec<u32>,
    region: Option<(PlaceId, RegionChoice)>,
}

/// Draws the partners of all firms and notes how many each has.
pub fn generated(firms: &mut Firms, choice: &Choice, luck: Luck) -> Vec<Sent> {
    let spec = &firms.spec;
    let mean = spec.partners.min(f64::from(spec.most_partners));
    let degree = Degree::new(mean, spec.degree_exponent, spec.most_partners);
    let (world, blocks) = (&*firms, firms.blocks());
    let of_block = |room: &mut Room, b: usize| {
        let mut counts = Vec::with_capacity(BLOCK);
        room.links.clear();
        for f in world.block(b) {
            let cell = world.cell_of(f);
            let place = world.cells.place[cell];
            if room.region.as_ref().is_none_or(|(of, _)| *of != place) {
                room.region = Some((place, choice.region(place)));
            }
            let Some((_, region)) = &room.region else {
                continue;
            };
            let name = world.name(f, cell);
            let uniform = luck.uniform(Process::FirmDegree, name.0, name.1, name.2);
            let wanted = usize::from(degree.draw(uniform)).min(world.len() - 1);
            let industry = usize::from(world.cells.industry[cell]);
            partners(&mut room.own, f, wanted, name, luck, |words| {
                choice.partner(region, industry, words)
            });
            counts.push(room.own.len() as u16);
            let local = (f % BLOCK) as u16;
            room.links
                .extend(room.own.iter().map(|partner| (*partner, local)));
        }
        (counts, sorted(&room.links, blocks))
    };
    let done: Vec<(Vec<u16>, Sent)> = (0..blocks)
        .into_par_iter()
        .map_init(Room::default, of_block)
        .collect();
    let mut all = Vec::with_capacity(blocks);
    let mut counts = Vec::with_capacity(firms.len());
    for (of_block, sent) in done {
        counts.extend(of_block);
        all.push(sent);
    }
    firms.partners = counts;
    all
}

/// Draws until `wanted` distinct partners other than `f` are found, or too many draws were in vain. What
/// is found does not depend on how doubles are looked for: always the first distinct ones.
fn partners(
    own: &mut Vec<u32>,
    f: usize,
    wanted: usize,
    (first, second, serial): (u64, u64, u32),
    luck: Luck,
    choose: impl Fn([u32; 4]) -> Option<u32>,
) {
    own.clear();
    let most = (4 * wanted + 64).min(60_000);
    let mut tries = 0;
    while own.len() < wanted && tries < most {
        for _ in own.len()..wanted {
            let words = luck.words(Process::FirmPartner, first, second, serial, tries as u32);
            tries += 1;
            own.extend(choose(words).filter(|partner| *partner as usize != f));
            if tries == most {
                break;
            }
        }
        own.sort_unstable();
        own.dedup();
    }
}

/// The partners that the user gave; `order` has the given firm at each position.
pub fn given(firms: &mut Firms, links: &[(u32, u32)], order: &[u32]) -> Vec<Sent> {
    let mut position = vec![0; order.len()];
    for (at, given) in order.iter().enumerate() {
        position[*given as usize] = at as u32;
    }
    let here = |f: u32| position[f as usize];
    let mut links: Vec<(u32, u32)> = links.iter().map(|(f, p)| (here(*f), here(*p))).collect();
    links.sort_unstable();
    let mut counts = vec![0; firms.len()];
    for (f, _) in &links {
        // The door keeps a firm below 2¹⁶ partners.
        counts[*f as usize] += 1;
    }
    firms.partners = counts;
    let blocks = firms.blocks();
    (0..blocks)
        .map(|b| {
            let of_block = firms.block(b);
            let from = links.partition_point(|(f, _)| (*f as usize) < of_block.start);
            let to = links.partition_point(|(f, _)| (*f as usize) < of_block.end);
            let local = links[from..to]
                .iter()
                .map(|(f, p)| (*p, (*f as usize % BLOCK) as u16));
            sorted(&local.collect::<Vec<_>>(), blocks)
        })
        .collect()
}

/// Sorts the links of a block of listeners by the block of the partner, keeping their order.
fn sorted(links: &[(u32, u16)], blocks: usize) -> Sent {
    let mut start = vec![0; blocks + 1];
    for (partner, _) in links {
        start[*partner as usize / BLOCK + 1] += 1;
    }
    for b in 0..blocks {
        start[b + 1] += start[b];
    }
    let mut next = start.clone();
    let mut sent = Sent {
        start,
        partner: vec![0; links.len()],
        listener: vec![0; links.len()],
    };
    for (partner, listener) in links {
        let at = &mut next[*partner as usize / BLOCK];
        sent.partner[*at as usize] = (*partner as usize % BLOCK) as u16;
        sent.listener[*at as usize] = *listener;
        *at += 1;
    }
    sent
}

/// The rows of all blocks.
pub fn rows(sent: Vec<Sent>, firms: usize) -> Vec<Rows> {
    let blocks = sent.len();
    let of_block = |b: usize| {
        let size = (firms - b * BLOCK).min(BLOCK);
        let mut start = vec![0u32; size + 1];
        let part = |sent: &Sent| sent.start[b] as usize..sent.start[b + 1] as usize;
        for sent in &sent {
            for partner in &sent.partner[part(sent)] {
                start[usize::from(*partner) + 1] += 1;
            }
        }
        for f in 0..size {
            start[f + 1] += start[f];
        }
        let mut next = start.clone();
        let mut list = vec![0; start[size] as usize];
        for (from, sent) in sent.iter().enumerate() {
            let links = part(sent);
            for (partner, listener) in sent.partner[links.clone()]
                .iter()
                .zip(&sent.listener[links])
            {
                let at = &mut next[usize::from(*partner)];
                list[*at as usize] = (from * BLOCK) as u32 + u32::from(*listener);
                *at += 1;
            }
        }
        Rows { start, list }
    };
    (0..blocks).into_par_iter().map(of_block).collect()
}
