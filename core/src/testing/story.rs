//! Given, when, then: one ticket under one policy, told in the policy's own local time.

use std::fmt::{self, Write};

use super::broken::Shown;
use super::expect::Expect;
use super::history::{History, Step, local};
use super::words::{Deed, WordsError, instant};
use crate::clock::{self, Attribution, Bindings, Explanation, Reading};
use crate::event::{Recorded, StreamId};
use crate::policy::Policy;
use crate::supervision;
use crate::ticket::{Command, DecideError, Ticket, TicketEvent, decide};
use crate::time::Instant;

/// One ticket's story: what is given, what happens, and what is then expected.
///
/// - Instants are local times of the policy's zone, `2026-03-09 09:00`, or RFC 3339. Facts are told in
///   the words of [`Deed`]. A fact told after a later one arrives late.
/// - Every fact is put to [`decide`] with the policy's permit; one that is refused fails the story.
/// - Meanwhile the engine watches: warnings, breaches and rungs are recorded as they come about.
/// - The first thing that is not as expected ends the story; [`verify`](Story::verify) tells it with
///   the timeline and with where the time went.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::testing::{Story, clock};
/// use punctual::ticket::Outcome;
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// Story::under(&policy)
///     .given("2026-03-09 11:30", "received class=fault")
///     .then("2026-03-09 11:45", clock("first-response").due("2026-03-09 14:00"))
///     .when("2026-03-09 14:00", "replied")
///     .then("2026-03-09 14:00", clock("first-response").is(Outcome::Met).used("1h"))
///     .told("2026-03-09 14:00", &["specialist"])
///     .verify()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Story<'p> {
    policy: &'p Policy,
    ticket: Ticket,
    steps: Vec<Step>,
    now: Instant,
    failed: Option<Unexpected>,
}

/// Why a story did not go as told. Its `Debug` is its `Display`, so that a test which returns it
/// prints a report that can be read.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
/// use punctual::testing::{Story, Unexpected, clock};
///
/// let policy = Policy::from_toml(AFTER_SALES)?;
/// let story = Story::under(&policy)
///     .given("2026-03-09 09:00", "received class=fault")
///     .then("2026-03-09 09:00", clock("first-response").due("2026-03-09 11:00"));
/// let Err(Unexpected::Differs { claim, report, .. }) = story.verify() else {
///     return Err("an hour is an hour".into());
/// };
/// assert!(claim.contains("first-response should fall due 2026-03-09 11:00:00"));
/// assert!(report.contains("received class=fault")); // what had happened, to be pasted into a test
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unexpected {
    /// A fact or an instant is not written as it should be.
    #[error("{text:?}: {error}")]
    Words {
        /// What was written.
        text: String,
        /// What is wrong with it.
        #[source]
        error: WordsError,
    },
    /// A fact was refused.
    #[error("at {at} `{deed}` should be accepted, but {error}\n{report}")]
    Refused {
        /// When, in local time.
        at: String,
        /// What.
        deed: String,
        /// Why.
        error: Box<DecideError>,
        /// What happened before.
        report: String,
    },
    /// A fact was accepted that should not be.
    #[error("at {at} `{deed}` should be refused, but is accepted\n{report}")]
    Accepted {
        /// When, in local time.
        at: String,
        /// What.
        deed: String,
        /// What happened before.
        report: String,
    },
    /// Something is not as expected.
    #[error("at {at} {claim}\n{report}")]
    Differs {
        /// When, in local time.
        at: String,
        /// What should be, and what is.
        claim: String,
        /// The reading, the timeline, and where the time went.
        report: String,
    },
}

impl fmt::Debug for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How often the engine looks between two facts at most: a ladder may repeat without an end in sight.
const MOST_LOOKS: usize = 10_000;

impl<'p> Story<'p> {
    /// Begins a story under a policy.
    #[must_use]
    pub fn under(policy: &'p Policy) -> Self {
        Self {
            policy,
            ticket: Ticket::default(),
            steps: Vec::new(),
            now: Instant::MIN,
            failed: None,
        }
    }

    /// Tells a fact that is the case.
    #[must_use]
    pub fn given(self, at: &str, deed: &str) -> Self {
        self.tell(at, deed, true)
    }

    /// Tells a fact that the story is about. The same as [`given`](Story::given), for the reader.
    #[must_use]
    pub fn when(self, at: &str, deed: &str) -> Self {
        self.tell(at, deed, true)
    }

