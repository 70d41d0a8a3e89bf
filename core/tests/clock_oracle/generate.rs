//! Random small worlds that shrink well: fewer targets, fewer goals, fewer events, sooner.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use punctual::ticket::{Opener, Status};

use super::desk::{DAY, Desk, MINUTE, Zone};
use super::world::{
    At, Automatic, Cond, Cycle, Entry, Ev, Goal, Len, Mode, Plan, Reopen, Rung, Target, Trig,
    Within, Worlds,
};

/// 2026-03-26 and 2026-10-22, Thursdays before a change of the clocks.
const FIRST_DATES: [i64; 2] = [20_538, 20_748];

fn desk() -> impl Strategy<Value = Desk> {
    prop_oneof![4 => Just(Desk::Office), 2 => Just(Desk::Night), 1 => Just(Desk::Hotline)]
}

fn cond() -> impl Strategy<Value = Cond> {
    (
        option::of(0..2_usize),
        option::of(0..2_usize),
        any::<bool>(),
    )
        .prop_map(|(class, level, not)| Cond {
            class,
            level,
            other_level: level.is_some() && not,
        })
}

/// Mostly round numbers, so that events fall exactly on deadlines.
fn minutes() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => select(vec![5, 10, 30, 60, 90, 120, 180, 240, 480, 1_440]),
        1 => 1..2_000_i64,
    ]
}

fn lower(strategy: impl Strategy<Value = i64>) -> impl Strategy<Value = (Option<i64>, i64)> {
    (strategy, prop::bool::weighted(0.25))
        .prop_map(|(most, ranged)| ((ranged && most > 1).then_some((most + 1) / 2), most))
}

fn within() -> impl Strategy<Value = Within> {
    prop_oneof![
        3 => lower(minutes()).prop_map(|(lower, most)| Within::Elapsed { lower, most }),
        4 => (lower(minutes()), desk())
            .prop_map(|((lower, most), on)| Within::Working { lower, most, on }),
        1 => lower(1..4_i64).prop_map(|(lower, most)| Within::Days { lower, most }),
        3 => (lower(1..4_i64), desk(), prop::bool::weighted(0.3)).prop_map(
            |((lower, most), on, same_time)| Within::WorkingDays { lower, most, on, same_time }
        ),
    ]
}

fn lead() -> impl Strategy<Value = Within> {
    prop_oneof![
        minutes().prop_map(|ahead| Within::LeadWall { ahead }),
        (minutes(), desk()).prop_map(|(ahead, on)| Within::LeadWorking { ahead, on }),
    ]
}

fn goals(within: BoxedStrategy<Within>) -> impl Strategy<Value = Vec<Goal>> {
    let goal = (cond(), within.clone()).prop_map(|(when, within)| Goal { when, within });
    let last = within.prop_map(|within| Goal {
        when: Cond::default(),
        within,
    });
    (vec(goal, 0..3), option::weighted(0.8, last)).prop_map(|(mut goals, last)| {
        goals.extend(last);
        if goals.is_empty() {
            goals.push(Goal {
                when: Cond::default(),
                within: Within::Elapsed {
                    lower: None,
                    most: 60,
                },
            });
        }
        goals
    })
}

fn len() -> impl Strategy<Value = Len> {
    prop_oneof![
        minutes().prop_map(Len::Wall),
        (minutes(), option::of(desk())).prop_map(|(minutes, on)| Len::Working(minutes, on)),
    ]
}

fn len_after() -> impl Strategy<Value = Len> {
    prop_oneof![
        4 => len(),
        1 => (1..3_i64, option::of(desk())).prop_map(|(days, on)| Len::WorkingDays(days, on)),
    ]
}

fn rung() -> impl Strategy<Value = Rung> {
    let at = prop_oneof![
        3 => select(vec![1, 10, 33, 50, 80, 99, 100, 120, 200]).prop_map(At::Share),
        1 => Just(At::Lower),
        2 => len().prop_map(At::Before),
        2 => Just(At::Due),
        2 => len_after().prop_map(At::After),
    ];
    let when = prop_oneof![4 => Just(Cond::default()), 1 => cond()];
    let repeat = option::weighted(0.3, (len_after(), 1..4_u16));
    (at, 0..2_usize, when, repeat).prop_map(|(at, tell, when, repeat)| Rung {
        at,
        tell,
        when,
        repeat,
    })
}

