//! What if a single rule were another one: `target.first-response.goals[2].within = "20m"`.

use punctual::language::{Language, Phrase};
use punctual::policy::Notation;
use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use crate::failure::{Failure, about, did_you_mean};
use crate::policy::PolicyText;

/// Returns the document with these changes, one after the other. What they make of it is said by
/// compiling it: nothing is checked here but that each path leads somewhere.
///
/// # Errors
/// [`Failure`] for a change that cannot be read, or a path that leads nowhere.
pub(super) fn apply(policy: &PolicyText, changes: &[String]) -> Result<PolicyText, Failure> {
    // A document with mistakes of its own is refused as it stands.
    policy.compile()?;
    let mut document = as_toml(policy)?;
    for change in changes {
        let (path, value) = read(change)?;
        set(&mut document, &path, value).map_err(|phrase| refused(change, &phrase))?;
    }
    Ok(PolicyText {
        name: format!("{} --set {}", policy.name, changes.join(" --set ")),
        text: document.to_string(),
        notation: Notation::Toml,
    })
}

/// Reads the document so that what is not changed stays as it is written. One in JSON becomes TOML.
fn as_toml(policy: &PolicyText) -> Result<DocumentMut, Failure> {
    let cannot = |error: &dyn std::error::Error| {
        let (en, zh) = ("no change can be made in it", "无法改动");
        Failure::unusable(about(&policy.name, en, zh)).because(error)
    };
    match policy.notation {
        Notation::Toml => policy.text.parse().map_err(|error| cannot(&error)),
        Notation::Json => {
            let json: serde_json::Value =
                serde_json::from_str(&policy.text).map_err(|error| cannot(&error))?;
            toml_edit::ser::to_document(&json).map_err(|error| cannot(&error))
        }
    }
}

fn refused(change: &str, why: &Phrase) -> Failure {
    Failure::unusable(about(
        change,
        why.text(Language::English),
        why.text(Language::Chinese),
    ))
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// Reads `path = value`, the value as TOML.
fn read(change: &str) -> Result<(Vec<Step>, Value), Failure> {
    let form = || {
        refused(
            change,
            &Phrase::fixed(
                "write a path and a value: target.solved.goals[0].within = \"4h\"",
                "请写成路径和值：target.solved.goals[0].within = \"4h\"",
            ),
        )
    };
    let (path, rest) = read_path(change).ok_or_else(form)?;
    let text = rest.trim_start().strip_prefix('=').ok_or_else(form)?;
    let value: Value = text.trim().parse().map_err(|error| {
        let (en, zh) = (
            "the value is no TOML; texts stand in quotes: \"4h\"",
            "值不是 TOML；文本须加引号：\"4h\"",
        );
        refused(change, &Phrase::fixed(en, zh)).because(&error)
    })?;
    Ok((path, value))
}

/// Reads the steps at the beginning of a text; returns what follows them.
fn read_path(text: &str) -> Option<(Vec<Step>, &str)> {
    let (mut steps, mut rest) = (Vec::new(), text.trim_start());
    loop {
        let (key, after) = read_key(rest)?;
        steps.push(Step::Key(key));
        rest = after.trim_start();
        while let Some(inner) = rest.strip_prefix('[') {
            let (index, after) = inner.split_once(']')?;
            steps.push(Step::Index(index.trim().parse().ok()?));
            rest = after.trim_start();
        }
        match rest.strip_prefix('.') {
            Some(after) => rest = after.trim_start(),
            None => return Some((steps, rest)),
        }
    }
}

/// Reads a key, bare or in quotes.
fn read_key(text: &str) -> Option<(String, &str)> {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            let (key, after) = inner.split_once(quote)?;
            return Some((key.to_owned(), after));
        }
    }
    let is_bare = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let end = text.find(|c| !is_bare(c)).unwrap_or(text.len());
    let (key, after) = text.split_at_checked(end)?;
    (!key.is_empty()).then(|| (key.to_owned(), after))
}

