//! Figures over many tickets, target by target.

use punctual::clock::Reading;
use punctual::event::{AgreementId, TargetId};
use punctual::language::Language;
use punctual::policy::Policy;
use punctual::ticket::Outcome;
use serde::Serialize;

use crate::console::Setting;
use crate::table::{Align, Table, Tone};
use crate::words;

/// The figures of one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetTally {
    /// The agreement.
    pub agreement: AgreementId,
    /// The target.
    pub target: TargetId,
    /// What the policy calls it, in the language of the output.
    pub label: String,
    /// How many tickets have a clock of it.
    pub tickets: u64,
    /// How many clocks there are: a target may have several cycles on one ticket.
    pub clocks: u64,
    /// Stopped in time.
    pub met: u64,
    /// Stopped too late.
    pub breached: u64,
    /// Not stopped, in time so far.
    pub open: u64,
    /// Not stopped, and over.
    pub overdue: u64,
    /// Ended without a verdict: cancelled, waived, booked with too little lead.
    pub without_verdict: u64,
    /// `met` of `met` + `breached`, in tenths of a percent, rounded down; `None` without any.
    pub compliance_permille: Option<u64>,
}

/// The figures of all targets of a policy, in its order.
#[derive(Debug, Clone)]
pub struct Tally {
    targets: Vec<TargetTally>,
    has_agreements: bool,
}

impl Tally {
    /// Returns figures that are all zero.
    #[must_use]
    pub fn new(policy: &Policy, language: Language) -> Self {
        let mut targets = Vec::new();
        for agreement in policy.agreements() {
            for target in &agreement.targets {
                targets.push(TargetTally {
                    agreement: agreement.id.clone(),
                    target: target.id.clone(),
                    label: words::target(target, language).to_owned(),
                    tickets: 0,
                    clocks: 0,
                    met: 0,
                    breached: 0,
                    open: 0,
                    overdue: 0,
                    without_verdict: 0,
                    compliance_permille: None,
                });
            }
        }
        Self {
            targets,
            has_agreements: policy.agreements().len() > 1,
        }
    }

    /// Adds all readings of one ticket.
    pub fn add(&mut self, readings: &[Reading]) {
        for tally in &mut self.targets {
            let own = readings.iter().filter(|reading| {
                *reading.target() == tally.target && *reading.agreement() == tally.agreement
            });
            let before = tally.clocks;
            for reading in own {
                tally.clocks += 1;
                match reading.outcome {
                    Outcome::Met => tally.met += 1,
                    Outcome::Breached => tally.breached += 1,
                    Outcome::Open | Outcome::Imminent => tally.open += 1,
                    Outcome::Breaching => tally.overdue += 1,
                    Outcome::Cancelled(_) | Outcome::Waived | Outcome::InsufficientLead => {
                        tally.without_verdict += 1;
                    }
                }
            }
            tally.tickets += u64::from(tally.clocks > before);
            tally.compliance_permille = tally.compliance();
        }
    }

    /// Returns the figures, target by target.
    #[must_use]
    pub fn targets(&self) -> &[TargetTally] {
        &self.targets
    }

    /// Returns the figures as a table; targets that no ticket has are left out.
    #[must_use]
    pub fn render(&self, setting: &Setting) -> String {
        let language = setting.language;
        let mut table = Table::new();
        let agreement = if self.has_agreements {
            words::AGREEMENT.text(language)
        } else {
            ""
        };
        table.column(agreement, Align::Left, true);
        table.column(words::TARGET.text(language), Align::Left, true);
        for title in [
            &words::TICKETS,
            &words::MET,
            &words::BREACHED,
            &words::COMPLIANCE,
            &words::OPEN,
            &words::OVERDUE,
            &words::WITHOUT_VERDICT,
        ] {
            table.column(title.text(language), Align::Right, false);
        }
        for tally in self.targets.iter().filter(|tally| tally.clocks > 0) {
            let figure = |number: u64, tone| {
                let tone = if number == 0 { Tone::Dim } else { tone };
                (words::grouped(number), tone)
            };
            let agreement = if self.has_agreements {
                tally.agreement.as_str()
            } else {
                ""
            };
            table.row([
                (agreement.to_owned(), Tone::Plain),
                (tally.label.clone(), Tone::Plain),
                figure(tally.tickets, Tone::Plain),
                figure(tally.met, Tone::Good),
                figure(tally.breached, Tone::Bad),
                (share(tally.compliance_permille), Tone::Strong),
                figure(tally.open, Tone::Plain),
                figure(tally.overdue, Tone::Warn),
                figure(tally.without_verdict, Tone::Dim),
            ]);
        }
        if table.is_empty() {
            return String::new();
        }
        table.render(setting.columns, setting.color)
    }
}

impl TargetTally {
    const fn compliance(&self) -> Option<u64> {
        (self.met * 1_000).checked_div(self.met + self.breached)
    }
}

/// Returns tenths of a percent for people. They were rounded down, so 100 % means all.
#[must_use]
pub fn share(permille: Option<u64>) -> String {
    permille.map_or_else(
        || "-".to_owned(),
        |permille| format!("{}.{}%", permille / 10, permille % 10),
    )
}
