//! The `punctual` command: check policies, replay logs, explain verdicts, look after stores.
//!
//! This library is what the binary is made of, so that other programs and tests can call it: a
//! command takes its arguments and the present, and writes to a [`Console`]. Nothing here but
//! `main` asks for the time, looks at variables or at terminals.
//!
//! ```
//! use punctual_cli::{Environment, run};
//!
//! let now = "2026-03-09T09:00:00+08:00".parse()?;
//! let (mut out, mut err) = (Vec::new(), Vec::new());
//! let exit = run(["punctual", "lint", "after-sales"], &Environment::at(now), &mut out, &mut err);
//! assert_eq!(exit.code(), 0, "{}", String::from_utf8_lossy(&out));
//! # Ok::<(), punctual::time::TimeError>(())
//! ```
//!
//! | module | owns |
//! |---|---|
//! | [`args`] | the command line |
//! | [`commands`] | one module a command |
//! | [`input`] | events from files: CSV, JSON Lines, maps of foreign logs |
//! | [`verdict`], [`tally`] | what a replay writes and adds up |
//! | [`scores`] | the read models of all tickets of a source |
//! | [`store`], [`tickets`], [`policy`] | where stores, tickets and policies come from |
//! | [`table`], [`text`], [`words`], [`mistakes`] | how it is said |
//! | [`report`] | the page for managers: charts, tables, CSV |
//! | [`failure`] | what went wrong, and exit codes |

pub mod args;
pub mod commands;
pub mod console;
pub mod failure;
mod help;
mod help_zh;
pub mod input;
pub mod mistakes;
mod misuse;
pub mod policy;
pub mod report;
pub mod scores;
pub mod store;
pub mod table;
pub mod tally;
pub mod tenant;
pub mod text;
pub mod tickets;
pub mod unknown_words;
pub mod verdict;
pub mod words;

use std::ffi::OsString;
use std::io::Write;

use clap::FromArgMatches;

pub use console::{Console, Environment, Setting};
pub use failure::{Exit, Failure};

/// Runs one command line, its first word being the program's own name, and returns the exit code.
///
/// What was asked for goes to `out`, what is said beside it to `err`.
pub fn run<I, T>(
    words: I,
    environment: &Environment,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Exit
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let words: Vec<OsString> = words.into_iter().map(Into::into).collect();
    let (language, color) = help::wished(&words, environment);
    let mut command = help::command(language, environment, color);
    let parsed = command
        .try_get_matches_from_mut(words.iter())
        .and_then(|matches| args::Cli::from_arg_matches(&matches));
    let mut cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return help::tell(&error, language, environment, color, out, err),
    };
    cli.command.called_as(words.first());
    let setting = Setting::new(
        environment,
        cli.global.lang.map(Into::into),
        cli.global.json,
        cli.global.color,
        cli.global.quiet,
    );
    let mut console = Console { setting, out, err };
    let done = commands::run(&cli.command, environment.now, &mut console);
    let done = done.and_then(|exit| Ok(console.out.flush().map(|()| exit)?));
    match done {
        Ok(exit) => exit,
        Err(failure) => {
            // What was written before belongs in front of what is said now.
            let _ = console.out.flush();
            failure.tell(&setting, console.err);
            failure.exit()
        }
    }
}
