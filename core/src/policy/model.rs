//! The compiled policy: what the clocks read. Immutable, checked, free of names to look up.

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, PublishedCalendar, ZoneTable};
use crate::event::{
    AgreementId, CalendarId, Channel, Class, FieldId, FieldValue, Kind, Level, MarkId, PolicyId,
    ReasonId, RoleId, TargetId,
};
use crate::ticket::{Detail, EventField, Fact, MergeSide, Satisfaction, Status};
use crate::time::{CivilDate, Share, WallTime, WorkingTime};

use super::concern::Concerns;
use super::fit::Fits;
use super::index::GoalIndex;
use super::lint::Accepted;

/// A text for people in the languages that the policy gives, by language tag.
///
/// Labels decide nothing: two policies that differ in them alone promise the same.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let label = policy.label();
/// assert_eq!(label.text("zh"), Some("售后服务"));
/// assert_eq!(label.text("fr"), None);
/// assert_eq!(label.text_or_any("fr"), Some("After-sales service"));
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label(pub BTreeMap<String, String>);

impl Label {
    /// Returns the text in `language` (`en`, `zh`), if the policy gives it.
    #[must_use]
    pub fn text(&self, language: &str) -> Option<&str> {
        self.0.get(language).map(String::as_str)
    }
}

/// An immutable version of a policy, ready to be read by clocks.
///
/// Made by [`Policy::from_toml`](Policy::from_toml) and its siblings, which report every mistake.
/// Whatever they give is whole: every name in it is declared, every calendar opens some time. Share
/// one among threads in an `Arc`; nothing in it changes.
///
/// ```
/// use std::sync::Arc;
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let policy = Arc::new(Policy::from_toml(AFTER_SALES)?);
/// assert_eq!((policy.id().as_str(), policy.version()), ("after-sales", 1));
/// assert_eq!(policy.zone().name(), "Asia/Shanghai");
/// assert!(policy.agreements()[0].targets.len() > 10);
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub(crate) id: PolicyId,
    pub(crate) version: u32,
    pub(crate) label: Label,
    /// The civil time of calendar days, of validity dates and of reports.
    pub(crate) zone: ZoneTable,
    pub(crate) calendars: Vec<NamedCalendar>,
    pub(crate) default_calendar: Option<CalendarIndex>,
    pub(crate) vocabulary: Vocabulary,
    /// The service agreement first, then the others by id. Never empty.
    pub(crate) agreements: Vec<Agreement>,
    pub(crate) owners: Vec<Owner>,
    pub(crate) gates: Vec<Gate>,
    /// Which roles may do what needs leave, by kind: waive, decline, reopen, approve.
    pub(crate) allowed: BTreeMap<Kind, Vec<RoleId>>,
    pub(crate) delivery: Option<Delivery>,
    pub(crate) warranties: Vec<Warranty>,
    /// KPI name to the target that it is measured by.
    pub(crate) kpis: BTreeMap<String, TargetId>,
    /// The first and the last date of `Received` to which it applies, in its zone, both included.
    pub(crate) valid_from: Option<CivilDate>,
    pub(crate) valid_until: Option<CivilDate>,
    /// Which tickets it applies to, by what `Received` tells.
    pub(crate) applies_to: Condition,
    /// What the linter notices and the author means.
    pub(crate) accepted: Vec<Accepted>,
}

/// The place of a calendar in its policy. It means nothing in another policy, nor in another
/// version: store [`CalendarId`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarIndex(pub(crate) u16);

/// A calendar under its name and version.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let names: Vec<(&str, u32)> =
///     policy.calendars().iter().map(|named| (named.id.as_str(), named.version)).collect();
/// assert_eq!(names, [("office", 1), ("hotline", 1)]);
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCalendar {
    /// Its name in the policy.
    pub id: CalendarId,
    /// Its version, counted from 1. It changes when what the calendar says changes, not with the
    /// policy's.
    pub version: u32,
    /// The compiled timetable.
    pub calendar: Calendar,
    /// What was compiled: the hours, with the holidays and the zone written out.
    pub published: PublishedCalendar,
}

