//! `punctual due`: what is overdue, and what falls due next.

use punctual::clock::{self, Activity, Reading};
use punctual::language::Language;
use punctual::ticket::{Status, Ticket};
use punctual::time::{Instant, Span};
use serde_json::json;

use super::shown::{target_name, tone_of, zone_name};
use crate::args::DueArgs;
use crate::console::Console;
use crate::failure::{Exit, Failure};
use crate::table::{Align, Table, Tone};
use crate::text::{clean, wrap};
use crate::tickets::{self, Promises};
use crate::words::{self, brief, either};

/// Lists the queue.
///
/// # Errors
/// [`Failure`] when policy or source cannot be used.
pub fn run(args: &DueArgs, now: Instant, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let (promises, found) = tickets::all_promised(&args.promised, console)?;
    promises.must_have(&args.target, &args.agreement)?;
    let at = tickets::instant(args.at, found.last_at, now);
    let mut queue = Queue::new(at);
    for (id, ticket) in &found.list {
        queue.add(id.as_str(), ticket, &promises, args);
    }
    queue.sort();
    if console.setting.json {
        console.print_json(&queue.as_json(args.limit))?;
    } else {
        let text = queue.text(args.limit, &promises, console);
        console.print(&text)?;
    }
    Ok(match found.passed_over {
        0 => Exit::Done,
        _ => Exit::Findings,
    })
}

/// One promise that has not ended.
struct Entry<'t> {
    ticket: &'t str,
    class: Option<String>,
    level: Option<String>,
    reading: Reading,
}

/// The promises that have not ended, by what they need.
struct Queue<'t> {
    at: Instant,
    /// Over.
    overdue: Vec<Entry<'t>>,
    /// Not over, and running.
    next: Vec<Entry<'t>>,
    /// Paused or suspended: nothing falls due.
    waiting: u64,
    /// Running, but never due: the calendar does not get that far.
    without_instant: u64,
}

impl<'t> Queue<'t> {
    const fn new(at: Instant) -> Self {
        Self {
            at,
            overdue: Vec::new(),
            next: Vec::new(),
            waiting: 0,
            without_instant: 0,
        }
    }

    fn add(&mut self, id: &'t str, ticket: &Ticket, promises: &Promises, args: &DueArgs) {
        let Some(bindings) = promises.bindings(ticket) else {
            return;
        };
        let readings = clock::read(ticket.timeline(), &bindings, self.at);
        if !readings.iter().any(Reading::is_live) {
            return;
        }
        let status = ticket.timeline().status(self.at);
        if !is_wanted(&status, args) {
            return;
        }
        for reading in readings.into_iter().filter(|it| is_asked(it, args)) {
            let list = if reading.outcome.is_over() {
                &mut self.overdue
            } else if matches!(reading.activity, Activity::Paused | Activity::Suspended) {
                self.waiting += 1;
                continue;
            } else if !reading.outcome.is_undecided() {
                continue;
            } else if reading.due_at.is_none() {
                self.without_instant += 1;
                continue;
            } else {
                &mut self.next
            };
            list.push(Entry {
                ticket: id,
                class: status.class.as_ref().map(ToString::to_string),
                level: status.level.as_ref().map(ToString::to_string),
                reading,
            });
        }
    }

    fn sort(&mut self) {
        let key = |entry: &Entry<'_>| (entry.due_at(), entry.ticket.to_owned());
        self.overdue.sort_by_cached_key(key);
        self.next.sort_by_cached_key(key);
    }

    fn as_json(&self, limit: usize) -> serde_json::Value {
        let list = |entries: &[Entry<'_>]| {
            let shown = entries.iter().take(limit).map(Entry::as_json);
            shown.collect::<Vec<_>>()
        };
        json!({
            "at": self.at,
            "overdue": list(&self.overdue),
            "overdue_total": self.overdue.len(),
            "next": list(&self.next),
            "next_total": self.next.len(),
            "waiting": self.waiting,
            "without_instant": self.without_instant,
        })
    }

    fn text(&self, limit: usize, promises: &Promises, console: &Console<'_>) -> String {
        let setting = &console.setting;
        let language = setting.language;
        let zone = promises.policy().zone();
        let at = zone.local(self.at).format("%Y-%m-%d %H:%M");
        let zone = zone_name(zone);
        let (late, next) = (self.overdue.len() as u64, self.next.len() as u64);
        let title = either(
            language,
            format!(
                "{at} ({zone}): {} overdue, {} to come, {} waiting",
                words::grouped(late),
                words::grouped(next),
                words::grouped(self.waiting),
            ),
            format!(
                "{at}（{zone}）：逾期 {} 项，待办 {} 项，等待 {} 项",
                words::grouped(late),
                words::grouped(next),
                words::grouped(self.waiting),
            ),
        );
        let mut text = String::new();
        for line in wrap(&title, setting.columns) {
            text.push_str(&Tone::Strong.paint(&line, setting.color));
            text.push('\n');
        }
        for (entries, title, none) in [
            (&self.overdue, &words::OVER_FOR, &words::NOTHING_OVERDUE),
            (&self.next, &words::LEFT, &words::NOTHING_NEXT),
        ] {
            text.push('\n');
            if entries.is_empty() {
                text.push_str(console.say(none));
                text.push('\n');
                continue;
            }
            let mut table = columns(console.say(title), language);
            for entry in entries.iter().take(limit) {
                table.row(entry.cells(self.at, promises, language));
            }
            text.push_str(&table.render(setting.columns, setting.color));
            let untold = entries.len().saturating_sub(limit);
            if untold > 0 {
                text.push_str(&words::and_more(untold, language));
                text.push('\n');
            }
        }
        text
    }
}

