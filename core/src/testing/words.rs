//! Facts in plain words, written and read back: `received class=fault level=urgent`.
//!
//! One grammar serves three ends: a failing law prints it, a test is written in it, and what was
//! printed can be pasted into a test.

use std::fmt;

use chrono::NaiveDateTime;

use super::fields::{self, Pairs};
use crate::calendar::ZoneTable;
use crate::event::{Actor, ActorId, Kind, RoleId, Roles};
use crate::ticket::Action;
use crate::time::Instant;

/// Why a text is not a fact in plain words.
///
/// ```
/// use punctual::testing::{Deed, WordsError};
///
/// let error = "received class".parse::<Deed>().err().ok_or("accepted")?;
/// assert!(matches!(error, WordsError::NotAPair { .. }));
/// let error = "paused".parse::<Deed>().err().ok_or("accepted")?;
/// assert_eq!(error.to_string(), "`paused` needs `reason=...`");
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WordsError {
    /// Nothing is there.
    #[error("no event is named; begin with one such as `received`")]
    Empty,
    /// No event that people record has this name.
    #[error(
        "`{found}` is no event that people record; say for example `received` or `plan-accepted`"
    )]
    UnknownEvent {
        /// The refused name.
        found: String,
    },
    /// After the event's name come pairs.
    #[error("`{found}` is not of the form key=value, or key=\"value with spaces\"")]
    NotAPair {
        /// The refused word.
        found: String,
    },
    /// The event has no such field.
    #[error("`{event}` has no field `{key}`")]
    UnknownKey {
        /// The event.
        event: Kind,
        /// The refused key.
        key: String,
    },
    /// The event needs this field.
    #[error("`{event}` needs `{key}=...`")]
    MissingKey {
        /// The event.
        event: Kind,
        /// The missing key.
        key: &'static str,
    },
    /// The value cannot be.
    #[error("`{key}={found}`: {why}")]
    BadValue {
        /// The key.
        key: String,
        /// The refused value.
        found: String,
        /// What is wrong with it.
        why: String,
    },
    /// The text is no instant.
    #[error("`{found}` is neither RFC 3339 nor local time such as `2026-03-09 09:00`")]
    NotAnInstant {
        /// The refused text.
        found: String,
    },
    /// The same in a script of several lines.
    #[error("line {line}: {error}")]
    Line {
        /// Which line, counted from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        error: Box<WordsError>,
    },
}

/// Who acts where nobody is named.
const DESK: &str = "desk";

/// A fact without its instant: what was done, and by whom.
///
/// - The event's name as policies write it, then its plain fields as `key=value`. Values with spaces
///   stand in double quotes. Of `received` and `classified` every other key is one of the policy's
///   own fields.
/// - `by=role` (or `by=role,role`) says which roles the actor held, `actor=id` who it was; `desk`
///   without a word.
/// - Customer text has no place in it and reads as absent or erased.
///
/// | event | keys |
/// |---|---|
/// | `received` | `class`, `level`, `channel`, `product`, `bought`, `opener`, own fields |
/// | `classified` | `class`, `level`, `in-scope`, own fields |
/// | `assigned` | `owner`, `team` |
/// | `replied` | `automatic` |
/// | `diagnosed` | `cause` |
/// | `visit-booked` | `visit`, an instant; needed |
/// | `paused` | `reason`; needed |
/// | `resumed` | `reason`; without it every reason |
/// | `compensation-proposed` | `compensation`; needed |
/// | `resolved` | `method` |
/// | `surveyed` | `satisfaction`, needed; `solved`, `attitude`, `speed`, `skill` |
/// | `followed-up` | `kind`; needed |
/// | `merged` | `side`, needed; `other` |
/// | `inspected` | `conforms`; needed |
/// | `corrective-action` | `stage`; needed |
/// | `waived` | `target`, needed; `agreement`, otherwise `service`; `cycle`, otherwise 1 |
/// | `marked` | `mark`; needed |
/// | every event | `by`, `actor` |
///
/// Events that are not in the table have no keys but the last two. Yes and no are written `yes` and `no`.
///
/// ```
/// use punctual::event::Kind;
/// use punctual::testing::Deed;
///
/// let deed: Deed = "received class=fault complexity=complex by=specialist".parse()?;
/// assert_eq!(deed.action.kind(), Kind::Received);
/// assert_eq!(deed.to_string(), "received class=fault complexity=complex by=specialist");
/// assert!("recieved".parse::<Deed>().is_err());
/// # Ok::<(), punctual::testing::WordsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What was done.
    pub action: Action,
    /// By whom.
    pub actor: Actor,
}

impl Deed {
    /// Returns what the desk did: an actor without roles.
    pub(super) fn of(action: Action) -> Self {
        #[expect(clippy::expect_used, reason = "a constant that is a name")]
        let desk = ActorId::new(DESK).expect("a name");
        Self {
            action,
            actor: Actor::new(desk),
        }
    }

    /// Reads a deed whose instants (`visit=...`) may be local times of `zone`.
    ///
    /// # Errors
    /// [`WordsError`], with the word that is wrong.
    pub fn read(text: &str, zone: Option<&ZoneTable>) -> Result<Self, WordsError> {
        let mut words = split(text)?.into_iter();
        let name = words.next().ok_or(WordsError::Empty)?;
        let unknown = || WordsError::UnknownEvent {
            found: name.clone(),
        };
        let kind = Kind::from_name(&name).ok_or_else(unknown)?;
        let mut pairs = Pairs::new(kind, words, zone)?;
        let id = pairs.take("actor").unwrap_or_else(|| DESK.to_owned());
        let mut actor = Actor::new(fields::name::<ActorId>("actor", &id)?);
        if let Some(roles) = pairs.take("by") {
            let roles: Result<Vec<RoleId>, _> = roles
                .split(',')
                .map(|role| fields::name("by", role))
                .collect();
            actor.roles = Roles::from(roles?);
        }
        let action = fields::action(&mut pairs)?.ok_or_else(unknown)?;
        pairs.finish()?;
        Ok(Self { action, actor })
    }
}

