//! The kinds of events: numbers for the log, names for policies.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::language::Phrase;

/// Writes the enum and its tables from one list, so that they cannot disagree.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $number:literal, $name:literal, $zh:literal;)*) => {
        /// What kind of thing happened.
        ///
        /// The numbers are a contract with every log ever written: kinds are added, never
        /// renumbered, never reused. All are below 128, so a set of kinds fits into a `u128`. The
        /// names are what policies write: `plan-accepted`.
        ///
        /// ```
        /// use punctual::event::Kind;
        ///
        /// assert_eq!(Kind::from_name("plan-accepted"), Some(Kind::PlanAccepted));
        /// assert_eq!(Kind::from_number(Kind::Resolved.number()), Some(Kind::Resolved));
        /// assert_eq!(Kind::from_number(127), None); // a kind of a later release
        /// ```
        ///
        /// Serialized as its name in human-readable formats and as its number in binary ones.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[$doc])* $kind = $number,)*
        }

        impl Kind {
            /// Every kind, in the order of the numbers.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            const NAMES: &'static [&'static str] = &[$($name,)*];

            /// Returns the name that policies write.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// Returns what people call it: the name, and a word in Chinese.
            ///
            /// ```
            /// use punctual::event::Kind;
            /// use punctual::language::Language;
            ///
            /// let phrase = Kind::PlanAccepted.phrase();
            /// assert_eq!(phrase.text(Language::English), "plan-accepted");
            /// assert_eq!(phrase.text(Language::Chinese), "客户接受方案");
            /// ```
            #[must_use]
            pub const fn phrase(self) -> Phrase {
                match self {
                    $(Self::$kind => Phrase::fixed($name, $zh),)*
                }
            }

            /// Returns the kind that a log's number stands for, or `None` for a number that this
            /// release does not know.
            #[must_use]
            #[inline]
            pub const fn from_number(number: u16) -> Option<Self> {
                match number {
                    $($number => Some(Self::$kind),)*
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    // Intake
    /// The request reached us.
    Received = 1, "received", "受理";
    /// We told the customer that it did.
    Acknowledged = 2, "acknowledged", "受理告知";
    /// Class, level or own fields were judged.
    Classified = 3, "classified", "分类定级";
    /// Someone became the owner.
    Assigned = 4, "assigned", "指派";
    /// It is out of scope, and an alternative was offered.
    Declined = 5, "declined", "婉拒";
    // Conversation
    /// The customer wrote or called.
    CustomerWrote = 16, "customer-wrote", "客户来信或来电";
    /// We answered so that the customer can see it.
    Replied = 17, "replied", "答复";
    /// An internal note.
    Noted = 18, "noted", "内部备注";
    // Work
    /// The cause is known.
    Diagnosed = 32, "diagnosed", "诊断";
    /// The plan was told to the customer.
    PlanProposed = 33, "plan-proposed", "方案告知";
    /// The customer accepts it.
    PlanAccepted = 34, "plan-accepted", "客户接受方案";
    /// The customer does not.
    PlanDisputed = 35, "plan-disputed", "客户对方案有异议";
    /// The customer was told how it goes.
    ProgressReported = 36, "progress-reported", "进度同步";
    /// A visit was agreed for an instant.
    VisitBooked = 37, "visit-booked", "预约上门";
    /// The visit was confirmed with the customer.
    VisitConfirmed = 38, "visit-confirmed", "确认上门";
    /// The visit will not take place.
    VisitCancelled = 39, "visit-cancelled", "取消上门";
    /// A repairer was sent.
    Dispatched = 40, "dispatched", "派出维修人员";
    /// The repairer is on site.
    Arrived = 41, "arrived", "到场";
    /// Work waits for a reason.
    Paused = 42, "paused", "暂停";
    /// A reason to wait has gone.
    Resumed = 43, "resumed", "恢复";
    /// A compensation was suggested.
    CompensationProposed = 44, "compensation-proposed", "提出补偿";
    /// A supervisor approved it.
    CompensationApproved = 45, "compensation-approved", "批准补偿";
    /// A supervisor refused it.
    CompensationRefused = 46, "compensation-refused", "驳回补偿";
    /// It took effect.
    CompensationGranted = 47, "compensation-granted", "补偿生效";
    /// A return or exchange was approved.
    ReturnApproved = 48, "return-approved", "退换货审核通过";
    /// Its transport was arranged.
    ReturnArranged = 49, "return-arranged", "安排退换货";
    // Closing
    /// The remedy was carried out.
    Resolved = 64, "resolved", "解决";
    /// The customer signed the completion.
    Accepted = 65, "accepted", "客户签收";
    /// It was not solved after all.
    Reopened = 66, "reopened", "重新打开";
    /// We asked for the customer's opinion.
    SurveyAsked = 67, "survey-asked", "邀请评价";
    /// The customer gave it.
    Surveyed = 68, "surveyed", "客户评价";
    /// We contacted the customer again.
    FollowedUp = 69, "followed-up", "回访";
    /// Nothing more is to be done.
    Closed = 70, "closed", "关闭";
    /// Two tickets became one.
    Merged = 71, "merged", "合并";
    /// The customer withdrew the request.
    Withdrawn = 72, "withdrawn", "客户撤回";
    // Supervision by people
    /// An inspector judged whether the norm was kept.
    Inspected = 80, "inspected", "抽检";
    /// A correction was planned, done or verified.
    CorrectiveAction = 81, "corrective-action", "整改";
    /// One promise was waived.
    Waived = 82, "waived", "豁免";
    /// A named moment of the embedding service.
    Marked = 83, "marked", "标记";
    // Recorded by the engine
    /// A policy version applies from here on.
    PolicyBound = 96, "policy-bound", "绑定策略";
    /// A clock reached its first warning.
    Warned = 97, "warned", "预警";
    /// A clock exceeded its budget.
    Breached = 98, "breached", "超时";
    /// A clock was over as its goal was attached.
    BreachedOnAttach = 99, "breached-on-attach", "生效即超时";
    /// A rung of a ladder was told.
    Escalated = 100, "escalated", "升级";
    /// A late fact changed a verdict.
    VerdictRevised = 101, "verdict-revised", "结论更正";
    // Publication
    /// A policy version came into being.
    PolicyPublished = 112, "policy-published", "发布策略";
    /// A calendar version came into being.
    CalendarPublished = 113, "calendar-published", "发布日历";
}

impl Kind {
    /// Returns the number that logs store: below 128.
    #[must_use]
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// Returns the kind that a policy's name stands for; `None` for a text that is no kind's name.
    /// What an embedding service names itself is one kind, `marked`, with a
    /// [`MarkId`](crate::event::MarkId).
    ///
    /// ```
    /// use punctual::event::Kind;
    ///
    /// assert_eq!(Kind::from_name("visit-booked"), Some(Kind::VisitBooked));
    /// assert_eq!(Kind::from_name("VisitBooked"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Returns the set that has this kind alone, as one bit of 128.
    pub(crate) const fn bit(self) -> u128 {
        1_u128.wrapping_shl(self as u32)
    }

    /// Returns whether the engine records it by itself; such a kind is never a command and never
    /// starts or stops a clock.
    ///
    /// ```
    /// use punctual::event::Kind;
    ///
    /// assert!(Kind::Breached.is_engines());
    /// assert!(!Kind::Waived.is_engines()); // people waive
    /// ```
    #[must_use]
    pub const fn is_engines(self) -> bool {
        matches!(
            self,
            Self::PolicyBound
                | Self::Warned
                | Self::Breached
                | Self::BreachedOnAttach
                | Self::Escalated
                | Self::VerdictRevised
        )
    }
}

impl Kind {
    /// Returns whether it only says what the engine told of clocks: what no clock may depend on.
    #[inline]
    pub(crate) const fn is_told(self) -> bool {
        matches!(
            self,
            Self::Warned
                | Self::Breached
                | Self::BreachedOnAttach
                | Self::Escalated
                | Self::VerdictRevised
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(self.name())
        } else {
            // A derived variant index would change for every kind behind one that is added.
            serializer.serialize_u16(self.number())
        }
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        if deserializer.is_human_readable() {
            let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
            return Self::from_name(&name)
                .ok_or_else(|| D::Error::unknown_variant(&name, Self::NAMES));
        }
        let number = u16::deserialize(deserializer)?;
        Self::from_number(number)
            .ok_or_else(|| D::Error::custom(format_args!("{number} is no kind of this release")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_rise_fit_a_bit_set_and_lead_back() {
        for pair in Kind::ALL.windows(2) {
            assert!(pair[0].number() < pair[1].number(), "{pair:?}");
        }
        for &kind in Kind::ALL {
            assert!(kind.number() < 128);
            assert_eq!(Kind::from_number(kind.number()), Some(kind));
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{kind}\""), "serde and policies agree");
            assert_eq!(serde_json::from_str::<Kind>(&json).unwrap(), kind);
        }
    }

    #[test]
    fn a_name_that_is_none_is_refused_with_those_that_are() {
        let error = serde_json::from_str::<Kind>("\"resolve\"").unwrap_err();
        assert!(error.to_string().contains("`resolved`"), "{error}");
    }

    /// The numbers of the first release. A change here breaks every log ever written.
    #[test]
    fn numbers_are_as_first_released() {
        let numbers: Vec<u16> = Kind::ALL.iter().map(|kind| kind.number()).collect();
        assert_eq!(
            numbers,
            [
                1, 2, 3, 4, 5, 16, 17, 18, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45,
                46, 47, 48, 49, 64, 65, 66, 67, 68, 69, 70, 71, 72, 80, 81, 82, 83, 96, 97, 98, 99,
                100, 101, 112, 113,
            ]
        );
    }
}
