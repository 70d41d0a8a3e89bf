//! Writing, reading and folding ticket events, over the event mix of real ticket logs.
//!
//! Run with `cargo bench -p punctual-bench --bench codec`. 4,096 tickets follow the kinds and
//! transitions of a log of 24,918 incidents (8.6 events a ticket, `assigned` the most frequent),
//! with an escalation in 43 % and a survey in 20 % of them. Each ticket is one commit. Answers are
//! compared with the events that went in; the floors beside them move or walk the same bytes.

use std::hint::black_box;

use punctual::event::{
    Actor, ActorId, Channel, Class, FieldValue, Kind, Level, Offset, PartitionId, ReasonId,
    Recorded, RoleId, StreamId, Version,
};
use punctual::store::{Commits, Decoded, TicketCodec, Trace};
use punctual::ticket::{
    Assigned, Classified, ClockId, Escalated, Message, Paused, Personal, Received, Replied,
    Resolved, Resumed, Satisfaction, Surveyed, Ticket, TicketEvent,
};
use punctual::time::{Instant, Span};
use punctual_bench::{headline, measure, note, random};

type Failure = Box<dyn std::error::Error>;
type History = Vec<Recorded<TicketEvent>>;

const TICKETS: usize = 4_096;

fn main() -> Result<(), Failure> {
    let bare = histories(Envelope::Bare)?;
    headline("events without actor and text, CPU time per event");
    run(&bare)?;
    let full = histories(Envelope::Full)?;
    headline("events with actor, one role, and 60 bytes of text in what is said");
    run(&full)
}

fn run(histories: &[History]) -> Result<(), Failure> {
    let codec = TicketCodec::new();
    let log = encode(&codec, histories)?;
    let events = log.events();
    let records: usize = log.records().map(|record| record.size()).sum();
    note("events", events);
    note("bytes of a record, mean", records as f64 / events as f64);
    let payloads: usize = log.records().map(|record| record.payload().len()).sum();
    note("bytes of a payload, mean", payloads as f64 / events as f64);

    writing(&codec, histories, &log)?;
    reading(&codec, histories, &log);
    folding(&codec, histories, &log)
}

fn writing(codec: &TicketCodec, histories: &[History], log: &Commits) -> Result<(), Failure> {
    let events = log.events();
    let bytes: Vec<u8> = log
        .iter()
        .flat_map(|commit| commit.body().to_vec())
        .collect();
    let sum = |bytes: &[u8]| crc(bytes, 0);
    let expected = sum(&bytes);
    let mut copy = Vec::with_capacity(bytes.len());
    measure(
        "floor: copy the records' bytes",
        events,
        bytes.len() as u64,
        || {
            copy.clear();
            copy.extend_from_slice(black_box(&bytes));
            black_box(&copy).len() as u64
        },
    );
    let each: Vec<&[u8]> = cut(log);
    let checksums = each.iter().fold(0, |sum, record| sum ^ crc(record, 0));
    measure("floor: CRC32C of each record", events, checksums, || {
        let each = black_box(&each).iter();
        each.fold(0, |sum, record| sum ^ crc(record, 0))
    });
    let mut writer = codec.writer();
    let mut written = Vec::with_capacity(bytes.len());
    let mut all = |out: Option<&mut Vec<u8>>| {
        writer.clear();
        for recorded in histories.iter().flatten() {
            if writer.push_recorded(recorded, Trace::NONE).is_err() {
                return 0;
            }
        }
        if let Some(out) = out {
            out.extend_from_slice(writer.records().as_bytes());
        }
        writer.records().as_bytes().len() as u64
    };
    all(Some(&mut written));
    if sum(&written) != expected {
        return Err("the records differ".into());
    }
    measure("encode", events, bytes.len() as u64, || all(None));
    Ok(())
}

