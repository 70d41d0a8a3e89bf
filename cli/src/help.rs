//! Help and usage errors, in the language of the user.

use std::ffi::OsString;
use std::io::Write;

use clap::{ColorChoice, CommandFactory};
use punctual::language::Language;

use crate::args::Cli;
use crate::console::{Color, Environment};
use crate::failure::Exit;

/// Returns in which language and colour to speak of a command line that may be wrong.
pub(crate) fn wished(words: &[OsString], environment: &Environment) -> (Language, Color) {
    let value = |flag: &str| {
        let mut words = words.iter().filter_map(|word| word.to_str());
        words.find_map(|word| {
            let rest = word.strip_prefix(flag)?;
            match rest.strip_prefix('=') {
                Some(value) => Some(value.to_owned()),
                None if rest.is_empty() => Some(String::new()),
                None => None,
            }
        })
    };
    let after = |flag: &str| {
        let mut words = words.iter().filter_map(|word| word.to_str());
        words.find(|word| *word == flag)?;
        words.next().map(str::to_owned)
    };
    let find = |flag: &str| {
        value(flag)
            .filter(|it| !it.is_empty())
            .or_else(|| after(flag))
    };
    let language = match find("--lang").as_deref() {
        Some("zh") => Language::Chinese,
        Some("en") => Language::English,
        _ => environment.language(),
    };
    let color = match find("--color").as_deref() {
        Some("always") => Color::Always,
        Some("never") => Color::Never,
        _ => Color::Auto,
    };
    (language, color)
}

/// Returns the command line to parse with.
pub(crate) fn command(
    _language: Language,
    environment: &Environment,
    color: Color,
) -> clap::Command {
    let choice = match color {
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
        Color::Auto if environment.no_color => ColorChoice::Never,
        Color::Auto => ColorChoice::Auto,
    };
    let columns = environment.columns.unwrap_or(100).clamp(60, 100);
    Cli::command().color(choice).term_width(columns)
}

/// Tells a wrong call, or the help that was asked for.
pub(crate) fn tell(
    error: &clap::Error,
    environment: &Environment,
    color: Color,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit {
    let is_terminal = if error.use_stderr() {
        environment.err_is_terminal
    } else {
        environment.out_is_terminal
    };
    let is_colored = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && !environment.no_color,
    };
    let text = error.render();
    let text = if is_colored {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    let (stream, exit): (&mut dyn Write, Exit) = if error.use_stderr() {
        (err, Exit::Unusable)
    } else {
        (out, Exit::Done)
    };
    // There is nobody else to tell.
    let _ = stream.write_all(text.as_bytes());
    let _ = stream.flush();
    exit
}
