//! An explanation in plain words.

use std::fmt::Write;

use super::explain::{Attribution, Explanation, Part, Trace};
use super::reading::Measure;
use crate::calendar::ZoneTable;
use crate::language::Language;
use crate::policy::Reclassify;
use crate::time::{Instant, Span};

impl Measure {
    /// Returns a length of this measure as people should read it: open time in hours, since a
    /// desk's day has no 24 of them, and wall time in days and hours.
    ///
    /// ```
    /// use punctual::clock::Measure;
    /// use punctual::language::Language;
    /// use punctual::time::Span;
    ///
    /// let office = Measure::Working { calendar: "office".parse()?, version: 1 };
    /// let length = Span::from_hours(26)?;
    /// assert_eq!(office.length_text(length, Language::English), "26h"); // three days of a desk
    /// assert_eq!(office.length_text(length, Language::Chinese), "26小时");
    /// assert_eq!(Measure::Wall.length_text(length, Language::English), "1d 2h");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn length_text(&self, length: Span, language: Language) -> String {
        match self {
            Self::Wall => language.length(&length.to_string()),
            Self::Working { .. } => language.length(&length.in_hours()),
        }
    }
}

impl Explanation {
    /// Returns the explanation as a table in plain words, with civil times of `zone`.
    ///
    /// The lines of the table follow each other without a hole, and the last line gives the sums.
    /// Open time, counted or paused, is in hours and never in days: a desk's day has no 24 of them.
    /// Everything else is time by the clock on the wall.
    ///
    /// ```
    /// use punctual::clock::{self, Bindings};
    /// use punctual::language::Language;
    /// use punctual::policy::Policy;
    /// # use punctual::event::Actor;
    /// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
    /// # fn ticket(told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
    /// #     let mut ticket = Ticket::default();
    /// #     for (civil, action) in told {
    /// #         let at = format!("{civil}:00+08:00").parse()?;
    /// #         let action: Action = serde_json::from_str(action)?;
    /// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
    /// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
    /// #         ticket.apply(&event.recorded("acme/ticket/T-1".parse()?, &ticket));
    /// #     }
    /// #     Ok(ticket)
    /// # }
    ///
    /// let policy = Policy::from_toml(r#"
    ///     policy   = "repairs"
    ///     timezone = "Asia/Shanghai"
    ///     default-calendar = "office"
    ///     [calendar.office]
    ///     week = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
    ///     [pause]
    ///     awaiting-parts = {}
    ///     [target.repaired]
    ///     start = "dispatched"
    ///     stop  = "resolved"
    ///     pause = "awaiting-parts"
    ///     goals = [{ within = "2wh" }]
    /// "#)?;
    /// let ticket = ticket(&[
    ///     ("2026-03-09T09:00", r#"{"type":"receive"}"#),
    ///     ("2026-03-09T10:00", r#"{"type":"dispatch"}"#),
    ///     ("2026-03-09T11:30", r#"{"type":"pause","reason":"awaiting-parts"}"#),
    ///     ("2026-03-09T14:00", r#"{"type":"resume"}"#),
    /// ])?;
    /// let now = "2026-03-09T14:15:00+08:00".parse()?;
    /// let explained = clock::explain(ticket.timeline(), &Bindings::to(&policy), now);
    /// let text = explained[0].text(Language::English, policy.zone());
    /// let table: Vec<&str> = text.lines().skip(3).map(str::trim).collect();
    /// assert_eq!(
    ///     table,
    ///     [
    ///         "2026-03-09 09:00:00  2026-03-09 10:00:00      1h  before the start",
    ///         "2026-03-09 10:00:00  2026-03-09 11:30:00  1h 30m  counting",
    ///         "2026-03-09 11:30:00  2026-03-09 12:00:00     30m  paused (awaiting-parts)",
    ///         "2026-03-09 12:00:00  2026-03-09 13:30:00  1h 30m  closed",
    ///         "2026-03-09 13:30:00  2026-03-09 14:00:00     30m  paused (awaiting-parts)",
    ///         "2026-03-09 14:00:00  2026-03-09 14:15:00     15m  counting",
    ///         "sum: before the start 1h, counting 1h 45m, closed 1h 30m, paused (awaiting-parts) 1h; \
    ///          together 5h 15m",
    ///     ],
    /// );
    ///
    /// let text = explained[0].text(Language::Chinese, policy.zone());
    /// assert!(text.contains(" 30分  暂停（awaiting-parts）"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn text(&self, language: Language, zone: &ZoneTable) -> String {
        let words = Words::of(language);
        let show = |at: Instant| civil(at, zone);
        let mut text = self.heading(&words);
        for trace in &self.traces {
            text.push_str(&trace_line(trace, &self.reading.measure, &words, &show));
        }
        text.push_str(&self.table(&words, &show));
        let sums = self.sums();
        let sums: Vec<String> = sums
            .iter()
            .map(|(what, sum)| {
                let sum = self.length_text(what, *sum, language);
                format!("{} {sum}", words.attribution(what))
            })
            .collect();
        let total = language.length(&self.wall_time().to_string());
        let [colon, semicolon, comma, ..] = words.marks;
        let (sum, sums, together) = (words.sum, sums.join(comma), words.total);
        let _ = writeln!(text, "  {sum}{colon}{sums}{semicolon}{together} {total}");
        text
    }

    /// Returns a length of what was attributed to `what`, as people should read it.
    ///
    /// Counting and paused time of a clock that measures open time is open time, and is written in
    /// hours; all other time, and all time of a clock that runs day and night, in days and hours.
    #[must_use]
    pub fn length_text(&self, what: &Attribution, length: Span, language: Language) -> String {
        match what {
            Attribution::Counting | Attribution::Paused(_) => {
                self.reading.measure.length_text(length, language)
            }
            Attribution::BeforeStart
            | Attribution::Closed
            | Attribution::Suspended
            | Attribution::AfterStop => language.length(&length.to_string()),
        }
    }

    /// Writes a line for every part, each column as wide as its widest cell.
    fn table(&self, words: &Words, show: &impl Fn(Instant) -> String) -> String {
        let row = |part: &Part| {
            let (interval, what) = (part.interval, &part.attribution);
            [
                show(interval.start()),
                show(interval.end()),
                self.length_text(what, interval.length(), words.language),
                words.attribution(what),
            ]
        };
        let rows: Vec<[String; 4]> = self.parts.iter().map(row).collect();
        let widest = |cell: fn(&[String; 4]) -> &str| {
            let widths = rows.iter().map(|row| columns(cell(row)));
            widths.max().unwrap_or_default()
        };
        let from_width = widest(|[from, ..]| from);
        let to_width = widest(|[_, to, ..]| to);
        let length_width = widest(|[_, _, length, _]| length);
        let line = |[from, to, length, what]: &[String; 4]| {
            let before_length = " ".repeat(length_width.saturating_sub(columns(length)));
            format!("  {from:from_width$}  {to:to_width$}  {before_length}{length}  {what}\n")
        };
        rows.iter().map(line).collect()
    }

    fn heading(&self, words: &Words) -> String {
        let reading = &self.reading;
        let [colon, semicolon, _, open, close] = words.marks;
        let measure = match &reading.measure {
            Measure::Wall => words.wall.to_owned(),
            Measure::Working { calendar, version } => format!("{calendar} v{version}"),
        };
        let budget = length(reading.budget, &reading.measure, words);
        let percent = reading
            .percent_used
            .map_or_else(String::new, |used| format!("{open}{used}%{close}"));
        let clock = format!(
            "{}/{} #{}",
            reading.clock.agreement, reading.clock.target, reading.cycle
        );
        let outcome = reading.outcome.phrase();
        let outcome = outcome.text(words.language);
        let policy = format!("{} v{}", reading.policy, reading.policy_version);
        let elapsed = length(Some(reading.elapsed), &reading.measure, words);
        let parts = [
            format!("{}{colon}{policy}", words.policy),
            format!("{}{colon}{budget}{open}{measure}{close}", words.allowed),
            format!("{}{colon}{elapsed}{percent}", words.used),
        ];
        format!("{clock}{colon}{outcome}\n  {}\n", parts.join(semicolon))
    }
}

