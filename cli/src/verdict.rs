//! A line of `verdicts.jsonl`: one clock of one ticket, for programs.

use punctual::clock::{self, Attribution, Bindings, Measure, Reading};
use punctual::event::{ReasonId, TicketId};
use punctual::policy::Policy;
use punctual::ticket::{Outcome, Phase, Status, Ticket};
use punctual::time::{Instant, Span, WorkingTime};
use schemars::JsonSchema;
use serde::Serialize;

/// How one promise on one ticket stands. Every field is always there; what does not apply is
/// `null`. Names that end in `_micros` are whole microseconds, names that end in `_at` are RFC 3339
/// instants of UTC. Fields may be added by a later release; none is renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "A line of verdicts.jsonl")]
pub struct Verdict<'a> {
    /// The ticket.
    #[schemars(with = "String")]
    pub ticket: &'a str,
    /// The agreement that promises it; `service` for the policy's own targets.
    #[schemars(with = "String")]
    pub agreement: &'a str,
    /// The promised step.
    #[schemars(with = "String")]
    pub target: &'a str,
    /// Which cycle of the target, counted from 1.
    pub cycle: u32,
    /// The policy.
    #[schemars(with = "String")]
    pub policy: &'a str,
    /// The version of the policy.
    pub policy_version: u32,
    /// The number, among the ticket's events, of the one that started the cycle.
    pub started_by: u64,
    /// The number of the event that the present goal came with.
    pub attached_by: u64,
    /// The instant of this verdict.
    #[schemars(with = "At")]
    pub as_of: Instant,
    /// What the clock does: `running`, `paused`, `suspended` or `stopped`.
    #[schemars(extend("enum" = ["running", "paused", "suspended", "stopped"]), with = "String")]
    pub activity: &'static str,
    /// How the promise stands. Only `met` and `breached` enter compliance; `breaching` is over and
    /// not stopped.
    #[schemars(
        extend("enum" = ["open", "imminent", "breaching", "met", "breached", "cancelled", "waived", "insufficient-lead"]),
        with = "String"
    )]
    pub outcome: &'static str,
    /// Why it was cancelled, in a word or two.
    pub cancelled: Option<String>,
    /// The class in force when the clock stopped, or at `as_of` while it has not.
    #[schemars(with = "Option<String>")]
    pub class: Option<String>,
    /// The level in force then.
    #[schemars(with = "Option<String>")]
    pub level: Option<String>,
    /// Where the ticket is in its life, at `as_of`.
    #[schemars(extend("enum" = ["unknown", "open", "resolved", "closed", "declined", "gone"]), with = "String")]
    pub phase: &'static str,
    /// How often the ticket was reopened, until `as_of`.
    pub reopened: u32,
    /// When the ticket was received.
    #[schemars(with = "Option<At>")]
    pub received_at: Option<Instant>,
    /// When the clock began.
    #[schemars(with = "At")]
    pub started_at: Instant,
    /// When the present goal came to it.
    #[schemars(with = "At")]
    pub attached_at: Instant,
    /// When it ended.
    #[schemars(with = "Option<At>")]
    pub stopped_at: Option<Instant>,
    /// The calendar whose open time it counts; `null` for one that counts day and night.
    #[schemars(with = "Option<String>")]
    pub calendar: Option<&'a str>,
    /// The version of that calendar.
    pub calendar_version: Option<u32>,
    /// How much is allowed, in the clock's measure: open time of the calendar, or wall time.
    pub budget_micros: Option<i64>,
    /// How much has been used, in the clock's measure, pauses left out.
    pub elapsed_micros: i64,
    /// `budget_micros` minus `elapsed_micros`; negative when it is over.
    pub remaining_micros: Option<i64>,
    /// From the start to the end or `as_of`, day and night.
    pub elapsed_wall_micros: i64,
    /// From the end or `as_of` to `due_at`, day and night; negative when that has passed.
    pub remaining_wall_micros: Option<i64>,
    /// The part of the budget that is used, in whole percent, rounded down.
    pub percent_used: Option<u64>,
    /// The earliest instant at which the budget is used up; of a stopped clock, had it run on.
    #[schemars(with = "Option<At>")]
    pub due_at: Option<Instant>,
    /// The last instant that is in time: where `due_at` is a closing, the next opening.
    #[schemars(with = "Option<At>")]
    pub breach_after: Option<Instant>,
    /// While it waits: when it would be due if it went on at `as_of`.
    #[schemars(with = "Option<At>")]
    pub due_if_resumed_now: Option<Instant>,
    /// While it waits: the last instant that would be in time then.
    #[schemars(with = "Option<At>")]
    pub breach_after_if_resumed_now: Option<Instant>,
    /// When the present goal was breached.
    #[schemars(with = "Option<At>")]
    pub breached_at: Option<Instant>,
    /// The earliest breach under any goal that the clock has had.
    #[schemars(with = "Option<At>")]
    pub first_breached_at: Option<Instant>,
    /// Whether the goal was over as it came to the clock.
    pub over_on_attach: bool,
    /// Whether the due instant rests on holidays that are not published yet.
    pub provisional: bool,
    /// How much of the clock's measure passed in pauses since its start: closed hours not counted,
    /// reasons that overlap counted once.
    pub paused_micros: i64,
    /// The pauses since the start, reason by reason, day and night; reasons that overlap both count.
    pub pauses: Vec<PausedFor<'a>>,
    /// How many warnings in front of the deadline have been reached.
    pub warnings: u16,
}

/// The time that a clock waited for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "The time paused for one reason")]
pub struct PausedFor<'a> {
    /// The reason.
    #[schemars(with = "String")]
    pub reason: &'a str,
    /// How long, in wall time.
    pub wall_micros: i64,
}

