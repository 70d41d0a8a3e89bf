//! A rebuild and years of following come to the same, however the log is cut.

use proptest::prelude::*;
use punctual::event::{Kind, StreamId};
use punctual::policy::Policy;
use punctual::projection::{
    Case, Change, Cycles, Needs, Poison, Projection, Queue, Scorecard, Services, Sum,
};
use punctual::testing::{Chunked, Way, chunking, histories, policies, walks};

use crate::support::house;

/// Counts the replies, and needs no ticket for it.
struct Replies;

impl Projection for Replies {
    type State = u64;

    fn name(&self) -> &'static str {
        "replies"
    }

    fn version(&self) -> u32 {
        1
    }

    fn needs(&self) -> Needs {
        Needs::kinds(&[Kind::Replied])
    }

    fn apply(&self, state: &mut u64, change: &Change<'_>) -> Result<(), Poison> {
        *state += u64::try_from(change.events.len()).unwrap();
        Ok(())
    }

    fn merge(&self, state: &mut u64, other: u64) {
        *state += other;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_the_house_preset(
        told in prop::collection::vec(histories(&house()), 1..5),
        sizes in prop::collection::vec(1_usize..5, 0..4),
    ) {
        let policy = house();
        let card = Scorecard::of(&policy);
        chunking(&card, &policy, &told, &sizes).unwrap();
        chunking(&card.with_cycles(Cycles::Worst), &policy, &told, &sizes).unwrap();
        chunking(&Queue, &policy, &told, &sizes).unwrap();
        chunking(&Services::new(policy.zone().clone()), &policy, &told, &sizes).unwrap();
        chunking(&Replies, &policy, &told, &sizes).unwrap();
    }

    #[test]
    fn of_any_policy(
        plan in policies(),
        walked in prop::collection::vec(walks(), 1..4),
        sizes in prop::collection::vec(1_usize..5, 0..4),
    ) {
        let Ok(policy) = plan.compile() else { return Ok(()) };
        let told: Vec<_> = walked.iter().map(|walk| walk.history(&policy)).collect();
        chunking(&Scorecard::of(&policy), &policy, &told, &sizes).unwrap();
        chunking(&Queue, &policy, &told, &sizes).unwrap();
    }
}

/// Forgets to take away what a ticket contributed before.
struct Forgetful;

impl Sum for Forgetful {
    type Part = u64;
    type State = u64;

    fn name(&self) -> &'static str {
        "forgetful"
    }

    fn version(&self) -> u32 {
        1
    }

    fn part(&self, case: &Case<'_>) -> Result<Option<u64>, Poison> {
        Ok(Some(case.ticket().version().get()))
    }

    fn add(&self, state: &mut u64, _: &StreamId, part: u64) {
        *state += part;
    }

    fn remove(&self, _: &mut u64, _: &StreamId, _: u64) {}

    fn merge(&self, state: &mut u64, other: u64) {
        *state += other;
    }
}

/// Keeps the last ticket that it saw.
struct Ordered;

impl Projection for Ordered {
    type State = String;

    fn name(&self) -> &'static str {
        "ordered"
    }

    fn version(&self) -> u32 {
        1
    }

    fn needs(&self) -> Needs {
        Needs::TICKETS
    }

    fn apply(&self, state: &mut String, change: &Change<'_>) -> Result<(), Poison> {
        *state = change.stream.to_string();
        Ok(())
    }

    fn merge(&self, _: &mut String, _: String) {}
}

#[test]
fn what_breaks_the_law_is_found() {
    let policy: Policy = house();
    let script = "2026-03-09 09:00 received\n2026-03-09 10:00 replied";
    let told = vec![crate::support::history(&policy, script); 2];
    let way = |found| match found {
        Err(Chunked::Differs { way, .. }) => Some(way),
        _ => None,
    };
    let forgetful = chunking(&Forgetful, &policy, &told, &[]);
    assert_eq!(way(forgetful), Some(Way::EventByEvent));
    let ordered = chunking(&Ordered, &policy, &told, &[]);
    assert_eq!(way(ordered), Some(Way::Backwards));
}