/// The second is enough for a person; an exact instant that has more digits shows them.
fn civil(at: Instant, zone: &ZoneTable) -> String {
    zone.local(at).format("%Y-%m-%d %H:%M:%S%.f").to_string()
}

fn length(length: Option<Span>, measure: &Measure, words: &Words) -> String {
    length.map_or_else(
        || "-".to_owned(),
        |length| measure.length_text(length, words.language),
    )
}

/// How many columns a cell takes: the units of Chinese lengths take two each.
fn columns(cell: &str) -> usize {
    let width = |char: char| if char.is_ascii() { 1 } else { 2 };
    cell.chars().map(width).sum()
}

fn trace_line(
    trace: &Trace,
    measure: &Measure,
    words: &Words,
    show: &impl Fn(Instant) -> String,
) -> String {
    let mode = match trace.mode {
        None => words.start,
        Some(Reclassify::Retroactive) => words.retroactive,
        Some(Reclassify::Carry) => words.carry,
        Some(Reclassify::Forward) => words.forward,
        Some(Reclassify::Reset) => words.reset,
    };
    let instant = |at: Option<Instant>| at.map_or_else(|| "-".to_owned(), show);
    let superseded = if trace.is_superseded {
        words.superseded
    } else {
        ""
    };
    let [colon, semicolon, comma, open, close] = words.marks;
    let (at, event, by) = (show(trace.attached_at), words.event, trace.attached_by);
    let parts = [
        format!(
            "{}{colon}{at}{open}{event} {by}{comma}{mode}{close}",
            words.goal
        ),
        format!(
            "{}{colon}{}",
            words.allowed,
            length(trace.budget, measure, words)
        ),
        format!("{}{colon}{}", words.due, instant(trace.due_at)),
        format!(
            "{}{colon}{}{superseded}",
            words.breached,
            instant(trace.breached_at)
        ),
    ];
    format!("  {}\n", parts.join(semicolon))
}

