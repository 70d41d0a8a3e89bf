//! When which ticket must be looked at: an ordered index, and nothing that could not be dropped.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher};

use hashbrown::{DefaultHashBuilder, HashTable};
use smol_str::SmolStr;

use crate::event::Version;
use crate::time::Instant;

/// The unfinished tickets by the instant at which each must be looked at next.
///
/// A projection of the log: an entry that is stale or too early costs a look and harms nothing, a
/// lost agenda is built again. A ticket is one entry here, however many clocks and rungs it has, and
/// a ticket that nothing is expected of without a new fact has an entry without an instant.
///
/// ```
/// use punctual::engine::Agenda;
/// use punctual::event::Version;
///
/// let mut agenda = Agenda::default();
/// let (nine, ten) = ("2026-03-09T09:00:00Z".parse()?, "2026-03-09T10:00:00Z".parse()?);
/// agenda.set("T-1", Version::new(2), Some(ten));
/// agenda.set("T-2", Version::new(1), Some(nine));
/// agenda.set("T-3", Version::new(1), None); // waits for the customer, without a limit
/// assert_eq!(agenda.next_at(), Some(nine));
/// assert_eq!(agenda.due(nine, 10), ["T-2"]); // at most ten, the earliest first
///
/// agenda.set("T-2", Version::new(3), Some(ten));
/// agenda.set("T-2", Version::new(2), Some(nine)); // an older look came late: passed over
/// assert_eq!(agenda.due(ten, 10), ["T-1", "T-2"]); // of one instant, by name
///
/// agenda.remove("T-1", Version::new(3));
/// assert_eq!(agenda.len(), 2);
///
/// agenda.touch("T-3", Version::new(2)); // another process appended to it
/// assert_eq!(agenda.due(nine, 10), ["T-3"]);
/// # Ok::<(), punctual::time::TimeError>(())
/// ```
///
/// # Complexity
/// Every change and every look is logarithmic in the number of unfinished tickets, and none walks
/// them. About 80 bytes a ticket whose name has up to 23 bytes.
pub struct Agenda {
    /// In chunks, so that growing never copies what is there.
    chunks: Vec<Vec<Entry>>,
    free: Vec<u32>,
    by_name: HashTable<u32>,
    due: BTreeSet<(Instant, u32)>,
    hasher: DefaultHashBuilder,
    /// How often a ticket came, an entry each.
    births: u32,
}

struct Entry {
    name: SmolStr,
    /// [`NEVER`] when no instant is known.
    wake_at: Instant,
    /// The version that was looked at, its low half: only neighbours are ever compared.
    version: u32,
    /// The count of births when it came.
    born: u32,
}

/// How a ticket stands in an agenda: two that are equal mean that it has neither come nor gone in
/// between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stay {
    /// It is here since that birth.
    Here(u32),
    /// It is not, after so many births: with no birth there was no coming and going.
    Absent(u32),
}

/// Stands for no instant: nothing in the index, so that a wait without end costs no entry there.
const NEVER: Instant = Instant::MAX;
const CHUNK: usize = 4096;

impl Agenda {
    /// Sets when a ticket must be looked at, as seen at `version`; `None` for not before a new fact.
    /// What was seen at an older version than is known is passed over.
    ///
    /// Two commands on one ticket may finish in the wrong order; the version makes sure that the later look
    /// counts. An instant that is too early costs a look, one that is too late would cost a rung.
    pub fn set(&mut self, name: &str, version: Version, wake_at: Option<Instant>) {
        let wake_at = wake_at.unwrap_or(NEVER);
        let version = low(version);
        match self.find(name) {
            Some(place) => {
                let known = self.entry(place).map_or(0, |entry| entry.version);
                if !is_older(version, known) {
                    self.reset(place, wake_at, version);
                }
            }
            None => self.insert(name, wake_at, version),
        }
    }

    /// Has a ticket looked at at once: its stream has come to `version`. Nothing happens when that
    /// much was seen of it.
    pub fn touch(&mut self, name: &str, version: Version) {
        let version = low(version);
        match self.find(name) {
            Some(place) => {
                let known = self.entry(place).map_or(0, |entry| entry.version);
                if is_older(known, version) {
                    self.reset(place, Instant::MIN, version);
                }
            }
            None => self.insert(name, Instant::MIN, version),
        }
    }

