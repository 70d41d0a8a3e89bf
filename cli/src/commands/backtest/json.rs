//! What is told after a backtest, for programs.

use punctual::backtest::{Backtest, Fate, Summary};
use punctual::projection::Share;
use serde_json::{Map, Value, json};

use super::difference::Line;
use super::figures::kpis;
use super::report::Report;

impl Report<'_, '_> {
    pub(super) fn as_json(&self, summary: &Summary) -> Value {
        let backtest = self.backtest;
        let names: Vec<&str> = backtest.arms().collect();
        let promises = 0..backtest.promises().len();
        let examples = summary.examples();
        let examples: Vec<Line<'_>> = examples
            .map(|it| Line::new(it, names.get(it.arm).copied().unwrap_or_default()))
            .collect();
        let kpis: Map<String, Value> = kpis(backtest, summary)
            .into_iter()
            .map(|kpi| (kpi.name, json!(kpi.rates)))
            .collect();
        json!({
            "source": self.source,
            "as_of": backtest.as_of(),
            "tickets": summary.tickets(),
            "rows": self.rows,
            "rows_passed_over": self.passed_over,
            "problems": self.problems,
            "policies": (0..names.len()).map(|arm| policy(backtest, summary, arm)).collect::<Vec<_>>(),
            "promises": promises.map(|place| promise(backtest, summary, place)).collect::<Vec<_>>(),
            "margin_borders_percent": Share::BORDERS,
            "kpis": kpis,
            "examples": examples,
        })
    }
}

fn policy(backtest: &Backtest<'_>, summary: &Summary, arm: usize) -> Value {
    let policy = backtest.policy(arm);
    let reasons: Map<String, Value> = summary
        .reasons(arm)
        .map(|(why, count)| (why.name().to_owned(), json!(count)))
        .collect();
    let rungs: Map<String, Value> = summary
        .rungs(arm)
        .map(|(role, count)| (role.to_string(), json!(count)))
        .collect();
    json!({
        "name": backtest.arms().nth(arm),
        "policy": policy.map(|it| it.id()),
        "version": policy.map(punctual::policy::Policy::version),
        "all_promises": summary.rate(arm),
        "tickets_differing": summary.differing(arm),
        "differences": summary.differences(arm),
        "reasons": reasons,
        "told": rungs,
    })
}

fn promise(backtest: &Backtest<'_>, summary: &Summary, place: usize) -> Value {
    let promise = backtest.promises().get(place);
    let arms = 0..backtest.arms().count();
    let under = arms.clone().map(|arm| figures(summary, arm, place));
    let flips = arms.flat_map(|arm| {
        let flips = summary.flips(arm, place);
        let flips: Vec<_> = flips.iter().collect();
        flips.into_iter().map(move |(from, to, count)| {
            json!({"against": arm, "from": from.name(), "to": to.name(), "clocks": count})
        })
    });
    json!({
        "agreement": promise.map(|it| &it.agreement),
        "target": promise.map(|it| &it.target),
        "policies": under.collect::<Vec<_>>(),
        "flips": flips.collect::<Vec<_>>(),
    })
}

fn figures(summary: &Summary, arm: usize, place: usize) -> Value {
    let figures = summary.figures(arm, place);
    let compliance = figures.compliance();
    json!({
        "tickets": figures.tickets,
        "met": compliance.met,
        "breached": compliance.breached,
        "overdue": figures.overdue,
        "undecided": figures.fates.count(Fate::Undecided),
        "waived": compliance.waived,
        "cancelled": compliance.cancelled,
        "insufficient_lead": compliance.insufficient_lead,
        "compliance_permille": compliance.rate().per_mille(),
        "margins": figures.margins,
    })
}
