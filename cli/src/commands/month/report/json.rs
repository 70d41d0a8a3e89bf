//! A month for programs.

use serde_json::json;

use super::super::Feed;
use super::Report;

impl Report<'_> {
    pub(super) fn as_json(&self) -> serde_json::Value {
        let played = self.played;
        let roles: Vec<_> = played
            .notices
            .roles
            .iter()
            .rev()
            .map(|((rank, role), told)| json!({"role": role, "rank": rank, "told": told}))
            .collect();
        let queue: Vec<_> = played
            .queue
            .next
            .iter()
            .take(played.args.limit)
            .map(|entry| {
                json!({
                    "ticket": entry.ticket,
                    "agreement": entry.agreement,
                    "target": entry.target,
                    "cycle": entry.cycle,
                    "class": entry.status.class,
                    "level": entry.status.level,
                    "owner": entry.owner,
                    "due_at": entry.due_at,
                    "left_micros": entry.left.micros(),
                    "percent_used": entry.percent_used,
                    "has_overdue": entry.is_overdue,
                })
            })
            .collect();
        let breach = played
            .breach
            .as_ref()
            .map(|breach| json!({"ticket": breach.ticket, "explanation": breach.explanation}));
        json!({
            "store": played.args.store,
            "policy": played.policy.id(),
            "policy_version": played.policy.version(),
            "policies": played.book.iter().count(),
            "from": played.feed.from(),
            "until": played.feed.until(),
            "seed": match played.feed { Feed::Desk(_) => Some(played.args.seed), Feed::Log(_) => None },
            "tickets": played.survey.tickets.len(),
            "commits": played.survey.commits,
            "events": played.survey.events,
            "events_by_kind": played.survey.kinds,
            "played": played.counts,
            "rows_passed_over": played.feed.passed_over(),
            "restart": played.restart,
            "notices": {"total": played.notices.total, "again": played.notices.again, "roles": roles},
            "queue": {
                "open": played.queue.open(),
                "overdue": played.queue.overdue,
                "next_total": played.queue.next.len(),
                "next": queue,
            },
            "breach": breach,
            "figures": played.figures,
            "go_on": self.commands(),
        })
    }
}
