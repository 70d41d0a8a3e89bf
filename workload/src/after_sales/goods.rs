//! Returns, exchanges, deliveries.

use punctual::ticket::{Action, Message};
use punctual::time::Instant;

use super::story::{Story, later};
use super::technical::{End, Method};
use super::words::message;

impl Story<'_> {
    /// Request, review, arrangement, tracking.
    pub(super) fn goods_back(&mut self, contact: Instant) -> End {
        let owner = self.owner.clone();
        let reviewed = self
            .meet("return-review", self.received_at)
            .max(later(contact, 60));
        if self.draw.chance(100) {
            return self.decline(reviewed, "已使用超过七天，且无质量问题，不符合退换条件。");
        }
        self.tell(reviewed, &owner, Action::ApproveReturn(Message::NONE));
        let arranged = self.meet("return-arrangement", reviewed);
        let text = format!("快递上门取件，{}。", self.customer.address);
        self.say(arranged, &owner, Action::ArrangeReturn(message(text)));
        let (plan, method) = if self.class == "exchange" {
            ("收到退件后当天发出同型号新机。", Method::Replacement)
        } else {
            ("收到退件后三个工作日内原路退款。", Method::Other)
        };
        let accepted = self.agree(arranged, plan);
        let back = self.soon(accepted, 20_000, 120_000);
        let text = "退件已入库，外观检查无异常。";
        self.say(back, &owner, Action::Note(message(text)));
        let resolved = self.soon(back, 3_600, 80_000);
        self.progress(accepted, resolved);
        self.chatter(contact, resolved);
        self.resolve(resolved, method)
    }

    /// Arrangement, installation, acceptance.
    pub(super) fn installation(&mut self, contact: Instant) -> End {
        let installer = self.draw.pick(&self.house().staff().repairers).clone();
        let booked = self
            .meet("installation-arranged", self.received_at)
            .max(later(contact, 60));
        let arrival = self.soon(later(booked, 3_600), 29_000, 110_000);
        self.appointment(booked, arrival, &installer);
        let owner = self.owner.clone();
        let text = "安装清单与收费标准已发短信，水电需提前到位。";
        let told = later(booked, 60);
        self.say(told, &owner, Action::ProposePlan(message(text)));
        let accepted = self.awake(told, 60, 3_600).min(later(told, 3_300));
        let customer = self.house().staff().customer.clone();
        self.tell(accepted, &customer, Action::AcceptPlan(Message::NONE));
        let sent = self.between(accepted, arrival);
        self.tell(sent, &owner, Action::Dispatch(Message::NONE));
        let call = later(sent, 600).min(arrival);
        self.mark(call, &installer, "repairer-contact");
        self.arrive(arrival, &installer);
        let resolved = later(arrival, self.draw.spread(3_700, 10_000));
        self.progress(accepted, resolved);
        self.chatter(contact, sent);
        self.resolve(resolved, Method::OnSite)
    }
}
