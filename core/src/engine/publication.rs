//! Published policies as stored bytes, and back.
//!
//! A policy has a stream of its own, `tenant/policy/id`. Each publication is one commit: the
//! calendars that are new or have changed, then the policy. So a version is there with everything it
//! needs, or it is not there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::{PublishedCalendar, ZoneTable};
use crate::event::{CalendarId, Kind};
use crate::policy::{Document, Notation, Policy, Publication, Report};
use crate::store::{
    EncodeError, RecordHead, RecordView, Records, SchemaId, decode_payload, encode_payload,
};

/// The payload of `PolicyPublished`, schema 1. Frozen: another shape is another schema.
#[derive(Serialize, Deserialize)]
struct PolicyPayload {
    version: u32,
    /// 0 for TOML, 1 for JSON.
    notation: u8,
    source: String,
    /// The policy's zone, written out: a [`ZoneTable`] in JSON.
    zone: String,
    calendars: Vec<(CalendarId, u32)>,
}

/// The payload of `CalendarPublished`, schema 1: a [`PublishedCalendar`] in JSON.
#[derive(Serialize, Deserialize)]
struct CalendarPayload {
    calendar: String,
}

const SCHEMA: u16 = 1;

/// What the events of one policy's stream have said so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Shelf {
    /// By name and version; kept for the versions of the policy still to come.
    calendars: BTreeMap<(CalendarId, u32), PublishedCalendar>,
    /// The source of the latest version.
    latest: Option<String>,
}

/// Why an event of a policy's stream cannot be read.
#[derive(Debug)]
pub(super) enum Unreadable {
    Event(String),
    Document(Report),
}

impl Shelf {
    /// Returns the source of the latest version.
    pub(super) fn latest(&self) -> Option<&str> {
        self.latest.as_deref()
    }

    /// Takes one event in; `Some` when it published a version of the policy. Kinds of later releases
    /// are passed over.
    pub(super) fn take(&mut self, record: &RecordView<'_>) -> Result<Option<Policy>, Unreadable> {
        match Kind::from_number(record.kind()) {
            Some(Kind::CalendarPublished) => {
                let payload: CalendarPayload = read(record)?;
                let calendar: PublishedCalendar = from_json(&payload.calendar)?;
                let key = (calendar.id().clone(), calendar.version());
                self.calendars.insert(key, calendar);
                Ok(None)
            }
            Some(Kind::PolicyPublished) => self.restore(read(record)?).map(Some),
            Some(_) | None => Ok(None),
        }
    }

    fn restore(&mut self, payload: PolicyPayload) -> Result<Policy, Unreadable> {
        let notation = match payload.notation {
            0 => Notation::Toml,
            1 => Notation::Json,
            other => return Err(Unreadable::Event(format!("notation {other} is not known"))),
        };
        let find = |key: (CalendarId, u32)| {
            let missing = || format!("calendar `{}` version {} is missing", key.0, key.1);
            let found = self.calendars.get(&key).cloned();
            found.ok_or_else(|| Unreadable::Event(missing()))
        };
        let calendars = payload.calendars.into_iter().map(find);
        let publication = Publication {
            version: payload.version,
            zone: from_json::<ZoneTable>(&payload.zone)?,
            calendars: calendars.collect::<Result<_, _>>()?,
        };
        let policy = Document::parse(&payload.source, notation)
            .and_then(|document| document.restore(&publication))
            .map_err(Unreadable::Document)?;
        self.latest = Some(payload.source);
        Ok(policy)
    }

    /// Writes a version: its calendars that are not here yet, and the policy itself.
    pub(super) fn write(
        &self,
        policy: &Policy,
        source: &str,
        notation: Notation,
        head: &RecordHead<'_>,
    ) -> Result<Records, EncodeError> {
        let publication = policy.publication();
        let mut records = Records::new();
        let mut calendars = Vec::new();
        for calendar in &publication.calendars {
            let key = (calendar.id().clone(), calendar.version());
            if !self.calendars.contains_key(&key) {
                let payload = CalendarPayload {
                    calendar: to_json(calendar)?,
                };
                push(&mut records, Kind::CalendarPublished, head, &payload)?;
            }
            calendars.push(key);
        }
        let payload = PolicyPayload {
            version: publication.version,
            notation: match notation {
                Notation::Toml => 0,
                Notation::Json => 1,
            },
            source: source.to_owned(),
            zone: to_json(&publication.zone)?,
            calendars,
        };
        push(&mut records, Kind::PolicyPublished, head, &payload)?;
        Ok(records)
    }
}

fn push<P: Serialize>(
    records: &mut Records,
    kind: Kind,
    head: &RecordHead<'_>,
    payload: &P,
) -> Result<(), EncodeError> {
    let head = RecordHead {
        kind: kind.number(),
        schema: SCHEMA,
        ..*head
    };
    records.push_with(&head, |out| encode_payload(payload, out))
}

fn read<'a, P: Deserialize<'a>>(record: &RecordView<'a>) -> Result<P, Unreadable> {
    let id = SchemaId {
        kind: record.kind(),
        schema: record.schema(),
    };
    if id.schema != SCHEMA {
        let reason = format!("schema {} is not known; upgrade", id.schema);
        return Err(Unreadable::Event(reason));
    }
    decode_payload(id, record.payload()).map_err(|error| Unreadable::Event(error.to_string()))
}

fn to_json<T: Serialize>(value: &T) -> Result<String, EncodeError> {
    serde_json::to_string(value).map_err(|error| EncodeError::Payload {
        reason: error.to_string(),
    })
}

fn from_json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Unreadable> {
    serde_json::from_str(text).map_err(|error| Unreadable::Event(error.to_string()))
}
