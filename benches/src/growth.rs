//! How a figure grows with the size of what it is taken beside.

use serde::{Deserialize, Serialize};

/// An exponent up to which a figure counts as not growing. Trees are a little deeper and caches a
/// little further away when there is more (0.05 to 0.2); a scan would show as 1.
pub const MOST: f64 = 0.25;

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

    /// Whether it counts as not growing.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        self.exponent() <= MOST
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
        }
    }

    #[test]
    fn the_exponent_is_that_of_the_power() {
        for (exponent, flat) in [(0.0, true), (0.2, true), (0.5, false), (1.0, false)] {
            let growth = growth(|size| 40.0 * size.powf(exponent));
            assert!((growth.exponent() - exponent).abs() < 1e-9);
            assert_eq!(growth.is_flat(), flat);
        }
    }

    #[test]
    fn a_logarithm_is_flat_and_one_point_tells_nothing() {
        assert!(growth(f64::ln).is_flat());
        let mut one = growth(|size| size);
        one.points.truncate(1);
        assert_eq!(one.exponent(), 0.0);
    }
}
