//! Commands: repeating one changes nothing.

use punctual::event::Expected;
use punctual::store::{AppendError, Appended};

use crate::run::Outcome;
use crate::scene::{Cx, ensure, ensure_eq, ensure_matches, exactly, key, refused, stream};

/// A repeated command gets its first answer, marked, and writes nothing.
///
/// The head is looked at as well: an answer may be right while the events were written a second time.
pub(crate) async fn a_repeated_command_gets_its_first_answer(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["0"]).await?;
    let first = scene
        .put_command("a", Expected::Any, ("c", 1), &["1", "2"])
        .await??;
    ensure!(!first.replayed, "the first answer says it was replayed");
    let again = scene
        .put_command("a", Expected::Any, ("c", 1), &["1", "2"])
        .await??;
    let wanted = Appended {
        replayed: true,
        ..first
    };
    ensure_eq!(again, wanted, "second answer");
    ensure_eq!(scene.texts("a").await?, ["0", "1", "2"], "events");
    ensure_eq!(scene.head().await?, 2, "head");
    Ok(())
}

/// The command is looked at before the expectation: a retry does not conflict with itself.
///
/// Once with the expectation that was true then, and once with one that never was.
pub(crate) async fn a_repeated_command_does_not_conflict(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene
        .put_command("a", Expected::Empty, ("c", 1), &["1"])
        .await??;
    let again = scene
        .put_command("a", Expected::Empty, ("c", 1), &["1"])
        .await??;
    ensure!(again.replayed, "not replayed");
    let odd = scene
        .put_command("a", exactly(99), ("c", 1), &["1"])
        .await??;
    ensure!(odd.replayed, "not replayed at another expectation");
    Ok(())
}

/// Commands are remembered for the stream's life, with the answer they got then.
///
/// A hundred and fifty commands lie in between, more than any page, cache or window of recent ids that was
/// thought to be enough.
pub(crate) async fn a_command_is_remembered_for_the_streams_life(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let first = scene
        .put_command("a", Expected::Any, ("first", 1), &["1"])
        .await??;
    for number in 0..150_u8 {
        let id = format!("c-{number}");
        scene
            .put_command("a", Expected::Any, (&id, number), &["x"])
            .await??;
    }
    let again = scene
        .put_command("a", Expected::Any, ("first", 1), &["1"])
        .await??;
    ensure!(again.replayed, "forgotten after 150 commands");
    ensure_eq!(again.revision, first.revision, "revision");
    ensure_eq!(again.offset, first.offset, "offset");
    Ok(())
}

/// An id with another digest is another command, and refused.
///
/// Answering with the first result would tell the second caller that its command was carried out.
pub(crate) async fn an_id_of_another_command_is_refused(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene
        .put_command("a", Expected::Any, ("c", 1), &["1"])
        .await??;
    let error = refused(
        scene
            .put_command("a", Expected::Any, ("c", 2), &["1"])
            .await?,
    )?;
    ensure_matches!(error, AppendError::CommandReused { .. }, "another digest");
    ensure_eq!(scene.head().await?, 1, "head");
    Ok(())
}

/// What counts is the digest of the command: encoded events may differ on a retry.
///
/// A retry carries new times. It even carries another number of events here; what counts is the digest.
pub(crate) async fn other_bytes_with_the_same_digest_are_the_same_command(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene
        .put_command("a", Expected::Any, ("c", 1), &["1"])
        .await??;
    let again = scene
        .put_command("a", Expected::Any, ("c", 1), &["later", "more"])
        .await??;
    ensure!(again.replayed, "not replayed");
    ensure_eq!(scene.texts("a").await?, ["1"], "events");
    Ok(())
}

/// A command id means something in its stream alone.
///
/// Ids come from callers, who number their own calls; two customers' systems may both begin with 1.
pub(crate) async fn a_command_belongs_to_its_stream(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene
        .put_command("a", Expected::Any, ("c", 1), &["1"])
        .await??;
    let other = scene
        .put_command("b", Expected::Any, ("c", 2), &["2"])
        .await??;
    ensure!(!other.replayed, "replayed in another stream");
    let id = key("c", 1)?.id;
    let found = scene.store.find_command(&stream("zz"), &id).await?;
    ensure!(found.is_none(), "found in a stream without events");
    Ok(())
}

/// A refused append uses up no command id.
///
/// Reload, decide again, append again: the second attempt carries the same id and must be a first one.
pub(crate) async fn a_refused_append_uses_no_command_up(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["0"]).await?;
    refused(scene.put_command("a", exactly(5), ("c", 1), &["1"]).await?)?;
    let found = scene
        .store
        .find_command(&stream("a"), &key("c", 1)?.id)
        .await?;
    ensure!(found.is_none(), "a refused command was remembered");
    let landed = scene
        .put_command("a", exactly(1), ("c", 2), &["1"])
        .await??;
    ensure!(!landed.replayed, "replayed though it was refused");
    Ok(())
}

/// `find_command` tells the digest and the first answer, or nothing.
///
/// The engine asks this before it decides, so it must tell the same as the append would have answered.
pub(crate) async fn a_command_is_found_with_its_digest_and_answer(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene.put("a", Expected::Any, &["0"]).await?;
    let first = scene
        .put_command("a", Expected::Any, ("c", 7), &["1", "2"])
        .await??;
    scene.put("a", Expected::Any, &["3"]).await?;
    let wanted = key("c", 7)?;
    let found = scene.store.find_command(&stream("a"), &wanted.id).await?;
    let Some(found) = found else {
        return Err(crate::run::Stop::Failed(
            "the command was not found".to_owned(),
        ));
    };
    ensure_eq!(found.digest, wanted.digest, "digest");
    ensure_eq!(found.appended.revision, first.revision, "revision");
    ensure_eq!(found.appended.offset, first.offset, "offset");
    ensure!(found.appended.replayed, "not marked as replayed");
    let none = scene
        .store
        .find_command(&stream("a"), &key("d", 1)?.id)
        .await?;
    ensure!(none.is_none(), "a command that never was is found");
    Ok(())
}

/// Appends without a command are never taken for each other.
///
/// Three equal notes in a row are three notes.
pub(crate) async fn appends_without_a_command_are_never_replayed(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    for _ in 0..3 {
        let appended = scene.put("a", Expected::Any, &["same"]).await?;
        ensure!(!appended.replayed, "replayed without a command");
    }
    ensure_eq!(scene.texts("a").await?.len(), 3, "events");
    Ok(())
}

/// A command is kept with its commit, for export and for whoever rebuilds an index.
///
/// An export of the log is the whole store only if the commands are in it.
pub(crate) async fn a_commit_carries_its_command(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    scene
        .put_command("a", Expected::Any, ("c", 3), &["1"])
        .await??;
    scene.put("a", Expected::Any, &["2"]).await?;
    let page = scene.store.read_partition(
        crate::scene::P0,
        punctual::event::Offset::START,
        punctual::store::Limit::default(),
    );
    let page = page.await?;
    let found: Vec<_> = page
        .commits
        .iter()
        .map(|commit| commit.command_key())
        .collect();
    ensure_eq!(found, [Some(key("c", 3)?), None], "commands");
    Ok(())
}
