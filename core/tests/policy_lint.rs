//! Each lint finds what it is for, and leaves alone what is meant.

#![expect(clippy::panic, reason = "a test may panic")]

use punctual::language::Language;
use punctual::policy::{AFTER_SALES, Document, Finding, Lint, Notation, Policy, Severity};

const HEAD: &str = r#"
policy = "p"
timezone = "Asia/Shanghai"
default-calendar = "office"
class = { values = ["complaint", "fault", "enquiry"] }
level = { values = ["general", "major", "urgent"], default = "general" }
role = { lead = "组长", manager = "经理" }
[calendar.office]
week = { mon-fri = ["09:00-12:00", "13:30-18:00"] }
holidays = "CN"
"#;

fn policy(rest: &str) -> Policy {
    Policy::from_toml(&format!("{HEAD}{rest}")).unwrap_or_else(|report| panic!("{report}"))
}

/// Findings as `name path`, without what these short policies leave unused.
fn found(rest: &str) -> Vec<String> {
    let unused = |finding: &Finding| finding.lint == Lint::UnusedRole;
    let findings = policy(rest).lint();
    let findings = findings.iter().filter(|finding| !unused(finding));
    findings
        .map(|finding| format!("{} {}", finding.lint, finding.path))
        .collect()
}

/// A target with these goals.
fn goals(goals: &str) -> String {
    format!("[target.t]\nstart = \"received\"\nstop = \"replied\"\ngoals = [{goals}]\n")
}

#[test]
fn the_preset_is_clean_but_for_what_it_explains() {
    let policy = Policy::from_toml(AFTER_SALES).unwrap();
    let findings = policy.lint();
    let open: Vec<String> = findings
        .iter()
        .filter(|finding| finding.accepted.is_none())
        .map(Finding::to_string)
        .collect();
    assert_eq!(open, Vec::<String>::new());
    assert_eq!(findings.len(), 5);
}

