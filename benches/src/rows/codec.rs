//! Events to bytes and back.

use std::hint::black_box;

use punctual::store::{Commits, Decoded, RecordView, TicketCodec, Trace};
use punctual::ticket::{Ticket, TicketEvent};

use super::fold;
use crate::figure::{Against, Side, Unit};
use crate::load::tickets::{self, History, count, digest};
use crate::measure::checksum;
use crate::run::{Failure, Run};

const SERDE_JSON: &str = "serde_json 1";

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let size = run.settings().size;
    kind(run, "bare", &tickets::bare(size)?)?;
    kind(run, "with texts", &tickets::spoken(size)?)
}

fn kind(run: &mut Run, which: &str, histories: &[History]) -> Result<(), Failure> {
    let codec = TicketCodec::new();
    let log = tickets::encode(&codec, histories)?;
    let json = Json::of(histories)?;
    sizes(run, which, &log, &json);
    encode(run, which, &codec, histories, &log);
    decode(run, which, &codec, &log, &json);
    decode_and_fold(run, which, &codec, histories, &log, &json)
}

/// The events as a log of JSON has them: one text each.
struct Json {
    events: Vec<TicketEvent>,
    texts: Vec<String>,
}

impl Json {
    fn of(histories: &[History]) -> Result<Self, Failure> {
        let events = histories.iter().flatten().map(|it| it.event.clone());
        let events: Vec<TicketEvent> = events.collect();
        let texts = events.iter().map(serde_json::to_string);
        let texts = texts.collect::<Result<Vec<String>, _>>()?;
        Ok(Self { events, texts })
    }

    fn bytes(&self) -> usize {
        self.texts.iter().map(String::len).sum()
    }

    /// The kinds of the events, one after the other.
    fn expected(&self) -> u64 {
        let kinds = self.events.iter().map(|event| event.kind().number());
        kinds.fold(0, |sum, kind| checksum(sum, u64::from(kind)))
    }

    fn decoded(&self) -> u64 {
        black_box(&self.texts).iter().fold(0, |sum, text| {
            let event = serde_json::from_str::<TicketEvent>(text);
            let kind = event.map_or(0, |event| black_box(&event).kind().number());
            checksum(sum, u64::from(kind))
        })
    }
}

fn sizes(run: &mut Run, which: &str, log: &Commits, json: &Json) {
    let events = log.events() as f64;
    let record: usize = log.records().map(|record| record.size()).sum();
    let payload: usize = log.records().map(|record| record.payload().len()).sum();
    let mut case = run.case(
        &format!("bytes of a record, {which}"),
        Unit::Bytes,
        log.events(),
    );
    case.number(Side::Ours, "punctual", record as f64 / events)
        .number(
            Side::crate_of_rust(),
            SERDE_JSON,
            json.bytes() as f64 / events,
        )
        .because("the event alone: no envelope, no checksum")
        .number(Side::Limit, "the payloads alone", payload as f64 / events);
    if which == "bare" {
        case.target(Against::Number, "", 64.0);
    }
}

