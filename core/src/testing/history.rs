//! The history of one ticket, as laws and stories use it.

use std::fmt;
use std::str::FromStr;

use super::words::{Deed, WordsError, instant};
use crate::calendar::ZoneTable;
use crate::event::{Recorded, StreamId, Version};
use crate::policy::Policy;
use crate::ticket::{Ticket, TicketEvent};
use crate::time::Instant;

/// One thing that was done to a ticket, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When it happened.
    pub at: Instant,
    /// What was done, and by whom.
    pub deed: Deed,
}

/// What happened to one ticket, earliest first.
///
/// Written and read as a script of one step a line, so that what a failing law prints can be pasted
/// into a test.
///
/// - Instants are RFC 3339; [`History::read`] takes local times as well.
/// - Empty lines and lines that begin with `#` are passed over. Steps of one instant keep their order.
///
/// ```
/// use punctual::testing::History;
///
/// let history: History = "
///     2026-03-09T01:00:00Z received class=fault
///     2026-03-09T02:00:00Z paused reason=awaiting-customer
///     2026-03-09T02:30:00Z resumed
/// ".parse()?;
/// assert_eq!(history.steps().len(), 3);
/// assert_eq!(history.ticket().timeline().facts().len(), 3);
/// assert_eq!(history.to_string().parse::<History>()?, history);
/// # Ok::<(), punctual::testing::WordsError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct History {
    steps: Vec<Step>,
}

impl History {
    /// Returns the history of these steps, sorted by instant. Whether they can have happened is not
    /// asked: see [`Ticket::anomalies`].
    #[must_use]
    pub fn new(mut steps: Vec<Step>) -> Self {
        steps.sort_by_key(|step| step.at);
        Self { steps }
    }

    /// Reads a script whose instants may be local times of `zone`: `2026-03-09 09:00 received`.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::testing::History;
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let history = History::read("2026-03-09 09:00 received class=fault", policy.zone())?;
    /// assert_eq!(history.first_at(), Some("2026-03-09T01:00:00Z".parse()?)); // nine in Shanghai
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WordsError`] with the line.
    pub fn read(script: &str, zone: &ZoneTable) -> Result<Self, WordsError> {
        Self::read_in(script, Some(zone))
    }

    fn read_in(script: &str, zone: Option<&ZoneTable>) -> Result<Self, WordsError> {
        let mut steps = Vec::new();
        for (line, number) in script.lines().map(str::trim).zip(1..) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let step = read_step(line, zone).map_err(|error| WordsError::Line {
                line: number,
                error: Box::new(error),
            });
            steps.push(step?);
        }
        Ok(Self::new(steps))
    }

    /// Returns the steps, earliest first.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns the instant of the first step.
    #[must_use]
    pub fn first_at(&self) -> Option<Instant> {
        self.steps.first().map(|step| step.at)
    }

    /// Returns the instant of the last step.
    #[must_use]
    pub fn last_at(&self) -> Option<Instant> {
        self.steps.last().map(|step| step.at)
    }

    /// Returns what had happened at or before `at`.
    ///
    /// ```
    /// use punctual::testing::History;
    ///
    /// let history: History = "
    ///     2026-03-09T01:00:00Z received
    ///     2026-03-09T02:00:00Z replied
    /// ".parse()?;
    /// let before = history.until("2026-03-09T01:30:00Z".parse()?);
    /// assert_eq!(before, history.prefix(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn until(&self, at: Instant) -> Self {
        let steps = self.steps.iter().filter(|step| step.at <= at);
        Self {
            steps: steps.cloned().collect(),
        }
    }

    /// Returns the first `count` steps.
    #[must_use]
    pub fn prefix(&self, count: usize) -> Self {
        Self {
            steps: self.steps.iter().take(count).cloned().collect(),
        }
    }

    /// Returns the same with further steps, each after those of its own instant.
    #[must_use]
    pub fn with(&self, more: impl IntoIterator<Item = Step>) -> Self {
        let mut steps = self.steps.clone();
        steps.extend(more);
        Self::new(steps)
    }

    /// Returns the events as a log holds them that learned of each step at once: versions from 1.
    #[must_use]
    pub fn log(&self) -> Vec<Recorded<TicketEvent>> {
        record(&self.steps)
    }

    /// Returns the ticket that the steps lead to.
    #[must_use]
    pub fn ticket(&self) -> Ticket {
        let mut ticket = Ticket::default();
        for recorded in &self.log() {
            ticket.apply(recorded);
        }
        ticket
    }

    /// Returns the script with local times of `zone`.
    ///
    /// Of a local time that occurs twice the first occurrence is read back (SEMANTICS K3); so this is
    /// for people, and [`Display`](fmt::Display) for tests.
    #[must_use]
    pub fn script(&self, zone: &ZoneTable) -> String {
        let line = |step: &Step| format!("{} {}\n", local(zone, step.at), step.deed);
        self.steps.iter().map(line).collect()
    }

    /// Returns a Rust test that checks one law on this history: what a shrunk case is kept as.
    ///
    /// `policy` is the document, in TOML. Put it into a test file of your own.
    ///
    /// ```
    /// use punctual::testing::{History, Law};
    ///
    /// let history: History = "2026-03-09T01:00:00Z received".parse()?;
    /// let test = history.to_test("a_request_alone", Law::OneVerdict, "policy = \"desk\"");
    /// assert!(test.contains("fn a_request_alone()"));
    /// # Ok::<(), punctual::testing::WordsError>(())
    /// ```
    #[must_use]
    pub fn to_test(&self, name: &str, law: super::Law, policy: &str) -> String {
        format!(
            "#[test]\nfn {name}() -> Result<(), Box<dyn std::error::Error>> {{\n    \
             let policy = Policy::from_toml(\n        r##\"{policy}\"##,\n    )?;\n    \
             let history: History = r##\"\n{self}\"##\n    .parse()?;\n    \
             Law::{law:?}.check(&policy, &history)?;\n    Ok(())\n}}\n"
        )
    }

    /// Returns the instants from which a ticket with this history is worth looking at: each fact and
    /// its neighbours, the middle between two facts, where clocks fall due and breach, and some later
    /// ones. In order, each once, at most 48.
    ///
    /// Laws look from here. The due instants are those of this library's own clocks.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::testing::History;
    /// use punctual::time::Instant;
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let history: History = "2026-03-09T01:00:00Z received class=complaint".parse()?;
    /// let due: Instant = "2026-03-09T01:30:00Z".parse()?;
    /// let points = history.vantage_points(&policy);
    /// assert!(points.contains(&due)); // where a verdict may turn
    /// assert!(due.next().is_some_and(|next| points.contains(&next)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn vantage_points(&self, policy: &Policy) -> Vec<Instant> {
        super::vantage::points(self, policy)
    }
}

