//! Appending, soundly or with a defect.
//!
//! The sound way is short: answer a command that is known, compare the version, push one entry, all while the
//! one lock is held. What makes this file long is what broken stores do instead, each at the place where a real
//! one does it: a check some time before its write, a write in two steps, a head that moves too early, an error
//! that says too little.

use std::sync::atomic::Ordering;

use punctual::event::{Expected, Offset, PartitionId, Revision, Version};
use punctual::store::{Append, AppendError, Appended, Limits, Written};

use super::Defect;
use super::state::{State, entry, rewrite};
use super::store::{PlainStore, a_while};
use crate::batch::{singles, torn};
use crate::fixture::Fault;

impl PlainStore {
    fn admits(&self, expected: Expected, actual: Version) -> bool {
        match expected {
            Expected::Any => !self.has(Defect::AnyMeansEmpty) || actual.is_none(),
            Expected::Empty => actual.is_none() || self.has(Defect::EmptyUnchecked),
            Expected::Exists => !actual.is_none() || self.has(Defect::ExistsUnchecked),
            Expected::Exactly(revision) => {
                let version = revision.version();
                version == actual
                    || (version < actual && self.has(Defect::OlderAdmitted))
                    || (version > actual && self.has(Defect::NewerAdmitted))
                    || (revision.token() == Some(0) && self.has(Defect::TokenBelieved))
                    || (revision.token() == Some(u64::MAX - 7)
                        && self.has(Defect::ReadTokenBelieved))
            }
        }
    }

    fn check_expected(
        &self,
        state: &mut State,
        append: &Append,
        actual: Version,
    ) -> Result<(), AppendError> {
        if self.admits(append.expected, actual) {
            return Ok(());
        }
        if let Some(key) = append
            .command
            .clone()
            .filter(|_| self.has(Defect::RefusedCommandKept))
        {
            state.burnt.push((append.stream.clone(), key));
        }
        state.tried.insert(append.stream.clone());
        let told = if self.has(Defect::ConflictTellsWrongVersion) {
            Version::new(actual.get().saturating_sub(1))
        } else {
            actual
        };
        Err(AppendError::Conflict {
            stream: append.stream.clone(),
            expected: append.expected,
            actual: told,
        })
    }

    pub(super) fn check_size(&self, append: &Append) -> Result<(), AppendError> {
        let mut limits = Limits::COMMON;
        if self.has(Defect::EventLimitOffByOne) {
            limits.event_bytes -= 1;
        }
        if self.has(Defect::AppendLimitOffByOne) {
            limits.append_events -= 1;
        }
        if self.has(Defect::EventSizeUnchecked) {
            limits.event_bytes = usize::MAX;
        }
        if self.has(Defect::AppendSizeUnchecked) {
            (limits.append_bytes, limits.append_events) = (usize::MAX, usize::MAX);
        }
        append.check(&limits)
    }

    /// What a store that changes events makes of them: columns that are too narrow, encodings that lose letters,
    /// numbers of kinds that are looked up in a table.
    pub(super) fn changed(&self, state: &State, append: Append) -> Append {
        let last = self.of_stream(state, &append.stream).last();
        let mut floor = last.and_then(|entry| {
            let mut last = None;
            rewrite(&entry.records, |event| last = Some(event.recorded_at)).ok()?;
            last
        });
        let defect = self.shared.defect;
        let records = rewrite(&append.records, |event| match defect {
            Some(Defect::MetadataCut) => event.metadata.truncate(255),
            Some(Defect::SubjectDropped) => {
                event.subject = event.subject.take().filter(|name| name.is_ascii());
            }
            Some(Defect::UnknownKindsLost) if event.kind > 127 => event.kind = 0,
            Some(Defect::RecordedAtCorrected) => {
                event.recorded_at = floor.map_or(event.recorded_at, |at| at.max(event.recorded_at));
                floor = Some(event.recorded_at);
            }
            Some(_) | None => {}
        });
        match records {
            Ok(records) => Append { records, ..append },
            Err(_) => append,
        }
    }

