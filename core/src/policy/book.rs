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
    ///
    /// ```
    /// use punctual::policy::{Document, Notation, Policy, PolicyBook};
    ///
    /// let document = r#"
    ///     policy   = "hotline"
    ///     timezone = "Asia/Shanghai"
    ///     [target.first-response]
    ///     start = "received"
    ///     stop  = "replied"
    ///     goals = [{ within = "30m" }]
    /// "#;
    /// let first = Policy::from_toml(document)?;
    /// let stricter = Document::parse(&document.replace("30m", "15m"), Notation::Toml)?;
    /// let second = stricter.revise(&first)?;
    ///
    /// let mut book = PolicyBook::default();
    /// book.add(first.clone());
    /// book.add(second);
    /// book.add(first); // once more: nothing happens
    /// let versions: Vec<u32> = book.iter().map(|policy| policy.version()).collect();
    /// assert_eq!(versions, [2, 1]); // the latest is asked first
    /// assert_eq!(book.latest("hotline").map(|policy| policy.version()), Some(2));
    /// # Ok::<(), punctual::policy::Report>(())
    /// ```
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
    /// condition holds (SEMANTICS P1). `None` where no policy wants it: nothing is promised.
    ///
    /// ```
    /// use punctual::policy::{Policy, PolicyBook};
    /// use punctual::ticket::Status;
    ///
    /// let document = r#"
    ///     policy   = "hotline"
    ///     timezone = "Asia/Shanghai"
    ///     valid    = { from = 2026-03-09 }
    ///     [target.first-response]
    ///     start = "received"
    ///     stop  = "replied"
    ///     goals = [{ within = "30m" }]
    /// "#;
    /// let book: PolicyBook = [Policy::from_toml(document)?].into_iter().collect();
    /// let applies = |civil: &str| -> Result<bool, Box<dyn std::error::Error>> {
    ///     Ok(book.select(civil.parse()?, &Status::default()).is_some())
    /// };
    /// assert!(!applies("2026-03-08T23:59:59+08:00")?);
    /// assert!(applies("2026-03-09T00:00:00+08:00")?); // the first date, in Shanghai
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Complexity
    /// One step for each version until one fits.
    #[must_use]
    pub fn select(&self, received_at: Instant, status: &Status) -> Option<&Arc<Policy>> {
        self.policies
            .iter()
            .find(|policy| policy.applies(received_at, status))
    }

    /// Returns the policy that a ticket was bound to: the same name, version and calendar versions.
    /// `None` where it was never added; nothing else is taken in its place.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use punctual::policy::{AFTER_SALES, Policy, PolicyBook};
    /// use punctual::ticket::{BindCause, PolicyBound};
    ///
    /// let book: PolicyBook = [Policy::from_toml(AFTER_SALES)?].into_iter().collect();
    /// let bound = |version| -> Result<PolicyBound, Box<dyn std::error::Error>> {
    ///     Ok(PolicyBound {
    ///         agreement: "service".parse()?,
    ///         policy: "after-sales".parse()?,
    ///         version,
    ///         calendars: BTreeMap::from([("office".parse()?, 1), ("hotline".parse()?, 1)]),
    ///         cause: BindCause::ALL[0],
    ///     })
    /// };
    /// assert!(book.bound(&bound(1)?).is_some());
    /// assert!(book.bound(&bound(2)?).is_none()); // nothing else is taken in its place
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn bound(&self, bound: &PolicyBound) -> Option<&Arc<Policy>> {
        self.policies.iter().find(|policy| {
            policy.id == bound.policy
                && policy.version == bound.version
                && policy.has_calendars(&bound.calendars)
        })
    }

    /// Returns the latest version of a policy by name, whether it is valid yet or not.
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
