//! Runs of the simulator: some of them fixed, some of them for what they once found.

use punctual_simulation::{Report, Violation, World};

fn play(seed: u64, tickets: u32) -> Result<Report, Violation> {
    World::new(seed, tickets)?.play()
}

#[test]
fn a_dozen_small_services_keep_their_promises() -> Result<(), Violation> {
    let mut all = Report::default();
    for seed in 1..=12 {
        all.add(&play(seed, 16)?);
    }
    // The claim is worth something only if the bad conditions have been met.
    let seen = all.seen;
    assert!(
        all.crashes > 20 && all.unknown > 0 && all.calms > 24,
        "{all}"
    );
    assert!(seen.rungs > seen.late && seen.late > 50, "{all}");
    assert!(
        seen.breaches > 50 && seen.revisions > 10 && seen.rebinds > 0,
        "{all}"
    );
    Ok(())
}

#[test]
fn the_same_seed_gives_the_same_log() -> Result<(), Violation> {
    for seed in [3, 5, 8] {
        assert_eq!(play(seed, 20)?, play(seed, 20)?, "seed {seed}");
    }
    Ok(())
}

#[test]
fn run_5_an_intake_sent_twice_at_once_is_not_refused() -> Result<(), Violation> {
    play(5, 60).map(drop)
}

#[test]
fn run_18_a_ticket_that_is_finished_by_a_fact_ahead_leaves_the_agenda() -> Result<(), Violation> {
    play(18, 60).map(drop)
}

#[test]
fn run_24_a_warning_after_a_rebind_names_no_instant_ahead() -> Result<(), Violation> {
    play(24, 60).map(drop)
}

#[test]
fn run_28_a_ticket_is_not_lost_while_a_fact_of_it_is_ahead() -> Result<(), Violation> {
    play(28, 60).map(drop)
}
