//! What falls due is recorded once, in order, and marked when it is late.

use punctual::event::Kind;
use punctual::ticket::TicketEvent;
use punctual::time::Span;

use super::desk::{Desk, HOTLINE, at, play};

const RECEIVED: &str = r#"{"type":"receive"}"#;

#[test]
fn each_rung_is_told_when_it_falls_due_and_never_again() {
    play(async {
        let desk = Desk::open().await;
        desk.tell("T-1", RECEIVED).await;
        assert!(desk.tick_at("09:23:59").await.is_quiet());
        let first = desk.tick_at("09:24").await;
        assert_eq!((first.warned, first.escalated, first.late), (1, 1, 0));
        assert!(desk.tick_at("09:30").await.is_quiet()); // due, and not over
        let over = desk.tick_at("09:30:00.000001").await;
        assert_eq!((over.breached, over.escalated, over.late), (1, 1, 0));
        assert_eq!(
            over.next_at,
            Some(at("10:30").checked_add(Span::MICROSECOND).unwrap())
        );
        for _ in 0..3 {
            assert!(desk.tick_at("09:31").await.is_quiet());
        }
        assert_eq!(
            desk.kinds("T-1").await,
            [
                "received",
                "policy-bound",
                "warned",
                "escalated",
                "breached",
                "escalated"
            ]
        );
    });
}

#[test]
fn l4_after_a_standstill_everything_owed_is_told_in_due_order_and_marked_late() {
    play(async {
        let desk = Desk::open().await;
        desk.tell("T-1", RECEIVED).await;
        let restarted = Desk::on(desk.store, "13:00").await;
        let tick = restarted.tick_at("13:00").await;
        assert_eq!(
            (tick.warned, tick.breached, tick.escalated, tick.late),
            (1, 2, 3, 3)
        );
        let events = restarted.events("T-1").await;
        let told: Vec<_> = events
            .iter()
            .filter_map(|event| match &event.event {
                TicketEvent::Escalated(escalated) => Some((escalated.owed_at, event.recorded_at)),
                _ => None,
            })
            .collect();
        let second = Span::MICROSECOND;
        let due = [
            at("09:24"),
            at("09:30").checked_add(second).unwrap(),
            at("10:30").checked_add(second).unwrap(),
        ];
        assert_eq!(told, due.map(|due| (due, at("13:00"))));
        assert!(restarted.tick_at("13:00").await.is_quiet());
    });
}

