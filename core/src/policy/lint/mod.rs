//! What is probably not meant, though nothing is wrong with it.
//!
//! The linter looks at a compiled policy: it reasons over every sort of ticket that the conditions
//! can tell apart, and measures budgets of different kinds on their calendars over a year.

mod coverage;
mod finding;
mod gate;
mod ladder;
mod order;
mod show;
mod space;
mod speed;
mod steps;
mod turn;
mod unused;

use crate::language::Phrase;

use super::Policy;
use super::model::{AgreementKind, Target};

use self::steps::Steps;

pub(in crate::policy) use coverage::goals_key;
pub use finding::{Finding, Lint, Path, Severity};
pub(in crate::policy) use space::{Cell, Space};

/// A finding that the policy's author has seen and means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) lint: Lint,
    /// The whole path, or the beginning of one up to a step.
    pub(crate) at: String,
    pub(crate) because: String,
}

impl Policy {
    /// Returns what the linter notices, in the order of agreements and targets. Findings that the
    /// policy accepts are among them and say why.
    ///
    /// ```
    /// use punctual::policy::{Lint, Policy};
    ///
    /// let policy = Policy::from_toml(
    ///     r#"
    ///     policy = "hotline"
    ///     timezone = "Asia/Shanghai"
    ///     level = { values = ["general", "urgent"] }
    ///     [target.first-response]
    ///     start = "received"
    ///     stop = "replied"
    ///     goals = [{ when = { level = "urgent" }, within = "3h" }, { within = "2h" }]
    ///     "#,
    /// )?;
    /// let findings = policy.lint();
    /// assert_eq!(findings[0].lint, Lint::UrgentSlower);
    /// assert_eq!(findings[0].path.to_string(), "target.first-response.goals[0]");
    /// # Ok::<(), punctual::policy::Report>(())
    /// ```
    ///
    /// # Complexity
    /// For each target a walk over the sorts of tickets that its conditions can tell apart, a second
    /// one if goals never apply, and one for each two levels. A step of a walk asks each condition.
    /// A target that tells more than 200,000 sorts apart is passed over with a note. The steps of a
    /// whole document are counted and bounded, for a second or two at most; what they do not
    /// suffice for is passed over too, with one note for all of it.
    #[must_use]
    pub fn lint(&self) -> Vec<Finding> {
        let targets: Vec<(Path, &Target)> = self
            .agreements
            .iter()
            .flat_map(|agreement| {
                let base = if agreement.kind == AgreementKind::Service
                    && agreement.id.as_str() == "service"
                {
                    Path::of(&["target"])
                } else {
                    Path::of(&["agreement", agreement.id.as_str(), "target"])
                };
                agreement
                    .targets
                    .iter()
                    .map(move |target| (base.key(target.id.as_str()), target))
            })
            .collect();
        let mut findings = Vec::new();
        let mut steps = Steps::of_a_document();
        coverage::owners(self, &mut steps, &mut findings);
        for (path, target) in &targets {
            coverage::target(self, target, path, &mut steps, &mut findings);
            speed::target(self, target, path, &mut steps, &mut findings);
            ladder::target(target, path, &mut findings);
            order::target(self, target, path, &mut steps, &mut findings);
        }
        order::pauses(self, &targets, &mut steps, &mut findings);
        ladder::undeclared(self, &targets, &mut findings);
        unused::names(self, &targets, &mut findings);
        findings.extend(steps.finding());
        self.accept(&mut findings);
        findings
    }

    /// Marks what the author accepts, and tells acceptances of nothing.
    fn accept(&self, findings: &mut Vec<Finding>) {
        let paths: Vec<String> = findings.iter().map(|it| it.path.to_string()).collect();
        let mut idle = Vec::new();
        for (place, accepted) in self.accepted.iter().enumerate() {
            let mut found = false;
            let all = findings.iter_mut().zip(&paths);
            for (finding, _) in all.filter(|(finding, path)| accepted.covers(finding.lint, path)) {
                finding.accepted = Some(accepted.because.clone());
                found = true;
            }
            if !found {
                idle.push(Finding::new(
                    Lint::NothingToAccept,
                    Path::of(&["accept"]).index(place),
                    Phrase::fixed("there is no such finding", "没有这样的发现"),
                ));
            }
        }
        findings.append(&mut idle);
    }
}

impl Accepted {
    fn covers(&self, lint: Lint, path: &str) -> bool {
        let covers = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[']);
        lint == self.lint && path.strip_prefix(&self.at).is_some_and(covers)
    }
}
