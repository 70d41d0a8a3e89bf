//! Every sort of ticket that conditions can tell apart.
//!
//! The space is the product of the questions that are asked, each with the answers that can make a
//! difference: the words of a closed vocabulary, or of an open one those that are mentioned and one that is
//! not; and "nobody judged", unless the policy has a default for that. A target asks three questions or four,
//! so the product is small, and reasoning over it is exact.

use crate::event::{Channel, Class, FieldValue, Level, Product};
use crate::policy::Policy;
use crate::policy::model::{Condition, Subject};
use crate::ticket::Status;

use super::finding::Path;
use super::steps::Steps;

/// The most sorts of tickets that are looked through for one target.
const MOST: usize = 200_000;

/// The steps that it takes to give a ticket one answer.
const SET: usize = 32;

/// One question with its answers. `None` is a ticket that nobody judged.
#[derive(Debug, Clone)]
struct Axis {
    subject: Subject,
    values: Vec<Option<String>>,
    /// How many of them the policy names; behind them stand "another one" and "nobody judged".
    named: usize,
}

/// All combinations of the answers to what some conditions ask.
#[derive(Debug, Clone)]
pub(in crate::policy) struct Space {
    axes: Vec<Axis>,
    size: usize,
    /// How many steps it takes to make a ticket of one sort and to ask every condition of it.
    cost: usize,
}

/// Why there is no space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unasked {
    /// It would be too large.
    TooMany,
    /// No steps are left.
    NoSteps,
}

/// One sort of ticket: which answer is given to each question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::policy) struct Cell {
    answers: Vec<usize>,
}

impl Space {
    /// Returns the space of what these conditions ask, or `None` where it is too large.
    pub(in crate::policy) fn of<'c>(
        policy: &Policy,
        conditions: impl Iterator<Item = &'c Condition> + Clone,
    ) -> Option<Self> {
        Self::within(policy, conditions, &mut Steps::of(usize::MAX)).ok()
    }

    /// Does the same with so many steps.
    pub(super) fn within<'c>(
        policy: &Policy,
        conditions: impl Iterator<Item = &'c Condition> + Clone,
        steps: &mut Steps,
    ) -> Result<Self, Unasked> {
        let asked = conditions
            .clone()
            .fold(1, |sum: usize, asked| sum.saturating_add(asked.values()));
        let mut axes: Vec<Axis> = Vec::new();
        let mut size = 1_usize;
        let terms = conditions.flat_map(Condition::terms);
        for term in terms.clone() {
            steps.take(axes.len()).ok_or(Unasked::NoSteps)?;
            if !axes.iter().any(|axis| axis.subject == term.subject) {
                steps.take(asked).ok_or(Unasked::NoSteps)?;
                let same = terms.clone().filter(|other| other.subject == term.subject);
                let mentioned = same.flat_map(|other| other.values.iter());
                let axis = Axis::of(policy, &term.subject, mentioned);
                let built = axis.values.len().saturating_mul(SET);
                steps.spend(built).ok_or(Unasked::NoSteps)?;
                size = size.saturating_mul(axis.values.len());
                if size > MOST {
                    return Err(Unasked::TooMany);
                }
                axes.push(axis);
            }
        }
        axes.sort_by(|a, b| a.subject.rank().cmp(&b.subject.rank()));
        let cost = asked.saturating_add(axes.len().saturating_mul(SET));
        Ok(Self { axes, size, cost })
    }

    /// Returns every cell with a ticket of its sort, or `None` where there are not the steps to ask
    /// the conditions of each so many times.
    pub(super) fn walk<'s>(
        &'s self,
        times: usize,
        path: &Path,
        steps: &mut Steps,
    ) -> Option<impl Iterator<Item = (Cell, Status)> + use<'s>> {
        let cell = self.cost.saturating_mul(times);
        steps.take_for(path, self.size.saturating_mul(cell))?;
        Some(self.cells().map(|cell| {
            let status = self.status(&cell);
            (cell, status)
        }))
    }

    /// Returns every cell.
    pub(in crate::policy) fn cells(&self) -> impl Iterator<Item = Cell> {
        (0..self.size).map(|number| {
            let mut rest = number;
            let answers = self.axes.iter().map(|axis| {
                let count = axis.values.len().max(1);
                let answer = rest.checked_rem(count).unwrap_or_default();
                rest = rest.checked_div(count).unwrap_or_default();
                answer
            });
            Cell {
                answers: answers.collect(),
            }
        })
    }

    /// Returns a ticket of this sort.
    pub(in crate::policy) fn status(&self, cell: &Cell) -> Status {
        let mut status = Status::default();
        for (axis, answer) in self.axes.iter().zip(&cell.answers) {
            if let Some(Some(value)) = axis.values.get(*answer) {
                axis.subject.set(value, &mut status);
            }
        }
        status
    }

    /// Returns whether every answer is one that the policy names.
    pub(in crate::policy) fn is_named(&self, cell: &Cell) -> bool {
        let mut pairs = self.axes.iter().zip(&cell.answers);
        pairs.all(|(axis, answer)| *answer < axis.named)
    }

    /// Returns the class of a cell, where classes are asked for.
    pub(in crate::policy) fn class(&self, cell: &Cell) -> Option<usize> {
        let mut pairs = self.axes.iter().zip(&cell.answers);
        pairs
            .find(|(axis, _)| axis.subject == Subject::Class)
            .map(|(_, answer)| *answer)
    }

    /// Returns the cell with another level, by its place among the policy's levels.
    pub(in crate::policy) fn with_level(&self, cell: &Cell, level: usize) -> Option<Cell> {
        let is_level = |axis: &Axis| matches!(axis.subject, Subject::Level { .. });
        let place = self.axes.iter().position(is_level)?;
        let mut answers = cell.answers.clone();
        *answers.get_mut(place)? = level;
        Some(Cell { answers })
    }

    /// Returns whether levels are asked for.
    pub(super) fn has_levels(&self) -> bool {
        let is_level = |axis: &Axis| matches!(axis.subject, Subject::Level { .. });
        self.axes.iter().any(is_level)
    }

    /// Returns the place of a cell's level among the policy's levels.
    pub(in crate::policy) fn level(&self, cell: &Cell) -> Option<usize> {
        let is_level = |axis: &Axis| matches!(axis.subject, Subject::Level { .. });
        let place = self.axes.iter().position(is_level)?;
        cell.answers.get(place).copied()
    }

    /// Writes some cells for people: `class = complaint | fault, level = urgent`. Nothing for all of
    /// the named ones.
    pub(in crate::policy) fn summarize(&self, cells: &[Cell]) -> Option<String> {
        const SHOWN: usize = 3;
        let mut used: Vec<std::collections::BTreeSet<usize>> =
            vec![Default::default(); self.axes.len()];
        for cell in cells {
            for (used, answer) in used.iter_mut().zip(&cell.answers) {
                used.insert(*answer);
            }
        }
        let block = used
            .iter()
            .try_fold(1_usize, |size, used| size.checked_mul(used.len()));
        if block != Some(cells.len()) {
            // They are no block of answers, so a few are shown.
            let mut texts: Vec<String> = cells
                .iter()
                .take(SHOWN)
                .map(|cell| self.describe(cell))
                .collect();
            let more = cells.len().saturating_sub(texts.len());
            if more > 0 {
                texts.push(format!("+{more}"));
            }
            return Some(texts.join("; "));
        }
        let narrowed = self
            .axes
            .iter()
            .zip(&used)
            .filter(|(axis, used)| used.len() < axis.named);
        let texts: Vec<String> = narrowed
            .map(|(axis, used)| {
                let values = used
                    .iter()
                    .filter_map(|answer| axis.values.get(*answer)?.as_deref());
                let values: Vec<&str> = values.collect();
                format!("{} = {}", axis.subject.name(), values.join(" | "))
            })
            .collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    }

    /// Writes a cell for people: `class complaint, level urgent`.
    pub(in crate::policy) fn describe(&self, cell: &Cell) -> String {
        let named = self
            .axes
            .iter()
            .zip(&cell.answers)
            .filter_map(|(axis, answer)| {
                let value = axis.values.get(*answer)?.as_deref().unwrap_or("-");
                Some(format!("{} {value}", axis.subject.name()))
            });
        named.collect::<Vec<_>>().join(", ")
    }
}

