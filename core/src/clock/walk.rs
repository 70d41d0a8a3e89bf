//! Which clocks a history has: the walk over its facts.
//!
//! This half of a reading is pure event logic: it never measures a length. What is over or in time
//! is found afterwards, by [`measure`](super::measure), so a rule such as "an event cancels a clock
//! unless it is over" is kept as [`Ending::IfOver`](super::life::Ending) and settled there.
//!
//! A walk is plain data and borrows nothing, so it can be kept beside its ticket and go on when the
//! next fact comes. What it comes to is the same as if it had begun anew: a fact that is not the next
//! one, and whatever binds or waives, makes it begin anew.

use smallvec::{SmallVec, smallvec};

use super::binding::{Binding, Bindings};
use super::course::Course;
use super::ground::Ground;
use super::life::Clock;
use super::pauses::PauseTrack;
use crate::event::{Kind, Version};
#[cfg(feature = "engine")]
use crate::ticket::Timeline;
use crate::ticket::{Detail, Fact, Phase, Status};
use crate::time::Instant;

/// The clocks of a ticket as its facts tell them, and the pauses, up to a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Walk {
    /// One for each agreement of the bindings, in their order.
    courses: Vec<Course>,
    /// One for each policy of the bindings, in their order.
    tracks: SmallVec<[PauseTrack; 1]>,
    pub(super) status: Status,
    /// How many facts were walked, and the last of them.
    seen: usize,
    last: Option<(Instant, Version)>,
}

/// What may change clocks that have been walked past: a new version's modes, or a waiver of a cycle
/// that had ended.
#[cfg(any(feature = "engine", test))]
const REACHES_BACK: u128 = Kind::PolicyBound.bit() | Kind::Waived.bit();

impl Walk {
    /// Walks all the facts.
    pub(crate) fn new(facts: &[Fact], bindings: &Bindings<'_>) -> Self {
        let mut walk = Self {
            courses: vec![Course::default(); bindings.agreements().count()],
            tracks: smallvec![PauseTrack::NONE; bindings.policies().len()],
            status: Status::default(),
            seen: 0,
            last: None,
        };
        walk.go_on(facts, bindings);
        if walk.status.has(Kind::Waived) {
            facts.iter().for_each(|fact| walk.waive(bindings, fact));
        }
        walk
    }

    /// Returns the walk over all the facts; one that was kept goes on from where it is, where the
    /// facts since then allow it. The same as [`Walk::new`], given the bindings of the same ticket.
    #[cfg(any(feature = "engine", test))]
    pub(crate) fn resumed(kept: Option<Self>, facts: &[Fact], bindings: &Bindings<'_>) -> Self {
        match kept {
            Some(mut walk) if walk.leads_to(facts, bindings) => {
                let seen = walk.seen;
                walk.go_on(facts.get(seen..).unwrap_or(&[]), bindings);
                walk
            }
            Some(_) | None => Self::new(facts, bindings),
        }
    }

    /// Returns how the ticket stood just after everything that happened at or before `at`, where that
    /// is where the walk has come to.
    #[cfg(feature = "engine")]
    pub(crate) fn status_at(&self, timeline: &Timeline, at: Instant) -> Option<&Status> {
        let facts = timeline.facts();
        let last = facts.last().map(|fact| (fact.at, fact.version));
        let is_there = self.seen == facts.len() && self.last == last;
        let is_last = last.is_none_or(|(last, _)| last <= at);
        (is_there && is_last).then_some(&self.status)
    }

    /// Returns whether nothing that was walked past has changed, and nothing ahead reaches back.
    #[cfg(any(feature = "engine", test))]
    fn leads_to(&self, facts: &[Fact], bindings: &Bindings<'_>) -> bool {
        let Some((walked, ahead)) = facts.split_at_checked(self.seen) else {
            return false;
        };
        // A version names a fact for ever, so a late one among those walked past moves the last.
        let last = walked.last().map(|fact| (fact.at, fact.version));
        let kinds = ahead.iter().fold(0, |kinds, fact| kinds | fact.kind.bit());
        last == self.last
            && self.courses.len() == bindings.agreements().count()
            && self.tracks.len() == bindings.policies().len()
            && !self.status.has(Kind::Waived)
            && kinds & REACHES_BACK == 0
    }

