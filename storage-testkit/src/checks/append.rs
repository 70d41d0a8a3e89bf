//! What an append does, and when it is refused.

use punctual::event::{Expected, Offset, Revision, Version};
use punctual::store::{Append, AppendError, Limit, Records};

use crate::run::{Outcome, Stop};
use crate::scene::{
    Cx, Event, P0, at, ensure, ensure_eq, ensure_matches, exactly, offset, records, refused,
    stream, texts,
};

/// Versions of a stream are 1, 2, 3 ..., whatever the sizes of its appends.
///
/// The told version is compared too, not only the read one: a writer expects the told one next, and would be
/// refused for ever if it were another.
pub(crate) async fn versions_run_from_one_without_a_hole(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let mut wanted = 0;
    for size in [1, 3, 2, 1] {
        let batch = vec!["x"; size];
        let appended = scene.put("a", Expected::Any, &batch).await?;
        wanted += size as u64;
        ensure_eq!(appended.revision.version().get(), wanted, "told version");
    }
    let page = scene.read("a", Limit::default()).await?;
    let versions: Vec<u64> = page.records().map(|r| r.version().get()).collect();
    ensure_eq!(versions, (1..=7).collect::<Vec<_>>(), "read versions");
    Ok(())
}

/// One append is one commit: one offset, indexes from zero.
///
/// Consumers checkpoint by offset, so what a commit holds is what they deal with at once.
pub(crate) async fn several_events_are_one_commit(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["x"]).await?;
    let appended = scene.put("a", Expected::Any, &["p", "q", "r"]).await?;
    ensure_eq!(appended.offset, offset(2), "offset of the second append");
    let page = scene
        .store
        .read_partition(P0, offset(1), Limit::default())
        .await?;
    ensure_eq!(page.commits.len(), 1, "commits");
    let indexes: Vec<u32> = page.records().map(|r| r.position().index).collect();
    ensure_eq!(indexes, [0, 1, 2], "indexes");
    Ok(())
}

/// Every byte comes back: numbers, times, subject, metadata, payload, also of unknown kinds.
///
/// Every byte value in metadata and payload, so that an encoding as text, an escape or a zero at the end is
/// noticed; a subject outside ASCII; a time before the other one. Read by stream and by partition, since many
/// backends keep the two apart.
pub(crate) async fn stored_bytes_come_back_as_given(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let events = vec![
        Event::text(""),
        Event {
            kind: 1,
            schema: 65_535,
            occurred_at: at(-5),
            recorded_at: at(9),
            subject: Some("客户-17".to_owned()),
            metadata: (0..=255).collect(),
            payload: (0..=255).rev().collect(),
        },
    ];
    let append = Append::new(stream("a"), Expected::Empty, records(&events)?);
    scene.store.append(append).await?;
    let page = scene.read("a", Limit::default()).await?;
    let found: Vec<Event> = page.records().map(|r| Event::of(&r)).collect();
    ensure_eq!(found, events, "by stream");
    let page = scene
        .store
        .read_partition(P0, Offset::START, Limit::default());
    let page = page.await?;
    let found: Vec<Event> = page.records().map(|r| Event::of(&r)).collect();
    ensure_eq!(found, events, "by partition");
    Ok(())
}

/// A kind that no release knows yet is stored like any other.
///
/// An older release may have to carry what a newer one wrote, in an import or during a rolling upgrade.
pub(crate) async fn unknown_kinds_are_kept(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let kinds = [0, 127, 128, 999, u16::MAX];
    let events: Vec<Event> = kinds
        .iter()
        .map(|&kind| Event {
            kind,
            ..Event::text("k")
        })
        .collect();
    let append = Append::new(stream("a"), Expected::Empty, records(&events)?);
    scene.store.append(append).await?;
    let page = scene.read("a", Limit::default()).await?;
    let found: Vec<u16> = page.records().map(|r| r.kind()).collect();
    ensure_eq!(found, kinds, "kinds");
    Ok(())
}

/// `recorded_at` is the engine's; a store neither sets nor corrects it.
///
/// Times that run backwards are stored, since a store that "corrects" them changes what the engine decided on.
pub(crate) async fn recorded_at_is_left_alone(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    for micros in [50, 20, 20] {
        let event = Event {
            recorded_at: at(micros),
            ..Event::text("t")
        };
        let append = Append::new(stream("a"), Expected::Any, records(&[event])?);
        scene.store.append(append).await?;
    }
    let page = scene.read("a", Limit::default()).await?;
    let found: Vec<_> = page.records().map(|r| r.recorded_at()).collect();
    ensure_eq!(found, [at(50), at(20), at(20)], "recorded_at");
    Ok(())
}

/// `Any` takes an empty stream and an existing one.
///
/// Twice, as many backends take the first append of a stream another way than the later ones.
pub(crate) async fn any_version_is_admitted(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["1"]).await?;
    scene.put("a", Expected::Any, &["2"]).await?;
    Ok(())
}

