//! The index of what is due, beside a map and a set of the standard library.

use std::collections::{BTreeSet, HashMap};
use std::hint::black_box;

use punctual::engine::Agenda;
use punctual::event::Version;
use punctual::time::{Instant, Span};

use crate::figure::{Side, Unit};
use crate::machine;
use crate::measure::random;
use crate::run::{Failure, Run};

const PLAIN: &str = "std HashMap and BTreeSet";
/// How often it is asked whether anything is due.
const LOOKS: usize = 100_000;

/// What anybody would write first.
#[derive(Default)]
struct Plain {
    by_name: HashMap<String, (u64, Instant)>,
    due: BTreeSet<(Instant, String)>,
}

impl Plain {
    fn set(&mut self, name: &str, version: u64, at: Instant) {
        if let Some((known, was)) = self.by_name.get_mut(name) {
            if *known > version {
                return;
            }
            self.due.remove(&(*was, name.to_owned()));
            (*known, *was) = (version, at);
        } else {
            self.by_name.insert(name.to_owned(), (version, at));
        }
        self.due.insert((at, name.to_owned()));
    }

    fn due(&self, now: Instant, most: usize) -> Vec<String> {
        let due = self.due.iter().take_while(|(at, _)| *at <= now);
        due.take(most).map(|(_, name)| name.clone()).collect()
    }
}

pub(super) fn run(run: &mut Run) -> Result<(), Failure> {
    let quick = run.settings().quick;
    let (open, changes) = if quick {
        (20_000_u64, 5_000_u64)
    } else {
        (1_000_000, 100_000)
    };
    let (mut agenda, mut plain) = (Agenda::default(), Plain::default());
    for (name, at) in entries(open)? {
        agenda.set(&name, Version::FIRST, Some(at));
        plain.set(&name, 1, at);
    }
    let mut moves: Vec<(String, Instant)> = Vec::new();
    let mut state = 11;
    for change in 0..changes {
        moves.push((
            name(change.wrapping_mul(7_919) % open),
            instant(&mut state)?,
        ));
    }
    for (name, at) in &moves {
        agenda.set(name, Version::new(2), Some(*at));
        plain.set(name, 2, *at);
    }
    let late = Instant::MAX;
    if agenda
        .due(late, 5_000)
        .iter()
        .ne(plain.due(late, 5_000).iter())
    {
        return Err("the agenda and the plain index disagree".into());
    }
    moving(run, &mut agenda, &mut plain, &moves, open);
    looking(run, &agenda, &plain, open)?;
    if run.settings().whole {
        ten_million(run)?;
    }
    Ok(())
}

fn name(number: u64) -> String {
    format!("T-{number:08}")
}

fn instant(state: &mut u64) -> Result<Instant, Failure> {
    let micros = 1_700_000_000_000_000 + random(state) % 2_000_000_000_000;
    Ok(Instant::from_micros(i64::try_from(micros)?)?)
}

/// So many tickets with an instant each.
fn entries(open: u64) -> Result<Vec<(String, Instant)>, Failure> {
    let mut state = 7;
    (0..open)
        .map(|number| Ok((name(number), instant(&mut state)?)))
        .collect()
}

fn moving(
    run: &mut Run,
    agenda: &mut Agenda,
    plain: &mut Plain,
    moves: &[(String, Instant)],
    open: u64,
) {
    let memory: Vec<u64> = (0..open * 10).collect();
    let place = |at: &Instant| at.micros().unsigned_abs() % (open * 10);
    let load = |at: &Instant| memory.get(place(at) as usize).copied().unwrap_or_default();
    let loaded = moves
        .iter()
        .map(|(_, at)| load(at))
        .fold(0, u64::wrapping_add);
    // Every round moves the entries to and fro, so that none stays where it is.
    let there = |round: u64, at: Instant| {
        let far = Span::from_micros((round % 2).cast_signed() * 1_000_000_007);
        at.checked_add(far).unwrap_or(at)
    };
    let (mut round, mut plain_round) = (2, 2);
    run.cpu(&format!("move an entry, {open} open"), moves.len())
        .ours(open, || {
            round += 1;
            for (name, at) in moves {
                agenda.set(name, Version::new(round), Some(there(round, *at)));
            }
            agenda.len() as u64
        })
        .peer(PLAIN, open, || {
            plain_round += 1;
            for (name, at) in moves {
                plain.set(name, plain_round, there(plain_round, *at));
            }
            plain.due.len() as u64
        })
        .limit("one load at random from 80 bytes an entry", loaded, || {
            let moves = black_box(moves).iter();
            moves.map(|(_, at)| load(at)).fold(0, u64::wrapping_add)
        });
}

fn looking(run: &mut Run, agenda: &Agenda, plain: &Plain, open: u64) -> Result<(), Failure> {
    let first = agenda.next_at().ok_or("nothing is awaited")?;
    let before = first.checked_sub(Span::MICROSECOND)?;
    let quiet =
        |now: Instant| u64::from(agenda.next_at() > Some(now) && agenda.due(now, 64).is_empty());
    let plain_quiet = |now: Instant| u64::from(plain.due(now, 64).is_empty());
    let times = LOOKS as u64;
    run.cpu(&format!("nothing is due, {open} open"), LOOKS)
        .ours(times, || (0..LOOKS).map(|_| quiet(black_box(before))).sum())
        .peer(PLAIN, times, || {
            (0..LOOKS).map(|_| plain_quiet(black_box(before))).sum()
        })
        .limit("one comparison", times, || {
            (0..LOOKS)
                .map(|_| u64::from(black_box(before) < black_box(first)))
                .sum()
        });
    let names: Vec<u64> = (0..1_024).collect();
    let sum = names.iter().sum();
    run.cpu(&format!("what is due, 1,024 at once, {open} open"), 1_024)
        .ours(1_024, || agenda.due(Instant::MAX, 1_024).len() as u64)
        .peer(PLAIN, 1_024, || plain.due(Instant::MAX, 1_024).len() as u64)
        .limit("as many numbers added", sum, || {
            black_box(&names).iter().sum()
        });
    Ok(())
}

/// Ten million open tickets: how much memory they take.
fn ten_million(run: &mut Run) -> Result<(), Failure> {
    const TICKETS: u64 = 10_000_000;
    let before = machine::resident()?;
    let (mut agenda, mut state) = (Agenda::default(), 7);
    for number in 0..TICKETS {
        agenda.set(&name(number), Version::FIRST, Some(instant(&mut state)?));
    }
    let bytes = machine::resident()?.saturating_sub(before) as f64 / TICKETS as f64;
    if agenda.len() as u64 != TICKETS {
        return Err("the agenda lost tickets".into());
    }
    run.case("resident bytes an open ticket, 10 million", Unit::Bytes, 1)
        .number(Side::Ours, "punctual", bytes)
        .number(Side::Limit, "name, version and instant", 10.0 + 4.0 + 8.0);
    Ok(())
}
