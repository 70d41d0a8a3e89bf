//! What must not be.

/// Something that the engine, or the library, promised and did not keep.
///
/// | violation | look first at |
/// |---|---|
/// | `Log` | the store, and how commits are stamped |
/// | `Twice` | command ids and their digests; what is remembered as told |
/// | `Early` | which clock an engine asks, and `Ahead` |
/// | `Derived` | what an engine adds: bindings, verdicts, ladders, and their order |
/// | `Answer` | retries: what was said of a write whose end nobody knows |
/// | `View` | snapshots and the cache of tickets |
/// | `Missing` | the agenda's wake-ups, and what takes a ticket off it |
/// | `Agenda` | the same, from the other side |
/// | `ReadModel` | how the projector reads pages on, and what a `Case` is made of |
/// | `Consumer` | checkpoints, and where reading goes on |
/// | `Engine` | wake-ups that are lost, errors that end a loop |
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// The log cannot be read, or is not what a log must be.
    #[error("the log: {0}")]
    Log(String),
    /// Recorded twice.
    #[error("recorded twice: {0}")]
    Twice(String),
    /// Recorded before any clock had shown its instant.
    #[error("recorded early: {0}")]
    Early(String),
    /// What an engine recorded of itself is not what a fresh fold gives.
    #[error("not what a fresh fold gives: {0}")]
    Derived(String),
    /// An answer to a command that the log does not bear out.
    #[error("a command's answer: {0}")]
    Answer(String),
    /// A view of a ticket that is not the fold of its log.
    #[error("a view: {0}")]
    View(String),
    /// Something was owed, and an engine that had looked did not record it.
    #[error("owed, and not told: {0}")]
    Missing(String),
    /// The agenda has other tickets than those that are unfinished.
    #[error("the agenda: {0}")]
    Agenda(String),
    /// A consumer missed an event, or got one out of order.
    #[error("a consumer: {0}")]
    Consumer(String),
    /// A read model that followed the log is not what the whole log comes to.
    #[error("a read model: {0}")]
    ReadModel(String),
    /// An engine does not come to rest, or ended its work without having been told to.
    #[error("an engine: {0}")]
    Engine(String),
}

impl Violation {
    /// What went wrong in reading the log.
    pub(crate) fn log(error: impl std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            text = format!("{text}: {error}");
            source = error.source();
        }
        Self::Log(text)
    }
}
