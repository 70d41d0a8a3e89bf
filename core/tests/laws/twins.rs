//! Readers that are each wrong in one way, so that each law is seen to fail.

use punctual::calendar::Calendar;
use punctual::clock::{Attribution, Explanation, Reading};
use punctual::event::{Kind, Recorded};
use punctual::policy::{Budget, Policy};
use punctual::store::SealedCommit;
use punctual::testing::{Broken, Failure, History, Law, Punctual, Reader, laws, vary};
use punctual::ticket::{Outcome, Ticket, TicketEvent};
use punctual::time::{Instant, Share, Span, WallTime, WorkingTime};

/// A desk that never closes, so that a twin can count by hand.
const ALWAYS: &str = r#"
policy = "always"
timezone = "UTC"
default-calendar = "always"
calendar.always = { always = true }
pause = { parts = "Parts" }
[target.response]
start = "received"
stop = "replied"
pause = "parts"
goals = [{ within = "2h" }]
ladder = [{ at = "50%", tell = "agent" }, { at = "due", tell = "lead" }]
"#;

/// The same with a working budget.
const WORKING: &str = r#"
policy = "working"
timezone = "UTC"
default-calendar = "always"
calendar.always = { always = true }
[target.response]
start = "received"
stop = "replied"
goals = [{ within = "2wh" }]
"#;

/// A desk with hours.
const OFFICE: &str = r#"
policy = "office"
timezone = "UTC"
default-calendar = "office"
calendar.office.week = { mon-fri = ["00:00-08:00"] }
[target.response]
start = "received"
stop = "replied"
goals = [{ within = "10wh" }]
"#;

/// Two levels under one goal.
const LEVELS: &str = r#"
policy = "levels"
timezone = "UTC"
level = { values = { general = "General", urgent = "Urgent" }, order = ["general", "urgent"] }
[target.response]
start = "received"
stop = "replied"
goals = [{ within = "2h" }]
"#;

const ASKED: &str = "2026-03-09T01:00:00Z received";
const PAUSED: &str = "2026-03-09T01:00:00Z received
                      2026-03-09T01:20:00Z paused reason=parts
                      2026-03-09T01:50:00Z resumed";
const ANSWERED_LATE: &str = "2026-03-09T01:00:00Z received\n2026-03-09T04:00:00Z replied";
const ANSWERED: &str = "2026-03-09T01:00:00Z received\n2026-03-09T02:00:00Z replied";

/// A way to be wrong.
struct Twin {
    breaks: Law,
    reader: Box<dyn Reader>,
    policy: &'static str,
    history: &'static str,
}

/// Reads rightly, and then says of each clock that it has used more than it has.
struct Overcounting<F: Fn(&Ticket, &Reading, Instant) -> Span>(F);

impl<F: Fn(&Ticket, &Reading, Instant) -> Span> Reader for Overcounting<F> {
    fn read(&self, ticket: &Ticket, policy: &Policy, now: Instant) -> Vec<Reading> {
        let mut readings = Punctual.read(ticket, policy, now);
        for reading in &mut readings {
            let more = (self.0)(ticket, reading, now);
            overcount(reading, more, now);
        }
        readings
    }
}

/// Counts `more` against a clock that runs day and night, and draws every consequence.
fn overcount(reading: &mut Reading, more: Span, now: Instant) {
    let Some(budget) = reading.budget.filter(|_| more > Span::ZERO) else {
        return;
    };
    let earlier = |at: Instant| at.checked_sub(more).unwrap();
    reading.elapsed = reading.elapsed.checked_add(more).unwrap();
    reading.remaining = budget.checked_sub(reading.elapsed).ok();
    reading.due_at = reading.due_at.map(earlier);
    reading.breach_after = reading.breach_after.map(earlier);
    reading.breached_at = reading.breached_at.map(earlier);
    reading.remaining_wall = reading.due_at.map(|at| at.since(now));
    if reading.elapsed > budget {
        reading.breached_at = reading.breached_at.or(reading.due_at);
        reading.outcome = match reading.outcome {
            Outcome::Open | Outcome::Imminent => Outcome::Breaching,
            Outcome::Met => Outcome::Breached,
            decided @ (Outcome::Breaching
            | Outcome::Breached
            | Outcome::Cancelled(_)
            | Outcome::Waived
            | Outcome::InsufficientLead) => decided,
        };
    }
}

