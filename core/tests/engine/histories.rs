//! Histories that come from elsewhere.

use punctual::engine::{Engine, ExecuteError};
use punctual::event::{Expected, StreamId};
use punctual::store::{Append, EventStore, RecordHead, Records, SnapshotStore};
use punctual::ticket::{Message, Outcome, Pending, Received, Resolved, TicketEvent};
use punctual::time::Instant;
use std::sync::Arc;

use punctual_memory::{MemorySnapshots, MemoryStore};

use super::desk::{Desk, HOTLINE, at, options, play};
use super::yielding::Yielding;

fn event(time: &str, event: TicketEvent) -> Pending {
    Pending {
        occurred_at: at(time),
        recorded_at: at(time),
        actor: None,
        subject: None,
        event,
    }
}

fn history(notes: usize) -> Vec<Pending> {
    let mut history = vec![event("08:00", TicketEvent::Received(Received::default()))];
    history.extend((0..notes).map(|_| event("08:05", TicketEvent::Noted(Message::NONE))));
    history.push(event("08:20", TicketEvent::Replied(Default::default())));
    history.push(event("08:50", TicketEvent::Resolved(Resolved::default())));
    history
}

#[test]
fn a_history_keeps_its_instants_and_is_bound() {
    play(async {
        let desk = Desk::open().await;
        desk.engine
            .import(&desk.name("T-1"), history(1))
            .await
            .unwrap();
        let view = desk.engine.ticket(&desk.name("T-1")).await.unwrap();
        let readings = view.readings(at("09:00")).unwrap();
        assert!(
            readings
                .iter()
                .all(|reading| reading.outcome == Outcome::Met)
        );
        let then = desk
            .engine
            .ticket_as_known_at(&desk.name("T-1"), at("08:10"))
            .await
            .unwrap();
        assert_eq!(
            then.readings(at("08:10")).unwrap()[0].outcome,
            Outcome::Open
        );
        assert_eq!(desk.engine.open_tickets(), 0);
        assert!(desk.tick_at("12:00").await.is_quiet());
    });
}

#[test]
fn a_history_with_bindings_of_its_own_keeps_them() {
    play(async {
        let desk = Desk::open().await;
        desk.engine
            .import(&desk.name("T-1"), history(0))
            .await
            .unwrap();
        desk.publish(&HOTLINE.replace("30m", "15m")).await;
        // Moved from one log to another, with the version that it was promised by.
        let events = desk.events("T-1").await;
        let whole = events.into_iter().map(|it| Pending {
            occurred_at: it.occurred_at,
            recorded_at: it.recorded_at,
            actor: it.actor,
            subject: it.subject,
            event: it.event,
        });
        desk.engine
            .import(&desk.name("T-2"), whole.collect())
            .await
            .unwrap();
        assert_eq!(desk.kinds("T-1").await, desk.kinds("T-2").await);
        let view = desk.engine.ticket(&desk.name("T-2")).await.unwrap();
        assert_eq!(
            view.readings(at("09:00")).unwrap()[0].due_at,
            Some(at("08:30"))
        );
    });
}

#[test]
fn an_open_history_owes_its_rungs_late_and_once() {
    play(async {
        let desk = Desk::open().await;
        desk.engine
            .import(&desk.name("T-1"), history(0)[..1].to_vec())
            .await
            .unwrap();
        let tick = desk.tick_at("09:40").await;
        assert_eq!((tick.escalated, tick.late), (3, 3));
    });
}

#[test]
fn a_long_history_is_taken_over_in_parts_and_goes_on_where_it_stopped() {
    play(async {
        let desk = Desk::open().await;
        let whole = history(600);
        // The first part alone, as after a crash.
        desk.engine
            .import(&desk.name("T-1"), whole[..256].to_vec())
            .await
            .unwrap();
        desk.engine
            .import(&desk.name("T-1"), whole.clone())
            .await
            .unwrap();
        assert_eq!(desk.events("T-1").await.len(), whole.len() + 1);
        assert!(
            desk.engine
                .import(&desk.name("T-1"), whole)
                .await
                .unwrap()
                .replayed
        );
        let anomalies = desk.engine.ticket(&desk.name("T-1")).await.unwrap();
        assert_eq!(anomalies.ticket().anomalies(), []);
    });
}

