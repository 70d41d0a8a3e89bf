//! All policy versions that a service knows.

use std::sync::Arc;

use super::model::Policy;
use crate::ticket::{PolicyBound, Status};

/// Policy versions in the order in which they are asked at `Received`.
#[derive(Debug, Clone, Default)]
pub struct PolicyBook {
    policies: Vec<Arc<Policy>>,
}

impl PolicyBook {
    /// Adds a policy version, to be asked before those that are there.
    pub fn add(&mut self, policy: Policy) {
        self.policies.insert(0, Arc::new(policy));
    }

    /// Returns the version that a binding names.
    #[must_use]
    pub fn policy(&self, bound: &PolicyBound) -> Option<&Policy> {
        self.policies
            .iter()
            .map(AsRef::as_ref)
            .find(|policy| policy.id == bound.policy && policy.version == bound.version)
    }

    /// Returns the version that applies to a ticket as it was received.
    #[must_use]
    pub fn select(&self, status: &Status) -> Option<&Policy> {
        self.policies
            .iter()
            .map(AsRef::as_ref)
            .find(|policy| policy.applies_to.holds(status))
    }
}
