//! Reading one stream, and listing streams.

use punctual::event::{Expected, StreamId, Version};
use punctual::store::{Limit, ReadError, StreamPage};

use crate::run::{Outcome, Stop};
use crate::scene::{
    Cx, P0, Scene, ensure, ensure_eq, ensure_matches, refused, stream, stream_lines,
};

async fn page(scene: &Scene, after: u64, limit: Limit) -> Result<StreamPage, Stop> {
    let name = stream("a");
    Ok(scene
        .store
        .read_stream(&name, Version::new(after), limit)
        .await?)
}

fn versions(page: &StreamPage) -> Vec<u64> {
    page.records()
        .map(|record| record.version().get())
        .collect()
}

/// Only events after the asked version are answered.
///
/// With another stream's commits between, so that a store which counts in the log instead of in the stream is
/// off by them.
pub(crate) async fn a_read_begins_after_the_asked_version(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.fill(&["a", "b"], 10).await?;
    for after in 0..5 {
        let found = versions(&page(&scene, after, Limit::default()).await?);
        ensure_eq!(found, (after + 1..=5).collect::<Vec<_>>(), "after {after}");
    }
    Ok(())
}

/// A read that begins inside a commit answers the commit whole, and lends what comes after.
///
/// The commit is handed out whole, under its own seal, and the page's `records` begin where they were asked to.
pub(crate) async fn a_read_may_begin_inside_a_commit(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["1", "2", "3"]).await?;
    scene.put("a", Expected::Any, &["4", "5"]).await?;
    for after in 0..5 {
        let page = page(&scene, after, Limit::default()).await?;
        ensure_eq!(
            versions(&page),
            (after + 1..=5).collect::<Vec<_>>(),
            "after {after}"
        );
        let whole: usize = page.commits.iter().map(|commit| commit.len()).sum();
        ensure_eq!(
            whole,
            if after < 3 { 5 } else { 2 },
            "whole commits after {after}"
        );
    }
    Ok(())
}

/// Pages of any size give the whole stream, in order, once.
///
/// In pages of one event, of two, of five and of all, through the guard that every reader uses.
pub(crate) async fn pages_of_a_stream_fit_together(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let mut wanted = Vec::new();
    for number in 0..12 {
        let texts: Vec<String> = (0..number % 3 + 1)
            .map(|i| format!("{number}.{i}"))
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        scene.put("a", Expected::Any, &texts).await?;
        scene.put("b", Expected::Any, &["other"]).await?;
        wanted.extend(texts.iter().map(|&text| text.to_owned()));
    }
    for most in [1, 2, 3, 5, 100] {
        let lines = stream_lines(scene.store.as_ref(), "a", most).await?;
        let found: Vec<String> = lines.into_iter().map(|line| line.4).collect();
        ensure_eq!(found, wanted, "pages of {most}");
    }
    Ok(())
}

/// A page has at most the asked events, or one commit.
///
/// One event asked of a commit of three gives the commit: otherwise its reader would never get past it.
pub(crate) async fn a_stream_page_keeps_to_its_limit(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["1", "2", "3"]).await?;
    scene.put("a", Expected::Any, &["4"]).await?;
    scene.put("a", Expected::Any, &["5", "6"]).await?;
    for (most, commits) in [(1, 1), (3, 1), (4, 2), (5, 2), (6, 3)] {
        let page = page(&scene, 0, Limit::events(most)).await?;
        ensure_eq!(page.commits.len(), commits, "commits within {most} events");
    }
    Ok(())
}

/// A page has at most the asked bytes, or one commit.
///
/// Memory is bounded by bytes and not by events, of which one may have a hundred and another 65,536.
pub(crate) async fn a_stream_page_keeps_to_its_bytes(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let text = "x".repeat(500);
    for _ in 0..6 {
        scene.put("a", Expected::Any, &[&text]).await?;
    }
    for (bytes, commits) in [(1, 1), (1_300, 2), (100_000, 6)] {
        let limit = Limit { events: 100, bytes };
        let page = page(&scene, 0, limit).await?;
        ensure_eq!(page.commits.len(), commits, "commits within {bytes} bytes");
    }
    Ok(())
}

/// A stream without events is no error: an empty page at version zero.
///
/// To read a ticket that does not exist yet is how its first command is decided.
pub(crate) async fn an_empty_stream_is_an_empty_page(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("b", Expected::Any, &["1"]).await?;
    let page = page(&scene, 0, Limit::default()).await?;
    ensure!(page.commits.is_empty(), "events in an empty stream");
    ensure!(
        page.revision.version().is_none(),
        "version {}",
        page.revision
    );
    Ok(())
}

/// The revision is the stream's, not the page's; also when the page is empty.
///
/// Also beyond the end, where a reader that was told the page's own end would believe the stream to be shorter.
pub(crate) async fn a_page_tells_the_streams_revision(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.fill(&["a"], 5).await?;
    for (after, most) in [(0, 2), (3, 1), (5, 10), (9, 10)] {
        let page = page(&scene, after, Limit::events(most)).await?;
        ensure_eq!(page.revision.version().get(), 5, "after {after}");
        ensure!(after < 5 || page.commits.is_empty(), "events after the end");
    }
    Ok(())
}

