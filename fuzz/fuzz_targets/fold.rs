//! Any history, however damaged: it is folded, read, explained and supervised, and the answers hold
//! together.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use punctual::clock::{self, Attribution, Bindings};
use punctual::event::{
    Actor, ActorId, Class, FieldValue, Level, MarkId, ReasonId, Recorded, RoleId, StreamId, Version,
};
use punctual::policy::{AFTER_SALES, Policy};
use punctual::supervision;
use punctual::ticket::{
    Classified, FollowUp, FollowedUp, Marked, Message, Paused, Received, Replied, Resolved,
    Resumed, Satisfaction, Surveyed, Ticket, TicketEvent, VisitBooked, Waived,
};
use punctual::time::Instant;

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::from_toml(AFTER_SALES).expect("the preset compiles"));

/// One step of a history: what, with which detail, after how long, and how disordered.
fn step(bytes: &[u8; 4], number: u64, minutes: &mut i64) -> Option<Recorded<TicketEvent>> {
    let [kind, detail, wait, order] = *bytes;
    *minutes += i64::from(wait) * i64::from(wait) / 4;
    let late = if order & 1 == 0 { 0 } else { i64::from(order) * 7 };
    let at = |minutes: i64| Instant::from_micros(1_772_000_000_000_000 + minutes * 60_000_000);
    let version = if order & 2 == 0 { number } else { number + u64::from(order) };
    let role = ["specialist", "after-sales-supervisor", "general-manager"][usize::from(detail % 3)];
    Some(Recorded {
        stream: StreamId::new("fuzz", "ticket", if order == 255 { "other" } else { "1" }).ok()?,
        version: Version::new(version),
        position: None,
        occurred_at: at(*minutes - late).ok()?,
        recorded_at: at(*minutes).ok()?,
        actor: Some(Actor::new(ActorId::new("u-1").ok()?).with_role(RoleId::new(role).ok()?)),
        subject: None,
        event: event(kind, detail, at(*minutes + i64::from(detail) * 60).ok()?)?,
    })
}

fn event(kind: u8, detail: u8, visit_at: Instant) -> Option<TicketEvent> {
    let pick = |words: &[&'static str]| words[usize::from(detail) % words.len()];
    let class = || Class::new(pick(&["complaint", "fault", "return", "enquiry", "unheard-of"])).ok();
    let level = || Level::new(pick(&["urgent", "major", "general"])).ok();
    let reason = || ReasonId::new(pick(&["awaiting-customer", "awaiting-parts", "unheard-of"])).ok();
    let none = Message { text: None };
    let score = Satisfaction::ALL[usize::from(detail) % Satisfaction::ALL.len()];
    Some(match kind % 26 {
        0 => TicketEvent::Received(Received { class: class(), level: level(), ..Received::default() }),
        1 => TicketEvent::Classified(Classified { class: class(), ..Classified::default() }),
        2 => TicketEvent::Classified(Classified { level: level(), ..Classified::default() }),
        3 => TicketEvent::Declined(punctual::ticket::Declined { text: None, alternative: "x".into() }),
        4 => TicketEvent::CustomerWrote(none),
        5 => TicketEvent::Replied(Replied { automatic: detail % 2 == 0, text: None }),
        6 => TicketEvent::Diagnosed(punctual::ticket::Diagnosed::default()),
        7 => TicketEvent::PlanProposed(none),
        8 => TicketEvent::PlanAccepted(none),
        9 => TicketEvent::PlanDisputed(none),
        10 => TicketEvent::ProgressReported(none),
        11 => TicketEvent::VisitBooked(VisitBooked { visit_at, text: None }),
        12 => TicketEvent::VisitConfirmed(none),
        13 => TicketEvent::VisitCancelled(none),
        14 => TicketEvent::Paused(Paused { reason: reason()? }),
        15 => TicketEvent::Resumed(Resumed { reason: if detail % 2 == 0 { None } else { reason() } }),
        16 => TicketEvent::Resolved(Resolved {
            method: FieldValue::new(pick(&["remote", "on-site"])).ok(),
            text: None,
        }),
        17 => TicketEvent::Reopened(none),
        18 => TicketEvent::Closed(none),
        19 => TicketEvent::SurveyAsked(none),
        20 => TicketEvent::Surveyed(Surveyed {
            satisfaction: score,
            solved: None,
            attitude: None,
            speed: None,
            skill: None,
            text: None,
        }),
        21 => TicketEvent::FollowedUp(FollowedUp { kind: FollowUp::SecondContact, text: None }),
        22 => TicketEvent::Marked(Marked { mark: MarkId::new("parts-ordered").ok()?, text: None }),
        23 => TicketEvent::Withdrawn(none),
        24 => TicketEvent::Dispatched(none),
        _ => TicketEvent::Waived(Waived {
            agreement: "service".parse().ok()?,
            target: pick(&["first-response", "progress"]).parse().ok()?,
            cycle: u32::from(detail % 4),
            text: "x".into(),
        }),
    })
}

fuzz_target!(|bytes: &[u8]| {
    let mut ticket = Ticket::default();
    let mut minutes = 0;
    let (steps, _) = bytes.as_chunks::<4>();
    for (number, bytes) in (1..).zip(steps.iter().take(200)) {
        if let Some(recorded) = step(bytes, number, &mut minutes) {
            ticket.apply(&recorded);
        }
    }
    let _ = ticket.anomalies();
    let bindings = Bindings::to(&POLICY);
    for after in [0, 600, 100_000] {
        let now = 1_772_000_000_000_000 + (minutes + after) * 60_000_000;
        let Ok(now) = Instant::from_micros(now) else { return };
        check(&mut ticket, &bindings, now);
    }
});

fn check(ticket: &mut Ticket, bindings: &Bindings<'_>, now: Instant) {
    let before = clock::read(ticket.timeline(), bindings, now);
    for reading in &before {
        if let (Some(due_at), Some(breach_after)) = (reading.due_at, reading.breach_after) {
            assert!(due_at <= breach_after, "{reading:?}");
        }
    }
    for explanation in clock::explain(ticket.timeline(), bindings, now) {
        let counted = explanation.sum_of(|part| *part == Attribution::Counting);
        assert!(counted.micros() >= 0);
        for pair in explanation.parts.windows(2) {
            assert_eq!(pair[0].interval.end(), pair[1].interval.start(), "a hole");
        }
    }
    let events = supervision::supervise::<Box<str>>(ticket, bindings, now);
    *ticket = supervision::after(ticket, events, now);
    assert!(supervision::supervise::<Box<str>>(ticket, bindings, now).is_empty(), "told twice");
    assert_eq!(clock::read(ticket.timeline(), bindings, now), before, "a tick changed a verdict");
}
