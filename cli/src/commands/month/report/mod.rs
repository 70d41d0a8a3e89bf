//! What is said of a month.

mod breach;
mod json;
mod promises;
mod queue;

use punctual::language::Language;
use punctual::time::Span;

use super::{Feed, Played};
use crate::commands::names::Names;
use crate::console::{Console, Setting};
use crate::failure::Failure;
use crate::table::{Table, Tone};
use crate::text::{clean, wrap};
use crate::words::{self, either, grouped};

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
        let until = self.played.until;
        let mut commands = Vec::new();
        let breach = self.played.breach.as_ref();
        let any = self.played.survey.tickets.keys().next().map(|it| it.id());
        if let Some(ticket) = breach.map(|it| it.ticket.as_str()).or(any) {
            let ticket = quoted(ticket);
            commands.push(format!(
                "{program} explain {ticket} --store {store} --at {until}"
            ));
        }
        commands.push(format!("{program} due --store {store} --at {until}"));
        commands.push(format!("{program} export {store} --out month.jsonl"));
        commands
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
