//! Two versions differ in what they promise, and the difference says for whom.

#![expect(clippy::panic, reason = "a test may panic")]

use punctual::language::Language;
use punctual::policy::{AFTER_SALES, Policy};

fn policy(source: &str) -> Policy {
    Policy::from_toml(source).unwrap_or_else(|report| panic!("{report}"))
}

/// The changes that replacing some text of the preset makes.
fn changes(replacements: &[(&str, &str)]) -> Vec<String> {
    let mut later = AFTER_SALES.to_owned();
    for (from, to) in replacements {
        assert!(later.contains(from), "the preset has no {from}");
        later = later.replacen(from, to, 1);
    }
    let changes = policy(&later).changes_from(&policy(AFTER_SALES));
    changes
        .iter()
        .map(|change| change.text(Language::English))
        .collect()
}

#[test]
fn a_policy_does_not_differ_from_itself_nor_by_labels_and_layout() {
    assert_eq!(changes(&[]), Vec::<String>::new());
    assert_eq!(
        changes(&[("zh = \"投诉\"", "zh = \"客户投诉\"")]),
        Vec::<String>::new()
    );
    assert_eq!(
        changes(&[("# Rule:", "\n\n# Rules:")]),
        Vec::<String>::new()
    );
}

#[test]
fn a_goal_is_compared_by_the_tickets_that_it_concerns() {
    // Urgent complaints stay at 30 minutes by the line below, whichever of the two comes first.
    let swapped = changes(&[
        (r#"{ when = { class = "complaint" }, within = "30m" },"#, ""),
        (
            r#"{ when = { level = "urgent" }, within = "30m" },
  { when = { class = ["fault", "repair"] }"#,
            r#"{ when = { level = "urgent" }, within = "30m" },
  { when = { class = "complaint" }, within = "30m" },
  { when = { class = ["fault", "repair"] }"#,
        ),
    ]);
    assert_eq!(swapped, Vec::<String>::new());
    let slower = changes(&[(
        r#"{ when = { class = ["fault", "repair"] }, within = "1wh", on = "office" }"#,
        r#"{ when = { class = ["fault", "repair"] }, within = "90wm", on = "office" }"#,
    )]);
    assert_eq!(
        slower,
        [
            "target.first-response.goals (for class = fault | repair, level = general | major): 1wh on office → 90wm on office"
        ]
    );
}

#[test]
fn a_range_and_its_lower_bound_are_told() {
    let change = changes(&[(r#""1-3wd""#, r#""2-3wd""#)]);
    assert_eq!(
        change,
        [
            "target.complaint-solved.goals (for class = complaint, complexity = simple): 1-3wd on office → 2-3wd on office"
        ]
    );
}

#[test]
fn hours_and_holidays_are_told_day_by_day() {
    let change = changes(&[
        (
            r#"mon-fri = ["09:00-12:00", "13:30-18:00"]"#,
            r#"mon-thu = ["09:00-12:00", "13:30-18:00"], fri = ["09:00-12:00"]"#,
        ),
        (
            "[calendar.hotline]",
            "exceptions = { 2026-10-09 = \"closed\" }\n[calendar.hotline]",
        ),
    ]);
    assert_eq!(
        change,
        [
            "calendar.office.week.fri: 09:00-12:00, 13:30-18:00 → 09:00-12:00",
            "calendar.office.exceptions.2026-10-09: added closed",
        ]
    );
}

#[test]
fn rungs_triggers_pauses_and_owners_are_told() {
    let change = changes(&[
        (
            r#"{ at = "+2wh", on = "office", tell = "after-sales-manager" },"#,
            r#"{ at = "+1wd", tell = "after-sales-manager", every = "4h", most = 2 },"#,
        ),
        (
            r#"stop  = "plan-proposed""#,
            r#"stop  = ["plan-proposed", "resolved"]"#,
        ),
        (
            r#"pause = ["awaiting-customer", "awaiting-parts"]"#,
            r#"pause = ["awaiting-customer"]"#,
        ),
        (
            r#"is   = "technical-supervisor""#,
            r#"is   = "after-sales-supervisor""#,
        ),
        (r#"lasts = "90d""#, r#"lasts = "180d""#),
        (
            r#"by = ["general-manager"]"#,
            r#"by = ["general-manager", "after-sales-manager"]"#,
        ),
        (
            "reopen = \"stay\"                                     # an",
            "reopen = \"new-cycle\" # an",
        ),
    ]);
    assert_eq!(
        change,
        [
            "owner (for level = major): technical-supervisor → after-sales-supervisor",
            "allow.waived: general-manager → general-manager | after-sales-manager",
            "warranty.repair: 90d from accepted → 180d from accepted",
            "target.first-response.reopen: stay → new-cycle",
            "target.first-response.ladder: removed +2wh on office tell after-sales-manager",
            "target.first-response.ladder: added +1wd tell after-sales-manager, every 4h at most 2",
            "target.plan.stop: plan-proposed → plan-proposed, resolved",
            "target.repair-arrival.pause: awaiting-customer | awaiting-parts → awaiting-customer",
        ]
    );
}

#[test]
fn words_targets_and_agreements_come_and_go() {
    let change = changes(&[
        ("other       = { en = \"Other\", zh = \"其他\" }\n", ""),
        (
            r#"method = ["on-site", "replacement", "other"]"#,
            r#"method = ["on-site", "replacement"]"#,
        ),
        ("[target.return-arrangement]", "[target.return-arranged]"),
        ("[agreement.parts-supplier]", "[agreement.parts]"),
        (
            "[agreement.parts-supplier.target.parts]",
            "[agreement.parts.target.parts]",
        ),
    ]);
    assert_eq!(
        change,
        [
            "field.method: remote | on-site | replacement | other → remote | on-site | replacement",
            "gate.execution: resolved { method = on-site | replacement | other } needs plan-accepted when always → resolved { method = on-site | replacement } needs plan-accepted when always",
            "agreement.parts-supplier: removed supplier",
            "target.return-arrangement: removed return-approved to return-arranged",
            "target.return-arranged: added return-approved to return-arranged",
            "agreement.parts: added supplier",
            "agreement.parts.target.parts: added parts-ordered to parts-delivered",
        ]
    );
}

#[test]
fn changes_are_told_in_chinese_too() {
    let later = AFTER_SALES.replacen("within = \"5m\"", "within = \"10m\"", 1);
    let changes = policy(&later).changes_from(&policy(AFTER_SALES));
    assert_eq!(
        changes[0].text(Language::Chinese),
        "target.acknowledgement.goals: 5m → 10m"
    );
    let later = AFTER_SALES.replacen(
        "{ when = { level = \"urgent\" }, within = \"24h\" },",
        "",
        1,
    );
    let changes = policy(&later).changes_from(&policy(AFTER_SALES));
    assert_eq!(
        changes[0].text(Language::Chinese),
        "agreement.service-point.target.outside-work.goals（适用于 level = urgent）: 24h → 3wd on office"
    );
}
