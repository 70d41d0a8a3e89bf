//! A whole history, on as many threads as the caller gives.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::tester::Tester;
use super::{Backtest, Difference, Summary};
use crate::ticket::Ticket;

/// How many chunks a worker may be ahead of the one whose differences come next.
const AHEAD: u64 = 4;

/// A backtest about to be run over a history; made by [`Backtest::over`].
///
/// The history comes in chunks, which are whatever the caller can hand out quickly: some tickets, a
/// range of numbers, a list of streams to be read. One worker at a time takes the next chunk; making
/// tickets of it, which mostly costs more than taking it, is done by all of them at once.
#[must_use = "nothing is read until the run is told how to make tickets of a chunk"]
pub struct Run<'r, 'p, I, E> {
    backtest: &'r Backtest<'p>,
    chunks: I,
    workers: NonZeroUsize,
    progress: Option<&'r (dyn Fn(u64) + Sync)>,
    each: Option<Sink<'r, E>>,
}

type Sink<'r, E> = &'r mut (dyn FnMut(Difference) -> Result<(), E> + Send);

impl<I, E> std::fmt::Debug for Run<'_, '_, I, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("workers", &self.workers)
            .finish_non_exhaustive()
    }
}

impl<'p> Backtest<'p> {
    /// Begins a run over a history. Without a word to the contrary one worker does it, on the
    /// caller's own thread.
    ///
    /// ```
    /// use std::convert::Infallible;
    /// use std::num::NonZeroUsize;
    /// use punctual::backtest::{Backtest, Fate};
    /// use punctual::policy::Policy;
    /// # use punctual::event::Actor;
    /// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
    /// # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
    /// #     let mut ticket = Ticket::default();
    /// #     for (civil, action) in told {
    /// #         let at = format!("{civil}:00+08:00").parse()?;
    /// #         let action: Action = serde_json::from_str(action)?;
    /// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
    /// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
    /// #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
    /// #     }
    /// #     Ok(ticket)
    /// # }
    ///
    /// let document = r#"
    ///     policy   = "help-desk"
    ///     timezone = "Asia/Shanghai"
    ///     [target.first-response]
    ///     start = "received"
    ///     stop  = "replied"
    ///     goals = [{ within = "30m" }]
    /// "#;
    /// let today = Policy::from_toml(document)?;
    /// let quicker = Policy::from_toml(&document.replace("30m", "20m"))?;
    /// let now = "2026-03-10T00:00:00+08:00".parse()?;
    /// let backtest = Backtest::new([("today", &today), ("quicker", &quicker)], now)?;
    ///
    /// // Two chunks of tickets, each answered so many minutes after nine.
    /// let answered = |minute: u8| {
    ///     let replied_at = format!("2026-03-09T09:{minute}");
    ///     ticket(&[
    ///         ("2026-03-09T09:00", r#"{"type":"receive"}"#),
    ///         (&replied_at, r#"{"type":"reply"}"#),
    ///     ])
    /// };
    /// let chunks = [vec![answered(15)?, answered(25)?], vec![answered(28)?, answered(45)?]];
    /// let summary = backtest
    ///     .over(chunks)
    ///     .workers(NonZeroUsize::MIN.saturating_add(1))
    ///     .run(|chunk: Vec<Ticket>, take| {
    ///         chunk.iter().for_each(take);
    ///         Ok::<_, Infallible>(())
    ///     })?;
    ///
    /// assert_eq!(summary.tickets(), 4);
    /// assert_eq!(summary.figures(0, 0).compliance().breached, 1);
    /// assert_eq!(summary.figures(1, 0).compliance().breached, 3);
    /// assert_eq!(summary.flips(1, 0).count(Fate::Met, Fate::Breached), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn over<'r, I: IntoIterator, E>(&'r self, chunks: I) -> Run<'r, 'p, I::IntoIter, E> {
        Run {
            backtest: self,
            chunks: chunks.into_iter(),
            workers: NonZeroUsize::MIN,
            progress: None,
            each: None,
        }
    }
}

