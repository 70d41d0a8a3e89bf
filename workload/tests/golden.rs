//! The same seed gives the same tickets for ever: digests of whole workloads.
//!
//! A digest that changes is a new major version of this crate, unless the preset itself changed: its
//! lengths say when a desk that keeps its promises acts.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use punctual_workload::{AfterSales, Measured, Percent, Profile};

/// FNV-1a, 64 bits.
fn digest(texts: impl Iterator<Item = String>) -> u64 {
    texts
        .flat_map(String::into_bytes)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}

fn month(seed: u64) -> u64 {
    let month = AfterSales::builder(seed).tickets(300).build().unwrap();
    digest(month.steps().map(|step| {
        let command = step.command;
        let action = serde_json::to_string(&command.action).unwrap();
        let actor = serde_json::to_string(&command.actor).unwrap();
        let subject = command
            .subject
            .map_or_else(String::new, |id| id.to_string());
        format!(
            "{} {} {} {action} {actor} {subject}\n",
            step.at, step.ticket, command.occurred_at
        )
    }))
}

fn log(seed: u64, profile: Profile) -> u64 {
    let log = Measured::builder(seed, profile)
        .tickets(2_000)
        .escalations(true);
    let log = log
        .survey_response(Percent::new(20).unwrap())
        .build()
        .unwrap();
    digest(log.steps().map(|step| {
        let event = serde_json::to_string(&log.event(step.happening.what)).unwrap();
        format!("{} {} {event}\n", step.number, step.happening.at)
    }))
}

#[test]
fn the_same_seed_gives_the_same_tickets_for_ever() {
    let found = [
        month(42),
        month(43),
        log(42, Profile::Uci),
        log(42, Profile::Volvo),
        log(43, Profile::Volvo),
    ];
    assert_eq!(found, GOLDEN);
}

const GOLDEN: [u64; 5] = [
    2_030_816_631_735_659_020,
    17_940_341_580_716_953_750,
    12_570_010_254_859_176_551,
    8_580_840_831_797_833_634,
    2_628_452_482_708_406_225,
];
