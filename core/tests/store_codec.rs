//! The codec's frame: metadata, payloads, upcasting.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use proptest::prelude::*;
use punctual::event::{Actor, ActorId, RoleId, Roles};
use punctual::store::{
    DecodeError, Metadata, MetadataFields, SchemaId, Upcast, UpcastError, Upcasters,
    decode_payload, encode_payload,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct First<'a> {
    #[serde(borrow)]
    text: &'a str,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Second<'a> {
    #[serde(borrow)]
    text: Option<&'a str>,
    automatic: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Third<'a> {
    automatic: bool,
    #[serde(borrow)]
    text: Option<&'a str>,
    visits: u32,
}

const fn id(schema: u16) -> SchemaId {
    SchemaId { kind: 9, schema }
}

fn first_to_second(old: &[u8], new: &mut Vec<u8>) -> Result<(), DecodeError> {
    let First { text } = decode_payload(id(1), old)?;
    let second = Second {
        text: Some(text),
        automatic: false,
    };
    Ok(encode_payload(&second, new)?)
}

fn second_to_third(old: &[u8], new: &mut Vec<u8>) -> Result<(), DecodeError> {
    let Second { text, automatic } = decode_payload(id(2), old)?;
    let third = Third {
        automatic,
        text,
        visits: 0,
    };
    Ok(encode_payload(&third, new)?)
}

fn upcasters() -> Upcasters {
    Upcasters::builder()
        .kind(9, 3)
        .step(9, 1, first_to_second)
        .step(9, 2, second_to_third)
        .build()
        .unwrap()
}

#[test]
fn an_old_payload_is_brought_to_the_current_schema_step_by_step() {
    let mut stored = Vec::new();
    encode_payload(&First { text: "hi" }, &mut stored).unwrap();
    let upcasters = upcasters();
    let Upcast::Current(now) = upcasters.upcast(id(1), &stored).unwrap() else {
        panic!("kind 9 is known");
    };
    let third: Third<'_> = decode_payload(id(3), &now).unwrap();
    assert_eq!(
        (third.automatic, third.text, third.visits),
        (false, Some("hi"), 0)
    );
}

#[test]
fn a_current_payload_is_not_copied() {
    let stored = [1, 2, 3];
    let upcasters = upcasters();
    let Upcast::Current(now) = upcasters.upcast(id(3), &stored).unwrap() else {
        panic!("kind 9 is known");
    };
    assert!(matches!(now, std::borrow::Cow::Borrowed(_)));
}

#[test]
fn an_unknown_kind_is_kept_and_an_unknown_schema_refused() {
    let upcasters = upcasters();
    let unknown = SchemaId {
        kind: 10,
        schema: 1,
    };
    assert_eq!(
        upcasters.upcast(unknown, b"x").unwrap(),
        Upcast::UnknownKind
    );
    for schema in [0, 4] {
        let error = upcasters.upcast(id(schema), b"x").unwrap_err();
        assert!(matches!(error, DecodeError::UnknownSchema(_)), "{error}");
    }
}

#[test]
fn a_set_with_a_hole_is_refused_when_it_is_built() {
    let build = |builder: punctual::store::UpcastersBuilder| builder.build().unwrap_err();
    let new = Upcasters::builder;
    let (kind, schema) = (9, 1);
    for (builder, wrong) in [
        (new().kind(9, 2), UpcastError::Missing { kind, schema }),
        (
            new().step(9, 1, first_to_second),
            UpcastError::Superfluous { kind, schema },
        ),
        (
            new().kind(9, 1).step(9, 1, first_to_second),
            UpcastError::Superfluous { kind, schema },
        ),
        (
            new().kind(9, 1).kind(9, 1),
            UpcastError::Twice { kind, schema },
        ),
        (
            new()
                .kind(9, 2)
                .step(9, 1, first_to_second)
                .step(9, 1, first_to_second),
            UpcastError::Twice { kind, schema },
        ),
        (new().kind(9, 0), UpcastError::Zero { kind }),
    ] {
        assert_eq!(build(builder), wrong);
    }
}

#[test]
fn a_payload_that_is_too_long_or_too_short_is_refused() {
    let mut stored = Vec::new();
    encode_payload(&First { text: "hello" }, &mut stored).unwrap();
    stored.push(0);
    assert!(decode_payload::<First<'_>>(id(1), &stored).is_err());
    stored.truncate(3);
    assert!(decode_payload::<First<'_>>(id(1), &stored).is_err());
}

#[test]
fn metadata_costs_nothing_when_there_is_none() {
    let mut bytes = Vec::new();
    MetadataFields::default().write(&mut bytes).unwrap();
    assert!(bytes.is_empty());
    assert_eq!(Metadata::new(&bytes).actor().unwrap(), None);
}

/// The bytes of the first release.
#[test]
fn metadata_is_as_first_released_and_unknown_fields_are_skipped() {
    let actor = Actor {
        id: ActorId::new("u-1").unwrap(),
        roles: Roles::from(vec![RoleId::new("a").unwrap(), RoleId::new("bc").unwrap()]),
    };
    let mut bytes = vec![200, 2, 0, 0];
    MetadataFields {
        actor: Some(&actor),
        correlation: Some("co"),
        causation: Some("ca"),
    }
    .write(&mut bytes)
    .unwrap();
    assert_eq!(
        bytes[4..],
        *b"\x01\x03u-1\x02\x01a\x02\x02bc\x03\x02co\x04\x02ca"
    );
    let metadata = Metadata::new(&bytes);
    assert_eq!(metadata.actor().unwrap(), Some(actor));
    assert_eq!(metadata.correlation().unwrap(), Some("co"));
    assert_eq!(metadata.causation().unwrap(), Some("ca"));
}

#[test]
fn a_text_of_more_than_255_bytes_is_refused() {
    let long = "x".repeat(256);
    let fields = MetadataFields {
        correlation: Some(&long),
        ..MetadataFields::default()
    };
    assert!(fields.write(&mut Vec::new()).is_err());
}

proptest! {
    #[test]
    fn reading_any_bytes_as_metadata_ends_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let metadata = Metadata::new(&bytes);
        let _ = (metadata.actor(), metadata.correlation(), metadata.causation());
        let _ = decode_payload::<Second<'_>>(id(2), &bytes);
    }
}
