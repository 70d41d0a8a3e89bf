//! The small world: what a policy can say and what can happen, as plain data that both the engine
//! (through TOML and events) and the oracle read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use punctual::clock::Bindings;
use punctual::event::{
    Actor, ActorId, AgreementId, Class, Level, MarkId, PolicyId, ReasonId, Recorded, RoleId, Roles,
    StreamId, TargetId, TicketId, Version,
};
use punctual::policy::{Document, Notation, Policy, PolicyBook};
use punctual::supervision;
use punctual::ticket::{
    Assigned, BindCause, Classified, Declined, Diagnosed, Fact, FollowUp, FollowedUp, Marked,
    MergeSide, Merged, Message, Opener, Paused, Personal, PolicyBound, Received, Replied, Resolved,
    Resumed, Satisfaction, Surveyed, Ticket, TicketEvent, Timeline, VisitBooked, Waived,
};
use punctual::time::Instant;

use super::desk::{CALENDARS, Desk, MINUTE, Zone};

pub const CLASSES: [&str; 2] = ["fault", "complaint"];
pub const LEVELS: [&str; 2] = ["general", "urgent"];
pub const REASONS: [&str; 2] = ["customer", "parts"];
pub const ROLES: [&str; 2] = ["agent", "boss"];
pub const AGREEMENTS: [&str; 2] = ["service", "supplier"];

/// What happens. A number is a place in the lists above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ev {
    Received {
        opener: Opener,
        class: Option<usize>,
        level: Option<usize>,
    },
    Classified {
        class: Option<usize>,
        level: Option<usize>,
    },
    Assigned,
    CustomerWrote,
    Replied {
        automatic: bool,
    },
    Noted,
    Diagnosed,
    PlanProposed,
    PlanAccepted,
    PlanDisputed,
    ProgressReported,
    /// So many minutes after the event itself.
    VisitBooked {
        ahead: i64,
    },
    VisitConfirmed,
    VisitCancelled,
    Dispatched,
    Arrived,
    Paused(usize),
    Resumed(Option<usize>),
    Resolved,
    Reopened,
    Closed,
    Declined,
    MergedInto,
    MergedFrom,
    Withdrawn,
    Marked,
    SurveyAsked,
    Surveyed {
        good: bool,
    },
    FollowedUp,
    Waived {
        agreement: usize,
        target: usize,
        cycle: u32,
    },
    /// One agreement moves to the next version of the policy.
    Rebound {
        agreement: usize,
    },
}

/// The name of the one mark.
pub const MARK: &str = "parts-ordered";