fn columns(length: &str, language: Language) -> Table {
    let mut table = Table::new();
    let say = |phrase: &'static punctual::language::Phrase| phrase.text(language);
    table.column(say(&words::DUE_AT), Align::Left, false);
    table.column(length, Align::Right, false);
    table.column(say(&words::TICKET), Align::Left, true);
    table.column(say(&words::CLASS), Align::Left, true);
    table.column(say(&words::LEVEL), Align::Left, true);
    table.column(say(&words::TARGET), Align::Left, true);
    table.column(say(&words::STATE), Align::Left, true);
    table
}

impl Entry<'_> {
    /// Returns when it fell or falls due. One that was over as its goal came may have no such
    /// instant; then it is the breach itself.
    fn due_at(&self) -> Option<Instant> {
        self.reading.due_at.or(self.reading.breached_at)
    }

    fn as_json(&self) -> serde_json::Value {
        json!({
            "ticket": self.ticket,
            "class": self.class,
            "level": self.level,
            "agreement": self.reading.agreement(),
            "target": self.reading.target(),
            "cycle": self.reading.cycle,
            "activity": self.reading.activity,
            "outcome": self.reading.outcome.name(),
            "due_at": self.reading.due_at,
            "breach_after": self.reading.breach_after,
            "breached_at": self.reading.breached_at,
            "budget_micros": self.reading.budget.map(Span::micros),
            "elapsed_micros": self.reading.elapsed.micros(),
            "remaining_micros": self.reading.remaining.map(Span::micros),
            "remaining_wall_micros": self.reading.remaining_wall.map(Span::micros),
            "percent_used": self.reading.percent_used,
        })
    }

    fn cells(&self, now: Instant, promises: &Promises, language: Language) -> Vec<(String, Tone)> {
        let zone = promises.policy().zone();
        let due = self.due_at();
        let shown = due.map_or_else(String::new, |at| {
            zone.local(at).format("%Y-%m-%d %H:%M").to_string()
        });
        let away = due.map_or(Span::ZERO, |at| at.since(now));
        let is_over = self.reading.outcome.is_over();
        let away = match (is_over, away.is_negative()) {
            (true, true) => brief(Span::from_micros(away.micros().saturating_neg()), language),
            // Due at closing, and until the next opening still in time.
            (false, true) => words::NOW_DUE.text(language).to_owned(),
            (_, false) => brief(away, language),
        };
        let tone = tone_of(self.reading.outcome);
        let state = match self.reading.activity {
            Activity::Running => self
                .reading
                .percent_used
                .map_or_else(String::new, |percent| format!("{percent}%")),
            Activity::Pending | Activity::Paused | Activity::Suspended | Activity::Stopped => {
                let activity = words::activity(self.reading.activity);
                activity.text(language).to_owned()
            }
        };
        let name = target_name(
            promises,
            self.reading.agreement().as_str(),
            self.reading.target().as_str(),
            language,
        );
        let cycle = match self.reading.cycle {
            1 => String::new(),
            cycle => format!(" #{cycle}"),
        };
        vec![
            (shown, Tone::Plain),
            (away, tone),
            (clean(self.ticket).into_owned(), Tone::Strong),
            (self.class.clone().unwrap_or_default(), Tone::Plain),
            (self.level.clone().unwrap_or_default(), Tone::Plain),
            (format!("{name}{cycle}"), Tone::Plain),
            (state, tone),
        ]
    }
}

fn is_wanted(status: &Status, args: &DueArgs) -> bool {
    let has = |asked: &[String], found: Option<&str>| {
        asked.is_empty() || found.is_some_and(|found| asked.iter().any(|it| it == found))
    };
    has(&args.class, status.class.as_ref().map(AsRef::as_ref))
        && has(&args.level, status.level.as_ref().map(AsRef::as_ref))
}

fn is_asked(reading: &Reading, args: &DueArgs) -> bool {
    let has =
        |asked: &[String], found: &str| asked.is_empty() || asked.iter().any(|it| it == found);
    reading.is_live()
        && has(&args.agreement, reading.agreement().as_str())
        && has(&args.target, reading.target().as_str())
}
