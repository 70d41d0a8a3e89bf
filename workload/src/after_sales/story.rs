//! One ticket as it is being told.

use punctual::event::{Actor, Class, Kind, Level, TicketId};
use punctual::ticket::{Action, Command, MergeSide, Merged, Status};
use punctual::time::{CivilDate, Instant, Span};

use super::catalogue::{Fault, MODELS, Model};
use super::customer::Customer;
use super::house::House;
use super::plan::{Plan, Planned, ticket_id};
use super::words::{self, message};
use super::{AfterSales, SHANGHAI};
use crate::arrivals::DAY;
use crate::draw::{Draw, Purpose};
use crate::name;

/// The instant so many seconds later; the last one there is, where there is none.
pub(super) fn later(at: Instant, seconds: u64) -> Instant {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    let length = Span::from_seconds(seconds).unwrap_or(Span::DAY);
    at.checked_add(length).unwrap_or(Instant::MAX)
}

/// Whole seconds from one instant to a later one; zero for an earlier one.
pub(super) fn seconds_between(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.since(from).whole_seconds()).unwrap_or(0)
}

/// A ticket that is being told: who it is about, and what has been told so far.
pub(super) struct Story<'a> {
    pub(super) workload: &'a AfterSales,
    pub(super) draw: Draw,
    number: u32,
    pub(super) customer: Customer,
    pub(super) received_at: Instant,
    pub(super) model: &'static Model,
    pub(super) fault: &'static Fault,
    pub(super) channel: &'static str,
    pub(super) class: &'static str,
    pub(super) level: &'static str,
    pub(super) purchased_on: CivilDate,
    /// As the ticket is judged: what its promises are looked up by.
    pub(super) status: Status,
    pub(super) owner: Actor,
    steps: Vec<Planned>,
}

/// What is asked for, in parts of a hundred. Ours: no log of after-sales work was found.
const CLASSES: &[(u32, &str)] = &[
    (27, "enquiry"),
    (26, "fault"),
    (14, "repair"),
    (10, "complaint"),
    (8, "return"),
    (7, "installation"),
    (5, "exchange"),
    (3, "suggestion"),
];

/// How serious faults are. Ours, near the shares of the upper priorities in the measured logs.
const LEVELS: &[(u32, &str)] = &[(81, "general"), (15, "major"), (4, "urgent")];

/// How requests come in: ours, with a third by phone and the rest mostly online, as cities report.
const CHANNELS: &[(u32, &str)] = &[
    (37, "phone"),
    (31, "chat"),
    (13, "social"),
    (11, "mail"),
    (8, "counter"),
];

impl<'a> Story<'a> {
    /// Begins the ticket `number`, with the customer and the product of the ticket `like`: another
    /// one where a request is made twice.
    pub(super) fn new(workload: &'a AfterSales, number: u32, like: u32) -> Self {
        let mut draw = Draw::new(workload.seed, Purpose::Story, u64::from(like));
        let pool = u64::from(workload.options.tickets) * 4 / 5;
        let customer = Customer::new(workload.seed, draw.below(pool) + 1);
        let model = draw.weighted(MODELS);
        let fault = draw.weighted(model.faults);
        let (class, channel) = (*draw.weighted(CLASSES), *draw.weighted(CHANNELS));
        let level = match class {
            "fault" | "repair" | "complaint" => *draw.weighted(LEVELS),
            _ => "general",
        };
        let received_at = workload.arrival(number);
        let shut = !workload.house.office().is_open(received_at);
        let channel = if channel == "counter" && shut {
            "chat"
        } else {
            channel
        };
        let purchased_on = bought(&mut draw, received_at, class);
        let owner = owner(&mut draw, &workload.house, level);
        let mut status = Status::default();
        status.class = Some(name::<Class>(class));
        status.level = Some(name::<Level>(level));
        if class == "complaint" {
            let complexity = if draw.chance(300) {
                "complex"
            } else {
                "simple"
            };
            status.fields.insert(name("complexity"), name(complexity));
        }
        Self {
            workload,
            draw,
            number,
            customer,
            received_at,
            model,
            fault,
            channel,
            class,
            level,
            purchased_on,
            status,
            owner,
            steps: Vec::new(),
        }
    }