#[test]
fn a_ticket_with_events_of_its_own_takes_no_history() {
    play(async {
        let desk = Desk::open().await;
        desk.tell("T-1", r#"{"type":"receive"}"#).await;
        let refused = desk
            .engine
            .import(&desk.name("T-1"), history(0))
            .await
            .unwrap_err();
        assert!(matches!(refused, ExecuteError::Append { .. }));
        assert_eq!(desk.events("T-1").await.len(), 2);
        let empty = desk.engine.import(&desk.name("T-9"), Vec::new()).await;
        assert!(matches!(empty, Err(ExecuteError::Append { .. })));
    });
}

/// Appends one commit of records that are given as lines of kind, schema and payload.
pub(crate) async fn append_hex(store: &dyn EventStore, stream: &StreamId, lines: &str) {
    let mut records = Records::new();
    for line in lines.lines() {
        let mut words = line.split(' ');
        let mut word = || words.next().unwrap();
        let head = RecordHead {
            kind: word().parse().unwrap(),
            schema: word().parse().unwrap(),
            occurred_at: Instant::MIN,
            recorded_at: Instant::MIN,
            subject: None,
            metadata: &[],
        };
        let digits = word();
        let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
        let payload: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
        records.push(&head, &payload).unwrap();
    }
    store
        .append(Append::new(stream.clone(), Expected::Empty, records))
        .await
        .unwrap();
}

#[test]
fn a_kept_agenda_spares_the_look_at_every_ticket_and_changes_nothing() {
    play(async {
        let counting = Yielding::store();
        let desk = Desk::on(counting.clone(), "09:00").await;
        desk.publish(HOTLINE).await;
        for number in 0..200 {
            desk.tell(&format!("T-{number}"), r#"{"type":"receive"}"#)
                .await;
        }
        let snapshots: Arc<dyn SnapshotStore> = Arc::new(MemorySnapshots::default());
        let keeping = || options(&desk.clock).with_snapshots(Arc::clone(&snapshots));
        let reads = || counting.hooks().reads();

        reads();
        let first = Engine::open(counting.clone(), keeping()).await.unwrap();
        assert!(reads() > 200);
        first.keep_agenda().await.unwrap();
        // One more ticket, one that is over, and one that was only noted on.
        desk.tell("T-200", r#"{"type":"receive"}"#).await;
        desk.tell("T-7", r#"{"type":"withdraw"}"#).await;
        desk.tell("T-8", r#"{"type":"note"}"#).await;

        reads();
        let second = Engine::open(counting.clone(), keeping()).await.unwrap();
        assert!(reads() < 10);
        // What changed since is looked at by the first tick, which then agrees with a fresh look.
        assert!(second.tick(at("09:00")).await.unwrap().is_quiet());
        let fresh = Engine::open(counting.clone(), options(&desk.clock))
            .await
            .unwrap();
        assert_eq!(second.open_tickets(), fresh.open_tickets());
        assert_eq!(second.next_at(), fresh.next_at());
        desk.clock.set(at("12:00"));
        let tick = second.tick(at("12:00")).await.unwrap();
        assert_eq!(tick.escalated, 200 * 3);
        // Kept again, over what was kept before.
        second.keep_agenda().await.unwrap();
        let third = Engine::open(counting.clone(), keeping()).await.unwrap();
        assert_eq!(
            (third.open_tickets(), third.next_at()),
            (second.open_tickets(), second.next_at())
        );
    });
}

#[test]
fn an_agenda_kept_of_another_log_is_passed_over() {
    play(async {
        let desk = Desk::open().await;
        for number in 0..20 {
            desk.tell(&format!("T-{number}"), r#"{"type":"receive"}"#)
                .await;
        }
        let snapshots: Arc<dyn SnapshotStore> = Arc::new(MemorySnapshots::default());
        let keeping = || options(&desk.clock).with_snapshots(Arc::clone(&snapshots));
        let engine = Engine::open(Arc::clone(&desk.store), keeping())
            .await
            .unwrap();
        engine.keep_agenda().await.unwrap();
        let other = Engine::open(Arc::new(MemoryStore::new()), keeping())
            .await
            .unwrap();
        assert_eq!(other.open_tickets(), 0);
    });
}
