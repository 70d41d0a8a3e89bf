//! Parts of a compiled policy in the notation of its document: the same in every language.

use std::fmt;

use crate::time::Span;

use super::Policy;
use super::model::{
    Budget, CalendarIndex, Condition, DayEnd, FieldTerm, Goal, Length, Rung, RungAt, Term, Trigger,
    Triggers,
};

/// Writes a span in one unit, the largest that divides it: `90m`, `24h`.
fn span(span: Span, [seconds, minutes, hours]: [&str; 3]) -> String {
    let whole = span.whole_seconds();
    let units = [(3_600, hours), (60, minutes), (1, seconds)];
    for (size, unit) in units {
        if whole.checked_rem(size) == Some(0) {
            return format!("{}{unit}", whole.checked_div(size).unwrap_or_default());
        }
    }
    span.to_string()
}

fn wall(length: Span) -> String {
    span(length, ["s", "m", "h"])
}

fn working(length: Span) -> String {
    span(length, ["ws", "wm", "wh"])
}

impl Policy {
    /// Writes a goal as the document does: `30m`, `2wh on office`, `1-3wd on office`.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let first_response = &policy.agreements()[0].targets[1];
    /// let goals: Vec<String> = first_response.goals.iter().map(|goal| policy.goal_text(goal)).collect();
    /// assert_eq!(goals, ["30m", "30m", "1wh on office", "2wh on office"]);
    /// # Ok::<(), punctual::policy::Report>(())
    /// ```
    #[must_use]
    pub fn goal_text(&self, goal: &Goal) -> String {
        let upper = self.budget_text(&goal.within);
        match goal.lower.as_ref().map(bare) {
            // One unit serves both ends: `1-3wd`.
            Some(lower) => {
                let number = lower.trim_end_matches(|c: char| c.is_ascii_alphabetic());
                let unit = lower.get(number.len()..).unwrap_or_default();
                let same_unit =
                    bare(&goal.within).trim_start_matches(|c: char| c.is_ascii_digit()) == unit;
                if same_unit {
                    format!("{number}-{upper}")
                } else {
                    format!("{lower} to {upper}")
                }
            }
            None => upper,
        }
    }

    /// Writes a budget as the document does.
    #[must_use]
    pub fn budget_text(&self, budget: &Budget) -> String {
        let text = bare(budget);
        let on = self.on_text(budget.calendar());
        match budget {
            Budget::WorkingDays {
                until: DayEnd::SameTime,
                ..
            } => format!("{text}{on} at same-time"),
            Budget::Lead { .. } => format!("{text} before visit{on}"),
            Budget::Elapsed(_)
            | Budget::Working { .. }
            | Budget::CalendarDays { .. }
            | Budget::WorkingDays { .. } => format!("{text}{on}"),
        }
    }

    /// Writes where a rung sits, whom it tells, how often, and for which tickets.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let first_response = &policy.agreements()[0].targets[1];
    /// let rungs: Vec<String> = first_response.ladder.iter().map(|rung| policy.rung_text(rung)).collect();
    /// assert_eq!(
    ///     rungs,
    ///     ["80% tell specialist", "due tell technical-supervisor", "+2wh on office tell after-sales-manager"],
    /// );
    /// # Ok::<(), punctual::policy::Report>(())
    /// ```
    #[must_use]
    pub fn rung_text(&self, rung: &Rung) -> String {
        let at = match rung.at {
            RungAt::Share(share) => share.to_string(),
            RungAt::Lower => "lower".to_owned(),
            RungAt::Due => "due".to_owned(),
            RungAt::Before(length) => format!("-{}", self.length_text(length)),
            RungAt::After(length) => format!("+{}", self.length_text(length)),
        };
        let repeat = rung.repeat.map_or_else(String::new, |repeat| {
            format!(
                ", every {} at most {}",
                self.length_text(repeat.every),
                repeat.most
            )
        });
        let when = if rung.when.terms().is_empty() {
            String::new()
        } else {
            format!(" when {}", rung.when)
        };
        format!("{at} tell {}{repeat}{when}", rung.tell)
    }

    fn length_text(&self, length: Length) -> String {
        let on = match length {
            Length::Wall(_) => None,
            Length::Working { on, .. } | Length::WorkingDays { on, .. } => on,
        };
        format!("{}{}", bare_length(length), self.on_text(on))
    }

    fn on_text(&self, on: Option<CalendarIndex>) -> String {
        let named = on.and_then(|index| self.calendars.get(usize::from(index.0)));
        named.map_or_else(String::new, |named| format!(" on {}", named.id))
    }
}

fn bare(budget: &Budget) -> String {
    match budget {
        Budget::Elapsed(length) => wall(length.span()),
        Budget::Working { length, .. } => working(length.span()),
        Budget::CalendarDays { days } => format!("{days}d"),
        Budget::WorkingDays { days, .. } => format!("{days}wd"),
        Budget::Lead { length } => bare_length(*length),
    }
}

fn bare_length(length: Length) -> String {
    match length {
        Length::Wall(length) => wall(length.span()),
        Length::Working { length, .. } => working(length.span()),
        Length::WorkingDays { days, .. } => format!("{days}wd"),
    }
}

fn answer(f: &mut fmt::Formatter<'_>, name: &str, values: &[String], negated: bool) -> fmt::Result {
    let sign = if negated { "not " } else { "" };
    write!(f, "{name} = {sign}{}", values.join(" | "))
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        answer(f, self.subject.name(), &self.values, self.negated)
    }
}

impl fmt::Display for Condition {
    /// Writes `class = complaint | fault, level = not general`; `always` for no terms.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.terms.is_empty() {
            return f.write_str("always");
        }
        list(f, &self.terms)
    }
}

impl fmt::Display for FieldTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        answer(f, self.field.name(), &self.values, self.negated)
    }
}

impl fmt::Display for Trigger {
    /// Writes `resolved { method = remote } by specialist`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.mark {
            Some(mark) => write!(f, "{mark}")?,
            None => write!(f, "{}", self.kind)?,
        }
        if !self.when.is_empty() {
            f.write_str(" { ")?;
            list(f, &self.when)?;
            f.write_str(" }")?;
        }
        if !self.by.is_empty() {
            let roles: Vec<&str> = self.by.iter().map(|role| role.as_str()).collect();
            write!(f, " by {}", roles.join(" | "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Triggers {
    /// Writes the triggers with commas between; `nothing` for none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.as_slice().is_empty() {
            return f.write_str("nothing");
        }
        list(f, self.as_slice())
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, parts: &[T]) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{part}")?;
    }
    Ok(())
}
