//! `punctual backtest`: one history under several policies, side by side.

mod change;
mod difference;
mod figures;
mod json;
mod report;
mod source;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::thread;

use punctual::backtest::{Backtest, BacktestError, Difference, Summary};
use punctual::policy::Policy;
use punctual::time::Instant;

use crate::args::BacktestArgs;
use crate::console::Console;
use crate::failure::{Exit, Failure, about};
use crate::policy::PolicyText;
use crate::text::write_json;
use crate::tickets;
use difference::Line;
use report::Report;
use source::Source;

/// Runs a backtest.
///
/// # Errors
/// [`Failure`] when a policy, a change, the map or the history cannot be used, or the differences
/// cannot be written.
pub fn run(args: &BacktestArgs, now: Instant, console: &mut Console<'_>) -> Result<Exit, Failure> {
    refuse_to_overwrite(args)?;
    let arms = arms(args)?;
    let source = Source::open(&args.source, &args.input, console)?;
    let last = match args.as_of {
        Some(crate::args::AsOf::Last) => source.last_at(console)?,
        Some(crate::args::AsOf::At(_)) | None => None,
    };
    let as_of = tickets::instant(args.as_of, last, now);
    let named = arms.iter().map(|(name, policy)| (name.as_str(), policy));
    let backtest = Backtest::new(named, as_of).map_err(|error| not_comparable(&error))?;
    let mut backtest = backtest.with_examples(args.examples);
    if args.rungs {
        backtest = backtest.with_rungs();
    }
    let mut report = Report::new(&backtest, source.name(), source.problems());
    let workers = args
        .workers
        .or_else(|| thread::available_parallelism().ok());
    let workers = workers.unwrap_or(NonZeroUsize::MIN);
    let summary = play(args, &backtest, source, workers, console)?;
    report.summary = Some(&summary);
    report.tell(console, args.out.as_deref() == Some("-"))?;
    Ok(match report.passed_over() {
        0 => Exit::Done,
        _ => Exit::Findings,
    })
}

/// Returns the policies under names that tell them apart, the one to compare with first.
fn arms(args: &BacktestArgs) -> Result<Vec<(String, Policy)>, Failure> {
    arms_of(&args.policy, &args.against, &args.set)
}

/// The same for other commands: a policy, those to compare it with, and changes to make to it.
pub(crate) fn arms_of(
    policy: &str,
    against: &[String],
    set: &[String],
) -> Result<Vec<(String, Policy)>, Failure> {
    let first = PolicyText::open(policy)?;
    let mut arms = vec![(first.name.clone(), first.compile()?)];
    for against in against {
        let other = PolicyText::open(against)?;
        arms.push((other.name.clone(), other.compile()?));
    }
    if !set.is_empty() {
        let changed = change::apply(&first, set)?;
        arms.push((set.join("; "), changed.compile()?));
    }
    Ok(arms)
}

pub(crate) fn not_comparable(error: &BacktestError) -> Failure {
    Failure::unusable(match error {
        BacktestError::SameName { name } => about(
            name,
            "this policy is named twice, and would be compared with itself",
            "此策略写了两次，无从比较",
        ),
        BacktestError::TooFew { .. } | _ => about(
            "--against",
            "name a policy to compare with, or a change with --set",
            "请用 --against 指明另一策略，或用 --set 写出改动",
        ),
    })
}

fn refuse_to_overwrite(args: &BacktestArgs) -> Result<(), Failure> {
    let real = |name: &str| fs::canonicalize(name).ok();
    let (Some(out), Some(events)) = (&args.out, &args.source.events) else {
        return Ok(());
    };
    if real(out).is_some_and(|out| Some(out) == real(events)) {
        return Err(Failure::unusable(about(
            out,
            "the differences would overwrite the events; choose another file",
            "差异会覆盖事件文件；请另选文件",
        )));
    }
    Ok(())
}

/// Plays the history, and writes a line for every difference where that is asked for.
fn play(
    args: &BacktestArgs,
    backtest: &Backtest<'_>,
    source: Source,
    workers: NonZeroUsize,
    console: &mut Console<'_>,
) -> Result<Summary, Failure> {
    let names: Vec<String> = backtest.arms().map(str::to_owned).collect();
    let Some(path) = args.out.as_deref() else {
        return source.play(backtest, workers, None, console);
    };
    // Whatever is written from a worker goes through memory: the console is not for threads.
    let cannot = || Failure::surroundings(about(path, "cannot be written", "无法写入"));
    if path == "-" {
        let mut lines = Vec::new();
        let mut each = |difference: Difference| line(&mut lines, &names, &difference);
        let summary = source.play(backtest, workers, Some(&mut each), console)?;
        console.out.write_all(&lines)?;
        return Ok(summary);
    }
    let file = File::create(path).map_err(|error| cannot().because(&error))?;
    let mut out = BufWriter::with_capacity(1 << 18, file);
    let mut each = |difference: Difference| line(&mut out, &names, &difference);
    let summary = source.play(backtest, workers, Some(&mut each), console)?;
    out.flush().map_err(|error| cannot().because(&error))?;
    Ok(summary)
}

fn line(out: &mut dyn Write, names: &[String], difference: &Difference) -> Result<(), Failure> {
    let name = names.get(difference.arm).map_or("", String::as_str);
    write_json(&mut *out, &Line::new(difference, name))?;
    Ok(out.write_all(b"\n")?)
}
