//! Words in the events of a ticket that its policy does not know.
//!
//! An event is a fact and is never refused for a word; but a class that was misspelt gets no goal
//! that asks for it, and an unknown reason holds no clock up, without a sound. Here it is told.

use std::fmt;

use serde::Serialize;

use super::Policy;
use super::model::{Agreement, Vocabulary};
use super::report::{nearest, quoted};
use crate::event::{Class, FieldId, FieldValue, Level, Version};
use crate::language::{Language, Phrase};
use crate::ticket::{Detail, EventField, Fact, Fields, Timeline, WaivedClock};

/// The comparisons that "did you mean" may make for one ticket: some milliseconds.
const COMPARISONS: usize = 5_000;

/// What an unknown word was to name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WordKind {
    /// The class of a ticket.
    Class,
    /// Its level.
    Level,
    /// The way it came in.
    Channel,
    /// One of the policy's own fields.
    Field,
    /// The value of this field.
    Value(FieldId),
    /// A reason to pause.
    Reason,
    /// A named moment.
    Mark,
    /// The agreement of a waiver.
    Agreement,
    /// The target of a waiver.
    Target,
}

impl WordKind {
    /// Returns what people call it.
    fn phrase(&self) -> Phrase {
        match self {
            Self::Class => Phrase::fixed("class", "类别"),
            Self::Level => Phrase::fixed("level", "级别"),
            Self::Channel => Phrase::fixed("channel", "渠道"),
            Self::Field => Phrase::fixed("field", "字段"),
            Self::Value(field) => {
                let field = field.as_str();
                Phrase::new(format!("value of {field}"), format!("字段 {field} 的取值"))
            }
            Self::Reason => Phrase::fixed("reason to pause", "暂停原因"),
            Self::Mark => Phrase::fixed("mark", "标记"),
            Self::Agreement => Phrase::fixed("agreement", "协议"),
            Self::Target => Phrase::fixed("target", "目标"),
        }
    }
}

/// A word in an event that its policy does not know.
///
/// ```
/// use punctual::event::{Kind, Roles, Version};
/// use punctual::language::Language;
/// use punctual::policy::{AFTER_SALES, Policy, WordKind};
/// use punctual::ticket::{Classified, Detail, Fact, Timeline};
///
/// let judged: Classified = serde_json::from_str(r#"{"class":"complant","level":"urgent"}"#)?;
/// let mut timeline = Timeline::default();
/// timeline.insert(Fact {
///     at: "2026-03-09T09:00:00+08:00".parse()?,
///     version: Version::new(2),
///     kind: Kind::Classified,
///     roles: Roles::NONE,
///     detail: Detail::Classified(Box::new(judged)),
/// });
/// let unknown = Policy::from_toml(AFTER_SALES)?.unknown_words(&timeline);
/// assert_eq!(unknown.len(), 1); // the level is known
/// assert_eq!(unknown[0].kind, WordKind::Class);
/// assert_eq!(unknown[0].meant.as_deref(), Some("complaint"));
/// assert_eq!(
///     unknown[0].phrase().text(Language::English),
///     r#"the policy knows no class "complant"; did you mean "complaint"?"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnknownWord {
    /// The event that says it; with the ticket, its id.
    pub version: Version,
    /// What it was to name.
    pub kind: WordKind,
    /// The word.
    pub word: String,
    /// The known word that was most likely meant, where one is near.
    pub meant: Option<String>,
}

impl UnknownWord {
    /// Returns it in words, with what may be meant.
    #[must_use]
    pub fn phrase(&self) -> Phrase {
        let say = |language| self.say(language);
        Phrase::new(say(Language::English), say(Language::Chinese))
    }

