//! From lines to commits.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};

use serde_json::value::RawValue;

use super::super::{
    Append, CommandKey, Metadata, MetadataFields, RecordHead, Records, TicketCodec,
};
use super::error::{ImportError, ImportProblem};
use super::face;
use super::line::{Command, Line, Place};
use crate::event::{Actor, Expected, Offset, PartitionId, Revision, StreamId, Version};

/// The most bytes of one line: more than the largest payload of any store takes.
pub const MOST_LINE_BYTES: usize = 128 << 20;

type ReadLine<'a> = Line<'a, &'a RawValue>;

/// One commit of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedCommit {
    /// The partition that it was in.
    pub partition: PartitionId,
    /// Its place there.
    pub offset: Offset,
    /// The version of its first event.
    pub first_version: Version,
    /// Its stream, command and events, with the expectation that the stream ends right before them.
    /// [`Append::stamped`] with the three fields above is the commit as it was in the log.
    pub append: Append,
}

/// Reads lines, and hands out whole commits. After an error it is at its end.
///
/// Checked is everything that one line and the lines before it can tell: the form, the names, that
/// words and bytes agree, that commits are whole, that versions follow within a commit and offsets
/// rise within a partition. Whether versions follow from commit to commit is for the store to say.
///
/// ```
/// use punctual::store::{JsonLinesReader, TicketCodec};
///
/// let file = r#"{"stream":"acme/ticket/T-1","version":1,
///  "position":{"partition":0,"offset":1,"index":0,"of":1},"kind":70,"schema":1,
///  "occurred_at":"2026-03-09T01:00:00Z","recorded_at":"2026-03-09T01:00:00Z",
///  "event":{"type":"closed","text":null}}"#.replace('\n', "");
/// let codec = TicketCodec::new();
/// let commits = JsonLinesReader::new(&codec, file.as_bytes()).collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(commits.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct JsonLinesReader<'c, R> {
    codec: &'c TicketCodec,
    input: R,
    text: Vec<u8>,
    line: u64,
    last: BTreeMap<PartitionId, Offset>,
    ended: bool,
}

/// A commit of which some lines have come.
struct Begun {
    stream: StreamId,
    place: Place,
    first_version: Version,
    command: Option<Command>,
    records: Records,
}

impl<'c, R: BufRead> JsonLinesReader<'c, R> {
    /// Returns a reader of the lines of `input`.
    pub const fn new(codec: &'c TicketCodec, input: R) -> Self {
        Self {
            codec,
            input,
            text: Vec::new(),
            line: 0,
            last: BTreeMap::new(),
            ended: false,
        }
    }

    fn commit(&mut self) -> Result<Option<ImportedCommit>, ImportError> {
        let mut begun: Option<Begun> = None;
        loop {
            if !self.read_line()? {
                return match begun {
                    None => Ok(None),
                    Some(begun) => Err(self.error(
                        0,
                        ImportProblem::Torn {
                            found: begun.records.count(),
                            of: begun.place.of,
                        },
                    )),
                };
            }
            let text = match std::str::from_utf8(&self.text) {
                Ok(text) => text,
                Err(error) => {
                    let column = error.valid_up_to().saturating_add(1);
                    return Err(self.error(column, ImportProblem::NotText));
                }
            };
            let last = &self.last;
            let taken = take_line(self.codec, last, begun, text)
                .map_err(|(column, problem)| self.error(column, problem))?;
            if taken.records.count() == taken.place.of {
                self.last.insert(taken.place.partition, taken.place.offset);
                return Ok(Some(taken.into_commit()));
            }
            begun = Some(taken);
        }
    }

    /// Reads the next line that is not blank; returns whether there is one.
    fn read_line(&mut self) -> Result<bool, ImportError> {
        loop {
            self.text.clear();
            self.line = self.line.saturating_add(1);
            let most = (MOST_LINE_BYTES as u64).saturating_add(1);
            let read = self
                .input
                .by_ref()
                .take(most)
                .read_until(b'\n', &mut self.text)
                .map_err(|error| self.error(0, ImportProblem::Read(error)))?;
            if read == 0 {
                return Ok(false);
            }
            if self.text.len() > MOST_LINE_BYTES {
                return Err(self.error(MOST_LINE_BYTES, ImportProblem::TooLong));
            }
            if !self.text.iter().all(u8::is_ascii_whitespace) {
                return Ok(true);
            }
        }
    }

    const fn error(&self, column: usize, problem: ImportProblem) -> ImportError {
        ImportError {
            line: self.line,
            column,
            problem,
        }
    }
}

impl<R: BufRead> Iterator for JsonLinesReader<'_, R> {
    type Item = Result<ImportedCommit, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let commit = self.commit().transpose();
        self.ended = !matches!(commit, Some(Ok(_)));
        commit
    }
}

impl Begun {
    fn new(line: &ReadLine<'_>) -> Self {
        Self {
            stream: line.stream.clone(),
            place: line.position,
            first_version: Version::new(line.version),
            command: line.command.clone(),
            records: Records::new(),
        }
    }

