//! Who may do what, and which gates are open (SEMANTICS P3, P4).

use crate::event::{Actor, Kind, RoleId, Version};
use crate::ticket::{Action, Compensation, Fact, Permit, Plan, Refusal, Status};
use crate::time::Instant;

use super::Policy;
use super::model::Gate;

impl Policy {
    /// Returns what the policy answers to a command of `actor` on a ticket that stands like
    /// `status`: which of its roles are missing, and which of its gates are closed.
    ///
    /// Hand the answer to [`decide`](crate::ticket::decide), which knows no policy.
    ///
    /// ```
    /// use punctual::event::{Actor, ActorId};
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::ticket::{Action, Message, Status};
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let clerk = Actor::new(ActorId::new("u-17")?).with_role("specialist".parse()?);
    /// let grant: Action = Action::GrantCompensation(Message::NONE);
    /// let permit = policy.permit(&Status::default(), &grant, &clerk);
    /// assert_eq!(
    ///     permit.refusals[0].to_string(),
    ///     "gate `compensation`: compensation-granted needs compensation-approved first",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn permit<T: Clone>(&self, status: &Status, action: &Action<T>, actor: &Actor) -> Permit {
        let event = action.clone().into_event();
        // Neither the instant nor the version plays a part in who may.
        let fact = Fact::from_parts(Instant::MIN, Version::NONE, Some(actor), &event);
        Permit {
            refusals: fact
                .map(|fact| self.refusals(status, &fact))
                .unwrap_or_default(),
            ..Permit::default()
        }
    }

    /// Returns what stands against a fact on a ticket that stands like `status` before it.
    #[must_use]
    pub fn refusals(&self, status: &Status, fact: &Fact) -> Vec<Refusal> {
        let kind = fact.kind;
        let mut refusals = Vec::new();
        let mut ask = |roles: &[RoleId]| {
            if !roles.is_empty() && !roles.iter().any(|role| fact.roles.contains(role.as_str())) {
                refusals.push(Refusal::Role {
                    kind,
                    roles: roles.to_vec(),
                });
            }
        };
        if let Some(roles) = self.allowed.get(&kind) {
            ask(roles);
        }
        for gate in self
            .gates
            .iter()
            .filter(|gate| gate.needs == kind && gate.when.holds(status))
        {
            ask(&gate.by);
        }
        let closed = |gate: &&Gate| {
            gate.event.matches(fact) && gate.when.holds(status) && !has_come(status, gate.needs)
        };
        refusals.extend(self.gates.iter().filter(closed).map(|gate| Refusal::Gate {
            gate: gate.name.clone(),
            kind,
            needs: gate.needs,
        }));
        refusals
    }
}

/// Returns whether what a gate needs is in force: an accepted plan that was disputed again is not.
fn has_come(status: &Status, needs: Kind) -> bool {
    if needs == Kind::PlanAccepted {
        status.plan == Plan::Accepted
    } else if needs == Kind::CompensationApproved {
        status.compensation == Compensation::Approved
    } else {
        status.has(needs)
    }
}