/// The words that a policy knows. Values are in the order of their declaration.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let words = policy.vocabulary();
/// let levels: Vec<&str> = words.levels.iter().map(|(level, _)| level.as_str()).collect();
/// assert_eq!(levels, ["general", "major", "urgent"]); // least serious first
/// assert_eq!(words.default_level.as_ref().map(AsRef::as_ref), Some("general"));
/// let (_, texts) = &words.classes[0];
/// assert_eq!((texts.text("en"), texts.text("zh")), (Some("Enquiry"), Some("咨询")));
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vocabulary {
    /// The classes. A ticket of another class is accepted; only goals that ask for no class, or for
    /// `not` some, fit it.
    pub classes: Vec<(Class, Label)>,
    /// The levels, least serious first.
    pub levels: Vec<(Level, Label)>,
    /// The level of a ticket that nobody judged.
    pub default_level: Option<Level>,
    /// The ways in which a request may come in; empty where any may.
    pub channels: Vec<(Channel, Label)>,
    /// The texts of the points of satisfaction, worst first; empty where none are given.
    pub satisfaction: Vec<(Satisfaction, Label)>,
    /// The policy's own fields.
    pub fields: Vec<FieldWords>,
    /// The roles; a higher rank is further up.
    pub roles: Vec<RoleWords>,
    /// Whether no roles were declared, so that those in use became known by their use.
    pub roles_are_implied: bool,
    /// The reasons to pause. At most 64, so that a set of them is one integer.
    pub reasons: Vec<Reason>,
    /// Whether no reasons were declared, so that those in use became known by their use.
    pub reasons_are_implied: bool,
    /// The named moments.
    pub marks: Vec<(MarkId, Label)>,
}

/// One of a policy's own fields.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let complexity = &policy.vocabulary().fields[0];
/// assert_eq!(complexity.id.as_str(), "complexity");
/// // A complaint that nobody judged is a simple one: three working days instead of seven.
/// assert_eq!(complexity.default.as_ref().map(AsRef::as_ref), Some("simple"));
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldWords {
    /// Its name.
    pub id: FieldId,
    /// Its text.
    pub label: Label,
    /// Its values; empty where the vocabulary is open.
    pub values: Vec<(FieldValue, Label)>,
    /// The value of a ticket that nobody judged; `None` leaves it without one, and then only `not`
    /// holds.
    pub default: Option<FieldValue>,
}

/// One role.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let highest = policy.vocabulary().roles.iter().max_by_key(|role| role.rank);
/// assert_eq!(highest.map(|role| role.id.as_str()), Some("general-manager"));
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleWords {
    /// Its name.
    pub id: RoleId,
    /// Its text.
    pub label: Label,
    /// How far up it is: a higher rank is further up, and ranks may be shared.
    pub rank: u16,
}

/// One reason to pause.
///
/// ```
/// use punctual::event::Kind;
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let waiting = &policy.vocabulary().reasons[0];
/// assert_eq!(waiting.id.as_str(), "awaiting-customer");
/// // The customer's next message ends the wait: nobody has to resume the ticket.
/// assert_eq!(waiting.resumes_on.as_slice()[0].kind, Kind::CustomerWrote);
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its name.
    pub id: ReasonId,
    /// Its text.
    pub label: Label,
    /// What ends it without a `Resumed` event (SEMANTICS C4): found on reading, not recorded.
    pub resumes_on: Triggers,
}

/// What kind of promise an agreement is. It changes no arithmetic; an operational or a supplier
/// agreement defaults to [`Reclassify::Forward`] (SEMANTICS C14).
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy, Reclassify};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let supplier = policy.agreement(&"parts-supplier".parse()?).ok_or("no such agreement")?;
/// // What we find out about our customer changes nothing of what the supplier has used up.
/// assert_eq!(supplier.targets[0].reclassify, Reclassify::Forward);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AgreementKind {
    /// To the customer.
    Service,
    /// Between our own teams.
    Operational,
    /// From a supplier to us.
    Supplier,
}

