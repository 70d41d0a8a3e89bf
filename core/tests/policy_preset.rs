//! The preset `after-sales` promises what its rules say, class by class and level by level.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use punctual::event::{AgreementId, Class, FieldId, FieldValue, Level, TargetId};
use punctual::policy::{
    AFTER_SALES, AgreementKind, Budget, Cycle, DayEnd, Document, Goal, Label, Length, Notation,
    Policy, ReopenMode, RungAt,
};
use punctual::ticket::Status;

fn preset() -> Policy {
    Policy::from_toml(AFTER_SALES).unwrap_or_else(|report| panic!("{report}"))
}

const CLASSES: [&str; 8] = [
    "enquiry",
    "suggestion",
    "fault",
    "complaint",
    "return",
    "exchange",
    "repair",
    "installation",
];
const LEVELS: [&str; 3] = ["general", "major", "urgent"];

fn status(class: &str, level: &str) -> Status {
    let mut status = Status::default();
    status.class = Some(Class::new(class).unwrap());
    status.level = Some(Level::new(level).unwrap());
    status
}

/// Writes a goal as the document does.
fn written(goal: &Goal) -> String {
    let one = |budget: &Budget| match budget {
        Budget::Elapsed(length) => length.to_string(),
        Budget::Working { length, .. } => format!("{length} working"),
        Budget::CalendarDays { days } => format!("{days}d"),
        Budget::WorkingDays { days, until, .. } => match until {
            DayEnd::Closing => format!("{days}wd"),
            DayEnd::SameTime => format!("{days}wd same time"),
        },
        Budget::Lead {
            length: Length::Wall(length),
        } => format!("{length} before visit"),
        Budget::Lead { .. } => "working lead".to_owned(),
        _ => "a budget of a later release".to_owned(),
    };
    match &goal.lower {
        Some(lower) => format!("{} to {}", one(lower), one(&goal.within)),
        None => one(&goal.within),
    }
}

fn promised(policy: &Policy, target: &str, status: &Status) -> String {
    let target = TargetId::new(target).unwrap();
    let mut targets = policy
        .agreements()
        .iter()
        .filter_map(|agreement| agreement.target(&target));
    let target = targets
        .next()
        .unwrap_or_else(|| panic!("{target} is missing"));
    target
        .goal_for(status)
        .map_or_else(|| "none".to_owned(), |(_, goal)| written(goal))
}

/// The rules of the house, each as a function of class and level.
fn expected(target: &str, class: &str, level: &str) -> &'static str {
    let urgent = level == "urgent";
    let (fault, complaint) = (matches!(class, "fault" | "repair"), class == "complaint");
    match target {
        "acknowledgement" => "5m",
        "first-response" if complaint || urgent => "30m",
        "first-response" if fault => "1h working",
        "first-response" => "2h working",
        "next-reply" if urgent => "30m",
        "next-reply" if complaint => "4h",
        "next-reply" => "4h working",
        "diagnosis" if !fault && !complaint => "none",
        "diagnosis" => match level {
            "urgent" => "30m",
            "major" => "2h working",
            _ => "4h working",
        },
        "plan" if urgent => "2h",
        "plan" => "1d",
        "progress" if urgent => "4h",
        "progress" => "1d",
        "visit-confirmation" => "1d before visit",
        "repair-contact" if urgent => "30m",
        "repair-contact" => "2h working",
        "repair-arrival" => match level {
            "urgent" => "4h",
            "major" => "1wd",
            _ => "2wd",
        },
        "acceptance" if matches!(class, "repair" | "installation") => "1wd",
        "visit-signed" if !matches!(class, "repair" | "installation") => "1wd",
        "guidance-follow-up" => "3d",
        "complaint-solved" if complaint => "1wd to 3wd",
        "return-review" if matches!(class, "return" | "exchange") => "1wd",
        "return-arrangement" => "2wd",
        "return-tracking" => "10wd",
        "installation-arranged" if class == "installation" => "1wd",
        "installation" if class == "installation" => "5wd",
        "survey" => "1wd",
        "second-contact" => "2wd",
        "outside-work" if urgent => "1d",
        "outside-work" | "parts" => "3wd",
        _ => "none",
    }
}

#[test]
fn every_class_and_level_is_promised_what_the_rules_say() {
    let policy = preset();
    let targets: Vec<String> = policy
        .agreements()
        .iter()
        .flat_map(|agreement| &agreement.targets)
        .map(|target| target.id.to_string())
        .collect();
    assert_eq!(targets.len(), 22);
    for target in &targets {
        for class in CLASSES {
            for level in LEVELS {
                let found = promised(&policy, target, &status(class, level));
                assert_eq!(
                    found,
                    expected(target, class, level),
                    "{target}, {class}, {level}"
                );
            }
        }
    }
}

#[test]
fn a_complex_complaint_has_five_to_seven_working_days() {
    let mut complex = status("complaint", "general");
    complex.fields.insert(
        FieldId::new("complexity").unwrap(),
        FieldValue::new("complex").unwrap(),
    );
    assert_eq!(
        promised(&preset(), "complaint-solved", &complex),
        "5wd to 7wd"
    );
}

#[test]
fn a_ticket_that_nobody_judged_is_general() {
    let policy = preset();
    let unjudged = Status::default();
    assert_eq!(promised(&policy, "plan", &unjudged), "1d");
    assert_eq!(
        policy.owner(&unjudged).map(|role| role.as_str()),
        Some("specialist")
    );
}

#[test]
fn owners_follow_the_level() {
    let policy = preset();
    for (level, owner) in [
        ("general", "specialist"),
        ("major", "technical-supervisor"),
        ("urgent", "after-sales-manager"),
    ] {
        assert_eq!(
            policy.owner(&status("fault", level)).unwrap().as_str(),
            owner
        );
    }
}

