//! From rules to the working set: every date's shifts as intervals of UTC, merged.

use super::date::{day_number, weekday_of_day};
use super::rules::{DayRule, Exception, HolidayRule, Rules};
use super::zone_table::Resolver;
use super::{DAY_SECS, END_SECS, Shift};

/// A half-open run of UTC seconds since 1970.
pub(super) type Run = (i64, i64);

/// A local date with shifts, by its number, from its first opening to its last closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OpenDay {
    pub(super) day: i64,
    pub(super) hours: Run,
}

/// The working set of a calendar and its working days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WorkingSet {
    /// Sorted, apart from each other, none empty, within 1970 to 2099.
    pub(super) runs: Vec<Run>,
    /// In order of dates, with closings that never run backwards.
    pub(super) days: Vec<OpenDay>,
}

/// The first and the last local date whose shifts can reach into the covered years: shifts are up
/// to two days long where a date is repeated, and offsets up to eighteen hours.
pub(super) const FIRST_DAY: i64 = -4;
pub(super) const LAST_DAY: i64 = END_SECS.wrapping_div(DAY_SECS).wrapping_add(1);

/// Writes out all dates of `rules`.
pub(super) fn working_set(rules: &Rules) -> WorkingSet {
    let mut dates = Dates {
        resolver: rules.zone.resolver(),
        runs: Vec::new(),
        days: Vec::new(),
        closed: Vec::new(),
    };
    let mut exceptions = rules.exceptions.iter().peekable();
    let skipped = rules.zone.skipped_days();
    for day in FIRST_DAY..=LAST_DAY {
        let exception = exceptions.next_if(|exception| day_number(exception.on) == day);
        if skipped.contains(&day) {
            continue;
        }
        dates.add(rules, day, exception);
    }
    WorkingSet::new(merged(dates.runs), &dates.closed, dates.days)
}

/// What has been written out so far.
struct Dates<'a> {
    resolver: Resolver<'a>,
    runs: Vec<Run>,
    days: Vec<OpenDay>,
    closed: Vec<Run>,
}

impl Dates<'_> {
    fn add(&mut self, rules: &Rules, day: i64, exception: Option<&Exception>) {
        let weekly = if rules.always {
            &[Shift::WHOLE_DAY]
        } else {
            let of_week = rules.week.get(weekday_of_day(day));
            of_week.map_or(&[][..], Vec::as_slice)
        };
        match exception.map(|exception| &exception.rule) {
            None => self.add_working_day(day, weekly),
            Some(DayRule::MakeUp) => self.add_working_day(day, &rules.make_up),
            Some(DayRule::Own(shifts)) => self.add_working_day(day, shifts),
            Some(DayRule::Closed) => match rules.holiday_rule {
                HolidayRule::Shift => {}
                HolidayRule::CivilDay => {
                    self.add_shifts(day, weekly);
                    let civil_day = self.resolved(day, Shift::WHOLE_DAY);
                    self.closed.push(civil_day);
                }
            },
        }
    }

    fn add_working_day(&mut self, day: i64, shifts: &[Shift]) {
        if let Some(hours) = self.add_shifts(day, shifts) {
            self.days.push(OpenDay { day, hours });
        }
    }

    /// Adds the shifts that start on a date; returns from the first start to the last end.
    fn add_shifts(&mut self, day: i64, shifts: &[Shift]) -> Option<Run> {
        let mut hours: Option<Run> = None;
        for shift in shifts {
            let (start, end) = self.resolved(day, *shift);
            if start < end {
                self.runs.push((start, end));
                hours = Some(hours.map_or((start, end), |(s, e)| (s.min(start), e.max(end))));
            }
        }
        hours
    }

    /// Resolves each end on its own, by K3.
    fn resolved(&mut self, day: i64, shift: Shift) -> Run {
        let midnight = day.saturating_mul(DAY_SECS);
        let (start, end) = shift.seconds();
        let start = self.resolver.resolve(midnight.saturating_add(start));
        (start, self.resolver.resolve(midnight.saturating_add(end)))
    }
}

