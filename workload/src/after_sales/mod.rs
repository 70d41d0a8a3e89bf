//! Months of an after-sales desk under the preset that comes with the core.
//!
//! # What is told
//!
//! | class | way |
//! |---|---|
//! | enquiry, suggestion | answered; some talk, some wait for the customer |
//! | fault, repair | diagnosed, planned, accepted or disputed; guided by phone, visited, or replaced; declined out of warranty, with an alternative |
//! | complaint | the same, simple or complex; two in five are offered a compensation, which the service supervisor approves or refuses |
//! | return, exchange | reviewed, arranged, tracked |
//! | installation | arranged, confirmed, installed, signed |
//!
//! All are acknowledged, judged, assigned (owners by level), answered, and told how it goes every
//! day. Visits are booked, confirmed a day ahead or not, missed, put off; parts are ordered and
//! awaited; an eighth of the visits is handed to an outside service point. Afterwards: the
//! signature, the call after guidance, the survey, a second contact after each bad score, 3 to 4 %
//! reopened, the closing, some inspections with their corrections, a few waivers. Two in a hundred
//! are the same request again and go into the first ticket, as many are withdrawn, and now and then
//! somebody types in the next day what they did on site: a late fact.
//!
//! A default month of 1,000 tickets has about 19,000 commands, one breach in eleven promises, and
//! about half of its tickets with none. The pump of one dishwasher and the battery of one cleaning
//! robot break far more often than anything else.
//!
//! # When things happen
//!
//! Arrivals follow the hours of a week, with holidays like Sundays and working weekends like
//! Fridays. What the desk owes is done at a drawn part of the promise's own budget: below the whole
//! where it is kept, beyond it where it is not ([`AfterSalesBuilder::punctuality`]). How long a
//! remedy takes is drawn from measured durations, minutes or weeks; a customer's silence too.
//! Customers write when people are awake.

mod catalogue;
mod customer;
mod ending;
mod goods;
mod house;
mod intake;

mod plan;
mod promise;
mod steps;
mod story;
mod technical;
mod visit;
mod words;

use chrono::NaiveDate;
use punctual::time::CivilDate;

use crate::arrivals::{Arrivals, weekday};
use crate::figures::UCI_WEEK;
use crate::{Percent, WorkloadError};
use house::House;

pub use plan::{Plan, Planned};
pub use steps::{Step, Steps};

/// Shanghai's offset from UTC in seconds; it has not changed since 1991.
const SHANGHAI: i64 = 8 * 3_600;

/// Tickets of an after-sales desk in Shanghai, each with its customer, its staff and its end.
///
/// ```
/// use punctual_workload::{AfterSales, Percent};
///
/// let desk = AfterSales::builder(7)
///     .tickets(1_000)
///     .starting_on("2026-09-21".parse()?) // across the holidays of October
///     .days(30)
///     .punctuality(Percent::new(85)?)
///     .survey_response(Percent::new(30)?)
///     .build()?;
/// assert_eq!(desk.plans().count(), 1_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct AfterSales {
    seed: u64,
    options: AfterSalesBuilder,
    arrivals: Arrivals,
    house: House,
}

/// Options of [`AfterSales`]. Without a word to the contrary: 1,000 tickets in the 31 days from
/// 2026-03-01, nine promises in ten kept, 22 % of the surveys answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a builder does nothing until it is built"]
pub struct AfterSalesBuilder {
    seed: u64,
    tickets: u32,
    start: CivilDate,
    days: u16,
    punctuality: Percent,
    survey_response: Percent,
}

impl AfterSalesBuilder {
    /// How many tickets are received in all.
    pub fn tickets(self, tickets: u32) -> Self {
        Self { tickets, ..self }
    }

    /// The first day, by the calendar of Shanghai: from 2000-01-01 to 2085-12-31.
    pub fn starting_on(self, start: CivilDate) -> Self {
        Self { start, ..self }
    }

    /// Over how many days tickets are received: 1 to 3650. Work on the last of them goes on after
    /// that.
    pub fn days(self, days: u16) -> Self {
        Self { days, ..self }
    }

    /// Which share of its promises the desk keeps; the others are kept late. A ticket has several
    /// promises, so the share of tickets without any breach is lower.
    pub fn punctuality(self, share: Percent) -> Self {
        Self {
            punctuality: share,
            ..self
        }
    }

    /// Which share of the surveys is answered. Nobody knows: 15 to 30 % is a guess.
    pub fn survey_response(self, share: Percent) -> Self {
        Self {
            survey_response: share,
            ..self
        }
    }

    /// Returns the workload.
    ///
    /// # Errors
    /// [`WorkloadError::Start`] and [`WorkloadError::Days`] outside of their ranges.
    ///
    /// # Complexity
    /// A few milliseconds: the preset is compiled. It makes no ticket yet.
    pub fn build(self) -> Result<AfterSales, WorkloadError> {
        crate::error::check_period(self.start, self.days)?;
        let house = House::new();
        let tickets = u64::from(self.tickets);
        // Customers keep the holidays too: then a weekday is like a Sunday, and a working weekend
        // is like a Friday.
        let like = |date: NaiveDate| match (weekday(date), house.is_working_day(date)) {
            (5 | 6, true) => 4,
            (0..=4, false) => 6,
            (day, _) => day,
        };
        let period = (self.start.date(), SHANGHAI);
        Ok(AfterSales {
            seed: self.seed,
            arrivals: Arrivals::new(self.seed, tickets, period, self.days, &UCI_WEEK, like),
            house,
            options: self,
        })
    }
}

impl AfterSales {
    /// Begins a workload of this seed; every option has a default.
    pub fn builder(seed: u64) -> AfterSalesBuilder {
        AfterSalesBuilder {
            seed,
            tickets: 1_000,
            start: CivilDate::from(NaiveDate::from_ymd_opt(2_026, 3, 1).unwrap_or_default()),
            days: 31,
            punctuality: Percent::of_ours(90),
            survey_response: Percent::of_ours(22),
        }
    }

    /// Returns how many tickets there are; they are numbered from 1.
    #[must_use]
    pub fn tickets(&self) -> u32 {
        self.options.tickets
    }

    /// Returns every ticket in the order of arrival, one at a time.
    pub fn plans(&self) -> impl Iterator<Item = Plan> + '_ {
        (1..=self.options.tickets).map(|number| self.plan(number))
    }
}
