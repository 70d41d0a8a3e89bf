//! Three desks as lists of open minutes, built day by day by a person's arithmetic: an office with
//! two shifts and dated exceptions, a night shift across the changes of the clocks, and a hotline.

use std::fmt;
use std::sync::Mutex;

/// The open minutes of a desk around a date: they are the same in every world.
type Built = ((Desk, i64), &'static [(i64, i64)]);

/// Microseconds of a minute.
pub const MINUTE: i64 = 60_000_000;
/// Minutes of a day.
pub const DAY: i64 = 1_440;

/// The zones of the small world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    Shanghai,
    Berlin,
}

impl Zone {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shanghai => "Asia/Shanghai",
            Self::Berlin => "Europe/Berlin",
        }
    }

    /// Minutes east of UTC. Valid from the autumn of 2025 to the spring of 2027.
    fn offset(self, utc: i64) -> i64 {
        match self {
            Self::Shanghai => 480,
            // Summer time: 2026-03-29 01:00 to 2026-10-25 01:00 UTC.
            Self::Berlin if (20_541 * DAY + 60..20_751 * DAY + 60).contains(&utc) => 120,
            Self::Berlin => 60,
        }
    }

    /// Returns the minute of the wall clock at a minute of UTC.
    pub fn local(self, utc: i64) -> i64 {
        utc + self.offset(utc)
    }

    /// K3: the first occurrence of a local minute; in a gap, by the offset before it.
    pub fn utc(self, local: i64) -> i64 {
        let offsets: &[i64] = match self {
            Self::Shanghai => &[480],
            // The larger offset gives the earlier instant.
            Self::Berlin => &[120, 60],
        };
        let mut found = offsets.iter().map(|offset| local - offset);
        found
            .find(|utc| self.local(*utc) == local)
            .unwrap_or(local - 60)
    }
}

/// The calendars of the small world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Desk {
    Office,
    Night,
    Hotline,
}

impl fmt::Display for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Office => "office",
            Self::Night => "night",
            Self::Hotline => "hotline",
        })
    }
}

/// The same desks as a policy writes them.
pub const CALENDARS: [(Desk, &str); 3] = [
    (
        Desk::Office,
        r#"
[calendar.office]
zone = "Asia/Shanghai"
week = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
exceptions = { 2026-03-31 = "closed", 2026-04-04 = ["10:00-14:00"], 2026-10-27 = "closed", 2026-10-31 = ["10:00-14:00"] }
"#,
    ),
    (
        Desk::Night,
        r#"
[calendar.night]
zone = "Europe/Berlin"
week = { mon-sat = ["22:00-06:00"] }
exceptions = { 2026-04-01 = "closed", 2026-10-28 = "closed" }
"#,
    ),
    (
        Desk::Hotline,
        r#"
[calendar.hotline]
zone = "Asia/Shanghai"
always = true
"#,
    ),
];

/// A day of the week from 0, Monday; 1970-01-01 was a Thursday.
const fn weekday(date: i64) -> i64 {
    (date + 3) % 7
}

impl Desk {
    pub const fn zone(self) -> Zone {
        match self {
            Self::Office | Self::Hotline => Zone::Shanghai,
            Self::Night => Zone::Berlin,
        }
    }

    /// The shifts that start on a date, in minutes of its day.
    fn shifts(self, date: i64) -> &'static [(i64, i64)] {
        match self {
            // 2026-03-31, 2026-10-27; 2026-04-04, 2026-10-31.
            Self::Office if [20_543, 20_753].contains(&date) => &[],
            Self::Office if [20_547, 20_757].contains(&date) => &[(600, 840)],
            Self::Office if weekday(date) < 5 => &[(540, 720), (810, 1_080)],
            Self::Office => &[],
            // 2026-04-01, 2026-10-28.
            Self::Night if [20_544, 20_754].contains(&date) => &[],
            Self::Night if weekday(date) < 6 => &[(1_320, DAY + 360)],
            Self::Night => &[],
            Self::Hotline => &[(0, DAY)],
        }
    }

    /// Returns when it is open, in microseconds of UTC, for some months around a date.
    pub fn open(self, around: i64) -> &'static [(i64, i64)] {
        static BUILT: Mutex<Vec<Built>> = Mutex::new(Vec::new());
        let mut built = BUILT.lock().expect("nobody panics with it");
        if let Some((_, open)) = built.iter().find(|(key, _)| *key == (self, around)) {
            return open;
        }
        let open: &'static [(i64, i64)] = self.build(around).leak();
        built.push(((self, around), open));
        open
    }

    fn build(self, around: i64) -> Vec<(i64, i64)> {
        if self == Self::Hotline {
            return vec![((around - 15) * DAY * MINUTE, far(around))];
        }
        let mut open = Vec::new();
        for date in around - 15..around + FAR {
            for (from, to) in self.shifts(date) {
                let from = self.zone().utc(date * DAY + from) * MINUTE;
                let to = self.zone().utc(date * DAY + to) * MINUTE;
                if from < to {
                    open.push((from, to));
                }
            }
        }
        open
    }

    /// B1: the last closing of the `n`th date with a shift after the date of `start`, or the clock
    /// time of `start` on it.
    pub fn working_day(self, start: i64, n: i64, same_time: bool) -> i64 {
        let local = self.zone().local(start.div_euclid(MINUTE));
        let mut date = local.div_euclid(DAY);
        let mut left = n;
        while left > 0 {
            date += 1;
            if !self.shifts(date).is_empty() {
                left -= 1;
            }
        }
        let end = if same_time {
            date * DAY + local.rem_euclid(DAY)
        } else {
            // The night shift is alone on its date, so the last shift is the last to end.
            date * DAY + self.shifts(date).last().expect("it has a shift").1
        };
        self.zone().utc(end) * MINUTE
    }
}

/// How many days the open minutes reach past the first date of a history.
const FAR: i64 = 150;

/// The end of the world: no budget of these tests reaches it.
pub const fn far(around: i64) -> i64 {
    (around + FAR) * DAY * MINUTE
}

/// B1: the same clock time so many calendar days later.
pub fn days_after(zone: Zone, start: i64, days: i64) -> i64 {
    zone.utc(zone.local(start.div_euclid(MINUTE)) + days * DAY) * MINUTE
}
