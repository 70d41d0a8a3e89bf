//! The `punctual` command. All that asks the surroundings stands here; the rest is the library's.

use std::env;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use punctual::time::Instant;
use punctual_cli::{Environment, Exit, run};

fn main() -> ExitCode {
    let Some(now) = now() else {
        let _ = writeln!(
            io::stderr(),
            "error: the system's clock is not within 1970 to 2099"
        );
        return ExitCode::from(Exit::Surroundings.code());
    };
    let mut environment = Environment::at(now);
    environment.locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    environment.no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    environment.out_is_terminal = io::stdout().is_terminal();
    environment.err_is_terminal = io::stderr().is_terminal();
    environment.columns = columns();
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let exit = run(env::args_os(), &environment, &mut out, &mut io::stderr());
    ExitCode::from(exit.code())
}

fn now() -> Option<Instant> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Instant::from_micros(i64::try_from(since.as_micros()).ok()?).ok()
}

/// What the user says goes before what the terminal says.
fn columns() -> Option<usize> {
    let said = env::var("COLUMNS")
        .ok()
        .and_then(|value| value.parse().ok());
    said.or_else(|| {
        let size = terminal_size::terminal_size_of(io::stdout())
            .or_else(|| terminal_size::terminal_size_of(io::stderr()));
        size.map(|(width, _)| usize::from(width.0))
    })
}
