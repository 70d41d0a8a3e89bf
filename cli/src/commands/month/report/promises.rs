//! How promises were kept, and what customers said.

use punctual::event::Kind;
use punctual::time::Span;

use super::super::figures::TargetFigures;
use super::Report;
use crate::table::{Align, Table, Tone};
use crate::tally::share;
use crate::words::{self, grouped};

impl Report<'_> {
    pub(super) fn promises(&mut self) {
        let figures = &self.played.figures;
        let n = grouped;
        let permille = (figures.kept * 1_000).checked_div(figures.decided);
        let tickets = self.played.survey.tickets.len() as u64;
        let title = self.either(
            format!(
                "Promises: {} of {} kept ({}), {} of {} without a broken one",
                n(figures.kept),
                n(figures.decided),
                share(permille),
                n(figures.unbroken_tickets),
                words::counted(tickets, "ticket", "tickets"),
            ),
            format!(
                "承诺：{} 项已有结论，{} 项按时（{}）；{} 个工单中 {} 个没有超时",
                n(figures.decided),
                n(figures.kept),
                share(permille),
                n(tickets),
                n(figures.unbroken_tickets),
            ),
        );
        self.title(&title);
        if figures.targets.is_empty() {
            return;
        }
        let mut table = Table::new();
        table.column(self.say("target", "目标"), Align::Left, true);
        table.column(self.say("all", "承诺"), Align::Right, false);
        table.column(self.say("kept", "按时"), Align::Right, false);
        table.column(self.say("broken", "超时"), Align::Right, false);
        table.column(self.say("rate", "达标率"), Align::Right, false);
        table.column(self.say("open", "进行中"), Align::Right, false);
        table.column(self.say("late", "逾期"), Align::Right, false);
        table.column(self.say("half", "半数"), Align::Right, false);
        table.column(self.say("9 in 10", "九成"), Align::Right, false);
        for target in &figures.targets {
            table.row(self.target(target));
        }
        self.table(&table);
        let note = self.say(
            "late: over, and not done. half, 9 in 10: so much of its time or more was left to half of \
             the promises when done, and to nine in ten; negative when it was over.",
            "逾期：已超时，尚未完成。半数、九成：完成时，半数及九成的承诺至少还剩这么多时间；负数为超出。",
        );
        self.paragraph(note);
    }

    fn target(&self, target: &TargetFigures) -> [(String, Tone); 9] {
        let figure = |number: u64, tone| {
            let tone = if number == 0 { Tone::Dim } else { tone };
            (grouped(number), tone)
        };
        let margin = |margin: Option<i64>| match margin {
            None => ("-".to_owned(), Tone::Dim),
            Some(micros) => {
                let length = self.names.margin(Span::from_micros(micros));
                (length, if micros < 0 { Tone::Bad } else { Tone::Plain })
            }
        };
        [
            (
                self.names.target(&target.agreement, &target.target),
                Tone::Plain,
            ),
            figure(target.promises, Tone::Plain),
            figure(target.kept, Tone::Good),
            figure(target.broken, Tone::Bad),
            (share(target.compliance_permille), Tone::Strong),
            figure(target.open, Tone::Plain),
            figure(target.overdue, Tone::Warn),
            margin(target.median_margin_micros),
            margin(target.nine_in_ten_margin_micros),
        ]
    }

    pub(super) fn opinions(&mut self) {
        let figures = &self.played.figures;
        let n = grouped;
        let mut lines = Vec::new();
        if figures.surveys > 0 {
            let scores: Vec<String> = figures.scores.iter().map(|it| n(*it)).collect();
            let (satisfied, surveys) = (n(figures.satisfied), n(figures.surveys));
            let rate = share((figures.satisfied * 1_000).checked_div(figures.surveys));
            lines.push(self.either(
                format!(
                    "Customers: {satisfied} of {surveys} who answered are satisfied ({rate}); from \
                     worst to best {}.",
                    scores.join(", "),
                ),
                format!(
                    "客户：{surveys} 份答卷中 {satisfied} 份满意（{rate}）；由差到好依次为 {}。",
                    scores.join("、"),
                ),
            ));
        }
        if figures.late_facts > 0 {
            let late = n(figures.late_facts);
            let revised = self.played.survey.count(Kind::VerdictRevised);
            let revised = n(revised);
            lines.push(self.either(
                format!(
                    "Late facts: {late} were recorded after they had happened; {revised} verdicts \
                     were revised by them, each by an event of its own."
                ),
                format!(
                    "迟到的事实：{late} 条事后补记，因此修正结论 {revised} 项，每项各记一个事件。"
                ),
            ));
        }
        if !lines.is_empty() {
            self.text.push('\n');
        }
        for line in lines {
            self.paragraph(&line);
        }
    }
}