    /// Expects that a fact is refused, by the facts or by the policy.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::testing::Story;
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// Story::under(&policy)
    ///     .given("2026-03-09 09:00", "received class=complaint")
    ///     .given("2026-03-09 10:00", "compensation-proposed compensation=voucher")
    ///     // Nobody but the service supervisor approves, and nothing is paid before.
    ///     .refuses("2026-03-09 10:05", "compensation-granted")
    ///     .refuses("2026-03-09 10:10", "compensation-approved by=specialist")
    ///     .given("2026-03-09 10:30", "compensation-approved by=service-supervisor")
    ///     .given("2026-03-09 10:35", "compensation-granted")
    ///     .verify()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn refuses(self, at: &str, deed: &str) -> Self {
        self.tell(at, deed, false)
    }

    /// Expects something of a clock as it reads at an instant.
    #[must_use]
    pub fn then(self, at: &str, expected: Expect) -> Self {
        self.go_on(at, |story, now| {
            let bindings = Bindings::to(story.policy);
            let readings = clock::read(story.ticket.timeline(), &bindings, now);
            let reading = expected.meant(&readings);
            let zone = story.policy.zone();
            let differs = expected.differs(reading, zone);
            let differs = differs.map_err(|error| Unexpected::Words {
                text: format!("{expected:?}"),
                error,
            })?;
            match differs {
                None => Ok(()),
                Some(claim) => Err(Unexpected::Differs {
                    at: local(zone, now),
                    claim,
                    report: story.report(reading, now),
                }),
            }
        })
    }

    /// Expects that by an instant just these roles were told, in this order.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::testing::Story;
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// Story::under(&policy)
    ///     .given("2026-03-09 09:00", "received class=complaint")
    ///     .told("2026-03-09 09:24", &["specialist"]) // 80 % of half an hour
    ///     .told("2026-03-09 09:31", &["specialist", "technical-supervisor"])
    ///     .verify()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn told(self, at: &str, roles: &[&str]) -> Self {
        self.go_on(at, |story, now| {
            let told = &story.ticket.told().escalated;
            let found: Vec<&str> = told.iter().map(|rung| rung.role.as_str()).collect();
            if found == roles {
                return Ok(());
            }
            Err(Unexpected::Differs {
                at: local(story.policy.zone(), now),
                claim: format!("{roles:?} should have been told, but {found:?} were"),
                report: story.report(None, now),
            })
        })
    }

    /// Returns the history of a story that went as told.
    ///
    /// # Errors
    /// [`Unexpected`] with the first thing that did not.
    pub fn verify(self) -> Result<History, Unexpected> {
        match self.failed {
            None => Ok(History::new(self.steps)),
            Some(failed) => Err(failed),
        }
    }

    fn tell(self, at: &str, text: &str, accepted: bool) -> Self {
        self.go_on(at, |story, at| {
            let zone = story.policy.zone();
            let deed = Deed::read(text, Some(zone)).map_err(|error| Unexpected::Words {
                text: text.to_owned(),
                error,
            })?;
            let status = story.ticket.timeline().status(at);
            let permit = story.policy.permit(&status, &deed.action, &deed.actor);
            let command = Command::new(deed.action.clone(), at, deed.actor.clone());
            let decided = decide(&story.ticket, command, &permit, story.now);
            let (shown, at_text) = (deed.to_string(), local(zone, at));
            match (decided, accepted) {
                (Ok(events), true) => {
                    for pending in events {
                        let stream = StreamId::new("testing", "ticket", "1");
                        let stream = stream.map_err(|_| story.lost())?;
                        let recorded = pending.recorded(stream, &story.ticket);
                        story.ticket.apply(&recorded);
                    }
                    story.steps.push(Step { at, deed });
                    Ok(())
                }
                (Err(_), false) => Ok(()),
                (Err(error), true) => Err(Unexpected::Refused {
                    at: at_text,
                    deed: shown,
                    error: Box::new(error),
                    report: story.report(None, story.now),
                }),
                (Ok(_), false) => Err(Unexpected::Accepted {
                    at: at_text,
                    deed: shown,
                    report: story.report(None, story.now),
                }),
            }
        })
    }

    fn lost(&self) -> Unexpected {
        Unexpected::Differs {
            at: local(self.policy.zone(), self.now),
            claim: "the story should have a stream".to_owned(),
            report: String::new(),
        }
    }

    /// Goes on to an instant, the engine watching, and does something there, unless the story has
    /// failed before.
    fn go_on(
        mut self,
        at: &str,
        act: impl FnOnce(&mut Self, Instant) -> Result<(), Unexpected>,
    ) -> Self {
        if self.failed.is_some() {
            return self;
        }
        let done = match instant(at, Some(self.policy.zone())) {
            Ok(instant) => {
                self.watch_until(instant);
                act(&mut self, instant)
            }
            Err(error) => Err(Unexpected::Words {
                text: at.to_owned(),
                error,
            }),
        };
        self.failed = done.err();
        self
    }

    /// Records what the engine must, each as it comes about, up to an instant.
    fn watch_until(&mut self, until: Instant) {
        let bindings = Bindings::to(self.policy);
        for _ in 0..MOST_LOOKS {
            let wake_at = supervision::wake_at(&self.ticket, &bindings, self.now);
            let Some(at) = wake_at.map(|at| at.max(self.now)).filter(|at| *at < until) else {
                break;
            };
            self.look(&bindings, at);
            let Some(next) = at.next() else { break };
            self.now = next;
        }
        if until >= self.now {
            self.look(&bindings, until);
            self.now = until;
        }
    }

    fn look(&mut self, bindings: &Bindings<'_>, now: Instant) {
        let events: Vec<TicketEvent> = supervision::supervise(&self.ticket, bindings, now);
        for event in events {
            let Some(stream) = self.ticket.stream().cloned() else {
                return;
            };
            let recorded = Recorded {
                stream,
                version: self.ticket.version().next(),
                position: None,
                occurred_at: now,
                recorded_at: self.ticket.recorded_at().map_or(now, |last| last.max(now)),
                actor: None,
                subject: None,
                event,
            };
            self.ticket.apply(&recorded);
        }
    }

    /// The timeline, where the time of a clock went, and who was told.
    fn report(&self, reading: Option<&Reading>, now: Instant) -> String {
        let zone = self.policy.zone();
        let mut text = String::new();
        if let Some(reading) = reading {
            let _ = writeln!(text, "it reads (UTC): {}", Shown(reading));
        }
        let history = History::new(self.steps.clone());
        let _ = write!(
            text,
            "what happened ({}):\n{}",
            zone.name(),
            history.script(zone)
        );
        let bindings = Bindings::to(self.policy);
        let explained = clock::explain(self.ticket.timeline(), &bindings, now);
        let meant = |it: &&Explanation| Some(&it.reading) == reading;
        if let Some(explained) = explained.iter().find(meant) {
            text.push_str("where the time went:\n");
            for part in &explained.parts {
                let (from, to) = (part.interval.start(), part.interval.end());
                let ends = [from, to].map(|at| local(zone, at));
                let [from, to] = &ends;
                let (what, length) = (attributed(&part.attribution), part.interval.length());
                let _ = writeln!(text, "{from} to {to}: {what}, {length}");
            }
        }
        for told in &self.ticket.told().escalated {
            let (at, target) = (local(zone, told.owed_at), &told.clock.target);
            let _ = writeln!(text, "told {} at {at} of {target}", told.role);
        }
        text
    }
}