impl Ev {
    /// The name that policies write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::Classified { .. } => "classified",
            Self::Assigned => "assigned",
            Self::CustomerWrote => "customer-wrote",
            Self::Replied { .. } => "replied",
            Self::Noted => "noted",
            Self::Diagnosed => "diagnosed",
            Self::PlanProposed => "plan-proposed",
            Self::PlanAccepted => "plan-accepted",
            Self::PlanDisputed => "plan-disputed",
            Self::ProgressReported => "progress-reported",
            Self::VisitBooked { .. } => "visit-booked",
            Self::VisitConfirmed => "visit-confirmed",
            Self::VisitCancelled => "visit-cancelled",
            Self::Dispatched => "dispatched",
            Self::Arrived => "arrived",
            Self::Paused(_) => "paused",
            Self::Resumed(_) => "resumed",
            Self::Resolved => "resolved",
            Self::Reopened => "reopened",
            Self::Closed => "closed",
            Self::Declined => "declined",
            Self::MergedInto | Self::MergedFrom => "merged",
            Self::Withdrawn => "withdrawn",
            Self::Marked => MARK,
            Self::SurveyAsked => "survey-asked",
            Self::Surveyed { .. } => "surveyed",
            Self::FollowedUp => "followed-up",
            Self::Waived { .. } => "waived",
            Self::Rebound { .. } => "policy-bound",
        }
    }

    fn event(self, at: i64) -> TicketEvent {
        const NONE: Message<Box<str>> = Message::NONE;
        let text = || Personal::Plain(Box::<str>::from("-"));
        let class = |class: Option<usize>| class.map(|i| Class::new(CLASSES[i]).unwrap());
        let level = |level: Option<usize>| level.map(|i| Level::new(LEVELS[i]).unwrap());
        let reason = |i: usize| ReasonId::new(REASONS[i]).unwrap();
        match self {
            Self::Received {
                opener,
                class: c,
                level: l,
            } => TicketEvent::Received(Received {
                opener,
                class: class(c),
                level: level(l),
                ..Received::default()
            }),
            Self::Classified { class: c, level: l } => TicketEvent::Classified(Classified {
                class: class(c),
                level: level(l),
                ..Classified::default()
            }),
            Self::Assigned => TicketEvent::Assigned(Assigned::default()),
            Self::CustomerWrote => TicketEvent::CustomerWrote(NONE),
            Self::Replied { automatic } => TicketEvent::Replied(Replied {
                automatic,
                text: None,
            }),
            Self::Noted => TicketEvent::Noted(NONE),
            Self::Diagnosed => TicketEvent::Diagnosed(Diagnosed::default()),
            Self::PlanProposed => TicketEvent::PlanProposed(NONE),
            Self::PlanAccepted => TicketEvent::PlanAccepted(NONE),
            Self::PlanDisputed => TicketEvent::PlanDisputed(NONE),
            Self::ProgressReported => TicketEvent::ProgressReported(NONE),
            Self::VisitBooked { ahead } => TicketEvent::VisitBooked(VisitBooked {
                visit_at: instant(at + ahead * MINUTE),
                text: None,
            }),
            Self::VisitConfirmed => TicketEvent::VisitConfirmed(NONE),
            Self::VisitCancelled => TicketEvent::VisitCancelled(NONE),
            Self::Dispatched => TicketEvent::Dispatched(NONE),
            Self::Arrived => TicketEvent::Arrived(NONE),
            Self::Paused(i) => TicketEvent::Paused(Paused { reason: reason(i) }),
            Self::Resumed(i) => TicketEvent::Resumed(Resumed {
                reason: i.map(reason),
            }),
            Self::Resolved => TicketEvent::Resolved(Resolved::default()),
            Self::Reopened => TicketEvent::Reopened(NONE),
            Self::Closed => TicketEvent::Closed(NONE),
            Self::Declined => TicketEvent::Declined(Declined {
                text: None,
                alternative: text(),
            }),
            Self::MergedInto => TicketEvent::Merged(Merged {
                other: TicketId::new("2").unwrap(),
                side: MergeSide::Into,
            }),
            Self::MergedFrom => TicketEvent::Merged(Merged {
                other: TicketId::new("2").unwrap(),
                side: MergeSide::From,
            }),
            Self::Withdrawn => TicketEvent::Withdrawn(NONE),
            Self::Marked => TicketEvent::Marked(Marked {
                mark: MarkId::new(MARK).unwrap(),
                text: None,
            }),
            Self::SurveyAsked => TicketEvent::SurveyAsked(NONE),
            Self::Surveyed { good } => TicketEvent::Surveyed(Surveyed {
                satisfaction: if good {
                    Satisfaction::Satisfied
                } else {
                    Satisfaction::Dissatisfied
                },
                solved: None,
                attitude: None,
                speed: None,
                skill: None,
                text: None,
            }),
            Self::FollowedUp => TicketEvent::FollowedUp(FollowedUp {
                kind: FollowUp::SecondContact,
                text: None,
            }),
            Self::Waived {
                agreement,
                target,
                cycle,
            } => TicketEvent::Waived(Waived {
                agreement: AgreementId::new(AGREEMENTS[agreement]).unwrap(),
                target: TargetId::new(&format!("t{target}")).unwrap(),
                cycle,
                text: text(),
            }),
            Self::Rebound { agreement } => TicketEvent::PolicyBound(PolicyBound {
                agreement: AgreementId::new(AGREEMENTS[agreement]).unwrap(),
                policy: PolicyId::new("small").unwrap(),
                version: 2,
                calendars: BTreeMap::new(),
                cause: BindCause::Rebound,
            }),
        }
    }
}

/// One event of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Microseconds of UTC, on a whole minute.
    pub at: i64,
    /// The place in the order of recording, from 1.
    pub version: u64,
    pub ev: Ev,
    /// The role of whoever did it.
    pub role: Option<usize>,
}

pub fn instant(micros: i64) -> Instant {
    Instant::from_micros(micros).unwrap()
}

impl Entry {
    pub fn fact(&self) -> Fact {
        Fact::of(&self.recorded()).expect("people's events are facts")
    }