    fn into_commit(self) -> ImportedCommit {
        let before = Version::new(self.first_version.get().saturating_sub(1));
        let expected = if before.is_none() {
            Expected::Empty
        } else {
            Expected::Exactly(Revision::new(before))
        };
        let mut append = Append::new(self.stream, expected, self.records);
        append.command = self.command.map(|command| CommandKey {
            id: command.id,
            digest: command.digest.0,
        });
        ImportedCommit {
            partition: self.place.partition,
            offset: self.place.offset,
            first_version: self.first_version,
            append,
        }
    }
}

type Problem = (usize, ImportProblem);

/// Adds one line to the commit that was begun, or begins one.
fn take_line(
    codec: &TicketCodec,
    last: &BTreeMap<PartitionId, Offset>,
    begun: Option<Begun>,
    text: &str,
) -> Result<Begun, Problem> {
    let line: ReadLine<'_> = serde_json::from_str(text).map_err(|error| face::form(&error, 0))?;
    let mut begun = match begun {
        Some(begun) => begun,
        None => begin(last, &line, text)?,
    };
    follows(&begun, &line, text)?;
    let metadata = metadata(&line, text)?;
    let (id, payload) = face::payload(codec, &line, text)?;
    let head = RecordHead {
        kind: id.kind,
        schema: id.schema,
        occurred_at: line.occurred_at,
        recorded_at: line.recorded_at,
        subject: line.subject.as_ref(),
        metadata: &metadata,
    };
    let pushed = begun.records.push(&head, &payload);
    pushed.map_err(|error| (0, error.into()))?;
    Ok(begun)
}

fn begin(
    last: &BTreeMap<PartitionId, Offset>,
    line: &ReadLine<'_>,
    text: &str,
) -> Result<Begun, Problem> {
    let out_of_turn = |field, expected: String| {
        let problem = ImportProblem::OutOfTurn { field, expected };
        Err((column_of(text, field), problem))
    };
    if line.version == 0 {
        return out_of_turn("version", "1 or more".to_owned());
    }
    if line.position.of == 0 {
        return out_of_turn("of", "1 or more".to_owned());
    }
    let before = last.get(&line.position.partition).copied();
    let before = before.unwrap_or(Offset::START);
    if line.position.offset <= before {
        return out_of_turn("offset", format!("more than {before}"));
    }
    Ok(Begun::new(line))
}

/// Checks that a line is the next one of its commit.
fn follows(begun: &Begun, line: &ReadLine<'_>, text: &str) -> Result<(), Problem> {
    let index = begun.records.count();
    let version = begun.first_version.get().checked_add(u64::from(index));
    let place = begun.place;
    for (field, holds, expected) in [
        (
            "partition",
            line.position.partition == place.partition,
            place.partition.to_string(),
        ),
        (
            "offset",
            line.position.offset == place.offset,
            place.offset.to_string(),
        ),
        ("of", line.position.of == place.of, place.of.to_string()),
        ("index", line.position.index == index, index.to_string()),
        (
            "stream",
            line.stream == begun.stream,
            begun.stream.to_string(),
        ),
        (
            "version",
            Some(line.version) == version,
            version.map_or("no further one".to_owned(), |version| version.to_string()),
        ),
        (
            "command",
            line.command == begun.command,
            "the command of the commit".to_owned(),
        ),
    ] {
        if !holds {
            let problem = ImportProblem::OutOfTurn { field, expected };
            return Err((column_of(text, field), problem));
        }
    }
    Ok(())
}

/// Returns the metadata of a line: the bytes where they are given, held to by the words.
fn metadata(line: &ReadLine<'_>, text: &str) -> Result<Vec<u8>, Problem> {
    let actor = line.actor.as_ref().map(|who| Actor {
        id: who.id.clone(),
        roles: who.roles.clone().into(),
    });
    let fields = MetadataFields {
        actor: actor.as_ref(),
        correlation: line.correlation.as_deref(),
        causation: line.causation.as_deref(),
    };
    let Some(bytes) = &line.metadata else {
        let mut bytes = Vec::new();
        fields
            .write(&mut bytes)
            .map_err(|error| (0, error.into()))?;
        return Ok(bytes);
    };
    let stored = Metadata::new(&bytes.0);
    let told = [
        (
            "actor",
            actor.is_none() || stored.actor().is_ok_and(|stored| stored == actor),
        ),
        (
            "correlation",
            agrees(fields.correlation, stored.correlation()),
        ),
        ("causation", agrees(fields.causation, stored.causation())),
    ];
    for (field, agrees) in told {
        if !agrees {
            let bytes = "metadata";
            let problem = ImportProblem::Disagree { field, bytes };
            return Err((column_of(text, field), problem));
        }
    }
    Ok(bytes.0.clone())
}

fn agrees<E>(told: Option<&str>, stored: Result<Option<&str>, E>) -> bool {
    told.is_none() || stored.is_ok_and(|stored| stored == told)
}

/// Returns the column at which the first field of that name begins. The envelope is written first,
/// and a quotation mark within a text is escaped, so the first is the envelope's.
pub(super) fn column_of(text: &str, field: &str) -> usize {
    let found = text.find(&format!("\"{field}\":"));
    found.map_or(0, |at| at.saturating_add(1))
}
