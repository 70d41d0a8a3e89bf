//! An append-only list whose readers never wait.
//!
//! Items lie in chunks, chunks in shelves of doubling size. Neither moves once it is there, so an
//! item is found by three loads, and growing never copies.

use std::sync::OnceLock;

/// Items of one chunk.
const CHUNK: usize = 512;
/// Shelf `n` has `2^n` chunks, so 40 shelves are more than memory holds.
const SHELVES: usize = 40;

type Chunk<T> = Box<[OnceLock<T>]>;
type Shelf<T> = Box<[OnceLock<Chunk<T>>]>;

#[derive(Debug)]
pub(crate) struct List<T> {
    shelves: [OnceLock<Shelf<T>>; SHELVES],
}

/// Shelf, chunk on the shelf, item in the chunk.
const fn locate(index: usize) -> (usize, usize, usize) {
    let (chunk, item) = (index / CHUNK, index % CHUNK);
    let shelf = (chunk + 1).ilog2() as usize;
    (shelf, chunk + 1 - (1 << shelf), item)
}

fn empty<T>(length: usize) -> Box<[OnceLock<T>]> {
    std::iter::repeat_with(OnceLock::new).take(length).collect()
}

impl<T> List<T> {
    pub(crate) const fn new() -> Self {
        Self {
            shelves: [const { OnceLock::new() }; SHELVES],
        }
    }

    /// Returns the item, or `None` when it was not set yet.
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        let (shelf, chunk, item) = locate(index);
        self.shelves.get(shelf)?.get()?.get(chunk)?.get()?[item].get()
    }

    /// Sets an item that was not set yet. Returns whether it could.
    pub(crate) fn set(&self, index: usize, value: T) -> bool {
        let (shelf, chunk, item) = locate(index);
        let Some(place) = self.shelves.get(shelf) else {
            return false;
        };
        let shelf = place.get_or_init(|| empty(1 << shelf));
        let chunk = shelf[chunk].get_or_init(|| empty(CHUNK));
        chunk[item].set(value).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_has_a_place_of_its_own() {
        let mut last = (0, 0, 0);
        for index in 1..CHUNK * 40 {
            let here = locate(index);
            assert!(here > last, "{index}");
            let (shelf, chunk, item) = here;
            assert!(chunk < 1 << shelf && item < CHUNK);
            last = here;
        }
    }

    #[test]
    fn what_was_set_is_found_and_stays() {
        let list = List::new();
        for index in 0..CHUNK * 9 {
            assert_eq!(list.get(index), None);
            assert!(list.set(index, index));
            assert!(!list.set(index, 0), "an item is set once");
        }
        assert!((0..CHUNK * 9).all(|index| list.get(index) == Some(&index)));
    }
}
