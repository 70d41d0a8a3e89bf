//! What is said of a month.

use punctual::clock::{Attribution, Measure};
use punctual::event::Kind;
use punctual::language::Language;
use punctual::time::Span;
use serde_json::json;

use super::breach::Breach;
use super::figures::TargetFigures;
use super::names::{Names, magnitude};
use super::queue::Entry;
use super::{Feed, Played};
use crate::console::{Console, Setting};
use crate::failure::Failure;
use crate::table::{Align, Table, Tone};
use crate::tally::share;
use crate::text::{clean, wrap};
use crate::words::{self, either, grouped};

/// How many of the promises that fell due at closing are shown.
const AT_CLOSING: usize = 3;

/// A month, and how it is told.
pub(super) struct Report<'a> {
    played: &'a Played<'a>,
    names: Names<'a>,
    setting: Setting,
    text: String,
}

impl<'a> Report<'a> {
    pub(super) const fn new(played: &'a Played<'a>, setting: Setting) -> Self {
        Self {
            played,
            names: Names {
                policy: played.policy,
                language: setting.language,
                about: played.until,
            },
            setting,
            text: String::new(),
        }
    }

    /// Writes it.
    pub(super) fn tell(mut self, console: &mut Console<'_>) -> Result<(), Failure> {
        if self.setting.json {
            return console.print_json(&self.as_json());
        }
        self.beginning();
        self.restart();
        self.notices();
        self.queue();
        if let Some(breach) = &self.played.breach {
            self.breach(breach);
        }
        self.promises();
        self.opinions();
        self.go_on();
        console.print(&self.text)
    }

