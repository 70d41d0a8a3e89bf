//! The name of a stream: whose, of what sort, which one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::names::{is_plain, is_printable};

/// Why a text does not name a stream. Trying again cannot help: give another text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// One of the three parts is missing or empty.
    #[error("stream `{found}` is not of the form tenant/category/id")]
    Incomplete {
        /// The refused text, cut to 200 bytes.
        found: String,
    },
    /// More than 200 bytes.
    #[error(
        "a stream name of {bytes} bytes is too long; {} are allowed",
        StreamId::MOST_BYTES
    )]
    TooLong {
        /// How many bytes the text has.
        bytes: usize,
    },
    /// A control character or a space at byte `at`.
    #[error("stream name has a space or an unprintable character at byte {at}")]
    NotPrintable {
        /// The first offending byte.
        at: usize,
    },
}

/// Names a stream: `tenant/category/id`, printable, at most 200 bytes.
///
/// The id may contain further slashes, tenant and category may not. Spaces are allowed in the id
/// alone, since ticket ids of foreign systems have them. Kept and serialized as one text.
///
/// ```
/// use punctual::event::StreamId;
///
/// let stream = StreamId::new("acme", "ticket", "T-1024")?;
/// assert_eq!(stream.as_str(), "acme/ticket/T-1024");
/// assert_eq!(stream.tenant(), "acme");
///
/// let foreign: StreamId = "acme/ticket/2026/Q1/17".parse()?;
/// assert_eq!(foreign.id(), "2026/Q1/17");
/// # Ok::<(), punctual::event::StreamError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "SmolStr", into = "SmolStr")]
pub struct StreamId(SmolStr);

impl StreamId {
    /// The most bytes of a whole name.
    pub const MOST_BYTES: usize = 200;

    /// Puts a name together from its three parts.
    ///
    /// ```
    /// use punctual::event::{StreamError, StreamId};
    ///
    /// let no_id = StreamId::new("acme", "ticket", "");
    /// assert!(matches!(no_id, Err(StreamError::Incomplete { .. })));
    /// let slash = StreamId::new("acme/east", "ticket", "T-1");
    /// assert!(matches!(slash, Err(StreamError::Incomplete { .. })));
    /// ```
    ///
    /// # Errors
    /// [`StreamError`] when a part is empty, tenant or category has a slash or a space, a character is
    /// not printable, or the whole is longer than 200 bytes.
    pub fn new(tenant: &str, category: &str, id: &str) -> Result<Self, StreamError> {
        if tenant.contains('/') || category.contains('/') {
            return Err(StreamError::Incomplete {
                found: cut(&format!("{tenant}/{category}/{id}")),
            });
        }
        Self::checked(&format!("{tenant}/{category}/{id}"))
    }

    #[inline]
    fn checked(text: &str) -> Result<Self, StreamError> {
        // Most names are plain, and each is checked whenever its log is read.
        if text.len() <= Self::MOST_BYTES && is_plain(text.as_bytes()) && has_three_parts(text) {
            return Ok(Self(SmolStr::new(text)));
        }
        Self::checked_slowly(text)
    }

    #[cold]
    fn checked_slowly(text: &str) -> Result<Self, StreamError> {
        if text.len() > Self::MOST_BYTES {
            return Err(StreamError::TooLong { bytes: text.len() });
        }
        let mut parts = text.splitn(3, '/');
        let (tenant, category, id) = (parts.next(), parts.next(), parts.next());
        if [tenant, category, id]
            .iter()
            .any(|part| part.is_none_or(str::is_empty))
        {
            return Err(StreamError::Incomplete { found: cut(text) });
        }
        let id_from = text.len().saturating_sub(id.map_or(0, str::len));
        let refused =
            |&(at, c): &(usize, char)| !is_printable(c) || (c.is_whitespace() && at < id_from);
        match text.char_indices().find(refused) {
            Some((at, _)) => Err(StreamError::NotPrintable { at }),
            None => Ok(Self(SmolStr::new(text))),
        }
    }

    /// Returns the whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whose stream it is.
    #[must_use]
    pub fn tenant(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// Returns what sort of stream it is, such as `ticket` or `policy`.
    #[must_use]
    pub fn category(&self) -> &str {
        self.0.split('/').nth(1).unwrap_or_default()
    }

    /// Returns which one of its sort it is.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.splitn(3, '/').nth(2).unwrap_or_default()
    }
}

/// Returns whether a text without tabs and the like is `tenant/category/id`, with spaces in the id
/// alone.
#[inline]
fn has_three_parts(text: &str) -> bool {
    let mut bytes = text.bytes();
    let mut part = || {
        let mut length = 0_usize;
        bytes.by_ref().take_while(|byte| *byte != b'/').all(|byte| {
            length = length.saturating_add(1);
            byte != b' '
        }) && length > 0
    };
    part() && part() && bytes.len() > 0
}

/// Keeps an error message short, whatever was handed in.
fn cut(text: &str) -> String {
    text.chars()
        .take(StreamId::MOST_BYTES)
        .filter(|c| is_printable(*c))
        .collect()
}

impl FromStr for StreamId {
    type Err = StreamError;

    fn from_str(text: &str) -> Result<Self, StreamError> {
        Self::checked(text)
    }
}

impl TryFrom<SmolStr> for StreamId {
    type Error = StreamError;

    fn try_from(text: SmolStr) -> Result<Self, StreamError> {
        Self::checked(&text)
    }
}

impl From<StreamId> for SmolStr {
    fn from(stream: StreamId) -> Self {
        stream.0
    }
}

impl std::borrow::Borrow<str> for StreamId {
    /// Order, equality and hash are those of the text, so a sorted set is searched by a prefix.
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_has_three_parts_and_the_id_may_have_slashes() {
        let stream: StreamId = "acme/ticket/2026/17".parse().unwrap();
        assert_eq!(
            (stream.tenant(), stream.category(), stream.id()),
            ("acme", "ticket", "2026/17")
        );
        for refused in [
            "",
            "acme",
            "acme/ticket",
            "acme/ticket/",
            "/ticket/1",
            "a//1",
            "a b/c/d",
        ] {
            assert!(refused.parse::<StreamId>().is_err(), "{refused:?}");
        }
        assert!(StreamId::new("a/b", "ticket", "1").is_err());
    }

    #[test]
    fn the_quick_check_accepts_what_the_whole_check_accepts() {
        let parts = ["", "a", "b c", " ", "é", "\u{7f}", "d/e"];
        for tenant in parts {
            for category in parts {
                for id in parts {
                    for text in [
                        format!("{tenant}/{category}/{id}"),
                        format!("{tenant}{category}/{id}"),
                        format!("{tenant}{category}{id}"),
                    ] {
                        let whole = StreamId::checked_slowly(&text);
                        assert_eq!(StreamId::checked(&text), whole, "{text:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn two_hundred_bytes_are_the_most() {
        assert!(StreamId::new("a", "b", &"x".repeat(196)).is_ok());
        assert_eq!(
            StreamId::new("a", "b", &"x".repeat(197)),
            Err(StreamError::TooLong { bytes: 201 })
        );
    }
}
