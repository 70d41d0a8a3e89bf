//! From the receipt to the first contact, and the talk that goes on beside the work.

use punctual::event::Actor;
use punctual::ticket::{
    Acknowledged, Action, Assigned, Classified, Fields, Opener, Received, Replied, Waived,
};
use punctual::time::{Instant, WallTime};

use super::story::{Story, later};
use super::words::{self, message, personal};
use crate::name;

impl Story<'_> {
    /// Tells the intake; returns when the customer was first contacted.
    pub(super) fn intake(&mut self) -> Instant {
        self.receive();
        self.acknowledge();
        let contact = self.meet("first-response", self.received_at);
        let judged_at = self.between(self.received_at, contact).min(contact);
        self.judge(judged_at, contact);
        let greeting = self.greeting();
        self.reply(contact, greeting);
        contact
    }

    pub(super) fn receive(&mut self) {
        let text = self.request();
        let by_desk = matches!(self.channel, "phone" | "counter");
        let opener = if by_desk && self.draw.chance(80) {
            Opener::Agent
        } else {
            Opener::Customer
        };
        // Whoever answers the phone asks how bad it is; a form asks for the kind only.
        let class_known = by_desk || self.draw.chance(700);
        let urgent_known = by_desk && self.level == "urgent";
        let receive = Action::Receive(Received {
            opener,
            class: class_known.then(|| name(self.class)),
            level: urgent_known.then(|| name(self.level)),
            fields: Fields::new(),
            channel: Some(name(self.channel)),
            product: Some(name(self.model.code)),
            purchased_on: Some(self.purchased_on),
            text: Some(personal(text)),
        });
        let actor = if by_desk {
            self.draw.pick(&self.house().staff().specialists).clone()
        } else {
            self.house().staff().customer.clone()
        };
        self.say(self.received_at, &actor, receive);
    }

    fn request(&mut self) -> String {
        let said = match self.class {
            "enquiry" => self.text(&words::QUESTIONS).to_owned(),
            "suggestion" => self.text(&words::SUGGESTIONS).to_owned(),
            "complaint" => self.text(&words::GRIEVANCES).to_owned(),
            "return" | "exchange" => self.text(&words::RETURN_REASONS).to_owned(),
            "installation" => "货已经到了，请安排上门安装。".to_owned(),
            _ => format!("{}。", self.fault.shows),
        };
        let (customer, model) = (&self.customer, self.model);
        format!(
            "{}（{}，{}）反映{} {}：{said}",
            customer.name, customer.phone, customer.address, model.noun, model.code
        )
    }

    /// A program says that the request arrived; when the program is down, a person does.
    pub(super) fn acknowledge(&mut self) {
        let after = if self.channel == "phone" || self.channel == "counter" {
            0 // while the customer is still there
        } else if self.keeps_promise() {
            self.draw.spread(2, 120)
        } else {
            self.draw.spread(360, 5_400)
        };
        let minutes = self.draw.pick(&[30, 60, 120]);
        let acknowledge = Action::Acknowledge(Acknowledged {
            starts_in: Some(WallTime::from_minutes(*minutes)),
        });
        let program = self.house().program("intake");
        self.tell(later(self.received_at, after), &program, acknowledge);
    }

    /// Judges and assigns, in one stroke.
    fn judge(&mut self, at: Instant, contact: Instant) {
        let specialist = self.draw.pick(&self.house().staff().specialists).clone();
        let classify = Action::Classify(Classified {
            class: self.status.class.clone(),
            level: self.status.level.clone(),
            fields: self.status.fields.clone(),
            in_scope: None,
        });
        self.tell(at, &specialist, classify);
        let team = match self.class {
            "complaint" => "complaints",
            "return" | "exchange" => "returns",
            "installation" => "installation",
            "fault" | "repair" => "repair",
            _ => "service-desk",
        };
        let owner = self.owner.clone();
        if self.draw.chance(350) {
            // The team takes it from its list a little later.
            self.assign(at, &specialist, None, team);
            let taken = self.between(at, contact).min(contact);
            self.assign(taken, &owner, Some(&owner), team);
        } else {
            self.assign(at, &specialist, Some(&owner), team);
        }
    }

    /// Hands the ticket to a team, and to somebody of it.
    pub(super) fn assign(&mut self, at: Instant, by: &Actor, owner: Option<&Actor>, team: &str) {
        let assign = Action::Assign(Assigned {
            owner: owner.map(|owner| owner.id.clone()),
            team: Some(name(team)),
        });
        self.tell(at, by, assign);
    }

    fn greeting(&self) -> String {
        let name = &self.customer.name;
        match self.class {
            "enquiry" => format!("{name}您好，您咨询的问题说明如下，操作步骤已发到您的手机。"),
            "suggestion" => format!("{name}您好，感谢您的建议，已转产品部门。"),
            "complaint" => format!("{name}您好，非常抱歉给您带来不便，我来负责您的投诉。"),
            _ => format!(
                "{name}您好，您的{}问题已受理，接下来由我跟进。",
                self.model.noun
            ),
        }
    }

    /// Answers the customer.
    pub(super) fn reply(&mut self, at: Instant, text: impl Into<String>) {
        let reply = Action::Reply(Replied {
            automatic: false,
            text: Some(personal(text)),
        });
        let owner = self.owner.clone();
        self.say(at, &owner, reply);
    }

    /// The customer writes, and is answered.
    pub(super) fn chase(&mut self, at: Instant) {
        let customer = self.house().staff().customer.clone();
        let faulty = matches!(self.class, "fault" | "repair") && self.draw.chance(400);
        let asked = self.text(if faulty {
            &words::FAULTY
        } else {
            &words::CHASES
        });
        let answered = self.text(&words::ANSWERS);
        self.say(at, &customer, Action::HearCustomer(message(asked)));
        let at = self.meet("next-reply", at);
        self.reply(at, answered);
    }

    /// Talk and notes while the work goes on.
    pub(super) fn chatter(&mut self, from: Instant, to: Instant) {
        let chases = *self.draw.weighted(&[(60, 0), (25, 1), (10, 2), (5, 3)]);
        // Nobody waits for what becomes of a suggestion.
        let chases = if self.class == "suggestion" {
            0
        } else {
            chases
        };
        for _ in 0..chases {
            let at = self.between(from, to);
            self.chase(at);
        }
        let notes = *self.draw.weighted(&[(40, 0), (30, 1), (20, 2), (10, 4)]);
        for _ in 0..notes {
            let at = self.between(from, to);
            self.note(at);
        }
    }

    /// The general manager lets one promise go.
    pub(super) fn waive(&mut self, at: Instant) {
        let targets = ["first-response", "plan", "progress", "repair-arrival"];
        let target = *self.draw.pick(&targets);
        let waive = Action::Waive(Waived {
            agreement: name("service"),
            target: name(target),
            cycle: 1,
            text: personal("台风红色预警，全市停止上门作业，经批准免除本次时限。"),
        });
        let manager = self.house().staff().general_manager.clone();
        self.say(at, &manager, waive);
    }
}
