//! Which policy version applies to which agreement of a ticket, and from when.

use std::collections::BTreeSet;
#[cfg(feature = "engine")]
use std::sync::Arc;

use crate::event::AgreementId;
#[cfg(feature = "engine")]
use crate::event::Kind;
use crate::event::Version;
use crate::policy::{Agreement, Policy, PolicyBook, UnknownWord};
use crate::ticket::{BindCause, PolicyBound, Timeline};
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

/// More than most policies have.
const USUAL_AGREEMENTS: usize = 4;

/// One agreement of one policy version, from an instant on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Binding<'p> {
    pub(crate) policy: &'p Policy,
    /// The agreement in that version.
    pub(crate) agreement: &'p Agreement,
    /// The binding event; [`Version::NONE`] where the policy was given and not recorded.
    pub(crate) by: Version,
    /// Whether its agreement promised nothing before it: a rebind brought it to a ticket that had been
    /// bound without it. Any other first binding applies from the beginning.
    pub(super) is_new: bool,
    /// The place of the policy among those that are bound, each counted once.
    pub(super) track: usize,
    /// The place of the agreement among those that are bound.
    of: usize,
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
    /// Agreement by agreement; the first of each applies from the beginning.
    list: Vec<Binding<'p>>,
    /// The policies that are bound, each once, in the order of their first binding.
    policies: Vec<&'p Policy>,
}

impl<'p> Bindings<'p> {
    /// Returns the bindings of a ticket to all agreements of one policy, from the beginning.
    /// Bindings that the ticket itself records are passed over.
    #[must_use]
    pub fn to(policy: &'p Policy) -> Self {
        let binding = |(of, agreement)| Binding {
            policy,
            agreement,
            by: Version::NONE,
            is_new: false,
            track: 0,
            of,
        };
        Self {
            list: policy
                .agreements()
                .iter()
                .enumerate()
                .map(binding)
                .collect(),
            policies: vec![policy],
        }
    }

    /// Returns the bindings that the ticket's own `PolicyBound` events name, up to `now`.
    ///
    /// The first binding of an agreement applies from the beginning, whenever it was recorded; each
    /// further one is a rebind and applies from its own instant (SEMANTICS P1, P2). So does the first
    /// of an agreement that a rebind brings to a ticket which had been bound without it. Empty for a
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
        let mut bindings = Self {
            list: Vec::with_capacity(USUAL_AGREEMENTS),
            policies: Vec::with_capacity(1),
        };
        let mut was_bound = false;
        for fact in timeline.facts() {
            let Some(bound) = fact.bound() else {
                continue;
            };
            let known = bindings.number_of(&bound.agreement);
            let is_new = known.is_none() && was_bound && bound.cause == BindCause::Rebound;
            if (known.is_some() || is_new) && fact.at > now {
                continue;
            }
            was_bound |= bound.cause == BindCause::Received;
            let (policy, agreement) = resolve(bound, book)?;
            let of = known.unwrap_or_else(|| bindings.agreements().count());
            bindings.add(policy, agreement, fact.version, is_new, of);
        }
        Ok(bindings)
    }

    fn number_of(&self, agreement: &AgreementId) -> Option<usize> {
        let mut list = self.list.iter();
        let known = list.find(|binding| binding.agreement.id == *agreement);
        known.map(|binding| binding.of)
    }

    /// Adds a binding behind those of the same agreement, or a new agreement at the end.
    fn add(
        &mut self,
        policy: &'p Policy,
        agreement: &'p Agreement,
        by: Version,
        is_new: bool,
        of: usize,
    ) {
        let track = self
            .policies
            .iter()
            .position(|it| std::ptr::eq(*it, policy));
        let binding = Binding {
            policy,
            agreement,
            by,
            is_new,
            track: track.unwrap_or(self.policies.len()),
            of,
        };
        if track.is_none() {
            self.policies.push(policy);
        }
        let place = self.list.partition_point(|known| known.of <= of);
        self.list.insert(place, binding);
    }

    /// Returns whether nothing is bound, so that nothing can be read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn agreements(&self) -> impl Iterator<Item = &[Binding<'p>]> {
        self.list.chunk_by(|one, next| one.of == next.of)
    }

    /// Returns the words of a ticket's events that none of the policies knows which it is bound to:
    /// see [`Policy::unknown_words`]. Nothing where it is bound to none.
    ///
    /// ```
    /// use punctual::clock::Bindings;
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::ticket::{Detail, Fact, Intake, Timeline};
    /// # use punctual::event::{Kind, Roles, Version};
    ///
    /// let mut timeline = Timeline::default();
    /// timeline.insert(Fact {
    ///     # at: "2026-03-09T09:00:00+08:00".parse()?,
    ///     # version: Version::new(1),
    ///     # kind: Kind::Received,
    ///     # roles: Roles::NONE,
    ///     detail: Detail::Received(Box::new(Intake {
    ///         class: Some("falt".parse()?),
    ///         ..Intake::default()
    ///     })),
    ///     // ...
    /// });
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let unknown = Bindings::to(&policy).unknown_words(&timeline);
    /// assert_eq!(
    ///     unknown[0].to_string(),
    ///     r#"the policy knows no class "falt"; did you mean "fault"?"#,
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn unknown_words(&self, timeline: &Timeline) -> Vec<UnknownWord> {
        let mut policies = self.policies.iter();
        let first = policies.next();
        let mut unknown = first.map_or_else(Vec::new, |policy| policy.unknown_words(timeline));
        for policy in policies {
            let others = policy.unknown_words(timeline);
            let others: BTreeSet<_> = others.iter().map(UnknownWord::place).collect();
            unknown.retain(|it| others.contains(&it.place()));
        }
        unknown
    }

    /// Returns the policies that are bound, each once.
    pub(crate) fn policies(&self) -> &[&'p Policy] {
        &self.policies
    }

    /// Returns whether these are the places of the same bindings: a version names each for ever.
    #[cfg(feature = "engine")]
    pub(crate) fn are_at(&self, places: &Places) -> bool {
        let by = self.list.iter().map(|binding| binding.by);
        by.eq(places.0.iter().map(|place| place.by))
    }

    /// Returns where the bindings stand in their book; `None` where they are not of this book.
    #[cfg(feature = "engine")]
    pub(crate) fn places(&self, book: &PolicyBook) -> Option<Places> {
        let place_of = |binding: &Binding<'_>| {
            let mut policies = book.iter();
            let is_it = |policy: &Arc<Policy>| std::ptr::eq(policy.as_ref(), binding.policy);
            let agreements = binding.policy.agreements();
            let agreement = agreements
                .iter()
                .position(|it| std::ptr::eq(it, binding.agreement))?;
            Some(BoundPlace {
                policy: policies.position(is_it)?,
                agreement,
                by: binding.by,
                is_new: binding.is_new,
                of: binding.of,
            })
        };
        self.list
            .iter()
            .map(place_of)
            .collect::<Option<_>>()
            .map(Places)
    }
}

