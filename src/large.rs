//! Memory on large pages, for what is looked at in disorder: with small ones, to find the page takes as long as to
//! fetch what is on it.

use std::io;
use std::ops::{Deref, DerefMut};

use bytemuck::{Pod, cast_slice, cast_slice_mut};
use memmap2::MmapMut;

/// Bytes from which a list is put on large pages.
const LARGE: usize = 1 << 22;

/// Memory of its own, cleared.
///
/// # Errors
/// When the system gives no more.
pub fn mapped(bytes: usize) -> io::Result<MmapMut> {
    let memory = MmapMut::map_anon(bytes.max(1))?;
    // No more than a wish: where it is not granted, nothing but time is lost.
    #[cfg(target_os = "linux")]
    memory.advise(memmap2::Advice::HugePage).ok();
    Ok(memory)
}

/// A list of plain values, on large pages where it is long.
#[derive(Debug)]
pub enum List<T> {
    /// A short one.
    Short(Vec<T>),
    /// A long one.
    Long(MmapMut),
}

impl<T: Pod> List<T> {
    /// So many cleared values.
    pub fn cleared(count: usize) -> Self {
        let bytes = count.saturating_mul(size_of::<T>());
        let large = (bytes >= LARGE).then(|| mapped(bytes).ok()).flatten();
        large.map_or_else(|| Self::Short(vec![T::zeroed(); count]), Self::Long)
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::Short(Vec::new())
    }
}

impl<T: Pod> Deref for List<T> {
    type Target = [T];

    #[inline(always)]
    fn deref(&self) -> &[T] {
        match self {
            Self::Short(list) => list,
            Self::Long(memory) => cast_slice(memory),
        }
    }
}

impl<T: Pod> DerefMut for List<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::Short(list) => list,
            Self::Long(memory) => cast_slice_mut(memory),
        }
    }
}

impl<T: Pod> Clone for List<T> {
    fn clone(&self) -> Self {
        let mut list = Self::cleared(self.len());
        list.copy_from_slice(self);
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_like_short_ones() {
        for count in [0, 3, LARGE / 8, LARGE / 8 + 1] {
            let mut list = List::<u64>::cleared(count);
            assert_eq!(list.len(), count);
            assert!(list.iter().all(|value| *value == 0));
            assert_eq!(matches!(list, List::Long(_)), count * 8 >= LARGE);
            (0..).zip(&mut *list).for_each(|(n, value)| *value = n);
            let copy = list.clone();
            assert!((0..).zip(&*copy).all(|(n, value)| *value == n));
        }
    }
}
