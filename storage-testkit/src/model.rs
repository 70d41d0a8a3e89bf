//! The plain model: what a log is, in the fewest words.
//!
//! A history is drawn, each step is done to the store and to the model, and the two must answer alike. The model has
//! no files, no index, no cache and no threads, so it is easy to see that it is right; and it meets the
//! sequences that nobody thinks of, such as a repeated command after a crash after a failed append.
//!
//! After a failure whose outcome is not known the model cannot know either. It looks at what a reopened store holds:
//! all of the events or none of them, and then it holds the store to that.

use std::collections::BTreeMap;

use proptest::prelude::*;
use punctual::event::Expected;
use punctual::store::{AppendError, Appended};

use crate::fixture::{Fault, Offer};
use crate::run::{Outcome, Stop};
use crate::scene::{Cx, P0, Scene, ensure, ensure_eq, exactly, key, stream};

/// One step of a random history. Every step makes sense in every state, so a failing history
/// shrinks by leaving steps out.
///
/// Numbers are small on purpose: four streams, five command ids, two digests. Collisions are what a history is
/// drawn for, and among a thousand names there would be none.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Append {
        stream: u8,
        expect: Expect,
        command: Option<(u8, u8)>,
        events: u8,
    },
    ReadStream {
        stream: u8,
        after: u8,
    },
    ReadLog {
        most: u8,
    },
    FindCommand {
        stream: u8,
        command: u8,
    },
    List,
    Reopen,
    Crash,
    Fail(Fault),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Expect {
    Any,
    Empty,
    Exists,
    /// The true version and this much: mostly zero, so that most appends land and the log gets long.
    Off(i8),
}

fn step() -> impl Strategy<Value = Step> {
    let expect = prop_oneof![
        3 => Just(Expect::Any),
        1 => Just(Expect::Empty),
        1 => Just(Expect::Exists),
        3 => Just(Expect::Off(0)),
        1 => (-2_i8..=2).prop_map(Expect::Off),
    ];
    let command = proptest::option::of((0..5_u8, 0..2_u8));
    let append =
        (0..4_u8, expect, command, 1..5_u8).prop_map(|(stream, expect, command, events)| {
            Step::Append {
                stream,
                expect,
                command,
                events,
            }
        });
    let fault = prop_oneof![
        Just(Fault::NothingWritten),
        Just(Fault::Unknown),
        Just(Fault::Poison)
    ];
    prop_oneof![
        12 => append,
        3 => (0..4_u8, 0..12_u8).prop_map(|(stream, after)| Step::ReadStream { stream, after }),
        2 => (1..9_u8).prop_map(|most| Step::ReadLog { most }),
        2 => (0..4_u8, 0..5_u8).prop_map(|(stream, command)| Step::FindCommand { stream, command }),
        1 => Just(Step::List),
        1 => Just(Step::Reopen),
        1 => Just(Step::Crash),
        1 => fault.prop_map(Step::Fail),
    ]
}

pub(crate) fn history() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(), 1..50)
}

/// A log in the fewest words: a list of commits and a map of commands. All else is worked out from these when it is
/// asked for.
#[derive(Debug, Default)]
struct Model {
    /// Stream and text of every event, a commit each.
    log: Vec<(u8, Vec<String>)>,
    /// Digest, version after, offset of each command of a stream.
    commands: BTreeMap<(u8, u8), (u8, u64, u64)>,
    next_text: u32,
}

/// What an append must be answered, worked out before the store is asked.
enum Answer {
    Landed(u64, u64),
    Replayed(u64, u64),
    Reused,
    Conflict(u64),
}

impl Model {
    fn events(&self, stream: u8) -> Vec<String> {
        let of_stream = self.log.iter().filter(|commit| commit.0 == stream);
        of_stream.flat_map(|commit| commit.1.clone()).collect()
    }

    fn version(&self, stream: u8) -> u64 {
        self.events(stream).len() as u64
    }

