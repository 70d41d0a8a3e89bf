//! Policies at random.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::instants::{CalendarPlan, hours, zones};
use crate::policy::{Policy, Report};

/// A policy as a small value. Its [`Display`](std::fmt::Display) is the document in TOML, which holds
/// the words that its targets use and no others.
///
/// ```
/// use proptest::strategy::{Strategy, ValueTree};
/// use proptest::test_runner::TestRunner;
/// use punctual::testing::policies;
///
/// let tree = policies().new_tree(&mut TestRunner::deterministic());
/// let plan = tree.map_err(|reason| reason.to_string())?.current();
/// let policy = plan.compile()?;
/// assert!(!policy.agreements()[0].targets.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyPlan {
    /// The policy's zone.
    pub zone: &'static str,
    /// Its calendars, one or two: `office`, the default, and `other`.
    pub calendars: Vec<CalendarPlan>,
    /// The targets of the service agreement, one or more.
    pub targets: Vec<TargetPlan>,
    /// Targets of a supplier agreement; often none.
    pub supplied: Vec<TargetPlan>,
    /// Whether messages go out in office hours only.
    pub delivers_in_hours: bool,
}

/// One target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetPlan {
    /// What starts and stops it.
    pub shape: Shape,
    /// How long it may take.
    pub budget: BudgetPlan,
    /// How long it may take for faults, where that is something else.
    pub fault: Option<BudgetPlan>,
    /// Whether urgent tickets have half the budget.
    pub halved_if_urgent: bool,
    /// Which reasons pause it.
    pub pauses: Vec<&'static str>,
    /// What a new judgement does to it.
    pub reclassify: Option<&'static str>,
    /// What a reopening does to it, as the document writes it.
    pub reopen: Option<&'static str>,
    /// Who is told when.
    pub ladder: Vec<RungPlan>,
}

/// What a target's clock starts and stops by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// From the request to an answer.
    Response,
    /// From the request to the resolution.
    Resolution,
    /// From the customer's message to an answer.
    NextReply,
    /// From the diagnosis, or a dispute, to the plan.
    Planning,
    /// From one report to the next.
    Progress,
    /// So long before a visit. Its budget is a length before the visit.
    Visit,
    /// From the resolution to the survey.
    Survey,
    /// Between two named moments.
    Moments,
    /// From the request to the customer's signature.
    Signature,
}

/// How long a target may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetPlan {
    /// Minutes by the clock on the wall.
    Elapsed(u16),
    /// Minutes while a desk is open: the default one or the other.
    Working(u16, bool),
    /// Days at the same local time.
    Days(u16),
    /// Working days to closing, on the default desk or the other.
    WorkingDays(u16, bool),
    /// Working days to the same clock time.
    SameTime(u16),
    /// A range of working days: its lower and its upper bound.
    Range(u16, u16),
}

/// One rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RungPlan {
    /// Where it sits, as the document writes it.
    pub at: &'static str,
    /// Whom it tells.
    pub tell: &'static str,
    /// Whether it is for urgent tickets alone.
    pub if_urgent: bool,
    /// Whether it is told again every four hours, twice.
    pub repeats: bool,
}

impl PolicyPlan {
    /// Compiles the document.
    ///
    /// # Errors
    /// A [`Report`] of its mistakes. What [`policies`] gives has none.
    pub fn compile(&self) -> Result<Policy, Report> {
        Policy::from_toml(&self.to_string())
    }
}

fn budgets() -> impl Strategy<Value = BudgetPlan> + Clone {
    // Lengths at which shifts and days end, so that edges meet; and any.
    let minutes = || {
        let exact = select(&[60_u16, 30, 120, 180, 240, 270, 450, 480, 510, 1_440, 2_880][..]);
        prop_oneof![2 => exact, 1 => 1..3_000_u16]
    };
    prop_oneof![
        3 => minutes().prop_map(BudgetPlan::Elapsed),
        4 => (minutes(), any::<bool>()).prop_map(|(length, other)| BudgetPlan::Working(length, other)),
        1 => (1..5_u16).prop_map(BudgetPlan::Days),
        2 => (1..4_u16, any::<bool>()).prop_map(|(days, other)| BudgetPlan::WorkingDays(days, other)),
        1 => (1..4_u16).prop_map(BudgetPlan::SameTime),
        1 => (1..3_u16, 1..3_u16)
            .prop_map(|(lower, more)| BudgetPlan::Range(lower, lower.saturating_add(more))),
    ]
}

