//! The rates of a month, worked out by hand.

use punctual::projection::{
    Dates, Figure, Kpi, Period, Rate, Scorecard, Services, Slice, SliceKind, appraisals, hot_spots,
};
use punctual::ticket::Ticket;
use punctual::time::{Instant, Span};

use crate::support::{history, house, log, sum, ticket};

fn march() -> Dates {
    Period::Month.of("2026-03-15".parse().unwrap())
}

fn at(civil: &str) -> Instant {
    format!("{civil}:00+08:00")
        .replacen(' ', "T", 1)
        .parse()
        .unwrap()
}

/// Four customers in March, one of whom complains twice; one repair in time and one late.
fn month() -> Vec<Ticket> {
    let policy = house();
    let told = [
        (
            Some("li"),
            "2026-03-02 09:00 received class=complaint channel=phone product=AC-1
             2026-03-02 09:10 assigned owner=u-1 team=north
             2026-03-02 09:20 replied
             2026-03-03 10:00 resolved method=remote
             2026-03-03 11:00 survey-asked
             2026-03-03 12:00 surveyed satisfaction=satisfied",
        ),
        (
            Some("li"),
            "2026-03-20 09:00 received class=complaint channel=phone product=AC-1",
        ),
        (
            Some("wang"),
            "2026-03-04 09:00 received class=repair channel=mail product=AC-2
             2026-03-04 09:30 assigned owner=u-2
             2026-03-04 10:00 dispatched
             2026-03-05 10:00 arrived
             2026-03-05 12:00 resolved method=on-site
             2026-03-05 13:00 inspected conforms=yes
             2026-03-05 14:00 survey-asked",
        ),
        (
            None,
            "2026-03-04 09:00 received class=repair channel=mail product=AC-2
             2026-03-04 09:30 assigned owner=u-2
             2026-03-04 10:00 dispatched
             2026-03-04 11:00 paused reason=awaiting-parts
             2026-03-05 11:00 resumed
             2026-03-17 10:00 arrived
             2026-03-17 12:00 resolved method=on-site
             2026-03-17 13:00 inspected conforms=no
             2026-03-18 09:00 reopened
             2026-03-18 12:00 resolved method=on-site",
        ),
    ];
    let tickets = told.iter().enumerate();
    let tickets = tickets.map(|(number, (customer, script))| {
        ticket(&log(&history(&policy, script), number, *customer))
    });
    tickets.collect()
}

#[test]
fn each_rate_is_what_its_definition_says() {
    let policy = house();
    let card = Scorecard::of(&policy);
    let scores = sum(&card, &policy, &month());
    let score = scores.score(march(), &Slice::All, at("2026-03-20 09:00"));
    let rate = |kpi: Kpi| kpi.rate(&score, &card);
    let of = |part, whole| Rate { part, whole };
    assert_eq!(score.count(&Figure::Received), 4);
    // Li counts once; the ticket without a customer counts as one.
    assert_eq!(rate(Kpi::ComplaintRate), of(1, 3));
    assert_eq!(rate(Kpi::ComplaintResolution), of(1, 2));
    // Two working days from Wednesday ten o'clock end on Friday at closing; the pause for parts
    // gives the late one a day more, which does not help.
    assert_eq!(rate(Kpi::OnTimeRepair), of(1, 2));
    assert_eq!(rate(Kpi::NormExecution), of(1, 3));
    // The first remedy of the late one was inspected, and then it was another service.
    assert_eq!(rate(Kpi::InspectionPass), of(1, 1));
    assert_eq!(rate(Kpi::InspectionCover), of(1, 3));
    assert_eq!(rate(Kpi::Reopened), of(1, 3));
    assert_eq!(rate(Kpi::SurveyResponse), of(1, 2));
    assert_eq!(rate(Kpi::Satisfied), of(1, 1));
    assert_eq!(rate(Kpi::Escalated), of(0, 4));
    assert_eq!(score.grades().mean_hundredths(), Some(400));
    let pauses = score.pauses();
    assert_eq!((pauses[0].count, pauses[0].total), (1, Span::DAY));
    // 25 hours; 27 hours; from the 4th at nine to the 18th at noon.
    let resolution = score.resolution();
    assert_eq!(resolution.count(), 3);
    let sum = Span::from_hours(25 + 27 + 14 * 24 + 3).unwrap();
    assert_eq!(resolution.mean().unwrap().micros(), sum.micros() / 3);
    assert_eq!(score.arrivals().iter().sum::<u64>(), 4);
    assert_eq!(score.arrivals()[2 * 24 + 9], 2); // Wednesday at nine
}

