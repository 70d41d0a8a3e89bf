//! A month that is made up: commands to an engine, as a desk gives them.

use punctual::engine::Request;
use punctual::language::{Language, Phrase};
use punctual::policy::Policy;
use punctual::time::{Instant, Span};
use punctual_workload::{AfterSales, Percent};

use super::restart::{self, Restart};
use super::stage::Stage;
use crate::args::MonthArgs;
use crate::console::{Console, Progress};
use crate::failure::Failure;
use crate::policy::PolicyText;
use crate::words::{self, either};

/// The desk, and how long it is watched.
pub(super) struct Desk {
    pub(super) text: PolicyText,
    pub(super) policy: Policy,
    pub(super) from: Instant,
    pub(super) until: Instant,
    days: u64,
    work: AfterSales,
}

impl Desk {
    pub(super) fn of(args: &MonthArgs) -> Result<Self, Failure> {
        let text = PolicyText::open("after-sales")?;
        let policy = text.compile()?;
        let asked = Percent::new(args.punctuality);
        let work = asked.and_then(|punctuality| {
            AfterSales::builder(args.seed)
                .tickets(args.tickets)
                .days(args.days)
                .starting_on(args.start)
                .punctuality(punctuality)
                .build()
        });
        let work = work.map_err(|error| unusable(&error))?;
        // Shanghai has kept one offset since 1991.
        let from = format!("{}T00:00:00+08:00", args.start).parse::<Instant>();
        let length = Span::from_hours(24 * i64::from(args.days));
        let (from, length) = match (from, length) {
            (Ok(from), Ok(length)) => (from, length),
            (Err(error), _) | (_, Err(error)) => return Err(unusable(&error)),
        };
        let until = from.checked_add(length);
        Ok(Self {
            text,
            policy,
            from,
            until: until.map_err(|error| unusable(&error))?,
            days: u64::from(args.days),
            work,
        })
    }

    /// Gives every command at its instant, and looks at everything that falls due in between.
    pub(super) fn play(
        &self,
        mut stage: Stage,
        console: &Console<'_>,
    ) -> Result<(Stage, Restart), Failure> {
        let halfway = Span::from_micros(self.until.since(self.from).micros() / 2);
        let halfway = self.from.checked_add(halfway).unwrap_or(self.until);
        let mut restart = None;
        let mut day = Day::new(self, console);
        for step in self.work.steps().take_while(|step| step.at < self.until) {
            if restart.is_none() && step.at >= halfway {
                stage.advance(halfway)?;
                let (reopened, found) = restart::restart(stage)?;
                (stage, restart) = (reopened, Some(found));
            }
            stage.advance(step.at)?;
            if day.is_over(step.at) {
                stage.collect()?;
                day.tell(step.at, step.number, &stage);
            }
            let stream = stage.engine.stream(step.ticket.as_str());
            let stream = stream.map_err(|error| super::broken(&stage.directory, &error))?;
            let id = step.command_id();
            stage.execute(stream, Request::from(step.command).once(id))?;
        }
        let (mut stage, restart) = match restart {
            Some(restart) => (stage, restart),
            // Everything happened in the first half.
            None => {
                stage.advance(halfway)?;
                restart::restart(stage)?
            }
        };
        stage.advance(self.until)?;
        day.end();
        Ok((stage, restart))
    }
}

fn unusable(error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::unusable(Phrase::fixed("there is no such month", "没有这样的月份")).because(error)
}

/// Which day it is, for those who watch.
struct Day<'d> {
    desk: &'d Desk,
    passed: i64,
    bar: Progress,
    language: Language,
}

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

impl<'d> Day<'d> {
    fn new(desk: &'d Desk, console: &Console<'_>) -> Self {
        Self {
            desk,
            passed: -1,
            bar: console.count(desk.days, &Phrase::fixed("", "")),
            language: console.setting.language,
        }
    }

    /// Returns whether a new day has begun, once for each.
    fn is_over(&mut self, at: Instant) -> bool {
        let passed = at.since(self.desk.from).micros() / DAY;
        let is_over = passed > self.passed;
        self.passed = passed;
        is_over
    }

    fn tell(&self, at: Instant, tickets: u32, stage: &Stage) {
        let date = self.desk.policy.zone().local(at).format("%Y-%m-%d");
        let (tickets, commands) = (u64::from(tickets), stage.counts.taken);
        self.bar.say(either(
            self.language,
            format!(
                "{date}  {}, {}",
                words::counted(tickets, "ticket", "tickets"),
                words::counted(commands, "command", "commands"),
            ),
            format!(
                "{date}  工单 {}，命令 {}",
                words::grouped(tickets),
                words::grouped(commands),
            ),
        ));
        self.bar.reach(u64::try_from(self.passed).unwrap_or(0));
    }

    fn end(&self) {
        self.bar.end();
    }
}
