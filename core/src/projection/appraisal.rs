//! How each agent did, always with the sample size.

use serde::{Deserialize, Serialize};

use super::figure::{Slice, SliceKind};
use super::score::Score;
use super::scorecard::Scorecard;
use super::{Dates, Kpi, Rate, Scores};
use crate::event::ActorId;
use crate::time::{Instant, Span};

/// The figures of one agent. Every rate carries its numerator and its denominator: a rate of three
/// services is not one of three hundred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appraisal {
    /// Who.
    pub agent: ActorId,
    /// The services that the agent owned as they were resolved.
    pub services: u64,
    /// Promises kept of those decided while the agent owned the ticket.
    pub compliance: Rate,
    /// Services that conform of those inspected.
    pub inspections: Rate,
    /// Good answers of all answers.
    pub satisfied: Rate,
    /// Tickets reopened of those resolved for the first time.
    pub reopened: Rate,
    /// The median time from receipt to the resolution that stands.
    pub resolution: Option<Span>,
    /// Whether fewer than `least` promises were decided, so that the rates say little.
    pub is_small_sample: bool,
}

/// Returns the appraisals of all agents who have figures on these days, by name.
///
/// `least` is the number of decided promises below which a sample is called small. Agents are not
/// ranked: what they were given differs.
#[must_use]
pub fn appraisals(
    scores: &Scores,
    card: &Scorecard,
    dates: Dates,
    as_of: Instant,
    least: u64,
) -> Vec<Appraisal> {
    let slices = scores.slices(dates, SliceKind::Agent, as_of);
    let agents = slices.into_iter().filter_map(|slice| {
        let score = scores.score(dates, &slice, as_of);
        let Slice::Agent(agent) = slice else {
            return None;
        };
        Some(appraisal(agent, &score, card, least))
    });
    agents.collect()
}

fn appraisal(agent: ActorId, score: &Score, card: &Scorecard, least: u64) -> Appraisal {
    let rate = |kpi: Kpi| kpi.rate(score, card);
    let compliance = rate(Kpi::Compliance);
    Appraisal {
        agent,
        services: rate(Kpi::NormExecution).whole,
        compliance,
        inspections: rate(Kpi::InspectionPass),
        satisfied: rate(Kpi::Satisfied),
        reopened: rate(Kpi::Reopened),
        resolution: score.resolution().quantile(50),
        is_small_sample: compliance.whole < least,
    }
}
