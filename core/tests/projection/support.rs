//! Tickets from scripts, and their sum.

use punctual::clock::Bindings;
use punctual::event::{CustomerId, Recorded, StreamId};
use punctual::policy::{AFTER_SALES, Policy};
use punctual::projection::{Case, Change, Projection};
use punctual::testing::History;
use punctual::ticket::{Ticket, TicketEvent};

/// The preset `after-sales`.
pub(crate) fn house() -> Policy {
    Policy::from_toml(AFTER_SALES).unwrap()
}

/// Reads a script in Shanghai time.
pub(crate) fn history(policy: &Policy, script: &str) -> History {
    History::read(script, policy.zone()).unwrap()
}

/// Returns the log of a history as that of ticket `number`, of a customer.
pub(crate) fn log(
    history: &History,
    number: usize,
    customer: Option<&str>,
) -> Vec<Recorded<TicketEvent>> {
    let stream = StreamId::new("acme", "ticket", &number.to_string()).unwrap();
    let mut events = history.log();
    for event in &mut events {
        event.stream = stream.clone();
        event.subject = customer.map(|name| CustomerId::new(name).unwrap());
    }
    events
}

pub(crate) fn ticket(events: &[Recorded<TicketEvent>]) -> Ticket {
    let mut ticket = Ticket::default();
    for event in events {
        ticket.apply(event);
    }
    ticket
}

/// Returns the state of a projection over tickets.
pub(crate) fn sum<P: Projection>(projection: &P, policy: &Policy, tickets: &[Ticket]) -> P::State {
    let mut state = P::State::default();
    for ticket in tickets {
        let after = Case::new(ticket, Bindings::to(policy));
        let change = Change {
            stream: ticket.stream().unwrap(),
            events: &[],
            before: None,
            after: Some(&after),
        };
        projection.apply(&mut state, &change).unwrap();
    }
    state
}
