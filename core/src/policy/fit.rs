//! Which goal fits a ticket, found without comparing a word: the walk over a history asks it of every
//! clock that starts, and again of every open clock at each judgement.
//!
//! The goals of an agreement are numbered once, when the policy is compiled, and so are the values that
//! their conditions name. For each value of a subject there is the set of goals that it allows. What a
//! judgement makes of a ticket is then one set, of the goals that every subject allows, and the goal of
//! a target is the first bit of its own stretch.

use crate::ticket::Status;

use super::model::{Condition, Goal, Subject, Target};

/// So many words of 64 goals are numbered. Further targets are asked by word.
const WORDS: usize = 4;
/// So many subjects are numbered.
const MOST_SUBJECTS: usize = 16;
/// So many values of a subject are numbered: what goes by each product is asked by word.
const MOST_VALUES: usize = 64;

/// A set of goals of one agreement.
type Goals = [u64; WORDS];

/// The numbered goals of an agreement that fit a ticket as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Judged(Goals);

/// The goals of one agreement by the values that they ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Fits {
    subjects: Vec<Numbered>,
    /// One for each target, in the order of the agreement.
    stretches: Vec<Option<Stretch>>,
}

/// A subject with the values that conditions name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Numbered {
    subject: Subject,
    values: Vec<Box<str>>,
    /// The goals that each value allows, in the same order.
    sets: Vec<Goals>,
    /// The goals that any other value allows, and none at all.
    otherwise: Goals,
}

/// Where the goals of one target stand: never across two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    word: u8,
    first: u8,
    /// As many bits as there are goals.
    mask: u64,
}

/// What is known of a target's goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The first goal that fits, by its place.
    Goal(u16),
    /// None fits.
    None,
    /// They are not numbered: their conditions must be asked.
    Unnumbered,
}

impl Fits {
    /// Numbers the goals of these targets.
    pub(super) fn of(targets: &[Target]) -> Self {
        let mut subjects = subjects_of(targets);
        let mut next = 0_usize;
        let mut stretches = Vec::with_capacity(targets.len());
        for target in targets {
            let stretch = stretch(target, &subjects, next);
            if let Some(stretch) = stretch {
                next = stretch.number(0).saturating_add(target.goals.len());
                let goals = (0..).map(|place| stretch.number(place)).zip(&target.goals);
                goals.for_each(|(number, goal)| {
                    subjects.iter_mut().for_each(|it| it.add(number, goal));
                });
            }
            stretches.push(stretch);
        }
        Self {
            subjects,
            stretches,
        }
    }

    /// Returns the goals that fit a ticket that stands like this.
    pub(crate) fn judge(&self, status: &Status) -> Judged {
        let mut fitting = [u64::MAX; WORDS];
        for subject in &self.subjects {
            let allowed = subject.allowed(status);
            for (fitting, allowed) in fitting.iter_mut().zip(allowed) {
                *fitting &= allowed;
            }
        }
        Judged(fitting)
    }

    /// Returns which goal of a target fits, given the goals of its agreement that do.
    #[inline]
    pub(crate) fn goal(&self, target: u16, judged: &Judged) -> Fit {
        let Some(Some(stretch)) = self.stretches.get(usize::from(target)) else {
            return Fit::Unnumbered;
        };
        let word = judged.0.get(usize::from(stretch.word)).unwrap_or(&0);
        match word.wrapping_shr(u32::from(stretch.first)) & stretch.mask {
            0 => Fit::None,
            goals => u16::try_from(goals.trailing_zeros()).map_or(Fit::None, Fit::Goal),
        }
    }
}

impl Stretch {
    /// Returns the number of a goal by its place in the target.
    fn number(self, place: usize) -> usize {
        let before = usize::from(self.word).saturating_mul(64);
        before
            .saturating_add(usize::from(self.first))
            .saturating_add(place)
    }
}

impl Numbered {
    fn new(subject: &Subject) -> Self {
        Self {
            subject: subject.clone(),
            values: Vec::new(),
            sets: Vec::new(),
            otherwise: Goals::default(),
        }
    }

