//! The same port without an executor, for pure and embedded use.
//!
//! There is no second implementation: [`wait`] polls a future of the port on the calling thread and
//! parks the thread until the future is woken. A call that is ready at once (every call of the memory
//! backend except a wait) costs one poll.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs one future to its end on the calling thread.
///
/// Not for use inside an asynchronous task, whose thread it would hold, and not for a backend whose
/// documentation asks for a runtime.
///
/// ```
/// use punctual::store::blocking;
///
/// assert_eq!(blocking::wait(async { 2 + 2 }), 4);
/// ```
pub fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    // The first poll usually answers, so no waker is built for it.
    if let Poll::Ready(output) = future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        return output;
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        // Polled again before parking: the first poll had a waker that wakes nobody.
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
