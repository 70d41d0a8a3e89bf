//! What clocks look up, by place and without a name.

use super::model::{Budget, CalendarIndex, NamedCalendar, Policy, Reason, Target};
use crate::calendar::Calendar;

impl Policy {
    /// Returns the reasons to pause, in the order of their bits.
    pub(crate) fn reasons(&self) -> &[Reason] {
        &self.vocabulary.reasons
    }

    /// Returns the calendar that a budget names.
    #[cfg_attr(
        not(test),
        expect(
            clippy::indexing_slicing,
            reason = "only compiling makes an index, of a calendar"
        )
    )]
    pub(crate) fn calendar_at(&self, index: CalendarIndex) -> &Calendar {
        &self.calendars[usize::from(index.0)].calendar
    }

    /// Returns the named calendar, or else the default one. A working length without either does
    /// not compile.
    pub(crate) fn calendar_or_default(&self, on: Option<CalendarIndex>) -> Option<&Calendar> {
        on.or(self.default_calendar)
            .map(|index| self.calendar_at(index))
    }

    /// Returns the name and version of one of the policy's own calendars.
    pub(crate) fn named(&self, calendar: &Calendar) -> Option<&NamedCalendar> {
        self.calendars
            .iter()
            .find(|named| std::ptr::eq(&raw const named.calendar, calendar))
    }
}

impl Target {
    /// Returns whether a goal counts back from a visit.
    pub(crate) fn has_lead(&self) -> bool {
        self.goals
            .iter()
            .any(|goal| matches!(goal.within, Budget::Lead { .. }))
    }
}
