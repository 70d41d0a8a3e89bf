//! Which fields each kind of event has, as a map may fill them.

use punctual::event::Kind;

/// How the text of a cell becomes the value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A name or a word, as it is.
    Text,
    /// Customers' words.
    Personal,
    /// Yes or no.
    Yes,
    /// A whole number.
    Number,
    /// An instant, in the map's own format.
    Instant,
}

type Fields = &'static [(&'static str, Form)];

const MESSAGE: Fields = &[("text", Form::Personal)];

/// Returns the fields of a kind by the names of the JSON face; `None` for what only the engine
/// records. Own fields of `received` and `classified` come besides.
pub(super) const fn of(kind: Kind) -> Option<Fields> {
    use Form::{Instant, Number, Personal, Text, Yes};
    Some(match kind {
        Kind::Received => &[
            ("opener", Text),
            ("class", Text),
            ("level", Text),
            ("channel", Text),
            ("product", Text),
            ("purchased_on", Text),
            ("text", Personal),
        ],
        Kind::Acknowledged => &[("starts_in", Number)],
        Kind::Classified => &[("class", Text), ("level", Text), ("in_scope", Yes)],
        Kind::Assigned => &[("owner", Text), ("team", Text)],
        Kind::Declined => &[("text", Personal), ("alternative", Personal)],
        Kind::Replied => &[("automatic", Yes), ("text", Personal)],
        Kind::Diagnosed => &[("cause", Text), ("text", Personal)],
        Kind::VisitBooked => &[("visit_at", Instant), ("text", Personal)],
        Kind::Paused | Kind::Resumed => &[("reason", Text)],
        Kind::CompensationProposed => &[("compensation", Text), ("text", Personal)],
        Kind::Resolved => &[("method", Text), ("text", Personal)],
        Kind::Surveyed => &[
            ("satisfaction", Text),
            ("solved", Yes),
            ("attitude", Text),
            ("speed", Text),
            ("skill", Text),
            ("text", Personal),
        ],
        Kind::FollowedUp => &[("kind", Text), ("text", Personal)],
        Kind::Merged => &[("other", Text), ("side", Text)],
        Kind::Inspected => &[("conforms", Yes), ("text", Personal)],
        Kind::CorrectiveAction => &[("stage", Text), ("text", Personal)],
        Kind::Waived => &[
            ("agreement", Text),
            ("target", Text),
            ("cycle", Number),
            ("text", Personal),
        ],
        Kind::Marked => &[("mark", Text), ("text", Personal)],
        Kind::CustomerWrote
        | Kind::Noted
        | Kind::PlanProposed
        | Kind::PlanAccepted
        | Kind::PlanDisputed
        | Kind::ProgressReported
        | Kind::VisitConfirmed
        | Kind::VisitCancelled
        | Kind::Dispatched
        | Kind::Arrived
        | Kind::CompensationApproved
        | Kind::CompensationRefused
        | Kind::CompensationGranted
        | Kind::ReturnApproved
        | Kind::ReturnArranged
        | Kind::Accepted
        | Kind::Reopened
        | Kind::SurveyAsked
        | Kind::Closed
        | Kind::Withdrawn => MESSAGE,
        Kind::PolicyBound
        | Kind::Warned
        | Kind::Breached
        | Kind::BreachedOnAttach
        | Kind::Escalated
        | Kind::VerdictRevised
        | Kind::PolicyPublished
        | Kind::CalendarPublished
        | _ => return None,
    })
}

/// Returns whether events of a kind carry a policy's own fields.
pub(super) const fn has_own(kind: Kind) -> bool {
    matches!(kind, Kind::Received | Kind::Classified)
}

#[cfg(test)]
mod tests {
    use super::*;
    use punctual::ticket::TicketEvent;
    use serde_json::{Map, Value, json};

    /// A value of the right form for each field.
    fn sample(name: &str, form: Form) -> Value {
        match (name, form) {
            ("opener", _) => json!("customer"),
            ("satisfaction" | "attitude" | "speed" | "skill", _) => json!("neutral"),
            ("kind", _) => json!("effect"),
            ("side", _) => json!("into"),
            ("stage", _) => json!("done"),
            ("purchased_on", _) => json!("2026-03-09"),
            (_, Form::Text) => json!("x"),
            (_, Form::Personal) => json!({"plain": "x"}),
            (_, Form::Yes) => json!(true),
            (_, Form::Number) => json!(1),
            (_, Form::Instant) => json!("2026-03-09T01:00:00Z"),
        }
    }

    #[test]
    fn the_fields_are_those_that_the_events_have() {
        for kind in Kind::ALL.iter().copied() {
            let Some(fields) = of(kind) else {
                let engines = kind.is_engines()
                    || matches!(kind, Kind::PolicyPublished | Kind::CalendarPublished);
                assert!(engines, "{kind}");
                continue;
            };
            let mut event: Map<String, Value> = fields
                .iter()
                .map(|(name, form)| ((*name).to_owned(), sample(name, *form)))
                .collect();
            event.insert("type".into(), json!(kind.name()));
            let read: TicketEvent = serde_json::from_value(event.clone().into()).unwrap();
            let Value::Object(mut again) = serde_json::to_value(&read).unwrap() else {
                panic!("{kind}");
            };
            assert_eq!(again.remove("fields").is_some(), has_own(kind), "{kind}");
            assert_eq!(again, event, "{kind}");
        }
    }
}
