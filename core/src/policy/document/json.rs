//! JSON into the tree, with the place of every key and value. (serde's JSON keeps no places.)
//!
//! RFC 8259, strictly: no comments, no trailing commas. A key given twice is told and the first
//! value kept. Reading stops at the first slip of notation, since nothing after it can be trusted.

use super::tree::{Entry, Node, Place, Slip, SlipKind, Value};

/// Reads the document. Nothing is nested more than `most_deep` deep, so the recursion is bounded.
pub(super) fn read(source: &str, most_deep: usize) -> (Option<Node>, Vec<Slip>) {
    let mut reader = Reader {
        source,
        at: 0,
        slips: Vec::new(),
    };
    let read = reader.document(most_deep);
    let mut slips = reader.slips;
    match read {
        Ok(node) => (Some(node), slips),
        Err(slip) => {
            slips.push(slip);
            (None, slips)
        }
    }
}

struct Reader<'s> {
    source: &'s str,
    at: usize,
    slips: Vec<Slip>,
}

type Read<T> = Result<T, Slip>;

impl Reader<'_> {
    /// One value, and nothing but space behind it.
    fn document(&mut self, most_deep: usize) -> Read<Node> {
        let node = self.value(most_deep)?;
        self.skip_space();
        if self.at < self.source.len() {
            return Err(self.slip("text after the end of the document"));
        }
        Ok(node)
    }

    /// A value with the place at which it stands; `deep` is how many levels may still be opened.
    fn value(&mut self, deep: usize) -> Read<Node> {
        self.skip_space();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.object(deep)?,
            Some(b'[') => self.array(deep)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) => self.word()?,
            None => return Err(self.slip("the document ends where a value is expected")),
        };
        Ok(Node {
            place: start..self.at,
            value,
        })
    }

    /// An object keeps the order of its keys: findings and diffs are told in the order of the document.
    fn object(&mut self, deep: usize) -> Read<Value> {
        let deeper = self.enter(deep)?;
        let mut entries: Vec<Entry> = Vec::new();
        // A set beside the list keeps a million keys from being compared a million times each.
        let mut seen = std::collections::BTreeSet::new();
        while !self.ends(b'}', !entries.is_empty() || !seen.is_empty())? {
            self.skip_space();
            let key_start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.slip("a key in double quotes is expected"));
            }
            let key = self.string()?;
            let key_place = key_start..self.at;
            self.skip_space();
            if !self.eat(b':') {
                return Err(self.slip("`:` is expected after a key"));
            }
            let node = self.value(deeper)?;
            if seen.insert(key.clone()) {
                entries.push(Entry {
                    key,
                    key_place,
                    node,
                });
            } else {
                self.slips.push(Slip {
                    kind: SlipKind::DuplicateKey,
                    place: key_place,
                    says: "duplicate key".to_owned(),
                });
            }
        }
        Ok(Value::Table(entries))
    }

    fn array(&mut self, deep: usize) -> Read<Value> {
        let deeper = self.enter(deep)?;
        let mut nodes = Vec::new();
        while !self.ends(b']', !nodes.is_empty())? {
            nodes.push(self.value(deeper)?);
        }
        Ok(Value::List(nodes))
    }

    /// Steps over the opening bracket.
    fn enter(&mut self, deep: usize) -> Read<usize> {
        let deeper = deep.checked_sub(1).ok_or_else(|| Slip {
            kind: SlipKind::TooDeep,
            place: self.here(),
            says: "nested too deep".to_owned(),
        })?;
        self.step(1);
        Ok(deeper)
    }

    /// Steps over the closing bracket, or over the comma before a further item.
    fn ends(&mut self, close: u8, has_items: bool) -> Read<bool> {
        self.skip_space();
        if self.eat(close) {
            return Ok(true);
        }
        if !has_items {
            return Ok(false);
        }
        if !self.eat(b',') {
            return Err(self.slip(if close == b'}' {
                "`,` or `}` is expected"
            } else {
                "`,` or `]` is expected"
            }));
        }
        self.skip_space();
        if self.peek() == Some(close) {
            return Err(self.slip("a trailing comma is not JSON"));
        }
        Ok(false)
    }

    /// Numbers stay texts: which of them may stand somewhere is for the reader of the policy to say, and a
    /// float would have lost digits by then.
    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        let belongs =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let length = self.rest().iter().take_while(|byte| belongs(byte)).count();
        self.step(length);
        let text = self.source.get(start..self.at).unwrap_or_default();
        if is_number(text) {
            Ok(Value::Number(text.to_owned()))
        } else {
            Err(Slip {
                kind: SlipKind::Notation,
                place: start..self.at,
                says: "this is not a number of JSON".to_owned(),
            })
        }
    }

    /// The three words of JSON. `null` is read, so that the mistake can be told where it stands.
    fn word(&mut self) -> Read<Value> {
        for (word, value) in [
            ("true", Value::Boolean(true)),
            ("false", Value::Boolean(false)),
            ("null", Value::Null),
        ] {
            if self.rest().starts_with(word.as_bytes()) {
                self.step(word.len());
                return Ok(value);
            }
        }
        Err(self.slip("a value is expected: text in double quotes, a list, an object, true, false"))
    }

    /// A text is copied in runs between escapes, so that a long one costs one pass.
    fn string(&mut self) -> Read<String> {
        let start = self.at;
        self.step(1);
        let mut text = String::new();
        loop {
            let plain = self
                .rest()
                .iter()
                .take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f))
                .count();
            let from = self.at;
            self.step(plain);
            text.push_str(self.source.get(from..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.step(1);
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.slip("a control character in a text must be escaped")),
                None => {
                    return Err(Slip {
                        kind: SlipKind::Notation,
                        place: start..start.saturating_add(1),
                        says: "the text that begins here has no end".to_owned(),
                    });
                }
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        let start = self.at;
        self.step(1);
        let escaped = match self.peek() {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'u') => return self.unicode(start),
            Some(_) | None => return Err(self.slip("this escape is not JSON")),
        };
        self.step(1);
        Ok(escaped)
    }

    /// A code unit, or two that are a surrogate pair; half a pair names no character.
    fn unicode(&mut self, start: usize) -> Read<char> {
        let high = self.four_digits();
        let code = match high {
            Some(high @ 0xd800..=0xdbff) if self.rest().starts_with(b"\\u") => {
                self.step(1);
                self.four_digits()
                    .filter(|low| (0xdc00..=0xdfff).contains(low))
                    .map(|low| {
                        let (high, low) = (high & 0x3ff, low & 0x3ff);
                        0x1_0000_u32.saturating_add(high << 10 | low)
                    })
            }
            other => other,
        };
        code.and_then(char::from_u32).ok_or_else(|| Slip {
            kind: SlipKind::Notation,
            place: start..self.at,
            says: "this escape names no character".to_owned(),
        })
    }

    /// Steps over the `u` and the four digits after it.
    fn four_digits(&mut self) -> Option<u32> {
        self.step(1);
        let end = self.at.saturating_add(4);
        let digits = self.source.get(self.at..end)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at = end;
        u32::from_str_radix(digits, 16).ok()
    }

    fn rest(&self) -> &[u8] {
        self.source.as_bytes().get(self.at..).unwrap_or(&[])
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn step(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes).min(self.source.len());
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.step(1);
        }
        found
    }

    fn skip_space(&mut self) {
        let spaces = self
            .rest()
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
            .count();
        self.step(spaces);
    }

    /// The character at which reading stands.
    fn here(&self) -> Place {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let length = rest.chars().next().map_or(0, char::len_utf8);
        self.at..self.at.saturating_add(length)
    }

    /// A slip at the character at which reading stands.
    fn slip(&self, says: &str) -> Slip {
        Slip {
            kind: SlipKind::Notation,
            place: self.here(),
            says: says.to_owned(),
        }
    }
}

/// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
pub(super) fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let unsigned_exponent = |text: &str| digits(text.strip_prefix(['+', '-']).unwrap_or(text));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(unsigned_exponent)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(node: &Node) -> serde_json::Value {
        match &node.value {
            Value::Null => serde_json::Value::Null,
            Value::Boolean(value) => (*value).into(),
            Value::Number(text) => serde_json::from_str(text).unwrap(),
            Value::Date(text) | Value::Text(text) => text.clone().into(),
            Value::List(nodes) => nodes.iter().map(plain).collect(),
            Value::Table(entries) => serde_json::Value::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.clone(), plain(&entry.node)))
                    .collect(),
            ),
        }
    }

    #[test]
    fn every_key_and_value_knows_its_place() {
        let source = r#"{ "a": [1, "二"], "b": {} }"#;
        let node = read(source, 64).0.unwrap();
        let second = &node.get("a").and_then(Node::as_list).unwrap()[1];
        assert_eq!(&source[second.place.clone()], "\"二\"");
        assert_eq!(&source[node.get("b").unwrap().place.clone()], "{}");
    }

    #[test]
    fn what_is_not_json_is_refused_where_it_stands() {
        for (source, at) in [
            ("", 0),
            ("{\"a\": 01}", 6),
            ("{\"a\": 1,}", 8),
            ("[1 2]", 3),
            ("\"a", 0),
            ("\"\\ud800x\"", 1),
            ("\"\\u{1f600}\"", 1),
            ("{a: 1}", 1),
            ("[] []", 3),
            ("tru", 0),
            ("\"\n\"", 1),
            ("+1", 0),
        ] {
            let (node, slips) = read(source, 64);
            assert!(node.is_none(), "{source}");
            assert_eq!(slips[0].place.start, at, "{source}: {slips:?}");
        }
    }

    #[test]
    fn a_key_given_twice_is_told_and_the_first_value_kept() {
        let (node, slips) = read(r#"{"a": 1, "a": 2, "b": 3}"#, 64);
        assert_eq!(slips.len(), 1);
        assert_eq!(slips[0].kind, SlipKind::DuplicateKey);
        let kept = plain(&node.unwrap());
        assert_eq!(kept, serde_json::json!({"a": 1, "b": 3}));
    }

    #[test]
    fn deep_nesting_ends_in_a_slip_and_not_in_an_overflow() {
        let (node, slips) = read(&"[".repeat(100_000), 64);
        assert!(node.is_none());
        assert_eq!(slips[0].kind, SlipKind::TooDeep);
        assert_eq!(slips[0].place.start, 64);
    }

    fn values() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            ".*".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                proptest::collection::btree_map(".*", inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// A case that a random run found: serde stops at the number, and the bracket is no JSON.
    #[test]
    fn a_number_too_large_for_serde_excuses_nothing_behind_it() {
        assert!(read("1e310", 64).0.is_some());
        assert!(read("1e310[", 64).0.is_none());
    }

    proptest! {
        /// The second opinion: what serde's JSON writes is read back as the same value.
        #[test]
        fn what_serde_writes_is_read_back(value in values(), pretty: bool) {
            let source = if pretty {
                serde_json::to_string_pretty(&value)
            } else {
                serde_json::to_string(&value)
            };
            let (node, slips) = read(&source.unwrap(), 64);
            prop_assert_eq!(slips, vec![]);
            prop_assert_eq!(plain(&node.unwrap()), value);
        }

        /// On any text, the two readers agree whether it is JSON.
        #[test]
        fn any_text_is_json_for_both_or_for_none(source in r#"[\[\]{}:,"\\ue0-9.+\- truefalsn]{0,12}"#) {
            let ours = read(&source, 64);
            let theirs = serde_json::from_str::<serde_json::Value>(&source);
            // A number that serde cannot hold (1e999) is still JSON, if what follows is: serde stops
            // at the number, and so it is asked once more without the values.
            let too_large = theirs.as_ref().is_err_and(|error| error.to_string().contains("out of range"))
                && serde_json::from_str::<&serde_json::value::RawValue>(&source).is_ok();
            prop_assert_eq!(ours.0.is_some(), theirs.is_ok() || too_large, "{} {:?}", source, theirs);
        }
    }
}