    fn recorded(&self) -> Recorded<TicketEvent> {
        let actor = self.role.map(|role| Actor {
            id: ActorId::new("someone").unwrap(),
            roles: Roles::one(RoleId::new(ROLES[role]).unwrap()),
        });
        Recorded {
            stream: StreamId::new("acme", "ticket", "1").unwrap(),
            version: Version::new(self.version),
            position: None,
            occurred_at: instant(self.at),
            recorded_at: instant(self.at),
            actor,
            subject: None,
            event: self.ev.event(self.at),
        }
    }
}

/// An event that moves a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trig {
    pub name: &'static str,
    /// Of `replied`: answers to automatic ones alone, or also.
    pub automatic: Option<Automatic>,
    /// Of `surveyed`.
    pub bad_only: bool,
    /// The role that must act.
    pub by: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automatic {
    Only,
    Also,
}

impl Trig {
    pub const fn plain(name: &'static str) -> Self {
        Self {
            name,
            automatic: None,
            bad_only: false,
            by: None,
        }
    }

    /// Whether it answers to an event.
    pub fn matches(&self, entry: &Entry) -> bool {
        let fields = match entry.ev {
            Ev::Replied { automatic } => match self.automatic {
                None => !automatic,
                Some(Automatic::Only) => automatic,
                Some(Automatic::Also) => true,
            },
            Ev::Surveyed { good } => !(self.bad_only && good),
            // C12 speaks of the ticket that ends.
            Ev::MergedFrom => false,
            _ => true,
        };
        self.name == entry.ev.name() && fields && (self.by.is_none() || self.by == entry.role)
    }

    fn toml(&self) -> String {
        let mut parts = vec![format!("event = \"{}\"", self.name)];
        match self.automatic {
            Some(Automatic::Only) => parts.push("when = { automatic = \"yes\" }".into()),
            Some(Automatic::Also) => parts.push("when = { automatic = [\"yes\", \"no\"] }".into()),
            None => {}
        }
        if self.bad_only {
            parts
                .push("when = { satisfaction = [\"dissatisfied\", \"very-dissatisfied\"] }".into());
        }
        if let Some(by) = self.by {
            parts.push(format!("by = \"{}\"", ROLES[by]));
        }
        if parts.len() == 1 {
            return format!("\"{}\"", self.name);
        }
        format!("{{ {} }}", parts.join(", "))
    }
}

/// Whether any of the triggers answers.
pub fn any(triggers: &[Trig], entry: &Entry) -> bool {
    triggers.iter().any(|trigger| trigger.matches(entry))
}

/// A condition on how the ticket is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cond {
    pub class: Option<usize>,
    pub level: Option<usize>,
    /// Whether the level is any other.
    pub other_level: bool,
}

/// How a ticket is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Judged {
    pub class: Option<usize>,
    pub level: Option<usize>,
}

impl Cond {
    pub fn holds(&self, judged: &Judged) -> bool {
        // The level of a ticket that nobody judged is the first.
        let level = judged.level.unwrap_or(0);
        self.class.is_none_or(|class| judged.class == Some(class))
            && self
                .level
                .is_none_or(|wanted| (level == wanted) != self.other_level)
    }

    fn toml(&self) -> String {
        let mut parts = Vec::new();
        if let Some(class) = self.class {
            parts.push(format!("class = \"{}\"", CLASSES[class]));
        }
        if let Some(level) = self.level {
            parts.push(if self.other_level {
                format!("level = {{ not = \"{}\" }}", LEVELS[level])
            } else {
                format!("level = \"{}\"", LEVELS[level])
            });
        }
        format!("{{ {} }}", parts.join(", "))
    }
}

