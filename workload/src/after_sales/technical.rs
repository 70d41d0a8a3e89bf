//! The work itself: diagnosis, plan, remedy.

use punctual::event::Actor;
use punctual::ticket::{
    Action, Classified, Declined, Diagnosed, Marked, Message, Paused, Resolved, Resumed,
};
use punctual::time::Instant;

use super::story::{Story, later, seconds_between};
use super::words::{self, message, personal};
use crate::figures::UCI;
use crate::name;
use crate::quantiles::Quantiles;

/// How the work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// A remedy was carried out: when, and how.
    Resolved(Instant, Method),
    /// Declined or withdrawn: there is nothing to resolve.
    Over(Instant),
}

/// How it was resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Remote,
    OnSite,
    Replacement,
    Other,
    /// Nothing had to be done but to answer.
    Untold,
}

impl Method {
    const fn word(self) -> Option<&'static str> {
        match self {
            Self::Remote => Some("remote"),
            Self::OnSite => Some("on-site"),
            Self::Replacement => Some("replacement"),
            Self::Other => Some("other"),
            Self::Untold => None,
        }
    }
}

/// The longest that a remedy takes: what waits longer is closed as something else.
const LONGEST: u64 = 45 * 86_400;

/// How long a customer takes to answer or to send what was asked for: measured waits of tickets that
/// were paused.
const CUSTOMER_WAITS: &Quantiles = &UCI.waits[5];

