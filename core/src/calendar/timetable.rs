//! The working set as a table per UTC day, so that a question walks no days.
//!
//! Each UTC day has the open seconds of all days before it and the number of its *pattern*: where
//! within the day the desk is open. Patterns repeat (a working day in summer, one in winter, a
//! Sunday), so a dictionary of them stays in the cache. That answers W(t), the open time before
//! `t`, with two look-ups. The inverse finds the day by a list of buckets: for every 2^n open
//! seconds, the day in which they begin. Buckets are no longer than the shortest day where that
//! fits, so that the day is the bucket's own or the next bucket's.

use std::collections::BTreeMap;
use std::hint::select_unpredictable;

use super::expand::Run;
use super::{DAY_SECS, END_SECS, SECOND};

const DAY: i64 = DAY_SECS.wrapping_mul(SECOND);
const UNSIGNED_DAY: u64 = DAY.cast_unsigned();
const UNSIGNED_SECOND: u64 = SECOND.cast_unsigned();
const END: i64 = END_SECS.wrapping_mul(SECOND);
const DAYS: usize = 47_482;

/// The most buckets: a quarter of a megabyte of them.
const MOST_BUCKETS: u64 = 1 << 17;

/// Answers W(t) and its inverse for one working set. All times in microseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Timetable {
    /// Each UTC day, and one more for what comes after the last.
    days: Vec<Day>,
    patterns: Vec<Pattern>,
    /// For each 2^`shift` open seconds the day in which they begin, and the last open day.
    buckets: Vec<u16>,
    shift: u32,
    /// All open time.
    total: i64,
}

/// A UTC day. Packed: two bytes of each eight would be filling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(Rust, packed(2))]
struct Day {
    /// Open seconds of all days before it. Those of 130 years fit into 32 bits.
    before: u32,
    /// The number of its pattern.
    pattern: u16,
}

/// A stretch of open time within a day, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    start: u64,
    length: u64,
}

/// Where within a day the desk is open: two slots at once, for most calendars need no more, and a
/// fixed number of steps is quicker than a loop whose length the processor must guess.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    first: Slot,
    second: Slot,
    more: Box<[Slot]>,
}

impl Slot {
    const NONE: Self = Self {
        start: 0,
        length: 0,
    };

    /// Returns the open time of this slot before `of_day`.
    #[inline]
    fn worked(self, of_day: u64) -> u64 {
        of_day.saturating_sub(self.start).min(self.length)
    }

    fn end(self) -> u64 {
        self.start.wrapping_add(self.length)
    }
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "times within a day, and sums of slots that lie apart within it"
)]
impl Pattern {
    fn new(slots: &[Slot]) -> Self {
        let at = |index| slots.get(index).copied().unwrap_or(Slot::NONE);
        Self {
            first: at(0),
            second: at(1),
            more: slots.get(2..).unwrap_or_default().into(),
        }
    }

    fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        let two = [self.first, self.second].into_iter();
        two.chain(self.more.iter().copied())
            .filter(|slot| slot.length > 0)
    }

    /// Returns the open time before `of_day`.
    #[inline]
    fn worked(&self, of_day: u64) -> u64 {
        let mut worked = self.first.worked(of_day) + self.second.worked(of_day);
        for slot in &self.more {
            worked += slot.worked(of_day);
        }
        worked
    }

    /// Returns where in the day the open microsecond number `rest` begins; the day has more than
    /// `rest` of them.
    #[inline]
    fn locate(&self, rest: u64) -> u64 {
        // Within the first slot it falls short of the second, and is not taken.
        let (in_second, is_first) = rest.overflowing_sub(self.first.length);
        let of_day = select_unpredictable(
            is_first,
            self.first.start + rest,
            self.second.start.wrapping_add(in_second),
        );
        if self.more.is_empty() || rest < self.first.length + self.second.length {
            return of_day;
        }
        let mut rest = in_second - self.second.length;
        for slot in &self.more {
            if rest < slot.length {
                return slot.start + rest;
            }
            rest -= slot.length;
        }
        UNSIGNED_DAY
    }

    /// Returns where the open time that covers `of_day` ends, if it is open then.
    fn end_of_open(&self, of_day: u64) -> Option<u64> {
        let mut slots = self.slots();
        let slot = slots.find(|slot| slot.start <= of_day && of_day < slot.end());
        slot.map(Slot::end)
    }
}