/// A budget, in minutes or days. A range has a lower bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    Elapsed {
        lower: Option<i64>,
        most: i64,
    },
    Working {
        lower: Option<i64>,
        most: i64,
        on: Desk,
    },
    Days {
        lower: Option<i64>,
        most: i64,
    },
    WorkingDays {
        lower: Option<i64>,
        most: i64,
        on: Desk,
        same_time: bool,
    },
    LeadWall {
        ahead: i64,
    },
    LeadWorking {
        ahead: i64,
        on: Desk,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goal {
    pub when: Cond,
    pub within: Within,
}

fn range(lower: Option<i64>, most: i64, unit: &str) -> String {
    lower.map_or_else(
        || format!("within = \"{most}{unit}\""),
        |lower| format!("within = \"{lower}-{most}{unit}\""),
    )
}

impl Goal {
    fn toml(&self) -> String {
        let within = match self.within {
            Within::Elapsed { lower, most } => range(lower, most, "m"),
            Within::Working { lower, most, on } => {
                format!("{}, on = \"{on}\"", range(lower, most, "wm"))
            }
            Within::Days { lower, most } => range(lower, most, "d"),
            Within::WorkingDays {
                lower,
                most,
                on,
                same_time,
            } => format!(
                "{}, on = \"{on}\", at = \"{}\"",
                range(lower, most, "wd"),
                if same_time { "same-time" } else { "closing" }
            ),
            Within::LeadWall { ahead } => format!("within = \"{ahead}m before visit\""),
            Within::LeadWorking { ahead, on } => {
                format!("within = \"{ahead}wm before visit\", on = \"{on}\"")
            }
        };
        if self.when == Cond::default() {
            return format!("{{ {within} }}");
        }
        format!("{{ when = {}, {within} }}", self.when.toml())
    }

    pub const fn is_lead(&self) -> bool {
        matches!(
            self.within,
            Within::LeadWall { .. } | Within::LeadWorking { .. }
        )
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cycle {
    Once,
    Each,
    Restart { reset: Vec<Trig> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Retroactive,
    Carry,
    Forward,
    Reset,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reopen {
    Continue,
    WithGap,
    NewCycle,
    Stay,
}

/// A length on a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Len {
    Wall(i64),
    Working(i64, Option<Desk>),
    WorkingDays(i64, Option<Desk>),
}

impl Len {
    fn text(self) -> String {
        match self {
            Self::Wall(minutes) => format!("{minutes}m"),
            Self::Working(minutes, _) => format!("{minutes}wm"),
            Self::WorkingDays(days, _) => format!("{days}wd"),
        }
    }

    const fn on(self) -> Option<Desk> {
        match self {
            Self::Wall(_) => None,
            Self::Working(_, on) | Self::WorkingDays(_, on) => on,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Share(i64),
    Lower,
    Before(Len),
    Due,
    After(Len),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung {
    pub at: At,
    pub tell: usize,
    pub when: Cond,
    pub repeat: Option<(Len, u16)>,
}

impl Rung {
    fn toml(&self) -> String {
        let (at, mut on) = match self.at {
            At::Share(percent) => (format!("{percent}%"), None),
            At::Lower => ("lower".to_owned(), None),
            At::Before(len) => (format!("-{}", len.text()), len.on()),
            At::Due => ("due".to_owned(), None),
            At::After(len) => (format!("+{}", len.text()), len.on()),
        };
        let mut text = format!("{{ at = \"{at}\", tell = \"{}\"", ROLES[self.tell]);
        if self.when != Cond::default() {
            write!(text, ", when = {}", self.when.toml()).unwrap();
        }
        if let Some((every, most)) = self.repeat {
            write!(text, ", every = \"{}\", most = {most}", every.text()).unwrap();
            on = on.or(every.on());
        }
        if let Some(on) = on {
            write!(text, ", on = \"{on}\"").unwrap();
        }
        text.push_str(" }");
        text
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub start: Vec<Trig>,
    pub stop: Vec<Trig>,
    pub cancel: Vec<Trig>,
    pub cycle: Cycle,
    /// The target of the same agreement that is cycle 0, by its place.
    pub after: Option<usize>,
    pub goals: Vec<Goal>,
    /// Places of reasons.
    pub pause: Vec<usize>,
    pub mode: Mode,
    pub reopen: Reopen,
    pub new_cycle_after: Option<i64>,
    pub ladder: Vec<Rung>,
}

impl Target {
    pub fn goal(&self, judged: &Judged) -> Option<usize> {
        self.goals.iter().position(|goal| goal.when.holds(judged))
    }

    /// C10: customer messages start it.
    pub fn is_next_reply(&self) -> bool {
        self.start.iter().any(|trig| trig.name == "customer-wrote")
    }

    pub fn is_lead(&self) -> bool {
        self.goals.iter().any(Goal::is_lead)
    }
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub zone: Zone,
    /// Of the service agreement; then of the supplier's, which may have none.
    pub targets: [Vec<Target>; 2],
    /// By agreement, what cancels its clocks.
    pub cancel: [Vec<Trig>; 2],
    /// By reason, what ends it.
    pub resumes_on: [Vec<Trig>; 2],
}

fn triggers(list: &[Trig]) -> String {
    let texts: Vec<String> = list.iter().map(Trig::toml).collect();
    format!("[{}]", texts.join(", "))
}

impl Plan {
    pub fn toml(&self) -> String {
        let body = self.body();
        let mut text = format!(
            "policy = \"small\"\ntimezone = \"{}\"\ndefault-calendar = \"office\"\n",
            self.zone.name()
        );
        // A calendar costs milliseconds, so only those that are used are written.
        for (desk, calendar) in CALENDARS {
            if desk == Desk::Office || body.contains(&format!("\"{desk}\"")) {
                text.push_str(calendar);
            }
        }
        text.push_str(&body);
        text
    }

    /// What the small world's policies differ in.
    pub fn body(&self) -> String {
        let mut text = String::new();
        text.push_str("[class]\nvalues = [\"fault\", \"complaint\"]\n");
        text.push_str("[level]\nvalues = [\"general\", \"urgent\"]\norder = [\"general\", \"urgent\"]\ndefault = \"general\"\n");
        text.push_str("[role]\nagent = { label = \"Agent\", rank = 1 }\nboss = { label = \"Boss\", rank = 2 }\n");
        writeln!(text, "[mark]\n{MARK} = \"Parts ordered\"").unwrap();
        text.push_str("[pause]\n");
        for (reason, on) in REASONS.iter().zip(&self.resumes_on) {
            if on.is_empty() {
                writeln!(text, "{reason} = {{ label = \"{reason}\" }}").unwrap();
            } else {
                let on = triggers(on);
                writeln!(
                    text,
                    "{reason} = {{ label = \"{reason}\", resumes-on = {on} }}"
                )
                .unwrap();
            }
        }
        let usual = ["declined", "merged", "withdrawn"].map(Trig::plain);
        if self.cancel[0] != usual {
            writeln!(text, "[cancel]\non = {}", triggers(&self.cancel[0])).unwrap();
        }
        for (place, target) in self.targets[0].iter().enumerate() {
            target.toml(&format!("target.t{place}"), &mut text);
        }
        if !self.targets[1].is_empty() {
            text.push_str("[agreement.supplier]\nkind = \"supplier\"\n");
            if self.cancel[1] != self.cancel[0] {
                writeln!(text, "cancel = {}", triggers(&self.cancel[1])).unwrap();
            }
            for (place, target) in self.targets[1].iter().enumerate() {
                target.toml(&format!("agreement.supplier.target.t{place}"), &mut text);
            }
        }
        text
    }

    pub fn policy(&self) -> Policy {
        let text = self.toml();
        Policy::from_toml(&text).unwrap_or_else(|report| panic!("{text}\n{report}"))
    }
}

impl Target {
    fn toml(&self, name: &str, text: &mut String) {
        let goals: Vec<String> = self.goals.iter().map(Goal::toml).collect();
        let goals = goals.join(", ");
        writeln!(text, "[{name}]").unwrap();
        writeln!(text, "start = {}", triggers(&self.start)).unwrap();
        writeln!(text, "stop = {}", triggers(&self.stop)).unwrap();
        if !self.cancel.is_empty() {
            writeln!(text, "cancel = {}", triggers(&self.cancel)).unwrap();
        }
        match &self.cycle {
            Cycle::Once => writeln!(text, "cycle = \"once\"\ngoals = [{goals}]"),
            Cycle::Each => writeln!(text, "cycle = \"each\"\ngoals = [{goals}]"),
            Cycle::Restart { reset } => {
                writeln!(text, "every = [{goals}]\nreset = {}", triggers(reset))
            }
        }
        .unwrap();
        if let Some(after) = self.after {
            writeln!(text, "after = \"t{after}\"").unwrap();
        }
        if !self.pause.is_empty() {
            let names: Vec<String> = self
                .pause
                .iter()
                .map(|reason| format!("\"{}\"", REASONS[*reason]))
                .collect();
            writeln!(text, "pause = [{}]", names.join(", ")).unwrap();
        }
        let mode = match self.mode {
            Mode::Retroactive => "retroactive",
            Mode::Carry => "carry",
            Mode::Forward => "forward",
            Mode::Reset => "reset",
        };
        writeln!(text, "reclassify = \"{mode}\"").unwrap();
        let reopen = match self.reopen {
            Reopen::Continue => "mode = \"continue\"",
            Reopen::WithGap => "mode = \"continue\", gap = \"included\"",
            Reopen::NewCycle => "mode = \"new-cycle\"",
            Reopen::Stay => "mode = \"stay\"",
        };
        match self.new_cycle_after {
            Some(days) => writeln!(
                text,
                "reopen = {{ {reopen}, new-cycle-after = \"{days}d\" }}"
            ),
            None => writeln!(text, "reopen = {{ {reopen} }}"),
        }
        .unwrap();
        if !self.ladder.is_empty() {
            let rungs: Vec<String> = self.ladder.iter().map(Rung::toml).collect();
            writeln!(text, "ladder = [{}]", rungs.join(", ")).unwrap();
        }
    }
}

/// A policy, perhaps its next version, and several histories of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worlds {
    pub plan: Plan,
    pub next: Option<Plan>,
    pub histories: Vec<(i64, Vec<Entry>)>,
}

impl Worlds {
    pub fn each(&self) -> impl Iterator<Item = World> {
        self.histories.iter().map(|(around, entries)| World {
            plan: self.plan.clone(),
            next: self.next.clone(),
            entries: entries.clone(),
            around: *around,
        })
    }
}

/// The versions of a policy, compiled.
#[derive(Debug)]
pub struct Versions {
    pub first: Policy,
    next: Option<Policy>,
    book: PolicyBook,
}

impl Versions {
    pub fn of(plan: &Plan, next: Option<&Plan>) -> Self {
        let first = plan.policy();
        let next = next.map(|next| {
            let document = Document::parse(&next.toml(), Notation::Toml).unwrap();
            document.revise(&first).unwrap()
        });
        let book = [Some(first.clone()), next.clone()];
        Self {
            first,
            next,
            book: book.into_iter().flatten().collect(),
        }
    }

    fn binding(&self, version: usize, agreement: &AgreementId) -> PolicyBound {
        let next = self.next.as_ref().filter(|_| version > 0);
        let events = supervision::rebind::<Box<str>>(next.unwrap_or(&self.first));
        let bound = events.into_iter().find_map(|event| match event {
            TicketEvent::PolicyBound(bound) if bound.agreement == *agreement => Some(bound),
            _ => None,
        });
        bound.unwrap()
    }

    /// What applies to a ticket: the one version, or what its events say.
    pub fn bindings(&self, timeline: &Timeline, now: Instant) -> Bindings<'_> {
        if self.next.is_none() {
            return Bindings::to(&self.first);
        }
        Bindings::recorded(timeline, &self.book, now).unwrap()
    }
}

/// A policy and a history in the order of recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    pub plan: Plan,
    /// What a rebind moves to.
    pub next: Option<Plan>,
    pub entries: Vec<Entry>,
    /// The first date, in days since 1970.
    pub around: i64,
}

impl World {
    /// The facts in the order in which they happened, up to an instant.
    pub fn facts(&self, now: i64) -> Vec<Entry> {
        let mut facts: Vec<Entry> = self
            .entries
            .iter()
            .copied()
            .filter(|entry| entry.at <= now)
            .collect();
        facts.sort_by_key(|entry| (entry.at, entry.version));
        facts
    }

    /// The plan of a version, from 0.
    pub fn version(&self, version: usize) -> &Plan {
        match &self.next {
            Some(next) if version > 0 => next,
            _ => &self.plan,
        }
    }

    /// All that happened, in the order of recording; where the policy has versions, with what the
    /// engine records of them.
    pub fn ticket(&self, versions: &Versions) -> Ticket {
        let mut ticket = Ticket::default();
        for entry in &self.entries {
            let mut recorded = entry.recorded();
            if let TicketEvent::PolicyBound(bound) = &mut recorded.event {
                *bound = versions.binding(1, &bound.agreement);
            }
            ticket.apply(&recorded);
        }
        if versions.next.is_some() {
            let last = self.entries.last().unwrap();
            for (version, agreement) in (last.version + 1..).zip(versions.first.agreements()) {
                let bound = versions.binding(0, &agreement.id);
                ticket.apply(&Recorded {
                    version: Version::new(version),
                    // It applies from the beginning, before any other binding.
                    occurred_at: instant(self.entries[0].at - 1),
                    event: TicketEvent::PolicyBound(bound),
                    ..last.recorded()
                });
            }
        }
        ticket
    }
}
