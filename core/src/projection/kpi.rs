//! The rates by which after-sales service is judged, each with its definition.

use serde::{Deserialize, Serialize};

use super::figure::Figure;
use super::rate::Rate;
use super::score::Score;
use super::scorecard::Scorecard;
use crate::language::Phrase;

/// A rate of a scorecard: a numerator and a denominator, each with its dates.
///
/// ```
/// use punctual::language::Language;
/// use punctual::projection::Kpi;
///
/// let phrase = Kpi::ComplaintRate.definition();
/// assert!(phrase.text(Language::English).starts_with("customers who complained"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kpi {
    /// Promises kept of those decided.
    Compliance,
    /// Complaining customers of the customers served.
    ComplaintRate,
    /// Complaints resolved of those received.
    ComplaintResolution,
    /// Repairs on time of all repairs.
    OnTimeRepair,
    /// Conforming services of all services.
    NormExecution,
    /// Conforming services of those inspected.
    InspectionPass,
    /// Inspected services of all services.
    InspectionCover,
    /// Reopened tickets of those resolved.
    Reopened,
    /// Escalated tickets of those received.
    Escalated,
    /// Surveys answered of those asked.
    SurveyResponse,
    /// Good answers of all.
    Satisfied,
}

impl Kpi {
    /// Every rate, in the order in which reports list them.
    pub const ALL: &'static [Self] = &[
        Self::Compliance,
        Self::ComplaintRate,
        Self::ComplaintResolution,
        Self::OnTimeRepair,
        Self::NormExecution,
        Self::InspectionPass,
        Self::InspectionCover,
        Self::Reopened,
        Self::Escalated,
        Self::SurveyResponse,
        Self::Satisfied,
    ];

    /// Returns the stable name: `complaint-rate`, ...
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compliance => "compliance",
            Self::ComplaintRate => "complaint-rate",
            Self::ComplaintResolution => "complaint-resolution",
            Self::OnTimeRepair => "on-time-repair",
            Self::NormExecution => "norm-execution",
            Self::InspectionPass => "inspection-pass",
            Self::InspectionCover => "inspection-cover",
            Self::Reopened => "reopened",
            Self::Escalated => "escalated",
            Self::SurveyResponse => "survey-response",
            Self::Satisfied => "satisfied",
        }
    }

    /// Returns whether more of it is better.
    #[must_use]
    pub const fn is_better_high(self) -> bool {
        !matches!(self, Self::ComplaintRate | Self::Reopened | Self::Escalated)
    }

    /// Returns the rate, as a scorecard defines it.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::projection::{Kpi, Score, Scorecard};
    ///
    /// // Of an idle month every rate is of nothing, and has no percentage.
    /// let card = Scorecard::of(&Policy::from_toml(AFTER_SALES)?);
    /// let idle = Score::default();
    /// assert!(Kpi::ALL.iter().all(|kpi| kpi.rate(&idle, &card).per_mille().is_none()));
    /// # Ok::<(), punctual::policy::Report>(())
    /// ```
    #[must_use]
    pub fn rate(self, score: &Score, card: &Scorecard) -> Rate {
        match self {
            Self::Compliance => score.all_promises(),
            Self::ComplaintRate => score.customers(),
            Self::ComplaintResolution => score.rate(&Figure::ComplaintResolved, &Figure::Complaint),
            Self::OnTimeRepair => on_time_repair(score, card),
            Self::NormExecution => score.rate(&Figure::Conforming, &Figure::Resolved),
            Self::InspectionPass => score.rate(&Figure::Conforming, &Figure::Inspected),
            Self::InspectionCover => score.rate(&Figure::Inspected, &Figure::Resolved),
            Self::Reopened => score.rate(&Figure::Reopened, &Figure::FirstResolved),
            Self::Escalated => score.rate(&Figure::Escalated, &Figure::Received),
            Self::SurveyResponse => score.rate(&Figure::Answered, &Figure::Asked),
            Self::Satisfied => score.grades().satisfied(),
        }
    }

    /// Returns the name for people.
    #[must_use]
    pub const fn title(self) -> Phrase {
        let (en, zh) = match self {
            Self::Compliance => ("Promises kept", "承诺履行率"),
            Self::ComplaintRate => ("Complaint rate", "顾客投诉率"),
            Self::ComplaintResolution => ("Complaint resolution rate", "投诉解决率"),
            Self::OnTimeRepair => ("On-time repair rate", "维修及时率"),
            Self::NormExecution => ("Norm execution rate", "服务规范执行率"),
            Self::InspectionPass => ("Conforming of inspected", "抽查合格率"),
            Self::InspectionCover => ("Inspection cover", "抽查覆盖率"),
            Self::Reopened => ("Reopen rate", "重开率"),
            Self::Escalated => ("Escalation rate", "升级率"),
            Self::SurveyResponse => ("Survey response", "回访答复率"),
            Self::Satisfied => ("Satisfied customers", "顾客满意率"),
        };
        Phrase::fixed(en, zh)
    }

    /// Returns what is divided by what, and by which dates it is counted.
    #[must_use]
    pub const fn definition(self) -> Phrase {
        let (en, zh) = match self {
            Self::Compliance => (
                "promises met / promises met or breached; by the day on which each was decided; waived and cancelled ones are in neither",
                "按时履行的承诺 / 已判定的承诺（履行与违约之和）；按判定之日计；豁免和取消的不计入",
            ),
            Self::ComplaintRate => (
                "customers who complained / customers served; each customer counts once in a period, by the day of receipt",
                "投诉的顾客数 / 服务的顾客数；同一顾客在一个周期内只计一次；按受理之日计",
            ),
            Self::ComplaintResolution => (
                "complaints whose resolution stands / complaints received; by the day of receipt",
                "已解决且未重开的投诉 / 受理的投诉；按受理之日计",
            ),
            Self::OnTimeRepair => (
                "repairs on time / repairs, by the promise that the policy binds to it; by the day on which each was decided",
                "及时的维修 / 全部维修，按策略所绑定的承诺；按判定之日计",
            ),
            Self::NormExecution => (
                "services found to conform / all services; by the day of the resolution that stands; what was not inspected counts as not shown to conform",
                "检查合格的服务 / 全部服务；按最终解决之日计；未经检查的不算合格",
            ),
            Self::InspectionPass => (
                "services found to conform / services inspected; by the day of the resolution that stands",
                "检查合格的服务 / 已检查的服务；按最终解决之日计",
            ),
            Self::InspectionCover => (
                "services inspected / all services; by the day of the resolution that stands",
                "已检查的服务 / 全部服务；按最终解决之日计",
            ),
            Self::Reopened => (
                "tickets reopened after their first resolution / tickets resolved for the first time; by the day of that resolution",
                "首次解决后又重开的工单 / 首次解决的工单；按首次解决之日计",
            ),
            Self::Escalated => (
                "tickets of which a ladder told somebody / tickets received; by the day of receipt",
                "触发过升级通知的工单 / 受理的工单；按受理之日计",
            ),
            Self::SurveyResponse => (
                "tickets whose customer answered / tickets whose customer was asked; by the day of the first question",
                "顾客已答复的工单 / 已发出回访的工单；按首次回访之日计",
            ),
            Self::Satisfied => (
                "answers satisfied or very satisfied / all answers; by the day of the answer",
                "满意与非常满意的答复 / 全部答复；按答复之日计",
            ),
        };
        Phrase::fixed(en, zh)
    }
}

fn on_time_repair(score: &Score, card: &Scorecard) -> Rate {
    let promise = card.on_time_repair();
    promise.map_or_else(Rate::default, |promise| score.compliance(promise).rate())
}
