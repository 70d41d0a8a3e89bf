//! Finding the goal of a ticket without asking every goal.

use std::collections::BTreeMap;

use crate::event::Class;
use crate::ticket::Status;

use super::model::{Goal, Subject, Target};

/// From so many goals on an index pays; below, asking each is quicker than looking up.
const WORTH: usize = 12;

/// Which goals can concern a class. Goals keep their order, since the first that holds applies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct GoalIndex {
    /// The goals that name a class, by class.
    by_class: BTreeMap<Class, Vec<u32>>,
    /// The goals that concern any class, or all but some.
    others: Vec<u32>,
}

impl GoalIndex {
    /// Returns the index of these goals; `None` where it would not pay.
    pub(crate) fn of(goals: &[Goal]) -> Option<Box<Self>> {
        if goals.len() < WORTH {
            return None;
        }
        let mut index = Self::default();
        for (place, goal) in (0_u32..).zip(goals) {
            let mut terms = goal.when.terms().iter();
            match terms.find(|term| term.subject == Subject::Class && !term.negated) {
                Some(term) => {
                    let classes = term
                        .values
                        .iter()
                        .filter_map(|value| Class::new(value).ok());
                    for class in classes {
                        index.by_class.entry(class).or_default().push(place);
                    }
                }
                None => index.others.push(place),
            }
        }
        Some(Box::new(index))
    }

    /// Returns the places of the goals that can hold for a class, in order.
    fn candidates(&self, class: Option<&Class>) -> impl Iterator<Item = usize> {
        let named = class.and_then(|class| self.by_class.get(class));
        let mut named = named.map_or(&[][..], Vec::as_slice).iter().peekable();
        let mut others = self.others.iter().peekable();
        std::iter::from_fn(move || {
            let next = match (named.peek(), others.peek()) {
                (Some(a), Some(b)) if a < b => named.next(),
                (_, Some(_)) => others.next(),
                (_, None) => named.next(),
            };
            next.and_then(|place| usize::try_from(*place).ok())
        })
    }
}

impl Target {
    /// Returns the goal of a ticket that stands like this, with its place among the goals: the
    /// first whose condition holds.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::ticket::Status;
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let first = policy.agreements()[0].target(&"first-response".parse()?).ok_or("no such target")?;
    /// let mut status = Status::default();
    /// status.class = Some("repair".parse()?);
    /// let (place, goal) = first.goal_for(&status).ok_or("nothing is promised")?;
    /// assert_eq!((place, policy.goal_text(goal)), (2, "1wh on office".to_owned()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Complexity
    /// One step for each goal that names the ticket's class or no class, until one holds.
    #[inline]
    #[must_use]
    pub fn goal_for(&self, status: &Status) -> Option<(usize, &Goal)> {
        match &self.index {
            None => {
                let mut goals = self.goals.iter().enumerate();
                goals.find(|(_, goal)| goal.when.holds(status))
            }
            Some(index) => self.indexed_goal_for(index, status),
        }
    }

    fn indexed_goal_for(&self, index: &GoalIndex, status: &Status) -> Option<(usize, &Goal)> {
        index
            .candidates(status.class.as_ref())
            .filter_map(|place| Some((place, self.goals.get(place)?)))
            .find(|(_, goal)| goal.when.holds(status))
    }
}