impl Timetable {
    /// Lays out `runs`: sorted, apart, not empty, within 1970 to 2099.
    pub(super) fn new(runs: &[Run]) -> Self {
        let mut builder = Builder {
            days: Vec::with_capacity(DAYS.saturating_add(1)),
            ..Builder::default()
        };
        let mut runs = runs.iter().copied().peekable();
        let mut slots = Vec::new();
        for day in 0..DAYS {
            let start = i64::try_from(day)
                .unwrap_or_default()
                .wrapping_mul(DAY_SECS);
            let end = start.wrapping_add(DAY_SECS);
            slots.clear();
            while let Some(run) = runs.peek().filter(|run| run.0 < end) {
                slots.push(slot_of(*run, start, end));
                if run.1 > end {
                    break;
                }
                runs.next();
            }
            builder.push(&slots);
        }
        builder.finish()
    }

    /// Returns W: the open time before `at`, which lies within 1970 to 2099 or at its end.
    #[inline]
    pub(super) fn worked(&self, at: i64) -> i64 {
        let at = at.cast_unsigned();
        let number = at.wrapping_div(UNSIGNED_DAY) as usize;
        let Some((day, pattern)) = self.day(number) else {
            return self.total;
        };
        let worked = pattern.worked(at.wrapping_rem(UNSIGNED_DAY));
        micros(day.before).wrapping_add(worked).cast_signed()
    }

    /// Returns the inverse of W: the instant at which the open microsecond number `worked` begins,
    /// counted from zero. `None` past the last, and below zero.
    ///
    /// So it is the latest instant with W = `worked`; the earliest is one microsecond after the
    /// beginning of the open microsecond before.
    #[inline]
    pub(super) fn locate(&self, worked: i64) -> Option<i64> {
        // What is below zero is past everything without its sign.
        let worked = worked.cast_unsigned();
        if worked >= self.total.cast_unsigned() {
            return None;
        }
        let (number, day) = self.day_of(worked)?;
        let pattern = self.patterns.get(usize::from(day.pattern))?;
        let rest = worked.wrapping_sub(micros(day.before));
        let start = (number as u64).wrapping_mul(UNSIGNED_DAY);
        Some(start.wrapping_add(pattern.locate(rest)).cast_signed())
    }

    /// Returns the day in which the open microsecond number `worked` lies, with its number.
    #[inline]
    fn day_of(&self, worked: u64) -> Option<(usize, Day)> {
        let secs = worked.wrapping_div(UNSIGNED_SECOND) as u32;
        let bucket = (secs >> self.shift) as usize;
        let [own, next] = *self.buckets.get(bucket..bucket.wrapping_add(2))? else {
            return None;
        };
        let (own, next) = (usize::from(own), usize::from(next));
        let after_own = self.days.get(own.wrapping_add(1))?.before;
        let number = select_unpredictable(secs < after_own, own, next);
        let day = *self.days.get(number)?;
        if day.before <= secs {
            return Some((number, day));
        }
        // More days begin in this bucket: some are shorter than it.
        let between = self.days.get(own..=next)?;
        let later = between.partition_point(|day| day.before <= secs);
        let number = own.wrapping_add(later).wrapping_sub(1);
        Some((number, *self.days.get(number)?))
    }

    /// Returns the first instant at or after `at` at which the desk is closed. `None` when it stays
    /// open to the end of 2099.
    pub(super) fn closed_from(&self, at: i64) -> Option<i64> {
        let number = usize::try_from(at.wrapping_div(DAY)).ok()?;
        let of_day = at.wrapping_rem(DAY);
        let (_, pattern) = self.day(number)?;
        let Some(end) = pattern.end_of_open(of_day.cast_unsigned()) else {
            return Some(at);
        };
        let end = end.cast_signed();
        let found = at.wrapping_sub(of_day).wrapping_add(end);
        if end < DAY {
            Some(found)
        } else {
            self.end_of_stretch(found)
        }
    }

    /// Returns where the stretch that is open throughout from `from` ends, by doubling and halving.
    fn end_of_stretch(&self, from: i64) -> Option<i64> {
        let worked = self.worked(from);
        let open_until = |end: i64| self.worked(end).wrapping_sub(worked) == end.wrapping_sub(from);
        let (mut open, mut step) = (from, DAY);
        let mut closed = from.wrapping_add(step).min(END);
        while open < END && open_until(closed) {
            open = closed;
            step = step.saturating_mul(2);
            closed = closed.saturating_add(step).min(END);
        }
        if open >= END {
            return None;
        }
        while closed.wrapping_sub(open) > 1 {
            let middle = open.midpoint(closed);
            if open_until(middle) {
                open = middle;
            } else {
                closed = middle;
            }
        }
        Some(open)
    }

