//! How far a ticket's clocks have been followed: what is kept beside a ticket, so that the next look
//! at it need not begin with its first fact.

use std::sync::Arc;

use crate::clock::{BindingError, Bindings, Places, Walk};
use crate::policy::PolicyBook;
use crate::supervision::{self, Outlook};
use crate::ticket::{Status, Ticket};
use crate::time::Instant;

/// The walk over a ticket's facts, and where its bindings stand in a book.
///
/// It holds no deadline and nothing that was measured, and it is used beside the very ticket that it
/// was made of. What it gives is what the ticket alone gives. Boxed wherever it is kept, since it is
/// handed on from call to call.
#[derive(Debug)]
pub(super) struct Followed {
    book: Arc<PolicyBook>,
    places: Places,
    walk: Walk,
}

impl Followed {
    /// Returns the bindings of a ticket in a book, quickly where both are as they were.
    pub(super) fn bindings<'b>(
        followed: Option<&Self>,
        ticket: &Ticket,
        book: &'b Arc<PolicyBook>,
        now: Instant,
    ) -> Result<Bindings<'b>, BindingError> {
        let followed = followed.filter(|followed| Arc::ptr_eq(&followed.book, book));
        let known = followed.and_then(|it| it.places.bindings(ticket.timeline(), book));
        match known {
            Some(bindings) => Ok(bindings),
            None => Bindings::recorded(ticket.timeline(), book, now),
        }
    }

    /// Returns whether all bindings of the ticket are known to be in this book.
    pub(super) fn is_under(&self, ticket: &Ticket, book: &Arc<PolicyBook>) -> bool {
        Arc::ptr_eq(&self.book, book) && self.places.are_all_of(ticket.timeline())
    }

    /// Returns how the ticket stood at `at`, where that is how it stands.
    pub(super) fn status_at(&self, ticket: &Ticket, at: Instant) -> Option<&Status> {
        self.walk.status_at(ticket.timeline(), at)
    }

    /// Returns what is to be expected of a ticket, and how far its clocks have been followed now;
    /// what was followed before goes on.
    pub(super) fn outlook(
        followed: Option<Box<Self>>,
        ticket: &Ticket,
        book: &Arc<PolicyBook>,
        now: Instant,
    ) -> Result<(Outlook, Option<Box<Self>>), BindingError> {
        let bindings = Self::bindings(followed.as_deref(), ticket, book, now)?;
        let (walk, places) = match followed.map(|followed| *followed) {
            Some(kept) => {
                // In another book the same policies may stand elsewhere.
                let is_same_book = Arc::ptr_eq(&kept.book, book);
                (Some(kept.walk), is_same_book.then_some(kept.places))
            }
            None => (None, None),
        };
        let (outlook, walk) = supervision::resumed(walk, ticket, &bindings, now);
        let places = places.filter(|places| bindings.are_at(places));
        let places = places.or_else(|| bindings.places(book));
        let book = Arc::clone(book);
        let followed = places.map(|places| Box::new(Self { book, places, walk }));
        Ok((outlook, followed))
    }
}
