//! C14: the one deadline that a ticket shows.

use punctual::clock;

use crate::house::house;
use crate::play::{Stage, compile};

/// What is visible after these lines: `agreement/target` and when it is due.
fn visible(targets: &str, story: &str) -> String {
    let policies = compile(&[&house(targets)]);
    let mut stage = Stage::new(&policies, false);
    story.lines().for_each(|line| stage.line(line));
    let readings = stage.readings();
    clock::visible_deadline(&readings).map_or_else(
        || "none".to_owned(),
        |it| {
            let due_at = it.due_at.expect("it has a deadline");
            let civil = policies[0].zone().local(due_at).format("%m-%d %H:%M");
            format!("{}/{} {civil}", it.agreement(), it.target())
        },
    )
}

/// A target of the service, one of a supplier, and one of another supplier.
fn three(service: &str, parts: &str, courier: &str) -> String {
    let target = |agreement: &str, name: &str, within: &str| {
        let head = match agreement {
            "" => format!("[target.{name}]"),
            _ => format!(
                "[agreement.{agreement}]\nkind = \"supplier\"\n[agreement.{agreement}.target.{name}]"
            ),
        };
        format!(
            "{head}\nstart = \"received\"\nstop = [\"{name}\", \"resolved\"]\n\
             pause = \"customer\"\ngoals = [{{ within = \"{within}\" }}]\n"
        )
    };
    [
        target("", "replied", service),
        target("parts", "arrived", parts),
        target("courier", "dispatched", courier),
    ]
    .concat()
}

#[test]
fn c14_the_visible_deadline_is_the_earliest_that_has_not_passed() {
    let targets = three("3h", "2h", "4h");
    let received = "03-09 10:00 received\n";
    for (rest, expected) in [
        ("03-09 10:30 look", "parts/arrived 03-09 12:00"),
        ("03-09 12:00 look", "parts/arrived 03-09 12:00"),
        // One minute late: it shows what can still be kept.
        ("03-09 12:01 look", "service/replied 03-09 13:00"),
        ("03-09 12:01 replied", "courier/dispatched 03-09 14:00"),
        ("03-09 10:30 resolved", "none"),
        ("03-09 15:00 look", "none"),
    ] {
        assert_eq!(visible(&targets, &format!("{received}{rest}")), expected);
    }
}

#[test]
fn c14_ties_go_by_the_id_of_the_agreement() {
    let targets = three("2h", "2h", "2h");
    let story = "03-09 10:00 received\n03-09 10:30 look";
    assert_eq!(visible(&targets, story), "courier/dispatched 03-09 12:00");
}

#[test]
fn c14_what_fell_due_at_closing_is_visible_until_the_desk_opens() {
    let targets = three("1wh", "20h", "2d");
    let received = "03-09 17:00 received\n";
    for (now, expected) in [
        ("03-09 23:00", "service/replied 03-09 18:00"),
        ("03-10 09:00", "service/replied 03-09 18:00"),
        ("03-10 09:01", "parts/arrived 03-10 13:00"),
    ] {
        let story = format!("{received}{now} look");
        assert_eq!(visible(&targets, &story), expected, "{now}");
    }
}

#[test]
fn c14_a_clock_that_waits_has_no_deadline_unless_it_is_used_up() {
    let targets = "
[target.replied]
start = \"received\"
stop = \"replied\"
pause = \"customer\"
goals = [{ within = \"2h\" }]
[target.solved]
start = \"received\"
stop = \"resolved\"
goals = [{ within = \"9h\" }]
";
    for (paused, expected) in [
        ("03-09 11:00", "service/solved 03-09 19:00"),
        // To the last microsecond: it goes over as soon as it goes on.
        ("03-09 12:00", "service/replied 03-09 12:00"),
        ("03-09 12:01", "service/solved 03-09 19:00"),
    ] {
        let story =
            format!("03-09 10:00 received\n{paused} paused reason=customer\n03-09 13:00 look");
        assert_eq!(visible(targets, &story), expected, "{paused}");
    }
}

#[test]
fn c14_a_waived_promise_is_not_visible() {
    let targets = three("3h", "2h", "4h");
    let story = "03-09 10:00 received\n03-09 10:30 waived agreement=parts target=arrived cycle=1 text=flood";
    assert_eq!(visible(&targets, story), "service/replied 03-09 13:00");
}
