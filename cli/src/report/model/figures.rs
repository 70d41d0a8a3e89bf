//! The key figures with their definitions.

use punctual::language::{Language, Phrase};
use punctual::projection::{Kpi, Rate};

use crate::report::words;

/// A figure that a card or a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// A number of things.
    Count(u64),
    /// A share, shown with both its numbers.
    Rate(Rate),
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
            Self::Rate(ratio) => ratio.whole,
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
    /// Returns a rate with its title and definition in `language`.
    ///
    /// ```
    /// use punctual::language::Language;
    /// use punctual::projection::Kpi;
    /// use punctual_cli::report::{KeyFigure, Part, Rate, Value};
    ///
    /// let now = Part::new(Value::Rate(Rate::new(31, 1_240))).before(Value::Rate(Rate::new(28, 1_102)));
    /// let card = KeyFigure::rate(Kpi::ComplaintRate, Language::Chinese, vec![now]);
    /// assert_eq!(card.title, "顾客投诉率");
    /// ```
    #[must_use]
    pub fn rate(kpi: Kpi, language: Language, parts: Vec<Part>) -> Self {
        Self {
            title: kpi.title().text(language).to_owned(),
            definition: kpi.definition().text(language).to_owned(),
            parts,
            better: if kpi.is_better_high() {
                Better::Higher
            } else {
                Better::Lower
            },
        }
    }

    /// Returns what is measured and no rate, with its title and definition in `language`.
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

/// What is measured beside the rates, which are [`Kpi`]: a mean and two lengths. Each has a title and
/// a definition in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Indicator {
    /// The mean of points, and the share of satisfied customers.
    Satisfaction,
    /// From the request to the first answer.
    FirstResponse,
    /// From the request to the resolution.
    Resolution,
}

impl Indicator {
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
            Self::Satisfaction => Better::Higher,
            Self::FirstResponse | Self::Resolution => Better::Lower,
        }
    }
}
