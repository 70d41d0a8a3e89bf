//! Causes that recur, product by product, above expectation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::figure::{Figure, Slice, SliceKind};
use super::{Dates, Scores};
use crate::event::{FieldValue, Product};
use crate::time::Instant;

/// A cause of a product, and how often it was to be expected.
///
/// Figures in thousandths are exact integers: 4,900 is 4.9.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HotSpot {
    /// The product model.
    pub product: Product,
    /// The cause that was found.
    pub cause: FieldValue,
    /// How many tickets received in the period have it.
    pub count: u64,
    /// How many had it in the period before.
    pub before: u64,
    /// How many were to be expected, in thousandths: see [`hot_spots`].
    pub expected_thousandths: u64,
    /// The surprise in thousandths, rounded down: how many standard deviations of a Poisson count
    /// the count lies above the expectation.
    pub surprise_thousandths: u64,
}

impl HotSpot {
    /// Returns the change against the period before.
    #[must_use]
    pub fn change(&self) -> i64 {
        let of = |count| i64::try_from(count).unwrap_or(i64::MAX);
        of(self.count).saturating_sub(of(self.before))
    }
}

/// Returns the products and causes that recur above expectation in a period, the most surprising
/// first.
///
/// The expectation of a cause of a product is what it would be if causes were spread alike over all
/// products: tickets of the product with a known cause x tickets of that cause / all tickets with a
/// known product and cause. It needs no history, so a product that has always been bad stays in the list. Listed
/// is what was found at least `least` times, and lies at least two standard deviations above the
/// expectation: (count - expected) / sqrt(expected) >= 2, with the standard deviation of a Poisson
/// count. A count that is expected to be small is seldom listed by chance: `least` sees to that.
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::projection::{Case, Period, Scorecard, Scores, Sum, hot_spots};
/// # use punctual::event::Actor;
/// # use punctual::ticket::{Action, Command, Permit, Ticket, decide};
/// # fn ticket(id: &str, told: &[(&str, &str)]) -> Result<Ticket, Box<dyn std::error::Error>> {
/// #     let mut ticket = Ticket::default();
/// #     for (civil, action) in told {
/// #         let at = format!("{civil}:00+08:00").parse()?;
/// #         let action: Action = serde_json::from_str(action)?;
/// #         let command = Command::new(action, at, Actor::new("desk".parse()?));
/// #         let event = decide(&ticket, command, &Permit::default(), at)?.remove(0);
/// #         ticket.apply(&event.recorded(format!("acme/ticket/{id}").parse()?, &ticket));
/// #     }
/// #     Ok(ticket)
/// # }
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let card = Scorecard::of(&policy);
/// let mut scores = Scores::default();
/// let mut number = 0;
/// // Pumps of the Aqua 3 break far more often than those of other models.
/// for (product, cause, count) in [
///     ("aqua-3", "pump", 12), ("aqua-3", "door", 2), ("aqua-5", "pump", 2), ("aqua-5", "door", 24),
/// ] {
///     for _ in 0..count {
///         number += 1;
///         let receive = format!(r#"{{"type":"receive","class":"fault","product":"{product}"}}"#);
///         let diagnose = format!(r#"{{"type":"diagnose","cause":"{cause}"}}"#);
///         let told = [("2026-03-09T09:00", &receive[..]), ("2026-03-09T09:30", &diagnose[..])];
///         let ticket = ticket(&format!("T-{number}"), &told)?;
///         let case = Case::new(&ticket, Bindings::to(&policy));
///         let part = card.part(&case)?.ok_or("not received")?;
///         card.add(&mut scores, case.stream().ok_or("no stream")?, part);
///     }
/// }
///
/// let march = Period::Month.of("2026-03-09".parse()?);
/// let spots = hot_spots(&scores, march, Period::Month.before(march), 5);
/// assert_eq!((spots[0].product.as_str(), spots[0].cause.as_str()), ("aqua-3", "pump"));
/// // 14 tickets of the product x 14 of the cause / 40 in all = 4.9 were to be expected.
/// assert_eq!((spots[0].count, spots[0].expected_thousandths), (12, 4_900));
/// assert_eq!(spots[0].surprise_thousandths, 3_207); // (12 - 4.9) / sqrt(4.9)
/// assert_eq!(spots[0].change(), 12); // none in February
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Complexity
/// Linear in the figures of the products in both periods.
#[must_use]
pub fn hot_spots(scores: &Scores, dates: Dates, before: Dates, least: u64) -> Vec<HotSpot> {
    let now = pairs(scores, dates);
    let former = pairs(scores, before);
    let mut by_product: BTreeMap<&Product, u64> = BTreeMap::new();
    let mut by_cause: BTreeMap<&FieldValue, u64> = BTreeMap::new();
    let mut all = 0_u64;
    for ((product, cause), count) in &now {
        add(by_product.entry(product).or_default(), *count);
        add(by_cause.entry(cause).or_default(), *count);
        add(&mut all, *count);
    }
    let of = |found: Option<&u64>| u128::from(found.copied().unwrap_or(0));
    let mut spots: Vec<HotSpot> = now
        .iter()
        .filter(|(_, count)| **count >= least)
        .filter_map(|((product, cause), count)| {
            let product_share = of(by_product.get(product));
            let cause_share = of(by_cause.get(cause));
            let expected = product_share
                .checked_mul(cause_share)?
                .checked_mul(1_000)?
                .checked_div(u128::from(all))?;
            let surprise = surprise(*count, expected)?;
            Some(HotSpot {
                product: product.clone(),
                cause: cause.clone(),
                count: *count,
                before: former
                    .get(&(product.clone(), cause.clone()))
                    .copied()
                    .unwrap_or(0),
                expected_thousandths: u64::try_from(expected).unwrap_or(u64::MAX),
                surprise_thousandths: surprise,
            })
        })
        .filter(|spot| spot.surprise_thousandths >= 2_000)
        .collect();
    spots.sort_by(|a, b| {
        let key = |spot: &HotSpot| (spot.surprise_thousandths, spot.count);
        let names = |spot: &HotSpot| (spot.product.clone(), spot.cause.clone());
        key(b).cmp(&key(a)).then_with(|| names(a).cmp(&names(b)))
    });
    spots
}

