//! Snapshots: lossy, never wrong. What may be lost is not asked for right after it was saved only
//! where a store says so; a store that forgets at once is of no use and fails.

use std::sync::Arc;

use punctual::event::{Expected, Version};
use punctual::store::{Snapshot, SnapshotStore};

use crate::fixture::Offer;
use crate::run::{Outcome, Stop};
use crate::scene::{Cx, Scene, ensure, ensure_eq, stream};

async fn snapshots(scene: &Scene) -> Result<Arc<dyn SnapshotStore>, Stop> {
    scene.fixture.snapshots().await.needed()
}

fn snapshot(version: u64, state: &[u8]) -> Snapshot {
    Snapshot {
        version: Version::new(version),
        state: state.to_vec(),
    }
}

/// What was saved is loaded, every byte of it; what was not is not.
///
/// Of no byte, of one, and of 200,000, which is more than one page or one message of most media holds.
pub(crate) async fn a_snapshot_comes_back_as_saved(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let store = snapshots(&scene).await?;
    ensure!(store.load(&stream("a"), 1).await?.is_none(), "before any");
    for (version, size) in [(1, 0), (2, 1), (3, 200_000)] {
        let state: Vec<u8> = (0..size).map(|n: u32| n as u8).collect();
        let saved = snapshot(version, &state);
        store.save(&stream("a"), 1, saved.clone()).await?;
        ensure!(
            store.load(&stream("a"), 1).await? == Some(saved),
            "{size} bytes"
        );
    }
    ensure!(
        store.load(&stream("b"), 1).await?.is_none(),
        "another stream"
    );
    Ok(())
}

/// A snapshot of one fold is never loaded as that of another.
///
/// An older fold's snapshot must not be in the way of a newer one's either.
pub(crate) async fn folds_are_kept_apart(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let store = snapshots(&scene).await?;
    store.save(&stream("a"), 1, snapshot(5, b"one")).await?;
    ensure!(store.load(&stream("a"), 2).await?.is_none(), "another fold");
    store.save(&stream("a"), 2, snapshot(4, b"two")).await?;
    ensure_eq!(
        store.load(&stream("a"), 1).await?,
        Some(snapshot(5, b"one")),
        "fold 1"
    );
    ensure_eq!(
        store.load(&stream("a"), 2).await?,
        Some(snapshot(4, b"two")),
        "fold 2"
    );
    Ok(())
}

/// A snapshot of an older version never replaces a newer one.
///
/// Two engines save the same ticket and the slower one comes last.
pub(crate) async fn an_older_snapshot_replaces_none(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let store = snapshots(&scene).await?;
    store.save(&stream("a"), 1, snapshot(5, b"new")).await?;
    store.save(&stream("a"), 1, snapshot(4, b"old")).await?;
    ensure_eq!(
        store.load(&stream("a"), 1).await?,
        Some(snapshot(5, b"new")),
        "kept"
    );
    Ok(())
}

/// Deleting forgets the stream's snapshots of every fold, and no others.
///
/// `a/1` begins like `a` and stays. What is saved after the deletion is kept.
pub(crate) async fn deleting_forgets_one_stream(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let store = snapshots(&scene).await?;
    for (id, fold) in [("a", 1), ("a", 2), ("a/1", 1), ("b", 1)] {
        store
            .save(&stream(id), fold, snapshot(1, id.as_bytes()))
            .await?;
    }
    store.delete(&stream("a")).await?;
    for (id, fold, kept) in [
        ("a", 1, false),
        ("a", 2, false),
        ("a/1", 1, true),
        ("b", 1, true),
    ] {
        let found = store.load(&stream(id), fold).await?;
        ensure_eq!(found.is_some(), kept, "stream {id}, fold {fold}");
    }
    store.save(&stream("a"), 1, snapshot(1, b"again")).await?;
    ensure!(
        store.load(&stream("a"), 1).await?.is_some(),
        "saved after deleting"
    );
    Ok(())
}

/// Losing every snapshot changes nothing in the log.
///
/// The log is compared event by event, and the next append still finds its version.
pub(crate) async fn clearing_changes_no_event(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let store = snapshots(&scene).await?;
    scene.fill(&["a", "b"], 6).await?;
    let before = scene.log(crate::scene::P0).await?;
    for id in ["a", "b"] {
        store.save(&stream(id), 1, snapshot(3, b"state")).await?;
    }
    store.clear().await?;
    for id in ["a", "b"] {
        ensure!(store.load(&stream(id), 1).await?.is_none(), "{id} is left");
    }
    ensure_eq!(scene.log(crate::scene::P0).await?, before, "the log");
    scene
        .put("a", Expected::Exactly(Version::new(3).into()), &["x"])
        .await?;
    Ok(())
}

/// After a reopen a snapshot is there as saved, or not at all.
///
/// Nor after a power cut, where the backend has one to offer.
pub(crate) async fn a_snapshot_is_never_wrong_after_a_reopen(cx: Cx) -> Outcome {
    let mut scene = cx.scene().await?;
    let saved = snapshot(7, b"state");
    snapshots(&scene)
        .await?
        .save(&stream("a"), 1, saved.clone())
        .await?;
    scene.reopen().await?;
    let found = snapshots(&scene).await?.load(&stream("a"), 1).await?;
    let sound = found.is_none() || found.as_ref() == Some(&saved);
    ensure!(sound, "loaded {found:?}");
    if let Offer::Offered(store) = scene.fixture.crash().await {
        scene.store = store;
        let found = snapshots(&scene).await?.load(&stream("a"), 1).await?;
        let sound = found.is_none() || found == Some(saved);
        ensure!(sound, "loaded {found:?} after a crash");
    }
    Ok(())
}
