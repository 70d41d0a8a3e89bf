//! A planned policy as a document.

use std::fmt::{self, Write};

use super::policy_plan::{BudgetPlan, PolicyPlan, RungPlan, Shape, TargetPlan};

impl fmt::Display for PolicyPlan {
    /// Writes the TOML document.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "policy = \"planned\"\ntimezone = \"{}\"", self.zone)?;
        if self.needs_calendar() {
            self.write_calendars(f)?;
        }
        self.write_words(f)?;
        for (target, number) in self.targets.iter().zip(1..) {
            self.write_target(f, target, number, "target")?;
        }
        if !self.supplied.is_empty() {
            writeln!(f, "\n[agreement.supplier]\nkind = \"supplier\"")?;
        }
        for (target, number) in self.supplied.iter().zip(1..) {
            self.write_target(f, target, number, "agreement.supplier.target")?;
        }
        Ok(())
    }
}

impl PolicyPlan {
    fn all(&self) -> impl Iterator<Item = &TargetPlan> {
        self.targets.iter().chain(&self.supplied)
    }

    fn any(&self, wanted: impl Fn(&TargetPlan) -> bool) -> bool {
        self.all().any(wanted)
    }

    fn needs_calendar(&self) -> bool {
        self.delivers_in_hours
            || self.any(|target| {
                let budgets = [Some(target.budget), target.fault].into_iter().flatten();
                let mut works = budgets.map(|budget| budget.works());
                works.any(|works| works) || target.ladder.iter().any(|rung| rung.at.contains('w'))
            })
    }

    fn write_calendars(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "default-calendar = \"office\"")?;
        for (calendar, name) in self.calendars.iter().zip(["office", "other"]) {
            write!(f, "\n[calendar.{name}]\n{calendar}")?;
        }
        if self.delivers_in_hours {
            writeln!(f, "\n[delivery]\non = \"office\"")?;
        }
        Ok(())
    }

    /// The words that the targets use.
    fn write_words(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.any(|target| target.fault.is_some()) {
            writeln!(
                f,
                "\n[class]\nvalues = {{ enquiry = \"Enquiry\", fault = \"Fault\" }}"
            )?;
        }
        let by_level = |target: &TargetPlan| {
            target.halved_if_urgent || target.ladder.iter().any(|rung| rung.if_urgent)
        };
        if self.any(by_level) {
            let levels = "{ general = \"General\", urgent = \"Urgent\" }";
            writeln!(
                f,
                "\n[level]\nvalues = {levels}\norder = [\"general\", \"urgent\"]"
            )?;
            writeln!(f, "default = \"general\"")?;
        }
        if self.any(|target| !target.ladder.is_empty()) {
            writeln!(
                f,
                "\n[role]\nagent = \"Agent\"\nlead = \"Lead\"\nhead = \"Head\""
            )?;
        }
        if self.any(|target| !target.pauses.is_empty()) {
            let customer = "{ label = \"Customer\", resumes-on = \"customer-wrote\" }";
            writeln!(f, "\n[pause]\ncustomer = {customer}\nparts = \"Parts\"")?;
        }
        if self.any(|target| target.shape == Shape::Moments) {
            writeln!(f, "\n[mark]\nbegun = \"Begun\"\ndone = \"Done\"")?;
        }
        Ok(())
    }

    fn write_target(
        &self,
        f: &mut fmt::Formatter<'_>,
        target: &TargetPlan,
        number: usize,
        table: &str,
    ) -> fmt::Result {
        let shape = target.shape;
        writeln!(
            f,
            "\n[{table}.{}-{number}]\n{}",
            shape.name(),
            shape.triggers()
        )?;
        let first = self
            .targets
            .iter()
            .zip(1..)
            .find(|(known, _)| known.shape == Shape::Response);
        if let (Shape::NextReply, Some((first, number)), "target") = (shape, first, table) {
            writeln!(f, "after = \"{}-{number}\"", first.shape.name())?;
        }
        let goals: Vec<String> = target.goals(self.calendars.len() > 1).collect();
        let key = if shape == Shape::Progress {
            "every"
        } else {
            "goals"
        };
        writeln!(f, "{key} = [{}]", goals.join(", "))?;
        if !target.pauses.is_empty() && shape != Shape::Visit {
            writeln!(f, "pause = {:?}", target.pauses)?;
        }
        if let Some(mode) = target.reclassify {
            writeln!(f, "reclassify = \"{mode}\"")?;
        }
        if let Some(mode) = target.reopen {
            writeln!(f, "reopen = {mode}")?;
        }
        if target.ladder.is_empty() {
            return Ok(());
        }
        let has_lower = target.budget.has_lower() && shape != Shape::Visit;
        let rungs = target.ladder.iter().map(|it| rung(it, has_lower));
        let rungs: Vec<String> = rungs.collect();
        writeln!(f, "ladder = [{}]", rungs.join(", "))
    }
}

fn rung(rung: &RungPlan, has_lower: bool) -> String {
    // Only a range has a lower bound.
    let at = if rung.at == "lower" && !has_lower {
        "50%"
    } else {
        rung.at
    };
    let mut text = format!("{{ at = \"{at}\", tell = \"{}\"", rung.tell);
    if rung.if_urgent {
        text.push_str(", when = { level = \"urgent\" }");
    }
    if rung.repeats {
        text.push_str(", every = \"4h\", most = 2");
    }
    text.push_str(" }");
    text
}

