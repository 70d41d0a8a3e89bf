//! A backtest of a million generated tickets under two policies: tickets a second and core, and
//! memory.
//!
//! Run with `cargo bench -p punctual-bench --bench backtest`; a number after `--` is how many tickets
//! there are. The tickets have the shape of the UCI incident log (8.6 events a ticket, 23 % paused);
//! the policies are those of that log with office hours, with and without a pause while the user is
//! awaited. Tickets are made chunk by chunk, outside of what is timed; what is timed is folding their
//! events and reading them under both policies, by the CPU time of the process.
//!
//! The answers are checked: the figures of the first chunk against those that `clock::read` gives for
//! each policy by itself, and the whole with one worker against the whole with two.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::time::Duration;

use punctual::backtest::{Backtest, Summary};
use punctual::clock::{self, Bindings};
use punctual::event::{Recorded, Version};
use punctual::policy::Policy;
use punctual::ticket::{Ticket, TicketEvent};
use punctual::time::Instant;
use punctual_workload::{Measured, Profile};
use rustix::time::{ClockId, clock_gettime};

type Failure = Box<dyn std::error::Error>;
type Log = Vec<Vec<Recorded<TicketEvent>>>;

const TICKETS: u64 = 1_000_000;
const CHUNK: u64 = 5_000;

const POLICY: &str = r#"
policy = "office-hours"
timezone = "UTC"
default-calendar = "desk"

[pause]
user = {}

[calendar.desk]
week = { mon-fri = ["09:00-17:00"] }

[target.response]
start = "received"
stop = "replied"
goals = [
  { when = { class = "P1" }, within = "30wm" },
  { when = { class = "P2" }, within = "1wh" },
  { when = { class = "P3" }, within = "2wh" },
  { when = { class = "P4" }, within = "4wh" },
]

[target.resolution]
start = "received"
stop = "resolved"
reopen = { mode = "continue" }
goals = [
  { when = { class = "P1" }, within = "4wh" },
  { when = { class = "P2" }, within = "8wh" },
  { when = { class = "P3" }, within = "24wh" },
  { when = { class = "P4" }, within = "40wh" },
]
"#;

fn main() -> Result<(), Failure> {
    let tickets = std::env::args().filter_map(|word| word.parse().ok()).next();
    let tickets: u64 = tickets.unwrap_or(TICKETS);
    let paused = Policy::from_toml(&format!("{POLICY}pause = [\"user\"]\n"))?;
    let unpaused = Policy::from_toml(POLICY)?;
    let as_of: Instant = "2027-01-01T00:00:00Z".parse()?;
    let workload = Measured::builder(7, Profile::Uci)
        .tickets(tickets)
        .build()?;
    let arms = [("pause", &paused), ("no pause", &unpaused)];
    let backtest = Backtest::new(arms, as_of)?.with_examples(10);

    let mut whole: Option<Summary> = None;
    let (mut folding, mut reading) = (Duration::ZERO, Duration::ZERO);
    for chunk in chunks(tickets) {
        let log = log_of(&workload, chunk)?;
        let before = cpu_time();
        let folded: Vec<Ticket> = log.iter().map(|events| fold(events)).collect();
        let between = cpu_time();
        let summary = backtest.over([&folded]).run(|chunk: &Vec<Ticket>, take| {
            chunk.iter().for_each(take);
            Ok::<_, Infallible>(())
        })?;
        reading += cpu_time() - between;
        folding += between - before;
        match &mut whole {
            Some(whole) => whole.merge(summary),
            None => {
                check(&summary, &folded, &[&paused, &unpaused], as_of);
                whole = Some(summary);
            }
        }
    }
    let whole = whole.ok_or("no tickets")?;
    let per_second = |spent: Duration| (tickets as f64 / spent.as_secs_f64()).round();
    note("tickets", tickets);
    note("differing", whole.differing(1));
    note("folding, tickets/s/core", per_second(folding));
    note("reading under both, tickets/s/core", per_second(reading));
    note("backtest, tickets/s/core", per_second(folding + reading));

    let before = cpu_time();
    let made: u64 = workload_only(&workload, tickets)?;
    let making = cpu_time() - before;
    note("events", made);
    let before = cpu_time();
    let two = backtest
        .over(chunks(tickets))
        .workers(NonZeroUsize::MIN.saturating_add(1))
        .run(|chunk, take| -> Result<(), String> {
            let log = log_of(&workload, chunk).map_err(|error| error.to_string())?;
            log.iter().for_each(|events| take(&fold(events)));
            Ok(())
        })?;
    let spent = cpu_time().saturating_sub(before).saturating_sub(making);
    same(&whole, &two);
    note("two workers less making, tickets/s/core", per_second(spent));
    note("peak memory, KiB", peak_kib().unwrap_or_default());
    Ok(())
}

fn same(a: &Summary, b: &Summary) {
    for arm in 0..2 {
        for promise in 0..2 {
            assert_eq!(a.figures(arm, promise), b.figures(arm, promise));
            assert_eq!(a.flips(arm, promise), b.flips(arm, promise));
        }
    }
}

fn chunks(tickets: u64) -> impl Iterator<Item = (u64, u64)> + Send {
    (0..tickets.div_ceil(CHUNK)).map(move |chunk| {
        let first = chunk * CHUNK + 1;
        (first, (first + CHUNK - 1).min(tickets))
    })
}

fn log_of(workload: &Measured, (first, last): (u64, u64)) -> Result<Log, Failure> {
    let histories = workload.histories_in(first..=last);
    histories
        .map(|(number, history)| {
            let stream: punctual::event::StreamId = format!("bench/ticket/T-{number}").parse()?;
            let events = (1..).zip(history);
            let recorded = events.map(|(version, happening)| {
                workload.recorded(stream.clone(), Version::new(version), happening)
            });
            Ok(recorded.collect())
        })
        .collect()
}

fn workload_only(workload: &Measured, tickets: u64) -> Result<u64, Failure> {
    let mut events = 0;
    for chunk in chunks(tickets) {
        let log = std::hint::black_box(log_of(workload, chunk)?);
        events += log.iter().map(|events| events.len() as u64).sum::<u64>();
    }
    Ok(events)
}

fn fold(events: &[Recorded<TicketEvent>]) -> Ticket {
    let mut ticket = Ticket::default();
    for event in events {
        ticket.apply(event);
    }
    ticket
}

/// Compares with what the clocks themselves say, policy by policy.
fn check(summary: &Summary, tickets: &[Ticket], policies: &[&Policy], as_of: Instant) {
    for (arm, policy) in policies.iter().enumerate() {
        let bindings = Bindings::to(policy);
        let readings: Vec<clock::Reading> = tickets
            .iter()
            .flat_map(|ticket| clock::read(ticket.timeline(), &bindings, as_of))
            .collect();
        let over = readings.iter().filter(|it| it.outcome.is_over()).count() as u64;
        let told: u64 = (0..2)
            .map(|promise| summary.figures(arm, promise).compliance().breached)
            .sum();
        assert_eq!(told, over, "the timed answers are wrong");
    }
}

fn cpu_time() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    let secs = u64::try_from(now.tv_sec).unwrap_or_default();
    Duration::new(secs, u32::try_from(now.tv_nsec).unwrap_or_default())
}

/// The most memory that the process ever had, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn note(name: &str, value: impl std::fmt::Display) {
    println!("{name:<44} {value:>12}");
}
