//! TOML into the tree.

use toml::de::{DeTable, DeValue};

use super::tree::{Entry, Node, Place, Slip, SlipKind, Value};

/// Reads as much as can be read, and tells every slip. The parser itself refuses what is nested
/// more than 80 deep before it recurses.
pub(super) fn read(source: &str) -> (Node, Vec<Slip>) {
    let (table, errors) = DeTable::parse_recoverable(source);
    let slips = errors
        .iter()
        .map(|error| slip(error.message(), error.span()))
        .collect();
    let node = Node {
        place: 0..0,
        value: read_table(table.into_inner()),
    };
    (node, slips)
}

fn slip(says: &str, place: Option<Place>) -> Slip {
    let kind = if says.starts_with("duplicate key") {
        SlipKind::DuplicateKey
    } else if says.contains("recursion limit") || says.contains("max recursion depth") {
        SlipKind::TooDeep
    } else {
        SlipKind::Notation
    };
    Slip {
        kind,
        place: place.unwrap_or(0..0),
        says: says.to_owned(),
    }
}

fn read_table(table: DeTable<'_>) -> Value {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            key_place: key.span(),
            key: key.into_inner().into_owned(),
            node: Node {
                place: value.span(),
                value: read_value(value.into_inner()),
            },
        })
        .collect();
    // The parser sorts by name; people mean the order in which they wrote.
    entries.sort_by_key(|entry| entry.key_place.start);
    Value::Table(entries)
}

fn read_value(value: DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        // Decimal, as JSON has it; what does not fit is kept as written and refused as a number.
        DeValue::Integer(number) => Value::Number(
            i128::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| number.to_string(), |number| number.to_string()),
        ),
        DeValue::Float(number) => Value::Number(number.to_string()),
        DeValue::Boolean(value) => Value::Boolean(value),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(array) => Value::List(
            array
                .into_iter()
                .map(|value| Node {
                    place: value.span(),
                    value: read_value(value.into_inner()),
                })
                .collect(),
        ),
        DeValue::Table(table) => read_table(table),
    }
}
