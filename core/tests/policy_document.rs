//! What documents can say, and what the compiled policy answers.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use punctual::event::{
    Actor, ActorId, AgreementId, Channel, Class, Kind, Level, PolicyId, RoleId, Roles, Version,
};
use punctual::policy::{
    AFTER_SALES, AgreementKind, Budget, Cycle, DayEnd, Document, Length, Notation, Policy,
    PolicyBook, Reclassify, ReopenMode, RungAt,
};
use punctual::ticket::{
    Action, BindCause, Declined, Detail, Fact, Message, Personal, PolicyBound, Refusal, Resolved,
    Status, Waived,
};
use punctual::time::{Instant, Span, WallTime, WorkingTime};

fn policy(source: &str) -> Policy {
    Policy::from_toml(source).unwrap_or_else(|report| panic!("{report}"))
}

fn preset() -> Policy {
    policy(AFTER_SALES)
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn actor(role: &str) -> Actor {
    Actor::new(ActorId::new("u-1").unwrap()).with_role(RoleId::new(role).unwrap())
}

/// A status after some facts without fields.
fn after(kinds: &[Kind]) -> Status {
    let mut status = Status::default();
    for (kind, version) in kinds.iter().zip(1..) {
        status.advance(&Fact {
            at: Instant::MIN,
            version: Version::new(version),
            kind: *kind,
            roles: Roles::NONE,
            detail: Detail::Plain,
        });
    }
    status
}

/// The excerpt of the design: vocabularies are open where none are declared.
const EXCERPT: &str = r#"
policy   = "after-sales"
timezone = "Asia/Shanghai"
default-calendar = "office"

[calendar.office]
week     = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
holidays = "CN"

[target.first-response]
start = "received"
stop  = ["replied", "diagnosed"]
goals = [
  { when = { class = "complaint" }, within = "30m" },
  { when = { level = "urgent" },    within = "30m" },
  { when = { class = "fault" },     within = "1wh" },
  {                                 within = "2wh" },
]
ladder = [ { at = "80%", tell = "specialist" }, { at = "due", tell = "technical-supervisor" }, { at = "+2wh", tell = "after-sales-manager" } ]

[target.progress]
start = "plan-accepted"
every = [ { when = { level = "urgent" }, within = "4h" }, { within = "24h" } ]
reset = "progress-reported"
stop  = "resolved"
pause = ["awaiting-customer"]
"#;

#[test]
fn a_policy_without_vocabularies_takes_any_name() {
    let policy = policy(EXCERPT);
    let ranks: Vec<u16> = policy
        .vocabulary()
        .roles
        .iter()
        .map(|role| role.rank)
        .collect();
    assert_eq!(ranks, [1, 2, 3], "in the order of their first use");
    assert_eq!(policy.vocabulary().reasons.len(), 1);
    assert_eq!(policy.agreements()[0].targets[1].pauses, 1);
}

#[test]
fn modes_and_budgets_of_every_kind_are_read() {
    let policy = policy(
        r#"
        policy = "p"
        timezone = "+08:00"
        default-calendar = "a"
        reclassify = "carry"
        [calendar.a]
        week = { mon-fri = "09:00-18:00", sat = ["10:00-12:00", "22:00-06:00"] }
        make-up = ["09:00-12:00"]
        [calendar.a.exceptions]
        2026-03-09 = "closed"
        2026-03-14 = "make-up"
        2026-03-15 = { hours = ["10:00-14:00"], name = "open day" }
        2026-03-16 = []
        [calendar.b]
        zone = "Europe/Stockholm"
        always = true
        [target.a]
        start = "received"
        stop = "replied"
        reclassify = "reset"
        reopen = { mode = "continue", gap = "included", new-cycle-after = "30d" }
        goals = [
          { when = { class = "a" }, within = "1h30m" },
          { when = { class = "b" }, within = "90wm", on = "b" },
          { when = { class = "c" }, within = "3d" },
          { when = { class = "d" }, within = "2wd", at = "same-time" },
          { within = "30-90wm" },
        ]
        ladder = [
          { at = "-10m", tell = "lead" },
          { at = "+2wh", on = "b", tell = "lead", every = "1wd", most = 3 },
        ]
        [target.visit]
        start = "visit-booked"
        stop = "visit-confirmed"
        goals = [{ within = "8wh before visit", on = "b" }]
        [target.reply]
        start = "customer-wrote"
        stop = "replied"
        goals = [{ within = "1h" }]
        [agreement.team]
        kind = "operational"
        [agreement.team.target.t]
        start = "received"
        stop = "diagnosed"
        cancel = ["closed"]
        goals = [{ within = "1h" }]
        "#,
    );
    let service = &policy.agreements()[0];
    let a = &service.targets[0];
    let calendars: Vec<_> = policy
        .calendars()
        .iter()
        .map(|named| named.id.as_str())
        .collect();
    assert_eq!(calendars, ["a", "b"]);
    assert_eq!(
        a.goals[0].within,
        Budget::Elapsed(WallTime::from_minutes(90))
    );
    let Budget::Working { length, calendar } = a.goals[1].within else {
        panic!()
    };
    assert_eq!(length, WorkingTime::from_minutes(90));
    assert!(policy.calendar(calendar).unwrap().is_always());
    assert!(matches!(a.goals[2].within, Budget::CalendarDays { days } if days.get() == 3));
    assert!(matches!(
        a.goals[3].within,
        Budget::WorkingDays {
            until: DayEnd::SameTime,
            ..
        }
    ));
    assert!(
        matches!(a.goals[4].lower, Some(Budget::Working { length, .. }) if length == WorkingTime::from_minutes(30))
    );
    assert_eq!(
        (a.reclassify, a.reopen.mode),
        (Reclassify::Reset, ReopenMode::ContinueWithGap)
    );
    assert_eq!(a.reopen.new_cycle_after.unwrap().get(), 30);
    assert_eq!(
        a.ladder[0].at,
        RungAt::Before(Length::Wall(WallTime::from_minutes(10)))
    );
    let repeat = a.ladder[1].repeat.unwrap();
    assert!(matches!(
        repeat.every,
        Length::WorkingDays { on: Some(_), .. }
    ));
    let visit = &service.targets[1];
    assert_eq!(visit.reclassify, Reclassify::Carry, "the policy's default");
    assert_eq!(visit.cycle, Cycle::Each, "a visit may be booked anew");
    assert!(matches!(
        visit.goals[0].within,
        Budget::Lead {
            length: Length::Working { on: Some(_), .. }
        }
    ));
    assert_eq!(
        service.targets[2].cycle,
        Cycle::Each,
        "customers write again"
    );
    let team = policy
        .agreement(&AgreementId::new("team").unwrap())
        .unwrap();
    assert_eq!(
        (team.kind, team.targets[0].reclassify),
        (AgreementKind::Operational, Reclassify::Forward)
    );
    assert_eq!(
        team.cancel.as_slice().len(),
        3,
        "declined, merged, withdrawn"
    );

    let office = &policy.calendars()[0].calendar;
    let hours = |day: &str| {
        let start = at(&format!("{day}T00:00:00+08:00"));
        office.elapsed(start, start.checked_add(Span::DAY).unwrap())
    };
    assert_eq!(hours("2026-03-10"), Span::from_hours(9).unwrap());
    assert_eq!(hours("2026-03-09"), Span::ZERO, "closed");
    // The make-up Saturday has three hours, and the night before it none.
    assert_eq!(hours("2026-03-14"), Span::from_hours(3).unwrap());
    assert_eq!(hours("2026-03-15"), Span::from_hours(4).unwrap());
    assert_eq!(hours("2026-03-16"), Span::ZERO, "no shifts");
}

#[test]
fn ranges_of_days_may_run_over_the_end_of_the_week() {
    let policy = policy(
        r#"
        policy = "p"
        timezone = "UTC"
        [calendar.weekend]
        week = { sat-mon = ["10:00-12:00"] }
        [target.t]
        start = "received"
        stop = "replied"
        goals = [{ within = "1wh", on = "weekend" }]
        "#,
    );
    let week = policy.calendars()[0].published.week();
    let open: Vec<usize> = (0..7).filter(|day| !week[*day].is_empty()).collect();
    assert_eq!(open, [0, 5, 6]);
}

#[test]
fn c10_automatic_answers_stop_only_where_the_policy_asks_for_them() {
    let policy = preset();
    let service = &policy.agreements()[0];
    let reply = |automatic| Fact {
        at: Instant::MIN,
        version: Version::FIRST,
        kind: Kind::Replied,
        roles: Roles::NONE,
        detail: Detail::Replied { automatic },
    };
    let [acknowledgement, first] = [0, 1].map(|place| &service.targets[place].stop);
    assert!(acknowledgement.matches(&reply(true)) && acknowledgement.matches(&reply(false)));
    assert!(!first.matches(&reply(true)) && first.matches(&reply(false)));
}

#[test]
fn p3_only_the_roles_that_are_named_may() {
    let policy = preset();
    let waive: Action = Action::Waive(Waived {
        agreement: AgreementId::new("service").unwrap(),
        target: "plan".parse().unwrap(),
        cycle: 1,
        text: Personal::Plain("goodwill".into()),
    });
    let refusals = |role: &str| {
        policy
            .permit(&Status::default(), &waive, &actor(role))
            .refusals
    };
    assert_eq!(refusals("general-manager"), []);
    assert!(matches!(
        &refusals("specialist")[..],
        [Refusal::Role {
            kind: Kind::Waived,
            ..
        }]
    ));
    // What nobody reserved, anyone may.
    let decline: Action = Action::Decline(Declined {
        text: None,
        alternative: Personal::Plain("a newer model".into()),
    });
    assert_eq!(
        policy
            .permit(&Status::default(), &decline, &actor("specialist"))
            .refusals,
        []
    );
}

#[test]
fn p3_kinds_can_be_allowed_to_roles() {
    let source = format!(
        "{AFTER_SALES}\n[allow]\nreopened = [\"service-supervisor\"]\ndeclined = \"after-sales-manager\"\n"
    );
    let policy = policy(&source);
    let reopen: Action = Action::Reopen(Message::NONE);
    let refusals = |role: &str| {
        policy
            .permit(&after(&[Kind::Resolved]), &reopen, &actor(role))
            .refusals
    };
    assert_eq!(refusals("service-supervisor"), []);
    assert_eq!(refusals("specialist").len(), 1);
}

#[test]
fn p4_a_plan_that_was_accepted_opens_the_gate_until_it_is_disputed() {
    let policy = preset();
    let resolve = |method: &str| -> Action {
        Action::Resolve(Resolved {
            method: Some(method.parse().unwrap()),
            text: None,
        })
    };
    let closed = |status: &Status, method: &str| {
        let refusals = policy
            .permit(status, &resolve(method), &actor("specialist"))
            .refusals;
        refusals.iter().any(|refusal| {
            matches!(
                refusal,
                Refusal::Gate {
                    needs: Kind::PlanAccepted,
                    ..
                }
            )
        })
    };
    let accepted = after(&[Kind::PlanProposed, Kind::PlanAccepted]);
    let disputed = after(&[Kind::PlanProposed, Kind::PlanAccepted, Kind::PlanDisputed]);
    for (status, method, expected) in [
        (&Status::default(), "on-site", true),
        (&Status::default(), "remote", false),
        (&accepted, "on-site", false),
        (&disputed, "on-site", true),
        (&disputed, "remote", false),
    ] {
        assert_eq!(closed(status, method), expected, "{method}");
    }
}

#[test]
fn p4_a_compensation_needs_its_approval_by_the_right_role() {
    let policy = preset();
    let proposed = after(&[Kind::CompensationProposed]);
    let approved = after(&[Kind::CompensationProposed, Kind::CompensationApproved]);
    let refused = after(&[
        Kind::CompensationProposed,
        Kind::CompensationApproved,
        Kind::CompensationRefused,
    ]);
    let ask = |status: &Status, action: Action, role: &str| {
        policy.permit(status, &action, &actor(role)).refusals.len()
    };
    let approve = || Action::ApproveCompensation(Message::NONE);
    let grant = || Action::GrantCompensation(Message::NONE);
    assert_eq!(ask(&proposed, approve(), "specialist"), 1);
    assert_eq!(ask(&proposed, approve(), "service-supervisor"), 0);
    assert_eq!(ask(&proposed, grant(), "service-supervisor"), 1);
    assert_eq!(ask(&approved, grant(), "specialist"), 0);
    assert_eq!(ask(&refused, grant(), "specialist"), 1);
}

#[test]
fn p4_a_gate_may_ask_for_the_ticket_and_for_the_event_at_once() {
    let policy = policy(
        r#"
        policy = "p"
        timezone = "UTC"
        [gate.survey]
        event = "followed-up"
        needs = "surveyed"
        when = { kind = "second-contact", level = "urgent" }
        [target.t]
        start = "received"
        stop = "replied"
        goals = [{ within = "1h" }]
        "#,
    );
    let follow_up: Action = Action::FollowUp(punctual::ticket::FollowedUp {
        kind: punctual::ticket::FollowUp::SecondContact,
        text: None,
    });
    let mut urgent = Status::default();
    urgent.level = Some(Level::new("urgent").unwrap());
    let ask = |status: &Status| {
        policy
            .permit(status, &follow_up, &actor("a"))
            .refusals
            .len()
    };
    assert_eq!((ask(&urgent), ask(&Status::default())), (1, 0));
}

/// A small policy with the given lines at its top.
fn small(name: &str, top: &str) -> String {
    format!(
        "policy = \"{name}\"\ntimezone = \"Asia/Shanghai\"\n{top}\n[target.t]\nstart = \"received\"\nstop = \"replied\"\ngoals = [{{ within = \"1h\" }}]\n"
    )
}

#[test]
fn p1_the_first_policy_that_is_valid_and_whose_condition_holds_applies() {
    let book: PolicyBook = [
        policy(&small("phone", "applies-to = { channel = \"phone\" }")),
        policy(&small(
            "2026",
            "valid = { from = 2026-01-01, until = 2026-12-31 }",
        )),
        policy(&small("rest", "")),
    ]
    .into_iter()
    .collect();
    let selected = |at_text: &str, channel: Option<&str>| {
        let mut status = Status::default();
        status.channel = channel.map(|channel| Channel::new(channel).unwrap());
        book.select(at(at_text), &status).unwrap().id().to_string()
    };
    assert_eq!(selected("2026-03-09T01:00:00Z", Some("phone")), "phone");
    assert_eq!(selected("2026-03-09T01:00:00Z", Some("mail")), "2026");
    // Both dates are included, in the policy's zone: eight hours ahead of UTC.
    assert_eq!(selected("2025-12-31T16:00:00Z", None), "2026");
    assert_eq!(selected("2025-12-31T15:59:59Z", None), "rest");
    assert_eq!(selected("2026-12-31T15:59:59Z", None), "2026");
    assert_eq!(selected("2026-12-31T16:00:00Z", None), "rest");
}

#[test]
fn p1_later_versions_are_asked_first_and_former_ones_stay_bound() {
    let document = |top: &str| Document::parse(&small("p", top), Notation::Toml).unwrap();
    let first = document("").compile(1, &[]).unwrap();
    let third = document("").compile(3, &[]).unwrap();
    let second = document("valid = { from = 2026-01-01 }")
        .compile(2, &[])
        .unwrap();
    let other = policy(&small("q", ""));
    let mut book = PolicyBook::default();
    for policy in [first, third, other, second.clone()] {
        book.add(policy);
    }
    book.add(second);
    let order: Vec<(String, u32)> = book
        .iter()
        .map(|policy| (policy.id().to_string(), policy.version()))
        .collect();
    let expected = [("p", 3), ("p", 2), ("p", 1), ("q", 1)];
    assert_eq!(
        order,
        expected.map(|(id, version)| (id.to_owned(), version))
    );
    assert_eq!(book.latest("p").unwrap().version(), 3);
    let bound = |version| PolicyBound {
        agreement: AgreementId::new("service").unwrap(),
        policy: PolicyId::new("p").unwrap(),
        version,
        calendars: [].into(),
        cause: BindCause::Received,
    };
    assert_eq!(book.bound(&bound(1)).unwrap().version(), 1);
    assert!(book.bound(&bound(4)).is_none());
}

#[test]
fn p1_a_binding_names_the_versions_of_the_calendars() {
    let document = Document::parse(AFTER_SALES, Notation::Toml).unwrap();
    let office = || "office".parse().unwrap();
    let one = document.compile(1, &[]).unwrap();
    let two = document.compile(1, &[(office(), 2)]).unwrap();
    let book: PolicyBook = [one, two].into_iter().collect();
    assert_eq!(book.iter().count(), 2);
    let bound = |version| PolicyBound {
        agreement: AgreementId::new("service").unwrap(),
        policy: PolicyId::new("after-sales").unwrap(),
        version: 1,
        calendars: [(office(), version), ("hotline".parse().unwrap(), 1)].into(),
        cause: BindCause::Received,
    };
    let version = |bound: &PolicyBound| {
        book.bound(bound)
            .map(|policy| policy.calendar_versions().next().unwrap().1)
    };
    assert_eq!(version(&bound(1)), Some(1));
    assert_eq!(version(&bound(2)), Some(2));
    assert_eq!(version(&bound(3)), None);
}

#[test]
fn the_condition_of_a_policy_is_asked_of_what_intake_told() {
    let source = small(
        "p",
        "class = { values = [\"fault\", \"enquiry\"] }\napplies-to = { class = { not = \"enquiry\" } }",
    );
    let policy = policy(&source);
    let mut status = Status::default();
    for (class, applies) in [
        (None, true),
        (Some("fault"), true),
        (Some("enquiry"), false),
    ] {
        status.class = class.map(|class| Class::new(class).unwrap());
        assert_eq!(
            policy.applies(at("2026-03-09T01:00:00Z"), &status),
            applies,
            "{class:?}"
        );
    }
}