/// A set of targets that is bound, paused and traced by itself.
///
/// The customer's clock runs on while a supplier's is paused, and the other way round.
///
/// ```
/// use punctual::policy::{AFTER_SALES, AgreementKind, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let kinds: Vec<_> = policy.agreements().iter().map(|it| (it.id.as_str(), it.kind)).collect();
/// assert_eq!(
///     kinds,
///     [
///         ("service", AgreementKind::Service),
///         ("parts-supplier", AgreementKind::Supplier),
///         ("service-point", AgreementKind::Supplier),
///     ],
/// );
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its name; the service agreement is named `service`.
    pub id: AgreementId,
    /// What kind of promise it is.
    pub kind: AgreementKind,
    /// Its text.
    pub label: Label,
    /// Its promised steps, in the order of the document.
    pub targets: Vec<Target>,
    /// What cancels every clock of it that is neither stopped nor over (SEMANTICS C12).
    pub cancel: Triggers,
    /// Which of its targets an event can concern.
    pub(crate) concerns: Concerns,
    /// Which of its goals fit which tickets.
    pub(crate) fits: Fits,
}

/// One promised step: a clock's start, its stop, and how long there may be between them.
///
/// ```
/// use punctual::event::Kind;
/// use punctual::policy::{AFTER_SALES, Policy, Reclassify};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let service = &policy.agreements()[0];
/// let target = service.target(&"complaint-solved".parse()?).ok_or("no such target")?;
/// assert_eq!(target.start.as_slice()[0].kind, Kind::Received);
/// assert_eq!(target.stop.as_slice()[0].kind, Kind::Resolved);
/// assert_eq!(target.reclassify, Reclassify::Retroactive); // the default
/// assert_eq!((target.goals.len(), target.ladder.len()), (2, 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub id: TargetId,
    /// Its text.
    pub label: Label,
    /// What starts a clock.
    pub start: Triggers,
    /// What stops it: any one of these.
    pub stop: Triggers,
    /// What cancels it, besides the agreement's own list.
    pub cancel: Triggers,
    /// When a further clock starts.
    pub cycle: Cycle,
    /// The place in its agreement of the target that is this one's cycle 0 (SEMANTICS C10): the two
    /// never run together.
    pub after: Option<usize>,
    /// Whether another target names this one by `after`: a first response, which only a customer
    /// who opened the ticket waits for.
    pub is_first_response: bool,
    /// Whether customer messages start it: a next reply, which a resolution cancels.
    pub is_next_reply: bool,
    /// The promises; the first whose condition holds applies. Where none holds, nothing is
    /// promised.
    pub goals: Vec<Goal>,
    /// The reasons that pause it: one bit for each of the vocabulary's, the first in the lowest
    /// bit. Zero for a target that nothing pauses.
    pub pauses: u64,
    /// What a new judgement or binding does to a running clock.
    pub reclassify: Reclassify,
    /// What a reopened ticket does to a clock that its resolution had stopped.
    pub reopen: Reopen,
    /// Who is told when, in the order of the document; the order plays no part in when.
    pub ladder: Vec<Rung>,
    /// Which tickets it is meant for at all. Each goal's condition says so already; the linter
    /// asks whether the goals cover what is meant.
    pub applies_to: Condition,
    /// Which goals can concern a class.
    pub(crate) index: Option<Box<GoalIndex>>,
}

/// When a target starts a further clock (SEMANTICS C10, C11). All cycles are kept.
///
/// ```
/// use punctual::event::Kind;
/// use punctual::policy::{AFTER_SALES, Cycle, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let service = &policy.agreements()[0];
/// let cycle = |id: &str| service.targets.iter().find(|it| it.id.as_str() == id).map(|it| &it.cycle);
/// assert_eq!(cycle("diagnosis"), Some(&Cycle::Once));
/// assert_eq!(cycle("next-reply"), Some(&Cycle::Each)); // each unanswered message
/// let Some(Cycle::Restart { reset }) = cycle("progress") else { return Err("periodic".into()) };
/// assert_eq!(reset.as_slice()[0].kind, Kind::ProgressReported); // a new day begins with each report
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cycle {
    /// Never.
    Once,
    /// At a start event while none is open; a lead clock is re-anchored by one.
    Each,
    /// At every reset event, which also ends the cycle before it; at a start event while none is
    /// open.
    Restart {
        /// What ends a period and begins the next.
        reset: Triggers,
    },
}

/// What a new judgement or binding does to a clock that has not stopped (SEMANTICS C8).
///
/// One that has stopped keeps its goal. For the four side by side see the
/// [worked example](crate::clock#a-reclassification-four-ways).
///
/// ```
/// use punctual::policy::Reclassify;
///
/// assert_eq!(Reclassify::default(), Reclassify::Retroactive);
/// assert_eq!(serde_json::to_string(&Reclassify::Carry)?, r#""carry""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reclassify {
    /// New budget and calendar from the original start, with the ticket's own pauses. It may be
    /// over at once.
    #[default]
    Retroactive,
    /// The share used is kept: an exact ratio, rounded down to the microsecond.
    Carry,
    /// A whole new budget from now on. The clock still says when it first started.
    Forward,
    /// As if it started now; the former use is dropped.
    Reset,
}

