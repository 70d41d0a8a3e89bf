//! Differences of the vocabularies.

use std::collections::BTreeMap;

use crate::policy::Policy;
use crate::policy::lint::Path;

use super::change::Changes;

/// Compares every vocabulary.
pub(super) fn compare(former: &Policy, later: &Policy, changes: &mut Changes) {
    let (was, is) = (&former.vocabulary, &later.vocabulary);
    let top = |key: &str| Path::of(&[key]);
    let names = |list: Vec<&str>| -> Vec<String> { list.into_iter().map(str::to_owned).collect() };
    macro_rules! listed {
        ($key:literal, $field:ident) => {
            let words = |words: &crate::policy::Vocabulary| {
                names(words.$field.iter().map(|(name, _)| name.as_str()).collect())
            };
            changes.listed(&top($key), &words(was), &words(is));
        };
    }
    listed!("class", classes);
    listed!("level", levels);
    let default = |words: &crate::policy::Vocabulary| {
        words
            .default_level
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    changes.value(top("level").key("default"), &default(was), &default(is));
    listed!("channel", channels);
    listed!("mark", marks);
    fields(former, later, changes);
    let roles = |policy: &Policy| -> BTreeMap<String, String> {
        let roles = policy.vocabulary.roles.iter();
        roles
            .map(|role| (role.id.to_string(), format!("rank {}", role.rank)))
            .collect()
    };
    changes.named(&top("role"), &roles(former), &roles(later));
    let reasons = |policy: &Policy| -> BTreeMap<String, String> {
        let reasons = policy.vocabulary.reasons.iter();
        reasons
            .map(|reason| {
                (
                    reason.id.to_string(),
                    format!("resumes on {}", reason.resumes_on),
                )
            })
            .collect()
    };
    changes.named(&top("pause"), &reasons(former), &reasons(later));
}

fn fields(former: &Policy, later: &Policy, changes: &mut Changes) {
    let texts = |policy: &Policy| -> BTreeMap<String, String> {
        let fields = policy.vocabulary.fields.iter();
        let text = |field: &crate::policy::FieldWords| {
            let values: Vec<&str> = field.values.iter().map(|(name, _)| name.as_str()).collect();
            let values = if values.is_empty() {
                "any".to_owned()
            } else {
                values.join(" | ")
            };
            let default = field.default.as_ref();
            let default = default.map_or_else(String::new, |value| format!(", default {value}"));
            format!("{values}{default}")
        };
        fields
            .map(|field| (field.id.to_string(), text(field)))
            .collect()
    };
    changes.named(&Path::of(&["field"]), &texts(former), &texts(later));
}
