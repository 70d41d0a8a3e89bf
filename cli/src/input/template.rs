//! What one row becomes: an event whose fields are constants or cells.

use std::collections::BTreeMap;

use punctual::event::{Actor, ActorId, Kind, RoleId};
use punctual::language::{Language, Phrase};
use punctual::ticket::TicketEvent;
use serde::Deserialize;
use serde_json::{Map as Json, Value, json};

use super::fields::{self, Form};
use super::problem::RowError;
use super::time::TimeForm;
use super::{Cells, wrong};
use crate::failure::did_you_mean;
use crate::text::clean;

/// The columns that a map asks for, each with its number.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns(pub(super) Vec<String>);

impl Columns {
    pub(super) fn slot(&mut self, name: &str) -> usize {
        let known = self.0.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        })
    }
}

/// Where the text of a field comes from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    Constant(String),
    Column {
        slot: usize,
        /// What the log's words mean; words that are not among them stay what they are, unless
        /// `only` these are expected.
        words: BTreeMap<String, String>,
        only: bool,
    },
}

impl Source {
    fn text<'a>(&'a self, cells: &'a impl Cells) -> Result<&'a str, RowError> {
        match self {
            Self::Constant(text) => Ok(text),
            Self::Column { slot, words, only } => {
                let found = cells.cell(*slot);
                match words.get(found) {
                    Some(meant) => Ok(meant),
                    None if *only && !found.is_empty() => {
                        let found = clean(found);
                        Err(wrong(
                            *slot,
                            format!("the map does not say what `{found}` means"),
                            format!("映射中没有说明“{found}”的含义"),
                        ))
                    }
                    None => Ok(found),
                }
            }
        }
    }

    const fn slot(&self) -> Option<usize> {
        match self {
            Self::Constant(_) => None,
            Self::Column { slot, .. } => Some(*slot),
        }
    }
}

/// One event that a row may tell.
#[derive(Debug, Clone)]
pub(super) struct Template {
    kind: Kind,
    /// The column of its own instant, if not that of the row; without a time there is no event.
    pub(super) at: Option<usize>,
    /// Cells that must have one of these texts.
    when: Vec<(usize, Vec<String>)>,
    by: Option<Source>,
    fields: Vec<(String, Form, Source)>,
    own: Vec<(String, Source)>,
    /// The whole event, where no cell is needed for it.
    constant: Option<TicketEvent>,
}

/// How a template is written: the rest of the keys are the fields of the event.
#[derive(Debug, Deserialize)]
struct Written {
    event: String,
    at: Option<String>,
    by: Option<toml::Value>,
    #[serde(default)]
    when: BTreeMap<String, OneOrMany>,
    #[serde(default)]
    fields: BTreeMap<String, toml::Value>,
    #[serde(flatten)]
    rest: BTreeMap<String, toml::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenColumn {
    column: String,
    #[serde(default)]
    words: BTreeMap<String, String>,
    #[serde(default)]
    only: bool,
}

impl Template {
    /// Reads templates: a kind's name, a table, a list of these, or `pass-over` for none.
    pub(super) fn read_all(
        value: &toml::Value,
        columns: &mut Columns,
    ) -> Result<Vec<Self>, String> {
        match value {
            toml::Value::String(name) if name == "pass-over" => Ok(Vec::new()),
            toml::Value::String(name) => {
                let mut table = toml::Table::new();
                table.insert("event".to_owned(), name.clone().into());
                Ok(vec![Self::read(table, columns)?])
            }
            toml::Value::Table(table) => Ok(vec![Self::read(table.clone(), columns)?]),
            toml::Value::Array(list) => {
                let mut all = Vec::new();
                for value in list {
                    all.extend(Self::read_all(value, columns)?);
                }
                Ok(all)
            }
            toml::Value::Integer(_)
            | toml::Value::Float(_)
            | toml::Value::Boolean(_)
            | toml::Value::Datetime(_) => {
                Err("expected the name of an event, a table with `event`, or \"pass-over\"".into())
            }
        }
    }

    fn read(table: toml::Table, columns: &mut Columns) -> Result<Self, String> {
        let written: Written = table
            .try_into()
            .map_err(|error: toml::de::Error| error.message().to_owned())?;
        let kind = kind_of(&written.event)?;
        let known = fields::of(kind).unwrap_or_default();
        let mut template = Self {
            kind,
            at: written.at.as_deref().map(|column| columns.slot(column)),
            when: Vec::new(),
            by: written.by.map(|by| source(&by, columns)).transpose()?,
            fields: Vec::new(),
            own: Vec::new(),
            constant: None,
        };
        for (column, words) in written.when {
            let words = match words {
                OneOrMany::One(word) => vec![word],
                OneOrMany::Many(words) => words,
            };
            template.when.push((columns.slot(&column), words));
        }
        for (name, value) in &written.rest {
            // Policies write words with hyphens; so may maps.
            let name = name.replace('-', "_");
            let Some((name, form)) = known.iter().find(|(known, _)| *known == name) else {
                let near = did_you_mean(&name, known.iter().map(|it| it.0), Language::English);
                return Err(format!("`{kind}` has no field `{name}`{near}"));
            };
            template
                .fields
                .push(((*name).to_owned(), *form, source(value, columns)?));
        }
        for (name, value) in &written.fields {
            if !fields::has_own(kind) {
                return Err(format!("`{kind}` has no own fields"));
            }
            template.own.push((name.clone(), source(value, columns)?));
        }
        template.constant = template.constant()?;
        Ok(template)
    }

