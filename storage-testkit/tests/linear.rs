//! The judge of recorded runs, by runs whose verdict a person can see.

use punctual::event::{Expected, Version};
use punctual_testkit::linear::{Call, Recorded, check};

fn call(began: u64, ended: u64, call: Call) -> Recorded {
    let stream = "a".to_owned();
    Recorded {
        stream,
        began,
        ended,
        call,
    }
}

fn read(version: u64) -> Call {
    let version = Version::new(version);
    Call::Read { version }
}

fn appended(expected: Expected, version: u64) -> Call {
    Call::Appended {
        expected,
        events: 1,
        version: Version::new(version),
    }
}

const fn unknown() -> Call {
    Call::Unknown {
        expected: Expected::Any,
        events: 1,
    }
}

fn conflict(actual: u64) -> Call {
    Call::Conflict {
        expected: Expected::Empty,
        actual: Version::new(actual),
    }
}

#[test]
fn a_run_is_judged_as_a_person_would() {
    let (any, empty) = (Expected::Any, Expected::Empty);
    for (what, run, sound) in [
        (
            "one after the other",
            vec![call(0, 1, appended(any, 1)), call(2, 3, read(1))],
            true,
        ),
        (
            "a stale read",
            vec![call(0, 1, appended(any, 1)), call(2, 3, read(0))],
            false,
        ),
        (
            "a read beside an append, before",
            vec![call(0, 3, appended(any, 1)), call(1, 2, read(0))],
            true,
        ),
        (
            "a read beside an append, after",
            vec![call(0, 3, appended(any, 1)), call(1, 2, read(1))],
            true,
        ),
        (
            "two reads beside an append that go back",
            vec![
                call(0, 9, appended(any, 1)),
                call(1, 2, read(1)),
                call(3, 4, read(0)),
            ],
            false,
        ),
        ("a read from nowhere", vec![call(0, 1, read(1))], false),
        (
            "two winners",
            vec![
                call(0, 3, appended(empty, 1)),
                call(1, 2, appended(empty, 1)),
            ],
            false,
        ),
        (
            "winner and loser",
            vec![call(0, 3, appended(empty, 1)), call(1, 2, conflict(1))],
            true,
        ),
        (
            "a loser without a winner",
            vec![call(0, 1, conflict(1)), call(2, 3, appended(empty, 1))],
            false,
        ),
        (
            "unknown, and seen much later",
            vec![
                call(0, 1, unknown()),
                call(2, 3, read(0)),
                call(4, 5, read(1)),
            ],
            true,
        ),
        (
            "unknown, and never seen",
            vec![call(0, 1, unknown()), call(2, 3, read(0))],
            true,
        ),
        (
            "unknown, seen before it began",
            vec![call(0, 1, read(1)), call(2, 3, unknown())],
            false,
        ),
        (
            "unknown, seen and gone",
            vec![
                call(0, 1, unknown()),
                call(2, 3, read(1)),
                call(4, 5, read(0)),
            ],
            false,
        ),
    ] {
        assert_eq!(check(&run).is_ok(), sound, "{what}");
    }
}

#[test]
fn streams_are_judged_apart() {
    let mut other = call(2, 3, read(0));
    other.stream = "b".to_owned();
    let run = [call(0, 1, appended(Expected::Any, 1)), other.clone()];
    assert_eq!(check(&run), Ok(()));
    other.call = read(1);
    assert_eq!(check(&[other]), Err("b".to_owned()));
}
