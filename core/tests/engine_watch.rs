//! Who watches the engine sees ids, kinds and numbers, and nothing that a customer said.
#![expect(clippy::unwrap_used, reason = "a test panics when it finds something")]

use std::io;
use std::sync::{Arc, Mutex};

use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use punctual::engine::{Engine, ManualClock, Options};
use punctual::event::Actor;
use punctual::policy::{AFTER_SALES, Notation};
use punctual::ticket::{Action, Command};
use punctual_memory::MemoryStore;

const SECRET: &str = "138 0013 8000";

/// An intake with a customer's words, a refused command, and a day without an answer.
async fn a_day() {
    let clock = Arc::new(ManualClock::at(
        "2026-03-09T09:00:00+08:00".parse().unwrap(),
    ));
    let options = Options::new("acme").with_clock(clock.clone());
    let engine = Engine::open(Arc::new(MemoryStore::new()), options)
        .await
        .unwrap();
    engine
        .publish(AFTER_SALES, Notation::Toml, None)
        .await
        .unwrap();
    let ticket = engine.stream("T-1").unwrap();
    let tell = async |action: String| {
        let action: Action = serde_json::from_str(&action).unwrap();
        let command = Command::new(action, engine.now(), Actor::new("desk".parse().unwrap()));
        engine
            .execute(&ticket, command.about("C-1".parse().unwrap()))
            .await
    };
    tell(r#"{"type":"receive","class":"complaint"}"#.to_owned())
        .await
        .unwrap();
    tell(format!(
        r#"{{"type":"hear-customer","text":{{"plain":"{SECRET}"}}}}"#
    ))
    .await
    .unwrap();
    assert!(tell(r#"{"type":"ask-survey"}"#.to_owned()).await.is_err());
    clock.set("2026-03-09T18:00:00+08:00".parse().unwrap());
    engine.tick(engine.now()).await.unwrap();
}

#[derive(Clone, Default)]
struct Pages(Arc<Mutex<Vec<u8>>>);

impl io::Write for Pages {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether anybody listens to a span is noted for the whole process as it is first met, so a day
/// without a listener must not begin while another one takes its place.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn play(story: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(story);
}

#[test]
fn spans_name_the_ticket_and_never_a_customers_words() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(|e| e.into_inner());
    let pages = Pages::default();
    let writer = pages.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || play(a_day()));
    let text = String::from_utf8(pages.0.lock().unwrap().clone()).unwrap();
    for wanted in [
        "execute{stream=acme/ticket/T-1}",
        "outcome=\"refused\"",
        "tick",
    ] {
        assert!(text.contains(wanted), "{wanted} is missing in\n{text}");
    }
    assert!(!text.contains(SECRET) && !text.contains("138"), "{text}");
}

#[test]
fn figures_count_commands_and_what_ticks_record() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(|e| e.into_inner());
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || play(a_day()));
    let figures: Vec<(String, DebugValue)> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let labels = key
                .key()
                .labels()
                .map(|label| format!(" {}={}", label.key(), label.value()));
            (
                format!("{}{}", key.key().name(), labels.collect::<String>()),
                value,
            )
        })
        .collect();
    let find = |name: &str| {
        let found = figures.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| format!("{value:?}"))
    };
    for (name, value) in [
        ("punctual_commands_total outcome=recorded", "Counter(2)"),
        ("punctual_commands_total outcome=refused", "Counter(1)"),
        ("punctual_ticks_total", "Counter(1)"),
        ("punctual_tickets_looked_at_total", "Counter(1)"),
        ("punctual_open_tickets", "Gauge(1.0)"),
    ] {
        assert_eq!(find(name).as_deref(), Some(value), "{name} in {figures:?}");
    }
    assert!(
        figures
            .iter()
            .any(|(name, _)| name.ends_with("kind=escalated"))
    );
}