/// A part of the document, in one of the forms that the same thing may be written in.
enum Node<'d> {
    Item(&'d mut Item),
    Value(&'d mut Value),
    Table(&'d mut Table),
}

/// Puts a value where a path leads. Only its last key may be new.
fn set(document: &mut DocumentMut, path: &[Step], value: Value) -> Result<(), Phrase> {
    let Some((last, way)) = path.split_last() else {
        return Ok(());
    };
    let mut node = Node::Item(document.as_item_mut());
    let mut walked = String::new();
    for step in way {
        node = node.step(step, &walked)?;
        walked = told(&walked, step);
    }
    match last {
        Step::Key(key) => {
            let table = node.into_table().ok_or_else(|| no_table(&walked))?;
            table.insert(key, Item::Value(value));
        }
        Step::Index(_) => match node.step(last, &walked)? {
            Node::Value(old) => *old = value,
            Node::Item(old) => *old = Item::Value(value),
            Node::Table(old) => match Item::Value(value).into_table() {
                Ok(table) => *old = table,
                Err(_) => {
                    return Err(Phrase::new(
                        format!("{} is a table; give it as {{ ... }}", told(&walked, last)),
                        format!("{} 是表，请写成 {{ ... }}", told(&walked, last)),
                    ));
                }
            },
        },
    }
    Ok(())
}

impl<'d> Node<'d> {
    fn into_table(self) -> Option<&'d mut dyn TableLike> {
        match self {
            Self::Item(item) => item.as_table_like_mut(),
            Self::Value(value) => value
                .as_inline_table_mut()
                .map(|it| it as &mut dyn TableLike),
            Self::Table(table) => Some(table),
        }
    }

    /// Follows one step; `walked` is the way so far.
    fn step(self, step: &Step, walked: &str) -> Result<Self, Phrase> {
        match step {
            Step::Key(key) => {
                let table = self.into_table().ok_or_else(|| no_table(walked))?;
                if !table.contains_key(key) {
                    return Err(no_key(walked, key, table));
                }
                let found = table.get_mut(key);
                found.map(Node::Item).ok_or_else(|| no_table(walked))
            }
            Step::Index(index) => self.element(*index, walked),
        }
    }

    fn element(self, index: usize, walked: &str) -> Result<Self, Phrase> {
        let (found, count) = match self {
            Self::Item(Item::ArrayOfTables(tables)) => {
                let count = tables.len();
                (tables.get_mut(index).map(Node::Table), count)
            }
            Self::Item(Item::Value(Value::Array(values))) | Self::Value(Value::Array(values)) => {
                let count = values.len();
                (values.get_mut(index).map(Node::Value), count)
            }
            Self::Item(_) | Self::Value(_) | Self::Table(_) => {
                return Err(Phrase::new(
                    format!("{walked} is no list, so it has no [{index}]"),
                    format!("{walked} 不是列表，没有 [{index}]"),
                ));
            }
        };
        found.ok_or_else(|| {
            let (most, n) = (count.saturating_sub(1), count);
            Phrase::new(
                format!("{walked} has {n} elements, [0] to [{most}]; there is no [{index}]"),
                format!("{walked} 有 {n} 个元素，[0] 至 [{most}]；没有 [{index}]"),
            )
        })
    }
}

/// Returns the way with one step more, as it is written.
fn told(walked: &str, step: &Step) -> String {
    match step {
        Step::Key(key) if walked.is_empty() => key.clone(),
        Step::Key(key) => format!("{walked}.{key}"),
        Step::Index(index) => format!("{walked}[{index}]"),
    }
}

fn no_table(walked: &str) -> Phrase {
    Phrase::new(
        format!("{walked} is no table, so nothing lies below it"),
        format!("{walked} 不是表，下面没有内容"),
    )
}

fn no_key(walked: &str, key: &str, table: &dyn TableLike) -> Phrase {
    let place = if walked.is_empty() {
        Phrase::fixed("the policy", "策略")
    } else {
        Phrase::same(walked)
    };
    let known: Vec<String> = table.iter().map(|(known, _)| known.to_owned()).collect();
    let near = |language| did_you_mean(key, known.iter().map(String::as_str), language);
    let have = |language: Language| {
        let near = near(language);
        if !near.is_empty() {
            return near;
        }
        match language {
            Language::Chinese => format!("；其中有：{}", known.join("、")),
            Language::English | _ => format!("; it has: {}", known.join(", ")),
        }
    };
    Phrase::new(
        format!(
            "{} has no `{key}`{}",
            place.text(Language::English),
            have(Language::English)
        ),
        format!(
            "{} 中没有“{key}”{}",
            place.text(Language::Chinese),
            have(Language::Chinese)
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"
policy = "p"
timezone = "UTC"
default-calendar = "office"
[calendar.office]
week = { mon-fri = ["09:00-17:00"] } # as ever
[target.solved]
start = "received"
stop = "resolved"
goals = [{ within = "8wh" }, { within = "9wh" }]
"#;

    fn changed(changes: &[&str]) -> Result<PolicyText, Failure> {
        let policy = PolicyText {
            name: "p.toml".to_owned(),
            text: POLICY.to_owned(),
            notation: Notation::Toml,
        };
        let changes: Vec<String> = changes.iter().map(|it| (*it).to_owned()).collect();
        apply(&policy, &changes)
    }

    #[test]
    fn a_change_touches_what_it_names_and_nothing_else() {
        let text = changed(&["target.solved.goals[1].within = \"2wh\""])
            .unwrap()
            .text;
        assert_eq!(text, POLICY.replace("9wh", "2wh"));
        let text = changed(&["calendar.office.week.mon-fri = [\"08:00-20:00\"]"])
            .unwrap()
            .text;
        assert!(
            text.contains("08:00-20:00") && text.contains("# as ever"),
            "{text}"
        );
        let both = changed(&[
            "timezone = 'Asia/Shanghai'",
            "target.\"solved\".stop=\"closed\"",
        ]);
        let text = both.unwrap().text;
        assert!(
            text.contains("Asia/Shanghai") && text.contains("closed"),
            "{text}"
        );
    }

    #[test]
    fn a_goal_can_be_replaced_and_a_key_added() {
        let goal = changed(&["target.solved.goals[0] = { within = \"1h\" }"]).unwrap();
        assert!(goal.compile().is_ok(), "{}", goal.text);
        let added = changed(&["target.solved.reopen = \"stay\""]).unwrap();
        assert!(added.compile().is_ok(), "{}", added.text);
    }

    #[test]
    fn tables_of_a_list_are_found_by_their_number() {
        let lists = POLICY.replace(
            "goals = [{ within = \"8wh\" }, { within = \"9wh\" }]\n",
            "[[target.solved.goals]]\nwithin = \"8wh\"\n[[target.solved.goals]]\nwithin = \"9wh\"\n",
        );
        let policy = PolicyText {
            name: "p.toml".to_owned(),
            text: lists,
            notation: Notation::Toml,
        };
        for change in [
            "target.solved.goals[1].within = \"1wh\"",
            "target.solved.goals[1] = { within = \"1wh\" }",
        ] {
            let changed = apply(&policy, &[change.to_owned()]).unwrap();
            assert!(
                changed.text.contains("8wh") && changed.text.contains("1wh"),
                "{}",
                changed.text
            );
            assert!(!changed.text.contains("9wh"), "{}", changed.text);
            assert!(changed.compile().is_ok(), "{}", changed.text);
        }
    }

    #[test]
    fn json_can_be_changed_too() {
        let document = punctual::policy::Document::parse(POLICY, Notation::Toml).unwrap();
        let policy = PolicyText {
            name: "p.json".to_owned(),
            text: document.to_json(),
            notation: Notation::Json,
        };
        let change = "target.solved.goals[1].within = \"2wh\"".to_owned();
        let changed = apply(&policy, &[change]).unwrap().compile().unwrap();
        let same = PolicyText {
            text: POLICY.replace("9wh", "2wh"),
            notation: Notation::Toml,
            name: String::new(),
        };
        assert_eq!(changed, same.compile().unwrap());
    }

    #[test]
    fn a_path_that_leads_nowhere_is_told_with_what_may_be_meant() {
        for (change, told) in [
            (
                "target.slved.stop = \"x\"",
                "target has no `slved`; did you mean `solved`?",
            ),
            (
                "tarket.solved.stop = \"x\"",
                "the policy has no `tarket`; did you mean `target`?",
            ),
            (
                "calendar.night.week = {}",
                "calendar has no `night`; it has: office",
            ),
            (
                "target.solved.goals[2].within = \"1h\"",
                "target.solved.goals has 2 elements, [0] to [1]; there is no [2]",
            ),
            (
                "timezone[0] = \"x\"",
                "timezone is no list, so it has no [0]",
            ),
            (
                "timezone.x = \"x\"",
                "timezone is no table, so nothing lies below it",
            ),
            ("target.solved.stop", "write a path and a value"),
            ("= 3", "write a path and a value"),
            ("goals[x] = 3", "write a path and a value"),
            ("policy = 4h", "the value is no TOML; texts stand in quotes"),
        ] {
            let failure = changed(&[change]).unwrap_err().to_string();
            assert!(failure.contains(told), "{change}: {failure}");
        }
    }
}
