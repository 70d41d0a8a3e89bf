//! The words of a story: local times, and how the engine's answers are written.

use std::fmt::Write;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use punctual::clock::{Attribution, Explanation, Reading};
use punctual::escalation::{Notice, Standing};
use punctual::policy::Policy;
use punctual::ticket::{ClockId, TicketEvent};
use punctual::time::{Instant, Span};

/// The local time of a policy.
pub(super) struct Words {
    zone: TimeZone,
}

impl Words {
    pub(super) fn of(policy: &Policy) -> Self {
        Self {
            zone: TimeZone::get(policy.zone().name()).unwrap(),
        }
    }

    /// What the engine recorded at `now`.
    pub(super) fn event(&self, event: &TicketEvent, now: Instant) -> String {
        if let TicketEvent::Warned(it) = event {
            let due = it.due_at.map(|due| format!(", due {}", self.local(due)));
            let (clock, reached) = (name(&it.clock), self.local(it.reached_at));
            format!("warned: {clock} at {reached}{}", due.unwrap_or_default())
        } else if let TicketEvent::Breached(it) = event {
            let at = self.local(it.breached_at);
            format!("breached: {} at {at}", name(&it.clock))
        } else if let TicketEvent::BreachedOnAttach(it) = event {
            let at = self.local(it.breached_at);
            format!("breached as it came: {} at {at}", name(&it.clock))
        } else if let TicketEvent::Escalated(it) = event {
            let rung = rung(it.rung, it.repeat);
            let (clock, at) = (name(&it.clock), self.local(it.owed_at));
            let mut text = format!("told {}: {clock} {rung} at {at}", it.role);
            if it.late {
                text.push_str(", late");
            }
            if it.deliver_at != now {
                write!(text, ", sent {}", self.local(it.deliver_at)).unwrap();
            }
            text
        } else {
            panic!("the engine recorded {event:?}");
        }
    }

    /// A rung and how it stands.
    pub(super) fn notice(&self, it: &Notice) -> String {
        let standing = match it.standing {
            Standing::Ahead => "ahead",
            Standing::Owed => "owed",
            Standing::Told => "told",
            Standing::Superseded => "superseded",
            Standing::Lapsed => "lapsed",
        };
        let rung = rung(it.rung, it.repeat);
        let (clock, at) = (name(&it.clock), self.local(it.at));
        let mut text = format!("{}: {clock} {rung} at {at}, {standing}", it.role);
        if it.deliver_at != it.at {
            write!(text, ", sent {}", self.local(it.deliver_at)).unwrap();
        }
        text
    }

    /// How a clock stands.
    pub(super) fn reading(&self, it: &Reading) -> String {
        let mut text = name(&it.clock);
        if it.cycle > 1 {
            write!(text, " {}", it.cycle).unwrap();
        }
        write!(text, ": {} {}", it.activity.name(), it.outcome).unwrap();
        write!(text, ", used {}", length(it.elapsed)).unwrap();
        if let Some(budget) = it.budget {
            write!(text, " of {}", length(budget)).unwrap();
        }
        match (it.due_at, it.breach_after) {
            (Some(due), Some(till)) if due == till => {
                write!(text, ", due {}", self.local(due)).unwrap();
            }
            (Some(due), Some(till)) => {
                let (due, till) = (self.local(due), self.local(till));
                write!(text, ", due {due} till {till}").unwrap();
            }
            (Some(due), None) => {
                write!(text, ", due {} till resumed", self.local(due)).unwrap();
            }
            (None, Some(till)) => write!(text, ", till {}", self.local(till)).unwrap(),
            (None, None) => {}
        }
        for (word, at) in [
            ("resumed", it.due_if_resumed_now),
            ("breached", it.breached_at),
            (
                "first breached",
                it.first_breached_at
                    .filter(|first| Some(*first) != it.breached_at),
            ),
        ] {
            if let Some(at) = at {
                write!(text, ", {word} {}", self.local(at)).unwrap();
            }
        }
        if it.over_on_attach {
            text.push_str(", over as it came");
        }
        if it.provisional {
            text.push_str(", provisional");
        }
        text
    }

