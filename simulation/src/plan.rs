//! How large a run is, and how rough.

use punctual::time::Instant;

use crate::chance::Chance;
use crate::rough::Weather;

/// What holds for one run.
///
/// ```
/// use punctual_simulation::chance::{Chance, Purpose};
/// use punctual_simulation::plan::Plan;
///
/// let draw = |seed| Plan::draw(&mut Chance::new(seed, Purpose::Course), 60);
/// assert_eq!(draw(7), draw(7));
/// assert!((1..=3).contains(&draw(7).partitions));
/// ```
///
/// Most plans are rough and a few are not, since some faults hide in bad weather: three in ten have a store that never
/// fails, and one in ten has eight engines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The true time at which it begins.
    pub start: Instant,
    /// Within how many days tickets are received.
    pub days: u16,
    /// How many days a ticket rests at most between two steps: twelve, or more than a year.
    pub longest_pause: u16,
    /// How many tickets there are.
    pub tickets: u32,
    /// How many engines.
    pub engines: usize,
    /// Whose tickets they are.
    pub tenants: Vec<String>,
    /// How many partitions the store has.
    pub partitions: u16,
    /// How many events one append may have: few, so that the edge is met.
    pub append_events: usize,
    /// What goes wrong in the store.
    pub weather: Weather,
    /// How many of a thousand turns end in a crash.
    pub crashes: u32,
    /// Whether engines work by themselves, now and then.
    pub runs: bool,
}

impl Plan {
    /// Draws a plan.
    #[must_use]
    pub fn draw(chance: &mut Chance, tickets: u32) -> Self {
        // The first days of 2026: the holidays of the year are known, those of a year later are not.
        let start = 1_767_600_000_000_000 + chance.between(0, 300) * 86_400_000_000;
        let eight = chance.permille(100);
        let two_tenants = chance.permille(120);
        let rough = chance.permille(700);
        let share = |chance: &mut Chance, most| if rough { chance.below(most) as u32 } else { 0 };
        let tenants: &[&str] = if two_tenants {
            &["acme", "zeta"]
        } else {
            &["acme"]
        };
        Self {
            start: Instant::from_micros(start).unwrap_or(Instant::MIN),
            days: 20 + chance.below(150) as u16,
            longest_pause: if chance.permille(700) { 500 } else { 12 },
            tickets,
            engines: if eight { 8 } else { 2 * tenants.len() },
            tenants: tenants.iter().map(|name| (*name).to_owned()).collect(),
            partitions: 1 + chance.below(3) as u16,
            append_events: if chance.permille(500) { 24 } else { 1_000 },
            weather: Weather {
                appends: share(chance, 200),
                reads: share(chance, 60),
                short_pages: chance.below(300) as u32,
            },
            crashes: share(chance, 12),
            runs: chance.permille(400),
        }
    }
}