    /// Notes for which values a goal may apply.
    fn add(&mut self, number: usize, goal: &Goal) {
        let known = self.values.iter().map(|value| Some(value.as_ref()));
        let sets = self.sets.iter_mut().zip(known);
        for (set, value) in sets.chain([(&mut self.otherwise, None)]) {
            if allows(&goal.when, &self.subject, value)
                && let Some(word) = set.get_mut(number / 64)
            {
                let bit = u32::try_from(number % 64).unwrap_or(0);
                *word |= 1_u64.wrapping_shl(bit);
            }
        }
    }

    fn allowed(&self, status: &Status) -> &Goals {
        let Some(found) = self.subject.of(status) else {
            return &self.otherwise;
        };
        let mut known = self.values.iter().zip(&self.sets);
        let same = known.find(|(value, _)| ***value == *found);
        same.map_or(&self.otherwise, |(_, set)| set)
    }
}

/// Returns whether what a condition says of one subject is answered by a value, or by none.
fn allows(condition: &Condition, subject: &Subject, value: Option<&str>) -> bool {
    let about = condition.terms().iter();
    about
        .filter(|term| term.subject == *subject)
        .all(|term| term.is_answered_by(value))
}

/// Returns where a target's goals can stand from a number on. `None` where one of them asks about what
/// is not numbered, or there is no room for them all.
fn stretch(target: &Target, subjects: &[Numbered], from: usize) -> Option<Stretch> {
    let count = target.goals.len();
    let mut terms = target.goals.iter().flat_map(|goal| goal.when.terms());
    let is_numbered = |subject: &Subject| subjects.iter().any(|known| known.subject == *subject);
    if count > 64 || !terms.all(|term| is_numbered(&term.subject)) {
        return None;
    }
    let fits_in = (from % 64).saturating_add(count) <= 64;
    let from = if fits_in {
        from
    } else {
        from.next_multiple_of(64)
    };
    let word = from / 64;
    Some(Stretch {
        word: u8::try_from(word).ok().filter(|_| word < WORDS)?,
        first: u8::try_from(from % 64).ok()?,
        mask: (0..count).fold(0, |mask, _| mask << 1 | 1),
    })
}