/// The words of one language.
struct Words {
    language: Language,
    /// Colon, semicolon and comma; what opens and closes an aside.
    marks: [&'static str; 5],
    policy: &'static str,
    allowed: &'static str,
    used: &'static str,
    wall: &'static str,
    goal: &'static str,
    event: &'static str,
    due: &'static str,
    breached: &'static str,
    sum: &'static str,
    total: &'static str,
    start: &'static str,
    retroactive: &'static str,
    carry: &'static str,
    forward: &'static str,
    reset: &'static str,
    superseded: &'static str,
}

impl Words {
    const ENGLISH: Self = Self {
        language: Language::English,
        marks: [": ", "; ", ", ", " (", ")"],
        policy: "policy",
        allowed: "allowed",
        used: "used",
        wall: "day and night",
        goal: "goal",
        event: "event",
        due: "due",
        breached: "breached",
        sum: "sum",
        total: "together",
        start: "with the start",
        retroactive: "from the original start",
        carry: "the share used is kept",
        forward: "the whole budget from here on",
        reset: "as if it started here",
        superseded: "; superseded",
    };

    const CHINESE: Self = Self {
        language: Language::Chinese,
        marks: ["：", "；", "，", "（", "）"],
        policy: "策略",
        allowed: "限时",
        used: "已用",
        wall: "全天计时",
        goal: "目标",
        event: "事件",
        due: "到期",
        breached: "超时",
        sum: "合计",
        total: "总计",
        start: "随开始生效",
        retroactive: "自原开始时间重算",
        carry: "保留已用比例",
        forward: "自此重新给足时限",
        reset: "视为自此开始",
        superseded: "；已被取代",
    };

    const fn of(language: Language) -> Self {
        match language {
            Language::English => Self::ENGLISH,
            Language::Chinese => Self::CHINESE,
        }
    }

