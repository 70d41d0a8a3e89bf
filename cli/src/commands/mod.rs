//! The commands, one module each. Each writes to the console and returns its exit code.

pub mod backtest;
pub mod due;
pub mod explain;
pub mod export;
pub mod import;
pub mod lint;
pub mod month;
mod names;
pub mod replay;
pub mod report;
pub mod scorecard;
pub mod shipped;
mod shown;
pub mod verify;

use punctual::time::Instant;

use crate::args::{Command, Schema};
use crate::console::Console;
use crate::failure::{Exit, Failure};
use crate::verdict;

/// Does what the command line asks for. `now` is the instant where it names none.
///
/// # Errors
/// [`Failure`] of the command.
pub fn run(command: &Command, now: Instant, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Month(args) => month::run(args, console),
        Command::Lint(args) => lint::run(args, console),
        Command::Replay(args) => replay::run(args, now, console),
        Command::Backtest(args) => backtest::run(args, now, console),
        Command::Explain(args) => explain::run(args, now, console),
        Command::Due(args) => due::run(args, now, console),
        Command::Scorecard(args) => scorecard::run(args, now, console),
        Command::Report(args) => report::run(args, now, console),
        Command::Export(args) => export::run(args, console),
        Command::Import(args) => import::run(args, console),
        Command::Verify(args) => verify::run(args, console),
        Command::Map(args) => shipped::maps(&args.action, console),
        Command::Policy(args) => shipped::policies(&args.action, console),
        Command::Schema(args) => {
            let text = match args.of {
                Schema::Policy => punctual::policy::json_schema(),
                Schema::Verdicts => verdict::json_schema(),
            };
            console.print(&text)?;
            Ok(Exit::Done)
        }
    }
}
