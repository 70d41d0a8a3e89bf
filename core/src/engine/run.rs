//! The engine at work: asleep until something falls due.

use std::pin::{Pin, pin};
use std::task::Poll;

use super::Engine;
use super::error::FollowError;
use super::tick::Tick;
use crate::store::ReadError;
use crate::time::{Instant, Span};

/// How long the engine waits before it asks a store again that was busy or away.
const PAUSE: Span = Span::SECOND;

impl Engine {
    /// Ticks whenever something falls due, until `until` is ready; `seen` is told of every tick that
    /// did something.
    ///
    /// Between two ticks it sleeps: until the next due instant, until somebody appends, or until a
    /// command of its own brings that instant forward. No ticket is looked at before its time, and
    /// nothing is started in the background: dropping the future stops it.
    ///
    /// A clock that jumps ahead makes the rungs in between fall due at once, late ones marked; one
    /// that jumps back makes nothing fire again, and nothing early. A ticket that was seen finished by
    /// a clock that ran ahead is not looked at again until something is appended to it, or an
    /// agenda is built anew. A store that is busy or away is asked again each second.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use punctual::engine::{Engine, ManualClock, Options};
    /// # use punctual_memory::MemoryStore;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let clock = Arc::new(ManualClock::at("2026-03-09T09:00:00+08:00".parse()?));
    /// let store = Arc::new(MemoryStore::new());
    /// let engine = Engine::open(store, Options::new("acme").with_clock(clock)).await?;
    ///
    /// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    /// let work = engine.run(async { drop(stopped.await) }, |tick| println!("{tick:?}"));
    /// drop(stop); // as a service does when it is told to shut down
    /// work.await?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`FollowError`] when the log cannot be followed and asking again cannot help. A store that is
    /// closed ends the work without an error.
    pub async fn run(
        &self,
        until: impl Future<Output = ()>,
        mut seen: impl FnMut(&Tick),
    ) -> Result<(), FollowError> {
        let mut until = pin!(until);
        loop {
            let now = self.now();
            let is_over = match self.catch_up().await {
                Ok(()) => {
                    let (tick, is_over) = self.tick_until(now, until.as_mut()).await;
                    super::watch::ticked(&tick, self.open_tickets());
                    if !tick.is_quiet() {
                        seen(&tick);
                    }
                    if is_over {
                        return self.rest().await;
                    }
                    self.doze(until.as_mut(), tick.next_at).await
                }
                Err(error) if error.is_closed() => return Ok(()),
                Err(error) if error.is_transient() => self.pause(until.as_mut()).await,
                Err(error) => return Err(error),
            };
            if is_over {
                return self.rest().await;
            }
        }
    }

    /// Ends the work: the agenda is kept for the next engine.
    async fn rest(&self) -> Result<(), FollowError> {
        Ok(self.keep_agenda().await?)
    }

    /// Ticks, and asks between two batches of tickets whether the work is over. What is being
    /// appended is never given up half way.
    async fn tick_until(
        &self,
        now: Instant,
        mut until: Pin<&mut impl Future<Output = ()>>,
    ) -> (Tick, bool) {
        let mut tick = Tick::default();
        while self.look_at_some(now, &mut tick).await {
            let asked = std::future::poll_fn(|context| {
                Poll::Ready(until.as_mut().poll(context).is_ready())
            });
            if asked.await {
                return (tick, true);
            }
        }
        (tick, false)
    }

    /// Sleeps until something may be due; returns whether the work is over.
    async fn doze(
        &self,
        until: Pin<&mut impl Future<Output = ()>>,
        next_at: Option<Instant>,
    ) -> bool {
        let sleep = self.clock.sleep_until(next_at.unwrap_or(Instant::MAX));
        tokio::select! {
            biased;
            () = until => true,
            () = sleep => false,
            () = self.sooner.notified() => false,
            () = self.news() => false,
        }
    }

    /// Sleeps until a store that did not answer is asked again; returns whether the work is over. Not
    /// even news of the store end it, for they would be asked for in vain.
    async fn pause(&self, until: Pin<&mut impl Future<Output = ()>>) -> bool {
        let again_at = self.now().checked_add(PAUSE).unwrap_or(Instant::MAX);
        tokio::select! {
            biased;
            () = until => true,
            () = self.clock.sleep_until(again_at) => false,
        }
    }

    /// Returns when a partition has grown past what was read of it, or the store is closed.
    async fn news(&self) {
        let cursors = self.cursors();
        let waits = cursors
            .iter()
            .map(|cursor| self.store.wait_past(cursor.partition(), cursor.after()));
        let told = any(waits.collect()).await;
        if told.is_err_and(|error| !matches!(error, ReadError::Closed)) {
            // The next look at the log will tell why; asking at once would only turn in circles.
            self.clock
                .sleep_until(self.now().checked_add(PAUSE).unwrap_or(Instant::MAX))
                .await;
        }
    }
}

/// Returns the answer of whichever of several waits is ready first.
pub(super) async fn any<T>(mut waits: Vec<Pin<Box<dyn Future<Output = T> + Send + '_>>>) -> T {
    std::future::poll_fn(|context| {
        for wait in &mut waits {
            if let Poll::Ready(answer) = wait.as_mut().poll(context) {
                return Poll::Ready(answer);
            }
        }
        Poll::Pending
    })
    .await
}