    pub(super) fn house(&self) -> &'a House {
        &self.workload.house
    }

    /// Tells the whole story.
    pub(super) fn told(mut self) -> Plan {
        let contact = self.intake();
        let end = self.work(contact);
        self.aftermath(contact, end);
        self.plan()
    }

    /// Tells a request that was made before: it goes into the first one.
    pub(super) fn duplicate(mut self, first: &TicketId, at: Instant) -> Plan {
        // Its own luck from here on: only the person and the product are the same.
        let number = u64::from(self.number);
        self.draw = Draw::new(self.workload.seed, Purpose::Story, number);
        self.receive();
        self.acknowledge();
        let program = self.house().program("dedupe");
        let text = format!("与 {first} 为同一客户同一问题，合并处理。");
        self.say(at, &program, Action::Note(message(text)));
        let merge = Action::Merge(Merged {
            other: first.clone(),
            side: MergeSide::Into,
        });
        self.tell(at, &program, merge);
        self.plan()
    }

    fn plan(mut self) -> Plan {
        // Stable: what was told first stays first where instants are the same.
        self.steps.sort_by_key(|step| step.at);
        Plan {
            number: self.number,
            ticket: ticket_id(self.number),
            customer: self.customer.id,
            steps: self.steps,
        }
    }

    /// Tells something without personal data.
    pub(super) fn tell(&mut self, at: Instant, actor: &Actor, action: Action) {
        let command = Command::new(action, at, actor.clone());
        self.steps.push(Planned { at, command });
    }

    /// Tells something that carries the customer's data.
    pub(super) fn say(&mut self, at: Instant, actor: &Actor, action: Action) {
        let command = Command::new(action, at, actor.clone()).about(self.customer.id.clone());
        self.steps.push(Planned { at, command });
    }

    /// Now and then what was told last, and nothing else depends on, is typed in the next day only.
    pub(super) fn perhaps_typed_in_later(&mut self) {
        if !self.draw.chance(25) {
            return;
        }
        let at = self.steps.last().map_or(self.received_at, |step| step.at);
        let typed = self.soon(later(at, 3_600), 600, 28_800);
        if let Some(step) = self.steps.last_mut() {
            step.at = typed;
        }
    }

    /// Some time of opening hours later, in seconds.
    pub(super) fn soon(&mut self, from: Instant, least: u64, most: u64) -> Instant {
        let seconds = self.draw.spread(least, most);
        self.house().worked(from, seconds).max(from)
    }

    /// Some time later on the wall, but when people are awake: a customer's answer.
    pub(super) fn awake(&mut self, from: Instant, least: u64, most: u64) -> Instant {
        let at = later(from, self.draw.spread(least, most));
        let second = second_of_day(at);
        let wait = match second {
            early if early < MORNING => MORNING - early,
            late if late >= NIGHT => DAY - late + MORNING,
            _ => return at,
        };
        let wait = u64::try_from(wait).unwrap_or(0);
        later(at, wait + self.draw.below(7_200))
    }

    /// An instant between two, within opening hours where there are some.
    pub(super) fn between(&mut self, from: Instant, to: Instant) -> Instant {
        let open = self.house().open_between(from, to);
        if open > 120 {
            let seconds = self.draw.between(1, open - 1);
            return self.house().worked(from, seconds);
        }
        let seconds = self.draw.below(seconds_between(from, to) + 1);
        later(from, seconds)
    }

    /// The kinds that were told so far and their instants: for whoever has to come after them.
    pub(super) fn last_at(&self) -> Instant {
        let occurred = self.steps.iter().map(|step| step.command.occurred_at);
        occurred.max().unwrap_or(self.received_at)
    }

    /// Takes back what was planned for that instant or later, but for what the customer says.
    pub(super) fn forget_from(&mut self, at: Instant) {
        self.steps.retain(|step| {
            step.command.occurred_at < at || step.command.action.kind() == Kind::CustomerWrote
        });
    }

    /// Takes back what was planned of one kind from that instant on.
    pub(super) fn retract(&mut self, kind: Kind, from: Instant) {
        self.steps
            .retain(|step| step.command.occurred_at < from || step.command.action.kind() != kind);
    }

    /// Whether something of that kind was told before.
    pub(super) fn has(&self, kind: Kind) -> bool {
        let mut kinds = self.steps.iter().map(|step| step.command.action.kind());
        kinds.any(|known| known == kind)
    }

    /// Picks a text.
    pub(super) fn text(&mut self, from: &[&'static str]) -> &'static str {
        self.draw.pick::<&str>(from)
    }

    /// An internal note.
    pub(super) fn note(&mut self, at: Instant) {
        let (text, owner) = (self.text(&words::NOTES), self.owner.clone());
        self.say(at, &owner, Action::Note(message(text)));
    }
}

/// Half past seven and half past ten, local time: between them people are awake.
const MORNING: i64 = 7 * 3_600 + 1_800;
const NIGHT: i64 = 22 * 3_600 + 1_800;

/// The second of the local day.
fn second_of_day(at: Instant) -> i64 {
    (at.micros() / 1_000_000 + SHANGHAI).rem_euclid(DAY)
}

/// The last hour before the night in which an instant lies; `None` by day.
pub(super) fn evening_before(at: Instant) -> Option<Instant> {
    let second = second_of_day(at);
    let back = match second {
        early if early < MORNING => early + DAY - NIGHT,
        late if late >= NIGHT => late - NIGHT,
        _ => return None,
    };
    let back = back + 3_600 - second % 3_600;
    at.checked_sub(Span::from_seconds(back).ok()?).ok()
}

/// When it was bought: recently, where it is to be returned or installed; within six years for the
/// rest.
fn bought(draw: &mut Draw, received_at: Instant, class: &str) -> CivilDate {
    let days = match class {
        "return" | "exchange" | "installation" => draw.between(1, 20),
        "fault" | "repair" | "complaint" => draw.spread(2, 2_000),
        _ => draw.spread(1, 900),
    };
    let local = received_at.to_datetime().naive_utc() + chrono::TimeDelta::seconds(SHANGHAI);
    CivilDate::from(local.date() - chrono::Days::new(days))
}

/// Owners by level, as the house rules say.
fn owner(draw: &mut Draw, house: &House, level: &str) -> Actor {
    let staff = house.staff();
    match level {
        "urgent" => staff.manager.clone(),
        "major" => draw.pick(&staff.technical_supervisors).clone(),
        _ => draw.pick(&staff.specialists).clone(),
    }
}
