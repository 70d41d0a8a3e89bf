//! Arbitrary events of every kind, in arbitrary envelopes.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use punctual::event::{Actor, Kind, Roles, Version};
use punctual::ticket::*;
use punctual::time::{CivilDate, Instant, Span, WallTime};

type Event = BoxedStrategy<TicketEvent>;
type Text = Personal<Box<str>>;

/// Returns names, most of them short, some in other scripts, some as long as may be.
pub(crate) fn name<N>() -> impl Strategy<Value = N>
where
    N: std::str::FromStr + std::fmt::Debug,
    N::Err: std::fmt::Debug,
{
    prop_oneof![
        8 => "[a-z][a-z-]{0,15}",
        2 => "[a-z0-9]([ -~]{0,60}[a-z0-9])?",
        1 => "[投诉紧急故障客服é]{1,12}",
        1 => "[a-z]{118,120}",
    ]
    .prop_map(|text| text.parse().unwrap())
}

pub(crate) fn instants() -> impl Strategy<Value = Instant> {
    prop_oneof![
        6 => 0..=Instant::MAX.micros(),
        1 => Just(0),
        1 => Just(Instant::MAX.micros()),
    ]
    .prop_map(|micros| Instant::from_micros(micros).unwrap())
}

fn dates() -> impl Strategy<Value = CivilDate> {
    // Also before year 1 and after year 9999, where the written form has a sign.
    (-800_000..4_000_000_i32).prop_map(|day| {
        chrono::NaiveDate::from_num_days_from_ce_opt(day)
            .unwrap()
            .into()
    })
}

fn personal() -> impl Strategy<Value = Text> {
    prop_oneof![
        4 => any::<String>().prop_map(|text| Personal::Plain(text.into_boxed_str())),
        1 => Just(Personal::Erased),
    ]
}

fn said() -> impl Strategy<Value = Option<Text>> {
    option::of(personal())
}

fn clock() -> impl Strategy<Value = ClockId> {
    (name(), name(), version(), version()).prop_map(
        |(agreement, target, started_by, attached_by)| ClockId {
            agreement,
            target,
            started_by,
            attached_by,
        },
    )
}

fn version() -> impl Strategy<Value = Version> {
    prop_oneof![0..200_u64, any::<u64>()].prop_map(Version::new)
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let kinds = select(Kind::ALL).prop_map(Cancelled::By);
    let cancelled = prop_oneof![
        select(
            &[
                Cancelled::Superseded,
                Cancelled::NoGoal,
                Cancelled::Closed,
                Cancelled::Reopened,
                Cancelled::Rebound,
            ][..]
        ),
        kinds,
    ];
    let plain = select(
        &[
            Outcome::Open,
            Outcome::Imminent,
            Outcome::Breaching,
            Outcome::Met,
            Outcome::Breached,
            Outcome::Waived,
            Outcome::InsufficientLead,
        ][..],
    );
    prop_oneof![plain, cancelled.prop_map(Outcome::Cancelled)]
}

fn word<W: Copy + std::fmt::Debug>(all: &'static [W]) -> impl Strategy<Value = W> {
    select(all)
}

/// Returns arbitrary events of one kind.
pub(crate) fn of_kind(kind: Kind) -> Event {
    macro_rules! message {
        ($event:ident) => {
            said()
                .prop_map(|text| TicketEvent::$event(Message { text }))
                .boxed()
        };
    }
    match kind {
        Kind::CustomerWrote => message!(CustomerWrote),
        Kind::Noted => message!(Noted),
        Kind::PlanProposed => message!(PlanProposed),
        Kind::PlanAccepted => message!(PlanAccepted),
        Kind::PlanDisputed => message!(PlanDisputed),
        Kind::ProgressReported => message!(ProgressReported),
        Kind::VisitConfirmed => message!(VisitConfirmed),
        Kind::VisitCancelled => message!(VisitCancelled),
        Kind::Dispatched => message!(Dispatched),
        Kind::Arrived => message!(Arrived),
        Kind::CompensationApproved => message!(CompensationApproved),
        Kind::CompensationRefused => message!(CompensationRefused),
        Kind::CompensationGranted => message!(CompensationGranted),
        Kind::ReturnApproved => message!(ReturnApproved),
        Kind::ReturnArranged => message!(ReturnArranged),
        Kind::Accepted => message!(Accepted),
        Kind::Reopened => message!(Reopened),
        Kind::SurveyAsked => message!(SurveyAsked),
        Kind::Closed => message!(Closed),
        Kind::Withdrawn => message!(Withdrawn),
        _ if kind.is_engines() => by_engine(kind),
        _ => by_people(kind),
    }
}

