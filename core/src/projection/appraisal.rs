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
///
/// ```
/// use punctual::clock::Bindings;
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::projection::{Case, Period, Rate, Scorecard, Scores, Sum, appraisals};
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
/// let ticket = ticket("T-1", &[
///     ("2026-03-09T09:00", r#"{"type":"receive","class":"enquiry"}"#),
///     ("2026-03-09T09:05", r#"{"type":"assign","owner":"li"}"#),
///     ("2026-03-09T09:30", r#"{"type":"reply"}"#),
///     ("2026-03-09T10:00", r#"{"type":"resolve","method":"remote"}"#),
/// ])?;
/// let case = Case::new(&ticket, Bindings::to(&policy));
/// let mut scores = Scores::default();
/// let part = card.part(&case)?.ok_or("not received")?;
/// card.add(&mut scores, case.stream().ok_or("no stream")?, part);
///
/// let march = Period::Month.of("2026-03-09".parse()?);
/// let found = appraisals(&scores, &card, march, case.horizon(), 30);
/// assert_eq!(found[0].agent.as_str(), "li");
/// assert_eq!((found[0].services, found[0].inspections), (1, Rate { part: 0, whole: 0 }));
/// assert!(found[0].is_small_sample); // fewer than thirty promises decided: say so beside the rate
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Complexity
/// As for [`Scores::score`], once for each agent.
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
