//! `punctual replay`: every promise of a whole log under a policy.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};

use punctual::language::Language;
use punctual::policy::Policy;
use punctual::ticket::{Anomaly, Ticket};
use punctual::time::Instant;
use serde_json::json;

use crate::args::ReplayArgs;
use crate::console::{Console, Setting};
use crate::failure::{Exit, Failure, about};
use crate::input::{Histories, Problem};
use crate::table::Tone;
use crate::tally::Tally;
use crate::text::{clean, wrap, write_json};
use crate::tickets::{self, is_for};
use crate::unknown_words::UnknownWords;
use crate::verdict::Verdicts;
use crate::{policy, words};

/// Replays a log.
///
/// # Errors
/// [`Failure`] when policy, map or events cannot be used, or the verdicts cannot be written.
pub fn run(args: &ReplayArgs, now: Instant, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if let Some(out) = args.out.as_deref().filter(|out| is_same(out, &args.events)) {
        return Err(Failure::unusable(about(
            out,
            "the verdicts would overwrite the events; choose another file",
            "结论会覆盖事件文件；请另选文件",
        )));
    }
    let policy = policy::load(&args.policy)?;
    let mut histories = tickets::from_events(&args.events, &args.input, console)?;
    histories.keep_tenant(args.input.tenant.as_deref())?;
    let as_of = tickets::instant(args.as_of, histories.last_at, now);
    let mut summary = Summary::new(&policy, &histories, as_of, console.setting.language);
    match args.out.as_deref() {
        None => replay(&policy, histories, &mut summary, &mut std::io::sink())?,
        Some("-") => replay(&policy, histories, &mut summary, &mut *console.out)?,
        Some(path) => {
            let cannot = || Failure::surroundings(about(path, "cannot be written", "无法写入"));
            let file = File::create(path).map_err(|error| cannot().because(&error))?;
            let mut out = BufWriter::with_capacity(1 << 18, file);
            replay(&policy, histories, &mut summary, &mut out)?;
            out.flush().map_err(|error| cannot().because(&error))?;
        }
    }
    summary.tell(console, args.out.as_deref() == Some("-"))?;
    Ok(match summary.passed_over {
        0 => Exit::Done,
        _ => Exit::Findings,
    })
}

/// Returns whether two names lead to one file that is there.
fn is_same(out: &str, events: &str) -> bool {
    let real = |name: &str| fs::canonicalize(name).ok();
    real(out).is_some_and(|out| Some(out) == real(events))
}

