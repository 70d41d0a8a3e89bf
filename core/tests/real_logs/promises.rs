//! Resolution and response of helpdesk tickets under seven policies.

use std::sync::LazyLock;

use punctual::clock::{self, Attribution, Bindings, Explanation, Reading};
use punctual::policy::Policy;
use punctual::ticket::{Phase, Ticket};
use punctual::time::{Instant, Span, WorkingTime};
use serde::{Deserialize, Serialize};

use crate::data::{self, Differences};
use crate::log::{self, Logged};

/// Folded once for all policies: a ticket holds facts only.
static UCI: LazyLock<Vec<Logged>> = LazyLock::new(|| log::read(&data::path(), "uci-incidents"));
static VOLVO: LazyLock<Vec<Logged>> = LazyLock::new(|| log::read(&data::path(), "volvo-incidents"));

/// A row of the expected figures; the README beside them says what each column means.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    ticket: String,
    class_final: String,
    received_at: Instant,
    resolved_at: Option<Instant>,
    state: String,
    reopens: u32,
    paused_calendar_s: i64,
    paused_working_s: i64,
    elapsed_working_s: i64,
    target_s: i64,
    due_at: Instant,
    due_at_next_open: Instant,
    breached: u64,
    breached_at: Option<Instant>,
    response_elapsed_s: i64,
    response_target_s: i64,
    response_due_at: Instant,
    response_breached: u64,
}

/// Sums over all tickets.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    tickets: usize,
    breached: u64,
    breached_at_some_time: usize,
    response_breached: u64,
    elapsed_s: i64,
    /// Tickets on which a comparison of instants, `resolved_at > due_at`, would be wrong: the budget
    /// was used up exactly at closing, and the ticket resolved before the next opening.
    misjudged_by_due_at: usize,
    /// The same with the other edge: none.
    misjudged_by_next_open: usize,
}

impl Sums {
    fn add(&mut self, row: &Row) {
        self.tickets += 1;
        self.breached += row.breached;
        self.breached_at_some_time += usize::from(row.breached_at.is_some());
        self.response_breached += row.response_breached;
        self.elapsed_s += row.elapsed_working_s;
        let is_misjudged = |due: Instant| {
            row.resolved_at
                .is_some_and(|at| (at > due) != (row.breached == 1))
        };
        self.misjudged_by_due_at += usize::from(is_misjudged(row.due_at));
        self.misjudged_by_next_open += usize::from(is_misjudged(row.due_at_next_open));
    }
}

/// A policy as its users would write it, and what is known of its promises.
struct Case {
    name: &'static str,
    toml: &'static str,
    as_of: &'static str,
    sums: Sums,
}

impl Case {
    fn check(&self, tickets: &LazyLock<Vec<Logged>>) {
        let Some(folder) = data::folder() else {
            return;
        };
        let file = format!("expected/{}.shared.csv.gz", self.name);
        let expected: Vec<Row> = data::table(&folder, &file);
        assert_eq!(tickets.len(), expected.len(), "{}: tickets", self.name);
        let reader = Reader::new(self);
        let (mut differences, mut sums) = (Differences::default(), Sums::default());
        for (logged, expected) in tickets.iter().zip(&expected) {
            let ours = reader.row(logged);
            differences.compare(&logged.id, expected, &ours);
            sums.add(&ours);
        }
        differences.none(self.name);
        assert_eq!(sums, self.sums, "{}: sums", self.name);
    }
}

/// Reads tickets under one policy.
struct Reader {
    policy: Policy,
    as_of: Instant,
}

impl Reader {
    fn new(case: &Case) -> Self {
        Self {
            policy: data::policy(case.toml),
            as_of: case.as_of.parse().unwrap(),
        }
    }

    fn row(&self, Logged { id, ticket }: &Logged) -> Row {
        let [response, resolution] = self.readings(ticket);
        let explained = self.explained(ticket, &resolution);
        let status = ticket.timeline().status(self.as_of);
        let at_end = ticket
            .timeline()
            .status(resolution.stopped_at.unwrap_or(self.as_of));
        let due_at = resolution.due_or_if_resumed().unwrap();
        // A ticket that waits has no instants but those that it would have if it were resumed now.
        let calendar = &self.policy.calendars()[0].calendar;
        let if_resumed = || calendar.last_after(due_at, WorkingTime::ZERO).unwrap();
        Row {
            ticket: id.clone(),
            class_final: at_end.class.unwrap().to_string(),
            received_at: resolution.started_at,
            resolved_at: resolution.stopped_at,
            state: state(status.phase).to_owned(),
            reopens: status.reopened,
            paused_calendar_s: resolution
                .pauses
                .iter()
                .map(|(_, sum)| seconds(sum.span()))
                .sum(),
            paused_working_s: seconds(explained.sum_of(is_paused)),
            elapsed_working_s: seconds(resolution.elapsed),
            target_s: seconds(resolution.budget.unwrap()),
            due_at,
            due_at_next_open: resolution.breach_after.unwrap_or_else(if_resumed),
            breached: resolution.outcome.is_over().into(),
            breached_at: resolution.first_breached_at,
            response_elapsed_s: seconds(response.elapsed),
            response_target_s: seconds(response.budget.unwrap()),
            response_due_at: response.due_at.unwrap(),
            response_breached: response.outcome.is_over().into(),
        }
    }

