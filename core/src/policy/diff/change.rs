//! One difference between two versions, and the gathering of them.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::language::{Language, Phrase};
use crate::policy::lint::Path;

/// One difference between two versions of a policy.
///
/// ```
/// use punctual::policy::{AFTER_SALES, Policy};
///
/// let former = Policy::from_toml(AFTER_SALES)?;
/// let later = AFTER_SALES.replace(r#"week     = { mon-fri = ["09:00-12:00","#, r#"week     = { mon-fri = ["08:30-12:00","#);
/// let changes = Policy::from_toml(&later)?.changes_from(&former);
/// assert_eq!(changes.len(), 5); // one for each weekday
/// assert_eq!(changes[0].path.to_string(), "calendar.office.week.mon");
/// assert_eq!(changes[0].after.as_deref(), Some("08:30-12:00, 13:30-18:00"));
/// # Ok::<(), punctual::policy::Report>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What is different: a part of the document.
    pub path: Path,
    /// For which tickets, where it is not for all: `class = complaint, level = urgent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tickets: Option<String>,
    /// How it was, in the notation of the document; `None` where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// How it is; `None` where it is no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Change {
    /// Returns the change in one line for people.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let phrase = self.phrase();
        let tickets = self
            .tickets
            .as_ref()
            .map_or_else(String::new, |tickets| match language {
                Language::English => format!(" (for {tickets})"),
                Language::Chinese => format!("（适用于 {tickets}）"),
            });
        format!("{}{tickets}: {}", self.path, phrase.text(language))
    }

    fn phrase(&self) -> Phrase {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => Phrase::same(&format!("{before} → {after}")),
            (None, Some(after)) => Phrase::new(format!("added {after}"), format!("新增 {after}")),
            (Some(before), None) => {
                Phrase::new(format!("removed {before}"), format!("移除 {before}"))
            }
            (None, None) => Phrase::fixed("changed", "有变化"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::English))
    }
}

/// Gathers differences.
#[derive(Debug, Default)]
pub(super) struct Changes(Vec<Change>);

impl Changes {
    pub(super) fn into_list(self) -> Vec<Change> {
        self.0
    }

    /// Adds a change for these tickets.
    pub(super) fn add(
        &mut self,
        path: Path,
        tickets: Option<String>,
        before: Option<String>,
        after: Option<String>,
    ) {
        self.0.push(Change {
            path,
            tickets,
            before,
            after,
        });
    }

    /// Compares one value by its text.
    pub(super) fn value(&mut self, path: Path, before: &str, after: &str) {
        if before != after {
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            self.add(path, None, text(before), text(after));
        }
    }

    /// Compares named things by their texts; a text may be empty.
    pub(super) fn named(
        &mut self,
        path: &Path,
        before: &BTreeMap<String, String>,
        after: &BTreeMap<String, String>,
    ) {
        for (name, was) in before {
            match after.get(name) {
                None => self.add(path.key(name), None, Some(or_name(was, name)), None),
                Some(is) => self.value(path.key(name), was, is),
            }
        }
        for (name, is) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
            self.add(path.key(name), None, None, Some(or_name(is, name)));
        }
    }

    /// Compares lists in which each text stands for itself.
    pub(super) fn listed(&mut self, path: &Path, before: &[String], after: &[String]) {
        for was in before.iter().filter(|was| !after.contains(was)) {
            self.add(path.clone(), None, Some(was.clone()), None);
        }
        for is in after.iter().filter(|is| !before.contains(is)) {
            self.add(path.clone(), None, None, Some(is.clone()));
        }
        let kept = |list: &[String], other: &[String]| -> Vec<String> {
            list.iter()
                .filter(|text| other.contains(text))
                .cloned()
                .collect()
        };
        let (was, is) = (kept(before, after), kept(after, before));
        if was != is {
            self.add(
                path.clone(),
                None,
                Some(was.join("; ")),
                Some(is.join("; ")),
            );
        }
    }
}

fn or_name(text: &str, name: &str) -> String {
    if text.is_empty() {
        name.to_owned()
    } else {
        text.to_owned()
    }
}
