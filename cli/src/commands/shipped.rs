//! `punctual map` and `punctual policy`: what is built in.

use serde_json::json;

use crate::args::Shipped;
use crate::console::Console;
use crate::failure::{Exit, Failure};
use crate::table::{Align, Table, Tone};
use crate::{input, policy, words};

/// Lists or prints the maps of foreign logs.
///
/// # Errors
/// [`Failure`] when there is none of the given name.
pub fn maps(action: &Shipped, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match action {
        Shipped::List => list(input::BUILT_IN, console),
        Shipped::Show { name } => show(input::built_in(name)?, console),
    }
}

/// Lists or prints the policies.
///
/// # Errors
/// [`Failure`] when there is none of the given name.
pub fn policies(action: &Shipped, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match action {
        Shipped::List => list(policy::BUILT_IN, console),
        Shipped::Show { name } => show(policy::built_in(name)?, console),
    }
}

fn show(text: &str, console: &mut Console<'_>) -> Result<Exit, Failure> {
    console.print(text)?;
    Ok(Exit::Done)
}

fn list(all: &[(&str, &str)], console: &mut Console<'_>) -> Result<Exit, Failure> {
    if console.setting.json {
        let all: Vec<_> = all
            .iter()
            .map(|(name, text)| json!({"name": name, "about": first_sentence(text)}))
            .collect();
        console.print_json(&all)?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new();
    table.column(console.say(&words::NAME), Align::Left, false);
    table.column(console.say(&words::ABOUT), Align::Left, true);
    for (name, text) in all {
        table.row([
            ((*name).to_owned(), Tone::Strong),
            (first_sentence(text), Tone::Plain),
        ]);
    }
    let text = table.render(console.setting.columns, console.setting.color);
    console.print(&text)?;
    Ok(Exit::Done)
}

/// Returns the first sentence of the comment that a document begins with.
fn first_sentence(text: &str) -> String {
    let comment = text.lines().take_while(|line| line.starts_with('#'));
    let comment: Vec<&str> = comment
        .map(|line| line.trim_start_matches('#').trim())
        .collect();
    let comment = comment.join(" ");
    let end = comment.find(". ").unwrap_or(comment.len());
    comment
        .get(..end)
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_owned()
}