/// Is the library itself, under another policy than the one it was given.
struct Under<F: Fn(&Policy, &Ticket) -> Policy>(F);

impl<F: Fn(&Policy, &Ticket) -> Policy> Reader for Under<F> {
    fn read(&self, ticket: &Ticket, policy: &Policy, now: Instant) -> Vec<Reading> {
        Punctual.read(ticket, &(self.0)(policy, ticket), now)
    }
}

/// Reads rightly, and then spoils each reading.
struct Spoilt<F: Fn(&mut Reading)>(F);

impl<F: Fn(&mut Reading)> Reader for Spoilt<F> {
    fn read(&self, ticket: &Ticket, policy: &Policy, now: Instant) -> Vec<Reading> {
        let mut readings = Punctual.read(ticket, policy, now);
        readings.iter_mut().for_each(&self.0);
        readings
    }
}

/// Forgets, when it replays a log, what was done after a reply.
struct Forgetful;

impl Reader for Forgetful {
    fn replay(&self, log: &[Recorded<TicketEvent>]) -> Ticket {
        let answered = log.iter().position(|it| it.event.kind() == Kind::Replied);
        Punctual.replay(&log[..answered.unwrap_or(log.len())])
    }
}

/// Explains rightly, and leaves out where the desk counted.
struct Silent;

impl Reader for Silent {
    fn explain(&self, ticket: &Ticket, policy: &Policy, now: Instant) -> Vec<Explanation> {
        let mut explained = Punctual.explain(ticket, policy, now);
        for it in &mut explained {
            it.parts
                .retain(|part| part.attribution != Attribution::Counting);
        }
        explained
    }
}

/// Does not look at what it has told before.
struct Garrulous;

impl Reader for Garrulous {
    fn supervise(&self, ticket: &Ticket, policy: &Policy, now: Instant) -> Vec<TicketEvent> {
        let mut fresh = Ticket::default();
        for fact in ticket.timeline().facts() {
            let event = if fact.kind == Kind::Received {
                "received"
            } else {
                "replied"
            };
            let line = format!("{} {event}", fact.at);
            let step: History = line.parse().unwrap();
            let mut recorded = step.log().remove(0);
            recorded.version = fact.version;
            fresh.apply(&recorded);
        }
        Punctual.supervise(&fresh, policy, now)
    }
}

/// Loses the last commit on the way.
struct Lossy;

impl Reader for Lossy {
    fn export_and_import(&self, log: &[SealedCommit]) -> Result<Vec<SealedCommit>, Failure> {
        let kept = log.len().saturating_sub(1);
        Punctual.export_and_import(&log[..kept])
    }
}

fn minutes(count: i64) -> Span {
    Span::from_minutes(count).unwrap()
}

/// How long the ticket has been paused, whoever's clock it concerns.
fn paused_for(reading: &Reading) -> Span {
    let sum = reading
        .pauses
        .iter()
        .map(|(_, length)| length.micros())
        .sum();
    Span::from_micros(sum)
}

/// How often, at one instant, one kind of fact follows another.
fn follows(ticket: &Ticket, first: Kind, second: Kind, now: Instant) -> i64 {
    let facts = ticket.timeline().until(now);
    let pairs = facts
        .windows(2)
        .filter(|pair| pair[0].at == pair[1].at && pair[0].kind == first && pair[1].kind == second);
    i64::try_from(pairs.count()).unwrap()
}

fn has_fact_out_of_turn(ticket: &Ticket, now: Instant) -> bool {
    let facts = ticket.timeline().until(now);
    facts
        .windows(2)
        .any(|pair| pair[0].version > pair[1].version)
}

