//! Reading lengths from the document, and telling why one is none.

use std::num::NonZeroU16;

use crate::language::Phrase;
use crate::policy::document::{Node, Value};
use crate::policy::report::{Code, Found};

use super::Context;
use super::keys;
use super::length::{NotALength, Written, length};

/// What sort of length may stand somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// What a goal allows.
    Budget,
    /// Calendar days.
    Days,
    /// A point on a clock.
    Point,
    /// How long between two repetitions.
    Interval,
}

impl Wanted {
    pub(super) const fn expected(self) -> Phrase {
        match self {
            Self::Budget => Phrase::fixed(
                "a length such as 30m, 24h, 2wh (working hours), 3d (days), 2wd (working days), 1-3wd, or 24h before visit",
                "时长，如 30m、24h、2wh（工作小时）、3d（自然日）、2wd（工作日）、1-3wd，或 24h before visit",
            ),
            Self::Days => Phrase::fixed("calendar days such as 30d", "自然日，如 30d"),
            Self::Point => Phrase::fixed(
                "80%, lower, due, -10m (before due), +2wh or +1wd (after it)",
                "80%、lower、due、-10m（到期前）、+2wh 或 +1wd（到期后）",
            ),
            Self::Interval => {
                Phrase::fixed("a length such as 4h, 2wh or 1wd", "时长，如 4h、2wh 或 1wd")
            }
        }
    }

    /// What a number without a unit may have been meant to be.
    fn meant_by(self, number: &str) -> Phrase {
        let n = number;
        match self {
            Self::Budget | Self::Interval => Phrase::new(
                format!(
                    "{n}m by the clock on the wall, {n}wm while the desk is open, {n}wd working days"
                ),
                format!("{n}m 为自然分钟，{n}wm 为工作分钟，{n}wd 为工作日"),
            ),
            Self::Days => Phrase::new(format!("{n}d"), format!("{n}d")),
            Self::Point => Phrase::new(
                format!("{n}% of the budget, -{n}m before it runs out, +{n}m after"),
                format!("{n}% 为时限的百分比，-{n}m 为到期前，+{n}m 为到期后"),
            ),
        }
    }
}

impl Context<'_> {
    /// Reads calendar days: `30d`.
    pub(super) fn days(&self, node: &Node) -> Option<NonZeroU16> {
        match self.written(node, Wanted::Days)? {
            Written::Days(days) => Some(days),
            Written::Wall(_) | Written::Working(_) | Written::WorkingDays(_) => {
                let expected = Wanted::Days.expected();
                self.sink.add(Code::BadLength, Found::value(node), expected);
                None
            }
        }
    }

    /// Reads a length without a calendar.
    pub(super) fn written(&self, node: &Node, wanted: Wanted) -> Option<Written> {
        let text = self.length_text(node, wanted)?;
        let read = length(text);
        read.map_err(|why| self.tell_length(node, why, wanted)).ok()
    }

    /// Returns the text of a length, or tells that it is none; a number by itself above all.
    pub(super) fn length_text<'n>(&self, node: &'n Node, wanted: Wanted) -> Option<&'n str> {
        if let Value::Number(_) = &node.value {
            self.tell_length(node, NotALength::Bare, wanted);
            return None;
        }
        let text = node.as_text();
        if text.is_none() {
            keys::wrong_type(node, wanted.expected(), self.sink);
        }
        text
    }

    /// Tells why a text is no length.
    pub(super) fn tell_length(&self, node: &Node, why: NotALength, wanted: Wanted) {
        let (code, hint) = match why {
            NotALength::Bare => {
                let number = bare_number(node).map(|number| wanted.meant_by(number));
                (Code::BareNumber, number)
            }
            NotALength::Reversed => (Code::BadRange, None),
            NotALength::Zero => (
                Code::BadLength,
                Some(Phrase::fixed(
                    "a promise of no time cannot be kept",
                    "没有时间的承诺无法兑现",
                )),
            ),
            NotALength::TooLong => (
                Code::BadLength,
                Some(Phrase::fixed(
                    "a hundred years, or 65535 days, are the most",
                    "最长为一百年或 65535 天",
                )),
            ),
            NotALength::Mixed => (
                Code::BadLength,
                Some(Phrase::fixed(
                    "days stand alone, and wall time and working time do not add up; for a day and a half write 36h",
                    "天数须单独书写，自然时间与工作时间不能相加；一天半请写 36h",
                )),
            ),
            NotALength::Other => (Code::BadLength, None),
        };
        self.sink
            .push(code, Found::value(node), wanted.expected(), hint);
    }
}

/// Returns the digits of a short number, without the sign of an offset.
fn bare_number(node: &Node) -> Option<&str> {
    let text = if let Value::Number(text) = &node.value {
        text.as_str()
    } else {
        node.as_text()?
    };
    let number = text.trim_start_matches(['+', '-']);
    let digits = matches!(number.len(), 1..=9) && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some(number)
}
