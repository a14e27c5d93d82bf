//! Which innovation: a type of its own, so that its number cannot be taken for that of a place, a zone or a link.

/// Innovation k of a replicate: its number in [`super::State::innovations`]. Numbers differ between layouts; what names an
/// innovation everywhere is its origin zone and serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct InnovationId(u32);

impl InnovationId {
    /// The innovation with this number.
    #[inline(always)]
    pub const fn new(number: usize) -> Self {
        Self(number as u32)
    }

    /// Its number, as a position in arrays by innovation.
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
