//! What clocks can see of each payload.
//!
//! Written to where it is wanted: a fact is moved by many small steps, since its parts are of many
//! shapes, and that took longer than to read it.

use super::fact::{Detail, Intake, WaivedClock};
use super::payload::{
    Acknowledged, Assigned, Breached, Classified, CompensationProposed, CorrectiveAction, Declined,
    Diagnosed, Escalated, FollowedUp, Inspected, Marked, Merged, Message, Paused, PolicyBound,
    Received, Replied, Resolved, Resumed, Surveyed, VerdictRevised, VisitBooked, Waived, Warned,
};

/// A payload with plain fields in it.
pub(crate) trait Plainly {
    /// Writes its plain fields to `place`, which holds [`Detail::Plain`]. Returns `false` for what
    /// the engine records of clocks, which is no fact.
    fn show(&self, place: &mut Detail) -> bool;

    /// The same of a payload that is given away, which spares the copies: what reading a log comes
    /// to.
    #[cfg(feature = "store")]
    fn give(self, place: &mut Detail) -> bool;
}

/// Puts a detail in the place of `Plain`, which has nothing to drop.
#[inline]
fn put(place: &mut Detail, detail: Detail) -> bool {
    std::mem::forget(std::mem::replace(place, detail));
    true
}

/// Writes both ways from one expression: `own!` makes a field the fact's own, by a copy or by a
/// move.
macro_rules! details {
    ($($name:ident $(<$text:ident>)?: $it:ident => $detail:expr;)*) => {$(
        impl $(<$text>)? Plainly for $name $(<$text>)? {
            #[inline]
            fn show(&self, place: &mut Detail) -> bool {
                macro_rules! own {
                    ($field:expr) => {
                        $field.clone()
                    };
                }
                let $it = self;
                put(place, $detail)
            }

            #[cfg(feature = "store")]
            #[inline]
            fn give(self, place: &mut Detail) -> bool {
                macro_rules! own {
                    ($field:expr) => {
                        $field
                    };
                }
                let $it = self;
                put(place, $detail)
            }
        }
    )*};
}

/// Writes the same of payloads that have nothing to own.
macro_rules! small_details {
    ($($name:ident $(<$text:ident>)?: $it:ident => $detail:expr;)*) => {$(
        impl $(<$text>)? Plainly for $name $(<$text>)? {
            #[inline]
            fn show(&self, place: &mut Detail) -> bool {
                let $it = self;
                put(place, $detail)
            }

            #[cfg(feature = "store")]
            #[inline]
            fn give(self, place: &mut Detail) -> bool {
                self.show(place)
            }
        }
    )*};
}

/// Writes the same of payloads without plain fields: whether they are facts.
macro_rules! no_details {
    ($($name:ident $(<$text:ident>)?: $fact:literal;)*) => {$(
        impl $(<$text>)? Plainly for $name $(<$text>)? {
            #[inline]
            fn show(&self, _place: &mut Detail) -> bool {
                $fact
            }

            #[cfg(feature = "store")]
            #[inline]
            fn give(self, _place: &mut Detail) -> bool {
                $fact
            }
        }
    )*};
}

details! {
    Received<T>: received => Detail::Received(Box::new(Intake {
        opener: received.opener,
        class: own!(received.class),
        level: own!(received.level),
        fields: own!(received.fields),
        channel: own!(received.channel),
        product: own!(received.product),
        purchased_on: received.purchased_on,
    }));
    Classified: judged => Detail::Classified(Box::new(own!(judged)));
    Assigned: assigned => Detail::Assigned(own!(assigned));
    Diagnosed<T>: found => own!(found.cause).map_or(Detail::Plain, Detail::Cause);
    Paused: paused => Detail::Reason(own!(paused.reason));
    Resumed: resumed => own!(resumed.reason).map_or(Detail::Plain, Detail::Reason);
    CompensationProposed<T>: proposed => Detail::Compensation(own!(proposed.compensation));
    Resolved<T>: resolved => own!(resolved.method).map_or(Detail::Plain, Detail::Method);
    Waived<T>: waived => Detail::Waived(Box::new(WaivedClock {
        agreement: own!(waived.agreement),
        target: own!(waived.target),
        cycle: waived.cycle,
    }));
    Marked<T>: marked => Detail::Mark(own!(marked.mark));
    PolicyBound: bound => Detail::Bound(Box::new(own!(bound)));
}

small_details! {
    Replied<T>: reply => Detail::Replied { automatic: reply.automatic };
    VisitBooked<T>: booked => Detail::Visit { visit_at: booked.visit_at };
    Surveyed<T>: survey => Detail::Surveyed {
        satisfaction: survey.satisfaction,
        solved: survey.solved,
    };
    FollowedUp<T>: contact => Detail::FollowUp(contact.kind);
    Merged: merged => Detail::Merged(merged.side);
    Inspected<T>: inspected => Detail::Inspected { conforms: inspected.conforms };
    CorrectiveAction<T>: action => Detail::Stage(action.stage);
}

no_details! {
    Acknowledged: true;
    Declined<T>: true;
    Message<T>: true;
    Warned: false;
    Breached: false;
    Escalated: false;
    VerdictRevised: false;
}