/// How long a desk is open in the week of the cases.
fn week_hours(policy: &Policy) -> Span {
    let [monday, sunday] = ["2026-03-09T00:00:00Z", "2026-03-16T00:00:00Z"];
    let calendar = &policy.calendars()[0].calendar;
    calendar.elapsed(monday.parse().unwrap(), sunday.parse().unwrap())
}

/// The more hours the desk has, the fewer it is read with.
fn contrary_hours(policy: &Policy) -> Policy {
    let office = Policy::from_toml(OFFICE).unwrap();
    let some = &office.calendars()[0].calendar;
    let always = Policy::from_toml(WORKING).unwrap();
    let all = &always.calendars()[0].calendar;
    let many = week_hours(policy) >= Span::from_hours(40).unwrap();
    let contrary: &Calendar = if many { some } else { all };
    vary::calendars(policy, |_, _| contrary.clone())
}

fn scaled(policy: &Policy, percent: impl Fn(Span) -> u16) -> Policy {
    vary::budgets(policy, |_, goal| match goal.within {
        Budget::Elapsed(length) => {
            let share = Share::percent(percent(length.span()));
            Budget::Elapsed(WallTime::new(share.of(length.span())).unwrap())
        }
        Budget::Working { length, calendar } => {
            let share = Share::percent(percent(length.span()));
            let length = WorkingTime::new(share.of(length.span())).unwrap();
            Budget::Working { length, calendar }
        }
        Budget::CalendarDays { .. } | Budget::WorkingDays { .. } | Budget::Lead { .. } | _ => {
            goal.within
        }
    })
}

fn twin(
    breaks: Law,
    policy: &'static str,
    history: &'static str,
    reader: impl Reader + 'static,
) -> Twin {
    Twin {
        breaks,
        reader: Box::new(reader),
        policy,
        history,
    }
}

fn twins() -> Vec<Twin> {
    vec![
        twin(
            Law::PausingNeverHurries,
            ALWAYS,
            ASKED,
            // Paused time counts twice, instead of not at all.
            Overcounting(|_, reading, _| Span::from_micros(paused_for(reading).micros() * 2)),
        ),
        twin(
            Law::EmptyPause,
            ALWAYS,
            ASKED,
            Overcounting(|ticket, _, now| {
                minutes(follows(ticket, Kind::Paused, Kind::Resumed, now))
            }),
        ),
        twin(
            Law::SplitPause,
            ALWAYS,
            ASKED,
            Overcounting(|ticket, _, now| {
                minutes(follows(ticket, Kind::Resumed, Kind::Paused, now))
            }),
        ),
        twin(
            Law::SplitBudget,
            WORKING,
            ASKED,
            // A long budget is begun with a second lost.
            Overcounting(|_, reading, _| {
                let is_long = reading.budget > Some(minutes(60));
                if is_long { Span::SECOND } else { Span::ZERO }
            }),
        ),
        twin(
            Law::MoreHours,
            OFFICE,
            ASKED,
            Under(|policy, _| contrary_hours(policy)),
        ),
        twin(
            Law::ShorterBudget,
            ALWAYS,
            ASKED,
            // What is to be done within the hour is given ten times as long.
            Under(|policy, _| {
                scaled(
                    policy,
                    |budget| if budget < minutes(60) { 1_000 } else { 100 },
                )
            }),
        ),
        twin(
            Law::LaterStart,
            ALWAYS,
            ASKED,
            // Whoever asks after half past one is served at once.
            Under(|policy, ticket| {
                let received_at = ticket.timeline().received_at();
                let late = received_at > "2026-03-09T01:30:00Z".parse().ok();
                scaled(policy, |_| if late { 1 } else { 100 })
            }),
        ),
        twin(
            Law::Ticks,
            ALWAYS,
            ASKED,
            // Time goes faster once somebody has been told.
            Overcounting(|ticket, _, _| {
                minutes(i64::try_from(ticket.told().escalated.len()).unwrap())
            }),
        ),
        twin(Law::Replay, ALWAYS, ANSWERED, Forgetful),
        twin(
            Law::Arrival,
            ALWAYS,
            PAUSED,
            Overcounting(|ticket, _, now| {
                if has_fact_out_of_turn(ticket, now) {
                    minutes(1)
                } else {
                    Span::ZERO
                }
            }),
        ),
        twin(Law::Explanation, ALWAYS, ASKED, Silent),
        twin(
            Law::OneVerdict,
            ALWAYS,
            ANSWERED_LATE,
            Spoilt(|reading| {
                if reading.outcome == Outcome::Breached {
                    reading.outcome = Outcome::Met;
                }
            }),
        ),
        twin(
            Law::DueBeforeBreach,
            ALWAYS,
            ASKED,
            Spoilt(|reading| {
                let earlier = |at: Instant| at.checked_sub(Span::MICROSECOND).unwrap();
                reading.breach_after = reading.breach_after.map(earlier);
            }),
        ),
        twin(Law::FiresOnce, ALWAYS, ANSWERED_LATE, Garrulous),
        twin(Law::Export, ALWAYS, ANSWERED, Lossy),
        twin(
            Law::UrgentFirst,
            LEVELS,
            ASKED,
            // Whoever shouts waits longer.
            Under(|policy, ticket| {
                let received_at = ticket.timeline().received_at().unwrap_or(Instant::MIN);
                let level = ticket.timeline().status(received_at).level;
                let is_urgent = level.is_some_and(|level| level.as_str() == "urgent");
                scaled(policy, |_| if is_urgent { 300 } else { 100 })
            }),
        ),
    ]
}

