//! Why a promise came to another verdict under another policy.

use serde::Serialize;

use crate::clock::Measure;
use crate::event::{CalendarId, ReasonId};
use crate::language::Language::{Chinese, English};
use crate::language::Phrase;
use crate::ticket::Outcome;
use crate::time::{Instant, Span, WallTime};

/// Which of the two policies lacks something.
///
/// ```
/// use punctual::backtest::{Lacking, Reason};
/// use punctual::language::Language;
///
/// // The draft drops a target: under it there is nothing to keep.
/// let gone = Reason::NoTarget { lacking: Lacking::After };
/// assert_eq!(gone.phrase().text(Language::English), "there is no such target");
/// let new = Reason::NoTarget { lacking: Lacking::Before };
/// assert_eq!(new.phrase().text(Language::English), "there was no such target");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lacking {
    /// The first one: the other brings it.
    Before,
    /// The other one: it is gone.
    After,
}

/// Why a promise came to another verdict, with the figures: `from` is what the first policy made of
/// the same history, `to` what the other one made of it.
///
/// Lengths are in the clock's own measure where nothing else is said.
///
/// Serialized as an object whose `why` is the name of its sort, for whoever works on with it:
///
/// ```
/// use punctual::backtest::Reason;
/// use punctual::time::Span;
///
/// let reason = Reason::Budget {
///     from: Some(Span::from_minutes(30)?),
///     to: None, // the calendar of the other policy never gets that far
/// };
/// let json = serde_json::to_value(&reason)?;
/// assert_eq!(json["why"], "budget");
/// assert_eq!(reason.why().name(), "budget");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// One policy is not for the ticket at all, by what intake knew.
    NotForTicket {
        /// Which.
        lacking: Lacking,
    },
    /// One policy has no such target.
    NoTarget {
        /// Which.
        lacking: Lacking,
    },
    /// No goal of one policy fits the ticket.
    NoGoal {
        /// Which.
        lacking: Lacking,
    },
    /// Nothing started the clock under one policy, though its target and a goal are there.
    NotStarted {
        /// Which.
        lacking: Lacking,
    },
    /// Another measure: another calendar, or wall time instead of open time.
    Measure {
        /// What was counted.
        from: Measure,
        /// What is counted.
        to: Measure,
    },
    /// The calendar of this name has other hours.
    Hours {
        /// The calendar.
        calendar: CalendarId,
        /// How much was used.
        from: Span,
        /// How much is used.
        to: Span,
    },
    /// Another budget. A budget of days is the length that they came to.
    Budget {
        /// How much was allowed; `None` where the calendar never got that far.
        from: Option<Span>,
        /// How much is allowed.
        to: Option<Span>,
    },
    /// The clock waited for this reason for another time, in wall time.
    Pauses {
        /// The reason.
        reason: ReasonId,
        /// How long it waited.
        from: WallTime,
        /// How long it waits.
        to: WallTime,
    },
    /// The clock began at another instant: by another event, or as a judgement began it anew.
    Started {
        /// When it began.
        from: Instant,
        /// When it begins.
        to: Instant,
    },
    /// The clock ended at another instant, or only under one policy: by another event.
    Ended {
        /// When it ended.
        from: Option<Instant>,
        /// When it ends.
        to: Option<Instant>,
    },
    /// All of this is the same, and more or less was used: by what a new judgement or a reopening
    /// does.
    Elapsed {
        /// How much was used.
        from: Span,
        /// How much is used.
        to: Span,
    },
    /// Nothing was measured otherwise: what ends or waives the clock means something else.
    Outcome {
        /// How it stood.
        #[serde(serialize_with = "named")]
        from: Outcome,
        /// How it stands.
        #[serde(serialize_with = "named")]
        to: Outcome,
    },
}

fn named<S: serde::Serializer>(outcome: &Outcome, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(outcome)
}