#[test]
fn the_first_contact_is_cycle_zero_of_the_replies() {
    let policy = preset();
    let service = &policy.agreements()[0];
    let place = |name: &str| {
        service
            .targets
            .iter()
            .position(|target| target.id.as_str() == name)
            .unwrap()
    };
    let (first, next) = (place("first-response"), place("next-reply"));
    assert_eq!(service.targets[next].after, Some(first));
    assert!(service.targets[next].is_next_reply && !service.targets[next].is_first_response);
    assert!(service.targets[first].is_first_response && !service.targets[first].is_next_reply);
    assert_eq!(service.targets[first].reopen.mode, ReopenMode::Stay);
    let others = service
        .targets
        .iter()
        .filter(|target| target.is_first_response)
        .count();
    assert_eq!(others, 1);
}

#[test]
fn progress_is_periodic_and_complaints_warn_at_the_lower_bound() {
    let policy = preset();
    let service = &policy.agreements()[0];
    let target = |name: &str| service.target(&TargetId::new(name).unwrap()).unwrap();
    assert!(matches!(target("progress").cycle, Cycle::Restart { .. }));
    assert_eq!(target("plan").cycle, Cycle::Each);
    assert_eq!(target("diagnosis").cycle, Cycle::Once);
    assert_eq!(target("complaint-solved").ladder[0].at, RungAt::Lower);
    assert_eq!(
        target("complaint-solved").ladder[3]
            .repeat
            .unwrap()
            .most
            .get(),
        3
    );
}

#[test]
fn work_of_others_is_measured_under_agreements_of_their_own() {
    let policy = preset();
    let ids: Vec<(&AgreementId, AgreementKind)> = policy
        .agreements()
        .iter()
        .map(|agreement| (&agreement.id, agreement.kind))
        .collect();
    let names: Vec<String> = ids.iter().map(|(id, _)| id.to_string()).collect();
    assert_eq!(names, ["service", "parts-supplier", "service-point"]);
    assert_eq!(ids[1].1, AgreementKind::Supplier);
}

#[test]
fn every_name_has_a_label_in_both_languages() {
    let policy = preset();
    let words = policy.vocabulary();
    let mut labels: Vec<(&str, &Label)> = vec![("policy", policy.label())];
    labels.extend(
        words
            .classes
            .iter()
            .map(|(name, label)| (name.as_str(), label)),
    );
    labels.extend(
        words
            .levels
            .iter()
            .map(|(name, label)| (name.as_str(), label)),
    );
    labels.extend(
        words
            .channels
            .iter()
            .map(|(name, label)| (name.as_str(), label)),
    );
    labels.extend(
        words
            .satisfaction
            .iter()
            .map(|(name, label)| (name.name(), label)),
    );
    labels.extend(
        words
            .fields
            .iter()
            .map(|field| (field.id.as_str(), &field.label)),
    );
    labels.extend(
        words
            .fields
            .iter()
            .flat_map(|field| &field.values)
            .map(|(name, label)| (name.as_str(), label)),
    );
    labels.extend(
        words
            .roles
            .iter()
            .map(|role| (role.id.as_str(), &role.label)),
    );
    labels.extend(
        words
            .reasons
            .iter()
            .map(|reason| (reason.id.as_str(), &reason.label)),
    );
    labels.extend(
        words
            .marks
            .iter()
            .map(|(name, label)| (name.as_str(), label)),
    );
    for agreement in policy.agreements() {
        // The service agreement is the policy itself.
        if agreement.kind != AgreementKind::Service {
            labels.push((agreement.id.as_str(), &agreement.label));
        }
        labels.extend(
            agreement
                .targets
                .iter()
                .map(|target| (target.id.as_str(), &target.label)),
        );
    }
    assert!(labels.len() > 60);
    for (name, label) in labels {
        assert!(
            label.text("en").is_some() && label.text("zh").is_some(),
            "{name}"
        );
    }
}

#[test]
fn the_json_twin_compiles_to_an_equal_policy() {
    let document = Document::parse(AFTER_SALES, Notation::Toml).unwrap();
    let twin = Document::parse(&document.to_json(), Notation::Json).unwrap();
    assert_eq!(twin.compile(1, &[]).unwrap(), preset());
    assert_eq!(twin.to_json(), document.to_json());
}

#[test]
fn k7_a_published_policy_is_restored_from_what_was_written_out() {
    let document = Document::parse(AFTER_SALES, Notation::Toml).unwrap();
    let policy = document
        .compile(3, &[("office".parse().unwrap(), 2)])
        .unwrap();
    let kept = serde_json::to_string(&policy.publication()).unwrap();
    let publication = serde_json::from_str(&kept).unwrap();
    assert_eq!(document.restore(&publication).unwrap(), policy);
    let versions: Vec<u32> = policy
        .calendar_versions()
        .map(|(_, version)| version)
        .collect();
    assert_eq!(versions, [2, 1]);
}

#[test]
fn a_revision_gives_a_new_version_only_to_calendars_that_changed() {
    let former = preset();
    let later = AFTER_SALES.replace("\"13:30-18:00\"", "\"13:30-17:30\"");
    let document = Document::parse(&later, Notation::Toml).unwrap();
    let revised = document.revise(&former).unwrap();
    assert_eq!(revised.version(), 2);
    let versions: Vec<(String, u32)> = revised
        .calendar_versions()
        .map(|(id, version)| (id.to_string(), version))
        .collect();
    assert_eq!(
        versions,
        [("office".to_owned(), 2), ("hotline".to_owned(), 1)]
    );
}