#[test]
fn a_stop_before_anyone_looked_lets_the_rungs_lapse_and_keeps_the_breach() {
    play(async {
        let desk = Desk::open().await;
        desk.tell("T-1", RECEIVED).await;
        desk.clock.set(at("09:40"));
        desk.tell("T-1", r#"{"type":"reply"}"#).await;
        let tick = desk.tick_at("09:40").await;
        assert_eq!((tick.breached, tick.escalated), (1, 0));
    });
}

#[test]
fn two_engines_that_tick_at_once_tell_everything_once() {
    play(async {
        let one = Desk::open_to_meet().await;
        let two = one.beside().await;
        for number in 0..20 {
            let desk = if number % 2 == 0 { &one } else { &two };
            desk.tell(&format!("T-{number}"), RECEIVED).await;
        }
        for desk in [&one, &two] {
            desk.clock.set(at("11:30"));
        }
        let (a, b) = tokio::join!(one.engine.tick(at("11:30")), two.engine.tick(at("11:30")));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert!(a.failures.is_empty() && b.failures.is_empty());
        for number in 0..20 {
            assert_eq!(one.count(&format!("T-{number}"), Kind::Escalated).await, 3);
            assert_eq!(one.count(&format!("T-{number}"), Kind::Breached).await, 2);
        }
        assert!(one.tick_at("11:31").await.is_quiet());
        assert!(two.tick_at("11:31").await.is_quiet());
    });
}

#[test]
fn what_another_engine_appends_is_looked_at() {
    play(async {
        let one = Desk::open().await;
        let two = one.beside().await;
        two.tell("T-1", RECEIVED).await;
        assert_eq!(one.tick_at("09:24").await.escalated, 1);
        // The other one replies; this one must not go on with what it believed.
        two.clock.set(at("09:25"));
        two.tell("T-1", r#"{"type":"reply"}"#).await;
        assert!(one.tick_at("09:40").await.is_quiet());
    });
}

#[test]
fn a_clock_that_jumps_back_makes_nothing_fire_again_and_nothing_early() {
    play(async {
        let desk = Desk::open().await;
        desk.tell("T-1", RECEIVED).await;
        assert_eq!(desk.tick_at("09:35").await.escalated, 2);
        for time in ["08:00", "09:10", "09:24", "09:35", "10:30"] {
            assert!(desk.tick_at(time).await.is_quiet(), "{time}");
        }
        assert_eq!(desk.tick_at("10:31").await.escalated, 1);
        let events = desk.events("T-1").await;
        assert!(events.is_sorted_by_key(|event| event.recorded_at));
    });
}

#[test]
fn t3_what_was_recorded_by_a_fast_clock_is_not_undone_by_a_slow_one() {
    play(async {
        let desk = Desk::open().await;
        desk.tell("T-1", RECEIVED).await;
        // The clock runs ahead for a moment, and the reply is recorded then.
        desk.clock.set(at("09:28"));
        desk.tell("T-1", r#"{"type":"reply"}"#).await;
        desk.clock.set(at("09:05"));
        desk.tell("T-1", r#"{"type":"note"}"#).await;
        let events = desk.events("T-1").await;
        assert_eq!(events.last().unwrap().recorded_at, at("09:28"));
        assert!(desk.tick_at("09:25").await.is_quiet());
    });
}

#[test]
fn a_ticket_leaves_the_agenda_when_it_is_finished_and_comes_back_with_a_fact() {
    play(async {
        let desk = Desk::open().await;
        desk.tell("T-1", RECEIVED).await;
        assert_eq!(desk.engine.open_tickets(), 1);
        desk.tell("T-1", r#"{"type":"reply"}"#).await;
        desk.tell("T-1", r#"{"type":"resolve"}"#).await;
        assert_eq!(
            (desk.engine.open_tickets(), desk.engine.next_at()),
            (0, None)
        );
        desk.clock.set(at("09:10"));
        desk.tell("T-1", r#"{"type":"reopen"}"#).await;
        assert_eq!(desk.engine.open_tickets(), 1);
        // Ten minutes of the two hours were not used while it was resolved.
        let due = at("11:10").checked_add(Span::MICROSECOND).unwrap();
        assert_eq!(desk.engine.next_at(), Some(due));
        assert_eq!(desk.beside().await.engine.next_at(), Some(due));
    });
}

/// A ticket that is kept between two commands, while a further version of another policy, in front of
/// its own by name, moves its own to another place in the book.
#[test]
fn a_policy_published_meanwhile_moves_no_deadline_of_a_kept_ticket() {
    play(async {
        let desk = Desk::on(
            std::sync::Arc::new(punctual_memory::MemoryStore::new()),
            "09:00",
        )
        .await;
        let slow = |within: &str| {
            format!(
                "policy = \"by-mail\"\ntimezone = \"+08:00\"\napplies-to = {{ class = \"mail\" }}\n\
                 [target.first-response]\nstart = \"received\"\nstop = \"replied\"\n\
                 goals = [{{ within = \"{within}\" }}]"
            )
        };
        desk.publish(&slow("5d")).await;
        desk.publish(HOTLINE).await;
        desk.tell("T-1", RECEIVED).await;
        desk.publish(&slow("6d")).await;
        desk.tell("T-1", r#"{"type":"note"}"#).await;
        desk.tell("T-1", r#"{"type":"note"}"#).await;
        let tick = desk.tick_at("09:24").await;
        assert_eq!((tick.tickets, tick.escalated), (1, 1));
    });
}
