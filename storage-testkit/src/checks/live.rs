//! Waiting for what comes, and following a log.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use punctual::event::{Expected, Offset, PartitionId};
use punctual::store::{EventStore, EventStoreExt, Limit, ReadError};

use crate::run::{Outcome, Stop};
use crate::scene::{
    Cx, P0, Scene, ensure, ensure_eq, ensure_matches, next, offset, refused, stream,
};

/// Polls once, and says whether it was ready.
async fn is_ready<F: Future>(future: &mut std::pin::Pin<&mut F>) -> bool {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await
}

fn waiter(
    store: &Arc<dyn EventStore>,
    partition: PartitionId,
    after: u64,
) -> tokio::task::JoinHandle<Result<Offset, ReadError>> {
    let store = Arc::clone(store);
    tokio::spawn(async move { store.wait_past(partition, offset(after)).await })
}

/// A wait for what is there already ends at once and tells the head.
pub(crate) async fn a_wait_for_the_past_ends_at_once(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.fill(&["a"], 3).await?;
    for after in 0..3 {
        let wait = scene.store.wait_past(P0, offset(after));
        let head = scene.soon("the head", wait).await??;
        ensure_eq!(head, offset(3), "head");
    }
    Ok(())
}

/// An append wakes whoever waits, and all of them, through every handle.
///
/// Four waiters, on two handles.
pub(crate) async fn an_append_wakes_every_waiter(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let other = scene.fixture.open().await;
    let waiters: Vec<_> = [&scene.store, &other, &scene.store, &other]
        .map(|store| waiter(store, P0, 0))
        .into_iter()
        .collect();
    tokio::task::yield_now().await;
    scene.put("a", Expected::Any, &["1"]).await?;
    for waiter in waiters {
        let head = scene.soon("the wake", waiter).await???;
        ensure_eq!(head, offset(1), "head");
    }
    Ok(())
}

/// A wait goes on until the head lies past the offset; other partitions do not end it.
///
/// Two appends to another partition, one that brings the head to the offset, and one that brings it past.
pub(crate) async fn a_wait_lasts_until_the_head_is_past(cx: Cx) -> Outcome {
    let scene = cx.partitioned(2).await?;
    let home = |id: &str| scene.store.partitions().of(&stream(id));
    let names: Vec<String> = (0..40).map(|number| format!("T-{number}")).collect();
    let in_partition = |wanted: u16| {
        let found = names.iter().find(|name| home(name).0 == wanted);
        found.ok_or_else(|| Stop::Failed(format!("no stream in partition {wanted}")))
    };
    let (here, there) = (in_partition(0)?, in_partition(1)?);
    let mut wait = pin!(scene.store.wait_past(P0, offset(1)));
    ensure!(!is_ready(&mut wait).await, "ended on an empty partition");
    scene.put(there, Expected::Any, &["1"]).await?;
    scene.put(there, Expected::Any, &["2"]).await?;
    ensure!(!is_ready(&mut wait).await, "ended by another partition");
    scene.put(here, Expected::Any, &["1"]).await?;
    ensure!(
        !is_ready(&mut wait).await,
        "ended at the offset, not past it"
    );
    scene.put(here, Expected::Any, &["2"]).await?;
    ensure_eq!(scene.soon("the wake", wait).await??, offset(2), "head");
    Ok(())
}

/// However appends and waits interleave, none is missed.
///
/// A reader waits for each of two hundred appends, which come while it looks, registers or sleeps. One that misses
/// an append is woken by the next; so a store that loses a wake is found when it loses the last one.
pub(crate) async fn no_append_slips_past_a_waiter(cx: Cx) -> Outcome {
    const ROUNDS: u64 = 200;
    let scene = cx.scene().await?;
    let store = scene.fixture.open().await;
    let reader = tokio::spawn(async move {
        let mut head = 0;
        while head < ROUNDS {
            let told = store.wait_past(P0, offset(head)).await?.get();
            ensure!(told > head, "a wait past {head} told {told}");
            head = told;
        }
        Ok::<u64, Stop>(head)
    });
    for _ in 0..ROUNDS {
        scene.put("a", Expected::Any, &["x"]).await?;
        tokio::task::yield_now().await;
    }
    ensure_eq!(scene.soon("the last head", reader).await???, ROUNDS, "head");
    Ok(())
}