    /// Puts off the next look at a ticket, whatever was known of it.
    pub fn put_off(&mut self, name: &str, until: Instant) {
        if let Some(place) = self.find(name) {
            let version = self.entry(place).map_or(0, |entry| entry.version);
            self.reset(place, until, version);
        }
    }

    /// Forgets a ticket that was seen to be finished at `version`, unless more is known of it.
    pub fn remove(&mut self, name: &str, version: Version) {
        let Some(place) = self.find(name) else {
            return;
        };
        let known = self.entry(place).map_or(0, |entry| entry.version);
        if is_older(low(version), known) {
            return;
        }
        let hash = self.hash(name);
        let found = self.by_name.find_entry(hash, |known| *known == place);
        if let Ok(found) = found {
            found.remove();
        }
        if let Some(entry) = entry_mut(&mut self.chunks, place) {
            let wake_at = std::mem::replace(&mut entry.wake_at, NEVER);
            entry.name = SmolStr::default();
            self.due.remove(&(wake_at, place));
        }
        self.free.push(place);
    }

    /// Returns the names of tickets whose instant is `now` or earlier, the earliest first and those
    /// of one instant by name, at most `most` instants' worth of them.
    ///
    /// The order depends on instants and names alone, not on the order of arrival.
    ///
    /// ```
    /// use punctual::engine::Agenda;
    /// use punctual::event::Version;
    ///
    /// let mut agenda = Agenda::default();
    /// let (nine, ten) = ("2026-03-09T09:00:00Z".parse()?, "2026-03-09T10:00:00Z".parse()?);
    /// for (name, at) in [("T-3", nine), ("T-1", ten), ("T-2", nine)] {
    ///     agenda.set(name, Version::FIRST, Some(at));
    /// }
    /// // One is asked for; another one falls due at the same instant and comes along.
    /// assert_eq!(agenda.due(ten, 1), ["T-2", "T-3"]);
    /// # Ok::<(), punctual::time::TimeError>(())
    /// ```
    #[must_use]
    pub fn due(&self, now: Instant, most: usize) -> Vec<SmolStr> {
        let mut found: Vec<(Instant, &SmolStr)> = Vec::new();
        for (at, place) in self.due.range(..=(now, u32::MAX)) {
            let is_enough = found.len() >= most;
            if is_enough && found.last().is_some_and(|(last, _)| last != at) {
                break;
            }
            if let Some(entry) = self.entry(*place) {
                found.push((*at, &entry.name));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, name)| name.clone()).collect()
    }

    /// Returns the earliest instant at which a ticket must be looked at.
    #[must_use]
    pub fn next_at(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Returns when a ticket must be looked at; `None` when it is not here, or waits for a fact.
    #[must_use]
    pub fn wake_at(&self, name: &str) -> Option<Instant> {
        let entry = self.entry(self.find(name)?)?;
        (entry.wake_at != NEVER).then_some(entry.wake_at)
    }

    /// Returns whether a ticket is here: whether it is unfinished.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Returns how a ticket stands here.
    pub(super) fn stay(&self, name: &str) -> Stay {
        let entry = self.find(name).and_then(|place| self.entry(place));
        entry.map_or(Stay::Absent(self.births), |entry| Stay::Here(entry.born))
    }

    /// Returns the names of all unfinished tickets, in no particular order.
    pub fn names(&self) -> impl Iterator<Item = &SmolStr> {
        let entries = self.chunks.iter().flatten();
        entries
            .map(|entry| &entry.name)
            .filter(|name| !name.is_empty())
    }

    /// Returns every entry as it is kept: name, instant, version.
    pub(super) fn lines(&self) -> Vec<(SmolStr, Option<i64>, u64)> {
        let entries = self.chunks.iter().flatten();
        let used = entries.filter(|entry| !entry.name.is_empty());
        let line = |entry: &Entry| {
            let wake_at = (entry.wake_at != NEVER).then_some(entry.wake_at.micros());
            (entry.name.clone(), wake_at, u64::from(entry.version))
        };
        used.map(line).collect()
    }

    /// Returns how many tickets are unfinished.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Returns whether no ticket is unfinished.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    fn hash(&self, name: &str) -> u64 {
        hash(&self.hasher, name)
    }

