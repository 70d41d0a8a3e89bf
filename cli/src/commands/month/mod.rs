//! `punctual month`: the engine at work, on a month that is made up or on a log that is given.
//!
//! ```text
//! feed (steps of a desk | events of a log) --> stage (engine, store, hand-set clock) --> store
//!                                                |  ticks at each due instant in between
//!                                                |  a consumer collects who was told
//!                                                '- halfway: closed, opened again, compared
//! store --> survey (one walk) --> figures, queue, one breach --> report
//! ```

mod breach;
mod desk;
mod figures;
mod log;
mod notices;
mod place;
mod queue;
mod report;
mod restart;
mod stage;
mod survey;

use std::sync::Arc;

use punctual::policy::{Policy, PolicyBook};
use punctual::time::Instant;

use crate::args::MonthArgs;
use crate::console::Console;
use crate::failure::{Exit, Failure};
use crate::store;

use desk::Desk;
use figures::Figures;
use log::Log;
use notices::Notices;
use queue::Queue;
use report::Report;
use restart::Restart;
use stage::{Counts, Stage};
use survey::Survey;

/// The tenant whose tickets a month plays.
pub const TENANT: &str = "month";

/// Plays a month.
///
/// # Errors
/// [`Failure`] when the directory holds something else, policy or log cannot be used, or the store
/// does not play along.
pub fn run(args: &MonthArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let feed = Feed::prepare(args, console)?;
    place::clear(&args.store, args.keep, console)?;
    let mut stage = Stage::open(&args.store, args.durable, feed.from())?;
    stage.publish(feed.policy_text())?;
    let (mut stage, restart) = feed.play(stage, console)?;
    stage.collect()?;
    let survey = Survey::of(&stage.store, &args.store)?;
    let book = stage.engine.policies();
    let played = Played {
        args,
        policy: feed.policy(),
        book: &book,
        until: feed.until(),
        restart,
        counts: stage.counts,
        notices: &stage.notices,
        figures: Figures::of(&survey, &book, feed.until()),
        queue: Queue::of(&survey, &book, feed.until()),
        breach: breach::choose(&survey, &book, feed.until()),
        survey: &survey,
        feed: &feed,
    };
    Report::new(&played, console.setting).tell(console)?;
    stage.close();
    Ok(match feed.passed_over() {
        0 => Exit::Done,
        _ => Exit::Findings,
    })
}

/// All that came of a month.
struct Played<'a> {
    args: &'a MonthArgs,
    policy: &'a Policy,
    book: &'a PolicyBook,
    until: Instant,
    restart: Restart,
    counts: Counts,
    notices: &'a Notices,
    figures: Figures,
    queue: Queue,
    breach: Option<breach::Breach>,
    survey: &'a Survey,
    feed: &'a Feed,
}

/// What is played.
enum Feed {
    /// A desk that is made up.
    Desk(Box<Desk>),
    /// A log that is given.
    Log(Box<Log>),
}

impl Feed {
    fn prepare(args: &MonthArgs, console: &mut Console<'_>) -> Result<Self, Failure> {
        match (&args.events, &args.policy) {
            (Some(events), Some(policy)) => Ok(Self::Log(Box::new(Log::read(
                args, events, policy, console,
            )?))),
            _ => Ok(Self::Desk(Box::new(Desk::of(args)?))),
        }
    }

    const fn from(&self) -> Instant {
        match self {
            Self::Desk(desk) => desk.from,
            Self::Log(log) => log.from,
        }
    }

    const fn until(&self) -> Instant {
        match self {
            Self::Desk(desk) => desk.until,
            Self::Log(log) => log.until,
        }
    }

    const fn policy(&self) -> &Policy {
        match self {
            Self::Desk(desk) => &desk.policy,
            Self::Log(log) => &log.policy,
        }
    }

    const fn policy_text(&self) -> &crate::policy::PolicyText {
        match self {
            Self::Desk(desk) => &desk.text,
            Self::Log(log) => &log.text,
        }
    }

    const fn passed_over(&self) -> usize {
        match self {
            Self::Desk(_) => 0,
            Self::Log(log) => log.passed_over,
        }
    }

    fn play(&self, stage: Stage, console: &Console<'_>) -> Result<(Stage, Restart), Failure> {
        match self {
            Self::Desk(desk) => desk.play(stage, console),
            Self::Log(log) => log.play(stage, console),
        }
    }
}

/// Returns why the month broke off.
fn broken(directory: &str, error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::surroundings(crate::failure::about(
        directory,
        "the month broke off; what was acknowledged is in the store",
        "回放中断；已确认的内容都在存储中",
    ))
    .because(error)
}

/// Another handle of the same store, for whoever keeps one.
type Shared = Arc<punctual_sled::SledStore>;

/// Closes a store. The last handle waits until everything is settled.
fn close(store: Shared) {
    store::close(&store);
}
