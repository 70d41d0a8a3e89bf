//! The event of a line: its words, its bytes, and that they agree.

use serde_json::Value;
use serde_json::value::RawValue;

use super::super::{SchemaId, TicketCodec};
use super::error::ImportProblem;
use super::import::column_of;
use super::line::Line;
use crate::ticket::TicketEvent;

type Problem = (usize, ImportProblem);

/// Returns schema and payload of a line: the bytes where they are given, held to by the words.
pub(super) fn payload(
    codec: &TicketCodec,
    line: &Line<'_, &RawValue>,
    text: &str,
) -> Result<(SchemaId, Vec<u8>), Problem> {
    let stored = SchemaId {
        kind: line.kind,
        schema: line.schema,
    };
    let told = match line.event {
        Some(words) => Some((event(words, text)?, place(words, text))),
        None => None,
    };
    match (told, &line.payload) {
        (None, Some(bytes)) => Ok((stored, bytes.0.clone())),
        (Some((event, column)), Some(bytes)) => {
            let read = codec.read_payload(stored, &bytes.0);
            if read.ok().flatten().as_ref() != Some(&event) {
                let (field, bytes) = ("event", "payload");
                return Err((column, ImportProblem::Disagree { field, bytes }));
            }
            Ok((stored, bytes.0.clone()))
        }
        (Some((event, column)), None) => written(codec, stored, &event, text)
            .map_err(|(at, problem)| (if at == 0 { column } else { at }, problem)),
        (None, None) => Err((
            0,
            ImportProblem::Form {
                reason: "the line has neither `event` nor `payload`".to_owned(),
            },
        )),
    }
}

/// Writes the words in the current schema of their kind.
fn written(
    codec: &TicketCodec,
    stored: SchemaId,
    event: &TicketEvent,
    text: &str,
) -> Result<(SchemaId, Vec<u8>), Problem> {
    let SchemaId { kind, schema } = stored;
    let now = codec.schema(event.kind());
    if now.kind != kind {
        let (field, bytes) = ("event", "kind");
        return Err((0, ImportProblem::Disagree { field, bytes }));
    }
    if schema == 0 || schema > now.schema {
        let problem = ImportProblem::UnknownSchema {
            kind,
            found: schema,
            newest: now.schema,
        };
        return Err((column_of(text, "schema"), problem));
    }
    let mut payload = Vec::new();
    codec
        .write_payload(event, &mut payload)
        .map_err(|error| (0, error.into()))?;
    Ok((now, payload))
}

/// Reads the words, and refuses those that would be lost.
fn event(words: &RawValue, text: &str) -> Result<TicketEvent, Problem> {
    let before = place(words, text).saturating_sub(1);
    let refused = |error: serde_json::Error| form(&error, before);
    let event: TicketEvent = serde_json::from_str(words.get()).map_err(refused)?;
    let told: Value = serde_json::from_str(words.get()).map_err(refused)?;
    let known = serde_json::to_value(&event).map_err(refused)?;
    if let Some(field) = lost(&told, &known) {
        let column = words.get().find(&format!("\"{field}\":"));
        let column = before.saturating_add(column.unwrap_or_default());
        let problem = ImportProblem::UnknownField { field };
        return Err((column.saturating_add(1), problem));
    }
    Ok(event)
}

/// Returns the first field of `told` that `known` does not have.
fn lost(told: &Value, known: &Value) -> Option<String> {
    let (Value::Object(told), Value::Object(known)) = (told, known) else {
        return None;
    };
    told.iter()
        .find_map(|(field, value)| match known.get(field) {
            Some(known) => lost(value, known),
            None => Some(field.clone()),
        })
}

/// Returns the column at which a part of the line begins.
fn place(part: &RawValue, text: &str) -> usize {
    let part = part.get().as_ptr().addr();
    part.saturating_sub(text.as_ptr().addr()).saturating_add(1)
}

/// Tells what a parser said of a text that begins after `before` bytes of the line.
pub(super) fn form(error: &serde_json::Error, before: usize) -> Problem {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let said = error.to_string();
    let said = said.strip_suffix(&place).unwrap_or(&said);
    let reason = without_values(said);
    (
        before.saturating_add(error.column()),
        ImportProblem::Form { reason },
    )
}

/// Leaves out what stood in the line: it may be a customer's.
fn without_values(said: &str) -> String {
    const AROUND: [(&str, &str); 6] = [
        ("variant `", "`, expected"),
        ("string \"", "\", expected"),
        ("name \"", "\" has"),
        ("`", "` is not an RFC 3339"),
        ("`", "` is not a date"),
        ("stream `", "` is not of the form"),
    ];
    for (before, after) in AROUND {
        if let Some((head, rest)) = said.split_once(before)
            && let Some((_, tail)) = rest.rsplit_once(after)
        {
            return format!("{head}{before}..{after}{tail}");
        }
    }
    said.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_leaves_out_what_a_customer_wrote() {
        for line in [
            r#"{"type":"noted","text":"call Mrs Wang"}"#,
            r#"{"type":"noted","text":{"Mrs Wang":"call"}}"#,
            r#"{"type":"Mrs Wang"}"#,
            r#"{"type":"noted","text":{"plain":"Wang` or \"Wang\", expected"},"text":"Wang"}"#,
            r#"{"type":"replied","automatic":"Mrs Wang"}"#,
            r#"{"type":"paused","reason":"Mrs\tWang"}"#,
            r#"{"type":"visit-booked","visit_at":"Mrs Wang` is not"}"#,
            r#"{"type":"received","purchased_on":"Mrs Wang"}"#,
            r#"{"type":"surveyed","satisfaction":"Mrs \", expected Wang"}"#,
        ] {
            let error = serde_json::from_str::<TicketEvent>(line).unwrap_err();
            let (_, problem) = form(&error, 0);
            assert!(!problem.to_string().contains("Wang"), "{problem}");
        }
    }
}