/// The bindings of a ticket by their places in a book: plain data that can be kept beside it.
#[cfg(feature = "engine")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places(Vec<BoundPlace>);

#[cfg(feature = "engine")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct BoundPlace {
    policy: usize,
    agreement: usize,
    by: Version,
    is_new: bool,
    of: usize,
}

#[cfg(feature = "engine")]
impl Places {
    /// Returns whether the ticket has not been bound anew since. A binding is never taken away, so as
    /// many are the same ones.
    pub(crate) fn are_all_of(&self, timeline: &Timeline) -> bool {
        let facts = timeline.facts().iter();
        facts.filter(|fact| fact.kind == Kind::PolicyBound).count() == self.0.len()
    }

    /// Returns the bindings of a ticket again, which are [`Bindings::recorded`] as long as the book is
    /// the one that they were found in. `None` where the ticket has been bound anew since.
    pub(crate) fn bindings<'p>(
        &self,
        timeline: &Timeline,
        book: &'p PolicyBook,
    ) -> Option<Bindings<'p>> {
        if !self.are_all_of(timeline) {
            return None;
        }
        let mut bindings = Bindings {
            list: Vec::with_capacity(self.0.len()),
            policies: Vec::with_capacity(1),
        };
        for place in &self.0 {
            let policy = book.iter().nth(place.policy)?;
            let agreement = policy.agreements().get(place.agreement)?;
            bindings.add(policy, agreement, place.by, place.is_new, place.of);
        }
        Some(bindings)
    }
}

fn resolve<'p>(
    bound: &PolicyBound,
    book: &'p PolicyBook,
) -> Result<(&'p Policy, &'p Agreement), BindingError> {
    let policy = book
        .bound(bound)
        .ok_or_else(|| BindingError::UnknownPolicy(Box::new(bound.clone())))?;
    let agreement = policy
        .agreement(&bound.agreement)
        .ok_or_else(|| BindingError::UnknownAgreement(Box::new(bound.clone())))?;
    Ok((policy, agreement))
}