fn attributed(what: &Attribution) -> String {
    match what {
        Attribution::BeforeStart => "before the start".to_owned(),
        Attribution::Counting => "counting".to_owned(),
        Attribution::Closed => "closed".to_owned(),
        Attribution::Paused(reasons) => {
            let reasons: Vec<&str> = reasons.iter().map(|reason| reason.as_str()).collect();
            format!("paused ({})", reasons.join(", "))
        }
        Attribution::Suspended => "suspended".to_owned(),
        Attribution::AfterStop => "after the end".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::clock as the_clock;
    use super::*;
    use crate::clock::Activity;
    use crate::policy::AFTER_SALES;
    use crate::ticket::Outcome;

    fn preset() -> Policy {
        Policy::from_toml(AFTER_SALES).unwrap()
    }

    #[test]
    fn a_story_that_goes_as_told_gives_its_history() {
        let history = Story::under(&preset())
            .given("2026-03-09 09:00", "received class=complaint")
            .refuses("2026-03-09 09:05", "received")
            .refuses(
                "2026-03-09 09:05",
                "waived target=first-response by=specialist",
            )
            .when("2026-03-09 09:30", "paused reason=awaiting-customer")
            .then(
                "2026-03-09 09:30",
                the_clock("complaint-solved")
                    .does(Activity::Paused)
                    .not_due()
                    .used("30m"),
            )
            .then(
                "2026-03-09 09:31",
                the_clock("first-response").breached("2026-03-09 09:30"),
            )
            .then("2026-03-09 09:31", the_clock("survey").is_absent())
            .verify()
            .unwrap();
        assert_eq!(history.steps().len(), 2);
    }

    #[test]
    fn rungs_are_told_as_they_come_about() {
        let told = Story::under(&preset())
            .given("2026-03-09 09:00", "received class=complaint")
            .given("2026-03-09 09:01", "acknowledged")
            .told("2026-03-09 09:23", &[])
            .told("2026-03-09 09:24", &["specialist"])
            .told("2026-03-09 09:30", &["specialist"])
            .told(
                "2026-03-09 09:30:00.000001",
                &["specialist", "technical-supervisor"],
            )
            .verify();
        told.unwrap();
    }

    #[test]
    fn what_differs_is_told_with_the_timeline_and_the_explanation() {
        let policy = preset();
        let begun = || Story::under(&policy).given("2026-03-09 11:30", "received class=fault");
        let first = || the_clock("first-response");
        for (story, said) in [
            (
                begun().then("2026-03-09 14:30", first().is(Outcome::Met)),
                "first-response should be met, but is breaching",
            ),
            (
                begun().then("2026-03-09 11:31", first().due("2026-03-09 12:30")),
                "fall due 2026-03-09 12:30:00, but fall due 2026-03-09 14:00:00",
            ),
            (
                begun().told("2026-03-09 11:31", &["specialist"]),
                "should have been told",
            ),
            (
                begun().when("2026-03-09 11:31", "surveyed satisfaction=neutral"),
                "not been resolved",
            ),
            (
                begun().refuses("2026-03-09 11:31", "replied"),
                "should be refused",
            ),
            (begun().when("noon", "replied"), "neither RFC 3339"),
            (
                begun().then("2026-03-09 11:31", the_clock("frist")),
                "frist should have a clock",
            ),
        ] {
            let told = story.verify().unwrap_err().to_string();
            assert!(told.contains(said), "{told}");
        }
        let differs = begun().then("2026-03-09 14:30", first().is(Outcome::Met));
        let told = differs.verify().unwrap_err().to_string();
        for said in [
            "what happened (Asia/Shanghai):\n2026-03-09 11:30:00 received class=fault",
            "2026-03-09 12:00:00 to 2026-03-09 13:30:00: closed, 1h 30m",
            "told specialist at 2026-03-09",
        ] {
            assert!(told.contains(said), "{told}");
        }
    }

    #[test]
    fn working_time_is_told_in_hours() {
        // A desk's day has ten hours: three of them, and one hour of Thursday.
        let policy = Policy::from_toml(
            r#"
            policy   = "repairs"
            timezone = "Asia/Shanghai"
            default-calendar = "office"
            [calendar.office]
            week = { mon-fri = ["08:00-18:00"] }
            [target.solved]
            start = "received"
            stop  = "resolved"
            goals = [{ within = "30wh" }]
            [target.answered]
            start = "received"
            stop  = "replied"
            goals = [{ within = "30h" }]
            "#,
        )
        .unwrap();
        let begun = || Story::under(&policy).given("2026-03-09 08:00", "received");
        begun()
            .then("2026-03-12 09:00", the_clock("solved").used("31h"))
            .then("2026-03-10 15:00", the_clock("answered").used("1d 7h"))
            .verify()
            .unwrap();
        for (target, at, said) in [
            ("solved", "2026-03-12 09:00", "used 31h of 30h"),
            ("answered", "2026-03-10 15:00", "used 1d 7h of 1d 6h"),
        ] {
            let differs = begun().then(at, the_clock(target).is(Outcome::Met));
            let told = differs.verify().unwrap_err().to_string();
            assert!(told.contains(said), "{told}");
        }
        let differs = begun().then("2026-03-12 09:00", the_clock("solved").used("1d 7h"));
        let told = differs.verify().unwrap_err().to_string();
        assert!(told.contains("have used 1d 7h, but has used 31h"), "{told}");
    }

    #[test]
    fn a_fact_may_be_told_late() {
        Story::under(&preset())
            .given("2026-03-09 09:00", "received class=complaint")
            .then(
                "2026-03-09 10:00",
                the_clock("first-response").is(Outcome::Breaching),
            )
            .when("2026-03-09 09:10", "replied")
            .then(
                "2026-03-09 10:00",
                the_clock("first-response").is(Outcome::Met),
            )
            .verify()
            .unwrap();
    }
}
