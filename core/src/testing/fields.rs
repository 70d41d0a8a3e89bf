//! The plain fields of each event, as words and back.

use std::fmt;
use std::str::FromStr;

use super::words::{self, WordsError};
use crate::calendar::ZoneTable;
use crate::event::{AgreementId, Kind, TicketId};
use crate::ticket::{
    Acknowledged, Action, Assigned, Classified, CompensationProposed, CorrectiveAction, Declined,
    Diagnosed, Fields, FollowUp, FollowedUp, Inspected, Marked, MergeSide, Merged, Message, Opener,
    Paused, Personal, Received, Replied, Resolved, Resumed, Satisfaction, Stage, Surveyed,
    VisitBooked, Waived,
};
use crate::time::Instant;

/// The agreement that a waiver means where it names none.
const SERVICE: &str = "service";

/// The pairs after an event's name, taken one by one.
pub(super) struct Pairs<'z> {
    kind: Kind,
    pairs: Vec<(String, String)>,
    zone: Option<&'z ZoneTable>,
}

impl<'z> Pairs<'z> {
    pub(super) fn new(
        kind: Kind,
        words: impl Iterator<Item = String>,
        zone: Option<&'z ZoneTable>,
    ) -> Result<Self, WordsError> {
        let pair = |word: String| {
            let pair = word.split_once('=');
            let pair = pair.map(|(key, value)| (key.to_owned(), value.to_owned()));
            pair.ok_or(WordsError::NotAPair { found: word })
        };
        Ok(Self {
            kind,
            pairs: words.map(pair).collect::<Result<_, _>>()?,
            zone,
        })
    }

    pub(super) fn take(&mut self, key: &str) -> Option<String> {
        let place = self.pairs.iter().position(|(known, _)| known == key)?;
        Some(self.pairs.remove(place).1)
    }

    fn named<N: FromStr<Err: fmt::Display>>(&mut self, key: &str) -> Result<Option<N>, WordsError> {
        self.take(key).map(|value| name(key, &value)).transpose()
    }

    fn needed<N>(&self, key: &'static str, found: Option<N>) -> Result<N, WordsError> {
        found.ok_or(WordsError::MissingKey {
            event: self.kind,
            key,
        })
    }

    fn word<W: Copy>(
        &mut self,
        key: &str,
        all: &[W],
        name: impl Fn(W) -> &'static str,
    ) -> Result<Option<W>, WordsError> {
        let Some(found) = self.take(key) else {
            return Ok(None);
        };
        let word = all.iter().copied().find(|word| name(*word) == found);
        let names: Vec<&str> = all.iter().copied().map(name).collect();
        word.map(Some).ok_or(WordsError::BadValue {
            key: key.to_owned(),
            found,
            why: format!("say one of {}", names.join(", ")),
        })
    }

    fn yes(&mut self, key: &str) -> Result<Option<bool>, WordsError> {
        self.word(key, &[true, false], yes_no)
    }

    fn instant(&mut self, key: &'static str) -> Result<Instant, WordsError> {
        let text = self.take(key);
        words::instant(&self.needed(key, text)?, self.zone)
    }

    /// Everything that is left: the policy's own fields.
    fn own(&mut self) -> Result<Fields, WordsError> {
        let own = |(key, value): (String, String)| Ok((name(&key, &key)?, name(&key, &value)?));
        self.pairs.drain(..).map(own).collect()
    }

    pub(super) fn finish(self) -> Result<(), WordsError> {
        match self.pairs.into_iter().next() {
            None => Ok(()),
            Some((key, _)) => Err(WordsError::UnknownKey {
                event: self.kind,
                key,
            }),
        }
    }
}

/// Checks a name.
pub(super) fn name<N: FromStr<Err: fmt::Display>>(key: &str, found: &str) -> Result<N, WordsError> {
    found.parse().map_err(|error: N::Err| WordsError::BadValue {
        key: key.to_owned(),
        found: found.to_owned(),
        why: error.to_string(),
    })
}

