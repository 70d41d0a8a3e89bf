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
    ///
    /// Such as a comma before the closing brace in JSON.
    Notation = "notation", "the document cannot be read here", "此处无法读取";
    /// A key is given twice in one table.
    ///
    /// Such as two tables `[target.t]`.
    DuplicateKey = "duplicate-key", "this key is given twice", "键重复";
    /// The document is too long.
    TooLarge = "too-large", "the document is too large", "文档过大";
    /// Values are nested too deep.
    TooDeep = "too-deep", "values are nested too deep", "嵌套过深";
    /// More of something than there may be.
    ///
    /// Such as a sixty-fifth reason to pause.
    TooMany = "too-many", "there are too many of these", "数量过多";
    // The shape
    /// No such key belongs here.
    ///
    /// A misspelt key, such as `polcy = "p"`; what may be meant is in the hint.
    UnknownKey = "unknown-key", "no such key belongs here", "此处没有这个键";
    /// A key that is needed is missing.
    ///
    /// Such as a target without `stop`, or a rung without `tell`.
    MissingKey = "missing-key", "a key is missing", "缺少键";
    /// A value of another type is needed.
    ///
    /// Such as `label = 5`, where a text is meant.
    WrongType = "wrong-type", "this is a value of the wrong type", "值的类型不对";
    /// A list has nothing in it.
    ///
    /// Such as `by = []`: leave the key out, or name somebody.
    Empty = "empty", "nothing is given here", "内容为空";
    /// Two things that exclude each other are given.
    ///
    /// Such as `always = true` beside a `week`, or `reset` without `every`.
    Conflict = "conflict", "this cannot stand beside what is given already", "与已有内容冲突";
    /// A name is given twice.
    ///
    /// Such as a level that stands twice in `order`, or a day twice in `week`.
    Twice = "twice", "this is named twice", "名称重复";
    // Names
    /// A name that no name can be: empty, too long, not printable.
    ///
    /// Such as `[target." t "]`: names have no spaces at their ends.
    BadName = "bad-name", "this cannot be a name", "不能用作名称";
    /// None of the fixed words that may stand here.
    ///
    /// Such as `kind = "supplyer"` or `cycle = "always"`.
    UnknownWord = "unknown-word", "this word means nothing here", "此处不能用这个词";
    /// Neither a kind of event nor a declared mark.
    ///
    /// Such as `stop = "marked"`: name the mark itself.
    UnknownEvent = "unknown-event", "there is no such event", "没有这种事件";
    /// A field that events of this kind do not have.
    ///
    /// Such as `{ event = "replied", when = { method = "remote" } }`: a reply has no method.
    UnknownEventField = "unknown-event-field", "events of this kind have no such field", "该事件没有这个字段";
    /// A field of a ticket that is not declared.
    ///
    /// Such as `when = { metod = "remote" }`; own fields stand under `[field.<name>]`.
    UnknownField = "unknown-field", "tickets have no such field", "工单没有这个字段";
    /// A value that its vocabulary does not have.
    ///
    /// Such as `default = "easy"`, where the field has `simple` and `complex`.
    UnknownValue = "unknown-value", "the field has no such value", "该字段没有这个值";
    /// A class that is not declared.
    ///
    /// Such as `when = { class = "complant" }`.
    UnknownClass = "unknown-class", "this class is not declared", "类别未声明";
    /// A level that is not declared.
    ///
    /// Such as `default = "generel"`.
    UnknownLevel = "unknown-level", "this level is not declared", "级别未声明";
    /// A channel that is not declared.
    ///
    /// Such as `when = { channel = "fax" }`, where phone and mail are declared.
    UnknownChannel = "unknown-channel", "this channel is not declared", "渠道未声明";
    /// A role that is not declared.
    ///
    /// Such as `tell = "specalist"`, where roles are declared.
    UnknownRole = "unknown-role", "this role is not declared", "角色未声明";
    /// A reason to pause that is not declared.
    ///
    /// Such as `pause = ["awaiting-custommer"]`, where reasons are declared.
    UnknownReason = "unknown-reason", "this reason to pause is not declared", "暂停原因未声明";
    /// A calendar that is not declared.
    ///
    /// Such as `on = "offce"`.
    UnknownCalendar = "unknown-calendar", "this calendar is not declared", "日历未声明";
    /// A target that is not declared.
    ///
    /// Such as `after = "first-respnse"`.
    UnknownTarget = "unknown-target", "this target is not declared", "目标未声明";
    /// Holidays of a country that is not shipped.
    ///
    /// Such as `holidays = "cn"`: the set is called `CN`.
    UnknownHolidays = "unknown-holidays", "no holidays are known under this name", "没有这个名称的节假日";
    // Lengths and points
    /// A length without a unit.
    ///
    /// Such as `within = 30`: thirty minutes by the wall are `30m`, of open time `30wm`.
    BareNumber = "bare-number", "a length needs a unit", "时长需要单位";
    /// A text that is no length.
    ///
    /// Such as `within = "1d12h"`: a day is no fixed number of hours, so write `36h`.
    BadLength = "bad-length", "this is not a length", "不是有效的时长";
    /// A range whose lower bound is not below the upper.
    ///
    /// Such as `valid = { from = 2026-12-31, until = 2026-01-01 }`.
    BadRange = "bad-range", "the lower bound of a range lies below the upper", "区间下限须小于上限";
    /// A text that is no point on a clock.
    ///
    /// Such as `at = "80"`: a share is `80%`.
    BadPoint = "bad-point", "this is not a point on a clock", "不是时钟上的有效位置";
    /// A number that is not one of those that may stand here.
    ///
    /// Such as `most = 0`.
    BadNumber = "bad-number", "this number may not stand here", "数字无效";
    /// A text that is no date.
    ///
    /// Such as `2026-3-9`: months and days have two digits.
    BadDate = "bad-date", "this is not a date", "不是有效的日期";
    // Calendars
    /// A text that is no shift.
    ///
    /// Such as `"9-12"`: `09:00-12:00` is meant.
    BadShift = "bad-shift", "this is not a shift", "不是有效的班次";
    /// A text that is no day of the week.
    ///
    /// Such as `monday` or `mon-fry`: days are `mon` to `sun`.
    BadDay = "bad-day", "this is not a day of the week", "不是有效的星期";
    /// A text that is no time zone.
    ///
    /// Such as `Asia/Shangai`, or `CST`, which is several zones.
    BadZone = "bad-zone", "this is not a time zone", "不是有效的时区";
    /// A calendar that is never open.
    ///
    /// Such as a week whose only day has no shift.
    NeverOpen = "never-open", "this calendar is never open", "该日历从不营业";
    /// A calendar that cannot be made, for another reason.
    ///
    /// Such as forty-nine shifts on one day.
    BadCalendar = "bad-calendar", "this calendar cannot be made", "日历无法生成";
    /// A working length without a calendar.
    ///
    /// Such as `within = "2wh"` without `on`, in a policy without `default-calendar`.
    NoCalendar = "no-calendar", "a working length needs a calendar", "工作时长需要日历";
    // Targets
    /// A target names itself, directly or through others.
    ///
    /// Such as `after` in two targets that name each other, or a gate that needs what it holds back.
    Cycle = "cycle", "this leads back to itself", "循环引用";
    /// A lead goal on a target that no booked visit starts.
    ///
    /// Such as `within = "24h before visit"` on a target that `received` starts.
    LeadStart = "lead-start", "a goal before a visit needs a booked visit", "上门前目标须由预约上门启动";
    /// The lower bound of a range where no goal has one.
    ///
    /// Such as `at = "lower"` where no goal is a range such as `1-3wd`.
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
