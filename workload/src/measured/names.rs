//! The names of a profile, made once: an event of ten million clones them without an allocation.

use std::sync::Arc;

use punctual::event::{Actor, Class, FieldValue, MarkId, ReasonId};
use punctual::ticket::{
    Action, Assigned, Classified, Marked, Message, Paused, Received, Replied, Resolved, Resumed,
    Surveyed,
};

use super::Profile;
use super::happening::What;
use crate::name;

/// How many teams there are.
pub(super) const TEAMS: u8 = 32;

/// Names by their numbers.
#[derive(Debug, Clone)]
pub(super) struct Names(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    classes: Vec<Class>,
    reasons: Vec<ReasonId>,
    teams: Vec<FieldValue>,
    escalated: MarkId,
    desk: Actor,
    customer: Actor,
    program: Actor,
}

impl Names {
    pub(super) fn new(profile: Profile) -> Self {
        let team = |number| name(&format!("team-{number:02}"));
        Self(Arc::new(Inner {
            classes: profile.classes().iter().map(|class| name(class)).collect(),
            reasons: profile
                .reasons()
                .iter()
                .map(|reason| name(reason))
                .collect(),
            teams: (0..TEAMS).map(team).collect(),
            escalated: name("escalated"),
            desk: Actor::new(name("desk")),
            customer: Actor::new(name("customer")),
            program: Actor::new(name("auto-close")),
        }))
    }

    pub(super) fn actor(&self, what: What) -> Actor {
        match what {
            What::Received { .. } | What::Reopened | What::Surveyed { .. } => &self.0.customer,
            What::Closed => &self.0.program,
            What::Assigned { .. }
            | What::Classified { .. }
            | What::Noted
            | What::Responded
            | What::Paused { .. }
            | What::Resumed
            | What::Escalated
            | What::Resolved => &self.0.desk,
        }
        .clone()
    }

    pub(super) fn action(&self, what: What) -> Action {
        let names = &*self.0;
        match what {
            What::Received { class } => Action::Receive(Received {
                class: at(&names.classes, class),
                ..Received::default()
            }),
            What::Assigned { team } => Action::Assign(Assigned {
                owner: None,
                team: at(&names.teams, team),
            }),
            What::Classified { class } => Action::Classify(Classified {
                class: at(&names.classes, class),
                ..Classified::default()
            }),
            What::Noted => Action::Note(Message::NONE),
            What::Responded => Action::Reply(Replied::default()),
            What::Paused { reason } => Action::Pause(Paused {
                reason: names.reasons[usize::from(reason) % names.reasons.len()].clone(),
            }),
            What::Resumed => Action::Resume(Resumed::default()),
            What::Escalated => Action::Mark(Marked {
                mark: names.escalated.clone(),
                text: None,
            }),
            What::Resolved => Action::Resolve(Resolved::default()),
            What::Reopened => Action::Reopen(Message::NONE),
            What::Closed => Action::Close(Message::NONE),
            What::Surveyed { score } => Action::Survey(Surveyed {
                satisfaction: score,
                solved: None,
                attitude: None,
                speed: None,
                skill: None,
                text: None,
            }),
        }
    }
}

fn at<T: Clone>(names: &[T], number: u8) -> Option<T> {
    names.get(usize::from(number)).cloned()
}
