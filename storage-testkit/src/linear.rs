//! Is a recorded run of appends and reads linearizable?
//!
//! Each call has the moment it began and the moment it ended. The run is linearizable when every
//! call can be given one moment between the two so that, taken one after the other at these moments,
//! every answer is what a single log would have answered. Streams are independent registers, so
//! each is judged by itself (Wing & Gong's search, one stream at a time, with the states that led
//! nowhere remembered).
//!
//! # Recording a run
//!
//! Any store, and any service on one, can be judged. One counter stands for time; a call takes a number before it
//! is made and one after its answer is there.
//!
//! ```
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicU64, Ordering};
//!
//! use punctual::event::{Expected, StreamId, Version};
//! use punctual::store::{Append, AppendError, EventStore, Limit, RecordHead, Records};
//! use punctual::time::Instant;
//! use punctual_memory::MemoryStore;
//! use punctual_testkit::linear::{Call, Recorded, check};
//!
//! # let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build()?;
//! # runtime.block_on(async {
//! let (store, time) = (Arc::new(MemoryStore::new()), Arc::new(AtomicU64::new(0)));
//! let mut callers = tokio::task::JoinSet::new();
//! for _ in 0..4 {
//!     let (store, time) = (store.clone(), time.clone());
//!     callers.spawn(async move {
//!         let (mut run, mut expected) = (Vec::new(), Expected::Empty);
//!         for _ in 0..20 {
//! #           let head = RecordHead {
//! #               kind: 1,
//! #               schema: 1,
//! #               occurred_at: Instant::MIN,
//! #               recorded_at: Instant::MIN,
//! #               subject: None,
//! #               metadata: &[],
//! #           };
//! #           let mut records = Records::new();
//! #           records.push(&head, b"x").map_err(|error| error.to_string())?;
//! #           let stream = StreamId::new("acme", "ticket", "T-1").map_err(|error| error.to_string())?;
//!             let append = Append::new(stream.clone(), expected, records);
//!             let began = time.fetch_add(1, Ordering::SeqCst);
//!             let answer = store.append(append).await;
//!             let ended = time.fetch_add(1, Ordering::SeqCst);
//!             let call = match answer {
//!                 Ok(told) => Call::Appended { expected, events: 1, version: told.revision.version() },
//!                 Err(AppendError::Conflict { actual, .. }) => Call::Conflict { expected, actual },
//!                 Err(_) => Call::Unknown { expected, events: 1 },
//!             };
//!             run.push(Recorded { stream: stream.to_string(), began, ended, call });
//!             let page = store.read_stream(&stream, Version::NONE, Limit::events(1)).await;
//!             expected = Expected::Exactly(page.map_err(|error| error.to_string())?.revision);
//!         }
//!         Ok::<_, String>(run)
//!     });
//! }
//! let mut run = Vec::new();
//! while let Some(of_one) = callers.join_next().await {
//!     run.extend(of_one??);
//! }
//! check(&run)?; // four callers, and one order that explains what each of them was told
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it cannot see
//!
//! Only what was recorded. A run without conflicts, or whose calls never overlap, has an order whatever the store
//! does. So callers should expect versions, share streams, and read between their appends.

use std::collections::{BTreeMap, BTreeSet};

use punctual::event::{Expected, Version};

/// What a call asked, and what it was told.
///
/// | call | may have happened when the version was v if | and the version is then |
/// |---|---|---|
/// | `Appended` | v is expected, and the told version is v + events | the told one |
/// | `Conflict` | v is not expected, and v is what was told | v |
/// | `Unknown` | v is expected | v + events; or it never happened |
/// | `Read` | v is what was told | v |
///
/// ```
/// use punctual::event::{Expected, Version};
/// use punctual_testkit::linear::{Call, Recorded, check};
///
/// let call = |began, ended, call| Recorded { stream: "T-1".to_owned(), began, ended, call };
/// let read = |version| Call::Read { version: Version::new(version) };
/// let unknown = Call::Unknown { expected: Expected::Any, events: 1 };
///
/// // Its caller gave up at 2, and it landed between 4 and 5: a store may do that.
/// assert!(check(&[call(1, 2, unknown), call(3, 4, read(0)), call(5, 6, read(1))]).is_ok());
/// // But what was seen once does not go away again.
/// assert!(check(&[call(1, 2, unknown), call(3, 4, read(1)), call(5, 6, read(0))]).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// An append that landed: so many events, the version after it.
    Appended {
        /// What was expected.
        expected: Expected,
        /// How many events.
        events: u64,
        /// The told version.
        version: Version,
    },
    /// An append that met a conflict.
    Conflict {
        /// What was expected.
        expected: Expected,
        /// The told version.
        actual: Version,
    },
    /// An append whose outcome is not known: it landed at some moment after its start, or never.
    Unknown {
        /// What was expected.
        expected: Expected,
        /// How many events.
        events: u64,
    },
    /// A read that was told this version.
    Read {
        /// The told version.
        version: Version,
    },
}

