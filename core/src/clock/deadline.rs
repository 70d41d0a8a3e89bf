//! The one deadline to show, of all that a ticket has (SEMANTICS C14).

use super::reading::Reading;
use crate::ticket::Outcome;

/// Returns the reading whose deadline is the visible one: the earliest `due_at` of a live promise
/// that has not passed; of several at one instant that of the agreement whose id comes first, and
/// within an agreement the first of `readings`. `None` where nothing is to be shown.
///
/// - A deadline has passed once more than its budget is used. One that fell due at closing is shown
///   through the night, since it is still in time ([`Reading::breach_after`]); so is one whose
///   budget was used up to the last microsecond as a pause began.
/// - A clock that is paused or suspended before that has no deadline and is passed over: see
///   [`Reading::due_or_if_resumed`] for a place in a queue.
/// - A promise that has ended, was waived, or was made with too short a lead shows none.
///
/// `readings` are those of one ticket at one instant, as [`read`](super::read) returns them; of
/// several tickets it is the earliest of all.
///
/// ```
/// use punctual::clock::{self, Bindings};
/// use punctual::policy::Policy;
/// use punctual::time::Instant;
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
/// // A promise to the customer, and one that a supplier made to us.
/// let policy = Policy::from_toml(r#"
///     policy   = "repairs"
///     timezone = "Asia/Shanghai"
///     [target.repaired]
///     start = "received"
///     stop  = "resolved"
///     goals = [{ within = "8h" }]
///     [agreement.spare-parts]
///     kind = "supplier"
///     [agreement.spare-parts.target.on-site]
///     start = "dispatched"
///     stop  = "arrived"
///     goals = [{ within = "2h" }]
/// "#)?;
/// let ticket = ticket(&[
///     ("2026-03-09T09:00", r#"{"type":"receive"}"#),
///     ("2026-03-09T10:00", r#"{"type":"dispatch"}"#),
/// ])?;
/// let visible_at = |civil: &str| -> Result<_, Box<dyn std::error::Error>> {
///     let now: Instant = format!("2026-03-09T{civil}:00+08:00").parse()?;
///     let readings = clock::read(ticket.timeline(), &Bindings::to(&policy), now);
///     let visible = clock::visible_deadline(&readings);
///     Ok(visible.map(|it| it.target().to_string()))
/// };
/// assert_eq!(visible_at("11:00")?.as_deref(), Some("on-site")); // at noon
/// assert_eq!(visible_at("12:00")?.as_deref(), Some("on-site")); // at noon is in time
/// assert_eq!(visible_at("12:01")?.as_deref(), Some("repaired")); // at five
/// assert_eq!(visible_at("17:01")?, None); // both have passed
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn visible_deadline(readings: &[Reading]) -> Option<&Reading> {
    let shown = readings.iter().filter(|reading| is_ahead(reading));
    shown
        .filter_map(|reading| Some((reading.due_at?, reading)))
        .min_by(|(a, one), (b, other)| (a, one.agreement()).cmp(&(b, other.agreement())))
        .map(|(_, reading)| reading)
}

/// A promise that can still be kept.
fn is_ahead(reading: &Reading) -> bool {
    reading.is_live() && matches!(reading.outcome, Outcome::Open | Outcome::Imminent)
}