#[test]
fn what_is_sliced_adds_up() {
    let policy = house();
    let scores = sum(&Scorecard::of(&policy), &policy, &month());
    let now = at("2026-03-20 09:00");
    for kind in [SliceKind::Class, SliceKind::Channel, SliceKind::Product] {
        let slices = scores.slices(march(), kind, now);
        let received = slices
            .iter()
            .map(|slice| scores.score(march(), slice, now).count(&Figure::Received));
        assert_eq!(received.sum::<u64>(), 4, "{kind:?}");
    }
    // A ticket that nobody had is under no agent.
    let agents = scores.slices(march(), SliceKind::Agent, now);
    assert_eq!(agents.len(), 2);
    let weeks = Period::Week.cut(march());
    let by_week = weeks.map(|week| {
        scores
            .score(week, &Slice::All, now)
            .count(&Figure::Received)
    });
    assert_eq!(by_week.sum::<u64>(), 4);
}

/// An agent who lets everything lie has figures by that alone.
#[test]
fn what_is_broken_in_silence_has_its_day_and_its_agent() {
    let policy = house();
    let card = Scorecard::of(&policy);
    let script = "2026-03-31 17:30 received class=fault\n2026-03-31 17:31 assigned owner=u-9";
    let scores = sum(
        &card,
        &policy,
        &[ticket(&log(&history(&policy, script), 1, None))],
    );
    let now = at("2026-04-02 09:00");
    let april = Period::Month.of("2026-04-01".parse().unwrap());
    assert_eq!(
        scores.slices(april, SliceKind::Agent, at("2026-03-31 18:00")),
        []
    );
    let agents = scores.slices(april, SliceKind::Agent, now);
    assert_eq!(agents, [Slice::Agent("u-9".parse().unwrap())]);
    assert!(scores.dates(now).unwrap().until > "2026-04-01".parse().unwrap());
    let found = appraisals(&scores, &card, april, now, 1);
    assert_eq!(found[0].compliance.part, 0);
    assert!(found[0].compliance.whole > 0);
}

/// Waiting that touches is one pause, waiting of no length is none, and nobody waits for a ticket
/// that was withdrawn.
#[test]
fn pauses_are_counted_as_clocks_see_them() {
    let policy = house();
    let script = "2026-03-09 09:00 received
                  2026-03-09 10:00 paused reason=awaiting-parts
                  2026-03-09 10:00 resumed
                  2026-03-09 11:00 paused reason=awaiting-parts
                  2026-03-09 12:00 resumed
                  2026-03-09 12:00 paused reason=awaiting-parts
                  2026-03-09 13:00 withdrawn
                  2026-05-09 09:00 noted";
    let scores = sum(
        &Scorecard::of(&policy),
        &policy,
        &[ticket(&log(&history(&policy, script), 1, None))],
    );
    let pauses = scores
        .score(march(), &Slice::All, at("2026-06-01 09:00"))
        .pauses();
    assert_eq!(
        (pauses[0].count, pauses[0].total),
        (1, Span::from_hours(2).unwrap())
    );
}

