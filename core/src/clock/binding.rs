//! Which policy version applies to which agreement of a ticket, and from when.

use crate::event::{AgreementId, Version};
use crate::policy::{Agreement, Policy, PolicyBook};
use crate::ticket::{PolicyBound, Timeline};
use crate::time::Instant;

/// Why the clocks of a ticket cannot be read. Loading the missing policy version helps; nothing
/// else does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BindingError {
    /// The ticket is bound to a policy version that the book does not hold.
    #[error("{} version {} with its calendars is not in the book; publish or load it", .0.policy, .0.version)]
    UnknownPolicy(Box<PolicyBound>),
    /// The bound version has no such agreement.
    #[error("{} version {} has no agreement `{}`", .0.policy, .0.version, .0.agreement)]
    UnknownAgreement(Box<PolicyBound>),
}

/// One agreement of one policy version, from an instant on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Binding<'p> {
    pub(crate) policy: &'p Policy,
    /// The agreement in that version.
    pub(crate) agreement: &'p Agreement,
    /// The binding event; [`Version::NONE`] where the policy was given and not recorded.
    pub(crate) by: Version,
}

/// The policy versions that apply to a ticket, agreement by agreement.
///
/// Take [`Bindings::to`] to read a history under one policy, whatever was bound in reality: a
/// preview, a test, a backtest. Take [`Bindings::recorded`] to read what was really promised.
///
/// ```
/// use punctual::clock::{self, Bindings};
/// use punctual::policy::{Policy, PolicyBook};
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
/// let document = r#"
///     policy   = "help-desk"
///     timezone = "Asia/Shanghai"
///     [target.first-response]
///     start = "received"
///     stop  = "replied"
///     goals = [{ within = "30m" }]
/// "#;
/// let book: PolicyBook = [Policy::from_toml(document)?].into_iter().collect();
///
/// // The engine binds a ticket to what is valid as it comes in...
/// let ticket = ticket(&[("2026-03-09T09:00", r#"{"type":"receive"}"#)])?;
/// let now = "2026-03-09T09:00:00+08:00".parse()?;
/// let events = supervision::bind::<Box<str>>(&ticket, &book);
/// let ticket = supervision::after(&ticket, events, now);
///
/// // ...and a stricter policy of tomorrow does not change what was promised today.
/// let stricter = Policy::from_toml(&document.replace("30m", "10m"))?;
/// let promised = Bindings::recorded(ticket.timeline(), &book, now)?;
/// let due = |bindings| clock::read(ticket.timeline(), bindings, now)[0].due_at;
/// assert_eq!(due(&promised), Some("2026-03-09T09:30:00+08:00".parse()?));
/// assert_eq!(due(&Bindings::to(&stricter)), Some("2026-03-09T09:10:00+08:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Bindings<'p> {
    /// By agreement; the first of each list applies from the beginning.
    agreements: Vec<Vec<Binding<'p>>>,
}

impl<'p> Bindings<'p> {
    /// Returns the bindings of a ticket to all agreements of one policy, from the beginning.
    /// Bindings that the ticket itself records are passed over.
    #[must_use]
    pub fn to(policy: &'p Policy) -> Self {
        let binding = |agreement| {
            vec![Binding {
                policy,
                agreement,
                by: Version::NONE,
            }]
        };
        Self {
            agreements: policy.agreements().iter().map(binding).collect(),
        }
    }

    /// Returns the bindings that the ticket's own `PolicyBound` events name, up to `now`.
    ///
    /// The first binding of an agreement applies from the beginning, whenever it was recorded; each
    /// further one is a rebind and applies from its own instant (SEMANTICS P1, P2). Empty for a
    /// ticket that was never bound: nothing was promised, and nothing is read.
    ///
    /// ```
    /// use punctual::clock::Bindings;
    /// use punctual::policy::PolicyBook;
    /// use punctual::ticket::Ticket;
    ///
    /// let (nothing, book) = (Ticket::default(), PolicyBook::default());
    /// let now = "2026-03-09T09:00:00+08:00".parse()?;
    /// assert!(Bindings::recorded(nothing.timeline(), &book, now)?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`BindingError`] when an event names a version or an agreement that `book` does not hold.
    pub fn recorded(
        timeline: &Timeline,
        book: &'p PolicyBook,
        now: Instant,
    ) -> Result<Self, BindingError> {
        let mut agreements: Vec<Vec<Binding<'p>>> = Vec::new();
        for fact in timeline.facts() {
            let Some(bound) = fact.bound() else {
                continue;
            };
            let known = agreements
                .iter()
                .position(|list| is_for(list, &bound.agreement));
            if known.is_some() && fact.at > now {
                continue;
            }
            let binding = resolve(bound, book, fact.version)?;
            match known.and_then(|place| agreements.get_mut(place)) {
                Some(list) => list.push(binding),
                None => agreements.push(vec![binding]),
            }
        }
        Ok(Self { agreements })
    }

    /// Returns whether nothing is bound, so that nothing can be read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.agreements.is_empty()
    }

    pub(crate) fn agreements(&self) -> impl Iterator<Item = &[Binding<'p>]> {
        self.agreements.iter().map(Vec::as_slice)
    }
}

fn resolve<'p>(
    bound: &PolicyBound,
    book: &'p PolicyBook,
    by: Version,
) -> Result<Binding<'p>, BindingError> {
    let policy = book
        .bound(bound)
        .ok_or_else(|| BindingError::UnknownPolicy(Box::new(bound.clone())))?;
    let agreement = policy
        .agreement(&bound.agreement)
        .ok_or_else(|| BindingError::UnknownAgreement(Box::new(bound.clone())))?;
    Ok(Binding {
        policy,
        agreement,
        by,
    })
}

fn is_for(list: &[Binding<'_>], agreement: &AgreementId) -> bool {
    list.first()
        .is_some_and(|first| first.agreement.id == *agreement)
}
