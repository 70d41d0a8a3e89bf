//! When a ticket must be looked at again, and whether it ever must.

#[cfg(feature = "engine")]
use crate::clock::Walk;
use crate::clock::{Bindings, Measured, State};
use crate::escalation::{self, PlacedRung, Standing};
use crate::policy::RungAt;
use crate::ticket::{Phase, Ticket};
use crate::time::{Instant, Share};

/// Returns whether nothing of a ticket is left to be measured: it has ended, and so has every
/// clock.
///
/// A resolved ticket whose survey is still owed is not finished.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::supervision;
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
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let bindings = Bindings::to(&policy);
/// let mut told = vec![
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"enquiry"}"#),
///     ("2026-03-09T09:10", r#"{"type":"reply"}"#),
///     ("2026-03-09T09:20", r#"{"type":"resolve"}"#),
/// ];
/// let now = "2026-03-09T10:00:00+08:00".parse()?;
/// assert!(!supervision::is_finished(&ticket(&told)?, &bindings, now));
///
/// told.push(("2026-03-09T09:40", r#"{"type":"ask-survey"}"#));
/// assert!(supervision::is_finished(&ticket(&told)?, &bindings, now));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn is_finished(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> bool {
    has_finished(&State::new(ticket.timeline(), bindings, now))
}

fn has_finished(state: &State<'_, '_>) -> bool {
    !matches!(state.status().phase, Phase::Unknown | Phase::Open) && !state.is_live()
}

/// What an engine keeps of a ticket between two looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// When it must be looked at again, see [`wake_at`].
    pub wake_at: Option<Instant>,
    /// Whether nothing of it is left to be measured, see [`is_finished`].
    pub is_finished: bool,
}

