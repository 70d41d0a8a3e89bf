//! What is probably not meant, though nothing is wrong with it.
//!
//! The linter looks at a compiled policy: it reasons over every sort of ticket that the conditions
//! can tell apart, and measures budgets of different kinds on their calendars over a year.

mod coverage;
mod finding;
mod ladder;
mod order;
mod show;
mod space;
mod speed;
mod turn;
mod unused;

use crate::language::Phrase;

use super::Policy;
use super::model::{AgreementKind, Target};

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
    /// One step for each sort of ticket that a target's conditions can tell apart, up to 200,000 a
    /// target; a target with more is passed over with a note.
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
        coverage::owners(self, &mut findings);
        for (path, target) in &targets {
            coverage::target(self, target, path, &mut findings);
            speed::target(self, target, path, &mut findings);
            ladder::target(target, path, &mut findings);
            order::target(self, target, path, &mut findings);
        }
        order::pauses(self, &targets, &mut findings);
        ladder::undeclared(self, &targets, &mut findings);
        unused::names(self, &targets, &mut findings);
        self.accept(&mut findings);
        findings
    }

    /// Marks what the author accepts, and tells acceptances of nothing.
    fn accept(&self, findings: &mut Vec<Finding>) {
        let mut idle = Vec::new();
        for (place, accepted) in self.accepted.iter().enumerate() {
            let mut found = false;
            for finding in findings
                .iter_mut()
                .filter(|finding| accepted.covers(finding))
            {
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
    fn covers(&self, finding: &Finding) -> bool {
        let path = finding.path.to_string();
        let rest = path.strip_prefix(&self.at);
        finding.lint == self.lint
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    }
}
