//! Why a verdict differs: one change of a policy at a time, and the reason that must be given.

use punctual::backtest::{Backtest, Fate};
use punctual::language::Language;
use punctual::policy::Policy;

use crate::support::told;

const DOCUMENT: &str = r#"
policy   = "help-desk"
timezone = "UTC"
default-calendar = "office"
mark = ["visited"]
[pause]
customer = {}
[class]
values = ["fault", "enquiry"]
[level]
values = ["general", "urgent"]
order  = ["general", "urgent"]
[calendar.office]
week = { mon-fri = ["09:00-17:00"] }
[calendar.shop]
week = { mon-sat = ["08:00-20:00"] }
[target.solved]
start = "received"
stop  = "resolved"
pause = ["customer"]
goals = [{ when = { class = "fault" }, within = "4wh" }]
"#;

/// Monday; five working hours, of which two were spent waiting.
const SCRIPT: &str = "
2026-03-09 09:00 received class=fault
2026-03-09 10:00 paused reason=customer
2026-03-09 12:00 resumed
2026-03-09 14:00 resolved
";

/// Returns fates and reasons, in both languages, of the same ticket once the document was changed.
fn change(from: &str, to: &str, script: &str) -> Vec<(Fate, Fate, String, String)> {
    let before = Policy::from_toml(DOCUMENT).unwrap();
    assert!(DOCUMENT.contains(from), "{from}");
    let after = Policy::from_toml(&DOCUMENT.replacen(from, to, 1)).unwrap();
    let as_of = "2026-03-20T00:00:00Z".parse().unwrap();
    let backtest = Backtest::new([("before", &before), ("after", &after)], as_of).unwrap();
    let found = backtest.ticket(&told(&before, script)).into_iter();
    found
        .map(|it| {
            let phrases: Vec<_> = it.reasons.iter().map(|reason| reason.phrase()).collect();
            let text = |language| {
                let texts: Vec<&str> = phrases.iter().map(|it| it.text(language)).collect();
                texts.join("; ")
            };
            (
                it.from,
                it.to,
                text(Language::English),
                text(Language::Chinese),
            )
        })
        .collect()
}

#[test]
fn each_change_has_its_reason() {
    use Fate::{Absent, Breached, Cancelled, Met, Undecided};
    for (from, to, before, after, english, chinese) in [
        (
            r#"within = "4wh""#,
            r#"within = "2wh""#,
            Met,
            Breached,
            "another budget: 4h → 2h",
            "时限不同：4小时 → 2小时",
        ),
        (
            r#"pause = ["customer"]"#,
            "",
            Met,
            Breached,
            "other pauses: customer for 2h → 0s",
            "暂停不同：customer 2小时 → 0秒",
        ),
        (
            r#"within = "4wh""#,
            r#"within = "2wh", on = "shop""#,
            Met,
            Breached,
            "another calendar: office → shop; another budget: 4h → 2h",
            "计时日历不同：office → shop；时限不同：4小时 → 2小时",
        ),
        (
            r#"within = "4wh""#,
            r#"within = "2h""#,
            Met,
            Breached,
            "another calendar: office → day and night; another budget: 4h → 2h",
            "计时日历不同：office → 全天；时限不同：4小时 → 2小时",
        ),
        (
            r#"stop  = "resolved""#,
            r#"stop  = "closed""#,
            Met,
            Undecided,
            "another end: 2026-03-09T14:00:00Z → not yet",
            "终点不同：2026-03-09T14:00:00Z → 尚未",
        ),
        (
            r#"class = "fault""#,
            r#"class = "enquiry""#,
            Met,
            Absent,
            "no goal fits the ticket",
            "新策略没有适用的时限",
        ),
        (
            r#"start = "received""#,
            r#"start = "diagnosed""#,
            Met,
            Absent,
            "nothing starts it",
            "新策略下不开始计时",
        ),
        (
            r#"stop  = "resolved""#,
            "stop = \"visited\"\ncancel = \"resolved\"",
            Met,
            Cancelled,
            "ended otherwise: met → cancelled",
            "结束方式不同：按时 → 已取消",
        ),
        (
            "timezone = \"UTC\"",
            "timezone = \"UTC\"\napplies-to = { class = \"enquiry\" }",
            Met,
            Absent,
            "the policy is not for the ticket",
            "新策略不适用于此工单",
        ),
    ] {
        let expected = (
            before,
            after,
            english.to_owned(),
            chinese.replace('；', "; "),
        );
        assert_eq!(change(from, to, SCRIPT), [expected], "{from} → {to}");
    }
}

