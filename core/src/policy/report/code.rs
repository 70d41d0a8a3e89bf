//! The stable names of mistakes.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::language::Language;

/// Writes the enum and its tables from one list, so that they cannot disagree.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $name:literal, $en:literal, $zh:literal;)*) => {
        /// What sort of mistake it is. The names are stable: tools may match them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $code,)*
        }

        impl Code {
            /// Every code, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            /// Returns the stable name: `unknown-class`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)*
                }
            }

            /// Returns what is wrong, in a few words.
            #[must_use]
            pub const fn title(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Self::$code, Language::English) => $en,
                        (Self::$code, Language::Chinese) => $zh,
                    )*
                }
            }
        }
    };
}

codes! {
    // The notation
    /// It is not TOML, or not JSON.
    Notation = "notation", "the document cannot be read here", "此处无法读取";
    /// A key is given twice in one table.
    DuplicateKey = "duplicate-key", "this key is given twice", "键重复";
    /// The document is too long.
    TooLarge = "too-large", "the document is too large", "文档过大";
    /// Values are nested too deep.
    TooDeep = "too-deep", "values are nested too deep", "嵌套过深";
    /// More of something than there may be.
    TooMany = "too-many", "there are too many of these", "数量过多";
    // The shape
    /// No such key belongs here.
    UnknownKey = "unknown-key", "no such key belongs here", "此处没有这个键";
    /// A key that is needed is missing.
    MissingKey = "missing-key", "a key is missing", "缺少键";
    /// A value of another type is needed.
    WrongType = "wrong-type", "this is a value of the wrong type", "值的类型不对";
    /// A list has nothing in it.
    Empty = "empty", "nothing is given here", "内容为空";
    /// Two things that exclude each other are given.
    Conflict = "conflict", "this cannot stand beside what is given already", "与已有内容冲突";
    /// A name is given twice.
    Twice = "twice", "this is named twice", "名称重复";
    // Names
    /// A name that no name can be: empty, too long, not printable.
    BadName = "bad-name", "this cannot be a name", "不能用作名称";
    /// None of the fixed words that may stand here.
    UnknownWord = "unknown-word", "this word means nothing here", "此处不能用这个词";
    /// Neither a kind of event nor a declared mark.
    UnknownEvent = "unknown-event", "there is no such event", "没有这种事件";
    /// A field that events of this kind do not have.
    UnknownEventField = "unknown-event-field", "events of this kind have no such field", "该事件没有这个字段";
    /// A field of a ticket that is not declared.
    UnknownField = "unknown-field", "tickets have no such field", "工单没有这个字段";
    /// A value that its vocabulary does not have.
    UnknownValue = "unknown-value", "the field has no such value", "该字段没有这个值";
    /// A class that is not declared.
    UnknownClass = "unknown-class", "this class is not declared", "类别未声明";
    /// A level that is not declared.
    UnknownLevel = "unknown-level", "this level is not declared", "级别未声明";
    /// A channel that is not declared.
    UnknownChannel = "unknown-channel", "this channel is not declared", "渠道未声明";
    /// A role that is not declared.
    UnknownRole = "unknown-role", "this role is not declared", "角色未声明";
    /// A reason to pause that is not declared.
    UnknownReason = "unknown-reason", "this reason to pause is not declared", "暂停原因未声明";
    /// A calendar that is not declared.
    UnknownCalendar = "unknown-calendar", "this calendar is not declared", "日历未声明";
    /// A target that is not declared.
    UnknownTarget = "unknown-target", "this target is not declared", "目标未声明";
    /// Holidays of a country that is not shipped.
    UnknownHolidays = "unknown-holidays", "no holidays are known under this name", "没有这个名称的节假日";
    // Lengths and points
    /// A length without a unit.
    BareNumber = "bare-number", "a length needs a unit", "时长需要单位";
    /// A text that is no length.
    BadLength = "bad-length", "this is not a length", "不是有效的时长";
    /// A range whose lower bound is not below the upper.
    BadRange = "bad-range", "the lower bound of a range lies below the upper", "区间下限须小于上限";
    /// A text that is no point on a clock.
    BadPoint = "bad-point", "this is not a point on a clock", "不是时钟上的有效位置";
    /// A number that is not one of those that may stand here.
    BadNumber = "bad-number", "this number may not stand here", "数字无效";
    /// A text that is no date.
    BadDate = "bad-date", "this is not a date", "不是有效的日期";
    // Calendars
    /// A text that is no shift.
    BadShift = "bad-shift", "this is not a shift", "不是有效的班次";
    /// A text that is no day of the week.
    BadDay = "bad-day", "this is not a day of the week", "不是有效的星期";
    /// A text that is no time zone.
    BadZone = "bad-zone", "this is not a time zone", "不是有效的时区";
    /// A calendar that is never open.
    NeverOpen = "never-open", "this calendar is never open", "该日历从不营业";
    /// A calendar that cannot be made, for another reason.
    BadCalendar = "bad-calendar", "this calendar cannot be made", "日历无法生成";
    /// A working length without a calendar.
    NoCalendar = "no-calendar", "a working length needs a calendar", "工作时长需要日历";
    // Targets
    /// A target names itself, directly or through others.
    Cycle = "cycle", "this leads back to itself", "循环引用";
    /// A lead goal on a target that no booked visit starts.
    LeadStart = "lead-start", "a goal before a visit needs a booked visit", "上门前目标须由预约上门启动";
    /// The lower bound of a range where no goal has one.
    NoLower = "no-lower", "no goal of this target has a lower bound", "该目标没有下限";
}

impl Code {
    /// Returns whether it may be said only of a document that could be read as a whole.
    pub(in crate::policy) const fn rests_on_the_whole(self) -> bool {
        matches!(
            self,
            Self::MissingKey
                | Self::UnknownKey
                | Self::Empty
                | Self::UnknownEvent
                | Self::UnknownField
                | Self::UnknownValue
                | Self::UnknownClass
                | Self::UnknownLevel
                | Self::UnknownChannel
                | Self::UnknownRole
                | Self::UnknownReason
                | Self::UnknownCalendar
                | Self::UnknownTarget
                | Self::NoCalendar
                | Self::NeverOpen
                | Self::NoLower
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
