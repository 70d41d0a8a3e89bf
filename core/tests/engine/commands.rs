//! Commands: decided on the present state, recorded once, refused with a reason.

use punctual::engine::ExecuteError;
use punctual::event::Kind;
use punctual::ticket::{Outcome, TicketEvent};

use super::desk::{Desk, at, command, play};

const RECEIVED: &str = r#"{"type":"receive"}"#;

#[test]
fn p1_the_policy_is_bound_in_the_commit_of_the_intake() {
    play(async {
        let desk = Desk::open().await;
        let done = desk.tell("T-1", RECEIVED).await;
        assert_eq!(done.revision.version().get(), 2);
        let events = desk.events("T-1").await;
        assert_eq!(
            events[0].position.unwrap().offset,
            events[1].position.unwrap().offset
        );
        assert_eq!(events[1].event.kind(), Kind::PolicyBound);
    });
}

#[test]
fn a_command_with_an_id_is_recorded_once() {
    play(async {
        let desk = Desk::open().await;
        let first = desk
            .once("T-1", "call-1", command(RECEIVED, "09:00"))
            .await
            .unwrap();
        assert!(!first.replayed);
        // Tried again later, stamped anew, and although a second intake would be refused.
        desk.clock.set(at("09:05"));
        let again = desk
            .once("T-1", "call-1", command(RECEIVED, "09:05"))
            .await
            .unwrap();
        assert!(again.replayed);
        assert_eq!(
            (again.revision, again.offset),
            (first.revision, first.offset)
        );
        assert_eq!(desk.count("T-1", Kind::Received).await, 1);
        // By another engine, after a restart, likewise.
        let other = desk.beside().await;
        assert!(
            other
                .once("T-1", "call-1", command(RECEIVED, "09:00"))
                .await
                .unwrap()
                .replayed
        );
    });
}

