//! Writers side by side, for a while: the same loop around every store that waits for a disk.

use std::future::Future;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

use crate::measure::process_time;
use crate::run::{Failure, Settings};

/// How many rounds are driven, and for how long each.
#[derive(Debug, Clone, Copy)]
pub struct Shift {
    /// Rounds.
    pub rounds: usize,
    /// The length of one.
    pub length: Duration,
}

impl Shift {
    /// Returns what these settings ask for.
    #[must_use]
    pub const fn of(settings: &Settings) -> Self {
        let (rounds, millis) = if settings.quick { (3, 200) } else { (9, 400) };
        Self {
            rounds,
            length: Duration::from_millis(millis),
        }
    }
}

/// What one round did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Driven {
    /// How many calls were answered.
    pub done: u64,
    /// Calls a second on the wall.
    pub per_second: f64,
    /// Nanoseconds of CPU time of the whole process a call.
    pub cpu_nanos: f64,
}

/// Returns how many writers are tried.
#[must_use]
pub const fn counts(settings: &Settings) -> &'static [u64] {
    if settings.quick {
        &[1, 64]
    } else {
        &[1, 8, 32, 64, 256]
    }
}

/// Makes the runtime that every store is driven by: two threads.
///
/// # Errors
/// When the system has no threads left.
pub fn runtime() -> Result<Runtime, Failure> {
    let mut builder = Builder::new_multi_thread();
    Ok(builder.worker_threads(2).enable_all().build()?)
}

/// Lets so many writers call one after the other until the round is over. `writer` makes what a
/// writer needs from its number, and `call` makes one call with it, the n-th.
///
/// # Errors
/// The first failure of a call.
pub fn drive<W, F>(
    runtime: &Runtime,
    writers: u64,
    length: Duration,
    writer: impl Fn(u64) -> Result<W, Failure>,
    call: impl Fn(W, u64) -> F + Clone + Send + 'static,
) -> Result<Driven, Failure>
where
    W: Send + 'static,
    F: Future<Output = Result<W, Failure>> + Send,
{
    let (begin, before) = (Instant::now(), process_time());
    let mut tasks = Vec::new();
    for number in 0..writers {
        let (mut state, call) = (writer(number)?, call.clone());
        tasks.push(runtime.spawn(async move {
            let mut done = 0;
            while begin.elapsed() < length {
                state = call(state, done).await?;
                done += 1;
            }
            Ok::<u64, Failure>(done)
        }));
    }
    let mut done = 0;
    for task in tasks {
        done += runtime.block_on(task)??;
    }
    let spent = process_time().saturating_sub(before);
    Ok(Driven {
        done,
        per_second: done as f64 / begin.elapsed().as_secs_f64(),
        cpu_nanos: spent.as_secs_f64() * 1e9 / done.max(1) as f64,
    })
}
