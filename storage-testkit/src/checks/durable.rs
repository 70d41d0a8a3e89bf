//! What survives: reopening, a power cut, a failed write, damage.

use punctual::event::{Expected, Offset, Version};
use punctual::store::{AppendError, Limit, ReadError, Written};

use crate::fixture::Fault;
use crate::run::{Outcome, Stop};
use crate::scene::{
    Cx, P0, Scene, ensure, ensure_eq, ensure_matches, exactly, key, offset, refused, stream,
};

/// Everything a reader can tell of the store.
async fn everything(scene: &Scene) -> Result<String, Stop> {
    let streams = scene.store.list_streams("", None, 1_000).await?;
    let mut told = format!("{streams:?}");
    for partition in scene.store.partitions().iter() {
        let head = scene.store.head(partition).await?;
        let log = scene.log(partition).await?;
        told = format!("{told}\n{partition} to {head}: {log:?}");
    }
    Ok(told)
}

async fn write_some(scene: &Scene) -> Outcome {
    for number in 0..12 {
        let texts = vec!["x"; number % 3 + 1];
        scene
            .put(&format!("T-{}", number % 4), Expected::Any, &texts)
            .await?;
    }
    Ok(())
}

/// After reopening, everything is as it was: events, places, heads, names.
///
/// All that a reader can ask is written down before and after, and compared as text.
pub(crate) async fn everything_survives_a_reopen(cx: Cx) -> Outcome {
    let mut scene = cx.scene().await?;
    write_some(&scene).await?;
    let before = everything(&scene).await?;
    scene.reopen().await?;
    ensure_eq!(everything(&scene).await?, before, "after reopening");
    Ok(())
}

/// After reopening, offsets and versions go on where they were, and expectations still hold.
///
/// A counter that lives in memory begins again here, and gives an offset out twice.
pub(crate) async fn counting_goes_on_after_a_reopen(cx: Cx) -> Outcome {
    let mut scene = cx.scene().await?;
    write_some(&scene).await?;
    scene.reopen().await?;
    scene.put_refused("T-0", Expected::Empty, &["x"]).await?;
    let appended = scene.put("T-0", Expected::Exists, &["x"]).await?;
    ensure_eq!(appended.offset, offset(13), "offset");
    let events = scene.texts("T-0").await?.len() as u64;
    ensure_eq!(appended.revision.version().get(), events, "version");
    Ok(())
}

/// Commands are remembered over a reopen.
///
/// With the first answer, and with the digest: the same id with another digest is still refused.
pub(crate) async fn commands_survive_a_reopen(cx: Cx) -> Outcome {
    let mut scene = cx.scene().await?;
    let first = scene
        .put_command("a", Expected::Any, ("c", 1), &["1"])
        .await??;
    scene.put("a", Expected::Any, &["2"]).await?;
    scene.reopen().await?;
    let again = scene
        .put_command("a", Expected::Any, ("c", 1), &["1"])
        .await??;
    ensure!(again.replayed, "forgotten");
    ensure_eq!(again.revision, first.revision, "revision");
    let error = refused(
        scene
            .put_command("a", Expected::Any, ("c", 2), &["1"])
            .await?,
    )?;
    ensure_matches!(error, AppendError::CommandReused { .. }, "another digest");
    Ok(())
}

/// The number of partitions belongs to the store and is told again by every handle.
///
/// The number decides where a ticket lives, so a store that forgets it has two logs of one ticket.
pub(crate) async fn partitions_survive_a_reopen(cx: Cx) -> Outcome {
    let mut scene = cx.partitioned(3).await?;
    write_some(&scene).await?;
    let before = everything(&scene).await?;
    scene.reopen().await?;
    ensure_eq!(scene.store.partitions().count(), 3, "partitions");
    ensure_eq!(everything(&scene).await?, before, "after reopening");
    Ok(())
}

/// What was acknowledged survives a power cut: an append is durable when it returns.
///
/// Three times in a row, since recovering writes too and may lose what it has just recovered.
pub(crate) async fn what_was_acknowledged_survives_a_crash(cx: Cx) -> Outcome {
    let mut scene = cx.scene().await?;
    for _ in 0..3 {
        write_some(&scene).await?;
        let before = everything(&scene).await?;
        scene.crash().await?;
        ensure_eq!(everything(&scene).await?, before, "after a crash");
    }
    Ok(())
}

/// After a power cut, offsets and versions go on without a hole, and commands are remembered.
///
/// Each round sends the command of the round again, as a caller does who got no answer.
pub(crate) async fn counting_goes_on_after_a_crash(cx: Cx) -> Outcome {
    let mut scene = cx.scene().await?;
    for round in 0..3 {
        let id = format!("c-{round}");
        scene
            .put_command("a", exactly(2 * round), (&id, 1), &["1"])
            .await??;
        scene.crash().await?;
        let again = scene
            .put_command("a", Expected::Any, (&id, 1), &["1"])
            .await??;
        ensure!(again.replayed, "command of round {round} forgotten");
        let appended = scene.put("a", exactly(2 * round + 1), &["2"]).await?;
        ensure_eq!(appended.offset, offset(2 * round + 2), "offset");
    }
    Ok(())
}

