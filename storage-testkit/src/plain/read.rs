//! Reading, soundly or with a defect.
//!
//! A sound page: the commits that hold what was asked for, from the front, until the limit would be exceeded, but
//! at least one. Each defect bends one word of that sentence.

use std::sync::atomic::Ordering;

use punctual::event::{Expected, Offset, PartitionId, Revision, StreamId, Version};
use punctual::store::{Append, Commits, Limit, PartitionPage, ReadError, StreamPage};

use super::Defect;
use super::state::{Entry, State};
use super::store::PlainStore;

impl PlainStore {
    fn check_limit(&self, limit: Limit) -> Result<(), ReadError> {
        if (limit.events > 0 && limit.bytes > 0) || self.has(Defect::NothingAnswered) {
            return Ok(());
        }
        Err(ReadError::Invalid {
            reason: "ask for at least one event and one byte".to_owned(),
        })
    }

    pub(super) fn stream_page(
        &self,
        stream: &StreamId,
        after: Version,
        limit: Limit,
    ) -> Result<StreamPage, ReadError> {
        self.check_limit(limit)?;
        self.open()?;
        let mut state = self.shared.state();
        state.reads += 1;
        let state = &*state;
        let asked = if self.has(Defect::StreamReadInclusive) {
            Version::new(after.get().saturating_sub(1))
        } else {
            after
        };
        let limit = Limit {
            events: if self.has(Defect::StreamEventsUnlimited) {
                usize::MAX
            } else {
                limit.events
            },
            bytes: if self.has(Defect::StreamBytesUnlimited) {
                usize::MAX
            } else {
                limit.bytes
            },
        };
        let partition = self.home(stream);
        let mut version = Version::NONE;
        let (mut commits, mut cut, mut shown) = (Commits::new(), false, None);
        for (number, entry) in (1..).zip(self.of_stream(state, stream)) {
            if !self.sees(entry) {
                continue;
            }
            version = entry.last();
            let late = self.has(Defect::PartialCommitLeftOut) && entry.first <= asked;
            if entry.last() <= asked || late {
                continue;
            }
            let size = (entry.events(), entry.sealed.len());
            cut = cut || !limit.admits(commits.events(), commits.bytes(), size);
            if cut || limit.events == 0 {
                continue;
            }
            let mut told = entry.clone();
            if self.has(Defect::StreamOffsetsOwn) {
                let append = Append {
                    stream: entry.stream.clone(),
                    expected: Expected::Any,
                    command: entry.command.clone(),
                    records: entry.records.clone(),
                };
                told =
                    super::state::entry(&append, partition, Offset::new(number), entry.first, true);
            }
            State::show(partition, &told, &mut commits, self.shared.defect)?;
            shown = Some(told);
        }
        if let Some(last) = shown
            .clone()
            .filter(|_| cut && self.has(Defect::StreamPagesOverlap))
        {
            State::show(partition, &last, &mut commits, self.shared.defect)?;
        }
        if after.get() >= 6 && version.get() > 8 && self.has(Defect::FarReadsEmpty) {
            commits = Commits::new();
        }
        if version.is_none() && self.has(Defect::EmptyStreamHasVersion) {
            version = Version::FIRST;
        }
        if self.has(Defect::RevisionOfPage) {
            version = shown.as_ref().map_or(after, Entry::last);
        }
        if self.has(Defect::StaleRevision) && state.reads.is_multiple_of(3) {
            version = Version::new(version.get().saturating_sub(1));
        }
        let revision = if self.has(Defect::ReadTokenBelieved) {
            Revision::with_token(version, u64::MAX - 7)
        } else {
            Revision::new(version)
        };
        Ok(StreamPage {
            after: asked,
            commits,
            revision,
        })
    }

    pub(super) fn partition_page(
        &self,
        partition: PartitionId,
        after: Offset,
        limit: Limit,
    ) -> Result<PartitionPage, ReadError> {
        self.check_limit(limit)?;
        let known = self.known(partition)?;
        let mut state = self.shared.state();
        state.read_to = Some(after.get());
        let skips = std::mem::take(&mut state.just_woken) && self.has(Defect::FirstLiveCommitLost);
        let mut head = state.head(known);
        if self.has(Defect::StaleHandles) {
            head = head.min(Offset::new(self.horizon.load(Ordering::SeqCst)));
        }
        if after > head && !self.has(Defect::BeyondAnswered) {
            return Err(ReadError::Beyond {
                partition,
                after,
                head,
            });
        }
        let overlaps = self.has(Defect::PartitionPagesOverlap) && after < head;
        let bound = |defect, most| if self.has(defect) { usize::MAX } else { most };
        let mut limit = Limit {
            events: bound(Defect::PartitionPageUnlimited, limit.events),
            bytes: bound(Defect::PartitionBytesUnlimited, limit.bytes),
        };
        limit.bytes = bound(Defect::PartitionPageUnlimited, limit.bytes);
        let (mut commits, mut next) = (Commits::new(), after);
        let from = if overlaps {
            Offset::new(after.get().saturating_sub(1))
        } else {
            after
        };
        let later = state.log(known).iter().filter(|entry| entry.offset > from);
        for entry in later
            .filter(|entry| self.sees(entry))
            .skip(usize::from(skips))
        {
            let size = (entry.events(), entry.sealed.len());
            if limit.events == 0 || !limit.admits(commits.events(), commits.bytes(), size) {
                break;
            }
            State::show(known, entry, &mut commits, self.shared.defect)?;
            next = entry.offset;
        }
        if commits.is_empty() && self.has(Defect::EmptyPageRestarts) {
            next = Offset::START;
        }
        if self.has(Defect::HeadOfPage) {
            head = next;
        }
        Ok(PartitionPage {
            partition,
            commits,
            next,
            head,
        })
    }

    pub(super) fn names(
        &self,
        prefix: &str,
        after: Option<&StreamId>,
        limit: usize,
    ) -> Result<Vec<StreamId>, ReadError> {
        self.open()?;
        if limit == 0 && !self.has(Defect::NothingAnswered) {
            return Err(ReadError::Invalid {
                reason: "ask for at least one stream".to_owned(),
            });
        }
        let state = self.shared.state();
        let mut names: Vec<StreamId> = Vec::new();
        for entry in state.logs.iter().flatten() {
            if !names.contains(&entry.stream) {
                names.push(entry.stream.clone());
            }
        }
        if self.has(Defect::RefusedStreamListed) {
            names.extend(
                state
                    .tried
                    .iter()
                    .filter(|name| !names.contains(name))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        if !self.has(Defect::ListedByAge) {
            names.sort();
        }
        let pattern = self.has(Defect::PrefixIsPattern);
        let fits = |name: &StreamId| {
            if pattern {
                let begins = prefix.split(['%', '_']).next().unwrap_or_default();
                return name.as_str().starts_with(begins);
            }
            name.as_str().starts_with(prefix)
        };
        let inclusive = self.has(Defect::ListInclusive);
        let later = |name: &StreamId| {
            after.is_none_or(|after| name > after || (inclusive && name == after))
        };
        Ok(names
            .into_iter()
            .filter(|name| fits(name) && later(name))
            .take(limit)
            .collect())
    }
}
