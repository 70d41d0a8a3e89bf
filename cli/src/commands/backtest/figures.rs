//! What a backtest comes to, ready to be shown or written: by promise and by KPI.

use std::collections::BTreeSet;

use punctual::backtest::{Backtest, Fate, Summary};
use punctual::event::TargetId;
use punctual::projection::Rate;

/// How a promise moved between the first policy and another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Moves {
    /// Met before, breached now.
    pub(super) worse: u64,
    /// Breached before, met now.
    pub(super) better: u64,
    /// Every other change.
    pub(super) other: u64,
}

impl Moves {
    pub(super) fn of(summary: &Summary, arm: usize, promise: usize) -> Self {
        let flips = summary.flips(arm, promise);
        let worse = flips.count(Fate::Met, Fate::Breached);
        let better = flips.count(Fate::Breached, Fate::Met);
        Self {
            worse,
            better,
            other: flips.total() - worse - better,
        }
    }
}

/// A KPI under every policy; `None` where the policy does not bind it.
#[derive(Debug)]
pub(super) struct Kpi {
    pub(super) name: String,
    pub(super) rates: Vec<Option<Rate>>,
}

/// Returns the KPIs that any of the policies binds, by name.
pub(super) fn kpis(backtest: &Backtest<'_>, summary: &Summary) -> Vec<Kpi> {
    let arms = backtest.arms().count();
    let policies = || (0..arms).filter_map(|arm| backtest.policy(arm));
    let names: BTreeSet<&String> = policies().flat_map(|it| it.kpis().keys()).collect();
    let kpi = |name: &String| {
        let rate = |arm| {
            let target = backtest.policy(arm)?.kpis().get(name)?;
            rate(backtest, summary, arm, target)
        };
        Kpi {
            name: name.clone(),
            rates: (0..arms).map(rate).collect(),
        }
    };
    names.into_iter().map(kpi).collect()
}

/// Returns the rate of the target that a KPI is measured by: one of the policy's own agreement.
fn rate(backtest: &Backtest<'_>, summary: &Summary, arm: usize, target: &TargetId) -> Option<Rate> {
    let agreement = &backtest.policy(arm)?.agreements().first()?.id;
    let mut promises = backtest.promises().iter();
    let place = promises.position(|it| it.target == *target && it.agreement == *agreement)?;
    Some(summary.figures(arm, place).compliance().rate())
}

/// Returns the name by which a policy is called in tables: A, B, C...; its number past Z.
pub(super) fn letter(arm: usize) -> String {
    let letter = u8::try_from(arm).ok().filter(|arm| *arm < 26);
    letter.map_or_else(
        || (arm + 1).to_string(),
        |arm| char::from(b'A' + arm).to_string(),
    )
}