    fn readings(&self, ticket: &Ticket) -> [Reading; 2] {
        let readings = clock::read(ticket.timeline(), &Bindings::to(&self.policy), self.as_of);
        let targets: Vec<&str> = readings.iter().map(|it| it.target().as_str()).collect();
        assert_eq!(targets, ["response", "resolution"]);
        readings.try_into().unwrap()
    }

    /// Explains the resolution, and holds the explanation against its reading.
    fn explained(&self, ticket: &Ticket, resolution: &Reading) -> Explanation {
        let bindings = Bindings::to(&self.policy);
        let mut explained = clock::explain(ticket.timeline(), &bindings, self.as_of);
        let explained = explained.pop().unwrap();
        assert_eq!(explained.reading, *resolution);
        let counted = explained.sum_of(|part| *part == Attribution::Counting);
        assert_eq!(counted, resolution.elapsed);
        assert_eq!(
            explained.wall_time(),
            self.as_of.since(resolution.started_at)
        );
        explained
    }
}

/// Open time in a pause: of a closed desk the explanation says that it was closed.
fn is_paused(part: &Attribution) -> bool {
    matches!(part, Attribution::Paused(_))
}

fn state(phase: Phase) -> &'static str {
    match phase {
        Phase::Open => "open",
        Phase::Resolved => "resolved",
        Phase::Closed => "closed",
        Phase::Unknown | Phase::Declined | Phase::Gone => "not in these logs",
    }
}

/// The logs, and so all figures, are kept to the second.
fn seconds(length: Span) -> i64 {
    assert_eq!(length.micros() % Span::SECOND.micros(), 0, "{length}");
    length.micros() / Span::SECOND.micros()
}

/// Writes a test for each policy over one log.
macro_rules! cases {
    ($log:ident until $as_of:literal: $($test:ident: $name:literal, $sums:expr;)*) => {$(
        #[test]
        fn $test() {
            let case = Case {
                name: $name,
                toml: include_str!(concat!("policies/", $name, ".toml")),
                as_of: $as_of,
                sums: $sums,
            };
            case.check(&$log);
        }
    )*};
}

cases! { UCI until "2017-02-19T00:00:00Z":
    uci_day_and_night_waiting_for_the_user: "uci-24x7-pause-user", Sums {
        tickets: 18_774,
        breached: 7_147,
        breached_at_some_time: 7_155,
        response_breached: 6_768,
        elapsed_s: 7_669_438_740,
        ..Sums::default()
    };
    uci_office_hours_waiting_for_the_user: "uci-9x5-pause-user", Sums {
        tickets: 18_774,
        breached: 3_757,
        breached_at_some_time: 3_770,
        response_breached: 5_809,
        elapsed_s: 1_863_547_500,
        misjudged_by_due_at: 50,
        ..Sums::default()
    };
    uci_office_hours_without_a_pause: "uci-9x5-nopause", Sums {
        tickets: 18_774,
        breached: 5_375,
        breached_at_some_time: 5_389,
        response_breached: 5_809,
        elapsed_s: 2_638_426_200,
        misjudged_by_due_at: 45,
        ..Sums::default()
    };
    uci_split_shifts_and_holidays_any_waiting: "uci-split-shift-holidays", Sums {
        tickets: 18_774,
        breached: 3_739,
        breached_at_some_time: 3_750,
        response_breached: 5_598,
        elapsed_s: 1_690_030_500,
        misjudged_by_due_at: 129,
        ..Sums::default()
    };
}

cases! { VOLVO until "2012-05-23T00:00:00Z":
    volvo_office_hours_at_a_fixed_offset: "volvo-fixed-offset", Sums {
        tickets: 5_697,
        breached: 1_104,
        breached_at_some_time: 1_104,
        response_breached: 53,
        elapsed_s: 744_296_971,
        ..Sums::default()
    };
    volvo_office_hours_in_stockholm_through_the_change_of_clocks: "volvo-stockholm-dst", Sums {
        tickets: 5_697,
        breached: 1_026,
        breached_at_some_time: 1_026,
        response_breached: 45,
        elapsed_s: 697_272_447,
        ..Sums::default()
    };
    volvo_nights_in_stockholm_through_the_change_of_clocks: "volvo-night-dst", Sums {
        tickets: 5_697,
        breached: 1_421,
        breached_at_some_time: 1_421,
        response_breached: 96,
        elapsed_s: 1_519_798_720,
        ..Sums::default()
    };
}
