//! Checkpoints: perhaps too early, never too late.

use std::sync::Arc;

use punctual::event::{ConsumerId, Offset, PartitionId};
use punctual::store::{Checkpoint, CheckpointStore};

use crate::fixture::Offer;
use crate::run::{Outcome, Stop};
use crate::scene::{Cx, P0, Scene, ensure, ensure_eq, offset};

async fn checkpoints(scene: &Scene) -> Result<Arc<dyn CheckpointStore>, Stop> {
    scene.fixture.checkpoints().await.needed()
}

fn checkpoint(offsets: &[(u16, u64)]) -> Checkpoint {
    let mut checkpoint = Checkpoint::default();
    for &(partition, at) in offsets {
        checkpoint.set(PartitionId(partition), offset(at));
    }
    checkpoint
}

/// Each partition's offset is kept by itself; what was never saved is the start.
///
/// Partitions 0 and 5, and an offset beyond 32 bits.
pub(crate) async fn a_checkpoint_is_one_offset_a_partition(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let (store, who) = (checkpoints(&scene).await?, ConsumerId::new("agenda")?);
    ensure_eq!(store.load(&who).await?, Checkpoint::default(), "before any");
    for (partition, at) in [(0, 3), (5, 1 << 40), (0, 4)] {
        store.save(&who, PartitionId(partition), offset(at)).await?;
    }
    let found = store.load(&who).await?;
    ensure_eq!(found, checkpoint(&[(0, 4), (5, 1 << 40)]), "saved");
    ensure_eq!(found.offset(PartitionId(1)), Offset::START, "never saved");
    Ok(())
}

/// Consumers are kept apart, also when their names resemble each other.
///
/// Case, prefixes, a separator, another script.
pub(crate) async fn consumers_are_kept_apart(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let store = checkpoints(&scene).await?;
    let names = ["agenda", "agenda1", "Agenda", "agenda/1", "日程"];
    for (number, name) in (1..).zip(names) {
        store
            .save(&ConsumerId::new(name)?, P0, offset(number))
            .await?;
    }
    for (number, name) in (1..).zip(names) {
        let found = store.load(&ConsumerId::new(name)?).await?;
        ensure_eq!(found.offset(P0), offset(number), "{name}");
    }
    Ok(())
}

/// A consumer may be sent back, to deal with events again.
///
/// To nine, to two, to the start: this is how a consumer is made to deal with a week once more.
pub(crate) async fn a_checkpoint_may_go_back(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let (store, who) = (checkpoints(&scene).await?, ConsumerId::new("agenda")?);
    for at in [9, 2, 0] {
        store.save(&who, P0, offset(at)).await?;
        ensure_eq!(store.load(&who).await?.offset(P0), offset(at), "offset");
    }
    Ok(())
}

/// A forgotten consumer begins at the start, and the others do not.
///
/// In every partition.
pub(crate) async fn forgetting_begins_at_the_start(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let store = checkpoints(&scene).await?;
    let (one, two) = (ConsumerId::new("one")?, ConsumerId::new("two")?);
    for who in [&one, &two] {
        store.save(who, P0, offset(5)).await?;
        store.save(who, PartitionId(1), offset(6)).await?;
    }
    store.forget(&one).await?;
    ensure_eq!(
        store.load(&one).await?,
        Checkpoint::default(),
        "the forgotten"
    );
    ensure_eq!(
        store.load(&two).await?,
        checkpoint(&[(0, 5), (1, 6)]),
        "the other"
    );
    Ok(())
}

/// After a reopen a checkpoint may be earlier than it was saved, never later.
///
/// Nor after a power cut, where the backend has one to offer: a checkpoint that outlives its commits would have the
/// consumer pass over what takes their offsets.
pub(crate) async fn a_checkpoint_is_never_too_late_after_a_reopen(cx: Cx) -> Outcome {
    let mut scene = cx.scene().await?;
    let who = ConsumerId::new("agenda")?;
    let store = checkpoints(&scene).await?;
    for at in [3, 7] {
        store.save(&who, P0, offset(at)).await?;
    }
    scene.reopen().await?;
    let found = checkpoints(&scene).await?.load(&who).await?.offset(P0);
    ensure!(found <= offset(7), "offset {found} was never saved");
    checkpoints(&scene).await?.save(&who, P0, offset(8)).await?;
    if let Offer::Offered(store) = scene.fixture.crash().await {
        scene.store = store;
        let found = checkpoints(&scene).await?.load(&who).await?.offset(P0);
        ensure!(found <= offset(8), "offset {found} after a crash");
    }
    Ok(())
}
