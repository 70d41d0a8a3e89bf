//! What can happen to a ticket.

use serde::{Deserialize, Serialize};

use super::detail::Plainly;
use super::fact::Detail;
use super::payload::{
    Acknowledged, Assigned, Breached, Classified, CompensationProposed, CorrectiveAction, Declined,
    Diagnosed, Escalated, FollowedUp, Inspected, Marked, Merged, Message, Paused, PolicyBound,
    Received, Replied, Resolved, Resumed, Surveyed, VerdictRevised, VisitBooked, Waived, Warned,
};
use crate::event::Kind;

/// Writes the events and the commands that people give from one list.
macro_rules! ticket_events {
    (
        by_people { $($(#[$doc:meta])* $event:ident / $action:ident ($payload:ty),)* }
        by_engine { $($(#[$engine_doc:meta])* $engine:ident ($engine_payload:ty),)* }
    ) => {
        /// What happened to a ticket. Facts only: anything that can be computed is not an event.
        ///
        /// `T` is the text of personal fields: owned as `Box<str>`, or read in place as `&str`. The
        /// form below is the JSON face; a store keeps one payload a kind. The names are a contract
        /// with every log ever written: variants are added, never renamed, never reused.
        ///
        /// ```
        /// use punctual::event::Kind;
        /// use punctual::ticket::{Resolved, TicketEvent};
        ///
        /// let event: TicketEvent = serde_json::from_str(r#"{"type":"resolved","method":"remote"}"#)?;
        /// assert_eq!(event.kind(), Kind::Resolved);
        ///
        /// // In JSON personal text says that it is readable, since it may come back erased.
        /// let json = r#"{"type":"customer-wrote","text":{"plain":"It drips again."}}"#;
        /// let event: TicketEvent = serde_json::from_str(json)?;
        /// assert_eq!(serde_json::to_string(&event)?, json);
        /// # Ok::<(), serde_json::Error>(())
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(tag = "type", rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum TicketEvent<T = Box<str>> {
            $($(#[$doc])* $event($payload),)*
            $($(#[$engine_doc])* $engine($engine_payload),)*
        }

        impl<T> TicketEvent<T> {
            /// Returns the kind: the number under which a store keeps it, the name that policies use.
            pub const fn kind(&self) -> Kind {
                match self {
                    $(Self::$event(_) => Kind::$event,)*
                    $(Self::$engine(_) => Kind::$engine,)*
                }
            }

            /// Writes the plain fields to `place`, which holds [`Detail::Plain`]; returns whether it
            /// is a fact.
            pub(super) fn show(&self, place: &mut Detail) -> bool {
                match self {
                    $(Self::$event(payload) => payload.show(place),)*
                    $(Self::$engine(payload) => payload.show(place),)*
                }
            }
        }

        /// What somebody asks to be recorded. Each becomes the event of the same payload, or is
        /// refused by [`decide`](super::decide).
        ///
        /// Events are in the past tense, actions in the imperative: `Resolve` becomes `Resolved`.
        /// What the engine records by itself (breaches, escalations, bindings) has no action.
        ///
        /// ```
        /// use punctual::event::Kind;
        /// use punctual::ticket::{Action, Resolved};
        ///
        /// let action: Action = Action::Resolve(Resolved {
        ///     method: Some("on-site".parse()?),
        ///     text: None,
        /// });
        /// assert_eq!(action.kind(), Kind::Resolved);
        /// assert_eq!(serde_json::to_value(&action)?["type"], "resolve");
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(tag = "type", rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum Action<T = Box<str>> {
            $($(#[$doc])* $action($payload),)*
        }

        impl<T> Action<T> {
            /// Returns the kind of the event that it becomes.
            pub const fn kind(&self) -> Kind {
                match self {
                    $(Self::$action(_) => Kind::$event,)*
                }
            }

            /// Returns the event that it becomes.
            #[must_use]
            pub fn into_event(self) -> TicketEvent<T> {
                match self {
                    $(Self::$action(payload) => TicketEvent::$event(payload),)*
                }
            }

            /// Returns the command that an event came from, or the event itself where it is one
            /// that only the engine records. For imports: replaying a foreign log through
            /// [`decide`](super::decide) shows which of its events could not have happened.
            ///
            /// # Errors
            /// The event, boxed, when no command leads to it.
            pub fn from_event(event: TicketEvent<T>) -> Result<Self, Box<TicketEvent<T>>> {
                match event {
                    $(TicketEvent::$event(payload) => Ok(Self::$action(payload)),)*
                    $(TicketEvent::$engine(payload) => Err(Box::new(TicketEvent::$engine(payload))),)*
                }
            }
        }
    };
}

ticket_events! {
    by_people {
        /// The request reaches us; response clocks start.
        Received / Receive (Received<T>),
        /// We tell the customer that it did.
        Acknowledged / Acknowledge (Acknowledged),
        /// Class, level or own fields are judged; a later judgement replaces it from then on.
        Classified / Classify (Classified),
        /// Someone becomes the owner.
        Assigned / Assign (Assigned),
        /// It is out of scope; an alternative is offered.
        Declined / Decline (Declined<T>),
        /// The customer writes or calls.
        CustomerWrote / HearCustomer (Message<T>),
        /// We answer so that the customer can see it.
        Replied / Reply (Replied<T>),
        /// An internal note.
        Noted / Note (Message<T>),
        /// The cause is known.
        Diagnosed / Diagnose (Diagnosed<T>),
        /// The plan is told to the customer.
        PlanProposed / ProposePlan (Message<T>),
        /// The customer accepts the plan.
        PlanAccepted / AcceptPlan (Message<T>),
        /// The customer disputes the plan.
        PlanDisputed / DisputePlan (Message<T>),
        /// The customer is told how it goes.
        ProgressReported / ReportProgress (Message<T>),
        /// A visit is agreed; another one replaces it.
        VisitBooked / BookVisit (VisitBooked<T>),
        /// The visit is confirmed with the customer.
        VisitConfirmed / ConfirmVisit (Message<T>),
        /// The visit will not take place.
        VisitCancelled / CancelVisit (Message<T>),
        /// A repairer is sent.
        Dispatched / Dispatch (Message<T>),
        /// The repairer is on site.
        Arrived / Arrive (Message<T>),
        /// Work waits for a reason.
        Paused / Pause (Paused),
        /// A reason to wait has gone.
        Resumed / Resume (Resumed),
        /// A compensation is suggested.
        CompensationProposed / ProposeCompensation (CompensationProposed<T>),
        /// A supervisor approves the compensation.
        CompensationApproved / ApproveCompensation (Message<T>),
        /// A supervisor refuses the compensation.
        CompensationRefused / RefuseCompensation (Message<T>),
        /// The compensation takes effect.
        CompensationGranted / GrantCompensation (Message<T>),
        /// A return or exchange is approved.
        ReturnApproved / ApproveReturn (Message<T>),
        /// The transport of a return is arranged.
        ReturnArranged / ArrangeReturn (Message<T>),
        /// The remedy is carried out; survey clocks start.
        Resolved / Resolve (Resolved<T>),
        /// The customer signs the completion; a repair warranty starts.
        Accepted / Accept (Message<T>),
        /// It was not solved after all.
        Reopened / Reopen (Message<T>),
        /// We ask for the customer's opinion.
        SurveyAsked / AskSurvey (Message<T>),
        /// The customer gives an opinion.
        Surveyed / Survey (Surveyed<T>),
        /// We contact the customer again.
        FollowedUp / FollowUp (FollowedUp<T>),
        /// Nothing more is to be done.
        Closed / Close (Message<T>),
        /// Two tickets become one.
        Merged / Merge (Merged),
        /// The customer withdraws the request.
        Withdrawn / Withdraw (Message<T>),
        /// An inspector judges whether the norm was kept.
        Inspected / Inspect (Inspected<T>),
        /// A correction is planned, done or verified.
        CorrectiveAction / Correct (CorrectiveAction<T>),
        /// One promise is waived.
        Waived / Waive (Waived<T>),
        /// A named moment of the embedding service.
        Marked / Mark (Marked<T>),
    }
    by_engine {
        /// A policy version applies from here on.
        PolicyBound (PolicyBound),
        /// A clock reached its first warning.
        Warned (Warned),
        /// A clock exceeded its budget.
        Breached (Breached),
        /// A clock was over as its goal was attached.
        BreachedOnAttach (Breached),
        /// A rung of a ladder was told.
        Escalated (Escalated),
        /// A late fact changed a verdict.
        VerdictRevised (VerdictRevised),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_becomes_the_event_of_its_payload_and_back() {
        let action: Action = Action::Note(Message::NONE);
        let event = action.clone().into_event();
        assert_eq!(event.kind(), action.kind());
        assert_eq!(Action::from_event(event), Ok(action));
    }

    #[test]
    fn the_json_name_is_the_kind_that_policies_name() {
        let event: TicketEvent = TicketEvent::PlanAccepted(Message::NONE);
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!(json["type"], event.kind().name());
    }

    #[test]
    fn text_can_be_read_in_place() {
        let borrowed: TicketEvent<&str> = TicketEvent::Noted(Message {
            text: Some(super::super::Personal::Plain("for our eyes")),
        });
        assert!(!format!("{borrowed:?}").contains("eyes"));
    }
}