/// An append that failed with "nothing was written" wrote nothing, now and after a crash.
///
/// The retry must be a first time, and after a reopen the event must be there once.
pub(crate) async fn a_failure_that_wrote_nothing_wrote_nothing(cx: Cx) -> Outcome {
    let mut scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["1"]).await?;
    scene.inject(Fault::NothingWritten).await?;
    let error = refused(
        scene
            .put_command("a", Expected::Any, ("c", 1), &["x"])
            .await?,
    )?;
    ensure_eq!(error.written(), Written::No, "told");
    ensure_matches!(error, AppendError::Unavailable { .. }, "failure");
    ensure_eq!(scene.texts("a").await?, ["1"], "events");
    let landed = scene
        .put_command("a", exactly(1), ("c", 1), &["x"])
        .await??;
    ensure!(!landed.replayed, "the retry was taken for a repetition");
    scene.reopen().await?;
    ensure_eq!(scene.texts("a").await?, ["1", "x"], "after reopening");
    Ok(())
}

/// After an unknown outcome a reload tells the truth, and a retry of the command lands once.
///
/// Both outcomes are right. What is told by `find_command`, by the read and by the retry must be the same one.
pub(crate) async fn an_unknown_outcome_is_settled_by_a_reload(cx: Cx) -> Outcome {
    let mut scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["1"]).await?;
    scene.inject(Fault::Unknown).await?;
    let error = refused(
        scene
            .put_command("a", Expected::Any, ("c", 1), &["p", "q"])
            .await?,
    )?;
    ensure_eq!(error.written(), Written::Unknown, "told");
    scene.reopen().await?;
    let found = scene.texts("a").await?;
    ensure!(
        found == ["1"] || found == ["1", "p", "q"],
        "torn: {found:?}"
    );
    let found = scene
        .store
        .find_command(&stream("a"), &key("c", 1)?.id)
        .await?;
    let again = scene
        .put_command("a", Expected::Any, ("c", 1), &["p", "q"])
        .await??;
    ensure_eq!(again.replayed, found.is_some(), "replayed");
    ensure_eq!(scene.texts("a").await?, ["1", "p", "q"], "events");
    Ok(())
}

/// After a write that failed half way the handle refuses appends and says to reopen; reopening heals.
///
/// Twice, and on another stream: what failed was the handle, not the append.
pub(crate) async fn a_poisoned_handle_says_reopen(cx: Cx) -> Outcome {
    let mut scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["1"]).await?;
    scene.inject(Fault::Poison).await?;
    refused(
        scene
            .store
            .append(crate::scene::texts("a", Expected::Any, &["2"])?)
            .await,
    )?;
    for _ in 0..2 {
        let error = scene.put_refused("b", Expected::Any, &["x"]).await?;
        ensure_matches!(&error, AppendError::Poisoned { .. }, "next append");
        ensure!(
            error.to_string().contains("reopen"),
            "it does not say reopen: {error}"
        );
    }
    scene.reopen().await?;
    let found = scene.texts("a").await?;
    ensure!(
        found == ["1"] || found == ["1", "2"],
        "after reopening: {found:?}"
    );
    ensure!(
        scene.texts("b").await?.is_empty(),
        "a poisoned handle wrote"
    );
    scene.put("b", Expected::Empty, &["y"]).await?;
    Ok(())
}

/// A changed bit is found and named, and never read as other data.
///
/// By both ways of reading, with partition, offset and stream; and the other stream is read as if nothing were.
pub(crate) async fn damage_is_found_and_named(cx: Cx) -> Outcome {
    let mut scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["one", "two"]).await?;
    scene.put("b", Expected::Any, &["three"]).await?;
    scene.fixture.damage(&stream("a")).await.needed()?;
    // Some media can be changed only between two openings.
    match scene.fixture.reopen().await {
        crate::fixture::Offer::Offered(store) => scene.store = store,
        crate::fixture::Offer::Absent(_) => {}
    }
    let name = stream("a");
    let read = scene
        .store
        .read_stream(&name, Version::NONE, Limit::default());
    let by_stream = refused(read.await)?;
    let read = scene
        .store
        .read_partition(P0, Offset::START, Limit::default());
    let by_partition = refused(read.await)?;
    for error in [by_stream, by_partition] {
        let ReadError::Corrupt { place, .. } = error else {
            return Err(error.into());
        };
        ensure_eq!(place.partition, Some(P0), "named partition");
        ensure_eq!(place.offset, Some(offset(1)), "named offset");
        ensure_eq!(place.stream, Some(stream("a")), "named stream");
    }
    ensure_eq!(scene.texts("b").await?, ["three"], "the sound stream");
    Ok(())
}
