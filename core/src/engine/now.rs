//! Where the present comes from.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use tokio::sync::Notify;

use crate::time::{Instant, Span};

/// The present, as an engine sees it: the one place from which it takes the time.
///
/// An implementation may jump in both directions, as the clocks of real machines do. The engine
/// never asks it about a ticket directly: a decision is made at the latest of this and the ticket's
/// last `recorded_at`, so that time never moves back for a ticket.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use punctual::engine::{Now, SystemClock};
/// use punctual::time::Instant;
///
/// /// The machine's clock, and how often it was asked.
/// #[derive(Debug, Default)]
/// struct Counted(AtomicU32);
///
/// #[async_trait::async_trait]
/// impl Now for Counted {
///     fn now(&self) -> Instant {
///         self.0.fetch_add(1, Ordering::Relaxed);
///         SystemClock.now()
///     }
///
///     async fn sleep_until(&self, at: Instant) {
///         SystemClock.sleep_until(at).await;
///     }
/// }
///
/// let clock = Counted::default();
/// assert!(clock.now() <= clock.now());
/// assert_eq!(clock.0.into_inner(), 2);
/// ```
#[async_trait]
pub trait Now: fmt::Debug + Send + Sync {
    /// Returns the present instant.
    fn now(&self) -> Instant;

    /// Returns when `at` has come, or earlier: whoever waits asks [`Now::now`] again and goes on
    /// waiting. Dropping the future ends the wait.
    async fn sleep_until(&self, at: Instant);
}

/// The machine's clock. Sleeping needs a tokio runtime whose timers are enabled.
///
/// It sleeps half a minute at a time, so that it notices a jump of the machine's clock within half
/// a minute. Before 1970 and after 2099 it stands still.
///
/// ```
/// use punctual::engine::{Now, SystemClock};
///
/// assert!(SystemClock.now() > "2025-01-01T00:00:00Z".parse()?);
/// # Ok::<(), punctual::time::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SystemClock;

/// The longest sleep without a look at the clock.
const LONGEST_NAP: Span = Span::from_micros(30_000_000);

#[async_trait]
impl Now for SystemClock {
    fn now(&self) -> Instant {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place of the crate that asks for the time"
        )]
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let micros = since.map_or(0, |since| {
            i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
        });
        Instant::clamped(micros)
    }

    async fn sleep_until(&self, at: Instant) {
        let ahead = at.since(self.now()).min(LONGEST_NAP).micros();
        let micros = u64::try_from(ahead).unwrap_or(0);
        tokio::time::sleep(std::time::Duration::from_micros(micros)).await;
    }
}

/// A clock that is set by hand: for tests, simulations and the replay of a recorded day.
///
/// ```
/// use punctual::engine::{ManualClock, Now};
/// use punctual::time::Span;
///
/// let clock = ManualClock::at("2026-03-09T09:00:00+08:00".parse()?);
/// clock.advance(Span::HOUR);
/// assert_eq!(clock.now(), "2026-03-09T10:00:00+08:00".parse()?);
/// # Ok::<(), punctual::time::TimeError>(())
/// ```
pub struct ManualClock {
    micros: AtomicI64,
    moved: Notify,
}

impl ManualClock {
    /// Returns a clock that shows `at` until it is told otherwise.
    ///
    /// Whoever sleeps by the clock is woken as soon as it is set or advanced past the awaited instant, so a
    /// test of a month takes no longer than its work.
    #[must_use]
    pub fn at(at: Instant) -> Self {
        Self {
            micros: AtomicI64::new(at.micros()),
            moved: Notify::new(),
        }
    }

    /// Sets the clock, also back, and wakes whoever sleeps until then.
    pub fn set(&self, at: Instant) {
        self.micros.store(at.micros(), Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    /// Moves the clock by `length`, back for a negative one; it stops at the ends of time (T1).
    ///
    /// ```
    /// use punctual::engine::{ManualClock, Now};
    /// use punctual::time::{Instant, Span};
    ///
    /// let clock = ManualClock::at("2026-03-09T09:00:00+08:00".parse()?);
    /// clock.advance(Span::from_hours(-1)?); // a machine's clock may be set back
    /// assert_eq!(clock.now(), "2026-03-09T08:00:00+08:00".parse::<Instant>()?);
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    pub fn advance(&self, length: Span) {
        let moved = |micros: i64| Some(micros.saturating_add(length.micros()));
        // The closure never answers `None`, so the update never fails.
        let _former = self
            .micros
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, moved);
        self.moved.notify_waiters();
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}

#[async_trait]
impl Now for ManualClock {
    fn now(&self) -> Instant {
        Instant::clamped(self.micros.load(Ordering::SeqCst))
    }

    async fn sleep_until(&self, at: Instant) {
        let moved = self.moved.notified();
        tokio::pin!(moved);
        // Listening begins before the look at the clock, so that no move falls in between.
        moved.as_mut().enable();
        if self.now() < at {
            // Whoever waits is told of a move back as well.
            moved.await;
        }
    }
}
