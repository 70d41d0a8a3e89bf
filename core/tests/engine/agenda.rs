//! The agenda beside a plain model of it.

use std::collections::BTreeMap;

use proptest::prelude::*;
use punctual::engine::Agenda;
use punctual::event::Version;
use punctual::time::{Instant, Span};

#[derive(Debug, Clone)]
enum Step {
    Set(u8, u64, Option<u8>),
    Touch(u8, u64),
    PutOff(u8, u8),
    Remove(u8, u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..8_u8, 1..6_u64, proptest::option::of(0..20_u8))
            .prop_map(|(t, v, at)| Step::Set(t, v, at)),
        (0..8_u8, 1..6_u64).prop_map(|(t, v)| Step::Touch(t, v)),
        (0..8_u8, 0..20_u8).prop_map(|(t, at)| Step::PutOff(t, at)),
        (0..8_u8, 1..6_u64).prop_map(|(t, v)| Step::Remove(t, v)),
    ];
    proptest::collection::vec(step, 0..60)
}

fn at(minute: u8) -> Instant {
    let length = Span::from_minutes(i64::from(minute) + 1).unwrap();
    Instant::MIN.checked_add(length).unwrap()
}

/// By ticket: the version seen, and when to look again.
type Model = BTreeMap<String, (u64, Option<Instant>)>;

fn step(model: &mut Model, agenda: &mut Agenda, step: &Step) {
    let name = |ticket: &u8| format!("T-{ticket}");
    match step {
        Step::Set(ticket, version, wake) => {
            let wake = wake.map(at);
            agenda.set(&name(ticket), Version::new(*version), wake);
            let known = model.entry(name(ticket)).or_insert((0, None));
            if known.0 <= *version {
                *known = (*version, wake);
            }
        }
        Step::Touch(ticket, version) => {
            agenda.touch(&name(ticket), Version::new(*version));
            let known = model.entry(name(ticket)).or_insert((0, None));
            if known.0 < *version {
                *known = (*version, Some(Instant::MIN));
            }
        }
        Step::PutOff(ticket, until) => {
            agenda.put_off(&name(ticket), at(*until));
            if let Some(known) = model.get_mut(&name(ticket)) {
                known.1 = Some(at(*until));
            }
        }
        Step::Remove(ticket, version) => {
            agenda.remove(&name(ticket), Version::new(*version));
            if model
                .get(&name(ticket))
                .is_some_and(|known| known.0 <= *version)
            {
                model.remove(&name(ticket));
            }
        }
    }
}

proptest! {
    #[test]
    fn the_agenda_is_what_a_plain_map_says(steps in steps(), now in 0..20_u8) {
        let (mut model, mut agenda) = (Model::new(), Agenda::default());
        for it in &steps {
            step(&mut model, &mut agenda, it);
            prop_assert_eq!(agenda.len(), model.len());
        }
        let mut due: Vec<(Instant, &String)> = model
            .iter()
            .filter_map(|(name, (_, wake))| Some((((*wake)?), name)))
            .collect();
        due.sort_unstable();
        prop_assert_eq!(agenda.next_at(), due.first().map(|(at, _)| *at));
        let wanted: Vec<&str> = due.iter().filter(|(wake, _)| *wake <= at(now)).map(|(_, name)| name.as_str()).collect();
        prop_assert_eq!(agenda.due(at(now), usize::MAX), wanted.clone());
        // In portions: never fewer than asked for, and an instant is never split.
        let some = agenda.due(at(now), 2);
        prop_assert_eq!(&some[..], &wanted[..some.len()]);
        prop_assert!(some.len() >= wanted.len().min(2));
        for (name, (_, wake)) in &model {
            prop_assert!(agenda.contains(name));
            prop_assert_eq!(agenda.wake_at(name), *wake);
        }
        let mut names: Vec<String> = agenda.names().map(ToString::to_string).collect();
        names.sort_unstable();
        prop_assert_eq!(names, model.keys().cloned().collect::<Vec<_>>());
    }
}

#[test]
fn places_of_removed_tickets_are_used_again() {
    let mut agenda = Agenda::default();
    for round in 0..3 {
        for ticket in 0..10_000 {
            agenda.set(&format!("T-{ticket}"), Version::new(1), Some(at(round)));
        }
        assert_eq!(agenda.len(), 10_000);
        for ticket in 0..10_000 {
            agenda.remove(&format!("T-{ticket}"), Version::new(1));
        }
        assert!(agenda.is_empty() && agenda.next_at().is_none());
    }
}
