//! P1 to P4: versions, rebinding, permission, gates.

use std::sync::Arc;

use punctual::clock::{self, Bindings, Reading};
use punctual::event::{Actor, ActorId, Class, Kind, RoleId};
use punctual::policy::{Policy, PolicyBook};
use punctual::supervision;
use punctual::ticket::{
    Action, BindCause, Message, Permit, PolicyBound, Refusal, Resolved, Status, Ticket, TicketEvent,
};
use punctual::time::Instant;

use crate::house::house;
use crate::play::{Stage, compile, play_versions};

fn solve(goal: &str) -> String {
    house(&format!(
        r#"
[target.solve]
start = "received"
stop = "resolved"
pause = "customer"
goals = [{{ within = "{goal}" }}]
[agreement.team]
kind = "operational"
[agreement.team.target.work]
start = "received"
stop = "resolved"
goals = [{{ within = "{goal}" }}]
"#
    ))
}

fn bound(events: Vec<TicketEvent>) -> Vec<PolicyBound> {
    let bound = |event| {
        let TicketEvent::PolicyBound(bound) = event else {
            panic!("{event:?} binds nothing");
        };
        bound
    };
    events.into_iter().map(bound).collect()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

#[test]
fn p1_each_agreement_is_bound_once_with_its_versions() {
    let policies = compile(&[&solve("4wh")]);
    let mut book = PolicyBook::default();
    book.add(Arc::clone(&policies[0]));
    assert_eq!(
        bound(supervision::bind(&Ticket::default(), &book)),
        [],
        "nothing was received"
    );
    let mut stage = Stage::new(&policies, false);
    stage.line("03-09 10:00 received");
    let first = bound(supervision::bind(&stage.ticket, &book));
    let agreements: Vec<&str> = first.iter().map(|it| it.agreement.as_str()).collect();
    assert_eq!(agreements, ["service", "team"]);
    for it in &first {
        assert_eq!(
            (it.policy.as_str(), it.version, it.cause),
            ("house", 1, BindCause::Received)
        );
        let calendars: Vec<(&str, u32)> = it
            .calendars
            .iter()
            .map(|(id, version)| (id.as_str(), *version))
            .collect();
        assert_eq!(calendars, [("desk", 1), ("office", 1)]);
    }
    let events = supervision::bind::<Box<str>>(&stage.ticket, &book);
    let ticket = supervision::after(&stage.ticket, events, stage.now);
    assert_eq!(bound(supervision::bind(&ticket, &book)), [], "once");
}

#[test]
fn p1_what_was_bound_stays_when_a_new_version_is_published() {
    play_versions(
        &[&solve("4wh"), &solve("1wh")],
        "
        03-09 10:00 received
        03-09 12:00 look
        = solve: running open, used 2:00 of 4:00, due 03-09 14:00
        = team/work: running open, used 2:00 of 4:00, due 03-09 14:00
        ",
    );
}

#[test]
fn p1_the_policy_is_chosen_by_validity_then_by_condition() {
    let named = |name: &str, more: &str| {
        let source = solve("4wh").replace(
            "policy = \"house\"",
            &format!("policy = \"{name}\"\n{more}"),
        );
        Policy::from_toml(&source).unwrap()
    };
    let mut book = PolicyBook::default();
    book.add(named(
        "old",
        r#"valid = { from = "2025-01-01", until = "2026-03-09" }"#,
    ));
    book.add(named("faults", r#"applies-to = { class = "fault" }"#));
    book.add(named("rest", ""));
    let fault = {
        let mut status = Status::default();
        status.class = Some(Class::new("fault").unwrap());
        status
    };
    for (received_at, status, chosen) in [
        // The last microsecond of 03-09 in Shanghai; both dates are included.
        ("2026-03-09T23:59:59.999999+08:00", &fault, "old"),
        ("2026-03-10T00:00:00+08:00", &fault, "faults"),
        ("2026-03-10T00:00:00+08:00", &Status::default(), "rest"),
        ("2024-12-31T23:59:59.999999+08:00", &fault, "faults"),
        ("2025-01-01T00:00:00+08:00", &fault, "old"),
    ] {
        let found = book.select(at(received_at), status).unwrap();
        assert_eq!(found.id().as_str(), chosen, "{received_at}");
    }
}

#[test]
fn p2_a_rebind_uses_the_new_versions_modes_and_reasons() {
    // Two of 4 h are used; the new version carries the share used: 4 of 8 h, 4 left at 12:00.
    // The team's agreement goes forward of itself: 8 h from 12:00, 6 today, 2 tomorrow.
    let second = solve("8wh").replacen("pause =", "reclassify = \"carry\"\npause =", 1);
    play_versions(
        &[&solve("4wh"), &second],
        "
        03-09 10:00 received
        03-09 12:00 rebind
        = solve: running open, used 4:00 of 8:00, due 03-09 16:00
        = team/work: running open, used 0:00 of 8:00, due 03-10 11:00
        ",
    );
    // What waits for the customer does not wait under the new version: from 11:00 on it counts.
    let third = solve("4wh").replace("pause = \"customer\"\n", "");
    play_versions(
        &[&solve("4wh"), &third],
        "
        03-09 10:00 received
        03-09 11:00 paused reason=customer
        ~ solve: paused open, used 1:00 of 4:00, resumed 03-09 14:00
        03-09 12:00 rebind
        ~ solve: running open, used 2:00 of 4:00, due 03-09 14:00
        ",
    );
}

#[test]
fn p2_a_dry_run_lists_due_instants_before_and_after() {
    let policies = compile(&[&solve("4wh"), &solve("8wh")]);
    let mut stage = Stage::new(&policies, false);
    stage.line("03-09 10:00 received");
    stage.line("03-09 11:00 paused reason=customer");
    stage.line("03-09 12:00 look");
    let mut book = PolicyBook::default();
    policies.iter().for_each(|it| book.add(Arc::clone(it)));
    let read = |ticket: &Ticket| -> Vec<Option<Instant>> {
        let bindings = Bindings::recorded(ticket.timeline(), &book, stage.now).unwrap();
        let readings = clock::read(ticket.timeline(), &bindings, stage.now);
        readings.iter().map(Reading::due_or_if_resumed).collect()
    };
    let real = stage.ticket.clone();
    let dry =
        supervision::after::<Box<str>>(&stage.ticket, supervision::rebind(&policies[1]), stage.now);
    // The solution waits: 3 of 4 h are left from 12:00, or 7 of 8: 6 today, 1 tomorrow. The team's
    // clock runs: 14:00, or 8 h from 12:00 (forward): 6 today, 2 tomorrow.
    assert_eq!(
        read(&real),
        [
            Some(stage.instant("03-09", "15:00")),
            Some(stage.instant("03-09", "14:00"))
        ]
    );
    assert_eq!(
        read(&dry),
        [
            Some(stage.instant("03-10", "10:00")),
            Some(stage.instant("03-10", "11:00"))
        ]
    );
    assert_eq!(stage.ticket, real, "a dry run leaves no trace");
    let bindings = stage.bindings(stage.now);
    assert!(!supervision::is_finished(&real, &bindings, stage.now));
}

#[test]
fn p2_a_finished_ticket_is_not_moved() {
    let policies = compile(&[&solve("4wh"), &solve("1wh")]);
    let mut stage = Stage::new(&policies, false);
    stage.line("03-09 10:00 received");
    stage.line("03-09 12:00 resolved");
    let bindings = stage.bindings(stage.now);
    assert!(supervision::is_finished(
        &stage.ticket,
        &bindings,
        stage.now
    ));
    drop(bindings);
    // And if it were: what has stopped keeps its goal.
    stage.line("03-09 13:00 rebind");
    stage.line("= solve: stopped met, used 2:00 of 4:00, due 03-09 14:00");
    stage.line("= team/work: stopped met, used 2:00 of 4:00, due 03-09 14:00");
    stage.finish();
}

fn actor(role: &str) -> Actor {
    Actor::new(ActorId::new("someone").unwrap()).with_role(RoleId::new(role).unwrap())
}

#[test]
fn p3_the_policy_says_which_roles_may() {
    let source = solve("4wh")
        + r#"
[waive]
by = ["head"]
[allow]
declined = ["lead", "head"]
reopened = ["lead"]
"#;
    let policy = Policy::from_toml(&source).unwrap();
    let actions: [(&str, &str); 3] = [
        (
            r#"{"type":"waive","agreement":"service","target":"solve","cycle":1,"text":{"plain":"storm"}}"#,
            "head",
        ),
        (
            r#"{"type":"decline","alternative":{"plain":"shop"}}"#,
            "lead head",
        ),
        (r#"{"type":"reopen"}"#, "lead"),
    ];
    for (json, may) in actions {
        let action: Action = serde_json::from_str(json).unwrap();
        for role in ["agent", "lead", "head"] {
            let permit = policy.permit(&Status::default(), &action, &actor(role));
            let is_allowed = may.split(' ').any(|it| it == role);
            assert_eq!(permit.refusals.is_empty(), is_allowed, "{json} by {role}");
        }
        let nobody = Actor::new(ActorId::new("someone").unwrap());
        let permit = policy.permit(&Status::default(), &action, &nobody);
        assert!(
            matches!(permit.refusals[..], [Refusal::Role { .. }]),
            "{json}"
        );
    }
    // What the policy does not speak of, anyone may.
    let note: Action = Action::Note(Message::NONE);
    assert_eq!(
        policy
            .permit(&Status::default(), &note, &actor("agent"))
            .refusals,
        Permit::default().refusals
    );
}

#[test]
fn p4_a_gate_needs_another_event_first() {
    let source = solve("4wh")
        + r#"
[gate.execution]
event = { event = "resolved", when = { method = "on-site" } }
needs = "plan-accepted"
[gate.compensation]
event = "compensation-granted"
needs = "compensation-approved"
by = ["lead"]
"#;
    let policies = compile(&[&source]);
    let policy: &Policy = &policies[0];
    let mut stage = Stage::new(&policies, false);
    stage.line("03-09 10:00 received");
    let resolve = |method: &str| -> Action {
        Action::Resolve(Resolved {
            method: Some(method.parse().unwrap()),
            text: None,
        })
    };
    let refused = |stage: &Stage<'_>, action: &Action, role: &str| {
        let status = stage.ticket.timeline().status(stage.now);
        let refusals = policy.permit(&status, action, &actor(role)).refusals;
        refusals.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let closed = ["gate `execution`: resolved needs plan-accepted first"];
    assert_eq!(refused(&stage, &resolve("on-site"), "agent"), closed);
    assert_eq!(refused(&stage, &resolve("remote"), "agent"), [""; 0]);
    stage.line("03-09 11:00 plan-proposed");
    assert_eq!(refused(&stage, &resolve("on-site"), "agent"), closed);
    stage.line("03-09 12:00 plan-accepted");
    assert_eq!(refused(&stage, &resolve("on-site"), "agent"), [""; 0]);
    stage.line("03-09 13:00 plan-disputed");
    assert_eq!(
        refused(&stage, &resolve("on-site"), "agent"),
        closed,
        "no longer"
    );

    let grant: Action = Action::GrantCompensation(Message::NONE);
    let approve: Action = Action::ApproveCompensation(Message::NONE);
    stage.line("03-09 14:00 compensation-proposed compensation=refund");
    assert_eq!(refused(&stage, &grant, "lead").len(), 1);
    assert_eq!(refused(&stage, &approve, "agent").len(), 1, "not the agent");
    assert_eq!(refused(&stage, &approve, "lead"), [""; 0]);
    stage.line("03-09 15:00 compensation-approved by=lead");
    assert_eq!(refused(&stage, &grant, "agent"), [""; 0]);
    assert_eq!(grant.kind(), Kind::CompensationGranted);
    stage.finish();
}
