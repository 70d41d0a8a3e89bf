//! When tickets arrive: a week's shares by the hour, spread over a period.

use chrono::{Datelike, NaiveDate};

use crate::draw::{Draw, Purpose};

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// How many tickets are placed together. Inside a block arrivals are as irregular as chance makes
/// them, and no block depends on another.
const BLOCK: u64 = 32;

/// How many in a thousand arrive in the second of the one before: the least that was measured.
const SAME_SECOND: u32 = 100;

/// Weights of the 168 hours of a week, Monday 00:00 first.
pub(crate) type Week = [u32; 168];

/// The arrivals of a number of tickets over a number of local days.
///
/// The tickets are in the order of their arrival. Each can be asked for alone, at the cost of its
/// block.
#[derive(Debug, Clone)]
pub(crate) struct Arrivals {
    seed: u64,
    tickets: u64,
    /// The first local midnight, in seconds of UTC.
    begins: i64,
    week: &'static Week,
    /// For each day its weekday, Monday 0, and the weight of all days through it.
    days: Vec<(u8, u64)>,
}

/// The block that was asked for last, for whoever asks for one ticket after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cursor(Option<(u64, [i64; BLOCK as usize])>);

impl Arrivals {
    /// Spreads `tickets` over `days` days from `first` on, in a zone `offset` seconds east of UTC.
    /// `like` says which weekday a date is like: a holiday is no Monday, whatever its name.
    pub(crate) fn new(
        seed: u64,
        tickets: u64,
        (first, offset): (NaiveDate, i64),
        days: u16,
        week: &'static Week,
        like: impl Fn(NaiveDate) -> u8,
    ) -> Self {
        let begins = first.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() - offset;
        let mut through = 0;
        let days = first
            .iter_days()
            .take(usize::from(days))
            .map(|date| {
                let row = like(date);
                through += hours(week, row)
                    .iter()
                    .map(|weight| u64::from(*weight))
                    .sum::<u64>();
                (row, through)
            })
            .collect();
        Self {
            seed,
            tickets,
            begins,
            week,
            days,
        }
    }

    /// Returns when a ticket arrives, in seconds of UTC. Tickets are counted from 1.
    pub(crate) fn of(&self, number: u64) -> i64 {
        let index = number.saturating_sub(1);
        self.block(index / BLOCK)[(index % BLOCK) as usize]
    }

    /// The same, at the cost of a block for every 32nd ticket only.
    pub(crate) fn next(&self, number: u64, cursor: &mut Cursor) -> i64 {
        let index = number.saturating_sub(1);
        let block = index / BLOCK;
        let known = cursor.0.filter(|(at, _)| *at == block);
        let (_, arrivals) = *cursor
            .0
            .insert(known.unwrap_or_else(|| (block, self.block(block))));
        arrivals[(index % BLOCK) as usize]
    }

    /// Returns the arrivals of a block, in order.
    fn block(&self, block: u64) -> [i64; BLOCK as usize] {
        let mut draw = Draw::new(self.seed, Purpose::Arrivals, block);
        let first = block * BLOCK;
        let size = BLOCK.min(self.tickets.saturating_sub(first));
        let mut places = [u64::MAX; BLOCK as usize];
        for place in &mut places[..size as usize] {
            *place = draw.word();
        }
        places.sort_unstable();
        let mut before = None;
        places.map(|place| {
            // In parts of 2^64 of the period: (first + size x place) / tickets.
            let within = (u128::from(place) * u128::from(size)) + (u128::from(first) << 64);
            let at = self.at(within / u128::from(self.tickets.max(1)));
            let same = draw.chance(SAME_SECOND);
            let at = before.filter(|_| same).unwrap_or(at);
            before = Some(at);
            at
        })
    }

    /// Returns the second at which so much of the whole weight has passed.
    fn at(&self, share: u128) -> i64 {
        let total = self.days.last().map_or(1, |day| day.1);
        let share = share.min((1 << 64) - 1);
        let weight = share * u128::from(total);
        let whole = (weight >> 64) as u64;
        let day = self
            .days
            .partition_point(|day| day.1 <= whole)
            .min(self.days.len() - 1);
        let mut passed = day.checked_sub(1).map_or(0, |before| self.days[before].1);
        let mut hour = 0;
        for weight in hours(self.week, self.days[day].0) {
            if whole < passed + u64::from(*weight) {
                break;
            }
            passed += u64::from(*weight);
            hour += 1;
        }
        let hour = hour.min(23);
        let hours_weight = hours(self.week, self.days[day].0)[hour].max(1);
        let within = weight - (u128::from(passed) << 64);
        let second = ((within / u128::from(hours_weight) * 3_600) >> 64) as i64;
        self.begins + day as i64 * DAY + hour as i64 * 3_600 + second.min(3_599)
    }
}

fn hours(week: &Week, row: u8) -> &[u32] {
    let from = usize::from(row) * 24;
    &week[from..from + 24]
}

/// The weekday of a date, Monday 0.
pub(crate) fn weekday(date: NaiveDate) -> u8 {
    date.weekday().num_days_from_monday() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::UCI_WEEK;

    fn arrivals(tickets: u64) -> Arrivals {
        let monday = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        Arrivals::new(5, tickets, (monday, 8 * 3_600), 28, &UCI_WEEK, weekday)
    }

    #[test]
    fn tickets_arrive_in_their_order_within_the_period() {
        let arrivals = arrivals(1_001);
        let found: Vec<i64> = (1..=1_001).map(|number| arrivals.of(number)).collect();
        assert!(found.is_sorted());
        let begins = "2026-03-01T16:00:00Z"
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap();
        assert!(found[0] >= begins.timestamp());
        assert!(found[1_000] < begins.timestamp() + 28 * DAY);
    }

    #[test]
    fn hours_get_their_shares() {
        let arrivals = arrivals(40_000);
        let mut found = [0_u32; 168];
        for number in 1..=40_000 {
            let since = arrivals.of(number) - arrivals.begins;
            found[(since / 3_600 % 168) as usize] += 1;
        }
        let total: u32 = UCI_WEEK.iter().sum();
        for (hour, (found, weight)) in found.iter().zip(UCI_WEEK).enumerate() {
            let expected = 40_000.0 * f64::from(weight) / f64::from(total);
            let slack = 5.0 * expected.sqrt() + 20.0;
            assert!(
                (f64::from(*found) - expected).abs() < slack,
                "hour {hour}: {found}"
            );
        }
    }

    #[test]
    fn some_share_a_second_and_blocks_are_irregular() {
        let arrivals = arrivals(40_000);
        let found: Vec<i64> = (1..=40_000).map(|number| arrivals.of(number)).collect();
        let same = found.windows(2).filter(|pair| pair[0] == pair[1]).count();
        assert!((3_800..5_500).contains(&same), "{same}");
    }
}