    /// Returns the working set that was laid out.
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let mut midnight = 0_i64;
        for day in 0..self.days.len() {
            let pattern = self.day(day).map(|(_, pattern)| pattern);
            for slot in pattern.into_iter().flat_map(Pattern::slots) {
                let within = |micros: u64| {
                    let secs = micros.wrapping_div(UNSIGNED_SECOND).cast_signed();
                    midnight.saturating_add(secs)
                };
                let (start, end) = (within(slot.start), within(slot.end()));
                match runs.last_mut() {
                    Some(last) if last.1 == start => last.1 = end,
                    Some(_) | None => runs.push((start, end)),
                }
            }
            midnight = midnight.saturating_add(DAY_SECS);
        }
        runs
    }

    /// Returns all open time from 1970 to 2099.
    pub(super) const fn total(&self) -> i64 {
        self.total
    }

    /// Returns the bytes that the table holds.
    pub(super) fn bytes(&self) -> usize {
        let more = self.patterns.iter().map(|pattern| pattern.more.len());
        size_of_val(self.days.as_slice())
            .saturating_add(size_of_val(self.patterns.as_slice()))
            .saturating_add(size_of_val(self.buckets.as_slice()))
            .saturating_add(more.sum::<usize>().saturating_mul(size_of::<Slot>()))
    }

    #[inline]
    fn day(&self, number: usize) -> Option<(Day, &Pattern)> {
        let day = *self.days.get(number)?;
        Some((day, self.patterns.get(usize::from(day.pattern))?))
    }
}

/// Returns the part of `run` in the day from `start` to `end`.
fn slot_of(run: Run, start: i64, end: i64) -> Slot {
    let (from, to) = (run.0.max(start), run.1.min(end));
    Slot {
        start: micros_of(from.wrapping_sub(start)),
        length: micros_of(to.wrapping_sub(from)),
    }
}

const fn micros_of(secs: i64) -> u64 {
    secs.cast_unsigned().wrapping_mul(UNSIGNED_SECOND)
}

#[inline]
fn micros(secs: u32) -> u64 {
    u64::from(secs).wrapping_mul(UNSIGNED_SECOND)
}

/// The table while days are added to it.
#[derive(Default)]
struct Builder {
    days: Vec<Day>,
    patterns: Vec<Pattern>,
    numbers: BTreeMap<Box<[Slot]>, u16>,
    worked: u32,
    /// The open seconds of the shortest day that has any.
    shortest: u32,
}

impl Builder {
    fn push(&mut self, slots: &[Slot]) {
        let pattern = self.number(slots);
        self.days.push(Day {
            before: self.worked,
            pattern,
        });
        let open = slots
            .iter()
            .map(|slot| slot.length.wrapping_div(UNSIGNED_SECOND));
        let open = u32::try_from(open.sum::<u64>()).unwrap_or_default();
        self.worked = self.worked.saturating_add(open);
        if open > 0 && (self.shortest == 0 || open < self.shortest) {
            self.shortest = open;
        }
    }

    /// Returns the number of a pattern. There are fewer days than numbers.
    fn number(&mut self, slots: &[Slot]) -> u16 {
        // Most days are like the one a week before.
        let week_ago = self.days.len().checked_sub(7);
        if let Some(day) = week_ago.and_then(|index| self.days.get(index))
            && let Some(pattern) = self.patterns.get(usize::from(day.pattern))
            && pattern.slots().eq(slots.iter().copied())
        {
            return day.pattern;
        }
        if let Some(number) = self.numbers.get(slots) {
            return *number;
        }
        let number = u16::try_from(self.patterns.len()).unwrap_or(u16::MAX);
        self.patterns.push(Pattern::new(slots));
        self.numbers.insert(slots.into(), number);
        number
    }

    fn finish(mut self) -> Timetable {
        let nothing = self.number(&[]);
        self.days.push(Day {
            before: self.worked,
            pattern: nothing,
        });
        let shift = bucket_shift(self.worked, self.shortest);
        let buckets = buckets(&self.days, self.worked, shift);
        Timetable {
            days: self.days,
            patterns: self.patterns,
            buckets,
            shift,
            total: micros(self.worked).cast_signed(),
        }
    }
}

/// Returns the binary logarithm of a bucket's seconds: at most the shortest day's, unless that
/// would be too many buckets.
fn bucket_shift(total: u32, shortest: u32) -> u32 {
    let mut shift = shortest.max(1).ilog2();
    while u64::from(total) >> shift > MOST_BUCKETS {
        shift = shift.saturating_add(1);
    }
    shift
}

/// Returns for each bucket the day in which its first second lies, and once more the last open day.
fn buckets(days: &[Day], total: u32, shift: u32) -> Vec<u16> {
    let mut found = Vec::new();
    let mut number: u16 = 0;
    for next in days.iter().skip(1) {
        // The next bucket to fill begins at so many seconds.
        while (found.len() as u64) << shift < u64::from(next.before) {
            found.push(number);
        }
        number = number.saturating_add(1);
    }
    let last = days.partition_point(|day| day.before < total);
    found.push(u16::try_from(last.saturating_sub(1)).unwrap_or(u16::MAX));
    found
}
