//! What becomes of a deadline when the ticket turns out to be urgent?
//!
//! Run it with `cargo run -p punctual-examples --example reclassify`. Three of eight hours are used
//! when a ticket becomes urgent, and urgent ones have two. Whether the customer waits on from the
//! first call or from the new judgement is the policy's choice, target by target. It prints:
//!
//! ```text
//! mode         started  used     of  due       outcome    recorded
//! retroactive  09:00    3h       2h  11:00:00  breaching  breached-on-attach, escalated
//! carry        09:00    45m      2h  13:15:00  open       -
//! forward      09:00    0s       2h  14:00:00  open       -
//! reset        12:00    0s       2h  14:00:00  open       -
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use punctual::clock::{self, Bindings};
use punctual::event::{Actor, Kind};
use punctual::policy::Policy;
use punctual::supervision;
use punctual::ticket::{Action, Classified, Command, Outcome, Permit, Received};
use punctual::ticket::{Ticket, TicketEvent, decide};
use punctual::time::Instant;

const POLICY: &str = r#"
policy = "helpdesk"
timezone = "+08:00"
level = { values = { normal = "Normal", urgent = "Urgent" }, order = ["normal", "urgent"], default = "normal" }
role = { agent = { rank = 1 }, lead = { rank = 2 } }
[target.solved]
start = "received"
stop = "resolved"
reclassify = "MODE"
goals = [{ when = { level = "urgent" }, within = "2h" }, { within = "8h" }]
ladder = [{ at = "80%", tell = "agent" }, { at = "due", tell = "lead" }]
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let ticket = ticket()?;
    let now = at("12:00")?;
    println!("mode         started  used     of  due       outcome    recorded");
    for (mode, due_at) in [
        // From the first call on, which is over already.
        ("retroactive", "11:00"),
        // Three eighths are used of the old promise, so three eighths of the new one.
        ("carry", "13:15"),
        // The whole new promise from now on.
        ("forward", "14:00"),
        // The same, and the clock says that it started now.
        ("reset", "14:00"),
    ] {
        let policy = Policy::from_toml(&POLICY.replace("MODE", mode))?;
        let bindings = Bindings::to(&policy);
        let readings = clock::read(ticket.timeline(), &bindings, now);
        let solved = readings.first().ok_or("the policy has one promise")?;
        let events = supervision::supervise::<Box<str>>(&ticket, &bindings, now);
        let recorded: Vec<_> = events.iter().map(|event| event.kind().name()).collect();
        let recorded = if recorded.is_empty() {
            "-".to_owned()
        } else {
            recorded.join(", ")
        };
        println!(
            "{mode:<11}  {}    {:<7}  {}  {}  {:<9}  {recorded}",
            civil(&policy, solved.started_at, "%H:%M"),
            solved.elapsed.to_string(),
            solved.budget.ok_or("there is a goal")?,
            civil(
                &policy,
                solved.due_at.ok_or("nothing pauses it")?,
                "%H:%M:%S"
            ),
            solved.outcome,
        );
        assert_eq!(solved.due_at, Some(at(due_at)?), "{mode}");

        // Over as it came: it counts, but no rung of the past is climbed. One notice goes to the
        // top of the ladder.
        let is_over = mode == "retroactive";
        assert_eq!(solved.over_on_attach, is_over);
        assert_eq!(solved.outcome == Outcome::Breaching, is_over);
        let kinds: Vec<Kind> = events.iter().map(TicketEvent::kind).collect();
        if is_over {
            assert_eq!(kinds, [Kind::BreachedOnAttach, Kind::Escalated]);
        } else {
            assert!(kinds.is_empty());
        }
        for event in &events {
            if let TicketEvent::Escalated(notice) = event {
                assert_eq!((notice.role.as_str(), notice.rung), ("lead", None));
            }
        }
    }
    Ok(())
}

/// Received at nine, urgent at noon. The policy is asked later: a ticket holds facts alone.
fn ticket() -> Result<Ticket, Box<dyn Error>> {
    let urgent = Classified {
        level: Some("urgent".parse()?),
        ..Classified::default()
    };
    let mut ticket = Ticket::default();
    for (time, action) in [
        ("09:00", Action::Receive(Received::default())),
        ("12:00", Action::Classify(urgent)),
    ] {
        let now = at(time)?;
        let command: Command = Command::new(action, now, Actor::new("desk".parse()?));
        for event in decide(&ticket, command, &Permit::default(), now)? {
            ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
        }
    }
    Ok(ticket)
}

fn at(time: &str) -> Result<Instant, Box<dyn Error>> {
    Ok(format!("2026-03-09T{time}:00+08:00").parse()?)
}

fn civil(policy: &Policy, at: Instant, format: &str) -> String {
    policy.zone().local(at).format(format).to_string()
}