fn reading(codec: &TicketCodec, histories: &[History], log: &Commits) {
    let events = log.events();
    let expected = histories.iter().flatten().fold(0, |sum, recorded| {
        let at = recorded.occurred_at.micros().cast_unsigned();
        checksum(sum, at ^ u64::from(recorded.event.kind().number()))
    });
    measure("floor: walk the records' headers", events, expected, || {
        black_box(log).records().fold(0, |sum, record| {
            let at = record.occurred_at().micros().cast_unsigned();
            checksum(sum, at ^ u64::from(record.kind()))
        })
    });
    let mut reader = codec.reader();
    measure("borrowed decode", events, expected, || {
        black_box(log).records().fold(0, |sum, record| {
            let Ok(Decoded::Known(recorded)) = reader.decode(&record) else {
                return 0;
            };
            let recorded = black_box(&recorded);
            let at = recorded.occurred_at.micros().cast_unsigned();
            checksum(sum, at ^ u64::from(recorded.event.kind().number()))
        })
    });
    measure("owned decode", events, expected, || {
        black_box(log).records().fold(0, |sum, record| {
            let Ok(Decoded::Known(recorded)) = reader.decode_owned(&record) else {
                return 0;
            };
            let recorded = black_box(&recorded);
            let at = recorded.occurred_at.micros().cast_unsigned();
            checksum(sum, at ^ u64::from(recorded.event.kind().number()))
        })
    });
}

fn folding(codec: &TicketCodec, histories: &[History], log: &Commits) -> Result<(), Failure> {
    let events = log.events();
    let tickets = || {
        histories.iter().map(|history| {
            let mut ticket = Ticket::default();
            history.iter().for_each(|recorded| ticket.apply(recorded));
            ticket
        })
    };
    let expected = tickets().fold(0, |sum, ticket| checksum(sum, digest(&ticket)));
    let walked = histories.iter().flatten().map(|it| it.version.get());
    let walked: u64 = walked.sum();
    measure("floor: walk the owned events", events, walked, || {
        let events = black_box(histories).iter().flatten();
        events
            .map(|recorded| black_box(recorded).version.get())
            .sum()
    });
    measure("typed fold", events, expected, || {
        black_box(histories).iter().fold(0, |sum, history| {
            let mut ticket = Ticket::default();
            history.iter().for_each(|recorded| ticket.apply(recorded));
            checksum(sum, digest(&ticket))
        })
    });
    let mut reader = codec.reader();
    let mut wrong = 0;
    for (ticket, commit) in tickets().zip(log.iter()) {
        let mut read = Ticket::default();
        for record in commit.records() {
            reader.fold(&record, &mut read)?;
        }
        wrong += usize::from(read != ticket);
    }
    if wrong > 0 {
        return Err(format!("{wrong} tickets are folded otherwise from bytes").into());
    }
    measure("borrowed decode and fold", events, expected, || {
        black_box(log).iter().fold(0, |sum, commit| {
            let mut ticket = Ticket::default();
            for record in commit.records() {
                if reader.fold(&record, &mut ticket).is_err() {
                    return 0;
                }
            }
            checksum(sum, digest(&ticket))
        })
    });
    Ok(())
}

fn digest(ticket: &Ticket) -> u64 {
    let facts = ticket.timeline().facts();
    let told = ticket.told().escalated.len() as u64;
    let last = facts
        .last()
        .map_or(0, |fact| fact.at.micros().cast_unsigned());
    ticket.version().get() ^ (facts.len() as u64) << 16 ^ told << 32 ^ last
}

fn checksum(sum: u64, answer: u64) -> u64 {
    sum.wrapping_mul(31).wrapping_add(answer)
}

fn crc(bytes: &[u8], seed: u32) -> u64 {
    u64::from(crc32c::crc32c_append(seed, bytes))
}

fn cut(log: &Commits) -> Vec<&[u8]> {
    let mut each = Vec::new();
    for commit in log.iter() {
        let mut body = commit.body();
        for record in commit.records() {
            let Some((head, rest)) = body.split_at_checked(record.size()) else {
                return Vec::new();
            };
            each.push(head);
            body = rest;
        }
    }
    each
}

