//! A small harness for benchmarks that check the answer they time.
//!
//! A workload is a closure that does a known number of operations and returns a checksum of its
//! answers. It runs in rounds; each round's checksum is compared with the one that the caller
//! worked out beforehand by other means, outside the timed part. What is measured is the CPU time
//! of the thread, per operation: the quickest round, the median, and the ninth of ten.

use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// How many rounds a workload runs after two to warm up.
const ROUNDS: usize = 40;

/// The CPU time of one workload per operation, over all rounds.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// Nanoseconds per operation in the quickest round.
    pub quickest: f64,
    /// Nanoseconds per operation in the middle round.
    pub median: f64,
    /// Nanoseconds per operation in the round that nine of ten do not exceed.
    pub ninth: f64,
}

/// Runs `workload` in rounds and prints a line of figures.
///
/// `operations` is how many of them one call does, `expected` the checksum that each call must
/// return.
///
/// # Panics
/// When a call returns another checksum: a benchmark of wrong answers is worth nothing.
pub fn measure(
    name: &str,
    operations: usize,
    expected: u64,
    mut workload: impl FnMut() -> u64,
) -> Figures {
    let mut rounds = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS + 2 {
        let before = cpu_time();
        let found = black_box(workload());
        let spent = cpu_time().saturating_sub(before);
        assert_eq!(found, expected, "{name}: the timed answers are wrong");
        if round >= 2 {
            rounds.push(spent.as_secs_f64() * 1e9 / operations as f64);
        }
    }
    rounds.sort_by(f64::total_cmp);
    let at = |part: usize| rounds.get(ROUNDS * part / 10).copied().unwrap_or_default();
    let figures = Figures {
        quickest: at(0),
        median: at(5),
        ninth: at(9),
    };
    report(name, figures);
    figures
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn report(name: &str, figures: Figures) {
    let Figures {
        quickest,
        median,
        ninth,
    } = figures;
    println!("{name:<44} {quickest:>12.2} {median:>12.2} {ninth:>12.2}  ns/op");
}

/// Prints a headline over the figures that follow.
#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
pub fn headline(text: &str) {
    println!("\n{text}");
    println!(
        "{:<44} {:>12} {:>12} {:>12}",
        "", "quickest", "median", "9 of 10"
    );
}

/// Prints a figure that is not a time.
#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
pub fn note(name: &str, value: impl std::fmt::Display) {
    println!("{name:<44} {value:>12}");
}

/// Returns the CPU time that this thread has used.
#[must_use]
pub fn cpu_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    let secs = u64::try_from(now.tv_sec).unwrap_or_default();
    Duration::new(secs, u32::try_from(now.tv_nsec).unwrap_or_default())
}

/// Returns the next of a fixed sequence of random numbers (xorshift64*), so that every run has the
/// same workload. `state` must not be zero.
pub fn random(state: &mut u64) -> u64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    state.wrapping_mul(0x2545_F491_4F6C_DD1D)
}
