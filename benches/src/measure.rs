//! Rounds and CPU time.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// How long a workload runs, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounds {
    /// Rounds that are not counted, to warm up.
    pub before: usize,
    /// At least so many rounds.
    pub least: usize,
    /// At most so many.
    pub most: usize,
    /// No further round begins after so long on the wall.
    pub within: Duration,
}

impl Rounds {
    /// As many as it takes for figures to be told.
    pub const FULL: Self = Self {
        before: 2,
        least: 7,
        most: 40,
        within: Duration::from_millis(1_500),
    };
    /// For a first look.
    pub const QUICK: Self = Self {
        before: 1,
        least: 5,
        most: 15,
        within: Duration::from_millis(250),
    };

    /// Returns those of a short run, or of a full one.
    #[must_use]
    pub const fn of(quick: bool) -> Self {
        if quick { Self::QUICK } else { Self::FULL }
    }

    /// One that does not count, then exactly so many: for counting instructions. No clock is asked:
    /// valgrind hides what the quick way to it needs.
    #[must_use]
    pub const fn exactly(rounds: usize) -> Self {
        Self {
            before: 1,
            least: rounds,
            most: rounds,
            within: Duration::ZERO,
        }
    }
}

/// The best round, the middle one, and the one that nine of ten are not worse than.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The best.
    pub best: f64,
    /// The middle.
    pub median: f64,
    /// Nine of ten are not worse.
    pub ninth: f64,
}

impl Spread {
    /// Sorts rounds from the best to the worst.
    #[must_use]
    pub fn of(mut rounds: Vec<f64>, less_is_better: bool) -> Self {
        rounds.sort_by(f64::total_cmp);
        if !less_is_better {
            rounds.reverse();
        }
        let at = |part: usize| {
            let place = rounds.len().saturating_sub(1) * part / 10;
            rounds.get(place).copied().unwrap_or_default()
        };
        Self {
            best: at(0),
            median: at(5),
            ninth: at(9),
        }
    }
}

/// Runs a workload in rounds; returns nanoseconds of this thread's CPU time an operation.
///
/// `prepare` makes what a round uses up, outside of the measured time; `work` does `operations`
/// operations on it and returns a checksum of its answers.
///
/// # Panics
/// When a round returns another checksum than `expected`: a figure of wrong answers is worth
/// nothing.
pub fn measure<T>(
    name: &str,
    rounds: Rounds,
    operations: usize,
    expected: u64,
    mut prepare: impl FnMut() -> T,
    mut work: impl FnMut(T) -> u64,
) -> Spread {
    let (mut found, begin) = (Vec::with_capacity(rounds.most), Instant::now());
    let clock = || {
        if rounds.within.is_zero() {
            Duration::ZERO
        } else {
            thread_time()
        }
    };
    for round in 0..rounds.before + rounds.most {
        let input = black_box(prepare());
        let before = clock();
        let answer = if round < rounds.before {
            work(input)
        } else {
            counted(&mut work, input)
        };
        let answer = black_box(answer);
        let spent = clock().saturating_sub(before);
        assert_eq!(answer, expected, "{name}: the timed answers are wrong");
        if round >= rounds.before {
            found.push(spent.as_secs_f64() * 1e9 / operations as f64);
        }
        if found.len() >= rounds.least && begin.elapsed() >= rounds.within {
            break;
        }
    }
    Spread::of(found, true)
}

/// One round of a workload, and nothing of what it is made of: valgrind knows it by its name.
#[inline(never)]
fn counted<T>(work: &mut impl FnMut(T) -> u64, input: T) -> u64 {
    work(input)
}

/// Returns the CPU time that this thread has used.
#[must_use]
pub fn thread_time() -> Duration {
    clock(ClockId::ThreadCPUTime)
}

/// Returns the CPU time that all threads of this process have used.
#[must_use]
pub fn process_time() -> Duration {
    clock(ClockId::ProcessCPUTime)
}

fn clock(id: ClockId) -> Duration {
    let now = clock_gettime(id);
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

/// Adds an answer to a checksum; the order counts.
#[must_use]
pub const fn checksum(sum: u64, answer: u64) -> u64 {
    sum.wrapping_mul(31).wrapping_add(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_sorted_from_the_best_to_the_worst() {
        let rounds: Vec<f64> = (1..=11).map(f64::from).collect();
        let less = Spread::of(rounds.clone(), true);
        assert_eq!((less.best, less.median, less.ninth), (1.0, 6.0, 10.0));
        let more = Spread::of(rounds, false);
        assert_eq!((more.best, more.median, more.ninth), (11.0, 6.0, 2.0));
    }

    #[test]
    #[should_panic(expected = "the timed answers are wrong")]
    fn a_wrong_answer_is_no_figure() {
        measure("sum", Rounds::exactly(1), 1, 7, || (), |()| 8);
    }

    #[test]
    fn counting_runs_exactly_so_many_rounds_after_a_warm_one() {
        let mut ran = 0;
        measure("count", Rounds::exactly(3), 1, 0, || ran += 1, |()| 0);
        assert_eq!(ran, 1 + 3);
    }
}
