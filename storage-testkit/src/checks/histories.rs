//! Whole histories: random ones beside the plain model, and recorded runs of many threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::test_runner::{Config, TestRunner};
use punctual::event::{Expected, Version};
use punctual::store::{AppendError, EventStore, Limit};
use tokio::runtime::Handle;

use crate::linear::{self, Call, Recorded};
use crate::model;
use crate::run::{Outcome, Stop};
use crate::scene::{Cx, exactly, stream, texts};

/// Random histories, with reopening, power cuts and failures where the backend offers them, answer
/// like the plain model. A failing history is shrunk and told whole.
///
/// A step that makes no sense in its state is passed over and not left out of the draw, so a history stays one
/// when any of its steps is taken away.
pub(crate) async fn random_histories_match_the_model(cx: Cx) -> Outcome {
    let mut config = Config {
        cases: cx.backend.histories(),
        failure_persistence: None,
        ..Config::default()
    };
    if let Some(cases) = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
    {
        config.cases = cases;
    }
    let runtime = Handle::current();
    let comparing = tokio::task::spawn_blocking(move || {
        TestRunner::new(config).run(&model::history(), |history| {
            let patience = cx.backend.patience();
            let comparing = model::compare(cx.clone(), history);
            let compared =
                runtime.block_on(async { tokio::time::timeout(patience, comparing).await });
            model::verdict(
                compared
                    .unwrap_or_else(|_| Err(Stop::Failed(format!("no end within {patience:?}")))),
            )
        })
    });
    comparing
        .await?
        .map_err(|error| Stop::Failed(error.to_string()))
}

async fn client(
    store: Arc<dyn EventStore>,
    clock: Arc<AtomicU64>,
    number: u64,
) -> Result<Vec<Recorded>, Stop> {
    let mut run = Vec::new();
    let mut seen = [0_u64; 2];
    for round in 0..12_u64 {
        let which = ((number + round) % 2) as usize;
        let id = format!("T-{which}");
        let began = clock.fetch_add(1, Ordering::SeqCst);
        let call = if (number * 7 + round).is_multiple_of(3) {
            let name = stream(&id);
            let read = store.read_stream(&name, Version::NONE, Limit::events(1));
            let version = read.await?.revision.version();
            Call::Read { version }
        } else {
            let expected = match round % 4 {
                0 => Expected::Any,
                _ => exactly(seen[which]),
            };
            let events = 1 + round % 2;
            let batch = vec!["x"; events as usize];
            match store.append(texts(&id, expected, &batch)?).await {
                Ok(appended) => Call::Appended {
                    expected,
                    events,
                    version: appended.revision.version(),
                },
                Err(AppendError::Conflict { actual, .. }) => Call::Conflict { expected, actual },
                Err(error) => return Err(error.into()),
            }
        };
        let ended = clock.fetch_add(1, Ordering::SeqCst);
        seen[which] = match call {
            Call::Appended { version, .. } | Call::Read { version } => version.get(),
            Call::Conflict { actual, .. } => actual.get(),
            Call::Unknown { .. } => seen[which],
        };
        run.push(Recorded {
            stream: id,
            began,
            ended,
            call,
        });
        tokio::task::yield_now().await;
    }
    Ok(run)
}

/// Calls of eight clients at once have an order that explains every answer.
///
/// A failure prints the calls of the stream, with the moments at which each began and ended.
pub(crate) async fn a_recorded_run_is_linearizable(cx: Cx) -> Outcome {
    for _ in 0..4 {
        let scene = cx.scene().await?;
        let clock = Arc::new(AtomicU64::new(0));
        let mut clients = Vec::new();
        for number in 0..8 {
            let store = scene.fixture.open().await;
            clients.push(tokio::spawn(client(store, Arc::clone(&clock), number)));
        }
        let mut run = Vec::new();
        for client in clients {
            run.extend(scene.soon("a client's end", client).await???);
        }
        linear::check(&run).map_err(|stream| {
            let calls: Vec<_> = run.iter().filter(|call| call.stream == stream).collect();
            Stop::Failed(format!(
                "stream {stream} has no order that explains {calls:#?}"
            ))
        })?;
    }
    Ok(())
}
