//! The tree as JSON.

use super::tree::{Node, Value};

/// Writes the tree, indented by two spaces.
pub(super) fn json(root: &Node) -> String {
    let mut text = String::new();
    write(root, 0, &mut text);
    text.push('\n');
    text
}

fn write(node: &Node, depth: usize, text: &mut String) {
    match &node.value {
        Value::Null => text.push_str("null"),
        Value::Boolean(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) if super::json::is_number(number) => text.push_str(number),
        // `inf`, or more digits than a number has: no policy means it, and JSON has it as text only.
        Value::Number(number) => quote(number, text),
        Value::Date(date) => quote(date, text),
        Value::Text(value) => quote(value, text),
        Value::List(nodes) => {
            let items = nodes.iter().map(|node| (None, node));
            block(items, ['[', ']'], depth, text);
        }
        Value::Table(entries) => {
            let items = entries
                .iter()
                .map(|entry| (Some(entry.key.as_str()), &entry.node));
            block(items, ['{', '}'], depth, text);
        }
    }
}

fn block<'n>(
    items: impl Iterator<Item = (Option<&'n str>, &'n Node)>,
    [open, close]: [char; 2],
    depth: usize,
    text: &mut String,
) {
    let deeper = depth.saturating_add(1);
    text.push(open);
    let mut is_empty = true;
    for (key, node) in items {
        text.push_str(if is_empty { "\n" } else { ",\n" });
        is_empty = false;
        text.push_str(&"  ".repeat(deeper));
        if let Some(key) = key {
            quote(key, text);
            text.push_str(": ");
        }
        write(node, deeper, text);
    }
    if !is_empty {
        text.push('\n');
        text.push_str(&"  ".repeat(depth));
    }
    text.push(close);
}

fn quote(value: &str, text: &mut String) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            c if c.is_control() => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
}
