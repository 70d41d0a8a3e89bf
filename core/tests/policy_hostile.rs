//! Documents that mean harm, or are merely huge, end in a report or in a quick load.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic"
)]

use std::fmt::Write;

use proptest::prelude::*;
use punctual::event::Class;
use punctual::policy::{AFTER_SALES, Code, Document, Notation, Policy, Report};
use punctual::ticket::Status;

const HEAD: &str = "policy = \"p\"\ntimezone = \"UTC\"\n";
const TARGET: &str = "[target.t]\nstart = \"received\"\nstop = \"replied\"\n";

fn refused(source: &str) -> Report {
    match Policy::from_toml(source) {
        Ok(_) => panic!("the document was taken"),
        Err(report) => report,
    }
}

fn has(report: &Report, code: Code) -> bool {
    report.diagnostics().iter().any(|found| found.code == code)
}

#[test]
fn a_document_of_more_than_a_mebibyte_is_refused_unread() {
    let most = Document::MOST_BYTES;
    let padded = |bytes: usize| {
        let body = format!("{HEAD}{TARGET}goals = [{{ within = \"2h\" }}]\n");
        format!("{body}#{}", "x".repeat(bytes - body.len() - 1))
    };
    assert!(Policy::from_toml(&padded(most)).is_ok());
    for notation in [Notation::Toml, Notation::Json] {
        let report = Document::parse(&padded(most + 1), notation).unwrap_err();
        assert!(
            has(&report, Code::TooLarge) && report.diagnostics().len() == 1,
            "{report}"
        );
    }
}

#[test]
fn deep_nesting_is_refused_before_a_stack_is_exhausted() {
    let deep = 100_000;
    for source in [
        format!("a = {}", "[".repeat(deep)),
        format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("a = {}", "{ b = ".repeat(deep)),
        format!("a{} = 1", ".a".repeat(deep)),
        format!("[a{}]", ".a".repeat(deep)),
        format!("[[a{}]]", ".a".repeat(deep)),
        format!("a = [{}", "{ b.c.d = [ ".repeat(deep / 2)),
    ] {
        let report = refused(&source);
        assert!(
            has(&report, Code::TooDeep) || has(&report, Code::Notation),
            "{source:.20}"
        );
    }
    for source in ["[".repeat(deep), "{\"a\":".repeat(deep)] {
        let report = Policy::from_json(&source).unwrap_err();
        assert!(has(&report, Code::TooDeep), "{report}");
    }
}

#[test]
fn sixty_four_levels_are_the_most_in_either_notation() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    for (levels, refused) in [(63, false), (64, true)] {
        // The document itself is the first level.
        let toml = Document::parse(&format!("a = {}", nested(levels)), Notation::Toml);
        let json = Document::parse(&format!("{{\"a\": {}}}", nested(levels)), Notation::Json);
        assert_eq!(toml.is_err(), refused, "{levels}");
        assert_eq!(json.is_err(), refused, "{levels}");
    }
}

#[test]
fn ten_thousand_rules_load_and_one_more_does_not() {
    let policy = |rules: usize| {
        let goals = "  { within = \"2h\" },\n".repeat(rules);
        Policy::from_toml(&format!("{HEAD}{TARGET}goals = [\n{goals}]\n"))
    };
    assert!(policy(10_000).is_ok());
    let report = policy(10_001).unwrap_err();
    assert_eq!(report.diagnostics().len(), 1);
    assert!(has(&report, Code::TooMany), "{report}");
}

/// A timetable is made of every shift of 130 years, so few bytes can ask for much work.
#[test]
fn calendars_together_have_three_thousand_shifts_a_week_and_no_more() {
    let mut day = Vec::new();
    for half in 0..48 {
        let (hour, minute) = (half / 2, half % 2 * 30);
        day.push(format!(
            "\"{hour:02}:{minute:02}-{hour:02}:{:02}\"",
            minute + 29
        ));
    }
    let policy = |calendars: usize| {
        let mut source = HEAD.to_owned();
        for number in 0..calendars {
            let day = day.join(", ");
            let _ = writeln!(
                source,
                "[calendar.c{number}]\nweek = {{ mon-sun = [{day}] }}"
            );
        }
        Policy::from_toml(&format!(
            "{source}{TARGET}goals = [{{ within = \"2h\" }}]\n"
        ))
    };
    assert!(policy(8).is_ok()); // 2,688
    let report = policy(64).unwrap_err();
    assert_eq!(report.diagnostics().len(), 1, "it is told once");
    let told = &report.diagnostics()[0];
    assert_eq!((told.code, told.line), (Code::TooMany, 20)); // the ninth calendar
}

