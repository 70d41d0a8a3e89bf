//! What a zone's name means, written out as data.

use std::fmt;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, Timelike};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::date::{day_number, local_time};
use super::zone::MOST_OFFSET_SECS;
use super::{CalendarError, DAY_SECS, END_SECS, SECOND, Zone};
use crate::time::Instant;

/// A week on either side of the covered years, so that a shift which reaches over their edge is
/// resolved with the offset that was in force there.
const MARGIN_SECS: i64 = 7 * DAY_SECS;

/// No zone has had two changes of its offset within so short a time; a test holds the whole of
/// the zone data to it.
const PROBE_SECS: i64 = 4 * DAY_SECS;

/// The most changes of offset that a table read back may have; the busiest zone has under 300.
const MOST_CHANGES: usize = 10_000;

/// The offsets of one zone from 1970 to 2099, as plain data.
///
/// Made once from a [`Zone`] and the zone data that this library was built with; after that
/// nothing looks at zone data again, so a later release of it moves no deadline (SEMANTICS K7).
/// Cloning increments a counter.
///
/// - A local time that occurs twice means its first occurrence; one that is skipped is read with
///   the offset in force before the gap (SEMANTICS K3; "compatible" in RFC 5545's successors).
/// - Serialized as name, first offset in seconds east of UTC, and the changes as pairs of UTC
///   microseconds and new offset; checked when it is read back.
///
/// ```
/// use punctual::calendar::{Zone, ZoneTable};
///
/// let stockholm = ZoneTable::new("Europe/Stockholm".parse()?);
/// // 02:30 does not exist on that night: it is read as 03:30.
/// let at = stockholm.instant_of("2026-03-29T02:30:00".parse()?)?;
/// assert_eq!(at, "2026-03-29T03:30:00+02:00".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct ZoneTable(Arc<Inner>);

#[derive(PartialEq, Eq)]
struct Inner {
    name: SmolStr,
    /// In order of time; the first begins before all instants. Never empty.
    spans: Vec<OffsetSpan>,
}

/// A run of time with one offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct OffsetSpan {
    /// UTC seconds of the first instant.
    begins: i64,
    /// Seconds east of UTC.
    offset: i32,
    /// What the wall clock reads at the end, in seconds after 1970-01-01 00:00 on the wall.
    local_end: i64,
}

impl OffsetSpan {
    fn local_of(&self, secs: i64) -> i64 {
        secs.saturating_add(i64::from(self.offset))
    }

    fn utc_of(&self, local: i64) -> i64 {
        local.saturating_sub(i64::from(self.offset))
    }
}

/// A moment at which a zone's clocks are set to another offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, i32)", into = "(i64, i32)")]
pub struct OffsetChange {
    /// UTC microseconds since 1970 of the first instant with the new offset; negative in the last
    /// week of 1969.
    pub at_micros: i64,
    /// The new offset, in seconds east of UTC.
    pub offset_secs: i32,
}

impl From<(i64, i32)> for OffsetChange {
    fn from((at_micros, offset_secs): (i64, i32)) -> Self {
        Self {
            at_micros,
            offset_secs,
        }
    }
}

impl From<OffsetChange> for (i64, i32) {
    fn from(change: OffsetChange) -> Self {
        (change.at_micros, change.offset_secs)
    }
}

/// The serialized form, checked on the way in.
#[derive(Serialize, Deserialize)]
struct Text {
    name: SmolStr,
    offset: i32,
    changes: Vec<OffsetChange>,
}

impl ZoneTable {
    /// Returns the offsets of `zone` from 1970 to 2099.
    ///
    /// # Complexity
    /// Looks at the zone every fourth day for 130 years, and closer around each change: some tenths
    /// of a millisecond. Make it once.
    #[must_use]
    pub fn new(zone: Zone) -> Self {
        Self::probed(zone, PROBE_SECS)
    }

    /// Looks for changes in steps of so many seconds.
    fn probed(zone: Zone, step: i64) -> Self {
        let start = MARGIN_SECS.saturating_neg();
        let first = zone.offset_at(start);
        let mut changes = Vec::new();
        if !zone.is_fixed() {
            let (mut at, mut offset) = (start, first);
            while at < END_SECS.saturating_add(MARGIN_SECS) {
                let next = at.saturating_add(step);
                let found = zone.offset_at(next);
                if found != offset {
                    changes.push((change_between(zone, at, next, offset), found));
                    offset = found;
                }
                at = next;
            }
        }
        Self::from_spans(SmolStr::new(zone.to_string()), first, &changes)
    }