impl<'r, I, E> Run<'r, '_, I, E> {
    /// Lets so many workers share the history. They are threads of this call and are gone when it
    /// returns. What comes out does not depend on how many there are.
    pub fn workers(mut self, workers: NonZeroUsize) -> Self {
        self.workers = workers;
        self
    }

    /// Tells how many tickets have been done since the last call, chunk by chunk, from whichever
    /// worker has done them.
    ///
    /// ```
    /// use std::convert::Infallible;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use punctual::backtest::Backtest;
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::ticket::Ticket;
    /// use punctual::time::Instant;
    ///
    /// let today = Policy::from_toml(AFTER_SALES)?;
    /// let slower = Policy::from_toml(&AFTER_SALES.replace(r#"within = "30m""#, r#"within = "45m""#))?;
    /// let backtest = Backtest::new([("today", &today), ("slower", &slower)], Instant::MAX)?;
    ///
    /// let done = AtomicU64::new(0);
    /// let tell = |tickets| drop(done.fetch_add(tickets, Ordering::Relaxed));
    /// let summary = backtest
    ///     .over([vec![Ticket::default(); 3], vec![Ticket::default(); 2]])
    ///     .progress(&tell)
    ///     .run(|chunk: Vec<Ticket>, take| {
    ///         chunk.iter().for_each(take);
    ///         Ok::<_, Infallible>(())
    ///     })?;
    /// assert_eq!((done.into_inner(), summary.tickets()), (5, 5));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn progress(mut self, progress: &'r (dyn Fn(u64) + Sync)) -> Self {
        self.progress = Some(progress);
        self
    }

    /// Hands on every difference, one at a time, in the order of the chunks and of the tickets in
    /// them; for each ticket in the order of the policies. An error ends the run.
    ///
    /// This is how a report of every single difference is written: a line each, without holding them all.
    /// The order does not depend on the number of workers.
    ///
    /// ```
    /// use punctual::backtest::{Backtest, Fate};
    /// use punctual::policy::Policy;
    /// # use punctual::event::Actor;
    /// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
    /// # fn ticket(id: &str, told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
    /// #     let mut ticket = Ticket::default();
    /// #     for (civil, action) in told {
    /// #         let at = format!("{civil}:00+08:00").parse()?;
    /// #         let action: Action = serde_json::from_str(action)?;
    /// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
    /// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
    /// #         ticket.apply(&event.recorded(format!("acme/ticket/{id}").parse()?, &ticket));
    /// #     }
    /// #     Ok(ticket)
    /// # }
    ///
    /// let document = r#"
    ///     policy   = "help-desk"
    ///     timezone = "Asia/Shanghai"
    ///     [target.first-response]
    ///     start = "received"
    ///     stop  = "replied"
    ///     goals = [{ within = "30m" }]
    /// "#;
    /// let today = Policy::from_toml(document)?;
    /// let quicker = Policy::from_toml(&document.replace("30m", "20m"))?;
    /// let as_of = "2026-03-10T00:00:00+08:00".parse()?;
    /// let backtest = Backtest::new([("today", &today), ("quicker", &quicker)], as_of)?;
    ///
    /// let answered_late = ticket("T-7", &[
    ///     ("2026-03-09T09:00", r#"{"type":"receive"}"#),
    ///     ("2026-03-09T09:25", r#"{"type":"reply"}"#),
    /// ])?;
    /// let mut lines = Vec::new();
    /// let mut write = |it: punctual::backtest::Difference| -> Result<(), std::io::Error> {
    ///     lines.push(format!("{} {}: {} -> {}", it.stream, it.promise, it.from, it.to));
    ///     Ok(()) // a full disk would end the run here
    /// };
    /// backtest.over([answered_late]).each(&mut write).run(|ticket, take| {
    ///     take(&ticket);
    ///     Ok(())
    /// })?;
    /// assert_eq!(lines, ["acme/ticket/T-7 service/first-response: met -> breached"]);
    /// # let _ = Fate::Met;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn each(mut self, each: &'r mut (dyn FnMut(Difference) -> Result<(), E> + Send)) -> Self {
        self.each = Some(each);
        self
    }
}

impl<I, E> Run<'_, '_, I, E>
where
    I: Iterator<Item: Send> + Send,
    E: Send,
{
    /// Runs the backtest: `open` makes tickets of a chunk and hands each of them on.
    ///
    /// In memory are a chunk for each worker, and the differences of a few chunks where
    /// [`Run::each`] wants them; nothing that grows with the history.
    ///
    /// # Errors
    /// What `open` or [`Run::each`] answers: of several the one of the earliest chunk. What comes
    /// before that chunk has been handed on by then.
    pub fn run(
        self,
        open: impl Fn(I::Item, &mut dyn FnMut(&Ticket)) -> Result<(), E> + Sync,
    ) -> Result<Summary, E> {
        let workers = self.workers.get();
        let limit = AHEAD.saturating_mul(workers as u64);
        let shop = Shop {
            backtest: self.backtest,
            feed: Mutex::new((0..).zip(self.chunks)),
            outlet: Mutex::new(Outlet::new(self.each)),
            moved: Condvar::new(),
            is_stopped: AtomicBool::new(false),
            progress: self.progress,
            limit,
        };
        let mut summary = self.backtest.empty();
        if workers == 1 {
            summary.merge(shop.work(&open));
        } else {
            std::thread::scope(|threads| {
                let spawn = |_| threads.spawn(|| shop.work(&open));
                let handles: Vec<_> = (0..workers).map(spawn).collect();
                for handle in handles {
                    match handle.join() {
                        Ok(part) => summary.merge(part),
                        Err(panic) => std::panic::resume_unwind(panic),
                    }
                }
            });
        }
        match locked(&shop.outlet).failed.take() {
            Some((_, error)) => Err(error),
            None => Ok(summary),
        }
    }
}

