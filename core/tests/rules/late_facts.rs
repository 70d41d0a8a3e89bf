//! C15, T3 and T4: facts that arrive late, early, or at one instant.

use punctual::event::{Actor, ActorId, StreamId};
use punctual::ticket::{Action, Command, DecideError, Message, Permit, Received, Ticket, decide};
use punctual::time::{Instant, Span};

use crate::house::house;
use crate::play::{Stage, compile, play};

fn solve() -> String {
    house(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{ when = { class = "complaint" }, within = "8wh" }, { within = "4wh" }]
ladder = [{ at = "due", tell = "lead" }]
"#,
    )
}

#[test]
fn c15_a_late_fact_revises_a_breach_and_what_was_told_stays_told() {
    play(
        &solve(),
        "
        03-09 10:00 received
        03-09 15:00 tick
        ! breached: solve at 03-09 14:00
        ! told lead: solve rung 0 at 03-09 14:00:00.000001, late
        03-09 16:00 late 03-09 13:00 resolved
        = solve: stopped met, used 3:00 of 4:00, due 03-09 14:00
        * solve: breaching -> met
        03-09 17:00 tick
        ",
    );
}

#[test]
fn c15_it_does_not_matter_whether_anyone_had_looked() {
    play(
        &solve(),
        "
        03-09 10:00 received
        03-09 16:00 late 03-09 13:00 resolved
        = solve: stopped met, used 3:00 of 4:00, due 03-09 14:00
        * solve: breaching -> met
        ",
    );
}

#[test]
fn c15_the_verdict_of_a_finished_ticket_is_revised_too() {
    play(
        &solve(),
        "
        03-09 10:00 received
        03-09 15:00 resolved
        = solve: stopped breached, used 5:00 of 4:00, due 03-09 14:00, breached 03-09 14:00
        03-09 15:00 closed
        03-11 09:00 late 03-09 11:00 paused reason=customer  # up to the resolution, at 15:00
        = solve: stopped met, used 1:00 of 4:00, due 03-09 18:00 till 03-10 09:00
        * solve: breached -> met
        03-11 10:00 late 03-09 12:00 resumed                 # 1 + 3 h: exactly the budget
        = solve: stopped met, used 4:00 of 4:00, due 03-09 15:00
        03-11 11:00 late 03-09 10:00 classified class=complaint
        = solve: stopped met, used 4:00 of 8:00, due 03-10 10:00
        ",
    );
}

#[test]
fn c15_a_late_fact_of_an_undecided_clock_revises_nothing() {
    play(
        &solve(),
        "
        03-09 10:00 received
        03-09 13:00 late 03-09 11:00 paused reason=customer
        = solve: paused open, used 1:00 of 4:00, resumed 03-09 16:00
        ",
    );
}

#[test]
fn c15_a_late_fact_may_take_a_kept_promise_away() {
    play(
        &solve(),
        "
        03-09 10:00 received
        03-09 11:00 paused reason=customer
        03-09 15:00 resumed
        03-09 16:00 resolved
        = solve: stopped met, used 2:00 of 4:00, due 03-09 18:00 till 03-10 09:00
        03-10 09:00 late 03-09 11:30 resumed    # 1 + 4.5 h; the second `resumed` finds no pause
        = solve: stopped breached, used 5:30 of 4:00, due 03-09 14:30, breached 03-09 14:30
        * solve: met -> breached
        ",
    );
}

#[test]
fn c15_a_late_fact_is_held_against_the_state_of_its_own_time() {
    play(
        &solve(),
        "
        03-09 10:00 received
        03-09 15:00 resolved
        03-09 16:00 refused paused reason=customer
        03-09 16:00 late 03-09 14:00 paused reason=customer  # used up as it paused, not exceeded
        = solve: stopped met, used 4:00 of 4:00, due 03-09 14:00 till 03-09 15:00
        * solve: breached -> met
        ",
    );
}