#[test]
fn an_id_used_for_another_command_is_refused() {
    play(async {
        let desk = Desk::open().await;
        desk.once("T-1", "call-1", command(RECEIVED, "09:00"))
            .await
            .unwrap();
        let other = command(r#"{"type":"receive","class":"fault"}"#, "09:00");
        let refused = desk.once("T-1", "call-1", other).await.unwrap_err();
        assert!(matches!(refused, ExecuteError::Reused { .. }));
        assert_eq!(
            refused.to_string(),
            "acme/ticket/T-1: command `call-1` was used for another command; choose a new id"
        );
        // Ids are the ticket's own.
        assert!(
            !desk
                .once("T-2", "call-1", command(RECEIVED, "09:00"))
                .await
                .unwrap()
                .replayed
        );
    });
}

#[test]
fn the_text_of_a_customer_is_no_part_of_a_digest() {
    play(async {
        let desk = Desk::open().await;
        desk.tell("T-1", RECEIVED).await;
        let said = |text: &str| {
            command(
                &format!(r#"{{"type":"note","text":{{"plain":"{text}"}}}}"#),
                "09:00",
            )
        };
        desk.once("T-1", "n", said("138 0000 0000")).await.unwrap();
        assert!(
            desk.once("T-1", "n", said("139 0000 0000"))
                .await
                .unwrap()
                .replayed
        );
        // That there is a text is a part of it.
        let silent = desk
            .once("T-1", "n", command(r#"{"type":"note"}"#, "09:00"))
            .await;
        assert!(matches!(silent, Err(ExecuteError::Reused { .. })));
    });
}

#[test]
fn what_cannot_be_is_refused_and_writes_nothing() {
    play(async {
        let desk = Desk::open().await;
        desk.tell("T-1", RECEIVED).await;
        let refused = desk
            .try_tell("T-1", r#"{"type":"ask-survey"}"#)
            .await
            .unwrap_err();
        assert_eq!(
            refused.to_string(),
            "survey-asked is refused: the ticket has not been resolved"
        );
        assert_eq!(desk.kinds("T-1").await, ["received", "policy-bound"]);
        let foreign = desk
            .engine
            .ticket(&"other/ticket/T-1".parse().unwrap())
            .await
            .unwrap_err();
        assert_eq!(
            foreign.to_string(),
            "other/ticket/T-1 is no ticket of `acme`; ask an engine of its own tenant"
        );
    });
}

#[test]
fn p3_the_bound_policy_says_who_may() {
    play(async {
        let desk = Desk::open().await;
        desk.publish(&super::desk::HOTLINE.replace(
            "[target.first-response]",
            "[allow]\nresolved = [\"lead\"]\n[target.first-response]",
        ))
        .await;
        desk.tell("T-1", RECEIVED).await;
        let refused = desk
            .try_tell("T-1", r#"{"type":"resolve"}"#)
            .await
            .unwrap_err();
        assert_eq!(refused.to_string(), "resolved needs one of the roles lead");
    });
}

#[test]
fn c15_a_late_fact_that_changes_a_verdict_is_recorded_with_the_change() {
    play(async {
        let desk = Desk::open().await;
        desk.tell("T-1", RECEIVED).await;
        desk.tick_at("10:00").await;
        desk.tell_late("T-1", r#"{"type":"reply"}"#, "09:20").await;
        let events = desk.events("T-1").await;
        let [.., reply, revised] = &events[..] else {
            panic!("{events:?}");
        };
        let TicketEvent::VerdictRevised(change) = &revised.event else {
            panic!("{revised:?}");
        };
        assert_eq!(
            (change.old, change.new),
            (Some(Outcome::Breaching), Some(Outcome::Met))
        );
        assert_eq!(change.cause, reply.version);
        // Told stays told, and nothing more is owed of the clock.
        assert_eq!(desk.count("T-1", Kind::Escalated).await, 2);
        assert!(desk.tick_at("10:40").await.is_quiet());
    });
}

#[test]
fn what_was_known_and_what_is_known_are_two_questions() {
    play(async {
        let desk = Desk::open().await;
        desk.tell("T-1", RECEIVED).await;
        desk.clock.set(at("10:00"));
        desk.tell_late("T-1", r#"{"type":"reply"}"#, "09:20").await;
        let ticket = desk.name("T-1");
        let response = |readings: Vec<punctual::clock::Reading>| {
            let is_it = |reading: &&punctual::clock::Reading| {
                reading.clock.target.as_str() == "first-response"
            };
            readings.iter().find(is_it).unwrap().outcome
        };
        let known_now = desk.engine.ticket(&ticket).await.unwrap();
        assert_eq!(
            response(known_now.readings(at("09:45")).unwrap()),
            Outcome::Met
        );
        assert_eq!(
            response(known_now.readings(at("09:15")).unwrap()),
            Outcome::Open
        );
        let known_then = desk
            .engine
            .ticket_as_known_at(&ticket, at("09:45"))
            .await
            .unwrap();
        assert_eq!(
            response(known_then.readings(at("09:45")).unwrap()),
            Outcome::Breaching
        );
        assert_eq!(known_then.taken_at(), at("09:45"));
    });
}

#[test]
fn the_same_log_and_the_same_instants_give_the_same_bytes() {
    let day = || {
        play(async {
            let desk = Desk::open().await;
            for number in 0..50 {
                desk.tell(&format!("T-{number}"), RECEIVED).await;
            }
            for time in ["09:24", "09:31", "10:00"] {
                desk.tick_at(time).await;
                desk.tell_late("T-7", r#"{"type":"note"}"#, "09:10").await;
            }
            desk.tick_at("12:00").await;
            desk.log().await
        })
    };
    assert_eq!(day(), day());
}

#[test]
fn writers_that_meet_on_one_ticket_all_get_through() {
    play(async {
        let one = Desk::open_to_meet().await;
        one.tell("T-1", RECEIVED).await;
        let two = one.beside().await;
        let note = r#"{"type":"note"}"#;
        for _ in 0..10 {
            let (a, b) = tokio::join!(one.try_tell("T-1", note), two.try_tell("T-1", note));
            assert!(a.is_ok() && b.is_ok());
        }
        assert_eq!(one.count("T-1", Kind::Noted).await, 20);
    });
}

#[test]
fn nothing_is_refused_for_what_another_engine_has_changed_since() {
    play(async {
        let one = Desk::open().await;
        one.tell("T-1", RECEIVED).await;
        let two = one.beside().await;
        two.tell("T-1", r#"{"type":"resolve"}"#).await;
        // The first engine saw the ticket last before it was resolved.
        one.tell("T-1", r#"{"type":"ask-survey"}"#).await;
        two.tell("T-1", r#"{"type":"reopen"}"#).await;
        let refused = one.try_tell("T-1", r#"{"type":"ask-survey"}"#).await;
        assert!(matches!(refused, Err(ExecuteError::Refused(_))));
    });
}