const fn yes_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// Puts an action together; `None` for an event that people do not record.
pub(super) fn action(pairs: &mut Pairs<'_>) -> Result<Option<Action>, WordsError> {
    let message = Message::NONE;
    Ok(Some(match pairs.kind {
        Kind::Received => Action::Receive(received(pairs)?),
        Kind::Acknowledged => Action::Acknowledge(Acknowledged::default()),
        Kind::Classified => Action::Classify(classified(pairs)?),
        Kind::Assigned => Action::Assign(Assigned {
            owner: pairs.named("owner")?,
            team: pairs.named("team")?,
        }),
        Kind::Declined => Action::Decline(Declined {
            text: None,
            alternative: Personal::Erased,
        }),
        Kind::CustomerWrote => Action::HearCustomer(message),
        Kind::Replied => Action::Reply(Replied {
            automatic: pairs.yes("automatic")?.unwrap_or(false),
            text: None,
        }),
        Kind::Noted => Action::Note(message),
        Kind::Diagnosed => Action::Diagnose(Diagnosed {
            cause: pairs.named("cause")?,
            text: None,
        }),
        Kind::PlanProposed => Action::ProposePlan(message),
        Kind::PlanAccepted => Action::AcceptPlan(message),
        Kind::PlanDisputed => Action::DisputePlan(message),
        Kind::ProgressReported => Action::ReportProgress(message),
        Kind::VisitBooked => Action::BookVisit(VisitBooked {
            visit_at: pairs.instant("visit")?,
            text: None,
        }),
        Kind::VisitConfirmed => Action::ConfirmVisit(message),
        Kind::VisitCancelled => Action::CancelVisit(message),
        Kind::Dispatched => Action::Dispatch(message),
        Kind::Arrived => Action::Arrive(message),
        Kind::Paused | Kind::Resumed => wait(pairs)?,
        Kind::CompensationProposed => Action::ProposeCompensation(CompensationProposed {
            compensation: {
                let found = pairs.named("compensation")?;
                pairs.needed("compensation", found)?
            },
            text: None,
        }),
        Kind::CompensationApproved => Action::ApproveCompensation(message),
        Kind::CompensationRefused => Action::RefuseCompensation(message),
        Kind::CompensationGranted => Action::GrantCompensation(message),
        Kind::ReturnApproved => Action::ApproveReturn(message),
        Kind::ReturnArranged => Action::ArrangeReturn(message),
        Kind::Resolved => Action::Resolve(Resolved {
            method: pairs.named("method")?,
            text: None,
        }),
        Kind::Accepted => Action::Accept(message),
        Kind::Reopened => Action::Reopen(message),
        Kind::SurveyAsked => Action::AskSurvey(message),
        Kind::Surveyed => Action::Survey(surveyed(pairs)?),
        Kind::Closed => Action::Close(message),
        Kind::Withdrawn => Action::Withdraw(message),
        Kind::FollowedUp
        | Kind::Merged
        | Kind::Inspected
        | Kind::CorrectiveAction
        | Kind::Waived
        | Kind::Marked => with_need(pairs)?,
        Kind::PolicyBound
        | Kind::Warned
        | Kind::Breached
        | Kind::BreachedOnAttach
        | Kind::Escalated
        | Kind::VerdictRevised
        | Kind::PolicyPublished
        | Kind::CalendarPublished => return Ok(None),
    }))
}

/// The rarer events, each of which needs to say one thing.
fn with_need(pairs: &mut Pairs<'_>) -> Result<Action, WordsError> {
    if pairs.kind == Kind::FollowedUp {
        let kind = pairs.word("kind", FollowUp::ALL, FollowUp::name)?;
        let kind = pairs.needed("kind", kind)?;
        return Ok(Action::FollowUp(FollowedUp { kind, text: None }));
    }
    if pairs.kind == Kind::Merged {
        let side = pairs.word("side", MergeSide::ALL, MergeSide::name)?;
        let other: Option<TicketId> = pairs.named("other")?;
        return Ok(Action::Merge(Merged {
            other: other.map_or_else(|| name("other", "another"), Ok)?,
            side: pairs.needed("side", side)?,
        }));
    }
    if pairs.kind == Kind::Inspected {
        let conforms = pairs.yes("conforms")?;
        let conforms = pairs.needed("conforms", conforms)?;
        return Ok(Action::Inspect(Inspected {
            conforms,
            text: None,
        }));
    }
    if pairs.kind == Kind::CorrectiveAction {
        let stage = pairs.word("stage", Stage::ALL, Stage::name)?;
        let stage = pairs.needed("stage", stage)?;
        return Ok(Action::Correct(CorrectiveAction { stage, text: None }));
    }
    if pairs.kind == Kind::Marked {
        let mark = pairs.named("mark")?;
        let mark = pairs.needed("mark", mark)?;
        return Ok(Action::Mark(Marked { mark, text: None }));
    }
    let agreement: Option<AgreementId> = pairs.named("agreement")?;
    let target = pairs.named("target")?;
    Ok(Action::Waive(Waived {
        agreement: agreement.map_or_else(|| name("agreement", SERVICE), Ok)?,
        target: pairs.needed("target", target)?,
        cycle: pairs.named("cycle")?.unwrap_or(1),
        text: Personal::Erased,
    }))
}

fn received(pairs: &mut Pairs<'_>) -> Result<Received<Box<str>>, WordsError> {
    let opener = pairs.word("opener", Opener::ALL, Opener::name)?;
    Ok(Received {
        opener: opener.unwrap_or_default(),
        class: pairs.named("class")?,
        level: pairs.named("level")?,
        channel: pairs.named("channel")?,
        product: pairs.named("product")?,
        purchased_on: pairs.named("bought")?,
        fields: pairs.own()?,
        text: None,
    })
}