    fn attribution(&self, attribution: &Attribution) -> String {
        let (english, chinese) = match attribution {
            Attribution::BeforeStart => ("before the start", "开始之前"),
            Attribution::Counting => ("counting", "计时"),
            Attribution::Closed => ("closed", "非工作时间"),
            Attribution::Suspended => ("suspended", "已解决，挂起"),
            Attribution::AfterStop => ("after the stop", "结束之后"),
            Attribution::Paused(reasons) => {
                let names: Vec<&str> = reasons.iter().map(AsRef::as_ref).collect();
                return match self.language {
                    Language::English => format!("paused ({})", names.join(", ")),
                    Language::Chinese => format!("暂停（{}）", names.join("、")),
                };
            }
        };
        match self.language {
            Language::English => english.to_owned(),
            Language::Chinese => chinese.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{self, Bindings};
    use crate::event::Actor;
    use crate::policy::Policy;
    use crate::ticket::{Action, Command, Permit, Ticket, decide};

    /// A desk that is open ten hours a day. `solved` counts them, `answered` counts every hour.
    const DESK: &str = r#"
        policy   = "repairs"
        timezone = "Asia/Shanghai"
        default-calendar = "office"
        [calendar.office]
        week = { mon-sun = ["08:00-18:00"] }
        [pause]
        awaiting-parts = {}
        [target.solved]
        start = "received"
        stop  = "resolved"
        pause = "awaiting-parts"
        goals = [{ within = "30wh" }]
        [target.answered]
        start = "received"
        stop  = "replied"
        pause = "awaiting-parts"
        goals = [{ within = "30h" }]
    "#;

    fn told(target: &str, language: Language) -> String {
        let policy = Policy::from_toml(DESK).unwrap();
        let mut ticket = Ticket::default();
        for (at, action) in [
            ("2026-03-09T08:00:00+08:00", r#"{"type":"receive"}"#),
            (
                "2026-03-11T18:00:00+08:00",
                r#"{"type":"pause","reason":"awaiting-parts"}"#,
            ),
            ("2026-03-14T13:00:00.5+08:00", r#"{"type":"resume"}"#),
        ] {
            let at: Instant = at.parse().unwrap();
            let action: Action = serde_json::from_str(action).unwrap();
            let command = Command::new(action, at, Actor::new("desk".parse().unwrap()));
            let event = decide(&ticket, command, &Permit::default(), at)
                .unwrap()
                .remove(0);
            ticket.apply(&event.recorded("acme/ticket/T-1".parse().unwrap(), &ticket));
        }
        let now = "2026-03-14T14:00:00+08:00".parse().unwrap();
        let explained = clock::explain(ticket.timeline(), &Bindings::to(&policy), now);
        let found = explained
            .iter()
            .find(|it| it.reading.target().as_str() == target);
        found.unwrap().text(language, policy.zone())
    }

    #[test]
    fn open_time_is_told_in_hours_and_wall_time_in_days() {
        for (target, language, sums) in [
            (
                "solved",
                Language::English,
                "sum: counting 30h 59m 59s 500000us, closed 2d 22h, \
                 paused (awaiting-parts) 25h 500000us; together 5d 6h",
            ),
            (
                "solved",
                Language::Chinese,
                "合计：计时 30小时59分59秒500000微秒，非工作时间 2天22小时，\
                 暂停（awaiting-parts） 25小时500000微秒；总计 5天6小时",
            ),
            (
                "answered",
                Language::English,
                "sum: counting 2d 10h 59m 59s 500000us, \
                 paused (awaiting-parts) 2d 19h 500000us; together 5d 6h",
            ),
        ] {
            let told = told(target, language);
            let last = told.lines().last().unwrap().trim();
            assert_eq!(last, sums, "{told}");
        }
    }

    #[test]
    fn what_a_part_is_begins_in_the_same_column_of_every_line() {
        for language in [Language::English, Language::Chinese] {
            for target in ["solved", "answered"] {
                let told = told(target, language);
                let parts = told.lines().filter(|line| line.starts_with("  2026"));
                let mut begins: Vec<usize> = parts
                    .map(|line| columns(line.rsplit_once("  ").unwrap().0))
                    .collect();
                assert!(begins.len() > 2, "{told}");
                begins.dedup();
                assert_eq!(begins.len(), 1, "{told}");
            }
        }
    }
}
