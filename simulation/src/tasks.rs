//! Futures polled by hand, one poll at a time, in an order that chance decides.
//!
//! A task is polled only after somebody woke it, as a runtime would do it: a wake-up that is lost is
//! a task that sleeps for ever, and a run notices.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use crate::chance::Chance;

/// Who a task belongs to: with its engine it ends.
pub type Owner = usize;

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

struct Task {
    owner: Owner,
    /// Whether it ends by itself, so that a calm may wait for it.
    is_short: bool,
    future: Pin<Box<dyn Future<Output = ()>>>,
    flag: Arc<Flag>,
    waker: Waker,
}

/// The tasks of a run.
///
/// ```
/// use punctual_simulation::chance::{Chance, Purpose};
/// use punctual_simulation::tasks::{Tasks, give_way};
///
/// let mut tasks = Tasks::default();
/// tasks.begin(0, give_way()); // of engine 0
/// let mut chance = Chance::new(7, Purpose::Course);
/// while tasks.poll_one(&mut chance) {}
/// assert!(tasks.is_empty());
/// ```
#[derive(Default)]
pub struct Tasks(Vec<Task>);

impl Tasks {
    /// Begins a task that ends by itself.
    pub fn begin(&mut self, owner: Owner, future: impl Future<Output = ()> + 'static) {
        self.add(owner, true, Box::pin(future));
    }

    /// Begins a task that works until it is told to end.
    pub fn begin_long(&mut self, owner: Owner, future: impl Future<Output = ()> + 'static) {
        self.add(owner, false, Box::pin(future));
    }

    fn add(&mut self, owner: Owner, is_short: bool, future: Pin<Box<dyn Future<Output = ()>>>) {
        let flag = Arc::new(Flag(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&flag));
        self.0.push(Task {
            owner,
            is_short,
            future,
            flag,
            waker,
        });
    }

    /// Polls one of the tasks that were woken; returns whether there was one.
    ///
    /// Begins at a place drawn by lot and takes the first that was woken from there on, so no task is passed over for
    /// ever. One that was not woken is never polled: when this returns false and [`short`](Self::short) is not
    /// zero, somebody lost a wake-up.
    ///
    /// ```
    /// use punctual_simulation::chance::{Chance, Purpose};
    /// use punctual_simulation::tasks::Tasks;
    ///
    /// let mut tasks = Tasks::default();
    /// tasks.begin(0, std::future::pending()); // nobody will ever wake it
    /// let mut chance = Chance::new(7, Purpose::Course);
    /// assert!(tasks.poll_one(&mut chance)); // each task is polled once to begin with
    /// assert!(!tasks.poll_one(&mut chance));
    /// assert_eq!(tasks.short(), 1);
    /// ```
    pub fn poll_one(&mut self, chance: &mut Chance) -> bool {
        let count = self.0.len();
        let first = chance.place(count);
        let is_woken = |place: &usize| self.0[*place].flag.0.load(Ordering::SeqCst);
        let Some(place) = (first..count).chain(0..first).find(is_woken) else {
            return false;
        };
        let task = &mut self.0[place];
        task.flag.0.store(false, Ordering::SeqCst);
        let mut context = Context::from_waker(&task.waker);
        if let Poll::Ready(()) = task.future.as_mut().poll(&mut context) {
            drop(self.0.swap_remove(place));
        }
        true
    }

    /// Drops one task at whatever it waits for; returns whether there was one.
    ///
    /// This is what a caller does that gives up: a request with a time limit, a connection that breaks. Tasks that work
    /// until they are told to end are left alone.
    pub fn drop_one(&mut self, chance: &mut Chance) -> bool {
        let short = |task: &Task| task.is_short;
        if !self.0.iter().any(short) {
            return false;
        }
        let count = self.0.len();
        let first = chance.place(count);
        let place = (first..count).chain(0..first).find(|p| short(&self.0[*p]));
        place.is_some_and(|place| {
            drop(self.0.swap_remove(place));
            true
        })
    }

    /// Drops every task of an owner, as a crash does.
    ///
    /// ```
    /// use punctual_simulation::tasks::{Tasks, give_way};
    ///
    /// let mut tasks = Tasks::default();
    /// tasks.begin(0, give_way());
    /// tasks.begin(1, give_way());
    /// tasks.drop_of(0);
    /// assert!(!tasks.has(0) && tasks.has(1));
    /// ```
    pub fn drop_of(&mut self, owner: Owner) {
        self.0.retain(|task| task.owner != owner);
    }

    /// Returns how many tasks end by themselves and have not.
    #[must_use]
    pub fn short(&self) -> usize {
        self.0.iter().filter(|task| task.is_short).count()
    }

    /// Returns whether an owner has a task.
    #[must_use]
    pub fn has(&self, owner: Owner) -> bool {
        self.0.iter().any(|task| task.owner == owner)
    }

    /// Returns how many tasks there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let woken = |task: &&Task| task.flag.0.load(Ordering::SeqCst);
        let woken = self.0.iter().filter(woken);
        let owners: Vec<(Owner, bool)> = woken.map(|task| (task.owner, task.is_short)).collect();
        f.debug_struct("Tasks")
            .field("count", &self.0.len())
            .field("woken", &owners)
            .finish()
    }
}

/// Lets others go first.
///
/// Pending once, and woken at once: whoever is drawn next may go first.
pub async fn give_way() {
    let mut was_polled = false;
    std::future::poll_fn(|context| {
        if was_polled {
            return Poll::Ready(());
        }
        was_polled = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Polls a future so many times at most, then drops it: `None`.
///
/// ```
/// use punctual::store::blocking;
/// use punctual_simulation::tasks::{at_most, give_way};
///
/// assert_eq!(blocking::wait(at_most(1, give_way())), None);
/// assert_eq!(blocking::wait(at_most(2, give_way())), Some(()));
/// ```
pub async fn at_most<F: Future>(polls: u64, future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    let mut left = polls;
    std::future::poll_fn(|context| {
        if let Poll::Ready(found) = future.as_mut().poll(context) {
            return Poll::Ready(Some(found));
        }
        left = left.saturating_sub(1);
        if left == 0 {
            return Poll::Ready(None);
        }
        Poll::Pending
    })
    .await
}