#[test]
fn t4_the_order_of_arrival_leaves_no_trace() {
    let policies = compile(&[&solve()]);
    let facts = [
        ("03-09", "11:00", "paused reason=customer"),
        ("03-09", "12:00", "resumed"),
        ("03-09", "12:30", "classified class=complaint"),
        ("03-09", "16:00", "noted"),
    ];
    // 10:00 to 11:00 and 12:00 to 17:00: 6 of 8 h, 1 h today and 1 h tomorrow.
    let orders: [[usize; 4]; 4] = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]];
    for order in orders {
        let mut stage = Stage::new(&policies, false);
        stage.line("03-09 10:00 received");
        for place in order {
            let (date, time, fact) = facts[place];
            stage.line(&format!("03-09 17:00 inserted {date} {time} {fact}"));
        }
        stage.line("= solve: running open, used 6:00 of 8:00, due 03-10 10:00");
        stage.finish();
    }
}

#[test]
fn t4_versions_break_ties_between_facts_of_one_instant() {
    // Resolved and reopened at one instant, or (a foreign log) the other way round.
    play(
        &solve(),
        "
        03-09 10:00 received
        03-09 11:00 resolved
        03-09 11:00 reopened
        = solve: running open, used 1:00 of 4:00, due 03-09 14:00
        ",
    );
    play(
        &solve(),
        "
        03-09 10:00 received
        03-09 11:00 foreign reopened
        03-09 11:00 resolved
        = solve: stopped met, used 1:00 of 4:00, due 03-09 14:00
        ",
    );
}

fn actor() -> Actor {
    Actor::new(ActorId::new("desk").unwrap())
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A ticket that was received at 10:00 UTC and recorded at `now`.
fn received(now: &str) -> Ticket {
    let action: Action = Action::Receive(Received::default());
    let command = Command::new(action, at("2026-03-09T10:00:00Z"), actor());
    let mut ticket = Ticket::default();
    for event in decide(&ticket, command, &Permit::default(), at(now)).unwrap() {
        let stream = StreamId::new("acme", "ticket", "1").unwrap();
        ticket.apply(&event.recorded(stream, &ticket));
    }
    ticket
}

#[test]
fn t3_the_future_is_refused_beyond_the_skew() {
    let now = "2026-03-09T11:00:00Z";
    let ticket = received(now);
    let note = |occurred_at: &str| {
        let action: Action = Action::Note(Message::NONE);
        Command::new(action, at(occurred_at), actor())
    };
    let within = |minutes: i64| Permit {
        most_ahead: Span::from_minutes(minutes).unwrap(),
        ..Permit::default()
    };
    for (occurred_at, skew, accepted) in [
        ("2026-03-09T11:00:00Z", 0, true),
        ("2026-03-09T11:00:00.000001Z", 0, false),
        ("2026-03-09T11:05:00Z", 5, true),
        ("2026-03-09T11:05:00.000001Z", 5, false),
        ("2026-03-09T10:00:00Z", 0, true),
    ] {
        let decided = decide(&ticket, note(occurred_at), &within(skew), at(now));
        assert_eq!(decided.is_ok(), accepted, "{occurred_at}: {decided:?}");
        if let Err(error) = decided {
            assert!(matches!(error, DecideError::Ahead { .. }), "{error}");
        }
    }
}

#[test]
fn t3_recorded_at_never_runs_back() {
    let ticket = received("2026-03-09T11:00:00Z");
    // Another machine, whose clock is behind, adds the next event.
    let action: Action = Action::Note(Message::NONE);
    let command = Command::new(action, at("2026-03-09T10:30:00Z"), actor());
    let behind = at("2026-03-09T10:59:00Z");
    let events = decide(&ticket, command, &Permit::default(), behind).unwrap();
    assert_eq!(events[0].recorded_at, at("2026-03-09T11:00:00Z"));
    assert_eq!(events[0].occurred_at, at("2026-03-09T10:30:00Z"));
}
