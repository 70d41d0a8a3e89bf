//! Names that are declared and that nothing uses.

use std::collections::BTreeSet;

use crate::event::{MarkId, RoleId};
use crate::language::Phrase;
use crate::policy::Policy;
use crate::policy::model::{
    Budget, CalendarIndex, Cycle, Length, Rung, RungAt, Target, Trigger, Triggers,
};

use super::finding::{Finding, Lint, Path};

/// Looks for calendars, roles, reasons and marks that nothing uses.
pub(super) fn names(policy: &Policy, targets: &[(Path, &Target)], findings: &mut Vec<Finding>) {
    let mut used = Used::default();
    used.policy(policy);
    for (_, target) in targets {
        used.target(target);
    }
    let unused = |lint, keys: &[&str]| {
        let says = Phrase::fixed("it is declared and nothing uses it", "已声明但未使用");
        Finding::new(lint, Path::of(keys), says)
    };
    for (named, index) in policy.calendars.iter().zip(0_u16..) {
        if !used.calendars.contains(&CalendarIndex(index)) {
            findings.push(unused(
                Lint::UnusedCalendar,
                &["calendar", named.id.as_str()],
            ));
        }
    }
    for role in &policy.vocabulary.roles {
        if !used.roles.contains(&role.id) {
            findings.push(unused(Lint::UnusedRole, &["role", role.id.as_str()]));
        }
    }
    for (reason, bit) in policy.vocabulary.reasons.iter().zip(0_u32..) {
        if used.pauses & 1_u64.checked_shl(bit).unwrap_or_default() == 0 {
            findings.push(unused(Lint::UnusedReason, &["pause", reason.id.as_str()]));
        }
    }
    for (mark, _) in &policy.vocabulary.marks {
        if !used.marks.contains(mark) {
            findings.push(unused(Lint::UnusedMark, &["mark", mark.as_str()]));
        }
    }
}

#[derive(Default)]
struct Used<'p> {
    calendars: BTreeSet<CalendarIndex>,
    roles: BTreeSet<&'p RoleId>,
    marks: BTreeSet<&'p MarkId>,
    pauses: u64,
}

impl<'p> Used<'p> {
    fn policy(&mut self, policy: &'p Policy) {
        self.calendars.extend(policy.default_calendar);
        self.calendars
            .extend(policy.delivery.as_ref().map(|delivery| delivery.on));
        self.roles
            .extend(policy.owners.iter().map(|owner| &owner.is));
        self.roles.extend(policy.allowed.values().flatten());
        for gate in &policy.gates {
            self.roles.extend(&gate.by);
            self.trigger(&gate.event);
        }
        for warranty in &policy.warranties {
            self.trigger(&warranty.from);
        }
        for reason in &policy.vocabulary.reasons {
            self.triggers(&reason.resumes_on);
        }
        for agreement in &policy.agreements {
            self.triggers(&agreement.cancel);
        }
    }

    fn target(&mut self, target: &'p Target) {
        self.triggers(&target.start);
        self.triggers(&target.stop);
        self.triggers(&target.cancel);
        if let Cycle::Restart { reset } = &target.cycle {
            self.triggers(reset);
        }
        self.pauses |= target.pauses;
        self.calendars.extend(
            target
                .goals
                .iter()
                .filter_map(|goal| goal.within.calendar()),
        );
        for rung in &target.ladder {
            self.roles.insert(&rung.tell);
            self.calendars.extend(lengths(rung).filter_map(named));
        }
        let budgets = target.goals.iter().map(|goal| &goal.within);
        let leads = budgets.filter_map(|budget| match budget {
            Budget::Lead { length } => Some(*length),
            Budget::Elapsed(_)
            | Budget::Working { .. }
            | Budget::CalendarDays { .. }
            | Budget::WorkingDays { .. } => None,
        });
        self.calendars.extend(leads.filter_map(named));
    }

    fn triggers(&mut self, triggers: &'p Triggers) {
        for trigger in triggers.as_slice() {
            self.trigger(trigger);
        }
    }

    fn trigger(&mut self, trigger: &'p Trigger) {
        self.roles.extend(&trigger.by);
        self.marks.extend(&trigger.mark);
    }
}

fn lengths(rung: &Rung) -> impl Iterator<Item = Length> {
    let at = match rung.at {
        RungAt::Before(length) | RungAt::After(length) => Some(length),
        RungAt::Share(_) | RungAt::Lower | RungAt::Due => None,
    };
    at.into_iter().chain(rung.repeat.map(|repeat| repeat.every))
}

const fn named(length: Length) -> Option<CalendarIndex> {
    match length {
        Length::Wall(_) => None,
        Length::Working { on, .. } | Length::WorkingDays { on, .. } => on,
    }
}
