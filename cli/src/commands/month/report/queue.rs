//! Who was told, and which tickets wait.

use super::super::queue::Entry;
use super::Report;
use crate::table::{Align, Table, Tone};
use crate::words::{self, grouped};

/// How many of the promises that fell due at closing are shown.
const AT_CLOSING: usize = 3;

impl Report<'_> {
    pub(super) fn notices(&mut self) {
        let notices = self.played.notices;
        let title = self.say(
            "Who was told, and the latest notice to each",
            "通知对象及其最近一次通知",
        );
        self.title(title);
        if notices.roles.is_empty() {
            let nobody = self.say("Nobody had to be told.", "无需通知任何人。");
            return self.paragraph(nobody);
        }
        let mut table = Table::new();
        table.column(self.say("role", "角色"), Align::Left, true);
        table.column(self.say("times", "次数"), Align::Right, false);
        table.column(self.say("late", "迟发"), Align::Right, false);
        table.column(self.say("to be sent", "发送时间"), Align::Left, false);
        table.column(self.say("ticket", "工单"), Align::Left, true);
        table.column(self.say("of", "目标"), Align::Left, true);
        for ((_, role), told) in notices.roles.iter().rev() {
            let mut row = vec![
                (self.names.role(role).to_owned(), Tone::Plain),
                (grouped(told.times), Tone::Plain),
                (
                    if told.late > 0 {
                        grouped(told.late)
                    } else {
                        String::new()
                    },
                    Tone::Warn,
                ),
            ];
            if let Some(notice) = &told.sample {
                let target = (notice.agreement.parse(), notice.target.parse());
                let target = match target {
                    (Ok(agreement), Ok(target)) => self.names.target(&agreement, &target),
                    _ => notice.target.clone(),
                };
                row.push((self.names.weekday_minute(notice.deliver_at), Tone::Plain));
                row.push((notice.ticket.clone(), Tone::Strong));
                row.push((target, Tone::Plain));
            }
            table.row(row);
        }
        self.table(&table);
    }

    pub(super) fn queue(&mut self) {
        let queue = &self.played.queue;
        let n = grouped;
        let at = self.names.minute(self.played.until);
        let title = self.either(
            format!(
                "The queue on {at}: {} open, {} of them with an overdue promise",
                words::counted(queue.open(), "ticket", "tickets"),
                n(queue.overdue),
            ),
            format!(
                "{at} 的待办：未结工单 {}，其中有逾期承诺的 {}",
                n(queue.open()),
                n(queue.overdue)
            ),
        );
        self.title(&title);
        if queue.next.is_empty() {
            let nothing = self.say(
                "Nothing else falls due; `due`, below, lists what is overdue.",
                "没有其他即将到期的承诺；逾期的可用下面的 due 命令列出。",
            );
            return self.paragraph(nothing);
        }
        let mut table = Table::new();
        table.column(self.say("due", "到期"), Align::Left, false);
        table.column(self.say("left", "剩余"), Align::Right, false);
        table.column(self.say("ticket", "工单"), Align::Left, true);
        table.column(self.say("class", "类别"), Align::Left, true);
        table.column(self.say("level", "级别"), Align::Left, true);
        table.column(self.say("target", "目标"), Align::Left, true);
        table.column(self.say("owner", "负责人"), Align::Left, true);
        let limit = self.played.args.limit;
        // A few of those that fell due at closing are enough: all of them are in time until the desk
        // opens again.
        let (closed, ahead): (Vec<&Entry>, Vec<&Entry>) = queue
            .next
            .iter()
            .partition(|entry| entry.left.is_negative());
        let few = closed
            .len()
            .min(AT_CLOSING)
            .max(limit.saturating_sub(ahead.len()));
        let shown = closed.iter().take(few).chain(&ahead).take(limit);
        for entry in shown {
            table.row(self.entry(entry));
        }
        self.table(&table);
        if !closed.is_empty() {
            let closed = n(closed.len() as u64);
            let text = self.either(
                format!("now: {closed} fell due as the desk closed, and are in time until it opens again."),
                format!("此刻：{closed} 项在下班时到期，到下次上班前完成仍算按时。"),
            );
            self.paragraph(&text);
        }
        let more = queue.next.len().saturating_sub(limit);
        if more > 0 {
            self.paragraph(&words::and_more(more, self.setting.language));
        }
    }

    fn entry(&self, entry: &Entry) -> [(String, Tone); 7] {
        let (class, level) = self.names.judged(&entry.status);
        let tone = match entry.percent_used {
            Some(80..) => Tone::Warn,
            _ => Tone::Plain,
        };
        let left = if entry.left.is_negative() {
            words::NOW_DUE.text(self.setting.language).to_owned()
        } else {
            self.names.length(entry.left)
        };
        let mut target = self.names.target(&entry.agreement, &entry.target);
        if entry.cycle > 1 {
            target.push_str(&format!(" #{}", entry.cycle));
        }
        let owner = entry
            .owner
            .as_ref()
            .map(|role| self.names.role(role).to_owned());
        [
            (self.names.day_minute(entry.due_at), Tone::Plain),
            (left, tone),
            (
                entry.ticket.clone(),
                if entry.is_overdue {
                    Tone::Bad
                } else {
                    Tone::Strong
                },
            ),
            (class, Tone::Plain),
            (level, Tone::Plain),
            (target, Tone::Plain),
            (owner.unwrap_or_default(), Tone::Plain),
        ]
    }
}
