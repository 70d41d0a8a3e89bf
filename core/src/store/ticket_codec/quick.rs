//! Payloads read without serde.
//!
//! serde hands every value through several results; for payloads of a dozen bytes that costs more
//! than reading them. So they are read field by field here. Two rules keep it from being a second
//! truth: what is read here is what serde would read (a property over arbitrary bytes of every
//! kind), and what cannot be read here is left to serde, which says what is wrong.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::input::Input;
use crate::event::{
    ActorId, AgreementId, CalendarId, Channel, Class, FieldId, FieldValue, Kind, Level, MarkId,
    PolicyId, Product, ReasonId, RoleId, TargetId, TicketId, Version,
};
use crate::ticket::{
    Acknowledged, Assigned, BindCause, Breached, Cancelled, Classified, ClockId,
    CompensationProposed, CorrectiveAction, Declined, Diagnosed, Escalated, FollowUp, FollowedUp,
    Inspected, Marked, MergeSide, Merged, Message, Opener, Outcome, Paused, Personal, PolicyBound,
    Received, Replied, Resolved, Resumed, Satisfaction, Stage, Surveyed, VerdictRevised,
    VisitBooked, Waived, Warned,
};
use crate::time::{CivilDate, Instant, Span, WallTime};

/// Can be read from the bytes of a payload.
pub(super) trait Quick<'a>: Sized {
    /// Returns the value and moves on behind it; `None` for what is left to serde.
    fn read(input: &mut Input<'a, '_>) -> Option<Self>;
}

/// The fields of structs in the order of their declaration, which is that of their bytes.
macro_rules! fields {
    ($($name:ident { $($field:ident),* })*) => {$(
        impl<'a> Quick<'a> for $name {
            #[inline]
            fn read(input: &mut Input<'a, '_>) -> Option<Self> {
                Some(Self { $($field: Quick::read(input)?,)* })
            }
        }
    )*};
}

/// The same of structs that carry text.
macro_rules! fields_with_text {
    ($($name:ident { $($field:ident),* })*) => {$(
        impl<'a, T: From<&'a str>> Quick<'a> for $name<T> {
            #[inline]
            fn read(input: &mut Input<'a, '_>) -> Option<Self> {
                Some(Self { $($field: Quick::read(input)?,)* })
            }
        }
    )*};
}

fields! {
    Acknowledged { starts_in }
    Assigned { owner, team }
    Breached { clock, breached_at }
    Classified { class, level, fields, in_scope }
    ClockId { agreement, target, started_by, attached_by }
    Escalated { clock, rung, repeat, role, rank, owed_at, deliver_at, late }
    Merged { other, side }
    Paused { reason }
    PolicyBound { agreement, policy, version, calendars, cause }
    Resumed { reason }
    VerdictRevised { clock, old, new, cause }
    Warned { clock, reached_at, due_at }
}

fields_with_text! {
    CompensationProposed { compensation, text }
    CorrectiveAction { stage, text }
    Declined { text, alternative }
    Diagnosed { cause, text }
    FollowedUp { kind, text }
    Inspected { conforms, text }
    Marked { mark, text }
    Message { text }
    Received { opener, class, level, fields, channel, product, purchased_on, text }
    Replied { automatic, text }
    Resolved { method, text }
    Surveyed { satisfaction, solved, attitude, speed, skill, text }
    VisitBooked { visit_at, text }
    Waived { agreement, target, cycle, text }
}

/// Names, words and numbers, each by one expression.
macro_rules! values {
    ($($name:ty: $input:ident => $read:expr;)*) => {$(
        impl<'a> Quick<'a> for $name {
            #[inline]
            fn read($input: &mut Input<'a, '_>) -> Option<Self> {
                $read
            }
        }
    )*};
}