#[test]
fn rules_that_never_apply_are_found() {
    for (list, expected) in [
        (r#"{ within = "2h" }"#, vec![]),
        (
            r#"{ within = "2h" }, { when = { level = "urgent" }, within = "1h" }"#,
            vec!["shadowed-goal target.t.goals[1]"],
        ),
        // Neither of the two takes all of them, both together do.
        (
            r#"{ when = { level = "urgent" }, within = "1h" },
               { when = { level = { not = "urgent" } }, within = "2h" },
               { when = { class = "fault" }, within = "90m" }"#,
            vec!["shadowed-goal target.t.goals[2]"],
        ),
        (
            r#"{ when = { class = { not = ["complaint", "fault"] } }, within = "1h" }, { within = "2h" }"#,
            vec![],
        ),
    ] {
        assert_eq!(found(&goals(list)), expected, "{list}");
    }
}

#[test]
fn a_goal_outside_of_what_its_target_is_for_is_dead() {
    let dead = r#"[target.t]
        start = "received"
        stop = "replied"
        applies-to = { class = "complaint" }
        goals = [{ when = { class = "fault" }, within = "1h" }, { within = "2h" }]
        ladder = [{ at = "due", tell = "lead", when = { class = "enquiry" } }]
    "#;
    assert_eq!(
        found(dead),
        [
            "dead-goal target.t.goals[0]",
            "dead-rung target.t.ladder[0]"
        ]
    );
}

#[test]
fn a_shadowed_goal_names_what_shadows_it() {
    let findings = policy(&goals(
        r#"{ within = "2h" }, { when = { class = "fault" }, within = "1h" }"#,
    ))
    .lint();
    let shadowed = findings
        .iter()
        .find(|finding| finding.lint == Lint::ShadowedGoal)
        .unwrap();
    assert!(
        shadowed
            .text(Language::English)
            .contains("target.t.goals[0] before it"),
        "{shadowed}"
    );
    assert!(
        shadowed.text(Language::Chinese).contains("警告"),
        "{shadowed}"
    );
}

#[test]
fn shadowed_owners_are_found() {
    let rest = format!(
        "owner = [{{ is = \"lead\" }}, {{ when = {{ level = \"urgent\" }}, is = \"manager\" }}]\n{}",
        goals(r#"{ within = "2h" }"#)
    );
    let source = HEAD.replacen("[calendar.office]", "OWNERS\n[calendar.office]", 1);
    let (owners, target) = rest.split_once('\n').unwrap();
    let source = source.replace("OWNERS", owners) + target;
    let findings = Policy::from_toml(&source).unwrap().lint();
    assert_eq!(findings[0].lint, Lint::ShadowedOwner);
    assert_eq!(findings[0].path.to_string(), "owner[1]");
}

#[test]
fn gaps_are_warnings_and_classes_left_out_are_notes() {
    let gap = goals(
        r#"{ when = { level = "urgent" }, within = "1h" }, { when = { level = "general" }, within = "2h" }"#,
    );
    assert_eq!(found(&gap), ["gap target.t.goals"]);
    let class = goals(r#"{ when = { class = "complaint" }, within = "1h" }"#);
    assert_eq!(found(&class), ["uncovered-class target.t.goals"]);
    let note = policy(&class)
        .lint()
        .into_iter()
        .find(|finding| finding.lint == Lint::UncoveredClass);
    assert_eq!(note.unwrap().lint.severity(), Severity::Note);
    let hole = goals(
        r#"{ when = { class = "complaint", level = "urgent" }, within = "1h" },
           { when = { class = ["fault", "enquiry"] }, within = "1h" }"#,
    );
    assert_eq!(found(&hole), ["gap target.t.goals"]);
}

#[test]
fn what_a_target_is_for_closes_its_gaps() {
    let meant = r#"[target.t]
        start = "received"
        stop = "replied"
        applies-to = { class = "complaint" }
        goals = [{ within = "1h" }]
    "#;
    assert_eq!(found(meant), Vec::<String>::new());
}

#[test]
fn urgent_is_compared_exactly_within_a_kind() {
    for (urgent, general, slower) in [
        ("1h", "2h", false),
        ("2h", "2h", false),
        ("121m", "2h", true),
        ("2wh", "1wh", true),
        ("1wd", "2wd", false),
        ("3d", "2d", true),
    ] {
        let list = format!(
            r#"{{ when = {{ level = "urgent" }}, within = "{urgent}" }}, {{ within = "{general}" }}"#
        );
        let expected: &[&str] = if slower {
            &["urgent-slower target.t.goals[0]"]
        } else {
            &[]
        };
        assert_eq!(found(&goals(&list)), expected, "{urgent} and {general}");
    }
}

#[test]
fn urgent_is_measured_on_the_calendar_between_kinds() {
    for (urgent, general, slower) in [
        ("30m", "2wh", false),
        // Over a weekend an hour of work takes far longer than a day.
        ("1wh", "24h", true),
        // The last closing of the next working day may be 15 minutes less than two days away.
        ("4h", "1wd", false),
        ("3d", "1wd", true),
        ("2wh", "1wd", false),
    ] {
        let list = format!(
            r#"{{ when = {{ level = "urgent" }}, within = "{urgent}" }}, {{ within = "{general}" }}"#
        );
        let expected: &[&str] = if slower {
            &["urgent-slower target.t.goals[0]"]
        } else {
            &[]
        };
        assert_eq!(found(&goals(&list)), expected, "{urgent} and {general}");
    }
}

#[test]
fn an_urgent_visit_is_to_be_arranged_no_later_before_it() {
    let visits = |urgent: &str, general: &str| {
        format!(
            r#"[target.t]
            start = "visit-booked"
            stop = "visit-confirmed"
            cycle = "each"
            goals = [
              {{ when = {{ level = "urgent" }}, within = "{urgent} before visit" }},
              {{ within = "{general} before visit" }},
            ]"#
        )
    };
    for (urgent, general, slower) in [
        ("24h", "24h", false),
        ("25h", "24h", false),
        ("4h", "24h", true),
        ("4wh", "8wh", true),
        ("8wh", "4wh", false),
        // Four open hours before a visit at ten o'clock begin on the day before.
        ("4wh", "1h", false),
        ("4h", "4wh", true),
        ("70h", "4wh", true),
        ("2000h", "4wh", false),
    ] {
        let expected: &[&str] = if slower {
            &["urgent-slower target.t.goals[0]"]
        } else {
            &[]
        };
        let found = found(&visits(urgent, general));
        assert_eq!(found, expected, "{urgent} and {general}");
    }
    let text = |urgent: &str, general: &str, language: Language| {
        let findings = policy(&visits(urgent, general)).lint();
        let slower = findings.iter().find(|it| it.lint == Lint::UrgentSlower);
        slower.unwrap().text(language)
    };
    assert_eq!(
        text("4h", "24h", Language::English),
        "warning[urgent-slower] target.t.goals[0]: a more serious level is promised a shorter lead \
         than a less serious one at target.t.goals[1]"
    );
    assert_eq!(
        text("4h", "24h", Language::Chinese),
        "警告[urgent-slower] target.t.goals[0]: 更严重的级别比 target.t.goals[1] 的较轻级别提前量更短"
    );
    assert_eq!(
        text("4h", "4wh", Language::English),
        "warning[urgent-slower] target.t.goals[0]: a more serious level is promised a shorter lead \
         than a less serious one at target.t.goals[1], for example before a visit at \
         2025-01-01T00:00:00Z"
    );
    assert_eq!(
        text("4h", "4wh", Language::Chinese),
        "警告[urgent-slower] target.t.goals[0]: 更严重的级别比 target.t.goals[1] 的较轻级别提前量更短，\
         例如 2025-01-01T00:00:00Z 的上门"
    );
}

#[test]
fn working_days_that_may_come_to_one_less_are_found() {
    let every_day = "[calendar.hotline]\nweek = { mon-sun = [\"08:00-20:00\"] }\n";
    let goal = |within: &str, on: &str, at: &str| {
        let calendar = if on == "hotline" { every_day } else { "" };
        let goal = format!(r#"{{ within = "{within}", on = "{on}", at = "{at}" }}"#);
        format!("{calendar}{}", goals(&goal))
    };
    for (within, on, at, is_short) in [
        ("1wd", "office", "same-time", true),
        ("2wd", "office", "same-time", true),
        ("1-3wd", "office", "same-time", true),
        ("1wd", "office", "closing", false),
        // Where every date has a shift the same clock time is a whole day later.
        ("1wd", "hotline", "same-time", false),
    ] {
        let expected: &[&str] = if is_short {
            &["short-working-days target.t.goals[0]"]
        } else {
            &[]
        };
        assert_eq!(found(&goal(within, on, at)), expected, "{within} {on} {at}");
    }
    let text = |within: &str, language: Language| {
        let findings = policy(&goal(within, "office", "same-time")).lint();
        let short = findings.iter().find(|it| it.lint == Lint::ShortWorkingDays);
        short.unwrap().text(language)
    };
    // Wednesday 2025-01-01 is a holiday, and at eight in Shanghai nobody would be there yet.
    assert_eq!(
        text("1wd", Language::English),
        "warning[short-working-days] target.t.goals[0]: started at 2025-01-01T00:00:00Z, it allows \
         no open time at all and is due as it starts"
    );
    assert_eq!(
        text("1wd", Language::Chinese),
        "警告[short-working-days] target.t.goals[0]: 自 2025-01-01T00:00:00Z 起，该时限内没有任何工作时间，\
         一开始即到期"
    );
    assert_eq!(
        text("2wd", Language::English),
        "warning[short-working-days] target.t.goals[0]: started at 2025-01-01T00:00:00Z, 2wd allow \
         no more open time than 1wd"
    );
    assert_eq!(
        text("2wd", Language::Chinese),
        "警告[short-working-days] target.t.goals[0]: 自 2025-01-01T00:00:00Z 起，2wd 内的工作时间不多于 1wd"
    );
}

#[test]
fn levels_are_compared_for_each_class_by_itself() {
    let list = r#"{ when = { class = "complaint", level = "major" }, within = "1h" },
        { when = { level = "urgent" }, within = "2h" }, { within = "4h" }"#;
    assert_eq!(found(&goals(list)), ["urgent-slower target.t.goals[1]"]);
}

#[test]
fn a_budget_that_is_never_used_up_is_found() {
    assert_eq!(
        found(&goals(r#"{ within = "60000wd" }"#)),
        ["unreachable-budget target.t.goals[0]"]
    );
    assert_eq!(
        found(&goals(r#"{ within = "40000wh" }"#)),
        ["unreachable-budget target.t.goals[0]"]
    );
    assert_eq!(
        found(&goals(r#"{ within = "2000wh" }"#)),
        Vec::<String>::new()
    );
}

#[test]
fn rungs_in_odd_places_are_found() {
    for (rung, expected) in [
        (r#"at = "80%""#, vec![]),
        (r#"at = "100%""#, vec![]),
        (
            r#"at = "120%""#,
            vec!["warning-after-breach target.t.ladder[0]"],
        ),
        (r#"at = "-1h""#, vec![]),
        (
            r#"at = "-2h""#,
            vec!["rung-before-start target.t.ladder[0]"],
        ),
        (r#"at = "-2wh""#, vec![]),
        (r#"at = "+2wd""#, vec![]),
    ] {
        let target = format!(
            "{}ladder = [{{ {rung}, tell = \"lead\" }}]\n",
            goals(r#"{ within = "2h" }"#)
        );
        assert_eq!(found(&target), expected, "{rung}");
    }
}

#[test]
fn a_pause_that_ends_only_with_its_clocks_is_found() {
    let reason = |resumes: &str, stop: &str| {
        format!(
            "[pause]\nwaiting = {{ resumes-on = [\"{resumes}\"] }}\n[target.t]\nstart = \"received\"\nstop = \"{stop}\"\npause = \"waiting\"\ngoals = [{{ within = \"2h\" }}]\n"
        )
    };
    assert_eq!(
        found(&reason("replied", "replied")),
        ["idle-pause pause.waiting.resumes-on"]
    );
    assert_eq!(
        found(&reason("customer-wrote", "replied")),
        Vec::<String>::new()
    );
}

#[test]
fn a_stop_that_can_precede_the_start_is_found() {
    for (start, stop, odd) in [
        ("received", "replied", false),
        ("diagnosed", "plan-proposed", true),
        ("plan-proposed", "plan-accepted", false),
        ("plan-accepted", "resolved", false),
        ("visit-booked", "visit-confirmed", false),
        ("dispatched", "visit-booked", true),
        // Nobody has to tell that a repairer was sent.
        ("dispatched", "arrived", true),
        ("diagnosed", "accepted", false),
        ("diagnosed", "resolved", false),
        ("closed", "accepted", true),
        ("resolved", "survey-asked", false),
        ("resolved", "accepted", false),
        ("accepted", "survey-asked", true),
        ("customer-wrote", "replied", false),
    ] {
        let target = format!(
            "[target.t]\nstart = \"{start}\"\nstop = \"{stop}\"\ngoals = [{{ within = \"2h\" }}]\n"
        );
        let expected: &[&str] = if odd {
            &["stop-before-start target.t.stop"]
        } else {
            &[]
        };
        assert_eq!(found(&target), expected, "{start} to {stop}");
    }
}

#[test]
fn a_gate_silences_what_it_holds_back_for_every_ticket_with_a_goal() {
    let gate = |gate: &str, goals: &str, start: &str| {
        format!(
            "[gate.g]\nevent = \"arrived\"\n{gate}\n[target.t]\nstart = {start}\nstop = \"arrived\"\napplies-to = {{ class = {{ not = \"enquiry\" }} }}\ngoals = [{goals}]\n"
        )
    };
    let (any, dispatched) = (r#"{ within = "2h" }"#, "\"dispatched\"");
    let fault = r#"{ when = { class = "fault" }, within = "2h" }"#;
    let needs = "needs = \"dispatched\"";
    for (held, goals, start, odd) in [
        (needs, any, dispatched, false),
        ("needs = \"diagnosed\"", any, dispatched, true),
        // Complaints pass the gate unasked.
        (
            "needs = \"dispatched\"\nwhen = { class = \"fault\" }",
            any,
            dispatched,
            true,
        ),
        (
            "needs = \"dispatched\"\nwhen = { class = \"fault\" }",
            fault,
            dispatched,
            false,
        ),
        (
            "needs = \"dispatched\"\nwhen = { class = \"complaint\" }",
            fault,
            dispatched,
            true,
        ),
        (
            "needs = \"dispatched\"\nwhen = { class = { not = \"complaint\" } }",
            fault,
            dispatched,
            false,
        ),
        (
            "needs = \"dispatched\"\nwhen = { class = { not = \"enquiry\" } }",
            any,
            dispatched,
            false,
        ),
        (
            "needs = \"dispatched\"\nwhen = { class = { not = [\"enquiry\", \"fault\"] } }",
            any,
            dispatched,
            true,
        ),
        (
            "needs = \"dispatched\"\nwhen = { level = \"urgent\", class = \"fault\" }",
            fault,
            dispatched,
            true,
        ),
        // Anybody's dispatch opens the gate, the lead's alone starts the clock.
        (needs, any, r#"{ event = "dispatched", by = "lead" }"#, true),
    ] {
        let found = found(&gate(held, goals, start));
        let is_odd = found.contains(&"stop-before-start target.t.stop".to_owned());
        assert_eq!(is_odd, odd, "{held} {goals} {start}: {found:?}");
    }
}

#[test]
fn what_is_declared_and_not_used_is_noted() {
    let rest = r#"
        [calendar.night]
        always = true
        [pause]
        idle = "闲置"
        [mark]
        milestone = "里程碑"
        [target.t]
        start = "received"
        stop = "replied"
        goals = [{ within = "2h" }]
    "#;
    let findings = policy(rest).lint();
    let names: Vec<String> = findings
        .iter()
        .map(|found| format!("{} {}", found.lint, found.path))
        .collect();
    assert_eq!(
        names,
        [
            "unused-calendar calendar.night",
            "unused-role role.lead",
            "unused-role role.manager",
            "unused-reason pause.idle",
            "unused-mark mark.milestone",
        ]
    );
}

#[test]
fn roles_that_nobody_declared_are_found_once() {
    let source = format!(
        "policy = \"p\"\ntimezone = \"UTC\"\n{}ladder = [{{ at = \"50%\", tell = \"a\" }}, {{ at = \"80%\", tell = \"a\" }}, {{ at = \"due\", tell = \"b\" }}]\n",
        goals(r#"{ within = "2h" }"#)
    );
    let policy = Policy::from_toml(&source).unwrap();
    let findings = policy.lint();
    let names: Vec<String> = findings
        .iter()
        .map(|found| format!("{} {}", found.lint, found.path))
        .collect();
    assert_eq!(
        names,
        [
            "undeclared-role target.t.ladder[0]",
            "undeclared-role target.t.ladder[2]"
        ]
    );
}

#[test]
fn an_acceptance_covers_its_part_and_no_other() {
    let accept = |at: &str| {
        format!(
            "{}\n[[accept]]\nlint = \"gap\"\nat = \"{at}\"\nbecause = \"others are answered by hand\"\n",
            goals(r#"{ when = { level = "urgent" }, within = "1h" }"#)
        )
    };
    let accepted = |at: &str| {
        let findings = policy(&accept(at)).lint();
        findings
            .iter()
            .any(|found| found.lint == Lint::Gap && found.accepted.is_some())
    };
    assert!(accepted("target.t"));
    assert!(accepted("target.t.goals"));
    assert!(!accepted("target.tt"));
    assert!(found(&accept("target.x")).contains(&"nothing-to-accept accept[0]".to_owned()));
}

#[test]
fn a_finding_is_shown_beside_its_line() {
    let source = format!(
        "{HEAD}{}",
        goals(r#"{ within = "2h" }, { when = { class = "fault" }, within = "1h" }"#)
    );
    let document = Document::parse(&source, Notation::Toml).unwrap();
    let findings = document.compile(1, &[]).unwrap().lint();
    let shadowed = findings
        .iter()
        .find(|found| found.lint == Lint::ShadowedGoal)
        .unwrap();
    let line = source
        .lines()
        .position(|line| line.starts_with("goals"))
        .unwrap()
        + 1;
    assert_eq!(document.locate(&shadowed.path), (line, 29));
    assert!(
        document
            .show(shadowed, Language::English)
            .contains("goals = [")
    );
}

#[test]
fn more_combinations_than_can_be_looked_through_are_said() {
    let fields: String = (0..20)
        .map(|field| format!("[field.f{field}]\nvalues = [\"a\", \"b\"]\n"))
        .collect();
    let when: Vec<String> = (0..20).map(|field| format!("f{field} = \"a\"")).collect();
    let target = goals(&format!(
        "{{ when = {{ {} }}, within = \"1h\" }}",
        when.join(", ")
    ));
    assert_eq!(
        found(&format!("{fields}{target}")),
        ["too-many-combinations target.t"]
    );
}

/// So many targets, each with one goal for everything in front of twenty others, over 17 fields.
fn hostile(targets: usize) -> String {
    let names = || (0..17).map(|field| format!("f{field}"));
    let fields: String = names()
        .map(|name| format!("[field.{name}]\nvalues = [\"a\", \"b\"]\ndefault = \"a\"\n"))
        .collect();
    let shadowed: String = names()
        .map(|name| format!(", {{ when = {{ {name} = \"a\" }}, within = \"1h\" }}"))
        .collect();
    let targets = (0..targets).map(|target| {
        format!(
            "[target.t{target}]\nstart = \"received\"\nstop = \"replied\"\ngoals = [{{ within = \"2h\" }}{shadowed}]\n"
        )
    });
    fields + &targets.collect::<String>()
}

#[test]
fn a_document_that_asks_for_too_much_is_given_up_once() {
    let findings = policy(&hostile(400)).lint();
    let too_much: Vec<String> = findings
        .iter()
        .filter(|finding| finding.lint == Lint::TooManyCombinations)
        .map(ToString::to_string)
        .collect();
    assert_eq!(too_much.len(), 1, "{too_much:?}");
    assert!(too_much[0].contains("the whole document"), "{too_much:?}");
    let shadowed = |target: &str| {
        let goals = format!("target.{target}.goals");
        let shadowed = findings.iter().filter(|it| it.lint == Lint::ShadowedGoal);
        let here = shadowed.filter(|it| it.path.to_string().starts_with(&goals));
        here.count()
    };
    // What there were steps for is told as ever.
    assert_eq!((shadowed("t0"), shadowed("t399")), (17, 0));
    assert!(too_much[0].contains("398 other parts"), "{too_much:?}");
}

#[test]
fn many_levels_and_many_words_are_counted_too() {
    let levels: Vec<String> = (0..20_000).map(|level| format!("\"l{level}\"")).collect();
    let levels = format!("level = {{ values = [{}] }}", levels.join(", "));
    let goals = goals(r#"{ when = { level = "l1" }, within = "1h" }, { within = "2h" }"#);
    let head = HEAD.lines().map(|line| {
        if line.starts_with("level") {
            levels.as_str()
        } else {
            line
        }
    });
    let source = head.collect::<Vec<_>>().join("\n") + "\n" + &goals;
    let findings = Policy::from_toml(&source).unwrap().lint();
    assert!(
        findings
            .iter()
            .any(|it| it.lint == Lint::TooManyCombinations)
    );

    let products: Vec<String> = (0..60_000)
        .map(|product| format!("\"p{product}\""))
        .collect();
    let products = products.join(", ");
    let goal = format!("{{ when = {{ product = [{products}] }}, within = \"1h\" }}");
    let target =
        format!("[target.t]\nstart = \"received\"\nstop = \"replied\"\ngoals = [{goal}]\n");
    assert_eq!(found(&target), ["too-many-combinations target.t"]);
}

#[test]
fn pairs_of_starts_and_stops_are_counted_too() {
    let list = |kind: &str, count: usize| vec![format!("\"{kind}\""); count].join(", ");
    let target = |count: usize| {
        let (starts, stops) = (list("received", count), list("diagnosed", count));
        format!(
            "[target.t]\nstart = [{starts}]\nstop = [{stops}]\ngoals = [{{ within = \"2h\" }}]\n"
        )
    };
    assert_eq!(found(&target(20)), Vec::<String>::new());
    assert_eq!(found(&target(400)), ["too-many-combinations target.t"]);
}
