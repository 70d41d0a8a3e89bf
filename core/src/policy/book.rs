//! Several policies and their versions: which one applies, and which one was bound.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::event::CalendarId;
use crate::ticket::{PolicyBound, Status};
use crate::time::{CivilDate, Instant};

use super::Policy;

/// The published policies, in the order in which they are asked whether they apply.
///
/// Policies keep the order in which they were first added; of one policy the latest version is
/// asked first. Nothing is ever removed: a ticket keeps what it was bound to.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy, PolicyBook};
/// use punctual::ticket::Status;
///
/// let mut book = PolicyBook::default();
/// book.add(Policy::from_toml(AFTER_SALES)?);
/// let now = "2026-03-09T01:00:00Z".parse()?;
/// let policy = book.select(now, &Status::default()).ok_or("no policy applies")?;
/// assert_eq!(policy.id().as_str(), "after-sales");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolicyBook {
    /// By policy; of one policy the latest version first.
    policies: Vec<Arc<Policy>>,
}

impl PolicyBook {
    /// Adds a version. One that is there already, with the same calendar versions, stays as it is.
    pub fn add(&mut self, policy: impl Into<Arc<Policy>>) {
        let policy = policy.into();
        let same_name = |known: &Arc<Policy>| known.id == policy.id;
        let is_known = |known: &Arc<Policy>| {
            same_name(known)
                && known.version == policy.version
                && known.calendar_versions().eq(policy.calendar_versions())
        };
        if self.policies.iter().any(is_known) {
            return;
        }
        let newer = |known: &Arc<Policy>| same_name(known) && known.version <= policy.version;
        let place = self
            .policies
            .iter()
            .position(newer)
            .or_else(|| Some(self.policies.iter().rposition(same_name)?.saturating_add(1)))
            .unwrap_or(self.policies.len());
        self.policies.insert(place, policy);
    }

    /// Returns the policy that applies to a ticket received at `received_at` that stands like
    /// `status` just after it: the first that is valid on that date in its own zone and whose
    /// condition holds (SEMANTICS P1).
    #[must_use]
    pub fn select(&self, received_at: Instant, status: &Status) -> Option<&Arc<Policy>> {
        self.policies
            .iter()
            .find(|policy| policy.applies(received_at, status))
    }

    /// Returns the policy that a ticket was bound to: the same name, version and calendar versions.
    #[must_use]
    pub fn bound(&self, bound: &PolicyBound) -> Option<&Arc<Policy>> {
        self.policies.iter().find(|policy| {
            policy.id == bound.policy
                && policy.version == bound.version
                && policy.has_calendars(&bound.calendars)
        })
    }

    /// Returns the latest version of a policy.
    #[must_use]
    pub fn latest(&self, policy: &str) -> Option<&Arc<Policy>> {
        self.policies
            .iter()
            .find(|known| known.id.as_str() == policy)
    }

    /// Returns every version of every policy, in the order in which they are asked.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Policy>> {
        self.policies.iter()
    }
}

impl FromIterator<Policy> for PolicyBook {
    fn from_iter<I: IntoIterator<Item = Policy>>(policies: I) -> Self {
        let mut book = Self::default();
        for policy in policies {
            book.add(policy);
        }
        book
    }
}

impl Policy {
    /// Returns whether it applies to a ticket received at `received_at` that stands like `status`
    /// just after it.
    #[must_use]
    pub fn applies(&self, received_at: Instant, status: &Status) -> bool {
        let on = CivilDate::from(self.zone.date_on(received_at));
        self.valid_from.is_none_or(|from| from <= on)
            && self.valid_until.is_none_or(|until| on <= until)
            && self.applies_to.holds(status)
    }

    /// Returns the names and versions of its calendars, in the order of the document.
    pub fn calendar_versions(&self) -> impl Iterator<Item = (&CalendarId, u32)> {
        self.calendars
            .iter()
            .map(|named| (&named.id, named.version))
    }

    /// Returns whether its calendars are these, in these versions.
    fn has_calendars(&self, versions: &BTreeMap<CalendarId, u32>) -> bool {
        let mut own = self.calendar_versions();
        self.calendars.len() == versions.len()
            && own.all(|(id, version)| versions.get(id) == Some(&version))
    }
}