impl TargetPlan {
    /// Faults first, then urgent tickets, then the rest: a fault's budget is halved for urgent ones
    /// as well, so that the more serious level is never slower.
    fn goals(&self, has_other: bool) -> impl Iterator<Item = String> {
        let with = |class: Option<&str>, urgent: bool, budget: BudgetPlan| {
            let budget = if urgent { budget.halved() } else { budget };
            let terms = class
                .map(|class| format!("class = \"{class}\""))
                .into_iter();
            let terms = terms.chain(urgent.then(|| "level = \"urgent\"".to_owned()));
            let terms: Vec<String> = terms.collect();
            let mut text = "{ ".to_owned();
            if !terms.is_empty() {
                // Writing to a text cannot fail.
                let _ = write!(text, "when = {{ {} }}, ", terms.join(", "));
            }
            text.push_str(&budget.written(self.shape, has_other));
            text.push_str(" }");
            text
        };
        let mut goals = Vec::new();
        for (class, budget) in [(Some("fault"), self.fault), (None, Some(self.budget))] {
            let Some(budget) = budget else { continue };
            // A visit's budget counts back, so that half of it is due later.
            if self.halved_if_urgent && self.shape != Shape::Visit {
                goals.push(with(class, true, budget));
            }
            goals.push(with(class, false, budget));
        }
        goals.into_iter()
    }
}

impl BudgetPlan {
    const fn has_lower(self) -> bool {
        matches!(self, Self::Range(..))
    }

    const fn works(self) -> bool {
        match self {
            Self::Working(..) | Self::WorkingDays(..) | Self::SameTime(_) | Self::Range(..) => true,
            Self::Elapsed(_) | Self::Days(_) => false,
        }
    }

    /// Returns the budget of the same kind that is half as long, or as long where it cannot be less.
    fn halved(self) -> Self {
        let half = |length: u16| length.div_ceil(2).max(1);
        match self {
            Self::Elapsed(minutes) => Self::Elapsed(half(minutes)),
            Self::Working(minutes, other) => Self::Working(half(minutes), other),
            Self::Days(days) => Self::Days(half(days)),
            Self::WorkingDays(days, other) => Self::WorkingDays(half(days), other),
            Self::SameTime(days) => Self::SameTime(half(days)),
            Self::Range(lower, upper) => Self::Range(lower, upper),
        }
    }

    /// Returns `within` and what stands beside it.
    fn written(self, shape: Shape, has_other: bool) -> String {
        let on = |other: bool| {
            if other && has_other {
                ", on = \"other\""
            } else {
                ""
            }
        };
        if shape == Shape::Visit {
            return match self {
                Self::Elapsed(minutes) => format!("within = \"{minutes}m before visit\""),
                Self::Working(minutes, other) => {
                    format!("within = \"{minutes}wm before visit\"{}", on(other))
                }
                Self::Days(n) | Self::WorkingDays(n, _) | Self::SameTime(n) | Self::Range(n, _) => {
                    format!("within = \"{n}h before visit\"")
                }
            };
        }
        match self {
            Self::Elapsed(minutes) => format!("within = \"{minutes}m\""),
            Self::Working(minutes, other) => format!("within = \"{minutes}wm\"{}", on(other)),
            Self::Days(days) => format!("within = \"{days}d\""),
            Self::WorkingDays(days, other) => format!("within = \"{days}wd\"{}", on(other)),
            Self::SameTime(days) => format!("within = \"{days}wd\", at = \"same-time\""),
            Self::Range(lower, upper) => format!("within = \"{lower}-{upper}wd\""),
        }
    }
}

impl Shape {
    const fn name(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Resolution => "resolution",
            Self::NextReply => "next-reply",
            Self::Planning => "planning",
            Self::Progress => "progress",
            Self::Visit => "visit",
            Self::Survey => "survey",
            Self::Moments => "moments",
            Self::Signature => "signature",
        }
    }

    const fn triggers(self) -> &'static str {
        match self {
            Self::Response => "start = \"received\"\nstop = [\"replied\", \"diagnosed\"]",
            Self::Resolution => "start = \"received\"\nstop = \"resolved\"",
            Self::NextReply => "start = \"customer-wrote\"\nstop = \"replied\"",
            Self::Planning => {
                "start = [\"diagnosed\", \"plan-disputed\"]\nstop = \"plan-proposed\"\ncycle = \"each\""
            }
            Self::Progress => {
                "start = \"plan-accepted\"\nreset = \"progress-reported\"\nstop = \"resolved\""
            }
            Self::Visit => "start = \"visit-booked\"\nstop = \"visit-confirmed\"",
            Self::Survey => {
                "start = \"resolved\"\nstop = [\"survey-asked\", \"surveyed\"]\ncycle = \"each\"\n\
                 cancel = \"reopened\""
            }
            Self::Moments => "start = \"begun\"\nstop = [\"done\", \"resolved\"]\ncycle = \"each\"",
            Self::Signature => "start = \"received\"\nstop = \"accepted\"",
        }
    }
}