impl Axis {
    /// Returns the answers to one question, the named ones first.
    fn of<'v>(
        policy: &Policy,
        subject: &Subject,
        mentioned: impl Iterator<Item = &'v String>,
    ) -> Self {
        let words = &policy.vocabulary;
        let mut values: Vec<String> = match subject {
            Subject::Class => words
                .classes
                .iter()
                .map(|(name, _)| name.to_string())
                .collect(),
            Subject::Level { .. } => words
                .levels
                .iter()
                .map(|(name, _)| name.to_string())
                .collect(),
            Subject::Channel => words
                .channels
                .iter()
                .map(|(name, _)| name.to_string())
                .collect(),
            Subject::Product => Vec::new(),
            Subject::InScope => vec!["yes".to_owned(), "no".to_owned()],
            Subject::Field { id, .. } => {
                let field = words.fields.iter().find(|field| field.id == *id);
                let values = field.map_or(&[][..], |field| &field.values);
                values.iter().map(|(name, _)| name.to_string()).collect()
            }
        };
        let is_closed = !values.is_empty();
        if !is_closed {
            values.extend(mentioned.cloned());
            values.sort();
            values.dedup();
        }
        let named = values.len();
        let mut values: Vec<Option<String>> = values.into_iter().map(Some).collect();
        if !is_closed {
            values.push(Some(another(&values)));
        }
        let has_default = match subject {
            Subject::Level { default } => default.is_some(),
            Subject::Field { default, .. } => default.is_some(),
            Subject::Class | Subject::Channel | Subject::Product | Subject::InScope => false,
        };
        if !has_default {
            values.push(None);
        }
        Self {
            subject: subject.clone(),
            values,
            named,
        }
    }
}

/// Returns a value that is none of those mentioned.
fn another(values: &[Option<String>]) -> String {
    let mut name = "another".to_owned();
    while values.iter().flatten().any(|value| *value == name) {
        name.push('-');
    }
    name
}

impl Subject {
    /// Judges a ticket so. A value that can be no name leaves it as it is.
    fn set(&self, value: &str, status: &mut Status) {
        match self {
            Self::Class => status.class = Class::new(value).ok(),
            Self::Level { .. } => status.level = Level::new(value).ok(),
            Self::Channel => status.channel = Channel::new(value).ok(),
            Self::Product => status.product = Product::new(value).ok(),
            Self::InScope => status.in_scope = Some(value == "yes"),
            Self::Field { id, .. } => {
                if let Ok(value) = FieldValue::new(value) {
                    status.fields.insert(id.clone(), value);
                }
            }
        }
    }
}
