//! What binds the targets that are missed, as far as it is known.

use crate::figure::{Against, Case, Judged};

/// Row, beginning of the case's name, what it is compared with, and what binds it.
const KNOWN: &[(&str, &str, Against, &str)] = &[
    (
        "calendar",
        "add",
        Against::Number,
        "instructions, not memory: about 150 an answer, and 64 instants that repeat take as long as random ones",
    ),
    (
        "fold",
        "typed fold",
        Against::Number,
        "the limit itself: pushing the same facts, 96 bytes each, to a Vec takes as long; about 350 instructions an event, \
         half of them to check the envelope and to write the fact, a seventh to drop it",
    ),
    (
        "codec",
        "decode and fold",
        Against::Crates,
        "about 800 instructions an event: a quarter of them to check the envelope and to place the fact, an eighth to \
         find the actor, a tenth to walk the page, the rest for the fields, the names and the end of the ticket",
    ),
    (
        "codec",
        "decode and fold",
        Against::Number,
        "the fold alone takes twice as long",
    ),
    (
        "append",
        "encode and append",
        Against::Crates,
        "the commit around a single event, sealed by itself, and the look-up of its ticket: by 64 the same events \
         take less than half; the peers encode nothing",
    ),
    (
        "append",
        "encode and append",
        Against::Number,
        "the commit around a single event, sealed by itself, and the look-up of its ticket; by 64 it is met",
    ),
    (
        "reload",
        "load every ticket",
        Against::Crates,
        "to find and copy a commit for every event; decoding, which the peers do not do, is a third: what the same \
         bytes in one piece take",
    ),
    (
        "reload",
        "load every ticket",
        Against::Number,
        "decoding and folding alone take longer, and to find and copy a commit for every event takes twice that again",
    ),
    (
        "projection",
        "every event looked at",
        Against::Crates,
        "decoding, which `eventually` does not do and which is the same codec in `tephra`: 45 % of about 1,400 instructions \
         an event, a fifth of them for the name of another ticket in every commit; 40 % go to the header, to keep the owned \
         event and to hand it on, 9 % to copy the page out of the store",
    ),
    (
        "projection",
        "every event looked at",
        Against::Number,
        "the limit itself: decoding the same bytes in one piece takes longer than that",
    ),
    (
        "projection",
        "one kind alone",
        Against::Crates,
        "a commit for every event, of about 290 instructions: 45 % to walk to its header and look at the kind, 43 % to find \
         the commit in the store and copy it, 10 % to see that none was left out; nothing is decoded but what is wanted",
    ),
    (
        "projection",
        "one kind alone",
        Against::Number,
        "a commit for every event: the limit, without the copy, takes most of it; by 64 two fifths are the copied page",
    ),
    (
        "projection",
        "from a warm store on a disk: every event",
        Against::Crates,
        "both verify and decode the same commits by the same codec: a flat file of them takes two thirds of our time, and so \
         no store can be read twice as fast",
    ),
    (
        "projection",
        "from a warm store on a disk: one kind",
        Against::Crates,
        "both verify every commit: a flat file of them takes two thirds of our time or more, and so no store can be read \
         twice as fast",
    ),
    (
        "projection",
        "from a warm store on a disk: every event",
        Against::Number,
        "the limit itself: a flat file of the same commits, verified and decoded, takes longer than that",
    ),
    (
        "projection",
        "from a warm store on a disk: one kind",
        Against::Number,
        "the limit itself: a flat file of the same commits takes longer than that, since every record is verified before \
         anybody looks at a kind",
    ),
    (
        "backtest",
        "",
        Against::Number,
        "going through a ticket's facts once for each policy, two fifths of the time; folding its events is a quarter, \
         measuring its clocks a fifth",
    ),
    (
        "scan",
        "read everything, decoded",
        Against::Crates,
        "decoding, which is the same codec on both sides: a flat file, decoded, takes three quarters of our time",
    ),
    (
        "scan",
        "read everything, decoded",
        Against::Number,
        "the limit itself: a flat file, decoded, takes longer than that",
    ),
    (
        "scan",
        "read everything, by kind",
        Against::Number,
        "the limit itself: verifying the commits of a flat file takes longer than that",
    ),
];

/// Returns what binds a missed target, or nothing.
pub(super) fn of(case: &Case, judged: &Judged) -> &'static str {
    let known = KNOWN.iter().find(|(row, name, against, _)| {
        *row == case.row && case.name.starts_with(name) && *against == judged.target.against
    });
    known.map_or("", |(.., reason)| reason)
}