/// What the workers share.
struct Shop<'r, 'p, I, E> {
    backtest: &'r Backtest<'p>,
    feed: Mutex<I>,
    outlet: Mutex<Outlet<'r, E>>,
    /// The outlet has moved on.
    moved: Condvar,
    is_stopped: AtomicBool,
    progress: Option<&'r (dyn Fn(u64) + Sync)>,
    limit: u64,
}

/// Where differences leave, chunk by chunk in their order.
struct Outlet<'r, E> {
    next: u64,
    waiting: BTreeMap<u64, Vec<Difference>>,
    each: Option<Sink<'r, E>>,
    /// The earliest chunk that failed, and how.
    failed: Option<(u64, E)>,
}

/// A worker that panics holds the others up no longer.
struct Stop<'s>(&'s AtomicBool, &'s Condvar);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
            self.1.notify_all();
        }
    }
}

impl<C, I: Iterator<Item = (u64, C)>, E> Shop<'_, '_, I, E> {
    /// Takes chunk after chunk until there is none.
    fn work(&self, open: &impl Fn(C, &mut dyn FnMut(&Ticket)) -> Result<(), E>) -> Summary {
        let _stop = Stop(&self.is_stopped, &self.moved);
        let mut tester = Tester::new(self.backtest);
        let is_wanted = locked(&self.outlet).each.is_some();
        while !self.is_stopped.load(Ordering::Relaxed) {
            let Some((number, chunk)) = locked(&self.feed).next() else {
                break;
            };
            let (mut done, mut found) = (0_u64, Vec::new());
            let opened = open(chunk, &mut |ticket| {
                tester.take((number, done), ticket, |difference| {
                    if is_wanted {
                        found.push(difference);
                    }
                });
                done = done.saturating_add(1);
            });
            match opened {
                Ok(()) if is_wanted => self.hand_on(number, found),
                Ok(()) => {}
                Err(error) => self.fail(&mut locked(&self.outlet), number, error),
            }
            if let Some(progress) = self.progress {
                progress(done);
            }
        }
        tester.into_summary()
    }

    /// Lets out what is next, and waits where too much would pile up behind it.
    fn hand_on(&self, number: u64, found: Vec<Difference>) {
        let mut outlet = locked(&self.outlet);
        outlet.waiting.insert(number, found);
        if let Err((number, error)) = outlet.let_out() {
            self.fail(&mut outlet, number, error);
        }
        self.moved.notify_all();
        // The worker that has the next chunk never waits, so the others do not wait for ever.
        while number >= outlet.next.saturating_add(self.limit)
            && !self.is_stopped.load(Ordering::Relaxed)
        {
            outlet = self
                .moved
                .wait(outlet)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn fail(&self, outlet: &mut Outlet<'_, E>, number: u64, error: E) {
        if outlet
            .failed
            .as_ref()
            .is_none_or(|(known, _)| number < *known)
        {
            outlet.failed = Some((number, error));
        }
        self.is_stopped.store(true, Ordering::Relaxed);
        self.moved.notify_all();
    }
}

impl<'r, E> Outlet<'r, E> {
    const fn new(each: Option<Sink<'r, E>>) -> Self {
        Self {
            next: 0,
            waiting: BTreeMap::new(),
            each,
            failed: None,
        }
    }

    /// Hands on the differences of every chunk that is next. Nothing follows a chunk that failed.
    fn let_out(&mut self) -> Result<(), (u64, E)> {
        let Some(each) = self.each.as_mut() else {
            return Ok(());
        };
        while let Some(found) = self.waiting.remove(&self.next) {
            for difference in found {
                each(difference).map_err(|error| (self.next, error))?;
            }
            self.next = self.next.saturating_add(1);
        }
        Ok(())
    }
}

/// A worker that panicked left nothing half done behind a lock: the panic is passed on anyway.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
