//! How a figure grows with the size of what it is taken beside.

use serde::{Deserialize, Serialize};

/// An exponent up to which a figure counts as not growing, at least. Trees are a little deeper and
/// caches a little further away when there is more; a scan would show as 1.
const LEAST: f64 = 0.25;

/// What the size of the limit counts that is everybody's: loads from memory.
pub const MEMORY: &str = "events";

/// Returns the exponent up to which a figure counts as not growing: a tenth more than what memory
/// itself does in the same run, or a limit whose sizes count the same, such as the events in a store.
/// No index can be better than that.
#[must_use]
pub fn most(growths: &[Growth], of: &str) -> f64 {
    let limits = growths.iter().filter(|growth| growth.limit);
    let own = limits.filter(|limit| limit.of == MEMORY || limit.of == of);
    own.map(|limit| limit.exponent() + 0.1)
        .fold(LEAST, f64::max)
}

/// One figure at several sizes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// What is done.
    pub name: String,
    /// What the size counts.
    pub of: String,
    /// (size, nanoseconds of CPU time an operation), from the smallest size on.
    pub points: Vec<(f64, f64)>,
    /// Whether it is a limit: what memory itself does.
    #[serde(default)]
    pub limit: bool,
    /// What a reader must know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Growth {
    /// Returns the exponent e of the best fit `time = c * size^e`; zero for fewer than two sizes.
    #[must_use]
    pub fn exponent(&self) -> f64 {
        let logs: Vec<(f64, f64)> = self.points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
        let count = logs.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
        let (x, y) = (mean(|point| point.0), mean(|point| point.1));
        let above: f64 = logs.iter().map(|(lx, ly)| (lx - x) * (ly - y)).sum();
        let below: f64 = logs.iter().map(|(lx, _)| (lx - x).powi(2)).sum();
        if below > 0.0 { above / below } else { 0.0 }
    }

    /// Whether it grows beyond the exponent that [`most`] allows.
    #[must_use]
    pub fn grows(&self, most: f64) -> bool {
        !self.limit && self.exponent() > most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growth(time: impl Fn(f64) -> f64) -> Growth {
        let sizes = [1e4, 1e5, 1e6];
        Growth {
            name: "n".to_owned(),
            of: "events".to_owned(),
            points: sizes.map(|size| (size, time(size))).to_vec(),
            limit: false,
            note: None,
        }
    }

    #[test]
    fn the_exponent_is_that_of_the_power() {
        for (exponent, grows) in [(0.0, false), (0.2, false), (0.5, true), (1.0, true)] {
            let growth = growth(|size| 40.0 * size.powf(exponent));
            assert!((growth.exponent() - exponent).abs() < 1e-9);
            assert_eq!(growth.grows(most(&[], MEMORY)), grows);
        }
    }

    #[test]
    fn what_memory_itself_does_is_let_through() {
        let mut memory = growth(|size| size.powf(0.3));
        memory.limit = true;
        let mut disk = growth(|size| size.powf(0.5));
        (disk.limit, disk.of) = (true, "events in the store".to_owned());
        let limits = [memory, disk];
        let beside_memory = most(&limits, "events in the log");
        assert!(!growth(|size| size.powf(0.35)).grows(beside_memory));
        assert!(growth(|size| size.powf(0.45)).grows(beside_memory));
        let beside_the_disk = most(&limits, "events in the store");
        assert!(!growth(|size| size.powf(0.55)).grows(beside_the_disk));
    }

    #[test]
    fn a_logarithm_is_flat_and_one_point_tells_nothing() {
        assert!(!growth(f64::ln).grows(most(&[], MEMORY)));
        let mut one = growth(|size| size);
        one.points.truncate(1);
        assert_eq!(one.exponent(), 0.0);
    }
}