fn encode(codec: &TicketCodec, histories: &[History]) -> Result<Commits, Failure> {
    let mut log = Commits::new();
    let mut writer = codec.writer();
    for (offset, history) in (1..).zip(histories) {
        writer.clear();
        for recorded in history {
            writer.push_recorded(recorded, Trace::NONE)?;
        }
        let stream = history.first().ok_or("an empty history")?;
        log.push(
            &punctual::store::CommitParts {
                partition: PartitionId(0),
                offset: Offset::new(offset),
                first_version: Version::FIRST,
                stream: &stream.stream,
                command: None,
                records: writer.records(),
            }
            .to_sealed(),
        );
    }
    Ok(log)
}

/// How much each event carries.
#[derive(Clone, Copy, PartialEq)]
enum Envelope {
    Bare,
    Full,
}

/// What follows a kind, in ten-thousandths; the rest of the way to 10,000 ends the ticket.
const CHAIN: &[(Kind, &[(Kind, u64)])] = &[
    (
        Kind::Received,
        &[
            (Kind::Assigned, 9_940),
            (Kind::Classified, 1),
            (Kind::Noted, 21),
            (Kind::Replied, 38),
        ],
    ),
    (
        Kind::Assigned,
        &[
            (Kind::Assigned, 4_691),
            (Kind::Classified, 28),
            (Kind::Closed, 11),
            (Kind::Noted, 1_627),
            (Kind::Paused, 106),
            (Kind::Resolved, 551),
            (Kind::Replied, 2_924),
            (Kind::Resumed, 62),
        ],
    ),
    (
        Kind::Classified,
        &[
            (Kind::Assigned, 2_890),
            (Kind::Classified, 413),
            (Kind::Noted, 4_725),
            (Kind::Paused, 229),
            (Kind::Resolved, 528),
            (Kind::Replied, 1_054),
            (Kind::Resumed, 161),
        ],
    ),
    (Kind::Closed, &[(Kind::Noted, 18), (Kind::Reopened, 4)]),
    (
        Kind::Noted,
        &[
            (Kind::Assigned, 3_146),
            (Kind::Classified, 39),
            (Kind::Closed, 98),
            (Kind::Noted, 3_085),
            (Kind::Paused, 663),
            (Kind::Reopened, 13),
            (Kind::Resolved, 1_824),
            (Kind::Replied, 1_012),
            (Kind::Resumed, 106),
        ],
    ),
    (
        Kind::Paused,
        &[
            (Kind::Assigned, 1_533),
            (Kind::Classified, 53),
            (Kind::Noted, 5_248),
            (Kind::Paused, 127),
            (Kind::Resolved, 2_401),
            (Kind::Resumed, 638),
        ],
    ),
    (
        Kind::Reopened,
        &[
            (Kind::Assigned, 91),
            (Kind::Noted, 9_727),
            (Kind::Paused, 91),
            (Kind::Resolved, 91),
        ],
    ),
    (
        Kind::Resolved,
        &[
            (Kind::Assigned, 33),
            (Kind::Closed, 9_714),
            (Kind::Noted, 143),
            (Kind::Reopened, 110),
        ],
    ),
    (
        Kind::Replied,
        &[
            (Kind::Assigned, 1_001),
            (Kind::Classified, 19),
            (Kind::Noted, 2_277),
            (Kind::Paused, 1_315),
            (Kind::Resolved, 5_388),
        ],
    ),
    (
        Kind::Resumed,
        &[
            (Kind::Assigned, 2_148),
            (Kind::Classified, 33),
            (Kind::Noted, 5_155),
            (Kind::Paused, 689),
            (Kind::Resolved, 1_975),
        ],
    ),
];

fn next_kind(kind: Kind, dice: u64) -> Option<Kind> {
    let (_, follow) = CHAIN.iter().find(|(from, _)| *from == kind)?;
    let mut left = dice % 10_000;
    for (kind, share) in *follow {
        if left < *share {
            return Some(*kind);
        }
        left -= share;
    }
    None
}

fn histories(envelope: Envelope) -> Result<Vec<History>, Failure> {
    let mut state = 0x5eed;
    (1..=TICKETS)
        .map(|number| history(number, envelope, &mut state))
        .collect()
}