/// What `Reopened` does to a clock that the resolution had stopped (SEMANTICS C9).
///
/// A clock that the resolution merely suspended goes on in any case, without the resolved time.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy, ReopenMode};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let service = &policy.agreements()[0];
/// let solved = service.target(&"complaint-solved".parse()?).ok_or("no such target")?;
/// assert_eq!(solved.reopen.mode, ReopenMode::Continue);
/// assert_eq!(solved.reopen.new_cycle_after.map(|days| days.get()), Some(30));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reopen {
    /// The mode.
    pub mode: ReopenMode,
    /// Always a new cycle when the resolution lies at least so many calendar days back, in the
    /// policy's zone; whatever the mode says.
    pub new_cycle_after: Option<NonZeroU16>,
}

/// How a clock that the resolution had stopped goes on.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy, ReopenMode};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let mode_of = |target: &str| -> Result<_, Box<dyn std::error::Error>> {
///     let found = policy.agreements()[0].target(&target.parse()?);
///     Ok(found.map(|target| target.reopen.mode))
/// };
/// // Whoever was answered has been answered; what was not solved goes on.
/// assert_eq!(mode_of("first-response")?, Some(ReopenMode::Stay));
/// assert_eq!(mode_of("complaint-solved")?, Some(ReopenMode::Continue));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ReopenMode {
    /// It goes on; the time while it was resolved does not count.
    #[default]
    Continue,
    /// It goes on; the time while it was resolved counts.
    ContinueWithGap,
    /// A new cycle starts.
    NewCycle,
    /// It stays stopped: what it promised has been done.
    Stay,
}

/// One promise of a target: so much time, for such tickets.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Budget, Policy};
/// use punctual::ticket::Status;
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let service = &policy.agreements()[0];
/// let target = service.target(&"complaint-solved".parse()?).ok_or("no such target")?;
/// let mut status = Status::default();
/// status.class = Some("complaint".parse()?);
/// // Of several goals the first that fits counts: a simple complaint, one to three working days.
/// let (_, goal) = target.goal_for(&status).ok_or("nothing is promised")?;
/// assert!(matches!(goal.within, Budget::WorkingDays { days, .. } if days.get() == 3));
/// assert!(matches!(goal.lower, Some(Budget::WorkingDays { days, .. }) if days.get() == 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// For which tickets.
    pub when: Condition,
    /// How long it may take.
    pub within: Budget,
    /// The lower bound of a range such as `1-3wd`, of the same kind.
    pub lower: Option<Budget>,
}