    /// Builds the event now, if no cell is needed, so that a mistake is found before the first row.
    fn constant(&self) -> Result<Option<TicketEvent>, String> {
        struct Nothing;
        impl Cells for Nothing {
            fn cell(&self, _: usize) -> &str {
                ""
            }
        }
        let sources = self.fields.iter().map(|(_, _, source)| source);
        let mut all = sources.chain(self.own.iter().map(|(_, source)| source));
        if all.any(|source| source.slot().is_some()) {
            return Ok(None);
        }
        let built = self.build(&Nothing, &TimeForm::Rfc3339);
        built
            .map(Some)
            .map_err(|error| error.says.text(Language::English).to_owned())
    }

    /// Returns whether a row tells this event.
    pub(super) fn applies(&self, cells: &impl Cells) -> bool {
        self.when
            .iter()
            .all(|(slot, words)| words.iter().any(|word| word == cells.cell(*slot)))
    }

    /// Returns the event that a row tells.
    pub(super) fn event(
        &self,
        cells: &impl Cells,
        times: &TimeForm,
    ) -> Result<TicketEvent, RowError> {
        match &self.constant {
            Some(event) => Ok(event.clone()),
            None => self.build(cells, times),
        }
    }

    /// Returns who did it, if the map says which role that was.
    pub(super) fn actor(&self, cells: &impl Cells) -> Result<Option<Actor>, RowError> {
        let Some(by) = &self.by else { return Ok(None) };
        let role = by.text(cells)?;
        if role.is_empty() {
            return Ok(None);
        }
        let named = ActorId::new("log").and_then(|id| {
            let role = RoleId::new(role)?;
            Ok(Actor::new(id).with_role(role))
        });
        match named {
            Ok(actor) => Ok(Some(actor)),
            Err(error) => Err(refusal(by.slot(), &error)),
        }
    }

    fn build(&self, cells: &impl Cells, times: &TimeForm) -> Result<TicketEvent, RowError> {
        let mut event = Json::new();
        event.insert("type".to_owned(), self.kind.name().into());
        for (name, form, source) in &self.fields {
            let text = source.text(cells)?;
            if !text.is_empty() {
                event.insert(name.clone(), value(text, *form, source.slot(), times)?);
            }
        }
        let mut own = Json::new();
        for (name, source) in &self.own {
            let text = source.text(cells)?;
            if !text.is_empty() {
                own.insert(name.clone(), text.into());
            }
        }
        if !own.is_empty() {
            event.insert("fields".to_owned(), own.into());
        }
        TicketEvent::deserialize(Value::Object(event)).map_err(|error| self.blame(cells, &error))
    }

    /// Says which field is to blame: the first that is none by itself, or else the whole row.
    fn blame(&self, cells: &impl Cells, error: &serde_json::Error) -> RowError {
        let slots = self.fields.iter().filter_map(|(name, _, source)| {
            let text = source.text(cells).ok()?;
            let is_named = error.to_string().contains(&format!("{text:?}"))
                || error.to_string().contains(&format!("`{name}`"));
            is_named.then(|| source.slot()).flatten()
        });
        let text = clean(&error.to_string()).into_owned();
        let kind = self.kind;
        RowError {
            slot: slots.into_iter().next(),
            says: Phrase::new(
                format!("no `{kind}` can be made of it: {text}"),
                format!("无法据此生成“{kind}”：{text}"),
            ),
        }
    }
}

fn refusal(slot: Option<usize>, error: &dyn std::fmt::Display) -> RowError {
    RowError {
        slot,
        says: Phrase::same(&clean(&error.to_string())),
    }
}

fn kind_of(name: &str) -> Result<Kind, String> {
    let writable = || {
        Kind::ALL
            .iter()
            .copied()
            .filter(|kind| fields::of(*kind).is_some())
    };
    writable().find(|kind| kind.name() == name).ok_or_else(|| {
        let near = did_you_mean(name, writable().map(Kind::name), Language::English);
        format!("there is no event `{name}`{near}")
    })
}

/// Reads where a field's text comes from: `{ column = "..." }`, or the text itself.
fn source(value: &toml::Value, columns: &mut Columns) -> Result<Source, String> {
    match value {
        toml::Value::String(text) => Ok(Source::Constant(text.clone())),
        toml::Value::Boolean(yes) => Ok(Source::Constant(yes.to_string())),
        toml::Value::Integer(number) => Ok(Source::Constant(number.to_string())),
        toml::Value::Table(table) => {
            let written: WrittenColumn = table
                .clone()
                .try_into()
                .map_err(|error: toml::de::Error| error.message().to_owned())?;
            Ok(Source::Column {
                slot: columns.slot(&written.column),
                words: written.words,
                only: written.only,
            })
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Array(_) => {
            Err("expected a text or { column = \"...\" }".to_owned())
        }
    }
}

fn value(text: &str, form: Form, slot: Option<usize>, times: &TimeForm) -> Result<Value, RowError> {
    let refused = |en: &str, zh: &str| RowError {
        slot,
        says: Phrase::new(
            format!("`{}` is {en}", clean(text)),
            format!("“{}”{zh}", clean(text)),
        ),
    };
    match form {
        Form::Text => Ok(text.into()),
        Form::Personal => Ok(json!({"plain": text})),
        Form::Number => {
            let number: Result<i64, _> = text.parse();
            let number = number.map_err(|_| refused("no whole number", "不是整数"))?;
            Ok(number.into())
        }
        Form::Yes => match text.to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" | "y" => Ok(true.into()),
            "no" | "false" | "0" | "n" => Ok(false.into()),
            _ => Err(refused("neither yes nor no", "既不是“是”也不是“否”")),
        },
        Form::Instant => {
            let at = times.read(text).map_err(|says| RowError { slot, says })?;
            Ok(at.to_string().into())
        }
    }
}
