//! What happened to one ticket, and what it did to its promises.

use punctual::clock::{Activity, Bindings};
use punctual::policy::{Policy, PolicyBook};
use punctual::projection::{Case, Moment, history};
use punctual::supervision;
use punctual::ticket::Outcome;

use crate::support::{history as told, log, ticket};

const POLICY: &str = r#"
    policy   = "hotline"
    timezone = "Asia/Shanghai"
    [pause]
    awaiting-customer = {}
    [target.first-response]
    start = "received"
    stop  = "replied"
    goals = [{ within = "30m" }]
    [target.solved]
    start = "received"
    stop  = "resolved"
    pause = "awaiting-customer"
    goals = [{ when = { class = "complaint" }, within = "2h" }, { within = "4h" }]
"#;

#[test]
fn each_event_stands_with_what_it_did() {
    let policy = Policy::from_toml(POLICY).unwrap();
    let script = "2026-03-09 09:00 received
                  2026-03-09 09:40 replied
                  2026-03-09 10:00 paused reason=awaiting-customer
                  2026-03-09 11:00 resumed
                  2026-03-09 11:30 classified class=complaint
                  2026-03-09 11:50 noted";
    let mut events = log(&told(&policy, script), 1, None);
    // Bound as the engine does it, after everything: it applies from the beginning all the same.
    let whole = ticket(&events);
    let at = events.last().unwrap().recorded_at;
    let book: PolicyBook = [policy].into_iter().collect();
    let bound = supervision::bind::<Box<str>>(&whole, &book);
    for pending in bound {
        let mut event = events[0].clone();
        event.version = events.last().unwrap().version.next();
        (event.occurred_at, event.recorded_at) = (at, at);
        event.event = pending;
        events.push(event);
    }

    let entries = history(&events, &book).unwrap();
    let lines: Vec<String> = entries
        .iter()
        .map(|entry| {
            let what = match &entry.moment {
                Moment::Event { kind, .. } => kind.to_string(),
                Moment::BudgetRanOut { promise, .. } => format!("{} ran out", promise.target),
            };
            let effects = entry.effects.iter().map(|effect| {
                format!(
                    " {}:{}{}",
                    effect.promise.target,
                    effect.to.name(),
                    if effect.outcome.is_undecided() {
                        ""
                    } else {
                        "!"
                    }
                )
            });
            format!("{what}{}", effects.collect::<String>())
        })
        .collect();
    assert_eq!(
        lines,
        [
            "received first-response:running solved:running",
            "first-response ran out",
            "replied first-response:stopped!",
            "paused solved:paused",
            "resumed solved:running",
            "classified solved:running",
            "noted",
            "policy-bound",
        ]
    );
    // Two hours for a complaint: one and a half were used at half past eleven, the pause left out.
    let judged = &entries[5].effects[0];
    assert_eq!(
        judged.due_at,
        Some("2026-03-09T12:00:00+08:00".parse().unwrap())
    );
    assert_eq!(
        (judged.from, judged.outcome),
        (Some(Activity::Running), Outcome::Open)
    );

    // The last word on every promise is what the clocks say.
    let whole = ticket(&events);
    let case = Case::new(
        &whole,
        Bindings::recorded(whole.timeline(), &book, at).unwrap(),
    );
    for reading in case.readings() {
        let effects = entries.iter().flat_map(|entry| &entry.effects);
        let last = {
            let mut own = effects.filter(|it| it.promise.target == *reading.target());
            own.next_back()
        };
        let last = last.unwrap();
        assert_eq!((last.to, last.outcome), (reading.activity, reading.outcome));
    }
}

#[test]
fn a_late_fact_stands_where_it_happened() {
    let policy = Policy::from_toml(POLICY).unwrap();
    let script = "2026-03-09 09:00 received\n2026-03-09 09:10 replied\n2026-03-09 10:00 resolved";
    let mut events = log(&told(&policy, script), 1, None);
    // The reply was typed in last.
    events[1].version = events[2].version.next();
    events[1].recorded_at = events[2].recorded_at;
    let late = events.remove(1);
    events.push(late);
    let entries = history(&events, &PolicyBook::default()).unwrap();
    let versions: Vec<u64> = entries
        .iter()
        .filter_map(|entry| match &entry.moment {
            Moment::Event { version, .. } => Some(version.get()),
            Moment::BudgetRanOut { .. } => None,
        })
        .collect();
    assert_eq!(versions, [1, 4, 3]);
}