/// One `on` serves both the point and the repetition of a rung.
fn ladder(goals: &[Goal], rungs: Vec<Rung>) -> Vec<Rung> {
    let has_lower = goals.iter().any(|goal| {
        matches!(
            goal.within,
            Within::Elapsed { lower: Some(_), .. }
                | Within::Working { lower: Some(_), .. }
                | Within::Days { lower: Some(_), .. }
                | Within::WorkingDays { lower: Some(_), .. }
        )
    });
    rungs
        .into_iter()
        .filter(|rung| has_lower || rung.at != At::Lower)
        .map(|mut rung| {
            let on = match rung.at {
                At::Before(len) | At::After(len) => on_of(len),
                At::Share(_) | At::Lower | At::Due => None,
            };
            if let Some((every, _)) = &mut rung.repeat {
                let is_working = matches!(
                    rung.at,
                    At::Before(Len::Working(..) | Len::WorkingDays(..))
                        | At::After(Len::Working(..) | Len::WorkingDays(..))
                );
                if is_working {
                    *every = with_on(*every, on);
                }
            }
            rung
        })
        .collect()
}

const fn on_of(len: Len) -> Option<Desk> {
    match len {
        Len::Wall(_) => None,
        Len::Working(_, on) | Len::WorkingDays(_, on) => on,
    }
}

const fn with_on(len: Len, on: Option<Desk>) -> Len {
    match len {
        Len::Wall(_) => len,
        Len::Working(minutes, _) => Len::Working(minutes, on),
        Len::WorkingDays(days, _) => Len::WorkingDays(days, on),
    }
}

fn trigger(names: &'static [&'static str]) -> impl Strategy<Value = Trig> {
    (
        select(names),
        option::weighted(0.1, 0..2_usize),
        option::weighted(
            0.3,
            prop_oneof![Just(Automatic::Only), Just(Automatic::Also)],
        ),
        prop::bool::weighted(0.3),
    )
        .prop_map(|(name, by, automatic, bad_only)| Trig {
            name,
            automatic: automatic.filter(|_| name == "replied"),
            bad_only: bad_only && name == "surveyed",
            by,
        })
}

/// One to three, no two of one name.
fn triggers(names: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<Trig>> {
    vec(trigger(names), 1..=most).prop_map(|found| {
        let mut kept: Vec<Trig> = Vec::new();
        for trig in found {
            if kept.iter().all(|it| it.name != trig.name) {
                kept.push(trig);
            }
        }
        kept
    })
}

fn maybe(names: &'static [&'static str], weight: f64) -> impl Strategy<Value = Vec<Trig>> {
    option::weighted(weight, triggers(names, 2)).prop_map(Option::unwrap_or_default)
}

const WORK: &[&str] = &[
    "diagnosed",
    "plan-proposed",
    "plan-accepted",
    "plan-disputed",
    "dispatched",
    "arrived",
    "assigned",
    "noted",
    "parts-ordered",
    "progress-reported",
];
const STARTS: &[&str] = &[
    "received",
    "received",
    "received",
    "diagnosed",
    "plan-proposed",
    "plan-disputed",
    "dispatched",
    "assigned",
    "noted",
    "parts-ordered",
    "surveyed",
    "resolved",
];
const STOPS: &[&str] = &[
    "resolved",
    "resolved",
    "closed",
    "replied",
    "diagnosed",
    "plan-proposed",
    "arrived",
    "noted",
    "assigned",
    "parts-ordered",
    "declined",
    "surveyed",
];
const CANCELS: &[&str] = &[
    "declined",
    "merged",
    "withdrawn",
    "reopened",
    "noted",
    "assigned",
    "plan-disputed",
];

fn mode() -> impl Strategy<Value = Mode> {
    select(vec![
        Mode::Retroactive,
        Mode::Carry,
        Mode::Forward,
        Mode::Reset,
    ])
}

fn reopen() -> impl Strategy<Value = (Reopen, Option<i64>)> {
    (
        select(vec![
            Reopen::Continue,
            Reopen::WithGap,
            Reopen::NewCycle,
            Reopen::Stay,
        ]),
        option::weighted(0.2, 1..4_i64),
    )
}

struct Moves {
    start: Vec<Trig>,
    stop: Vec<Trig>,
    cancel: Vec<Trig>,
    cycle: Cycle,
    lead: bool,
    next_reply: bool,
}

