//! `punctual explain`: where the time of one ticket went, promise by promise.

mod parts;

use punctual::calendar::ZoneTable;
use punctual::clock::{self, Explanation, Measure, Pending, Trace};
use punctual::event::TicketId;
use punctual::language::Language;
use punctual::policy::{Reclassify, UnknownWord};
use punctual::ticket::{Status, Ticket};
use punctual::time::{Instant, Span};
use serde_json::json;

use super::names::Names;
use super::shown::{civil, target_name, tone_of, zone_name};
use crate::args::ExplainArgs;
use crate::console::{Console, Setting};
use crate::failure::{Exit, Failure};
use crate::table::Tone;
use crate::text::{clean, wrap};
use crate::tickets::{self, Promises};
use crate::words::{self, either};

/// Explains a ticket.
///
/// # Errors
/// [`Failure`] when policy or source cannot be used, or there is no such ticket.
pub fn run(args: &ExplainArgs, now: Instant, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let (promises, found) = tickets::one_promised(&args.ticket, &args.promised, console)?;
    promises.must_have(&args.target, &[])?;
    let at = tickets::instant(args.at, found.last_at, now);
    for (id, ticket) in &found.list {
        let timeline = ticket.timeline();
        let bindings = promises.bindings(ticket);
        let (mut explained, mut pending) = match &bindings {
            None => (Vec::new(), Vec::new()),
            Some(bindings) => (
                clock::explain(timeline, bindings, at),
                clock::pending(timeline, bindings, at),
            ),
        };
        let is_asked = |target: &str| {
            args.target.is_empty() || args.target.iter().any(|asked| asked == target)
        };
        explained.retain(|it| is_asked(it.reading.target().as_str()));
        pending.retain(|it| is_asked(it.target.as_str()));
        let mut unknown_words = match &bindings {
            None => Vec::new(),
            Some(bindings) => bindings.unknown_words(timeline),
        };
        unknown_words.retain(|it| timeline.fact(it.version).is_some_and(|fact| fact.at <= at));
        let story = Story {
            id,
            ticket,
            at,
            promises: &promises,
            unknown_words,
            brief: args.brief,
            setting: console.setting,
        };
        if console.setting.json {
            console.print_json(&story.as_json(&explained, &pending))?;
        } else {
            console.print(&story.text(&explained, &pending))?;
        }
    }
    Ok(match found.passed_over {
        0 => Exit::Done,
        _ => Exit::Findings,
    })
}

/// One ticket at one instant.
struct Story<'a> {
    id: &'a TicketId,
    ticket: &'a Ticket,
    at: Instant,
    promises: &'a Promises,
    /// Words of its events that mean nothing to the policy.
    unknown_words: Vec<UnknownWord>,
    brief: bool,
    setting: Setting,
}

