//! The stable names of mistakes.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::language::{Language, Phrase};

/// Writes the enum and its tables from one list, so that they cannot disagree.
macro_rules! codes {
    ($(
        $(#[$doc:meta])* $code:ident = $name:literal, $en:literal, $zh:literal;
        $do_en:literal, $do_zh:literal;
    )*) => {
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

            /// Returns what can be done about any mistake of this sort, where nothing closer is
            /// known.
            #[must_use]
            pub const fn hint(self) -> Phrase {
                match self {
                    $(Self::$code => Phrase::fixed($do_en, $do_zh),)*
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
        "the place before it may be to blame: look for a quotation mark, a comma or a bracket that is missing",
        "也请看前一处：可能缺少引号、逗号或括号";
    /// A key is given twice in one table.
    ///
    /// Such as two tables `[target.t]`.
    DuplicateKey = "duplicate-key", "this key is given twice", "键重复";
        "remove one of the two, or join what they say",
        "删去其一，或合并两处内容";
    /// The document is too long.
    TooLarge = "too-large", "the document is too large", "文档过大";
        "split it into several policies",
        "请拆成多个策略";
    /// Values are nested too deep.
    TooDeep = "too-deep", "values are nested too deep", "嵌套过深";
        "no part of a policy has more than a few levels",
        "策略的任何部分都只有几层";
    /// More of something than there may be.
    ///
    /// Such as a sixty-fifth reason to pause.
    TooMany = "too-many", "there are too many of these", "数量过多";
        "leave some out, or split the policy",
        "请删减，或拆分策略";
    // The shape
    /// No such key belongs here.
    ///
    /// A misspelt key, such as `polcy = "p"`; what may be meant is in the hint.
    UnknownKey = "unknown-key", "no such key belongs here", "此处没有这个键";
        "remove it; the JSON Schema of policies lists the keys of every table",
        "请删去；策略的 JSON Schema 列有每个表的键";
    /// A key that is needed is missing.
    ///
    /// Such as a target without `stop`, or a rung without `tell`.
    MissingKey = "missing-key", "a key is missing", "缺少键";
        "add it to this table",
        "请在此表中补上";
    /// A value of another type is needed.
    ///
    /// Such as `label = 5`, where a text is meant.
    WrongType = "wrong-type", "this is a value of the wrong type", "值的类型不对";
        "texts stand in quotation marks, lists in [], tables in {}, numbers and `true` or `false` in nothing",
        "文本加引号，列表用 []，表用 {}，数字与 true、false 什么都不加";
    /// A list has nothing in it.
    ///
    /// Such as `by = []`: leave the key out, or name somebody.
    Empty = "empty", "nothing is given here", "内容为空";
        "name something; a key that is not needed can also be left out",
        "请写上内容；非必需的键也可去掉";
    /// Two things that exclude each other are given.
    ///
    /// Such as `always = true` beside a `week`, or `reset` without `every`.
    Conflict = "conflict", "this cannot stand beside what is given already", "与已有内容冲突";
        "remove this, or change what it stands beside",
        "请去掉此处，或改动与之冲突的内容";
    /// A name is given twice.
    ///
    /// Such as a level that stands twice in `order`, or a day twice in `week`.
    Twice = "twice", "this is named twice", "名称重复";
        "remove one of them",
        "删去其一";
    // Names
    /// A name that no name can be: empty, too long, not printable.
    ///
    /// Such as `[target." t "]`: names have no spaces at their ends.
    BadName = "bad-name", "this cannot be a name", "不能用作名称";
        "take a name such as `first-response`, without spaces at its ends or characters that cannot be seen",
        "请用 first-response 这样的名称，首尾无空格，不含不可见字符";
    /// None of the fixed words that may stand here.
    ///
    /// Such as `kind = "supplyer"` or `cycle = "always"`.
    UnknownWord = "unknown-word", "this word means nothing here", "此处不能用这个词";
        "write a word of those expected, as it stands there",
        "请照原样写应有的词";
    /// Neither a kind of event nor a declared mark.
    ///
    /// Such as `stop = "marked"`: name the mark itself.
    UnknownEvent = "unknown-event", "there is no such event", "没有这种事件";
        "declare a moment of your own under `[mark]`",
        "自定义的时刻请在 [mark] 中声明";
    /// A field that events of this kind do not have.
    ///
    /// Such as `{ event = "replied", when = { method = "remote" } }`: a reply has no method.
    UnknownEventField = "unknown-event-field", "events of this kind have no such field", "该事件没有这个字段";
        "what is asked of the ticket, such as its class, stands in the `when` of a goal",
        "针对工单的条件（如类别）写在目标限时的 when 中";
    /// A field of a ticket that is not declared.
    ///
    /// Such as `when = { metod = "remote" }`; own fields stand under `[field.<name>]`.
    UnknownField = "unknown-field", "tickets have no such field", "工单没有这个字段";
        "declare a field of your own under `[field.<name>]`",
        "自定义字段请在 [field.<名称>] 中声明";
    /// A value that its vocabulary does not have.
    ///
    /// Such as `default = "easy"`, where the field has `simple` and `complex`.
    UnknownValue = "unknown-value", "the field has no such value", "该字段没有这个值";
        "write one of these, or declare it where the field is your own",
        "请写其中之一；自定义字段可增加取值";
    /// A class that is not declared.
    ///
    /// Such as `when = { class = "complant" }`.
    UnknownClass = "unknown-class", "this class is not declared", "类别未声明";
        "declare it under `[class]`",
        "请在 [class] 中声明";
    /// A level that is not declared.
    ///
    /// Such as `default = "generel"`.
    UnknownLevel = "unknown-level", "this level is not declared", "级别未声明";
        "declare it under `[level]`",
        "请在 [level] 中声明";
    /// A channel that is not declared.
    ///
    /// Such as `when = { channel = "fax" }`, where phone and mail are declared.
    UnknownChannel = "unknown-channel", "this channel is not declared", "渠道未声明";
        "declare it under `[channel]`",
        "请在 [channel] 中声明";
    /// A role that is not declared.
    ///
    /// Such as `tell = "specalist"`, where roles are declared.
    UnknownRole = "unknown-role", "this role is not declared", "角色未声明";
        "declare it under `[role]`",
        "请在 [role] 中声明";
    /// A reason to pause that is not declared.
    ///
    /// Such as `pause = ["awaiting-custommer"]`, where reasons are declared.
    UnknownReason = "unknown-reason", "this reason to pause is not declared", "暂停原因未声明";
        "declare it under `[pause]`",
        "请在 [pause] 中声明";
    /// A calendar that is not declared.
    ///
    /// Such as `on = "offce"`.
    UnknownCalendar = "unknown-calendar", "this calendar is not declared", "日历未声明";
        "declare it under `[calendar.<name>]`",
        "请在 [calendar.<名称>] 中声明";
    /// A target that is not declared.
    ///
    /// Such as `after = "first-respnse"`.
    UnknownTarget = "unknown-target", "this target is not declared", "目标未声明";
        "declare it under `[target.<name>]`",
        "请在 [target.<名称>] 中声明";
    /// Holidays of a country that is not shipped.
    ///
    /// Such as `holidays = "cn"`: the set is called `CN`.
    UnknownHolidays = "unknown-holidays", "no holidays are known under this name", "没有这个名称的节假日";
        "give dates of your own under `exceptions`",
        "请在 exceptions 中自行列出日期";
    // Lengths and points
    /// A length without a unit.
    ///
    /// Such as `within = 30`: thirty minutes by the wall are `30m`, of open time `30wm`.
    BareNumber = "bare-number", "a length needs a unit", "时长需要单位";
        "`30m` runs by the clock on the wall, `30wm` while a calendar is open",
        "30m 按自然时间，30wm 按工作时间";
    /// A text that is no length.
    ///
    /// Such as `within = "1d12h"`: a day is no fixed number of hours, so write `36h`.
    BadLength = "bad-length", "this is not a length", "不是有效的时长";
        "lengths look like `30m`, `4h`, `2wh`, `3d`, `1wd`",
        "时长写作 30m、4h、2wh、3d、1wd";
    /// A range whose lower bound is not below the upper.
    ///
    /// Such as `valid = { from = 2026-12-31, until = 2026-01-01 }`.
    BadRange = "bad-range", "the lower bound of a range lies below the upper", "区间下限须小于上限";
        "swap the two ends, or raise the upper one",
        "请对调两端，或加大上限";
    /// A text that is no point on a clock.
    ///
    /// Such as `at = "80"`: a share is `80%`.
    BadPoint = "bad-point", "this is not a point on a clock", "不是时钟上的有效位置";
        "points look like `80%`, `lower`, `due`, `-10m`, `+2wh`",
        "位置写作 80%、lower、due、-10m、+2wh";
    /// A number that is not one of those that may stand here.
    ///
    /// Such as `most = 0`.
    BadNumber = "bad-number", "this number may not stand here", "数字无效";
        "take a whole number of the range expected, without quotation marks",
        "请写应有范围内的整数，不加引号";
    /// A text that is no date.
    ///
    /// Such as `2026-3-9`: months and days have two digits.
    BadDate = "bad-date", "this is not a date", "不是有效的日期";
        "dates look like `2026-03-09`",
        "日期写作 2026-03-09";
    // Calendars
    /// A text that is no shift.
    ///
    /// Such as `"9-12"`: `09:00-12:00` is meant.
    BadShift = "bad-shift", "this is not a shift", "不是有效的班次";
        "shifts look like `09:00-12:00`; one that ends on the next day like `22:00-06:00`",
        "班次写作 09:00-12:00，跨夜写作 22:00-06:00";
    /// A text that is no day of the week.
    ///
    /// Such as `monday` or `mon-fry`: days are `mon` to `sun`.
    BadDay = "bad-day", "this is not a day of the week", "不是有效的星期";
        "days look like `mon`, or `mon-fri`",
        "星期写作 mon 或 mon-fri";
    /// A text that is no time zone.
    ///
    /// Such as `Asia/Shangai`, or `CST`, which is several zones.
    BadZone = "bad-zone", "this is not a time zone", "不是有效的时区";
        "zones look like `Asia/Shanghai`; abbreviations such as `CST` mean several",
        "时区写作 Asia/Shanghai；CST 之类的缩写含义不一";
    /// A calendar that is never open.
    ///
    /// Such as a week whose only day has no shift.
    NeverOpen = "never-open", "this calendar is never open", "该日历从不营业";
        "give a day a shift, or write `always = true`",
        "请至少为一天设班次，或写 always = true";
    /// A calendar that cannot be made, for another reason.
    ///
    /// Such as forty-nine shifts on one day.
    BadCalendar = "bad-calendar", "this calendar cannot be made", "日历无法生成";
        "do what the line above asks for",
        "请按上一行改动";
    /// A working length without a calendar.
    ///
    /// Such as `within = "2wh"` without `on`, in a policy without `default-calendar`.
    NoCalendar = "no-calendar", "a working length needs a calendar", "工作时长需要日历";
        "name one by `on`, or give the policy a `default-calendar`",
        "请用 on 指明，或为策略设 default-calendar";
    // Targets
    /// A target names itself, directly or through others.
    ///
    /// Such as `after` in two targets that name each other, or a gate that needs what it holds back.
    Cycle = "cycle", "this leads back to itself", "循环引用";
        "one of them must not lead to the others",
        "其中之一不得再指向其他";
    /// A lead goal on a target that no booked visit starts.
    ///
    /// Such as `within = "24h before visit"` on a target that `received` starts.
    LeadStart = "lead-start", "a goal before a visit needs a booked visit", "上门前目标须由预约上门启动";
        "start the target with `visit-booked`, or count from its start",
        "请让目标由 visit-booked 启动，或自启动时计时";
    /// The lower bound of a range where no goal has one.
    ///
    /// Such as `at = "lower"` where no goal is a range such as `1-3wd`.
    NoLower = "no-lower", "no goal of this target has a lower bound", "该目标没有下限";
        "make a goal a range such as `1-3wd`, or take a share such as `50%`",
        "请把限时写成区间，如 1-3wd，或改用比例，如 50%";
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