impl std::fmt::Debug for Moves {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Moves")
    }
}

fn plain(cycle: bool, start: Vec<Trig>, stop: Vec<Trig>, cancel: Vec<Trig>) -> Moves {
    Moves {
        start,
        stop,
        cancel,
        cycle: if cycle { Cycle::Each } else { Cycle::Once },
        lead: false,
        next_reply: false,
    }
}

fn moves() -> impl Strategy<Value = Moves> {
    let received = || vec![Trig::plain("received")];
    prop_oneof![
        // A first response.
        3 => (triggers(&["replied", "diagnosed", "declined", "resolved", "noted"], 3), maybe(CANCELS, 0.2))
            .prop_map(move |(stop, cancel)| plain(false, received(), stop, cancel)),
        // A resolution.
        3 => (any::<bool>(), triggers(&["resolved", "closed"], 1), maybe(CANCELS, 0.2))
            .prop_map(move |(each, stop, cancel)| plain(each, received(), stop, cancel)),
        // A next reply.
        3 => (Just(true), triggers(&["replied", "noted", "diagnosed", "resolved", "closed"], 2), maybe(CANCELS, 0.1))
            .prop_map(|(each, mut stop, cancel)| {
                if stop.iter().all(|trig| trig.name != "replied") {
                    stop.push(Trig::plain("replied"));
                }
                (each, stop, cancel)
            })
            .prop_map(|(each, stop, cancel)| Moves {
                next_reply: true,
                ..plain(each, vec![Trig::plain("customer-wrote")], stop, cancel)
            }),
        // A period.
        2 => (triggers(&["received", "plan-accepted", "dispatched"], 2),
              triggers(&["progress-reported", "replied", "noted"], 2),
              triggers(&["resolved", "closed", "arrived"], 1), maybe(CANCELS, 0.1))
            .prop_map(|(start, reset, stop, cancel)| Moves {
                cycle: Cycle::Restart { reset },
                ..plain(false, start, stop, cancel)
            }),
        // A visit.
        2 => (triggers(&["visit-confirmed", "arrived", "dispatched"], 2), maybe(CANCELS, 0.1))
            .prop_map(|(stop, cancel)| Moves {
                lead: true,
                ..plain(true, vec![Trig::plain("visit-booked")], stop, cancel)
            }),
        // A survey.
        1 => (any::<bool>(), triggers(&["survey-asked", "surveyed"], 2), maybe(&["reopened", "noted"], 0.5))
            .prop_map(|(each, stop, cancel)| plain(each, vec![Trig::plain("resolved")], stop, cancel)),
        // Anything.
        4 => (any::<bool>(), triggers(STARTS, 2), triggers(STOPS, 2), maybe(CANCELS, 0.3))
            .prop_map(|(each, start, stop, cancel)| plain(each, start, stop, cancel)),
        1 => (any::<bool>(), triggers(WORK, 2), triggers(WORK, 2), maybe(CANCELS, 0.1))
            .prop_map(|(each, start, stop, cancel)| plain(each, start, stop, cancel)),
    ]
}

fn target() -> impl Strategy<Value = (Target, bool)> {
    (
        moves(),
        goals(within().boxed()),
        goals(lead().boxed()),
        vec(0..2_usize, 0..3),
        mode(),
        reopen(),
        vec(rung(), 0..4),
    )
        .prop_map(
            |(moves, goals, leads, mut pause, mode, (reopen, new_cycle_after), rungs)| {
                pause.sort_unstable();
                pause.dedup();
                let goals = if moves.lead { leads } else { goals };
                if moves.lead {
                    pause.clear();
                }
                let ladder = ladder(&goals, rungs);
                let target = Target {
                    start: moves.start,
                    stop: moves.stop,
                    cancel: moves.cancel,
                    cycle: moves.cycle,
                    after: None,
                    goals,
                    pause,
                    mode,
                    reopen,
                    new_cycle_after,
                    ladder,
                };
                (target, moves.next_reply)
            },
        )
}

/// Next replies follow a first response, if there is one that can be meant.
fn join(targets: Vec<(Target, bool)>, follow: bool) -> Vec<Target> {
    let first = targets.iter().position(|(target, is_next)| {
        !is_next && !target.is_lead() && target.start.iter().all(|trig| trig.name == "received")
    });
    targets
        .into_iter()
        .map(|(mut target, is_next)| {
            if is_next && follow {
                target.after = first;
            }
            target
        })
        .collect()
}