/// How long a target may take. The kinds are different promises, so they are different variants
/// (SEMANTICS B1).
///
/// | written | is | on a Friday at 17:00, office 9-18, falls due |
/// |---|---|---|
/// | `24h` | wall time | Saturday 17:00 |
/// | `2wh` | open time of a calendar | Monday 10:00 |
/// | `3d` | the same local time, days later | Monday 17:00 |
/// | `1wd` | the last closing of a working day after the start's date | Monday 18:00 |
/// | `24h before visit` | wall time back from the visit | the day before, at that time |
///
/// ```
/// use punctual::clock::{self, Bindings};
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
/// let ticket = ticket(&[("2026-03-13T17:00", r#"{"type":"receive"}"#)])?; // a Friday
/// for (within, due) in [
///     ("24h", "2026-03-14T17:00:00+08:00"),
///     ("2wh", "2026-03-16T10:00:00+08:00"),
///     ("3d", "2026-03-16T17:00:00+08:00"),
///     ("1wd", "2026-03-16T18:00:00+08:00"),
/// ] {
///     let document = r#"
///         policy   = "help-desk"
///         timezone = "Asia/Shanghai"
///         default-calendar = "office"
///         [calendar.office]
///         week = { mon-fri = ["09:00-18:00"] }
///         [target.solved]
///         start = "received"
///         stop  = "resolved"
///         goals = [{ within = "WITHIN" }]
///     "#;
///     let policy = Policy::from_toml(&document.replace("WITHIN", within))?;
///     let now = "2026-03-13T17:00:00+08:00".parse()?;
///     let reading = clock::read(ticket.timeline(), &Bindings::to(&policy), now).remove(0);
///     assert_eq!(reading.due_at, Some(due.parse()?), "{within}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Budget {
    /// `24h`: by the clock on the wall, day and night. Zero is due at the start.
    Elapsed(WallTime),
    /// `2wh`: while the desk is open.
    Working {
        /// How much open time.
        length: WorkingTime,
        /// Whose.
        calendar: CalendarIndex,
    },
    /// `3d`: the same local time so many days later, in the policy's zone.
    CalendarDays {
        /// How many.
        days: NonZeroU16,
    },
    /// `2wd`: until the last closing of the second date with a shift *after* the date of the start,
    /// which never counts itself. It is fixed at the start and becomes a length of open time
    /// (SEMANTICS B2), so what is finished after that closing, before the next opening, is in time.
    WorkingDays {
        /// How many.
        days: NonZeroU16,
        /// Until when on the last of them.
        until: DayEnd,
        /// Whose.
        calendar: CalendarIndex,
    },
    /// `24h before visit`: due so long before the visit begins. Such a clock does not pause
    /// (SEMANTICS B4).
    Lead {
        /// How long before.
        length: Length,
    },
}

/// Until when on the last of some working days.
///
/// ```
/// use punctual::policy::{Budget, DayEnd, Policy};
///
/// let policy = Policy::from_toml(r#"
///     policy   = "parcels"
///     timezone = "Asia/Shanghai"
///     default-calendar = "office"
///     [calendar.office]
///     week = { mon-fri = ["09:00-18:00"] }
///     [target.sent]
///     start = "received"
///     stop  = "resolved"
///     goals = [
///       { when = { level = "urgent" }, within = "1wd", at = "same-time" },
///       { within = "1wd" },
///     ]
/// "#)?;
/// let ends: Vec<DayEnd> = policy.agreements()[0].targets[0].goals.iter()
///     .filter_map(|goal| match goal.within {
///         Budget::WorkingDays { until, .. } => Some(until),
///         _ => None,
///     })
///     .collect();
/// // Of an order at three on Monday: until three on Tuesday, or until six.
/// assert_eq!(ends, [DayEnd::SameTime, DayEnd::Closing]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DayEnd {
    /// Its last closing.
    #[default]
    Closing,
    /// The clock time of the start.
    SameTime,
}

/// A length of wall time or of open time, as a rung or a lead has one.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Length, Policy, RungAt};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let first = policy.agreements()[0].target(&"first-response".parse()?).ok_or("no such target")?;
/// let RungAt::After(Length::Working { length, on }) = first.ladder[2].at else {
///     return Err("two working hours after the breach".into());
/// };
/// assert_eq!(length.to_string(), "2h");
/// assert!(on.is_some()); // the rung names its calendar: the goals of urgent tickets have none
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// Day and night.
    Wall(WallTime),
    /// While a desk is open: the named one, or else the goal's, or else the policy's.
    Working {
        /// How much.
        length: WorkingTime,
        /// Whose, where it is named.
        on: Option<CalendarIndex>,
    },
    /// Working days until closing, on the named calendar, or else the goal's, or else the policy's.
    WorkingDays {
        /// How many.
        days: NonZeroU16,
        /// Whose, where it is named.
        on: Option<CalendarIndex>,
    },
}

/// One step of a ladder: at this point of the clock, tell this role.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy, RungAt};
/// use punctual::time::Share;
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let service = &policy.agreements()[0];
/// let target = service.target(&"complaint-solved".parse()?).ok_or("no such target")?;
/// let [lower, share, due, after] = &target.ladder[..] else {
///     return Err("four rungs".into());
/// };
/// assert_eq!((lower.at, share.at), (RungAt::Lower, RungAt::Share(Share::percent(80))));
/// assert_eq!((due.at, due.tell.as_str()), (RungAt::Due, "after-sales-manager"));
/// assert!(after.repeat.is_some()); // told again each working day, three times more at most
/// assert!(after.rank > due.rank);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Where on the clock it sits.
    pub at: RungAt,
    /// Whom to tell.
    pub tell: RoleId,
    /// The rank of that role.
    pub rank: u16,
    /// For which tickets, as they stand when it is reached.
    pub when: Condition,
    /// How often it is told again, counted from its own point.
    pub repeat: Option<Repeat>,
}