/// The sorts of [`Reason`], to be counted.
///
/// ```
/// use punctual::backtest::Why;
/// use punctual::language::Language;
///
/// // A legend for the counts of `Summary::reasons`.
/// let legend: Vec<String> = Why::ALL
///     .iter()
///     .map(|why| format!("{}: {}", why.name(), why.phrase().text(Language::English)))
///     .collect();
/// assert_eq!(legend.len(), Why::COUNT);
/// assert_eq!(legend[6], "budget: another budget");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Why {
    /// [`Reason::NotForTicket`].
    NotForTicket,
    /// [`Reason::NoTarget`].
    NoTarget,
    /// [`Reason::NoGoal`].
    NoGoal,
    /// [`Reason::NotStarted`].
    NotStarted,
    /// [`Reason::Measure`].
    Measure,
    /// [`Reason::Hours`].
    Hours,
    /// [`Reason::Budget`].
    Budget,
    /// [`Reason::Pauses`].
    Pauses,
    /// [`Reason::Started`].
    Started,
    /// [`Reason::Ended`].
    Ended,
    /// [`Reason::Elapsed`].
    Elapsed,
    /// [`Reason::Outcome`].
    Outcome,
}

impl Why {
    /// Every sort, in the order of the declaration.
    pub const ALL: [Self; 12] = [
        Self::NotForTicket,
        Self::NoTarget,
        Self::NoGoal,
        Self::NotStarted,
        Self::Measure,
        Self::Hours,
        Self::Budget,
        Self::Pauses,
        Self::Started,
        Self::Ended,
        Self::Elapsed,
        Self::Outcome,
    ];
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Returns the stable name, which is that of the reason in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotForTicket => "not-for-ticket",
            Self::NoTarget => "no-target",
            Self::NoGoal => "no-goal",
            Self::NotStarted => "not-started",
            Self::Measure => "measure",
            Self::Hours => "hours",
            Self::Budget => "budget",
            Self::Pauses => "pauses",
            Self::Started => "started",
            Self::Ended => "ended",
            Self::Elapsed => "elapsed",
            Self::Outcome => "outcome",
        }
    }

    /// Returns what to call it before people.
    #[must_use]
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::NotForTicket => Phrase::fixed("not for the ticket", "策略不适用于工单"),
            Self::NoTarget => Phrase::fixed("no such target", "没有此目标"),
            Self::NoGoal => Phrase::fixed("no goal fits", "没有适用的时限"),
            Self::NotStarted => Phrase::fixed("not started", "未开始计时"),
            Self::Measure => Phrase::fixed("another calendar", "计时日历不同"),
            Self::Hours => Phrase::fixed("other hours", "营业时间不同"),
            Self::Budget => Phrase::fixed("another budget", "时限不同"),
            Self::Pauses => Phrase::fixed("other pauses", "暂停不同"),
            Self::Started => Phrase::fixed("another start", "起点不同"),
            Self::Ended => Phrase::fixed("another end", "终点不同"),
            Self::Elapsed => Phrase::fixed("counted otherwise", "计时方式不同"),
            Self::Outcome => Phrase::fixed("ended otherwise", "结束方式不同"),
        }
    }

    pub(super) const fn place(self) -> usize {
        self as usize
    }
}

impl Reason {
    /// Returns its sort.
    #[must_use]
    pub const fn why(&self) -> Why {
        match self {
            Self::NotForTicket { .. } => Why::NotForTicket,
            Self::NoTarget { .. } => Why::NoTarget,
            Self::NoGoal { .. } => Why::NoGoal,
            Self::NotStarted { .. } => Why::NotStarted,
            Self::Measure { .. } => Why::Measure,
            Self::Hours { .. } => Why::Hours,
            Self::Budget { .. } => Why::Budget,
            Self::Pauses { .. } => Why::Pauses,
            Self::Started { .. } => Why::Started,
            Self::Ended { .. } => Why::Ended,
            Self::Elapsed { .. } => Why::Elapsed,
            Self::Outcome { .. } => Why::Outcome,
        }
    }

