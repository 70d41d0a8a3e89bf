//! The read models of all tickets of a source, and how they are told.

mod text;
mod view;

use punctual::language::Language;
use punctual::policy::{Policy, Target};
use punctual::projection::{
    Case, Change, Dates, Period, Projection, Promise, Queue, QueueState, Scorecard, Scores,
    Services, ServicesState,
};
use punctual::ticket::Ticket;
use punctual::time::{CivilDate, Instant, Span};

pub use text::{figures_of, overview, promises_of};
pub use view::{FiguresView, LengthsView, RateView};

use crate::args::{FigureArgs, PromisedArgs};
use crate::console::Console;
use crate::failure::{Failure, about};
use crate::tickets::{self, Promises, Tickets};
use crate::words;

/// Below so many cases a figure says little.
pub const FEW: u64 = 20;
/// A cause that was found less often is no hot spot.
pub const LEAST_FOUND: u64 = 3;

/// The read models of a source, as of an instant.
#[derive(Debug)]
pub struct Gathered {
    /// What was promised.
    pub promises: Promises,
    /// The definition of the scorecard.
    pub card: Scorecard,
    /// Its figures.
    pub scores: Scores,
    /// The open tickets.
    pub queue: QueueState,
    /// The services rendered.
    pub services: ServicesState,
    /// The instant as of which promises that still run are judged.
    pub as_of: Instant,
    /// How many tickets there are.
    pub tickets: u64,
    /// How many facts they have.
    pub facts: u64,
    /// How many rows of the source were passed over.
    pub passed_over: usize,
}

/// Reads a source and makes the read models of its tickets, as of the instant and of the cycles that are
/// asked for. The tickets come along where they are to be `kept`; otherwise each is dropped as soon as
/// the read models have it.
///
/// # Errors
/// [`Failure`] when policy or source cannot be used.
pub fn gather(
    promised: &PromisedArgs,
    asked: &FigureArgs,
    kept: bool,
    now: Instant,
    console: &mut Console<'_>,
) -> Result<(Gathered, Tickets), Failure> {
    let (promises, mut found) = tickets::all_promised(promised, console)?;
    let as_of = tickets::instant(asked.as_of, found.last_at, now);
    if let Some(last_at) = found.last_at.filter(|last| *last > as_of) {
        return Err(too_early(as_of, last_at));
    }
    let card = Scorecard::of(promises.policy()).with_cycles(asked.cycles.into());
    let services = Services::new(card.zone().clone());
    let mut gathered = Gathered {
        card,
        scores: Scores::default(),
        queue: QueueState::default(),
        services: ServicesState::default(),
        as_of,
        tickets: 0,
        facts: 0,
        passed_over: found.passed_over,
        promises,
    };
    let bar = console.count(found.list.len() as u64, &words::SCORING);
    let mut done = 0_u64;
    found.list.retain(|(_, ticket)| {
        if done.is_multiple_of(1_024) {
            bar.reach(done);
        }
        done += 1;
        gathered.add(ticket, &services);
        kept
    });
    bar.end();
    Ok((gathered, found))
}

impl Gathered {
    fn add(&mut self, ticket: &Ticket, services: &Services) {
        let Some((bindings, stream)) = self.promises.bindings(ticket).zip(ticket.stream()) else {
            return;
        };
        self.tickets += 1;
        self.facts += ticket.timeline().facts().len() as u64;
        let case = Case::new(ticket, bindings);
        let change = Change {
            stream,
            events: &[],
            before: None,
            after: Some(&case),
        };
        // A read model of tickets that are there refuses none of them.
        let _ = self.card.apply(&mut self.scores, &change);
        let _ = Queue.apply(&mut self.queue, &change);
        let _ = services.apply(&mut self.services, &change);
    }

    /// Returns the policy by whose labels people are told.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        self.promises.policy()
    }

    /// Returns the days that were asked for: from the first to the last that has figures, where nobody
    /// says otherwise.
    #[must_use]
    pub fn dates(&self, from: Option<CivilDate>, until: Option<CivilDate>) -> Option<Dates> {
        let known = self.scores.dates(self.as_of);
        let dates = Dates {
            from: from.or(known.map(|it| it.from))?,
            until: until.or(known.map(|it| it.until))?,
        };
        (dates.from < dates.until).then_some(dates)
    }

    /// Returns what to call a promise on a terminal: its name in English, which filters use too.
    #[must_use]
    pub fn name_of(&self, promise: &Promise, language: Language) -> String {
        self.target_of(promise).map_or_else(
            || promise.target.to_string(),
            |target| words::target(target, language).to_owned(),
        )
    }

    /// Returns what the policy calls a promise in a language; its name where it calls it nothing.
    #[must_use]
    pub fn label_of(&self, promise: &Promise, language: Language) -> String {
        let label = label_in(self.policy(), promise, language);
        label.unwrap_or_else(|| promise.target.to_string())
    }

    fn target_of(&self, promise: &Promise) -> Option<&Target> {
        target_in(self.policy(), promise)
    }
}

/// Returns what a policy calls a promise in a language; `None` where it has no such promise.
#[must_use]
pub fn label_in(policy: &Policy, promise: &Promise, language: Language) -> Option<String> {
    let target = target_in(policy, promise)?;
    let label = target.label.text(language.tag());
    Some(label.unwrap_or(promise.target.as_str()).to_owned())
}

fn target_in<'p>(policy: &'p Policy, promise: &Promise) -> Option<&'p Target> {
    let agreement = policy.agreement(&promise.agreement)?;
    let mut targets = agreement.targets.iter();
    targets.find(|target| target.id == promise.target)
}

fn too_early(as_of: Instant, last_at: Instant) -> Failure {
    Failure::unusable(about(
        &as_of.to_string(),
        &format!(
            "lies before the latest event, at {last_at}; figures are of all that is known: name a later instant, or `last`"
        ),
        &format!("早于最后一个事件（{last_at}）；指标按全部已知事实计算，请指定更晚的时间或 last"),
    ))
}

/// Returns the days before: the same number of whole periods, where the days are such, otherwise as
/// many days.
#[must_use]
pub fn before(period: Period, dates: Dates) -> Option<Dates> {
    let periods = period.cut(dates).count();
    let mut from = period.of(dates.from);
    let is_whole = from.from == dates.from
        && period
            .cut(dates)
            .last()
            .is_some_and(|last| last.until == dates.until);
    if is_whole {
        for _ in 0..periods {
            from = period.before(from);
        }
        return Some(Dates {
            from: from.from,
            until: dates.from,
        });
    }
    let days = dates.until.date() - dates.from.date();
    let from = dates.from.date().checked_sub_signed(days)?;
    Some(Dates {
        from: from.into(),
        until: dates.from,
    })
}

/// Returns a length in hours and minutes, `None` as a dash.
#[must_use]
pub fn length(length: Option<Span>, language: Language) -> String {
    length.map_or_else(|| "-".to_owned(), |length| words::brief(length, language))
}