#[test]
fn an_agent_is_appraised_with_the_sample_size() {
    let policy = house();
    let card = Scorecard::of(&policy);
    let scores = sum(&card, &policy, &month());
    let found = appraisals(&scores, &card, march(), at("2026-03-20 09:00"), 4);
    let names: Vec<&str> = found.iter().map(|it| it.agent.as_str()).collect();
    assert_eq!(names, ["u-1", "u-2"]);
    assert_eq!((found[0].services, found[1].services), (1, 2));
    assert_eq!(found[1].inspections, Rate { part: 1, whole: 1 });
    assert!(found[1].compliance.whole >= 4 && !found[1].is_small_sample);
}

#[test]
fn a_spot_check_can_be_repeated_and_leaves_out_what_was_inspected() {
    let policy = house();
    let services = Services::new(policy.zone().clone());
    let told: Vec<Ticket> = (0..60)
        .map(|number| {
            let script = format!(
                "2026-03-04 09:00 received\n2026-03-04 09:30 assigned owner=u-{}\n2026-03-05 12:00 resolved{}",
                number % 3,
                if number % 10 == 0 { "\n2026-03-05 13:00 inspected conforms=yes" } else { "" }
            );
            ticket(&log(&history(&policy, &script), number, None))
        })
        .collect();
    let state = sum(&services, &policy, &told);
    let drawn = state.spot_check(march(), 5, 7);
    assert_eq!(drawn.len(), 15);
    assert!(drawn.iter().all(|service| !service.is_inspected));
    assert_eq!(drawn, state.spot_check(march(), 5, 7));
    assert_ne!(drawn, state.spot_check(march(), 5, 8));
    // Whoever is drawn among few stays drawn among more of the lot.
    let wider = state.spot_check(march(), 8, 7);
    assert!(drawn.iter().all(|service| wider.contains(service)));
    // Every service has the same chance: over many seeds each is drawn about as often.
    let mut times = std::collections::BTreeMap::new();
    for seed in 0..1_000 {
        for service in state.spot_check(march(), 6, seed) {
            *times.entry(service.stream.clone()).or_insert(0_u32) += 1;
        }
    }
    // Of 18 services of each agent 6 are drawn: a third of the thousand, give or take four
    // standard deviations.
    assert_eq!(times.len(), 54);
    assert!(
        times.values().all(|times| (273..=393).contains(times)),
        "{times:?}"
    );
}

#[test]
fn a_cause_that_recurs_is_a_hot_spot() {
    let policy = house();
    let of = |product: &str, cause: &str, month: u32, count: usize| {
        let script = format!(
            "2026-{month:02}-04 09:00 received class=fault product={product}\n2026-{month:02}-04 10:00 diagnosed cause={cause}"
        );
        vec![history(&policy, &script); count]
    };
    let told = [
        of("AC-1", "compressor", 3, 24),
        of("AC-1", "fan", 3, 6),
        of("AC-2", "compressor", 3, 6),
        of("AC-2", "fan", 3, 24),
        of("AC-2", "remote", 3, 2),
        of("AC-1", "compressor", 2, 10),
    ]
    .concat();
    let tickets: Vec<Ticket> = told
        .iter()
        .enumerate()
        .map(|(number, history)| ticket(&log(history, number, None)))
        .collect();
    let scores = sum(&Scorecard::of(&policy), &policy, &tickets);
    let spots = hot_spots(&scores, march(), Period::Month.before(march()), 3);
    let found: Vec<(&str, &str, u64, i64)> = spots
        .iter()
        .map(|it| {
            (
                it.product.as_str(),
                it.cause.as_str(),
                it.count,
                it.change(),
            )
        })
        .collect();
    // Of 62 causes 30 are compressors, and 30 are of AC-1: 14.5 were to be expected.
    assert_eq!(
        found,
        [("AC-1", "compressor", 24, 14), ("AC-2", "fan", 24, 24)]
    );
    assert_eq!(spots[0].expected_thousandths, 14_516);
    assert_eq!(spots[0].surprise_thousandths, 2_489);
}