fn by_people(kind: Kind) -> Event {
    match kind {
        Kind::Received => received(),
        Kind::Acknowledged => option::of(0..i64::MAX)
            .prop_map(|micros| Acknowledged {
                starts_in: micros.map(|micros| WallTime::new(Span::from_micros(micros)).unwrap()),
            })
            .prop_map(TicketEvent::Acknowledged)
            .boxed(),
        Kind::Classified => (
            option::of(name()),
            option::of(name()),
            fields(),
            any::<Option<bool>>(),
        )
            .prop_map(|(class, level, fields, in_scope)| Classified {
                class,
                level,
                fields,
                in_scope,
            })
            .prop_map(TicketEvent::Classified)
            .boxed(),
        Kind::Assigned => (option::of(name()), option::of(name()))
            .prop_map(|(owner, team)| TicketEvent::Assigned(Assigned { owner, team }))
            .boxed(),
        Kind::Declined => (said(), personal())
            .prop_map(|(text, alternative)| TicketEvent::Declined(Declined { text, alternative }))
            .boxed(),
        Kind::Replied => (any::<bool>(), said())
            .prop_map(|(automatic, text)| TicketEvent::Replied(Replied { automatic, text }))
            .boxed(),
        Kind::Diagnosed => (option::of(name()), said())
            .prop_map(|(cause, text)| TicketEvent::Diagnosed(Diagnosed { cause, text }))
            .boxed(),
        Kind::VisitBooked => (instants(), said())
            .prop_map(|(visit_at, text)| TicketEvent::VisitBooked(VisitBooked { visit_at, text }))
            .boxed(),
        Kind::Paused => name()
            .prop_map(|reason| TicketEvent::Paused(Paused { reason }))
            .boxed(),
        Kind::Resumed => option::of(name())
            .prop_map(|reason| TicketEvent::Resumed(Resumed { reason }))
            .boxed(),
        Kind::CompensationProposed => (name(), said())
            .prop_map(|(compensation, text)| CompensationProposed { compensation, text })
            .prop_map(TicketEvent::CompensationProposed)
            .boxed(),
        Kind::Resolved => (option::of(name()), said())
            .prop_map(|(method, text)| TicketEvent::Resolved(Resolved { method, text }))
            .boxed(),
        Kind::Surveyed => surveyed(),
        Kind::FollowedUp => (word(FollowUp::ALL), said())
            .prop_map(|(kind, text)| TicketEvent::FollowedUp(FollowedUp { kind, text }))
            .boxed(),
        Kind::Merged => (name(), word(MergeSide::ALL))
            .prop_map(|(other, side)| TicketEvent::Merged(Merged { other, side }))
            .boxed(),
        Kind::Inspected => (any::<bool>(), said())
            .prop_map(|(conforms, text)| TicketEvent::Inspected(Inspected { conforms, text }))
            .boxed(),
        Kind::CorrectiveAction => (word(Stage::ALL), said())
            .prop_map(|(stage, text)| CorrectiveAction { stage, text })
            .prop_map(TicketEvent::CorrectiveAction)
            .boxed(),
        Kind::Waived => (name(), name(), any::<u32>(), personal())
            .prop_map(|(agreement, target, cycle, text)| Waived {
                agreement,
                target,
                cycle,
                text,
            })
            .prop_map(TicketEvent::Waived)
            .boxed(),
        Kind::Marked => (name(), said())
            .prop_map(|(mark, text)| TicketEvent::Marked(Marked { mark, text }))
            .boxed(),
        other => panic!("{other} has no strategy; write one"),
    }
}

