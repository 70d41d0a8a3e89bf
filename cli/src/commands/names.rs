//! What to call things: in English as filters and logs do, elsewhere as the policy does.

use punctual::calendar::ZoneTable;
use punctual::event::{AgreementId, RoleId, TargetId};
use punctual::language::Language;
use punctual::policy::{Label, Policy};
use punctual::ticket::Status;
use punctual::time::{Instant, Span};

use crate::words;

/// A policy, for people.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'p> {
    pub(super) policy: &'p Policy,
    pub(super) language: Language,
    /// Instants of its year are shown without the year.
    pub(super) about: Instant,
}

impl Names<'_> {
    fn label<'l>(&self, id: &'l str, label: Option<&'l Label>) -> &'l str {
        match self.language {
            Language::Chinese => label
                .and_then(|it| it.text(self.language.tag()))
                .unwrap_or(id),
            Language::English | _ => id,
        }
    }

    /// Returns what to call a target, with its agreement where that is not the service agreement.
    pub(super) fn target(&self, agreement: &AgreementId, target: &TargetId) -> String {
        let owner = self.policy.agreement(agreement);
        let found = owner.and_then(|it| it.targets.iter().find(|it| it.id == *target));
        let name = self.label(target.as_str(), found.map(|it| &it.label));
        if agreement.as_str() == "service" {
            return name.to_owned();
        }
        let agreement = self.label(agreement.as_str(), owner.map(|it| &it.label));
        format!("{agreement}/{name}")
    }

    /// Returns what to call a role.
    pub(super) fn role<'r>(&'r self, role: &'r RoleId) -> &'r str {
        let roles = &self.policy.vocabulary().roles;
        let found = roles.iter().find(|it| it.id == *role);
        self.label(role.as_str(), found.map(|it| &it.label))
    }

    /// Returns what to call a reason to pause.
    pub(super) fn reason<'r>(&'r self, reason: &'r str) -> &'r str {
        let reasons = &self.policy.vocabulary().reasons;
        let found = reasons.iter().find(|it| it.id.as_str() == reason);
        self.label(reason, found.map(|it| &it.label))
    }

    /// Returns the class and the level of a ticket; empty where it has none.
    pub(super) fn judged(&self, status: &Status) -> (String, String) {
        let words = self.policy.vocabulary();
        let class = status.class.as_ref().map(|class| {
            let found = words.classes.iter().find(|(id, _)| id == class);
            self.label(class.as_str(), found.map(|(_, label)| label))
                .to_owned()
        });
        let level = status.level.as_ref().map(|level| {
            let found = words.levels.iter().find(|(id, _)| id == level);
            self.label(level.as_str(), found.map(|(_, label)| label))
                .to_owned()
        });
        (class.unwrap_or_default(), level.unwrap_or_default())
    }

    /// Returns a civil time, to the minute.
    pub(super) fn minute(&self, at: Instant) -> String {
        minute(at, self.policy.zone())
    }

    /// Returns a civil time with its weekday, to the minute.
    pub(super) fn weekday_minute(&self, at: Instant) -> String {
        let local = self.policy.zone().local(at);
        let day = self.day_minute(at);
        let (date, time) = day.split_once(' ').unwrap_or((&day, ""));
        match self.language {
            Language::Chinese => {
                let days = ["一", "二", "三", "四", "五", "六", "日"];
                let number: usize = local.format("%u").to_string().parse().unwrap_or(1);
                let weekday = days
                    .get(number.saturating_sub(1))
                    .copied()
                    .unwrap_or_default();
                format!("{date} 周{weekday} {time}")
            }
            Language::English | _ => {
                format!("{} {date} {time}", local.format("%a"))
            }
        }
    }

    /// Returns a civil time without its year, where that is near.
    pub(super) fn day_minute(&self, at: Instant) -> String {
        let text = self.minute(at);
        let year = self
            .policy
            .zone()
            .local(self.about)
            .format("%Y-")
            .to_string();
        text.strip_prefix(&year).map(str::to_owned).unwrap_or(text)
    }

    /// Returns a length with its sign, without seconds where there are minutes.
    pub(super) fn margin(&self, length: Span) -> String {
        let micros = length.micros();
        let rest = if micros.abs() < 60_000_000 {
            0
        } else {
            micros % 60_000_000
        };
        words::brief(Span::from_micros(micros - rest), self.language)
    }

    /// Returns a date.
    pub(super) fn date(&self, at: Instant) -> String {
        self.policy.zone().local(at).format("%Y-%m-%d").to_string()
    }

    /// Returns a length in its two largest units, without a sign.
    pub(super) fn length(&self, length: Span) -> String {
        words::brief(magnitude(length), self.language)
    }
}

fn minute(at: Instant, zone: &ZoneTable) -> String {
    zone.local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// Returns a length without its sign.
pub(super) const fn magnitude(length: Span) -> Span {
    Span::from_micros(length.micros().saturating_abs())
}
