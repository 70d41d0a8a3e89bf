//! The goals of a target: for whom, and how long.

use crate::language::Phrase;
use crate::policy::document::Node;
use crate::policy::model::{Budget, CalendarIndex, Condition, DayEnd, Goal, Length};
use crate::policy::report::{Code, Found};
use crate::time::{WallTime, WorkingTime};

use super::Context;
use super::calendar::Named;
use super::condition;
use super::keys::{self, Keys};
use super::length::{Within, Written, within};
use super::measure::Wanted;

impl Context<'_> {
    /// Reads `goals`, or `every` of a periodic target.
    pub(super) fn goals(&mut self, target: &Keys<'_>, applies_to: &Condition) -> Vec<Goal> {
        let (goals, every) = (target.get("goals"), target.entry("every"));
        if let (Some(_), Some(every)) = (goals, every) {
            let expected = Phrase::fixed("either `goals` or `every`", "`goals` 与 `every` 二选一");
            self.sink.add(
                Code::Conflict,
                Found::text(&every.key, &every.key_place),
                expected,
            );
        }
        let Some(node) = goals.or(every.map(|entry| &entry.node)) else {
            let expected = Phrase::fixed(
                "the key `goals`, or `every` and `reset`",
                "键 `goals`，或 `every` 与 `reset`",
            );
            self.sink
                .add(Code::MissingKey, Found::nothing(target.place()), expected);
            return Vec::new();
        };
        let nodes = keys::list(node, self.sink).unwrap_or(&[]);
        if node.as_list().is_some_and(<[Node]>::is_empty) {
            let expected = Phrase::fixed("at least one goal", "至少一个目标值");
            self.sink.add(Code::Empty, Found::value(node), expected);
        }
        let mut goals = Vec::new();
        for node in nodes {
            if !self.has_room(&node.place) {
                break;
            }
            if let Some(goal) = self.goal(node, applies_to, every.is_some()) {
                goals.push(goal);
            }
        }
        goals
    }

    fn goal(&mut self, node: &Node, applies_to: &Condition, is_periodic: bool) -> Option<Goal> {
        let sink = self.sink;
        let keys = Keys::of(node, sink)?;
        let when = keys.get("when").map_or(Condition::ALWAYS, |node| {
            condition::condition(node, &self.words, sink)
        });
        let on = keys.get("on").map(|node| self.calendars.named(node, sink));
        let until = keys.get("at").and_then(|node| {
            keys::word(
                node,
                &[
                    ("closing", DayEnd::Closing),
                    ("same-time", DayEnd::SameTime),
                ],
                sink,
            )
        });
        let length = keys.need("within");
        let written = length.and_then(|node| {
            let text = self.length_text(node, Wanted::Budget)?;
            within(text)
                .map_err(|why| self.tell_length(node, why, Wanted::Budget))
                .ok()
        });
        if let Some(written) = written {
            self.check_companions(&keys, written, is_periodic);
        }
        keys.finish();
        let (within, lower) = self.budget(written?, length?, on, until.unwrap_or_default())?;
        Some(Goal {
            when: applies_to.and(&when),
            within,
            lower,
        })
    }

    /// What stands beside a length must mean something for it.
    fn check_companions(&self, keys: &Keys<'_>, written: Within, is_periodic: bool) {
        let (Within::Upper(length) | Within::Range(_, length) | Within::Before(length)) = written;
        if let (false, Some(node)) = (length.needs_calendar(), keys.get("on")) {
            let expected = Phrase::fixed(
                "`on` beside a working length (wh, wm, wd) only",
                "`on` 只与工作时长（wh、wm、wd）一起使用",
            );
            self.sink.add(Code::Conflict, Found::value(node), expected);
        }
        let is_days = matches!(
            written,
            Within::Upper(Written::WorkingDays(_)) | Within::Range(_, Written::WorkingDays(_))
        );
        if let (false, Some(node)) = (is_days, keys.get("at")) {
            let expected = Phrase::fixed(
                "`at` beside working days (wd) only",
                "`at` 只与工作日（wd）一起使用",
            );
            self.sink.add(Code::Conflict, Found::value(node), expected);
        }
        if let (true, Within::Before(_), Some(node)) = (is_periodic, written, keys.get("within")) {
            let expected = Phrase::fixed(
                "a period, not a time before a visit",
                "周期，而不是上门前的时间",
            );
            self.sink.add(Code::Conflict, Found::value(node), expected);
        }
    }

    /// Finds the calendar, and makes the budget and its lower bound.
    fn budget(
        &self,
        written: Within,
        node: &Node,
        on: Option<Named>,
        until: DayEnd,
    ) -> Option<(Budget, Option<Budget>)> {
        let (Within::Upper(length) | Within::Range(_, length) | Within::Before(length)) = written;
        let calendar = if length.needs_calendar() {
            Some(self.calendars.for_length(on, node, self.sink)?)
        } else {
            None
        };
        match written {
            Within::Upper(upper) => Some((plain_budget(upper, calendar, until)?, None)),
            Within::Range(lower, upper) => Some((
                plain_budget(upper, calendar, until)?,
                Some(plain_budget(lower, calendar, until)?),
            )),
            Within::Before(lead) => {
                let length = length_on(lead, calendar)?;
                Some((Budget::Lead { length }, None))
            }
        }
    }
}

fn plain_budget(
    written: Written,
    calendar: Option<CalendarIndex>,
    until: DayEnd,
) -> Option<Budget> {
    Some(match written {
        Written::Wall(length) => Budget::Elapsed(WallTime::new(length).ok()?),
        Written::Working(length) => Budget::Working {
            length: WorkingTime::new(length).ok()?,
            calendar: calendar?,
        },
        Written::Days(days) => Budget::CalendarDays { days },
        Written::WorkingDays(days) => Budget::WorkingDays {
            days,
            until,
            calendar: calendar?,
        },
    })
}

/// Makes a length with its calendar, where one is named. Calendar days are none.
pub(super) fn length_on(written: Written, on: Option<CalendarIndex>) -> Option<Length> {
    Some(match written {
        Written::Wall(length) => Length::Wall(WallTime::new(length).ok()?),
        Written::Working(length) => Length::Working {
            length: WorkingTime::new(length).ok()?,
            on,
        },
        Written::WorkingDays(days) => Length::WorkingDays { days, on },
        Written::Days(_) => return None,
    })
}