    /// Returns it in a few words, with the figures. Instants are UTC; lengths are in hours, since
    /// most are open time, and only how long a clock waited is in days.
    ///
    /// ```
    /// use punctual::backtest::Reason;
    /// use punctual::language::Language;
    /// use punctual::time::Span;
    ///
    /// let reason = Reason::Budget {
    ///     from: Some(Span::from_minutes(30)?),
    ///     to: Some(Span::from_minutes(20)?),
    /// };
    /// assert_eq!(reason.phrase().text(Language::English), "another budget: 30m → 20m");
    /// assert_eq!(reason.phrase().text(Language::Chinese), "时限不同：30分 → 20分");
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::NotForTicket { lacking }
            | Self::NoTarget { lacking }
            | Self::NoGoal { lacking }
            | Self::NotStarted { lacking } => self.of_one(*lacking),
            Self::Measure { from, to } => self.between(&of_measure(from), &of_measure(to)),
            Self::Hours { calendar, from, to } => Phrase::new(
                format!(
                    "other hours of {calendar}: {} → {} used",
                    from.in_hours(),
                    to.in_hours()
                ),
                format!(
                    "{calendar} 的营业时间不同：已用 {} → {}",
                    Chinese.length(&from.in_hours()),
                    Chinese.length(&to.in_hours())
                ),
            ),
            Self::Budget { from, to } => self.between(&of_length(*from), &of_length(*to)),
            Self::Pauses { reason, from, to } => Phrase::new(
                format!("other pauses: {reason} for {from} → {to}"),
                format!(
                    "暂停不同：{reason} {} → {}",
                    Chinese.length(&from.to_string()),
                    Chinese.length(&to.to_string())
                ),
            ),
            Self::Started { from, to } => {
                self.between(&of_instant(Some(*from)), &of_instant(Some(*to)))
            }
            Self::Ended { from, to } => self.between(&of_instant(*from), &of_instant(*to)),
            Self::Elapsed { from, to } => {
                self.between(&of_length(Some(*from)), &of_length(Some(*to)))
            }
            Self::Outcome { from, to } => self.between(
                &super::Fate::of(*from).phrase(),
                &super::Fate::of(*to).phrase(),
            ),
        }
    }

    fn of_one(&self, lacking: Lacking) -> Phrase {
        let (was, is) = match self.why() {
            Why::NotForTicket => (
                Phrase::fixed("the policy was not for the ticket", "原策略不适用于此工单"),
                Phrase::fixed("the policy is not for the ticket", "新策略不适用于此工单"),
            ),
            Why::NoTarget => (
                Phrase::fixed("there was no such target", "原策略没有此目标"),
                Phrase::fixed("there is no such target", "新策略没有此目标"),
            ),
            Why::NoGoal => (
                Phrase::fixed("no goal fitted the ticket", "原策略没有适用的时限"),
                Phrase::fixed("no goal fits the ticket", "新策略没有适用的时限"),
            ),
            Why::NotStarted
            | Why::Measure
            | Why::Hours
            | Why::Budget
            | Why::Pauses
            | Why::Started
            | Why::Ended
            | Why::Elapsed
            | Why::Outcome => (
                Phrase::fixed("nothing started it", "原策略下未开始计时"),
                Phrase::fixed("nothing starts it", "新策略下不开始计时"),
            ),
        };
        match lacking {
            Lacking::Before => was,
            Lacking::After => is,
        }
    }

    fn between(&self, from: &Phrase, to: &Phrase) -> Phrase {
        let title = self.why().phrase();
        Phrase::new(
            format!(
                "{}: {} → {}",
                title.text(English),
                from.text(English),
                to.text(English)
            ),
            format!(
                "{}：{} → {}",
                title.text(Chinese),
                from.text(Chinese),
                to.text(Chinese)
            ),
        )
    }
}

fn of_measure(measure: &Measure) -> Phrase {
    match measure {
        Measure::Wall => Phrase::fixed("day and night", "全天"),
        Measure::Working { calendar, .. } => Phrase::same(calendar.as_str()),
    }
}

/// A length of a clock's own measure. That may be open time, so it is in hours and never in days.
fn of_length(length: Option<Span>) -> Phrase {
    match length {
        Some(length) => {
            let hours = length.in_hours();
            let chinese = Chinese.length(&hours);
            Phrase::new(hours, chinese)
        }
        None => Phrase::fixed("none", "无"),
    }
}

fn of_instant(at: Option<Instant>) -> Phrase {
    match at {
        Some(at) => Phrase::same(&at.to_string()),
        None => Phrase::fixed("not yet", "尚未"),
    }
}