    fn go_on(&mut self, facts: &[Fact], bindings: &Bindings<'_>) {
        let agreements: SmallVec<[&[Binding<'_>]; 4]> = bindings.agreements().collect();
        for (index, fact) in facts.iter().enumerate() {
            self.status.advance(fact);
            for (track, policy) in self.tracks.iter_mut().zip(bindings.policies()) {
                track.step(fact, policy);
            }
            if fact.kind == Kind::PolicyBound {
                self.rebind(bindings, fact, facts.get(..index).unwrap_or(&[]));
            } else {
                for (course, bindings) in self.courses.iter_mut().zip(&agreements) {
                    course.step(bindings, &self.status, fact);
                }
            }
        }
        self.seen = self.seen.saturating_add(facts.len());
        let last = facts.last().map(|fact| (fact.at, fact.version));
        self.last = last.or(self.last);
    }

    /// Finished tickets are never moved (P2). Only a whole walk comes here, so `before` are all the
    /// facts before this one.
    fn rebind(&mut self, bindings: &Bindings<'_>, fact: &Fact, before: &[Fact]) {
        let has_ended = !matches!(self.status.phase, Phase::Unknown | Phase::Open);
        if has_ended && !self.courses.iter().any(Course::is_live) {
            return;
        }
        for (course, bindings) in self.courses.iter_mut().zip(bindings.agreements()) {
            course.rebind(bindings, &self.status, fact, before);
        }
    }

    /// A waiver covers one cycle of one target, whether it has started by then or not (C13).
    fn waive(&mut self, bindings: &Bindings<'_>, fact: &Fact) {
        let Detail::Waived(waived) = &fact.detail else {
            return;
        };
        for (course, bindings) in self.courses.iter_mut().zip(bindings.agreements()) {
            let ground = Ground {
                bindings,
                tracks: &[],
            };
            let is_covered = |clock: &&mut Clock| {
                let current = ground.attachment(clock.current());
                clock.cycle == waived.cycle
                    && current.is_some_and(|current| {
                        *current.agreement == waived.agreement && current.target.id == waived.target
                    })
            };
            if let Some(clock) = course.clocks_mut().iter_mut().find(is_covered) {
                clock.waived_at = clock.waived_at.or(Some(fact.at));
                return;
            }
        }
    }

    /// Returns every clock that ever had a goal, agreement by agreement in the order in which they
    /// started, with the ground that it stands on.
    pub(super) fn clocks<'c, 'p>(
        &'c self,
        bindings: &'c Bindings<'p>,
    ) -> impl Iterator<Item = (&'c Clock, Ground<'c, 'p>)> {
        let courses = self.courses.iter().zip(bindings.agreements());
        courses.flat_map(|(course, bindings)| {
            let ground = Ground {
                bindings,
                tracks: &self.tracks,
            };
            let clocks = course.clocks().iter();
            let promised = clocks.filter(|clock| clock.was_promised());
            promised.map(move |clock| (clock, ground))
        })
    }
}

#[cfg(all(test, feature = "testing"))]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::event::Recorded;
    use crate::policy::{AFTER_SALES, Document, Notation, Policy, PolicyBook};
    use crate::supervision;
    use crate::testing::{History, arrivals, histories};
    use crate::ticket::{Ticket, TicketEvent};

    /// `after-sales`, and a second version with another budget, another mode and one target more.
    static VERSIONS: LazyLock<[Policy; 2]> = LazyLock::new(|| {
        let more = "[target.extra]\nstart = \"received\"\nstop = \"accepted\"\n\
                    goals = [{ when = { level = \"urgent\" }, within = \"1d\" }, { within = \"2d\" }]\n\
                    [target.return-review]";
        let second = AFTER_SALES.replace("[target.return-review]", more).replace(
            "reset = \"progress-reported\"",
            "reset = \"progress-reported\"\nreclassify = \"carry\"",
        );
        let second = Document::parse(&second, Notation::Toml).unwrap();
        [
            Policy::from_toml(AFTER_SALES).unwrap(),
            second.compile(2, &[]).unwrap(),
        ]
    });

    /// What is done after an event has arrived.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Then {
        Nothing,
        Look,
        /// The present of this look lies before the last facts.
        LookBack,
        Rebind,
    }

    fn thens() -> impl Strategy<Value = Vec<Then>> {
        let then = prop_oneof![
            3 => Just(Then::Nothing),
            8 => Just(Then::Look),
            1 => Just(Then::LookBack),
            1 => Just(Then::Rebind),
        ];
        proptest::collection::vec(then, 48)
    }

    /// A history, the order in which its steps arrive, and what is done after each.
    fn tales() -> impl Strategy<Value = (History, Vec<usize>, Vec<Then>)> {
        histories(&VERSIONS[0]).prop_flat_map(|history| {
            let in_order: Vec<usize> = (0..history.steps().len()).collect();
            let order = prop_oneof![
                2 => Just(in_order),
                1 => arrivals(&history).prop_map(|arrival| arrival.order().to_vec()),
            ];
            (Just(history), order, thens())
        })
    }

    /// One more event, as the next version of the ticket.
    fn applied(ticket: &mut Ticket, event: &Recorded<TicketEvent>) {
        let mut event = event.clone();
        event.version = ticket.version().next();
        ticket.apply(&event);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// In whatever order the facts arrive, whenever somebody looks, and however often the ticket
        /// is bound anew.
        #[test]
        fn a_walk_that_goes_on_comes_to_what_a_new_one_comes_to((history, order, thens) in tales()) {
            let book: PolicyBook = VERSIONS.iter().cloned().collect();
            let first: PolicyBook = [VERSIONS[0].clone()].into_iter().collect();
            let log = history.log();
            let mut ticket = Ticket::default();
            let mut kept: Option<Walk> = None;
            for (place, then) in order.iter().zip(thens.iter().cycle()) {
                applied(&mut ticket, &log[*place]);
                let at = ticket.timeline().facts().last().map_or(Instant::MIN, |fact| fact.at);
                let bound = supervision::bind::<Box<str>>(&ticket, &first);
                ticket = supervision::after(&ticket, bound, at);
                if *then == Then::Nothing {
                    continue;
                }
                if *then == Then::Rebind && ticket.timeline().received_at().is_some() {
                    let rebound = supervision::rebind::<Box<str>>(&VERSIONS[1]);
                    ticket = supervision::after(&ticket, rebound, at);
                }
                let now = if *then == Then::LookBack { log[*place].occurred_at } else { at };
                let bindings = Bindings::recorded(ticket.timeline(), &book, now).unwrap();
                let facts = ticket.timeline().until(now);
                let whole = Walk::new(facts, &bindings);
                let resumed = Walk::resumed(kept.take(), facts, &bindings);
                prop_assert_eq!(&resumed, &whole);
                kept = Some(resumed);
            }
        }
    }
}
