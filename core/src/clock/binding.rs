//! Which policy version applies to which agreement of a ticket, and from when.

use crate::event::{AgreementId, Version};
use crate::policy::{Agreement, Policy, PolicyBook};
use crate::ticket::{PolicyBound, Timeline};
use crate::time::Instant;

/// Why the clocks of a ticket cannot be read.
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
    pub(crate) agreement: &'p Agreement,
    /// The binding event; [`Version::NONE`] where the policy was given and not recorded.
    pub(crate) by: Version,
}

/// The policy versions that apply to a ticket, agreement by agreement.
///
/// Take [`Bindings::to`] to read a history under one policy, whatever was bound in reality: a
/// preview, a test, a backtest. Take [`Bindings::recorded`] to read what was really promised.
#[derive(Debug, Clone)]
pub struct Bindings<'p> {
    /// By agreement; the first of each list applies from the beginning.
    agreements: Vec<Vec<Binding<'p>>>,
}

impl<'p> Bindings<'p> {
    /// Returns the bindings of a ticket to all agreements of one policy, from the beginning.
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
    /// further one is a rebind and applies from its own instant.
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

    /// Returns whether nothing is bound.
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