    /// Reads a local time of the policy's zone.
    pub(super) fn instant(&self, date: &str, time: &str) -> Instant {
        let date = if date.len() == 5 {
            format!("2026-{date}")
        } else {
            date.to_owned()
        };
        let (time, offset) = match time.split_once('+') {
            Some((time, offset)) => (time, Some(offset)),
            None => (time, None),
        };
        let local = DateTime::from_str(&format!("{date}T{time}")).unwrap();
        let at = match offset {
            Some(offset) => {
                let hours = offset[..2].parse().unwrap();
                Offset::from_hours(hours)
                    .unwrap()
                    .to_timestamp(local)
                    .unwrap()
            }
            None => {
                let found = self.zone.to_ambiguous_timestamp(local);
                assert!(!found.is_ambiguous(), "{date} {time}: say the offset");
                found.unambiguous().unwrap()
            }
        };
        Instant::from_micros(at.as_microsecond()).unwrap()
    }

    fn local(&self, at: Instant) -> String {
        let at = jiff::Timestamp::from_microsecond(at.micros()).unwrap();
        let offset = self.zone.to_offset(at);
        let local = offset.to_datetime(at);
        let mut text = local.date().to_string();
        if local.year() == 2026 {
            text = text.split_off(5);
        }
        write!(text, " {:02}:{:02}", local.hour(), local.minute()).unwrap();
        if local.second() != 0 || local.subsec_nanosecond() != 0 {
            write!(text, ":{:02}", local.second()).unwrap();
        }
        if local.subsec_nanosecond() != 0 {
            write!(text, ".{:06}", local.subsec_nanosecond() / 1_000).unwrap();
        }
        if self.zone.to_ambiguous_timestamp(local).is_ambiguous() {
            write!(text, "+{:02}:00", offset.seconds() / 3_600).unwrap();
        }
        text
    }
}

/// Names a clock: its target, and its agreement unless that is the service's own.
pub(super) fn name(clock: &ClockId) -> String {
    if clock.agreement.as_str() == "service" {
        clock.target.to_string()
    } else {
        format!("{}/{}", clock.agreement, clock.target)
    }
}

fn rung(rung: Option<u16>, repeat: u16) -> String {
    match (rung, repeat) {
        (None, _) => "as it came".to_owned(),
        (Some(rung), 0) => format!("rung {rung}"),
        (Some(rung), repeat) => format!("rung {rung} again {repeat}"),
    }
}

/// Writes a length as hours and minutes: `1:30`, `0:00:00.000001`.
fn length(span: Span) -> String {
    let micros = span.micros();
    let sign = if micros < 0 { "-" } else { "" };
    let (whole, rest) = (
        micros.unsigned_abs() / 1_000_000,
        micros.unsigned_abs() % 1_000_000,
    );
    let mut text = format!("{sign}{}:{:02}", whole / 3_600, whole / 60 % 60);
    if whole % 60 != 0 || rest != 0 {
        write!(text, ":{:02}", whole % 60).unwrap();
    }
    if rest != 0 {
        write!(text, ".{rest:06}").unwrap();
    }
    text
}

/// Where the time of a clock went.
pub(super) fn sums(explanation: &Explanation) -> String {
    let sums = explanation.sums();
    let parts: Vec<String> = sums
        .iter()
        .map(|(what, sum)| {
            let what = match what {
                Attribution::BeforeStart => "before".to_owned(),
                Attribution::Counting => "counting".to_owned(),
                Attribution::Closed => "closed".to_owned(),
                Attribution::Paused(reasons) => {
                    let reasons: Vec<&str> = reasons.iter().map(|it| it.as_str()).collect();
                    format!("paused {}", reasons.join("+"))
                }
                Attribution::Suspended => "suspended".to_owned(),
                Attribution::AfterStop => "after".to_owned(),
            };
            format!("{what} {}", length(*sum))
        })
        .collect();
    let reading = &explanation.reading;
    let cycle = if reading.cycle > 1 {
        format!(" {}", reading.cycle)
    } else {
        String::new()
    };
    format!("{}{cycle}: {}", name(&reading.clock), parts.join(", "))
}