fn history(number: usize, envelope: Envelope, state: &mut u64) -> Result<History, Failure> {
    let stream = StreamId::new("acme", "ticket", &format!("T-{number}"))?;
    let mut at: Instant = "2026-03-09T01:00:00Z".parse()?;
    let mut history = History::new();
    let mut kinds = vec![Kind::Received];
    while let Some(next) = kinds
        .last()
        .and_then(|last| next_kind(*last, random(state)))
    {
        kinds.push(next);
    }
    if random(state) % 100 < 43 {
        kinds.insert(kinds.len() / 2 + 1, Kind::Escalated);
    }
    if random(state) % 100 < 20 {
        kinds.push(Kind::Surveyed);
    }
    for (version, kind) in (1..).zip(kinds) {
        // A quarter of consecutive events share their instant.
        let gap = random(state) % 4 * (random(state) % 7_200_000_000);
        at = at.checked_add(Span::from_micros(i64::try_from(gap)?))?;
        let actor = ActorId::new(&format!("u-{}", random(state) % 500))?;
        let actor = Actor::new(actor).with_role(RoleId::new("specialist")?);
        history.push(Recorded {
            stream: stream.clone(),
            version: Version::new(version),
            position: None,
            occurred_at: at,
            recorded_at: at,
            actor: (envelope == Envelope::Full && kind != Kind::Escalated).then_some(actor),
            subject: None,
            event: event(kind, at, envelope, random(state))?,
        });
    }
    Ok(history)
}

const SAID: &str = "the display stays dark after the update; the customer was told";

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the kinds of the mix are a few of many"
)]
fn event(kind: Kind, at: Instant, envelope: Envelope, dice: u64) -> Result<TicketEvent, Failure> {
    let text = (envelope == Envelope::Full)
        .then(|| Personal::Plain(SAID.get(..60).unwrap_or(SAID).into()));
    let level = if dice % 100 < 95 { "general" } else { "urgent" };
    Ok(match kind {
        Kind::Received => TicketEvent::Received(Received {
            class: Some(Class::new("fault")?),
            level: Some(Level::new(level)?),
            channel: Some(Channel::new("phone")?),
            text,
            ..Received::default()
        }),
        Kind::Assigned => TicketEvent::Assigned(Assigned {
            owner: Some(ActorId::new(&format!("u-{}", dice % 500))?),
            team: Some(FieldValue::new(&format!("group-{}", dice % 70))?),
        }),
        Kind::Classified => TicketEvent::Classified(Classified {
            level: Some(Level::new(level)?),
            ..Classified::default()
        }),
        Kind::Noted => TicketEvent::Noted(Message { text }),
        Kind::Replied => TicketEvent::Replied(Replied {
            automatic: false,
            text,
        }),
        Kind::Paused => TicketEvent::Paused(Paused {
            reason: ReasonId::new("awaiting-customer")?,
        }),
        Kind::Resumed => TicketEvent::Resumed(Resumed { reason: None }),
        Kind::Resolved => TicketEvent::Resolved(Resolved {
            method: Some(FieldValue::new("remote")?),
            text,
        }),
        Kind::Closed => TicketEvent::Closed(Message::NONE),
        Kind::Reopened => TicketEvent::Reopened(Message::NONE),
        Kind::Escalated => TicketEvent::Escalated(Escalated {
            clock: ClockId {
                agreement: "sla".parse()?,
                target: "first-response".parse()?,
                started_by: Version::FIRST,
                attached_by: Version::FIRST,
            },
            rung: Some(0),
            repeat: 0,
            role: "specialist".parse()?,
            rank: 1,
            owed_at: at,
            deliver_at: at,
            late: false,
        }),
        Kind::Surveyed => TicketEvent::Surveyed(Surveyed {
            satisfaction: Satisfaction::Satisfied,
            solved: Some(true),
            attitude: None,
            speed: None,
            skill: None,
            text: None,
        }),
        other => return Err(format!("{other} is not in the mix").into()),
    })
}