impl Story<'_> {
    /// Tells the work after the first contact.
    pub(super) fn work(&mut self, contact: Instant) -> End {
        if self.draw.chance(25) {
            return self.withdraw(contact);
        }
        match self.class {
            "enquiry" | "suggestion" => self.talk(contact),
            "fault" | "repair" => self.repair(contact),
            "complaint" => self.complaint(contact),
            "installation" => self.installation(contact),
            _ => self.goods_back(contact),
        }
    }

    fn withdraw(&mut self, contact: Instant) -> End {
        let at = self.awake(contact, 120, 20_000);
        let customer = self.house().staff().customer.clone();
        let text = "不用了，已经自己弄好了。";
        self.say(at, &customer, Action::Withdraw(message(text)));
        End::Over(at)
    }

    /// Enquiries and suggestions: talk, and sometimes a wait for the customer.
    fn talk(&mut self, contact: Instant) -> End {
        let resolved = if self.draw.chance(550) {
            later(contact, self.draw.spread(60, 1_200))
        } else {
            let resolved = self.remedy_at(contact, None);
            self.waits_for_customer(contact, resolved);
            resolved
        };
        self.chatter(contact, resolved);
        let guided = self.class == "enquiry" && self.draw.chance(400);
        self.resolve(
            resolved,
            if guided {
                Method::Remote
            } else {
                Method::Untold
            },
        )
    }

    fn repair(&mut self, contact: Instant) -> End {
        let diagnosed = self.diagnose(contact);
        let age = seconds_between(midnight(self.purchased_on), self.received_at) / 86_400;
        if age > 1_095 && self.draw.chance(400) {
            return self.decline(
                diagnosed,
                "已过三年保修期，且非产品缺陷，本次不在免费范围内。",
            );
        }
        let on_site = if self.class == "repair" { 720 } else { 400 };
        if self.draw.chance(on_site) {
            let plan = "安排维修人员上门更换故障件，工时与配件费用全免。";
            let accepted = self.agree(diagnosed, plan);
            return self.on_site(accepted);
        }
        let (method, plan) = if self.draw.chance(700) {
            (Method::Remote, "由工程师电话指导操作，无需上门。")
        } else {
            (Method::Replacement, "寄送同型号新机，旧机由快递取回。")
        };
        let accepted = self.agree(diagnosed, plan);
        let resolved = self.remedy_at(accepted, None);
        self.waits_for_customer(accepted, resolved);
        self.progress(accepted, resolved);
        self.chatter(contact, resolved);
        self.resolve(resolved, method)
    }

    fn complaint(&mut self, contact: Instant) -> End {
        let diagnosed = self.diagnose(contact);
        let accepted = self.agree(diagnosed, "安排专人一次解决，并书面致歉。");
        let resolved = self.remedy_at(accepted, Some("complaint-solved"));
        self.waits_for_customer(accepted, resolved);
        if self.draw.chance(400) {
            self.compensate(accepted, resolved);
        }
        self.progress(accepted, resolved);
        self.chatter(contact, resolved);
        self.resolve(resolved, Method::Other)
    }

    /// A technician calls, or finds the cause at once.
    fn diagnose(&mut self, contact: Instant) -> Instant {
        let technician = self
            .draw
            .pick(&self.house().staff().technical_supervisors)
            .clone();
        let mut at = self
            .meet("diagnosis", self.received_at)
            .max(later(contact, 30));
        if self.draw.chance(300) {
            self.mark(at, &technician, "technical-contact");
            at = self.soon(at, 300, 7_200);
        }
        let text = format!(
            "复现故障：{}；原因代码 {}。",
            self.fault.shows, self.fault.cause
        );
        let diagnose = Action::Diagnose(Diagnosed {
            cause: Some(name(self.fault.cause)),
            text: Some(personal(text)),
        });
        self.say(at, &technician, diagnose);
        self.perhaps_typed_in_later();
        if self.level == "general" && self.draw.chance(30) {
            self.worse_than_thought(at, &technician);
        }
        at
    }

    /// The level was judged too low: a core function is lost after all.
    fn worse_than_thought(&mut self, at: Instant, by: &Actor) {
        self.level = "major";
        self.status.level = Some(name("major"));
        self.tell(
            at,
            by,
            Action::Classify(Classified {
                level: self.status.level.clone(),
                ..Classified::default()
            }),
        );
        self.owner = by.clone();
        self.assign(at, by, Some(by), "repair");
    }

    /// Out of scope: explained, with an alternative.
    pub(super) fn decline(&mut self, after: Instant, why: &'static str) -> End {
        let at = self.soon(after, 120, 5_400);
        let judge = Classified {
            in_scope: Some(false),
            ..Classified::default()
        };
        let owner = self.owner.clone();
        self.tell(at, &owner, Action::Classify(judge));
        let decline = Action::Decline(Declined {
            text: Some(personal(why)),
            alternative: personal("可选付费维修（报价已发短信），或以旧换新立减三百元。"),
        });
        self.say(at, &owner, decline);
        End::Over(at)
    }

    /// Plans until the customer accepts one; returns when that was.
    pub(super) fn agree(&mut self, diagnosed: Instant, plan: &'static str) -> Instant {
        let (owner, customer) = (self.owner.clone(), self.house().staff().customer.clone());
        let mut from = diagnosed;
        for round in 0_u32.. {
            let told = self.meet("plan", from);
            let which = if round == 0 {
                "处理方案"
            } else {
                "调整后的方案"
            };
            let text = format!("{}您好，{which}：{plan}", self.customer.name);
            self.say(told, &owner, Action::ProposePlan(message(text)));
            let answered = self.answer(told);
            if round == 2 || !self.draw.chance(90) {
                self.tell(answered, &customer, Action::AcceptPlan(Message::NONE));
                return answered;
            }
            let dispute = self.text(&words::DISPUTES);
            self.say(answered, &customer, Action::DisputePlan(message(dispute)));
            from = answered;
        }
        from
    }

    /// The customer answers: most at once, some in days. Then the ticket waits for them.
    fn answer(&mut self, asked: Instant) -> Instant {
        if self.draw.chance(800) {
            return self.awake(asked, 30, 7_200);
        }
        let answered = self.awake(asked, 14_400, 200_000);
        let paused = later(asked, self.draw.between(60, 1_800));
        self.pause(paused, "awaiting-customer");
        let customer = self.house().staff().customer.clone();
        let text = "刚看到短信。";
        self.say(answered, &customer, Action::HearCustomer(message(text)));
        if self.draw.chance(400) {
            self.resume(answered, "awaiting-customer");
        }
        let replied = self.meet("next-reply", answered);
        self.reply(replied, "您的答复已收到，马上安排。");
        answered
    }

    pub(super) fn pause(&mut self, at: Instant, reason: &str) {
        let owner = self.owner.clone();
        let reason = name(reason);
        self.tell(at, &owner, Action::Pause(Paused { reason }));
    }

    pub(super) fn resume(&mut self, at: Instant, reason: &str) {
        let owner = self.owner.clone();
        let reason = Some(name(reason));
        self.tell(at, &owner, Action::Resume(Resumed { reason }));
    }

    pub(super) fn mark(&mut self, at: Instant, by: &Actor, mark: &str) {
        let mark = Action::Mark(Marked {
            mark: name(mark),
            text: None,
        });
        self.tell(at, by, mark);
    }

    /// When the remedy is done: some time after everything is ready for it. Durations are those of
    /// a measured desk, minutes or days; serious faults are quicker, and a target's budget bounds
    /// those that the desk keeps.
    pub(super) fn remedy_at(&mut self, ready: Instant, target: Option<&str>) -> Instant {
        let divisor = match self.level {
            "urgent" => 8,
            "major" => 3,
            _ => 1,
        };
        let drawn = UCI.resolved.draw(&mut self.draw).min(LONGEST) / divisor;
        let promised = target.and_then(|target| {
            let kept = self.keeps_promise();
            let edge = if kept { 960 } else { 1_050 };
            let edge = self.meet_at(target, self.received_at, edge)?;
            Some((kept, edge))
        });
        let wanted = later(self.received_at, drawn);
        let wanted = match promised {
            Some((true, edge)) => wanted.min(edge),
            Some((false, edge)) => wanted.max(edge),
            None => wanted,
        };
        if wanted <= ready {
            return self.soon(ready, 120, 3_600);
        }
        if self.house().office().is_open(wanted) {
            wanted
        } else {
            self.soon(wanted, 120, 5_400)
        }
    }

    /// Sometimes the work waits for the customer; a good part of such waits ends with the remedy.
    pub(super) fn waits_for_customer(&mut self, from: Instant, to: Instant) {
        if seconds_between(from, to) < 14_400 || !self.draw.chance(350) {
            return;
        }
        let paused = self.between(from, to);
        self.pause(paused, "awaiting-customer");
        let heard = later(paused, CUSTOMER_WAITS.draw(&mut self.draw).max(60));
        if heard < to {
            let customer = self.house().staff().customer.clone();
            let text = "材料已经准备好，发过去了。";
            self.say(heard, &customer, Action::HearCustomer(message(text)));
            if self.draw.chance(500) {
                self.resume(heard, "awaiting-customer");
            }
            let replied = self.meet("next-reply", heard);
            self.reply(replied, "收到，马上继续处理。");
        }
    }

    /// Tells the customer how it goes, until it is done.
    pub(super) fn progress(&mut self, accepted: Instant, until: Instant) {
        let owner = self.owner.clone();
        let mut last = accepted;
        for _ in 0..60 {
            let part = if self.keeps_promise() {
                self.draw.between(500, 960)
            } else {
                self.draw.between(1_050, 2_000)
            };
            let at = self.meet_at("progress", last, part);
            let Some(at) = at
                .map(|at| at.max(later(last, 60)))
                .filter(|at| *at < until)
            else {
                return;
            };
            let text = self.text(&words::PROGRESS);
            self.say(at, &owner, Action::ReportProgress(message(text)));
            last = at;
        }
    }

    /// The remedy is carried out.
    pub(super) fn resolve(&mut self, at: Instant, method: Method) -> End {
        let text = match method {
            Method::Remote => "电话指导客户完成操作，已恢复正常。",
            Method::OnSite => "上门更换故障件，试机正常。",
            Method::Replacement => "已更换新机并取回旧机。",
            Method::Other => "按约定方案处理完毕，客户确认。",
            Method::Untold => "已答复。",
        };
        let resolve = Action::Resolve(Resolved {
            method: method.word().map(name),
            text: Some(personal(text)),
        });
        let owner = self.owner.clone();
        self.say(at, &owner, resolve);
        End::Resolved(at, method)
    }
}

/// The first instant of a date, near enough for counting days.
fn midnight(date: punctual::time::CivilDate) -> Instant {
    let start = date.date().and_time(chrono::NaiveTime::MIN).and_utc();
    Instant::try_from(start).unwrap_or(Instant::MIN)
}
