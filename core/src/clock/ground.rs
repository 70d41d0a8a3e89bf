//! What a clock's life stands on: the bindings of its agreement, and the pauses of its ticket.
//!
//! A life notes places. Here they become what they stand for, for as long as somebody measures.

use super::binding::Binding;
use super::life::{Attached, How};
use super::pauses::PauseTrack;
use crate::event::{AgreementId, Version};
use crate::policy::{Goal, Policy, Target};
use crate::time::Instant;

/// The bindings of one agreement, and the ticket's pauses as each bound policy names them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'c, 'p> {
    pub(super) bindings: &'c [Binding<'p>],
    pub(super) tracks: &'c [PauseTrack],
}

/// A goal that a clock runs under, from an instant on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attachment<'p> {
    /// When the goal came.
    pub(crate) at: Instant,
    /// The event that it came with.
    pub(crate) by: Version,
    /// The agreement that promises it.
    pub(crate) agreement: &'p AgreementId,
    /// The policy version that promises it: another one after a rebind.
    pub(crate) policy: &'p Policy,
    /// The target in that version: its pauses, ladder and modes count from here on.
    pub(crate) target: &'p Target,
    /// `None` while no goal fits the ticket.
    pub(crate) goal: Option<&'p Goal>,
    /// How the use so far is taken over.
    pub(crate) how: How,
    /// The place of the policy's track.
    track: usize,
}

impl<'c, 'p> Ground<'c, 'p> {
    /// Returns under which binding a goal came, and to which target. `None` for a place that the bindings
    /// do not have, which no life notes.
    pub(crate) fn promise(self, attached: &Attached) -> Option<(&'c Binding<'p>, &'p Target)> {
        let binding = self.bindings.get(usize::from(attached.place.binding))?;
        let targets = &binding.agreement.targets;
        Some((binding, targets.get(usize::from(attached.place.target))?))
    }

    /// Looks a goal up. `None` for a place that the bindings do not have, which no life notes.
    pub(crate) fn attachment(self, attached: &Attached) -> Option<Attachment<'p>> {
        let place = attached.place;
        let (binding, target) = self.promise(attached)?;
        Some(Attachment {
            at: attached.at,
            by: attached.by,
            agreement: &binding.agreement.id,
            policy: binding.policy,
            target,
            goal: place
                .goal
                .and_then(|goal| target.goals.get(usize::from(goal))),
            how: attached.how,
            track: binding.track,
        })
    }

    /// Returns the ticket's pauses as the policy of a goal names them.
    pub(crate) fn track(self, attachment: &Attachment<'_>) -> &'c PauseTrack {
        static NONE: PauseTrack = PauseTrack::NONE;
        self.tracks.get(attachment.track).unwrap_or(&NONE)
    }
}
