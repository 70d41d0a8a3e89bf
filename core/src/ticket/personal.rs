//! Customer text: carried, never needed, never shown by accident.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Text that belongs to a person: what they wrote, said or are told in confidence.
///
/// No fold can look inside: [`Ticket::apply`](super::Ticket::apply) works for every `T`, so the
/// compiler proves that clocks and figures never depend on it. `Debug` shows that it is there and
/// nothing else. After the customer's key is destroyed the field reads [`Personal::Erased`], which
/// is a value and not an error.
///
/// ```
/// use punctual::ticket::Personal;
///
/// let wish = Personal::Plain("please call my neighbour");
/// assert_eq!(format!("{wish:?}"), "Personal(..)");
/// assert_eq!(wish.plain(), Some(&"please call my neighbour"));
///
/// let gone: Personal<&str> = Personal::Erased;
/// assert_eq!(gone.plain(), None);
/// ```
// Binary formats store a variant's place in this list: add at the end, never move.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Personal<T> {
    /// Readable.
    Plain(T),
    /// Its key was destroyed; nobody can read it any more.
    Erased,
}

impl<T> Personal<T> {
    /// Returns the text; `None` after it was erased. This is the one way to it, so a search for
    /// `plain` finds every place that reads what customers said.
    pub const fn plain(&self) -> Option<&T> {
        match self {
            Self::Plain(text) => Some(text),
            Self::Erased => None,
        }
    }

    /// Returns whether the text is gone for good.
    ///
    /// A page shows a note such as "erased at the customer's request" for it; figures and clocks are as before.
    pub const fn is_erased(&self) -> bool {
        matches!(self, Self::Erased)
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Personal(..)",
            Self::Erased => "Personal(erased)",
        })
    }
}

impl From<String> for Personal<Box<str>> {
    fn from(text: String) -> Self {
        Self::Plain(text.into())
    }
}

impl From<&str> for Personal<Box<str>> {
    fn from(text: &str) -> Self {
        Self::Plain(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_text() {
        let text: Personal<Box<str>> = "Mrs Wang, 138-0000-0000".into();
        assert!(!format!("{text:?} {text:#?}").contains("Wang"));
    }

    #[test]
    fn erased_is_a_value_that_is_stored_and_read_back() {
        let erased: Personal<Box<str>> = Personal::Erased;
        let json = serde_json::to_string(&erased).unwrap();
        assert_eq!(json, "\"erased\"");
        assert_eq!(
            serde_json::from_str::<Personal<Box<str>>>(&json).unwrap(),
            erased
        );
    }
}