    /// The check of commands and expectation, in the port's order, or in another one.
    pub(super) fn answer(
        &self,
        state: &mut State,
        append: &Append,
    ) -> Result<Option<Appended>, AppendError> {
        let actual = self.version(state, &append.stream);
        if self.has(Defect::ExpectationFirst) {
            self.check_expected(state, append, actual)?;
        }
        let key = append
            .command
            .as_ref()
            .filter(|_| !self.has(Defect::CommandsIgnored));
        if let Some(found) = key.and_then(|key| self.found(state, &append.stream, &key.id)) {
            let bytes_differ = self.has(Defect::BytesCompared)
                && self
                    .of_stream(state, &append.stream)
                    .all(|entry| entry.records != append.records);
            if bytes_differ {
                let id = key.map(|key| key.id.clone());
                return Err(AppendError::CommandReused {
                    stream: append.stream.clone(),
                    command: id.unwrap_or_else(|| unreachable!("it was found")),
                });
            }
            if self.has(Defect::DigestUnchecked) {
                return Ok(Some(found.appended));
            }
            return append.replay(&found).map(Some);
        }
        let last = self.of_stream(state, &append.stream).last();
        let equal = last.is_some_and(|entry| entry.records == append.records);
        if let Some(last) = last
            && equal
            && append.command.is_none()
            && self.has(Defect::EqualAppendsMerged)
        {
            return Ok(Some(Appended {
                revision: Revision::new(last.last()),
                partition: self.home(&append.stream),
                offset: last.offset,
                replayed: true,
            }));
        }
        self.check_expected(state, append, actual)?;
        Ok(None)
    }

    /// Writes at the end of the log, as things stand now.
    pub(super) fn write(&self, state: &mut State, append: &Append) -> Appended {
        let partition = self.home(&append.stream);
        let actual = self.version(state, &append.stream);
        let mut first = actual.next();
        let last = self.of_stream(state, &append.stream).last();
        let after_three = last.is_some_and(|entry| entry.events() == 3);
        if after_three && self.has(Defect::VersionLeftOut) {
            first = first.next();
        }
        let mut offset = Offset::new(state.next_offset(partition).get() + state.skew);
        state.skew = 0;
        if offset == Offset::new(3) && self.has(Defect::OffsetLeftOut) {
            offset = offset.next();
        }
        let in_commit = !self.has(Defect::CommandNotInCommit);
        let made = entry(append, partition, offset, first, in_commit);
        let mut version = made.last();
        let mut told = offset;
        if self.has(Defect::CommitPerEvent) && made.events() > 1 && made.events() < 100 {
            told = self.write_apart(state, append, first);
        } else {
            state.push(partition, made);
        }
        if append.records.len() == 2 && self.has(Defect::VersionToldTooLow) {
            version = Version::new(version.get() - 1);
        }
        if self.has(Defect::OffsetToldFromZero) {
            told = Offset::new(told.get() - 1);
        }
        self.horizon.fetch_max(offset.get(), Ordering::SeqCst);
        Appended {
            revision: Revision::new(version),
            partition,
            offset: told,
            replayed: false,
        }
    }

    fn write_apart(&self, state: &mut State, append: &Append, first: Version) -> Offset {
        let partition = self.home(&append.stream);
        let mut version = first;
        for one in singles(append) {
            let offset = state.next_offset(partition);
            state.push(partition, entry(&one, partition, offset, version, true));
            version = version.next();
        }
        state.head(partition)
    }

