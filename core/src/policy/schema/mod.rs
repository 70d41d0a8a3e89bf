//! The shape of the document as types, for its JSON Schema alone.
//!
//! Editors complete and check a document by the schema; what a schema cannot say (whether a name is
//! declared, whether a calendar ever opens) is found by compiling it. The reader of the document
//! does not use these types, since it tells every mistake with its place; a test holds the two
//! together.

mod calendar;
mod document;
mod target;
mod text;

use schemars::transform::{RecursiveTransform, Transform};
use schemars::{Schema, schema_for};

use document::PolicyDocument;

/// Returns the JSON Schema (draft 2020-12) of the policy document, laid out for people.
///
/// The same text is in the repository as `core/policies/policy.schema.json`. Name it under the key
/// `$schema` of a JSON document, or in the first line of a TOML one as `#:schema <path>`.
///
/// ```
/// let schema: serde_json::Value = serde_json::from_str(&punctual::policy::json_schema())?;
/// assert_eq!(schema["required"][0], "policy");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn json_schema() -> String {
    let mut schema = schema_for!(PolicyDocument);
    RecursiveTransform(without_null).transform(&mut schema);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// A key that is not needed is left out, never null.
fn without_null(schema: &mut Schema) {
    let is_null = |value: &serde_json::Value| {
        value == "null" || value.get("type").is_some_and(|kind| kind == "null")
    };
    for key in ["type", "anyOf"] {
        let Some(options) = schema
            .get_mut(key)
            .and_then(serde_json::Value::as_array_mut)
        else {
            continue;
        };
        options.retain(|option| !is_null(option));
        if options.len() == 1 {
            let only = options.pop().unwrap_or_default();
            if let serde_json::Value::Object(inner) = only {
                schema.remove(key);
                for (name, value) in inner {
                    schema.insert(name, value);
                }
            } else {
                schema.insert(key.to_owned(), only);
            }
        }
    }
}
