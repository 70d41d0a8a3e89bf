//! Reading a compiled policy, and making one from its source.

use std::collections::BTreeMap;

use crate::calendar::{Calendar, ZoneTable};
use crate::event::{AgreementId, Kind, PolicyId, RoleId, TargetId};
use crate::ticket::Status;
use crate::time::CivilDate;

use super::document::{Document, Notation};
use super::model::{
    Agreement, Budget, CalendarIndex, Condition, Delivery, Gate, Label, Length, NamedCalendar,
    Owner, Policy, Reopen, ReopenMode, Subject, Target, Term, Vocabulary, Warranty,
};
use super::publication::Publication;
use super::report::Report;

impl Policy {
    /// Compiles version 1 of a TOML document.
    ///
    /// For a further version see [`Document::revise`], for one that was published before
    /// [`Document::restore`].
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// assert_eq!(policy.label().text("zh"), Some("售后服务"));
    ///
    /// let report = Policy::from_toml("polcy = \"x\"").unwrap_err();
    /// assert_eq!((report.diagnostics()[0].line, report.diagnostics()[0].column), (1, 1));
    /// # Ok::<(), punctual::policy::Report>(())
    /// ```
    ///
    /// # Errors
    /// A [`Report`] with every mistake.
    ///
    /// # Complexity
    /// A few milliseconds for each calendar, and microseconds for each rule: once, not for each
    /// ticket.
    pub fn from_toml(source: &str) -> Result<Self, Report> {
        Document::parse(source, Notation::Toml)?.compile(1, &[])
    }

    /// Compiles version 1 of a JSON document.
    ///
    /// ```
    /// use punctual::policy::Policy;
    ///
    /// let policy = Policy::from_json(r#"{
    ///   "policy": "hotline",
    ///   "timezone": "Asia/Shanghai",
    ///   "target": {
    ///     "first-response": {
    ///       "start": "received", "stop": "replied", "goals": [{ "within": "30m" }]
    ///     }
    ///   }
    /// }"#)?;
    /// assert_eq!((policy.id().as_str(), policy.version()), ("hotline", 1));
    /// # Ok::<(), punctual::policy::Report>(())
    /// ```
    ///
    /// # Errors
    /// A [`Report`] with every mistake.
    pub fn from_json(source: &str) -> Result<Self, Report> {
        Document::parse(source, Notation::Json)?.compile(1, &[])
    }

    /// Returns the name that all its versions share.
    #[must_use]
    pub const fn id(&self) -> &PolicyId {
        &self.id
    }

    /// Returns which version it is, counted from 1.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Returns its text.
    #[must_use]
    pub const fn label(&self) -> &Label {
        &self.label
    }

    /// Returns the zone of calendar days, of validity dates and of reports.
    #[must_use]
    pub const fn zone(&self) -> &ZoneTable {
        &self.zone
    }

    /// Returns the calendars in the order of the document.
    #[must_use]
    pub fn calendars(&self) -> &[NamedCalendar] {
        &self.calendars
    }

    /// Returns a calendar by its place. Every place that this policy names has one; one of another
    /// policy may not, or may mean another calendar.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let office = policy.default_calendar().and_then(|index| policy.calendar(index));
    /// let office = office.ok_or("no default calendar")?;
    /// assert!(office.is_open("2026-03-09T09:00:00+08:00".parse()?));
    /// assert!(!office.is_open("2026-03-09T12:00:00+08:00".parse()?)); // closed from twelve on
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn calendar(&self, index: CalendarIndex) -> Option<&Calendar> {
        self.calendars
            .get(usize::from(index.0))
            .map(|named| &named.calendar)
    }

    /// Returns the calendar of working lengths that name none.
    #[must_use]
    pub const fn default_calendar(&self) -> Option<CalendarIndex> {
        self.default_calendar
    }

    /// Returns the words that it knows.
    #[must_use]
    pub const fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Returns the agreements: the service agreement first, then the others by id. Never empty.
    #[must_use]
    pub fn agreements(&self) -> &[Agreement] {
        &self.agreements
    }