fn encode(run: &mut Run, which: &str, codec: &TicketCodec, histories: &[History], log: &Commits) {
    let bytes: Vec<u8> = log
        .iter()
        .flat_map(|commit| commit.body().to_vec())
        .collect();
    let checked = u64::from(crc32c::crc32c(&bytes));
    let mut writer = codec.writer();
    let mut copy: Vec<u8> = Vec::with_capacity(bytes.len());
    let each: Vec<&[u8]> = cut(log);
    let checksums = each
        .iter()
        .fold(0, |sum, record| sum ^ crc32c::crc32c(record));
    let json: usize = histories
        .iter()
        .flatten()
        .filter_map(|it| serde_json::to_vec(&it.event).ok())
        .map(|text| text.len())
        .sum();
    run.cpu(&format!("encode, {which}"), log.events())
        .ours_with(
            checked,
            || (),
            |()| {
                writer.clear();
                for recorded in histories.iter().flatten() {
                    if writer.push_recorded(recorded, Trace::NONE).is_err() {
                        return 0;
                    }
                }
                // The checksum takes a fiftieth of it, and tells every bit.
                u64::from(crc32c::crc32c(writer.records().as_bytes()))
            },
        )
        .peer(SERDE_JSON, json as u64, || {
            let mut text = Vec::new();
            let mut bytes = 0;
            for recorded in black_box(histories).iter().flatten() {
                text.clear();
                if serde_json::to_writer(&mut text, &recorded.event).is_ok() {
                    bytes += text.len() as u64;
                }
            }
            bytes
        })
        .because("the event alone: no envelope, no checksum")
        .limit("CRC32C of each record", u64::from(checksums), || {
            let each = black_box(&each).iter();
            u64::from(each.fold(0, |sum, record| sum ^ crc32c::crc32c(record)))
        })
        .limit("the records' bytes copied", bytes.len() as u64, || {
            copy.clear();
            copy.extend_from_slice(black_box(&bytes));
            black_box(&copy).len() as u64
        });
}

/// The bytes of each record.
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

fn headers(log: &Commits) -> u64 {
    let kinds = black_box(log)
        .records()
        .map(|record| u64::from(record.kind()));
    kinds.fold(0, checksum)
}

fn decode(run: &mut Run, which: &str, codec: &TicketCodec, log: &Commits, json: &Json) {
    let mut reader = codec.reader();
    let mut one = |record: &RecordView<'_>| {
        let read = reader.decode(record);
        let Ok(Decoded::Known(recorded)) = &read else {
            return 0;
        };
        u64::from(black_box(recorded).event.kind().number())
    };
    run.cpu(&format!("decode, texts borrowed, {which}"), log.events())
        .ours(json.expected(), || {
            black_box(log)
                .records()
                .fold(0, |sum, record| checksum(sum, one(&record)))
        })
        .peer(SERDE_JSON, json.expected(), || json.decoded())
        .because("the event alone: no envelope")
        .limit("every header walked", json.expected(), || headers(log));
    let mut reader = codec.reader();
    let mut one = |record: &RecordView<'_>| {
        let read = reader.decode_owned(record);
        let Ok(Decoded::Known(recorded)) = &read else {
            return 0;
        };
        u64::from(black_box(recorded).event.kind().number())
    };
    run.cpu(&format!("decode, owned, {which}"), log.events())
        .ours(json.expected(), || {
            black_box(log)
                .records()
                .fold(0, |sum, record| checksum(sum, one(&record)))
        })
        .peer(SERDE_JSON, json.expected(), || json.decoded())
        .because("the event alone: no envelope")
        .limit("every header walked", json.expected(), || headers(log));
}

fn decode_and_fold(
    run: &mut Run,
    which: &str,
    codec: &TicketCodec,
    histories: &[History],
    log: &Commits,
    json: &Json,
) -> Result<(), Failure> {
    let mut reader = codec.reader();
    for (history, commit) in histories.iter().zip(log.iter()) {
        let mut read = Ticket::default();
        for record in commit.records() {
            reader.fold(&record, &mut read)?;
        }
        if read != tickets::folded(history) {
            return Err("a ticket is folded otherwise from bytes".into());
        }
    }
    let mut case = run.cpu(&format!("decode and fold, {which}"), count(histories));
    case.ours(fold::expected(histories), || {
        black_box(log).iter().fold(0, |sum, commit| {
            let mut ticket = Ticket::default();
            for record in commit.records() {
                if reader.fold(&record, &mut ticket).is_err() {
                    return 0;
                }
            }
            checksum(sum, digest(&ticket))
        })
    })
    .peer(SERDE_JSON, json.expected(), || json.decoded())
    .because("decoding alone, without a fold")
    .limit("every header walked", json.expected(), || headers(log))
    .target(Against::Crates, SERDE_JSON, 7.0);
    if which == "bare" {
        case.target(Against::Number, "", 22.0);
    }
    Ok(())
}