#[test]
fn a_match_among_thousands_of_goals_takes_the_first_that_holds() {
    let mut goals = String::new();
    for class in 0..5_000 {
        let _ = writeln!(
            goals,
            "{{ when = {{ class = \"c{class}\" }}, within = \"{}m\" }},",
            class + 1
        );
    }
    goals.push_str(
        "{ when = { class = { not = \"c7\" } }, within = \"2h\" },\n{ within = \"3h\" },\n",
    );
    let policy = Policy::from_toml(&format!("{HEAD}{TARGET}goals = [\n{goals}]\n")).unwrap();
    let target = &policy.agreements()[0].targets[0];
    for (class, place) in [
        (Some("c4999"), 4_999),
        (Some("c7"), 7),
        (Some("x"), 5_000),
        (None, 5_000),
    ] {
        let mut status = Status::default();
        status.class = class.map(|class| Class::new(class).unwrap());
        let slow = target
            .goals
            .iter()
            .position(|goal| goal.when.holds(&status));
        assert_eq!(slow, Some(place));
        assert_eq!(target.goal_for(&status).map(|(place, _)| place), slow);
    }
}

#[test]
fn twenty_thousand_exceptions_load_quickly() {
    let mut source = format!(
        "{HEAD}{TARGET}goals = [{{ within = \"2wh\", on = \"c\" }}]\n[calendar.c]\nweek = {{ mon-fri = [\"09:00-18:00\"] }}\n[calendar.c.exceptions]\n"
    );
    let first: chrono::NaiveDate = "2000-01-01".parse().unwrap();
    for day in first.iter_days().take(20_000) {
        let _ = writeln!(source, "{day} = \"closed\"");
    }
    assert!(Policy::from_toml(&source).is_ok());
}

#[test]
fn as_many_calendars_as_fit_are_refused_and_not_compiled() {
    let mut source = format!("{HEAD}{TARGET}goals = [{{ within = \"2h\" }}]\n");
    for calendar in 0..20_000 {
        let _ = writeln!(source, "[calendar.c{calendar}]\nalways = true");
    }
    assert!(has(&refused(&source), Code::TooMany));
}

#[test]
fn a_circle_of_thousands_of_targets_is_told_once() {
    let count = 3_000;
    let mut source = HEAD.to_owned();
    for target in 0..count {
        let next = (target + 1) % count;
        let _ = writeln!(
            source,
            "[target.t{target}]\nstart = \"customer-wrote\"\nafter = \"t{next}\"\nstop = \"replied\"\ngoals = [{{ within = \"2h\" }}]"
        );
    }
    let report = refused(&source);
    assert_eq!(report.diagnostics().len(), 1, "{report}");
    assert!(has(&report, Code::Cycle));
}

#[test]
fn a_flood_of_mistakes_is_cut_and_counted() {
    let keys: String = (0..60_000).fold(String::new(), |mut text, key| {
        let _ = writeln!(text, "tagret{key} = 1");
        text
    });
    let report = refused(&keys);
    assert_eq!(report.diagnostics().len(), Report::MOST);
    assert!(report.omitted() > 50_000);
    // One line, a mebibyte long, with a mistake at every step.
    let values = "1,".repeat(500_000);
    let report = refused(&format!(
        "{HEAD}[target.t]\nstart = [{values}]\nstop = \"replied\"\ngoals = []\n"
    ));
    assert_eq!(report.diagnostics().len(), Report::MOST);
    let noise = refused(&"\u{1}".repeat(1 << 20));
    assert!(!noise.diagnostics().is_empty());
}

