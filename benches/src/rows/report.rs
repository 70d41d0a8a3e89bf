//! The page for managers, made from a file of events by the `punctual` command itself.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

use punctual::event::{Class, Kind, Recorded};
use punctual::ticket::{Ticket, TicketEvent};
use punctual::time::Instant;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::backtest::tickets;
use crate::alone::{self, Told, Work};
use crate::command::Command;
use crate::figure::{Side, Unit};
use crate::load::history::{self, Office};
use crate::load::tickets::{History, folded};
use crate::measure::process_time;
use crate::run::{Failure, Run};

const EVENTS: &str = "events.jsonl";
const POLICY: &str = "policy.toml";
const PAGE: &str = "report.html";
const AS_OF: &str = "2030-01-01T00:00:00Z";
/// Of so many tickets of a class, one is still open.
const OPEN: u64 = 16;
const CLASSES: [&str; 4] = ["P1", "P2", "P3", "P4"];

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let count = tickets(run.settings());
    let place = tempfile::tempdir_in(&run.settings().directory)?;
    let elsewhere = |work| alone::elsewhere(work, count, place.path());
    let lines = elsewhere(Work::Lines)?;
    let unlike = |it: &[u64]| matches!(it, [received, resolved] if resolved < received);
    if !lines.answers.chunks(2).all(unlike) {
        return Err("a class whose tickets are all resolved checks little".into());
    }
    Command::built()?;
    let (page, scorecard) = (elsewhere(Work::Page)?, elsewhere(Work::Scorecard)?);
    for (who, found) in [("the page", &page), ("the scorecard", &scorecard)] {
        if found.answers != lines.answers {
            let (found, expected) = (&found.answers, &lines.answers);
            return Err(format!("{who} says {found:?} instead of {expected:?}").into());
        }
    }
    let (parsed, kept) = (elsewhere(Work::Parsed)?, elsewhere(Work::Kept)?);
    if parsed.answers != kept.answers {
        return Err("lines were lost".into());
    }
    let name = format!("report of {count} tickets, from a file of events");
    run.case(&name, Unit::CpuNanos, 1)
        .number(Side::Ours, "punctual report", page.sum("nanos"))
        .number(Side::Ours, "punctual scorecard --json", scorecard.sum("nanos"))
        .number(Side::Limit, "every line parsed and folded, tickets kept", kept.sum("nanos"))
        .number(Side::Limit, "every line parsed as JSON, nothing kept", parsed.sum("nanos"))
        .note("once, all threads; the counts of the page, of the scorecard and of the generator are the same, by class");
    run.case(
        &format!("peak memory of a report of {count} tickets"),
        Unit::Bytes,
        1,
    )
    .number(Side::Ours, "punctual report", page.peak as f64)
    .number(
        Side::Limit,
        "every ticket kept, nothing else",
        kept.peak as f64,
    )
    .number(
        Side::Limit,
        "every line parsed, nothing kept",
        parsed.peak as f64,
    );
    run.case(
        &format!("bytes of the page, {count} tickets"),
        Unit::Bytes,
        1,
    )
    .number(Side::Ours, "punctual report", page.sum("bytes"))
    .number(
        Side::Limit,
        "the same figures as JSON",
        scorecard.sum("bytes"),
    )
    .note("it does not grow with the tickets: it holds figures");
    Ok(())
}

/// Writes the events of so many tickets, and the policy; answers with the intakes and the standing
/// resolutions of each class. Some tickets of each class are still open.
///
/// # Errors
/// When the files cannot be written.
pub fn lines(tickets: u64, place: &Path) -> Result<Told, Failure> {
    let office = Office::of(tickets)?;
    std::fs::write(place.join(POLICY), history::paused())?;
    let mut out = BufWriter::new(File::create(place.join(EVENTS))?);
    let mut counts = [[0_u64; 2]; CLASSES.len()];
    for chunk in office.chunks() {
        for history in office.events(chunk)? {
            let class = class_of(&folded(&history));
            let before = class.and_then(|class| counts.get(class));
            let history = match before {
                Some([received, _]) if received % OPEN == 0 => unresolved(history),
                Some(_) | None => history,
            };
            for recorded in &history {
                line(&mut out, recorded)?;
            }
            count(&mut counts, &folded(&history));
        }
    }
    out.flush()?;
    Ok(Told {
        answers: counts.into_iter().flatten().collect(),
        ..Told::default()
    })
}