    /// Lets a failure that was asked for happen.
    pub(super) fn fail(&self, state: &mut State, append: &Append) -> Result<(), AppendError> {
        let unavailable = |written| AppendError::Unavailable {
            written,
            source: "a fault was injected".into(),
        };
        match state.fault.take() {
            None => Ok(()),
            Some(Fault::NothingWritten) => {
                if self.has(Defect::WrittenAfterAll) {
                    self.write(state, append);
                }
                Err(unavailable(Written::No))
            }
            Some(Fault::Unknown) => {
                if self.has(Defect::TornAppend) {
                    self.write(state, &torn(append.clone()));
                } else if append.records.len().is_multiple_of(2) {
                    self.write(state, append);
                }
                Err(unavailable(Written::Unknown))
            }
            Some(Fault::Poison) => {
                state.poisoned = !self.has(Defect::PoisonIgnored);
                Err(unavailable(Written::Unknown))
            }
        }
    }

    pub(super) fn woken(&self) {
        let leaked = self.has(Defect::WaitersLeak) && self.shared.state().waiting > 40;
        if leaked {
        } else if self.has(Defect::OneWoken) {
            self.shared.grown.notify_one();
        } else {
            self.shared.grown.notify_waiters();
        }
    }

    /// What happens between the check and the write in stores that take time there. The lock is not held, as it is
    /// not between two statements of a transaction that does not lock; whoever comes meanwhile is not noticed.
    pub(super) async fn dawdle(&self, append: &Append) -> Result<bool, AppendError> {
        let early = match append.expected {
            Expected::Exactly(_) => self.has(Defect::ExactlyCheckedEarly),
            Expected::Empty => self.has(Defect::EmptyCheckedEarly),
            Expected::Any | Expected::Exists => {
                append.command.is_some() && self.has(Defect::CommandCheckedEarly)
            }
        };
        if early {
            let answered = self.answer(&mut self.shared.state(), append)?;
            a_while().await;
            return Ok(answered.is_none());
        }
        let any_conflicts = append.expected == Expected::Any && self.has(Defect::AnyConflicts);
        if any_conflicts || self.has(Defect::StreamsConflict) {
            let partition = self.home(&append.stream);
            let before = self.shared.state().head(partition);
            a_while().await;
            let state = self.shared.state();
            if state.head(partition) != before {
                return Err(AppendError::Conflict {
                    stream: append.stream.clone(),
                    expected: append.expected,
                    actual: self.version(&state, &append.stream),
                });
            }
        }
        if self.has(Defect::DropLocks) {
            let locked = std::mem::replace(&mut self.shared.state().locked, true);
            if locked {
                return Err(AppendError::Busy);
            }
            a_while().await;
            self.shared.state().locked = false;
        }
        if self.has(Defect::WriterWaitsForReader) {
            loop {
                let full = {
                    let state = self.shared.state();
                    let head = state.head(PartitionId(0)).get();
                    state.read_to.is_some_and(|read| head > read + 100)
                };
                if !full {
                    break;
                }
                self.shared.grown.notified().await;
            }
        }
        Ok(false)
    }

    /// Makes an append visible step by step.
    pub(super) async fn in_steps(&self, append: &Append) {
        let partition = self.home(&append.stream);
        let number = usize::from(partition.0);
        if self.has(Defect::TornVisibility) && append.records.len() > 1 {
            let whole = {
                let mut state = self.shared.state();
                let whole = state.logs[number].pop();
                if let Some(whole) = &whole {
                    let half = torn(append.clone());
                    let half = entry(&half, partition, whole.offset, whole.first, true);
                    state.push(partition, half);
                }
                whole
            };
            a_while().await;
            if let Some(whole) = whole {
                let mut state = self.shared.state();
                let place = state.logs[number]
                    .iter_mut()
                    .find(|e| e.offset == whole.offset);
                if let Some(place) = place {
                    *place = whole;
                }
            }
        }
        if self.has(Defect::HeadBeforeCommit) {
            let offset = {
                let mut state = self.shared.state();
                let last = state.logs[number].last_mut();
                last.map(|entry| {
                    entry.hidden = true;
                    entry.offset
                })
            };
            a_while().await;
            let mut state = self.shared.state();
            let place = state.logs[number]
                .iter_mut()
                .find(|e| Some(e.offset) == offset);
            if let Some(place) = place {
                place.hidden = false;
            }
        }
    }
}
