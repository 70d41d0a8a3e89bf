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

/// What these found is told, each by itself, in `found.rs`: a change of the simulator changes what
/// happens under a seed.
#[test]
fn runs_that_once_failed_keep_their_promises() -> Result<(), Violation> {
    for seed in [5, 18, 24, 28] {
        play(seed, 60)?;
    }
    Ok(())
}