/// Returns [`wake_at`] and [`is_finished`] in one look.
///
/// A finished ticket may still have a `wake_at`, in the past: a breach that nobody has recorded.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::supervision;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::ticket::Ticket;
///
/// // Nothing has happened yet: nothing to be expected, and nothing finished.
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let now = "2026-03-09T09:00:00+08:00".parse()?;
/// let outlook = supervision::outlook(&Ticket::default(), &Bindings::to(&policy), now);
/// assert_eq!((outlook.wake_at, outlook.is_finished), (None, false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Complexity
/// That of [`supervise`](super::supervise).
#[must_use]
pub fn outlook(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> Outlook {
    outlook_of(ticket, &State::new(ticket.timeline(), bindings, now))
}

/// Returns the same of a ticket whose walk was kept, and the walk as far as it has come now.
#[cfg(feature = "engine")]
pub(crate) fn resumed(
    kept: Option<Walk>,
    ticket: &Ticket,
    bindings: &Bindings<'_>,
    now: Instant,
) -> (Outlook, Walk) {
    let state = State::resumed(kept, ticket.timeline(), bindings, now);
    (outlook_of(ticket, &state), state.into_walk())
}

fn outlook_of(ticket: &Ticket, state: &State<'_, '_>) -> Outlook {
    Outlook {
        wake_at: earliest(ticket, state),
        is_finished: has_finished(state),
    }
}

/// Returns when the ticket must be looked at again: the earliest rung or warning that is ahead or
/// owed, or the first microsecond of a breach that is ahead; `None` when nothing is to be expected without a new
/// fact.
///
/// A hint: looking earlier, later or never changes no verdict. It may lie in the past, where a rung
/// waits to be recorded: call [`supervise`](super::supervise) first, then ask this of the ticket with its events.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::supervision;
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
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let ticket = ticket(&[
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"complaint"}"#),
///     ("2026-03-09T09:01", r#"{"type":"acknowledge"}"#),
/// ])?;
/// let now = "2026-03-09T09:05:00+08:00".parse()?;
/// let wake_at = supervision::wake_at(&ticket, &Bindings::to(&policy), now);
/// assert_eq!(wake_at, Some("2026-03-09T09:24:00+08:00".parse()?)); // 80 % of half an hour
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn wake_at(ticket: &Ticket, bindings: &Bindings<'_>, now: Instant) -> Option<Instant> {
    earliest(ticket, &State::new(ticket.timeline(), bindings, now))
}

fn earliest(ticket: &Ticket, state: &State<'_, '_>) -> Option<Instant> {
    let of_clock = |measured: Measured<'_, '_>| {
        let breach_at = unrecorded_breach(&measured, ticket);
        // No rung is ahead of a clock that has ended, and none is owed (SEMANTICS L3).
        if measured.clock.end.is_some() {
            return breach_at;
        }
        let breach_at = breach_at.or_else(|| next_breach(&measured));
        let (rung_at, warns_at) = rungs_ahead(&measured, ticket, state);
        [breach_at, rung_at, warns_at].into_iter().flatten().min()
    };
    state.unsettled().filter_map(of_clock).min()
}

/// The earliest rung of a live clock that is ahead or owed, and when it warns.
fn rungs_ahead(
    measured: &Measured<'_, '_>,
    ticket: &Ticket,
    state: &State<'_, '_>,
) -> (Option<Instant>, Option<Instant>) {
    let (mut rung_at, mut warns_at): (Option<Instant>, Option<Instant>) = (None, None);
    let earlier =
        |known: Option<Instant>, at: Instant| Some(known.map_or(at, |known| known.min(at)));
    let may_warn = may_warn(measured, ticket);
    escalation::placed(measured, ticket, state, |placed| {
        // What is owed must be looked at now.
        if matches!(placed.standing, Standing::Ahead | Standing::Owed) {
            rung_at = earlier(rung_at, placed.at);
        }
        if may_warn && warns(&placed, measured.now) {
            warns_at = earlier(warns_at, placed.at);
        }
    });
    (rung_at, warns_at)
}

/// The first microsecond of a breach that is still ahead of a clock.
fn next_breach(measured: &Measured<'_, '_>) -> Option<Instant> {
    let is_live = measured.clock.end.is_none() && measured.clock.waived_at.is_none();
    let tally = measured
        .tally()
        .filter(|tally| is_live && !tally.is_over())?;
    tally.breach_after?.next()
}

/// When the present goal was breached, if that counts and nobody has recorded it.
pub(super) fn unrecorded_breach(measured: &Measured<'_, '_>, ticket: &Ticket) -> Option<Instant> {
    let tally = measured.tally().filter(|_| measured.outcome(0).is_over())?;
    let mut recorded = ticket.told().breached.iter();
    let is_recorded = recorded.any(|known| measured.is_named(&known.clock));
    (!is_recorded).then(|| tally.breached_at.unwrap_or(measured.current.at))
}

/// Returns whether a clock is live and its first warning under its goal is not recorded.
fn may_warn(measured: &Measured<'_, '_>, ticket: &Ticket) -> bool {
    let is_live = measured.clock.end.is_none() && measured.clock.waived_at.is_none();
    is_live
        && !ticket
            .told()
            .warned
            .iter()
            .any(|known| measured.is_named(known))
}

/// When a live clock warns for the first time under its goal, in the past or ahead, if that is not
/// recorded.
pub(super) fn warns_at(
    measured: &Measured<'_, '_>,
    ticket: &Ticket,
    rungs: &[PlacedRung<'_>],
) -> Option<Instant> {
    if !may_warn(measured, ticket) {
        return None;
    }
    let warning = rungs.iter().filter(|placed| warns(placed, measured.now));
    warning.map(|placed| placed.at).min()
}

/// Returns whether a rung is a warning that counts. Not only what is owed does: a rung that was told
/// before a rebind is not told again, and the new goal warns at an instant of its own.
fn warns(placed: &PlacedRung<'_>, now: Instant) -> bool {
    let is_warning = match placed.rung.at {
        RungAt::Share(share) => share < Share::percent(100),
        RungAt::Lower | RungAt::Before(_) => true,
        RungAt::Due | RungAt::After(_) => false,
    };
    let counts = match placed.standing {
        Standing::Ahead => placed.at > now,
        Standing::Owed | Standing::Told => true,
        Standing::Superseded | Standing::Lapsed => false,
    };
    // The notice of a goal that was over as it came is no rung of its own.
    is_warning && counts && placed.place.is_some()
}