/// `Empty` refuses a stream that has an event.
///
/// This is how a ticket is opened once: with `Any` instead, two intakes would share a stream.
pub(crate) async fn empty_refuses_an_existing_stream(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", Expected::Empty, &["1"]).await?;
    let error = scene.put_refused("a", Expected::Empty, &["2"]).await?;
    ensure_matches!(error, AppendError::Conflict { .. }, "second append");
    Ok(())
}

/// `Exists` refuses an empty stream and admits an existing one.
///
/// A command to a ticket that was never received must not make one.
pub(crate) async fn exists_refuses_an_empty_stream(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let error = scene.put_refused("a", Expected::Exists, &["1"]).await?;
    ensure_matches!(error, AppendError::Conflict { .. }, "first append");
    scene.put("a", Expected::Any, &["1"]).await?;
    scene.put("a", Expected::Exists, &["2"]).await?;
    Ok(())
}

/// `Exactly` refuses a version that the stream has left behind.
///
/// After batches, so that a store which counts commits instead of events admits one of the three.
pub(crate) async fn an_older_version_is_refused(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", exactly(0), &["1", "2"]).await?;
    scene.put("a", exactly(2), &["3"]).await?;
    for old in [0, 1, 2] {
        let error = scene.put_refused("a", exactly(old), &["x"]).await?;
        ensure_matches!(error, AppendError::Conflict { .. }, "at version {old}");
    }
    Ok(())
}

/// `Exactly` refuses a version that the stream has not reached.
///
/// Up to the largest number there is: a store that adds one to it before it compares overflows here.
pub(crate) async fn a_newer_version_is_refused(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let error = scene.put_refused("a", exactly(1), &["x"]).await?;
    ensure_matches!(error, AppendError::Conflict { .. }, "empty stream");
    scene.put("a", Expected::Any, &["1"]).await?;
    for new in [2, u64::MAX] {
        let error = scene.put_refused("a", exactly(new), &["x"]).await?;
        ensure_matches!(error, AppendError::Conflict { .. }, "at version {new}");
    }
    Ok(())
}

/// A conflict names the stream, what was expected and what is.
///
/// The engine reads the difference and decides again from `actual` on; a wrong one costs it another round, or
/// all of its attempts.
pub(crate) async fn a_conflict_tells_what_is(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["1", "2", "3"]).await?;
    let error = scene.put_refused("a", exactly(1), &["x"]).await?;
    let AppendError::Conflict {
        stream: told,
        expected,
        actual,
    } = error
    else {
        return Err(error.into());
    };
    ensure_eq!(told, stream("a"), "stream");
    ensure_eq!(expected, exactly(1), "expected");
    ensure_eq!(actual, Version::new(3), "actual");
    Ok(())
}

/// A refused append leaves no trace: no event, no offset, no stream.
///
/// The offset that a refused append had drawn must not be missing later, so the next append must get it.
pub(crate) async fn a_refused_append_writes_nothing(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["1"]).await?;
    scene.put_refused("a", exactly(7), &["x"]).await?;
    scene.put_refused("b", Expected::Exists, &["x"]).await?;
    ensure_eq!(scene.head().await?, 1, "head");
    ensure_eq!(scene.texts("a").await?, ["1"], "events");
    let listed = scene.store.list_streams("", None, 9).await?;
    ensure_eq!(listed, [stream("a")], "streams");
    let appended = scene.put("b", Expected::Empty, &["y"]).await?;
    ensure_eq!(appended.offset, offset(2), "next offset");
    Ok(())
}

/// An append without an event is refused, whatever is expected.
///
/// It would be a commit that no reader is ever shown an event of, and an offset that stands for nothing.
pub(crate) async fn an_empty_append_is_refused(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    for expected in [Expected::Any, Expected::Empty] {
        let append = Append::new(stream("a"), expected, Records::new());
        let error = refused(scene.store.append(append).await)?;
        ensure_matches!(error, AppendError::Invalid { .. }, "{expected}");
    }
    ensure_eq!(scene.head().await?, 0, "head");
    Ok(())
}

/// One event of the size that the store states, with the rest of its record.
fn sized(bytes: usize) -> Result<Event, Stop> {
    let empty = records(&[Event::text("")])?.largest();
    Ok(Event {
        payload: vec![0xA5; bytes.saturating_sub(empty)],
        ..Event::text("")
    })
}

/// The largest event that the store states to take comes back whole.
///
/// The limit is on the whole record, so the payload is made smaller by what stands before it.
pub(crate) async fn the_largest_event_is_taken(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let event = sized(scene.store.limits().event_bytes)?;
    let append = Append::new(
        stream("a"),
        Expected::Any,
        records(std::slice::from_ref(&event))?,
    );
    scene.store.append(append).await?;
    let page = scene.read("a", Limit::events(1)).await?;
    let found: Vec<Event> = page.records().map(|r| Event::of(&r)).collect();
    ensure!(found == [event], "the largest event came back changed");
    Ok(())
}