/// The told revision is what the next append must expect.
///
/// Tokens are handed out by reads and by appends; this one goes from a read into an append, and then is stale.
pub(crate) async fn a_read_revision_can_be_expected(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["1", "2"]).await?;
    let revision = page(&scene, 0, Limit::default()).await?.revision;
    scene.put("a", Expected::Exactly(revision), &["3"]).await?;
    scene
        .put_refused("a", Expected::Exactly(revision), &["4"])
        .await?;
    Ok(())
}

/// What was appended through one handle is read through another, at once.
///
/// At once, after every single append: a replica that lags, or a cache of heads in a handle, shows here.
pub(crate) async fn writes_are_read_through_any_handle(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let other = scene.fixture.open().await;
    for number in 0..20 {
        scene
            .put("a", Expected::Any, &[&format!("{number}")])
            .await?;
        let lines = stream_lines(other.as_ref(), "a", 50).await?;
        ensure_eq!(lines.len(), number + 1, "events through the other handle");
    }
    Ok(())
}

/// Both ways of reading show the same events at the same places.
///
/// Place by place: the offset and the index of an event are its identity for consumers, whichever way it was read.
pub(crate) async fn stream_and_partition_agree(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    for number in 0..20 {
        let texts = vec!["x"; number % 3 + 1];
        scene
            .put(["a", "b", "c"][number % 3], Expected::Any, &texts)
            .await?;
    }
    let log = scene.log(P0).await?;
    for id in ["a", "b", "c"] {
        let name = stream(id);
        let wanted: Vec<_> = log
            .iter()
            .filter(|line| line.2 == name.as_str())
            .cloned()
            .collect();
        let found = stream_lines(scene.store.as_ref(), id, 4).await?;
        ensure_eq!(found, wanted, "stream {id}");
    }
    Ok(())
}

/// A page of nothing is a mistake, and said to be one.
///
/// An empty page would be taken for the end of the log.
pub(crate) async fn a_limit_of_nothing_is_refused(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["1"]).await?;
    let nothing = Limit {
        events: 1,
        bytes: 0,
    };
    for limit in [Limit::events(0), nothing] {
        let error = refused(
            scene
                .store
                .read_stream(&stream("a"), Version::NONE, limit)
                .await,
        )?;
        ensure_matches!(error, ReadError::Invalid { .. }, "stream");
        let start = punctual::event::Offset::START;
        let error = refused(scene.store.read_partition(P0, start, limit).await)?;
        ensure_matches!(error, ReadError::Invalid { .. }, "partition");
    }
    let error = refused(scene.store.list_streams("", None, 0).await)?;
    ensure_matches!(error, ReadError::Invalid { .. }, "list");
    Ok(())
}

fn names(ids: &[&str]) -> Vec<StreamId> {
    ids.iter().map(|id| stream(id)).collect()
}

/// Streams are listed in the order of their bytes, each once.
///
/// The order of bytes is the one that every language and database can agree on; `B` comes before `a`, and `a/1`
/// before `a1`.
pub(crate) async fn streams_are_listed_in_order(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.fill(&["b", "a", "B", "a/1", "é", "a1"], 18).await?;
    let found = scene.store.list_streams("", None, 100).await?;
    ensure_eq!(found, names(&["B", "a", "a/1", "a1", "b", "é"]), "streams");
    Ok(())
}

/// A prefix is plain text, and `after` goes on where a page ended.
///
/// With `_` and `%` in the names, over four partitions whose lists have to be merged, and with an `after` that
/// does not begin with the prefix.
pub(crate) async fn a_list_keeps_to_prefix_and_page(cx: Cx) -> Outcome {
    let scene = cx.partitioned(4).await?;
    scene
        .fill(&["x1", "x2", "x3", "x_4", "y%", "yy"], 6)
        .await?;
    let list = |prefix: &'static str, after: Option<StreamId>, most| {
        let store = &scene.store;
        async move { store.list_streams(prefix, after.as_ref(), most).await }
    };
    ensure_eq!(
        list("acme/ticket/x", None, 2).await?,
        names(&["x1", "x2"]),
        "first page"
    );
    let rest = list("acme/ticket/x", Some(stream("x2")), 2).await?;
    ensure_eq!(rest, names(&["x3", "x_4"]), "second page");
    let rest = list("acme/ticket/x", Some(stream("a")), 9).await?;
    ensure_eq!(rest.len(), 4, "after a name before the prefix");
    ensure!(
        list("acme/ticket/x", Some(stream("y")), 9)
            .await?
            .is_empty(),
        "after the prefix"
    );
    ensure!(
        list("acme/ticket/%", None, 9).await?.is_empty(),
        "% stands for itself"
    );
    ensure!(
        list("acme/ticket/__", None, 9).await?.is_empty(),
        "_ stands for itself"
    );
    ensure!(list("ACME", None, 9).await?.is_empty(), "case matters");
    Ok(())
}
