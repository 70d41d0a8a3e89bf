//! What clocks ask of a compiled policy.

use super::model::{
    Agreement, CalendarIndex, Delivery, Goal, NamedCalendar, Owner, Policy, Reason, Target,
    Vocabulary,
};
use crate::calendar::{Calendar, ZoneTable};
use crate::event::PolicyId;
use crate::ticket::Status;

impl Policy {
    /// Returns the policy's name; its versions share it.
    #[must_use]
    pub const fn id(&self) -> &PolicyId {
        &self.id
    }

    /// Returns the version, counted from 1.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Returns the zone of calendar days, validity dates and reports.
    #[must_use]
    pub const fn zone(&self) -> &ZoneTable {
        &self.zone
    }

    /// Returns the agreements, the service agreement first.
    #[must_use]
    pub fn agreements(&self) -> &[Agreement] {
        &self.agreements
    }

    /// Returns one agreement.
    #[must_use]
    pub fn agreement(&self, id: &str) -> Option<&Agreement> {
        self.agreements
            .iter()
            .find(|agreement| agreement.id.as_str() == id)
    }

    /// Returns the words that the policy knows.
    #[must_use]
    pub const fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Returns the reasons to pause, in the order of their bits.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.vocabulary.reasons
    }

    /// Returns the calendars in the order of the document.
    #[must_use]
    pub fn calendars(&self) -> &[NamedCalendar] {
        &self.calendars
    }

    /// Returns who owns a ticket at classification, first match first.
    #[must_use]
    pub fn owners(&self) -> &[Owner] {
        &self.owners
    }

    /// Returns when messages may go out, if the policy restricts it.
    #[must_use]
    pub const fn delivery(&self) -> Option<&Delivery> {
        self.delivery.as_ref()
    }

    /// Returns a calendar by its place.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "an index is only made for a calendar that is there"
    )]
    pub fn calendar(&self, index: CalendarIndex) -> &Calendar {
        &self.calendars[usize::from(index.0)].calendar
    }

    /// Returns the named calendar, or else the default one, or else the first.
    pub(crate) fn calendar_or_default(&self, on: Option<CalendarIndex>) -> &Calendar {
        self.calendar(on.or(self.default_calendar).unwrap_or(CalendarIndex(0)))
    }

    /// Returns the name and version of one of the policy's own calendars.
    pub(crate) fn named(&self, calendar: &Calendar) -> Option<&NamedCalendar> {
        self.calendars
            .iter()
            .find(|named| std::ptr::eq(&raw const named.calendar, calendar))
    }
}

impl Target {
    /// Returns the first goal whose condition holds for a ticket that stands like this.
    #[must_use]
    pub fn goal_for(&self, status: &Status) -> Option<&Goal> {
        self.goals.iter().find(|goal| goal.when.holds(status))
    }

    /// Returns whether a goal counts back from a visit.
    #[must_use]
    pub fn has_lead(&self) -> bool {
        let is_lead = |goal: &Goal| matches!(goal.within, super::model::Budget::Lead { .. });
        self.goals.iter().any(is_lead)
    }
}
