//! What a backend's author hands to the suite.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use punctual::event::StreamId;
use punctual::store::{CheckpointStore, EventStore, Partitions, SnapshotStore};

/// Something that a backend may lack. What is lacking is said with its reason, and the checks that
/// need it are shown as skipped.
///
/// ```
/// use punctual_testkit::Offer;
///
/// // Said once, in the words that everybody who runs the suite will read.
/// let crash: Offer<()> = Offer::Absent("the service is managed: nobody can cut its power");
/// assert!(matches!(crash, Offer::Absent(_)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer<T> {
    /// Here it is.
    Offered(T),
    /// The backend has no such thing, because of this.
    Absent(&'static str),
}

/// How the next append is to fail.
///
/// A fixture maps each to whatever makes its medium fail so, and says what it cannot do:
///
/// ```
/// use punctual_testkit::{Fault, Offer};
///
/// /// What the test's proxy between the service and its database is told.
/// enum Proxy {
///     RefuseTheNext,
///     DropTheAnswer,
/// }
///
/// fn plan(fault: Fault) -> Offer<Proxy> {
///     match fault {
///         Fault::NothingWritten => Offer::Offered(Proxy::RefuseTheNext),
///         Fault::Unknown => Offer::Offered(Proxy::DropTheAnswer),
///         Fault::Poison => Offer::Absent("a connection is replaced; no handle stays poisoned"),
///     }
/// }
/// # assert!(matches!(plan(Fault::Unknown), Offer::Offered(Proxy::DropTheAnswer)));
/// # assert!(matches!(plan(Fault::NothingWritten), Offer::Offered(Proxy::RefuseTheNext)));
/// # assert!(matches!(plan(Fault::Poison), Offer::Absent(_)));
/// ```
///
/// Each stands for a clause of the port about what an error says of the write. A store that cannot be made
/// to fail offers none, and those checks are skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// With `Unavailable { written: No }`.
    NothingWritten,
    /// With `Unavailable { written: Unknown }`, whether or not it lands.
    Unknown,
    /// In a way that poisons the handle.
    Poison,
}

/// Makes stores for the suite, each of its own.
///
/// A backend that is reached over a network says how to make a store there that nobody else uses, and how long an
/// answer may take:
///
/// ```
/// use std::time::Duration;
///
/// use async_trait::async_trait;
/// use punctual::store::Partitions;
/// use punctual_testkit::{Backend, Fixture, Offer};
///
/// #[derive(Debug)]
/// struct Cluster {
///     url: Option<String>,
/// }
///
/// #[async_trait]
/// impl Backend for Cluster {
///     async fn create(&self, partitions: Partitions) -> Offer<Box<dyn Fixture>> {
///         if self.url.is_none() {
///             return Offer::Absent("no cluster is named in CLUSTER_URL"); // skipped, and seen to be
///         }
///         // create a schema or a bucket with a name of its own, with so many partitions, and wrap it
/// #       let _ = partitions;
/// #       Offer::Absent("an example")
///     }
///
///     fn patience(&self) -> Duration {
///         Duration::from_secs(60)
///     }
///
///     fn histories(&self) -> u32 {
///         8 // each takes some hundred calls, and each call a millisecond
///     }
/// }
/// ```
///
/// The value is made once for each check, so keep it small: a path, a connection string. Checks run side by
/// side, so two stores must never share anything.
#[async_trait]
pub trait Backend: fmt::Debug + Send + Sync + 'static {
    /// Makes an empty store that shares nothing with any other.
    ///
    /// Asked for one partition by most checks and for several by some. A backend that has only one answers
    /// `Absent` to the others.
    async fn create(&self, partitions: Partitions) -> Offer<Box<dyn Fixture>>;

    /// How long a check waits for something that should come at once before it calls it lost.
    ///
    /// Twenty seconds unless you say otherwise. It is no pause: a check that gets its answer goes on at once.
    fn patience(&self) -> Duration {
        Duration::from_secs(20)
    }

    /// How many random histories the model is compared over; `PROPTEST_CASES` overrides it.
    fn histories(&self) -> u32 {
        24
    }
}

/// One store, with everything that can be done to it from outside.
///
/// No method has a default: an ability is offered or declared absent, never forgotten.
///
/// | method | what the checks ask with it | a store without it |
/// |---|---|---|
/// | `open` | do two handles see the same log | must have it |
/// | `reopen` | is all that was acknowledged there again | is kept in memory: `Absent` |
/// | `crash` | is a commit whole or not there, and none that was acknowledged lost | `Absent` |
/// | `inject` | does an error say the truth about the write | `Absent` |
/// | `damage` | is a flipped bit noticed | `Absent` |
/// | `snapshots`, `checkpoints` | do the two smaller ports keep their promises | `Absent` |
#[async_trait]
pub trait Fixture: fmt::Debug + Send + Sync {
    /// Opens one more handle on the same store.
    async fn open(&self) -> Arc<dyn EventStore>;

    /// Closes every handle in good order, then opens the store anew.
    ///
    /// Everything that was acknowledged must be there, and nothing else.
    async fn reopen(&self) -> Offer<Arc<dyn EventStore>>;

    /// Ends the store as a power cut would, losing what was not made durable, then opens it anew.
    ///
    /// For a store on files: drop what was written and not synced. What was acknowledged must be there;
    /// what was not may be there, wholly or not at all.
    async fn crash(&self) -> Offer<Arc<dyn EventStore>>;

    /// Makes the next append, through any handle, fail.
    ///
    /// The check appends once more and looks at the error, then at what the log holds.
    async fn inject(&self, fault: Fault) -> Offer<()>;

    /// Changes one bit of a stored event of `stream`, behind the store's back.
    ///
    /// Any bit of the event will do, in whatever the medium is: a file, a row, a page of a tree. A read of it
    /// must then answer `Corrupt`, and never other data.
    async fn damage(&self, stream: &StreamId) -> Offer<()>;

    /// The snapshots kept beside the log. The same ones after a reopen.
    async fn snapshots(&self) -> Offer<Arc<dyn SnapshotStore>>;

    /// The checkpoints kept beside the log. The same ones after a reopen.
    async fn checkpoints(&self) -> Offer<Arc<dyn CheckpointStore>>;
}