/// Records steps in the order given, each as soon as it may be.
pub(super) fn record(steps: &[Step]) -> Vec<Recorded<TicketEvent>> {
    let mut recorded_at = Instant::MIN;
    let Ok(stream) = StreamId::new("testing", "ticket", "1") else {
        return Vec::new();
    };
    let mut log = Vec::with_capacity(steps.len());
    for (step, version) in steps.iter().zip(1..) {
        recorded_at = recorded_at.max(step.at);
        log.push(Recorded {
            stream: stream.clone(),
            version: Version::new(version),
            position: None,
            occurred_at: step.at,
            recorded_at,
            actor: Some(step.deed.actor.clone()),
            subject: None,
            event: step.deed.action.clone().into_event(),
        });
    }
    log
}

fn read_step(line: &str, zone: Option<&ZoneTable>) -> Result<Step, WordsError> {
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    // Local time is two words, RFC 3339 one.
    if let Some((second, rest)) = rest.trim_start().split_once(' ')
        && let Ok(at) = instant(&format!("{first} {second}"), zone)
    {
        let deed = Deed::read(rest, zone)?;
        return Ok(Step { at, deed });
    }
    let at = instant(first, zone)?;
    let deed = Deed::read(rest, zone)?;
    Ok(Step { at, deed })
}

/// Writes an instant as the clock on the wall shows it.
pub(super) fn local(zone: &ZoneTable, at: Instant) -> String {
    zone.local(at).format("%Y-%m-%d %H:%M:%S%.f").to_string()
}

impl FromStr for History {
    type Err = WordsError;

    fn from_str(script: &str) -> Result<Self, WordsError> {
        Self::read_in(script, None)
    }
}

impl fmt::Display for History {
    /// Writes the script, in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{} {}", step.at, step.deed)?;
        }
        Ok(())
    }
}

impl fmt::Debug for History {
    /// Writes the script: it is what a failing property prints.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_read_in_utc_or_in_a_zone() {
        let zone = ZoneTable::new("Asia/Shanghai".parse().unwrap());
        let local = History::read(
            "2026-03-09 09:00 received\n\n# a note\n2026-03-09 09:30 replied",
            &zone,
        );
        let utc = "2026-03-09T01:00:00Z received\n2026-03-09T01:30:00Z replied".parse();
        assert_eq!(local, utc);
        let script = local.unwrap().script(&zone);
        assert_eq!(
            script,
            "2026-03-09 09:00:00 received\n2026-03-09 09:30:00 replied\n"
        );
    }

    #[test]
    fn a_mistake_names_its_line() {
        let error = "2026-03-09T01:00:00Z received\nsoon replied"
            .parse::<History>()
            .unwrap_err();
        assert!(error.to_string().starts_with("line 2: `soon`"), "{error}");
    }

    #[test]
    fn steps_are_sorted_and_keep_their_order_within_an_instant() {
        let history: History = "2026-03-09T02:00:00Z noted\n2026-03-09T01:00:00Z received\n\
                                2026-03-09T02:00:00Z replied"
            .parse()
            .unwrap();
        let kinds: Vec<&str> = history
            .steps()
            .iter()
            .map(|step| step.deed.action.kind().name())
            .collect();
        assert_eq!(kinds, ["received", "noted", "replied"]);
        assert_eq!(history.ticket().anomalies(), []);
    }
}