    /// Returns which place of which event it stands in. Of two policies one may miss a waiver's
    /// agreement and the other its target, or one a field and the other its value.
    pub(crate) fn place(&self) -> (Version, WordKind) {
        let kind = match &self.kind {
            WordKind::Target => WordKind::Agreement,
            WordKind::Field => match FieldId::new(&self.word) {
                Ok(field) => WordKind::Value(field),
                Err(_) => WordKind::Field,
            },
            WordKind::Class
            | WordKind::Level
            | WordKind::Channel
            | WordKind::Value(_)
            | WordKind::Reason
            | WordKind::Mark
            | WordKind::Agreement => self.kind.clone(),
        };
        (self.version, kind)
    }

    fn say(&self, language: Language) -> String {
        let (word, kind) = (quoted(&self.word), self.kind.phrase());
        let kind = kind.text(language);
        let meant = self.meant.as_deref().map(quoted);
        match language {
            Language::English => {
                let meant = meant.map_or_else(String::new, |it| format!("; did you mean {it}?"));
                format!("the policy knows no {kind} {word}{meant}")
            }
            Language::Chinese => {
                let meant = meant.map_or_else(String::new, |it| format!("；是否想写 {it}？"));
                format!("策略中没有{kind} {word}{meant}")
            }
        }
    }
}

impl fmt::Display for UnknownWord {
    /// Writes the English text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.phrase().text(Language::English))
    }
}

impl Policy {
    /// Returns the words in a ticket's facts that this policy does not know, earliest fact first.
    ///
    /// They are facts all the same, and clocks read what is left: a class that the policy does not
    /// know fits only goals that ask for none or for `not` some, an unknown reason holds nothing up, an unknown mark
    /// starts nothing, a waiver of an unknown target waives nothing. A vocabulary that the document
    /// does not declare takes any word. Roles are not asked about: people hold more of them than one
    /// policy names.
    ///
    /// A ticket that was bound to another policy, or version, is judged by this one all the same:
    /// ask the policy that it is bound to.
    ///
    /// # Complexity
    /// Facts times the words of the vocabulary they draw on.
    #[must_use]
    pub fn unknown_words(&self, timeline: &Timeline) -> Vec<UnknownWord> {
        let mut search = Search {
            words: &self.vocabulary,
            agreements: &self.agreements,
            version: Version::default(),
            comparisons: COMPARISONS,
            found: Vec::new(),
        };
        for fact in timeline.facts() {
            search.look_at(fact);
        }
        search.found
    }
}

struct Search<'p> {
    words: &'p Vocabulary,
    agreements: &'p [Agreement],
    /// The event that is looked at.
    version: Version,
    comparisons: usize,
    found: Vec<UnknownWord>,
}

impl<'p> Search<'p> {
    fn look_at(&mut self, fact: &Fact) {
        self.version = fact.version;
        let words = self.words;
        match &fact.detail {
            Detail::Received(intake) => {
                self.class_and_level(
                    intake.class.as_ref().map(Class::as_str),
                    intake.level.as_ref().map(Level::as_str),
                );
                if let Some(channel) = &intake.channel {
                    let known = words.channels.iter().map(|(known, _)| known.as_str());
                    self.ask(WordKind::Channel, channel.as_str(), known);
                }
                self.fields(&intake.fields);
            }
            Detail::Classified(judged) => {
                self.class_and_level(
                    judged.class.as_ref().map(Class::as_str),
                    judged.level.as_ref().map(Level::as_str),
                );
                self.fields(&judged.fields);
            }
            Detail::Assigned(assigned) => self.of_event(EventField::Team, assigned.team.as_ref()),
            Detail::Cause(cause) => self.of_event(EventField::Cause, Some(cause)),
            Detail::Compensation(kind) => self.of_event(EventField::Compensation, Some(kind)),
            Detail::Method(method) => self.of_event(EventField::Method, Some(method)),
            // Whoever declares no reason names those for which a clock waits, and there are others.
            Detail::Reason(_) if words.reasons_are_implied => {}
            Detail::Reason(reason) => {
                let known = words.reasons.iter().map(|known| known.id.as_str());
                self.ask(WordKind::Reason, reason.as_str(), known);
            }
            Detail::Mark(mark) => {
                let known = words.marks.iter().map(|(known, _)| known.as_str());
                self.ask(WordKind::Mark, mark.as_str(), known);
            }
            Detail::Waived(waived) => self.waived(waived),
            // Words of the engine's own, or none.
            Detail::Plain
            | Detail::Replied { .. }
            | Detail::Visit { .. }
            | Detail::Surveyed { .. }
            | Detail::FollowUp(_)
            | Detail::Merged(_)
            | Detail::Inspected { .. }
            | Detail::Stage(_)
            | Detail::Bound(_) => {}
        }
    }