fn classified(pairs: &mut Pairs<'_>) -> Result<Classified, WordsError> {
    Ok(Classified {
        class: pairs.named("class")?,
        level: pairs.named("level")?,
        in_scope: pairs.yes("in-scope")?,
        fields: pairs.own()?,
    })
}

fn wait(pairs: &mut Pairs<'_>) -> Result<Action, WordsError> {
    let reason = pairs.named("reason")?;
    if pairs.kind == Kind::Resumed {
        return Ok(Action::Resume(Resumed { reason }));
    }
    let reason = pairs.needed("reason", reason)?;
    Ok(Action::Pause(Paused { reason }))
}

fn surveyed(pairs: &mut Pairs<'_>) -> Result<Surveyed<Box<str>>, WordsError> {
    let all = Satisfaction::ALL;
    let satisfaction = pairs.word("satisfaction", all, Satisfaction::name)?;
    Ok(Surveyed {
        satisfaction: pairs.needed("satisfaction", satisfaction)?,
        solved: pairs.yes("solved")?,
        attitude: pairs.word("attitude", all, Satisfaction::name)?,
        speed: pairs.word("speed", all, Satisfaction::name)?,
        skill: pairs.word("skill", all, Satisfaction::name)?,
        text: None,
    })
}

/// Gathers the pairs of an action in the order in which they are written.
#[derive(Default)]
struct Written(Vec<(String, String)>);

impl Written {
    fn add(&mut self, key: &str, value: Option<impl fmt::Display>) {
        if let Some(value) = value {
            self.0.push((key.to_owned(), value.to_string()));
        }
    }

    fn own(&mut self, fields: &Fields) {
        for (key, value) in fields {
            self.add(key.as_str(), Some(value));
        }
    }
}

/// Returns the plain fields of an action.
pub(super) fn pairs(action: &Action) -> Vec<(String, String)> {
    let mut written = Written::default();
    match action {
        Action::Receive(it) => {
            written.add(
                "opener",
                (it.opener != Opener::Customer).then_some(it.opener),
            );
            written.add("class", it.class.as_ref());
            written.add("level", it.level.as_ref());
            written.add("channel", it.channel.as_ref());
            written.add("product", it.product.as_ref());
            written.add("bought", it.purchased_on);
            written.own(&it.fields);
        }
        Action::Classify(it) => {
            written.add("class", it.class.as_ref());
            written.add("level", it.level.as_ref());
            written.add("in-scope", it.in_scope.map(yes_no));
            written.own(&it.fields);
        }
        Action::Assign(it) => {
            written.add("owner", it.owner.as_ref());
            written.add("team", it.team.as_ref());
        }
        Action::Reply(it) => written.add("automatic", it.automatic.then_some("yes")),
        Action::Diagnose(it) => written.add("cause", it.cause.as_ref()),
        Action::BookVisit(it) => written.add("visit", Some(it.visit_at)),
        Action::Pause(it) => written.add("reason", Some(&it.reason)),
        Action::Resume(it) => written.add("reason", it.reason.as_ref()),
        Action::ProposeCompensation(it) => written.add("compensation", Some(&it.compensation)),
        Action::Resolve(it) => written.add("method", it.method.as_ref()),
        Action::Survey(it) => {
            written.add("satisfaction", Some(it.satisfaction));
            written.add("solved", it.solved.map(yes_no));
            written.add("attitude", it.attitude);
            written.add("speed", it.speed);
            written.add("skill", it.skill);
        }
        Action::FollowUp(it) => written.add("kind", Some(it.kind)),
        Action::Merge(it) => {
            written.add("other", Some(&it.other));
            written.add("side", Some(it.side));
        }
        Action::Inspect(it) => written.add("conforms", Some(yes_no(it.conforms))),
        Action::Correct(it) => written.add("stage", Some(it.stage)),
        Action::Waive(it) => {
            written.add("agreement", Some(&it.agreement));
            written.add("target", Some(&it.target));
            written.add("cycle", Some(it.cycle));
        }
        Action::Mark(it) => written.add("mark", Some(&it.mark)),
        Action::Acknowledge(_)
        | Action::Decline(_)
        | Action::HearCustomer(_)
        | Action::Note(_)
        | Action::ProposePlan(_)
        | Action::AcceptPlan(_)
        | Action::DisputePlan(_)
        | Action::ReportProgress(_)
        | Action::ConfirmVisit(_)
        | Action::CancelVisit(_)
        | Action::Dispatch(_)
        | Action::Arrive(_)
        | Action::ApproveCompensation(_)
        | Action::RefuseCompensation(_)
        | Action::GrantCompensation(_)
        | Action::ApproveReturn(_)
        | Action::ArrangeReturn(_)
        | Action::Accept(_)
        | Action::Reopen(_)
        | Action::AskSurvey(_)
        | Action::Close(_)
        | Action::Withdraw(_) => {}
    }
    written.0
}
