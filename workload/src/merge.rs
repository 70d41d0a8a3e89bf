//! What happens to many tickets, in one order.

use std::cmp::Reverse;
use std::collections::binary_heap::PeekMut;
use std::collections::{BinaryHeap, VecDeque};

use punctual::time::Instant;

/// Merges the happenings of many tickets by (instant, ticket, place in the ticket).
///
/// Tickets come in the order of their first instants, so only those that have begun and are not
/// over are held.
pub(crate) struct Merge<T, N> {
    next: N,
    coming: Option<Open<T>>,
    open: BinaryHeap<Reverse<Open<T>>>,
}

/// One happening of a ticket.
pub(crate) struct Due<T> {
    pub(crate) at: Instant,
    pub(crate) number: u64,
    pub(crate) index: u32,
    pub(crate) what: T,
}

struct Open<T> {
    at: Instant,
    number: u64,
    index: u32,
    rest: VecDeque<(Instant, T)>,
}

impl<T, N> Merge<T, N>
where
    N: Iterator<Item = (u64, Vec<(Instant, T)>)>,
{
    /// Merges tickets with their happenings. A ticket without any is passed over.
    pub(crate) fn new(next: N) -> Self {
        let mut merge = Self {
            next,
            coming: None,
            open: BinaryHeap::new(),
        };
        merge.coming = merge.draw();
        merge
    }

    /// How many tickets are held.
    pub(crate) fn held(&self) -> usize {
        self.open.len() + usize::from(self.coming.is_some())
    }

    fn draw(&mut self) -> Option<Open<T>> {
        loop {
            let (number, rest) = self.next.next()?;
            let rest = VecDeque::from(rest);
            if let Some(at) = rest.front().map(|first| first.0) {
                return Some(Open {
                    at,
                    number,
                    index: 0,
                    rest,
                });
            }
        }
    }
}

impl<T, N> Iterator for Merge<T, N>
where
    N: Iterator<Item = (u64, Vec<(Instant, T)>)>,
{
    type Item = Due<T>;

    fn next(&mut self) -> Option<Due<T>> {
        while let Some(coming) = &self.coming {
            if self.open.peek().is_some_and(|first| first.0 < *coming) {
                break;
            }
            let coming = self.coming.take();
            self.coming = self.draw();
            self.open.extend(coming.map(Reverse));
        }
        // In place: most tickets go on, and one sift is half of a pop and a push.
        let mut first = self.open.peek_mut()?;
        let ticket = &mut first.0;
        let (at, what) = ticket.rest.pop_front()?;
        let (number, index) = (ticket.number, ticket.index);
        if let Some((next_at, _)) = ticket.rest.front() {
            ticket.at = *next_at;
            ticket.index += 1;
        } else {
            PeekMut::pop(first);
        }
        Some(Due {
            at,
            number,
            index,
            what,
        })
    }
}

impl<T> Open<T> {
    fn key(&self) -> (Instant, u64) {
        (self.at, self.number)
    }
}

impl<T> PartialEq for Open<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<T> Eq for Open<T> {}

impl<T> PartialOrd for Open<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Open<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}
