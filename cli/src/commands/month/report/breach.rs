//! One broken promise, in words and in a table of its time.

use punctual::clock::{Attribution, Measure};
use punctual::time::Span;

use super::super::breach::Breach;
use super::Report;
use crate::commands::names::magnitude;
use crate::table::{Align, Table, Tone};

impl Report<'_> {
    pub(super) fn breach(&mut self, breach: &Breach) {
        let reading = &breach.explanation.reading;
        let target = self.names.target(reading.agreement(), reading.target());
        let title = self.either(
            format!(
                "One broken promise, explained: {target} of {}",
                breach.ticket
            ),
            format!("一项超时的说明：{} 的{target}", breach.ticket),
        );
        self.title(&title);
        self.paragraph(&self.promised(breach));
        let mut table = Table::new();
        table.column(self.say("from", "自"), Align::Left, false);
        table.column(self.say("to", "至"), Align::Left, false);
        table.column(self.say("length", "时长"), Align::Right, false);
        table.column(self.say("counted", "累计"), Align::Right, false);
        table.column(self.say("because", "原因"), Align::Left, true);
        let mut counted = Span::ZERO;
        for row in &breach.rows {
            let before = counted;
            counted = counted.checked_add(row.counted).unwrap_or(counted);
            let is_over = reading.budget.is_some_and(|budget| counted > budget);
            let (why, tone) = match &row.why {
                Some(attribution) => self.attribution(attribution),
                None => {
                    let text = self.say("open and closed by turns", "工作与非工作时间交替");
                    (text.to_owned(), Tone::Plain)
                }
            };
            let shown = if counted > before {
                self.hours(counted, &reading.measure)
            } else {
                String::new()
            };
            table.row([
                (self.names.weekday_minute(row.interval.start()), Tone::Plain),
                (self.names.weekday_minute(row.interval.end()), Tone::Plain),
                (self.names.length(row.interval.length()), tone),
                (shown, if is_over { Tone::Bad } else { Tone::Plain }),
                (why, tone),
            ]);
        }
        self.table(&table);
        self.paragraph(&self.verdict(breach));
    }

    fn promised(&self, breach: &Breach) -> String {
        let reading = &breach.explanation.reading;
        let (class, level) = self.names.judged(&breach.status);
        let judged: Vec<&str> = [class.as_str(), level.as_str()]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect();
        let judged = judged.join(self.say(", ", "，"));
        let budget = self.hours(reading.budget.unwrap_or(Span::ZERO), &reading.measure);
        let (en, zh) = match &reading.measure {
            Measure::Wall => ("day and night".to_owned(), "不分昼夜".to_owned()),
            Measure::Working { calendar, .. } => (
                format!("while {calendar} is open"),
                format!("按 {calendar} 的工作时间"),
            ),
        };
        let start = self.names.weekday_minute(reading.started_at);
        self.either(
            format!("({judged}) It began on {start}, and {budget} were allowed, counted {en}."),
            format!("（{judged}）{start} 开始计时，限时 {budget}，{zh}计算。"),
        )
    }

    fn verdict(&self, breach: &Breach) -> String {
        let reading = &breach.explanation.reading;
        let over = magnitude(reading.remaining.unwrap_or(Span::ZERO));
        let over = self.hours(over, &reading.measure);
        let minute = |at| self.names.weekday_minute(at);
        let broken = reading.breached_at.map(minute).unwrap_or_default();
        let ended = reading.stopped_at.map(minute).unwrap_or_default();
        self.either(
            format!(
                "The time was used up on {broken}; it was done on {ended}, {over} of counted time \
                 too late. What is closed or paused did not count."
            ),
            format!(
                "时限于 {broken} 用完；{ended} 完成，计时超出 {over}。非工作时间和暂停不计入。"
            ),
        )
    }

    fn attribution(&self, attribution: &Attribution) -> (String, Tone) {
        let (en, zh, tone) = match attribution {
            Attribution::Counting => ("counting", "计时", Tone::Plain),
            Attribution::Closed => ("closed", "非工作时间", Tone::Dim),
            Attribution::Suspended => ("resolved, not yet final", "已解决，挂起", Tone::Dim),
            Attribution::BeforeStart => ("before the start", "开始之前", Tone::Dim),
            Attribution::AfterStop => ("after the end", "结束之后", Tone::Dim),
            Attribution::Paused(reasons) => {
                let names: Vec<&str> = reasons
                    .iter()
                    .map(|it| self.names.reason(it.as_str()))
                    .collect();
                let text = self.either(
                    format!("paused: {}", names.join(", ")),
                    format!("暂停：{}", names.join("、")),
                );
                return (text, Tone::Warn);
            }
        };
        (self.say(en, zh).to_owned(), tone)
    }

    /// Working time in hours, since a desk's day has no 24 of them.
    fn hours(&self, length: Span, measure: &Measure) -> String {
        match measure {
            Measure::Wall => self.names.length(length),
            Measure::Working { .. } => {
                let seconds = length.whole_seconds();
                let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
                match (hours, minutes) {
                    (0, 0) => self.names.length(length),
                    (0, minutes) => self.either(format!("{minutes}m"), format!("{minutes}分")),
                    (hours, 0) => self.either(format!("{hours}h"), format!("{hours}小时")),
                    (hours, minutes) => self.either(
                        format!("{hours}h {minutes}m"),
                        format!("{hours}小时{minutes}分"),
                    ),
                }
            }
        }
    }
}
