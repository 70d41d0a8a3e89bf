//! What is different between two versions of a policy, and for whom.
//!
//! Goals and owners are compared by the tickets that they concern and not by the lines in which
//! they stand: a goal that moved and still applies to the same tickets is no change.

mod change;
mod targets;
mod words;

use std::collections::BTreeMap;

use crate::calendar::{DayRule, Exception, PublishedCalendar, Shift};

use super::Policy;
use super::lint::Path;
use super::model::Agreement;

pub use change::Change;
use change::Changes;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// How many dates of a calendar are told one by one.
const DATES_SHOWN: usize = 20;

impl Policy {
    /// Returns what is different in this version from `former`, in the order of the document.
    ///
    /// Labels are not compared: they promise nothing.
    ///
    /// ```
    /// use punctual::language::Language;
    /// use punctual::policy::{AFTER_SALES, Policy};
    ///
    /// let former = Policy::from_toml(AFTER_SALES)?;
    /// let line = "{ when = { class = \"complaint\" }, within = \"30m\" }";
    /// let later = AFTER_SALES.replace(line, "{ when = { class = \"complaint\" }, within = \"20m\" }");
    /// let changes = Policy::from_toml(&later)?.changes_from(&former);
    /// assert_eq!(
    ///     changes[0].text(Language::English),
    ///     "target.first-response.goals (for class = complaint): 30m → 20m",
    /// );
    /// # Ok::<(), punctual::policy::Report>(())
    /// ```
    #[must_use]
    pub fn changes_from(&self, former: &Self) -> Vec<Change> {
        let mut changes = Changes::default();
        let top = |key: &str| Path::of(&[key]);
        changes.value(top("policy"), former.id.as_str(), self.id.as_str());
        changes.value(top("timezone"), former.zone.name(), self.zone.name());
        changes.value(
            top("default-calendar"),
            &former.default_calendar_name(),
            &self.default_calendar_name(),
        );
        changes.value(top("valid"), &former.valid_text(), &self.valid_text());
        changes.value(
            top("applies-to"),
            &former.applies_to.to_string(),
            &self.applies_to.to_string(),
        );
        calendars(former, self, &mut changes);
        words::compare(former, self, &mut changes);
        targets::owners(former, self, &mut changes);
        rules(former, self, &mut changes);
        agreements(former, self, &mut changes);
        changes.into_list()
    }

    fn default_calendar_name(&self) -> String {
        let named = self
            .default_calendar
            .and_then(|index| self.calendars.get(usize::from(index.0)));
        named.map(|named| named.id.to_string()).unwrap_or_default()
    }

    fn valid_text(&self) -> String {
        let from = self.valid_from.map(|on| format!("from {on}"));
        let until = self.valid_until.map(|on| format!("until {on}"));
        from.into_iter().chain(until).collect::<Vec<_>>().join(" ")
    }
}

/// Compares what stands around the targets, by its text.
fn rules(former: &Policy, later: &Policy, changes: &mut Changes) {
    let gates = |policy: &Policy| -> BTreeMap<String, String> {
        let text = |gate: &super::model::Gate| {
            let by: Vec<&str> = gate.by.iter().map(|role| role.as_str()).collect();
            let by = if by.is_empty() {
                String::new()
            } else {
                format!(" by {}", by.join(" | "))
            };
            format!("{} needs {}{by} when {}", gate.event, gate.needs, gate.when)
        };
        policy
            .gates
            .iter()
            .map(|gate| (gate.name.clone(), text(gate)))
            .collect()
    };
    changes.named(&Path::of(&["gate"]), &gates(former), &gates(later));
    let allowed = |policy: &Policy| -> BTreeMap<String, String> {
        let roles = |roles: &[crate::event::RoleId]| {
            roles
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" | ")
        };
        policy
            .allowed
            .iter()
            .map(|(kind, by)| (kind.to_string(), roles(by)))
            .collect()
    };
    changes.named(&Path::of(&["allow"]), &allowed(former), &allowed(later));
    let delivery = |policy: &Policy| {
        let text = policy.delivery.as_ref().map(|delivery| {
            let named = policy.calendars.get(usize::from(delivery.on.0));
            let on = named.map(|named| named.id.to_string()).unwrap_or_default();
            let except = delivery.except.as_ref();
            let except = except.map_or_else(String::new, |when| format!(" except {when}"));
            format!("on {on}{except}")
        });
        text.unwrap_or_default()
    };
    changes.value(Path::of(&["delivery"]), &delivery(former), &delivery(later));
    let warranties = |policy: &Policy| -> BTreeMap<String, String> {
        let text = |warranty: &super::model::Warranty| {
            format!("{}d from {}", warranty.lasts, warranty.from)
        };
        policy
            .warranties
            .iter()
            .map(|warranty| (warranty.name.clone(), text(warranty)))
            .collect()
    };
    changes.named(
        &Path::of(&["warranty"]),
        &warranties(former),
        &warranties(later),
    );
    let kpis = |policy: &Policy| -> BTreeMap<String, String> {
        policy
            .kpis
            .iter()
            .map(|(name, target)| (name.clone(), target.to_string()))
            .collect()
    };
    changes.named(&Path::of(&["kpi"]), &kpis(former), &kpis(later));
}