/// Merges overlapping and touching runs.
fn merged(mut runs: Vec<Run>) -> Vec<Run> {
    runs.sort();
    runs.dedup_by(|next, last| {
        let touches = next.0 <= last.1;
        if touches {
            last.1 = last.1.max(next.1);
        }
        touches
    });
    runs
}

/// Takes the sorted `closed` runs out of the merged `open` ones.
fn without(open: Vec<Run>, closed: &[Run]) -> Vec<Run> {
    if closed.is_empty() {
        return open;
    }
    let mut left = Vec::with_capacity(open.len());
    let mut closed = closed.iter().peekable();
    for (mut start, end) in open {
        while closed.next_if(|gap| gap.1 <= start).is_some() {}
        // A gap may reach over several runs, so it is looked at and not taken.
        let mut later = closed.clone();
        while let Some(gap) = later.next_if(|gap| gap.0 < end) {
            if start < gap.0 {
                left.push((start, gap.0));
            }
            start = start.max(gap.1);
        }
        if start < end {
            left.push((start, end));
        }
    }
    left
}

/// Returns what two merged lists have in common.
pub(super) fn common(a: &[Run], b: &[Run]) -> Vec<Run> {
    let mut found = Vec::new();
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        let both = (x.0.max(y.0), x.1.min(y.1));
        if both.0 < both.1 {
            found.push(both);
        }
        if x.1 < y.1 {
            a.next();
        } else {
            b.next();
        }
    }
    found
}

impl WorkingSet {
    fn new(runs: Vec<Run>, closed: &[Run], days: Vec<OpenDay>) -> Self {
        let mut runs = without(runs, &merged(closed.to_vec()));
        for run in &mut runs {
            *run = (run.0.clamp(0, END_SECS), run.1.clamp(0, END_SECS));
        }
        runs.retain(|run| run.0 < run.1);
        Self::with_days(runs, days)
    }

    /// Keeps of each date what lies in `runs`, and drops the dates of which nothing is left.
    pub(super) fn with_days(runs: Vec<Run>, days: impl IntoIterator<Item = OpenDay>) -> Self {
        let mut latest = 0;
        let mut later = 0;
        let trimmed = |OpenDay { day, hours }| {
            let closing = last_open_before(&runs, &mut later, hours)?;
            latest = latest.max(closing);
            let hours = (hours.0.max(0), latest);
            Some(OpenDay { day, hours })
        };
        let days = days.into_iter().filter_map(trimmed).collect();
        Self { runs, days }
    }
}

/// Returns the end of the last open time within `hours`.
///
/// `later` is where the last question found the first run after its hours: near to this one's.
fn last_open_before(runs: &[Run], later: &mut usize, hours: Run) -> Option<i64> {
    let starts_before = |index: usize| runs.get(index).is_some_and(|run| run.0 < hours.1);
    while starts_before(*later) {
        *later = later.saturating_add(1);
    }
    while *later > 0 && !starts_before(later.saturating_sub(1)) {
        *later = later.saturating_sub(1);
    }
    let (start, end) = *runs.get(later.checked_sub(1)?)?;
    let (start, end) = (start.max(hours.0), end.min(hours.1));
    (start < end).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k3_overlapping_and_touching_runs_merge() {
        let runs = vec![(5, 7), (0, 2), (2, 4), (6, 9), (10, 11)];
        assert_eq!(merged(runs), [(0, 4), (5, 9), (10, 11)]);
    }

    #[test]
    fn a_gap_may_cut_one_run_twice_and_cover_another() {
        let open = vec![(0, 10), (12, 14), (16, 20)];
        let closed = [(2, 3), (5, 6), (9, 17), (30, 31)];
        let left = [(0, 2), (3, 5), (6, 9), (17, 20)];
        assert_eq!(without(open, &closed), left);
    }

    #[test]
    fn common_time_is_open_in_both() {
        let (a, b) = ([(0, 5), (7, 9)], [(1, 2), (4, 8)]);
        assert_eq!(common(&a, &b), [(1, 2), (4, 5), (7, 8)]);
        assert_eq!(common(&a, &[]), []);
    }
}