#[test]
fn many_unknown_names_among_many_known_ones_stay_quick() {
    let mut source = format!("{HEAD}[class]\nvalues = [");
    for class in 0..20_000 {
        let _ = write!(source, "\"class-number-{class}\",");
    }
    source.push_str("]\n[target.t]\nstart = \"received\"\nstop = \"replied\"\ngoals = [{ within = \"1h\", when = { class = [");
    for class in 0..20_000 {
        let _ = write!(source, "\"klass-number-{class}\",");
    }
    source.push_str("] } }]\n");
    let report = refused(&source);
    assert_eq!(report.diagnostics().len() + report.omitted(), 20_000);
}

/// One way to damage a document.
#[derive(Debug, Clone)]
enum Damage {
    Cut { at: usize, length: usize },
    Insert { at: usize, text: String },
    Double { at: usize, length: usize },
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let at = 0..AFTER_SALES.len();
    let text = prop_oneof![
        "[\\[\\]{}=,.\"'#\\n\\\\ ]{1,4}",
        "[0-9]{1,3}(wh|wd|m|h|d|%)?",
        Just("{ not = \"urgent\" }".to_owned()),
        Just("\"24h before visit\"".to_owned()),
        Just("投诉\u{0}\u{202e}".to_owned()),
        Just("1979-05-27T07:32:00Z".to_owned()),
        ".{1,8}",
    ];
    let damage = prop_oneof![
        (at.clone(), 1..40_usize).prop_map(|(at, length)| Damage::Cut { at, length }),
        (at.clone(), text).prop_map(|(at, text)| Damage::Insert { at, text }),
        (at, 1..200_usize).prop_map(|(at, length)| Damage::Double { at, length }),
    ];
    prop::collection::vec(damage, 1..4)
}

fn damaged(source: &str, damages: &[Damage]) -> String {
    let mut chars: Vec<char> = source.chars().collect();
    for damage in damages {
        match damage {
            Damage::Cut { at, length } => {
                let at = at % (chars.len() + 1);
                chars.drain(at..(at + length).min(chars.len()));
            }
            Damage::Insert { at, text } => {
                let at = at % (chars.len() + 1);
                chars.splice(at..at, text.chars());
            }
            Damage::Double { at, length } => {
                let at = at % (chars.len() + 1);
                let copy = chars[at..(at + length).min(chars.len())].to_vec();
                chars.splice(at..at, copy);
            }
        }
    }
    chars.into_iter().collect()
}

fn a_report_that_holds_together(source: &str, report: &Report) {
    assert!(!report.diagnostics().is_empty());
    let lines = source.split('\n').count();
    for found in report.diagnostics() {
        assert!((1..=lines).contains(&found.line), "{found:?}");
        assert!(found.column >= 1 && found.length >= 1);
    }
    assert!(!report.to_string().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Whatever is done to the preset, it is taken or refused with a report, and never panics.
    #[test]
    fn a_damaged_preset_is_taken_or_reported(damages in damages()) {
        let source = damaged(AFTER_SALES, &damages);
        if let Err(report) = Policy::from_toml(&source) {
            a_report_that_holds_together(&source, &report);
        }
        let json = Document::parse(AFTER_SALES, Notation::Toml).unwrap().to_json();
        let source = damaged(&json, &damages);
        if let Err(report) = Policy::from_json(&source) {
            a_report_that_holds_together(&source, &report);
        }
    }

    /// What can be read as TOML says the same as JSON.
    #[test]
    fn twins_say_the_same(damages in damages()) {
        let source = damaged(AFTER_SALES, &damages);
        if let Ok(document) = Document::parse(&source, Notation::Toml) {
            let twin = Document::parse(&document.to_json(), Notation::Json).unwrap();
            match (document.compile(1, &[]), twin.compile(1, &[])) {
                (Ok(one), Ok(other)) => prop_assert_eq!(one, other),
                (Err(one), Err(other)) => {
                    prop_assert_eq!(one.diagnostics().len(), other.diagnostics().len());
                }
                (one, other) => prop_assert!(false, "{:?} and {:?}", one.err(), other.err()),
            }
        }
    }
}
