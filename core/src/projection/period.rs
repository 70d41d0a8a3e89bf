//! Days, weeks, months and quarters, as civil dates.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::time::CivilDate;

/// What a scorecard is cut into. Dates are civil, in the zone of the scorecard.
///
/// ```
/// use punctual::projection::Period;
///
/// let date = "2026-11-22".parse()?; // a Sunday
/// assert_eq!(Period::Week.of(date).from, "2026-11-16".parse()?); // weeks begin on Monday
/// assert_eq!(Period::Quarter.of(date).until, "2027-01-01".parse()?);
/// assert_eq!(Period::Week.label(Period::Week.of(date)), "2026-W47");
/// # Ok::<(), punctual::time::TimeError>(())
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// A civil day.
    Day,
    /// Monday to Sunday (ISO 8601).
    Week,
    /// A calendar month.
    #[default]
    Month,
    /// Three calendar months, from January.
    Quarter,
}

/// A range of civil dates: `from` is in it, `until` is not.
///
/// Civil dates, not instants: which instants they cover is for the scorecard's zone to say.
///
/// ```
/// use punctual::projection::Dates;
///
/// let spring = Dates { from: "2026-03-01".parse()?, until: "2026-06-01".parse()? };
/// assert!(spring.contains("2026-03-01".parse()?));
/// assert!(!spring.contains("2026-06-01".parse()?));
/// # Ok::<(), punctual::time::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Dates {
    /// The first date.
    pub from: CivilDate,
    /// The first date after it.
    pub until: CivilDate,
}

impl Dates {
    /// Returns whether a date lies in the range.
    #[must_use]
    pub fn contains(self, date: CivilDate) -> bool {
        self.from <= date && date < self.until
    }
}

impl Period {
    /// Every period, shortest first.
    pub const ALL: &'static [Self] = &[Self::Day, Self::Week, Self::Month, Self::Quarter];

    /// Returns the period's name: `day`, `week`, ...
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
        }
    }

    /// Returns the period that a date lies in.
    #[must_use]
    pub fn of(self, date: CivilDate) -> Dates {
        let from = self.start(date.date());
        Dates {
            from: from.into(),
            until: self.after(from).into(),
        }
    }

    /// Returns the period before a period.
    ///
    /// ```
    /// use punctual::projection::Period;
    ///
    /// let january = Period::Month.of("2026-01-15".parse()?);
    /// assert_eq!(Period::Month.label(Period::Month.before(january)), "2025-12");
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    #[must_use]
    pub fn before(self, dates: Dates) -> Dates {
        let last = dates.from.date().pred_opt();
        self.of(last.unwrap_or(NaiveDate::MIN).into())
    }

    /// Returns the periods that a range touches, in their order; the first and the last may reach
    /// beyond it.
    ///
    /// ```
    /// use punctual::projection::{Dates, Period};
    ///
    /// let range = Dates { from: "2026-01-15".parse()?, until: "2026-03-02".parse()? };
    /// let months: Vec<String> = Period::Month
    ///     .cut(range)
    ///     .map(|month| Period::Month.label(month))
    ///     .collect();
    /// assert_eq!(months, ["2026-01", "2026-02", "2026-03"]);
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    pub fn cut(self, range: Dates) -> impl Iterator<Item = Dates> {
        let first = (range.from < range.until).then(|| self.of(range.from));
        std::iter::successors(first, move |last| {
            (last.until < range.until).then(|| self.of(last.until))
        })
    }

    /// Returns a short name of one period: `2026-11-22`, `2026-W47`, `2026-11`, `2026-Q4`.
    #[must_use]
    pub fn label(self, dates: Dates) -> String {
        let date = dates.from.date();
        match self {
            Self::Day => date.to_string(),
            Self::Week => {
                let week = date.iso_week();
                format!("{}-W{:02}", week.year(), week.week())
            }
            Self::Month => format!("{}-{:02}", date.year(), date.month()),
            Self::Quarter => {
                let quarter = date.month0().checked_div(3).unwrap_or(0).saturating_add(1);
                format!("{}-Q{quarter}", date.year())
            }
        }
    }

    fn start(self, date: NaiveDate) -> NaiveDate {
        let start = match self {
            Self::Day => Some(date),
            Self::Week => {
                let passed = date.weekday().days_since(Weekday::Mon);
                date.checked_sub_days(Days::new(u64::from(passed)))
            }
            Self::Month => date.with_day(1),
            Self::Quarter => {
                let within = date.month0().checked_rem(3).unwrap_or(0);
                let first = date.with_day(1);
                first.and_then(|first| first.checked_sub_months(Months::new(within)))
            }
        };
        // Only at the ends of chrono's time, far outside the range of instants.
        start.unwrap_or(date)
    }

    fn after(self, start: NaiveDate) -> NaiveDate {
        let next = match self {
            Self::Day => start.succ_opt(),
            Self::Week => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
            Self::Quarter => start.checked_add_months(Months::new(3)),
        };
        next.unwrap_or(NaiveDate::MAX)
    }
}