fn rungs() -> impl Strategy<Value = RungPlan> + Clone {
    let at = [
        "due", "lower", "80%", "50%", "100%", "120%", "-30m", "-1wh", "+1h", "+2wh", "+1wd",
    ];
    let at = select(at.to_vec());
    let tell = select(vec!["agent", "lead", "head"]);
    let odd = || proptest::bool::weighted(0.2);
    (at, tell, odd(), odd()).prop_map(|(at, tell, if_urgent, repeats)| RungPlan {
        at,
        tell,
        if_urgent,
        repeats,
    })
}

fn targets(shapes: &'static [Shape]) -> impl Strategy<Value = TargetPlan> + Clone {
    let shape = prop_oneof![1 => Just(Shape::Response), 3 => select(shapes)];
    let fault = proptest::option::weighted(0.4, budgets());
    let pauses = subsequence(vec!["customer", "parts"], 0..=2);
    let modes = select(vec!["retroactive", "carry", "forward", "reset"]);
    let reopen = select(vec![
        "\"continue\"",
        "\"new-cycle\"",
        "\"stay\"",
        "{ mode = \"continue\", gap = \"included\" }",
        "{ new-cycle-after = \"2d\" }",
    ]);
    let options = (
        proptest::bool::weighted(0.4),
        pauses,
        proptest::option::weighted(0.6, modes),
        proptest::option::weighted(0.4, reopen),
        vec(rungs(), 0..4),
    );
    (shape, budgets(), fault, options).prop_map(|(shape, budget, fault, options)| {
        let (halved_if_urgent, pauses, reclassify, reopen, ladder) = options;
        TargetPlan {
            shape,
            budget,
            fault,
            halved_if_urgent,
            pauses,
            reclassify,
            reopen,
            ladder,
        }
    })
}

/// Returns valid policies: one to four targets of every shape, with budgets of every kind, one or two
/// calendars, pauses, modes, ladders, and sometimes a supplier agreement. They shrink to a single
/// target with one goal of elapsed time.
///
/// In each of them a more serious level is never slower.
///
/// ```
/// use proptest::prelude::*;
/// use punctual::testing::policies;
///
/// proptest!(ProptestConfig::with_cases(4), |(plan in policies())| {
///     prop_assert!(plan.compile().is_ok(), "{plan}");
/// });
/// ```
pub fn policies() -> impl Strategy<Value = PolicyPlan> + Clone {
    use Shape::{
        Moments, NextReply, Planning, Progress, Resolution, Response, Signature, Survey, Visit,
    };
    const OURS: &[Shape] = &[
        Resolution, NextReply, Planning, Progress, Visit, Survey, Moments, Signature,
    ];
    const THEIRS: &[Shape] = &[Response, Moments, Resolution];
    let other = (proptest::option::weighted(0.3, zones()), hours());
    let other = other.prop_map(|(zone, hours)| CalendarPlan { zone, hours });
    let office = hours().prop_map(|hours| CalendarPlan { zone: None, hours });
    let calendars = (office, proptest::option::weighted(0.3, other));
    let calendars =
        calendars.prop_map(|(office, other)| [office].into_iter().chain(other).collect());
    let supplied = prop_oneof![4 => Just(Vec::new()), 1 => vec(targets(THEIRS), 1..3)];
    (
        zones(),
        calendars,
        vec(targets(OURS), 1..5),
        supplied,
        proptest::bool::weighted(0.1),
    )
        .prop_map(
            |(zone, calendars, targets, supplied, delivers_in_hours)| PolicyPlan {
                zone,
                calendars,
                targets,
                supplied,
                delivers_in_hours,
            },
        )
}

#[cfg(test)]
mod tests {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_planned_policy_compiles(plan in policies()) {
            let policy = plan.compile();
            prop_assert!(policy.is_ok(), "{plan}\n{}", policy.unwrap_err());
        }
    }

    #[test]
    fn a_policy_shrinks_to_one_target_with_one_elapsed_goal() {
        let mut runner = TestRunner::deterministic();
        for _ in 0..8 {
            let mut tree = policies().new_tree(&mut runner).unwrap();
            while tree.simplify() {}
            let plan = tree.current();
            assert_eq!(plan.targets.len(), 1, "{plan}");
            assert_eq!(plan.to_string(), SMALLEST);
        }
    }

    const SMALLEST: &str = r#"policy = "planned"
timezone = "UTC"

[target.response-1]
start = "received"
stop = ["replied", "diagnosed"]
goals = [{ within = "60m" }]
"#;
}