/// Returns (count - expected) / sqrt(expected) in thousandths, in integers; `None` where the count
/// is no more than expected.
fn surprise(count: u64, expected_thousandths: u128) -> Option<u64> {
    let excess = u128::from(count)
        .checked_mul(1_000)?
        .checked_sub(expected_thousandths)?;
    // excess/1000 / sqrt(expected/1000) * 1000 = sqrt(excess^2 * 1000 / expected).
    let square = excess
        .checked_mul(excess)?
        .checked_mul(1_000)?
        .checked_div(expected_thousandths.max(1))?;
    u64::try_from(square.isqrt()).ok()
}

fn add(sum: &mut u64, count: u64) {
    *sum = sum.saturating_add(count);
}

fn pairs(scores: &Scores, dates: Dates) -> BTreeMap<(Product, FieldValue), u64> {
    let mut pairs = BTreeMap::new();
    for slice in scores.slices(dates, SliceKind::Product, Instant::MIN) {
        let score = scores.score(dates, &slice, Instant::MIN);
        let Slice::Product(product) = &slice else {
            continue;
        };
        for (figure, _) in score.figures() {
            if let Figure::Cause(cause) = figure {
                pairs.insert((product.clone(), cause.clone()), score.count(figure));
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surprise_is_the_excess_in_standard_deviations() {
        assert_eq!(surprise(9, 9_000), Some(0));
        assert_eq!(surprise(15, 9_000), Some(2_000)); // six above nine, of which the root is three
        assert_eq!(surprise(8, 9_000), None);
    }
}
