//! Maps as they are written: TOML, by name or by file.

use std::collections::{BTreeMap, HashMap};

use punctual::language::{Language, Phrase};
use serde::Deserialize;

use super::map::{Kinds, Map, Pauses};
use super::source::read_text;
use super::status::{self, Statuses};
use super::template::{Columns, Template};
use super::time::TimeForm;
use crate::failure::{Failure, about, did_you_mean};

/// Writes the table of the maps that lie beside the sources.
macro_rules! shipped {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../../maps/", $name, ".toml"))),)*]
    };
}

/// The maps that can be named without a file.
pub const BUILT_IN: &[(&str, &str)] = shipped! {
    "boston311",
    "boston311-requests",
    "punctual",
    "uci-audit",
    "uci-incidents",
    "volvo-incidents",
    "volvo-vinst",
};

/// A map as it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Written {
    ticket: String,
    sequence: Option<String>,
    customer: Option<String>,
    #[serde(default)]
    pauses: Pauses,
    delimiter: Option<String>,
    #[serde(default)]
    optional_columns: Vec<String>,
    /// Cells that mean nothing is there.
    #[serde(default)]
    absent: Vec<String>,
    time: WrittenTime,
    kind: Option<WrittenKind>,
    status: Option<status::Written>,
    #[serde(default)]
    every_row: Vec<toml::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct WrittenTime {
    column: Option<String>,
    #[serde(default = "rfc3339")]
    format: String,
    zone: Option<String>,
}

fn rfc3339() -> String {
    "rfc3339".to_owned()
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct WrittenKind {
    column: String,
    otherwise: Option<toml::Value>,
    events: BTreeMap<String, toml::Value>,
}

const MOST_BYTES: usize = 1 << 20;

/// Returns the text of a built-in map.
///
/// # Errors
/// [`Failure`] when there is none of that name.
pub fn built_in(named: &str) -> Result<&'static str, Failure> {
    let found = BUILT_IN.iter().find(|(name, _)| *name == named);
    found.map(|(_, text)| *text).ok_or_else(|| {
        Failure::unusable(Phrase::new(
            format!(
                "there is no built-in map `{named}`{}",
                near(named, Language::English)
            ),
            format!("没有内置映射“{named}”{}", near(named, Language::Chinese)),
        ))
    })
}

fn near(named: &str, language: Language) -> String {
    did_you_mean(named, BUILT_IN.iter().map(|(name, _)| *name), language)
}

impl Map {
    /// Returns a built-in map by its name, or reads a file.
    ///
    /// # Errors
    /// [`Failure`] when there is neither, or it says something that no map can.
    pub fn open(named: &str) -> Result<Self, Failure> {
        let known = BUILT_IN.iter().find(|(name, _)| *name == named);
        let text = match known {
            Some((_, text)) => (*text).to_owned(),
            None => read_text(named, MOST_BYTES, |language| near(named, language))?,
        };
        Self::parse(named, &text)
    }

    /// Reads a map. `name` is said in errors.
    ///
    /// # Errors
    /// As for [`Map::open`].
    pub fn parse(name: &str, text: &str) -> Result<Self, Failure> {
        let refused = || Failure::unusable(about(name, "the map cannot be used", "映射无法使用"));
        let written: Written = toml::from_str(text).map_err(|error| refused().because(&error))?;
        Self::new(written).map_err(|reason| refused().because(&Reason(reason)))
    }

    fn new(written: Written) -> Result<Self, String> {
        let mut columns = Columns::default();
        let ticket = columns.slot(&written.ticket);
        let sequence = written.sequence.map(|column| columns.slot(&column));
        let customer = written.customer.map(|column| columns.slot(&column));
        let at = written.time.column.map(|column| columns.slot(&column));
        let times = TimeForm::new(&written.time.format, written.time.zone.as_deref())
            .map_err(|reason| format!("time: {reason}"))?;
        let kind = written
            .kind
            .map(|kind| Kinds::new(kind, &mut columns))
            .transpose()?;
        let statuses = written
            .status
            .map(|status| Statuses::new(status, &mut columns))
            .transpose()?;
        let mut every_row = Vec::new();
        for value in &written.every_row {
            let templates = Template::read_all(value, &mut columns)
                .map_err(|reason| format!("every-row: {reason}"))?;
            every_row.extend(templates);
        }
        if kind.is_none() && statuses.is_none() && every_row.is_empty() {
            return Err("it makes no event: give `kind`, `status` or `every-row`".to_owned());
        }
        let needs_time = every_row.iter().any(|template| template.at.is_none());
        if at.is_none() && (kind.is_some() || statuses.is_some() || needs_time) {
            return Err("time: name the `column` that says when a row happened".to_owned());
        }
        let delimiter = match written.delimiter.as_deref().map(str::as_bytes) {
            None => None,
            Some([byte]) => Some(*byte),
            Some(_) => return Err("delimiter: one ASCII character".to_owned()),
        };
        Ok(Self {
            columns: columns.0,
            optional: written.optional_columns,
            absent: written.absent,
            delimiter,
            ticket,
            sequence,
            customer,
            pauses: written.pauses,
            at,
            times,
            kind,
            statuses,
            every_row,
        })
    }
}

impl Kinds {
    fn new(written: WrittenKind, columns: &mut Columns) -> Result<Self, String> {
        let slot = columns.slot(&written.column);
        let mut words = HashMap::new();
        for (word, value) in &written.events {
            let templates = Template::read_all(value, columns)
                .map_err(|reason| format!("kind.events.{word}: {reason}"))?;
            words.insert(word.clone(), templates);
        }
        let otherwise = written.otherwise.map(|value| {
            Template::read_all(&value, columns)
                .map_err(|reason| format!("kind.otherwise: {reason}"))
        });
        Ok(Self {
            slot,
            words,
            otherwise: otherwise.transpose()?,
        })
    }
}

/// A reason in words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Reason(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_map_can_be_used() {
        for (name, _) in BUILT_IN {
            Map::open(name).unwrap();
        }
    }

    #[test]
    fn what_no_map_can_say_is_refused_with_its_place() {
        let good = r#"
            ticket = "id"
            time = { column = "at" }
            [kind]
            column = "kind"
            events.opened = { event = "received", class = { column = "class" } }
        "#;
        assert!(Map::parse("good", good).is_ok());
        for (from, to, says) in [
            ("\"received\"", "\"recieved\"", "did you mean `received`"),
            ("class =", "clas =", "did you mean `class`"),
            (
                "{ column = \"at\" }",
                "{ column = \"at\", format = \"%d\" }",
                "name the `zone`",
            ),
            ("{ column = \"at\" }", "{}", "name the `column`"),
            ("ticket =", "tickets =", "line 2"),
            ("{ column = \"class\" }", "[1]", "expected a text"),
        ] {
            let bad = good.replace(from, to);
            assert_ne!(bad, good, "{from}");
            let Err(Failure::Said { causes, .. }) = Map::parse("bad", &bad) else {
                panic!("{to} was taken");
            };
            assert!(causes.concat().contains(says), "{to}: {causes:?}");
        }
    }
}
