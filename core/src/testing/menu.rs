//! What can be done to a ticket under a policy, in the policy's own words.
//!
//! A random history is only of use if its steps could have happened. So a walk does not choose events but
//! places on a menu: what this policy gives cause to do, what the facts admit at that instant, by an actor
//! whom the policy permits it. The menu is the same for equal policies, and its simplest dishes stand first,
//! so that a failing walk shrinks to simple steps.

use super::words::Deed;
use crate::event::{Actor, Kind, RoleId, Roles};
use crate::policy::{Cycle, FieldTerm, Policy, Trigger, Triggers};
use crate::ticket::{Action, Command, EventField, Opener, Permit, Refusal, Status, Ticket, decide};
use crate::time::{Instant, Span};

/// Something that may be done, before anyone says when.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Dish {
    Deed(Deed),
    /// A visit so long from now.
    Visit(Span),
}

/// Everything that a policy gives cause to do, the simplest first.
#[derive(Debug, Clone)]
pub(super) struct Menu {
    intake: Vec<Deed>,
    dishes: Vec<Dish>,
}

/// What happens to any ticket.
const COMMON: [&str; 12] = [
    "replied",
    "customer-wrote",
    "resolved",
    "reopened",
    "resumed",
    "noted",
    "replied automatic=yes",
    "closed",
    "declined",
    "withdrawn",
    "merged side=from",
    "merged side=into",
];

impl Menu {
    /// Lists the four commonest facts, then what moves clocks of this policy, then the rest.
    pub(super) fn of(policy: &Policy) -> Self {
        let mut texts: Vec<String> = COMMON
            .iter()
            .take(4)
            .map(|text| (*text).to_owned())
            .collect();
        let mut visits = Vec::new();
        for trigger in triggers(policy) {
            if trigger.kind == Kind::VisitBooked {
                visits = vec![Span::DAY, Span::HOUR, Span::from_micros(2 * 86_400_000_000)];
            } else if trigger.kind != Kind::Received {
                texts.push(said(trigger));
            }
            // Nothing can be disputed or confirmed that was not proposed.
            texts.extend(before(trigger.kind).iter().map(|text| (*text).to_owned()));
        }
        for reason in policy.reasons() {
            texts.push(format!("paused reason={}", quoted(reason.id.as_str())));
            texts.push(format!("resumed reason={}", quoted(reason.id.as_str())));
        }
        let judged = judgements(policy);
        texts.extend(judged.iter().map(|pair| format!("classified {pair}")));
        texts.extend(COMMON.iter().skip(4).map(|text| (*text).to_owned()));
        for agreement in policy.agreements() {
            for target in &agreement.targets {
                let names = [agreement.id.as_str(), target.id.as_str()].map(quoted);
                let [agreement, target] = names;
                texts.push(format!("waived agreement={agreement} target={target}"));
            }
        }
        let mut dishes: Vec<Dish> = Vec::new();
        let said = texts
            .iter()
            .filter_map(|text| text.parse().ok().map(Dish::Deed));
        for dish in said.chain(visits.into_iter().map(Dish::Visit)) {
            if !dishes.contains(&dish) {
                dishes.push(dish);
            }
        }
        Self {
            intake: intake(&judged),
            dishes,
        }
    }

    /// Returns the request that begins a ticket.
    pub(super) fn intake(&self, pick: u16) -> Option<Deed> {
        at(&self.intake, pick).cloned()
    }

    /// Returns what may be done to the ticket at `now`: what the facts admit and the policy permits,
    /// by an actor who may.
    pub(super) fn choose(
        &self,
        policy: &Policy,
        ticket: &Ticket,
        now: Instant,
        pick: u16,
    ) -> Option<Deed> {
        let status = ticket.timeline().status(now);
        let served = self.dishes.iter().filter_map(|dish| {
            let deed = match dish {
                Dish::Deed(deed) => deed.clone(),
                Dish::Visit(after) => {
                    let visit_at = now.checked_add(*after).ok()?;
                    format!("visit-booked visit={visit_at}").parse().ok()?
                }
            };
            permitted(policy, &status, ticket, deed, now)
        });
        let served: Vec<Deed> = served.collect();
        at(&served, pick).cloned()
    }
}

/// A pick means a place, round and round: every number is a choice.
fn at<T>(all: &[T], pick: u16) -> Option<&T> {
    let place = usize::from(pick).checked_rem(all.len())?;
    all.get(place)
}

/// Gives the deed to an actor who may do it, if it can be done.
fn permitted(
    policy: &Policy,
    status: &Status,
    ticket: &Ticket,
    mut deed: Deed,
    now: Instant,
) -> Option<Deed> {
    let mut permit = policy.permit(status, &deed.action, &deed.actor);
    if let Some(Refusal::Role { roles, .. }) = permit.refusals.first() {
        deed.actor = holding(deed.actor, roles);
        permit = policy.permit(status, &deed.action, &deed.actor);
    }
    is_possible(ticket, &deed, &permit, now).then_some(deed)
}

/// The actor with the first of the roles that would do.
fn holding(actor: Actor, roles: &[RoleId]) -> Actor {
    let own = actor.roles.as_slice().iter().chain(roles.first()).cloned();
    Actor {
        roles: Roles::from(own.collect::<Vec<_>>()),
        ..actor
    }
}

/// Asked of the same [`decide`] as in a service, so that the menu cannot be laxer than that.
fn is_possible(ticket: &Ticket, deed: &Deed, permit: &Permit, now: Instant) -> bool {
    let command = Command::new(deed.action.clone(), now, deed.actor.clone());
    decide(ticket, command, permit, now).is_ok()
}