/// Where a policy says nothing, C12's three events cancel; another agreement takes after the first.
fn cancels(service: Vec<Trig>, supplier: Vec<Trig>) -> [Vec<Trig>; 2] {
    let service = if service.is_empty() {
        ["declined", "merged", "withdrawn"].map(Trig::plain).into()
    } else {
        service
    };
    let supplier = if supplier.is_empty() {
        service.clone()
    } else {
        supplier
    };
    [service, supplier]
}

fn plan(most: usize) -> impl Strategy<Value = Plan> {
    (
        select(vec![Zone::Shanghai, Zone::Berlin]),
        (vec(target(), 1..=most), prop::bool::weighted(0.8)),
        option::weighted(0.2, target()),
        maybe(&["declined", "merged", "withdrawn"], 0.7),
        maybe(&["declined", "merged", "withdrawn"], 0.5),
        maybe(&["customer-wrote", "replied", "noted"], 0.4),
        maybe(&["parts-ordered", "arrived"], 0.2),
    )
        .prop_map(
            |(zone, (targets, follow), supplier, a, b, customer, parts)| Plan {
                zone,
                targets: [
                    join(targets, follow),
                    join(supplier.into_iter().collect(), false),
                ],
                cancel: cancels(a, b),
                resumes_on: [customer, parts],
            },
        )
}

fn judgement() -> impl Strategy<Value = (Option<usize>, Option<usize>)> {
    (option::of(0..2_usize), option::of(0..2_usize))
}

fn event() -> impl Strategy<Value = Ev> {
    let just = |events: &'static [Ev]| select(events);
    prop_oneof![
        6 => judgement().prop_map(|(class, level)| Ev::Classified { class, level }),
        10 => just(&[Ev::Paused(0), Ev::Paused(1)]),
        7 => just(&[Ev::Resumed(None), Ev::Resumed(Some(0)), Ev::Resumed(Some(1))]),
        8 => just(&[Ev::CustomerWrote, Ev::CustomerWrote, Ev::Replied { automatic: false }, Ev::Replied { automatic: true }]),
        8 => just(&[Ev::Assigned, Ev::Noted, Ev::Diagnosed, Ev::PlanProposed, Ev::PlanAccepted, Ev::PlanDisputed, Ev::ProgressReported, Ev::Dispatched, Ev::Arrived, Ev::Marked]),
        5 => minutes().prop_map(|ahead| Ev::VisitBooked { ahead }),
        2 => just(&[Ev::VisitConfirmed, Ev::VisitCancelled]),
        6 => Just(Ev::Resolved),
        6 => Just(Ev::Reopened),
        4 => Just(Ev::Closed),
        2 => just(&[Ev::Declined, Ev::MergedInto, Ev::MergedFrom, Ev::Withdrawn]),
        2 => just(&[Ev::SurveyAsked, Ev::Surveyed { good: true }, Ev::Surveyed { good: false }, Ev::FollowedUp]),
        3 => (0..2_usize).prop_map(|agreement| Ev::Rebound { agreement }),
        1 => (0..2_usize, 0..3_usize, 1..3_u32)
            .prop_map(|(agreement, target, cycle)| Ev::Waived { agreement, target, cycle }),
    ]
}

fn gap() -> impl Strategy<Value = Gap> {
    prop_oneof![
        6 => Just(Gap::None),
        6 => minutes().prop_map(Gap::Minutes),
        3 => (0..4_usize).prop_map(Gap::Edge),
        1 => (1..5_i64).prop_map(|days| Gap::Minutes(days * DAY)),
    ]
}

#[derive(Debug, Clone, Copy)]
enum Gap {
    None,
    Minutes(i64),
    /// The next opening or closing of the office.
    Edge(usize),
}

/// The office's edges in minutes of the day in UTC.
const EDGES: [i64; 4] = [60, 240, 330, 600];

fn history(most: usize) -> impl Strategy<Value = Vec<(Gap, Ev, Option<i64>, Option<usize>)>> {
    let late = option::weighted(0.08, minutes());
    vec((gap(), event(), late, option::of(0..2_usize)), 0..most)
}