impl std::str::FromStr for Deed {
    type Err = WordsError;

    fn from_str(text: &str) -> Result<Self, WordsError> {
        Self::read(text, None)
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action.kind().name())?;
        for (key, value) in fields::pairs(&self.action) {
            write!(f, " {key}={}", Quoted(&value))?;
        }
        let roles: Vec<&str> = self
            .actor
            .roles
            .as_slice()
            .iter()
            .map(RoleId::as_str)
            .collect();
        if !roles.is_empty() {
            write!(f, " by={}", Quoted(&roles.join(",")))?;
        }
        if self.actor.id.as_str() != DESK {
            write!(f, " actor={}", Quoted(self.actor.id.as_str()))?;
        }
        Ok(())
    }
}

/// A value in quotes where it needs them.
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains([' ', '"', '#']) {
            write!(f, "\"{}\"", self.0.replace('"', "\\\""))
        } else {
            f.write_str(self.0)
        }
    }
}

/// Splits at spaces that are not in double quotes; `\"` is a quote within quotes.
fn split(text: &str) -> Result<Vec<String>, WordsError> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' && quoted && chars.peek() == Some(&'"') {
            word.extend(chars.next());
        } else if c == '"' {
            quoted = !quoted;
        } else if c.is_whitespace() && !quoted {
            words.push(std::mem::take(&mut word));
        } else {
            word.push(c);
        }
    }
    if quoted {
        return Err(WordsError::NotAPair { found: word });
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    Ok(words)
}

/// Reads RFC 3339, or local time of `zone` such as `2026-03-09 09:00`.
pub(super) fn instant(text: &str, zone: Option<&ZoneTable>) -> Result<Instant, WordsError> {
    const FORMATS: [&str; 3] = [
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S%.f",
    ];
    if let Ok(at) = text.parse() {
        return Ok(at);
    }
    let refused = || WordsError::NotAnInstant {
        found: text.to_owned(),
    };
    let local = FORMATS
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let (zone, local) = zone.zip(local).ok_or_else(refused)?;
    zone.instant_of(local).map_err(|_| refused())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_is_written_as_it_is_read() {
        for text in [
            "received",
            "received opener=agent class=fault level=urgent channel=phone bought=2025-01-31 tier=gold",
            "acknowledged",
            "classified class=\"Pick up Dead Animal\" in-scope=no complexity=complex",
            "assigned owner=u-17 team=north by=lead",
            "declined by=lead,head",
            "customer-wrote",
            "replied",
            "replied automatic=yes",
            "diagnosed cause=pump",
            "visit-booked visit=2026-03-11T01:00:00Z",
            "paused reason=parts",
            "resumed",
            "resumed reason=parts",
            "compensation-proposed compensation=voucher",
            "resolved method=remote",
            "surveyed satisfaction=neutral solved=no",
            "followed-up kind=second-contact",
            "merged other=T-2 side=into",
            "inspected conforms=yes",
            "corrective-action stage=planned",
            "waived agreement=service target=first-response cycle=2",
            "marked mark=parts-ordered actor=\"say \\\"it\\\"\"",
            "closed",
        ] {
            let deed: Deed = text.parse().unwrap();
            assert_eq!(deed.to_string(), text);
        }
    }

    /// What an event cannot be said without.
    const NEEDS: [(Kind, &str); 10] = [
        (Kind::VisitBooked, " visit=2026-03-11T01:00:00Z"),
        (Kind::Paused, " reason=x"),
        (Kind::CompensationProposed, " compensation=x"),
        (Kind::Surveyed, " satisfaction=neutral"),
        (Kind::FollowedUp, " kind=effect"),
        (Kind::Merged, " side=from"),
        (Kind::Waived, " target=x"),
        (Kind::Marked, " mark=x"),
        (Kind::Inspected, " conforms=no"),
        (Kind::CorrectiveAction, " stage=done"),
    ];

    #[test]
    fn each_event_that_people_record_can_be_said() {
        for kind in Kind::ALL {
            let needed = NEEDS.iter().find(|(needs, _)| needs == kind);
            let needed = needed.map_or("", |(_, pair)| pair);
            let read = format!("{kind}{needed}").parse::<Deed>();
            let is_by_people = !kind.is_engines()
                && !matches!(kind, Kind::PolicyPublished | Kind::CalendarPublished);
            assert_eq!(read.is_ok(), is_by_people, "{kind}: {read:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, said) in [
            ("", "no event is named"),
            ("recieved", "`recieved` is no event"),
            ("breached", "`breached` is no event"),
            ("paused", "`paused` needs `reason=...`"),
            ("paused parts", "`parts` is not of the form"),
            ("replied colour=red", "`replied` has no field `colour`"),
            ("surveyed satisfaction=good", "very-dissatisfied"),
            ("visit-booked visit=tomorrow", "neither RFC 3339"),
            ("noted actor=\"", "not of the form"),
        ] {
            let error = text.parse::<Deed>().unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn local_times_are_read_in_the_zone_given() {
        let zone = ZoneTable::new("Asia/Shanghai".parse().unwrap());
        for text in [
            "2026-03-09 09:00",
            "2026-03-09 09:00:00",
            "2026-03-09T09:00:00+08:00",
        ] {
            let at = instant(text, Some(&zone)).unwrap();
            assert_eq!(at.to_string(), "2026-03-09T01:00:00Z");
        }
        assert!(instant("2026-03-09 09:00", None).is_err());
    }
}