/// One byte more than the store states is refused, and nothing is written.
///
/// Behind a small event in one batch: a store that writes as it checks has written the first one by then.
pub(crate) async fn a_larger_event_is_refused(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let event = sized(scene.store.limits().event_bytes + 1)?;
    let batch = [Event::text("small"), event];
    let append = Append::new(stream("a"), Expected::Any, records(&batch)?);
    let error = refused(scene.store.append(append).await)?;
    ensure_matches!(error, AppendError::TooLarge(_), "one event");
    ensure_eq!(scene.head().await?, 0, "head");
    Ok(())
}

/// More events, or more bytes, than an append may have are refused.
///
/// By number and by bytes, each beyond its limit alone.
pub(crate) async fn a_larger_append_is_refused(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let limits = scene.store.limits();
    let many = vec![Event::text("e"); limits.append_events + 1];
    let append = Append::new(stream("a"), Expected::Any, records(&many)?);
    let error = refused(scene.store.append(append).await)?;
    ensure_matches!(error, AppendError::TooLarge(_), "too many events");
    let large = sized(limits.event_bytes)?;
    let many = vec![large; limits.append_bytes / limits.event_bytes + 1];
    let append = Append::new(stream("a"), Expected::Any, records(&many)?);
    let error = refused(scene.store.append(append).await)?;
    ensure_matches!(error, AppendError::TooLarge(_), "too many bytes");
    ensure_eq!(scene.head().await?, 0, "head");
    Ok(())
}

/// As many events as an append may have are one commit.
///
/// Asked for one event a page: a commit is never split, however large.
pub(crate) async fn the_most_events_are_taken(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let most = scene.store.limits().append_events.min(2_000);
    let append = Append::new(
        stream("a"),
        Expected::Any,
        records(&vec![Event::text("e"); most])?,
    );
    let appended = scene.store.append(append).await?;
    ensure_eq!(appended.revision.version().get(), most as u64, "version");
    let page = scene
        .store
        .read_partition(P0, Offset::START, Limit::events(1))
        .await?;
    ensure_eq!(page.commits.events(), most, "events of the one commit");
    Ok(())
}

/// The token of a revision is a hint: a wrong one changes no answer.
///
/// Wrong tokens with a stale version must conflict, and wrong tokens with the right version must not. Another
/// stream's commit lies at offset 1, where a store that takes the token for an offset would look.
pub(crate) async fn a_wrong_token_changes_nothing(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("b", Expected::Any, &["other"]).await?;
    let told = scene.put("a", Expected::Any, &["1"]).await?.revision;
    scene.put("a", Expected::Exactly(told), &["2"]).await?;
    for token in [0, 1, u64::MAX] {
        let stale = Revision::with_token(Version::new(1), token);
        let error = scene
            .put_refused("a", Expected::Exactly(stale), &["x"])
            .await?;
        ensure_matches!(error, AppendError::Conflict { .. }, "token {token}");
    }
    for (version, token) in (2..).zip([0, 1, u64::MAX]) {
        let right = Revision::with_token(Version::new(version), token);
        scene.put("a", Expected::Exactly(right), &["y"]).await?;
    }
    Ok(())
}

/// Streams are counted apart, and names that resemble each other are different streams.
///
/// Case, prefixes, separators, wildcards, a full-width letter, a combining accent: in some database's default
/// collation or pattern each of these is the same as another.
pub(crate) async fn names_that_resemble_each_other_are_apart(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let ids = [
        "T-1",
        "T-10",
        "t-1",
        "T-1/",
        "T-1/0",
        "T_1",
        "T%1",
        "T 1",
        "Ｔ-1",
        "T-1\u{301}",
    ];
    for id in ids {
        scene.put(id, Expected::Empty, &[id]).await?;
    }
    for id in ids {
        ensure_eq!(scene.texts(id).await?, [id], "stream {id}");
    }
    Ok(())
}

/// A name of 200 bytes is a name.
///
/// Two names of full length that differ in the first and the last byte, so that neither a prefix nor a suffix
/// serves as the key.
pub(crate) async fn the_longest_name_is_taken(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let long = "x".repeat(200 - "acme/ticket/".len());
    let sibling = format!("{}y", &long[1..]);
    scene.put(&long, Expected::Empty, &["1"]).await?;
    scene.put(&sibling, Expected::Empty, &["2"]).await?;
    ensure_eq!(scene.texts(&long).await?, ["1"], "the longest");
    ensure_eq!(scene.texts(&sibling).await?, ["2"], "its sibling");
    let longest = key_of(120);
    let append = texts("a", Expected::Any, &["c"])?;
    let append = append.for_command(crate::scene::key(&longest, 1)?);
    scene.store.append(append.clone()).await?;
    ensure!(
        scene.store.append(append).await?.replayed,
        "the longest command"
    );
    Ok(())
}

fn key_of(bytes: usize) -> String {
    "k".repeat(bytes)
}
