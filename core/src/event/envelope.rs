//! What surrounds every event: when, where, by whom.

use serde::{Deserialize, Serialize};

use super::{ActorId, CustomerId, Position, RoleId, StreamId, Version};
use crate::time::Instant;

/// The roles that an actor holds at the moment of acting. Most hold one, and one costs no
/// allocation.
///
/// Serialized as a list of names. The order is kept and means nothing to a policy; it does matter
/// to `==`.
///
/// ```
/// use punctual::event::{RoleId, Roles};
///
/// let roles: Roles = [RoleId::new("specialist")?, RoleId::new("on-call")?].into_iter().collect();
/// assert!(roles.contains("on-call"));
/// assert!(!roles.contains("On-call")); // case matters
/// assert_eq!(Roles::NONE.as_slice(), []);
/// # Ok::<(), punctual::event::NameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<RoleId>", into = "Vec<RoleId>")]
pub struct Roles(Held);

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
enum Held {
    #[default]
    None,
    One(RoleId),
    Many(std::sync::Arc<[RoleId]>),
}

impl Roles {
    /// No role at all: a customer, or a program.
    pub const NONE: Self = Self(Held::None);

    /// Returns the set with this one role.
    #[must_use]
    pub const fn one(role: RoleId) -> Self {
        Self(Held::One(role))
    }

    /// Returns the same roles and one more.
    #[must_use]
    pub fn and(self, role: RoleId) -> Self {
        match self.0 {
            Held::None => Self::one(role),
            Held::One(first) => Self(Held::Many([first, role].into())),
            Held::Many(roles) => {
                let roles = roles.iter().cloned();
                Self(Held::Many(roles.chain([role]).collect()))
            }
        }
    }

    /// Returns the roles in the order given.
    #[must_use]
    pub fn as_slice(&self) -> &[RoleId] {
        match &self.0 {
            Held::None => &[],
            Held::One(role) => std::slice::from_ref(role),
            Held::Many(roles) => roles,
        }
    }

    /// Returns whether `role` is among them, letter by letter. One step for each role held.
    #[must_use]
    pub fn contains(&self, role: &str) -> bool {
        self.as_slice().iter().any(|held| held.as_str() == role)
    }
}

impl FromIterator<RoleId> for Roles {
    /// Allocates only where there are several; meant for a handful.
    fn from_iter<I: IntoIterator<Item = RoleId>>(roles: I) -> Self {
        let mut roles = roles.into_iter();
        match (roles.next(), roles.next()) {
            (None, _) => Self::NONE,
            (Some(one), None) => Self::one(one),
            (Some(first), Some(second)) => Self(Held::Many(
                [first, second].into_iter().chain(roles).collect(),
            )),
        }
    }
}

impl From<Vec<RoleId>> for Roles {
    fn from(mut roles: Vec<RoleId>) -> Self {
        if roles.len() > 1 {
            return Self(Held::Many(roles.into()));
        }
        Self(roles.pop().map_or(Held::None, Held::One))
    }
}

impl From<Roles> for Vec<RoleId> {
    fn from(roles: Roles) -> Self {
        roles.as_slice().to_vec()
    }
}

/// Who did something, as the embedding service authenticated them (SEMANTICS P3).
///
/// Punctual checks no password and knows no user: it believes the id and the roles it is given,
/// keeps them in the event, and asks the policy what these roles may do.
///
/// ```
/// use punctual::event::Actor;
///
/// let repairer = Actor::new("u-17".parse()?).with_role("specialist".parse()?);
/// assert!(repairer.roles.contains("specialist"));
///
/// // A customer or a program acts without a role.
/// let portal = Actor::new("web-portal".parse()?);
/// assert!(portal.roles.as_slice().is_empty());
/// # Ok::<(), punctual::event::NameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// An id, never a person's name: it stays readable when personal data is erased.
    pub id: ActorId,
    /// The roles held at that moment.
    #[serde(default, skip_serializing_if = "no_roles")]
    pub roles: Roles,
}

fn no_roles(roles: &Roles) -> bool {
    roles.as_slice().is_empty()
}

impl Actor {
    /// Returns an actor without roles.
    #[must_use]
    pub const fn new(id: ActorId) -> Self {
        Self {
            id,
            roles: Roles::NONE,
        }
    }

    /// Returns the same actor with one role more.
    ///
    /// ```
    /// use punctual::event::{Actor, RoleId};
    ///
    /// let actor = Actor::new("u-17".parse()?)
    ///     .with_role(RoleId::new("specialist")?)
    ///     .with_role(RoleId::new("on-call")?);
    /// assert!(actor.roles.contains("specialist") && actor.roles.contains("on-call"));
    /// # Ok::<(), punctual::event::NameError>(())
    /// ```
    #[must_use]
    pub fn with_role(self, role: RoleId) -> Self {
        let roles = self
            .roles
            .as_slice()
            .iter()
            .cloned()
            .chain([role])
            .collect();
        Self { roles, ..self }
    }
}

/// An event with everything that the log knows of it. Stream and version together are its id.
///
/// Usually made by a store; made by hand where a history is imported or tested. `E` is
/// [`TicketEvent`](crate::ticket::TicketEvent) for a ticket.
///
/// ```
/// use punctual::event::{Kind, Recorded, Version};
/// use punctual::ticket::{Message, Ticket, TicketEvent};
///
/// let at = "2026-03-09T16:00:00+08:00".parse()?;
/// let event: TicketEvent = TicketEvent::CustomerWrote(Message::NONE);
/// let mut ticket = Ticket::default();
/// ticket.apply(&Recorded {
///     stream: "acme/ticket/T-1024".parse()?,
///     version: Version::FIRST,
///     position: None,
///     occurred_at: at,
///     recorded_at: at,
///     actor: None,
///     subject: None,
///     event,
/// });
/// assert_eq!(ticket.timeline().facts()[0].kind, Kind::CustomerWrote);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<E> {
    /// The stream that it belongs to.
    pub stream: StreamId,
    /// Its place in that stream: 1 for the first, without holes.
    pub version: Version,
    /// Its place in the whole log, where a store told it.
    pub position: Option<Position>,
    /// When it happened, by the caller's business clock. Clocks go by this; it may lie before that
    /// of the event in front of it.
    pub occurred_at: Instant,
    /// When the log learned of it; never earlier than that of the event before it in the stream.
    pub recorded_at: Instant,
    /// Who did it; `None` for what the engine records by itself.
    pub actor: Option<Actor>,
    /// Whose personal data it carries: the customer whose key seals it. `None` where it carries
    /// none.
    pub subject: Option<CustomerId>,
    /// What happened.
    pub event: E,
}

#[cfg(feature = "store")]
impl Recorded<()> {
    /// Returns the same envelope around an event.
    #[inline]
    pub(crate) fn with<E>(self, event: E) -> Recorded<E> {
        Recorded {
            stream: self.stream,
            version: self.version,
            position: self.position,
            occurred_at: self.occurred_at,
            recorded_at: self.recorded_at,
            actor: self.actor,
            subject: self.subject,
            event,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_equal_however_they_were_gathered() {
        let role = RoleId::new("specialist").unwrap();
        assert_eq!(Roles::one(role.clone()), Roles::from(vec![role.clone()]));
        assert_eq!(Roles::NONE, Roles::from(Vec::new()));
        for count in 0..4 {
            let roles = vec![role.clone(); count];
            assert_eq!(Roles::from_iter(roles.clone()), Roles::from(roles));
        }
        let json = serde_json::to_string(&Roles::one(role)).unwrap();
        assert_eq!(json, "[\"specialist\"]");
    }
}
