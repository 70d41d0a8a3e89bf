//! Why was a promise broken?
//!
//! Run it with `cargo run -p punctual-examples --example explain`. A complaint waits for the
//! customer over a weekend, is reopened, and every minute of it is accounted for, in English and in
//! Chinese. It prints, in more lines:
//!
//! ```text
//! service/complaint-solved #1: breaching
//!   policy: after-sales v1; allowed: 29h (office v1); used: 35h (120%)
//! ...
//!   2026-03-13 13:30:00  2026-03-13 16:00:00  2h 30m  counting
//!   2026-03-13 16:00:00  2026-03-13 18:00:00      2h  paused (awaiting-customer)
//!   2026-03-13 18:00:00  2026-03-16 09:00:00  2d 15h  closed
//!   2026-03-16 09:00:00  2026-03-16 10:30:00  1h 30m  paused (awaiting-customer)
//!   2026-03-16 10:30:00  2026-03-16 12:00:00  1h 30m  counting
//! ...
//!   2026-03-16 17:00:00  2026-03-17 09:00:00     16h  suspended
//! ...
//!   sum: counting 35h, closed 4d 19h 30m, paused (awaiting-customer) 3h 30m, suspended 16h; together 7d 2h
//!
//! service/complaint-solved #1：已超时，未结束
//! ...
//! ```

use punctual::clock::{self, Attribution, Bindings};
use punctual::event::{Actor, ActorId, Class, ReasonId, StreamId};
use punctual::language::Language;
use punctual::policy::{AFTER_SALES, Policy};
use punctual::ticket::{
    Action, Command, Message, Paused, Permit, Received, Resolved, Ticket, decide,
};
use punctual::time::Instant;

#[expect(clippy::print_stdout, reason = "an example prints")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = Policy::from_toml(AFTER_SALES)?;
    let complaint = Received {
        class: Some(Class::new("complaint")?),
        ..Received::default()
    };
    let waiting = Paused {
        reason: ReasonId::new("awaiting-customer")?,
    };
    let ticket = played(vec![
        ("2026-03-12T10:00:00+08:00", Action::Receive(complaint)),
        ("2026-03-13T16:00:00+08:00", Action::Pause(waiting)),
        (
            "2026-03-16T10:30:00+08:00",
            Action::HearCustomer(Message::NONE),
        ),
        (
            "2026-03-16T17:00:00+08:00",
            Action::Resolve(Resolved::default()),
        ),
        ("2026-03-17T09:00:00+08:00", Action::Reopen(Message::NONE)),
    ])?;

    let now: Instant = "2026-03-19T12:00:00+08:00".parse()?;
    let explanations = clock::explain(ticket.timeline(), &Bindings::to(&policy), now);
    let solved = explanations
        .iter()
        .find(|found| found.reading.target().as_str() == "complaint-solved")
        .ok_or("after-sales promises to solve complaints")?;
    println!("{}", solved.text(Language::English, policy.zone()));
    println!("{}", solved.text(Language::Chinese, policy.zone()));

    let counted = solved.sum_of(|part| *part == Attribution::Counting);
    assert_eq!(counted, solved.reading.elapsed);
    assert_eq!(
        solved.wall_time(),
        now.since("2026-03-12T10:00:00+08:00".parse()?)
    );
    Ok(())
}

fn played(story: Vec<(&str, Action)>) -> Result<Ticket, Box<dyn std::error::Error>> {
    let mut ticket = Ticket::default();
    for (at, action) in story {
        let at: Instant = at.parse()?;
        let command = Command::new(action, at, Actor::new(ActorId::new("desk")?));
        for event in decide(&ticket, command, &Permit::default(), at)? {
            let recorded = event.recorded(StreamId::new("acme", "ticket", "T-1")?, &ticket);
            ticket.apply(&recorded);
        }
    }
    Ok(ticket)
}