    fn say(&self, en: &'static str, zh: &'static str) -> &'static str {
        match self.setting.language {
            Language::Chinese => zh,
            Language::English | _ => en,
        }
    }

    fn either(&self, en: String, zh: String) -> String {
        either(self.setting.language, en, zh)
    }

    fn title(&mut self, title: &str) {
        let wrapped = wrap(&clean(title), self.setting.columns);
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        for line in wrapped {
            self.text
                .push_str(&Tone::Strong.paint(&line, self.setting.color));
            self.text.push('\n');
        }
    }

    fn paragraph(&mut self, text: &str) {
        for line in wrap(&clean(text), self.setting.columns) {
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    fn table(&mut self, table: &Table) {
        let text = table.render(self.setting.columns, self.setting.color);
        self.text.push_str(&text);
    }

    fn beginning(&mut self) {
        let played = self.played;
        let policy = format!("{} v{}", played.policy.id(), played.policy.version());
        let (from, until) = (played.feed.from(), played.feed.until());
        // A month ends at midnight: its last day is the one before.
        let last = until.checked_sub(Span::MICROSECOND).unwrap_or(until);
        let (from, last) = (self.names.date(from), self.names.date(last));
        let zone = played.policy.zone().name();
        let title = match played.feed {
            Feed::Desk(_) => {
                let seed = played.args.seed;
                self.either(
                    format!(
                        "After-sales from {from} to {last} ({zone}), policy {policy}, seed {seed}"
                    ),
                    format!("售后 {from} 至 {last}（{zone}），策略 {policy}，种子 {seed}"),
                )
            }
            Feed::Log(log) => self.either(
                format!(
                    "{} from {from} to {last} ({zone}), policy {policy}",
                    log.name
                ),
                format!("{}，{from} 至 {last}（{zone}），策略 {policy}", log.name),
            ),
        };
        self.title(&title);
        let counts = played.counts;
        let tickets = played.survey.tickets.len() as u64;
        let (en_taken, zh_taken) = match played.feed {
            Feed::Desk(_) => (
                words::counted(counts.taken, "command", "commands"),
                "条命令",
            ),
            Feed::Log(_) => (words::counted(counts.taken, "event", "events"), "个事件"),
        };
        let n = grouped;
        let text = self.either(
            format!(
                "{} and {en_taken} played; the engine looked {} for what is due and recorded {}, {} \
                 and {}. There are {} in {}.",
                words::counted(tickets, "ticket", "tickets"),
                words::counted(counts.ticks, "time", "times"),
                words::counted(counts.warned, "warning", "warnings"),
                words::counted(counts.breached, "breach", "breaches"),
                words::counted(counts.escalated, "escalation", "escalations"),
                words::counted(played.survey.events, "event", "events"),
                played.args.store,
            ),
            format!(
                "共 {} 个工单，{} {zh_taken}；引擎到期检查 {} 次，记录预警 {}、超时 {}、升级 {}。{} 中有 {} 个事件。",
                n(tickets),
                n(counts.taken),
                n(counts.ticks),
                n(counts.warned),
                n(counts.breached),
                n(counts.escalated),
                played.args.store,
                n(played.survey.events),
            ),
        );
        self.paragraph(&text);
        if counts.refused > 0 {
            let refused = n(counts.refused);
            let text = self.either(
                format!("{refused} commands were refused."),
                format!("{refused} 条命令被拒绝。"),
            );
            self.paragraph(&text);
        }
    }

    fn restart(&mut self) {
        let found = &self.played.restart;
        let n = grouped;
        let at = self.names.minute(found.at);
        let next = found.next_at.map_or_else(
            || self.say("none", "无").to_owned(),
            |at| self.names.minute(at),
        );
        let title = self.either(
            format!("Restart on {at}: nothing was lost"),
            format!("{at} 重启：没有丢失"),
        );
        self.title(&title);
        let known = match found.last_command_known {
            Some(true) => self.say(
                " The last command, sent again, was known by its id and recorded nothing.",
                "最后一条命令重发，按其编号识别，未重复记录。",
            ),
            _ => "",
        };
        let text = self.either(
            format!(
                "Engine and store were closed and opened again: the same {} events in {} commits, \
                 each of {} tickets folds to the same state, {} of them open, and the next due \
                 instant is {next} as before.{known}",
                n(found.events),
                n(found.commits),
                n(found.tickets),
                n(found.open_tickets),
            ),
            format!(
                "引擎和存储关闭后重新打开：{} 个提交中的 {} 个事件不变，{} 个工单逐一重算状态相同，其中未结 {} 个，下一到期时刻仍为 {next}。{known}",
                n(found.commits),
                n(found.events),
                n(found.tickets),
                n(found.open_tickets),
            ),
        );
        self.paragraph(&text);
    }

    fn notices(&mut self) {
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

    fn queue(&mut self) {
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

    fn breach(&mut self, breach: &Breach) {
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

    fn promises(&mut self) {
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

    fn opinions(&mut self) {
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

    fn go_on(&mut self) {
        let title = self.say("Go on with", "接下来");
        self.title(title);
        for command in self.commands() {
            // Not wrapped: a command must be copied in one piece.
            self.text.push_str(&format!("  {}\n", clean(&command)));
        }
    }

    /// Returns commands that go on from here.
    fn commands(&self) -> Vec<String> {
        let args = self.played.args;
        let (program, store) = (quoted(&args.program), quoted(&args.store));
        let policy = quoted(args.policy.as_deref().unwrap_or("after-sales"));
        let until = self.played.until;
        let mut commands = Vec::new();
        let breach = self.played.breach.as_ref();
        let any = self.played.survey.tickets.keys().next().map(|it| it.id());
        if let Some(ticket) = breach.map(|it| it.ticket.as_str()).or(any) {
            let ticket = quoted(ticket);
            commands.push(format!(
                "{program} explain {ticket} --store {store} --policy {policy} --at {until}"
            ));
        }
        commands.push(format!(
            "{program} due --store {store} --policy {policy} --at {until}"
        ));
        commands.push(format!("{program} export {store} --out month.jsonl"));
        commands
    }

    fn as_json(&self) -> serde_json::Value {
        let played = self.played;
        let roles: Vec<_> = played
            .notices
            .roles
            .iter()
            .rev()
            .map(|((rank, role), told)| json!({"role": role, "rank": rank, "told": told}))
            .collect();
        let queue: Vec<_> = played
            .queue
            .next
            .iter()
            .take(played.args.limit)
            .map(|entry| {
                json!({
                    "ticket": entry.ticket,
                    "agreement": entry.agreement,
                    "target": entry.target,
                    "cycle": entry.cycle,
                    "class": entry.status.class,
                    "level": entry.status.level,
                    "owner": entry.owner,
                    "due_at": entry.due_at,
                    "left_micros": entry.left.micros(),
                    "percent_used": entry.percent_used,
                    "has_overdue": entry.is_overdue,
                })
            })
            .collect();
        let breach = played
            .breach
            .as_ref()
            .map(|breach| json!({"ticket": breach.ticket, "explanation": breach.explanation}));
        json!({
            "store": played.args.store,
            "policy": played.policy.id(),
            "policy_version": played.policy.version(),
            "policies": played.book.iter().count(),
            "from": played.feed.from(),
            "until": played.feed.until(),
            "seed": match played.feed { Feed::Desk(_) => Some(played.args.seed), Feed::Log(_) => None },
            "tickets": played.survey.tickets.len(),
            "commits": played.survey.commits,
            "events": played.survey.events,
            "events_by_kind": played.survey.kinds,
            "played": played.counts,
            "rows_passed_over": played.feed.passed_over(),
            "restart": played.restart,
            "notices": {"total": played.notices.total, "again": played.notices.again, "roles": roles},
            "queue": {
                "open": played.queue.open(),
                "overdue": played.queue.overdue,
                "next_total": played.queue.next.len(),
                "next": queue,
            },
            "breach": breach,
            "figures": played.figures,
            "go_on": self.commands(),
        })
    }
}

/// Returns a word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=+@%,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
