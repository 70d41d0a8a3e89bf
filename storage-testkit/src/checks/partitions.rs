//! Reading a partition: one order, without a hole.

use punctual::event::{Expected, Offset, PartitionId};
use punctual::store::{Limit, Partitions, ReadError};

use crate::run::Outcome;
use crate::scene::{Cx, P0, ensure, ensure_eq, ensure_matches, log_lines, offset, refused, stream};

/// Offsets are 1, 2, 3 ... in the order of the appends.
///
/// Over three streams and batches, told and read: the offset counts commits and nothing else.
pub(crate) async fn offsets_run_from_one_without_a_hole(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    for number in 1..=20 {
        let appended = scene
            .put(["a", "b", "c"][number % 3], Expected::Any, &["x", "y"])
            .await?;
        ensure_eq!(appended.offset.get(), number as u64, "told offset");
        ensure_eq!(appended.partition, P0, "told partition");
    }
    let page = scene
        .store
        .read_partition(P0, Offset::START, Limit::default())
        .await?;
    let found: Vec<u64> = page
        .commits
        .iter()
        .map(|commit| commit.offset().get())
        .collect();
    ensure_eq!(found, (1..=20).collect::<Vec<_>>(), "read offsets");
    Ok(())
}

/// Pages of any size give the whole partition, in order, once.
///
/// One large page is compared with many small ones, place by place.
pub(crate) async fn pages_of_a_partition_fit_together(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    for number in 0..15 {
        let texts = vec!["x"; number % 4 + 1];
        scene
            .put(["a", "b"][number % 2], Expected::Any, &texts)
            .await?;
    }
    let wanted = log_lines(scene.store.as_ref(), P0, 1_000).await?;
    for most in [1, 2, 3, 7] {
        let found = log_lines(scene.store.as_ref(), P0, most).await?;
        ensure_eq!(found, wanted, "pages of {most}");
    }
    Ok(())
}

/// A read begins right after the asked offset.
///
/// From the start, from each offset, and from the head, where `next` must stay at the head and not go back.
pub(crate) async fn a_read_begins_after_the_asked_offset(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.fill(&["a", "b"], 6).await?;
    for after in 0..=6 {
        let page = scene
            .store
            .read_partition(P0, offset(after), Limit::default())
            .await?;
        let found: Vec<u64> = page
            .commits
            .iter()
            .map(|commit| commit.offset().get())
            .collect();
        ensure_eq!(found, (after + 1..=6).collect::<Vec<_>>(), "after {after}");
        ensure_eq!(page.next, offset(6), "next after {after}");
        ensure_eq!(page.partition, P0, "partition");
    }
    Ok(())
}

/// A page has at most the asked events and bytes, or one commit, which is never split.
///
/// `next` must follow what the page holds. If it followed what was looked at, a commit would be passed over.
pub(crate) async fn a_partition_page_keeps_to_its_limit(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let text = "x".repeat(300);
    scene
        .put("a", Expected::Any, &[&text, &text, &text])
        .await?;
    scene.put("b", Expected::Any, &[&text]).await?;
    scene.put("a", Expected::Any, &[&text, &text]).await?;
    let large = 1 << 20;
    for (events, bytes, commits) in [
        (1, large, 1),
        (3, large, 1),
        (4, large, 2),
        (5, large, 2),
        (6, large, 3),
        (9, 1, 1),
        (9, 1_800, 2),
    ] {
        let limit = Limit { events, bytes };
        let page = scene.store.read_partition(P0, Offset::START, limit).await?;
        ensure_eq!(
            page.commits.len(),
            commits,
            "commits within {events}, {bytes}"
        );
        ensure_eq!(
            page.next,
            offset(commits as u64),
            "next within {events}, {bytes}"
        );
    }
    Ok(())
}

/// The head is the last offset, zero when there is none, and a page tells it too.
///
/// In a page of one event the head is still the store's: the difference of the two is how far a reader is behind.
pub(crate) async fn the_head_is_the_last_offset(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    ensure_eq!(scene.head().await?, 0, "empty");
    for number in 1..=5 {
        scene.put("a", Expected::Any, &["x", "y"]).await?;
        ensure_eq!(scene.head().await?, number, "after {number} appends");
        let page = scene
            .store
            .read_partition(P0, Offset::START, Limit::events(1))
            .await?;
        ensure_eq!(page.head, offset(number), "told by a page");
    }
    Ok(())
}

/// A reader who is further than the store is told so: its checkpoint is of another store.
///
/// A store that was restored from an older backup is the common cause, and silence the expensive answer.
pub(crate) async fn a_reader_beyond_the_head_is_refused(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.fill(&["a"], 3).await?;
    for after in [4, u64::MAX] {
        let read = scene
            .store
            .read_partition(P0, offset(after), Limit::default())
            .await;
        let error = refused(read)?;
        ensure_matches!(error, ReadError::Beyond { .. }, "after {after}");
    }
    Ok(())
}

/// A partition that the store does not have is a mistake, and said to be one.
///
/// Also by a wait, which would otherwise never end.
pub(crate) async fn an_unknown_partition_is_refused(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    for partition in [PartitionId(1), PartitionId(u16::MAX)] {
        let read = scene
            .store
            .read_partition(partition, Offset::START, Limit::default());
        ensure_matches!(refused(read.await)?, ReadError::Invalid { .. }, "read");
        let head = scene.store.head(partition).await;
        ensure_matches!(refused(head)?, ReadError::Invalid { .. }, "head");
        let wait = scene.store.wait_past(partition, Offset::START);
        let wait = scene.soon("a refusal", wait).await?;
        ensure_matches!(refused(wait)?, ReadError::Invalid { .. }, "wait");
    }
    Ok(())
}

/// A stream lives where the stable hash says, and nowhere else; each partition counts by itself.
///
/// By the core's function and no other, so that any process knows where a ticket lives without asking.
pub(crate) async fn a_stream_lives_in_the_partition_of_its_hash(cx: Cx) -> Outcome {
    let scene = cx.partitioned(4).await?;
    let partitions = scene.store.partitions();
    ensure_eq!(Some(partitions), Partitions::new(4), "partitions");
    let mut counts = [0_u64; 4];
    for number in 0..24 {
        let id = format!("T-{}", number % 12);
        let home = partitions.of(&stream(&id));
        let appended = scene.put(&id, Expected::Any, &[&id]).await?;
        counts[usize::from(home.0)] += 1;
        ensure_eq!(appended.partition, home, "partition of {id}");
        ensure_eq!(
            appended.offset.get(),
            counts[usize::from(home.0)],
            "offset of {id}"
        );
    }
    for partition in partitions.iter() {
        let log = scene.log(partition).await?;
        ensure_eq!(
            log.len() as u64,
            counts[usize::from(partition.0)],
            "events of {partition}"
        );
        let here = |name: &str| {
            name.parse()
                .is_ok_and(|name| partitions.of(&name) == partition)
        };
        ensure!(
            log.iter().all(|line| here(&line.2)),
            "a stream in a wrong partition"
        );
    }
    Ok(())
}
