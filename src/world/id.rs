//! Which place, zone, link or innovation: types of their own, so that the number of one cannot be taken for that of another.

use std::ops::{Index, IndexMut, Range};

/// A number that counts something: positions in lists, members of sets.
pub trait Number: Copy {
    /// From a position.
    fn of(position: usize) -> Self;
    /// The position.
    fn index(self) -> usize;
}

impl Number for usize {
    #[inline(always)]
    fn of(position: usize) -> Self {
        position
    }

    #[inline(always)]
    fn index(self) -> usize {
        self
    }
}

impl Number for u16 {
    #[inline(always)]
    fn of(position: usize) -> Self {
        position as Self
    }

    #[inline(always)]
    fn index(self) -> usize {
        usize::from(self)
    }
}

/// Declares types that number one kind of thing. Lists that have an entry for each are indexed by them.
macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name(u32);

        impl $name {
            /// The one with this number.
            #[inline(always)]
            pub const fn new(number: usize) -> Self {
                Self(number as u32)
            }

            /// Those with these numbers, in order.
            #[inline(always)]
            pub fn each(
                numbers: Range<usize>,
            ) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator + Clone {
                numbers.map(Self::new)
            }

            /// Its number, as a position in lists.
            #[inline(always)]
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// Its number, as tables keep it.
            #[inline(always)]
            pub const fn code(self) -> u32 {
                self.0
            }
        }

        impl Number for $name {
            #[inline(always)]
            fn of(position: usize) -> Self {
                Self::new(position)
            }

            #[inline(always)]
            fn index(self) -> usize {
                self.index()
            }
        }

        impl<T> Index<$name> for [T] {
            type Output = T;

            #[inline(always)]
            fn index(&self, at: $name) -> &T {
                &self[at.index()]
            }
        }

        impl<T> IndexMut<$name> for [T] {
            #[inline(always)]
            fn index_mut(&mut self, at: $name) -> &mut T {
                &mut self[at.index()]
            }
        }

        impl<T> Index<$name> for Vec<T> {
            type Output = T;

            #[inline(always)]
            fn index(&self, at: $name) -> &T {
                &self[at.index()]
            }
        }

        impl<T> IndexMut<$name> for Vec<T> {
            #[inline(always)]
            fn index_mut(&mut self, at: $name) -> &mut T {
                &mut self[at.index()]
            }
        }
    )+};
}

ids! {
    /// Place i of a world, in canonical order: its number in [`super::Places`].
    PlaceId,
    /// Zone z of a world: its number in [`super::World::zones`]. That of its place is another.
    ZoneId,
    /// The link by which i hears j: its number in [`super::Network`], in the order by listener.
    LinkId,
    /// Innovation k of a replicate: its number in `State::innovations`. Numbers differ between layouts; what names an
    /// innovation everywhere is its origin zone and serial number.
    InnovationId,
}