fn agreements(former: &Policy, later: &Policy, changes: &mut Changes) {
    let kind = |agreement: &Agreement| format!("{:?}", agreement.kind).to_lowercase();
    for was in &former.agreements {
        if later.agreement(&was.id).is_none() {
            changes.add(
                Path::of(&["agreement", was.id.as_str()]),
                None,
                Some(kind(was)),
                None,
            );
        }
    }
    for is in &later.agreements {
        let path = Path::of(&["agreement", is.id.as_str()]);
        match former.agreement(&is.id) {
            None => {
                changes.add(path, None, None, Some(kind(is)));
                for target in &is.targets {
                    targets::added(&targets::path(is, target), target, changes);
                }
            }
            Some(was) => {
                changes.value(path.key("kind"), &kind(was), &kind(is));
                let cancel = if is.id.as_str() == "service" {
                    Path::of(&["cancel"])
                } else {
                    path.key("cancel")
                };
                changes.value(cancel, &was.cancel.to_string(), &is.cancel.to_string());
                targets::compare((former, was), (later, is), changes);
            }
        }
    }
}

fn calendars(former: &Policy, later: &Policy, changes: &mut Changes) {
    let path = |id: &str| Path::of(&["calendar", id]);
    let find = |policy: &Policy, id: &str| -> Option<PublishedCalendar> {
        let named = policy
            .calendars
            .iter()
            .find(|named| named.id.as_str() == id);
        named.map(|named| named.published.clone())
    };
    for named in &former.calendars {
        if find(later, named.id.as_str()).is_none() {
            changes.add(
                path(named.id.as_str()),
                None,
                Some(hours_text(&named.published)),
                None,
            );
        }
    }
    for named in &later.calendars {
        let id = named.id.as_str();
        match find(former, id) {
            None => changes.add(path(id), None, None, Some(hours_text(&named.published))),
            Some(was) => calendar(&path(id), &was, &named.published, changes),
        }
    }
}

fn calendar(path: &Path, was: &PublishedCalendar, is: &PublishedCalendar, changes: &mut Changes) {
    changes.value(path.key("zone"), was.zone().name(), is.zone().name());
    if was.zone() != is.zone() && was.zone().name() == is.zone().name() {
        // The same name with other offsets: the zone's rules were changed.
        changes.add(path.key("zone"), None, None, None);
    }
    let always = |calendar: &PublishedCalendar| calendar.is_always().to_string();
    changes.value(path.key("always"), &always(was), &always(is));
    for (day, (was, is)) in DAYS.iter().zip(was.week().iter().zip(is.week())) {
        changes.value(
            path.key("week").key(day),
            &shifts_text(was),
            &shifts_text(is),
        );
    }
    let dates = |calendar: &PublishedCalendar| -> BTreeMap<String, String> {
        let exceptions = calendar.exceptions().iter();
        exceptions
            .map(|day| (day.on.to_string(), exception_text(day)))
            .collect()
    };
    let mut dated = Changes::default();
    dated.named(&path.key("exceptions"), &dates(was), &dates(is));
    let dated = dated.into_list();
    let more = dated.len().saturating_sub(DATES_SHOWN);
    for change in dated.into_iter().take(DATES_SHOWN) {
        changes.add(change.path, None, change.before, change.after);
    }
    if more > 0 {
        changes.add(path.key("exceptions"), Some(format!("+{more}")), None, None);
    }
}

fn hours_text(calendar: &PublishedCalendar) -> String {
    if calendar.is_always() {
        return "always".to_owned();
    }
    let days = DAYS
        .iter()
        .zip(calendar.week())
        .filter(|(_, shifts)| !shifts.is_empty());
    days.map(|(day, shifts)| format!("{day} {}", shifts_text(shifts)))
        .collect::<Vec<_>>()
        .join("; ")
}

fn shifts_text(shifts: &[Shift]) -> String {
    if shifts.is_empty() {
        return "closed".to_owned();
    }
    shifts
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

fn exception_text(day: &Exception) -> String {
    match &day.rule {
        DayRule::Closed => "closed".to_owned(),
        DayRule::MakeUp => "make-up".to_owned(),
        DayRule::Own(shifts) => shifts_text(shifts),
    }
}
