//! Runs of the simulator: some of them fixed, some of them for what they once found.

use punctual_simulation::{Report, Violation, World, run_seed};

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

/// The first runs of a series that `simulate` plays on for as long as one likes.
#[test]
fn tickets_are_kept_for_thousands_of_years() -> Result<(), Violation> {
    const YEARS: u64 = 10_000;
    let mut all = Report::default();
    for number in 0.. {
        if all.ticket_years() >= YEARS {
            break;
        }
        let seed = run_seed(1, number);
        let played = play(seed, 60);
        all.add(&played.inspect_err(|_| eprintln!("again: simulate --run {seed} --tickets 60"))?);
    }
    let (rungs, late) = (all.seen.rungs, all.seen.late);
    // Told in time, and told by engines that came up after it.
    assert!(late > 3_000 && rungs - late > 100, "{all}");
    assert!(all.crashes > 1_500 && all.calms > 500, "{all}");
    Ok(())
}

#[test]
fn the_same_seed_gives_the_same_log() -> Result<(), Violation> {
    for seed in [3, 5, 8] {
        assert_eq!(play(seed, 20)?, play(seed, 20)?, "seed {seed}");
    }
    Ok(())
}

/// What these found is told, each by itself, in `found.rs`: a change of the simulator changes what
/// happens under a seed.
#[test]
fn runs_that_once_failed_keep_their_promises() -> Result<(), Violation> {
    for seed in [5, 18, 24, 28, 62, 70, 268, 343, 848] {
        play(seed, 60)?;
    }
    Ok(())
}