/// Every event that moves a clock or ends a pause.
fn triggers(policy: &Policy) -> impl Iterator<Item = &Trigger> {
    let of_targets = policy.agreements().iter().flat_map(|agreement| {
        let targets = agreement.targets.iter().flat_map(|target| {
            let reset = match &target.cycle {
                Cycle::Restart { reset } => Some(reset),
                Cycle::Once | Cycle::Each => None,
            };
            [&target.start, &target.stop, &target.cancel]
                .into_iter()
                .chain(reset)
        });
        targets.chain([&agreement.cancel])
    });
    let resuming = policy.reasons().iter().map(|reason| &reason.resumes_on);
    of_targets.chain(resuming).flat_map(Triggers::as_slice)
}

/// What must come first for an event to be possible.
const fn before(kind: Kind) -> &'static [&'static str] {
    if matches!(kind, Kind::PlanAccepted | Kind::PlanDisputed) {
        &["plan-proposed", "plan-accepted"]
    } else if matches!(kind, Kind::VisitConfirmed) {
        &["visit-cancelled"]
    } else if matches!(
        kind,
        Kind::CompensationApproved | Kind::CompensationRefused | Kind::CompensationGranted
    ) {
        &[
            "compensation-proposed compensation=voucher",
            "compensation-approved",
        ]
    } else if matches!(kind, Kind::ReturnArranged) {
        &["return-approved"]
    } else {
        &[]
    }
}

/// A trigger as a fact that it answers to.
fn said(trigger: &Trigger) -> String {
    let mut text = trigger.kind.name().to_owned();
    if let Some(mark) = &trigger.mark {
        text.push_str(&format!(" mark={}", quoted(mark.as_str())));
    }
    for term in &trigger.when {
        if let Some(value) = answer(term) {
            text.push_str(&format!(" {}={}", term.field.name(), quoted(&value)));
        }
    }
    let asked = |field: EventField| trigger.when.iter().any(|term| term.field == field);
    for (kind, field, needed) in NEEDED {
        if trigger.kind == kind && !asked(field) {
            text.push_str(&format!(" {}={needed}", field.name()));
        }
    }
    if let Some(role) = trigger.by.first() {
        text.push_str(&format!(" by={}", quoted(role.as_str())));
    }
    text
}

/// What some events cannot do without.
const NEEDED: [(Kind, EventField, &str); 6] = [
    (Kind::Surveyed, EventField::Satisfaction, "neutral"),
    (Kind::FollowedUp, EventField::FollowUp, "effect"),
    (
        Kind::CompensationProposed,
        EventField::Compensation,
        "voucher",
    ),
    (Kind::Merged, EventField::Side, "into"),
    (Kind::Inspected, EventField::Conforms, "yes"),
    (Kind::CorrectiveAction, EventField::Stage, "planned"),
];

/// A value that answers a condition.
fn answer(term: &FieldTerm) -> Option<String> {
    if !term.negated {
        return term.values.first().cloned();
    }
    let other = |word: &str| !term.values.iter().any(|value| value == word);
    match term.field.words() {
        Some(words) => words
            .into_iter()
            .find(|word| other(word))
            .map(str::to_owned),
        None => Some("other".to_owned()).filter(|word| other(word)),
    }
}

/// Every way to judge a ticket by one word, as pairs.
fn judgements(policy: &Policy) -> Vec<String> {
    let words = policy.vocabulary();
    let classes = words
        .classes
        .iter()
        .map(|(class, _)| ("class", class.as_str()));
    let levels = words
        .levels
        .iter()
        .map(|(level, _)| ("level", level.as_str()));
    let fields = words.fields.iter().flat_map(|field| {
        let values = field.values.iter().map(|(value, _)| value.as_str());
        values.map(|value| (field.id.as_str(), value))
    });
    let pairs = classes.chain(levels).chain(fields);
    pairs
        .map(|(key, value)| format!("{key}={}", quoted(value)))
        .collect()
}

/// The ways in which a request can come in: by whom, and what is known of it.
fn intake(judged: &[String]) -> Vec<Deed> {
    let mut texts = vec!["received".to_owned()];
    texts.extend(judged.iter().map(|pair| format!("received {pair}")));
    for (first, place) in judged.iter().zip(1..) {
        for second in judged.iter().skip(place) {
            texts.push(format!("received {first} {second}"));
        }
    }
    let others = [Opener::Agent, Opener::Owner];
    texts.extend(others.map(|opener| format!("received opener={opener}")));
    // Two classes at once are no request: the second would be taken for a field.
    let deeds = texts.iter().filter_map(|text| text.parse::<Deed>().ok());
    deeds.filter(|deed| !has_foreign_fields(deed)).collect()
}

/// Whether a pair that was meant as class or level was read as an own field.
fn has_foreign_fields(deed: &Deed) -> bool {
    let Action::Receive(received) = &deed.action else {
        return false;
    };
    let mut fields = received.fields.keys();
    fields.any(|field| matches!(field.as_str(), "class" | "level"))
}

/// Names may hold spaces, so every value stands in quotes.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::AFTER_SALES;

    #[test]
    fn the_menu_of_the_preset_has_each_of_its_triggers() {
        let policy = Policy::from_toml(AFTER_SALES).unwrap();
        let menu = Menu::of(&policy);
        for trigger in triggers(&policy) {
            let is_there = menu.dishes.iter().any(|dish| match dish {
                Dish::Deed(deed) => deed.action.kind() == trigger.kind,
                Dish::Visit(_) => trigger.kind == Kind::VisitBooked,
            });
            assert!(is_there || trigger.kind == Kind::Received, "{trigger:?}");
        }
        assert!(menu.intake.len() > 30, "{}", menu.intake.len());
    }
}
