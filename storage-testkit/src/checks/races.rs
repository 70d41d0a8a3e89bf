//! Many at once: who wins, and what others see meanwhile.

use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use punctual::event::{Expected, Offset};
use punctual::store::{AppendError, Appended, Contiguity, EventStore, Limit, ReadError};
use tokio::sync::Semaphore;

use crate::run::{Outcome, Stop};
use crate::scene::{
    Cx, P0, Scene, ensure, ensure_eq, ensure_matches, exactly, key, log_lines, offset, texts,
};

const CONTENDERS: usize = 64;

/// All contenders append at once, each through one of four handles.
async fn contend(
    scene: &Scene,
    append: impl Fn(usize) -> Result<punctual::store::Append, Stop>,
) -> Result<Vec<Result<Appended, AppendError>>, Stop> {
    let mut handles = vec![Arc::clone(&scene.store)];
    for _ in 0..3 {
        handles.push(scene.fixture.open().await);
    }
    // Lets them go in the order in which they came, so that one thread always runs the same race.
    let gate = Arc::new(Semaphore::new(0));
    let mut contenders = Vec::new();
    for number in 0..CONTENDERS {
        let store = Arc::clone(&handles[number % handles.len()]);
        let (gate, append) = (Arc::clone(&gate), append(number)?);
        contenders.push(tokio::spawn(async move {
            let _through = gate.acquire().await;
            store.append(append).await
        }));
    }
    tokio::task::yield_now().await;
    gate.add_permits(CONTENDERS);
    let mut answers = Vec::new();
    for contender in contenders {
        answers.push(scene.soon("the answer of a contender", contender).await??);
    }
    Ok(answers)
}

/// Splits answers into wins; every loser must have met a conflict.
fn wins(answers: Vec<Result<Appended, AppendError>>) -> Result<Vec<Appended>, Stop> {
    let mut wins = Vec::new();
    for answer in answers {
        match answer {
            Ok(appended) => wins.push(appended),
            Err(error) => ensure_matches!(error, AppendError::Conflict { .. }, "a loser"),
        }
    }
    Ok(wins)
}

/// Of 64 appends with one expectation exactly one wins, round after round.
///
/// The stream's events are counted as well: two winners that were told about each other's version would show.
pub(crate) async fn of_many_contenders_exactly_one_wins(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    for round in 0..8 {
        let answers = contend(&scene, |number| {
            texts("a", exactly(round), &[&format!("{round}.{number}")])
        });
        let wins = wins(answers.await?)?;
        ensure_eq!(wins.len(), 1, "winners of round {round}");
        ensure_eq!(wins[0].revision.version().get(), round + 1, "version");
        ensure_eq!(scene.texts("a").await?.len() as u64, round + 1, "events");
    }
    Ok(())
}

/// Of 64 writers who each want to open a stream exactly one does.
///
/// The same with `Empty`, on eight streams: a new stream has no row that could be locked.
pub(crate) async fn a_stream_is_opened_once(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    for round in 0..8 {
        let id = format!("T-{round}");
        let answers = contend(&scene, |number| {
            texts(&id, Expected::Empty, &[&number.to_string()])
        });
        ensure_eq!(wins(answers.await?)?.len(), 1, "winners");
        ensure_eq!(scene.texts(&id).await?.len(), 1, "events");
    }
    Ok(())
}

/// Appends that expect nothing all land, each at a version and an offset of its own.
///
/// Two events each, so that versions must not interleave within a commit.
pub(crate) async fn appends_that_expect_nothing_all_land(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let answers = contend(&scene, |number| {
        texts("a", Expected::Any, &[&number.to_string(), "second"])
    });
    let wins = wins(answers.await?)?;
    ensure_eq!(wins.len(), CONTENDERS, "landed");
    let versions: BTreeSet<u64> = wins.iter().map(|w| w.revision.version().get()).collect();
    let wanted: BTreeSet<u64> = (1..=64).map(|n| 2 * n).collect();
    ensure_eq!(versions, wanted, "versions");
    let offsets: BTreeSet<u64> = wins.iter().map(|w| w.offset.get()).collect();
    ensure_eq!(offsets, (1..=64).collect(), "offsets");
    ensure_eq!(scene.texts("a").await?.len(), 2 * CONTENDERS, "events");
    Ok(())
}

/// One command sent 64 times at once lands once, and everyone gets the same answer.
///
/// One answer says that it is the first, and sixty-three say that they are repetitions of it.
pub(crate) async fn one_command_sent_many_times_lands_once(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let command = key("c", 1)?;
    let answers = contend(&scene, |number| {
        let append = texts("a", Expected::Any, &[&number.to_string()])?;
        Ok(append.for_command(command.clone()))
    });
    let wins = wins(answers.await?)?;
    ensure_eq!(wins.len(), CONTENDERS, "answers");
    let fresh = wins.iter().filter(|answer| !answer.replayed).count();
    ensure_eq!(fresh, 1, "answers that say they are the first");
    ensure!(wins.iter().all(|w| w.offset == offset(1)), "answers differ");
    ensure_eq!(scene.texts("a").await?.len(), 1, "events");
    Ok(())
}

