//! Read models that follow the log through an engine, held to a fold of the whole log.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use punctual::engine::{Engine, Handle, ProjectError, Projector, Standing};
use punctual::policy::{Policy, PolicyBook};
use punctual::projection::{Case, Change, Projection, Queue, Scorecard};
use punctual::store::Limit;
use punctual::ticket::Ticket;

use crate::violation::Violation;

/// The read models of one tenant.
struct Models {
    projector: Projector,
    scores: Handle<Scorecard>,
    queue: Handle<Queue>,
}

/// Where they are while no task has them; a task that is dropped takes them along.
#[derive(Clone, Default)]
pub(crate) struct Place(Rc<RefCell<Option<Models>>>);

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Place")
    }
}

impl Place {
    /// Reads on, through the engine that they were begun on: one whose store misbehaves, and that may
    /// have been given up by everybody else.
    pub(crate) async fn follow(self, engine: Arc<Engine>) -> Result<(), ProjectError> {
        let known = self.0.borrow_mut().take();
        let Some(mut models) = known.or_else(|| Models::begin(engine)) else {
            return Ok(());
        };
        let read = models.projector.catch_up().await;
        *self.0.borrow_mut() = Some(models);
        read
    }

    /// Holds them to the sum over whole tickets.
    pub(crate) fn expect<'t>(
        &self,
        tickets: impl Iterator<Item = &'t Ticket>,
        book: &PolicyBook,
    ) -> Result<(), Violation> {
        let place = self.0.borrow();
        let Some(models) = place.as_ref() else {
            return Err(Violation::ReadModel("none was begun".to_owned()));
        };
        let standing = models.projector.standing(&models.scores);
        if standing != Some(Standing::Live) {
            return Err(Violation::ReadModel(format!("{standing:?}")));
        }
        let card = models.projector.projection(&models.scores);
        let card = card.ok_or_else(|| Violation::ReadModel("no scorecard".to_owned()))?;
        let (mut scores, mut queue) = Default::default();
        for ticket in tickets {
            let Some(stream) = ticket.stream() else {
                continue;
            };
            let case = Case::recorded(ticket, book).map_err(Violation::log)?;
            let change = Change {
                stream,
                events: &[],
                before: None,
                after: Some(&case),
            };
            card.apply(&mut scores, &change).map_err(Violation::log)?;
            Queue.apply(&mut queue, &change).map_err(Violation::log)?;
        }
        same(models.projector.state(&models.scores), &scores)?;
        same(models.projector.state(&models.queue), &queue)
    }
}

fn same<S: PartialEq + std::fmt::Debug>(followed: Option<&S>, whole: &S) -> Result<(), Violation> {
    if followed == Some(whole) {
        return Ok(());
    }
    let text = format!("{followed:?}\nis followed, whole is\n{whole:?}");
    Err(Violation::ReadModel(text))
}

impl Models {
    /// Begins where there is a policy by now.
    fn begin(engine: Arc<Engine>) -> Option<Self> {
        let policies = engine.policies();
        let policy: &Policy = policies.iter().next()?;
        let card = Scorecard::of(policy);
        let mut projector = Projector::new(Arc::clone(&engine)).with_page(Limit::events(64));
        Some(Self {
            scores: projector.add(card),
            queue: projector.add(Queue),
            projector,
        })
    }
}
