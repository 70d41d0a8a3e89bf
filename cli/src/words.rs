//! What the command says, in every language.

use punctual::clock::Activity;
use punctual::language::{Language, Phrase};
use punctual::policy::Target;
use punctual::projection::{Period, SliceKind};
use punctual::time::Span;

/// Writes phrases that are fixed; `Phrase` must be in scope.
macro_rules! phrases {
    ($($name:ident = $en:literal, $zh:literal;)*) => {$(
        #[doc = concat!("\"", $en, "\"")]
        pub static $name: Phrase = Phrase::fixed($en, $zh);
    )*};
}
pub(crate) use phrases;

phrases! {
    ERROR = "error", "错误";
    BECAUSE = "because", "原因";
    FOUND = "found", "实际";
    EXPECTED = "expected", "应为";
    WARNING = "warning", "警告";
    NOTE = "note", "说明";
    ACCEPTED = "accepted", "已接受";
    STDIN = "standard input", "标准输入";
    READING = "reading", "读取";
    WRITING = "writing", "写入";
    WALKING = "walking", "检查";
    AGREEMENT = "agreement", "协议";
    TARGET = "target", "目标";
    TICKET = "ticket", "工单";
    TICKETS = "tickets", "工单";
    MET = "met", "按时";
    BREACHED = "breached", "超时";
    COMPLIANCE = "compliance", "达标率";
    OPEN = "open", "进行中";
    OVERDUE = "overdue", "逾期未结";
    WITHOUT_VERDICT = "no verdict", "无结论";
    CLASS = "class", "类别";
    LEVEL = "level", "级别";
    DUE_AT = "due", "到期时间";
    OVER_FOR = "over for", "已超";
    LEFT = "left", "剩余";
    STATE = "state", "状态";
    NOW_DUE = "now", "此刻";
    NAME = "name", "名称";
    ABOUT = "about", "内容";
    EVENTS = "events", "事件";
    COMMITS = "commits", "提交";
    STREAMS = "streams", "流";
    COMMANDS = "commands", "命令";
    PARTITION = "partition", "分区";
    PARTITIONS = "partitions", "分区";
    HAPPENED = "what happened", "经过";
    NOTHING_PROMISED = "nothing was promised of this ticket", "此工单没有任何承诺";
    NOTHING_OVERDUE = "nothing is overdue", "没有逾期的承诺";
    NOTHING_NEXT = "nothing falls due", "没有即将到期的承诺";
    NO_TICKETS = "no ticket has a promise under this policy", "按此策略，没有工单有承诺";
    CLEAN = "nothing to object", "没有问题";
    PENDING = "not started", "未开始";
    SCORING = "scoring", "统计";
    RATE = "rate", "指标";
    RATES = "Rates", "指标";
    KEPT = "kept", "达标率";
    COUNTED = "counted", "数量";
    BEFORE = "before", "上期";
    DEFINITION = "definition", "定义";
    PROMISES = "Promises", "承诺";
    DEVELOPMENT = "Over time", "变化";
    RECEIVED = "received", "受理";
    RESOLVED = "resolved", "解决";
    COMPLAINTS = "complaints", "投诉率";
    REOPENED = "reopened", "重开率";
    SATISFIED = "satisfied", "满意率";
    FIRST_RESPONSE = "first response", "首次响应";
    RESOLUTION = "resolution", "解决用时";
    SATISFACTION = "satisfaction", "满意度";
    MEDIAN = "median", "中位用时";
    SOUND = "sound", "完好";
    DAMAGED = "damaged", "损坏";
}

/// Returns what a period is called.
#[must_use]
pub fn period(period: Period, language: Language) -> &'static str {
    static DAY: Phrase = Phrase::fixed("day", "日");
    static WEEK: Phrase = Phrase::fixed("week", "周");
    static MONTH: Phrase = Phrase::fixed("month", "月");
    static QUARTER: Phrase = Phrase::fixed("quarter", "季度");
    let phrase = match period {
        Period::Day => &DAY,
        Period::Week => &WEEK,
        Period::Month => &MONTH,
        Period::Quarter => &QUARTER,
    };
    phrase.text(language)
}

/// Returns what tickets are told apart by.
#[must_use]
pub fn slice(kind: SliceKind, language: Language) -> &'static str {
    static ALL: Phrase = Phrase::fixed("all", "全部");
    static CHANNEL: Phrase = Phrase::fixed("channel", "渠道");
    static PRODUCT: Phrase = Phrase::fixed("product", "产品");
    static AGENT: Phrase = Phrase::fixed("agent", "人员");
    static TEAM: Phrase = Phrase::fixed("team", "团队");
    let phrase = match kind {
        SliceKind::All => &ALL,
        SliceKind::Class => &CLASS,
        SliceKind::Level => &LEVEL,
        SliceKind::Channel => &CHANNEL,
        SliceKind::Product => &PRODUCT,
        SliceKind::Agent => &AGENT,
        SliceKind::Team => &TEAM,
    };
    phrase.text(language)
}

/// Returns what stands between a title and what it is about.
#[must_use]
pub const fn colon(language: Language) -> &'static str {
    match language {
        Language::Chinese => "：",
        Language::English | _ => ": ",
    }
}