fn line(out: &mut impl std::io::Write, recorded: &Recorded<TicketEvent>) -> Result<(), Failure> {
    let (stream, at) = (&recorded.stream, recorded.occurred_at);
    write!(
        out,
        "{{\"stream\":\"{stream}\",\"occurred_at\":\"{at}\",\"event\":"
    )?;
    serde_json::to_writer(&mut *out, &recorded.event)?;
    Ok(out.write_all(b"}\n")?)
}

/// The events of a ticket before its last resolution, of which nobody has told yet.
fn unresolved(mut history: History) -> History {
    let is_resolved = |it: &Recorded<TicketEvent>| it.event.kind() == Kind::Resolved;
    if let Some(last) = history.iter().rposition(is_resolved) {
        history.truncate(last);
    }
    history
}

/// Returns the place of a ticket's class among all.
fn class_of(ticket: &Ticket) -> Option<usize> {
    let class: Option<Class> = ticket.timeline().status(Instant::MAX).class;
    let name = class.as_ref().map_or("", Class::as_str);
    CLASSES.iter().position(|known| *known == name)
}

/// Counts a ticket under its class: whether it came, and whether it is resolved.
fn count(counts: &mut [[u64; 2]], ticket: &Ticket) {
    let timeline = ticket.timeline();
    let place = class_of(ticket);
    let ends = [Kind::Resolved, Kind::Reopened];
    let last = timeline.facts().iter().rfind(|it| ends.contains(&it.kind));
    if let Some(own) = place.and_then(|place| counts.get_mut(place)) {
        own[0] += 1;
        own[1] += u64::from(last.is_some_and(|it| it.kind == Kind::Resolved));
    }
}

/// The words that every command line ends with.
fn of(place: &Path) -> Vec<OsString> {
    let mut words: Vec<OsString> = vec!["--policy".into(), place.join(POLICY).into()];
    words.extend(["--events".into(), place.join(EVENTS).into()]);
    words.extend(["--as-of".into(), AS_OF.into()]);
    words
}

/// Makes the page by the command beside this program; answers with the counts that stand in it.
///
/// # Errors
/// When the command fails, or the page has no such figures.
pub fn page(place: &Path) -> Result<Told, Failure> {
    let mut words: Vec<OsString> = vec!["report".into(), "--out".into(), place.join(PAGE).into()];
    words.extend(of(place));
    let done = Command::beside()?.run(&words)?;
    let html = std::fs::read_to_string(place.join(PAGE))?;
    let mut told = Told {
        peak: done.peak,
        ..Told::default()
    };
    let nanos = done.nanos;
    for class in CLASSES {
        told.answers.extend(row_of(&html, class)?);
    }
    told.add("nanos", nanos);
    told.add("bytes", html.len() as f64);
    Ok(told)
}

/// Returns the first two figures in a row of a table: received and resolved.
fn row_of(html: &str, class: &str) -> Result<[u64; 2], Failure> {
    let rows = html.split("<tr").skip(1);
    let mut own = rows.filter(|row| {
        let head = row.split("</th>").next().unwrap_or_default();
        text(head.split("<th").nth(1).unwrap_or_default()) == class
    });
    let row = own.next().ok_or_else(|| format!("no row of {class}"))?;
    let cells = row.split("<td").skip(1);
    let mut figures = cells.map(|cell| {
        let said = text(cell.split("</td>").next().unwrap_or_default());
        let digits: String = said.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<u64>()
    });
    let mut next = || -> Result<u64, Failure> { Ok(figures.next().ok_or("a short row")??) };
    Ok([next()?, next()?])
}

/// What stands between the tags of a piece of HTML that begins inside one.
fn text(html: &str) -> String {
    let (mut text, mut inside) = (String::new(), true);
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(letter),
            _ => {}
        }
    }
    text.trim().to_owned()
}

/// Asks for the same figures as JSON.
///
/// # Errors
/// As for [`page`].
pub fn scorecard(place: &Path) -> Result<Told, Failure> {
    let words = ["scorecard", "--json", "--by", "class"].map(OsString::from);
    let words: Vec<OsString> = words.into_iter().chain(of(place)).collect();
    let done = Command::beside()?.run(&words)?;
    let (out, nanos) = (done.out, done.nanos);
    let card: serde_json::Value = serde_json::from_slice(&out)?;
    let mut told = Told {
        peak: done.peak,
        ..Told::default()
    };
    for class in CLASSES {
        told.answers.extend(figures_of(&card, class)?);
    }
    told.add("nanos", nanos);
    told.add("bytes", out.len() as f64);
    Ok(told)
}

