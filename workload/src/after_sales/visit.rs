//! Visits: dispatch, call, booking, confirmation, arrival, and what goes wrong on the way.

use punctual::event::Actor;
use punctual::ticket::{Action, Message, VisitBooked};
use punctual::time::{Instant, Span};

use super::story::{Story, later, seconds_between};
use super::technical::{End, Method};
use super::words::{message, personal};

impl Story<'_> {
    /// A repairer is sent, and comes; perhaps twice.
    pub(super) fn on_site(&mut self, accepted: Instant) -> End {
        let repairer = self.draw.pick(&self.house().staff().repairers).clone();
        let mut ready = accepted;
        if self.draw.chance(280) {
            ready = self.parts(accepted);
        }
        let outside = self.draw.chance(120);
        if outside {
            ready = self.soon(ready, 300, 7_200);
            let owner = self.owner.clone();
            self.mark(ready, &owner, "handed-out");
        }
        let arrived = self.visit(ready, &repairer);
        if outside {
            let back = later(arrived, self.draw.between(900, 3_600));
            self.mark(back, &repairer, "handed-back");
        }
        let resolved = later(arrived, self.draw.spread(3_700, 12_000));
        self.progress(accepted, resolved);
        self.chatter(accepted, arrived);
        self.resolve(resolved, Method::OnSite)
    }

    /// Parts are ordered and awaited; returns when they are there.
    fn parts(&mut self, from: Instant) -> Instant {
        let owner = self.owner.clone();
        let ordered = self.soon(from, 300, 10_800);
        self.mark(ordered, &owner, "parts-ordered");
        self.pause(ordered, "awaiting-parts");
        let delivered = self.meet("parts", ordered).max(later(ordered, 1_800));
        self.mark(delivered, &owner, "parts-delivered");
        if self.draw.chance(500) {
            self.resume(delivered, "awaiting-parts");
        }
        delivered
    }

    /// From the dispatch to the arrival that counts; returns that arrival.
    fn visit(&mut self, ready: Instant, repairer: &Actor) -> Instant {
        let owner = self.owner.clone();
        let sent = self.soon(ready, 120, 7_200);
        self.tell(sent, &owner, Action::Dispatch(Message::NONE));
        let called = self.meet("repair-contact", sent);
        self.mark(called, repairer, "repairer-contact");
        let booked = later(called, self.draw.between(60, 600));
        let arrival = self.visit_within("repair-arrival", sent);
        let arrival = arrival.max(later(booked, 2_700));
        if !self.draw.chance(70) {
            self.appointment(booked, arrival, repairer);
            self.arrive(arrival, repairer);
            return arrival;
        }
        self.missed(booked, arrival, repairer)
    }

    /// When a repairer comes who was promised within a target's budget: late in it rather than early,
    /// since whoever waits at home wants to be told a day ahead.
    fn visit_within(&mut self, target: &str, sent: Instant) -> Instant {
        let part = if self.keeps_promise() {
            self.draw.between(550, 970)
        } else {
            self.draw.spread(1_040, 2_500)
        };
        let arrival = self.meet_at(target, sent, part);
        arrival.unwrap_or_else(|| self.soon(sent, 27_000, 54_000))
    }

    /// Nobody opens, or the visit is put off by the customer: a second one is needed.
    fn missed(&mut self, booked: Instant, arrival: Instant, repairer: &Actor) -> Instant {
        self.appointment(booked, arrival, repairer);
        let customer = self.house().staff().customer.clone();
        let off = if self.draw.chance(500) {
            let off = later(booked, self.draw.between(120, 2_400));
            self.forget_confirmation(off);
            let text = "临时出差，改天再约。";
            self.say(off, &customer, Action::CancelVisit(message(text)));
            off
        } else {
            self.arrive(arrival, repairer);
            let text = "到达后家中无人，电话未接，已留言改约。";
            self.say(later(arrival, 1_200), repairer, Action::Note(message(text)));
            later(arrival, 1_200)
        };
        self.pause(later(off, 300), "awaiting-customer");
        let heard = self.awake(later(off, 600), 7_200, 260_000);
        let text = "现在有空了，可以上门。";
        self.say(heard, &customer, Action::HearCustomer(message(text)));
        self.resume(heard, "awaiting-customer");
        let booked = self.meet("next-reply", heard);
        self.reply(booked, "好的，马上为您重新预约。");
        let arrival = self.soon(later(booked, 3_600), 10_800, 60_000);
        self.appointment(booked, arrival, repairer);
        self.arrive(arrival, repairer);
        arrival
    }

    /// Books a visit for about the time of the arrival, and confirms it: 24 hours ahead where the
    /// desk is punctual and there is so much time, later where not.
    pub(super) fn appointment(&mut self, booked: Instant, arrival: Instant, by: &Actor) {
        let visit_at = self.slot(booked, arrival);
        let text = format!("约在{}，{}。", self.customer.address, self.customer.phone);
        let book = Action::BookVisit(VisitBooked {
            visit_at,
            text: Some(personal(text)),
        });
        self.say(booked, by, book);
        let a_day_ahead = visit_at.checked_sub(Span::DAY).unwrap_or(visit_at);
        let (from, to) = if a_day_ahead > later(booked, 600) && self.keeps_promise() {
            (later(booked, 60), a_day_ahead)
        } else {
            (a_day_ahead.max(later(booked, 60)), visit_at.min(arrival))
        };
        if from < to {
            let confirmed = self.between(from, to).min(to);
            self.tell(confirmed, by, Action::ConfirmVisit(Message::NONE));
        }
    }

    /// The half hour that an arrival belongs to: repairers come up to half an hour early or late.
    fn slot(&mut self, booked: Instant, arrival: Instant) -> Instant {
        const HALF_HOUR: i64 = 1_800_000_000;
        let half_hours = (arrival.micros() + HALF_HOUR / 2) / HALF_HOUR;
        let slot = Instant::from_micros(half_hours * HALF_HOUR).unwrap_or(arrival);
        if seconds_between(booked, slot) > 1_200 {
            slot
        } else {
            arrival
        }
    }

    pub(super) fn arrive(&mut self, at: Instant, repairer: &Actor) {
        self.tell(at, repairer, Action::Arrive(Message::NONE));
        self.perhaps_typed_in_later();
    }

    /// A visit that was put off is not confirmed any more.
    fn forget_confirmation(&mut self, from: Instant) {
        self.retract(punctual::event::Kind::VisitConfirmed, from);
    }
}
