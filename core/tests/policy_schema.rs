//! The JSON Schema in the repository is current, takes the preset, and refuses what is misspelt.
//!
//! `UPDATE_GOLDEN=1 cargo test --test policy_schema` writes it anew.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use punctual::policy::{AFTER_SALES, Document, Notation, Policy, json_schema};
use serde_json::Value;

fn schema() -> Value {
    serde_json::from_str(&json_schema()).unwrap()
}

fn preset() -> Value {
    let document = Document::parse(AFTER_SALES, Notation::Toml).unwrap();
    serde_json::from_str(&document.to_json()).unwrap()
}

#[test]
fn the_schema_in_the_repository_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/policy.schema.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, json_schema()).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), json_schema());
}

/// The part of JSON Schema that ours uses, but for the patterns of texts.
fn admits(root: &Value, schema: &Value, value: &Value) -> bool {
    let Value::Object(rules) = schema else {
        return schema != &Value::Bool(false);
    };
    rules.iter().all(|(rule, wanted)| match rule.as_str() {
        "$ref" => {
            let name = wanted.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
            admits(root, &root["$defs"][name], value)
        }
        "anyOf" => wanted
            .as_array()
            .unwrap()
            .iter()
            .any(|option| admits(root, option, value)),
        "oneOf" => {
            wanted
                .as_array()
                .unwrap()
                .iter()
                .filter(|option| admits(root, option, value))
                .count()
                == 1
        }
        "type" => has_type(wanted, value),
        "const" => wanted == value,
        "enum" => wanted.as_array().unwrap().contains(value),
        "required" => value.as_object().is_none_or(|map| {
            wanted
                .as_array()
                .unwrap()
                .iter()
                .all(|key| map.contains_key(key.as_str().unwrap()))
        }),
        "properties" => value.as_object().is_none_or(|map| {
            map.iter()
                .all(|(key, value)| wanted.get(key).is_none_or(|rule| admits(root, rule, value)))
        }),
        "additionalProperties" => value.as_object().is_none_or(|map| {
            let named = rules.get("properties");
            let is_named = |key: &str| named.is_some_and(|named| named.get(key).is_some());
            map.iter()
                .all(|(key, value)| is_named(key) || admits(root, wanted, value))
        }),
        "items" => value
            .as_array()
            .is_none_or(|items| items.iter().all(|item| admits(root, wanted, item))),
        "minItems" => value
            .as_array()
            .is_none_or(|items| items.len() as u64 >= wanted.as_u64().unwrap()),
        "minimum" => value
            .as_u64()
            .is_none_or(|number| number >= wanted.as_u64().unwrap()),
        "maximum" => value
            .as_u64()
            .is_none_or(|number| number <= wanted.as_u64().unwrap()),
        "$schema" | "$defs" | "title" | "description" | "pattern" | "format" => true,
        other => panic!("the schema uses `{other}`, which this test does not know"),
    })
}

fn has_type(wanted: &Value, value: &Value) -> bool {
    match wanted.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("the schema has the type `{other}`"),
    }
}

#[test]
fn the_preset_is_valid_by_the_schema() {
    let (schema, preset) = (schema(), preset());
    assert!(admits(&schema, &schema, &preset));
}

#[test]
fn what_is_misspelt_is_not_valid() {
    let schema = schema();
    for (path, key) in [
        ("", "polcy"),
        ("/target/plan", "stopp"),
        ("/target/plan/goals/0", "witin"),
        ("/calendar/office", "weekk"),
        ("/target/complaint-solved/reopen", "gapp"),
        ("/target/first-response/ladder/0", "tel"),
        ("/gate/compensation", "need"),
    ] {
        let mut wrong = preset();
        wrong.pointer_mut(path).unwrap()[key] = Value::from("x");
        assert!(!admits(&schema, &schema, &wrong), "{path}/{key}");
    }
    for (path, value) in [
        ("/policy", Value::from(7)),
        ("/target/plan/goals", Value::from("2h")),
        ("/target/plan/goals/0/within", Value::from(30)),
        ("/agreement/parts-supplier/kind", Value::from("supplyer")),
        ("/target/plan/start", Value::Null),
        ("/target/plan/cycle", Value::from("always")),
    ] {
        let mut wrong = preset();
        *wrong.pointer_mut(path).unwrap() = value;
        assert!(!admits(&schema, &schema, &wrong), "{path}");
    }
}

/// Every key that the schema offers is one that the reader knows: a document in which the key
/// stands alone is refused for what it lacks, never for an unknown key.
#[test]
fn the_reader_knows_the_keys_of_the_schema_and_no_others() {
    let schema = schema();
    let keys = |shape: &Value| -> BTreeSet<String> {
        shape["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    let base = r#"{ "policy": "p", "timezone": "UTC", "target": { "t":
        { "start": "received", "stop": "replied", "goals": [{ "within": "2h" }] } } }"#;
    let defs = &schema["$defs"];
    for (shape, path) in [
        (&schema, ""),
        (&defs["TargetShape"], "/target/t"),
        (&defs["GoalShape"], "/target/t/goals/0"),
    ] {
        let mut document: Value = serde_json::from_str(base).unwrap();
        // An unknown key makes the reader list those that it knows; near enough to be named.
        for key in keys(shape) {
            let misspelt = format!("{key}x");
            let part = document.pointer_mut(path).unwrap();
            part[&misspelt] = Value::Bool(true);
            let report = Policy::from_json(&document.to_string())
                .unwrap_err()
                .to_string();
            assert!(
                report.contains(&format!("did you mean {key:?}?")),
                "{path}/{key}: {report}"
            );
            document
                .pointer_mut(path)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(&misspelt);
        }
    }
}
