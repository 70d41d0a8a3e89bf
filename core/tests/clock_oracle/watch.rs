//! What the engine records, and when it wants to look again: C15, L4 and the agenda.

use std::collections::{BTreeMap, BTreeSet};

use punctual::supervision;
use punctual::ticket::{ClockId, Ticket, TicketEvent, Told};
use punctual::time::Instant;

use super::ladder::{self, Id, Line};
use super::reading::{self, Key, Row};
use super::world::{AGREEMENTS, At, Versions, World};

/// What is recorded, as text, and when to look next.
pub type Watch = (BTreeSet<String>, Option<i64>);

/// Agreement, target, the start event, the attaching event.
type Name = (String, String, u64, u64);

fn name(clock: &ClockId) -> Name {
    (
        clock.agreement.to_string(),
        clock.target.to_string(),
        clock.started_by.get(),
        clock.attached_by.get(),
    )
}

pub fn by_engine(
    versions: &Versions,
    ticket: &Ticket,
    now: Instant,
) -> (Watch, Vec<TicketEvent<Box<str>>>) {
    let bindings = versions.bindings(ticket.timeline(), now);
    let events: Vec<TicketEvent> = supervision::supervise(ticket, &bindings, now);
    let mut lines = BTreeSet::new();
    let mut before = Instant::MIN;
    for event in &events {
        let (at, line) = match event {
            TicketEvent::Warned(it) => {
                let due_at = it.due_at.map(Instant::micros);
                let at = it.reached_at;
                (
                    at,
                    format!(
                        "warned {:?} {} due {due_at:?}",
                        name(&it.clock),
                        at.micros()
                    ),
                )
            }
            TicketEvent::Breached(it) | TicketEvent::BreachedOnAttach(it) => {
                let at = it.breached_at;
                (
                    at,
                    format!("{} {:?} {}", event.kind(), name(&it.clock), at.micros()),
                )
            }
            TicketEvent::Escalated(it) => {
                let (who, at) = (&it.role, it.owed_at);
                let rung = (it.rung, it.repeat);
                assert_eq!(it.late, at < now);
                (
                    at,
                    format!("told {who} {:?} {rung:?} {}", name(&it.clock), at.micros()),
                )
            }
            other => panic!("nobody asked for {}", other.kind()),
        };
        assert!(before <= at, "in the order in which it came about");
        before = at;
        assert!(lines.insert(line), "nothing is recorded twice");
    }
    let wake_at = supervision::wake_at(ticket, &bindings, now).map(Instant::micros);
    ((lines, wake_at), events)
}

/// The same by what the oracle says of clocks and rungs.
pub fn by_oracle(
    world: &World,
    rows: &BTreeMap<Key, Row>,
    rungs: &BTreeMap<Id, Line>,
    told: &Told,
    now: i64,
) -> Watch {
    let mut lines = BTreeSet::new();
    let mut wake: Vec<i64> = Vec::new();
    for ((agreement, target, _), row) in rows {
        let own = (
            agreement.clone(),
            target.clone(),
            row.started_by,
            row.attached_by,
        );
        let is_open = row.activity != "stopped" && row.outcome != "waived";
        let is_over = ["breaching", "breached"].contains(&row.outcome.as_str());
        let is_breach_known = told.breached.iter().any(|it| name(&it.clock) == own);
        if is_over && !is_breach_known {
            // Of a goal that came breached to a clock that has not run since: the judgement.
            let at = row.breached_at.unwrap_or(row.attached_at);
            let kind = if row.over_on_attach {
                "breached-on-attach"
            } else {
                "breached"
            };
            lines.insert(format!("{kind} {own:?} {at}"));
            wake.push(at);
        } else if is_open && row.remaining.is_some_and(|left| left >= 0) {
            wake.extend(row.breach_after.map(|at| at + 1));
        }
        let warns = first_warning(world, rungs, &own, now);
        if let (true, Some(at)) = (is_open, warns)
            && !told.warned.iter().any(|it| name(it) == own)
        {
            wake.push(at);
            if at <= now {
                lines.insert(format!("warned {own:?} {at} due {:?}", row.due_at));
            }
        }
    }
    for ((agreement, target, started_by, attached_by, rung, repeat), (role, at, how)) in rungs {
        let own = (agreement, target, *started_by, *attached_by);
        if how == "Owed" {
            assert!(*at <= now);
            lines.insert(format!("told {role} {own:?} {:?} {at}", (rung, repeat)));
        }
        if how == "Owed" || how == "Ahead" {
            wake.push(*at);
        }
    }
    (lines, wake.into_iter().min())
}

/// The earliest rung in front of the deadline that is reached while the clock lives. One that was
/// told before a rebind is not told again, and still warns of the new goal at its own instant.
fn first_warning(world: &World, rungs: &BTreeMap<Id, Line>, own: &Name, now: i64) -> Option<i64> {
    let place = usize::from(own.0 == AGREEMENTS[1]);
    let target: usize = own.1[1..].parse().unwrap();
    // The goal came with its version's rebind, or with a later event.
    let facts = world.facts(i64::MAX);
    let clocks = super::story::clocks(world, &facts);
    let attached = clocks.iter().find_map(|clock| {
        let same = (clock.agreement, clock.target, clock.started_by) == (place, target, own.2);
        let index = clock.attachments.iter().position(|it| it.by == own.3);
        index.filter(|_| same).map(|index| (clock, index))
    });
    let (clock, index) = attached?;
    let ladder = &clock.spec_at(world, index).ladder;
    let warns = |rung: u16| match ladder[usize::from(rung)].at {
        At::Share(percent) => percent < 100,
        At::Lower | At::Before(_) => true,
        At::Due | At::After(_) => false,
    };
    let reached = rungs.iter().filter(|(id, (_, at, how))| {
        (&id.0, &id.1, id.2, id.3) == (&own.0, &own.1, own.2, own.3)
            && id.4.is_some_and(warns)
            && (["Owed", "Told"].contains(&how.as_str()) || (how == "Ahead" && *at > now))
    });
    reached.map(|(_, (_, at, _))| *at).min()
}

/// Both sides of one instant.
pub fn sides(
    world: &World,
    versions: &Versions,
    ticket: &Ticket,
    now: i64,
) -> (Watch, Watch, Vec<TicketEvent<Box<str>>>) {
    let told = ladder::told(&ticket.told().escalated);
    let rungs = ladder::by_oracle(world, now, &told);
    let rows = reading::by_oracle(world, now);
    let (engine, events) = by_engine(versions, ticket, super::world::instant(now));
    let oracle = by_oracle(world, &rows, &rungs, ticket.told(), now);
    (engine, oracle, events)
}
