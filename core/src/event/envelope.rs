//! What surrounds every event: when, where, by whom.

use serde::{Deserialize, Serialize};

use super::{ActorId, CustomerId, Position, RoleId, StreamId, Version};
use crate::time::Instant;

/// The roles that an actor holds at the moment of acting. Most hold one, and one costs no allocation.
///
/// ```
/// use punctual::event::{RoleId, Roles};
///
/// let roles: Roles = [RoleId::new("specialist")?, RoleId::new("on-call")?].into_iter().collect();
/// assert!(roles.contains("on-call"));
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

    /// Returns whether `role` is among them.
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
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// An id, never a person's name.
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

    /// Returns the same actor with one role.
    #[must_use]
    pub fn with_role(self, role: RoleId) -> Self {
        Self {
            roles: Roles::one(role),
            ..self
        }
    }
}

/// An event with everything that the log knows of it. Stream and version together are its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<E> {
    /// The stream that it belongs to.
    pub stream: StreamId,
    /// Its place in that stream.
    pub version: Version,
    /// Its place in the whole log, where a store told it.
    pub position: Option<Position>,
    /// When it happened, by the caller's business clock.
    pub occurred_at: Instant,
    /// When the log learned of it; never earlier than that of the event before it in the stream.
    pub recorded_at: Instant,
    /// Who did it.
    pub actor: Option<Actor>,
    /// Whose personal data it carries.
    pub subject: Option<CustomerId>,
    /// What happened.
    pub event: E,
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