fn by_engine(kind: Kind) -> Event {
    match kind {
        Kind::PolicyBound => {
            let calendars = btree_map(name(), any::<u32>(), 0..4);
            (
                name(),
                name(),
                any::<u32>(),
                calendars,
                word(BindCause::ALL),
            )
                .prop_map(
                    |(agreement, policy, version, calendars, cause)| PolicyBound {
                        agreement,
                        policy,
                        version,
                        calendars,
                        cause,
                    },
                )
                .prop_map(TicketEvent::PolicyBound)
                .boxed()
        }
        Kind::Warned => (clock(), instants(), option::of(instants()))
            .prop_map(|(clock, reached_at, due_at)| Warned {
                clock,
                reached_at,
                due_at,
            })
            .prop_map(TicketEvent::Warned)
            .boxed(),
        Kind::Breached => breached().prop_map(TicketEvent::Breached).boxed(),
        Kind::BreachedOnAttach => breached().prop_map(TicketEvent::BreachedOnAttach).boxed(),
        Kind::Escalated => escalated(),
        Kind::VerdictRevised => (
            clock(),
            option::of(outcome()),
            option::of(outcome()),
            version(),
        )
            .prop_map(|(clock, old, new, cause)| VerdictRevised {
                clock,
                old,
                new,
                cause,
            })
            .prop_map(TicketEvent::VerdictRevised)
            .boxed(),
        other => panic!("{other} has no strategy; write one"),
    }
}

fn fields() -> impl Strategy<Value = BTreeMap<punctual::event::FieldId, punctual::event::FieldValue>>
{
    btree_map(name(), name(), 0..4)
}

fn received() -> Event {
    let judged = (
        word(Opener::ALL),
        option::of(name()),
        option::of(name()),
        fields(),
    );
    let known = (
        option::of(name()),
        option::of(name()),
        option::of(dates()),
        said(),
    );
    (judged, known)
        .prop_map(
            |((opener, class, level, fields), (channel, product, purchased_on, text))| {
                TicketEvent::Received(Received {
                    opener,
                    class,
                    level,
                    fields,
                    channel,
                    product,
                    purchased_on,
                    text,
                })
            },
        )
        .boxed()
}

fn surveyed() -> Event {
    let score = || option::of(word(Satisfaction::ALL));
    let answers = (word(Satisfaction::ALL), any::<Option<bool>>());
    (answers, score(), score(), score(), said())
        .prop_map(|((satisfaction, solved), attitude, speed, skill, text)| {
            TicketEvent::Surveyed(Surveyed {
                satisfaction,
                solved,
                attitude,
                speed,
                skill,
                text,
            })
        })
        .boxed()
}

fn breached() -> impl Strategy<Value = Breached> {
    (clock(), instants()).prop_map(|(clock, breached_at)| Breached { clock, breached_at })
}

fn escalated() -> Event {
    let rung = (
        clock(),
        any::<Option<u16>>(),
        any::<u16>(),
        name(),
        any::<u16>(),
    );
    (rung, instants(), instants(), any::<bool>())
        .prop_map(
            |((clock, rung, repeat, role, rank), owed_at, deliver_at, late)| {
                TicketEvent::Escalated(Escalated {
                    clock,
                    rung,
                    repeat,
                    role,
                    rank,
                    owed_at,
                    deliver_at,
                    late,
                })
            },
        )
        .boxed()
}

/// Returns the kinds that tickets have.
pub(crate) fn ticket_kinds() -> Vec<Kind> {
    let publications = [Kind::PolicyPublished, Kind::CalendarPublished];
    let kinds = Kind::ALL.iter().copied();
    kinds.filter(|kind| !publications.contains(kind)).collect()
}

/// Returns arbitrary events of arbitrary kinds.
pub(crate) fn any_event() -> impl Strategy<Value = TicketEvent> {
    select(ticket_kinds()).prop_flat_map(of_kind)
}

pub(crate) fn actors() -> impl Strategy<Value = Actor> {
    (name(), vec(name(), 0..4)).prop_map(|(id, roles)| Actor {
        id,
        roles: Roles::from(roles),
    })
}

/// Returns arbitrary events that are ready to be appended.
pub(crate) fn pending() -> impl Strategy<Value = Pending> {
    let envelope = (
        instants(),
        instants(),
        option::of(actors()),
        option::of(name()),
    );
    (envelope, any_event()).prop_map(|((occurred_at, recorded_at, actor, subject), event)| {
        Pending {
            occurred_at,
            recorded_at,
            actor,
            subject,
            event,
        }
    })
}
