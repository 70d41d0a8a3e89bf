//! The same policy with other figures: what a law about budgets or hours compares with.
//!
//! The one place outside `policy` that reaches into a compiled policy. What comes out is for
//! comparison: it keeps the name, the version and the published calendars of the policy that it was
//! made from, and must not be published.

use crate::calendar::Calendar;
use crate::event::CalendarId;
use crate::policy::{Budget, Goal, Policy, Target};

/// Returns the policy with other budgets; `change` is asked for each goal of each target.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Budget, Policy};
/// use punctual::testing::vary;
/// use punctual::time::WallTime;
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let hasty = vary::budgets(&policy, |_, _| Budget::Elapsed(WallTime::from_minutes(1)));
/// assert_ne!(policy, hasty);
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[must_use]
pub fn budgets(policy: &Policy, mut change: impl FnMut(&Target, &Goal) -> Budget) -> Policy {
    let mut varied = policy.clone();
    let before = policy
        .agreements
        .iter()
        .flat_map(|agreement| &agreement.targets);
    let after = varied
        .agreements
        .iter_mut()
        .flat_map(|agreement| &mut agreement.targets);
    for (target, varied) in before.zip(after) {
        for (goal, varied) in target.goals.iter().zip(&mut varied.goals) {
            varied.within = change(target, goal);
        }
    }
    varied
}

/// Returns the policy with other calendars under the same names; `change` is asked for each.
///
/// ```
/// use punctual::calendar::{Calendar, CalendarSpec};
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::testing::vary;
///
/// // What if the desk never closed?
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let always = Calendar::compile(&CalendarSpec::always("Asia/Shanghai".parse()?))?;
/// let never_closed = vary::calendars(&policy, |_, _| always.clone());
/// assert!(never_closed.calendars().iter().all(|named| named.calendar.is_always()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn calendars(
    policy: &Policy,
    mut change: impl FnMut(&CalendarId, &Calendar) -> Calendar,
) -> Policy {
    let mut varied = policy.clone();
    for named in &mut varied.calendars {
        named.calendar = change(&named.id, &named.calendar);
    }
    varied
}