fn broken_by(twin: &Twin) -> Vec<Broken> {
    let policy = Policy::from_toml(twin.policy).unwrap();
    let history: History = twin.history.parse().unwrap();
    let laws = Law::ALL.iter();
    laws.filter_map(|law| law.check_with(&*twin.reader, &policy, &history).err())
        .collect()
}

#[test]
fn each_twin_breaks_its_law_and_no_other() {
    for twin in twins() {
        let broken = broken_by(&twin);
        let names: Vec<Law> = broken.iter().map(Broken::law).collect();
        assert_eq!(names, [twin.breaks], "{broken:#?}");
    }
}

#[test]
fn no_law_is_without_a_twin() {
    let broken: Vec<Law> = twins().iter().map(|twin| twin.breaks).collect();
    assert_eq!(broken, Law::ALL);
}

#[test]
fn the_cases_of_the_twins_are_sound_without_them() {
    for twin in twins() {
        let policy = Policy::from_toml(twin.policy).unwrap();
        laws::all(&policy, &twin.history.parse().unwrap()).unwrap();
    }
}

#[test]
fn a_run_finds_a_twin_and_comes_back_with_little() {
    let policy = Policy::from_toml(ALWAYS).unwrap();
    let found = twins()
        .into_iter()
        .find(|twin| twin.breaks == Law::Ticks)
        .unwrap();
    let error = laws::check_with(&*found.reader, &policy, 64).unwrap_err();
    let laws::CheckError::Broken(broken) = error else {
        panic!("{error}");
    };
    assert_eq!(broken.law(), Law::Ticks);
    assert_eq!(
        broken.history().to_string(),
        "2026-03-09T01:00:00Z received\n"
    );
}

#[test]
fn a_policy_that_is_slower_with_urgent_tickets_is_found() {
    let policy = Policy::from_toml(&LEVELS.replace(
        "goals = [",
        "goals = [{ when = { level = \"urgent\" }, within = \"3h\" }, ",
    ));
    let error =
        laws::urgent_is_never_slower(&policy.unwrap(), &ASKED.parse().unwrap()).unwrap_err();
    let told = error.to_string();
    for said in [
        "urgent-first",
        "level urgent",
        "level general",
        "history:\n2026-03-09T01:00:00Z received",
    ] {
        assert!(told.contains(said), "{told}");
    }
}
