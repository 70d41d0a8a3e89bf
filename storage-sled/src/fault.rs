//! Where the tests make the system fail.
//!
//! Every call that writes, and every read of the tree, asks here first. That stands for what the system may answer at that place: a full disk,
//! a device that is gone, a limit on the file's size. What a call leaves half done is tried with real kills and
//! real full disks beside it.

use std::io;
use std::sync::Arc;

/// A call on the system that can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Call {
    /// Writing a group to the journal.
    JournalWrite,
    /// Making the journal durable.
    JournalSync,
    /// Writing into the tree.
    TableWrite,
    /// Making the tree durable.
    TableSync,
    /// Reading from the tree: a look-up, or one step of a walk.
    TableRead,
}

type Decide = dyn Fn(Call) -> Option<io::Error> + Send + Sync;

/// Decides before each call whether it fails.
#[derive(Clone)]
pub struct Faults(Option<Arc<Decide>>);

impl Faults {
    /// Nothing fails.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// Asks `decide` before each call.
    #[must_use]
    pub fn new(decide: impl Fn(Call) -> Option<io::Error> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(decide)))
    }

    /// Answers the error with which the call is to fail. Costs one comparison when there are no faults.
    pub(crate) fn check(&self, call: Call) -> io::Result<()> {
        let fault = self.0.as_ref().and_then(|decide| decide(call));
        fault.map_or(Ok(()), Err)
    }
}

impl std::fmt::Debug for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() {
            "faults"
        } else {
            "no faults"
        })
    }
}
