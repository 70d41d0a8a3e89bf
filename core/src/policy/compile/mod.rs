//! From a document to a policy: every name looked up, every mistake told.
//!
//! One pass over the tree reads, checks and builds. A part with a mistake is left out and the rest
//! read on, so that one run tells all mistakes; a policy comes out only where there was none.

mod agreement;
mod calendar;
mod condition;
mod duty;
mod goal;
mod hours;
mod keys;
mod label;
mod ladder;
mod length;
mod measure;
mod point;
mod target;
mod vocabulary;
mod words;

use std::collections::BTreeMap;

use crate::event::{CalendarId, PolicyId};
use crate::language::Phrase;

use super::document::{Document, Node, Place};
use super::model::{Condition, Policy, Reason};
use super::publication::{Origin, Publication};
use super::report::{Code, Found, Report, Sink};

use self::calendar::Calendars;
use self::keys::Keys;
use self::words::Words;

/// The most rules of a policy: goals, rungs, owners, gates and the like together.
const MOST_RULES: usize = 10_000;

/// What readers of the later parts know of the earlier ones.
struct Context<'s> {
    sink: &'s Sink,
    words: Words,
    calendars: Calendars,
    rules: usize,
}

impl Context<'_> {
    /// Counts a rule; returns whether there is room for it.
    fn has_room(&mut self, place: &Place) -> bool {
        self.rules = self.rules.saturating_add(1);
        if self.rules == MOST_RULES.saturating_add(1) {
            let found = Phrase::fixed("one rule too many", "超出一条规则");
            let expected = Phrase::fixed("at most 10000 rules", "最多 10000 条规则");
            self.sink
                .add(Code::TooMany, Found::said(found, place), expected);
        }
        self.rules <= MOST_RULES
    }
}

impl Document {
    /// Compiles a version of the policy, with the calendars as the document and this library's
    /// holidays and zones say today.
    ///
    /// A calendar has the version given for it, or 1.
    ///
    /// # Errors
    /// A [`Report`] with every mistake.
    ///
    /// # Complexity
    /// A few milliseconds for each calendar, and microseconds for each rule.
    pub fn compile(&self, version: u32, calendars: &[(CalendarId, u32)]) -> Result<Policy, Report> {
        self.compile_from(version, Origin::New(calendars))
    }

    /// Compiles the version after `former`. A calendar that still means the same keeps its version;
    /// one that does not gets the next.
    ///
    /// ```
    /// use punctual::policy::{AFTER_SALES, Document, Notation, Policy};
    ///
    /// let former = Policy::from_toml(AFTER_SALES)?;
    /// // The desk opens half an hour earlier; the hotline's hours stay as they are.
    /// let earlier = AFTER_SALES.replace("mon-fri = [\"09:00-12:00\"", "mon-fri = [\"08:30-12:00\"");
    /// let later = Document::parse(&earlier, Notation::Toml)?.revise(&former)?;
    /// assert_eq!(later.version(), 2);
    /// let versions: Vec<(&str, u32)> =
    ///     later.calendar_versions().map(|(id, version)| (id.as_str(), version)).collect();
    /// assert_eq!(versions, [("office", 2), ("hotline", 1)]);
    /// # Ok::<(), punctual::policy::Report>(())
    /// ```
    ///
    /// # Errors
    /// A [`Report`] with every mistake.
    pub fn revise(&self, former: &Policy) -> Result<Policy, Report> {
        let calendars: BTreeMap<_, _> = former
            .calendars
            .iter()
            .map(|named| (named.id.clone(), named.published.clone()))
            .collect();
        self.compile_from(
            former.version.saturating_add(1),
            Origin::Revised(&calendars),
        )
    }

    /// Compiles a version that was published before, with its zone and its calendars as they were
    /// written out then: the very same policy under any release of this library.
    ///
    /// # Errors
    /// A [`Report`] when the document is not the one that was published.
    pub fn restore(&self, publication: &Publication) -> Result<Policy, Report> {
        self.compile_from(publication.version, Origin::Restored(publication))
    }

    fn compile_from(&self, version: u32, origin: Origin<'_>) -> Result<Policy, Report> {
        let sink = Sink::new();
        let policy = read(self.root(), version, origin, &sink);
        match (sink.into_report(self.source()), policy) {
            (None, Some(policy)) => Ok(policy),
            (report, _) => Err(report.unwrap_or_else(Report::empty)),
        }
    }
}

/// Tells the mistakes of a document that could not be read as a whole.
pub(super) fn check(root: &Node, sink: &Sink) {
    let _policy = read(root, 1, Origin::New(&[]), sink);
}

/// Reads a whole document. The policy is complete only if nothing was told.
fn read(root: &Node, version: u32, origin: Origin<'_>, sink: &Sink) -> Option<Policy> {
    let keys = Keys::of(root, sink)?;
    // For editors alone: the place of the JSON Schema.
    if let Some(node) = keys.get("$schema") {
        keys::text(node, sink);
    }
    let id: Option<PolicyId> = keys.need("policy").and_then(|node| keys::named(node, sink));
    let label = keys
        .get("label")
        .map(|node| label::label(node, sink))
        .unwrap_or_default();
    let zone = keys
        .need("timezone")
        .and_then(|node| hours::zone(node, sink));
    let mut context = Context {
        sink,
        words: Words::read(&keys, sink),
        calendars: Calendars::read(&keys, zone, origin, sink),
        rules: 0,
    };
    context.read_resumptions(&keys);
    let agreements = context.agreements(&keys);
    let owners = context.owners(&keys);
    let gates = context.gates(&keys);
    let allowed = context.allowed(&keys);
    let delivery = context.delivery(&keys);
    let warranties = context.warranties(&keys);
    let kpis = context.kpis(&keys, &agreements);
    let (valid_from, valid_until) = context.validity(&keys);
    let applies_to = keys
        .get("applies-to")
        .map_or(Condition::ALWAYS, |node| context.admission(node));
    let accepted = context.accepted(&keys);
    keys.finish();
    let Context {
        words, calendars, ..
    } = context;
    Some(Policy {
        id: id?,
        version,
        label,
        zone: calendar::zone_table(zone?, origin, &calendars.compiled),
        default_calendar: calendars.default,
        calendars: calendars.compiled,
        vocabulary: words.vocabulary,
        agreements,
        owners,
        gates,
        allowed,
        delivery,
        warranties,
        kpis,
        valid_from,
        valid_until,
        applies_to,
        accepted,
    })
}

impl Context<'_> {
    /// Reads what ends the pauses by itself, now that events and roles are known.
    fn read_resumptions(&mut self, root: &Keys<'_>) {
        let entries = root.get("pause").and_then(Node::as_table).unwrap_or(&[]);
        for entry in entries {
            let Some(keys) = reason_keys(&entry.node, self.sink) else {
                continue;
            };
            // The label was read with the names.
            keys.get("label");
            let triggers = keys
                .get("resumes-on")
                .map(|node| condition::triggers(node, &mut self.words, self.sink))
                .unwrap_or_default();
            keys.finish();
            let is_named = |reason: &&mut Reason| reason.id.as_str() == entry.key;
            if let Some(reason) = self.words.vocabulary.reasons.iter_mut().find(is_named) {
                reason.resumes_on = triggers;
            }
        }
    }
}

/// A reason to pause is a label, or a table with a label and what resumes it.
fn reason_keys<'n>(node: &'n Node, sink: &'n Sink) -> Option<Keys<'n>> {
    vocabulary::is_reason_table(node)
        .then(|| Keys::of(node, sink))
        .flatten()
}
