//! The languages in which Punctual speaks to people: reports, findings, explanations.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A language of messages. What a policy names (labels) may be in any language; what Punctual says
/// itself is in one of these.
///
/// ```
/// use punctual::language::Language;
///
/// assert_eq!(Language::Chinese.tag(), "zh");
/// assert_eq!(Language::default(), Language::English);
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Chinese, in simplified characters.
    #[serde(rename = "zh")]
    Chinese,
}

impl Language {
    /// Every language, in the order of the declaration.
    pub const ALL: &'static [Self] = &[Self::English, Self::Chinese];

    /// Returns the tag under which labels are kept: `en`, `zh`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// Returns a length with the units of this language. It is given as
    /// [`Span`](crate::time::Span) writes it: `2d 3h 4m`.
    ///
    /// ```
    /// use punctual::language::Language;
    ///
    /// assert_eq!(Language::Chinese.length("2d 3h 4m"), "2天3小时4分");
    /// assert_eq!(Language::English.length("2d 3h 4m"), "2d 3h 4m");
    /// ```
    #[must_use]
    pub fn length(self, written: &str) -> String {
        match self {
            Self::English => written.to_owned(),
            Self::Chinese => written.split(' ').map(chinese_part).collect(),
        }
    }
}

/// Translates the unit behind a number.
fn chinese_part(part: &str) -> String {
    let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match part.get(digits.len()..).unwrap_or_default() {
        "d" => "天",
        "h" => "小时",
        "m" => "分",
        "s" => "秒",
        "us" => "微秒",
        other => other,
    };
    format!("{digits}{unit}")
}

/// One message in every language.
///
/// ```
/// use punctual::language::{Language, Phrase};
///
/// let phrase = Phrase::fixed("closed", "非工作时间");
/// assert_eq!(phrase.text(Language::Chinese), "非工作时间");
/// assert_eq!(phrase.to_string(), "closed"); // English where nobody asks
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Phrase {
    en: Cow<'static, str>,
    zh: Cow<'static, str>,
}

impl Phrase {
    /// Returns a message that is fixed.
    #[must_use]
    pub const fn fixed(en: &'static str, zh: &'static str) -> Self {
        Self {
            en: Cow::Borrowed(en),
            zh: Cow::Borrowed(zh),
        }
    }

    /// Returns a message that was put together.
    #[must_use]
    pub const fn new(en: String, zh: String) -> Self {
        Self {
            en: Cow::Owned(en),
            zh: Cow::Owned(zh),
        }
    }

    /// Returns what is written the same way in every language: a name, a number.
    #[must_use]
    pub fn same(text: &str) -> Self {
        Self::new(text.to_owned(), text.to_owned())
    }

    /// Returns the text in `language`.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }
}

impl fmt::Display for Phrase {
    /// Writes the English text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.en)
    }
}