    fn class_and_level(&mut self, class: Option<&str>, level: Option<&str>) {
        let words = self.words;
        if let Some(class) = class {
            let known = words.classes.iter().map(|(known, _)| known.as_str());
            self.ask(WordKind::Class, class, known);
        }
        if let Some(level) = level {
            let known = words.levels.iter().map(|(known, _)| known.as_str());
            self.ask(WordKind::Level, level, known);
        }
    }

    /// Asks for the policy's own fields, and for their values.
    fn fields(&mut self, fields: &Fields) {
        let words = self.words;
        for (id, value) in fields {
            let known = words.fields.iter().map(|known| known.id.as_str());
            self.ask(WordKind::Field, id.as_str(), known);
            self.value(id.as_str(), value);
        }
    }

    /// Asks for the value of an event's own field, whose words are those of the policy's field of
    /// its name.
    fn of_event(&mut self, field: EventField, value: Option<&FieldValue>) {
        if let Some(value) = value {
            self.value(field.name(), value);
        }
    }

    fn value(&mut self, field: &str, value: &FieldValue) {
        let declared = self.words.fields.iter().find(|it| it.id.as_str() == field);
        if let Some(declared) = declared {
            let known = declared.values.iter().map(|(known, _)| known.as_str());
            self.ask(WordKind::Value(declared.id.clone()), value.as_str(), known);
        }
    }

    fn waived(&mut self, waived: &WaivedClock) {
        let agreements = self.agreements;
        let known = agreements.iter().map(|known| known.id.as_str());
        self.ask(WordKind::Agreement, waived.agreement.as_str(), known);
        if let Some(agreement) = agreements.iter().find(|it| it.id == waived.agreement) {
            let known = agreement.targets.iter().map(|known| known.id.as_str());
            self.ask(WordKind::Target, waived.target.as_str(), known);
        }
    }