    /// Lays out the spans; `changes` are UTC seconds and new offsets, in order.
    fn from_spans(name: SmolStr, first: i32, changes: &[(i64, i32)]) -> Self {
        let begins = std::iter::once((i64::MIN, first)).chain(changes.iter().copied());
        let ends = changes.iter().map(|(at, _)| Some(*at)).chain([None]);
        let spans = begins
            .zip(ends)
            .map(|((begins, offset), end)| OffsetSpan {
                begins,
                offset,
                local_end: end.map_or(i64::MAX, |end| end.saturating_add(i64::from(offset))),
            })
            .collect();
        Self(Arc::new(Inner { name, spans }))
    }

    /// Returns the zone's name, as its author wrote it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns the offset in force at `at`, in seconds east of UTC.
    #[must_use]
    pub fn offset_secs(&self, at: Instant) -> i32 {
        self.span_at(at.micros().div_euclid(SECOND)).offset
    }

    /// Returns every change of the offset that the table knows, in order of time.
    ///
    /// ```
    /// use punctual::calendar::ZoneTable;
    ///
    /// let shanghai = ZoneTable::new("Asia/Shanghai".parse()?);
    /// assert_eq!(shanghai.changes().count(), 12); // the summer times of 1986 to 1991
    /// assert_eq!(shanghai.offset_secs("2026-07-01T00:00:00Z".parse()?), 8 * 3_600);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn changes(&self) -> impl Iterator<Item = OffsetChange> {
        self.0.spans.iter().skip(1).map(|span| OffsetChange {
            at_micros: span.begins.saturating_mul(SECOND),
            offset_secs: span.offset,
        })
    }

    /// Returns what the clock on the wall reads at `at`, to the microsecond.
    ///
    /// ```
    /// use punctual::calendar::ZoneTable;
    ///
    /// let kathmandu = ZoneTable::new("Asia/Kathmandu".parse()?);
    /// let local = kathmandu.local("2026-03-09T06:00:00Z".parse()?);
    /// assert_eq!(local.to_string(), "2026-03-09 11:45:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn local(&self, at: Instant) -> NaiveDateTime {
        let (secs, micros) = split(at);
        local_time(self.local_secs(secs), micros).unwrap_or_default()
    }

    /// Returns the local date of `at`.
    #[must_use]
    pub fn date_on(&self, at: Instant) -> NaiveDate {
        self.local(at).date()
    }

    /// Returns the instant that a local time means: its first occurrence if there are two; moved
    /// forward by the gap if there is none.
    ///
    /// Anything finer than a microsecond is cut off.
    ///
    /// # Errors
    /// [`CalendarError::BeyondRange`] for an instant before 1970 or after 2099, named by the
    /// nearest one that is covered.
    pub fn instant_of(&self, local: NaiveDateTime) -> Result<Instant, CalendarError> {
        let secs = day_number(local.date())
            .saturating_mul(DAY_SECS)
            .saturating_add(i64::from(local.num_seconds_from_midnight()));
        let micros = i64::from(local.nanosecond() / 1_000).min(SECOND.saturating_sub(1));
        instant(self.resolve(secs), micros)
    }

    /// Returns the first instant whose local date is `on`.
    ///
    /// `None` for a date that was skipped (2011-12-30 in Apia), and for one that begins before
    /// 1970 or after 2099.
    ///
    /// ```
    /// use punctual::calendar::{Zone, ZoneTable};
    ///
    /// let apia = ZoneTable::new("Pacific/Apia".parse()?);
    /// assert!(apia.start_of("2011-12-29".parse()?).is_some());
    /// assert_eq!(apia.start_of("2011-12-30".parse()?), None); // nobody in Samoa lived on that day
    /// # let _: Zone = "UTC".parse()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn start_of(&self, on: NaiveDate) -> Option<Instant> {
        let start = self.start_of_day(day_number(on))?;
        Instant::within(start.checked_mul(SECOND)?)
    }

    /// Returns the instant with the same local time `n` calendar days later: the first of two, or
    /// moved forward by a gap. With `n` zero it is `at`.
    ///
    /// # Errors
    /// [`CalendarError::BeyondRange`] after 2099.
    pub fn days_after(&self, at: Instant, n: u16) -> Result<Instant, CalendarError> {
        if n == 0 {
            return Ok(at);
        }
        let (secs, micros) = split(at);
        let later = i64::from(n).saturating_mul(DAY_SECS);
        let local = self.local_secs(secs).saturating_add(later);
        instant(self.resolve(local), i64::from(micros))
            .map_err(|_| CalendarError::BeyondRange { from: at })
    }

    /// Returns the instant that has the clock time of `at` on another date.
    pub(super) fn same_time_on_day(&self, at: Instant, day: i64) -> Result<Instant, CalendarError> {
        let (secs, micros) = split(at);
        let of_day = self.local_secs(secs).rem_euclid(DAY_SECS);
        let local = day.saturating_mul(DAY_SECS).saturating_add(of_day);
        instant(self.resolve(local), i64::from(micros))
            .map_err(|_| CalendarError::BeyondRange { from: at })
    }

    /// Returns the number of the latest local date that has begun at `at`.
    ///
    /// It is the local date, but for the hour that is repeated where clocks go back over midnight:
    /// there it stays the later date, so that it never runs backwards.
    pub(super) fn latest_day(&self, at: Instant) -> i64 {
        let (secs, _) = split(at);
        let day = self.local_secs(secs).div_euclid(DAY_SECS);
        let next = day.saturating_add(1);
        match self.start_of_day(next) {
            Some(start) if start <= secs => next,
            Some(_) | None => day,
        }
    }

    /// Returns UTC seconds of the first instant of a local date, unless it is skipped.
    pub(super) fn start_of_day(&self, day: i64) -> Option<i64> {
        let midnight = day.saturating_mul(DAY_SECS);
        let span = self.span_of_local(self.index_of_local(midnight));
        let start = span.utc_of(midnight).max(span.begins);
        (span.local_of(start).div_euclid(DAY_SECS) == day).then_some(start)
    }

    /// Returns the local dates that no clock on the wall ever showed: those that lie in the gap of
    /// a change, which must then be as long as a day.
    pub(super) fn skipped_days(&self) -> Vec<i64> {
        let changes = self.0.spans.iter().zip(self.0.spans.iter().skip(1));
        let gaps = changes.map(|(before, after)| (before.local_end, after.local_of(after.begins)));
        let days = gaps
            .filter(|(from, to)| to.saturating_sub(*from) >= DAY_SECS)
            .flat_map(|(from, to)| from.div_euclid(DAY_SECS)..=to.div_euclid(DAY_SECS));
        days.filter(|day| self.start_of_day(*day).is_none())
            .collect()
    }

    /// Returns local seconds at UTC seconds.
    fn local_secs(&self, secs: i64) -> i64 {
        self.span_at(secs).local_of(secs)
    }

    fn span_at(&self, secs: i64) -> OffsetSpan {
        let after = self.0.spans.partition_point(|span| span.begins <= secs);
        self.span_of_local(after.saturating_sub(1))
    }

    /// Returns the first span at whose end the wall clock reads later than `local`.
    fn index_of_local(&self, local: i64) -> usize {
        self.0.spans.partition_point(|span| span.local_end <= local)
    }

    /// Returns a span by its place. The list is never empty, so the fall-back is never used.
    fn span_of_local(&self, index: usize) -> OffsetSpan {
        const UTC: OffsetSpan = OffsetSpan {
            begins: i64::MIN,
            offset: 0,
            local_end: i64::MAX,
        };
        self.0.spans.get(index).copied().unwrap_or(UTC)
    }

    /// Returns UTC seconds of local seconds, by K3.
    pub(super) fn resolve(&self, local: i64) -> i64 {
        self.resolve_in(self.index_of_local(local), local)
    }

    fn resolve_in(&self, index: usize, local: i64) -> i64 {
        let span = self.span_of_local(index);
        let utc = span.utc_of(local);
        if utc >= span.begins {
            return utc;
        }
        // In the gap before this span: the offset in force before it.
        self.span_of_local(index.saturating_sub(1)).utc_of(local)
    }

    /// Returns a resolver that is quick when it is asked in order of time.
    pub(super) fn resolver(&self) -> Resolver<'_> {
        Resolver {
            table: self,
            index: 0,
        }
    }
}

