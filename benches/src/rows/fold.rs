//! Folding typed events.

use std::hint::black_box;

use punctual::ticket::{Fact, Ticket};

use crate::figure::Against;
use crate::load::tickets::{self, History, count, digest, folded};
use crate::measure::checksum;
use crate::run::{Failure, Run};

/// The cases that peers have figures of: their names, and whether events have texts.
pub const CASES: [(&str, bool); 2] = [
    ("typed fold", false),
    ("typed fold, events with texts", true),
];

/// The checksum that folding these tickets must come to.
#[must_use]
pub fn expected(histories: &[History]) -> u64 {
    let folded = histories.iter().map(folded);
    folded.fold(0, |sum, ticket| checksum(sum, digest(&ticket)))
}

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let size = run.settings().size;
    for (name, texts) in CASES {
        let histories = if texts {
            tickets::spoken(size)?
        } else {
            tickets::bare(size)?
        };
        case(run, name, &histories);
    }
    Ok(())
}

fn case(run: &mut Run, name: &str, histories: &[History]) {
    let events = count(histories);
    let facts: usize = histories.iter().map(|history| facts(history).len()).sum();
    let versions: u64 = histories.iter().flatten().map(|it| it.version.get()).sum();
    run.cpu(name, events)
        .ours(expected(histories), || {
            black_box(histories).iter().fold(0, |sum, history| {
                let mut ticket = Ticket::default();
                history.iter().for_each(|recorded| ticket.apply(recorded));
                checksum(sum, digest(&ticket))
            })
        })
        .limit("the same facts pushed to a Vec", facts as u64, || {
            let histories = black_box(histories).iter();
            histories
                .map(|history| black_box(facts_of(history)).len() as u64)
                .sum()
        })
        .limit("every event looked at", versions, || {
            let events = black_box(histories).iter().flatten();
            events
                .map(|recorded| black_box(recorded).version.get())
                .sum()
        })
        // Within 1.3 times the floor of a plain Vec.
        .target(Against::Limit, "the same facts", 1.0 / 1.3)
        .target(Against::Crates, "fmodel-rust", 2.0)
        .target(Against::Number, "", 7.0);
}

fn facts(history: &History) -> Vec<Fact> {
    facts_of(history)
}

/// What no fold can do without: the facts that the clocks need, in a vector of their own.
fn facts_of(history: &History) -> Vec<Fact> {
    let mut facts = Vec::new();
    for recorded in history {
        facts.extend(Fact::of(recorded));
    }
    facts
}