    /// Notes a word that is not among those known; where none are, any will do.
    fn ask(&mut self, kind: WordKind, word: &str, known: impl Iterator<Item = &'p str> + Clone) {
        let mut words = known.clone().peekable();
        if words.peek().is_none() || words.any(|known| known == word) {
            return;
        }
        let meant = nearest(word, known, &mut self.comparisons).map(str::to_owned);
        self.found.push(UnknownWord {
            version: self.version,
            kind,
            word: word.to_owned(),
            meant,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Bindings;
    use crate::event::{Actor, Recorded, StreamId};
    use crate::policy::{AFTER_SALES, Document, Notation, PolicyBook};
    use crate::supervision;
    use crate::ticket::{Action, Command, Permit, Ticket, decide};
    use crate::time::Instant;

    /// A policy that declares no words of its own.
    const PLAIN: &str = r#"
        policy   = "plain"
        timezone = "Asia/Shanghai"
        [target.first-response]
        start = "received"
        stop  = "replied"
        goals = [{ within = "30m" }]
    "#;

    /// Folds these actions, a minute apart.
    fn ticket(actions: &[&str]) -> Ticket {
        let stream: StreamId = "acme/ticket/T-1".parse().expect("a stream");
        let mut ticket = Ticket::default();
        for (minute, action) in (0..).zip(actions) {
            let at = Instant::from_micros(1_773_018_000_000_000 + minute * 60_000_000)
                .expect("in range");
            let action: Action = serde_json::from_str(action).expect("an action");
            let command = Command::new(action, at, Actor::new("desk".parse().expect("a name")));
            let decided = decide(&ticket, command, &Permit::default(), at).expect("possible");
            for event in decided {
                let recorded: Recorded<_> = event.recorded(stream.clone(), &ticket);
                ticket.apply(&recorded);
            }
        }
        ticket
    }

    fn unknown(policy: &str, actions: &[&str]) -> Vec<String> {
        let policy = Policy::from_toml(policy).expect("a policy");
        let words = policy.unknown_words(ticket(actions).timeline());
        let told = |it: &UnknownWord| format!("version {}: {it}", it.version);
        words.iter().map(told).collect()
    }

    const ODD: [&str; 9] = [
        r#"{"type":"receive","class":"Fault","level":"hm","channel":"e-mail",
            "fields":{"complexity":"hard","complexty":"simple"}}"#,
        r#"{"type":"classify","class":"repar","level":"Urgent","fields":{"complexity":"complx"}}"#,
        r#"{"type":"pause","reason":"awaiting-customers"}"#,
        r#"{"type":"resume","reason":"awaiting-customers"}"#,
        r#"{"type":"propose-compensation","compensation":"vouchr"}"#,
        r#"{"type":"mark","mark":"part-ordered"}"#,
        r#"{"type":"waive","agreement":"service","target":"diagnose","cycle":1,"text":{"plain":"x"}}"#,
        r#"{"type":"waive","agreement":"servce","target":"diagnosis","cycle":1,"text":{"plain":"x"}}"#,
        r#"{"type":"resolve","method":"onsite"}"#,
    ];

    #[test]
    fn every_sort_of_word_is_looked_up() {
        assert_eq!(
            unknown(AFTER_SALES, &ODD),
            [
                r#"version 1: the policy knows no class "Fault"; did you mean "fault"?"#,
                r#"version 1: the policy knows no level "hm""#,
                r#"version 1: the policy knows no channel "e-mail"; did you mean "mail"?"#,
                r#"version 1: the policy knows no value of complexity "hard""#,
                r#"version 1: the policy knows no field "complexty"; did you mean "complexity"?"#,
                r#"version 2: the policy knows no class "repar"; did you mean "repair"?"#,
                r#"version 2: the policy knows no level "Urgent"; did you mean "urgent"?"#,
                r#"version 2: the policy knows no value of complexity "complx"; did you mean "complex"?"#,
                r#"version 3: the policy knows no reason to pause "awaiting-customers"; did you mean "awaiting-customer"?"#,
                r#"version 4: the policy knows no reason to pause "awaiting-customers"; did you mean "awaiting-customer"?"#,
                r#"version 5: the policy knows no value of compensation "vouchr"; did you mean "voucher"?"#,
                r#"version 6: the policy knows no mark "part-ordered"; did you mean "parts-ordered"?"#,
                r#"version 7: the policy knows no target "diagnose"; did you mean "diagnosis"?"#,
                r#"version 8: the policy knows no agreement "servce"; did you mean "service"?"#,
                r#"version 9: the policy knows no value of method "onsite"; did you mean "on-site"?"#,
            ]
        );
    }

    #[test]
    fn a_vocabulary_that_is_not_declared_takes_any_word() {
        let of_waivers = &unknown(PLAIN, &ODD)[..];
        assert_eq!(
            of_waivers,
            [
                r#"version 7: the policy knows no target "diagnose""#,
                r#"version 8: the policy knows no agreement "servce"; did you mean "service"?"#,
            ]
        );
    }

    #[test]
    fn reasons_that_are_known_by_their_use_alone_are_not_all_there_are() {
        let policy = PLAIN.replace("goals =", "pause = \"parts\"\n        goals =");
        let actions = [
            r#"{"type":"receive"}"#,
            r#"{"type":"pause","reason":"vendor"}"#,
        ];
        assert_eq!(unknown(&policy, &actions), [""; 0]);
        let declared = policy.replace("[target", "[pause]\nparts = {}\n[target");
        assert_eq!(unknown(&declared, &actions).len(), 1);
    }

    /// Of a ticket that was bound to one version and then to the next.
    fn unknown_to_both(versions: [&str; 2], actions: &[&str]) -> Vec<String> {
        let first = Policy::from_toml(versions[0]).expect("a policy");
        let next = Document::parse(versions[1], Notation::Toml).expect("a document");
        let next = next.compile(2, &[]).expect("a policy");
        let now = Instant::MAX;
        let ticket = ticket(actions);
        let bound: PolicyBook = [first.clone()].into_iter().collect();
        let events = supervision::bind::<Box<str>>(&ticket, &bound);
        let ticket = supervision::after(&ticket, events, now);
        let ticket = supervision::after(&ticket, supervision::rebind::<Box<str>>(&next), now);
        let book: PolicyBook = [first, next].into_iter().collect();
        let bindings = Bindings::recorded(ticket.timeline(), &book, now).expect("bound");
        let words = bindings.unknown_words(ticket.timeline());
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_word_that_one_version_knows_is_known() {
        let of = |classes: &str| format!("class = {{ values = [{classes}] }}\n{PLAIN}");
        let (few, more) = (of("\"fault\""), of("\"fault\", \"return\""));
        let actions = [
            r#"{"type":"receive","class":"return"}"#,
            r#"{"type":"classify","class":"retrn"}"#,
        ];
        for versions in [[&*few, &more], [&more, &few]] {
            let told = unknown_to_both(versions, &actions);
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].contains("retrn"), "{told:?}");
        }
    }

    #[test]
    fn what_two_versions_miss_in_different_ways_is_told_once() {
        let more = format!(
            "{PLAIN}\n[agreement.parts]\nkind = \"supplier\"\n[agreement.parts.target.sent]\nstart = \"received\"\nstop = \"replied\"\n\
             goals = [{{ within = \"1h\" }}]\n"
        );
        let waive = r#"{"type":"waive","agreement":"parts","target":"come","cycle":1,
            "text":{"plain":"x"}}"#;
        for versions in [[PLAIN, &*more], [&*more, PLAIN]] {
            let told = unknown_to_both(versions, &[r#"{"type":"receive"}"#, waive]);
            assert_eq!(told.len(), 1, "{told:?}");
        }
    }

    #[test]
    fn known_words_are_passed_over() {
        let known = [
            r#"{"type":"receive","class":"fault","level":"urgent","channel":"mail",
                "product":"any","fields":{"complexity":"complex"}}"#,
            r#"{"type":"assign","owner":"li","team":"repairs"}"#,
            r#"{"type":"pause","reason":"awaiting-parts"}"#,
            r#"{"type":"mark","mark":"parts-delivered"}"#,
            r#"{"type":"diagnose","cause":"wear"}"#,
            r#"{"type":"resolve","method":"on-site"}"#,
        ];
        assert_eq!(unknown(AFTER_SALES, &known), [""; 0]);
    }

    #[test]
    fn chinese_readers_are_told_in_chinese() {
        let policy = Policy::from_toml(AFTER_SALES).expect("a policy");
        let words = policy.unknown_words(ticket(&ODD).timeline());
        let told = |place: usize| words[place].phrase().text(Language::Chinese).to_owned();
        assert_eq!(told(0), "策略中没有类别 \"Fault\"；是否想写 \"fault\"？");
        assert_eq!(told(1), "策略中没有级别 \"hm\"");
        assert_eq!(told(3), "策略中没有字段 complexity 的取值 \"hard\"");
    }
}