#[test]
fn other_hours_of_one_calendar_are_told_with_what_was_used() {
    // Three and a half hours on a Saturday, which the desk does not open.
    let script = "
2026-03-14 09:00 received class=fault
2026-03-14 15:00 resolved
";
    let week = r#"{ mon-fri = ["09:00-17:00"] }"#;
    let with_saturdays = r#"{ mon-sat = ["09:00-17:00"] }"#;
    let expected = (
        Fate::Met,
        Fate::Breached,
        "other hours of office: 0s → 6h used".to_owned(),
        "office 的营业时间不同：已用 0秒 → 6小时".to_owned(),
    );
    assert_eq!(change(week, with_saturdays, script), [expected]);
}

#[test]
fn a_new_mode_shows_in_what_was_used() {
    // Judged urgent after three of four hours, resolved two hours later.
    let script = "
2026-03-09 09:00 received class=fault
2026-03-09 12:00 classified level=urgent
2026-03-09 14:00 resolved
";
    let document = DOCUMENT.replace(
        "goals = [",
        "goals = [{ when = { class = \"fault\", level = \"urgent\" }, within = \"3wh\" }, ",
    );
    let before = Policy::from_toml(&document).unwrap();
    let after = document.replace(
        "[target.solved]",
        "[target.solved]\nreclassify = \"forward\"",
    );
    let after = Policy::from_toml(&after).unwrap();
    let as_of = "2026-03-20T00:00:00Z".parse().unwrap();
    let backtest = Backtest::new([("before", &before), ("after", &after)], as_of).unwrap();
    let found = backtest.ticket(&told(&before, script));
    assert_eq!((found[0].from, found[0].to), (Fate::Breached, Fate::Met));
    let why = found[0].reasons[0].phrase();
    assert_eq!(why.text(Language::English), "counted otherwise: 5h → 2h");
}

#[test]
fn a_target_that_comes_or_goes_is_told_from_both_sides() {
    let with = DOCUMENT.to_owned()
        + "[target.closed]\nstart = \"received\"\nstop = \"closed\"\ngoals = [{ within = \"1h\" }]\n";
    let (without, with) = (
        Policy::from_toml(DOCUMENT).unwrap(),
        Policy::from_toml(&with).unwrap(),
    );
    let as_of = "2026-03-20T00:00:00Z".parse().unwrap();
    let ticket = told(&with, SCRIPT);
    for (arms, from, to, english) in [
        (
            [("a", &without), ("b", &with)],
            Fate::Absent,
            Fate::Breached,
            "there was no such target",
        ),
        (
            [("b", &with), ("a", &without)],
            Fate::Breached,
            Fate::Absent,
            "there is no such target",
        ),
    ] {
        let found = Backtest::new(arms, as_of).unwrap().ticket(&ticket);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].from, found[0].to), (from, to));
        assert_eq!(found[0].promise.target.as_str(), "closed");
        assert_eq!(
            found[0].reasons[0].phrase().text(Language::English),
            english
        );
    }
}

#[test]
fn three_policies_are_each_compared_with_the_first() {
    let policy = |within: &str| Policy::from_toml(&DOCUMENT.replace("4wh", within)).unwrap();
    let (four, three, two) = (policy("4wh"), policy("3wh"), policy("2wh"));
    let as_of = "2026-03-20T00:00:00Z".parse().unwrap();
    let arms = [("four", &four), ("three", &three), ("two", &two)];
    let backtest = Backtest::new(arms, as_of).unwrap();
    let found = backtest.ticket(&told(&four, SCRIPT));
    let places: Vec<usize> = found.iter().map(|it| it.arm).collect();
    assert_eq!(places, [2], "three hours were enough, two were not");
    assert_eq!(
        backtest.arms().collect::<Vec<_>>(),
        ["four", "three", "two"]
    );
}

#[test]
fn clocks_of_one_cycle_are_compared_though_another_event_started_them() {
    let script = "
2026-03-09 09:00 received class=fault
2026-03-09 13:00 diagnosed
2026-03-09 16:00 resolved
";
    let expected = (
        Fate::Breached,
        Fate::Met,
        "another start: 2026-03-09T09:00:00Z → 2026-03-09T13:00:00Z".to_owned(),
        "起点不同：2026-03-09T09:00:00Z → 2026-03-09T13:00:00Z".to_owned(),
    );
    let (from, to) = (r#"start = "received""#, r#"start = "diagnosed""#);
    assert_eq!(
        change(from, to, script),
        [expected],
        "one difference, not two"
    );
}