/// Resolves local times that are near to each other without searching.
pub(super) struct Resolver<'a> {
    table: &'a ZoneTable,
    index: usize,
}

impl Resolver<'_> {
    /// Returns UTC seconds of local seconds, by K3.
    pub(super) fn resolve(&mut self, local: i64) -> i64 {
        while self.table.span_of_local(self.index).local_end <= local {
            self.index = self.index.saturating_add(1);
        }
        while self.index > 0
            && self
                .table
                .span_of_local(self.index.saturating_sub(1))
                .local_end
                > local
        {
            self.index = self.index.saturating_sub(1);
        }
        self.table.resolve_in(self.index, local)
    }
}

/// Returns the first second in `(before, after]` at which the offset is no longer `offset`.
fn change_between(zone: Zone, mut before: i64, mut after: i64, offset: i32) -> i64 {
    while after.saturating_sub(before) > 1 {
        let middle = before.midpoint(after);
        if zone.offset_at(middle) == offset {
            before = middle;
        } else {
            after = middle;
        }
    }
    after
}

/// Splits an instant into whole seconds and the microseconds after them.
fn split(at: Instant) -> (i64, u32) {
    let micros = at.micros();
    let rest = u32::try_from(micros.rem_euclid(SECOND)).unwrap_or_default();
    (micros.div_euclid(SECOND), rest)
}