/// A dropped wait leaves the store, and other waits, as they were.
///
/// Fifty waits are begun and dropped; whoever keeps a list of waiters must find the dropped ones gone.
pub(crate) async fn a_dropped_wait_breaks_nothing(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let other = waiter(&scene.store, P0, 0);
    tokio::task::yield_now().await;
    for _ in 0..50 {
        let mut wait = pin!(scene.store.wait_past(P0, offset(0)));
        ensure!(!is_ready(&mut wait).await, "ended on an empty partition");
    }
    scene.put("a", Expected::Any, &["1"]).await?;
    ensure_eq!(
        scene.soon("the other wake", other).await???,
        offset(1),
        "head"
    );
    Ok(())
}

/// A subscription shows everything once, in order: first what is there, then what comes.
///
/// A writer appends while the subscription is still behind, so the change from catching up to waiting happens at
/// some point that nobody chose; that is where a second code path would lose or repeat a commit.
pub(crate) async fn a_subscription_catches_up_and_goes_on(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.fill(&["a", "b"], 10).await?;
    let mut pages = scene.store.subscribe(P0, offset(2), Limit::events(3));
    let writer = {
        let store = scene.fixture.open().await;
        tokio::spawn(async move {
            for _ in 0..10 {
                let append = crate::scene::texts("c", Expected::Any, &["live"])?;
                store.append(append).await?;
                tokio::task::yield_now().await;
            }
            Ok::<(), Stop>(())
        })
    };
    let mut found = Vec::new();
    while found.len() < 18 {
        let page = scene.soon("the next page", next(&mut pages)).await??;
        found.extend(page.commits.iter().map(|commit| commit.offset().get()));
    }
    ensure_eq!(found, (3..=20).collect::<Vec<_>>(), "offsets");
    scene.soon("the writer's end", writer).await??
}

/// A subscription that is not polled holds nobody up, and then still shows everything.
///
/// Two hundred appends beside a subscription that was polled once.
pub(crate) async fn a_slow_reader_holds_no_writer_up(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let mut slow = scene.store.subscribe(P0, Offset::START, Limit::events(1));
    scene.put("a", Expected::Any, &["0"]).await?;
    scene.soon("the first page", next(&mut slow)).await??;
    let writes = scene.fill(&["a", "b"], 200);
    scene
        .soon("200 appends beside a slow reader", writes)
        .await??;
    let mut last = 1;
    while last < 201 {
        last = scene
            .soon("the next page", next(&mut slow))
            .await??
            .next
            .get();
    }
    Ok(())
}

/// A closed handle says so to every call; other handles go on, and closing twice is no error.
///
/// Every call, since a call that was forgotten hangs or answers from what is left.
pub(crate) async fn a_closed_handle_says_so(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.fill(&["a"], 2).await?;
    let other = scene.fixture.open().await;
    scene.store.close().await;
    scene.store.close().await;
    let error = scene.put_refused("a", Expected::Any, &["x"]).await?;
    ensure_matches!(error, punctual::store::AppendError::Closed, "append");
    let store = &scene.store;
    let (name, limit) = (stream("a"), Limit::default());
    let command = crate::scene::key("c", 1)?.id;
    let errors = [
        refused(
            store
                .read_stream(&name, punctual::event::Version::NONE, limit)
                .await,
        )?,
        refused(store.read_partition(P0, Offset::START, limit).await)?,
        refused(store.list_streams("", None, 1).await)?,
        refused(store.head(P0).await)?,
        refused(store.find_command(&name, &command).await)?,
        refused(
            scene
                .soon("a refusal", store.wait_past(P0, Offset::START))
                .await?,
        )?,
    ];
    for error in errors {
        ensure_matches!(error, ReadError::Closed, "read");
    }
    ensure_eq!(other.head(P0).await?, offset(2), "another handle");
    Ok(())
}

/// Closing a handle wakes whoever waits on it, and nobody else.
///
/// The other handle's waiter must sleep on, until there is something to tell.
pub(crate) async fn closing_wakes_its_waiters(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let other = scene.fixture.open().await;
    let (mine, theirs) = (waiter(&scene.store, P0, 0), waiter(&other, P0, 0));
    tokio::task::yield_now().await;
    scene.store.close().await;
    let told = scene.soon("the end of the wait", mine).await??;
    ensure_matches!(refused(told)?, ReadError::Closed, "waiter");
    let through_other = Scene {
        store: other,
        ..scene
    };
    through_other.put("a", Expected::Any, &["1"]).await?;
    let told = through_other.soon("the other wake", theirs).await???;
    ensure_eq!(told, offset(1), "head");
    Ok(())
}