/// Lays the events out in time, leaving out what cannot have happened.
fn lay_out(
    first_date: i64,
    first: (i64, Opener, Option<usize>, Option<usize>),
    rest: Vec<(Gap, Ev, Option<i64>, Option<usize>)>,
) -> Vec<Entry> {
    let (minute, opener, class, level) = first;
    let mut at = first_date * DAY + minute;
    let received = Ev::Received {
        opener,
        class,
        level,
    };
    let mut entries = vec![Entry {
        at: at * MINUTE,
        version: 1,
        ev: received,
        role: None,
    }];
    for (gap, ev, late, role) in rest {
        at += match gap {
            Gap::None => 0,
            Gap::Minutes(minutes) => minutes,
            Gap::Edge(edge) => (EDGES[edge] - at).rem_euclid(DAY),
        };
        let mut entry = Entry {
            at: (at - late.unwrap_or(0)) * MINUTE,
            version: entries.len() as u64 + 1,
            ev,
            role,
        };
        entry.at = entry.at.max(entries[0].at);
        if is_possible(&entries, &entry) {
            entries.push(entry);
        }
    }
    entries
}

fn is_possible(entries: &[Entry], entry: &Entry) -> bool {
    let mut before: Vec<&Entry> = entries.iter().filter(|it| it.at <= entry.at).collect();
    if matches!(entry.ev, Ev::Rebound { .. }) {
        return true;
    }
    before.sort_by_key(|it| (it.at, it.version));
    let mut status = Status::default();
    for it in before {
        status.advance(&it.fact());
    }
    status.admits(&entry.fact()).is_ok()
}

/// When a history begins: a date, and what is received.
fn beginning() -> impl Strategy<Value = (i64, (i64, Opener, Option<usize>, Option<usize>))> {
    let received = (
        prop_oneof![(0..4_usize).prop_map(|edge| EDGES[edge]), 0..DAY],
        prop_oneof![
            6 => Just(Opener::Customer),
            1 => Just(Opener::Agent),
            1 => Just(Opener::Owner)
        ],
        option::of(0..2_usize),
        option::of(0..2_usize),
    );
    (select(&FIRST_DATES[..]), received)
}

/// The next version of a policy: other goals, pauses, modes and ladders, the same events, and perhaps
/// without the last target.
fn revised(plan: &Plan, other: &Plan, drops: bool) -> Plan {
    let mut next = Plan {
        cancel: other.cancel.clone(),
        resumes_on: other.resumes_on.clone(),
        ..plan.clone()
    };
    let donors: Vec<&Target> = other.targets.iter().flatten().collect();
    for target in next.targets.iter_mut().flatten() {
        let mut donors = donors.iter().filter(|it| it.is_lead() == target.is_lead());
        let Some(donor) = donors.next() else { continue };
        target.goals.clone_from(&donor.goals);
        target.pause.clone_from(&donor.pause);
        target.ladder.clone_from(&donor.ladder);
        target.mode = donor.mode;
        target.reopen = donor.reopen;
        target.new_cycle_after = donor.new_cycle_after;
    }
    let targets = &mut next.targets[0];
    let last = targets.len() - 1;
    if drops && last > 0 && targets.iter().all(|it| it.after != Some(last)) {
        targets.pop();
    }
    next
}

/// Counts the versions from 1 again.
fn renumbered(mut entries: Vec<Entry>) -> Vec<Entry> {
    for (entry, version) in entries.iter_mut().zip(1..) {
        entry.version = version;
    }
    entries
}

/// Policies of at most so many targets in the service agreement, each with histories of at most so
/// many events. A policy costs more to compile than hundreds of readings, so it has several.
pub fn worlds(targets: usize, events: usize, histories: usize) -> impl Strategy<Value = Worlds> {
    let history = (beginning(), history(events))
        .prop_map(|((around, first), rest)| (around, lay_out(around, first, rest)));
    let next = option::weighted(0.4, (plan(targets), prop::bool::weighted(0.2)));
    (plan(targets), next, vec(history, 1..=histories)).prop_map(|(plan, next, histories)| {
        let next = next.map(|(other, drops)| revised(&plan, &other, drops));
        let has_supplier = !plan.targets[1].is_empty();
        let fits = |ev: Ev| match ev {
            Ev::Rebound { agreement } => next.is_some() && (agreement == 0 || has_supplier),
            _ => true,
        };
        let histories = histories
            .into_iter()
            .map(|(around, mut entries)| {
                entries.retain(|it| fits(it.ev));
                (around, renumbered(entries))
            })
            .collect();
        Worlds {
            plan,
            next,
            histories,
        }
    })
}