fn instant(secs: i64, micros: i64) -> Result<Instant, CalendarError> {
    let at = secs.saturating_mul(SECOND).saturating_add(micros);
    Instant::within(at).ok_or_else(|| CalendarError::BeyondRange {
        from: Instant::clamped(at),
    })
}

impl fmt::Debug for ZoneTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changes = self.0.spans.len().saturating_sub(1);
        write!(f, "ZoneTable({}, {changes} changes)", self.0.name)
    }
}

impl From<ZoneTable> for Text {
    fn from(table: ZoneTable) -> Self {
        Self {
            name: table.0.name.clone(),
            offset: table.span_of_local(0).offset,
            changes: table.changes().collect(),
        }
    }
}

impl TryFrom<Text> for ZoneTable {
    type Error = CalendarError;

    fn try_from(text: Text) -> Result<Self, CalendarError> {
        let damaged = |why| CalendarError::DamagedZone {
            zone: CalendarError::shown(&text.name),
            why,
        };
        if text.changes.len() > MOST_CHANGES {
            return Err(damaged("it has more than 10,000 changes"));
        }
        let offsets = text.changes.iter().map(|change| change.offset_secs);
        if std::iter::once(text.offset)
            .chain(offsets)
            .any(|offset| offset.unsigned_abs() > MOST_OFFSET_SECS.unsigned_abs())
        {
            return Err(damaged("an offset is more than 18 hours"));
        }
        let mut changes = Vec::with_capacity(text.changes.len());
        for change in &text.changes {
            if change.at_micros.rem_euclid(SECOND) != 0 {
                return Err(damaged("a change is not at a whole second"));
            }
            changes.push((change.at_micros.div_euclid(SECOND), change.offset_secs));
        }
        if !changes.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(damaged("its changes are not in order of time"));
        }
        let table = Self::from_spans(text.name.clone(), text.offset, &changes);
        // Searching by local time needs this; two changes within hours of each other can break it.
        if !table.0.spans.is_sorted_by_key(|span| span.local_end) {
            return Err(damaged("two changes overlap in local time"));
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The step may be doubled before a change is missed, so it has some room.
    #[test]
    fn k7_no_change_of_any_zone_lies_between_two_looks() {
        for name in Zone::known_names() {
            let zone: Zone = name.parse().unwrap();
            let wanted = ZoneTable::probed(zone, DAY_SECS / 2);
            assert!(ZoneTable::new(zone) == wanted, "{name}");
            assert!(ZoneTable::probed(zone, 2 * PROBE_SECS) == wanted, "{name}");
        }
    }
}
