//! What becomes of a deadline while we wait for the customer?
//!
//! Run it with `cargo run -p punctual-examples --example pause`. A question goes back to the
//! customer for a day. Meanwhile nothing falls due, the queue still knows when it would, and
//! afterwards every hour is accounted for. It prints:
//!
//! ```text
//! Mon 11:00  running  due Tue 09:30
//! Mon 15:00  paused   due Tue 12:00 if it went on now
//! Mon 17:00  paused   due Tue 15:30 if it went on now
//! Tue 10:00  running  due Tue 17:30
//!
//! Mon 09:00 - Mon 11:00  counting
//! Mon 11:00 - Mon 12:00  paused
//! Mon 12:00 - Mon 13:30  closed
//! Mon 13:30 - Mon 18:00  paused
//! Mon 18:00 - Tue 09:00  closed
//! Tue 09:00 - Tue 10:00  paused
//! Tue 10:00 - Tue 11:00  counting
//! together 1d 2h, of which 3h count
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use punctual::clock::{self, Activity, Attribution, Bindings};
use punctual::event::Actor;
use punctual::policy::Policy;
use punctual::ticket::{Action, Command, Message, Paused, Permit, Received, Ticket, decide};
use punctual::time::{Instant, Span};

/// A target names the reasons that stop its clock; a reason may name the events that end it.
const POLICY: &str = r#"
policy = "helpdesk"
timezone = "Asia/Shanghai"
default-calendar = "office"
calendar.office.week = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
pause.awaiting-customer = { resumes-on = ["customer-wrote"] }
[target.solved]
start = "received"
stop = "resolved"
pause = "awaiting-customer"
goals = [{ within = "8wh" }]
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::from_toml(POLICY)?;
    let receive = Action::Receive(Received::default());
    let wait = Action::Pause(Paused {
        reason: "awaiting-customer".parse()?,
    });
    let answer = Action::HearCustomer(Message::NONE);

    let mut ticket = Ticket::default();
    tell(&mut ticket, "2026-03-09T09:00", receive)?;
    look(&ticket, &policy, "2026-03-09T11:00")?;
    tell(&mut ticket, "2026-03-09T11:00", wait)?;
    look(&ticket, &policy, "2026-03-09T15:00")?;
    look(&ticket, &policy, "2026-03-09T17:00")?;
    // The answer ends the pause: the policy says so, and nobody has to resume anything.
    tell(&mut ticket, "2026-03-10T10:00", answer)?;
    look(&ticket, &policy, "2026-03-10T10:00")?;

    println!();
    let now = at("2026-03-10T11:00")?;
    let explained = clock::explain(ticket.timeline(), &Bindings::to(&policy), now);
    let solved = explained.first().ok_or("the policy has one promise")?;
    for part in &solved.parts {
        let (from, to) = (part.interval.start(), part.interval.end());
        let what = match &part.attribution {
            Attribution::BeforeStart => "before its start",
            Attribution::Counting => "counting",
            Attribution::Closed => "closed",
            Attribution::Paused(_) => "paused",
            Attribution::Suspended => "resolved",
            Attribution::AfterStop => "after its end",
        };
        println!("{} - {}  {what}", civil(&policy, from), civil(&policy, to));
    }
    let counted = solved.sum_of(|part| *part == Attribution::Counting);
    println!("together {}, of which {counted} count", solved.wall_time());

    // Nothing is left out, and what counts is what the clock says that it has used.
    assert_eq!(solved.wall_time(), now.since(at("2026-03-09T09:00")?));
    assert_eq!(counted, solved.reading.elapsed);
    assert_eq!(counted, Span::from_hours(3)?);
    Ok(())
}

/// Prints how the promise stands at an instant.
fn look(ticket: &Ticket, policy: &Policy, time: &str) -> Result<(), Box<dyn Error>> {
    let now = at(time)?;
    let readings = clock::read(ticket.timeline(), &Bindings::to(policy), now);
    let solved = readings.first().ok_or("the policy has one promise")?;
    // A deadline that moves with every look is no deadline, so it has a field of its own.
    let is_paused = solved.activity == Activity::Paused;
    assert_eq!(solved.due_at.is_none(), is_paused);
    assert_eq!(solved.due_if_resumed_now.is_some(), is_paused);

    let due_at = solved.due_or_if_resumed().ok_or("there is a budget")?;
    let condition = if is_paused { " if it went on now" } else { "" };
    println!(
        "{}  {:<7}  due {}{condition}",
        civil(policy, now),
        solved.activity.name(),
        civil(policy, due_at)
    );
    Ok(())
}

fn tell(ticket: &mut Ticket, time: &str, action: Action) -> Result<(), Box<dyn Error>> {
    let now = at(time)?;
    let command = Command::new(action, now, Actor::new("desk".parse()?));
    for event in decide(ticket, command, &Permit::default(), now)? {
        ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, ticket));
    }
    Ok(())
}

fn at(time: &str) -> Result<Instant, Box<dyn Error>> {
    Ok(format!("{time}:00+08:00").parse()?)
}

fn civil(policy: &Policy, at: Instant) -> String {
    policy.zone().local(at).format("%a %H:%M").to_string()
}