impl Story<'_> {
    fn as_json(&self, explained: &[Explanation], pending: &[Pending]) -> serde_json::Value {
        let pending: Vec<_> = pending
            .iter()
            .map(|it| json!({"agreement": it.agreement, "target": it.target}))
            .collect();
        let anomalies = self.ticket.anomalies();
        let anomalies: Vec<String> = anomalies.iter().map(ToString::to_string).collect();
        json!({
            "ticket": self.id,
            "at": self.at,
            "promises": explained,
            "not_started": pending,
            "anomalies": anomalies,
            "unknown_words": self.unknown_words,
        })
    }

    fn text(&self, explained: &[Explanation], pending: &[Pending]) -> String {
        let mut text = self.heading();
        for explanation in explained {
            text.push('\n');
            text.push_str(&self.promise(explanation));
        }
        if explained.is_empty() {
            text.push_str(words::NOTHING_PROMISED.text(self.setting.language));
            text.push('\n');
        }
        if !pending.is_empty() {
            let names: Vec<String> = pending
                .iter()
                .map(|it| self.name(it.agreement.as_str(), it.target.as_str()))
                .collect();
            let title = words::PENDING.text(self.setting.language);
            let list = names.join(self.say(", ", "、"));
            text.push('\n');
            self.push(&mut text, 0, &format!("{title}{}{list}", self.colon()));
        }
        for anomaly in self.ticket.anomalies() {
            let warning = words::WARNING.text(self.setting.language);
            let phrase = anomaly.phrase();
            let told = phrase.text(self.setting.language);
            self.push(&mut text, 0, &format!("{warning}{}{told}", self.colon()));
        }
        for unknown in &self.unknown_words {
            let warning = words::WARNING.text(self.setting.language);
            let (version, phrase) = (unknown.version, unknown.phrase());
            let (colon, told) = (self.colon(), phrase.text(self.setting.language));
            let place = self.say("version", "版本");
            let line = format!("{warning}{colon}{place} {version}{colon}{told}");
            self.push(&mut text, 0, &line);
        }
        text
    }

    fn heading(&self) -> String {
        let zone = self.promises.policy().zone();
        let status = self.ticket.timeline().status(self.at);
        let (id, at) = (clean(self.id.as_str()), civil(self.at, zone));
        let (policy, version) = {
            let policy = self.promises.policy();
            (clean(policy.id().as_str()), policy.version())
        };
        let title = either(
            self.setting.language,
            format!(
                "{id} at {at} ({}), policy {policy} v{version}",
                zone_name(zone)
            ),
            format!(
                "{id}，{at}（{}），策略 {policy} v{version}",
                zone_name(zone)
            ),
        );
        let mut text = String::new();
        for line in wrap(&title, self.setting.columns) {
            text.push_str(&Tone::Strong.paint(&line, self.setting.color));
            text.push('\n');
        }
        self.push(&mut text, 0, &self.situation(&status, zone));
        text
    }

    /// Returns what the ticket is and where in its life.
    fn situation(&self, status: &Status, zone: &ZoneTable) -> String {
        let mut parts = Vec::new();
        if let Some(at) = status.received_at {
            let at = civil(at, zone);
            parts.push(either(
                self.setting.language,
                format!("received {at}"),
                format!("受理于 {at}"),
            ));
        }
        let (class, level) = self.names().judged(status);
        for (title, word) in [(&words::CLASS, class), (&words::LEVEL, level)] {
            if !word.is_empty() {
                let title = title.text(self.setting.language);
                parts.push(format!("{title} {}", clean(&word)));
            }
        }
        let phase = status.phase.phrase();
        parts.push(phase.text(self.setting.language).to_owned());
        if status.reopened > 0 {
            let times = status.reopened;
            parts.push(either(
                self.setting.language,
                format!(
                    "reopened {}",
                    words::counted(u64::from(times), "time", "times")
                ),
                format!("重新打开 {times} 次"),
            ));
        }
        parts.join(self.say(", ", "，"))
    }

    fn promise(&self, explanation: &Explanation) -> String {
        let reading = &explanation.reading;
        let zone = self.promises.policy().zone();
        let language = self.setting.language;
        let name = self.name(reading.agreement().as_str(), reading.target().as_str());
        let cycle = match reading.cycle {
            1 => String::new(),
            cycle => format!(" #{cycle}"),
        };
        let outcome = reading.outcome.phrase();
        let outcome = outcome.text(language);
        let title = Tone::Strong.paint(&format!("{name}{cycle}"), self.setting.color);
        let outcome = tone_of(reading.outcome).paint(outcome, self.setting.color);
        let mut text = format!("{title}{}{outcome}\n", self.colon());
        self.push(&mut text, 2, &self.use_of_budget(explanation));
        let instants = self.instants(explanation, zone);
        if !instants.is_empty() {
            self.push(&mut text, 2, &instants);
        }
        let replaced = explanation.traces.len() > 1;
        for trace in explanation.traces.iter().filter(|_| replaced) {
            let line = self.goal(trace, &reading.measure, zone);
            self.push(&mut text, 2, &line);
        }
        if !self.brief {
            text.push_str(&indented(&self.parts(explanation, zone)));
        }
        self.push(&mut text, 2, &self.sums(explanation));
        text
    }

    fn use_of_budget(&self, explanation: &Explanation) -> String {
        let reading = &explanation.reading;
        let language = self.setting.language;
        let measure = match &reading.measure {
            Measure::Wall => self.say("day and night", "全天计时").to_owned(),
            Measure::Working { calendar, version } => either(
                language,
                format!("open time of {} v{version}", clean(calendar.as_str())),
                format!("{} v{version} 的工作时间", clean(calendar.as_str())),
            ),
        };
        let used = length(Some(reading.elapsed), &reading.measure, language);
        let percent = reading
            .percent_used
            .map_or_else(String::new, |used| format!(" ({used}%)"));
        let budget = length(reading.budget, &reading.measure, language);
        either(
            language,
            format!("used {used} of {budget}{percent}, {measure}"),
            format!("已用 {used}，限时 {budget}{percent}，{measure}"),
        )
    }

    /// Returns when it falls due and what became of that.
    fn instants(&self, explanation: &Explanation, zone: &ZoneTable) -> String {
        let reading = &explanation.reading;
        let language = self.setting.language;
        let mut parts = Vec::new();
        let mut add = |at: Option<Instant>, en: &str, zh: &str| {
            if let Some(at) = at {
                let at = civil(at, zone);
                parts.push(either(language, format!("{en} {at}"), format!("{zh} {at}")));
            }
        };
        add(reading.due_at, "due", "到期");
        // They differ where the budget ends at closing: until the next opening nobody is late.
        let later = reading
            .breach_after
            .filter(|after| Some(*after) != reading.due_at);
        add(later, "in time until", "最迟");
        add(
            reading.due_if_resumed_now,
            "due, if it went on now,",
            "若此刻恢复，到期",
        );
        add(reading.breached_at, "breached", "超时");
        add(reading.stopped_at, "ended", "结束");
        if reading.provisional {
            parts.push(
                self.say(
                    "provisional, since holidays are not published yet",
                    "暂定：节假日尚未公布",
                )
                .to_owned(),
            );
        }
        parts.join(self.say(", ", "，"))
    }

    fn goal(&self, trace: &Trace, measure: &Measure, zone: &ZoneTable) -> String {
        let language = self.setting.language;
        let mode = match trace.mode {
            None => self.say("with the start", "随开始生效"),
            Some(Reclassify::Retroactive) => {
                self.say("from the original start", "自原开始时间重算")
            }
            Some(Reclassify::Carry) => self.say("the share used is kept", "保留已用比例"),
            Some(Reclassify::Forward) => {
                self.say("the whole budget from here on", "自此重新给足时限")
            }
            Some(Reclassify::Reset) => self.say("as if it started here", "视为自此开始"),
        };
        let (at, budget) = (
            civil(trace.attached_at, zone),
            length(trace.budget, measure, language),
        );
        let due = trace.due_at.map(|at| civil(at, zone));
        let due = due.map_or_else(String::new, |due| {
            either(language, format!(", due {due}"), format!("，到期 {due}"))
        });
        let breached = trace.breached_at.map(|at| civil(at, zone));
        let breached = breached.map_or_else(String::new, |at| {
            either(language, format!(", breached {at}"), format!("，超时 {at}"))
        });
        let gone = if trace.is_superseded {
            self.say("; replaced", "；已被取代")
        } else {
            ""
        };
        either(
            language,
            format!("goal from {at}: {budget}, {mode}{due}{breached}{gone}"),
            format!("目标自 {at}：{budget}，{mode}{due}{breached}{gone}"),
        )
    }

    fn sums(&self, explanation: &Explanation) -> String {
        let sums: Vec<String> = explanation
            .sums()
            .iter()
            .map(|(what, sum)| {
                let sum = explanation.length_text(what, *sum, self.setting.language);
                format!("{} {sum}", self.attribution(what).0)
            })
            .collect();
        let total = explanation.wall_time().to_string();
        let total = self.setting.language.length(&total);
        let list = sums.join(self.say(", ", "，"));
        either(
            self.setting.language,
            format!("sum: {list}; together {total}"),
            format!("合计：{list}；总计 {total}"),
        )
    }

    /// Returns the name of a target as people know it.
    fn name(&self, agreement: &str, target: &str) -> String {
        target_name(self.promises, agreement, target, self.setting.language)
    }

    fn names(&self) -> Names<'_> {
        Names {
            policy: self.promises.policy(),
            language: self.setting.language,
            about: self.at,
        }
    }

    fn say<'p>(&self, en: &'p str, zh: &'p str) -> &'p str {
        match self.setting.language {
            Language::Chinese => zh,
            Language::English | _ => en,
        }
    }

    const fn colon(&self) -> &'static str {
        words::colon(self.setting.language)
    }

    /// Adds a paragraph, wrapped and indented.
    fn push(&self, text: &mut String, indent: usize, paragraph: &str) {
        let room = self.setting.columns.saturating_sub(indent);
        for line in wrap(&clean(paragraph), room) {
            text.push_str(&" ".repeat(indent));
            text.push_str(&line);
            text.push('\n');
        }
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

fn length(length: Option<Span>, measure: &Measure, language: Language) -> String {
    length.map_or_else(
        || "-".to_owned(),
        |length| measure.length_text(length, language),
    )
}
