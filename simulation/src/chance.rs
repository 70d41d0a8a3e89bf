//! Seeded numbers: the one source of chance of a run.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a series of numbers is for. Two purposes share no numbers, so one more draw in one of them
/// changes nothing in another.
///
/// ```
/// use punctual_simulation::chance::{Chance, Purpose};
///
/// let mut course = Chance::new(7, Purpose::Course);
/// let mut weather = Chance::new(7, Purpose::Weather);
/// assert_ne!(course.word(), weather.word());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// What happens next, and who goes on.
    Course = 1,
    /// What goes wrong in the store.
    Weather = 2,
    /// The policies.
    Policies = 3,
    /// The lives of tickets.
    Tickets = 4,
}

/// Numbers of one seed and purpose, the same for ever: ChaCha with eight rounds, and integers alone.
///
/// ```
/// use punctual_simulation::chance::{Chance, Purpose};
///
/// let mut course = Chance::new(7, Purpose::Course);
/// let mut again = Chance::new(7, Purpose::Course);
/// assert_eq!(course.word(), again.word());
/// assert!(course.below(10) < 10);
/// ```
#[derive(Debug, Clone)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// Begins the numbers of a seed for a purpose.
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        let mut words = ChaCha8Rng::seed_from_u64(seed);
        words.set_stream(purpose as u64);
        Self(words)
    }

    /// Returns any 64 bits.
    pub fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Returns a number below `end`; zero where `end` is zero.
    ///
    /// Takes one word whatever `end` is, so the numbers after it do not depend on it. Of a small `end` all numbers
    /// are as likely to one part in 2⁶⁴ divided by `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        let product = u128::from(self.word()) * u128::from(end);
        // The high word of a product of two words fits one.
        (product >> 64) as u64
    }

    /// Returns a number from `low` to `high`, both included.
    ///
    /// ```
    /// use punctual_simulation::chance::{Chance, Purpose};
    ///
    /// let mut chance = Chance::new(7, Purpose::Course);
    /// assert!((0..100).all(|_| (-2..=2).contains(&chance.between(-2, 2))));
    /// ```
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.below(width))
    }

    /// Returns true in `share` of a thousand cases.
    ///
    /// ```
    /// use punctual_simulation::chance::{Chance, Purpose};
    ///
    /// let mut chance = Chance::new(7, Purpose::Weather);
    /// assert!((0..100).all(|_| chance.permille(1_000)));
    /// assert!(!(0..100).any(|_| chance.permille(0)));
    /// let some = (0..1_000).filter(|_| chance.permille(250)).count();
    /// assert!((150..350).contains(&some));
    /// ```
    pub fn permille(&mut self, share: u32) -> bool {
        self.below(1_000) < u64::from(share)
    }

    /// Returns a place in a list of `length`; zero for an empty one.
    pub fn place(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// Returns one of several, each as likely; `None` where there is none.
    ///
    /// ```
    /// use punctual_simulation::chance::{Chance, Purpose};
    ///
    /// let mut chance = Chance::new(7, Purpose::Course);
    /// assert!(chance.pick(&["acme", "zeta"]).is_some());
    /// assert_eq!(chance.pick::<&str>(&[]), None);
    /// ```
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.place(from.len()))
    }
}