/// One call of a run.
///
/// Count `began` before the call is made and `ended` after its answer is there, with one counter for all callers, such
/// as an atomic that is added to. The span that is recorded is then never narrower than the true one, so a sound
/// store is never accused.
///
/// ```
/// use punctual::event::{Expected, Version};
/// use punctual_testkit::linear::{Call, Recorded, check};
///
/// // Two callers append "if it is empty" at once: one lands, the other is told what is.
/// let first = Call::Appended { expected: Expected::Empty, events: 2, version: Version::new(2) };
/// let second = Call::Conflict { expected: Expected::Empty, actual: Version::new(2) };
/// let run = [(1, 4, first), (2, 3, second)].map(|(began, ended, call)| Recorded {
///     stream: "acme/ticket/T-1".to_owned(),
///     began,
///     ended,
///     call,
/// });
/// assert!(check(&run).is_ok());
///
/// // Both landed: the store admitted one of them wrongly.
/// let both = [(1, 4, first), (2, 3, first)].map(|(began, ended, call)| Recorded {
///     stream: "acme/ticket/T-1".to_owned(),
///     began,
///     ended,
///     call,
/// });
/// assert!(check(&both).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The stream.
    pub stream: String,
    /// When it began, by any counter that all callers share.
    pub began: u64,
    /// When it ended, later than it began.
    pub ended: u64,
    /// What happened.
    pub call: Call,
}

impl Call {
    /// The version after the call, if the call can have happened at `version`.
    fn step(self, version: u64) -> Option<u64> {
        let at = Version::new(version);
        match self {
            Self::Appended {
                expected,
                events,
                version: told,
            } => (expected.admits(at) && told.get() == version + events).then_some(told.get()),
            Self::Conflict { expected, actual } => {
                (actual == at && !expected.admits(at)).then_some(version)
            }
            Self::Unknown { expected, events } => expected.admits(at).then_some(version + events),
            Self::Read { version: told } => (told == at).then_some(version),
        }
    }
}

/// Judges a run.
///
/// ```
/// use punctual::event::{Expected, Version};
/// use punctual_testkit::linear::{Call, Recorded, check};
///
/// let call = |began, ended, call| Recorded { stream: "T-1".to_owned(), began, ended, call };
/// let append = Call::Appended { expected: Expected::Any, events: 1, version: Version::new(1) };
/// let read = |version| Call::Read { version: Version::new(version) };
///
/// // A read that overlaps the append may see it or not ...
/// assert!(check(&[call(1, 5, append), call(2, 3, read(0)), call(4, 6, read(1))]).is_ok());
/// // ... but one that begins after the append has answered must see it.
/// let stale = check(&[call(1, 2, append), call(3, 4, read(0))]);
/// assert_eq!(stale, Err("T-1".to_owned()));
/// ```
///
/// # Complexity
/// Exponential in the calls of one stream that overlap, in the worst case; some hundred calls of eight
/// callers take milliseconds, since states that led nowhere are remembered.
///
/// # Errors
/// The name of a stream whose calls have no order that explains every answer.
pub fn check(run: &[Recorded]) -> Result<(), String> {
    let mut streams: BTreeMap<&str, Vec<&Recorded>> = BTreeMap::new();
    for recorded in run {
        streams.entry(&recorded.stream).or_default().push(recorded);
    }
    for (stream, mut calls) in streams {
        calls.sort_by_key(|call| call.began);
        let calls: Vec<Timed> = calls.into_iter().map(Timed::of).collect();
        if !explains(
            &calls,
            &mut BTreeSet::new(),
            &mut vec![false; calls.len()],
            0,
        ) {
            return Err(stream.to_owned());
        }
    }
    Ok(())
}

struct Timed {
    began: u64,
    /// When it must have happened; never, for a call that may not have.
    due: u64,
    call: Call,
}

impl Timed {
    fn of(recorded: &Recorded) -> Self {
        let open = matches!(recorded.call, Call::Unknown { .. });
        Self {
            began: recorded.began,
            due: if open { u64::MAX } else { recorded.ended },
            call: recorded.call,
        }
    }
}

/// Takes the calls left, tries as the next one each that began before any of them ended, and goes on with what
/// is left. `dead` holds the sets of calls done with the version reached from which nothing led on.
fn explains(
    calls: &[Timed],
    dead: &mut BTreeSet<(Vec<bool>, u64)>,
    done: &mut Vec<bool>,
    version: u64,
) -> bool {
    let left = || (0..calls.len()).filter(|&call| !done[call]);
    // The next call must have begun before any of those left ended.
    let Some(first_end) = left().map(|call| calls[call].due).min() else {
        return true;
    };
    if first_end == u64::MAX {
        return true;
    }
    if dead.contains(&(done.clone(), version)) {
        return false;
    }
    let candidates: Vec<usize> = left().filter(|&c| calls[c].began <= first_end).collect();
    for candidate in candidates {
        if let Some(after) = calls[candidate].call.step(version) {
            done[candidate] = true;
            let found = explains(calls, dead, done, after);
            done[candidate] = false;
            if found {
                return true;
            }
        }
    }
    dead.insert((done.clone(), version));
    false
}
