//! A ticket's stream into a ticket.

use std::sync::Arc;

use super::Engine;
use super::agenda::Stay;
use super::error::{LoadError, PolicyError};
use super::followed::Followed;
use crate::clock::{BindingError, Bindings};
use crate::event::{Revision, StreamId, Version};
use crate::policy::PolicyBook;
use crate::store::{Limit, Sequence};
use crate::ticket::Ticket;
use crate::time::Instant;

/// A ticket as it was read, and where its stream stood.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) ticket: Ticket,
    pub(super) revision: Revision,
    /// How it stood in the agenda before it was read.
    pub(super) stay: Option<Stay>,
}

impl Engine {
    /// Folds a ticket's stream, as far as it was recorded by `known_at`.
    pub(super) async fn load(
        &self,
        stream: &StreamId,
        known_at: Instant,
    ) -> Result<Loaded, LoadError> {
        let name = self.expect_own(stream)?;
        let stay = Some(self.agenda().stay(name));
        let mut guard = Sequence::new(stream.clone(), Version::NONE);
        let mut ticket = Ticket::default();
        let mut reader = self.codec.reader();
        loop {
            let read = self
                .store
                .read_stream(stream, guard.after(), Limit::default());
            let page = read.await.map_err(|error| LoadError::read(stream, error))?;
            guard
                .admit(&page)
                .map_err(|gap| LoadError::gap(stream, gap))?;
            let known = page
                .records()
                .take_while(|record| record.recorded_at() <= known_at);
            for record in known {
                reader.fold(&record, &mut ticket)?;
            }
            if page.is_last() {
                let revision = page.revision;
                return Ok(Loaded {
                    ticket,
                    revision,
                    stay,
                });
            }
        }
    }

    /// Returns the name of a ticket of this tenant.
    fn expect_own<'s>(&self, stream: &'s StreamId) -> Result<&'s str, LoadError> {
        let name = stream.as_str().strip_prefix(&self.tickets);
        name.ok_or_else(|| LoadError::Foreign {
            stream: stream.clone(),
            tenant: self.tenant.clone(),
        })
    }

    /// Returns a book that holds every version that the ticket is bound to, without a search where
    /// its clocks were followed under the book of the present.
    pub(super) async fn book_of(
        &self,
        ticket: &Ticket,
        followed: Option<&Followed>,
    ) -> Result<Arc<PolicyBook>, LoadError> {
        let book = self.book();
        match followed {
            Some(followed) if followed.is_under(ticket, &book) => Ok(book),
            Some(_) | None => self.book_for(ticket).await,
        }
    }

    /// Returns a book that holds every version that the ticket is bound to. A version that another
    /// process has just published is fetched.
    pub(super) async fn book_for(&self, ticket: &Ticket) -> Result<Arc<PolicyBook>, LoadError> {
        let book = self.book();
        if has_all(ticket, &book).is_ok() {
            return Ok(book);
        }
        let refreshed = self.refresh_policies().await;
        let book = self.book();
        match (has_all(ticket, &book), refreshed) {
            (Ok(()), _) => Ok(book),
            // Whether it is there cannot be told as long as the store does not answer.
            (Err(_), Err(PolicyError::Read { stream, source })) => {
                Err(LoadError::Read { stream, source })
            }
            // What else is amiss with the policies will be told by whoever follows the log.
            (Err(missing), _) => Err(missing.into()),
        }
    }
}

fn has_all(ticket: &Ticket, book: &PolicyBook) -> Result<(), BindingError> {
    Bindings::recorded(ticket.timeline(), book, Instant::MAX).map(|_| ())
}