fn figures_of(card: &serde_json::Value, class: &str) -> Result<[u64; 2], Failure> {
    let slices = card["whole"].as_array().ok_or("no figures")?;
    let own = slices
        .iter()
        .find(|it| it["by"] == "class" && it["name"] == class);
    let figures = &own.ok_or_else(|| format!("nothing of {class}"))?["figures"];
    let figure = |name: &str| figures[name].as_u64().ok_or("no such figure");
    Ok([figure("received")?, figure("resolved")?])
}

/// A line, as far as a fold needs it.
#[derive(Deserialize)]
struct Line {
    stream: punctual::event::StreamId,
    occurred_at: Instant,
    event: TicketEvent,
}

fn each_line(
    place: &Path,
    mut take: impl FnMut(&str) -> Result<(), Failure>,
) -> Result<f64, Failure> {
    let mut file = BufReader::with_capacity(1 << 18, File::open(place.join(EVENTS))?);
    let (mut line, before) = (String::new(), process_time());
    while file.read_line(&mut line)? > 0 {
        take(&line)?;
        line.clear();
    }
    Ok(process_time().saturating_sub(before).as_secs_f64() * 1e9)
}

/// Parses every line and keeps nothing; answers with how many there are.
///
/// # Errors
/// When a line cannot be read.
pub fn parsed(place: &Path) -> Result<Told, Failure> {
    let mut count = 0;
    let nanos = each_line(place, |line| {
        serde_json::from_str::<IgnoredAny>(line)?;
        count += 1;
        Ok(())
    })?;
    let mut told = Told {
        answers: vec![count],
        ..Told::default()
    };
    told.add("nanos", nanos);
    Ok(told)
}

/// Parses and folds every line into tickets, which come one after the other; answers with how many lines
/// there are.
///
/// # Errors
/// When a line cannot be read.
pub fn kept(place: &Path) -> Result<Told, Failure> {
    let (mut count, mut tickets) = (0, Vec::<Ticket>::new());
    let nanos = each_line(place, |line| {
        let Line {
            stream,
            occurred_at,
            event,
        } = serde_json::from_str(line)?;
        count += 1;
        if tickets.last().and_then(Ticket::stream) != Some(&stream) {
            tickets.push(Ticket::default());
        }
        let ticket = tickets.last_mut().ok_or("no ticket")?;
        let version = ticket.version().next();
        ticket.apply(&Recorded {
            stream,
            version,
            position: None,
            occurred_at,
            recorded_at: occurred_at,
            actor: None,
            subject: None,
            event,
        });
        Ok(())
    })?;
    let mut told = Told {
        answers: vec![count],
        ..Told::default()
    };
    told.add("nanos", nanos);
    std::hint::black_box(&tickets);
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_written_and_every_ticket_is_counted() {
        let place = tempfile::tempdir().unwrap();
        let told = [Work::Lines, Work::Parsed, Work::Kept]
            .map(|work| alone::here(work, 400, place.path()).unwrap());
        assert_eq!(told[0].answers.iter().step_by(2).sum::<u64>(), 400);
        assert_eq!(told[1].answers, told[2].answers);
        assert!(told[1].answers[0] > 2_000);
        let open = |it: &[u64]| it[0] - it[1];
        assert!(told[0].answers.chunks(2).all(|it| open(it) >= it[0] / OPEN));
    }

    #[test]
    fn a_ticket_that_is_cut_off_is_not_resolved() {
        let office = Office::of(400).unwrap();
        let histories = office.events((1, 400)).unwrap();
        let resolved = |history: &History| {
            let mut counts = [[0; 2]; CLASSES.len()];
            count(&mut counts, &folded(history));
            counts.iter().map(|it| it[1]).sum::<u64>()
        };
        assert!(histories.iter().any(|it| resolved(it) == 1));
        let cut: Vec<History> = histories.into_iter().map(unresolved).collect();
        assert!(cut.iter().all(|it| !it.is_empty() && resolved(it) == 0));
    }

    #[test]
    fn figures_are_found_under_their_class() {
        let card = serde_json::json!({"whole": [
            {"by": "all", "name": "", "figures": {"received": 9, "resolved": 8}},
            {"by": "class", "name": "P1", "figures": {"received": 4, "resolved": 3}},
        ]});
        assert_eq!(figures_of(&card, "P1").unwrap(), [4, 3]);
        assert!(figures_of(&card, "P2").is_err());
    }

    #[test]
    fn figures_are_found_in_their_row() {
        let html = "<table><tr><th scope=\"row\"><bdi>P1</bdi></th><td class=\"num\">1,234</td>\
                    <td class=\"num\"><span>56</span></td></tr></table>";
        assert_eq!(row_of(html, "P1").unwrap(), [1_234, 56]);
        assert!(row_of(html, "P2").is_err());
    }
}
