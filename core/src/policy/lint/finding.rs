//! What the linter says.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::language::{Language, Phrase};

/// Writes the enum and its tables from one list, so that they cannot disagree.
macro_rules! lints {
    ($($(#[$doc:meta])* $lint:ident = $name:literal, $severity:ident;)*) => {
        /// What the linter looks for. The names are stable: a policy accepts findings by them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Lint {
            $($(#[$doc])* $lint,)*
        }

        impl Lint {
            /// Every lint, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$lint,)*];

            /// Returns the stable name: `shadowed-goal`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$lint => $name,)*
                }
            }

            /// Returns how serious it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$lint => Severity::$severity,)*
                }
            }
        }
    };
}

lints! {
    /// A goal's condition holds for no ticket at all.
    ///
    /// Such as a goal for `class = "fault"` in a target that applies to complaints alone. Remove it.
    DeadGoal = "dead-goal", Warning;
    /// Earlier goals take every ticket that a goal is meant for.
    ///
    /// Goals are asked in order, so the special ones come first and the general one last.
    ShadowedGoal = "shadowed-goal", Warning;
    /// A rule on owners holds for no ticket, or earlier ones take all of its tickets.
    ///
    /// Put the special rule in front of the general one.
    ShadowedOwner = "shadowed-owner", Warning;
    /// Some tickets have no goal, while others of the same class have one.
    ///
    /// Add a goal without a condition at the end, or say with `applies-to` whom the target is for.
    Gap = "gap", Warning;
    /// Whole classes have no goal, and the target does not say that it is not for them.
    ///
    /// Say with `applies-to` that it is meant.
    UncoveredClass = "uncovered-class", Note;
    /// A more serious level is promised more time than a less serious one.
    ///
    /// Measured over a year of starts, so also found between two hours on the wall and one working hour.
    UrgentSlower = "urgent-slower", Warning;
    /// Working days until the same clock time can come to a whole day less than they say: a start on
    /// a day without a shift, before the desk would open, counts no open time of the last one. With
    /// `1wd` nothing is left, and the clock is due as it starts.
    ShortWorkingDays = "short-working-days", Warning;
    /// A calendar has too little open time to ever use the budget up.
    ///
    /// Such as `700wh` at a desk that is open for an hour a week: every such ticket has no deadline.
    Unreachable = "unreachable-budget", Warning;
    /// A rung meant as a warning comes after the breach.
    ///
    /// Such as `at = "120%"`: write `due`, or an offset such as `+2h`.
    WarningAfterBreach = "warning-after-breach", Warning;
    /// A rung lies before the start of the clock.
    ///
    /// Such as `-4h` with a budget of two hours.
    RungBeforeStart = "rung-before-start", Warning;
    /// A rung's condition holds for no ticket that has a goal.
    ///
    /// Such as a rung for urgent tickets in a target whose goals are for others.
    DeadRung = "dead-rung", Warning;
    /// What resumes a pause also stops every clock that it pauses.
    ///
    /// The pause is over as the clock ends, so it never lengthens anything.
    IdlePause = "idle-pause", Warning;
    /// What stops a clock may have happened before what starts it, and then it never stops.
    ///
    /// Such as a plan told ahead of the diagnosis that starts its clock; accept it if that is meant.
    StopBeforeStart = "stop-before-start", Warning;
    /// A role is told and not declared, so nobody knows how far up it is.
    ///
    /// Declare it under `[role]`, with its rank.
    UndeclaredRole = "undeclared-role", Warning;
    /// A calendar that nothing uses.
    UnusedCalendar = "unused-calendar", Note;
    /// A role that nothing names.
    UnusedRole = "unused-role", Note;
    /// A reason to pause that pauses nothing.
    UnusedReason = "unused-reason", Note;
    /// A mark that nothing names.
    UnusedMark = "unused-mark", Note;
    /// More combinations than are looked through, in one part or in the whole document; coverage was
    /// not checked.
    ///
    /// Ask for fewer fields in one target. A whole document that asks for too much is told once, at
    /// the first part that was not fully checked; split it.
    TooManyCombinations = "too-many-combinations", Note;
    /// A finding is accepted that there is not.
    ///
    /// What it accepted is gone: remove the entry, so that it does not hide a later one.
    NothingToAccept = "nothing-to-accept", Note;
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Lint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// How serious a finding is.
///
/// ```
/// use punctual::policy::{Lint, Severity};
///
/// assert_eq!(Lint::UnusedCalendar.severity(), Severity::Note);
/// assert!(Lint::UrgentSlower.severity() > Severity::Note);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Most likely not what was meant.
    Warning,
}

/// One step from the whole document to a part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::policy) enum Step {
    Key(String),
    Index(usize),
}

/// A part of a document, by keys and places: `target.plan.goals[1]`.
///
/// The same notation that `punctual backtest --set` takes: keys with dots between them, list elements
/// counted from 0 in brackets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path(Vec<Step>);

impl Path {
    pub(in crate::policy) fn of(keys: &[&str]) -> Self {
        Self(
            keys.iter()
                .map(|key| Step::Key((*key).to_owned()))
                .collect(),
        )
    }

    pub(in crate::policy) fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    pub(in crate::policy) fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    pub(in crate::policy) fn steps(&self) -> &[Step] {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if place == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One thing that the linter noticed.
///
/// ```
/// use punctual::language::Language;
/// use punctual::policy::Policy;
///
/// let policy = Policy::from_toml(r#"
///     policy   = "hotline"
///     timezone = "Asia/Shanghai"
///     accept   = [{ lint = "urgent-slower", at = "target.first-response", because = "the night desk is small" }]
///     [level]
///     values  = ["general", "urgent"]
///     order   = ["general", "urgent"]
///     [target.first-response]
///     start = "received"
///     stop  = "replied"
///     goals = [{ when = { level = "urgent" }, within = "3h" }, { within = "2h" }]
/// "#)?;
/// // An accepted finding stays in the list and says why; tools pass over it.
/// let finding = &policy.lint()[0];
/// assert_eq!(finding.accepted.as_deref(), Some("the night desk is small"));
/// assert!(finding.text(Language::English).starts_with("warning[urgent-slower]"));
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What was looked for.
    pub lint: Lint,
    /// Where.
    pub path: Path,
    /// What is the matter.
    pub says: Phrase,
    /// Why the policy's author accepts it, in the author's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
}

impl Finding {
    pub(super) const fn new(lint: Lint, path: Path, says: Phrase) -> Self {
        Self {
            lint,
            path,
            says,
            accepted: None,
        }
    }

    /// Returns the finding in one line for people.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let severity = match (self.lint.severity(), language) {
            (Severity::Warning, Language::English) => "warning",
            (Severity::Note, Language::English) => "note",
            (Severity::Warning, Language::Chinese) => "警告",
            (Severity::Note, Language::Chinese) => "说明",
        };
        let accepted = self
            .accepted
            .as_ref()
            .map_or_else(String::new, |because| match language {
                Language::English => format!(" (accepted: {because})"),
                Language::Chinese => format!("（已接受：{because}）"),
            });
        let says = self.says.text(language);
        format!("{severity}[{}] {}: {says}{accepted}", self.lint, self.path)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}