/// Writes a line for every promise of every ticket, in the order in which the tickets first appear
/// and the clocks started.
fn replay(
    policy: &Policy,
    histories: Histories,
    summary: &mut Summary,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    for (id, ticket) in histories.into_folded() {
        summary.notice(id.as_str(), &ticket);
        if !is_for(policy, &ticket) {
            continue;
        }
        let unknown = policy.unknown_words(ticket.timeline());
        summary.unknown_words.add(id.as_str(), unknown);
        let verdicts = Verdicts::read(&id, &ticket, policy, summary.as_of);
        summary.tally.add(verdicts.readings());
        summary.promises += verdicts.readings().len() as u64;
        summary.with_promises += u64::from(!verdicts.readings().is_empty());
        for verdict in verdicts.iter() {
            write_json(&mut *out, &verdict)?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

/// What is told after a replay.
struct Summary {
    file: String,
    policy: String,
    as_of: Instant,
    rows: u64,
    events: u64,
    tickets: u64,
    with_promises: u64,
    promises: u64,
    passed_over: usize,
    problems: Vec<Problem>,
    anomalies: BTreeMap<&'static str, Anomalies>,
    unknown_words: UnknownWords,
    tally: Tally,
}

/// What cannot have been so, of one sort.
struct Anomalies {
    count: u64,
    /// The ticket that had it first.
    ticket: String,
    first: Anomaly,
}

impl Anomalies {
    /// Returns the first, for whoever wants to look.
    fn example(&self, language: Language) -> String {
        let (ticket, phrase) = (&self.ticket, self.first.phrase());
        format!("{ticket}: {}", phrase.text(language))
    }
}

impl Summary {
    fn new(policy: &Policy, histories: &Histories, as_of: Instant, language: Language) -> Self {
        Self {
            file: histories.problems.file().to_owned(),
            policy: format!("{} v{}", policy.id(), policy.version()),
            as_of,
            rows: histories.rows,
            events: histories.events,
            tickets: histories.tickets.len() as u64,
            with_promises: 0,
            promises: 0,
            passed_over: histories.problems.count(),
            problems: histories.problems.kept().to_vec(),
            anomalies: BTreeMap::new(),
            unknown_words: UnknownWords::default(),
            tally: Tally::new(policy, language),
        }
    }

    fn notice(&mut self, id: &str, ticket: &Ticket) {
        for anomaly in ticket.anomalies() {
            let found = self.anomalies.entry(sort_of(&anomaly));
            let found = found.or_insert_with(|| Anomalies {
                count: 0,
                ticket: id.to_owned(),
                first: anomaly,
            });
            found.count += 1;
        }
    }

    fn tell(&self, console: &mut Console<'_>, beside: bool) -> Result<(), Failure> {
        let mut text = Vec::new();
        if console.setting.json {
            crate::text::write_json_pretty(&mut text, &self.as_json())?;
            text.push(b'\n');
        } else {
            text.extend_from_slice(self.text(&console.setting).as_bytes());
        }
        if beside {
            // The output has the verdicts.
            let _ = console.err.write_all(&text);
            return Ok(());
        }
        Ok(console.out.write_all(&text)?)
    }

    fn as_json(&self) -> serde_json::Value {
        let anomalies: serde_json::Map<_, _> = self
            .anomalies
            .iter()
            .map(|(sort, found)| {
                let found =
                    json!({"count": found.count, "first": found.example(Language::English)});
                ((*sort).to_owned(), found)
            })
            .collect();
        json!({
            "events_file": self.file,
            "policy": self.policy,
            "as_of": self.as_of,
            "rows": self.rows,
            "events": self.events,
            "tickets": self.tickets,
            "tickets_with_promises": self.with_promises,
            "promises": self.promises,
            "rows_passed_over": self.passed_over,
            "problems": self.problems,
            "anomalies": anomalies,
            "unknown_words": self.unknown_words.as_json(),
            "targets": self.tally.targets(),
        })
    }

    fn text(&self, setting: &Setting) -> String {
        let language = setting.language;
        let mut text = String::new();
        let (file, policy) = (clean(&self.file), clean(&self.policy));
        let heading = words::either(
            language,
            format!("{file} under {policy}, as of {}", self.as_of),
            format!("{file}，策略 {policy}，截至 {}", self.as_of),
        );
        let n = words::grouped;
        let counts = words::either(
            language,
            format!(
                "{}, {}; {} on {}",
                words::counted(self.events, "event", "events"),
                words::counted(self.tickets, "ticket", "tickets"),
                words::counted(self.promises, "promise", "promises"),
                words::counted(self.with_promises, "ticket", "tickets"),
            ),
            format!(
                "{} 个事件，{} 个工单；其中 {} 个工单有 {} 项承诺",
                n(self.events),
                n(self.tickets),
                n(self.with_promises),
                n(self.promises),
            ),
        );
        for line in wrap(&heading, setting.columns) {
            text.push_str(&Tone::Strong.paint(&line, setting.color));
            text.push('\n');
        }
        for line in wrap(&counts, setting.columns) {
            text.push_str(&line);
            text.push('\n');
        }
        let table = self.tally.render(setting);
        text.push('\n');
        if table.is_empty() {
            text.push_str(words::NO_TICKETS.text(language));
            text.push('\n');
        }
        text.push_str(&table);
        self.troubles(&mut text, setting);
        text
    }

    fn troubles(&self, text: &mut String, setting: &Setting) {
        let language = setting.language;
        let mut lines = Vec::new();
        if self.passed_over > 0 {
            let rows = self.passed_over as u64;
            lines.push(words::either(
                language,
                format!(
                    "{} of {} passed over; see above",
                    words::counted(rows, "row", "rows"),
                    words::grouped(self.rows),
                ),
                format!(
                    "共 {} 行，其中 {rows} 行被跳过，见上",
                    words::grouped(self.rows)
                ),
            ));
        }
        for (sort, found) in &self.anomalies {
            let (one, many, chinese) = title_of(sort);
            let counted = words::counted(found.count, one, many);
            let count = words::grouped(found.count);
            let example = found.example(language);
            let example = clean(&example);
            lines.push(words::either(
                language,
                format!("{counted}, the first at {example}"),
                format!("{chinese}：{count} 处，首处为 {example}"),
            ));
        }
        lines.extend(self.unknown_words.lines(language));
        if !lines.is_empty() {
            text.push('\n');
        }
        for line in lines.iter().flat_map(|line| wrap(line, setting.columns)) {
            text.push_str(&Tone::Warn.paint(&line, setting.color));
            text.push('\n');
        }
    }
}

/// Returns the stable name of a sort of anomaly.
fn sort_of(anomaly: &Anomaly) -> &'static str {
    match anomaly {
        Anomaly::Gap { .. } => "gap",
        Anomaly::Repeated { .. } => "repeated",
        Anomaly::Foreign { .. } => "foreign",
        Anomaly::RecordedBackwards { .. } => "recorded-backwards",
        Anomaly::Unknown { .. } => "unknown",
        Anomaly::Impossible { .. } => "impossible",
        _ => "other",
    }
}

/// Returns what one and what several of a sort are called, and what they are called in Chinese.
fn title_of(sort: &str) -> (&'static str, &'static str, &'static str) {
    match sort {
        "gap" => (
            "hole in the numbering",
            "holes in the numbering",
            "编号缺失",
        ),
        "repeated" => ("event told twice", "events told twice", "重复事件"),
        "foreign" => (
            "event of another ticket",
            "events of another ticket",
            "他单事件",
        ),
        "recorded-backwards" => (
            "event recorded backwards in time",
            "events recorded backwards in time",
            "记录时间倒退",
        ),
        "unknown" => (
            "event of an unknown kind",
            "events of an unknown kind",
            "未知类型事件",
        ),
        "impossible" => (
            "event that cannot have happened then",
            "events that cannot have happened then",
            "当时不可能发生的事件",
        ),
        _ => ("other anomaly", "other anomalies", "其他异常"),
    }
}