    fn expected(&self, stream: u8, expect: Expect) -> Expected {
        match expect {
            Expect::Any => Expected::Any,
            Expect::Empty => Expected::Empty,
            Expect::Exists => Expected::Exists,
            Expect::Off(by) => exactly(self.version(stream).saturating_add_signed(i64::from(by))),
        }
    }

    /// The port's order of questions: is the command known, is it the same one, is the version as expected.
    fn answer(&self, stream: u8, expected: Expected, command: Option<(u8, u8)>, n: u64) -> Answer {
        if let Some((id, digest)) = command
            && let Some(&(first, version, offset)) = self.commands.get(&(stream, id))
        {
            return if first == digest {
                Answer::Replayed(version, offset)
            } else {
                Answer::Reused
            };
        }
        let version = self.version(stream);
        if !expected.admits(punctual::event::Version::new(version)) {
            return Answer::Conflict(version);
        }
        Answer::Landed(version + n, self.log.len() as u64 + 1)
    }

    fn land(&mut self, stream: u8, texts: Vec<String>, command: Option<(u8, u8)>) {
        self.log.push((stream, texts));
        if let Some((id, digest)) = command {
            let kept = (digest, self.version(stream), self.log.len() as u64);
            self.commands.insert((stream, id), kept);
        }
    }
}

fn id(stream: u8) -> String {
    format!("T-{stream}")
}

/// Takes one history and compares every answer.
///
/// A fault that was asked for stays pending until an append meets it. A store may refuse an append before it comes
/// to the write that was to fail, so a pending fault is taken away by a reopen, which every fixture must do.
pub(crate) async fn compare(cx: Cx, history: Vec<Step>) -> Outcome {
    let mut scene = cx.scene().await?;
    let mut model = Model::default();
    let mut failing = None;
    for step in history {
        match step {
            Step::Append {
                stream,
                expect,
                command,
                events,
            } => {
                let fault = failing.take();
                append(
                    &mut scene,
                    &mut model,
                    (stream, expect, command, events),
                    fault,
                )
                .await?;
            }
            Step::ReadStream { stream, after } => read(&scene, &model, stream, after).await?,
            Step::ReadLog { most } => {
                let log =
                    crate::scene::log_lines(scene.store.as_ref(), P0, usize::from(most)).await?;
                let found: Vec<String> = log.into_iter().map(|line| line.4).collect();
                let wanted: Vec<String> = model.log.iter().flat_map(|c| c.1.clone()).collect();
                ensure_eq!(found, wanted, "the log in pages of {most}");
                ensure_eq!(scene.head().await?, model.log.len() as u64, "head");
            }
            Step::FindCommand { stream, command } => {
                let wanted = model.commands.get(&(stream, command)).map(|kept| kept.2);
                let command = key(&format!("c-{command}"), 0)?.id;
                let found = scene
                    .store
                    .find_command(&self::stream(&id(stream)), &command)
                    .await?;
                let found = found.map(|found| found.appended.offset.get());
                ensure_eq!(found, wanted, "found command");
            }
            Step::List => {
                let found = scene.store.list_streams("", None, 100).await?;
                let wanted: Vec<_> = (0..4)
                    .filter(|&n| model.version(n) > 0)
                    .map(|n| self::stream(&id(n)))
                    .collect();
                ensure_eq!(found, wanted, "streams");
            }
            Step::Reopen => {
                if let Offer::Offered(store) = scene.fixture.reopen().await {
                    (scene.store, failing) = (store, None);
                }
            }
            Step::Crash => {
                if let Offer::Offered(store) = scene.fixture.crash().await {
                    (scene.store, failing) = (store, None);
                }
            }
            Step::Fail(fault) => {
                if scene.fixture.inject(fault).await == Offer::Offered(()) {
                    failing = Some(fault);
                }
            }
        }
    }
    Ok(())
}

