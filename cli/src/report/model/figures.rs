//! Shares as two integers, and the key figures with their definitions.

use punctual::language::{Language, Phrase};

use crate::report::words;

/// A share: so many of so many. Nothing is divided before it is shown.
///
/// ```
/// use punctual_cli::report::Ratio;
///
/// assert_eq!(Ratio::new(2, 3).permille(), Some(666)); // rounded down: 100 % means all
/// assert_eq!(Ratio::new(0, 0).permille(), None);      // no case is not a share of zero
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Ratio {
    /// How many have the property.
    pub numerator: u64,
    /// Of how many. Zero: there is no share, which is shown as a dash and drawn as a gap.
    pub denominator: u64,
}

impl Ratio {
    /// Returns the share of `numerator` in `denominator`.
    #[must_use]
    pub const fn new(numerator: u64, denominator: u64) -> Self {
        Self {
            numerator,
            denominator,
        }
    }

    /// Returns tenths of a percent, rounded down; `None` where there is no case. A numerator above
    /// the denominator gives more than a thousand.
    #[must_use]
    pub fn permille(self) -> Option<u64> {
        let thousands = u128::from(self.numerator) * 1_000;
        let permille = thousands.checked_div(u128::from(self.denominator))?;
        Some(u64::try_from(permille).unwrap_or(u64::MAX))
    }

    /// Returns the share of both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            numerator: self.numerator.saturating_add(other.numerator),
            denominator: self.denominator.saturating_add(other.denominator),
        }
    }
}

/// A figure that a card or a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// A number of things.
    Count(u64),
    /// A share, shown with both its numbers.
    Rate(Ratio),
    /// A mean of points, shown with two decimals, rounded down.
    Mean {
        /// The sum of all points.
        total: u64,
        /// How many gave points. Zero: there is no mean.
        count: u64,
        /// The most points that one can give: 5 of five points.
        most: u64,
    },
    /// A length and how many cases it was taken from: a median, for instance.
    Length {
        /// Whole seconds. Negative is over, where that has a meaning.
        seconds: i64,
        /// How many cases. Zero: there is no length.
        count: u64,
    },
}

impl Value {
    /// Returns how many cases it rests on; a count rests on itself.
    #[must_use]
    pub const fn cases(self) -> u64 {
        match self {
            Self::Count(count) => count,
            Self::Rate(ratio) => ratio.denominator,
            Self::Mean { count, .. } | Self::Length { count, .. } => count,
        }
    }
}

/// Which way a figure should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Better {
    /// More is better: promises kept.
    Higher,
    /// Less is better: complaints, lengths.
    Lower,
    /// Neither: a change is shown and not judged.
    Neither,
}

/// One key figure: a card with a title, its definition and one or two values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFigure {
    /// What it is called.
    pub title: String,
    /// What it says in plain words, numerator and denominator.
    pub definition: String,
    /// Its values side by side: conforming of all services, and conforming of those inspected.
    pub parts: Vec<Part>,
    /// Which way it should go.
    pub better: Better,
}

impl KeyFigure {
    /// Returns a well-known figure with its title and definition in `language`.
    ///
    /// ```
    /// use punctual::language::Language;
    /// use punctual_cli::report::{Indicator, KeyFigure, Part, Ratio, Value};
    ///
    /// let now = Part::new(Value::Rate(Ratio::new(31, 1_240))).before(Value::Rate(Ratio::new(28, 1_102)));
    /// let card = KeyFigure::of(Indicator::ComplaintRate, Language::Chinese, vec![now]);
    /// assert_eq!(card.title, "投诉率");
    /// ```
    #[must_use]
    pub fn of(indicator: Indicator, language: Language, parts: Vec<Part>) -> Self {
        Self {
            title: indicator.title().text(language).to_owned(),
            definition: indicator.definition().text(language).to_owned(),
            parts,
            better: indicator.better(),
        }
    }
}

/// One value of a key figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What tells it from the other values of the figure: "median", "of those inspected". May be
    /// empty where there is one value.
    pub label: String,
    /// The value.
    pub value: Value,
    /// The value of the period before, of the same kind. None: no change is shown.
    pub before: Option<Value>,
}

impl Part {
    /// Returns a value without a label and without a period before.
    #[must_use]
    pub const fn new(value: Value) -> Self {
        Self {
            label: String::new(),
            value,
            before: None,
        }
    }

    /// Gives it a label.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Gives it the value of the period before.
    #[must_use]
    pub const fn before(mut self, value: Value) -> Self {
        self.before = Some(value);
        self
    }
}

/// The well-known figures: each has a title and a definition in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Indicator {
    /// Kept promises of all that were decided.
    Compliance,
    /// Complaining customers of customers served.
    ComplaintRate,
    /// Solved complaints of all complaints.
    ComplaintResolution,
    /// Repairs on time of all repairs.
    OnTimeRepair,
    /// Conforming services of all services, beside conforming of inspected.
    NormExecution,
    /// Reopened tickets of resolved tickets.
    Reopen,
    /// Escalated tickets of all tickets.
    Escalation,
    /// Answered surveys of surveys asked.
    SurveyResponse,
    /// The mean of points, and the share of satisfied customers.
    Satisfaction,
    /// From the request to the first answer.
    FirstResponse,
    /// From the request to the resolution.
    Resolution,
}

impl Indicator {
    /// Every figure, in the order of a page.
    pub const ALL: &'static [Self] = &[
        Self::Compliance,
        Self::ComplaintRate,
        Self::ComplaintResolution,
        Self::OnTimeRepair,
        Self::NormExecution,
        Self::Reopen,
        Self::Escalation,
        Self::SurveyResponse,
        Self::Satisfaction,
        Self::FirstResponse,
        Self::Resolution,
    ];

    /// Returns what it is called.
    #[must_use]
    pub fn title(self) -> &'static Phrase {
        words::indicator(self).0
    }

    /// Returns what it says in plain words.
    #[must_use]
    pub fn definition(self) -> &'static Phrase {
        words::indicator(self).1
    }

    /// Returns which way it should go.
    #[must_use]
    pub const fn better(self) -> Better {
        match self {
            Self::Compliance
            | Self::ComplaintResolution
            | Self::OnTimeRepair
            | Self::NormExecution
            | Self::SurveyResponse
            | Self::Satisfaction => Better::Higher,
            Self::ComplaintRate
            | Self::Reopen
            | Self::Escalation
            | Self::FirstResponse
            | Self::Resolution => Better::Lower,
        }
    }
}