/// Where on its clock a rung sits (SEMANTICS L1).
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy, RungAt};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let service = &policy.agreements()[0];
/// let solved = service.target(&"complaint-solved".parse()?).ok_or("no such target")?;
/// let rungs: Vec<RungAt> = solved.ladder.iter().map(|rung| rung.at).collect();
/// // Of one to three working days: when the first is over, at 80 %, at the end, and a day later.
/// assert!(matches!(
///     rungs[..],
///     [RungAt::Lower, RungAt::Share(_), RungAt::Due, RungAt::After(_)],
/// ));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RungAt {
    /// `80%`: the earliest instant at which the clock reaches that share of its budget.
    Share(Share),
    /// `lower`: the earliest instant at which it reaches the lower bound of a range.
    Lower,
    /// `-10m`: so long before `due_at`, as that stands while the clock runs.
    Before(Length),
    /// `due`: one microsecond after the last instant in time.
    Due,
    /// `+2wh`: so long after that.
    After(Length),
}

/// How often a rung is told again.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let solved = policy.agreements()[0].target(&"complaint-solved".parse()?).ok_or("no such target")?;
/// let repeat = solved.ladder[3].repeat.ok_or("told once")?;
/// assert_eq!(repeat.most.get(), 3); // the general manager hears of it four times at most
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Repeat {
    /// After how long.
    pub every: Length,
    /// How often at most, not counting the first time: 3 gives four tellings in all.
    pub most: NonZeroU16,
}

/// Who owns a ticket at classification. Of several rules the first that fits counts.
///
/// Ownership is advice to the embedding service: assigning stays its own act, recorded as `Assigned`.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::ticket::Status;
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let mut status = Status::default();
/// let owner_of = |status: &Status| policy.owner(status).map(|role| role.to_string());
/// assert_eq!(owner_of(&status).as_deref(), Some("specialist"));
/// status.level = Some("urgent".parse()?);
/// assert_eq!(owner_of(&status).as_deref(), Some("after-sales-manager"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// For which tickets.
    pub when: Condition,
    /// Which role.
    pub is: RoleId,
}

/// An event that needs another first (SEMANTICS P4). Asked by [`Policy::permit`].
///
/// ```
/// use punctual::event::Kind;
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let gate = policy.gates().iter().find(|gate| gate.name == "compensation").ok_or("no gate")?;
/// assert_eq!(gate.event.kind, Kind::CompensationGranted);
/// assert_eq!(gate.needs, Kind::CompensationApproved);
/// assert_eq!(gate.by, ["service-supervisor".parse()?]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Its name.
    pub name: String,
    /// What is held back; where the trigger has conditions, only when they hold.
    pub event: Trigger,
    /// What must come first and be in force: an accepted plan that was disputed again is not.
    pub needs: Kind,
    /// Which roles may give it; empty for anyone.
    pub by: Vec<RoleId>,
    /// For which tickets.
    pub when: Condition,
}

/// When messages may go out (SEMANTICS L5). It moves no instant of a breach.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::ticket::Status;
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let delivery = policy.delivery().ok_or("messages go out at any hour")?;
/// let mut urgent = Status::default();
/// urgent.level = Some("urgent".parse()?);
/// let except = delivery.except.as_ref().ok_or("no exception")?;
/// assert!(except.holds(&urgent)); // told at once, at night too
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// While this calendar is open.
    pub on: CalendarIndex,
    /// Except for these tickets, which are told at once.
    pub except: Option<Condition>,
}

/// A period of warranty, from an event on: not a clock, and nobody is warned of its end.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// for warranty in policy.warranties() {
///     println!("{}: {} days from {}", warranty.name, warranty.lasts, warranty.from.kind);
/// }
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warranty {
    /// Its name.
    pub name: String,
    /// What starts it.
    pub from: Trigger,
    /// How long it lasts: calendar days in the policy's zone.
    pub lasts: NonZeroU16,
}

