//! After the remedy: signature, survey, second contact, coming back, closing, inspection.

use punctual::event::Kind;
use punctual::ticket::{
    Action, CompensationProposed, CorrectiveAction, FollowUp, FollowedUp, Inspected, Message,
    Satisfaction, Stage, Surveyed,
};
use punctual::time::Instant;

use super::story::{Story, later};
use super::technical::{End, Method};
use super::words::{self, message, personal};
use crate::figures::{SCORES, UCI};
use crate::name;

impl Story<'_> {
    /// Tells what follows the end of the work.
    pub(super) fn aftermath(&mut self, contact: Instant, end: End) {
        if self.draw.chance(6) {
            let at = later(contact, self.draw.between(600, 7_200));
            self.waive(at);
        }
        let End::Resolved(resolved, method) = end else {
            return self.close(end);
        };
        self.follow(resolved, method);
        // 1 to 7 % of tickets come back in the measured logs.
        if self.draw.chance(35) {
            self.again(resolved, method);
        } else {
            self.close(end);
        }
        if self.draw.chance(40) {
            self.inspect();
        }
    }

    /// The signature, the call after guidance, the survey.
    fn follow(&mut self, resolved: Instant, method: Method) {
        let owner = self.owner.clone();
        let customer = self.house().staff().customer.clone();
        if matches!(method, Method::OnSite | Method::Replacement) {
            let signed = if self.draw.chance(600) {
                later(resolved, self.draw.between(60, 900))
            } else {
                self.meet("acceptance", resolved)
            };
            self.tell(signed, &customer, Action::Accept(Message::NONE));
        }
        if method == Method::Remote {
            let called = self.meet("guidance-follow-up", resolved);
            self.follow_up(called, FollowUp::Effect, "回访：指导有效，设备运行正常。");
        }
        let asked = self.meet("survey", resolved);
        let text = "请对本次服务评分：解决程度、态度、速度、专业度。";
        self.say(asked, &owner, Action::AskSurvey(message(text)));
        let share = self.workload.options.survey_response.thousandths();
        if self.draw.chance(share) {
            self.opinion(asked);
        }
    }

    fn follow_up(&mut self, at: Instant, kind: FollowUp, text: &'static str) {
        let staff = self.house().staff();
        let by = match kind {
            FollowUp::SecondContact => staff.after_sales_supervisor.clone(),
            FollowUp::Effect | FollowUp::ReturnVisit => self.owner.clone(),
        };
        let text = Some(personal(text));
        self.say(at, &by, Action::FollowUp(FollowedUp { kind, text }));
    }

    /// The customer's score, and a second contact after each bad one until it is better.
    fn opinion(&mut self, asked: Instant) {
        let mut answered = self.awake(asked, 120, 260_000);
        let mut score = self.score();
        for _ in 0..3 {
            self.survey(answered, score);
            if score >= Satisfaction::Neutral {
                return;
            }
            let contacted = self
                .meet("second-contact", answered)
                .max(later(answered, 600));
            let text = "主管致歉并了解原因，承诺改进。";
            self.follow_up(contacted, FollowUp::SecondContact, text);
            if self.draw.chance(250) {
                let granted_by = later(contacted, 172_800);
                self.compensate(contacted, granted_by);
            }
            answered = self.awake(contacted, 600, 170_000);
            score = *self.draw.weighted(&[
                (2, Satisfaction::VeryDissatisfied),
                (2, Satisfaction::Dissatisfied),
                (4, Satisfaction::Neutral),
                (9, Satisfaction::Satisfied),
                (3, Satisfaction::VerySatisfied),
            ]);
        }
    }

    /// A score by the measured shares.
    fn score(&mut self) -> Satisfaction {
        let mut left = self
            .draw
            .below(SCORES.iter().map(|share| u64::from(*share)).sum());
        for (share, score) in SCORES.iter().zip(Satisfaction::ALL) {
            match left.checked_sub(u64::from(*share)) {
                Some(rest) => left = rest,
                None => return *score,
            }
        }
        Satisfaction::VerySatisfied
    }

    fn survey(&mut self, at: Instant, satisfaction: Satisfaction) {
        let text = match satisfaction {
            Satisfaction::VeryDissatisfied | Satisfaction::Dissatisfied => {
                self.text(&words::DISPLEASED)
            }
            Satisfaction::Neutral => self.text(&words::MIDDLING),
            Satisfaction::Satisfied | Satisfaction::VerySatisfied => self.text(&words::PRAISE),
        };
        let solved_share = if satisfaction < Satisfaction::Neutral {
            450
        } else {
            970
        };
        let mut survey = Surveyed {
            satisfaction,
            solved: Some(self.draw.chance(solved_share)),
            attitude: Some(self.near(satisfaction)),
            speed: Some(self.near(satisfaction)),
            skill: Some(self.near(satisfaction)),
            text: None,
        };
        let customer = self.house().staff().customer.clone();
        if self.draw.chance(400) {
            survey.text = Some(personal(text));
            self.say(at, &customer, Action::Survey(survey));
        } else {
            self.tell(at, &customer, Action::Survey(survey));
        }
    }

    /// A part of the score: mostly the whole, else one point off.
    fn near(&mut self, whole: Satisfaction) -> Satisfaction {
        let all = Satisfaction::ALL;
        let place = all.iter().position(|one| *one == whole).unwrap_or(0);
        let place = match self.draw.below(6) {
            0 => place.saturating_sub(1),
            1 => (place + 1).min(all.len() - 1),
            _ => place,
        };
        all[place]
    }

    /// A voucher, a longer warranty or a refund: proposed, decided by the service supervisor, and
    /// granted where approved, in this order between two instants.
    pub(super) fn compensate(&mut self, from: Instant, to: Instant) {
        if self.has(Kind::CompensationProposed) {
            return; // one is enough, whatever became of it
        }
        let owner = self.owner.clone();
        let supervisor = self.house().staff().service_supervisor.clone();
        let proposed = self.between(from, to);
        let kinds = [(5, "voucher"), (3, "longer-warranty"), (2, "refund")];
        let propose = Action::ProposeCompensation(CompensationProposed {
            compensation: name(self.draw.weighted::<&str>(&kinds)),
            text: Some(personal("服务未达标准，建议补偿客户。")),
        });
        self.say(proposed, &owner, propose);
        let decided = self.soon(proposed, 600, 28_800);
        if self.draw.chance(150) {
            let text = "依据不足，请先补充凭证。";
            self.say(
                decided,
                &supervisor,
                Action::RefuseCompensation(message(text)),
            );
            return;
        }
        self.tell(
            decided,
            &supervisor,
            Action::ApproveCompensation(Message::NONE),
        );
        let granted = self.soon(decided, 60, 14_400);
        self.tell(granted, &owner, Action::GrantCompensation(Message::NONE));
    }

    /// It was not solved after all: reopened, worked on again, and ended again.
    fn again(&mut self, resolved: Instant, method: Method) {
        let back = self.awake(resolved, 3_600, 900_000);
        self.forget_from(back);
        let customer = self.house().staff().customer.clone();
        let text = "同样的问题又出现了。";
        self.say(back, &customer, Action::Reopen(message(text)));
        let resolved = self.soon(back, 3_600, 90_000);
        self.progress(back, resolved);
        let end = self.resolve(resolved, method);
        self.follow(resolved, method);
        self.close(end);
    }

    /// Closed by a program after so many days of silence; never before all else was said.
    fn close(&mut self, end: End) {
        let (End::Resolved(at, _) | End::Over(at)) = end;
        let wait = UCI.closed.draw(&mut self.draw);
        let at = later(at, wait).max(later(self.last_at(), 60));
        if self.has(Kind::Withdrawn) {
            return; // nothing is left to close
        }
        let program = self.house().program("auto-close");
        self.tell(at, &program, Action::Close(Message::NONE));
        if self.draw.chance(20) {
            let visited = self.soon(at, 100_000, 300_000);
            if matches!(end, End::Resolved(..)) {
                self.follow_up(visited, FollowUp::ReturnVisit, "回访：使用正常，客户满意。");
            }
        }
    }

    /// An inspector reads the ticket; what is not as it should be is corrected, and checked.
    fn inspect(&mut self) {
        let inspector = self.house().staff().service_supervisor.clone();
        let mut at = self.soon(self.last_at(), 7_200, 150_000);
        let conforms = self.draw.chance(850);
        let text = if conforms {
            "流程规范，记录完整。"
        } else {
            "未按时同步进度，话术不规范。"
        };
        let text = Some(personal(text));
        self.say(
            at,
            &inspector,
            Action::Inspect(Inspected { conforms, text }),
        );
        if conforms {
            return;
        }
        let stages = [
            (Stage::Planned, "本周内对当事专员做一次辅导。"),
            (Stage::Done, "辅导已完成，本人书面确认。"),
            (Stage::Verified, "抽查十单，均已达标。"),
        ];
        for (stage, text) in stages {
            at = self.soon(at, 3_600, 120_000);
            let text = Some(personal(text));
            self.say(
                at,
                &inspector,
                Action::Correct(CorrectiveAction { stage, text }),
            );
        }
    }
}
