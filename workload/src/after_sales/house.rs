//! The house: its policy, its opening hours, its staff.

use std::sync::Arc;

use chrono::NaiveDate;
use punctual::calendar::Calendar;
use punctual::event::Actor;
use punctual::policy::{AFTER_SALES, Policy, Target};
use punctual::time::Instant;

use crate::name;

/// What is the same for every ticket.
#[derive(Debug, Clone)]
pub(super) struct House {
    policy: Arc<Policy>,
    staff: Arc<Staff>,
}

/// Who works there. Ids only: names would outlive the erasure of personal data.
#[derive(Debug)]
pub(super) struct Staff {
    pub(super) specialists: Vec<Actor>,
    pub(super) technical_supervisors: Vec<Actor>,
    pub(super) after_sales_supervisor: Actor,
    pub(super) service_supervisor: Actor,
    pub(super) manager: Actor,
    pub(super) general_manager: Actor,
    /// They hold none of the policy's roles.
    pub(super) repairers: Vec<Actor>,
    pub(super) customer: Actor,
}

impl House {
    pub(super) fn new() -> Self {
        let policy = Policy::from_toml(AFTER_SALES).expect("the preset compiles");
        Self {
            policy: Arc::new(policy),
            staff: Arc::new(Staff::new()),
        }
    }

    /// The opening hours of the office.
    pub(super) fn office(&self) -> &Calendar {
        let index = self.policy.default_calendar();
        index
            .and_then(|index| self.policy.calendar(index))
            .expect("the preset names its office as the default calendar")
    }

    pub(super) fn staff(&self) -> &Staff {
        &self.staff
    }

    /// Something that acts by itself.
    pub(super) fn program(&self, id: &str) -> Actor {
        Actor::new(name(id))
    }

    /// A promise of the house, or of one of its suppliers.
    pub(super) fn target(&self, id: &str) -> &Target {
        let id = name(id);
        let mut agreements = self.policy.agreements().iter();
        agreements
            .find_map(|agreement| agreement.target(&id))
            .expect("the preset promises what the story speaks of")
    }

    pub(super) fn is_working_day(&self, date: NaiveDate) -> bool {
        self.office().is_working_day(date)
    }

    /// The instant after so many seconds of opening hours, to the whole second.
    pub(super) fn worked(&self, from: Instant, seconds: u64) -> Instant {
        let length =
            punctual::time::WorkingTime::from_seconds(u32::try_from(seconds).unwrap_or(u32::MAX));
        self.office().after(from, length).unwrap_or(from)
    }

    /// Seconds of opening hours between two instants.
    pub(super) fn open_between(&self, from: Instant, to: Instant) -> u64 {
        u64::try_from(self.office().elapsed(from, to).whole_seconds()).unwrap_or(0)
    }
}

impl Staff {
    fn new() -> Self {
        let one = |id: &str, role: &str| Actor::new(name(id)).with_role(name(role));
        let several = |stem: &str, role: &str, count: u32| {
            let number = |number| one(&format!("{stem}-{number:02}"), role);
            (1..=count).map(number).collect()
        };
        Self {
            specialists: several("specialist", "specialist", 9),
            technical_supervisors: several("technical-supervisor", "technical-supervisor", 2),
            after_sales_supervisor: one("after-sales-supervisor", "after-sales-supervisor"),
            service_supervisor: one("service-supervisor", "service-supervisor"),
            manager: one("after-sales-manager", "after-sales-manager"),
            general_manager: one("general-manager", "general-manager"),
            repairers: (1..=6)
                .map(|number| Actor::new(name(&format!("repairer-{number:02}"))))
                .collect(),
            customer: Actor::new(name("customer")),
        }
    }
}