/// An instant, for the schema alone.
#[derive(JsonSchema)]
#[schemars(extend("format" = "date-time"), inline)]
struct At(#[expect(dead_code, reason = "a schema has no value")] String);

/// Returns the JSON Schema of a line, laid out for people.
#[must_use]
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(Verdict<'static>);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// All readings of one ticket, and what a verdict needs beside them.
#[derive(Debug)]
pub struct Verdicts<'t> {
    id: &'t TicketId,
    readings: Vec<Reading>,
    /// By reading; empty where nothing was paused.
    paused: Vec<Span>,
    status: Status,
    ticket: &'t Ticket,
    policy: &'t Policy,
    as_of: Instant,
}

impl<'t> Verdicts<'t> {
    /// Reads a ticket under all agreements of a policy.
    #[must_use]
    pub fn read(id: &'t TicketId, ticket: &'t Ticket, policy: &'t Policy, as_of: Instant) -> Self {
        let bindings = Bindings::to(policy);
        let readings = clock::read(ticket.timeline(), &bindings, as_of);
        // Where the time went costs far more than how it stands, and most tickets never paused.
        let has_paused = readings.iter().any(|reading| !reading.pauses.is_empty());
        let paused = if has_paused {
            let explained = clock::explain(ticket.timeline(), &bindings, as_of);
            let is_pause = |part: &Attribution| matches!(part, Attribution::Paused(_));
            explained.iter().map(|it| it.sum_of(is_pause)).collect()
        } else {
            Vec::new()
        };
        Self {
            id,
            readings,
            paused,
            status: ticket.timeline().status(as_of),
            ticket,
            policy,
            as_of,
        }
    }

    /// Returns the readings, agreement by agreement, in the order in which the clocks started.
    #[must_use]
    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// Returns a verdict for each reading.
    pub fn iter(&self) -> impl Iterator<Item = Verdict<'_>> {
        (0..).zip(&self.readings).map(|(place, reading)| {
            let paused = self.paused.get::<usize>(place);
            self.verdict(reading, paused.copied().unwrap_or(Span::ZERO))
        })
    }

    fn verdict<'s>(&'s self, reading: &'s Reading, paused: Span) -> Verdict<'s> {
        let (class, level) = self.judged(reading);
        let (calendar, calendar_version) = match &reading.measure {
            Measure::Wall => (None, None),
            Measure::Working { calendar, version } => (Some(calendar.as_str()), Some(*version)),
        };
        let cancelled = if let Outcome::Cancelled(why) = reading.outcome {
            Some(why.to_string())
        } else {
            None
        };
        Verdict {
            ticket: self.id.as_str(),
            agreement: reading.agreement().as_str(),
            target: reading.target().as_str(),
            cycle: reading.cycle,
            policy: reading.policy.as_str(),
            policy_version: reading.policy_version,
            started_by: reading.clock.started_by.get(),
            attached_by: reading.attached_by().get(),
            as_of: self.as_of,
            activity: reading.activity.name(),
            outcome: reading.outcome.name(),
            cancelled,
            class,
            level,
            phase: phase_name(self.status.phase),
            reopened: self.status.reopened,
            received_at: self.status.received_at,
            started_at: reading.started_at,
            attached_at: reading.attached_at,
            stopped_at: reading.stopped_at,
            calendar,
            calendar_version,
            budget_micros: reading.budget.map(Span::micros),
            elapsed_micros: reading.elapsed.micros(),
            remaining_micros: reading.remaining.map(Span::micros),
            elapsed_wall_micros: reading.elapsed_wall.micros(),
            remaining_wall_micros: reading.remaining_wall.map(Span::micros),
            percent_used: reading.percent_used,
            due_at: reading.due_at,
            breach_after: reading.breach_after,
            due_if_resumed_now: reading.due_if_resumed_now,
            breach_after_if_resumed_now: self.breach_after_if_resumed(reading),
            breached_at: reading.breached_at,
            first_breached_at: reading.first_breached_at,
            over_on_attach: reading.over_on_attach,
            provisional: reading.provisional,
            paused_micros: paused.micros(),
            pauses: reading.pauses.iter().map(paused_for).collect(),
            warnings: reading.warnings,
        }
    }

    fn judged(&self, reading: &Reading) -> (Option<String>, Option<String>) {
        let words = |status: &Status| {
            let class = status.class.as_ref().map(ToString::to_string);
            (class, status.level.as_ref().map(ToString::to_string))
        };
        match reading.stopped_at {
            Some(at) => words(&self.ticket.timeline().status(at)),
            None => words(&self.status),
        }
    }

    /// If it went on now nothing would pause it again, so the last instant in time is the end of
    /// the closed hours that begin as it falls due.
    fn breach_after_if_resumed(&self, reading: &Reading) -> Option<Instant> {
        let due = reading.due_if_resumed_now?;
        let Measure::Working { calendar, .. } = &reading.measure else {
            return Some(due);
        };
        let calendars = self.policy.calendars();
        let named = calendars.iter().find(|named| named.id == *calendar)?;
        named.calendar.last_after(due, WorkingTime::ZERO).ok()
    }
}

fn paused_for((reason, sum): &(ReasonId, punctual::time::WallTime)) -> PausedFor<'_> {
    PausedFor {
        reason: reason.as_str(),
        wall_micros: sum.micros(),
    }
}

/// Returns the stable name of a phase.
#[must_use]
pub const fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Unknown => "unknown",
        Phase::Open => "open",
        Phase::Resolved => "resolved",
        Phase::Closed => "closed",
        Phase::Declined => "declined",
        Phase::Gone => "gone",
    }
}