/// A condition on how a ticket is judged. All terms must hold; none at all always holds.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Condition, Policy};
/// use punctual::ticket::Status;
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let service = &policy.agreements()[0];
/// let target = service.target(&"first-response".parse()?).ok_or("no such target")?;
/// let for_complaints = &target.goals[0].when;
///
/// let mut status = Status::default();
/// assert!(!for_complaints.holds(&status)); // no class yet
/// status.class = Some("complaint".parse()?);
/// assert!(for_complaints.holds(&status));
/// assert!(Condition::ALWAYS.holds(&status));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Condition {
    pub(crate) terms: Vec<Term>,
}

/// One term of a condition: a subject, and the values that answer it.
///
/// What nobody judged, where there is no default either, is no value: it answers only a negated
/// term.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let service = &policy.agreements()[0];
/// let diagnosis = service.target(&"diagnosis".parse()?).ok_or("no such target")?;
/// let term = &diagnosis.applies_to.terms()[0];
/// assert_eq!(term.subject.name(), "class");
/// assert_eq!(term.values, ["fault", "complaint", "repair"]);
/// assert_eq!(term.to_string(), "class = fault | complaint | repair");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// What is asked.
    pub subject: Subject,
    /// Which values answer it.
    pub values: Vec<String>,
    /// Whether all other values answer it instead.
    pub negated: bool,
}

/// What a condition asks of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Its class.
    Class,
    /// Its level, or the policy's default where nobody judged it.
    Level {
        /// The level of a ticket that nobody judged.
        default: Option<Level>,
    },
    /// The way it came in.
    Channel,
    /// The product model.
    Product,
    /// Whether it is covered: `yes`, `no`.
    InScope,
    /// One of the policy's own fields, or the field's default.
    Field {
        /// Which.
        id: FieldId,
        /// Its value where nobody judged it.
        default: Option<FieldValue>,
    },
}

/// An event that starts, stops or otherwise moves a clock.
///
/// ```
/// use punctual::event::{Actor, Kind};
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::ticket::{Action, Command, Permit, Ticket, decide};
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
/// // Only the after-sales supervisor's second contact counts as one.
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let service = &policy.agreements()[0];
/// let target = service.target(&"second-contact".parse()?).ok_or("no such target")?;
/// let stop = &target.stop.as_slice()[0];
/// assert_eq!(stop.kind, Kind::FollowedUp);
/// assert_eq!(stop.by, ["after-sales-supervisor".parse()?]);
///
/// let ticket = ticket(&[
///     ("2026-03-09T09:00", r#"{"type":"receive"}"#),
///     ("2026-03-09T10:00", r#"{"type":"resolve"}"#),
///     ("2026-03-10T10:00", r#"{"type":"follow-up","kind":"second-contact"}"#),
/// ])?;
/// let mut contact = ticket.timeline().facts()[2].clone();
/// assert!(!stop.matches(&contact)); // by nobody in particular
/// contact.roles = ["after-sales-supervisor".parse()?].into_iter().collect();
/// assert!(stop.matches(&contact));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// Its kind.
    pub kind: Kind,
    /// Its name, where the kind is `marked`.
    pub mark: Option<MarkId>,
    /// Conditions on its own fields. All must hold.
    pub when: Vec<FieldTerm>,
    /// The roles of which the actor must hold one; empty for anyone.
    pub by: Vec<RoleId>,
}

/// A condition on an event's own field, such as `satisfaction` of `surveyed`.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::ticket::EventField;
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let service = &policy.agreements()[0];
/// let acceptance = service.target(&"acceptance".parse()?).ok_or("no such target")?;
/// let term = &acceptance.start.as_slice()[0].when[0];
/// assert_eq!((term.field, term.negated), (EventField::Method, true));
/// assert_eq!(term.to_string(), "method = not remote"); // any other way, and none told, is signed for
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldTerm {
    /// Which field.
    pub field: EventField,
    /// Which values answer it.
    pub values: Vec<String>,
    /// Whether all other values, and an absent one, answer it instead.
    pub negated: bool,
}

/// Several triggers, any of which will do. The kinds are also one integer, so that a fact that
/// concerns none of them is passed over in one step.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let service = &policy.agreements()[0];
/// let first = service.target(&"first-response".parse()?).ok_or("no such target")?;
/// let stops: Vec<&str> = first.stop.as_slice().iter().map(|stop| stop.kind.name()).collect();
/// assert_eq!(stops, ["replied", "diagnosed", "marked", "declined", "resolved"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Triggers {
    kinds: u128,
    any: Vec<Trigger>,
}

