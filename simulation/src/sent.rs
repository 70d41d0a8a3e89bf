//! Commands on their way, and what became of them.
//! | an attempt ended | and the log must have the command | then |
//! |---|---|---|
//! | `Done` | at just that place | the life goes on |
//! | `Refused` | not at all | the life goes on |
//! | `Reused` | not; another command holds the id | the life goes on |
//! | `NotWritten` | perhaps, by another attempt | it is tried again, twelve times at most |
//! | `Unknown`, with an id | perhaps | it is tried again under the same id |
//! | `Unknown`, without | once at most | the life goes on |
//! | `Odd` | | a violation |

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use punctual::engine::{Engine, ExecuteError, Executed, LoadError, Request};
use punctual::event::{CommandId, StreamId};
use punctual::store::Written;
use punctual::ticket::{Command, DecideError};

/// One command, with all attempts at it.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The ticket.
    pub(crate) stream: StreamId,
    /// What is asked.
    pub(crate) command: Command,
    /// The mark by which it is found in the log.
    pub(crate) mark: String,
    /// The id that makes it safe to be tried again.
    pub(crate) id: Option<CommandId>,
    /// How often it was tried.
    pub(crate) tries: u32,
    /// How many attempts are under way.
    pub(crate) under_way: u32,
    /// Which of a life's steps it is.
    pub(crate) step: Option<(usize, usize)>,
    /// Whether its life has gone on to the next step.
    pub(crate) is_over: bool,
}

/// How one attempt ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It is recorded.
    Done(Executed),
    /// Never mind why: nothing of it is recorded, and trying again cannot help.
    Refused(String),
    /// Its id belongs to another command.
    Reused,
    /// Nothing of this attempt is recorded; it may be tried again.
    NotWritten,
    /// Nobody knows.
    Unknown,
    /// What no store and no ticket gives cause for.
    Odd(String),
}

/// What tasks hand back.
pub(crate) type Answers = Rc<RefCell<Vec<(usize, Ended)>>>;

/// Tells the end of an attempt, also of one that was dropped.
struct Attempt {
    number: usize,
    answers: Answers,
    ended: Option<Ended>,
}

impl Attempt {
    fn end(&mut self, result: Result<Executed, ExecuteError>) {
        self.ended = Some(result.map_or_else(of, Ended::Done));
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let ended = self.ended.take().unwrap_or(Ended::Unknown);
        self.answers.borrow_mut().push((self.number, ended));
    }
}

/// Makes one attempt at a command.
pub(crate) fn attempt(
    number: usize,
    sent: &Sent,
    engine: Arc<Engine>,
    answers: Answers,
) -> impl Future<Output = ()> + 'static {
    let request = Request::from(sent.command.clone()).correlated(&sent.mark);
    let request = match &sent.id {
        Some(id) => request.once(id.clone()),
        None => request,
    };
    let stream = sent.stream.clone();
    // Made outside of the future, so that one that is never polled is told too.
    let mut attempt = Attempt {
        number,
        answers,
        ended: None,
    };
    async move {
        let result = engine.execute(&stream, request).await;
        attempt.end(result);
    }
}

fn of(error: ExecuteError) -> Ended {
    match error {
        ExecuteError::Refused(DecideError::Ahead { .. }) | ExecuteError::Contended { .. } => {
            Ended::NotWritten
        }
        ExecuteError::Refused(error) => Ended::Refused(error.to_string()),
        ExecuteError::Reused { .. } => Ended::Reused,
        ExecuteError::Append { source, .. } if source.written() == Written::Unknown => {
            Ended::Unknown
        }
        error if error.is_transient() => Ended::NotWritten,
        ExecuteError::Load(LoadError::Binding(error)) => Ended::Odd(error.to_string()),
        error => Ended::Odd(error.to_string()),
    }
}