    fn find(&self, name: &str) -> Option<u32> {
        let is_it = |place: &u32| self.entry(*place).is_some_and(|entry| entry.name == name);
        self.by_name.find(self.hash(name), is_it).copied()
    }

    fn entry(&self, place: u32) -> Option<&Entry> {
        let place = usize::try_from(place).ok()?;
        self.chunks
            .get(place.div_euclid(CHUNK))?
            .get(place.rem_euclid(CHUNK))
    }

    fn reset(&mut self, place: u32, wake_at: Instant, version: u32) {
        let Some(entry) = entry_mut(&mut self.chunks, place) else {
            return;
        };
        let former = std::mem::replace(&mut entry.wake_at, wake_at);
        entry.version = version;
        if former != wake_at {
            self.due.remove(&(former, place));
            self.list(wake_at, place);
        }
    }

    fn list(&mut self, wake_at: Instant, place: u32) {
        if wake_at != NEVER {
            self.due.insert((wake_at, place));
        }
    }

    fn insert(&mut self, name: &str, wake_at: Instant, version: u32) {
        self.births = self.births.wrapping_add(1);
        let entry = Entry {
            name: SmolStr::new(name),
            wake_at,
            version,
            born: self.births,
        };
        let Some(place) = self.room_for(entry) else {
            return;
        };
        let hash = self.hash(name);
        let (chunks, hasher) = (&self.chunks, &self.hasher);
        let rehash =
            |place: &u32| name_at(chunks, *place).map_or(0, |name| self::hash(hasher, name));
        self.by_name.insert_unique(hash, place, rehash);
        self.list(wake_at, place);
    }

    /// Returns the place that the entry was put at; `None` beyond four thousand million tickets.
    fn room_for(&mut self, entry: Entry) -> Option<u32> {
        if let Some(place) = self.free.pop() {
            *entry_mut(&mut self.chunks, place)? = entry;
            return Some(place);
        }
        if self.chunks.last().is_none_or(|chunk| chunk.len() == CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        let full = self.chunks.len().saturating_sub(1).saturating_mul(CHUNK);
        let last = self.chunks.last_mut()?;
        let place = u32::try_from(full.saturating_add(last.len())).ok()?;
        last.push(entry);
        Some(place)
    }
}

fn entry_mut(chunks: &mut [Vec<Entry>], place: u32) -> Option<&mut Entry> {
    let place = usize::try_from(place).ok()?;
    chunks
        .get_mut(place.div_euclid(CHUNK))?
        .get_mut(place.rem_euclid(CHUNK))
}

fn name_at(chunks: &[Vec<Entry>], place: u32) -> Option<&str> {
    let place = usize::try_from(place).ok()?;
    let entry = chunks
        .get(place.div_euclid(CHUNK))?
        .get(place.rem_euclid(CHUNK))?;
    Some(entry.name.as_str())
}

fn hash(hasher: &DefaultHashBuilder, name: &str) -> u64 {
    let mut state = hasher.build_hasher();
    state.write(name.as_bytes());
    state.finish()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the low half is what is wanted"
)]
const fn low(version: Version) -> u32 {
    version.get() as u32
}

/// Returns whether `version` comes before `known`, also across the end of the numbers.
const fn is_older(version: u32, known: u32) -> bool {
    version.wrapping_sub(known) > u32::MAX / 2
}

impl Default for Agenda {
    fn default() -> Self {
        Self {
            chunks: Vec::new(),
            free: Vec::new(),
            by_name: HashTable::new(),
            due: BTreeSet::new(),
            hasher: DefaultHashBuilder::default(),
            births: 0,
        }
    }
}

impl std::fmt::Debug for Agenda {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Agenda")
            .field("unfinished", &self.len())
            .field("awaited", &self.due.len())
            .field("next", &self.next_at())
            .finish_non_exhaustive()
    }
}