/// Returns the subjects that goals ask about first, with the values that they name; without those that
/// have too many.
fn subjects_of(targets: &[Target]) -> Vec<Numbered> {
    let goals = targets.iter().flat_map(|target| &target.goals);
    let mut found: Vec<Numbered> = Vec::new();
    for term in goals.flat_map(|goal| goal.when.terms()) {
        let place = found.iter().position(|it| it.subject == term.subject);
        if place.is_none() && found.len() < MOST_SUBJECTS {
            found.push(Numbered::new(&term.subject));
        }
        let place = place.unwrap_or(found.len().saturating_sub(1));
        let Some(known) = found.get_mut(place).filter(|it| it.subject == term.subject) else {
            continue;
        };
        for value in &term.values {
            // One more than are numbered tells that there are too many.
            if known.values.len() <= MOST_VALUES && !known.values.iter().any(|it| **it == **value) {
                known.values.push(value.as_str().into());
                known.sets.push(Goals::default());
            }
        }
    }
    found.retain(|known| known.values.len() <= MOST_VALUES);
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::policy::Policy;

    /// A term: about which of the fields, which values, and whether it asks for all others.
    type About = (usize, Vec<usize>, bool);

    const FIELDS: usize = 20;

    fn terms() -> impl Strategy<Value = Vec<About>> {
        let values = proptest::collection::vec(0..6_usize, 1..3);
        let subject = prop_oneof![4 => 0..3_usize, 1 => 3..FIELDS];
        proptest::collection::vec((subject, values, any::<bool>()), 0..3)
    }

    /// The goals of several targets: some with so many that they take a word and more, and now and then
    /// one that names a product of its own, so that products are too many to be numbered.
    fn targets() -> impl Strategy<Value = Vec<Vec<Vec<About>>>> {
        let few = proptest::collection::vec(terms(), 1..6);
        let many = proptest::collection::vec(terms(), 30..70);
        proptest::collection::vec(prop_oneof![6 => few, 1 => many], 1..8)
    }

    fn document(targets: &[Vec<Vec<About>>], products: usize) -> String {
        let mut text = String::from("policy = \"p\"\ntimezone = \"UTC\"\n");
        for field in 3..FIELDS {
            // Some have a value where nobody judged.
            let default = ["", "default = \"v1\""][field % 2];
            text += &format!("[field.{}]\n{default}\n", name(field));
        }
        for (number, goals) in targets.iter().enumerate() {
            let goals: Vec<String> = goals.iter().map(|terms| goal(terms)).collect();
            text += &format!(
                "[target.t{number}]\nstart = \"received\"\nstop = \"replied\"\ngoals = [{}]\n",
                goals.join(", ")
            );
        }
        let products: Vec<String> = (0..products)
            .map(|product| format!("{{ when = {{ product = \"m{product}\" }}, within = \"1h\" }}"))
            .collect();
        text += &format!(
            "[target.by-product]\nstart = \"received\"\nstop = \"replied\"\ngoals = [{}]\n",
            products.join(", ")
        );
        text
    }

    fn goal(terms: &[About]) -> String {
        let mut said: Vec<String> = Vec::new();
        for (subject, values, negated) in terms {
            let name = name(*subject);
            if said
                .iter()
                .any(|known| known.starts_with(&format!("{name} ")))
            {
                continue;
            }
            let mut values: Vec<String> = values.iter().map(|it| format!("\"v{it}\"")).collect();
            values.sort();
            values.dedup();
            let list = format!("[{}]", values.join(", "));
            said.push(match negated {
                true => format!("{name} = {{ not = {list} }}"),
                false => format!("{name} = {list}"),
            });
        }
        format!("{{ when = {{ {} }}, within = \"1h\" }}", said.join(", "))
    }

    fn name(subject: usize) -> String {
        match subject {
            0 => "class".to_owned(),
            1 => "level".to_owned(),
            2 => "channel".to_owned(),
            field => format!("f{field}"),
        }
    }

    fn statuses() -> impl Strategy<Value = Status> {
        let value = || proptest::option::of(select(vec!["v0", "v1", "v2", "v3", "v9"]));
        let fields = proptest::collection::vec(value(), FIELDS);
        let product = proptest::option::of(select(vec!["m0", "m40", "m63", "m64", "m100"]));
        (value(), value(), value(), fields, product).prop_map(
            |(class, level, channel, fields, product)| {
                let mut status = Status::default();
                status.class = class.map(|it| it.parse().unwrap());
                status.level = level.map(|it| it.parse().unwrap());
                status.channel = channel.map(|it| it.parse().unwrap());
                status.product = product.map(|it| it.parse().unwrap());
                let told = fields.into_iter().enumerate().skip(3);
                let told = told.filter_map(|(field, value)| Some((field, value?)));
                status.fields = told
                    .map(|(field, value)| (name(field).parse().unwrap(), value.parse().unwrap()))
                    .collect();
                status
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// Asking every goal by word, in turn, is the model.
        #[test]
        fn the_goal_that_is_found_by_number_is_the_first_whose_condition_holds(
            targets in targets(),
            products in select(vec![1_usize, 63, 64, 65, 100]),
            statuses in proptest::collection::vec(statuses(), 1..8),
        ) {
            let policy = Policy::from_toml(&document(&targets, products)).unwrap();
            let agreement = &policy.agreements()[0];
            for status in &statuses {
                let judged = agreement.fits.judge(status);
                for (place, target) in (0..).zip(&agreement.targets) {
                    let first = target.goals.iter().position(|goal| goal.when.holds(status));
                    let found = match agreement.fits.goal(place, &judged) {
                        Fit::Goal(goal) => Some(usize::from(goal)),
                        Fit::None => None,
                        Fit::Unnumbered => continue,
                    };
                    prop_assert_eq!(found, first, "{} of {}", target.id, place);
                }
            }
        }
    }

    #[test]
    fn what_is_numbered_is_what_there_is_room_for() {
        let unnumbered = |products: usize| {
            let policy = Policy::from_toml(&document(&[], products)).unwrap();
            let agreement = &policy.agreements()[0];
            let judged = agreement.fits.judge(&Status::default());
            agreement.fits.goal(0, &judged) == Fit::Unnumbered
        };
        assert_eq!([1, 63, 64, 65].map(unnumbered), [false, false, false, true]);
    }
}