    /// Returns an agreement by name.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let supplier = policy.agreement(&"parts-supplier".parse()?).ok_or("no such agreement")?;
    /// assert!(supplier.target(&"parts".parse()?).is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn agreement(&self, id: &AgreementId) -> Option<&Agreement> {
        self.agreements.iter().find(|agreement| agreement.id == *id)
    }

    /// Returns who owns a ticket that stands like this: the first rule that fits; `None` where none
    /// does (SEMANTICS L6).
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    /// use punctual::ticket::Status;
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let mut status = Status::default();
    /// assert_eq!(policy.owner(&status).map(AsRef::as_ref), Some("specialist"));
    /// status.level = Some("urgent".parse()?);
    /// assert_eq!(policy.owner(&status).map(AsRef::as_ref), Some("after-sales-manager"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn owner(&self, status: &Status) -> Option<&RoleId> {
        self.owners
            .iter()
            .find(|owner| owner.when.holds(status))
            .map(|owner| &owner.is)
    }

    /// Returns the rules on owners, in the order in which they are asked.
    #[must_use]
    pub fn owners(&self) -> &[Owner] {
        &self.owners
    }

    /// Returns the events that need another first.
    #[must_use]
    pub fn gates(&self) -> &[Gate] {
        &self.gates
    }

    /// Returns which roles may do what needs leave. What is not in it, anyone may.
    ///
    /// ```
    /// use punctual::event::Kind;
    /// use punctual::policy::{AFTER_SALES, Policy};
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let waive = &policy.allowed()[&Kind::Waived];
    /// assert_eq!(waive, &["general-manager".parse()?]);
    /// assert!(!policy.allowed().contains_key(&Kind::Noted)); // anybody may
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn allowed(&self) -> &BTreeMap<Kind, Vec<RoleId>> {
        &self.allowed
    }

    /// Returns when messages may go out; `None` for always.
    #[must_use]
    pub const fn delivery(&self) -> Option<&Delivery> {
        self.delivery.as_ref()
    }

    /// Returns the periods of warranty.
    #[must_use]
    pub fn warranties(&self) -> &[Warranty] {
        &self.warranties
    }

    /// Returns the KPIs, with the target that each is measured by.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let measured_by = policy.kpis().get("first-response");
    /// assert_eq!(measured_by.map(AsRef::as_ref), Some("first-response"));
    /// # Ok::<(), punctual::policy::Report>(())
    /// ```
    #[must_use]
    pub const fn kpis(&self) -> &BTreeMap<String, TargetId> {
        &self.kpis
    }

    /// Returns the first and the last date of `Received` to which it applies, both included, in its
    /// own zone; `None` where that end is open.
    #[must_use]
    pub const fn valid(&self) -> (Option<CivilDate>, Option<CivilDate>) {
        (self.valid_from, self.valid_until)
    }

    /// Returns which tickets it applies to, by what `Received` tells.
    #[must_use]
    pub const fn applies_to(&self) -> &Condition {
        &self.applies_to
    }

    /// Returns how far up a role is: the rank that is declared, or 0 for a role that is not.
    /// Declared ranks may be 0 as well.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// assert_eq!(policy.rank(&"after-sales-manager".parse()?), 3);
    /// assert_eq!(policy.rank(&"caretaker".parse()?), 0); // nobody declared it
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn rank(&self, role: &RoleId) -> u16 {
        let roles = &self.vocabulary.roles;
        roles
            .iter()
            .find(|words| words.id == *role)
            .map_or(0, |words| words.rank)
    }

    /// Returns what a log keeps beside the document's source, to make this very policy again under
    /// any later release (SEMANTICS K7).
    #[must_use]
    pub fn publication(&self) -> Publication {
        Publication {
            version: self.version,
            zone: self.zone.clone(),
            calendars: self
                .calendars
                .iter()
                .map(|named| named.published.clone())
                .collect(),
        }
    }
}

impl Agreement {
    /// Returns a target by name.
    #[must_use]
    pub fn target(&self, id: &TargetId) -> Option<&Target> {
        self.targets.iter().find(|target| target.id == *id)
    }
}

impl Label {
    /// The tag of a text whose language nobody gave (BCP 47).
    const UNKNOWN: &'static str = "und";

    /// Returns the label of a text in an unknown language.
    pub(super) fn plain(text: &str) -> Self {
        Self(BTreeMap::from([(
            Self::UNKNOWN.to_owned(),
            text.to_owned(),
        )]))
    }

    /// Returns the text in `language`, or else one in an unknown language, or else any: the first
    /// by tag. `None` only where there is no text at all.
    #[must_use]
    pub fn text_or_any(&self, language: &str) -> Option<&str> {
        self.text(language)
            .or_else(|| self.text(Self::UNKNOWN))
            .or_else(|| self.0.values().next().map(String::as_str))
    }
}

impl Reopen {
    /// What holds where the document says nothing: it goes on, without the resolved time.
    pub(super) const DEFAULT: Self = Self {
        mode: ReopenMode::Continue,
        new_cycle_after: None,
    };
}

impl Condition {
    /// Returns the condition that both hold.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut terms: Vec<Term> = self.terms.iter().chain(&other.terms).cloned().collect();
        terms.sort_by(|a, b| a.subject.rank().cmp(&b.subject.rank()));
        terms.dedup();
        Self { terms }
    }
}

impl Subject {
    /// Returns the place in the order in which conditions list their terms.
    pub(super) fn rank(&self) -> (u8, &str) {
        match self {
            Self::Class => (0, ""),
            Self::Level { .. } => (1, ""),
            Self::Channel => (2, ""),
            Self::Product => (3, ""),
            Self::InScope => (4, ""),
            Self::Field { id, .. } => (5, id.as_str()),
        }
    }

    /// Returns the name that documents write.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Class => "class",
            Self::Level { .. } => "level",
            Self::Channel => "channel",
            Self::Product => "product",
            Self::InScope => "in-scope",
            Self::Field { id, .. } => id.as_str(),
        }
    }
}

impl Budget {
    /// Returns the calendar that it is measured by; `None` for wall time, and for a lead that names
    /// none and so goes by the policy's default.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Policy};
    ///
    /// let policy = Policy::from_toml(AFTER_SALES)?;
    /// let first = policy.agreements()[0].target(&"first-response".parse()?).ok_or("no such target")?;
    /// let calendars: Vec<bool> = first.goals.iter().map(|it| it.within.calendar().is_some()).collect();
    /// assert_eq!(calendars, [false, false, true, true]); // half an hour by the wall, then office hours
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn calendar(&self) -> Option<CalendarIndex> {
        match self {
            Self::Working { calendar, .. } | Self::WorkingDays { calendar, .. } => Some(*calendar),
            Self::Lead { length } => match length {
                Length::Wall(_) => None,
                Length::Working { on, .. } | Length::WorkingDays { on, .. } => *on,
            },
            Self::Elapsed(_) | Self::CalendarDays { .. } => None,
        }
    }
}