values! {
    ActorId: input => input.name().map(|name| name.clone().into());
    AgreementId: input => input.name().map(|name| name.clone().into());
    CalendarId: input => input.name().map(|name| name.clone().into());
    Channel: input => input.name().map(|name| name.clone().into());
    Class: input => input.name().map(|name| name.clone().into());
    FieldId: input => input.name().map(|name| name.clone().into());
    FieldValue: input => input.name().map(|name| name.clone().into());
    Level: input => input.name().map(|name| name.clone().into());
    MarkId: input => input.name().map(|name| name.clone().into());
    PolicyId: input => input.name().map(|name| name.clone().into());
    Product: input => input.name().map(|name| name.clone().into());
    ReasonId: input => input.name().map(|name| name.clone().into());
    RoleId: input => input.name().map(|name| name.clone().into());
    TargetId: input => input.name().map(|name| name.clone().into());
    TicketId: input => input.name().map(|name| name.clone().into());
    BindCause: input => Self::from_number(input.byte()?);
    FollowUp: input => Self::from_number(input.byte()?);
    MergeSide: input => Self::from_number(input.byte()?);
    Opener: input => Self::from_number(input.byte()?);
    Satisfaction: input => Self::from_number(input.byte()?);
    Stage: input => Self::from_number(input.byte()?);
    bool: input => input.flag();
    u16: input => input.number_16();
    u32: input => input.number_32();
    Version: input => input.number().map(Self::new);
    Instant: input => Self::within(input.signed()?);
    WallTime: input => Span::from_micros(input.signed()?).try_into().ok();
    CivilDate: input => NaiveDate::from_num_days_from_ce_opt(input.signed_32()?).map(Self::from);
    Kind: input => Self::from_number(input.number_16()?);
    Outcome: input => outcome(input);
    Cancelled: input => cancelled(input);
}

impl<'a, V: Quick<'a>> Quick<'a> for Option<V> {
    #[inline]
    fn read(input: &mut Input<'a, '_>) -> Option<Self> {
        if input.flag()? {
            return V::read(input).map(Some);
        }
        Some(None)
    }
}

impl<'a, T: From<&'a str>> Quick<'a> for Personal<T> {
    #[inline]
    fn read(input: &mut Input<'a, '_>) -> Option<Self> {
        match input.number_32()? {
            0 => input.text().map(|text| Self::Plain(text.into())),
            1 => Some(Self::Erased),
            _ => None,
        }
    }
}

impl<'a, K: Quick<'a> + Ord, V: Quick<'a>> Quick<'a> for BTreeMap<K, V> {
    #[inline]
    fn read(input: &mut Input<'a, '_>) -> Option<Self> {
        let count = input.number()?;
        let mut map = Self::new();
        for _ in 0..count {
            map.insert(Quick::read(input)?, Quick::read(input)?);
        }
        Some(map)
    }
}

/// The numbers are the places in the declaration, as serde derives them.
fn outcome(input: &mut Input<'_, '_>) -> Option<Outcome> {
    Some(match input.number_32()? {
        0 => Outcome::Open,
        1 => Outcome::Imminent,
        2 => Outcome::Breaching,
        3 => Outcome::Met,
        4 => Outcome::Breached,
        5 => Outcome::Cancelled(cancelled(input)?),
        6 => Outcome::Waived,
        7 => Outcome::InsufficientLead,
        _ => return None,
    })
}