/// Writers of different streams do not disturb each other, and the log has no hole.
///
/// A store that locks the log, or checks the log's version, has losers here; that it is slow is no failure.
pub(crate) async fn writers_of_different_streams_all_win(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    for round in 0..3 {
        let answers = contend(&scene, |number| {
            texts(&format!("T-{number}"), exactly(round), &["x"])
        });
        ensure_eq!(wins(answers.await?)?.len(), CONTENDERS, "landed");
    }
    let log = scene.log(P0).await?;
    ensure_eq!(log.len(), 3 * CONTENDERS, "events");
    Ok(())
}

async fn write_many(store: Arc<dyn EventStore>, id: &'static str, commits: usize) -> Outcome {
    for number in 0..commits {
        let text = format!("{id}.{number}");
        let batch = [text.as_str(); 5];
        store.append(texts(id, Expected::Any, &batch)?).await?;
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Lets others run for a while, longer and shorter, so that readers and writers fall out of step.
async fn out_of_step(round: &mut usize) {
    *round += 1;
    for _ in 0..*round % 4 {
        tokio::task::yield_now().await;
    }
}

/// While appends run, readers see each of them wholly or not at all.
///
/// Five equal texts a commit; whoever reads between the first and the fifth sees a batch that is short.
pub(crate) async fn an_append_is_seen_wholly_or_not_at_all(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let writer = tokio::spawn(write_many(scene.fixture.open().await, "a", 60));
    let mut round = 0;
    loop {
        let done = writer.is_finished();
        for lines in [scene.texts("a").await?, {
            let log = scene.log(P0).await?;
            log.into_iter().map(|line| line.4).collect()
        }] {
            for batch in lines.chunks(5) {
                let whole = batch.len() == 5 && batch.iter().all(|text| *text == batch[0]);
                ensure!(whole, "a torn append: {batch:?}");
            }
        }
        if done {
            break;
        }
        out_of_step(&mut round).await;
    }
    scene.soon("the writer's end", writer).await??
}

/// Once a reader saw a head, nothing appears at or below it that the reader was not shown.
///
/// Four writers through four handles, one reader behind the guard, who is shown a head, then pages, then waits.
/// At the end all is read again and must be what was shown live.
pub(crate) async fn nothing_appears_below_a_seen_head(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let mut writers = Vec::new();
    for id in ["a", "b", "c", "d"] {
        writers.push(tokio::spawn(write_many(scene.fixture.open().await, id, 25)));
    }
    let mut guard = Contiguity::new(P0, Offset::START);
    let (mut shown, mut round) = (Vec::new(), 0);
    while guard.after() < offset(100) {
        let head = scene.store.head(P0).await?;
        let page = scene
            .store
            .read_partition(P0, guard.after(), Limit::events(12))
            .await?;
        guard.admit(&page).map_err(ReadError::from)?;
        ensure!(
            page.head >= head,
            "a page's head went back from {head} to {}",
            page.head
        );
        for commit in page.commits.iter() {
            shown.push((
                commit.offset(),
                commit.stream().to_owned(),
                commit.first_version(),
            ));
        }
        if page.commits.is_empty() {
            let wait = scene.store.wait_past(P0, guard.after());
            let told = scene.soon("more commits", wait).await??;
            guard.admit_head(told).map_err(ReadError::from)?;
        }
        out_of_step(&mut round).await;
    }
    for writer in writers {
        scene.soon("the writer's end", writer).await???;
    }
    let again: Vec<_> = log_lines(scene.store.as_ref(), P0, 1_000)
        .await?
        .into_iter()
        .filter(|line| line.1 == 0)
        .map(|line| (line.0, line.2, line.3))
        .collect();
    ensure!(shown == again, "what was shown live is not what is there");
    Ok(())
}

/// An append that is dropped at any moment is in the log wholly or not at all, and the handle works.
///
/// Dropped before the first poll, after the first, the second, up to the sixth: whatever the future held is let go.
pub(crate) async fn a_dropped_append_breaks_nothing(cx: Cx) -> Outcome {
    let scene = cx.scene().await?;
    let mut version = 0;
    for polls in 0..6 {
        let append = texts("a", exactly(version), &["p", "q", "r"])?;
        {
            let mut append = pin!(scene.store.append(append));
            for _ in 0..polls {
                let ready =
                    poll_fn(|context| Poll::Ready(append.as_mut().poll(context).is_ready()));
                if ready.await {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        // The next append settles what became of the dropped one: a store answers in order.
        let after = scene.put("a", Expected::Any, &["after"]).await?;
        let found = after.revision.version().get();
        let landed = found == version + 4;
        ensure!(
            landed || found == version + 1,
            "torn: version {found} after {version}"
        );
        version = found;
        ensure_eq!(scene.texts("a").await?.len() as u64, version, "events");
        let log = scene.log(P0).await?;
        ensure_eq!(log.len() as u64, version, "events of the log");
    }
    Ok(())
}