async fn read(scene: &Scene, model: &Model, number: u8, after: u8) -> Outcome {
    let name = stream(&id(number));
    let page = scene.store.read_stream(
        &name,
        punctual::event::Version::new(u64::from(after)),
        punctual::store::Limit::default(),
    );
    let page = page.await?;
    let found: Vec<String> = page
        .records()
        .map(|record| String::from_utf8_lossy(record.payload()).into_owned())
        .collect();
    let wanted: Vec<String> = model
        .events(number)
        .into_iter()
        .skip(usize::from(after))
        .collect();
    ensure_eq!(found, wanted, "stream {number} after {after}");
    ensure_eq!(
        page.revision.version().get(),
        model.version(number),
        "revision"
    );
    Ok(())
}

type Wish = (u8, Expect, Option<(u8, u8)>, u8);

async fn append(
    scene: &mut Scene,
    model: &mut Model,
    (number, expect, command, events): Wish,
    fault: Option<Fault>,
) -> Outcome {
    let expected = model.expected(number, expect);
    let wanted = model.answer(number, expected, command, u64::from(events));
    let texts: Vec<String> = (0..events)
        .map(|event| format!("{}.{event}", model.next_text))
        .collect();
    model.next_text += 1;
    let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut append = crate::scene::texts(&id(number), expected, &borrowed)?;
    if let Some((command, digest)) = command {
        append = append.for_command(key(&format!("c-{command}"), digest)?);
    }
    let answer = scene.store.append(append).await;
    match (&answer, fault) {
        (Err(AppendError::Unavailable { .. } | AppendError::Poisoned { .. }), Some(fault)) => {
            settle(scene, model, (number, texts, command), fault).await
        }
        // A store may refuse before it comes to the write that was to fail.
        (_, Some(fault)) if !matches!(wanted, Answer::Landed(..)) => {
            scene.store = scene.fixture.reopen().await.needed()?;
            ensure!(
                answer_fits(&answer, &wanted),
                "{answer:?} with {fault:?} pending"
            );
            Ok(())
        }
        _ => {
            ensure!(answer_fits(&answer, &wanted), "append answered {answer:?}");
            if let Answer::Landed(..) = wanted {
                model.land(number, texts, command);
            }
            Ok(())
        }
    }
}

fn answer_fits(answer: &Result<Appended, AppendError>, wanted: &Answer) -> bool {
    match (answer, wanted) {
        (Ok(told), Answer::Landed(version, offset)) => {
            (
                told.revision.version().get(),
                told.offset.get(),
                told.replayed,
            ) == (*version, *offset, false)
        }
        (Ok(told), Answer::Replayed(version, offset)) => {
            (
                told.revision.version().get(),
                told.offset.get(),
                told.replayed,
            ) == (*version, *offset, true)
        }
        (Err(AppendError::CommandReused { .. }), Answer::Reused) => true,
        (Err(AppendError::Conflict { actual, .. }), Answer::Conflict(version)) => {
            actual.get() == *version
        }
        _ => false,
    }
}

/// After a failure the model learns from a reload whether the events landed; both may be, unless the
/// store said that nothing was written.
///
/// Some of them is never right. And what the model has learned here it holds the store to from then on: a commit
/// that was seen after the failure must not go away with the next crash.
async fn settle(
    scene: &mut Scene,
    model: &mut Model,
    (number, texts, command): (u8, Vec<String>, Option<(u8, u8)>),
    fault: Fault,
) -> Outcome {
    if fault != Fault::NothingWritten {
        scene.store = scene.fixture.reopen().await.needed()?;
    }
    let found = scene.texts(&id(number)).await?;
    let mut landed = model.events(number);
    if found == landed {
        return Ok(());
    }
    landed.extend(texts.iter().cloned());
    ensure!(
        fault != Fault::NothingWritten,
        "written after all: {found:?}"
    );
    ensure_eq!(found, landed, "torn by {fault:?}");
    model.land(number, texts, command);
    Ok(())
}

/// Turns a failure into what proptest understands.
pub(crate) fn verdict(outcome: Outcome) -> Result<(), TestCaseError> {
    match outcome {
        Ok(()) | Err(Stop::Skipped(_)) => Ok(()),
        Err(Stop::Failed(reason)) => Err(TestCaseError::fail(reason)),
    }
}