fn cancelled(input: &mut Input<'_, '_>) -> Option<Cancelled> {
    Some(match input.number_32()? {
        0 => Cancelled::Superseded,
        1 => Cancelled::NoGoal,
        2 => Cancelled::Closed,
        3 => Cancelled::Reopened,
        4 => Cancelled::Rebound,
        5 => Cancelled::By(Quick::read(input)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::super::kinds::{CURRENT, read_by_serde, read_quickly};
    use super::super::names::Names;
    use super::*;
    use crate::event::{Offset, PartitionId, StreamId};
    use crate::store::{
        CommitParts, Decoded, RecordHead, Records, SchemaId, SealedCommit, TicketCodec,
    };
    use crate::ticket::{Fact, Ticket, TicketEvent};

    /// The payloads of the golden files, of every kind in its current schema.
    fn golden() -> Vec<(Kind, Vec<u8>)> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/events");
        let mut found = Vec::new();
        for &(kind, schema) in CURRENT {
            let file = folder.join(format!("{:03}-{kind}.{schema}.json", kind.number()));
            let text = std::fs::read_to_string(file).unwrap();
            let examples: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
            for example in examples {
                let hex = example["payload"].as_str().unwrap();
                let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
                found.push((kind, (0..hex.len()).step_by(2).map(byte).collect()));
            }
        }
        found
    }

    fn quickly(kind: Kind, payload: &[u8]) -> Option<TicketEvent> {
        read_quickly(kind, payload, &mut Names::new(), Some, || None)
    }

    fn by_serde(kind: Kind, payload: &[u8]) -> Option<TicketEvent> {
        let id = SchemaId {
            kind: kind.number(),
            schema: 1,
        };
        read_by_serde(kind, id, payload).ok()
    }

    #[test]
    fn every_golden_payload_is_read_without_serde() {
        for (kind, payload) in golden() {
            let read = quickly(kind, &payload);
            assert!(read.is_some(), "{kind}: {payload:x?}");
            assert_eq!(read, by_serde(kind, &payload), "{kind}: {payload:x?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Golden payloads with a byte changed, added or left out: lengths and numbers that do not
        /// fit, names that are none, broken UTF-8.
        #[test]
        fn what_is_read_is_what_serde_reads(
            which in any::<prop::sample::Index>(),
            at in any::<prop::sample::Index>(),
            byte in prop_oneof![any::<u8>(), 0..4_u8, 0x7e..=0x82_u8],
            how in 0..4,
        ) {
            let all = golden();
            let (kind, mut payload) = all[which.index(all.len())].clone();
            let at = at.index(payload.len() + 1);
            match how {
                0 => payload.insert(at, byte),
                1 => payload.truncate(at),
                2 => payload = payload.iter().copied().chain([byte]).collect(),
                _ if at < payload.len() => payload[at] = byte,
                _ => {}
            }
            prop_assert_eq!(quickly(kind, &payload), by_serde(kind, &payload));
        }

        #[test]
        fn of_arbitrary_bytes_no_more_is_read(
            which in any::<prop::sample::Index>(),
            payload in proptest::collection::vec(
                prop_oneof![0..8_u8, 0x20..0x7f_u8, any::<u8>()], 0..24
            ),
        ) {
            let (kind, _) = CURRENT[which.index(CURRENT.len())];
            prop_assert_eq!(quickly(kind, &payload), by_serde(kind, &payload));
        }
    }

    /// One event as a store hands it out.
    fn stored(
        stream: &StreamId,
        version: u64,
        head: &RecordHead<'_>,
        payload: &[u8],
    ) -> SealedCommit {
        let mut records = Records::new();
        records.push(head, payload).unwrap();
        let parts = CommitParts {
            partition: PartitionId(0),
            offset: Offset::new(1),
            first_version: Version::new(version),
            stream,
            command: None,
            records: &records,
        };
        parts.to_sealed()
    }

    proptest! {
        /// Events of every kind: some late, some damaged, some told twice, some of another ticket.
        #[test]
        fn what_is_folded_is_what_is_decoded_and_applied(
            told in proptest::collection::vec(
                (any::<prop::sample::Index>(), 0_i64..4, 0_usize..3, 0_u8..12), 1..24
            )
        ) {
            let (all, codec) = (golden(), TicketCodec::new());
            let streams = ["acme/ticket/1", "acme/ticket/2"].map(|it| it.parse().unwrap());
            let metadata: [&[u8]; 3] = [b"", b"\x01\x01a\x02\x01b", b"\x01\x04desk\x03\x01r"];
            let (mut folding, mut decoding) = (codec.reader(), codec.reader());
            let (mut folded, mut applied) = (Ticket::default(), Ticket::default());
            for (number, (which, at, actor, how)) in (1..).zip(told) {
                let (kind, mut payload) = all[which.index(all.len())].clone();
                payload.extend((how == 2).then_some(0));
                let at = Instant::from_micros(at).unwrap();
                let head = RecordHead {
                    kind: kind.number(),
                    schema: 1,
                    occurred_at: at,
                    recorded_at: at,
                    subject: None,
                    metadata: metadata[actor],
                };
                let stream = &streams[usize::from(how == 0)];
                let version = number + u64::from(how != 1);
                let commit = stored(stream, version, &head, &payload);
                let record = commit.view().unwrap().records().next().unwrap();
                let before = folded.clone();
                match (folding.fold(&record, &mut folded), decoding.decode(&record)) {
                    (Ok(()), Ok(Decoded::Known(event))) => {
                        prop_assert_eq!(Fact::of(&event).is_some(), !kind.is_told());
                        applied.apply(&event);
                    }
                    (Err(_), Err(_)) => prop_assert_eq!(&folded, &before),
                    other => prop_assert!(false, "{other:?}"),
                }
                prop_assert_eq!(&folded, &applied);
            }
        }
    }

    #[test]
    fn a_number_of_more_bytes_than_its_type_needs_is_refused() {
        // `cycle` of a waiver is a number of 32 bits: five bytes at most.
        let waived = |number: &[u8]| [b"\x01a\x01b", number, b"\x01"].concat();
        for (number, accepted) in [
            (&b"\x81\x80\x80\x80\x00"[..], true),
            (b"\x81\x80\x80\x80\x80\x00", false),
            (b"\xff\xff\xff\xff\x0f", true),
            (b"\xff\xff\xff\xff\x1f", false),
        ] {
            let payload = waived(number);
            assert_eq!(
                quickly(Kind::Waived, &payload).is_some(),
                accepted,
                "{number:x?}"
            );
            assert_eq!(
                by_serde(Kind::Waived, &payload).is_some(),
                accepted,
                "{number:x?}"
            );
        }
    }
}