/// Returns what to call a target: its id in English, which filters and verdicts use too, elsewhere
/// what the policy calls it in the language.
#[must_use]
pub fn target(target: &Target, language: Language) -> &str {
    let label = match language {
        Language::English => None,
        Language::Chinese | _ => target.label.text(language.tag()),
    };
    label.unwrap_or(target.id.as_str())
}

/// Returns `en` or `zh`.
#[must_use]
pub fn either(language: Language, en: String, zh: String) -> String {
    Phrase::new(en, zh).text(language).to_owned()
}

/// Returns a number with its noun: `1 ticket`, `2 tickets`.
#[must_use]
pub fn counted(number: u64, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{} {noun}", grouped(number))
}

/// Returns a number with a comma at every thousand.
///
/// ```
/// use punctual_cli::words::grouped;
///
/// assert_eq!((grouped(161_509).as_str(), grouped(7).as_str()), ("161,509", "7"));
/// ```
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns how many mistakes a policy has.
#[must_use]
pub fn mistakes(name: &str, total: usize, omitted: usize, language: Language) -> String {
    let total = total as u64;
    let (en_rest, zh_rest) = match omitted {
        0 => (String::new(), String::new()),
        omitted => (
            format!(", {omitted} of them not shown"),
            format!("，其中 {omitted} 处未显示"),
        ),
    };
    either(
        language,
        format!("{name}: {}{en_rest}", counted(total, "mistake", "mistakes")),
        format!("{name}：共 {total} 处错误{zh_rest}"),
    )
}

/// Returns that so many further lines are not shown.
#[must_use]
pub fn and_more(more: usize, language: Language) -> String {
    let more = more as u64;
    either(
        language,
        format!("... and {} more", grouped(more)),
        format!("……另有 {} 条", grouped(more)),
    )
}

/// Returns a file and a line of it.
#[must_use]
pub fn place(file: &str, line: u64, language: Language) -> String {
    either(
        language,
        format!("{file}, line {line}"),
        format!("{file} 第 {line} 行"),
    )
}

/// Returns a column by number and name.
#[must_use]
pub fn column_named(column: u64, field: &str, language: Language) -> String {
    either(
        language,
        format!(", column {column} ({field})"),
        format!("第 {column} 列（{field}）"),
    )
}

/// Returns a column by number.
#[must_use]
pub fn column(column: u64, language: Language) -> String {
    either(
        language,
        format!(", column {column}"),
        format!("第 {column} 列"),
    )
}

/// Returns a field by name.
#[must_use]
pub fn field(field: &str, language: Language) -> String {
    either(
        language,
        format!(", field {field}"),
        format!("字段 {field}"),
    )
}

/// Returns what a clock is doing.
#[must_use]
pub const fn activity(activity: Activity) -> Phrase {
    match activity {
        Activity::Pending => Phrase::fixed("pending", "未开始"),
        Activity::Running => Phrase::fixed("running", "计时中"),
        Activity::Paused => Phrase::fixed("paused", "暂停"),
        Activity::Suspended => Phrase::fixed("suspended", "挂起"),
        Activity::Stopped => Phrase::fixed("stopped", "已结束"),
    }
}

/// Returns a length in its two largest units, rounded down: enough for a queue.
///
/// ```
/// use punctual::language::Language;
/// use punctual::time::Span;
/// use punctual_cli::words::brief;
///
/// let length = Span::from_seconds(2 * 86_400 + 3 * 3_600 + 59)?;
/// assert_eq!(brief(length, Language::English), "2d 3h");
/// assert_eq!(brief(Span::from_seconds(59)?, Language::Chinese), "59秒");
/// # Ok::<(), punctual::time::TimeError>(())
/// ```
#[must_use]
pub fn brief(length: Span, language: Language) -> String {
    let seconds = length.whole_seconds().unsigned_abs();
    let units = match language {
        Language::Chinese => ["天", "小时", "分", "秒"],
        Language::English | _ => ["d", "h", "m", "s"],
    };
    let counts = [
        seconds / 86_400,
        seconds / 3_600 % 24,
        seconds / 60 % 60,
        seconds % 60,
    ];
    let gap = match language {
        Language::Chinese => "",
        Language::English | _ => " ",
    };
    let first = counts.iter().position(|count| *count > 0).unwrap_or(3);
    let shown = counts.iter().zip(units).skip(first).take(2);
    let shown: Vec<String> = shown
        .enumerate()
        .filter(|(place, (count, _))| *place == 0 || **count > 0)
        .map(|(_, (count, unit))| format!("{count}{unit}"))
        .collect();
    let sign = if length.is_negative() { "-" } else { "" };
    format!("{sign}{}", shown.join(gap))
}

/// Returns what else there was, behind the sentence that it belongs to: so many of each sort, none where
/// there was none.
///
/// ```
/// use punctual::language::Language;
/// use punctual_cli::words::beside;
///
/// let sorts = [(2, "were there before", "此前已有"), (0, "were moved", "已移动")];
/// assert_eq!(beside(&sorts, Language::English), ", 2 were there before");
/// assert_eq!(beside(&sorts, Language::Chinese), "，2 个此前已有");
/// ```
#[must_use]
pub fn beside(sorts: &[(u64, &str, &str)], language: Language) -> String {
    let found = sorts.iter().filter(|(count, ..)| *count > 0);
    let said = found.map(|(count, en, zh)| {
        let count = grouped(*count);
        either(
            language,
            format!(", {count} {en}"),
            format!("，{count} 个{zh}"),
        )
    });
    said.collect()
}
