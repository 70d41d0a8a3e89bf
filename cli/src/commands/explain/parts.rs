//! Where the time went, stretch by stretch.

use punctual::calendar::ZoneTable;
use punctual::clock::{Attribution, Explanation, Part};
use punctual::time::Span;

use super::Story;
use crate::commands::shown::civil;
use crate::table::{Align, Table, Tone};
use crate::text::clean;
use crate::words::either;

impl Story<'_> {
    /// Returns the stretches as a table.
    pub(super) fn parts(&self, explanation: &Explanation, zone: &ZoneTable) -> String {
        let language = self.setting.language;
        let mut table = Table::new();
        table.column(self.say("from", "自"), Align::Left, false);
        table.column(self.say("to", "至"), Align::Left, false);
        table.column(self.say("length", "时长"), Align::Right, false);
        table.column(self.say("what", "说明"), Align::Left, true);
        for stretch in stretches(&explanation.parts) {
            let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else {
                continue;
            };
            let length = last.interval.end().since(first.interval.start());
            let (length, (what, tone)) = match stretch {
                [only] => (
                    explanation.length_text(&only.attribution, length, language),
                    self.attribution(&only.attribution),
                ),
                several => (
                    language.length(&length.to_string()),
                    (self.in_turn(explanation, several), Tone::Plain),
                ),
            };
            table.row([
                (civil(first.interval.start(), zone), Tone::Plain),
                (civil(last.interval.end(), zone), Tone::Plain),
                (length, Tone::Plain),
                (what, tone),
            ]);
        }
        table.render(self.setting.columns.saturating_sub(2), self.setting.color)
    }

    fn in_turn(&self, explanation: &Explanation, parts: &[Part]) -> String {
        let language = self.setting.language;
        let sum = |wanted: Attribution| {
            let own = parts.iter().filter(|part| part.attribution == wanted);
            let sum = own.map(|part| part.interval.length().micros()).sum();
            explanation.length_text(&wanted, Span::from_micros(sum), language)
        };
        let counting = sum(Attribution::Counting);
        let closed = sum(Attribution::Closed);
        either(
            language,
            format!("by turns: counting {counting}, closed {closed}"),
            format!("交替：计时 {counting}，非工作时间 {closed}"),
        )
    }

    pub(super) fn attribution(&self, attribution: &Attribution) -> (String, Tone) {
        let (en, zh, tone) = match attribution {
            Attribution::BeforeStart => ("before the start", "开始之前", Tone::Dim),
            Attribution::Counting => ("counting", "计时", Tone::Plain),
            Attribution::Closed => ("closed", "非工作时间", Tone::Dim),
            Attribution::Suspended => ("suspended: resolved", "挂起：已解决", Tone::Dim),
            Attribution::AfterStop => ("after the end", "结束之后", Tone::Dim),
            Attribution::Paused(reasons) => {
                let names = self.names();
                let reasons: Vec<&str> =
                    reasons.iter().map(|it| names.reason(it.as_str())).collect();
                let text = either(
                    self.setting.language,
                    format!("paused: {}", reasons.join(", ")),
                    format!("暂停：{}", reasons.join("、")),
                );
                return (clean(&text).into_owned(), Tone::Warn);
            }
        };
        (self.say(en, zh).to_owned(), tone)
    }
}

/// Divides the parts for people: where a clock runs over many days and nights, those become one.
fn stretches(parts: &[Part]) -> impl Iterator<Item = &[Part]> {
    /// Fewer than these are shown one by one: a working week.
    const MANY: usize = 10;
    let is_routine = |part: &Part| {
        matches!(
            part.attribution,
            Attribution::Counting | Attribution::Closed
        )
    };
    parts
        .chunk_by(move |a, b| is_routine(a) && is_routine(b))
        .flat_map(|chunk| {
            let step = if chunk.len() < MANY { 1 } else { chunk.len() };
            chunk.chunks(step)
        })
}
