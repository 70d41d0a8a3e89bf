//! Maps: what the columns and words of a foreign log mean.

use std::collections::HashMap;

use punctual::event::CustomerId;
use punctual::language::Language;
use serde::Deserialize;

use super::history::{Histories, Told};
use super::problem::RowError;
use super::status::{Seen, Statuses};
use super::template::Template;
use super::time::TimeForm;
use super::{Cells, wrong};
use crate::failure::did_you_mean;
use crate::text::clean;

/// What a pause does to one that is still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pauses {
    /// It adds its reason: the log has several at a time.
    #[default]
    Add,
    /// It ends the others first: the log has one status at a time.
    Replace,
}

/// What the columns and words of a foreign log mean, ready to be used.
#[derive(Debug, Clone)]
pub struct Map {
    pub(super) columns: Vec<String>,
    pub(super) optional: Vec<String>,
    pub(super) absent: Vec<String>,
    pub(super) delimiter: Option<u8>,
    pub(super) ticket: usize,
    pub(super) sequence: Option<usize>,
    pub(super) customer: Option<usize>,
    pub(super) pauses: Pauses,
    pub(super) at: Option<usize>,
    pub(super) times: TimeForm,
    pub(super) kind: Option<Kinds>,
    pub(super) statuses: Option<Statuses>,
    pub(super) every_row: Vec<Template>,
}

/// What the words of the kind column mean.
#[derive(Debug, Clone)]
pub(super) struct Kinds {
    pub(super) slot: usize,
    pub(super) words: HashMap<String, Vec<Template>>,
    /// What any other word means; `None` where it is a mistake.
    pub(super) otherwise: Option<Vec<Template>>,
}

impl Map {
    /// Returns whether a pause first ends the one before it.
    #[must_use]
    pub const fn pauses(&self) -> Pauses {
        self.pauses
    }

    /// Returns what must be remembered from row to row.
    pub(super) fn memory(&self) -> Memory {
        Memory::default()
    }

    /// Adds the events that a row tells: all of them or none.
    pub(super) fn take(
        &self,
        cells: &impl Cells,
        memory: &mut Memory,
        histories: &mut Histories,
    ) -> Result<(), RowError> {
        let name = cells.cell(self.ticket);
        let sequence = self.sequence(cells)?;
        let customer = self.customer(cells)?;
        memory.told.clear();
        let at = match self.at {
            Some(slot) => Some(self.instant(cells, slot)?),
            None => None,
        };
        self.by_kind(cells, (sequence, at), memory)?;
        self.by_template(&self.every_row, cells, (sequence, at), memory)?;
        let Some(place) = histories.place_of(name) else {
            return Err(no_ticket(self.ticket, name));
        };
        if let (Some(statuses), Some(at)) = (&self.statuses, at) {
            if memory.seen.len() <= place {
                memory.seen.resize_with(place + 1, Seen::default);
            }
            if let Some(seen) = memory.seen.get_mut(place) {
                let events = statuses.events(cells, &self.times, at, seen)?;
                memory
                    .told
                    .extend(events.into_iter().map(|(occurred_at, event)| Told {
                        sequence,
                        occurred_at,
                        recorded_at: None,
                        actor: None,
                        customer: None,
                        event,
                    }));
            }
        }
        for mut told in memory.told.drain(..) {
            told.customer.clone_from(&customer);
            histories.add(place, told);
        }
        Ok(())
    }

    fn sequence(&self, cells: &impl Cells) -> Result<Option<u64>, RowError> {
        let Some(slot) = self.sequence else {
            return Ok(None);
        };
        let text = cells.cell(slot);
        if text.is_empty() && self.is_optional(slot) {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| {
            let text = clean(text);
            wrong(
                slot,
                format!("`{text}` is no number of an event"),
                format!("“{text}”不是事件序号"),
            )
        })
    }

    fn customer(&self, cells: &impl Cells) -> Result<Option<CustomerId>, RowError> {
        let Some(slot) = self.customer else {
            return Ok(None);
        };
        let text = cells.cell(slot);
        if text.is_empty() {
            return Ok(None);
        }
        CustomerId::new(text).map(Some).map_err(|_| {
            let text = clean(text);
            wrong(
                slot,
                format!("`{text}` cannot be the id of a customer"),
                format!("“{text}”不能用作顾客编号"),
            )
        })
    }

    fn is_optional(&self, slot: usize) -> bool {
        let name = self.columns.get(slot);
        name.is_some_and(|name| self.optional.contains(name))
    }

    fn instant(
        &self,
        cells: &impl Cells,
        slot: usize,
    ) -> Result<punctual::time::Instant, RowError> {
        self.times
            .read(cells.cell(slot))
            .map_err(|says| RowError::at(slot, says))
    }

    fn by_kind(
        &self,
        cells: &impl Cells,
        when: (Option<u64>, Option<punctual::time::Instant>),
        memory: &mut Memory,
    ) -> Result<(), RowError> {
        let Some(kinds) = &self.kind else {
            return Ok(());
        };
        let word = cells.cell(kinds.slot);
        let templates = kinds.words.get(word).or(kinds.otherwise.as_ref());
        let templates = templates.ok_or_else(|| {
            let near =
                |language| did_you_mean(word, kinds.words.keys().map(String::as_str), language);
            let shown = clean(word);
            wrong(
                kinds.slot,
                format!(
                    "the map does not say what `{shown}` means{}",
                    near(Language::English)
                ),
                format!("映射中没有说明“{shown}”的含义{}", near(Language::Chinese)),
            )
        })?;
        self.by_template(templates, cells, when, memory)
    }

    fn by_template(
        &self,
        templates: &[Template],
        cells: &impl Cells,
        (sequence, at): (Option<u64>, Option<punctual::time::Instant>),
        memory: &mut Memory,
    ) -> Result<(), RowError> {
        for template in templates.iter().filter(|template| template.applies(cells)) {
            let occurred_at = match template.at {
                // What has no time has not happened.
                Some(slot) if cells.cell(slot).is_empty() => continue,
                Some(slot) => self.instant(cells, slot)?,
                None => match at {
                    Some(at) => at,
                    None => continue,
                },
            };
            memory.told.push(Told {
                sequence,
                occurred_at,
                recorded_at: None,
                actor: template.actor(cells)?,
                customer: None,
                event: template.event(cells, &self.times)?,
            });
        }
        Ok(())
    }
}

/// What must be remembered from row to row.
#[derive(Debug, Default)]
pub(super) struct Memory {
    told: Vec<Told>,
    /// By the place of the ticket.
    seen: Vec<Seen>,
}

pub(super) fn no_ticket(slot: usize, name: &str) -> RowError {
    let name = clean(name);
    wrong(
        slot,
        format!("`{name}` cannot be the id of a ticket"),
        format!("“{name}”不能用作工单号"),
    )
}
