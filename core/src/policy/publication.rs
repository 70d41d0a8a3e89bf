//! What a policy version froze when it was published, so that it means the same for ever.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, CalendarError, CalendarSpec, PublishedCalendar, ZoneTable};
use crate::event::CalendarId;

/// The version of a policy with everything written out that names in its document stand for: the
/// zone's offsets and the calendars with their holidays (SEMANTICS K7).
///
/// A log keeps a policy as its document's source and this. Compiling that source with
/// [`Document::restore`](super::Document::restore) gives the very same policy under any later
/// release of this library, whatever its zone data and holidays then are.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Document, Notation, Publication};
///
/// let document = Document::parse(AFTER_SALES, Notation::Toml)?;
/// let published = document.compile(1, &[])?;
/// let kept = serde_json::to_string(&published.publication())?;
///
/// // Years later:
/// let publication: Publication = serde_json::from_str(&kept)?;
/// assert_eq!(document.restore(&publication)?, published);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// The policy's version, counted from 1.
    pub version: u32,
    /// The policy's zone.
    pub zone: ZoneTable,
    /// The calendars, each in the version that was published with it.
    pub calendars: Vec<PublishedCalendar>,
}

/// Where a compilation takes its calendars from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin<'p> {
    /// The document's own words, under the given versions or version 1.
    New(&'p [(CalendarId, u32)]),
    /// The words, under the former version's number where they still mean the same, and the next
    /// number where they do not.
    Revised(&'p BTreeMap<CalendarId, PublishedCalendar>),
    /// What was published.
    Restored(&'p Publication),
}

impl Origin<'_> {
    /// Returns a calendar in the version that counts, and its timetable.
    pub(super) fn calendar(
        self,
        spec: &CalendarSpec,
        id: &CalendarId,
    ) -> Result<(PublishedCalendar, Calendar), CalendarError> {
        let publish = |version| PublishedCalendar::publish_and_compile(spec, id.clone(), version);
        match self {
            Self::New(versions) => {
                let given = versions.iter().find(|(known, _)| known == id);
                publish(given.map_or(1, |(_, version)| *version))
            }
            Self::Revised(former) => match former.get(id) {
                None => publish(1),
                Some(former) => {
                    let same = publish(former.version())?;
                    if same.0 == *former {
                        return Ok(same);
                    }
                    publish(former.version().saturating_add(1))
                }
            },
            Self::Restored(publication) => {
                let mut known = publication.calendars.iter();
                match known.find(|published| published.id() == id) {
                    Some(published) => Ok((published.clone(), published.compile()?)),
                    None => publish(1),
                }
            }
        }
    }

    /// Returns the zone's table where it was written out.
    pub(super) const fn zone(&self) -> Option<&ZoneTable> {
        match self {
            Self::New(_) | Self::Revised(_) => None,
            Self::Restored(publication) => Some(&publication.zone),
        }
    }
}