impl Triggers {
    /// Returns the set of these triggers.
    #[must_use]
    pub fn new(any: Vec<Trigger>) -> Self {
        let kinds = any
            .iter()
            .fold(0, |kinds, trigger| kinds | trigger.kind.bit());
        Self { kinds, any }
    }

    /// Returns the triggers in the order of the document.
    #[must_use]
    pub fn as_slice(&self) -> &[Trigger] {
        &self.any
    }

    /// Returns the kinds as bits.
    pub(crate) const fn kinds(&self) -> u128 {
        self.kinds
    }

    /// Returns whether one of them answers to this fact.
    #[must_use]
    pub fn matches(&self, fact: &Fact) -> bool {
        self.kinds & fact.kind.bit() != 0 && self.any_matches(fact)
    }

    /// The same, for who knows that one of them is of the fact's kind.
    pub(crate) fn any_matches(&self, fact: &Fact) -> bool {
        self.any.iter().any(|trigger| trigger.matches(fact))
    }
}

impl Trigger {
    /// Returns whether it answers to this fact.
    ///
    /// An automatic answer counts as a reply only where the trigger asks about `automatic`, and a
    /// merger only on the side that goes into the other ticket unless it asks about `side`.
    #[must_use]
    pub fn matches(&self, fact: &Fact) -> bool {
        self.kind == fact.kind
            && self.mark_matches(fact)
            && self.when.iter().all(|term| term.holds(fact))
            && (self.by.is_empty()
                || self
                    .by
                    .iter()
                    .any(|role| fact.roles.contains(role.as_str())))
            && !self.is_silent_about_exception(fact)
    }

    fn mark_matches(&self, fact: &Fact) -> bool {
        match (&self.mark, &fact.detail) {
            (Some(wanted), Detail::Mark(mark)) => wanted == mark,
            (Some(_), _) => false,
            (None, _) => true,
        }
    }

    /// Returns whether the fact is one that only a trigger which asks about it means.
    fn is_silent_about_exception(&self, fact: &Fact) -> bool {
        let asks = |field: EventField| self.when.iter().any(|term| term.field == field);
        if matches!(fact.detail, Detail::Replied { automatic: true }) {
            !asks(EventField::Automatic)
        } else {
            matches!(fact.detail, Detail::Merged(MergeSide::From)) && !asks(EventField::Side)
        }
    }
}

impl FieldTerm {
    fn holds(&self, fact: &Fact) -> bool {
        let answered = fact
            .field(self.field)
            .is_some_and(|found| self.values.iter().any(|value| value == found));
        answered != self.negated
    }
}

impl Condition {
    /// Returns the condition that always holds.
    pub const ALWAYS: Self = Self { terms: Vec::new() };

    /// Returns the terms, all of which must hold.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Returns whether it holds for a ticket that stands like this.
    #[inline]
    #[must_use]
    pub fn holds(&self, status: &Status) -> bool {
        self.terms.iter().all(|term| term.holds(status))
    }
}

impl Term {
    /// Not inlined: within the loop over terms every field of the status, of which a term asks one,
    /// would be taken apart before the first.
    #[inline(never)]
    fn holds(&self, status: &Status) -> bool {
        self.is_answered_by(self.subject.of(status))
    }

    /// Returns whether a value answers it, or none at all.
    pub(super) fn is_answered_by(&self, found: Option<&str>) -> bool {
        found.is_some_and(|found| self.values.iter().any(|value| value == found)) != self.negated
    }
}

impl Subject {
    pub(super) fn of<'s>(&'s self, status: &'s Status) -> Option<&'s str> {
        match self {
            Self::Class => status.class.as_ref().map(Class::as_str),
            Self::Level { default } => status
                .level
                .as_ref()
                .or(default.as_ref())
                .map(Level::as_str),
            Self::Channel => status.channel.as_ref().map(crate::event::Channel::as_str),
            Self::Product => status.product.as_ref().map(crate::event::Product::as_str),
            Self::InScope => status
                .in_scope
                .map(|covered| if covered { "yes" } else { "no" }),
            Self::Field { id, default } => status
                .fields
                .get(id)
                .or(default.as_ref())
                .map(FieldValue::as_str),
        }
    }
}
